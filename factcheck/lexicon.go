package factcheck

import (
	"embed"
	"strings"
	"sync"

	"onrecord/nlp"
)

// class is a set of word classes, one bit each. Each class is a file of the
// folder lexicon.
type class uint32

const (
	absolute    class = 1 << iota // says all or none
	comparison                    // compares, or tells of a change
	cause                         // links cause and effect
	law                           // laws, rules, permissions
	harm                          // somebody or something comes to harm
	justice                       // somebody is arrested, charged, fined, deported
	hardship                      // poverty, threats, lost work
	force                         // troops, police, weapons
	allegation                    // wrongdoing
	denial                        // contradicts
	commitment                    // binds somebody
	institution                   // bodies that answer for what they do
	evaluative                    // the writer's or speaker's taste
	judgement                     // verbs by which an article judges in its own voice
	unclear                       // says that something is not known
	hedge                         // holds back from a plain statement
	mental                        // what an I or we does in the head
	plan                          // intentions
	finding                       // what studies and investigations do
	official                      // roles of public figures
	vague                         // needs a definition before it can be looked up
	effect                        // does something to something
)

//go:embed lexicon/*.txt
var lexiconFiles embed.FS

var classFiles = []struct {
	class class
	file  string
}{
	{absolute, "absolute"},
	{comparison, "comparison"},
	{cause, "cause"},
	{law, "law"},
	{harm, "harm"},
	{justice, "justice"},
	{hardship, "hardship"},
	{force, "force"},
	{allegation, "allegation"},
	{denial, "denial"},
	{commitment, "commitment"},
	{institution, "institution"},
	{evaluative, "evaluative"},
	{judgement, "judgement"},
	{unclear, "unclear"},
	{hedge, "hedge"},
	{mental, "mental"},
	{plan, "plan"},
	{finding, "finding"},
	{official, "official"},
	{vague, "vague"},
	{effect, "effect"},
}

// phrase is an entry of a word list.
type phrase struct {
	words []string
	class class
}

// lexicon is all word lists, by the first word of the entries.
var lexicon = sync.OnceValue(func() map[string][]phrase {
	entries := map[string][]phrase{}
	for _, c := range classFiles {
		data, err := lexiconFiles.ReadFile("lexicon/" + c.file + ".txt")
		if err != nil {
			panic(err) // the file is part of the program
		}
		for line := range strings.Lines(string(data)) {
			line, _, _ = strings.Cut(line, "#")
			words := strings.Fields(line)
			if len(words) > 0 {
				entries[words[0]] = append(entries[words[0]], phrase{words, c.class})
			}
		}
	}
	return entries
})

// classes gives the classes of every token of doc. A phrase marks its first
// token.
func classes(doc *nlp.Document) []class {
	marks := make([]class, len(doc.Tokens))
	words := lexicon()
	for i, t := range doc.Tokens {
		low := strings.ToLower(t.Text)
		marks[i] = lookUp(words[t.Lemma], doc.Tokens, i)
		if low != t.Lemma {
			marks[i] |= lookUp(words[low], doc.Tokens, i)
		}
		if marks[i] != 0 {
			marks[i] = meant(doc, i, marks[i])
		}
	}
	return marks
}

// phrase is the length in tokens of the longest entry of class k at token i.
func (r *reading) phrase(i int, k class) int {
	n := 1
	t := r.Tokens[i]
	for _, first := range []string{t.Lemma, strings.ToLower(t.Text)} {
		for _, e := range lexicon()[first] {
			if e.class&k != 0 && len(e.words) > n && matches(e.words[1:], r.Tokens, i+1) {
				n = len(e.words)
			}
		}
	}
	return n
}

func lookUp(entries []phrase, tokens []nlp.Token, i int) class {
	var found class
	for _, e := range entries {
		if matches(e.words[1:], tokens, i+1) {
			found |= e.class
		}
	}
	return found
}

func matches(words []string, tokens []nlp.Token, i int) bool {
	for k, w := range words {
		if i+k >= len(tokens) || tokens[i+k].Lemma != w && !strings.EqualFold(tokens[i+k].Text, w) {
			return false
		}
	}
	return true
}

// inClass reports whether word, alone, is of class c.
func inClass(word string, c class) bool {
	for _, e := range lexicon()[word] {
		if e.class&c != 0 && len(e.words) == 1 {
			return true
		}
	}
	return false
}
