package quote

import (
	"slices"
	"strings"

	"onrecord/nlp"
)

// A role is what the article says a person is: tokens, and how sure we are of
// it. The better construction has the lower rank.
type role struct {
	span        nlp.Span
	rank        int
	first, last int // tokens [first, last)
}

// Ranks of the constructions that give a role, best first.
const (
	byApposition = iota // "Leon, coordinator of the shelter,"
	byTitle             // "shelter coordinator Claudia Leon"; the first of the two counts
	byCopula            // "Leon is the coordinator of the shelter"
	byRelative          // "Leon, who runs the shelter,"
	byStanding          // "Leon, a Democrat", "a father of two": what she is besides what she does
	byOrigin            // "Leon of the shelter"
	byAddress           // "Dr Leon"
)

// stated gives how well a construction states a role. Apposition and title do
// it alike: the article's first word on a person counts.
func stated(rank int) int { return max(rank, byTitle) }

// maxRoles bounds how many descriptions of one person are kept.
const maxRoles = 12

// findRoles gives for each entity that is a person the best role the article
// states, and every role in text order for matching descriptions.
func findRoles(r *reading) (best map[int]role, all map[int][]role) {
	best, all = map[int]role{}, map[int][]role{}
	for m := range r.Mentions {
		e := r.Mentions[m].Entity
		if r.Entities[e].Kind != nlp.Person {
			continue
		}
		for _, found := range r.rolesAt(&r.Mentions[m]) {
			if found.span.Empty() {
				continue
			}
			if len(all[e]) < maxRoles {
				all[e] = append(all[e], found)
			}
			if b, ok := best[e]; !ok || stated(found.rank) < stated(b.rank) {
				best[e] = found
			}
		}
	}
	return best, all
}

// rolesAt reads the roles that the text around one mention states.
func (r *reading) rolesAt(m *nlp.Mention) []role {
	var found []role
	add := func(first, last, rank int) {
		for first < last && (r.punct(first) || r.tag(first) == "CC") {
			first++
		}
		for first < last && r.punct(last-1) && !r.is(last-1, ")") && !r.closes(first, last-1) {
			last--
		}
		for rank == byTitle && last-first > 1 && (r.is(last-1, "cllr") || slices.Contains(addresses, strings.TrimRight(r.lower(last-1), "."))) {
			last-- // "opposition leader Cllr Ana Roe"
		}
		if rank == byApposition && r.is(first, "a", "an") && r.is(first+1, "former") {
			rank = byCopula // "regional governor Ana Roe, a former teacher,"
		}
		if first < last && r.isRole(first, last) {
			if r.standing(first, last) {
				rank = max(rank, byStanding)
			}
			found = append(found, role{span: r.span(first, last), rank: rank, first: first, last: last})
		}
	}
	end := r.sentence(m.First).Last
	k := m.Last
	if r.is(k, "(") { // "Roe (D-Ohio)", "Roe (45)"
		for j := k; j < end && j < k+8; j++ {
			if r.is(j, ")") {
				k = j + 1
				break
			}
		}
	}
	for r.is(k, ",") && k+2 < end && nlp.Degree(r.word(k+1)) && r.is(k+2, ",") {
		k += 2 // "Roe, M.D., Ph.D., professor of ..."
	}
	if r.is(k, ",") && k+2 < end && (r.tag(k+1) == "CD" || r.is(k+1, "aged")) && (r.is(k+2, ",") || r.tag(k+2) == "CD" && r.is(k+3, ",")) {
		k += 2 // the age
		if !r.is(k, ",") {
			k++
		}
	}
	switch {
	case r.is(k, ",") && k+1 < end && r.markOf[k+1] < 0:
		if r.is(k+1, "who") {
			first, last := r.whoRole(k+1, end)
			add(first, last, byRelative)
		} else if first, last := r.appositiveRole(k+1, end); first < last {
			add(first, last, byApposition)
		}
	case r.is(k, "who"):
		first, last := r.whoRole(k, end)
		add(first, last, byRelative)
	case r.is(k, "—", "–", "--") && k+1 < end:
		if first, last := r.appositiveRole(k+1, end); first < last {
			add(first, last, byApposition)
		}
	case r.is(k, "of", "from", "with") && r.tag(k+1) != "PRP" && r.timeAt(k+1) < 0:
		if j := r.untilPerson(k+1, r.simplePhrase(k+1, end)); j > k+1 && strings.HasPrefix(r.tag(j-1), "NNP") {
			if e := r.simplePhrase(j+1, end); r.is(j, "of", "for") && e > j+1 && strings.HasPrefix(r.tag(e-1), "NNP") {
				j = e // "of the University of Tromvik"
			}
			add(k, j, byOrigin)
		}
	case r.is(k, "is", "was") && (r.tag(k+1) == "DT" || r.is(k+1, "one")):
		if j := r.rolePhraseEnd(k+1, end); j > k+1 && r.hasRoleNoun(k+1, j) && !r.superlative(k+1, j) {
			add(k+1, j, byCopula)
		}
	}
	name := m.First
	if !m.Title.Empty() {
		first, last := r.TokensIn(m.Title)
		if slices.Contains(addresses, strings.TrimRight(r.lower(last-1), ".")) && last-first == 1 {
			add(first, last, byAddress)
			name = first
			if r.is(name-1, "the") {
				name-- // "its organiser, the Rev Tim Aldous"
			}
		} else {
			add(r.titleStart(r.premodifier(first), last), last, byTitle)
			name = -1
		}
	}
	if name < 0 {
		return found
	}
	if r.is(name-1, "surnamed", "named", "called") && isNounTag(r.tag(name-2)) {
		name-- // "a mother surnamed Dahl"
	}
	if first := r.premodifier(name); first < name && name < m.First && r.is(name-1, "man", "woman", "person") && r.is(first-2, ",") {
		// "Her lawyer, a quiet woman called Jane Roe"
		if src := r.plainBefore(r.sentence(name).First, first-2); src.found() && r.isRoleNoun(src.head) {
			add(src.first, src.last, byApposition)
			return found
		}
	}
	if first := r.premodifier(name); first < name {
		if r.hasRoleNoun(first, name) && r.tag(name-1) != "NNS" {
			add(first, name, byTitle)
		}
	} else if s := r.sentence(m.First).First; r.is(name-1, ",") && name-1 > s {
		// "Malaysia's prime minister, Najib Razak"
		src := r.plainBefore(s, name-1)
		if at := src.first - 1; src.found() && r.is(at, "for", "at", "with", "in", "to") {
			if q := r.plainBefore(s, at); q.found() && q.last == at && r.isRoleNoun(q.head) && r.tag(q.head) != "NNS" && !r.isRoleNoun(src.head) {
				src.first, src.head = q.first, q.head // "An attorney for Bell, Marcus Dunne"
			}
		}
		ends := k >= end || r.punct(k) || r.is(k, "who") || isVerbTag(r.tag(k)) || r.tag(k) == "MD"
		if src.found() && (r.isRoleNoun(r.headOf(src.first, src.last)) || r.isRoleNoun(src.last-1)) && !strings.HasPrefix(r.tag(src.last-1), "PRP") {
			if r.is(src.first-1, "as") {
				return found // "As a dancer, Roe was ..." tells what Roe was
			}
			if r.is(src.first-1, "of") && src.first-2 >= s && isNounTag(r.tag(src.first-2)) {
				return found // "four managers of the owner, Corrigan Fuels"
			}
			if ends {
				add(src.first, src.last, byApposition)
			}
		} else if ends && src.found() {
			if first := r.officeBefore(s, name-1); first >= 0 {
				add(first, name-1, byApposition)
			}
		}
	}
	return found
}

// closes reports whether token i is the mark that closes a passage which begins
// at token first or behind it.
func (r *reading) closes(first, i int) bool {
	m := r.markOf[i]
	return m >= 0 && r.isMark[i] && r.Tokens[i].Start > r.marks[m].Start && r.marks[m].Start >= r.Tokens[first].Start
}

// maxOffice bounds how many words before a name describe it.
const maxOffice = 25

// officeBefore gives the first token of an office that ends in a phrase of its
// own before the comma at token end, "the chair of the subcommittee on school
// finance", or -1.
func (r *reading) officeBefore(floor, end int) int {
	first := end
	for first > floor && end-first < maxOffice && !r.punct(first-1) && r.markOf[first-1] < 0 && !isVerbTag(r.tag(first-1)) && r.tag(first-1) != "MD" && r.tag(first-1) != "PRP" {
		if e := r.Tokens[first-1].Entity; e >= 0 && r.Entities[e].Kind == nlp.Person {
			break
		}
		first--
	}
	for ; first < end; first++ {
		if t := r.tag(first); t != "DT" && t != "PRP$" && !isNounTag(t) {
			continue
		}
		h := r.headOf(first, end)
		if r.isRoleNoun(h) && r.is(h+1, "of", "for", "at", "in", "on") {
			if r.tag(h) == "NNS" {
				return -1
			}
			return first
		}
	}
	return -1
}

// untilPerson ends a phrase before the "and" in front of a person's name: "Roe of
// the union and Jane Doe".
func (r *reading) untilPerson(first, last int) int {
	for i := first; i < last; i++ {
		if e := r.Tokens[i].Entity; e >= 0 && r.Entities[e].Kind == nlp.Person {
			for last = i; last > first && r.tag(last-1) == "CC"; {
				last--
			}
		}
	}
	return last
}

// standings are nouns for party, origin and family: roles only of people of
// whom the article says nothing else.
var standings = []string{
	"democrat", "republican", "conservative", "liberal", "socialist", "communist", "nationalist", "libertarian", "independent", "moderate", "progressive", "centrist",
	"resident", "native", "father", "mother", "parent", "grandfather", "grandmother", "immigrant", "supporter", "voter", "opponent", "rival", "friend", "neighbour", "neighbor",
}

// standing reports whether a role says only what somebody is besides an office
// or a trade: "a Democrat from Ohio", not "the top Democrat on the committee".
func (r *reading) standing(first, last int) bool {
	h := r.headOf(first, last)
	if r.is(h+1, "on") || r.is(h-1, "top", "ranking", "leading", "senior") {
		return false
	}
	return slices.Contains(standings, strings.ToLower(r.Tokens[h].Lemma))
}

// addresses are titles that only say how to address somebody with a degree or
// an ordination; whatever else the article says tells more.
var addresses = []string{"dr", "rev", "reverend", "prof", "father", "sister", "fr", "hon", "lt", "sgt"}

// superlative reports whether a description says that somebody is the most of
// something, which is a fact and no role.
func (r *reading) superlative(first, last int) bool {
	for i := first; i < last; i++ {
		if r.tag(i) == "IN" {
			return false
		}
		if r.tag(i) == "JJS" || r.tag(i) == "RBS" || r.is(i, "first", "last", "only") || strings.HasSuffix(strings.SplitN(r.lower(i), "-", 2)[0], "est") && strings.Contains(r.lower(i), "-") || r.is(i, "highest", "youngest", "oldest") {
			return true
		}
	}
	return false
}

// roleText gives the words of a role as they stand inside a sentence: an
// article or a possessive that opened one begins small.
func roleText(text string) string {
	word, rest, ok := strings.Cut(text, " ")
	switch word {
	case "A", "An", "The", "His", "Her", "Its", "Their", "One", "Our", "Another":
		if ok {
			return strings.ToLower(word) + " " + rest
		}
	}
	return text
}

// appositiveRole reads an apposition that begins at token k.
func (r *reading) appositiveRole(k, end int) (first, last int) {
	tag := r.tag(k)
	if r.timeAt(k) >= 0 || r.markOf[k] >= 0 {
		return 0, 0
	}
	if !(tag == "DT" || tag == "CD" && r.is(k, "one") || tag == "PRP$" || strings.HasPrefix(tag, "NN") || strings.HasPrefix(tag, "JJ") ||
		tag == "RB" && r.is(k, "now", "then", "formerly", "also") || tag == "VBG" && isNounTag(r.tag(k+1)) || tag == "VBN") {
		return 0, 0
	}
	j := r.rolePhraseEnd(k, end)
	if j <= k || r.finiteIn(k, j) >= 0 {
		return 0, 0
	}
	// "Roe, president of the town council said", "Roe, a director for the party said"
	bare := tag == "NN" && r.isRoleNoun(k) ||
		tag == "DT" && r.hasRoleNoun(k, min(j, k+4)) && r.hasWord(k, j, "of", "for", "at", "with")
	if j < end && isFinite(r.tag(j)) && !r.isMark[j-1] && !r.hasRoleNoun(j-1, j) && !bare {
		return 0, 0 // the subject of the clause that follows: "said Roe, the town is lost"
	}
	// A list of names or a clause is no apposition.
	if r.tag(k) == "NNP" && !r.hasRoleNoun(k, j) {
		return 0, 0
	}
	if j < end && (r.is(j, ",") || r.is(j, "and")) && r.is(j+1, "and") {
		return 0, 0 // "Smith, the mayor, and ..." is a list as often as not
	}
	if !r.hasRoleNoun(k, j) && !(tag == "DT" && r.is(k, "a", "an", "the")) && !(r.is(k, "one") && r.is(k+1, "of")) {
		return 0, 0
	}
	return k, j
}

// rolePhraseEnd gives where a role that begins at token k ends. A comma ends
// it unless a place goes on behind it: "mayor of Springfield, Ohio,".
func (r *reading) rolePhraseEnd(k, end int) int {
	i := k
	for ; i < end && i < k+40; i++ {
		if r.markOf[i] >= 0 && r.isMark[i] && i+1 < end && r.marks[r.markOf[i]].Len() > 60 {
			return i
		}
		if r.is(i, ";", ":", ".", "?", "!", ")", "(") && !(r.is(i, ".") && i+1 < end) || r.dash(i) && !r.is(i, "-") {
			return i
		}
		if r.is(i, "who", "which", "whose", "where", "when", "while", "because", "although") && i > k || r.is(i, "by") && r.is(i+1, "the") && r.is(i+2, "time") {
			return i
		}
		if i > k && isFinite(r.tag(i)) && r.finiteIn(k, i+1) == i {
			return i
		}
		if r.is(i, ",") {
			if i+1 < end && r.closes(k, i+1) {
				return i + 2
			}
			if strings.HasPrefix(r.tag(i-1), "NNP") && strings.HasPrefix(r.tag(i+1), "NNP") && (i+2 >= end || r.is(i+2, ",", ".") || strings.HasPrefix(r.tag(i+2), "NNP") && r.is(i+3, ",", ".")) && r.placeAt(i+1) {
				continue
			}
			return i
		}
	}
	return i
}

// placeAt reports whether the name at token i is a place.
func (r *reading) placeAt(i int) bool {
	e := r.Tokens[i].Entity
	return e < 0 || r.Entities[e].Kind == nlp.Place
}

// occupations are verbs that say what a person does for a living.
var occupations = []string{"lead", "run", "head", "direct", "chair", "own", "found", "co-found", "teach", "work", "represent", "oversee", "manage", "serve", "study", "coach", "edit", "operate", "command"}

// whoRole reads the role in a relative clause: "the mayor" of "who is the
// mayor", "who runs the shelter" as it stands.
func (r *reading) whoRole(who, end int) (first, last int) {
	k := who + 1
	if r.is(k, "is", "was", "'s", "’s") {
		k++
		if r.is(k, "now", "also", "currently", "then") {
			k++
		}
		if r.tag(k) != "DT" && r.tag(k) != "PRP$" && !r.isRoleNoun(k) && !strings.HasPrefix(r.tag(k), "NN") {
			return 0, 0
		}
		return k, r.rolePhraseEnd(k, end)
	}
	if isVerbTag(r.tag(k)) && slices.Contains(occupations, r.Tokens[k].Lemma) {
		j := k + 1
		for j < end && !r.is(j, ",", ";", ":", ".") && !r.dash(j) && r.markOf[j] < 0 && !(j > k+1 && isFinite(r.tag(j))) {
			j++
		}
		return who, j
	}
	return 0, 0
}

// premodifier gives the first token of the title or description right before
// the name at token i: "risk management officer Rebecca Roe".
func (r *reading) premodifier(i int) int {
	floor := r.sentence(min(i, len(r.Tokens)-1)).First
	k := i
	for k > floor && i-k < 10 {
		tag := r.tag(k - 1)
		if r.markOf[k-1] >= 0 || r.timeAt(k-1) >= 0 {
			break
		}
		if e := r.Tokens[k-1].Entity; e >= 0 && r.Entities[e].Kind == nlp.Person {
			break
		}
		if r.is(k-1, "percent") {
			return i // "44 percent support businessman Clay Hutchins"
		}
		if r.is(k-1, "name") {
			break
		}
		if roleWord(r.lower(k-1)) && isVerbTag(tag) {
			k-- // "goalkeeper Ben Achter"
			continue
		}
		if strings.HasPrefix(tag, "NN") || strings.HasPrefix(tag, "JJ") || tag == "HYPH" || r.is(k-1, "-", "&", "/") || tag == "CD" && r.is(k, "-") && r.is(k+1, "year") || tag == "VBG" && k-1 > floor && r.tag(k-2) != "," && !isNounTag(r.tag(k-2)) ||
			isVerbTag(tag) && k-1 > floor && r.capital(k-1) ||
			r.is(k-1, "of", "and") && strings.HasPrefix(r.tag(k), "NN") && k-1 > floor && strings.HasPrefix(r.tag(k-2), "NN") && k < i ||
			k-1 > floor && r.inTitle(k-1, min(i+3, len(r.Tokens))) {
			k--
			continue
		}
		if tag == "POS" && k-1 > floor && strings.HasPrefix(r.tag(k-2), "NN") && k < i {
			k--
			continue
		}
		break
	}
	for k < i && (r.punct(k) || r.tag(k) == "POS" || r.tag(k) == "CC" || r.tag(k) == "IN") {
		k++
	}
	if k < i && k > floor && r.ofOwner(k, i) && (r.tag(k-1) == "DT" || r.tag(k-1) == "PRP$") {
		k-- // "the union's director", as "the union" is whose
	}
	return k
}

// ofOwner reports whether tokens [first, last) begin with whose something is, by a common
// noun: "union's director".
func (r *reading) ofOwner(first, last int) bool {
	for i := first; i < last; i++ {
		if r.tag(i) == "POS" {
			return i > first && r.tag(i-1) == "NN"
		}
	}
	return false
}

// titleStart leaves out of a title what its abbreviation shows to be the end of
// another phrase: "at the party convention | Sen. Roe".
func (r *reading) titleStart(first, last int) int {
	if w := r.word(last - 1); !strings.HasSuffix(w, ".") || !r.capital(last-1) {
		return first
	}
	for k := last - 2; k > first; k-- {
		if t := r.tag(k); (t == "NN" && !r.isRoleNoun(k) || t == "NNS") && !r.capital(k) {
			return k + 1
		}
	}
	return first
}

// isRole reports whether tokens [first, last) can be a role: no mere age,
// place, day or party.
func (r *reading) isRole(first, last int) bool {
	for i := first; i < last; i++ {
		if strings.HasPrefix(r.tag(i), "NN") || strings.HasPrefix(r.tag(i), "JJ") || isVerbTag(r.tag(i)) {
			return !slices.Contains(honorifics, strings.TrimRight(r.lower(i), ".")) || last-first > 1
		}
	}
	return false
}

// honorifics say how to address a person, not what the person does.
var honorifics = []string{"mr", "mrs", "ms", "miss", "mx", "sir", "madam", "dame", "lord", "lady", "monsieur", "señor", "don", "doña", "mister"}

func (r *reading) hasRoleNoun(first, last int) bool {
	for i := first; i < last; i++ {
		if r.isRoleNoun(i) {
			return true
		}
		if r.tag(i) == "IN" && i > first {
			return false
		}
	}
	return false
}

// isRoleNoun reports whether the noun at token i names what a person is.
func (r *reading) isRoleNoun(i int) bool {
	if !strings.HasPrefix(r.tag(i), "NN") && !strings.HasPrefix(r.tag(i), "JJ") && r.tag(i) != "VBZ" {
		return false
	}
	return roleWord(strings.ToLower(r.Tokens[i].Text)) || roleWord(strings.ToLower(r.Tokens[i].Lemma))
}

// roleWord reports whether a word in small letters names an office, a trade or
// a relation, by the lexicon or by its ending.
func roleWord(w string) bool {
	if roleNouns()[w] {
		return true
	}
	w = strings.TrimSuffix(w, "s")
	for _, end := range []string{"ician", "ologist", "onomist", "ographer", "person", "woman", "ologer", "keeper", "worker", "maker", "holder", "leader", "fighter", "master", "ivist", "ucator", "ecutive", "inator", "istrator", "sultant", "ssistant", "ttendant", "cupant"} {
		if strings.HasSuffix(w, end) && len(w) > len(end) {
			return true
		}
	}
	return false
}
