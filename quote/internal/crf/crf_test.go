package crf

import (
	"math"
	"slices"
	"testing"

	"onrecord/internal/perceptron"
)

// every lists all labellings of n positions that the grammar allows.
func every(g Grammar, n int) [][]int {
	out := [][]int{{}}
	for range n {
		var longer [][]int
		for _, l := range out {
			for y := range g.Labels {
				longer = append(longer, append(slices.Clone(l), y))
			}
		}
		out = longer
	}
	return slices.DeleteFunc(out, func(l []int) bool { return !g.Allows(l) })
}

func randomChain(random *perceptron.Random, g Grammar, n int) *Chain {
	c := &Chain{Grammar: g, Unary: grid(n, g.Labels), Step: grid(g.Labels, g.Labels)}
	for _, rows := range [][][]float64{c.Unary, c.Step} {
		for _, row := range rows {
			for y := range row {
				row[y] = 4*random.Float() - 2
			}
		}
	}
	return c
}

// Best, Sum and Nothing agree with counting every labelling.
func TestAgainstEveryLabelling(t *testing.T) {
	random := perceptron.NewRandom(1)
	for range 20 {
		c := randomChain(random, BIOES(1), 4)
		all := every(c.Grammar, 4)
		z, best := 0.0, all[0]
		inSpan := 0.0
		for _, l := range all {
			w := math.Exp(c.Score(l))
			z += w
			if l[2] > 0 {
				inSpan += w
			}
			if c.Score(l) > c.Score(best) {
				best = l
			}
		}
		if got := c.Best(); !slices.Equal(got, best) {
			t.Errorf("best is %v, want %v", got, best)
		}
		m := c.Sum(nil)
		if math.Abs(m.LogZ-math.Log(z)) > 1e-9 {
			t.Errorf("log sum is %v, want %v", m.LogZ, math.Log(z))
		}
		if got := m.Of(2, 0); math.Abs(got-inSpan/z) > 1e-9 {
			t.Errorf("position 2 is in a span with %v, want %v", got, inSpan/z)
		}
		if got, want := c.Nothing(), math.Exp(c.Score(make([]int, 4)))/z; math.Abs(got-want) > 1e-9 {
			t.Errorf("nothing with %v, want %v", got, want)
		}
	}
}

// Spans that are marked are read back.
func TestSpans(t *testing.T) {
	labels := make([]int, 9)
	want := []Span{{0, 1, 1}, {1, 4, 0}, {5, 7, 1}}
	for _, s := range want {
		s.Mark(labels)
	}
	g := BIOES(2)
	if !g.Allows(labels) {
		t.Errorf("%v breaks the grammar", labels)
	}
	if got := Spans(labels); !slices.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
}

// A field learns that a span begins at feature 1 and ends at feature 2, the same
// to the bit each time, and reads the same from its file.
func TestLearnsAndKeeps(t *testing.T) {
	var examples []Example
	random := perceptron.NewRandom(7)
	for range 200 {
		e := Example{Labels: make([]int, 8)}
		first := int(random.Uint64() % 5)
		last := first + 2 + int(random.Uint64()%2)
		Span{first, last, 0}.Mark(e.Labels)
		for i := range 8 {
			keys := []uint32{10 + uint32(random.Uint64()%5)}
			if i == first {
				keys = append(keys, 1)
			}
			if i == last-1 {
				keys = append(keys, 2)
			}
			e.Keys = append(e.Keys, keys)
		}
		examples = append(examples, e)
	}
	train := func() []byte {
		w := Train(BIOES(1), examples, Options{Rounds: 6, Rate: 0.2, Drop: 0.1, MinUse: 2, Keep: 6, Seed: 3}, perceptron.NewRandom(3).Shuffle, nil)
		m, err := w.Pack(0.06)
		if err != nil {
			t.Fatal(err)
		}
		data, err := m.AppendBinary(nil)
		if err != nil {
			t.Fatal(err)
		}
		return data
	}
	data := train()
	if !slices.Equal(data, train()) {
		t.Error("two trainings differ")
	}
	m, err := Decode(data)
	if err != nil {
		t.Fatal(err)
	}
	if m.Features() == 0 || m.Features() > 7 {
		t.Errorf("%d features kept", m.Features())
	}
	for _, e := range examples[:50] {
		if got := read(m, e.Keys).Best(); !slices.Equal(got, e.Labels) {
			t.Errorf("got %v, want %v", got, e.Labels)
		}
	}
}

func read(m *Model, keys [][]uint32) *Chain {
	c := m.Chain(len(keys))
	for i, k := range keys {
		m.Read(c, i, k)
	}
	return c
}

// Decode takes anything and never panics.
func FuzzDecode(f *testing.F) {
	f.Add([]byte(magic))
	f.Fuzz(func(_ *testing.T, data []byte) {
		if m, err := Decode(data); err == nil {
			read(m, [][]uint32{{1, 2}}).Best()
		}
	})
}
