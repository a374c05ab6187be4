package chat

import (
	"strconv"
	"strings"
	"time"
	"unicode"

	"onrecord/factcheck"
	"onrecord/nlp"
)

// day is a date that reads the same on both sides of the Atlantic: "21 Jan 2020".
func day(t time.Time) string { return t.Format("2 Jan 2006") }

// days names a range of days, in short where the reader knows the year:
// "Mon 20 Jan", "18–19 Jan", "Jan 2020", "2019". The year is left out when it
// is that of near.
func days(d nlp.Dates, near time.Time) string {
	from, to := d.Start, d.End
	if from.IsZero() {
		return ""
	}
	if to.IsZero() || to.Before(from) {
		to = from
	}
	firstOfMonth := from.Day() == 1
	lastOfMonth := to.AddDate(0, 0, 1).Day() == 1
	switch {
	case firstOfMonth && lastOfMonth && from.Month() == time.January && to.Month() == time.December:
		if from.Year() == to.Year() {
			return strconv.Itoa(from.Year())
		}
		return strconv.Itoa(from.Year()) + "–" + strconv.Itoa(to.Year())
	case firstOfMonth && lastOfMonth && !from.Equal(to):
		if from.Year() == to.Year() && from.Month() == to.Month() {
			return from.Format("Jan 2006")
		}
		if from.Year() == to.Year() {
			return from.Format("Jan") + "–" + to.Format("Jan 2006")
		}
		return from.Format("Jan 2006") + "–" + to.Format("Jan 2006")
	}
	year := ""
	if near.IsZero() || to.Year() != near.Year() {
		year = " 2006"
	}
	switch {
	case from.Equal(to):
		return from.Format("Mon 2 Jan" + year)
	case from.Year() == to.Year() && from.Month() == to.Month():
		return from.Format("2") + "–" + to.Format("2 Jan"+year)
	case from.Year() == to.Year():
		return from.Format("2 Jan") + "–" + to.Format("2 Jan"+year)
	default:
		return from.Format("2 Jan 2006") + "–" + to.Format("2 Jan 2006")
	}
}

// dated puts the days that time expressions mean behind them, in brackets:
// "early yesterday [Mon 20 Jan]". The words of text are pieces of the article's
// words at parts, in order. What is a full date already gets none.
func dated(words string, article string, parts []nlp.Span, times []factcheck.Date, near time.Time) []Run {
	var runs []Run
	rest := words
	for _, t := range times {
		label := days(t.Dates, near)
		if label == "" || !within(t.Span, parts) || t.Span.End > len(article) {
			continue
		}
		expr := t.Span.Text(article)
		i := strings.Index(rest, expr)
		if i < 0 || expr == "" || saysItself(expr, t.Dates) {
			continue
		}
		end := i + len(expr)
		runs = append(runs, Quote(rest[:end]), Say(" "), Insert(label))
		rest = rest[end:]
	}
	if rest != "" {
		runs = append(runs, Quote(rest))
	}
	return runs
}

func within(s nlp.Span, parts []nlp.Span) bool {
	for _, p := range parts {
		if p.Contains(s) {
			return true
		}
	}
	return false
}

// saysItself reports whether a time expression names its days in full, so
// that repeating them would be noise: "21 January", "May 2019", "2018".
func saysItself(expr string, d nlp.Dates) bool {
	lower := strings.ToLower(expr)
	digits := strings.ContainsFunc(expr, unicode.IsDigit)
	month := strings.ToLower(d.Start.Format("January"))
	named := strings.Contains(lower, month[:3])
	year := strings.Contains(expr, strconv.Itoa(d.Start.Year()))
	return digits && named || year
}
