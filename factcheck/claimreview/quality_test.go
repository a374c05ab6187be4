package claimreview

import (
	"os"
	"testing"

	"onrecord/factcheck"
	"onrecord/score"
	"onrecord/score/claims"
)

// The figures that the search must reach on the queries beside the checkout,
// of which every third is asked. They rise, never sink.
var floors = map[string]struct{ map5, silent, recall float64 }{
	"ct21_2a": {0.93, 0.98, 0.60},
	"ct21_2b": {0.56, 0.89, 0.34},
}

func TestFloors(t *testing.T) {
	const dir = "../../../shared/data/claims/"
	queries, err := os.Open(dir + "retrieval_queries.jsonl")
	if err != nil {
		t.Skip("no queries beside the checkout:", err)
	}
	defer queries.Close()
	rows, err := score.Read[claims.Gold](queries)
	if err != nil {
		t.Fatal(err)
	}
	f, err := os.Open(dir + "verified_claims.jsonl")
	if err != nil {
		t.Skip(err)
	}
	defer f.Close()
	var reviews []factcheck.Review
	if _, err := Read(f, func(r factcheck.Review) error {
		reviews = append(reviews, r)
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	x := New(reviews)
	var gold []claims.Gold
	var predictions []claims.Prediction
	var answers []claims.Answer
	for i := 0; i < len(rows); i += 3 {
		g := rows[i]
		gold = append(gold, g)
		q := Query{Text: g.Text, Date: g.When(), Publisher: g.Collection}
		p := claims.Prediction{ID: g.ID, Ranked: []string{}}
		for _, c := range x.Rank(q, 5) {
			p.Ranked = append(p.Ranked, c.Review.ID)
		}
		predictions = append(predictions, p)
		a := claims.Answer{ID: g.ID}
		for _, m := range x.Find(q, MaxMatches) {
			a.With = append(a.With, m.ID)
		}
		for _, m := range x.Find(q, MaxMatches, g.Relevant...) {
			a.Without = append(a.Without, m.ID)
		}
		answers = append(answers, a)
	}
	res, err := claims.Evaluate(gold, predictions, claims.Options{})
	if err != nil {
		t.Fatal(err)
	}
	silences := claims.Silent(gold, answers)
	t.Logf("\n%s%s", res.Table(), silences.Table())
	for _, r := range res.Retrieval {
		if floor := floors[r.Corpus].map5; r.MAP5 < floor {
			t.Errorf("%s: MAP@5 %.3f, floor %.3f", r.Corpus, r.MAP5, floor)
		}
	}
	for _, s := range silences {
		if floor, ok := floors[s.Corpus]; ok && (s.Silent < floor.silent || s.Recall < floor.recall) {
			t.Errorf("%s: silent %.3f, recall %.3f, floors %+v", s.Corpus, s.Silent, s.Recall, floor)
		}
	}
}
