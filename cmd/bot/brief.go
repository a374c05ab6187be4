package main

import (
	"context"
	"fmt"
	"sync"
	"time"

	"onrecord/brief"
	"onrecord/chat"
	"onrecord/nlp"
)

type briefCommand struct{ sourceFlags }

// Run prints the briefing: the first screen that chat shows, then everything
// behind its buttons.
func (c *briefCommand) Run(ctx context.Context, a *app) error {
	return c.answer(ctx, a, chat.BriefReply, quotesView, claimsView)
}

// view shows a part of a briefing.
type view func(*brief.Briefing, chat.View) chat.Reply

func quotesView(b *brief.Briefing, v chat.View) chat.Reply {
	return chat.QuotesReply(b, chat.Filter{}, v)
}

func claimsView(b *brief.Briefing, v chat.View) chat.Reply {
	return chat.ClaimsReply(b, chat.Filter{}, v)
}

// answer briefs the source and prints it: as text the views in their order,
// else the one value that they all are views of.
func (f *sourceFlags) answer(ctx context.Context, a *app, views ...view) error {
	var models sync.WaitGroup
	models.Go(nlp.Load) // while the source is read
	defer models.Wait()
	b, err := f.briefing(ctx, a)
	if err != nil {
		return err
	}
	var out []byte
	switch f.Format {
	case "json":
		if out, err = brief.JSON(b); err != nil {
			return fmt.Errorf("writing the briefing as JSON: %w", err)
		}
	case "markdown":
		out = brief.Markdown(b)
	default:
		var replies []chat.Reply
		for _, show := range views {
			replies = append(replies, show(b, chat.View{Now: time.Now(), Zone: time.Local, Explain: f.Explain}))
		}
		if out, err = a.render(replies...); err != nil {
			return err
		}
	}
	return write(a.out, out)
}

// briefing reads and analyses the source, and says how it goes when that takes
// its time.
func (f *sourceFlags) briefing(ctx context.Context, a *app) (*brief.Briefing, error) {
	src, err := f.source(ctx, a.in)
	if err != nil {
		return nil, err
	}
	service, err := a.service(ctx, f.NoRemember)
	if err != nil {
		return nil, err
	}
	p := startProgress(a.err)
	defer p.done()
	p.say("Reading " + src.String())
	a.reader().Progress = p.say
	return service.Brief(ctx, chat.Scope{Platform: "cli", Private: true}, src)
}
