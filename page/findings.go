package page

import (
	"cmp"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"

	"onrecord/brief"
	"onrecord/nlp"
	"onrecord/quote"
)

// hues is how many speakers have a colour of their own; the others share one.
const hues = 8

// voice is one speaker, as the page shows speakers.
type voice struct {
	brief.Speaker
	number   int    // from 1; the address is "v1"
	initials string // two or three letters, of no other speaker
	hue      string // class
	first    int    // number of the first quotation
}

// findings are what a page shows, numbered as everywhere else: quotations by
// speaker, claims by rank.
type findings struct {
	b      *brief.Briefing
	source string
	voices []voice
	others []quote.Quote // attributed and not said
	ranked []int         // indexes into Analysis.Claims
	rest   []int         // claims that are shown and not ranked
	marks  []mark
	here   map[string]bool // addresses that stand in the text shown
}

func find(b *brief.Briefing) *findings {
	f := &findings{b: b, source: b.Article.Text, here: map[string]bool{}}
	a := b.Analysis
	f.speakers(a.Quotes)
	for i, c := range a.Claims {
		if c.Checkable {
			f.ranked = append(f.ranked, i)
		} else {
			f.rest = append(f.rest, i)
		}
	}
	for n, i := range f.ranked {
		c := a.Claims[i]
		f.mark(mark{
			kind: claim, number: n + 1, voice: f.voiceOf(c.Speaker), spans: []nlp.Span{c.Span},
			looks: rankClass(n + 1), name: "Claim " + strconv.Itoa(n+1),
		})
	}
	for n, i := range f.rest {
		f.mark(mark{kind: other, number: n + 1, voice: -1, spans: []nlp.Span{a.Claims[i].Span}})
	}
	for n, c := range a.Consistency {
		f.mark(mark{kind: clash, number: n + 1, voice: -1, spans: c.Spans, looks: "k", name: "Disagreement " + strconv.Itoa(n+1)})
	}
	for n, s := range a.Summary {
		spans := s.Parts
		if len(spans) == 0 {
			spans = []nlp.Span{s.Span}
		}
		f.mark(mark{kind: sentence, number: n + 1, voice: -1, spans: spans})
	}
	for n, e := range a.Timeline {
		f.mark(mark{kind: event, number: n + 1, voice: -1, spans: []nlp.Span{e.Span}})
	}
	for n, w := range a.Facts.Who {
		f.mark(mark{kind: who, number: n + 1, voice: -1, spans: w.Spans})
	}
	for n, w := range a.Facts.Where {
		f.mark(mark{kind: where, number: n + 1, voice: -1, spans: w.Spans})
	}
	for n, w := range a.Facts.Numbers {
		f.mark(mark{kind: number, number: n + 1, voice: -1, spans: []nlp.Span{w.Span}})
	}
	return f
}

// mark adds a mark, its spans inside the text.
func (f *findings) mark(m mark) {
	m.id = string(m.kind) + strconv.Itoa(m.number)
	inside := make([]nlp.Span, 0, len(m.spans))
	for _, s := range m.spans {
		s.Start, s.End = max(s.Start, 0), min(s.End, len(f.source))
		if !s.Empty() {
			inside = append(inside, s)
		}
	}
	m.spans = inside
	f.marks = append(f.marks, m)
}

// speakers numbers quotations by who said them, who says most first, then those
// that were not said; the same numbers as in chat.
func (f *findings) speakers(quotes []quote.Quote) {
	n := 0
	add := func(q quote.Quote, v int, looks, name string) {
		n++
		f.mark(mark{kind: quotation, number: n, voice: v, spans: q.Content, looks: looks, name: "Quotation " + strconv.Itoa(n) + ": " + name})
	}
	taken := map[string]bool{}
	for i, s := range brief.BySpeaker(f.source, quotes, nil) {
		v := voice{Speaker: s, number: i + 1, first: n + 1, hue: "h" + strconv.Itoa(min(i, hues))}
		if s.Name == "" {
			v.hue = "h" + strconv.Itoa(hues)
		}
		v.initials = initials(s.Name, taken)
		f.voices = append(f.voices, v)
		for _, q := range s.Quotes {
			looks := "q " + v.hue
			if q.Type == quote.Indirect {
				looks += " i"
			}
			add(q, i, looks, strings.TrimSpace(named(s.Name)+" "+brief.VerbAndStance(q)))
		}
	}
	for _, q := range quotes {
		if q.Kind == quote.Other {
			f.others = append(f.others, q)
			add(q, -1, "q o", strings.TrimSpace(cmp.Or(q.Speaker.Name, "somebody")+" "+q.Verb))
		}
	}
}

func named(name string) string { return cmp.Or(name, "Speaker not clear") }

// voiceOf is the speaker with that name, -1 for none.
func (f *findings) voiceOf(name string) int {
	if name == "" {
		return -1
	}
	return slices.IndexFunc(f.voices, func(v voice) bool { return strings.EqualFold(v.Name, name) })
}

// initials are the letters that stand before somebody's words: of the first and
// the last word of the name, with a number when somebody else has them.
func initials(name string, taken map[string]bool) string {
	var letters []rune
	for w := range strings.FieldsFuncSeq(name, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) && r != '\'' && r != '’' }) {
		switch strings.ToLower(w) {
		case "the", "of", "a", "an", "and", "for", "de", "la":
			continue
		}
		letters = append(letters, unicode.ToUpper([]rune(w)[0]))
	}
	s := "?"
	switch {
	case len(letters) == 1:
		s = string(letters)
	case len(letters) > 1:
		s = string([]rune{letters[0], letters[len(letters)-1]})
	}
	for base, n := s, 2; taken[s]; n++ {
		s = base + strconv.Itoa(n)
	}
	taken[s] = true
	return s
}

// rankClass is how a claim of a rank is underlined: the first three, the next
// seven, the others.
func rankClass(rank int) string {
	switch {
	case rank <= 3:
		return "c r1"
	case rank <= 10:
		return "c r2"
	}
	return "c r3"
}

// period is the days that a time expression means: "19 Jan 2020", "18–19 Jan
// 2020", "2019"; empty when it cannot be dated.
func period(d nlp.Dates) string {
	from, to := d.Start, d.End
	const day = "2 Jan 2006"
	switch {
	case from.IsZero():
		return ""
	case to.IsZero() || from.Equal(to):
		return from.Format(day)
	case from.YearDay() == 1 && to.Month() == time.December && to.Day() == 31 && from.Year() == to.Year():
		return from.Format("2006")
	case from.Year() == to.Year() && from.Month() == to.Month():
		return from.Format("2") + "–" + to.Format(day)
	case from.Year() == to.Year():
		return from.Format("2 Jan") + " – " + to.Format(day)
	}
	return from.Format(day) + " – " + to.Format(day)
}

// isoDays are days as wordings and advice have them: 2020-01-20,
// 2020-01-18/2020-01-19.
var isoDays = regexp.MustCompile(`\b(\d{4}-\d\d-\d\d)(?:/(\d{4}-\d\d-\d\d))?\b`)

// readable writes days as people do. What is no day of the calendar stays.
func readable(s string) string {
	return isoDays.ReplaceAllStringFunc(s, func(found string) string {
		first, last, two := strings.Cut(found, "/")
		from, err := time.Parse(time.DateOnly, first)
		if err != nil {
			return found
		}
		to := from
		if two {
			if to, err = time.Parse(time.DateOnly, last); err != nil {
				return found
			}
		}
		return period(nlp.Dates{Start: from, End: to})
	})
}
