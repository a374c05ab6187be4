package leash

import (
	"slices"
	"strings"
	"time"

	"onrecord/nlp"
	"onrecord/quote"
)

// reading is a text with what the checks compare.
type reading struct {
	*nlp.Document
	quotes    []quote.Quote
	published time.Time
	dates     []nlp.Dates
	words     []word
	clauses   []clause
}

// clause is a verb, or what stands for one, with the words that belong to it
// and to no clause inside it.
type clause struct {
	head   int // token
	parent int // the clause around it, -1 for none
	tokens []int

	negative    bool
	mode        mode
	unreal      int  // the token that makes it a plan, a wish, an accusation; -1 for none
	conditional bool // it is an "if"
	condition   bool // it hangs on an "if"
	past        bool
}

// mode is how a clause is put: as what is, will, may or must be.
type mode byte

const (
	plain   mode = 0
	future  mode = 'F' // will, shall, is to
	would   mode = 'W'
	perhaps mode = 'P' // may, might, could
	can     mode = 'C'
	must    mode = 'N' // must, should, has to
)

var modes = map[string]mode{
	"will": future, "'ll": future, "’ll": future, "wo": future, "shall": future,
	"would": would, "'d": would, "’d": would,
	"may": perhaps, "might": perhaps, "could": perhaps,
	"can": can, "ca": can,
	"must": must, "should": must, "ought": must, "need": must,
}

// negators make a clause say the opposite.
var negators = set("not", "n't", "n’t", "never", "no", "nobody", "none", "nothing", "nowhere", "neither", "nor", "unable", "hardly", "scarcely")

// refusals are verbs that do to the clause below them what "not" does.
var refusals = set("decline", "refuse", "fail")

// unreals are words whose clause need not be so: what is planned, wanted,
// feared, alleged.
var unreals = set("plan", "intend", "want", "wish", "hope", "expect", "aim", "seek", "try", "attempt", "threaten", "promise", "pledge", "vow", "propose",
	"consider", "prepare", "agree", "demand", "urge", "ask", "request", "order", "call", "recommend", "suggest", "seem", "appear", "believe", "think", "suspect",
	"fear", "worry", "accuse", "allege", "deny", "doubt", "claim", "likely", "unlikely", "able", "ready", "offer", "proposal", "attempt", "threat", "allow", "permit",
	"help", "force", "require", "oblige", "due", "set", "invite", "decide", "reject", "dispute", "warn", "estimate", "predict", "forecast", "charge")

func set(words ...string) map[string]bool {
	m := map[string]bool{}
	for _, w := range words {
		m[w] = true
	}
	return m
}

func read(doc *nlp.Document, quotes []quote.Quote, published time.Time, half half) *reading {
	r := &reading{Document: doc, quotes: quotes, published: published, dates: doc.Resolve(published), words: wordsOf(doc, half)}
	r.markQuotes()
	r.markClauses()
	return r
}

// markQuotes tells each word the smallest quotation around it.
func (r *reading) markQuotes() {
	size := make([]int, len(r.words))
	for n, q := range r.quotes {
		all := 0
		for _, s := range q.Content {
			all += s.Len()
		}
		for _, s := range q.Content {
			first, last := r.TokensIn(s)
			for i := first; i < last; i++ {
				if r.words[i].quote < 0 || all < size[i] {
					r.words[i].quote, size[i] = n, all
				}
			}
		}
	}
}

func (r *reading) markClauses() {
	at := make([]int, len(r.Tokens)) // by token: the clause that it heads, and 1
	for i := range r.Tokens {
		if r.headsClause(i) {
			r.clauses = append(r.clauses, clause{head: i, parent: -1, unreal: -1})
			at[i] = len(r.clauses)
		}
	}
	for i := range r.Tokens {
		for h, steps := i, 0; h >= 0 && steps < 200; h, steps = r.Tokens[h].Head, steps+1 {
			if at[h] > 0 {
				c := at[h] - 1
				r.words[i].clause = c
				r.clauses[c].tokens = append(r.clauses[c].tokens, i)
				break
			}
		}
	}
	for n := range r.clauses {
		c := &r.clauses[n]
		for h, steps := r.Tokens[c.head].Head, 0; h >= 0 && steps < 200; h, steps = r.Tokens[h].Head, steps+1 {
			if at[h] > 0 {
				c.parent = at[h] - 1
				break
			}
		}
	}
	for n := range r.clauses {
		r.describe(n)
	}
}

func (r *reading) headsClause(i int) bool {
	t := r.Tokens[i]
	switch t.Rel {
	case "aux", "aux:pass", "cop", "amod", "compound", "case", "mark", "fixed", "flat", "punct", "det", "cc":
		return false
	}
	return t.Head < 0 || strings.HasPrefix(t.Tag, "VB") || r.Child(i, "nsubj", "nsubj:pass", "cop") >= 0
}

// describe fills in how a clause is put.
func (r *reading) describe(n int) {
	c := &r.clauses[n]
	head := r.Tokens[c.head]
	c.past = head.Tag == "VBD" || head.Tag == "VBN"
	odd, neither := false, false
	for _, i := range c.tokens {
		w := r.words[i]
		text := strings.ToLower(r.Tokens[i].Text)
		if (negators[text] || negators[w.lemma]) && !(text == "nor" && neither) {
			odd = !odd
			neither = neither || text == "neither"
		}
		if m, ok := modes[text]; ok && (strings.HasPrefix(r.Tokens[i].Rel, "aux") || r.Tokens[i].Tag == "MD") && c.mode == plain {
			c.mode = m
		}
		if (text == "if" || text == "unless") && r.Tokens[i].Rel == "mark" && !(text == "if" && r.asked(c.head)) {
			if h := r.Tokens[i].Head; h == c.head || h < 0 || r.Tokens[h].Head == c.head && !strings.HasPrefix(r.Tokens[h].Rel, "obl") {
				c.conditional = true
			} else {
				c.condition = true // "if a vet confirms it", parsed as no clause
			}
		}
		if text == "that" && i > 0 && conditions[strings.ToLower(r.Tokens[i-1].Text)] {
			c.conditional = true
		}
	}
	if text := strings.ToLower(head.Text); text == "have" || text == "has" || text == "had" {
		c.mode = max(c.mode, plain)
	}
	first := c.head
	for _, i := range c.tokens {
		if r.Tokens[i].Rel == "mark" && strings.EqualFold(r.Tokens[i].Text, "to") {
			first = i
		}
	}
	if first > 0 && first < c.head && strings.EqualFold(r.Tokens[first-1].Text, "yet") {
		odd = !odd // "has yet to decide"
	}
	above := r.Tokens[c.head].Head
	if head.Rel == "conj" && above >= 0 && r.Child(c.head, "nsubj", "nsubj:pass") < 0 {
		// "promised to cut taxes and halt the closure": what governs the first governs the second
		if p := r.words[above].clause; p >= 0 && p < n && r.clauses[p].head == above {
			c.unreal = r.clauses[p].unreal
			if c.mode == plain && strings.HasPrefix(head.Tag, "VB") && head.Tag == "VB" {
				c.mode = r.clauses[p].mode
			}
		}
	} else if above >= 0 && below(head.Rel) {
		switch lemma := r.words[above].lemma; {
		case refusals[lemma]:
			odd = !odd
		case lemma == "be" || lemma == "have":
			if first < c.head || head.Tag == "VB" {
				c.mode = future // "is to cut"
				if lemma == "have" {
					c.mode = must
				}
			}
		case unreals[lemma]:
			c.unreal = above
		}
	}
	c.negative = odd
	if c.conditional && c.parent >= 0 {
		r.clauses[c.parent].condition = true
		if p := r.clauses[c.parent]; conditions[strings.ToLower(r.Tokens[p.head].Text)] && p.parent >= 0 {
			r.clauses[p.parent].condition = true
		}
	}
}

// asked reports whether the clause that token h heads is a question inside a
// sentence: its "if" is a "whether".
func (r *reading) asked(h int) bool {
	above := r.Tokens[h].Head
	if m := r.Child(h, "mark"); m > 1 && strings.EqualFold(r.Tokens[m].Text, "if") {
		if last := r.words[m-1].lemma; questions[last] || last == "out" && questions[r.words[m-2].lemma] {
			return true // "to find out if"
		}
	}
	return above >= 0 && questions[r.words[above].lemma] && r.Tokens[h].Rel != "advcl" || above >= 0 && above == h-2 && questions[r.words[above].lemma]
}

// questions are verbs whose "if" is a "whether".
var questions = set("ask", "know", "find", "determine", "see", "wonder", "establish", "decide", "check", "say", "tell", "learn", "clear", "unclear", "investigate", "examine")

// tells lists the tokens that say what is done in clause c: its head, and the
// noun beside a verb that says little, as in "made a bid".
func (r *reading) tells(c int) []int {
	h := r.clauses[c].head
	out := []int{h}
	if supports[r.words[h].lemma] {
		if o := r.object(c); o >= 0 && strings.HasPrefix(r.Tokens[o].Tag, "N") {
			out = append(out, o)
		}
	}
	return out
}

// supports are verbs that leave to their object what is done.
var supports = set("make", "take", "have", "give", "do", "hold", "launch", "issue", "lodge", "file", "show", "express", "reach", "carry", "conduct", "offer", "cast", "place", "provide", "bring")

func below(rel string) bool {
	return slices.Contains([]string{"xcomp", "ccomp", "advcl", "acl", "obl", "csubj"}, rel)
}

// subject gives the token that heads who does it: of a passive the one after
// "by", -1 when the clause does not say.
func (r *reading) subject(c int) int {
	h := r.clauses[c].head
	if r.passive(h) {
		return r.agent(h)
	}
	nearest := -1 // of several, for the parser may take the noun before "which" for one
	for _, k := range r.Children(h) {
		if r.Tokens[k].Rel == "nsubj" && (nearest < 0 || k < h) {
			nearest = k
		}
	}
	if nearest >= 0 {
		return nearest
	}
	if p := r.clauses[c].parent; p >= 0 && r.Tokens[h].Head == r.clauses[p].head && (r.Tokens[h].Rel == "conj" || r.Tokens[h].Rel == "xcomp" && r.Child(r.clauses[p].head, "obj") < 0) {
		return r.subject(p)
	}
	return -1
}

// agent gives the token that heads what stands after the "by" of verb h, -1 for
// none.
func (r *reading) agent(h int) int {
	for _, k := range r.Children(h) {
		if t := r.Tokens[k]; (t.Rel == "obl" || t.Rel == "nmod") && r.hasCase(k, "by") {
			return k
		}
	}
	return -1
}

// object gives the token that heads what it is done to, -1 when the clause
// does not say.
func (r *reading) object(c int) int {
	h := r.clauses[c].head
	if r.passive(h) {
		if s := r.Child(h, "nsubj:pass", "nsubj"); s >= 0 || r.Tokens[h].Rel != "xcomp" {
			return s
		}
		return r.Child(r.Tokens[h].Head, "nsubj") // "phones have to be locked"
	}
	return r.Child(h, "obj")
}

func (r *reading) passive(h int) bool {
	if r.Child(h, "nsubj:pass", "aux:pass") >= 0 {
		return true
	}
	t := r.Tokens[h]
	if t.Rel != "conj" || t.Tag != "VBN" && t.Tag != "VBD" && !unchanging[r.words[h].lemma] || r.Child(h, "obj") >= 0 || r.Child(h, "nsubj") < 0 && r.agent(h) < 0 {
		return false
	}
	return r.Child(t.Head, "nsubj:pass", "aux:pass") >= 0 // "four were killed and 17 others hurt"
}

// conditions are words whose "that" is an "if".
var conditions = set("provided", "providing", "assuming", "condition")

// unchanging are verbs whose participle is their base form.
var unchanging = set("hurt", "cut", "hit", "shut", "put", "set", "split", "cast")

func (r *reading) hasCase(i int, prepositions ...string) bool {
	for _, k := range r.Children(i) {
		if r.Tokens[k].Rel == "case" && slices.Contains(prepositions, strings.ToLower(r.Tokens[k].Text)) {
			return true
		}
	}
	return false
}
