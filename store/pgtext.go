package store

import (
	"fmt"
	"strconv"
	"strings"
	"unicode/utf8"
)

// PostgreSQL keeps text that is UTF-8 without NUL. Strangers' words are often
// neither, and come back as they were all the same: a byte that cannot stand in
// text is written as escape and two hexadecimal digits, and the escape, a code
// point that is no character, as itself and two dashes. What needs none of that,
// nearly everything, stands in the tables as it is.
const escape = "\U0010ffff"

// storable is s as it can stand in text.
func storable(s string) string {
	if utf8.ValidString(s) && strings.IndexByte(s, 0) < 0 && !strings.Contains(s, escape) {
		return s
	}
	var b strings.Builder
	for i := 0; i < len(s); {
		r, n := utf8.DecodeRuneInString(s[i:])
		switch one := s[i : i+n]; {
		case r == 0, r == utf8.RuneError && n == 1:
			fmt.Fprintf(&b, "%s%02x", escape, s[i])
		case one == escape:
			b.WriteString(escape + "--")
		default:
			b.WriteString(one)
		}
		i += n
	}
	return b.String()
}

// restored undoes storable.
func restored(s string) string {
	first, rest, found := strings.Cut(s, escape)
	if !found {
		return s
	}
	var b strings.Builder
	b.WriteString(first)
	for part := range strings.SplitSeq(rest, escape) {
		if n := min(2, len(part)); part[:n] == "--" {
			b.WriteString(escape)
			part = part[2:]
		} else if c, err := strconv.ParseUint(part[:n], 16, 8); err == nil {
			b.WriteByte(byte(c))
			part = part[2:]
		}
		b.WriteString(part)
	}
	return b.String()
}

// numbered writes the placeholders of a statement as PostgreSQL wants them: ? as
// $1, $2, … but not in quotes and comments.
func numbered(query string) string {
	if !strings.Contains(query, "?") {
		return query
	}
	var b strings.Builder
	n := 0
	for i := 0; i < len(query); {
		end := i + 1
		switch c := query[i]; {
		case c == '?':
			n++
			b.WriteString("$" + strconv.Itoa(n))
			i = end
			continue
		case c == '\'' || c == '"':
			end = after(query, i+1, string(c))
		case strings.HasPrefix(query[i:], "--"):
			end = after(query, i+2, "\n")
		case strings.HasPrefix(query[i:], "/*"):
			end = after(query, i+2, "*/")
		}
		b.WriteString(query[i:end])
		i = end
	}
	return b.String()
}

// after is where what ends with a mark ends. A quote that is doubled begins
// another string, which comes to the same.
func after(query string, from int, mark string) int {
	if k := strings.Index(query[from:], mark); k >= 0 {
		return from + k + len(mark)
	}
	return len(query)
}
