package book

import (
	"slices"
	"strings"

	"onrecord/quote"
)

// Clash is two statements of one speaker that a reader may want to see side by
// side: the same thing with different numbers, or denied once and not the other
// time. Things change between two statements, and so do questions: it says
// nothing about whether either holds.
type Clash struct {
	Kind ClashKind
	Of   string // what is counted, in the older one's words; empty for a denial
	A, B Item   // the older one first
}

// ClashKind is how two statements differ.
type ClashKind string

// The kinds of clash.
const (
	Numbers ClashKind = "numbers"
	Denial  ClashKind = "denial"
)

// maxClashes bounds the clashes that are listed.
const maxClashes = 10

// Clashes compares what one speaker said in different articles. Person tells
// who somebody is, by Item.Speaker and Sort: items of different numbers are not
// compared, nor is anything below 0, or at second hand.
func Clashes(items []Item, person func(*Item) int) []Clash {
	var out []Clash
	read := make([]statement, len(items))
	who := make([]int, len(items))
	said := map[int]int{}
	for i := range items {
		who[i] = person(&items[i])
		said[who[i]]++
	}
	stems := map[string]string{}
	for i := range items {
		if who[i] >= 0 && said[who[i]] > 1 {
			read[i] = statementOf(&items[i], stems)
		}
	}
	for i := range items {
		for j := i + 1; j < len(items) && len(out) < maxClashes; j++ {
			a, b := &items[j], &items[i] // items come newest first
			if who[i] < 0 || who[i] != who[j] || a.Kind != Quote || b.Kind != Quote || a.Of != "" || b.Of != "" || a.Article.Key == b.Article.Key {
				continue
			}
			if c, ok := compare(read[j], read[i]); ok {
				c.A, c.B = *a, *b
				out = append(out, c)
			}
		}
	}
	return out
}

// statement is an item as it is compared.
type statement struct {
	item   *Item
	stems  map[string]bool // without small words and numbers
	sketch sketch          // of the stems
	denies bool
}

// negations turn a statement around.
var negations = map[string]bool{"not": true, "no": true, "never": true, "none": true, "nobody": true, "nothing": true, "without": true, "neither": true}

// statementOf reads an item. Stems keeps the stem of each word, since words
// come again.
func statementOf(it *Item, stems map[string]string) statement {
	s := statement{item: it, stems: map[string]bool{}, denies: it.Stance == string(quote.Denied)}
	for _, w := range foldedWords(it.Text) {
		if negations[w] || strings.HasSuffix(w, "nt") && contractions[w] {
			s.denies = !s.denies
			continue
		}
		st, known := stems[w]
		if !known {
			st = stem(w)
			stems[w] = st
		}
		if !small[st] && !strings.ContainsAny(w, "0123456789") && !slices.Contains(numerals, w) && scales[w] == 0 {
			s.stems[st] = true
			s.sketch.add(st)
		}
	}
	return s
}

var contractions = func() map[string]bool {
	m := map[string]bool{}
	for w := range strings.FieldsSeq("dont doesnt didnt isnt arent wasnt werent wont wouldnt cant couldnt shouldnt hasnt havent hadnt aint") {
		m[w] = true
	}
	return m
}()

// shared counts the stems that both have; it may give 0 for fewer than three,
// or than a third of the shorter one's.
func shared(a, b statement) int {
	if len(a.stems) > len(b.stems) {
		a, b = b, a
	}
	if most := len(a.stems) - a.sketch.missing(&b.sketch); most < 3 || 3*most < len(a.stems) {
		return 0
	}
	n := 0
	for s := range a.stems {
		if b.stems[s] {
			n++
		}
	}
	return n
}

// compare looks for a clash. Numbers clash when they count the same thing and
// two more words, and a third of all, are the same. A denial needs half of all
// words.
func compare(a, b statement) (Clash, bool) {
	n := shared(a, b)
	small := min(len(a.stems), len(b.stems))
	if n < 3 {
		return Clash{}, false
	}
	if 3*n >= small {
		for _, x := range a.item.Numbers {
			for _, y := range b.item.Numbers {
				if x.Of == y.Of && x.Value != y.Value && only(a.item.Numbers, x.Of) && only(b.item.Numbers, y.Of) {
					return Clash{Kind: Numbers, Of: x.Text}, true
				}
			}
		}
	}
	if a.denies != b.denies && 2*n >= max(len(a.stems), len(b.stems)) {
		return Clash{Kind: Denial}, true
	}
	return Clash{}, false
}

// only reports whether one number alone counts that.
func only(all []Number, of string) bool {
	n := 0
	for _, x := range all {
		if x.Of == of {
			n++
		}
	}
	return n == 1
}
