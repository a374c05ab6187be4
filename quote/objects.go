package quote

import (
	"slices"
	"strings"

	"onrecord/nlp"
)

// Many a verb that reports is also a verb of plain acts: an ambassador is
// recalled, a proposal rejected, a witness questioned, defeat conceded. With a
// clause or words in marks for its object it reports; with a noun it depends on
// the noun.

// clausal are verbs that have nothing but clauses for an object: what follows
// them is one, whatever the parser makes of it.
var clausal = []string{"say", "tell", "add", "insist", "argue", "contend", "think", "believe", "complain", "joke", "testify", "tweet", "write", "note", "allege", "claim", "assert", "reply", "respond", "warn", "hope", "suggest"}

// objectAt reports whether the content of a cue that begins at start is a noun
// phrase, its object, and no clause.
func (r *reading) objectAt(c *cue, start, end int) bool {
	l := c.lex
	if c.sort != verbCue || start >= end || l.has(frameParticle) || r.markOf[start] >= 0 || r.is(start, complementizers...) && !r.is(start, "that") || slices.Contains(clausal, l.lemma) {
		return false
	}
	t := r.tag(start)
	if r.is(start, "that") && !r.hasVerb(start, end) {
		return l.has(frameNoun) && isNounTag(r.tag(start+1)) // "rejected that account"
	}
	if r.is(start, "that") || !strings.HasPrefix(t, "NN") && t != "DT" && t != "PRP$" && t != "PRP" && t != "CD" && !strings.HasPrefix(t, "JJ") && t != "PDT" && t != "$" {
		return false
	}
	return !r.clauseAt(start, end)
}

// subordinators open a clause of their own, whose verb is not that of the words
// before them.
var subordinators = []string{"after", "when", "as", "while", "before", "because", "since", "until", "once", "although", "though", "if", "where", "who", "which", "that", "whose", "whom", "amid", "and", "or", "but", "how", "why", "what", "whether"}

// clauseAt reports whether a clause begins at token start: words that are the
// subject of a finite verb in [start, end).
func (r *reading) clauseAt(start, end int) bool {
	broken := false
	for i := start; i < end; i++ {
		if r.markOf[i] >= 0 && i > start && !r.finite(i) {
			continue
		}
		joins := r.is(i, "and", "or") && !isVerbTag(r.tag(i+1)) && r.tag(i+1) != "MD" || r.is(i, "as") && r.is(i-1, "such")
		if i > start && !joins && (r.is(i, subordinators...) || r.tag(i) == "VBG" && r.is(i-1, ",")) {
			broken = true
		}
		if !r.finite(i) {
			continue
		}
		if !broken {
			return true
		}
		v := i
		if rel := r.Tokens[i].Rel; (strings.HasPrefix(rel, "aux") || rel == "cop") && r.Tokens[i].Head >= 0 {
			v = r.Tokens[i].Head
		}
		for _, k := range r.Children(v) {
			if rel := r.Tokens[k].Rel; (rel == "nsubj" || rel == "nsubj:pass") && k >= start && k < i && r.left(k) <= start && !r.is(k, "who", "which", "that") {
				return true
			}
		}
	}
	return false
}

// objectEnd gives where the object that begins at start ends: before what says
// when, where or how it was said, and before the next verb of the sentence.
func (r *reading) objectEnd(c *cue, start, end int) int {
	relative := false
	for i := start + 1; i < end; i++ {
		if r.markOf[i] >= 0 {
			continue
		}
		if r.is(i, "who", "which", "that", "whose", "where", "whom") || r.tag(i) == "VBG" {
			relative = true
		}
		if t := r.timeAt(i); t >= 0 && !relative && r.closesAt(r.Times[t].Last, end) && r.deictic(t) {
			if r.is(i-1, "on", "in", "at", "late", "early") {
				i--
			}
			return i
		}
		switch {
		case r.is(i, ",") && c.lex.lemma == "put" && r.putsAt(start, i):
			return i // "put the toll at 30, up from 12"
		case r.is(i, "during", "amid") && !relative && !r.hasWord(i, end, "as"):
			return i
		case r.is(i, "within") && r.is(i+1, "a", "an", "hours", "minutes", "days") && !relative:
			return i
		case r.is(i, "after", "when", "while", "before", "hours", "minutes", "days") && !relative && r.hasVerb(i+1, end):
			if r.tag(i) == "NNS" && !r.is(i+1, "after", "before") {
				continue
			}
			return i
		case r.tag(i) == "CC" && i+1 < end && (!relative || r.otherTense(c.head, start, i)):
			j := i + 1
			if r.tag(j) == "RB" {
				j++
			}
			if r.tag(j) == "VBG" && r.sameTag(c.head, j) {
				return i
			}
			if isFinite(r.tag(j)) && (r.sameTag(c.head, j) || r.tag(j) == "MD") || r.Tokens[j].Head == c.head && isVerbTag(r.tag(j)) {
				return i
			}
		}
	}
	return end
}

// otherTense reports whether the last finite verb of tokens [first, last)
// stands in another tense than verb v: what follows goes on with v then, not
// with the relative clause.
func (r *reading) otherTense(v, first, last int) bool {
	for i := last - 1; i >= first; i-- {
		if isFinite(r.tag(i)) {
			return !r.sameTag(i, v)
		}
	}
	return false
}

// sameTag reports whether two verbs stand in the same tense by their tags.
func (r *reading) sameTag(a, b int) bool { return r.tag(a) == r.tag(b) }

// closesAt reports whether a time expression that ends before token i closes
// what it belongs to.
func (r *reading) closesAt(i, end int) bool {
	return i >= end || r.punct(i) || r.tag(i) == "IN" && !r.is(i, "of") || r.tag(i) == "CC" || r.tag(i) == "RB"
}

// deictic reports whether a time expression counts from the day of the article,
// as times of speaking do, and names no year or season.
func (r *reading) deictic(t int) bool {
	text := strings.ToLower(r.Times[t].Text(r.Text))
	for _, w := range []string{"day", "night", "morning", "evening", "afternoon", "week", "today", "tonight"} {
		if strings.Contains(text, w) {
			return true
		}
	}
	return false
}

// utterances are nouns for what somebody says: to reject one is to say
// something oneself.
var utterances = []string{
	"accusation", "allegation", "claim", "charge", "suggestion", "criticism", "idea", "notion", "finding", "account", "argument", "report",
	"assertion", "view", "call", "comparison", "characterization", "characterisation", "description", "complaint", "rumor", "rumour", "theory",
	"warning", "demand", "label", "concern", "fear", "question", "comment", "remark", "statement", "story", "speculation", "version", "explanation", "conclusion", "poll", "survey",
	"figure", "number", "estimate", "assessment", "verdict", "attack", "threat", "insinuation", "speech", "talk", "protest", "letter", "critic", "allegations",
	"link", "connection", "responsibility", "involvement", "wrongdoing", "role", "it", "that", "this", "them", "those", "advice", "push", "premise", "need", "logic",
}

// decisions are nouns for what others do or decide: to welcome one is to say so.
var decisions = []string{
	"decision", "move", "step", "ruling", "verdict", "announcement", "plan", "proposal", "report", "finding", "news", "agreement", "deal", "law", "bill", "vote", "result",
	"statement", "commitment", "initiative", "change", "measure", "offer", "release", "resolution", "truce", "ceasefire", "judgment", "judgement", "investment", "appointment", "inquiry", "investigation", "intervention", "outcome", "increase", "cut", "pledge", "progress", "reform", "funding", "ban",
}

// favours are nouns for what can be refused somebody: to deny it is an act.
var favours = []string{"request", "application", "permit", "permission", "entry", "access", "bail", "asylum", "visa", "licence", "license", "motion", "appeal", "petition", "parole", "leave", "boarding", "service", "coverage", "funding", "care", "status", "right", "opportunity", "chance", "victory"}

// concessions are nouns for what can be given up: to concede it is an act.
var concessions = []string{"defeat", "goal", "penalty", "point", "race", "election", "ground", "territory", "run", "corner", "title", "seat", "match", "game", "set", "possession", "nomination", "free", "try"}

// said reports whether the object in tokens [first, last) of a cue is one that
// makes the verb report.
func (r *reading) said(c *cue, first, last int) bool {
	head := r.objectHead(first, last)
	noun := strings.ToLower(r.Tokens[head].Lemma)
	if r.is(first, "each", "one") && r.is(first+1, "other", "another") {
		return false // "Both sides blamed each other"
	}
	if r.planned(c) {
		return false
	}
	switch c.lex.lemma {
	case "reject":
		return slices.Contains(utterances, noun) || r.is(first, "that", "this", "it") || r.hasWord(first, last, "as") || r.personal(c.source)
	case "repeat":
		return slices.Contains(utterances, noun) && !r.is(first, "it", "that", "this", "them", "those")
	case "dismiss":
		return !r.person(head) && !slices.Contains(proceedings, noun)
	case "question":
		return !r.person(head) && !r.is(head, "him", "her", "them")
	case "order", "command", "instruct":
		return false
	case "deny":
		return !slices.Contains(favours, noun) && !r.person(head) && !r.isName(first)
	case "threaten":
		return !r.person(head) // "threatened a strike", not "threatened civilians"
	case "defend":
		return !r.person(head) || !r.hasWord(head+1, min(head+5, r.sentence(head).Last), "court", "trial", "charges")
	case "concede":
		return !slices.Contains(concessions, noun)
	case "welcome":
		return slices.Contains(decisions, noun)
	case "put":
		return r.putsAt(first, last)
	case "thank":
		return r.is(r.simplePhrase(first, last), "for")
	case "express":
		return r.hasWord(first, last, "about", "over", "that", "at", "for", "in")
	case "call", "dub", "label", "brand", "term":
		return r.predicated(first, last) || !slices.Contains(callable, noun) && !r.person(head) && !slices.Contains(callable, r.lower(last-1))
	case "report":
		return slices.Contains(utterances, noun) && !r.is(first, "it", "them")
	case "condemn":
		return !r.hasWord(first, last, "death", "prison", "imprisonment")
	}
	if c.lex.has(frameNoun | frameSmall) {
		return true
	}
	if c.lex.has(frameInfinitive) {
		return true // "urged them to go" is looked at elsewhere
	}
	if c.lex.kind == Other && r.hasGerund(first, last) {
		return true // "polls show her trailing"
	}
	// A verb of clauses with a noun for an object reports nothing: "recalled
	// its ambassador".
	return false
}

// amounts are nouns for what somebody puts a figure on.
var amounts = []string{
	"amount", "toll", "number", "figure", "cost", "price", "total", "count", "value", "worth", "damage", "loss", "share", "support", "turnout", "crowd", "attendance", "rate", "size", "strength",
	"chance", "odds", "probability", "likelihood", "population", "bill", "profit", "revenue", "debt", "deficit", "surplus", "budget", "estimate", "age", "unemployment", "inflation", "growth",
}

// putsAt reports whether the object in tokens [first, last) is an amount and the
// figure that somebody gives for it: "put the death toll at 48".
func (r *reading) putsAt(first, last int) bool {
	amount := false
	for i := first; i < last; i++ {
		amount = amount || slices.Contains(amounts, strings.ToLower(r.Tokens[i].Lemma))
		if !amount || !r.is(i, "at") {
			continue
		}
		for k := i + 1; k < min(last, i+5); k++ {
			if t := r.tag(k); t == "CD" || t == "$" {
				return true
			}
		}
	}
	return false
}

// callable are nouns for what is called without a word being said of it.
var callable = []string{"meeting", "election", "strike", "referendum", "session", "conference", "summit", "vote", "halt", "truce", "police", "doctor", "ambulance", "witness", "department", "number", "hotline", "taxi", "inquiry", "rally", "school", "hospital", "time", "end", "attention", "plumber", "race"}

// predicated reports whether tokens [first, last) are an object and what it is
// called, "the promise worthless", and not an object alone: "a meeting".
func (r *reading) predicated(first, last int) bool {
	if r.tag(first) == "PRP" && last-first > 1 {
		return true
	}
	for i := first + 1; i < last; i++ {
		t, before := r.tag(i), r.tag(i-1)
		switch {
		case (t == "DT" || t == "PRP$") && isNounTag(before), r.markOf[i] >= 0:
			return true
		case (strings.HasPrefix(t, "JJ") || t == "VBN") && isNounTag(before) && (i+1 == last || !isNounTag(r.tag(i+1))):
			return true
		case t == "IN" && i > first+1 && r.simplePhrase(first, last) == i && r.is(i, "as"):
			return true
		}
	}
	return false
}

// proceedings are nouns for what a court or an employer dismisses.
var proceedings = []string{"case", "lawsuit", "suit", "charge", "indictment", "motion", "appeal", "staff", "petition", "jury", "class"}

// personal reports whether a source is one person by name or by "he" or "she".
func (r *reading) personal(s source) bool {
	if !s.found() {
		return false
	}
	e := r.Tokens[s.head].Entity
	return r.is(s.head, "he", "she") || e >= 0 && r.Entities[e].Kind == nlp.Person
}

func (r *reading) hasGerund(first, last int) bool {
	for i := first + 1; i < last; i++ {
		if r.tag(i) == "VBG" && !r.punct(i-1) {
			return true
		}
	}
	return false
}

// planned reports whether a cue says what will be done: "It will propose a
// dividend".
func (r *reading) planned(c *cue) bool {
	for i := c.first; i < c.head; i++ {
		if r.is(i, "will", "'ll", "’ll", "wo", "shall") {
			return true
		}
	}
	return false
}

// objectHead gives the noun that carries the object that begins at first.
func (r *reading) objectHead(first, last int) int {
	end := r.simplePhrase(first, last)
	if end <= first {
		return first
	}
	for k := end - 1; k > first; k-- {
		if r.tag(k) == "POS" {
			break
		}
		if isNounTag(r.tag(k)) {
			if r.is(k+1, "of") && slices.Contains([]string{"series", "number", "set", "range", "couple", "lot", "several", "many", "some"}, r.lower(k)) {
				return r.objectHead(k+2, last)
			}
			return k
		}
	}
	return end - 1
}

// person reports whether the noun at token i means people.
func (r *reading) person(i int) bool {
	if e := r.Tokens[i].Entity; e >= 0 && r.Entities[e].Kind == nlp.Person {
		return true
	}
	return r.isRoleNoun(i) || r.is(i, "people", "men", "women", "children", "residents", "workers", "witnesses", "suspects", "civilians")
}

func (r *reading) isName(i int) bool {
	e := r.Tokens[i].Entity
	return e >= 0 && r.Entities[e].Kind == nlp.Person && r.tag(i+1) != "POS" && r.tag(i+2) != "POS"
}

func (r *reading) hasWord(first, last int, words ...string) bool {
	for i := first; i < last; i++ {
		if r.is(i, words...) {
			return true
		}
	}
	return false
}
