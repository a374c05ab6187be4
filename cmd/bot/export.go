package main

import (
	"context"

	"onrecord/book"
)

type exportCommand struct {
	Format    string `arg:"--format" enum:"json,csv,markdown" default:"json" help:"Form of the export: ${enum}."`
	Platform  string `arg:"--platform" enum:",slack,discord" help:"Of a workspace of slack or discord instead of this terminal."`
	Workspace string `arg:"--workspace" placeholder:"ID" help:"Slack team or Discord server."`
}

// Run writes the whole quote book of a workspace, oldest articles first. Of the
// terminal what is private is written too: it is the operator's own.
func (c *exportCommand) Run(ctx context.Context, a *app) error {
	shelves := []book.Shelf{{Platform: c.Platform, Workspace: c.Workspace}}
	switch {
	case c.Platform == "" && c.Workspace != "":
		return usageError{"--workspace needs --platform slack or --platform discord beside it"}
	case c.Platform == "":
		s := terminalScope
		shelves = []book.Shelf{{Platform: s.Platform}, {Platform: s.Platform, Member: s.User, Channel: s.Channel}}
	case c.Workspace == "":
		return usageError{"--platform needs --workspace beside it: the Slack team or Discord server"}
	}
	db := a.store(ctx)
	if db == nil {
		return noStore(a)
	}
	w := book.NewWriter(a.out, c.Format)
	for _, where := range shelves {
		if err := db.Book().Each(ctx, where, w.Write); err != nil {
			return err
		}
	}
	return w.Close()
}
