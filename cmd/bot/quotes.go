package main

import (
	"context"
	"fmt"
	"strings"

	"onrecord/brief"
)

type quotesCommand struct {
	sourceFlags
	tableFlags
	By    string `arg:"--by" placeholder:"NAME" help:"Only of this speaker, by words of the name or the role."`
	About string `arg:"--about" placeholder:"WORDS" help:"Only with these words in what was said, in any of their forms; four letters or more find what begins with them."`
}

// tableFlags are what the commands about one list share.
type tableFlags struct {
	Format string `arg:"--format" enum:"text,json,markdown,csv" default:"text" help:"Form of the answer: ${enum}. Text has colours on a terminal only; json and markdown are the whole briefing."`
}

// Run prints who said what.
func (c *quotesCommand) Run(ctx context.Context, a *app) error {
	filter := brief.Filter{By: strings.TrimSpace(c.By), About: strings.TrimSpace(c.About)}
	return c.answer(ctx, a, output{
		format: c.Format,
		views:  []view{quotesView(filter)},
		table:  brief.QuotesCSV,
		cut: func(b *brief.Briefing) (*brief.Briefing, error) {
			text, quotes := b.Article.Text, b.Analysis.Quotes
			b = filter.OnlyQuotes(b)
			if c.Format != "text" && len(quotes) > 0 && len(b.Analysis.Quotes) == 0 {
				note := filter.NoQuotes(text, quotes)
				if names := brief.Speaking(text, quotes); len(names) > 0 {
					note += " Speaking: " + strings.Join(names, ", ") + "."
				}
				fmt.Fprintf(a.err, "note: %s\n", printable(note))
			}
			return b, nil
		},
	})
}

// printable leaves out of a line what would steer a terminal.
func printable(s string) string {
	return strings.Map(func(r rune) rune {
		if r < ' ' || r == 0x7f || r >= 0x80 && r < 0xa0 {
			return -1
		}
		return r
	}, strings.Join(strings.Fields(s), " "))
}
