package training

import (
	"fmt"
	"maps"
	"math"
	"slices"
	"sync"

	"onrecord/factcheck/internal/worth"
)

// Seed is where everything pseudo-random starts.
const Seed = 20261126

// How the heads are learned, set on the dev debates of ClaimBuster.
const (
	minCount     = 3  // sentences that a feature must occur in
	smoothing    = .5 // added to the counts of a feature in each class
	ridge        = .7 // price of a squared weight
	vectorScale  = 2  // of the mean vector beside the families of features, of length one
	vectorDims   = 64 //
	vectorWindow = 4  // words
	vectorCount  = 4  // texts of a word must give at least so many
	rounds       = 60 // of L-BFGS
	slotBits     = 18 //
	folds        = 5  // for the curves
)

// Progress is told, a line at a time, how a training goes. Nil is silence.
type Progress func(line string)

func (p Progress) printf(format string, args ...any) {
	if p != nil {
		p(fmt.Sprintf(format, args...))
	}
}

// example is a sentence as the heads see it.
type example struct {
	*Sentence
	row  Row       // features
	mean []float64 // of the vectors of its words, of length one on the average
}

// lesson is what a head learns: sentences, and which of them are a yes.
type lesson struct {
	head     worth.Head
	examples []*example
	yes      []float64
	judges   func(*example) bool // whose labels the curve goes by; nil for all
}

// alphabet numbers the features that occur often enough.
type alphabet struct {
	ids  map[uint32]int32
	keys []uint32
}

// learner holds what all heads share: the numbers of features and the vectors
// of words.
type learner struct {
	alphabet
	vectors *Vectors
	length  float64 // of the mean vector of a sentence, on the average
	use     [worth.Groups]bool
	plain   bool // do without the mean vectors
	even    bool // do without the log-count ratios
}

func (l *learner) reader() *worth.Reader { return &worth.Reader{Use: l.use} }

// newLearner counts features over the sentences to learn from.
func newLearner(v *Vectors, use [worth.Groups]bool, sets ...[]Sentence) *learner {
	l := &learner{alphabet: alphabet{ids: map[uint32]int32{}}, vectors: v, length: 1, use: use}
	count := map[uint32]int{}
	r := l.reader()
	length, n := 0.0, 0.0
	for _, set := range sets {
		for i := range set {
			for _, f := range r.Features(set[i].Doc, set[i].First, set[i].Last) {
				count[f.Key]++
			}
			mean := l.mean(r.Words())
			length, n = length+math.Sqrt(inner(mean, mean)), n+1
		}
	}
	if length > 0 {
		l.length = length / n
	}
	for k, n := range count {
		if n >= minCount {
			l.keys = append(l.keys, k)
		}
	}
	slices.Sort(l.keys)
	for i, k := range l.keys {
		l.ids[k] = int32(i)
	}
	return l
}

// read gives sentences as the heads see them.
func (l *learner) read(set []Sentence) []*example {
	r := l.reader()
	out := make([]*example, len(set))
	for i := range set {
		e := &example{Sentence: &set[i]}
		for _, f := range r.Features(set[i].Doc, set[i].First, set[i].Last) {
			if id, ok := l.ids[f.Key]; ok {
				e.row.Index = append(e.row.Index, id)
				e.row.Value = append(e.row.Value, f.Value)
			}
		}
		if e.mean = l.mean(r.Words()); l.plain {
			clear(e.mean)
		}
		out[i] = e
	}
	return out
}

// mean is the mean of the vectors of words, over one more than the known ones
// so that a single word says little.
func (l *learner) mean(words []string) []float64 {
	mean, n := make([]float64, l.vectors.Dims), 1.0
	for _, w := range words {
		if id, ok := l.vectors.Index[w]; ok {
			n++
			axpy(1, l.vectors.Rows[id], mean)
		}
	}
	for j := range mean {
		mean[j] /= n * l.length
	}
	return mean
}

// weights is a trained head.
type weights struct {
	feature []float64 // by number
	mean    []float64
	bias    float64
}

func (w *weights) score(e *example) float64 {
	return e.row.dot(w.feature) + inner(e.mean, w.mean) + w.bias
}

// learn trains a head: logistic regression over features, each scaled by how
// differently it is spread over the two classes (the log-count ratio of Wang
// and Manning 2012, "NB-SVM"), and over the mean vector. Only the examples
// that keep says yes to are looked at.
func (l *learner) learn(s lesson, keep func(*example) bool) *weights {
	n := len(l.keys)
	yes, no := make([]float64, n), make([]float64, n)
	local := make([]int32, n) // number among the features that occur, from 1
	var used []int32
	total := [2]float64{}
	for i, e := range s.examples {
		if !keep(e) {
			continue
		}
		side := no
		if s.yes[i] > .5 {
			side = yes
			total[1]++
		} else {
			total[0]++
		}
		for _, j := range e.row.Index {
			side[j]++
			if local[j] == 0 {
				used = append(used, j)
				local[j] = int32(len(used))
			}
		}
	}
	scale := make([]float64, n)
	for j := range scale {
		if l.even {
			scale[j] = 1
		} else if yes[j]+no[j] > 0 {
			scale[j] = math.Abs(math.Log((yes[j]+smoothing)/total[1]) - math.Log((no[j]+smoothing)/total[0]))
		}
	}
	var rows []Row
	var y, c []float64
	for i, e := range s.examples {
		if !keep(e) {
			continue
		}
		r := Row{Index: make([]int32, 0, len(e.row.Index)+len(e.mean)), Value: make([]float32, 0, len(e.row.Value)+len(e.mean))}
		for k, j := range e.row.Index {
			r.Index = append(r.Index, local[j]-1)
			r.Value = append(r.Value, e.row.Value[k]*float32(scale[j]))
		}
		for j, x := range e.mean {
			r.Index = append(r.Index, int32(len(used)+j))
			r.Value = append(r.Value, float32(vectorScale*x))
		}
		rows = append(rows, r)
		y, c = append(y, s.yes[i]), append(c, 1)
	}
	m, d := len(used), l.vectors.Dims
	w := Logistic(rows, y, c, m+d, ridge, rounds)
	out := &weights{feature: make([]float64, n), mean: w[m : m+d], bias: w[m+d]}
	for k, j := range used {
		out.feature[j] = w[k] * scale[j]
	}
	for j := range out.mean {
		out.mean[j] *= vectorScale
	}
	return out
}

// curve finds how a head's sums translate into probabilities, by sums that
// models gave which had not seen the document of the sentence.
func (l *learner) curve(s lesson) worth.Curve {
	var sums, yes []float64
	for k := range folds {
		w := l.learn(s, func(e *example) bool { return e.fold(folds) != k })
		for i, e := range s.examples {
			if e.fold(folds) == k && (s.judges == nil || s.judges(e)) {
				sums, yes = append(sums, w.score(e)), append(yes, s.yes[i])
			}
		}
	}
	return fitCurve(sums, yes)
}

// fitCurve fits a logistic curve to sums.
func fitCurve(sums, yes []float64) worth.Curve {
	rows := make([]Row, len(sums))
	c := make([]float64, len(sums))
	for i, z := range sums {
		rows[i] = Row{Index: []int32{0}, Value: []float32{float32(z)}}
		c[i] = 1
	}
	w := Logistic(rows, yes, c, 1, 1e-6, 100)
	return worth.Curve{Slope: float32(w[0]), Shift: float32(w[1])}
}

// bestF1 is the highest F1 of any threshold on scores.
func bestF1(scores, yes []float64) float64 {
	order := make([]int, len(scores))
	positives := 0.0
	for i := range order {
		order[i] = i
		positives += yes[i]
	}
	slices.SortStableFunc(order, func(a, b int) int {
		switch {
		case scores[a] > scores[b]:
			return -1
		case scores[a] < scores[b]:
			return 1
		}
		return 0
	})
	hits, best := 0.0, 0.0
	for k, i := range order {
		hits += yes[i]
		best = max(best, 2*hits/(positives+float64(k+1)))
	}
	return best
}

// fold puts whole documents into one of k parts.
func (s *Sentence) fold(k int) int {
	h := uint32(2166136261)
	for _, c := range s.Document {
		h = (h ^ uint32(c)) * 16777619
	}
	return int((h>>8)*2654435761>>16) % k
}

// model trains lessons side by side and gives the file form of a model of
// them; heads without a lesson say nothing. Curves take five more trainings
// each. Of the vectors the file needs only what each word adds to a head.
func (l *learner) model(lessons []lesson, curves bool, p Progress) []byte {
	src := worth.Source{Weights: map[uint32]*[worth.Heads]float64{}, Words: map[uint32]*[worth.Heads]float64{}}
	for w := range l.vectors.Index {
		src.Words[worth.Hash(w)] = new([worth.Heads]float64)
	}
	for h := range worth.Heads {
		src.Curves[h] = worth.Curve{Slope: 1}
	}
	trained := make([]*weights, len(lessons))
	var wait sync.WaitGroup
	for i, s := range lessons {
		wait.Go(func() {
			trained[i] = l.learn(s, func(*example) bool { return true })
			if curves {
				src.Curves[s.head] = l.curve(s)
			}
			c := src.Curves[s.head]
			p.printf("head %d: %d sentences, slope %.2f shift %.2f", s.head, len(s.examples), c.Slope, c.Shift)
		})
	}
	wait.Wait()
	for i, s := range lessons {
		w := trained[i]
		for j, x := range w.feature {
			if math.Abs(x) < 1e-4 {
				continue
			}
			k := l.keys[j]
			if src.Weights[k] == nil {
				src.Weights[k] = new([worth.Heads]float64)
			}
			src.Weights[k][s.head] = x
		}
		for word, i := range l.vectors.Index {
			src.Words[worth.Hash(word)][s.head] = inner(l.vectors.Rows[i], w.mean) / l.length
		}
		src.Bias[s.head] = w.bias
	}
	p.printf("%d features", len(slices.Collect(maps.Keys(src.Weights))))
	return src.AppendBinary(nil, slotBits)
}
