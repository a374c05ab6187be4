// Package training learns weights by which package claimreview could rank and
// decide, and measures them by folds: no figure comes from a query that the
// weights were made from. What ships are equal weights, which nothing was
// learned for; this package says what they cost.
package training

import (
	"math"
	"math/rand/v2"
	"slices"

	"onrecord/factcheck/claimreview"
)

// Query is a query of a gold file with what it should find.
type Query struct {
	ID       string
	Corpus   string
	Query    claimreview.Query
	Relevant []string // ids of reviews
}

// folds is in how many parts the gold is cut.
const folds = 5

// fold says which part a query belongs to: that of its id, so that it does not
// depend on the order of the file.
func (q *Query) fold() int {
	h := 0
	for _, c := range []byte(q.ID) {
		h = (h*31 + int(c)) % 1_000_003
	}
	return h % folds
}

// Weights are those of the features and a bias.
type Weights struct {
	Bias float64
	Of   [claimreview.NumFeatures]float64
}

func (w *Weights) of(f *[claimreview.NumFeatures]float32) float64 {
	s := w.Bias
	for i, v := range f {
		s += w.Of[i] * float64(v)
	}
	return s
}

// list is a query with its candidates.
type list struct {
	*Query
	all   []claimreview.Candidate
	times int // what it counts in training
}

func (l *list) relevant(c *claimreview.Candidate) bool {
	return slices.Contains(l.Relevant, c.Review.ID)
}

// Figures are the mean average precision at 5 of each corpus.
type Figures map[string]float64

// Ranking learns to rank, with the features in use, and measures that by folds.
// The weights are learned from all queries.
func Ranking(x *claimreview.Index, gold []Query, use []int) (Weights, Figures) {
	lists := rank(x, gold)
	sums, n := Figures{}, map[string]float64{}
	for fold := range folds {
		var train, test []list
		for _, l := range lists {
			if l.fold() == fold {
				test = append(test, l)
			} else {
				train = append(train, l)
			}
		}
		w := listwise(train, use)
		for _, l := range test {
			sums[l.Corpus] += l.averagePrecision(&w)
			n[l.Corpus]++
		}
	}
	for c := range sums {
		sums[c] /= n[c]
	}
	return listwise(lists, use), sums
}

// rank looks every query up. Queries of small corpora count more, so that all
// corpora count about the same.
func rank(x *claimreview.Index, gold []Query) []list {
	size, most := map[string]int{}, 0
	for _, q := range gold {
		size[q.Corpus]++
		most = max(most, size[q.Corpus])
	}
	var lists []list
	for i := range gold {
		q := &gold[i]
		lists = append(lists, list{q, x.Rank(q.Query, 100), max(1, (most+size[q.Corpus]/2)/size[q.Corpus])})
	}
	return lists
}

// averagePrecision is that of the first five, over the number of relevant ones.
func (l *list) averagePrecision(w *Weights) float64 {
	order := slices.Clone(l.all)
	slices.SortStableFunc(order, func(a, b claimreview.Candidate) int {
		switch x, y := w.of(&a.Features), w.of(&b.Features); {
		case x > y:
			return -1
		case x < y:
			return 1
		}
		return 0
	})
	hits, sum := 0.0, 0.0
	for i := range order[:min(5, len(order))] {
		if l.relevant(&order[i]) {
			hits++
			sum += hits / float64(i+1)
		}
	}
	return sum / float64(len(l.Relevant))
}

// listwise fits weights by the likelihood that a relevant candidate comes
// first among itself and the irrelevant ones (Cao et al. 2007), by stochastic
// gradients with averaged weights.
func listwise(lists []list, use []int) Weights {
	const (
		epochs   = 12
		rate     = 0.05
		shrink   = 0.001
		steepest = 30
	)
	scale := spread(lists)
	var w, mean Weights
	n := 0.0
	rng := rand.New(rand.NewPCG(1, 2))
	var order []int
	for i, l := range lists {
		for range l.times {
			order = append(order, i)
		}
	}
	for epoch := range epochs {
		step := rate / (1 + 0.3*float64(epoch))
		rng.Shuffle(len(order), func(i, j int) { order[i], order[j] = order[j], order[i] })
		for _, i := range order {
			l := &lists[i]
			for k := range l.all {
				good := &l.all[k]
				if !l.relevant(good) {
					continue
				}
				odds := make([]float64, len(l.all))
				total := 1.0
				for j := range l.all {
					bad := &l.all[j]
					if l.relevant(bad) {
						continue
					}
					diff := 0.0
					for _, f := range use {
						diff += w.Of[f] * float64(bad.Features[f]-good.Features[f]) / scale[f]
					}
					odds[j] = math.Exp(min(diff, steepest))
					total += odds[j]
				}
				for j, o := range odds {
					if o == 0 {
						continue
					}
					for _, f := range use {
						w.Of[f] += step * o / total * float64(good.Features[f]-l.all[j].Features[f]) / scale[f]
					}
				}
				for _, f := range use {
					w.Of[f] -= step * shrink * w.Of[f]
				}
			}
			if epoch >= epochs/2 {
				n++
				for _, f := range use {
					mean.Of[f] += w.Of[f]
				}
			}
		}
	}
	for f := range mean.Of {
		mean.Of[f] /= max(n, 1) * scale[f]
	}
	return mean
}

// spread is the standard deviation of every feature.
func spread(lists []list) (scale [claimreview.NumFeatures]float64) {
	var sum, squares [claimreview.NumFeatures]float64
	n := 0.0
	for _, l := range lists {
		for _, c := range l.all {
			n++
			for f, v := range c.Features {
				sum[f] += float64(v)
				squares[f] += float64(v) * float64(v)
			}
		}
	}
	for f := range scale {
		mean := sum[f] / max(n, 1)
		scale[f] = math.Sqrt(max(squares[f]/max(n, 1)-mean*mean, 0)) + 1e-6
	}
	return scale
}
