package claims

import (
	"fmt"
	"math"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"onrecord/score"
)

// sample is 2000 sentences in 20 documents, a fifth of them positive.
func sample(rng *rand.Rand) []Gold {
	var gold []Gold
	for i := range 2000 {
		g := Gold{ID: fmt.Sprint(i), Corpus: "t", Document: Key(fmt.Sprint(i / 100))}
		if rng.Float64() < 0.2 {
			g.Label = 1
		}
		gold = append(gold, g)
	}
	return gold
}

func detect(t *testing.T, gold []Gold, predictions []Prediction, threshold float64) Detection {
	t.Helper()
	res, err := Evaluate(gold, predictions, Options{Threshold: threshold})
	if err != nil {
		t.Fatal(err)
	}
	return res.Detection[0]
}

func TestDetectionPerfect(t *testing.T) {
	gold := sample(rand.New(rand.NewPCG(7, 7)))
	var predictions []Prediction
	for _, g := range gold {
		predictions = append(predictions, Prediction{ID: g.ID, Score: new(float64(g.Label)), Label: new(int(g.Label))})
	}
	d := detect(t, gold, predictions, 0.5)
	for name, v := range map[string]float64{
		"P": d.P, "R": d.R, "F1": d.F1, "bestF1": d.BestF1, "wF1": d.WeightedF1, "acc": d.Accuracy, "AP": d.AP, "AUC": *d.AUC,
		"nDCG": d.NDCG, "MAP": d.MAP, "RPrec": d.RPrecision, "P@10": d.P10, "P@5": d.P5,
	} {
		if math.Abs(v-1) > 1e-9 {
			t.Errorf("%s = %v, want 1", name, v)
		}
	}
}

func TestDetectionByChance(t *testing.T) {
	rng := rand.New(rand.NewPCG(7, 8))
	gold := sample(rng)
	var predictions []Prediction
	for _, g := range gold {
		predictions = append(predictions, Prediction{ID: g.ID, Score: new(rng.Float64())})
	}
	d := detect(t, gold, predictions, 0.5)
	for name, x := range map[string][2]float64{"AUC": {*d.AUC, 0.5}, "AP": {d.AP, 0.2}, "P": {d.P, 0.2}} {
		if math.Abs(x[0]-x[1]) > 0.05 {
			t.Errorf("%s = %v, want about %v", name, x[0], x[1])
		}
	}
}

// A constant score gains nothing: ties are broken against the system.
func TestDetectionConstant(t *testing.T) {
	gold := sample(rand.New(rand.NewPCG(7, 9)))
	var predictions []Prediction
	for _, g := range gold {
		predictions = append(predictions, Prediction{ID: g.ID, Score: new(1.0)})
	}
	if d := detect(t, gold, predictions, 0.5); d.R != 1 || *d.AUC != 0.5 || d.P10 != 0 {
		t.Errorf("R %v, AUC %v, P@10 %v; want 1, 0.5, 0", d.R, *d.AUC, d.P10)
	}
	if d := detect(t, gold, nil, 0.5); d.Missing != 2000 || d.F1 != 0 {
		t.Errorf("without predictions: missing %d, F1 %v", d.Missing, d.F1)
	}
}

// Ranks + - + give AP = (1/1 + 2/3) / 2.
func TestDetectionByHand(t *testing.T) {
	gold := []Gold{{ID: "a", Label: 1}, {ID: "b"}, {ID: "c", Label: 1}}
	d := detect(t, gold, []Prediction{{ID: "a", Score: new(3.0)}, {ID: "b", Score: new(2.0)}, {ID: "c", Score: new(1.0)}}, 2.5)
	if math.Abs(d.AP-5.0/6) > 1e-9 || d.P != 1 || d.R != 0.5 || *d.AUC != 0.5 {
		t.Errorf("AP %v, P %v, R %v, AUC %v", d.AP, d.P, d.R, *d.AUC)
	}
}

func TestDetectionTwice(t *testing.T) {
	_, err := Evaluate([]Gold{{ID: "a"}}, []Prediction{{ID: "a", Score: new(1.0)}, {ID: "a", Score: new(2.0)}}, Options{})
	if err == nil || !strings.Contains(err.Error(), "two predictions for a") {
		t.Errorf("two predictions for one id give %v", err)
	}
}

func TestRetrieval(t *testing.T) {
	gold := []Gold{{ID: "q", Relevant: []string{"x", "y"}}}
	for _, tt := range []struct {
		ranked []string
		want   Retrieval
	}{
		{[]string{"a", "x", "b", "y"}, Retrieval{N: 1, MAP5: 0.5, MRR: 0.5, Hit5: 1, Hit20: 1}},
		{[]string{"x", "y"}, Retrieval{N: 1, MAP5: 1, MRR: 1, Hit1: 1, Hit5: 1, Hit20: 1}},
		{[]string{"a", "a", "x"}, Retrieval{N: 1, MAP5: 0.25, MRR: 0.5, Hit5: 1, Hit20: 1}},
		{nil, Retrieval{N: 1, Missing: 1}},
	} {
		res, err := Evaluate(gold, []Prediction{{ID: "q", Ranked: tt.ranked}}, Options{})
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(res.Retrieval, []Retrieval{tt.want}); diff != "" {
			t.Errorf("%v (-got +want):\n%s", tt.ranked, diff)
		}
	}
}

func TestDecontext(t *testing.T) {
	gold := []Gold{
		{ID: "d", Text: "He was fined.", Resolve: []Reference{{Span: "He", Accept: []string{"Lee"}}}},
		{ID: "e", Text: "Lee was fined.", Resolve: []Reference{}},
	}
	evaluate := func(d, e string) Decontext {
		res, err := Evaluate(gold, []Prediction{{ID: "d", Text: &d}, {ID: "e", Text: &e}}, Options{})
		if err != nil {
			t.Fatal(err)
		}
		return res.Decontext[0]
	}
	if got := evaluate("Ann Lee was fined.", "Lee was fined."); got.Resolved != 1 || got.Untouched != 1 {
		t.Errorf("resolved %v, untouched %v; want 1, 1", got.Resolved, got.Untouched)
	}
	if got := evaluate("He was fined.", "Lee, a man, was fined."); got.Resolved != 0 || got.Untouched != 0 {
		t.Errorf("resolved %v, untouched %v; want 0, 0", got.Resolved, got.Untouched)
	}
}

func TestTable(t *testing.T) {
	gold, err := score.Read[Gold](strings.NewReader(`{"id":"a","source_corpus":"one","doc_id":7,"label":true}
{"id":"b","source_corpus":"one","doc_id":7,"label":0}
{"id":"q","source_corpus":"two","relevant":["x"]}
{"id":"d","source_corpus":"three","text":"It fell.","resolve":[{"span":"It","accept":["rain"]}]}
`))
	if err != nil {
		t.Fatal(err)
	}
	predictions, err := score.Read[Prediction](strings.NewReader(`{"id":"a","score":0.9}
{"id":"q","ranked":["x"]}
{"id":"d","text":"[Rain] fell."}
`))
	if err != nil {
		t.Fatal(err)
	}
	res, err := Evaluate(gold, predictions, Options{Threshold: 0.5})
	if err != nil {
		t.Fatal(err)
	}
	want := `one                      n=2 pos=1 missing=1 P=1.0000 R=1.0000 F1=1.0000 bestF1=1.0000 wF1=1.0000 acc=1.0000 AP=1.0000 AUC=1.0000 nDCG=1.0000 docs=1 MAP=1.0000 RPrec=1.0000 P@10=0.5000 P@20=0.5000 P@5=0.5000
two                      n=1 MAP@5=1.0000 MRR=1.0000 hit@1=1.0000 hit@5=1.0000 hit@20=1.0000
three                    n=1 spans=1 resolved=1.0000 untouched=0.0000 growth=1.0000
`
	if diff := cmp.Diff(res.Table(), want); diff != "" {
		t.Errorf("table (-got +want):\n%s", diff)
	}
}
