package training

import (
	"math"
	"strings"
	"testing"
	"testing/fstest"

	"onrecord/factcheck/internal/worth"
)

func TestLogistic(t *testing.T) {
	// One feature that decides, one that is noise.
	var rows []Row
	var y, c []float64
	for i := range 200 {
		rows = append(rows, Row{Index: []int32{0, 1}, Value: []float32{float32(i%2*2 - 1), float32(i%3 - 1)}})
		y, c = append(y, float64(i%2)), append(c, 1)
	}
	w := Logistic(rows, y, c, 2, 1, 100)
	if w[0] < 1 || math.Abs(w[1]) > .1 {
		t.Errorf("weights %v: the first should decide alone", w)
	}
}

func TestFitCurve(t *testing.T) {
	// Sums of twice the true log-odds: the curve must halve them.
	var sums, yes []float64
	for i := range 2000 {
		p := float64(i%20) / 20
		if p == 0 {
			continue
		}
		sums = append(sums, 2*math.Log(p/(1-p)))
		hit := 0.0
		if float64(i/20)/100 < p {
			hit = 1
		}
		yes = append(yes, hit)
	}
	curve := fitCurve(sums, yes)
	if math.Abs(float64(curve.Slope)-.5) > .05 || math.Abs(float64(curve.Shift)) > .1 {
		t.Errorf("slope %.2f, shift %.2f; want .5 and 0", curve.Slope, curve.Shift)
	}
}

func TestBestF1AndAveragePrecision(t *testing.T) {
	scores, yes := []float64{4, 3, 2, 1}, []float64{1, 0, 1, 0}
	if f := bestF1(scores, yes); f != .8 {
		t.Errorf("F1 %v, want .8", f)
	}
	if got := averagePrecision(scores, yes); math.Abs(got-5.0/6) > 1e-9 {
		t.Errorf("average precision %v, want 5/6", got)
	}
	if got := averagePrecision([]float64{1, 1}, []float64{1, 0}); got != .5 {
		t.Errorf("a constant score has %v, want .5", got)
	}
}

func TestLearnVectors(t *testing.T) {
	var texts [][]string
	for range 20 {
		texts = append(texts, strings.Fields("the red boat sails on the sea"), strings.Fields("the blue boat sails on the sea"),
			strings.Fields("a judge reads the long verdict"), strings.Fields("a judge reads the short verdict"))
	}
	v := LearnVectors(texts, 2, 3, 4, 1)
	near := func(a, b string) float64 {
		x, y := v.Rows[v.Index[a]], v.Rows[v.Index[b]]
		return inner(x, y) / math.Sqrt(inner(x, x)*inner(y, y))
	}
	if near("red", "blue") < near("red", "verdict") {
		t.Errorf("red is nearer to verdict (%.2f) than to blue (%.2f)", near("red", "verdict"), near("red", "blue"))
	}
	again := LearnVectors(texts, 2, 3, 4, 1)
	for i, row := range v.Rows {
		for j, x := range row {
			if again.Rows[i][j] != x {
				t.Fatal("the same texts gave other vectors")
			}
		}
	}
}

// A head learns what its lines say, through the file form and back.
func TestModelFromLines(t *testing.T) {
	var lines strings.Builder
	for i := range 30 {
		for _, s := range []string{`"The council spent 3 million crowns on the pier.","label":1`, `"Thank you very much, good evening.","label":0`} {
			lines.WriteString(`{"id":"x","split":"train","doc_id":"d` + string(rune('a'+i%6)) + `","text":` + s + "}\n")
		}
	}
	folder := fstest.MapFS{"a.jsonl": {Data: []byte(lines.String())}}
	read, err := readFile(folder, "a.jsonl")
	if err != nil {
		t.Fatal(err)
	}
	set := Parse(read)
	l := newLearner(LearnVectors([][]string{{"good", "evening"}, {"good", "evening"}}, 1, 2, 2, 1), allFamilies(), set)
	s := lesson{head: worth.Checkable, examples: l.read(set)}
	for _, e := range s.examples {
		s.yes = append(s.yes, float64(e.Label))
	}
	m, err := worth.Decode(l.model([]lesson{s}, true, nil))
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range s.examples[:2] {
		p := m.Probability(worth.Checkable, m.Sums(worth.All(), e.Doc, e.First, e.Last)[worth.Checkable])
		if (p >= worth.Settled) != (e.Label == 1) {
			t.Errorf("%q: probability %.2f", e.Text, p)
		}
	}
}

func TestReadNamesTheLine(t *testing.T) {
	_, err := readFile(fstest.MapFS{"a.jsonl": {Data: []byte("{}\n\nnot json\n")}}, "a.jsonl")
	if err == nil || !strings.Contains(err.Error(), "a.jsonl: line 3") {
		t.Errorf("error %v, want one that names the file and line 3", err)
	}
}
