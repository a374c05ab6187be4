// Package head reads the head of a news text: headline, byline, date and
// dateline, and where the story begins after them.
//
//	Ferry runs again after seven months
//
//	By Mara Quill, Associated Press
//	Updated 3:04 PM ET, Thu March 5, 2026
//
//	PORT LANNER, Wexmoor (AP) - The ferry between ...
//
// The story begins at "The ferry". Every form is optional, and whatever is not
// surely one of them is taken for the story: a headline that is read as a
// sentence costs little, a sentence that is lost costs more.
package head

import (
	"regexp"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"
)

// Known is what is known about the text before it is looked at.
type Known struct {
	Title string    // the headline, when the source gave one
	Date  time.Time // day of publication, for datelines without a year
	Plain bool      // a plain text, whose first line may be its headline
}

// Head is what the head of a text says. All but Body may be empty.
type Head struct {
	Title     string
	Byline    []string
	Publisher string    // "The Tarn Observer", from a masthead or beside the byline
	Agency    string    // "AP"
	Place     string    // "TECUN UMAN, Guatemala"
	Date      time.Time // midnight UTC
	Body      int       // byte offset at which the story begins
}

// Bounds on the head: so many lines and so many bytes are looked at.
const (
	maxNotices = 3
	maxLines   = 8
	maxBytes   = 2 << 10
)

// Find reads the head of text.
func Find(text string, known Known) Head {
	var h Head
	at := skipBlank(text, 0)
	if at == len(text) {
		return h
	}
	h.Body = at
	for range maxNotices {
		line, next, _ := cutLine(text, at)
		if next == len(text) || !h.notice(line, known.Date) {
			break
		}
		at = next
		h.Body = at
	}
	for n := range maxLines {
		line, next, gap := cutLine(text, at)
		if at > maxBytes || next == len(text) {
			break // the last line is the story, whatever it looks like
		}
		if isTurn(line, text[next:]) {
			return h // a transcript: its first turn is neither headline nor dateline
		}
		switch {
		case h.title(line, text[next:], known, n, gap):
		case h.byline(line):
		case h.dateline(line, known.Date):
		case h.credits(line, known.Date):
		default:
			h.standfirst(line, known.Date)
			h.inline(text, known.Date)
			return h
		}
		at = next
		h.Body = at
	}
	h.inline(text, known.Date)
	return h
}

// skipBlank gives the offset of the next letter or mark.
func skipBlank(text string, at int) int {
	for at < len(text) {
		c, n := utf8.DecodeRuneInString(text[at:])
		if !unicode.IsSpace(c) && c != '\ufeff' && c != '\u200b' {
			break
		}
		at += n
	}
	return at
}

// cutLine gives the line at the offset, where the next one begins, and whether
// a blank line stands between them.
func cutLine(text string, at int) (line string, next int, gap bool) {
	end := len(text)
	if i := strings.IndexAny(text[at:], "\n\r"); i >= 0 {
		end = at + i
	}
	next = skipBlank(text, end)
	between := strings.ReplaceAll(text[end:next], "\r\n", "\n")
	gap = strings.Count(between, "\n")+strings.Count(between, "\r") > 1
	return strings.TrimSpace(text[at:end]), next, gap
}

// noticeWords are what press offices write above a text.
var noticeWords = regexp.MustCompile(`(?i)^(?:for (?:immediate|general) release|(?:press|news|media) (?:release|statement|notice)|(?:strictly )?(?:under )?embargo(?:ed)?(?: until| till| for)?|not for (?:publication|release)(?: before)?)\b`)

// notice takes the line for one that says when the text may be used, if it says
// nothing else: "FOR IMMEDIATE RELEASE", "Embargoed until 09:00 GMT, 5 March 2026".
func (h *Head) notice(line string, day time.Time) bool {
	if len(line) > 150 {
		return false
	}
	found := false
	var date time.Time
	for rest := line; ; {
		rest = strings.TrimLeft(rest, " \t\u00a0,;:|·•/–—-()[]*#.")
		if rest == "" {
			break
		}
		if n := len(noticeWords.FindString(rest)); n > 0 {
			rest, found = rest[n:], true
		} else if t, n := dateAt(rest, day); n > 0 && date.IsZero() {
			rest, date = rest[n:], t
		} else if n := clockAt(rest); n > 0 {
			rest = rest[n:]
		} else {
			return false
		}
	}
	if found {
		h.take("", "", date)
	}
	return found
}

// title takes the line for the headline if it is one.
func (h *Head) title(line, rest string, known Known, n int, gap bool) bool {
	if h.Title != "" || h.Byline != nil || len(line) > 300 {
		return false
	}
	if known.Title != "" && sameWords(line, known.Title) {
		h.Title = line
		return true
	}
	if !known.Plain || n > 1 || n == 1 && h.Date.IsZero() {
		return false
	}
	if words := len(strings.Fields(line)); words < 2 || words > 25 || len(line) > 200 {
		return false
	}
	last, _ := utf8.DecodeLastRuneInString(strings.TrimRight(line, `"'”’»)`))
	if !unicode.IsLetter(last) && !unicode.IsDigit(last) && !strings.ContainsRune("?!%", last) {
		return false
	}
	if first, _ := utf8.DecodeRuneInString(line); unicode.IsLower(first) || strings.ContainsRune("-–—•*", first) {
		return false
	}
	var probe Head
	if probe.byline(line) || probe.dateline(line, known.Date) || probe.credits(line, known.Date) || probe.prefix(line, known.Date) > 0 {
		return false
	}
	following, _, _ := cutLine(rest, 0)
	if unicode.IsLower(firstRune(following)) {
		return false // a sentence that goes on
	}
	if !gap {
		// Without a blank line a headline stands above a byline, a date, or a
		// paragraph in one line that is much longer.
		if !probe.byline(following) && !probe.dateline(following, known.Date) && !probe.credits(following, known.Date) && len(following) < max(200, 2*len(line)) {
			return false
		}
	}
	// What follows must be more than the headline, and look like prose.
	if len(rest) < 2*len(line) || !strings.ContainsAny(rest, ".!?。！？؟") {
		return false
	}
	h.Title = line
	return true
}

// stamp is the time before a turn of a transcript.
var stamp = regexp.MustCompile(`^[\[(]?\d{1,2}:\d{2}(?::\d{2})?[\])]?\s*`)

// isTurn reports whether the line opens with the label of a speaker that opens
// a line of the rest too: "MODERATOR: Good evening", "Q. Why?".
func isTurn(line, rest string) bool {
	bare := line[len(stamp.FindString(line)):]
	var label string
	if strings.HasPrefix(bare, "Q.") || strings.HasPrefix(bare, "A.") {
		label = bare[:2]
	} else if i := strings.IndexByte(bare, ':'); i > 0 && i <= 60 && len(strings.Fields(bare[:i])) <= 8 {
		label = bare[:i+1]
	}
	if c := firstRune(label); !unicode.IsUpper(c) {
		return false
	}
	before := "\n"
	if bare != line {
		before = " " // another time stands there
	}
	return strings.Contains(rest, before+label)
}

// sameWords compares headlines by their letters and digits.
func sameWords(a, b string) bool {
	squeeze := func(s string) string {
		return strings.Map(func(c rune) rune {
			if unicode.IsLetter(c) || unicode.IsDigit(c) {
				return unicode.ToLower(c)
			}
			return -1
		}, s)
	}
	a = squeeze(a)
	return a != "" && a == squeeze(b)
}

// byline takes the line for one that names the authors if it is one: "By Mara
// Quill and Tom Ashe, Associated Press", or a name beside an agency's.
func (h *Head) byline(line string) bool {
	if len(line) > 150 || len(h.Byline) > maxAuthors {
		return false
	}
	names, by := line, false
	for _, prefix := range []string{"By ", "BY ", "By: ", "Written by ", "Story by ", "Reported by "} {
		if rest, found := strings.CutPrefix(line, prefix); found {
			names, by = strings.TrimSpace(rest), true
			break
		}
	}
	if last, _ := utf8.DecodeLastRuneInString(names); strings.ContainsRune("!?:;…", last) {
		return false
	}
	if strings.HasSuffix(names, ".") && !strings.HasSuffix(names, "Jr.") && !strings.HasSuffix(names, "Sr.") {
		return false
	}
	for _, and := range []string{" and ", " AND ", " & ", " with ", " | ", " / ", " – ", " — ", "; "} {
		names = strings.ReplaceAll(names, and, ", ")
	}
	if !by && len(h.Byline) > 0 {
		return false
	}
	var people []string
	agency, outlet, rest, unsigned := "", "", 0, false
	for part := range strings.SplitSeq(names, ",") {
		part = strings.Trim(strings.TrimSpace(part), "()")
		switch {
		case part == "":
		case agencyNamed(part) != "":
			agency = agencyNamed(part)
		case by && len(people) > 0 && isOutlet(part):
			outlet = part
			rest++
		case isPerson(part):
			people = append(people, part)
		case by && len(people) > 0 && isAffiliation(part):
			rest++
		case by && nobody.MatchString(part):
			unsigned = true
		default:
			return false
		}
	}
	if !by && (agency == "" || len(people) != 1 || rest > 0 || len(strings.Fields(people[0])) < 2) {
		return false
	}
	if len(people) == 0 && agency == "" {
		return unsigned
	}
	h.Byline = append(h.Byline, people...)
	if h.Agency == "" {
		h.Agency = agency
	}
	if h.Publisher == "" {
		h.Publisher = outlet
	}
	return true
}

// nobody matches a byline without a name: "By Our Correspondent".
var nobody = regexp.MustCompile(`(?i)^(?:(?:our|an?|the)\s+)?(?:own\s+|special\s+|staff\s+|news\s+|local\s+|foreign\s+|\w+\s+)?(?:correspondents?|reporters?|writers?|staff|newsroom|news desk)$`)

// credits takes the line for one that says who wrote the story, for whom and
// when, if it says two of them and nothing else: "Tarn Observer, 12 September
// 2025", "By Ana Ruiz | 3 March 2025 | 10:15", "By Ana Ruiz, Science Reporter.
// The Tarn Observer, 3 March 2025".
func (h *Head) credits(line string, day time.Time) bool {
	if len(line) > 150 {
		return false
	}
	var c Head
	by, dated := false, false
	rest := line
	for {
		rest = strings.TrimLeft(rest, " \t\u00a0,;|·•/–—-.")
		if rest == "" {
			break
		}
		if after, found := strings.CutPrefix(rest, "By "); found && !by {
			part, tail := segment(after)
			if !c.byline("By " + part) {
				return false
			}
			rest, by = tail, true
			continue
		}
		if t, n := dateAt(rest, day); n > 0 {
			if dated {
				return false
			}
			c.Date, dated = t, true
			rest = rest[n:]
			continue
		}
		if n := clockAt(rest); n > 0 {
			rest = rest[n:]
			continue
		}
		if n := label(rest); n > 0 {
			rest = rest[n:]
			continue
		}
		part, tail := segment(rest)
		switch {
		case agencyNamed(part) != "" && c.Agency == "":
			c.Agency = agencyNamed(part)
		case isOutlet(part) && c.Publisher == "":
			c.Publisher = part
		case by && isAffiliation(part):
		case by && c.Date.IsZero() && c.Publisher == "" && isPerson(part) && len(c.Byline) < maxAuthors:
			c.Byline = append(c.Byline, part)
		default:
			return false
		}
		rest = tail
	}
	if !(len(c.Byline) > 0 && (dated || c.Publisher != "") || c.Publisher != "" && dated) {
		return false
	}
	if len(c.Byline) > 0 && len(h.Byline) > 0 {
		return false
	}
	h.Byline = append(h.Byline, c.Byline...)
	if h.Publisher == "" {
		h.Publisher = c.Publisher
	}
	h.take(c.Agency, "", c.Date)
	return true
}

// maxAuthors is how many names a byline may have.
const maxAuthors = 12

// standfirst reads the credits at the end of a line that introduces the story:
// "The hydrologist on drought and dams. By Ned Ashe. Tarn Review, 2 November
// 2025". All three of author, outlet and day must stand there. The line itself
// stays in the story, for it often says who is who in it.
func (h *Head) standfirst(line string, day time.Time) {
	if len(line) > 600 || len(h.Byline) > 0 {
		return
	}
	i := strings.LastIndex(line, " By ")
	if i < 1 || !strings.ContainsRune(".!?…", lastRune(line[:i])) {
		return
	}
	var c Head
	if !c.credits(line[i+1:], day) || len(c.Byline) == 0 || c.Publisher == "" || c.Date.IsZero() {
		return
	}
	h.Byline = c.Byline
	if h.Publisher == "" {
		h.Publisher = c.Publisher
	}
	h.take(c.Agency, "", c.Date)
}

func lastRune(s string) rune {
	c, _ := utf8.DecodeLastRuneInString(s)
	return c
}

// segment cuts a line of credits at the next comma, stroke or dot; the dot of
// an initial or an abbreviation ends nothing.
func segment(s string) (part, rest string) {
	word := 0
	for i, c := range s {
		switch {
		case strings.ContainsRune(",;|·•", c), strings.HasPrefix(s[i:], " – "), strings.HasPrefix(s[i:], " — "), strings.HasPrefix(s[i:], " - "):
			return strings.TrimSpace(s[:i]), s[i:]
		case c == '.' && word > 3 && (i+1 == len(s) || s[i+1] == ' '):
			return strings.TrimSpace(s[:i]), s[i+1:]
		case unicode.IsLetter(c):
			word++
		default:
			word = 0
		}
	}
	return strings.TrimSpace(s), ""
}

// isOutlet reports whether the words are surely the name of a paper, a station
// or a wire: two to six words with capitals, the last of which papers go by.
func isOutlet(s string) bool {
	fields := strings.Fields(s)
	if len(fields) < 2 || len(fields) > 6 || len(s) > 60 {
		return false
	}
	for _, f := range fields {
		if c := firstRune(f); !unicode.IsUpper(c) && !isParticle(f) && !isPlaceParticle(f) && f != "&" {
			return false
		}
		if month(f) != 0 && f != "Mar" || weekday(f) && f != "Sun" {
			return false
		}
		for _, c := range f {
			if !unicode.IsLetter(c) && !unicode.IsMark(c) && !strings.ContainsRune(".'’-‑&", c) {
				return false
			}
		}
	}
	return outletNouns[strings.ToLower(fields[len(fields)-1])]
}

// isPerson reports whether the words may be a name: two to five words with
// capitals, particles apart. A name of one word ("Voltaire") is too often
// something else.
func isPerson(s string) bool {
	fields := strings.Fields(s)
	if len(fields) < 2 || len(fields) > 5 || isAffiliation(s) {
		return false
	}
	for _, f := range fields {
		if isParticle(f) {
			continue
		}
		c, _ := utf8.DecodeRuneInString(f)
		if !unicode.IsUpper(c) && !(unicode.IsLetter(c) && !unicode.IsLower(c)) {
			return false
		}
		if month(f) != 0 || weekday(f) {
			return false
		}
		for _, c := range f {
			if !unicode.IsLetter(c) && !unicode.IsMark(c) && !strings.ContainsRune(".'’-‑", c) {
				return false
			}
		}
	}
	return true
}

func isParticle(s string) bool {
	switch s {
	case "de", "del", "der", "den", "di", "da", "dos", "das", "la", "le", "van", "von", "zu", "bin", "bint", "ibn", "al", "el", "ter", "ten", "y", "e", "af", "av":
		return true
	}
	return false
}

// isAffiliation reports whether the words name a post or an outlet.
func isAffiliation(s string) bool {
	for f := range strings.FieldsSeq(strings.ToLower(s)) {
		switch strings.Trim(f, ".,'’s") {
		case "staff", "writer", "reporter", "correspondent", "editor", "editorial", "columnist", "contributor", "bureau",
			"chief", "special", "new", "time", "post", "pre", "press", "journal", "tribune", "herald", "gazette", "magazine",
			"new york", "agency", "team", "desk", "media", "radio", "televi", "television", "tv", "bbc", "npr", "service", "reporting":
			return true
		}
	}
	return false
}

// dateline takes the line for a line of its own that says when, where and by
// which agency: "date 2020-01-21 AP, TECUN UMAN, Guatemala", "Monday, May 18,
// 2015", "Updated 3:04 PM ET, Tue January 21, 2020", "LONDON (AP)".
func (h *Head) dateline(line string, day time.Time) bool {
	if len(line) > 150 {
		return false
	}
	var date time.Time
	var agency, place string
	dated, timed, labelled := false, false, false
	rest := line
	for {
		rest = strings.TrimLeft(rest, " \t\u00a0,;|·•/–—-()[]")
		if rest == "" {
			break
		}
		if n := label(rest); n > 0 {
			rest, labelled = rest[n:], true
			continue
		}
		if t, n := dateAt(rest, day); n > 0 {
			if date.IsZero() {
				date = t
			}
			dated = true
			rest = rest[n:]
			continue
		}
		if n := clockAt(rest); n > 0 {
			rest, timed = rest[n:], true
			continue
		}
		if agency == "" {
			if name, n := agencyAt(rest); n > 0 {
				agency = name
				rest = rest[n:]
				continue
			}
		}
		if place != "" {
			return false
		}
		n := placeAt(rest)
		if n == 0 {
			return false
		}
		place = strings.TrimRight(rest[:n], " ,")
		rest = rest[n:]
	}
	// A wire that is on no list stands before the place as the others do.
	if first, after, found := strings.Cut(place, ","); agency == "" && found && isOutlet(first) {
		agency, place = first, strings.TrimSpace(after)
	}
	switch {
	case dated && (agency != "" || place == "" || isCapitals(place) || labelled):
	case agency != "" && (place == "" || isCapitals(place)):
	case labelled && timed && place == "":
	default:
		return false
	}
	h.take(agency, place, date)
	return true
}

func (h *Head) take(agency, place string, date time.Time) {
	if agency != "" && (h.Agency == "" || place != "") {
		h.Agency = agency
	}
	if h.Place == "" {
		h.Place = place
	}
	if h.Date.IsZero() {
		h.Date = date
	}
}

// inline reads a dateline that stands before the first sentence, and moves the
// beginning of the story behind it.
func (h *Head) inline(text string, day time.Time) {
	if n := h.prefix(text[h.Body:], day); n > 0 && skipBlank(text, h.Body+n) < len(text) {
		h.Body = skipBlank(text, h.Body+n)
	}
}

// prefix reads a dateline at the start of s and gives its length, 0 when there
// is none:
//
//	PARIS (Reuters) - The
//	HARROW, Iowa, Sept. 26 (UPI) — The
//	(CNN) -- The
//	Tarsk, Velonia (CNN)The
//	LONDON — The
//	TARSK, Velonia, Sept. 26, 2026 /PRNewswire/ -- The
func (h *Head) prefix(s string, day time.Time) int {
	const longest = 160
	limit := min(len(s), longest)
	if i := strings.IndexAny(s[:limit], "\n\r"); i >= 0 {
		limit = i
	}
	rest := s[:limit]
	var place, agency string
	var date time.Time
	dated := false

	if n := placeAt(rest); n > 0 {
		place = strings.TrimRight(rest[:n], " ,-") // "Wexmoor--(BUSINESS WIRE)--"
		rest = strings.TrimLeft(rest[n:], " ,\u00a0")
	}
	if t, n := dateAt(rest, day); n > 0 {
		date, dated = t, true
		rest = strings.TrimLeft(rest[n:], " ,\u00a0")
	}
	knownAgency := false
	for _, pair := range []string{"()", "[]", "//"} {
		inside, found := strings.CutPrefix(rest, pair[:1])
		if !found {
			continue
		}
		end := strings.Index(inside, pair[1:])
		if end < 0 || end > 40 {
			return 0
		}
		name := strings.TrimSpace(inside[:end])
		agency = agencyNamed(name)
		knownAgency = agency != ""
		if !knownAgency {
			if !isAgencyLike(name) {
				return 0
			}
			agency = name
		}
		rest = inside[end+1:]
		if t, n := dateAt(strings.TrimLeft(rest, " ,"), day); n > 0 && !dated {
			date, dated = t, true
			rest = strings.TrimLeft(rest, " ,")[n:]
		}
		break
	}
	if place == "" && agency == "" {
		return 0
	}

	// The blanks before a dash were cut off with the place, but tell it from a
	// hyphen.
	at := limit - len(rest)
	for at > 0 && s[at-1] == ' ' {
		at--
	}
	rest = s[at:limit]
	sep := separator(rest, agency != "")
	after := strings.TrimLeft(rest[sep:], " \u00a0")
	if !opensSentence(after) {
		return 0
	}
	switch {
	case sep > 0 && knownAgency:
	case sep > 0 && agency != "" && place != "" && (isCapitals(place) || dated):
	case sep > 0 && agency == "" && place != "" && (isCapitals(place) && !isShout(place) || dated):
	case sep == 0 && knownAgency && place == "" && agency != "":
		// "(CNN) The" and "(CNN)The": nothing else begins so.
	case sep == 0 && knownAgency && (dated || agencyNamed(place) == "" && initials(place) != agency):
		// "Tarsk, Velonia (CNN)The": pages lose the dash at times. But in
		// "Cable News Network (CNN) President Lena Holm" it never was.
	default:
		return 0
	}
	h.take(agency, place, date)
	return limit - len(after)
}

// initials are the capitals that the words begin with.
func initials(s string) string {
	var b strings.Builder
	for w := range strings.FieldsSeq(s) {
		if c := firstRune(w); unicode.IsUpper(c) {
			b.WriteRune(c)
		}
	}
	return b.String()
}

// separator gives the length of the dash, white space included, that ends a
// dateline. A colon will do after an agency.
func separator(s string, agency bool) int {
	trimmed := strings.TrimLeft(s, " \u00a0")
	blank := len(s) - len(trimmed)
	for _, dash := range []string{"—", "–", "―", "--", "‒"} {
		if strings.HasPrefix(trimmed, dash) {
			return blank + len(dash)
		}
	}
	if agency && (strings.HasPrefix(trimmed, ".-") || strings.HasPrefix(trimmed, ".—")) {
		return len(s) - len(strings.TrimLeft(trimmed, ".-—"))
	}
	// A hyphen alone also stands within words.
	if strings.HasPrefix(trimmed, "- ") && (blank > 0 || agency) || strings.HasPrefix(trimmed, "-\u00a0") && blank > 0 {
		return blank + 1
	}
	if agency && (strings.HasPrefix(trimmed, ": ") || strings.HasPrefix(trimmed, "-")) {
		return blank + 1
	}
	return 0
}

// opensSentence reports whether a sentence may begin here.
func opensSentence(s string) bool {
	s = strings.TrimLeft(s, `"'“‘«„([$€£¥`)
	c, _ := utf8.DecodeRuneInString(s)
	return unicode.IsDigit(c) || unicode.IsLetter(c) && !unicode.IsLower(c)
}

// placeAt gives the length of a place name at the start of s: words with
// capitals, up to three parts with commas between, up to a date, a bracket or
// a dash. "PORT LANNER, Wexmoor", "NEW YORK/LONDON", "St. Orlo, N.Y.".
func placeAt(s string) int {
	end, words, parts := 0, 0, 1
	for i := 0; i < len(s); {
		stop := strings.IndexAny(s[i:], " ,\u00a0([—–―")
		if stop < 0 {
			stop = len(s) - i
		}
		word := s[i : i+stop]
		if word == "" {
			break
		}
		if month(word) != 0 || weekday(word) {
			break
		}
		if strings.HasPrefix(word, "--") || word == "-" {
			break
		}
		if !isPlaceWord(word) || words == 0 && isPlaceParticle(word) {
			return 0
		}
		i += stop
		end = i
		if words++; words > 8 {
			return 0
		}
		next := strings.TrimLeft(s[i:], " \u00a0")
		switch {
		case strings.HasPrefix(next, ","):
			next = strings.TrimLeft(next[1:], " \u00a0")
			if c, _ := utf8.DecodeRuneInString(next); unicode.IsDigit(c) {
				return len(s) - len(next) // a date without the name of a month
			}
			if parts++; parts > 4 {
				return 0
			}
		case next != "" && unicode.IsDigit(firstRune(next)):
			return end
		}
		i = len(s) - len(next)
	}
	// A particle at the end belongs to something else.
	if end > 0 {
		fields := strings.Fields(s[:end])
		if isPlaceParticle(fields[len(fields)-1]) {
			return 0
		}
	}
	return end
}

func firstRune(s string) rune {
	c, _ := utf8.DecodeRuneInString(s)
	return c
}

func isPlaceWord(s string) bool {
	if isPlaceParticle(s) {
		return true
	}
	letters := 0
	for i, c := range s {
		switch {
		case i == 0 && (!unicode.IsLetter(c) || unicode.IsLower(c)) && c != '‘' && c != '’' && c != '\'':
			return false
		case unicode.IsLetter(c):
			letters++
		case unicode.IsMark(c):
		case !strings.ContainsRune(".'’‘-‑/", c):
			return false
		}
	}
	return letters > 0
}

func isPlaceParticle(s string) bool {
	switch s {
	case "of", "the", "de", "del", "la", "el", "las", "los", "al", "an", "am", "aan", "den", "der", "di", "da", "do", "du", "le", "les", "sur", "upon", "on", "and", "near", "in", "off", "aboard":
		return true
	}
	return false
}

// isCapitals reports whether the first part of the place is set in capitals.
func isCapitals(place string) bool {
	city, _, _ := strings.Cut(place, ",")
	letters := 0
	for w := range strings.FieldsSeq(city) {
		if isPlaceParticle(w) {
			continue
		}
		// McALLEN has a small letter.
		small := 0
		for _, c := range w {
			if unicode.IsLower(c) {
				small++
			}
			if unicode.IsLetter(c) {
				letters++
			}
		}
		if small > 0 && !(strings.HasPrefix(w, "Mc") && small == 1) {
			return false
		}
	}
	return letters >= 3
}

// isShout reports whether capitals before a dash are likely no place: a label
// of the newsroom, or an abbreviation.
func isShout(place string) bool {
	first, _, _ := strings.Cut(strings.NewReplacer(",", " ", "/", " ").Replace(place), " ")
	switch strings.Trim(first, ".") {
	case "UPDATE", "UPDATED", "BREAKING", "EXCLUSIVE", "WATCH", "OPINION", "ANALYSIS", "EDITORIAL", "CORRECTION", "CORRECTED",
		"EXPLAINER", "FACTBOX", "TIMELINE", "VIDEO", "PHOTOS", "LIVE", "URGENT", "ALERT", "REVIEW", "INTERVIEW", "FEATURE",
		"NOTE", "EDITOR", "EDITORS", "EDITOR'S", "EDITOR’S", "READ", "LISTEN", "ADVISORY", "INSIGHT", "COLUMN", "FACT", "REFILE",
		"WRAPUP", "GRAPHIC", "PREVIEW", "RECAP", "NEW", "JUST", "STORY", "NEWS", "SPORTS", "WORLD", "BUSINESS", "POLITICS":
		// "NEW YORK", "NEW DELHI" are places after all.
		return first != "NEW" || !strings.Contains(place, " ")
	}
	letters := 0
	for _, c := range place {
		if unicode.IsLetter(c) {
			letters++
		}
	}
	if letters > 4 {
		return false
	}
	switch place {
	case "ROME", "LIMA", "OSLO", "BAKU", "KIEV", "KYIV", "LVIV", "DOHA", "BONN", "BERN", "CALI", "LYON", "NICE", "BRNO", "CORK",
		"HULL", "BATH", "RIGA", "SUVA", "APIA", "MALE", "LOME", "LOMÉ", "ADEN", "AGRA", "BARI", "ERIE", "GAZA", "HOMS", "KANO",
		"LAOS", "LODZ", "MESA", "NIŠ", "NIS", "OMAN", "PERM", "PISA", "PUNE", "RENO", "SANA", "SION", "TULA", "TYRE", "UFA",
		"WACO", "YORK", "ZUG", "CUBA", "IRAN", "IRAQ", "MALI", "PERU", "TOGO", "CHAD", "GOMA", "JUBA", "LINZ", "METZ", "GRAZ":
		return false
	}
	return true
}

// isAgencyLike reports whether what stands in brackets may name an agency that
// is not on the list.
func isAgencyLike(s string) bool {
	if len(s) < 2 || len(strings.Fields(s)) > 4 {
		return false
	}
	for w := range strings.FieldsSeq(s) {
		if c := firstRune(w); !unicode.IsUpper(c) && !isPlaceParticle(w) {
			return false
		}
		for _, c := range w {
			if !unicode.IsLetter(c) && !strings.ContainsRune(".&'’-/", c) {
				return false
			}
		}
	}
	return true
}
