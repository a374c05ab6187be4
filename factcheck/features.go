package factcheck

import (
	"slices"
	"strings"

	"onrecord/factcheck/internal/worth"
	"onrecord/nlp"
	"onrecord/quote"
)

// features is what the ranking and the reasons look at: each is something a
// reader can see in the article.
type features struct {
	figures     int  // numbers that count or measure
	shares      int  // of them percentages, fractions, money
	money       bool // one of them is a sum of money
	exact       int  // of them neither vague nor rounded
	small       bool // every figure is a count below ten
	ownVoice    bool // said by the article itself
	sourced     bool // its own voice names where it comes from: "records show"
	absolute    bool
	comparison  bool
	record      bool // superlative: the largest, the first since
	cause       bool
	law         bool
	harm        bool
	unharmed    bool // says in the article's own voice that nobody came to harm
	justice     bool
	hardship    bool
	force       bool // bodies that may use force act
	violent     bool // force is spoken of
	allegation  bool
	denial      bool
	commitment  bool
	event       bool // something happened: a past tense, an agent or a patient
	institution bool
	hedged      bool
	vague       bool // uses a word that must be defined first
	evidence    bool // the ground for something else in the story
	answered    bool // somebody in the story disputes it, or is accused next to it
	second      bool // second-hand
	nameless    bool // its speaker has no name
	private     bool // rests on one private person's word
	direct      bool
	finding     bool // what a study, court or inquiry found
	reference   bool // begins by pointing back: "he", "these"
	names       int
	position    float64 // 0 at the first sentence, 1 at the last
	lede        bool
	words       int
	opinion     bool                 // mixed with taste
	personal    bool                 // what happened to an "I"
	duration    bool                 // a number of years, hours
	frame       bool                 // a name or a description that somebody gives, not a clause
	negated     bool                 // says that something is not so
	contested   bool                 // its speaker claims, denies, accuses or warns
	official    bool                 // the word of a body or an office
	effect      bool                 // says what does something to what
	general     bool                 // says what holds at all times, not what happened once
	learned     [worth.Heads]float64 // log-odds of the learned heads for the sentence, 0 where even
}

// features reads c.
func (r *reading) features(c candidate) features {
	a, b := c.first, c.last
	f := features{
		figures:    r.figures(c),
		ownVoice:   c.quote < 0,
		absolute:   r.has(a, b, absolute) || r.noNoun(a, b),
		cause:      r.has(a, b, cause),
		law:        r.has(a, b, law),
		harm:       r.has(a, b, harm),
		justice:    r.has(a, b, justice),
		hardship:   r.has(a, b, hardship),
		allegation: r.alleges(a, b),
		denial:     r.denies(a, b),
		commitment: r.hasVerbOf(c, commitment),
		hedged:     r.has(a, b, hedge),
		vague:      r.has(a, b, vague),
		opinion:    r.has(a, b, evaluative),
		evidence:   c.evidence,
		names:      r.names(c),
		words:      b - a,
		lede:       c.sentence < 2,
	}
	if n := len(r.Sentences); n > 1 {
		f.position = float64(c.sentence) / float64(n-1)
	}
	span := c.span(r)
	from, to := r.NumbersIn(span)
	f.small = f.figures > 0
	for _, n := range r.Numbers[from:to] {
		if !span.Contains(n.Figure) || !r.counts(n) {
			continue
		}
		if n.Unit != "" || n.Vague || n.Value >= 10 || isFraction(n.Figure.Text(r.Text)) {
			f.small = false
		}
		if n.Unit != "" || isFraction(n.Figure.Text(r.Text)) {
			f.shares++
		}
		f.money = f.money || n.Unit != "" && n.Unit != "%" && n.Unit != "pp"
		if !n.Vague {
			f.exact++
		}
	}
	f.comparison, f.record = r.compares(a, b)
	f.institution = r.has(a, b, institution) || r.organisations(span)
	f.event = r.happens(a, b) || f.harm
	f.reference = r.pointsBack(a)
	f.unharmed = f.harm && f.ownVoice && f.absolute && f.figures == 0 && r.denied(c) && r.harmed(c)
	f.force, f.violent = r.usesForce(a, b)
	f.sourced = f.ownVoice && r.namesSource(a, b)
	f.finding = r.has(a, b, finding)
	f.duration = r.durations(span)
	f.answered = r.answered(c)
	f.general = r.general(c)
	f.frame = c.frame
	f.effect = r.has(a, b, effect)
	if p := r.predicate(a, b); p >= 0 {
		f.negated = r.negated(p)
	}
	f.learned = r.odds(c.sentence)
	if p := r.predicate(a, b); p >= 0 {
		if m := r.modal(p); (m == "will" || m == "would" || m == "going") && r.binds(c, r.subject(p)) {
			f.commitment = true
		}
	}
	if p := r.predicate(a, b); p >= 0 {
		s := r.subject(p)
		f.personal = s >= 0 && (strings.EqualFold(r.Tokens[s].Text, "i") || r.possessed(s))
	}
	if c.quote >= 0 {
		q := r.quotes[c.quote]
		f.direct = q.Type == quote.Direct
		f.second = q.Via != "" || r.secondHand(c)
		f.nameless = !r.hasName(q)
		f.private = r.privatePerson(q)
		f.official = r.official(c.quote)
		switch q.Stance {
		case quote.Claimed, quote.Denied, quote.Accused, quote.Warned:
			f.contested = true
		}
		f.finding = f.finding || r.isFinding(c.quote)
		switch q.Stance {
		case quote.Accused:
			f.allegation = r.accusesSomebody(c)
		case quote.Denied:
			f.denial = !r.hasCue(c.quote, "rule") // who rules a thing out binds himself
		case quote.Promised:
			f.commitment = true
		}
	}
	return f
}

// usesForce reports whether the words [first, last) speak of force, acts whether a
// body that may use it acts there: the army that is put on alert does, "the army's
// choir" and "served in the army" do neither.
func (r *reading) usesForce(first, last int) (acts, uses bool) {
	for i := first; i < last; i++ {
		switch t := r.Tokens[i]; {
		case r.marks[i]&force == 0:
		case r.marks[i]&institution == 0:
			return true, true
		case strings.HasPrefix(t.Rel, "nsubj"):
			acts = true
		default:
			by := r.Child(i, "case")
			acts = acts || by >= 0 && strings.EqualFold(r.Tokens[by].Text, "by")
		}
	}
	return acts, false
}

// denied reports whether an absolute word of c says that there was nobody or
// nothing.
func (r *reading) denied(c candidate) bool {
	for i := c.first; i < c.last; i++ {
		switch t := r.Tokens[i]; t.Lemma {
		case "no", "nobody", "none", "nothing", "never", "neither", "not", "n't", "n’t":
			return true
		}
	}
	return false
}

// general reports whether the predicate of c is in the present tense: what
// holds at all times can be looked up, what happened once needs a witness.
func (r *reading) general(c candidate) bool {
	p := r.predicate(c.first, c.last)
	if p < 0 {
		return false
	}
	tense := func(i int) bool { return r.Tokens[i].Tag == "VBZ" || r.Tokens[i].Tag == "VBP" }
	if tense(p) {
		return true
	}
	k := r.Child(p, "cop", "aux")
	return k >= 0 && tense(k) && r.Tokens[k].Lemma != "have"
}

// accusesSomebody reports whether an accusation is one of people or bodies:
// prices and the weather can be blamed, but they do no wrong.
func (r *reading) accusesSomebody(c candidate) bool { return r.accuses(c.first, c.last) }

// accusedIn does the same for the content of quotation q.
func (r *reading) accusedIn(q int) bool {
	for _, span := range r.quotes[q].Content {
		if first, last := r.TokensIn(span); first < last && r.accuses(first, last) {
			return true
		}
	}
	return false
}

func (r *reading) accuses(first, last int) bool {
	if r.has(first, last, allegation|institution) {
		return true
	}
	from, to := r.MentionsIn(r.SpanOf(first, last))
	for _, m := range r.Mentions[from:to] {
		if k := r.Entities[m.Entity].Kind; k == nlp.Person || k == nlp.Organisation || m.First == first {
			return true
		}
	}
	return strings.HasPrefix(r.Tokens[first].Tag, "PRP") && r.Tokens[first].Tag != "PRP$"
}

// denies reports whether the words [first, last) have a verb of denial or the
// noun itself; a contest or a dispute is none.
func (r *reading) denies(first, last int) bool {
	for i := first; i < last; i++ {
		if r.marks[i]&denial != 0 && (strings.HasPrefix(r.Tokens[i].Tag, "VB") || r.Tokens[i].Lemma == "denial") {
			return true
		}
	}
	return false
}

// alleges reports whether the words [first, last) speak of wrongdoing; who lies
// on the ground does none.
func (r *reading) alleges(first, last int) bool {
	for i := first; i < last; i++ {
		if r.illegal(i) {
			return true
		}
		if r.marks[i]&allegation == 0 {
			continue
		}
		if s := r.Child(i, "nsubj"); r.Tokens[i].Lemma == "lie" && s >= 0 && strings.EqualFold(r.Tokens[s].Text, "I") && r.Tokens[i].Tag == "VB" {
			continue // "I won't lie"
		}
		if r.Tokens[i].Lemma == "lie" && i+2 < len(r.Tokens) && r.Tokens[i+1].Lemma == "to" && (r.Tokens[i+2].Entity >= 0 || strings.HasPrefix(r.Tokens[i+2].Tag, "PRP") || strings.HasPrefix(r.Tokens[i+2].Tag, "NN")) {
			return true // "lied to voters", not "lies to the south"
		}
		if r.Tokens[i].Lemma == "lie" && i+1 < len(r.Tokens) && (r.Tokens[i+1].Tag == "IN" || r.Tokens[i+1].Tag == "RB" || r.Tokens[i+1].Tag == "RP" || r.wheres(i)) {
			continue
		}
		return true
	}
	return false
}

// illegal reports whether token i calls a thing illegal: "illegal waste". What
// people are called by the law on migration, and what a court or a law calls
// so ("is illegal"), alleges nothing of anybody.
func (r *reading) illegal(i int) bool {
	t := r.Tokens[i]
	switch t.Lemma {
	case "illegal", "unlawful", "illicit":
	default:
		return false
	}
	if t.Rel != "amod" || t.Head < 0 {
		return false
	}
	switch noun := r.Tokens[t.Head].Lemma; noun {
	case "alien", "immigration", "crossing", "entry", "border", "status":
		return false
	default:
		return !referenceLists().people[noun]
	}
}

// wheres reports whether "where" stands before token i: "from where she lay".
func (r *reading) wheres(i int) bool {
	for k := i - 1; k >= 0 && k > i-5; k-- {
		if strings.EqualFold(r.Tokens[k].Text, "where") {
			return true
		}
	}
	return false
}

// possessed reports whether a subject is "my …".
func (r *reading) possessed(s int) bool {
	k := r.Child(s, "nmod:poss", "nmod")
	return k >= 0 && strings.EqualFold(r.Tokens[k].Text, "my")
}

// durations reports whether span holds a number of years, hours and the like.
func (r *reading) durations(span nlp.Span) bool {
	from, to := r.NumbersIn(span)
	return slices.ContainsFunc(r.Numbers[from:to], r.isDuration)
}

// hasName reports whether q's speaker has a name.
func (r *reading) hasName(q quote.Quote) bool { return Named(r.Document, q.Speaker) }

// Named reports whether a speaker is called by a name, a person's, a body's, a
// place's, rather than described: not "hundreds of migrants", "the company".
func Named(doc *nlp.Document, s quote.Speaker) bool {
	if s.Entity >= 0 {
		return true
	}
	for _, span := range s.Spans {
		first, last := doc.TokensIn(span)
		for i := first; i < last; i++ {
			t := doc.Tokens[i]
			if strings.HasPrefix(t.Tag, "NNP") || strings.HasPrefix(t.Tag, "NN") && i > doc.Sentences[t.Sentence].First && t.Text[0] >= 'A' && t.Text[0] <= 'Z' {
				return true
			}
		}
	}
	return false
}

func isFraction(s string) bool {
	switch strings.ToLower(s) {
	case "half", "a third", "third", "two-thirds", "two thirds", "a quarter", "quarter", "three-quarters", "three quarters", "a fifth", "fifth":
		return true
	}
	return strings.HasSuffix(s, "%") || strings.Contains(s, "/")
}

// noNoun finds the "no" of "no injuries".
func (r *reading) noNoun(first, last int) bool {
	for i := first; i < last; i++ {
		if t := r.Tokens[i]; t.Lemma == "no" && t.Tag == "DT" && !nearly(r.Document, i) && !inTitle(r.Document, i) && (i+1 == last || r.Tokens[i+1].Lemma != "surprise") {
			return true
		}
	}
	return false
}

func (r *reading) organisations(span nlp.Span) bool {
	from, to := r.MentionsIn(span)
	for _, m := range r.Mentions[from:to] {
		if r.Entities[m.Entity].Kind == nlp.Organisation {
			return true
		}
	}
	return false
}

// happens reports whether the candidate tells an event: a past tense or a
// perfect of a verb that is no copula.
func (r *reading) happens(first, last int) bool {
	for i := first; i < last; i++ {
		t := r.Tokens[i]
		if t.Tag == "VBD" && t.Rel != "aux" && t.Rel != "cop" && t.Lemma != "be" && t.Lemma != "have" && t.Lemma != "say" {
			return true
		}
		if t.Tag == "VBN" && r.Child(i, "aux:pass", "aux") >= 0 {
			return true
		}
		if t.Tag == "VBG" && r.Child(i, "aux") >= 0 {
			return true
		}
	}
	return false
}

// pointsBack reports whether the words from i on begin with a pronoun or a
// "these" that only the sentences before explain.
func (r *reading) pointsBack(i int) bool {
	switch strings.ToLower(r.Tokens[i].Text) {
	case "he", "she", "it", "they", "this", "that", "these", "those", "his", "her", "their", "its":
		return true
	}
	return false
}

// namesSource reports whether the article's own words name a document or a
// body as their source although nobody is quoted.
func (r *reading) namesSource(first, last int) bool {
	for i := first; i < last; i++ {
		t := r.Tokens[i]
		if r.marks[i]&finding != 0 && strings.HasPrefix(t.Tag, "VB") {
			return true
		}
		if t.Lemma == "accord" || strings.EqualFold(t.Text, "according") {
			return true
		}
	}
	return false
}

// secondHand reports whether the speaker passes on what somebody else said or
// made clear: the content is governed by a reporting verb with a subject that
// is not the speaker.
func (r *reading) secondHand(c candidate) bool {
	if c.quote < 0 {
		return false
	}
	p := r.predicate(c.first, c.last)
	if p < 0 {
		return false
	}
	s := r.subject(p)
	if s < 0 || r.Tokens[s].Tag == "PRP" {
		return false
	}
	if r.Tokens[p].Lemma == "make" && p+1 < c.last && strings.EqualFold(r.Tokens[p+1].Text, "clear") {
		return true
	}
	if r.holdsCue(c.quote, p) {
		return false
	}
	verb, ok := r.ReportingVerb(p)
	return ok && verb.Speech && r.Child(p, "ccomp") >= 0
}

// answered reports whether the story itself disputes the candidate: another
// speaker denies or accuses in the same sentence or the next one.
func (r *reading) answered(c candidate) bool {
	return r.adversary(c) >= 0
}

// adversary is the quotation that disputes c, -1 when none does: another
// speaker denies something with the words of c within a few sentences, or a
// named one accuses or alleges wrongdoing in the same or the next sentence.
func (r *reading) adversary(c candidate) int {
	speaker := ""
	if c.quote >= 0 {
		speaker = r.quotes[c.quote].Speaker.Name
	}
	own := r.contentWords(c.span(r))
	for s := max(c.sentence-dispute, 0); s < len(r.Sentences) && s <= c.sentence+dispute; s++ {
		for _, q := range r.bySent[s] {
			if q == c.quote || r.quotes[q].Stance != quote.Denied || r.quotes[q].Speaker.Name == "" || r.quotes[q].Speaker.Name == speaker {
				continue
			}
			if r.shared(own, q) >= 2 {
				return q
			}
		}
	}
	for s := c.sentence; s < len(r.Sentences) && s <= c.sentence+1; s++ {
		for _, q := range r.bySent[s] {
			who := r.quotes[q].Speaker
			if q == c.quote || !named(r.quotes[q]) || who.Name == speaker || c.quote >= 0 && who.Entity == r.quotes[c.quote].Speaker.Entity {
				continue
			}
			if c.quote < 0 && r.mentions(c, who.Entity) && (s == c.sentence || r.quotes[q].Stance != quote.Denied) {
				continue // "Bell resigned. Bell accused the board …" disputes nothing
			}
			switch r.quotes[q].Stance {
			case quote.Denied:
				if r.quotes[q].Kind == quote.Speech {
					return q
				}
				continue
			case quote.Accused:
				if r.accusedIn(q) {
					return q
				}
				continue
			}
			for _, span := range r.quotes[q].Content {
				if a, b := r.TokensIn(span); r.has(a, b, allegation) {
					return q
				}
			}
		}
	}
	return -1
}

// shared is how many content words of quotation q are among words.
func (r *reading) shared(words map[string]bool, q int) int {
	n := 0
	for _, span := range r.quotes[q].Content {
		for w := range r.contentWords(span) {
			if words[w] && w != "be" && w != "have" && w != "say" {
				n++
			}
		}
	}
	return n
}

// disputed reports whether the story shows that quotation q, the adversary of c,
// is about the same thing: it takes up two words of c, one where it denies or
// accuses, none where it answers somebody.
func (r *reading) disputed(c candidate, q int) bool {
	least := 2
	if s := r.quotes[q].Stance; s == quote.Denied || s == quote.Accused {
		least = 1
		if c.quote >= 0 {
			return true
		}
	}
	return r.shared(r.contentWords(c.span(r)), q) >= least
}

// dispute is how many sentences away a denial may stand.
const dispute = 5

// privatePerson reports whether q is the word of one person without an office:
// nobody to search the web for.
func (r *reading) privatePerson(q quote.Quote) bool {
	e := q.Speaker.Entity
	if e < 0 || e >= len(r.Entities) || r.Entities[e].Kind != nlp.Person {
		return false
	}
	return !r.public[e]
}

// kinds names what sort of claim it is.
func kinds(f features, v verdict, attributed bool) []Kind {
	var out []Kind
	add := func(is bool, k Kind) {
		if is {
			out = append(out, k)
		}
	}
	add(f.figures > 0, Figure)
	add(f.comparison, Comparison)
	add(f.cause, Cause)
	add(f.law, Law)
	add(f.allegation || f.denial, Allegation)
	add(f.commitment, Commitment)
	add(f.event, Event)
	add(f.absolute, Absolute)
	add(v.prediction, Prediction)
	add(attributed, Attributed)
	if len(out) == 0 {
		out = append(out, Event)
	}
	return out
}
