package main

import (
	"context"
	"errors"
	"strings"
	"time"

	"onrecord/book"
	"onrecord/chat"
	"onrecord/store"
)

type saidCommand struct {
	Speaker string `arg:"--speaker" placeholder:"NAME" help:"Who said it, by words of the name; by words of the role where no name fits."`
	About   string `arg:"--about" placeholder:"WORDS" help:"Only with these words in what was said, in any of their forms."`
	Since   string `arg:"--since" placeholder:"DATE" help:"In articles of that day or later: 2020-01-21, March, 'last week'."`
	Until   string `arg:"--until" placeholder:"DATE" help:"In articles of that day or earlier."`
	Outlet  string `arg:"--outlet" placeholder:"NAME" help:"Only in articles of this outlet, by words of its name or its address."`
	Stance  string `arg:"--stance" enum:",said,claimed,denied,warned,promised,asked,demanded,admitted,accused,praised,hoped,feared,believed" help:"Only what was said so: ${enum}."`
	Most    int    `arg:"--most" default:"200" help:"Look at the newest so many."`
	Format  string `arg:"--format" enum:"text,json,markdown,csv" default:"text" help:"Form of the answer: ${enum}."`
}

// terminalScope is who asks in a terminal, as in 'bot chat'.
var terminalScope = chat.Scope{Platform: "console", Channel: "terminal", User: "operator", Private: true}

// Run looks into the quote book of this terminal.
func (c *saidCommand) Run(ctx context.Context, a *app) error {
	q := book.Query{
		Speaker: strings.TrimSpace(c.Speaker), About: strings.TrimSpace(c.About), Outlet: strings.TrimSpace(c.Outlet), Stance: c.Stance, Most: c.Most,
	}
	for _, when := range []struct {
		flag, words string
		set         func(from, to time.Time)
	}{
		{"--since", c.Since, func(from, _ time.Time) { q.Since = from }},
		{"--until", c.Until, func(_, to time.Time) { q.Until = to }},
	} {
		if when.words == "" {
			continue
		}
		days, ok := book.Days(when.words, time.Now())
		if !ok {
			return usageError{when.flag + ": I do not know which time “" + printable(when.words) + "” is: write a day, a month or a time, such as 2020-01-21, March or 'last week'"}
		}
		when.set(days.Start, days.End)
	}
	if !a.storeExists() {
		return fail(nil, "The quote book is empty: it remembers what 'bot brief' is asked about, in the file that ONRECORD_STATE_FILE names.")
	}
	if a.store(ctx) == nil {
		return noStore(a)
	}
	service := &chat.Service{Book: a.book(ctx), Sole: true}
	found, err := service.Said(ctx, chat.Request{Scope: terminalScope}, q)
	if err != nil {
		return err
	}
	var out []byte
	switch c.Format {
	case "json":
		if out, err = found.JSON(); err != nil {
			return err
		}
	case "csv":
		out = found.CSV()
	case "markdown":
		out = found.Markdown()
	default:
		if out, err = a.render(chat.SaidReply(found, q, chat.View{Now: time.Now()})); err != nil {
			return err
		}
	}
	return write(a.out, out)
}

// book is the quote book, nil without a store.
func (a *app) book(ctx context.Context) *book.Book {
	db := a.store(ctx)
	if db == nil {
		return nil
	}
	b := &book.Book{Store: db.Book(), Keep: time.Duration(a.BookDays) * 24 * time.Hour, Log: a.log()}
	if later := a.later(ctx, db); later != nil {
		b.Store = later
	}
	return b
}

// later is where articles wait for the quote book while the database is away or
// in trouble, beside where requests do; nil for a command that is soon over.
func (a *app) later(ctx context.Context, db *store.DB) *book.Later {
	a.once.later.Do(func() {
		if a.command != "serve" {
			return
		}
		a.awaited = &book.Later{Store: db.Book(), Away: awayForNow, Log: a.log()}
		if spool := a.spool(ctx, "spool-book", "articles for the quote book"); spool != nil {
			a.awaited.Spool = spool
		}
	})
	return a.awaited
}

// awayForNow tells what a database says that may take the same some time later.
func awayForNow(err error) bool {
	for _, reason := range []error{store.ErrGone, store.ErrFull, store.ErrLocked, context.DeadlineExceeded, context.Canceled} {
		if errors.Is(err, reason) {
			return true
		}
	}
	return false
}
