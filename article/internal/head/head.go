// Package head reads the head of a news text: headline, byline, date and
// dateline, and where the story begins after them.
package head

import "time"

// Known is what is known about the text before it is looked at.
type Known struct {
	Title string    // the headline, when the source gave one
	Date  time.Time // day of publication, for datelines without a year
	Plain bool      // a plain text, whose first line may be its headline
}

// Head is what the head of a text says. All but Body may be empty.
type Head struct {
	Title  string
	Byline []string
	Agency string // "AP"
	Place  string // "TECUN UMAN, Guatemala"
	Date   time.Time
	Body   int // byte offset at which the story begins
}

// Find reads the head of text.
func Find(text string, known Known) Head { return Head{} }
