package claimreview

import (
	"strings"
	"unicode"

	"github.com/kljensen/snowball/english"
	"golang.org/x/text/unicode/norm"
)

// maxWord is the longest word in bytes that is looked at; the rest of a longer
// one is dropped.
const maxWord = 40

// word is a word of a text.
type word struct {
	text    string // lower case, without accents
	capital bool   // written with a capital letter
	first   bool   // begins a sentence, so that the capital says nothing
	upper   bool   // two letters or more, all of them capital
	money   bool   // behind a sign of a currency
}

// words cuts a text into words: "don't" becomes dont, "Ann's" ann, "1,200"
// 1200, "U.S." u.s; "%" is the word percent.
func words(text string) []word {
	text = fold(text)
	all := make([]word, 0, len(text)/5)
	first := true
	for i := 0; i < len(text); {
		c := text[i]
		switch {
		case isWordByte(c):
			w, end := readWord(text, i)
			w.first = first
			w.money = i > 0 && text[i-1] == '$'
			first = false
			all = append(all, w)
			i = end
			continue
		case c == '%':
			all = append(all, word{text: "percent"})
		case c == '.' || c == '?' || c == '!' || c == '"' || c == ':':
			first = true
		}
		i++
	}
	return all
}

// readWord reads the word that begins at i, and tells where it ends.
func readWord(text string, i int) (word, int) {
	w := word{capital: isUpper(text[i])}
	if j := i; !w.capital { // most words need no change
		for j < len(text) && (text[j] >= 'a' && text[j] <= 'z') {
			j++
		}
		if j-i <= maxWord && (j == len(text) || !isWordByte(text[j]) && text[j] != '\'' && text[j] != '.' && text[j] != ',') {
			w.text = text[i:j]
			return w, j
		}
	}
	buf := make([]byte, 0, maxWord)
	letters, uppers, dots := 0, 0, 0
	j := i
	at := func(k int) byte {
		if k >= 0 && k < len(text) {
			return text[k]
		}
		return 0
	}
scan:
	for ; j < len(text); j++ {
		c := text[j]
		switch {
		case isUpper(c):
			letters++
			uppers++
			c += 'a' - 'A'
		case c >= 'a' && c <= 'z':
			letters++
		case isDigit(c) || c >= 0x80:
		case c == '\'':
			switch next := at(j + 1); {
			case (next == 's' || next == 'S') && !isWordByte(at(j+2)):
				j += 2
				break scan
			case isWordByte(next):
				continue
			}
			break scan
		case c == ',' && isDigit(at(j-1)) && isDigit(at(j+1)):
			continue
		case c == '.' && isDigit(at(j-1)) && isDigit(at(j+1)):
		case c == '.' && isLetter(at(j-1)) && isLetter(at(j+1)) && !isWordByte(at(j-2)) && !isWordByte(at(j+2)):
			dots++ // "U.S."
		default:
			break scan
		}
		if len(buf) < maxWord {
			buf = append(buf, c)
		}
	}
	w.upper = letters > 1 && uppers == letters
	w.text = string(buf)
	if len(buf) == maxWord {
		w.text = strings.ToValidUTF8(w.text, "")
	}
	if w.upper && dots == 0 && (w.text == "us" || w.text == "usa") {
		w.text = "u.s" // the country, not the pronoun
	}
	return w, j
}

func isUpper(c byte) bool    { return c >= 'A' && c <= 'Z' }
func isLetter(c byte) bool   { return isUpper(c) || c >= 'a' && c <= 'z' }
func isDigit(c byte) bool    { return c >= '0' && c <= '9' }
func isWordByte(c byte) bool { return isLetter(c) || isDigit(c) || c >= 0x80 }

// fold takes accents away and gives ASCII to what only looks different. What
// is neither letter nor digit outside ASCII becomes a space.
func fold(text string) string {
	ascii := true
	for i := range len(text) {
		if text[i] >= 0x80 {
			ascii = false
			break
		}
	}
	if ascii {
		return text
	}
	return strings.Map(func(r rune) rune {
		switch {
		case r < 0x80:
			return r
		case r == '’' || r == '‘' || r == 'ʼ':
			return '\''
		case unicode.Is(unicode.Mn, r):
			return -1
		case r == '“' || r == '”':
			return '"'
		case unicode.Is(unicode.Sc, r):
			return '$'
		case unicode.IsLetter(r):
			return unicode.ToLower(r)
		case unicode.IsDigit(r):
			return r
		}
		return ' '
	}, norm.NFKD.String(text))
}

// stem is the word's stem by Porter's second English stemmer
// (snowballstem.org/algorithms/english). Numbers and abbreviations stay.
func stem(w string) string {
	if base, ok := irregular[w]; ok {
		w = base
	}
	if len(w) < 3 || isDigit(w[0]) || strings.Contains(w, ".") {
		return w
	}
	return english.Stem(w, true)
}

// stopwords say nothing about what a text is about. Negations are none of them.
var stopwords = func() map[string]bool {
	set := map[string]bool{}
	for w := range strings.FieldsSeq(`
a about after again ever all also am an and any are as at be because been before being both but by can could did do does
doing down during each few for from further had has have having he her here hers him himself his how i if in into is it
its itself just me more most my myself of off on once only or other our ours out over own said same say says she should
so some such than that the their theirs them themselves then there these they this those through to too under until up
upon us very was we were what when where which while who whom why will with would you your yours im youre hes shes theyre
ive weve theyve id youd hed shed theyd ill youll hell shell theyll thats whats theres heres
`) {
		set[w] = true
	}
	return set
}()
