package worth

import (
	"math"
	"slices"
	"testing"

	"onrecord/nlp"
)

// tiny is a model that knows the feature and the word "tax", and the word "bridge".
func tiny() *Source {
	s := &Source{Weights: map[uint32]*[Heads]float64{}, Words: map[uint32]*[Heads]float64{}}
	for h := range Heads {
		s.Curves[h] = Curve{Slope: 1}
	}
	s.Bias[Public] = -1
	s.Weights[start('w').text("tax").sum()] = &[Heads]float64{Public: 4, Checked: -2}
	s.Words[Hash("bridge")] = &[Heads]float64{Checkable: 6}
	s.Words[Hash("tax")] = &[Heads]float64{}
	return s
}

func TestModel(t *testing.T) {
	data := tiny().AppendBinary(nil, 8)
	m, err := Decode(data)
	if err != nil {
		t.Fatal(err)
	}
	var r Reader
	r.Use[Words] = true
	for _, c := range []struct {
		text string
		want [Heads]float64
	}{
		{"Tax", [Heads]float64{Public: -1 + 4.0/2, Checked: -2.0 / 2}},                                                    // "tax" is one of four runs with the ends
		{"Bridge", [Heads]float64{Public: -1, Checkable: 6.0 / 2}},                                                        // over one word and one
		{"The bridge tax", [Heads]float64{Public: -1 + 4/math.Sqrt(10), Checkable: 6.0 / 3, Checked: -2 / math.Sqrt(10)}}, // one of ten runs
		{"Nothing known", [Heads]float64{Public: -1}},
	} {
		doc := nlp.Parse(c.text)
		got := m.Sums(&r, doc, 0, len(doc.Tokens))
		for h := range Heads {
			if math.Abs(got[h]-c.want[h]) > .05 {
				t.Errorf("%q, head %d: %.2f, want %.2f", c.text, h, got[h], c.want[h])
			}
		}
	}
	if p := m.Probability(Public, 0); p != .5 {
		t.Errorf("probability of 0 is %v", p)
	}
}

// The same model gives the same file, whatever order its maps have.
func TestModelFileIsStable(t *testing.T) {
	a := tiny().AppendBinary(nil, 8)
	for range 5 {
		if b := tiny().AppendBinary(nil, 8); !slices.Equal(a, b) {
			t.Fatal("two files of one model differ")
		}
	}
}

// When a table is full, the features that matter least are left out.
func TestModelDropsTheSmallest(t *testing.T) {
	s := tiny()
	for i := range 100 {
		s.Weights[uint32(i*2654435761)] = &[Heads]float64{Public: .01}
	}
	data := s.AppendBinary(nil, 4)
	m, err := Decode(data)
	if err != nil {
		t.Fatal(err)
	}
	if m.slot(start('w').text("tax").sum()) < 0 {
		t.Error("the weightiest feature is gone")
	}
}

func TestSqueezeKeepsOrder(t *testing.T) {
	last := math.Inf(-1)
	for x := -1.0; x <= 1; x += .001 {
		y := spread(int8(squeeze(x)))
		if y < last || math.Abs(y-x) > .02 {
			t.Fatalf("%v came back as %v, after %v", x, y, last)
		}
		last = y
	}
}

func FuzzDecode(f *testing.F) {
	data := tiny().AppendBinary(nil, 4)
	f.Add(data)
	f.Add(data[:40])
	f.Add([]byte(magic))
	doc := nlp.Parse("The bridge tax rose by 3 percent.")
	f.Fuzz(func(t *testing.T, data []byte) {
		m, err := Decode(data)
		if err != nil {
			return
		}
		m.Sums(All(), doc, 0, len(doc.Tokens))
	})
}

func TestFeatures(t *testing.T) {
	doc := nlp.Parse("We cut 1,200 jobs. Prices rose. Why?")
	s := doc.Sentences[1]
	read := func(g Group) int {
		var r Reader
		r.Use[g] = true
		return len(r.Features(doc, s.First, s.Last))
	}
	// Three tokens with their ends: runs of one to three words.
	if got := read(Words); got != 3+4+3 {
		t.Errorf("%d runs of words, want 10", got)
	}
	for g := range Groups {
		if read(g) == 0 {
			t.Errorf("family %d is empty", g)
		}
	}
	if got := All().Features(doc, 0, 0); len(got) > 3 {
		t.Errorf("no words have %d features", len(got))
	}
	if a, b := Fold("£1,200"), Fold("£3,450"); a != b {
		t.Errorf("%q and %q differ by more than digits", a, b)
	}
}
