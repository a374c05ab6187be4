package nlp

import (
	"strings"

	"onrecord/nlp/internal/gazetteer"
)

// firms sets right the names of firms that the name finder took for persons or
// places: by their last word ("Corrigan Fuels") or by what the article says of
// them ("Halvorsen Glass, the world's third-largest maker of windscreens").
func (n *namer) firms() {
	n.staffed()
	for k := range n.names {
		c := &n.names[k]
		if !c.dropped && c.kind == Organisation && !c.sure && c.last-c.first == 2 && isRank(n.low(c.first)) && n.upper(c.last-1) {
			c.kind, c.sure = Person, true // "Captain Sorrel"
			c.title = c.first
			c.first++
			continue
		}
		if c.dropped || c.kind == Organisation || c.title >= 0 {
			continue
		}
		if c.kind == Person && (n.named(c) || c.last-c.first == 1 && n.low(c.first) == "staff") {
			n.remove(c.first, c.last)
			continue
		}
		if c.kind == Person && n.oddFirstName(c) {
			c.first--
			n.owner[c.first] = int32(k + 1)
			continue
		}
		word := n.low(c.last - 1)
		if c.last-c.first > 1 && (firmWords()[word] || word == "'s" && firmWords()[n.low(c.last-2)]) || n.explainedAsFirm(c) || n.paper(c) {
			c.kind = Organisation
			c.sure = true
		}
	}
}

// paper reports whether a name with an article before it is a newspaper's: "the
// Orle Gazette".
func (n *namer) paper(c *candidate) bool {
	if c.last-c.first < 2 || c.first == 0 || n.low(c.first-1) != "the" && n.low(c.first) != "the" {
		return false
	}
	switch n.low(c.last - 1) {
	case "gazette", "courier", "herald", "tribune", "times", "chronicle", "telegraph", "examiner", "sentinel", "inquirer", "dispatch", "journal", "mercury", "argus", "echo", "post", "mail":
		return true
	}
	return false
}

// staffed makes firms of lone names that employ people or sell shares, "Orbis
// employees", unless a person of the text has the name for a family name.
// Names that go on behind such a word are its products: "the Orbis Watch".
func (n *namer) staffed() {
	firms, families := map[string]bool{}, map[string]bool{}
	for _, c := range n.names {
		if !c.dropped && (c.last-c.first > 1 && c.kind == Person || c.title >= 0) {
			families[n.d.Tokens[c.last-1].Text] = true
		}
	}
	for i := range n.d.Tokens {
		if k := n.at(i); n.upper(i) && n.d.Tokens[i].Tag == "NNP" && n.employs(i+1) && (k < 0 || n.names[k].last-n.names[k].first == 1) {
			firms[n.d.Tokens[i].Text] = true
		}
	}
	for k := range n.names {
		c := &n.names[k]
		first := n.d.Tokens[c.first].Text
		if c.dropped || c.title >= 0 || c.kind != Person || !firms[first] || families[first] {
			continue
		}
		c.kind, c.sure = Organisation, true
	}
}

// employs reports whether at token i, behind a name, a firm's staff, owners or
// places of work are spoken of: "employees", "'s finance chief".
func (n *namer) employs(i int) bool {
	if i >= len(n.d.Tokens) || !n.same(i-1, i) {
		return false
	}
	if ofFirm(n.low(i)) {
		return true
	}
	if n.d.Tokens[i].Tag != "POS" {
		return false
	}
	for k := i + 1; k < i+4 && n.same(i, k) && !n.upper(k); k++ {
		switch low := n.low(k); {
		case ofFirm(low), low == "chief", low == "headquarters", low == "revenue", low == "sales", low == "profits", low == "rivals":
			return true
		case !strings.HasPrefix(n.d.Tokens[k].Tag, "NN") && n.d.Tokens[k].Tag != "JJ":
			return false
		}
	}
	return false
}

// ofFirm reports whether a word behind a name speaks of a firm's staff, owners
// or places of work.
func ofFirm(low string) bool {
	switch low {
	case "employee", "employees", "executive", "executives", "engineer", "engineers", "shareholder", "shareholders", "shares", "stock", "store", "stores", "factory", "factories", "warehouse", "warehouses", "customers":
		return true
	}
	return false
}

// named reports whether a lone name stands behind an article, as the names of
// ships and pubs do: "the Grace", "the Morning Grace".
func (n *namer) named(c *candidate) bool {
	if c.last-c.first != 1 {
		return false
	}
	i := c.first - 1
	for i >= 0 && n.same(i, c.first) && n.upper(i) && !n.opening(i) && strings.HasPrefix(n.d.Tokens[i].Tag, "NN") && !isTitle(n.low(i)) && !isPeople(n.d.Tokens[i].Text) {
		i--
	}
	return c.first-i <= 3 && n.same(i, c.first) && n.low(i) == "the" && n.d.Tokens[c.first].Tag == "NNP" && !strings.HasSuffix(n.d.Tokens[c.first].Text, "s") && (c.first-i > 1 || n.low(c.last) != "'s")
}

// oddFirstName reports whether the word before a lone family name is its first
// name, though the tagger took it for an adjective or the like: "its chairman,
// Odd Lien".
func (n *namer) oddFirstName(c *candidate) bool {
	i := c.first - 1
	if c.last-c.first != 1 || !n.same(i-1, c.first) || !n.upper(i) || n.opening(i) || n.at(i) >= 0 || n.small[n.low(i)] {
		return false
	}
	t := &n.d.Tokens[i]
	if t.Tag == "NNPS" || t.Tag == "DT" || t.Tag == "IN" || isTitle(n.low(i)) || isPeople(t.Text) || isStarter(t.Text) || gazetteer.IsPlace(t.Text) || facilities()[n.low(i)] != "" || isAcronym(t.Text) {
		return false
	}
	return n.d.Tokens[i-1].Text == "," && n.same(i-2, i) && isTitle(n.low(i-2)) || isTitle(n.low(i-1)) && !n.upper(i-1)
}

// explainedAsFirm reports whether the apposition after a name, or the noun
// before it, is a noun for a firm.
func (n *namer) explainedAsFirm(c *candidate) bool {
	d := n.d
	if n.same(c.first, c.last+2) && d.Tokens[c.last].Text == "," {
		for i := c.last + 1; i < c.last+10 && n.same(i, c.last); i++ {
			t := &d.Tokens[i]
			if firmNoun(n.low(i)) && t.Tag == "NN" && i > c.last+1 {
				return true
			}
			if strings.HasPrefix(t.Tag, "V") || t.Tag == "IN" || t.Text == "," || strings.HasPrefix(t.Tag, "W") || i == c.last+1 && t.Tag != "DT" && t.Tag != "PRP$" {
				break
			}
		}
	}
	i := c.first - 1
	return c.last-c.first > 1 && n.same(i, c.first) && firmNoun(n.low(i)) && d.Tokens[i].Tag == "NN" && n.low(i) != "owner" && n.low(i) != "maker"
}

// isRank reports whether a word before a capitalised one makes it a person's
// name.
func isRank(low string) bool {
	switch low {
	case "captain", "colonel", "sergeant", "lieutenant", "commander", "inspector", "detective", "professor", "sheriff", "corporal":
		return true
	}
	return false
}

// firmNoun reports whether a noun says that a name is a firm's.
func firmNoun(low string) bool {
	switch low {
	case "company", "firm", "manufacturer", "carmaker", "automaker", "retailer", "airline", "brewer", "conglomerate", "chain", "startup", "start-up", "supermarket", "brewery", "subsidiary", "insurer", "lender", "utility", "shipbuilder", "chipmaker", "drugmaker", "maker", "consultancy", "publisher":
		return true
	}
	return strings.HasSuffix(low, "maker") && len(low) > 5 && low != "lawmaker" && low != "filmmaker" && low != "policymaker" && low != "dressmaker" && low != "winemaker" && low != "shoemaker" && low != "watchmaker"
}

// firmShort gives the organisation that a single word is the first word of:
// "Halvorsen", once Halvorsen Glass is known. Words that names of several share
// stand for none.
func (n *namer) firmShort() map[string]string {
	short := map[string]string{}
	for _, c := range n.names {
		if c.dropped || c.kind != Organisation || c.last-c.first < 2 || c.last-c.first > 3 {
			continue
		}
		if !c.sure && !firmWords()[n.low(c.last-1)] {
			continue
		}
		first := n.d.Tokens[c.first].Text
		if isPeople(first) || n.small[strings.ToLower(first)] || n.d.Tokens[c.first].Tag != "NNP" || !firmWords()[n.low(c.last-1)] && !n.explainedAsFirm(&c) {
			continue
		}
		key := string(Organisation) + " " + n.key(c)
		if old, ok := short[first]; ok && old != key {
			key = ""
		}
		short[first] = key
	}
	return short
}
