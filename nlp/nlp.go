// Package nlp reads English news text: tokens, sentences, part of speech,
// dependency parse, names, time expressions and numbers.
//
// [Parse] does all of it in one pass and returns a [Document]. It is a pure
// function of the text: the same text gives the same document, always, on any
// number of goroutines. It never fails; a text without sentences gives a
// document without sentences.
//
// It goes from the outside in: paragraphs (paragraph.go), tokens (token.go) and
// sentences (sentence.go) by rules; part of speech, tree and raw names by the
// models under internal; then lemmas (lemma.go), time expressions (time.go,
// dated by resolve.go), names with the memory of the document (entity.go) and
// numbers (number.go) by rules over those. The word lists are data, in lexicon.
//
// What rooms built on it ask most often are methods of Document: what a token
// governs ([Document.Children], [Document.Subtree], [Document.NounPhrase]),
// what lies at a byte or inside a span ([Document.SentenceAt],
// [Document.TokensIn], [Document.MentionsIn], ...), and whether a verb reports
// speech ([Document.ReportingVerb], [Reporting]).
//
// Offsets are bytes into [Document.Text], end exclusive, everywhere in this
// package and in the rooms built on it ([Span]).
package nlp

import "time"

// Span is a half-open range of bytes, [Start, End), into [Document.Text].
type Span struct {
	Start, End int
}

// Text returns the words that the span covers in text.
func (s Span) Text(text string) string { return text[s.Start:s.End] }

// Len is the number of bytes that the span covers.
func (s Span) Len() int { return s.End - s.Start }

// Empty reports whether the span covers nothing, as the zero Span does.
func (s Span) Empty() bool { return s.End <= s.Start }

// Contains reports whether t lies wholly inside s.
func (s Span) Contains(t Span) bool { return s.Start <= t.Start && t.End <= s.End }

// Overlaps reports whether s and t share at least one byte.
func (s Span) Overlaps(t Span) bool { return s.Start < t.End && t.Start < s.End }

// Document is a text and everything that was found in it, in text order.
type Document struct {
	Text       string
	Body       int    // where the analysed text begins: what stands before (a dateline) has no sentences
	Paragraphs []Span // without the white space around them
	Sentences  []Sentence
	Tokens     []Token
	Entities   []Entity
	Mentions   []Mention
	Times      []Time
	Numbers    []Number

	children [][]int  // of Tokens, by head
	low      []string // of Tokens: the word in lower case without the dot of an abbreviation
	extent   []Span   // of Tokens: the tokens [Start, End) that each governs
}

// Sentence is one sentence. Its tokens are Document.Tokens[First:Last].
type Sentence struct {
	Span
	First, Last int // tokens [First, Last) of Document.Tokens
	Paragraph   int // index into Document.Paragraphs
}

// Token is a word or a mark, tokenised as in the English Universal
// Dependencies treebanks: "don't" is "do" and "n't", "Mexico's" is "Mexico"
// and "'s", punctuation stands alone.
type Token struct {
	Span
	Text     string // the bytes of Span
	Lemma    string // base form in lower case, "say" for "said"; names keep their case
	Tag      string // Penn Treebank part of speech: NNP, VBD, ...
	Rel      string // Universal Dependencies relation to Head: nsubj, obl, root, ...; subtypes kept only for pass ("nsubj:pass", "aux:pass")
	Head     int    // index into Document.Tokens of the governing word, -1 for the root of a sentence
	Sentence int    // index into Document.Sentences
	Entity   int    // index into Document.Entities when the token is part of a mention of a name, else -1
}

// EntityKind says what sort of thing a name names.
type EntityKind string

// The kinds of named entity.
const (
	Person       EntityKind = "person"
	Place        EntityKind = "place"
	Organisation EntityKind = "organisation"
)

// Gender is what names and titles tell of a person's grammatical gender.
type Gender string

// The genders that matter for "he" and "she". The zero Gender is unknown.
const (
	Feminine  Gender = "f"
	Masculine Gender = "m"
)

// Entity is one person, place or organisation of the document, with every
// place that names it ("Denis Contreras", later "Contreras").
type Entity struct {
	Kind     EntityKind
	Name     string   // the fullest form in the text, titles stripped
	Titles   []string // titles seen before the name: "US President", "Dr."
	Gender   Gender
	Mentions []int // indexes into Document.Mentions, in text order
}

// Mention is one place in the text that names an entity.
type Mention struct {
	Span             // the name, without titles
	Title       Span // the title before it ("US President"), empty when there is none
	First, Last int  // tokens [First, Last) of the name
	Entity      int  // index into Document.Entities
}

// Time is a time expression: "Sunday night", "over the weekend", "2019".
// [Time.Resolve] turns it into days once the day of publication is known.
type Time struct {
	Span
	First, Last int // tokens [First, Last)
	Sentence    int // index into Document.Sentences

	expr timeExpr
}

// Dates is a range of days, both inclusive. Start equals End for one day.
type Dates struct {
	Start, End time.Time // midnight UTC
}

// Number is a figure with what it counts: "More than 1,000 Central American
// migrants" is at least 1000 of "Central American migrants".
type Number struct {
	Span                // the whole phrase, "More than 1,000 Central American migrants"
	Figure      Span    // the figure alone, "1,000"
	Value       float64 // 1000; 0.5 for "half"; 2 for "a second try"; for "millions" the unit itself, 1e6
	To          float64 // the upper end of a range ("10 to 15"), else 0
	Vague       bool    // "hundreds", "millions", "several": the value is an order of magnitude
	Bound       string  // "" exact, ">" more than, "<" less than, "~" about
	Unit        string  // "%" for percentages, "pp" for percentage points, a currency ("USD", "EUR", ...) for money, else ""
	Of          Span    // what is counted, "Central American migrants"; empty when the text does not say
	First, Last int     // tokens [First, Last) of the whole phrase
	Sentence    int     // index into Document.Sentences
}
