// Package worth is the learned part of rating claims: what a sentence looks
// like to a linear model ([Reader.Features]) and the model itself ([Model]).
package worth

import (
	"math"
	"strings"

	"onrecord/nlp"
)

// Group is a family of features. Each has about the same say, however many
// features it gives for a sentence.
type Group uint8

// The families.
const (
	Words  Group = iota // runs of one to three words, digits folded
	Chars               // runs of three to five letters inside words
	Tags                // runs of one to four part-of-speech tags
	Shapes              // runs of two to five: function words as they are, the others by class
	Frames              // who did what: words joined by the tree
	Near                // words of the sentences before and after
	Counts              // length, figures, names, tense, person
	Groups              // how many families there are
)

// Feature is one property of a sentence: a hash and how strongly it holds.
type Feature struct {
	Key   uint32
	Value float32
}

// Reader turns sentences into features. It keeps buffers between calls: one
// goroutine at a time.
type Reader struct {
	Use   [Groups]bool // families wanted
	found []Feature
	from  int // where the family being read begins
	low   []string
	class []string
}

// All wants every family.
func All() *Reader {
	r := &Reader{}
	for g := range r.Use {
		r.Use[g] = true
	}
	return r
}

// Features reads the tokens [first, last) of doc. The result is valid until
// the next call.
func (r *Reader) Features(doc *nlp.Document, first, last int) []Feature {
	r.found = r.found[:0]
	r.low, r.class = r.low[:0], r.class[:0]
	for _, t := range doc.Tokens[first:last] {
		r.low = append(r.low, Fold(t.Text))
		r.class = append(r.class, ClassOf(doc, t))
	}
	if r.Use[Words] {
		r.begin()
		r.runs(r.low, 1, 3, 'w')
		r.end()
	}
	if r.Use[Chars] {
		r.begin()
		for _, w := range r.low {
			r.letters(w)
		}
		r.end()
	}
	if r.Use[Tags] {
		r.begin()
		tags := make([]string, 0, last-first)
		for _, t := range doc.Tokens[first:last] {
			tags = append(tags, t.Tag)
		}
		r.runs(tags, 1, 4, 't')
		r.end()
	}
	if r.Use[Shapes] {
		r.begin()
		r.runs(r.class, 2, 5, 's')
		r.end()
	}
	if r.Use[Frames] {
		r.begin()
		r.frames(doc, first, last)
		r.end()
	}
	if r.Use[Near] {
		r.begin()
		r.near(doc, first, last)
		r.end()
	}
	if r.Use[Counts] {
		r.begin()
		r.counts(doc, first, last)
		r.end()
	}
	return r.found
}

func (r *Reader) begin() { r.from = len(r.found) }

// end scales a family to length one.
func (r *Reader) end() {
	if n := len(r.found) - r.from; n > 0 {
		v := float32(1 / math.Sqrt(float64(n)))
		for i := r.from; i < len(r.found); i++ {
			r.found[i].Value = v
		}
	}
}

func (r *Reader) add(h hash) { r.found = append(r.found, Feature{Key: h.sum()}) }

// runs adds the runs of least to most neighbours.
func (r *Reader) runs(words []string, least, most int, kind byte) {
	for i := -1; i < len(words); i++ {
		h := start(kind)
		for n := 1; n <= most && i+n <= len(words)+1; n++ {
			j := i + n - 1
			switch {
			case j < 0:
				h = h.text("<")
			case j >= len(words):
				h = h.text(">")
			default:
				h = h.text(words[j])
			}
			if n >= least && (n > 1 || j >= 0 && j < len(words)) {
				r.add(h)
			}
		}
	}
}

// letters adds the runs of three to five bytes of a word and its ends.
func (r *Reader) letters(w string) {
	if len(w) < 3 || len(w) > 40 {
		return
	}
	at := func(i int) byte {
		if i < 0 || i >= len(w) {
			return ' '
		}
		return w[i]
	}
	for i := -1; i < len(w); i++ {
		h := start('c')
		for n := 1; n <= 5 && i+n <= len(w)+1; n++ {
			h = h.byte(at(i + n - 1))
			if n >= 3 {
				r.add(h)
			}
		}
	}
}

// frames adds pairs and triples of words that the tree joins: the verb with
// its subject, its object, its auxiliaries, each noun with what it has before
// it.
func (r *Reader) frames(doc *nlp.Document, first, last int) {
	for i := first; i < last; i++ {
		t := doc.Tokens[i]
		if t.Rel == "punct" {
			continue
		}
		r.add(start('r').text(t.Rel).text(t.Lemma))
		if t.Head < first || t.Head >= last {
			continue
		}
		h := doc.Tokens[t.Head]
		r.add(start('p').text(t.Rel).text(lemmaOf(doc, t)).text(lemmaOf(doc, h)))
		r.add(start('q').text(t.Rel).text(r.class[i-first]).text(lemmaOf(doc, h)))
		r.add(start('o').text(t.Rel).text(r.class[i-first]).text(r.class[t.Head-first]))
		if strings.HasPrefix(t.Rel, "nsubj") {
			o := doc.Child(t.Head, "obj", "ccomp", "xcomp", "obl")
			object, modal := "", ""
			if o >= first && o < last {
				object = r.class[o-first]
			}
			if a := doc.Child(t.Head, "aux", "aux:pass", "cop"); a >= first && a < last {
				modal = doc.Tokens[a].Lemma
			}
			r.add(start('f').text(r.class[i-first]).text(h.Lemma).text(object))
			r.add(start('g').text(r.class[i-first]).text(modal).text(h.Tag).text(object))
		}
	}
}

// near adds the words of the sentences next to it.
func (r *Reader) near(doc *nlp.Document, first, last int) {
	if first >= last {
		return
	}
	a, b := doc.Tokens[first].Sentence, doc.Tokens[last-1].Sentence
	side := func(kind byte, s int) {
		if s < 0 || s >= len(doc.Sentences) {
			r.add(start(kind).text("none"))
			return
		}
		for _, t := range doc.Tokens[doc.Sentences[s].First:doc.Sentences[s].Last] {
			if t.Rel != "punct" || t.Text == "?" {
				r.add(start(kind).text(Fold(t.Text)))
			}
		}
	}
	side('b', a-1)
	side('a', b+1)
}

// counts adds coarse facts about the whole sentence.
func (r *Reader) counts(doc *nlp.Document, first, last int) {
	if first >= last {
		return
	}
	span := doc.SpanOf(first, last)
	from, to := doc.NumbersIn(span)
	r.bucket("numbers", to-from, 3)
	units := 0
	for _, n := range doc.Numbers[from:to] {
		if n.Unit != "" {
			units++
		}
		if n.Vague {
			r.add(start('d').text("vague"))
		}
	}
	r.bucket("units", units, 2)
	from, to = doc.MentionsIn(span)
	r.bucket("names", to-from, 3)
	for _, m := range doc.Mentions[from:to] {
		r.add(start('d').text("name").text(string(doc.Entities[m.Entity].Kind)))
	}
	length := last - first
	for _, n := range []int{4, 7, 10, 14, 19, 25, 32, 45} {
		if length > n {
			r.add(start('d').text("longer").number(n))
		}
	}
	past, present, modal, figures := 0, 0, 0, 0
	for i, t := range doc.Tokens[first:last] {
		switch t.Tag {
		case "VBD":
			past++
		case "VBZ", "VBP":
			present++
		case "MD":
			modal++
			r.add(start('d').text("modal").text(t.Lemma))
		case "CD":
			figures++
		}
		switch r.low[i] {
		case "i", "we", "you", "he", "she", "they", "my", "our", "your", "his":
			r.add(start('d').text("person").text(r.low[i]))
		case "not", "n't", "never", "no", "only", "every", "all":
			r.add(start('d').text("not").text(r.low[i]))
		}
	}
	r.bucket("past", past, 3)
	r.bucket("present", present, 3)
	r.bucket("modals", modal, 2)
	r.bucket("figures", figures, 4)
	r.add(start('d').text("ends").text(r.low[len(r.low)-1]))
	r.add(start('d').text("begins").text(r.class[0]))
}

func (r *Reader) bucket(name string, n, most int) {
	r.add(start('d').text(name).number(min(n, most)))
}

// Fold writes a word in lower case, its digits as zeros.
func Fold(w string) string {
	plain := true
	for i := 0; i < len(w) && plain; i++ {
		c := w[i]
		plain = c >= 'a' && c <= 'z'
	}
	if plain {
		return w
	}
	w = strings.ToLower(w)
	return strings.Map(func(c rune) rune {
		switch {
		case c >= '0' && c <= '9':
			return '0'
		case c == '’':
			return '\''
		}
		return c
	}, w)
}

// ClassOf stands for a token where its own word is too rare to learn from.
func ClassOf(doc *nlp.Document, t nlp.Token) string {
	if t.Entity >= 0 {
		return string(doc.Entities[t.Entity].Kind)
	}
	switch t.Tag {
	case "NN", "NNS", "NNP", "NNPS", "JJ", "JJR", "JJS", "VBG", "VBN", "CD", "RBR", "RBS", "FW", "UH", "SYM", "LS", "ADD":
		return t.Tag
	case "VB", "VBD", "VBP", "VBZ":
		switch t.Lemma {
		case "be", "have", "do", "say", "think", "believe", "want", "know", "need", "go", "get", "make", "thank", "let", "hope", "tell", "ask":
			return Fold(t.Text)
		}
		return t.Tag
	}
	return Fold(t.Text)
}

func lemmaOf(doc *nlp.Document, t nlp.Token) string {
	if t.Entity >= 0 {
		return string(doc.Entities[t.Entity].Kind)
	}
	if t.Tag == "CD" {
		return "CD"
	}
	return t.Lemma
}

// hash is FNV-1a, 32 bits.
type hash uint32

func start(kind byte) hash { return hash(2166136261).byte(kind) }

func (h hash) byte(c byte) hash { return (h ^ hash(c)) * 16777619 }

func (h hash) text(s string) hash {
	for i := range len(s) {
		h = h.byte(s[i])
	}
	return h.byte(0)
}

func (h hash) number(n int) hash { return h.byte(byte(n)).byte(0) }

// sum mixes the bits, which FNV leaves poor at the top.
func (h hash) sum() uint32 {
	x := uint32(h)
	x ^= x >> 16
	x *= 0x85ebca6b
	x ^= x >> 13
	x *= 0xc2b2ae35
	return x ^ x>>16
}

// Words is the folded words of the sentence that was read last.
func (r *Reader) Words() []string { return r.low }
