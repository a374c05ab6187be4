package head

import (
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"
)

// agencies are news agencies and the outlets that sign datelines as agencies
// do, by each name they go by. Short forms are matched in this case only.
var agencies = []struct {
	short string
	names []string
}{
	{"AP", []string{"The Associated Press", "Associated Press"}},
	{"Reuters", []string{"Thomson Reuters", "Reuters News", "Reuters Health"}},
	{"Thomson Reuters Foundation", nil},
	{"AFP", []string{"Agence France-Presse", "Agence France Presse"}},
	{"UPI", []string{"United Press International"}},
	{"CNN", []string{"CNN Business", "CNN Money", "CNN Student News", "CNN en Español", "CNN Politics"}},
	{"BBC", []string{"BBC News"}},
	{"dpa", []string{"DPA", "Deutsche Presse-Agentur"}},
	{"EFE", []string{"Agencia EFE"}},
	{"ANSA", nil},
	{"APA", nil},
	{"AAP", []string{"Australian Associated Press"}},
	{"PA", []string{"PA Media", "Press Association"}},
	{"CP", []string{"The Canadian Press", "Canadian Press"}},
	{"Xinhua", []string{"Xinhua News Agency"}},
	{"Kyodo", []string{"Kyodo News"}},
	{"Jiji", []string{"Jiji Press"}},
	{"Yonhap", []string{"Yonhap News Agency"}},
	{"TASS", []string{"ITAR-TASS"}},
	{"Interfax", []string{"Interfax-Ukraine"}},
	{"Ukrinform", nil},
	{"RIA Novosti", []string{"RIA"}},
	{"PTI", []string{"Press Trust of India"}},
	{"ANI", nil},
	{"IANS", nil},
	{"UNI", nil},
	{"APP", []string{"Associated Press of Pakistan"}},
	{"BSS", nil},
	{"IRNA", nil},
	{"WAM", nil},
	{"SPA", nil},
	{"KUNA", nil},
	{"MENA", nil},
	{"Anadolu", []string{"Anadolu Agency", "AA"}},
	{"Antara", nil},
	{"Bernama", nil},
	{"VNA", nil},
	{"CNA", nil},
	{"NAN", nil},
	{"GNA", nil},
	{"KNA", nil},
	{"Lusa", nil},
	{"PAP", nil},
	{"MTI", nil},
	{"CTK", []string{"ČTK"}},
	{"TT", nil},
	{"NTB", nil},
	{"STT", nil},
	{"Ritzau", nil},
	{"Belga", nil},
	{"ANP", nil},
	{"SDA", []string{"Keystone-SDA"}},
	{"IPS", []string{"Inter Press Service"}},
	{"Bloomberg", []string{"Bloomberg News"}},
	{"Tribune News Service", []string{"TNS"}},
	{"Cox", nil},
	{"KFF Health News", []string{"Kaiser Health News"}},
	{"Stacker", nil},
	{"StatePoint", nil},
	{"RNS", []string{"Religion News Service"}},
	{"CNS", nil},
	{"JTA", nil},
	{"VOA", nil},
	{"RFE/RL", nil},
	{"Wikinews", nil},
	{"CBS", []string{"CBS News", "CBS News/AP", "CBS/AP"}},
	{"NBC", []string{"NBC News"}},
	{"ABC", []string{"ABC News"}},
	{"Fox News", nil},
}

// outletNouns are the words that names of papers, stations and wires end in.
var outletNouns = map[string]bool{
	"observer": true, "courier": true, "herald": true, "times": true, "post": true, "tribune": true, "gazette": true, "journal": true,
	"review": true, "chronicle": true, "dispatch": true, "despatch": true, "mail": true, "news": true, "press": true, "wire": true,
	"telegraph": true, "guardian": true, "mirror": true, "sun": true, "star": true, "standard": true, "express": true, "independent": true,
	"examiner": true, "inquirer": true, "enquirer": true, "sentinel": true, "register": true, "record": true, "globe": true,
	"bulletin": true, "ledger": true, "echo": true, "argus": true, "advertiser": true, "mercury": true, "messenger": true,
	"weekly": true, "magazine": true, "monitor": true, "today": true, "banner": true, "citizen": true, "democrat": true,
	"republican": true, "daily": true, "intelligencer": true, "broadcasting": true, "radio": true, "television": true, "lantern": true,
	"tidende": true, "zeitung": true, "rundschau": true, "agency": true,
}

// agencyNamed gives the short name of the agency with this name, "" for none.
func agencyNamed(name string) string {
	for _, a := range agencies {
		if name == a.short {
			return a.short
		}
		for _, n := range a.names {
			if strings.EqualFold(name, n) && (len(n) > 4 || name == n) {
				return a.short
			}
		}
	}
	if strings.EqualFold(name, "Reuters") {
		return "Reuters"
	}
	return ""
}

// agencyAt gives the agency that s begins with, and the length of its name.
func agencyAt(s string) (short string, length int) {
	for _, a := range agencies {
		for i := -1; i < len(a.names); i++ {
			name := a.short
			if i >= 0 {
				name = a.names[i]
			}
			if len(name) <= length || !strings.HasPrefix(s, name) {
				continue
			}
			if c, _ := utf8.DecodeRuneInString(s[len(name):]); unicode.IsLetter(c) || unicode.IsDigit(c) {
				continue
			}
			short, length = a.short, len(name)
		}
	}
	return short, length
}

// label gives the length of a word that announces a date.
func label(s string) int {
	low := strings.ToLower(s[:asciiPrefix(s, 24)])
	for _, w := range []string{
		"first published on", "first published", "last updated on", "last updated", "last modified", "published on", "published at",
		"published", "publication date", "posted on", "posted", "updated on", "updated at", "updated", "update", "modified",
		"created", "dateline", "dated", "date", "on", "at",
	} {
		rest, found := strings.CutPrefix(low, w)
		if !found {
			continue
		}
		if rest == "" || rest[0] == ' ' {
			return len(w)
		}
		if rest[0] == ':' {
			return len(w) + 1
		}
	}
	return 0
}

// asciiPrefix is how many of the first n bytes of s are ASCII.
func asciiPrefix(s string, n int) int {
	for i := range min(n, len(s)) {
		if s[i] >= utf8.RuneSelf {
			return i
		}
	}
	return min(n, len(s))
}

// month gives the number of the month that the word names, 0 for none. "May"
// and "March" need their capital.
func month(word string) time.Month {
	word = strings.TrimRight(word, ".,")
	if len(word) < 3 || !unicode.IsUpper(rune(word[0])) {
		return 0
	}
	low := strings.ToLower(word)
	for m := time.January; m <= time.December; m++ {
		name := strings.ToLower(m.String())
		if low == name || low == name[:3] || m == time.September && low == "sept" {
			return m
		}
	}
	return 0
}

func weekday(word string) bool {
	word = strings.TrimRight(word, ".,")
	if len(word) < 3 || !unicode.IsUpper(rune(word[0])) {
		return false
	}
	low := strings.ToLower(word)
	for d := time.Sunday; d <= time.Saturday; d++ {
		name := strings.ToLower(d.String())
		if low == name || low == name[:3] {
			return true
		}
	}
	return low == "tues" || low == "thur" || low == "thurs"
}

// dateAt reads a date at the start of s and gives its length, 0 for none. A
// date without a year is the latest one not after day, and zero when day is;
// so is a date like 3/4/2020, which means two days.
func dateAt(s string, day time.Time) (time.Time, int) {
	all := s
	word, rest := cutWord(s)
	if weekday(word) {
		s = strings.TrimLeft(rest, " ,\u00a0")
		word, rest = cutWord(s)
		if s == "" {
			return time.Time{}, 0
		}
	}
	used := func(rest string) int { return len(all) - len(rest) }

	// January 21, 2020; Jan. 21.
	if m := month(word); m != 0 {
		d, after := number(strings.TrimLeft(rest, " .\u00a0"), 2)
		if d == 0 {
			return time.Time{}, 0
		}
		after = ordinal(after)
		if y, afterYear := year(strings.TrimLeft(after, " ,\u00a0")); y != 0 {
			return valid(y, m, d, used(afterYear))
		}
		return yearless(m, d, day, used(after))
	}

	n, after := number(s, 4)
	if n == 0 {
		return time.Time{}, 0
	}
	digits := len(s) - len(after)
	// 2020-01-21, 2020/01/21, with a time behind it at times.
	if digits == 4 && after != "" && (after[0] == '-' || after[0] == '/' || after[0] == '.') {
		sep := after[:1]
		m, rest := number(after[1:], 2)
		rest, found := strings.CutPrefix(rest, sep)
		d, rest := number(rest, 2)
		if !found || m == 0 || d == 0 || n < 1800 || n > 2200 {
			return time.Time{}, 0
		}
		if t, found := strings.CutPrefix(rest, "T"); found {
			rest = strings.TrimLeft(t, "0123456789:.+-Z")
		}
		return valid(n, time.Month(m), d, used(rest))
	}
	if digits > 2 {
		return time.Time{}, 0
	}
	// 21 January 2020, 21st Jan. 2020, 21 January.
	after = ordinal(after)
	word, rest = cutWord(strings.TrimLeft(after, " .\u00a0"))
	if m := month(word); m != 0 {
		rest = strings.TrimPrefix(rest, ".")
		if y, afterYear := year(strings.TrimLeft(rest, " ,\u00a0")); y != 0 {
			return valid(y, m, n, used(afterYear))
		}
		return yearless(m, n, day, used(rest))
	}
	// 21.01.2020, 21/01/2020, 1/21/2020.
	if after != "" && (after[0] == '.' || after[0] == '/') {
		sep := after[:1]
		second, rest := number(after[1:], 2)
		rest, found := strings.CutPrefix(rest, sep)
		y, rest := year(rest)
		if !found || second == 0 || y == 0 {
			return time.Time{}, 0
		}
		switch {
		case sep == ".", n > 12:
			return valid(y, time.Month(second), n, used(rest))
		case second > 12:
			return valid(y, time.Month(n), second, used(rest))
		case n == second:
			return valid(y, time.Month(n), n, used(rest))
		}
		return time.Time{}, used(rest)
	}
	return time.Time{}, 0
}

func cutWord(s string) (word, rest string) {
	i := strings.IndexFunc(s, func(c rune) bool { return !unicode.IsLetter(c) })
	if i < 0 {
		i = len(s)
	}
	return s[:i], s[i:]
}

// number reads up to most digits, and nothing when there are more.
func number(s string, most int) (int, string) {
	n, i := 0, 0
	for i < len(s) && s[i] >= '0' && s[i] <= '9' {
		if i == most {
			return 0, s
		}
		n = n*10 + int(s[i]-'0')
		i++
	}
	return n, s[i:]
}

func year(s string) (int, string) {
	y, rest := number(s, 4)
	if len(s)-len(rest) != 4 || y < 1800 || y > 2200 {
		return 0, s
	}
	return y, rest
}

func ordinal(s string) string {
	for _, end := range []string{"st", "nd", "rd", "th"} {
		if rest, found := strings.CutPrefix(s, end); found {
			return rest
		}
	}
	return s
}

func valid(y int, m time.Month, d, length int) (time.Time, int) {
	t := time.Date(y, m, d, 0, 0, 0, 0, time.UTC)
	if t.Month() != m || t.Day() != d || m < 1 || m > 12 {
		return time.Time{}, 0
	}
	return t, length
}

func yearless(m time.Month, d int, day time.Time, length int) (time.Time, int) {
	if d < 1 || d > 31 {
		return time.Time{}, 0
	}
	if day.IsZero() {
		return time.Time{}, length
	}
	// A story of New Year's Day may be dated a day ahead of its page.
	for y := day.Year() + 1; y > day.Year()-8; y-- {
		t := time.Date(y, m, d, 0, 0, 0, 0, time.UTC)
		if t.Day() == d && !t.After(day.AddDate(0, 0, 1)) {
			return t, length
		}
	}
	return time.Time{}, length
}

// clockAt gives the length of a time of day with its zone, or of a reading
// time, at the start of s.
func clockAt(s string) int {
	h, rest := number(s, 2)
	if len(rest) == len(s) {
		return 0
	}
	if strings.HasPrefix(rest, " min read") || strings.HasPrefix(rest, " minute read") {
		return len(s) - len(rest) + strings.Index(rest, "read") + len("read")
	}
	if after, found := strings.CutPrefix(rest, ":"); found {
		m, tail := number(after, 2)
		if len(after)-len(tail) != 2 || m > 59 || h > 24 {
			return 0
		}
		if seconds, found := strings.CutPrefix(tail, ":"); found {
			_, tail = number(seconds, 2)
		}
		rest = tail
	} else if !halfDay(strings.TrimLeft(rest, " ")) {
		return 0
	}
	trimmed := strings.TrimLeft(rest, " \u00a0")
	if halfDay(trimmed) {
		for _, f := range []string{"a.m.", "p.m.", "A.M.", "P.M.", "am", "pm", "AM", "PM"} {
			if after, found := strings.CutPrefix(trimmed, f); found {
				rest = after
				break
			}
		}
		trimmed = strings.TrimLeft(rest, " \u00a0")
	}
	for _, zone := range []string{"UTC", "GMT", "BST", "CEST", "CET", "EEST", "EET", "EST", "EDT", "CST", "CDT", "MST", "MDT", "PST", "PDT", "AEST", "AEDT", "IST", "JST", "HKT", "SGT", "WIB", "ET", "CT", "MT", "PT", "Z"} {
		if after, found := strings.CutPrefix(trimmed, zone); found && !unicode.IsLetter(firstRune(after)) {
			return len(s) - len(after)
		}
	}
	return len(s) - len(rest)
}

func halfDay(s string) bool {
	low := strings.ToLower(s[:asciiPrefix(s, 4)])
	if slices.Contains([]string{"a.m.", "p.m."}, low) {
		return true
	}
	return (strings.HasPrefix(low, "am") || strings.HasPrefix(low, "pm")) && (len(s) == 2 || !unicode.IsLetter(firstRune(s[2:])))
}
