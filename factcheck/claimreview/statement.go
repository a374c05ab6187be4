package claimreview

import (
	"math"
	"slices"
	"strconv"
	"strings"
)

// statement is what the guards look at in a text: the things that, changed,
// make it another claim.
type statement struct {
	tokens  []token
	years   []int
	year    int // in which it was made; 0 if unknown
	numbers []number
	names   [][]string // stems of names in a row: Ann Lee
	negated map[string]bool
	plain   map[string]bool // stems outside the reach of any negation
	pronoun bool            // it speaks of somebody whom it does not name
	words   map[string]bool // stems that carry meaning, names and numbers left out
	all     map[string]bool // every stem
}

// token is a word with what it may be.
type token struct {
	stem     string
	stop     bool
	name     bool
	denies   bool // is a negation
	sentence int
}

// saidBy notes who makes the statement. It may be about them, but it need not:
// their names are no names that it would have to share.
func (s *statement) saidBy(names ...string) {
	for _, name := range names {
		for _, w := range words(clip(name)) {
			if !stopwords[w.text] {
				s.all[stem(w.text)] = true
			}
		}
	}
}

// denials counts the negations in the sentences that share a word with another
// statement: "You can't make this up: …" denies nothing of what follows.
func (s *statement) denials(other *statement) int {
	n, from := 0, 0
	for from < len(s.tokens) {
		to, here, shares := from, 0, false
		for ; to < len(s.tokens) && s.tokens[to].sentence == s.tokens[from].sentence; to++ {
			t := s.tokens[to]
			if t.denies {
				here++
			}
			shares = shares || !t.stop && other.words[t.stem]
		}
		if shares {
			n += here
		}
		from = to
	}
	return n
}

// number is a quantity.
type number struct {
	value  float64
	digits int  // significant ones
	word   bool // written in letters, below a hundred: often beside the point
}

// read takes a text apart. What is a name is told by the capitals, and by how
// the collection writes the word.
func (x *Index) statement(text string) *statement {
	s := &statement{negated: map[string]bool{}, plain: map[string]bool{}, words: map[string]bool{}, all: map[string]bool{}}
	list := words(clip(text))
	capitals := 0
	for _, w := range list {
		if w.capital {
			capitals++
		}
	}
	shouting := len(list) > 3 && 5*capitals > 3*len(list) // capitals say nothing here
	reach := 0                                            // content words that the last negation still covers
	sentence := 0
	for i, w := range list {
		if w.first {
			reach = 0
			sentence++
		}
		t := token{stem: stem(w.text), stop: stopwords[w.text], sentence: sentence}
		s.pronoun = s.pronoun || pronouns[w.text] || offices[w.text] && !(i+1 < len(list) && list[i+1].capital && !list[i+1].first)
		if year, ok := asYear(list, i); ok {
			s.years = append(s.years, year)
			t.stem = w.text
			s.all[t.stem] = true
			s.tokens = append(s.tokens, t)
			continue
		}
		if n, ok := asNumber(list, i); ok {
			s.numbers = append(s.numbers, n)
			s.all[t.stem] = true
			s.tokens = append(s.tokens, t)
			continue
		}
		if n, ok := negations[w.text]; ok && !(i+1 < len(list) && list[i+1].text == "only") {
			reach = n
			t.stop, t.denies = true, true
			s.tokens = append(s.tokens, t)
			continue
		}
		t.name = !t.stop && !notNames[w.text] && x.isName(list, i, shouting)
		if t.name {
			if last := len(s.tokens) - 1; last >= 0 && s.tokens[last].name {
				s.names[len(s.names)-1] = append(s.names[len(s.names)-1], t.stem)
			} else {
				s.names = append(s.names, []string{t.stem})
			}
		}
		if !t.stop {
			s.all[t.stem] = true
			if !t.name && !notNames[w.text] {
				s.words[t.stem] = true
				if reach > 0 {
					s.negated[t.stem] = true
					reach--
				} else {
					s.plain[t.stem] = true
				}
			}
		}
		s.tokens = append(s.tokens, t)
	}
	return s
}

// isName reports whether a word is (part of) a name. Capitals tell, except at
// the head of a sentence and in headlines; there the way tells in which the
// collection mostly writes the word.
func (x *Index) isName(list []word, i int, shouting bool) bool {
	w := list[i]
	if isDigit(w.text[0]) {
		return false
	}
	if t := x.lookup(w.text); t >= 0 {
		switch c := x.terms[t]; {
		case c.written >= 3 && 10*int(c.capital) >= 7*int(c.written):
			return true
		case c.written >= 3 && 10*int(c.capital) <= 2*int(c.written):
			// A word like any other; two capitals in a row are still a name.
			return !shouting && w.capital && !w.first && neighbourCapital(list, i)
		}
	}
	return w.capital && !shouting && (!w.first || i+1 < len(list) && list[i+1].capital && !stopwords[list[i+1].text])
}

func neighbourCapital(list []word, i int) bool {
	return i > 0 && list[i-1].capital && !list[i-1].first || i+1 < len(list) && list[i+1].capital
}

// asYear reads a year.
func asYear(list []word, i int) (int, bool) {
	w := list[i].text
	if len(w) != 4 || w[0] != '1' && w[0] != '2' || strings.Contains(w, ".") {
		return 0, false
	}
	year, err := strconv.Atoi(w)
	if err != nil || year < 1500 || year > 2100 {
		return 0, false
	}
	if i+1 < len(list) && units[list[i+1].text] != 0 || list[i].money {
		return 0, false // 2000 percent, $2000
	}
	return year, true
}

// asNumber reads a quantity with its unit: 3.5 million.
func asNumber(list []word, i int) (number, bool) {
	w := list[i].text
	n := number{digits: 1}
	switch v, small := numerals[w]; {
	case small:
		n.value, n.word = v, true
	case isDigit(w[0]):
		digits := strings.TrimRight(w, "abcdefghijklmnopqrstuvwxyz")
		v, err := strconv.ParseFloat(digits, 64)
		if err != nil || math.IsInf(v, 0) {
			return n, false
		}
		switch w[len(digits):] {
		case "":
			if inDate(list, i) {
				return n, false
			}
		case "k":
			v *= 1e3
		case "m", "mil":
			v *= 1e6
		case "b", "bn":
			v *= 1e9
		default:
			return n, false
		}
		n.value = v
		n.digits = max(1, len(strings.Trim(strings.ReplaceAll(digits, ".", ""), "0")))
	default:
		return n, false
	}
	if i+1 < len(list) {
		if unit := units[list[i+1].text]; unit > 1 {
			n.value *= unit
			n.word = false
		}
	}
	return n, true
}

// inDate reports whether a number is the day of a date: August 21, 21 August.
func inDate(list []word, i int) bool {
	return i > 0 && months[list[i-1].text] || i+1 < len(list) && months[list[i+1].text]
}

// near reports whether two numbers may be the same, one of them rounded.
func (n number) near(m number) bool {
	if n.value == m.value {
		return true
	}
	if n.digits == m.digits {
		// 12 and 13 are two numbers; 1,190 and 1,210 as well.
		return false
	}
	if n.digits > m.digits {
		n, m = m, n
	}
	far := math.Abs(n.value - m.value)
	if small := math.Abs(m.value) < 100; small && m.value == math.Trunc(m.value) {
		return false // 40 and 41 are two numbers, 400 and 410 may be one
	}
	return far <= 0.15*math.Abs(m.value) && rounded(m.value, n.digits) == rounded(n.value, n.digits)
}

// rounded is v with so many significant digits.
func rounded(v float64, digits int) float64 {
	if v == 0 {
		return 0
	}
	scale := math.Pow(10, math.Ceil(math.Log10(math.Abs(v)))-float64(digits))
	return math.Round(v/scale) * scale
}

// common reports whether some year of both is the same.
func common(a, b []int) bool {
	return slices.ContainsFunc(a, func(y int) bool { return slices.Contains(b, y) })
}
