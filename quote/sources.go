package quote

import (
	"slices"
	"strings"

	"onrecord/nlp"
)

// A source is the phrase that says who: tokens [first, last), the word that
// carries it, and why it was taken. The zero source is none.
type source struct {
	first, last int
	head        int
	why         string
	shared      bool // it belongs to another verb first: "He smiled, saying …"
	behind      bool // it stands behind the content: "After saying that …, he smiled"
}

func (s source) found() bool { return s.last > s.first }

func (s source) span(r *reading) nlp.Span { return r.span(s.first, s.last) }

// maxClimb bounds how many verbs up the tree a shared subject is looked for.
const maxClimb = 4

// findSource finds the words that name the source of a cue.
func findSource(r *reading, c *cue) source {
	switch {
	case c.source.found():
		return c.source
	case c.sort == accordingCue:
		return r.beforeClause(c, r.wholePhrase(r.nounPhraseAfter(c.last)))
	case c.sort == nounCue:
		return source{}
	}
	if s := r.caller(c); s.found() {
		c.passive = false
		return s
	}
	if c.passive {
		return r.agent(c)
	}
	if s := r.quoted(c); s.found() {
		return s
	}
	if s := r.circle(c.head); s.found() && c.first == c.head {
		return s
	}
	if s := r.fronted(c); s.found() {
		return s
	}
	if s := r.staff(c); s.found() {
		return s
	}
	if s := r.interrupting(c); s.found() {
		return r.tidySource(s, c)
	}
	if s := r.inverted(c); s.found() {
		return r.tidySource(s, c)
	}
	if s := r.openingSubject(c); s.found() {
		return r.tidySource(s, c)
	}
	if s := r.partedSubject(c); s.found() {
		return r.tidySource(s, c)
	}
	if s := r.withName(c); s.found() {
		return s
	}
	if s := r.subject(c.head, c.first, c.last, 0); s.found() {
		if a := r.pastClause(c, s); a.found() {
			return r.tidySource(a, c)
		}
		if a := r.closing(c, s); a.found() {
			return r.tidySource(a, c)
		}
		if s.shared && c.sort == verbCue && isNounTag(r.tag(c.first-1)) && r.tag(c.head) != "VBG" {
			// "He was freed after a judge ruled", "on the day a judge ruled"
			end := c.first
			if t := r.timeEnding(end); t >= 0 {
				end = r.Times[t].First
			}
			a := r.plainBefore(r.sentence(c.head).First, end)
			for a.found() && a.first > s.last && r.is(a.first-1, "in", "of", "at", "for", "from", "with") {
				b := r.plainBefore(r.sentence(c.head).First, a.first-1)
				if !b.found() || b.last != a.first-1 {
					break
				}
				a.first, a.head = b.first, b.head // "officials in the port"
			}
			if a.found() && a.first > s.last && (r.is(a.first-1, "after", "when", "because", "although", "though", "while", "until", "before") || r.is(a.first-1, "as") && r.is(a.first-2, "even", "just") || end == c.first && r.is(a.first-1, calendar...)) {
				return r.tidySource(a, c)
			}
		}
		if a := r.plainBefore(r.sentence(c.head).First, c.first); s.shared && isFinite(r.tag(c.head)) && a.found() && a.last == c.first && a.first > s.last && r.is(a.first-1, ":", ";") {
			return r.tidySource(a, c) // "The ruling set off a row: The Greens said"
		}
		if s.shared && r.is(c.first-1, ",") && r.tag(c.head) != "VBG" {
			// "..., while its president, Aino Kallas, urged"
			a := r.appositive(r.sentence(c.head).First, c.first-1)
			if a.found() && a.first > s.last && r.is(a.first-1, "while", "and", "but", "although", "though", "whereas") {
				return r.tidySource(a, c)
			}
		}
		if s.last > c.first || r.finiteIn(s.first, s.last) < 0 || s.last < c.first-3 {
			return r.tidySource(s, c)
		}
		// The parser took a whole clause for the subject.
		if s := r.nounPhraseBefore(c.first); s.found() {
			return r.tidySource(s, c)
		}
		return r.tidySource(s, c)
	}
	if s := r.nounPhraseBefore(c.first); s.found() && !(r.tag(c.head) == "VBG" && r.is(c.first-1, ",")) {
		return r.tidySource(s, c)
	}
	if r.tag(c.head) == "VBG" && r.is(c.first-1, ",") {
		if s := r.firstSubject(c.first); s.found() {
			return r.tidySource(s, c)
		}
		return r.firstPhrase(c)
	}
	if invertible(r, c) {
		return r.tidySource(r.nounPhraseAfter(c.last), c)
	}
	return source{}
}

// beforeClause ends the source of an "according to" with which a sentence opens at its
// first comma when it holds the rest of the sentence: "According to officials, | the
// account that she used was new".
func (r *reading) beforeClause(c *cue, s source) source {
	end := r.sentence(c.head).Last
	if !s.found() || !r.opens(c.first) || r.anyVerb(s.last, end) {
		return s
	}
	for i := s.first + 1; i < s.last; i++ {
		if r.is(i, ",") && r.markOf[i] < 0 && r.anyVerb(i, s.last) {
			s.last = i
			break
		}
	}
	if s.head >= s.last {
		s.head = r.headOf(s.first, s.last)
	}
	return s
}

// circle gives the people near somebody who open a sentence in front of verb i: "Those
// close to him say".
func (r *reading) circle(i int) source {
	first := r.sentence(i).First
	if i-first < 3 || i-first > 6 || !r.is(i-1, "him", "her", "them", "us") || !r.is(first, "those", "people", "friends", "some", "many") || !r.onlyVerb(i) {
		return source{}
	}
	return source{first: first, last: i, head: first, why: "the words before “" + r.word(i) + "”"}
}

// maxCaller bounds how many tokens stand between "what" and the verb in "what Jane Roe, a
// judge, called".
const maxCaller = 24

// caller gives who calls something so in "in what Jane Roe, a judge, called “...”" and in
// "her pledge, which Jane Roe, a judge, dismissed as “...”".
func (r *reading) caller(c *cue) source {
	if c.sort != verbCue || r.tag(c.head) == "VBG" || !slices.Contains(judgments, r.Tokens[c.head].Lemma) {
		return source{}
	}
	floor := max(r.sentence(c.head).First, c.first-maxCaller)
	for k := c.first - 1; k >= floor && r.markOf[k] < 0 && !r.finite(k); k-- {
		if !r.is(k, "what") && !(r.is(k, "which") && r.is(k-1, ",")) {
			continue
		}
		first, last := r.trim(k+1, c.first)
		if first >= last || !isNounTag(r.tag(first)) && r.tag(first) != "DT" && !strings.HasPrefix(r.tag(first), "JJ") && r.tag(first) != "PRP$" {
			return source{}
		}
		return source{first: first, last: last, head: r.headOf(first, last), why: "the words between “" + r.word(k) + "” and the cue"}
	}
	return source{}
}

// staff gives the people around a name whose role the tagger took for a verb: "Roe aides
// | acknowledged".
func (r *reading) staff(c *cue) source {
	i := c.first - 1
	if i < 1 || !r.nounBefore(i) {
		return source{}
	}
	s := r.plainBefore(r.sentence(i).First, i)
	if !s.found() {
		s.first = i
	}
	return source{first: s.first, last: c.first, head: i, why: "the words before “" + r.word(c.head) + "”"}
}

// fronted gives the subject behind an opening participle: "After saying that the
// bridge was safe, Roe left."
func (r *reading) fronted(c *cue) source {
	s := r.sentence(c.head)
	first := r.pastDateline(s)
	if c.head > first+1 && c.head < first+6 && r.timeCovers[first] && r.timeCovers[c.head-2] || c.head == first+3 && r.tag(first) == "CD" && r.is(first+1, calendar...) {
		first = c.head - 1 // "One month after saying"
	}
	if r.tag(c.head) != "VBG" || c.sort != verbCue || c.first != c.head || c.head != first+1 || !r.is(first, "after", "before", "while", "when", "by", "in", "despite", "since") {
		return source{}
	}
	for i := c.last + 1; i+1 < s.Last; i++ {
		t := &r.Tokens[i]
		k := r.left(i)
		if t.Rel != "nsubj" && t.Rel != "nsubj:pass" || t.Head < i || r.markOf[i] >= 0 || k <= c.last || r.Tokens[t.Head].Head >= 0 && !r.isMark[k-1] {
			continue // of the root, or of what follows the marks
		}
		before := k - 1
		for before > c.last && r.isMark[before] {
			before--
		}
		if !r.is(before, ",") {
			return source{}
		}
		return source{first: k, last: min(r.right(i), t.Head), head: i, why: "subject of “" + r.word(t.Head) + "” behind “" + r.word(c.head) + "”", behind: true}
	}
	return r.behindComma(c.last, s.Last)
}

// behindComma gives the subject of the clause that follows the first comma of tokens
// [k, end), when the words alone show it: ", Jane Roe still believes".
func (r *reading) behindComma(k, end int) source {
	for k < end && (!r.is(k, ",") || r.markOf[k] >= 0) {
		if r.finite(k) || r.is(k, ".", ";", ":") {
			return source{}
		}
		k++
	}
	first := k + 1
	last := r.simplePhrase(first, end)
	v := last
	for v < end && strings.HasPrefix(r.tag(v), "RB") {
		v++
	}
	if last <= first || v >= end || !isFinite(r.tag(v)) {
		return source{}
	}
	return source{first: first, last: last, head: r.headOf(first, last), why: "subject of “" + r.word(v) + "” behind the comma", behind: true}
}

// quoted gives who is quoted in "Roe was quoted by the agency as saying".
func (r *reading) quoted(c *cue) source {
	if !r.quotedAs(c) {
		return source{}
	}
	floor := r.sentence(c.head).First
	for k := c.first - 2; k >= floor; k-- {
		if !r.is(k, "quoted", "cited") {
			continue
		}
		b := verbGroup(r, k)
		if s := r.subject(k, b, k+1, 0); s.found() && s.last <= b {
			return r.tidySource(s, &cue{lex: c.lex, head: k, first: b, last: k + 1})
		}
		return r.nounPhraseBefore(b)
	}
	return source{}
}

// interrupting gives the source of an attribution that parts a subject from its
// verb: "The trouble with the bridge, said Mara Lund, was its height."
func (r *reading) interrupting(c *cue) source {
	first := r.pastDateline(r.sentence(c.head))
	if !invertible(r, c) || !r.is(c.first-1, ",") || r.markOf[c.head] >= 0 || c.first-1 <= first || r.mainVerb(first, c.first-1) >= 0 {
		return source{}
	}
	s := r.nounPhraseAfter(c.last)
	if !s.found() || s.last-s.first > 8 || !r.is(s.last, ",") || s.last+1 >= r.sentence(c.head).Last || !isFinite(r.tag(s.last+1)) {
		return source{}
	}
	return s
}

// inverted gives the source of an attribution that closes a sentence with the
// verb before the name: ", reports the Courier.", ", said Wilcox, an Orlando
// Republican."
func (r *reading) inverted(c *cue) source {
	if !invertible(r, c) || c.first == 0 || !r.is(c.first-1, ",") && !r.isMark[c.first-1] || r.timeAt(c.last) >= 0 {
		return source{}
	}
	s := r.nounPhraseAfter(c.last)
	end := r.sentence(c.head).Last
	if !s.found() || s.last < end && !r.is(s.last, ".", ",", ";") && r.timeAt(s.last) < 0 && r.timeAt(s.last+1) < 0 && r.tag(s.last) != "IN" {
		return source{}
	}
	closed := s.last >= end || r.is(s.last, ".")
	k := r.nearestSubject(c.head, c.first)
	if closed && (k < 0 || k > c.head) && r.isMark[c.first-1] {
		return s
	}
	// A whole clause stands before the comma, so the verb begins another.
	if r.mainVerb(r.pastDateline(r.sentence(c.head)), c.first-1) < 0 || r.isMark[c.first-1] {
		return source{}
	}
	if closed && (k < 0 || k > c.head) {
		return s
	}
	if t := r.tag(s.first); strings.HasPrefix(t, "NNP") || t == "DT" || t == "PRP$" || t == "CD" || r.isRoleNoun(s.head) || t == "NNS" && closed {
		return s
	}
	return source{}
}

// withName gives who does what a participle behind "with" says: "The evening ended
// with Roe asking for calm."
func (r *reading) withName(c *cue) source {
	i := c.head - 1
	if r.tag(c.head) != "VBG" || c.first != c.head || i < 1 || r.Tokens[i].Entity < 0 {
		return source{}
	}
	s := r.plainBefore(r.sentence(c.head).First, c.first)
	if !s.found() || !r.is(s.first-1, "with") {
		return source{}
	}
	s.why = "subject of “" + r.word(c.head) + "” behind “with”"
	return s
}

// mainVerb gives the first finite verb of tokens [first, last) that stands in
// no relative clause or insertion between commas, or -1.
func (r *reading) mainVerb(first, last int) int {
	relative := false
	for i := first; i < last; i++ {
		switch {
		case r.markOf[i] >= 0:
			continue
		case r.is(i, "who", "which", "whose", "where", "whom") || r.is(i, "that") && i > first && isNounTag(r.tag(i-1)):
			relative = true
		case r.is(i, ","):
			relative = false
		case isFinite(r.tag(i)) && !relative:
			return i
		}
	}
	return -1
}

// partedSubject gives the subject of a cue from whose auxiliary a phrase parts
// it: "Roe has on many occasions claimed".
func (r *reading) partedSubject(c *cue) source {
	if t := r.tag(c.head); t != "VBN" && t != "VBD" || c.sort != verbCue {
		return source{}
	}
	p := r.plainBefore(r.sentence(c.head).First, c.first)
	if !p.found() || p.last != c.first || r.tag(p.first-1) != "IN" || !r.is(p.first-2, "has", "have", "had", "'ve", "’ve") {
		return source{}
	}
	aux := p.first - 2
	if k := r.nearestSubject(aux, aux); k >= 0 && k < aux {
		return source{first: r.left(k), last: min(r.right(k), aux), head: k, why: "subject of “" + r.word(aux) + "”"}
	}
	return r.nounPhraseBefore(aux)
}

// pastClause gives the source of a cue whose subject s the parser took from the
// clause that opens the sentence: "After the letter was published, Jane Roe, a
// spokeswoman, said".
func (r *reading) pastClause(c *cue, s source) source {
	first := r.sentence(c.head).First
	if !s.shared || !r.is(first, "after", "when", "as", "while", "once", "before", "since", "although", "though", "because", "if") || s.first > first+2 || r.tag(c.head) == "VBG" || r.tag(c.first-1) == "CC" {
		return source{}
	}
	for i := s.last; i < c.first; i++ {
		if !r.is(i, ",") || r.mainVerb(s.first, i) < 0 {
			continue
		}
		if t := r.tag(i + 1); !strings.HasPrefix(t, "NN") && t != "DT" && t != "PRP" && t != "PRP$" {
			return source{}
		}
		j := r.nounPhraseAfter(i + 1)
		if j.found() && j.last <= c.first && r.mainVerb(i+1, c.first) < 0 {
			return j
		}
		return source{}
	}
	return source{}
}

const opensSentence = "subject that opens the sentence"

// openingSubject gives the subject with which a sentence opens when insertions
// of whatever sort stand between it and the verb: "Sen. Roe, facing a challenge
// in Iowa, a swing state, said".
func (r *reading) openingSubject(c *cue) source {
	s := r.sentence(c.head)
	k := c.first - 1
	for k > s.First && r.isMark[k] {
		k--
	}
	first := r.pastDateline(s)
	if !r.is(k, ",") || k <= first+1 || r.tag(c.head) == "VBG" || c.passive {
		return source{}
	}
	first = r.pastOpening(first, k)
	if t := r.tag(first); !strings.HasPrefix(t, "NN") && t != "DT" && t != "PRP$" && t != "CD" {
		return source{}
	}
	j := r.simplePhrase(first, k)
	for j > first && j < k && r.tag(j) == "IN" && r.timeAt(j+1) < 0 {
		e := r.simplePhrase(j+1, k)
		if e <= j+1 {
			break
		}
		j = e // "a spokesman for the Front"
	}
	if j <= first || !r.is(j, ",") && !r.is(j, "(") || r.timeAt(first) >= 0 || r.is(j+1, "and", "or", "but") {
		return source{}
	}
	for i := first; i < k; i++ {
		if r.is(i, ";", ":") || r.markOf[i] >= 0 && r.isMark[i] && i < j {
			return source{}
		}
	}
	if r.mainVerb(first, k) >= 0 || r.listGoes(j, k) {
		return source{}
	}
	return source{first: first, last: k, head: r.headOf(first, j), why: opensSentence}
}

// pastOpening goes past what opens a sentence between tokens first and last
// before its subject: "On Wednesday, however, the director".
func (r *reading) pastOpening(first, last int) int {
	for first < last {
		comma := first
		for comma < last && comma < first+6 && !r.is(comma, ",") {
			comma++
		}
		if !r.is(comma, ",") || comma+1 >= last {
			return first
		}
		word := comma == first+1 && r.is(first, "however", "meanwhile", "still", "instead", "separately", "later", "earlier")
		if !word && !(r.tag(first) == "IN" && r.timeCovers[comma-1] || r.timeCovers[first] && r.timeCovers[comma-1]) {
			return first
		}
		first = comma + 1
	}
	return first
}

// listGoes reports whether the comma at j parts the members of a list that ends
// before k: "Roe, Doe and Poe, who ...".
func (r *reading) listGoes(j, k int) bool {
	for i := j + 1; i < k && i < j+8; i++ {
		if r.is(i, ",") || isVerbTag(r.tag(i)) || r.tag(i) == "IN" {
			return false
		}
		if r.is(i, "and", "or") {
			return strings.HasPrefix(r.tag(j+1), "NNP")
		}
	}
	return false
}

// closing gives the source of an attribution that closes a sentence whose own
// subject the parser took: "The firm had known for years, a spokeswoman, Anna
// Roe, said on Saturday."
func (r *reading) closing(c *cue, s source) source {
	if s.last >= c.first || r.tag(c.first-1) == "CC" || r.tag(c.head) == "VBG" || !c.lex.has(frameAfter) {
		return source{}
	}
	v := r.mainVerb(s.last, c.first)
	if v < 0 || r.is(s.last, "who", "which", "that") {
		return source{}
	}
	comma := false
	for i := v; i < c.first; i++ {
		comma = comma || r.is(i, ",")
	}
	k := r.skipLight(c.last, r.sentence(c.head).Last)
	if !comma || k < r.sentence(c.head).Last && !r.punct(k) {
		return source{}
	}
	if a := r.nounPhraseBefore(c.first); a.found() && a.first > v && r.is(a.first-1, ",") {
		return a
	}
	return source{}
}

// wholePhrase extends a noun phrase over the participles and phrases behind it
// up to the next comma: "results of a poll conducted for the paper".
func (r *reading) wholePhrase(s source) source {
	if !s.found() {
		return s
	}
	end := r.sentence(s.first).Last
	if s.last >= end || r.punct(s.last) || r.markOf[s.last] >= 0 {
		return s
	}
	k := r.clauseEnd(s.last, end)
	if k-s.last > 30 || r.finiteIn(s.last, k) >= 0 {
		return s
	}
	for k > s.last && r.punct(k-1) {
		k--
	}
	s.last = k
	return s
}

// firstSubject gives the first subject of the sentence before token i, for a
// participle that the parser hung on nothing of use.
func (r *reading) firstSubject(i int) source {
	for k := r.sentence(i).First; k < i; k++ {
		if rel := r.Tokens[k].Rel; (rel == "nsubj" || rel == "nsubj:pass") && r.markOf[k] < 0 {
			return source{first: r.left(k), last: min(r.right(k), i), head: k, why: "first subject of the sentence", shared: true}
		}
	}
	return source{}
}

// firstPhrase gives the noun phrase with which a sentence opens in front of what the
// tagger took for a participle: "In August, several groups | granted a delay, saying".
func (r *reading) firstPhrase(c *cue) source {
	first := r.pastDateline(r.sentence(c.head))
	if r.tag(first) == "IN" {
		for i := first + 1; i < c.first && i < first+5; i++ {
			if r.is(i, ",") && r.timeCovers[i-1] {
				first = i + 1
				break
			}
		}
	}
	last := r.simplePhrase(first, c.first)
	if last <= first || r.tag(last) != "VBN" && r.tag(last) != "VBD" {
		return source{}
	}
	return source{first: first, last: last, head: r.headOf(first, last), why: "first words of the sentence", shared: true}
}

// subject finds the subject of verb v, its own or that of the verb which
// governs it: "He smiled, saying ...", "She arrived and said ...".
func (r *reading) subject(v, first, last, depth int) source {
	if depth > maxClimb {
		return source{}
	}
	if k := r.nearestSubject(v, first); k >= 0 {
		if k < first {
			return source{first: r.left(k), last: min(r.right(k), first), head: k, why: "subject of “" + r.word(v) + "”"}
		}
		if k >= last {
			s := r.nounPhraseAfter(r.left(k))
			s.why = "subject after “" + r.word(v) + "”"
			return s
		}
	}
	h := r.Tokens[v].Head
	if h < 0 {
		return source{}
	}
	switch rel := r.Tokens[v].Rel; {
	case rel == "conj" && (isVerbTag(r.tag(h)) || r.Child(h, "nsubj") >= 0):
		return r.shared(v, h, depth)
	case rel == "acl" && h < v && r.timeCovers[h]:
		return source{} // "Sen. Roe (R-Ostby) on Wednesday played down"
	case rel == "acl" && h < v && isNounTag(r.tag(h)) && r.tag(v) != "VB":
		if g := r.actor(v, h); g >= 0 {
			if s := r.shared(v, g, depth); s.found() {
				return s
			}
		}
		if g := r.Tokens[h].Head; g >= 0 && g < h && slices.Contains(media, r.Tokens[h].Lemma) && r.Tokens[h].Rel == "obj" {
			return r.shared(v, g, depth) // "The union issued a statement saying ..."
		}
		if g := r.sender(h); g >= 0 {
			return r.shared(v, g, depth) // "sent a letter to the board urging ..."
		}
		if k := r.lastName(h, first); k >= 0 {
			return source{first: r.left(k), last: first, head: k, why: "the name that “" + r.word(v) + "” describes"}
		}
		return source{first: r.left(h), last: min(r.right(h), first), head: h, why: "the noun that “" + r.word(v) + "” describes"}
	case (rel == "advcl" || rel == "xcomp" || rel == "acl" || rel == "parataxis" && r.tag(v) == "VBG") && (isVerbTag(r.tag(h)) || r.Child(h, "nsubj") >= 0):
		return r.shared(v, h, depth)
	case rel == "obl" || rel == "nmod" || rel == "dep":
		return r.shared(v, h, depth)
	}
	return source{}
}

// actor gives the verb whose subject does what participle v says, where the parser hung
// it on a noun h: behind a comma, "talked up her plan, promising ...", and behind what
// somebody spends, "spent the evening defending ..."; -1 elsewhere.
func (r *reading) actor(v, h int) int {
	if r.tag(v) != "VBG" {
		return -1
	}
	k := v - 1
	for k > h && r.isMark[k] {
		k--
	}
	g := r.Tokens[h].Head
	for n := 0; n < maxClimb && g >= 0 && g < h && !isVerbTag(r.tag(g)); n++ {
		h, g = g, r.Tokens[g].Head
	}
	if g < 0 || g >= h || !isVerbTag(r.tag(g)) || strings.HasPrefix(r.Tokens[h].Rel, "nsubj") {
		return -1
	}
	if r.is(k, ",") || r.Tokens[g].Lemma == "spend" {
		return g
	}
	return -1
}

// lastName gives the name inside the phrase of noun h that ends right before
// token end: "Roe" in "footage of Jane Roe saying". It gives -1 when there is
// none.
func (r *reading) lastName(h, end int) int {
	if strings.HasPrefix(r.tag(h), "NNP") || !strings.HasPrefix(r.tag(end-1), "NNP") {
		return -1
	}
	for _, k := range r.Children(h) {
		if k > h && r.right(k) == end && r.Tokens[k].Entity >= 0 && r.Entities[r.Tokens[k].Entity].Kind == nlp.Person {
			return k
		}
	}
	return -1
}

// calendar are nouns that say when, "this past week", and never who.
var calendar = []string{"week", "weekend", "month", "year", "morning", "afternoon", "evening", "night", "day", "spring", "summer", "autumn", "fall", "winter", "season", "decade"}

// nearestSubject gives the subject of verb v that stands nearest before token
// first, or else the first one after it; -1 when there is none outside marks.
func (r *reading) nearestSubject(v, first int) int {
	best := -1
	body := r.pastDateline(r.sentence(v))
	for _, k := range r.Children(v) {
		switch r.Tokens[k].Rel {
		case "nsubj", "nsubj:pass", "csubj":
			if k < body || r.markOf[k] >= 0 || r.timeAt(r.left(k)) >= 0 || r.timeCovers[k] || r.is(r.left(k), "this", "last", "next", "that") && r.is(k, calendar...) || r.is(k, "meanwhile", "however", "today", "yesterday", "instead") || best >= 0 && k >= first {
				continue
			}
			if best >= 0 && (r.right(k) < first || r.tag(v) == "VBG") && r.commaBetween(best, k) && r.tag(k) != "PRP" {
				continue // "Name, the subject of an apposition ..., said"
			}
			best = k
		}
	}
	return best
}

// commaBetween reports whether a comma stands between two tokens.
func (r *reading) commaBetween(a, b int) bool {
	for i := a + 1; i < b; i++ {
		if r.is(i, ",") {
			return true
		}
	}
	return false
}

// sender gives the verb with which somebody gives a medium to whom noun h names, "sent a
// letter to the board", or -1.
func (r *reading) sender(h int) int {
	for g := r.Tokens[h].Head; r.Tokens[h].Rel == "nmod" && g >= 0 && g < h && isNounTag(r.tag(g)) && !slices.Contains(media, r.Tokens[g].Lemma); g = r.Tokens[h].Head {
		h = g // "the board of directors"
	}
	k := r.left(h)
	if !r.is(k, "to") {
		k--
	}
	if k < 1 || !r.is(k, "to") || !slices.Contains(media, r.Tokens[k-1].Lemma) {
		return -1
	}
	if g := r.Tokens[k-1].Head; g >= 0 && g < k && r.Tokens[k-1].Rel == "obj" && isVerbTag(r.tag(g)) {
		return g
	}
	return -1
}

// shared gives the subject of verb h as that of v, which stands below it.
func (r *reading) shared(v, h, depth int) source {
	if r.Tokens[h].Sentence != r.Tokens[v].Sentence {
		return source{}
	}
	s := r.subject(h, h, h+1, depth+1)
	if s.found() && s.first < v {
		if k := s.last; r.is(k, ",") || r.is(k-1, ",") {
			// "Name, a man leading the march, said": the parser took the
			// participle of the apposition for the verb of the sentence.
			s.shared = r.tag(h) != "VBG" || !r.is(v-1, ",")
		} else {
			s.shared = true
		}
		s.why = "subject of “" + r.word(h) + "”, shared by “" + r.word(v) + "”"
		return s
	}
	return source{}
}

// agent gives who does it in the passive: "it was reported by the station".
func (r *reading) agent(c *cue) source {
	for i := c.last; i < min(c.last+8, r.sentence(c.head).Last); i++ {
		if r.is(i, "by") && r.markOf[i] < 0 {
			s := r.nounPhraseAfter(i + 1)
			s.why = "agent after “by”"
			return s
		}
		if isVerbTag(r.tag(i)) || r.punct(i) {
			break
		}
	}
	return source{}
}

// invertible reports whether the source may follow the cue: "…,” said Meyer".
func invertible(r *reading, c *cue) bool {
	return c.lex.has(frameQuote|frameAfter) && !c.lex.has(frameAddressee) && r.tag(c.head) != "VBG" && (c.first == 0 || r.punct(c.first-1))
}

// nounPhraseAfter reads the noun phrase that begins at token i with what
// belongs to it: "Max Simmons, one of the student directors".
func (r *reading) nounPhraseAfter(i int) source {
	if i >= len(r.Tokens) {
		return source{}
	}
	end := r.sentence(i).Last
	first, head := i, -1
	k := i
	for ; k < end && r.markOf[k] < 0; k++ {
		tag := r.tag(k)
		if head >= 0 && k > i && r.timeAt(k) >= 0 && !strings.HasPrefix(r.tag(k-1), "IN") {
			break
		}
		if tag == "PRP" {
			if head < 0 {
				head = k
				k++
			}
			break
		}
		if isNounTag(tag) {
			head = k
			continue
		}
		if tag == "DT" || tag == "PDT" || tag == "PRP$" || tag == "POS" || strings.HasPrefix(tag, "JJ") || tag == "HYPH" || tag == "VBN" && head < 0 || tag == "RB" && head < 0 || tag == "VBG" && head < 0 || isVerbTag(tag) && head < 0 && roleWord(r.lower(k)) || r.is(k, "-", "&", "(", ")", "/") && head >= 0 {
			continue
		}
		if head >= 0 && tag == "CC" && k+1 < end && r.startsName(k+1) {
			continue
		}
		if head >= 0 && (r.is(k, "of", "for", "from", "at", "with") || r.is(k, "in") && strings.HasPrefix(r.tag(k+1), "NNP")) && k+1 < end && r.timeAt(k+1) < 0 && r.timeAt(k) < 0 {
			if j := r.simplePhrase(k+1, end); j > k+1 {
				k = j - 1
				continue
			}
		}
		break
	}
	if head < 0 || k <= first {
		return source{}
	}
	if (r.is(k, "familiar", "close", "involved") || r.tag(k) == "VBN" && r.is(k, "briefed")) && (r.tag(k+1) == "IN" || r.tag(k+1) == "TO") {
		if j := r.simplePhrase(k+2, end); j > k+2 {
			k = j // "people familiar with the matter"
		}
	}
	last := r.apposition(k, end)
	for last > first && (r.tag(last-1) == "DT" || r.tag(last-1) == "CC" || r.is(last-1, "(")) {
		last--
	}
	// The head is the last noun before the first "of", comma or the like.
	head = r.headOf(first, last)
	return source{first: first, last: last, head: head, why: "noun phrase after the cue"}
}

// startsName reports whether token i can begin the second of two joined names.
func (r *reading) startsName(i int) bool {
	return isNounTag(r.tag(i)) && r.tag(i) != "PRP" || r.tag(i) == "DT" || r.tag(i) == "JJ"
}

// simplePhrase reads determiners, adjectives and nouns from token i.
func (r *reading) simplePhrase(i, end int) int {
	head := false
	for ; i < end && r.markOf[i] < 0; i++ {
		tag := r.tag(i)
		if head && r.timeAt(i) >= 0 {
			break
		}
		if isNounTag(tag) {
			head = true
			continue
		}
		if tag == "DT" || tag == "PRP$" || tag == "POS" || strings.HasPrefix(tag, "JJ") || tag == "HYPH" || tag == "VBN" && !head || tag == "VBG" && !head || r.is(i, "-", "&") {
			continue
		}
		if head && tag == "CC" && isNounTag(r.tag(i+1)) {
			continue
		}
		break
	}
	if !head {
		return 0
	}
	return i
}

// apposition extends a noun phrase that ends at token k over what explains it:
// ", director of the museum", ", who runs the shelter", " (D-Ohio)".
func (r *reading) apposition(k, end int) int {
	last := k
	for k < end && r.markOf[k] < 0 {
		if r.is(k, "(") {
			j := k + 1
			for j < end && j < k+8 && !r.is(j, ")") {
				j++
			}
			if !r.is(j, ")") {
				return last
			}
			k, last = j+1, j+1
			continue
		}
		if r.is(k, "who", "whose") {
			return r.clauseEnd(k, end)
		}
		if !r.is(k, ",") || k+1 >= end || r.markOf[k+1] >= 0 {
			return last
		}
		n := k + 1
		tag := r.tag(n)
		switch {
		case r.is(n, "who", "whose", "whom"):
			return r.clauseEnd(n, end)
		case r.is(n, "which"):
			return r.clauseEnd(n, end)
		case r.timeAt(n) >= 0 && !strings.HasPrefix(r.tag(n), "CD"):
			return last
		case tag == "DT" || tag == "CD" || tag == "PRP$" || strings.HasPrefix(tag, "NN") || strings.HasPrefix(tag, "JJ") ||
			r.is(n, "one", "formerly", "now", "then", "also"):
			j := r.clauseEnd(n, end)
			// A finite verb right there means a new clause, not an apposition.
			if v := r.finiteIn(n, j); v >= 0 {
				return last
			}
			k, last = j, j
		default:
			return last
		}
	}
	return last
}

// clauseEnd gives the token at which what begins at k ends: a comma that is
// not inside a list or a place name, a mark, a dash or the sentence's end.
func (r *reading) clauseEnd(k, end int) int {
	for ; k < end; k++ {
		if r.markOf[k] >= 0 || r.dash(k) && !r.is(k, "-") || r.is(k, ";", ":", ".", "?", "!") && k >= end-1 {
			return k
		}
		if r.is(k, ";", ":") {
			return k
		}
		if r.is(k, ",") {
			return k
		}
	}
	return k
}

// finiteIn gives the first finite verb in tokens [first, last) that no
// relative pronoun introduces, or -1.
func (r *reading) finiteIn(first, last int) int {
	relative := false
	for i := first; i < last; i++ {
		if r.is(i, "who", "which", "that", "whose", "where", "whom") {
			relative = true
		}
		switch r.tag(i) {
		case "VBD", "VBZ", "VBP", "MD":
			if !relative && r.markOf[i] < 0 {
				return i
			}
		}
	}
	return -1
}

// nounPhraseBefore reads the noun phrase that ends right before token i. When
// a comma stands there the phrase has an apposition: "Leon, the coordinator of
// the shelter, said".
func (r *reading) nounPhraseBefore(i int) source {
	if i == 0 {
		return source{}
	}
	floor := r.sentence(min(i, len(r.Tokens)-1)).First
	k := i - 1
	if r.tag(k) == "CC" {
		return source{}
	}
	if r.dash(k) && !r.is(k, "-") {
		for j := k - 1; j > floor && j > k-15 && r.markOf[j] < 0; j-- {
			if r.dash(j) {
				s := r.plainBefore(floor, j)
				if s.found() {
					s.last = k
				}
				return s
			}
		}
	}
	if r.is(k, ",") {
		if j := r.inserted(floor, k); j > floor {
			return r.plainBefore(floor, j)
		}
		return r.appositive(floor, k)
	}
	if t := r.timeEnding(i); t >= 0 {
		if i = r.Times[t].First; i > floor && r.tag(i-1) == "IN" {
			i-- // "Roe (R-Ostby) on Monday said"
		}
	}
	return r.plainBefore(floor, i)
}

// plainBefore reads the noun phrase of tokens up to i, at floor or after.
func (r *reading) plainBefore(floor, i int) source {
	last, k, head := i, i-1, -1
	for ; k >= floor && r.markOf[k] < 0 && !r.timeCovers[k]; k-- {
		tag := r.tag(k)
		if isNounTag(tag) || tag == "WP" && head < 0 || tag == "WDT" && head < 0 || tag == "EX" && head < 0 {
			if head < 0 {
				head = k
			}
			if tag == "PRP" && k != last-1 {
				break
			}
			continue
		}
		if head < 0 && (r.is(k, ")") || tag == "DT" || tag == "JJ") {
			if tag == "DT" && k == last-1 {
				head = k // "some said"
			}
			continue
		}
		if tag == "DT" || tag == "PRP$" || tag == "POS" || strings.HasPrefix(tag, "JJ") || tag == "HYPH" || r.is(k, "-", "&", "(", ")", "of", ".") && k > floor || r.modifies(k) {
			continue
		}
		if r.is(k, "and") && isNounTag(r.tag(k-1)) {
			continue
		}
		break
	}
	first := k + 1
	for first < last && (r.is(first, "of", ",", "-", "&", "and", ".") || r.tag(first) == "POS") {
		first++
	}
	if head < first {
		return source{}
	}
	return source{first: first, last: last, head: r.headOf(first, last), why: "noun phrase before the cue"}
}

// inserted gives the comma before an insertion that ends at the comma k and is
// no apposition: ", meanwhile,", ", in an interview on Friday,". It gives 0 when
// there is none.
func (r *reading) inserted(floor, k int) int {
	for j := k - 1; j > floor && j > k-12; j-- {
		if r.markOf[j] >= 0 {
			return 0
		}
		if r.is(j, ",") {
			if r.tag(j+1) == "IN" || strings.HasPrefix(r.tag(j+1), "RB") || r.tag(j+1) == "VBG" || r.is(j+1, "meanwhile", "however", "too", "though", "himself", "herself") {
				return j
			}
			return 0
		}
	}
	return 0
}

// appositive reads "Name, apposition" that ends at the comma k.
func (r *reading) appositive(floor, k int) source {
	for j := k - 1; j > floor; j-- {
		if r.markOf[j] >= 0 || r.is(j, ";", ":") || r.dash(j) && !r.is(j, "-") {
			return source{}
		}
		if !r.is(j, ",") {
			continue
		}
		s := r.plainBefore(floor, j)
		if !s.found() || r.finiteIn(j+1, k) >= 0 {
			if r.finiteIn(j+1, k) >= 0 {
				return source{}
			}
			continue
		}
		if !strings.HasPrefix(r.tag(s.head), "NNP") && j-1 > floor && r.hasEarlierName(floor, j) {
			continue
		}
		s.last = k
		s.why = "noun phrase with apposition before the cue"
		return s
	}
	return source{}
}

// hasEarlierName reports whether a comma before token j ends a name: the
// apposition then began there.
func (r *reading) hasEarlierName(floor, j int) bool {
	for i := j - 1; i > floor; i-- {
		if r.is(i, ",") && strings.HasPrefix(r.tag(i-1), "NNP") {
			return true
		}
	}
	return false
}

// modifies reports whether token i is a participle in front of its noun: "the union's
// acting director".
func (r *reading) modifies(i int) bool {
	if i == 0 || i+1 >= len(r.Tokens) || r.tag(i) != "VBG" || !isNounTag(r.tag(i+1)) || r.tag(i+1) == "PRP" {
		return false
	}
	before := r.tag(i - 1)
	return before == "POS" || before == "DT" || before == "PRP$" || before == "JJ"
}

// headOf gives the word that carries a noun phrase: the last noun before the
// first comma, preposition or relative pronoun.
func (r *reading) headOf(first, last int) int {
	head := first
	for i := first; i < last; i++ {
		if i > first && (r.is(i, ",", "(", "who", "which", "that", "whose", "—", "–", "--") || r.tag(i) == "IN" || r.tag(i) == "TO" || r.tag(i) == "VBG" && !r.modifies(i) || r.tag(i) == "VBD") {
			break
		}
		if isNounTag(r.tag(i)) || i == first || r.tag(i) == "NNP" {
			head = i
		}
	}
	return head
}

// tidySource sets the edges of a source right: no comma or verb at its end, no
// opening adverbial at its beginning, the apposition up to the cue included.
func (r *reading) tidySource(s source, c *cue) source {
	if !s.found() {
		return s
	}
	s.first, s.last = r.trim(s.first, s.last)
	s = r.offDateline(s)
	if s.last <= c.first {
		// An apposition between the subject and its verb belongs to it.
		if s.last < c.first && r.is(c.first-1, ",") && r.is(s.last, ",") && c.head-s.last < 60 && s.last < c.first-1 {
			s.last = c.first - 1
		}
		if s.last < c.first && r.is(s.last, "(") && r.is(c.first-1, ")") {
			s.last = c.first
		}
	}
	s.first, s.last = r.trim(s.first, s.last)
	if s.last-s.first > 1 && r.is(s.first, "which", "that", "who", "what") && s.head > s.first {
		s.first++
	}
	if s.last == c.first {
		// Two names in a row: the parser took each for a subject.
		if p := r.plainBefore(r.sentence(c.head).First, c.first); p.found() && p.first < s.first && r.contiguous(p.first, s.first) && !r.gap(s) {
			s.first = p.first
		}
	}
	if s.last == c.first && s.last-s.first > 2 && r.is(s.last-1, "he", "she", "they") && r.tag(s.last-2) != "CC" {
		s.first, s.head = s.last-1, s.last-1 // "Outside the court he said"
	}
	if t := r.tag(s.first); s.last-s.first > 1 && (t == "IN" || t == "TO") {
		// "After aides" is "aides"; "in the past days, the mayor" is "the mayor".
		first := s.first + 1
		for i := first; i < s.head && i < s.last-1; i++ {
			if r.is(i, ",") {
				first = i + 1
			}
		}
		s.first = first
	}
	if s.last == c.first && s.first > 1 && r.is(s.first-1, "in", "of", "at", "for", "from") {
		// "..., the Defence Ministry in Almara said": the parser took the town.
		floor := r.sentence(c.head).First
		p := r.plainBefore(floor, s.first-1)
		for p.found() && r.tag(p.first-1) == "IN" && p.first-1 > floor && r.plainBefore(floor, p.first-1).last == p.first-1 {
			p.first, p.head = r.plainBefore(floor, p.first-1).first, r.plainBefore(floor, p.first-1).head
		}
		if p.found() && p.last == s.first-1 && (strings.HasPrefix(r.tag(s.head), "NNP") || r.isRoleNoun(p.head)) && (p.first == floor || r.is(p.first-1, ",") || r.isMark[p.first-1]) {
			s.first, s.head = p.first, p.head
		}
	}
	s = r.afterBreak(s)
	for s.first < s.last && (r.tag(s.first) == "CC" || r.is(s.first, "then", "meanwhile", "but") || s.first+1 < s.last && r.relays(s.first)) {
		s.first++
	}
	if s.first < s.last && r.isMark[s.first] && s.last-s.first > 1 && !r.isMark[s.last-1] {
		s.first++
	}
	if s.head < s.first || s.head >= s.last {
		s.head = r.headOf(s.first, max(s.last, s.first+1))
	}
	return s
}

// offDateline takes the place before the first sentence off a source.
func (r *reading) offDateline(s source) source {
	if body := r.pastDateline(r.sentence(s.first)); s.first < body && body < s.last {
		if s.first = body; s.head < body {
			s.head = r.headOf(s.first, s.last)
		}
	}
	return s
}

// pastNoun takes off a source the noun that its clause describes: "a cleric who
// officials say", "the amount officials said", "a field many expect".
func (r *reading) pastNoun(s source, c *cue) source {
	for i := s.last - 2; i > s.first && s.last == c.first && r.markOf[i] < 0; i-- {
		if isVerbTag(r.tag(i+1)) || r.tag(i+1) == "MD" || r.punct(i+1) {
			break
		}
		if r.is(i, "who", "which", "that") || r.gap(source{first: i + 1, last: s.last, head: s.last - 1}) {
			if s.first = i + 1; s.head < s.first {
				s.head = r.headOf(s.first, s.last)
			}
			break
		}
	}
	return s
}

// gap reports whether a source opens a clause that describes the noun before it.
func (r *reading) gap(s source) bool {
	i := s.first - 1
	if s.last-s.first == 1 && r.is(s.head, "many", "some", "few", "most", "others", "they") {
		return r.tag(i) == "NN" || r.tag(i) == "NNS"
	}
	return r.tag(s.head) == "NNS" && (r.is(i, amounts...) || r.is(i, calendar...) || r.is(i, "thing", "reason", "way"))
}

// contiguous reports whether tokens [first, last) hold only what names and
// titles are made of.
func (r *reading) contiguous(first, last int) bool {
	for i := first; i < last; i++ {
		if t := r.tag(i); !strings.HasPrefix(t, "NN") && !strings.HasPrefix(t, "JJ") && t != "DT" && t != "POS" && t != "PRP$" && !r.is(i, "of", "-", "&") || r.timeCovers[i] {
			return false
		}
	}
	return true
}

// relays reports whether token i is what was said and not part of who said it:
// "something | a caller had told them".
func (r *reading) relays(i int) bool {
	return r.is(i, "something", "anything", "everything", "nothing") && (r.tag(i+1) == "DT" || strings.HasPrefix(r.tag(i+1), "NNP"))
}

// afterBreak takes off what stands before a colon, a semicolon or a single dash
// inside a source.
func (r *reading) afterBreak(s source) source {
	dashes, lastDash, lastColon := 0, -1, -1
	for i := s.first; i < s.last; i++ {
		switch {
		case r.is(i, ":", ";"):
			lastColon = i
		case r.dash(i) && (i == 0 || r.Tokens[i-1].End < r.Tokens[i].Start || !r.is(i, "-")):
			dashes++
			lastDash = i
		}
	}
	cut := lastColon
	if dashes%2 == 1 && lastDash < s.last-1 {
		cut = max(cut, lastDash)
	}
	if cut >= 0 && cut < s.last-1 {
		s.first = cut + 1
	}
	return s
}

// cannotSpeak are subjects that say nothing whatever their verb.
var cannotSpeak = []string{"it", "this", "that", "which", "there", "what", "these", "those"}

// nobody reports whether the source says that nobody said it, "no one", "none of
// the guests", or is the name of a field: "Headline: …".
func (r *reading) nobody(s source) bool {
	return s.found() && (s.last-s.first == 1 && r.is(s.last, ":") && r.is(s.first, headings...) || r.is(s.first, "nobody", "none", "neither") || r.is(s.first, "no") && r.is(s.first+1, "one") || r.is(s.first, "no-one") || r.is(s.first, "not") && r.is(s.first+1, "one"))
}

// speechless reports whether the source is a word that only stands for a
// thing, so that the cue reports nobody.
func (r *reading) speechless(s source) bool {
	return s.last-s.first == 1 && slices.Contains(cannotSpeak, r.lower(s.first))
}
