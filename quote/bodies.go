package quote

import (
	"slices"
	"strings"

	"onrecord/nlp"
)

// bodies are nouns for organisations; "the ministry" and "the union" mean one
// that the article has named.
var bodies = []string{
	"company", "firm", "group", "manufacturer", "maker", "carmaker", "automaker", "airline", "bank", "lender", "retailer", "developer", "operator", "brewer", "insurer", "producer", "startup", "chain", "utility", "owner",
	"union", "federation", "association", "league", "guild", "club", "team", "party", "alliance", "bloc", "front", "movement", "coalition",
	"university", "college", "institute", "school", "hospital", "museum", "theatre", "theater", "church", "foundation", "charity", "trust", "fund", "society", "centre", "center",
	"ministry", "department", "agency", "authority", "commission", "council", "committee", "board", "office", "bureau", "inspectorate", "court", "tribunal", "regulator", "service", "administration",
	"newspaper", "paper", "magazine", "broadcaster", "station", "network", "channel", "organisation", "organization",
}

// firms are the nouns among bodies that the names of firms seldom have in them.
var firms = []string{"company", "firm", "group", "manufacturer", "maker", "carmaker", "automaker", "airline", "lender", "retailer", "developer", "operator", "brewer", "insurer", "producer", "startup", "chain", "utility", "owner"}

// notFirms are words in the names of organisations that are no firms.
var notFirms = []string{
	"ministry", "department", "office", "commission", "agency", "authority", "university", "college", "school", "council", "court", "police", "union", "federation", "association", "party", "institute", "league", "guild", "committee", "board", "service", "watch", "government", "administration", "parliament", "congress", "senate", "house", "army", "navy", "force", "inspectorate", "nations", "organisation", "organization", "foundation", "church", "hospital", "museum", "alliance", "front", "center", "centre", "republic", "society", "campaign", "olympics", "games", "cup", "championship", "championships", "festival", "award", "awards", "prize", "times", "post", "news", "herald", "tribune", "gazette", "journal", "courier", "network", "coalition", "group", "fund", "bureau", "administration", "fbi", "cia", "un", "eu", "nato",
}

// body resolves "the company" or "the ministry" to the organisation that the
// article means by it: the one with that word in its name or in what is said of
// it, or the only firm named so far. When two fit equally it gives none.
func (c *cast) body(s source) (finding, bool) {
	if f, ok := c.bodyByWords(s); ok {
		return f, true
	}
	if f, ok := c.paper(s); ok {
		return f, true
	}
	if c.trade(s) {
		s.head = s.first + 1 // "the maker of frozen fish"
	}
	if !c.is(s.first, "the") || s.last-s.first != 2 && !c.trade(s) || c.tag(s.head) != "NN" && c.tag(s.head) != "NNP" {
		return finding{}, false
	}
	noun := c.lower(s.head)
	if !slices.Contains(bodies, noun) {
		return finding{}, false
	}
	at := c.Tokens[s.first].Start
	_, end := c.MentionsIn(nlp.Span{Start: 0, End: at})
	named, explained, only := -1, -1, -1
	several := false
	for m := end - 1; m >= max(0, end-maxNamed); m-- {
		mention := &c.Mentions[m]
		e := mention.Entity
		if c.Entities[e].Kind != nlp.Organisation {
			continue
		}
		words := strings.Fields(strings.ToLower(c.Entities[e].Name))
		if named < 0 && slices.Contains(words, noun) {
			named = e // the one named last
		} else if named >= 0 && named != e && slices.Contains(words, noun) && c.ParagraphAt(c.Mentions[c.Entities[named].Mentions[0]].Start) < c.ParagraphAt(at)-1 && c.Tokens[mention.First].Sentence != c.Tokens[s.first].Sentence && !c.nearBy(named, at) {
			named = -2 // two of the sort, neither near by
		}
		if c.explains(mention, noun) {
			if explained >= 0 && explained != e {
				explained = -2
			} else if explained != -2 {
				explained = e
			}
		}
		if slices.Contains(firms, noun) && !slices.ContainsFunc(words, func(w string) bool {
			return slices.Contains(notFirms, strings.Trim(w, "’'s")) || slices.Contains(notFirms, w)
		}) {
			if only >= 0 && only != e {
				several = true
			}
			only = e
		}
	}
	var e int
	switch {
	case named >= 0:
		e = named
	case explained >= 0:
		e = explained
	case only >= 0 && !several && noun != "group" && (noun != "owner" && noun != "operator" || c.trade(s)):
		e = only
	default:
		return finding{}, false
	}
	return finding{speaker: c.entity(e), reason: "“the " + noun + "” is " + c.Entities[e].Name}, true
}

// trade reports whether a source says what a firm does: "the maker of frozen fish".
func (c *cast) trade(s source) bool {
	return s.last > s.first+3 && c.is(s.first+1, "maker", "manufacturer", "producer", "retailer", "operator", "developer", "insurer", "lender", "brewer", "owner") && c.is(s.first+2, "of")
}

// press are nouns for papers, and pressNames the words by which their names are
// known for one.
var (
	press      = []string{"newspaper", "paper", "daily", "tabloid", "broadsheet", "weekly"}
	pressNames = []string{"times", "post", "news", "herald", "tribune", "gazette", "journal", "courier", "telegraph", "guardian", "mail", "chronicle", "globe", "sentinel", "observer", "mirror", "star", "record", "dispatch", "examiner", "register", "bulletin", "echo"}
)

// paper resolves "the conservative-leaning newspaper" to the only paper named so
// far.
func (c *cast) paper(s source) (finding, bool) {
	if s.last-s.first > 6 || !c.is(s.first, "the") || !slices.Contains(press, c.lower(s.last-1)) {
		return finding{}, false
	}
	return c.onlyOrganisation(s, func(name []string) bool {
		return slices.ContainsFunc(name, func(w string) bool { return slices.Contains(pressNames, w) })
	})
}

// bodyByWords resolves "the appeals court" or "the Islamic foundation" to the one
// organisation named so far whose name has all of these words.
func (c *cast) bodyByWords(s source) (finding, bool) {
	if s.last-s.first < 3 || s.last-s.first > 4 || !c.is(s.first, "the") || !slices.Contains(bodies, c.lower(s.last-1)) {
		return finding{}, false
	}
	return c.onlyOrganisation(s, func(name []string) bool {
		for i := s.first + 1; i < s.last; i++ {
			if !slices.Contains(name, c.lower(i)) {
				return false
			}
		}
		return true
	})
}

// onlyOrganisation gives the one organisation named before s whose name, as
// words in small letters, fits; none when two do.
func (c *cast) onlyOrganisation(s source, fits func(name []string) bool) (finding, bool) {
	_, end := c.MentionsIn(nlp.Span{Start: 0, End: c.Tokens[s.first].Start})
	only := -1
	for m := end - 1; m >= max(0, end-maxNamed); m-- {
		e := c.Mentions[m].Entity
		if e == only || c.Entities[e].Kind != nlp.Organisation {
			continue
		}
		if !fits(strings.FieldsFunc(strings.ToLower(c.Entities[e].Name), func(r rune) bool { return r == ' ' || r == '-' })) {
			continue
		}
		if only >= 0 {
			return finding{}, false
		}
		only = e
	}
	if only < 0 {
		return finding{}, false
	}
	return finding{speaker: c.entity(only), reason: "“" + c.span(s.first, s.last).Text(c.Text) + "” is " + c.Entities[only].Name}, true
}

// maxNamed bounds how many names back a body is looked for.
const maxNamed = 400

// nearBy reports whether an entity is named in the paragraph of byte at or the
// one before.
func (c *cast) nearBy(e, at int) bool {
	p := c.ParagraphAt(at)
	for i := len(c.Entities[e].Mentions) - 1; i >= 0 && i >= len(c.Entities[e].Mentions)-40; i-- {
		m := &c.Mentions[c.Entities[e].Mentions[i]]
		if m.Start < at && c.ParagraphAt(m.Start) >= p-1 {
			return true
		}
	}
	return false
}

// explains reports whether the words around a mention say that it is a noun:
// "Norrland Chemical, the company that makes the spray", "the carmaker Vesta".
func (c *cast) explains(m *nlp.Mention, noun string) bool {
	if c.lower(m.First-1) == noun {
		return true
	}
	if c.is(m.First-1, ",") && c.lower(m.First-2) == noun {
		return true
	}
	if !c.is(m.Last, ",") {
		return false
	}
	end := c.sentence(m.First).Last
	for i := m.Last + 1; i < end && i < m.Last+12; i++ {
		if c.lower(i) == noun {
			return true
		}
		if t := c.tag(i); t == "IN" || c.is(i, ",") || strings.HasPrefix(t, "W") || isVerbTag(t) {
			return false
		}
	}
	return false
}

// nameBehind reads the name off a phrase that says first what it is: "the
// relief agency Open Hands", "the watchdog group Open Ledger".
func (c *cast) nameBehind(first, last int) (finding, bool) {
	k := last
	for k > first && strings.HasPrefix(c.tag(k-1), "NNP") && c.word(k-1) != "" && c.word(k - 1)[0] >= 'A' && c.word(k - 1)[0] <= 'Z' {
		k--
	}
	office := c.isRoleNoun(k-1) && last-k > 1 // "council member Ivo Falk"
	if k >= last || k <= first || last-k > 5 || c.tag(k-1) != "NN" && !c.is(k-1, "ruling", "governing") || !c.is(first, "the", "a", "an") && !office {
		return finding{}, false
	}
	for i := first; i < k; i++ {
		if t := c.tag(i); (i > first || t != "DT" && t != "PRP$") && !strings.HasPrefix(t, "NN") && !strings.HasPrefix(t, "JJ") && t != "HYPH" && t != "VBG" && !c.is(i, "-") {
			return finding{}, false
		}
	}
	e := c.Tokens[last-1].Entity
	if e >= 0 && c.Entities[e].Kind == nlp.Place || last-k == 1 && e < 0 && !slices.Contains(bodies, c.lower(k-1)) && !c.isRoleNoun(k-1) {
		return finding{}, false
	}
	if e >= 0 && c.Entities[e].Kind == nlp.Organisation && c.Tokens[k].Entity == e && c.is(k-1, "opposition", "ruling", "governing", "separatist", "rebel") {
		return finding{speaker: c.entity(e), reason: "named in the source"}, true
	}
	if !slices.Contains(bodies, c.lower(k-1)) && !c.isRoleNoun(k-1) && !c.is(k-1, "watchdog", "pollster", "tank", "pressure", "site", "website") {
		return finding{}, false
	}
	name := c.span(k, last)
	sp := Speaker{Name: name.Text(c.Text), Spans: []nlp.Span{name}, Entity: -1}
	if e >= 0 && c.Entities[e].Name == sp.Name {
		sp = c.entity(e)
	}
	sp.RoleSpan = c.span(first, k)
	sp.Role = roleText(sp.RoleSpan.Text(c.Text))
	return finding{speaker: sp, reason: "named in the source"}, true
}

// namedOnlyAs reads the name that a source without one has given: "a woman who
// gave her name only as Hanna", "a spokesman who uses the name Captain Sorrel".
func (c *cast) namedOnlyAs(s source, first, last int) (finding, bool) {
	end := min(s.last+12, c.sentence(s.first).Last)
	for i := s.first; i < min(s.last, end); i++ {
		if !c.is(i, "who") {
			continue
		}
		for k := i + 1; k < end && k < i+12; k++ {
			if !c.is(k, "as", "name") || c.is(k+1, "only", "as") {
				continue
			}
			f := k + 1
			l := f
			for l < end && strings.HasPrefix(c.tag(l), "NNP") {
				l++
			}
			if l == f || l-f > 3 || !c.hasWord(i, k+1, "name", "identified", "himself", "herself", "called") {
				continue
			}
			sp := Speaker{Name: c.span(f, l).Text(c.Text), Spans: []nlp.Span{c.span(f, l)}, Entity: -1}
			if e := c.Tokens[l-1].Entity; e >= 0 && c.Entities[e].Kind == nlp.Person {
				sp.Entity = e
			}
			if c.isRoleNoun(c.headOf(first, last)) && !c.is(c.headOf(first, last), "man", "woman", "boy", "girl") {
				sp.RoleSpan = c.span(first, last)
				sp.Role = roleText(sp.RoleSpan.Text(c.Text))
			}
			return finding{speaker: sp, reason: "the name given"}, true
		}
	}
	return finding{}, false
}
