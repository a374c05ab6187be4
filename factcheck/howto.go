package factcheck

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"onrecord/nlp"
	"onrecord/quote"
)

// maxHints is how many lines of advice a claim gets.
const maxHints = 5

// howTo says how to check c. Every line holds a name, place, date or
// institution of the story; a rule that finds none stays silent.
func (r *reading) howTo(c candidate, f features) []string {
	var out []string
	add := func(format string, args ...any) { out = append(out, fmt.Sprintf(format, args...)) }
	where := r.place(c)
	on := r.when(c)
	body := r.body(c)

	if c.quote >= 0 {
		q := r.quotes[c.quote]
		switch {
		case r.isDocument(q) && (body != "" || r.hasName(q)):
			add("Look it up: %s%s", q.Speaker.Name, r.ofBody(body))
		case q.Speaker.Name != "" && !r.isDocument(q):
			add("Was it said: recording, transcript or statement of %s%s", q.Speaker.Name, r.saidOn(q))
		}
		if f.second && q.Speaker.Name != "" {
			add("Second-hand: find the original words, beside those of %s", q.Speaker.Name)
		}
	}
	if line := r.whereToLook(c, f, where, body, on); line != "" {
		out = append(out, line)
	}
	if names := r.witnesses(c); len(names) > 0 {
		add("Ask: %s (named in the story)", strings.Join(names, ", "))
	}
	if line := r.wrongIf(c, f); line != "" && (where != "" || body != "" || c.quote < 0) {
		out = append(out, line)
	}
	if query := r.query(c, f); query != "" {
		add("Search: %s", query)
	}
	return out[:min(len(out), maxHints)]
}

// whereToLook names the sort of source that settles c. It stays silent where
// the story names nobody and nothing that such a source belongs to.
func (r *reading) whereToLook(c candidate, f features, where, body, on string) string {
	spot := r.spot(c)
	if !r.acts(c, body) {
		body = ""
	}
	document := c.quote >= 0 && r.isDocument(r.quotes[c.quote])
	switch {
	case f.law && r.jurisdiction(c) != "":
		return "The text of the law or rule itself, as in force in " + r.jurisdiction(c)
	case f.law && body != "":
		return "The text of the rule or decision itself, from " + body
	case f.harm && r.harmed(c) && r.human(c) && (where != "" || on != ""):
		if f.figures > 0 {
			return "The newest count of police, rescue services and hospitals" + r.at(where) + on
		}
		return "Police, rescue services and hospitals" + r.at(where) + on
	case f.allegation && body != "":
		return "Ask " + body + " for an answer; look for a complaint, ruling or inspection report"
	case (f.allegation && r.has(c.first, c.last, allegation) || f.justice && f.event) && r.setting(c) != "":
		return "Court, police or inspection records" + r.at(r.setting(c))
	case document:
		return ""
	case f.figures > 0 && r.accounts(c, body, f) != "":
		return "The accounts, budget or contract of " + r.accounts(c, body, f) + r.newest()
	case f.comparison && f.figures > 0 && (body != "" || spot != ""):
		return "Both values from one series with one definition" + sourceOf(body, spot)
	case f.shares > 0 && !f.money && !f.event && (body != "" || spot != ""):
		return "The official figure" + sourceOf(body, spot) + r.newest()
	case f.figures > 0 && f.event && f.ownVoice && on != "" && !f.duration && f.shares == 0 && !f.comparison:
		return "Who counted, and how: authorities, organisers or reporters on the spot" + r.at(r.setting(c)) + on
	case f.figures > 0 && !f.event && spot != "":
		return "The official figure" + sourceOf("", spot) + r.newest()
	case f.commitment && body != "":
		return "The wording of the promise: press release or recording of " + body
	case f.event && f.ownVoice && r.setting(c) != "" && (on != "" || f.force && r.site(where)):
		return "Pictures and reports from " + r.the(r.setting(c)) + on
	}
	return ""
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

// setting is where what c tells took place: the place that its sentence or its
// paragraph puts it in, at or near.
func (r *reading) setting(c candidate) string {
	sent := r.Sentences[c.sentence]
	for _, span := range []nlp.Span{sent.Span, r.Paragraphs[sent.Paragraph]} {
		from, to := r.MentionsIn(span)
		for _, m := range r.Mentions[from:to] {
			if r.Entities[m.Entity].Kind != nlp.Place {
				continue
			}
			for i := m.First - 1; i >= max(m.First-2, 0); i-- {
				switch strings.ToLower(r.Tokens[i].Text) {
				case "in", "at", "on", "near", "outside", "off", "across", "around":
					return r.Entities[m.Entity].Name
				}
			}
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
			if from, to := r.NumbersIn(c.span(r)); from == to && !r.has(c.first, c.last, absolute) {
				continue // somebody's death, as obituaries tell it
			}
		}
		switch {
		case t.Tag == "VBD" || t.Tag == "VBN" || t.Tag == "VBG":
			if m := r.modal(i); m != "could" && m != "would" && m != "might" && m != "may" {
				return true
			}
		case strings.HasPrefix(t.Tag, "NN") || strings.HasPrefix(t.Tag, "JJ"):
			if from, to := r.NumbersIn(c.span(r)); to > from && (t.Rel == "obj" || strings.HasPrefix(t.Rel, "nsubj") || t.Rel == "root" || t.Lemma == "dead" || t.Rel == "conj") {
				return true
			}
		}
	}
	return false
}

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

// place is the place of c: one named in it, else in its sentence, else in its
// paragraph, else the first of the story.
func (r *reading) place(c candidate) string {
	sent := r.Sentences[c.sentence]
	for _, span := range []nlp.Span{c.span(r), sent.Span, r.Paragraphs[sent.Paragraph]} {
		from, to := r.MentionsIn(span)
		for _, m := range r.Mentions[from:to] {
			if r.located[m.Entity] {
				return r.Entities[m.Entity].Name
			}
		}
	}
	return r.scene
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
		if !d.Dates.Start.IsZero() && d.Dates.End.Sub(d.Dates.Start) <= week {
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

// near is how many sentences count as the neighbourhood of a claim where a
// text has no paragraphs.
const near = 8

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
	for s := max(from, c.sentence-near); s < min(to, c.sentence+near); s++ {
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

// wrongIf says what would disprove the figure or the absolute in c.
func (r *reading) wrongIf(c candidate, f features) string {
	if n, ok := r.mainNumber(c); ok {
		figure := strings.ToLower(n.Figure.Text(r.Text))
		switch n.Bound {
		case ">":
			return fmt.Sprintf("Wrong if the true number is below %s", figure)
		case "<":
			return fmt.Sprintf("Wrong if the true number is above %s", figure)
		case "~":
			return fmt.Sprintf("Wrong if the true number is far from %s", figure)
		}
		return fmt.Sprintf("Wrong if a record gives another number than %s", figure)
	}
	if f.absolute {
		return "Wrong if one counterexample is documented" + r.when(c)
	}
	return ""
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

// query is a search string: names of places, bodies and public figures, then
// nouns, then month and year. There is none for claims by or about private
// people.
func (r *reading) query(c candidate, f features) string {
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
	if names == 0 || len(words) < 3 {
		return ""
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
