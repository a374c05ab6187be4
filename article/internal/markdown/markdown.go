// Package markdown reads the text of Markdown files: what a reader of the
// rendered page sees, with the title, date and author of the front matter.
package markdown

import (
	"bytes"
	"strings"
	"time"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/extension"
	east "github.com/yuin/goldmark/extension/ast"
	"github.com/yuin/goldmark/text"
	"github.com/yuin/goldmark/util"
)

// maxDepth bounds how deep blocks nest in what is read.
const maxDepth = 100

// Document is what was found in a file.
type Document struct {
	Title     string // from the front matter, else the first heading of level 1
	Author    []string
	Publisher string
	URL       string
	Published time.Time
	Text      string // paragraphs parted by a blank line
}

// Read reads the file, which must be valid UTF-8. It never fails: every text
// is Markdown.
func Read(source string) *Document {
	doc := &Document{}
	source = strings.ReplaceAll(source, "\r\n", "\n")
	source = doc.frontMatter(source)
	src := []byte(calm(source))
	parser := goldmark.New(goldmark.WithExtensions(extension.Table, extension.Strikethrough)).Parser()
	tree := parser.Parse(text.NewReader(src))
	w := &writer{src: src}
	w.blocks(tree, 0)
	doc.Text = strings.Join(w.paragraphs, "\n\n")
	if doc.Title == "" {
		doc.Title = w.title
	}
	return doc
}

// Bounds on what the parser gets to see. Some of its steps take time by the
// square of the marks in a block, or of how deep blocks nest, and tables take
// memory by rows times columns; nothing that people write comes near these.
const (
	maxMarks   = 1000 // marks of inline markup in one block
	maxNesting = 12   // marks of quotations and lists at the start of a line
	maxIndent  = 100  // white space at the start of a line
	maxColumns = 60
)

// calm takes out of the source what only a hostile one has: from blocks with
// too many marks the marks, from lines that nest too deep the nesting.
func calm(source string) string {
	var out strings.Builder
	out.Grow(len(source))
	for block := range strings.SplitSeq(source, "\n\n") {
		if out.Len() > 0 || block == "" {
			out.WriteString("\n\n")
		}
		lines := strings.Split(block, "\n")
		tooMany := hostile(lines)
		for i, line := range lines {
			if i > 0 {
				out.WriteByte('\n')
			}
			nesting := 0
			cut := strings.IndexFunc(line, func(c rune) bool {
				if strings.ContainsRune(">-*+", c) {
					nesting++
				}
				return !strings.ContainsRune(">-*+ \t", c)
			})
			if cut < 0 {
				cut = len(line)
			}
			if nesting > maxNesting && cut < len(line) || cut > maxIndent {
				line = line[cut:]
			}
			if tooMany {
				line = strings.Map(func(c rune) rune {
					if c < 0x80 && isMark(byte(c)) {
						return -1
					}
					return c
				}, line)
			}
			if strings.Count(line, "|") > maxColumns {
				line = strings.ReplaceAll(line, "|", " ")
			}
			out.WriteString(line)
		}
	}
	return out.String()
}

// hostile reports whether the block has too many marks. A list may have more
// of them than a paragraph.
func hostile(lines []string) bool {
	const items = 20
	all, here := 0, 0
	for _, line := range lines {
		if start := strings.TrimLeft(line, " \t"); start != "" && strings.Contains("-*+#", start[:1]) {
			here = 0
		}
		for i := range len(line) {
			if isMark(line[i]) {
				all++
				here++
			}
		}
		if here > maxMarks || all > items*maxMarks {
			return true
		}
	}
	return false
}

func isMark(c byte) bool {
	switch c {
	case '[', ']', '*', '_', '`', '<', '~', '!', '&', '(', ')', '\\':
		return true
	}
	return false
}

// frontMatter reads the "key: value" lines between two "---" at the top and
// gives what follows. Only flat values are read; the rest is passed over.
func (d *Document) frontMatter(source string) string {
	rest, found := strings.CutPrefix(source, "---\n")
	if !found {
		return source
	}
	end := strings.Index("\n"+rest, "\n---")
	const longest = 16 << 10
	if end < 0 || end > longest {
		return source
	}
	front := rest[:max(end-1, 0)]
	after := rest[min(end+3, len(rest)):]
	line, after, _ := strings.Cut(after, "\n")
	if strings.TrimSpace(line) != "" {
		return source // a rule of dashes, or a heading
	}
	lines := strings.Split(front, "\n")
	keys := 0
	for i, line := range lines {
		key, value, found := strings.Cut(line, ":")
		if !found || strings.HasPrefix(line, " ") || strings.HasPrefix(line, "-") {
			continue
		}
		keys++
		value = unquote(value)
		switch strings.ToLower(strings.TrimSpace(key)) {
		case "title":
			d.Title = value
		case "author", "authors", "byline", "by":
			if value == "" {
				for _, item := range lines[i+1:] {
					name, found := strings.CutPrefix(strings.TrimSpace(item), "- ")
					if !found {
						break
					}
					d.addAuthors(unquote(name))
				}
				continue
			}
			d.addAuthors(value)
		case "publisher", "source", "outlet", "site":
			if !strings.Contains(value, "://") {
				d.Publisher = value
			}
		case "url", "canonical", "canonical_url", "link":
			if strings.HasPrefix(value, "https://") || strings.HasPrefix(value, "http://") {
				d.URL = value
			}
		case "date", "published", "publishdate", "pubdate", "published_at":
			for _, layout := range []string{time.RFC3339, "2006-01-02T15:04:05", "2006-01-02 15:04:05 -0700", "2006-01-02 15:04:05", "2006-01-02 15:04", "2006-01-02", "2006/01/02", "January 2, 2006", "2 January 2006", "Jan 2, 2006", "2 Jan 2006"} {
				if t, err := time.Parse(layout, value); err == nil {
					d.Published = t
					break
				}
			}
		}
	}
	if keys == 0 {
		return source
	}
	return after
}

func (d *Document) addAuthors(value string) {
	value = strings.Trim(value, "[]")
	for name := range strings.SplitSeq(value, ",") {
		if name = unquote(name); name != "" && len(d.Author) < 20 {
			d.Author = append(d.Author, name)
		}
	}
}

func unquote(s string) string {
	s = strings.TrimSpace(s)
	if len(s) >= 2 && (s[0] == '"' || s[0] == '\'') && s[len(s)-1] == s[0] {
		s = strings.TrimSpace(s[1 : len(s)-1])
	}
	return s
}

type writer struct {
	src        []byte
	paragraphs []string
	title      string
}

func (w *writer) blocks(n ast.Node, depth int) {
	if depth > maxDepth {
		return
	}
	for c := n.FirstChild(); c != nil; c = c.NextSibling() {
		switch c := c.(type) {
		case *ast.Heading:
			s := w.inline(c)
			if c.Level == 1 && w.title == "" {
				w.title = s
			}
			w.add(s)
		case *ast.Paragraph, *ast.TextBlock:
			w.add(w.inline(c))
		case *ast.CodeBlock, *ast.FencedCodeBlock, *ast.HTMLBlock, *ast.ThematicBreak, *ast.LinkReferenceDefinition:
			// Not prose.
		case *east.Table:
			for row := c.FirstChild(); row != nil; row = row.NextSibling() {
				var cells []string
				for cell := row.FirstChild(); cell != nil; cell = cell.NextSibling() {
					if s := w.inline(cell); s != "" {
						cells = append(cells, s)
					}
				}
				w.add(strings.Join(cells, "\t"))
			}
		default:
			w.blocks(c, depth+1)
		}
	}
}

func (w *writer) add(s string) {
	if s != "" {
		w.paragraphs = append(w.paragraphs, s)
	}
}

// inline is the text of a block as it is read: emphasis, links and code
// without their marks, pictures and raw HTML gone.
func (w *writer) inline(n ast.Node) string {
	var b bytes.Buffer
	// The walk keeps no stack of its own beyond the nesting of the source,
	// which the parser bounds by its own recursion.
	_ = ast.Walk(n, func(c ast.Node, entering bool) (ast.WalkStatus, error) {
		if !entering {
			return ast.WalkContinue, nil
		}
		switch c := c.(type) {
		case *ast.Image, *ast.RawHTML, *east.Strikethrough:
			return ast.WalkSkipChildren, nil
		case *ast.AutoLink:
			b.Write(c.Label(w.src))
		case *ast.String:
			b.Write(c.Value)
		case *ast.Text:
			b.Write(resolve(c.Segment.Value(w.src)))
			if c.SoftLineBreak() || c.HardLineBreak() {
				b.WriteByte(' ')
			}
		}
		return ast.WalkContinue, nil
	})
	return strings.Join(strings.Fields(b.String()), " ")
}

// resolve undoes backslashes and character references.
func resolve(s []byte) []byte {
	return util.UnescapePunctuations(util.ResolveEntityNames(util.ResolveNumericReferences(s)))
}
