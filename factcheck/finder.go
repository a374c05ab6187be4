package factcheck

import (
	"strings"
	"time"

	"onrecord/nlp"
	"onrecord/quote"
)

// Finder finds claims with what is known beside the text. The zero Finder
// knows nothing more than the built-in tables.
type Finder struct {
	Tables   *Tables // how claims are checked; [DefaultTables] when nil
	Dateline string  // the place of the dateline, as the text before doc.Body writes it: what "here" means
}

// Claims is the package's [Claims] with what f knows.
func (f Finder) Claims(doc *nlp.Document, quotes []quote.Quote, published time.Time) []Claim {
	return claims(f.read(doc, quotes, published))
}

func (f Finder) read(doc *nlp.Document, quotes []quote.Quote, published time.Time) *reading {
	r := read(doc, quotes, published)
	r.dateline, r.tables = f.Dateline, f.Tables
	if r.dateline != "" {
		r.setScene()
	}
	return r
}

// Wording is a whole sentence made to stand alone.
type Wording struct {
	Text     string // inserted words in [brackets]
	Inserted []Insertion
	Unclear  string
	Dates    []Date
}

// Wordings words every sentence of doc so that it makes sense outside the
// article, in text order. A surname names somebody well enough there, and the
// days that time expressions mean are in Dates, not in the text: who asks for
// single sentences has the day of publication beside each.
func Wordings(doc *nlp.Document, quotes []quote.Quote, published time.Time) []Wording {
	r := read(doc, quotes, published)
	out := make([]Wording, 0, len(doc.Sentences))
	for s, sent := range doc.Sentences {
		c := candidate{first: sent.First, last: sent.Last, sentence: s, quote: -1}
		w := &wording{span: sent.Span}
		if q := r.wholly(s); q >= 0 {
			c.quote = q
			c.first, c.last = r.trim(c.first, c.last)
			w.span = c.span(r)
			if c.last < sent.Last && r.Tokens[c.last].Text == "." {
				w.span.End = r.Tokens[c.last].End
			}
			r.attribute(w, c)
		}
		r.refer(w, c, c.first, c.last)
		text, inserted := w.render(r.Text)
		out = append(out, Wording{Text: text, Inserted: inserted, Unclear: strings.Join(w.unclear, "; "), Dates: r.datesIn(sent.Span)})
	}
	return out
}

// wholly is the quotation that all of sentence s belongs to and that names its
// speaker elsewhere, -1 when there is none.
func (r *reading) wholly(s int) int {
	sent := r.Sentences[s]
	q := -1
	for i := sent.First; i < sent.Last; i++ {
		switch {
		case isMark(r.Tokens[i].Text):
		case r.said[i] < 0, q >= 0 && r.said[i] != q:
			return -1
		default:
			q = r.said[i]
		}
	}
	return q
}
