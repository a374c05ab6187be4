package main

import (
	"context"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"time"

	"onrecord/article"
	"onrecord/brief"
	"onrecord/factcheck"
	"onrecord/leash/trial"
	"onrecord/nlp"
	"onrecord/quote"
	"onrecord/score"
	"onrecord/score/claims"
	"onrecord/score/pages"
	"onrecord/score/quotes"
	"onrecord/score/summaries"
)

// board is the figures of one kind on one file of gold.
type board struct {
	title  string
	labels string // whose labels the gold has
	note   string
	units  string // what the intervals are over
	names  []string
	// answer runs the bot, and gives the number of units and their figures.
	answer func(context.Context) (int, func(keep func(int) bool) ([]float64, error), error)
}

// Whose labels a file has.
const (
	people = "people"
	silver = "silver"
)

// scores prints the page of all figures: docs/scores.md.
func (e *evaluation) scores(ctx context.Context) error {
	if len(e.files) != 1 {
		return usageError{"--gold of 'eval all' is one folder, with quotes, claims, summaries and pages in it"}
	}
	var page strings.Builder
	fmt.Fprintf(&page, `# Scores

What the bot is worth, on the development data: %s
prints this page. ± is half of the 95 %% interval, 1.96 standard errors by the jackknife over the articles, documents, pages or queries.
"Silver" marks labels that a language model made; the others are by people. Where the models have learned from the very file, that
is said: figures by folds stand in [models.md](models.md), with what each figure means and what it is held against.

Engine %s, %s.

| what | on | labels | figure | |
| --- | --- | --- | --- | ---: |
`, "`bot eval all --gold ../shared/data`", brief.Version, runtime.Version())
	for _, b := range e.boards() {
		n, figures, err := b.answer(ctx)
		if err != nil {
			return err
		}
		values, widths, err := score.Spread(n, figures)
		if err != nil {
			return fail(err, "The gold of %q cannot be scored: %s.", b.title, oneLine(err))
		}
		labels := b.labels
		if b.note != "" {
			labels += "; " + b.note
		}
		for i, name := range b.names {
			fmt.Fprintf(&page, "| %s | %d %s | %s | %s | %s |\n", b.title, n, b.units, labels, name, plusMinus(values[i], widths[i]))
		}
	}
	speed, err := e.speed(ctx)
	if err != nil {
		return err
	}
	page.WriteString(speed)
	return write(e.out, []byte(page.String()))
}

func plusMinus(value, width float64) string {
	if math.IsNaN(width) {
		return fmt.Sprintf("%.3f", value)
	}
	return fmt.Sprintf("%.3f ± %.3f", value, width)
}

// boards are all figures, in the order of the page.
func (e *evaluation) boards() []board {
	return slices.Concat(e.quoteBoards(), e.claimBoards(), e.otherBoards())
}

func (e *evaluation) path(name string) []string {
	return []string{filepath.Join(e.files[0], filepath.FromSlash(name))}
}

// each keeps what belongs to the units that keep names.
func each[T any](rows []T, unit func(int) int, keep func(int) bool) []T {
	var out []T
	for i, r := range rows {
		if keep(unit(i)) {
			out = append(out, r)
		}
	}
	return out
}

func itself(i int) int { return i }

func (e *evaluation) quoteBoards() []board {
	made := func(title, file string, speech bool, names []string, figure func(quotes.Group) []float64) board {
		return board{title: title, labels: people, units: "articles", names: names, answer: func(ctx context.Context) (int, func(func(int) bool) ([]float64, error), error) {
			rows, err := gold(e.path(file), func(*quotes.Article, string) bool { return true })
			if err != nil {
				return 0, nil, err
			}
			predictions, err := e.quotations(ctx, rows)
			return len(rows), func(keep func(int) bool) ([]float64, error) {
				res, err := quotes.Evaluate(each(rows, itself, keep), predictions, quotes.Options{Speech: speech})
				if err != nil {
					return nil, err
				}
				return figure(res.Groups[len(res.Groups)-1]), nil
			}, err
		}}
	}
	found := func(names ...string) ([]string, func(quotes.Group) []float64) {
		return names, func(g quotes.Group) []float64 {
			var out []float64
			for _, n := range names {
				if f := g.Figure(n); f.Rate {
					out = append(out, f.Accuracy)
				} else {
					out = append(out, f.F1)
				}
			}
			return out
		}
	}
	speech, speechOf := found("quotes, content iou0.5", "quotes iou0.5, direct", "quotes iou0.5, mixed", "quotes iou0.5, indirect", "source_head", "relation content+source")
	all, allOf := found("content spans, exact_strict", "cue spans, exact_strict", "source spans, exact_strict")
	mcae, mcaeOf := found("statement", "statement+speaker", "speaker_full", "role")
	return []board{
		made("quotations, speech (PolNeAR)", "quotes/polnear.dev.jsonl", true, speech, speechOf),
		made("attributions, all kinds (PolNeAR)", "quotes/polnear.dev.jsonl", false, all, allOf),
		made("statements and speakers (MCAE)", "quotes/mcae.dev.jsonl", false, mcae, mcaeOf),
	}
}

func (e *evaluation) claimBoards() []board {
	made := func(title, file, split, labels, note string, checkable bool, names []string, figure func(claims.Result) []float64) board {
		return board{title: title, labels: labels, note: note, units: "documents", names: names, answer: func(ctx context.Context) (int, func(func(int) bool) ([]float64, error), error) {
			rows, err := gold(e.path(file), func(g *claims.Gold, _ string) bool { return split == "" || g.Split == split })
			if err != nil {
				return 0, nil, err
			}
			of, n := documents(rows)
			check := *e
			command := *e.evalCommand
			command.Checkable = checkable
			check.evalCommand = &command
			predictions, err := check.rated(ctx, rows)
			return n, func(keep func(int) bool) ([]float64, error) {
				res, err := claims.Evaluate(each(rows, of, keep), predictions, claims.Options{Checkable: checkable})
				if err != nil {
					return nil, err
				}
				return figure(res), nil
			}, err
		}}
	}
	ranked := func(r claims.Result) []float64 { return []float64{r.Detection[0].AP, r.Detection[0].F1} }
	news := func(r claims.Result) []float64 { return []float64{r.Detection[0].MAP, r.Detection[0].P5} }
	stand := func(r claims.Result) []float64 { return []float64{r.Decontext[0].Resolved, r.Decontext[0].Untouched} }
	const learned = "learned from these"
	return []board{
		made("check-worthy in debates (ClaimBuster, dev)", "claims/claimbuster.jsonl", "dev", people, "", false, []string{"AP", "F1"}, ranked),
		made("checked by an outlet (debates 2016, dev)", "claims/cw_uspd_2016.jsonl", "dev", people, "", false, []string{"AP", "F1"}, ranked),
		made("checkable in speeches (PoliClaim)", "claims/policlaim.jsonl", "", people, learned, false, []string{"AP", "F1"}, ranked),
		made("check-worthy in news", "claims/news_dev.jsonl", "", silver, learned, false, []string{"MAP", "P@5"}, news),
		made("stand-alone wording", "claims/decontext_dev.jsonl", "", people, "", false, []string{"resolved", "untouched"}, stand),
	}
}

// documents numbers the documents of rows, in their order.
func documents(rows []claims.Gold) (of func(int) int, n int) {
	number := map[claims.Key]int{}
	units := make([]int, len(rows))
	for i, g := range rows {
		key := g.Document
		if key == "" {
			key = claims.Key(fmt.Sprint(i))
		}
		if _, known := number[key]; !known {
			number[key] = len(number)
		}
		units[i] = number[key]
	}
	return func(i int) int { return units[i] }, len(number)
}

func (e *evaluation) otherBoards() []board {
	boards := []board{
		{title: "published fact-checks found", labels: people, units: "queries", names: []string{"MAP@5, Snopes", "MAP@5, PolitiFact", "silent when there is none", "recall at that"}, answer: e.reviewScores},
		{title: "summary, 60 words", labels: people, note: "learned from these", units: "articles", names: []string{"R1", "R2", "RLsum", "people's picks", "unsupported sentences", "redundancy"}, answer: e.summaryScores},
		{title: "reading of web pages", labels: people, units: "pages", names: []string{"F1", "title", "date", "all authors and nobody else"}, answer: e.pageScores},
	}
	// The rewordings live in the repository, beside the leash.
	for _, set := range []struct{ folder, title string }{
		{"faithful", "a model's sentences held to the article"},
		{"briefings", "the same, sentences that say more things in freer words"},
	} {
		names, _ := filepath.Glob(filepath.Join("leash", "testdata", set.folder, "*", "*.txt"))
		if len(names) == 0 {
			continue
		}
		boards = append(boards, board{
			title: set.title, labels: "written by hand and by rules", units: "articles", names: []string{"hostile ones caught", "faithful ones let through"},
			answer: func(ctx context.Context) (int, func(func(int) bool) ([]float64, error), error) {
				return e.leashScores(ctx, names)
			},
		})
	}
	return boards
}

// collections of queries, in the order of their figures.
var collections = []string{"snopes", "politifact"}

func (e *evaluation) reviewScores(ctx context.Context) (int, func(func(int) bool) ([]float64, error), error) {
	rows, err := gold(e.path("claims/retrieval_queries.jsonl"), func(g *claims.Gold, _ string) bool { return g.Relevant != nil })
	if err != nil {
		return 0, nil, err
	}
	search := *e
	command := *e.evalCommand
	command.Reviews = e.path("claims/verified_claims.jsonl")
	search.evalCommand = &command
	predictions, answers, err := search.searched(ctx, rows)
	return len(rows), func(keep func(int) bool) ([]float64, error) {
		kept := each(rows, itself, keep)
		var out []float64
		for _, collection := range collections {
			of := slices.DeleteFunc(slices.Clone(kept), func(g claims.Gold) bool { return g.Collection != collection })
			res, err := claims.Evaluate(of, predictions, claims.Options{})
			if err != nil {
				return nil, err
			}
			at := 0.0
			for _, r := range res.Retrieval {
				at = r.MAP5
			}
			out = append(out, at)
		}
		silences := claims.Silent(kept, answers)
		all := silences[len(silences)-1]
		return append(out, all.Silent, all.Recall), nil
	}, err
}

func (e *evaluation) summaryScores(ctx context.Context) (int, func(func(int) bool) ([]float64, error), error) {
	rows, err := gold(e.path("summaries/dev.jsonl"), func(*summaries.Truth, string) bool { return true })
	if err != nil {
		return 0, nil, err
	}
	predictions, err := e.summed(ctx, rows)
	return len(rows), func(keep func(int) bool) ([]float64, error) {
		r := summaries.Evaluate(each(rows, itself, keep), predictions, summaries.Options{MaxWords: summaryWords, MaxSentences: summarySentences}).All()
		return []float64{r.R1, r.R2, r.RLsum, r.GF, r.Unsupported, r.Redundancy}, nil
	}, err
}

func (e *evaluation) pageScores(ctx context.Context) (int, func(func(int) bool) ([]float64, error), error) {
	rows, err := goldPages(e.path("pages/truth.jsonl"))
	if err != nil {
		return 0, nil, err
	}
	predictions, err := answer(ctx, e, "pages", rows, e.readPage)
	return len(rows), func(keep func(int) bool) ([]float64, error) {
		r := pages.Evaluate(withoutDir(each(rows, itself, keep)), predictions).All()
		var out []float64
		for _, f := range []*float64{r.F1, r.Title, r.Date, r.Author} {
			if f == nil {
				return nil, fmt.Errorf("no page tells a text, title, date and author")
			}
			out = append(out, *f)
		}
		return out, nil
	}, err
}

func (e *evaluation) leashScores(ctx context.Context, names []string) (int, func(func(int) bool) ([]float64, error), error) {
	var articles []trial.Article
	for _, name := range names {
		a, err := e.reworded(ctx, name)
		if err != nil {
			return 0, nil, err
		}
		articles = append(articles, a)
	}
	parts, err := answer(ctx, e, "articles", articles, func(a trial.Article) trial.Result { return trial.Run([]trial.Article{a}) })
	return len(parts), func(keep func(int) bool) ([]float64, error) {
		var all trial.Result
		for _, p := range each(parts, itself, keep) {
			all.Rows = append(all.Rows, p.Rows...)
		}
		caught, hostile := all.Hostile("")
		through, faithful := all.Faithful()
		return []float64{score.Ratio(float64(caught), float64(hostile)), score.Ratio(float64(through), float64(faithful))}, nil
	}, err
}

// speedWords is for how many words the times are given.
const speedWords = 800

// speed measures the parts of an analysis on the articles of MCAE, one after
// the other, the best of three rounds.
func (e *evaluation) speed(ctx context.Context) (string, error) {
	rows, err := gold(e.path("quotes/mcae.dev.jsonl"), func(*quotes.Article, string) bool { return true })
	if err != nil {
		return "", err
	}
	words := 0
	for _, a := range rows {
		words += len(strings.Fields(a.Text))
	}
	best := map[string]time.Duration{}
	names := []string{"parse", "quotations, beyond the parse", "claims, beyond both", "the whole analysis"}
	for range 3 {
		took := map[string]time.Duration{}
		timed := func(name string, work func()) {
			began := time.Now()
			work()
			took[name] += time.Since(began)
		}
		for _, a := range rows {
			if ctx.Err() != nil {
				return "", ctx.Err()
			}
			var doc *nlp.Document
			var said []quote.Quote
			timed(names[0], func() { doc = nlp.Parse(a.Text) })
			timed(names[1], func() { said = quote.Find(doc) })
			timed(names[2], func() { factcheck.Claims(doc, said, time.Time{}) })
			timed(names[3], func() { brief.Analyse(&article.Article{Title: a.Title, Text: a.Text}) })
		}
		for name, t := range took {
			if best[name] == 0 || t < best[name] {
				best[name] = t
			}
		}
	}
	var out strings.Builder
	fmt.Fprintf(&out, "\n## Speed\n\nMilliseconds for %d words, by the clock, on one of %d cores%s: %d articles one after the other, the best of three rounds.\n\n| what | ms |\n| --- | ---: |\n", speedWords, runtime.NumCPU(), load(), len(rows))
	for _, name := range names {
		fmt.Fprintf(&out, "| %s | %.1f |\n", name, best[name].Seconds()*1000*speedWords/float64(words))
	}
	return out.String(), nil
}

// load tells how busy the machine is, where that is known.
func load() string {
	data, err := os.ReadFile("/proc/loadavg")
	if err != nil {
		return ""
	}
	one, _, _ := strings.Cut(string(data), " ")
	return " (load " + one + ")"
}
