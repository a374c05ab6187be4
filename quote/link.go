package quote

import (
	"slices"
	"sort"
	"strings"
	"unicode"
	"unicode/utf8"

	"onrecord/nlp"
)

// A draft is a quotation before its speaker is known.
type draft struct {
	content   []nlp.Span
	cue       *cue     // nil when only the marks signal it
	colon     nlp.Span // the cue when it is a bare colon
	source    source
	shown     stretch // the words shown for the source, when they are not those of source
	paragraph int
	label     bool   // a turn of a transcript
	silent    bool   // the source stands near, but no cue ties it to the words
	via       source // who passes the words on
	follows   int    // index of the draft whose speaker goes on, or -1
	reasons   []string
}

// end is where the last content ends.
func (d *draft) end() int { return d.content[len(d.content)-1].End }

func (d *draft) start() int { return d.content[0].Start }

// A linker joins passages, cues and sources into drafts. It goes through the
// text once, paragraph by paragraph.
type linker struct {
	*reading
	cues   []cue
	taken  []bool // per mark: is the content of a draft
	within []int  // per mark: the draft it went to
	drafts []draft
	via    map[*cue]source // who passes on what the cue reports
}

// link finds every quotation of the document.
func link(r *reading, cues []cue, turns []turn) []draft {
	l := &linker{reading: r, cues: cues, taken: make([]bool, len(r.marks)), within: make([]int, len(r.marks))}
	for i := range l.cues {
		l.cues[i].source = findSource(r, &l.cues[i])
		if i > 0 {
			l.inherit(&l.cues[i], &l.cues[i-1])
		}
	}
	c, m, t := 0, 0, 0
	for p := range r.Paragraphs {
		end := r.Paragraphs[p].End
		for t < len(turns) && turns[t].content.Start < end {
			l.addTurn(&turns[t], p)
			t++
		}
		spoken := t > 0 && turns[t-1].content.End >= end && turns[t-1].content.Start < end
		firstCue, firstMark := c, m
		for c < len(l.cues) && r.Tokens[l.cues[c].head].Start < end {
			c++
		}
		for m < len(r.marks) && r.marks[m].Start < end {
			m++
		}
		if !spoken {
			l.paragraph(p, firstCue, c, firstMark, m)
		}
	}
	slices.SortStableFunc(l.drafts, func(a, b draft) int { return a.start() - b.start() })
	return l.drafts
}

// inherit gives a participle that goes on with a quotation the source of the
// cue before it: "…,” she told the paper, adding that ...".
func (l *linker) inherit(c, before *cue) {
	if l.tag(c.first-1) == "CC" && (!c.source.found() || l.takesUp(c, before)) && before.sort == verbCue && before.source.found() &&
		l.Tokens[before.head].Sentence == l.Tokens[c.head].Sentence {
		c.source = before.source
		c.source.shared = true
		return
	}
	if c.sort != verbCue || l.tag(c.head) != "VBG" || c.first != c.head || before.sort != verbCue || !before.source.found() ||
		l.Tokens[before.head].Sentence != l.Tokens[c.head].Sentence {
		return
	}
	k := c.head - 1
	for k > 0 && l.isMark[k] {
		k--
	}
	if l.is(k, ",") && before.lex.kind == Speech {
		c.source = before.source
		c.source.shared = true
		c.source.why = "shared with “" + l.word(before.head) + "”"
	}
}

// takesUp reports whether a cue behind "and" or "but" goes on with the
// attribution of the cue before it, whatever subject the parser found inside
// what was said: "She said the board had not looked, and asked for a delay."
func (l *linker) takesUp(c, before *cue) bool {
	if c.source.shared && c.source.head > before.head && c.sort == verbCue && c.lex.kind == Speech && l.goesBack(before, c.head, c.first-1) {
		return true
	}
	return c.sort == verbCue && c.lex.kind == Speech && before.lex.kind == Speech && l.finiteGroup(c) && l.finiteGroup(before) && l.sameTense(c, before) &&
		!c.passive && !before.passive && c.source.shared && before.source.last <= before.head &&
		!l.is(before.source.first, "who", "which", "that") && (c.source.head > before.head || l.is(c.source.first, "who", "which"))
}

func (l *linker) addTurn(t *turn, p int) {
	if len(t.pieces) == 0 {
		return // nothing but "[Applause]"
	}
	reason := strings.TrimSpace("turn of a transcript, labelled " + t.source.span(l.reading).Text(l.Text) + " " + t.note)
	if t.unlabelled {
		reason = "answer in an interview"
	}
	l.drafts = append(l.drafts, draft{
		content: t.pieces, colon: t.colon, source: t.source, paragraph: p, label: true, silent: t.unlabelled, follows: -1, reasons: []string{reason},
	})
}

// paragraph links what one paragraph holds: cues [c0, c1), passages [m0, m1).
func (l *linker) paragraph(p, c0, c1, m0, m1 int) {
	begun := len(l.drafts)
	if p == 0 && l.headline() {
		return
	}
	// Passages that a cue stands next to.
	for m := m0; m < m1; m++ {
		if l.marks[m].depth == 0 && !l.taken[m] {
			l.adjacent(p, m, c0, c1, begun)
		}
	}
	// Attributions that close a sentence hold all of it, cues included.
	for c := c0; c < c1; c++ {
		l.closes(p, c, c0)
	}
	// Cues with content in the paper's own words.
	floor := 0
	for c := c0; c < c1; c++ {
		if cu := &l.cues[c]; !cu.used && cu.head >= floor {
			floor = max(floor, l.paraphrase(p, c, c1, floor))
		}
	}
	// Passages left over.
	for m := m0; m < m1; m++ {
		if l.marks[m].depth == 0 && !l.taken[m] {
			l.leftover(p, m, begun)
		}
	}
}

// closes links cue c if it closes its sentence and other cues stand before it:
// "Mr. Obama warned the Chinese leader not to move, said an official." All that
// comes before is what was said; the cues in it are second-hand.
func (l *linker) closes(p, c, c0 int) {
	cu := &l.cues[c]
	s := l.sentence(cu.head)
	if cu.used || cu.sort == nounCue || cu.lex.kind != Speech || !cu.lex.has(frameAfter) || cu.passive || !cu.source.found() || l.speechless(cu.source) || cu.source.shared ||
		c == c0 || l.cues[c-1].head < s.First || cu.begin() <= s.First {
		return
	}
	k := l.skipLight(cu.end(), s.Last)
	k = l.adjunct(k, s.Last)
	for k < s.Last && l.punct(k) && l.markOf[k] < 0 {
		k++
	}
	if k < s.Last && !l.whenSaid(k, s.Last) {
		return
	}
	for i := c - 1; i >= c0 && l.cues[i].head >= s.First; i-- {
		d := &l.cues[i]
		if cu.sort == accordingCue && d.lex.kind == Speech && d.lex.has(frameAfter) {
			return // "Roe said it was late, according to the paper"
		}
		if d.used || l.is(d.begin()-1, ",") && l.is(l.skipLight(d.end(), s.Last), ",") || l.is(cu.begin()-2, "and", "but") {
			return // another attribution stands inside
		}
		if cu.source.first < d.last && cu.source.last > d.first {
			return
		}
	}
	parts, ok := beforeCue(l.reading, cu, 0)
	if !ok || l.anyTaken(parts) || parts[0].last < l.cues[c-1].last {
		return
	}
	l.indirect(p, cu, parts, "the sentence closes with its source")
	for i := c - 1; i >= c0 && l.cues[i].head >= s.First; i-- {
		l.cues[i].used = true
	}
}

// headline reads a first line of the form "Roe: Bridge was never safe", which
// lets Roe speak with a bare colon. It reports whether it found one.
func (l *linker) headline() bool {
	span := l.Paragraphs[0]
	first, last := l.TokensIn(span)
	if first >= last || last-first > 30 || len(l.Paragraphs) < 2 || l.Tokens[first].Sentence != l.Tokens[last-1].Sentence {
		return false
	}
	if l.is(first, headings...) && l.is(first+1, ":") {
		return false
	}
	colon := l.headlineLabel(first, last)
	if colon == 0 {
		colon = l.labelColon(first, span)
	}
	if colon == 0 || colon-first > 4 || last-colon < 4 || l.markOf[colon+1] >= 0 && l.markOf[last-1] == l.markOf[colon+1] {
		return false
	}
	if e := l.Tokens[colon-1].Entity; !l.is(colon-1, headlineVoices...) && (e < 0 || l.Entities[e].Kind == nlp.Place) {
		return false
	}
	f, t := l.trimContent(colon+1, last)
	if f >= t {
		return false
	}
	d := draft{
		content: []nlp.Span{l.contentSpan(stretch{f, t})}, colon: l.Tokens[colon].Span, follows: -1,
		source:  source{first: first, last: colon, head: l.headOf(first, colon), why: "name before the colon of a headline"},
		reasons: []string{"headline that lets a name speak"},
	}
	for i := f; i < t; i++ {
		if m := l.markOf[i]; m >= 0 {
			l.take(len(l.drafts), m)
		}
	}
	l.drafts = append(l.drafts, d)
	return true
}

// headlineVoices are words without a name that headlines let speak with a colon.
var headlineVoices = []string{"report", "reports", "poll", "study", "survey", "police", "officials", "official", "prosecutors", "prosecutor", "minister", "mayor", "source", "sources", "newspaper", "lawyer", "lawyers", "experts", "scientists", "researchers", "un", "coroner", "judge", "inquiry", "audit"}

// headlineLabel gives the token of the colon behind a name with a title, "Dr Jane
// Roe: ...", or behind a word for who speaks, "Police: ...", else 0.
func (l *linker) headlineLabel(first, last int) int {
	colon := first + 1
	for colon < last && colon <= first+4 && !l.is(colon, ":") {
		if l.markOf[colon] >= 0 {
			return 0
		}
		colon++
	}
	if colon >= last || !l.is(colon, ":") || !l.anyVerb(colon+1, last) {
		return 0
	}
	if l.is(colon-1, headlineVoices...) {
		return colon
	}
	m := l.MentionAt(colon - 1)
	if m < 0 || l.Entities[l.Mentions[m].Entity].Kind != nlp.Person || l.Mentions[m].Title.Empty() {
		return 0
	}
	if t, _ := l.TokensIn(l.Mentions[m].Title); t != first {
		return 0
	}
	return colon
}

func (l *linker) take(d, m int) {
	l.taken[m] = true
	l.within[m] = d
}

// adjacent links passage m to a cue that stands right after or right before it.
func (l *linker) adjacent(p, m, c0, c1, begun int) {
	first, last := l.TokensIn(l.marks[m].Span)
	if first >= last {
		return
	}
	if c := l.cueAfterMark(m, last, c0, c1); c != nil {
		l.direct(p, m, first, c, "the cue follows the quotation")
		return
	}
	if c := l.cueBeforeMark(m, first, c0, c1); c != nil {
		l.direct(p, m, first, c, "the cue stands before the quotation")
	}
}

// direct makes a draft of passage m and cue c, and adds what goes on after an
// attribution in the middle: "…," she said, "…".
func (l *linker) direct(p, m, first int, c *cue, why string) {
	c.used = true
	d := draft{cue: c, source: c.source, paragraph: p, follows: -1, reasons: []string{why}}
	if l.begunAbove(p, m, first, &d) {
		return
	}
	span := l.marks[m].Span
	if first > l.sentence(first).First && c.begin() > first && !l.independent(m, first) {
		// The passage ends a sentence that began in the paper's own words.
		f, _ := l.trimContent(l.sentenceStart(first), first)
		if f < first && !l.ownCueBetween(f, first) {
			span.Start = l.Tokens[f].Start
			d.reasons = append(d.reasons, "the sentence begins outside the marks")
		}
	}
	d.content = []nlp.Span{span}
	if front := l.frontOf(m, first, c); !front.empty() {
		d.content = []nlp.Span{l.contentSpan(front), span}
		d.reasons = append(d.reasons, "the sentence begins before the cue")
	}
	at := len(l.drafts)
	l.drafts = append(l.drafts, d)
	l.takeInside(at, span, m)
	// "…," she said, "…": the same sentence goes on.
	k := l.skipLight(c.end(), l.sentence(c.head).Last)
	if c.begin() > first {
		for k < len(l.Tokens) && k < c.end()+12 && l.markOf[k] < 0 && !l.is(k, ".", "?", "!", ";", ":") && !isFinite(l.tag(k)) && !l.startsOther(k, c) {
			k++
		}
		if k < len(l.Tokens) && l.markOf[k] >= 0 && l.markOf[k] != m && l.is(k-1, ",") && !l.taken[l.markOf[k]] {
			n := l.markOf[k]
			if l.paragraphOf[n] == p {
				l.drafts[at].content = append(l.drafts[at].content, l.marks[n].Span)
				l.drafts[at].reasons = append(l.drafts[at].reasons, "the quotation goes on after the cue")
				l.take(at, n)
			}
		}
	}
}

// frontOf gives the words in front of an attribution with which the sentence of passage m
// begins: "When the bank went, she said, “we were lost.”" The small letter of the passage
// shows that it goes on. In polnear.train 11 such contents have those words and 2 have not.
func (l *linker) frontOf(m, first int, c *cue) stretch {
	r, _ := utf8.DecodeRuneInString(l.marks[m].inner.Text(l.Text))
	comma := c.begin() - 1
	s := l.sentence(c.head)
	if !unicode.IsLower(r) || c.head > first || comma <= s.First || !l.is(comma, ",") || l.markOf[comma] >= 0 || !l.is(first-1, ",") || c.end() != first-1 {
		return stretch{}
	}
	begin := max(l.pastDateline(s), l.sentenceStart(comma))
	for begin < comma && (l.tag(begin) == "CC" || strings.HasPrefix(l.tag(begin), "RB") && l.is(begin+1, ",") || l.is(begin, "so")) {
		begin++
	}
	f, t := l.trimContent(begin, comma)
	if t-f < 2 || l.is(f, "after", "before", "as", "while", "since", "during", "at", "on") || l.frontAdjunct(f, t) || l.ownCueBetween(f, t) || l.is(f, "asked", "when") && l.is(f+1, "asked") || l.tag(f) == "VBG" || l.tag(f) == "VBN" {
		return stretch{}
	}
	for i := f; i < t; i++ {
		if l.markOf[i] >= 0 {
			return stretch{}
		}
	}
	return stretch{f, t}
}

// begunAbove gives the attribution of draft d, which stands behind passage m, to
// the quotation that ran up to here over the paragraphs above without a source,
// each opening with a mark and the last of them alone closing it.
func (l *linker) begunAbove(p, m, first int, d *draft) bool {
	if !l.marks[m].continued || d.cue.begin() < first {
		return false
	}
	k := l.outermostBefore(m)
	if k < 0 || !l.taken[k] || l.Text[l.marks[k].Start] != l.Text[l.marks[m].Start] {
		return false
	}
	above := &l.drafts[l.within[k]]
	if above.cue != nil || above.label || !above.colon.Empty() || above.source.found() && !above.silent {
		return false
	}
	above.content = append(above.content, l.marks[m].Span)
	above.cue, above.source, above.silent, above.follows, above.paragraph = d.cue, d.source, false, -1, p
	above.reasons = append(d.reasons, "the quotation began in the paragraphs above")
	l.take(l.within[k], m)
	return true
}

// sourceBelow reports whether passage m opens its paragraph, does not close, and
// an attribution follows where the passages that take it up end.
func (l *linker) sourceBelow(p, m, first int) bool {
	if !l.marks[m].open || l.marks[m].continued || !l.opensParagraph(p, first) {
		return false
	}
	end := m
	for k := m + 1; k < len(l.marks) && k < m+maxBack; k++ {
		if l.marks[k].depth > 0 {
			continue
		}
		if !l.marks[k].continued || l.Text[l.marks[k].Start] != l.Text[l.marks[m].Start] {
			break // other marks belong to a passage inside this one
		}
		end = k
	}
	if end == m || l.marks[end].open {
		return false
	}
	begin, after := l.TokensIn(l.marks[end].Span)
	c := l.cueAfterMark(end, after, 0, len(l.cues))
	return c != nil && begin < after && c.begin() > begin
}

// startsOther reports whether another attribution begins at token k: "…," she
// said, adding, "…".
func (l *linker) startsOther(k int, c *cue) bool {
	if !isVerbTag(l.tag(k)) {
		return false
	}
	return k >= c.last && slices.ContainsFunc(verbs()[l.Tokens[k].Lemma], func(e lexeme) bool {
		if e.particle == "" {
			return true
		}
		_, ok := l.phraseAt(k+1, e.particle)
		return ok // "pointing out" reports, "pointing at" does not
	})
}

// takeInside takes all passages that a span holds.
func (l *linker) takeInside(d int, span nlp.Span, near int) {
	for m := near; m >= 0 && l.marks[m].Start >= span.Start; m-- {
		l.take(d, m)
	}
	for m := near + 1; m < len(l.marks) && l.marks[m].End <= span.End; m++ {
		l.take(d, m)
	}
}

func isFinite(tag string) bool { return tag == "VBD" || tag == "VBZ" || tag == "VBP" || tag == "MD" }

// independent reports whether a passage stands as a sentence of its own.
func (l *linker) independent(m, first int) bool {
	s := l.sentence(first)
	for i := first - 1; i >= s.First; i-- {
		if l.is(i, ".", "?", "!") || l.is(i, ":") && i == first-1 {
			return true // the splitter went past the end of a sentence
		}
		if !l.punct(i) {
			return false
		}
	}
	return true
}

// cueAt gives the index of the first cue whose head is token i or behind it.
func (l *linker) cueAt(i int) int {
	return sort.Search(len(l.cues), func(c int) bool { return l.cues[c].head >= i })
}

// ownCueBetween reports whether a cue with its own content stands in tokens
// [first, last).
func (l *linker) ownCueBetween(first, last int) bool {
	for i := l.cueAt(first); i < len(l.cues) && l.cues[i].head < last; i++ {
		if l.cues[i].lex.kind == Speech && l.cues[i].sort == verbCue {
			return true
		}
	}
	return false
}

// cueAfterMark finds the cue whose attribution begins right after passage m:
// `…,” said Meyer` or `…,” Meyer, who runs the shelter, said`.
func (l *linker) cueAfterMark(m, after, c0, c1 int) *cue {
	if l.marks[m].open || after >= len(l.Tokens) {
		return nil
	}
	k := after
	comma := endsOpen(l.marks[m].inner.Text(l.Text))
	if begin, _ := l.TokensIn(l.marks[m].Span); begin > 0 && l.is(begin-1, "asked") && (l.opens(begin-1) || l.is(begin-2, "when")) {
		return nil // "Asked “Why?” Roe said": the question of somebody else
	}
	for k < len(l.Tokens) && (l.is(k, ",") || l.dash(k)) {
		k++
		comma = true
	}
	if k >= len(l.Tokens) || l.markOf[k] >= 0 || l.Tokens[k].Start > l.Paragraphs[l.paragraphOf[m]].End {
		return nil
	}
	for c := max(c0, l.cueAt(k)); c < c1; c++ {
		cu := &l.cues[c]
		if cu.used {
			continue
		}
		if cu.first > k+45 || !cu.lex.has(frameQuote|frameAfter) || cu.sort == nounCue {
			return nil
		}
		if cu.lex.kind == Other && cu.lex.has(frameInfinitive) {
			return nil
		}
		if begin, _ := l.TokensIn(l.marks[m].Span); cu.lex.particle == "it" && l.ownCueBetween(l.sentence(begin).First, begin) {
			return nil // "pledges to “work for everyone,” as she put it": the pledge has it
		}
		if cu.first == k {
			// Inverted, or "according to".
			if l.tag(cu.head) == "VBG" || cu.lex.has(frameAddressee) {
				return nil
			}
			if cu.sort != accordingCue && (!cu.source.found() || cu.source.first < k) {
				s := l.nounPhraseAfter(cu.last)
				if !s.found() {
					return nil
				}
				cu.source = s
			}
			if !comma && cu.sort != accordingCue && l.sentenceInitial(m) < 0 {
				return nil
			}
			return cu
		}
		if !comma && (l.sentenceInitial(m) < 0 || !l.is(cu.last, ".") || !cu.lex.has(frameAfter)) {
			return nil // but "“It is over.” Roe said."
		}
		if s, ok := l.sourceBetween(k, cu); ok {
			if l.continuesCue(cu, m) {
				return nil
			}
			cu.source = s
			return cu
		}
		return nil
	}
	return nil
}

// continuesCue reports whether the cue is followed by a content of its own, so
// that the passage before it is none of its business.
func (l *linker) continuesCue(c *cue, m int) bool {
	k := l.skipLight(c.last, l.sentence(c.head).Last)
	if l.is(k, "that", "whether") {
		return true
	}
	first, _ := l.TokensIn(l.marks[m].Span)
	if l.independent(m, first) || k >= len(l.Tokens) || l.punct(k) {
		return false
	}
	t := l.tag(k)
	if !l.substantial(m) || l.is(k, "if", "because") {
		return true
	}
	return !(t == "IN" || t == "TO" || t == "VBG" || t == "RB" || l.is(k, "to") || c.lex.has(frameAddressee) || l.markOf[k] >= 0)
}

// endsOpen reports whether a passage ends as quotations do before their
// attribution.
func endsOpen(inner string) bool {
	inner = strings.TrimRight(inner, " ’'\"”")
	for _, p := range []string{",", "?", "!", "—", "–", "-", "…", "..."} {
		if strings.HasSuffix(inner, p) {
			return true
		}
	}
	return false
}

func (l *linker) sentenceInitial(m int) int {
	first, _ := l.TokensIn(l.marks[m].Span)
	if first < len(l.Tokens) && l.independent(m, first) {
		return first
	}
	return -1
}

// sourceBetween reads tokens [k, cue.first) as the source of a cue.
func (l *linker) sourceBetween(k int, c *cue) (source, bool) {
	last := c.first
	if l.Tokens[k].Sentence != l.Tokens[c.head].Sentence && c.first-k > 30 {
		return source{}, false
	}
	first, last := l.trim(k, last)
	if first >= last {
		return source{}, false
	}
	for i := first; i < last; i++ {
		if l.markOf[i] >= 0 && last-first > 40 {
			return source{}, false
		}
		if l.is(i, ".", ";", ":", "?") && !l.is(i-1, "jr", "sr") {
			return source{}, false
		}
	}
	if l.finiteIn(first, last) >= 0 {
		return source{}, false
	}
	// "in an interview, Meyer said"
	if l.is(first, "as") && (l.Tokens[first+1].Entity >= 0 || c.lex.particle == "it") {
		first++ // "as Roe, gasping for breath, said", "as a memo put it"
	} else if l.tag(first) == "IN" || l.is(first, "to") {
		for i := first; i < last; i++ {
			if l.is(i, ",") {
				return l.sourceBetween(i+1, c)
			}
		}
		return source{}, false
	}
	for first < last && (l.tag(first) == "CC" || l.is(first, "then", "as")) {
		first++
	}
	if first >= last {
		return source{}, false
	}
	head := l.headOf(first, last)
	if !isNounTag(l.tag(head)) && !strings.HasPrefix(l.tag(head), "WP") && l.tag(head) != "DT" && l.tag(head) != "JJ" {
		return source{}, false
	}
	return source{first: first, last: last, head: head, why: "the words between quotation and cue"}, true
}

// cueBeforeMark finds the cue that leads to passage m: `Meyer said: “…”`,
// `Meyer told reporters on Sunday, “…”`.
func (l *linker) cueBeforeMark(m, first, c0, c1 int) *cue {
	if first == 0 {
		return nil
	}
	lead := first - 1
	colon := l.is(lead, ":")
	comma := l.is(lead, ",") || l.dash(lead)
	floor := l.sentence(lead).First
	if l.Tokens[lead].End < l.Paragraphs[l.paragraphOf[m]].Start {
		return nil
	}
	if l.is(lead, ".", "?", "!") || colon && l.wordsBy(lead).found() {
		return nil
	}
	for c := l.cueAt(first) - 1; c >= c0; c-- {
		cu := &l.cues[c]
		if cu.head < floor {
			return nil
		}
		if cu.used || !cu.lex.has(frameQuote) || cu.sort != verbCue {
			if colon && !cu.used && cu.sort == verbCue {
				return cu
			}
			continue
		}
		e := cu.end()
		switch {
		case e == first:
			if !l.sentenceLike(m) {
				return nil // part of the clause that follows the cue
			}
			return cu
		case comma && e <= lead, colon:
			if colon && l.hasVerb(e, lead) {
				continue
			}
			if !colon && l.hasVerb(e, lead) {
				return nil
			}
			if !colon && e < lead && cu.lex.kind == Other {
				return nil // "who feel that way, “but not ...”"
			}
			if !colon && e < lead && !l.adjunctsOnly(e, lead) {
				return nil
			}
			return cu
		case cu.lex.has(frameAddressee) || cu.lex.lemma == "ask" || cu.lex.lemma == "say" || cu.lex.lemma == "write":
			if l.adjunctsOnly(e, first) && l.sentenceLike(m) {
				return cu
			}
		}
		return nil
	}
	return nil
}

// adjunctsOnly reports whether only the person addressed, times and places
// stand in tokens [k, end).
func (l *linker) adjunctsOnly(k, end int) bool {
	for i := k; i < end; i++ {
		if l.markOf[i] >= 0 {
			return false
		}
		switch l.tag(i) {
		case "VBD", "VBZ", "VBP", "MD":
			return false
		}
	}
	return true
}

// sentenceLike reports whether a passage is a sentence of its own by its first
// letter and its last mark.
func (l *linker) sentenceLike(m int) bool {
	inner := strings.TrimLeft(l.marks[m].inner.Text(l.Text), " …[.‘'\"“")
	c, _ := utf8.DecodeRuneInString(inner)
	return (unicode.IsUpper(c) || unicode.IsDigit(c)) && l.substantial(m) && strings.ContainsAny(inner[len(inner)-min(len(inner), 4):], ".?!,—–-…")
}

// substantial reports whether a passage is long enough to be a statement and
// not a word held up with tongs.
func (l *linker) substantial(m int) bool {
	return strings.Count(strings.TrimSpace(l.marks[m].inner.Text(l.Text)), " ") >= 2
}

// paraphrase finds the content of cue c that is not, or not wholly, in marks.
// It gives the token before which no further content may begin.
func (l *linker) paraphrase(p, c, c1, floor int) int {
	cu := &l.cues[c]
	if l.speechless(cu.source) && cu.lex.kind == Speech && !cu.passive && cu.sort == verbCue {
		if !cu.lex.has(frameQuote) || l.tag(cu.source.first) == "DT" || l.tag(cu.source.first) == "EX" {
			return floor
		}
	}
	if cu.sort == accordingCue && l.passesOn(c, c1) {
		return floor
	}
	if cu.sort == accordingCue || cu.lex.has(frameAfter) {
		if parts, ok := beforeCue(l.reading, cu, floor); ok && !l.anyTaken(parts) {
			l.indirect(p, cu, parts, "the sentence closes with its source")
			end := max(cu.end(), parts[len(parts)-1].last)
			return end
		}
	}
	if cu.passive && !cu.source.found() && cu.lex.kind == Other || hypothetical(l.reading, cu) {
		return floor
	}
	if cu.passive && !cu.lex.has(frameAddressee) && cu.lex.lemma != "ask" && cu.lex.lemma != "say" {
		return floor
	}
	if !cu.source.found() && !cu.passive {
		return floor
	}
	content, ok := afterCue(l.reading, cu, l.cues[c+1:c1])
	content = l.untaken(content)
	if !ok || content.first < floor || content.empty() {
		return floor
	}
	if cu.lex.kind == Other && !thirdPerson(l.reading, cu.source) {
		return floor
	}
	if c+1 < c1 && l.cues[c+1].sort == accordingCue && l.cues[c+1].first == cu.end()+1 && l.cues[c+1].first < content.first {
		l.passed(cu, l.cues[c+1].source)
	}
	l.indirect(p, cu, []stretch{content}, "the content follows the cue")
	return content.last
}

// hypothetical reports whether a cue tells what somebody may say, not what was
// said.
func hypothetical(r *reading, c *cue) bool {
	for i := c.first; i < c.head; i++ {
		if r.tag(i) != "MD" {
			continue
		}
		if !r.is(i, "will", "'ll", "’ll", "wo") || !slices.Contains(announced, c.lex.lemma) {
			return true // "It will propose a dividend" is a plan, nothing said
		}
	}
	return false
}

// announced are verbs with which papers tell beforehand what somebody will say.
var announced = []string{"say", "tell", "argue", "warn", "insist", "add", "pledge", "promise", "vow", "claim", "accuse"}

// passesOn reports whether "according to" only passes on what another cue of
// the sentence reports: "According to the paper, Roe said ...". The paper is
// then who the words come by, not who said them.
func (l *linker) passesOn(c, c1 int) bool {
	cu := &l.cues[c]
	if !cu.source.found() {
		return false
	}
	if c+1 < c1 && l.is(cu.end(), ",") {
		next := &l.cues[c+1]
		if next.sort == verbCue && next.lex.kind == Speech && next.lex.has(frameClause) && !next.used && next.source.found() && next.begin() == cu.end()+1 {
			l.passed(next, cu.source)
			return true
		}
	}
	if n := len(l.drafts) - 1; n >= 0 && cu.first > 1 && l.is(cu.first-1, ",") {
		d := &l.drafts[n]
		if d.cue != nil && d.cue.sort == verbCue && d.cue.lex.kind == Speech && l.Tokens[d.cue.head].Sentence == l.Tokens[cu.head].Sentence && d.end() == l.Tokens[cu.first-2].End {
			d.via = cu.source
			return true
		}
	}
	return false
}

func (l *linker) passed(c *cue, by source) {
	if l.via == nil {
		l.via = map[*cue]source{}
	}
	l.via[c] = by
}

// thirdPerson reports whether a source is somebody else than writer and reader.
func thirdPerson(r *reading, s source) bool {
	return !(s.last-s.first == 1 && r.is(s.first, "i", "we", "you", "me", "us"))
}

func (l *linker) anyTaken(parts []stretch) bool {
	for _, s := range parts {
		for i := s.first; i < s.last; i++ {
			if m := l.markOf[i]; m >= 0 && l.taken[m] {
				return true
			}
		}
	}
	return false
}

// untaken cuts a stretch where a passage begins that another quotation has,
// or where the attribution of that one begins.
func (l *linker) untaken(s stretch) stretch {
	for i := s.first; i < s.last; i++ {
		m := l.markOf[i]
		if m < 0 || !l.taken[m] {
			continue
		}
		end := i
		if d := &l.drafts[l.within[m]]; d.cue != nil && d.cue.begin() >= s.first && d.cue.head < i {
			end = d.cue.first
			if d.source.first >= s.first && d.source.first < end && d.source.last == d.cue.first {
				end = d.source.first
			}
		}
		first, last := l.trimContent(s.first, end)
		return stretch{first, last}
	}
	return s
}

func (l *linker) indirect(p int, c *cue, parts []stretch, why string) {
	c.used = true
	d := draft{cue: c, source: c.source, via: l.via[c], paragraph: p, follows: -1, reasons: []string{why}}
	for _, s := range parts {
		d.content = append(d.content, l.contentSpan(s))
		for i := s.first; i < s.last; i++ {
			if m := l.markOf[i]; m >= 0 && !l.taken[m] {
				l.take(len(l.drafts), m)
			}
		}
	}
	slices.SortFunc(d.content, func(a, b nlp.Span) int { return a.Start - b.Start })
	l.drafts = append(l.drafts, d)
}

// leftover finds a place for a passage that no cue stands next to: it goes on
// with the quotation before, belongs to a colon, or stands alone.
func (l *linker) leftover(p, m, begun int) {
	first, last := l.TokensIn(l.marks[m].Span)
	if first >= last {
		return
	}
	if l.marks[m].continued && m > 0 {
		if k := l.outermostBefore(m); k >= 0 && l.taken[k] {
			l.extend(l.within[k], m, "the quotation goes on in the next paragraph")
			return
		}
	}
	if src, dash, ok := l.signature(last, p); ok {
		d := draft{content: []nlp.Span{l.marks[m].Span}, colon: dash, source: src, paragraph: p, follows: -1, reasons: []string{"signed after a dash"}}
		l.take(len(l.drafts), m)
		l.drafts = append(l.drafts, d)
		return
	}
	if first > 0 && l.is(first-1, ":") && l.Tokens[first-1].Start >= l.Paragraphs[p].Start {
		l.colonSource(p, m, first)
		return
	}
	if l.sourceBelow(p, m, first) {
		l.take(len(l.drafts), m)
		l.drafts = append(l.drafts, draft{content: []nlp.Span{l.marks[m].Span}, paragraph: p, follows: -1, reasons: []string{"goes on in the next paragraph"}})
		return
	}
	if !l.independent(m, first) {
		return // a word or a title in marks, in the paper's own sentence
	}
	if !l.substantial(m) && !strings.ContainsAny(l.marks[m].inner.Text(l.Text), ".?!,") {
		return
	}
	if l.workTitle(last, m) {
		return
	}
	if n := len(l.drafts) - 1; n >= begun && !l.opensOnly(m, last) {
		if d := l.previousDraft(begun, l.marks[m].Start); d >= 0 && !l.answered(&l.drafts[d], m) {
			l.extend(d, m, "follows in the same paragraph")
			return
		}
	}
	if p > 0 && begun > 0 {
		prev := begun - 1
		if l.drafts[prev].paragraph == p-1 && l.quotedTo(prev) && l.opensParagraph(p, first) {
			l.extend(prev, m, "follows the quotation of the paragraph before")
			return
		}
	}
	if p > 0 && l.opensParagraph(p, first) && strings.HasSuffix(l.Paragraphs[p-1].Text(l.Text), ":") {
		if l.colonAbove(p, m, first) {
			return
		}
	}
	follows := -1
	if begun > 0 && l.drafts[begun-1].paragraph >= p-1 && !l.drafts[begun-1].label && l.speaks(&l.drafts[begun-1]) {
		follows = begun - 1
	}
	d := draft{content: []nlp.Span{l.marks[m].Span}, paragraph: p, follows: follows, reasons: []string{"a sentence in quotation marks without a cue"}}
	if a := l.answerer(begun, m); a >= 0 {
		mention := &l.Mentions[a]
		d.source, d.silent, d.follows = source{first: mention.First, last: mention.Last, head: mention.Last - 1, why: "who was asked"}, true, -1
	} else if l.posed(m, first) {
		d.follows = -1 // who was asked did not ask
	} else if who := l.leadPerson(p, first); who.found() {
		d.source, d.silent = who, true
	}
	l.take(len(l.drafts), m)
	l.drafts = append(l.drafts, d)
}

// opensOnly reports whether a sentence that opens with passage m, which ends before
// token after, goes on in the paper's own words to an attribution of its own: "“If there
// had been no help” from the guild, she said, “...”".
func (l *linker) opensOnly(m, after int) bool {
	if endsOpen(l.marks[m].inner.Text(l.Text)) || after >= len(l.Tokens) || after >= l.sentence(after-1).Last {
		return false
	}
	return !l.punct(after) && l.ownCueBetween(after, l.sentence(after-1).Last)
}

// maxTitle bounds the words of the title of a work.
const maxTitle = 8

// capitals gives how many words begin with no small letter, as those of a title do but
// for short ones; -1 when a long one does.
func capitals(words []string) (n int) {
	for _, w := range words {
		if r, _ := utf8.DecodeRuneInString(w); !unicode.IsLower(r) {
			n++
		} else if len(w) > 4 {
			return -1
		}
	}
	return n
}

// workTitle reports whether passage m, which ends before token after, is the
// title of a work with which a sentence opens: “The Long Road,” a film about ...
func (l *linker) workTitle(after, m int) bool {
	words := strings.Fields(l.marks[m].inner.Text(l.Text))
	if len(words) > maxTitle || after >= len(l.Tokens) || l.Tokens[after].Start >= l.Paragraphs[l.paragraphOf[m]].End || strings.ContainsAny(words[len(words)-1], ".?!") {
		return false
	}
	next, _ := utf8.DecodeRuneInString(l.word(after))
	return capitals(words) > 1 && unicode.IsLower(next)
}

// leadPerson finds who a paragraph is about when a passage without cue follows
// its first sentences: the subject of the sentence before, if it is a person
// or a pronoun.
func (l *linker) leadPerson(p, first int) source {
	if first == 0 || l.Tokens[first-1].Start < l.Paragraphs[p].Start || l.markOf[first-1] >= 0 {
		return source{}
	}
	s := l.sentence(first - 1)
	for i := s.First; i < s.Last && i < first; i++ {
		t := &l.Tokens[i]
		if t.Rel != "nsubj" && t.Rel != "nsubj:pass" || l.markOf[i] >= 0 {
			continue
		}
		role := l.isRoleNoun(i) && l.tag(i) == "NN" && l.is(l.left(i), "the")
		if role || l.is(i, "he", "she") || t.Entity >= 0 && l.Entities[t.Entity].Kind == nlp.Person {
			return source{first: l.left(i), last: min(l.right(i), first), head: i, why: "subject of the sentence before"}
		}
		return source{}
	}
	return source{}
}

// answered reports whether draft d asks somebody something in the paper's words and
// passage m, behind it, is no question: then who was asked speaks.
func (l *linker) answered(d *draft, m int) bool {
	if d.cue == nil || d.cue.sort != verbCue || !slices.Contains(inquiries, d.cue.lex.lemma) || l.wordsInMarks(d.content) > 0 || strings.Contains(l.marks[m].inner.Text(l.Text), "?") {
		return false
	}
	first, last := l.TokensIn(d.content[0])
	if l.is(first, "to") || l.hasTo(first, last) && !l.anyVerb(first, last) {
		return false // "asked the board to go"
	}
	return d.cue.passive || l.asked(d.cue) >= 0
}

// asked gives the mention of the person whom a cue asks something, -1 for none: "The
// paper asked Jane Roe whether she would run".
func (r *reading) asked(c *cue) int {
	if c.lex == nil || c.passive || !slices.Contains(inquiries, c.lex.lemma) {
		return -1
	}
	for i := c.head + 1; i < min(c.head+6, len(r.Tokens)) && r.markOf[i] < 0; i++ {
		if m := r.MentionAt(i); m >= 0 && r.Entities[r.Mentions[m].Entity].Kind == nlp.Person {
			return m
		}
		if r.punct(i) || isVerbTag(r.tag(i)) || r.tag(i) == "IN" {
			break
		}
	}
	return -1
}

// answerer gives the mention of who was asked in the draft before passage m, which answers.
func (l *linker) answerer(begun, m int) int {
	d := l.previousDraft(begun, l.marks[m].Start)
	if d < 0 || !l.answered(&l.drafts[d], m) {
		return -1
	}
	return l.asked(l.drafts[d].cue)
}

// posed reports whether passage m, which begins at token first, is a question that the
// sentence before it says was put to somebody: "Roe was asked about the wall. “Did you
// know?”"
func (l *linker) posed(m, first int) bool {
	if first == 0 || !strings.HasSuffix(strings.TrimSpace(l.marks[m].inner.Text(l.Text)), "?") {
		return false
	}
	s := l.sentence(first - 1)
	for i := s.First; i < min(s.Last, first); i++ {
		if l.is(i, "asked", "questioned", "pressed", "quizzed", "grilled") && l.markOf[i] < 0 {
			return true
		}
	}
	return false
}

func (l *linker) outermostBefore(m int) int {
	for m--; m >= 0; m-- {
		if l.marks[m].depth == 0 {
			return m
		}
	}
	return -1
}

// maxBack bounds how many quotations back a passage without cue looks for the
// one it goes on with.
const maxBack = 64

// speaks reports whether a draft is something said, and not only thought or left
// unsaid: what follows in marks may go on with it.
func (l *linker) speaks(d *draft) bool {
	return d.cue == nil || d.cue.lex.kind != Other && !d.cue.denied(l.reading)
}

// previousDraft gives the last draft of the paragraph that begins before at.
func (l *linker) previousDraft(begun, at int) int {
	best := -1
	for d := max(begun, len(l.drafts)-maxBack); d < len(l.drafts); d++ {
		if !l.speaks(&l.drafts[d]) {
			continue
		}
		if l.drafts[d].start() < at && (best < 0 || l.drafts[d].start() >= l.drafts[best].start()) {
			best = d
		}
	}
	return best
}

func (l *linker) extend(d, m int, why string) {
	dr := &l.drafts[d]
	dr.content = append(dr.content, l.marks[m].Span)
	if n := len(dr.content); dr.content[n-2].Start > dr.content[n-1].Start {
		slices.SortFunc(dr.content, func(a, b nlp.Span) int { return a.Start - b.Start })
	}
	dr.paragraph = max(dr.paragraph, l.paragraphOf[m])
	if !slices.Contains(dr.reasons, why) {
		dr.reasons = append(dr.reasons, why)
	}
	l.take(d, m)
}

// signature reads the name after a dash that signs the quotation which ends
// before token k, on the same line or the next: "…” — Jane Roe".
func (l *linker) signature(k, p int) (source, nlp.Span, bool) {
	if k+1 >= len(l.Tokens) || !l.dash(k) || l.is(k, "-") && l.Tokens[k].End == l.Tokens[k+1].Start {
		return source{}, nlp.Span{}, false
	}
	par := l.ParagraphAt(l.Tokens[k].Start)
	if par > p+1 || par == p+1 && l.Tokens[k].Start > l.Paragraphs[par].Start {
		return source{}, nlp.Span{}, false
	}
	last := k + 1
	for last < len(l.Tokens) && l.Tokens[last].Start < l.Paragraphs[par].End {
		if last-k > 20 || l.markOf[last] >= 0 || isFinite(l.tag(last)) {
			return source{}, nlp.Span{}, false
		}
		last++
	}
	first, last := l.trim(k+1, last)
	if first >= last || !strings.HasPrefix(l.tag(first), "NN") {
		return source{}, nlp.Span{}, false
	}
	return source{first: first, last: last, head: l.headOf(first, last), why: "signature"}, l.Tokens[k].Span, true
}

// quotedTo reports whether a draft has words in marks.
func (l *linker) quotedTo(d int) bool {
	last := l.drafts[d].content[len(l.drafts[d].content)-1]
	first, end := l.TokensIn(last)
	for i := first; i < end; i++ {
		if l.markOf[i] >= 0 {
			return true
		}
	}
	return false
}

func (l *linker) opensParagraph(p, first int) bool {
	return first == 0 || l.Tokens[first-1].End <= l.Paragraphs[p].Start
}

// colonSource makes a draft of a passage after a colon that no cue leads to:
// the subject of its sentence is the source, the colon the cue.
func (l *linker) colonSource(p, m, first int) {
	colon := first - 1
	if l.is(colon-1, headings...) && colon-1 == l.sentence(colon).First {
		return // "Headline: “We will rebuild”"
	}
	d := draft{content: []nlp.Span{l.marks[m].Span}, colon: l.Tokens[colon].Span, paragraph: p, follows: -1, reasons: []string{"a colon leads to the quotation"}}
	d.source = l.leadSource(colon)
	l.take(len(l.drafts), m)
	l.drafts = append(l.drafts, d)
}

// leadSource finds who a sentence that ends in a colon lets speak.
func (l *linker) leadSource(colon int) source {
	if by := l.wordsBy(colon); by.found() {
		return by
	}
	s := l.sentence(colon)
	if by := l.whoseWords(s.First, colon); by.found() {
		return by
	}
	for i := s.First; i < colon; i++ {
		if (l.Tokens[i].Rel == "nsubj" || l.Tokens[i].Rel == "nsubj:pass") && l.markOf[i] < 0 && i < colon {
			src := source{first: l.left(i), last: min(l.right(i), colon), head: i, why: "subject of the sentence before the colon"}
			src.first, src.last = l.trim(src.first, src.last)
			return src
		}
	}
	if colon-s.First <= 8 && l.finiteIn(s.First, colon) < 0 {
		return source{first: s.First, last: colon, head: l.headOf(s.First, colon), why: "label before the colon"}
	}
	return source{}
}

// maxLead bounds, in tokens, how far before a colon the noun stands that says whose words
// it introduces.
const maxLead = 30

// wordsBy finds whose words a colon introduces when the sentence before it calls them
// somebody else's than its subject's: "She replied to a remark by Roe on Sunday: “…”".
func (r *reading) wordsBy(colon int) source {
	floor := max(r.sentence(colon).First, colon-maxLead)
	for k := colon - 1; k > floor && r.markOf[k] < 0 && !r.finite(k); k-- {
		if !r.is(k, "by", "from") || !r.isUtterance(k-1) {
			continue
		}
		by := r.nounPhraseAfter(k + 1)
		if m := r.MentionAt(k + 1); m >= 0 && r.Entities[r.Mentions[m].Entity].Kind != nlp.Place {
			by = source{first: k + 1, last: r.Mentions[m].Last, head: r.Mentions[m].Last - 1}
		} else if !by.found() || r.tag(by.first) == "PRP$" || !r.isRoleNoun(by.head) && !slices.Contains(bodies, strings.ToLower(r.Tokens[by.head].Lemma)) {
			return source{}
		}
		if by.last > colon {
			return source{}
		}
		by.why = "whose “" + r.word(k-1) + "” the colon introduces"
		return by
	}
	return source{}
}

// whoseWords finds whose words a colon introduces by the possessive of the noun for them:
// "Roe's answer was: “...”".
func (r *reading) whoseWords(first, colon int) source {
	k := colon - 1
	if k > first && r.is(k-1, "was", "is") && strings.HasPrefix(r.tag(k), "JJ") {
		k-- // "Her answer was simple:"
	}
	if k > first && r.is(k, "was", "is") {
		k--
	}
	if k <= first || !r.isUtterance(k) {
		return source{}
	}
	for k > first && strings.HasPrefix(r.tag(k-1), "JJ") {
		k--
	}
	switch {
	case r.tag(k-1) == "PRP$":
		return source{first: k - 1, last: k, head: k - 1, why: "whose words the colon introduces"}
	case r.tag(k-1) == "POS":
		s := r.plainBefore(first, k-1)
		s.why = "whose words the colon introduces"
		return s
	}
	return source{}
}

// isUtterance reports whether token k is a noun for something said or written.
func (r *reading) isUtterance(k int) bool {
	if k < 0 || !isNounTag(r.tag(k)) {
		return false
	}
	lemma := strings.ToLower(r.Tokens[k].Lemma)
	_, reports := nouns()[lemma]
	return reports || slices.Contains(media, lemma) || slices.Contains(wordings, lemma)
}

// wordings are nouns for something said or written, beside the nouns that report.
var wordings = []string{"quote", "quotation", "line", "word", "note", "answer", "reply", "response", "plea", "passage", "excerpt", "joke", "text", "sentence"}

// colonAbove links a paragraph in marks to the sentence that ends the
// paragraph above in a colon: "Meyer continued:".
func (l *linker) colonAbove(p, m, first int) bool {
	if first == 0 {
		return false
	}
	colon := first - 1
	floor := l.sentence(colon).First
	other := l.wordsBy(colon).found()
	for c := l.cueAt(first) - 1; c >= 0 && !other; c-- {
		cu := &l.cues[c]
		if cu.head < floor {
			break
		}
		if cu.sort == verbCue && !cu.used && cu.lex.kind == Speech {
			cu.used = true
			l.drafts = append(l.drafts, draft{
				content: []nlp.Span{l.marks[m].Span}, cue: cu, source: cu.source, paragraph: p, follows: -1,
				reasons: []string{"the paragraph above leads to it with a colon"},
			})
			l.take(len(l.drafts)-1, m)
			return true
		}
	}
	d := draft{
		content: []nlp.Span{l.marks[m].Span}, colon: l.Tokens[colon].Span, source: l.leadSource(colon), paragraph: p, follows: -1,
		reasons: []string{"the paragraph above leads to it with a colon"},
	}
	l.take(len(l.drafts), m)
	l.drafts = append(l.drafts, d)
	return true
}
