package factcheck

import (
	"slices"
	"strings"
	"time"

	"onrecord/nlp"
	"onrecord/quote"
)

// verdict says whether evidence could settle a candidate.
type verdict struct {
	checkable  bool
	prediction bool // not checkable because it lies in the future
	why        string
}

// judge decides whether evidence could settle c. Opinions, wishes, vows,
// instructions and pure predictions are out; a fact mixed with an opinion is
// in. What speaks for a candidate (a figure, a name with a past act) is
// weighed against what speaks against it only where a rule says so.
func (r *reading) judge(c candidate) verdict {
	no := func(why string) verdict { return verdict{why: why} }
	if c.last-c.first < 2 {
		return no("too short")
	}
	p := r.main(c)
	if p < 0 {
		return no("no predicate")
	}
	if c.frame {
		// The attribution itself is the event: somebody called something so.
		if r.empty(c) {
			return no("only points back")
		}
		if r.has(c.first, c.last, allegation|harm|justice|law|comparison|force) || r.figures(c) > 0 || r.names(c) > 0 || c.last-c.first >= 8 {
			return verdict{checkable: true}
		}
		return no("a word or two of opinion")
	}
	subject := r.subject(p)
	direct := c.quote >= 0 && r.quotes[c.quote].Type == quote.Direct
	figures := r.figures(c)

	if direct && r.exclaims(c) && figures == 0 {
		return no("an exclamation")
	}
	if r.imperative(p, subject) {
		return no("an instruction")
	}
	if r.has(c.first, min(c.last, p+6), unclear) && figures == 0 {
		return no("says that something is not known")
	}
	if v, decided := r.judgeModal(c, p, subject, figures); decided {
		return v
	}
	first, second := r.person(subject)
	if (first || second) && (r.marks[p]&(mental|plan) != 0 || r.has(p, min(c.last, p+2), plan)) && figures == 0 {
		return no("what somebody thinks or wants")
	}
	if figures == 0 && c.quote < 0 && (first && r.feels(c, p) || r.hasOneOf(c, ownView)) {
		return no("how the author sees it")
	}
	if figures == 0 && c.quote < 0 && first && ownDoings.single[r.Tokens[p].Lemma] && !r.has(c.first, c.last, harm|justice|allegation|law|force|commitment) {
		return no("what the author did all day")
	}
	if second && figures == 0 {
		return no("addresses somebody")
	}
	if r.evaluation(c, p, subject, figures) {
		return no("an opinion")
	}
	if r.credits(c) {
		return no("who made the article")
	}
	if r.bare(c) {
		return no("nothing in it can be looked up")
	}
	return verdict{checkable: true}
}

// credits reports whether c says who made the article: "Ada Bell contributed to
// this report".
func (r *reading) credits(c candidate) bool {
	for i := c.first; i+2 < c.last; i++ {
		if t := r.Tokens[i]; t.Lemma == "contribute" && strings.EqualFold(r.Tokens[i+1].Text, "to") && strings.EqualFold(r.Tokens[i+2].Text, "this") {
			return true
		}
	}
	return false
}

// happened reports whether the "would" of predicate p looks ahead from a day in
// the past to one that is past as well: "He would visit again in 1990 and 1993",
// "She would later win the cup". What it tells can be looked up today.
func (r *reading) happened(c candidate, p int) bool {
	for i := c.first; c.quote < 0 && i < p; i++ {
		switch strings.ToLower(r.Tokens[i].Text) {
		case "later", "eventually", "subsequently", "afterwards":
			if i > c.first && r.Tokens[i-1].Tag == "MD" && r.Tokens[i+1].Tag == "VB" {
				return true
			}
		}
	}
	now := r.published
	if now.IsZero() {
		now = made
	}
	dated := false
	for _, d := range r.datesIn(c.span(r)) {
		if d.Dates.Start.IsZero() {
			continue
		}
		if !d.Dates.End.Before(now) {
			return false
		}
		dated = true
	}
	return dated
}

// made is a day before which nobody reads a text with this program: what lies
// before it is past for the reader of an article without a date.
var made = time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)

// empty reports whether the noun phrase c says nothing by itself: it points back
// ("this increased number", "its importance") and has no verb, name or figure.
func (r *reading) empty(c candidate) bool {
	switch t := r.Tokens[c.first]; strings.ToLower(t.Text) {
	case "this", "that", "these", "those", "such":
	default:
		if t.Tag != "PRP$" {
			return false
		}
	}
	for i := c.first; i < c.last; i++ {
		if r.finite(i) || r.Tokens[i].Tag == "VB" || r.Tokens[i].Tag == "VBG" {
			return false
		}
	}
	return r.figures(c) == 0 && r.names(c) == 0 && !r.has(c.first, c.last, allegation|harm|justice|law|force)
}

// ownView are words by which an author owns to an opinion.
var ownView = newWordSet([]string{"in my view", "in our view", "in my opinion", "in our opinion", "to my mind"})

// ownDoings are verbs by which an author tells of their own days, in base form.
var ownDoings = newWordSet([]string{
	"go", "walk", "travel", "drive", "fly", "arrive", "leave", "return", "sit", "stand", "wait", "sleep", "wake", "eat", "drink", "meet", "talk", "chat", "laugh", "cry", "smile", "read",
	"remember", "recall", "watch", "listen", "look", "try", "start", "stop", "turn", "grow", "live", "spend", "enjoy", "play", "pitch", "notice", "realise", "realize",
})

// feelings are what moves an author who writes of it, in base form.
var feelings = newWordSet([]string{"encourage", "strike", "honor", "honour", "convince", "convinced", "move", "touch", "amaze", "surprise", "delight", "thrill", "humble", "privilege", "privileged", "pleasure", "glad", "lucky", "fortunate"})

// feels reports whether predicate p tells of a feeling: "was struck by", "am
// convinced", "had the pleasure".
func (r *reading) feels(c candidate, p int) bool {
	passive := r.Tokens[p].Tag == "VBN" || strings.HasPrefix(r.Tokens[p].Tag, "JJ")
	if passive && feelings.single[r.Tokens[p].Lemma] {
		return true
	}
	o := r.Child(p, "obj")
	return o >= 0 && r.Tokens[p].Lemma == "have" && feelings.single[r.Tokens[o].Lemma]
}

// judgeModal decides what will, would, should, could and might leave open.
func (r *reading) judgeModal(c candidate, p, subject, figures int) (verdict, bool) {
	modal := r.modal(p)
	if modal == "" {
		modal = r.firstModal(c)
	}
	// What a body says that it will do if something happens is a threat or an
	// offer that it can be held to.
	first, _ := r.person(subject)
	bound := c.quote >= 0 && !first && r.binds(c, subject) && !r.negated(p) && !r.hasHave(p) && r.marks[p]&mental == 0 && !r.stative(p)
	if r.hypothetical(c) && r.hasModal(c, "will", "would") && !bound {
		return verdict{why: "what would happen if", prediction: true}, true
	}
	switch modal {
	case "will", "wo", "shall", "would", "going":
		if modal == "would" && r.Child(p, "aux") >= 0 && r.hasHave(p) {
			return verdict{why: "what would have been"}, true
		}
		if modal == "would" && r.measured(c) && r.Tokens[p].Lemma == "cost" {
			return verdict{checkable: true}, true // an estimate rests on a sum that can be asked for
		}
		if modal == "would" && !r.hypothetical(c) && r.happened(c, p) {
			return verdict{}, false
		}
		if r.hypothetical(c) && !bound {
			return verdict{why: "what would happen if", prediction: true}, true
		}
		if (r.binds(c, subject) || figures > 0 && r.announced(c)) && !r.negated(p) && r.marks[p]&mental == 0 && !r.stative(p) {
			return verdict{checkable: true}, true
		}
		if first, _ := r.person(subject); first || r.selfReport(c, subject) {
			return verdict{why: "a vow or a plan"}, true
		}
		return verdict{why: "a prediction", prediction: true}, true
	case "should", "ought":
		return verdict{why: "what somebody thinks is right"}, true
	case "must":
		if c.quote >= 0 && !r.has(c.first, c.last, law) {
			return verdict{why: "what somebody thinks is right"}, true
		}
	case "could", "might":
		if !r.measured(c) && !r.has(c.first, p, allegation|law) && !r.hasHave(p) && !r.negated(p) {
			return verdict{why: "a possibility", prediction: true}, true
		}
	case "may":
		if figures == 0 && c.quote >= 0 && !r.hasHave(p) && !r.has(c.first, c.last, finding|harm|allegation) && !r.assessed(c) {
			return verdict{why: "a possibility", prediction: true}, true
		}
	}
	if r.Tokens[p].Lemma == "need" || r.Tokens[p].Lemma == "have" && p+1 < c.last && r.Tokens[p+1].Tag == "TO" {
		if c.quote >= 0 && !r.has(c.first, c.last, law) && r.Tokens[p].Tag != "VBD" && figures == 0 {
			return verdict{why: "what somebody thinks is right"}, true
		}
	}
	return verdict{}, false
}

// assessed reports whether a body says what does what, or what is more than
// what: its assessment, and what it rests on, can be looked up.
func (r *reading) assessed(c candidate) bool {
	if c.quote < 0 || !r.isInstitution(r.quotes[c.quote].Speaker.Name) {
		return false
	}
	compares, _ := r.compares(c.first, c.last)
	return compares || r.has(c.first, c.last, cause|effect)
}

// measured reports whether c holds a percentage or an amount of money.
func (r *reading) measured(c candidate) bool {
	from, to := r.NumbersIn(c.span(r))
	return slices.ContainsFunc(r.Numbers[from:to], func(n nlp.Number) bool { return n.Unit != "" })
}

// firstModal is the modal verb of c when it is the first finite verb, whatever
// the parse makes of it.
func (r *reading) firstModal(c candidate) string {
	for i := c.first; i < c.last; i++ {
		switch {
		case r.inMarks[i] && r.onlyMentions(c, i):
		case r.Tokens[i].Tag == "MD":
			return spelled(r.Tokens[i].Text)
		case r.finite(i), r.Tokens[i].Tag == "WDT", r.Tokens[i].Tag == "WP", r.Tokens[i].Tag == "WRB" && i > c.first:
			return ""
		}
	}
	return ""
}

// hasModal reports whether c holds one of the modal verbs anywhere.
func (r *reading) hasModal(c candidate, modals ...string) bool {
	for i := c.first; i < c.last; i++ {
		if r.Tokens[i].Tag == "MD" && !r.onlyMentions(c, i) && slices.Contains(modals, spelled(r.Tokens[i].Text)) {
			return true
		}
	}
	return false
}

// hasHave reports whether the predicate has the auxiliary "have".
func (r *reading) hasHave(p int) bool {
	for _, k := range r.Children(p) {
		if r.Tokens[k].Rel == "aux" && r.Tokens[k].Lemma == "have" {
			return true
		}
	}
	return false
}

// stative reports whether predicate p tells a state, which nobody can bind
// themselves to.
func (r *reading) stative(p int) bool {
	if r.Child(p, "cop") >= 0 {
		return true
	}
	switch r.Tokens[p].Lemma {
	case "be", "need", "hit", "lose", "rise", "fall", "grow", "like", "see", "know", "take", "miss", "depend", "affect", "suffer":
		return true
	}
	return false
}

// hypothetical reports whether c hangs on a condition.
func (r *reading) hypothetical(c candidate) bool {
	for i := c.first; i < c.last; i++ {
		if t := r.Tokens[i]; (t.Lemma == "if" || t.Lemma == "unless") && t.Tag == "IN" && !r.onlyMentions(c, i) {
			return true
		}
	}
	return r.Tokens[c.first].Lemma == "have" && r.Tokens[c.first].Tag == "VBD"
}

// binds reports whether the subject can commit itself: an institution, an
// office, or the pronoun of a speaker that is one.
func (r *reading) binds(c candidate, subject int) bool {
	if subject < 0 {
		return false
	}
	t := r.Tokens[subject]
	if t.Tag == "PRP" {
		if c.quote < 0 {
			return false
		}
		q := r.quotes[c.quote]
		switch strings.ToLower(t.Text) {
		case "we", "it", "they":
			return r.isInstitution(q.Speaker.Name) || hasWord(q.Speaker.Role, official|institution)
		case "he", "she", "i":
			return hasWord(q.Speaker.Role, official)
		}
		return false
	}
	if r.marks[subject]&institution != 0 {
		return true
	}
	return t.Entity >= 0 && r.Entities[t.Entity].Kind == nlp.Organisation
}

// announced reports whether an institution or its spokesman announces c.
func (r *reading) announced(c candidate) bool {
	if c.quote < 0 {
		return false
	}
	q := r.quotes[c.quote]
	return r.isInstitution(q.Speaker.Name) || strings.Contains(strings.ToLower(q.Speaker.Role), "spokes")
}

// official reports whether quotation q is the word of a body or an office.
func (r *reading) official(q int) bool {
	s := r.quotes[q].Speaker
	return r.isInstitution(s.Name) || hasWord(s.Role, official|institution) || s.Name == "" && hasWord(r.sourceText(q), official|institution)
}

func (r *reading) sourceText(q int) string {
	if len(r.quotes[q].Source) == 0 {
		return ""
	}
	return r.quotes[q].Source[0].Text(r.Text)
}

func (r *reading) isInstitution(name string) bool {
	return r.bodies[name] || hasWord(name, institution)
}

// hasWord reports whether a word of s, in base form or plural, is of class c.
func hasWord(s string, c class) bool {
	for _, w := range strings.FieldsFunc(strings.ToLower(s), func(r rune) bool { return r == ' ' || r == ',' || r == '-' || r == '.' }) {
		if inClass(w, c) || inClass(strings.TrimSuffix(w, "s"), c) {
			return true
		}
	}
	return false
}

// selfReport reports whether the subject of an indirect quotation is most
// likely its own speaker: "said he would …".
func (r *reading) selfReport(c candidate, subject int) bool {
	if c.quote < 0 || subject < 0 {
		return false
	}
	switch strings.ToLower(r.Tokens[subject].Text) {
	case "he", "she", "it", "they", "i", "we":
		return true
	}
	return false
}

// person reports whether the subject is a first or a second person.
func (r *reading) person(subject int) (first, second bool) {
	if subject < 0 {
		return false, false
	}
	switch strings.ToLower(r.Tokens[subject].Text) {
	case "i", "we":
		return true, false
	case "you":
		return false, true
	}
	return false, false
}

// imperative reports whether predicate p is a bare verb without a subject.
func (r *reading) imperative(p, subject int) bool {
	if subject >= 0 {
		return r.Tokens[p].Lemma == "let" && r.Tokens[p].Tag == "VB"
	}
	return r.Tokens[p].Tag == "VB" && r.Child(p, "aux", "mark") < 0
}

// exclaims reports whether c ends with an exclamation mark.
func (r *reading) exclaims(c candidate) bool {
	for i := c.last; i < len(r.Tokens) && i < c.last+2; i++ {
		if strings.Contains(r.Tokens[i].Text, "!") {
			return true
		}
	}
	return false
}

// evaluation reports whether c says how somebody finds something: a copula
// with a word of taste, an "it is …" with nothing countable, a verb of
// judgement in the article's own voice.
func (r *reading) evaluation(c candidate, p, subject, figures int) bool {
	if figures > 0 || r.superlativeSince(c) {
		return false
	}
	if c.quote < 0 && r.marks[p]&judgement != 0 && r.Tokens[p].Rel != "amod" && r.Tokens[p].Tag != "NN" {
		return true
	}
	copula := r.Child(p, "cop") >= 0 || r.Tokens[p].Lemma == "be"
	if !copula {
		return r.marks[p]&evaluative != 0 && strings.HasPrefix(r.Tokens[p].Tag, "JJ")
	}
	if r.marks[p]&evaluative != 0 {
		return true
	}
	// The adjectives of the predicate noun.
	for _, k := range r.Children(p) {
		if r.Tokens[k].Rel == "amod" && r.marks[k]&evaluative != 0 {
			return true
		}
	}
	if subject >= 0 && r.names(c) == 0 && !r.has(c.first, c.last, absolute|allegation|law|harm) {
		switch strings.ToLower(r.Tokens[subject].Text) {
		case "it", "this", "that", "there":
			return strings.HasPrefix(r.Tokens[p].Tag, "N") || strings.HasPrefix(r.Tokens[p].Tag, "JJ") || c.last-c.first < 6
		}
	}
	return false
}

// superlativeSince reports whether c holds a superlative that a record can
// settle: "the worst since 1978", "the first in 31 years".
func (r *reading) superlativeSince(c candidate) bool {
	for i := c.first; i < c.last; i++ {
		t := r.Tokens[i]
		if t.Tag == "JJS" || t.Tag == "RBS" || t.Lemma == "first" || t.Lemma == "only" {
			for j := i + 1; j < c.last; j++ {
				switch strings.ToLower(r.Tokens[j].Text) {
				case "since", "in", "ever", "of", "history":
					return true
				}
			}
		}
	}
	return false
}

// bare reports whether nothing in c could be looked up: no name, figure,
// time, place, and hardly a word with content.
func (r *reading) bare(c candidate) bool {
	if r.figures(c) > 0 || r.names(c) > 0 || r.has(c.first, c.last, harm|justice|allegation|law|comparison|absolute|force) {
		return false
	}
	if p := r.predicate(c.first, c.last); c.quote >= 0 && p >= 0 && r.negated(p) && r.official(c.quote) {
		return false // a body that says what it did not do
	}
	content := 0
	for i := c.first; i < c.last; i++ {
		switch tag := r.Tokens[i].Tag; {
		case strings.HasPrefix(tag, "NN"):
			content += 2
		case strings.HasPrefix(tag, "VB") && r.Tokens[i].Rel != "aux" && r.Tokens[i].Rel != "cop", strings.HasPrefix(tag, "JJ"):
			content++
		}
	}
	return content < 4
}

// figures is how many numbers c holds that count or measure something, ages
// and ordinals aside.
func (r *reading) figures(c candidate) int {
	n := 0
	from, to := r.NumbersIn(c.span(r))
	for _, num := range r.Numbers[from:to] {
		if c.span(r).Contains(num.Figure) && r.counts(num) {
			n++
		}
	}
	return n
}

// counts reports whether a number measures something: not an ordinal ("the
// second floor"), not a lone "one".
func (r *reading) counts(n nlp.Number) bool {
	low := strings.ToLower(n.Figure.Text(r.Text))
	switch {
	case n.Unit != "":
		return true
	case r.resumes(n), !Counts(r.Document, n):
		return false
	case r.isDuration(n), n.Of.Empty() && n.First > 0 && n.First < len(r.Tokens) && strings.HasPrefix(r.Tokens[n.First-1].Tag, "NNP"):
		return false // "for three years", "Local 88"
	case low == "one" || low == "several" || low == "a":
		return false
	case len(low) > 2 && low[0] >= '0' && low[0] <= '9' && strings.HasSuffix(low, "th"):
		return false
	}
	switch low {
	case "first", "second", "third", "fourth", "fifth":
		return false
	}
	return true
}

// resumes reports whether a small number only takes up what was told before, so
// that nothing was counted: "the two men", "our two countries". "The two million"
// and "the two-thirds" are figures.
func (r *reading) resumes(n nlp.Number) bool {
	i := r.TokenAt(n.Figure.Start)
	if i < 1 || n.Vague || n.To != 0 || n.Bound != "" || n.Value < 2 || n.Value > 10 || !numerals[strings.ToLower(n.Figure.Text(r.Text))] ||
		i+1 >= len(r.Tokens) || !isNominal(r.Tokens[i+1].Tag) && !strings.HasPrefix(r.Tokens[i+1].Tag, "JJ") {
		return false
	}
	if noun := r.Tokens[i].Head; noun > i && (r.Child(noun, "acl:relcl") > noun || noun+1 < len(r.Tokens) && strings.EqualFold(r.Tokens[noun+1].Text, "of")) {
		return false // "the three branches of government", "the six men who drowned"
	}
	if i > 2 && strings.EqualFold(r.Tokens[i-2].Text, "of") && r.Tokens[i-3].Tag == "CD" {
		return false // "two of the four doors": a share of a total
	}
	switch before := r.Tokens[i-1]; strings.ToLower(before.Text) {
	case "the", "these", "those":
		return true
	default:
		return before.Tag == "PRP$"
	}
}

// isDuration reports whether a number counts years, hours and the like.
func (r *reading) isDuration(n nlp.Number) bool {
	if n.Last <= n.First {
		return false
	}
	switch r.Tokens[n.Last-1].Lemma {
	case "year", "month", "week", "day", "hour", "minute", "second", "decade", "century", "year-old", "night":
		return true
	}
	return false
}

// names is how many names c holds.
func (r *reading) names(c candidate) int {
	from, to := r.MentionsIn(c.span(r))
	return to - from
}
