package main

import (
	"context"
	"fmt"
	"math/rand/v2"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"onrecord/adapters/discord/discordfake"
	"onrecord/adapters/slack/slackfake"
	"onrecord/article"
	"onrecord/store"
	"onrecord/watch"
)

// wires are feeds that publish stories as a test goes on. Each feed and each
// story has a host of its own, in 127.0.0.0/8, so that the bot's manners towards a
// site hold nothing up.
type wires struct {
	t              testing.TB
	port           string
	feeds, stories int
	published      atomic.Int64
	watches        []watch.Watch // by feed
	inSlack        []string      // channels
	inDiscord      []string
	reader         *discordfake.User
}

func newWires(t testing.TB, feeds, stories int) *wires {
	w := &wires{t: t, feeds: feeds, stories: stories}
	mux := http.NewServeMux()
	mux.HandleFunc("/feed/{f}", w.serveFeed)
	mux.HandleFunc("/wire/{n}", func(rw http.ResponseWriter, r *http.Request) {
		n, err := strconv.Atoi(r.PathValue("n"))
		if err != nil || n >= int(w.published.Load()) {
			http.NotFound(rw, r)
			return
		}
		fmt.Fprint(rw, wireStory(n))
	})
	// Not httptest's own listener: all of 127.0.0.0/8 is to be answered for.
	listener, err := net.Listen("tcp4", ":0")
	if err != nil {
		t.Fatal(err)
	}
	s := httptest.NewUnstartedServer(mux)
	s.Listener.Close()
	s.Listener = listener
	s.Start()
	t.Cleanup(s.Close)
	w.port = strconv.Itoa(listener.Addr().(*net.TCPAddr).Port)
	return w
}

func (w *wires) feed(f int) string {
	return fmt.Sprintf("http://127.1.%d.%d:%s/feed/%d", f/200, 1+f%200, w.port, f)
}

func (w *wires) link(n int) string {
	return fmt.Sprintf("http://127.2.%d.%d:%s/wire/%d", n/200, 1+n%200, w.port, n)
}

// wireMark is the name by which a story is known in a post.
func wireMark(n int) string { return fmt.Sprintf("Wire-%d-", n) }

// publish makes the first n stories known, story n in feed n modulo their number.
func (w *wires) publish(n int) { w.published.Store(int64(n)) }

func (w *wires) serveFeed(rw http.ResponseWriter, r *http.Request) {
	f, err := strconv.Atoi(r.PathValue("f"))
	if err != nil {
		http.NotFound(rw, r)
		return
	}
	fmt.Fprintf(rw, `<rss version="2.0"><channel><title>Wire %d</title>`, f)
	for n := f; n < int(w.published.Load()); n += w.feeds {
		fmt.Fprintf(rw, `<item><title>%s</title><link>%s</link></item>`, wireMark(n), w.link(n))
	}
	fmt.Fprint(rw, `</channel></rss>`)
}

// wireStory is a page whose text has little in common with that of any other.
func wireStory(n int) string {
	r := rand.New(rand.NewPCG(uint64(n), 7)) //nolint:gosec // the same each time
	of := func(words string) string {
		all := strings.Fields(words)
		return all[r.IntN(len(all))]
	}
	town := func() string {
		return of("Vell Harr Orm Tarn Quel Brann Sund Mire Esk Dorn Lund Kess") + of("mar ow stad wick by ford holm field ness port dale mouth")
	}
	name := func() string {
		return of("Ilse Oren Marta Jonas Petra Anton Vera Lukas Nora Emil Clara Ruben") + " " + of("Varga Dahl Brandt Keller Novak Lindt Moreau Petrov Quist Sorel Tamm Ulrich")
	}
	thing := func() string {
		return of("new old regional northern southern municipal coastal temporary private public") + " " +
			of("ferry harbour school bridge hospital railway market theatre reservoir airport library prison")
	}
	var b strings.Builder
	title := fmt.Sprintf("%s %s loses its %s after %d years", wireMark(n), town(), thing(), 2+r.IntN(90))
	fmt.Fprintf(&b, `<!doctype html><html lang="en"><head><title>%s</title></head><body><article><h1>%s</h1>`, title, title)
	for range 5 {
		fmt.Fprintf(&b, "<p>The %s of %s spent %d million crowns on the %s in %d, %d percent more than %s had planned for the %s.</p>",
			of("council board assembly ministry company union"), town(), 2+r.IntN(900), thing(), 1960+r.IntN(60), 2+r.IntN(90), town(), thing())
		fmt.Fprintf(&b, "<p>“%s people in %s lost their %s when the %s was closed,” said %s, who leads the %s of %s.</p>",
			strconv.Itoa(200+r.IntN(9000)), town(), of("homes jobs pensions licences savings seats"), thing(), name(), of("tenants nurses teachers fishers drivers farmers"), town())
	}
	b.WriteString("</article></body></html>")
	return b.String()
}

// watched has the feeds watched, half of them in Slack, five in a channel.
func (w *wires) watched(ctx context.Context, db *store.DB, workspace *slackfake.Server, server *discordfake.Server, every time.Duration) {
	w.t.Helper()
	port, err := strconv.Atoi(w.port)
	if err != nil {
		w.t.Fatal(err)
	}
	reader := &article.Reader{Networks: []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")}, Ports: []int{port}}
	defer reader.Close()
	maker := &watch.Watcher{Store: db.Watches(), Reader: reader, Every: every}
	workspace.AddUser(slackfake.User{ID: "UWIRE", Name: "wire reader"})
	guild := server.AddGuild()
	w.reader = server.AddUser("wire reader")
	for f := range w.feeds {
		place := watch.Place{Platform: "slack", Workspace: slackfake.TeamID}
		if f%2 == 1 {
			place.Platform, place.Workspace = "discord", guild
		}
		if f%10 == 0 {
			id := fmt.Sprintf("CWIRE%d", f)
			workspace.AddChannel(slackfake.Channel{ID: id, Name: strings.ToLower(id), Bot: true, Members: []string{"UWIRE"}})
			w.inSlack, w.inDiscord = append(w.inSlack, id), append(w.inDiscord, server.AddChannel(guild))
		}
		place.Channel = w.inSlack[f/10]
		if f%2 == 1 {
			place.Channel = w.inDiscord[f/10]
		}
		added, err := maker.Add(ctx, watch.Watch{Kind: watch.Feed, Of: w.feed(f), Place: place, Limit: w.stories})
		if err != nil {
			w.t.Fatal(err)
		}
		w.watches = append(w.watches, added.Watch)
	}
}

// wireTally is what became of the stories.
type wireTally struct {
	posted, doubled, lost, uncertain, skipped int
	reasons                                   map[string]int // of those that were skipped
}

// tallied waits until every story has an end, and counts what people see.
func (w *wires) tallied(ctx context.Context, db *store.DB, workspace *slackfake.Server, server *discordfake.Server, most time.Duration) wireTally {
	w.t.Helper()
	wait, done := context.WithTimeout(ctx, most)
	defer done()
	ends := func() (items map[int]watch.Item, over int) {
		items = map[int]watch.Item{}
		for f, one := range w.watches {
			all, err := db.Watches().Recent(ctx, one.Place, one.ID, w.stories)
			if err != nil {
				w.t.Fatal(err)
			}
			byKey := map[string]watch.Item{}
			for _, it := range all {
				byKey[it.Key] = it
			}
			for n := f; n < w.stories; n += w.feeds {
				it, found := byKey[watch.KeyOf(w.link(n))]
				if found {
					items[n] = it
				}
				if it.State.Over() {
					over++
				}
			}
		}
		return items, over
	}
	items, over := ends()
	for over < w.stories && wait.Err() == nil {
		select {
		case <-time.After(time.Second):
		case <-wait.Done():
		}
		items, over = ends()
	}
	var seen []string
	for _, c := range w.inSlack {
		for _, m := range workspace.SeesAll("UWIRE", c) {
			seen = append(seen, m.Read())
		}
	}
	for _, c := range w.inDiscord {
		for _, m := range server.FromBot(w.reader, c) {
			seen = append(seen, m.Plain())
		}
	}
	got := wireTally{reasons: map[string]int{}}
	for n := range w.stories {
		times := 0
		for _, text := range seen {
			times += min(strings.Count(text, wireMark(n)), 1)
		}
		it, found := items[n]
		switch {
		case times > 1:
			got.doubled++
			w.t.Logf("story %d was posted %d times: %+v", n, times, it)
		case it.State == watch.Uncertain:
			got.uncertain++
		case times == 1:
			got.posted++
		case found && it.State.Over() && it.State != watch.Posted && it.Why != "":
			got.skipped++
			got.reasons[it.Why]++
		default:
			got.lost++
			w.t.Logf("story %d of %s is lost: %v %+v", n, w.watches[n%w.feeds].Place.Platform, found, it)
		}
	}
	return got
}
