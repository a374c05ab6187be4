package nlp

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// A line is one line of text without the white space around it. Its span is
// empty for a blank line.
type line struct {
	Span
	width  int // in runes
	indent bool
}

// Paragraphs finds the paragraphs of text from the byte body on, as [ParseFrom]
// does, for whoever shows a text and needs no parse of it.
func Paragraphs(text string, body int) []Span {
	return paragraphs(text, min(max(body, 0), len(text)))
}

// paragraphs finds the paragraphs of text from the byte body on. A blank line
// always parts them. A single line break does too, unless the text was
// wrapped to a narrow column, as in e-mail: then lines that were broken only
// because the next word did not fit are joined.
func paragraphs(text string, body int) []Span {
	lines := linesOf(text, body)
	width := wrapWidth(text, lines)
	var found []Span
	open := false // the last paragraph may go on
	for i, l := range lines {
		if l.Empty() {
			open = false
			continue
		}
		if open && continues(text, lines[i-1], l, width) {
			found[len(found)-1].End = l.End
		} else {
			found = append(found, l.Span)
		}
		open = true
	}
	return found
}

func linesOf(text string, body int) []line {
	var lines []line
	for start := body; start < len(text); {
		end, next := len(text), len(text)
		if i := strings.IndexAny(text[start:], "\n\r\v\f\u0085\u2028\u2029"); i >= 0 {
			end = start + i
			_, size := utf8.DecodeRuneInString(text[end:])
			next = end + size
			if text[end] == '\r' && next < len(text) && text[next] == '\n' {
				next++
			}
		}
		s := Span{start, end}
		for !s.Empty() {
			r, size := utf8.DecodeRuneInString(text[s.Start:s.End])
			if !isBlank(r) {
				break
			}
			s.Start += size
		}
		for !s.Empty() {
			r, size := utf8.DecodeLastRuneInString(text[s.Start:s.End])
			if !isBlank(r) {
				break
			}
			s.End -= size
		}
		lines = append(lines, line{s, utf8.RuneCountInString(text[s.Start:s.End]), s.Start > start})
		start = next
	}
	return lines
}

// Bounds of the column that texts are wrapped to, in runes.
const (
	narrowest = 40
	widest    = 100
)

// wrapWidth gives the column that the text was wrapped to, 0 when it was not:
// no line is wider than widest, and most lines that are followed by another
// could not have held its first word.
func wrapWidth(text string, lines []line) int {
	width, long, filled := 0, 0, 0
	for _, l := range lines {
		if l.Empty() {
			continue
		}
		filled++
		if l.width > widest {
			long++
		} else {
			width = max(width, l.width)
		}
	}
	if width < narrowest || long*20 > filled {
		return 0
	}
	full, followed := 0, 0
	for i := range len(lines) - 1 {
		if lines[i].Empty() || lines[i+1].Empty() {
			continue
		}
		followed++
		if isFull(text, lines[i], lines[i+1], width) {
			full++
		}
	}
	if full*3 < followed*2 {
		return 0
	}
	return width
}

// isFull reports whether the first word of next had no room on line l, with
// some slack for columns that are not even.
func isFull(text string, l, next line, width int) bool {
	word := text[next.Start:next.End]
	if i := strings.IndexFunc(word[:min(len(word), widest*4)], isBlank); i >= 0 {
		word = word[:i]
	}
	return l.width+1+utf8.RuneCountInString(word) > width*9/10
}

// continues reports whether line next carries on the paragraph of line l.
func continues(text string, l, next line, width int) bool {
	if isBullet(text[next.Start:next.End]) {
		return false
	}
	if width > 0 {
		return isFull(text, l, next, width) || startsLower(text, next) && l.width > width/2
	}
	// Broken in mid-sentence by whatever the text went through.
	last, _ := utf8.DecodeLastRuneInString(text[l.Start:l.End])
	return l.width >= narrowest && startsLower(text, next) && (unicode.IsLower(last) || last == ',')
}

func startsLower(text string, l line) bool {
	r, _ := utf8.DecodeRuneInString(text[l.Start:l.End])
	return unicode.IsLower(r)
}

// isBullet reports whether a line begins as an item of a list does.
func isBullet(s string) bool {
	r, size := utf8.DecodeRuneInString(s)
	rest := s[size:]
	switch {
	case strings.ContainsRune("•‣▪◦●·", r):
		return true
	case r == '*' || r == '-' || r == '–' || r == '—':
		return strings.HasPrefix(rest, " ")
	case isDigitRune(r):
		n := digits(s)
		return n <= 2 && (strings.HasPrefix(s[n:], ". ") || strings.HasPrefix(s[n:], ") "))
	}
	return false
}
