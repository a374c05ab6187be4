package page

import (
	"encoding/base64"
	"strings"
	"unicode/utf8"
)

// name is the name of an element or of an attribute. Variables of type string
// are no names, so none of an article's words can become one.
type name string

// attr is an attribute. Addresses have constructors of their own, [passage],
// [outside] and [file]: no other attribute here is one, holds a script or a style.
type attr struct {
	name  name
	value string
}

func class(list string) attr { return attr{"class", list} }
func ident(id string) attr   { return attr{"id", id} }
func label(s string) attr    { return attr{"aria-label", s} }
func passage(id string) attr { return attr{"href", "#" + id} }

// outside is the address of a page elsewhere; false for everything that is not
// http or https, which is not to be followed.
func outside(address string) (attr, bool) {
	lower := strings.ToLower(address)
	if !strings.HasPrefix(lower, "https://") && !strings.HasPrefix(lower, "http://") {
		return attr{}, false
	}
	return attr{"href", address}, true
}

// file is the address of a file that the page carries in itself.
func file(mediaType string, data []byte) attr {
	return attr{"href", "data:" + mediaType + ";base64," + base64.StdEncoding.EncodeToString(data)}
}

// void elements have no end tag.
var void = map[name]bool{"meta": true, "link": true}

// writer writes HTML. Whatever comes in as text or as the value of an attribute
// is escaped, and there is no way to write it otherwise: markup comes only from
// names, which are constants, and from raw, which takes the program's own style
// and script.
//
// html/template would do the same with more context, but makes the program a
// quarter larger (docs/adr/0013-own-page-writer.md).
type writer struct {
	buf  []byte
	open []name
}

// start opens an element; end closes the innermost one.
func (w *writer) start(tag name, attrs ...attr) {
	w.buf = append(append(w.buf, '<'), tag...)
	for _, a := range attrs {
		if a.name == "" {
			continue
		}
		w.buf = append(append(w.buf, ' '), a.name...)
		w.buf = append(w.buf, '=', '"')
		w.escape(a.value)
		w.buf = append(w.buf, '"')
	}
	w.buf = append(w.buf, '>')
	if !void[tag] {
		w.open = append(w.open, tag)
	}
}

func (w *writer) end() {
	last := len(w.open) - 1
	w.buf = append(append(w.buf, '<', '/'), w.open[last]...)
	w.buf = append(w.buf, '>')
	w.open = w.open[:last]
}

// in writes an element with what inside writes.
func (w *writer) in(tag name, inside func(), attrs ...attr) {
	w.start(tag, attrs...)
	inside()
	w.end()
}

// el writes an element with text.
func (w *writer) el(tag name, text string, attrs ...attr) {
	w.start(tag, attrs...)
	w.text(text)
	w.end()
}

func (w *writer) text(s string) { w.escape(s) }

// line parts elements for whoever reads the source.
func (w *writer) line() { w.buf = append(w.buf, '\n') }

// trusted is markup, style or script that is part of the program.
type trusted string

func (w *writer) raw(s trusted) { w.buf = append(w.buf, s...) }

// escape writes s so that it is text in an element and in an attribute in double
// quotation marks. What no reader sees and what would steer the page goes:
// control characters other than white space, and the characters that turn the
// direction of what follows them; bytes that are no UTF-8 become U+FFFD.
func (w *writer) escape(s string) {
	from := 0
	for i := 0; i < len(s); {
		r, size := rune(s[i]), 1
		if r >= utf8.RuneSelf {
			r, size = utf8.DecodeRuneInString(s[i:])
		}
		instead, keep := replacement(r, size)
		if !keep {
			w.buf = append(append(w.buf, s[from:i]...), instead...)
			from = i + size
		}
		i += size
	}
	w.buf = append(w.buf, s[from:]...)
}

func replacement(r rune, size int) (instead string, keep bool) {
	switch {
	case r == '&':
		return "&amp;", false
	case r == '<':
		return "&lt;", false
	case r == '>':
		return "&gt;", false
	case r == '"':
		return "&#34;", false
	case r == '\'':
		return "&#39;", false
	case r == '\n' || r == '\t':
		return "", true
	case r == '\r' || r == '\f' || r == '\v':
		return "\n", false
	case r < ' ' || r >= 0x7f && r < 0xa0,
		r >= 0x202a && r <= 0x202e, r >= 0x2066 && r <= 0x2069, r == 0x200e, r == 0x200f, r == 0x061c,
		r >= 0xe0000 && r <= 0xe007f, r == 0xfeff, r >= 0xfff9 && r <= 0xfffb:
		return "", false
	case r == utf8.RuneError && size == 1:
		return "\ufffd", false
	}
	return "", true
}
