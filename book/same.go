package book

import (
	"slices"
	"strings"
)

// Saying is a quotation with the other articles that have it.
type Saying struct {
	Item
	Echoes []Echo
}

// Echo is the same quotation in another article.
type Echo struct {
	Item
	Cut     bool     // it has fewer of the words, and no others
	Changes []Change // words that differ from the saying's
}

// Change is a difference in words. One of the two may be empty.
type Change struct {
	Here  string // as the saying has it
	There string // as the echo has it
}

// maxCompared bounds the words of a quotation that is compared.
const maxCompared = 300

// Sayings puts the same quotations together. Each stands where the first of
// items stood that has it; the longest wording is the one that is shown.
func Sayings(items []Item) []Saying {
	read := make([]wording, len(items))
	for i := range items {
		read[i] = wordingOf(items[i].Text)
	}
	var out []Saying
	taken := make([]bool, len(items))
	for i := range items {
		if taken[i] {
			continue
		}
		group := []int{i}
		for j := i + 1; j < len(items); j++ {
			if taken[j] || !sameWords(read[i], read[j]) || !maySame(&items[i], &items[j]) {
				continue
			}
			// An article that says nearly the same twice has two quotations.
			again := slices.ContainsFunc(group, func(k int) bool { return items[k].Article.Key == items[j].Article.Key })
			if again && !slices.Equal(read[i].folded, read[j].folded) {
				continue
			}
			group = append(group, j)
			taken[j] = true
		}
		longest := slices.MaxFunc(group, func(a, b int) int { return len(read[a].folded) - len(read[b].folded) })
		s := Saying{Item: items[longest]}
		seen := map[string]bool{items[longest].Article.Key: true}
		for _, j := range group {
			if j == longest || seen[items[j].Article.Key] {
				continue
			}
			seen[items[j].Article.Key] = true
			changes := differences(read[longest], read[j])
			e := Echo{Item: items[j]}
			e.Cut = len(changes) > 0 && !slices.ContainsFunc(changes, func(c Change) bool { return c.There != "" })
			if !e.Cut {
				e.Changes = changes
			}
			s.Echoes = append(s.Echoes, e)
		}
		out = append(out, s)
	}
	return out
}

// maySame reports whether two items may be one quotation, words aside: neither
// is at second hand when the other is not, and the speakers do not differ.
func maySame(a, b *Item) bool {
	if a.Kind != b.Kind || (a.Of == "") != (b.Of == "") {
		return false
	}
	x, y := nameOf(a.Speaker).words, nameOf(b.Speaker).words
	return len(x) == 0 || len(y) == 0 || slices.Equal(x, y) || shortens(x, y) || shortens(y, x)
}

// wording is a text as it is compared: folded words, and each as it stands.
type wording struct {
	folded, shown []string
	have          map[string]int // how often each folded word occurs
	sketch        sketch
}

func wordingOf(text string) wording {
	w := wording{have: map[string]int{}}
	for f := range strings.FieldsSeq(text) {
		for _, part := range foldedWords(f) {
			if len(w.folded) == maxCompared {
				return w
			}
			w.folded = append(w.folded, part)
			w.shown = append(w.shown, strings.Trim(f, "“”\"'‘’.,;:!?()…—–"))
			w.have[part]++
			w.sketch.add(part)
		}
	}
	return w
}

// sameWords reports whether two texts are one quotation: four words or more in
// the same order, four in five of the shorter one.
func sameWords(a, b wording) bool {
	short := min(len(a.folded), len(b.folded))
	if short < 4 {
		return slices.Equal(a.folded, b.folded) && short > 0
	}
	if len(a.folded) > len(b.folded) {
		a, b = b, a
	}
	// What is cheap rules out nearly everything.
	if 5*a.sketch.missing(&b.sketch) > short {
		return false
	}
	shared := 0
	for w, n := range a.have {
		shared += min(n, b.have[w])
	}
	if 5*shared < 4*short {
		return false
	}
	return 5*len(common(a.folded, b.folded)) >= 4*short
}

// common is a longest common subsequence of two lists of words, as pairs of
// indexes.
func common(a, b []string) [][2]int {
	length := make([][]int16, len(a)+1)
	for i := range length {
		length[i] = make([]int16, len(b)+1)
	}
	for i := len(a) - 1; i >= 0; i-- {
		for j := len(b) - 1; j >= 0; j-- {
			if a[i] == b[j] {
				length[i][j] = length[i+1][j+1] + 1
			} else {
				length[i][j] = max(length[i+1][j], length[i][j+1])
			}
		}
	}
	var pairs [][2]int
	for i, j := 0, 0; i < len(a) && j < len(b); {
		switch {
		case a[i] == b[j]:
			pairs = append(pairs, [2]int{i, j})
			i, j = i+1, j+1
		case length[i+1][j] >= length[i][j+1]:
			i++
		default:
			j++
		}
	}
	return pairs
}

// maxChanges bounds the changes that are listed.
const maxChanges = 6

// differences lists what b has otherwise than a.
func differences(a, b wording) []Change {
	var all []Change
	i, j := 0, 0
	add := func(to, until int) {
		if i < to || j < until {
			all = append(all, Change{Here: strings.Join(a.shown[i:to], " "), There: strings.Join(b.shown[j:until], " ")})
		}
	}
	for _, pair := range common(a.folded, b.folded) {
		add(pair[0], pair[1])
		i, j = pair[0]+1, pair[1]+1
	}
	add(len(a.folded), len(b.folded))
	return all[:min(len(all), maxChanges)]
}
