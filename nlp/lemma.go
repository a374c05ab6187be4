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

func isVowel(c byte) bool { return strings.IndexByte("aeiou", c) >= 0 }

// verbLemma undoes the regular endings of verbs.
func verbLemma(low, tag string) string {
	n := len(low)
	switch {
	case tag == "VBZ" && n > 2 && low[n-1] == 's':
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
	n := len(s)
	if n < 2 || !hasVowel(s) {
		return s
	}
	last := s[n-1]
	if n >= 3 && last == s[n-2] && !isVowel(last) {
		switch last {
		case 's', 'f', 'z', 'l':
			if last == 'l' && n > 4 && isVowel(s[n-3]) && syllables(s) > 1 && !strings.HasSuffix(s, "roll") && !strings.HasSuffix(s, "stall") && !strings.HasSuffix(s, "sell") && !strings.HasSuffix(s, "fill") && !strings.HasSuffix(s, "call") && !strings.HasSuffix(s, "kill") && !strings.HasSuffix(s, "spell") && !strings.HasSuffix(s, "pull") {
				return s[:n-1]
			}
			return s
		}
		if s == "add" || s == "err" || s == "ebb" || s == "butt" || s == "putt" || s == "purr" {
			return s
		}
		return s[:n-1]
	}
	if needsE(s) {
		return s + "e"
	}
	return s
}

func hasVowel(s string) bool { return strings.ContainsAny(s, "aeiouy") }

func syllables(s string) int {
	count, vowel := 0, false
	for i := range len(s) {
		v := isVowel(s[i]) || s[i] == 'y' && i > 0
		if v && !vowel {
			count++
		}
		vowel = v
	}
	return count
}

// needsE reports whether a verb that was cut off before "-ed" or "-ing" has
// lost an "e" there.
func needsE(s string) bool {
	n := len(s)
	last := s[n-1]
	prev := s[n-2]
	switch last {
	case 'c', 'v', 'u', 'z':
		return !strings.HasSuffix(s, "zz") && !strings.HasSuffix(s, "blitz") && !strings.HasSuffix(s, "waltz")
	case 's':
		if strings.HasSuffix(s, "ocus") || strings.HasSuffix(s, "bias") || strings.HasSuffix(s, "canvas") {
			return false
		}
		return true
	case 'g':
		return prev == 'd' || prev == 'a' || prev == 'r' || prev == 'l' && !strings.HasSuffix(s, "oolg") || prev == 'i' || prev == 'e' || prev == 'u' || prev == 'n' && (strings.HasSuffix(s, "rang") || strings.HasSuffix(s, "hang") && strings.HasSuffix(s, "chang") || strings.HasSuffix(s, "lleng") || strings.HasSuffix(s, "veng") || strings.HasSuffix(s, "ung") && strings.HasSuffix(s, "plung") || strings.HasSuffix(s, "inging") || strings.HasSuffix(s, "ring") && strings.HasSuffix(s, "fring") || strings.HasSuffix(s, "ounge"))
	case 'l':
		return !isVowel(prev) && prev != 'l' && prev != 'r' && prev != 'w' || schedulesL(s)
	case 'h':
		return strings.HasSuffix(s, "breath") || strings.HasSuffix(s, "cloth") || strings.HasSuffix(s, "sooth") || strings.HasSuffix(s, "bath") || strings.HasSuffix(s, "loath") || strings.HasSuffix(s, "seeth")
	case 'w', 'x', 'y', 'o', 'i', 'a':
		return s == "ow" || s == "aw" || strings.HasSuffix(s, "dy") && n == 2
	case 'e':
		return prev != 'e' && n > 2 || s == "agre" || s == "fre" || s == "disagre"
	}
	if isVowel(prev) {
		if n >= 3 && isVowel(s[n-3]) {
			// Two vowels: "increas" is taken above; "decid" has one. "creat", "situat" end in a vowel pair over two syllables.
			if last == 't' && prev == 'a' && (s[n-3] == 'e' && (strings.HasSuffix(s, "creat") || strings.HasSuffix(s, "neat") && n > 5 || strings.HasSuffix(s, "delineat")) || s[n-3] == 'i' || s[n-3] == 'u') {
				return true
			}
			if s[n-3] == 'u' && (n >= 4 && s[n-4] == 'q' || strings.HasSuffix(s, "guid")) {
				return last != 't' && last != 'p' && last != 'l' || strings.HasSuffix(s, "quot") || strings.HasSuffix(s, "quat")
			}
			return false
		}
		return singleVowel(s, last, prev)
	}
	if last == 'r' && !isVowel(prev) {
		return false
	}
	if last == 't' && strings.HasSuffix(s, "past") && n > 4 || strings.HasSuffix(s, "wast") || s == "tast" || s == "hast" || s == "bast" {
		return true
	}
	return false
}

func schedulesL(s string) bool {
	for _, end := range []string{"ul", "il", "ol"} {
		if strings.HasSuffix(s, end) {
			for _, word := range []string{"schedul", "rul", "reconcil", "smil", "fil", "pil", "compil", "exil", "profil", "control-", "consol", "cajol", "parol", "whil", "ridicul", "styl", "overrul", "tol"} {
				if strings.HasSuffix(s, word) {
					return true
				}
			}
		}
	}
	return false
}

// singleVowel decides about a stem that ends in one vowel and one consonant:
// "hop", "decid" have lost an "e"; "visit", "open", "offer" have not.
func singleVowel(s string, last, prev byte) bool {
	if syllables(s) == 1 {
		return true // "hop", "lik"; a short vowel would have doubled its consonant
	}
	switch last {
	case 'n':
		switch prev {
		case 'e':
			return strings.HasSuffix(s, "ven") && strings.HasSuffix(s, "terven") || strings.HasSuffix(s, "conven")
		case 'o':
			return strings.HasSuffix(s, "pon") && strings.HasSuffix(s, "postpon") || strings.HasSuffix(s, "phon") || strings.HasSuffix(s, "con-don") || strings.HasSuffix(s, "condon")
		case 'i':
			return !strings.HasSuffix(s, "gin") || strings.HasSuffix(s, "imagin")
		}
		return prev == 'u'
	case 'r':
		switch prev {
		case 'e':
			return strings.HasSuffix(s, "fer") && strings.HasSuffix(s, "interfer") || strings.HasSuffix(s, "adher") || strings.HasSuffix(s, "sever") && false || strings.HasSuffix(s, "persever")
		case 'o':
			return strings.HasSuffix(s, "plor") || strings.HasSuffix(s, "gnor") || strings.HasSuffix(s, "stor") || strings.HasSuffix(s, "ador")
		case 'a':
			return true
		}
		return true
	case 't':
		switch prev {
		case 'a':
			return !strings.HasSuffix(s, "combat") && !strings.HasSuffix(s, "format")
		case 'e':
			return strings.HasSuffix(s, "let") && strings.HasSuffix(s, "delet") || strings.HasSuffix(s, "complet") || strings.HasSuffix(s, "compet")
		case 'i':
			return strings.HasSuffix(s, "cit") || strings.HasSuffix(s, "nit") && (strings.HasSuffix(s, "unit") || strings.HasSuffix(s, "ignit")) || strings.HasSuffix(s, "vit") || strings.HasSuffix(s, "writ") || strings.HasSuffix(s, "spit") && strings.HasSuffix(s, "despit")
		case 'o':
			return strings.HasSuffix(s, "mot") || strings.HasSuffix(s, "vot") || strings.HasSuffix(s, "quot") || strings.HasSuffix(s, "not")
		}
		return !strings.HasSuffix(s, "but") || strings.HasSuffix(s, "tribut") && false
	case 'd':
		return prev != 'e' || strings.HasSuffix(s, "ced") || strings.HasSuffix(s, "ped")
	case 'm':
		return !strings.HasSuffix(s, "om") || strings.HasSuffix(s, "com")
	case 'p':
		return !strings.HasSuffix(s, "velop") && !strings.HasSuffix(s, "ssip") && !strings.HasSuffix(s, "lop") && !strings.HasSuffix(s, "ship")
	case 'k':
		return true
	case 'b':
		return true
	}
	return false
}

// nounLemma undoes the regular plural, which is also the third person of
// verbs.
func nounLemma(low string) string {
	n := len(low)
	if n < 3 || low[n-1] != 's' || strings.HasSuffix(low, "ss") || strings.HasSuffix(low, "us") && n > 4 {
		return low
	}
	switch {
	case strings.HasSuffix(low, "ies") && n > 4:
		return low[:n-3] + "y"
	case strings.HasSuffix(low, "sses"), strings.HasSuffix(low, "shes"), strings.HasSuffix(low, "ches"), strings.HasSuffix(low, "xes"), strings.HasSuffix(low, "zzes"), strings.HasSuffix(low, "uses") && n > 6 && strings.HasSuffix(low, "ruses"):
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
	case strings.HasSuffix(s, "larg"), strings.HasSuffix(s, "lat"), strings.HasSuffix(s, "wid"), strings.HasSuffix(s, "clos"), strings.HasSuffix(s, "nic"), strings.HasSuffix(s, "saf"), strings.HasSuffix(s, "rar"), strings.HasSuffix(s, "sever"), strings.HasSuffix(s, "strang"), strings.HasSuffix(s, "wis"), strings.HasSuffix(s, "simpl"), strings.HasSuffix(s, "bl"), strings.HasSuffix(s, "fin"), strings.HasSuffix(s, "brav"), strings.HasSuffix(s, "loos"), strings.HasSuffix(s, "pur"), strings.HasSuffix(s, "tam"), strings.HasSuffix(s, "gentl"), strings.HasSuffix(s, "hug"), strings.HasSuffix(s, "fierc"), strings.HasSuffix(s, "whit"):
		return s + "e"
	}
	return s
}
