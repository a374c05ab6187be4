package main

import (
	"bytes"
	"fmt"
	"os"
	"strings"

	"onrecord/factcheck"
	"onrecord/factcheck/claimreview"
	"onrecord/factcheck/claimreview/training"
	"onrecord/score"
	"onrecord/score/claims"
)

type reviewsCmd struct {
	Queries string `help:"queries with what they should find, JSON lines" default:"../shared/data/claims/retrieval_queries.jsonl"`
	Reviews string `help:"published fact-checks, in any form that 'bot reviews add' takes" default:"../shared/data/claims/verified_claims.jsonl"`
	Ideas   bool   `help:"measure each idea instead: features taken away one by one"`
	Undated bool   `help:"leave all dates out of account"`
}

// Run measures what weights learned from the queries would give, by folds,
// beside the equal ones that ship: factcheck/claimreview/weights.go.
func (c *reviewsCmd) Run(*options) error {
	out := os.Stdout
	x, queries, err := c.load()
	if err != nil {
		return err
	}
	ranked := claimreview.RankingFeatures
	if c.Ideas {
		show := func(name string, use []int) {
			_, figures := training.Ranking(x, queries, use)
			fmt.Fprintf(out, "%-28s %v\n", name, figures)
		}
		show("BM25F alone", ranked[:1])
		show("all", ranked)
		for i, f := range ranked {
			show("without "+claimreview.Names[f], append(append([]int{}, ranked[:i]...), ranked[i+1:]...))
		}
		return nil
	}
	weights, figures := training.Ranking(x, queries, ranked)
	fmt.Fprintf(out, "learned, MAP@5 by folds: %v\n", figures)
	for _, f := range ranked {
		fmt.Fprintf(out, "  %-18s %7.2f\n", claimreview.Names[f], weights.Of[f])
	}
	const silent = 0.97
	for _, repeats := range []bool{true, false} {
		d, threshold, table := training.Matching(x, queries, claimreview.MatchingEvidence, silent, repeats)
		if repeats {
			fmt.Fprintln(out, "threshold and learned weights of the decision, by folds:")
			fmt.Fprintf(out, "  %-18s %7.2f\n", "threshold", threshold)
			fmt.Fprintf(out, "  %-18s %7.2f\n", "bias", d.Bias)
			for _, f := range claimreview.MatchingEvidence {
				fmt.Fprintf(out, "  %-18s %7.2f\n", claimreview.Names[f], d.Of[f])
			}
		} else {
			fmt.Fprintln(out, "the same, repeats of a relevant claim taken out with it:")
		}
		for _, s := range table {
			fmt.Fprintf(out, "  %-20s silent %.3f  recall %.3f  precision %.3f\n", s.Corpus, s.Silent, s.Recall, s.Precision)
		}
	}
	return nil
}

func (c *reviewsCmd) load() (*claimreview.Index, []training.Query, error) {
	f, err := os.Open(c.Reviews)
	if err != nil {
		return nil, nil, err
	}
	defer f.Close()
	var reviews []factcheck.Review
	if _, err := claimreview.Read(f, func(r factcheck.Review) error {
		reviews = append(reviews, r)
		return nil
	}); err != nil {
		return nil, nil, err
	}
	data, err := os.ReadFile(c.Queries)
	if err != nil {
		return nil, nil, err
	}
	rows, err := score.Read[claims.Gold](bytes.NewReader(data))
	if err != nil {
		return nil, nil, err
	}
	var queries []training.Query
	for _, g := range rows {
		if g.Relevant == nil {
			continue
		}
		queries = append(queries, training.Query{
			ID: g.ID, Corpus: g.Corpus, Relevant: g.Relevant,
			Query: claimreview.Query{Text: g.Text, Date: g.When(), Publisher: strings.ToLower(g.Collection), Undated: c.Undated},
		})
	}
	if len(queries) == 0 {
		return nil, nil, fmt.Errorf("%s holds no queries", c.Queries)
	}
	return claimreview.New(reviews), queries, nil
}
