package brief

import (
	"slices"
	"strings"

	"onrecord/nlp"
	"onrecord/quote"
)

// passage is what stands in quotation marks in one quotation, cut into its
// sentences.
type passage struct {
	quote int // index into Analysis.Quotes
	spans []nlp.Span
	units []unit
	words int
}

// unit is one sentence of a passage.
type unit struct {
	words []markedWord
	span  nlp.Span
}

// fewestQuoted is how many words in marks make a quotation that is looked for
// elsewhere: two or three words are a term, not a statement.
const fewestQuoted = 4

// findPassages finds what stands in quotation marks, and marks its tokens.
func (s *side) findPassages() {
	d := s.doc
	s.inMarks = make([]bool, len(d.Tokens))
	for i, q := range s.Analysis.Quotes {
		if !speech(q) || q.Type == quote.Indirect {
			continue
		}
		var spans []nlp.Span
		for _, c := range q.Content {
			if c.End > len(d.Text) {
				continue
			}
			if q.Type == quote.Direct {
				spans = append(spans, c)
			} else {
				spans = append(spans, betweenMarks(d.Text, c)...)
			}
		}
		if len(spans) == 0 {
			continue
		}
		p := passage{quote: i, spans: spans}
		for _, span := range spans {
			first, last := d.TokensIn(span)
			for k := first; k < last; k++ {
				s.inMarks[k] = true
			}
		}
		p.units = unitsOf(d.Text, spans)
		for _, u := range p.units {
			p.words += len(u.words)
		}
		if p.words >= fewestQuoted && len(s.passages) < mostShown {
			s.passages = append(s.passages, p)
		}
	}
}

// betweenMarks are the parts of a span that stand in double quotation marks.
func betweenMarks(text string, span nlp.Span) []nlp.Span {
	var out []nlp.Span
	open := -1
	for i, r := range span.Text(text) {
		at := span.Start + i
		switch {
		case r == '“' || r == '«' || r == '"' && open < 0:
			open = at
		case (r == '”' || r == '»' || r == '"') && open >= 0:
			out = append(out, nlp.Span{Start: open, End: at + len(string(r))})
			open = -1
		}
	}
	return out
}

// unitsOf cuts the words of a passage into sentences, across the words of
// others that stand between its parts.
func unitsOf(text string, spans []nlp.Span) []unit {
	words := marked(text, spans)
	var out []unit
	from := 0
	flush := func(to int) {
		if to > from {
			out = append(out, unit{words: words[from:to], span: nlp.Span{Start: words[from].Start, End: words[to-1].End}})
		}
		from = to
	}
	for i := range words {
		end := len(text)
		if i+1 < len(words) {
			end = words[i+1].Start
		}
		between := text[words[i].End:min(end, words[i].End+4)]
		if i+1 == len(words) || strings.HasPrefix(between, ". ") || strings.HasPrefix(between, ".”") || strings.HasPrefix(between, `."`) || strings.HasPrefix(between, "?") || strings.HasPrefix(between, "!") || strings.HasPrefix(between, ".\n") {
			if i+1 < len(words) && strings.HasPrefix(between, ". .") {
				continue
			}
			flush(i + 1)
		}
	}
	flush(len(words))
	return out
}

// twin is a sentence of a quotation with its counterpart in another article.
type twin struct {
	unit    int // of the passage of a
	passage int // of b
	other   int // its unit
	difference
}

// shareQuotation reports whether two articles quote the same eight words.
func (w *world) shareQuotation(a, b *side) bool {
	for i := range a.passages {
		for _, t := range w.twins(a, i, b) {
			if t.common >= 8 {
				return true
			}
		}
	}
	return false
}

// twins finds for each sentence of passage i of a the sentence of b that is
// most like it, if it is like enough: three quarters of the words of the
// shorter one in the same order, half if the speaker is the same.
func (w *world) twins(a *side, i int, b *side) []twin {
	p := a.passages[i]
	var out []twin
	for u, x := range p.units {
		best, most := twin{}, 0.0
		for k := range b.passages {
			q := b.passages[k]
			for v, y := range q.units {
				short := min(len(x.words), len(y.words))
				if short < fewestQuoted && (len(x.words) != len(y.words) || len(p.units) == 1) || overlap(x.words, y.words) < (short+1)/2 {
					continue
				}
				least := 0.75
				if a.sameSpeaker(p, b, q) {
					least = 0.5
				}
				d := compareWords(x.words, y.words)
				share := float64(d.common) / float64(short)
				if share < least || share < 1 && d.common < fewestQuoted || fragmented(d) && share < 0.75 {
					continue
				}
				if score := share + float64(d.common)/1000; score > most {
					best, most = twin{u, k, v, d}, score
				}
			}
		}
		if most > 0 {
			out = append(out, best)
		}
	}
	return out
}

// fragmented reports whether what two sentences share is in many pieces, as
// the small words of any two are.
func fragmented(d difference) bool { return len(d.onlyA)+len(d.onlyB) > 1+d.common/2 }

// overlap counts the words of a that b has.
func overlap(a, b []markedWord) int {
	n := 0
	for _, x := range a {
		if slices.ContainsFunc(b, func(y markedWord) bool { return x.word == y.word }) {
			n++
		}
	}
	return n
}

func (s *side) speaker(p passage) quote.Speaker { return s.Analysis.Quotes[p.quote].Speaker }

func (s *side) sameSpeaker(p passage, o *side, q passage) bool {
	x, y := s.speaker(p), o.speaker(q)
	return x.Name != "" && y.Name != "" && sameCalled(x.Name, y.Name)
}

// quotes compares what stands in quotation marks.
func (w *world) quotes(c *Comparison) {
	type key struct{ article, passage int }
	matched := map[key]map[int]int{} // by article: the passage that is its twin
	note := func(i, p, j, q int) {
		k := key{i, p}
		if matched[k] == nil {
			matched[k] = map[int]int{}
		}
		matched[k][j] = q
	}
	for _, ab := range w.couples() {
		a, b := ab[0], ab[1]
		for i := range a.passages {
			twins := w.twins(a, i, b)
			byOther := map[int][]twin{}
			var order []int
			for _, t := range twins {
				note(a.index, i, b.index, t.passage)
				note(b.index, t.passage, a.index, i)
				if byOther[t.passage] == nil {
					order = append(order, t.passage)
				}
				byOther[t.passage] = append(byOther[t.passage], t)
			}
			for n, k := range order {
				if f, ok := quoteFinding(a, i, b, k, byOther[k], len(order) == 1, n == 0 && len(twins) > 0); ok {
					c.Findings = append(c.Findings, f)
				}
			}
		}
	}
	for _, i := range w.together {
		for p := range w.sides[i].passages {
			w.quoteOnly(c, i, p, matched[key{i, p}])
		}
	}
}

// quoteFinding tells how a passage of a and one of b, which share the
// sentences of twins, differ; false when they do not. Whole says that no other
// passage of b has a part of the passage of a.
func quoteFinding(a *side, i int, b *side, k int, twins []twin, whole, first bool) (Finding, bool) {
	p, q := a.passages[i], b.passages[k]
	x := Side{Article: a.index, Text: quotedWords(a, p), Spans: p.spans}
	y := Side{Article: b.index, Text: quotedWords(b, q), Spans: q.spans}
	changed, cut := false, false
	inA, inB := map[int]bool{}, map[int]bool{}
	for _, t := range twins {
		inA[t.unit], inB[t.other] = true, true
		changed = changed || t.changed
		cut = cut || t.cut
		x.Marked, y.Marked = append(x.Marked, t.onlyA...), append(y.Marked, t.onlyB...)
	}
	if whole && first {
		for u, m := range p.units {
			if !inA[u] {
				cut = true
				x.Marked = append(x.Marked, m.span)
			}
		}
	}
	for u, m := range q.units {
		if !inB[u] && !a.hasUnit(m) {
			cut = true
			y.Marked = append(y.Marked, m.span)
		}
	}
	slices.SortFunc(x.Marked, bySpan)
	slices.SortFunc(y.Marked, bySpan)
	f := Finding{Sides: []Side{x, y}, score: float64(p.words)}
	s, o := a.speaker(p), b.speaker(q)
	who := s.Name
	if who == "" {
		who = o.Name
	}
	switch {
	case s.Entity >= 0 && o.Entity >= 0 && s.Name != "" && o.Name != "" && !a.sameSpeaker(p, b, q) && !oneSlip(s.Name, o.Name):
		f.Kind, f.Text = QuoteSpeaker, "One quotation, by "+s.Name+" and by "+o.Name
		f.by = min(s.Name, o.Name) + "\n" + max(s.Name, o.Name)
	case changed:
		f.Kind, f.Text = QuoteChanged, "A quotation of "+orUnclear(who)+", in other words"
	case cut:
		f.Kind, f.Text = QuoteCut, "A quotation of "+orUnclear(who)+", whole and cut"
	default:
		return Finding{}, false
	}
	return f, true
}

// hasUnit reports whether the article quotes that sentence anywhere.
func (s *side) hasUnit(u unit) bool {
	for _, p := range s.passages {
		for _, m := range p.units {
			if short := min(len(u.words), len(m.words)); short > 0 && overlap(u.words, m.words) >= (3*short+3)/4 && 4*compareWords(u.words, m.words).common >= 3*short {
				return true
			}
		}
	}
	return false
}

func bySpan(a, b nlp.Span) int { return a.Start - b.Start }

func orUnclear(name string) string {
	if name == "" {
		return "somebody"
	}
	return name
}

func quotedWords(s *side, p passage) string {
	pieces := make([]string, len(p.spans))
	for i, span := range p.spans {
		pieces[i] = s.words(span)
	}
	return strings.Join(pieces, " … ")
}

// longQuote is how many words a quotation has that is missed where somebody
// is quoted without it.
const longQuote = 8

// quoteOnly notes a long direct quotation that other articles, which quote the
// same person, leave out. Who is quoted nowhere else is told by people.
func (w *world) quoteOnly(c *Comparison, i, k int, twins map[int]int) {
	s := w.sides[i]
	p := s.passages[k]
	name := s.speaker(p).Name
	if p.words < longQuote || name == "" || s.speaker(p).Entity < 0 {
		return
	}
	f := Finding{Kind: QuoteOnly, score: float64(p.words), Sides: []Side{{Article: i, Text: quotedWords(s, p), Spans: p.spans}}}
	lacks := false
	for _, j := range w.together {
		if j == i {
			continue
		}
		o := w.sides[j]
		if q, has := twins[j]; has {
			if j < i {
				return // told there
			}
			f.Sides = append(f.Sides, Side{Article: j, Text: quotedWords(o, o.passages[q]), Spans: o.passages[q].spans})
			continue
		}
		lacks = lacks || slices.ContainsFunc(o.voices, func(v voice) bool { return v.quoted && sameCalled(v.name, name) })
	}
	if lacks {
		f.Text = "By " + name + ", " + lowerFirst(inOnly(f.Has()))
		c.Findings = append(c.Findings, f)
	}
}

func lowerFirst(s string) string { return strings.ToLower(s[:1]) + s[1:] }
