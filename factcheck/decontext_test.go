package factcheck

import (
	"bufio"
	"encoding/json"
	"os"
	"strings"
	"testing"
	"time"

	"onrecord/nlp"
	"onrecord/quote"
)

// What the stand-alone wordings must reach on the labelled sentences beside the
// checkout: the share of references resolved, and of sentences that need
// nothing left alone. They rise, never sink.
const (
	resolvedFloor  = 0.85
	untouchedFloor = 0.95
)

// TestDecontext words the sentences of decontext_dev.jsonl with their context.
func TestDecontext(t *testing.T) {
	f, err := os.Open("../../shared/data/claims/decontext_dev.jsonl")
	if err != nil {
		t.Skip("no labelled sentences beside the checkout:", err)
	}
	defer f.Close()
	spans, resolved, plain, untouched := 0, 0, 0, 0
	lines := bufio.NewScanner(f)
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		var row struct {
			Text    string
			Date    string
			Before  []string `json:"context_before"`
			Resolve []struct{ Accept []string }
		}
		if err := json.Unmarshal(lines.Bytes(), &row); err != nil {
			t.Fatal(err)
		}
		day, _ := time.Parse(time.DateOnly, row.Date)
		text := strings.Join(append(row.Before, row.Text), "\n\n")
		doc := nlp.Parse(text)
		var got []string
		for i, w := range Wordings(doc, quote.Find(doc), day) {
			if doc.Sentences[i].Start >= len(text)-len(row.Text) {
				got = append(got, w.Text)
			}
		}
		wording := strings.Join(got, " ")
		if len(row.Resolve) == 0 {
			plain++
			if strings.Join(strings.Fields(row.Text), " ") == wording {
				untouched++
			}
		}
		for _, r := range row.Resolve {
			spans++
			for _, a := range r.Accept {
				if strings.Contains(strings.ToLower(wording), strings.ToLower(a)) {
					resolved++
					break
				}
			}
		}
	}
	a, b := float64(resolved)/float64(spans), float64(untouched)/float64(plain)
	t.Logf("resolved %.3f of %d, untouched %.3f of %d", a, spans, b, plain)
	if a < resolvedFloor || b < untouchedFloor {
		t.Errorf("resolved %.3f, untouched %.3f; floors %.2f, %.2f", a, b, resolvedFloor, untouchedFloor)
	}
}
