package factcheck

import (
	"math"
	"slices"
	"strings"

	"onrecord/nlp"
	"onrecord/quote"
)

// harms are the verbs and adjectives by which people are counted as one lot:
// the dead, the hurt, the arrested.
var harms = map[string]string{
	"kill": "dead", "die": "dead", "dead": "dead",
	"injure": "hurt", "wound": "hurt", "hurt": "hurt",
	"arrest": "arrested", "detain": "arrested",
}

// toll is a count of people who died, were hurt or were arrested.
type toll struct {
	number   int // index into Document.Numbers
	lot      string
	value    float64
	definite bool // "the 12 people killed", "all 12 victims"
	several  bool // more of the kind are counted beside it: "and a woman", "another 5"
}

// tolls are the counts of d, in text order.
func tolls(d *nlp.Document) []toll {
	var out []toll
	for k, n := range d.Numbers {
		if n.Unit != "" || isOrdinal(n.Figure.Text(d.Text)) || isFraction(n.Figure.Text(d.Text)) {
			continue
		}
		of := noun(d, n)
		if of != "" && of != "people" && of != "person" && !referenceLists().people[of] {
			continue
		}
		lot := lotOf(d, n)
		if lot == "" {
			continue
		}
		t := toll{number: k, lot: lot, value: n.Value}
		for i := n.First - 1; i >= 0 && i >= n.First-2; i-- {
			switch strings.ToLower(d.Tokens[i].Text) {
			case "the", "all", "these", "those":
				t.definite = true
			case "another", "additional":
				t.several = true
			}
		}
		s := d.Sentences[n.Sentence]
		for i := s.First; i < s.Last; i++ {
			switch tok := d.Tokens[i]; {
			case tok.Lemma == "other" || tok.Lemma == "another" || tok.Lemma == "also" || tok.Lemma == "more" && i != n.First:
				t.several = true
			case (tok.Lemma == "a" || strings.EqualFold(tok.Text, "one")) && tok.Head > i && referenceLists().people[d.Tokens[tok.Head].Lemma]:
				t.several = true
			}
		}
		out = append(out, t)
		if len(out) == mostTolls {
			break
		}
	}
	return out
}

// lotOf says which lot number n counts: by the verb that it is subject or
// object of, or by the word behind it ("12 dead", "the 12 people killed").
func lotOf(d *nlp.Document, n nlp.Number) string {
	for i := n.Last; i < min(n.Last+2, len(d.Tokens)) && d.Tokens[i].Sentence == n.Sentence; i++ {
		t := d.Tokens[i]
		if t.Lemma == "be" || t.Lemma == "have" {
			continue
		}
		if lot := harms[t.Lemma]; lot != "" && (strings.HasPrefix(t.Tag, "VB") && t.Tag != "VBG" || strings.HasPrefix(t.Tag, "JJ")) {
			return lot
		}
		break
	}
	for i := n.First; i < n.Last; i++ {
		if lot := harms[strings.ToLower(d.Tokens[i].Lemma)]; lot != "" {
			return lot
		}
	}
	head := n.Last - 1
	if h := d.Tokens[head].Head; h >= n.First && h < n.Last {
		head = h
	}
	h := d.Tokens[head].Head
	if h < 0 || !strings.HasPrefix(d.Tokens[h].Tag, "VB") {
		return ""
	}
	switch rel := d.Tokens[head].Rel; {
	case rel == "nsubj:pass", rel == "obj", rel == "nsubj" && (d.Tokens[h].Lemma == "die" || d.Tokens[h].Tag == "VBN"):
		return harms[d.Tokens[h].Lemma]
	}
	return ""
}

// fitsToll reports whether number n of a text agrees with a count of value.
func fitsToll(n nlp.Number, value float64) bool {
	switch {
	case n.Vague, n.Bound == "~":
		return true
	case n.To != 0:
		return value >= n.Value && value <= n.To
	case n.Bound == ">":
		return value >= n.Value
	case n.Bound == "<":
		return value <= n.Value
	}
	return n.Value == value
}

// updated reports whether a sentence tells of counts that change.
func updated(d *nlp.Document, s int) bool {
	for _, t := range d.SentenceTokens(s) {
		switch t.Lemma {
		case "toll", "rise", "later", "earlier", "initially", "revise", "since", "previously", "previous", "increase", "bring", "so", "far", "year", "last", "ago", "average":
			return true
		}
	}
	return false
}

// titleToll is a count of the dead, hurt or arrested in a title, which has a
// grammar of its own: "12 killed in fire", "Fire kills 12".
type titleToll struct {
	lot   string
	value float64
	span  nlp.Span // of the figure
}

func titleTolls(title string) []titleToll {
	d := nlp.Parse(title)
	var out []titleToll
	for i, t := range d.Tokens {
		if t.Tag != "CD" || i > 0 && (d.Tokens[i-1].Tag == "IN" || d.Tokens[i-1].Tag == "RB" || d.Tokens[i-1].Tag == "CD" || d.Tokens[i-1].Tag == "RBR" || d.Tokens[i-1].Tag == "JJR" || d.Tokens[i-1].Tag == "JJS" || d.Tokens[i-1].Tag == "TO" || d.Tokens[i-1].Text == "-" || d.Tokens[i-1].Text == "$") {
			continue
		}
		value, ok := valueOf(t.Text)
		if !ok || value < 2 {
			continue
		}
		next := i + 1
		if next < len(d.Tokens) && (d.Tokens[next].Lemma == "people" || referenceLists().people[d.Tokens[next].Lemma]) {
			next++
		}
		if next < len(d.Tokens) && d.Tokens[next].Lemma == "be" {
			next++
		}
		lot := ""
		if next < len(d.Tokens) && d.Tokens[next].Tag != "VBG" && d.Tokens[next].Tag != "VBZ" && d.Tokens[next].Tag != "NNS" {
			lot = harms[strings.ToLower(d.Tokens[next].Lemma)]
		}
		if i > 0 && lot == "" && (next == len(d.Tokens) || next > i+1 || d.Tokens[next].Tag == "IN") {
			lot = map[string]string{"kills": "dead", "killed": "dead", "injures": "hurt", "wounds": "hurt", "hurts": "hurt"}[strings.ToLower(d.Tokens[i-1].Text)]
		}
		if lot != "" {
			out = append(out, titleToll{lot, value, t.Span})
		}
	}
	return out
}

// valueOf is the value of one figure in digits or words.
func valueOf(s string) (float64, bool) {
	d := nlp.Parse("They saw " + strings.ToLower(s) + " houses.")
	if len(d.Numbers) != 1 || d.Numbers[0].Vague || d.Numbers[0].To != 0 {
		return 0, false
	}
	return d.Numbers[0].Value, true
}

// headline compares the counts of the title with those of the text.
func (r *reading) headline(title string) []Clash {
	if len(title) > mostTitle {
		return nil
	}
	heads := titleTolls(title)
	if len(heads) == 0 {
		return nil
	}
	body := tolls(r.Document)
	var found []Clash
	for _, t := range heads {
		if t.value >= 100 && math.Mod(t.value, 50) == 0 || slices.ContainsFunc(heads, func(o titleToll) bool { return o.lot == t.lot && o.span != t.span }) {
			continue // a round figure, or several events
		}
		if c, ok := r.against(title, t, body); ok {
			found = append(found, c)
		}
	}
	return found
}

// against compares one count of the title with those of its lot in the text.
func (r *reading) against(title string, t titleToll, body []toll) (Clash, bool) {
	first := -1
	sum := 0.0
	for i, b := range body {
		if b.lot != t.lot {
			continue
		}
		m := r.Numbers[b.number]
		sum += m.Value
		if fitsToll(m, t.value) || b.several || updated(r.Document, m.Sentence) {
			return Clash{}, false
		}
		if first < 0 {
			first = i
		}
	}
	if first < 0 {
		return Clash{}, false
	}
	// The first count of the text must be the whole one: of people as such, at the top.
	m := r.Numbers[body[first].number]
	if of := noun(r.Document, m); !isCount(r.Text, m) || m.Sentence > 3 || m.Value < t.value && (of != "people" && of != "person" || sum >= t.value) {
		return Clash{}, false
	}
	if r.anySum(body, t) {
		return Clash{}, false
	}
	c := clash(HeadlineClash, []nlp.Span{m.Span}, "the headline has “%s”, the text %s (%s)", t.span.Text(title), r.words(m.Span), t.lot)
	c.Title = t.span
	return c, true
}

// anySum reports whether two counts of the text's lot make the title's.
func (r *reading) anySum(body []toll, t titleToll) bool {
	for i, a := range body {
		for _, b := range body[i+1:] {
			if a.lot == t.lot && b.lot == t.lot && a.value+b.value == t.value {
				return true
			}
		}
	}
	// Any other number of the text may be the one that the title means.
	return slices.ContainsFunc(r.Numbers, func(n nlp.Number) bool { return isCount(r.Text, n) && n.Value == t.value })
}

// countedTwice finds one number that the article's own voice gives twice and
// differently: a count of the dead, hurt or arrested at the top and "the 14
// people killed" below, or "the 12-member council" and "the 14-member council".
func (r *reading) countedTwice() []Clash {
	found := r.attributes()
	all := tolls(r.Document)
	for i, a := range all {
		n := r.Numbers[a.number]
		if n.Sentence > 3 || !isCount(r.Text, n) || a.several || r.saidAt(n) || updated(r.Document, n.Sentence) || r.oneOfMany(all, a) {
			continue
		}
		for _, b := range all[i+1:] {
			m := r.Numbers[b.number]
			if b.lot != a.lot || !b.definite || !isCount(r.Text, m) || m.Value == n.Value || m.Value < n.Value && !r.everyone(m) || b.several || r.saidAt(m) || updated(r.Document, m.Sentence) {
				continue
			}
			found = append(found, clash(NumberClash, []nlp.Span{n.Span, m.Span}, "%s and %s (%s)", r.words(n.Span), r.words(m.Span), a.lot))
		}
	}
	return found
}

// everyone reports whether "all" stands before number n.
func (r *reading) everyone(n nlp.Number) bool {
	for i := n.First - 1; i >= 0 && i >= n.First-2; i-- {
		if strings.EqualFold(r.Tokens[i].Text, "all") {
			return true
		}
	}
	return false
}

// oneOfMany reports whether the text counts its dead, hurt or arrested in more
// than two figures, so that they belong to several events.
func (r *reading) oneOfMany(all []toll, a toll) bool {
	values := map[float64]bool{}
	for _, b := range all {
		if b.lot == a.lot {
			values[b.value] = true
		}
	}
	return len(values) > 2
}

// saidAt reports whether number n is somebody's word.
func (r *reading) saidAt(n nlp.Number) bool {
	for i := n.First; i < n.Last; i++ {
		if r.said[i] >= 0 && r.quotes[r.said[i]].Kind == quote.Speech {
			return true
		}
	}
	return false
}

// sizes are units of which a thing has one number for good.
var sizes = []string{"member", "seat", "storey", "story", "floor", "bed", "page", "acre", "lane", "room", "bedroom", "judge"}

// attributes finds "the 12-member council" and "the 14-member council".
func (r *reading) attributes() []Clash {
	type size struct {
		value string
		span  nlp.Span
	}
	seen := map[string][]size{}
	var order []string
	for i := 1; i+3 < len(r.Tokens); i++ {
		// the | 12 | - | member | council
		if r.Tokens[i+1].Text != "-" || r.Tokens[i].Tag != "CD" || !slices.Contains(sizes, r.Tokens[i+2].Lemma) || !strings.HasPrefix(r.Tokens[i+3].Tag, "NN") {
			continue
		}
		switch strings.ToLower(r.Tokens[i-1].Text) {
		case "the", "its", "this":
		default:
			continue
		}
		if i+4 < len(r.Tokens) && strings.HasPrefix(r.Tokens[i+4].Tag, "NN") || r.said[i] >= 0 {
			continue
		}
		key := r.Tokens[i+2].Lemma + " " + r.Tokens[i+3].Lemma
		if len(seen[key]) == 0 {
			order = append(order, key)
		}
		seen[key] = append(seen[key], size{strings.ToLower(r.Tokens[i].Text), r.SpanOf(i-1, i+4)})
	}
	var found []Clash
	for _, key := range order {
		all := seen[key]
		for _, s := range all[1:min(len(all), mostNumbers)] {
			if sameFigure(s.value, all[0].value) {
				continue
			}
			found = append(found, clash(NumberClash, []nlp.Span{all[0].span, s.span}, "%s and %s", r.words(all[0].span), r.words(s.span)))
			break
		}
	}
	return found
}

// sameFigure reports whether two figures, in digits or words, have one value.
func sameFigure(a, b string) bool {
	if a == b {
		return true
	}
	x, ok := valueOf(a)
	y, ok2 := valueOf(b)
	return ok && ok2 && x == y
}
