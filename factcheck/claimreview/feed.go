package claimreview

import (
	"bufio"
	"encoding/xml"
	"errors"
	"io"
	"strings"

	"golang.org/x/net/html/charset"

	"onrecord/factcheck"
)

// item is an item of RSS or an entry of Atom.
type item struct {
	Title   string   `xml:"title"`
	Links   []link   `xml:"link"`
	GUID    string   `xml:"guid"`
	ID      string   `xml:"id"`
	About   string   `xml:"description"`
	Summary string   `xml:"summary"`
	Content []string `xml:"encoded"`
	Body    string   `xml:"content"`
	PubDate string   `xml:"pubDate"`
	Date    string   `xml:"date"`
	Issued  string   `xml:"published"`
	Updated string   `xml:"updated"`
}

type link struct {
	Rel  string `xml:"rel,attr"`
	Href string `xml:"href,attr"`
	Text string `xml:",chardata"`
}

// readFeed reads RSS 0.9 to 2.0 or Atom. Reviews in an item's content go
// before the item itself.
func readFeed(r *bufio.Reader, reset func(), yield func(factcheck.Review) error) error {
	dec := xml.NewDecoder(r)
	dec.Strict = false
	dec.Entity = xml.HTMLEntity
	dec.CharsetReader = charset.NewReaderLabel
	publisher, depth := "", 0
	for {
		reset()
		t, err := dec.Token()
		switch {
		case errors.Is(err, io.EOF):
			return nil
		case err != nil:
			return feedError(err)
		}
		start, ok := t.(xml.StartElement)
		if !ok {
			if _, end := t.(xml.EndElement); end {
				depth--
			}
			continue
		}
		if depth++; depth > 50 {
			return &Error{Problem: "it is nested too deeply for a feed", Advice: "check its address"}
		}
		switch start.Name.Local {
		case "title":
			depth--
			var s string
			if err := dec.DecodeElement(&s, &start); err != nil {
				return feedError(err)
			}
			if publisher == "" {
				publisher = strings.TrimSpace(s)
			}
		case "item", "entry":
			depth--
			var i item
			if err := dec.DecodeElement(&i, &start); err != nil {
				return feedError(err)
			}
			if err := i.reviews(publisher, yield); err != nil {
				return err
			}
		}
	}
}

func feedError(err error) error {
	if errors.Is(err, errElement) || errors.Is(err, errTotal) {
		return err
	}
	return &Error{Problem: "it is a damaged feed or cut off", Advice: "check its address", Err: err}
}

func (i *item) reviews(publisher string, yield func(factcheck.Review) error) error {
	for _, content := range append(i.Content, i.Body, i.About) {
		if !strings.Contains(content, "ClaimReview") {
			continue
		}
		n := 0
		err := readPage(strings.NewReader(content), func() {}, func(r factcheck.Review) error {
			n++
			if r.URL == "" {
				r.URL = i.link()
			}
			return yield(r)
		})
		if err != nil || n > 0 {
			return err
		}
	}
	return yield(factcheck.Review{
		ID: first(i.ID, i.GUID), Title: i.Title, Subtitle: first(i.Summary, i.About), Publisher: publisher,
		URL: i.link(), Date: readDate(first(i.PubDate, i.Issued, i.Date, i.Updated)),
	})
}

func (i *item) link() string {
	for _, l := range i.Links {
		if to := first(strings.TrimSpace(l.Href), strings.TrimSpace(l.Text)); to != "" && (l.Rel == "" || l.Rel == "alternate") {
			return to
		}
	}
	if strings.HasPrefix(i.GUID, "http") {
		return i.GUID
	}
	return ""
}
