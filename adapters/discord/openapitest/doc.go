// Package openapitest holds what our adapter sends against Discord's own
// description of its API. It has no code of its own, only a test, in a module
// that nothing depends on.
package openapitest
