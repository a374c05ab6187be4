package leash

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// MaxWords is the most that a wording may have.
const MaxWords = 60

const maxBytes = 12 * MaxWords

// badForm says why a wording is not a plain English sentence, empty if it is.
// No link, mention or markup of any platform gets through.
func (s *Source) badForm(wording string) string {
	switch {
	case strings.TrimSpace(wording) == "":
		return "it is empty"
	case !utf8.ValidString(wording):
		return "it is not UTF-8"
	case len(wording) > maxBytes || len(strings.Fields(wording)) > MaxWords:
		return "it is too long"
	}
	for _, r := range wording {
		switch {
		case unicode.IsControl(r), unicode.Is(unicode.Cf, r), unicode.Is(unicode.Co, r), r == '\u2028', r == '\u2029':
			return "it has control characters"
		case strings.ContainsRune("<>[]{}|\\`*_#@~^=", r):
			return "it has markup"
		case unicode.IsLetter(r) && !unicode.Is(unicode.Latin, r) && !strings.ContainsRune(s.Text, r):
			return "it is not in English"
		case r > unicode.MaxLatin1 && !unicode.IsLetter(r) && !unicode.IsPunct(r) && !strings.ContainsRune(s.Text, r):
			return "it has signs that the article has not"
		}
	}
	for w := range strings.FieldsSeq(wording) {
		if linkLike(w) && !strings.Contains(s.Text, w) {
			return "it has a link"
		}
	}
	last, _ := utf8.DecodeLastRuneInString(strings.TrimRight(wording, `"”’' )`))
	if last == '?' || last == '!' || last == '…' || last == ':' {
		return "it is no statement"
	}
	return ""
}

// linkLike reports whether a platform may make a link of w: it has a scheme, or
// letters on both sides of a dot.
func linkLike(w string) bool {
	if strings.Contains(w, "://") || strings.HasPrefix(strings.ToLower(w), "www.") || strings.Contains(strings.ToLower(w), "mailto:") {
		return true
	}
	for i := 1; i < len(w)-1; i++ {
		if w[i] == '.' && isLetter(w[i-1]) && isLetter(w[i+1]) && i >= 2 && isLetter(w[i-2]) {
			return true
		}
	}
	return false
}

func isLetter(b byte) bool { return b|0x20 >= 'a' && b|0x20 <= 'z' }
