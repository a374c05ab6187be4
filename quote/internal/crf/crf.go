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
}

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
}

var none = math.Inf(-1)

// Best gives the likeliest labels, by Viterbi's algorithm.
func (c *Chain) Best() []int {
	n, l := len(c.Unary), c.Labels
	if n == 0 {
		return nil
	}
	score := make([]float64, l)
	next := make([]float64, l)
	from := make([]uint8, n*l)
	for y := range l {
		score[y] = none
		if c.First[y] {
			score[y] = c.Unary[0][y]
		}
	}
	for i := 1; i < n; i++ {
		for y := range l {
			best, at := none, 0
			for x := range l {
				if c.After[x][y] && score[x]+c.Step[x][y] > best {
					best, at = score[x]+c.Step[x][y], x
				}
			}
			next[y] = best + c.Unary[i][y]
			from[i*l+y] = uint8(at)
		}
		score, next = next, score
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
	alpha [][]float64
	beta  [][]float64
}

// Sum computes the margins, by the forward-backward algorithm. In step, unless
// it is nil, it adds up the expected number of times each label follows each.
func (c *Chain) Sum(step [][]float64) Margins {
	n, l := len(c.Unary), c.Labels
	m := Margins{Label: grid(n, l), alpha: grid(n, l), beta: grid(n, l)}
	var tmp [64]float64
	for y := range l {
		m.alpha[0][y] = none
		if c.First[y] {
			m.alpha[0][y] = c.Unary[0][y]
		}
		m.beta[n-1][y] = none
		if c.Last[y] {
			m.beta[n-1][y] = 0
		}
	}
	for i := 1; i < n; i++ {
		for y := range l {
			k := 0
			for x := range l {
				if c.After[x][y] && m.alpha[i-1][x] > none {
					tmp[k] = m.alpha[i-1][x] + c.Step[x][y]
					k++
				}
			}
			m.alpha[i][y] = logSum(tmp[:k]) + c.Unary[i][y]
		}
	}
	for i := n - 2; i >= 0; i-- {
		for x := range l {
			k := 0
			for y := range l {
				if c.After[x][y] && m.beta[i+1][y] > none {
					tmp[k] = c.Step[x][y] + c.Unary[i+1][y] + m.beta[i+1][y]
					k++
				}
			}
			m.beta[i][x] = logSum(tmp[:k])
		}
	}
	k := 0
	for y := range l {
		if c.Last[y] {
			tmp[k] = m.alpha[n-1][y]
			k++
		}
	}
	m.LogZ = logSum(tmp[:k])
	for i := range n {
		for y := range l {
			m.Label[i][y] = math.Exp(m.alpha[i][y] + m.beta[i][y] - m.LogZ)
		}
	}
	if step != nil {
		for i := 1; i < n; i++ {
			for x := range l {
				if m.alpha[i-1][x] == none {
					continue
				}
				for y := range l {
					if c.After[x][y] {
						step[x][y] += math.Exp(m.alpha[i-1][x] + c.Step[x][y] + c.Unary[i][y] + m.beta[i][y] - m.LogZ)
					}
				}
			}
		}
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

func logSum(v []float64) float64 {
	best := none
	for _, x := range v {
		best = max(best, x)
	}
	if best == none {
		return none
	}
	s := 0.0
	for _, x := range v {
		s += math.Exp(x - best)
	}
	return best + math.Log(s)
}

// Nothing is the probability that every position has label 0.
func (c *Chain) Nothing() float64 {
	l := c.Labels
	alpha, next := make([]float64, l), make([]float64, l)
	var terms [64]float64
	zeros := 0.0
	for i, u := range c.Unary {
		zeros += u[0]
		if i > 0 {
			zeros += c.Step[0][0]
		}
		for y := range l {
			k := 0
			if i == 0 {
				if c.First[y] {
					terms[0], k = 0, 1
				}
			} else {
				for x := range l {
					if c.After[x][y] && alpha[x] > none {
						terms[k] = alpha[x] + c.Step[x][y]
						k++
					}
				}
			}
			next[y] = logSum(terms[:k]) + u[y]
		}
		alpha, next = next, alpha
	}
	k := 0
	for y := range l {
		if c.Last[y] {
			terms[k] = alpha[y]
			k++
		}
	}
	return math.Exp(zeros - logSum(terms[:k]))
}
