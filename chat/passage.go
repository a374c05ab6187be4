package chat

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"onrecord/brief"
	"onrecord/nlp"
)

// itemOptions name one finding or a page of a list of them.
func itemOptions() []Option {
	return []Option{
		{Name: "sentence", Meaning: "of the summary, by its number", Takes: Count},
		{Name: "claim", Meaning: "by its number", Takes: Count},
		{Name: "quote", Meaning: "by its number", Takes: Count},
		{Name: "claims", Meaning: "all on a page of the list", Takes: Nothing},
		{Name: "quotes", Meaning: "all on a page of the list", Takes: Nothing},
		{Name: "page", Meaning: "which page", Takes: Count},
	}
}

// item is one finding of an analysis as the views number it.
type item struct {
	kind   string // "sentence", "claim", "quote"
	number int
	span   nlp.Span // where it stands: for a quotation its first piece
	words  string
}

// name is what the item is called: "Claim 3".
func (i item) name() string {
	return strings.ToUpper(i.kind[:1]) + i.kind[1:] + fmt.Sprintf(" %d", i.number)
}

// items lists the findings of one kind.
func items(b *brief.Briefing, kind string) []item {
	var all []item
	text := b.Article.Text
	switch kind {
	case "sentence":
		for i, s := range b.Analysis.Summary {
			all = append(all, item{kind, i + 1, s.Span, s.Text})
		}
	case "claim":
		for i, c := range brief.Ranked(b.Analysis.Claims) {
			all = append(all, item{kind, i + 1, c.Span, c.Span.Text(text)})
		}
	case "quote":
		for _, row := range numberedQuotes(text, b.Analysis.Quotes) {
			if len(row.quote.Content) > 0 {
				all = append(all, item{kind, row.number, row.quote.Content[0], brief.QuoteText(text, row.quote)})
			}
		}
	}
	return all
}

// chosen are the findings that the options of a call mean; those of the first
// screen when they name none.
func chosen(b *brief.Briefing, call *Call, perPage int) ([]item, error) {
	for _, kind := range []string{"sentence", "claim", "quote"} {
		if _, ok := call.Option(kind); !ok {
			continue
		}
		all := items(b, kind)
		n := call.Count(kind, 0)
		for _, it := range all {
			if it.number == n {
				return []item{it}, nil
			}
		}
		return nil, refuse("There is no %s %d: there are %d.", kind, n, len(all))
	}
	for _, list := range []string{"claims", "quotes"} {
		if _, ok := call.Option(list); !ok {
			continue
		}
		all := items(b, strings.TrimSuffix(list, "s"))
		if perPage <= 0 || len(all) == 0 {
			return all, nil
		}
		pages := (len(all) + perPage - 1) / perPage
		page := min(max(call.Count("page", 1), 1), pages)
		return all[(page-1)*perPage : min(page*perPage, len(all))], nil
	}
	first := items(b, "sentence")
	if claims := items(b, "claim"); len(claims) > 0 && !slices.ContainsFunc(first, func(s item) bool { return sameWords(s.words, claims[0].words) }) {
		first = append(first, claims[0])
	}
	return first, nil
}

// passageCommand shows findings where they stand.
func passageCommand() Command {
	return Command{
		Name:    "passage",
		Aliases: []string{"passages", "source", "context"},
		Usage:   "[SOURCE] [claim N]",
		Summary: "where a sentence, claim or quotation stands, with the sentences around it",
		Details: []string{"“passage quote 3” shows the third quotation in its place. Without a number I show what stands on the first screen."},
		Source:  true,
		Options: itemOptions(),
		Run: func(ctx context.Context, b *Bot, call *Call) (Reply, error) {
			found, view, err := b.briefing(ctx, call)
			if err != nil {
				return Reply{}, err
			}
			which, err := chosen(found, call, view.Items)
			if err != nil {
				return Reply{}, err
			}
			reply := PassageReply(found, which, view)
			reply.Visibility = ToAsker
			return reply, nil
		},
	}
}

// PassageReply shows findings in their place: the sentence that holds each,
// and the ones before and after it in the same article, in its words.
func PassageReply(b *brief.Briefing, which []item, v View) Reply {
	a := b.Article
	var r Reply
	v.remarks(&r, b)
	r.Add(Heading, Bold("In the text"), Say(" · "+title(b)))
	if len(which) == 0 {
		r.Add(Paragraph, Say("There is nothing here to be shown in its place."))
		return r
	}
	doc := nlp.ParseFrom(a.Text, a.Body)
	for _, it := range which {
		r.Add(Subheading, Bold(it.name()))
		before, at, after := around(doc, it.span)
		var runs []Run
		if before.End > before.Start {
			runs = append(runs, Quote(before.Text(a.Text)), Say(" "))
		}
		runs = append(runs, Run{Text: at.Text(a.Text), Style: Quoted})
		if after.End > after.Start {
			runs = append(runs, Say(" "), Quote(after.Text(a.Text)))
		}
		r.Add(Paragraph, runs...)
		r.Blocks[len(r.Blocks)-1].Passage = brief.TextFragment(a.URL, a.Text, at)
	}
	return r
}

// around gives the sentences that hold a span, and those before and after
// them; empty spans where there are none.
func around(doc *nlp.Document, s nlp.Span) (before, at, after nlp.Span) {
	first, last := -1, -1
	for i, sentence := range doc.Sentences {
		if sentence.Span.Start < s.End && s.Start < sentence.Span.End {
			if first < 0 {
				first = i
			}
			last = i
		}
	}
	if first < 0 {
		return nlp.Span{}, s, nlp.Span{}
	}
	at = nlp.Span{Start: doc.Sentences[first].Span.Start, End: doc.Sentences[last].Span.End}
	if first > 0 && doc.Sentences[first-1].Span.Start >= doc.Body {
		before = doc.Sentences[first-1].Span
	}
	if last+1 < len(doc.Sentences) {
		after = doc.Sentences[last+1].Span
	}
	return before, at, after
}
