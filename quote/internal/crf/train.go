package crf

import (
	"math"
	"slices"
)

// Example is a sequence with its features and the labels it should have.
type Example struct {
	Keys   [][]uint32
	Labels []int
}

// Add adds a position with its features, which are copied.
func (e *Example) Add(_ int, keys []uint32) { e.Keys = append(e.Keys, slices.Clone(keys)) }

// Options say how to train.
type Options struct {
	Rounds int     // passes over the examples
	Rate   float64 // AdaGrad's step
	L2     float64 // weight decay per example, relative to the step
	MinUse int     // features seen at fewer positions are left out
	Keep   int     // half way, all but so many features are dropped: those with the largest weights that are also used most stay
	Drop   float64 // share of the features of a position left out at random in each pass
	Seed   uint64
}

// Weights is what training learns.
type Weights struct {
	Grammar
	Index map[uint32]int32 // feature to row
	W     []float32        // rows of Labels weights
	Step  [][]float64
}

// Train learns by AdaGrad (Duchi, Hazan and Singer 2011) on the conditional
// log-likelihood, one example at a time, and averages the weights of the
// rounds of the second half. Examples that break the grammar are left out.
func Train(g Grammar, examples []Example, o Options, shuffle func([]int), progress func(round int, loss float64)) *Weights {
	examples = slices.DeleteFunc(slices.Clone(examples), func(e Example) bool { return !g.Allows(e.Labels) })
	l := g.Labels
	use := map[uint32]int32{}
	for _, e := range examples {
		for _, keys := range e.Keys {
			for _, k := range keys {
				use[k]++
			}
		}
	}
	w := &Weights{Grammar: g, Index: map[uint32]int32{}, Step: grid(l, l)}
	rows := make([][][]int32, len(examples))
	for i, e := range examples {
		rows[i] = make([][]int32, len(e.Keys))
		for p, keys := range e.Keys {
			r := make([]int32, 0, len(keys))
			for _, k := range keys {
				if int(use[k]) < o.MinUse {
					continue
				}
				at, ok := w.Index[k]
				if !ok {
					at = int32(len(w.Index))
					w.Index[k] = at
				}
				r = append(r, at)
			}
			rows[i][p] = r
		}
	}
	n := len(w.Index)
	w.W = make([]float32, n*l)
	sq := make([]float32, n*l)
	sum := make([]float32, n*l)
	stepSq, stepSum := grid(l, l), grid(l, l)
	order := make([]int, len(examples))
	for i := range order {
		order[i] = i
	}
	averaged := 0
	expect := grid(l, l)
	rnd := o.Seed*2 + 1
	var kept [][]int32
	var some []int32
	for round := range o.Rounds {
		shuffle(order)
		loss := 0.0
		for _, i := range order {
			e := &examples[i]
			c := Chain{Grammar: g, Unary: grid(len(e.Keys), l), Step: w.Step}
			kept, some = kept[:0], some[:0]
			for p, r := range rows[i] {
				if o.Drop > 0 {
					first := len(some)
					for _, at := range r {
						rnd ^= rnd << 13
						rnd ^= rnd >> 7
						rnd ^= rnd << 17
						if float64(rnd>>11)/(1<<53) >= o.Drop {
							some = append(some, at)
						}
					}
					r = some[first:] // what is appended later may move some, not this
				}
				kept = append(kept, r)
				u := c.Unary[p]
				for _, at := range r {
					for y, v := range w.W[int(at)*l : int(at)*l+l] {
						u[y] += float64(v)
					}
				}
				if o.Drop > 0 {
					for y := range u {
						u[y] /= 1 - o.Drop
					}
				}
			}
			for _, row := range expect {
				clear(row)
			}
			m := c.Sum(expect)
			loss += m.LogZ - c.Score(e.Labels)
			for p, r := range kept {
				g := m.Label[p]
				g[e.Labels[p]]--
				for _, at := range r {
					base := int(at) * l
					for y, gy := range g {
						if gy > -1e-4 && gy < 1e-4 {
							continue
						}
						k := base + y
						d := float32(gy) + float32(o.L2)*w.W[k]
						sq[k] += d * d
						w.W[k] -= float32(o.Rate) * d / float32(math.Sqrt(float64(sq[k]))+1e-6)
					}
				}
				if p > 0 {
					expect[e.Labels[p-1]][e.Labels[p]]--
				}
			}
			for x := range l {
				for y := range l {
					if d := expect[x][y]; g.After[x][y] && d != 0 {
						stepSq[x][y] += d * d
						w.Step[x][y] -= o.Rate * d / (math.Sqrt(stepSq[x][y]) + 1e-6)
					}
				}
			}
		}
		if progress != nil {
			progress(round, loss/float64(len(examples)))
		}
		if round == o.Rounds/2 && o.Keep > 0 && o.Keep < n {
			w.keep(o.Keep, use, rows)
		}
		if round > o.Rounds/2 {
			averaged++
			for k, v := range w.W {
				sum[k] += v
			}
			for x := range l {
				for y := range l {
					stepSum[x][y] += w.Step[x][y]
				}
			}
		}
	}
	for k := range w.W {
		w.W[k] = sum[k] / float32(averaged)
	}
	for x := range l {
		for y := range l {
			w.Step[x][y] = stepSum[x][y] / float64(averaged)
		}
	}
	return w
}

// keep drops all features but the n that matter most: the measure is the largest
// weight times the root of how often the feature is seen.
func (w *Weights) keep(n int, use map[uint32]int32, rows [][][]int32) {
	l := w.Labels
	worth := make([]float64, len(w.Index))
	for key, at := range w.Index {
		most := 0.0
		for _, v := range w.W[int(at)*l : int(at)*l+l] {
			most = max(most, math.Abs(float64(v)))
		}
		worth[at] = most * math.Sqrt(float64(use[key]))
	}
	ranked := slices.Sorted(slices.Values(worth))
	least := ranked[len(ranked)-n]
	for key, at := range w.Index {
		if worth[at] < least {
			clear(w.W[int(at)*l : int(at)*l+l])
			delete(w.Index, key)
		}
	}
	for _, r := range rows {
		for p := range r {
			r[p] = slices.DeleteFunc(r[p], func(at int32) bool { return worth[at] < least })
		}
	}
}
