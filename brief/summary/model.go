package summary

import (
	"math"
	"slices"

	"onrecord/internal/trees"
)

// Models is what was learned.
type Models struct {
	Table Table
	Word  *trees.Model // a person's summary has this word
	Pair  *trees.Model // it has these two in a row
	Line  *trees.Model // people pick this sentence
}

// Table knows words: in how many articles a word stood, and in how many of
// their summaries.
type Table map[string]Known

// Known is what the table knows of a word.
type Known struct {
	Rare float32 // log of all articles for each that has it
	Kept float32 // log of how much more often than other words a summary keeps it
}

// Unknown stands for words that are not in the table.
var Unknown = Known{Rare: 7}

// Of gives what is known of a word in small letters.
func (t Table) Of(word string) Known {
	if k, ok := t[word]; ok {
		return k
	}
	return Unknown
}

// WordFeatures are the features of word i with what is known of it.
func (s *Sheet) WordFeatures(to []float32, i int, k Known) []float32 {
	return append(append(to, s.Words[i].Features...), k.Rare, k.Kept)
}

// PairFeatures are the features of pair i with what is known of its words.
func (s *Sheet) PairFeatures(to []float32, i int, a, b Known) []float32 {
	return append(append(to, s.Pairs[i].Features...), a.Rare, b.Rare, a.Kept, b.Kept)
}

// Rate gives what the models say of a sheet.
func (m *Models) Rate(s *Sheet) Rates {
	known := make([]Known, len(s.Words))
	for i := range s.Words {
		known[i] = m.Table.Of(s.Words[i].Text)
	}
	r := m.RateWords(s, known)
	r.Line = m.Line.PredictAll(slices.Concat(s.LineFeatures(r)...), lineWidth)
	return r
}

// RateWords is Rate without the lines, for words of which so much is known.
func (m *Models) RateWords(s *Sheet, known []Known) Rates {
	words := make([]float32, 0, len(s.Words)*wordWidth)
	for i := range s.Words {
		words = s.WordFeatures(words, i, known[i])
	}
	pairs := make([]float32, 0, len(s.Pairs)*pairWidth)
	for i, p := range s.Pairs {
		pairs = s.PairFeatures(pairs, i, known[p.Of[0]], known[p.Of[1]])
	}
	return Rates{Word: m.Word.PredictAll(words, wordWidth), Pair: m.Pair.PredictAll(pairs, pairWidth)}
}

// LineFeatures are the features of each line, with what the models of words
// and pairs say of its words: how many of them a summary would have, in all
// and for each word, and how that compares with the other lines.
func (s *Sheet) LineFeatures(r Rates) [][]float32 {
	n := len(s.Lines)
	out := make([][]float32, n)
	words, pairs, dense := make([]float64, n), make([]float64, n), make([]float64, n)
	size := make([]float64, n)
	for _, c := range s.Candidates {
		if c.Cut {
			continue
		}
		i := c.Line
		for _, w := range c.Words {
			words[i] += r.Word[w]
		}
		for _, p := range c.Pairs {
			pairs[i] += r.Pair[p]
		}
		size[i] = float64(c.Tokens)
		dense[i] = (words[i] + 2*pairs[i]) / (size[i] + 20)
	}
	sorted := slices.Clone(dense)
	slices.Sort(sorted)
	for i := range out {
		at, _ := slices.BinarySearch(sorted, dense[i])
		before, behind := 0.0, 0.0
		if i > 0 {
			before = dense[i-1]
		}
		if i+1 < n {
			behind = dense[i+1]
		}
		out[i] = append(slices.Clone(s.Lines[i].Features),
			float32(words[i]), float32(pairs[i]), float32(words[i]/math.Max(size[i], 1)), float32(pairs[i]/math.Max(size[i], 1)),
			float32(dense[i]), float32(n-1-at), float32(dense[i]/math.Max(sorted[n-1], 1e-9)), float32(before), float32(behind))
	}
	return out
}
