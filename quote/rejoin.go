package quote

import "onrecord/nlp"

// rejoined makes one draft of two when the first has no more for its content than the
// subject of the second: "said the board | concluded the dam was safe" has one content.
func (r *reading) rejoined(drafts []draft) []draft {
	at := make([]int, len(drafts)) // where each went
	out := drafts[:0]
	for i := range drafts {
		d := drafts[i]
		if d.follows >= 0 {
			d.follows = at[d.follows]
		}
		if n := len(out) - 1; n >= 0 && r.splits(&out[n], &d) {
			out[n].content = []nlp.Span{{Start: out[n].content[0].Start, End: d.end()}}
			at[i] = n
			continue
		}
		at[i] = len(out)
		out = append(out, d)
	}
	return out
}

// splits reports whether the cue of draft b is the verb of the clause whose subject is
// all that draft a has for a content.
func (r *reading) splits(a, b *draft) bool {
	if a.cue == nil || b.cue == nil || len(a.content) != 1 || len(b.content) != 1 || a.cue.sort != verbCue || b.cue.sort != verbCue || !isFinite(r.tag(b.cue.head)) {
		return false
	}
	first, last := r.TokensIn(a.content[0])
	begin, _ := r.TokensIn(b.content[0])
	return a.cue.lex.lemma == "say" && first == a.cue.last && last == b.cue.first && begin == b.cue.last && !r.anyVerb(first, last) && r.wordsInMarks(a.content) == 0
}
