package training

import (
	"cmp"
	"fmt"
	"math"
	"slices"

	"onrecord/factcheck/internal/worth"
)

// Try measures other ways to learn on the dev debates of ClaimBuster: average
// precision and the best F1 of any threshold, a line each.
func Try(c *Corpora, say func(line string)) {
	vectors := c.vectors(nil)
	of := func(families ...worth.Group) (use [worth.Groups]bool) {
		for _, f := range families {
			use[f] = true
		}
		return use
	}
	const last = "all, NB-SVM, mean vectors"
	for _, way := range []struct {
		name  string
		use   [worth.Groups]bool
		ratio bool // scale features by their log-count ratio
		mean  bool // add the mean vector
	}{
		{"words", of(worth.Words), false, false},
		{"words, letters", of(worth.Words, worth.Chars), false, false},
		{"+ tags, word classes", of(worth.Words, worth.Chars, worth.Tags, worth.Shapes), false, false},
		{"+ frames of the parse", of(worth.Words, worth.Chars, worth.Tags, worth.Shapes, worth.Frames), false, false},
		{"+ counts", of(worth.Words, worth.Chars, worth.Tags, worth.Shapes, worth.Frames, worth.Counts), false, false},
		{"+ neighbours", allFamilies(), false, false},
		{"words, letters, NB-SVM", of(worth.Words, worth.Chars), true, false},
		{"all, NB-SVM", allFamilies(), true, false},
		{"mean vectors alone", of(), true, true},
		{last, allFamilies(), true, true},
	} {
		l := newLearner(vectors, way.use, train(c.ClaimBuster))
		l.plain, l.even = !way.mean, !way.ratio
		public, factual, cared := c.debates(l)
		all := func(*example) bool { return true }
		w := l.learn(public, all)
		var dev []Sentence
		for _, x := range c.ClaimBuster {
			if x.Split != "train" {
				dev = append(dev, x)
			}
		}
		examples := l.read(dev)
		show := func(name string, score func(*example) float64) {
			var scores, yes []float64
			for _, e := range examples {
				scores, yes = append(scores, score(e)), append(yes, float64(e.Label))
			}
			say(fmt.Sprintf("%-40s AP %.3f  best F1 %.3f", name, averagePrecision(scores, yes), bestF1(scores, yes)))
		}
		show(way.name, w.score)
		if way.name != last {
			continue
		}
		fact, care := l.learn(factual, all), l.learn(cared, all)
		product := func(e *example) float64 {
			p := 1 / (1 + math.Exp(-fact.score(e))) / (1 + math.Exp(-care.score(e)))
			return math.Log(p / (1 - p))
		}
		show("factual, and cared for if so", product)
		show("both, half each (shipped)", func(e *example) float64 { return (w.score(e) + product(e)) / 2 })
	}
}

// averagePrecision over scores; equal ones with the negatives first.
func averagePrecision(scores, yes []float64) float64 {
	order := make([]int, len(yes))
	for i := range order {
		order[i] = i
	}
	slices.SortFunc(order, func(a, b int) int {
		return cmp.Or(cmp.Compare(scores[b], scores[a]), cmp.Compare(yes[a], yes[b]))
	})
	hits, sum := 0.0, 0.0
	for k, i := range order {
		if yes[i] > .5 {
			hits++
			sum += hits / float64(k+1)
		}
	}
	return sum / max(hits, 1)
}
