package watch

import (
	"context"
	"errors"
	"net/url"
	"slices"
	"strings"

	"onrecord/article"
	"onrecord/brief"
	"onrecord/quote"
	"onrecord/work"
)

var noBase url.URL

func uncertain(err error) bool { return errors.Is(err, work.ErrUncertain) }

// sameSite reports whether two addresses are of one site: a page could take the
// place of somebody else's otherwise.
func sameSite(a, b string) bool {
	host := func(s string) string {
		u, err := url.Parse(s)
		if err != nil {
			return ""
		}
		return strings.TrimPrefix(strings.ToLower(u.Hostname()), "www.")
	}
	return host(a) != "" && host(a) == host(b)
}

// Briefed is told of every article that is briefed for others to see: what is
// private is none of its business. It feeds the watches of speakers, topics and
// claims, and follows the article in its thread.
func (w *Watcher) Briefed(ctx context.Context, in Place, src article.Source, b *brief.Briefing) error {
	if src.Link == "" || src.Private {
		return nil
	}
	now := w.now()
	var items []Item
	for _, at := range []Place{{Platform: in.Platform, Workspace: in.Workspace}, HookPlace(in.Platform, in.Workspace)} {
		all, err := w.Store.List(ctx, Query{Place: at, Kinds: []Kind{Speaker, Topic, Claim}})
		if err != nil {
			return err
		}
		for _, one := range all {
			if one.Place.Workspace == at.Workspace && one.matches(b) {
				items = append(items, one.story(KeyOf(src.Link), b.Article.Title, src.Link, now))
			}
		}
	}
	if len(items) > 0 {
		if err := w.Store.Put(ctx, items); err != nil {
			return err
		}
		if w.Queue != nil {
			if err := w.enqueue(ctx, now); err != nil {
				return err // the next tick does it
			}
		}
	}
	return w.follow(ctx, in, src, b)
}

// matches reports whether an article has what a watch of a speaker, a topic or a
// claim is about.
func (one *Watch) matches(b *brief.Briefing) bool {
	text := b.Article.Text
	switch one.Kind {
	case Speaker:
		return speaks(b, one.Of)
	case Topic:
		if slices.ContainsFunc(b.Analysis.Quotes, func(q quote.Quote) bool { return brief.Mentions(brief.QuoteText(text, q), one.Of) }) {
			return true
		}
		for _, c := range brief.Ranked(b.Analysis.Claims) {
			if brief.Mentions(c.Span.Text(text)+" "+c.Standalone, one.Of) {
				return true
			}
		}
	case Claim:
		for _, c := range brief.Ranked(b.Analysis.Claims) {
			if sameClaim(c.Span.Text(text)+" "+c.Standalone, one.Of) {
				return true
			}
		}
	}
	return false
}

// sameClaim reports whether a text has seven in ten of a claim's longer words,
// three at least, in any form.
func sameClaim(text, claim string) bool {
	const fewest, letters = 3, 4
	all, there := 0, 0
	for word := range strings.FieldsSeq(claim) {
		if len([]rune(word)) < letters && !strings.ContainsAny(word, "0123456789") {
			continue
		}
		all++
		if brief.Mentions(text, word) {
			there++
		}
	}
	return there >= fewest && 10*there >= 7*all
}
