package brief

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"onrecord/article"
	"onrecord/cache"
)

// fakeReader hands out one article and counts how it was asked.
type fakeReader struct {
	article     article.Article
	reads, asks int
	err         error
}

func (f *fakeReader) Read(context.Context, article.Source) (*article.Article, error) {
	f.reads++
	a := f.article
	a.ReadAt = time.Now()
	return &a, f.err
}

func (f *fakeReader) Revalidate(_ context.Context, _ article.Source, old *article.Article) (*article.Article, bool, error) {
	f.asks++
	a := *old
	changed := a.Text != f.article.Text
	if changed {
		a = f.article
	}
	a.ReadAt = time.Now()
	return &a, changed, f.err
}

const story = "The council voted on Monday to close two of its five pools. Nobody voted against it, the clerk said."

func TestBrieferAsksAgainAfterFiveMinutes(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		reader := &fakeReader{article: article.Article{URL: "https://example.com/a", Text: story, Language: "en"}}
		memory := cache.NewMemory(1 << 20)
		defer memory.Close()
		b := &Briefer{Reader: reader, Cache: memory}
		src := article.Source{Link: "https://example.com/a"}
		brief := func(f func(context.Context, article.Source) (*Briefing, error)) *Briefing {
			t.Helper()
			got, err := f(t.Context(), src)
			if err != nil {
				t.Fatal(err)
			}
			return got
		}
		want := func(reads, asks int) {
			t.Helper()
			if reader.reads != reads || reader.asks != asks {
				t.Errorf("%d reads and %d conditional requests, want %d and %d", reader.reads, reader.asks, reads, asks)
			}
		}
		first := brief(b.Brief)
		want(1, 0)
		time.Sleep(4 * time.Minute)
		second := brief(b.Brief)
		want(1, 0)
		if !second.Article.ReadAt.Equal(first.Article.ReadAt) {
			t.Error("a cached article has another reading time")
		}
		time.Sleep(2 * time.Minute)
		third := brief(b.Brief)
		want(1, 1)
		if !third.Article.ReadAt.After(first.Article.ReadAt) {
			t.Error("a confirmed article keeps its old reading time")
		}
		brief(b.Brief)
		want(1, 1)
		reader.article.Text = "The mayor resigned on Tuesday. She gave no reason for it."
		fourth := brief(b.Refresh)
		want(1, 2)
		if fourth.Article.Text != reader.article.Text {
			t.Error("Refresh gave the old text")
		}
	})
}

func TestBrieferSharesTheAnalysisOfEqualContent(t *testing.T) {
	memory := cache.NewMemory(1 << 20)
	a := article.Article{Text: story, Language: "en"}
	b := &Briefer{Reader: &fakeReader{article: a}, Cache: memory}
	one, err := b.Brief(t.Context(), article.FromText(story))
	if err != nil {
		t.Fatal(err)
	}
	two, err := b.Brief(t.Context(), article.FromText(story))
	if err != nil {
		t.Fatal(err)
	}
	first, _ := JSON(&Briefing{Article: &a, Analysis: one.Analysis})
	second, _ := JSON(&Briefing{Article: &a, Analysis: two.Analysis})
	if string(first) != string(second) {
		t.Errorf("from the cache:\n%s\ncomputed:\n%s", second, first)
	}
	other := a
	other.Title = "Pools close"
	if analysisKey(&a, nil) == analysisKey(&other, nil) {
		t.Error("another title has the same key")
	}
}

func TestBrieferRefusesOtherLanguages(t *testing.T) {
	b := &Briefer{Reader: &fakeReader{article: article.Article{Text: "Der Rat hat getagt.", Language: "de"}}}
	_, err := b.Brief(t.Context(), article.FromText("x"))
	var refused *LanguageError
	if !errors.As(err, &refused) {
		t.Fatalf("got error %v", err)
	}
	if refused.Article.Text != "Der Rat hat getagt." {
		t.Error("the text that was read is gone")
	}
	want := "This text is in German, and only English can be analysed: hand in an English version or a translation."
	if got := refused.Sentence(); got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestBrieferPassesErrorsOn(t *testing.T) {
	broken := &article.Error{Kind: article.ErrPaywall}
	for _, src := range []article.Source{{Link: "https://example.com/a"}, article.FromText("x")} {
		b := &Briefer{Reader: &fakeReader{err: broken}, Cache: cache.NewMemory(1 << 20)}
		if _, err := b.Brief(t.Context(), src); !errors.Is(err, article.ErrPaywall) {
			t.Errorf("got %v, want the paywall", err)
		}
	}
}
