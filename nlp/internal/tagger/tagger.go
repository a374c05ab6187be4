// Package tagger assigns Penn Treebank parts of speech to the words of a
// sentence, tokenised as in the Universal Dependencies treebanks of English.
//
// It is a greedy averaged perceptron that goes from left to right and sees the
// words around, their endings, shapes and clusters, what tags they bear in the
// training data, and the two tags it has just given. Frequent words with one
// tag only skip the model.
package tagger

import (
	_ "embed"
	"sync"

	"onrecord/internal/perceptron"
	"onrecord/nlp/internal/wordform"
)

//go:embed tagger.bin
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
		panic("tagger: embedded model: " + err.Error())
	}
	return m
})

// Tag gives one Penn tag for each of the words of one sentence.
func Tag(words []string) []string { return Default().Tag(words) }

// Append appends the tags of the words to dst. It allocates nothing when dst
// has room.
func Append(dst, words []string) []string { return Default().Append(dst, words) }

// Model is a trained tagger, safe for use by several goroutines.
type Model struct {
	net     *perceptron.Model
	lexicon lexicon
}

// Tag gives one tag for each of the words of one sentence.
func (m *Model) Tag(words []string) []string {
	if len(words) == 0 {
		return nil
	}
	return m.Append(make([]string, 0, len(words)), words)
}

// Append appends the tags of the words to dst.
func (m *Model) Append(dst, words []string) []string {
	if m.net == nil {
		for range words {
			dst = append(dst, "NN")
		}
		return dst
	}
	s := scratch.Get().(*sentence)
	defer scratch.Put(s)
	s.read(words, m.lexicon)
	for i := range words {
		tag := s.fixed(i)
		if tag < 0 {
			s.features(i)
			m.net.Scores(s.keys, &s.scores)
			tag = best(s.scores[:len(m.net.Classes)])
		}
		s.tags[i+2] = uint32(tag + 1)
		dst = append(dst, m.net.Classes[tag])
	}
	return dst
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

// sentence is the work space for one sentence. Words and tags have two places
// of margin before and after.
type sentence struct {
	words  []word
	tags   []uint32 // class plus one; 0 outside the sentence
	keys   []perceptron.Key
	scores [perceptron.MaxClasses]int32
	caps   uint32 // 1 when the whole sentence is in upper case
}

type word struct {
	wordform.Form
	known entry
	quote uint32 // for a quotation mark: 1 opens, 2 closes
}

var scratch = sync.Pool{New: func() any { return new(sentence) }}

func (s *sentence) read(words []string, lex lexicon) {
	n := len(words) + 4
	if cap(s.words) < n {
		s.words, s.tags = make([]word, n), make([]uint32, n)
	}
	s.words, s.tags = s.words[:n], s.tags[:n]
	clear(s.tags)
	for _, i := range []int{0, 1, n - 2, n - 1} {
		s.words[i] = word{}
	}
	open := false
	lowers, uppers := 0, 0
	for i, text := range words {
		w := &s.words[i+2]
		w.Form = wordform.Of(text)
		w.known = lex.find(w.Exact)
		w.quote = 0
		switch text {
		case `"`:
			w.quote = 1
			if open {
				w.quote = 2
			}
			open = !open
		case "“", "``":
			w.quote, open = 1, true
		case "”", "''":
			w.quote, open = 2, false
		}
		if w.Bits&wordform.Upper != 0 {
			uppers++
		} else if w.Bits&wordform.Letter != 0 {
			lowers++
		}
	}
	s.caps = 0
	if uppers > 2 && uppers > 3*lowers {
		s.caps = 1
	}
}

// fixed gives the only tag of an unambiguous word, or -1.
func (s *sentence) fixed(i int) int {
	w := &s.words[i+2]
	if w.known.fixed == 0 || w.quote != 0 {
		return -1
	}
	return int(w.known.fixed) - 1
}

// features fills s.keys for word i.
func (s *sentence) features(i int) {
	w := s.words[i : i+5 : i+5]
	w0, l1, l2, r1, r2 := &w[2], &w[1], &w[0], &w[3], &w[4]
	t1, t2 := s.tags[i+1], s.tags[i]
	a0, a1, a2 := w0.known.tags, r1.known.tags, r2.known.tags
	first := uint32(0)
	if i == 0 || i == 1 && l1.Bits&(wordform.Letter|wordform.Digit) == 0 {
		first = 1
	}
	keys := s.keys[:0]
	t := uint32(0)
	add := func(a, b, c, d uint32) {
		keys = append(keys, perceptron.Hash(t, a, b, c, d))
		t++
	}
	add(w0.Lower, 0, 0, 0)
	add(w0.Exact, first, s.caps, 0)
	add(w0.Suffix[0], 0, 0, 0)
	add(w0.Suffix[1], 0, 0, 0)
	add(w0.Suffix[2], 0, 0, 0)
	add(w0.Suffix[3], 0, 0, 0)
	add(w0.Prefix[0], 0, 0, 0)
	add(w0.Prefix[1], 0, 0, 0)
	add(w0.Prefix[2], 0, 0, 0)
	add(w0.Shape, first, s.caps, 0)
	add(w0.Fine, 0, 0, 0)
	add(w0.Coarse, uint32(w0.Bits), 0, 0)
	add(a0, w0.quote, 0, 0)
	add(t1, 0, 0, 0)
	add(t1, t2, 0, 0)
	add(t1, w0.Lower, 0, 0)
	add(t1, a0, 0, 0)
	add(t1, t2, a0, 0)
	add(t1, a0, a1, 0)
	add(t1, a1, 0, 0)
	add(t1, w0.Suffix[2], 0, 0)
	add(t1, w0.Suffix[1], r1.Coarse, 0)
	add(t1, w0.Fine, 0, 0)
	add(t1, r1.Fine, 0, 0)
	add(t1, r1.Lower, 0, 0)
	add(l1.Lower, 0, 0, 0)
	add(l2.Lower, 0, 0, 0)
	add(r1.Lower, 0, 0, 0)
	add(r2.Lower, 0, 0, 0)
	add(l1.Suffix[2], 0, 0, 0)
	add(r1.Suffix[2], 0, 0, 0)
	add(l1.Fine, w0.Suffix[1], 0, 0)
	add(r1.Fine, w0.Suffix[1], 0, 0)
	add(w0.Lower, l1.Lower, 0, 0)
	add(w0.Lower, r1.Lower, 0, 0)
	add(w0.Lower, r1.Fine, 0, 0)
	add(w0.Fine, r1.Fine, 0, 0)
	add(w0.Fine, l1.Fine, 0, 0)
	add(l1.Fine, l2.Fine, 0, 0)
	add(r1.Fine, r2.Fine, 0, 0)
	add(a0, a1, 0, 0)
	add(a0, a1, a2, 0)
	add(a0, r1.Suffix[2], 0, 0)
	add(w0.Shape, l1.Shape, first, 0)
	add(w0.Shape, r1.Shape, first, 0)
	add(w0.Shape, w0.Suffix[2], first, 0)
	add(w0.Lower, l1.Lower, r1.Lower, 0)
	s.keys = keys
}
