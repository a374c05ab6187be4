package quote

import (
	"encoding/json"
	"os"
	"strings"
	"testing"

	"onrecord/nlp"
	score "onrecord/score/quotes"
)

// floors are what the development files must at least give, in points of a
// hundred. They rise, never sink.
var floors = []struct {
	corpus, figure string
	f1, accuracy   float64
}{
	{"polnear.dev", "quotes, content iou0.5", 85, 0},
	{"polnear.dev", "quotes iou0.5, direct", 97, 0},
	{"polnear.dev", "quotes iou0.5, mixed", 90, 0},
	{"polnear.dev", "quotes iou0.5, indirect", 79, 0},
	{"polnear.dev", "source_head", 0, 96},
	{"polnear.dev", "relation content+source", 82, 0},
	{"mcae.dev", "statement", 80, 0},
	{"mcae.dev", "statement+speaker", 73, 0},
	{"mcae.dev", "speaker_full", 0, 89},
	{"mcae.dev", "role", 0, 75},
}

// TestFloors scores the development files in the speech view, as
// eval_quotes.py does.
func TestFloors(t *testing.T) {
	if testing.Short() {
		t.Skip("takes seconds")
	}
	results := map[string]score.Group{}
	for _, floor := range floors {
		g, ok := results[floor.corpus]
		if !ok {
			g = scored(t, floor.corpus)
			results[floor.corpus] = g
		}
		f := g.Figure(floor.figure)
		if f.Name == "" {
			t.Errorf("%s: no figure %q", floor.corpus, floor.figure)
		}
		if 100*f.F1 < floor.f1 || 100*f.Accuracy < floor.accuracy {
			t.Errorf("%s, %s: F1 %.1f, accuracy %.1f, want at least %v, %v", floor.corpus, floor.figure, 100*f.F1, 100*f.Accuracy, floor.f1, floor.accuracy)
		}
	}
}

func scored(t *testing.T, corpus string) score.Group {
	t.Helper()
	articles := readCorpus(t, corpus)
	var predictions []score.Prediction
	for _, a := range articles {
		predictions = append(predictions, prediction(a))
	}
	raw, err := os.ReadFile("../../shared/data/quotes/" + corpus + ".jsonl")
	if err != nil {
		t.Fatal(err)
	}
	var gold []score.Article
	for line := range strings.Lines(string(raw)) {
		var a score.Article
		if err := json.Unmarshal([]byte(line), &a); err != nil {
			t.Fatal(err)
		}
		gold = append(gold, a)
	}
	result, err := score.Evaluate(gold, predictions, score.Options{Speech: true})
	if err != nil {
		t.Fatal(err)
	}
	return result.Groups[0]
}

func prediction(a article) score.Prediction {
	doc := nlp.Parse(a.Text)
	at := make([]int, len(a.Text)+1) // code point of each byte
	n := 0
	for i := range a.Text {
		at[i] = n
		n++
	}
	at[len(a.Text)] = n
	points := func(spans []nlp.Span) [][]int {
		var out [][]int
		for _, s := range spans {
			out = append(out, []int{at[s.Start], at[s.End]})
		}
		return out
	}
	p := score.Prediction{ID: a.ID}
	for _, q := range Find(doc) {
		p.Quotes = append(p.Quotes, score.Quote{
			Content: points(q.Content), Cue: points(q.Cue), Source: points(q.Source),
			Type: string(q.Type), Kind: string(q.Kind), Speaker: q.Speaker.Name, Role: q.Speaker.Role,
		})
	}
	return p
}
