package watch

import (
	"errors"
	"fmt"
	"runtime"
	"strings"
	"testing"
	"time"
	"unicode"
	"unicode/utf8"
)

var day = time.Date(2026, 3, 4, 9, 0, 0, 0, time.UTC)

const at = "https://news.example/feeds/all.xml"

func rss(items string) string {
	return `<?xml version="1.0"?><rss version="2.0"><channel><title>The &amp;amp; Courier</title>` + items + `</channel></rss>`
}

func TestReadFeed(t *testing.T) {
	for name, c := range map[string]struct{ feed, want string }{
		"rss": {
			rss(`<item><title>One</title><link>https://news.example/1</link><guid>a</guid><pubDate>Wed, 04 Mar 2026 08:00:00 GMT</pubDate></item>`),
			"The & Courier | One news.example/1 a 2026-03-04",
		},
		"atom": {
			`<feed xmlns="http://www.w3.org/2005/Atom"><title>T</title><entry><title type="html">&lt;b&gt;Bold&lt;/b&gt; &amp;amp; new</title><link rel="alternate" href="/1"/><id>urn:1</id><updated>2026-03-04T08:00:00Z</updated></entry></feed>`,
			"T | Bold & new news.example/1 urn:1 2026-03-04",
		},
		"json": {
			`{"version":"https://jsonfeed.org/version/1.1","title":"T","items":[{"id":"1","url":"https://news.example/1?utm_medium=feed","title":"One"}]}`,
			"T | One news.example/1 1 ",
		},
		"rdf":             {`<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/"><channel><title>T</title></channel><item><title>One</title><link>https://news.example/1</link></item></rdf:RDF>`, "T | One news.example/1  "},
		"byte order mark": {"\ufeff \n" + rss(`<item><title>One</title><link>https://news.example/1</link></item>`), "The & Courier | One news.example/1  "},
		"mark-up in titles": {
			rss(`<item><title><![CDATA[A <i>very</i><script>alert(1)</script> <b onclick="x">bad</b>&nbsp;title <!channel>]]></title><link>https://news.example/1</link></item>`),
			"The & Courier | A very bad title news.example/1  ",
		},
		"relative links":         {rss(`<item><title>One</title><link>../2026/one#top</link></item><item><title>Two</title><link>//other.example/two</link></item>`), "The & Courier | One news.example/2026/one   | Two other.example/two  "},
		"no web links":           {rss(`<item><title>One</title><link>javascript:alert(1)</link></item><item><title>Two</title><link>file:///etc/passwd</link><guid>g</guid></item>`), "The & Courier | One title:" + digest("One") + "   | Two guid:g g "},
		"the guid is the link":   {rss(`<item><title>One</title><guid>https://news.example/1</guid></item>`), "The & Courier | One news.example/1 https://news.example/1 "},
		"duplicate names":        {rss(`<item><title>One</title><link>/1</link><guid>x</guid></item><item><title>Two</title><link>/2</link><guid>x</guid></item>`), "The & Courier | One news.example/1   | Two news.example/2  "},
		"the same link twice":    {rss(`<item><title>One</title><link>http://www.news.example/1/</link></item><item><title>Again</title><link>https://news.example/1?fbclid=x</link></item>`), "The & Courier | One news.example/1  "},
		"impossible dates":       {rss(`<item><title>Old</title><link>/1</link><pubDate>Thu, 01 Jan 1970 00:00:00 GMT</pubDate></item><item><title>New</title><link>/2</link><pubDate>Thu, 01 Jan 2099 00:00:00 GMT</pubDate></item>`), "The & Courier | Old news.example/1   | New news.example/2  "},
		"oldest first":           {rss(`<item><title>Old</title><link>/1</link><pubDate>Mon, 02 Mar 2026 08:00:00 GMT</pubDate></item><item><title>New</title><link>/2</link><pubDate>Tue, 03 Mar 2026 08:00:00 GMT</pubDate></item>`), "The & Courier | New news.example/2  2026-03-03 | Old news.example/1  2026-03-02"},
		"nothing in it":          {rss(``), "The & Courier"},
		"items without anything": {rss(`<item></item><item><description>Only words here</description></item>`), "The & Courier | Only words here title:" + digest("Only words here") + "  "},
		"broken off":             {`<rss version="2.0"><channel><title>T</title><item><title>One</title><link>/1</li`, ""},
		"wrong ends":             {`<rss version="2.0"><channel><title>T</title><item><title>One</link></item></channel></rss>`, "T | One title:" + digest("One") + "  "},
		"a page":                 {`<!doctype html><html><head><title>T</title></head></html>`, ""},
		"nothing":                {``, ""},
		"entity bomb":            {`<?xml version="1.0"?><!DOCTYPE b [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;">]><rss version="2.0"><channel><title>&c;</title><item><title>&c;</title><link>/1</link></item></channel></rss>`, "*"},
		"external entity":        {`<!DOCTYPE b [<!ENTITY a SYSTEM "file:///etc/passwd">]><rss version="2.0"><channel><title>&a;</title><item><title>&a;</title><link>/1</link></item></channel></rss>`, "*"},
		"nested without end":     {`<rss version="2.0"><channel>` + strings.Repeat("<x:y>", 300_000), ""},
	} {
		t.Run(name, func(t *testing.T) {
			c2, err := ReadFeed([]byte(c.feed), at, day)
			if c.want == "" {
				if !errors.Is(err, ErrNoFeed) {
					t.Errorf("%+v, %v", c2, err)
				}
				return
			}
			if c.want == "*" {
				for _, e := range c2.Entries {
					if strings.Contains(e.Title, "haha") || strings.Contains(e.Title, "root:") {
						t.Errorf("%q", e.Title)
					}
				}
				return
			}
			var got strings.Builder
			got.WriteString(c2.Title)
			for _, e := range c2.Entries {
				date := ""
				if !e.Published.IsZero() {
					date = e.Published.Format(time.DateOnly)
				}
				got.WriteString(fmt.Sprintf(" | %s %s %s %s", e.Title, e.Key, e.GUID, date))
			}
			if err != nil || got.String() != c.want {
				t.Errorf("%q, %v\nwant %q", got.String(), err, c.want)
			}
		})
	}
}

// Fifty thousand entries are read in seconds and bounded in number.
func TestHugeFeed(t *testing.T) {
	if testing.Short() {
		t.Skip("pure: nothing for the race detector")
	}
	var b strings.Builder
	for i := range 50_000 {
		fmt.Fprintf(&b, "<item><title>Story number %d of very many</title><link>/story/%d</link><guid>%d</guid><description>&lt;p&gt;words&lt;br&gt;and more&lt;/p&gt;</description></item>\n", i, i, i)
	}
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	began := time.Now()
	c, err := ReadFeed([]byte(rss(b.String())), at, day)
	runtime.ReadMemStats(&after)
	if err != nil || len(c.Entries) != mostEntries || c.Left != 50_000-mostEntries || c.Entries[0].Key != "news.example/story/0" {
		t.Fatalf("%d entries, %d left, %v", len(c.Entries), c.Left, err)
	}
	t.Logf("%d MB of feed in %v, %d MB allocated", b.Len()>>20, time.Since(began), (after.TotalAlloc-before.TotalAlloc)>>20)
	if took := time.Since(began); took > 20*time.Second {
		t.Errorf("it took %v", took)
	}
}

func TestDiscover(t *testing.T) {
	const page = "https://news.example/section/"
	for html, want := range map[string]string{
		`<head><link rel=alternate type=application/atom+xml href=feed></head>`:                                                                                                                                                        "https://news.example/section/feed",
		`<HEAD><LINK REL="ALTERNATE nofollow" TYPE="application/rss+xml; charset=utf-8" TITLE="News &amp; more" HREF="/rss"></HEAD>`:                                                                                                   "https://news.example/rss News & more",
		`<base href="https://cdn.example/x/"><link rel=alternate type=application/feed+json href=f.json>`:                                                                                                                              "https://cdn.example/x/f.json",
		`<link rel=alternate type=application/rss+xml title="Comments" href=c><link rel=alternate type=application/rss+xml href=n>`:                                                                                                    "https://news.example/section/n | https://news.example/section/c Comments",
		`<link rel=alternate type=application/rss+xml href=n><link rel=alternate type=application/rss+xml href=n>`:                                                                                                                     "https://news.example/section/n",
		`<link rel=stylesheet type=application/rss+xml href=n><link rel=alternate hreflang=de href=/de><link rel=alternate type=application/rss+xml href="javascript:x"><body><link rel=alternate type=application/rss+xml href=late>`: "",
		``: "",
	} {
		var all []string
		for _, f := range Discover([]byte(html), page) {
			all = append(all, strings.TrimSpace(f.URL+" "+f.Title))
		}
		if got := strings.Join(all, " | "); got != want {
			t.Errorf("%s: %q, want %q", html, got, want)
		}
	}
}

func TestRobots(t *testing.T) {
	const file = "\ufeff# a file\nUser-agent: GoodBot\nUser-Agent: onrecordbot/1.0\nDisallow: /private/ # inner\nAllow: /private/open\nDisallow: /*.pdf$\nCrawl-delay: 7.5\n\nUser-agent: *\nDisallow: /\n"
	ours := parseRobots([]byte(file))
	if ours.delay != 7500*time.Millisecond {
		t.Errorf("%v", ours.delay)
	}
	for path, want := range map[string]bool{
		"/": true, "/private/": false, "/private/x?y": false, "/private/open/x": true, "/a.pdf": false, "/a.pdf?x": true, "/privat": true,
	} {
		if ours.allows(path) != want {
			t.Errorf("%s: %v", path, !want)
		}
	}
	for file, want := range map[string]bool{
		"": true, "User-agent: *\nDisallow:": true, "User-agent: *\nDisallow: /": false, "Disallow: /": true, "User-agent: OtherBot\nDisallow: /": true,
		"User-agent: *\nDisallow: /\nUser-agent: OnrecordBot\nAllow: /": true, "User-agent: *\nAllow: /x\nDisallow: /x": true, "User-agent: *\r\nDisallow: /x\r\n": false,
		"User-agent: *\nDisallow: /*x*y": true, "User-agent: *\nDisallow: *": false,
	} {
		if got := parseRobots([]byte(file)).allows("/x"); got != want {
			t.Errorf("%q: %v", file, got)
		}
	}
}

// Whatever comes: no panic, and entries that can be kept and shown.
func FuzzReadFeed(f *testing.F) {
	f.Add([]byte(rss(`<item><title>One</title><link>/1</link></item>`)))
	f.Add([]byte(`<feed xmlns="http://www.w3.org/2005/Atom"><title>T</title><entry><title type="html">&lt;b&gt;x</title><link href="/1"/></entry></feed>`))
	f.Add([]byte(`{"version":"https://jsonfeed.org/version/1.1","title":"T","items":[{"id":1,"url":"x"}]}`))
	f.Add([]byte(`<!DOCTYPE b [<!ENTITY a "&a;">]><rss><channel><item><title>&a;</title></item></channel></rss>`))
	f.Add([]byte(`<html><head><base href="//x"><link rel=alternate type=text/xml href=":">`))
	f.Fuzz(func(t *testing.T, data []byte) {
		c, err := ReadFeed(data, at, day)
		if err != nil && !errors.Is(err, ErrNoFeed) {
			t.Errorf("%v", err)
		}
		had := map[string]bool{}
		for _, e := range c.Entries {
			if e.Key == "" || had[e.Key] || len(e.Link) > 4*mostLink {
				t.Errorf("%+v", e)
			}
			had[e.Key] = true
			checkPlain(t, e.Title)
			if e.Link != "" && !strings.HasPrefix(e.Link, "http://") && !strings.HasPrefix(e.Link, "https://") {
				t.Errorf("%q", e.Link)
			}
			if !e.Published.IsZero() && (e.Published.Year() < 1990 || e.Published.After(day.Add(48*time.Hour))) {
				t.Errorf("%v", e.Published)
			}
		}
		for _, found := range Discover(data, at) {
			checkPlain(t, found.Title)
			if !strings.HasPrefix(found.URL, "http") {
				t.Errorf("%q", found.URL)
			}
		}
		_ = parseRobots(data).allows("/" + string(data[:min(len(data), 50)]))
	})
}

func checkPlain(t *testing.T, s string) {
	t.Helper()
	if !utf8.ValidString(s) || len([]rune(s)) > mostLink || strings.ContainsFunc(s, unicode.IsControl) {
		t.Errorf("%q", s)
	}
}
