package main

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"

	"onrecord/factcheck/training"
	"onrecord/score/claims"
)

type claimsCmd struct {
	Claims  string `help:"folder with the labelled sentences" default:"../shared/data/claims"`
	Quotes  string `help:"folder with the articles of PolNeAR" default:"../shared/data/quotes"`
	Into    string `help:"folder of the package that embeds the model" default:"factcheck"`
	Ranking bool   `help:"train the ranking of news only, with the model that is there"`
	Folds   bool   `help:"measure instead: PoliClaim and the news, each document by what was learned from the others"`
	Trust   bool   `help:"measure instead: how much the ranking of news hangs on its weights by hand"`
	Try     bool   `help:"measure instead: other ways to learn, on the dev debates"`
}

// Run trains the heads and the ranking that is built on them. The ranking looks
// at what the embedded heads say, so it is trained by a program that is built
// once they are written.
func (c claimsCmd) Run(*options) error {
	if c.Ranking || c.Trust {
		news, err := training.News(os.DirFS(c.Claims))
		if err != nil {
			return fmt.Errorf("reading the articles: %w", err)
		}
		if c.Trust {
			training.Trust(news, printed)
			return nil
		}
		return c.write("weights.txt", training.Ranking(news))
	}
	corpora, err := training.Load(os.DirFS(c.Claims), os.DirFS(c.Quotes), progress)
	if err != nil {
		return fmt.Errorf("reading the corpora: %w", err)
	}
	switch {
	case c.Folds:
		return c.folds(corpora)
	case c.Try:
		training.Try(corpora, printed)
		return nil
	}
	data, err := training.Claims(corpora, progress)
	if err != nil {
		return err
	}
	if err := c.write("claims.bin", data); err != nil {
		return err
	}
	again := exec.CommandContext(context.Background(), "go", "run", "./cmd/train", "claims", "--ranking", "--claims", c.Claims, "--into", c.Into)
	again.Stdout, again.Stderr = os.Stdout, os.Stderr
	if err := again.Run(); err != nil {
		return fmt.Errorf("training the ranking with the new heads: %w", err)
	}
	return nil
}

func printed(line string) { fmt.Fprintln(os.Stdout, line) }

func (c claimsCmd) write(name string, data []byte) error {
	progress(fmt.Sprintf("%s: %d bytes", name, len(data)))
	return os.WriteFile(filepath.Join(c.Into, name), data, 0o644)
}

func (c claimsCmd) folds(corpora *training.Corpora) error {
	rated := training.NewsFolds(corpora.News)
	speeches, err := training.SpeechFolds(corpora, progress)
	if err != nil {
		return err
	}
	var gold []claims.Gold
	var predictions []claims.Prediction
	for _, r := range append(rated, speeches...) {
		gold = append(gold, claims.Gold{ID: r.ID, Corpus: r.Corpus, Document: claims.Key(r.Document), Label: claims.Bit(r.Label)})
		p := claims.Prediction{ID: r.ID, Score: &r.Score, Label: new(0)}
		if r.Yes {
			*p.Label = 1
		}
		predictions = append(predictions, p)
	}
	res, err := claims.Evaluate(gold, predictions, claims.Options{})
	if err != nil {
		return err
	}
	_, err = fmt.Fprint(os.Stdout, res.Table())
	return err
}
