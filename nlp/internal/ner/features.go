package ner

import (
	"errors"
	"sync"

	"onrecord/internal/perceptron"
	"onrecord/nlp/internal/gazetteer"
	"onrecord/nlp/internal/wordform"
)

var errClasses = errors.New("ner: model of other classes")

// word is what the model sees of a word.
type word struct {
	form  wordform.Form
	tag   uint32
	hash  uint32 // of package gazetteer
	known gazetteer.Kind
	place uint32 // part in the longest name of a place that begins here or before: 0 none, 1 only word, 2 first, 3 later
	caps  bool   // may be a name's own word: capital or digit
	in    bool   // candidate
	run   int32  // which run
}

// run is a stretch of words that a name may be in.
type run struct {
	from, to    int // words [from, to)
	first, last uint32
	before      uint32 // word before it, hash
	after       uint32
	given       bool // has a first name
	place       bool // has the name of a place
	length      uint32
}

type sentence struct {
	words  []word // two of margin on both sides
	runs   []run
	caps   uint32 // 1 when most words of the sentence are capitalised
	keys   []perceptron.Key
	scores [perceptron.MaxClasses]int32
	search search
}

var scratch = sync.Pool{New: func() any { return new(sentence) }}

// connects reports whether a word that is not capitalised may stand inside a
// name: "University of Oldtown", "Ann-Marie", "Johnson & Johnson".
func connects(w string) bool {
	switch w {
	case "of", "the", "and", "&", "for", "de", "la", "del", "da", "di", "do", "dos", "du", "des", "le", "van", "von", "der", "den", "ter",
		"el", "al", "bin", "ibn", "bint", "ben", "abu", "y", "e", "on", "in", "to", "at", "'s", "’s", "'", "’", "-", "–", "/", ".", "!":
		return true
	}
	return false
}

// bridge is the greatest number of connecting words in a row inside a name.
const bridge = 3

// longestPlace is how many words the name of a place may have.
const longestPlace = 5

func (s *sentence) read(words, tags []string) {
	n := len(words) + 4
	if cap(s.words) < n {
		s.words = make([]word, n)
	}
	s.words = s.words[:n]
	for _, i := range []int{0, 1, n - 2, n - 1} {
		s.words[i] = word{run: -1}
	}
	capital, letters := 0, 0
	for i, text := range words {
		w := &s.words[i+2]
		*w = word{form: wordform.Of(text), tag: tagHash(tags[i]), run: -1}
		w.caps = w.form.Bits&(wordform.Capital|wordform.Digit) != 0 && w.form.Bits&wordform.Letter != 0
		if !w.caps && w.form.Bits&wordform.Letter != 0 && upperInside(text) {
			w.caps = true // "iRobot", "al-Masri"
		}
		if w.form.Bits&wordform.Letter != 0 {
			letters++
			if w.caps {
				capital++
			}
		}
	}
	s.caps = 0
	if letters > 3 && 3*capital > 2*letters {
		s.caps = 1
	}
	// Candidates: capitalised words and what connects them.
	for i := range words {
		if !s.words[i+2].caps {
			continue
		}
		s.words[i+2].in = true
		for j := i + 1; j < len(words) && j <= i+bridge+1; j++ {
			if s.words[j+2].caps {
				for k := i + 1; k < j; k++ {
					s.words[k+2].in = true
				}
				break
			}
			if !connects(words[j]) && s.words[j+2].form.Bits&wordform.Digit == 0 {
				break
			}
		}
	}
	s.runs = s.runs[:0]
	for i := 0; i < len(words); {
		if !s.words[i+2].in {
			i++
			continue
		}
		r := run{from: i}
		for i < len(words) && s.words[i+2].in {
			w := &s.words[i+2]
			w.hash = gazetteer.Hash(words[i])
			if w.caps {
				w.known = gazetteer.Word(w.hash)
			}
			w.run = int32(len(s.runs))
			i++
		}
		r.to = i
		s.runs = append(s.runs, r)
	}
	for i := range s.runs {
		r := &s.runs[i]
		s.markPlaces(words, r)
		r.first, r.last = s.words[r.from+2].form.Lower, s.words[r.to+1].form.Lower
		r.before, r.after = s.words[r.from+1].form.Lower, s.words[r.to+2].form.Lower
		r.length = uint32(min(r.to-r.from, 6))
		for j := r.from; j < r.to; j++ {
			w := &s.words[j+2]
			r.given = r.given || w.known&gazetteer.GivenName != 0
			r.place = r.place || w.place != 0
		}
	}
}

// markPlaces marks the longest names of places in a run.
func (s *sentence) markPlaces(words []string, r *run) {
	for i := r.from; i < r.to; {
		best := 0
		h := s.words[i+2].hash
		if s.words[i+2].caps {
			if s.words[i+2].known&gazetteer.PlaceName != 0 {
				best = 1
			}
			for n := 2; n <= longestPlace && i+n <= r.to; n++ {
				if len(words[i+n-1]) > 32 {
					break
				}
				h = gazetteer.Join(h, words[i+n-1])
				if gazetteer.IsPlaceHash(h) {
					best = n
				}
			}
		}
		for k := range best {
			s.words[i+k+2].place = 3
		}
		switch best {
		case 0:
		case 1:
			s.words[i+2].place = 1
		default:
			s.words[i+2].place = 2
		}
		i += max(best, 1)
	}
}

func upperInside(text string) bool {
	for i := 1; i < len(text) && i < 32; i++ {
		if 'A' <= text[i] && text[i] <= 'Z' {
			return true
		}
	}
	return false
}

func tagHash(tag string) uint32 {
	h := uint32(2166136261)
	for i := range len(tag) {
		h = (h ^ uint32(tag[i])) * 16777619
	}
	return h ^ h>>15
}

func (s *sentence) candidate(i int) bool { return s.words[i+2].in }

// contexts is how many kinds of word the scores of pairs tell apart.
const contexts = 4

// context tells what kind of word i is: capitalised or not, after a
// capitalised word or not.
func (s *sentence) context(i int) int {
	c := 0
	if s.words[i+2].caps {
		c |= 1
	}
	if s.words[i+1].caps {
		c |= 2
	}
	return c
}

// pairKeys are the features for a class that follows class a in a context.
func pairKeys(context, a int) []perceptron.Key {
	return []perceptron.Key{
		perceptron.Hash(900, uint32(a), 0, 0, 0),
		perceptron.Hash(901, uint32(a), uint32(context), 0, 0),
	}
}

// features fills s.keys for word i, a candidate.
func (s *sentence) features(i int) {
	w := s.words[i : i+5 : i+5]
	l2, l1, w0, r1, r2 := &w[0], &w[1], &w[2], &w[3], &w[4]
	r := &s.runs[w0.run]
	first := uint32(0)
	if i == 0 || i == 1 && l1.form.Bits&wordform.Letter == 0 {
		first = 1
	}
	place := uint32(min(i-r.from, 3))<<3 | uint32(min(r.to-1-i, 3))
	gaz := uint32(w0.known)<<2 | w0.place
	gazl, gazr := uint32(l1.known)<<2|l1.place, uint32(r1.known)<<2|r1.place
	runGaz := uint32(0)
	if r.given {
		runGaz |= 1
	}
	if r.place {
		runGaz |= 2
	}
	keys := s.keys[:0]
	t := uint32(600)
	add := func(a, b, c, d uint32) {
		keys = append(keys, perceptron.Hash(t, a, b, c, d))
		t++
	}
	add(0, 0, 0, 0)
	add(w0.form.Lower, 0, 0, 0)
	add(w0.form.Exact, 0, 0, 0)
	add(w0.tag, first, 0, 0)
	add(w0.form.Shape, first, s.caps, 0)
	add(uint32(w0.form.Bits), s.caps, first, 0)
	add(w0.form.Suffix[1], 0, 0, 0)
	add(w0.form.Suffix[2], 0, 0, 0)
	add(w0.form.Suffix[3], 0, 0, 0)
	add(w0.form.Prefix[1], 0, 0, 0)
	add(w0.form.Prefix[2], 0, 0, 0)
	add(w0.form.Fine, 0, 0, 0)
	add(w0.form.Coarse, w0.tag, 0, 0)
	add(gaz, 0, 0, 0)
	add(gaz, first, w0.tag, 0)
	add(gazl, gaz, 0, 0)
	add(gaz, gazr, 0, 0)
	add(gazl, gaz, gazr, 0)
	add(l1.form.Lower, 0, 0, 0)
	add(l2.form.Lower, 0, 0, 0)
	add(r1.form.Lower, 0, 0, 0)
	add(r2.form.Lower, 0, 0, 0)
	add(l1.form.Lower, l2.form.Lower, 0, 0)
	add(r1.form.Lower, r2.form.Lower, 0, 0)
	add(l1.form.Lower, w0.form.Lower, 0, 0)
	add(w0.form.Lower, r1.form.Lower, 0, 0)
	add(l1.form.Fine, 0, 0, 0)
	add(r1.form.Fine, 0, 0, 0)
	add(l2.form.Fine, 0, 0, 0)
	add(r2.form.Fine, 0, 0, 0)
	add(l1.form.Fine, w0.form.Fine, 0, 0)
	add(w0.form.Fine, r1.form.Fine, 0, 0)
	add(l1.form.Fine, gaz, 0, 0)
	add(r1.form.Fine, gaz, 0, 0)
	add(l1.tag, w0.tag, 0, 0)
	add(w0.tag, r1.tag, 0, 0)
	add(l1.tag, w0.tag, r1.tag, 0)
	add(l2.tag, l1.tag, w0.tag, 0)
	add(w0.tag, r1.tag, r2.tag, 0)
	add(l1.form.Shape, w0.form.Shape, r1.form.Shape, 0)
	add(l1.form.Suffix[2], 0, 0, 0)
	add(r1.form.Suffix[2], 0, 0, 0)
	// The run.
	add(place, r.length, 0, 0)
	add(place, gaz, runGaz, 0)
	add(r.last, place&7, 0, 0)
	add(r.first, place>>3, 0, 0)
	add(r.before, place>>3, 0, 0)
	add(r.after, place&7, 0, 0)
	add(s.words[r.to+1].form.Fine, place, 0, 0)
	add(s.words[r.from+2].form.Fine, place, 0, 0)
	add(s.words[r.from+1].form.Fine, r.length, place>>3, 0)
	add(s.words[r.to+2].form.Fine, r.length, place&7, 0)
	add(s.words[r.to+1].form.Suffix[2], place&7, 0, 0)
	add(runGaz, r.length, place, 0)
	s.keys = keys
}
