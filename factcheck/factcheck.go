// Package factcheck finds the claims of an article that are worth checking
// and ranks them, each with readable reasons, a wording that stands alone, and
// how to check it. It never says that anything is true or false: worth
// checking means important if wrong, not doubtful.
//
// [Claims] is pure. [Finder] is Claims with what an operator and the article's
// dateline add: the tables of how to check ([Tables]) and what "here" means.
// [Wordings] makes single sentences stand alone, and [Clashes] checks an
// article against itself.
package factcheck

import (
	"regexp"
	"strings"

	"onrecord/nlp"
)

// Kind says what sort of claim it is; several may hold.
type Kind string

// The kinds of claim.
const (
	Figure     Kind = "number"
	Comparison Kind = "comparison"
	Cause      Kind = "cause and effect"
	Event      Kind = "event"
	Law        Kind = "law or rule"
	Allegation Kind = "allegation"
	Attributed Kind = "attributed statement"
	Commitment Kind = "commitment"
	Absolute   Kind = "absolute"
	Prediction Kind = "prediction" // shown, never ranked
)

// Claim is one statement of the article that evidence could settle.
type Claim struct {
	Span       nlp.Span // the claim's words, a sentence or a part of one
	Sentence   int      // index into Document.Sentences
	Score      float64  // check-worthiness, 0 to 1: order claims by it, show it to nobody
	Checkable  bool     // evidence could settle it; only checkable claims are ranked
	Kinds      []Kind
	Reasons    []string // readable and observable, at least one
	Standalone string   // the wording that makes sense outside the article; inserted words in [brackets]
	Parts      []Part   // for a compound claim, two or more
	Inserted   []Insertion
	Unclear    string // why the wording could not be completed; empty when it could
	Speaker    string // who says it; empty when the article says it in its own voice
	Via        string // who passes it on, when second-hand
	Quote      int    // index into the quotes handed to Claims, -1 in the article's own voice
	Dates      []Date
	HowToCheck []string
}

// SaysMore reports whether the stand-alone wording says more than the claim's
// own words in text, the article's, with the days that they mean: who speaks,
// who "he" is. Where it does not, showing it would only repeat the claim.
func (c Claim) SaysMore(text string) bool {
	return c.Standalone != "" && bare(isoDays.ReplaceAllString(c.Standalone, "")) != bare(c.Span.Text(text))
}

// isoDays are days in a wording, as [days] writes them.
var isoDays = regexp.MustCompile(`\s*\[\d{4}-\d\d-\d\d(?:/\d{4}-\d\d-\d\d)?\]`)

// bare is a text without what makes no difference to its reader: how it is
// spaced, and the full stop.
func bare(s string) string { return strings.TrimRight(strings.Join(strings.Fields(s), " "), ". ") }

// Part is one of several claims made in one sentence.
type Part struct {
	Span       nlp.Span
	Standalone string
}

// Insertion is a piece of text that the stand-alone wording adds, with the
// place in the article that warrants it.
type Insertion struct {
	Text string
	From nlp.Span
}

// Date is a time expression of the claim and the days it means.
type Date struct {
	Span  nlp.Span
	Dates nlp.Dates
}
