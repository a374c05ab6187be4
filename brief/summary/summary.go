// Package summary picks, from an article's own sentences, the few that tell its
// news.
//
// [Examine] lays an article out as a [Sheet]: sentences, words and pairs of
// words with their features, and the candidates, which are the sentences whole
// and, where that is safe, shortened (shorten.go). [Models] say what the words
// and sentences are worth: boosted trees that learned from summaries by people
// how likely a word, two words in a row, a sentence is to be in one. [Choose]
// takes the set of candidates that may be expected to come nearest to a
// person's summary within the length (choose.go): the coverage of concepts of
// Gillick and Favre (2009), with learned weights and F1 as the aim, by
// exhaustive search among the best.
//
// Rules of taste stand above the numbers (usable.go): a summary asks nothing,
// does not open with a word that points back, shows no piece of a longer
// quotation, and every word and mark of it stands in the article.
//
// The room is pure. Package training, below it, makes the models.
package summary

import (
	"onrecord/factcheck"
	"onrecord/nlp"
	"onrecord/quote"
)

// Sentence is a sentence of a summary.
type Sentence struct {
	Text  string     // the words of Parts in one line
	Span  nlp.Span   // the sentence of the article
	Parts []nlp.Span // what is kept of it
}

// Summarise picks the sentences of doc that tell its news, within the length
// and in text order. quotes and claims are what was found in doc; title may be
// empty. A text of which nothing may be used has no summary.
func Summarise(doc *nlp.Document, quotes []quote.Quote, claims []factcheck.Claim, title string, length Length) []Sentence {
	s := Examine(doc, quotes, claims, title)
	chosen := Choose(s, Default().Rate(s), Tuned, length)
	out := make([]Sentence, 0, len(chosen))
	for _, i := range chosen {
		c := s.Candidates[i]
		out = append(out, Sentence{Text: Join(doc.Text, c.Parts), Span: doc.Sentences[c.Line].Span, Parts: c.Parts})
	}
	return out
}
