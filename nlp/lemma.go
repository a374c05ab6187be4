package nlp

import (
	"strings"
	"sync"
)

// irregular holds lexicon/irregular.txt: class and form, "v told", to lemma.
var irregular = sync.OnceValue(func() map[string]string {
	table := map[string]string{}
	for f := range entries(irregularFile) {
		table[f[0]+" "+f[1]] = f[2]
	}
	return table
})

// lemma gives the base form of a word with its Penn tag, in lower case: "say"
// for "said". Proper names keep their form.
func lemma(word, tag string) string {
	if strings.HasPrefix(tag, "NNP") {
		return word
	}
	low := strings.ToLower(word)
	switch tag {
	case "VBD", "VBN", "VBG", "VBZ", "VBP", "VB", "MD":
		if l, ok := verbForm(low, tag); ok {
			return l
		}
		return verbLemma(low, tag)
	case "NNS":
		if l, ok := irregular()["n "+low]; ok {
			return l
		}
		return nounLemma(low)
	case "JJR", "JJS", "RBR", "RBS":
		if l, ok := irregular()["a "+low]; ok {
			return l
		}
		return adjectiveLemma(low, tag)
	case "RB":
		switch low {
		case "n't", "n’t", "nt":
			return "not"
		}
	case "POS":
		return "'s"
	case "DT":
		if low == "an" {
			return "a"
		}
		switch low {
		case "these":
			return "this"
		case "those":
			return "that"
		}
	case "PRP", "PRP$":
		return pronounLemma(low)
	}
	return low
}

func verbForm(low, tag string) (string, bool) {
	switch low {
	case "'s", "’s":
		return "be", true
	case "'d", "’d":
		if tag == "MD" {
			return "would", true
		}
		return "have", true
	case "'ll", "’ll", "wo":
		return "will", true
	case "sha":
		return "shall", true
	case "lay":
		if tag == "VB" || tag == "VBP" {
			return "lay", true
		}
	case "found", "bound", "wound", "ground", "saw", "fell", "felt", "left", "bore":
		if tag == "VB" || tag == "VBP" || tag == "VBZ" {
			return low, true
		}
	}
	l, ok := irregular()["v "+low]
	return l, ok
}

func pronounLemma(low string) string {
	switch low {
	case "me":
		return "I"
	case "i":
		return "I"
	case "him":
		return "he"
	case "them", "'em", "’em":
		return "they"
	case "us", "'s", "’s":
		return "we"
	}
	return low
}

// verbLemma undoes the regular endings of verbs.
func verbLemma(low, tag string) string {
	n := len(low)
	switch {
	case tag == "VBZ" && n > 2 && low[n-1] == 's':
		if verbs()[low[:n-1]] {
			return low[:n-1]
		}
		if strings.HasSuffix(low, "es") && verbs()[low[:n-2]] {
			return low[:n-2]
		}
		return nounLemma(low)
	case tag == "VBG" && n > 4 && strings.HasSuffix(low, "ing"):
		return stem(low[:n-3])
	case (tag == "VBD" || tag == "VBN") && n > 3 && strings.HasSuffix(low, "ed"):
		if strings.HasSuffix(low, "ied") && n > 4 {
			return low[:n-3] + "y"
		}
		return stem(low[:n-2])
	}
	return low
}

// stem restores the base form from what is left when "-ed" or "-ing" is taken
// off: "stopp" is stop, "hop" is hope, "visit" is visit.
func stem(s string) string {
	single := s
	if n := len(s); n > 2 && s[n-1] == s[n-2] && !isVowel(s[n-1]) {
		single = s[:n-1]
	}
	switch known := verbs(); {
	case !strings.ContainsAny(s, "aeiouy"):
		return s
	case known[s+"e"]:
		return s + "e"
	case known[s]:
		return s
	case single != s && known[single]:
		return single
	}
	// A verb outside the list, perhaps with a prefix: "reopened".
	for i := 2; i < len(s)-2 && i < 6; i++ {
		if prefixes()[s[:i]] {
			if base := s[i:]; verbs()[base+"e"] || verbs()[base] || verbs()[strings.TrimSuffix(base, base[len(base)-1:])] {
				return s[:i] + stem(base)
			}
		}
	}
	if single != s {
		if strings.HasSuffix(s, "ll") || strings.HasSuffix(s, "ss") || strings.HasSuffix(s, "ff") || strings.HasSuffix(s, "zz") {
			return s
		}
		return single
	}
	if losesE(s) {
		return s + "e"
	}
	return s
}

func isVowel(c byte) bool { return strings.IndexByte("aeiou", c) >= 0 }

// losesE guesses whether a verb that is in no list ends in "e".
func losesE(s string) bool {
	for _, end := range []string{"at", "iz", "is", "ys", "us", "os", "as", "ns", "rs", "c", "v", "u", "dg", "rg", "ag", "if", "ur", "ir", "uc", "ul", "bl", "tl", "dl", "gl", "pl", "fl", "zl", "id", "ud", "ad", "ut", "im", "um", "yp", "ok", "ak", "ik"} {
		if strings.HasSuffix(s, end) {
			return true
		}
	}
	return false
}

// nounLemma undoes the regular plural, which is also the third person of
// verbs.
func nounLemma(low string) string {
	n := len(low)
	if n < 3 || isDigit(low[0]) || low[n-1] != 's' || strings.HasSuffix(low, "ss") || strings.HasSuffix(low, "us") && n > 4 {
		return low
	}
	switch {
	case strings.HasSuffix(low, "ies") && n > 4:
		return low[:n-3] + "y"
	case strings.HasSuffix(low, "sses"), strings.HasSuffix(low, "shes"), strings.HasSuffix(low, "ches"), strings.HasSuffix(low, "xes"), strings.HasSuffix(low, "zzes"):
		return low[:n-2]
	case strings.HasSuffix(low, "oes") && n > 4:
		return low[:n-2]
	case strings.HasSuffix(low, "'s"), strings.HasSuffix(low, "’s"):
		return strings.TrimSuffix(strings.TrimSuffix(low, "'s"), "’s")
	}
	return low[:n-1]
}

// adjectiveLemma undoes "-er" and "-est".
func adjectiveLemma(low, tag string) string {
	n := len(low)
	cut := 2
	if tag == "JJS" || tag == "RBS" {
		cut = 3
	}
	if n < cut+3 || !strings.HasSuffix(low, "er") && !strings.HasSuffix(low, "est") {
		return low
	}
	s := low[:n-cut]
	m := len(s)
	switch {
	case s[m-1] == 'i':
		return s[:m-1] + "y"
	case s[m-1] == s[m-2] && strings.IndexByte("bdgnpt", s[m-1]) >= 0:
		return s[:m-1]
	}
	return s
}
