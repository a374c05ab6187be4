package quote

import (
	"fmt"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"onrecord/nlp"
)

// A cast keeps who spoke in the article so far, to say whom "he", "the
// coordinator" and "Meyer" mean.
type cast struct {
	*reading
	best     map[int]role
	roles    map[int][]role
	people   []int // indexes into Mentions of people, in text order
	spoke    []spoken
	initials map[string][]int   // organisations by their initials
	hero     int                // the person whom the article is about, -1 when there is none
	obituary bool               // the hero has died
	script   *script            // the turns, if the text is a transcript
	pairs    map[[2]int]Speaker // two people who spoke together, by their entities
	holders  map[string]holder  // by noun, as far as asked for
	nearest  int                // of people: the first that begins at or after the place asked for last
}

// spoken is an attribution already resolved.
type spoken struct {
	speaker   Speaker
	plural    bool
	paragraph int
	at        int  // byte where its source or content begins
	head      int  // token that carries its source, -1 without one
	asked     int  // the person to whom a question went, -1 where it was none or nobody's name
	asks      bool // it is a question in so many words
}

// A finding is what is known of the speaker of a draft.
type finding struct {
	speaker Speaker
	unclear []string
	via     string
	reason  string
	plural  bool
}

func newCast(r *reading) *cast {
	c := &cast{reading: r, pairs: map[[2]int]Speaker{}, holders: map[string]holder{}}
	c.best, c.roles = findRoles(r)
	c.initials = map[string][]int{}
	for e := range r.Entities {
		if i := initialsOf(r.Entities[e].Name); i != "" && r.Entities[e].Kind == nlp.Organisation {
			c.initials[i] = append(c.initials[i], e)
		}
	}
	for m := range r.Mentions {
		if r.Entities[r.Mentions[m].Entity].Kind == nlp.Person && !r.isGroupWord(&r.Mentions[m]) {
			c.people = append(c.people, m)
		}
	}
	c.hero = c.findHero()
	if e := c.findDead(); e >= 0 {
		c.hero, c.obituary = e, true
	}
	return c
}

// findHero gives the person whom the article is about: named in its first
// sentences and twice as often as anybody else.
func (c *cast) findHero() int {
	best, second := -1, 0
	for e := range c.Entities {
		if c.Entities[e].Kind != nlp.Person {
			continue
		}
		n := len(c.Entities[e].Mentions)
		switch {
		case best < 0 || n > len(c.Entities[best].Mentions):
			if best >= 0 {
				second = len(c.Entities[best].Mentions)
			}
			best = e
		case n > second:
			second = n
		}
	}
	if best < 0 || len(c.Entities[best].Mentions) < max(4, 2*second) || c.Tokens[c.Mentions[c.Entities[best].Mentions[0]].First].Sentence > 3 {
		return -1
	}
	return best
}

// findDead gives the person whose death the first sentences report, when the
// article goes on about that person: the one an obituary is about.
func (c *cast) findDead() int {
	for i := range c.Tokens {
		if c.Tokens[i].Sentence > 2 {
			break
		}
		if c.markOf[i] >= 0 || !c.is(i, "dies", "died") {
			continue
		}
		k := c.nearestSubject(i, i)
		if k < 0 || c.Tokens[k].Entity < 0 {
			continue
		}
		e := c.Tokens[k].Entity
		if c.Entities[e].Kind == nlp.Person && len(c.Entities[e].Mentions) >= 3 && c.Tokens[i].Sentence >= c.Tokens[c.Mentions[c.Entities[e].Mentions[0]].First].Sentence {
			return e
		}
	}
	return -1
}

// isGroupWord reports whether a name is one word for members of a group, which
// the name finder took for a person: "Republicans", "Democrat".
func (r *reading) isGroupWord(m *nlp.Mention) bool {
	return m.Last-m.First == 1 && (r.tag(m.First) == "NNPS" || r.tag(m.First) == "NNS" || roleNouns()[r.lower(m.First)])
}

func nobody() Speaker { return Speaker{Entity: -1} }

// resolve finds the speaker of a draft. Drafts must come in text order.
func (c *cast) resolve(d *draft, done []finding) finding {
	if !d.source.found() {
		if d.follows >= 0 && d.follows < len(done) {
			f := done[d.follows]
			f.reason = "same speaker as in the quotation before"
			return f
		}
		return finding{speaker: nobody(), reason: "no source in the text"}
	}
	f := c.of(d)
	if d.via.found() {
		f.via = c.source(d.via, d, 0).speaker.Name
	}
	if f.speaker.Name != "" {
		c.spoke = append(c.spoke, spoken{f.speaker, f.plural, d.paragraph, c.Tokens[d.source.first].Start, headIn(f.speaker, c, d.source.head), c.asked(d), c.asks(d)})
	}
	return f
}

// asked gives the person of whom a draft asks something by name, -1 for none.
func (c *cast) asked(d *draft) int {
	if d.cue == nil {
		return -1
	}
	m := c.reading.asked(d.cue)
	if m < 0 || c.Mentions[m].Entity == c.Tokens[d.source.head].Entity {
		return -1
	}
	return c.Mentions[m].Entity
}

// asks reports whether a draft is a question that somebody puts in so many words.
func (c *cast) asks(d *draft) bool {
	return d.cue != nil && d.cue.lex != nil && slices.Contains(inquiries, d.cue.lex.lemma) && c.wordsInMarks(d.content) > 0 && strings.HasSuffix(strings.TrimRight(d.content[len(d.content)-1].Text(c.Text), "”’\"' "), "?")
}

// inquiries are verbs whose object is the person who is to answer.
var inquiries = []string{"ask", "question", "press", "quiz", "grill"}

// byAge resolves "the 44-year-old" to the person whose age that is, or to the only one
// named in the last paragraph that names anybody.
func (c *cast) byAge(s source) (finding, bool) {
	first := s.first + 1
	if s.last-s.first != 6 || !c.is(s.first, "the") || c.tag(first) != "CD" || !c.is(first+2, "year") || !c.is(first+4, "old") {
		return finding{}, false
	}
	at := c.Tokens[s.first].Start
	only, several, nearest := -1, false, -1
	for i, n := c.advance(at)-1, 0; i >= 0 && n < maxBack; i, n = i-1, n+1 {
		m := &c.Mentions[c.people[i]]
		if c.is(m.Last, ",") && c.word(m.Last+1) == c.word(first) && c.is(m.Last+2, ",") {
			only, several = m.Entity, false // "Jane Roe, 44,"
			break
		}
		p := c.ParagraphAt(m.Start)
		if c.ParagraphAt(at)-p > 2 {
			continue
		}
		if only < 0 {
			only, nearest = m.Entity, p
		} else if only != m.Entity && p == nearest {
			several = true
		}
	}
	if only < 0 || several {
		return finding{}, false
	}
	sp := c.person(only)
	return finding{speaker: sp, reason: "“" + c.span(s.first, s.last).Text(c.Text) + "” is " + sp.Name}, true
}

// answers resolves the pronoun behind a question to the person who was asked.
func (c *cast) answers(at, p int, want nlp.Gender) (finding, bool) {
	n := len(c.spoke) - 1
	if n < 0 || c.spoke[n].asked < 0 || c.spoke[n].at >= at || p-c.spoke[n].paragraph > 1 {
		return finding{}, false
	}
	e := c.spoke[n].asked
	if g := c.Entities[e].Gender; g != want && g != "" {
		return finding{}, false
	}
	for i := c.advance(at) - 1; i >= 0 && c.Mentions[c.people[i]].Start > c.spoke[n].at; i-- {
		m := &c.Mentions[c.people[i]]
		if m.Entity != e && c.Entities[m.Entity].Gender != other(want) && !c.insideMarks(m.First) && c.Tokens[m.First].Sentence > c.Tokens[c.TokenAtOr(c.spoke[n].at)].Sentence {
			return finding{}, false // somebody else came in
		}
	}
	sp := c.person(e)
	return finding{speaker: sp, reason: sp.Name + " was asked"}, true
}

// goesOn reports whether the cue of a draft says that its speaker spoke before.
func (c *cast) goesOn(d *draft) bool {
	return d.cue != nil && c.is(d.cue.head, "added", "adds", "continued", "continues", "asked", "asks", "went")
}

// other gives the other of two genders.
func other(g nlp.Gender) nlp.Gender {
	if g == nlp.Feminine {
		return nlp.Masculine
	}
	return nlp.Feminine
}

// of resolves the source of a draft.
func (c *cast) of(d *draft) finding {
	if d.label && !d.silent {
		return c.script.speaker(c, d)
	}
	return c.source(d.source, d, 0)
}

// headIn gives the token that carries the words of a speaker without a name.
func headIn(sp Speaker, c *cast, head int) int {
	if sp.Entity >= 0 || len(sp.Spans) == 0 {
		return -1
	}
	first, last := c.TokensIn(sp.Spans[0])
	if head >= first && head < last {
		return head
	}
	return c.headOf(first, last)
}

// source resolves the words that name a source.
func (c *cast) source(s source, d *draft, depth int) finding {
	low := c.lower(s.head)
	if s.last-s.first == 1 {
		switch low {
		case "he", "him", "his", "himself", "she", "her", "hers", "herself":
			return c.pronoun(s, d)
		case "they", "them", "their", "both", "it", "its":
			return c.group(s, d, low)
		case "who", "that", "which", "whom":
			return c.relative(s, d, depth)
		case "i", "we":
			if d.cue != nil && d.cue.lex.kind == Other {
				return c.described(s) // what the writer thinks stands under "I"
			}
			fallthrough
		case "me", "my", "us", "our", "you", "your":
			return finding{speaker: nobody(), reason: "“" + c.word(s.head) + "” is the writer or the reader"}
		case "some", "many", "several", "most":
			if f, ok := c.someOf(s, d, depth); ok {
				return f
			}
		case "one", "someone", "everyone", "nobody":
			return c.described(s)
		}
	}
	if f, ok := c.issued(s, d, depth); ok {
		return f
	}
	if f, ok := c.named(s, d); ok {
		return f
	}
	if f, ok := c.byAge(s); ok {
		return f
	}
	if f, ok := c.byDescription(s, d); ok {
		return f
	}
	if f, ok := c.body(s); ok {
		return f
	}
	return c.described(s)
}

// named resolves a source that holds the name of a person or organisation: at
// its head ("shelter coordinator Claudia Leon") or in apposition ("the prime
// minister, Najib Razak").
func (c *cast) named(s source, d *draft) (finding, bool) {
	for i := s.first + 1; i < s.head; i++ {
		if c.is(i, "(") && c.Tokens[i-1].Entity >= 0 {
			s.head = i - 1 // "Tarnworth Biologics (NASDAQ: TNBX)"
		}
	}
	core := c.coreEnd(s)
	if f, ok := c.together(s); ok {
		return f, true
	}
	if c.joint(s, core) {
		return finding{}, false
	}
	if m := c.MentionAt(core - 1); m >= 0 && c.Mentions[m].Last == core && c.Mentions[m].First > s.head && c.Entities[c.Mentions[m].Entity].Kind == nlp.Person && c.namePhrase(s.first, core) {
		e := c.Mentions[m].Entity // "Ashmoor Police Chief Walter Nakata"
		return finding{speaker: c.person(e), reason: "named in the source"}, true
	}
	if e := c.Tokens[s.head].Entity; e >= 0 && s.head >= s.first && s.head < s.last && !c.ofAnother(s, core) {
		switch c.Entities[e].Kind {
		case nlp.Person:
			if f, ok := c.bereaved(c.MentionAt(s.head)); ok {
				return f, true
			}
			return finding{speaker: c.person(e), reason: "“" + c.word(s.head) + "” is " + c.Entities[e].Name}, true
		case nlp.Organisation:
			if c.wholeName(s, e, core) {
				return finding{speaker: c.entity(e), reason: "named in the source"}, true
			}
		}
	}
	if e := c.agency(s, core); e >= 0 {
		return finding{speaker: c.entity(e), reason: "named in the source"}, true
	}
	if m := c.MentionAt(s.last - 1); m >= 0 && c.Mentions[m].Last == s.last && s.head == c.Mentions[m].First-2 && c.is(s.head+1, ",") && !c.plural(s) {
		if e := c.Mentions[m].Entity; c.Entities[e].Kind == nlp.Organisation {
			sp := c.entity(e) // "The grid operator, Nordnett"
			sp.RoleSpan = c.span(s.first, s.head+1)
			sp.Role = roleText(sp.RoleSpan.Text(c.Text))
			return finding{speaker: sp, reason: "named in the source"}, true
		}
	}
	// Behind a title, "secretary of state Chuck Gray", or in apposition, "the
	// secretary of state, Chuck Gray".
	for i := s.first; i < s.last; i++ {
		if c.is(i, "including", "like") || isFinite(c.tag(i)) {
			break
		}
		e := c.Tokens[i].Entity
		m := c.MentionAt(i)
		if e < 0 || m < 0 || c.Entities[e].Kind != nlp.Person || i != c.Mentions[m].First && i > s.first {
			continue
		}
		last := c.Mentions[m].Last
		if c.tag(last) == "POS" || last < s.last && !c.punct(last) && !c.is(last, "who", "of") {
			continue
		}
		before := i - 1
		if !c.Mentions[m].Title.Empty() {
			first, _ := c.TokensIn(c.Mentions[m].Title)
			before = first - 1
		}
		if c.is(before, "the") && c.is(before-1, ",") && !c.Mentions[m].Title.Empty() {
			before-- // "its organiser, the Rev Tim Aldous"
		}
		if c.is(before, ",") && c.plural(s) {
			break // "four managers of the owner, Corrigan Fuels"
		}
		if before < s.first || !c.Mentions[m].Title.Empty() && before == s.first && c.tag(before) == "DT" || strings.HasPrefix(c.tag(before), "NN") || strings.HasPrefix(c.tag(before), "JJ") || c.is(before, ",", "named", "called") || c.dash(before) {
			return finding{speaker: c.person(e), reason: "named in the source"}, true
		}
	}
	if f, ok := c.nameLast(s); ok {
		return f, true
	}
	if full, ok := c.acronym(c.span(s.first, s.last).Text(c.Text)); ok {
		return finding{speaker: c.entity(full), reason: "short for " + c.Entities[full].Name}, true
	}
	return finding{}, false
}

// outlets are nouns for those who publish news, and trades the words between a
// name and such a noun.
var (
	outlets = []string{"agency", "newspaper", "daily", "weekly", "tabloid", "magazine", "broadcaster", "network", "channel", "station", "website", "service"}
	trades  = []string{"news", "press", "wire", "state", "radio", "television", "tv", "daily", "weekly", "business", "financial"}
)

// agency gives the organisation that "Belmora's Ansat news agency" names, -1
// where a source is no such phrase.
func (c *cast) agency(s source, core int) int {
	if s.head != core-1 || s.head <= s.first || !slices.Contains(outlets, c.lower(s.head)) {
		return -1
	}
	k := s.head - 1
	for k > s.first && slices.Contains(trades, c.lower(k)) && c.MentionAt(k) < 0 {
		k--
	}
	if m := c.MentionAt(k); m >= 0 && (c.Mentions[m].Last != k+1 || c.Mentions[m].First < s.first) {
		return -1
	} else if m >= 0 && c.Entities[c.Mentions[m].Entity].Kind == nlp.Organisation {
		return c.Mentions[m].Entity
	}
	// A name that the finder takes for a person's, or that it missed here.
	return slices.IndexFunc(c.Entities, func(e nlp.Entity) bool {
		return e.Kind != nlp.Place && e.Name == c.word(k)
	})
}

// texts are nouns for what somebody issues in writing.
var texts = []string{"statement", "letter", "email", "e-mail", "post", "tweet", "message", "memo", "note", "release", "notice", "filing"}

// issued resolves "a statement from the council" to the council.
func (c *cast) issued(s source, d *draft, depth int) (finding, bool) {
	text := c.headOf(s.first, s.last)
	if e := c.Tokens[max(text-1, 0)].Entity; e >= 0 && text == s.last-1 && text > s.first && c.Entities[e].Kind != nlp.Person && slices.Contains(texts, c.lower(text)) && c.wholeName(source{first: s.first, last: text}, e, text) {
		f := c.source(source{first: s.first, last: text, head: text - 1}, d, depth+1) // "the harbour board statement"
		f.reason = "who issued the " + c.lower(text)
		return f, true
	}
	if depth > 1 || !slices.Contains(texts, strings.ToLower(c.Tokens[text].Lemma)) || !c.is(text+1, "from", "by") || text+2 >= s.last {
		return finding{}, false
	}
	from := source{first: text + 2, last: s.last}
	for i := from.first + 1; i < from.last; i++ {
		if c.timeAt(i) >= 0 {
			from.last = i
			if c.is(i-1, "on") {
				from.last--
			}
		}
	}
	if from.head = c.headOf(from.first, from.last); from.last <= from.first || c.tag(from.first) == "CD" {
		return finding{}, false
	}
	f := c.source(from, d, depth+1)
	if f.speaker.Name == "" && len(f.unclear) == 0 {
		return finding{}, false
	}
	f.reason = "who issued the " + c.lower(text)
	return f, true
}

// nameLast reads the name that closes a source behind a relative clause: "the
// councillor who chaired the committee, Harold Stent".
func (c *cast) nameLast(s source) (finding, bool) {
	m := c.MentionAt(s.last - 1)
	if m < 0 || c.Mentions[m].Last != s.last || c.plural(s) || !c.isRoleNoun(s.head) {
		return finding{}, false
	}
	e, first := c.Mentions[m].Entity, c.Mentions[m].First
	if c.Entities[e].Kind != nlp.Person || first < s.head+3 || !c.is(first-1, ",") || !c.is(s.head+1, "who", "whose") && !c.is(s.head+2, "who", "whose") {
		return finding{}, false
	}
	c.give(e, s.first, first-1)
	return finding{speaker: c.person(e), reason: "named in the source"}, true
}

// give gives a person without a role the words of tokens [first, last) for one.
func (c *cast) give(e, first, last int) {
	if _, ok := c.best[e]; ok {
		return
	}
	ro := role{span: c.span(first, last), rank: byApposition, first: first, last: last}
	c.best[e] = ro
	c.roles[e] = append(c.roles[e], ro)
}

// maxAfter bounds how many sentences after a description its name may follow.
const maxAfter = 3

// namedAfter finds the name that follows a description which opens a story, or
// says whom it means beyond doubt: "The former head of the board told the court
// ... Ingrid Solheim, who stepped down in June, said". The next person named
// must open a sentence or follow a quotation, be new, and have no other role.
func (c *cast) namedAfter(s source, first, last int) (finding, bool) {
	if c.plural(s) || !c.isRoleNoun(s.head) || c.tag(s.head) != "NN" || last-first < 3 {
		return finding{}, false
	}
	at := c.Tokens[first].Start
	opens := c.ParagraphAt(at) <= 1 && c.is(first, "a", "an")
	if !opens && (!c.is(first, "the") || s.head+1 >= last || !c.is(s.head+1, "of", "for", "at", "in", "who")) {
		return finding{}, false
	}
	i := c.advance(c.Tokens[last-1].End)
	if i >= len(c.people) {
		return finding{}, false
	}
	m := &c.Mentions[c.people[i]]
	e := m.Entity
	ent := &c.Entities[e]
	away := c.Tokens[m.First].Sentence - c.Tokens[first].Sentence
	if away < 1 || away > maxAfter || c.ParagraphAt(m.Start) > c.ParagraphAt(at)+1 || &c.Mentions[ent.Mentions[0]] != m || !strings.Contains(ent.Name, " ") || c.markOf[m.First] >= 0 || !m.Title.Empty() {
		return finding{}, false
	}
	if g := wordGender(c.lower(s.head)); g != "" && ent.Gender != "" && g != ent.Gender {
		return finding{}, false
	}
	afterMark := m.First > 0 && c.isMark[m.First-1]
	if !afterMark && (m.First != c.sentence(m.First).First || !c.isSubject(m)) {
		return finding{}, false
	}
	if _, ok := c.best[e]; ok {
		return finding{}, false // a person of another description
	}
	c.give(e, first, last)
	return finding{speaker: c.person(e), reason: "named in the sentences that follow"}, true
}

// maxLater bounds how many paragraphs after a description the name may follow with
// the same noun for a role.
const maxLater = 4

// namedLater resolves "his attorney" and "the harbour master" to the only person of
// the article with that noun in a role, whom the next paragraphs name: "Anna Berg's
// attorney, Ivo Kern".
func (c *cast) namedLater(s source, first, last int) (finding, bool) {
	if c.tag(s.head) != "NN" || !c.isRoleNoun(s.head) || s.head != last-1 || !c.is(first, "the", "his", "her", "its", "their") {
		return finding{}, false
	}
	at := c.Tokens[first].Start
	p, word := c.ParagraphAt(at), c.lower(s.head)
	found, by := c.only(word)
	if found < 0 || by.span.Start < at || c.ParagraphAt(by.span.Start) > p+maxLater || !c.qualifies(s, by) || !c.owned(first, by) {
		return finding{}, false
	}
	if g, h := wordGender(word), c.Entities[found].Gender; g != "" && h != "" && g != h {
		return finding{}, false
	}
	sp := c.person(found)
	return finding{speaker: sp, reason: fmt.Sprintf("“%s” is %s, of whom the article says so later", c.span(first, last).Text(c.Text), sp.Name)}, true
}

// A holder is the only person of whom roles have some noun, -1 when there is none or more
// than one, and the first of those roles.
type holder struct {
	entity int
	role   role
}

// only gives the holder of a noun.
func (c *cast) only(noun string) (int, role) {
	h, ok := c.holders[noun]
	if ok {
		return h.entity, h.role
	}
	h.entity = -1
	several := false
	for e, roles := range c.roles {
		for _, ro := range roles {
			if !c.carries(ro, noun) {
				continue
			}
			several = several || h.entity >= 0 && h.entity != e
			if h.entity < 0 || ro.first < h.role.first {
				h = holder{e, ro}
			}
		}
	}
	if several {
		h = holder{entity: -1}
	}
	c.holders[noun] = h
	return h.entity, h.role
}

// owned reports whether whose a role is, where it says so, goes with the word before
// a description: "his attorney" is not the attorney of a bank.
func (c *cast) owned(word int, ro role) bool {
	owner := -1
	for i := ro.first - 1; i < ro.last; i++ {
		switch {
		case c.tag(i) == "POS":
			owner = i - 1
		case owner < 0 && i >= ro.first && c.is(i, "for", "of", "to"):
			owner = c.headOf(i+1, ro.last)
		}
	}
	if owner < 0 {
		return true
	}
	e := c.Tokens[owner].Entity
	person := e >= 0 && c.Entities[e].Kind == nlp.Person
	switch {
	case c.is(word, "his"):
		return person && c.Entities[e].Gender != nlp.Feminine
	case c.is(word, "her"):
		return person && c.Entities[e].Gender != nlp.Masculine
	case c.is(word, "its"):
		return !person
	}
	return true
}

// namePhrase reports whether tokens [first, last) are made of nothing but
// nouns, adjectives and articles, as titles before a name are.
func (c *cast) namePhrase(first, last int) bool {
	for i := first; i < last; i++ {
		t := c.tag(i)
		if !strings.HasPrefix(t, "NN") && !strings.HasPrefix(t, "JJ") && t != "DT" && t != "PRP$" && t != "HYPH" && !c.is(i, "-", "&") && !(t == "POS" && i > first) && !c.inTitle(i, last) && !c.modifies(i) {
			return false
		}
	}
	return true
}

// inTitle reports whether the small word at token i belongs to a title that ends
// before token last: "editor in chief", "organiser and veteran journalist".
func (r *reading) inTitle(i, last int) bool {
	if r.is(i, "in") {
		return r.is(i+1, "chief") && i+1 < last
	}
	if r.tag(i) != "CC" || r.tag(i-1) != "NN" || !r.isRoleNoun(i-1) {
		return false
	}
	for k := i + 1; k < last; k++ {
		if r.tag(k) == "NN" && r.isRoleNoun(k) && r.Tokens[k].Entity < 0 {
			return true
		}
	}
	return false
}

// ofAnother reports whether the name at the head of a source belongs to a
// phrase about somebody else: "four managers of the owner, Corrigan Fuels".
func (c *cast) ofAnother(s source, core int) bool {
	for i := s.first; i < s.head; i++ {
		if c.tag(i) == "IN" && i > s.first && isNounTag(c.tag(i-1)) || c.tag(i) == "NNS" && c.is(i+1, "of") {
			return true
		}
	}
	return false
}

// acronym finds the one organisation whose initials a word in capitals gives.
func (c *cast) acronym(word string) (entity int, ok bool) {
	word = strings.ReplaceAll(strings.TrimPrefix(strings.TrimPrefix(word, "the "), "The "), ".", "")
	if len(word) < 2 || len(word) > 8 || strings.ToUpper(word) != word {
		return 0, false
	}
	found := -1
	for _, e := range c.initials[word] {
		if found >= 0 {
			return 0, false
		}
		found = e
	}
	return found, found >= 0
}

// initialsOf gives the first letters of the words of a name, small words and
// short names left out.
func initialsOf(name string) string {
	var b strings.Builder
	for w := range strings.FieldsSeq(name) {
		if w[0] >= 'A' && w[0] <= 'Z' {
			b.WriteByte(w[0])
		}
	}
	if b.Len() < 2 {
		return ""
	}
	return b.String()
}

// coreEnd gives the token after the head phrase of a source: before its first
// comma, bracket, relative pronoun or preposition.
func (c *cast) coreEnd(s source) int {
	for i := max(s.head, s.first); i < s.last; i++ {
		if i > s.head && (c.is(i, ",", "(", "who", "which", "that", "whose") || c.dash(i) || c.tag(i) == "IN" && !c.inTitle(i, s.last) || c.tag(i) == "VBG" && !c.modifies(i)) {
			return i
		}
	}
	return s.last
}

// together resolves a source that names two people, with a description between
// them or not, "Roe, the mayor, and Jane Doe, a nurse", to the words from the
// first name to the last, as they stood where the two first spoke together.
func (c *cast) together(s source) (finding, bool) {
	a, end := c.MentionsIn(s.span(c.reading))
	if a >= end || !c.isPerson(a) || c.Mentions[a].Last >= s.last || !c.namePhrase(s.first, c.Mentions[a].First) {
		return finding{}, false
	}
	described := false // what stands behind the first name must end with a comma
	for i := c.Mentions[a].Last; i+1 < s.last; i++ {
		if c.markOf[i] >= 0 || isVerbTag(c.tag(i)) || c.tag(i) == "MD" {
			return finding{}, false
		}
		if k := c.MentionAt(i + 1); c.is(i, ",") && !c.is(i+1, "and") && (k < 0 || !c.isPerson(k)) {
			described = true
		}
		if !c.is(i, "and", "&") || described && !c.is(i-1, ",") || c.is(i, "&") && i > c.Mentions[a].Last {
			continue
		}
		m, _ := c.MentionsIn(c.span(i+1, s.last))
		if m >= len(c.Mentions) || c.Mentions[m].First >= s.last || !c.isPerson(m) || c.Mentions[m].Entity == c.Mentions[a].Entity || !c.namePhrase(i+1, c.Mentions[m].First) && !c.kin(i+1, c.Mentions[m].First) {
			continue
		}
		pair := [2]int{c.Mentions[a].Entity, c.Mentions[m].Entity}
		sp, ok := c.pairs[pair]
		if !ok {
			span := c.span(s.first, c.Mentions[m].Last)
			sp = Speaker{Name: squeezed(span.Text(c.Text)), Spans: []nlp.Span{span}, Entity: -1}
			c.pairs[pair] = sp
		}
		return finding{speaker: sp, plural: true, reason: "several people are named in the source"}, true
	}
	return finding{}, false
}

// kin reports whether tokens [first, last) say who the person named behind them is to the
// one before: "his wife,".
func (c *cast) kin(first, last int) bool {
	return last-first > 2 && last-first < 6 && c.tag(first) == "PRP$" && c.is(last-1, ",") && isNounTag(c.tag(last-2))
}

func (c *cast) isPerson(mention int) bool {
	return c.Entities[c.Mentions[mention].Entity].Kind == nlp.Person
}

// bereaved finds who a "Mrs Roe" is where the Roe of the article is dead: the one of
// her family, named by the first name alone, "her mother, Beth", to whom the title
// fits.
func (c *cast) bereaved(mention int) (finding, bool) {
	if mention < 0 || c.Mentions[mention].Title.Empty() {
		return finding{}, false
	}
	m := &c.Mentions[mention]
	want := nlp.Feminine
	switch strings.ToLower(strings.TrimRight(m.Title.Text(c.Text), ".")) {
	case "mrs", "ms", "miss":
	case "mr":
		want = nlp.Masculine
	default:
		return finding{}, false
	}
	if !c.died(m.Entity, m.First) {
		return finding{}, false
	}
	kin := -1
	for e, ro := range c.best {
		ent := &c.Entities[e]
		if e == m.Entity || strings.Contains(ent.Name, " ") || c.Mentions[ent.Mentions[0]].Start > m.Start || !c.is(ro.first, "her", "his", "their") || wordGender(c.lower(ro.last-1)) != want || !slices.Contains(relatives, c.lower(ro.last-1)) {
			continue
		}
		if kin >= 0 {
			return finding{}, false
		}
		kin = e
	}
	if kin < 0 {
		return finding{}, false
	}
	return finding{speaker: c.person(kin), reason: "the " + c.Entities[m.Entity].Name + " of the story is dead, and " + c.Entities[kin].Name + " is of the family"}, true
}

// relatives are who speaks for the dead.
var relatives = []string{"mother", "father", "husband", "wife", "widow", "widower", "brother", "sister", "son", "daughter", "grandmother", "grandfather", "aunt", "uncle"}

// died reports whether the article says before token at that somebody died or was killed.
func (c *cast) died(e, at int) bool {
	for _, k := range c.Entities[e].Mentions {
		m := &c.Mentions[k]
		if m.First >= at {
			break
		}
		head := -1 // of the name, where it stands behind it
		for i := m.First; i < m.Last; i++ {
			head = max(head, c.Tokens[i].Head)
		}
		if head < m.Last {
			continue
		}
		switch lemma := c.Tokens[head].Lemma; {
		case lemma == "die" && isVerbTag(c.tag(head)), (lemma == "kill" || lemma == "murder") && c.tag(head) == "VBN" && c.Child(head, "nsubj:pass") >= 0,
			(lemma == "pronounce" || lemma == "find" || lemma == "declare") && c.is(head+1, "dead"):
			return true
		}
	}
	return false
}

// joint reports whether the source is several people: "Roe and Doe".
func (c *cast) joint(s source, core int) bool {
	for i := s.first + 1; i < core-1; i++ {
		if c.tag(i) == "CC" && c.is(i, "and", "&") {
			if c.Tokens[i-1].Entity >= 0 && c.is(i+1, "other", "his", "her", "their", "several", "many") && c.tag(core-1) == "NNS" && c.Tokens[core-1].Entity < 0 {
				return true // "Roe and other council members"
			}
			a, b := c.Tokens[i-1].Entity, c.Tokens[min(i+1, core-1)].Entity
			if (a >= 0 || b >= 0) && a != b && i == s.first+1 && i+2 == core && c.tag(i-1) == "NNP" && c.tag(i+1) == "NNP" {
				return true // "Kern and Roe", one of whom the name finder missed
			}
			if c.Tokens[core-1].Entity >= 0 && a >= 0 && a != c.Tokens[core-1].Entity || b >= 0 && a >= 0 && a != b {
				return true
			}
		}
	}
	return false
}

// wholeName reports whether the source is the name of entity e with little
// else: "the State Department" but not "the State Department official".
func (c *cast) wholeName(s source, e, core int) bool {
	for i := s.first; i < core; i++ {
		if c.Tokens[i].Entity != e && c.tag(i) != "DT" && !strings.HasPrefix(c.tag(i), "JJ") && !strings.HasPrefix(c.tag(i), "NNP") {
			return false
		}
	}
	return true
}

// person gives the speaker for an entity, with its role.
func (c *cast) person(e int) Speaker {
	sp := c.entity(e)
	if b, ok := c.best[e]; ok {
		sp.Role, sp.RoleSpan = roleText(b.span.Text(c.Text)), b.span
	}
	return sp
}

// entity gives the speaker for an entity, with every place that has its name.
func (c *cast) entity(e int) Speaker {
	ent := &c.Entities[e]
	sp := Speaker{Name: ent.Name, Entity: e}
	for _, m := range ent.Mentions {
		if c.Mentions[m].Text(c.Text) == ent.Name {
			sp.Spans = append(sp.Spans, c.Mentions[m].Span)
			break
		}
	}
	if len(sp.Spans) == 0 && len(ent.Mentions) > 0 {
		sp.Spans = append(sp.Spans, c.Mentions[ent.Mentions[0]].Span)
	}
	return sp
}

// described takes the words of the source themselves for the speaker: "hundreds
// of migrants", "the Mexican government".
func (c *cast) described(s source) finding {
	first, last := s.first, s.last
	for i := max(s.head, first) + 1; i < last; i++ {
		if c.is(i, ",", "(", "who", "which", "whose") || c.dash(i) && !c.is(i, "-") || c.is(i, "that") && isFinite(c.tag(i+1)) {
			if c.listGoesOn(i, last) {
				continue
			}
			last = i
			break
		}
	}
	for first < s.head && (c.punct(first) && c.markOf[first] < 0 || c.tag(first) == "IN" || c.tag(first) == "TO" || c.is(first, "according", "even")) {
		first++
	}
	last = c.ownWords(first, last)
	if f, ok := c.unlisted(s, first, last); ok {
		return f
	}
	if f, ok := c.nameBehind(first, last); ok {
		return f
	}
	if f, ok := c.namedOnlyAs(s, first, last); ok {
		return f
	}
	if f, ok := c.namedAfter(s, first, last); ok {
		return f
	}
	if f, ok := c.namedLater(s, first, last); ok {
		return f
	}
	if f, ok := c.saidBefore(s, first, last); ok {
		return f
	}
	span := c.span(first, last)
	name := strings.Join(strings.Fields(span.Text(c.Text)), " ")
	return finding{
		speaker: Speaker{Name: name, Spans: []nlp.Span{span}, Entity: -1},
		reason:  "described, not named",
		plural:  c.plural(s),
	}
}

// ownWords gives where a description ends without the relative pronoun, the
// preposition or the day behind it: "district leaders on Wednesday".
func (c *cast) ownWords(first, last int) int {
	for last > first+1 {
		t := c.timeEnding(last)
		switch {
		case c.is(last-1, "who", "that", "which", "each", "both", "alike") || c.tag(last-1) == "IN" || c.tag(last-1) == "CC" || c.tag(last-1) == "POS":
			last--
		case t >= 0 && c.Times[t].First > first && !c.is(c.Times[t].First-1, "the", "of", "a"):
			last = c.Times[t].First
		case c.is(last-1, "released", "issued", "published", "posted", "sent") && (c.is(last-2, texts...) || c.is(last-2, "poll", "survey", "study", "report", "figures", "data", "analysis")):
			last-- // "a statement released Friday"
		default:
			return last
		}
	}
	return last
}

// saidBefore resolves a description to who spoke before without a name and is described
// by the same noun and all of its other words: "the official" to "a senior official of
// the harbour", "advocates" to "privacy advocates". When several fit it is the one of
// this paragraph or the one before, if any.
func (c *cast) saidBefore(s source, first, last int) (finding, bool) {
	definite := c.is(first, "the", "his", "her", "its", "their")
	if s.head != last-1 || !definite && (c.tag(s.head) != "NNS" || last-first > 1) || !definite && c.tag(first) == "CD" {
		return finding{}, false
	}
	if !c.plural(s) && !c.isRoleNoun(s.head) {
		return finding{}, false
	}
	at, noun := c.Tokens[first].Start, c.lower(s.head)
	p := c.ParagraphAt(at)
	found, several := -1, false
	for i := len(c.spoke) - 1; i >= max(0, len(c.spoke)-maxBack); i-- {
		sp := &c.spoke[i]
		if sp.speaker.Entity >= 0 || sp.at >= at || sp.plural != c.plural(s) || sp.head < 0 || c.lower(sp.head) != noun || !c.describedBy(sp, first, s.head, definite) {
			continue
		}
		switch {
		case found < 0:
			found = i
		case sp.speaker.Name != c.spoke[found].speaker.Name:
			several = true
		}
	}
	if found < 0 || (several || !definite) && p-c.spoke[found].paragraph > 1 {
		return finding{}, false
	}
	sp := c.spoke[found].speaker
	return finding{speaker: sp, plural: c.plural(s), reason: "“" + c.span(first, last).Text(c.Text) + "” goes on with “" + sp.Name + "”"}, true
}

// describedBy reports whether a speaker without a name is described by all words of
// tokens [first, head), an article or a possessive in front left out, and by more.
func (c *cast) describedBy(sp *spoken, first, head int, definite bool) bool {
	if definite {
		first++
	}
	words := strings.Fields(strings.ToLower(sp.speaker.Name))
	for i := first; i < head; i++ {
		if !slices.Contains(words, c.lower(i)) {
			return false
		}
	}
	return len(words) > 1
}

// unlisted reads name and role off a source whose name the name finder missed:
// "the spokesman, Per Vik", "Per Vik, a spokesman for the station". The words
// before the first comma are tokens [first, last).
func (c *cast) unlisted(s source, first, last int) (finding, bool) {
	if last+1 >= s.last || !c.is(last, ",") {
		return finding{}, false
	}
	names := func(first, last int) bool {
		for i := first; i < last; i++ {
			if !strings.HasPrefix(c.tag(i), "NN") || !c.capital(i) {
				return false
			}
		}
		return last-first > 1 && last-first < 5
	}
	place := func(i int) bool {
		e := c.Tokens[i].Entity
		return e >= 0 && c.Entities[e].Kind == nlp.Place
	}
	rest := last + 1
	end := rest
	for end < s.last && !c.punct(end) {
		end++
	}
	var name, role nlp.Span
	switch {
	case names(rest, end) && (c.isRoleNoun(c.headOf(first, last)) || slices.Contains(bodies, c.lower(c.headOf(first, last))) && !place(end-1)):
		// "its leader, Per Oland": who leads is no place, whatever the gazetteer says
		name, role = c.span(rest, end), c.span(first, last)
	case names(first, last) && !place(first) && !place(last-1):
		f, l := c.appositiveRole(rest, min(s.last, c.sentence(rest).Last))
		name, role = c.span(first, last), c.span(f, l)
	default:
		return finding{}, false
	}
	sp := Speaker{Name: name.Text(c.Text), Spans: []nlp.Span{name}, Entity: -1}
	if t, _ := c.TokensIn(name); c.Tokens[t].Entity >= 0 && c.Entities[c.Tokens[t].Entity].Name == sp.Name && !place(t) {
		sp = c.entity(c.Tokens[t].Entity)
	}
	if !role.Empty() {
		sp.Role, sp.RoleSpan = roleText(role.Text(c.Text)), role
	}
	return finding{speaker: sp, reason: "named in the source"}, true
}

// capital reports whether token i begins with a capital.
func (r *reading) capital(i int) bool {
	first, _ := utf8.DecodeRuneInString(r.word(i))
	return unicode.IsUpper(first)
}

// listGoesOn reports whether the comma at token i parts the members of a list:
// "Parents, students and teachers".
func (c *cast) listGoesOn(i, last int) bool {
	for k := i + 1; k < last && k < i+8; k++ {
		if c.is(k, "and", "or") && k > i+1 {
			return strings.HasPrefix(c.tag(i-1), "NN") && (strings.HasPrefix(c.tag(k+1), "NN") || strings.HasPrefix(c.tag(k+1), "JJ")) && c.tag(i+1) != "DT"
		}
		if t := c.tag(k); t == "IN" || isVerbTag(t) || strings.HasPrefix(t, "W") {
			return false
		}
	}
	return false
}

func (c *cast) plural(s source) bool {
	t := c.tag(s.head)
	return t == "NNS" || t == "NNPS" || c.is(s.head, "many", "some", "several", "few", "others", "most", "both", "people", "police", "hundreds", "thousands", "dozens")
}

// pronoun resolves "he" and "she": who spoke last and fits, or the last person
// named before who fits.
func (c *cast) pronoun(s source, d *draft) finding {
	want := nlp.Masculine
	if strings.HasPrefix(c.lower(s.head), "s") || strings.HasPrefix(c.lower(s.head), "her") {
		want = nlp.Feminine
	}
	at := c.Tokens[s.head].Start
	p := c.ParagraphAt(at)
	sentence := c.Tokens[s.head].Sentence
	type candidate struct {
		entity int
		score  int
		why    string
	}
	var found []candidate
	add := func(e, score int, why string) {
		for i := range found {
			if found[i].entity == e {
				if score > found[i].score {
					found[i].score, found[i].why = score, why
				}
				return
			}
		}
		found = append(found, candidate{e, score, why})
	}
	if f, ok := c.answers(at, p, want); ok {
		return f
	}
	// An unnamed speaker who spoke last: "A spokesman said no. He gave no reason."
	if f, ok := c.unnamedBefore(at, p, want); ok {
		return f
	}
	// Whoever spoke last, near by.
	for i := len(c.spoke) - 1; i >= 0 && i >= len(c.spoke)-3; i-- {
		sp := c.spoke[i]
		if sp.speaker.Entity < 0 || sp.at >= at || p-sp.paragraph > 2 {
			continue
		}
		e := sp.speaker.Entity
		if g := c.Entities[e].Gender; c.Entities[e].Kind == nlp.Person && (g == want || g == "") {
			score := 60 - 10*(p-sp.paragraph) - 12*(len(c.spoke)-1-i)
			switch {
			case g == "" && p == sp.paragraph && i == len(c.spoke)-1:
				score -= 8 // who speaks on is seldom another
			case g == "":
				score -= 15
			}
			if c.SentenceAt(sp.at) == sentence {
				score += 12
			}
			add(e, score, "spoke last")
		}
	}
	// People named before, the nearest first, subjects before others.
	seen := map[int]bool{}
	count := 0
	for i := c.advance(at) - 1; i >= 0 && count < 12; i-- {
		m := &c.Mentions[c.people[i]]
		if c.insideMarks(m.First) {
			continue
		}
		away := sentence - c.Tokens[m.First].Sentence
		if p-c.ParagraphAt(m.Start) > 4 && len(found) > 0 {
			break
		}
		count++
		e := m.Entity
		if seen[e] {
			continue
		}
		seen[e] = true
		g := c.Entities[e].Gender
		if g != want && g != "" {
			continue
		}
		score := 50 - 6*away - 2*count
		if g == "" {
			score -= 15
		}
		if c.isSubject(m) {
			score += 12
		}
		if c.tag(m.Last) == "POS" {
			score -= 8
		}
		add(e, score, "nearest fitting name before")
	}
	if e := c.hero; e >= 0 && (c.Entities[e].Gender == want || c.obituary && c.Entities[e].Gender == "") && c.Mentions[c.Entities[e].Mentions[0]].Start < at {
		score := 42
		if c.obituary && c.ofHero(d, want) {
			score = 58
			if n := len(c.spoke); n > 0 && c.spoke[n-1].paragraph == p {
				score = 42
			}
		}
		add(e, score, "the article is about")
	}
	if n := len(c.spoke) - 1; n >= 0 && c.spoke[n].asks && c.spoke[n].at < at && p == c.spoke[n].paragraph+1 && !c.goesOn(d) {
		for i := range found {
			if found[i].entity == c.spoke[n].speaker.Entity {
				found[i].score -= 45 // who answers is not who asked
			}
		}
	}
	for i := range found {
		if c.spokenOf(found[i].entity, d) {
			found[i].score -= 35
		}
	}
	if len(found) == 0 {
		if e := c.onlyOne(at, p); e >= 0 {
			sp := c.person(e)
			return finding{speaker: sp, reason: fmt.Sprintf("“%s” can only be %s, who spoke last", c.word(s.head), sp.Name)}
		}
		return finding{speaker: nobody(), reason: "nobody before fits “" + c.word(s.head) + "”"}
	}
	slices.SortStableFunc(found, func(a, b candidate) int { return b.score - a.score })
	top := found[0]
	if len(found) > 1 && top.score-found[1].score < 4 && top.entity != found[1].entity {
		a, b := c.Entities[top.entity].Name, c.Entities[found[1].entity].Name
		return finding{speaker: nobody(), unclear: []string{a, b}, reason: fmt.Sprintf("“%s” may be %s or %s", c.word(s.head), a, b)}
	}
	sp := c.person(top.entity)
	return finding{speaker: sp, reason: fmt.Sprintf("“%s” is %s, who %s", c.word(s.head), sp.Name, whyPronoun(top.why))}
}

// spokenOf reports whether a quotation names a person, who is then hardly the one to
// whom its "he said" refers.
func (c *cast) spokenOf(e int, d *draft) bool {
	for _, s := range d.content {
		first, last := c.MentionsIn(s)
		for m := first; m < min(last, first+maxBack); m++ {
			if c.Mentions[m].Entity != e {
				continue
			}
			if at := c.Mentions[m].First; c.insideMarks(at) && !c.nested(c.Mentions[m].Span) || d.cue != nil && (at > d.cue.head || c.tag(c.Mentions[m].Last) != "POS" && c.Tokens[at].Sentence == c.Tokens[d.cue.head].Sentence) {
				return true
			}
		}
	}
	return false
}

// onlyOne gives the person who spoke last in paragraph p before byte at, if the
// article has named nobody else so far and only the first name speaks against
// the pronoun: lists of first names know but one gender for "Matti" or "Andrea".
func (c *cast) onlyOne(at, p int) int {
	n := len(c.spoke)
	if n == 0 || c.spoke[n-1].speaker.Entity < 0 || c.spoke[n-1].paragraph != p || c.spoke[n-1].at >= at {
		return -1
	}
	e := c.spoke[n-1].speaker.Entity
	if c.Entities[e].Kind != nlp.Person {
		return -1
	}
	count := c.advance(at)
	if count > 12 {
		return -1
	}
	for i := range count {
		m := &c.Mentions[c.people[i]]
		if m.Entity != e {
			return -1
		}
		if t := strings.ToLower(strings.TrimRight(m.Title.Text(c.Text), ".")); slices.Contains(honorifics, t) {
			return -1
		}
	}
	for _, ro := range c.roles[e] {
		for i := ro.first; i < ro.last; i++ {
			if wordGender(c.lower(i)) != "" {
				return -1
			}
		}
	}
	return e
}

// ofHero reports whether a quotation with a pronoun for its source may be the
// dead person's own words: they go on with nobody's, and speak of nobody else by
// the same pronoun.
func (c *cast) ofHero(d *draft, want nlp.Gender) bool {
	if d.cue == nil || slices.Contains([]string{"add", "continue", "go on"}, d.cue.lex.lemma) {
		return false
	}
	for _, s := range d.content {
		first, last := c.TokensIn(s)
		for i := first; i < last; i++ {
			if c.markOf[i] >= 0 && (want == nlp.Feminine && c.is(i, "she", "her") || want == nlp.Masculine && c.is(i, "he", "him", "his")) {
				return false
			}
		}
	}
	return true
}

// whyPronoun words the reason for a pronoun.
func whyPronoun(why string) string {
	switch why {
	case "nearest fitting name before":
		return "is the nearest person before that fits"
	case "the article is about":
		return "the article is about"
	}
	return why
}

// unnamedBefore gives the person without a name who spoke last, in this
// paragraph or the one before, when nobody with a name stands between.
func (c *cast) unnamedBefore(at, p int, want nlp.Gender) (finding, bool) {
	n := len(c.spoke)
	if n == 0 {
		return finding{}, false
	}
	sp := c.spoke[n-1]
	if sp.speaker.Entity >= 0 || sp.plural || sp.at >= at || p-sp.paragraph > 1 || len(sp.speaker.Spans) == 0 {
		return finding{}, false
	}
	first, last := c.TokensIn(sp.speaker.Spans[0])
	if first >= last || sp.head < 0 || !c.isRoleNoun(sp.head) && !c.is(sp.head, "one", "person", "source") {
		return finding{}, false
	}
	word := c.lower(sp.head)
	if g := wordGender(word); g != "" && g != want {
		return finding{}, false
	}
	for i, n := c.advance(at)-1, 0; i >= 0; i, n = i-1, n+1 {
		m := &c.Mentions[c.people[i]]
		if m.Start <= sp.at {
			break
		}
		if n == 8 {
			return finding{}, false
		}
		if !c.insideMarks(m.First) && c.isSubject(m) {
			return finding{}, false // a named person came after
		}
	}
	return finding{speaker: sp.speaker, reason: "the pronoun goes on with “" + sp.speaker.Name + "”"}, true
}

// wordGender tells the gender that a noun for a person has by its form.
func wordGender(w string) nlp.Gender {
	switch {
	case strings.HasSuffix(w, "woman"), w == "mother", w == "wife", w == "daughter", w == "sister", w == "girl", w == "actress", w == "widow", w == "queen", w == "nun":
		return nlp.Feminine
	case strings.HasSuffix(w, "man") && w != "human", w == "father", w == "husband", w == "son", w == "brother", w == "boy", w == "king", w == "monk", w == "widower":
		return nlp.Masculine
	}
	return ""
}

// advance gives the number of people's mentions that begin before byte at.
// Places asked for come mostly in text order, so it moves on from the last.
func (c *cast) advance(at int) int {
	for c.nearest > 0 && c.Mentions[c.people[c.nearest-1]].Start >= at {
		c.nearest--
	}
	for c.nearest < len(c.people) && c.Mentions[c.people[c.nearest]].Start < at {
		c.nearest++
	}
	return c.nearest
}

// nested reports whether a span stands in a passage inside another: in what
// somebody is quoted as quoting.
func (c *cast) nested(span nlp.Span) bool {
	first, _ := c.TokensIn(span)
	for k := c.markOf[first] + 1; k > 0 && k < len(c.marks) && c.marks[k].depth > 0; k++ {
		if c.marks[k].Overlaps(span) {
			return true
		}
	}
	return false
}

func (c *cast) insideMarks(i int) bool { return c.markOf[i] >= 0 }

func (c *cast) isSubject(m *nlp.Mention) bool {
	for i := m.First; i < m.Last; i++ {
		t := &c.Tokens[i]
		if t.Rel == "flat" && t.Head >= 0 && t.Head < m.First {
			t = &c.Tokens[t.Head] // of its title
		}
		if (t.Rel == "conj" || t.Rel == "appos") && t.Head >= 0 {
			t = &c.Tokens[t.Head] // "Ostby's mayor, Jane Roe, was"
		}
		if t.Rel == "nsubj" || t.Rel == "nsubj:pass" {
			return true
		}
	}
	return c.presented(m)
}

// presented reports whether a sentence leads up to a name: "Among those hurt was Jane
// Roe", "Her lawyer, a quiet woman called Jane Roe, has".
func (c *cast) presented(m *nlp.Mention) bool {
	first := m.First
	if !m.Title.Empty() {
		first, _ = c.TokensIn(m.Title)
	}
	s := c.sentence(m.First)
	if c.is(first-1, "called", "named") && c.mainVerb(s.First, first-1) < 0 && c.hasWord(s.First, first, ",") {
		return true // "Her lawyer, a quiet woman called Jane Roe, has heard that"
	}
	if j := c.simplePhrase(s.First, first); c.is(first-1, ",") && j == first-1 && c.isRoleNoun(j-1) && (c.is(m.Last, ",") || isFinite(c.tag(m.Last))) {
		return true // "Ostby's mayor, Jane Roe, was"
	}
	return c.is(first-1, "was", "were", "is", "are") && first-1 > s.First && c.is(s.First, "among", "one", "also", "with", "leading", "first", "next") && c.mainVerb(s.First, first) == first-1
}

// group resolves "they" and "it" to the last speaker that is one.
func (c *cast) group(s source, d *draft, low string) finding {
	at := c.Tokens[s.head].Start
	p := c.ParagraphAt(at)
	they := low[0] == 't' || low == "both"
	// A plural subject earlier in the sentence or in the sentence before.
	sent := c.Tokens[s.head].Sentence
	if n := len(c.spoke) - 1; they && n >= 0 && c.spoke[n].plural && c.spoke[n].paragraph == p && c.spoke[n].at < at {
		if k := c.SentenceAt(c.spoke[n].at); k == sent-1 {
			return finding{speaker: c.spoke[n].speaker, plural: true, reason: "“" + c.word(s.head) + "” goes on with the speakers before"}
		}
	}
	for k := sent; k >= 0 && k >= sent-1; k-- {
		if c.Sentences[k].Paragraph != c.Sentences[sent].Paragraph {
			break
		}
		for i := c.Sentences[k].First; i < c.Sentences[k].Last && c.Tokens[i].Start < at; i++ {
			if c.Tokens[i].Rel != "nsubj" && c.Tokens[i].Rel != "nsubj:pass" || c.markOf[i] >= 0 {
				continue
			}
			if they && (c.coordinated(i) || c.tag(i) == "NNS" || c.tag(i) == "NNPS" || c.is(i, collectives...)) || !they && c.isBody(i) {
				f := c.source(source{first: c.left(i), last: min(c.right(i), c.TokenAtOr(at)), head: i}, d, 1)
				f.reason = "“" + c.word(s.head) + "” is the subject before it"
				return f
			}
		}
	}
	for i := len(c.spoke) - 1; i >= 0 && i >= len(c.spoke)-2; i-- {
		sp := c.spoke[i]
		if sp.at >= at || p-sp.paragraph > 1 {
			continue
		}
		org := sp.speaker.Entity >= 0 && c.Entities[sp.speaker.Entity].Kind == nlp.Organisation
		if they && (sp.plural || org) || !they && (org || sp.speaker.Entity < 0 && !sp.plural) {
			return finding{speaker: sp.speaker, plural: sp.plural, reason: "“" + c.word(s.head) + "” goes on with the speaker before"}
		}
	}
	return finding{speaker: nobody(), reason: "nobody before fits “" + c.word(s.head) + "”"}
}

// isBody reports whether the head of a noun phrase is an organisation or a noun for
// one.
func (c *cast) isBody(i int) bool {
	if e := c.Tokens[i].Entity; e >= 0 && c.Entities[e].Kind == nlp.Organisation {
		return true
	}
	return c.tag(i) != "NNS" && (c.is(i, bodies...) || c.is(i, collectives...) || c.is(i, "army", "military", "navy", "militia", "parliament", "legislature"))
}

// coordinated reports whether the subject at token i is several joined by "and":
// "Marsh and his colleagues".
func (c *cast) coordinated(i int) bool {
	for k := i + 1; k < c.right(i); k++ {
		if c.is(k, "and") && c.Tokens[c.Tokens[k].Head].Head == i && c.Tokens[c.Tokens[k].Head].Rel == "conj" {
			return true
		}
		if isVerbTag(c.tag(k)) || c.is(k, ",", "of", "for") {
			return false
		}
	}
	return false
}

// someOf resolves "some" and "many" to the people of whom the sentence before
// speaks: "Residents of the quay were angry. Some said they had not been told."
func (c *cast) someOf(s source, d *draft, depth int) (finding, bool) {
	sent := c.Tokens[s.head].Sentence - 1
	if depth > 0 || sent < 0 || c.Sentences[sent].Paragraph != c.Sentences[sent+1].Paragraph {
		return finding{}, false
	}
	first := c.pastDateline(c.Sentences[sent])
	j := c.simplePhrase(first, c.Sentences[sent].Last)
	if j <= first || c.tag(j-1) != "NNS" || !c.reading.person(j-1) || c.markOf[first] >= 0 {
		return finding{}, false
	}
	head := j - 1
	if e := c.simplePhrase(j+1, c.Sentences[sent].Last); c.is(j, "of") && e > j+1 {
		j = e
	}
	f := c.source(source{first: first, last: j, head: head}, d, depth+1)
	f.reason = "“" + c.word(s.head) + "” are some of those in the sentence before"
	return f, f.speaker.Name != ""
}

// collectives are nouns for several people that go on with "they".
var collectives = []string{"team", "group", "panel", "committee", "staff", "crowd", "couple", "family", "pair", "duo", "police", "majority", "party", "jury", "crew", "board", "band", "company", "government", "council", "union"}

// TokenAtOr gives the token that begins at or after byte at.
func (c *cast) TokenAtOr(at int) int {
	first, _ := c.TokensIn(nlp.Span{Start: at, End: at + 1})
	return first
}

// relative resolves "who" to the noun that its clause describes.
func (c *cast) relative(s source, d *draft, depth int) finding {
	if depth > 0 {
		return finding{speaker: nobody()}
	}
	i := s.first
	for i > 0 && c.is(i-1, ",") {
		i--
	}
	first := c.sentence(s.first).First
	if f, ok := c.whoOf(s, i); ok {
		return f
	}
	if v := c.Tokens[s.head].Head; v >= 0 {
		if h := c.Tokens[v].Head; h >= 0 && h < s.first && isNounTag(c.tag(h)) && h >= first {
			f := c.source(source{first: c.left(h), last: min(c.right(h), i), head: h}, d, depth+1)
			f.reason = "“" + c.word(s.head) + "” is " + f.speaker.Name
			return f
		}
	}
	if src := c.plainBefore(first, i); src.found() {
		f := c.source(src, d, depth+1)
		f.reason = "“" + c.word(s.head) + "” is " + f.speaker.Name
		return f
	}
	return finding{speaker: nobody(), reason: "nobody before “" + c.word(s.head) + "”"}
}

// whoOf resolves a "who" behind the name of an organisation or a role, which ends before
// token i, to the person whom the phrase is about: "Ivo Falk, a columnist for the
// Courier, who", "Ivo Falk, a lawyer, who".
func (c *cast) whoOf(s source, i int) (finding, bool) {
	last := max(i-1, 0)
	e := c.Tokens[last].Entity
	if !c.is(s.head, "who", "whom") || e < 0 && !c.isRoleNoun(last) || e >= 0 && c.Entities[e].Kind == nlp.Person {
		return finding{}, false
	}
	from, to := c.MentionsIn(c.span(c.sentence(s.first).First, i))
	for m := to - 1; m >= from; m-- {
		if at := c.Mentions[m].Last; c.isPerson(m) && c.is(at, ",") && c.finiteIn(at, i) < 0 && (e >= 0 || c.is(at+1, "a", "an", "the") && !c.hasWord(at, i, "and")) {
			sp := c.person(c.Mentions[m].Entity)
			return finding{speaker: sp, reason: "“" + c.word(s.head) + "” is " + sp.Name}, true
		}
	}
	return finding{}, false
}

// byDescription resolves "the coordinator", "the Honduran", "the 45-year-old
// teacher" to the person whom the article describes so.
func (c *cast) byDescription(s source, d *draft) (finding, bool) {
	if !c.is(s.first, "the", "that", "this", "his", "her") || c.plural(s) {
		return finding{}, false
	}
	word := c.lower(s.head)
	if !c.isRoleNoun(s.head) && !c.demonym(s.head) {
		return finding{}, false
	}
	at := c.Tokens[s.first].Start
	var fits []int
	// Only people already met, the nearest first.
	for i := c.advance(at) - 1; i >= 0; i-- {
		e := c.Mentions[c.people[i]].Entity
		if len(fits) > 3 || c.advance(at)-i > 60 {
			break
		}
		if slices.Contains(fits, e) {
			continue
		}
		for _, ro := range c.roles[e] {
			if c.carries(ro, word) && c.qualifies(s, ro) {
				fits = append(fits, e)
				break
			}
		}
	}
	switch {
	case len(fits) == 1:
		sp := c.person(fits[0])
		return finding{speaker: sp, reason: fmt.Sprintf("“%s” is %s", c.span(s.first, s.last).Text(c.Text), sp.Name)}, true
	case len(fits) == 0:
		return c.standsFor(s, d, at)
	case len(fits) > 1:
		// The one who spoke last, if it is one of them.
		if n := len(c.spoke); n > 0 && slices.Contains(fits, c.spoke[n-1].speaker.Entity) && c.ParagraphAt(at)-c.spoke[n-1].paragraph <= 1 {
			sp := c.spoke[n-1].speaker
			return finding{speaker: sp, reason: fmt.Sprintf("“%s” is %s, who spoke last", c.span(s.first, s.last).Text(c.Text), sp.Name)}, true
		}
		var names []string
		for _, e := range fits {
			names = append(names, c.Entities[e].Name)
		}
		return finding{speaker: nobody(), unclear: names, reason: fmt.Sprintf("“%s” may be %s", c.span(s.first, s.last).Text(c.Text), strings.Join(names, " or "))}, true
	}
	return finding{}, false
}

// standsFor resolves a description that presupposes who is meant, "the Ohio Democrat",
// "the Kelvale resident", to the person who spoke last, in this paragraph or the one
// before, when the article has named nobody else since.
func (c *cast) standsFor(s source, d *draft, at int) (finding, bool) {
	n := len(c.spoke) - 1
	if d.cue != nil && (d.cue.lex.lemma == "report" || d.cue.sort == accordingCue) {
		return finding{}, false // the Springfield Republican is a paper
	}
	if n < 0 || !slices.Contains(standings[:slices.Index(standings, "father")], c.lower(s.head)) || s.head == s.first+1 && c.is(s.head, "resident", "native") {
		return finding{}, false
	}
	e := c.spoke[n].speaker.Entity
	if e < 0 || c.Entities[e].Kind != nlp.Person || c.ParagraphAt(at)-c.spoke[n].paragraph > 1 {
		return finding{}, false
	}
	for i := c.advance(at) - 1; i >= 0 && c.Mentions[c.people[i]].Start > c.spoke[n].at; i-- {
		if m := &c.Mentions[c.people[i]]; m.Entity != e && c.isSubject(m) && !c.insideMarks(m.First) {
			return finding{}, false
		}
	}
	sp := c.person(e)
	return finding{speaker: sp, reason: fmt.Sprintf("“%s” is %s, who spoke last", c.span(s.first, s.last).Text(c.Text), sp.Name)}, true
}

// demonym reports whether the noun at token i says where somebody comes from:
// "the Honduran".
func (r *reading) demonym(i int) bool {
	w := r.word(i)
	return w != "" && w[0] >= 'A' && w[0] <= 'Z' && r.tag(i) != "NNS" && r.tag(i) != "NNPS" && (strings.HasSuffix(w, "an") || strings.HasSuffix(w, "ese") || strings.HasSuffix(w, "ish") || strings.HasSuffix(w, "i") || strings.HasSuffix(w, "man"))
}

// shortTitles are titles as they are written before names and in full.
var shortTitles = map[string]string{
	"gov": "governor", "sen": "senator", "rep": "representative", "pres": "president", "lt": "lieutenant", "capt": "captain", "sgt": "sergeant",
	"gen": "general", "col": "colonel", "prof": "professor", "rev": "reverend", "dr": "doctor", "supt": "superintendent", "cllr": "councillor", "det": "detective", "atty": "attorney",
}

// synonyms are nouns that articles take turns with for one person.
var synonyms = [][]string{
	{"lawyer", "attorney", "solicitor", "barrister"},
	{"journalist", "reporter"},
	{"spokesman", "spokeswoman", "spokesperson"},
	{"chairman", "chairwoman", "chair", "chairperson"},
	{"doctor", "physician"},
}

// sameOffice reports whether two nouns name the same office.
func sameOffice(a, b string) bool {
	return a == b || slices.ContainsFunc(synonyms, func(o []string) bool { return slices.Contains(o, a) && slices.Contains(o, b) })
}

// carries reports whether a role has the word as the noun that carries it:
// "the coordinator" fits "coordinator of the shelter", "the company" does not
// fit "company spokesman".
func (c *cast) carries(ro role, word string) bool {
	last := ro.last
	for i := ro.first; i < last; i++ {
		if c.is(i, ",", "who") || c.tag(i) == "IN" || c.tag(i) == "VBG" || c.tag(i) == "TO" {
			break
		}
		if !sameOffice(c.lower(i), word) && shortTitles[strings.TrimRight(c.lower(i), ".")] != word {
			continue
		}
		if next := c.tag(i + 1); i+1 >= last || !strings.HasPrefix(next, "NN") {
			return true
		}
	}
	return false
}

// qualifies reports whether the nouns before the head of a description stand
// in the role too: "the union president" is no city council's president.
func (c *cast) qualifies(s source, ro role) bool {
	if ro.last-ro.first == 1 || s.head-s.first < 2 {
		return true
	}
	text := strings.ToLower(ro.span.Text(c.Text))
	for i := s.first + 1; i < s.head; i++ {
		if strings.HasPrefix(c.tag(i), "NN") && !strings.Contains(text, c.lower(i)) && !c.based(i, s.head) {
			return false
		}
	}
	return true
}

// based reports whether the name at token i says where somebody works: "the New
// York-based journalist".
func (c *cast) based(i, head int) bool {
	for k := i + 1; k < head; k++ {
		if c.is(k, "based") && c.is(k-1, "-") {
			return true
		}
	}
	return false
}
