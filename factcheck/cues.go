package factcheck

import (
	"slices"
	"strings"

	"onrecord/nlp"
	"onrecord/quote"
)

// This file tells quotations that state something from those that do not: a
// ground that the article gives, a topic, what somebody did not say.

// isGround reports whether quotation q is no quotation here but the ground
// that a sentence gives: "considering that …" has nobody who considers.
func (r *reading) isGround(q int) bool {
	for _, cue := range r.quotes[q].Cue {
		switch strings.ToLower(cue.Text(r.Text)) {
		case "considering", "given", "considering that", "given that":
			return true
		}
	}
	return false
}

// isTopic reports whether all that quotation q gives is what somebody spoke
// about: "commented on the case", "discussed the budget". They state nothing there;
// that they spoke is the article's own word.
func (r *reading) isTopic(q int) bool {
	if r.quotes[q].Type != quote.Indirect || r.quotes[q].Stance != quote.Said {
		return false
	}
	about := r.hasCue(q, "discuss", "debate", "mention", "address")
	for _, span := range r.quotes[q].Content {
		first, last := r.TokensIn(span)
		if first >= last || r.figures(candidate{first: first, last: last}) > 0 || r.isClause(q, first, last) {
			return false
		}
		about = about || isAbout(r.Tokens[first]) || first > 0 && isAbout(r.Tokens[first-1])
	}
	return about
}

// isUnsaid reports whether somebody did not say what quotation q has: "The church
// does not insist that the cloth is old". A denial that is denied says nothing of
// the sort either.
func (r *reading) isUnsaid(q int) bool {
	if r.quotes[q].Type != quote.Indirect || len(r.quotes[q].Content) == 0 {
		return false
	}
	from, to := r.TokensIn(r.quotes[q].Content[0])
	for _, cue := range r.quotes[q].Cue {
		first, last := r.TokensIn(cue)
		for i := first; i < last; i++ {
			if t := r.Tokens[i]; strings.HasPrefix(t.Tag, "VB") && t.Lemma != "deny" && r.negated(i) && from > i && r.hasClause(from, to) {
				return true
			}
		}
	}
	return false
}

// isAbout reports whether t opens what somebody speaks about.
func isAbout(t nlp.Token) bool {
	switch strings.ToLower(t.Text) {
	case "about", "on", "upon", "regarding", "concerning":
		return true
	}
	return false
}

// hasCue reports whether a word of a cue of quotation q has one of the lemmas.
func (r *reading) hasCue(q int, lemmas ...string) bool {
	for _, cue := range r.quotes[q].Cue {
		first, last := r.TokensIn(cue)
		if slices.ContainsFunc(r.Tokens[first:last], func(t nlp.Token) bool { return slices.Contains(lemmas, t.Lemma) }) {
			return true
		}
	}
	return false
}
