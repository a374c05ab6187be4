package factcheck

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"onrecord/nlp"
	"onrecord/quote"
)

var update = flag.Bool("update", false, "rewrite the expected claims in testdata")

// TestCorpus runs the cases in testdata/claims: a line with the day of
// publication, a blank line, a text, a line "----", and the claims expected.
func TestCorpus(t *testing.T) {
	files, err := filepath.Glob("testdata/claims/*.txt")
	if err != nil || len(files) == 0 {
		t.Fatalf("no cases: %v", err)
	}
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txt"), func(t *testing.T) {
			data, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			input, want, _ := strings.Cut(string(data), "----\n")
			head, text, _ := strings.Cut(input, "\n\n")
			day, err := time.Parse("published 2006-01-02", head)
			if err != nil {
				t.Fatal(err)
			}
			text = strings.TrimSpace(text)
			doc := nlp.Parse(text)
			got := listing(Claims(doc, quote.Find(doc), day))
			if *update {
				if err := os.WriteFile(file, []byte(head+"\n\n"+text+"\n----\n"+got), 0o666); err != nil {
					t.Fatal(err)
				}
				return
			}
			if got != want {
				t.Errorf("got:\n%s\nwant:\n%s", got, want)
			}
		})
	}
}

// listing writes claims for people to compare.
func listing(claims []Claim) string {
	var w strings.Builder
	for _, c := range claims {
		mark := "+"
		if !c.Checkable {
			mark = "-"
		}
		var kinds []string
		for _, k := range c.Kinds {
			kinds = append(kinds, string(k))
		}
		fmt.Fprintf(&w, "%s %s\n  kinds: %s\n", mark, c.Standalone, strings.Join(kinds, ", "))
		for _, p := range c.Parts {
			fmt.Fprintf(&w, "  part: %s\n", p.Standalone)
		}
		for _, r := range c.Reasons {
			fmt.Fprintf(&w, "  why: %s\n", r)
		}
		if c.Unclear != "" {
			fmt.Fprintf(&w, "  unclear: %s\n", c.Unclear)
		}
		for _, h := range c.HowToCheck {
			fmt.Fprintf(&w, "  how: %s\n", h)
		}
	}
	return w.String()
}

// verdictWords are never ours to say.
var verdictWords = []string{"true", "false", "misleading", "fake", "lie", "wrong"}

func TestNoVerdicts(t *testing.T) {
	text := "The mayor said crime fell by 20 percent. Police accused the bank of fraud. Half the town is poor."
	doc := nlp.Parse(text)
	for _, c := range Claims(doc, quote.Find(doc), time.Time{}) {
		for _, reason := range c.Reasons {
			for word := range strings.FieldsSeq(strings.ToLower(reason)) {
				if slices.Contains(verdictWords, word) {
					t.Errorf("reason %q holds a verdict", reason)
				}
			}
		}
	}
}

// check reports spans outside the text and claims without what every claim
// has.
func check(t interface{ Errorf(string, ...any) }, doc *nlp.Document, claims []Claim) {
	for _, c := range claims {
		spans := []nlp.Span{c.Span}
		for _, p := range c.Parts {
			spans = append(spans, p.Span)
		}
		for _, in := range c.Inserted {
			spans = append(spans, in.From)
		}
		for _, d := range c.Dates {
			spans = append(spans, d.Span)
		}
		for _, s := range spans {
			if s.Start < 0 || s.End > len(doc.Text) || s.Start > s.End {
				t.Errorf("span %v outside %d bytes", s, len(doc.Text))
			}
		}
		if c.Standalone == "" || len(c.Kinds) == 0 || len(c.Reasons) == 0 {
			t.Errorf("claim at %v: wording %q, kinds %q, reasons %q", c.Span, c.Standalone, c.Kinds, c.Reasons)
		}
	}
}

func TestClaimsTakesAnything(t *testing.T) {
	words := []string{
		"He", "She", "it", "said", "“", "”", `"`, "that", "half of", "3 million", ",", ".", "?", "!", ";", "\n\n", "—", "will", "not",
		"Nobody", "was killed", "because", "considering", "given", "and", "but", "Ada Bell", "Bell", "the court", "on Sunday",
		"is poor", "promised", "denied", "accused", "é", "🙂", "\x00", "(",
	}
	rapid.Check(t, func(t *rapid.T) {
		doc := nlp.Parse(strings.Join(rapid.SliceOfN(rapid.SampledFrom(words), 0, 50).Draw(t, "words"), " "))
		quotes := quote.Find(doc)
		check(t, doc, Claims(doc, quotes, time.Date(2026, 3, 4, 0, 0, 0, 0, time.UTC)))
		var spans []nlp.Span
		for _, s := range doc.Sentences {
			spans = append(spans, s.Span)
		}
		spans = append(spans, nlp.Span{Start: 0, End: len(doc.Text)}, nlp.Span{})
		for i, got := range Rate(doc, quotes, time.Time{}, spans) {
			if !(got.Score >= 0 && got.Score <= 1 && got.Settled >= 0 && got.Settled <= 1) || got.Best.Span.End > len(doc.Text) {
				t.Errorf("rating of %v: %+v", spans[i], got)
			}
		}
	})
}

func FuzzClaims(f *testing.F) {
	f.Add("“We will,” she said. It was unclear, given that half are poor, and millions are not.")
	f.Add("\n\n—,.;:!?\x00“”\"'")
	f.Fuzz(func(t *testing.T, text string) {
		if len(text) > 20_000 {
			t.Skip()
		}
		doc := nlp.Parse(strings.ToValidUTF8(text, "\uFFFD"))
		check(t, doc, Claims(doc, quote.Find(doc), time.Time{}))
	})
}
