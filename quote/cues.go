package quote

import (
	"slices"
	"strings"

	"onrecord/nlp"
)

// A cue is a word that reports: a verb with its auxiliaries and adverbs ("has
// repeatedly said"), a noun ("claim that"), or "according to".
type cue struct {
	lex         *lexeme
	head        int // token of the verb or noun itself
	first, last int // tokens [first, last) of the whole cue
	sort        cueSort
	passive     bool
	source      source
	used        bool // its content has been found
}

type cueSort int

const (
	verbCue cueSort = iota
	nounCue
	accordingCue
)

var according = lexeme{lemma: "according to", kind: Speech, stance: Said, frames: frameAfter}

// findCues finds every word of the document that may report, in text order.
// Words inside quotation marks are somebody's own words and report nothing to
// us: who is quoted in a quotation is second-hand.
func findCues(r *reading) []cue {
	var cues []cue
	for i := range r.Tokens {
		if r.markOf[i] >= 0 {
			continue
		}
		if c, ok := cueAt(r, i); ok {
			if n := len(cues); n > 0 && cues[n-1].last > c.first {
				if cues[n-1].sort != verbCue || c.sort != verbCue {
					continue
				}
				cues = cues[:n-1] // "went on to say": the later verb reports
			}
			cues = append(cues, c)
		}
	}
	return cues
}

func cueAt(r *reading, i int) (cue, bool) {
	t := &r.Tokens[i]
	switch {
	case r.is(i, "according") && r.is(i+1, "to"):
		return cue{lex: &according, head: i, first: i, last: i + 2, sort: accordingCue}, true
	case isVerbTag(t.Tag) || r.is(i, "said", "says") || r.reads(i):
		return verbCueAt(r, i)
	case strings.HasPrefix(t.Tag, "NN") && t.Tag != "NNP" && t.Tag != "NNPS":
		return nounCueAt(r, i)
	}
	return cue{}, false
}

// reads reports whether token i, taken for a noun, is the verb of a text that
// stands in marks next to it: "a statement from the council read: “…”".
func (r *reading) reads(i int) bool {
	if !r.is(i, "read", "reads") || !strings.HasPrefix(r.tag(i), "NN") {
		return false
	}
	if r.is(i+1, ":") || i+1 < len(r.Tokens) && r.isMark[i+1] {
		return true
	}
	s := r.plainBefore(r.sentence(i).First, i)
	for s.found() && r.is(s.first-1, "from", "by", "of", "on", "to", "in") {
		s = r.plainBefore(r.sentence(i).First, s.first-1)
	}
	return s.found() && s.first > 1 && r.isMark[s.first-1] && r.is(i+1, ".", ",")
}

func verbCueAt(r *reading, i int) (cue, bool) {
	t := &r.Tokens[i]
	lemma := strings.ToLower(t.Lemma)
	if r.is(i, "said", "says") {
		lemma = "say"
	}
	entries := verbs()[lemma]
	var lex *lexeme
	last := i + 1
	for k := range entries {
		e := &entries[k]
		if e.particle == "" {
			lex = e
			break
		}
		if end, ok := r.phraseAt(i+1, e.particle); ok {
			lex, last = e, end
			break
		}
	}
	if lex == nil {
		return cue{}, false
	}
	c := cue{lex: lex, head: i, first: i, last: last}
	c.first = verbGroup(r, i)
	c.passive = t.Tag == "VBN" && (r.hasBe(c.first, i) && !r.hearsay(i-3) || r.is(i-1, "as") && r.is(last, "by"))
	if !c.reports(r) {
		return cue{}, false
	}
	return c, true
}

// phraseAt reports whether the words of phrase stand at token i.
func (r *reading) phraseAt(i int, phrase string) (end int, ok bool) {
	for w := range strings.FieldsSeq(phrase) {
		if r.lower(i) != w {
			return 0, false
		}
		i++
	}
	return i, true
}

func (r *reading) hasBe(first, last int) bool {
	for i := first; i < last; i++ {
		if r.is(i, "be", "is", "are", "was", "were", "been", "being", "'s", "’s", "'re", "’re", "am", "got", "gets") {
			return true
		}
	}
	return false
}

// leadIns are verbs that, before "to", only set the stage for the verb that
// reports: "went on to say".
var leadIns = []string{"go", "continue", "seem", "appear", "have", "use", "proceed", "begin", "start", "like", "want"}

// verbGroup gives the first token of the verb group that ends at verb i:
// auxiliaries, negations and the adverbs between them.
func verbGroup(r *reading, i int) int {
	floor := r.sentence(i).First
	first := i
	for k := i - 1; k >= floor && i-k < 8; k-- {
		tag, low := r.tag(k), r.lower(k)
		switch {
		case r.markOf[k] >= 0:
			return first
		case tag == "MD", isAuxiliary(low):
			first = k
		case low == "not" || low == "n't" || low == "n’t" || low == "never":
			first = k
		case tag == "RB" || tag == "RBR":
			if !adverbOf(r, k, first) {
				return first
			}
			first = k
		case low == "to" && r.hearsay(k-1):
			first = k - 1
			k--
		case low == "to" && k > floor:
			v := k - 1
			if r.is(v, "on") {
				v--
			}
			if v >= floor && isVerbTag(r.tag(v)) && slices.Contains(leadIns[:2], r.Tokens[v].Lemma) {
				first = v
				k = v
				continue
			}
			return first
		default:
			return first
		}
	}
	return first
}

// hearsay reports whether token v is a verb that passes on what somebody is said to
// have said: "is alleged to have told".
func (r *reading) hearsay(v int) bool {
	return r.tag(v) == "VBN" && r.is(v, "alleged", "said", "reported", "believed", "understood", "claimed", "thought") && r.is(v+1, "to") && r.is(v+2, "have") &&
		r.tag(v+3) == "VBN" && r.is(v-1, "is", "are", "was", "were", "been")
}

// adverbOf reports whether adverb k, right before token first, belongs to the
// verb group and not to what stands before it.
func adverbOf(r *reading, k, first int) bool {
	if r.is(k, "however", "meanwhile", "therefore", "instead", "so", "too", "ago", "there", "here", "why", "how", "when", "where", "yesterday", "today", "else") {
		return false
	}
	h := r.Tokens[k].Head
	return h < 0 || h >= first || r.under(h, first) || h == r.Tokens[first].Head
}

func isAuxiliary(w string) bool {
	switch w {
	case "has", "have", "had", "having", "is", "are", "was", "were", "be", "been", "being",
		"do", "does", "did", "'ve", "’ve", "'d", "’d", "'ll", "’ll", "'re", "’re", "'m", "’m":
		return true
	}
	return false
}

// reports weeds out verbs that report nothing as they stand: infinitives of
// purpose, imperatives, commands, things that cannot speak.
func (c *cue) reports(r *reading) bool {
	t := &r.Tokens[c.head]
	if r.hearsay(c.head) {
		if lemma := strings.ToLower(r.Tokens[c.head+3].Lemma); len(verbs()[lemma]) > 0 {
			return false // "is alleged to have said": the second verb reports
		}
	}
	if r.is(c.head-1, "-") && r.Tokens[c.head-1].End == t.Start {
		return false // "a self-described “geek”"
	}
	if r.idle(c) {
		return false
	}
	if p := r.plainBefore(r.sentence(c.head).First, c.head); r.is(c.head, "states") && r.punct(c.last) && p.found() && r.tag(p.first-1) == "IN" {
		return false // "in the border states."
	}
	if c.lex.lemma == "alert" && !r.hasWord(c.last, min(c.last+12, r.sentence(c.head).Last), "that") {
		return false // "the system alerts guards when it sees somebody"
	}
	if c.lex.particle == "" && c.lex.has(frameInfinitive) && r.is(c.last, "to") && r.is(c.last+1, "be") && r.is(c.last+2, "named", "identified", "quoted", "interviewed", "photographed") {
		return false // "who declined to be named"
	}
	switch t.Tag {
	case "VB":
		// "to say that would be wrong" reports nobody; "did not say" does.
		if c.first == c.head {
			return controlled(r, c.head) || r.plainPresent(c.head)
		}
		return !r.is(c.first, "to")
	case "VBN":
		if c.first == c.head && !c.passive && t.Rel != "conj" {
			// A bare participle: "a man accused of theft". Nobody says it
			// unless the tagger took a past tense for it.
			if r.onlyVerb(c.head) && (r.activeLooking(c) || r.behindMarks(c)) {
				return true
			}
			if r.caller(c).found() {
				return true
			}
			return c.lex.kind == Speech && r.Child(c.head, "nsubj") >= 0 && r.Child(c.head, "nsubj") < c.head
		}
	}
	if t.Tag == "VBG" && c.first == c.head && r.is(c.head-1, "of") && isNounTag(r.tag(c.head-2)) {
		return false // "a way of saying goodbye"
	}
	if t.Tag == "VBG" && c.first == c.head && (r.is(c.last, "champion", "champions") || c.lex.kind == Other && r.tag(c.head-1) == "IN" && r.tag(c.last) != "IN" && c.lex.particle == "") {
		return false // "defending champions", "a maker of signalling equipment"
	}
	// A finite verb is no conjunction, whatever the parser says.
	if r.is(c.head, "considering") || !isFinite(t.Tag) && (t.Rel == "case" || t.Rel == "mark") || t.Rel == "amod" || t.Rel == "compound" {
		return false
	}
	return true
}

// plainPresent reports whether what the tagger took for the infinitive i is a
// plural verb: "nearly half of them say".
func (r *reading) plainPresent(i int) bool {
	k := i - 1
	if r.is(k, ",") || r.dash(k) {
		k--
	}
	if k < 0 || !r.onlyVerb(i) {
		return false
	}
	tag := r.tag(k)
	return r.circle(i).found() || tag == "NNS" || tag == "NNPS" || tag == "CD" || tag == "NN" || tag == "NNP" || r.is(k, "they", "some", "many", "others", "we", "half")
}

// activeLooking reports whether a bare participle looks like a past tense by
// what follows it: "outlets reported on Wednesday the plan ...".
func (r *reading) activeLooking(c *cue) bool {
	if c.lex.kind != Speech || !c.lex.has(frameClause|frameSmall|frameQuote) || r.is(c.head-1, ",", "as") {
		return false
	}
	k := r.skipLight(c.last, r.sentence(c.head).Last)
	if k >= len(r.Tokens) {
		return false
	}
	return r.markOf[k] >= 0 || r.is(k, "that", "whether", "how") || r.tag(k) == "DT" || r.tag(k) == "PRP" || r.tag(k) == "PRP$" || r.tag(k) == "VBG"
}

// behindMarks reports whether a passage in marks that ends with a comma opens the
// sentence of a bare participle, which is then a past tense: "“...,” the club, a
// group of rowers, posted".
func (r *reading) behindMarks(c *cue) bool {
	first := r.sentence(c.head).First
	m := r.markOf[first]
	if m < 0 || !c.lex.has(frameQuote) || !endsOpen(r.marks[m].inner.Text(r.Text)) {
		return false
	}
	_, after := r.TokensIn(r.marks[m].Span)
	_, end := r.trim(after, c.first)
	return after < c.first && r.nounPhraseAfter(after).last == end
}

// onlyVerb reports whether the sentence of verb i has no finite verb, marks
// left out, up to it.
func (r *reading) onlyVerb(i int) bool {
	for k := r.sentence(i).First; k < i; k++ {
		if isFinite(r.tag(k)) && r.markOf[k] < 0 {
			return false
		}
	}
	return true
}

// messages are verbs of sending one, whose purpose "to say that ..." was said.
var messages = []string{"write", "phone", "telephone", "ring", "email", "e-mail", "text", "call"}

// controlled reports whether the infinitive at i says what the subject of the
// verb above it does: "he rushed to say".
func controlled(r *reading, i int) bool {
	t := &r.Tokens[i]
	if t.Rel == "conj" && t.Head >= 0 {
		return isVerbTag(r.tag(t.Head)) && r.tag(t.Head) != "VB"
	}
	if h := t.Head; h >= 0 && h < i && r.is(i-1, "to") && (t.Rel == "advcl" || t.Rel == "xcomp") && slices.Contains(messages, r.Tokens[h].Lemma) && isFinite(r.tag(h)) {
		return r.is(i+1, "that") // "They wrote to the board to warn that ..."
	}
	if r.is(i-1, "to") && r.is(i-2, "used", "liked") && isFinite(r.tag(i-2)) {
		return true // "She used to say that ..."
	}
	if h := t.Head; h >= 0 && h < i && r.is(i-1, "to") && (r.is(h, "took", "takes", "turned") && r.is(h+1, "to") || r.is(h, "has", "have", "had") && r.is(h+1, "taken") && r.is(h+2, "to")) {
		return true // "She took to the radio to accuse ..."
	}
	return t.Rel == "root" && !r.is(i-1, "to") && r.Child(i, "nsubj") >= 0
}

// requestForComment reports whether token i is a request of reporters: "did not
// respond to the paper's request for comment".
func (r *reading) requestForComment(i int) bool {
	return r.is(i, "request", "requests") && r.is(i+1, "for") &&
		(r.is(i+2, "comment", "comments", "interview", "interviews", "information") || r.is(i+3, "comment", "interview", "response"))
}

func nounCueAt(r *reading, i int) (cue, bool) {
	lex, ok := nouns()[strings.ToLower(r.Tokens[i].Lemma)]
	if !ok || !slices.Contains(lex.openers, r.lower(i+1)) {
		return cue{}, false
	}
	if r.requestForComment(i) {
		return cue{}, false
	}
	c := cue{lex: &lex, head: i, first: i, last: i + 1, sort: nounCue}
	if !r.is(i+1, "that", "whether", "to") {
		c.last = i + 2
	}
	// Only a noun that says whose it is: "her claim that ...".
	for _, k := range r.Children(i) {
		if k >= i {
			break
		}
		t := &r.Tokens[k]
		if t.Rel != "nmod" && t.Rel != "nmod:poss" {
			continue
		}
		if t.Tag == "PRP$" || r.tag(r.right(k)-1) == "POS" {
			first, last := r.left(k), r.right(k)
			if r.tag(last-1) == "POS" {
				last--
			}
			c.source = source{first: first, last: last, head: k}
			c.first = max(last, c.first-3)
			if r.tag(c.first) == "POS" {
				c.first++
			}
			return c, true
		}
	}
	return cue{}, false
}

// verbName gives the cue as a reader wants it: the word itself with what makes
// its sense, without auxiliaries.
func (c *cue) verbName(r *reading) string {
	if r.punct(c.head) {
		return "said" // a colon, a dash
	}
	switch c.sort {
	case accordingCue:
		return "according to"
	case nounCue:
		return r.lower(c.head)
	}
	words := []string{r.lower(c.head)}
	purpose := r.tag(c.head) == "VB" && c.first == c.head && r.is(c.head-1, "to") // "took to the radio to accuse"
	if purpose || r.tag(c.head) == "VBG" && (!r.hasBe(c.first, c.head) || r.is(c.head-1, "as")) {
		words[0] = pastOf(strings.ToLower(r.Tokens[c.head].Lemma)) // "saying" is "said"
	}
	switch {
	case c.lex.particle != "" && r.wordIn(c.lex.particle, c.head+1, max(c.last, c.head+8)):
		words = append(words, c.lex.particle)
	case c.last > c.head+1 && r.is(c.head+1, "against"):
		words = append(words, "against")
	}
	if end := c.head + 1; c.last == end+2 && r.is(end, "to") && isVerbTag(r.tag(end+1)) {
		return words[0] + " to " + r.lower(end+1) // "declined to say"
	}
	if c.passive || c.denied(r) || r.tag(c.head) == "VB" && !purpose || r.hearsay(c.head-3) {
		return strings.ToLower(r.span(c.first, c.last).Text(r.Text))
	}
	return strings.Join(words, " ")
}

// irregular are the past tenses of verbs that report and form none in -ed.
var irregular = map[string]string{
	"say": "said", "tell": "told", "write": "wrote", "speak": "spoke", "find": "found", "think": "thought", "feel": "felt", "go": "went", "begin": "began",
	"swear": "swore", "read": "read", "put": "put", "set": "set", "lay": "laid", "make": "made", "shoot": "shot", "hit": "hit", "fight": "fought", "mean": "meant",
	"understand": "understood", "foresee": "foresaw", "sing": "sang", "cry": "cried", "deny": "denied", "reply": "replied", "testify": "testified", "clarify": "clarified",
	"specify": "specified", "notify": "notified", "imply": "implied", "worry": "worried", "decry": "decried", "vilify": "vilified", "query": "queried", "quip": "quipped",
	"plan": "planned", "refer": "referred", "brag": "bragged", "pen": "penned", "admit": "admitted", "commit": "committed", "slam": "slammed", "beg": "begged", "snap": "snapped",
	"blog": "blogged", "dub": "dubbed", "rebut": "rebutted", "concur": "concurred", "demur": "demurred", "lash": "lashed", "shout": "shouted", "rebel": "rebelled", "label": "labelled", "signal": "signalled",
}

// pastOf gives the past tense of a verb that reports.
func pastOf(lemma string) string {
	switch past, ok := irregular[lemma]; {
	case ok:
		return past
	case strings.HasSuffix(lemma, "e"):
		return lemma + "d"
	}
	return lemma + "ed"
}

// denied reports whether the cue says that something was not said.
func (c *cue) denied(r *reading) bool {
	for i := c.first; i < c.head; i++ {
		if r.is(i, "not", "n't", "n’t", "never") {
			return true
		}
	}
	return false
}

// span gives the bytes of the cue.
func (c *cue) span(r *reading) nlp.Span { return r.span(c.first, c.last) }
