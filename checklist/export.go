package checklist

import (
	"bytes"
	"encoding/json"
	"strconv"
	"strings"
	"time"

	"onrecord/brief"
)

// Object is a checklist as scripts read it. Fields may be added and are never
// renamed; lists are empty, never null.
type Object struct {
	Article ObjectArticle `json:"article"`
	Claims  []ObjectClaim `json:"claims"`
	Gone    []ObjectClaim `json:"gone"` // marked, and no longer in the article; their number is 0
}

// ObjectArticle is the article of a checklist.
type ObjectArticle struct {
	URL    string `json:"url"`
	Title  string `json:"title"`
	SHA256 string `json:"sha256"`
}

// ObjectClaim is a claim with what was done about it.
type ObjectClaim struct {
	Number     int          `json:"number"`
	Text       string       `json:"text"`
	Standalone string       `json:"standalone"`
	Speaker    string       `json:"speaker"`
	State      string       `json:"state"`  // open, taken, checked or fix
	Rating     string       `json:"rating"` // the last one that a person gave; empty for none
	Marks      []ObjectMark `json:"marks"`
	Reviews    []ObjectMark `json:"reviews"` // what people said of suggested fact-checks
}

// ObjectMark is one thing that somebody did.
type ObjectMark struct {
	State  string `json:"state"`
	By     string `json:"by"`
	At     string `json:"at"`
	Rating string `json:"rating"`
	Note   string `json:"note"`
	Link   string `json:"link"`
	Review string `json:"review"` // address of the fact-check that it is about
}

// Export gives a sheet the shape that scripts read.
func (s *Sheet) Export() *Object {
	a := s.Briefing.Article
	o := &Object{Article: ObjectArticle{s.URL, a.Title, a.SHA256}, Claims: []ObjectClaim{}, Gone: []ObjectClaim{}}
	for i := range s.Rows {
		o.Claims = append(o.Claims, s.Rows[i].export())
	}
	for i := range s.Gone {
		o.Gone = append(o.Gone, s.Gone[i].export())
	}
	return o
}

func (r *Row) export() ObjectClaim {
	c := ObjectClaim{
		Number: r.Number, Text: r.Words, Standalone: r.Claim.Standalone, Speaker: r.Claim.Speaker, State: "open",
		Marks: []ObjectMark{}, Reviews: []ObjectMark{},
	}
	if m, ok := r.Now(); ok {
		c.State = string(m.State)
	}
	if m, ok := r.Rated(); ok {
		c.Rating = string(m.Rating)
	}
	for _, m := range r.Marks {
		c.Marks = append(c.Marks, m.export())
	}
	for _, m := range r.Judged {
		c.Reviews = append(c.Reviews, m.export())
	}
	return c
}

func (m *Mark) export() ObjectMark {
	return ObjectMark{string(m.State), m.Name, m.At.UTC().Format(time.RFC3339), string(m.Rating), m.Note, m.Link, m.Review}
}

// JSON is Export as one indented object.
func (s *Sheet) JSON() ([]byte, error) {
	var buf bytes.Buffer
	enc := json.NewEncoder(&buf)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	err := enc.Encode(s.Export())
	return buf.Bytes(), err
}

// CSV is a table of the claims with a heading line (RFC 4180). A claim has a row
// for everything that was done about it, the last one last, and one row when
// nothing was. Cells that a spreadsheet would run as a formula begin with an
// apostrophe.
func (s *Sheet) CSV() []byte {
	rows := [][]string{strings.Split("number claim standalone speaker state by at rating note link review title url", " ")}
	o := s.Export()
	for _, c := range append(o.Claims, o.Gone...) {
		number := ""
		if c.Number > 0 {
			number = strconv.Itoa(c.Number)
		}
		row := func(m ObjectMark) {
			rows = append(rows, []string{number, c.Text, c.Standalone, c.Speaker, m.State, m.By, m.At, m.Rating, m.Note, m.Link, m.Review, o.Article.Title, o.Article.URL})
		}
		for _, m := range append(c.Reviews, c.Marks...) {
			row(m)
		}
		if len(c.Marks) == 0 {
			row(ObjectMark{State: c.State})
		}
	}
	return brief.CSV(rows)
}
