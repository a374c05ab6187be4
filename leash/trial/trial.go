// Package trial measures the leash: how many hostile rewordings of an article
// it catches, and how many faithful ones it lets through.
//
// The hostile ones are made by rules, each of which does one thing that a
// language model does when it goes wrong ([Spoil]), or written by hand with one
// fault each; the faithful ones are written by hand, one file an article, in
// leash/testdata.
package trial

import (
	"bufio"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"onrecord/leash"
	"onrecord/nlp"
	"onrecord/quote"
)

// Article is a text with faithful rewordings of it.
type Article struct {
	Name      string
	Text      string
	Body      int // where the text proper begins
	Published time.Time
	Faithful  []string
	Hostile   []Spoilt // written by hand
}

// Read reads a file of rewordings: first the path of the article, then a
// faithful sentence a line, or a hostile one after "!", what is wrong with it,
// and "|". The article has no text yet.
func Read(r io.Reader) (path string, a Article, err error) {
	lines := bufio.NewScanner(r)
	for lines.Scan() {
		line := strings.TrimSpace(lines.Text())
		fault, hostile := strings.CutPrefix(line, "!")
		switch {
		case line == "":
		case path == "":
			path = line
		case hostile:
			fault, text, ok := strings.Cut(fault, "|")
			if !ok {
				return path, a, fmt.Errorf("a hostile rewording without a fault: %q", line)
			}
			a.Hostile = append(a.Hostile, Spoilt{strings.TrimSpace(fault), strings.TrimSpace(text)})
		default:
			a.Faithful = append(a.Faithful, line)
		}
	}
	return path, a, lines.Err()
}

// byHand is the rule of the hostile rewordings that somebody wrote.
const byHand = "by hand"

// Row is one rewording and what became of it.
type Row struct {
	Article string
	Rule    string // what was done; empty for a faithful one
	Of      string // the sentence that was spoilt; of one written by hand, its fault
	Text    string
	Refused string // why it was refused; empty when it was let through
}

// Result is what a trial gives.
type Result struct{ Rows []Row }

// Run tries the leash on articles. Of each, the sentences of the article itself
// and the faithful rewordings are spoilt by every rule.
func Run(articles []Article) Result {
	var res Result
	for _, a := range articles {
		doc := nlp.ParseFrom(a.Text, a.Body)
		quotes := quote.Find(doc)
		source := leash.New(doc, quotes, a.Published)
		for _, f := range a.Faithful {
			res.Rows = append(res.Rows, Row{a.Name, "", f, f, source.Check(f).Reason})
		}
		for _, h := range a.Hostile {
			res.Rows = append(res.Rows, Row{a.Name, byHand, h.Rule, h.Text, source.Check(h.Text).Reason})
		}
		var bases []string
		for _, s := range doc.Sentences {
			bases = append(bases, strings.Join(strings.Fields(s.Text(doc.Text)), " "))
		}
		seen := map[string]bool{}
		for _, base := range append(bases, a.Faithful...) {
			for _, h := range Spoil(doc, base) {
				if !seen[h.Text] && !slices.Contains(a.Faithful, h.Text) && !slices.Contains(bases, h.Text) {
					seen[h.Text] = true
					res.Rows = append(res.Rows, Row{a.Name, h.Rule, base, h.Text, source.Check(h.Text).Reason})
				}
			}
		}
	}
	return res
}

// Faithful counts the faithful rewordings and how many were let through.
func (r Result) Faithful() (passed, all int) {
	for _, row := range r.Rows {
		if row.Rule == "" {
			all++
			if row.Refused == "" {
				passed++
			}
		}
	}
	return passed, all
}

// Hostile counts the hostile rewordings by rule, "" for all that rules made, and
// how many were caught.
func (r Result) Hostile(rule string) (caught, all int) {
	for _, row := range r.Rows {
		if row.Rule != "" && (row.Rule == rule || rule == "" && row.Rule != byHand) {
			all++
			if row.Refused != "" {
				caught++
			}
		}
	}
	return caught, all
}

// ByHand is Hostile for those that somebody wrote.
func (r Result) ByHand() (caught, all int) { return r.Hostile(byHand) }

// Fresh is Hostile for the rewordings of those faithful sentences only that
// are let through themselves: they are caught for what was done to them and
// for nothing else.
func (r Result) Fresh() (caught, all int) {
	good := map[string]bool{}
	for _, row := range r.Rows {
		if row.Rule == "" && row.Refused == "" {
			good[row.Article+"\x00"+row.Of] = true
		}
	}
	for _, row := range r.Rows {
		if row.Rule != "" && row.Rule != byHand && good[row.Article+"\x00"+row.Of] {
			all++
			if row.Refused != "" {
				caught++
			}
		}
	}
	return caught, all
}

// Table shows the figures.
func (r Result) Table() string {
	var w strings.Builder
	passed, all := r.Faithful()
	fmt.Fprintf(&w, "%-28s %5d of %5d  %s\n", "faithful, let through", passed, all, percent(passed, all))
	caught, all := r.Hostile("")
	fmt.Fprintf(&w, "%-28s %5d of %5d  %s\n", "hostile, caught", caught, all, percent(caught, all))
	caught, all = r.Fresh()
	fmt.Fprintf(&w, "%-28s %5d of %5d  %s\n", "  of sentences let through", caught, all, percent(caught, all))
	if caught, all = r.ByHand(); all > 0 {
		fmt.Fprintf(&w, "%-28s %5d of %5d  %s\n", "hostile by hand, caught", caught, all, percent(caught, all))
	}
	for _, rule := range Rules() {
		if caught, all := r.Hostile(rule); all > 0 {
			fmt.Fprintf(&w, "  %-26s %5d of %5d  %s\n", rule, caught, all, percent(caught, all))
		}
	}
	return w.String()
}

func percent(n, of int) string {
	if of == 0 {
		return "-"
	}
	return fmt.Sprintf("%5.1f %%", 100*float64(n)/float64(of))
}
