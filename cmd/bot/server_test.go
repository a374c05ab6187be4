package main

import (
	"errors"
	"testing"

	"onrecord/store/storetest"
)

// ownServer starts a PostgreSQL that the test may halt, and gives the address of
// an empty database in it. The test is skipped where there is none on the PATH.
func ownServer(t *testing.T) (*storetest.Server, string) {
	t.Helper()
	server, err := storetest.New()
	if errors.Is(err, storetest.ErrMissing) {
		t.Skip(err)
	}
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(server.Close)
	address, err := server.Database()
	if err != nil {
		t.Fatal(err)
	}
	return server, address
}
