package claimreview

import (
	"crypto/sha256"
	"encoding/hex"
	"net/url"
	"path"
	"regexp"
	"strings"
	"time"
	"unicode"

	"onrecord/factcheck"
)

// clean makes a review fit to be kept and shown: plain text without control
// characters, bounded, links to web pages only. It reports whether there is a
// claim or a title to search.
func clean(r *factcheck.Review) bool {
	for _, f := range []struct {
		text *string
		most int
	}{
		{&r.ID, 300},
		{&r.Claim, 2000},
		{&r.Title, 500},
		{&r.Subtitle, 1000},
		{&r.Claimant, 200},
		{&r.Publisher, 200},
		{&r.Verdict, 200},
		{&r.Language, 20},
	} {
		*f.text = plain(*f.text, f.most)
	}
	r.URL = webLink(r.URL)
	if tooOdd(r.Date) {
		r.Date = time.Time{}
	}
	if tooOdd(r.Claimed) {
		r.Claimed = time.Time{}
	}
	return r.Claim != "" || r.Title != ""
}

func tooOdd(t time.Time) bool { return t.Year() < 1900 || t.Year() > 2200 }

// inline are tags within a word or line, markup all of them.
var (
	inline = regexp.MustCompile(`(?i)</?(?:a|b|i|u|q|em|strong|span|sup|sub)(?:\s[^<>]{0,1000})?>`)
	markup = regexp.MustCompile(`<[^<>]{0,1000}>`)
)

// plain is a text on one line, without markup and control characters, cut to
// so many bytes.
func plain(s string, most int) string {
	if len(s) > 4*most {
		s = s[:4*most]
	}
	s = strings.ToValidUTF8(s, "")
	if strings.ContainsAny(s, "<&") {
		s = unescape(markup.ReplaceAllString(inline.ReplaceAllString(s, ""), " "))
	}
	s = strings.Join(strings.FieldsFunc(s, func(r rune) bool {
		return unicode.IsSpace(r) || unicode.IsControl(r) || unicode.Is(unicode.Cf, r) && r != '\u200d'
	}), " ")
	if len(s) <= most {
		return s
	}
	s = strings.ToValidUTF8(s[:most], "")
	if i := strings.LastIndexByte(s, ' '); i > most/2 {
		s = s[:i]
	}
	return s + " …"
}

// webLink is the address of a web page, empty for anything else.
func webLink(s string) string {
	s = strings.TrimSpace(s)
	if len(s) > 2000 || strings.ContainsAny(s, " \t\r\n<>\"\\") {
		return ""
	}
	u, err := url.Parse(s)
	if err != nil || u.Host == "" || u.User != nil || u.Scheme != "http" && u.Scheme != "https" {
		return ""
	}
	return u.String()
}

// Keyer gives reviews the keys by which the same one is known again: its
// address, else the publisher's ID, else publisher and claim. Where one page
// checks several claims, each but the first has its number among them too.
type Keyer struct {
	seen map[string][]string // claims by page
}

// Key is the key of the next review of an import.
func (k *Keyer) Key(r *factcheck.Review) string {
	switch {
	case r.URL != "":
		page := canonical(r.URL)
		if k.seen == nil {
			k.seen = map[string][]string{}
		}
		text := strings.ToLower(claimOf(r))
		claims := k.seen[page]
		for i, c := range claims {
			if c == text {
				return numbered(page, i)
			}
		}
		k.seen[page] = append(claims, text)
		return numbered(page, len(claims))
	case r.ID != "":
		return "id:" + strings.ToLower(r.Publisher) + " " + r.ID
	}
	sum := sha256.Sum256([]byte(strings.ToLower(r.Publisher + "\x00" + claimOf(r))))
	return "text:" + hex.EncodeToString(sum[:12])
}

func numbered(page string, i int) string {
	if i == 0 {
		return page
	}
	return page + "#" + string(rune('a'+min(i, 25)-1))
}

// canonical is a web address as one of those that lead to the same page.
func canonical(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return address
	}
	host := strings.TrimPrefix(strings.ToLower(u.Host), "www.")
	host = strings.TrimSuffix(strings.TrimSuffix(host, ":443"), ":80")
	p := u.EscapedPath()
	if p != "" {
		p = strings.TrimSuffix(path.Clean(p), "/")
	}
	query := u.Query()
	for name := range query {
		if low := strings.ToLower(name); strings.HasPrefix(low, "utm_") || low == "fbclid" || low == "gclid" {
			query.Del(name)
		}
	}
	if q := query.Encode(); q != "" {
		p += "?" + q
	}
	return host + p
}

// Newer reports whether a review may take the place of an older one with the
// same key.
func Newer(now, old *factcheck.Review) bool { return !now.Date.Before(old.Date) }

var (
	isoDay  = regexp.MustCompile(`\d{4}-\d\d-\d\d`)
	wordDay = regexp.MustCompile(`([A-Z][a-z]{2,8})\.? (\d{1,2})(?:st|nd|rd|th)?,? (\d{4})`)
	dayWord = regexp.MustCompile(`(\d{1,2})(?:st|nd|rd|th)? ([A-Z][a-z]{2,8})\.? (\d{4})`)
)

// readDate finds the day in a text such as "2020-05-01T10:00:00Z", "May 1,
// 2020", "Fri, 01 May 2020 10:00:00 GMT" or "stated on May 1, 2020 in a
// speech"; zero if there is none.
func readDate(s string) time.Time {
	if len(s) > 300 {
		s = s[:300]
	}
	if m := isoDay.FindString(s); m != "" {
		if t, err := time.Parse(time.DateOnly, m); err == nil {
			return t
		}
	}
	parse := func(day, month, year string) time.Time {
		if len(month) < 3 {
			return time.Time{}
		}
		t, err := time.Parse("2 Jan 2006", strings.TrimLeft(day, "0")+" "+month[:3]+" "+year)
		if err != nil {
			return time.Time{}
		}
		return t
	}
	if m := wordDay.FindStringSubmatch(s); m != nil {
		if t := parse(m[2], m[1], m[3]); !t.IsZero() {
			return t
		}
	}
	if m := dayWord.FindStringSubmatch(s); m != nil {
		return parse(m[1], m[2], m[3])
	}
	return time.Time{}
}
