package book

import (
	"encoding/hex"
	"net/url"
	"slices"
	"strings"
	"unicode"

	"github.com/kljensen/snowball/english"
	"golang.org/x/text/unicode/norm"
)

// Terms are what items are found by: the stems of their words, and words that
// begin with an underline for everything else that can be asked for. They
// consist of a-z, 0-9 and the underline alone, whatever the words were, so they
// mean nothing to any query language.
func Terms(it *Item) []string {
	t := terms{seen: map[string]bool{}}
	t.words("", it.Text)
	t.words("", it.Standalone)
	t.words("_r", it.Role)
	t.add("_k" + string(it.Kind))
	if it.Stance != "" {
		t.add("_t" + term(it.Stance))
	}
	if a := it.Article; a != nil {
		t.words("_o", a.Outlet)
		t.words("_o", site(a.URL))
	}
	return t.all
}

// maxTerms bounds the terms of an item, maxTerm the bytes of one.
const (
	maxTerms = 1000
	maxTerm  = 64
)

type terms struct {
	all  []string
	seen map[string]bool
}

func (t *terms) add(s string) {
	if len(t.all) < maxTerms && !t.seen[s] {
		t.seen[s] = true
		t.all = append(t.all, s)
	}
}

func (t *terms) words(prefix, text string) {
	for _, w := range foldedWords(text) {
		t.add(prefix + term(stem(w)))
	}
}

// wantedTerms are the terms of words that somebody asks for; maxWanted bounds
// them.
func wantedTerms(prefix, words string) []string {
	t := terms{seen: map[string]bool{}}
	t.words(prefix, words)
	if prefix == "" && len(t.all) > 1 {
		// The smallest words say nothing about what is asked for.
		t.all = slices.DeleteFunc(t.all, func(s string) bool { return small[s] })
	}
	return t.all[:min(len(t.all), maxWanted)]
}

const maxWanted = 16

// small are stems of words that queries and comparisons leave out.
var small = func() map[string]bool {
	m := map[string]bool{}
	for w := range strings.FieldsSeq(`a an the and or but of to in on at by for with from as is are was were be been being it its this that
		these those he she they them his her their we our you your i my me us not no do does did has have had will would can could
		may might must shall should there here who which what when where than then so if s t re ve ll d m`) {
		m[stem(w)] = true
	}
	return m
}()

// term is a word in the letters that terms consist of. Words of other scripts
// are written in hexadecimal.
func term(w string) string {
	plain := w != ""
	for i := range len(w) {
		if c := w[i]; (c < 'a' || c > 'z') && (c < '0' || c > '9') {
			plain = false
		}
	}
	if !plain {
		w = "_x" + hex.EncodeToString([]byte(w))
	}
	return w[:min(len(w), maxTerm)]
}

// stem is the stem of a folded word, by the English Snowball stemmer (Porter2).
func stem(w string) string {
	for i := range len(w) {
		if w[i] < 'a' || w[i] > 'z' {
			return w
		}
	}
	if len(w) > maxTerm {
		return w
	}
	return english.Stem(w, true)
}

// foldedWords are the words of s in small letters, without accents. "Meyer's"
// is meyer.
func foldedWords(s string) []string {
	s = strings.Map(func(r rune) rune {
		switch {
		case unicode.Is(unicode.Mn, r):
			return -1
		case r == '’':
			return '\''
		}
		return unicode.ToLower(r)
	}, norm.NFKD.String(strings.ToValidUTF8(s, " ")))
	words := strings.FieldsFunc(s, func(r rune) bool { return r != '\'' && !unicode.IsLetter(r) && !unicode.IsDigit(r) })
	out := words[:0]
	for _, w := range words {
		w = strings.TrimSuffix(strings.Trim(w, "'"), "'s")
		if w = strings.ReplaceAll(w, "'", ""); w != "" {
			out = append(out, w)
		}
	}
	return out
}

// site is the host of an address without www.
func site(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return ""
	}
	return strings.TrimPrefix(strings.ToLower(u.Hostname()), "www.")
}
