// Package depparse finds the dependency tree of a sentence, in the relations
// of the Universal Dependencies treebanks of English.
//
// It is an arc-hybrid transition parser (Kuhlmann, Gomez-Rodriguez and Satta
// 2011): words move from a buffer to a stack, and the word on top of the stack
// is attached either to the next word of the buffer or to the word below it.
// The root stands at the end of the buffer and takes the last word left. Each
// move is chosen greedily by a perceptron over some hundred features of the
// configuration. A second perceptron names the relation of each arc as it is
// made, since the relations of children tell the first much. The first is
// trained with a dynamic oracle (Goldberg and Nivre 2013), so that it knows
// what is best after a mistake of its own.
//
// Time and memory are linear in the length of the sentence.
package depparse

import (
	_ "embed"
	"math"
	"slices"
	"sync"

	"onrecord/internal/perceptron"
)

//go:embed depparse.bin
var embedded []byte

// Embedded is the file of the embedded model, not to be changed.
func Embedded() []byte { return embedded }

// Default is the embedded model. The first call decodes it.
var Default = sync.OnceValue(func() *Model {
	if len(embedded) == 0 {
		return &Model{}
	}
	m, err := Decode(embedded)
	if err != nil {
		panic("depparse: embedded model: " + err.Error())
	}
	return m
})

// Parse gives for each word its governing word (an index into words, -1 for
// the root) and its relation to it. The tags are those of package tagger. The
// heads always form one tree with one root.
func Parse(words, tags []string) (heads []int, rels []string) {
	return Default().Parse(words, tags)
}

// Append appends the heads and relations of the words to heads and rels. It
// allocates nothing when they have room.
func Append(heads []int, rels []string, words, tags []string) ([]int, []string) {
	return Default().Append(heads, rels, words, tags)
}

// Model is a trained parser, safe for use by several goroutines.
type Model struct {
	action *perceptron.Model // which way to go
	label  *perceptron.Model // the relation of an arc
	only   map[string]uint8  // class of label plus one of the only relation that words of a tag ever have
}

// Parse parses one sentence.
func (m *Model) Parse(words, tags []string) (heads []int, rels []string) {
	if len(words) == 0 {
		return nil, nil
	}
	return m.Append(make([]int, 0, len(words)), make([]string, 0, len(words)), words, tags)
}

// Append parses one sentence, appending to heads and rels.
func (m *Model) Append(heads []int, rels []string, words, tags []string) ([]int, []string) {
	if len(words) == 0 {
		return heads, rels
	}
	p := scratch.Get().(*parser)
	defer scratch.Put(p)
	p.read(words, tags, m.only)
	if m.action == nil {
		p.chain()
	} else {
		m.run(p)
	}
	for i := range words {
		t := &p.tokens[i]
		head, rel := int(t.head), "dep"
		if head == p.root() {
			head, rel = -1, "root"
		} else if m.label != nil {
			rel = m.label.Classes[t.rel-1]
		}
		heads, rels = append(heads, head), append(rels, rel)
	}
	return heads, rels
}

var scratch = sync.Pool{New: func() any { return new(parser) }}

// run parses the sentence in p.
func (m *Model) run(p *parser) {
	var scores [perceptron.MaxClasses]int32
	root := slices.Index(m.label.Classes, "root")
	for !p.done() {
		allowed := p.allowed()
		move := onlyMove[allowed]
		if move == none {
			p.features()
			s := m.action.Scores3(p.keys)
			best := int32(math.MinInt32)
			for a, v := range s {
				if allowed&(1<<a) != 0 && v > best {
					move, best = a, v
				}
			}
		}
		if move == shift {
			p.shift()
			continue
		}
		child, head := p.arc(move)
		rel := root
		if head != p.root() {
			if rel = int(p.tokens[child].only) - 1; rel < 0 {
				p.labelFeatures(child, head)
				m.label.Scores(p.keys, &scores)
				scores[root] = math.MinInt32
				rel = best(scores[:len(m.label.Classes)])
			}
		}
		p.attach(move, uint8(rel+1))
	}
}

func best[T int32 | float32](scores []T) int {
	b := 0
	for c, v := range scores {
		if v > scores[b] {
			b = c
		}
	}
	return b
}
