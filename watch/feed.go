package watch

import (
	"bytes"
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"

	"github.com/mmcdole/gofeed"
	gofeedrss "github.com/mmcdole/gofeed/rss"
	"golang.org/x/net/html"

	"onrecord/book"
)

// Entry is one thing that a feed lists.
type Entry struct {
	Key       string // of its address; the same for the same story
	GUID      string // the feed's own name for it; empty when it has none, or gives it twice
	Link      string // empty when it has none
	Title     string // plain text
	Published time.Time
}

// Contents are what a feed says.
type Contents struct {
	Title   string
	Entries []Entry       // newest first as far as can be told, each once
	Left    int           // items beyond those
	Every   time.Duration // how often it says that it changes; 0 when it does not
}

// Bounds of what is read of a feed.
const (
	mostEntries = 5000
	mostTitle   = 300 // code points
	mostLink    = 2000
)

// ErrNoFeed says that something is no feed.
var ErrNoFeed = errors.New("not a feed")

// ReadFeed reads RSS, Atom or JSON Feed that came from an address. Links are
// made absolute, mark-up in titles is taken away, dates that cannot be are
// dropped. Entries that give neither an address nor a name are left out.
func ReadFeed(data []byte, from string, now time.Time) (c Contents, err error) {
	defer func() {
		if v := recover(); v != nil { // the library reads what strangers send
			c, err = Contents{}, fmt.Errorf("%w: reading it failed: %v", ErrNoFeed, v)
		}
	}()
	if tooDeep(data) {
		return c, fmt.Errorf("%w: it is nested too deeply", ErrNoFeed)
	}
	data = bytes.TrimLeft(data, "\ufeff \t\r\n")
	if gofeed.DetectFeedType(bytes.NewReader(data[:min(len(data), 64<<10)])) == gofeed.FeedTypeUnknown {
		return c, ErrNoFeed
	}
	parser := gofeed.NewParser()
	parser.KeepOriginalFeed = true // for its ttl
	f, err := parser.Parse(bytes.NewReader(data))
	if err != nil {
		return c, fmt.Errorf("%w: %w", ErrNoFeed, err)
	}
	base, err := url.Parse(from)
	if err != nil {
		return c, fmt.Errorf("%w: its address cannot be read", ErrNoFeed)
	}
	c.Title = plain(f.Title)
	if c.Title == "" {
		c.Title = base.Hostname()
	}
	c.Every = everyOf(f)
	items := slices.DeleteFunc(f.Items, func(it *gofeed.Item) bool { return it == nil })
	date := func(it *gofeed.Item) time.Time { return possible(cmp.Or(it.PublishedParsed, it.UpdatedParsed), now) }
	dated := 0
	twice := map[string]int{}
	for _, it := range items {
		if !date(it).IsZero() {
			dated++
		}
		if it.GUID != "" {
			twice[it.GUID]++
		}
	}
	// Feeds stand newest first; some stand the other way.
	if 10*dated >= 9*len(items) {
		slices.SortStableFunc(items, func(a, b *gofeed.Item) int { return date(b).Compare(date(a)) })
	}
	had := map[string]bool{}
	for i, it := range items {
		if len(c.Entries) == mostEntries {
			c.Left = len(items) - i
			break
		}
		e := entry(it, base)
		if e.Published = date(it); e.Key == "" || had[e.Key] {
			continue
		}
		if twice[it.GUID] > 1 {
			e.GUID = ""
		}
		had[e.Key] = true
		c.Entries = append(c.Entries, e)
	}
	return c, nil
}

// everyOf is how often a feed says that it changes: RSS's ttl, in minutes
// (https://www.rssboard.org/rss-specification#ltttlgtSubelementOfLtchannelgt), or
// the period and frequency of the syndication module
// (https://web.resource.org/rss/1.0/modules/syndication/), the longer of both.
func everyOf(f *gofeed.Feed) time.Duration {
	var every time.Duration
	if original, ok := f.OriginalFeed().(*gofeedrss.Feed); ok {
		if minutes, err := strconv.ParseInt(strings.TrimSpace(original.TTL), 10, 32); err == nil && minutes > 0 {
			every = time.Duration(minutes) * time.Minute
		}
	}
	say := func(name string) string {
		if all := f.Extensions["sy"][name]; len(all) > 0 {
			return strings.ToLower(strings.TrimSpace(all[0].Value))
		}
		return ""
	}
	const day = 24 * time.Hour
	period := map[string]time.Duration{"hourly": time.Hour, "daily": day, "weekly": 7 * day, "monthly": 30 * day, "yearly": 365 * day}[say("updatePeriod")]
	if times, err := strconv.ParseInt(say("updateFrequency"), 10, 32); err == nil && times > 1 {
		period /= time.Duration(times)
	}
	return max(every, period)
}

func entry(it *gofeed.Item, base *url.URL) Entry {
	e := Entry{Title: plain(it.Title), GUID: strings.TrimSpace(it.GUID)}
	if len(e.GUID) > mostLink {
		e.GUID = digest(e.GUID)
	}
	links := append([]string{it.Link}, it.Links...)
	if strings.HasPrefix(e.GUID, "https://") || strings.HasPrefix(e.GUID, "http://") {
		links = append(links, e.GUID) // a permalink, where there is no link
	}
	for _, l := range links {
		if e.Link = absolute(base, l); e.Link != "" {
			break
		}
	}
	if e.Title == "" {
		e.Title = clip(plain(it.Description), 80)
	}
	switch {
	case e.Link != "":
		e.Key = KeyOf(e.Link)
	case e.GUID != "":
		e.Key = "guid:" + e.GUID
	case e.Title != "":
		e.Key = "title:" + digest(e.Title)
	}
	if e.Title == "" {
		e.Title = e.Link
	}
	return e
}

// KeyOf is what a story is known by: its address without what tells visitors
// apart, and whether by http or https, with www or without.
func KeyOf(link string) string {
	key := book.Key(link, "")
	key = strings.TrimPrefix(strings.TrimPrefix(key, "https://"), "http://")
	key = strings.TrimPrefix(key, "www.")
	if len(key) > mostLink {
		return digest(key)
	}
	return key
}

func digest(s string) string {
	sum := sha256.Sum256([]byte(s))
	return hex.EncodeToString(sum[:12])
}

// absolute is a link as it can be fetched; empty for what is none.
func absolute(base *url.URL, link string) string {
	link = strings.TrimSpace(link)
	if link == "" || len(link) > mostLink {
		return ""
	}
	u, err := url.Parse(link)
	if err != nil {
		return ""
	}
	u = base.ResolveReference(u)
	if u.Scheme != "http" && u.Scheme != "https" || u.Host == "" || u.User != nil {
		return ""
	}
	u.Fragment, u.RawFragment = "", ""
	return u.String()
}

// possible drops dates that cannot be true.
func possible(t *time.Time, now time.Time) time.Time {
	if t == nil || t.Year() < 1990 || t.After(now.Add(48*time.Hour)) {
		return time.Time{}
	}
	return t.UTC()
}

// plain is text without mark-up, control characters and superfluous space.
func plain(s string) string {
	if len(s) > 20*mostTitle {
		s = strings.ToValidUTF8(s[:20*mostTitle], "")
	}
	// Titles come escaped once or twice: <b> and &lt;b&gt; are both mark-up.
	for range 2 {
		if strings.ContainsAny(s, "<&") {
			s = words(s)
		}
	}
	s = strings.Map(func(r rune) rune {
		switch {
		case unicode.IsSpace(r):
			return ' '
		case unicode.IsControl(r), unicode.Is(unicode.Cf, r) && r != '\u200c' && r != '\u200d', r == unicode.ReplacementChar:
			return -1
		}
		return r
	}, s)
	return clip(strings.Join(strings.Fields(s), " "), mostTitle)
}

// words is the text of a piece of HTML.
func words(s string) string {
	var out strings.Builder
	z := html.NewTokenizer(strings.NewReader(s))
	hidden := 0
	for {
		switch kind := z.Next(); kind {
		case html.ErrorToken:
			return out.String()
		case html.TextToken:
			if hidden == 0 {
				out.WriteString(z.Token().Data)
			}
		case html.StartTagToken, html.EndTagToken:
			switch name, _ := z.TagName(); string(name) {
			case "script", "style":
				hidden = 0
				if kind == html.StartTagToken {
					hidden = 1
				}
			case "br", "p", "div", "li":
				out.WriteByte(' ')
			}
		}
	}
}

func clip(s string, runes int) string {
	if r := []rune(s); len(r) > runes {
		return strings.TrimSpace(string(r[:runes-1])) + "…"
	}
	return s
}

// tooDeep reports whether a document is nested so deeply that reading it could
// take more stack than there is. No feed comes near.
func tooDeep(data []byte) bool {
	const deepest = 1000
	depth := 0
	for {
		at := bytes.IndexByte(data, '<')
		if at < 0 {
			return false
		}
		data = data[at+1:]
		end := []byte(">")
		switch {
		case bytes.HasPrefix(data, []byte("![CDATA[")):
			end = []byte("]]>")
		case bytes.HasPrefix(data, []byte("!--")):
			end = []byte("-->")
		}
		stop := bytes.Index(data, end)
		if stop < 0 {
			stop = len(data)
		}
		switch tag := data[:stop]; {
		case len(end) > 1, len(tag) == 0, tag[0] == '!', tag[0] == '?', tag[len(tag)-1] == '/':
		case tag[0] == '/':
			depth = max(depth-1, 0)
		default:
			depth++
		}
		if depth > deepest {
			return true
		}
		data = data[min(stop+len(end), len(data)):]
	}
}

// A Found feed is one that a page names.
type Found struct{ URL, Title string }

// Discover lists the feeds that a page of HTML names for itself, in its order,
// those of comments last. From is the page's address.
func Discover(page []byte, from string) []Found {
	base, err := url.Parse(from)
	if err != nil {
		return nil
	}
	var all, comments []Found
	had := map[string]bool{}
	z := html.NewTokenizer(bytes.NewReader(page[:min(len(page), 2<<20)]))
	for len(all)+len(comments) < 20 {
		kind := z.Next()
		if kind == html.ErrorToken {
			break
		}
		if kind != html.StartTagToken && kind != html.SelfClosingTagToken {
			continue
		}
		name, more := z.TagName()
		if string(name) == "body" {
			// Feeds are named in the head. Some pages have them further down;
			// what stands in there may be a reader's.
			break
		}
		if string(name) != "link" && string(name) != "base" {
			continue
		}
		attr := map[string]string{}
		for more {
			var k, v []byte
			k, v, more = z.TagAttr()
			attr[string(k)] = string(v)
		}
		if string(name) == "base" {
			if u, err := url.Parse(strings.TrimSpace(attr["href"])); err == nil && attr["href"] != "" {
				base = base.ResolveReference(u)
			}
			continue
		}
		kindOf, _, _ := strings.Cut(strings.ToLower(attr["type"]), ";")
		if !slices.Contains(strings.Fields(strings.ToLower(attr["rel"])), "alternate") ||
			!slices.Contains([]string{"application/rss+xml", "application/atom+xml", "application/feed+json", "application/rdf+xml", "text/xml", "application/xml"}, strings.TrimSpace(kindOf)) {
			continue
		}
		f := Found{URL: absolute(base, attr["href"]), Title: plain(attr["title"])}
		if f.URL == "" || had[f.URL] {
			continue
		}
		had[f.URL] = true
		if strings.Contains(strings.ToLower(f.Title+" "+f.URL), "comment") {
			comments = append(comments, f)
		} else {
			all = append(all, f)
		}
	}
	return append(all, comments...)
}
