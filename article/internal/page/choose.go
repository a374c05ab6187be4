package page

import (
	"hash/fnv"
	"strings"
	"unicode"

	"golang.org/x/net/html/atom"
)

// weigh gives each block its worth as prose and each element its role, and
// finds the blocks that the JSON-LD body tells of.
func (b *body) weigh(told string) {
	l := b.layout
	known := shingles(told)
	for i := range l.blocks {
		k := &l.blocks[i]
		k.prose = prose(k)
		if len(known) > 0 && len(k.text) < 20_000 {
			k.told = within(k.text, known)
		}
	}
	sums := l.sums(func(k *block) float64 { return k.prose })
	all := sums[len(l.blocks)]
	toldSums := l.sums(func(k *block) float64 {
		if k.told {
			return float64(k.letters)
		}
		return 0
	})
	toldAll := toldSums[len(l.blocks)]
	// What holds most of the prose is no clutter whatever its name, and neither
	// are the several parts of one kind that together hold it.
	kinds := map[string]float64{}
	for _, e := range l.all[1:] {
		if e.role > roleDek {
			kinds[e.kind()] += sums[e.last] - sums[e.first]
		}
	}
	for _, e := range l.all[1:] {
		own := e.role
		if own > roleDek && all > 0 {
			share := kinds[e.kind()] / all
			switch own {
			case roleVeiled:
				if share > 0.8 {
					own = roleNone
				}
			case roleComment:
				if share > 0.5 && b.titled(e) {
					own = roleNone
				}
			default:
				if share > 0.5 || (share > 0.1 && b.titled(e)) {
					own = roleNone
				}
			}
			if toldAll > 400 && toldSums[e.last]-toldSums[e.first] > 0.5*toldAll && own != roleVeiled {
				own = roleNone
			}
		}
		e.role = own
		e.clutter = max(stand(e.parent.clutter), own)
	}
}

// kind names the elements that are made alike.
func (e *element) kind() string { return e.node.Data + " " + attr(e.node, "class") }

// titled says whether the title of the page stands in the element.
func (b *body) titled(e *element) bool {
	return b.titleAt >= e.first && b.titleAt < e.last
}

// prose gives the worth of a block: its letters outside links when it reads
// like sentences, nothing when not.
func prose(k *block) float64 {
	n, free := float64(k.letters), float64(k.letters-k.linked)
	if k.letters < 30 || free < 0.5*n {
		return 0
	}
	switch k.tag {
	case atom.H1, atom.H2, atom.H3, atom.H4, atom.H5, atom.H6, atom.Tr, atom.Figcaption:
		return 0
	}
	w := free
	if !ended(k.text) {
		if k.letters < 100 {
			return 0
		}
		w *= 0.5
	}
	if k.tag == atom.Li || k.tag == atom.Td || k.tag == atom.Dd {
		w *= 0.7
	}
	return w
}

// ended says whether a text ends as a sentence does.
func ended(s string) bool {
	s = strings.TrimRight(s, "\"'”’»)]』」 ♦\u00a0")
	if s == "" {
		return false
	}
	for _, end := range []string{".", "!", "?", "…", ":", ";", "。", "！", "？", "।", "؟", "۔"} {
		if strings.HasSuffix(s, end) {
			return true
		}
	}
	return false
}

// sums gives running totals over the blocks, so that an element's share is a
// difference of two.
func (l *layout) sums(f func(*block) float64) []float64 {
	sums := make([]float64, len(l.blocks)+1)
	for i := range l.blocks {
		sums[i+1] = sums[i] + f(&l.blocks[i])
	}
	return sums
}

// choose finds the element that holds the article.
func (b *body) choose() {
	l := b.layout
	worth := func(k *block) float64 {
		if k.in.clutter > roleDek {
			return 0
		}
		return k.prose
	}
	sums := l.sums(worth)
	if sums[len(l.blocks)] < 300 {
		sums = l.sums(func(k *block) float64 { // a page of lists
			if k.in.clutter > roleDek || k.linked*3 > k.letters {
				return 0
			}
			return float64(k.letters) + k.prose
		})
	}
	e := b.descend(l.root, sums)
	if a := b.titledArticle(sums); a != nil && (e.first < a.first || e.last > a.last) && (e.last <= a.first || e.first >= a.last) {
		e = b.descend(a, sums)
	}
	b.in, b.start, b.end = e, e.first, e.last
}

// titledArticle gives the article element that shows the title, if it has text.
func (b *body) titledArticle(sums []float64) *element {
	if b.titleAt < 0 {
		return nil
	}
	for e := b.layout.blocks[b.titleAt].in; e != nil; e = e.parent {
		if e.node.DataAtom == atom.Article {
			if sums[e.last]-sums[e.first] > 250 {
				return e
			}
			return nil
		}
	}
	return nil
}

// descend follows the prose down from an element to the one that holds it.
func (b *body) descend(e *element, sums []float64) *element {
	all := sums[e.last] - sums[e.first]
	for {
		var best *element
		var most float64
		for _, k := range e.kids {
			if w := sums[k.last] - sums[k.first]; w > most {
				best, most = k, w
			}
		}
		total := sums[e.last] - sums[e.first]
		if best == nil || most < 0.7*total {
			break
		}
		if e.role == roleBody && total > 0.6*all {
			break
		}
		if len(best.kids) == 0 && best.last-best.first <= 1 {
			break // a lone paragraph: its parent holds the article
		}
		e = best
	}
	return e
}

// shingles gives the hashed runs of four words of a text.
func shingles(s string) map[uint64]bool {
	if s == "" {
		return nil
	}
	w := foldWords(s)
	if len(w) < 20 {
		return nil
	}
	set := make(map[uint64]bool, len(w))
	for i := 0; i+4 <= len(w); i++ {
		set[hashWords(w[i:i+4])] = true
	}
	return set
}

func hashWords(w []string) uint64 {
	h := fnv.New64a()
	for _, s := range w {
		h.Write([]byte(s))
		h.Write([]byte{0})
	}
	return h.Sum64()
}

// within says whether most of a text stands in the text that known was made of.
func within(s string, known map[uint64]bool) bool {
	w := foldWords(s)
	if len(w) < 4 {
		return false
	}
	hit := 0
	for i := 0; i+4 <= len(w); i++ {
		if known[hashWords(w[i:i+4])] {
			hit++
		}
	}
	return hit*10 >= 7*(len(w)-3)
}

// foldWords cuts a text into lower-case words of letters and digits; an
// ideograph is a word.
func foldWords(s string) []string {
	var words []string
	start := -1
	lower := strings.ToLower(s)
	for i, r := range lower {
		wide := r >= 0x2e80 && r < 0xa000
		if !wide && (unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.Is(unicode.Mn, r)) {
			if start < 0 {
				start = i
			}
			continue
		}
		if start >= 0 {
			words = append(words, lower[start:i])
			start = -1
		}
		if wide && unicode.IsLetter(r) {
			words = append(words, string(r))
		}
	}
	if start >= 0 {
		words = append(words, lower[start:])
	}
	return words
}

// fold gives the words of a text for comparing.
func fold(s string) string { return strings.Join(foldWords(s), " ") }

// key gives what two blocks must share to count as the same.
func key(s string) string {
	if len(s) > 2000 {
		s = s[:2000]
	}
	return fold(s)
}
