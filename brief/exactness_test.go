package brief

import (
	"bufio"
	"encoding/json"
	"os"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"onrecord/article"
)

// TestExportIsExact checks on real articles what readers of the JSON rely on:
// the ranges of a quotation, in code points of article.text, give its text; a
// direct one stands between its marks; speaker and role stand in the article.
func TestExportIsExact(t *testing.T) {
	for name, a := range sampleArticles(t) {
		checkExport(t, name, a)
	}
	if testing.Short() {
		return // whole corpora take minutes under the race detector
	}
	for _, corpus := range []string{"polnear.dev", "gum.dev", "mcae.dev"} {
		f, err := os.Open("../../shared/data/quotes/" + corpus + ".jsonl")
		if err != nil {
			t.Logf("without the corpus beside the checkout: %v", err)
			continue
		}
		lines := bufio.NewScanner(f)
		lines.Buffer(nil, 1<<24)
		for lines.Scan() {
			var row struct{ ID, Text string }
			if err := json.Unmarshal(lines.Bytes(), &row); err != nil {
				t.Fatal(err)
			}
			checkExport(t, row.ID, textArticle(t, row.Text))
		}
		if err := lines.Err(); err != nil {
			t.Error(err)
		}
		f.Close()
	}
}

// TestExportIsExactForAnyText checks the same on texts made of odd pieces.
func TestExportIsExactForAnyText(t *testing.T) {
	pieces := []string{
		"“Es regnet 🙂,” ", "said Bo Lindgren. ", "he said. ", "MODERATOR: Why? [Applause]\n\n", "IDA KROON: Because.\n\n", "« Non », ", "日本 ",
		"According to Ines Falk, a nurse, it was late. ", "é́", "\r\n", "\u00a0", "Residents of Orre feared it would rain. ", "\"It's late,\" ",
	}
	rapid.Check(t, func(rt *rapid.T) {
		text := strings.Join(rapid.SliceOfN(rapid.SampledFrom(pieces), 1, 24).Draw(rt, "pieces"), "")
		checkExport(rt, text, textArticle(t, "Port Sele. "+text))
	})
}

// reporter is what testing and rapid share.
type reporter interface {
	Errorf(format string, args ...any)
}

func checkExport(t reporter, name string, a *article.Article) {
	b := &Briefing{Article: a, Analysis: Analyse(a)}
	o := Export(b)
	runes := []rune(*o.Article.Text)
	flat := oneLine(a.Text)
	for _, q := range o.Quotes {
		var pieces []string
		for _, r := range q.Content {
			pieces = append(pieces, string(runes[r[0]:r[1]]))
		}
		if got := strings.Join(pieces, " … "); got != q.Text {
			t.Errorf("%s: text is %q, its ranges give %q", name, q.Text, got)
		}
		for _, s := range []string{q.Speaker, q.Via} {
			if !strings.Contains(flat, oneLine(s)) {
				t.Errorf("%s: %q is nowhere in the article", name, s)
			}
		}
		if q.RoleSpan != nil && !strings.EqualFold(string(runes[q.RoleSpan[0]:q.RoleSpan[1]]), q.Role) {
			t.Errorf("%s: role is %q, its range gives %q", name, q.Role, string(runes[q.RoleSpan[0]:q.RoleSpan[1]]))
		}
	}
	for _, s := range o.Sources.SpokenAbout {
		for _, r := range s.Spans {
			if r[0] >= r[1] || r[1] > len(runes) {
				t.Errorf("%s: %s stands at %v of %d", name, s.Name, r, len(runes))
			}
		}
	}
}
