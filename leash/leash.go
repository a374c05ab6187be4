// Package leash holds a wording against the article that it is about, and
// tells whether the article says the same.
//
// It is made for sentences that a language model wrote: [Source.Check] reads
// such a sentence as a stranger would who trusts nothing but the article.
// Each clause of the wording is laid beside the clause of the article that it
// shares most words with (clause.go, align.go); then one file for each way in
// which a rewording goes wrong looks for a difference:
//
//	form.go      not a plain English sentence: links, markup, control characters
//	words.go     words that the article does not have, nor a near synonym
//	opposites.go a word that says the contrary of the article's
//	names.go     a name that does not belong there, a role that is somebody else's
//	numbers.go   a figure, its unit, its bound, what it counts, from where to where
//	times.go     a date or a time
//	polarity.go  "not" lost or added, "may" made "will", a condition or a
//	             "most of" left out
//	voices.go    who said it; a quotation that is not byte for byte the article's
//	causes.go    a cause that the article does not give
//	roles.go     who did it to whom
//
// It refuses in doubt: a wording that is let through wrongly costs trust, one
// that is refused wrongly costs a nicer sentence, for the article's own takes
// its place. It knows nothing of the world, only the article, so a wording that
// says what everybody knows is refused too.
//
// Package leash/trial measures both sides: hostile rewordings made by rules, and
// faithful ones written by hand.
package leash

import (
	"time"

	"onrecord/nlp"
	"onrecord/quote"
)

// Version numbers what the check lets through. It is part of cache keys: raise
// it with each change, or old wordings outlive the change.
const Version = "3"

// Source is an article that wordings are held against. It may be used by any
// number of goroutines.
type Source struct {
	*reading
	byKey map[string][]int // tokens by what they may be matched by
	names map[string][]int // tokens that are part of names, by their text
	exact map[string]bool  // every token's text
	own   map[string]int   // sentences, by their text and by their text on one line
}

// New reads an article. Doc and quotes are what [nlp.Parse] and [quote.Find]
// found; published is the day of publication, zero when unknown.
func New(doc *nlp.Document, quotes []quote.Quote, published time.Time) *Source {
	s := &Source{reading: read(doc, quotes, published, words().article)}
	s.index()
	return s
}

// Verdict says whether the article warrants a wording.
type Verdict struct {
	Reason string     // why not, as a sentence for logs and tests; empty when it does
	From   []nlp.Span // the sentences of the article that it was held against
}

// OK reports whether the wording may be shown.
func (v Verdict) OK() bool { return v.Reason == "" }

// Check holds one sentence against the article. A sentence of the article
// passes as it is.
func (s *Source) Check(wording string) Verdict {
	if at, ok := s.own[wording]; ok {
		return Verdict{From: []nlp.Span{s.Sentences[at].Span}}
	}
	if reason := s.badForm(wording); reason != "" {
		return Verdict{Reason: reason}
	}
	doc := nlp.Parse(wording)
	if len(doc.Sentences) != 1 {
		return Verdict{Reason: "it is not one sentence"}
	}
	w := &draft{reading: read(doc, quote.Find(doc), s.published, words().wording), source: s}
	w.align()
	v := Verdict{From: w.from()}
	for _, check := range []func() string{
		w.newWords, w.wrongWay, w.wrongNames, w.wrongNumbers, w.wrongTimes, w.wrongQuotes, w.wrongVoices, w.wrongPolarity, w.wrongCauses, w.wrongRoles,
	} {
		if v.Reason = check(); v.Reason != "" {
			return v
		}
	}
	return v
}
