package quote

import (
	_ "embed"
	"strings"
	"sync"
)

var (
	//go:embed lexicon/verbs.txt
	verbFile string
	//go:embed lexicon/nouns.txt
	nounFile string
	//go:embed lexicon/roles.txt
	roleFile string
)

// A frame says in which constructions a cue has its content. See
// lexicon/verbs.txt.
type frame uint16

const (
	frameQuote      frame = 1 << iota // q
	frameClause                       // c
	frameNoun                         // n
	frameInfinitive                   // i
	frameParticle                     // p
	frameSmall                        // s
	frameAddressee                    // t
	frameAfter                        // v
)

const frameLetters = "qcnipstv"

// A lexeme is what the lexicon says of one cue word.
type lexeme struct {
	lemma    string // "call"
	particle string // "for" of "call for"; empty for most
	kind     Kind
	stance   Stance
	frames   frame
	openers  []string // of a noun: the words that open its content
}

func (l *lexeme) has(f frame) bool { return l.frames&f != 0 }

// verbs gives the lexemes of each verb lemma, those with a particle first.
var verbs = sync.OnceValue(func() map[string][]lexeme {
	table := map[string][]lexeme{}
	for line := range strings.Lines(verbFile) {
		f := strings.Fields(line)
		if len(f) == 0 || f[0] == "#" {
			continue
		}
		at := 1
		for f[at] != string(Speech) && f[at] != string(Other) {
			at++
		}
		l := lexeme{
			lemma: f[0], particle: strings.Join(f[1:at], " "),
			kind: Kind(f[at]), stance: Stance(f[at+1]),
		}
		for _, letter := range f[at+2:] {
			l.frames |= 1 << strings.Index(frameLetters, letter)
		}
		if l.particle != "" {
			table[l.lemma] = append([]lexeme{l}, table[l.lemma]...)
		} else {
			table[l.lemma] = append(table[l.lemma], l)
		}
	}
	return table
})

// nouns gives the lexeme of each noun lemma.
var nouns = sync.OnceValue(func() map[string]lexeme {
	table := map[string]lexeme{}
	for line := range strings.Lines(nounFile) {
		f := strings.Fields(line)
		if len(f) == 0 || f[0] == "#" {
			continue
		}
		table[f[0]] = lexeme{lemma: f[0], kind: Kind(f[1]), stance: Stance(f[2]), openers: f[3:]}
	}
	return table
})

// roleNouns holds the nouns for what a person is.
var roleNouns = sync.OnceValue(func() map[string]bool {
	set := map[string]bool{}
	for line := range strings.Lines(roleFile) {
		if !strings.HasPrefix(line, "#") {
			for w := range strings.FieldsSeq(line) {
				set[w] = true
			}
		}
	}
	return set
})
