package main

import (
	"encoding/json"
	"fmt"
	"os"

	"onrecord/brief/summary"
	"onrecord/brief/summary/training"
	"onrecord/score"
	"onrecord/score/summaries"
)

type summariesCmd struct {
	Gold        string `help:"file of articles with summaries by people, JSON lines" default:"../shared/data/summaries/dev.jsonl"`
	Folds       int    `help:"measure instead, each article by what was learned from the others, in so many parts" placeholder:"N"`
	Predictions string `help:"with --folds: write the summaries of at most 60 words to this file" placeholder:"FILE"`
}

// summariesFile is where package summary embeds its models.
const summariesFile = "brief/summary/model.txt.gz"

// Run trains the models of package summary, or measures them by folds.
func (c *summariesCmd) Run(*options) error {
	f, err := os.Open(c.Gold)
	if err != nil {
		return err
	}
	defer f.Close()
	rows, err := score.Read[summaries.Truth](f)
	if err != nil {
		return fmt.Errorf("reading %s: %w", c.Gold, err)
	}
	progress(fmt.Sprintf("reading %d articles", len(rows)))
	articles := training.Read(rows)
	if c.Folds > 1 {
		return c.measure(articles)
	}
	data := packed(training.Learn(articles).Append(nil))
	progress(fmt.Sprintf("%s: %d bytes", summariesFile, len(data)))
	return os.WriteFile(summariesFile, data, 0o644)
}

func (c *summariesCmd) measure(articles []*training.Article) error {
	rates := training.Folds(articles, c.Folds, progress)
	short := summary.Length{Sentences: 3, Words: 60}
	made := training.Predict(articles, rates, summary.Tuned, short)
	out := os.Stdout
	fmt.Fprintln(out, "at most 60 words and 3 sentences")
	fmt.Fprint(out, training.Evaluate(articles, made, short).Table())
	long := training.Predict(articles, rates, summary.Tuned, training.Long)
	fmt.Fprintln(out, "\nthree sentences")
	fmt.Fprint(out, training.Evaluate(articles, long, training.Long).Table())
	fmt.Fprintln(out, "\nways to choose, at most 60 words and 3 sentences")
	fmt.Fprint(out, training.Compare(articles, rates))
	if c.Predictions == "" {
		return nil
	}
	file, err := os.Create(c.Predictions)
	if err != nil {
		return err
	}
	lines := json.NewEncoder(file)
	for _, p := range made {
		if err := lines.Encode(p); err != nil {
			_ = file.Close()
			return err
		}
	}
	return file.Close()
}
