package main

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"time"

	"onrecord/article"
	"onrecord/brief"
	"onrecord/chat"
	"onrecord/nlp"
	"onrecord/quote"
)

type compareCommand struct {
	Source     []string `arg:"positional" help:"Two to five of: a URL, a file (.txt .md .html .pdf .docx) or - for standard input."`
	Format     string   `arg:"--format" enum:"text,json,markdown" default:"text" help:"Form of the answer: ${enum}. Text has colours on a terminal only."`
	NoRemember bool     `arg:"--no-remember" help:"Leave no trace: nothing is kept in a cache or a list."`
}

// Run prints what articles share and where they differ.
func (c *compareCommand) Run(ctx context.Context, a *app) error {
	switch n := len(c.Source); {
	case n < 2:
		return usageError{"name at least two articles, as in bot compare first.html second.html"}
	case n > brief.MostCompared:
		return usageError{fmt.Sprintf("name five articles at most (here are %d)", n)}
	case len(slices.DeleteFunc(slices.Clone(c.Source), func(s string) bool { return s != "-" })) > 1:
		return usageError{"standard input can be one of the articles only"}
	}
	var models sync.WaitGroup
	models.Go(nlp.Load) // while the sources are read
	models.Go(quote.Load)
	defer models.Wait()
	var sources []article.Source
	for _, name := range c.Source {
		src, err := openSource(ctx, name, a.in)
		if err != nil {
			return err
		}
		sources = append(sources, src)
	}
	service, err := a.service(ctx, c.NoRemember)
	if err != nil {
		return err
	}
	p := startProgress(a.err)
	p.say(fmt.Sprintf("Reading %d articles", len(sources)))
	found, err := service.BriefAll(ctx, chat.Scope{Platform: "cli", Private: true}, sources)
	p.done()
	if err != nil {
		return err
	}
	compared := brief.Compare(found)
	var out []byte
	switch c.Format {
	case "json":
		out, err = brief.ComparisonJSON(compared)
	case "markdown":
		out = brief.ComparisonMarkdown(compared)
	default:
		out, err = a.render(chat.ComparisonReply(compared, chat.ComparisonView{View: chat.View{Now: time.Now(), Zone: time.Local}}))
	}
	if err != nil {
		return err
	}
	return write(a.out, out)
}
