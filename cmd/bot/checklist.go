package main

import (
	"context"
	"fmt"
	"time"

	"onrecord/chat"
	"onrecord/checklist"
	"onrecord/page"
)

type checklistCommand struct {
	Source    string `arg:"positional,required" help:"A URL, a file (.txt .md .html .pdf .docx) or - for standard input."`
	Format    string `arg:"--format" enum:"text,json,csv" default:"text" help:"Form of the answer: ${enum}."`
	Platform  string `arg:"--platform" enum:",slack,discord" help:"Of a workspace of slack or discord instead of this terminal."`
	Workspace string `arg:"--workspace" placeholder:"ID" help:"Slack team or Discord server."`
}

// Run prints the claims of an article with what people did about each.
func (c *checklistCommand) Run(ctx context.Context, a *app) error {
	scope := terminalScope
	switch {
	case c.Platform == "" && c.Workspace != "":
		return usageError{"--workspace needs --platform slack or --platform discord beside it"}
	case c.Platform != "" && c.Workspace == "":
		return usageError{"--platform needs --workspace beside it: the Slack team or Discord server"}
	case c.Platform != "":
		scope = chat.Scope{Platform: c.Platform, Workspace: c.Workspace}
	}
	if a.store(ctx) == nil {
		return noStore(a)
	}
	src, err := openSource(ctx, c.Source, a.in)
	if err != nil {
		return err
	}
	if c.Platform != "" && src.Link == "" {
		return usageError{"what was pasted or sent as a file belongs to its channel: name an article by its URL"}
	}
	service, err := a.service(ctx, true)
	if err != nil {
		return err
	}
	service.Sole, service.Checklist = c.Platform == "", a.checklist(ctx)
	p := startProgress(a.err)
	p.say("Reading " + src.String())
	a.reader().Progress = p.say
	b, err := service.Briefer.Brief(ctx, src)
	p.done()
	if err != nil {
		return err
	}
	sheet, err := service.Sheet(ctx, scope, src, b)
	if err != nil {
		return err
	}
	var out []byte
	switch c.Format {
	case "json":
		if out, err = sheet.JSON(); err != nil {
			return fmt.Errorf("writing the checklist as JSON: %w", err)
		}
	case "csv":
		out = sheet.CSV()
	default:
		if out, err = a.render(chat.ChecklistReply(sheet, chat.View{Now: time.Now(), Zone: time.Local})); err != nil {
			return err
		}
	}
	return write(a.out, out)
}

// checklist is what people did about claims, nil without a store.
func (a *app) checklist(ctx context.Context) *checklist.List {
	db := a.store(ctx)
	if db == nil {
		return nil
	}
	return &checklist.List{Store: db.Checklist()}
}

// done puts a checklist on a page.
func done(s *checklist.Sheet) page.Options {
	var o page.Options
	if s == nil {
		return o
	}
	o.Done, o.Drafts = map[int][]string{}, map[int][]byte{}
	for i := range s.Rows {
		for _, m := range s.Rows[i].Marks {
			o.Done[i+1] = append(o.Done[i+1], m.Line(time.Local, true))
		}
		if _, rated := s.Rows[i].Rated(); rated {
			if draft, err := s.Draft(i + 1); err == nil {
				o.Drafts[i+1] = draft
			}
		}
	}
	return o
}
