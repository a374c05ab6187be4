package quote

import (
	"slices"
	"strings"

	"onrecord/internal/perceptron"
	"onrecord/nlp"
	"onrecord/quote/internal/crf"
)

// A view is a reading with what the learned stages look at, worked out once.
type view struct {
	*reading
	w, lemma, rel, tg []uint32 // hashes of words in small letters, lemmas, relations, tags
	depth             []int    // steps to the root
	lex               []uint32 // per token: what the lexicon of cues says
	mark              []uint32 // per token: where it stands with regard to quotation marks
	gapLeft, gapRight []uint32 // per token: how far the nearest passage in marks is
	entity            []uint32 // per token: hash of the kind of its name; 0 where there is none
	title             []bool   // per sentence: a headline
	marked            []bool   // per sentence: it has words in quotation marks
	passages          []passage
	wordsTo           []int // per token, and one more: the words before it
	ruleCue           []int // per token: index of the rules' cue, or -1
	ruleContent       []int // per token: index of the rules' draft whose content holds it, or -1
	ruleSource        []int // per token: index of the rules' draft whose source holds it, or -1
	cues              []cue
	drafts            []draft
	cueDraft          []int     // per cue of the rules: its draft, or -1
	cueSure           []float64 // per cue of the rules: how likely the first field finds it
	draftHalf         []float64 // per draft of the rules: how likely its cue has a content that is right by half; -1 where nobody looked
	around            window    // the last one, for its memory
}

// A passage is a mark in tokens.
type passage struct {
	stretch
	independent bool // a sentence or a colon ends before it
}

func hashOf(s string) uint32 {
	h := uint32(2166136261)
	for i := range len(s) {
		h = (h ^ uint32(s[i])) * 16777619
	}
	return h
}

func newView(r *reading, cues []cue, drafts []draft) *view {
	n := len(r.Tokens)
	v := &view{reading: r, cues: cues, drafts: drafts, depth: make([]int, n), cueDraft: make([]int, len(cues)), cueSure: make([]float64, len(cues)), draftHalf: slices.Repeat([]float64{-1}, len(drafts))}
	for _, a := range []*[]uint32{&v.w, &v.lemma, &v.rel, &v.tg, &v.lex, &v.mark, &v.gapLeft, &v.gapRight, &v.entity} {
		*a = make([]uint32, n)
	}
	for _, a := range []*[]int{&v.ruleCue, &v.ruleContent, &v.ruleSource} {
		*a = slices.Repeat([]int{-1}, n)
	}
	at := map[*cue]int{}
	for k := range cues {
		at[&cues[k]], v.cueDraft[k] = k, -1
		for i := cues[k].first; i < cues[k].last; i++ {
			v.ruleCue[i] = k
		}
	}
	for d := range drafts {
		if drafts[d].cue != nil {
			if k, ok := at[drafts[d].cue]; ok {
				v.cueDraft[k] = d
			}
		}
		for _, s := range drafts[d].content {
			first, last := r.TokensIn(s)
			for i := first; i < last; i++ {
				v.ruleContent[i] = d
			}
		}
		if drafts[d].source.found() {
			for i := drafts[d].source.first; i < drafts[d].source.last; i++ {
				v.ruleSource[i] = d
			}
		}
	}
	v.passages = make([]passage, len(r.marks))
	for m := range r.marks {
		p := &v.passages[m]
		p.first, p.last = r.TokensIn(r.marks[m].Span)
		p.independent = p.first < n && v.independent(p.first)
	}
	v.wordsTo = make([]int, n+1)
	for i := range n {
		v.wordsTo[i+1] = v.wordsTo[i]
		if !r.punct(i) {
			v.wordsTo[i+1]++
		}
	}
	v.title, v.marked = make([]bool, len(r.Sentences)), make([]bool, len(r.Sentences))
	for s := range r.Sentences {
		v.title[s] = v.headline(&r.Sentences[s])
	}
	for i := range r.Tokens {
		v.lookAt(i)
	}
	return v
}

// lookAt works out what the view knows of token i.
func (v *view) lookAt(i int) {
	t := &v.Tokens[i]
	lemma := strings.ToLower(t.Lemma)
	v.w[i], v.lemma[i], v.rel[i], v.tg[i] = hashOf(v.small[i]), hashOf(lemma), hashOf(t.Rel), hashOf(t.Tag)
	d := 0
	for h := t.Head; h >= 0 && d < 30; h = v.Tokens[h].Head {
		d++
	}
	v.depth[i] = d
	v.lex[i] = v.lexicon(i, lemma)
	v.mark[i] = v.markState(i)
	v.gapLeft[i], v.gapRight[i] = v.gapTo(i, -1), v.gapTo(i, 1)
	if t.Entity >= 0 {
		v.entity[i] = hashOf(string(v.Entities[t.Entity].Kind))
	}
	if v.markOf[i] >= 0 {
		v.marked[t.Sentence] = true
	}
}

// headline reports whether a sentence of the first paragraph is in the style of
// headlines: no full stop, most words in capitals.
func (v *view) headline(s *nlp.Sentence) bool {
	if s.Paragraph > 0 || s.First >= s.Last || v.is(s.Last-1, ".") {
		return false
	}
	words, capital := 0, 0
	for i := s.First; i < s.Last; i++ {
		if c := v.Tokens[i].Text[0]; c >= 'a' && c <= 'z' {
			words++
		} else if c >= 'A' && c <= 'Z' {
			words++
			capital++
		}
	}
	return 2*capital > words
}

// at gives a hash of token i, a mark for the edge outside the sentence range.
func at(a []uint32, i, first, last int) uint32 {
	if i < first {
		return 1
	}
	if i >= last {
		return 2
	}
	return a[i]
}

type keyer struct{ keys []uint32 }

func (k *keyer) add(template, a, b, c, d uint32) {
	k.keys = append(k.keys, perceptron.Hash(template, a, b, c, d))
}

func bit(b bool) uint32 {
	if b {
		return 1
	}
	return 0
}

// bucket puts a distance into one of a few classes.
func bucket(n int) uint32 {
	neg := uint32(0)
	if n < 0 {
		n, neg = -n, 100
	}
	switch {
	case n <= 3:
		return neg + uint32(n)
	case n <= 5:
		return neg + 4
	case n <= 8:
		return neg + 5
	case n <= 13:
		return neg + 6
	case n <= 21:
		return neg + 7
	case n <= 40:
		return neg + 8
	}
	return neg + 9
}

// Where a token stands with regard to quotation marks.
const (
	outsideMarks = iota
	openingMark
	otherMark
	insideMarks
	beyondText = 9
)

// markState says where a token stands with regard to quotation marks.
func (v *view) markState(i int) uint32 {
	switch {
	case v.isMark[i] && v.markOf[i] >= 0 && v.marks[v.markOf[i]].Start == v.Tokens[i].Start:
		return openingMark
	case v.isMark[i]:
		return otherMark
	case v.markOf[i] >= 0:
		return insideMarks
	}
	return outsideMarks
}

// markAt gives the mark state of any token.
func (v *view) markAt(i int) uint32 {
	if i < 0 || i >= len(v.mark) {
		return beyondText
	}
	return v.mark[i]
}

// lexicon tells what the lexicon of cues says of token i.
func (v *view) lexicon(i int, lemma string) uint32 {
	k := v.ruleCue[i]
	if k < 0 {
		if isVerbTag(v.tag(i)) {
			if ls, ok := verbs()[lemma]; ok {
				return 10 + bit(ls[len(ls)-1].kind == Speech)
			}
		} else if strings.HasPrefix(v.tag(i), "NN") {
			if n, ok := nouns()[lemma]; ok {
				return 12 + bit(n.kind == Speech)
			}
		}
		return 0
	}
	c := &v.cues[k]
	s := 20 + 8*bit(c.lex.kind == Speech) + 4*bit(v.hasDraft(k))
	if i == c.head {
		s++
	} else if i > c.head {
		s += 2
	}
	return s
}

// lexOf gives what the lexicon says of a token, 0 outside the text.
func (v *view) lexOf(i int) uint32 {
	if i < 0 || i >= len(v.lex) {
		return 0
	}
	return v.lex[i]
}

func (v *view) hasDraft(k int) bool { return v.cueDraft[k] >= 0 }

// cueKeys calls emit with the features by which each of the tokens [first, last)
// is read for cues. Only during the call may it look at them.
func (v *view) cueKeys(first, last int, emit func(i int, keys []uint32)) {
	var k keyer
	for i := first; i < last; i++ {
		k.keys = k.keys[:0]
		t := &v.Tokens[i]
		w := func(d int) uint32 { return at(v.w, i+d, first, last) }
		g := func(d int) uint32 { return at(v.tg, i+d, first, last) }
		k.add(0, 0, 0, 0, 0)
		for d := -2; d <= 3; d++ {
			k.add(1, uint32(d+8), w(d), 0, 0)
			k.add(2, uint32(d+8), g(d), 0, 0)
		}
		k.add(3, v.lemma[i], v.tg[i], 0, 0)
		k.add(4, w(0), w(1), 0, 0)
		k.add(5, w(-1), w(0), 0, 0)
		k.add(6, w(0), w(1), w(2), 0)
		k.add(7, g(-1), g(0), g(1), 0)
		k.add(8, v.lemma[i], g(1), 0, 0)
		k.add(9, v.lemma[i], g(-1), 0, 0)
		k.add(10, v.rel[i], v.lemma[i], 0, 0)
		k.add(11, v.rel[i], v.tg[i], 0, 0)
		ms := v.mark[i]
		k.add(12, ms, v.markAt(i-1), v.markAt(i+1), 0)
		k.add(13, ms, v.tg[i], 0, 0)
		if h := t.Head; h >= 0 {
			k.add(14, v.lemma[h], v.rel[i], 0, 0)
			k.add(15, v.tg[h], v.rel[i], v.tg[i], 0)
			k.add(16, v.lemma[h], v.lemma[i], 0, 0)
			k.add(17, v.lex[h], v.rel[i], v.tg[i], bucket(i-h))
			k.add(53, v.lex[h], v.lemma[i], bucket(i-h), 0)
		}
		lx := v.lex[i]
		// What it governs.
		var sets uint32
		for _, c := range v.Children(i) {
			k.add(18, v.rel[c], bit(c > i), v.tg[i], 0)
			k.add(19, v.rel[c], bit(c > i), v.lemma[i], 0)
			switch v.Tokens[c].Rel {
			case "ccomp":
				sets |= 1
			case "nsubj", "nsubj:pass":
				sets |= 2
				kind := v.entity[c]
				k.add(20, v.lemma[c], v.lemma[i], 0, 0)
				k.add(21, v.lemma[c], v.tg[i], 0, 0)
				k.add(22, kind, v.lemma[i], 0, 0)
				k.add(23, kind, v.tg[c], v.tg[i], lx)
			case "xcomp":
				sets |= 4
			case "obj":
				sets |= 8
				k.add(24, v.lemma[c], v.lemma[i], 0, 0)
			case "parataxis":
				sets |= 16
			case "advcl":
				sets |= 32
			case "mark":
				sets |= 64
				k.add(25, v.w[c], v.lemma[i], 0, 0)
			case "acl":
				sets |= 128
			}
			if r := v.Tokens[c].Rel; r == "ccomp" || r == "acl" || r == "xcomp" {
				if m := v.Child(c, "mark"); m >= 0 {
					k.add(26, v.w[m], v.lemma[i], 0, 0)
					k.add(27, v.w[m], v.tg[i], v.rel[c], 0)
				}
			}
		}
		k.add(28, sets, v.tg[i], 0, 0)
		k.add(29, sets, v.lemma[i], 0, 0)
		k.add(30, sets, lx, 0, 0)
		k.add(31, lx, 0, 0, 0)
		k.add(32, lx, v.lemma[i], 0, 0)
		k.add(33, lx, g(-1), g(1), 0)
		if i+1 < last {
			k.add(34, v.lex[i+1], v.tg[i], 0, 0)
			k.add(35, v.lex[i+1], v.w[i], 0, 0)
		}
		if i > first {
			k.add(36, v.lex[i-1], v.tg[i], 0, 0)
			k.add(37, v.lex[i-1], v.w[i], g(1), 0)
			k.add(38, v.lex[i-1], v.w[i], 0, 0)
			if i > first+1 {
				k.add(39, v.lex[i-2], v.w[i], 0, 0)
				k.add(54, v.lex[i-2], v.w[i-1], v.w[i], 0)
			}
		}
		k.add(40, bit(v.ruleContent[i] >= 0), bit(v.ruleSource[i] >= 0), v.tg[i], ms)
		if c := v.ruleCue[i]; c >= 0 {
			if d := v.cueDraft[c]; d >= 0 {
				q := &v.drafts[d]
				k.add(41, bit(q.source.found()), bit(q.start() > t.Start), uint32(len(q.content)), v.lemma[i])
				k.add(42, bit(q.source.found()), bit(q.start() > t.Start), uint32(len(q.content)), lx)
			}
		}
		if c := v.ruleCue[i]; c >= 0 {
			q := &v.cues[c]
			k.add(55, bit(q.source.found()), bit(q.passive), uint32(q.sort), v.lemma[i])
			k.add(56, bit(q.source.found()), bit(q.passive), uint32(q.sort), uint32(q.lex.frames)<<1|bit(v.hasDraft(c)))
			if q.source.found() {
				k.add(57, v.tg[q.source.head], v.lemma[i], bit(q.source.shared), bit(q.source.first > q.head))
				k.add(58, v.lemma[q.source.head], v.lemma[i], 0, 0)
				k.add(59, v.entity[q.source.head], lx, bit(v.hasDraft(c)), 0)
			}
		}
		if i > first && v.isMark[i-1] {
			k.add(60, v.lemma[i], bit(v.is(i-2, ",")), 0, 0)
		}
		title := bit(v.title[t.Sentence])
		k.add(64, title, lx, v.tg[i], 0)
		k.add(65, title, v.lemma[i], 0, 0)
		k.add(61, bit(v.marked[t.Sentence]), lx, 0, 0)
		k.add(62, w(1), w(2), v.tg[i], 0)
		k.add(63, g(1), g(2), v.tg[i], lx)
		// The nearest marks on either side.
		k.add(43, v.gapLeft[i], v.gapRight[i], v.tg[i], 0)
		k.add(44, v.gapLeft[i], v.gapRight[i], v.lemma[i], 0)
		k.add(45, v.gapRight[i], v.tg[i], lx, 0)
		if t.Entity >= 0 {
			k.add(46, v.entity[i], 0, 0, 0)
		}
		k.add(47, bit(v.timeCovers[i]), v.tg[i], 0, 0)
		k.add(48, bucket(i-first), 0, 0, 0)
		k.add(49, bucket(last-i), lx, 0, 0)
		if len(t.Text) > 3 {
			k.add(50, hashOf(strings.ToLower(t.Text[len(t.Text)-3:])), v.tg[i], 0, 0)
		}
		k.add(51, v.depthClass(i), v.tg[i], lx, 0)
		emit(i, k.keys)
	}
}

func (v *view) depthClass(i int) uint32 { return uint32(min(v.depth[i], 6)) }

// gapTo says how far the nearest passage in marks is in a direction, in tokens,
// as a class: 0 for none near.
func (v *view) gapTo(i, dir int) uint32 {
	if v.markOf[i] >= 0 {
		return 7
	}
	for d := 1; d <= 6; d++ {
		k := i + d*dir
		if k < 0 || k >= len(v.Tokens) {
			return 0
		}
		if v.markOf[k] >= 0 {
			return uint32(min(d, 4))
		}
		if v.is(k, ".", ";") {
			return 0
		}
	}
	return 5
}

// A window is the tokens [first, last) around the cue at tokens [c0, c1), as the
// second field reads them.
type window struct {
	*view
	first, last, c0, c1 int
	other               []bool // per token of the document: part of a likely cue
	head                int    // of the cue
	sent                int    // sentence of the head
	rule                int    // the rules' draft with this cue, or -1
	ruleCue             int    // the rules' cue here, or -1
	// From the cue to each token of the window.
	commas, cuesBetween, marksBetween []uint32
	hangs                             []hang
}

// hang says how a token hangs on the cue: steps from the cue's head up to the
// ancestor that both have, relation and side of the branch that leads from there
// down to the token, and steps on it.
type hang struct{ climb, rel, side, down uint32 }

// farFromCue is the climb of a token of another sentence.
const farFromCue = 9

func (v *view) windowAt(c crf.Span, other []bool) *window {
	r := &v.around
	r.view, r.c0, r.c1, r.other = v, c.First, c.Last, other
	r.first, r.last = v.bounds(c.First, c.Last)
	r.head = v.cueHead(c)
	r.sent = v.Tokens[r.head].Sentence
	r.rule, r.ruleCue = v.ruleDraft(c), v.cueIn(c)
	r.count()
	r.hang()
	return r
}

// cueHead gives the verb of a cue that the lexicon knows, else the word that the
// others hang on.
func (v *view) cueHead(c crf.Span) int {
	for i := c.Last - 1; i > c.First; i-- {
		if isVerbTag(v.tag(i)) && v.lex[i] > 0 {
			return i
		}
	}
	for i := c.First; i < c.Last; i++ {
		if h := v.Tokens[i].Head; h < c.First || h >= c.Last {
			return i
		}
	}
	return c.First
}

// count counts what stands between the cue and each token.
func (r *window) count() {
	n := r.last - r.first
	for _, a := range []*[]uint32{&r.commas, &r.cuesBetween, &r.marksBetween} {
		*a = slices.Grow((*a)[:0], n)[:n]
	}
	side := func(i, end, step int, mark uint32) {
		var commas, cues, marks uint32
		for ; i != end; i += step {
			r.commas[i-r.first], r.cuesBetween[i-r.first], r.marksBetween[i-r.first] = commas, cues, marks
			if r.markOf[i] < 0 && r.is(i, ",", "—", "–", "--") {
				commas++
			}
			if before := i - step; r.other[i] && (before < 0 || before >= len(r.other) || !r.other[before]) {
				cues++
			}
			if r.mark[i] == mark {
				marks++
			}
		}
	}
	side(r.c1, r.last, 1, openingMark)
	side(r.c0-1, r.first-1, -1, otherMark)
}

// hang works out how the tokens of the window hang on the cue.
func (r *window) hang() {
	const farthest = 12
	n := r.last - r.first
	r.hangs = slices.Grow(r.hangs[:0], n)[:n]
	var up [farthest]int // the cue's ancestors, itself the first
	ups := 0
	for i := r.head; i >= 0 && ups < farthest; i = r.Tokens[i].Head {
		up[ups] = i
		ups++
	}
	for i := r.first; i < r.last; i++ {
		h := hang{climb: farFromCue}
		if r.Tokens[i].Sentence == r.sent {
			top, at := i, slices.Index(up[:ups], i)
			for ; at < 0 && h.down < farthest; h.down++ {
				h.rel, h.side = r.rel[top], bit(top > r.head)
				if top = r.Tokens[top].Head; top < 0 {
					h.down++
					break
				}
				at = slices.Index(up[:ups], top)
			}
			if at >= 0 {
				h.climb = uint32(min(at, 5))
			}
		}
		r.hangs[i-r.first] = h
	}
}

func (r *window) hangAt(i int) hang {
	if i < r.first || i >= r.last {
		return hang{climb: farFromCue + 1}
	}
	return r.hangs[i-r.first]
}

// roleKeys calls emit with the features by which each token of the window is read
// for the source and the content of its cue. Only during the call may it look at
// them.
func (r *window) roleKeys(emit func(i int, keys []uint32)) {
	first, last, c0, c1, head, sent, rule, ruleCue := r.first, r.last, r.c0, r.c1, r.head, r.sent, r.rule, r.ruleCue
	s := r.Sentences[sent]
	lem, clx := r.lemma[head], r.lex[head]
	after := at(r.w, c1, s.First, s.Last)
	afterTag := at(r.tg, c1, s.First, s.Last)
	before := at(r.w, c0-1, s.First, s.Last)
	state := bit(rule >= 0) | bit(ruleCue >= 0)<<1
	var k keyer
	for i := first; i < last; i++ {
		k.keys = k.keys[:0]
		t := &r.Tokens[i]
		w := func(d int) uint32 { return at(r.w, i+d, first, last) }
		g := func(d int) uint32 { return at(r.tg, i+d, first, last) }
		var dir uint32 // 0 before, 1 in, 2 after
		dist := 0
		switch {
		case i < c0:
			dist = i - c0
		case i >= c1:
			dir, dist = 2, i-c1+1
		default:
			dir = 1
		}
		sd := t.Sentence - sent
		so := uint32(max(-3, min(3, sd)) + 3)
		k.add(100, dir, so, 0, 0)
		if dir == 1 {
			emit(i, k.keys)
			continue
		}
		ctx := dir + 4*so
		k.add(101, w(0), ctx, 0, 0)
		k.add(102, g(0), ctx, 0, 0)
		for d := -2; d <= 2; d++ {
			if d != 0 {
				k.add(103, uint32(d+8), w(d), dir, 0)
				k.add(104, uint32(d+8), g(d), dir, 0)
			}
		}
		k.add(105, g(-1), g(0), g(1), dir)
		k.add(106, w(-1), w(0), dir, 0)
		k.add(107, w(0), w(1), dir, 0)
		k.add(108, bucket(dist), dir, 0, 0)
		k.add(109, bucket(dist), r.tg[i], 0, 0)
		k.add(110, bucket(dist), lem, 0, 0)
		k.add(111, bucket(dist), w(0), 0, 0)
		// The way through the tree.
		hg := r.hangs[i-first]
		climb, rel, side := hg.climb, hg.rel, hg.side
		commas, cuesBetween, marksBetween := r.commas[i-first], r.cuesBetween[i-first], r.marksBetween[i-first]
		path := climb<<8 | min(hg.down, 7)
		if sd != 0 {
			path = 1 << 16
		}
		k.add(112, path, r.rel[i], dir, 0)
		k.add(113, climb, rel, side, dir)
		k.add(114, climb, rel, side, lem)
		k.add(115, climb, rel, r.tg[i], dir)
		k.add(116, climb, rel, clx, dir)
		k.add(117, path, r.tg[i], 0, 0)
		if climb == 1 {
			k.add(118, r.rel[head], rel, side, dir)
		}
		ms := r.mark[i]
		// What stands behind and before, and how that hangs.
		h1, h2, h0 := r.hangAt(i+1), r.hangAt(i+2), r.hangAt(i-1)
		k.add(170, h1.climb, h1.rel, g(1), dir)
		k.add(171, h0.climb, h0.rel, g(-1), dir)
		k.add(172, h1.climb, climb, bit(h1.rel == rel), dir)
		k.add(173, h0.climb, climb, bit(h0.rel == rel), dir)
		if i+1 < last && (r.is(i+1, ",") || r.dash(i+1)) {
			k.add(174, h2.climb, h2.rel, g(2), dir)
			k.add(175, h2.climb, h2.rel, w(2), dir)
			k.add(176, w(2), g(3), commas, dir)
			k.add(177, w(2), lem, 0, dir)
			k.add(188, w(2), min(marksBetween, 2), dir, ms)
			k.add(189, g(2), min(marksBetween, 2), dir, h2.climb)
			k.add(178, g(2), r.nextFinite(i+2, last), r.tg[head], dir)
			k.add(179, w(2), r.nextFinite(i+2, last), r.tg[head], dir)
		}
		if i+1 < last && r.tag(i+1) == "CC" {
			k.add(180, h2.climb, h2.rel, g(2), dir)
			k.add(181, w(1), r.nextFinite(i+2, last), r.tg[head], dir)
			k.add(182, g(2), r.lexOf(i+2), dir, 0)
		}
		if i > first && r.is(i-1, ",") {
			k.add(183, w(-2), w(0), dir, 0)
			k.add(184, r.hangAt(i-2).climb, r.hangAt(i-2).rel, climb, rel)
		}
		// The widest phrases that begin or end here.
		lrel, rrel := r.widest(i, head)
		k.add(120, lrel, dir, 0, 0)
		k.add(121, rrel, dir, 0, 0)
		k.add(122, lrel, lem, dir, 0)
		k.add(123, rrel, g(1), dir, 0)
		k.add(124, rrel, w(1), dir, 0)
		k.add(125, lrel, w(-1), dir, 0)
		// Marks.
		mk := ms | r.markAt(i+1)<<4 | r.markAt(i-1)<<8
		k.add(126, mk, ctx, 0, 0)
		k.add(127, mk, marksBetween, dir, bit(sd == 0))
		k.add(128, mk, commas, dir, bit(sd == 0))
		if m := r.markOf[i]; m >= 0 {
			var touch uint32
			p := &r.passages[m]
			f, l := p.first, p.last
			switch {
			case l <= c0:
				touch = bucket(c0 - l)
			case f >= c1:
				touch = 20 + bucket(f-c1)
			default:
				touch = 40
			}
			k.add(129, touch, ms, dir, 0)
			k.add(130, touch, ms, clx, bit(l-f > 6))
			k.add(131, touch, cuesBetween, dir, bit(l-f > 6))
			k.add(132, bit(p.independent), ms, ctx, cuesBetween)
			k.add(133, uint32(min(l-f, 8)), ms, dir, 0)
		} else {
			k.add(134, r.gapLeft[i], r.gapRight[i], dir, r.tg[i])
		}
		k.add(135, commas, dir, so, 0)
		k.add(136, commas, dir, r.tg[i], bit(sd == 0))
		k.add(137, cuesBetween, ctx, 0, 0)
		k.add(138, cuesBetween, commas, dir, r.tg[i])
		// Around the cue.
		k.add(139, after, dir, so, 0)
		k.add(140, afterTag, ctx, r.tg[i], 0)
		k.add(141, before, ctx, 0, 0)
		k.add(142, clx, ctx, r.tg[i], 0)
		k.add(143, lem, ctx, 0, 0)
		k.add(144, lem, ctx, r.tg[i], 0)
		k.add(145, r.tg[head], r.rel[head], ctx, 0)
		k.add(146, r.tg[head], bucket(dist), r.tg[i], 0)
		// What the rules say.
		var rc uint32
		switch d := r.ruleContent[i]; {
		case d >= 0 && d == rule:
			rc = 1
		case d >= 0:
			rc = 2
			if r.drafts[d].cue == nil {
				rc = 3
			}
		}
		var rs uint32
		switch d := r.ruleSource[i]; {
		case d >= 0 && d == rule:
			rs = 1
		case d >= 0:
			rs = 2
		}
		if ruleCue >= 0 && rule < 0 {
			if src := r.cues[ruleCue].source; src.found() && i >= src.first && i < src.last {
				rs = 3
			}
		}
		edge := func(a []int, j int) uint32 {
			if j < first || j >= last {
				return 2
			}
			return bit(a[j] == a[i])
		}
		k.add(147, rc, edge(r.ruleContent, i-1), edge(r.ruleContent, i+1), state|dir<<4)
		k.add(148, rs, edge(r.ruleSource, i-1), edge(r.ruleSource, i+1), state|dir<<4)
		k.add(149, rc, rs, r.tg[i], state|dir<<4)
		k.add(150, rc, ms, edge(r.ruleContent, i-1)|edge(r.ruleContent, i+1)<<4, state|dir<<4)
		k.add(151, rc, lem, state, dir)
		k.add(152, bit(r.other[i]), r.lex[i], dir, bit(sd == 0))
		// What it is.
		if t.Entity >= 0 {
			k.add(153, r.entity[i], ctx, bucket(dist), 0)
			k.add(154, r.entity[i], climb, rel, dir)
		}
		k.add(155, bit(r.timeCovers[i]), ctx, r.tg[i], 0)
		k.add(156, bit(r.timeCovers[i]), bit(i+1 < last && r.timeCovers[i+1]), bucket(dist), 0)
		k.add(157, bit(i == r.Sentences[t.Sentence].First), bit(i+1 == r.Sentences[t.Sentence].Last), ctx, r.tg[i])
		k.add(158, bit(i+1 == r.Sentences[t.Sentence].Last || i+2 == r.Sentences[t.Sentence].Last), g(1), ctx, rc)
		if h := t.Head; h >= 0 {
			k.add(159, r.lemma[h], r.rel[i], dir, 0)
			k.add(160, r.tg[h], r.rel[i], r.tg[i], dir)
			k.add(161, bit(h < i), bit(h == head), r.rel[i], dir)
		}
		title := bit(r.title[t.Sentence])
		k.add(185, title, ctx, r.tg[i], 0)
		k.add(186, title, bucket(dist), dir, 0)
		k.add(187, title, ms, dir, g(1))
		k.add(162, r.lemma[i], r.rel[i], dir, 0)
		k.add(163, uint32(max(-4, min(4, r.depth[i]-r.depth[head]))+4), r.tg[i], dir, bit(sd == 0))
		emit(i, k.keys)
	}
}

// independent reports whether nothing but punctuation stands between token first
// and the end of a sentence, or a colon, before it.
func (v *view) independent(first int) bool {
	s := v.sentence(first)
	for i := first - 1; i >= s.First; i-- {
		if v.is(i, ".", "?", "!") || v.is(i, ":") && i == first-1 {
			return true
		}
		if !v.punct(i) {
			return false
		}
	}
	return true
}

// nextFinite gives the tag of the first finite verb from token i on, before the
// next comma or the end.
func (v *view) nextFinite(i, last int) uint32 {
	for k := i; k < last && k < i+10; k++ {
		if v.is(k, ",", ".", ";") && k > i {
			return 0
		}
		if isFinite(v.tag(k)) {
			return v.tg[k]
		}
	}
	return 1
}

// widest gives the relations of the widest phrase without the cue's head that
// begins at token i, and of the widest that ends there.
func (v *view) widest(i, head int) (left, right uint32) {
	for j, d := i, 0; j >= 0 && d < 12; d++ {
		f, l := v.Subtree(j)
		if f <= head && head < l {
			break
		}
		if f == i {
			left = v.rel[j]
		}
		if l == i+1 {
			right = v.rel[j]
		}
		if f < i && l > i+1 {
			break
		}
		j = v.Tokens[j].Head
	}
	return left, right
}
