package tagger

import (
	"encoding/binary"
	"errors"

	"onrecord/internal/perceptron"
)

// lexicon knows the tags that frequent words bore in the training data, by
// the hash of the word, sorted as in perceptron.Model.
type lexicon struct {
	home  uint64
	words []known
}

type known struct {
	word uint32
	entry
}

// entry is what the lexicon says of a word.
type entry struct {
	tags  uint32 // which set of tags it bears, by number, 0 when not known
	fixed uint32 // class plus one of the only tag it ever bears, else 0
}

const noWord = 1<<32 - 1

func (l lexicon) find(word uint32) entry {
	if l.home == 0 || word == noWord {
		return entry{}
	}
	i := uint64(word) * l.home >> 32
	for l.words[i].word < word {
		i++
	}
	if k := l.words[i]; k.word == word {
		return k.entry
	}
	return entry{}
}

// newLexicon takes words in ascending order.
func newLexicon(words []known) lexicon {
	l := lexicon{home: 2*uint64(len(words)) + 1}
	for _, k := range words {
		for uint64(len(l.words)) < uint64(k.word)*l.home>>32 {
			l.words = append(l.words, known{word: noWord})
		}
		l.words = append(l.words, k)
	}
	for uint64(len(l.words)) <= l.home+1 {
		l.words = append(l.words, known{word: noWord})
	}
	return l
}

var errCorrupt = errors.New("tagger: corrupt model")

// AppendBinary appends the model's file form to b: the lexicon, then the
// weights.
func (m *Model) AppendBinary(b []byte) ([]byte, error) {
	n := 0
	for _, k := range m.lexicon.words {
		if k.word != noWord {
			n++
		}
	}
	b = binary.AppendUvarint(b, uint64(n))
	last := uint32(0)
	for _, k := range m.lexicon.words {
		if k.word != noWord {
			b = binary.AppendUvarint(b, uint64(k.word-last))
			b = binary.AppendUvarint(b, uint64(k.tags))
			b = binary.AppendUvarint(b, uint64(k.fixed))
			last = k.word
		}
	}
	return m.net.AppendBinary(b)
}

// Decode reads what AppendBinary wrote.
func Decode(data []byte) (*Model, error) {
	bad := false
	number := func(limit uint64) uint64 {
		n, size := binary.Uvarint(data)
		if size <= 0 || n > limit {
			bad = true
			return 0
		}
		data = data[size:]
		return n
	}
	words := make([]known, number(uint64(len(data))))
	hash := uint64(0)
	for i := range words {
		hash += number(noWord)
		words[i] = known{uint32(hash), entry{uint32(number(noWord)), uint32(number(perceptron.MaxClasses))}}
		if bad || hash >= noWord {
			return nil, errCorrupt
		}
	}
	net, err := perceptron.Decode(data)
	if err != nil {
		return nil, err
	}
	for _, k := range words {
		if int(k.fixed) > len(net.Classes) {
			return nil, errCorrupt
		}
	}
	return &Model{net: net, lexicon: newLexicon(words)}, nil
}
