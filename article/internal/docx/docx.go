// Package docx reads the text of Word documents (.docx): a zip archive of XML
// parts, of which two matter, the main document and its properties.
//
// What a reader of the printed page sees is kept: paragraphs, headings, lists
// and the cells of tables. Deleted text of tracked changes, comments,
// footnotes, headers, footers and hidden text are left out.
//
// Archives come from strangers. The number of entries, the bytes that a part
// unpacks to and the depth of its elements are bounded, whatever the archive
// says about its own size.
package docx

import (
	"archive/zip"
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"path"
	"strings"
	"time"
	"unicode/utf8"

	"golang.org/x/net/html/charset"
)

// What can be wrong with a file.
var (
	ErrBroken   = errors.New("damaged Word document")
	ErrTooLarge = errors.New("unpacks to too much")
)

// Bounds on one file.
const (
	maxEntries = 10_000
	maxDepth   = 500
	maxText    = 16 << 20 // bytes of text
)

// Document is what was found in a file.
type Document struct {
	Title   string // the paragraph styled as title, else from the properties
	Author  string // from the properties
	Created time.Time
	Text    string // paragraphs parted by a blank line
}

// Read reads the file. The main document may unpack to maxBytes at most.
func Read(data []byte, maxBytes int64) (*Document, error) {
	archive, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrBroken, err)
	}
	if len(archive.File) > maxEntries {
		return nil, fmt.Errorf("%w: %d entries", ErrTooLarge, len(archive.File))
	}
	parts := map[string]*zip.File{}
	for _, f := range archive.File {
		name := strings.TrimPrefix(path.Clean("/"+strings.ReplaceAll(f.Name, `\`, "/")), "/")
		if parts[name] == nil {
			parts[name] = f
		}
	}
	a := &reader{parts: parts, left: maxBytes}
	mainPart, coreName := a.relations()
	f := parts[mainPart]
	if f == nil {
		return nil, fmt.Errorf("%w: no main document", ErrBroken)
	}
	doc := &Document{}
	if err := a.body(f, doc); err != nil {
		return nil, err
	}
	// The text stands without its properties.
	if f := parts[coreName]; f != nil {
		if err := a.core(f, doc); errors.Is(err, ErrTooLarge) {
			return nil, err
		}
	}
	return doc, nil
}

type reader struct {
	parts map[string]*zip.File
	left  int64 // bytes that may still be unpacked
}

// open gives a part, which fails with ErrTooLarge beyond the bytes left.
func (a *reader) open(f *zip.File) (io.ReadCloser, error) {
	if f.UncompressedSize64 > uint64(max(a.left, 0)) {
		return nil, fmt.Errorf("%w: %d bytes", ErrTooLarge, f.UncompressedSize64)
	}
	rc, err := f.Open()
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrBroken, err)
	}
	return &bounded{rc, &a.left}, nil
}

// bounded counts what is really unpacked.
type bounded struct {
	io.ReadCloser
	left *int64
}

func (b *bounded) Read(p []byte) (int, error) {
	n, err := b.ReadCloser.Read(p)
	*b.left -= int64(n)
	if *b.left < 0 {
		return 0, ErrTooLarge
	}
	return n, err
}

// failed finds the right error for what a part gave.
func failed(err error) error {
	if errors.Is(err, ErrTooLarge) || errors.Is(err, ErrBroken) {
		return err
	}
	return fmt.Errorf("%w: %w", ErrBroken, err)
}

// relations names the main document and the properties.
func (a *reader) relations() (document, core string) {
	document, core = "word/document.xml", "docProps/core.xml"
	f := a.parts["_rels/.rels"]
	if f == nil {
		return document, core
	}
	rc, err := a.open(f)
	if err != nil {
		return document, core
	}
	defer rc.Close()
	var rels struct {
		Relationship []struct {
			Type   string `xml:"Type,attr"`
			Target string `xml:"Target,attr"`
		}
	}
	if decoder(rc).Decode(&rels) != nil {
		return document, core
	}
	for _, r := range rels.Relationship {
		target := strings.TrimPrefix(path.Clean("/"+r.Target), "/")
		if a.parts[target] == nil {
			continue
		}
		switch {
		case strings.HasSuffix(r.Type, "/officeDocument"):
			document = target
		case strings.HasSuffix(r.Type, "/core-properties"):
			core = target
		}
	}
	return document, core
}

func decoder(r io.Reader) *xml.Decoder {
	d := xml.NewDecoder(r)
	d.CharsetReader = charset.NewReaderLabel
	d.Entity = map[string]string{} // none but those of XML itself
	return d
}

// core reads the properties.
func (a *reader) core(f *zip.File, doc *Document) error {
	rc, err := a.open(f)
	if err != nil {
		return err
	}
	defer rc.Close()
	var props struct {
		Title   string `xml:"title"`
		Creator string `xml:"creator"`
		Created string `xml:"created"`
	}
	if err := decoder(rc).Decode(&props); err != nil {
		return failed(err)
	}
	if doc.Title == "" {
		doc.Title = strings.Join(strings.Fields(props.Title), " ")
	}
	doc.Author = strings.Join(strings.Fields(props.Creator), " ")
	if t, err := time.Parse(time.RFC3339, strings.TrimSpace(props.Created)); err == nil {
		doc.Created = t
	}
	return nil
}

// skipped reports whether the element holds no text of the article.
func skipped(name string) bool {
	switch name {
	case "del", "moveFrom", "delText", "instrText", "delInstrText", // what a tracked change took out, and field codes
		"footnoteReference", "endnoteReference", "commentReference", "annotationRef",
		"sectPr", "tblPr", "tblGrid", "trPr", "tcPr", "sdtPr",
		"Fallback", // a drawing told a second time, for old programs
		"rt",       // the reading above a word
		"fldData", "binData", "object", "pict":
		return true
	}
	return false
}

// body reads the main document.
func (a *reader) body(f *zip.File, doc *Document) error {
	rc, err := a.open(f)
	if err != nil {
		return err
	}
	defer rc.Close()
	d := decoder(rc)
	w := writer{}
	var open []string // names of the elements that are open
	seen := false
	for {
		token, err := d.RawToken()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return failed(err)
		}
		switch t := token.(type) {
		case xml.StartElement:
			name := t.Name.Local
			if skipped(name) {
				if err := skip(d); err != nil {
					return failed(err)
				}
				continue
			}
			if len(open) >= maxDepth {
				return fmt.Errorf("%w: too deep", ErrBroken)
			}
			open = append(open, name)
			seen = seen || name == "body"
			w.start(name, t.Attr)
		case xml.EndElement:
			if len(open) == 0 || open[len(open)-1] != t.Name.Local {
				return fmt.Errorf("%w: %s closed out of turn", ErrBroken, t.Name.Local)
			}
			open = open[:len(open)-1]
			w.end(t.Name.Local)
		case xml.CharData:
			if len(open) > 0 && open[len(open)-1] == "t" {
				w.write(oneLine.Replace(string(t)))
			}
		}
		if w.size > maxText {
			return fmt.Errorf("%w: text", ErrTooLarge)
		}
	}
	if !seen || len(open) > 0 {
		return fmt.Errorf("%w: cut off", ErrBroken)
	}
	w.close()
	doc.Title = w.title
	doc.Text = strings.Join(w.paragraphs, "\n\n")
	return nil
}

// oneLine takes the line ends out of text: only an element breaks lines.
var oneLine = strings.NewReplacer("\r", " ", "\n", " ")

// skip reads to the end of the element that has just begun.
func skip(d *xml.Decoder) error {
	for depth := 1; depth > 0; {
		token, err := d.RawToken()
		if errors.Is(err, io.EOF) {
			return io.ErrUnexpectedEOF
		}
		if err != nil {
			return err
		}
		switch token.(type) {
		case xml.StartElement:
			depth++
		case xml.EndElement:
			depth--
		}
	}
	return nil
}

// writer collects paragraphs.
type writer struct {
	paragraphs []string
	title      string
	size       int

	b      strings.Builder
	style  string
	hidden bool // the run is not shown
	inRun  bool

	table int      // tables that are open, one in the other
	row   []string // cells of the row in the outermost table
	cell  []string // paragraphs of the cell
}

func (w *writer) start(name string, attrs []xml.Attr) {
	switch name {
	case "p":
		// A text box stands inside the paragraph that it is anchored to.
		w.close()
	case "pStyle":
		w.style = value(attrs)
	case "r":
		w.inRun, w.hidden = true, false
	case "vanish":
		if v := value(attrs); w.inRun && v != "0" && v != "false" {
			w.hidden = true
		}
	case "tab":
		if w.inRun { // elsewhere it is a tab stop
			w.write("\t")
		}
	case "br", "cr":
		w.write("\n")
	case "noBreakHyphen":
		w.write("\u2011")
	case "sym":
		w.write(" ")
	case "tbl":
		w.close()
		w.table++
	case "tr":
		if w.table == 1 {
			w.row = nil
		}
	case "tc":
		if w.table == 1 {
			w.cell = nil
		}
	}
}

func (w *writer) end(name string) {
	switch name {
	case "p":
		w.close()
	case "r":
		w.inRun, w.hidden = false, false
	case "tc":
		if w.table == 1 {
			w.row = append(w.row, strings.Join(w.cell, " "))
			w.cell = nil
		}
	case "tr":
		if w.table == 1 {
			w.paragraph(tidyRow(w.row))
			w.row = nil
		}
	case "tbl":
		w.table--
	}
}

// value is the val attribute, whatever its prefix.
func value(attrs []xml.Attr) string {
	for _, a := range attrs {
		if a.Name.Local == "val" {
			return a.Value
		}
	}
	return ""
}

func (w *writer) write(s string) {
	if w.hidden {
		return
	}
	w.b.WriteString(s)
	w.size += len(s)
}

// close ends the paragraph.
func (w *writer) close() {
	text := w.b.String()
	style := strings.ToLower(w.style)
	w.b.Reset()
	w.style = ""
	if !utf8.ValidString(text) {
		text = strings.ToValidUTF8(text, "\uFFFD")
	}
	lines := strings.Split(text, "\n")
	for i, line := range lines {
		lines[i] = strings.Join(strings.FieldsFunc(line, func(c rune) bool { return c == ' ' || c == '\t' || c == '\r' || c == '\u00a0' || c < ' ' }), " ")
	}
	// Two line breaks are how some writers end a paragraph.
	var current []string
	flush := func() {
		if len(current) > 0 {
			w.keep(strings.Join(current, "\n"), style)
			current = nil
		}
	}
	for _, line := range lines {
		if line == "" {
			flush()
			continue
		}
		current = append(current, line)
	}
	flush()
}

func (w *writer) keep(text, style string) {
	if w.table > 0 {
		w.cell = append(w.cell, strings.ReplaceAll(text, "\n", " "))
		return
	}
	// Translated programs translate the names of styles, not the identifiers
	// of the built-in ones, except these.
	switch style {
	case "title", "titel", "titre", "titolo", "ttulo":
		if w.title == "" {
			w.title = strings.ReplaceAll(text, "\n", " ")
		}
	}
	w.paragraph(text)
}

func (w *writer) paragraph(text string) {
	if text != "" {
		w.paragraphs = append(w.paragraphs, text)
	}
}

// tidyRow sets the cells of a row beside each other.
func tidyRow(cells []string) string {
	var kept []string
	for _, c := range cells {
		if c != "" {
			kept = append(kept, c)
		}
	}
	return strings.Join(kept, "\t")
}
