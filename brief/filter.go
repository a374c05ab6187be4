package brief

import (
	"fmt"
	"slices"
	"strings"

	"onrecord/factcheck"
	"onrecord/quote"
)

// Filter is which findings to show. The zero Filter shows all. Commands,
// pages and chat filter through it, so that the same words give the same rows
// everywhere.
type Filter struct {
	// By are words of a speaker's name or role. If they are all words of some
	// speaker, those speakers are meant; only if of none, they may be starts of
	// words: "Park" is nobody called Parker while a Park speaks.
	By string
	// About are words that must all occur in what was said, or begin words of it
	// if they have four letters or more.
	About string
	Top   int    // of claims, the first so many only; all if 0
	Kinds string // of claims, those of one of these kinds (or beginnings of their names) only, parted by commas; all if empty
}

// Quotes gives the test that tells which of quotes to show. Text is the
// article that they come from.
func (f Filter) Quotes(text string, quotes []quote.Quote) func(quote.Quote) bool {
	by, about := wantedWords(f.By), wantedWords(f.About)
	called := func(q quote.Quote) fit {
		return by.fits(q.Speaker.Name + " " + q.Speaker.Role + " " + strings.Join(q.Unclear, " "))
	}
	least := startFit
	for _, q := range quotes {
		least = max(least, called(q))
	}
	return func(q quote.Quote) bool {
		return (f.By == "" || called(q) >= least) && (f.About == "" || about.fits(QuoteText(text, q)) > noFit)
	}
}

// Claims gives the test that tells which of claims to show, Top aside.
func (f Filter) Claims(text string, claims []factcheck.Claim) func(factcheck.Claim) bool {
	by, about := wantedWords(f.By), wantedWords(f.About)
	called := func(c factcheck.Claim) fit { return by.fits(c.Speaker + " " + c.Via) }
	least := startFit
	for _, c := range claims {
		least = max(least, called(c))
	}
	var kinds []string
	for k := range strings.SplitSeq(f.Kinds, ",") {
		if k = strings.ToLower(strings.TrimSpace(k)); k != "" {
			kinds = append(kinds, k)
		}
	}
	return func(c factcheck.Claim) bool {
		if len(kinds) > 0 && !slices.ContainsFunc(c.Kinds, func(k factcheck.Kind) bool {
			return slices.ContainsFunc(kinds, func(want string) bool { return strings.HasPrefix(string(k), want) })
		}) {
			return false
		}
		return (f.By == "" || called(c) >= least) && (f.About == "" || about.fits(c.Span.Text(text)+" "+c.Standalone) > noFit)
	}
}

// OnlyQuotes gives b with those quotations only that the filter lets through.
// All the rest of it, the speakers' shares and the sources too, still speaks of
// the whole article. b stays as it is.
func (f Filter) OnlyQuotes(b *Briefing) *Briefing {
	if f.By == "" && f.About == "" {
		return b
	}
	found := *b.Analysis
	found.Quotes = kept(found.Quotes, f.Quotes(b.Article.Text, found.Quotes))
	return &Briefing{Article: b.Article, Analysis: &found}
}

// OnlyClaims gives b with those claims only that the filter lets through, the
// ranked ones first, best first, each with the fact-checks that were published of
// it. With Top the others are left out. All the rest of it still speaks of the whole
// article. b stays as it is.
func (f Filter) OnlyClaims(b *Briefing) *Briefing {
	if f == (Filter{}) {
		return b
	}
	found := *b.Analysis
	found.Claims = f.RankedClaims(b)
	only := &Briefing{Article: b.Article, Analysis: &found}
	if b.Reviews == nil {
		return only
	}
	only.Reviews = &Reviews{Label: b.Reviews.Label, Of: map[int][]factcheck.Match{}}
	for to, c := range found.Claims {
		from := slices.IndexFunc(b.Analysis.Claims, func(o factcheck.Claim) bool { return o.Span == c.Span && o.Standalone == c.Standalone })
		if matches := b.ReviewsOf(from); len(matches) > 0 {
			only.Reviews.Of[to] = matches
		}
	}
	return only
}

// RankedClaims are the claims of a briefing that the filter lets through: the
// ranked ones, best first, then, without Top, those that no evidence could settle.
func (f Filter) RankedClaims(b *Briefing) []factcheck.Claim {
	keep := f.Claims(b.Article.Text, b.Analysis.Claims)
	claims := kept(Ranked(b.Analysis.Claims), keep)
	if f.Top > 0 {
		return claims[:min(f.Top, len(claims))]
	}
	return append(claims, kept(b.Analysis.Claims, func(c factcheck.Claim) bool { return !c.Checkable && keep(c) })...)
}

// Mentions reports whether all of some words stand in a text, in any of their
// forms. Without words it does not.
func Mentions(text, words string) bool { return wantedWords(words).fits(text) == wordFit }

func kept[T any](list []T, keep func(T) bool) []T {
	var out []T
	for _, v := range list {
		if keep(v) {
			out = append(out, v)
		}
	}
	return out
}

// NoQuotes says in a sentence that the filter lets no quotation through, and
// what there would have been: "Ines Falk speaks here, but not about “dam”".
func (f Filter) NoQuotes(text string, quotes []quote.Quote) string {
	if f.By != "" && f.About != "" {
		by := kept(quotes, Filter{By: f.By}.Quotes(text, quotes))
		var names []string
		for _, s := range BySpeaker(text, by, nil) {
			if s.Name != "" {
				names = append(names, s.Name)
			}
		}
		if len(names) > 0 {
			return fmt.Sprintf("%s is quoted here, but not about “%s”.", capital(shorten(names, 3)), short(f.About))
		}
	}
	return f.nothing("quotation")
}

// NoClaims says in a sentence that the filter lets no claim through.
func (f Filter) NoClaims() string { return f.nothing("claim") }

func (f Filter) nothing(what string) string {
	s := "No " + what
	if f.By != "" {
		s += " by “" + short(f.By) + "”"
	}
	if f.About != "" {
		s += " about “" + short(f.About) + "”"
	}
	return s + " was found here."
}

// short keeps somebody's words to one line of a sentence.
func short(s string) string {
	s = oneLine(s)
	if r := []rune(s); len(r) > 60 {
		return strings.TrimSpace(string(r[:59])) + "…"
	}
	return s
}
