package training

import (
	"cmp"
	"math"
	"slices"

	"onrecord/internal/perceptron"
)

// Vectors are words as points, near each other when they stand in the same
// company.
type Vectors struct {
	Index map[string]int
	Words []string // most frequent first
	Dims  int
	Rows  [][]float64
}

// LearnVectors counts which words stand within window words of each other in
// texts, turns the counts into positive pointwise mutual information with
// smoothed contexts, and keeps the dims strongest directions of that matrix
// (Levy, Goldberg and Dagan 2015: PPMI-SVD, context exponent 0.75, singular
// values to the power 1/2). Words seen less than least times are left out.
func LearnVectors(texts [][]string, least, window, dims int, seed uint64) *Vectors {
	counts := map[string]int{}
	for _, t := range texts {
		for _, w := range t {
			counts[w]++
		}
	}
	v := &Vectors{Index: map[string]int{}, Dims: dims}
	for w, n := range counts {
		if n >= least {
			v.Words = append(v.Words, w)
		}
	}
	slices.SortFunc(v.Words, func(a, b string) int {
		return cmp.Or(cmp.Compare(counts[b], counts[a]), cmp.Compare(a, b))
	})
	for i, w := range v.Words {
		v.Index[w] = i
	}
	n := len(v.Words)
	pairs := map[uint64]float32{}
	var ids []int
	for _, t := range texts {
		ids = ids[:0]
		for _, w := range t {
			id, ok := v.Index[w]
			if !ok {
				id = -1
			}
			ids = append(ids, id)
		}
		for i, a := range ids {
			if a < 0 {
				continue
			}
			for d := 1; d <= window && i+d < len(ids); d++ {
				if b := ids[i+d]; b >= 0 {
					x := float32(1) / float32(d)
					pairs[uint64(a)<<32|uint64(b)] += x
					pairs[uint64(b)<<32|uint64(a)] += x
				}
			}
		}
	}
	keys := make([]uint64, 0, len(pairs))
	for k := range pairs {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	rowSum, colSum, total := make([]float64, n), make([]float64, n), 0.0
	for _, k := range keys {
		rowSum[k>>32] += float64(pairs[k])
	}
	for i := range n {
		colSum[i] = math.Pow(rowSum[i], .75)
		total += colSum[i]
	}
	type cell struct {
		col int32
		x   float32
	}
	m := make([][]cell, n)
	for _, k := range keys {
		a, b := int(k>>32), int(k&0xffffffff)
		if x := math.Log(float64(pairs[k]) * total / (rowSum[a] * colSum[b])); x > 0 {
			m[a] = append(m[a], cell{int32(b), float32(x)})
		}
	}
	// Subspace iteration on M Mᵀ.
	random := perceptron.NewRandom(seed)
	q := make([][]float64, n)
	for i := range q {
		q[i] = make([]float64, dims)
		for j := range q[i] {
			q[i][j] = random.Float() - .5
		}
	}
	orthonormal(q)
	var norms []float64
	for range 6 {
		t := make([][]float64, n) // Mᵀ q
		for i := range t {
			t[i] = make([]float64, dims)
		}
		for a, row := range m {
			for _, c := range row {
				axpy(float64(c.x), q[a], t[c.col])
			}
		}
		next := make([][]float64, n)
		for a, row := range m {
			next[a] = make([]float64, dims)
			for _, c := range row {
				axpy(float64(c.x), t[c.col], next[a])
			}
		}
		q = next
		norms = orthonormal(q)
	}
	for i := range q {
		for j := range q[i] {
			q[i][j] *= math.Pow(norms[j], .25) // norms are squares of singular values
		}
	}
	v.Rows = q
	return v
}

// orthonormal makes the columns of q orthonormal in place (Gram and Schmidt)
// and gives the lengths they had.
func orthonormal(q [][]float64) []float64 {
	d := len(q[0])
	norms := make([]float64, d)
	for j := range d {
		for range 2 { // once more, for what rounding leaves
			for k := range j {
				dot := 0.0
				for i := range q {
					dot += q[i][j] * q[i][k]
				}
				for i := range q {
					q[i][j] -= dot * q[i][k]
				}
			}
		}
		s := 0.0
		for i := range q {
			s += q[i][j] * q[i][j]
		}
		norms[j] = math.Sqrt(s)
		for i := range q {
			q[i][j] /= norms[j] + 1e-12
		}
	}
	return norms
}
