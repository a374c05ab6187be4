package quote

import (
	"slices"

	"onrecord/nlp"
)

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

// handBack gives a passage that follows a sentence to the quotation whose attribution
// is that of the sentence, when a phrase inside the attribution has it: "“It was old,”
// said Roe, who wrote that it leaked. “Nobody looked.”" In polnear.train it belongs
// to what "said" reports in 25 such places and to the phrase in 4.
func (r *reading) handBack(drafts []draft) {
	for i := range drafts {
		d := &drafts[i]
		n := len(d.content) - 1
		if n < 1 || d.cue == nil || d.cue.sort != verbCue || r.wordsInMarks(d.content[:n]) > 0 {
			continue
		}
		first, last := r.TokensIn(d.content[n])
		if first >= last || r.markOf[first] < 0 || r.markOf[last-1] < 0 || r.sentence(first).First != first {
			continue
		}
		for k := i - 1; k >= 0 && k > i-3; k-- {
			if e := &drafts[k]; r.governs(e, d) {
				e.content = joined(slices.Clone(e.content), d.content[n])
				d.content = d.content[:n:n]
				e.reasons = append(slices.Clone(e.reasons), "the quotation goes on after the cue")
				break
			}
		}
	}
}

// governs reports whether draft e is a passage in marks whose attribution follows it
// and holds the cue of draft d in one of its phrases.
func (r *reading) governs(e, d *draft) bool {
	if e.cue == nil || e.cue.sort != verbCue || e.start() >= d.start() || e.cue.head >= d.cue.head ||
		r.Tokens[e.cue.head].Sentence != r.Tokens[d.cue.head].Sentence || r.tag(d.cue.begin()-1) == "CC" || r.is(d.cue.begin()-1, "then") {
		return false
	}
	first, last := r.TokensIn(e.content[len(e.content)-1])
	return first < last && last <= e.cue.head && r.markOf[first] >= 0 && r.markOf[last-1] >= 0
}

// handOn gives a passage that is a sentence of its own to the quotation whose cue stands
// in the sentence before, when an earlier one has it: "“I will not go,” Roe said. The talks
// achieved “too little,” he added. | “The north risks a lot.”" In polnear.train it belongs
// to the nearer cue in 1360 such places and to another in 2.
func (r *reading) handOn(drafts []draft) {
	for i := range drafts {
		e := &drafts[i]
		n := len(e.content) - 1
		if n < 1 || e.cue == nil || e.label {
			continue
		}
		first, last := r.TokensIn(e.content[n])
		if first >= last || first == 0 || r.markOf[first] < 0 || r.sentence(first).First != first || r.Tokens[e.cue.head].Sentence >= r.Tokens[first].Sentence-1 ||
			r.ParagraphAt(r.Tokens[first].Start) != r.ParagraphAt(r.Tokens[first-1].Start) {
			continue
		}
		for k := i + 1; k < len(drafts) && k < i+3; k++ {
			d := &drafts[k]
			if d.cue == nil || d.cue.sort != verbCue || d.cue.lex.kind != Speech || r.markOf[d.cue.head] >= 0 || r.Tokens[d.cue.head].Sentence != r.Tokens[first].Sentence-1 || r.wordsInMarks(d.content) == 0 || d.end() > e.content[n].Start {
				continue
			}
			d.content = joined(slices.Clone(d.content), e.content[n])
			e.content = e.content[:n:n]
			d.reasons = append(slices.Clone(d.reasons), "follows in the same paragraph")
			break
		}
	}
}

// goOn lets a content that begins with "that" go on with the clauses that begin so
// behind it: "told the hearing that the radio was faulty, | and that the firm knew".
func (r *reading) goOn(drafts []draft) {
	for i := range drafts {
		d := &drafts[i]
		n := len(d.content) - 1
		if n < 0 || d.cue == nil || d.cue.sort != verbCue || d.content[n].Start < r.Tokens[d.cue.head].Start {
			continue
		}
		first, last := r.TokensIn(d.content[n])
		if first >= last || !r.is(first, "that") || r.tag(first) != "IN" && r.tag(first+1) != "DT" && r.tag(first+1) != "PRP" || r.markOf[last-1] >= 0 && !r.isMark[last-1] {
			continue
		}
		s := r.sentence(d.cue.head)
		for to := r.nextThat(d, last, s.Last); to > last; to = r.nextThat(d, last, s.Last) {
			if near := drafts[max(0, i-4):min(len(drafts), i+5)]; slices.ContainsFunc(near, func(o draft) bool { return r.standsIn(&o, last, to) }) {
				break
			}
			last = to
			d.content = slices.Clone(d.content)
			d.content[n] = r.contentSpan(stretch{first, last})
		}
	}
}

// nextThat gives where the clause ends that begins with "that" behind token k, as one of
// several: ", that the wall leaked", " and that nobody looked". It gives k when none does.
func (r *reading) nextThat(d *draft, k, end int) int {
	i := k
	if r.is(i, ",") {
		i++
	}
	if r.tag(i) == "CC" {
		i++
	}
	if i == k || i >= end || !r.is(i, "that") || r.markOf[i] >= 0 || !r.hasVerb(i+1, end) {
		return k
	}
	if t := r.tag(i + 1); t != "DT" && t != "PRP" && t != "PRP$" && t != "EX" && t != "CD" && t != "JJ" && !isNounTag(t) {
		return k
	}
	to := contentEnd(r, d.cue, i, end, nil)
	for j := i + 1; j < to; j++ {
		if r.is(j, ",") && (r.is(j+1, "that") || r.tag(j+1) == "CC" && r.is(j+2, "that")) && r.markOf[j] < 0 && r.hasVerb(i, j) {
			to = j
			break
		}
	}
	if _, to = r.trimContent(i, to); to <= i+1 {
		return k
	}
	return to
}

// standsIn reports whether the cue or the content of a draft has a token of [first, last).
func (r *reading) standsIn(d *draft, first, last int) bool {
	in := func(a, b int) bool { return a < last && first < b }
	if d.cue != nil && in(d.cue.first, d.cue.last) {
		return true
	}
	return slices.ContainsFunc(d.content, func(s nlp.Span) bool { return in(r.TokensIn(s)) })
}
