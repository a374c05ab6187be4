package quote

import (
	"slices"
	"strings"
)

// tidy sets right what the rules and the fields get wrong of a draft's cue and
// source now and then, whoever found them.
func (r *reading) tidy(d *draft) {
	r.against(d)
	r.apart(d)
	if d.cue != nil && d.cue.lex.kind == Other && r.addressed(d) {
		d.source = source{} // "is considered an asset": somebody considers it
	}
	if s := &d.source; s.last-s.first > 1 && s.head == s.last-1 && r.is(s.head, "i", "we", "you", "he", "she", "they") && r.tag(s.head) == "PRP" && r.tag(s.head-1) == "NN" {
		s.first = s.head // "another reason we talk about it"
	}
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
	t := r.Tokens[d.source.head]
	return t.Rel == "nsubj:pass" && t.Head == d.cue.head && !r.is(d.cue.last, "as") && !r.is(d.cue.head+1, "to") && !r.is(d.cue.head, "quoted", "scheduled", "expected", "supposed", "convinced", "concerned", "worried", "prepared", "determined", "opposed", "committed", "interested")
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
