package quotes

import (
	"fmt"
	"math"
	"slices"
	"strings"
)

// Spread is one figure over several folds of a corpus: how far it can be
// trusted. With few articles a fold, or the corpus, can be lucky.
type Spread struct {
	Name     string
	Whole    float64   // of all articles together: F1, or the accuracy
	Folds    []float64 // of each fold
	Mean, SD float64   // of the folds; SD is that of a sample (n - 1)
}

// headline are the figures that folds are made of.
var headline = []string{
	"quotes, content iou0.5", "source_head", "relation content+source",
	"statement", "statement+speaker", "speaker_loose", "speaker_full", "role",
}

// Folds evaluates n parts of the gold one by one: of each corpus, article i
// belongs to part i modulo n. Nothing is trained here: it shows how much the
// figures of one corpus hang on which articles it has. Corpora with fewer
// articles than parts are left out.
func Folds(gold []Article, predictions []Prediction, opt Options, n int) (map[string][]Spread, error) {
	byCorpus := map[string][]Article{}
	for _, a := range gold {
		byCorpus[a.Corpus] = append(byCorpus[a.Corpus], a)
	}
	all := map[string][]Spread{}
	for corpus, articles := range byCorpus {
		if len(articles) < n || n < 2 {
			continue
		}
		whole, err := evaluateOne(articles, predictions, opt)
		if err != nil {
			return nil, err
		}
		spreads := make([]Spread, 0, len(headline))
		for _, name := range headline {
			if f := whole.Figure(name); f.Name != "" {
				spreads = append(spreads, Spread{Name: name, Whole: f.value()})
			}
		}
		for k := range n {
			var part []Article
			for i := k; i < len(articles); i += n {
				part = append(part, articles[i])
			}
			g, err := evaluateOne(part, predictions, opt)
			if err != nil {
				return nil, err
			}
			for i := range spreads {
				if f := g.Figure(spreads[i].Name); f.Name != "" && (f.Rate || f.Gold > 0) { // else there was nothing to find
					spreads[i].Folds = append(spreads[i].Folds, f.value())
				}
			}
		}
		for i := range spreads {
			spreads[i].Mean, spreads[i].SD = meanSD(spreads[i].Folds)
		}
		all[corpus] = spreads
	}
	return all, nil
}

// evaluateOne scores articles of one corpus.
func evaluateOne(articles []Article, predictions []Prediction, opt Options) (Group, error) {
	res, err := Evaluate(articles, predictions, opt)
	if err != nil || len(res.Groups) == 0 {
		return Group{}, err
	}
	return res.Groups[0], nil
}

func (f Figure) value() float64 {
	if f.Rate {
		return f.Accuracy
	}
	return f.F1
}

func meanSD(v []float64) (mean, sd float64) {
	if len(v) == 0 {
		return 0, 0
	}
	for _, x := range v {
		mean += x / float64(len(v))
	}
	if len(v) == 1 {
		return mean, 0
	}
	for _, x := range v {
		sd += (x - mean) * (x - mean) / float64(len(v)-1)
	}
	return mean, math.Sqrt(sd)
}

// FoldTable writes the folds of the corpora, by name.
func FoldTable(all map[string][]Spread) string {
	var corpora []string
	for c := range all {
		corpora = append(corpora, c)
	}
	slices.Sort(corpora)
	var b strings.Builder
	for _, c := range corpora {
		n := 0
		for _, s := range all[c] {
			n = max(n, len(s.Folds))
		}
		fmt.Fprintf(&b, "-- %s, by %d folds of its articles\n", c, n)
		for _, s := range all[c] {
			fmt.Fprintf(&b, "  %-30s all %6.2f   mean %6.2f  sd %5.2f   folds", s.Name, 100*s.Whole, 100*s.Mean, 100*s.SD)
			for _, f := range s.Folds {
				fmt.Fprintf(&b, " %.1f", 100*f)
			}
			b.WriteString("\n")
		}
	}
	return b.String()
}
