package quote

import (
	"math"
	"slices"
	"testing"

	"onrecord/nlp"
)

// Options of a text lie in it, differ from each other and hold words; what is said
// of them are numbers.
func TestOptions(t *testing.T) {
	text := `The council opens the bridge

Mayor Ines Falk said the bridge was "a promise kept," calling the delay a lesson, and thanked the crews. "We waited," she said, "and it was worth it."

The board accused the firm of "plain greed" after a hearing in Skarvik on Monday, according to Bo Lind, its chairman.`
	r := newReading(nlp.Parse(text))
	cues := findCues(r)
	v := newView(r, cues, link(r, cues, nil))
	found := v.readCues(cueField(), cueFavour)
	other := v.otherCues(found)
	seen := 0
	for _, c := range v.withRules(found) {
		_, options, x := v.readSpans(spanField(), c, other, toLearn)
		if len(x) != len(options)*numberFeatures {
			t.Fatalf("%d numbers for %d options", len(x), len(options))
		}
		for _, f := range x {
			if math.IsNaN(float64(f)) || math.IsInf(float64(f), 0) {
				t.Fatalf("an option has the number %v", f)
			}
		}
		for i, o := range options {
			seen++
			for _, s := range o.content {
				if s.empty() || s.first < 0 || s.last > len(r.Tokens) {
					t.Errorf("an option has the tokens %v of %d", s, len(r.Tokens))
				}
			}
			if slices.ContainsFunc(options[:i], func(b option) bool { return slices.Equal(b.content, o.content) }) {
				t.Errorf("the option %v comes twice", o.content)
			}
		}
	}
	if seen < 10 {
		t.Errorf("only %d options", seen)
	}
}

// The models are what their file says, and are written as they were read.
func TestExtentsFile(t *testing.T) {
	m, err := decodeExtents(extentFile)
	if err != nil {
		t.Fatal(err)
	}
	data, err := m.encode()
	if err != nil {
		t.Fatal(err)
	}
	if !slices.Equal(data, extentFile) {
		t.Error("the file is written otherwise than it was read")
	}
	for _, bad := range [][]byte{nil, []byte("x"), extentFile[:len(extentFile)/2]} {
		if _, err := decodeExtents(bad); err == nil {
			t.Errorf("%d bytes were read without an error", len(bad))
		}
	}
}
