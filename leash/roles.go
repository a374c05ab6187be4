package leash

import (
	"fmt"
	"slices"
	"strings"

	"onrecord/nlp"
)

// wrongRoles says who does in the wording what somebody else does in the
// article.
func (d *draft) wrongRoles() string {
	s := d.source
	for c := range d.clauses {
		k := d.like[c]
		if k < 0 {
			continue
		}
		head := d.Tokens[d.clauses[c].head].Text
		mine, theirs := d.subject(c), s.subject(k)
		same := d.headMatches(c, k)
		if !same && d.nominal(c) {
			continue
		}
		if mine >= 0 && theirs >= 0 && !d.exempt[mine] && !d.compatible(mine, theirs, d.at[c]) {
			if same || d.elsewhere(mine, theirs, d.at[c]) {
				return fmt.Sprintf("somebody else is who %q", head)
			}
		}
		if mine >= 0 && !d.exempt[mine] && !same && d.onlyOthersDo(c, mine) {
			return fmt.Sprintf("somebody else is who %q", head)
		}
		if d.partiesExchanged(c) {
			return fmt.Sprintf("who %q and whom are exchanged", head)
		}
		mine, theirs = d.object(c), s.object(k)
		if (len(d.tells(c)) > 1 || len(s.tells(k)) > 1) && !match(d.words[d.clauses[c].head], s.words[s.clauses[k].head]) {
			continue // "expressed regret": the noun is what is done
		}
		if same && mine >= 0 && theirs >= 0 && !d.compatible(mine, theirs, d.at[c]) && (d.elsewhere(mine, theirs, d.at[c]) || d.brought(mine, theirs, d.at[c])) {
			return fmt.Sprintf("%q is done to somebody else", head)
		}
		if same && d.subject(c) >= 0 && s.object(k) >= 0 && d.named(d.subject(c), s.object(k)) &&
			(s.subject(k) >= 0 && !d.named(d.subject(c), s.subject(k)) || s.subject(k) < 0 && d.object(c) >= 0) {
			return fmt.Sprintf("who %q and whom are exchanged", head)
		}
	}
	return ""
}

// partiesExchanged reports whether the wording does to somebody what that one
// does in the article, each time that its sentence has the verb: "Voss assured a
// nurse" for "a nurse assured her".
func (d *draft) partiesExchanged(c int) bool {
	s := d.source
	head := d.clauses[c].head
	mine, whom := d.subject(c), d.object(c)
	if whom < 0 {
		whom = d.Child(head, "iobj")
	}
	if mine < 0 || whom < 0 || len(d.words[head].keys) == 0 {
		return false
	}
	found := false
	for _, j := range s.warrants(d.words[head], d.at[c]) {
		k := s.words[j].clause
		if k < 0 || s.clauses[k].head != j {
			continue
		}
		theirs := s.subjects(k)
		if !slices.ContainsFunc(theirs, func(t int) bool { return d.named(whom, t) }) || slices.ContainsFunc(theirs, func(t int) bool { return d.named(mine, t) }) {
			return false
		}
		found = true
	}
	return found
}

// subjects lists what the parse has as subjects of clause k, or of the clause
// that it continues: two where one is an aside, as in "the professor, she
// recalled, told her".
func (r *reading) subjects(k int) []int {
	var out []int
	h := r.clauses[k].head
	if sub := r.subject(k); sub >= 0 {
		out = append(out, sub)
	}
	if r.Tokens[h].Rel == "conj" && r.Tokens[h].Head >= 0 && r.Child(h, "nsubj") < 0 {
		h = r.Tokens[h].Head
	}
	for _, i := range r.Children(h) {
		if r.Tokens[i].Rel == "nsubj" && !slices.Contains(out, i) && !r.passive(h) {
			out = append(out, i)
		}
	}
	return out
}

// nominal reports whether the article has what clause c tells as a noun: "since
// the wolves returned" for "since their return".
func (d *draft) nominal(c int) bool {
	s := d.source
	w := d.words[d.clauses[c].head]
	found := s.warrants(w, d.at[c])
	return len(found) > 0 && len(w.keys) > 0 && !slices.ContainsFunc(found, func(j int) bool {
		return !strings.HasPrefix(s.Tokens[j].Tag, "NN") || !slices.Contains(s.words[j].keys, w.keys[0])
	})
}

// calledSo reports whether the article calls the person at token j what token i
// of the wording says: "the rider" for Jonas Brandl, whom it calls "cyclist
// Jonas Brandl".
func (d *draft) calledSo(i, j int) bool {
	s := d.source
	e := s.Tokens[j].Entity
	det := d.Child(i, "det")
	if e < 0 || det < 0 || !strings.EqualFold(d.Tokens[det].Text, "the") || len(d.words[i].keys) == 0 {
		return false
	}
	for _, m := range s.Entities[e].Mentions {
		first, last := s.Mentions[m].First, s.Mentions[m].Last
		if first > 0 && strings.HasPrefix(s.Tokens[first-1].Tag, "NN") && match(d.words[i], s.words[first-1]) {
			return true
		}
		for k := first; k < last; k++ {
			if match(d.words[i], s.words[k]) {
				return true
			}
			for _, a := range s.Children(k) {
				if s.Tokens[a].Rel == "appos" && match(d.words[i], s.words[a]) {
					return true
				}
			}
		}
	}
	return false
}

// named reports whether two tokens are surely the same name or noun.
func (d *draft) named(i, j int) bool { return match(d.words[i], d.source.words[j]) }

// compatible reports whether token i of the wording can mean what token j of
// the article means in its place.
func (d *draft) compatible(i, j, at int) bool {
	s := d.source
	if isName(d.Tokens[i]) || isName(s.Tokens[j]) {
		if k := antecedentOf(s.reading, j); k >= 0 && !strings.HasPrefix(d.Tokens[i].Tag, "W") {
			return d.compatibleUpTo(i, k, at, j)
		}
		if k := antecedentOf(d.reading, i); k >= 0 && !strings.HasPrefix(s.Tokens[j].Tag, "W") {
			return d.compatibleUpTo(k, j, at, len(s.Tokens))
		}
	}
	return d.compatibleUpTo(i, j, at, len(s.Tokens))
}

// antecedentOf gives the noun that the "who" at token i stands for, -1 for none.
func antecedentOf(r *reading, i int) int {
	h := r.Tokens[i].Head
	if r.Tokens[i].Tag != "WP" && r.Tokens[i].Tag != "WDT" || h < 0 || r.Tokens[h].Rel != "acl:relcl" {
		return -1
	}
	return r.Tokens[h].Head
}

// compatibleUpTo is compatible without what follows token end of the article.
func (d *draft) compatibleUpTo(i, j, at, end int) bool {
	s := d.source
	a, b := d.Tokens[i], s.Tokens[j]
	if strings.HasPrefix(b.Tag, "PRP") || strings.HasPrefix(b.Tag, "W") || strings.HasPrefix(b.Tag, "DT") || strings.HasPrefix(b.Tag, "EX") ||
		strings.HasPrefix(a.Tag, "W") || strings.HasPrefix(a.Tag, "PRP") || strings.HasPrefix(a.Tag, "DT") || strings.HasPrefix(a.Tag, "EX") {
		return s.pronounFits(d, i, j, at)
	}
	if s.numeral(j) && isName(a) && a.Entity >= 0 && d.Entities[a.Entity].Kind == nlp.Person && !strings.EqualFold(b.Text, "one") {
		return false // "two of the members voted" is not what one of them did
	}
	if match(d.words[i], s.words[j]) || s.numeral(j) || counts[d.words[i].lemma] && counts[s.words[j].lemma] {
		return true
	}
	if d.inNumber(i) {
		return !d.objectToo(i, at)
	}
	if d.calledSo(i, j) || d.Child(i, "conj") >= 0 && plural[s.words[j].lemma] && s.Child(j, "nummod", "det") >= 0 {
		return true // "A and B" for "the two parties"
	}
	if labels[d.words[i].lemma] && d.implied(i) {
		return true // "delay the decision" for "postpone the vote"
	}
	// Of a name any word: "Prime Minister Aalto", "Aalto".
	af, al := d.Subtree(i)
	bf, bl := s.Subtree(j)
	for x := af; x < al; x++ {
		for y := bf; y < min(bl, end); y++ {
			if d.words[x].content && len(d.words[x].keys) > 0 && match(d.words[x], s.words[y]) && (isName(d.Tokens[x]) && isName(s.Tokens[y]) || d.Tokens[x].Head == i && s.Tokens[y].Head == j || x == i || y == j) {
				return true
			}
		}
	}
	return false
}

// plural are nouns that stand for several who were named.
var plural = set("party", "company", "firm", "side", "country", "man", "woman", "person", "people", "group", "team", "club", "union", "brother", "leader", "minister", "state")

// counts are nouns that only say that something is counted: "the toll would
// rise", "the number would rise".
var counts = set("number", "figure", "total", "toll", "count", "amount", "sum", "tally")

// pronounFits reports whether a pronoun in either place can mean the other.
func (s *Source) pronounFits(d *draft, i, j, at int) bool {
	if !strings.HasPrefix(s.Tokens[j].Tag, "PRP") || !isName(d.Tokens[i]) {
		return true
	}
	for _, n := range s.names[d.Tokens[i].Text] {
		e := s.Tokens[n].Entity
		if e < 0 || s.Tokens[n].Sentence == at || s.means(at, e) {
			return true
		}
	}
	return false
}

func (s *Source) numeral(j int) bool {
	return s.Tokens[j].Tag == "CD" || slices.ContainsFunc(s.Numbers, func(n nlp.Number) bool { return n.Figure.Overlaps(s.Tokens[j].Span) })
}

// elsewhere reports whether the sentence has the subject of the wording too, in
// another place: then the two have changed places.
func (d *draft) elsewhere(i, j, at int) bool {
	s := d.source
	_, last := s.Subtree(j)
	first, _ := s.Subtree(j)
	return slices.ContainsFunc(s.warrants(d.words[i], at), func(k int) bool { return k < first || k >= last })
}

// brought reports whether token i of the wording comes from another sentence
// and stands where the sentence at has token j, which the wording leaves out.
func (d *draft) brought(i, j, at int) bool {
	s := d.source
	return d.words[i].content && len(s.warrants(d.words[i], at)) == 0 && s.words[j].content && strings.HasPrefix(s.Tokens[j].Tag, "NN") && !d.mentioned(s.words[j])
}

// onlyOthersDo reports whether the article has the verb of clause c in that
// sentence, and each time with a subject that the wording's cannot be.
func (d *draft) onlyOthersDo(c, subject int) bool {
	s := d.source
	found := false
	for _, j := range s.warrants(d.words[d.clauses[c].head], d.at[c]) {
		k := s.words[j].clause
		if k < 0 || s.clauses[k].head != j {
			return false
		}
		theirs := s.subject(k)
		if theirs < 0 || d.compatible(subject, theirs, d.at[c]) {
			return false
		}
		found = true
	}
	return found
}

// objectToo reports whether a figure that is the subject of the wording is what
// something is done to in the article's sentence.
func (d *draft) objectToo(i, at int) bool {
	s := d.source
	return slices.ContainsFunc(s.warrants(d.words[i], at), func(j int) bool {
		for h, steps := j, 0; h >= 0 && steps < 4; h, steps = s.Tokens[h].Head, steps+1 {
			if s.Tokens[h].Rel == "obj" {
				return true
			}
		}
		return false
	})
}
