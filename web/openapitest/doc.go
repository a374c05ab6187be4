// Package openapitest holds the answers of our HTTP API against its own OpenAPI
// description. It has no code of its own, only a test, in a module that nothing
// depends on.
package openapitest
