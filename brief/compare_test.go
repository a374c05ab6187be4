package brief

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/rogpeppe/go-internal/txtar"
	"pgregory.net/rapid"

	"onrecord/article"
	"onrecord/nlp"
)

// compared writes a comparison for people to read: each finding on a line, the
// words of the articles below it. What only one side has stands in {braces}.
func compared(c *Comparison, kinds func(FindingKind) bool) string {
	var w strings.Builder
	for _, n := range c.Notes {
		fmt.Fprintf(&w, "note: %s\n", n)
	}
	for _, a := range c.Alike {
		fmt.Fprintf(&w, "%s\n", a.Sentence())
		for _, e := range a.Edits {
			for _, s := range []Side{{Article: a.A, Spans: []nlp.Span{e.A}, Marked: e.MarkedA}, {Article: a.B, Spans: []nlp.Span{e.B}, Marked: e.MarkedB}} {
				if !s.Spans[0].Empty() {
					fmt.Fprintf(&w, "    %d: %s\n", s.Article+1, c.Words(s))
				}
			}
		}
	}
	if s := c.ApartSentence(); s != "" {
		fmt.Fprintf(&w, "%s\n", s)
	}
	for _, f := range c.Findings {
		if !kinds(f.Kind) {
			continue
		}
		fmt.Fprintf(&w, "%s: %s\n", f.Kind, f.Text)
		for _, s := range f.Sides {
			extra := s.Status + s.Date
			if extra != "" {
				extra = " (" + extra + ")"
			}
			fmt.Fprintf(&w, "    %d: %s%s\n", s.Article+1, c.Words(s), extra)
		}
	}
	return w.String()
}

func differences(k FindingKind) bool { return k != FactShared }

// TestComparePlanted compares three invented versions of one story: an agency's,
// a local paper's and a tabloid's. The file planted.txt lists on top, in lines
// that begin with "#", what was planted; below stands what must be found, all
// of it and nothing else.
func TestComparePlanted(t *testing.T) {
	const folder = "../testdata/compare/ferry"
	var r article.Reader
	defer r.Close()
	var all []*Briefing
	for _, name := range []string{"1-agency.txt", "2-local.txt", "3-tabloid.txt"} {
		data, err := os.ReadFile(filepath.Join(folder, name))
		if err != nil {
			t.Fatal(err)
		}
		a, err := r.Read(t.Context(), article.FromBytes(name, "", data))
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, &Briefing{Article: a, Analysis: Analyse(a)})
	}
	got := compared(Compare(all), differences)
	file := filepath.Join(folder, "planted.txt")
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	var comment, want []string
	for line := range strings.Lines(string(data)) {
		if strings.HasPrefix(line, "#") {
			comment = append(comment, line)
		} else {
			want = append(want, line)
		}
	}
	if *update {
		if err := os.WriteFile(file, []byte(strings.Join(comment, "")+got), 0o666); err != nil {
			t.Fatal(err)
		}
		return
	}
	if diff := cmp.Diff(strings.Split(strings.Join(want, ""), "\n"), strings.Split(got, "\n")); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

// TestCompareCases compares short articles, one phenomenon in each file of
// testdata/compare. The file "differences" is what must be found, "shared" what
// they share, if the case is about that. The articles are the files behind them:
// "1", "2" and so on, with the day of publication behind the number if it
// matters; a first line that begins with "# " is the headline.
func TestCompareCases(t *testing.T) {
	if testing.Short() {
		t.Skip("pure: nothing for the race detector")
	}
	files, err := filepath.Glob("testdata/compare/*.txtar")
	if err != nil || len(files) == 0 {
		t.Fatal("no cases", err)
	}
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txtar"), func(t *testing.T) {
			archive, err := txtar.ParseFile(file)
			if err != nil {
				t.Fatal(err)
			}
			var all []*Briefing
			for _, f := range archive.Files {
				if f.Name != "differences" && f.Name != "shared" {
					all = append(all, caseArticle(t, f))
				}
			}
			c := Compare(all)
			for i, f := range archive.Files {
				var got string
				switch f.Name {
				case "differences":
					got = compared(c, differences)
				case "shared":
					got = compared(&Comparison{Articles: c.Articles, Findings: c.Of(FactShared)}, func(FindingKind) bool { return true })
				default:
					continue
				}
				if *update {
					archive.Files[i].Data = []byte(got)
				} else if diff := cmp.Diff(strings.Split(string(f.Data), "\n"), strings.Split(got, "\n")); diff != "" {
					t.Errorf("%s%s (-want +got)\n%s", archive.Comment, f.Name, diff)
				}
			}
			if *update {
				if err := os.WriteFile(file, txtar.Format(archive), 0o666); err != nil {
					t.Fatal(err)
				}
			}
		})
	}
}

func caseArticle(t *testing.T, f txtar.File) *Briefing {
	t.Helper()
	title := ""
	data := f.Data
	if rest, ok := bytes.CutPrefix(data, []byte("# ")); ok {
		first, body, _ := bytes.Cut(rest, []byte("\n"))
		title, data = string(first), body
	}
	a := textArticle(t, strings.TrimSpace(string(data)))
	a.Title = title
	if _, date, ok := strings.Cut(f.Name, " "); ok {
		day, err := time.Parse(time.DateOnly, date)
		if err != nil {
			t.Fatal(err)
		}
		a.Published = day
	}
	return &Briefing{Article: a, Analysis: Analyse(a)}
}

// TestCompareSame holds an article against itself: it is the same text, and
// nothing differs.
func TestCompareSame(t *testing.T) {
	if testing.Short() {
		t.Skip("pure: nothing for the race detector")
	}
	for name, a := range sampleArticles(t) {
		b := &Briefing{Article: a, Analysis: Analyse(a)}
		c := Compare([]*Briefing{b, b})
		if len(c.Alike) != 1 || c.Alike[0].Share != 1 || len(c.Alike[0].Edits) > 0 {
			t.Errorf("%s: not the same text as itself: %+v", name, c.Alike)
		}
		if got := compared(&Comparison{Articles: c.Articles, Findings: c.Findings}, differences); got != "" {
			t.Errorf("%s differs from itself:\n%s", name, got)
		}
	}
}

// TestCompareUnrelated holds the sample articles, which tell different stories,
// against each other.
func TestCompareUnrelated(t *testing.T) {
	articles := sampleArticles(t)
	var names []string
	for name := range articles {
		names = append(names, name)
	}
	slices.Sort(names)
	var all []*Briefing
	for _, name := range names {
		all = append(all, &Briefing{Article: articles[name], Analysis: Analyse(articles[name])})
	}
	for i := range all {
		for j := range i {
			if c := Compare([]*Briefing{all[i], all[j]}); c.Related() || len(c.Findings) > 0 {
				t.Errorf("%s and %s:\n%s", names[i], names[j], compared(c, func(FindingKind) bool { return true }))
			}
		}
	}
}

// The findings of any texts stand in them, in order, and come out the same
// twice.
func TestCompareProperties(t *testing.T) {
	pieces := []string{
		"“It is safe, and we will keep it open,” said Bo Lindgren. ", "“It is not safe, and we will keep it open … ”", "Four people were killed on Monday. ",
		"Six people were killed. ", "Nobody was hurt, the police said, and ", "the bridge of Orrin cost 48 million crowns. ", "The bridge of Orrin cost 84 million crowns. ",
		"\n\n", "“", "é́ 日本 ", "Ines Falk met Viktor Hale in Kelvale by Tuesday evening. ", "[the bid] ", "2019 ", "…", "By Monday 9 were dead. ",
	}
	text := rapid.Custom(func(rt *rapid.T) string {
		return strings.Join(rapid.SliceOfN(rapid.SampledFrom(pieces), 1, 14).Draw(rt, "pieces"), "")
	})
	rapid.Check(t, func(rt *rapid.T) {
		var all []*Briefing
		for _, s := range rapid.SliceOfN(text, 0, 6).Draw(rt, "texts") {
			a := &article.Article{Text: s, Title: "T", Language: "en", Published: time.Date(2026, 3, 3, 0, 0, 0, 0, time.UTC)}
			all = append(all, &Briefing{Article: a, Analysis: Analyse(a)})
		}
		c := Compare(all)
		everything := func(FindingKind) bool { return true }
		if diff := cmp.Diff(compared(c, everything), compared(Compare(all), everything)); diff != "" {
			rt.Fatalf("not the same twice:\n%s", diff)
		}
		if n := len(c.Articles); n != min(len(all), MostCompared) {
			rt.Fatalf("%d articles of %d", n, len(all))
		}
		for _, f := range c.Findings {
			for k, s := range f.Sides {
				if k > 0 && s.Article <= f.Sides[k-1].Article {
					rt.Fatalf("%s: sides out of order: %+v", f.Kind, f.Sides)
				}
				whole := c.Articles[s.Article].Article.Text
				for _, span := range slices.Concat(s.Spans, s.Marked) {
					if span.Empty() || span.Start < 0 || span.End > len(whole) {
						rt.Fatalf("%s: %v of %d bytes", f.Kind, span, len(whole))
					}
				}
			}
		}
		if _, err := ComparisonJSON(c); err != nil || len(ComparisonMarkdown(c)) == 0 {
			rt.Fatal(err)
		}
	})
}
