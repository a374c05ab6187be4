package watch_test

import (
	"context"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"html"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"net/url"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"onrecord/article"
	"onrecord/brief"
	"onrecord/store"
	"onrecord/watch"
	"onrecord/work"
)

// site is a news site on loopback: /feed lists its stories, /story/NAME is one.
type site struct {
	*httptest.Server
	mu      sync.Mutex
	pages   map[string]string // by path
	headers map[string]string // Content-Type by path
	status  map[string]int
	asked   map[string]int
	same    map[string]int // answers of 304

	extra   string // in the channel of feeds
	control string // Cache-Control
	retry   string // Retry-After
}

func newSite(t testing.TB) *site {
	t.Helper()
	s := &site{pages: map[string]string{}, headers: map[string]string{}, status: map[string]int{}, asked: map[string]int{}, same: map[string]int{}}
	s.Server = httptest.NewServer(http.HandlerFunc(s.serve))
	t.Cleanup(s.Close)
	return s
}

func (s *site) serve(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	defer s.mu.Unlock()
	at := r.URL.RequestURI()
	s.asked[at]++
	page, found := s.pages[at]
	if s.control != "" {
		w.Header().Set("Cache-Control", s.control)
	}
	if code := s.status[at]; code != 0 {
		if s.retry != "" {
			w.Header().Set("Retry-After", s.retry)
		}
		http.Error(w, "no", code)
		return
	}
	if !found {
		http.NotFound(w, r)
		return
	}
	if kind := s.headers[at]; kind != "" {
		w.Header().Set("Content-Type", kind)
	}
	tag := fmt.Sprintf(`"%x"`, sha256.Sum256([]byte(page)))
	w.Header().Set("ETag", tag)
	if r.Header.Get("If-None-Match") == tag {
		s.same[at]++
		w.WriteHeader(http.StatusNotModified)
		return
	}
	_, _ = w.Write([]byte(page))
}

func (s *site) put(path, page string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.pages[path] = page
}

func (s *site) fail(path string, code int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.status[path] = code
}

func (s *site) times(path string) int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.asked[path]
}

// story puts an article on the site, whose text differs from others by its
// subject.
func (s *site) story(name, title string, sentences ...string) {
	var p strings.Builder
	for _, x := range sentences {
		p.WriteString("<p>" + html.EscapeString(x) + "</p>\n")
	}
	s.put("/story/"+name, `<!doctype html><html lang="en"><head><title>`+html.EscapeString(title)+`</title><meta property="og:title" content="`+html.EscapeString(title)+`"></head><body><article><h1>`+
		html.EscapeString(title)+`</h1>`+p.String()+`</article></body></html>`)
}

// rss is a feed with the stories of these names, in this order.
func (s *site) rss(path string, names ...string) { s.rssWith(path, "", names...) }

// rssWith is rss with more about the feed itself.
func (s *site) rssWith(path, about string, names ...string) {
	var b strings.Builder
	b.WriteString(`<?xml version="1.0"?><rss version="2.0"><channel><title>The Vellmar Courier</title><link>` + s.URL + `</link>` + about)
	for _, n := range names {
		b.WriteString(`<item><title>Story ` + n + `</title><link>/story/` + n + `</link><guid isPermaLink="false">` + n + `</guid></item>`)
	}
	b.WriteString(`</channel></rss>`)
	s.put(path, b.String())
}

var subjects = []string{"ferry", "harbour", "school", "bridge", "hospital", "railway", "market", "theatre", "reservoir", "airport"}

// sample puts a story on the site about the nth subject.
func (s *site) sample(n int) (name string) {
	name = strconv.Itoa(n)
	what := subjects[n%len(subjects)] + " " + name
	s.story(
		name, "Plans for the "+what+" in Vellmar",
		fmt.Sprintf("More than %d people protested against the %s in Vellmar on Tuesday, the police said, after the council had voted for it by a large majority.", 100+n, what),
		fmt.Sprintf("“We never agreed to the %s, and %d families will lose their homes,” said Ilse Varga, who leads the association of tenants in district %d.", what, 20+n, n),
		fmt.Sprintf("The city spent %d million crowns on the %s last year, twice as much as in the year before, according to its annual report number %d.", 3+n, what, n),
		fmt.Sprintf("Mayor Oren Dahl rejected the criticism of the %s. He said that only %d of the residents had written to his office about plan %d.", what, 5+n, n),
	)
	return name
}

// channel is a Poster that remembers what was said.
type channel struct {
	briefer *brief.Briefer
	mu      sync.Mutex
	posts   []watch.Post
	rooms   map[string]watch.Room
	post    func(watch.Post) error // what goes wrong
}

func (c *channel) Room(_ context.Context, in watch.Place) (watch.Room, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.rooms[in.Channel], nil
}

func (c *channel) Brief(ctx context.Context, _ watch.Place, _ bool, src article.Source) (*brief.Briefing, error) {
	return c.briefer.Brief(ctx, src)
}

func (c *channel) Post(ctx context.Context, p watch.Post) (string, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.post != nil {
		if err := c.post(p); err != nil {
			return "", err
		}
	}
	if string(p.Progress) == "out" { // an earlier attempt got so far
		return "m", nil
	}
	c.posts = append(c.posts, p)
	if p.Save != nil {
		if err := p.Save(ctx, []byte("out")); err != nil {
			return "", err
		}
	}
	return "m" + strconv.Itoa(len(c.posts)), nil
}

// said is what was posted: titles of stories, texts of notices.
func (c *channel) said() []string {
	c.mu.Lock()
	defer c.mu.Unlock()
	var all []string
	for _, p := range c.posts {
		var titles []string
		for _, s := range p.Stories {
			titles = append(titles, s.Briefing.Article.Title)
		}
		text := string(p.Sort) + ": " + strings.Join(titles, "; ") + p.Text
		if p.Change != nil {
			text = "changes"
			for _, r := range p.Change.Revisions.List {
				text += fmt.Sprintf("\n%v: %s → %s", r.Touches, r.Before, r.After)
			}
		}
		all = append(all, text)
	}
	return all
}

// newsroom is a watcher with all that it needs, and a clock of its own.
type newsroom struct {
	*watch.Watcher
	t     testing.TB
	site  *site
	desk  *channel
	db    *store.DB
	queue *work.Queue
	mu    sync.Mutex
	at    time.Time
}

var here = watch.Place{Platform: "slack", Workspace: "T1", Channel: "C1"}

func newNewsroom(t testing.TB) *newsroom {
	t.Helper()
	s := newSite(t)
	u, err := url.Parse(s.URL)
	if err != nil {
		t.Fatal(err)
	}
	port, err := strconv.Atoi(u.Port())
	if err != nil {
		t.Fatal(err)
	}
	db, err := store.Open(t.Context(), filepath.Join(t.TempDir(), "onrecord.db"), store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	reader := &article.Reader{Networks: []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")}, Ports: []int{port}}
	t.Cleanup(func() { _ = reader.Close() })
	n := &newsroom{t: t, site: s, db: db, at: time.Date(2026, 3, 4, 9, 0, 0, 0, time.UTC)}
	n.desk = &channel{briefer: &brief.Briefer{Reader: reader}, rooms: map[string]watch.Room{}}
	n.queue = work.New(work.Options{Store: db.Work(), Poll: 5 * time.Millisecond})
	n.Watcher = &watch.Watcher{
		Store: db.Watches(), Reader: reader, Articles: reader, Poster: n.desk, Queue: n.queue, Gap: time.Microsecond,
		Now: func() time.Time {
			n.mu.Lock()
			defer n.mu.Unlock()
			return n.at
		},
	}
	return n
}

// later moves the clock, ticks, and posts what there is to post.
func (n *newsroom) later(d time.Duration) {
	n.t.Helper()
	n.mu.Lock()
	n.at = n.at.Add(d)
	n.mu.Unlock()
	n.Tick(n.t.Context())
	n.settle()
}

// settle works until nothing is left in the queue.
func (n *newsroom) settle() {
	n.t.Helper()
	ctx, stop := context.WithTimeout(n.t.Context(), 30*time.Second)
	defer stop()
	done := make(chan error, 1)
	go func() { done <- n.queue.Work(ctx, watch.Lane("slack"), n.Work) }()
	for {
		c, err := n.queue.Counts(ctx)
		if err != nil {
			n.t.Fatal(err)
		}
		if c.Waiting+c.Working == 0 {
			break
		}
		time.Sleep(2 * time.Millisecond)
	}
	stop()
	if err := <-done; err != nil {
		n.t.Fatal(err)
	}
}

func (n *newsroom) add(one watch.Watch) watch.Added {
	n.t.Helper()
	if one.Kind == "" {
		one.Kind = watch.Feed
	}
	if one.Place.Channel == "" {
		one.Place = here
	}
	added, err := n.Add(n.t.Context(), one)
	if err != nil {
		n.t.Fatal(err)
	}
	return added
}

// why is what became of the items of a watch, by title.
func (n *newsroom) why(id string) map[string]string {
	n.t.Helper()
	items, err := n.Store.Recent(n.t.Context(), here, id, 1000)
	if err != nil {
		n.t.Fatal(err)
	}
	out := map[string]string{}
	for _, it := range items {
		out[it.Title] = string(it.State) + ": " + it.Why
	}
	return out
}

func expect(t testing.TB, got []string, want ...string) {
	t.Helper()
	if len(got) != len(want) {
		t.Fatalf("said %q, want %q", got, want)
	}
	for i := range want {
		if !strings.Contains(got[i], want[i]) {
			t.Errorf("said %q, want %q", got[i], want[i])
		}
	}
}

// A feed is watched; what it has is not posted, what comes is, once.
func TestFeed(t *testing.T) {
	n := newNewsroom(t)
	one, two := n.site.sample(1), n.site.sample(2)
	n.site.rss("/feed", one)
	added := n.add(watch.Watch{Of: n.site.URL + "/feed"})
	if added.Newest != "Story 1" || added.Watch.Title != "The Vellmar Courier" || added.Have != 1 {
		t.Errorf("%+v", added)
	}
	n.later(20 * time.Minute)
	expect(t, n.desk.said())
	n.site.rss("/feed", two, one)
	n.later(20 * time.Minute)
	expect(t, n.desk.said(), "Plans for the school 2 in Vellmar")
	for range 5 {
		n.later(time.Hour)
	}
	expect(t, n.desk.said(), "Plans for the school 2 in Vellmar")
	why := n.why(added.Watch.ID)
	if why["Story 1"] != "skipped: it was there before the watch was made" || why["Plans for the school 2 in Vellmar"] != "posted: " {
		t.Errorf("%q", why)
	}
	n.site.mu.Lock()
	defer n.site.mu.Unlock()
	if n.site.same["/feed"] < 4 {
		t.Errorf("the feed was fetched again though unchanged: %v", n.site.same)
	}
}

// Everything is changed in every reading but the stories: nothing is news.
func TestTouchedStoriesAreNoNews(t *testing.T) {
	n := newNewsroom(t)
	for i := range 3 {
		n.site.sample(i)
	}
	touched := func(round int) {
		var b strings.Builder
		b.WriteString(`<rss version="2.0"><channel><title>The Vellmar Courier</title>`)
		for i := range 3 {
			fmt.Fprintf(&b, `<item><title>Plans %d, in round %d</title><link>http://www.example.org/story/%d?utm_source=r%d#top</link><guid>g%d</guid><pubDate>%s</pubDate></item>`,
				i, round, i, round, i, time.Date(2026, 3, 4, 9, round, 0, 0, time.UTC).Format(time.RFC1123Z))
		}
		b.WriteString(`</channel></rss>`)
		n.site.put("/feed", strings.ReplaceAll(b.String(), "http://www.example.org", n.site.URL))
	}
	touched(0)
	n.add(watch.Watch{Of: n.site.URL + "/feed"})
	for round := range 10 {
		touched(round + 1)
		n.later(20 * time.Minute)
	}
	expect(t, n.desk.said())
	// A new address for a story that the feed calls by the same name, with nearly
	// the same title, is none either; a name that is used again for another story
	// is one.
	n.site.story("moved", "Plans 0", "x")
	feed := `<rss version="2.0"><channel><title>T</title><item><title>Plans 0, in round 11</title><link>/story/0-moved</link><guid>g0</guid></item><item><title>Something else altogether happened</title><link>/story/5</link><guid>g1</guid></item></channel></rss>`
	n.site.sample(5)
	n.site.put("/feed", feed)
	n.later(20 * time.Minute)
	expect(t, n.desk.said(), "railway 5")
}

// The same story under another address, from another feed or agency copy, is
// posted once in a channel.
func TestOnePostForAStory(t *testing.T) {
	n := newNewsroom(t)
	n.site.rss("/a")
	n.site.rss("/b")
	a, b := n.add(watch.Watch{Of: n.site.URL + "/a"}), n.add(watch.Watch{Of: n.site.URL + "/b"})
	n.site.sample(1)
	page := n.site.pages["/story/1"]
	n.site.put("/story/copy", strings.Replace(page, "Plans for", "Agency: plans for", 2))
	n.site.rss("/a", "1")
	n.site.rss("/b", "1", "copy")
	n.later(20 * time.Minute)
	if said := n.desk.said(); len(said) != 1 {
		t.Fatalf("%q", said)
	}
	skipped := 0
	items, err := n.Store.Recent(t.Context(), here, "", 10)
	for _, it := range items {
		if it.State == watch.Skipped && strings.HasPrefix(it.Why, "the same story as “") {
			skipped++
		}
	}
	if skipped != 2 || err != nil {
		t.Errorf("%q, %q", n.why(a.Watch.ID), n.why(b.Watch.ID))
	}
	// In another channel it is news.
	other := here
	other.Channel = "C2"
	n.add(watch.Watch{Of: n.site.URL + "/a", Place: other})
	n.site.sample(2)
	n.site.rss("/a", "2", "1")
	n.later(20 * time.Minute)
	expect(t, n.desk.said(), "harbour 1", "school 2", "school 2")
}

func TestFilters(t *testing.T) {
	n := newNewsroom(t)
	n.site.rss("/feed")
	for _, c := range []struct {
		filter watch.Filter
		why    string
	}{
		{watch.Filter{Words: []string{"zebra", "protesting"}}, "posted: "},
		{watch.Filter{Words: []string{"zebra", "giraffe"}}, "skipped: filtered: it has none of “zebra, giraffe”"},
		{watch.Filter{Without: []string{"council"}}, "skipped: filtered: it has “council”"},
		{watch.Filter{Speaker: "varga"}, "posted: "},
		{watch.Filter{Speaker: "Meyer"}, "skipped: filtered: “Meyer” is not quoted in it"},
		{watch.Filter{Kinds: "number"}, "posted: "},
		{watch.Filter{Kinds: "law"}, "skipped: filtered: no claim of the kind “law” in it"},
	} {
		place := here
		place.Channel = fmt.Sprintf("C-%+v", c.filter)
		one := n.add(watch.Watch{Of: n.site.URL + "/feed", Place: place, Filter: c.filter})
		defer func() {
			for _, why := range n.why(one.Watch.ID) {
				if why != c.why {
					t.Errorf("%+v: %s, want %s", c.filter, why, c.why)
				}
			}
			if len(n.why(one.Watch.ID)) != 1 {
				t.Errorf("%+v: %q", c.filter, n.why(one.Watch.ID))
			}
		}()
	}
	n.site.rss("/feed", n.site.sample(1))
	n.later(20 * time.Minute)
	if got := n.site.times("/feed"); got != 2 {
		t.Errorf("the feed was asked %d times for all of them", got)
	}
}

func TestLimit(t *testing.T) {
	n := newNewsroom(t)
	n.site.rss("/feed")
	one := n.add(watch.Watch{Of: n.site.URL + "/feed", Limit: 3})
	var names []string
	for i := range 5 {
		names = append(names, n.site.sample(i))
	}
	n.site.rss("/feed", names...)
	n.later(20 * time.Minute)
	if said := n.desk.said(); len(said) != 3 {
		t.Errorf("%q", said)
	}
	over := 0
	for _, why := range n.why(one.Watch.ID) {
		if why == "skipped: over the limit of 3 a day in this channel" {
			over++
		}
	}
	if over != 2 {
		t.Errorf("%q", n.why(one.Watch.ID))
	}
	n.site.rss("/feed", append(names, n.site.sample(7))...)
	n.later(24 * time.Hour)
	if said := n.desk.said(); len(said) != 4 {
		t.Errorf("the next day: %q", said)
	}
}

func TestDigest(t *testing.T) {
	n := newNewsroom(t)
	n.site.rss("/feed")
	one := n.add(watch.Watch{Of: n.site.URL + "/feed", Schedule: watch.Schedule{Digest: true, At: 450, Zone: "Europe/Berlin", Weekdays: true}})
	n.site.rss("/feed", n.site.sample(1), n.site.sample(2))
	n.later(20 * time.Minute) // Wednesday 10:20 in Berlin
	expect(t, n.desk.said())
	if why := n.why(one.Watch.ID); why["Story 1"] != "held: waits for the digest" {
		t.Errorf("%q", why)
	}
	n.later(21 * time.Hour) // Thursday 7:20
	expect(t, n.desk.said())
	n.later(11 * time.Minute)
	expect(t, n.desk.said(), "digest: Plans for the harbour 1 in Vellmar; Plans for the school 2 in Vellmar")
	// The clock goes back, and the day comes again: it is not said twice.
	n.later(-2 * time.Hour)
	n.later(2 * time.Hour)
	expect(t, n.desk.said(), "digest")
	n.later(24 * time.Hour) // nothing new on Friday
	expect(t, n.desk.said(), "digest")
	if why := n.why(one.Watch.ID); why["Digest of 2026-03-06"] != "skipped: nothing new" {
		t.Errorf("%q", why)
	}
	// Over the weekend the bot is away; what came is in Monday's.
	n.site.rss("/feed", n.site.sample(3), "1", "2")
	n.later(20 * time.Hour)
	n.later(52*time.Hour + time.Minute)
	expect(t, n.desk.said(), "digest", "digest: Plans for the bridge 3 in Vellmar")
}

// A feed that fails is told once, asked less and less, and told when it works.
func TestFailingFeed(t *testing.T) {
	n := newNewsroom(t)
	n.site.rss("/feed", n.site.sample(1))
	one := n.add(watch.Watch{Of: n.site.URL + "/feed"})
	n.site.fail("/feed", http.StatusInternalServerError)
	before := n.site.times("/feed")
	for range 24 * 4 {
		n.later(15 * time.Minute)
	}
	asked := n.site.times("/feed") - before
	if asked < 5 || asked > 10 {
		t.Errorf("asked %d times in a day", asked)
	}
	expect(t, n.desk.said(), "notice: I cannot read the feed The Vellmar Courier since")
	if !strings.Contains(n.desk.said()[0], "127.0.0.1 is busy or out of order (HTTP 500)") {
		t.Errorf("%q", n.desk.said())
	}
	n.site.fail("/feed", 0)
	n.site.rss("/feed", n.site.sample(2), "1")
	for range 24 {
		n.later(time.Hour)
	}
	if said := n.desk.said(); len(said) != 3 || !slices.ContainsFunc(said, func(s string) bool { return strings.Contains(s, "can be read again") }) ||
		!slices.ContainsFunc(said, func(s string) bool { return strings.Contains(s, "school 2") }) {
		t.Errorf("%q", said)
	}
	// A short trouble is nobody's business.
	n.site.fail("/feed", http.StatusBadGateway)
	n.later(time.Hour)
	n.site.fail("/feed", 0)
	n.later(time.Hour)
	if said := n.desk.said(); len(said) != 3 {
		t.Errorf("%q", said)
	}
	if f, _, err := n.Store.Feed(t.Context(), one.Watch.Of); err != nil || f.Failures != 0 || f.Problem != "" {
		t.Errorf("%+v, %v", f, err)
	}
}

// Five hundred watches of one feed are one request; and robots.txt is obeyed.
func TestManners(t *testing.T) {
	n := newNewsroom(t)
	n.site.rss("/feed", n.site.sample(1))
	many := 500
	if testing.Short() {
		many = 20 // under the race detector each takes ten times as long
	}
	for i := range many {
		place := here
		place.Channel = "C" + strconv.Itoa(i)
		n.add(watch.Watch{Of: n.site.URL + "/feed", Place: place})
	}
	if got := n.site.times("/feed"); got != 1 {
		t.Errorf("the feed was fetched %d times for %d watches", got, many)
	}
	n.later(20 * time.Minute)
	if got := n.site.times("/feed"); got != 2 {
		t.Errorf("the feed was fetched %d times", got)
	}
	shy := newNewsroom(t)
	shy.site.put("/robots.txt", "User-agent: *\nDisallow: /private/\n\nUser-agent: OnrecordBot\nDisallow: /story/2\n")
	shy.site.rss("/feed")
	one := shy.add(watch.Watch{Of: shy.site.URL + "/feed"})
	shy.site.sample(2)
	shy.site.rss("/feed", "2")
	shy.later(20 * time.Minute)
	expect(t, shy.desk.said())
	if why := shy.why(one.Watch.ID); why["Story 2"] != "failed: could not be read: the site’s robots.txt asks programs not to read it" {
		t.Errorf("%q", why)
	}
	if shy.site.times("/story/2") != 0 {
		t.Error("it was read all the same")
	}
	shy.site.put("/robots.txt", "User-agent: *\nDisallow: /")
	if _, err := newOver(t, shy.site).Add(t.Context(), watch.Watch{Place: here, Kind: watch.Feed, Of: shy.site.URL + "/feed"}); err == nil {
		t.Error("a feed is watched that robots.txt keeps for people")
	}
}

// newOver is another newsroom for the same site.
func newOver(t *testing.T, s *site) *newsroom {
	n := newNewsroom(t)
	n.site = s
	n.Reader = &article.Reader{Networks: []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")}, Ports: []int{portOf(t, s)}}
	return n
}

func portOf(t *testing.T, s *site) int {
	u, err := url.Parse(s.URL)
	if err != nil {
		t.Fatal(err)
	}
	port, err := strconv.Atoi(u.Port())
	if err != nil {
		t.Fatal(err)
	}
	return port
}

// The feed of a site is found through its page.
func TestDiscovery(t *testing.T) {
	n := newNewsroom(t)
	n.site.rss("/news.xml", n.site.sample(1))
	n.site.put("/", `<!doctype html><html><head><link rel="alternate" type="application/rss+xml" title="Comments" href="/comments.xml"><LINK REL='alternate' TYPE='application/rss+xml' HREF='news.xml'></head><body><link rel="alternate" type="application/rss+xml" href="/evil.xml"></body></html>`)
	added := n.add(watch.Watch{Of: n.site.URL})
	if !added.Found || added.Watch.Of != n.site.URL+"/news.xml" || len(added.Others) != 1 {
		t.Errorf("%+v", added)
	}
	n.site.put("/plain", `<html><head></head><body>No feed.</body></html>`)
	for address, want := range map[string]string{
		n.site.URL + "/plain": "the page names none",
		n.site.URL + "/gone":  "not there",
		"file:///etc/passwd":  "Only http and https",
		strings.Replace(n.site.URL, "127.0.0.1", "10.0.0.1", 1): "private network",
		n.site.URL + "/news.xml":                                "watched here already",
		"":                                                      "What am I to watch?",
	} {
		_, err := n.Add(t.Context(), watch.Watch{Place: here, Kind: watch.Feed, Of: address})
		var own interface{ Sentence() string }
		if !errors.As(err, &own) || !strings.Contains(own.Sentence(), want) {
			t.Errorf("%q: %v, want %q", address, err, want)
		}
	}
}

// Watches of people, topics and claims live on what is briefed.
func TestBriefed(t *testing.T) {
	n := newNewsroom(t)
	channels := map[string]watch.Watch{
		"speaker":   {Kind: watch.Speaker, Of: "Varga"},
		"stranger":  {Kind: watch.Speaker, Of: "Meyer"},
		"topic":     {Kind: watch.Topic, Of: "protesting"},
		"claim":     {Kind: watch.Claim, Of: "The city spent 9 million crowns on the harbour last year"},
		"no claim":  {Kind: watch.Claim, Of: "The mayor owns three castles and a railway"},
		"elsewhere": {Kind: watch.Speaker, Of: "Varga"},
	}
	ids := map[string]string{}
	for name, one := range channels {
		one.Place = here
		one.Place.Channel = name
		if name == "elsewhere" {
			one.Place.Workspace = "T2"
		}
		ids[name] = n.add(one).Watch.ID
	}
	n.site.sample(1)
	brief1 := func(private bool) {
		src, err := article.FromURL(n.site.URL + "/story/1")
		if err != nil {
			t.Fatal(err)
		}
		b, err := n.desk.briefer.Brief(t.Context(), src)
		if err != nil {
			t.Fatal(err)
		}
		src.Private = private
		if err := n.Briefed(t.Context(), here, src, b); err != nil {
			t.Fatal(err)
		}
	}
	brief1(true)
	n.later(time.Minute)
	expect(t, n.desk.said())
	brief1(false)
	brief1(false)
	n.later(time.Minute)
	var in []string
	for _, p := range n.desk.posts {
		in = append(in, p.Place.Channel)
	}
	slices.Sort(in)
	if got := strings.Join(in, ", "); got != "claim, speaker, topic" {
		t.Errorf("posted in %s", got)
	}
}

// What a crash left between posting and knowing is posted again only where the
// platform knows repeats, and else called uncertain.
func TestUncertain(t *testing.T) {
	n := newNewsroom(t)
	n.site.rss("/feed")
	one := n.add(watch.Watch{Of: n.site.URL + "/feed"})
	n.site.rss("/feed", n.site.sample(1), n.site.sample(2), n.site.sample(3))
	attempts := map[string]int{}
	n.desk.post = func(p watch.Post) error {
		title := p.Stories[0].Briefing.Article.Title
		attempts[title]++
		switch {
		case strings.Contains(title, "harbour 1"):
			return fmt.Errorf("%w: nobody knows", work.ErrUncertain)
		case strings.Contains(title, "school 2"):
			return &watch.Problem{Text: "I cannot post in that channel."}
		case attempts[title] < 3:
			return errors.New("told to wait")
		}
		return nil
	}
	n.later(20 * time.Minute)
	for range 5 {
		n.later(time.Hour)
	}
	why := n.why(one.Watch.ID)
	for title, want := range map[string]string{
		"Plans for the harbour 1 in Vellmar": "uncertain: it cannot be told whether it was posted, so it is not posted again",
		"Plans for the school 2 in Vellmar":  "failed: i cannot post in that channel",
		"Plans for the bridge 3 in Vellmar":  "posted: ",
	} {
		if !strings.EqualFold(why[title], want) {
			t.Errorf("%s: %q, want %q", title, why[title], want)
		}
	}
	if attempts["Plans for the harbour 1 in Vellmar"] != 1 || len(n.desk.said()) != 1 {
		t.Errorf("%v, %q", attempts, n.desk.said())
	}
	c, err := n.queue.Counts(t.Context())
	if err != nil || c.Uncertain != 1 {
		t.Errorf("%+v, %v", c, err)
	}
}

// Nothing is said in a channel that others read before somebody allowed it.
func TestConsent(t *testing.T) {
	n := newNewsroom(t)
	n.desk.rooms[here.Channel] = watch.Room{Shared: true}
	n.site.rss("/feed")
	one := n.add(watch.Watch{Of: n.site.URL + "/feed"})
	n.site.rss("/feed", n.site.sample(1))
	n.later(20 * time.Minute)
	expect(t, n.desk.said())
	if why := n.why(one.Watch.ID)["Story 1"]; !strings.Contains(why, "watch allow") {
		t.Errorf("%q", why)
	}
	if err := n.Store.Allow(t.Context(), here, true); err != nil {
		t.Fatal(err)
	}
	n.site.rss("/feed", n.site.sample(2), "1")
	n.later(20 * time.Minute)
	expect(t, n.desk.said(), "school 2")
}

// Many processes tick at once: every story is posted once.
func TestManyProcesses(t *testing.T) {
	n := newNewsroom(t)
	n.site.rss("/feed")
	one := n.add(watch.Watch{Of: n.site.URL + "/feed", Limit: 1000})
	n.add(watch.Watch{Of: n.site.URL + "/feed", Place: watch.Place{Platform: "slack", Workspace: "T1", Channel: "C2"}, Schedule: watch.Schedule{Digest: true, At: 11 * 60}})
	var names []string
	for i := range 10 {
		names = append(names, n.site.sample(i))
	}
	n.site.rss("/feed", names...)
	n.mu.Lock()
	n.at = n.at.Add(20 * time.Minute)
	n.mu.Unlock()
	var ticking sync.WaitGroup
	for range 4 {
		ticking.Go(func() {
			n.Tick(t.Context())
			n.Tick(t.Context())
		})
	}
	ticking.Wait()
	n.settle()
	if said := n.desk.said(); len(said) != 10 {
		t.Errorf("%d posts: %q, %q", len(said), said, n.why(one.Watch.ID))
	}
	n.mu.Lock()
	n.at = n.at.Add(2 * time.Hour)
	n.mu.Unlock()
	for range 4 {
		ticking.Go(func() { n.Tick(t.Context()) })
	}
	ticking.Wait()
	n.settle()
	if said := n.desk.said(); len(said) != 11 {
		t.Errorf("%d posts", len(said))
	}
}

// An article that was briefed in a thread is read again; what matters is told
// there.
func TestArticleChanges(t *testing.T) {
	n := newNewsroom(t)
	sentences := []string{
		"Twelve people were hurt when a ferry struck the pier of Vellmar on Tuesday morning, the harbour police said in a statement.",
		"“We saw the lights go out and then there was a terrible noise,” said Ilse Varga, who had been waiting for the boat with her children.",
		"The company Harrow Lines has carried 300,000 passengers on this route in the last year, twice as many as in the year before.",
		"Engineers were looking at the engine, the rudder and the radio of the ship, and divers went down to the hull in the afternoon.",
		"The inquiry is led by Oren Dahl, who also looked into the accident at the lock two years ago and blamed the crew for it.",
	}
	title := "Ferry strikes the pier of Vellmar"
	n.site.story("ferry", title, sentences...)
	src, err := article.FromURL(n.site.URL + "/story/ferry")
	if err != nil {
		t.Fatal(err)
	}
	b, err := n.desk.briefer.Brief(t.Context(), src)
	if err != nil {
		t.Fatal(err)
	}
	thread := here
	thread.Thread = "1700.1"
	if err := n.Briefed(t.Context(), thread, src, b); err != nil {
		t.Fatal(err)
	}
	n.later(30 * time.Minute)
	if n.site.times("/story/ferry") != 1 {
		t.Error("it was read again too early")
	}
	// Commas, a typing error and a new paragraph are no news.
	edited := slices.Clone(sentences)
	edited[3] = "Engineers were looking at the engine, the rudder, and the radio of the ship; and divers went down to the hull in the afternoon."
	n.site.story("ferry", title, append(edited, "A crane is to lift the ship on Thursday if the wind allows it.")...)
	n.later(31 * time.Minute)
	expect(t, n.desk.said())
	// The site is down: that says nothing about the article.
	n.site.fail("/story/ferry", http.StatusNotFound)
	n.later(5 * time.Hour)
	expect(t, n.desk.said())
	n.site.fail("/story/ferry", 0)
	// A number, a quotation, a name and the headline.
	edited[0] = strings.Replace(edited[0], "Twelve people were hurt", "Fourteen people were hurt", 1)
	edited[1] = strings.Replace(edited[1], "a terrible noise", "an awful silence", 1)
	edited[4] = strings.Replace(edited[4], "Oren Dahl", "Oren Doyle", 1)
	n.site.story("ferry", "Fourteen hurt as ferry strikes pier", append(edited, "Correction: An earlier version of this article gave a wrong number of people hurt.")...)
	n.later(18*time.Hour + time.Minute)
	said := n.desk.said()
	if len(said) != 1 {
		t.Fatalf("%q", said)
	}
	for _, want := range []string{
		"[headline]: Ferry strikes the pier of Vellmar → Fourteen hurt as ferry strikes pier",
		"[correction]:  → Correction: An earlier version",
		"number", "Twelve people", "Fourteen people", "quotation", "terrible noise", "name", "Oren Dahl", "Oren Doyle",
	} {
		if !strings.Contains(said[0], want) {
			t.Errorf("%s\nwithout %q", said[0], want)
		}
	}
	if strings.Contains(said[0], "rudder") {
		t.Errorf("a comma is told: %s", said[0])
	}
	if at := n.desk.posts[0].Place.Thread; at != "1700.1" {
		t.Errorf("said in %q", at)
	}
	// A teaser in its place is no change, and after three days it is over.
	n.site.story("ferry", "Fourteen hurt as ferry strikes pier", edited[0])
	n.later(49 * time.Hour)
	n.later(100 * time.Hour)
	if len(n.desk.said()) != 1 {
		t.Errorf("%q", n.desk.said())
	}
	if due, err := n.Store.DueArticles(t.Context(), n.at.Add(1e6*time.Hour), 10); err != nil || len(due) != 0 {
		t.Errorf("still followed: %v, %v", due, err)
	}
}

func TestPausedAndRemoved(t *testing.T) {
	n := newNewsroom(t)
	n.site.rss("/feed")
	one := n.add(watch.Watch{Of: n.site.URL + "/feed"})
	if err := n.Store.Pause(t.Context(), one.Watch.ID, true); err != nil {
		t.Fatal(err)
	}
	n.site.rss("/feed", n.site.sample(1))
	n.later(time.Hour)
	before := n.site.times("/feed")
	n.later(time.Hour)
	if n.site.times("/feed") != before {
		t.Error("a feed that nobody watches now is read")
	}
	if err := n.Store.Pause(t.Context(), one.Watch.ID, false); err != nil {
		t.Fatal(err)
	}
	n.later(time.Hour)
	expect(t, n.desk.said(), "harbour 1") // it came in the pause, and nobody has seen it
	if err := n.Store.Remove(t.Context(), one.Watch.ID); err != nil {
		t.Fatal(err)
	}
	n.site.rss("/feed", n.site.sample(2), "1")
	n.later(time.Hour)
	expect(t, n.desk.said(), "harbour 1")
	if _, found, err := n.Store.Feed(t.Context(), one.Watch.Of); found || err != nil {
		t.Errorf("the feed is still there: %v", err)
	}
	data, err := json.Marshal(n.why(one.Watch.ID))
	if err != nil || string(data) != "{}" {
		t.Errorf("%s, %v", data, err)
	}
}

// A feed of a hundred megabytes is not read to its end, and said to be too large.
func TestFeedWithoutEnd(t *testing.T) {
	n := newNewsroom(t)
	sent := 0
	piece := []byte(strings.Repeat("<item><title>x</title></item>", 40_000))
	n.site.Config.Handler = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path != "/feed" {
			http.NotFound(w, r)
			return
		}
		_, _ = w.Write([]byte(`<rss version="2.0"><channel>`))
		for sent < 100<<20 {
			m, err := w.Write(piece)
			if sent += m; err != nil {
				return
			}
		}
	})
	_, err := n.Add(t.Context(), watch.Watch{Place: here, Kind: watch.Feed, Of: n.site.URL + "/feed"})
	if !errors.Is(err, article.ErrTooLarge) {
		t.Errorf("%v", err)
	}
	n.site.CloseClientConnections()
	n.site.Close()
	if sent > 40<<20 {
		t.Errorf("%d MB were fetched", sent>>20)
	}
}

// A feed is read no more often than it, its server or its site asks for, within
// bounds; and a site that asks to be left alone is, with all that lies on it.
func TestFeedsAskForPeace(t *testing.T) {
	if testing.Short() {
		t.Skip("one reading after the other: nothing for the race detector")
	}
	readings := func(n *newsroom, hours int) int {
		t.Helper()
		before := n.site.times("/feed")
		for i := range hours * 4 {
			n.site.rssWith("/feed", n.site.extra, n.site.sample(100+i)) // always something new
			n.later(15 * time.Minute)
		}
		return n.site.times("/feed") - before
	}
	for _, c := range []struct {
		name, inside, control string
		least, most           int // readings in twelve hours
	}{
		{"nothing said", "", "", 40, 48},
		{"ttl of an hour", "<ttl>60</ttl>", "", 11, 12},
		{"ttl of a month", "<ttl>43200</ttl>", "", 2, 2},
		{"ttl of a minute", "<ttl>1</ttl>", "", 40, 48},
		{"ttl of nonsense", "<ttl>-9 often</ttl>", "", 40, 48},
		{"twice a day", `<sy:updatePeriod xmlns:sy="http://purl.org/rss/1.0/modules/syndication/">daily</sy:updatePeriod><sy:updateFrequency xmlns:sy="http://purl.org/rss/1.0/modules/syndication/">6</sy:updateFrequency>`, "", 3, 3},
		{"max-age of two hours", "", "max-age=7200", 6, 6},
		{"may not be kept", "", "max-age=7200, no-cache", 40, 48},
	} {
		t.Run(c.name, func(t *testing.T) {
			n := newNewsroom(t)
			n.site.extra, n.site.control = c.inside, c.control
			n.site.rssWith("/feed", c.inside)
			n.add(watch.Watch{Of: n.site.URL + "/feed", Limit: 1})
			if got := readings(n, 12); got < c.least || got > c.most {
				t.Errorf("read %d times, want %d to %d", got, c.least, c.most)
			}
		})
	}

	n := newNewsroom(t)
	n.site.rss("/feed", n.site.sample(1))
	n.site.rss("/other")
	n.add(watch.Watch{Of: n.site.URL + "/feed"})
	n.later(20 * time.Minute)
	n.site.retry = "7200"
	n.site.fail("/feed", http.StatusTooManyRequests)
	n.later(20 * time.Minute)
	before := n.site.times("/feed")
	n.site.retry = ""
	n.site.fail("/feed", 0)
	n.later(50 * time.Minute)
	if _, err := n.Store.TakeFeed(t.Context(), n.site.URL+"/feed", time.Time{}, time.Time{}); err != nil {
		t.Fatal(err)
	}
	turn, err := n.Store.HostTurn(t.Context(), "127.0.0.1", n.Now(), time.Microsecond, 24*time.Hour)
	if err != nil || turn.Sub(n.Now()).Round(time.Minute) != 10*time.Minute {
		t.Errorf("the site's next turn is in %v, %v", turn.Sub(n.Now()), err)
	}
	n.later(60 * time.Minute)
	if got := n.site.times("/feed") - before; got != 0 {
		t.Errorf("a feed that wants two hours of peace was read %d times", got)
	}
	n.later(20 * time.Minute)
	if got := n.site.times("/feed") - before; got != 1 {
		t.Errorf("after that it was read %d times", got)
	}
}

// Clocks that jump, forwards and back, repeat nothing and lose nothing.
func TestClockJumps(t *testing.T) {
	n := newNewsroom(t)
	n.site.rss("/feed", n.site.sample(1))
	one := n.add(watch.Watch{Of: n.site.URL + "/feed", Schedule: watch.Schedule{Digest: true, At: 12 * 60, Zone: "Europe/Berlin"}})
	n.add(watch.Watch{Of: n.site.URL + "/feed", Place: watch.Place{Platform: "slack", Workspace: "T1", Channel: "C2"}})
	n.site.rss("/feed", n.site.sample(2), "1")
	n.later(20 * time.Minute)
	expect(t, n.desk.said(), "school 2")
	// A year ahead, and right again: nothing is repeated, and the feed is read on.
	n.later(365 * 24 * time.Hour)
	n.later(-365 * 24 * time.Hour)
	n.site.rss("/feed", n.site.sample(3), "2", "1")
	n.later(30 * time.Minute)
	if got := n.desk.said(); !strings.Contains(strings.Join(got, "\n"), "bridge 3") {
		t.Errorf("after the clock was set right nothing came: %q, %v", got, n.why(one.Watch.ID))
	}
	count := func(words string) (k int) {
		for _, s := range n.desk.said() {
			if strings.Contains(s, words) && strings.HasPrefix(s, "story") {
				k++
			}
		}
		return k
	}
	// The digest of today still comes at noon, which is 11:00 UTC, once.
	n.later(2 * time.Hour)
	digests := func() (k int) {
		for _, s := range n.desk.said() {
			if strings.HasPrefix(s, "digest") {
				k++
			}
		}
		return k
	}
	if digests() != 1 {
		t.Errorf("%d digests: %q, %v", digests(), n.desk.said(), n.why(one.Watch.ID))
	}
	// Back over its time, and through it once more.
	n.later(-90 * time.Minute)
	n.later(2 * time.Hour)
	if digests() != 1 {
		t.Errorf("the clock went back, and there are %d digests of a day", digests())
	}
	n.later(24 * time.Hour)
	if count("school 2") != 1 || count("bridge 3") != 1 {
		t.Errorf("not once: %q", n.desk.said())
	}
}

// While the store is away a post is neither repeated nor given up.
func TestStoreAwayWhilePosting(t *testing.T) {
	n := newNewsroom(t)
	n.site.rss("/feed", n.site.sample(1))
	one := n.add(watch.Watch{Of: n.site.URL + "/feed"})
	broken := &brokenStore{Store: n.Store}
	n.Store = broken
	n.site.rss("/feed", n.site.sample(2), "1")
	broken.fails = 1 // the end of the post cannot be written at first
	n.later(20 * time.Minute)
	for range 4 {
		n.later(20 * time.Minute)
	}
	expect(t, n.desk.said(), "school 2")
	if why := n.why(one.Watch.ID); why["Plans for the school 2 in Vellmar"] != "posted: " {
		t.Errorf("%q", why)
	}
}

// brokenStore does not take what was posted, some times.
type brokenStore struct {
	watch.Store
	mu    sync.Mutex
	fails int
}

func (b *brokenStore) Save(ctx context.Context, items ...watch.Item) error {
	b.mu.Lock()
	fail := b.fails > 0 && items[0].State == watch.Posted
	if fail {
		b.fails--
	}
	b.mu.Unlock()
	if fail {
		return &store.Error{Kind: store.ErrGone, What: "writing items of a watch"}
	}
	return b.Store.Save(ctx, items...)
}
