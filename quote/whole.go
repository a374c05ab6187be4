package quote

import (
	"strings"
)

// A source is cut short now and then, whoever found it: at a comma of its list, at
// the word that counts it, at the bracket behind a name. Now and then it has the verb of
// its clause.

// whole gives a source the words in front of it that belong to it, and takes off those
// behind that do not.
func (r *reading) whole(s source) source {
	if !s.found() {
		return s
	}
	if r.is(s.first, "(") {
		s = r.counted(s) // "Jane Roe | (R-Ostby)"
	}
	s = r.beforeAction(r.beforeBracket(s))
	if r.is(s.first, "of") {
		s = r.counted(s)
	}
	return r.withList(s)
}

// beforeBracket lets a source be carried by what stands in front of its bracket: "Sen.
// Jane Roe (R-Ostby)".
func (r *reading) beforeBracket(s source) source {
	for i := s.first + 1; i < s.head; i++ {
		if r.is(i, "(") && r.hasWord(i, s.last, ")") {
			s.head = r.headOf(s.first, i)
			break
		}
	}
	return s
}

// beforeAction ends a source before the verb of its clause that the tagger took for a
// participle, which has no object: "the leaders | shunned Roe".
func (r *reading) beforeAction(s source) source {
	for i := s.first + 1; i+1 < s.last; i++ {
		if r.tag(i) != "VBN" || r.markOf[i] >= 0 || r.Tokens[i].Rel != "acl" || r.Tokens[i].Head < s.first || r.timeCovers[i+1] || r.is(i, "named", "called", "dubbed", "nicknamed", "surnamed", "titled", "given", "shown", "offered", "elected", "appointed") {
			continue
		}
		switch t := r.tag(i + 1); t {
		case "NNP", "DT", "PRP", "PRP$":
			if s.last = i; s.head >= i {
				s.head = r.headOf(s.first, i)
			}
			return s
		}
	}
	return s
}

// counted takes in the noun in front of a source: "a number | of readers".
func (r *reading) counted(s source) source {
	p := r.plainBefore(r.sentence(s.first).First, s.first)
	if p.found() && p.last == s.first {
		s.first, s.head = p.first, p.head
	}
	return s
}

// maxList bounds how many tokens of a list in front of its last member are read.
const maxList = 30

// withList takes in the members in front of the last one of a list with which a clause
// opens: "labour unions, fishing groups, and | many lawmakers".
func (r *reading) withList(s source) source {
	if s.first < 2 || !r.is(s.first-1, "and") || !r.is(s.first-2, ",") || s.last-s.first == 1 && r.tag(s.head) == "PRP" {
		return s
	}
	floor := r.sentence(s.first).First
	commas, nouns, i := 0, 0, s.first-3
	for ; i >= floor && i > s.first-maxList && r.markOf[i] < 0; i-- {
		tag := r.tag(i)
		if r.is(i, ",") {
			if !isNounTag(r.tag(i - 1)) {
				return s // "On Monday, however, the board, and the mayor"
			}
			commas++
			continue
		}
		if isNounTag(tag) && tag != "PRP" && !r.timeCovers[i] {
			nouns++
			continue
		}
		if tag == "DT" || tag == "PRP$" || tag == "POS" || tag == "HYPH" || tag == "CD" || strings.HasPrefix(tag, "JJ") || r.is(i, "-", "&", "of") || tag == "VBG" && isNounTag(r.tag(i+1)) || strings.HasPrefix(tag, "RB") && isNounTag(r.tag(i+1)) {
			continue
		}
		break
	}
	first := i + 1
	if commas == 0 || nouns <= commas || r.timeCovers[first] || first > floor && !(r.tag(i) == "CC" && i == floor) && !r.is(i, "that") {
		return s
	}
	s.first = first
	return s
}

// insiders gives the people who know something, in front of a cue: "people familiar with
// her thinking say".
func (r *reading) insiders(c *cue) source {
	floor := r.sentence(c.head).First
	about := r.plainBefore(floor, c.first)
	k := about.first - 2
	if !about.found() || about.last != c.first || k <= floor || r.tag(k+1) != "IN" && r.tag(k+1) != "TO" || !r.is(k, "familiar", "close", "briefed", "involved", "knowledgeable", "acquainted") {
		return source{}
	}
	who := r.plainBefore(floor, k)
	if !who.found() || who.last != k {
		return source{}
	}
	return source{first: who.first, last: c.first, head: who.head, why: "who know of it"}
}
