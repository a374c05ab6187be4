// Package store keeps what must not be forgotten: accepted requests, settings,
// feedback, recent articles. It is the one room that knows SQL.
package store
