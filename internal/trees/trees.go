// Package trees is gradient-boosted regression trees, small enough to live in
// a text file: what the summary's ranking and the extents of quotations learn
// with.
//
// A [Model] is a sum of binary trees over numbers. [Fit] grows them one by one,
// each on what the ones before leave over (Friedman 2001), with second
// derivatives, histograms and shrinkage as in XGBoost (Chen and Guestrin
// 2016). The same rows give the same model, to the bit.
package trees

import (
	"bufio"
	"bytes"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"onrecord/internal/perceptron"
)

// Model is a sum of trees.
type Model struct {
	Base     float32
	Logistic bool // the sum is the log-odds of a probability
	Trees    []Tree
}

// Tree is its nodes, the root first.
type Tree []Node

// Node asks whether a feature is above a limit, or is a leaf.
type Node struct {
	Limit   float32 // a leaf's value
	Feature int16   // -1 for a leaf
	Low     int16   // node for a feature up to the limit; the one above it stands right behind
}

// Predict gives the model's number for x: a probability when it is logistic.
func (m *Model) Predict(x []float32) float64 {
	var out [1]float64
	m.predict(out[:], x, len(x))
	return out[0]
}

// PredictAll gives the model's number for each row of x, which has the features
// of the rows one behind the other, width a row.
func (m *Model) PredictAll(x []float32, width int) []float64 {
	out := make([]float64, len(x)/width)
	for from := 0; from < len(out); from += block {
		to := min(from+block, len(out))
		m.predict(out[from:to], x[from*width:to*width], width)
	}
	return out
}

// block is how many rows go through one tree before the next: their features
// and the tree fit into the fastest cache together.
const block = 64

func (m *Model) predict(out []float64, x []float32, width int) {
	var sums [block]float32
	for i := range out {
		sums[i] = m.Base
	}
	for _, t := range m.Trees {
		for i := range out {
			sums[i] += t.value(x[i*width : (i+1)*width])
		}
	}
	for i := range out {
		out[i] = float64(sums[i])
		if m.Logistic {
			out[i] = 1 / (1 + math.Exp(-out[i]))
		}
	}
}

func (t Tree) value(x []float32) float32 {
	n := &t[0]
	for n.Feature >= 0 {
		high := 0
		if x[n.Feature] > n.Limit {
			high = 1
		}
		n = &t[int(n.Low)+high]
	}
	return n.Limit
}

// Append writes the model as lines of text: its name, kind, base and number
// of trees, then a tree a line, its nodes in order. A node is "feature>limit"
// (its children are the next two nodes that no earlier one has), a leaf is
// "=value".
func (m *Model) Append(to []byte, name string) []byte {
	kind := "linear"
	if m.Logistic {
		kind = "logistic"
	}
	to = fmt.Appendf(to, "%s %s %s %d\n", name, kind, short(m.Base), len(m.Trees))
	for _, t := range m.Trees {
		for i, n := range t {
			if i > 0 {
				to = append(to, ' ')
			}
			if n.Feature < 0 {
				to = append(append(to, '='), short(n.Limit)...)
				continue
			}
			to = fmt.Appendf(to, "%d>%s", n.Feature, short(n.Limit))
		}
		to = append(to, '\n')
	}
	return to
}

// digits is how many significant digits of a number the text keeps.
const digits = 4

func short(x float32) string { return strconv.FormatFloat(float64(x), 'g', digits, 32) }

// Round cuts the model's numbers to what its text keeps.
func (m *Model) Round() {
	round := func(x *float32) {
		v, _ := strconv.ParseFloat(short(*x), 32)
		*x = float32(v)
	}
	round(&m.Base)
	for _, t := range m.Trees {
		for i := range t {
			round(&t[i].Limit)
		}
	}
}

// Read reads the models that Append wrote, by name. features bounds the
// features that they may ask for.
func Read(text []byte, features map[string]int) (map[string]*Model, error) {
	lines := bufio.NewScanner(bytes.NewReader(text))
	lines.Buffer(nil, 1<<20)
	models := map[string]*Model{}
	for lines.Scan() {
		head := strings.Fields(lines.Text())
		if len(head) == 0 || head[0] == "#" {
			continue
		}
		if len(head) != 4 {
			return nil, fmt.Errorf("the head of a model is %q", lines.Text())
		}
		base, err := strconv.ParseFloat(head[2], 32)
		if err != nil {
			return nil, err
		}
		n, err := strconv.Atoi(head[3])
		if err != nil {
			return nil, err
		}
		m := &Model{Base: float32(base), Logistic: head[1] == "logistic"}
		for range n {
			if !lines.Scan() {
				return nil, fmt.Errorf("%s ends after %d trees of %d", head[0], len(m.Trees), n)
			}
			t, err := readTree(lines.Text(), features[head[0]])
			if err != nil {
				return nil, fmt.Errorf("%s, tree %d: %w", head[0], len(m.Trees), err)
			}
			m.Trees = append(m.Trees, t)
		}
		models[head[0]] = m
	}
	return models, lines.Err()
}

func readTree(line string, features int) (Tree, error) {
	var t Tree
	next := 1
	for field := range strings.FieldsSeq(line) {
		feature, value, split := strings.Cut(field, ">")
		n := Node{Feature: -1}
		if split {
			f, err := strconv.Atoi(feature)
			if err != nil || f < 0 || f >= features || next+1 > math.MaxInt16 {
				return nil, fmt.Errorf("no feature %q", feature)
			}
			n.Feature, n.Low = int16(f), int16(next)
			next += 2
		} else {
			value = strings.TrimPrefix(field, "=")
		}
		v, err := strconv.ParseFloat(value, 32)
		if err != nil {
			return nil, err
		}
		n.Limit = float32(v)
		t = append(t, n)
	}
	if len(t) != next {
		return nil, fmt.Errorf("%d nodes, want %d", len(t), next)
	}
	return t, nil
}

// Rows is what a model is fitted to: the features of each row one behind the
// other, and what each row should give.
type Rows struct {
	Width  int // features a row
	X      []float32
	Y      []float32
	Weight []float32 // nil weighs all rows alike
}

// Len is the number of rows.
func (r *Rows) Len() int { return len(r.Y) }

// Add adds a row.
func (r *Rows) Add(x []float32, y float64) {
	r.Width = len(x)
	r.X = append(r.X, x...)
	r.Y = append(r.Y, float32(y))
}

// Settings say how to fit.
type Settings struct {
	Logistic bool
	Trees    int
	Leaves   int     // of a tree, at most
	Rate     float64 // shrinkage
	Least    float64 // rows in a leaf, at least
	Ridge    float64 // added to the second derivatives of a leaf
	Rows     float64 // share of the rows that each tree is grown on
	Columns  float64 // share of the features that it may ask for
	Seed     uint64  // of the choice of rows and features
}

// maxBins is into how many steps a feature's values are cut.
const maxBins = 48

// Fit grows a model.
func Fit(rows *Rows, s Settings) *Model {
	b := newBooster(rows, s)
	for range s.Trees {
		b.m.Trees = append(b.m.Trees, b.tree())
	}
	return b.m
}

type booster struct {
	Settings
	rows   *Rows
	m      *Model
	limits [][]float32 // of each feature, the upper ends of its bins but the last
	bins   []uint8     // of each row, the bin of each feature
	sum    []float32
	g, h   []float32
	random *perceptron.Random
	open   []int // features that the tree may ask for
}

func newBooster(rows *Rows, s Settings) *booster {
	b := &booster{Settings: s, rows: rows, m: &Model{Logistic: s.Logistic}, random: perceptron.NewRandom(s.Seed)}
	n := rows.Len()
	b.bins = make([]uint8, n*rows.Width)
	b.limits = make([][]float32, rows.Width)
	step := max(n/20_000, 1)
	for f := range rows.Width {
		var values []float32
		for i := 0; i < n; i += step {
			values = append(values, rows.X[i*rows.Width+f])
		}
		slices.Sort(values)
		b.limits[f] = cuts(values)
		for i := range n {
			at, _ := slices.BinarySearch(b.limits[f], rows.X[i*rows.Width+f])
			b.bins[i*rows.Width+f] = uint8(at)
		}
	}
	mean, weight := 0.0, 0.0
	for i, y := range rows.Y {
		w := b.weight(i)
		mean += w * float64(y)
		weight += w
	}
	mean /= max(weight, 1e-9)
	if s.Logistic {
		mean = min(max(mean, 1e-6), 1-1e-6)
		mean = math.Log(mean / (1 - mean))
	}
	b.m.Base = float32(mean)
	b.sum = make([]float32, n)
	for i := range b.sum {
		b.sum[i] = b.m.Base
	}
	b.g, b.h = make([]float32, n), make([]float32, n)
	return b
}

// draw is true for a share of its calls.
func (b *booster) draw(share float64) bool { return b.random.Float() < share }

func (b *booster) weight(i int) float64 {
	if b.rows.Weight == nil {
		return 1
	}
	return float64(b.rows.Weight[i])
}

// cuts parts sorted values into bins of about the same size.
func cuts(values []float32) []float32 {
	unique := slices.Compact(slices.Clone(values))
	var limits []float32
	if len(unique) <= maxBins {
		for i := 1; i < len(unique); i++ {
			limits = append(limits, (unique[i-1]+unique[i])/2)
		}
		return limits
	}
	for k := 1; k < maxBins; k++ {
		v := values[k*len(values)/maxBins]
		if len(limits) == 0 || v > limits[len(limits)-1] {
			limits = append(limits, v)
		}
	}
	return limits
}

// leaf is a leaf of a growing tree.
type leaf struct {
	node   int
	rows   []int32
	g, h   float64
	hist   []cell
	gain   float64
	f, bin int
}

type cell struct {
	g, h float64
	n    int32
}

// tree grows a tree, always at the leaf that gains most, and adds it to the
// sums.
func (b *booster) tree() Tree {
	n := b.rows.Len()
	b.open = b.open[:0]
	for f := range b.rows.Width {
		if b.draw(b.Columns) {
			b.open = append(b.open, f)
		}
	}
	all := make([]int32, 0, n)
	for i := range n {
		if !b.draw(b.Rows) {
			continue
		}
		all = append(all, int32(i))
		w := float32(b.weight(i))
		if b.Logistic {
			p := float32(1 / (1 + math.Exp(-float64(b.sum[i]))))
			b.g[i], b.h[i] = w*(b.rows.Y[i]-p), w*p*(1-p)
		} else {
			b.g[i], b.h[i] = w*(b.rows.Y[i]-b.sum[i]), w
		}
	}
	root := &leaf{rows: all}
	b.fill(root)
	t := Tree{{Feature: -1}}
	leaves := []*leaf{root}
	for len(leaves) < b.Leaves {
		best := leaves[0]
		for _, l := range leaves {
			if l.gain > best.gain {
				best = l
			}
		}
		if best.gain <= 0 {
			break
		}
		low, high := b.split(best)
		t[best.node] = Node{Feature: int16(best.f), Limit: b.limits[best.f][best.bin], Low: int16(len(t))}
		low.node, high.node = len(t), len(t)+1
		t = append(t, Node{Feature: -1}, Node{Feature: -1})
		at := slices.Index(leaves, best)
		leaves[at] = low
		leaves = append(leaves, high)
	}
	for _, l := range leaves {
		t[l.node].Limit = float32(b.Rate * l.g / (l.h + b.Ridge))
	}
	t = ordered(t)
	for i := range n {
		b.sum[i] += t.value(b.rows.X[i*b.rows.Width : (i+1)*b.rows.Width])
	}
	return t
}

// ordered puts the nodes of t in the order in which text lists them: the
// children of each node in the order of their parents.
func ordered(t Tree) Tree {
	out := Tree{t[0]}
	for i := 0; i < len(out); i++ {
		if out[i].Feature < 0 {
			continue
		}
		low := out[i].Low
		out[i].Low = int16(len(out))
		out = append(out, t[low], t[low+1])
	}
	return out
}

func (b *booster) fill(l *leaf) {
	l.hist = make([]cell, b.rows.Width*(maxBins+1))
	for _, i := range l.rows {
		g, h := float64(b.g[i]), float64(b.h[i])
		l.g += g
		l.h += h
		bins := b.bins[int(i)*b.rows.Width : (int(i)+1)*b.rows.Width]
		for _, f := range b.open {
			c := &l.hist[f*(maxBins+1)+int(bins[f])]
			c.g += g
			c.h += h
			c.n++
		}
	}
	b.best(l)
}

// best finds the split of l that gains most.
func (b *booster) best(l *leaf) {
	l.gain = 0
	whole := l.g * l.g / (l.h + b.Ridge)
	for _, f := range b.open {
		var g, h float64
		var n int32
		for bin := range b.limits[f] {
			c := l.hist[f*(maxBins+1)+bin]
			g, h, n = g+c.g, h+c.h, n+c.n
			if float64(n) < b.Least || float64(len(l.rows))-float64(n) < b.Least {
				continue
			}
			gain := g*g/(h+b.Ridge) + (l.g-g)*(l.g-g)/(l.h-h+b.Ridge) - whole
			if gain > l.gain+1e-9 {
				l.gain, l.f, l.bin = gain, f, bin
			}
		}
	}
}

// split parts l at its best split. Only the smaller half is counted anew, the
// other is what is left.
func (b *booster) split(l *leaf) (low, high *leaf) {
	low, high = &leaf{}, &leaf{}
	for _, i := range l.rows {
		if int(b.bins[int(i)*b.rows.Width+l.f]) <= l.bin {
			low.rows = append(low.rows, i)
		} else {
			high.rows = append(high.rows, i)
		}
	}
	small, big := low, high
	if len(small.rows) > len(big.rows) {
		small, big = big, small
	}
	b.fill(small)
	big.hist = l.hist
	for i, c := range small.hist {
		big.hist[i].g -= c.g
		big.hist[i].h -= c.h
		big.hist[i].n -= c.n
	}
	big.g, big.h = l.g-small.g, l.h-small.h
	b.best(big)
	return low, high
}
