package claimreview

import (
	"iter"
	"math"
)

// Letter n-grams tell that "immigrant" and "immigration" have much in common
// though their stems differ. They are hashed into a table: two that share a
// place are taken for one.
const (
	gramLength = 4
	gramPlaces = 1 << 16
)

// appendGrams appends the places of the n-grams of a word with its edges.
func appendGrams(to []uint16, word string) []uint16 {
	edged := " " + word + " "
	if len(edged) <= gramLength {
		return append(to, gramPlace(edged))
	}
	for i := 0; i+gramLength <= len(edged); i++ {
		to = append(to, gramPlace(edged[i:i+gramLength]))
	}
	return to
}

func gramPlace(gram string) uint16 {
	sum := uint32(2166136261) // FNV-1a
	for i := range len(gram) {
		sum = (sum ^ uint32(gram[i])) * 16777619
	}
	return uint16(sum ^ sum>>16)
}

// gramTable holds the weight of every place: the idf of its n-grams.
type gramTable []float32

// count adds the n-grams of a text.
func (g *gramTable) count(terms iter.Seq[[]uint16]) {
	if *g == nil {
		*g = make(gramTable, gramPlaces)
	}
	for grams := range terms {
		for _, p := range grams {
			(*g)[p]++
		}
	}
}

// weigh makes counts in n texts weights.
func (g *gramTable) weigh(n float64) {
	if *g == nil {
		*g = make(gramTable, gramPlaces)
	}
	for p, df := range *g {
		(*g)[p] = float32(math.Log(1 + n/(1+float64(df))))
	}
}

// norm is the Euclidean length of a text.
func (g gramTable) norm(terms iter.Seq[[]uint16]) float32 {
	var sum float32
	for grams := range terms {
		for _, p := range grams {
			sum += g[p] * g[p]
		}
	}
	return float32(math.Sqrt(float64(sum)))
}
