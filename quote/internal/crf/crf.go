// Package crf holds linear-chain conditional random fields (Lafferty, McCallum
// and Pereira 2001) over sparse binary features: a label for each position of a
// sequence, the labels read together.
//
// A feature is a hash of what it says (see package perceptron). Weights belong
// to pairs of feature and label; labels that follow each other have weights
// without features, and a [Grammar] says which may.
package crf

import "math"

// Grammar says which label may stand first, last and after which.
type Grammar struct {
	Labels int
	First  []bool
	Last   []bool
	After  [][]bool // After[a][b]: b may follow a
	arcs   []arc    // the pairs that After allows
}

// arc is a label and one that may follow it.
type arc struct{ from, to uint8 }

// Allows reports whether labels keep to the grammar.
func (g *Grammar) Allows(labels []int) bool {
	for i, y := range labels {
		if i == 0 && !g.First[y] || i == len(labels)-1 && !g.Last[y] || i > 0 && !g.After[labels[i-1]][y] {
			return false
		}
	}
	return len(labels) > 0
}

// Chain is a sequence to be labelled: the scores of each label at each
// position, and of each label after each. All in nats.
type Chain struct {
	Grammar
	Unary [][]float64
	Step  [][]float64 // Step[a][b]
	times []float64   // per arc: the exponential of its step, nil as long as nobody asked
}

// maxLabels bounds the labels of a grammar.
const maxLabels = 16

var none = math.Inf(-1)

// Best gives the likeliest labels, by Viterbi's algorithm.
func (c *Chain) Best() []int {
	n, l := len(c.Unary), c.Labels
	if n == 0 {
		return nil
	}
	var score, next [maxLabels]float64
	from := make([]uint8, n*l)
	step := make([]float64, len(c.arcs))
	for k, a := range c.arcs {
		step[k] = c.Step[a.from][a.to]
	}
	for y := range l {
		score[y] = none
		if c.First[y] {
			score[y] = c.Unary[0][y]
		}
	}
	for i := 1; i < n; i++ {
		for y := range l {
			next[y] = none
		}
		at := from[i*l : i*l+l]
		for k, a := range c.arcs {
			if s := score[a.from] + step[k]; s > next[a.to] {
				next[a.to], at[a.to] = s, a.from
			}
		}
		for y, u := range c.Unary[i] {
			score[y] = next[y] + u
		}
	}
	best, at := none, 0
	for y := range l {
		if c.Last[y] && score[y] > best {
			best, at = score[y], y
		}
	}
	labels := make([]int, n)
	for i := n - 1; i >= 0; i-- {
		labels[i] = at
		at = int(from[i*l+at])
	}
	return labels
}

// Margins holds what the sum over all labellings tells.
type Margins struct {
	LogZ  float64
	Label [][]float64 // probability of each label at each position
}

// The sums run over numbers and not over their logarithms: what each position
// adds is divided by its largest, and the sums of a position by their own sum,
// whose logarithms make up the whole (Rabiner 1989). A label that is less likely
// than leastFactor against the best of its position is taken for that likely, so
// that no sum of a position is ever 0: every label may be followed by another and
// comes after another.
const leastFactor = 1e-100

// factors writes the exponentials of scores over the largest of them into u, and
// gives that one.
func factors(scores []float64, u *[maxLabels]float64) (most float64) {
	most = none
	for _, s := range scores {
		most = max(most, s)
	}
	for y, s := range scores {
		u[y] = max(math.Exp(s-most), leastFactor)
	}
	return most
}

// stepFactors gives the exponentials of the steps, by arc.
func (c *Chain) stepFactors() []float64 {
	if c.times == nil {
		c.times = c.factorsOf(c.Step)
	}
	return c.times
}

func (g *Grammar) factorsOf(step [][]float64) []float64 {
	times := make([]float64, len(g.arcs))
	for k, a := range g.arcs {
		times[k] = math.Exp(step[a.from][a.to])
	}
	return times
}

// forward is one position of the sum from the left: alpha has the shares of the
// labels at the position before and gets those at this one; it gives the sum by
// which they were divided.
func (c *Chain) forward(i int, times []float64, u, alpha *[maxLabels]float64) (sum float64) {
	var next [maxLabels]float64
	if i == 0 {
		for y := range c.Labels {
			if c.First[y] {
				next[y] = 1
			}
		}
	} else {
		for k, a := range c.arcs {
			next[a.to&(maxLabels-1)] += alpha[a.from&(maxLabels-1)] * times[k]
		}
	}
	for y := range c.Labels {
		next[y] *= u[y]
		if i == len(c.Unary)-1 && !c.Last[y] {
			next[y] = 0
		}
		sum += next[y]
	}
	for y := range c.Labels {
		alpha[y] = next[y] / sum
	}
	return sum
}

// Sum computes the margins, by the forward-backward algorithm. In step, unless
// it is nil, it adds up the expected number of times each label follows each.
func (c *Chain) Sum(step [][]float64) Margins {
	n, l := len(c.Unary), c.Labels
	m := Margins{Label: grid(n, l)}
	times := c.stepFactors()
	u := make([][maxLabels]float64, n)
	sums := make([]float64, n)
	var alpha, beta, next [maxLabels]float64
	for i := range n {
		m.LogZ += factors(c.Unary[i], &u[i])
		sums[i] = c.forward(i, times, &u[i], &alpha)
		m.LogZ += math.Log(sums[i])
		copy(m.Label[i], alpha[:])
	}
	for y := range l {
		beta[y] = 1
	}
	for i := n - 1; i > 0; i-- {
		for y := range l {
			beta[y] *= u[i][y] / sums[i]
			next[y] = 0
		}
		if i == n-1 {
			for y := range l {
				if !c.Last[y] {
					beta[y] = 0
				}
			}
		}
		before := m.Label[i-1]
		for k, a := range c.arcs {
			b := times[k] * beta[a.to&(maxLabels-1)]
			next[a.from&(maxLabels-1)] += b
			if step != nil {
				step[a.from][a.to] += before[a.from] * b
			}
		}
		for y := range l {
			before[y] *= next[y]
		}
		beta = next
	}
	return m
}

// Score gives the score of a labelling, without the sum over all.
func (c *Chain) Score(labels []int) float64 {
	s := 0.0
	for i, y := range labels {
		s += c.Unary[i][y]
		if i > 0 {
			s += c.Step[labels[i-1]][y]
		}
	}
	return s
}

func grid(n, l int) [][]float64 {
	all := make([]float64, n*l)
	rows := make([][]float64, n)
	for i := range rows {
		rows[i] = all[i*l : (i+1)*l : (i+1)*l]
	}
	return rows
}

// Nothing is the probability that every position has label 0.
func (c *Chain) Nothing() float64 {
	times := c.stepFactors()
	var u, alpha [maxLabels]float64
	share := 1.0
	for i, scores := range c.Unary {
		factors(scores, &u)
		sum := c.forward(i, times, &u, &alpha)
		share *= u[0] / sum
		if i > 0 {
			share *= times[0]
		}
	}
	return share
}
