package brief

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"
	"time"

	"onrecord/factcheck"
	"onrecord/nlp"
)

// figure is a number of an article that can be compared with one of another.
type figure struct {
	number int // index into Document.Numbers
	factcheck.Counted
	key   string   // what it counts, or its unit; figures of one key can be compared
	about []string // terms of what is counted without its noun: "migrant" of "Central American migrants" is the noun
	asOf  time.Time
	clear bool // asOf stands in the text: "by Tuesday"
	none  bool // "nobody was hurt": there is no number
	at    int  // sentence
	span  nlp.Span
	list  bool // one of several of its key in its sentence
}

// measures are nouns of amounts that a story has many of.
var measures = map[string]bool{
	"year": true, "month": true, "week": true, "day": true, "hour": true, "minute": true, "second": true, "time": true, "page": true,
	"decade": true, "century": true, "night": true, "morning": true, "way": true, "thing": true, "part": true,
}

// findFigures reads the numbers of the article.
func (s *side) findFigures() {
	d := s.doc
	for k, n := range d.Numbers {
		f := figure{number: k, Counted: s.counted(k), at: n.Sentence, span: n.Span}
		figureText := strings.ToLower(n.Figure.Text(d.Text))
		switch {
		case share(n):
			f.key = "%"
		case strings.HasSuffix(figureText, "st"), strings.HasSuffix(figureText, "nd"), strings.HasSuffix(figureText, "rd"), strings.HasSuffix(figureText, "th"),
			strings.HasPrefix(figureText, "second"), strings.HasPrefix(figureText, "first"), strings.HasPrefix(figureText, "third"):
			continue // an order, or a fraction
		case n.Unit != "":
			f.key = n.Unit
		case f.Lot != "":
			f.key = "people"
		case f.Noun == "person":
			f.key = "people"
		default:
			f.key = f.Noun
		}
		if f.key == "" {
			continue
		}
		first, last := d.TokensIn(n.Of)
		for i := first; i < last; i++ {
			if t := d.Tokens[i]; isContent(t) && strings.ToLower(t.Lemma) != f.Noun {
				if term := termOf(t); term != "" {
					f.about = append(f.about, term)
				}
			}
		}
		f.asOf, f.clear = s.asOf(n.Sentence)
		s.figures = append(s.figures, f)
	}
	s.findNobody()
	for i := range s.figures {
		for j := range s.figures {
			if i != j && s.figures[i].at == s.figures[j].at && s.figures[i].key == s.figures[j].key && s.figures[i].Lot == s.figures[j].Lot {
				s.figures[i].list = true
			}
		}
	}
}

// share reports whether a number is a fraction of something: "a third of the
// homes".
func share(n nlp.Number) bool {
	return n.Unit == "" && n.Value > 0 && n.Value < 1 && !n.Of.Empty()
}

// asOf is the day that the counts of a sentence are of: "by Tuesday", "as of
// 3 March", else the day of publication.
func (s *side) asOf(sentence int) (time.Time, bool) {
	d := s.doc
	first, last := d.TimesIn(d.Sentences[sentence].Span)
	for k := first; k < last; k++ {
		at := d.Times[k].First
		before := func(back int) string {
			if at-back < 0 {
				return ""
			}
			return strings.ToLower(d.Tokens[at-back].Text)
		}
		own := strings.ToLower(d.Tokens[at].Text)
		late := before(1) == "late" || before(1) == "early"
		if own == "by" || own == "until" || before(1) == "by" || before(1) == "until" || before(1) == "of" && before(2) == "as" ||
			late && (before(2) == "by" || before(2) == "of") {
			if !s.times[k].End.IsZero() {
				return s.times[k].End, true
			}
		}
	}
	return s.Article.Published, false
}

// findNobody reads "nobody was hurt" and "no one died" as counts of none.
func (s *side) findNobody() {
	d := s.doc
	for i, t := range d.Tokens {
		low := strings.ToLower(t.Text)
		head := i
		switch {
		case low == "nobody", low == "none" && t.Rel != "det":
		case low == "no" && i+1 < len(d.Tokens) && strings.EqualFold(d.Tokens[i+1].Text, "one"):
			head = i + 1
		default:
			continue
		}
		h := d.Tokens[head].Head
		if h < 0 || d.Tokens[head].Rel != "nsubj:pass" && d.Tokens[head].Rel != "nsubj" {
			continue
		}
		lot := factcheck.Lot(d.Tokens[h].Lemma)
		if lot == "" || d.Tokens[h].Sentence != t.Sentence {
			continue
		}
		f := figure{
			number: -1, key: "people", none: true, at: t.Sentence,
			Counted: factcheck.Counted{Noun: "people", Lot: lot, Person: true},
			span:    nlp.Span{Start: t.Start, End: max(d.Tokens[h].End, d.Tokens[head].End)},
		}
		f.asOf, f.clear = s.asOf(t.Sentence)
		s.figures = append(s.figures, f)
	}
	slices.SortStableFunc(s.figures, func(x, y figure) int { return cmp.Compare(x.span.Start, y.span.Start) })
}

// agree reports whether two figures that count the same can both hold.
func agree(a *side, x figure, b *side, y figure) bool {
	switch {
	case x.none && y.none:
		return true
	case x.none:
		return b.doc.Numbers[y.number].Bound == "<"
	case y.none:
		return a.doc.Numbers[x.number].Bound == "<"
	}
	n, m := a.doc.Numbers[x.number], b.doc.Numbers[y.number]
	if share(n) != share(m) { // "a third", "33 percent"
		if share(n) {
			n, m = m, n
		}
		return math.Abs(n.Value-100*m.Value) <= shareOff || n.Bound != m.Bound
	}
	return factcheck.Agree(a.doc, n, b.doc, m)
}

// shareOff is how many percentage points a fraction in words may be off.
const shareOff = 2

// otherBound reports whether two figures are the most that something can be and
// not the same: "up to 160" and "up to 190" may both hold, but no paper that has
// the one means the other.
func otherBound(a *side, x figure, b *side, y figure) bool {
	if x.none || y.none || x.Lot != "" {
		return false
	}
	n, m := a.doc.Numbers[x.number], b.doc.Numbers[y.number]
	return n.Bound == "<" && m.Bound == "<" && n.To == 0 && m.To == 0 && math.Abs(n.Value-m.Value) > 0.05*max(n.Value, m.Value)
}

// comparable reports whether two figures may count the same thing: their
// nouns are one, and what stands before the nouns does not tell them apart.
func comparable(x, y figure) bool {
	if x.key != y.key || x.Lot != y.Lot {
		return false
	}
	if len(x.about) > 0 && len(y.about) > 0 && !slices.ContainsFunc(x.about, func(t string) bool { return slices.Contains(y.about, t) }) {
		return false
	}
	if x.Lot != "" && x.Noun != y.Noun {
		return wholeNoun(x.Noun) || wholeNoun(y.Noun)
	}
	return true
}

// wholeNoun reports whether a noun stands for people of any sort.
func wholeNoun(noun string) bool {
	return noun == "" || noun == "people" || noun == "person" || noun == "victim" || noun == "casualty"
}

// numbers finds figures for the same thing that cannot both hold.
func (w *world) numbers(c *Comparison) {
	var all []numberClash
	for _, ab := range w.couples() {
		all = append(all, w.tolls(ab[0], ab[1])...)
		all = append(all, w.pairedNumbers(ab[0], ab[1], all)...)
		all = append(all, w.onlyCounts(ab[0], ab[1], all)...)
	}
	w.tell(c, all)
}

// numberClash is two figures that differ.
type numberClash struct {
	a, b *side
	x, y figure
}

// within a fortnight counts of one event are updated.
const fortnight = 14 * 24 * time.Hour

// sameDays reports whether two figures are of days that can be compared: of
// one event, which may be over.
func (w *world) sameDays(a *side, x figure, b *side, y figure) bool {
	if !x.asOf.IsZero() && !y.asOf.IsZero() && x.asOf.Sub(y.asOf).Abs() > fortnight {
		return false
	}
	p, ok := a.eventDays(x.at)
	q, ok2 := b.eventDays(y.at)
	if !ok || !ok2 || x.clear || y.clear {
		return true
	}
	return !p.Start.After(q.End) && !q.Start.After(p.End) || p.Start.Sub(q.Start).Abs() <= 7*24*time.Hour && span(p) < 8 && span(q) < 8
}

func span(d nlp.Dates) int { return int(d.End.Sub(d.Start).Hours()/24) + 1 }

// eventDays are the days of the one time expression of a sentence that can be
// dated and is not the time of saying; false when there is none or more.
func (s *side) eventDays(sentence int) (nlp.Dates, bool) {
	said := s.saying()
	first, last := s.doc.TimesIn(s.doc.Sentences[sentence].Span)
	found := nlp.Dates{}
	n := 0
	for k := first; k < last; k++ {
		if s.times[k].Start.IsZero() || said[k] {
			continue
		}
		found = s.times[k]
		n++
	}
	return found, n == 1
}

// old reports whether a sentence tells of another time than the story's: a
// year ago and more, or days that cannot be dated in the past.
func (s *side) old(sentence int) bool {
	first, last := s.doc.TimesIn(s.doc.Sentences[sentence].Span)
	for k := first; k < last; k++ {
		if p := s.Article.Published; !p.IsZero() && !s.times[k].Start.IsZero() && p.Sub(s.times[k].End) > 60*24*time.Hour {
			return true
		}
		low := strings.ToLower(s.words(s.doc.Times[k].Span))
		if strings.Contains(low, "year") || strings.Contains(low, "decade") || strings.Contains(low, "20") && span(s.times[k]) > 300 || strings.Contains(low, "19") && span(s.times[k]) > 300 {
			return true
		}
	}
	return false
}

// tolls compares the counts of the dead, the hurt and the arrested: the first
// that each article gives, which is of all of them.
func (w *world) tolls(a, b *side) []numberClash {
	var out []numberClash
	for _, lot := range []string{"dead", "hurt", "arrested"} {
		x, okA := a.mainToll(lot)
		y, okB := b.mainToll(lot)
		if !okA || !okB || !comparable(x, y) || agree(a, x, b, y) || a.anyAgrees(b, y, x) || b.anyAgrees(a, x, y) || !w.sameDays(a, x, b, y) {
			continue
		}
		out = append(out, numberClash{a, b, x, y})
	}
	return out
}

func (s *side) mainToll(lot string) (figure, bool) {
	for _, f := range s.figures {
		if f.Lot == lot && !s.old(f.at) {
			return f, true
		}
	}
	return figure{}, false
}

// anyAgrees reports whether s has another figure than except that agrees with
// figure f of o, or two that make it together.
func (s *side) anyAgrees(o *side, f, except figure) bool {
	var same []figure
	for _, g := range s.figures {
		if g.span == except.span || !comparable(f, g) || s.old(g.at) != o.old(f.at) {
			continue
		}
		if agree(s, g, o, f) {
			return true
		}
		same = append(same, g)
	}
	if f.Lot == "" || f.none {
		return false
	}
	want := o.doc.Numbers[f.number].Value
	sum := s.value(except)
	for _, g := range same {
		if g.Lot == f.Lot && (s.value(g)+sum == want) {
			return true
		}
	}
	return false
}

func (s *side) value(f figure) float64 {
	if f.none {
		return 0
	}
	return s.doc.Numbers[f.number].Value
}

// pairedNumbers compares the figures of sentences that say the same thing.
func (w *world) pairedNumbers(a, b *side, had []numberClash) []numberClash {
	var out []numberClash
	for _, p := range w.pairs(a, b, weakPair) {
		if p.alike < strongPair && !w.anchored(a.sentences[p.i], b.sentences[p.j]) {
			continue
		}
		mine, theirs := a.figuresIn(p.i), b.figuresIn(p.j)
		for _, x := range mine {
			var fit []figure
			for _, y := range theirs {
				if comparable(x, y) {
					fit = append(fit, y)
				}
			}
			if len(fit) != 1 {
				continue
			}
			y := fit[0]
			rivals := 0
			for _, o := range mine {
				if comparable(o, y) {
					rivals++
				}
			}
			if rivals != 1 || agree(a, x, b, y) && !otherBound(a, x, b, y) || told(append(had, out...), a, x, b, y) || a.anyAgrees(b, y, x) || b.anyAgrees(a, x, y) || !w.sameDays(a, x, b, y) {
				continue
			}
			out = append(out, numberClash{a, b, x, y})
		}
	}
	return out
}

// anchored reports whether two sentences share enough rare words to be about
// one thing though they say more about it.
func (w *world) anchored(s, t sentence) bool {
	n := 0
	for _, term := range s.terms {
		if w.weights[term] > 0.6 && slices.Contains(t.terms, term) {
			n++
		}
	}
	return n >= 3
}

func (s *side) figuresIn(sentence int) []figure {
	return kept(s.figures, func(f figure) bool { return f.at == sentence })
}

func told(all []numberClash, a *side, x figure, b *side, y figure) bool {
	return slices.ContainsFunc(all, func(k numberClash) bool {
		return k.a == a && k.b == b && (k.x.span == x.span || k.y.span == y.span || k.x.key == x.key && k.x.Lot == y.Lot && k.x.Lot != "")
	})
}

// onlyCounts compares the one count of a noun in an article with the one count
// of it in another: "212 passengers" and "208 passengers". They must be of one
// size, and their sentences share another word.
func (w *world) onlyCounts(a, b *side, had []numberClash) []numberClash {
	var out []numberClash
	for _, x := range a.figures {
		if x.Lot != "" || x.number < 0 || a.doc.Numbers[x.number].Unit != "" || measures[x.key] || x.key == "people" || !a.single(x) {
			continue
		}
		for _, y := range b.figures {
			if !comparable(x, y) || y.number < 0 || !b.single(y) || agree(a, x, b, y) || told(append(had, out...), a, x, b, y) {
				continue
			}
			v, u := a.value(x), b.value(y)
			s, t := a.sentences[x.at], b.sentences[y.at]
			others := 0
			for _, term := range s.terms {
				if term != rootOf(x.key).letters && slices.Contains(t.terms, term) {
					others++
				}
			}
			if v < 10 || u < 10 || v/u > 1.6 || u/v > 1.6 || others < 1 || !w.sameDays(a, x, b, y) {
				continue
			}
			out = append(out, numberClash{a, b, x, y})
		}
	}
	return out
}

// single reports whether all figures of the article with the noun of f agree
// with f.
func (s *side) single(f figure) bool {
	return !slices.ContainsFunc(s.figures, func(g figure) bool {
		return g.key == f.key && g.span != f.span && !agree(s, f, s, g)
	})
}

// tell joins clashes of pairs of articles into findings: of three articles two
// may agree.
func (w *world) tell(c *Comparison, all []numberClash) {
	type mention struct {
		article int
		span    nlp.Span
	}
	var groups [][]numberClash
	of := map[mention]int{}
	for _, k := range all {
		x, y := mention{k.a.index, k.x.span}, mention{k.b.index, k.y.span}
		g, ok := of[x]
		if !ok {
			g, ok = of[y]
		}
		if !ok {
			g = len(groups)
			groups = append(groups, nil)
		}
		groups[g] = append(groups[g], k)
		of[x], of[y] = g, g
	}
	for _, g := range groups {
		f := Finding{Kind: OtherNumber, score: float64(len(g))}
		byArticle := map[int]figure{}
		for _, k := range g {
			byArticle[k.a.index], byArticle[k.b.index] = k.x, k.y
			w.used[place{k.a.index, k.x.at}], w.used[place{k.b.index, k.y.at}] = true, true
		}
		// An article that agrees with one of them belongs there too.
		for _, i := range w.together {
			if _, has := byArticle[i]; has {
				continue
			}
			for _, k := range g {
				s := w.sides[i]
				if at := slices.IndexFunc(s.figures, func(z figure) bool {
					return (comparable(k.x, z) || s.countsLot(z, k.x)) && (agree(k.a, k.x, s, z) || agree(k.b, k.y, s, z)) && !s.old(z.at) && w.sharesTerm(k.a.sentences[k.x.at], s.sentences[z.at])
				}); at >= 0 {
					byArticle[i] = s.figures[at]
					break
				}
			}
		}
		first := g[0]
		f.Text = whatCounted(first.a, first.x, first.b, first.y)
		updated := true
		for _, k := range g {
			updated = updated && otherDays(k)
		}
		for _, i := range w.together {
			z, has := byArticle[i]
			if !has {
				continue
			}
			s := w.sides[i]
			side := s.factSide(z.at, z.at)
			side.Marked = []nlp.Span{z.span}
			if updated {
				side.Date = day(z.asOf)
				if !z.clear {
					side.Date = "printed " + side.Date
				}
			}
			f.Sides = append(f.Sides, side)
		}
		if updated {
			f.Kind = Update
			f.Text += ", at another time"
		}
		c.Findings = append(c.Findings, f)
	}
}

// countsLot reports whether figure z counts people in a sentence that says what
// x says of them, though the parse does not hang it there: "winds of 160
// kilometres an hour killed three people".
func (s *side) countsLot(z, x figure) bool {
	if x.Lot == "" || z.Lot != "" || z.key != "people" || !wholeNoun(z.Noun) || z.none {
		return false
	}
	sent := s.doc.Sentences[z.at]
	return slices.ContainsFunc(s.doc.Tokens[sent.First:sent.Last], func(t nlp.Token) bool { return factcheck.Lot(t.Lemma) == x.Lot })
}

func (w *world) sharesTerm(s, t sentence) bool { return w.shared(s.terms, t.terms) > 0.5 }

// otherDays reports whether two figures are of different days, so that both
// can hold: days that the text gives, or for the dead, hurt and arrested, whose
// count grows, days of publication.
func otherDays(k numberClash) bool {
	x, y := k.x, k.y
	if x.asOf.IsZero() || y.asOf.IsZero() {
		return false
	}
	p, q := k.a.Article.Published, k.b.Article.Published
	return (x.clear || y.clear) && !x.asOf.Equal(y.asOf) || x.Lot != "" && !p.IsZero() && !q.IsZero() && !p.Equal(q)
}

// lotWords are the lots as a reader wants them.
var lotWords = map[string]string{"dead": "how many died", "hurt": "how many were hurt", "arrested": "how many were arrested"}

// moneys are coins that [nlp.Number] has no unit for.
var moneys = map[string]bool{"crown": true, "krone": true, "kroner": true, "krona": true, "kronor": true, "franc": true, "peso": true, "rupee": true, "mark": true, "florin": true, "pound": true, "rouble": true, "dinar": true, "real": true, "lira": true, "shilling": true}

// whatCounted says what two figures count.
func whatCounted(a *side, x figure, b *side, y figure) string {
	if x.Lot != "" {
		return capital(lotWords[x.Lot])
	}
	switch x.key {
	case "%", "pp":
		return "Another percentage"
	}
	n, m := a.doc.Numbers[x.number], b.doc.Numbers[y.number]
	if n.Unit != "" || moneys[x.Noun] {
		return "Another sum"
	}
	of := n.Of
	text := a.words(of)
	if m.Of.Len() < of.Len() {
		text = b.words(m.Of)
	}
	return fmt.Sprintf("How many “%s”", text)
}
