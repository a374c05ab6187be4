package crf

// The labels of the BIOES scheme (Ratinov and Roth 2009 call it BILOU): 0 for a
// token outside every span, then for each kind of span four labels.
const (
	begin = iota
	inside
	end
	single
	perKind
)

// BIOES gives the grammar of spans of several kinds that do not overlap.
func BIOES(kinds int) Grammar {
	n := 1 + perKind*kinds
	g := Grammar{Labels: n, First: make([]bool, n), Last: make([]bool, n)}
	goesOn := func(y int) bool { return y > 0 && ((y-1)%perKind == begin || (y-1)%perKind == inside) }
	continues := func(y int) bool { return y > 0 && ((y-1)%perKind == inside || (y-1)%perKind == end) }
	for a := range n {
		g.First[a], g.Last[a] = !continues(a), !goesOn(a)
		row := make([]bool, n)
		for b := range n {
			if goesOn(a) {
				row[b] = continues(b) && (a-1)/perKind == (b-1)/perKind
			} else {
				row[b] = !continues(b)
			}
		}
		g.After = append(g.After, row)
		for b, may := range row {
			if may {
				g.arcs = append(g.arcs, arc{uint8(a), uint8(b)})
			}
		}
	}
	return g
}

// Span is positions [First, Last) of a sequence, of a kind.
type Span struct{ First, Last, Kind int }

// Mark writes a span into labels, over whatever stands there.
func (s Span) Mark(labels []int) {
	base := 1 + perKind*s.Kind
	switch {
	case s.Last <= s.First:
	case s.Last-s.First == 1:
		labels[s.First] = base + single
	default:
		for i := s.First + 1; i < s.Last-1; i++ {
			labels[i] = base + inside
		}
		labels[s.First], labels[s.Last-1] = base+begin, base+end
	}
}

// Spans reads the spans off labels that keep to the grammar, in order.
func Spans(labels []int) []Span {
	var spans []Span
	first := 0
	for i, y := range labels {
		if y == 0 {
			continue
		}
		kind := (y - 1) / perKind
		switch (y - 1) % perKind {
		case begin:
			first = i
		case end:
			spans = append(spans, Span{first, i + 1, kind})
		case single:
			spans = append(spans, Span{i, i + 1, kind})
		}
	}
	return spans
}

// Favour raises the score of every beginning of a span of a kind by so many
// nats: more spans of it are found, fewer of them right.
func (c *Chain) Favour(kind int, by float64) {
	base := 1 + perKind*kind
	for _, u := range c.Unary {
		u[base+begin] += by
		u[base+single] += by
	}
}

// Of gives the probability that position i lies in a span of a kind.
func (m *Margins) Of(i, kind int) float64 {
	base := 1 + perKind*kind
	p := 0.0
	for y := base; y < base+perKind; y++ {
		p += m.Label[i][y]
	}
	return p
}
