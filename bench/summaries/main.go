// Summaries compares Onrecord's summaries with the packages that a user could
// pick instead, in one run: how good they are, and how fast.
//
//	(cd bench/summaries && npm ci --ignore-scripts)
//	go run ./cmd/train summaries --folds 6 --predictions /tmp/folds.jsonl
//	go run ./bench/summaries --predictions /tmp/folds.jsonl
package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"time"

	"github.com/alexflint/go-arg"

	"onrecord/article"
	"onrecord/brief"
	"onrecord/brief/summary"
	"onrecord/factcheck"
	"onrecord/nlp"
	"onrecord/quote"
	"onrecord/score"
	"onrecord/score/summaries"
)

type options struct {
	Gold        string `help:"articles with summaries by people, JSON lines" default:"../shared/data/summaries/dev.jsonl"`
	Predictions string `help:"summaries by models that have not seen the article, of 'train summaries --folds'; without them those of the models that ship" placeholder:"FILE"`
	Every       int    `help:"only every so manieth article" default:"10"`
}

var short = summary.Length{Sentences: 3, Words: 60}

func main() {
	var o options
	arg.MustParse(&o)
	if err := run(&o, os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "summaries:", err)
		os.Exit(1)
	}
}

func run(o *options, out io.Writer) error {
	all, err := read[summaries.Truth](o.Gold)
	if err != nil {
		return err
	}
	var some []summaries.Truth
	for i := 0; i < len(all); i += max(o.Every, 1) {
		some = append(some, all[i])
	}
	ours, ranking, whole := onrecord(some)
	if o.Predictions != "" {
		if ours, err = read[summaries.Prediction](o.Predictions); err != nil {
			return err
		}
	}
	folder, err := os.MkdirTemp("", "bench-summaries-")
	if err != nil {
		return err
	}
	defer func() { _ = os.RemoveAll(folder) }()
	took, err := peers(some, folder)
	if err != nil {
		return err
	}
	fmt.Fprintf(out, "%d articles, at most 3 sentences and 60 words\n%-34s%8s%8s%8s%14s%16s\n", len(some), "", "R1", "R2", "RLsum", "ms an article", "of our ranking")
	row := func(name string, p []summaries.Prediction, ms float64) {
		r := summaries.Evaluate(some, p, summaries.Options{}).All()
		fmt.Fprintf(out, "%-34s%8.2f%8.2f%8.2f%14.2f%15.1fx\n", name, r.R1, r.R2, r.RLsum, ms, ms/ranking)
	}
	row("onrecord, the ranking step", ours, ranking)
	row("onrecord, the whole analysis", ours, whole)
	for _, name := range []string{"lexrank", "node-summarizer"} {
		p, err := read[summaries.Prediction](filepath.Join(folder, name+".jsonl"))
		if err != nil {
			return err
		}
		row(name, p, took[name]/float64(len(some)))
	}
	return nil
}

// onrecord makes the summaries of the models that ship, and gives the
// milliseconds an article of the ranking alone and of the whole analysis:
// summary, quotations, claims, facts.
func onrecord(rows []summaries.Truth) (p []summaries.Prediction, ranking, whole float64) {
	brief.Analyse(&article.Article{Text: "Models are read at the first use."})
	for _, r := range rows {
		a := &article.Article{Title: r.Title, Text: r.Text}
		began := time.Now()
		brief.Analyse(a)
		whole += ms(began)
		doc := nlp.Parse(r.Text)
		quotes := quote.Find(doc)
		claims := factcheck.Claims(doc, quotes, time.Time{})
		began = time.Now()
		sentences := summary.Summarise(doc, quotes, claims, r.Title, short)
		ranking += ms(began)
		one := summaries.Prediction{ID: r.ID, Sentences: []summaries.Sentence{}}
		for _, s := range sentences {
			one.Sentences = append(one.Sentences, summaries.Sentence(s.Text))
		}
		p = append(p, one)
	}
	n := float64(len(rows))
	return p, ranking / n, whole / n
}

func ms(began time.Time) float64 { return float64(time.Since(began)) / 1e6 }

// peers runs the npm packages.
func peers(rows []summaries.Truth, folder string) (map[string]float64, error) {
	var in bytes.Buffer
	for _, r := range rows {
		line, err := json.Marshal(map[string]string{"id": r.ID, "text": r.Text})
		if err != nil {
			return nil, err
		}
		in.Write(append(line, '\n'))
	}
	articles := filepath.Join(folder, "articles.jsonl")
	if err := os.WriteFile(articles, in.Bytes(), 0o600); err != nil {
		return nil, err
	}
	node := exec.CommandContext(context.Background(), "node", "bench/summaries/peers.mjs", articles, folder)
	node.Stderr = os.Stderr
	out, err := node.Output()
	if err != nil {
		return nil, fmt.Errorf("running the npm packages (are they installed? see bench/summaries/README.md): %w", err)
	}
	var took map[string]float64
	return took, json.Unmarshal(out, &took)
}

func read[T any](name string) ([]T, error) {
	f, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	rows, err := score.Read[T](f)
	if err != nil {
		return nil, fmt.Errorf("reading %s: %w", name, err)
	}
	return rows, nil
}
