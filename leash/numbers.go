package leash

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"onrecord/nlp"
)

// wrongNumbers says which figure of the wording the article does not have
// there: with the same value, unit and bound, or rounded and said to be so,
// counting the same, and on the same side of "from" and "to".
func (d *draft) wrongNumbers() string {
	seen := map[int]bool{} // tokens that are in a number
	for n := range d.Numbers {
		num := d.Numbers[n]
		first, last := d.TokensIn(num.Figure)
		for i := first; i < last; i++ {
			seen[i] = true
		}
		if d.inTime(first) || d.Tokens[first].Entity >= 0 {
			continue
		}
		if reason := d.wrongNumber(num, first); reason != "" {
			return reason
		}
	}
	for f := range strings.FieldsSeq(d.Text) {
		if f = strings.Trim(f, ".,;:()\"“”"); scoreLike(f) && !slices.ContainsFunc(d.used, func(u int) bool {
			return slices.ContainsFunc(strings.Fields(d.source.Sentences[u].Text(d.source.Text)), func(w string) bool { return strings.Trim(w, ".,;:()\"“”") == f })
		}) {
			return fmt.Sprintf("%q is not in the article there", f)
		}
	}
	for i, t := range d.Tokens {
		if seen[i] || d.inTime(i) || !strings.ContainsAny(t.Text, "0123456789") {
			continue
		}
		found := false
		for _, u := range d.used {
			for _, x := range d.source.Tokens[d.source.Sentences[u].First:d.source.Sentences[u].Last] {
				found = found || x.Text == t.Text
			}
		}
		if !found && (t.Entity < 0 || !d.source.exact[t.Text]) {
			return fmt.Sprintf("the figure %q is not in the article there", t.Text)
		}
	}
	return ""
}

// scoreLike reports whether a word is a score or a ratio: "3-1", "2:2".
func scoreLike(w string) bool {
	a, b, ok := strings.Cut(strings.ReplaceAll(strings.ReplaceAll(w, "–", "-"), ":", "-"), "-")
	return ok && a != "" && b != "" && digitsOf(a) == a && digitsOf(b) == b
}

func (d *draft) wrongNumber(num nlp.Number, token int) string {
	s := d.source
	figure := num.Figure.Text(d.Text)
	w := d.words[token]
	at := -1
	if w.clause >= 0 {
		at = d.at[w.clause]
	}
	order := append([]int{at}, d.used...)
	near := ""
	for _, u := range order {
		if u < 0 {
			continue
		}
		var same []nlp.Number
		for n, last := s.NumbersIn(s.Sentences[u].Span); n < last; n++ {
			other := s.Numbers[n]
			reason := d.differs(num, other)
			switch {
			case reason == "":
				same = append(same, other)
			case reason != otherValue:
				near = fmt.Sprintf("%q: %s", figure, reason)
			}
		}
		if len(same) == 0 {
			continue
		}
		if slices.ContainsFunc(same, func(o nlp.Number) bool { return d.samePlace(num, o, u) }) {
			return ""
		}
		near = fmt.Sprintf("%q belongs to something else", figure)
	}
	if near != "" {
		return near
	}
	// "by half", "one of", "four times": words like others, if the article has them.
	if len(w.keys) > 0 && !strings.ContainsAny(figure, "0123456789 ") {
		for _, u := range d.used {
			if len(s.warrants(w, u)) > 0 && num.Value <= 4 {
				return ""
			}
		}
	}
	if d.sameAge(num, token) || d.sameSpell(num, token) {
		return ""
	}
	if num.Value == 1 && num.Unit == "" && d.single(num) {
		return ""
	}
	if next := token + 1; num.Value == 1 && strings.EqualFold(figure, "one") && num.Unit == "" && num.Of.Empty() && next < len(d.Tokens) && !strings.EqualFold(d.Tokens[next].Text, "of") {
		return ""
	}
	return fmt.Sprintf("the figure %q is not in the article there", figure)
}

// single reports whether the article has what the "one" of the wording counts in
// the singular and with no figure: "by a single vote".
func (d *draft) single(num nlp.Number) bool {
	s := d.source
	h := headOf(d.reading, num)
	if h < 0 || len(d.words[h].keys) == 0 {
		return false
	}
	for _, u := range d.used {
		for _, j := range s.warrants(d.words[h], u) {
			if t := s.Tokens[j]; (t.Tag == "NN" || t.Tag == "NNP") && !slices.ContainsFunc(s.Numbers, func(n nlp.Number) bool { return n.Of.Overlaps(t.Span) }) {
				return true
			}
		}
	}
	return false
}

// sameAge reports whether the figure is somebody's age, and the article has that
// age in one of the sentences that the wording says again, or next to one.
func (d *draft) sameAge(num nlp.Number, token int) bool {
	s := d.source
	if !age(d.reading, token) {
		return false
	}
	for j, t := range s.Tokens {
		if d.nextTo(t.Sentence) && age(s.reading, j) && digitsOf(t.Text) == digitsOf(d.Tokens[token].Text) {
			return true
		}
	}
	return false
}

// nextTo reports whether sentence at is said again by the wording, or stands
// next to one that is.
func (d *draft) nextTo(at int) bool {
	return slices.ContainsFunc(d.used, func(u int) bool { return at >= u-1 && at <= u+1 })
}

// digitsOf gives the digits that a word begins with: of "51-year-old" too.
func digitsOf(text string) string {
	n := 0
	for n < len(text) && text[n] >= '0' && text[n] <= '9' {
		n++
	}
	return text[:n]
}

// age reports whether token i is how old somebody is: "Ana Voss, 58,", "aged
// 58", "at the age of 58", "she was 58.", "a 58-year-old".
func age(r *reading, i int) bool {
	text := r.Tokens[i].Text
	figure := digitsOf(text)
	if len(figure) < 1 || len(figure) > 3 {
		return false
	}
	if rest := text[len(figure):]; rest != "" {
		return strings.HasPrefix(rest, "-year-old")
	}
	near := func(k int) string {
		if k < 0 || k >= len(r.Tokens) || r.Tokens[k].Sentence != r.Tokens[i].Sentence {
			return ""
		}
		return strings.ToLower(r.Tokens[k].Text)
	}
	before, after := near(i-1), near(i+1)
	switch {
	case strings.HasPrefix(after, "-year-old"), after == "years" && near(i+2) == "old":
		return true
	case before == "aged", before == "age", before == "of" && near(i-2) == "age":
		return true
	case before == "at" && (after == "," || after == "." || after == ""): // "dies at 91"
		return true
	case before == "," && (after == "," || after == "." || after == "") && i > 1 && isName(r.Tokens[i-2]):
		return true
	case (before == "was" || before == "is") && after == ".":
		return pronoun(near(i-2)) || i > 1 && isName(r.Tokens[i-2])
	}
	return false
}

// sameSpell reports whether the figure counts a unit of time and the article
// has as much of it in a sentence that the wording says again, on the same side
// of "after" and "before": "seven months after the operation" for "seven months
// later".
func (d *draft) sameSpell(num nlp.Number, token int) bool {
	s := d.source
	last := token
	for last+1 < len(d.Tokens) && d.Tokens[last+1].Start < num.Figure.End {
		last++
	}
	if last+1 >= len(d.Tokens) || !timeUnits[d.words[last+1].lemma] {
		return false
	}
	figure := num.Figure.Text(d.Text)
	for _, u := range d.used {
		for j := s.Sentences[u].First; j+1 < s.Sentences[u].Last; j++ {
			if strings.EqualFold(s.Tokens[j].Text, figure) && s.words[j+1].lemma == d.words[last+1].lemma && order(d.reading, last+2) == order(s.reading, j+2) {
				return true
			}
		}
	}
	return false
}

// order says whether token i sets a time before or after another.
func order(r *reading, i int) string {
	if i < len(r.Tokens) {
		switch strings.ToLower(r.Tokens[i].Text) {
		case "after", "later", "following", "afterwards":
			return "after"
		case "before", "earlier", "ago", "prior", "previously", "ahead":
			return "before"
		}
	}
	return ""
}

const otherValue = "another value"

// differs says how a figure of the wording differs from one of the article.
func (d *draft) differs(a, b nlp.Number) string {
	s := d.source
	av, aunit := value(d.Document, a)
	bv, bunit := value(s.Document, b)
	if a.Vague != b.Vague || a.To != b.To {
		return otherValue
	}
	exact := close2(av, bv)
	switch {
	case exact && a.Bound == b.Bound:
	case exact && a.Bound == "~" && b.Bound == "":
	case exact && a.Bound == "" && b.Bound != "":
		return fmt.Sprintf("the article says %q", b.Text(s.Text))
	case exact:
		return fmt.Sprintf("the article says %q", b.Text(s.Text))
	case a.Vague || bv == 0 || math.Abs(av-bv)/bv > roundBy || !rounder(av, bv):
		return otherValue
	case a.Bound == "~" && (b.Bound == "" || b.Bound == "~"):
	case a.Bound == ">" && bv > av && (b.Bound == "" || b.Bound == ">"):
	case a.Bound == "<" && bv < av && (b.Bound == "" || b.Bound == "<"):
	default:
		return otherValue
	}
	if aunit != bunit {
		return fmt.Sprintf("the article has it in another unit, %q", b.Text(s.Text))
	}
	return ""
}

// roundBy is how far, as a share, a rounded figure may be off.
const roundBy = 0.1

// rounder reports whether a has fewer digits that are not nought at the end.
func rounder(a, b float64) bool {
	return digits(a) < digits(b)
}

func digits(v float64) int {
	v = math.Round(v * 1000)
	n := 0
	for v > 0 && math.Mod(v, 10) == 0 {
		v /= 10
	}
	for ; v >= 1; v = math.Floor(v / 10) {
		n++
	}
	return n
}

func close2(a, b float64) bool { return math.Abs(a-b) <= 1e-9*math.Max(math.Abs(a), math.Abs(b)) }

// value is a figure in a form that can be compared: decades in years, fractions
// and percentages as shares.
func value(doc *nlp.Document, n nlp.Number) (v float64, unit string) {
	v, unit = n.Value, n.Unit
	of := strings.ToLower(n.Of.Text(doc.Text))
	switch {
	case strings.HasPrefix(of, "decade"):
		v *= 10
	case unit == "%":
		return v / 100, "share"
	case unit == "" && v > 0 && v < 1:
		return v, "share"
	}
	return v, unit
}

// samePlace reports whether the figure counts and measures in the wording what
// it does in sentence u of the article.
func (d *draft) samePlace(a, b nlp.Number, u int) bool {
	s := d.source
	af, al := d.TokensIn(a.Figure)
	bf, bl := s.TokensIn(b.Figure)
	if x, y := side(d.reading, al-1), side(s.reading, bl-1); x != "" && y != "" && x != y {
		return false
	}
	if x, y := headOf(d.reading, a), headOf(s.reading, b); x >= 0 && y >= 0 && a.Unit == "" && d.words[x].lemma == s.words[y].lemma && len(d.words[x].keys) > 0 {
		return share(d.reading, al) == share(s.reading, bl) || !d.countedTwice(b, y, u)
	} else if x >= 0 && y >= 0 && !match(d.words[x], s.words[y]) && a.Unit == "" && b.Unit == "" {
		// It counts something else, unless by another name: then what it counted
		// is not in the wording with another figure, nor the new thing in the
		// sentence with one.
		for n, last := s.NumbersIn(s.Sentences[u].Span); n < last; n++ {
			if z := headOf(s.reading, s.Numbers[n]); z >= 0 && z != y && match(d.words[x], s.words[z]) {
				return false
			}
		}
	}
	if d.exchanged(af, bf, b, u) {
		return false
	}
	// Beside the wrong words: another figure of the sentence fits better.
	mine := d.around(d.reading, af, al)
	best, own := 0, d.shared(mine, s.reading, bf, bl)
	for n, last := s.NumbersIn(s.Sentences[u].Span); n < last; n++ {
		o := s.Numbers[n]
		if o.Span == b.Span || o.Figure == b.Figure || (o.Unit == "") != (b.Unit == "") {
			continue
		}
		f, l := s.TokensIn(o.Figure)
		best = max(best, d.shared(mine, s.reading, f, l))
	}
	return best < own+2
}

// share reports whether a figure that ends before token i is a part of something:
// "340 of its 1,900 jobs".
func share(r *reading, i int) bool {
	return i < len(r.Tokens) && strings.EqualFold(r.Tokens[i].Text, "of")
}

// countedTwice reports whether another figure of sentence u than b counts what
// token y names, and the wording has that figure too.
func (d *draft) countedTwice(b nlp.Number, y, u int) bool {
	s := d.source
	for n, last := s.NumbersIn(s.Sentences[u].Span); n < last; n++ {
		o := s.Numbers[n]
		if o.Figure != b.Figure && headOf(s.reading, o) == y && slices.ContainsFunc(d.Numbers, func(x nlp.Number) bool { return x.Value == o.Value }) {
			return true
		}
	}
	return false
}

// exchanged reports whether the figure at token i of the wording stands with
// the verb of another figure of sentence u than the one at token j, which has its
// value: "58 were approved and 17 rejected" with 58 and 17 exchanged.
func (d *draft) exchanged(i, j int, b nlp.Number, u int) bool {
	s := d.source
	verb := func(r *reading, token int) word {
		if c := r.words[token].clause; c >= 0 {
			return r.words[r.clauses[c].head]
		}
		return word{}
	}
	mine := verb(d.reading, i)
	if len(mine.keys) == 0 || !mine.content || match(mine, verb(s.reading, j)) {
		return false
	}
	for n, last := s.NumbersIn(s.Sentences[u].Span); n < last; n++ {
		o := s.Numbers[n]
		first, _ := s.TokensIn(o.Figure)
		if o.Figure != b.Figure && o.Unit == b.Unit && o.Value != b.Value && match(mine, verb(s.reading, first)) {
			return true
		}
	}
	return false
}

// around lists the words with a meaning next to a figure.
func (d *draft) around(r *reading, first, last int) []word {
	var out []word
	sent := r.Sentences[r.Tokens[first].Sentence]
	for i := max(first-5, sent.First); i < min(last+5, sent.Last); i++ {
		if w := r.words[i]; (i < first || i >= last) && w.content && !strings.ContainsAny(r.Tokens[i].Text, "0123456789") {
			out = append(out, w)
		}
	}
	return out
}

// shared counts the words that stand next to a figure of the article too.
func (d *draft) shared(mine []word, r *reading, first, last int) int {
	theirs := d.around(r, first, last)
	n := 0
	for _, w := range mine {
		if slices.ContainsFunc(theirs, func(o word) bool { return match(w, o) }) {
			n++
		}
	}
	return n
}

// headOf gives the token that heads what a number counts, -1 for none.
func headOf(r *reading, n nlp.Number) int {
	if n.Of.Empty() {
		return -1
	}
	first, last := r.TokensIn(n.Of)
	for i := first; i < last; i++ {
		if h := r.Tokens[i].Head; (h < first || h >= last) && strings.HasPrefix(r.Tokens[i].Tag, "N") {
			return possessed(r, i)
		}
	}
	return -1
}

// possessed gives the noun after the "'s" of token i, or i: "three of the city's
// eight libraries" counts libraries.
func possessed(r *reading, i int) int {
	if i+1 >= len(r.Tokens) || r.Tokens[i+1].Tag != "POS" {
		return i
	}
	noun := i
	for k := i + 2; k < len(r.Tokens); k++ {
		switch tag := r.Tokens[k].Tag; {
		case strings.HasPrefix(tag, "NN"):
			noun = k
		case noun > i || tag != "CD" && !strings.HasPrefix(tag, "JJ"):
			return noun
		}
	}
	return noun
}

// side says whether a figure is where something comes from or gets to.
func side(r *reading, i int) string {
	for steps := 0; i >= 0 && steps < 3; i, steps = r.Tokens[i].Head, steps+1 {
		switch {
		case r.hasCase(i, "from"):
			return "from"
		case r.hasCase(i, "to"):
			return "to"
		case r.hasCase(i, "by"):
			return "by"
		}
		if t := r.Tokens[i]; strings.HasPrefix(t.Tag, "VB") {
			return ""
		}
	}
	return ""
}
