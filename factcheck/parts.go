package factcheck

// clauses are the coordinated clauses that c is made of, each with a subject
// and a verb of its own; nil when it is one clause. "The mill was sold and
// moved" is one, "half the town is poor and thousands are idle" two.
func (r *reading) clauses(c candidate) []part {
	if len(c.clauses) > 1 || c.frame {
		return c.clauses
	}
	starts := []int{c.first}
	main := r.predicate(c.first, c.last)
	for i := c.first + 3; i+2 < c.last; i++ {
		t := r.Tokens[i]
		if t.Tag != "CC" || t.Lemma != "and" && t.Lemma != "but" || isMark(r.Tokens[i+1].Text) || r.nested(i, c.first) && (t.Head < 0 || r.Tokens[t.Head].Head != main) || i-starts[len(starts)-1] < 3 {
			continue
		}
		if p := r.secondVerb(i); p > i && p < c.last && r.carries(p) && r.hasClause(starts[len(starts)-1], i) {
			starts = append(starts, i)
		}
	}
	if len(starts) < 2 {
		return nil
	}
	return r.parts(starts, c.last)
}

// secondVerb is the predicate that the conjunction at token i joins to one
// before it, if it has a subject of its own after i; else -1.
func (r *reading) secondVerb(i int) int {
	p := r.Tokens[i].Head
	if p >= 0 && r.Tokens[p].Rel == "nsubj" || p >= 0 && r.Tokens[p].Rel == "nsubj:pass" {
		p = r.Tokens[p].Head // the parse hung the conjunction on the subject
	}
	if p < 0 || r.Tokens[p].Rel != "conj" || r.Tokens[p].Head > i {
		return -1
	}
	if isNominal(r.Tokens[p].Tag) && r.carries(r.Tokens[p].Head) && r.Child(p, "cop") < 0 && p+1 < len(r.Tokens) && r.finite(p+1) {
		// The parse joined the subject to the verb before: "… is poor and thousands are idle".
		for q := p + 1; q < min(p+4, len(r.Tokens)); q++ {
			if r.carries(q) && r.Tokens[q].Tag != "MD" {
				return q
			}
		}
	}
	if s := r.Child(p, "nsubj", "nsubj:pass", "expl"); s <= i || s > p || isRelative(r.Tokens[s].Tag) {
		return -1
	}
	return p
}
