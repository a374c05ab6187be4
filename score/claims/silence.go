package claims

import (
	"fmt"
	"slices"
	"strings"

	"onrecord/score"
)

// Answer is the checks that a search showed for a query, by id: with what is
// relevant in its index, and with that taken out.
type Answer struct {
	ID            string
	With, Without []string
	Repeats       []string // of Without, those that make the claim of a relevant one in nearly the same words
}

// Silence is the figures of one corpus for showing a fact-check only when there
// is one.
type Silence struct {
	Corpus    string
	N         int
	Silent    float64 // share of the queries that nothing is shown for, once what is relevant was taken out
	Strange   float64 // the same, but repeats of a relevant claim do not count as shown
	Recall    float64 // share of the queries that something relevant is shown for, as long as it is there
	Precision float64 // of all that is shown then, the share that is relevant
}

// Silences are the figures of all corpora, in the order of the gold, and of all
// together.
type Silences []Silence

// Silent scores answers. A query without one counts as answered by nothing.
func Silent(gold []Gold, answers []Answer) Silences {
	byID := map[string]Answer{}
	for _, a := range answers {
		byID[a.ID] = a
	}
	var all Silences
	list := corpora(gold)
	if len(list) > 1 {
		list = append(list, corpus{name: "all", rows: gold})
	}
	for _, c := range list {
		s := Silence{Corpus: c.name, N: len(c.rows)}
		var silent, strange, found, shown, right float64
		for _, g := range c.rows {
			a := byID[g.ID]
			if len(a.Without) == 0 {
				silent++
			}
			if len(a.Without) == len(a.Repeats) {
				strange++
			}
			hits := 0.0
			for _, id := range a.With {
				if slices.Contains(g.Relevant, id) {
					hits++
				}
			}
			shown += float64(len(a.With))
			right += hits
			if hits > 0 {
				found++
			}
		}
		n := float64(s.N)
		s.Strange = score.Ratio(strange, n)
		s.Silent, s.Recall, s.Precision = score.Ratio(silent, n), score.Ratio(found, n), score.Ratio(right, shown)
		all = append(all, s)
	}
	return all
}

// Table is the figures, one line a corpus.
func (s Silences) Table() string {
	var b strings.Builder
	for _, one := range s {
		fmt.Fprintf(&b, "%-24s n=%d silent=%.4f silent-but-repeats=%.4f recall=%.4f precision=%.4f\n", one.Corpus, one.N, one.Silent, one.Strange, one.Recall, one.Precision)
	}
	return b.String()
}
