package brief

import (
	"slices"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// A fit is how well words that somebody asks for fit words of an article.
type fit int

const (
	noFit    fit = iota
	startFit     // every word asked for begins a word: "deport" and "deportations"
	wordFit      // every word asked for stands there, in one of its forms
)

// minStart is the fewest letters that may stand for the start of a word: with
// fewer, "art" would find "article".
const minStart = 4

// maxWanted bounds the words asked for: nobody types more, and each is looked
// for in the whole article.
const maxWanted = 16

// wanted are words that somebody asks for.
type wanted []wantedWord

type wantedWord struct {
	word string
	root root
}

func wantedWords(s string) wanted {
	words := foldedWords(s)
	words = slices.DeleteFunc(words, func(w string) bool { return w == "s" }) // "Meyer's"
	w := make(wanted, min(len(words), maxWanted))
	for i := range w {
		w[i] = wantedWord{words[i], rootOf(words[i])}
	}
	return w
}

// fits tells how well the words fit text: of each the best place in text
// counts, of all the worst. Case, accents, and endings that inflect do not
// matter. Without words nothing fits.
func (w wanted) fits(text string) fit {
	if len(w) == 0 {
		return noFit
	}
	var best [maxWanted]fit
	for _, have := range foldedWords(text) {
		root := rootOf(have)
		for i, want := range w {
			switch {
			case want.word == have || want.root.same(root):
				best[i] = wordFit
			case len([]rune(want.word)) >= minStart && strings.HasPrefix(have, want.word):
				best[i] = max(best[i], startFit)
			}
		}
	}
	return slices.Min(best[:len(w)])
}

// foldedWords are the words of s in small letters, without accents.
func foldedWords(s string) []string {
	return strings.FieldsFunc(strings.Map(func(r rune) rune {
		if unicode.Is(unicode.Mn, r) {
			return -1
		}
		return unicode.ToLower(r)
	}, norm.NFD.String(s)), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })
}

// A root is a word without the endings that inflect it. It may be no word.
type root struct {
	letters string
	open    bool // an ending was taken off that may have swallowed an e: "hous" of "housing"
}

func (r root) same(s root) bool {
	return r.letters == s.letters || r.open && r.letters+"e" == s.letters || s.open && s.letters+"e" == r.letters
}

// sameWord reports whether two words are forms of one.
func sameWord(a, b string) bool { return rootOf(a).same(rootOf(b)) }

// rootOf takes off plurals, -ed and -ing, as step 1 of Porter's stemmer does
// (Porter 1980): "policies" and "policy", "stopped" and "stops" are forms of one
// word. It takes small letters.
func rootOf(w string) root {
	if len(w) < minStart {
		return root{letters: w}
	}
	switch {
	case strings.HasSuffix(w, "ied") && len(w) > minStart:
		return root{letters: w[:len(w)-3] + "y"}
	case strings.HasSuffix(w, "ies") && len(w) > minStart:
		w = w[:len(w)-3] + "y"
	case hasAny(w, "sses", "xes", "ches", "shes", "oes"):
		w = w[:len(w)-2]
	case strings.HasSuffix(w, "s") && !hasAny(w, "ss", "us", "is"):
		w = w[:len(w)-1]
	}
	for _, ending := range []string{"ing", "ed"} {
		bare, ok := strings.CutSuffix(w, ending)
		if !ok || len(bare) < 3 || !strings.ContainsAny(bare, "aeiouy") || strings.HasSuffix(w, "eed") {
			continue
		}
		if n := len(bare); bare[n-1] == bare[n-2] && !strings.ContainsRune("lsz", rune(bare[n-1])) {
			return root{letters: bare[:n-1]} // "stopped"
		}
		return root{letters: bare, open: true}
	}
	return root{letters: w}
}

func hasAny(w string, endings ...string) bool {
	return slices.ContainsFunc(endings, func(e string) bool { return strings.HasSuffix(w, e) })
}
