package leash

import (
	"compress/gzip"
	"embed"
	"io"
	"slices"
	"strconv"
	"strings"
	"sync"
	"unicode"

	"onrecord/nlp"
)

// The synonyms are packed, 19 kB for 52: 'go test ./leash -run Packed -update' does it.
//
//go:embed lexicon/free.txt lexicon/guarded.txt lexicon/light.txt lexicon/synonyms.txt.gz
var files embed.FS

// lexicon is what may stand for what.
type lexicon struct {
	article, wording half            // what a word of either may stand for
	free             map[string]bool // words that need no warrant
	light            map[string]bool // words that need none if the article has not got them
	guarded          map[string]bool // small words that need one
}

// half is one half of the lexicon: an entry of two equals is in both, one that
// may only stand for a sharper word is in that of the wording.
type half struct {
	groups  map[string][]string // by word: the groups of synonyms that it is in
	phrases map[string][]phrase // by first word
}

// phrase is an entry of several words.
type phrase struct {
	words []string
	group string
}

// words is the lexicon, read when it is first wanted.
var words = sync.OnceValue(func() *lexicon {
	newSide := func() half { return half{map[string][]string{}, map[string][]phrase{}} }
	l := &lexicon{article: newSide(), wording: newSide(), free: map[string]bool{}, light: map[string]bool{}, guarded: map[string]bool{}}
	for n, line := range lines("synonyms") {
		group := "~" + strconv.Itoa(n)
		sharper, wider, oneWay := strings.Cut(line, ">")
		l.article.add(sharper, group)
		if oneWay {
			l.wording.add(wider, group)
		} else {
			l.wording.add(line, group)
		}
	}
	for name, set := range map[string]map[string]bool{"free": l.free, "light": l.light, "guarded": l.guarded} {
		for _, line := range lines(name) {
			for w := range strings.FieldsSeq(line) {
				set[w] = true
			}
		}
	}
	return l
})

// add puts the words and phrases of a list into a group.
func (s half) add(list, group string) {
	for entry := range strings.SplitSeq(list, ",") {
		switch parts := strings.Fields(entry); len(parts) {
		case 0:
		case 1:
			s.groups[parts[0]] = append(s.groups[parts[0]], group)
		default:
			s.phrases[parts[0]] = append(s.phrases[parts[0]], phrase{parts, group})
		}
	}
}

// lines are those of a file of the lexicon, without comments.
func lines(name string) []string {
	var out []string
	for line := range strings.Lines(string(file(name))) {
		if line = strings.TrimSpace(line); line != "" && line[0] != '#' {
			out = append(out, line)
		}
	}
	return out
}

// file gives the text of a file of the lexicon.
func file(name string) []byte {
	data, err := files.ReadFile("lexicon/" + name + ".txt")
	if err == nil {
		return data
	}
	packed, err := files.Open("lexicon/" + name + ".txt.gz")
	if err != nil {
		panic(err) // it is embedded
	}
	r, err := gzip.NewReader(packed)
	if err != nil {
		panic(err)
	}
	if data, err = io.ReadAll(r); err != nil {
		panic(err)
	}
	return data
}

// word is what the check wants to know of a token.
type word struct {
	keys    []string // two words that share one may stand for each other; none for words that need no warrant
	lemma   string   // in small letters
	content bool     // it needs a warrant in the article
	degree  byte     // 'c' for a comparative, 's' for a superlative
	clause  int      // index into reading.clauses, -1 for none
	quote   int      // index into reading.quotes of the smallest one around it, -1 for none
}

// wordsOf gives the words of doc, read with one half of the lexicon.
func wordsOf(doc *nlp.Document, half half) []word {
	l := words()
	out := make([]word, len(doc.Tokens))
	part := make([]bool, len(doc.Tokens)) // of a phrase that began before
	for i, t := range doc.Tokens {
		w := &out[i]
		w.clause, w.quote = -1, -1
		w.lemma = strings.ToLower(t.Lemma)
		text := strings.ToLower(t.Text)
		if !strings.ContainsFunc(text, func(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) }) {
			continue
		}
		w.content = l.guarded[text] || openClass(t) && !l.free[w.lemma]
		if i+1 < len(doc.Tokens) {
			switch next := strings.ToLower(doc.Tokens[i+1].Lemma); {
			case text == "yet" && next == "to", (text == "each" || text == "every") && timeUnits[next]:
				w.content = false // "has yet to decide", "each year" for "a year"
			}
		}
		if rest, group := half.phraseAt(doc, i); len(rest) > 0 {
			for _, j := range rest {
				part[j] = true
			}
			w.keys = group
			w.content = w.content || openClass(t) || slices.ContainsFunc(rest, func(j int) bool { return l.guarded[strings.ToLower(doc.Tokens[j].Text)] })
			if strings.HasPrefix(t.Tag, "VB") {
				continue // "put off" is not "put"
			}
		}
		if part[i] {
			w.content = false // the phrase has what warrant it needs
		} else if !w.content && !openClass(t) {
			if becauseSince(doc, i) {
				w.keys = half.groups["because"]
			}
			if text == "when" || text == "once" {
				w.keys = half.groups[text]
			}
			if text == "unable" {
				w.keys = []string{"=able"}
			}
			continue
		}
		w.keys = append(w.keys, "="+stem(w.lemma), "="+stem(text))
		w.keys = append(w.keys, half.groups[w.lemma]...)
		if text != w.lemma {
			w.keys = append(w.keys, half.groups[text]...)
		}
		switch t.Tag {
		case "JJR", "RBR":
			w.degree = 'c'
		case "JJS", "RBS":
			w.degree = 's'
		}
	}
	return out
}

// phraseAt gives the tokens of the longest phrase of the lexicon that begins
// with token i, without i, and the groups that it is in. Up to three words may
// stand between a verb and its particle: "put the talks off".
func (s half) phraseAt(doc *nlp.Document, i int) (rest []int, groups []string) {
	most := 0
	for _, name := range []string{strings.ToLower(doc.Tokens[i].Lemma), strings.ToLower(doc.Tokens[i].Text)} {
		for _, p := range s.phrases[name] {
			var at []int
			j := i + 1
			for n, want := range p.words[1:] {
				limit := j
				if n == 0 && strings.HasPrefix(doc.Tokens[i].Tag, "VB") {
					limit = j + 3
				}
				found := -1
				for k := j; k <= limit && k < len(doc.Tokens) && doc.Tokens[k].Sentence == doc.Tokens[i].Sentence; k++ {
					t := doc.Tokens[k]
					if strings.EqualFold(t.Lemma, want) || strings.EqualFold(t.Text, want) {
						found = k
						break
					}
				}
				if found < 0 || found > j && len(p.words) == 2 && doc.Tokens[found].Head != i {
					at = nil
					break
				}
				at = append(at, found)
				j = found + 1
			}
			switch {
			case len(at) == 0, len(p.words) < most:
			case len(p.words) > most:
				most, rest, groups = len(p.words), at, []string{"=" + strings.Join(p.words, " "), p.group}
			default:
				groups = append(groups, "="+strings.Join(p.words, " "), p.group)
			}
		}
	}
	return rest, groups
}

// openClass reports whether a token is a noun, a verb, an adjective, an adverb
// or a figure.
func openClass(t nlp.Token) bool {
	switch {
	case strings.HasPrefix(t.Rel, "aux"), t.Rel == "cop":
		return false
	case negators[strings.ToLower(t.Lemma)]:
		return false
	}
	switch t.Tag {
	case "NN", "NNS", "NNP", "NNPS", "JJ", "JJR", "JJS", "VB", "VBD", "VBG", "VBN", "VBP", "VBZ", "RB", "RBR", "RBS", "CD", "FW", "UH":
		return true
	}
	return false
}

// match reports whether two words may stand for each other.
func match(a, b word) bool {
	for _, k := range a.keys {
		if slices.Contains(b.keys, k) {
			return true
		}
	}
	return false
}

// endings are what makes another word of the same root, longest first. What is
// left must have minRoot letters.
var endings = []string{
	"isations", "isation", "ations", "ation", "ators", "ator", "ating", "ated", "ates", "ate", "ising", "ised", "ises", "ise", "ysing", "ysed", "yses", "yse", "ications", "ication", "itions", "ition", "ments", "ment", "ances", "ance", "enses", "ense",
	"ions", "ion", "ings", "ing", "ists", "ist", "ives", "ive", "ities", "ity", "ness", "able", "ible", "ally", "al", "ly", "ers", "er", "ors", "or", "ies", "ied", "ed", "es", "e", "s", "y",
}

const minRoot = 4

// stem takes the endings off a word, so that "evacuate" and "evacuation" are
// one. It may join words that are not of one root ("general", "generous");
// they rarely meet in one article.
func stem(w string) string {
	w = spelling.Replace(w)
	if n := strings.Index(w, "our"); n > 2 {
		w = w[:n] + "or" + w[n+3:] // "labour", not "four"
	}
	for range 2 {
		for _, e := range endings {
			if root, ok := strings.CutSuffix(w, e); ok && len(root) >= minRoot {
				w = root
				break
			}
		}
	}
	if n := len(w); n > minRoot && w[n-1] == w[n-2] {
		w = w[:n-1]
	}
	return w
}

// spelling makes one of what is written in two ways on the two sides of the
// Atlantic.
var spelling = strings.NewReplacer("iz", "is", "yz", "ys", "ence", "ense", "ogue", "og", "centre", "center", "theatre", "theater", "metre", "meter", "fibre", "fiber", "programme", "program")

// timeUnits are the units of time, which may not be taken from another
// sentence.
var timeUnits = set("second", "minute", "hour", "day", "week", "month", "year", "decade", "century")
