package leash_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"onrecord/article"
	"onrecord/leash"
	"onrecord/nlp"
	"onrecord/quote"
)

// samples reads every sample article, by path.
func samples(t testing.TB) map[string]*article.Article {
	t.Helper()
	out := map[string]*article.Article{}
	for _, pattern := range []string{"testdata/articles/*", "../testdata/articles/*"} {
		files, err := filepath.Glob(pattern)
		if err != nil {
			t.Fatal(err)
		}
		for _, name := range files {
			if strings.Contains(name, ".expected") {
				continue
			}
			data, err := os.ReadFile(name)
			if err != nil {
				t.Fatal(err)
			}
			a, err := (&article.Reader{}).Read(t.Context(), article.FromBytes(filepath.Base(name), "", data))
			if err != nil {
				t.Fatal(name, err)
			}
			out[name] = a
		}
	}
	if len(out) < 20 {
		t.Fatalf("%d sample articles", len(out))
	}
	return out
}

func sourceOf(a *article.Article) (*nlp.Document, *leash.Source) {
	doc := nlp.ParseFrom(a.Text, a.Body)
	return doc, leash.New(doc, quote.Find(doc), a.Published)
}

// What the article says itself passes, word for word, and is held against the
// sentence that it is.
func TestOwnSentencesPass(t *testing.T) {
	for name, a := range samples(t) {
		doc, source := sourceOf(a)
		for _, s := range doc.Sentences {
			text := s.Text(doc.Text)
			for _, own := range []string{text, strings.Join(strings.Fields(text), " ")} {
				v := source.Check(own)
				if !v.OK() || len(v.From) != 1 || v.From[0].Text(doc.Text) != text && strings.Join(strings.Fields(v.From[0].Text(doc.Text)), " ") != own {
					t.Errorf("%s: refused (%s): %s", name, v.Reason, own)
				}
			}
		}
	}
}

// A sentence of another article does not.
func TestOtherSentencesDoNot(t *testing.T) {
	all := samples(t)
	_, source := sourceOf(all["../testdata/articles/harbour-fire.txt"])
	doc, _ := sourceOf(all["../testdata/articles/glacier-study.txt"])
	for _, s := range doc.Sentences {
		if text := s.Text(doc.Text); source.Check(text).OK() {
			t.Errorf("let through: %s", text)
		}
	}
}

// Whatever a model writes about whatever page, the check ends soon, names
// sentences of the article, and lets no control character or markup through that
// the article's own sentence does not have.
func FuzzCheck(f *testing.F) {
	f.Add("The bridge in Orlo is closed, said Ana Voss. It may open in May.", "Ana Voss said the bridge is closed.")
	f.Add("“We knew,” said Voss.", "“We ”“knew,” said «Voss\".")
	f.Add("1 2 3 4 percent of 5 million.", strings.Repeat("9", 500))
	f.Add("because because because", "because "+strings.Repeat("because ", 58))
	f.Add("", "")
	f.Add("Not not never no.", "\xff\u202e@everyone <b>https://evil.example</b>")
	f.Fuzz(func(t *testing.T, text, wording string) {
		if len(text) > 2000 || len(wording) > 2000 {
			return
		}
		doc := nlp.Parse(text)
		source := leash.New(doc, quote.Find(doc), time.Time{})
		began := time.Now()
		v := source.Check(wording)
		if took := time.Since(began); took > 5*time.Second {
			t.Errorf("took %v", took)
		}
		for _, s := range v.From {
			if s.Start < 0 || s.End > len(doc.Text) || s.Start >= s.End {
				t.Errorf("span %v of %d bytes", s, len(doc.Text))
			}
		}
		if !v.OK() {
			return
		}
		if own := strings.Join(strings.Fields(doc.Text), " "); strings.Contains(own, wording) || strings.Contains(doc.Text, wording) {
			return
		}
		if !utf8.ValidString(wording) || strings.ContainsAny(wording, "<>[]@*_`\n\u202e") || len(v.From) == 0 {
			t.Errorf("let through: %q", wording)
		}
	})
}
