package chat

import (
	"context"
	"fmt"
	"strings"

	"onrecord/brief"
	"onrecord/nlp"
)

// CardReply is what stands around the summary: the weightiest quotations in
// full, who, where, when, the figures with what is said of them, the timeline,
// and the gaps that can be counted.
func CardReply(b *brief.Briefing, v View) Reply {
	a, found := b.Article, b.Analysis
	var r Reply
	v.remarks(&r, b)
	r.Add(Heading, Bold("Facts"), Say(" · "+title(b)))

	list := func(head string, n int, item func(i int)) {
		if n == 0 {
			return
		}
		r.Add(Subheading, Bold(head))
		shown := n
		if v.Items > 0 {
			shown = min(n, 2*v.Items)
		}
		for i := range shown {
			item(i)
		}
		if n > shown {
			r.Add(Detail, Say(fmt.Sprintf("%d more", n-shown)))
		}
	}
	key := brief.KeyQuotes(a.Text, found.Quotes)
	list("In their own words", len(key), func(i int) {
		q := found.Quotes[key[i]]
		r.AddItem(0, Say(q.Speaker.Name+": "), Quote(brief.QuoteText(a.Text, q)))
		r.Blocks[len(r.Blocks)-1].Passage = brief.TextFragment(a.URL, a.Text, q.Content[0])
	})
	facts := found.Facts
	list("Who", len(facts.Who), func(i int) {
		w := facts.Who[i]
		var more []string
		if w.Role != "" {
			more = append(more, w.Role)
		}
		switch {
		case !w.Quoted:
			more = append(more, "not quoted")
		case !w.Named:
			more = append(more, "no name given")
		}
		line := w.Name
		if len(more) > 0 {
			line += ", " + strings.Join(more, "; ")
		}
		r.AddItem(0, Say(line))
	})
	if len(facts.Where) > 0 {
		names := make([]string, 0, len(facts.Where))
		for _, w := range facts.Where {
			names = append(names, w.Name)
		}
		r.Add(Paragraph, Bold("Where:"), Say(" "+strings.Join(names, "; ")))
	}
	list("Figures", len(facts.Numbers), func(i int) {
		n := facts.Numbers[i]
		runs := []Run{Bold(strings.Join(strings.Fields(n.Text), " "))}
		if about := n.About(a.Text); about != "" {
			runs = append(runs, Say(": "+about))
		}
		r.AddItem(0, runs...)
		r.Blocks[len(r.Blocks)-1].Passage = brief.TextFragment(a.URL, a.Text, n.Span)
	})
	list("Timeline", len(found.Timeline), func(i int) {
		e := found.Timeline[i]
		r.AddItem(0, Bold(e.When(func(d nlp.Dates) string { return days(d, a.Published) })+":"), Say(" "+e.Text))
		r.Blocks[len(r.Blocks)-1].Passage = brief.TextFragment(a.URL, a.Text, e.Span)
	})
	undated := 0
	for _, d := range facts.When {
		if d.Dates.Start.IsZero() {
			undated++
		}
	}
	if undated > 0 {
		r.Add(Note, Say(count(undated, "time expression")+" could not be dated."))
	}
	list("What is missing", len(found.Missing), func(i int) { r.AddItem(0, Say(found.Missing[i])) })
	if len(r.Blocks) == 1 {
		r.Add(Paragraph, Say("No names, places, days or figures were found in this text."))
	}
	v.others(&r, "brief", "quotes", "claims")
	return r
}

func cardCommand() Command {
	return Command{
		Name:    "card",
		Aliases: []string{"numbers", "timeline", "figures"},
		Usage:   "[SOURCE]",
		Summary: "who, where, when, the figures with what they count, the timeline, and what is missing",
		Source:  true,
		Run: func(ctx context.Context, b *Bot, call *Call) (Reply, error) {
			found, view, err := b.briefing(ctx, call)
			if err != nil {
				return Reply{}, err
			}
			return CardReply(found, view), nil
		},
	}
}
