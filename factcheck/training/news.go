package training

import (
	"bytes"
	"fmt"
	"io/fs"
	"math"
	"slices"
	"time"

	"onrecord/factcheck"
	"onrecord/quote"
)

// newsRidge is the price of moving a weight of the news ranking away from the
// one that was set by hand.
const newsRidge = 32

// article is an article with labelled sentences.
type article struct {
	sentences  []Sentence
	candidates []factcheck.Observation
	of         []int // of each candidate: the sentence it lies in, -1 for none
}

func articles(news []Sentence) []article {
	var out []article
	for from := 0; from < len(news); {
		to := from
		for to < len(news) && bytes.Equal(news[from].Document, news[to].Document) {
			to++
		}
		a := article{sentences: news[from:to]}
		doc := news[from].Doc
		day, _ := time.Parse(time.DateOnly, news[from].Date)
		a.candidates = factcheck.Observe(doc, quote.Find(doc), day)
		for _, c := range a.candidates {
			k := -1
			for i, s := range a.sentences {
				if s.Span.Overlaps(c.Span) {
					k = i
				}
			}
			a.of = append(a.of, k)
		}
		out = append(out, a)
		from = to
	}
	return out
}

func sum(facts, w []float64) float64 { return inner(facts, w[:len(facts)]) + w[len(facts)] }

// rankingWeights fits the ranking to articles: a logistic regression over the
// best candidate of each sentence, pulled towards the weights set by hand.
// Which candidate is best depends on the weights, so it goes round a few times.
func rankingWeights(set []article, hand []float64) []float64 {
	w := append([]float64{}, hand...)
	n := len(hand) - 1
	for range 4 {
		var rows [][]float64
		var yes []float64
		for _, a := range set {
			best := make([]int, len(a.sentences))
			for i := range best {
				best[i] = -1
			}
			for k, c := range a.candidates {
				if s := a.of[k]; s >= 0 && c.Checkable && (best[s] < 0 || sum(c.Facts, w) > sum(a.candidates[best[s]].Facts, w)) {
					best[s] = k
				}
			}
			for i, k := range best {
				if k >= 0 {
					rows = append(rows, a.candidates[k].Facts)
					yes = append(yes, float64(a.sentences[i].Label))
				}
			}
		}
		next := append([]float64{}, hand...)
		minimise(func(w, grad []float64) float64 {
			clear(grad)
			loss := 0.0
			for i, x := range rows {
				z := sum(x, w)
				l, g := logLoss(z, yes[i])
				loss += l
				axpy(g, x, grad[:n])
				grad[n] += g
			}
			for j := range n {
				d := w[j] - hand[j]
				loss += newsRidge / 2 * d * d
				grad[j] += newsRidge * d
			}
			return loss
		}, next, 200)
		w = next
	}
	return w
}

// Ranking trains the ranking of news, with the embedded model of the heads,
// and gives the file of its weights.
func Ranking(news []Sentence) []byte {
	_, hand := factcheck.Ranking()
	return factcheck.RankingFile(rankingWeights(articles(news), hand))
}

// News reads and parses the labelled articles.
func News(claims fs.FS) ([]Sentence, error) {
	lines, err := readFile(claims, "news_dev.jsonl")
	if err != nil {
		return nil, err
	}
	return Parse(lines), nil
}

// Rated is a sentence with its score.
type Rated struct {
	*Line
	Score float64
	Yes   bool
}

// NewsFolds rates each article by a ranking that was trained on the others.
func NewsFolds(news []Sentence) []Rated {
	_, hand := factcheck.Ranking()
	return newsFolds(articles(news), hand)
}

// contested are observations whose weights by hand were set where the nine
// articles say little or nothing: see [Trust].
var contested = []string{"unharmed", "commitment", "force"}

// Trust measures by folds how much the ranking of news hangs on the weights
// that were set by hand, a line each: with them, without the contested ones,
// without any.
func Trust(news []Sentence, say func(line string)) {
	names, hand := factcheck.Ranking()
	set := articles(news)
	for i, name := range names {
		if !slices.Contains(contested, name) {
			continue
		}
		seen, yes := 0, 0
		for _, a := range set {
			for k, c := range a.candidates {
				if s := a.of[k]; s >= 0 && c.Facts[i] != 0 {
					seen++
					yes += a.sentences[s].Label
				}
			}
		}
		say(fmt.Sprintf("%-12s by hand %.1f, %d claims have it, %d of them in sentences worth a check", name, hand[i], seen, yes))
	}
	without := slices.Clone(hand)
	for i, name := range names {
		if slices.Contains(contested, name) {
			without[i] = 0
		}
	}
	for _, way := range []struct {
		name string
		hand []float64
	}{
		{"weights by hand, moved a little", hand},
		{"those three at 0", without},
		{"all at 0", make([]float64, len(hand))},
	} {
		say(fmt.Sprintf("%-34s MAP by folds %.3f", way.name, meanPrecision(newsFolds(set, way.hand))))
	}
}

// meanPrecision is the mean of the average precisions of the articles.
func meanPrecision(rated []Rated) float64 {
	sum, n := 0.0, 0
	for from := 0; from < len(rated); {
		to := from
		var scores, yes []float64
		for to < len(rated) && bytes.Equal(rated[from].Document, rated[to].Document) {
			scores, yes = append(scores, rated[to].Score), append(yes, float64(rated[to].Label))
			to++
		}
		sum, n, from = sum+averagePrecision(scores, yes), n+1, to
	}
	return sum / float64(max(n, 1))
}

func newsFolds(set []article, hand []float64) []Rated {
	var out []Rated
	for i, a := range set {
		rest := append(append([]article{}, set[:i]...), set[i+1:]...)
		w := rankingWeights(rest, hand)
		for s := range a.sentences {
			r := Rated{Line: a.sentences[s].Line}
			for k, c := range a.candidates {
				if a.of[k] != s {
					continue
				}
				p := 1 / (1 + math.Exp(-sum(c.Facts, w)))
				if !c.Checkable {
					p *= factcheck.Unranked
				}
				r.Score = max(r.Score, p)
				r.Yes = r.Yes || c.Checkable && p >= .5
			}
			out = append(out, r)
		}
	}
	return out
}
