package perceptron

import (
	"errors"
	"slices"
)

// Trainer learns the weights of a classifier. It is not safe for use by
// several goroutines.
type Trainer struct {
	classes []string
	step    float64 // updates so far, the clock of the averages
	index   []slot  // open addressing, a power of two
	used    int
	rows    []row
}

// slot is where a key stands. For a narrow classifier, whose scores are asked
// for most, it has a copy of the weights.
type slot struct {
	key     Key
	row     int32 // index into rows plus one, 0 when free
	weights [Narrow]float32
}

type row struct {
	key   Key
	count int32 // changes of weights, two for each mistake
	cells []trainCell
}

// trainCell is a weight in training with the sum that its average needs.
type trainCell struct {
	class  uint8
	weight float32
	since  float64 // step at which weight last changed
	total  float64 // sum of weight over the steps before since
}

// NewTrainer returns a trainer that knows nothing yet.
func NewTrainer(classes []string) *Trainer {
	return &Trainer{classes: classes, index: make([]slot, 1<<16)}
}

// Tick advances the clock of the averages. Call it once per decision, right
// or wrong.
func (t *Trainer) Tick() { t.step++ }

// Scores adds up the current weights, as [Model.Scores] does the averaged
// ones.
func (t *Trainer) Scores(keys []Key, scores *[MaxClasses]float32) {
	clear(scores[:])
	if len(t.classes) <= Narrow {
		for _, key := range keys {
			if s := &t.index[t.find(key)]; s.row != 0 {
				for c, w := range s.weights {
					scores[c] += w
				}
			}
		}
		return
	}
	for _, key := range keys {
		if r := t.index[t.find(key)].row; r != 0 {
			for _, c := range t.rows[r-1].cells {
				scores[c.class] += c.weight
			}
		}
	}
}

// Update moves the weights of the features towards class good and away from
// class bad by rate.
func (t *Trainer) Update(keys []Key, good, bad int, rate float32) {
	t.Add(keys, good, rate)
	t.Add(keys, bad, -rate)
}

// Add changes the weights of the features for one class.
func (t *Trainer) Add(keys []Key, class int, by float32) {
	for _, key := range keys {
		s := &t.index[t.find(key)]
		if s.row == 0 {
			s = t.insert(key)
		}
		r := &t.rows[s.row-1]
		r.count++
		w := r.add(uint8(class), by, t.step)
		if class < Narrow {
			s.weights[class] = w
		}
	}
}

// add changes a weight at a step and gives the new one.
func (r *row) add(class uint8, by float32, step float64) float32 {
	for i := range r.cells {
		if c := &r.cells[i]; c.class == class {
			c.total += (step - c.since) * float64(c.weight)
			c.since = step
			c.weight += by
			return c.weight
		}
	}
	r.cells = append(r.cells, trainCell{class: class, weight: by, since: step})
	return by
}

// find gives the slot of a key, or the free one where it would go.
func (t *Trainer) find(key Key) uint32 {
	mask := uint32(len(t.index) - 1)
	i := key & mask
	for t.index[i].row != 0 && t.index[i].key != key {
		i = (i + 1) & mask
	}
	return i
}

func (t *Trainer) insert(key Key) *slot {
	if t.used*2 >= len(t.index) {
		old := t.index
		t.index = make([]slot, 2*len(old))
		for _, s := range old {
			if s.row != 0 {
				t.index[t.find(s.key)] = s
			}
		}
	}
	t.rows = append(t.rows, row{key: key})
	t.used++
	s := &t.index[t.find(key)]
	*s = slot{key: key, row: int32(len(t.rows))}
	return s
}

// Pruning says what a model may leave out.
type Pruning struct {
	Weight  int // weights below this in size are dropped; the largest weight of a model is 511
	Updates int // features that fewer updates touched are dropped
}

// Model returns the averaged weights of all trainers' steps, pruned and
// quantised. Several trainers over the same features and classes, trained in
// different orders, make one model of the mean of their weights: for a linear
// classifier that is a vote at no cost in speed.
func (p Pruning) Model(trainers ...*Trainer) (*Model, error) {
	type weight struct {
		key   Key
		class uint8
		value float64
	}
	var all []weight
	for _, t := range trainers {
		for _, r := range t.rows {
			if int(r.count) < p.Updates {
				continue
			}
			for _, c := range r.cells {
				mean := (c.total + (t.step-c.since)*float64(c.weight)) / max(t.step, 1) / float64(len(trainers))
				if mean != 0 {
					all = append(all, weight{r.key, c.class, mean})
				}
			}
		}
	}
	slices.SortStableFunc(all, func(a, b weight) int {
		if a.key != b.key {
			return int(a.key) - int(b.key)
		}
		return int(a.class) - int(b.class)
	})
	merged := all[:0]
	for _, w := range all {
		if n := len(merged); n > 0 && merged[n-1].key == w.key && merged[n-1].class == w.class {
			merged[n-1].value += w.value
		} else {
			merged = append(merged, w)
		}
	}
	largest := 1.0
	for _, w := range merged {
		largest = max(largest, w.value, -w.value)
	}
	scale := maxWeight / largest
	classes := trainers[0].classes
	var features []feature
	var cells []cell
	for i := 0; i < len(merged); {
		j, from := i, len(cells)
		for ; j < len(merged) && merged[j].key == merged[i].key; j++ {
			if q := quantise(merged[j].value, scale); q != 0 {
				cells = append(cells, cell{merged[j].class, q})
			}
		}
		if kept := p.prune(cells[from:], len(classes) <= Narrow); len(kept) > 0 {
			cells = cells[:from+len(kept)]
			features = append(features, feature{merged[i].key, kept[:len(kept):len(kept)]})
		} else {
			cells = cells[:from]
		}
		i = j
	}
	b := newBuilder(classes, len(features), len(cells))
	for _, f := range features {
		if b.m.narrow() {
			b.addNarrow(f.key, balance(f.cells, len(classes)))
		} else if !b.addWide(f.key, f.cells) {
			return nil, errors.New("perceptron: too many weights")
		}
	}
	return b.finish(), nil
}

// prune gives the cells worth keeping. Those of a narrow model cost nothing
// once one of them is.
func (p Pruning) prune(cells []cell, narrow bool) []cell {
	large := func(c cell) bool { return int(max(c.weight, -c.weight)) >= p.Weight }
	if narrow {
		if slices.ContainsFunc(cells, large) {
			return cells
		}
		return nil
	}
	return slices.DeleteFunc(cells, func(c cell) bool { return !large(c) })
}

// balance makes the weights of a feature of a narrow model, which rounding may
// have brought out of balance, add up to zero again.
func balance(cells []cell, classes int) (weights [Narrow]int) {
	sum := 0
	for _, c := range cells {
		if int(c.class) < classes-1 {
			weights[c.class] = int(c.weight)
			sum += int(c.weight)
		}
	}
	for ; sum > maxWeight; sum-- {
		weights[0]--
	}
	for ; sum < -maxWeight; sum++ {
		weights[0]++
	}
	weights[classes-1] = -sum
	return weights
}
