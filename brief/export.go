package brief

import (
	"bytes"
	"cmp"
	"encoding/csv"
	"encoding/json"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"onrecord/factcheck"
	"onrecord/nlp"
	"onrecord/quote"
)

// Object is a briefing as scripts read it, the value behind --format json.
// Its fields may grow in number and are never renamed. Offsets count Unicode
// code points of article.text, end exclusive; lists are empty, never null.
type Object struct {
	Article     ObjectArticle    `json:"article"`
	Summary     []ObjectSentence `json:"summary"`
	Quotes      []ObjectQuote    `json:"quotes"`
	KeyQuotes   []int            `json:"key_quotes"` // of the three weightiest speakers the longest direct one, indexes into quotes
	Speakers    []ObjectSpeaker  `json:"speakers"`
	Sources     ObjectSources    `json:"sources"`
	Claims      []ObjectClaim    `json:"claims"`
	Facts       ObjectFacts      `json:"facts"`
	Timeline    []ObjectEvent    `json:"timeline"`
	Missing     []string         `json:"missing"`
	Consistency []ObjectClash    `json:"consistency"`
	Engine      ObjectEngine     `json:"engine"`
}

// Range is a span in code points: [start, end).
type Range [2]int

// ObjectArticle is where the text comes from, and the text.
type ObjectArticle struct {
	URL       string         `json:"url"`
	Title     string         `json:"title"`
	Byline    []string       `json:"byline"`
	Publisher string         `json:"publisher"`
	Published string         `json:"published"` // YYYY-MM-DD, empty when unknown
	Dateline  ObjectDateline `json:"dateline"`
	Language  string         `json:"language"`
	Words     int            `json:"words"`
	SHA256    string         `json:"sha256"`
	Text      *string        `json:"text,omitempty"` // absent in the line form
	ReadAt    string         `json:"read_at"`        // RFC 3339
}

// ObjectDateline is the dateline of an agency story.
type ObjectDateline struct {
	Agency string `json:"agency"`
	Place  string `json:"place"`
}

// ObjectSentence is one sentence of the summary.
type ObjectSentence struct {
	Text     string            `json:"text"`
	Span     Range             `json:"span"`
	Parts    []Range           `json:"parts"`
	Inserted []ObjectInsertion `json:"inserted"`
	Worded   string            `json:"worded"` // by a language model, held against the article; empty for the article's own words
	Link     string            `json:"link"`   // to this sentence on the page; empty for articles without an address
}

// ObjectInsertion is text that is not in the article's sentence, with the
// place that warrants it.
type ObjectInsertion struct {
	Text string `json:"text"`
	From Range  `json:"from"`
}

// ObjectQuote is one quotation.
type ObjectQuote struct {
	Text         string      `json:"text"` // the pieces of content, joined by " … " where words of others stand between
	Content      []Range     `json:"content"`
	Cue          []Range     `json:"cue"`
	Source       []Range     `json:"source"`
	Type         string      `json:"type"`
	Kind         string      `json:"kind"`
	Speaker      string      `json:"speaker"`
	SpeakerSpans []Range     `json:"speaker_spans"`
	Role         string      `json:"role"`
	RoleSpan     *Range      `json:"role_span"` // null without a role
	Verb         string      `json:"verb"`
	Stance       string      `json:"stance"`
	SaidOn       *ObjectDate `json:"said_on"` // null when the text does not say
	Via          string      `json:"via"`
	Unclear      []string    `json:"unclear"`
}

// ObjectSpeaker is who speaks, in order of weight. All quotations of kind
// speech count, also those that a filter left out of the list.
type ObjectSpeaker struct {
	Name   string  `json:"name"` // empty for quotations whose speaker is not clear
	Role   string  `json:"role"`
	Sort   string  `json:"sort"` // named (a person), body (an organisation), unnamed, collective, unknown
	Quotes int     `json:"quotes"`
	Words  int     `json:"words"`
	Share  float64 `json:"share"` // of all words quoted as speech, 0 to 1, to three places
}

// ObjectSources is the source audit: see [Sources].
type ObjectSources struct {
	People        int            `json:"people"`        // speakers that are people with a name
	Organisations int            `json:"organisations"` // speakers that are organisations with a name
	Unnamed       int            `json:"unnamed"`       // speakers without a name
	Unclear       int            `json:"unclear"`       // quotations without a clear speaker
	TopSpeaker    string         `json:"top_speaker"`
	TopShare      float64        `json:"top_share"`
	SpokenAbout   []ObjectSilent `json:"spoken_about"`
}

// ObjectSilent is who is named and never speaks.
type ObjectSilent struct {
	Name  string  `json:"name"`
	Kind  string  `json:"kind"` // person or organisation
	Spans []Range `json:"spans"`
}

// ObjectClaim is one claim.
type ObjectClaim struct {
	Text       string            `json:"text"`
	Span       Range             `json:"span"`
	Score      float64           `json:"score"`
	Checkable  bool              `json:"checkable"`
	Kinds      []string          `json:"kinds"`
	Reasons    []string          `json:"reasons"`
	Standalone string            `json:"standalone"`
	Parts      []ObjectPart      `json:"parts"`
	Inserted   []ObjectInsertion `json:"inserted"`
	Unclear    string            `json:"unclear"`
	Speaker    string            `json:"speaker"`
	Via        string            `json:"via"`
	Dates      []ObjectDate      `json:"dates"`
	HowToCheck []string          `json:"how_to_check"`
	Reviews    []ObjectReview    `json:"reviews"`
	Completed  string            `json:"completed"` // standalone as a language model completed it; empty without one
}

// ObjectPart is one of several claims in a sentence.
type ObjectPart struct {
	Standalone string `json:"standalone"`
	Span       Range  `json:"span"`
}

// ObjectDate is a time expression and the days it means, YYYY-MM-DD; both are
// empty when it cannot be dated. End is the last day, the same as Date for a
// single one.
type ObjectDate struct {
	Text string `json:"text"`
	Date string `json:"date"`
	End  string `json:"end"`
	Span Range  `json:"span"`
}

// ObjectFacts is the fact card.
type ObjectFacts struct {
	Who     []ObjectWho    `json:"who"`
	Where   []ObjectWhere  `json:"where"`
	When    []ObjectDate   `json:"when"`
	Numbers []ObjectNumber `json:"numbers"`
}

// ObjectWho is a person, group or organisation.
type ObjectWho struct {
	Name   string  `json:"name"`
	Role   string  `json:"role"`
	Named  bool    `json:"named"`
	Quoted bool    `json:"quoted"`
	Spans  []Range `json:"spans"`
}

// ObjectWhere is a place.
type ObjectWhere struct {
	Name  string  `json:"name"`
	Spans []Range `json:"spans"`
}

// ObjectNumber is a figure with what it counts.
type ObjectNumber struct {
	Text string `json:"text"`
	Of   string `json:"of"`
	Span Range  `json:"span"`

	About      string `json:"about"`      // what the article says of it, " … " in its place
	AboutRange *Range `json:"about_span"` // of the clause, the figure in it; null when there is none
}

// ObjectEvent is a dated event.
type ObjectEvent struct {
	Date string `json:"date"`
	End  string `json:"end"`
	When string `json:"when"` // the article's words for it
	Text string `json:"text"`
	Span Range  `json:"span"`
}

// ObjectClash is two statements that cannot both hold.
type ObjectClash struct {
	Kind      string  `json:"kind"` // sum, share, number, age, date, headline
	Text      string  `json:"text"`
	Spans     []Range `json:"spans"`
	TitleSpan *Range  `json:"title_span"` // into article.title; null but for a headline
}

// ObjectEngine says what made the analysis.
type ObjectEngine struct {
	Version string `json:"version"`
	Models  string `json:"models"`
	Tables  string `json:"tables"` // of how to check; empty for the built-in ones
	Reviews string `json:"reviews"`
	LLM     string `json:"llm"` // the language model that worded the summary; empty without one
}

// Export gives b the shape that scripts read.
func Export(b *Briefing) *Object {
	a, found := b.Article, b.Analysis
	x := exporter{text: a.Text, points: newCodePoints(a.Text)}
	o := &Object{
		Article: ObjectArticle{
			URL: a.URL, Title: a.Title, Byline: list(a.Byline), Publisher: a.Publisher,
			Published: day(a.Published),
			Dateline:  ObjectDateline{Agency: a.Dateline.Agency, Place: a.Dateline.Place},
			Language:  a.Language, Words: a.Words, SHA256: a.SHA256, Text: &a.Text,
			ReadAt: a.ReadAt.UTC().Format(time.RFC3339),
		},
		Summary:     []ObjectSentence{},
		Quotes:      []ObjectQuote{},
		KeyQuotes:   append([]int{}, KeyQuotes(a.Text, found.Quotes)...),
		Speakers:    []ObjectSpeaker{},
		Sources:     x.sources(found.Sources),
		Claims:      []ObjectClaim{},
		Timeline:    []ObjectEvent{},
		Missing:     list(found.Missing),
		Consistency: []ObjectClash{},
		Facts: ObjectFacts{
			Who: []ObjectWho{}, Where: []ObjectWhere{}, When: x.dates(found.Facts.When), Numbers: []ObjectNumber{},
		},
		Engine: ObjectEngine{Version: found.Engine.Version, Models: found.Engine.Models, Tables: found.Engine.Tables},
	}
	for _, s := range found.Summary {
		o.Summary = append(o.Summary, ObjectSentence{
			Text: s.Text, Span: x.rng(s.Span), Parts: x.ranges(s.Parts), Inserted: x.inserted(s.Inserted),
			Link: TextFragment(a.URL, a.Text, s.Span),
		})
	}
	for _, q := range found.Quotes {
		o.Quotes = append(o.Quotes, x.quote(q, found.Times))
	}
	for _, v := range found.Sources.Voices {
		o.Speakers = append(o.Speakers, ObjectSpeaker{v.Name, v.Role, string(v.Sort), v.Quotes, v.Words, rounded(v.Share)})
	}
	for _, c := range found.Claims {
		o.Claims = append(o.Claims, x.claim(c))
	}
	for _, w := range found.Facts.Who {
		o.Facts.Who = append(o.Facts.Who, ObjectWho{w.Name, w.Role, w.Named, w.Quoted, x.ranges(w.Spans)})
	}
	for _, w := range found.Facts.Where {
		o.Facts.Where = append(o.Facts.Where, ObjectWhere{w.Name, x.ranges(w.Spans)})
	}
	for _, n := range found.Facts.Numbers {
		number := ObjectNumber{Text: n.Text, Of: n.Of, Span: x.rng(n.Span), About: n.About(a.Text)}
		if !n.Clause.Empty() {
			clause := x.rng(n.Clause)
			number.AboutRange = &clause
		}
		o.Facts.Numbers = append(o.Facts.Numbers, number)
	}
	for _, e := range found.Timeline {
		for _, date := range e.Dates {
			d := x.date(date)
			o.Timeline = append(o.Timeline, ObjectEvent{Date: d.Date, End: d.End, When: d.Text, Text: e.Text, Span: x.rng(e.Span)})
		}
	}
	slices.SortStableFunc(o.Timeline, func(a, b ObjectEvent) int { return cmp.Or(cmp.Compare(a.Date, b.Date), cmp.Compare(a.End, b.End)) })
	for _, c := range found.Consistency {
		clash := ObjectClash{Kind: string(c.Kind), Text: c.Text, Spans: x.ranges(c.Spans)}
		if !c.Title.Empty() {
			title := exporter{text: a.Title, points: newCodePoints(a.Title)}.rng(c.Title)
			clash.TitleSpan = &title
		}
		o.Consistency = append(o.Consistency, clash)
	}
	exportReviews(o, b)
	exportWording(o, b)
	return o
}

// JSON is the object of --format json, indented, with a final newline.
func JSON(b *Briefing) ([]byte, error) {
	return encode(Export(b), "  ")
}

// Line is one line of batch output: the id first, then the object without
// article.text, then a newline.
func Line(id string, b *Briefing) ([]byte, error) {
	o := Export(b)
	o.Article.Text = nil
	return encode(struct {
		ID string `json:"id"`
		*Object
	}{id, o}, "")
}

// encode is json.Marshal without the escaping meant for HTML.
func encode(v any, indent string) ([]byte, error) {
	var buf bytes.Buffer
	enc := json.NewEncoder(&buf)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", indent)
	err := enc.Encode(v)
	return buf.Bytes(), err
}

// QuotesCSV is a table of the quotations in text order with a heading line (RFC
// 4180). The last column is the speaker's share of all words quoted as speech.
// Cells that a spreadsheet would run as a formula begin with an apostrophe.
func QuotesCSV(b *Briefing) []byte {
	rows := [][]string{{"speaker", "role", "verb", "stance", "type", "kind", "text", "said_on", "via", "unclear", "start", "end", "url", "speaker_share"}}
	o := Export(b)
	shares := map[string]string{}
	for _, s := range o.Speakers {
		shares[strings.ToLower(s.Name)] = strconv.FormatFloat(s.Share, 'f', 3, 64)
	}
	for _, q := range o.Quotes {
		said := ""
		if q.SaidOn != nil {
			said = period(q.SaidOn.Date, q.SaidOn.End)
		}
		start, end := bounds(q.Content)
		rows = append(rows, []string{
			q.Speaker, q.Role, q.Verb, q.Stance, q.Type, q.Kind, q.Text, said, q.Via,
			strings.Join(q.Unclear, "; "), start, end, o.Article.URL, shares[strings.ToLower(q.Speaker)],
		})
	}
	return CSV(rows)
}

// ClaimsCSV is a table of the claims, best first, with a heading line.
func ClaimsCSV(b *Briefing) []byte {
	rows := [][]string{{"rank", "claim", "standalone", "speaker", "via", "kinds", "reasons", "dates", "how_to_check", "unclear", "checkable", "start", "end", "url"}}
	o := Export(b)
	rank := 0
	for _, c := range o.Claims {
		place := ""
		if c.Checkable {
			rank++
			place = decimal(rank)
		}
		var dates []string
		for _, d := range c.Dates {
			if d.Date != "" {
				dates = append(dates, d.Text+" = "+period(d.Date, d.End))
			}
		}
		start, end := bounds([]Range{c.Span})
		rows = append(rows, []string{
			place, c.Text, c.Standalone, c.Speaker, c.Via, strings.Join(c.Kinds, "; "), strings.Join(c.Reasons, "; "),
			strings.Join(dates, "; "), strings.Join(c.HowToCheck, "\n"), c.Unclear, yes(c.Checkable), start, end, o.Article.URL,
		})
	}
	return CSV(rows)
}

// CSV writes a table. A cell that a spreadsheet would run as a formula begins
// with an apostrophe (OWASP, "CSV Injection"). It changes rows.
func CSV(rows [][]string) []byte {
	var buf bytes.Buffer
	w := csv.NewWriter(&buf)
	for _, row := range rows {
		for i, cell := range row {
			if cell != "" && strings.ContainsRune("=+-@\t\r", rune(cell[0])) {
				row[i] = "'" + cell
			}
		}
		_ = w.Write(row) // a bytes.Buffer takes everything
	}
	w.Flush()
	return buf.Bytes()
}

func bounds(ranges []Range) (start, end string) {
	if len(ranges) == 0 {
		return "", ""
	}
	return decimal(ranges[0][0]), decimal(ranges[len(ranges)-1][1])
}

func period(date, end string) string {
	if end == date || end == "" {
		return date
	}
	return date + "/" + end
}

func yes(b bool) string {
	if b {
		return "yes"
	}
	return "no"
}

// exporter turns findings in bytes into findings in code points.
type exporter struct {
	text   string
	points codePoints
}

func (x exporter) rng(s nlp.Span) Range { return Range{x.points.at(s.Start), x.points.at(s.End)} }

func (x exporter) ranges(spans []nlp.Span) []Range {
	out := make([]Range, 0, len(spans))
	for _, s := range spans {
		out = append(out, x.rng(s))
	}
	return out
}

func (x exporter) inserted(ins []factcheck.Insertion) []ObjectInsertion {
	out := make([]ObjectInsertion, 0, len(ins))
	for _, i := range ins {
		out = append(out, ObjectInsertion{i.Text, x.rng(i.From)})
	}
	return out
}

func (x exporter) date(d factcheck.Date) ObjectDate {
	return ObjectDate{Text: d.Span.Text(x.text), Date: day(d.Dates.Start), End: day(d.Dates.End), Span: x.rng(d.Span)}
}

func (x exporter) dates(dates []factcheck.Date) []ObjectDate {
	out := make([]ObjectDate, 0, len(dates))
	for _, d := range dates {
		out = append(out, x.date(d))
	}
	return out
}

func (x exporter) quote(q quote.Quote, times []factcheck.Date) ObjectQuote {
	o := ObjectQuote{
		Text: QuoteText(x.text, q), Content: x.ranges(q.Content), Cue: x.ranges(q.Cue), Source: x.ranges(q.Source),
		Type: string(q.Type), Kind: string(q.Kind),
		Speaker: q.Speaker.Name, SpeakerSpans: x.ranges(q.Speaker.Spans), Role: q.Speaker.Role,
		Verb: q.Verb, Stance: string(q.Stance), Via: q.Via, Unclear: list(q.Unclear),
	}
	if !q.Speaker.RoleSpan.Empty() {
		r := x.rng(q.Speaker.RoleSpan)
		o.RoleSpan = &r
	}
	if q.SaidOn >= 0 && q.SaidOn < len(times) {
		d := x.date(times[q.SaidOn])
		o.SaidOn = &d
	}
	return o
}

func (x exporter) claim(c factcheck.Claim) ObjectClaim {
	o := ObjectClaim{
		Text: c.Span.Text(x.text), Span: x.rng(c.Span), Score: c.Score, Checkable: c.Checkable,
		Kinds: []string{}, Reasons: list(c.Reasons), Standalone: c.Standalone, Parts: []ObjectPart{},
		Inserted: x.inserted(c.Inserted), Unclear: c.Unclear, Speaker: c.Speaker, Via: c.Via,
		Dates: x.dates(c.Dates), HowToCheck: list(c.HowToCheck), Reviews: []ObjectReview{},
	}
	for _, k := range c.Kinds {
		o.Kinds = append(o.Kinds, string(k))
	}
	for _, p := range c.Parts {
		o.Parts = append(o.Parts, ObjectPart{p.Standalone, x.rng(p.Span)})
	}
	return o
}

func (x exporter) sources(s Sources) ObjectSources {
	o := ObjectSources{SpokenAbout: []ObjectSilent{}}
	o.People, o.Organisations, o.Unnamed, o.Unclear = s.Count()
	top := s.Top()
	o.TopSpeaker, o.TopShare = top.Name, rounded(top.Share)
	for _, silent := range s.Silent {
		o.SpokenAbout = append(o.SpokenAbout, ObjectSilent{silent.Name, string(silent.Kind), x.ranges(silent.Spans)})
	}
	return o
}

// rounded is a share to three places.
func rounded(share float64) float64 { return math.Round(1000*share) / 1000 }

// QuoteText is the content of q in text's own words; where words of others
// stand between two pieces, " … " does.
func QuoteText(text string, q quote.Quote) string {
	pieces := make([]string, 0, len(q.Content))
	for _, s := range q.Content {
		pieces = append(pieces, s.Text(text))
	}
	return strings.Join(pieces, " … ")
}

// list is s, or an empty list for none: scripts never meet null.
func list(s []string) []string {
	if s == nil {
		return []string{}
	}
	return slices.Clone(s)
}

// day writes a date, and nothing for the zero time.
func day(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.Format(time.DateOnly)
}

// codePoints counts the code points before any byte of a text, by keeping the
// count at every 256th byte.
type codePoints struct {
	text  string
	marks []int
}

const markEvery = 256

func newCodePoints(text string) codePoints {
	marks := make([]int, 1, len(text)/markEvery+1)
	n := 0
	for i := range len(text) {
		if i > 0 && i%markEvery == 0 {
			marks = append(marks, n)
		}
		if utf8.RuneStart(text[i]) {
			n++
		}
	}
	return codePoints{text, marks}
}

// at is the number of code points that begin before byte i.
func (c codePoints) at(i int) int {
	i = min(max(i, 0), len(c.text))
	m := min(i/markEvery, len(c.marks)-1)
	n := c.marks[m]
	for _, b := range []byte(c.text[m*markEvery : i]) {
		if utf8.RuneStart(b) {
			n++
		}
	}
	return n
}
