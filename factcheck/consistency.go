package factcheck

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"

	"onrecord/nlp"
	"onrecord/quote"
)

// ClashKind says which check found a [Clash].
type ClashKind string

// The checks.
const (
	SumClash      ClashKind = "sum"      // parts that do not make their whole
	ShareClash    ClashKind = "share"    // a percentage or a factor that its figures do not give
	NumberClash   ClashKind = "number"   // one number given twice, differently
	AgeClash      ClashKind = "age"      // two ages of one person, or an age and a year of birth
	DateClash     ClashKind = "date"     // a day of the week and a date, or an order of years, that cannot be
	HeadlineClash ClashKind = "headline" // a number of the title that the text does not have
)

// Clash is two statements of one article that cannot both hold. It says that
// they do not agree, never which of them is right.
type Clash struct {
	Kind  ClashKind
	Text  string     // what does not agree, in a sentence with both in quotation marks
	Spans []nlp.Span // where the statements stand in the text, in text order
	Title nlp.Span   // where the headline's stands in the title; empty for the other kinds
}

// Clashes checks an article against itself: doc, which is its text, and its
// title, which may be empty; quotes are what [quote.Find] found in doc, and
// published is the day of publication, zero when unknown. Clashes come in text
// order, those of the headline first.
//
// A check speaks only where no other reading is left: figures with "about" or
// "at least" agree with much, rounded figures are intervals, counts that
// different people give are no clash, nor are two groups of one size. What it
// does not say is no proof that an article is consistent.
func Clashes(doc *nlp.Document, quotes []quote.Quote, title string, published time.Time) []Clash {
	r := read(doc, quotes, published)
	found := r.headline(title)
	within := slices.Concat(r.sums(), r.shares(), r.countedTwice(), r.ages(), r.days())
	slices.SortStableFunc(within, func(a, b Clash) int { return cmp.Compare(a.Spans[0].Start, b.Spans[0].Start) })
	return append(found, within...)
}

// Bounds for texts of strangers: numbers of a sentence, counts and bytes of a
// title that are looked at.
const (
	mostNumbers = 50
	mostTolls   = 200
	mostTitle   = 500
)

func clash(kind ClashKind, spans []nlp.Span, format string, args ...any) Clash {
	return Clash{Kind: kind, Text: fmt.Sprintf(format, args...), Spans: spans}
}

// words are the words of a span as a message quotes them.
func (r *reading) words(s nlp.Span) string {
	return "“" + strings.Join(strings.Fields(s.Text(r.Text)), " ") + "”"
}

// isCount reports whether n is one exact number of things: no bound, no range,
// no order of magnitude, no unit, no ordinal.
func isCount(text string, n nlp.Number) bool {
	return n.Bound == "" && !n.Vague && n.To == 0 && n.Unit == "" && n.Value == math.Trunc(n.Value) && !isOrdinal(n.Figure.Text(text)) && !isFraction(n.Figure.Text(text))
}

func isOrdinal(s string) bool {
	switch low := strings.ToLower(s); low {
	case "first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth":
		return true
	default:
		return len(low) > 2 && low[0] >= '0' && low[0] <= '9' && (strings.HasSuffix(low, "th") || strings.HasSuffix(low, "st") || strings.HasSuffix(low, "nd") || strings.HasSuffix(low, "rd"))
	}
}

// noun is the lemma of what n counts, empty when the text does not say.
func noun(d *nlp.Document, n nlp.Number) string {
	if n.Of.Empty() {
		return ""
	}
	_, last := d.TokensIn(n.Of)
	first, _ := d.TokensIn(n.Of)
	for i := last - 1; i >= first; i-- {
		if strings.HasPrefix(d.Tokens[i].Tag, "NN") {
			return strings.ToLower(d.Tokens[i].Lemma)
		}
	}
	return ""
}

// wholes are nouns for any people at all, which men, women and children are
// parts of.
var wholes = []string{
	"people", "person", "passenger", "victim", "casualty", "member", "resident", "worker", "employee", "student", "pupil", "migrant", "refugee",
	"protester", "prisoner", "patient", "survivor", "hostage", "tourist", "villager", "juror", "candidate", "councillor", "player", "child", "youth", "teenager",
}

// partitions are sets of nouns that leave nobody out.
var partitions = [][]string{{"man", "woman"}, {"man", "woman", "child"}, {"boy", "girl"}, {"adult", "child"}}

// sums finds wholes whose parts do not add up: "nine people, five men and three
// women", "six people, among them eight children", "3 and 4, for a total of 8".
func (r *reading) sums() []Clash {
	var found []Clash
	for k, whole := range r.Numbers {
		if isCount(r.Text, whole) && slices.Contains(wholes, noun(r.Document, whole)) {
			if c, ok := r.partsOf(k); ok {
				found = append(found, c)
			}
		}
		if c, ok := r.total(k); ok {
			found = append(found, c)
		}
	}
	return found
}

// partsOf compares number k with the parts that follow it in its sentence.
func (r *reading) partsOf(k int) (Clash, bool) {
	whole := r.Numbers[k]
	if k+1 >= len(r.Numbers) || r.Numbers[k+1].Sentence != whole.Sentence {
		return Clash{}, false
	}
	gap := r.between(whole.Last, r.Numbers[k+1].First)
	listed := len(gap) == 1 && (isDash(gap[0].Text) || gap[0].Text == "(" || gap[0].Text == ",") ||
		len(gap) > 0 && len(gap) < 12 && gap[len(gap)-1].Text == ":"
	including := len(gap) > 0 && len(gap) <= 8 && !slices.ContainsFunc(gap, func(t nlp.Token) bool {
		return t.Tag == "CC" || strings.HasPrefix(t.Tag, "NN") || t.Text == "." || t.Text == ";"
	}) && r.includes(gap)
	if !listed && !including {
		return Clash{}, false
	}
	sum, nouns, last := 0.0, []string{}, whole.Last
	for j := k + 1; j < min(len(r.Numbers), k+mostNumbers) && r.Numbers[j].Sentence == whole.Sentence; j++ {
		part := r.Numbers[j]
		if j > k+1 {
			between := r.between(last, part.First)
			if slices.ContainsFunc(between, func(t nlp.Token) bool { return t.Text != "," && t.Tag != "CC" }) {
				break
			}
		}
		of := noun(r.Document, part)
		if !isCount(r.Text, part) || !referenceLists().people[of] || slices.Contains(nouns, of) {
			return Clash{}, false
		}
		sum, nouns, last = sum+part.Value, append(nouns, of), part.Last
	}
	if len(nouns) == 0 || last < len(r.Tokens) && r.Tokens[last].Tag == "CC" {
		return Clash{}, false // "… and others"
	}
	parts := r.SpanOf(r.Numbers[k+1].First, last)
	complete := false
	slices.Sort(nouns)
	for _, set := range partitions {
		complete = complete || slices.Equal(nouns, slices.Sorted(slices.Values(set)))
	}
	switch {
	case complete && sum > whole.Value, including && sum > whole.Value && (len(nouns) == 1 || complete):
	case complete && listed && sum < whole.Value:
	default:
		return Clash{}, false
	}
	return clash(SumClash, []nlp.Span{whole.Span, parts}, "%s and %s: the parts make %s", r.words(whole.Span), r.words(parts), figure(sum)), true
}

// between are the tokens [first, last), none when the phrases around them
// overlap.
func (r *reading) between(first, last int) []nlp.Token {
	if first >= last {
		return nil
	}
	return r.Tokens[first:last]
}

// includes reports whether the words of a gap say that parts of what went
// before follow.
func (r *reading) includes(gap []nlp.Token) bool {
	n := len(gap)
	word := func(back int) string {
		if back > n {
			return ""
		}
		return strings.ToLower(gap[n-back].Text)
	}
	return word(1) == "including" || word(2) == "among" && word(1) == "them" || word(2) == "of" && (word(1) == "whom" || word(1) == "them")
}

// total compares number k, which its words call a total, with the list of
// figures of the same sort before it in its sentence.
func (r *reading) total(k int) (Clash, bool) {
	n := r.Numbers[k]
	if n.Bound != "" || n.Vague || n.To != 0 || n.First < 3 || n.Unit == "%" {
		return Clash{}, false
	}
	before := strings.ToLower(r.text(n.First-3, n.First))
	if before != "a total of" || n.First < 4 || !strings.EqualFold(r.Tokens[n.First-4].Text, "for") && !isDash(r.Tokens[n.First-4].Text) {
		return Clash{}, false
	}
	lo, hi := 0.0, 0.0
	first, parts := -1, 0
	for j := k - 1; j >= max(k-mostNumbers, 0) && r.Numbers[j].Sentence == n.Sentence; j-- {
		p := r.Numbers[j]
		if p.Bound != "" || p.Vague || p.To != 0 || p.Unit != n.Unit || n.Unit == "" && noun(r.Document, p) != noun(r.Document, n) || isOrdinal(p.Figure.Text(r.Text)) {
			return Clash{}, false
		}
		a, b := interval(r.Text, p)
		lo, hi, first, parts = lo+a, hi+b, j, parts+1
	}
	a, b := interval(r.Text, n)
	if parts < 2 || b >= lo && a <= hi {
		return Clash{}, false
	}
	list := nlp.Span{Start: r.Numbers[first].Start, End: r.Numbers[k-1].End}
	return clash(SumClash, []nlp.Span{list, n.Span}, "%s and the total %s do not agree", r.words(list), r.words(n.Span)), true
}

// interval is what n can be when its last digit that is not zero is rounded.
func interval(text string, n nlp.Number) (lo, hi float64) {
	half := unit(n.Figure.Text(text), n.Value) / 2
	return n.Value - half, n.Value + half
}

// unit is the place value of the last digit of a figure that is written and
// not zero: 0.1 for "2.5", 100 for "1,200", 1e6 for "3 million"; 1 for words.
func unit(figure string, value float64) float64 {
	digits := strings.Map(func(c rune) rune {
		if c >= '0' && c <= '9' || c == '.' {
			return c
		}
		return -1
	}, figure)
	digits = strings.Trim(digits, ".")
	written, err := strconv.ParseFloat(digits, 64)
	if err != nil || written == 0 || value == 0 {
		u := 1.0
		for v := math.Abs(value); v >= 10 && math.Mod(v, u*10) == 0 && u < 1e12; u *= 10 {
		}
		return u
	}
	scale := value / written
	if at := strings.IndexByte(digits, '.'); at >= 0 {
		return scale * math.Pow(10, -float64(len(digits)-at-1))
	}
	zeros := len(digits) - len(strings.TrimRight(digits, "0"))
	if scale == 1 {
		zeros = min(zeros, max(len(digits)-2, 0)) // "500" is not "some hundreds"
	}
	return scale * math.Pow(10, float64(zeros))
}

// figure writes a value without an exponent.
func figure(v float64) string { return strconv.FormatFloat(v, 'f', -1, 64) }

// rounded writes a percentage to one place at most.
func rounded(v float64) string {
	return strconv.FormatFloat(math.Round(v*10)/10, 'f', -1, 64)
}

// shares finds percentages and factors that their own figures do not give.
func (r *reading) shares() []Clash {
	var found []Clash
	for k := range r.Numbers {
		if c, ok := r.shareOf(k); ok {
			found = append(found, c)
		}
		if c, ok := r.change(k); ok {
			found = append(found, c)
		}
	}
	return found
}

// shareOf checks "12 of the 20 members, or 60 percent".
func (r *reading) shareOf(k int) (Clash, bool) {
	if k+2 >= len(r.Numbers) {
		return Clash{}, false
	}
	part, whole, share := r.Numbers[k], r.Numbers[k+1], r.Numbers[k+2]
	if share.Sentence != part.Sentence || share.Unit != "%" || share.Bound != "" || share.Vague || share.To != 0 {
		return Clash{}, false
	}
	if !isCount(r.Text, part) || !isCount(r.Text, whole) || part.Value >= whole.Value || part.Value < 1 {
		return Clash{}, false
	}
	_, figureEnd := r.TokensIn(part.Figure)
	wholeAt, _ := r.TokensIn(whole.Figure)
	if figureEnd >= wholeAt || !strings.EqualFold(r.Tokens[figureEnd].Text, "of") && !strings.EqualFold(r.text(figureEnd, min(figureEnd+2, wholeAt)), "out of") {
		return Clash{}, false
	}
	if slices.ContainsFunc(r.between(figureEnd, wholeAt), func(t nlp.Token) bool {
		return strings.HasPrefix(t.Tag, "NN") || strings.HasPrefix(t.Tag, "VB") || t.Text == ","
	}) {
		return Clash{}, false
	}
	if whole.Last >= share.First || share.First-whole.Last > 3 {
		return Clash{}, false
	}
	switch before := strings.ToLower(r.Tokens[share.First-1].Text); before {
	case "or", "(":
	default:
		return Clash{}, false
	}
	given := 100 * part.Value / whole.Value
	if math.Abs(given-share.Value) <= shareSlack(share.Value) {
		return Clash{}, false
	}
	figures := r.SpanOf(part.First, whole.Last)
	return clash(ShareClash, []nlp.Span{figures, share.Span}, "%s is %s percent, and the text has %s", r.words(figures), rounded(given), r.words(share.Span)), true
}

// step is a change from one figure to another: "from 500 to 600 crowns".
type step struct {
	from, to         float64
	fromFig, toFig   string
	first, last      int // tokens, "from" among them
	sentence, number int
}

// stepAt reads the step that begins with number k.
func (r *reading) stepAt(k int) (step, bool) {
	n := r.Numbers[k]
	plain := func(n nlp.Number) bool {
		return n.Bound == "" && !n.Vague && n.Value > 0 && n.Unit != "%" && n.Unit != "pp" && !isOrdinal(n.Figure.Text(r.Text)) && !isFraction(n.Figure.Text(r.Text))
	}
	if n.First == 0 || !strings.EqualFold(r.Tokens[n.First-1].Text, "from") || !plain(n) {
		return step{}, false
	}
	if n.To != 0 {
		a, b, ok := strings.Cut(n.Figure.Text(r.Text), " to ")
		return step{n.Value, n.To, a, b, n.First - 1, n.Last, n.Sentence, k}, ok && n.To > 0
	}
	if k+1 >= len(r.Numbers) {
		return step{}, false
	}
	m := r.Numbers[k+1]
	if m.Sentence != n.Sentence || m.To != 0 || !plain(m) || m.Unit != n.Unit || m.First-n.Last != 1 || !strings.EqualFold(r.Tokens[n.Last].Text, "to") {
		return step{}, false
	}
	if a, b := noun(r.Document, n), noun(r.Document, m); a != "" && b != "" && a != b {
		return step{}, false
	}
	return step{n.Value, m.Value, n.Figure.Text(r.Text), m.Figure.Text(r.Text), n.First - 1, m.Last, n.Sentence, k}, true
}

// factors are verbs that say how many times as much something becomes.
var factors = map[string][2]float64{"double": {1.75, 2.35}, "triple": {2.6, 3.5}, "treble": {2.6, 3.5}, "quadruple": {3.5, 4.6}, "halve": {0.4, 0.58}}

// change checks "rose by 20 percent from 50 to 60", "from 50 to 60, a rise of
// 20 percent" and "doubled from 50 to 100".
func (r *reading) change(k int) (Clash, bool) {
	s, ok := r.stepAt(k)
	if !ok {
		return Clash{}, false
	}
	halfFrom, halfTo := unit(s.fromFig, s.from)/2, unit(s.toFig, s.to)/2
	a0, a1, b0, b1 := s.from-halfFrom, s.from+halfFrom, s.to-halfTo, s.to+halfTo
	if a0 <= 0 || b0 <= 0 {
		return Clash{}, false
	}
	span := r.SpanOf(s.first, s.last)
	if s.first > 0 {
		verb := r.Tokens[s.first-1]
		if f, ok := factors[verb.Lemma]; ok && (b1/a0 < f[0] || b0/a1 > f[1]) {
			return clash(ShareClash, []nlp.Span{verb.Span, span}, "%s, and %s is a factor of %s", r.words(verb.Span), r.words(span), rounded(s.to/s.from)), true
		}
	}
	// The one percentage of the sentence, right before or right after.
	share := -1
	first, last := r.NumbersIn(r.Sentences[s.sentence].Span)
	for j := first; j < min(last, first+mostNumbers); j++ {
		if r.Numbers[j].Unit != "%" {
			continue
		}
		if share >= 0 {
			return Clash{}, false
		}
		share = j
	}
	if share < 0 {
		return Clash{}, false
	}
	p := r.Numbers[share]
	near := p.Last <= s.first && s.first-p.Last <= 1 || p.First >= s.last && p.First-s.last <= 5 && r.changeWord(s.last, p.First)
	if !near || p.Bound != "" || p.Vague || p.To != 0 {
		return Clash{}, false
	}
	change := func(b, a float64) float64 { return 100 * math.Abs(b-a) / a }
	ends := []float64{change(b0, a0), change(b0, a1), change(b1, a0), change(b1, a1)}
	slack := shareSlack(p.Value)
	if p.Value >= slices.Min(ends)-slack && p.Value <= slices.Max(ends)+slack {
		return Clash{}, false
	}
	spans := []nlp.Span{span, p.Span}
	slices.SortFunc(spans, func(a, b nlp.Span) int { return cmp.Compare(a.Start, b.Start) })
	return clash(ShareClash, spans, "%s is a change of %s percent, and the text has %s", r.words(span), rounded(change(s.to, s.from)), r.words(p.Span)), true
}

// shareSlack is how far a percentage may be off because people round: more
// where it is a multiple of ten.
func shareSlack(p float64) float64 {
	if math.Mod(p, 10) == 0 {
		return 3
	}
	return 1.05
}

// changeWord reports whether the tokens [first, last) call what follows a
// change: ", a rise of", ", up".
func (r *reading) changeWord(first, last int) bool {
	for i := first; i < last; i++ {
		switch r.Tokens[i].Lemma {
		case "rise", "increase", "fall", "drop", "decrease", "decline", "jump", "gain", "growth", "cut", "reduction", "up", "down", "change":
			return true
		}
	}
	return false
}
