package factcheck

import (
	"bufio"
	"cmp"
	"encoding/json"
	"os"
	"slices"
	"testing"
	"time"

	"onrecord/nlp"
	"onrecord/quote"
)

// Floors that rise and never sink. The articles are those that the ranking was
// set on; the debates are the dev part, which the model has not seen
// (docs/models.md has the figures by folds).
const (
	newsFloor       = 0.90  // mean average precision over articles
	newsFirstFive   = 0.80  // share of the first five
	debateFloor     = 0.725 // average precision
	debateF1Floor   = 0.645
	checkableDebate = 0.55 // average precision of the other definition, on the same sentences
)

type labelled struct {
	DocID string `json:"doc_id"`
	Date  string `json:"date"`
	Split string `json:"split"`
	Text  string `json:"text"`
	Label int    `json:"label"`
}

// rate rates the sentences of a corpus beside the checkout, document by
// document, as 'bot batch --sentences' does.
func rate(t *testing.T, name, split string) (docs [][]labelled, ratings [][]Rating) {
	t.Helper()
	f, err := os.Open("../../shared/data/claims/" + name + ".jsonl")
	if err != nil {
		t.Skip("no labelled sentences beside the checkout:", err)
	}
	defer f.Close()
	lines := bufio.NewScanner(f)
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		var in labelled
		if err := json.Unmarshal(lines.Bytes(), &in); err != nil {
			t.Fatal(err)
		}
		if in.Split != split {
			continue
		}
		if n := len(docs); n == 0 || docs[n-1][0].DocID != in.DocID {
			docs = append(docs, nil)
		}
		docs[len(docs)-1] = append(docs[len(docs)-1], in)
	}
	for _, rows := range docs {
		var text Passage
		spans := make([]nlp.Span, len(rows))
		for i, r := range rows {
			spans[i] = text.Add(r.Text)
		}
		var day time.Time
		if rows[0].Date != "" {
			if day, err = time.Parse(time.DateOnly, rows[0].Date); err != nil {
				t.Fatal(err)
			}
		}
		doc := nlp.Parse(text.Text())
		ratings = append(ratings, Rate(doc, quote.Find(doc), day, spans))
	}
	return docs, ratings
}

// averagePrecision ranks rows by score, equal ones with the negatives first,
// and gives the share of positives among the first k too.
func averagePrecision(rows []labelled, scores []float64, k int) (ap, first float64) {
	order := make([]int, len(rows))
	for i := range order {
		order[i] = i
	}
	slices.SortFunc(order, func(a, b int) int {
		return cmp.Or(cmp.Compare(scores[b], scores[a]), cmp.Compare(rows[a].Label, rows[b].Label))
	})
	hits := 0
	for n, i := range order {
		if rows[i].Label == 1 {
			hits++
			ap += float64(hits) / float64(n+1)
		}
		if n == min(k, len(rows))-1 {
			first = float64(hits) / float64(n+1)
		}
	}
	return ap / float64(max(hits, 1)), first
}

// TestNewsRanking ranks the sentences of nine news articles whose sentences
// somebody marked as worth checking or not.
func TestNewsRanking(t *testing.T) {
	docs, ratings := rate(t, "news_dev", "dev")
	mean, five := 0.0, 0.0
	for d, rows := range docs {
		scores := make([]float64, len(rows))
		for i, r := range ratings[d] {
			scores[i] = r.Score
		}
		ap, first := averagePrecision(rows, scores, 5)
		mean += ap / float64(len(docs))
		five += first / float64(len(docs))
	}
	t.Logf("MAP %.4f, P@5 %.3f over %d articles", mean, five, len(docs))
	if mean < newsFloor || five < newsFirstFive {
		t.Errorf("MAP %.3f, P@5 %.3f; floors %.2f, %.2f", mean, five, newsFloor, newsFirstFive)
	}
}

// TestDebates rates five debates that the model has not seen.
func TestDebates(t *testing.T) {
	docs, ratings := rate(t, "claimbuster", "dev")
	var rows []labelled
	var public, checkable []float64
	right, said, positives := 0.0, 0.0, 0.0
	for d := range docs {
		rows = append(rows, docs[d]...)
		for i, r := range ratings[d] {
			public, checkable = append(public, r.Score), append(checkable, r.Settled)
			if r.Worth {
				said++
				right += float64(docs[d][i].Label)
			}
			positives += float64(docs[d][i].Label)
		}
	}
	ap, _ := averagePrecision(rows, public, 1)
	other, _ := averagePrecision(rows, checkable, 1)
	f1 := 2 * right / (said + positives)
	t.Logf("AP %.3f, F1 %.3f, AP of checkable %.3f over %d sentences", ap, f1, other, len(rows))
	if ap < debateFloor || f1 < debateF1Floor || other < checkableDebate {
		t.Errorf("AP %.3f, F1 %.3f, AP of checkable %.3f; floors %.3f, %.3f, %.2f", ap, f1, other, debateFloor, debateF1Floor, checkableDebate)
	}
}
