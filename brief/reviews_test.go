package brief

import (
	"context"
	"encoding/json"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"onrecord/article"
	"onrecord/factcheck"
)

// shelf finds a check for every claim with a word in it.
type shelf struct {
	word, label string
	err         error
	asked       []factcheck.Question
}

func (s *shelf) Label(context.Context) string { return s.label }

func (s *shelf) Find(_ context.Context, q factcheck.Question) ([]factcheck.Match, error) {
	s.asked = append(s.asked, q)
	if !strings.Contains(q.Text, s.word) || s.err != nil {
		return nil, s.err
	}
	return []factcheck.Match{{Score: 0.9, Review: factcheck.Review{
		Claim: "Harbour *sold*", Publisher: "Gazette", Verdict: "False", URL: "https://gazette.example/a b", Date: time.Date(2019, 11, 20, 0, 0, 0, 0, time.UTC),
	}}}, nil
}

const ferryStory = `Harrow Lines lost 12 million crowns last year, and more than 300 ferry workers walked off the job on Tuesday.

Mayor Dora Pell sold the harbour of Vellmar to a foreign bank in 2019, said Ilse Varga, head of the dock workers' union.`

func TestReviewsOverlay(t *testing.T) {
	src := article.FromText(ferryStory)
	src.Verbatim = true
	s := &shelf{word: "harbour", label: "7 reviews"}
	b, err := (&Briefer{Reader: &article.Reader{}, Library: s}).Brief(t.Context(), src)
	if err != nil {
		t.Fatal(err)
	}
	var of []string
	for i, c := range b.Analysis.Claims {
		if len(b.ReviewsOf(i)) > 0 {
			of = append(of, c.Span.Text(b.Article.Text))
		}
	}
	if len(of) != 1 || !strings.Contains(of[0], "harbour") {
		t.Fatalf("checked: %q", of)
	}
	for _, q := range s.asked {
		if !q.Private || strings.ContainsAny(q.Text, "[]") {
			t.Errorf("asked %+v: pasted text is private, brackets are ours", q)
		}
	}

	data, err := JSON(b)
	if err != nil {
		t.Fatal(err)
	}
	var o struct {
		Claims []struct{ Reviews []ObjectReview }
		Engine struct{ Reviews string }
	}
	if err := json.Unmarshal(data, &o); err != nil {
		t.Fatal(err)
	}
	var got []ObjectReview
	for _, c := range o.Claims {
		got = append(got, c.Reviews...)
	}
	want := []ObjectReview{{Claim: "Harbour *sold*", Publisher: "Gazette", Verdict: "False", URL: "https://gazette.example/a b", Date: "2019-11-20", Score: 0.9}}
	if diff := cmp.Diff(got, want); diff != "" || o.Engine.Reviews != "7 reviews" {
		t.Errorf("engine %q, reviews got - want +\n%s", o.Engine.Reviews, diff)
	}
	line := `   - already checked: “Harbour \*sold\*” (Gazette: “False” · 20 Nov 2019 · match 90 %) <https://gazette.example/a%20b>`
	if md := string(Markdown(b)); strings.Count(md, line+"\n") != 1 {
		t.Errorf("%s\nlacks %s", md, line)
	}
}

// Without a library, or with nothing in it, a briefing is what it was; a
// library that fails does not keep it from being made.
func TestWithoutReviews(t *testing.T) {
	src := article.FromText(ferryStory)
	src.Verbatim = true
	made := func(l Library) *Briefing {
		b, err := (&Briefer{Reader: &article.Reader{Now: func() time.Time { return time.Time{} }}, Library: l}).Brief(t.Context(), src)
		if err != nil {
			t.Fatal(err)
		}
		return b
	}
	plain := made(nil)
	if diff := cmp.Diff(made(&shelf{}), plain); diff != "" {
		t.Errorf("got - want +\n%s", diff)
	}
	broken := &shelf{label: "7 reviews", err: errors.New("broken")}
	if b := made(broken); len(broken.asked) != 1 || cmp.Diff(b.Analysis, plain.Analysis) != "" || len(b.Reviews.Of) > 0 {
		t.Errorf("%d questions to a broken library, %+v", len(broken.asked), b.Reviews)
	}
}
