package main

import (
	"context"
	"fmt"
	"os"
	"slices"

	"onrecord/factcheck"
	"onrecord/factcheck/claimreview"
	"onrecord/score/claims"
)

// ranksKept is how many checks a prediction for retrieval names.
const ranksKept = 20

// reviews scores how well published fact-checks are found, and how well it is
// told that there is none: for each query the search is run as it is, and with
// the relevant checks left out.
func (e *evaluation) reviews(ctx context.Context) error {
	if len(e.Reviews) == 0 {
		return usageError{"--reviews is required: name the file of published fact-checks to search"}
	}
	rows, err := gold(e.files, func(g *claims.Gold, _ string) bool {
		return g.Relevant != nil && (e.Split == "" || g.Split == e.Split)
	})
	if err != nil {
		return err
	}
	predictions, answers, err := e.searched(ctx, rows)
	if err != nil {
		return err
	}
	if err := keep(e, predictions); err != nil {
		return err
	}
	res, err := claims.Evaluate(rows, predictions, claims.Options{})
	if err != nil {
		return fail(err, "The gold cannot be scored: %s.", oneLine(err))
	}
	return write(e.out, fmt.Appendf(nil, "%s%s", res.Table(), claims.Silent(rows, answers).Table()))
}

// searched are the bot's answers to queries, with what is relevant in the index
// and without.
func (e *evaluation) searched(ctx context.Context, rows []claims.Gold) (predictions []claims.Prediction, answers []claims.Answer, err error) {
	var all []factcheck.Review
	for _, name := range e.Reviews {
		f, err := os.Open(name)
		if err != nil {
			return nil, nil, goldError(name, err)
		}
		_, err = claimreview.Read(f, func(r factcheck.Review) error {
			all = append(all, r)
			return nil
		})
		f.Close()
		if err != nil {
			return nil, nil, err
		}
	}
	claimOf := map[string]string{}
	for _, r := range all {
		claimOf[r.ID] = r.Claim
	}
	x := claimreview.New(all)
	type result struct {
		ranked claims.Prediction
		answer claims.Answer
	}
	results, err := answer(ctx, e, "queries", rows, func(g claims.Gold) result {
		q := claimreview.Query{Text: g.Text, Date: g.When(), Publisher: g.Collection, Undated: e.Undated}
		r := result{claims.Prediction{ID: g.ID, Ranked: []string{}}, claims.Answer{ID: g.ID}}
		for _, c := range x.Rank(q, ranksKept) {
			r.ranked.Ranked = append(r.ranked.Ranked, c.Review.ID)
		}
		for _, m := range x.Find(q, claimreview.MaxMatches) {
			r.answer.With = append(r.answer.With, m.ID)
		}
		for _, m := range x.Find(q, claimreview.MaxMatches, g.Relevant...) {
			r.answer.Without = append(r.answer.Without, m.ID)
			if slices.ContainsFunc(g.Relevant, func(id string) bool { return claimreview.Alike(claimOf[id], m.Claim) >= 0.5 }) {
				r.answer.Repeats = append(r.answer.Repeats, m.ID)
			}
		}
		return r
	})
	if err != nil {
		return nil, nil, err
	}
	for _, r := range results {
		predictions, answers = append(predictions, r.ranked), append(answers, r.answer)
	}
	return predictions, answers, nil
}
