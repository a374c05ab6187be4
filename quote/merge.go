package quote

import (
	"cmp"
	"slices"

	"onrecord/quote/internal/crf"
)

// A merger joins what the rules found and what the fields found. Nothing stands
// in two quotations, and no cue in the content of another.
type merger struct {
	*view
	owner  []int // per token: the draft of merged that has it, plus one
	merged []draft
	rule   []int // per draft of merged: the rules' draft with the same cue, or -1
}

// merge lets the fields have their say about the rules' drafts: extents are
// moved, quotations added. What the rules alone found stays where it is in
// nobody's way.
func merge(r *reading, cues []cue, drafts []draft) []draft {
	v := newView(r, cues, drafts)
	m := &merger{view: v, owner: make([]int, len(r.Tokens))}
	at := make([]int, len(drafts)) // where each of the rules' drafts went
	placed := make([]bool, len(drafts))
	for i := range drafts {
		// Turns of a transcript, what a colon introduces and what is passed on:
		// the fields know less of these.
		if d := &drafts[i]; d.label || d.via.found() || !d.colon.Empty() || v.afterColon(d) {
			placed[i] = m.place(*d, i, v.words(d))
			at[i] = len(m.merged) - 1
		}
	}
	proposals := v.propose(cueField(), spanField())
	slices.SortStableFunc(proposals, func(a, b proposal) int { return cmp.Compare(b.sure, a.sure) })
	for i := range proposals {
		if p := &proposals[i]; p.rule < 0 || !placed[p.rule] {
			m.propose(p)
		}
	}
	followed := make([]bool, len(drafts))
	for i := range drafts {
		if f := drafts[i].follows; f >= 0 {
			followed[f] = true
		}
	}
	for i := range drafts {
		if placed[i] || !followed[i] && !v.certain(&drafts[i]) && (v.doubtful(&drafts[i]) || v.draftHalf[i] >= 0 && v.draftHalf[i] < leastKept) {
			continue
		}
		words := v.words(&drafts[i])
		if m.place(drafts[i], i, words) {
			at[i] = len(m.merged) - 1
			continue
		}
		at[i] = m.inTheWay(words)
		if m.rule[at[i]] == i {
			m.complete(at[i], &drafts[i])
		}
	}
	return inOrder(m.merged, at)
}

// certain reports whether a construction says enough by itself, which the fields
// have rarely seen: "put the toll at 48", "as a memo put it".
func (v *view) certain(d *draft) bool {
	if d.cue == nil || d.cue.lex == nil || d.cue.lex.lemma != "put" || len(d.content) != 1 {
		return false
	}
	return d.cue.lex.particle == "it" || v.putsAt(v.TokensIn(d.content[0]))
}

// doubtful reports whether the first field sees no cue in what the rules take for
// one, and nothing else speaks for it: "the payments add up to the sum that the club
// has to save".
func (v *view) doubtful(d *draft) bool {
	if d.cue == nil {
		return false
	}
	k := v.cueIn(crf.Span{First: d.cue.first, Last: d.cue.last})
	if k < 0 || v.cueSure[k] >= leastLone {
		return false
	}
	for _, s := range d.content {
		first, last := v.TokensIn(s)
		if v.is(first, "that") && v.tag(first) == "IN" || d.cue.lex.lemma == "say" && v.anyVerb(first, last) {
			return false // a clause is reported: "was quoted as saying the dam was old"
		}
		for i := first; i < last; i++ {
			if v.markOf[i] >= 0 {
				return false
			}
		}
	}
	return true
}

// place adds a draft if nobody has any of its words.
func (m *merger) place(d draft, rule int, words []stretch) bool {
	if m.inTheWay(words) >= 0 {
		return false
	}
	m.merged = append(m.merged, d)
	m.rule = append(m.rule, rule)
	m.own(len(m.merged)-1, words)
	return true
}

func (m *merger) own(draft int, words []stretch) {
	for _, s := range words {
		for i := s.first; i < s.last; i++ {
			m.owner[i] = draft + 1
		}
	}
}

// inTheWay gives the draft that has some of the words, or -1.
func (m *merger) inTheWay(words []stretch) int {
	for _, s := range words {
		for i := s.first; i < s.last; i++ {
			if m.owner[i] > 0 {
				return m.owner[i] - 1
			}
		}
	}
	return -1
}

// leastLeft is how many words a content must keep when it runs into another, or when
// others have half of its parts or more: "The talks achieved “too little,” she added",
// when "Roe said" before it has the passage behind. Chosen by folds of polnear.train.
const leastLeft = 3

// propose adds the draft of a proposal, without the parts of its content that
// another draft has.
func (m *merger) propose(p *proposal) {
	cue := stretch{p.cue.First, p.cue.Last}
	if m.inTheWay([]stretch{cue}) >= 0 {
		return
	}
	var content []stretch
	for _, s := range p.content {
		if s = m.untilNextCue(p, s); s.empty() {
			continue
		}
		if m.inTheWay([]stretch{s}) >= 0 {
			if s = m.upToOthers(s); s.first < p.cue.Last || s.last-s.first < leastLeft {
				continue
			}
		}
		content = append(content, s)
	}
	lost := len(p.content) - len(content)
	if len(content) == 0 || lost >= len(content) && m.wordsIn(content) < leastLeft {
		return
	}
	p.content = content
	m.place(m.draft(p), p.rule, append(slices.Clone(content), cue))
}

// upToOthers ends a stretch where the first word stands that another draft has:
// "tweeted that the dam was old and | asked people to leave".
func (m *merger) upToOthers(s stretch) stretch {
	end := s.first
	for end < s.last && m.owner[end] == 0 {
		end++
	}
	if end < s.last {
		o := &m.merged[m.owner[end]-1].source
		if o.found() && o.first > s.first && o.last <= end && end-o.last <= 1 {
			if end = o.first; m.is(end-1, "which") && m.is(end-2, ",") {
				end-- // "her pledge, | which Roe dismissed as “a tale”"
			}
		}
	}
	first, last := m.trimContent(s.first, end)
	return stretch{first, last}
}

// untilNextCue ends a content before a cue of the rules that goes on with the
// same source: "said the board had not looked, and asked for a delay".
func (m *merger) untilNextCue(p *proposal, s stretch) stretch {
	k := m.cueIn(p.cue)
	if k < 0 || !m.cues[k].source.found() {
		return s
	}
	for i := s.first; i < s.last; i++ {
		next := m.ruleCue[i]
		if next <= k || !m.hasDraft(next) || m.markOf[i] >= 0 {
			continue
		}
		if b := m.cues[next].begin(); m.byAnother(&m.cues[next], b) && b > s.first {
			first, last := m.trimContent(s.first, b-1)
			return stretch{first, last}
		}
		if src := m.cues[next].source; src.shared && src.first == m.cues[k].source.first {
			first, last := m.trimContent(s.first, m.cues[next].first)
			return stretch{first, last}
		}
	}
	return s
}

// complete adds to a draft the passages in marks that the rules' draft with the
// same cue has and nobody else: the second half of "...," she said. "...".
func (m *merger) complete(to int, d *draft) {
	for _, s := range d.content {
		first, last := m.TokensIn(s)
		words := []stretch{{first, last}}
		if m.inTheWay(words) >= 0 || !m.allInMarks(first, last) {
			continue
		}
		m.own(to, words)
		m.merged[to].content = joined(m.merged[to].content, s)
	}
}

func (m *merger) allInMarks(first, last int) bool {
	for i := first; i < last; i++ {
		if m.markOf[i] < 0 {
			return false
		}
	}
	return true
}

// afterColon reports whether a colon introduces the content of a draft, or the
// part of it that follows: "laid out the plan on Sunday: First the men will go".
// Passages in quotation marks are left to the fields.
func (v *view) afterColon(d *draft) bool {
	first, last := v.TokensIn(d.content[0])
	for i := max(first-1, 0); i < last-1; i++ {
		if v.is(i, ":") && v.markOf[i] < 0 && v.markOf[i+1] < 0 {
			return true
		}
	}
	return false
}

// words gives the tokens of a draft's content and cue.
func (v *view) words(d *draft) []stretch {
	words := v.contentOf(d)
	if d.cue != nil {
		words = append(words, stretch{d.cue.first, d.cue.last})
	}
	return words
}

// inOrder sorts drafts by where they begin. A draft that follows another says
// so by its index among the rules' drafts; at tells where that one went.
func inOrder(drafts []draft, at []int) []draft {
	order := make([]int, len(drafts))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(drafts[a].start(), drafts[b].start()) })
	place := make([]int, len(drafts))
	sorted := make([]draft, len(drafts))
	for to, from := range order {
		place[from], sorted[to] = to, drafts[from]
	}
	for i := range sorted {
		if f := sorted[i].follows; f >= 0 {
			sorted[i].follows = place[at[f]]
		}
	}
	return sorted
}
