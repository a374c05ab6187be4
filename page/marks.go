package page

import (
	"cmp"
	"slices"

	"onrecord/nlp"
)

// kind is what a mark stands for. It is the first letter of the mark's address.
type kind string

// The kinds of mark. Readers see quotations, claims and clashes in the text; the
// others have an address there and show when they are asked for.
const (
	quotation kind = "q"
	claim     kind = "c"
	clash     kind = "k"
	sentence  kind = "s" // of the summary
	event     kind = "t"
	who       kind = "w"
	where     kind = "p"
	number    kind = "n"
	other     kind = "u" // a claim that is not ranked
)

func (k kind) seen() bool { return k == quotation || k == claim || k == clash }

// mark is one finding in the text.
type mark struct {
	kind   kind
	id     string // "c3": its address in the text
	number int    // 3
	spans  []nlp.Span
	voice  int    // of a quotation or claim: index into voices; -1 for none
	looks  string // classes
	name   string // for whoever hears the page: "Claim 3"
}

// segment is a stretch of text that the same marks cover.
type segment struct {
	nlp.Span
	marks []int // indexes into the marks, as they began
	first []int // marks whose first words these are
	last  []int // marks whose last words these are
}

// together bounds the marks that a segment names. More than a few on the same
// words help nobody, and a hostile text could have thousands.
const together = 8

// segments cuts the pieces of a text, which are in text order, where a mark
// begins or ends. Marks may lie in one another or cross: a segment says which
// ones cover it, so nothing has to nest. Every byte of the pieces lies in one
// segment; the segments of a piece stand in cut[i].
func segments(pieces []nlp.Span, marks []mark) (cut [][]segment) {
	type edge struct {
		at, mark int
		opens    bool
	}
	var edges []edge
	left := make([]int, len(marks)) // spans of each mark that have not ended
	for m := range marks {
		for _, s := range marks[m].spans {
			if s.Empty() {
				continue
			}
			edges = append(edges, edge{s.Start, m, true}, edge{s.End, m, false})
			left[m]++
		}
	}
	slices.SortStableFunc(edges, func(a, b edge) int {
		if a.at == b.at && a.opens != b.opens {
			if a.opens {
				return 1
			}
			return -1
		}
		return cmp.Compare(a.at, b.at)
	})

	begun := make([]bool, len(marks))
	covers := make([]int, len(marks)) // spans of each mark that are open
	var open, waiting []int           // marks, as they began; those whose first words are still to come
	next := 0
	// pass takes in all edges up to and including at; marks that end there are
	// noted with the segment before.
	pass := func(at int, before *segment) {
		for ; next < len(edges) && edges[next].at <= at; next++ {
			m := edges[next].mark
			if edges[next].opens {
				if covers[m]++; covers[m] == 1 {
					open = append(open, m)
				}
				if !begun[m] {
					begun[m] = true
					waiting = append(waiting, m)
				}
				continue
			}
			if covers[m]--; covers[m] == 0 {
				i := slices.Index(open, m)
				open = slices.Delete(open, i, i+1)
			}
			if left[m]--; left[m] == 0 && before != nil {
				before.last = append(before.last, m)
			}
		}
	}

	cut = make([][]segment, len(pieces))
	var before *segment
	for i, piece := range pieces {
		if piece.Empty() {
			continue
		}
		pass(piece.Start, before)
		for at := piece.Start; at < piece.End; {
			end := piece.End
			if next < len(edges) && edges[next].at < end {
				end = edges[next].at
			}
			s := segment{Span: nlp.Span{Start: at, End: end}, marks: slices.Clone(open[:min(len(open), together)])}
			// What began between the pieces and is over has no words here.
			for _, m := range waiting {
				if covers[m] > 0 {
					s.first = append(s.first, m)
				}
			}
			waiting = waiting[:0]
			pass(end, &s)
			cut[i] = append(cut[i], s)
			at = end
		}
		before = &cut[i][len(cut[i])-1]
	}
	return cut
}

// excerpts are the parts of paragraphs that hold words of marks, with some words
// around them.
func excerpts(text string, paragraphs []nlp.Span, marks []mark) [][]nlp.Span {
	var wanted []nlp.Span
	for _, m := range marks {
		if m.kind.seen() || m.kind == sentence {
			wanted = append(wanted, m.spans...)
		}
	}
	slices.SortFunc(wanted, func(a, b nlp.Span) int { return cmp.Compare(a.Start, b.Start) })
	out := make([][]nlp.Span, len(paragraphs))
	w := 0
	for i, p := range paragraphs {
		for w < len(wanted) && wanted[w].End <= p.Start {
			w++
		}
		for j := w; j < len(wanted) && wanted[j].Start < p.End; j++ {
			if !wanted[j].Overlaps(p) {
				continue
			}
			s := nlp.Span{
				Start: wordsBefore(text, p.Start, max(wanted[j].Start, p.Start)),
				End:   wordsAfter(text, p.End, min(wanted[j].End, p.End)),
			}
			if n := len(out[i]); n > 0 && s.Start <= out[i][n-1].End {
				out[i][n-1].End = max(out[i][n-1].End, s.End)
			} else {
				out[i] = append(out[i], s)
			}
		}
	}
	return out
}

// context is how many words an excerpt shows on each side of a mark.
const context = 8

func wordsBefore(text string, least, at int) int {
	for n := 0; at > least; at-- {
		if text[at-1] != ' ' && text[at-1] != '\n' {
			continue
		}
		if n++; n > context {
			break
		}
	}
	return at
}

func wordsAfter(text string, most, at int) int {
	for n := 0; at < most; at++ {
		if text[at] != ' ' && text[at] != '\n' {
			continue
		}
		if n++; n > context {
			break
		}
	}
	return at
}
