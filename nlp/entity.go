package nlp

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"onrecord/nlp/internal/gazetteer"
)

// A candidate is a stretch of tokens that may be a name.
type candidate struct {
	first, last int
	title       int // first token of the title before it, -1 without one
	kind        EntityKind
	sure        bool // the words themselves tell the kind
	entity      int
	dropped     bool
}

// A namer collects the names of one document.
type namer struct {
	d     *Document
	names []candidate       // in no order until settle
	owner []int32           // of each token: the name that covers it, an index into names plus one
	small map[string]bool   // words that the text has in small letters
	alias map[string]string // acronym to the key of the name it stands for
}

// findNames fills in Entities and Mentions. labels has what the name finder
// made of each token; rules and the memory of the document correct it: titles
// are no part of a name, "Rodolfo Robles bridge" is no person, "Contreras" is
// the Denis Contreras of the first paragraph.
func (d *Document) findNames(labels []string) {
	n := namer{d: d, owner: make([]int32, len(d.Tokens)), small: map[string]bool{}, alias: map[string]string{}}
	for _, t := range d.Tokens {
		if c := t.Text[0]; 'a' <= c && c <= 'z' {
			n.small[t.Text] = true
		}
	}
	n.label(labels)
	n.initial()
	n.organisations()
	n.companies()
	n.persons()
	n.doubleNames()
	n.nicknames()
	n.initial()
	n.facilities()
	n.settle()
	n.notNames()
	n.acronyms()
	n.settle()
	n.tails()
	n.settle()
	n.firms()
	n.settle()
	n.vote()
	n.identify()
}

// text gives the bytes of tokens [first, last).
func (n *namer) text(first, last int) string { return n.d.SpanOf(first, last).Text(n.d.Text) }

// low gives token i in lower case without the dot of an abbreviation, "" when
// i lies outside the document.
func (n *namer) low(i int) string {
	if i < 0 || i >= len(n.d.Tokens) {
		return ""
	}
	return n.d.low[i]
}

func (n *namer) same(i, j int) bool {
	return i >= 0 && j >= 0 && i < len(n.d.Tokens) && j < len(n.d.Tokens) && n.d.Tokens[i].Sentence == n.d.Tokens[j].Sentence
}

func (n *namer) upper(i int) bool {
	return i >= 0 && i < len(n.d.Tokens) && isUpperWord(n.d.Tokens[i].Text)
}

// opening reports whether token i is the first word of its sentence.
func (n *namer) opening(i int) bool {
	first := n.d.Sentences[n.d.Tokens[i].Sentence].First
	for first < i && isPunctuation(n.d.Tokens[first].Text) {
		first++
	}
	return first == i || i > 0 && (isQuoteMark(n.d.Tokens[i-1].Text) && n.d.Tokens[i-1].Text != "'" && n.d.Tokens[i-1].Text != "’" || n.d.Tokens[i-1].Text == ":")
}

// add notes a name unless it overlaps one that stands.
func (n *namer) add(c candidate) {
	for i := c.first; i < c.last; i++ {
		if n.owner[i] > 0 {
			return
		}
	}
	n.names = append(n.names, c)
	for i := c.first; i < c.last; i++ {
		n.owner[i] = int32(len(n.names))
	}
}

// at gives the index of the name that covers token i, -1 when none does.
func (n *namer) at(i int) int {
	if i < 0 || i >= len(n.owner) {
		return -1
	}
	return int(n.owner[i]) - 1
}

// remove drops the names that overlap the tokens [first, last).
func (n *namer) remove(first, last int) {
	for i := first; i < last; i++ {
		k := n.at(i)
		if k < 0 {
			continue
		}
		n.names[k].dropped = true
		for j := n.names[k].first; j < n.names[k].last; j++ {
			n.owner[j] = 0
		}
	}
}

// settle puts the names in text order.
func (n *namer) settle() {
	n.names = slices.DeleteFunc(n.names, func(c candidate) bool { return c.dropped })
	slices.SortFunc(n.names, func(a, b candidate) int { return a.first - b.first })
	for k, c := range n.names {
		for i := c.first; i < c.last; i++ {
			n.owner[i] = int32(k + 1)
		}
	}
}

var labelKinds = map[string]EntityKind{"PER": Person, "LOC": Place, "ORG": Organisation}

// label takes over the spans of the name finder, cleaned.
func (n *namer) label(labels []string) {
	for _, s := range n.d.Sentences {
		for i := s.First; i < s.Last; {
			_, kind, ok := strings.Cut(labels[i], "-")
			if !ok {
				i++
				continue
			}
			last := i + 1
			for last < s.Last && labels[last] == "I-"+kind {
				last++
			}
			if c, ok := n.clean(candidate{first: i, last: last, title: -1, kind: labelKinds[kind]}); ok {
				n.add(c)
			}
			i = last
		}
	}
}

// clean trims a name of what does not belong to it and finds its title.
func (n *namer) clean(c candidate) (candidate, bool) {
	d := n.d
	for c.first < c.last {
		t := d.Tokens[c.first]
		if n.upper(c.first) && !(n.opening(c.first) && c.last-c.first > 1 && isStarter(t.Text)) && t.Tag != "DT" || unicode.IsDigit(firstRune(t.Text)) && c.last-c.first > 1 || strings.HasPrefix(t.Text, "@") || particles()[t.Text] && c.last-c.first > 1 || n.innerCapital(t.Text) || c.last-c.first > 2 && n.isArticle(c.first) {
			break
		}
		c.first++
	}
	c.first = n.widen(c)
	for c.first < c.last {
		t := d.Tokens[c.last-1]
		if t.Tag != "POS" && !isPunctuation(t.Text) && (n.upper(c.last-1) || c.last-c.first > 1 && (isDigit(t.Text[0]) || t.Tag == "NNP") || n.innerCapital(t.Text) || strings.HasPrefix(t.Text, "@")) {
			break
		}
		c.last--
	}
	if last := c.last - 1; last > c.first && n.opensBehind(c) {
		c.last, c.kind = last, Place
	}
	if last := c.last - 1; last > c.first && (c.kind == Place || c.kind == Person && last > c.first+1) {
		if _, day := weekdayOf(d.Tokens[last].Text); day && n.low(last-1) != "on" {
			c.last = last // "in Kelvale Thursday"
		}
	}
	for i := c.first + 1; i < c.last; i++ {
		if t := d.Tokens[i]; (isDash(t.Text) || t.Text == "|" || t.Text == ":") && t.Start > d.Tokens[i-1].End {
			c.last = i // two names with a dash between
		}
	}
	heading := c.last-c.first > 1 && n.isHeading(d.Sentences[d.Tokens[c.first].Sentence])
	for c.kind == Person && c.last-c.first > 1 && (isStarter(d.Tokens[c.last-1].Text) || heading && n.ordinary(c.last-1)) {
		c.last--
	}
	for c.kind == Person && c.last-c.first > 2 && Degree(d.Tokens[c.last-1].Text) {
		c.last-- // "Anjali Rao KC"
	}
	if c.first >= c.last || c.last-c.first > 1 && n.partisan(c) {
		return c, false
	}
	if c.last-c.first == 1 && !n.plausible(c) {
		return c, false
	}
	if first, _ := d.TimesIn(d.SpanOf(c.first, c.last)); first < len(d.Times) && d.Times[first].Span.Contains(d.SpanOf(c.first, c.last)) {
		return c, false
	}
	if title := n.leadingTitle(c); c.kind != Person && title > c.first && facilities()[n.low(c.last-1)] == "" {
		_, given := gazetteer.FirstName(d.Tokens[title].Text)
		if given = given || c.last-title == 2 && isPeople(d.Tokens[max(c.first, title-2)].Text); given && c.last-title > 1 {
			c.kind = Person // "Florida Rep. Ana Pereira"
			if n.opening(c.first) && gazetteer.IsPlace(d.Tokens[c.first].Text) && isPeople(d.Tokens[c.first+1].Text) {
				c.first++ // a place before the first sentence: "Oslo Norwegian President Ana Pereira"
			}
		}
	}
	if c.kind == Place && c.last-c.first > 1 && isAddress(n.low(c.first)) {
		c.kind = Person // "Ms Duarte"
	}
	if c.kind == Person {
		if title := n.leadingTitle(c); title > c.first {
			c.title, c.first = c.first, title
			c.sure = true
		}
		n.titleBefore(&c)
	}
	if c.kind == Organisation && c.last-c.first == 2 && n.afterOffice(c) {
		c.kind = Person
		n.titleBefore(&c)
	}
	if c.kind == Place && c.last-c.first == 2 && n.behindOffice(c) {
		c.kind, c.sure = Person, true
	}
	if c.kind == Person && c.last-c.first == 2 && c.title < 0 && isStorm(n.low(c.first)) {
		return c, false // "Storm Inge"
	}
	if c.last-c.first > 1 && n.opening(c.first) && opensFirm(n.low(c.first)) && n.upper(c.first+1) {
		c.first++ // "Chipmaker Halden Semiconductor"
		c.kind, c.sure = Organisation, true
	}
	if c.kind == Person && c.last-c.first == 1 && c.title < 0 && n.low(c.first-1) == "," && n.same(c.first-2, c.first) && isTrade(n.low(c.first-2)) {
		c.kind, c.sure = Organisation, true // "The grid operator, Nordnett, said"
	}
	if c.kind == Place && n.actsAsBody(c) {
		c.kind, c.sure = Organisation, true
	}
	if n.isPlaceHere(c) {
		c.kind, c.sure, c.title = Place, true, -1
	}
	return n.facility(c), true
}

// opensBehind reports whether the last word of a name is the article that opens the
// sentence behind the place of a report: "Kelvale A farmer".
func (n *namer) opensBehind(c candidate) bool {
	last := c.last - 1
	switch n.d.Tokens[last].Text {
	case "A", "An", "The":
		tag := ""
		if n.same(last, c.last) {
			tag = n.d.Tokens[c.last].Tag
		}
		return (c.kind == Place || gazetteer.IsPlace(n.text(c.first, last))) && (strings.HasPrefix(tag, "NN") || tag == "JJ")
	}
	return false
}

// partisan reports whether a name is only somebody's state and party: "the Ohio
// Democrat". A paper may be called so too; nothing tells them apart.
func (n *namer) partisan(c candidate) bool {
	switch n.low(c.last - 1) {
	case "democrat", "republican", "conservative", "liberal":
		return n.low(c.first-1) == "the" && gazetteer.IsPlace(n.text(c.first, c.last-1))
	}
	return false
}

// afterOffice reports whether a name of two words follows an office that only people
// hold: "public prosecutor Asha Purel", whatever the name finder takes it for.
func (n *namer) afterOffice(c candidate) bool {
	if !n.same(c.first-1, c.last-1) || facilities()[n.low(c.last-1)] != "" || !strings.HasPrefix(n.d.Tokens[c.first-1].Tag, "NN") || isAcronym(n.d.Tokens[c.first].Text) || isAcronym(n.d.Tokens[c.last-1].Text) {
		return false
	}
	switch n.low(c.first - 1) {
	case "prosecutor", "spokesman", "spokeswoman", "spokesperson", "attorney", "lawyer", "judge", "witness", "resident", "professor", "minister", "ambassador", "mayor", "senator", "commissioner", "detective", "chairman", "chairwoman":
		return true
	}
	return false
}

// behindOffice reports whether a name stands behind a comma that ends what its bearer is
// to others: "its leader, Per Oland,", "a spokesman for the Union, Per Dahl,".
func (n *namer) behindOffice(c candidate) bool {
	d := n.d
	comma := c.first - 1
	if !n.same(comma-1, c.last-1) || n.low(comma) != "," || n.same(c.first, c.last) && n.low(c.last) != "," && n.low(c.last) != "." && !strings.HasPrefix(d.Tokens[c.last].Tag, "VB") && d.Tokens[c.last].Tag != "MD" {
		return false
	}
	switch n.low(comma - 1) {
	case "leader", "spokesman", "spokeswoman", "spokesperson", "lawyer", "attorney", "deputy", "husband", "wife", "son", "daughter", "brother", "sister", "founder", "chairman", "chairwoman", "coach", "manager", "director", "president", "adviser", "aide":
		return true
	}
	for i := comma - 2; i >= comma-8 && n.same(i, comma); i-- {
		switch n.low(i) {
		case "spokesman", "spokeswoman", "spokesperson", "lawyer", "attorney":
			return n.low(i+1) == "for"
		case ",":
			return false
		}
	}
	return false
}

// isStorm reports whether what a word names has people's names and is none.
func isStorm(low string) bool {
	switch low {
	case "storm", "hurricane", "cyclone", "typhoon":
		return true
	}
	return false
}

// isTrade reports whether a word says what a firm or a body does.
func isTrade(low string) bool {
	switch low {
	case "agency", "bank", "carrier", "charity", "company", "developer", "distributor", "operator", "publisher", "rival", "subsidiary", "supermarket", "utility":
		return true
	}
	return opensFirm(low)
}

// opensFirm reports whether a word that says what a firm or a body does is no part of
// the name behind it, as "bank" may be.
func opensFirm(low string) bool {
	switch low {
	case "airline", "broadcaster", "insurer", "lender", "manufacturer", "regulator", "retailer", "startup", "supplier", "watchdog":
		return true
	case "maker", "lawmaker", "policymaker", "filmmaker", "peacemaker", "matchmaker", "dressmaker":
		return false // people
	}
	return strings.HasSuffix(low, "maker")
}

// actsAsBody reports whether what was taken for a place is a body by its own
// words: "the Union", "Statistics Norrland".
func (n *namer) actsAsBody(c candidate) bool {
	switch c.last - c.first {
	case 1:
		return facilities()[n.low(c.first)] == string(Organisation) && n.low(c.first-1) != "in"
	case 2:
		return n.low(c.first) == "statistics"
	}
	return false
}

// isPlaceHere reads from the words around a name that it is a place's: "the
// town of Tecun Uman", "Tecun Uman, Guatemala".
func (n *namer) isPlaceHere(c candidate) bool {
	if c.kind == Organisation {
		return false
	}
	if n.low(c.first-1) == "of" && n.same(c.first-2, c.first) {
		switch n.low(c.first - 2) {
		case "town", "city", "village", "province", "state", "county", "district", "region", "port", "island", "suburb", "township", "municipality", "neighborhood", "neighbourhood", "resort", "capital", "hamlet", "borough", "commune", "enclave", "republic", "gulf", "bay", "kingdom", "towns", "cities", "villages":
			return true
		}
	}
	if c.title >= 0 || !n.same(c.first, c.last+1) || n.low(c.last) != "," {
		return false
	}
	// A country or a state after the comma, closed by a mark of its own or the end of the sentence.
	for end := c.last + 2; end <= c.last+3; end++ {
		if _, ok := gazetteer.Country(n.text(c.last+1, min(end, len(n.d.Tokens)))); ok && n.upper(c.last+1) && !isPeople(n.d.Tokens[c.last+1].Text) {
			return !n.same(c.first, end) || n.low(end) == "," || n.low(end) == "." || n.d.Tokens[end].Tag == "IN"
		}
	}
	return false
}

// initial joins an initial, or what was taken for a name of its own, to the
// person's name that follows at once: "L." and "Ron Hubbard".
func (n *namer) initial() {
	for k := range n.names {
		c := n.names[k]
		next := n.at(c.last)
		if c.dropped || c.kind != Person || next < 0 || n.names[next].kind != Person || !n.same(c.first, c.last) || n.names[next].title >= 0 {
			continue
		}
		first := n.d.Tokens[c.first].Text
		if _, known := gazetteer.FirstName(first); c.last-c.first == 1 && (known || len(first) == 2 && first[1] == '.' || n.flat(c, n.names[next])) {
			other := n.names[next]
			n.remove(c.first, other.last)
			c.last = other.last
			n.add(c)
		}
	}
}

// doubleNames takes into a person's name the second part of a double first name in
// small letters, and the family name behind it: "Hye-jin Park".
func (n *namer) doubleNames() {
	d := n.d
	for k := range n.names {
		c := n.names[k]
		i := c.last
		if c.dropped || c.kind != Person || c.last-c.first != 1 || !n.same(c.first, i+2) || d.Tokens[i].Text != "-" || d.Tokens[i].Start != d.Tokens[i-1].End ||
			d.Tokens[i+1].Start != d.Tokens[i].End || d.Tokens[i+1].Tag != "NNP" || !n.upper(i+2) || d.Tokens[i+2].Tag != "NNP" || isTitle(n.low(i+2)) {
			continue
		}
		n.remove(c.first, i+3)
		c.last = i + 3
		n.add(c)
	}
}

// nicknames makes one name of a person's with a nickname in marks: David “Ace”
// Lund.
func (n *namer) nicknames() {
	d := n.d
	for i := 0; i+4 < len(d.Tokens); i++ {
		if !n.upper(i) || !strings.HasPrefix(d.Tokens[i].Tag, "NNP") || !isQuoteMark(d.Tokens[i+1].Text) || !n.same(i, i+1) {
			continue
		}
		close := i + 2
		for close < i+5 && close < len(d.Tokens) && n.upper(close) {
			close++
		}
		last := close + 1
		if close == i+2 || last >= len(d.Tokens) || !isQuoteMark(d.Tokens[close].Text) || !n.same(i, last) || !n.upper(last) || !strings.HasPrefix(d.Tokens[last].Tag, "NNP") {
			continue
		}
		c := candidate{first: i, last: last + 1, title: -1, kind: Person, entity: -1}
		_, sure := gazetteer.FirstName(d.Tokens[i].Text)
		if k := n.at(i); k >= 0 {
			sure = sure || n.names[k].kind == Person
			c.first, c.title = n.names[k].first, n.names[k].title
		}
		if k := n.at(last); k >= 0 {
			c.last = n.names[k].last
		}
		if !sure {
			continue
		}
		n.remove(c.first, c.last)
		n.add(c)
		i = c.last
	}
}

// flat reports whether two names of one word in a row are one by the tree and
// by the title before them: "Finance Minister Per" and "Holm".
func (n *namer) flat(a, b candidate) bool {
	t := n.d.Tokens[b.first]
	return a.title >= 0 && b.last-b.first == 1 && t.Rel == "flat" && (t.Head == a.first || t.Head >= a.title && t.Head < a.first)
}

// isArticle reports whether token i is the Arabic article of "al-Zahra".
func (n *namer) isArticle(i int) bool {
	switch n.low(i) {
	case "al", "el", "ad", "an", "ar", "as", "ash", "at", "az", "ul", "abu", "ibn":
		return i+1 < len(n.d.Tokens) && n.d.Tokens[i+1].Text == "-" && n.d.Tokens[i+1].Start == n.d.Tokens[i].End
	}
	return false
}

// widen gives the first token of a name with what belongs to it on its left:
// "al-", "bin", an initial.
func (n *namer) widen(c candidate) int {
	first := c.first
	if first >= c.last {
		return first
	}
	if n.same(first-2, first) && n.at(first-2) < 0 && n.isArticle(first-2) && n.d.Tokens[first-1].End == n.d.Tokens[first].Start {
		return first - 2
	}
	if c.kind == Person && n.same(first-2, first) && n.hyphenated(first-1) && n.at(first-2) < 0 && n.upper(first-2) {
		return first - 2 // "Lars-Erik Holm"
	}
	if c.kind == Person && n.same(first-1, first) && n.at(first-1) < 0 {
		switch t := n.d.Tokens[first-1]; t.Text {
		case "bin", "bint", "ibn", "von", "van", "al", "el":
			return first - 1
		default:
			if len(t.Text) == 2 && t.Text[1] == '.' && n.upper(first-1) && !n.opening(first-1) {
				return first - 1
			}
		}
	}
	return first
}

// ordinary reports whether token i, capitalised as all words of a heading are,
// is no name: the text has it in small letters, or it is a form of a verb.
func (n *namer) ordinary(i int) bool {
	low := n.low(i)
	return n.small[low] || strings.HasPrefix(n.d.Tokens[i].Tag, "VB") || verbs()[lemma(low, "VBD")] && irregular()["v "+low] != ""
}

// innerCapital reports whether s is a word like "eBay".
func (n *namer) innerCapital(s string) bool {
	return strings.IndexFunc(s, unicode.IsUpper) > 0 && !strings.Contains(s, "-")
}

// plausible tells a lone name from an ordinary word with a capital.
func (n *namer) plausible(c candidate) bool {
	t := n.d.Tokens[c.first]
	if utf8.RuneCountInString(t.Text) < 2 || t.Tag == "PRP" || t.Tag == "JJ" || t.Tag == "CD" || t.Tag == "NNPS" && c.kind == Person {
		return false
	}
	if isPeople(t.Text) {
		return false // "Hondurans", "Mexican"
	}
	if low := strings.ToLower(t.Text); len(low) > 3 && strings.ToUpper(t.Text) == t.Text && (n.small[low] || isStarter(t.Text[:1]+low[1:])) {
		return false // a word in capitals
	}
	if c.kind == Person && n.same(c.first-1, c.first) {
		switch n.low(c.first - 1) {
		case "a", "an", "one", "every", "each", "some", "any", "no", "these", "those", "many", "few", "all", "most", "fellow", "another":
			return false // "a Democrat"
		}
	}
	if c.kind == Person && n.same(c.first, c.last) && (n.low(c.last) == "member" || n.low(c.last) == "members") {
		switch n.low(c.first) {
		case "council", "board", "committee", "commission", "assembly", "senate", "parliament", "cabinet", "party", "union", "jury", "staff":
			return false // "Council member Dale Ruiz"
		}
	}
	if !n.opening(c.first) {
		return strings.HasPrefix(t.Tag, "NN") || n.known(t.Text)
	}
	if isStarter(t.Text) {
		return false
	}
	if n.small[strings.ToLower(t.Text)] {
		return false
	}
	return strings.HasPrefix(t.Tag, "NNP") || n.known(t.Text)
}

// known reports whether a gazetteer has the word.
func (n *namer) known(word string) bool {
	_, first := gazetteer.FirstName(word)
	return first || gazetteer.IsPlace(word)
}

// isPeople reports whether word is the adjective or the people of a country.
func isPeople(word string) bool {
	country, ok := gazetteer.Country(word)
	if !ok || strings.EqualFold(country, word) || strings.ToUpper(word) == word {
		return false
	}
	adjective, ok := gazetteer.Demonym(country)
	if !ok || len(word) < 4 {
		return false
	}
	return strings.EqualFold(adjective, word) || strings.EqualFold(adjective+"s", word) || strings.EqualFold(adjective[:3], word[:3]) && !strings.EqualFold(word, country) && (strings.HasSuffix(word, "s") || strings.HasSuffix(word, "ese") || strings.HasSuffix(word, "ish") || strings.HasSuffix(word, "an") || strings.HasSuffix(word, "i"))
}

// isTitle reports whether the word before a name can be its title.
func isTitle(low string) bool {
	_, ok := titleGenders()[low]
	return ok
}

// leadingTitle gives the token of a name after the title that it begins with,
// the first token when there is none.
func (n *namer) leadingTitle(c candidate) int {
	name := c.first
	for i := c.first; i < c.last-1; i++ {
		if _, given := gazetteer.FirstName(n.low(c.first)); given && i > c.first && !isTitle(n.low(c.first)) && !gazetteer.IsPlace(n.d.Tokens[c.first].Text) {
			break // "Mohammed Sheikh Omari"
		}
		if isTitle(n.low(i)) && !n.isGivenName(i, c.last) && n.upper(i+1) {
			name = i + 1
		}
	}
	return name
}

// isGivenName tells "Dean Smith" from a dean called Smith.
func (n *namer) isGivenName(i, last int) bool {
	switch n.low(i) {
	case "dean", "earl", "duke", "marshal", "deacon", "baron", "major", "king", "prince", "judge", "chancellor", "page", "bishop", "sister", "brother", "coach", "baker", "pastor", "master", "chef", "driver", "farmer", "winger", "potter", "skipper", "boss", "don":
		_, known := gazetteer.FirstName(n.low(i))
		return known && n.low(i) != "king" && n.low(i) != "prince" && n.low(i) != "judge" && n.low(i) != "sister" && n.low(i) != "brother" && n.low(i) != "coach" && last-i == 2 && !n.opening(i)
	}
	return false
}

// titleBefore extends the title of a person to the words before the name:
// "US President", "company spokeswoman", "Secretary of State".
func (n *namer) titleBefore(c *candidate) {
	at := c.first
	if c.title >= 0 {
		at = c.title
	} else {
		i := at - 1
		if !n.same(i, at) || n.at(i) >= 0 && n.names[n.at(i)].kind == Person {
			return
		}
		if !isTitle(n.low(i)) {
			if i = n.titleOf(i); i < 0 {
				return
			}
		} else if t := n.d.Tokens[i]; !strings.HasPrefix(t.Tag, "NN") && !n.upper(i) {
			return
		}
		at = i
		c.sure = true
	}
	// The words that qualify the title.
	bare := at
	for limit := 0; limit < 6 && !isHonorific(n.low(at)); limit++ {
		i := at - 1
		if !n.same(i, at) {
			break
		}
		t := n.d.Tokens[i]
		if k := n.at(i); k >= 0 && n.names[k].kind == Person && n.names[k].sure {
			break
		}
		if n.low(i) == "percent" || t.Text == "%" {
			at = bare // "44 percent support businessman Clay Hutchins"
			break
		}
		hyphen := t.Text == "-" && t.End == n.d.Tokens[at].Start
		if !hyphen && (t.Tag != "NN" && t.Tag != "NNP" && t.Tag != "NNPS" && t.Tag != "JJ" && t.Tag != "NNS" || n.opening(i) && isStarter(t.Text)) {
			break
		}
		if t.Tag == "NNS" && !n.upper(i) && t.Lemma != t.Text {
			break // "told reporters President ..."
		}
		at = i
	}
	c.title = at
}

// isAddress reports whether a word is a form of address that stands in front of
// nothing but a person's name.
func isAddress(low string) bool {
	switch low {
	case "mr", "mrs", "ms", "mx", "dr":
		return true
	}
	return false
}

// isHonorific reports whether a title stands without words that qualify it.
func isHonorific(low string) bool {
	switch low {
	case "mr", "mrs", "ms", "miss", "mx", "dr", "sir", "mme", "mlle", "madame", "don", "herr", "frau", "señor", "señora", "monsieur", "signora":
		return true
	}
	return false
}

// titleOf finds the title of "Secretary of State", given its last token i; -1
// when there is none.
func (n *namer) titleOf(i int) int {
	for j := i; j > i-5 && n.same(j, i); j-- {
		if n.low(j) == "of" || n.low(j) == "for" {
			if n.same(j-1, i) && isTitle(n.low(j-1)) && n.upper(j-1) && j < i {
				return j - 1
			}
			return -1
		}
		if !n.upper(j) && n.low(j) != "the" && n.low(j) != "and" {
			return -1
		}
	}
	return -1
}

// facility looks for a word that tells what a name names: the last of the name,
// or, after a person's name, the next: "Rodolfo Robles bridge".
func (n *namer) facility(c candidate) candidate {
	words := c.last - c.first
	if words > 1 {
		if kind, ok := facilities()[n.low(c.last-1)]; ok && n.upper(c.last-1) {
			_, first := gazetteer.FirstName(n.d.Tokens[c.first].Text)
			if c.kind == Person && words == 2 && (first || c.title >= 0) && isSurnameToo(n.low(c.last-1)) {
				return c
			}
			c.kind = EntityKind(kind)
			c.sure = true
			c.title = -1
			return c
		}
	}
	next := c.last
	if saint := n.low(c.first); (saint == "st" || saint == "saint") && n.same(c.first, next+1) && n.d.Tokens[next].Tag == "POS" && n.upper(next+1) && facilities()[n.low(next+1)] != "" {
		c.last, c.kind, c.sure, c.title = next+2, EntityKind(facilities()[n.low(next+1)]), true, -1
		return c // "St. Brendan's Hospital"
	}
	if !n.same(c.first, next) || c.title >= 0 || n.at(next) >= 0 {
		return c
	}
	kind, ok := facilities()[n.low(next)]
	if !ok || !strings.HasPrefix(n.d.Tokens[next].Tag, "NN") {
		return c
	}
	upper := n.upper(next)
	switch {
	case !upper && (c.kind == Organisation || !namesFacility(n.low(next))):
		return c
	case !upper && c.kind == Place && gazetteer.IsPlace(n.text(c.first, c.last)):
		return c // "Paris airport"
	case upper && c.kind == Person && n.upper(next+1) && n.same(next, next+1):
		return c
	}
	// "Ana Pereira police said" is no name.
	if !upper && n.d.Tokens[c.last-1].Head == n.d.Tokens[next].Head && n.d.Tokens[c.last-1].Rel == "nsubj" {
		return c
	}
	c.last++
	c.kind = EntityKind(kind)
	c.sure = true
	return c
}

// isSurnameToo reports whether a word for a place is also a family name.
func isSurnameToo(low string) bool {
	switch low {
	case "park", "church", "hall", "house", "hill", "hills", "lane", "forest", "woods", "banks", "rivers", "fields", "castle", "temple", "brooks", "pool", "court", "field", "bay", "marsh", "camp", "heath", "ford", "port", "garden", "stone", "cliff", "guard", "place", "villa", "market", "tower", "beach", "lake", "valley":
		return true
	}
	return false
}

// namesFacility reports whether the word makes a name of the person's name
// before it though written small: "Robles bridge", "Trump administration".
func namesFacility(low string) bool {
	switch low {
	case "abbey", "airport", "arena", "avenue", "boulevard", "bridge", "building", "canal", "castle", "cathedral", "cemetery", "clinic", "dam", "expressway", "farm", "glacier", "highway", "hospital", "hotel", "island", "lake", "library", "mall", "mosque", "museum", "park", "prison", "ranch", "reservoir", "river", "road", "square", "stadium", "station", "strait", "street", "theater", "theatre", "tower", "tunnel", "university",
		"administration", "campaign", "cartel", "cabinet", "foundation", "government", "institute", "regime", "trust", "party", "orchestra":
		return true
	}
	return false
}

// organisations finds names that say that they are an organisation's:
// "Washington Office on Latin America". What was found inside them is part of
// them.
func (n *namer) organisations() {
	for _, s := range n.d.Sentences {
		if n.isHeading(s) {
			continue
		}
		for i := s.First; i < s.Last; i++ {
			if !n.upper(i) || facilities()[n.low(i)] != string(Organisation) {
				continue
			}
			first := i
			for first > s.First && n.partOfName(first-1) && n.low(first-1) != "former" {
				first--
			}
			if n.low(first) == "district" && first-2 >= s.First && n.low(first-1) == "and" && n.partOfName(first-2) {
				first -= 2 // "Marlow and District NHS Trust"
			}
			if k := n.at(first); k >= 0 && n.names[k].first < first && n.names[k].kind != Person {
				first = n.names[k].first
			}
			// A person before the name, or a title, does not belong to it.
			last := i + 1
			for last < s.Last && n.upper(last) && strings.HasPrefix(n.d.Tokens[last].Tag, "NNP") && facilities()[n.low(last)] != "" {
				last++
			}
			last = n.complement(last, s.Last, n.low(i))
			if last-first < 2 || gazetteer.IsPlace(n.text(first, last)) {
				continue
			}
			n.remove(first, last)
			n.add(candidate{first: first, last: last, title: -1, kind: Organisation, sure: true})
			i = last - 1
		}
	}
}

// partOfName reports whether the capitalised token i can stand inside the name
// of an organisation.
func (n *namer) partOfName(i int) bool {
	t := n.d.Tokens[i]
	if t.Text == "&" {
		return n.upper(i - 1)
	}
	if t.Text == "-" {
		return i > 0 && t.Start == n.d.Tokens[i-1].End && n.upper(i-1)
	}
	if t.Tag == "POS" {
		return n.pluralPossessive(i)
	}
	if !n.upper(i) || t.Tag == "DT" || t.Tag == "IN" || t.Tag == "PRP" || t.Tag == "PRP$" || strings.HasPrefix(t.Tag, "V") && t.Tag != "VBN" || t.Tag == "CC" || t.Tag == "RB" || t.Tag == "WRB" || t.Tag == "MD" {
		return false
	}
	if _, isDay := weekdayOf(t.Text); isDay {
		return false
	}
	return !n.opening(i) || !isStarter(t.Text) && (strings.HasPrefix(t.Tag, "NNP") || isPeople(t.Text))
}

// pluralPossessive reports whether the sign of the possessive at token i
// follows a plural, as in the Glassworkers' Federation.
func (n *namer) pluralPossessive(i int) bool {
	if i == 0 || !n.upper(i-1) || n.opening(i-1) && isStarter(n.d.Tokens[i-1].Text) {
		return false
	}
	w := n.low(i - 1)
	return len(n.d.Tokens[i].Text) < 4 && !strings.HasSuffix(n.d.Tokens[i].Text, "s") && strings.HasSuffix(w, "s") && !gazetteer.IsPlace(n.d.Tokens[i-1].Text) && n.at(i-1) < 0 ||
		strings.HasSuffix(w, "men") && len(w) > 4 || w == "children" || w == "people" || w == "magistrates"
}

// complement extends the name of an organisation over "of Health", "on Latin
// America", "for Human Rights".
func (n *namer) complement(last, end int, key string) int {
	for range 3 {
		at := last
		switch n.low(at) {
		case "of", "on", "for":
			at++
		case "and", "&":
			if n.low(at) == "and" && key != "ministry" && key != "department" && key != "office" && key != "committee" && key != "commission" {
				return last
			}
			at++
		default:
			return last
		}
		if n.low(at) == "the" {
			at++
		}
		from := at
		for at < end && (n.upper(at) || n.d.Tokens[at].Text == "-" && at > from) && n.d.Tokens[at].Tag != "POS" {
			if _, isDay := weekdayOf(n.d.Tokens[at].Text); isDay {
				break
			}
			if _, isMonth := monthOf(n.d.Tokens[at].Text); isMonth {
				break
			}
			at++
		}
		if at == from || at > end {
			return last
		}
		if _, first := gazetteer.FirstName(n.d.Tokens[from].Text); first && n.low(from-1) == "and" && !isAbstract(n.low(at-1)) {
			return last
		}
		last = at
	}
	return last
}

// isAbstract reports whether a word ends as the fields of ministries do.
func isAbstract(low string) bool {
	for _, end := range []string{"ment", "tion", "sion", "ity", "ness", "ing", "ics", "ture", "ance", "ence", "fare", "ies", "ces", "port", "ogy", "lth", "airs", "ade", "ort"} {
		if strings.HasSuffix(low, end) {
			return true
		}
	}
	return false
}

// companies finds the forms of companies after names: "Teslin Works, Inc.".
func (n *namer) companies() {
	for k := range n.names {
		c := n.names[k]
		at := c.last
		if c.dropped || n.low(at) == "," {
			at++
		}
		if c.dropped || !n.same(c.first, at) || !n.upper(at) || n.at(at) >= 0 && n.names[n.at(at)].last != at+1 {
			continue
		}
		switch n.low(at) {
		case "inc", "corp", "ltd", "llc", "plc", "gmbh", "co":
			n.remove(c.first, at+1)
			n.add(candidate{first: c.first, last: at + 1, title: -1, kind: Organisation, sure: true})
		}
	}
}

// persons finds persons that the name finder missed: a title, or a first name,
// before capitalised words.
func (n *namer) persons() {
	for _, s := range n.d.Sentences {
		if n.isHeading(s) {
			continue
		}
		for i := s.First; i < s.Last; {
			last := i
			for last < s.Last && n.at(last) < 0 && (n.upper(last) && strings.HasPrefix(n.d.Tokens[last].Tag, "NNP") || last > i && n.hyphenated(last)) {
				last++
			}
			for first := i; first < last; first++ {
				if c, ok := n.person(first, last); ok {
					n.add(c)
					break
				}
			}
			i = max(i+1, last)
		}
	}
}

// hyphenated reports whether token i is the hyphen of a double name.
func (n *namer) hyphenated(i int) bool {
	return n.d.Tokens[i].Text == "-" && n.same(i, i+1) && n.upper(i+1) && n.d.Tokens[i-1].End == n.d.Tokens[i].Start && n.d.Tokens[i].End == n.d.Tokens[i+1].Start
}

// person tells whether the capitalised words [first, last) name a person.
func (n *namer) person(first, last int) (candidate, bool) {
	c := candidate{first: first, last: last, title: -1, kind: Person, sure: true}
	if name := n.leadingTitle(c); name > first {
		c.title, c.first = first, name
	}
	titled := c.title >= 0 || n.same(first-1, first) && (isTitle(n.low(first-1)) && strings.HasPrefix(n.d.Tokens[first-1].Tag, "NN") || n.titleOf(first-1) >= 0)
	word := n.d.Tokens[c.first].Text
	_, known := gazetteer.FirstName(word)
	known = known && !gazetteer.IsPlace(word)
	_, isFacility := facilities()[n.low(c.last-1)]
	words := c.last - c.first
	if words == 1 && strings.HasSuffix(word, ".") && isTitle(n.low(c.first)) {
		return c, false // "rival Sen. Eva Holm"
	}
	if words > 3 || isFacility || !titled && !(known && words > 1) || titled && !known && n.titleOf(first-1) >= 0 || !n.plausiblePerson(c) {
		return c, false
	}
	n.titleBefore(&c)
	return n.facility(c), true
}

// plausiblePerson rejects runs of capitals that hold no name.
func (n *namer) plausiblePerson(c candidate) bool {
	if first, last := n.d.TimesIn(n.d.SpanOf(c.first, c.last)); last > first {
		return false
	}
	for i := c.first; i < c.last; i++ {
		t := n.d.Tokens[i].Text
		if strings.ToUpper(t) == t && utf8.RuneCountInString(t) > 3 || isStarter(t) || isStorm(n.low(i)) && i == c.first || isPeople(t) || isTitle(strings.ToLower(t)) && i == c.last-1 {
			return false
		}
		if n.d.Tokens[i].Tag == "NNPS" || i > c.first && n.small[strings.ToLower(t)] {
			return false
		}
	}
	return !n.small[strings.ToLower(n.d.Tokens[c.last-1].Text)] && !gazetteer.IsPlace(n.text(c.first, c.last))
}

// isHeading reports whether most words of sentence s have capitals, which
// then tell nothing.
func (n *namer) isHeading(s Sentence) bool {
	upper, words := 0, 0
	for i := s.First; i < s.Last; i++ {
		if !isLetter(firstRune(n.d.Tokens[i].Text)) {
			continue
		}
		words++
		if n.upper(i) {
			upper++
		}
	}
	return words > 5 && upper*3 > words*2
}

// facilities finds what is named by a word after a name that the name finder
// did not see: "the Halloran administration".
func (n *namer) facilities() {
	for i, t := range n.d.Tokens {
		if t.Tag != "NN" || !namesFacility(t.Text) {
			continue
		}
		first := i
		for first > i-3 && n.same(first-1, i) && n.at(first-1) < 0 && n.d.Tokens[first-1].Tag == "NNP" && n.upper(first-1) {
			first--
		}
		text := n.text(first, i)
		if first == i || n.opening(first) || n.at(first-1) >= 0 || isPeople(text) || gazetteer.IsPlace(text) || isAcronym(text) {
			continue
		}
		n.add(candidate{first: first, last: i + 1, title: -1, kind: EntityKind(facilities()[t.Text]), sure: true})
	}
}

// notNames drops what stands beside names and is none: degrees and honours behind a
// person's, "Ruben Holm, M.D., PhD", and the sign of a share, "Tarn Biologics
// (NASDAQ: TNBX)", which tells what has it.
func (n *namer) notNames() {
	for k, c := range n.names {
		if n.low(c.last) == "(" && exchanges()[n.low(c.last+1)] && n.low(c.last+2) == ":" {
			n.names[k].kind, n.names[k].sure, n.names[k].title = Organisation, true, -1
		}
		if c.last-c.first != 1 {
			continue
		}
		before := c.first - 1
		if n.low(before) == ":" && n.low(before-2) == "(" && exchanges()[n.low(before-1)] {
			n.remove(c.first, c.last)
		}
		for Degree(n.d.Tokens[c.first].Text) && n.low(before) == "," && before > 0 && Degree(n.d.Tokens[before-1].Text) {
			before -= 2 // ", MD, MPH"
		}
		if k := n.at(before - 1); Degree(n.d.Tokens[c.first].Text) && n.low(before) == "," && k >= 0 && n.names[k].kind == Person {
			n.remove(c.first, c.last)
		}
	}
	n.settle()
}

// acronyms finds what short forms stand for: "Washington Office on Latin
// America (WOLA)", or the initials of a name.
func (n *namer) acronyms() {
	d := n.d
	initials := map[string]string{}
	for k := 0; k < len(n.names); k++ { //nolint:intrange // names come and go on the way
		c := n.names[k]
		if c.kind == Person || c.last-c.first < 2 {
			continue
		}
		key := n.key(c)
		for _, short := range []string{n.initials(c), n.initials(n.owned(c))} {
			if len(short) < 2 || gazetteer.IsPlace(short) || len(short) == 2 && c.kind != Organisation {
				continue
			}
			if _, taken := initials[short]; !taken {
				initials[short] = key
			}
		}
		i := c.last
		if !n.same(c.first, i+2) || d.Tokens[i].Text != "(" || d.Tokens[i+2].Text != ")" {
			continue
		}
		if short := d.Tokens[i+1].Text; isAcronym(short) {
			n.alias[strings.ReplaceAll(short, ".", "")] = key
			n.remove(i+1, i+2)
			n.add(candidate{first: i + 1, last: i + 2, title: -1, kind: c.kind, sure: c.sure})
		}
	}
	for i := range d.Tokens {
		if !isAcronym(d.Tokens[i].Text) {
			continue
		}
		t := strings.ReplaceAll(d.Tokens[i].Text, ".", "")
		if n.alias[t] == "" {
			if initials[t] == "" {
				continue
			}
			n.alias[t] = initials[t]
		}
		if k := n.at(i); k < 0 {
			n.add(candidate{first: i, last: i + 1, title: -1, kind: Organisation})
		}
	}
}

// tails finds the long names of organisations where the text gives them without
// the country in front: "Customs and Border Protection", after U.S. Customs and
// Border Protection.
func (n *namer) tails() {
	long := map[string][]candidate{} // by the second word
	for _, c := range n.names {
		if c.dropped || c.kind != Organisation || c.last-c.first < 3 || !n.upper(c.first+1) || c.last-c.first == 3 && facilities()[n.low(c.last-1)] != string(Organisation) {
			continue
		}
		first := n.d.Tokens[c.first].Text
		if _, country := gazetteer.Country(first); country || gazetteer.IsPlace(first) {
			word := n.d.Tokens[c.first+1].Text
			if len(long[word]) < maxNamesakes {
				long[word] = append(long[word], c)
			}
		}
	}
	for i, t := range n.d.Tokens {
		for _, c := range long[t.Text] {
			tail := candidate{first: i, last: i + c.last - c.first - 1, title: -1, kind: Organisation, sure: c.sure}
			if n.at(i) >= 0 && n.names[n.at(i)].first < i || tail.last > len(n.d.Tokens) || !n.same(i, tail.last-1) || n.text(tail.first, tail.last) != n.text(c.first+1, c.last) {
				continue
			}
			if slices.ContainsFunc(long[t.Text], func(o candidate) bool {
				return n.key(o) != n.key(c) && n.text(o.first+1, o.last) == n.text(tail.first, tail.last)
			}) {
				break // the foreign ministries of two countries
			}
			n.alias[strings.ReplaceAll(n.text(tail.first, tail.last), ".", "")] = n.key(c)
			n.remove(tail.first, tail.last)
			n.add(tail)
			break
		}
	}
}

// owned gives a name without whose it is: "Department of Housing" of "District's
// Department of Housing".
func (n *namer) owned(c candidate) candidate {
	for i := c.first + 1; i < c.last-1; i++ {
		if n.d.Tokens[i].Tag == "POS" {
			c.first = i + 1
		}
	}
	return c
}

// initials gives the first letters of the capitalised words of a name.
func (n *namer) initials(c candidate) string {
	var b strings.Builder
	for i := c.first; i < c.last; i++ {
		if r := firstRune(n.d.Tokens[i].Text); unicode.IsUpper(r) {
			b.WriteRune(r)
		}
	}
	return b.String()
}

func isAcronym(s string) bool {
	if len(s) < 2 || len(s) > 10 {
		return false
	}
	letters := 0
	for _, r := range s {
		if !unicode.IsUpper(r) && r != '.' && !unicode.IsDigit(r) && r != '&' {
			return false
		}
		if unicode.IsUpper(r) {
			letters++
		}
	}
	return letters >= 2
}

// key is what names of one thing have in common.
func (n *namer) key(c candidate) string {
	text := n.text(c.first, c.last)
	if key, ok := n.alias[strings.ReplaceAll(text, ".", "")]; ok {
		return key
	}
	text = strings.ToLower(strings.Join(strings.Fields(text), " "))
	text = strings.ReplaceAll(text, "’", "'")
	if country, ok := gazetteer.Country(text); ok && !isPeople(n.text(c.first, c.last)) {
		return strings.ToLower(country)
	}
	text = strings.ReplaceAll(text, ".", "")
	for _, suffix := range []string{" inc", " corp", " ltd", " plc", " llc", " co", " corporation", " company"} {
		if rest, ok := strings.CutSuffix(text, suffix); ok && len(rest) > 2 {
			return strings.TrimSuffix(rest, ",")
		}
	}
	return text
}

// vote settles what each name is, once for the document.
func (n *namer) vote() {
	type count struct{ person, place, organisation int }
	votes := map[string]*count{}
	full := map[string]bool{} // words of the full names of people
	for _, c := range n.names {
		if c.kind != Person || c.last-c.first == 1 && c.title < 0 {
			continue
		}
		for i := c.first; i < c.last; i++ {
			full[n.low(i)] = true
		}
	}
	for _, c := range n.names {
		v := votes[n.key(c)]
		if v == nil {
			v = &count{}
			text := n.text(c.first, c.last)
			if gazetteer.IsPlace(text) {
				v.place++
			}
			if _, ok := gazetteer.Country(text); ok && !isPeople(text) {
				v.place += 12
			}
			if _, ok := gazetteer.FirstName(n.d.Tokens[c.first].Text); ok && c.last-c.first > 1 {
				v.person++
			}
			votes[n.key(c)] = v
		}
		weight := 2
		if c.sure {
			weight = 8
		}
		switch c.kind {
		case Person:
			v.person += weight
		case Place:
			v.place += weight
		case Organisation:
			v.organisation += weight
		}
		if c.kind != Organisation && !c.sure && c.last-c.first == 1 && n.inhabited(c) && !full[n.low(c.first)] {
			v.place += 8
		}
	}
	for i, c := range n.names {
		v := votes[n.key(c)]
		switch {
		case v.person >= v.place && v.person >= v.organisation:
			n.names[i].kind = Person
		case v.place >= v.organisation:
			n.names[i].kind = Place
		default:
			n.names[i].kind = Organisation
		}
	}
}

// inhabited reports whether a name stands where the name of a town does, and no
// person's: "in Marn", "residents of Marn", "Marn's mayor", "Marn council".
func (n *namer) inhabited(c candidate) bool {
	owns := n.same(c.first, c.last) && n.d.Tokens[c.last].Tag == "POS"
	if k := n.at(c.first - 2); !owns && k >= 0 && n.low(c.first-1) == "and" && n.names[k].kind == Place && n.located(n.names[k].first) {
		return true // "the plants in Kelvale and Marn"
	}
	if n.same(c.first-1, c.first) && !owns {
		switch n.low(c.first - 1) {
		case "in":
			// "a believer in Marn", "confidence in Marn", but "a house in Marn".
			return !n.same(c.first-2, c.first) || !trusts(n.low(c.first-2))
		case "near", "outside", "throughout":
			return true
		case "of":
			switch n.low(c.first - 2) {
			case "residents", "people", "inhabitants", "villagers", "mayor", "streets", "outskirts", "suburbs", "north", "south", "east", "west", "northeast", "northwest", "southeast", "southwest", "centre", "siege", "port", "airport", "hills":
				return true
			}
		}
	}
	at := c.last
	if owns {
		at++
	}
	if !n.same(c.first, at) {
		return false
	}
	switch n.low(at) {
	case "residents", "mayor", "airport", "harbour", "harbor", "suburb", "suburbs", "streets":
		return true
	case "council", "police":
		return !owns
	}
	return false
}

// trusts reports whether an "in" behind a word may have a person behind it.
func trusts(low string) bool {
	switch low {
	case "believe", "believes", "believed", "believing", "belief", "believer", "believers", "confidence", "faith", "trust", "trusted", "interest", "interested", "confide", "confided", "disappointed", "disappointment", "found", "find", "saw", "see", "sees", "has", "had", "have", "love", "reeled", "brought", "bringing", "bring", "invested", "called", "take", "taking", "took", "step", "stepped":
		return true
	}
	return false
}

// A memory has the persons of a document by the words of their names, in lower
// case.
type memory struct {
	people   []person
	families map[string][]int  // last word of the name, to people
	firsts   map[string][]int  // first word
	inner    map[string][]int  // family names inside
	firms    map[string]string // first word of the name of a firm, to its key
	named    []int             // for each entity, its latest name so far, -1 before the first
	times    []int             // for each entity, how often it was named so far, without its full name again
	offices  map[string]int    // last word of the name of an organisation, to its entity
}

// A person is what the document's memory has of a person.
type person struct {
	entity int
	words  []string // of the fullest name
}

func (m *memory) learn(entity int, words []string) {
	m.people = append(m.people, person{entity, words})
	p := len(m.people) - 1
	family, first := strings.ToLower(words[len(words)-1]), strings.ToLower(words[0])
	m.families[family] = append(m.families[family], p)
	if len(words) > 1 {
		m.firsts[first] = append(m.firsts[first], p)
	}
	for _, w := range innerNames(words) {
		m.inner[strings.ToLower(w)] = append(m.inner[strings.ToLower(w)], p)
	}
}

// innerNames gives the family names inside a full name: Serrano of "Ana Serrano
// de la Vega", who is called by it.
func innerNames(words []string) (inner []string) {
	for i := 1; i < len(words)-1; i++ {
		_, given := gazetteer.FirstName(words[i])
		if r, n := utf8.DecodeRuneInString(words[i]); !given && unicode.IsUpper(r) && len(words[i]) > n+1 && !isTitle(strings.ToLower(words[i])) && !particles()[strings.ToLower(words[i])] {
			inner = append(inner, words[i])
		}
	}
	return inner
}

// maxNamesakes bounds how many people of one name are told apart.
const maxNamesakes = 32

// fullName finds the person with this full name, -1 when there is none yet.
func (m *memory) fullName(words []string) int {
	family := m.families[strings.ToLower(words[len(words)-1])]
	for _, p := range family[:min(len(family), maxNamesakes)] {
		if samePerson(m.people[p].words, words) {
			if len(words) > len(m.people[p].words) {
				m.people[p].words = words
			}
			return m.people[p].entity
		}
	}
	return -1
}

// identify makes entities of the names: first the full names of persons, then
// the places and organisations, then the short forms, which the document's
// memory explains.
func (n *namer) identify() {
	m := memory{families: map[string][]int{}, firsts: map[string][]int{}, inner: map[string][]int{}, offices: map[string]int{}, firms: n.firmShort()}
	families := n.familiesOfTwoWords()
	for i := range n.names {
		c := &n.names[i]
		c.entity = -1
		words := nameWords(n.text(c.first, c.last))
		if c.kind != Person || len(words) < 2 || len(words) == 2 && families[strings.Join(words, " ")] {
			continue
		}
		if c.entity = m.fullName(words); c.entity < 0 {
			c.entity = n.entity(Person)
			m.learn(c.entity, words)
		}
	}
	n.remember(&m)
	n.offices()
	n.settle()
	m.named = slices.Repeat([]int{-1}, len(n.d.Entities))
	m.times = make([]int, len(n.d.Entities))
	keys := map[string]int{}
	for i := range n.names {
		c := &n.names[i]
		whole := c.entity >= 0
		if !whole {
			n.shortForm(c, &m, keys)
		}
		// Who is named in full again is not who the family name alone means.
		if !whole || m.named[c.entity] < 0 {
			m.times[c.entity]++
		}
		m.named[c.entity] = i
	}
	n.finish()
}

// familiesOfTwoWords gives the family names with a particle that the full names of
// the text end in: "Al Katar" of Mohan Al Katar, which is no full name itself.
func (n *namer) familiesOfTwoWords() map[string]bool {
	families := map[string]bool{}
	for _, c := range n.names {
		if words := nameWords(n.text(c.first, c.last)); c.kind == Person && len(words) == 3 {
			switch strings.ToLower(words[1]) {
			case "al", "el", "abu", "bin", "ben", "ibn", "van", "von", "de", "del", "della", "di", "da", "dos", "du", "la", "le", "ter", "ten", "mac", "st.":
				families[words[1]+" "+words[2]] = true
			}
		}
	}
	return families
}

// shortForm finds or makes the entity of a name that is no full name of a
// person.
func (n *namer) shortForm(c *candidate, m *memory, keys map[string]int) {
	words := nameWords(n.text(c.first, c.last))
	if c.entity = n.recall(m, *c, words); c.entity >= 0 {
		c.kind = Person
		return
	}
	key := string(c.kind) + " " + n.key(*c)
	if firm := m.firms[n.text(c.first, c.last)]; firm != "" && c.title < 0 {
		key, c.kind = firm, Organisation // "Halvorsen", of Halvorsen Glass
	}
	e, ok := keys[key]
	if !ok && c.kind == Organisation && c.last-c.first == 1 {
		e, ok = m.offices[strings.ToLower(words[len(words)-1])] // "the Post", after the New York Post
	}
	if !ok {
		e = n.entity(c.kind)
		keys[key] = e
		m.named = append(m.named, -1)
		m.times = append(m.times, 0)
		if c.kind == Organisation && len(words) > 1 {
			m.offices[strings.ToLower(words[len(words)-1])] = e
		}
		if c.kind == Person {
			m.learn(e, words)
		}
	}
	c.entity = e
}

func (n *namer) entity(kind EntityKind) int {
	n.d.Entities = append(n.d.Entities, Entity{Kind: kind})
	return len(n.d.Entities) - 1
}

// nameWords splits a person's name into words without "Jr." and its kin, and
// without a nickname in marks.
func nameWords(name string) []string {
	words := strings.Fields(strings.ReplaceAll(name, ",", " "))
	if len(words) > 2 {
		if all := slices.DeleteFunc(slices.Clone(words), func(w string) bool { return strings.ContainsAny(w, "\"“”") }); len(all) > 1 {
			words = all
		}
	}
	for len(words) > 1 {
		switch strings.TrimSuffix(words[len(words)-1], ".") {
		case "Jr", "Sr", "II", "III", "IV":
			words = words[:len(words)-1]
			continue
		}
		break
	}
	return words
}

// samePerson reports whether two full names can be one person's: the same
// family name, and first names of which one does not contradict the other.
func samePerson(a, b []string) bool {
	if !strings.EqualFold(a[len(a)-1], b[len(b)-1]) {
		return false
	}
	x, y := strings.ToLower(strings.TrimSuffix(a[0], ".")), strings.ToLower(strings.TrimSuffix(b[0], "."))
	return x == y || len(x) == 1 && strings.HasPrefix(y, x) || len(y) == 1 && strings.HasPrefix(x, y)
}

// remember finds the names that stand alone where the name finder saw none:
// "Contreras", once Denis Contreras is known.
func (n *namer) remember(m *memory) {
	known, perhaps := map[string]bool{}, map[string]bool{}
	for _, p := range m.people {
		known[p.words[len(p.words)-1]] = true
		if _, ok := gazetteer.FirstName(p.words[0]); ok {
			known[p.words[0]] = true
		} else {
			perhaps[p.words[0]] = true // "Wang", after Wang Yating
		}
		for _, w := range innerNames(p.words) {
			perhaps[w] = true
		}
	}
	for i, t := range n.d.Tokens {
		if !known[t.Text] && !(perhaps[t.Text] && t.Tag == "NNP") || n.at(i) >= 0 || !strings.HasPrefix(t.Tag, "NN") && !(t.Tag == "JJ" && !n.opening(i)) {
			continue
		}
		if n.same(i, i+1) && n.upper(i+1) && strings.HasPrefix(n.d.Tokens[i+1].Tag, "NNP") && n.at(i+1) < 0 {
			continue // part of another name
		}
		if n.opening(i) && n.small[strings.ToLower(t.Text)] {
			continue
		}
		if n.same(i, i-1) && n.upper(i-1) && strings.HasPrefix(n.d.Tokens[i-1].Tag, "NNP") && !n.opening(i-1) && !isTitle(n.low(i-1)) && n.at(i-1) < 0 {
			continue
		}
		c := candidate{first: i, last: i + 1, title: -1, kind: Person, entity: -1}
		n.titleBefore(&c)
		c = n.facility(c)
		c.entity = -1
		n.add(c)
	}
}

// offices finds the short forms of organisations named in full: "the Post",
// "the Ministry".
func (n *namer) offices() {
	known := map[string]bool{}
	for _, c := range n.names {
		if c.kind == Organisation && c.last-c.first > 1 && !c.dropped {
			known[n.d.Tokens[c.last-1].Text] = true
		}
	}
	for i, t := range n.d.Tokens {
		if known[t.Text] && n.at(i) < 0 && n.low(i-1) == "the" && strings.HasPrefix(t.Tag, "NNP") && n.upper(i) && !(n.same(i, i+1) && n.upper(i+1)) && !(n.low(i+1) == "of") {
			n.add(candidate{first: i, last: i + 1, title: -1, kind: Organisation, entity: -1})
		}
	}
}

// recall finds the person whose family name or first name stands alone. Where
// two people share the name, the one of fitting gender, then the one named most
// often so far (news gives the others in full), then the one named first: a story
// keeps the bare family name for whom it is about.
func (n *namer) recall(m *memory, c candidate, short []string) int {
	if len(short) == 0 || c.kind != Person && (c.sure || c.last-c.first > 1) {
		return -1
	}
	place := c.kind != Person && gazetteer.IsPlace(n.text(c.first, c.last))
	if place && n.located(c.first) {
		return -1
	}
	var fits []person
	for _, p := range m.families[strings.ToLower(short[len(short)-1])] {
		if p := m.people[p]; len(p.words) > len(short) && suffix(p.words, short) && len(fits) < maxNamesakes {
			fits = append(fits, p)
		}
	}
	if len(fits) == 0 && c.kind == Person && len(short) == 1 && (c.title < 0 || goesWithFirstName(n.low(c.first-1))) {
		first := m.firsts[strings.ToLower(short[0])]
		for _, p := range first[:min(len(first), maxNamesakes)] {
			fits = append(fits, m.people[p])
		}
		if inner := m.inner[strings.ToLower(short[0])]; len(fits) == 0 && len(inner) == 1 {
			fits = append(fits, m.people[inner[0]])
		}
	}
	if gender := n.titleGender(c); len(fits) > 1 && gender != "" {
		same := slices.DeleteFunc(slices.Clone(fits), func(p person) bool {
			g := firstNameGender(p.words[0])
			return g != "" && g != gender
		})
		if len(same) > 0 {
			fits = same
		}
	}
	best := -1
	for _, p := range fits {
		if best < 0 || m.times[p.entity] > m.times[best] {
			best = p.entity
		}
	}
	if best >= 0 && m.named[best] < 0 && (len(fits) > 1 || place) {
		return -1 // none was named yet: not to be told
	}
	return best
}

// goesWithFirstName reports whether a title stands before a first name alone: "Sir Tom" is
// Sir Tom Aldous.
func goesWithFirstName(low string) bool {
	switch low {
	case "sir", "dame", "prince", "princess", "king", "queen", "pope", "sister", "brother", "father", "mother", "sheikh":
		return true
	}
	return false
}

// located reports whether the word before token i speaks of a place.
func (n *namer) located(i int) bool {
	if !n.same(i-1, i) {
		return false
	}
	switch n.low(i - 1) {
	case "in", "from", "to", "at", "near", "around", "across", "outside", "of", "into", "through", "throughout", "inside", "over", "towards", "toward", "leaving", "for", "between", "and", "via":
		return true
	}
	return n.low(i+1) == "," && n.same(i, i+2) && n.upper(i+2) && gazetteer.IsPlace(n.d.Tokens[i+2].Text)
}

func suffix(words, short []string) bool {
	for i := range short {
		if !strings.EqualFold(words[len(words)-len(short)+i], short[i]) {
			return false
		}
	}
	return true
}

func firstNameGender(name string) Gender {
	switch g, _ := gazetteer.FirstName(name); g {
	case 'f':
		return Feminine
	case 'm':
		return Masculine
	}
	return ""
}

// titleGender tells the gender that the title of a name gives away.
func (n *namer) titleGender(c candidate) Gender {
	if c.title < 0 {
		return ""
	}
	for i := c.first - 1; i >= c.title; i-- {
		if g := titleGenders()[n.low(i)]; g == "f" || g == "m" {
			return Gender(g)
		}
		if g := roleGenders()[n.low(i)]; g != "" && i == c.first-1 {
			return Gender(g)
		}
	}
	return ""
}

// maxTitles bounds Entity.Titles.
const maxTitles = 8

// numbered reports whether an ordinal stands before a name that is one of many:
// "9th Circuit Court of Appeals", "the Third Division".
func (n *namer) numbered(c candidate) bool {
	switch n.low(c.first) {
	case "circuit", "district", "division", "regiment", "battalion", "brigade", "fleet", "precinct":
	default:
		return false
	}
	i := c.first - 1
	if i < 0 || n.d.Tokens[i].Entity >= 0 || n.d.Tokens[i].Sentence != n.d.Tokens[c.first].Sentence {
		return false
	}
	word := n.d.Tokens[i].Text
	if word[0] >= '0' && word[0] <= '9' {
		return strings.HasSuffix(word, "st") || strings.HasSuffix(word, "nd") || strings.HasSuffix(word, "rd") || strings.HasSuffix(word, "th")
	}
	_, ordinal := ordinals[n.low(i)]
	return ordinal && n.upper(i)
}

// finish writes mentions and entities in text order.
func (n *namer) finish() {
	d := n.d
	order := make([]int, len(d.Entities))
	for i := range order {
		order[i] = -1
	}
	old := d.Entities
	d.Entities = nil
	d.Mentions = make([]Mention, 0, len(n.names))
	for _, c := range n.names {
		if old[c.entity].Kind == Organisation && n.numbered(c) {
			c.first--
		}
		e := order[c.entity]
		if e < 0 {
			e = len(d.Entities)
			order[c.entity] = e
			d.Entities = append(d.Entities, Entity{Kind: old[c.entity].Kind})
		}
		m := Mention{Span: d.SpanOf(c.first, c.last), First: c.first, Last: c.last, Entity: e}
		entity := &d.Entities[e]
		if c.title >= 0 && entity.Kind == Person {
			m.Title = d.SpanOf(c.title, c.first)
			if title := strings.Join(strings.Fields(m.Title.Text(d.Text)), " "); len(entity.Titles) < maxTitles && !slices.Contains(entity.Titles, title) {
				entity.Titles = append(entity.Titles, title)
			}
			if entity.Gender == "" {
				entity.Gender = n.titleGender(c)
			}
		}
		if name := strings.Join(strings.Fields(n.text(c.first, c.last)), " "); better(entity.Kind, name, entity.Name) {
			entity.Name = name
		}
		for i := c.first; i < c.last; i++ {
			d.Tokens[i].Entity = e
		}
		entity.Mentions = append(entity.Mentions, len(d.Mentions))
		d.Mentions = append(d.Mentions, m)
	}
	n.genders()
}

// better reports whether a is a fuller name than b.
func better(kind EntityKind, a, b string) bool {
	if b == "" {
		return true
	}
	if kind != Person {
		return utf8.RuneCountInString(a) > utf8.RuneCountInString(b) && strings.ToUpper(a) != a
	}
	x, y := len(nameWords(a)), len(nameWords(b))
	return x > y || x == y && utf8.RuneCountInString(a) > utf8.RuneCountInString(b) && strings.ToUpper(a) != a
}

// genders fills in what first names, descriptions and pronouns tell.
func (n *namer) genders() {
	d := n.d
	for e := range d.Entities {
		entity := &d.Entities[e]
		if entity.Kind != Person || entity.Gender != "" {
			continue
		}
		for _, m := range entity.Mentions {
			if entity.Gender = n.described(d.Mentions[m]); entity.Gender != "" {
				break
			}
		}
		if words := strings.Fields(entity.Name); entity.Gender == "" && len(words) > 1 {
			entity.Gender = firstNameGender(words[0])
		}
		if entity.Gender == "" {
			entity.Gender = n.pronouns(e)
		}
	}
}

// described reads the gender from the apposition after a name: "Ana Pereira, a
// mother of two,".
func (n *namer) described(m Mention) Gender {
	if at := m.First - 2; at >= 0 && n.same(at, m.First) && (n.low(m.First-1) == "called" || n.low(m.First-1) == "named") {
		return Gender(roleGenders()[n.low(at)]) // "a man called Dag Moen"
	}
	if !n.same(m.First, m.Last+2) || n.d.Tokens[m.Last].Text != "," {
		return ""
	}
	i := m.Last + 1
	switch n.low(i) {
	case "a", "an", "the", "his", "her":
		i++
	default:
		return ""
	}
	for j := i; j < i+4 && n.same(j, i); j++ {
		tag := n.d.Tokens[j].Tag
		if g := roleGenders()[n.low(j)]; g != "" && tag == "NN" {
			return Gender(g)
		}
		if tag != "NN" && tag != "JJ" && tag != "NNP" && tag != "HYPH" && tag != "CD" && tag != ":" {
			break
		}
	}
	return ""
}

// pronouns reads the gender from "he" and "she" in sentences that name this
// person and no other, and in the sentences after them. It has to be sure.
func (n *namer) pronouns(e int) Gender {
	d := n.d
	var f, m int
	for _, i := range d.Entities[e].Mentions {
		s := d.Tokens[d.Mentions[i].First].Sentence
		for k := s; k <= min(s+1, len(d.Sentences)-1); k++ {
			if n.othersIn(k, e) {
				break
			}
			from := d.Sentences[k].First
			if k == s {
				from = d.Mentions[i].Last
			}
			for j := from; j < d.Sentences[k].Last; j++ {
				switch n.low(j) {
				case "he", "his", "him", "himself":
					m++
				case "she", "her", "hers", "herself":
					f++
				}
			}
		}
	}
	switch {
	case f >= 2 && m == 0:
		return Feminine
	case m >= 2 && f == 0:
		return Masculine
	}
	return ""
}

// othersIn reports whether sentence s names a person other than e.
func (n *namer) othersIn(s, e int) bool {
	first, last := n.d.MentionsIn(n.d.Sentences[s].Span)
	for _, m := range n.d.Mentions[first:last] {
		if m.Entity != e && n.d.Entities[m.Entity].Kind == Person {
			return true
		}
	}
	return false
}
