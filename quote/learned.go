package quote

import (
	"cmp"
	_ "embed"
	"fmt"
	"slices"
	"strings"
	"sync"

	"onrecord/nlp"
	"onrecord/quote/internal/crf"
)

// Two conditional random fields read the text after the rules. The first finds
// the words that signal a quotation; the second, once for each of them, the
// source and the content around it. What the rules found is among their
// features, so that they learn where to trust them. See train.go for how they
// are made and docs/models.md for how good they are.

var (
	//go:embed cues.bin
	cueFile []byte
	//go:embed spans.bin
	spanFile []byte
)

var (
	cueField  = sync.OnceValue(func() *crf.Model { return mustDecode(cueFile) })
	spanField = sync.OnceValue(func() *crf.Model { return mustDecode(spanFile) })
)

// Load reads the models of this package, which the first Find would do: a
// program that has to wait for something else first may call it meanwhile.
func Load() {
	cueField()
	spanField()
	extentModels()
}

func mustDecode(data []byte) *crf.Model {
	m, err := crf.Decode(data)
	if err != nil {
		panic(err) // the embedded file is damaged
	}
	return m
}

// Kinds of span that the fields tell apart.
const (
	speechCue, otherCue       = 0, 1 // of the first
	sourceWords, contentWords = 0, 1 // of the second
	spanKinds                 = 2
)

// How readily the fields find something, in nats, and how sure they must be,
// as a probability. Chosen on polnear.dev and mcae.dev: less caution finds more
// of what PolNeAR marks and more that no reader would call a quotation.
const (
	cueFavour     = 1.5
	contentFavour = 1.4
	sourceFavour  = 2.2
	indifferent   = 2.0  // what the rules' reading may be less likely than the fields'
	leastAgreed   = 0.3  // of a quotation whose cue has one by the rules
	leastSpeech   = 0.45 // of one that the rules know nothing of
	leastOther    = 0.7  // of a belief or a plan that the rules know nothing of
	leastLone     = 0.3  // that the cue is one, of a quotation that the rules alone find
	leastHalf     = 0.3  // that the content is right by half, of a quotation that the fields find
	leastKept     = 0.3  // of one that the rules alone find
)

// doubt notes how likely each of the rules' cues is one by the first field.
func (v *view) doubt(s int, margins *crf.Margins) {
	first := v.Sentences[s].First
	for i := range margins.Label {
		if k := v.ruleCue[first+i]; k >= 0 {
			v.cueSure[k] = max(v.cueSure[k], 1-margins.Label[i][0])
		}
	}
}

// A proposal is a quotation as the fields see it.
type proposal struct {
	cue     crf.Span // tokens; Kind is speechCue or otherCue
	source  stretch
	content []stretch
	sure    float64 // probability that it is one, 0 to 1
	half    float64 // that half of its content is right
	rule    int     // index of the rules' draft with this cue, or -1
}

// propose reads the document with the fields.
func (v *view) propose(cueField, spanField *crf.Model) []proposal {
	cues := v.readCues(cueField, cueFavour)
	other := v.otherCues(cues)
	var read []choice
	var x []float32
	for _, c := range v.withRules(cues) {
		p := proposal{cue: c.Span, rule: v.ruleDraft(c.Span)}
		if c.sure < v.leastSure(&p) {
			continue // it will not get surer
		}
		p, options, described := v.readSpans(spanField, c, other, toChoose)
		v.rightWay(&p)
		if len(options) > 0 && (p.rule >= 0 || p.sure >= v.leastSure(&p)) {
			read = append(read, choice{p, options})
			x = append(x, described...)
		}
	}
	extentModels().choose(read, x)
	var found []proposal
	for i := range read {
		p := &read[i].proposal
		p.content = v.withoutProgramme(p.content, p.cue)
		if p.rule >= 0 {
			p.content = v.untimed(p.content, v.contentOf(&v.drafts[p.rule]))
			v.draftHalf[p.rule] = max(v.draftHalf[p.rule], p.half)
		}
		if p.sure >= v.leastSure(p) && p.half >= leastHalf && v.credible(p) {
			found = append(found, *p)
		}
	}
	return found
}

// rightWay mends a proposal that takes the verb for the source and who speaks for the
// cue, as some marks of the corpus do: "“...,” said Ines Falk, a lawyer".
func (v *view) rightWay(p *proposal) {
	s := p.source
	if s.last-s.first == 1 && v.is(s.first, "said", "says") && s.last == p.cue.First && strings.HasPrefix(v.tag(p.cue.First), "NNP") {
		p.source = stretch{p.cue.First, p.cue.Last}
		p.cue.First, p.cue.Last = s.first, s.last
		p.rule = v.ruleDraft(p.cue)
	}
}

// withRules adds to the field's cues those of the rules' drafts that it does not
// have.
func (v *view) withRules(cues []likelyCue) []likelyCue {
	has := make([]bool, len(v.drafts))
	for _, c := range cues {
		if d := v.ruleDraft(c.Span); d >= 0 {
			has[d] = true
		}
	}
	for d := range v.drafts {
		c := v.drafts[d].cue
		if c == nil || has[d] {
			continue
		}
		l := likelyCue{Span: crf.Span{First: c.first, Last: c.last}}
		k := v.cueIn(l.Span)
		if k < 0 {
			continue
		}
		if l.sure = v.cueSure[k]; c.lex.kind == Other {
			l.Kind, l.other = otherCue, l.sure
		}
		cues = append(cues, l)
	}
	return cues
}

// otherCues marks the tokens of the cues that are more likely than not.
func (v *view) otherCues(cues []likelyCue) []bool {
	other := make([]bool, len(v.Tokens))
	for _, c := range cues {
		for i := c.First; i < c.Last && c.sure > 0.5; i++ {
			other[i] = true
		}
	}
	return other
}

// leastSure is how sure the fields must be of a proposal.
func (v *view) leastSure(p *proposal) float64 {
	switch {
	case p.rule >= 0:
		return leastAgreed
	case p.cue.Kind == otherCue:
		return leastOther
	}
	return leastSpeech
}

// occasions are nouns for why and when something is said, "it gives me no pleasure to
// say that ...", and never for who says it.
var occasions = []string{"pleasure", "reason", "need", "time", "point", "way", "chance", "right", "courage", "luxury", "audacity", "nerve", "temptation", "privilege", "sense"}

// occasion reports whether the source of a proposal is an occasion to say something.
func (v *view) occasion(p *proposal) bool {
	h := p.source.last - 1
	return !p.source.empty() && p.source.last == p.cue.First && v.is(p.cue.First, "to") && slices.Contains(occasions, v.lower(h))
}

// credible reports whether a proposal has a source, and tells what somebody said
// and not what somebody may say.
func (v *view) credible(p *proposal) bool {
	k := v.cueIn(p.cue)
	if k >= 0 && hypothetical(v.reading, &v.cues[k]) {
		return false
	}
	if p.rule >= 0 {
		return true
	}
	if v.labelled(p) || v.occasion(p) {
		return false
	}
	if p.source.empty() && (k < 0 || !v.cues[k].source.found()) {
		return false
	}
	words, quoted, asked := 0, false, false
	for _, s := range p.content {
		words += s.last - s.first
		for i := s.first; i < s.last; i++ {
			quoted = quoted || v.markOf[i] >= 0
			asked = asked || v.requestForComment(i)
		}
	}
	if quoted {
		return true
	}
	if asked {
		return false
	}
	if v.is(p.cue.Last-1, "about", "of", "on") && !v.states(p.content) {
		return false // "talked about the tunnel"
	}
	if words < 3 && (p.cue.Kind == otherCue || k >= 0 && v.cues[k].passive) {
		return false // "Her death was announced", "he liked it"
	}
	if k < 0 {
		return v.speaks(p.cue)
	}
	s := p.content[0]
	act := s.first >= v.cues[k].last && v.objectAt(&v.cues[k], s.first, s.last) && !v.said(&v.cues[k], s.first, s.last)
	return !act
}

// labelled reports whether a proposal takes what names a part of an article, in
// front of a colon, for its source: "Headline: Storm closes the harbour".
func (v *view) labelled(p *proposal) bool {
	return v.is(p.cue.First, ":") && p.source.last == p.cue.First && p.source.last-p.source.first == 1 &&
		v.is(p.source.first, "headline", "title", "subtitle", "subhead", "caption", "summary", "byline", "author", "source", "date", "published", "updated")
}

// states reports whether a content has a verb: without one it is a subject, not
// a statement.
func (v *view) states(content []stretch) bool {
	return slices.ContainsFunc(content, func(s stretch) bool { return v.anyVerb(s.first, s.last) })
}

// speaks reports whether a cue that the lexicon does not know has a verb or a
// noun, or is a mark that lets somebody speak.
func (v *view) speaks(c crf.Span) bool {
	for i := c.First; i < c.Last; i++ {
		if isVerbTag(v.tag(i)) || v.tag(i) == "NN" || v.tag(i) == "NNS" || v.is(i, ":", "according") || v.dash(i) {
			return true
		}
	}
	return false
}

// cueIn gives the first of the rules' cues that has a word in a span, or -1.
func (v *view) cueIn(c crf.Span) int {
	for i := c.First; i < c.Last; i++ {
		if k := v.ruleCue[i]; k >= 0 {
			return k
		}
	}
	return -1
}

func kindOf(cue crf.Span) Kind {
	if cue.Kind == otherCue {
		return Other
	}
	return Speech
}

// likelyCue is a cue that the first field sees, and how sure it is.
type likelyCue struct {
	crf.Span
	sure    float64
	other   float64 // that it is one, and not of speech
	byField bool    // the field's best reading has it
}

func (v *view) readCues(field *crf.Model, favour float64) []likelyCue {
	var cues []likelyCue
	for n, s := range v.Sentences {
		if s.First >= s.Last {
			continue
		}
		chain := field.Chain(s.Last - s.First)
		v.cueKeys(s.First, s.Last, func(i int, keys []uint32) { field.Read(chain, i-s.First, keys) })
		margins := chain.Sum(nil)
		v.doubt(n, &margins)
		chain.Favour(speechCue, favour)
		chain.Favour(otherCue, favour)
		for _, span := range crf.Spans(chain.Best()) {
			c := likelyCue{Span: crf.Span{First: s.First + span.First, Last: s.First + span.Last, Kind: speechCue}}
			c.byField = true
			for i := span.First; i < span.Last; i++ {
				c.sure = max(c.sure, 1-margins.Label[i][0])
				c.other = max(c.other, margins.Of(i, otherCue))
			}
			if c.other > c.sure/2 {
				c.Kind = otherCue
			}
			cues = append(cues, c)
		}
	}
	return cues
}

// maxWindow bounds how many tokens on either side of a cue are read for its
// source and content, apart from its own sentence.
const maxWindow = 200

// bounds gives the tokens that are read for a cue: its paragraph.
func (v *view) bounds(first, last int) (int, int) {
	s := v.Tokens[first].Sentence
	p := v.Sentences[s].Paragraph
	a, b := s, v.Tokens[last-1].Sentence
	for a > 0 && v.Sentences[a-1].Paragraph == p && first-v.Sentences[a-1].First < maxWindow {
		a--
	}
	for b+1 < len(v.Sentences) && v.Sentences[b+1].Paragraph == p && v.Sentences[b+1].Last-last < maxWindow {
		b++
	}
	return v.Sentences[a].First, v.Sentences[b].Last
}

// readSpans reads the source and the content of a cue: the field's own reading, and
// the options for the content, of a breadth, with what the third model looks at.
func (v *view) readSpans(field *crf.Model, c likelyCue, other []bool, most breadth) (proposal, []option, []float32) {
	around := v.windowAt(c.Span, other)
	first := around.first
	chain := field.Chain(around.last - first)
	around.roleKeys(func(i int, keys []uint32) { field.Read(chain, i-first, keys) })
	p := proposal{cue: c.Span, rule: v.ruleDraft(c.Span)}
	nothing := chain.Nothing()
	p.sure = c.sure * (1 - nothing)
	chain.Favour(contentWords, contentFavour)
	chain.Favour(sourceWords, sourceFavour)
	labels := chain.Best()
	var raw proposal
	v.take(&raw, c, labels, first)
	var byRule []stretch
	if p.rule >= 0 {
		labels = v.preferRules(chain, labels, p.rule, c.Span, first)
		byRule = v.contentOf(&v.drafts[p.rule])
	}
	v.take(&p, c, labels, first)
	p.content = v.withoutProgramme(v.withoutRelatives(p.content), c.Span)
	if p.rule >= 0 && len(p.content) > 0 {
		p.content = v.mend(p.content, &v.drafts[p.rule])
	}
	options := around.optionsOf(chain, most, p.source, p.content, raw.content, byRule)
	return p, options, around.describe(options, c, nothing, p.source, p.content, byRule)
}

// take reads the labels of a window that begins at token first.
func (v *view) take(p *proposal, c likelyCue, labels []int, first int) {
	for _, s := range crf.Spans(labels) {
		words := stretch{first + s.First, first + s.Last}
		switch {
		case words.first < c.Last && c.First < words.last:
		case s.Kind == contentWords:
			p.content = append(p.content, words)
		case p.source.empty():
			p.source = words
		}
	}
}

// withoutRelatives leaves a lone "which" or "who" out of a content that has other
// parts: "the rules, which officials said will take effect".
func (v *view) withoutRelatives(content []stretch) []stretch {
	lone := func(s stretch) bool { return s.last-s.first == 1 && v.is(s.first, "which", "who", "that") }
	if !slices.ContainsFunc(content, func(s stretch) bool { return !lone(s) }) {
		return content
	}
	return slices.DeleteFunc(content, lone)
}

// withoutProgramme leaves out of a content that stands before its cue the name of where
// it was said: "The bridge was old, she said on Radio North's | “Morning Hour.”"
func (v *view) withoutProgramme(content []stretch, cue crf.Span) []stretch {
	n := len(content) - 1
	if n < 1 || content[0].last > cue.First {
		return content
	}
	for i := 1; i <= n; i++ {
		s := content[i]
		if s.first == cue.Last && v.is(cue.Last-1, "on", "in", "at", "to", "during", "with") && !v.anyVerb(s.first, s.last) {
			return slices.Concat(content[:i], content[i+1:]) // "The summit was over, he added on | the radio"
		}
	}
	s := content[n]
	if s.first >= cue.Last && v.tag(s.first) == "CC" && v.markOf[s.first] < 0 && v.isMark[content[n-1].last-1] && v.is(content[n-1].last-2, "?", "!") {
		return content[:n] // "“You there?” she asked, but nobody was"
	}
	m := v.markOf[s.last-1]
	if s.first < cue.Last || m < 0 || v.tag(s.first-1) != "IN" || v.anyVerb(s.first, s.last) || !v.titled(m) {
		return content
	}
	return content[:n]
}

// mend takes the rules' content where the field has only some of its parts, or
// only some of what stands before a closing attribution.
func (v *view) mend(content []stretch, rule *draft) []stretch {
	byRule := v.contentOf(rule)
	before := rule.cue != nil && byRule[len(byRule)-1].last <= rule.cue.begin()
	if (before || len(content) < len(byRule)) && !slices.ContainsFunc(content, func(s stretch) bool {
		return !slices.ContainsFunc(byRule, func(r stretch) bool { return r.first <= s.first && s.last <= r.last })
	}) {
		return byRule
	}
	if v.accuses(content, rule, byRule) {
		return byRule
	}
	return v.untimed(content, byRule)
}

// accuses reports whether the rules' content has the "of" of an accusation and the
// field's, which begins where it does, ends before: "accused Roe, who runs the mill, |
// of hiding the report".
func (v *view) accuses(content []stretch, rule *draft, byRule []stretch) bool {
	if len(content) != 1 || len(byRule) != 1 || content[0].first != byRule[0].first || content[0].last >= byRule[0].last || rule.cue == nil || rule.cue.lex.lemma != "accuse" {
		return false
	}
	s := content[0]
	return v.is(s.last, ",") && !v.hasWord(s.first, s.last, "of") && v.hasWord(s.last, byRule[0].last, "of")
}

// untimed ends a content where the rules' ends, when it adds nothing but a time,
// which says when it was said, or, behind marks that close a judgment, when and where:
// "blasted the plan as a “disgrace” | on Friday at a rally".
func (v *view) untimed(content, byRule []stretch) []stretch {
	n := len(content) - 1
	for _, r := range byRule {
		s := content[n]
		if r.first != s.first || r.last >= s.last {
			continue
		}
		if v.onlyTime(r.last, s.last) || v.judged(r) && v.circumstance(r.last, s.last) {
			content = slices.Clone(content)
			content[n].last = r.last
		}
	}
	return content
}

// onlyTime reports whether tokens [first, last) only say when.
func (v *view) onlyTime(first, last int) bool {
	for i := first; i < last; i++ {
		if !v.timeCovers[i] && !v.is(i, "on", "in", "at", "late", "early") {
			return false
		}
	}
	return true
}

// judged reports whether a content ends in the marks of a judgment: "the plan as a
// “disgrace”".
func (v *view) judged(s stretch) bool {
	m := v.markOf[s.last-1]
	if m < 0 {
		return false
	}
	first, _ := v.TokensIn(v.marks[m].Span)
	for i := max(s.first, first-3); i < first; i++ {
		if v.is(i, "as") && v.markOf[i] < 0 {
			return true
		}
	}
	return false
}

// circumstance reports whether tokens [first, last), without marks, begin like words
// that say when and where, or like an aside.
func (v *view) circumstance(first, last int) bool {
	if !v.timeCovers[first] && !v.dash(first) && !v.is(first, "during", "on", "in", "at", "after", "before") {
		return false
	}
	for i := first; i < last; i++ {
		if v.markOf[i] >= 0 {
			return false
		}
	}
	return true
}

// contentOf gives the tokens of a draft's content.
func (v *view) contentOf(d *draft) []stretch {
	var content []stretch
	for _, s := range d.content {
		first, last := v.TokensIn(s)
		content = append(content, stretch{first, last})
	}
	return content
}

// preferRules gives the labels of the rules' draft, of all of it or of its
// content or source alone, where the field finds them hardly less likely than
// the best: the rules read some things better than the marks in the corpus say.
// The labels begin at token first.
func (v *view) preferRules(chain *crf.Chain, best []int, rule int, c crf.Span, first int) []int {
	d := &v.drafts[rule]
	var byRule, byField [2][]crf.Span
	for _, s := range d.content {
		a, b := v.TokensIn(s)
		byRule[contentWords] = append(byRule[contentWords], crf.Span{First: a - first, Last: b - first, Kind: contentWords})
	}
	if d.source.found() {
		byRule[sourceWords] = []crf.Span{{First: d.source.first - first, Last: d.source.last - first, Kind: sourceWords}}
	}
	for _, s := range crf.Spans(best) {
		byField[s.Kind] = append(byField[s.Kind], s)
	}
	least := chain.Score(best) - indifferent
	for _, try := range [][]crf.Span{
		slices.Concat(byRule[contentWords], byRule[sourceWords]),
		slices.Concat(byRule[contentWords], byField[sourceWords]),
		slices.Concat(byField[contentWords], byRule[sourceWords]),
	} {
		labels := make([]int, len(best))
		fits := true
		for _, s := range try {
			if s.First < 0 || s.Last > len(labels) || s.First+first < c.Last && c.First < s.Last+first {
				fits = false
				break
			}
			for i := s.First; i < s.Last; i++ {
				fits = fits && labels[i] == 0
			}
			s.Mark(labels)
		}
		if fits && chain.Score(labels) >= least {
			return labels
		}
	}
	return best
}

// ruleDraft gives the rules' draft whose cue has a word in common with a span,
// or -1.
func (v *view) ruleDraft(c crf.Span) int {
	for i := c.First; i < c.Last; i++ {
		if k := v.ruleCue[i]; k >= 0 && v.hasDraft(k) {
			return v.cueDraft[k]
		}
	}
	return -1
}

// draft makes a draft of a proposal, with what the rules know of it.
func (v *view) draft(p *proposal) draft {
	d := draft{follows: -1, paragraph: v.Sentences[v.Tokens[p.cue.First].Sentence].Paragraph}
	for _, s := range p.content {
		d.content = joined(d.content, v.contentSpan(v.ended(v.untilOwnWords(v.withoutAside(s, p), p))))
	}
	d.cue = v.cueOf(p)
	if p.rule >= 0 {
		old := &v.drafts[p.rule]
		d.reasons, d.via, d.source = slices.Clone(old.reasons), old.via, old.source
	} else if k := v.cueIn(p.cue); k >= 0 {
		d.source = v.cues[k].source
	}
	d.reasons = append(d.reasons, fmt.Sprintf("the model takes “%s” for a cue and this for its content, %.0f %% sure", d.cue.span(v.reading).Text(v.Text), 100*p.sure))
	d.named(v, p)
	if d.source.behind {
		d.content = v.until(d.content, d.source.span(v.reading).Start)
	}
	return d
}

// until leaves out of a content what stands from a place in the text on, as long as
// something is left of it.
func (v *view) until(content []nlp.Span, at int) []nlp.Span {
	last := &content[len(content)-1]
	if last.Start >= at || at >= last.End {
		return content
	}
	if first, end := v.TokensIn(nlp.Span{Start: last.Start, End: at}); first < end {
		first, end = v.trimContent(first, end)
		*last = v.contentSpan(stretch{first, end})
	}
	return content
}

// withoutAside ends a content before a participle behind a comma that belongs to the
// cue: "wondered whether the judges would be fair, | engaging in what ...".
func (v *view) withoutAside(s stretch, p *proposal) stretch {
	if s.first < p.cue.Last {
		return s
	}
	for i := s.first + 3; i+1 < s.last; i++ {
		if !v.is(i, ",") || v.markOf[i] >= 0 {
			continue
		}
		k := i + 1
		if v.tag(k) == "RB" {
			k++
		}
		if h := v.Tokens[k].Head; v.tag(k) == "VBG" && v.markOf[k] < 0 && p.cue.First <= h && h < p.cue.Last && !v.is(k, "including", "according") {
			s.last = i
			return s
		}
	}
	return s
}

// judgments are verbs with which somebody calls something a name.
var judgments = []string{"call", "describe", "dub", "label", "brand", "term", "blast", "slam", "dismiss", "denounce", "condemn", "deride", "mock", "characterize", "characterise"}

// untilOwnWords ends a content behind its last passage in marks where the paper goes on
// in its own words. Behind a judgment that is a comma, "and" or "but": "called it a “rant,”
// | a series of letters". In polnear.train 48 contents end so and 3 go on. Behind other
// verbs it is a dash or a clause set against it, "would pay “more” | - an admission":
// 37 and 9. A participle of the paper's behind a comma ends it too: 7 and 4.
func (v *view) untilOwnWords(s stretch, p *proposal) stretch {
	if s.first < p.cue.Last {
		return s
	}
	e := s.last
	for e > s.first && v.markOf[e-1] < 0 {
		e--
	}
	if e == s.first || e == s.last || !v.isMark[e-1] {
		return s
	}
	k := e
	comma := v.is(k, ",") || v.is(e-2, ",")
	if v.is(k, ",") {
		k++
	}
	if k >= s.last {
		return s
	}
	judges := slices.ContainsFunc(judgments, func(lemma string) bool { return v.lemmaIn(lemma, p.cue.First, p.cue.Last) }) &&
		!v.is(p.cue.Last-1, "on", "for") && !v.is(s.first, complementizers...)
	switch {
	case v.is(k, "because", "since", "if", "unless") || v.is(k+1, "also"):
		// the reason belongs to it, as does "not only ... but also"
	case judges && (comma || v.is(k, "and", "but")),
		v.dash(k) && !v.is(k, "-"), v.is(k, "-") && v.Tokens[k].Start > v.Tokens[k-1].End,
		v.is(k, "but"), comma && v.is(k, "when", "while", "though", "although") && !v.is(k+2, "comes"):
		s.last = e
		return s
	}
	for i := e; i+2 < s.last; i++ {
		k := i + 1
		if v.tag(k) == "RB" {
			k++
		}
		if v.is(i, ",") && v.tag(k) == "VBG" && v.Tokens[k].Rel != "conj" && v.Tokens[k].Rel != "amod" && !v.is(k, "including", "according", "letting", "making", "following", "regarding") {
			s.last = i // "would call it a “tax” if it failed, | putting his name on the line"
			break
		}
	}
	return s
}

// lemmaIn reports whether a token of [first, last) has a lemma.
func (v *view) lemmaIn(lemma string, first, last int) bool {
	for i := first; i < last; i++ {
		if v.Tokens[i].Lemma == lemma {
			return true
		}
	}
	return false
}

// ended lets a content that ends in a preposition of time go on to the end of the
// time: "expected the power to be back by" Friday.
func (v *view) ended(s stretch) stretch {
	if v.is(s.last-1, "by", "until", "till", "since", "before", "after") && v.markOf[s.last-1] < 0 {
		if t := v.timeAt(s.last); t >= 0 && v.Times[t].First == s.last {
			s.last = v.Times[t].Last
		}
	}
	return s
}

// joined adds a span to spans in text order; those that overlap become one.
func joined(spans []nlp.Span, s nlp.Span) []nlp.Span {
	spans = append(spans, s)
	slices.SortFunc(spans, func(a, b nlp.Span) int { return cmp.Compare(a.Start, b.Start) })
	out := spans[:1]
	for _, s := range spans[1:] {
		if last := &out[len(out)-1]; s.Start < last.End {
			last.End = max(last.End, s.End)
		} else {
			out = append(out, s)
		}
	}
	return out
}

// named takes the source of a proposal. The rules know better which words carry
// a source that both have found, the field better how far it goes: the one says
// who is meant, the other what is shown.
func (d *draft) named(v *view, p *proposal) {
	rules := stretch{d.source.first, d.source.last}
	var field stretch
	if field.first, field.last = v.trim(p.source.first, p.source.last); v.inDateline(field, p.cue.First) {
		field = stretch{}
	}
	if !field.empty() {
		d.shown = p.source
		if field.first+1 < field.last && (v.is(field.first, "said", "says") || v.relays(field.first)) { // "Said Ines Falk: ..."
			field.first++
			d.shown.first = field.first
		}
	}
	switch {
	case field.empty():
	case d.source.found() && rules.first <= field.first && field.last <= rules.last:
		if v.apposed(field, rules.last) || field.last-field.first == 1 && v.is(field.first, "him", "her", "them", "us") {
			d.shown = stretch{} // "those close to her"
		}
	case d.source.found() && field.first <= d.source.head && d.source.head < field.last && !v.timeCovers[field.first]:
		d.source.first, d.source.last = field.first, field.last
	case d.source.found() && field.first < rules.last && rules.first < field.last:
	case d.source.found() && rules.last == p.cue.First && field.last < rules.first:
		d.shown = stretch{} // "freed after a judge ruled": the nearer one
	case d.source.found() && rules.last <= field.first && v.sender(v.headOf(field.first, field.last)) >= 0:
		d.shown = stretch{} // "parents sent a letter to the board urging"
	default:
		d.source = source{first: field.first, last: field.last, head: v.headOf(field.first, field.last), why: "the words the model takes for it"}
	}
	if d.source.found() {
		d.source = v.offDateline(d.source)
	}
	d.closed(v)
}

// apposed reports whether what stands between some words and token last says who
// they are: "Contreras, the Honduran leading the charge,", "the Court of Audit".
func (v *view) apposed(words stretch, last int) bool {
	if v.is(words.last, "of") {
		return true
	}
	if words.last+1 < last && v.is(words.last, ",") && v.tag(words.last+1) == "DT" {
		return true
	}
	for i := words.last + 1; i < last; i++ {
		if h := v.Tokens[i].Head; v.Tokens[i].Rel == "appos" && words.first <= h && h < words.last {
			return true
		}
	}
	return false
}

// inDateline reports whether words stand in the place before a dash that a
// sentence begins with, which says nothing. A second dash before the cue makes
// an aside of what they enclose: "IBM's Roe — he runs the plant — said".
func (v *view) inDateline(words stretch, cue int) bool {
	if words.empty() {
		return false
	}
	body := v.pastDateline(v.sentence(words.first))
	if words.last > body || cue < body {
		return false
	}
	return !v.anyDash(body, cue)
}

// closed lets what is shown of a source take in the comma that closes an
// apposition, as it does in nine of ten sources in PolNeAR's training part: "Ines
// Falk, the mayor,".
func (d *draft) closed(v *view) {
	shown := d.shown
	if shown.empty() {
		shown = stretch{d.source.first, d.source.last}
	}
	if !d.source.found() || shown.last >= len(v.Tokens) || !v.is(shown.last, ",") || v.markOf[shown.last] >= 0 {
		return
	}
	for i := shown.first + 1; i < shown.last; i++ {
		if v.is(i, ",") {
			d.shown = stretch{shown.first, shown.last + 1}
			return
		}
	}
}

// cueOf gives the cue of a proposal: the rules' with its extent, or a new one.
func (v *view) cueOf(p *proposal) *cue {
	c := cue{first: p.cue.First, last: p.cue.Last, head: p.cue.First}
	for i := p.cue.First; i < p.cue.Last; i++ {
		if k := v.ruleCue[i]; k >= 0 && v.cues[k].head >= p.cue.First && v.cues[k].head < p.cue.Last {
			c = v.cues[k]
			c.first, c.last = p.cue.First, p.cue.Last
			if p.rule < 0 { // the field knows whether this use of the word is speech
				l := *c.lex
				l.kind = kindOf(p.cue)
				c.lex = &l
			}
			return &c
		}
	}
	for i := p.cue.First; i < p.cue.Last; i++ {
		if h := v.Tokens[i].Head; h < p.cue.First || h >= p.cue.Last {
			c.head = i
			break
		}
	}
	kind, stance := kindOf(p.cue), Said
	if kind == Other {
		stance = Believed
	}
	lemma := strings.ToLower(v.Tokens[c.head].Lemma)
	c.lex = &lexeme{lemma: lemma, kind: kind, stance: stance}
	if !isVerbTag(v.tag(c.head)) {
		c.sort = nounCue
		if n, ok := nouns()[lemma]; ok {
			c.lex = &n
		}
	} else if entries := verbs()[lemma]; len(entries) > 0 {
		if e := &entries[len(entries)-1]; e.particle == "" || v.wordIn(e.particle, c.head+1, p.cue.Last) {
			c.lex = e
		}
	}
	return &c
}
