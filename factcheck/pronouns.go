package factcheck

import (
	"fmt"
	"slices"
	"strings"

	"onrecord/nlp"
	"onrecord/quote"
)

// This file says whom and what pronouns mean: "he" and "she", "they", "it".

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
	if who >= 0 {
		if same := r.namesakes(i, who); len(same) > 1 {
			who, rivals = -1, same
		}
	}
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

// namesakes gives the people who share a family name, when person e is called by
// it alone where token i last points to and the article has another one whom it
// names in full as well as e more than once.
func (r *reading) namesakes(i, e int) []string {
	all := r.Entities[e].Mentions
	near := -1
	for _, m := range all {
		if r.Mentions[m].First >= i {
			break
		}
		near = m
	}
	if near < 0 || r.Mentions[near].Last-r.Mentions[near].First > 1 || !r.Mentions[near].Title.Empty() {
		return nil
	}
	name := r.Mentions[near].Text(r.Text)
	if r.surnames[name] < 2 {
		return nil
	}
	var same []string
	for _, o := range r.Entities {
		if o.Kind == nlp.Person && strings.HasSuffix(o.Name, " "+name) && r.inFull(o) > 1 {
			same = append(same, o.Name)
		}
	}
	return same
}

// inFull is how often a name stands in full.
func (r *reading) inFull(e nlp.Entity) int {
	n := 0
	for _, m := range e.Mentions {
		if r.Mentions[m].Last-r.Mentions[m].First > 1 {
			n++
		}
	}
	return n
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
	if t.Tag != "NN" {
		return false
	}
	low := strings.ToLower(t.Text)
	for _, end := range []string{"woman", "mistress", "actress", "waitress", "stewardess", "heiress", "hostess", "princess", "duchess", "girl", "mother", "daughter", "sister", "wife", "widow"} {
		if strings.HasSuffix(low, end) {
			return g == nlp.Feminine
		}
	}
	for _, end := range []string{"man", "boy", "father", "master", "husband", "widower"} {
		if strings.HasSuffix(low, end) && low != "human" {
			return g == nlp.Masculine
		}
	}
	return referenceLists().people[t.Lemma]
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
		speaks = speaks || t.Rel == "nsubj" && referenceLists().acts[r.Tokens[t.Head].Lemma] && r.Child(t.Head, "obj", "ccomp", "xcomp") >= 0
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
		human := r.isPeople(j) || speaks && (isAgent(r.Tokens[j].Lemma) || r.marks[j]&institution != 0 || referenceLists().bodies[r.Tokens[j].Lemma])
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

// isPeople reports whether token j is a noun for people, at the head of a
// sentence too, where the tagger may take it for a name.
func (r *reading) isPeople(j int) bool {
	lemma := r.Tokens[j].Lemma
	if r.Tokens[j].Tag == "NNPS" && r.Tokens[j].Entity < 0 {
		lemma = strings.TrimSuffix(strings.ToLower(lemma), "s")
	}
	return referenceLists().people[lemma]
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
