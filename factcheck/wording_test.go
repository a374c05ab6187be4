package factcheck

import (
	"testing"
	"time"

	"onrecord/nlp"
	"onrecord/quote"
)

// A wording is worth a line of its own when it says who speaks or who is meant;
// days are shown with the claim itself.
func TestSaysMore(t *testing.T) {
	const text = "The budget has 14 million crowns for roads, twice as much as last year, and nothing for the pier. " +
		"The ferry Halmar sank on Monday with 40 cars on board. " +
		"Ada Bell closed the mill in Orle. She owns 12 other mills. " +
		"Ivo Marsh said the port lost 300 jobs."
	doc := nlp.Parse(text)
	claims := Claims(doc, quote.Find(doc), time.Date(2026, 3, 4, 0, 0, 0, 0, time.UTC))
	want := map[string]bool{
		"The budget":        false, // "last year [2025],"
		"The ferry":         false, // "on Monday [2026-03-02]"
		"She owns":          true,  // [Ada Bell]
		"the port lost 300": true,  // [Ivo Marsh said]
	}
	for _, c := range claims {
		for words, more := range want {
			if span := c.Span.Text(text); len(span) >= len(words) && span[:len(words)] == words {
				delete(want, words)
				if c.SaysMore(text) != more {
					t.Errorf("%q says more: %v, want %v", c.Standalone, !more, more)
				}
			}
		}
	}
	for words := range want {
		t.Errorf("no claim begins with %q", words)
	}
}
