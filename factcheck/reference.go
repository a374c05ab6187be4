package factcheck

import (
	"embed"
	"fmt"
	"slices"
	"strings"
	"sync"

	"onrecord/nlp"
	"onrecord/quote"
)

// This file finds what the words of a claim point to outside it: who "he" is,
// which agency "the agency", what "the attack" was. Two rules come first. What
// the claim names itself needs no help. And where two readings exist, nothing
// is inserted: the claim says what is unclear.
//
// Pronouns are resolved by the subject of the sentence before, if its other
// nouns cannot compete: the preferred centre of Grosz, Joshi and Weinstein
// ("Centering", Computational Linguistics 1995), kept to the cases where it has
// no rival.

//go:embed reference/*.txt
var referenceFiles embed.FS

// nominal is a noun that sums up an event told before.
type nominal struct {
	prep  string
	verbs []string
}

// references are the word lists of the folder reference.
type references struct {
	heads, bodies, people, acts map[string]bool
	nominals                    map[string]nominal
}

var referenceLists = sync.OnceValue(func() references {
	lines := func(name string) [][]string {
		data, err := referenceFiles.ReadFile("reference/" + name + ".txt")
		if err != nil {
			panic(err) // the file is part of the program
		}
		var rows [][]string
		for line := range strings.Lines(string(data)) {
			line, _, _ = strings.Cut(line, "#")
			if fields := strings.Fields(line); len(fields) > 0 {
				rows = append(rows, fields)
			}
		}
		return rows
	}
	set := func(name string) map[string]bool {
		words := map[string]bool{}
		for _, row := range lines(name) {
			words[row[0]] = true
		}
		return words
	}
	lists := references{heads: set("heads"), bodies: set("bodies"), people: set("people"), acts: set("acts"), nominals: map[string]nominal{}}
	for _, row := range lines("nominals") {
		lists.nominals[row[0]] = nominal{prep: row[1], verbs: row[2:]}
	}
	return lists
})

// reach is how many sentences back a reference is followed, mostTokens how many
// tokens of each are looked at: no sentence of a newspaper is longer.
const (
	reach      = 3
	mostTokens = 300
)

// scan gives the tokens [first, last) of sentence s that are looked at, those
// before token end only.
func (r *reading) scan(s, end int) (first, last int) {
	first, last = r.Sentences[s].First, min(r.Sentences[s].Last, end)
	return max(first, last-mostTokens), last
}

// refer writes into w what the tokens [first, last), words of c, point to
// outside them.
func (r *reading) refer(w *wording, c candidate, first, last int) {
	r.fullBodies(w, first, last)
	inserted := 0
	for i := first; i < last && inserted < 4; i++ {
		before := len(w.inside)
		switch t := r.Tokens[i]; {
		case t.Tag == "PRP" || t.Tag == "PRP$":
			r.pronoun(w, c, first, last, i)
		case t.Tag == "DT" && strings.EqualFold(t.Text, "both"):
			r.both(w, first, last, i)
		case strings.EqualFold(t.Text, "those") && i == first:
			r.those(w, last, i)
		case i == first && (t.Tag == "DT" || t.Tag == "WDT") && r.points(i) && c.quote < 0 && !r.introduces(i):
			w.unclear = append(w.unclear, fmt.Sprintf("what “%s” points to", t.Text))
		case t.Tag == "RB" && strings.EqualFold(t.Text, "here"):
			r.here(w, c, i)
		case t.Tag == "NN" || t.Tag == "NNS":
			r.definite(w, first, last, i)
		}
		inserted += len(w.inside) - before
	}
}

// points reports whether token i is a demonstrative that stands alone: "This",
// "That is …", not "This week".
func (r *reading) points(i int) bool {
	switch strings.ToLower(r.Tokens[i].Text) {
	case "this", "that", "these", "those":
		return r.Tokens[i].Rel != "det"
	}
	return false
}

// namedIn reports whether the tokens [first, last) name entity e.
func (r *reading) namedIn(first, last, e int) bool {
	return slices.ContainsFunc(r.Tokens[first:last], func(t nlp.Token) bool { return t.Entity == e })
}

// fullMention is the first place where the text has the full name of e.
func (r *reading) fullMention(e int) nlp.Span { return r.index().full[e] }

// index is what is looked up about the names of a document, made when it is
// first wanted.
type index struct {
	full         []nlp.Span       // of each entity: the first place with its full name
	first, last  map[string][]int // entities that are no people, by the first and the last of their words, two at least
	chambers     []int            // councils, boards and courts
	spoken       map[string]bool  // who is quoted, by name in lower case
	spokenEntity map[int]bool     // and by entity
	small        map[string]bool  // words that the text begins with a small letter
	heard        map[string]bool  // of each rule of the tables: whether one of its voices is quoted
}

func (r *reading) index() *index {
	if r.lookup != nil {
		return r.lookup
	}
	x := &index{
		full: make([]nlp.Span, len(r.Entities)), first: map[string][]int{}, last: map[string][]int{},
		spoken: map[string]bool{}, spokenEntity: map[int]bool{}, small: map[string]bool{}, heard: map[string]bool{},
	}
	for _, t := range r.Tokens {
		if t.Text[0] >= 'a' && t.Text[0] <= 'z' {
			x.small[t.Text] = true
		}
	}
	for i, e := range r.Entities {
		x.full[i] = r.Mentions[e.Mentions[0]].Span
		for _, m := range e.Mentions {
			if r.Mentions[m].Span.Text(r.Text) == e.Name {
				x.full[i] = r.Mentions[m].Span
				break
			}
		}
		words := strings.Fields(strings.ToLower(e.Name))
		if e.Kind == nlp.Person || len(words) < 2 {
			continue
		}
		x.first[words[0]] = append(x.first[words[0]], i)
		x.last[words[len(words)-1]] = append(x.last[words[len(words)-1]], i)
		if slices.ContainsFunc(words, func(w string) bool { return slices.Contains(councils, w) || slices.Contains(courts, w) }) {
			x.chambers = append(x.chambers, i)
		}
	}
	for _, q := range r.quotes {
		if q.Kind == quote.Speech {
			x.spoken[strings.ToLower(q.Speaker.Name)] = true
			if q.Speaker.Entity >= 0 {
				x.spokenEntity[q.Speaker.Entity] = true
			}
		}
	}
	r.lookup = x
	return x
}

// phraseAt is the noun phrase headed by token j: as text that can stand inside
// a sentence, and where it stands. A name keeps its capital.
func (r *reading) phraseAt(j int) (string, nlp.Span) {
	a, b := r.NounPhrase(j)
	span := r.SpanOf(a, b)
	text := span.Text(r.Text)
	if t := r.Tokens[a]; (!strings.HasPrefix(t.Tag, "NNP") || r.isPeople(a)) && t.Entity < 0 && !isUpper(t.Text) {
		text = lowerFirst(text)
	}
	return text, span
}

// longest is the most tokens that an inserted noun phrase may have.
const longest = 12

func (r *reading) short(j int) bool {
	a, b := r.NounPhrase(j)
	return b-a <= longest
}

// explain inserts text behind token i; what is joined to it ("’s") stays with it,
// and a possessive makes the insertion one.
func (r *reading) explain(w *wording, i int, text string, from nlp.Span) {
	at := r.Tokens[i].End
	if r.clitic(i) {
		at = r.Tokens[i+1].End
		if r.Tokens[i+1].Tag == "POS" {
			text = possessive(text)
		}
	}
	w.insert(at, text, from)
}

// possessive is the form of a name or noun phrase that owns something.
func possessive(s string) string {
	if strings.HasSuffix(s, "s") {
		return s + "’"
	}
	return s + "’s"
}

// clitic reports whether an apostrophe joins the next token to token i: "he’s",
// "the agency’s".
func (r *reading) clitic(i int) bool {
	if i+1 >= len(r.Tokens) || r.Tokens[i+1].Start != r.Tokens[i].End {
		return false
	}
	return strings.HasPrefix(r.Tokens[i+1].Text, "'") || strings.HasPrefix(r.Tokens[i+1].Text, "’")
}
