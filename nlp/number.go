package nlp

import (
	"strconv"
	"strings"
	"sync"
	"unicode"
)

// findNumbers fills in Numbers. Figures inside names and time expressions are
// none.
func (d *Document) findNumbers() {
	times := 0
	for si, s := range d.Sentences {
		m := numberMatcher{timeMatcher{d: d, first: s.First, last: s.Last}}
		for i := s.First; i < s.Last; {
			for times < len(d.Times) && d.Times[times].Last <= i {
				times++
			}
			if times < len(d.Times) && d.Times[times].First <= i {
				i = d.Times[times].Last
				continue
			}
			if d.Tokens[i].Entity >= 0 {
				i++
				continue
			}
			n, ok := m.number(i)
			if !ok || times < len(d.Times) && n.Last > d.Times[times].First && n.figureLast > d.Times[times].First {
				i++
				continue
			}
			if times < len(d.Times) && n.Last > d.Times[times].First {
				n.Last = d.Times[times].First // "20 people Monday"
				n.ofLast = min(n.ofLast, n.Last)
			}
			n.Sentence = si
			n.Span = d.SpanOf(n.First, n.Last)
			n.Figure = d.SpanOf(n.figureFirst, n.figureLast)
			n.Of = d.SpanOf(n.ofFirst, n.ofLast)
			d.Numbers = append(d.Numbers, n.Number)
			i = max(n.figureLast, i+1)
		}
	}
}

// A numberMatcher recognises numbers in one sentence.
type numberMatcher struct{ timeMatcher }

// A measured is a number with the tokens of its parts.
type measured struct {
	Number
	figureFirst, figureLast int
	ofFirst, ofLast         int
	ordinal                 bool
}

// number matches a number whose figure, or the words that bound it, begin at
// token i.
func (m numberMatcher) number(i int) (measured, bool) {
	if n, ok := m.ordinal(i); ok {
		return n, true
	}
	limit, at := m.bound(i)
	if m.is(i, "between") {
		at++
	}
	n, ok := m.figure(at)
	if !ok || m.is(i, "between") && n.To == 0 {
		return n, false
	}
	if at == i && m.isDesignation(n) {
		return n, false
	}
	n.First = i
	n.Bound = limit
	n.Last = n.figureLast
	m.counted(&n)
	if !m.worthy(n, limit != "") {
		return n, false
	}
	m.boundAfter(&n)
	return n, true
}

// A bound is a phrase before a figure, and the Bound that it makes.
type bound struct{ words, bound string }

// boundsBy has the bounds by their first word.
var boundsBy = sync.OnceValue(func() map[string][]bound {
	by := map[string][]bound{}
	for _, b := range bounds {
		first, _, _ := strings.Cut(b.words, " ")
		by[first] = append(by[first], b)
	}
	return by
})

// bounds are the words before a figure that say how exact it is.
var bounds = []bound{
	{"more than", ">"},
	{"at least", ">"},
	{"no fewer than", ">"},
	{"no less than", ">"},
	{"not less than", ">"},
	{"upward of", ">"},
	{"upwards of", ">"},
	{"in excess of", ">"},
	{"greater than", ">"},
	{"well over", ">"},
	{"just over", ">"},
	{"a little over", ">"},
	{"over", ">"},
	{"above", ">"},
	{"exceeding", ">"},
	{"a minimum of", ">"},
	{"less than", "<"},
	{"fewer than", "<"},
	{"no more than", "<"},
	{"not more than", "<"},
	{"up to", "<"},
	{"as many as", "<"},
	{"as much as", "<"},
	{"at most", "<"},
	{"under", "<"},
	{"below", "<"},
	{"just under", "<"},
	{"a maximum of", "<"},
	{"about", "~"},
	{"around", "~"},
	{"approximately", "~"},
	{"roughly", "~"},
	{"nearly", "~"},
	{"almost", "~"},
	{"close to", "~"},
	{"some", "~"},
	{"an estimated", "~"},
	{"estimated", "~"},
	{"circa", "~"},
	{"virtually", "~"},
	{"~", "~"},
}

// bound reads the words that bound a figure and gives the token after them.
func (m numberMatcher) bound(i int) (string, int) {
	best, to := "", i
	for _, b := range boundsBy()[m.word(i)] {
		at, ok := i, true
		for word := range strings.SplitSeq(b.words, " ") {
			if m.word(at) != word {
				ok = false
				break
			}
			at++
		}
		if ok && at > to {
			best, to = b.bound, at
		}
	}
	return best, to
}

// boundAfter reads "or more", "or so" behind the figure or the phrase.
func (m numberMatcher) boundAfter(n *measured) {
	for _, at := range []int{n.figureLast, n.Last} {
		if !m.is(at, "or") || n.Bound != "" {
			continue
		}
		switch m.word(at + 1) {
		case "more":
			n.Bound = ">"
		case "less", "fewer":
			n.Bound = "<"
		case "so":
			n.Bound = "~"
		default:
			continue
		}
		n.Last = max(n.Last, at+2)
	}
}

var scales = map[string]float64{
	"hundred": 1e2, "thousand": 1e3, "million": 1e6, "billion": 1e9, "trillion": 1e12,
	"bn": 1e9, "tn": 1e12, "mn": 1e6, "dozen": 12,
}

var vagueNumbers = map[string]float64{
	"dozens": 12, "scores": 20, "hundreds": 1e2, "thousands": 1e3, "millions": 1e6, "billions": 1e9, "trillions": 1e12,
	"several": 3,
}

var currencies = map[string]string{
	"$": "USD", "us$": "USD", "u$": "USD", "a$": "AUD", "c$": "CAD", "nz$": "NZD", "hk$": "HKD", "s$": "SGD", "£": "GBP", "€": "EUR", "¥": "JPY", "₹": "INR", "₽": "RUB", "₩": "KRW", "₪": "ILS", "₴": "UAH", "₺": "TRY",
	"usd": "USD", "eur": "EUR", "gbp": "GBP",
	"dollar": "USD", "dollars": "USD", "euro": "EUR", "euros": "EUR", "yen": "JPY", "yuan": "CNY", "renminbi": "CNY", "ruble": "RUB", "rubles": "RUB", "roubles": "RUB", "zloty": "PLN", "rand": "ZAR", "shekels": "ILS", "hryvnia": "UAH", "hryvnias": "UAH",
}

var dollars = map[string]string{
	"australian": "AUD", "canadian": "CAD", "singapore": "SGD", "kong": "HKD", "zealand": "NZD", "us": "USD", "u.s": "USD", "american": "USD",
}

var fractions = map[string]float64{
	"half": 2, "third": 3, "quarter": 4, "fourth": 4, "fifth": 5, "sixth": 6, "seventh": 7, "eighth": 8, "ninth": 9, "tenth": 10,
	"halves": 2, "thirds": 3, "quarters": 4, "fourths": 4, "fifths": 5, "sixths": 6, "sevenths": 7, "eighths": 8, "ninths": 9, "tenths": 10,
}

// figure matches the figure itself at token i: digits or words, with its scale
// and unit.
func (m numberMatcher) figure(i int) (measured, bool) {
	n := measured{figureFirst: i}
	n.ofFirst, n.ofLast = -1, -1
	at := i
	if unit, ok := currencies[m.word(at)]; ok && !isLetterByte(m.word(at)[len(m.word(at))-1]) || ok && m.is(at, "usd", "eur", "gbp") {
		n.Unit = unit
		at++
	}
	value, vague, to, ok := m.quantity(at)
	if !ok {
		return n, false
	}
	n.Value, n.Vague = value, vague
	if m.is(to, "to", "-", "–") || m.is(i-1, "between") && m.is(to, "and") {
		// A range: "10 to 15", "$2-3 million".
		j := to + 1
		if _, ok := currencies[m.word(j)]; ok && n.Unit != "" && !isLetterByte(m.word(j)[0]) {
			j++
		}
		if upper, _, end, ok := m.quantity(j); ok && upper > value && !vague && !m.is(end, "-", "years") {
			if upper >= 1000 && value < 1000 && m.scaled(j, end) {
				n.Value = value * m.scale(end-1)
			}
			if n.Value < upper {
				n.To = upper
				to = end
			}
		} else if ok && m.is(to, "-", "–") && isDigits(m.word(j)) {
			return n, false // the score of a match
		}
	}
	n.figureLast = to
	switch {
	case m.is(to, "%", "percent", "pct"):
		n.Unit = "%"
		n.figureLast++
	case m.is(to, "per") && m.is(to+1, "cent"):
		n.Unit = "%"
		n.figureLast += 2
	case m.is(to, "percentage") && m.is(to+1, "point", "points"):
		n.Unit = "pp"
		n.figureLast += 2
	case m.is(to, "-") && m.is(to+1, "percent"):
		n.Unit = "%"
		n.figureLast += 2
	case n.Unit == "":
		if unit, ok := dollars[m.word(to)]; ok && m.is(to+1, "dollar", "dollars") {
			n.Unit = unit
			n.figureLast += 2
		} else if unit, ok := currencies[m.word(to)]; ok && (isLetterByte(m.word(to)[0]) || m.is(to, "€", "£")) {
			n.Unit = unit
			n.figureLast++
		} else if m.is(to, "pounds") && (m.scaled(at, to) || m.is(to+1, "sterling")) {
			n.Unit = "GBP"
			n.figureLast++
		}
	}
	return n, true
}

// scaled reports whether the last of the tokens [from, to) is a scale.
func (m numberMatcher) scaled(from, to int) bool {
	return to-from > 1 && m.scale(to-1) > 1
}

func (m numberMatcher) scale(i int) float64 {
	if v, ok := scales[m.word(i)]; ok {
		return v
	}
	figure := m.raw(i - 1)
	glued := figure != "" && i < m.last && m.d.Tokens[i].Start == m.d.Tokens[i-1].End && isDigit(figure[len(figure)-1])
	switch {
	case glued && m.is(i, "k"):
		return 1e3
	case glued && m.raw(i) == "m" || glued && m.raw(i) == "M":
		if m.is(i-2, "$", "£", "€", "us$", "a$") || !m.is(i+1, "tall", "long", "high", "wide", "deep", "(") {
			return 1e6
		}
	case glued && (m.raw(i) == "b" || m.raw(i) == "B"):
		return 1e9
	}
	return 1
}

// quantity reads a number without bound and unit and gives the token after it.
func (m numberMatcher) quantity(i int) (value float64, vague bool, to int, ok bool) {
	word := m.word(i)
	if word == "" {
		return 0, false, 0, false
	}
	if v, ok := vagueNumbers[word]; ok {
		to = i + 1
		if m.is(to, "of") { // "tens of thousands", "hundreds of millions"
			if w, ok := vagueNumbers[m.word(to+1)]; ok && w > v {
				return v * w, true, to + 2, true
			}
		}
		return v, true, to, true
	}
	if word == "tens" && m.is(i+1, "of") {
		if w, ok := vagueNumbers[m.word(i+2)]; ok {
			return 10 * w, true, i + 3, true
		}
	}
	if word == "half" {
		if m.is(i+1, "a", "an") {
			if s, ok := scales[m.word(i+2)]; ok {
				return s / 2, false, i + 3, true
			}
		}
		if m.is(i-1, "first", "second", "and", "other") || m.is(i+1, "-") || m.is(i-1, "-") && m.is(i-2, "first", "second") ||
			m.is(i+1, "empty", "full", "open", "closed", "built", "finished", "asleep", "dead", "hidden", "submerged") {
			return 0, false, 0, false
		}
		return 0.5, false, i + 1, true
	}
	if word == "a" || word == "an" {
		switch next := m.word(i + 1); next {
		case "half", "third", "quarter", "fifth", "tenth", "fourth", "sixth", "eighth":
			if m.is(i+2, "of") && (next != "half" && next != "quarter" || !m.is(i+3, "year")) {
				return 1 / fractions[next], false, i + 2, true
			}
		case "dozen", "hundred", "thousand", "million", "billion", "trillion":
			if m.is(i-1, "half") {
				return 0, false, 0, false
			}
			v := scales[next]
			to = i + 2
			for m.scale(to) > 1 && m.word(to) != "dozen" {
				v *= m.scale(to)
				to++
			}
			return v, false, to, true
		case "couple":
			if m.is(i+2, "of") {
				return 2, true, i + 2, true
			}
		}
		return 0, false, 0, false
	}
	value, to, ok = m.simple(i)
	if !ok {
		return 0, false, 0, false
	}
	// "two-thirds", "one quarter"
	j := to
	if m.is(j, "-") {
		j++
	}
	if f, ok := fractions[m.word(j)]; ok && value < f && value == float64(int(value)) && (j > to || m.is(j+1, "of", "the")) && !isDigit(word[0]) {
		return value / f, false, j + 1, true
	}
	// "two and a half million"
	if m.is(to, "and") && m.is(to+1, "a") && m.is(to+2, "half", "quarter") {
		value += 1 / fractions[m.word(to+2)]
		to += 3
	}
	// Scales and what follows them: "two hundred and fifty thousand".
	total, current := 0.0, value
	for {
		if s := m.scale(to); s > 1 {
			current *= s
			to++
			if s >= 1e3 {
				total += current
				current = 0
			}
			continue
		}
		if m.is(to-1, "million", "billion", "thousand", "hundred") {
			j := to
			if m.is(j, "and") {
				j++
			}
			if v, end, ok := m.simple(j); ok && v < current+total && !isDigit(m.word(j)[0]) {
				current += v
				to = end
				continue
			}
		}
		break
	}
	return total + current, false, to, true
}

// simple reads digits or the words of a number below a hundred.
func (m numberMatcher) simple(i int) (value float64, to int, ok bool) {
	word := m.word(i)
	if word == "" {
		return 0, 0, false
	}
	if isDigit(word[0]) {
		if num, den, ok := strings.Cut(word, "/"); ok {
			a, err1 := strconv.Atoi(num)
			b, err2 := strconv.Atoi(den)
			if err1 != nil || err2 != nil || a >= b || a == 0 || b > 10 {
				return 0, 0, false
			}
			return float64(a) / float64(b), i + 1, true
		}
		v, err := strconv.ParseFloat(strings.ReplaceAll(word, ",", ""), 64)
		if err != nil || strings.ContainsAny(word, "eExXnNpP_") || v > 1e18 {
			return 0, 0, false
		}
		to = i + 1
		if m.is(to, "1/2", "½") {
			return v + 0.5, to + 1, true
		}
		return v, to, true
	}
	v, ok := cardinalOf(word)
	if !ok {
		return 0, 0, false
	}
	to = i + 1
	if v >= 20 && m.is(to, "-") {
		if w, ok := cardinalOf(m.word(to + 1)); ok && w > 0 && w < 10 && !isDigit(m.word(to + 1)[0]) {
			return float64(v + w), to + 2, true
		}
	}
	return float64(v), to, true
}

// ordinal matches "a second try", "his third term".
func (m numberMatcher) ordinal(i int) (measured, bool) {
	n := measured{ordinal: true}
	at := i + 1
	switch m.word(i) {
	case "a", "an", "the", "his", "her", "its", "their", "my", "our", "your", "this", "that":
	default:
		return n, false
	}
	word := m.word(at)
	v, ok := ordinalOf(word)
	if d := digits(word); !ok && d > 0 && d < 5 {
		switch word[d:] {
		case "st", "nd", "rd", "th":
			v, _ = strconv.Atoi(word[:d])
			ok = true
		}
	}
	if !ok || v < 2 || m.is(at+1, "-", "century", "quarter", "half", "floor", "world", "amendment", "of") || m.isName(at+1) {
		return n, false
	}
	first, last, ok := m.phrase(at + 1)
	if !ok {
		return n, false
	}
	n.Value = float64(v)
	n.First, n.Last = i, last
	n.figureFirst, n.figureLast = at, at+1
	n.ofFirst, n.ofLast = first, last
	return n, true
}

func (m numberMatcher) isName(i int) bool {
	return strings.HasPrefix(m.tag(i), "NNP")
}

// isDesignation tells a figure that names or labels something from one that
// counts: "Flight 370", "Route 66", "page 3", "COVID-19", an age between
// commas, a telephone number.
func (m numberMatcher) isDesignation(n measured) bool {
	i, to := n.figureFirst, n.figureLast
	if n.Unit != "" {
		return false
	}
	word := m.word(i)
	if !isDigit(word[0]) {
		if word == "one" && !m.oneCounts(i) {
			return true
		}
		if m.is(to, "-") && m.is(to+1, "year", "month", "week", "day") && m.is(to+2, "-") && m.is(to+3, "old", "olds") {
			return true
		}
		return m.is(i-1, "number", "chapter", "phase", "part", "act", "no") || m.isName(i) && m.isName(i-1)
	}
	if strings.ContainsAny(word, ":-") || strings.Count(word, ".") > 1 || strings.Contains(word, "/") && n.Value >= 1 {
		return true
	}
	if i == m.first && (m.is(to, ".", ")") || to >= m.last) {
		return true // the number of a list item
	}
	before := m.word(i - 1)
	counts := strings.HasPrefix(m.tag(to), "NN") || strings.HasPrefix(m.tag(to), "JJ") || m.is(to, "of")
	switch before {
	case "#", "no", "number", "nos", "№", "aged", "age", "@", "+", "fortune":
		return true
	case "of":
		if m.is(i-2, "age", "ages") {
			return true
		}
	case "to", "and", "or":
		if m.is(i-3, "aged", "ages", "age") {
			return true
		}
	case "(":
		return m.is(to, ")") // "(34)"
	case "-", "–":
		// "COVID-19", "2 - 1", not "- 300 trees fell" in a list
		if m.d.Tokens[i-1].End == m.d.Tokens[i].Start || isDigits(m.word(i-2)) {
			return true
		}
	case ",":
		// "Ana Pereira, 34, said"
		if m.is(to, ",", ".", ")", ";") && n.Value < 125 && (m.isName(i-2) || m.is(i-2, "jr", "sr")) {
			return true
		}
	}
	if m.is(to, "-") && m.is(to+1, "year", "month", "week", "day", "years") && m.is(to+2, "-") && m.is(to+3, "old", "olds") {
		return true
	}
	if raw := m.raw(i - 1); isAcronym(raw) && !strings.Contains(raw, ".") && isDigits(word) && len(word) > 1 && m.tag(i-1) == "NNP" && len(raw) <= 3 && raw != "US" && raw != "UN" && raw != "EU" && raw != "UK" {
		return true // "SB 1015"
	}
	if before != "" && !counts {
		switch before {
		case "flight", "route", "page", "pages", "chapter", "section", "article", "room", "channel", "line", "platform", "gate", "level", "phase", "grade", "type", "version", "game", "week", "day", "tier", "category", "stage", "district", "ward", "precinct", "unit", "block", "interstate", "highway", "area", "resolution", "act", "rule", "amendment", "title", "proposition", "measure", "lot", "apartment", "suite", "zone", "step", "item", "figure", "table", "volume", "issue", "episode", "season", "season's", "round", "exit", "pier", "terminal", "building", "studio", "track", "ballot", "bill", "law", "decree", "annex", "paragraph", "clause", "verse", "psalm", "group", "squad", "model", "mark":
			return true
		}
		if m.isName(i-1) && m.d.Tokens[i-1].Text != "." {
			return true
		}
	}
	if len(word) == 4 && isDigits(word) && n.Value >= 1900 && n.Value <= 2100 && !counts {
		return true // a year
	}
	return len(word) >= 7 && isDigits(word) && !counts // a telephone number
}

// oneCounts tells the number "one" from the pronoun and from "one day".
func (m numberMatcher) oneCounts(i int) bool {
	if m.is(i+1, "in", "out") {
		_, _, ok := m.ratio(i)
		return ok
	}
	if m.tag(i) != "CD" || m.is(i-1, "no", "every", "any", "each", "this", "that", "the", "which", "another") {
		return false
	}
	if m.is(i+1, "day", "time", "thing", "hand", "way", "point", "another", "side", "reason", "example", "possibility", "case", "night", "morning", "word", "more", "-", "’s", "'s") {
		return false
	}
	return strings.HasPrefix(m.tag(i+1), "NN") || m.is(i+1, "million", "billion", "hundred", "thousand")
}

// ratio reads "one in five", "one out of ten".
func (m numberMatcher) ratio(i int) (value float64, to int, ok bool) {
	a, at, ok := m.simple(i)
	if !ok {
		return 0, 0, false
	}
	switch {
	case m.is(at, "in"):
		at++
	case m.is(at, "out") && m.is(at+1, "of"):
		at += 2
	default:
		return 0, 0, false
	}
	if m.is(at, "every") {
		at++
	}
	b, to, ok := m.simple(at)
	if !ok || b <= a || b > 1e6 || b >= 1900 && b <= 2100 || unitOf(m.word(to)) != noUnit || m.tag(to) == "NNP" {
		return 0, 0, false
	}
	return a / b, to, true
}

// worthy drops figures that say nothing: a lone small number without anything
// counted, unless a bound or unit makes it one.
func (m numberMatcher) worthy(n measured, bounded bool) bool {
	if bounded || n.Unit != "" || n.ofFirst >= 0 || n.Vague || n.To != 0 {
		return !n.Vague || m.word(n.figureFirst) != "several" && m.word(n.figureFirst) != "scores" || n.ofFirst >= 0
	}
	word := m.word(n.figureFirst)
	if word == "a" || word == "an" || word == "half" {
		return n.Value >= 12 || word == "half" && m.halfCounts(n.figureFirst)
	}
	if n.Value <= 10 && !isDigit(word[0]) {
		return false // "the two", "one of them"
	}
	return m.tag(n.figureFirst) == "CD"
}

// halfCounts tells the number "half" from the part of a match or an hour.
func (m numberMatcher) halfCounts(i int) bool {
	return m.is(i+1, "of", "are", "were", "have", "had", "said") || strings.HasPrefix(m.tag(i+1), "DT")
}

// counted finds what the figure counts and extends the phrase over it.
func (m numberMatcher) counted(n *measured) {
	at := n.figureLast
	if n.Unit == "" && !n.Vague {
		if v, to, ok := m.ratio(n.figureFirst); ok {
			n.Value, n.figureLast, n.Last = v, to, to
			at = to
		}
	}
	if m.is(at, "-") && m.d.Tokens[at].Start == m.d.Tokens[at-1].End {
		// "12-member panel", "five-year-old"
		if strings.HasPrefix(m.tag(at+1), "NN") && !m.is(at+2, "-") {
			n.ofFirst, n.ofLast = at+1, at+2
			n.Last = at + 2
		}
		return
	}
	j := at
	if m.is(j, "of") {
		j++
	} else if n.Unit != "" && n.Unit != "%" && n.Unit != "pp" && m.is(j, "in") && !isUpperFirst(m.raw(j+1)) {
		j++ // "$5 million in damages"
	} else if m.is(j, "more", "other", "additional", "further") && j+1 < m.last {
		j++
	}
	if m.tag(j) == "IN" || strings.HasPrefix(m.tag(j), "VB") && m.tag(j) != "VBN" && m.tag(j) != "VBG" {
		return
	}
	half := m.is(n.figureFirst, "half", "double", "twice")
	if j == at && !half && (m.tag(j) == "DT" || m.tag(j) == "PRP$") {
		return
	}
	first, last, ok := m.phrase(j)
	if !ok {
		return
	}
	if m.isClockUnit(j) {
		return
	}
	n.ofFirst, n.ofLast = first, last
	n.Last = last
}

func isUpperFirst(s string) bool { return s != "" && unicode.IsUpper(firstRune(s)) }

func (m numberMatcher) isClockUnit(i int) bool {
	return m.is(i, "a.m", "p.m", "am", "pm", "o'clock", "o’clock")
}

// phrase matches the noun phrase that begins at token i, with one complement
// in "of".
func (m numberMatcher) phrase(i int) (first, last int, ok bool) {
	end, ok := m.simplePhrase(i)
	if !ok {
		return 0, 0, false
	}
	if m.is(end, "of") && !m.is(end-1, "%") {
		j := end + 1
		if _, _, isNumber := m.simple(j); !isNumber {
			if to, ok := m.simplePhrase(j); ok {
				end = to
			}
		}
	}
	return i, end, true
}

// simplePhrase matches determiners, adjectives and nouns and gives the token
// after the last noun.
func (m numberMatcher) simplePhrase(i int) (int, bool) {
	at, noun := i, -1
	if m.tag(at) == "DT" || m.tag(at) == "PRP$" {
		at++
	}
	for at < min(m.last, i+12) {
		tag := m.tag(at)
		switch {
		case strings.HasPrefix(tag, "NN"):
			if noun >= 0 && noun < at && m.isTime(at) {
				return noun, true
			}
			noun = at + 1
		case tag == "JJ" || tag == "JJR" || tag == "JJS" || tag == "VBG" && noun < 0 || tag == "CD" && noun < 0:
			if noun >= 0 && !strings.HasPrefix(m.tag(at+1), "NN") {
				return noun, true
			}
		case tag == "VBN" && noun < 0:
		case tag == "RB" && noun < 0 && (strings.HasPrefix(m.tag(at+1), "JJ") || m.tag(at+1) == "VBN"):
		case tag == "POS" && noun == at:
		case m.is(at, "-") && m.d.Tokens[at].Start == m.d.Tokens[at-1].End:
		case m.is(at, ",") && noun < 0 && at > i && strings.HasPrefix(m.tag(at+1), "JJ"):
		case (tag == "CC" && noun < 0 && at > i) && strings.HasPrefix(m.tag(at+1), "JJ"):
		case isQuoteMark(m.raw(at)) && noun < 0 && at == i:
		default:
			return noun, noun >= 0
		}
		at++
	}
	return noun, noun >= 0
}

// isTime reports whether a time expression begins at token i.
func (m numberMatcher) isTime(i int) bool {
	first, last := m.d.TimesIn(m.d.Tokens[i].Span)
	return last > first
}

// cardinals are the number words below a hundred.
var cardinals = map[string]int{
	"zero": 0, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9, "ten": 10,
	"eleven": 11, "twelve": 12, "thirteen": 13, "fourteen": 14, "fifteen": 15, "sixteen": 16, "seventeen": 17, "eighteen": 18, "nineteen": 19,
	"twenty": 20, "thirty": 30, "forty": 40, "fifty": 50, "sixty": 60, "seventy": 70, "eighty": 80, "ninety": 90,
}

// ordinals are the ordinals that are written as one word.
var ordinals = map[string]int{
	"first": 1, "second": 2, "third": 3, "fourth": 4, "fifth": 5, "sixth": 6, "seventh": 7, "eighth": 8, "ninth": 9, "tenth": 10,
	"eleventh": 11, "twelfth": 12, "thirteenth": 13, "fourteenth": 14, "fifteenth": 15, "sixteenth": 16, "seventeenth": 17,
	"eighteenth": 18, "nineteenth": 19, "twentieth": 20,
}

// cardinalOf reads a whole number in digits or as one word.
func cardinalOf(word string) (int, bool) {
	if word == "" || len(word) > 12 {
		return 0, false
	}
	if !isDigit(word[0]) {
		n, ok := cardinals[word]
		return n, ok
	}
	n := 0
	for i := range len(word) {
		if word[i] == ',' {
			continue
		}
		if !isDigit(word[i]) {
			return 0, false
		}
		n = n*10 + int(word[i]-'0')
	}
	return n, true
}

// ordinalOf reads an ordinal as one word.
func ordinalOf(word string) (int, bool) {
	n, ok := ordinals[word]
	return n, ok
}
