package training

import (
	"math"
	"slices"
)

// forest is a sum of regression trees, grown by gradient boosting on the
// logistic loss (Friedman 2001) over binned features.
type forest struct {
	bias  float64
	trees [][]split
}

// split is a node: to the left if the feature is at most at. A leaf has
// feature -1.
type split struct {
	feature     int
	at          float64
	left, right int
	value       float64
}

func (f *forest) score(x []float64) float64 {
	z := f.bias
	for _, t := range f.trees {
		n := 0
		for t[n].feature >= 0 {
			if x[t[n].feature] <= t[n].at {
				n = t[n].left
			} else {
				n = t[n].right
			}
		}
		z += t[n].value
	}
	return z
}

const bins = 64

func boost(x [][]float64, y, c []float64, rounds, depth int, rate, lambda float64, minWeight float64) *forest {
	n, d := len(x), len(x[0])
	edges := make([][]float64, d)
	binned := make([][]uint8, d)
	for j := range d {
		v := make([]float64, n)
		for i := range n {
			v[i] = x[i][j]
		}
		s := slices.Clone(v)
		slices.Sort(s)
		var e []float64
		for k := 1; k < bins; k++ {
			q := s[k*(n-1)/bins]
			if len(e) == 0 || q > e[len(e)-1] {
				e = append(e, q)
			}
		}
		edges[j] = e
		binned[j] = make([]uint8, n)
		for i := range n {
			b, _ := slices.BinarySearch(e, v[i])
			binned[j][i] = uint8(b)
		}
	}
	sum, tot := 0.0, 0.0
	for i := range n {
		sum += c[i] * y[i]
		tot += c[i]
	}
	f := &forest{bias: math.Log(sum / (tot - sum))}
	z := make([]float64, n)
	for i := range z {
		z[i] = f.bias
	}
	g, h := make([]float64, n), make([]float64, n)
	for range rounds {
		for i := range n {
			p := 1 / (1 + math.Exp(-z[i]))
			g[i] = c[i] * (y[i] - p)
			h[i] = c[i] * p * (1 - p)
		}
		var tree []split
		var grow func(rows []int, level int) int
		grow = func(rows []int, level int) int {
			G, H := 0.0, 0.0
			for _, i := range rows {
				G += g[i]
				H += h[i]
			}
			at := len(tree)
			tree = append(tree, split{feature: -1, value: rate * G / (H + lambda)})
			if level == depth || H < 2*minWeight {
				return at
			}
			best, bj, bb := 1e-6, -1, 0
			for j := range d {
				if len(edges[j]) == 0 {
					continue
				}
				var hg, hh [bins + 1]float64
				bj_ := binned[j]
				for _, i := range rows {
					hg[bj_[i]] += g[i]
					hh[bj_[i]] += h[i]
				}
				lg, lh := 0.0, 0.0
				for b := range edges[j] {
					lg += hg[b]
					lh += hh[b]
					if lh < minWeight || H-lh < minWeight {
						continue
					}
					gain := lg*lg/(lh+lambda) + (G-lg)*(G-lg)/(H-lh+lambda) - G*G/(H+lambda)
					if gain > best {
						best, bj, bb = gain, j, b
					}
				}
			}
			if bj < 0 {
				return at
			}
			var l, r []int
			for _, i := range rows {
				if int(binned[bj][i]) <= bb {
					l = append(l, i)
				} else {
					r = append(r, i)
				}
			}
			left := grow(l, level+1)
			right := grow(r, level+1)
			tree[at] = split{feature: bj, at: edges[bj][bb], left: left, right: right}
			return at
		}
		all := make([]int, n)
		for i := range all {
			all[i] = i
		}
		grow(all, 0)
		f.trees = append(f.trees, tree)
		for i := range n {
			k := 0
			for tree[k].feature >= 0 {
				if x[i][tree[k].feature] <= tree[k].at {
					k = tree[k].left
				} else {
					k = tree[k].right
				}
			}
			z[i] += tree[k].value
		}
	}
	return f
}
