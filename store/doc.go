// Package store keeps what must not be forgotten: accepted requests, recent
// articles, the quote book, the checklist, settings, feedback, where the bot is
// installed. It is the one room that knows SQL.
//
//	db, err := store.Open(ctx, "/var/lib/onrecord/onrecord.db", store.Options{})
//	…
//	queue := work.New(work.Options{Store: db.Work()})
//	recent := db.Recent(store.RecentOptions{})
//
// The ports that it implements are declared where they are used: [work.Store],
// work.Leases, chat.Recent, chat.Lister, book.Store, checklist.Store, install.Store.
// Their conformance tests are there too (work/worktest, chat/chattest, book/booktest,
// checklist/checktest, install/installtest), and the other implementations, in memory, pass the same ones.
//
// Nothing happens by itself: whoever owns the store calls [DB.Expire] now and
// then.
//
// # The file
//
// Without anything else the store is one SQLite file in WAL mode, readable for
// its owner alone, in a folder of its own. One connection writes, some read. A
// process that dies loses nothing that was written; a power cut may lose the
// last moments, and damages nothing. Deleted rows are overwritten, and
// [DB.Expire] empties the log in which they may still stand.
//
// Each process that has the file open holds a lock on a file beside it. A
// process that opens the store and finds itself alone knows that every lease is
// one of a dead process, and gives them back: so what a killed process left is
// taken up at once, and not only when the leases run out.
//
// # The server
//
// An address postgres://… instead of a file name is a PostgreSQL database that
// any number of processes share. Several connections write at a time there,
// work is leased with SKIP LOCKED, and what a killed process left is taken up
// when its leases run out. A server that is away is no reason not to start: what
// is asked of the store fails until it is back, with [ErrGone].
//
// # How to write a statement
//
// One text for both. The driver below database/sql (pgconn.go) does what can be
// done in one place, so that a statement is written as SQLite wants it:
//
//   - placeholders are ?, and become $1, $2, … outside of quotes and comments;
//   - strings may hold anything. PostgreSQL takes neither NUL nor invalid UTF-8
//     in text, so they are escaped on the way in and out (pgtext.go);
//   - text is compared and ordered by bytes, truths are 0 and 1;
//   - times are stamp(t) and moment(n): nanoseconds since 1970, 0 for none.
//
// And these are the rules that keep a statement portable:
//
//   - INSERT … ON CONFLICT (columns) DO NOTHING or DO UPDATE SET x = excluded.x;
//   - a new row's number comes from RETURNING id, never from LastInsertId;
//   - max and min of one column only: of two values, write CASE WHEN;
//   - a query in FROM has a name: FROM (SELECT …) AS found;
//   - NULL is ordered differently: coalesce what may be NULL;
//   - JSON is bytes in a BLOB, encoded and decoded in Go;
//   - whoever takes rows that others want too adds db.skipLocked to the inner
//     SELECT, see items.Lease;
//   - words are searched by db.match, see Book.Find: no word of a stranger
//     reaches a query language;
//   - what reads in a transaction and then writes by it calls db.alone first.
//     On SQLite a transaction is alone anyhow.
//
// A function given to db.tx may run again when two transactions were in each
// other's way, so it begins by forgetting what it did.
//
// # How to add a table
//
// A file migrations/NNNNN_name.sql, for both: goose runs what is missing, in the
// order of numbers, and numbers may be left out. It is written in the words of
// SQLite, and migrate.go makes PostgreSQL's of them:
//
//	INTEGER PRIMARY KEY [AUTOINCREMENT]   a number that the database gives
//	INTEGER, REAL, TEXT, BLOB             BIGINT, DOUBLE PRECISION, TEXT COLLATE "C", BYTEA
//	WITHOUT ROWID                         nothing
//
// Lines between "-- +sqlite" and "-- +both" are for SQLite alone, those between
// "-- +postgres" and "-- +both" for PostgreSQL.
//
// During a rolling restart the version before goes on working with the tables of
// this one, so a migration only adds: tables, indexes, columns that have a
// default or may be NULL. One that must take something away comes a version
// after the last use of it.
//
// What is private is to be gone in time and with its workspace: add the table to
// [DB.Expire], [DB.Forget], [DB.ForgetUser], and to what a backup leaves out
// (leftOut in copy.go). Write the test with
//
//	each(t, func(t *testing.T, where func(testing.TB) string) {
//		db := opened(t, where(t), store.Options{})
//		…
//	})
//
// of store_test.go, which runs it on both engines.
package store
