package quote

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"onrecord/nlp"
)

// A stretch is tokens [first, last).
type stretch struct{ first, last int }

func (s stretch) empty() bool { return s.last <= s.first }

// begin gives the first token of the attribution: of the cue or, where it
// stands first, of the source.
func (c *cue) begin() int {
	if c.source.found() && c.source.first < c.first && !c.source.shared {
		return c.source.first
	}
	return c.first
}

// end gives the token after the attribution.
func (c *cue) end() int {
	if c.source.found() && c.source.last > c.last && !c.source.behind {
		return c.source.last
	}
	return c.last
}

// complementizers open a clause that is the content of a cue.
var complementizers = []string{"that", "whether", "if", "how", "why", "what", "who", "when", "where", "which"}

// afterCue finds the content that follows a cue which stands before it: "said
// (that) ...", "promised to ...", "described ... as ...", "called for ...".
// following are the cues behind it, which may end the content.
func afterCue(r *reading, c *cue, following []cue) (stretch, bool) {
	s := r.sentence(c.head)
	start, ok := contentStart(r, c, s.Last)
	if !ok {
		return stretch{}, false
	}
	end := contentEnd(r, c, start, s.Last, following)
	first, last := r.trimContent(start, end)
	if first >= last {
		return stretch{}, false
	}
	if c.sort == verbCue && r.is(c.begin()-1, ",") && r.whenSaid(first, last) && r.hasVerb(s.First, c.begin()-1) {
		return stretch{}, false // "The ferry sank, the paper reported when the trial began."
	}
	return stretch{first, last}, validContent(r, c, first, last)
}

// whenSaid reports whether at token k a clause begins that tells when something
// was said: "as she left", "when the trial began".
func (r *reading) whenSaid(k, end int) bool {
	return r.is(k, "when", "while", "as", "after", "before") && r.markOf[k] < 0 && r.hasVerb(k+1, end)
}

// contentStart finds where the content after a cue begins, past the person
// addressed, the day and the place.
func contentStart(r *reading, c *cue, end int) (int, bool) {
	k := c.end()
	if c.sort == accordingCue {
		if r.is(k, ",") {
			return k + 1, true
		}
		return 0, false
	}
	if c.sort == nounCue || c.lex.has(frameParticle) {
		return k, k < end
	}
	if r.is(c.begin()-1, "as") && !r.quotedAs(c) || c.passive && r.is(c.first-1, "as") {
		// "As the paper noted on Friday, ..."
		j := r.adjunct(r.skipLight(k, end), end)
		if r.is(j, ",") && r.opens(c.begin()-1) {
			return j + 1, true
		}
		return 0, false
	}
	// A colon opens the content wherever it stands, if a clause follows.
	if j, ok := r.colonAfter(k, end); ok {
		if c.lex.has(frameNoun) && !c.lex.has(frameAfter) {
			if o := r.simplePhrase(c.last, j-1); o > c.last {
				c.last = o // "laid out the plan on Friday: ..."
			}
		}
		return j, true
	}
	if c.lex.lemma == "warn" && c.lex.particle == "" {
		if j := addressee(r, c, k, end); j > k && r.is(j, "of", "about", "against") {
			return j + 1, true // "warned the board of more floods"
		}
	}
	if j, ok := complementAfter(r, c, k, end); ok {
		return j, true
	}
	if c.lex.has(frameSmall) && r.timeAt(k) >= 0 && r.is(r.Times[r.timeAt(k)].Last, "a", "an") {
		return k, true // "declared Monday a holiday"
	}
	k = r.skipLight(k, end)
	if c.lex.has(frameAddressee) {
		j := addressee(r, c, k, end)
		if j == k && !r.startsClause(k, end) {
			return 0, false
		}
		k = r.skipLight(j, end)
	}
	if r.is(k, ",") {
		if j := r.pastRelay(k, end); j > k && c.lex.has(frameClause) {
			return j, true
		}
		// "said, smiling, ..." is not sure enough without "that".
		return 0, false
	}
	if j := r.pastMedium(k, end); j > k && c.lex.has(frameClause) {
		return j, true
	}
	return k, k < end
}

// pastRelay goes past who passes something on, between commas behind the cue: "reported,
// according to people in the meetings, Roe had gone".
func (r *reading) pastRelay(k, end int) int {
	if !r.is(k+1, "according") || !r.is(k+2, "to") {
		return k
	}
	s := r.wholePhrase(r.nounPhraseAfter(k + 3))
	if !s.found() || !r.is(s.last, ",") || !r.startsClause(s.last+1, end) {
		return k
	}
	return s.last + 1
}

// pastMedium goes past the words that say where something was said when a
// clause follows them without "that": "said in a statement on Friday it had".
func (r *reading) pastMedium(k, end int) int {
	if !r.is(k, "in", "during", "on", "at", "through", "via") {
		return k
	}
	j := k + 1
	for j < end && j < k+6 && !slices.Contains(media, strings.ToLower(r.Tokens[j].Lemma)) && (r.is(j, "a", "an", "the") || strings.HasPrefix(r.tag(j), "NN") || strings.HasPrefix(r.tag(j), "JJ") || r.tag(j) == "PRP$" || r.tag(j) == "VBN" || r.punct(j) && !r.is(j, ",")) {
		j++
	}
	if j >= end || !slices.Contains(media, strings.ToLower(r.Tokens[j].Lemma)) || strings.HasPrefix(r.tag(j+1), "NN") && r.timeAt(j+1) < 0 && !strings.HasPrefix(r.tag(j+1), "NNP") {
		return k
	}
	j++
	if r.is(j, "with", "to", "on", "from", "by", "for") && r.timeAt(j) < 0 && r.timeAt(j+1) < 0 {
		e := j + 1
		for e < end && (r.tag(e) == "DT" || strings.HasPrefix(r.tag(e), "NN") || strings.HasPrefix(r.tag(e), "JJ")) {
			e++ // "in an interview with the agency"
		}
		if e == j+1 {
			return k
		}
		j = e
	}
	j = r.skipLight(j, end)
	if t := r.tag(j); j >= end || r.markOf[j] >= 0 || t != "PRP" && t != "DT" && t != "PRP$" && t != "EX" && !strings.HasPrefix(t, "NNP") && t != "NNS" || !r.clauseAt(j, end) {
		return k
	}
	return j
}

// quotedAs reports whether a cue stands in "was quoted as saying that ...".
func (r *reading) quotedAs(c *cue) bool {
	if r.tag(c.head) != "VBG" || !r.is(c.first-1, "as") {
		return false
	}
	for k := c.first - 2; k >= r.sentence(c.head).First && k > c.first-14; k-- {
		if r.is(k, "quoted", "cited") {
			return true
		}
	}
	return false
}

// opens reports whether token i is the first word of its sentence, "but" and
// the like left out.
func (r *reading) opens(i int) bool {
	first := r.sentence(i).First
	return i == first || i == first+1 && r.tag(first) == "CC"
}

// colonAfter finds a colon between token k and end with a clause behind it.
func (r *reading) colonAfter(k, end int) (int, bool) {
	for i := k; i < end && r.markOf[i] < 0; i++ {
		if r.is(i, ":") {
			if i+1 < end && !r.hasVerb(k, i) && !r.wordsBy(i).found() && (r.markOf[i+1] >= 0 || r.hasVerb(i+1, end)) {
				return i + 1, true
			}
			return 0, false
		}
	}
	return 0, false
}

func (r *reading) hasVerb(first, last int) bool {
	for i := first; i < last; i++ {
		if r.finite(i) {
			return true
		}
	}
	return false
}

// finite reports whether token i is a finite verb. Participles and adjectives
// with a subject of their own pass too: the tagger takes many a past tense for
// a participle.
func (r *reading) finite(i int) bool {
	tag := r.tag(i)
	return isFinite(tag) || (tag == "VBN" || tag == "VB" || strings.HasPrefix(tag, "JJ")) && r.Child(i, "nsubj") >= 0
}

// complementAfter finds the "that" or "whether" that opens the content, past
// whatever stands between: "told reporters in the capital on Sunday that".
func complementAfter(r *reading, c *cue, k, end int) (int, bool) {
	for i := k; i < end && i < k+25; i++ {
		if r.markOf[i] >= 0 && !(i == k) {
			return 0, false
		}
		low := r.lower(i)
		if slices.Contains(complementizers, low) {
			tag := r.tag(i)
			if i == k && low == "that" && tag == "DT" && !r.hasVerb(i, end) {
				return 0, false // "rejected that account"
			}
			if !c.lex.has(frameClause) && !c.lex.has(frameParticle) && low == "that" {
				return 0, false // "dismissed suggestions that ..."
			}
			if i == k || low == "that" && (tag == "IN" || r.Tokens[i].Rel == "mark" || !isVerbTag(r.tag(i+1)) && r.tag(i+1) != "MD" && !r.punct(i+1)) && !r.is(k, "about", "of") ||
				low != "that" && c.lex.has(frameAddressee) || (low == "whether" || low == "if" || low == "why" || low == "how") && r.complementOf(i, c.head) {
				return i, c.lex.has(frameClause)
			}
			return 0, false
		}
		switch r.tag(i) {
		case "VBD", "VBZ", "VBP", "MD", ".":
			return 0, false
		}
		if r.is(i, ":", ";") {
			return 0, false
		}
		if r.tag(i) == "VBN" && strings.HasPrefix(r.tag(i+1), "NN") && r.tag(i-1) == "DT" {
			continue // "in a written answer"
		}
		if isVerbTag(r.tag(i)) && verbs()[strings.ToLower(r.Tokens[i].Lemma)] != nil {
			return 0, false // another cue
		}
	}
	return 0, false
}

// complementOf reports whether the clause that token i opens depends on verb v.
func (r *reading) complementOf(i, v int) bool {
	h := r.Tokens[i].Head
	return h >= 0 && (r.Tokens[h].Head == v || h == v)
}

// skipLight goes past adverbs and time expressions: "said Monday", "said again".
func (r *reading) skipLight(k, end int) int {
	for k < end && r.markOf[k] < 0 {
		if t := r.timeAt(k); t >= 0 && r.Times[t].Last < end {
			k = r.Times[t].Last
			continue
		}
		if r.is(k, "on") && r.timeAt(k+1) >= 0 {
			k = r.Times[r.timeAt(k+1)].Last
			continue
		}
		if r.is(k, "again", "recently", "repeatedly", "publicly", "privately", "simply", "bluntly", "flatly", "later", "earlier", "then", "instead") {
			k++
			continue
		}
		break
	}
	return k
}

// addressee goes past the phrase that names the person told.
func addressee(r *reading, c *cue, k, end int) int {
	if o := r.Child(c.head, "iobj"); o >= k && r.left(o) == k {
		return min(r.right(o), end)
	}
	if r.tag(k) == "PRP" {
		return k + 1
	}
	// A pronoun after the phrase begins the clause: "told reporters he would".
	j := k
	head := false
	for ; j < end && r.markOf[j] < 0; j++ {
		tag := r.tag(j)
		if strings.HasPrefix(tag, "NN") || tag == "CD" {
			if head && strings.HasPrefix(tag, "NNP") != strings.HasPrefix(r.tag(j-1), "NNP") && !strings.HasPrefix(r.tag(j-1), "NNP") {
				break // "told reporters Smith would"
			}
			head = true
			continue
		}
		if !head && (tag == "DT" || tag == "PRP$" || strings.HasPrefix(tag, "JJ") || tag == "VBG" || tag == "VBN") || tag == "POS" || tag == "HYPH" || r.is(j, "-", "&") {
			continue
		}
		break
	}
	if !head {
		return k
	}
	return j
}

// startsClause reports whether a subject and a finite verb follow token k.
func (r *reading) startsClause(k, end int) bool { return r.hasVerb(k, end) }

// contentEnd finds where content that begins at start ends: at the end of the
// sentence, unless what follows belongs to the cue again.
func contentEnd(r *reading, c *cue, start, end int, following []cue) int {
	if limit := r.clauseLimit(c.head, start, end); c.source.why != opensSentence && (limit > start+1 || !r.is(start, "that")) {
		end = limit // but not right behind the "that" of "said that, in addition, ..."
	}
	if r.objectAt(c, start, end) {
		end = r.objectEnd(c, start, end)
	}
	if c.sort == nounCue {
		end = r.nounClauseEnd(start, end)
	}
	if b := c.begin(); r.is(b-1, "which", "who", "what") && r.is(b-2, ",") && isFinite(r.tag(start)) {
		for i := start; i < end; i++ {
			if r.is(i, ",") {
				end = i // ", which officials said will come,"
			}
		}
	}
	if b := c.begin(); r.is(b-1, "what") && isFinite(r.tag(start)) {
		for i := start; i < end; i++ {
			if r.dash(i) && !r.is(i, "-") || r.is(i, ",") {
				end = i // "with joining what the state says is a gang -- the Reed Front -- as well as"
			}
		}
	}
	if r.subordinate(c) {
		end = r.matrixStart(start, end)
	}
	if c.source.behind {
		end = min(end, c.source.first)
	}
	for i := range following {
		d := &following[i]
		if d.head >= end {
			break
		}
		b := d.begin()
		if b <= start || !separate(r, c, d, b) {
			continue
		}
		if b > start && r.tag(b-1) == "CC" {
			b--
		}
		if r.isMark[b-1] {
			end = b // the marks before it close the content
			break
		}
		for b > start && (r.is(b-1, ",", ";", "which") || r.dash(b-1) || r.is(b-1, "while", "although", "though", "but", "as")) {
			b--
		}
		end = b
		break
	}
	for i := start + 1; i < end; i++ {
		if r.markOf[i] >= 0 {
			continue
		}
		if boundary(r, c, start, i) || r.participleBehindMarks(start, i) {
			return i
		}
	}
	return r.dropTrailer(c, start, end)
}

// nounClauseEnd gives where the clause after a noun ends: before the verb that
// the noun is subject of. "His claim that the dam was safe | did not last."
func (r *reading) nounClauseEnd(start, end int) int {
	verbs := 0
	for i := start; i < end; i++ {
		if r.markOf[i] >= 0 {
			continue
		}
		if r.tag(i) == "CC" || r.is(i, ",", "who", "which", "if", "because", "as", "when", "while", "than") || i > start && r.is(i, "that", "what", "how") {
			verbs = 0
		}
		if isFinite(r.tag(i)) {
			if verbs++; verbs == 2 && !isFinite(r.tag(i-1)) {
				return i
			}
		}
	}
	return end
}

// subordinate reports whether the attribution stands in an opening clause:
// "While the ministry said it was safe, ...".
func (r *reading) subordinate(c *cue) bool {
	k := c.begin() - 1
	return k == r.sentence(c.head).First && r.is(k, "while", "although", "though", "if", "when", "after", "because", "since", "before", "once", "whereas")
}

// matrixStart gives the comma after which the sentence goes on in the writer's
// voice: the first one with a subject and a verb right behind it.
func (r *reading) matrixStart(start, end int) int {
	for i := start + 2; i < end; i++ {
		if !r.is(i, ",") || r.markOf[i] >= 0 {
			continue
		}
		j := i + 1
		if r.tag(j) == "RB" {
			j++
		}
		if r.tag(j) == "PRP" && j+1 < end {
			return i
		}
		if k := r.simplePhrase(j, end); k > j && k < end && (isVerbTag(r.tag(k)) || r.tag(k) == "MD" || r.tag(k) == "RB") {
			return i
		}
	}
	return end
}

// clauseLimit gives where the clause of verb v ends when the sentence goes on
// with the clause that governs it: "While she said it was late, he stayed."
func (r *reading) clauseLimit(v, start, end int) int {
	k := v
	for range 100 {
		h := r.Tokens[k].Head
		if h < 0 {
			return end
		}
		if h > start {
			if limit := r.right(k); limit > start && limit < end {
				return limit
			}
			return end
		}
		k = h
	}
	return end
}

// separate reports whether cue d, whose attribution begins at token b, goes on
// with what c began, instead of standing inside the content of c.
func separate(r *reading, c, d *cue, b int) bool {
	if d.sort == accordingCue {
		return b > 0 && r.is(b-1, ",")
	}
	if d.sort == nounCue {
		return false
	}
	before := b - 1
	for before > 0 && r.isMark[before] {
		before--
	}
	switch {
	case b == d.first && isNounTag(r.tag(b-1)) && r.opensClause(b):
		return false // "told the council that her office had asked"
	case r.tag(before) == "CC" && d.first == b && d.lex.kind == Speech && d.lex.lemma == c.lex.lemma && d.lex.particle == c.lex.particle && d.lex.particle != "":
		return true // "called on the police to wait and called on people to leave"
	case r.tag(before) == "CC" && d.first == b && d.lex.kind == Speech && r.goesBack(c, d.head, before):
		return true
	case r.Tokens[d.head].Head == c.head && (r.Tokens[d.head].Rel == "conj" || r.Tokens[d.head].Rel == "advcl" && r.is(before, ",")):
		return true
	case r.tag(d.head) == "VBG" && d.first == d.head && (r.is(before, ",") || r.is(before, "before", "after", "while")) && (d.lex.kind == Speech || r.Tokens[d.head].Head == c.head):
		return true
	case r.tag(before) == "CC" && d.first == b && r.finiteGroup(d) && d.lex.kind == Speech && (d.lex.has(frameAfter) || d.source.found() && d.source.first == c.source.first) && r.sameTense(c, d):
		return true
	case r.byAnother(d, b):
		return true
	case d.lex.kind == Speech && d.source.found() && d.source.first == b && (r.is(before, ";") || r.tag(before) == "CC" && r.is(before-1, ",") || r.is(before, "while", "although", "though") && r.is(before-1, ",")):
		return true
	}
	return false
}

// byAnother reports whether cue d, whose attribution begins at token b, gives another's
// words in marks behind ", which": "repeated her pledge, which Roe dismissed as “a fairy
// tale”".
func (r *reading) byAnother(d *cue, b int) bool {
	if !r.is(b-1, "which") || !r.is(b-2, ",") || d.sort != verbCue || d.lex.kind != Speech || !d.source.found() || d.source.first != b || r.tag(d.source.head) == "PRP" {
		return false
	}
	for i := d.last; i < min(d.last+4, len(r.Tokens)); i++ {
		if r.markOf[i] >= 0 {
			return true
		}
	}
	return false
}

// opensClause reports whether the noun phrase before token i is the subject of
// a clause with "that".
func (r *reading) opensClause(i int) bool {
	s := r.plainBefore(r.sentence(i).First, i)
	return s.found() && r.is(s.first-1, "that", "whether")
}

// goesBack reports whether verb v behind the "and" or "but" at token cc goes on
// with cue c and not with what was said, by its tense: "said two guards had been
// hurt and accused the army", "said it would pay and blamed the bank".
func (r *reading) goesBack(c *cue, v, cc int) bool {
	if t := r.tag(c.head); t != "VBD" && !(t == "VBN" && c.first == c.head) || c.passive || c.sort != verbCue || c.lex.kind != Speech || !c.lex.has(frameClause) {
		return false
	}
	t := r.tag(v)
	active := t == "VBD" || t == "VBN" && (r.tag(v+1) == "DT" || r.tag(v+1) == "PRP" || r.tag(v+1) == "PRP$" || strings.HasPrefix(r.tag(v+1), "NNP") || r.is(v+1, "that"))
	if !active {
		return false
	}
	for i := cc - 1; i > c.end(); i-- {
		if r.markOf[i] >= 0 || r.tag(i) == "CC" && isVerbTag(r.tag(i+1)) {
			return false
		}
		if !isFinite(r.tag(i)) {
			continue
		}
		switch {
		case r.tag(i) == "MD":
			return true
		case r.is(i, "had"):
			return r.hasWord(i+1, min(i+4, cc), "been") || t == "VBD"
		case r.is(i, "has", "have", "is", "are", "'s", "’s", "'re", "’re"):
			return true
		}
		return false
	}
	return false
}

// finiteGroup reports whether the verb group of a cue is finite.
func (r *reading) finiteGroup(c *cue) bool {
	return isFinite(r.tag(c.head)) || c.first < c.head && (isFinite(r.tag(c.first)) || isFinite(r.tag(c.first+1)))
}

// sameTense reports whether two cues are both of the past or both not.
func (r *reading) sameTense(c, d *cue) bool {
	past := func(c *cue) bool {
		return r.tag(c.head) == "VBD" || r.tag(c.head) == "VBN" || r.is(c.first, "did", "had")
	}
	return past(c) == past(d)
}

// contrasts open a clause in the writer's own voice when a comma or a dash
// stands before them and the parser hangs it on the cue.
var contrasts = []string{"but", "and", "although", "though", "while", "even", "despite", "so", "yet", "or", "because", "since", "after", "before", "when", "as", "with", "without", "in", "at", "during", "until"}

// boundary reports whether the content that began at start ends before token i.
func boundary(r *reading, c *cue, start, i int) bool {
	low := r.lower(i)
	if r.is(i, ";") {
		return true
	}
	if (low == "," || r.dash(i)) && r.remark(i+1) {
		return true
	}
	if r.dash(i) && !r.is(i, "-") {
		return slices.Contains([]string{"although", "though", "but", "while", "even"}, r.lower(i+1))
	}
	if low != "," {
		return false
	}
	next := i + 1
	if !slices.Contains(contrasts, r.lower(next)) {
		return false
	}
	// The clause that follows belongs to the cue if its head hangs on it.
	h := r.Tokens[next].Head
	for steps := 0; h >= 0 && steps < 40; steps++ {
		if h == c.head {
			return true
		}
		if h >= start && h < i {
			return false
		}
		h = r.Tokens[h].Head
	}
	return false
}

// participleBehindMarks reports whether at token i, outside marks, the writer goes
// on with a participle after the last words quoted: "only “partial,” meaning
// it left him free".
func (r *reading) participleBehindMarks(start, i int) bool {
	k := i
	switch {
	case r.is(i, ",") && i > start && r.markOf[i-1] >= 0:
		k++
	case i-2 < start || r.markOf[i-1] < 0 || !r.is(i-2, ",") || r.markOf[i-2] < 0:
		return false
	}
	if r.tag(k) == "RB" {
		k++
	}
	return r.tag(k) == "VBG" && !r.is(k, "including", "according", "saying", "adding")
}

// remark reports whether at token i the writer begins to comment on what was
// said: "a reference to", "an apparent swipe at", "referring to", "a claim that",
// "drawing laughter".
func (r *reading) remark(i int) bool {
	if r.is(i, "referring", "alluding") && r.is(i+1, "to") || r.is(i, "drawing", "prompting", "sparking", "echoing", "contradicting") && r.tag(i) == "VBG" && isNounTag(r.tag(r.objectHead(i+1, min(i+6, r.sentence(i).Last)))) {
		return true
	}
	if !r.is(i, "a", "an", "the") {
		return false
	}
	for k := i + 1; k < i+4; k++ {
		if r.is(k, "reference", "swipe", "jab", "nod", "allusion", "dig") && r.is(k+1, "to", "at", "toward", "towards") {
			return true
		}
		if r.is(i, "a", "an") && r.is(k, "claim", "charge", "assertion", "accusation", "allegation", "remark", "comment", "sentiment") && (r.is(k+1, "that", "which") || r.tag(k+1) == "PRP" || r.tag(k+1) == "DT" || strings.HasPrefix(r.tag(k+1), "NNP")) {
			return true
		}
		if !strings.HasPrefix(r.tag(k), "JJ") && !r.is(k, "latter") {
			return false
		}
	}
	return false
}

// media are the nouns of phrases that say where something was said: "in a
// statement", "during an interview".
var media = []string{"statement", "pitch", "plea", "appeal", "interview", "email", "e-mail", "tweet", "letter", "speech", "post", "message", "release", "briefing", "conference", "memo", "column", "op-ed", "report", "appearance", "call", "hearing", "filing"}

// dropTrailer takes off a closing phrase that belongs to the cue: "... in a
// statement on Tuesday".
func (r *reading) dropTrailer(c *cue, start, end int) int {
	last := end
	for last > start && r.punct(last-1) && r.markOf[last-1] < 0 {
		last--
	}
	if last == start || r.markOf[last-1] >= 0 {
		return end
	}
	k := last - 1
	if t := r.timeEnding(last); t >= 0 && r.Times[t].First > start+1 {
		k = r.Times[t].First - 1
		if r.is(k, "on") {
			k--
		}
	}
	for j := k - 1; j > start+2 && j > k-10; j-- {
		if r.is(j+1, "with") && slices.Contains(media, strings.ToLower(r.Tokens[j].Lemma)) && r.simplePhrase(j+2, last) == last {
			k = j // "in an interview with the Courier"
			break
		}
	}
	if !slices.Contains(media, strings.ToLower(r.Tokens[max(k, 0)].Lemma)) {
		return end
	}
	for j := k - 1; j > start+2 && j > k-6; j-- {
		if r.is(j, "in", "during") && r.is(j+1, "a", "an", "the", "his", "her", "their") {
			if r.Tokens[k].Head == c.head || r.is(j+1, "a", "an") {
				return j
			}
			return end
		}
	}
	return end
}

// timeEnding gives the time expression that ends before token i, or -1.
func (r *reading) timeEnding(i int) int {
	for k := i - 1; k >= 0 && k > i-5; k-- {
		if t := r.timeAt(k); t >= 0 && r.Times[t].Last == i {
			return t
		}
	}
	return -1
}

// trimContent takes the punctuation off both ends of a content, but keeps what
// stands inside quotation marks.
func (r *reading) trimContent(first, last int) (int, int) {
	for first < last && r.markOf[first] < 0 && (r.is(first, ",", ";", ":") || r.dash(first)) {
		first++
	}
	for first < last && r.markOf[last-1] < 0 && r.punct(last-1) && !r.is(last-1, ")", "]") {
		last--
	}
	if first < last && r.is(last-1, ")") && !r.hasOpen(first, last) {
		last--
	}
	for first < last && r.markOf[last-1] < 0 && (r.tag(last-1) == "CC" || r.is(last-1, "because", "although", "unless")) {
		last--
	}
	return first, last
}

func (r *reading) hasOpen(first, last int) bool {
	for i := first; i < last; i++ {
		if r.is(i, "(") {
			return true
		}
	}
	return false
}

// validContent asks of the content what the cue's constructions ask.
func validContent(r *reading, c *cue, first, last int) bool {
	if c.sort == nounCue {
		return true
	}
	if c.sort == accordingCue {
		return last-first > 2
	}
	l := c.lex
	quoted := false
	for i := first; i < last && !quoted; i++ {
		quoted = r.markOf[i] >= 0
	}
	tag := r.tag(first)
	if !quoted && r.objectAt(c, first, last) && !r.said(c, first, last) {
		return false
	}
	if l.has(frameClause) && isFinite(tag) && first == c.end() && r.is(c.begin()-1, "which", "who", "that", "what") {
		return true // "a change which officials said will come"
	}
	switch {
	case l.particle == "to" && l.lemma == "appeal":
		return r.hasTo(first, last) // "appealed to both sides to stop", not "to the court"
	case l.has(frameParticle):
		return !r.punct(first) || quoted
	case r.is(first, "to"):
		return l.has(frameInfinitive)
	case r.markOf[first] >= 0:
		return l.has(frameQuote|frameNoun|frameSmall) || l.has(frameClause)
	case r.is(first, "that") && r.objectAt(c, first, last):
		return true
	case r.is(first, "what") && l.has(frameNoun) && last-first > 2:
		return true // "condemned what she described as ..."
	case r.is(first, complementizers...):
		return l.has(frameClause) && last-first > 1
	case r.hasVerb(first, last) && l.has(frameClause):
		if tag == "IN" && !l.has(frameNoun) && !r.is(first, "as", "if", "in", "at", "on", "for", "with", "after", "despite", "because", "unlike", "under", "while", "without", "by", "from", "during", "before", "since", "until", "neither", "either", "both") {
			return false
		}
		if tag == "VBG" {
			return c.lex.has(frameAfter) && r.hasVerb(first, last) && !r.is(first-1, ",")
		}
		if tag == "RB" && (r.tag(first+1) == "IN" || r.tag(first+1) == "TO" || r.punct(first+1)) {
			return false
		}
		return tag != "VBN" && tag != "VBD" && tag != "MD" && tag != "CC"
	}
	if l.has(frameClause) && l.has(frameAfter) && !l.has(frameNoun) && l.lemma != "maintain" && last-first > 2 && (isNounTag(r.tag(min(first+1, last-1))) || r.nounPhrase(first, last) > first+1 && slices.Contains(clausal, l.lemma)) && r.anyVerb(first+1, last) {
		return true // the tagger missed the finite verb
	}
	nounish := isNounTag(tag) || tag == "DT" || tag == "PRP$" || strings.HasPrefix(tag, "JJ") || tag == "PDT" || tag == "VBG" || tag == "EX" || tag == "$"
	if l.has(frameNoun) || l.has(frameSmall) {
		return nounish && !(l.lemma == "slam" && r.moved(first, last))
	}
	if l.has(frameInfinitive) {
		return nounish && r.hasTo(first, last)
	}
	return false
}

// nounPhrase gives where the plain noun phrase that begins at first ends, or
// first when none begins there.
func (r *reading) nounPhrase(first, last int) int {
	if t := r.tag(first); t != "DT" && t != "PRP$" && !strings.HasPrefix(t, "NNP") && t != "NNS" && !strings.HasPrefix(t, "JJ") {
		return first
	}
	return max(first, r.simplePhrase(first, last))
}

func (r *reading) anyVerb(first, last int) bool {
	for i := first; i < last; i++ {
		if isVerbTag(r.tag(i)) {
			return true
		}
	}
	return false
}

// moved reports whether the object in tokens [first, last) is a thing that is
// slammed in the literal sense.
func (r *reading) moved(first, last int) bool {
	for i := first; i < last && i < first+8; i++ {
		if r.is(i, "shut", "door", "doors", "gate", "gates", "brakes", "into", "onto", "against", "ball") {
			return true
		}
	}
	return false
}

func (r *reading) hasTo(first, last int) bool {
	for i := first; i < last; i++ {
		if r.tag(i) == "TO" || r.is(i, "to") {
			return true
		}
	}
	return false
}

// beforeCue finds the content of a cue that follows it or stands inside it:
// "It was late, he said." and "It was, he said, late."
func beforeCue(r *reading, c *cue, floor int) ([]stretch, bool) {
	s := r.sentence(c.head)
	b, e := c.begin(), c.end()
	if b > s.First && r.is(b-1, "as") {
		b--
	}
	if b <= s.First || b <= floor {
		return nil, false
	}
	if !r.is(b-1, ",") && !r.dash(b-1) && !(c.sort == accordingCue && b > s.First+2) {
		return nil, false
	}
	// What follows the cue must be light, then an end or a comma.
	k := e
	if c.lex.has(frameAddressee) {
		k = addressee(r, c, k, s.Last)
	}
	k = r.skipLight(k, s.Last)
	closed := k >= s.Last || r.punct(k) && r.markOf[k] < 0
	if !closed {
		if j := r.adjunct(k, s.Last); j > k {
			k = j
			closed = k >= s.Last || r.punct(k) && r.markOf[k] < 0
		}
	}
	if !closed && r.whenSaid(k, s.Last) {
		k, closed = s.Last, true
	}
	if !closed && c.sort != accordingCue {
		return nil, false
	}
	first, last := r.trimContent(max(r.pastDateline(s), r.sentenceStart(b-1), floor), b)
	for first < last && r.tag(first) == "CC" && r.markOf[first] < 0 && r.is(first+1, ",") {
		first += 2
	}
	var found []stretch
	if first < last {
		found = append(found, stretch{first, last})
	} else if b-1 <= s.First {
		return nil, false // "But, he said, it was late": all of it comes behind
	}
	if k < s.Last && (r.is(k, ",") || r.dash(k)) && r.markOf[k] < 0 && k+1 < s.Last {
		if rest, ok := restOf(r, c, k+1, s.Last); ok {
			found = append(found, rest)
		}
	}
	if len(found) == 0 {
		return nil, false
	}
	if first >= last {
		return found, r.hasVerb(found[0].first, found[0].last)
	}
	if c.sort != accordingCue && !r.hasVerb(first, last) {
		// "In his state, he said, nobody votes": the verb comes behind.
		n := len(found) - 1
		if n == 1 && (r.is(found[1].first, "that", "whether") || r.frontAdjunct(first, last)) {
			found = found[1:] // "On Friday, he said, ..."
			return found, r.hasVerb(found[0].first, found[0].last)
		}
		if n == 0 || !r.hasVerb(found[n].first, found[n].last) && !r.parted(c, found) {
			return nil, false
		}
	}
	if c.sort == verbCue && !c.lex.has(frameClause) && !slices.Contains(asides, c.lex.lemma) && !r.quotes(found) {
		return nil, false // "Asked about the harvest, Roe laughed."
	}
	return found, last-first > 1 || len(found) > 1
}

// asides are verbs that take no clause and yet may close a paraphrase: "It was
// late, she commented."
var asides = []string{"comment", "elaborate", "apologize", "apologise", "put"}

// quotes reports whether any word of the stretches stands in marks.
func (r *reading) quotes(found []stretch) bool {
	for _, s := range found {
		for i := s.first; i < s.last; i++ {
			if r.markOf[i] >= 0 {
				return true
			}
		}
	}
	return false
}

// parted reports whether an attribution between two commas parts a subject from
// its verb, though the tagger took the verb for a noun: "The data, he noted, end
// in 2017."
func (r *reading) parted(c *cue, found []stretch) bool {
	if c.sort != verbCue || !c.source.found() || c.source.last != c.first || !c.lex.has(frameClause) || c.lex.kind != Speech {
		return false
	}
	subject, rest := found[0], found[1]
	return r.simplePhrase(subject.first, subject.last) == subject.last && isNounTag(r.tag(subject.last-1)) &&
		rest.last-rest.first > 2 && (r.tag(rest.first) == "NN" || r.tag(rest.first) == "NNS") && (r.tag(rest.first+1) == "IN" || r.tag(rest.first+1) == "DT" || r.tag(rest.first+1) == "TO")
}

// frontAdjunct reports whether tokens [first, last) only say when or where
// something was said.
func (r *reading) frontAdjunct(first, last int) bool {
	if r.timeCovers[first] && r.timeCovers[last-1] {
		return true
	}
	return r.tag(first) == "IN" && (r.timeCovers[last-1] || slices.Contains(media, r.Tokens[last-1].Lemma))
}

// sentenceStart gives the first token of the sentence that holds token i. It
// looks for full stops that the splitter went past because of the marks behind
// them.
func (r *reading) sentenceStart(i int) int {
	floor := r.sentence(i).First
	for k := i - 1; k > floor; k-- {
		if m := r.markOf[k]; m >= 0 && r.isMark[k] && r.marks[m].Start == r.Tokens[k].Start && r.is(k-1, ".", "?", "!") && r.markOf[k-1] < 0 {
			return k
		}
	}
	return floor
}

// pastDateline gives the first token of a sentence after the place that newspapers
// set before the first one: "SPRINGFIELD (AP) — ", "Springfield, Ohio (AP)The".
func (r *reading) pastDateline(s nlp.Sentence) int {
	if s.First != 0 && r.Tokens[s.First-1].End > r.Paragraphs[s.Paragraph].Start {
		return s.First
	}
	if k := r.bareDateline(s); k > s.First {
		return k
	}
	if w := r.word(s.First); len(w) < 3 || w != strings.ToUpper(w) {
		return s.First
	}
	for i := s.First + 1; i < s.Last && i < s.First+10; i++ {
		if r.dash(i) && !(r.is(i, "-") && r.Tokens[i].Start == r.Tokens[i-1].End) {
			return i + 1
		}
	}
	return s.First
}

// bareDateline gives the token after a place with which a paragraph opens without a
// dash, when an article with a capital shows that the sentence begins behind it, or
// the agency in brackets. It gives the first token of the sentence otherwise.
func (r *reading) bareDateline(s nlp.Sentence) int {
	k := s.First
	for range 2 {
		m := r.MentionAt(k)
		if m < 0 || r.Entities[r.Mentions[m].Entity].Kind != nlp.Place || r.Mentions[m].First != k {
			break
		}
		if k = r.Mentions[m].Last; r.is(k, ",") {
			k++
		}
	}
	if k > s.First && r.is(k, "(") && r.is(k+2, ")") && k+3 < s.Last && r.capital(k+1) {
		return k + 3
	}
	if k > s.First && k < s.Last && r.is(k, "a", "an", "the") && r.capital(k) {
		return k
	}
	return s.First
}

// restOf gives what of the content follows an attribution that stands inside
// it. A participle or a contrast that follows is the writer's.
func restOf(r *reading, c *cue, k, end int) (stretch, bool) {
	if r.tag(k) == "VBG" && !r.is(k, "including") || slices.Contains([]string{"who", "which", "citing", "while", "although", "though", "as", "when", "before", "after"}, r.lower(k)) || r.is(k, "but", "and") && r.Tokens[k].Head == c.head {
		return stretch{}, false
	}
	if r.is(k, "in") && (r.is(k+1, "what") || r.is(k+1, "a", "an", "the") && r.is(k+2, "move", "step", "bid", "blow", "sign", "twist", "setback", "victory", "reversal", "latest")) {
		return stretch{}, false // "..., the board said on Tuesday, in a move that unions welcomed"
	}
	first, last := r.trimContent(k, end)
	return stretch{first, last}, first < last
}

// titled reports whether passage m looks like the name of a programme or a work: a few
// words with capital letters.
func (r *reading) titled(m int) bool {
	words := strings.Fields(strings.Trim(r.marks[m].inner.Text(r.Text), " .,"))
	if len(words) == 0 || len(words) > maxTitle || capitals(words) < 0 {
		return false
	}
	first, _ := utf8.DecodeRuneInString(words[0])
	last, _ := utf8.DecodeRuneInString(words[len(words)-1])
	return unicode.IsUpper(first) && unicode.IsUpper(last)
}

// adjunct goes past "in a statement", "at a rally in Ohio", "to applause".
func (r *reading) adjunct(k, end int) int {
	for k < end && r.markOf[k] < 0 && (r.tag(k) == "IN" || r.tag(k) == "TO" || r.is(k, "to")) && !r.is(k, "that", "if", "whether", "because", "as") {
		j := max(r.simplePhrase(k+1, end), k+1)
		if j < end && r.markOf[j] >= 0 && r.titled(r.markOf[j]) {
			_, j = r.TokensIn(r.marks[r.markOf[j]].Span) // "on Radio North's “Morning Hour”"
			j = min(j, end)
		}
		if j <= k+1 {
			return k
		}
		k = r.skipLight(j, end)
		if r.is(k, "published", "posted", "released", "issued", "broadcast", "aired", "obtained", "read", "sent") && r.tag(k) != "VBZ" {
			k = r.skipLight(k+1, end) // "in a report published Thursday"
		}
	}
	return k
}

// contentSpan gives the bytes of a stretch. Where its last or first token
// stands inside a passage in quotation marks that it does not hold whole, the
// passage's own edge counts.
func (r *reading) contentSpan(s stretch) nlp.Span {
	span := r.span(s.first, s.last)
	if m := r.markOf[s.last-1]; m >= 0 && r.marks[m].Start >= span.Start {
		span.End = max(span.End, r.marks[m].End)
	}
	if m := r.markOf[s.first]; m >= 0 {
		span.Start = min(span.Start, r.marks[m].Start)
	}
	return span
}
