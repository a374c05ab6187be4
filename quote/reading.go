package quote

import (
	"slices"
	"sort"
	"strings"

	"onrecord/nlp"
)

// A reading is a document with what the stages look up all the time, worked
// out once: which words stand in quotation marks.
type reading struct {
	*nlp.Document
	small       []string // per token: its word in small letters
	marks       []mark
	markOf      []int // per token: index of the outermost passage in marks that holds it, or -1
	isMark      []bool
	paragraphOf []int  // per mark: index of its paragraph
	timeCovers  []bool // per token: part of a time expression
}

func newReading(doc *nlp.Document) *reading {
	n := len(doc.Tokens)
	r := &reading{
		Document:   doc,
		small:      make([]string, n),
		markOf:     make([]int, n),
		isMark:     make([]bool, n),
		timeCovers: make([]bool, n),
	}
	for i := range doc.Tokens {
		r.small[i] = strings.ToLower(doc.Tokens[i].Text)
	}
	r.marks = findMarks(doc)
	r.closeOpen()
	r.placeMarks()
	for _, t := range doc.Times {
		for i := t.First; i < t.Last; i++ {
			r.timeCovers[i] = true
		}
	}
	return r
}

// left and right bound the phrase that token i heads: tokens [left, right).
func (r *reading) left(i int) int  { first, _ := r.Subtree(i); return first }
func (r *reading) right(i int) int { _, last := r.Subtree(i); return last }

// closeOpen ends a passage without closing mark before the attribution that
// follows it: `“We simply ran, Dario Quill said.`
func (r *reading) closeOpen() {
	for m := range r.marks {
		q := &r.marks[m]
		goesOn := m+1 < len(r.marks) && r.marks[m+1].continued && r.marks[m+1].depth == 0
		if !q.open || q.depth > 0 || goesOn {
			continue
		}
		first, last := r.TokensIn(q.Span)
		for i := first + 2; i < last; i++ {
			if !r.is(i, "said", "says", "asked", "added", "told") || i+1 < last && !r.is(i+1, ".", ",") {
				continue
			}
			for k := i - 1; k > first && k > i-8; k-- {
				if r.is(k, ",", "?", "!") {
					end := r.Tokens[k].End
					q.End, q.inner.End, q.open = end, end, false
					break
				}
			}
			break
		}
	}
}

// placeMarks notes for each token the outermost passage around it.
func (r *reading) placeMarks() {
	for i := range r.markOf {
		r.markOf[i] = -1
	}
	r.paragraphOf = make([]int, len(r.marks))
	t, p := 0, 0
	for m, q := range r.marks {
		for p < len(r.Paragraphs)-1 && r.Paragraphs[p].End <= q.Start {
			p++
		}
		r.paragraphOf[m] = p
		if q.depth > 0 {
			continue
		}
		for t < len(r.Tokens) && r.Tokens[t].End <= q.Start {
			t++
		}
		for ; t < len(r.Tokens) && r.Tokens[t].Start < q.End; t++ {
			r.markOf[t] = m
			tok := r.Tokens[t].Span
			r.isMark[t] = tok.End <= q.inner.Start || tok.Start >= q.inner.End
		}
	}
}

// span gives the bytes of the tokens [first, last).
func (r *reading) span(first, last int) nlp.Span {
	return r.SpanOf(first, last)
}

// lower gives the word of a token in small letters; outside the text it is "".
func (r *reading) lower(i int) string {
	if i < 0 || i >= len(r.Tokens) {
		return ""
	}
	return r.small[i]
}

func (r *reading) word(i int) string {
	if i < 0 || i >= len(r.Tokens) {
		return ""
	}
	return r.Tokens[i].Text
}

func (r *reading) tag(i int) string {
	if i < 0 || i >= len(r.Tokens) {
		return ""
	}
	return r.Tokens[i].Tag
}

// is reports whether token i is one of the words, given in small letters.
func (r *reading) is(i int, words ...string) bool { return slices.Contains(words, r.lower(i)) }

// wordIn reports whether one of tokens [first, last) is the word.
func (r *reading) wordIn(word string, first, last int) bool {
	for i := first; i < min(last, len(r.Tokens)); i++ {
		if r.is(i, word) {
			return true
		}
	}
	return false
}

// sentence gives the sentence of a token.
func (r *reading) sentence(i int) nlp.Sentence { return r.Sentences[r.Tokens[i].Sentence] }

// under reports whether token i is below (or is) head in the tree.
func (r *reading) under(i, head int) bool {
	for steps := 0; i >= 0 && steps < 400; steps++ {
		if i == head {
			return true
		}
		i = r.Tokens[i].Head
	}
	return false
}

func isVerbTag(tag string) bool { return strings.HasPrefix(tag, "VB") }

func isNounTag(tag string) bool {
	return strings.HasPrefix(tag, "NN") || tag == "PRP" || tag == "CD"
}

// punct reports whether token i is punctuation, quotation marks included.
func (r *reading) punct(i int) bool {
	if i < 0 || i >= len(r.Tokens) {
		return true
	}
	t := r.Tokens[i].Text
	return t != "" && strings.IndexFunc(t, wordRune) < 0 && !strings.ContainsAny(t, "$%€£#@&")
}

// dash reports whether token i parts clauses as a dash does.
func (r *reading) dash(i int) bool { return r.is(i, "—", "–", "--", "-", "―") }

// trim takes punctuation off the end of tokens [first, last), and spaces and
// commas off its beginning; quotation marks and brackets stay.
func (r *reading) trim(first, last int) (int, int) {
	for first < last && r.is(first, ",", ";", ":", "—", "–", "--", "-", ".") {
		first++
	}
	for first < last && r.is(last-1, ",", ";", ":", "—", "–", "--", "-", ".", "...", "…", "?", "!") {
		last--
	}
	return first, last
}

// timeAt gives the time expression that begins at token i, or -1.
func (r *reading) timeAt(i int) int {
	at := sort.Search(len(r.Times), func(k int) bool { return r.Times[k].First >= i })
	if at < len(r.Times) && r.Times[at].First == i {
		return at
	}
	return -1
}
