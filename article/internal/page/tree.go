package page

import (
	"slices"
	"strconv"
	"strings"
	"unicode"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// maxDepth bounds how deep elements nest. The parser refuses more than 512; a
// page that it refuses is flattened below maxDepth first.
const maxDepth = 400

// document is a parsed page.
type document struct {
	root *html.Node
	lang string
}

// parse builds the tree of a page. It always gives one.
func parse(text string) *document {
	root, err := html.ParseWithOptions(strings.NewReader(text), html.ParseOptionEnableScripting(false))
	if err != nil {
		root, err = html.ParseWithOptions(strings.NewReader(flatten(text)), html.ParseOptionEnableScripting(false))
	}
	if err != nil {
		root = &html.Node{Type: html.DocumentNode}
	}
	doc := &document{root: root}
	reveal(root, text)
	if h := first(root, atom.Html); h != nil {
		doc.lang = attr(h, "lang")
		if doc.lang == "" {
			doc.lang = attr(h, "xml:lang")
		}
	}
	return doc
}

// reveal shows what React streams into a page: parts that come hidden, with ids
// like "S:1", and that a script at once moves into their places.
func reveal(root *html.Node, text string) {
	moved := map[string]bool{}
	for rest := text; len(moved) < 10_000; {
		_, after, ok := strings.Cut(rest, "$RC(")
		if !ok {
			break
		}
		rest = after
		call, _, _ := strings.Cut(after[:min(len(after), 80)], ")")
		for id := range strings.SplitSeq(call, ",") {
			moved[strings.Trim(id, `"' `)] = true
		}
	}
	saved := !strings.Contains(text, "<script") // without its scripts, by a browser or an archive
	if len(moved) == 0 && !saved {
		return
	}
	var parts []*html.Node
	places := map[string]*html.Node{}
	walk(root, func(n *html.Node) bool {
		if n.Type != html.ElementNode {
			return false
		}
		switch id := attr(n, "id"); {
		case n.DataAtom == atom.Template && (strings.HasPrefix(id, "B:") || strings.HasPrefix(id, "P:")):
			places[id] = n
		case hasAttr(n, "hidden") && strings.HasPrefix(id, "S:") && (moved[id] || saved):
			parts = append(parts, n)
		}
		return n.DataAtom != atom.Head && n.DataAtom != atom.Script
	})
	for i, n := range parts {
		n.Attr = slices.DeleteFunc(n.Attr, func(a html.Attribute) bool { return a.Key == "hidden" })
		number := strings.TrimPrefix(attr(n, "id"), "S:")
		for _, id := range []string{"B:" + number, "P:" + number} {
			if place := places[id]; place != nil && place.Parent != nil && i < maxMoved && !inside(place, n) {
				n.Parent.RemoveChild(n)
				place.Parent.InsertBefore(n, place)
				end := place.NextSibling
				for end != nil && !(end.Type == html.CommentNode && end.Data == "/$") {
					end = end.NextSibling
				}
				for end != nil && place.NextSibling != end { // what stood there meanwhile
					place.Parent.RemoveChild(place.NextSibling)
				}
				break
			}
		}
	}
}

// maxMoved bounds how many parts are moved, since each may make the tree deeper.
const maxMoved = 64

// inside says whether n stands in e.
func inside(n, e *html.Node) bool {
	for ; n != nil; n = n.Parent {
		if n == e {
			return true
		}
	}
	return false
}

// flatten drops the tags of elements that nest deeper than maxDepth and keeps
// their text.
func flatten(text string) string {
	var out strings.Builder
	out.Grow(min(len(text), 1<<20))
	z := html.NewTokenizer(strings.NewReader(text))
	var open []string
	for {
		kind := z.Next()
		switch kind {
		case html.ErrorToken:
			return out.String()
		case html.StartTagToken:
			raw := string(z.Raw())
			name, _ := z.TagName()
			tag := string(name)
			if voids[tag] {
				out.WriteString(raw)
				continue
			}
			if len(open) > 0 && open[len(open)-1] == tag && selfClosing[tag] {
				out.WriteString(raw)
				continue
			}
			if len(open) >= maxDepth {
				out.WriteByte(' ')
				continue
			}
			open = append(open, tag)
			out.WriteString(raw)
		case html.EndTagToken:
			raw := string(z.Raw())
			name, _ := z.TagName()
			tag := string(name)
			for i := len(open) - 1; i >= 0 && i >= len(open)-8; i-- {
				if open[i] == tag {
					open = open[:i]
					out.WriteString(raw)
					break
				}
			}
		default:
			out.Write(z.Raw())
		}
	}
}

var voids = map[string]bool{
	"area": true, "base": true, "br": true, "col": true, "embed": true, "hr": true, "img": true, "input": true,
	"link": true, "meta": true, "param": true, "source": true, "track": true, "wbr": true,
}

var selfClosing = map[string]bool{
	"p": true, "li": true, "td": true, "th": true, "tr": true, "dd": true, "dt": true, "option": true,
}

// attr gives the value of an attribute, empty when absent.
func attr(n *html.Node, key string) string {
	for i := range n.Attr {
		if n.Attr[i].Key == key {
			return n.Attr[i].Val
		}
	}
	return ""
}

func hasAttr(n *html.Node, key string) bool {
	for i := range n.Attr {
		if n.Attr[i].Key == key {
			return true
		}
	}
	return false
}

// walk calls visit for each node below n in document order; visit says whether
// to go down into the node. Depth is bounded by the parser, so recursion is.
func walk(n *html.Node, visit func(*html.Node) bool) {
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		if visit(c) {
			walk(c, visit)
		}
	}
}

// first gives the first element of a kind below n.
func first(n *html.Node, tag atom.Atom) *html.Node {
	var found *html.Node
	walk(n, func(c *html.Node) bool {
		if found == nil && c.Type == html.ElementNode && c.DataAtom == tag {
			found = c
		}
		return found == nil
	})
	return found
}

// maxText bounds what textOf gathers, in bytes: bylines, headings and cells are
// short, and elements that pass for them nest.
const maxText = 64 << 10

// textOf gives the visible text below n on one line, up to maxText.
func textOf(n *html.Node) string {
	var b strings.Builder
	var gather func(*html.Node)
	gather = func(n *html.Node) {
		switch {
		case b.Len() > maxText:
			return
		case n.Type == html.TextNode:
			b.WriteString(n.Data[:min(len(n.Data), maxText)])
		case n.Type == html.ElementNode && (silent[n.DataAtom] || hidden(n)):
			return
		case n.Type == html.ElementNode && (blocky(n) || n.DataAtom == atom.Br):
			b.WriteByte(' ')
		}
		for c := n.FirstChild; c != nil; c = c.NextSibling {
			gather(c)
		}
		if n.Type == html.ElementNode && blocky(n) {
			b.WriteByte(' ')
		}
	}
	gather(n)
	return squeeze(b.String())
}

// silent elements hold nothing that a reader reads as text.
var silent = map[atom.Atom]bool{
	atom.Script: true, atom.Style: true, atom.Noscript: true, atom.Template: true, atom.Svg: true, atom.Math: false,
	atom.Iframe: true, atom.Object: true, atom.Embed: true, atom.Audio: true, atom.Video: true, atom.Canvas: true,
	atom.Head: true, atom.Select: true, atom.Option: true, atom.Textarea: true, atom.Input: true, atom.Button: true,
	atom.Datalist: true, atom.Map: true, atom.Dialog: true, atom.Progress: true, atom.Meter: true, atom.Noembed: true,
	atom.Noframes: true, atom.Title: true, atom.Link: true, atom.Meta: true,
}

// inline elements run on within a line; all others break it.
var inline = map[atom.Atom]bool{
	atom.A: true, atom.Abbr: true, atom.Acronym: true, atom.B: true, atom.Bdi: true, atom.Bdo: true, atom.Big: true,
	atom.Cite: true, atom.Code: true, atom.Data: true, atom.Del: true, atom.Dfn: true, atom.Em: true, atom.Font: true,
	atom.I: true, atom.Img: true, atom.Ins: true, atom.Kbd: true, atom.Label: true, atom.Mark: true, atom.Nobr: true,
	atom.Q: true, atom.Rb: true, atom.Rp: true, atom.Rt: true, atom.Rtc: true, atom.Ruby: true, atom.S: true,
	atom.Samp: true, atom.Small: true, atom.Span: true, atom.Strike: true, atom.Strong: true, atom.Sub: true,
	atom.Sup: true, atom.Time: true, atom.Tt: true, atom.U: true, atom.Var: true, atom.Wbr: true, atom.Br: true,
	atom.Math: true, atom.Picture: true, atom.Source: true, atom.Svg: true, atom.Button: true, atom.Input: true,
	atom.Script: true, atom.Style: true, atom.Noscript: true, atom.Iframe: true, atom.Select: true, atom.Slot: true,
}

// blocky says whether an element stands on lines of its own. Unknown elements
// are inline as in a browser, unless they hold blocks.
func blocky(n *html.Node) bool {
	if n.DataAtom == 0 {
		return strings.Contains(n.Data, "-") // custom elements are mostly containers
	}
	return !inline[n.DataAtom]
}

// squeeze makes runs of white space one blank, drops invisible characters and
// trims.
func squeeze(s string) string {
	clean := true
	prev := byte(' ')
	for i := range len(s) {
		c := s[i]
		if c >= 0x80 || c < 0x20 || (c == ' ' && prev == ' ') {
			clean = false
			break
		}
		prev = c
	}
	if clean {
		return strings.TrimSuffix(s, " ")
	}
	var b strings.Builder
	b.Grow(len(s))
	space := false
	for _, r := range s {
		switch {
		case r == '\u00ad' || r == '\u200b' || r == '\ufeff' || r == '\u2060' || (r >= '\u202a' && r <= '\u202e') ||
			(r >= '\u2066' && r <= '\u2069') || r == '\u200e' || r == '\u200f' || (r >= 0xe0000 && r <= 0xe007f):
			continue
		case unicode.IsSpace(r):
			space = b.Len() > 0
			continue
		case r < 0x20 || (r >= 0x7f && r < 0xa0):
			continue
		}
		if space {
			b.WriteByte(' ')
			space = false
		}
		b.WriteRune(r)
	}
	return b.String()
}

// hidden says whether an element is kept from the reader's eye by its own
// attributes.
func hidden(n *html.Node) bool {
	for i := range n.Attr {
		a := &n.Attr[i]
		switch a.Key {
		case "hidden":
			if !strings.EqualFold(a.Val, "until-found") {
				return true
			}
		case "style":
			if invisible(a.Val) {
				return true
			}
		}
	}
	return false
}

// veiled says whether an element is kept from some readers only, or from all
// until a script has run: aria-hidden and opacity zero. Pages veil whole
// articles so, and unveil them as one scrolls.
func veiled(n *html.Node) bool {
	for i := range n.Attr {
		a := &n.Attr[i]
		switch a.Key {
		case "aria-hidden":
			if strings.EqualFold(a.Val, "true") {
				return true
			}
		case "class":
			if concealed(a.Val) {
				return true
			}
		case "style":
			if i := strings.Index(a.Val, "opacity"); i >= 0 {
				_, v, _ := strings.Cut(a.Val[i:], ":")
				v, _, _ = strings.Cut(v, ";")
				if v = strings.TrimSpace(v); v != "" && strings.Trim(v, "0.%") == "" {
					return true
				}
			}
		}
	}
	return false
}

// concealed says whether class names hide an element on every screen. One that
// is hidden on small screens only has a second name that shows it on others.
func concealed(class string) bool {
	found := false
	for name := range strings.FieldsSeq(class) {
		switch name {
		case "hidden", "is-hidden", "d-none", "hide", "visually-hidden", "visuallyhidden", "sr-only", "screen-reader-text", "u-hidden", "display-none",
			"element-invisible", "a11y-hidden", "visually-hide", "u-visually-hidden", "is-visually-hidden":
			found = true
		default:
			if strings.Contains(name, "visually-hidden") || strings.Contains(name, "visuallyhidden") || strings.Contains(name, "sr-only") || strings.Contains(name, "screen-reader") {
				found = true
			}
			if strings.Contains(name, ":block") || strings.Contains(name, ":flex") || strings.Contains(name, ":inline") || strings.Contains(name, ":grid") ||
				strings.HasPrefix(name, "d-") && (strings.HasSuffix(name, "-block") || strings.HasSuffix(name, "-flex") || strings.HasSuffix(name, "-inline")) {
				return false
			}
		}
	}
	return found
}

// invisible reads a style attribute.
func invisible(style string) bool {
	if style == "" {
		return false
	}
	s := strings.ToLower(style)
	var color, ground string
	var tiny, clipped bool
	for decl := range strings.SplitSeq(s, ";") {
		name, value, ok := strings.Cut(decl, ":")
		if !ok {
			continue
		}
		name = strings.TrimSpace(name)
		value = strings.TrimSpace(strings.ReplaceAll(value, "!important", ""))
		switch name {
		case "display":
			if value == "none" {
				return true
			}
		case "visibility":
			if value == "hidden" || value == "collapse" {
				return true
			}
		case "font-size":
			if size(value, 2) {
				return true
			}
		case "height", "width", "max-height", "max-width":
			tiny = tiny || size(value, 1)
		case "overflow", "overflow-y", "overflow-x":
			clipped = clipped || value == "hidden" || value == "clip"
		case "clip":
			if strings.HasPrefix(strings.ReplaceAll(value, " ", ""), "rect(0") || strings.HasPrefix(strings.ReplaceAll(value, " ", ""), "rect(1px") {
				return true
			}
		case "clip-path":
			if v := strings.ReplaceAll(value, " ", ""); strings.HasPrefix(v, "inset(50%") || strings.HasPrefix(v, "inset(100%") || v == "circle(0)" {
				return true
			}
		case "transform":
			if v := strings.ReplaceAll(value, " ", ""); strings.HasPrefix(v, "scale(0)") || strings.HasPrefix(v, "scale(0,0)") {
				return true
			}
		case "text-indent":
			if strings.HasPrefix(value, "-") && len(strings.TrimRight(value, "pxemrt%")) >= 5 {
				return true
			}
		case "left", "top":
			if strings.HasPrefix(value, "-") && len(strings.TrimRight(value, "pxemrt%")) >= 5 {
				return true
			}
		case "color":
			color = value
		case "background", "background-color":
			ground = value
		}
	}
	if tiny && clipped {
		return true
	}
	if color != "" {
		color = paint(color)
		if ground == "" {
			return color == "transparent"
		}
		return color == paint(ground)
	}
	return false
}

// size says whether a length is at most so many pixels, or nothing in any unit.
func size(value string, pixels float64) bool {
	number := strings.TrimRight(value, "abcdefghijklmnopqrstuvwxyz%")
	n, err := strconv.ParseFloat(number, 64)
	if err != nil || n < 0 {
		return false
	}
	unit := value[len(number):]
	return n == 0 || n <= pixels && (unit == "px" || unit == "pt" || unit == "")
}

// paint gives one name for a few ways to write the same colour.
func paint(value string) string {
	value = strings.ReplaceAll(value, " ", "")
	switch value {
	case "white", "#fff", "#ffffff", "rgb(255,255,255)", "rgba(255,255,255,1)":
		return "white"
	case "black", "#000", "#000000", "rgb(0,0,0)":
		return "black"
	case "transparent", "rgba(0,0,0,0)", "#0000", "#00000000":
		return "transparent"
	}
	return value
}
