package wordform

import (
	"cmp"
	"math"
	"slices"
	"strings"
	"unicode"
)

// LearnClusters sorts the words of texts that occur at least minCount times
// into fine and coarse clusters, such that the cluster of a word foretells
// the cluster of the next as well as possible: the exchange algorithm of
// Martin, Liermann and Ney (1998), which moves one word at a time to the
// cluster where the likelihood of the text is greatest. Each text is a list of
// tokens. The same texts give the same clusters.
func LearnClusters(texts [][]string, minCount, fine, coarse, rounds int) []Entry {
	counts := map[string]int{}
	folded := make([][]string, len(texts))
	for i, text := range texts {
		folded[i] = make([]string, len(text))
		for j, w := range text {
			f := fold(w)
			folded[i][j] = f
			counts[f]++
		}
	}
	var vocabulary []string
	for w, n := range counts {
		if n >= minCount {
			vocabulary = append(vocabulary, w)
		}
	}
	slices.SortFunc(vocabulary, func(a, b string) int {
		return cmp.Or(cmp.Compare(counts[b], counts[a]), cmp.Compare(a, b))
	})
	ids := make(map[string]int32, len(vocabulary))
	for i, w := range vocabulary {
		ids[w] = int32(i)
	}
	x := exchange{words: len(vocabulary) + 2}
	rare, edge := int32(len(vocabulary)), int32(len(vocabulary)+1)
	bigrams := map[[2]int32]int32{}
	for _, text := range folded {
		last := edge
		for _, w := range text {
			id, ok := ids[w]
			if !ok {
				id = rare
			}
			bigrams[[2]int32{last, id}]++
			last = id
		}
		bigrams[[2]int32{last, edge}]++
	}
	x.setBigrams(bigrams)
	a := x.run(fine, rounds)
	b := x.run(coarse, rounds)
	entries := make([]Entry, len(vocabulary))
	for i, w := range vocabulary {
		entries[i] = Entry{w, uint16(a[i] + 1), uint16(b[i] + 1)}
	}
	return entries
}

// fold gives the spelling by which words are counted: the one that Of hashes
// as Lower.
func fold(w string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsDigit(r) {
			return '0'
		}
		if r == '’' || r == '‘' {
			return '\''
		}
		return unicode.ToLower(r)
	}, normal(w))
}

type neighbour struct {
	word  int32
	count int32
}

type exchange struct {
	words       int
	left, right [][]neighbour
	count       []int32
}

func (x *exchange) setBigrams(bigrams map[[2]int32]int32) {
	x.left, x.right = make([][]neighbour, x.words), make([][]neighbour, x.words)
	x.count = make([]int32, x.words)
	for b, n := range bigrams {
		x.right[b[0]] = append(x.right[b[0]], neighbour{b[1], n})
		x.left[b[1]] = append(x.left[b[1]], neighbour{b[0], n})
		x.count[b[1]] += n
	}
	for _, side := range [][][]neighbour{x.left, x.right} {
		for _, ns := range side {
			slices.SortFunc(ns, func(a, b neighbour) int { return cmp.Compare(a.word, b.word) })
		}
	}
}

// run gives each word one of k clusters. The two last words, "rare" and "edge
// of the text", have a cluster each that no other word joins.
func (x *exchange) run(k, rounds int) []int {
	total := k + 2
	class := make([]int, x.words)
	for w := range class {
		class[w] = w % k
	}
	class[x.words-2], class[x.words-1] = k, k+1
	pair := make([]int32, total*total) // class bigrams
	size := make([]int32, total)
	for w, ns := range x.right {
		size[class[w]] += x.count[w]
		for _, n := range ns {
			pair[class[w]*total+class[n.word]] += n.count
		}
	}
	table := make([]float64, 1<<16)
	for i := 1; i < len(table); i++ {
		table[i] = float64(i) * math.Log(float64(i))
	}
	f := func(n int32) float64 {
		if int(n) < len(table) {
			return table[n]
		}
		return float64(n) * math.Log(float64(n))
	}
	succ, pred := make([]int32, total), make([]int32, total)
	var succs, preds []int
	for range rounds {
		moved := 0
		for w := range x.words - 2 {
			succs, preds = succs[:0], preds[:0]
			self := int32(0)
			for _, n := range x.right[w] {
				if int(n.word) == w {
					self = n.count
					continue
				}
				c := class[n.word]
				if succ[c] == 0 {
					succs = append(succs, c)
				}
				succ[c] += n.count
			}
			for _, n := range x.left[w] {
				if int(n.word) == w {
					continue
				}
				c := class[n.word]
				if pred[c] == 0 {
					preds = append(preds, c)
				}
				pred[c] += n.count
			}
			// Take w out of its class.
			old := class[w]
			for _, c := range succs {
				pair[old*total+c] -= succ[c]
			}
			for _, c := range preds {
				pair[c*total+old] -= pred[c]
			}
			pair[old*total+old] -= self
			size[old] -= x.count[w]
			// Where would it do most good?
			best, bestGain := old, math.Inf(-1)
			for g := range k {
				gain := 0.0
				row := pair[g*total : g*total+total]
				for _, c := range succs {
					if c != g {
						gain += f(row[c]+succ[c]) - f(row[c])
					}
				}
				for _, c := range preds {
					if c != g {
						n := pair[c*total+g]
						gain += f(n+pred[c]) - f(n)
					}
				}
				gain += f(row[g]+succ[g]+pred[g]+self) - f(row[g])
				gain -= 2 * (f(size[g]+x.count[w]) - f(size[g]))
				if gain > bestGain {
					best, bestGain = g, gain
				}
			}
			for _, c := range succs {
				pair[best*total+c] += succ[c]
				succ[c] = 0
			}
			for _, c := range preds {
				pair[c*total+best] += pred[c]
				pred[c] = 0
			}
			pair[best*total+best] += self
			size[best] += x.count[w]
			if best != old {
				class[w] = best
				moved++
			}
		}
		if moved*500 < x.words {
			break
		}
	}
	return class[:x.words-2]
}
