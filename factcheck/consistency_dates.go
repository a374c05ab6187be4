package factcheck

import (
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"onrecord/nlp"
)

// stated is an age that the text gives a person.
type stated struct {
	age  int
	span nlp.Span
}

// ages finds two ages of one person, and an age that a year of birth does not
// give.
func (r *reading) ages() []Clash {
	var found []Clash
	dead := r.dead()
	for e, ent := range r.Entities {
		if ent.Kind != nlp.Person {
			continue
		}
		if at := strings.LastIndexByte(ent.Name, ' '); at < 0 || r.surnames[ent.Name[at+1:]] > 1 {
			continue // a father and a son are two people
		}
		var known []stated
		for _, m := range ent.Mentions {
			if s, ok := r.ageAt(r.Mentions[m]); ok {
				known = append(known, s)
			}
		}
		for _, s := range known[min(len(known), 1):] {
			if s.age != known[0].age {
				found = append(found, clash(AgeClash, []nlp.Span{known[0].span, s.span}, "%s is %s and %s", ent.Name, r.words(known[0].span), r.words(s.span)))
				break
			}
		}
		if len(known) == 0 || r.published.IsZero() || dead[e] {
			continue
		}
		if year, span, ok := r.bornIn(ent); ok {
			if by := r.published.Year() - year; known[0].age != by && known[0].age != by-1 {
				spans := []nlp.Span{known[0].span, span}
				if span.Start < known[0].span.Start {
					spans[0], spans[1] = spans[1], spans[0]
				}
				found = append(found, clash(AgeClash, spans, "%s is %s and %s, published in %d", ent.Name, r.words(known[0].span), r.words(span), r.published.Year()))
			}
		}
	}
	return found
}

// ageAt reads the age that stands at a mention of a person in the article's own
// voice: "Ada Bell, 34," or "34-year-old Ada Bell".
func (r *reading) ageAt(m nlp.Mention) (stated, bool) {
	if r.said[m.First] >= 0 {
		return stated{}, false
	}
	if i := m.Last; i+2 < len(r.Tokens) && r.Tokens[i].Text == "," && r.Tokens[i+1].Tag == "CD" {
		age, err := strconv.Atoi(r.Tokens[i+1].Text)
		next := r.Tokens[i+2].Text
		if err == nil && age > 0 && age < 115 && (next == "," || next == ".") {
			return stated{age, r.SpanOf(m.First, i+2)}, true
		}
	}
	// 34 | - | year | - | old | Ada Bell, or 34-year-old in one or two tokens.
	start := m.Start
	if !m.Title.Empty() {
		start = m.Title.Start
	}
	before := r.Text[max(start-24, 0):start]
	if at := yearOld.FindStringSubmatchIndex(before); at != nil {
		age, err := strconv.Atoi(before[at[2]:at[3]])
		if err == nil && age < 115 {
			return stated{age, nlp.Span{Start: start - len(before) + at[2], End: m.End}}, true
		}
	}
	return stated{}, false
}

var yearOld = regexp.MustCompile(`\b(\d{1,3})[- ]year[- ]old $`)

// dead are the entities that stand in a sentence with somebody's death, so that
// an age is perhaps the one at death.
func (r *reading) dead() map[int]bool {
	dead := map[int]bool{}
	for _, s := range r.Sentences {
		tokens := r.Tokens[s.First:s.Last]
		if !slices.ContainsFunc(tokens, func(t nlp.Token) bool {
			switch t.Lemma {
			case "die", "death", "dead", "kill", "late", "bury", "funeral", "murder":
				return true
			}
			return false
		}) {
			continue
		}
		for _, t := range tokens {
			if t.Entity >= 0 {
				dead[t.Entity] = true
			}
		}
	}
	return dead
}

var born = regexp.MustCompile(`^(?:,| was| \(|, who was)? ?born (?:in|on) (?:[A-Z][\p{L} .]{0,30}? in )?(?:\d{1,2} )?(?:[A-Z][a-z]+\.? )?(?:\d{1,2}, )?((?:19|20)\d\d)\b`)

// bornIn is the year of birth that the text gives a person.
func (r *reading) bornIn(e nlp.Entity) (int, nlp.Span, bool) {
	for _, k := range e.Mentions {
		m := r.Mentions[k]
		if r.said[m.First] >= 0 {
			continue
		}
		after := r.Text[m.End:min(m.End+80, len(r.Text))]
		if at := born.FindStringSubmatchIndex(after); at != nil {
			year, err := strconv.Atoi(after[at[2]:at[3]])
			if err == nil {
				return year, nlp.Span{Start: m.Start, End: m.End + at[3]}, true
			}
		}
	}
	return 0, nlp.Span{}, false
}

const monthNames = `January|February|March|April|May|June|July|August|September|October|November|December|Jan\.|Feb\.|Mar\.|Apr\.|Aug\.|Sept\.|Oct\.|Nov\.|Dec\.`

var (
	weekdayDate = regexp.MustCompile(`\b(Monday|Tuesday|Wednesday|Thursday|Friday|Saturday|Sunday),? (?:(` + monthNames + `) (\d{1,2})(?:st|nd|rd|th)?|(?:the )?(\d{1,2})(?:st|nd|rd|th)? (?:of )?(` + monthNames + `))(?:,? ((?:19|20)\d\d)\b)?`)
	noSuchDay   = regexp.MustCompile(`\b(?:(?:February|Feb\.) (?:30|31)|(?:April|Apr\.|June|September|Sept\.|November|Nov\.) 31)\b`)
	backwards   = regexp.MustCompile(`\bfrom ((?:19|20)\d\d) (?:to|until) ((?:19|20)\d\d)[.,;)]`)
	lifespan    = regexp.MustCompile(`\(((?:1[5-9]|20)\d\d) ?[-–] ?((?:1[5-9]|20)\d\d)\)`)
)

// days finds days of the week that are not those of their date, days that no
// calendar has, and years in an order that cannot be.
func (r *reading) days() []Clash {
	var found []Clash
	for _, at := range weekdayDate.FindAllStringSubmatchIndex(r.Text, -1) {
		if c, ok := r.weekday(at); ok {
			found = append(found, c)
		}
	}
	for _, at := range noSuchDay.FindAllStringIndex(r.Text, -1) {
		span := nlp.Span{Start: at[0], End: at[1]}
		rest := r.Text[at[1]:]
		if at[0] < r.Body || strings.HasPrefix(rest, " million") || strings.HasPrefix(rest, " percent") || strings.HasPrefix(rest, "%") {
			continue
		}
		found = append(found, clash(DateClash, []nlp.Span{span}, "%s: no calendar has this day", r.words(span)))
	}
	for _, re := range []*regexp.Regexp{backwards, lifespan} {
		for _, at := range re.FindAllStringSubmatchIndex(r.Text, -1) {
			if from, to := r.Text[at[2]:at[3]], r.Text[at[4]:at[5]]; to < from {
				found = append(found, clash(DateClash, []nlp.Span{{Start: at[2], End: at[3]}, {Start: at[4], End: at[5]}}, "the years “%s” and “%s” run backwards", from, to))
			}
		}
	}
	return found
}

// nearby is how far from the day of publication a date without a year may lie
// to be taken for the nearest one.
const nearby = 60 * 24 * time.Hour

// weekday compares a day of the week with its date; at are the submatches of
// weekdayDate.
func (r *reading) weekday(at []int) (Clash, bool) {
	part := func(k int) string {
		if at[2*k] < 0 {
			return ""
		}
		return r.Text[at[2*k]:at[2*k+1]]
	}
	name, day := part(2), part(3)
	if name == "" {
		name, day = part(5), part(4)
	}
	month := 0
	for m := time.January; m <= time.December; m++ {
		if strings.HasPrefix(m.String(), name[:3]) {
			month = int(m)
		}
	}
	d, err := strconv.Atoi(day)
	if err != nil || month == 0 || d < 1 || d > 31 {
		return Clash{}, false
	}
	var date time.Time
	if year := part(6); year != "" {
		y, err := strconv.Atoi(year)
		if err != nil {
			return Clash{}, false
		}
		date = time.Date(y, time.Month(month), d, 0, 0, 0, 0, time.UTC)
	} else {
		if r.published.IsZero() {
			return Clash{}, false
		}
		for y := r.published.Year() - 1; y <= r.published.Year()+1; y++ {
			at := time.Date(y, time.Month(month), d, 0, 0, 0, 0, time.UTC)
			if away := at.Sub(r.published).Abs(); away <= nearby {
				date = at
			}
		}
		if date.IsZero() {
			return Clash{}, false
		}
	}
	if date.Day() != d || date.Weekday().String() == part(1) {
		return Clash{}, false
	}
	dayAt, dateAt := nlp.Span{Start: at[2], End: at[3]}, nlp.Span{Start: at[3], End: at[1]}
	for dateAt.Start < dateAt.End && (r.Text[dateAt.Start] == ',' || r.Text[dateAt.Start] == ' ') {
		dateAt.Start++
	}
	return clash(DateClash, []nlp.Span{dayAt, dateAt}, "%s and %s: in %d that day was a %s", r.words(dayAt), r.words(dateAt), date.Year(), date.Weekday()), true
}
