package main

import (
	"context"
	"fmt"
	"strconv"
	"strings"
	"sync"
	"time"

	"onrecord/brief"
	"onrecord/chat"
	"onrecord/checklist"
	"onrecord/nlp"
	"onrecord/page"
	"onrecord/quote"
)

type briefCommand struct {
	sourceFlags
	Format string     `arg:"--format" enum:"text,json,markdown,html,docx" default:"text" help:"Form of the answer: ${enum}. Text has colours on a terminal only; html is a page with the article, marked; docx is a Word document."`
	Reword bool       `arg:"--reword" help:"Let the language model word the summary, checked against the article; docs/llm.md."`
	Length lengthFlag `arg:"--length" placeholder:"N" help:"Sentences of the summary, 1 to 12, or long. Three when it is not given."`
}

// lengthFlag is how many sentences a summary may have, 0 when nothing was asked.
type lengthFlag int

// UnmarshalText reads a number or the word "long".
func (l *lengthFlag) UnmarshalText(text []byte) error {
	if strings.EqualFold(string(text), "long") {
		*l = brief.LongLength
		return nil
	}
	n, err := strconv.Atoi(string(text))
	if err != nil || n < 1 || n > brief.MaxLength {
		return fmt.Errorf("the length is a number of sentences from 1 to %d, or long", brief.MaxLength)
	}
	*l = lengthFlag(n)
	return nil
}

// Run prints the briefing: the first screen that chat shows, then everything
// behind its buttons.
func (c *briefCommand) Run(ctx context.Context, a *app) error {
	out := output{format: c.Format, reword: c.Reword, views: []view{chat.BriefReply, quotesView(brief.Filter{}), claimsView, chat.CardReply}}
	if c.Length > 0 {
		length := brief.LengthOf(int(c.Length))
		out.views[0] = func(b *brief.Briefing, v chat.View) chat.Reply {
			return chat.BriefReply(brief.WithLength(b, length), v)
		}
		out.cut = func(b *brief.Briefing) (*brief.Briefing, error) { return brief.WithLength(b, length), nil }
	}
	return c.answer(ctx, a, out)
}

// view shows a part of a briefing.
type view func(*brief.Briefing, chat.View) chat.Reply

func quotesView(f brief.Filter) view {
	return func(b *brief.Briefing, v chat.View) chat.Reply { return chat.QuotesReply(b, f, v) }
}

func claimsView(b *brief.Briefing, v chat.View) chat.Reply {
	return chat.ClaimsReply(b, brief.Filter{}, v)
}

// output is what to print of a briefing.
type output struct {
	format string
	reword bool                                           // by the language model
	views  []view                                         // as text, in this order
	table  func(*brief.Briefing) []byte                   // as CSV
	cut    func(*brief.Briefing) (*brief.Briefing, error) // what every form but text has of it; nil leaves it whole
}

// answer briefs the source and prints it: as text the views, as CSV the table,
// else the one value that they all are views of.
func (f *sourceFlags) answer(ctx context.Context, a *app, o output) error {
	var models sync.WaitGroup
	models.Go(nlp.Load) // while the source is read
	models.Go(quote.Load)
	defer models.Wait()
	b, sheet, err := f.briefing(ctx, a, o.reword)
	if err != nil {
		return err
	}
	if o.reword && b.Wording == nil {
		fmt.Fprintf(a.err, "%s did not answer in time, or not usably: the summary is in the article's own words.\n", a.Model)
	}
	if o.cut != nil {
		kept, err := o.cut(b)
		if err != nil {
			return err
		}
		if o.format != "text" {
			b = kept
		}
	}
	var out []byte
	switch o.format {
	case "json":
		if out, err = brief.JSON(b); err != nil {
			return fmt.Errorf("writing the briefing as JSON: %w", err)
		}
	case "markdown":
		out = brief.Markdown(b)
	case "html":
		out = page.Render(b, done(sheet))
	case "docx":
		if isTerminal(a.out) {
			return usageError{"a Word document is for a file: add > briefing.docx"}
		}
		out = chat.Document(b, chat.View{Now: time.Now(), Zone: time.Local, Sheet: sheet})
	case "csv":
		out = o.table(b)
	default:
		var replies []chat.Reply
		for _, show := range o.views {
			replies = append(replies, show(b, chat.View{Now: time.Now(), Zone: time.Local, Explain: f.Explain, Sheet: sheet}))
		}
		if out, err = a.render(replies...); err != nil {
			return err
		}
	}
	return write(a.out, out)
}

// briefing reads and analyses the source, and says how it goes when that takes
// its time. The checklist is nil where nothing was marked.
func (f *sourceFlags) briefing(ctx context.Context, a *app, reword bool) (*brief.Briefing, *checklist.Sheet, error) {
	src, err := f.source(ctx, a.in)
	if err != nil {
		return nil, nil, err
	}
	service, err := a.service(ctx, f.NoRemember)
	if err != nil {
		return nil, nil, err
	}
	service.Sole = true
	if !f.NoRemember {
		service.Book, service.Checklist = a.book(ctx), a.checklist(ctx)
	}
	p := startProgress(a.err)
	defer p.done()
	p.say("Reading " + src.String())
	a.reader().Progress = p.say
	b, err := service.Brief(ctx, terminalScope, src)
	if err != nil {
		return nil, nil, err
	}
	var sheet *checklist.Sheet
	if service.Checklist != nil {
		if sheet, err = service.Sheet(ctx, terminalScope, src, b); err != nil {
			a.log().WarnContext(ctx, "the checklist cannot be read", "error", err)
		}
	}
	if !reword {
		return b, sheet, nil
	}
	p.say("Asking " + a.Model)
	b, err = a.reword(ctx, service, src, b)
	return b, sheet, err
}
