// Package brief makes the briefing of an article: summary, who said what,
// claims worth checking, facts.
//
// [Analyse] is pure: the article's text in, an [Analysis] out, the one value
// of which every command, button, export and page shows a part. [Briefer] is
// the edge around it: it reads the article, keeps articles and analyses in a
// cache, and hands back a [Briefing], which is an article with its analysis.
// [Export] gives a briefing the shape that scripts read.
//
// Offsets are bytes into the article's text everywhere but in the export,
// which counts Unicode code points.
package brief

import (
	"slices"
	"strings"

	"onrecord/article"
	"onrecord/factcheck"
	"onrecord/nlp"
	"onrecord/quote"
)

// Briefing is one article and everything found in it. Overlays (published
// fact-checks) join it here, never the Analysis, which depends on nothing but
// the text.
type Briefing struct {
	Article  *article.Article
	Analysis *Analysis
	Reviews  *Reviews // published fact-checks of the claims; nil when none are loaded
	Wording  *Wording // a language model's wording, held against the article; nil without one
}

// Analysis is everything that Onrecord finds in an article. It holds no
// pointer into the document it was made from and survives encoding/json
// unchanged, so it can be cached.
type Analysis struct {
	Summary     []Sentence
	Quotes      []quote.Quote
	Sources     Sources
	Claims      []factcheck.Claim // best first; those that are not Checkable follow the ranked ones
	Facts       Facts
	Timeline    []Event          // dated events, earliest first
	Missing     []string         // gaps that can be counted, as sentences
	Consistency []Clash          // statements of the article that cannot both hold
	Times       []factcheck.Date // every time expression in text order; quote.Quote.SaidOn is an index into it
	Engine      Engine
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
	When    []factcheck.Date // in text order; zero Dates when the expression cannot be dated
	Numbers []Number
}

// Who is a person, group or organisation of the story.
type Who struct {
	Name   string
	Role   string // in the article's words; empty when it gives none
	Named  bool   // false for "hundreds of migrants", "Mexican officials"
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
	Text string   // the whole phrase, "More than 1,000 migrants"
	Of   string   // what is counted, "migrants"; empty when the text does not say
	Span nlp.Span // of Text

	Clause nlp.Span // what the article says of it, Span within; empty when it says nothing
}

// Event is a dated event of the timeline.
type Event struct {
	Dates []factcheck.Date // one or more, earliest first
	Text  string           // the clause that holds them
	Span  nlp.Span         // of Text
}

// When writes the days of e in one line, each as write has it: "2014, 2016".
func (e *Event) When(write func(nlp.Dates) string) string {
	days := make([]string, len(e.Dates))
	for i, d := range e.Dates {
		days[i] = write(d.Dates)
	}
	return strings.Join(slices.Compact(days), ", ")
}

// Clash is two statements of the article that cannot both hold.
type Clash = factcheck.Clash

// Engine says what made the analysis.
type Engine struct {
	Version string // [Version]
	Models  string // of the language models embedded
	Tables  string // of the tables of how to check; empty for the built-in ones
}

// Version numbers what Analyse finds. It is part of every cache key: raise it
// with each change that alters a result, or old results outlive the change.
const Version = "11"
