package main

import (
	"context"

	"onrecord/chat"
	"onrecord/store"
)

type backupCommand struct {
	File string `arg:"positional,required" help:"Where the copy goes: a file that does not exist yet."`
}

// Run copies the store while it is in use.
func (c *backupCommand) Run(ctx context.Context, a *app) error {
	if !a.storeExists() {
		return fail(nil, "There is no store to back up: set ONRECORD_STATE_FILE or DATABASE_URL to what 'bot serve' uses.")
	}
	db := a.store(ctx)
	if db == nil {
		return noStore(a)
	}
	if err := db.Backup(ctx, c.File); err != nil {
		return unless(err, "The backup could not be written to %s (%s): name a file that does not exist yet, in a folder that does.", printable(c.File), reason(err))
	}
	return write(a.out, []byte("Backed up to "+printable(c.File)+". What is private, and requests that are not answered yet, are not in it.\n"))
}

type restoreCommand struct {
	File string `arg:"positional,required" help:"A file that 'bot backup' wrote."`
}

// Run puts a backup in the place of the store.
func (c *restoreCommand) Run(ctx context.Context, a *app) error {
	place, err := a.storePlace()
	if err != nil {
		return err
	}
	if place == "" {
		return noStore(a)
	}
	aside, err := store.Restore(ctx, c.File, place)
	if err != nil {
		return unless(err, "The backup %s could not be restored (%s): check that 'bot backup' wrote it and that it is yours to open.", printable(c.File), reason(err))
	}
	said := "Restored " + printable(c.File) + "."
	if aside != "" {
		said += " What was there before is now " + printable(aside) + "."
	}
	return write(a.out, []byte(said+"\n"))
}

// unless gives an error that has a sentence for people as it is, and others in
// this one.
func unless(err error, format string, args ...any) error {
	if _, known := chat.Sentence(err); known {
		return err
	}
	return fail(err, format, args...)
}
