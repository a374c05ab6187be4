package main

import (
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"onrecord/article"
	"onrecord/brief"
	"onrecord/chat"
	"onrecord/score"
	"onrecord/score/claims"
	"onrecord/score/pages"
	"onrecord/score/quotes"
	"onrecord/score/summaries"
)

type evalCommand struct {
	Task        string   `arg:"positional,required" enum:"quotes,claims,summaries,pages,reviews,leash,all" help:"What to score: ${enum}. Of all, --gold is the folder of the gold data; the answer is a page in Markdown."`
	Gold        files    `arg:"--gold" required:"" placeholder:"FILE" help:"Gold files, JSON lines. Several may follow each other."`
	More        []string `arg:"positional" help:"More gold files."`
	Predictions string   `arg:"--predictions" placeholder:"FILE" help:"Write the bot's answers there, JSON lines."`
	Split       string   `arg:"--split" placeholder:"NAME" help:"Only gold lines of this split."`
	Speech      bool     `arg:"--speech" help:"Of quotations: leave beliefs, plans and findings out of account."`
	Folds       int      `arg:"--folds" placeholder:"N" help:"Of quotations: also the figures of N parts of each corpus, their mean and spread."`
	Checkable   bool     `arg:"--checkable" help:"Of claims: score against the gold's 'checkable' in place of its 'label'."`
	Reviews     files    `arg:"--reviews" placeholder:"FILE" help:"Of reviews: the published fact-checks to search, in any form that 'bot reviews add' takes."`
	Undated     bool     `arg:"--undated" help:"Of reviews: leave all dates out of account."`
	Worst       int      `arg:"--worst" placeholder:"N" help:"Of pages: name the N worst."`
}

// files are paths, parted by commas.
type files []string

// UnmarshalText adds files: the flag may be repeated.
func (f *files) UnmarshalText(text []byte) error {
	*f = slices.AppendSeq(*f, listed(text))
	return nil
}

// Run answers the gold's input and scores the answers.
func (c *evalCommand) Run(ctx context.Context, a *app) error {
	e := &evaluation{evalCommand: c, app: a, files: append(slices.Clone(c.Gold), c.More...)}
	return map[string]func(context.Context) error{
		"quotes": e.quotes, "claims": e.claims, "summaries": e.summaries, "pages": e.pages, "reviews": e.reviews, "leash": e.leash, "all": e.scores,
	}[c.Task](ctx)
}

// evaluation is one run of the eval command.
type evaluation struct {
	*evalCommand
	*app
	files []string
}

// gold reads all gold files. Each row is told the folder of its file.
func gold[T any](files []string, keep func(row *T, dir string) bool) ([]T, error) {
	var all []T
	for _, name := range files {
		f, err := os.Open(name)
		if err != nil {
			return nil, goldError(name, err)
		}
		rows, err := score.Read[T](f)
		f.Close()
		if err != nil {
			return nil, goldError(name, err)
		}
		for i := range rows {
			if keep(&rows[i], filepath.Dir(name)) {
				all = append(all, rows[i])
			}
		}
	}
	if len(all) == 0 {
		return nil, fail(nil, "There is no gold in %s: check the files and --split.", strings.Join(files, ", "))
	}
	return all, nil
}

func goldError(name string, err error) error {
	if errors.Is(err, fs.ErrNotExist) {
		return fail(err, "There is no gold file %s: check the path.", name)
	}
	return fail(err, "The gold file %s cannot be read (%s): it should have one JSON object a line.", name, reason(err))
}

// answer runs work over the gold on all cores, keeps the order, and writes the
// predictions when that is wanted.
func answer[In, Out any](ctx context.Context, e *evaluation, what string, rows []In, work func(In) Out) ([]Out, error) {
	began := time.Now()
	b := startBar(e.err, 0)
	var out []Out
	i := 0
	next := stopped(ctx, func() (In, error) {
		if i == len(rows) {
			var none In
			return none, io.EOF
		}
		i++
		return rows[i-1], nil
	})
	err := inOrder(next, work, func(o Out) error {
		b.step()
		out = append(out, o)
		return nil
	})
	b.done()
	if err != nil {
		return nil, err
	}
	took := time.Since(began).Seconds()
	fmt.Fprintf(e.err, "%d %s in %.1f s, %.1f a second\n", len(rows), what, took, float64(len(rows))/took)
	return out, nil
}

// keep writes predictions to the file that the user named.
func keep[T any](e *evaluation, predictions []T) error {
	if e.Predictions == "" {
		return nil
	}
	var buf bytes.Buffer
	for _, p := range predictions {
		buf.Write(jsonLine(p))
	}
	if err := os.WriteFile(e.Predictions, buf.Bytes(), 0o644); err != nil {
		return fail(err, "The predictions could not be written to %s (%s): name another file.", e.Predictions, reason(err))
	}
	return nil
}

// brief analyses a text of the gold as 'bot batch' would; a text that the bot
// refuses has no findings.
func (e *evaluation) brief(ctx context.Context, text, title, date string) *brief.Briefing {
	src := goldSource(text, title, date)
	service, err := e.service(ctx, true)
	if err != nil {
		return nil
	}
	b, err := service.Brief(ctx, chat.Scope{Platform: "cli", Private: true}, src)
	if err != nil {
		e.log().Info("gold text refused", "error", err)
		return nil
	}
	return b
}

// goldSource is textSource; a gold file's odd date is no date.
func goldSource(text, title, date string) article.Source {
	src, err := textSource(text, title, date, "")
	if err != nil {
		src, _ = textSource(text, title, "", "")
	}
	return src
}

func (e *evaluation) quotes(ctx context.Context) error {
	articles, err := gold(e.files, func(*quotes.Article, string) bool { return true })
	if err != nil {
		return err
	}
	predictions, err := e.quotations(ctx, articles)
	if err != nil {
		return err
	}
	if err := keep(e, predictions); err != nil {
		return err
	}
	res, err := quotes.Evaluate(articles, predictions, quotes.Options{Speech: e.Speech})
	if err != nil {
		return fail(err, "The gold cannot be scored: %s.", oneLine(err))
	}
	doubts, err := quotes.Doubts(articles, predictions)
	if err != nil {
		return fail(err, "The gold cannot be scored: %s.", oneLine(err))
	}
	folds, err := quotes.Folds(articles, predictions, quotes.Options{Speech: e.Speech}, e.Folds)
	if err != nil {
		return fail(err, "The gold cannot be scored: %s.", oneLine(err))
	}
	return write(e.out, []byte(res.Table()+quotes.DoubtTable(doubts)+quotes.FoldTable(folds)))
}

// quotations are the bot's answers to articles.
func (e *evaluation) quotations(ctx context.Context, articles []quotes.Article) ([]quotes.Prediction, error) {
	return answer(ctx, e, "articles", articles, func(a quotes.Article) quotes.Prediction {
		p := quotes.Prediction{ID: a.ID, Quotes: []quotes.Quote{}}
		if b := e.brief(ctx, a.Text, a.Title, a.Date); b != nil {
			for _, q := range brief.Export(withHeadline(b)).Quotes {
				p.Quotes = append(p.Quotes, quotes.Quote{
					Content: pairs(q.Content), Cue: pairs(q.Cue), Source: pairs(q.Source),
					Type: q.Type, Kind: q.Kind, Speaker: q.Speaker, Role: q.Role, Unclear: q.Unclear,
				})
			}
		}
		return p
	})
}

func pairs(ranges []brief.Range) [][]int {
	out := make([][]int, 0, len(ranges))
	for _, r := range ranges {
		out = append(out, r[:])
	}
	return out
}

func (e *evaluation) claims(ctx context.Context) error {
	rows, err := gold(e.files, func(g *claims.Gold, _ string) bool { return e.Split == "" || g.Split == e.Split })
	if err != nil {
		return err
	}
	if slices.ContainsFunc(rows, func(g claims.Gold) bool { return g.Relevant != nil }) {
		return fail(nil, "Files with \"relevant\" are about finding published fact-checks: score them with 'bot eval reviews'.")
	}
	predictions, err := e.rated(ctx, rows)
	if err != nil {
		return err
	}
	if err := keep(e, predictions); err != nil {
		return err
	}
	res, err := claims.Evaluate(rows, predictions, claims.Options{Checkable: e.Checkable})
	if err != nil {
		return fail(err, "The gold cannot be scored: %s.", oneLine(err))
	}
	return write(e.out, []byte(res.Table()))
}

// rated are the bot's answers to sentences.
func (e *evaluation) rated(ctx context.Context, rows []claims.Gold) ([]claims.Prediction, error) {
	var groups [][]sentenceIn
	for _, g := range rows {
		in := sentenceIn{ID: id(g.ID), Text: g.Text, Document: g.Document, Before: g.Before, After: g.After, Title: g.Title, Date: g.Date}
		last := len(groups) - 1
		if last >= 0 && len(groups[last]) < maxGroupLines && together(groups[last][0], in) {
			groups[last] = append(groups[last], in)
			continue
		}
		groups = append(groups, []sentenceIn{in})
	}
	rated, err := answer(ctx, e, "documents", groups, rateSentences)
	if err != nil {
		return nil, err
	}
	sentences := slices.Concat(rated...)
	predictions := make([]claims.Prediction, len(rows))
	for i, s := range sentences {
		predictions[i] = claims.Prediction{ID: rows[i].ID}
		if rows[i].Resolve != nil {
			predictions[i].Text = &s.Standalone
			continue
		}
		predictions[i].Score, predictions[i].Label = &s.Score, &s.Label
		if e.Checkable || merelyCheckable(rows[i].Corpus) {
			predictions[i].Score, predictions[i].Label = &s.Settled, new(0)
			if s.Checkable {
				*predictions[i].Label = 1
			}
		}
	}
	return predictions, nil
}

// merelyCheckable reports whether the label of a corpus means that evidence
// could settle the sentence, not that it is worth a check.
func merelyCheckable(corpus string) bool { return strings.HasPrefix(corpus, "policlaim") }

// The most that a briefing's summary may have.
const (
	summaryWords     = 60
	summarySentences = 3
)

func (e *evaluation) summaries(ctx context.Context) error {
	truth, err := gold(e.files, func(*summaries.Truth, string) bool { return true })
	if err != nil {
		return err
	}
	predictions, err := e.summed(ctx, truth)
	if err != nil {
		return err
	}
	if err := keep(e, predictions); err != nil {
		return err
	}
	res := summaries.Evaluate(truth, predictions, summaries.Options{MaxWords: summaryWords, MaxSentences: summarySentences})
	if n := res.All().Empty; n > 0 {
		fmt.Fprintf(e.err, "note: %d empty summaries\n", n)
	}
	return write(e.out, []byte(res.Table()))
}

// summed are the bot's summaries of articles.
func (e *evaluation) summed(ctx context.Context, truth []summaries.Truth) ([]summaries.Prediction, error) {
	return answer(ctx, e, "articles", truth, func(t summaries.Truth) summaries.Prediction {
		p := summaries.Prediction{ID: t.ID, Sentences: []summaries.Sentence{}}
		if b := e.brief(ctx, t.Text, t.Title, ""); b != nil {
			for _, s := range b.Analysis.Summary {
				p.Sentences = append(p.Sentences, summaries.Sentence(s.Text))
			}
		}
		return p
	})
}

// goldPage is a page of the gold with its folder.
type goldPage struct {
	pages.Page
	dir string
}

// goldPages reads the gold of pages; each of them must be there.
func goldPages(files []string) ([]goldPage, error) {
	rows, err := gold(files, func(p *goldPage, dir string) bool {
		p.dir = dir
		return true
	})
	if err != nil {
		return nil, err
	}
	for _, p := range rows {
		if _, err := os.Stat(filepath.Join(p.dir, p.File)); err != nil {
			return nil, fail(err, "The page %s of the gold is not there (%s): keep the pages beside the gold file.", p.File, reason(err))
		}
	}
	return rows, nil
}

func (e *evaluation) pages(ctx context.Context) error {
	rows, err := goldPages(e.files)
	if err != nil {
		return err
	}
	predictions, err := answer(ctx, e, "pages", rows, func(p goldPage) pages.Prediction { return e.readPage(p) })
	if err != nil {
		return err
	}
	if err := keep(e, predictions); err != nil {
		return err
	}
	res := pages.Evaluate(withoutDir(rows), predictions)
	out := []byte(res.Table())
	for _, m := range res.Worst[:min(max(e.Worst, 0), len(res.Worst))] {
		out = fmt.Appendf(out, "%.3f %s\n", m.F1, m.ID)
	}
	return write(e.out, out)
}

func withoutDir(rows []goldPage) []pages.Page {
	out := make([]pages.Page, len(rows))
	for i, p := range rows {
		out[i] = p.Page
	}
	return out
}

// readPage extracts the article from a saved page. Extraction alone is
// measured: pages in other languages and behind walls are read too.
func (e *evaluation) readPage(p goldPage) pages.Prediction {
	prediction := pages.Prediction{ID: p.ID, Byline: pages.Byline{}}
	data, err := readPageFile(filepath.Join(p.dir, p.File))
	if err != nil {
		e.log().Warn("page cannot be read", "page", p.ID, "error", err)
		return prediction
	}
	got, err := article.Extract(data, "text/html", p.URL)
	if err != nil {
		e.log().Info("page cannot be extracted", "page", p.ID, "error", err)
		return prediction
	}
	prediction.Title, prediction.Text = got.Title, got.Text
	prediction.Byline = append(prediction.Byline, got.Byline...)
	if !got.Published.IsZero() {
		prediction.Date = got.Published.Format(time.DateOnly)
	}
	return prediction
}

func readPageFile(name string) ([]byte, error) {
	f, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	if !strings.HasSuffix(name, ".gz") {
		return io.ReadAll(io.LimitReader(f, maxFile))
	}
	unzipped, err := gzip.NewReader(f)
	if err != nil {
		return nil, err
	}
	return io.ReadAll(io.LimitReader(unzipped, maxFile))
}
