package brief

import (
	"bufio"
	"encoding/json"
	"os"
	"strings"
	"sync"
	"testing"

	"pgregory.net/rapid"

	"onrecord/article"
	"onrecord/brief/summary"
	"onrecord/factcheck"
	"onrecord/nlp"
	"onrecord/quote"
)

// checkAnalysis reports every span of found that does not reproduce its text
// or lies outside, and every broken promise of the summary and the claims.
func checkAnalysis(t interface {
	Helper()
	Errorf(string, ...any)
}, a *article.Article, found *Analysis,
) {
	t.Helper()
	inside := func(what string, s nlp.Span) bool {
		t.Helper()
		if s.Start < 0 || s.End > len(a.Text) || s.Start > s.End {
			t.Errorf("%s: span %v outside a text of %d bytes", what, s, len(a.Text))
			return false
		}
		return true
	}
	if n := summaryWords(found.Summary); n > 60 || len(found.Summary) > 3 {
		t.Errorf("summary of %d sentences and %d words", len(found.Summary), n)
	}
	for _, s := range found.Summary {
		inside("summary", s.Span)
		for _, p := range s.Parts {
			if inside("summary part", p) && !s.Span.Contains(p) {
				t.Errorf("part %v of %v", p, s.Span)
			}
		}
		if got := summary.Join(a.Text, s.Parts); got != s.Text {
			t.Errorf("summary sentence is not the article's: %q, %q", s.Text, got)
		}
	}
	for _, c := range found.Consistency {
		for _, s := range c.Spans {
			inside("clash", s)
		}
		if c.Title.End > len(a.Title) || len(c.Spans) == 0 || c.Text == "" {
			t.Errorf("clash %+v", c)
		}
	}
	for _, q := range found.Quotes {
		for _, spans := range [][]nlp.Span{q.Content, q.Cue, q.Source, q.Speaker.Spans} {
			for _, s := range spans {
				inside("quote", s)
			}
		}
		if q.SaidOn >= len(found.Times) {
			t.Errorf("said_on %d of %d times", q.SaidOn, len(found.Times))
		}
	}
	ranked := true
	for i, c := range found.Claims {
		inside("claim", c.Span)
		if !c.Checkable {
			ranked = false
		} else if !ranked {
			t.Errorf("claim %d is ranked behind those that are not", i)
		}
		if len(c.Reasons) == 0 || len(c.Kinds) == 0 || c.Standalone == "" {
			t.Errorf("claim %q: reasons %q, kinds %q, standalone %q", c.Span.Text(a.Text), c.Reasons, c.Kinds, c.Standalone)
		}
		if c.Score < 0 || c.Score > 1 {
			t.Errorf("claim score %v", c.Score)
		}
		for _, in := range c.Inserted {
			inside("inserted", in.From)
			if !strings.Contains(c.Standalone, "["+in.Text+"]") && len(c.Parts) == 0 {
				t.Errorf("inserted %q is not in %q", in.Text, c.Standalone)
			}
		}
		for _, p := range c.Parts {
			if inside("claim part", p.Span) && !c.Span.Contains(p.Span) {
				t.Errorf("part %v of claim %v", p.Span, c.Span)
			}
		}
		for _, d := range c.Dates {
			inside("claim date", d.Span)
		}
	}
	for _, n := range found.Facts.Numbers {
		if inside("number", n.Span) && n.Span.Text(a.Text) != n.Text {
			t.Errorf("number %q is not %q", n.Text, n.Span.Text(a.Text))
		}
	}
	for _, w := range found.Facts.Who {
		for _, s := range w.Spans {
			inside("who", s)
		}
	}
	for _, e := range found.Timeline {
		if inside("timeline", e.Span) && oneLine(e.Span.Text(a.Text)) != e.Text {
			t.Errorf("event %q is not %q", e.Text, e.Span.Text(a.Text))
		}
	}
}

func TestSpansReproduceTheirText(t *testing.T) {
	if testing.Short() {
		t.Skip("pure: nothing for the race detector")
	}
	for name, a := range sampleArticles(t) {
		t.Run(name, func(t *testing.T) { checkAnalysis(t, a, Analyse(a)) })
	}
}

// TestSpansOfDevelopmentArticles is the same over the articles beside the
// checkout, every twentieth of them.
func TestSpansOfDevelopmentArticles(t *testing.T) {
	if testing.Short() {
		t.Skip("whole corpora take minutes under the race detector")
	}
	f, err := os.Open("../../shared/data/summaries/dev.jsonl")
	if err != nil {
		t.Skip("no development articles beside the checkout:", err)
	}
	defer f.Close()
	lines := bufio.NewScanner(f)
	lines.Buffer(nil, 4<<20)
	for n := 0; lines.Scan(); n++ {
		if n%20 != 0 {
			continue
		}
		var d struct{ ID, Title, Text string }
		if err := json.Unmarshal(lines.Bytes(), &d); err != nil {
			t.Fatal(err)
		}
		a := &article.Article{Title: d.Title, Text: d.Text}
		t.Run(d.ID, func(t *testing.T) { checkAnalysis(t, a, Analyse(a)) })
	}
}

func TestAnalyseIsDeterministic(t *testing.T) {
	a := sampleArticles(t)["harbour-fire.txt"]
	run := func() string {
		data, err := json.Marshal(Analyse(a))
		if err != nil {
			t.Error(err)
		}
		return string(data)
	}
	want, times := run(), 25
	if testing.Short() {
		times = 5
	}
	var group sync.WaitGroup
	for range 4 {
		group.Go(func() {
			for range times {
				if got := run(); got != want {
					t.Error("the same article gave another analysis")
					return
				}
			}
		})
	}
	group.Wait()
}

func TestAnalyseTakesAnything(t *testing.T) {
	words := []string{
		"He", "she said", "“", "”", `"`, "1,000", "half of", "percent", ",", ".", "?", "!", "\n\n", "—", "will", "not",
		"Nobody", "was injured", "because", "considering that", "Minister Ada Bell", "the court", "on Sunday", "é", "🙂", "\x00", "(", ":",
	}
	rapid.Check(t, func(t *rapid.T) {
		text := strings.Join(rapid.SliceOfN(rapid.SampledFrom(words), 0, 60).Draw(t, "words"), " ")
		a := &article.Article{Text: text, Body: rapid.IntRange(0, len(text)).Draw(t, "body")}
		checkAnalysis(t, a, Analyse(a))
	})
}

func FuzzAnalyse(f *testing.F) {
	f.Add(story)
	f.Add("“We will,” she said. “We must.” It was unclear, given that half are poor and millions are not.")
	f.Add("\n\n—,.;:!?\x00“”\"'")
	f.Fuzz(func(t *testing.T, text string) {
		if len(text) > 20_000 {
			t.Skip()
		}
		a := &article.Article{Text: strings.ToValidUTF8(text, "\uFFFD")}
		checkAnalysis(t, a, Analyse(a))
	})
}

func BenchmarkAnalyse(b *testing.B) {
	a := sampleArticles(b)["mine-inquiry.txt"]
	b.ReportMetric(float64(a.Words), "words")
	doc := nlp.ParseFrom(a.Text, a.Body)
	quotes := quote.Find(doc)
	claims := factcheck.Claims(doc, quotes, a.Published)
	b.Run("parse", func(b *testing.B) {
		for b.Loop() {
			nlp.ParseFrom(a.Text, a.Body)
		}
	})
	b.Run("quotes", func(b *testing.B) {
		for b.Loop() {
			quote.Find(doc)
		}
	})
	b.Run("claims", func(b *testing.B) {
		for b.Loop() {
			factcheck.Claims(doc, quotes, a.Published)
		}
	})
	b.Run("clashes", func(b *testing.B) {
		for b.Loop() {
			factcheck.Clashes(doc, quotes, a.Title, a.Published)
		}
	})
	b.Run("summary", func(b *testing.B) {
		for b.Loop() {
			Summarise(doc, quotes, claims, a.Title, Length{})
		}
	})
	b.Run("whole", func(b *testing.B) {
		for b.Loop() {
			Analyse(a)
		}
	})
}
