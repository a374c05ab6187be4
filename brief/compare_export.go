package brief

import (
	"fmt"
	"strings"

	"onrecord/nlp"
)

// ObjectComparison is a comparison as scripts read it, the value behind
// "bot compare --format json". Articles are named by their index in the list,
// from 0; ranges count code points of that article's text.
type ObjectComparison struct {
	Articles    []ObjectArticle `json:"articles"`
	OtherStory  []int           `json:"other_story"` // articles that tell another story than the rest
	SameText    []ObjectAlike   `json:"same_text"`
	Differences []ObjectFinding `json:"differences"`
	Updates     []ObjectFinding `json:"updates"` // numbers of different days
	Shared      []ObjectFinding `json:"shared"`
	Notes       []string        `json:"notes"`
	Engine      ObjectEngine    `json:"engine"`
}

// ObjectAlike is two articles that are the same text, or nearly.
type ObjectAlike struct {
	Articles  [2]int       `json:"articles"`
	Share     float64      `json:"share"` // of five-word runs, 0 to 1
	Edits     []ObjectEdit `json:"edits"`
	MoreEdits int          `json:"more_edits"` // beyond those listed
}

// ObjectEdit is one sentence that differs; a side is null where the text has
// no such sentence.
type ObjectEdit struct {
	First  *ObjectSide `json:"first"`
	Second *ObjectSide `json:"second"`
}

// ObjectFinding is one finding of a comparison.
type ObjectFinding struct {
	Kind  string       `json:"kind"` // see [FindingKind]
	Text  string       `json:"text"`
	Sides []ObjectSide `json:"sides"`
}

// ObjectSide is what one article has of a finding.
type ObjectSide struct {
	Article int     `json:"article"`
	Text    string  `json:"text"`
	Spans   []Range `json:"spans"`  // empty for a headline
	Marked  []Range `json:"marked"` // the words that make the difference
	Status  string  `json:"status"` // of who is quoted: quoted or named
	Date    string  `json:"date"`   // of a date or an update
}

// ExportComparison gives c the shape that scripts read.
func ExportComparison(c *Comparison) *ObjectComparison {
	o := &ObjectComparison{
		Articles: []ObjectArticle{}, OtherStory: append([]int{}, c.Apart...), SameText: []ObjectAlike{},
		Differences: []ObjectFinding{}, Updates: []ObjectFinding{}, Shared: []ObjectFinding{}, Notes: list(c.Notes),
	}
	xs := make([]exporter, len(c.Articles))
	for i, b := range c.Articles {
		full := Export(b)
		o.Articles, o.Engine = append(o.Articles, full.Article), full.Engine
		xs[i] = exporter{text: b.Article.Text, points: newCodePoints(b.Article.Text)}
	}
	for _, a := range c.Alike {
		alike := ObjectAlike{Articles: [2]int{a.A, a.B}, Share: rounded(a.Share), Edits: []ObjectEdit{}, MoreEdits: a.Others}
		for _, e := range a.Edits {
			alike.Edits = append(alike.Edits, ObjectEdit{
				xs[a.A].editSide(a.A, e.A, e.MarkedA), xs[a.B].editSide(a.B, e.B, e.MarkedB),
			})
		}
		o.SameText = append(o.SameText, alike)
	}
	for _, f := range c.Findings {
		found := ObjectFinding{Kind: string(f.Kind), Text: f.Text, Sides: []ObjectSide{}}
		for _, s := range f.Sides {
			x := xs[s.Article]
			found.Sides = append(found.Sides, ObjectSide{s.Article, s.Text, x.ranges(s.Spans), x.ranges(s.Marked), s.Status, s.Date})
		}
		switch {
		case f.Kind == FactShared:
			o.Shared = append(o.Shared, found)
		case f.Kind == Update:
			o.Updates = append(o.Updates, found)
		default:
			o.Differences = append(o.Differences, found)
		}
	}
	return o
}

func (x exporter) editSide(article int, span nlp.Span, marked []nlp.Span) *ObjectSide {
	if span.Empty() {
		return nil
	}
	return &ObjectSide{Article: article, Text: span.Text(x.text), Spans: []Range{x.rng(span)}, Marked: x.ranges(marked)}
}

// ComparisonJSON is the object of "bot compare --format json", indented, with a
// final newline.
func ComparisonJSON(c *Comparison) ([]byte, error) { return encode(ExportComparison(c), "  ") }

// Section is the findings of a comparison that are shown under one heading.
type Section struct {
	Title    string
	Findings []Finding
}

// Sections are the findings under their headings, in the order in which they
// are shown. Headlines stand in the list of articles already.
func (c *Comparison) Sections() []Section {
	var out []Section
	for _, s := range []struct {
		title string
		kinds []FindingKind
	}{
		{"Do not agree", []FindingKind{OtherNumber, OtherDate, Denial, OtherName}},
		{"Counts of different days", []FindingKind{Update}},
		{"Quotations that differ", []FindingKind{QuoteSpeaker, QuoteChanged, QuoteCut}},
		{"Who is quoted where", []FindingKind{QuotedWhere}},
		{"Only in some", []FindingKind{FactOnly, QuoteOnly}},
		{"In all of them", []FindingKind{FactShared}},
	} {
		section := Section{Title: s.title}
		for _, k := range s.kinds {
			section.Findings = append(section.Findings, c.Of(k)...)
		}
		if len(section.Findings) > 0 {
			out = append(out, section)
		}
	}
	return out
}

// NoDifference is what is said when nothing was found that differs.
const NoDifference = "No difference was found. That is no proof that they agree: what could not be matched surely is not mentioned."

// Same reports whether nothing differs, as far as was found.
func (c *Comparison) Same() bool {
	for _, f := range c.Findings {
		if f.Kind.Difference() && f.Kind != OtherHeadline {
			return false
		}
	}
	for _, a := range c.Alike {
		if len(a.Edits) > 0 {
			return false
		}
	}
	return true
}

// ComparisonMarkdown is the comparison as a document to read or to print. The
// articles' words are escaped; those that differ stand in bold.
func ComparisonMarkdown(c *Comparison) []byte {
	var w strings.Builder
	fmt.Fprintf(&w, "# %s compared\n\n", number(len(c.Articles), "article"))
	for i, b := range c.Articles {
		fmt.Fprintf(&w, "%d. %s\n", i+1, md(Heading(b)))
		fmt.Fprintf(&w, "   - %s\n", md(strings.Join(provenance(b), " · ")))
		if b.Article.URL != "" {
			fmt.Fprintf(&w, "   - <%s>\n", mdURL(b.Article.URL))
		}
	}
	w.WriteString("\n")
	for _, s := range append(c.Notes, c.ApartSentence()) {
		if s != "" {
			fmt.Fprintf(&w, "%s\n\n", md(s))
		}
	}
	for _, a := range c.Alike {
		fmt.Fprintf(&w, "## Same text\n\n%s\n\n", md(a.Sentence()))
		for _, e := range a.Edits {
			c.markdownSide(&w, "- ", Side{Article: a.A, Spans: []nlp.Span{e.A}, Marked: e.MarkedA})
			c.markdownSide(&w, "- ", Side{Article: a.B, Spans: []nlp.Span{e.B}, Marked: e.MarkedB})
		}
		w.WriteString("\n")
	}
	for _, section := range c.Sections() {
		fmt.Fprintf(&w, "## %s\n\n", section.Title)
		for _, f := range section.Findings {
			fmt.Fprintf(&w, "- %s\n", md(f.Text))
			if f.Kind == QuotedWhere {
				continue
			}
			for _, s := range f.Sides {
				c.markdownSide(&w, "  - ", s)
			}
		}
		w.WriteString("\n")
	}
	if c.Related() && c.Same() {
		fmt.Fprintf(&w, "%s\n\n", NoDifference)
	}
	fmt.Fprintf(&w, "Made by Onrecord %s. It says where articles differ, not which is right.\n", Version)
	return []byte(w.String())
}

func (c *Comparison) markdownSide(w *strings.Builder, lead string, s Side) {
	if len(s.Spans) == 0 || s.Spans[0].Empty() {
		return
	}
	fmt.Fprintf(w, "%s%d: ", lead, s.Article+1)
	for _, p := range c.Pieces(s) {
		if p.Marked {
			fmt.Fprintf(w, "**%s**", md(p.Text))
			continue
		}
		w.WriteString(mdPiece(p.Text))
	}
	if s.Date != "" {
		fmt.Fprintf(w, " (%s)", s.Date)
	}
	w.WriteString("\n")
}

// mdPiece is md that keeps a blank at the ends.
func mdPiece(s string) string {
	out := md(s)
	if out == "" {
		return " "
	}
	if strings.HasPrefix(s, " ") {
		out = " " + out
	}
	if strings.HasSuffix(s, " ") {
		out += " "
	}
	return out
}

// Piece is a part of a side's words.
type Piece struct {
	Text   string
	Marked bool // it is what differs
	Ours   bool // " … " between two parts: no words of the article
}

// Pieces are the words of a side on one line, cut at what is marked.
func (c *Comparison) Pieces(s Side) []Piece {
	text := c.Articles[s.Article].Article.Text
	var out []Piece
	add := func(span nlp.Span, marked bool) {
		if flat := strings.Join(strings.FieldsFunc(" "+span.Text(text)+" ", isBlank), " "); flat != "" {
			if strings.IndexFunc(span.Text(text), isBlank) == 0 {
				flat = " " + flat
			}
			if strings.LastIndexFunc(span.Text(text), isBlank) == span.Len()-1 {
				flat += " "
			}
			out = append(out, Piece{Text: flat, Marked: marked})
		} else if !span.Empty() {
			out = append(out, Piece{Text: " ", Marked: false})
		}
	}
	for i, span := range s.Spans {
		if i > 0 {
			out = append(out, Piece{Text: " … ", Ours: true})
		}
		at := span.Start
		for _, m := range s.Marked {
			if m.Start < at || m.End > span.End {
				continue
			}
			add(nlp.Span{Start: at, End: m.Start}, false)
			add(m, true)
			at = m.End
		}
		add(nlp.Span{Start: at, End: span.End}, false)
	}
	return out
}

func isBlank(r rune) bool { return r == ' ' || r == '\n' || r == '\t' || r == '\r' || r == '\u00a0' }

// Words are the words of a side on one line; what only this side has stands in
// {braces}.
func (c *Comparison) Words(s Side) string {
	if len(s.Spans) == 0 || s.Status != "" {
		return s.Text
	}
	var w strings.Builder
	for _, p := range c.Pieces(s) {
		if p.Marked {
			w.WriteString("{" + p.Text + "}")
			continue
		}
		w.WriteString(p.Text)
	}
	return w.String()
}
