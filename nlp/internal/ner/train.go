package ner

import (
	"slices"
	"strings"

	"onrecord/internal/perceptron"
)

// Example is a sentence with its right labels; labels of other kinds than PER,
// LOC and ORG count as O.
type Example struct {
	Words, Tags, Labels []string
}

// Options are how a name finder is trained.
type Options struct {
	Rounds  int
	Voters  int // models trained in different orders and averaged into one
	Seed    uint64
	Pruning perceptron.Pruning
}

// Train learns a name finder. Progress, if not nil, is called after every
// round with the share of candidates that were labelled right in it.
func Train(examples []Example, o Options, progress func(round int, right float64)) (*Model, error) {
	trainers := make([]*perceptron.Trainer, max(o.Voters, 1))
	for v := range trainers {
		tr := perceptron.NewTrainer(classes)
		trainers[v] = tr
		random := perceptron.NewRandom(o.Seed + uint64(v))
		order := make([]int, len(examples))
		for i := range order {
			order[i] = i
		}
		t := training{tr: tr}
		for round := range o.Rounds {
			random.Shuffle(order)
			t.right, t.total = 0, 0
			for _, n := range order {
				t.learn(&examples[n])
			}
			if progress != nil {
				progress(round+1, float64(t.right)/float64(max(t.total, 1)))
			}
		}
	}
	net, err := o.Pruning.Model(trainers...)
	if err != nil {
		return nil, err
	}
	return newModel(net), nil
}

type training struct {
	tr           *perceptron.Trainer
	s            sentence
	labels       []string
	keys         [][]perceptron.Key
	scores       [perceptron.MaxClasses]float32
	pairs        [contexts][nclasses][nclasses]int32
	right, total int
}

func (t *training) learn(e *Example) {
	s := &t.s
	s.read(e.Words, e.Tags)
	t.labels = append(t.labels[:0], e.Labels...)
	for i := range t.labels {
		if !s.candidate(i) {
			t.labels[i] = "O"
		}
	}
	gold := goldClasses(t.labels)
	for i := 0; i < len(e.Words); {
		if !s.candidate(i) {
			i++
			continue
		}
		from := i
		for i < len(e.Words) && s.candidate(i) {
			i++
		}
		t.learnRun(gold[from:i], from)
	}
}

func (t *training) learnRun(gold []uint8, from int) {
	for context := range t.pairs {
		for a := range nclasses {
			t.tr.Scores(pairKeys(context, a), &t.scores)
			for b := range nclasses {
				t.pairs[context][a][b] = int32(t.scores[b] * 16)
			}
		}
	}
	s := &t.s
	for len(t.keys) < len(gold) {
		t.keys = append(t.keys, nil)
	}
	s.search.begin()
	var word [nclasses]int32
	for j := range gold {
		s.features(from + j)
		t.keys[j] = append(t.keys[j][:0], s.keys...)
		t.tr.Scores(s.keys, &t.scores)
		for c := range word {
			word[c] = int32(t.scores[c] * 16)
		}
		s.search.step(word[:], &t.pairs[s.context(from+j)])
	}
	got := s.search.end(&t.pairs[0])
	t.tr.Tick()
	t.total += len(gold)
	lastGold, lastGot := 0, 0
	for j, want := range gold {
		if got[j] == want {
			t.right++
		} else {
			t.tr.Update(t.keys[j], int(want), int(got[j]), 1)
		}
		t.pair(s.context(from+j), lastGold, lastGot, int(want), int(got[j]))
		lastGold, lastGot = int(want), int(got[j])
	}
	t.pair(0, lastGold, lastGot, 0, 0)
}

// pair learns from a wrong pair of neighbours.
func (t *training) pair(context, lastGold, lastGot, gold, got int) {
	if lastGold == lastGot && gold == got {
		return
	}
	t.tr.Add(pairKeys(context, lastGold), gold, 1)
	t.tr.Add(pairKeys(context, lastGot), got, -1)
}

// goldClasses turns labels into classes. A name begins wherever a label other
// than O follows one of another name.
func goldClasses(iob []string) []uint8 {
	gold := make([]uint8, len(iob))
	for i := 0; i < len(iob); {
		_, kind, named := strings.Cut(iob[i], "-")
		k := slices.Index(kinds, kind)
		if !named || k < 0 {
			i++
			continue
		}
		j := i + 1
		for j < len(iob) && iob[j] == "I-"+kind {
			j++
		}
		base := uint8(1 + 4*k)
		for n := i; n < j; n++ {
			gold[n] = base + inside - 1
		}
		gold[i], gold[j-1] = base+begin-1, base+last-1
		if j == i+1 {
			gold[i] = base + whole - 1
		}
		i = j
	}
	return gold
}
