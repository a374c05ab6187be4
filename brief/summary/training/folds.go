package training

import (
	"fmt"
	"runtime"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"onrecord/brief/summary"
	"onrecord/factcheck"
	"onrecord/nlp"
	"onrecord/quote"
	"onrecord/score/summaries"
)

// Read examines articles, on all processors.
func Read(rows []summaries.Truth) []*Article {
	out := make([]*Article, len(rows))
	var next atomic.Int64
	var group sync.WaitGroup
	for range runtime.NumCPU() {
		group.Go(func() {
			for i := int(next.Add(1)) - 1; i < len(rows); i = int(next.Add(1)) - 1 {
				doc := nlp.Parse(rows[i].Text)
				quotes := quote.Find(doc)
				a := &Article{Truth: rows[i]}
				a.Sheet = summary.Examine(doc, quotes, factcheck.Claims(doc, quotes, time.Time{}), a.Title)
				for _, c := range a.Sheet.Candidates {
					a.Texts = append(a.Texts, summary.Join(doc.Text, c.Parts))
				}
				out[i] = a
			}
		})
	}
	group.Wait()
	return out
}

// Folds rates each article by what was learned from the others: article i by
// models that have not seen those with the same remainder of i by n.
func Folds(articles []*Article, n int, progress func(string)) []summary.Rates {
	out := make([]summary.Rates, len(articles))
	for k := range n {
		var others []*Article
		for i, a := range articles {
			if i%n != k {
				others = append(others, a)
			}
		}
		m := Learn(others)
		for i := k; i < len(articles); i += n {
			out[i] = m.Rate(articles[i].Sheet)
		}
		progress(fmt.Sprintf("fold %d of %d", k+1, n))
	}
	return out
}

// Predict makes the summaries of articles that were rated so.
func Predict(articles []*Article, rates []summary.Rates, w summary.Weights, length summary.Length) []summaries.Prediction {
	out := make([]summaries.Prediction, len(articles))
	for i, a := range articles {
		out[i] = a.prediction(summary.Choose(a.Sheet, rates[i], w, length))
	}
	return out
}

func (a *Article) prediction(chosen []int) summaries.Prediction {
	p := summaries.Prediction{ID: a.ID, Sentences: []summaries.Sentence{}}
	for _, k := range chosen {
		p.Sentences = append(p.Sentences, summaries.Sentence(a.Texts[k]))
	}
	return p
}

// Long is the length of the measure that bounds sentences only.
var Long = summary.Length{Sentences: 3, Words: 1000}

// Compare gives a table of ways to choose, all from the same rates, within the
// usual length.
func Compare(articles []*Article, rates []summary.Rates) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%-44s%8s%8s%8s%8s%8s%8s\n", "way", "R1", "R2", "RLsum", "gF", "redun", "words")
	row := func(name string, p []summaries.Prediction) {
		r := Evaluate(articles, p, summary.Length{Sentences: 3, Words: 60}).All()
		fmt.Fprintf(&b, "%-44s%8.2f%8.2f%8.2f%8.2f%8.3f%8.2f\n", name, r.R1, r.R2, r.RLsum, r.GF, r.Redundancy, r.Words)
	}
	way := func(name string, change func(*summary.Weights)) {
		w := summary.Tuned
		change(&w)
		row(name, Predict(articles, rates, w, summary.Length{}))
	}
	row("first sentences", greedy(articles, func(a *Article, c summary.Candidate, _ []int) float64 { return -float64(c.Line) }, nil))
	row("line model, best first", greedy(articles, byLine(articles, rates, 0), rates))
	row("line model, best first, MMR", greedy(articles, byLine(articles, rates, 0.5), rates))
	way("exact search: lines", func(w *summary.Weights) { w.Word, w.Pair = 0, 0 })
	way("exact search: words", func(w *summary.Weights) { w.Line, w.Pair = 0, 0 })
	way("exact search: pairs", func(w *summary.Weights) { w.Line, w.Word = 0, 0 })
	way("exact search: words and pairs", func(w *summary.Weights) { w.Line = 0 })
	way("exact search: all, whole sentences only", func(w *summary.Weights) { w.Cut = -100 })
	way("exact search: all (ships)", func(*summary.Weights) {})
	return b.String()
}

// Evaluate scores summaries of articles.
func Evaluate(articles []*Article, p []summaries.Prediction, length summary.Length) summaries.Result {
	truth := make([]summaries.Truth, len(articles))
	for i, a := range articles {
		truth[i] = a.Truth
	}
	return summaries.Evaluate(truth, p, summaries.Options{MaxWords: length.Words, MaxSentences: length.Sentences})
}

type gain func(a *Article, c summary.Candidate, chosen []int) float64

// byLine is what the model of lines says, less a share of the words that are
// there already (maximal marginal relevance, Carbonell and Goldstein 1998).
func byLine(articles []*Article, rates []summary.Rates, penalty float64) gain {
	of := map[*Article]summary.Rates{}
	for i, a := range articles {
		of[a] = rates[i]
	}
	return func(a *Article, c summary.Candidate, chosen []int) float64 {
		worst := 0.0
		for _, k := range chosen {
			both := 0
			for _, w := range a.Sheet.Candidates[k].Words {
				if _, found := slices.BinarySearch(c.Words, w); found {
					both++
				}
			}
			worst = max(worst, float64(both)/float64(max(len(c.Words), 1)))
		}
		return of[a].Line[c.Line] - penalty*worst
	}
}

// greedy takes the best whole sentence that still fits, up to three.
func greedy(articles []*Article, value gain, rates []summary.Rates) []summaries.Prediction {
	out := make([]summaries.Prediction, len(articles))
	for i, a := range articles {
		var chosen []int
		words := 0
		for len(chosen) < 3 {
			best := -1
			bestValue := 0.0
			for k, c := range a.Sheet.Candidates {
				if c.Cut || slices.Contains(chosen, k) || words+c.Length > 60 || rates != nil && a.Sheet.Lines[c.Line].Use != summary.Anywhere {
					continue
				}
				if v := value(a, c, chosen); best < 0 || v > bestValue {
					best, bestValue = k, v
				}
			}
			if best < 0 {
				break
			}
			chosen = append(chosen, best)
			words += a.Sheet.Candidates[best].Length
		}
		slices.Sort(chosen)
		out[i] = a.prediction(chosen)
	}
	return out
}
