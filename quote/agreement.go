package quote

import (
	"strings"

	"onrecord/nlp"
)

// A subject and its verb agree in number: "safety laws" is not who "is accusing".

// A grammarNumber is the number of a noun or a verb.
type grammarNumber int

const (
	unknown grammarNumber = iota
	singular
	plural
)

// disagree reports whether two numbers are known and not the same.
func (n grammarNumber) disagree(m grammarNumber) bool { return n != unknown && m != unknown && n != m }

// verbNumber gives the number of the verb group that ends at verb v, by its
// first finite verb.
func (r *reading) verbNumber(v int) grammarNumber {
	for i := verbGroup(r, v); i <= v; i++ {
		switch {
		case r.is(i, "is", "was", "has", "does"):
			return singular
		case r.is(i, "are", "were", "have", "do"):
			return plural
		case r.tag(i) == "VBZ" && !r.is(i, "'s", "’s"):
			return singular
		case isFinite(r.tag(i)):
			return unknown
		}
	}
	return unknown
}

// nounNumber gives the number of the noun phrase of tokens [first, last) that
// head carries. Names of organisations, nouns for several people, amounts and
// nouns joined by "and" go with either.
func (r *reading) nounNumber(first, last, head int) grammarNumber {
	if t := &r.Tokens[head]; t.Entity >= 0 && r.Entities[t.Entity].Kind != nlp.Person || r.is(head, collectives...) || r.is(head, bodies...) || r.is(head+1, "of", "%", "percent") {
		return unknown
	}
	for i := first; i < last; i++ {
		if r.tag(i) == "CC" || r.tag(i) == "CD" || r.is(i, ",", "&") && i < head {
			return unknown
		}
	}
	switch r.tag(head) {
	case "NNS":
		if r.Tokens[head].Lemma == strings.ToLower(r.word(head)) {
			return unknown // "series"
		}
		return plural
	case "NN":
		if r.isRoleNoun(head) {
			return singular
		}
	case "NNP":
		if r.Tokens[head].Entity >= 0 {
			return singular
		}
	}
	return unknown
}

// agreeing gives the source of a draft whose source cannot be the subject of its
// verb by their numbers: the noun phrase that opens the sentence, when it
// agrees and no other verb has it for a subject.
func (r *reading) agreeing(d *draft) source {
	s := d.source
	if d.cue == nil || d.cue.sort != verbCue || d.cue.passive || !s.found() || s.shared || s.last > d.cue.head {
		return source{}
	}
	verb := r.verbNumber(d.cue.head)
	if !verb.disagree(r.nounNumber(s.first, s.last, s.head)) {
		return source{}
	}
	begin := verbGroup(r, d.cue.head)
	first := r.pastDateline(r.sentence(d.cue.head))
	last := r.simplePhrase(first, s.first)
	if last <= first || last > s.first || r.tag(last-1) == "PRP" || r.timeAt(first) >= 0 || r.mainVerb(last, begin) >= 0 {
		return source{}
	}
	head := r.headOf(first, last)
	if verb.disagree(r.nounNumber(first, last, head)) {
		return source{}
	}
	first, last = r.trim(first, begin)
	return source{first: first, last: last, head: head, why: "the subject that agrees with “" + r.word(d.cue.head) + "”"}
}
