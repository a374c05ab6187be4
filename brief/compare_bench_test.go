package brief

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"onrecord/article"
)

// longArticle is a made-up article of many words: sentences that share most of
// their words with many others, which is what makes comparing slow.
func longArticle(words, seed int) *Briefing {
	var w strings.Builder
	for i := 0; w.Len() < words*6; i++ {
		fmt.Fprintf(&w, "The council of Kelvale paid %d crowns to firm %c%d for the bridge of ward %d, said Ines Falk. ", 1000+i*seed%977, 'A'+i%26, i*seed%331, i%97)
		if i%7 == 0 {
			fmt.Fprintf(&w, "“We paid %d crowns for it and we would do so again and again,” she said.\n\n", i+seed)
		}
	}
	a := &article.Article{Text: w.String(), Language: "en"}
	return &Briefing{Article: a, Analysis: Analyse(a)}
}

// TestCompareLong: articles of 100,000 words are compared in bounded time, five
// of them too, and the answer says that it looked at their beginnings only.
func TestCompareLong(t *testing.T) {
	if testing.Short() {
		t.Skip("takes a while")
	}
	long := longArticle(mostBytes/6+1000, 3)
	long.Article.Text = strings.Repeat(long.Article.Text, 5) // 100,000 words, of which the analysis of the first fifth will do
	all := []*Briefing{long, long, long, long, long}
	began := time.Now()
	c := Compare(all)
	took := time.Since(began)
	t.Logf("five articles of %d words in %v", len(strings.Fields(long.Article.Text)), took)
	if len(c.Notes) != 5 {
		t.Errorf("notes: %v", c.Notes)
	}
	if took > 2*time.Minute {
		t.Errorf("took %v", took)
	}
}

// BenchmarkCompare compares two articles of some length; the time should grow
// in proportion to it.
func BenchmarkCompare(b *testing.B) {
	for _, words := range []int{1000, 4000, 16000} {
		x, y := longArticle(words, 3), longArticle(words, 5)
		b.Run(fmt.Sprint(words), func(b *testing.B) {
			for b.Loop() {
				Compare([]*Briefing{x, y})
			}
		})
	}
}
