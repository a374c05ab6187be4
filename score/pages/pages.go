// Package pages scores the extraction of articles from web pages: the text,
// the title, the authors, the date.
//
// The headline figure F1 is the 4-word-shingle measure of the public article
// extraction benchmark (github.com/scrapinghub/article-extraction-benchmark):
// the text is cut into words, every four words in a row are a shingle, and
// shingles are compared as a multiset. The counts of a page are divided by
// their sum; P and R are means over pages, F1 is made of the mean P and R.
package pages

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"golang.org/x/text/cases"
	"golang.org/x/text/unicode/norm"

	"onrecord/score"
)

// Page is one line of the gold file.
type Page struct {
	ID     string `json:"id"`
	Source string `json:"source"` // the collection that the page comes from; figures are given for each
	URL    string `json:"url"`
	Lang   string `json:"lang"`
	File   string `json:"file"` // of the page, relative to the gold file; gzip when it ends in .gz
	Truth  Truth  `json:"truth"`
}

// Truth is what is known of a page. What is empty is unknown and not scored.
type Truth struct {
	Text    string   `json:"text"`
	Title   string   `json:"title"`
	Authors []string `json:"authors"`
	Date    string   `json:"date"`    // YYYY-MM-DD
	With    []string `json:"with"`    // snippets that must be in the text
	Without []string `json:"without"` // snippets that must not
}

// Prediction is what was read off a page.
type Prediction struct {
	ID     string `json:"id"`
	Title  string `json:"title"`
	Byline Byline `json:"byline"`
	Date   string `json:"date"` // YYYY-MM-DD; what is longer is cut
	Text   string `json:"text"`
}

// Byline is the names of the authors. In JSON it may be one string too.
type Byline []string

// UnmarshalJSON takes a string, a list of strings or null.
func (b *Byline) UnmarshalJSON(data []byte) error {
	var one string
	if json.Unmarshal(data, &one) == nil {
		*b = nil
		if one != "" {
			*b = Byline{one}
		}
		return nil
	}
	return json.Unmarshal(data, (*[]string)(b))
}

// Row is the figures of one collection, or of all pages together. A pointer
// is nil when no page has what the figure needs.
type Row struct {
	Source string
	Pages  int
	Empty  int // pages without a predicted text

	F1, P, R *float64
	Exact    *float64 // share of pages whose words are exactly the truth's
	WordF1   *float64 // mean F1 of the words as a multiset, case folded
	With     *float64 // share of the wanted snippets found
	Without  *float64 // share of the unwanted snippets found: lower is better
	SegF     *float64 // F1 over the snippets as decisions
	Title    *float64 // share right; a site's name behind or before the title is forgiven
	Date     *float64
	AuthorR  *float64 // share of pages with every author found
	Author   *float64 // and nobody and nothing else
}

// Result is the figures of an evaluation.
type Result struct {
	Rows  []Row  // by name of the collection, "ALL" last
	Worst []Miss // pages with a known text, worst F1 first
}

// Miss is a page with its own F1.
type Miss struct {
	ID string
	F1 float64
}

// All is the figures over all pages.
func (r Result) All() Row { return r.Rows[len(r.Rows)-1] }

// Evaluate scores predictions, by id; a page without one counts as empty.
func Evaluate(gold []Page, predictions []Prediction) Result {
	byID := make(map[string]Prediction, len(predictions))
	for _, p := range predictions {
		byID[p.ID] = p
	}
	var (
		sums  = map[string]*tally{}
		all   tally
		names []string
		res   Result
	)
	for _, page := range gold {
		name := page.Source
		if name == "" {
			name = "?"
		}
		if sums[name] == nil {
			sums[name] = new(tally)
			names = append(names, name)
		}
		m := measure(page.Truth, byID[page.ID])
		sums[name].add(m)
		all.add(m)
		if m.hasText {
			res.Worst = append(res.Worst, Miss{ID: page.ID, F1: score.F1(m.p, m.r)})
		}
	}
	slices.Sort(names)
	for _, name := range names {
		res.Rows = append(res.Rows, sums[name].row(name))
	}
	res.Rows = append(res.Rows, all.row("ALL"))
	slices.SortFunc(res.Worst, func(a, b Miss) int {
		if a.F1 != b.F1 {
			if a.F1 < b.F1 {
				return -1
			}
			return 1
		}
		return strings.Compare(a.ID, b.ID)
	})
	return res
}

// Table is the figures as aligned columns, one line a collection.
func (r Result) Table() string {
	columns := []string{"pages", "empty", "F1", "P", "R", "acc", "wordF1", "with", "without", "segF", "title", "date", "authorR", "author="}
	var b strings.Builder
	fmt.Fprintf(&b, "%-18s", "source")
	for _, c := range columns {
		fmt.Fprintf(&b, "%9s", c)
	}
	b.WriteByte('\n')
	for _, row := range r.Rows {
		fmt.Fprintf(&b, "%-18s%9d%9d", row.Source, row.Pages, row.Empty)
		for _, v := range []*float64{row.F1, row.P, row.R, row.Exact, row.WordF1, row.With, row.Without, row.SegF, row.Title, row.Date, row.AuthorR, row.Author} {
			if v == nil {
				fmt.Fprintf(&b, "%9s", "-")
			} else {
				fmt.Fprintf(&b, "%9.3f", *v)
			}
		}
		b.WriteByte('\n')
	}
	return b.String()
}

// measured is what one page gives.
type measured struct {
	empty         bool
	hasText       bool
	hasP          bool // a page with nothing predicted has no precision
	p, r          float64
	exact         bool
	wordF1        float64
	with, without [2]int // found, missed
	title, date   *bool
	author, only  *bool
}

func measure(truth Truth, pred Prediction) measured {
	m := measured{empty: strings.TrimFunc(pred.Text, score.IsSpace) == ""}
	if truth.Text != "" {
		tp, fp, fn := shingleParts(truth.Text, pred.Text)
		m.hasText, m.hasP = true, tp+fp > 0
		m.p, m.r = rate(tp, fp, fp+fn), rate(tp, fn, fp+fn)
		m.exact = slices.Equal(score.Words(truth.Text), score.Words(pred.Text))
		m.wordF1 = wordF1(truth.Text, pred.Text)
	}
	low := squash(pred.Text)
	m.with = snippets(truth.With, low)
	m.without = snippets(truth.Without, low)
	if len(fold(truth.Title)) > 0 {
		m.title = new(titleRight(truth.Title, pred.Title))
	}
	if truth.Date != "" {
		m.date = new(day(pred.Date) == day(truth.Date))
	}
	if has, only, known := authorRight(truth.Authors, pred.Byline); known {
		m.author, m.only = new(has), new(only)
	}
	return m
}

// rate is precision or recall by the benchmark's rule: a page without any
// error is right, even when it has no shingles at all.
func rate(tp, wrong, errors float64) float64 {
	if errors == 0 {
		return 1
	}
	return score.Ratio(tp, tp+wrong)
}

func shingleParts(truth, pred string) (tp, fp, fn float64) {
	a, b := shingles(truth), shingles(pred)
	common := float64(a.Common(b))
	fp, fn = float64(b.Size())-common, float64(a.Size())-common
	sum := common + fp + fn
	return score.Ratio(common, sum), score.Ratio(fp, sum), score.Ratio(fn, sum)
}

// shingles counts every four words in a row; a shorter text is one shingle.
func shingles(text string) score.Bag[[4]string] {
	words := score.Words(text)
	bag := make(score.Bag[[4]string], len(words))
	if 0 < len(words) && len(words) < 4 {
		var one [4]string
		copy(one[:], words)
		bag[one] = 1
	}
	for i := 4; i <= len(words); i++ {
		bag[[4]string(words[i-4:i])]++
	}
	return bag
}

func wordF1(truth, pred string) float64 {
	a, b := score.BagOf(score.Words(score.Lower(truth))), score.BagOf(score.Words(score.Lower(pred)))
	if len(a) == 0 && len(b) == 0 {
		return 1
	}
	common := float64(a.Common(b))
	return score.F1(score.Ratio(common, float64(b.Size())), score.Ratio(common, float64(a.Size())))
}

func snippets(wanted []string, low string) (n [2]int) {
	for _, w := range wanted {
		if strings.Contains(low, squash(w)) {
			n[0]++
		} else {
			n[1]++
		}
	}
	return n
}

func squash(s string) string { return caseFold(strings.Join(score.Fields(s), " ")) }

// fold gives the words of s without accents and case.
func fold(s string) []string {
	s = norm.NFKD.String(s)
	s = strings.Map(func(r rune) rune {
		if r >= 0x300 && norm.NFKD.PropertiesString(string(r)).CCC() != 0 {
			return -1
		}
		return r
	}, s)
	return score.Words(caseFold(s))
}

func caseFold(s string) string { return cases.Fold().String(s) }

// separators part a title from the name of its site.
var separators = [...]string{" | ", " - ", " – ", " — ", " :: ", " • ", " · ", ": "}

func titleRight(truth, pred string) bool {
	want := fold(truth)
	if slices.Equal(fold(pred), want) {
		return true
	}
	for _, sep := range separators {
		for i := 0; ; {
			k := strings.Index(pred[i:], sep)
			if k < 0 {
				break
			}
			if slices.Equal(fold(pred[:i+k]), want) || slices.Equal(fold(pred[i+k+len(sep):]), want) {
				return true
			}
			i += k + len(sep)
		}
	}
	return false
}

// authorRight reports whether every true name is in the byline and whether
// nothing else is; known is false without a true name.
func authorRight(truth []string, byline Byline) (has, only, known bool) {
	need := score.Bag[string]{}
	got := score.BagOf(fold(strings.Join(byline, ", ")))
	has = true
	for _, name := range truth {
		words := score.BagOf(fold(name))
		for w, n := range words {
			known = true
			need[w] = max(need[w], n)
			has = has && got[w] >= n
		}
	}
	only = has
	for w := range got {
		if need[w] == 0 && !slices.Contains(joiners, w) {
			only = false
		}
	}
	return has, only, known
}

// joiners may stand between names.
var joiners = []string{"by", "and", "von", "und", "par", "et", "por", "y", "the"}

func day(date string) string {
	n := 0
	for i := range date {
		if n == 10 {
			return date[:i]
		}
		n++
	}
	return date
}

// tally sums up pages.
type tally struct {
	pages, empty                                   int
	p, r, exact, wordF1, title, date, author, only []float64
	with, without                                  [2]int
}

func (t *tally) add(m measured) {
	t.pages++
	if m.empty {
		t.empty++
	}
	if m.hasText {
		if m.hasP {
			t.p = append(t.p, m.p)
		}
		t.r = append(t.r, m.r)
		t.exact = append(t.exact, truthValue(m.exact))
		t.wordF1 = append(t.wordF1, m.wordF1)
	}
	for i := range 2 {
		t.with[i] += m.with[i]
		t.without[i] += m.without[i]
	}
	for _, x := range []struct {
		to *[]float64
		v  *bool
	}{{&t.title, m.title}, {&t.date, m.date}, {&t.author, m.author}, {&t.only, m.only}} {
		if x.v != nil {
			*x.to = append(*x.to, truthValue(*x.v))
		}
	}
}

func truthValue(ok bool) float64 {
	if ok {
		return 1
	}
	return 0
}

func (t *tally) row(name string) Row {
	row := Row{Source: name, Pages: t.pages, Empty: t.empty}
	if len(t.r) > 0 {
		row.P, row.R = new(score.Mean(t.p)), new(score.Mean(t.r))
		row.F1 = new(score.F1(*row.P, *row.R))
		row.Exact, row.WordF1 = new(score.Mean(t.exact)), new(score.Mean(t.wordF1))
	}
	tp, fn, fp := float64(t.with[0]), float64(t.with[1]), float64(t.without[0])
	wanted, unwanted := t.with[0]+t.with[1] > 0, t.without[0]+t.without[1] > 0
	if wanted {
		row.With = new(tp / (tp + fn))
	}
	if unwanted {
		row.Without = new(fp / float64(t.without[0]+t.without[1]))
	}
	if wanted && unwanted {
		row.SegF = new(score.F1(score.Ratio(tp, tp+fp), tp/(tp+fn)))
	}
	for _, x := range []struct {
		to **float64
		v  []float64
	}{{&row.Title, t.title}, {&row.Date, t.date}, {&row.AuthorR, t.author}, {&row.Author, t.only}} {
		if len(x.v) > 0 {
			*x.to = new(score.Mean(x.v))
		}
	}
	return row
}
