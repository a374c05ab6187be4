package brief

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"unicode"

	"onrecord/nlp"
	"onrecord/quote"
)

// Touches says what a change in an article is about.
type Touches string

// What a change can touch.
const (
	TouchesHeadline   Touches = "headline"
	TouchesCorrection Touches = "correction"
	TouchesNumber     Touches = "number"
	TouchesQuote      Touches = "quotation"
	TouchesName       Touches = "name"
	TouchesClaim      Touches = "claim"
)

// Revision is one thing that an article says in other words than before. Words
// of the article are byte for byte its own.
type Revision struct {
	Touches []Touches
	Before  string // empty for what is new
	After   string // empty for what was taken out
}

// Revisions are how an article has changed.
type Revisions struct {
	List   []Revision
	Others int // beyond those that are listed
	Added  int // sentences that are new; an article may grow
}

// mostRevisions is how many are listed.
const mostRevisions = 8

// Revise tells how the later reading of an article differs from the earlier
// one in what matters: its headline, a note of correction, a number, a
// quotation, a name, a claim. Other marks, other spelling and other common words
// are no changes, and that something was added is none either.
func Revise(before, after *Briefing) Revisions {
	var r Revisions
	if a, b := oneLine(before.Article.Title), oneLine(after.Article.Title); a != "" && b != "" &&
		!slices.Equal(foldedWords(a), foldedWords(b)) {
		r.add(Revision{Touches: []Touches{TouchesHeadline}, Before: a, After: b})
	}
	if before.Article.Text == after.Article.Text {
		return r
	}
	w := newWorld([]*Briefing{before, after})
	old, now := w.sides[0], w.sides[1]
	var corrections, rest []Revision
	for _, e := range w.pairUp(old, now, w.edits(old, now)) {
		rev := Revision{Before: old.words(e.A), After: now.words(e.B)}
		if rev.Before == "" {
			if correction.MatchString(rev.After) {
				rev.Touches = []Touches{TouchesCorrection}
				corrections = append(corrections, rev)
			} else {
				r.Added++
			}
			continue
		}
		if rev.Touches = touched(old, now, e); len(rev.Touches) > 0 {
			rest = append(rest, rev)
		}
	}
	for _, rev := range slices.Concat(corrections, rest) {
		r.add(rev)
	}
	return r
}

func (r *Revisions) add(rev Revision) {
	if len(r.List) == mostRevisions {
		r.Others++
		return
	}
	r.List = append(r.List, rev)
}

// correction is how newsrooms begin a note that something was wrong.
var correction = regexp.MustCompile(`(?i)^\W*(correction|corrected|clarification|clarified|editor[’']?s[’']? note|update\b.{0,20}correct)|` +
	`\b(an? (earlier|previous) version of (this|the) (article|story|report)|this (article|story|report) (has been|was) (corrected|amended|updated)|(headline|article|story) (has been|was) (corrected|amended))\b`)

// pairUp puts a sentence that is gone beside a new one which says much the same
// in other words.
func (w *world) pairUp(old, now *side, edits []Edit) []Edit {
	sentenceAt := func(s *side, span nlp.Span) int {
		return slices.IndexFunc(s.doc.Sentences, func(t nlp.Sentence) bool { return t.Span == span })
	}
	const least = 0.4
	for i := range edits {
		if edits[i].A == (nlp.Span{}) || edits[i].B != (nlp.Span{}) {
			continue
		}
		from := sentenceAt(old, edits[i].A)
		best, most := -1, least
		for k := range edits {
			if edits[k].A != (nlp.Span{}) || edits[k].B == (nlp.Span{}) || from < 0 {
				continue
			}
			if to := sentenceAt(now, edits[k].B); to >= 0 {
				if alike := w.alikeness(old.sentences[from], now.sentences[to]); alike > most {
					best, most = k, alike
				}
			}
		}
		if best < 0 {
			continue
		}
		edits[i].B = edits[best].B
		d := compareWords(marked(old.doc.Text, []nlp.Span{edits[i].A}), marked(now.doc.Text, []nlp.Span{edits[i].B}))
		edits[i].MarkedA, edits[i].MarkedB = d.onlyA, d.onlyB
		edits[best].B = nlp.Span{}
	}
	return slices.DeleteFunc(edits, func(e Edit) bool { return e.A == (nlp.Span{}) && e.B == (nlp.Span{}) })
}

// touched tells what the words are that only one of two sentences has.
func touched(old, now *side, e Edit) []Touches {
	if e.B == (nlp.Span{}) {
		e.MarkedA = []nlp.Span{e.A} // all of it is gone
	}
	var all []Touches
	add := func(t Touches, yes bool) {
		if yes && !slices.Contains(all, t) {
			all = append(all, t)
		}
	}
	figures := func(s *side, spans []nlp.Span) []string {
		var out []string
		for _, m := range marked(s.doc.Text, spans) {
			if m.word != "1" && (m.word[0] >= '0' && m.word[0] <= '9' || numerals[m.word] != "") || strings.HasSuffix(m.word, "illion") || m.word == "hundred" || m.word == "thousand" {
				out = append(out, m.word)
			}
		}
		slices.Sort(out)
		return out
	}
	add(TouchesNumber, !slices.Equal(figures(old, e.MarkedA), figures(now, e.MarkedB)))
	for _, side := range []struct {
		of     *side
		marked []nlp.Span
	}{{old, e.MarkedA}, {now, e.MarkedB}} {
		s := side.of
		for _, m := range side.marked {
			add(TouchesQuote, slices.ContainsFunc(s.Analysis.Quotes, func(q quote.Quote) bool {
				return q.Kind != quote.Other && q.Type != quote.Indirect && slices.ContainsFunc(q.Content, m.Overlaps)
			}))
			add(TouchesName, s.inName(m))
		}
	}
	add(TouchesClaim, changesClaim(old, now, e))
	return all
}

// inName reports whether a span has words of a name that stands in it.
func (s *side) inName(m nlp.Span) bool {
	return slices.ContainsFunc(s.doc.Mentions, func(at nlp.Mention) bool {
		if !at.Overlaps(m) {
			return false
		}
		shared := s.doc.Text[max(at.Start, m.Start):min(at.End, m.End)]
		return slices.ContainsFunc(strings.Fields(shared), func(word string) bool {
			r := []rune(word)
			return len(r) > 1 && unicode.IsUpper(r[0])
		})
	})
}

// changesClaim reports whether a checkable claim is gone, or says another thing:
// no or not came or went, or two words that carry meaning did.
func changesClaim(old, now *side, e Edit) bool {
	claimed := func(s *side, span nlp.Span) bool {
		for i, t := range s.doc.Sentences {
			if t.Span == span {
				return s.sentences[i].claim > 0
			}
		}
		return false
	}
	if e.B == (nlp.Span{}) {
		return claimed(old, e.A)
	}
	if !claimed(old, e.A) && !claimed(now, e.B) {
		return false
	}
	content := func(s *side, spans []nlp.Span) (words int, denied bool) {
		for _, t := range s.doc.Tokens {
			if !slices.ContainsFunc(spans, t.Overlaps) {
				continue
			}
			switch strings.ToLower(t.Text) {
			case "not", "n't", "n’t", "no", "never", "none", "nobody", "nothing", "neither", "without":
				denied = true
			}
			if isContent(t) {
				words++
			}
		}
		return words, denied
	}
	a, deniedA := content(old, e.MarkedA)
	b, deniedB := content(now, e.MarkedB)
	return deniedA != deniedB || max(a, b) >= 2
}

// Line says how much has changed: "2 changes, 3 sentences added".
func (r Revisions) Line() string {
	s := number(len(r.List)+r.Others, "change")
	if r.Added > 0 {
		s += fmt.Sprintf(", %s added", number(r.Added, "sentence"))
	}
	return s
}
