package brief

import (
	"fmt"
	"slices"
	"strings"

	"onrecord/article"
	"onrecord/nlp"
	"onrecord/quote"
)

// Sources counts who has a say in an article and who has none, the first two
// questions of a source audit. It counts and does not judge: an article may
// have good reasons for all of it. Only quotations of kind Speech count as
// speaking.
type Sources struct {
	Voices []quote.Voice // who speaks, the weightiest first; of Unknown the quotations whose speaker is not clear
	Silent []Silent      // who is only spoken about: people first, then organisations, each in text order
}

// Silent is a person or an organisation that the article names and that never
// speaks in it.
type Silent struct {
	Name  string
	Kind  nlp.EntityKind // Person or Organisation
	Spans []nlp.Span     // every mention
}

// sources makes the source audit of an article.
//
// Who is only spoken about: every person with a full name or a title, and every
// organisation, of whom no quotation is, not even perhaps or at second hand.
// Left out are the authors, the outlet and its agency, whose name is the
// article's own; organisations that stand only in somebody's role or in the
// words that name a source ("a spokesman for the Harbour Board"), for they speak
// through that person; and "the Ministry" beside "the Ministry of Ports".
func sources(doc *nlp.Document, quotes []quote.Quote, a *article.Article) Sources {
	s := Sources{Voices: quote.Speakers(quotes, doc)}
	speaks := map[string]bool{}
	var belongs []nlp.Span // roles and sources
	for _, q := range quotes {
		if !q.Speaker.RoleSpan.Empty() {
			belongs = append(belongs, q.Speaker.RoleSpan)
		}
		if q.Kind == quote.Other {
			continue
		}
		belongs = append(belongs, q.Source...)
		for _, name := range append([]string{q.Speaker.Name, q.Via}, q.Unclear...) {
			speaks[strings.ToLower(name)] = true
		}
	}
	slices.SortFunc(belongs, func(x, y nlp.Span) int { return x.Start - y.Start })
	own := slices.Concat(a.Byline, []string{a.Publisher, a.Dateline.Agency})
	longer := map[string]bool{} // the words of names of several words
	for _, e := range doc.Entities {
		if words := strings.Fields(strings.ToLower(e.Name)); len(words) > 1 {
			for _, w := range words {
				longer[w] = true
			}
		}
	}
	for _, kind := range []nlp.EntityKind{nlp.Person, nlp.Organisation} {
		for i, e := range doc.Entities {
			if e.Kind != kind || speaks[strings.ToLower(e.Name)] || slices.ContainsFunc(own, func(o string) bool { return sameName(o, e.Name) }) {
				continue
			}
			if kind == nlp.Person && len(e.Titles) == 0 && !strings.Contains(e.Name, " ") {
				continue // a lone first name or surname tells nobody who that is
			}
			spans := mentions(doc, i)
			if len(spans) == 0 || kind == nlp.Organisation && (longer[strings.ToLower(e.Name)] || allWithin(spans, belongs)) {
				continue
			}
			s.Silent = append(s.Silent, Silent{Name: e.Name, Kind: kind, Spans: spans})
		}
	}
	return s
}

// sameName reports whether two names differ in case and a leading article at
// most.
func sameName(a, b string) bool {
	bare := func(s string) string { return strings.TrimPrefix(strings.ToLower(s), "the ") }
	return bare(a) == bare(b)
}

// allWithin reports whether each of spans lies in one of sorted.
func allWithin(spans, sorted []nlp.Span) bool {
	for _, s := range spans {
		// Those that begin behind s cannot hold it. Of the others the longest
		// need not be the last, but roles and sources are short.
		n, _ := slices.BinarySearchFunc(sorted, s.Start+1, func(b nlp.Span, at int) int { return b.Start - at })
		inside := false
		for i := n - 1; i >= 0 && i >= n-8 && !inside; i-- {
			inside = sorted[i].Contains(s)
		}
		if !inside {
			return false
		}
	}
	return true
}

// Count gives how many speakers are people with a name, organisations with a
// name, and neither ("an official", "hundreds of migrants"); and how many
// quotations have no clear speaker.
func (s Sources) Count() (people, organisations, unnamed, open int) {
	for _, v := range s.Voices {
		switch v.Sort {
		case quote.Named:
			people++
		case quote.Body:
			organisations++
		case quote.Unknown:
			open += v.Quotes
		default:
			unnamed++
		}
	}
	return people, organisations, unnamed, open
}

// Top is the speaker with most words, the zero Voice when nobody clear speaks.
func (s Sources) Top() quote.Voice {
	for _, v := range s.Voices {
		if v.Sort != quote.Unknown {
			return v
		}
	}
	return quote.Voice{}
}

// shownSilent is how many of those who are only spoken about a line names.
const shownSilent = 5

// Line is the audit in a line: "5 speakers: 3 people and 1 organisation by
// name, 1 without a name; most words: Ines Falk, 41 %. Only spoken about:
// Bo Day." It is empty when nobody speaks.
func (s Sources) Line() string {
	people, organisations, unnamed, open := s.Count()
	all := people + organisations + unnamed
	if all+open == 0 {
		return ""
	}
	var w strings.Builder
	w.WriteString(number(all, "speaker"))
	var sorts []string
	named := ""
	switch {
	case people > 0 && organisations > 0:
		named = peopleOf(people) + " and " + number(organisations, "organisation") + " by name"
	case people > 0:
		named = peopleOf(people) + " by name"
	case organisations > 0:
		named = number(organisations, "organisation") + " by name"
	}
	if named != "" {
		sorts = append(sorts, named)
	}
	if unnamed > 0 {
		sorts = append(sorts, fmt.Sprintf("%d without a name", unnamed))
	}
	if len(sorts) > 0 {
		w.WriteString(": " + strings.Join(sorts, ", "))
	}
	if open > 0 {
		fmt.Fprintf(&w, "; %s with no clear speaker", number(open, "quotation"))
	}
	if top := s.Top(); top.Name != "" {
		fmt.Fprintf(&w, "; most words: %s, %s", short(top.Name), percent(top.Share))
	}
	w.WriteString(".")
	if len(s.Silent) > 0 {
		names := make([]string, 0, len(s.Silent))
		for _, silent := range s.Silent {
			names = append(names, short(silent.Name))
		}
		w.WriteString(" Only spoken about: " + strings.TrimSuffix(shorten(names, shownSilent), ".") + ".") // "Corp."
	}
	return w.String()
}

func peopleOf(n int) string {
	if n == 1 {
		return "1 person"
	}
	return fmt.Sprintf("%d people", n)
}
