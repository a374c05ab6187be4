package summaries

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"onrecord/score"
)

var approx = cmpopts.EquateApprox(0, 5e-5)

// The expected figures are those of the public rouge-score tool and of Lin
// (2004).
func TestRouge(t *testing.T) {
	for _, tt := range []struct {
		name, reference string
		out             []string
		measure         func(rouge) prf
		want            prf
	}{
		{
			"unigrams", "The quick brown fox jumps over the lazy dog",
			[]string{"The quick brown dog jumps on the log."},
			func(r rouge) prf { return r.r1 },
			prf{0.75, 6.0 / 9, 0.70588},
		},
		{
			"bigrams", "The quick brown fox jumps over the lazy dog",
			[]string{"The quick brown dog jumps on the log."},
			func(r rouge) prf { return r.r2 },
			prf{2.0 / 7, 2.0 / 8, 4.0 / 15},
		},
		{
			"longest common subsequence", "The quick brown fox jumps over the lazy dog",
			[]string{"The quick brown dog jumps on the log."},
			func(r rouge) prf { return r.l },
			prf{0.625, 5.0 / 9, 0.58824},
		},
		{
			"one word", "testing one two",
			[]string{"testing"},
			func(r rouge) prf { return r.r1 },
			prf{1, 1.0 / 3, 0.5},
		},
		{
			"union", "w1 w2 w3 w4 w5",
			[]string{"w1 w2 w6 w7 w8", "w1 w3 w8 w9 w5"},
			func(r rouge) prf { return r.lsum },
			prf{0.4, 0.8, 0.53333},
		},
		{
			"order of sentences, union", "First sentence.\nSecond Sentence.",
			[]string{"Second sentence.", "First sentence."},
			func(r rouge) prf { return r.lsum },
			prf{1, 1, 1},
		},
		{
			"order of sentences, whole", "First sentence.\nSecond Sentence.",
			[]string{"Second sentence.", "First sentence."},
			func(r rouge) prf { return r.l },
			prf{0.5, 0.5, 0.5},
		},
		{
			"clipped", "a a b",
			[]string{"a a a"},
			func(r rouge) prf { return r.r1 },
			prf{2.0 / 3, 2.0 / 3, 2.0 / 3},
		},
		{"no reference", "", []string{"a"}, func(r rouge) prf { return r.r1 }, prf{}},
		{"no summary", "a", nil, func(r rouge) prf { return r.lsum }, prf{}},
	} {
		got := tt.measure(words{}.rouge(tt.reference, tt.out))
		if diff := cmp.Diff(got, tt.want, approx, cmp.AllowUnexported(prf{})); diff != "" {
			t.Errorf("%s (-got +want):\n%s", tt.name, diff)
		}
	}
}

func TestStem(t *testing.T) {
	for in, want := range map[string]string{
		"caresses": "caress", "ponies": "poni", "ties": "tie", "cats": "cat", "feed": "feed", "agreed": "agre",
		"plastered": "plaster", "motoring": "motor", "sing": "sing", "conflated": "conflat",
		"troubled": "troubl", "sized": "size", "hopping": "hop", "falling": "fall", "hissing": "hiss",
		"failing": "fail", "filing": "file", "happy": "happi", "relational": "relat",
		"conditional": "condit", "valenci": "valenc", "digitizer": "digit", "operator": "oper",
		"triplicate": "triplic", "formative": "form", "electrical": "electr", "goodness": "good",
		"revival": "reviv", "adjustment": "adjust", "adoption": "adopt", "probate": "probat",
		"rate": "rate", "cease": "ceas", "controll": "control", "roll": "roll", "generalizations": "gener",
		"news": "news", "dying": "die", "geologist": "geologist", "ecology": "ecolog", "tied": "tie",
	} {
		if got := stem(in); got != want {
			t.Errorf("stem(%q) = %q, want %q", in, got, want)
		}
	}
}

func TestFaith(t *testing.T) {
	const source = "The mayor, who is 52, said on Monday that “taxes will fall”. Nobody else spoke."
	for _, tt := range []struct {
		sentence                          string
		verbatim, compressed, unsupported float64
	}{
		{`The mayor said on Monday that "taxes will fall".`, 0, 1, 0},
		{"Nobody else spoke.", 1, 1, 0},
		{"Monday the mayor said that taxes fall.", 0, 0, 0},
		{"The mayor Smith said 53.", 0, 0, 1},
	} {
		f := faith([]string{tt.sentence}, source, "")
		got := [...]float64{f.verbatim, f.compressed, f.unsupported}
		if diff := cmp.Diff(got, [...]float64{tt.verbatim, tt.compressed, tt.unsupported}); diff != "" {
			t.Errorf("%s (-got +want):\n%s", tt.sentence, diff)
		}
	}
}

func TestPicks(t *testing.T) {
	if got := picks([]string{"A b c.", "D e f."}, []string{"a b c", "x y"}); got.f != 0.5 {
		t.Errorf("F1 = %v, want 0.5", got.f)
	}
}

func TestTokens(t *testing.T) {
	got := tokens("U.S. it's 1,000, ok?")
	if diff := cmp.Diff(got, []string{"U.S", "it's", "1,000", "ok"}); diff != "" {
		t.Errorf("tokens (-got +want):\n%s", diff)
	}
}

func TestRoughSentences(t *testing.T) {
	got := roughSentences("One. Two!\" Three\n\nFour (really.) Five")
	if diff := cmp.Diff(got, []string{"One.", "Two!", "Three", "Four (really.", "Five"}); diff != "" {
		t.Errorf("sentences (-got +want):\n%s", diff)
	}
}

func TestTable(t *testing.T) {
	truth := []Truth{
		{ID: "1", Corpus: "a", Text: "Rain fell. Rivers rose.", Reference: []string{"Rain fell."}, Gold: []string{"Rain fell."}},
		{ID: "2", Corpus: "b", Text: "Snow fell in Upper Reed.", Reference: []string{"Snow fell."}},
	}
	predictions, err := score.Read[Prediction](strings.NewReader(`{"id":"1","summary":"Rain fell."}
{"id":"2","sentences":[{"text":"Snow fell."},"It fell in 1999."]}
`))
	if err != nil {
		t.Fatal(err)
	}
	res := Evaluate(truth, predictions, Options{MaxWords: 5})
	want := `corpus                             n      R1      R2      RL   RLsum     R1p     R1r    verb    comp   unsup   words   sents    over   redun      gP      gR      gF
a                                  1  100.00  100.00  100.00  100.00  100.00  100.00   1.000   1.000   0.000    2.00    1.00   0.000   0.000  100.00  100.00  100.00
b                                  1   50.00   33.33   50.00   50.00   33.33  100.00   0.500   0.500   0.500    6.00    2.00   1.000   0.333   -1.00   -1.00   -1.00
ALL                                2   75.00   66.67   75.00   75.00   66.67  100.00   0.750   0.750   0.250    4.00    1.50   0.500   0.167  100.00  100.00  100.00
`
	if diff := cmp.Diff(res.Table(), want); diff != "" {
		t.Errorf("table (-got +want):\n%s", diff)
	}
	if diff := cmp.Diff(res.Bad, []Bad{{"2", "It fell in 1999."}}); diff != "" {
		t.Errorf("bad (-got +want):\n%s", diff)
	}
}
