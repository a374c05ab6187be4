package depparse

import "onrecord/internal/perceptron"

// bucket folds a count or a distance into a few classes.
func bucket(n int32) uint32 {
	switch {
	case n <= 4:
		return uint32(max(n, 0))
	case n <= 6:
		return 5
	case n <= 10:
		return 6
	case n <= 20:
		return 7
	}
	return 8
}

// between describes what stands between two tokens: verbs, commas, quotation
// marks, each none, one or more.
func (p *parser) between(from, to int) uint32 {
	a, b := &p.tokens[from], &p.tokens[to]
	// The counts of a leave a itself out, so b's may count a; that is the same for all uses.
	return uint32(min(b.verbs-a.verbs, 2)) | uint32(min(b.commas-a.commas, 3))<<2 | uint32(min(b.marks-a.marks, 2))<<4
}

func (p *parser) at(i int32) *token {
	if i < 0 {
		return &p.tokens[p.n+1]
	}
	return &p.tokens[i]
}

// stackAt gives the token that lies depth below the top.
func (p *parser) stackAt(depth int) int {
	if i := len(p.stack) - 1 - depth; i >= 0 {
		return int(p.stack[i])
	}
	return p.none()
}

func (p *parser) bufferAt(ahead int) int {
	if i := p.next + ahead; i <= p.n {
		return i
	}
	return p.none()
}

// features fills p.keys with the features by which the next move is chosen.
func (p *parser) features() {
	i0, i1, i2 := p.stackAt(0), p.stackAt(1), p.stackAt(2)
	j0, j1, j2 := p.bufferAt(0), p.bufferAt(1), p.bufferAt(2)
	s0, s1, s2 := &p.tokens[i0], &p.tokens[i1], &p.tokens[i2]
	b0, b1, b2 := &p.tokens[j0], &p.tokens[j1], &p.tokens[j2]
	b3 := &p.tokens[p.bufferAt(3)]
	s0l, s0r, s0r2 := p.at(s0.leftmost), p.at(s0.rightmost), p.at(s0.right2)
	s0l2 := p.at(s0.left2)
	s1l, s1r, s1r2 := p.at(s1.leftmost), p.at(s1.rightmost), p.at(s1.right2)
	b0l, b0l2 := p.at(b0.leftmost), p.at(b0.left2)
	s0rr := p.at(s0r.rightmost)

	d0 := bucket(int32(j0 - i0))
	d1 := uint32(9)
	gap0, gap1 := uint32(64), uint32(64)
	if len(p.stack) > 0 {
		gap0 = p.between(i0, j0)
	}
	if len(p.stack) > 1 {
		d1 = bucket(int32(i0 - i1))
		gap1 = p.between(i1, i0)
	}
	s0v := uint32(min(s0.lefts, 3)) | uint32(min(s0.rights, 4))<<2
	s1v := uint32(min(s1.lefts, 3)) | uint32(min(s1.rights, 4))<<2
	b0v := uint32(min(b0.lefts, 4))
	prev := p.none()
	if i0 > 0 && len(p.stack) > 0 {
		prev = i0 - 1
	}
	before := &p.tokens[prev] // the word before s0 in the text
	after := p.none()
	if len(p.stack) > 0 && i0+1 < p.n {
		after = i0 + 1
	}
	behind := &p.tokens[after] // the word after s0 in the text

	keys := p.keys[:0]
	t := uint32(100)
	add := func(a, b, c, d uint32) {
		keys = append(keys, perceptron.Hash(t, a, b, c, d))
		t++
	}
	// One word.
	add(s0.form.Lower, s0.tag, 0, 0)
	add(s0.form.Lower, 0, 0, 0)
	add(s0.tag, s0.form.Fine, 0, 0)
	add(s1.form.Lower, s1.tag, 0, 0)
	add(s1.tag, s1.form.Fine, 0, 0)
	add(b0.form.Lower, b0.tag, 0, 0)
	add(b0.form.Lower, 0, 0, 0)
	add(b0.tag, b0.form.Fine, 0, 0)
	add(b1.form.Lower, b1.tag, 0, 0)
	add(b1.tag, b1.form.Fine, 0, 0)
	add(b2.tag, b2.form.Lower, 0, 0)
	add(s2.tag, s2.form.Fine, 0, 0)
	// Two words.
	add(s0.form.Lower, b0.form.Lower, 0, 0)
	add(s0.form.Lower, s0.tag, b0.tag, 0)
	add(s0.tag, b0.form.Lower, b0.tag, 0)
	add(s0.tag, b0.tag, 0, 0)
	add(s0.form.Fine, b0.form.Fine, 0, 0)
	add(s0.form.Fine, b0.tag, s0.tag, 0)
	add(s0.tag, b0.form.Fine, b0.tag, 0)
	add(s1.form.Lower, s0.form.Lower, 0, 0)
	add(s1.form.Lower, s1.tag, s0.tag, 0)
	add(s1.tag, s0.form.Lower, s0.tag, 0)
	add(s1.tag, s0.tag, 0, 0)
	add(s1.form.Fine, s0.form.Fine, 0, 0)
	add(s1.form.Fine, s0.tag, s1.tag, 0)
	add(s1.tag, s0.form.Fine, s0.tag, 0)
	add(s1.tag, b0.tag, 0, 0)
	add(s1.form.Lower, b0.form.Lower, 0, 0)
	add(s1.form.Fine, b0.form.Fine, 0, 0)
	add(b0.tag, b1.tag, s0.tag, 0)
	add(b0.form.Lower, b1.form.Lower, 0, 0)
	add(b0.form.Lower, b1.tag, 0, 0)
	add(b0.tag, b1.form.Lower, s0.tag, 0)
	// Three and four words.
	add(s1.tag, s0.tag, b0.tag, 0)
	add(s2.tag, s1.tag, s0.tag, 0)
	add(s2.tag, s1.tag, s0.tag, b0.tag)
	add(s0.tag, b0.tag, b1.tag, b2.tag)
	add(b0.tag, b1.tag, b2.tag, b3.tag)
	add(s1.tag, s0.tag, b0.tag, b1.tag)
	add(s1.form.Lower, s0.tag, b0.tag, 0)
	add(s1.tag, s0.form.Lower, b0.tag, 0)
	add(s1.tag, s0.tag, b0.form.Lower, 0)
	add(s1.form.Coarse, s0.form.Coarse, b0.form.Coarse, b1.form.Coarse)
	add(s1.form.Fine, s0.tag, b0.form.Fine, 0)
	// Children.
	add(s0.tag, s0l.tag, b0.tag, uint32(s0l.rel))
	add(s0.tag, s0r.tag, b0.tag, uint32(s0r.rel))
	add(s0.tag, s0l.tag, s0l2.tag, b0.tag)
	add(s0.tag, s0r.tag, s0r2.tag, b0.tag)
	add(s1.tag, s0.tag, s0l.tag, uint32(s0l.rel))
	add(s1.tag, s0.tag, s0r.tag, uint32(s0r.rel))
	add(s1.tag, s0.tag, s1r.tag, uint32(s1r.rel))
	add(s1.tag, s0.tag, s1l.tag, uint32(s1l.rel))
	add(s1.tag, s1r.tag, s1r2.tag, s0.tag)
	add(s0.tag, b0.tag, b0l.tag, uint32(b0l.rel))
	add(s0.tag, b0.tag, b0l.tag, b0l2.tag)
	add(s0.tag, b0.tag, b0l.form.Lower, 0)
	add(s1.tag, s0.tag, s1r.form.Lower, 1)
	add(s0.tag, b0.tag, s0r.form.Lower, 2)
	add(s0.tag, b0.tag, s0l.form.Lower, 3)
	add(s1.tag, s0.tag, s0l.form.Lower, 4)
	add(s0.tag, s0r.tag, s0rr.tag, b0.tag)
	// Relations of children, as sets.
	add(s0.tag, uint32(s0.leftRels), uint32(s0.leftRels>>32), 0)
	add(s0.tag, uint32(s0.rightRels), uint32(s0.rightRels>>32), 0)
	add(s0.form.Lower, uint32(s0.leftRels), uint32(s0.leftRels>>32), b0.tag)
	add(s0.form.Lower, uint32(s0.rightRels), uint32(s0.rightRels>>32), b0.tag)
	add(s1.tag, uint32(s1.rightRels), uint32(s1.rightRels>>32), s0.tag)
	add(s1.form.Lower, uint32(s1.rightRels), uint32(s1.rightRels>>32), s0.tag)
	add(s1.tag, uint32(s1.leftRels), uint32(s1.leftRels>>32), s0.tag)
	add(b0.tag, uint32(b0.leftRels), uint32(b0.leftRels>>32), s0.tag)
	add(s1.form.Fine, uint32(s1.leftRels), uint32(s1.leftRels>>32), uint32(s1.rightRels))
	// Valency.
	add(s0.tag, s0v, b0.tag, 0)
	add(s0.form.Lower, s0v, 0, 0)
	add(s1.tag, s1v, s0.tag, 0)
	add(s1.form.Lower, s1v, 0, 0)
	add(b0.tag, b0v, s0.tag, 0)
	add(b0.form.Lower, b0v, 0, 0)
	// Distance, and what stands between.
	add(d0, s0.tag, b0.tag, gap0)
	add(d0, s0.form.Lower, 0, 0)
	add(d0, b0.form.Lower, s0.tag, 0)
	add(d1, s1.tag, s0.tag, gap1)
	add(d1, s1.form.Lower, s0.tag, 0)
	add(d1, s0.form.Lower, s1.tag, 0)
	add(d0, d1, s0.tag, s1.tag)
	add(gap0, gap1, s0.tag, b0.tag)
	add(gap0, s0.form.Fine, b0.form.Fine, 0)
	add(gap1, s1.form.Fine, s0.form.Fine, 0)
	// Neighbours in the text, which the stack may have lost sight of.
	add(before.tag, s0.tag, b0.tag, s1.tag)
	add(behind.tag, s0.tag, b0.tag, 0)
	add(before.form.Lower, s0.tag, b0.tag, 0)
	add(uint32(s0.form.Bits), s0.tag, uint32(b0.form.Bits), b0.tag)
	add(s0.form.Suffix[2], b0.form.Suffix[2], s1.tag, 0)
	p.keys = keys
}

// labelFeatures fills p.keys with the features by which the relation of a new
// arc is named.
func (p *parser) labelFeatures(child, head int) {
	c, h := &p.tokens[child], &p.tokens[head]
	dir := uint32(0)
	from, to := child, head
	if head < child {
		dir, from, to = 1, head, child
	}
	dist := bucket(int32(to-from))<<1 | dir
	gap := p.between(from, to)
	cl, cr := p.at(c.leftmost), p.at(c.rightmost)
	none := &p.tokens[p.none()]
	c0, c1, h0, h1 := none, none, none, none
	if child > 0 {
		c0 = &p.tokens[child-1]
	}
	if child+1 < p.n {
		c1 = &p.tokens[child+1]
	}
	if head > 0 {
		h0 = &p.tokens[head-1]
	}
	if head+1 < p.n {
		h1 = &p.tokens[head+1]
	}
	keys := p.keys[:0]
	t := uint32(300)
	add := func(a, b, c, d uint32) {
		keys = append(keys, perceptron.Hash(t, a, b, c, d))
		t++
	}
	add(c.tag, h.tag, dist, 0)
	add(c.tag, h.tag, dir, gap)
	add(c.form.Lower, c.tag, dir, 0)
	add(c.form.Lower, h.tag, dir, 0)
	add(h.form.Lower, c.tag, dir, 0)
	add(h.form.Lower, dir, 0, 0)
	add(c.form.Lower, h.form.Lower, dir, 0)
	add(c.form.Fine, h.form.Fine, dir, 0)
	add(c.form.Fine, h.tag, dir, 0)
	add(h.form.Fine, c.tag, dir, 0)
	add(c.form.Suffix[2], h.tag, dir, 0)
	add(c.tag, h.form.Suffix[2], dir, 0)
	add(c.tag, cl.tag, h.tag, uint32(cl.rel))
	add(c.tag, cr.tag, h.tag, uint32(cr.rel))
	add(c.tag, cl.form.Lower, dir, h.tag)
	add(cl.form.Lower, h.form.Lower, dir, 0)
	add(c.form.Fine, cl.form.Lower, h.form.Fine, dir)
	add(c.tag, uint32(c.leftRels), uint32(c.leftRels>>32), dir)
	add(c.tag, uint32(c.rightRels), uint32(c.rightRels>>32), dir)
	add(c.tag, h.tag, uint32(c.leftRels), uint32(c.leftRels>>32))
	add(h.tag, uint32(h.leftRels), uint32(h.leftRels>>32), c.tag+dir)
	add(h.tag, uint32(h.rightRels), uint32(h.rightRels>>32), c.tag+dir)
	add(h.form.Lower, uint32(h.leftRels), uint32(h.leftRels>>32), c.tag+dir)
	add(c.tag, uint32(min(c.lefts, 3))<<4|uint32(min(c.rights, 3)), h.tag, dir)
	add(c.tag, uint32(min(h.lefts, 3))<<4|uint32(min(h.rights, 3)), h.tag, dir)
	add(c0.tag, c.tag, c1.tag, dir)
	add(h0.tag, h.tag, h1.tag, dir)
	add(c0.tag, c.tag, h.tag, dir)
	add(c.tag, c1.tag, h.tag, dir)
	add(c0.form.Lower, c.tag, dir, h.tag)
	add(c1.form.Lower, c.tag, dir, h.tag)
	add(h.form.Lower, c.tag, cl.form.Lower, dir)
	add(c.form.Coarse, h.form.Coarse, dist, gap)
	add(uint32(c.form.Bits), uint32(h.form.Bits), c.tag, h.tag+dir)
	p.keys = keys
}
