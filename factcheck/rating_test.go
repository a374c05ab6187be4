package factcheck

import (
	"strings"
	"testing"
	"time"

	"onrecord/nlp"
	"onrecord/quote"
)

const (
	speech = "Thank you all for coming tonight. We cut the water levy by a third in two years. I believe that you deserve nothing less. " +
		"Our schools have 400 more teachers than in 2022. May God bless you."
	report = "The council in Elmstead cut the water levy by a third in two years. “We deserve nothing less,” said Mayor Ada Bell. " +
		"“I think our schools are wonderful, and you know it.” The schools have 400 more teachers than in 2022. The vote is on Monday."
)

// The ranking weighs what the heads say, so it must be trained with those that
// are embedded: 'go run ./cmd/train claims --ranking' does it.
func TestRankingFitsTheHeads(t *testing.T) {
	if !strings.Contains(weightFile, headsLine+heads()+"\n") {
		t.Errorf("weights.txt was not trained with the heads %s of claims.bin: run 'go run ./cmd/train claims --ranking'", heads())
	}
}

func TestSpoken(t *testing.T) {
	for _, c := range []struct {
		name, text string
		want       bool
	}{
		{"a speech", speech, true},
		{"an article, whoever speaks in it", report, false},
		{"the country US is no “us”", "US troops left on Monday. The US sent more of them in May. Belmora had asked the US to go.", false},
		{"a sentence on its own", "The levy fell by a third.", true},
		{"nothing", "", true},
	} {
		doc := nlp.Parse(c.text)
		if got := read(doc, quote.Find(doc), time.Time{}).spoken(); got != c.want {
			t.Errorf("%s: spoken %v", c.name, got)
		}
	}
}

// In a speech, what can be checked and matters to many stands above courtesies
// and beliefs, and only it is check-worthy.
func TestRateSpeech(t *testing.T) {
	doc := nlp.Parse(speech)
	var spans []nlp.Span
	for _, s := range doc.Sentences {
		spans = append(spans, s.Span)
	}
	got := Rate(doc, quote.Find(doc), time.Time{}, spans)
	for i, worth := range []bool{false, true, false, true, false} {
		if got[i].Worth != worth || got[i].Checkable != worth {
			t.Errorf("%q: worth %v, checkable %v, want %v (score %.2f, %.2f)", spans[i].Text(doc.Text), got[i].Worth, got[i].Checkable, worth, got[i].Score, got[i].Settled)
		}
	}
}

// The sentences to rate need not be those that the parser finds.
func TestRateForeignSpans(t *testing.T) {
	doc := nlp.Parse(report)
	half := len(doc.Text) / 2
	got := Rate(doc, quote.Find(doc), time.Time{}, []nlp.Span{{Start: 0, End: half}, {Start: half, End: len(doc.Text)}, {Start: half, End: half}})
	if got[0].Score <= got[2].Score {
		t.Errorf("half of the article has %.2f, nothing of it %.2f", got[0].Score, got[2].Score)
	}
}

// The embedded model needs no decoding, but its file must be whole.
func BenchmarkModel(b *testing.B) {
	doc := nlp.Parse(report)
	s := doc.Sentences[0]
	sums(doc, s.First, s.Last)
	b.ReportAllocs()
	for b.Loop() {
		sums(doc, s.First, s.Last)
	}
}

func TestRankingFile(t *testing.T) {
	w := rankingWeights()
	again, err := readRanking(string(RankingFile(append(append([]float64{}, w.weights...), w.bias))))
	if err != nil {
		t.Fatal(err)
	}
	for i, o := range observations {
		if again.weights[i] != w.weights[i] || again.hand[i] != w.hand[i] {
			t.Errorf("%s: %v by hand %v came back as %v by hand %v", o.name, w.weights[i], w.hand[i], again.weights[i], again.hand[i])
		}
	}
	for _, bad := range []string{"", "1 2", "x 1 figure\n", "1 1 figure\n"} {
		if _, err := readRanking(bad); err == nil {
			t.Errorf("%q is taken for weights", bad)
		}
	}
}
