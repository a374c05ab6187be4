package summaries

import (
	"slices"
	"strings"

	"onrecord/score"
)

// prf is precision, recall and F1.
type prf struct{ p, r, f float64 }

func rates(hit, reference, out int) prf {
	p, r := score.Ratio(float64(hit), float64(out)), score.Ratio(float64(hit), float64(reference))
	return prf{p, r, score.F1(p, r)}
}

// rouge is the four measures of one summary against one reference.
type rouge struct{ r1, r2, l, lsum prf }

// keepBetter takes each measure of other that has the higher F1.
func (r *rouge) keepBetter(other rouge, first bool) {
	for _, x := range []struct{ mine, other *prf }{{&r.r1, &other.r1}, {&r.r2, &other.r2}, {&r.l, &other.l}, {&r.lsum, &other.lsum}} {
		if first || x.other.f > x.mine.f {
			*x.mine = *x.other
		}
	}
}

// words cuts text into the words that ROUGE compares.
type words struct{ stem bool }

func (w words) of(s string) []string {
	list := strings.FieldsFunc(score.Lower(s), func(r rune) bool { return (r < 'a' || r > 'z') && (r < '0' || r > '9') })
	if w.stem {
		for i, word := range list {
			if len(word) > 3 {
				list[i] = stem(word)
			}
		}
	}
	return list
}

// rouge compares a summary, sentence by sentence, with a reference whose
// sentences are parted by newlines.
func (w words) rouge(reference string, out []string) rouge {
	var ref, got [][]string
	for s := range strings.SplitSeq(reference, "\n") {
		if strings.TrimFunc(s, score.IsSpace) != "" {
			ref = append(ref, w.of(s))
		}
	}
	for _, s := range out {
		got = append(got, w.of(s))
	}
	r, o := slices.Concat(ref...), slices.Concat(got...)
	return rouge{
		r1:   overlap(grams(r, 1), grams(o, 1)),
		r2:   overlap(grams(r, 2), grams(o, 2)),
		l:    subsequenceRates(r, o),
		lsum: unionRates(ref, got),
	}
}

// grams counts every n words in a row, n being 1 or 2.
func grams(words []string, n int) score.Bag[[2]string] {
	bag := make(score.Bag[[2]string], len(words))
	for i := n; i <= len(words); i++ {
		var g [2]string
		copy(g[:], words[i-n:i])
		bag[g]++
	}
	return bag
}

func overlap(ref, out score.Bag[[2]string]) prf {
	return rates(ref.Common(out), ref.Size(), out.Size())
}

func subsequenceRates(ref, out []string) prf {
	row := make([]int, len(out)+1)
	for _, x := range ref {
		diagonal := 0
		for j, y := range out {
			above := row[j+1]
			if x == y {
				row[j+1] = diagonal + 1
			} else {
				row[j+1] = max(above, row[j])
			}
			diagonal = above
		}
	}
	return rates(row[len(out)], len(ref), len(out))
}

// unionRates is ROUGE-Lsum: for each sentence of the reference, the union of
// its longest common subsequences with the sentences of the summary, no word
// counted more often than it stands on either side.
func unionRates(ref, out [][]string) prf {
	leftRef, leftOut := score.BagOf(slices.Concat(ref...)), score.BagOf(slices.Concat(out...))
	nRef, nOut := leftRef.Size(), leftOut.Size()
	hit := 0
	for _, r := range ref {
		common := make([]bool, len(r))
		for _, o := range out {
			markCommon(common, r, o)
		}
		for k, w := range r {
			if common[k] && leftRef[w] > 0 && leftOut[w] > 0 {
				hit++
				leftRef[w]--
				leftOut[w]--
			}
		}
	}
	return rates(hit, nRef, nOut)
}

// markCommon marks the places in a of one longest common subsequence with b.
func markCommon(common []bool, a, b []string) {
	width := len(b) + 1
	table := make([]int, (len(a)+1)*width)
	for i, x := range a {
		for j, y := range b {
			if x == y {
				table[(i+1)*width+j+1] = table[i*width+j] + 1
			} else {
				table[(i+1)*width+j+1] = max(table[i*width+j+1], table[(i+1)*width+j])
			}
		}
	}
	for i, j := len(a), len(b); i > 0 && j > 0; {
		switch {
		case a[i-1] == b[j-1]:
			common[i-1] = true
			i--
			j--
		case table[i*width+j-1] > table[(i-1)*width+j]:
			j--
		default:
			i--
		}
	}
}
