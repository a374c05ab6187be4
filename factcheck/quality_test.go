package factcheck

import (
	"bufio"
	"cmp"
	"encoding/json"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"onrecord/nlp"
	"onrecord/quote"
)

// newsFloor is the mean average precision over articles that the ranking must
// reach on the labelled news articles beside the checkout. It rises, never sinks.
const newsFloor = 0.80

// TestNewsRanking ranks the sentences of nine news articles whose sentences
// somebody marked as worth checking or not.
func TestNewsRanking(t *testing.T) {
	f, err := os.Open("../../shared/data/claims/news_dev.jsonl")
	if err != nil {
		t.Skip("no labelled articles beside the checkout:", err)
	}
	defer f.Close()
	type row struct {
		DocID, Date, Text string
		Label             int
	}
	var docs [][]row
	lines := bufio.NewScanner(f)
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		var in struct {
			DocID string `json:"doc_id"`
			Date  string `json:"date"`
			Text  string `json:"text"`
			Label int    `json:"label"`
		}
		if err := json.Unmarshal(lines.Bytes(), &in); err != nil {
			t.Fatal(err)
		}
		if n := len(docs); n == 0 || docs[n-1][0].DocID != in.DocID {
			docs = append(docs, nil)
		}
		docs[len(docs)-1] = append(docs[len(docs)-1], row(in))
	}
	sum := 0.0
	for _, rows := range docs {
		var text strings.Builder
		spans := make([]nlp.Span, len(rows))
		for i, r := range rows {
			spans[i] = nlp.Span{Start: text.Len(), End: text.Len() + len(r.Text)}
			text.WriteString(r.Text + "\n\n")
		}
		day, err := time.Parse(time.DateOnly, rows[0].Date)
		if err != nil {
			t.Fatal(err)
		}
		doc := nlp.Parse(text.String())
		scores := make([]float64, len(rows))
		for i, c := range Rate(doc, quote.Find(doc), day, spans) {
			scores[i] = c.Score
		}
		order := make([]int, len(rows))
		for i := range order {
			order[i] = i
		}
		slices.SortFunc(order, func(a, b int) int {
			return cmp.Or(cmp.Compare(scores[b], scores[a]), cmp.Compare(rows[a].Label, rows[b].Label))
		})
		hits, ap := 0, 0.0
		for k, i := range order {
			if rows[i].Label == 1 {
				hits++
				ap += float64(hits) / float64(k+1)
			}
		}
		sum += ap / float64(max(hits, 1))
	}
	got := sum / float64(len(docs))
	t.Logf("MAP %.3f over %d articles", got, len(docs))
	if got < newsFloor {
		t.Errorf("MAP %.3f, floor %.2f", got, newsFloor)
	}
}
