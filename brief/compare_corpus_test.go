package brief

import (
	"bufio"
	"encoding/json"
	"os"
	"testing"

	"onrecord/article"
	"onrecord/nlp"
)

// newsOf reads the first articles of a corpus beside the checkout.
func newsOf(t *testing.T, corpus string, most int) []*Briefing {
	t.Helper()
	f, err := os.Open("../../shared/data/" + corpus + ".jsonl")
	if err != nil {
		t.Skip("no corpora beside the checkout:", err)
	}
	defer f.Close()
	var all []*Briefing
	lines := bufio.NewScanner(f)
	lines.Buffer(nil, 1<<24)
	for lines.Scan() && len(all) < most {
		var row struct{ Title, Text string }
		if err := json.Unmarshal(lines.Bytes(), &row); err != nil {
			t.Fatal(err)
		}
		all = append(all, &Briefing{Article: &article.Article{Text: row.Text, Title: row.Title, Language: "en"}})
	}
	if err := lines.Err(); err != nil {
		t.Fatal(err)
	}
	return all
}

func (b *Briefing) analysed() *Briefing {
	if b.Analysis == nil {
		b.Analysis = Analyse(b.Article)
	}
	return b
}

// TestCompareNews holds articles of the development corpora against their
// neighbours, which tell other stories: what is reported there is reported
// falsely, unless two happen to tell one story. PolNeAR is hard, for all its
// articles tell of one campaign.
func TestCompareNews(t *testing.T) {
	for _, corpus := range []struct {
		name       string
		most, next int     // articles, and how many neighbours each is held against
		related    float64 // most pairs that may be taken for one story, of all
	}{
		{"quotes/polnear.dev", 84, 4, 0.01},
		{"quotes/mcae.dev", 15, 14, 0},
		{"quotes/gum.dev", 11, 10, 0},
		{"summaries/dev", 80, 1, 0.01},
	} {
		all := newsOf(t, corpus.name, corpus.most)
		pairs, related, clashes := 0, 0, 0
		for i := range all {
			for j := i + 1; j < len(all) && j <= i+corpus.next; j++ {
				c := Compare([]*Briefing{all[i].analysed(), all[j].analysed()})
				pairs++
				if c.Related() {
					related++
					t.Logf("one story: %.80q and %.80q", all[i].Article.Text, all[j].Article.Text)
				}
				for _, f := range c.Findings {
					switch f.Kind {
					case OtherNumber, OtherDate, Denial, OtherName, Update, QuoteChanged, QuoteCut, QuoteSpeaker:
						clashes++
						t.Logf("%s: %+v", f.Kind, f.Sides)
					}
				}
			}
		}
		t.Logf("%s: %d pairs, %d taken for one story, %d contradictions reported", corpus.name, pairs, related, clashes)
		if float64(related) > corpus.related*float64(pairs) || clashes > related {
			t.Errorf("%s: worse than it was", corpus.name)
		}
	}
}

// TestCompareNewsCopies looks for copies among the articles of one corpus that
// was gathered from several collections, and compares them.
func TestCompareNewsCopies(t *testing.T) {
	all := newsOf(t, "summaries/dev", 2002)
	seen := map[uint64][]int{}
	common := map[[2]int]int{}
	sizes := make([]int, len(all))
	for i, b := range all {
		s := &side{doc: &nlp.Document{Text: b.Article.Text}}
		for h := range s.shingles() {
			sizes[i]++
			if len(seen[h]) < 20 {
				for _, j := range seen[h] {
					common[[2]int{j, i}]++
				}
				seen[h] = append(seen[h], i)
			}
		}
	}
	pairs, same, edits := 0, 0, 0
	for p, n := range common {
		if small := min(sizes[p[0]], sizes[p[1]]); small < 50 || float64(n) < 0.75*float64(small) {
			continue
		}
		if pairs++; pairs > 60 {
			break
		}
		c := Compare([]*Briefing{all[p[0]].analysed(), all[p[1]].analysed()})
		if len(c.Alike) == 1 {
			same++
			edits += len(c.Alike[0].Edits) + c.Alike[0].Others
		}
	}
	t.Logf("%d pairs of copies, %d recognised, %d sentences differ", pairs, same, edits)
	if same < pairs {
		t.Error("a copy is not recognised")
	}
}
