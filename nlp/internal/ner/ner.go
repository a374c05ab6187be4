// Package ner finds the names of people, places and organisations in a
// sentence.
//
// It is a structured perceptron (Collins 2002): each word gets a score for
// each part it can play in a name (begin, inside, last, whole, for each kind,
// or none), pairs of neighbouring parts get one too, and the best sequence is
// found by Viterbi search. What it looks at: the word and its neighbours,
// their tags, shapes and clusters, whether a gazetteer knows them, and the run
// of capitalised words that the word stands in. Only words of such runs are
// looked at, which makes it fast: most words of a text cannot be part of a
// name.
package ner

import (
	_ "embed"
	"sync"

	"onrecord/internal/perceptron"
)

//go:embed ner.bin
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
		panic("ner: embedded model: " + err.Error())
	}
	return m
})

// Label gives each word of a sentence a label: B-PER where the name of a
// person begins, I-PER where it goes on, likewise LOC and ORG, else O. The
// tags are those of package tagger.
func Label(words, tags []string) []string { return Default().Label(words, tags) }

// Append appends the labels of the words to dst. It allocates nothing when dst
// has room.
func Append(dst, words, tags []string) []string { return Default().Append(dst, words, tags) }

// Parts that a word can play in a name: none, or one of four for each kind.
const (
	outside = iota
	begin   // the first of several words
	inside
	last
	whole // the only word
)

// kinds of name, in the order of the classes.
var kinds = []string{"PER", "LOC", "ORG"}

// classes are the parts for each kind.
var classes = []string{
	"O", "B-PER", "I-PER", "L-PER", "U-PER", "B-LOC", "I-LOC", "L-LOC", "U-LOC", "B-ORG", "I-ORG", "L-ORG", "U-ORG",
}

const nclasses = 13

func part(class int) int {
	if class == 0 {
		return outside
	}
	return (class-1)%4 + 1
}

// follows reports whether class b may stand right after class a. The edge of a
// sentence is like a word outside of names.
func follows(a, b int) bool {
	open := part(a) == begin || part(a) == inside
	goesOn := part(b) == inside || part(b) == last
	if open != goesOn {
		return false
	}
	return !open || (a-1)/4 == (b-1)/4
}

// labels gives the label of each class.
var labels = [nclasses]string{
	"O", "B-PER", "I-PER", "I-PER", "B-PER", "B-LOC", "I-LOC", "I-LOC", "B-LOC", "B-ORG", "I-ORG", "I-ORG", "B-ORG",
}

// Model is a trained name finder, safe for use by several goroutines.
type Model struct {
	net   *perceptron.Model
	pairs [contexts][nclasses][nclasses]int32 // score of class b after class a
}

// newModel reads the scores of pairs out of the net.
func newModel(net *perceptron.Model) *Model {
	m := &Model{net: net}
	var scores [perceptron.MaxClasses]int32
	for context := range m.pairs {
		for a := range nclasses {
			net.Scores(pairKeys(context, a), &scores)
			copy(m.pairs[context][a][:], scores[:nclasses])
		}
	}
	return m
}

// Label labels one sentence.
func (m *Model) Label(words, tags []string) []string {
	if len(words) == 0 {
		return nil
	}
	return m.Append(make([]string, 0, len(words)), words, tags)
}

// Append labels one sentence, appending to dst.
func (m *Model) Append(dst, words, tags []string) []string {
	if m.net == nil {
		for range words {
			dst = append(dst, "O")
		}
		return dst
	}
	s := scratch.Get().(*sentence)
	defer scratch.Put(s)
	s.read(words, tags)
	for i := 0; i < len(words); {
		if !s.candidate(i) {
			dst = append(dst, "O")
			i++
			continue
		}
		from := i
		for i < len(words) && s.candidate(i) {
			i++
		}
		search := &s.search
		search.begin()
		for j := from; j < i; j++ {
			s.features(j)
			m.net.Scores(s.keys, &s.scores)
			search.step(s.scores[:nclasses], &m.pairs[s.context(j)])
		}
		for _, class := range search.end(&m.pairs[0]) {
			dst = append(dst, labels[class])
		}
	}
	return dst
}

// search is a Viterbi search over one run of words.
type search struct {
	score [nclasses]int32
	from  [][nclasses]uint8
	path  []uint8
}

const never = -1 << 30

func (v *search) begin() {
	v.from = v.from[:0]
	for c := range v.score {
		v.score[c] = never
	}
	v.score[0] = 0
}

// step goes on to a word with the given scores for its classes.
func (v *search) step(word []int32, pairs *[nclasses][nclasses]int32) {
	var next [nclasses]int32
	var from [nclasses]uint8
	for b := range next {
		next[b] = never
		for _, a := range before[b] {
			if s := v.score[a] + pairs[a][b]; v.score[a] > never/2 && s > next[b] {
				next[b], from[b] = s, a
			}
		}
		if next[b] > never/2 {
			next[b] += word[b]
		}
	}
	v.score = next
	v.from = append(v.from, from)
}

// end gives the best classes for the words of the run.
func (v *search) end(pairs *[nclasses][nclasses]int32) []uint8 {
	best, bestScore := uint8(0), int32(never)
	for _, a := range before[0] {
		if s := v.score[a] + pairs[a][0]; v.score[a] > never/2 && s > bestScore {
			best, bestScore = a, s
		}
	}
	n := len(v.from)
	if cap(v.path) < n {
		v.path = make([]uint8, n)
	}
	v.path = v.path[:n]
	for i := n - 1; i >= 0; i-- {
		v.path[i] = best
		best = v.from[i][best]
	}
	return v.path
}

// before lists the classes that each class may follow.
var before = func() (lists [nclasses][]uint8) {
	for a := range nclasses {
		for b := range nclasses {
			if follows(a, b) {
				lists[b] = append(lists[b], uint8(a))
			}
		}
	}
	return lists
}()

// Decode reads what AppendBinary wrote.
func Decode(data []byte) (*Model, error) {
	net, err := perceptron.Decode(data)
	if err != nil {
		return nil, err
	}
	if len(net.Classes) != nclasses {
		return nil, errClasses
	}
	return newModel(net), nil
}

// AppendBinary appends the model's file form to b.
func (m *Model) AppendBinary(b []byte) ([]byte, error) { return m.net.AppendBinary(b) }
