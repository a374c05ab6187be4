package leash

import (
	"fmt"
	"slices"
	"strings"

	"onrecord/nlp"
)

// wrongNames says which name of the wording does not belong where it stands.
// A name must be written as the article writes it, and stand in the sentence
// that its clause says again, or be what a pronoun or "the company" there
// means.
func (d *draft) wrongNames() string {
	s := d.source
	for i := 0; i < len(d.Tokens); i++ {
		if !d.capital(i) {
			continue
		}
		end := i + 1
		for end < len(d.Tokens) && d.capital(end) {
			end++
		}
		for k := i; k < end; k++ {
			if t := d.Tokens[k]; !s.exact[t.Text] && !d.roleWord(k, end) && !(k == 0 && s.lowered(t)) {
				return fmt.Sprintf("the name %q is not in the article", t.Text)
			}
			if k+1 < end && !s.adjacent(d.Tokens[k].Text, d.Tokens[k+1].Text) && !d.roleWord(k, end) {
				return fmt.Sprintf("the article does not have %q", d.SpanOf(k, k+2).Text(d.Text))
			}
		}
		name := end - 1
		if s.names[d.Tokens[name].Text] != nil {
			if reason := d.misplaced(name); reason != "" {
				return reason
			}
		}
		i = end - 1
	}
	return ""
}

// capital reports whether token i is written as a name and is not a date, nor
// the first word of the sentence without being a name.
func (d *draft) capital(i int) bool {
	t := d.Tokens[i]
	if !upper(t.Text) || d.inTime(i) || t.Text == "I" {
		return false
	}
	if opening(d.Document, i) && t.Entity < 0 && d.source.names[t.Text] == nil {
		return strings.HasPrefix(t.Tag, "NNP")
	}
	return true
}

// opening reports whether token i is the first word of a sentence or of a
// quotation.
func opening(doc *nlp.Document, i int) bool {
	return i == 0 || strings.ContainsAny(doc.Tokens[i-1].Text, "\"“‘:")
}

// lowered reports whether the article has the word in small letters.
func (s *Source) lowered(t nlp.Token) bool { return s.exact[strings.ToLower(t.Text)] }

// roleWord reports whether token k is a role set before a name ("Mayor Benito
// Arce") which the article has in small letters beside that name.
func (d *draft) roleWord(k, end int) bool {
	s := d.source
	low := strings.ToLower(d.Tokens[k].Text)
	if !s.exact[low] && !s.exact[d.Tokens[k].Text] {
		return false
	}
	for _, j := range s.names[d.Tokens[end-1].Text] {
		for n := s.Sentences[s.Tokens[j].Sentence].First; n < s.Sentences[s.Tokens[j].Sentence].Last; n++ {
			if t := s.Tokens[n]; strings.EqualFold(t.Text, low) && n-j < nameReach && j-n < nameReach {
				return true
			}
		}
	}
	return false
}

// nameReach is how many tokens a role may stand from the name.
const nameReach = 12

// adjacent reports whether the article has the two words one after the other.
func (s *Source) adjacent(a, b string) bool {
	for _, j := range s.names[b] {
		if j > 0 && strings.EqualFold(s.Tokens[j-1].Text, a) {
			return true
		}
	}
	for i, t := range s.Tokens[:max(len(s.Tokens)-1, 0)] {
		if strings.EqualFold(t.Text, a) && strings.EqualFold(s.Tokens[i+1].Text, b) {
			return true
		}
	}
	return false
}

// misplaced says why the name that ends with token i does not belong in its
// clause.
func (d *draft) misplaced(i int) string {
	s := d.source
	c := d.words[i].clause
	if c < 0 || d.at[c] < 0 {
		return ""
	}
	here := s.names[d.Tokens[i].Text]
	if h := d.Tokens[i].Head; d.exempt[i] && !(h > i && d.exempt[h] && d.Tokens[i].Rel == "compound" && !isName(d.Tokens[h])) {
		// In the words that name a speaker: the speaker, whom voices.go looks
		// at, or a name that the article has beside the speaker's.
		if d.headsSource(i) {
			return ""
		}
		near := append(d.besideOthers(i), d.used...)
		for _, j := range here {
			if slices.Contains(near, s.Tokens[j].Sentence) {
				return ""
			}
			if e := s.Tokens[j].Entity; e >= 0 && slices.ContainsFunc(near, func(u int) bool { return s.calls(u, e) && !d.displaces(u, e) }) {
				return ""
			}
		}
		return fmt.Sprintf("%q does not belong there", d.Tokens[i].Text)
	}
	for _, j := range here {
		u, e := s.Tokens[j].Sentence, s.Tokens[j].Entity
		if slices.Contains(d.used, u) && (d.adds(u) || !slices.ContainsFunc(d.used, func(o int) bool { return o != u && d.displaces(o, e) })) {
			return ""
		}
	}
	for _, u := range d.used {
		for _, j := range here {
			if e := s.Tokens[j].Entity; e >= 0 && (s.means(u, e) || s.calls(u, e)) && !d.displaces(u, e) {
				return ""
			}
		}
	}
	return fmt.Sprintf("%q does not belong there", d.Tokens[i].Text)
}

// adds reports whether a word other than a name comes from sentence u and from no
// other sentence that the wording says again: else a name may have brought it in.
func (d *draft) adds(u int) bool {
	s := d.source
	if len(d.used) == 1 {
		return true
	}
	for i, w := range d.words {
		if len(w.keys) == 0 || isName(d.Tokens[i]) || !w.content && !openClass(d.Tokens[i]) || len(s.warrants(w, u)) == 0 {
			continue
		}
		if !slices.ContainsFunc(d.used, func(o int) bool { return o != u && len(s.warrants(w, o)) > 0 }) {
			return true
		}
	}
	return false
}

// means reports whether a pronoun or a description in sentence at can stand
// for an entity that is named earlier.
func (s *Source) means(at, entity int) bool {
	sent := s.Sentences[at]
	person := s.Entities[entity].Kind == nlp.Person
	var he, it bool
	for _, t := range s.Tokens[sent.First:sent.Last] {
		switch strings.ToLower(t.Text) {
		case "he", "she", "him", "her", "his":
			he = true
		case "it", "its", "they", "their", "them", "we", "our":
			it = true
		}
		if bodies[strings.ToLower(t.Lemma)] && !isName(t) {
			it = true
		}
	}
	if person {
		for _, q := range s.quotes {
			if q.Speaker.Entity == entity && slices.ContainsFunc(q.Source, sent.Span.Overlaps) {
				return true
			}
		}
		return he && (s.antecedent(at) == entity || s.protagonist() == entity && !s.personBefore(at))
	}
	if !it {
		return false
	}
	// A body or a place: the one named last, or the one that the story is about.
	for back := at - 1; back >= max(at-3, 0); back-- {
		for n, last := s.MentionsIn(s.Sentences[back].Span); n < last; n++ {
			if s.Mentions[n].Entity == entity {
				return true
			}
		}
	}
	most := 0
	for _, e := range s.Entities {
		if e.Kind != nlp.Person {
			most = max(most, len(e.Mentions))
		}
	}
	return most >= minTopic && len(s.Entities[entity].Mentions) == most
}

// minTopic is how often a body or a place must be named to be what the story is
// about.
const minTopic = 3

// protagonist gives the person whom the article names far more often than
// anybody else, -1 for none.
func (s *Source) protagonist() int {
	most, next, who := 0, 0, -1
	for e := range s.Entities {
		if s.Entities[e].Kind != nlp.Person {
			continue
		}
		switch n := len(s.Entities[e].Mentions); {
		case n > most:
			most, next, who = n, most, e
		case n > next:
			next = n
		}
	}
	if most < 2*next {
		return -1
	}
	return who
}

// personBefore reports whether the paragraph of sentence at names a person
// before it.
func (s *Source) personBefore(at int) bool {
	p := s.ParagraphAt(s.Sentences[at].Start)
	for n := range s.Mentions {
		m := s.Mentions[n]
		if s.Entities[m.Entity].Kind == nlp.Person && m.Start < s.Sentences[at].Start && s.ParagraphAt(m.Start) == p {
			return true
		}
	}
	return false
}

// calls reports whether sentence at has a word of the entity's name in small
// letters, as in "the board" for the Maritime Safety Board, and no other entity
// whose name has that word was named since.
func (s *Source) calls(at, entity int) bool {
	if s.Entities[entity].Kind == nlp.Person {
		return false
	}
	sent := s.Sentences[at]
	for i := sent.First; i < sent.Last; i++ {
		t := s.Tokens[i]
		if !strings.HasPrefix(t.Tag, "NN") || t.Entity >= 0 || upper(t.Text) || !bodies[s.words[i].lemma] {
			continue
		}
		for n := len(s.Mentions) - 1; n >= 0; n-- {
			m := s.Mentions[n]
			if m.Start > sent.Start {
				continue
			}
			if slices.ContainsFunc(s.Tokens[m.First:m.Last], func(x nlp.Token) bool { return strings.EqualFold(x.Text, t.Text) }) {
				if m.Entity == entity {
					return true
				}
				break
			}
		}
	}
	return false
}

// antecedent gives the person whom "he" or "she" in sentence at means most
// likely: who is the subject, else the only person, of the last sentence that
// names one; -1 when that is not clear.
func (s *Source) antecedent(at int) int {
	for back := at - 1; back >= max(at-4, 0); back-- {
		var people []int
		subject := -1
		for n, last := s.MentionsIn(s.Sentences[back].Span); n < last; n++ {
			e := s.Mentions[n].Entity
			if s.Entities[e].Kind != nlp.Person {
				continue
			}
			if !slices.Contains(people, e) {
				people = append(people, e)
			}
			if r := s.Tokens[s.Mentions[n].First].Rel; subject < 0 && strings.HasPrefix(r, "nsubj") {
				subject = e
			}
		}
		switch {
		case len(people) == 1:
			return people[0]
		case subject >= 0:
			return subject
		case len(people) > 1:
			return -1
		}
	}
	return -1
}

// headsSource reports whether the name at token i is who speaks, not a part of
// what that speaker is called.
func (d *draft) headsSource(i int) bool {
	for h, steps := i, 0; h >= 0 && steps < 6; h, steps = d.Tokens[h].Head, steps+1 {
		if t := d.Tokens[h]; t.Rel != "flat" && t.Rel != "compound" && t.Rel != "appos" && t.Rel != "amod" || t.Head < 0 || !d.exempt[t.Head] {
			return t.Head < 0 || !d.exempt[t.Head] || d.clauseHead(t.Head)
		}
	}
	return true
}

func (d *draft) clauseHead(i int) bool {
	c := d.words[i].clause
	return c >= 0 && d.clauses[c].head == i
}

// displaces reports whether sentence at names another, whom the wording leaves
// out: then the name may have taken that one's place.
func (d *draft) displaces(at, entity int) bool {
	s := d.source
	for n, last := s.MentionsIn(s.Sentences[at].Span); n < last; n++ {
		m := s.Mentions[n]
		if m.Entity != entity && !d.has(m) {
			return true
		}
	}
	return false
}

// has reports whether the wording has the last word of a name.
func (d *draft) has(m nlp.Mention) bool {
	text := d.source.Tokens[m.Last-1].Text
	return slices.ContainsFunc(d.Tokens, func(t nlp.Token) bool { return t.Text == text })
}

// bodies are what "the company" and the like stand for.
var bodies = set("company", "firm", "group", "union", "party", "agency", "ministry", "authority", "court", "government", "council", "department", "university",
	"institute", "team", "bank", "city", "town", "country", "village", "plant", "mine", "hospital", "school", "board", "association", "federation", "local", "owner",
	"state", "district", "canton", "region", "province", "lake", "river", "valley", "railway", "inspectorate", "office", "administration", "newspaper", "magazine", "island", "port")

// besideOthers lists the sentences that have another name of the noun phrase
// that the name at token i stands in.
func (d *draft) besideOthers(i int) []int {
	var out []int
	first, last := i, i+1
	for first > 0 && d.exempt[first-1] {
		first--
	}
	for last < len(d.Tokens) && d.exempt[last] {
		last++
	}
	e := d.Tokens[i].Entity
	for k := first; k < last; k++ {
		if isName(d.Tokens[k]) && d.Tokens[k].Entity != e && d.Tokens[k].Entity >= 0 {
			for _, j := range d.source.names[d.Tokens[k].Text] {
				out = append(out, d.source.Tokens[j].Sentence)
			}
		}
	}
	return out
}
