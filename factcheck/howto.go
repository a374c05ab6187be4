package factcheck

import (
	"cmp"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"onrecord/nlp"
	"onrecord/quote"
)

// maxHints is how many lines of advice a claim gets.
const maxHints = 5

// signNames are what the rules of the tables can ask of a claim.
var signNames = []string{
	"number", "share", "money", "duration", "comparison", "record", "cause", "event", "law", "allegation", "denial", "justice", "harm", "unharmed",
	"toll", "people", "force", "commitment", "absolute", "hardship", "statement", "own-voice", "second-hand", "document", "private", "body", "dated",
}

// signs are those that hold for c.
func (r *reading) signs(c candidate, f features, slots map[string]string) map[string]bool {
	return map[string]bool{
		"number": f.figures > 0, "share": f.shares > 0, "money": f.money || r.hasOneOf(c, currencies), "duration": f.duration, "comparison": f.comparison, "record": f.record,
		"cause": f.cause, "event": f.event, "law": f.law, "allegation": f.allegation, "denial": f.denial, "justice": f.justice,
		"harm": f.harm && r.harmed(c), "unharmed": f.unharmed, "toll": f.figures > 0 && r.countsHarmed(c), "people": r.human(c) && (f.figures == 0 || r.countsPeople(c)), "force": f.violent, "commitment": f.commitment, "absolute": f.absolute,
		"hardship": f.hardship, "statement": c.quote >= 0, "own-voice": f.ownVoice, "second-hand": f.second,
		"document": c.quote >= 0 && r.isDocument(r.quotes[c.quote]), "private": f.private, "body": slots["body"] != "", "dated": slots["on"] != "",
	}
}

// slotNames are what a line of the tables can take from the story.
var slotNames = []string{"at", "on", "of", "for", "body", "accounts", "council", "court", "jurisdiction", "speaker", "newest", "figure"}

// slots fills them for c; those that the story does not fill are empty.
func (r *reading) slots(c candidate, f features) map[string]string {
	where := r.where(c, f)
	body := r.body(c)
	named := body
	if !r.acts(c, body) {
		named = ""
	}
	spot := r.spot(c)
	speaker := ""
	if c.quote >= 0 {
		speaker = r.sayer(r.quotes[c.quote])
	}
	slots := map[string]string{
		"at": r.at(where), "on": r.when(c), "body": named, "accounts": r.accounts(c, named, f), "jurisdiction": r.jurisdiction(c),
		"of": sourceOf(named, spot), "speaker": speaker, "newest": r.newest(),
		"council": r.chamber(c, where, councils),
		"court":   r.chamber(c, where, courts),
	}
	if spot != "" {
		slots["for"] = " for " + spot
	}
	if n, ok := r.mainNumber(c); ok {
		slots["figure"] = strings.ToLower(n.Figure.Text(r.Text))
	}
	return slots
}

// where is the place of c: the one that its sentence puts it in, for an event
// the one where the sentence before it happened, else the scene of the story.
func (r *reading) where(c candidate, f features) string {
	if name := r.placeIn(r.Sentences[c.sentence].Span, r.locates); name != "" {
		return name
	}
	if !f.event {
		return ""
	}
	if name := r.setting(c); name != "" {
		return name
	}
	if r.site(r.scene) {
		return ""
	}
	return r.scene
}

// placeIn is the first place of span that is said to be where something
// happens.
func (r *reading) placeIn(span nlp.Span, happens func(nlp.Mention) bool) string {
	from, to := r.MentionsIn(span)
	for _, m := range r.Mentions[from:to] {
		if r.Entities[m.Entity].Kind == nlp.Place && happens(m) {
			return r.Entities[m.Entity].Name
		}
	}
	return ""
}

// setting is where the sentences before c in its paragraph say that things
// happened, the nearest first; "" when it is nowhere or in two places at once.
// "The pools in Orle will close" sets no scene, "a wall fell in Orle" does.
func (r *reading) setting(c candidate) string {
	first, _ := r.ParagraphSentences(r.Sentences[c.sentence].Paragraph)
	for s := c.sentence - 1; s >= max(first, c.sentence-beside); s-- {
		found := ""
		from, to := r.MentionsIn(r.Sentences[s].Span)
		for _, m := range r.Mentions[from:to] {
			e := r.Entities[m.Entity]
			if e.Kind != nlp.Place || !r.locates(m) || r.ofSubject(m) {
				continue
			}
			if found != "" && found != e.Name {
				return ""
			}
			found = e.Name
		}
		if found != "" {
			return found
		}
	}
	return ""
}

// ofSubject reports whether a place only tells of which pools, plans or people
// a sentence speaks: it hangs on a noun before the predicate.
func (r *reading) ofSubject(m nlp.Mention) bool {
	sent := r.Sentences[r.Tokens[m.First].Sentence]
	return r.Tokens[m.Last-1].Rel == "nmod" && m.First < r.predicate(sent.First, sent.Last)
}

// locates reports whether a place is where something happens: "in Orle", "near
// the bridge", not "a firm in Orle".
func (r *reading) locates(m nlp.Mention) bool {
	for i := m.First - 1; i >= max(m.First-2, 0); i-- {
		switch strings.ToLower(r.Tokens[i].Text) {
		case "from":
			// "deported from Orle": that is where the files are.
			return i > 0 && r.marks[i-1]&justice != 0
		case "in", "at", "on", "near", "outside", "off", "across", "around":
			h := r.Tokens[m.Last-1].Head
			return h < 0 || r.Tokens[m.Last-1].Rel != "nmod" || !referenceLists().bodies[r.Tokens[h].Lemma] && !referenceLists().people[r.Tokens[h].Lemma]
		}
	}
	return false
}

// currencies are names of money that are no unit of a number of their own.
var currencies = newWordSet([]string{"crown", "krona", "krone", "kroner", "kronor", "franc", "peso", "rupee", "ruble", "rouble", "lira", "dinar", "rand", "shilling", "zloty", "forint", "yen", "yuan"})

// countsPeople reports whether a number of c counts people, or does not say
// what it counts.
func (r *reading) countsPeople(c candidate) bool {
	from, to := r.NumbersIn(c.span(r))
	return slices.ContainsFunc(r.Numbers[from:to], func(n nlp.Number) bool {
		of := noun(r.Document, n)
		return of == "" || of == "people" || of == "person" || of == "other" || referenceLists().people[of]
	})
}

// Words of the names of bodies that keep minutes, and dockets.
var (
	councils = []string{"council", "board", "commission", "assembly", "senate", "parliament"}
	courts   = []string{"court", "tribunal"}
)

// chamber is the body in c, or the first of the story, whose name holds one of
// the words; else that of the place, when c itself has the word.
func (r *reading) chamber(c candidate, where string, words []string) string {
	first := -1
	sent := r.Sentences[c.sentence]
	for _, e := range r.index().chambers {
		if !slices.ContainsFunc(strings.Fields(strings.ToLower(r.Entities[e].Name)), func(w string) bool { return slices.Contains(words, w) }) {
			continue
		}
		if first < 0 {
			first = e
		}
		if r.namedIn(max(sent.First, c.first-mostTokens), min(sent.Last, c.last+mostTokens), e) {
			return r.Entities[e].Name
		}
		if len(r.index().chambers) > maxChambers {
			break
		}
	}
	if first >= 0 {
		return r.Entities[first].Name
	}
	if where == "" || r.site(where) {
		return ""
	}
	for i := c.first; i < c.last; i++ {
		if slices.Contains(words, r.Tokens[i].Lemma) {
			return "the " + r.Tokens[i].Lemma + r.at(where)
		}
	}
	return ""
}

// maxChambers is how many councils and courts are told apart: a text with more
// is no story about one of them.
const maxChambers = 20

// fill writes a line with its slots, and reports whether it holds something of
// the story: a slot with "?" may be empty, the others not, and one that names
// somebody, a place or a day must be there.
func fill(line string, slots map[string]string) (string, bool) {
	var w strings.Builder
	anchored := false
	for {
		before, rest, ok := strings.Cut(line, "{")
		w.WriteString(before)
		if !ok {
			return tidy(w.String()), anchored
		}
		name, after, _ := strings.Cut(rest, "}")
		name, optional := strings.CutSuffix(name, "?")
		value := slots[name]
		if value == "" && !optional {
			return "", false
		}
		anchored = anchored || value != "" && name != "figure" && name != "newest"
		w.WriteString(value)
		line = after
	}
}

// tidy takes out what empty slots leave: a comma before another mark.
func tidy(s string) string {
	s = strings.Join(strings.Fields(s), " ")
	for _, twice := range []string{",,", ", ,", " ,", ",;", ",:"} {
		s = strings.ReplaceAll(s, twice, twice[len(twice)-1:])
	}
	return strings.TrimRight(s, " ,;:")
}

// fits reports whether a rule is about c.
func (r *reading) fits(rule rule, c candidate, signs map[string]bool) bool {
	for _, s := range rule.when {
		if !signs[s] {
			return false
		}
	}
	for _, s := range rule.unless {
		if signs[s] {
			return false
		}
	}
	return rule.words.empty() || r.hasOneOf(c, rule.words)
}

// hasOneOf reports whether c holds one of the words, in base form or as
// written.
func (r *reading) hasOneOf(c candidate, words wordSet) bool {
	for i := c.first; i < c.last; i++ {
		t := r.Tokens[i]
		low := r.low(i)
		if words.single[t.Lemma] || words.single[low] {
			return true
		}
		for _, p := range words.phrases {
			if (p[0] == t.Lemma || p[0] == low) && i+len(p) <= c.last && matches(p[1:], r.Tokens, i+1) {
				return true
			}
		}
	}
	return false
}

// low is token i in lower case.
func (r *reading) low(i int) string { return strings.ToLower(r.Tokens[i].Text) }

// howTo says how to check c, in at most five lines: was it said and what
// settles it, whom to ask and who is missing, what would disprove it, what to
// search for. Every line holds a name, place, date or institution of the story
// or of the operator's tables; one that would not is left out.
func (r *reading) howTo(c candidate, f features) []string {
	tables := r.tables
	if tables == nil {
		tables = DefaultTables()
	}
	slots := r.slots(c, f)
	signs := r.signs(c, f, slots)
	var best rule
	source := ""
	for _, rule := range tables.rules {
		if !r.fits(rule, c, signs) {
			continue
		}
		if line, ok := fill(rule.source, slots); ok {
			best, source = rule, line
			break
		}
	}
	var out []string
	add := func(line string) {
		if line != "" {
			out = append(out, line)
		}
	}
	add(r.settle(c, f, source, slots))
	if f.second && c.quote >= 0 && slots["speaker"] != "" {
		add("Second-hand: find the original words, beside those of " + slots["speaker"])
	}
	add(r.whomToAsk(c, f, tables, best, slots))
	if line, ok := fill(best.wrong, slots); ok && line != "" && !(f.absolute && r.ofAll(c)) {
		add("Wrong if " + line)
	} else {
		add(r.wrongIf(c, f, slots))
	}
	if query := r.query(c, f, best.search); query != "" {
		add("Search: " + query)
	}
	return out[:min(len(out), maxHints)]
}

// settle is the first line: for somebody's statement two checks, was it said
// and is it true.
func (r *reading) settle(c candidate, f features, source string, slots map[string]string) string {
	if c.quote < 0 {
		return upperFirst(source)
	}
	q := r.quotes[c.quote]
	switch {
	case r.isDocument(q) && r.hasName(q), r.isDocument(q) && slots["body"] != "":
		return "Look it up: " + r.inSentence(q.Speaker.Name, q.Speaker.Spans) + r.ofBody(slots["body"])
	case q.Speaker.Name == "" || r.isDocument(q):
		return upperFirst(source)
	}
	said := "Was it said: recording, transcript or statement of " + r.sayer(q) + r.saidOn(q)
	private := f.private && q.Speaker.Entity >= 0 && r.Entities[q.Speaker.Entity].Kind == nlp.Person
	if private {
		said = "Was it said: the reporter’s notes or recording of " + q.Speaker.Name + r.saidOn(q)
	}
	if source == "" {
		return said
	}
	if private && r.ofOneself(c) {
		source += "; authorities confirm only with the consent of " + q.Speaker.Name
	}
	return strings.TrimSuffix(said, "…") + endOf(said) + " Is it true: " + source
}

// ofOneself reports whether a claim may be about whoever says it: it has an "I",
// "my", "she" or "his".
func (r *reading) ofOneself(c candidate) bool {
	return slices.ContainsFunc(r.Tokens[c.first:c.last], func(t nlp.Token) bool {
		return strings.HasPrefix(t.Tag, "PRP") && !slices.Contains([]string{"it", "its", "they", "them", "their", "you", "your"}, strings.ToLower(t.Text))
	})
}

// endOf is how a sentence with these words ends: a name cut short has its mark.
func endOf(s string) string {
	if strings.HasSuffix(s, "…") {
		return "…"
	}
	return "."
}

// whomToAsk is the line with who is named in the story, the operator's offices,
// and who is missing from it.
func (r *reading) whomToAsk(c candidate, f features, tables *Tables, best rule, slots map[string]string) string {
	names := r.witnesses(c)
	speaker, _ := r.speaker(c)
	for s := max(c.sentence-beside, 0); s < min(c.sentence+beside, len(r.Sentences)); s++ {
		for _, k := range r.bySent[s] {
			q := r.quotes[k]
			if len(names) < 3 && named(q) && q.Kind == quote.Speech && q.Speaker.Name != speaker && !slices.Contains(names, q.Speaker.Name) && hasVoice(q.Speaker, best.voices) {
				names = append(names, q.Speaker.Name)
			}
		}
	}
	var lines []string
	if len(names) > 0 {
		lines = append(lines, "Ask: "+strings.Join(names, ", ")+" (named in the story)")
	}
	for _, o := range tables.offices {
		if len(lines) < 3 && r.hasOneOf(c, o.words) && r.officeOf(o, c, slots) {
			line := "Ask: " + o.name
			if o.about != "" {
				line += ", for " + o.about
			}
			lines = append(lines, line)
		}
	}
	if line := r.unheard(c, f); line != "" {
		lines = append(lines, "Missing: "+line)
	} else if line, ok := fill(best.missing, slots); ok && line != "" && !r.heard(best) {
		lines = append(lines, "Missing: "+line)
	}
	return strings.Join(lines, ". ")
}

// hasVoice reports whether a speaker's name or role holds one of the words.
func hasVoice(s quote.Speaker, words []string) bool {
	for w := range strings.FieldsFuncSeq(strings.ToLower(s.Name+" "+s.Role), func(c rune) bool { return c == ' ' || c == ',' || c == '-' || c == '’' || c == '\'' }) {
		if slices.Contains(words, w) || slices.Contains(words, strings.TrimSuffix(w, "s")) {
			return true
		}
	}
	return false
}

// heard reports whether somebody whom a rule lists among its voices is quoted
// in the story.
func (r *reading) heard(of rule) bool {
	x := r.index()
	known, ok := x.heard[of.name]
	if !ok {
		known = slices.ContainsFunc(r.quotes, func(q quote.Quote) bool { return q.Kind == quote.Speech && hasVoice(q.Speaker, of.voices) })
		x.heard[of.name] = known
	}
	return known
}

// officeOf reports whether an office of the tables is one for the place of c.
func (r *reading) officeOf(o office, c candidate, slots map[string]string) bool {
	if o.place == "" || slots["jurisdiction"] == o.place || r.place(c) == o.place || r.spot(c) == o.place || r.scene == o.place {
		return true
	}
	country, known := nlp.Country(r.place(c))
	return known && country == o.place
}

// unheard is who is spoken for or accused in c and does not speak in the story.
func (r *reading) unheard(c candidate, f features) string {
	p := r.predicate(c.first, c.last)
	if p < 0 || c.quote < 0 || !f.second && !f.allegation {
		return ""
	}
	s := r.subject(p)
	if s < c.first || s >= c.last || r.marks[s]&institution == 0 && (r.Tokens[s].Entity < 0 || r.Entities[r.Tokens[s].Entity].Kind == nlp.Place) {
		return ""
	}
	who, _ := r.phraseAt(s)
	if e := r.Tokens[s].Entity; e >= 0 {
		who = r.Entities[e].Name
	}
	if speaker, _ := r.speaker(c); strings.EqualFold(speaker, who) || !strings.ContainsFunc(who, unicode.IsUpper) {
		return ""
	}
	if x := r.index(); x.spoken[strings.ToLower(who)] || x.spokenEntity[r.Tokens[s].Entity] {
		return who + " on this"
	}
	return who + ", who is not quoted"
}

func upperFirst(s string) string {
	c, n := utf8.DecodeRuneInString(s)
	if n == 0 {
		return s
	}
	return string(unicode.ToUpper(c)) + s[n:]
}

// spot is the town, region or country whose figures c gives: its subject, the
// one that its subject belongs to ("the Mexican population"), or the one that
// it counts in.
func (r *reading) spot(c candidate) string {
	for i := c.first; i < c.last; i++ {
		t := r.Tokens[i]
		if e := t.Entity; e >= 0 && r.Entities[e].Kind == nlp.Place && !r.site(r.Entities[e].Name) {
			if t.Rel == "nsubj" || t.Rel == "nmod:poss" || i > 0 && strings.EqualFold(r.Tokens[i-1].Text, "in") {
				return r.Entities[e].Name
			}
			continue
		}
		if name := r.demonym(i); name != "" {
			return name
		}
	}
	return ""
}

// sites are last words of the names of places where nobody keeps statistics:
// bridges, islands, lakes.
var sites = []string{
	"bridge", "hospital", "airport", "harbour", "harbor", "river", "lake", "street", "square", "building", "station", "stadium", "camp", "prison", "school", "mountain", "reservoir", "dam", "pool", "road", "highway", "avenue", "park", "sea", "ocean", "strait", "border", "court", "courthouse", "hotel", "church", "mosque", "museum", "theatre", "theater", "mine", "tunnel", "canal", "docks", "market", "hall", "tower", "plant", "factory", "field", "beach", "gallery",
}

// site reports whether a place is a spot and no town, region or country.
func (r *reading) site(name string) bool {
	return slices.Contains(sites, strings.ToLower(name[strings.LastIndexByte(name, ' ')+1:])) || strings.HasPrefix(name, "Lake ") || strings.HasPrefix(name, "Mount ")
}

// regions are last words of the names of regions that have an article.
var regions = []string{"valley", "range", "islands", "mountains", "forest", "peninsula", "delta", "desert", "hills", "highlands", "coast"}

// the writes the name of a place as a sentence needs it.
func (r *reading) the(name string) string {
	if name != "" && (r.site(name) || slices.Contains(regions, strings.ToLower(name[strings.LastIndexByte(name, ' ')+1:]))) && !strings.HasPrefix(name, "Lake ") && !strings.HasPrefix(name, "Mount ") && !strings.HasSuffix(name, "Hospital") {
		return "the " + strings.TrimPrefix(strings.TrimPrefix(name, "the "), "The ")
	}
	return name
}

// at is a place with its preposition: " at the Rodolfo Robles bridge", " in
// Tapachula".
func (r *reading) at(name string) string {
	switch {
	case name == "":
		return ""
	case r.site(name):
		return " at " + r.the(name)
	}
	return " in " + r.the(name)
}

// jurisdiction is the country or town whose rule c speaks of: the one that is
// its subject, or whose adjective it has ("the Mexican government").
func (r *reading) jurisdiction(c candidate) string {
	if p := r.predicate(c.first, c.last); p >= 0 {
		if s := r.subject(p); s >= 0 {
			if e := r.Tokens[s].Entity; e >= 0 && r.Entities[e].Kind == nlp.Place && !r.site(r.Entities[e].Name) {
				return r.Entities[e].Name
			}
		}
	}
	sent := r.Sentences[c.sentence]
	for i := c.first; i < c.last; i++ {
		if name := r.demonym(i); name != "" {
			return name
		}
	}
	for i := sent.First; i < sent.Last; i++ {
		if name := r.demonym(i); name != "" {
			return name
		}
	}
	from, to := r.MentionsIn(c.span(r))
	for _, m := range r.Mentions[from:to] {
		if e := r.Entities[m.Entity]; e.Kind == nlp.Place && m.First > 0 && strings.EqualFold(r.Tokens[m.First-1].Text, "in") && !r.site(e.Name) {
			return e.Name
		}
	}
	return ""
}

// demonym is the place of the story whose adjective or people token i names:
// Mexico for "Mexican".
func (r *reading) demonym(i int) string {
	t := r.Tokens[i].Text
	if len(t) < 5 || t[0] < 'A' || t[0] > 'Z' || !(strings.HasSuffix(t, "an") || strings.HasSuffix(t, "ese") || strings.HasSuffix(t, "ish") || strings.HasSuffix(t, "i") || strings.HasSuffix(t, "ic")) {
		return ""
	}
	for _, e := range r.Entities {
		if e.Kind != nlp.Place || strings.Contains(e.Name, " ") || len(e.Name) < 4 || e.Name == t {
			continue
		}
		if stem := e.Name[:len(e.Name)-1]; len(stem) >= 4 && strings.HasPrefix(t, stem) || len(e.Name) > 5 && strings.HasPrefix(t, e.Name[:len(e.Name)-2]) {
			return e.Name
		}
	}
	return ""
}

// acts reports whether a body is the subject or the object of what c says, so
// that it has something to answer.
func (r *reading) acts(c candidate, body string) bool {
	if body == "" {
		return false
	}
	from, to := r.MentionsIn(r.Sentences[c.sentence].Span)
	for _, m := range r.Mentions[from:to] {
		if r.Entities[m.Entity].Name != body || m.First < c.first || m.Last > c.last {
			continue
		}
		for i := m.First; i < m.Last; i++ {
			switch r.Tokens[i].Rel {
			case "nsubj", "nsubj:pass", "obj":
				return true
			}
		}
		if m.First == c.first {
			return true
		}
	}
	return false
}

// books are nouns for what accounts and budgets show.
var books = []string{"profit", "profits", "sales", "revenue", "revenues", "turnover", "loss", "losses", "dividend", "earnings", "budget", "spending", "bonus"}

// accounts is the firm or body whose books settle a sum in c: the one that it
// speaks of, or the one that the story is about.
func (r *reading) accounts(c candidate, body string, f features) string {
	booked := false
	for i := c.first; i < c.last; i++ {
		booked = booked || slices.Contains(books, strings.ToLower(r.Tokens[i].Text))
	}
	if !booked && !(f.money && body != "") {
		return ""
	}
	if body != "" {
		return body
	}
	return r.subjectBody
}

// harmed reports whether c says that somebody or something came to harm, or
// that nobody did: a verb of harm in the past, or harm that is counted.
func (r *reading) harmed(c candidate) bool {
	for i := c.first; i < c.last; i++ {
		if r.marks[i]&harm == 0 {
			continue
		}
		t := r.Tokens[i]
		if t.Lemma == "die" || t.Lemma == "death" {
			if !r.numbered(c) && !r.has(c.first, c.last, absolute) {
				continue // somebody's death, as obituaries tell it
			}
		}
		switch {
		case t.Tag == "VBD" || t.Tag == "VBN" || t.Tag == "VBG":
			if t.Tag == "VBG" && i > c.first && (t.Rel == "amod" || strings.HasPrefix(r.Tokens[i-1].Tag, "RB")) {
				continue // "the most damaging", "potentially crushing"
			}
			if m := r.modal(i); m != "could" && m != "would" && m != "might" && m != "may" {
				return true
			}
		case strings.HasPrefix(t.Tag, "NN") || strings.HasPrefix(t.Tag, "JJ"):
			if r.numbered(c) && (t.Rel == "obj" || strings.HasPrefix(t.Rel, "nsubj") || t.Rel == "root" || t.Lemma == "dead" || t.Rel == "conj") {
				return true
			}
		}
	}
	return false
}

// numbered reports whether c holds a number that counts something, be it a single
// one.
func (r *reading) numbered(c candidate) bool {
	from, to := r.NumbersIn(c.span(r))
	return slices.ContainsFunc(r.Numbers[from:to], func(n nlp.Number) bool { return Counts(r.Document, n) })
}

// countsHarmed reports whether a number of c counts who came to harm: "killed
// four", "17 were injured", "the toll rose to 12", not "60 people were working
// where the fire broke out".
func (r *reading) countsHarmed(c candidate) bool {
	from, to := r.NumbersIn(c.span(r))
	return slices.ContainsFunc(r.Numbers[from:to], func(n nlp.Number) bool {
		first, last := r.TokensIn(n.Figure)
		return n.Unit == "" && last > first && r.suffers(last-1, c)
	})
}

// suffers reports whether harm stands on the way from token i up to the verb of
// its clause, or directly under one of the tokens on that way.
func (r *reading) suffers(i int, c candidate) bool {
	for i >= c.first && i < c.last {
		if r.harms(i) {
			return true
		}
		for child := c.first; child < c.last; child++ {
			if r.Tokens[child].Head == i && r.Tokens[child].Rel != "advcl" && r.Tokens[child].Rel != "parataxis" && r.harms(child) {
				return true
			}
		}
		if rel := r.Tokens[i].Rel; rel == "acl:relcl" || rel == "advcl" || rel == "ccomp" || rel == "parataxis" {
			return false
		}
		i = r.Tokens[i].Head
	}
	return false
}

// harms reports whether token i says of whom it is about that they came to
// harm: "killed", "dead", "the toll", not "the blaze".
func (r *reading) harms(i int) bool {
	t := r.Tokens[i]
	return r.marks[i]&harm != 0 && (!strings.HasPrefix(t.Tag, "NN") || slices.Contains(victims, t.Lemma))
}

// victims are nouns for who came to harm.
var victims = []string{"casualty", "dead", "death", "fatality", "injury", "missing", "toll", "victim", "wound"}

// creatures are what comes to harm without police or hospitals counting it.
var creatures = []string{"bee", "colony", "hive", "tree", "cattle", "cow", "sheep", "pig", "chicken", "poultry", "fish", "bird", "animal", "whale", "seal", "horse", "crop", "forest", "orchard", "vine", "wolf", "bear", "salmon", "coral", "reef", "pollinator"}

// human reports whether the harm in c is to people or what they live in.
func (r *reading) human(c candidate) bool {
	for i := c.first; i < c.last; i++ {
		if slices.Contains(creatures, r.Tokens[i].Lemma) {
			return false
		}
	}
	return true
}

// isDocument reports whether the speaker of q is a thing to be read: a report,
// a study, records.
func (r *reading) isDocument(q quote.Quote) bool {
	if q.Speaker.Entity >= 0 || q.Speaker.Name == "" {
		return false
	}
	words := strings.FieldsSeq(strings.ToLower(q.Speaker.Name))
	for w := range words {
		switch strings.TrimSuffix(w, "s") {
		case "report", "study", "survey", "record", "poll", "indictment", "document", "figure", "statement", "paper", "review", "inquiry", "audit", "census", "filing", "ruling":
			return true
		}
	}
	return false
}

func (r *reading) ofBody(body string) string {
	if body == "" {
		return ""
	}
	return " (" + body + ")"
}

func sourceOf(body, where string) string {
	switch {
	case body != "":
		return " of " + body
	case where != "":
		return " for " + where
	}
	return ""
}

// place is the place of c for a search: one named in it, else in its sentence,
// else where the sentences before it happened, else the scene of the story.
func (r *reading) place(c candidate) string {
	located := func(m nlp.Mention) bool { return r.located[m.Entity] }
	for _, span := range []nlp.Span{c.span(r), r.Sentences[c.sentence].Span} {
		if name := r.placeIn(span, located); name != "" {
			return name
		}
	}
	return cmp.Or(r.setting(c), r.scene)
}

// body is the organisation that c names, not the one that speaks.
func (r *reading) body(c candidate) string {
	speaker, _ := r.speaker(c)
	for _, span := range []nlp.Span{c.span(r), r.Sentences[c.sentence].Span} {
		from, to := r.MentionsIn(span)
		for _, m := range r.Mentions[from:to] {
			if e := r.Entities[m.Entity]; e.Kind == nlp.Organisation && e.Name != speaker {
				return e.Name
			}
		}
	}
	return ""
}

// when is the day of c for a line of advice: " on 2020-01-19".
func (r *reading) when(c candidate) string {
	for _, d := range r.datesIn(r.Sentences[c.sentence].Span) {
		if !d.Dates.Start.IsZero() && d.Dates.End.Sub(d.Dates.Start) <= week && (r.published.IsZero() || !d.Dates.Start.After(r.published)) {
			return ", " + days(d.Dates)
		}
	}
	return ""
}

const week = 7 * 24 * time.Hour

func (r *reading) saidOn(q quote.Quote) string {
	if q.SaidOn < 0 || q.SaidOn >= len(r.Times) {
		return ""
	}
	if d, ok := r.Times[q.SaidOn].Resolve(r.published); ok {
		return ", " + days(d)
	}
	return ""
}

func (r *reading) newest() string {
	if r.published.IsZero() {
		return ""
	}
	return ", newest before " + r.published.Format("2006-01-02")
}

// beside is how many sentences count as the neighbourhood of a claim where a
// text has no paragraphs.
const beside = 8

// witnesses are up to two people and bodies quoted near c, who are not its
// speaker and have to do with it: named in its sentence, or quoted in its
// paragraph or beside it on what it speaks of.
func (r *reading) witnesses(c candidate) []string {
	speaker, _ := r.speaker(c)
	p := r.Sentences[c.sentence].Paragraph
	from, _ := r.ParagraphSentences(max(p-1, 0))
	_, to := r.ParagraphSentences(min(p+1, len(r.Paragraphs)-1))
	own := r.topics(r.Sentences[c.sentence].Span)
	var out []string
	if q := r.adversary(c); q >= 0 && r.quotes[q].Speaker.Name != speaker && r.quotes[q].Speaker.Entity >= 0 {
		out = append(out, r.quotes[q].Speaker.Name) // whoever disputes it in the story
	}
	for s := max(from, c.sentence-beside); s < min(to, c.sentence+beside); s++ {
		for _, q := range r.bySent[s] {
			name := r.quotes[q].Speaker.Name
			if !named(r.quotes[q]) || name == speaker || slices.Contains(out, name) || len(out) > 1 || r.quotes[q].Kind != quote.Speech || r.asks(name) {
				continue
			}
			if r.mentions(c, r.quotes[q].Speaker.Entity) || r.sharesTopic(own, q) {
				out = append(out, name)
			}
		}
	}
	return out
}

// asks reports whether a speaker puts questions and is no witness: the
// interviewer, counsel.
func (r *reading) asks(name string) bool {
	asked, all := 0, 0
	for _, q := range r.quotes {
		if q.Speaker.Name == name && len(q.Content) > 0 {
			all++
			if strings.HasSuffix(strings.TrimRight(q.Content[len(q.Content)-1].Text(r.Text), "”\"’' "), "?") {
				asked++
			}
		}
	}
	return 2*asked > all
}

// topics are the nouns of a span, by lemma.
func (r *reading) topics(span nlp.Span) map[string]bool {
	first, last := r.TokensIn(span)
	set := map[string]bool{}
	for i := first; i < last; i++ {
		if t := r.Tokens[i]; strings.HasPrefix(t.Tag, "NN") && len(t.Text) > 3 && !r.counted(t) {
			set[strings.ToLower(t.Lemma)] = true
		}
	}
	return set
}

// sharesTopic reports whether quotation q speaks of one of the topics.
func (r *reading) sharesTopic(topics map[string]bool, q int) bool {
	for _, span := range r.quotes[q].Content {
		for w := range r.topics(span) {
			if topics[w] {
				return true
			}
		}
	}
	return false
}

// mentions reports whether the sentence of c names the entity.
func (r *reading) mentions(c candidate, entity int) bool {
	from, to := r.MentionsIn(r.Sentences[c.sentence].Span)
	return slices.ContainsFunc(r.Mentions[from:to], func(m nlp.Mention) bool { return m.Entity == entity })
}

// wrongIf says what would disprove the figure or the absolute in c, where the
// story says at least where, when or of whom.
func (r *reading) wrongIf(c candidate, f features, slots map[string]string) string {
	about := slots["of"]
	if about == "" {
		about = slots["at"]
	}
	about += slots["on"]
	if about == "" {
		return ""
	}
	if f.absolute && r.ofAll(c) {
		return "Wrong if one counterexample is documented" + about
	}
	if n, ok := r.mainNumber(c); ok {
		figure := strings.ToLower(n.Figure.Text(r.Text))
		switch n.Bound {
		case ">":
			return "Wrong if the true number is below " + figure + about
		case "<":
			return "Wrong if the true number is above " + figure + about
		case "~":
			return "Wrong if the true number is far from " + figure + about
		}
		return "Wrong if a record gives another number than " + figure + about
	}
	if f.absolute {
		return "Wrong if one counterexample is documented" + about
	}
	return ""
}

// ofAll reports whether an absolute word of c is about its number: "not one of
// the 12 pumps".
func (r *reading) ofAll(c candidate) bool {
	n, ok := r.mainNumber(c)
	return ok && r.has(max(c.first, n.First-4), n.First, absolute)
}

// mainNumber is the first exact number of c that is an amount, a percentage or
// more than ten, else the first one.
func (r *reading) mainNumber(c candidate) (nlp.Number, bool) {
	span := c.span(r)
	var main nlp.Number
	found := false
	from, to := r.NumbersIn(span)
	for _, n := range r.Numbers[from:to] {
		switch {
		case !span.Contains(n.Figure) || !r.counts(n) || n.Vague:
		case n.Unit != "" || n.Value > 10:
			return n, true
		case !found:
			main, found = n, true
		}
	}
	return main, found
}

// query is a search string: names of places, bodies and public figures, nouns,
// the words that the tables add, month and year. There is none for claims by or about private
// people.
func (r *reading) query(c candidate, f features, more []string) string {
	if f.private {
		return ""
	}
	var words []string
	add := func(w string) {
		if w != "" && len(words) < 9 && !slices.ContainsFunc(words, func(o string) bool { return strings.EqualFold(o, w) }) {
			words = append(words, w)
		}
	}
	from, to := r.MentionsIn(c.span(r))
	for _, m := range r.Mentions[from:to] {
		e := r.Entities[m.Entity]
		if e.Kind == nlp.Person && !r.public[m.Entity] {
			return ""
		}
		add(phraseOf(e.Name))
	}
	if c.quote >= 0 && r.quotes[c.quote].Speaker.Entity >= 0 && r.quotes[c.quote].Speaker.Entity < len(r.Entities) {
		add(phraseOf(r.quotes[c.quote].Speaker.Name))
	}
	if len(words) == 0 {
		add(phraseOf(r.place(c)))
	}
	names := len(words)
	for i := c.first; i < c.last; i++ {
		if t := r.Tokens[i]; (t.Tag == "NN" || t.Tag == "NNS") && t.Entity < 0 && len(t.Text) > 3 && !r.counted(t) && !slices.Contains(idle, strings.ToLower(t.Text)) {
			add(strings.ToLower(t.Text))
		}
	}
	if names == 0 || len(words) < 2 || len(words)+len(more) < 3 {
		return ""
	}
	for _, w := range more {
		if len(words) < 11 && !slices.Contains(words, w) {
			words = append(words, w)
		}
	}
	day, layout := r.published, "January 2006"
	for _, d := range r.datesIn(c.span(r)) {
		if !d.Dates.Start.IsZero() {
			day = d.Dates.Start
			if d.Dates.End.Sub(d.Dates.Start) > 5*week {
				layout = "2006"
			}
			break
		}
	}
	if !day.IsZero() {
		words = append(words, day.Format(layout))
	}
	return strings.Join(words, " ")
}

// idle are nouns that find nothing.
var idle = []string{"masse", "sorts", "sort", "attempt", "attempts", "effort", "efforts", "order", "number", "part", "place", "kind", "type", "thing", "things", "case", "fact", "chance", "reason", "reasons", "result", "time", "times", "anyone", "everyone", "somebody", "nobody", "course"}

// counted reports whether a token is part of a time expression or a figure,
// which no search engine matches.
func (r *reading) counted(t nlp.Token) bool {
	if from, to := r.TimesIn(t.Span); to > from {
		return true
	}
	from, to := r.NumbersIn(t.Span)
	return slices.ContainsFunc(r.Numbers[from:to], func(n nlp.Number) bool { return n.Figure.Overlaps(t.Span) })
}

func phraseOf(name string) string {
	if strings.Contains(name, " ") {
		return `"` + strings.ReplaceAll(name, `"`, "") + `"`
	}
	return name
}
