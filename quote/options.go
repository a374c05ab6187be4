package quote

import (
	"cmp"
	"math"
	"slices"

	"onrecord/quote/internal/crf"
)

// The second field weighs each word by its neighbours. What it cannot see is a
// content as a whole: whether it cuts a passage in marks in two, how many words of
// the clause hang on it from outside, whether another cue stands in it. So the
// likeliest contents, and those that begin or end somewhere near, are options
// among which a third model chooses (reranking, Collins 2000), see choose.go.

// An option is one way to read the content of a cue.
type option struct {
	content []stretch
	score   float64 // of the field, in nats against its own reading
	origin  origin
}

// origin says who reads a content so.
type origin uint8

const (
	fromField  origin = 1 << iota // the field by itself
	fromRules                     // the rules by themselves
	fromBoth                      // the field, mended by the rules
	fromMoving                    // nobody: an edge was moved
)

// A breadth is how many options there may be with another end, and with another
// beginning.
type breadth struct{ ends, begins int }

// To learn from there are more, wrong ones too; a reader's time goes to the likely.
var (
	toChoose = breadth{2, 1}
	toLearn  = breadth{5, 3}
)

// farthestEdge is how many tokens an edge may move.
const farthestEdge = 60

// optionsOf gives the ways to read the content of the window's cue: as base, as the
// field and as the rules have it, and base with an edge moved or a part left out.
func (r *window) optionsOf(chain *crf.Chain, most breadth, source stretch, base, field, rules []stretch) []option {
	labels := make([]int, r.last-r.first)
	var options []option
	add := func(content []stretch, from origin) {
		if len(content) == 0 {
			return
		}
		for i := range options {
			if slices.Equal(options[i].content, content) {
				options[i].origin |= from
				return
			}
		}
		options = append(options, option{content, r.score(chain, labels, content, source), from})
	}
	add(base, fromBoth)
	add(field, fromField)
	add(rules, fromRules)
	if len(base) == 0 {
		return options
	}
	best := func(n int, moved []option) {
		slices.SortStableFunc(moved, func(a, b option) int { return cmp.Compare(b.score, a.score) })
		for i := range moved[:min(n, len(moved))] {
			options = append(options, moved[i])
		}
	}
	var moved []option
	try := func(content []stretch) {
		same := func(o option) bool { return slices.Equal(o.content, content) }
		if !slices.ContainsFunc(options, same) && !slices.ContainsFunc(moved, same) {
			moved = append(moved, option{content, r.score(chain, labels, content, source), fromMoving})
		}
	}
	for k := range base {
		if len(base) > 1 {
			try(slices.Delete(slices.Clone(base), k, k+1))
		}
	}
	best(len(moved), moved)
	moved = nil
	n := len(base) - 1
	last := base[n]
	to := min(r.last, last.last+farthestEdge)
	if last.first < r.c0 {
		to = min(to, r.c0)
	}
	for e := last.first + 1; e <= to; e++ {
		if !r.mayEnd(e) {
			continue
		}
		first, end := r.trimContent(last.first, e)
		if first != last.first || end <= first || end == last.last {
			continue
		}
		ended := slices.Clone(base)
		ended[n].last = end
		try(ended)
	}
	best(most.ends, moved)
	moved = nil
	from := max(r.first, base[0].first-farthestEdge)
	if base[0].first >= r.c1 {
		from = max(from, r.c1)
	}
	for b := from; b < base[0].last; b++ {
		if b == base[0].first || !r.mayBegin(b) {
			continue
		}
		begun := slices.Clone(base)
		begun[0].first = b
		try(begun)
	}
	best(most.begins, moved)
	return options
}

// mayEnd reports whether a content may end before token e.
func (v *view) mayEnd(e int) bool {
	if e >= len(v.Tokens) || v.Tokens[e].Sentence != v.Tokens[e-1].Sentence || v.punct(e) {
		return true
	}
	if v.markOf[e-1] >= 0 && v.markOf[e] != v.markOf[e-1] {
		return true
	}
	switch v.tag(e) {
	case "IN", "CC", "TO", "WP", "WDT", "WRB", "RB":
		return true
	}
	return v.timeCovers[e] && !v.timeCovers[e-1]
}

// mayBegin reports whether a content may begin with token b.
func (v *view) mayBegin(b int) bool {
	if v.punct(b) {
		return v.mark[b] == openingMark
	}
	if b == 0 || v.Tokens[b].Sentence != v.Tokens[b-1].Sentence || v.punct(b-1) {
		return true
	}
	switch v.tag(b) {
	case "IN", "TO", "WP", "WDT", "WRB", "DT":
		return true
	}
	return v.is(b-1, "that") || v.tag(b-1) == "CC"
}

// score is what the field gives a reading of its window.
func (r *window) score(chain *crf.Chain, labels []int, content []stretch, source stretch) float64 {
	clear(labels)
	mark := func(s stretch, kind int) {
		a, b := max(s.first, r.first)-r.first, min(s.last, r.last)-r.first
		for i := a; i < b; i++ {
			if labels[i] != 0 {
				return
			}
		}
		crf.Span{First: a, Last: b, Kind: kind}.Mark(labels)
	}
	for _, s := range content {
		mark(s, contentWords)
	}
	mark(source, sourceWords)
	return chain.Score(labels)
}

// wordsIn counts the words of stretches, punctuation left out.
func (v *view) wordsIn(content []stretch) int {
	n := 0
	for _, s := range content {
		n += v.wordsTo[s.last] - v.wordsTo[s.first]
	}
	return n
}

// overlap is the intersection over union of two contents, in words.
func (v *view) overlap(a, b []stretch) float64 {
	both := 0
	for _, s := range a {
		for _, t := range b {
			if first, last := max(s.first, t.first), min(s.last, t.last); first < last {
				both += v.wordsTo[last] - v.wordsTo[first]
			}
		}
	}
	if both == 0 {
		return 0
	}
	return float64(both) / float64(v.wordsIn(a)+v.wordsIn(b)-both)
}

// What the third model looks at. Each is a number of an option.
const (
	fCueSure = iota
	fNothing
	fOtherCue
	fFieldCue
	fHasRule
	fRuleCue
	fScore     // nats against the best option
	fShare     // of the options, by score
	fShareHalf // of the options that overlap it by half, itself among them
	fOrigin
	fRulesOverlap
	fBaseOverlap
	fWords
	fParts
	fMarked        // share of its words in marks
	fPassages      // in marks
	fPassagesCut   // in two
	fEndsMark      // ends with a mark
	fBeginsMark    //
	fAfterMark     // words after the last passage
	fBeforeMark    // words before the first
	fHangAfter     // tokens behind it that hang on it
	fHangOut       // tokens of it that hang on what is behind
	fHangFirst     // tokens before it that hang on it
	fNext          // what stands behind it
	fNextBut       // and behind that
	fNextFinite    // before the next comma
	fLastTag       //
	fFirstTag      //
	fBefore        // what stands before it
	fSide          // before the cue, behind it, both
	fGap           // words between the cue and it
	fCuesIn        // likely cues in it, outside of marks
	fCueBehind     // words to the next likely cue behind it
	fSentences     // that it has a part of
	fBeginsOne     // with the sentence
	fEndsOne       //
	fLeft          // words to the end of the sentence
	fHeadline      //
	fVerb          // has a verb outside of marks
	fSource        // words of the source
	fSourceGap     // between source and cue
	fCueTag        //
	fCueWords      //
	fLexicon       // of the cue
	fTakenElse     // share that the rules give another cue
	fClimb         // how much deeper in the tree the word behind it stands than the cue
	fNextHead      // where the phrase behind it hangs
	fNextRel       // and how
	fBeginBase     // words that it begins later than the first option
	fEndBase       // words that it ends later
	fBeginRules    // than the rules' content
	fEndRules      //
	fCommas        // in it, outside of marks
	fCommaCue      // a comma before the cue, behind it
	numberFeatures = fCommaCue + 1
)

// describe writes what the third model looks at, a row for each option.
func (r *window) describe(options []option, c likelyCue, nothing float64, source stretch, base, rules []stretch) []float32 {
	x := make([]float32, len(options)*numberFeatures)
	best := math.Inf(-1)
	for i := range options {
		best = max(best, options[i].score)
	}
	total := 0.0
	shares := make([]float64, len(options))
	for i := range options {
		shares[i] = math.Exp(options[i].score - best)
		total += shares[i]
	}
	head := r.cueHead(c.Span)
	for i := range options {
		o := &options[i]
		f := x[i*numberFeatures : (i+1)*numberFeatures]
		f[fCueSure], f[fNothing], f[fOtherCue] = float32(c.sure), float32(nothing), float32(c.other)
		f[fFieldCue] = number(c.byField)
		f[fHasRule], f[fRuleCue] = number(r.rule >= 0), number(r.ruleCue >= 0)
		f[fScore] = float32(o.score - best)
		f[fShare] = float32(shares[i] / total)
		half := 0.0
		for k := range options {
			if k == i || r.overlap(o.content, options[k].content) >= 0.5 {
				half += shares[k]
			}
		}
		f[fShareHalf] = float32(half / total)
		f[fOrigin] = float32(o.origin)
		f[fRulesOverlap], f[fBaseOverlap] = -1, float32(r.overlap(o.content, base))
		if len(rules) > 0 {
			f[fRulesOverlap] = float32(r.overlap(o.content, rules))
		}
		f[fBeginBase], f[fEndBase] = r.moved(o.content, base)
		f[fBeginRules], f[fEndRules] = r.moved(o.content, rules)
		f[fCommaCue] = number(r.is(c.First-1, ",")) + 2*number(r.is(c.Last, ","))
		r.extent(f, o.content)
		r.surroundings(f, o.content, c, head)
		f[fSource], f[fSourceGap] = float32(source.last-source.first), -99
		if !source.empty() {
			f[fSourceGap] = float32(min(30, max(-30, source.first-c.First)))
		}
		f[fCueTag], f[fCueWords], f[fLexicon] = tagNumber(r.tag(head)), float32(c.Last-c.First), float32(r.lex[head])
		f[fHeadline] = number(r.title[r.sent])
	}
	return x
}

// moved gives how many words later than another content one begins and ends.
func (v *view) moved(content, from []stretch) (begin, end float32) {
	if len(from) == 0 {
		return 99, 99
	}
	return float32(v.wordsTo[content[0].first] - v.wordsTo[from[0].first]),
		float32(v.wordsTo[content[len(content)-1].last] - v.wordsTo[from[len(from)-1].last])
}

func number(b bool) float32 {
	if b {
		return 1
	}
	return 0
}

// extent describes a content by itself.
func (r *window) extent(f []float32, content []stretch) {
	words := r.wordsIn(content)
	first, last := content[0].first, content[len(content)-1].last
	f[fWords], f[fParts] = float32(words), float32(len(content))
	inMarks, before, after, passages, cut, verb, cues, elsewhere, commas := 0, 0, 0, 0, 0, false, 0, 0, 0
	previous := -1
	for _, s := range content {
		for i := s.first; i < s.last; i++ {
			if r.ruleContent[i] >= 0 && r.ruleContent[i] != r.rule {
				elsewhere++
			}
			m := r.markOf[i]
			if m >= 0 && m != previous {
				passages++
				if p := r.passages[m]; p.first < s.first || p.last > s.last {
					cut++
				}
				previous = m
			}
			if m < 0 {
				verb = verb || isFinite(r.tag(i))
				if r.is(i, ",") {
					commas++
				}
				if r.other[i] && (i == 0 || !r.other[i-1]) {
					cues++
				}
			}
			if r.punct(i) {
				continue
			}
			switch {
			case m >= 0:
				inMarks++
				after = 0
			case inMarks == 0:
				before++
			default:
				after++
			}
		}
	}
	if inMarks == 0 {
		before, after = -1, -1
	}
	f[fMarked] = float32(inMarks) / float32(max(words, 1))
	f[fPassages], f[fPassagesCut], f[fAfterMark], f[fBeforeMark] = float32(passages), float32(cut), float32(after), float32(before)
	f[fEndsMark] = number(r.mark[last-1] == otherMark) + 2*number(r.markOf[last-1] >= 0)
	f[fBeginsMark] = number(r.mark[first] == openingMark) + 2*number(r.markOf[first] >= 0)
	f[fVerb], f[fCuesIn], f[fCommas] = number(verb), float32(cues), float32(commas)
	f[fTakenElse] = float32(elsewhere) / float32(max(words, 1))
	f[fSentences] = float32(r.Tokens[last-1].Sentence - r.Tokens[first].Sentence + 1)
	f[fLastTag], f[fFirstTag] = tagNumber(r.tag(last-1)), r.wordNumber(first)
}

// surroundings describes what stands around a content.
func (r *window) surroundings(f []float32, content []stretch, c likelyCue, head int) {
	first, last := content[0].first, content[len(content)-1].last
	s := r.Sentences[r.Tokens[last-1].Sentence]
	b := r.Sentences[r.Tokens[first].Sentence]
	inside := func(i int) bool { return i >= first && i < last && (i < c.First || i >= c.Last) }
	hang, out, into := 0, 0, 0
	for i := last; i < s.Last; i++ {
		if inside(r.Tokens[i].Head) && !r.punct(i) {
			hang++
		}
	}
	for i := max(first, s.First); i < last; i++ {
		if r.Tokens[i].Head >= last && !r.punct(i) {
			out++
		}
	}
	for i := b.First; i < first; i++ {
		if inside(r.Tokens[i].Head) && !r.punct(i) && (i < c.First || i >= c.Last) {
			into++
		}
	}
	f[fHangAfter], f[fHangOut], f[fHangFirst] = float32(hang), float32(out), float32(into)
	next := last
	f[fNext] = r.nextNumber(next, s.Last, c)
	if next < s.Last && r.punct(next) {
		next++
	}
	f[fNextBut] = r.nextNumber(next, s.Last, c)
	f[fNextHead], f[fNextRel] = -1, -1
	if next < s.Last && !r.punct(next) {
		top := next
		for h := r.Tokens[top].Head; h > top; h = r.Tokens[top].Head {
			if h >= s.Last || r.left(h) < next {
				break
			}
			top = h
		}
		f[fNextRel] = float32(slices.Index(relationOrder, r.Tokens[top].Rel))
		switch h := r.Tokens[top].Head; {
		case inside(h):
			f[fNextHead] = 1
		case h >= c.First && h < c.Last:
			f[fNextHead] = 2
		case h >= last:
			f[fNextHead] = 3
		case h >= 0:
			f[fNextHead] = 4
		default:
			f[fNextHead] = 5
		}
	}
	f[fNextFinite] = tagNumber(r.finiteBehind(next, s.Last))
	f[fBefore] = -1
	if first > b.First {
		f[fBefore] = r.nextNumber(first-1, b.Last, c)
	}
	switch {
	case first >= c.Last:
		f[fSide], f[fGap] = 1, float32(r.wordsTo[first]-r.wordsTo[c.Last])
	case last <= c.First:
		f[fSide], f[fGap] = 2, float32(r.wordsTo[c.First]-r.wordsTo[last])
	default:
		f[fSide] = 3
	}
	f[fCueBehind] = 99
	for i := last; i < s.Last; i++ {
		if r.other[i] && (i < c.First || i >= c.Last) {
			f[fCueBehind] = float32(i - last)
			break
		}
	}
	f[fBeginsOne], f[fEndsOne] = number(first == b.First), number(last >= s.Last-1)
	f[fLeft] = float32(r.wordsTo[s.Last] - r.wordsTo[last])
	f[fClimb] = -1
	if last < s.Last {
		f[fClimb] = float32(min(r.depth[last], 9) - min(r.depth[head], 9))
	}
}

// finiteBehind gives the tag of the first finite verb from token i on before the next
// comma.
func (v *view) finiteBehind(i, last int) string {
	for k := i; k < last && k < i+10; k++ {
		if v.is(k, ",", ".", ";") && k > i {
			return ""
		}
		if isFinite(v.tag(k)) {
			return v.tag(k)
		}
	}
	return ""
}

// nextNumber tells sorts of token apart, as an edge of a content sees them.
func (r *window) nextNumber(i, last int, c likelyCue) float32 {
	switch {
	case i >= last:
		return 0
	case i >= c.First && i < c.Last:
		return 1
	case r.mark[i] == openingMark:
		return 2
	case r.mark[i] != outsideMarks:
		return 3
	case r.is(i, ".", "?", "!"):
		return 4
	case r.is(i, ","):
		return 5
	case r.is(i, ":", ";"):
		return 6
	case r.dash(i):
		return 7
	case r.punct(i):
		return 8
	}
	return r.wordNumber(i)
}

// wordNumber tells sorts of word apart.
func (v *view) wordNumber(i int) float32 {
	switch {
	case v.punct(i):
		return 9
	case v.is(i, "and", "or"):
		return 10
	case v.is(i, "but"):
		return 11
	case v.is(i, "that"):
		return 12
	case v.is(i, "who", "which", "whose", "where"):
		return 13
	case v.is(i, "as"):
		return 14
	case v.is(i, "when", "after", "before", "while", "until", "since"):
		return 15
	case v.is(i, "because", "if", "although", "though", "unless", "whether"):
		return 16
	case v.is(i, "to"):
		return 17
	case v.timeCovers[i]:
		return 18
	}
	return 20 + tagNumber(v.tag(i))
}

// tagNumber puts the tags in an order in which like ones are neighbours.
func tagNumber(tag string) float32 { return float32(slices.Index(tagOrder, tag)) }

var tagOrder = []string{
	"VBD", "VBZ", "VBP", "MD", "VB", "VBN", "VBG", "IN", "TO", "RP", "RB", "RBR", "RBS", "WRB", "EX", "WP", "WDT", "WP$",
	"PRP", "PRP$", "DT", "PDT", "CD", "NNP", "NNPS", "NN", "NNS", "JJ", "JJR", "JJS", "CC", "POS", "FW", "UH", "SYM",
}

// relationOrder puts the relations in an order in which like ones are neighbours.
var relationOrder = []string{
	"acl", "acl:relcl", "appos", "nmod", "nmod:poss", "amod", "compound", "det", "nummod", "case", "mark", "cc", "conj", "parataxis", "list",
	"root", "ccomp", "xcomp", "csubj", "advcl", "obl", "obl:tmod", "obl:npmod", "advmod", "nsubj", "nsubj:pass", "obj", "iobj", "aux", "aux:pass", "cop", "expl", "discourse", "fixed", "flat",
}
