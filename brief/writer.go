package brief

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"strings"
	"time"

	"onrecord/cache"
	"onrecord/factcheck"
	"onrecord/leash"
	"onrecord/nlp"
	"onrecord/quote"
)

// Writer is a language model; *llm.Client is one. What it writes is not
// trusted: see [Words].
type Writer interface {
	// Model names the model to readers, Version all that an answer depends on.
	Model() string
	Version() string
	// Write says the sentences of a summary again and completes claims, on
	// behalf of asker, whose budget it takes. The lists that it gives are as long
	// as those that it was given; an empty entry is one that was left out.
	Write(ctx context.Context, asker, title, text string, summary, claims []string) (reworded, completed []string, err error)
}

// Words has briefings worded by a Writer and holds what it writes against the
// article. It stands beside the [Briefer], for not everybody who may see a
// briefing may have it worded.
type Words struct {
	Writer Writer
	Cache  cache.Cache // nil keeps nothing

	// Private lets what is private go to the Writer too.
	Private bool
	// Wait is the longest that a briefing waits for its wording; 0 means 12
	// seconds.
	Wait time.Duration
	// Keep is how long a wording may stay in the cache; 0 means 24 hours.
	Keep time.Duration
	// Log gets what went wrong, never text. Nil is silence.
	Log *slog.Logger
}

// Wording is a model's wording of a briefing, an overlay like [Reviews]: the
// Analysis stays as it is.
type Wording struct {
	Model   string
	Summary []Worded // one for each sentence of Analysis.Summary
	Claims  []Completed
}

// Worded is a sentence of the summary in a model's words, or the article's own
// where the model's do not say the same.
type Worded struct {
	Text     string
	From     []nlp.Span // the sentences of the article that it was held against
	Replaced string     // why the article's own stands here, for the log and for --explain; empty for the model's
}

// Completed is a claim with what a model added in brackets, all of it from the
// article.
type Completed struct {
	Claim      int // index into Analysis.Claims
	Standalone string
	Inserted   []leash.Insertion
}

// maxCompleted is how many claims the model is asked to complete.
const maxCompleted = 5

// Of gives the wording of a briefing, nil when there is none: no Writer, private
// material, a spent budget, a model that is slow, down or talks nonsense. The
// briefing is whole without it.
func (w *Words) Of(ctx context.Context, asker string, private bool, b *Briefing) *Wording {
	if w == nil || w.Writer == nil || private && !w.Private || len(b.Analysis.Summary) == 0 {
		return nil
	}
	wait := w.Wait
	if wait <= 0 {
		wait = 12 * time.Second
	}
	ctx, cancel := context.WithTimeout(ctx, wait)
	defer cancel()
	got, err := cache.Do(ctx, w.Cache, w.key(b), cache.Work[*Wording]{
		TTL:     w.keep(),
		Encode:  func(v *Wording) ([]byte, error) { return json.Marshal(v) },
		Decode:  func(data []byte) (*Wording, error) { v := new(Wording); return v, json.Unmarshal(data, v) },
		Compute: func(ctx context.Context) (*Wording, error) { return w.write(ctx, asker, b) },
	})
	if err != nil {
		w.log().WarnContext(ctx, "not worded", "model", w.Writer.Model(), "error", err)
		return nil
	}
	return got
}

// key stands for the content, the engine, the model, the instructions and the
// check.
func (w *Words) key(b *Briefing) string {
	var summary []string
	for _, s := range b.Analysis.Summary {
		summary = append(summary, s.Text)
	}
	e := b.Analysis.Engine
	return "wording:" + digest(append(summary, b.Article.Text, b.Article.Title, stamp(b.Article.Published), e.Version, e.Models, w.Writer.Version(), leash.Version)...)
}

// write asks the Writer and checks what it says.
func (w *Words) write(ctx context.Context, asker string, b *Briefing) (*Wording, error) {
	var summary, claims []string
	for _, s := range b.Analysis.Summary {
		summary = append(summary, s.Text)
	}
	asked := toComplete(b)
	for _, i := range asked {
		claims = append(claims, oneLine(b.Analysis.Claims[i].Span.Text(b.Article.Text)))
	}
	began := time.Now()
	reworded, completed, err := w.Writer.Write(ctx, asker, b.Article.Title, b.Article.Text, summary, claims)
	if err != nil {
		return nil, err
	}
	if len(reworded) != len(summary) || len(completed) != len(claims) {
		return nil, fmt.Errorf("wording: %d and %d entries for %d and %d", len(reworded), len(completed), len(summary), len(claims))
	}
	doc := nlp.ParseFrom(b.Article.Text, b.Article.Body)
	source := leash.New(doc, quote.Find(doc), b.Article.Published)
	out := &Wording{Model: w.Writer.Model()}
	for i, own := range b.Analysis.Summary {
		out.Summary = append(out.Summary, checked(source, own, reworded[i]))
	}
	for n, i := range asked {
		c := b.Analysis.Claims[i]
		if inserted, ok := source.Completes(c.Span, completed[n]); ok {
			out.Claims = append(out.Claims, Completed{Claim: i, Standalone: oneLine(completed[n]), Inserted: inserted})
		}
	}
	w.log().InfoContext(ctx, "worded", "model", out.Model, "sentences", len(out.Summary), "replaced", out.Replaced(), "claims", len(out.Claims), "took", time.Since(began))
	return out, nil
}

// toComplete lists the claims at the top whose own wording is not complete.
func toComplete(b *Briefing) []int {
	var out []int
	for i, c := range b.Analysis.Claims {
		if c.Checkable && c.Unclear != "" && len(c.Inserted) == 0 && len(c.Parts) == 0 && len(out) < maxCompleted {
			out = append(out, i)
		}
	}
	return out
}

// checked is a model's sentence if the article warrants it and it says again
// what its own sentence says.
func checked(source *leash.Source, own Sentence, text string) Worded {
	text = strings.TrimSpace(text)
	if text == own.Text {
		return Worded{Text: text, From: []nlp.Span{own.Span}}
	}
	v := source.Check(text)
	if v.OK() {
		for _, from := range v.From {
			if from.Overlaps(own.Span) {
				return Worded{Text: text, From: v.From}
			}
		}
		v.Reason = "it is about another sentence"
	}
	return Worded{Text: own.Text, From: []nlp.Span{own.Span}, Replaced: v.Reason}
}

// Replaced counts the sentences that are the article's own after all.
func (w *Wording) Replaced() int {
	n := 0
	for _, s := range w.Summary {
		if s.Replaced != "" {
			n++
		}
	}
	return n
}

// Line says who worded it: "Worded by MODEL, checked against the article; 1 of 3
// sentences replaced by the article's own." It is empty without a wording.
func (w *Wording) Line() string {
	if w == nil {
		return ""
	}
	line := "Worded by " + short(w.Model) + ", checked against the article"
	switch n := w.Replaced(); {
	case n == 0:
		return line + "."
	case n == len(w.Summary):
		return "A wording by " + short(w.Model) + " did not pass the check against the article: these are the article’s own sentences."
	default:
		return fmt.Sprintf("%s; %d of %d sentences replaced by the article’s own.", line, n, len(w.Summary))
	}
}

// SummaryText gives the n-th sentence of the summary as readers are to see it,
// and whether a model worded it.
func (b *Briefing) SummaryText(n int) (text string, worded bool) {
	if b.Wording != nil && n < len(b.Wording.Summary) && b.Wording.Summary[n].Replaced == "" {
		return b.Wording.Summary[n].Text, true
	}
	return b.Analysis.Summary[n].Text, false
}

// StandaloneOf gives the wording of a claim that stands alone, by its index into
// the analysis, and whether a model completed it.
func (b *Briefing) StandaloneOf(claim int) (text string, completed bool) {
	if b.Wording != nil {
		for _, c := range b.Wording.Claims {
			if c.Claim == claim {
				return c.Standalone, true
			}
		}
	}
	return b.Analysis.Claims[claim].Standalone, false
}

// completed is a claim with the wording that readers are to see.
func (b *Briefing) completed(c factcheck.Claim) factcheck.Claim {
	for i, o := range b.Analysis.Claims {
		if o.Span == c.Span && o.Standalone == c.Standalone {
			c.Standalone, _ = b.StandaloneOf(i)
			return c
		}
	}
	return c
}

// exportWording puts a model's wording beside the article's own.
func exportWording(o *Object, b *Briefing) {
	if b.Wording == nil {
		return
	}
	o.Engine.LLM = b.Wording.Model
	for i := range o.Summary {
		if text, worded := b.SummaryText(i); worded {
			o.Summary[i].Worded = text
		}
	}
	for i := range o.Claims {
		if text, completed := b.StandaloneOf(i); completed {
			o.Claims[i].Completed = text
		}
	}
}

func (w *Words) keep() time.Duration {
	if w.Keep > 0 {
		return w.Keep
	}
	return 24 * time.Hour
}

func (w *Words) log() *slog.Logger {
	if w.Log != nil {
		return w.Log
	}
	return slog.New(slog.DiscardHandler)
}
