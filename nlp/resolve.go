package nlp

import (
	"strings"
	"time"
)

// Resolve tells which days the expression means in a text published on the day
// of anchor, the way news uses such words: "Sunday" is the last Sunday, or the
// next one beside a verb in the future. It reports false when the expression
// has no date ("in recent months") or needs a day of publication and anchor is
// zero.
func (t Time) Resolve(anchor time.Time) (Dates, bool) {
	var day time.Time
	if !anchor.IsZero() {
		year, month, d := anchor.Date()
		day = date(year, int(month), d)
	}
	return t.expr.resolve(day, t.expr.tense)
}

// Resolve gives the days that each of Document.Times means. The zero Dates
// stands where one has no date.
func (d *Document) Resolve(anchor time.Time) []Dates {
	dates := make([]Dates, len(d.Times))
	for i, t := range d.Times {
		dates[i], _ = t.Resolve(anchor)
	}
	return dates
}

// Relative reports whether the expression can only be dated once the day of
// publication is known.
func (t Time) Relative() bool {
	if _, ok := t.Resolve(time.Time{}); ok {
		return false
	}
	_, ok := t.Resolve(date(2020, 1, 1))
	return ok
}

func date(year, month, day int) time.Time {
	return time.Date(year, time.Month(month), day, 0, 0, 0, 0, time.UTC)
}

func oneDay(t time.Time) (Dates, bool) { return Dates{t, t}, true }

func (e timeExpr) resolve(anchor time.Time, tense tense) (Dates, bool) {
	if e.kind == openTime {
		return Dates{}, false
	}
	if anchor.IsZero() && !e.absolute() {
		return Dates{}, false
	}
	switch e.kind {
	case offsetDay:
		return oneDay(anchor.AddDate(0, 0, e.n))
	case weekDay:
		return oneDay(e.weekdayFrom(anchor, tense))
	case weekendTime:
		saturday := e.saturday(anchor, tense)
		return Dates{saturday, saturday.AddDate(0, 0, 1)}, true
	case calendar:
		return e.calendarDates(anchor, tense)
	case holidayTime:
		return e.holidayDates(anchor, tense)
	case currentUnit:
		return unitAround(anchor, e.unit, map[timeMode]int{last: -1, next: 1}[e.mode])
	case partOfUnit:
		unit, ok := unitAround(anchor, e.unit, 0)
		if e.mode == last {
			return Dates{unit.Start, anchor}, ok
		}
		return Dates{anchor, unit.End}, ok
	case agoTime:
		return e.ago(anchor)
	case pastSpan:
		return Dates{e.shift(anchor, -e.n), anchor}, true
	case comingSpan:
		return Dates{anchor, e.shift(anchor, e.n)}, true
	case decadeTime:
		return Dates{date(e.year, 1, 1), date(e.year+e.n-1, 12, 31)}, true
	case quarterTime:
		return e.quarterDates(anchor, tense)
	case rangeTime:
		from, ok1 := e.from.resolve(anchor, tense)
		to, ok2 := e.to.resolve(anchor, tense)
		for from.Start.After(to.End) && ok1 && ok2 {
			// "Friday to Monday", "November to March": the first end lies before the second.
			switch {
			case e.from.kind == weekDay:
				from.Start = from.Start.AddDate(0, 0, -7)
			case e.from.kind == calendar && e.from.year == 0:
				from.Start = from.Start.AddDate(-1, 0, 0)
			default:
				return Dates{}, false
			}
		}
		return Dates{from.Start, to.End}, ok1 && ok2
	case sinceTime:
		from, ok := e.from.resolve(anchor, pastTense)
		if !ok || anchor.IsZero() || from.Start.After(anchor) {
			return from, ok
		}
		return Dates{from.Start, anchor}, true
	}
	return Dates{}, false
}

// absolute reports whether the expression names its year.
func (e timeExpr) absolute() bool {
	switch e.kind {
	case calendar, holidayTime, quarterTime:
		return e.year != 0 && e.mode == bare
	case decadeTime:
		return true
	case rangeTime:
		return e.from.absolute() && e.to.absolute()
	case sinceTime:
		return e.from.absolute()
	}
	return false
}

// monday gives the first day of the week of t.
func monday(t time.Time) time.Time {
	return t.AddDate(0, 0, -(int(t.Weekday())+6)%7)
}

func (e timeExpr) weekdayFrom(anchor time.Time, tense tense) time.Time {
	if e.unit == weekUnit { // "Friday next week"
		week := monday(anchor).AddDate(0, 0, 7*map[timeMode]int{last: -1, next: 1}[e.mode])
		return week.AddDate(0, 0, (int(e.weekday)+6)%7)
	}
	back := (int(anchor.Weekday()) - int(e.weekday) + 7) % 7
	ahead := (7 - back) % 7
	switch {
	case e.mode == last && back == 0:
		return anchor.AddDate(0, 0, -7)
	case e.mode == next && ahead == 0:
		return anchor.AddDate(0, 0, 7)
	case e.mode == next || e.mode != last && tense == futureTense || e.mode == this && tense != pastTense:
		return anchor.AddDate(0, 0, ahead)
	}
	return anchor.AddDate(0, 0, -back)
}

func (e timeExpr) saturday(anchor time.Time, tense tense) time.Time {
	this := monday(anchor).AddDate(0, 0, 5)
	began := !this.After(anchor)
	switch e.mode {
	case last:
		return this.AddDate(0, 0, -7)
	case next:
		if began {
			return this.AddDate(0, 0, 7)
		}
		return this
	}
	if began || tense == futureTense || e.mode != bare && tense != pastTense {
		return this
	}
	return this.AddDate(0, 0, -7)
}

func (e timeExpr) calendarDates(anchor time.Time, tense tense) (Dates, bool) {
	year := e.year
	if year == 0 {
		if e.month == 0 {
			return Dates{}, false
		}
		year = e.yearFrom(anchor, tense)
	}
	switch {
	case e.month == 0:
		return Dates{date(year, 1, 1), date(year, 12, 31)}, true
	case e.day == 0:
		first := date(year, e.month, 1)
		return Dates{first, first.AddDate(0, 1, -1)}, true
	case e.day > daysIn(year, e.month):
		return Dates{}, false
	}
	return oneDay(date(year, e.month, e.day))
}

// yearFrom finds the year of a date that does not say it.
func (e timeExpr) yearFrom(anchor time.Time, tense tense) int {
	year := anchor.Year()
	if e.unit == yearUnit { // "in March last year"
		return year + map[timeMode]int{last: -1, next: 1}[e.mode]
	}
	day := max(e.day, 1)
	begins := date(year, e.month, day)
	ends := begins
	if e.day == 0 {
		ends = begins.AddDate(0, 1, -1)
	}
	switch {
	case e.mode == this:
		return year
	case e.mode == last:
		if !ends.Before(anchor) {
			return year - 1
		}
		return year
	case e.mode == next:
		if !begins.After(anchor) {
			return year + 1
		}
		return year
	case tense == futureTense:
		if ends.Before(anchor) {
			return year + 1
		}
		return year
	case tense == unknownTense:
		// The nearest.
		if begins.Sub(anchor) > 183*24*time.Hour {
			return year - 1
		}
		if anchor.Sub(ends) > 183*24*time.Hour && e.day != 0 {
			return year + 1
		}
		if !begins.After(anchor) || e.day != 0 {
			return year
		}
		return year - 1
	case begins.After(anchor):
		return year - 1
	}
	return year
}

// unitAround gives the calendar unit that holds anchor, or the n-th after it.
func unitAround(anchor time.Time, unit timeUnit, n int) (Dates, bool) {
	year, month := anchor.Year(), int(anchor.Month())
	switch unit {
	case dayUnit:
		return oneDay(anchor.AddDate(0, 0, n))
	case weekUnit:
		first := monday(anchor).AddDate(0, 0, 7*n)
		return Dates{first, first.AddDate(0, 0, 6)}, true
	case monthUnit:
		first := date(year, month+n, 1)
		return Dates{first, first.AddDate(0, 1, -1)}, true
	case quarterUnit:
		first := date(year, (month-1)/3*3+1+3*n, 1)
		return Dates{first, first.AddDate(0, 3, -1)}, true
	case yearUnit:
		return Dates{date(year+n, 1, 1), date(year+n, 12, 31)}, true
	case decadeUnit:
		first := year/10*10 + 10*n
		return Dates{date(first, 1, 1), date(first+9, 12, 31)}, true
	case centuryUnit:
		first := year/100*100 + 1 + 100*n
		return Dates{date(first, 1, 1), date(first+99, 12, 31)}, true
	}
	return Dates{}, false
}

// shift moves a day by n units.
func (e timeExpr) shift(t time.Time, n int) time.Time {
	switch e.unit {
	case hourUnit:
		return t.AddDate(0, 0, n/24)
	case dayUnit:
		return t.AddDate(0, 0, n)
	case weekUnit, weekendUnit:
		return t.AddDate(0, 0, 7*n)
	case monthUnit:
		return addMonths(t, n)
	case quarterUnit:
		return addMonths(t, 3*n)
	case yearUnit:
		return addMonths(t, 12*n)
	case decadeUnit:
		return addMonths(t, 120*n)
	case centuryUnit:
		return addMonths(t, 1200*n)
	}
	return t
}

// addMonths moves a day by n months, to the last day of the month where it has
// no such day.
func addMonths(t time.Time, n int) time.Time {
	first := date(t.Year(), int(t.Month())+n, 1)
	return first.AddDate(0, 0, min(t.Day(), daysIn(first.Year(), int(first.Month())))-1)
}

// ago gives the unit that lies n units back: "three days ago" is a day, "two
// months ago" a month.
func (e timeExpr) ago(anchor time.Time) (Dates, bool) {
	switch e.unit {
	case hourUnit:
		if e.n > 24 {
			return oneDay(anchor.AddDate(0, 0, -e.n/24))
		}
		return oneDay(anchor)
	case decadeUnit:
		return unitAround(anchor, yearUnit, -10*e.n)
	case centuryUnit:
		return unitAround(anchor, yearUnit, -100*e.n)
	case weekendUnit:
		return Dates{}, false
	}
	return unitAround(anchor, e.unit, -e.n)
}

func (e timeExpr) quarterDates(anchor time.Time, tense tense) (Dates, bool) {
	months, first := 3, 3*(e.quarter-1)+1
	if e.quarter > 4 {
		months, first = 6, 6*(e.quarter-5)+1
	}
	year := e.year
	if year == 0 {
		year = anchor.Year() + map[timeMode]int{last: -1, next: 1}[e.mode]
		if e.mode == bare && tense != futureTense && date(year, first, 1).After(anchor) {
			year--
		}
	}
	start := date(year, first, 1)
	return Dates{start, start.AddDate(0, months, -1)}, true
}

// A feast is a day of the year that has a name.
type feast struct {
	words string // lower case
	on    func(year int) time.Time
}

func fixed(month, day int) func(int) time.Time {
	return func(year int) time.Time { return date(year, month, day) }
}

// nth is the n-th such weekday of a month, counted from its end when n < 0.
func nth(n int, weekday time.Weekday, month int) func(int) time.Time {
	return func(year int) time.Time {
		if n < 0 {
			end := date(year, month+1, 0)
			return end.AddDate(0, 0, -(int(end.Weekday())-int(weekday)+7)%7)
		}
		first := date(year, month, 1)
		return first.AddDate(0, 0, (int(weekday)-int(first.Weekday())+7)%7+7*(n-1))
	}
}

func afterEaster(days int) func(int) time.Time {
	return func(year int) time.Time { return easter(year).AddDate(0, 0, days) }
}

// easter is the Western Easter Sunday, by the anonymous Gregorian algorithm.
func easter(year int) time.Time {
	a, b, c := year%19, year/100, year%100
	d, e := b/4, b%4
	f := (b + 8) / 25
	g := (b - f + 1) / 3
	h := (19*a + b - d - g + 15) % 30
	i, k := c/4, c%4
	l := (32 + 2*e + 2*i - h - k) % 7
	m := (a + 11*h + 22*l) / 451
	month := (h + l - 7*m + 114) / 31
	day := (h+l-7*m+114)%31 + 1
	return date(year, month, day)
}

// holidays are matched in this order, so longer names come first.
var holidays = []feast{
	{"christmas eve", fixed(12, 24)},
	{"christmas day", fixed(12, 25)},
	{"christmas", fixed(12, 25)},
	{"boxing day", fixed(12, 26)},
	{"new year 's eve", fixed(12, 31)},
	{"new year 's day", fixed(1, 1)},
	{"valentine 's day", fixed(2, 14)},
	{"st patrick 's day", fixed(3, 17)},
	{"may day", fixed(5, 1)},
	{"earth day", fixed(4, 22)},
	{"fourth of july", fixed(7, 4)},
	{"bastille day", fixed(7, 14)},
	{"halloween", fixed(10, 31)},
	{"veterans day", fixed(11, 11)},
	{"armistice day", fixed(11, 11)},
	{"thanksgiving day", nth(4, time.Thursday, 11)},
	{"thanksgiving", nth(4, time.Thursday, 11)},
	{"black friday", func(year int) time.Time { return nth(4, time.Thursday, 11)(year).AddDate(0, 0, 1) }},
	{"cyber monday", func(year int) time.Time { return nth(4, time.Thursday, 11)(year).AddDate(0, 0, 4) }},
	{"labor day", nth(1, time.Monday, 9)},
	{"memorial day", nth(-1, time.Monday, 5)},
	{"martin luther king jr day", nth(3, time.Monday, 1)},
	{"martin luther king day", nth(3, time.Monday, 1)},
	{"presidents day", nth(3, time.Monday, 2)},
	{"presidents ' day", nth(3, time.Monday, 2)},
	{"columbus day", nth(2, time.Monday, 10)},
	{"shrove tuesday", afterEaster(-47)},
	{"ash wednesday", afterEaster(-46)},
	{"palm sunday", afterEaster(-7)},
	{"maundy thursday", afterEaster(-3)},
	{"good friday", afterEaster(-2)},
	{"easter sunday", afterEaster(0)},
	{"easter monday", afterEaster(1)},
	{"easter", afterEaster(0)},
}

// holiday matches the name of a feast, and the year that may follow.
func (m *timeMatcher) holiday(i int) (int, timeExpr, bool) {
	if m.raw(i) == "" || !isUpperWord(m.raw(i)) {
		return 0, timeExpr{}, false
	}
	for h, feast := range holidays {
		at, ok := i, true
		for word := range strings.SplitSeq(feast.words, " ") {
			if got := m.word(at); got != word && (word != "'s" || got != "’s") && (word != "'" || got != "’") {
				ok = false
				break
			}
			at++
		}
		if !ok {
			continue
		}
		// "Christmas tree", "an Easter egg": the feast is not when.
		if strings.HasPrefix(m.tag(at), "NN") && !isDayPart(m.word(at)) && m.d.Tokens[at-1].Rel == "compound" {
			return 0, timeExpr{}, false
		}
		e := timeExpr{kind: holidayTime, holiday: h}
		if m.is(at, ",", "of") {
			if year, ok := yearOf(m.word(at + 1)); ok {
				e.year = year
				return at + 2, e, true
			}
		}
		if year, ok := yearOf(m.word(at)); ok {
			e.year = year
			at++
		}
		return at, e, true
	}
	return 0, timeExpr{}, false
}

func (e timeExpr) holidayDates(anchor time.Time, tense tense) (Dates, bool) {
	on := holidays[e.holiday].on
	if e.year != 0 {
		return oneDay(on(e.year))
	}
	day := on(anchor.Year())
	switch {
	case e.mode == this:
		if tense == pastTense && day.After(anchor) {
			day = on(anchor.Year() - 1)
		}
	case e.mode == next:
		if !day.After(anchor) {
			day = on(anchor.Year() + 1)
		}
	case e.mode == last:
		if !day.Before(anchor) {
			day = on(anchor.Year() - 1)
		}
	case tense == futureTense:
		if day.Before(anchor) {
			day = on(anchor.Year() + 1)
		}
	case day.After(anchor):
		day = on(anchor.Year() - 1)
	}
	return oneDay(day)
}

// tenseAt tells the tense of the verb that the tokens [from, to) belong to.
func (d *Document) tenseAt(from, to int) tense {
	// "said Monday", "died on Sunday"
	first := d.Sentences[d.Tokens[from].Sentence].First
	before := from - 1
	if before > first && d.Tokens[before].Tag == "IN" {
		before--
	}
	if before >= first && d.Tokens[before].Tag == "VBD" {
		return pastTense
	}
	if d.dueTo(from) || d.deadline(from) {
		return futureTense
	}
	// The head of the expression: the token whose own head lies outside it.
	at := from
	for i := from; i < to; i++ {
		if h := d.Tokens[i].Head; h < from || h >= to {
			at = i
			if d.Tokens[i].Rel != "case" && d.Tokens[i].Rel != "punct" {
				break
			}
		}
	}
	for range 12 { // a bound, should a tree be very deep
		t := d.Tokens[at]
		if at < from || at >= to {
			if got := d.verbTense(at); got != unknownTense {
				return got
			}
		}
		if t.Head < 0 {
			break
		}
		at = t.Head
	}
	return d.tenseBefore(from)
}

// dueTo reports whether the verb just before token from is one that the words
// before it put in the future, "is due to end on Friday": the parser takes
// "due to" for the preposition too often to be asked.
func (d *Document) dueTo(from int) bool {
	first := d.Sentences[d.Tokens[from].Sentence].First
	for i := from - 1; i > max(first, from-5); i-- {
		switch t := d.Tokens[i]; {
		case d.low[i] == "to":
			return looksAhead(d.low[i-1])
		case t.Tag == "VBD", t.Tag == ",", t.Tag == "CC":
			return false
		}
	}
	return false
}

// deadline reports whether token from follows an "until" or "by" behind a verb
// in the present, "has until March 18", "must answer by Friday", or an "until" behind
// one that puts something off: "was cancelled until Friday".
func (d *Document) deadline(from int) bool {
	first := d.Sentences[d.Tokens[from].Sentence].First
	if from-1 <= first || d.low[from-1] != "until" && d.low[from-1] != "by" {
		return false
	}
	for i := from - 2; i >= max(first, from-8); i-- {
		switch d.Tokens[i].Tag {
		case "VBZ", "VBP", "MD":
			return true
		case "VBD", "VBN", ",":
			return d.low[from-1] == "until" && putsOff(d.Tokens[i].Lemma)
		}
	}
	return false
}

func putsOff(lemma string) bool {
	switch lemma {
	case "adjourn", "cancel", "close", "defer", "delay", "extend", "ground", "halt", "postpone", "shut", "suspend":
		return true
	}
	return false
}

// tenseBefore looks for the tense in the words before token from, should the
// tree not tell: "is due to end", "will", "was to open".
func (d *Document) tenseBefore(from int) tense {
	first := d.Sentences[d.Tokens[from].Sentence].First
	for i := from - 1; i >= max(first, from-8); i-- {
		t := d.Tokens[i]
		switch {
		case t.Text == "," || t.Text == ";" || t.Text == ":" || t.Tag == "WDT" || t.Tag == "WP" || t.Tag == "CC" && i < from-3:
			return unknownTense
		case t.Lemma == "will" || t.Lemma == "shall" || t.Lemma == "would":
			return futureTense
		case t.Tag == "VBD" && !(i+1 < from && d.low[i+1] == "to"):
			return pastTense
		case d.low[i] == "to" && i > first && (looksAhead(d.Tokens[i-1].Lemma) || looksAhead(d.low[i-1]) || d.Tokens[i-1].Lemma == "be" || d.low[i-1] == "going"):
			return futureTense
		}
	}
	return unknownTense
}

// verbTense tells the tense of the clause headed by token i, as far as i and
// its auxiliaries give it away.
func (d *Document) verbTense(i int) tense {
	t := d.Tokens[i]
	found := unknownTense
	to := false
	for _, c := range d.Children(i) {
		a := d.Tokens[c]
		if a.Rel == "mark" && a.Lemma == "to" || a.Tag == "TO" {
			to = true
		}
		if !strings.HasPrefix(a.Rel, "aux") && a.Rel != "cop" {
			continue
		}
		switch {
		case a.Lemma == "will" || a.Lemma == "shall" || a.Lemma == "would" && !d.before(i, c, "have"):
			return futureTense
		case a.Tag == "MD" && (a.Lemma == "may" || a.Lemma == "might" || a.Lemma == "could" || a.Lemma == "can" || a.Lemma == "should" || a.Lemma == "must"):
			if !d.before(i, c, "have") {
				found = futureTense
			}
		case a.Tag == "VBD" || a.Lemma == "have":
			if found == unknownTense {
				found = pastTense
			}
		}
	}
	if looksAhead(t.Lemma) && (t.Tag == "VBN" || t.Tag == "JJ" || t.Tag == "VBP" || t.Tag == "VBZ" || t.Tag == "VBD") {
		return futureTense // "is due on Friday", "scheduled for Monday"
	}
	if found != unknownTense {
		return found
	}
	if t.Tag == "VBN" && t.Rel == "acl" {
		return pastTense // "a study published on Thursday"
	}
	if to && t.Head >= 0 {
		if h := d.Tokens[t.Head]; looksAhead(h.Lemma) || d.Child(t.Head, "aux") >= 0 && d.Tokens[d.Child(t.Head, "aux")].Lemma == "be" && h.Lemma == "go" || strings.HasPrefix(h.Tag, "NN") {
			return futureTense
		}
		return unknownTense
	}
	switch t.Tag {
	case "VBD":
		return pastTense
	case "VBZ", "VBP":
		return unknownTense
	case "VBG":
		for _, c := range d.Children(i) {
			if a := d.Tokens[c]; a.Rel == "aux" && (a.Tag == "VBZ" || a.Tag == "VBP") {
				return futureTense // "is meeting on Friday"
			}
		}
	}
	return unknownTense
}

// before reports whether a form of lemma stands among the auxiliaries of i
// after c: "would have".
func (d *Document) before(i, c int, lemma string) bool {
	for _, k := range d.Children(i) {
		if k > c && d.Tokens[k].Lemma == lemma && strings.HasPrefix(d.Tokens[k].Rel, "aux") {
			return true
		}
	}
	return false
}

// looksAhead reports whether what such a verb or adjective governs lies in the
// future.
func looksAhead(lemma string) bool {
	switch lemma {
	case "plan", "planned", "schedule", "scheduled", "expect", "expected", "intend", "hope", "vow", "promise", "pledge", "due", "slate", "slated", "set", "agree", "aim", "want", "prepare", "decide", "likely", "ready", "bound", "upcoming", "propose":
		return true
	}
	return false
}
