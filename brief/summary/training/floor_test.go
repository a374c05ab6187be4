package training

import (
	"os"
	"testing"

	"onrecord/brief/summary"
	"onrecord/score"
	"onrecord/score/summaries"
)

// TestFloor holds the summaries of the models that ship to floors, on every
// twentieth development article. They have learned from these articles: the
// figures that count are those by folds (docs/models.md). Floors rise, never
// sink.
func TestFloor(t *testing.T) {
	if testing.Short() {
		t.Skip("whole corpora take minutes under the race detector")
	}
	f, err := os.Open("../../../../shared/data/summaries/dev.jsonl")
	if err != nil {
		t.Skip("no development articles beside the checkout:", err)
	}
	defer f.Close()
	all, err := score.Read[summaries.Truth](f)
	if err != nil {
		t.Fatal(err)
	}
	var some []summaries.Truth
	for i := 0; i < len(all); i += 20 {
		some = append(some, all[i])
	}
	articles := Read(some)
	rates := make([]summary.Rates, len(articles))
	for i, a := range articles {
		rates[i] = summary.Default().Rate(a.Sheet)
	}
	length := summary.Length{Sentences: 3, Words: 60}
	got := Evaluate(articles, Predict(articles, rates, summary.Tuned, length), length).All()
	for _, floor := range []struct {
		name       string
		got, least float64
	}{
		{"R1", got.R1, 33.5}, {"R2", got.R2, 13.5}, {"RLsum", got.RLsum, 30}, {"gF", got.GF, 27}, {"sentences made of the article's words", got.Compressed, 1},
	} {
		if floor.got < floor.least {
			t.Errorf("%s is %.2f, want %.2f", floor.name, floor.got, floor.least)
		}
	}
	if got.Unsupported > 0 || got.Over > 0 || got.Redundancy > 0.2 {
		t.Errorf("unsupported %.3f, over the length %.3f, redundancy %.3f", got.Unsupported, got.Over, got.Redundancy)
	}
}
