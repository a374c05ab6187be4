package depparse

import (
	"onrecord/nlp/internal/wordform"
)

// The moves of the parser. s0 is the word on top of the stack, s1 the one
// below, b0 the next word of the buffer.
const (
	shift = iota // push b0
	left         // attach s0 to b0, pop it
	right        // attach s0 to s1, pop it
	none
)

var actions = []string{"shift", "left", "right"}

// onlyMove gives the move of a set that has one member, else none.
var onlyMove = [8]int{none, shift, left, none, right, none, none, none}

// token is a word with what has been attached to it so far. Links are indexes
// of tokens, -1 for none.
type token struct {
	form wordform.Form
	tag  uint32 // hash of the tag
	only uint8  // class plus one of the only relation that the tag allows, 0 when it is open

	head                 int32
	leftmost, left2      int32 // first child, and the first one after it was beaten
	rightmost, right2    int32
	lefts, rights        uint8  // how many children
	rel                  uint8  // class of the label model plus one
	leftRels, rightRels  uint64 // sets of the children's rel, modulo 64
	verbs, commas, marks int32  // how many stand before this token: verbs, commas and the like, quotation marks
}

// parser is the work space for one sentence. The token after the last word is
// the root, the one after that stands for "no word".
type parser struct {
	tokens []token
	n      int // words
	stack  []int32
	next   int // b0
	keys   []uint32
}

func (p *parser) root() int { return p.n }

// none is the token that stands for a missing one.
func (p *parser) none() int { return p.n + 1 }

func (p *parser) read(words, tags []string, only map[string]uint8) {
	n := len(words)
	p.n = n
	if cap(p.tokens) < n+2 {
		p.tokens = make([]token, n+2)
		p.stack = make([]int32, 0, n+2)
	}
	p.tokens = p.tokens[:n+2]
	verbs, commas, marks := int32(0), int32(0), int32(0)
	for i := range p.tokens {
		t := &p.tokens[i]
		*t = token{head: -1, leftmost: -1, left2: -1, rightmost: -1, right2: -1, verbs: verbs, commas: commas, marks: marks}
		switch {
		case i < n:
			t.form = wordform.Of(words[i])
			t.tag = tagHash(tags[i])
			t.only = only[tags[i]]
		case i == n:
			t.tag = tagHash("ROOT")
			t.form.Lower, t.form.Fine, t.form.Coarse = t.tag, t.tag, t.tag
			continue
		default:
			t.tag = tagHash("NONE")
			continue
		}
		switch tag := tags[i]; {
		case tag == "," || tag == ":" || tag == "-LRB-" || tag == "-RRB-":
			commas++
		case tag == "``" || tag == "''":
			marks++
		case len(tag) > 1 && (tag[0] == 'V' || tag == "MD"):
			verbs++
		}
	}
	p.reset()
}

// reset goes back to the beginning of the sentence.
func (p *parser) reset() {
	p.stack = p.stack[:0]
	p.next = 0
	for i := range p.tokens {
		t := &p.tokens[i]
		t.head, t.leftmost, t.left2, t.rightmost, t.right2 = -1, -1, -1, -1, -1
		t.lefts, t.rights, t.rel, t.leftRels, t.rightRels = 0, 0, 0, 0, 0
	}
}

func tagHash(tag string) uint32 {
	h := uint32(2166136261)
	for i := range len(tag) {
		h = (h ^ uint32(tag[i])) * 16777619
	}
	return h ^ h>>15
}

func (p *parser) done() bool { return p.next == p.n && len(p.stack) == 0 }

// allowed gives the set of moves that lead to a tree with one root.
func (p *parser) allowed() int {
	set := 0
	if p.next < p.n {
		set |= 1 << shift
	}
	if d := len(p.stack); d >= 1 && (p.next < p.n || d == 1) {
		set |= 1 << left
	}
	if len(p.stack) >= 2 {
		set |= 1 << right
	}
	return set
}

func (p *parser) shift() {
	p.stack = append(p.stack, int32(p.next))
	p.next++
}

// arc gives the child and the head that a move would join.
func (p *parser) arc(move int) (child, head int) {
	d := len(p.stack)
	child, head = int(p.stack[d-1]), p.next
	if move == right {
		head = int(p.stack[d-2])
	}
	return child, head
}

// attach makes the arc of a move.
func (p *parser) attach(move int, rel uint8) {
	child, head := p.arc(move)
	p.stack = p.stack[:len(p.stack)-1]
	c, h := &p.tokens[child], &p.tokens[head]
	c.head, c.rel = int32(head), rel
	bit := uint64(1) << (rel & 63)
	if child < head {
		// Children on the left come from the inside out.
		h.left2, h.leftmost = h.leftmost, int32(child)
		h.lefts = min(h.lefts+1, 254)
		h.leftRels |= bit
	} else {
		h.right2, h.rightmost = h.rightmost, int32(child)
		h.rights = min(h.rights+1, 254)
		h.rightRels |= bit
	}
}

// chain attaches each word to the one before: the parse without a model.
func (p *parser) chain() {
	for i := range p.n {
		p.tokens[i].head = int32(i - 1)
	}
	p.tokens[0].head = int32(p.root())
}
