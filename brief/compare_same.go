package brief

import (
	"hash/fnv"
	"slices"
	"strings"
	"unicode"

	"onrecord/nlp"
)

// run is how many words make a shingle: five in a row are hardly ever written
// twice by chance (Broder 1997, "On the resemblance and containment of
// documents").
const run = 5

// sameText is the containment from which two articles are called the same
// text.
const sameText = 0.7

// shingles are the five-word runs of the text, hashed, each once.
func (s *side) shingles() map[uint64]bool {
	return shingles(s.doc.Text[min(s.doc.Body, len(s.doc.Text)):])
}

func shingles(text string) map[uint64]bool {
	words := foldedWords(text)
	out := map[uint64]bool{}
	for i := 0; i+run <= len(words); i++ {
		h := fnv.New64a()
		for _, word := range words[i : i+run] {
			h.Write([]byte(word))
			h.Write([]byte{' '})
		}
		out[h.Sum64()] = true
	}
	return out
}

// alike finds the pairs of articles that are the same text, or nearly. All
// runs are compared: of five articles at most a sample of them (MinHash) would
// save nothing.
func (w *world) alike(c *Comparison) {
	sets := make([]map[uint64]bool, len(w.sides))
	for i, s := range w.sides {
		sets[i] = s.shingles()
	}
	w.runs = map[[2]int]float64{}
	for i := range sets {
		for j := i + 1; j < len(sets); j++ {
			small, large := sets[i], sets[j]
			if len(small) > len(large) {
				small, large = large, small
			}
			if len(small) == 0 {
				continue
			}
			common := 0
			for h := range small {
				if large[h] {
					common++
				}
			}
			share := float64(common) / float64(len(small))
			w.runs[[2]int{i, j}] = share
			if share >= sameText {
				a := Alike{A: i, B: j, Share: share}
				a.Edits = w.edits(w.sides[i], w.sides[j])
				if n := len(a.Edits); n > mostEdits {
					a.Edits, a.Others = a.Edits[:mostEdits], n-mostEdits
				}
				c.Alike = append(c.Alike, a)
			}
		}
	}
}

// edits are the sentences in which two nearly equal texts differ, in the order
// of the first text, those that only the second has at the end.
func (w *world) edits(a, b *side) []Edit {
	key := func(s *side, i int) string {
		return strings.Join(foldedWords(s.doc.Sentences[i].Text(s.doc.Text)), " ")
	}
	left := map[string][]int{}
	for j := range b.doc.Sentences {
		left[key(b, j)] = append(left[key(b, j)], j)
	}
	var onlyA []int
	for i := range a.doc.Sentences {
		k := key(a, i)
		if at := left[k]; len(at) > 0 {
			left[k] = at[1:]
			continue
		}
		if k != "" {
			onlyA = append(onlyA, i)
		}
	}
	open := map[int]bool{}
	for k, at := range left {
		for _, j := range at {
			open[j] = k != ""
		}
	}
	var out []Edit
	for _, i := range onlyA {
		e := Edit{A: a.doc.Sentences[i].Span}
		words := marked(a.doc.Text, []nlp.Span{e.A})
		best, most := -1, 0.5
		for _, j := range w.candidates(a, b, i) {
			if !open[j] {
				continue
			}
			if alike := likeness(words, marked(b.doc.Text, []nlp.Span{b.doc.Sentences[j].Span})); alike > most {
				best, most = j, alike
			}
		}
		if best >= 0 {
			open[best] = false
			e.B = b.doc.Sentences[best].Span
			d := compareWords(words, marked(b.doc.Text, []nlp.Span{e.B}))
			e.MarkedA, e.MarkedB = d.onlyA, d.onlyB
		}
		out = append(out, e)
	}
	for j := range b.doc.Sentences {
		if open[j] {
			out = append(out, Edit{B: b.doc.Sentences[j].Span})
		}
	}
	return out
}

// candidates are the sentences of b that may be another wording of sentence i
// of a.
func (w *world) candidates(a, b *side, i int) []int {
	near := w.near(a, b, i)
	if i < len(b.doc.Sentences) && !slices.Contains(near, i) {
		near = append(near, i) // in the same place
	}
	return near
}

// A markedWord is a word with its place.
type markedWord struct {
	word string // as it is compared
	nlp.Span
	gap bool // words are left out before it: an ellipsis
	own bool // in square brackets: put in by who quotes
}

// mostWords is how many words of a sentence or quotation are compared.
const mostWords = 200

// marked cuts spans of a text into words.
func marked(text string, spans []nlp.Span) []markedWord {
	var out []markedWord
	gap, own := false, false
	for n, span := range spans {
		if n > 0 {
			own = false
		}
		start := -1
		flush := func(end int) {
			if start < 0 {
				return
			}
			if folded := strings.Join(foldedWords(strings.NewReplacer("’", "", "'", "").Replace(text[start:end])), ""); folded != "" && len(out) < mostWords {
				out = append(out, markedWord{word: spoken(folded), Span: nlp.Span{Start: start, End: end}, gap: gap, own: own})
				gap = false
			}
			start = -1
		}
		body := text[span.Start:span.End]
		for i, r := range body {
			at := span.Start + i
			switch {
			case unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.Is(unicode.Mn, r), start >= 0 && (r == '\'' || r == '’') && i+1 < len(body):
				if start < 0 {
					start = at
				}
				continue
			case start >= 0 && (r == ',' || r == '.') && digitAt(text, at-1) && digitAt(text, at+1):
				continue // "1,200"
			}
			flush(at)
			switch {
			case r == '…', r == '.' && strings.HasPrefix(body[i:], "..."), r == '.' && strings.HasPrefix(body[i:], ". . ."):
				gap = true
			case r == '[':
				own = true
			case r == ']':
				own = false
			}
		}
		flush(span.End)
	}
	return out
}

func digitAt(s string, i int) bool { return i >= 0 && i < len(s) && s[i] >= '0' && s[i] <= '9' }

// difference is how two lists of words differ.
type difference struct {
	common       int // words that both have, in this order
	onlyA, onlyB []nlp.Span
	cut          bool // one has words at an end, or at an ellipsis, that the other leaves out
	changed      bool // both have words of their own in one place, or one has some where the other shows no gap
}

// compareWords aligns two lists of words by their longest common subsequence.
// Words that say the same ("twelve" and "12", "do not" and "don't") are equal;
// what an ellipsis or brackets own up to is still marked, but changes nothing.
func compareWords(a, b []markedWord) difference {
	n, m := len(a), len(b)
	row := func(i int) int { return i * (m + 1) }
	lcs := make([]int16, (n+1)*(m+1))
	for i := n - 1; i >= 0; i-- {
		for j := m - 1; j >= 0; j-- {
			if a[i].word == b[j].word {
				lcs[row(i)+j] = lcs[row(i+1)+j+1] + 1
			} else {
				lcs[row(i)+j] = max(lcs[row(i+1)+j], lcs[row(i)+j+1])
			}
		}
	}
	d := difference{common: int(lcs[0])}
	i, j := 0, 0
	for i < n || j < m {
		if i < n && j < m && a[i].word == b[j].word {
			i, j = i+1, j+1
			continue
		}
		x, y := i, j
		for (i < n || j < m) && (i == n || j == m || a[i].word != b[j].word) {
			if j == m || i < n && lcs[row(i+1)+j] >= lcs[row(i)+j+1] {
				i++
			} else {
				j++
			}
		}
		onlyA, onlyB := a[x:i], b[y:j]
		if equalRuns(onlyA, onlyB) {
			d.common += min(len(onlyA), len(onlyB))
			continue
		}
		d.onlyA, d.onlyB = append(d.onlyA, joined(onlyA)...), append(d.onlyB, joined(onlyB)...)
		inside := (x > 0 || y > 0) && i < n && j < m
		switch {
		case bracketed(onlyA) || bracketed(onlyB):
		case len(onlyA) > 0 && len(onlyB) > 0:
			d.changed = true
		case inside && !(len(onlyA) > 0 && b[j].gap || len(onlyB) > 0 && a[i].gap):
			d.changed = true // nobody says that something was left out
		case inside || !slight(onlyA) || !slight(onlyB):
			d.cut = true
		}
	}
	return d
}

// slight reports whether words at the end of a sentence are such as drop out
// when it is built into another one.
func slight(words []markedWord) bool {
	for _, w := range words {
		switch w.word {
		case "we", "i", "he", "she", "they", "it", "you", "and", "but", "so", "well", "that", "because", "the", "a", "is", "was":
		default:
			return false
		}
	}
	return len(words) < 3
}

// joined is the span from the first to the last of the words.
func joined(words []markedWord) []nlp.Span {
	if len(words) == 0 {
		return nil
	}
	return []nlp.Span{{Start: words[0].Start, End: words[len(words)-1].End}}
}

func bracketed(words []markedWord) bool {
	return slices.ContainsFunc(words, func(w markedWord) bool { return w.own })
}

// likeness is Dice's coefficient of two lists of words, in order.
func likeness(a, b []markedWord) float64 {
	if len(a)+len(b) == 0 {
		return 0
	}
	return 2 * float64(compareWords(a, b).common) / float64(len(a)+len(b))
}

// equalRuns reports whether two runs of words say the same in other letters:
// "do not" and "don't", "per cent" and "percent".
func equalRuns(a, b []markedWord) bool {
	if len(a) == 0 || len(b) == 0 {
		return false
	}
	spell := func(words []markedWord) string {
		var s strings.Builder
		for _, w := range words {
			if long, ok := contractions[w.word]; ok {
				s.WriteString(long)
				continue
			}
			s.WriteString(w.word)
		}
		return s.String()
	}
	return spell(a) == spell(b)
}

// contractions are written in full without blanks.
var contractions = map[string]string{
	"dont": "donot", "doesnt": "doesnot", "didnt": "didnot", "isnt": "isnot", "arent": "arenot", "wasnt": "wasnot", "werent": "werenot",
	"wont": "willnot", "cant": "cannot", "couldnt": "couldnot", "wouldnt": "wouldnot", "shouldnt": "shouldnot", "havent": "havenot", "hasnt": "hasnot", "hadnt": "hadnot",
	"im": "iam", "youre": "youare", "theyre": "theyare", "ive": "ihave", "weve": "wehave", "theyve": "theyhave", "youve": "youhave",
	"its": "itis", "thats": "thatis", "theres": "thereis", "hes": "heis", "shes": "sheis",
	"youll": "youwill", "theyll": "theywill", "itll": "itwill",
}

// spoken is a word as it sounds: a figure and its word are one, as are British
// and American spelling.
func spoken(w string) string {
	if len(w) < 3 && (len(w) == 0 || w[0] < '0' || w[0] > '9') {
		return w
	}
	if n, ok := numerals[w]; ok {
		return n
	}
	if len(w) > 5 {
		if s, ok := strings.CutSuffix(w, "our"); ok {
			return s + "or"
		}
		for _, e := range []string{"ise", "ised", "ises", "ising", "isation"} {
			if s, ok := strings.CutSuffix(w, e); ok {
				return s + "iz" + e[2:]
			}
		}
	}
	return w
}

var numerals = map[string]string{
	"one": "1", "two": "2", "three": "3", "four": "4", "five": "5", "six": "6", "seven": "7", "eight": "8", "nine": "9", "ten": "10",
	"eleven": "11", "twelve": "12", "thirteen": "13", "fourteen": "14", "fifteen": "15", "sixteen": "16", "seventeen": "17", "eighteen": "18", "nineteen": "19",
	"twenty": "20", "thirty": "30", "forty": "40", "fifty": "50", "sixty": "60", "seventy": "70", "eighty": "80", "ninety": "90",
	"harbour": "harbor", "labour": "labor", "grey": "gray", "centre": "center", "metres": "meters", "kilometres": "kilometers", "programme": "program", "defence": "defense",
}
