package quote

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"onrecord/nlp"
)

// A mark is a passage in quotation marks. Span includes the marks.
type mark struct {
	nlp.Span
	inner     nlp.Span // what stands between the marks
	depth     int      // 0 outside every other passage
	continued bool     // takes up the passage of the paragraph before, which did not close
	open      bool     // no closing mark; Span then ends with its paragraph or sentence
}

// maxDepth bounds how deep quotations nest; what is deeper stays part of the
// passage around it.
const maxDepth = 4

// maxSingle bounds in bytes how far a single quotation mark looks for its
// partner: without it a text full of apostrophes would take quadratic time.
const maxSingle = 3000

// closers gives for each mark that can only open the marks that close it.
// Writers mix styles, so a curly mark may be closed by a straight one.
var closers = map[rune]string{
	'“':  "”\"",
	'„':  "“”\"",
	'«':  "»",
	'‹':  "›",
	'‘':  "’'",
	'"':  "\"”",
	'\'': "'’",
}

// openMark is a passage that has begun and not yet ended.
type openMark struct {
	opener    rune
	start     int
	inner     int
	closeAt   int // for single marks: where the partner was found
	continued bool
}

// findMarks finds every passage in quotation marks, in the order in which the
// passages begin; one that lies inside another comes after it.
//
// It goes through each paragraph once with a stack. Apostrophes are told from
// single quotation marks by looking for a partner; a passage that is still
// open at the end of a paragraph goes on in the next if that one opens with
// the same mark, as newspapers do, and otherwise ends with its paragraph.
func findMarks(doc *nlp.Document) []mark {
	var found []mark
	var carried rune // the mark left open by the paragraph before
	for i, p := range doc.Paragraphs {
		if p.End <= doc.Body {
			continue
		}
		goesOn := i+1 < len(doc.Paragraphs) && strings.HasPrefix(doc.Paragraphs[i+1].Text(doc.Text), "‘")
		var marks []mark
		marks, carried = marksIn(doc.Text, p, carried, goesOn)
		found = append(found, marks...)
	}
	return found
}

// marksIn finds the passages of one paragraph. carried is the mark that the
// paragraph before left open, left the one that this paragraph leaves open;
// singleGoesOn says that the next paragraph begins with a single mark.
func marksIn(text string, p nlp.Span, carried rune, singleGoesOn bool) (found []mark, left rune) {
	var stack []openMark
	var order []int // of found, for the passages on the stack
	begin := func(o openMark) {
		order = append(order, len(found))
		stack = append(stack, o)
		found = append(found, mark{depth: len(stack) - 1, continued: o.continued})
	}
	// end closes the innermost passage.
	end := func(inner, outer int, open bool) {
		top := stack[len(stack)-1]
		m := &found[order[len(order)-1]]
		m.Span, m.inner, m.open = nlp.Span{Start: top.start, End: outer}, nlp.Span{Start: top.inner, End: inner}, open
		stack, order = stack[:len(stack)-1], order[:len(order)-1]
	}

	prev := ' ' // rune before i
	for i := p.Start; i < p.End; {
		r, size := utf8.DecodeRuneInString(text[i:])
		if r == '`' && strings.HasPrefix(text[i:p.End], "``") {
			r, size = '“', 2
		} else if n := len(stack); r == '\'' && strings.HasPrefix(text[i:p.End], "''") && !(n > 0 && single(stack[n-1].opener) && stack[n-1].closeAt == i) {
			r, size = '"', 2 // some agencies send two apostrophes for either mark
		}
		next, _ := utf8.DecodeRuneInString(text[min(i+size, p.End):p.End])
		if i+size >= p.End {
			next = ' '
		}
		top := len(stack) - 1
		switch {
		case top >= 0 && closesAt(stack[top], r, i, prev, next):
			end(i, i+size, false)
		case top > 0 && doubles(r) && closesAt(stack[top-1], r, i, prev, next) && !opensHere(r, prev, next):
			// The inner passage never closed: the outer mark ends both.
			end(i, i, true)
			end(i, i+size, false)
		case opens(r, prev, next):
			o := openMark{opener: r, start: i, inner: i + size}
			if single(r) {
				o.closeAt = partner(text[:p.End], r, i+size)
				if o.closeAt < 0 && (r != '‘' || i != p.Start || !singleGoesOn) {
					break // an apostrophe
				}
			}
			if top >= 0 && !single(r) && sameFamily(stack[top].opener, r) && !(stack[top].opener == r && nests(r, text[o.inner:p.End])) &&
				!(stack[top].start == p.Start && stack[top].opener == '"' && r == '“' && i > stack[top].inner+1 && insideStraight(text[o.inner:p.End])) {
				// Opened again before it closed: its closing mark is missing.
				cut := sentenceCut(text, stack[top].inner, i)
				end(cut, cut, true)
			}
			if len(stack) == maxDepth {
				break
			}
			o.continued = i == p.Start && carried != 0 && sameFamily(carried, r)
			begin(o)
		}
		prev = r
		i += size
	}
	if len(stack) > 0 {
		left = stack[0].opener
	}
	for len(stack) > 0 {
		end(p.End, p.End, true)
	}
	kept := found[:0]
	for _, m := range found {
		if strings.TrimSpace(m.inner.Text(text)) != "" {
			kept = append(kept, m)
		}
	}
	return kept, left
}

func single(r rune) bool  { return r == '‘' || r == '\'' || r == '’' }
func doubles(r rune) bool { return r == '"' || r == '”' || r == '“' || r == '»' }

// nests reports whether a mark in front of rest that opens inside a passage of its own
// kind belongs to a passage inside that one: two of the next marks close. “I said “later,”
// and I meant it.”
func nests(opener rune, rest string) bool {
	if opener != '“' {
		return false // a straight mark does not tell what it does
	}
	first := strings.IndexAny(rest, "“”")
	if first < 0 || !strings.HasPrefix(rest[first:], "”") {
		return false
	}
	rest = rest[first+len("”"):]
	second := strings.IndexAny(rest, "“”")
	return second >= 0 && strings.HasPrefix(rest[second:], "”")
}

// maxInside bounds, in bytes, how long a paragraph in straight marks may be that holds
// curly ones.
const maxInside = 8000

// insideStraight reports whether a curly passage that begins in front of rest lies inside
// one in straight marks that holds the whole paragraph: it closes, and the last thing is a
// straight mark that nothing opened.
func insideStraight(rest string) bool {
	first := strings.IndexAny(rest, "“”\"")
	if first < 0 || len(rest) > maxInside || !strings.HasPrefix(rest[first:], "”") {
		return false
	}
	rest = strings.TrimSpace(rest[first+len("”"):])
	return strings.IndexByte(rest, '"') == len(rest)-1 && len(rest) > 0
}

// sameFamily reports whether two opening marks are of one level, so that one
// inside the other means a closing mark was forgotten.
func sameFamily(a, b rune) bool {
	return a == b || (a == '“' || a == '"') && (b == '“' || b == '"')
}

// opens reports whether r, between prev and next, can begin a passage.
func opens(r, prev, next rune) bool {
	switch r {
	case '“':
		return true
	case '„':
		return !unicode.IsSpace(next)
	case '«', '‹':
		return !unicode.IsSpace(next) || unicode.IsSpace(prev) // the French way is « ainsi »
	case '"':
		return !unicode.IsSpace(next) && opensHere(r, prev, next)
	case '‘', '\'':
		return !wordRune(prev) && (wordRune(next) || strings.ContainsRune("“\"[…$", next))
	}
	return false
}

// opensHere reports whether a mark that looks the same at both ends stands
// where one opens: after space or an opening bracket.
func opensHere(r, prev, next rune) bool {
	if r != '"' {
		return r == '“' || r == '«'
	}
	if unicode.IsSpace(next) {
		return false
	}
	return unicode.IsSpace(prev) || strings.ContainsRune("([{—–-/“‘'…:,", prev)
}

func closesAt(o openMark, r rune, at int, prev, next rune) bool {
	if single(o.opener) {
		return at == o.closeAt
	}
	if r == '“' && o.opener == '“' {
		return unicode.IsSpace(next) && strings.ContainsRune(",.?!", prev) // an opening mark set by mistake
	}
	if !strings.ContainsRune(closers[o.opener], r) {
		return false
	}
	if r == '"' && unicode.IsSpace(prev) && !unicode.IsSpace(next) {
		return false
	}
	return at >= o.inner
}

// clipped are words that begin with an apostrophe.
var clipped = []string{"cause", "em", "til", "till", "tis", "twas", "n", "bout", "round", "cuz", "un", "ere", "er", "im", "nother"}

// partner finds the single mark that ends a passage opened before from, or
// -1. An apostrophe stands inside a word or after a plural ("the migrants’
// attempts"); a closing mark stands after punctuation, or before something
// that is no word, or is the last one there is.
func partner(text string, opener rune, from int) int {
	word := from
	for word < len(text) && isLetter(text[word]) {
		word++
	}
	if from < len(text) && text[from] >= '0' && text[from] <= '9' && word == from {
		return -1 // ’70s
	}
	for _, c := range clipped {
		if strings.EqualFold(text[from:word], c) {
			return -1
		}
	}
	last := -1
	limit := min(len(text), from+maxSingle)
	prev := ' '
	for i := from; i < limit; {
		r, size := utf8.DecodeRuneInString(text[i:])
		next, _ := utf8.DecodeRuneInString(text[i+size:])
		if i+size >= len(text) {
			next = ' '
		}
		if r == opener && r == '‘' {
			break
		}
		if (r == '’' || r == '\'') && !wordRune(next) && !unicode.IsSpace(prev) {
			plural := (prev == 's' || prev == 'S') && unicode.IsSpace(next) && lowerAfter(text, i+size)
			if !plural {
				return i
			}
			last = i
		}
		if opener == '\'' && r == '\'' && i > from && unicode.IsSpace(prev) && wordRune(next) {
			break // another one opens
		}
		prev = r
		i += size
	}
	return last
}

// lowerAfter reports whether the next word of text begins with a small letter.
func lowerAfter(text string, i int) bool {
	rest := strings.TrimLeft(text[i:min(len(text), i+8)], " ")
	r, _ := utf8.DecodeRuneInString(rest)
	return unicode.IsLower(r)
}

// sentenceCut says where a passage without closing mark ends when another one
// opens at next: after the last full stop, question mark or comma between, or
// right before next.
func sentenceCut(text string, from, next int) int {
	between := text[from:next]
	if i := strings.LastIndexAny(between, ".?!"); i > 0 {
		return from + i + 1
	}
	if i := strings.LastIndexByte(between, ','); i > 0 {
		return from + i + 1
	}
	return from + len(strings.TrimRightFunc(between, unicode.IsSpace))
}

func wordRune(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) }

func isLetter(b byte) bool { return 'a' <= b|0x20 && b|0x20 <= 'z' }
