package quote

import (
	"slices"
	"strings"

	"onrecord/nlp"
)

// Words that report now and then report nothing where they stand, whoever took
// them for a cue, the rules or the fields.

// unsaid reports whether a draft is no quotation: nobody says, or said, what it has.
func (r *reading) unsaid(d *draft) bool {
	if r.nobody(d.source) || r.describes(d.cue) || r.addressed(d) {
		return true // "Nobody said the dam was safe"
	}
	if d.source.found() && d.source.first > 0 && r.relays(d.source.first-1) {
		return true // "something a caller also told the police"
	}
	if d.cue == nil || r.quotesIn(d) && d.cue.sort != nounCue {
		return false
	}
	return r.idle(d.cue) || r.supposed(d) || r.participle(d) || r.toWhom(d) || r.outOf(d) || slices.ContainsFunc(d.content, func(s nlp.Span) bool { return r.holds(s, d) })
}

// quotesIn reports whether a content has words in marks.
func (r *reading) quotesIn(d *draft) bool { return r.wordsInMarks(d.content) > 0 }

// idle reports whether a verb stands in a phrase that reports nothing.
func (r *reading) idle(c *cue) bool {
	switch strings.ToLower(r.Tokens[c.head].Lemma) {
	case "call":
		return r.is(c.head+1, "up", "off", "back", "in") // "called up the control room"
	case "say":
		return r.is(c.head-1, "without") && r.is(c.head-2, "goes", "go", "went") // "it goes without saying"
	case "plead":
		return r.is(c.head+1, "guilty", "innocent") || r.is(c.head+1, "not") && r.is(c.head+2, "guilty") // "pleaded guilty to two charges"
	case "brief":
		return r.is(c.head+1, "on", "about", "by") && c.lex.particle == "" // "officials briefed on the matter said"
	}
	return false
}

// supposed reports whether a cue only supposes that somebody says something: "in
// case you were wondering", "saying the dam is safe is a fantasy".
func (r *reading) supposed(d *draft) bool {
	c := d.cue
	if r.tag(c.head) == "VBG" && (strings.HasPrefix(r.Tokens[c.head].Rel, "csubj") || r.isSubjectOf(d)) {
		return true
	}
	if d.source.found() && r.is(d.source.head, "you") && d.source.last-d.source.first == 1 && (r.is(d.source.first-1, "if", "when", "case", "while") || r.is(c.head, "wondering")) {
		return true
	}
	return c.sort == nounCue && d.source.found() && r.is(d.source.first, cannotSpeak...) // "It all raises the question of whether"
}

// isSubjectOf reports whether a participle with what was taken for its content is the
// subject of a form of "be" that stands in that content: "but saying you will manage is
// a fantasy".
func (r *reading) isSubjectOf(d *draft) bool {
	first, last := r.TokensIn(d.content[0])
	if k := d.cue.head; first != d.cue.last || !r.is(k-1, "but", "because", "that", "and") && k > r.sentence(k).First || r.is(k-1, "and") && r.Tokens[k].Rel == "conj" {
		return false
	}
	verbs := 0
	for i := first; i < last; i++ {
		switch {
		case r.punct(i) || r.tag(i) == "CC" || r.is(i, subordinators...):
			return false
		case isFinite(r.tag(i)):
			if verbs++; verbs == 2 {
				return r.is(i, "is", "was", "isn’t", "would")
			}
		}
	}
	return false
}

// participle reports whether a cue behind a comma is the participle of an insertion
// and what stands before it the subject of the verb behind that: "The system, announced
// on Friday at a fair, joins two others."
func (r *reading) participle(d *draft) bool {
	c := d.cue
	if c.sort != verbCue || r.tag(c.head) != "VBN" && r.tag(c.head) != "VBD" || !r.is(c.head-1, ",") || !d.source.found() || d.source.last > c.head {
		return false
	}
	for i := d.source.first; i < c.head-1; i++ {
		if r.is(i, ",") {
			return false
		}
	}
	for i, end := c.head+1, r.sentence(c.head).Last-1; i < end && !isFinite(r.tag(i)) && r.markOf[i] < 0; i++ {
		if r.is(i, ",") && isFinite(r.tag(i+1)) {
			return true
		}
	}
	return false
}

// toWhom reports whether a content is only who was spoken to: "wrote to the mother".
func (r *reading) toWhom(d *draft) bool {
	c := d.cue
	if c.sort != verbCue || len(d.content) != 1 || !slices.Contains(talks, strings.ToLower(r.Tokens[c.head].Lemma)) {
		return false
	}
	first, last := r.TokensIn(d.content[0])
	if first < c.last || r.anyVerb(first, last) {
		return false
	}
	for first < last && r.tag(first) == "RB" {
		first++ // "directly to the parents"
	}
	if !r.is(first, "to", "with") && !r.is(c.last-1, "to", "with") {
		return false
	}
	return r.simplePhrase(first+1, last) == last || r.simplePhrase(first, last) == last
}

// talks are verbs of talking to somebody.
var talks = []string{"talk", "speak", "write", "chat", "appeal", "reply", "respond"}

// outOf reports whether a content is only who or what something was taken from: "citing
// the health ministry".
func (r *reading) outOf(d *draft) bool {
	if strings.ToLower(r.Tokens[d.cue.head].Lemma) != "cite" || len(d.content) != 1 {
		return false
	}
	first, last := r.TokensIn(d.content[0])
	if first < d.cue.last || r.anyVerb(first, last) {
		return false
	}
	head := r.objectHead(first, last)
	if e := r.Tokens[head].Entity; e >= 0 && r.Entities[e].Kind != nlp.Place {
		return true
	}
	return r.isRoleNoun(head) || r.is(head, "source", "sources", "police") || slices.Contains(bodies, r.lower(head))
}

// describes reports whether a cue only says of a thing how it is spoken of: "the
// most talked about project".
func (r *reading) describes(c *cue) bool {
	return c != nil && r.is(c.head-1, "most", "much", "widely", "often") && r.is(c.head-2, "a", "an", "the", "its", "their") && strings.HasPrefix(r.tag(c.last), "NN")
}

// addressed reports whether the source of a draft is not who speaks but whom the
// cue is about: "the senator was being challenged on the costs".
func (r *reading) addressed(d *draft) bool {
	if d.cue == nil || !d.source.found() || d.source.head >= d.cue.first || r.tag(d.cue.head) != "VBN" || !r.hasBe(max(d.cue.head-3, d.source.last), d.cue.head) {
		return false
	}
	subject := r.Child(d.cue.head, "nsubj:pass")
	return d.source.first <= subject && subject < d.source.last && !r.is(d.cue.last, "as") && !r.is(d.cue.head+1, "to") && !r.is(d.cue.head, "quoted", "scheduled", "expected", "supposed", "convinced", "concerned", "worried", "prepared", "determined", "opposed", "committed", "interested")
}
