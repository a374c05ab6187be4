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
	heads, bodies, people map[string]bool
	nominals              map[string]nominal
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
	lists := references{heads: set("heads"), bodies: set("bodies"), people: set("people"), nominals: map[string]nominal{}}
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

// pronoun resolves the personal pronoun at token i.
func (r *reading) pronoun(w *wording, c candidate, first, last, i int) {
	switch word := strings.ToLower(r.Tokens[i].Text); word {
	case "he", "him", "his":
		r.thirdPerson(w, c, first, last, i, nlp.Masculine)
	case "she", "her", "hers":
		r.thirdPerson(w, c, first, last, i, nlp.Feminine)
	case "they", "their":
		if r.opens(first, i) && !r.hasPlural(first, i) {
			r.they(w, c, i)
		}
	case "it", "its":
		if r.opens(first, i) && !r.introduces(i) {
			r.it(w, c, first, i)
		}
	}
}

// opens reports whether token i is the first word of the claim that could be
// a noun: only conjunctions and adverbs stand before it.
func (r *reading) opens(first, i int) bool {
	if i-first > 3 {
		return false
	}
	for k := first; k < i; k++ {
		switch tag := r.Tokens[k].Tag; {
		case tag == "CC" || tag == "RB" || tag == "IN" && r.Tokens[k].Rel == "mark" || isMark(r.Tokens[k].Text):
		default:
			return false
		}
	}
	return true
}

func (r *reading) hasPlural(first, i int) bool {
	for k := first; k < i; k++ {
		if tag := r.Tokens[k].Tag; tag == "NNS" || tag == "NNPS" {
			return true
		}
	}
	return false
}

// thirdPerson says who the "he" or "she" at token i is. Only the first such
// pronoun of a claim is looked at, and only where nobody is named in the claim
// before it.
func (r *reading) thirdPerson(w *wording, c candidate, first, last, i int, g nlp.Gender) {
	if i-first > 12 {
		return
	}
	for k := first; k < i; k++ {
		t := r.Tokens[k]
		if t.Tag == "PRP" || t.Tag == "PRP$" {
			switch strings.ToLower(t.Text) {
			case "he", "him", "his", "she", "her", "hers":
				return // the same person, or a second one who needs no less context
			}
		}
		if r.isPerson(k, g) {
			return
		}
	}
	if c.quote >= 0 && !r.frames(c) && !r.verbatim(c, i) {
		// "He would stay, Roe said": the speaker stands before the words.
		e := r.quotes[c.quote].Speaker.Entity
		if e >= 0 && e < len(r.Entities) && fits(r.Entities[e], g) {
			return
		}
	}
	who, rivals := r.whom(i, g, reach)
	switch {
	case who >= 0:
		if r.namedIn(first, last, who) || r.speaks(i, who) {
			return
		}
		e := r.Entities[who]
		name := e.Name
		if r.Tokens[i].Tag == "PRP$" || strings.EqualFold(r.Tokens[i].Text, "his") {
			name = possessive(name)
		}
		r.explain(w, i, name, r.fullMention(who))
	case len(rivals) > 0:
		w.unclear = append(w.unclear, fmt.Sprintf("who “%s” is: %s", r.Tokens[i].Text, strings.Join(rivals, " or ")))
	}
}

// speaks reports whether entity e says the words, in quotation marks, that
// token i is one of: nobody calls himself "he".
func (r *reading) speaks(i, e int) bool {
	q := r.said[i]
	return q >= 0 && r.quotes[q].Type != quote.Indirect && r.quotes[q].Speaker.Entity == e
}

// verbatim reports whether token i stands in words that the speaker of c said
// as they are, so that "he" is somebody else.
func (r *reading) verbatim(c candidate, i int) bool {
	return r.quotes[c.quote].Type == quote.Direct || r.insideMarks(c) || r.said[i] >= 0 && r.quotes[r.said[i]].Type == quote.Direct
}

func fits(e nlp.Entity, g nlp.Gender) bool {
	return e.Kind == nlp.Person && (e.Gender == g || e.Gender == "")
}

// isPerson reports whether token k names somebody, or is a noun for somebody,
// who can be meant by a pronoun of gender g.
func (r *reading) isPerson(k int, g nlp.Gender) bool {
	t := r.Tokens[k]
	if t.Entity >= 0 {
		return fits(r.Entities[t.Entity], g)
	}
	if t.Tag != "NN" || !referenceLists().people[t.Lemma] {
		return false
	}
	switch t.Lemma {
	case "woman", "girl", "mother", "spokeswoman":
		return g == nlp.Feminine
	case "man", "boy", "father", "spokesman":
		return g == nlp.Masculine
	}
	return true
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
	heard        map[string]bool  // of each rule of the tables: whether one of its voices is quoted
}

func (r *reading) index() *index {
	if r.lookup != nil {
		return r.lookup
	}
	x := &index{
		full: make([]nlp.Span, len(r.Entities)), first: map[string][]int{}, last: map[string][]int{},
		spoken: map[string]bool{}, spokenEntity: map[int]bool{}, heard: map[string]bool{},
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

// whom gives the person that the pronoun at token i means, as an entity, or -1
// and those who compete.
func (r *reading) whom(i int, g nlp.Gender, depth int) (int, []string) {
	if depth < 0 {
		return -1, nil
	}
	speaker := -1
	if q := r.said[i]; q >= 0 && r.quotes[q].Type != quote.Indirect {
		speaker = r.quotes[q].Speaker.Entity
	}
	for back := 0; back <= reach; back++ {
		s := r.Tokens[i].Sentence - back
		if s < 0 {
			return -1, nil
		}
		first, last := r.scan(s, len(r.Tokens))
		if back == 0 {
			first, last = r.scan(s, i)
		}
		var people []int         // entities
		var nouns []string       // "a woman"
		weight := map[int]bool{} // who is more than a modifier
		for k := first; k < last; k++ {
			t := r.Tokens[k]
			switch {
			case t.Entity >= 0 && t.Entity != speaker && fits(r.Entities[t.Entity], g):
				if back == 0 && r.sameClause(k, i) {
					continue
				}
				if !slices.Contains(people, t.Entity) {
					people = append(people, t.Entity)
				}
				if r.weighs(k) {
					weight[t.Entity] = true
				}
			case t.Entity < 0 && r.isPerson(k, g) && r.weighs(k) && !r.describesName(k):
				a, _ := r.NounPhrase(k)
				nouns = append(nouns, r.text(max(a, k-2), k+1))
			}
		}
		// Who is named with the pronoun in one clause is somebody else.
		people = slices.DeleteFunc(people, func(e int) bool { return r.argumentWith(i, e) })
		top := -1
		if back > 0 {
			if r.isGendered(r.mainSubject(s), g) {
				// "He … He …": the chain goes on.
				who, rivals := r.whom(r.mainSubject(s), g, depth-1)
				if who >= 0 && slices.ContainsFunc(people, func(e int) bool { return e != who && weight[e] }) {
					return -1, r.namesOf(append(people, who))
				}
				return who, rivals
			}
			top = r.topPerson(s, people)
		}
		switch {
		case len(people) == 0 && len(nouns) == 0:
			continue
		case len(people) == 0:
			return -1, []string{"“" + nouns[0] + "”"}
		case len(people) == 1 && (len(nouns) == 0 || top == people[0]):
			return people[0], nil
		case top >= 0 && len(nouns) == 0 && !slices.ContainsFunc(people, func(e int) bool { return e != top && weight[e] }):
			return top, nil
		case len(people) == 1:
			return -1, append(r.namesOf(people), "“"+nouns[0]+"”")
		}
		return -1, r.namesOf(people)
	}
	return -1, nil
}

// topPerson is the one of people who is the subject of sentence s, or who
// speaks in it.
func (r *reading) topPerson(s int, people []int) int {
	for _, q := range r.bySent[s] {
		e := r.quotes[q].Speaker.Entity
		if e >= 0 && slices.Contains(people, e) && r.quotes[q].Kind == quote.Speech && slices.ContainsFunc(r.quotes[q].Cue, r.Sentences[s].Overlaps) {
			return e
		}
	}
	if j := r.mainSubject(s); j >= 0 && slices.Contains(people, r.Tokens[j].Entity) {
		return r.Tokens[j].Entity
	}
	return -1
}

// namesOf are the names of entities, each once.
func (r *reading) namesOf(entities []int) []string {
	var out []string
	for _, e := range entities {
		if name := r.Entities[e].Name; !slices.Contains(out, name) {
			out = append(out, name)
		}
	}
	return out
}

// weighs reports whether the noun at token k can be what a later pronoun
// means: it is an argument of a verb of the main clause, not a modifier of
// another noun and not deep in a relative clause.
func (r *reading) weighs(k int) bool {
	for range 4 {
		switch r.Tokens[k].Rel {
		case "flat", "appos":
			k = r.Tokens[k].Head
			continue
		case "nsubj", "nsubj:pass", "obj", "iobj", "conj", "root":
		case "obl":
		default:
			return false
		}
		break
	}
	h := r.Tokens[k].Head
	for hops := 0; h >= 0 && hops < 12; hops++ {
		switch r.Tokens[h].Rel {
		case "acl:relcl", "acl", "advcl":
			return false
		}
		h = r.Tokens[h].Head
	}
	return true
}

// describesName reports whether the noun at token k says what somebody with a
// name is: "Ann Roe, a teacher", "Roe is a teacher".
func (r *reading) describesName(k int) bool {
	if k+1 < len(r.Tokens) && r.Tokens[k+1].Entity >= 0 && r.Entities[r.Tokens[k+1].Entity].Kind == nlp.Person {
		return true // "Prosecutor Ann Roe"
	}
	if r.Tokens[k].Rel == "appos" || r.Child(k, "cop") >= 0 || r.Child(k, "appos", "flat") >= 0 {
		return true
	}
	c := r.Child(k, "case")
	return c >= 0 && strings.EqualFold(r.Tokens[c].Text, "as")
}

// sameClause reports whether the name at token k and the pronoun at token i
// are arguments of one verb.
func (r *reading) sameClause(k, i int) bool {
	h := r.Tokens[i].Head
	if r.Tokens[i].Tag == "PRP$" {
		return false
	}
	return h >= 0 && r.Tokens[k].Head == h
}

// argumentWith reports whether entity e is named as an object beside the
// subject pronoun at token i: "He described Roe".
func (r *reading) argumentWith(i, e int) bool {
	t := r.Tokens[i]
	if t.Head < 0 || t.Tag != "PRP" || t.Rel != "nsubj" && t.Rel != "nsubj:pass" {
		return false
	}
	for _, k := range r.Children(t.Head) {
		if rel := r.Tokens[k].Rel; r.Tokens[k].Entity == e && (rel == "obj" || rel == "iobj" || rel == "obl") {
			return true
		}
	}
	return false
}

// mainSubject is the subject of the main verb of sentence s, -1 without one.
func (r *reading) mainSubject(s int) int {
	root := r.Root(s)
	if root < 0 {
		return -1
	}
	return r.Child(root, "nsubj", "nsubj:pass")
}

func (r *reading) isGendered(i int, g nlp.Gender) bool {
	if i < 0 {
		return false
	}
	low := strings.ToLower(r.Tokens[i].Text)
	return g == nlp.Masculine && low == "he" || g == nlp.Feminine && low == "she"
}

// phraseAt is the noun phrase headed by token j: as text that can stand inside
// a sentence, and where it stands. A name keeps its capital.
func (r *reading) phraseAt(j int) (string, nlp.Span) {
	a, b := r.NounPhrase(j)
	span := r.SpanOf(a, b)
	text := span.Text(r.Text)
	if t := r.Tokens[a]; !strings.HasPrefix(t.Tag, "NNP") && t.Entity < 0 && !isUpper(t.Text) {
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

// they says who the "they" at token i, the head of a claim, are: the plural
// subject of the nearest sentence before that has one fit for the verb.
func (r *reading) they(w *wording, c candidate, i int) {
	if c.quote >= 0 && !r.frames(c) && !r.verbatim(c, i) {
		return // the speakers, who stand before the words
	}
	t := r.Tokens[i]
	speaks := false
	if t.Head >= 0 && t.Tag == "PRP" {
		_, speaks = r.ReportingVerb(t.Head)
		speaks = speaks || r.said[i] < 0 && len(r.bySent[t.Sentence]) > 0 && r.marks[t.Head]&finding != 0
	}
	open := func(what string) {
		w.unclear = append(w.unclear, fmt.Sprintf("who “%s” are%s", t.Text, what))
	}
	for s := t.Sentence - 1; s >= max(t.Sentence-reach, 0); s-- {
		j := r.mainSubject(s)
		if j < 0 && !speaks {
			break
		}
		if j < 0 {
			continue
		}
		if strings.EqualFold(r.Tokens[j].Text, "they") {
			continue // the chain goes on
		}
		plural := r.Tokens[j].Tag == "NNS" || r.Tokens[j].Tag == "NNPS" || referenceLists().people[r.Tokens[j].Lemma] && r.Tokens[j].Lemma == "police"
		human := referenceLists().people[r.Tokens[j].Lemma] || speaks && isAgent(r.Tokens[j].Lemma)
		if r.said[i] >= 0 && r.said[j] < 0 && !human {
			break // what the article says before the quotation need not be the speaker's topic
		}
		if speaks && !human || !plural && r.Tokens[j].Entity < 0 && speaks {
			continue
		}
		if !plural || !r.short(j) {
			open("")
			return
		}
		if rival := r.rival(s, j, human); rival >= 0 {
			a, _ := r.phraseAt(j)
			b, _ := r.phraseAt(rival)
			open(": " + a + " or " + b)
			return
		}
		text, span := r.phraseAt(j)
		if t.Tag == "PRP$" {
			text = possessive(text)
		}
		w.insert(t.End, text, span)
		return
	}
	open("")
}

// isAgent reports whether a noun has the ending of words for people.
func isAgent(lemma string) bool {
	switch lemma {
	case "number", "paper", "letter", "water", "power", "order", "river", "tower", "computer", "figure", "matter", "quarter", "centre", "center", "factor", "border", "offer", "answer":
		return false
	}
	for _, end := range []string{"er", "or", "ist", "ian", "man", "woman"} {
		if len(lemma) > len(end)+2 && strings.HasSuffix(lemma, end) {
			return true
		}
	}
	return false
}

// rival is another plural noun of sentence s, an argument of its main verb,
// that "they" could mean as well as its subject j; -1 without one.
func (r *reading) rival(s, j int, human bool) int {
	first, last := r.scan(s, len(r.Tokens))
	for k := first; k < last; k++ {
		t := r.Tokens[k]
		if k == j || t.Tag != "NNS" && t.Tag != "NNPS" || !r.weighs(k) || human && !referenceLists().people[t.Lemma] {
			continue
		}
		if from, to := r.TimesIn(t.Span); from == to {
			return k
		}
	}
	return -1
}

// it says what the "it" at token i, the head of a claim, is: the name that is
// the subject of the sentence before, or its only thing.
func (r *reading) it(w *wording, c candidate, first, i int) {
	t := r.Tokens[i]
	if c.quote >= 0 && !r.frames(c) && !r.verbatim(c, i) {
		if e := r.quotes[c.quote].Speaker.Entity; e < 0 || r.Entities[e].Kind != nlp.Person {
			return // the body that speaks
		}
	}
	open := func() {
		w.unclear = append(w.unclear, fmt.Sprintf("what “%s” points to", t.Text))
	}
	if t.Head >= 0 && t.Tag == "PRP" && r.Child(t.Head, "cop") >= 0 || r.clitic(i) {
		open() // "It was the first time": a state of affairs as well as a thing
		return
	}
	for s := t.Sentence - 1; s >= max(t.Sentence-2, 0); s-- {
		j := r.mainSubject(s)
		if j < 0 {
			break
		}
		if low := strings.ToLower(r.Tokens[j].Text); low == "it" && r.Tokens[j].Rel != "expl" {
			continue
		}
		name := strings.HasPrefix(r.Tokens[j].Tag, "NNP") && r.Tokens[j].Tag != "NNPS"
		e := r.Tokens[j].Entity
		if e >= 0 && r.Entities[e].Kind == nlp.Person || !name && r.Tokens[j].Tag != "NN" || !r.short(j) || referenceLists().people[r.Tokens[j].Lemma] {
			break
		}
		if r.otherThing(s, j, name, t.Tag == "PRP$") {
			break
		}
		if e >= 0 && r.namedIn(first, i, e) {
			return
		}
		text, span := r.phraseAt(j)
		if e >= 0 {
			text, span = r.Entities[e].Name, r.fullMention(e)
		}
		if t.Tag == "PRP$" {
			text = possessive(text)
		}
		w.insert(t.End, text, span)
		return
	}
	open()
}

// otherThing reports whether sentence s has another singular thing among the
// arguments of its main verb that "it" could mean: beside a noun any noun,
// beside a name another name or an object, the latter not for "its".
func (r *reading) otherThing(s, j int, name, possessive bool) bool {
	root := r.Root(s)
	first, last := r.scan(s, len(r.Tokens))
	for k := first; k < last; k++ {
		t := r.Tokens[k]
		if k == j || t.Head == j || t.Tag != "NN" && t.Tag != "NNP" || name && (possessive || t.Rel != "obj") && (t.Entity < 0 || r.Entities[t.Entity].Kind != nlp.Organisation || t.Entity == r.Tokens[j].Entity) {
			continue
		}
		if t.Head != root || t.Rel != "obj" && t.Rel != "obl" && t.Rel != "nsubj" || r.counted(t) {
			continue
		}
		return true
	}
	return false
}

// those completes "those who were hurt" by what the sentence before says of
// the same verb.
func (r *reading) those(w *wording, last, i int) {
	verb := -1
	for k := i + 1; k < min(last, i+5); k++ {
		if strings.HasPrefix(r.Tokens[k].Tag, "VB") && r.Tokens[k].Rel != "aux" && r.Tokens[k].Rel != "aux:pass" && r.Tokens[k].Lemma != "be" {
			verb = k
			break
		}
	}
	s := r.Tokens[i].Sentence - 1
	if verb < 0 || s < 0 {
		return
	}
	from, to := r.scan(s, len(r.Tokens))
	for k := from; k < to; k++ {
		if r.Tokens[k].Lemma != r.Tokens[verb].Lemma || !strings.HasPrefix(r.Tokens[k].Tag, "VB") {
			continue
		}
		if o := r.Child(k, "obj", "nsubj:pass"); o >= 0 && strings.HasPrefix(r.Tokens[o].Tag, "NN") && r.short(o) {
			text, span := r.phraseAt(o)
			r.explain(w, i, text, span)
			return
		}
	}
}

// both completes "both countries" by the two that the sentences before name.
func (r *reading) both(w *wording, first, last, i int) {
	if i+1 >= last || r.Tokens[i+1].Tag != "NNS" {
		return
	}
	var is func(nlp.Entity) bool
	switch r.Tokens[i+1].Lemma {
	case "country", "nation":
		is = func(e nlp.Entity) bool { _, known := nlp.Country(e.Name); return e.Kind == nlp.Place && known }
	case "company", "firm", "agency", "club", "bank", "council", "organisation", "organization":
		is = func(e nlp.Entity) bool { return e.Kind == nlp.Organisation }
	case "man":
		is = func(e nlp.Entity) bool { return fits(e, nlp.Masculine) }
	case "woman":
		is = func(e nlp.Entity) bool { return fits(e, nlp.Feminine) }
	default:
		return
	}
	var found []int
	for s := r.Tokens[i].Sentence; s >= max(r.Tokens[i].Sentence-reach, 0) && len(found) < 2; s-- {
		from, to := r.scan(s, i)
		for k := from; k < to; k++ {
			if e := r.Tokens[k].Entity; e >= 0 && is(r.Entities[e]) && !slices.Contains(found, e) {
				found = append(found, e)
			}
		}
	}
	if len(found) != 2 {
		w.unclear = append(w.unclear, "which “"+r.text(i, i+2)+"”")
		return
	}
	slices.Sort(found)
	if r.namedIn(first, i, found[0]) {
		return
	}
	w.insert(r.Tokens[i+1].End, r.Entities[found[0]].Name, r.fullMention(found[0]))
	w.insert(r.Tokens[i+1].End, "and "+r.Entities[found[1]].Name, r.fullMention(found[1]))
}

// here says where "here" is, in the article's own voice: the place of its
// dateline.
func (r *reading) here(w *wording, c candidate, i int) {
	if r.said[i] >= 0 && r.quotes[r.said[i]].Type != quote.Indirect || c.quote >= 0 && r.verbatim(c, i) {
		return
	}
	if r.dateline == "" {
		return
	}
	if at := strings.Index(r.Text[:r.Body], r.dateline); at >= 0 {
		w.insert(r.Tokens[i].End, "in "+r.dateline, nlp.Span{Start: at, End: at + len(r.dateline)})
	}
}

// definite completes "the agency", "the country", "the attack": a bare noun
// with "the" whose full form stands before.
func (r *reading) definite(w *wording, first, last, i int) {
	t := r.Tokens[i]
	if t.Entity >= 0 || i == first || r.counted(t) || !strings.EqualFold(r.Tokens[i-1].Text, "the") || i-1 < first {
		return
	}
	for _, k := range r.Children(i) {
		switch r.Tokens[k].Rel {
		case "det", "punct", "case":
		default:
			return // it says itself which one
		}
	}
	if t.Rel == "compound" || i+1 < last && (strings.HasPrefix(r.Tokens[i+1].Tag, "NN") || strings.EqualFold(r.Tokens[i+1].Text, "of") || r.Tokens[i+1].Tag == "WDT") {
		return
	}
	switch {
	case t.Lemma == "country" || t.Lemma == "nation":
		r.country(w, first, i)
	case t.Tag == "NN" && referenceLists().heads[t.Lemma] && r.namedHead(w, first, last, i):
	case t.Tag == "NN" && referenceLists().bodies[t.Lemma] && r.anyBody(w, first, last, i):
	case r.event(w, i):
	default:
		r.sameNoun(w, first, i)
	}
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

// country names the one country that the sentence names before token i.
func (r *reading) country(w *wording, first, i int) {
	found, at := -1, -1
	from, to := r.scan(r.Tokens[i].Sentence, i)
	for k := from; k < to; k++ {
		e := r.Tokens[k].Entity
		if e < 0 || r.Entities[e].Kind != nlp.Place || e == found {
			continue
		}
		if _, known := nlp.Country(r.Entities[e].Name); !known {
			continue
		}
		if found >= 0 {
			return // two countries: the sentence itself must tell
		}
		found, at = e, k
	}
	if found < 0 || i-at < 5 {
		return // "Mexico and the country’s …": plain enough
	}
	r.explain(w, i, r.Entities[found].Name, r.holder(at))
}

// holder is the noun phrase whose modifier token k is ("a bridge leading to
// Mexico"), else the name at k itself.
func (r *reading) holder(k int) nlp.Span {
	m := r.MentionAt(k)
	if m < 0 {
		return r.Tokens[k].Span
	}
	h := r.Tokens[k].Head
	if h >= 0 && r.Tokens[h].Rel == "acl" && r.Tokens[h].Head >= 0 && r.Tokens[h].Head < k {
		a, _ := r.NounPhrase(r.Tokens[h].Head)
		return r.SpanOf(a, r.Mentions[m].Last)
	}
	return r.Mentions[m].Span
}

// namedHead completes "the bridge" by the one name before that ends so.
func (r *reading) namedHead(w *wording, first, last, i int) bool {
	var found []int
	for _, e := range r.index().last[strings.ToLower(r.Tokens[i].Text)] {
		if r.Mentions[r.Entities[e].Mentions[0]].First < i {
			found = append(found, e)
		}
	}
	switch {
	case len(found) == 0 || r.indefinite(i):
		return false
	case len(found) > 1:
		if r.opens(first, i-1) {
			w.unclear = append(w.unclear, "which "+r.Tokens[i].Text+": "+strings.Join(r.namesOf(found), " or "))
		}
		return true
	case !r.namedIn(first, last, found[0]):
		r.explain(w, i, r.Entities[found[0]].Name, r.fullMention(found[0]))
	}
	return true
}

// indefinite reports whether "a bridge" stands in the sentences before the
// "the bridge" at token i, nearer than any name.
func (r *reading) indefinite(i int) bool {
	from := max(r.Sentences[max(r.Tokens[i].Sentence-reach, 0)].First, i-mostTokens)
	for k := i - 2; k >= from; k-- {
		if r.Tokens[k].Lemma != r.Tokens[i].Lemma && !strings.EqualFold(r.Tokens[k].Text, r.Tokens[i].Text) {
			continue
		}
		if r.Tokens[k].Entity >= 0 {
			return false
		}
		if d := r.Child(k, "det"); d >= 0 && (strings.EqualFold(r.Tokens[d].Text, "a") || strings.EqualFold(r.Tokens[d].Text, "an")) {
			return true
		}
	}
	return false
}

// anyBody completes "the company" by the one organisation that the nearest
// sentence before with any names.
func (r *reading) anyBody(w *wording, first, last, i int) bool {
	for s := r.Tokens[i].Sentence; s >= max(r.Tokens[i].Sentence-reach, 0); s-- {
		var found []int
		from, to := r.scan(s, i)
		for k := from; k < to; k++ {
			t := r.Tokens[k]
			if t.Entity < 0 && t.Lemma == r.Tokens[i].Lemma && !strings.EqualFold(r.Tokens[max(k-1, 0)].Text, "the") {
				return false // "a company", whose name is not given
			}
			if e := t.Entity; e >= 0 && r.Entities[e].Kind == nlp.Organisation && isBody(r.Entities[e].Name, r.Tokens[i].Lemma) && !slices.Contains(found, e) {
				found = append(found, e)
			}
		}
		switch {
		case len(found) == 0:
			continue
		case len(found) > 1:
			if r.opens(first, i-1) {
				w.unclear = append(w.unclear, "which "+r.Tokens[i].Text+": "+strings.Join(r.namesOf(found), " or "))
			}
		case !r.namedIn(first, last, found[0]):
			r.explain(w, i, r.Entities[found[0]].Name, r.fullMention(found[0]))
		}
		return true
	}
	return false
}

// isBody reports whether a body of that name can be called noun: no ministry is
// a company, no bank an agency.
func isBody(name, noun string) bool {
	last := strings.ToLower(name[strings.LastIndexByte(name, ' ')+1:])
	if last == noun || noun == "organisation" || noun == "organization" {
		return true
	}
	firm := last == "company" || last == "corporation" || last == "airline" || last == "bank"
	if noun == "agency" {
		return !firm
	}
	return firm || !referenceLists().heads[last] && !inClass(last, institution)
}

// event completes "the attack" by what the sentences before say was attacked.
func (r *reading) event(w *wording, i int) bool {
	n, ok := referenceLists().nominals[r.Tokens[i].Lemma]
	if !ok {
		return false
	}
	for s := r.Tokens[i].Sentence - 1; s >= max(r.Tokens[i].Sentence-2, 0); s-- {
		from, to := r.scan(s, len(r.Tokens))
		for k := from; k < to; k++ {
			t := r.Tokens[k]
			if !strings.HasPrefix(t.Tag, "VB") || !slices.Contains(n.verbs, t.Lemma) {
				continue
			}
			prep := n.prep
			j := r.Child(k, "obj")
			if j < 0 {
				j = r.Child(k, "nsubj:pass")
			}
			if j < 0 {
				if j = r.Child(k, "nsubj"); j >= 0 {
					prep = "of"
				}
			}
			if j < 0 || !strings.HasPrefix(r.Tokens[j].Tag, "NN") || !r.short(j) {
				continue
			}
			text, span := r.phraseAt(j)
			r.explain(w, i, prep+" "+text, span)
			return true
		}
	}
	return false
}

// sameNoun completes "the site" by the nearest phrase before with the same
// noun and a name in it: "the Ministry website".
func (r *reading) sameNoun(w *wording, first, i int) {
	word := strings.ToLower(r.Tokens[i].Text)
	if len(word) < 4 {
		return
	}
	for s := r.Tokens[i].Sentence - 1; s >= max(r.Tokens[i].Sentence-1, 0); s-- {
		found := -1
		from, to := r.scan(s, len(r.Tokens))
		for k := from; k < to; k++ {
			t := r.Tokens[k]
			if t.Tag != r.Tokens[i].Tag || !strings.HasSuffix(strings.ToLower(t.Text), word) || t.Entity >= 0 {
				continue
			}
			a, b := r.NounPhrase(k)
			named := slices.ContainsFunc(r.Tokens[a:b], func(t nlp.Token) bool {
				return strings.HasPrefix(t.Tag, "NNP") && t.Head == k && t.Start < r.Tokens[k].Start
			})
			if !named || b-a > 6 {
				continue
			}
			if found >= 0 {
				return
			}
			found = k
		}
		if found >= 0 {
			text, span := r.phraseAt(found)
			r.explain(w, i, text, span)
			return
		}
	}
}
