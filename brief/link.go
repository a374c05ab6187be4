package brief

import (
	"net/url"
	"strconv"
	"strings"

	"onrecord/nlp"
)

// TextFragment is a link to the words at span on the page at address, by the
// text-fragment syntax of the WICG (https://wicg.github.io/scroll-to-text-fragment/):
// browsers that know it scroll there and mark the words, others open the page.
// It is empty for addresses that are not http or https.
//
// Long passages are given by their first and last words, as many as make the
// beginning unique in the text.
func TextFragment(address, text string, span nlp.Span) string {
	u, err := url.Parse(address)
	if err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" {
		return ""
	}
	words := strings.Fields(span.Text(text))
	if len(words) == 0 {
		return ""
	}
	base, _, _ := strings.Cut(address, ":~:")
	if !strings.Contains(base, "#") {
		base += "#"
	}
	return base + ":~:text=" + directive(words, text)
}

const (
	wholeUpTo = 10 // words: a passage no longer than this is given whole
	edgeWords = 4  // words at each end of a longer one
)

func directive(words []string, text string) string {
	if len(words) <= wholeUpTo {
		return fragmentEscape(strings.Join(words, " "))
	}
	flat := strings.ToLower(strings.Join(strings.Fields(text), " "))
	n := edgeWords
	for n < len(words)/2 && strings.Count(flat, strings.ToLower(strings.Join(words[:n], " "))) > 1 {
		n++
	}
	return fragmentEscape(strings.Join(words[:n], " ")) + "," + fragmentEscape(strings.Join(words[len(words)-edgeWords:], " "))
}

// fragmentEscape percent-encodes all but letters, digits and "._~": the
// dash, the comma and the ampersand have a meaning of their own in the
// directive.
func fragmentEscape(s string) string {
	const hex = "0123456789ABCDEF"
	var b strings.Builder
	for _, c := range []byte(s) {
		switch {
		case 'a' <= c && c <= 'z', 'A' <= c && c <= 'Z', '0' <= c && c <= '9', c == '.', c == '_', c == '~':
			b.WriteByte(c)
		default:
			b.WriteByte('%')
			b.WriteByte(hex[c>>4])
			b.WriteByte(hex[c&15])
		}
	}
	return b.String()
}

func decimal(n int) string { return strconv.Itoa(n) }
