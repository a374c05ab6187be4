package brief

import (
	"slices"

	"onrecord/brief/summary"
	"onrecord/factcheck"
	"onrecord/nlp"
	"onrecord/quote"
)

// Length bounds a summary.
type Length = summary.Length

// The most sentences that a summary may be asked for, and how many a long one
// has.
const (
	MaxLength  = 12
	LongLength = 6
)

// LengthOf is the length of a summary of so many sentences: 20 words for each.
func LengthOf(sentences int) Length { return Length{Sentences: sentences, Words: 20 * sentences} }

// Summarise picks the sentences of doc that tell its news, within the length
// and in text order, whole or with pieces left out that the truth of the rest
// does not hang on. Package summary says how. title may be empty.
func Summarise(doc *nlp.Document, quotes []quote.Quote, claims []factcheck.Claim, title string, length Length) []Sentence {
	chosen := summary.Summarise(doc, quotes, claims, title, length)
	out := make([]Sentence, len(chosen))
	for i, s := range chosen {
		out[i] = Sentence{Text: s.Text, Span: s.Span, Parts: s.Parts}
	}
	return out
}

// WithLength is b with a summary of another length. The briefing itself, which
// others may hold, stays as it is.
func WithLength(b *Briefing, length Length) *Briefing {
	a := b.Article
	analysis := *b.Analysis
	analysis.Summary = Summarise(nlp.ParseFrom(a.Text, a.Body), analysis.Quotes, analysis.Claims, a.Title, length)
	other := *b
	other.Analysis = &analysis
	return &other
}

func hasFiniteVerb(tokens []nlp.Token) bool {
	return slices.ContainsFunc(tokens, func(t nlp.Token) bool {
		return t.Tag == "VBD" || t.Tag == "VBZ" || t.Tag == "VBP" || t.Tag == "MD"
	})
}

func isPunct(s string) bool {
	switch s {
	case "“", "”", `"`, "‘", "’", "'", "(", ")", "—", "–", "-", "--", ",", ".", "…":
		return true
	}
	return false
}
