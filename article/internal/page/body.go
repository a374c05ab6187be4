package page

import (
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// A block is a run of text that stands on lines of its own.
type block struct {
	text    string
	in      *element
	tag     atom.Atom // the nearest of p, h1 to h6, li, td, blockquote, pre and their like
	letters int
	linked  int // letters inside links
	bold    int // letters inside strong and b
	prose   float64
	told    bool // stands in the JSON-LD body
	keep    bool
}

// element is a block element of the page with what its blocks amount to.
type element struct {
	node        *html.Node
	parent      *element
	kids        []*element
	first, last int // blocks, half-open
	role        role
	clutter     role // the strongest role of itself and what it stands in
}

// layout is a page cut into blocks.
type layout struct {
	blocks []block
	root   *element
	all    []*element // in document order
}

type cutter struct {
	l      *layout
	buf    strings.Builder
	linked int
	bold   int
	inLink int
	inBold int
	breaks int
	cur    *element
	tag    atom.Atom
}

// cut divides the page into blocks.
func cut(root *html.Node) *layout {
	l := &layout{}
	c := &cutter{l: l}
	l.root = &element{node: root}
	l.all = append(l.all, l.root)
	c.cur = l.root
	c.children(root)
	c.flush()
	l.root.last = len(l.blocks)
	return l
}

func (c *cutter) flush() {
	if c.buf.Len() == 0 {
		c.linked, c.bold, c.breaks = 0, 0, 0
		return
	}
	text := squeeze(c.buf.String())
	c.buf.Reset()
	if text != "" {
		n := letters(text)
		if n > 0 {
			c.l.blocks = append(c.l.blocks, block{text: text, in: c.cur, tag: c.tag, letters: n, linked: min(c.linked, n), bold: min(c.bold, n)})
		}
	}
	c.linked, c.bold, c.breaks = 0, 0, 0
}

func (c *cutter) children(n *html.Node) {
	for k := n.FirstChild; k != nil; k = k.NextSibling {
		c.node(k)
	}
}

func (c *cutter) node(n *html.Node) {
	switch n.Type {
	case html.TextNode:
		c.write(n.Data)
		return
	case html.ElementNode:
	case html.DocumentNode:
		c.children(n)
		return
	default:
		return
	}
	if n.DataAtom == atom.Br {
		c.breaks++
		if c.breaks >= 2 || (c.bold > 0 && c.bold >= letters(c.buf.String()) && c.inBold == 0) {
			c.flush()
			c.breaks = 2
		} else {
			c.buf.WriteByte(' ')
		}
		return
	}
	if silent[n.DataAtom] || (hidden(n) && n.DataAtom != atom.Body && n.DataAtom != atom.Html) {
		return
	}
	if n.Namespace == "svg" {
		return
	}
	if n.DataAtom == atom.Tr && c.row(n) {
		return
	}
	if !blocky(n) && !(n.DataAtom == atom.Span && holdsBlock(n)) {
		if concealed(attr(n, "class")) {
			return
		}
		// A link or span named as clutter takes no part in its line.
		if r := c.roleOf(n); r >= roleCaption && n.DataAtom != atom.A || r == roleClutter && n.DataAtom == atom.A && strings.Contains(attr(n, "class"), "share") {
			c.open(n, r)
			return
		}
		link := n.DataAtom == atom.A && hasAttr(n, "href") && !strings.HasPrefix(attr(n, "href"), "#")
		bold := n.DataAtom == atom.Strong || n.DataAtom == atom.B
		if link {
			c.inLink++
		}
		if bold {
			c.inBold++
		}
		c.children(n)
		if link {
			c.inLink--
		}
		if bold {
			c.inBold--
		}
		return
	}
	c.open(n, c.roleOf(n))
}

func (c *cutter) roleOf(n *html.Node) role {
	if veiled(n) && n.DataAtom != atom.Body && n.DataAtom != atom.Html {
		return roleVeiled
	}
	return roleOf(n)
}

// open cuts the blocks of an element.
func (c *cutter) open(n *html.Node, r role) {
	c.flush()
	outer, tag := c.cur, c.tag
	inLink, inBold := c.inLink, c.inBold
	e := &element{node: n, parent: outer, role: r, first: len(c.l.blocks)}
	e.clutter = r
	if outer != nil {
		e.clutter = max(stand(outer.clutter), stand(r))
		outer.kids = append(outer.kids, e)
	}
	c.l.all = append(c.l.all, e)
	c.cur = e
	switch n.DataAtom {
	case atom.P, atom.H1, atom.H2, atom.H3, atom.H4, atom.H5, atom.H6, atom.Li, atom.Td, atom.Th, atom.Blockquote, atom.Pre, atom.Dt, atom.Dd, atom.Figcaption, atom.Summary:
		c.tag = n.DataAtom
	case atom.Ul, atom.Ol, atom.Table, atom.Div, atom.Section, atom.Article:
		if c.tag != atom.Li && c.tag != atom.Blockquote {
			c.tag = 0
		}
	}
	c.children(n)
	c.flush()
	e.last = len(c.l.blocks)
	c.cur, c.tag = outer, tag
	c.inLink, c.inBold = inLink, inBold
}

// stand gives the role that an element hands down to what stands in it.
func stand(r role) role {
	if r == roleBody || r == roleDek {
		return roleNone
	}
	return r
}

func (c *cutter) write(s string) {
	if c.tag == 0 && c.buf.Len() == 0 && strings.TrimSpace(s) == "" {
		return
	}
	if c.breaks > 0 && strings.TrimSpace(s) != "" {
		c.breaks = 0
	}
	c.buf.WriteString(s)
	if c.inLink > 0 || c.inBold > 0 {
		n := letters(s)
		if c.inLink > 0 {
			c.linked += n
		}
		if c.inBold > 0 {
			c.bold += n
		}
	}
}

// row writes a table row of two or more short cells as one block.
func (c *cutter) row(tr *html.Node) bool {
	var cells []string
	linked, total := 0, 0
	for td := tr.FirstChild; td != nil; td = td.NextSibling {
		if td.Type != html.ElementNode {
			continue
		}
		if hidden(td) {
			continue
		}
		if td.DataAtom == atom.Td || td.DataAtom == atom.Th {
			text := textOf(td)
			if len(text) > 300 || first(td, atom.Table) != nil {
				return false
			}
			if text != "" {
				cells = append(cells, text)
				total += letters(text)
				walk(td, func(n *html.Node) bool {
					if n.Type == html.ElementNode && n.DataAtom == atom.A {
						linked += letters(textOf(n))
						return false
					}
					return true
				})
			}
		}
	}
	if len(cells) < 2 {
		return false
	}
	c.flush()
	e := &element{node: tr, parent: c.cur, first: len(c.l.blocks)}
	e.clutter = stand(c.cur.clutter)
	c.cur.kids = append(c.cur.kids, e)
	c.l.all = append(c.l.all, e)
	c.l.blocks = append(c.l.blocks, block{text: strings.Join(cells, " | "), in: e, tag: atom.Tr, letters: total, linked: min(linked, total)})
	e.last = len(c.l.blocks)
	return true
}

// holdsBlock says whether an inline element holds a block nearby.
func holdsBlock(n *html.Node) bool {
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		if c.Type == html.ElementNode && blocky(c) {
			return true
		}
	}
	return false
}

// body is the text found on a page.
type body struct {
	paragraphs []string
	layout     *layout
	in         *element
	start, end int // blocks of the article, half-open
	titleAt    int // block that shows the title, -1 when none does
}

// findBody finds the article on the page. The title and the summary are known
// from elsewhere; told is the JSON-LD body, empty when there is none.
func findBody(doc *document, title, summary, told string) body {
	l := cut(doc.root)
	b := body{layout: l, titleAt: l.titleBlock(title)}
	b.weigh(told)
	b.choose()
	b.clean(title, summary, told)
	return b
}

// titleBlock finds the block that shows the title, -1 when none does.
func (l *layout) titleBlock(title string) int {
	want := fold(title)
	at, best := -1, 0
	for i := range l.blocks {
		k := &l.blocks[i]
		if k.letters > 400 || k.in.clutter >= roleComment {
			continue
		}
		score := 0
		switch k.tag {
		case atom.H1:
			score = 3
		case atom.H2, atom.H3:
			score = 1
		}
		if score == 0 {
			continue
		}
		f := fold(k.text)
		switch {
		case f == want && f != "":
			score += 4
		case len(f) > 15 && (strings.Contains(want, f) || strings.Contains(f, want) && want != ""):
			score += 3
		case k.tag != atom.H1:
			score = 0
		}
		if k.linked*2 > k.letters {
			score--
		}
		if score > best {
			at, best = i, score
		}
	}
	return at
}
