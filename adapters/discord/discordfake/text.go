package discordfake

import (
	"net/url"
	"regexp"
	"strings"
	"unicode"
)

// Text is what Discord makes of the Markdown of a message.
type Text struct {
	Plain string   // as people read it
	Links []Link   // links behind words
	Alive []string // what would ping, hide or format although nobody of ours asked for it
}

// Link is a link behind words.
type Link struct{ Label, URL string }

// The mentions that Discord finds in raw text, whatever stands before them.
var mention = regexp.MustCompile(`@everyone|@here|<@[!&]?\d+>|<#\d+>|<a?:\w+:\d+>|<t:-?\d+|</[^>]+:\d+>|<id:\w+>`)

// Read reads Markdown as a client of Discord does. Bold and small print are
// what our adapter writes itself; everything else that is not escaped is alive.
func Read(markdown string) Text {
	var t Text
	t.Alive = mention.FindAllString(markdown, -1)
	var plain strings.Builder
	lineStart := true
	alive := func(s string) { t.Alive = append(t.Alive, s) }
	for i := 0; i < len(markdown); {
		rest := markdown[i:]
		c := rest[0]
		switch {
		case c == '\\' && len(rest) > 1 && rest[1] > ' ' && rest[1] < 0x7f && !isAlnum(rest[1]):
			plain.WriteByte(rest[1])
			i += 2
			lineStart = false
			continue
		case c == '`':
			if end := strings.IndexByte(rest[1:], '`'); end > 0 {
				plain.WriteString(rest[1 : 1+end])
				i += end + 2
				lineStart = false
				continue
			}
			alive("`")
		case lineStart && strings.HasPrefix(rest, "-# "):
			i += 3
			lineStart = false
			continue
		case strings.HasPrefix(rest, "**") && !strings.HasPrefix(rest, "***"):
			i += 2
			lineStart = false
			continue
		case c == '[':
			if link, n := masked(rest); n > 0 {
				t.Links = append(t.Links, link)
				plain.WriteString(link.Label)
				if !honest(link) {
					alive("[" + link.Label + "](" + link.URL + ")")
				}
				i += n
				lineStart = false
				continue
			}
		case strings.IndexByte("*_~|", c) >= 0, c == '>' && lineStart, c == '#' && lineStart,
			(c == '-' || c == '+') && lineStart && strings.HasPrefix(rest[1:], " "):
			alive(string(c))
		case strings.HasPrefix(rest, "https://"), strings.HasPrefix(rest, "http://"):
			alive("bare link")
		case lineStart && c >= '0' && c <= '9':
			if n := strings.TrimLeft(rest, "0123456789"); strings.HasPrefix(n, ". ") {
				alive("numbered list")
			}
		}
		lineStart = c == '\n' || lineStart && c == ' '
		plain.WriteByte(c)
		i++
	}
	t.Plain = plain.String()
	return t
}

func isAlnum(c byte) bool {
	return c < 0x80 && (unicode.IsLetter(rune(c)) || unicode.IsDigit(rune(c)))
}

// masked reads a link behind words at the beginning of a text, and tells how
// long it is.
func masked(s string) (Link, int) {
	label := 1
	for label < len(s) && s[label] != ']' {
		if s[label] == '\\' {
			label++
		}
		if label < len(s) && s[label] == '\n' {
			return Link{}, 0
		}
		label++
	}
	if label+1 >= len(s) || s[label+1] != '(' {
		return Link{}, 0
	}
	end := strings.IndexAny(s[label+2:], ") \n")
	if end < 0 || s[label+2+end] != ')' {
		return Link{}, 0
	}
	return Link{Read(s[1:label]).Plain, s[label+2 : label+2+end]}, label + 2 + end + 1
}

// honest reports whether a link's words do not hide where it leads.
func honest(l Link) bool {
	u, err := url.Parse(l.URL)
	if err != nil || u.Scheme != "http" && u.Scheme != "https" {
		return false
	}
	return l.Label == "passage" || l.Label == u.Host
}
