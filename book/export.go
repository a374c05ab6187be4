package book

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"onrecord/brief"
)

// Object is an answer as scripts read it. Fields may be added and are never
// renamed; lists are empty, never null.
type Object struct {
	People     []ObjectPerson `json:"people"`
	Quotes     []ObjectSaying `json:"quotes"`
	SideBySide []ObjectClash  `json:"side_by_side"`
	More       bool           `json:"more"` // there are older ones
}

// ObjectPerson is somebody with all names that articles use.
type ObjectPerson struct {
	Name  string   `json:"name"`
	Role  string   `json:"role"`
	Names []string `json:"names"`
}

// ObjectItem is a quotation or claim of the book.
type ObjectItem struct {
	Kind       string        `json:"kind"` // quote, thought or claim
	Text       string        `json:"text"`
	Speaker    string        `json:"speaker"`
	Role       string        `json:"role"`
	Of         string        `json:"of"` // at second hand: whose words Speaker passes on
	Unclear    []string      `json:"unclear"`
	Verb       string        `json:"verb"`
	Stance     string        `json:"stance"`
	Type       string        `json:"type"`
	SaidOn     string        `json:"said_on"`
	Standalone string        `json:"standalone"`
	Kinds      []string      `json:"kinds"`
	Link       string        `json:"link"`
	Gone       string        `json:"gone"` // when the article was read and had it no longer; empty when it has it
	Article    ObjectArticle `json:"article"`
}

// ObjectArticle is an article of the book.
type ObjectArticle struct {
	URL       string `json:"url"`
	Title     string `json:"title"`
	Outlet    string `json:"outlet"`
	Published string `json:"published"` // YYYY-MM-DD, empty when unknown
	FirstRead string `json:"first_read"`
	LastRead  string `json:"last_read"`
	Versions  int    `json:"versions"`
	Asked     int    `json:"asked"`
	SHA256    string `json:"sha256"`
}

// ObjectSaying is a quotation with the other articles that have it.
type ObjectSaying struct {
	ObjectItem
	AlsoIn []ObjectEcho `json:"also_in"`
}

// ObjectEcho is the same quotation elsewhere.
type ObjectEcho struct {
	Text    string         `json:"text"`
	Cut     bool           `json:"cut"`
	Changes []ObjectChange `json:"changes"`
	Link    string         `json:"link"`
	Article ObjectArticle  `json:"article"`
}

// ObjectChange is a difference in words.
type ObjectChange struct {
	Here  string `json:"here"`
	There string `json:"there"`
}

// ObjectClash is two statements to be read side by side.
type ObjectClash struct {
	Kind  string     `json:"kind"` // numbers or denial
	Of    string     `json:"of"`
	Older ObjectItem `json:"older"`
	Newer ObjectItem `json:"newer"`
}

// Export gives an answer the shape that scripts read.
func (a *Answer) Export() *Object {
	o := &Object{People: []ObjectPerson{}, Quotes: []ObjectSaying{}, SideBySide: []ObjectClash{}, More: a.More}
	for _, p := range a.People {
		o.People = append(o.People, ObjectPerson{p.Name, p.Role, list(p.Names)})
	}
	for _, s := range a.Sayings {
		x := ObjectSaying{ObjectItem: s.Export(), AlsoIn: []ObjectEcho{}}
		for _, e := range s.Echoes {
			echo := ObjectEcho{Text: e.Text, Cut: e.Cut, Changes: []ObjectChange{}, Link: e.Link, Article: e.Article.export()}
			for _, c := range e.Changes {
				echo.Changes = append(echo.Changes, ObjectChange(c))
			}
			x.AlsoIn = append(x.AlsoIn, echo)
		}
		o.Quotes = append(o.Quotes, x)
	}
	for _, c := range a.Clashes {
		o.SideBySide = append(o.SideBySide, ObjectClash{string(c.Kind), c.Of, c.A.Export(), c.B.Export()})
	}
	return o
}

// JSON is Export as one indented object.
func (a *Answer) JSON() ([]byte, error) { return encode(a.Export(), "  ") }

func encode(v any, indent string) ([]byte, error) {
	var buf bytes.Buffer
	enc := json.NewEncoder(&buf)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", indent)
	err := enc.Encode(v)
	return buf.Bytes(), err
}

// Export gives an item the shape that scripts read.
func (it *Item) Export() ObjectItem {
	on := it.SaidOn
	if it.SaidEnd != "" {
		on += "/" + it.SaidEnd
	}
	return ObjectItem{
		Kind: string(it.Kind), Text: it.Text, Speaker: it.Speaker, Role: it.Role, Of: it.Of, Unclear: list(it.Unclear), Verb: it.Verb, Stance: it.Stance,
		Type: it.Type, SaidOn: on, Standalone: it.Standalone, Kinds: list(it.Kinds), Link: it.Link, Gone: moment(it.Gone), Article: it.Article.export(),
	}
}

func (a *Article) export() ObjectArticle {
	published := ""
	if !a.Published.IsZero() {
		published = a.Published.Format(time.DateOnly)
	}
	return ObjectArticle{a.URL, a.Title, a.Outlet, published, moment(a.First), moment(a.Read), a.Versions, a.Asked, a.SHA256}
}

func moment(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format(time.RFC3339)
}

func list(s []string) []string {
	if s == nil {
		return []string{}
	}
	return slices.Clone(s)
}

var columns = []string{
	"kind", "speaker", "role", "verb", "stance", "type", "text", "of", "unclear", "said_on", "standalone", "kinds", "gone",
	"outlet", "published", "title", "url", "link", "asked", "versions",
}

func (it *Item) row() []string {
	o := it.Export()
	return []string{
		o.Kind, o.Speaker, o.Role, o.Verb, o.Stance, o.Type, o.Text, o.Of, strings.Join(o.Unclear, "; "), o.SaidOn, o.Standalone, strings.Join(o.Kinds, "; "), o.Gone,
		o.Article.Outlet, o.Article.Published, o.Article.Title, o.Article.URL, o.Link, fmt.Sprint(o.Article.Asked), fmt.Sprint(o.Article.Versions),
	}
}

// CSV is a table of the quotations with a heading line (RFC 4180); the same
// quotation in another article has a row of its own. Cells that a spreadsheet
// would run as a formula begin with an apostrophe.
func (a *Answer) CSV() []byte {
	rows := [][]string{slices.Clone(columns)}
	for _, s := range a.Sayings {
		rows = append(rows, s.row())
		for _, e := range s.Echoes {
			rows = append(rows, e.row())
		}
	}
	return brief.CSV(rows)
}

// Writer writes items one by one, so that a book of any size can be exported.
type Writer struct {
	out     io.Writer
	format  string
	n       int
	article string
}

// NewWriter makes a Writer of "json" (one object with a list of items), "csv"
// or "markdown".
func NewWriter(out io.Writer, format string) *Writer { return &Writer{out: out, format: format} }

// Write writes an item. Items of an article follow each other.
func (w *Writer) Write(it Item) error {
	var data []byte
	switch w.format {
	case "csv":
		var rows [][]string
		if w.n == 0 {
			rows = append(rows, slices.Clone(columns))
		}
		data = brief.CSV(append(rows, it.row()))
	case "markdown":
		data = w.markdown(&it)
	default:
		line, err := encode(it.Export(), "")
		if err != nil {
			return err
		}
		begin := ",\n"
		if w.n == 0 {
			begin = "{\"items\": [\n"
		}
		data = append([]byte(begin), bytes.TrimRight(line, "\n")...)
	}
	w.n++
	_, err := w.out.Write(data)
	return err
}

// Close ends what was written. It closes nothing else.
func (w *Writer) Close() error {
	end := ""
	switch {
	case w.format == "csv" && w.n == 0:
		end = string(brief.CSV([][]string{slices.Clone(columns)}))
	case w.format == "markdown" && w.n == 0:
		end = "The book is empty.\n"
	case w.format == "json" && w.n == 0:
		end = "{\"items\": []}\n"
	case w.format == "json":
		end = "\n]}\n"
	}
	_, err := io.WriteString(w.out, end)
	return err
}

func (w *Writer) markdown(it *Item) []byte {
	var b strings.Builder
	if a := it.Article; w.n == 0 || a.Key != w.article {
		w.article = a.Key
		if w.n > 0 {
			b.WriteString("\n")
		}
		b.WriteString("## " + escape(a.Title) + "\n\n")
		var line []string
		for _, s := range []string{escape(a.Outlet), a.export().Published} {
			if s != "" {
				line = append(line, s)
			}
		}
		if a.URL != "" {
			line = append(line, "<"+strings.NewReplacer("<", "%3C", ">", "%3E", " ", "%20").Replace(a.URL)+">")
		}
		b.WriteString(strings.Join(line, " · ") + "\n\n")
	}
	b.WriteString("- " + markdownItem(it) + "\n")
	return []byte(b.String())
}

func markdownItem(it *Item) string {
	who := escape(it.Speaker)
	switch {
	case it.Kind == Claim:
		if who != "" {
			who = " (" + who + ")"
		}
		return "Claim" + who + ": “" + escape(it.Text) + "”"
	case len(it.Unclear) > 0:
		who = "Speaker not clear (" + escape(strings.Join(it.Unclear, " or ")) + ")"
	case who == "":
		who = "Speaker not clear"
	}
	line := "**" + who + "**"
	if it.Role != "" {
		line += ", " + escape(it.Role)
	}
	if it.Of != "" {
		line += ", passing on " + escape(it.Of)
	}
	if it.Verb != "" {
		line += ", " + escape(it.Verb)
	}
	line += ": “" + escape(strings.Trim(it.Text, "“”\"")) + "”"
	if !it.Gone.IsZero() {
		line += " (no longer in the article on " + it.Gone.Format(time.DateOnly) + ")"
	}
	return line
}

// Markdown is the answer as a list.
func (a *Answer) Markdown() []byte {
	var b strings.Builder
	b.WriteString("# Who said what\n\n")
	if len(a.Sayings) == 0 {
		b.WriteString("Nothing was found.\n")
	}
	for _, s := range a.Sayings {
		b.WriteString("- " + markdownItem(&s.Item) + "  \n  " + escape(where(s.Article)) + "\n")
		for _, e := range s.Echoes {
			b.WriteString("  - also in: " + escape(where(e.Article)+e.Difference()) + "\n")
		}
	}
	if len(a.Clashes) > 0 {
		b.WriteString("\n## Side by side\n")
	}
	for _, c := range a.Clashes {
		b.WriteString("\n" + c.Kind.Title() + ":\n\n")
		for _, it := range []*Item{&c.A, &c.B} {
			b.WriteString("- " + markdownItem(it) + "  \n  " + escape(where(it.Article)) + "\n")
		}
	}
	return []byte(b.String())
}

// Title is what two statements that differ so are called.
func (k ClashKind) Title() string {
	if k == Numbers {
		return "Different numbers"
	}
	return "Said once, denied once"
}

func where(a *Article) string {
	var parts []string
	for _, s := range []string{a.Outlet, a.export().Published, a.Title, a.URL} {
		if s != "" {
			parts = append(parts, s)
		}
	}
	return strings.Join(parts, " · ")
}

// Difference says how an echo differs from its saying, after " · "; nothing
// when it does not.
func (e *Echo) Difference() string {
	if e.Cut {
		return " · cut"
	}
	var all []string
	for _, c := range e.Changes {
		switch {
		case c.There == "":
			all = append(all, "without “"+c.Here+"”")
		case c.Here == "":
			all = append(all, "with “"+c.There+"”")
		default:
			all = append(all, "“"+c.There+"” for “"+c.Here+"”")
		}
	}
	if len(all) == 0 {
		return ""
	}
	return " · other words: " + strings.Join(all, ", ")
}

// escape makes a stranger's words plain text in Markdown.
func escape(s string) string {
	s = strings.Join(strings.Fields(s), " ")
	return strings.NewReplacer("\\", "\\\\", "*", "\\*", "_", "\\_", "`", "\\`", "[", "\\[", "]", "\\]", "<", "&lt;", ">", "&gt;", "#", "\\#", "|", "\\|", "@", "&#64;").Replace(s)
}
