package nlp

import (
	"slices"
	"strconv"
	"strings"
	"time"
)

// A timeExpr says what a time expression means, as far as its words tell. What
// they leave open is filled in from the day of publication by Resolve.
type timeExpr struct {
	kind  timeKind
	mode  timeMode
	tense tense
	unit  timeUnit
	n     int // of units; for days, the offset from the day of publication

	year, month, day int // 0 when not said
	weekday          time.Weekday
	holiday          int // index into holidays
	quarter          int // 1 to 4; halves are 5 and 6

	from, to *timeExpr
}

type timeKind int

const (
	openTime    timeKind = iota // cannot be dated: "in recent months", "two years earlier"
	offsetDay                   // "yesterday"
	weekDay                     // "Sunday"
	weekendTime                 // "over the weekend"
	calendar                    // a date, as much of it as is said
	holidayTime                 // "Christmas"
	currentUnit                 // "this year", "last week"
	agoTime                     // "three days ago"
	pastSpan                    // "in the past three years"
	comingSpan                  // "in the next three years"
	partOfUnit                  // "earlier this year", "later this week"
	decadeTime                  // "the 1990s": year and n years from it
	quarterTime                 // "the fourth quarter of 2019"
	rangeTime                   // "between 2015 and 2018"
	sinceTime                   // "since March"
)

// timeMode is the word before a name of a day, month or unit.
type timeMode int

const (
	bare timeMode = iota
	last
	this
	next
)

type timeUnit int

const (
	noUnit timeUnit = iota
	hourUnit
	dayUnit
	weekUnit
	weekendUnit
	monthUnit
	quarterUnit
	yearUnit
	decadeUnit
	centuryUnit
)

// tense is the time of the verb that a time expression belongs to.
type tense int

const (
	unknownTense tense = iota
	pastTense
	futureTense
)

// findTimes fills in Times.
func (d *Document) findTimes() {
	for si, s := range d.Sentences {
		m := timeMatcher{d: d, first: s.First, last: s.Last}
		for i := s.First; i < s.Last; {
			from, to, expr, ok := m.expression(i)
			if !ok {
				i++
				continue
			}
			expr.tense = d.tenseAt(from, to)
			d.Times = append(d.Times, Time{Span: d.SpanOf(from, to), First: from, Last: to, Sentence: si, expr: expr})
			i = to
		}
	}
}

// A timeMatcher recognises time expressions in the tokens [first, last) of one
// sentence.
type timeMatcher struct {
	d           *Document
	first, last int
}

// word gives the token i in lower case, without the dot of an abbreviation; ""
// outside the sentence.
func (m *timeMatcher) word(i int) string {
	if i < m.first || i >= m.last {
		return ""
	}
	return m.d.low[i]
}

func (m *timeMatcher) raw(i int) string {
	if i < m.first || i >= m.last {
		return ""
	}
	return m.d.Tokens[i].Text
}

func (m *timeMatcher) tag(i int) string {
	if i < m.first || i >= m.last {
		return ""
	}
	return m.d.Tokens[i].Tag
}

func (m *timeMatcher) is(i int, words ...string) bool { return slices.Contains(words, m.word(i)) }

// expression matches a time expression that begins at token i, its preposition
// included where the meaning needs one.
func (m *timeMatcher) expression(i int) (from, to int, expr timeExpr, ok bool) {
	switch m.word(i) {
	case "between":
		if e, a, ok := m.point(i + 1); ok && m.is(e, "and") {
			if e2, b, ok := m.point(e + 1); ok {
				return i, e2, span(a, b), true
			}
		}
		return 0, 0, expr, false
	case "from":
		if e, a, ok := m.point(i + 1); ok && m.is(e, "to", "until", "till", "through") {
			if e2, b, ok := m.point(e + 1); ok {
				return i, e2, span(a, b), true
			}
		}
		return 0, 0, expr, false
	case "since":
		j := i + 1
		if m.is(j, "at") && m.is(j+1, "least") {
			j += 2
		}
		if e, a, ok := m.point(j); ok {
			if a.kind == openTime {
				return i, e, a, true
			}
			return i, e, timeExpr{kind: sinceTime, from: &a}, true
		}
		return 0, 0, expr, false
	case "on":
		if e, a, ok := m.expressionBody(i + 1); ok {
			if part := m.word(e - 1); a.kind == weekDay && isDayPart(part) {
				return i + 1, e, a, true
			}
			return i, e, a, true
		}
		return 0, 0, expr, false
	case "in", "over", "during", "within", "throughout", "around":
		if e, a, ok := m.expressionBody(i + 1); ok {
			if a.kind == weekDay {
				i++ // "weighed in Friday"
			}
			return i, e, a, true
		}
		if m.is(i, "in") {
			if e, n, unit, ok := m.amount(i + 1); ok && unit != hourUnit && m.d.tenseAt(i+1, e) == futureTense && !m.is(e, "a", "of", "'s") {
				return i, e, timeExpr{kind: agoTime, n: -n, unit: unit}, true
			}
		}
		return 0, 0, expr, false
	case "at":
		if m.is(i+1, "the") && m.is(i+2, "weekend") || m.is(i+1, "the") && m.is(i+2, "time") && !m.is(i+3, "of") {
			if m.is(i+2, "time") {
				return i, i + 3, expr, true
			}
			e, a, ok := m.expressionBody(i + 1)
			return i, e, a, ok
		}
		if e, a, ok := m.clock(i + 1); ok {
			return i, e, a, true
		}
		if e, a, ok := m.holiday(i + 1); ok {
			return i, e, a, true
		}
		return 0, 0, expr, false
	}
	e, a, ok := m.expressionBody(i)
	return i, e, a, ok
}

// expressionBody matches a point in time, or a range that begins with one.
func (m *timeMatcher) expressionBody(i int) (int, timeExpr, bool) {
	e, a, ok := m.point(i)
	if !ok {
		return 0, a, false
	}
	if m.is(e, "to", "through", "until", "till", "-", "–") {
		if e2, b, ok := m.point(e + 1); ok && sameSort(a, b) {
			return e2, span(a, b), true
		}
	}
	return e, a, true
}

// sameSort reports whether a range can run from a to b.
func sameSort(a, b timeExpr) bool {
	return a.kind == b.kind && (a.kind == weekDay || a.kind == calendar) || a.kind == calendar && b.kind == offsetDay
}

// span makes a range; what the first end leaves unsaid it takes from the
// second ("between March and May 2019").
func span(a, b timeExpr) timeExpr {
	if a.kind == calendar && b.kind == calendar {
		if a.year == 0 {
			a.year = b.year
		}
		if b.year == 0 && a.year != 0 && b.month != 0 {
			b.year = a.year
			if a.month > b.month {
				b.year++
			}
		}
	}
	if a.kind == openTime || b.kind == openTime {
		return timeExpr{}
	}
	return timeExpr{kind: rangeTime, from: &a, to: &b}
}

// point matches one point or stretch of time without its preposition.
func (m *timeMatcher) point(i int) (int, timeExpr, bool) {
	if !m.mayBegin(i) {
		return 0, timeExpr{}, false
	}
	for _, match := range [...]func(*timeMatcher, int) (int, timeExpr, bool){
		(*timeMatcher).modified, (*timeMatcher).numeric, (*timeMatcher).fullDate, (*timeMatcher).dayName,
		(*timeMatcher).relativeDay, (*timeMatcher).unitPhrase, (*timeMatcher).weekend, (*timeMatcher).ago,
		(*timeMatcher).quarter, (*timeMatcher).decade, (*timeMatcher).year, (*timeMatcher).holiday,
		(*timeMatcher).anaphor, (*timeMatcher).clock,
	} {
		if e, a, ok := match(m, i); ok {
			return e, a, true
		}
	}
	return 0, timeExpr{}, false
}

// mayBegin tells cheaply whether a time expression can begin at token i.
func (m *timeMatcher) mayBegin(i int) bool {
	word := m.word(i)
	if word == "" {
		return false
	}
	if c := word[0]; isDigit(c) || c == '\'' || c >= 0x80 || m.raw(i)[0] != c {
		return true // figures, capitals, apostrophes
	}
	switch word {
	case "early", "late", "mid", "later", "earlier", "the", "last", "this", "next", "coming", "past", "following", "recent", "latest", "previous", "current", "upcoming", "same",
		"yesterday", "today", "tonight", "tomorrow", "overnight", "that", "noon", "midnight", "midday", "fiscal", "year", "his", "her", "their",
		"a", "an", "few", "several", "many", "some", "dozens", "hundreds", "about", "around", "nearly", "almost", "roughly", "exactly":
		return true
	}
	if strings.HasPrefix(word, "mid-") || unitOf(word) != noUnit {
		return true
	}
	if _, ok := cardinalOf(word); ok {
		return true
	}
	_, ok := ordinalOf(word)
	return ok
}

// modified matches "early", "late", "mid" and "the" before a point in time.
func (m *timeMatcher) modified(i int) (int, timeExpr, bool) {
	switch m.word(i) {
	case "early", "late", "mid", "later", "earlier":
		j := i + 1
		if m.is(j, "on", "in") {
			j++
		}
		if m.is(j, "-") && m.is(i, "mid") {
			j++
		}
		e, a, ok := m.point(j)
		if !ok || a.kind == openTime {
			return 0, a, false
		}
		if a.kind == currentUnit && a.mode == this && a.unit != dayUnit && m.is(i, "later", "earlier") {
			a.kind = partOfUnit
			a.mode = last
			if m.is(i, "later") {
				a.mode = next
			}
		} else if j > i+1 && m.is(i, "later", "earlier") && a.kind != calendar {
			return 0, a, false
		}
		return e, a, true
	}
	if rest, ok := strings.CutPrefix(m.word(i), "mid-"); ok {
		if month, ok := monthOf(rest); ok {
			return m.monthYear(i+1, timeExpr{kind: calendar, month: int(month)})
		}
		if year, n, ok := decadeOf(rest); ok {
			return i + 1, timeExpr{kind: decadeTime, year: year, n: n}, true
		}
		if year, ok := yearOf(rest); ok {
			return i + 1, timeExpr{kind: calendar, year: year}, true
		}
	}
	return 0, timeExpr{}, false
}

// numeric matches 2019-03-04, 24/12/2019 and 24.12.2019. A date that can be read
// in two ways is left open, and 9/11 is the name of an attack.
func (m *timeMatcher) numeric(i int) (int, timeExpr, bool) {
	s := m.raw(i)
	if len(s) < 6 || len(s) > 10 || !isDigit(s[0]) {
		return 0, timeExpr{}, false
	}
	sep := strings.IndexAny(s, "-/.")
	if sep < 0 {
		return 0, timeExpr{}, false
	}
	parts := strings.Split(s, s[sep:sep+1])
	if len(parts) != 3 {
		return 0, timeExpr{}, false
	}
	var v [3]int
	for k, p := range parts {
		n, err := strconv.Atoi(p)
		if err != nil {
			return 0, timeExpr{}, false
		}
		v[k] = n
	}
	if len(parts[0]) == 4 {
		if validDate(v[0], v[1], v[2]) {
			return i + 1, timeExpr{kind: calendar, year: v[0], month: v[1], day: v[2]}, true
		}
		return 0, timeExpr{}, false
	}
	if len(parts[2]) != 4 {
		return 0, timeExpr{}, false
	}
	dayFirst, monthFirst := validDate(v[2], v[1], v[0]), validDate(v[2], v[0], v[1])
	switch {
	case dayFirst && monthFirst && v[0] != v[1]:
		return i + 1, timeExpr{}, true
	case dayFirst:
		return i + 1, timeExpr{kind: calendar, year: v[2], month: v[1], day: v[0]}, true
	case monthFirst:
		return i + 1, timeExpr{kind: calendar, year: v[2], month: v[0], day: v[1]}, true
	}
	return 0, timeExpr{}, false
}

func validDate(year, month, day int) bool {
	return year >= 1000 && year < 2200 && month >= 1 && month <= 12 && day >= 1 && day <= daysIn(year, month)
}

func daysIn(year, month int) int {
	if month == 2 && year == 0 {
		return 29
	}
	return time.Date(year, time.Month(month)+1, 0, 0, 0, 0, 0, time.UTC).Day()
}

// fullDate matches dates with the name of a month.
func (m *timeMatcher) fullDate(i int) (int, timeExpr, bool) {
	// "3 March", "the 3rd of March", "3rd March"
	j := i
	if m.is(j, "the") {
		j++
	}
	if day, ok := dayOf(m.word(j)); ok {
		k := j + 1
		if m.is(k, "of") {
			k++
		}
		if month, ok := m.month(k); ok && (j > i || k == j+1 || !isDigits(m.word(j))) {
			if day > daysIn(0, int(month)) {
				return 0, timeExpr{}, false
			}
			return m.monthYear(k+1, timeExpr{kind: calendar, month: int(month), day: day})
		}
		return 0, timeExpr{}, false
	}
	month, ok := m.month(i)
	if !ok {
		return 0, timeExpr{}, false
	}
	e := timeExpr{kind: calendar, month: int(month)}
	if m.is(i+1, "the") {
		if day, ok := dayOf(m.word(i + 2)); ok && !isDigits(m.word(i+2)) {
			e.day = day
			return m.monthYear(i+3, e)
		}
	}
	if day, ok := dayOf(m.word(i + 1)); ok && day <= daysIn(0, int(month)) {
		e.day = day
		// "March 3-5", "March 3 to 5"
		if m.is(i+2, "-", "–", "to") {
			if until, ok := dayOf(m.word(i + 3)); ok && until > day && until <= daysIn(0, int(month)) && !m.countsSomething(i+3) {
				end := e
				end.day = until
				at := i + 4
				if at2, withYear, ok := m.monthYear(at, end); ok {
					at, end = at2, withYear
				}
				return at, span(e, end), true
			}
		}
		return m.monthYear(i+2, e)
	}
	if !m.monthContext(i) {
		return 0, e, false
	}
	return m.monthYear(i+1, e)
}

// countsSomething reports whether the figure at token i counts the plural noun
// after it: "3 to 5 people".
func (m *timeMatcher) countsSomething(i int) bool { return m.tag(i+1) == "NNS" }

// month reads the name of a month at token i.
func (m *timeMatcher) month(i int) (time.Month, bool) {
	raw := m.raw(i)
	if raw == "" || !isUpperWord(raw) {
		return 0, false
	}
	month, ok := monthOf(raw)
	if !ok {
		return 0, false
	}
	if len(raw) == 3 && month != time.May && !isDigits(m.word(i+1)) {
		return 0, false // "Jan", "Mar": names, unless a figure follows
	}
	return month, true
}

// monthContext tells a month from a name, verb or modal that is spelled alike:
// "in May", not "May said", "the Women's March".
func (m *timeMatcher) monthContext(i int) bool {
	if m.is(i+1, ",") {
		if _, ok := yearOf(m.word(i + 2)); ok {
			return true
		}
	}
	if _, ok := yearOf(m.word(i + 1)); ok {
		return true
	}
	before := m.word(i - 1)
	switch before {
	case "in", "since", "last", "next", "this", "until", "till", "by", "during", "early", "late", "mid", "every", "from", "between", "through", "to", "of", "for", "and", "or", "before", "after", "around", "-", "–", "following":
		if isName(m.raw(i+1)) && m.raw(i+1) != "" && m.tag(i+1) == "NNP" {
			return before == "in" || before == "since" || before == "last"
		}
		if before == "for" || before == "and" || before == "or" || before == "of" || before == "to" || before == "by" || before == "from" {
			switch m.word(i) {
			case "may", "march", "april", "june", "august":
				if before == "of" || before == "to" || before == "from" {
					return m.tag(i) == "NNP" && !isName(m.raw(i+1))
				}
				_, ok := m.month(i - 2)
				return ok
			}
		}
		return true
	}
	switch m.word(i) {
	case "may", "march", "april", "june", "august", "jan", "mar":
		return false
	}
	if m.tag(i) == "VB" || isName(m.raw(i-1)) && i-1 > m.first || isName(m.raw(i+1)) {
		return false
	}
	return true
}

// monthYear reads the year that may follow a month or day: "March 3, 2019".
func (m *timeMatcher) monthYear(at int, e timeExpr) (int, timeExpr, bool) {
	j := at
	if m.is(j, ",", "of") {
		j++
	}
	if year, ok := yearOf(m.word(j)); ok && (e.day == 0 || j > at || m.raw(at) != "") {
		e.year = year
		return j + 1, e, true
	}
	j = at
	if m.is(j, "of", "in") {
		j++
	}
	if m.is(j, "last", "this", "next") && m.is(j+1, "year") {
		e.mode = modeOf(m.word(j))
		e.unit = yearUnit
		return j + 2, e, true
	}
	if e.month == 9 && e.day == 11 && m.namesAttacks(at) {
		e.year = 2001
	}
	return at, e, true
}

// namesAttacks reports whether the words after "Sept. 11" make it the day of
// 2001 that goes by that name.
func (m *timeMatcher) namesAttacks(at int) bool {
	for i := at; i < at+3; i++ {
		switch m.word(i) {
		case "attack", "attacks", "terrorist", "terrorists", "terror", "hijackers", "hijackings", "hijacking", "victims", "bombings":
			return true
		}
	}
	return false
}

func isDigits(s string) bool { return s != "" && digits(s) == len(s) }

// dayOf reads the day of a month: "3", "3rd", "third".
func dayOf(word string) (int, bool) {
	if word == "" {
		return 0, false
	}
	n := digits(word)
	if n == 0 {
		if v, ok := ordinalOf(word); ok && v >= 1 && v <= 31 {
			return v, true
		}
		return 0, false
	}
	if n > 2 {
		return 0, false
	}
	switch word[n:] {
	case "", "st", "nd", "rd", "th":
		v, _ := strconv.Atoi(word[:n])
		return v, v >= 1 && v <= 31
	}
	return 0, false
}

// yearOf reads a year of four digits, or "'19".
func yearOf(word string) (int, bool) {
	if len(word) == 4 && isDigits(word) {
		v, _ := strconv.Atoi(word)
		return v, v >= 1100 && v <= 2150
	}
	if rest := strings.TrimPrefix(strings.TrimPrefix(word, "'"), "’"); len(rest) == 2 && len(word) > 2 && isDigits(rest) {
		v, _ := strconv.Atoi(rest)
		return twoDigitYear(v), true
	}
	return 0, false
}

func twoDigitYear(v int) int {
	if v < 50 {
		return 2000 + v
	}
	return 1900 + v
}

func weekdayOf(raw string) (time.Weekday, bool) {
	if len(raw) < 4 || len(raw) > 9 || raw[0] < 'A' || raw[0] > 'Z' {
		return 0, false
	}
	switch raw {
	case "Sunday", "SUNDAY", "Sun.":
		return time.Sunday, true
	case "Monday", "MONDAY", "Mon.":
		return time.Monday, true
	case "Tuesday", "TUESDAY", "Tue.", "Tues.":
		return time.Tuesday, true
	case "Wednesday", "WEDNESDAY", "Wed.":
		return time.Wednesday, true
	case "Thursday", "THURSDAY", "Thu.", "Thur.", "Thurs.":
		return time.Thursday, true
	case "Friday", "FRIDAY", "Fri.":
		return time.Friday, true
	case "Saturday", "SATURDAY", "Sat.":
		return time.Saturday, true
	}
	return 0, false
}

// dayName matches "Sunday", "last Friday", "Sunday night", "Sunday, Jan. 19".
func (m *timeMatcher) dayName(i int) (int, timeExpr, bool) {
	mode, j := bare, i
	switch m.word(i) {
	case "last", "this", "next", "coming", "past", "following":
		mode, j = modeOf(m.word(i)), i+1
	case "the":
		if m.is(i+1, "coming", "past", "following") {
			mode, j = modeOf(m.word(i+1)), i+2
		}
	}
	day, ok := weekdayOf(m.raw(j))
	if !ok {
		return 0, timeExpr{}, false
	}
	if m.isOtherName(j) {
		return 0, timeExpr{}, false
	}
	e := timeExpr{kind: weekDay, mode: mode, weekday: day}
	at := j + 1
	if m.is(i-1, "every", "each") {
		e = timeExpr{}
	}
	if m.is(at, "next", "last", "this") && m.is(at+1, "week") {
		e.unit, e.mode, at = weekUnit, modeOf(m.word(at)), at+2
		return at, e, true
	}
	if isDayPart(m.word(at)) {
		at++
	}
	if after, ok := m.clockTail(at); ok {
		at = after
	}
	k := at
	if m.is(k, ",") {
		k++
	}
	if end, date, ok := m.fullDate(k); ok && date.kind == calendar && date.day != 0 {
		return end, date, true
	}
	return at, e, true
}

// isOtherName reports whether the name of a day at token j is part of another
// name: "Sunday Times", "Super Tuesday", "Bloody Sunday".
func (m *timeMatcher) isOtherName(j int) bool {
	switch m.word(j - 1) {
	case "black", "cyber", "good", "super", "bloody", "ash", "palm", "easter", "shrove", "ruby", "fat", "casual", "maundy", "whit":
		return isUpperWord(m.raw(j - 1))
	}
	after := m.raw(j + 1)
	if isName(after) && !isDayPart(m.word(j+1)) && m.d.Tokens[j+1].Start == m.d.Tokens[j].End+1 {
		switch after {
		case "Times", "Telegraph", "Express", "Mirror", "Mail", "Herald", "Post", "Star", "Sun", "Observer", "Tribune", "Independent", "World", "Morning", "Nation", "Mass", "Bloody", "Live", "Football":
			return true
		case "Night":
			return isName(m.raw(j + 2))
		}
	}
	return after == "Night" && isName(m.raw(j+2)) && m.raw(j+2) != ""
}

func isDayPart(word string) bool {
	switch word {
	case "night", "morning", "afternoon", "evening", "noon", "midnight", "midday", "lunchtime":
		return true
	}
	return false
}

func modeOf(word string) timeMode {
	switch word {
	case "last", "past", "previous":
		return last
	case "this", "current":
		return this
	case "next", "coming", "following", "upcoming":
		return next
	}
	return bare
}

// relativeDay matches "yesterday", "tomorrow night", "last night", "the day
// before yesterday".
func (m *timeMatcher) relativeDay(i int) (int, timeExpr, bool) {
	day := func(to, n int) (int, timeExpr, bool) {
		if isDayPart(m.word(to)) {
			to++
		}
		if after, ok := m.clockTail(to); ok {
			to = after
		}
		return to, timeExpr{kind: offsetDay, n: n}, true
	}
	switch m.word(i) {
	case "the":
		if m.is(i+1, "day") && m.is(i+2, "before") && m.is(i+3, "yesterday") {
			return i + 4, timeExpr{kind: offsetDay, n: -2}, true
		}
		if m.is(i+1, "day") && m.is(i+2, "after") && m.is(i+3, "tomorrow") {
			return i + 4, timeExpr{kind: offsetDay, n: 2}, true
		}
	case "yesterday":
		return day(i+1, -1)
	case "today", "tonight":
		if m.inTitle(i) {
			return 0, timeExpr{}, false
		}
		return day(i+1, 0)
	case "tomorrow":
		return day(i+1, 1)
	case "overnight":
		if m.tag(i) == "RB" {
			return i + 1, timeExpr{kind: rangeTime, from: &timeExpr{kind: offsetDay, n: -1}, to: &timeExpr{kind: offsetDay}}, true
		}
	case "last":
		if m.is(i+1, "night", "evening") {
			return i + 2, timeExpr{kind: offsetDay, n: -1}, true
		}
	case "this":
		if m.is(i+1, "morning", "afternoon", "evening") {
			return i + 2, timeExpr{kind: offsetDay}, true
		}
	}
	return 0, timeExpr{}, false
}

// inTitle tells "USA TODAY" and the "Today" show from the day.
func (m *timeMatcher) inTitle(i int) bool {
	return isUpperWord(m.raw(i)) && i > m.first && (isUpperWord(m.raw(i-1)) && !isStarter(m.raw(i-1)) || isUpperWord(m.raw(i+1)) || isQuoteMark(m.raw(i-1)) && isQuoteMark(m.raw(i+1)))
}

func unitOf(word string) timeUnit {
	switch strings.TrimSuffix(word, "s") {
	case "minute", "hour", "second":
		return hourUnit
	case "day":
		return dayUnit
	case "week":
		return weekUnit
	case "weekend":
		return weekendUnit
	case "fortnight":
		return weekUnit
	case "month":
		return monthUnit
	case "quarter":
		return quarterUnit
	case "year":
		return yearUnit
	case "decade":
		return decadeUnit
	case "century", "centurie":
		return centuryUnit
	}
	return noUnit
}

// unitPhrase matches "last week", "this year", "the past three months", "recent
// weeks", "earlier this month" without its first word.
func (m *timeMatcher) unitPhrase(i int) (int, timeExpr, bool) {
	j := i
	the := m.is(j, "the")
	if the {
		j++
	}
	word := m.word(j)
	switch word {
	case "recent", "coming", "past", "last", "next", "this", "previous", "following", "current", "upcoming", "same", "late", "early", "final", "first", "latest":
	default:
		return 0, timeExpr{}, false
	}
	k := j + 1
	// "the past three years", "the next few weeks"
	n, vague := 0, false
	if m.is(k, "few", "several", "couple", "many") {
		vague = true
		k++
		if m.is(k, "of") {
			k++
		}
	} else if v, ok := cardinalOf(m.word(k)); ok && v > 0 && v < 1000 {
		n = v
		k++
		if m.is(k, "-") {
			return 0, timeExpr{}, false
		}
	}
	unit := unitOf(m.word(k))
	plural := strings.HasSuffix(m.word(k), "s")
	mode := modeOf(word)
	if unit == noUnit {
		if n > 0 || vague {
			return 0, timeExpr{}, false
		}
		if month, ok := m.month(k); ok && (mode == last || mode == next || word == "this") && !the {
			return k + 1, timeExpr{kind: calendar, month: int(month), mode: mode}, true
		}
		if e, h, ok := m.holiday(k); ok && mode != bare && !the {
			h.mode = mode
			return e, h, true
		}
		if m.is(k, "spring", "summer", "autumn", "fall", "winter") && mode != bare {
			return k + 1, timeExpr{}, true
		}
		return 0, timeExpr{}, false
	}
	if unit == hourUnit && n == 0 && !plural || m.is(k, "second") {
		return 0, timeExpr{}, false
	}
	switch word {
	case "recent", "latest":
		return k + 1, timeExpr{}, plural
	case "first", "final", "early", "late":
		return 0, timeExpr{}, false
	case "same", "previous":
		return k + 1, timeExpr{}, !plural || n > 0 || vague
	case "following":
		return k + 1, timeExpr{}, !plural || n > 0
	}
	if m.is(k+1, "of") && n == 0 { // "the last day of school"
		return 0, timeExpr{}, false
	}
	switch {
	case vague || plural && n == 0:
		return k + 1, timeExpr{}, mode != this
	case word == "coming" && n == 0 && unit != weekendUnit:
		return k + 1, timeExpr{}, true // "the coming year": the calendar's, or that of the budget?
	case n > 0 || the && (word == "past" || word == "last" || word == "coming" || word == "next") || word == "past":
		kind := pastSpan
		if mode == next {
			kind = comingSpan
			if n == 0 && word == "next" {
				return k + 1, timeExpr{}, true // "the next day": the day after something else
			}
		}
		if mode == this {
			return 0, timeExpr{}, false
		}
		return k + 1, timeExpr{kind: kind, n: max(n, 1), unit: unit}, true
	case unit == weekendUnit:
		return k + 1, timeExpr{kind: weekendTime, mode: mode}, true
	case word == "coming" || word == "upcoming" || word == "current":
		return k + 1, timeExpr{kind: currentUnit, mode: mode, unit: unit}, the
	case unit == dayUnit || unit == hourUnit:
		return k + 1, timeExpr{}, mode == next
	}
	return k + 1, timeExpr{kind: currentUnit, mode: mode, unit: unit}, true
}

// weekend matches "the weekend".
func (m *timeMatcher) weekend(i int) (int, timeExpr, bool) {
	if m.is(i, "the") && m.is(i+1, "weekend") && !m.is(i+2, "of", "after", "before") {
		return i + 2, timeExpr{kind: weekendTime}, true
	}
	return 0, timeExpr{}, false
}

// amount reads "three days", "a week", "two and a half years": a count of
// units.
func (m *timeMatcher) amount(i int) (to, n int, unit timeUnit, ok bool) {
	if m.is(i, "about", "around", "nearly", "almost", "roughly", "exactly") {
		i++
	}
	v, ok := cardinalOf(m.word(i))
	if !ok && m.is(i, "a", "an") {
		v, ok = 1, true
	}
	if !ok || v <= 0 || v > 5000 {
		return 0, 0, noUnit, false
	}
	to = i + 1
	if m.is(to, "-") { // "twenty-five"
		if w, ok := cardinalOf(m.word(to + 1)); ok && v >= 20 && v%10 == 0 && w < 10 {
			v += w
			to += 2
		}
	}
	unit = unitOf(m.word(to))
	if unit == noUnit || unit == quarterUnit {
		return 0, 0, noUnit, false
	}
	if strings.HasPrefix(m.word(to), "fortnight") {
		v *= 2
	}
	return to + 1, v, unit, true
}

// ago matches "three days ago", "a year earlier", "years ago", "two days
// later", "two years before".
func (m *timeMatcher) ago(i int) (int, timeExpr, bool) {
	to, n, unit, ok := m.amount(i)
	if !ok {
		// Vague amounts: "a few days ago", "several years ago", "years ago", "decades later".
		j := i
		if m.is(j, "a") && m.is(j+1, "few", "couple") {
			j += 2
		} else if m.is(j, "several", "many", "some", "few", "dozens", "hundreds") {
			j++
		}
		if m.is(j, "of") {
			j++
		}
		if u := unitOf(m.word(j)); u != noUnit && strings.HasSuffix(m.word(j), "s") && m.is(j+1, "ago", "earlier", "later", "before", "afterwards") && m.tag(j+1) != "IN" {
			return j + 2, timeExpr{}, true
		}
		return 0, timeExpr{}, false
	}
	switch m.word(to) {
	case "ago":
		return to + 1, timeExpr{kind: agoTime, n: n, unit: unit}, true
	case "earlier", "later", "afterwards", "afterward", "previously":
		return to + 1, timeExpr{}, true
	case "before", "after":
		if next := m.tag(to + 1); next == "" || next == "," || next == "." || next == "IN" || next == "CC" {
			return to + 1, timeExpr{}, true
		}
	case "from":
		if m.is(to+1, "now", "today") {
			return to + 2, timeExpr{kind: agoTime, n: -n, unit: unit}, true
		}
	}
	return 0, timeExpr{}, false
}

// quarter matches "the fourth quarter of 2019", "Q4 2019", "the first half of
// the year".
func (m *timeMatcher) quarter(i int) (int, timeExpr, bool) {
	if w := m.word(i); len(w) == 2 && w[0] == 'q' && w[1] >= '1' && w[1] <= '4' {
		e := timeExpr{kind: quarterTime, quarter: int(w[1] - '0')}
		if year, ok := yearOf(m.word(i + 1)); ok {
			e.year = year
			return i + 2, e, true
		}
		return i + 1, e, true
	}
	j := i
	if m.is(j, "the") {
		j++
	}
	if m.is(j, "fiscal") {
		j++
	}
	v, ok := ordinalOf(m.word(j))
	if !ok || v > 4 {
		return 0, timeExpr{}, false
	}
	if m.is(j+1, "fiscal") {
		j++
	}
	e := timeExpr{kind: quarterTime, quarter: v}
	of := m.is(j+2, "of")
	switch {
	case m.is(j+1, "quarter") && !m.is(j+2, "-"):
	case m.is(j+1, "half") && v <= 2 && of:
		e.quarter = 4 + v
	default:
		return 0, timeExpr{}, false
	}
	at := j + 2
	if of {
		at++
	}
	if year, ok := yearOf(m.word(at)); ok {
		e.year = year
		return at + 1, e, true
	}
	if m.is(at, "last", "this", "next") && m.is(at+1, "year") {
		e.mode = modeOf(m.word(at))
		return at + 2, e, true
	}
	if of && m.is(at, "the") && m.is(at+1, "year") {
		e.mode = this
		return at + 2, e, true
	}
	if e.quarter > 4 || of {
		return 0, timeExpr{}, false // "the first half of the game"
	}
	return j + 2, e, true
}

// decadeOf reads "1990s", "'90s", "90s", "1990's".
func decadeOf(word string) (year, years int, ok bool) {
	word = strings.TrimPrefix(strings.TrimPrefix(word, "'"), "’")
	rest, ok := strings.CutSuffix(word, "s")
	if !ok {
		switch word {
		case "twenties", "thirties", "forties", "fifties", "sixties", "seventies", "eighties", "nineties":
			names := []string{"twenties", "thirties", "forties", "fifties", "sixties", "seventies", "eighties", "nineties"}
			return 1920 + 10*slices.Index(names, word), 10, true
		}
		return 0, 0, false
	}
	rest = strings.TrimSuffix(strings.TrimSuffix(rest, "'"), "’")
	if !isDigits(rest) || rest[len(rest)-1] != '0' {
		switch word {
		case "twenties", "thirties", "forties", "fifties", "sixties", "seventies", "eighties", "nineties":
			names := []string{"twenties", "thirties", "forties", "fifties", "sixties", "seventies", "eighties", "nineties"}
			return 1920 + 10*slices.Index(names, word), 10, true
		}
		return 0, 0, false
	}
	v, _ := strconv.Atoi(rest)
	switch {
	case len(rest) == 4 && v%100 == 0 && v >= 1100 && v != 2000:
		return v, 100, v <= 2100
	case len(rest) == 4 && v >= 1100 && v <= 2150:
		return v, 10, true
	case len(rest) == 2:
		return twoDigitYear(v), 10, true
	}
	return 0, 0, false
}

// decade matches "the 1990s", "the '90s", "the 19th century".
func (m *timeMatcher) decade(i int) (int, timeExpr, bool) {
	j := i
	if m.is(j, "the", "his", "her", "their") {
		j++
	}
	if m.is(j, "early", "late", "mid") {
		j++
		if m.is(j, "-") {
			j++
		}
	}
	word := m.word(j)
	if rest, ok := strings.CutPrefix(word, "mid-"); ok {
		word = rest
	}
	if year, n, ok := decadeOf(word); ok {
		four := len(word) >= 5 && isDigit(word[0])
		// "in his 60s" is an age, "temperatures in the 90s" too likely no decade.
		if m.is(i, "his", "her", "their") || !four && !m.is(i, "the") || m.is(i-1, "of") && !four && m.tag(i-2) == "NNS" {
			return 0, timeExpr{}, false
		}
		return j + 1, timeExpr{kind: decadeTime, year: year, n: n}, true
	}
	v, ok := ordinalOf(word)
	if !ok && digits(word) > 0 {
		switch word[digits(word):] {
		case "st", "nd", "rd", "th":
			v, _ = strconv.Atoi(word[:digits(word)])
			ok = true
		}
	}
	if ok && v >= 1 && v <= 22 {
		k := j + 1
		if m.is(k, "-") {
			k++
		}
		if m.is(k, "century") {
			if k > j+1 && m.tag(k+1) != "" && strings.HasPrefix(m.tag(k+1), "NN") {
				return 0, timeExpr{}, false
			}
			if m.is(k+1, "bc", "bce", "b.c") {
				return k + 2, timeExpr{}, true
			}
			return k + 1, timeExpr{kind: decadeTime, year: (v-1)*100 + 1, n: 100}, true
		}
	}
	return 0, timeExpr{}, false
}

// year matches a year that stands alone: "in 2019", "the 2016 election".
func (m *timeMatcher) year(i int) (int, timeExpr, bool) {
	j := i
	if m.is(j, "fiscal") || m.is(j, "the") && m.is(j+1, "year", "fiscal") || m.is(j, "year") {
		for m.is(j, "the", "fiscal", "year") {
			j++
		}
	}
	explicit := j > i
	year, ok := yearOf(m.word(j))
	if !ok || !isDigit(m.raw(j)[0]) {
		return 0, timeExpr{}, false
	}
	e := timeExpr{kind: calendar, year: year}
	// "2015-18"
	if m.is(j+1, "-", "–") && len(m.word(j+2)) == 2 && isDigits(m.word(j+2)) {
		v, _ := strconv.Atoi(m.word(j + 2))
		if end := year/100*100 + v; end > year {
			return j + 3, span(e, timeExpr{kind: calendar, year: end}), true
		}
	}
	if explicit {
		return j + 1, e, true
	}
	if m.is(j+1, "%", "percent") || m.is(j-1, "$", "€", "£", "#", "us$", "no", "number", "flight", "route", "page") || m.tag(j-1) == "$" {
		return 0, e, false
	}
	after := m.tag(j + 1)
	if after == "NNS" && !m.is(i-1, "the", "'s", "’s") {
		if !m.is(j-1, "in", "since", "during") || year < 1900 {
			return 0, e, false
		}
	}
	switch m.word(j - 1) {
	case "in", "since", "by", "until", "till", "from", "before", "after", "during", "between", "to", "through", "early", "late", "mid", "the", "(", "around", "circa", "c", "and", "or", ",", "-", "–", "for", "of", "'s", "’s", "than", "its", "their", "his", "her", "a":
		if year < 1900 || year > 2100 {
			prev := m.word(j - 1)
			return j + 1, e, (prev == "in" || prev == "since" || prev == "(") && after != "NNS" && after != "NN"
		}
		prev := m.word(j - 1)
		if prev == "of" || prev == "for" || prev == "and" || prev == "to" || prev == "," || prev == "than" || prev == "or" {
			return j + 1, e, after != "NNS"
		}
		return j + 1, e, true
	}
	if year >= 1900 && year <= 2100 && after != "NNS" {
		return j + 1, e, true
	}
	return 0, e, false
}

// anaphor matches expressions that count from another time in the text: "the
// following day", "that night", "a day earlier" (see ago).
func (m *timeMatcher) anaphor(i int) (int, timeExpr, bool) {
	unit := func(k int) bool {
		u := unitOf(m.word(k))
		return u != noUnit && u != hourUnit || isDayPart(m.word(k))
	}
	switch m.word(i) {
	case "that":
		if unit(i+1) && m.tag(i+1) == "NN" && !m.is(i+2, "of") {
			return i + 2, timeExpr{}, true
		}
	case "the":
		if m.is(i+1, "next", "following", "previous", "same") && unit(i+2) && m.tag(i+2) == "NN" {
			return i + 3, timeExpr{}, true
		}
		if m.is(i+1, "day", "week", "month", "year", "night") && m.is(i+2, "before", "after") {
			if next := m.tag(i + 3); next == "" || next == "," || next == "." {
				return i + 3, timeExpr{}, true
			}
		}
	}
	return 0, timeExpr{}, false
}

// clock matches a time of day, and the day that may follow it: "3 p.m.",
// "noon on Sunday".
func (m *timeMatcher) clock(i int) (int, timeExpr, bool) {
	to, ok := m.clockTime(i)
	if !ok {
		return 0, timeExpr{}, false
	}
	j := to
	if m.is(j, "on", ",") {
		j++
	}
	for _, match := range []func(int) (int, timeExpr, bool){m.fullDate, m.dayName, m.relativeDay} {
		if e, a, ok := match(j); ok {
			return e, a, true
		}
	}
	return to, timeExpr{}, true
}

// clockTail matches a time of day after a day: "at 3 p.m.".
func (m *timeMatcher) clockTail(i int) (int, bool) {
	if m.is(i, "at", "around", "about") {
		return m.clockTime(i + 1)
	}
	return 0, false
}

func (m *timeMatcher) clockTime(i int) (int, bool) {
	if m.is(i, "around", "about") {
		i++
	}
	if m.is(i, "noon", "midnight", "midday") {
		return i + 1, true
	}
	word := m.word(i)
	n := digits(word)
	if n == 0 || n > 2 {
		return 0, false
	}
	colon := len(word) == n+3 && (word[n] == ':' || word[n] == '.') && isDigits(word[n+1:])
	if n != len(word) && !colon {
		return 0, false
	}
	to := i + 1
	switch {
	case m.is(to, "a.m", "p.m", "am", "pm", "o'clock", "o’clock"):
		to++
	case colon && word[n] == ':':
	default:
		return 0, false
	}
	if isZone(m.raw(to)) {
		to++
		if m.is(to, "time") {
			to++
		}
	} else if m.is(to, "local") && m.is(to+1, "time") {
		to += 2
	}
	return to, true
}

// monthOf reads the name of a month, in full or abbreviated.
func monthOf(word string) (time.Month, bool) {
	if len(word) < 3 || len(word) > 9 {
		return 0, false
	}
	switch strings.ToLower(strings.TrimSuffix(word, ".")) {
	case "january", "jan":
		return time.January, true
	case "february", "feb":
		return time.February, true
	case "march", "mar":
		return time.March, true
	case "april", "apr":
		return time.April, true
	case "may":
		return time.May, true
	case "june", "jun":
		return time.June, true
	case "july", "jul":
		return time.July, true
	case "august", "aug":
		return time.August, true
	case "september", "sep", "sept":
		return time.September, true
	case "october", "oct":
		return time.October, true
	case "november", "nov":
		return time.November, true
	case "december", "dec":
		return time.December, true
	}
	return 0, false
}
