package summaries

import "strings"

// stem is Porter's stemmer (Porter 1980) with the short words and the rule for
// a final y that most toolkits share. It takes lower-case ASCII.
func stem(w string) string {
	if s, ok := irregular[w]; ok {
		return s
	}
	if len(w) <= 2 {
		return w
	}
	w = plural(w)
	w = past(w)
	if n := len(w); strings.HasSuffix(w, "y") && n > 2 && consonant(w, n-2) {
		w = w[:n-1] + "i"
	}
	if strings.HasSuffix(w, "alli") && measureOf(w[:len(w)-4]) > 0 {
		w = w[:len(w)-2]
	}
	w = derived(w)
	w = replace(w, endings3)
	for _, s := range endings4 {
		if strings.HasSuffix(w, s) {
			b := w[:len(w)-len(s)]
			if measureOf(b) > 1 && (s != "ion" || strings.HasSuffix(b, "s") || strings.HasSuffix(b, "t")) {
				w = b
			}
			break
		}
	}
	if strings.HasSuffix(w, "e") {
		b := w[:len(w)-1]
		if m := measureOf(b); m > 1 || m == 1 && !closed(b) {
			w = b
		}
	}
	if strings.HasSuffix(w, "ll") && measureOf(w[:len(w)-1]) > 1 {
		w = w[:len(w)-1]
	}
	return w
}

// plural is step 1a.
func plural(w string) string {
	switch n := len(w); {
	case strings.HasSuffix(w, "ies") && n == 4:
		return w[:n-1]
	case strings.HasSuffix(w, "sses"), strings.HasSuffix(w, "ies"):
		return w[:n-2]
	case strings.HasSuffix(w, "s") && !strings.HasSuffix(w, "ss"):
		return w[:n-1]
	}
	return w
}

// past is step 1b.
func past(w string) string {
	n := len(w)
	switch {
	case strings.HasSuffix(w, "ied"):
		if n == 4 {
			return w[:n-1]
		}
		return w[:n-2]
	case strings.HasSuffix(w, "eed"):
		if measureOf(w[:n-3]) > 0 {
			return w[:n-1]
		}
		return w
	case strings.HasSuffix(w, "ed") && vowel(w[:n-2]):
		w = w[:n-2]
	case strings.HasSuffix(w, "ing") && vowel(w[:n-3]):
		w = w[:n-3]
	default:
		return w
	}
	switch n := len(w); {
	case strings.HasSuffix(w, "at"), strings.HasSuffix(w, "bl"), strings.HasSuffix(w, "iz"):
		return w + "e"
	case n >= 2 && w[n-1] == w[n-2] && consonant(w, n-1):
		if !strings.ContainsRune("lsz", rune(w[n-1])) {
			return w[:n-1]
		}
		return w
	case measureOf(w) == 1 && closed(w):
		return w + "e"
	}
	return w
}

// derived is step 2.
func derived(w string) string {
	if strings.HasSuffix(w, "logi") && measureOf(w[:len(w)-3]) > 0 {
		return w[:len(w)-1]
	}
	return replace(w, endings2)
}

// replace applies the first ending that w has, unless what stands before it is
// too short to be a stem.
func replace(w string, endings [][2]string) string {
	for _, e := range endings {
		if b, ok := strings.CutSuffix(w, e[0]); ok {
			if measureOf(b) > 0 {
				return b + e[1]
			}
			break
		}
	}
	return w
}

func consonant(w string, i int) bool {
	switch w[i] {
	case 'a', 'e', 'i', 'o', 'u':
		return false
	case 'y':
		return i == 0 || !consonant(w, i-1)
	}
	return true
}

// measureOf counts the runs of vowels that are followed by a consonant.
func measureOf(w string) int {
	n := 0
	for i := 1; i < len(w); i++ {
		if consonant(w, i) && !consonant(w, i-1) {
			n++
		}
	}
	return n
}

func vowel(w string) bool {
	for i := range len(w) {
		if !consonant(w, i) {
			return true
		}
	}
	return false
}

// closed reports whether w ends in consonant, vowel, consonant, the last being
// none of w, x, y; a word of two letters in vowel, consonant.
func closed(w string) bool {
	n := len(w)
	if n == 2 {
		return !consonant(w, 0) && consonant(w, 1)
	}
	return n >= 3 && consonant(w, n-3) && !consonant(w, n-2) && consonant(w, n-1) && !strings.ContainsRune("wxy", rune(w[n-1]))
}

var irregular = map[string]string{
	"skies": "sky", "sky": "sky", "dying": "die", "lying": "lie", "tying": "tie", "news": "news",
	"innings": "inning", "inning": "inning", "outings": "outing", "outing": "outing",
	"cannings": "canning", "canning": "canning", "howe": "howe",
	"proceed": "proceed", "exceed": "exceed", "succeed": "succeed",
}

// The endings of steps 2 to 4, the longer ones first.
var (
	endings2 = [][2]string{
		{"ational", "ate"},
		{"ization", "ize"},
		{"iveness", "ive"},
		{"fulness", "ful"},
		{"ousness", "ous"},
		{"tional", "tion"},
		{"biliti", "ble"},
		{"entli", "ent"},
		{"ousli", "ous"},
		{"ation", "ate"},
		{"alism", "al"},
		{"aliti", "al"},
		{"iviti", "ive"},
		{"fulli", "ful"},
		{"enci", "ence"},
		{"anci", "ance"},
		{"izer", "ize"},
		{"alli", "al"},
		{"ator", "ate"},
		{"bli", "ble"},
		{"eli", "e"},
	}
	endings3 = [][2]string{{"icate", "ic"}, {"ative", ""}, {"alize", "al"}, {"iciti", "ic"}, {"ical", "ic"}, {"ful", ""}, {"ness", ""}}
	endings4 = []string{
		"ement", "ance", "ence", "able", "ible", "ment", "ant", "ent", "ion", "ism", "ate", "iti", "ous", "ive", "ize",
		"al", "er", "ic", "ou",
	}
)
