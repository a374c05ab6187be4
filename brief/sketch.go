package brief

import (
	"encoding/binary"
	"errors"
	"slices"
)

// Sketch is a sample of the five-word runs of a text, by which a later text is
// known for the same: those whose hash can be divided by four (Broder 1997,
// "On the resemblance and containment of documents", mod sampling). Of 400
// words that is about 100 runs, with a standard error of the share of 0.05.
type Sketch []uint64 // in ascending order

const sampled = 4 // one run in so many

// mostSketched bounds a sketch.
const mostSketched = 5000

// SketchOf makes the sketch of an article.
func SketchOf(b *Briefing) Sketch {
	a := b.Article
	text := a.Text[min(max(a.Body, 0), len(a.Text)):]
	var s Sketch
	for h := range shingles(text[:min(len(text), mostBytes)]) {
		if h%sampled == 0 {
			s = append(s, h)
		}
	}
	slices.Sort(s)
	return s[:min(len(s), mostSketched)]
}

// SameText reports whether two sketches are of the same text, or nearly, by the
// measure of [Compare]. Of too few runs it cannot be told: they are not.
func (s Sketch) SameText(t Sketch) bool {
	const fewest = 8
	small, large := s, t
	if len(small) > len(large) {
		small, large = large, small
	}
	if len(small) < fewest {
		return false
	}
	common := 0
	for _, h := range small {
		if _, found := slices.BinarySearch(large, h); found {
			common++
		}
	}
	return float64(common) >= sameText*float64(len(small))
}

// MarshalBinary is the form in which a sketch is kept.
func (s Sketch) MarshalBinary() ([]byte, error) {
	out := make([]byte, 0, 8*len(s))
	for _, h := range s {
		out = binary.BigEndian.AppendUint64(out, h)
	}
	return out, nil
}

// UnmarshalBinary undoes MarshalBinary.
func (s *Sketch) UnmarshalBinary(data []byte) error {
	if len(data)%8 != 0 {
		return errors.New("not a sketch")
	}
	*s = nil
	for ; len(data) > 0; data = data[8:] {
		*s = append(*s, binary.BigEndian.Uint64(data))
	}
	return nil
}
