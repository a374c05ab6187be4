package brief

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"onrecord/article"
	"onrecord/cache"
)

// pen is a Writer that words each sentence by a function.
type pen struct {
	word  func(ctx context.Context, sentence string) (string, error)
	asked int
}

func (p *pen) Model() string   { return "pen-1" }
func (p *pen) Version() string { return "pen-1 a" }

func (p *pen) Write(ctx context.Context, _, _, _ string, summary, claims []string) (reworded, completed []string, err error) {
	p.asked++
	for _, s := range summary {
		r, err := p.word(ctx, s)
		if err != nil {
			return nil, nil, err
		}
		reworded = append(reworded, r)
	}
	return reworded, make([]string, len(claims)), nil
}

func fire(t *testing.T) *Briefing {
	t.Helper()
	data, err := os.ReadFile("../testdata/articles/harbour-fire.txt")
	if err != nil {
		t.Fatal(err)
	}
	b, err := (&Briefer{Reader: &article.Reader{}}).Brief(t.Context(), article.FromBytes("harbour-fire.txt", "", data))
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// What the article warrants is shown, what it does not is replaced by the
// article's own sentence, and the reader is told.
func TestWording(t *testing.T) {
	b := fire(t)
	n := 0
	p := &pen{word: func(_ context.Context, s string) (string, error) {
		if n++; n == 1 {
			return strings.Replace(s, "four", "forty", 1), nil
		}
		return s, nil
	}}
	w := (&Words{Writer: p}).Of(t.Context(), "u", false, b)
	if w == nil || len(w.Summary) != len(b.Analysis.Summary) {
		t.Fatalf("%+v", w)
	}
	if w.Summary[0].Replaced == "" || w.Summary[0].Text != b.Analysis.Summary[0].Text {
		t.Errorf("%+v got through", w.Summary[0])
	}
	worded := *b
	worded.Wording = w
	before, err := JSON(b)
	if err != nil {
		t.Fatal(err)
	}
	o := Export(&worded)
	if o.Engine.LLM != "pen-1" || o.Summary[0].Worded != "" {
		t.Errorf("%+v", o.Engine)
	}
	// Beside the overlay not a byte differs.
	o.Engine.LLM = ""
	for i := range o.Summary {
		o.Summary[i].Worded = ""
	}
	after, err := encode(o, "  ")
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(before, after) {
		t.Error(cmp.Diff(string(before), string(after)))
	}
	line := fmt.Sprintf("Worded by pen-1, checked against the article; 1 of %d sentences replaced", len(b.Analysis.Summary))
	if text := string(Markdown(&worded)); !strings.Contains(text, md(w.Line())) || !strings.Contains(w.Line(), line) {
		t.Errorf("the document does not say %q", w.Line())
	}
	if text := string(Markdown(b)); strings.Contains(text, "Worded by") {
		t.Error("worded without a wording")
	}
}

func TestWordingLine(t *testing.T) {
	own := Worded{Replaced: "x"}
	for want, w := range map[string]*Wording{
		"": nil,
		"Worded by m, checked against the article.":                                                         {Model: "m", Summary: make([]Worded, 3)},
		"Worded by m, checked against the article; 1 of 2 sentences replaced by the article’s own.":         {Model: "m", Summary: []Worded{{}, own}},
		"A wording by m did not pass the check against the article: these are the article’s own sentences.": {Model: "m", Summary: []Worded{own, own}},
	} {
		if got := w.Line(); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}

// No wording: the briefing stands as it is, at once, and nothing of it is kept.
func TestNoWording(t *testing.T) {
	b := fire(t)
	memory := cache.NewMemory(1 << 20)
	defer memory.Close()
	fails := &pen{word: func(context.Context, string) (string, error) { return "", errors.New("down") }}
	hangs := &pen{word: func(ctx context.Context, _ string) (string, error) { <-ctx.Done(); return "", ctx.Err() }}
	for name, w := range map[string]*Words{
		"none":  nil,
		"empty": {},
		"down":  {Writer: fails, Cache: memory},
		"slow":  {Writer: hangs, Cache: memory, Wait: 20 * time.Millisecond},
	} {
		began := time.Now()
		if got := w.Of(t.Context(), "u", false, b); got != nil {
			t.Errorf("%s: %+v", name, got)
		}
		if took := time.Since(began); took > 5*time.Second {
			t.Errorf("%s: took %v", name, took)
		}
	}
	same := &pen{word: func(_ context.Context, s string) (string, error) { return s, nil }}
	words := &Words{Writer: same, Cache: memory}
	first := words.Of(t.Context(), "u", false, b)
	second := words.Of(t.Context(), "v", false, b)
	if first == nil || same.asked != 1 {
		t.Fatalf("asked %d times: a failure was kept, or a success was not", same.asked)
	}
	if diff := cmp.Diff(first, second); diff != "" {
		t.Error(diff)
	}
}

// What is private goes nowhere unless the operator lets it.
func TestWordingPrivate(t *testing.T) {
	b := fire(t)
	p := &pen{word: func(_ context.Context, s string) (string, error) { return s, nil }}
	if got := (&Words{Writer: p}).Of(t.Context(), "u", true, b); got != nil || p.asked > 0 {
		t.Error("private material went to a model")
	}
	if got := (&Words{Writer: p, Private: true}).Of(t.Context(), "u", true, b); got == nil {
		t.Error("the operator allowed it")
	}
}

// A sentence that is true and says something else than the one it stands for
// is replaced.
func TestWordingElsewhere(t *testing.T) {
	b := fire(t)
	last := "The port reopened on Thursday morning."
	p := &pen{word: func(context.Context, string) (string, error) { return last, nil }}
	for i, s := range (&Words{Writer: p}).Of(t.Context(), "u", false, b).Summary {
		if s.Text == last {
			t.Errorf("sentence %d: %+v", i+1, s)
		}
	}
}

// Overlays survive the cache.
func TestWordingKept(t *testing.T) {
	w := &Wording{Model: "m", Summary: []Worded{{Text: "a", Replaced: "b"}}}
	data, err := json.Marshal(w)
	if err != nil {
		t.Fatal(err)
	}
	got := new(Wording)
	if err := json.Unmarshal(data, got); err != nil || !cmp.Equal(w, got) {
		t.Error(err, cmp.Diff(w, got))
	}
}
