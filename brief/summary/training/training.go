// Package training learns the models of package summary and measures them.
package training

import (
	"math"
	"slices"
	"strings"

	"onrecord/brief/summary"
	"onrecord/internal/trees"
	"onrecord/score/summaries"
)

// Article is an article with summaries by people, and its sheet.
type Article struct {
	summaries.Truth
	Sheet *summary.Sheet
	Texts []string // of each candidate
}

// Seed makes training repeatable.
const Seed = 20261126

// Settings of the three models.
var (
	lineSettings = trees.Settings{Logistic: true, Trees: 250, Leaves: 8, Rate: 0.05, Least: 40, Ridge: 5, Rows: 0.6, Columns: 0.4, Seed: Seed}
	wordSettings = trees.Settings{Logistic: true, Trees: 60, Leaves: 12, Rate: 0.2, Least: 60, Ridge: 5, Rows: 0.5, Columns: 0.5, Seed: Seed}
	pairSettings = trees.Settings{Logistic: true, Trees: 70, Leaves: 12, Rate: 0.2, Least: 60, Ridge: 5, Rows: 0.5, Columns: 0.5, Seed: Seed}
)

// Learn fits the models to articles. The model of lines looks at what the
// others say; so that it learns how far they are to be trusted, it is shown
// what models say that have not seen the article: those of the other half.
func Learn(articles []*Article) *summary.Models {
	m := words(articles)
	halves := [2][]*Article{}
	for i, a := range articles {
		halves[i%2] = append(halves[i%2], a)
	}
	var lines trees.Rows
	for h, half := range halves {
		other := words(halves[1-h])
		for _, a := range half {
			if len(a.Gold) == 0 {
				continue
			}
			x := a.Sheet.LineFeatures(other.RateWords(a.Sheet, known(a, other.Table)))
			for i, picked := range a.picked() {
				y := 0.0
				if picked {
					y = 1
				}
				lines.Add(x[i], y)
			}
		}
	}
	m.Line = trees.Fit(&lines, lineSettings)
	return m
}

func known(a *Article, t summary.Table) []summary.Known {
	out := make([]summary.Known, len(a.Sheet.Words))
	for i, w := range a.Sheet.Words {
		out[i] = t.Of(w.Text)
	}
	return out
}

// words fits the table and the models of words and pairs.
func words(articles []*Article) *summary.Models {
	counts := map[string]count{}
	all := count{}
	for _, a := range articles {
		w, _ := a.inReferences()
		for i, g := range a.Sheet.Words {
			c := counts[g.Text]
			c.articles++
			c.kept += w[i]
			counts[g.Text] = c
			all.articles++
			all.kept += w[i]
		}
	}
	base := all.kept / all.articles
	var words, pairs trees.Rows
	for _, a := range articles {
		w, p := a.inReferences()
		known := make([]summary.Known, len(w))
		for i, g := range a.Sheet.Words {
			// An article must not learn of its own summary.
			c := counts[g.Text]
			known[i] = count{c.articles - 1, c.kept - w[i]}.known(len(articles), base)
		}
		sample(&words, w, func(x []float32, i int) []float32 { return a.Sheet.WordFeatures(x, i, known[i]) })
		sample(&pairs, p, func(x []float32, i int) []float32 {
			of := a.Sheet.Pairs[i].Of
			return a.Sheet.PairFeatures(x, i, known[of[0]], known[of[1]])
		})
	}
	t := summary.Table{}
	for w, c := range counts {
		if c.articles >= fewest {
			t[w] = c.known(len(articles), base)
		}
	}
	return &summary.Models{Table: t, Word: trees.Fit(&words, wordSettings), Pair: trees.Fit(&pairs, pairSettings)}
}

// fewest is in how many articles a word must stand to be in the table.
const fewest = 20

// count is in how many articles a word stands, and in how many of their
// summaries.
type count struct{ articles, kept float64 }

func (c count) known(articles int, base float64) summary.Known {
	if c.articles < fewest-1 {
		return summary.Unknown
	}
	const trust = 20
	return summary.Known{
		Rare: float32(math.Log(float64(articles) / c.articles)),
		Kept: float32(math.Log((c.kept + trust*base) / (c.articles + trust) / base)),
	}
}

// rest is of how many words that no reference has one is learned from, with the
// weight of all.
const rest = 5

func sample(rows *trees.Rows, y []float64, features func([]float32, int) []float32) {
	var x []float32
	for i := range y {
		weight := float32(1)
		if y[i] == 0 {
			if i%rest != 0 {
				continue
			}
			weight = rest
		}
		x = features(x[:0], i)
		rows.Add(x, y[i])
		rows.Weight = append(rows.Weight, weight)
	}
}

// picked says of each line whether people picked it.
func (a *Article) picked() []bool {
	bare := func(s string) string { return strings.Join(summary.Split(s), "") }
	var gold []string
	for _, g := range a.Gold {
		gold = append(gold, bare(g))
	}
	out := make([]bool, len(a.Sheet.Lines))
	for k, c := range a.Sheet.Candidates {
		if c.Cut {
			continue
		}
		text := bare(a.Texts[k])
		out[c.Line] = slices.ContainsFunc(gold, func(g string) bool {
			return g == text || 10*min(len(g), len(text)) > 6*max(len(g), len(text)) && (strings.Contains(g, text) || strings.Contains(text, g))
		})
	}
	return out
}

// inReferences gives, of each word and each pair, the share of the references
// that have it.
func (a *Article) inReferences() (words, pairs []float64) {
	words, pairs = make([]float64, len(a.Sheet.Words)), make([]float64, len(a.Sheet.Pairs))
	part := 1 / float64(len(a.Reference))
	for _, ref := range a.Reference {
		list := summary.Split(ref)
		has := map[string]bool{}
		for i, w := range list {
			has[w] = true
			if i > 0 {
				has[list[i-1]+" "+w] = true
			}
		}
		for i, g := range a.Sheet.Words {
			if has[g.Text] {
				words[i] += part
			}
		}
		for i, g := range a.Sheet.Pairs {
			if has[g.Text] {
				pairs[i] += part
			}
		}
	}
	return words, pairs
}
