// Package brief makes the briefing of an article: summary, who said what,
// claims worth checking, facts. [Analyse] is pure and its result, the
// [Analysis], is the one value of which every command, button, export and page
// shows a part.
package brief

import (
	"onrecord/factcheck"
	"onrecord/nlp"
	"onrecord/quote"
)

// Analysis is everything that Onrecord finds in an article.
type Analysis struct {
	Summary []Sentence
	Quotes  []quote.Quote
	Claims  []factcheck.Claim // best first
	Facts   Facts
	Engine  Engine
}

// Sentence is one sentence of the summary: pieces of one sentence of the
// article, in its words.
type Sentence struct {
	Text     string
	Span     nlp.Span   // the sentence of the article that it comes from
	Parts    []nlp.Span // the pieces that were kept, the whole span when nothing was cut
	Inserted []factcheck.Insertion
}

// Facts is the fact card.
type Facts struct {
	Who     []Who
	Where   []Where
	When    []factcheck.Date
	Numbers []Number
}

// Who is a person, group or organisation of the story.
type Who struct {
	Name   string
	Role   string
	Quoted bool
	Spans  []nlp.Span
}

// Where is a place of the story.
type Where struct {
	Name  string
	Spans []nlp.Span
}

// Number is a figure with what it counts.
type Number struct {
	Text string
	Of   string
	Span nlp.Span
}

// Engine says what made the analysis.
type Engine struct {
	Version string
	Models  string
}
