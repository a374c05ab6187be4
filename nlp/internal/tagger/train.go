package tagger

import (
	"cmp"
	"slices"

	"onrecord/internal/perceptron"
	"onrecord/nlp/internal/wordform"
)

// Example is a sentence with its right tags.
type Example struct {
	Words, Tags []string
}

// Options are how a tagger is trained.
type Options struct {
	Rounds  int
	Voters  int // models trained in different orders and averaged into one
	Seed    uint64
	Pruning perceptron.Pruning
}

// Train learns a tagger. Progress, if not nil, is called after every round
// with the share of training words that were tagged right in it.
func Train(examples []Example, o Options, progress func(round int, right float64)) (*Model, error) {
	classes := classesOf(examples)
	ids := map[string]int{}
	for i, c := range classes {
		ids[c] = i
	}
	lex := learnLexicon(examples, ids)
	gold := make([][]uint8, len(examples))
	for i, e := range examples {
		for _, t := range e.Tags {
			gold[i] = append(gold[i], uint8(ids[t]))
		}
	}
	trainers := make([]*perceptron.Trainer, max(o.Voters, 1))
	for v := range trainers {
		tr := perceptron.NewTrainer(classes)
		random := perceptron.NewRandom(o.Seed + uint64(v))
		order := make([]int, len(examples))
		for i := range order {
			order[i] = i
		}
		var s sentence
		var scores [perceptron.MaxClasses]float32
		for round := range o.Rounds {
			random.Shuffle(order)
			right, total := 0, 0
			for _, n := range order {
				s.read(examples[n].Words, lex)
				for i, want := range gold[n] {
					got := s.fixed(i)
					if got < 0 {
						s.features(i)
						tr.Scores(s.keys, &scores)
						got = best(scores[:len(classes)])
						tr.Tick()
						if got != int(want) {
							tr.Update(s.keys, int(want), got, 1)
						}
					}
					s.tags[i+2] = uint32(got + 1)
					total++
					if got == int(want) {
						right++
					}
				}
			}
			if progress != nil {
				progress(round+1, float64(right)/float64(total))
			}
		}
		trainers[v] = tr
	}
	net, err := o.Pruning.Model(trainers...)
	if err != nil {
		return nil, err
	}
	return &Model{net: net, lexicon: lex}, nil
}

func classesOf(examples []Example) []string {
	seen := map[string]bool{}
	for _, e := range examples {
		for _, t := range e.Tags {
			seen[t] = true
		}
	}
	classes := make([]string, 0, len(seen))
	for t := range seen {
		classes = append(classes, t)
	}
	slices.Sort(classes)
	return classes
}

// What makes a word known, and what makes it unambiguous.
const (
	knownCount = 3
	tagShare   = 0.04
	fixedCount = 20
	fixedShare = 0.997
)

func learnLexicon(examples []Example, ids map[string]int) lexicon {
	type count struct {
		total int
		tags  [perceptron.MaxClasses]int
	}
	counts := map[uint32]*count{}
	for _, e := range examples {
		for i, w := range e.Words {
			h := wordform.Of(w).Exact
			c := counts[h]
			if c == nil {
				c = new(count)
				counts[h] = c
			}
			c.total++
			c.tags[ids[e.Tags[i]]]++
		}
	}
	type line struct {
		word uint32
		mask uint64
		fix  uint32
	}
	var lines []line
	for h, c := range counts {
		if c.total < knownCount || h == noWord {
			continue
		}
		l := line{word: h}
		for t, n := range c.tags {
			if float64(n) >= tagShare*float64(c.total) {
				l.mask |= 1 << t
			}
			if c.total >= fixedCount && float64(n) >= fixedShare*float64(c.total) {
				l.fix = uint32(t + 1)
			}
		}
		lines = append(lines, l)
	}
	slices.SortFunc(lines, func(a, b line) int { return cmp.Compare(a.word, b.word) })
	numbers := map[uint64]uint32{}
	words := make([]known, len(lines))
	for i, l := range lines {
		n, ok := numbers[l.mask]
		if !ok {
			n = uint32(len(numbers) + 1)
			numbers[l.mask] = n
		}
		words[i] = known{l.word, entry{n, l.fix}}
	}
	return newLexicon(words)
}
