package brief

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"onrecord/article"
	"onrecord/nlp"
)

var update = flag.Bool("update", false, "rewrite the expected briefings in testdata/articles")

const samples = "../testdata/articles"

// sampleArticles reads the articles of testdata/articles, by file name.
func sampleArticles(t testing.TB) map[string]*article.Article {
	t.Helper()
	files, err := os.ReadDir(samples)
	if err != nil {
		t.Fatal(err)
	}
	var r article.Reader
	t.Cleanup(func() { r.Close() })
	out := map[string]*article.Article{}
	for _, f := range files {
		name := f.Name()
		if strings.HasSuffix(name, ".expected.txt") || !slices.Contains([]string{".txt", ".html", ".md", ".docx"}, filepath.Ext(name)) {
			continue
		}
		data, err := os.ReadFile(filepath.Join(samples, name))
		if err != nil {
			t.Fatal(err)
		}
		a, err := r.Read(t.Context(), article.FromBytes(name, "", data))
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		out[name] = a
	}
	return out
}

// TestSampleArticles compares the briefing of each sample article with the
// expected one beside it. Run with -update, then read the diff as an editor at
// six in the morning would.
func TestSampleArticles(t *testing.T) {
	for name, a := range sampleArticles(t) {
		t.Run(name, func(t *testing.T) {
			got := readable(&Briefing{Article: a, Analysis: Analyse(a)})
			file := filepath.Join(samples, name+".expected.txt")
			if *update {
				if err := os.WriteFile(file, []byte(got), 0o666); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(strings.Split(string(want), "\n"), strings.Split(got, "\n")); diff != "" {
				t.Errorf("briefing changed (-want +got); if it is better, run with -update:\n%s", diff)
			}
		})
	}
}

// readable writes a briefing for people to compare: what was read, then each
// finding on a line of its own.
func readable(b *Briefing) string {
	a, found := b.Article, b.Analysis
	var w strings.Builder
	line := func(format string, args ...any) { fmt.Fprintf(&w, format+"\n", args...) }
	line("title:     %s", a.Title)
	line("byline:    %s", strings.Join(a.Byline, ", "))
	line("publisher: %s", a.Publisher)
	line("published: %s", day(a.Published))
	line("dateline:  %s | %s", a.Dateline.Agency, a.Dateline.Place)
	line("words:     %d", a.Words)

	line("\nSUMMARY (%d words)", summaryWords(found.Summary))
	for i, s := range found.Summary {
		line("%d  %s", i+1, s.Text)
	}
	line("\nQUOTES speaker | role | verb | type | text")
	for _, q := range found.Quotes {
		who := q.Speaker.Name
		if len(q.Unclear) > 0 {
			who = "UNCLEAR " + strings.Join(q.Unclear, " or ")
		}
		kind := string(q.Type)
		if q.Kind == "other" {
			kind += " (other)"
		}
		extra := ""
		if q.Via != "" {
			extra = " [via " + q.Via + "]"
		}
		if q.SaidOn >= 0 {
			extra += " [" + dayRange(found.Times[q.SaidOn].Dates.Start, found.Times[q.SaidOn].Dates.End) + "]"
		}
		line("- %s | %s | %s | %s | %s%s", who, q.Speaker.Role, q.Verb, kind, oneLine(QuoteText(a.Text, q)), extra)
	}
	line("\nSOURCES %s", found.Sources.Line())
	line("\nCLAIMS")
	rank := 0
	for _, c := range found.Claims {
		mark := "not ranked"
		if c.Checkable {
			rank++
			mark = fmt.Sprint(rank)
		}
		kinds := make([]string, 0, len(c.Kinds))
		for _, k := range c.Kinds {
			kinds = append(kinds, string(k))
		}
		line("%s  %s", mark, c.Standalone)
		line("    %s: %s", strings.Join(kinds, ", "), strings.Join(c.Reasons, "; "))
		for i, p := range c.Parts {
			line("    %s%c: %s", mark, 'a'+i, p.Standalone)
		}
		if c.Unclear != "" {
			line("    unclear: %s", c.Unclear)
		}
		for _, h := range c.HowToCheck {
			line("    > %s", h)
		}
	}
	line("\nWHO")
	for _, who := range found.Facts.Who {
		line("- %s | %s | quoted %s", who.Name, who.Role, yes(who.Quoted))
	}
	names := []string{}
	for _, where := range found.Facts.Where {
		names = append(names, where.Name)
	}
	line("\nWHERE %s", strings.Join(names, "; "))
	line("\nWHEN")
	for _, d := range found.Facts.When {
		line("- %s = %s", d.Span.Text(a.Text), dayRange(d.Dates.Start, d.Dates.End))
	}
	line("\nNUMBERS")
	for _, n := range found.Facts.Numbers {
		line("- %s | %s | %s", oneLine(n.Text), n.Of, n.About(a.Text))
	}
	line("\nTIMELINE")
	for _, e := range found.Timeline {
		line("- %s: %s", e.When(func(d nlp.Dates) string { return dayRange(d.Start, d.End) }), e.Text)
	}
	line("\nMISSING")
	for _, m := range found.Missing {
		line("- %s", m)
	}
	return w.String()
}

func dayRange(start, end time.Time) string { return period(day(start), day(end)) }

func summaryWords(sentences []Sentence) int {
	n := 0
	for _, s := range sentences {
		n += len(strings.Fields(s.Text))
	}
	return n
}
