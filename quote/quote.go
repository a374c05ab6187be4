// Package quote finds who said what: every quotation of a document, direct,
// mixed or indirect, with its exact extent, the word that signals it (the
// cue), the words that name its source, and the speaker's full name and role
// as the article gives them.
//
// [Find] is pure. A text without quotations has none; that is no error. It
// never guesses: when two speakers are about equally likely, both stand in
// [Quote.Unclear] and Speaker stays empty.
package quote

import "onrecord/nlp"

// Type says how much of a quotation stands in quotation marks.
type Type string

// The types: every word in marks, none, or some.
const (
	Direct   Type = "direct"
	Indirect Type = "indirect"
	Mixed    Type = "mixed"
)

// Kind tells speech from the rest.
type Kind string

// Speech was said or written by somebody. Other is attributed but not spoken:
// a belief, a hope, a fear, a finding. Readers see it below the line.
const (
	Speech Kind = "speech"
	Other  Kind = "other"
)

// Stance is how the cue presents what was said.
type Stance string

// The stances. Said is the neutral one.
const (
	Said     Stance = "said"
	Claimed  Stance = "claimed"
	Denied   Stance = "denied"
	Warned   Stance = "warned"
	Promised Stance = "promised"
	Asked    Stance = "asked"
	Demanded Stance = "demanded"
	Admitted Stance = "admitted"
	Accused  Stance = "accused"
	Praised  Stance = "praised"
	Hoped    Stance = "hoped"
	Feared   Stance = "feared"
	Believed Stance = "believed"
)

// Quote is one quotation.
//
// Content, Cue and Source are spans of the document, in text order, several
// where the words are broken up ("...," she said, "..."). A direct content
// includes its quotation marks; an indirect one leaves out the full stop that
// ends its sentence. Source leaves out a closing comma.
type Quote struct {
	Content []nlp.Span
	Cue     []nlp.Span // empty when nothing signals it but its marks
	Source  []nlp.Span // the words nearest the cue that say who: "he", "Meyer", "Maureen Meyer, director for ..."
	Type    Type
	Kind    Kind
	Verb    string // of the cue, as a reader wants it: "said", "according to"
	Stance  Stance
	Speaker Speaker
	Via     string   // who passes the words on, when Speaker was not heard directly
	SaidOn  int      // index into Document.Times of when it was said, -1 when the text does not say
	Unclear []string // two or more candidates for the speaker, none of them sure; Speaker.Name is then empty
	Reasons []string // why it was found and why attributed so, for --explain
}

// Speaker is who a quotation is attributed to.
type Speaker struct {
	Name     string     // full name ("Denis Contreras") or description ("hundreds of migrants"); empty when unknown
	Spans    []nlp.Span // where the text has that name
	Entity   int        // index into Document.Entities, -1 for speakers without a name
	Role     string     // in the article's own words: "director for Mexico and migrant rights at ..."; empty when it gives none
	RoleSpan nlp.Span   // where the role stands; empty without a role
}
