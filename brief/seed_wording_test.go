package brief

import (
	"encoding/json"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"

	"onrecord/article"
)

// TestSeedWordings holds the stand-alone wordings of the article beside the
// checkout, their days and the places of what was inserted to what an expert
// wrote. Article and yardstick are read there; neither is part of this
// repository.
func TestSeedWordings(t *testing.T) {
	data, err := os.ReadFile("../../shared/data/seed/tecun-uman.txt")
	if err != nil {
		t.Skip("no seed article beside the checkout:", err)
	}
	page, err := os.ReadFile("../../shared/data/seed/ideal.md")
	if err != nil {
		t.Skip("no yardstick beside the checkout:", err)
	}
	_, block, _ := strings.Cut(string(page), "```json\n")
	block, _, _ = strings.Cut(block, "\n```")
	var ideal struct {
		Claims []struct {
			Text, Standalone string
			Inserted         []struct {
				Text string
				Span Range
			}
			Dates []struct{ Text, Date string }
		}
	}
	if err := json.Unmarshal([]byte(block), &ideal); err != nil || len(ideal.Claims) < 10 {
		t.Fatalf("%d ideal claims: %v", len(ideal.Claims), err)
	}
	var r article.Reader
	defer r.Close()
	a, err := r.Read(t.Context(), article.FromBytes("tecun-uman.txt", "", data))
	if err != nil {
		t.Fatal(err)
	}
	got := Export(&Briefing{Article: a, Analysis: Analyse(a)})
	for _, want := range ideal.Claims {
		i := slices.IndexFunc(got.Claims, func(c ObjectClaim) bool {
			return strings.Trim(c.Text, ".") == strings.Trim(want.Text, ".")
		})
		if i < 0 {
			t.Errorf("no claim %q", want.Text)
			continue
		}
		c := got.Claims[i]
		wording := c.Standalone
		if len(c.Parts) > 0 {
			var parts []string
			for k, p := range c.Parts {
				parts = append(parts, fmt.Sprintf("1%c: %s", 'a'+k, p.Standalone))
			}
			wording = strings.Join(parts, " · ")
		}
		if wording != want.Standalone {
			t.Errorf("wording\ngot  %s\nwant %s", wording, want.Standalone)
		}
		var inserted, ideal []string
		for _, in := range c.Inserted {
			inserted = append(inserted, fmt.Sprint(in.Text, in.From))
		}
		for _, in := range want.Inserted {
			ideal = append(ideal, fmt.Sprint(in.Text, in.Span))
		}
		if !slices.Equal(inserted, ideal) {
			t.Errorf("inserted\ngot  %q\nwant %q", inserted, ideal)
		}
		var dates, days []string
		for _, d := range c.Dates {
			if d.Date != "" {
				dates = append(dates, d.Text+" "+period(d.Date, d.End))
			}
		}
		for _, d := range want.Dates {
			days = append(days, d.Text+" "+d.Date)
		}
		if !slices.Equal(dates, days) {
			t.Errorf("dates\ngot  %q\nwant %q", dates, days)
		}
	}
}
