package main

import (
	"fmt"
	"os"

	"onrecord/nlp"
	"onrecord/nlp/training"
	"onrecord/quote"
	"onrecord/score"
	"onrecord/score/quotes"
)

// quotesCmd trains the models of package quote.
type quotesCmd struct {
	Gold    string `help:"file of articles with marked quotations, JSON lines" default:"../shared/data/quotes/polnear.train.jsonl"`
	Extents bool   `help:"learn only to choose among the readings of the fields, and leave the fields as they are"`
}

// Files of the models of package quote.
const (
	cuesFile    = "quote/cues.bin"
	spansFile   = "quote/spans.bin"
	extentsFile = "quote/extents.txt.gz"
)

func (c quotesCmd) Run(*options) error {
	f, err := os.Open(c.Gold)
	if err != nil {
		return err
	}
	defer f.Close()
	articles, err := score.Read[quotes.Article](f)
	if err != nil {
		return fmt.Errorf("reading %s: %w", c.Gold, err)
	}
	marked := make([]quote.Marked, len(articles))
	for i := range articles {
		marked[i] = markedArticle(&articles[i])
	}
	if c.Extents {
		extents, err := quote.TrainExtents(marked, training.Seed, progress)
		if err != nil {
			return err
		}
		return os.WriteFile(extentsFile, extents, 0o644)
	}
	models, err := quote.Train(marked, training.Seed, progress)
	if err != nil {
		return err
	}
	for name, data := range map[string][]byte{cuesFile: models.Cues, spansFile: models.Spans, extentsFile: models.Extents} {
		if err := os.WriteFile(name, data, 0o644); err != nil {
			return err
		}
	}
	return nil
}

// markedArticle turns code points, in which the gold counts, into bytes.
func markedArticle(a *quotes.Article) quote.Marked {
	var at []int // byte of each code point
	for i := range a.Text {
		at = append(at, i)
	}
	at = append(at, len(a.Text))
	spans := func(points [][]int) []nlp.Span {
		var out []nlp.Span
		for _, p := range points {
			if len(p) == 2 && p[0] >= 0 && p[0] <= p[1] && p[1] < len(at) {
				out = append(out, nlp.Span{Start: at[p[0]], End: at[p[1]]})
			}
		}
		return out
	}
	m := quote.Marked{Text: a.Text}
	for _, q := range a.Quotes {
		m.Quotes = append(m.Quotes, quote.Quote{Content: spans(q.Content), Cue: spans(q.Cue), Source: spans(q.Source), Kind: quote.Kind(q.Kind)})
	}
	return m
}
