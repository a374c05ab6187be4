package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"os"
	"time"

	"onrecord/factcheck"
	"onrecord/nlp"
	"onrecord/quote"
)

type clashesCmd struct {
	Files []string `arg:"positional,required" help:"articles, JSON lines with text, title and date, as themselves or under 'truth'"`
}

// Run checks articles against themselves and lists what does not agree. Taken
// for sound articles, each line is a false alarm.
func (c *clashesCmd) Run(*options) error {
	articles, flagged := 0, 0
	for _, name := range c.Files {
		n, hit, err := clashesIn(name)
		if err != nil {
			return err
		}
		fmt.Fprintf(os.Stdout, "%s: %d of %d articles\n", name, hit, n)
		articles, flagged = articles+n, flagged+hit
	}
	fmt.Fprintf(os.Stdout, "all: %d of %d articles, one in %.0f\n", flagged, articles, float64(articles)/float64(max(flagged, 1)))
	return nil
}

// story is an article of any of the corpora.
type story struct {
	ID    string
	Lang  string
	Text  string
	Title string
	Date  string
	Truth *story
}

func clashesIn(name string) (articles, flagged int, err error) {
	f, err := os.Open(name)
	if err != nil {
		return 0, 0, err
	}
	defer f.Close()
	lines := bufio.NewScanner(f)
	lines.Buffer(nil, 16<<20)
	for lines.Scan() {
		var s story
		if err := json.Unmarshal(lines.Bytes(), &s); err != nil {
			return articles, flagged, fmt.Errorf("%s: %w", name, err)
		}
		if t := s.Truth; t != nil {
			s.Text, s.Title, s.Date = t.Text, t.Title, t.Date
		}
		if s.Text == "" || s.Lang != "" && s.Lang != "en" {
			continue
		}
		articles++
		day, err := time.Parse(time.DateOnly, s.Date)
		if err != nil {
			day = time.Time{}
		}
		doc := nlp.Parse(s.Text)
		found := factcheck.Clashes(doc, quote.Find(doc), s.Title, day)
		if len(found) > 0 {
			flagged++
		}
		for _, clash := range found {
			fmt.Fprintf(os.Stdout, "  %s\t%s\t%s\n", s.ID, clash.Kind, clash.Text)
		}
	}
	return articles, flagged, lines.Err()
}
