package claimreview

import (
	"bufio"
	"encoding/csv"
	"errors"
	"io"
	"strings"

	"onrecord/factcheck"
)

// columns are the headings that CSV may have, in any order and case, and what
// they mean.
var columns = map[string]string{
	"id": "id", "claim": "claim", "claimreviewed": "claim", "claim_reviewed": "claim", "statement": "claim",
	"title": "title", "headline": "title", "subtitle": "subtitle", "description": "subtitle",
	"claimant": "claimant", "speaker": "claimant", "publisher": "publisher", "author": "publisher",
	"verdict": "verdict", "rating": "verdict", "url": "url", "link": "url", "date": "date", "published": "date",
	"claimed": "claimed", "language": "language",
}

// columnsOf reads a heading line, and tells whether it is one: it names the
// claim or the title.
func columnsOf(line string) (comma rune, ok bool) {
	best := 0
	for _, c := range []rune{',', ';', '\t'} {
		if n := strings.Count(line, string(c)); n > best {
			best, comma = n, c
		}
	}
	if comma == 0 {
		comma = ','
	}
	for cell := range strings.SplitSeq(line, string(comma)) {
		if c := columns[heading(cell)]; c == "claim" || c == "title" {
			return comma, true
		}
	}
	return 0, false
}

func heading(cell string) string {
	return strings.ToLower(strings.Trim(strings.TrimSpace(cell), `"'`))
}

// readCSV reads a table with a heading line.
func readCSV(r *bufio.Reader, reset func(), yield func(factcheck.Review) error) error {
	head, err := r.Peek(r.Size())
	if err != nil && !errors.Is(err, io.EOF) {
		return err
	}
	line, _, _ := strings.Cut(strings.TrimLeft(string(head), "\r\n \t"), "\n")
	comma, _ := columnsOf(line)
	table := csv.NewReader(r)
	table.Comma = comma
	table.LazyQuotes = true
	table.FieldsPerRecord = -1
	table.ReuseRecord = true
	names := []string(nil)
	for {
		reset()
		row, err := table.Read()
		switch {
		case errors.Is(err, io.EOF):
			return nil
		case err != nil:
			var parse *csv.ParseError
			if errors.As(err, &parse) {
				return &Error{Problem: "it is damaged CSV", Advice: "export it again", Err: err}
			}
			return err
		}
		if names == nil {
			for _, cell := range row {
				names = append(names, columns[heading(cell)])
			}
			continue
		}
		v := map[string]any{}
		for i, cell := range row {
			if i < len(names) && names[i] != "" {
				v[names[i]] = strings.Clone(cell)
			}
		}
		if err := yield(fromOwn(v)); err != nil {
			return err
		}
	}
}
