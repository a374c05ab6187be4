package quote

import (
	"slices"

	"onrecord/nlp"
)

// tidy sets right what the rules and the fields get wrong of a draft's cue and
// source now and then, whoever found them.
func (r *reading) tidy(d *draft) {
	r.against(d)
	r.apart(d)
	r.withoutItself(d)
	if d.cue != nil {
		if s := r.pastNoun(d.source, d.cue); s != d.source {
			d.source, d.shown = s, stretch{}
		}
	}
	if s := r.agreeing(d); s.found() {
		d.source, d.shown = s, stretch{}
	}
	if s := r.subjectAlone(r.pastEven(d.source)); s != d.source {
		d.source, d.shown = s, stretch{}
	}
	if d.cue != nil && d.cue.sort == verbCue {
		if s := r.insiders(d.cue); s.found() && (d.source.head < s.first || d.source.first > s.first) {
			d.source, d.shown = s, stretch{}
		}
	}
	if s := r.whole(d.source); s != d.source {
		if s.first < d.source.first || s.last < d.source.last {
			d.shown = stretch{}
		}
		d.source = s
	}
	if d.cue != nil && d.cue.lex.kind == Other && r.addressed(d) {
		d.source = source{} // "is considered an asset": somebody considers it
	}
	if s := &d.source; s.last-s.first > 1 && s.head == s.last-1 && r.is(s.head, "i", "we", "you", "he", "she", "they", "it") && r.tag(s.head) == "PRP" && (r.tag(s.head-1) == "NN" || r.tag(s.head-1) == "NNS" || r.is(s.head-1, "all")) {
		s.first = s.head // "another reason we talk about it"
	}
}

// pastEven takes off a source what joins it to the sentence or weighs it and is no name:
// "even as officials", "over the summer and fall, members", "Roe herself".
func (r *reading) pastEven(s source) source {
	first := s.first
	if r.is(first, "even", "as") && r.is(first+1, "as", "well") && !r.is(first+1, "well") {
		first += 2
	} else if r.is(first-1, "over", "during", "in", "through", "throughout") {
		for i := first; i+1 < s.head; i++ {
			if r.is(i, ",") && (r.timeEnding(i) >= 0 || r.is(i-1, "spring", "summer", "fall", "autumn", "winter")) {
				first = i + 1
			}
		}
	}
	if first <= s.head {
		s.first = first
	}
	if s.last-s.first > 1 && r.is(s.last-1, "himself", "herself", "themselves", "itself") {
		s.last--
		s.head = min(s.head, s.last-1)
	}
	return s
}

// subjectAlone ends a source that took in the verb of its clause before that verb:
// "Farmers | were first in asking for".
func (r *reading) subjectAlone(s source) source {
	for i := s.first + 1; i < s.last; i++ {
		if r.is(i, ",", "who", "that", "which", "whose", "(") || r.markOf[i] >= 0 {
			break
		}
		if r.is(i, "is", "are", "was", "were", "has", "have", "had") && isNounTag(r.tag(i-1)) {
			if !r.hasWord(i, s.last, ",") { // "this article was published, Roe said" has another subject
				s.last, s.head = i, i-1
			}
			break
		}
	}
	return s
}

// withoutItself takes off the content of a participle the clause that has its source:
// "Falk told the story, reporting about a flood".
func (r *reading) withoutItself(d *draft) {
	if d.cue == nil || r.tag(d.cue.head) != "VBG" || len(d.content) < 2 || !d.source.found() {
		return
	}
	d.content = slices.DeleteFunc(slices.Clone(d.content), func(s nlp.Span) bool { return r.holds(s, d) })
}

// holds reports whether a part of a content has the source of its draft in it.
func (r *reading) holds(s nlp.Span, d *draft) bool {
	head := r.Tokens[d.source.head].Span
	return d.source.found() && s.Contains(head) && r.markOf[d.source.head] < 0
}

// apart lets a content begin behind a cue that it overlaps: "refused to say who
// had decided" tells who, not "to say who".
func (r *reading) apart(d *draft) {
	if d.cue == nil || d.cue.last >= len(r.Tokens) {
		return
	}
	cue := d.cue.span(r)
	if first := d.content[0]; first.Start > cue.Start && first.Start < cue.End && first.End > r.Tokens[d.cue.last].Start {
		d.content = slices.Clone(d.content)
		d.content[0].Start = r.Tokens[d.cue.last].Start
	}
}

// against takes "against" into a cue that it follows: who "argued against the
// plan" did not argue the plan.
func (r *reading) against(d *draft) {
	if d.cue == nil || !r.is(d.cue.last, "against") || d.cue.last != d.cue.head+1 {
		return
	}
	first, last := r.TokensIn(d.content[0])
	if first != d.cue.last && first != d.cue.last+1 || first+1 >= last && first == d.cue.last {
		return
	}
	cue := *d.cue
	cue.last++
	d.cue = &cue
	if first == cue.last-1 {
		content := slices.Clone(d.content)
		content[0].Start = r.Tokens[cue.last].Start
		d.content = content
	}
}
