package quote

import (
	"strings"

	"onrecord/nlp"
)

// tidy sets right what the rules and the fields get wrong of a draft's cue and
// source now and then, whoever found them.
func (r *reading) tidy(d *draft) {
	r.against(d)
	if s := &d.source; s.last-s.first > 1 && s.head == s.last-1 && r.is(s.head, "i", "we", "you", "he", "she", "they") && r.tag(s.head) == "PRP" && r.tag(s.head-1) == "NN" {
		s.first = s.head // "another reason we talk about it"
	}
}

// describes reports whether a cue only says of a thing how it is spoken of: "the
// most talked about project".
func (r *reading) describes(c *cue) bool {
	return c != nil && r.is(c.head-1, "most", "much", "widely", "often") && r.is(c.head-2, "a", "an", "the", "its", "their") && strings.HasPrefix(r.tag(c.last), "NN")
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
		content := append([]nlp.Span{}, d.content...)
		content[0].Start = r.Tokens[cue.last].Start
		d.content = content
	}
}
