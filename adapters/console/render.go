package console

import (
	"io"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/clipperhouse/displaywidth"

	"onrecord/chat"
)

// DefaultWidth is the number of columns where a terminal does not say.
const DefaultWidth = 80

// minWidth is the narrowest that text is set; terminals narrower than this
// wrap by themselves.
const minWidth = 20

// Render writes a reply as text, wrapped to width columns (80 if 0). Colour
// allows escape sequences for emphasis and links; without it nothing but text
// and line feeds is written. Words of strangers never bring their own: control
// characters are made visible, direction overrides taken out.
//
// Actions are shown as words to type, files by name.
func Render(w io.Writer, r chat.Reply, width int, colour bool) error {
	if width <= 0 {
		width = DefaultWidth
	}
	s := setter{width: max(width, minWidth), colour: colour}
	s.reply(r)
	_, err := io.WriteString(w, s.out.String())
	return err
}

// setter sets text in lines.
type setter struct {
	width  int
	colour bool
	out    strings.Builder

	hang   int  // indent of the last item's details, 0 outside of a list
	spaced bool // the list has empty lines between its items
}

func (s *setter) reply(r chat.Reply) {
	var last chat.Role
	for i, b := range r.Blocks {
		s.begins(r.Blocks, i)
		if s.gap(last, b.Role) {
			s.out.WriteByte('\n')
		}
		s.block(b)
		last = b.Role
	}
	for _, f := range r.Files {
		s.lines("", "", []chat.Run{chat.Say("File: " + f.Name)})
	}
	s.actions(r)
}

// begins looks ahead where a list begins: one with an item of several details
// is set with empty lines between its items.
func (s *setter) begins(blocks []chat.Block, at int) {
	inList := func(i int) bool {
		return i >= 0 && i < len(blocks) && (blocks[i].Role == chat.Item || blocks[i].Role == chat.Detail)
	}
	if inList(at - 1) {
		return
	}
	s.spaced = false
	for i := at; inList(i) && !s.spaced; i++ {
		s.spaced = blocks[i].Role == chat.Detail && i > at && blocks[i-1].Role == chat.Detail
	}
}

// gap reports whether an empty line parts two blocks.
func (s *setter) gap(last, next chat.Role) bool {
	switch next {
	case chat.Detail, chat.Meta:
		return false
	case chat.Item:
		if last == chat.Item || last == chat.Detail {
			return s.spaced
		}
		return last != "" && last != chat.Meta && last != chat.Subheading && last != chat.Divider
	case chat.Paragraph:
		return last == chat.Item || last == chat.Detail && s.hang > 0
	case chat.Heading:
		return last != "" && last != chat.Note
	case chat.Note:
		return last != "" && last != chat.Note
	}
	return last != "" && last != chat.Divider
}

func (s *setter) block(b chat.Block) {
	switch b.Role {
	case chat.Divider:
		s.hang = 0
		s.out.WriteString(strings.Repeat("─", min(s.width, 24)))
		s.out.WriteByte('\n')
	case chat.Item:
		label := "- "
		if b.Number > 0 {
			label = strconv.Itoa(b.Number) + "  "
		}
		s.hang = len(label)
		text := b.Text
		if s.colour && b.Passage != "" {
			text = append(slices.Clone(text), chat.Say(" "), chat.Run{Text: "↗", Link: b.Passage})
		}
		s.lines(label, strings.Repeat(" ", len(label)), text)
	case chat.Detail:
		indent := strings.Repeat(" ", max(s.hang, 2))
		s.lines(indent, indent+"  ", b.Text)
	case chat.Heading, chat.Subheading:
		s.hang = 0
		text := b.Text
		if b.Role == chat.Heading || !slices.ContainsFunc(text, func(r chat.Run) bool { return r.Style == chat.Strong }) {
			text = restyled(text, chat.Strong)
		}
		s.lines("", "", text)
		s.addresses(b.Text)
	case chat.Meta, chat.Note:
		s.hang = 0
		s.lines("", "", restyled(b.Text, faint))
		if b.Role == chat.Meta {
			s.addresses(b.Text)
		}
	default:
		s.hang = 0
		s.lines("", "", b.Text)
	}
}

// faint is the style of small print; it exists on screens only.
const faint chat.Style = "faint"

func restyled(runs []chat.Run, style chat.Style) []chat.Run {
	out := make([]chat.Run, len(runs))
	for i, r := range runs {
		out[i] = r
		if r.Style != chat.Typed {
			out[i].Style = style
		}
		out[i].Link = ""
	}
	return out
}

// addresses writes out where the words of a heading lead: that is the article.
func (s *setter) addresses(runs []chat.Run) {
	for _, r := range runs {
		if r.Link != "" {
			s.lines("", "", []chat.Run{{Text: safeLink(r.Link), Style: faint}})
		}
	}
}

// actions shows what can be typed next.
func (s *setter) actions(r chat.Reply) {
	if len(r.Actions) == 0 {
		return
	}
	var runs []chat.Run
	if r.Page.Of > 1 {
		runs = append(runs, chat.Say("Page "+strconv.Itoa(r.Page.Number)+" of "+strconv.Itoa(r.Page.Of)+". "))
	}
	runs = append(runs, chat.Say("Type: "))
	for i, a := range r.Actions {
		if i > 0 {
			runs = append(runs, chat.Say(" · "))
		}
		runs = append(runs, chat.Type(a.Name))
		if rest, ok := strings.CutPrefix(strings.ToLower(a.Label), strings.ToLower(a.Name)); !ok {
			runs = append(runs, chat.Say(" ("+a.Label+")"))
		} else if rest != "" {
			runs = append(runs, chat.Say(rest))
		}
	}
	s.out.WriteByte('\n')
	s.lines("", "      ", restyled(runs, faint))
}

// word is a stretch that is not broken unless it is wider than a line.
type word struct {
	pieces []chat.Run
	width  int
}

// lines sets runs as one paragraph: the first line begins with first, the
// others with indent.
func (s *setter) lines(first, indent string, runs []chat.Run) {
	words := split(runs)
	if len(words) == 0 {
		return
	}
	s.out.WriteString(first)
	column, begun := len(first), false
	style := chat.Plain
	newline := func() {
		s.style(&style, chat.Plain)
		s.out.WriteByte('\n')
		s.out.WriteString(indent)
		column, begun = len(indent), false
	}
	for _, w := range words {
		if begun && column+1+w.width > s.width {
			newline()
		}
		if begun {
			if style != w.pieces[0].Style {
				s.style(&style, chat.Plain)
			}
			s.out.WriteByte(' ')
			column++
		}
		for _, p := range w.pieces {
			s.style(&style, p.Style)
			s.beginLink(p.Link)
			graphemes, blank := displaywidth.StringGraphemes(p.Text), ""
			for graphemes.Next() {
				if graphemes.Value() == " " {
					blank = " " // set when it is clear that the line goes on
					continue
				}
				if column+len(blank)+graphemes.Width() > s.width {
					s.endLink(p.Link)
					newline()
					s.style(&style, p.Style)
					s.beginLink(p.Link)
					blank = ""
				}
				s.out.WriteString(blank + graphemes.Value())
				column += len(blank) + graphemes.Width()
				blank = ""
			}
			s.endLink(p.Link)
		}
		begun = true
	}
	s.style(&style, chat.Plain)
	s.out.WriteByte('\n')
}

// split cuts runs into words at white space. What is inserted or to be typed
// stays together.
func split(runs []chat.Run) []word {
	var words []word
	open := false // the last word goes on
	add := func(r chat.Run, text string) {
		if text == "" {
			return
		}
		piece := chat.Run{Text: text, Style: r.Style, Link: r.Link}
		if !open {
			words = append(words, word{})
		}
		w := &words[len(words)-1]
		w.pieces = append(w.pieces, piece)
		w.width += displaywidth.String(text)
		open = true
	}
	for _, r := range runs {
		text := clean(r.Text)
		if text == "" {
			continue
		}
		if keep := r.Style == chat.Inserted || r.Style == chat.Typed; keep && displaywidth.String(text) < minWidth {
			add(r, strings.Trim(text, " "))
			continue
		}
		for i, part := range strings.Split(text, " ") {
			if i > 0 {
				open = false
			}
			add(r, part)
		}
	}
	return words
}

// clean makes text safe to show: one line, no control characters, nothing that
// turns the direction of what follows.
func clean(s string) string {
	var b strings.Builder
	space := false
	for _, r := range s {
		switch {
		case r == ' ' || r == '\n' || r == '\t' || r == '\r' || r == '\v' || r == '\f' || r == '\u0085' || r == '\u2028' || r == '\u2029':
			if !space {
				b.WriteByte(' ')
			}
			space = true
			continue
		case r == utf8.RuneError:
			b.WriteRune('\uFFFD')
		case r < 0x20:
			b.WriteRune(0x2400 + r) // ␀ to ␟, the pictures of control characters
		case r == 0x7F:
			b.WriteRune('␡')
		case r < 0xA0 && r > 0x7F:
			b.WriteRune('\uFFFD')
		case r == '\u200C' || r == '\u200D': // join or part letters of Persian, emoji
			b.WriteRune(r)
		case unicode.Is(unicode.Cf, r):
			// Direction overrides, zero-width and tag characters: invisible, and
			// able to make a text look like another one.
			continue
		default:
			b.WriteRune(r)
		}
		space = false
	}
	return b.String()
}

// style changes from one style to another by escape sequences (ECMA-48, SGR).
func (s *setter) style(now *chat.Style, next chat.Style) {
	if !s.colour || *now == next {
		return
	}
	code := func(style chat.Style) string {
		switch style {
		case chat.Strong:
			return "\x1b[1m"
		case chat.Inserted, chat.Typed:
			return "\x1b[36m"
		case faint:
			return "\x1b[2m"
		}
		return ""
	}
	if code(*now) != "" {
		s.out.WriteString("\x1b[0m")
	}
	s.out.WriteString(code(next))
	*now = next
}

// beginLink begins a hyperlink (OSC 8), which terminals that know none ignore.
func (s *setter) beginLink(address string) {
	if address = safeLink(address); s.colour && address != "" {
		s.out.WriteString("\x1b]8;;" + address + "\x1b\\")
	}
}

// endLink ends it.
func (s *setter) endLink(address string) {
	if s.colour && safeLink(address) != "" {
		s.out.WriteString("\x1b]8;;\x1b\\")
	}
}

// safeLink is a web address as it may be written to a terminal; "" for
// anything else.
func safeLink(address string) string {
	lower := strings.ToLower(address)
	if !strings.HasPrefix(lower, "https://") && !strings.HasPrefix(lower, "http://") {
		return ""
	}
	const hex = "0123456789ABCDEF"
	var b strings.Builder
	for _, c := range []byte(address) {
		if c <= ' ' || c >= 0x7F {
			b.WriteByte('%')
			b.WriteByte(hex[c>>4])
			b.WriteByte(hex[c&15])
			continue
		}
		b.WriteByte(c)
	}
	return b.String()
}
