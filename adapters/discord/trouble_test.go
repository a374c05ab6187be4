package discord_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"onrecord/adapters/discord"
	"onrecord/adapters/discord/discordfake"
	"onrecord/chat"
	"onrecord/work"
)

// What is written while the socket is down is replayed.
func TestDroppedSocket(t *testing.T) {
	w := newWorld(t, setting{})
	dm := w.server.DM(w.ann)
	for i := range 3 {
		w.server.DropSockets()
		w.server.Write(w.ann, dm, "help")
		w.finished(int64(i + 1))
	}
	if n := len(w.server.FromBot(w.ann, dm)); n != 3 {
		t.Errorf("%d answers to 3 messages", n)
	}
	if w.server.Tally("identify") != 1 || w.server.Tally("resume") < 3 {
		t.Errorf("%d identifies, %d resumes", w.server.Tally("identify"), w.server.Tally("resume"))
	}
}

// What was written while there was no session is read back, where the bot was
// spoken to before.
func TestLostSession(t *testing.T) {
	w := newWorld(t, setting{})
	dm := w.server.DM(w.ann)
	w.server.Write(w.ann, dm, "help")
	w.server.Write(w.ben, w.channel, "@bot help")
	w.finished(2)
	w.server.Invalidate()
	w.server.Write(w.ann, dm, story)
	w.server.Write(w.ann, w.channel, "not for you")
	missed := w.server.Write(w.ben, w.channel, "@bot "+story)
	w.finished(4)
	w.holds(w.last(w.ann, dm), "Check first:")
	w.until("the mention is answered", func() bool { return len(w.server.FromBot(w.ann, missed)) == 1 })
	// Nothing twice, and everything goes on.
	w.server.Write(w.ann, dm, "help")
	w.finished(5)
	if n := w.ran.Load(); n != 5 {
		t.Errorf("%d requests for 5 messages", n)
	}
}

// A process that was killed: the next one finds what was written meanwhile.
func TestMissedBetweenProcesses(t *testing.T) {
	notes := &notebook{m: map[string]string{}}
	w := newWorld(t, setting{options: func(o *discord.Options) { o.Notes = notes }})
	dm := w.server.DM(w.ann)
	w.server.Write(w.ann, dm, "help")
	w.finished(1)
	if err := w.stop(); err != nil {
		t.Fatal(err)
	}
	w.until("it is gone", func() bool { return !w.server.Connected() })
	w.server.Write(w.ann, dm, "are you there? "+story)

	queue := work.New(work.Options{})
	next, err := discord.New(discord.Options{Token: w.server.Token, APIURL: w.server.APIURL(), Queue: queue, Notes: notes})
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() {
		done <- next.Run(ctx, func(_ context.Context, req chat.Request) chat.Reply { return saying("I heard: " + req.Text) })
	}()
	w.until("it is answered", func() bool { return len(w.server.FromBot(w.ann, dm)) == 2 })
	w.holds(w.last(w.ann, dm), "are you there?")
	cancel()
	if err := <-done; err != nil {
		t.Error(err)
	}
}

func TestReconnectAsked(t *testing.T) {
	w := newWorld(t, setting{})
	w.server.AskReconnect()
	w.until("it resumes", func() bool { return w.server.Tally("resume") == 1 && w.server.Connected() })
	w.holds(w.answered(w.server.Command(w.ann, w.channel, "help")), "brief")
}

// A gateway that accepts everything and says nothing is given up.
func TestZombie(t *testing.T) {
	w := newWorld(t, setting{fake: discordfake.Options{Heartbeat: 200 * time.Millisecond}, silence: 700 * time.Millisecond})
	w.server.Zombie(true)
	w.until("it connects again", func() bool { return w.server.Tally("resume") >= 1 && w.server.Connected() })
	w.holds(w.answered(w.server.Command(w.ann, w.channel, "help")), "brief")
	w.eventually("it says that it is connected", func() bool { ok, _ := w.bot.Status(); return ok })
}

// A gateway that asks for another connection before anything else makes
// discordgo lock itself out. That session is left behind, and a new one made.
func TestStuckSession(t *testing.T) {
	w := newWorld(t, setting{silence: time.Second})
	dm := w.server.DM(w.ann)
	w.server.Write(w.ann, dm, "help")
	w.finished(1)
	w.server.ReconnectFirst()
	w.server.DropSockets()
	w.until("it is connected by a new session", func() bool { return w.server.Tally("identify") == 2 && w.server.Connected() })
	w.server.Write(w.ann, dm, "help")
	w.finished(2)
}

// A refused token ends Run with one clear error.
func TestRevokedToken(t *testing.T) {
	w := newWorld(t, setting{})
	w.server.Revoke()
	w.eventually("it says so", func() bool {
		ok, text := w.bot.Status()
		return !ok && strings.Contains(text, "token")
	})
	err := w.stop()
	if err == nil || !strings.Contains(err.Error(), "Reset Token") {
		t.Errorf("Run ended with %v", err)
	}
	w.stop = func() error { return nil }
	found := w.bot.Check(t.Context())
	if len(found) != 1 || found[0].OK || !strings.Contains(found[0].Text, "refused") {
		t.Errorf("doctor: %+v", found)
	}
}

// 429 of both kinds, and 5xx: everything is answered, once.
func TestFailures(t *testing.T) {
	w := newWorld(t, setting{fake: discordfake.Options{Limit: 20, Window: 300 * time.Millisecond}})
	w.server.Fail(discordfake.Failures{TooMany: .1, TooManyHTML: .03, RetryAfter: 50 * time.Millisecond})
	dm := w.server.DM(w.ann)
	var all []*discordfake.Interaction
	const n = 30
	for i := range n {
		w.server.Write(w.ann, dm, fmt.Sprint("help ", []string{"brief", "quotes", "claims"}[i%3]))
		all = append(all, w.server.Command(w.ben, w.channel, "help"))
	}
	w.finished(2 * n)
	for _, in := range all {
		w.answered(in)
	}
	if got := len(w.server.FromBot(w.ann, dm)); got != n {
		t.Errorf("%d answers to %d messages", got, n)
	}
	if w.server.Tally("429") == 0 {
		t.Error("nothing was limited")
	}
	t.Logf("%d times 429", w.server.Tally("429"))
}

func TestBrokenDiscord(t *testing.T) {
	w := newWorld(t, setting{})
	w.server.Fail(discordfake.Failures{Broken: .2})
	dm := w.server.DM(w.ann)
	asked := 0
	for asked < 10 || w.server.Tally("5xx") == 0 { // chance may let some through
		w.server.Write(w.ann, dm, "help")
		asked++
		w.finished(int64(asked))
	}
	w.server.Fail(discordfake.Failures{})
	if got := len(w.server.FromBot(w.ann, dm)); got != asked {
		t.Errorf("%d answers to %d messages", got, asked)
	}
}

// An answer that got lost on its way back does not make a second message.
func TestLostAnswers(t *testing.T) {
	var lose atomic.Bool
	w := newWorld(t, setting{options: func(o *discord.Options) {
		o.APIURL = losing(t, o.APIURL, &lose)
	}})
	dm := w.server.DM(w.ann)
	lose.Store(true)
	w.server.Write(w.ann, dm, "help")
	w.finished(1)
	if n := len(w.server.FromBot(w.ann, dm)); n != 1 {
		t.Errorf("%d answers", n)
	}
	if w.server.Tally("repeat") == 0 {
		t.Error("no answer was lost")
	}
}

// losing is a proxy before the API that does what is asked and then says that
// it failed, once for each time that lose is set.
func losing(t *testing.T, to string, lose *atomic.Bool) string {
	target, err := url.Parse(strings.TrimSuffix(to, "/api"))
	if err != nil {
		t.Fatal(err)
	}
	forward := &httputil.ReverseProxy{Rewrite: func(r *httputil.ProxyRequest) { r.SetURL(target) }}
	forward.ModifyResponse = func(r *http.Response) error {
		if r.Request.Method == http.MethodPost && (strings.HasSuffix(r.Request.URL.Path, "/messages") || strings.Contains(r.Request.URL.Path, "/webhooks/")) && lose.Swap(false) {
			return errors.New("lost")
		}
		return nil
	}
	forward.ErrorHandler = func(rw http.ResponseWriter, _ *http.Request, _ error) { rw.WriteHeader(http.StatusBadGateway) }
	forward.ErrorLog = nil
	s := httptest.NewServer(forward)
	t.Cleanup(s.Close)
	return s.URL + "/api"
}

// A follow-up has no nonce: it is not sent again, and the request ends as
// uncertain.
func TestUncertainFollowUp(t *testing.T) {
	var lose atomic.Bool
	first := saying("first")
	first.Actions = []chat.Action{{Name: "more", Label: "More", Command: "more"}}
	w := newWorld(t, setting{handler: fixed(map[string]chat.Reply{"help": first, "more": saying("more of it")}), options: func(o *discord.Options) {
		o.APIURL = losing(t, o.APIURL, &lose)
	}})
	m := w.answered(w.server.Command(w.ann, w.channel, "help"))
	lose.Store(true)
	w.server.Click(w.ann, m, "More")
	w.finished(2)
	c, err := w.queue.Counts(t.Context())
	if err != nil || c.Uncertain != 1 {
		t.Errorf("counts: %+v, %v", c, err)
	}
	if n := len(w.server.FromBot(w.ann, w.channel)); n != 2 {
		t.Errorf("%d messages", n)
	}
}

// A request that an earlier process accepted, and perhaps began to answer.
func TestLeftByAnotherProcess(t *testing.T) {
	for _, tt := range []struct {
		name     string
		progress string
		want     int
	}{
		{"before the answer", "", 1},
		{"while a follow-up was sent", `{"done":0,"sending":true}`, 0},
	} {
		t.Run(tt.name, func(t *testing.T) {
			late := make(chan bool, 1)
			store := work.NewMemory()
			w := newWorld(t, setting{
				work: work.Options{Store: store, Poll: 10 * time.Millisecond},
				handler: func(chat.Handler) chat.Handler {
					return func(_ context.Context, req chat.Request) chat.Reply {
						late <- req.Late
						return saying("sorry for the wait")
					}
				},
				before: func(w *world) {
					// The lease of a process that is no more.
					dm := w.server.DM(w.ann)
					ticket := map[string]any{"channel": dm, "direct": true, "message": "5", "request": map[string]any{"id": "5", "text": "help", "time": time.Now(), "scope": map[string]any{"User": w.ann.ID, "Channel": dm}}}
					payload, err := json.Marshal(ticket)
					if err != nil {
						t.Fatal(err)
					}
					now := time.Now()
					if _, err := store.Accept(t.Context(), work.Item{Key: "discord:5", Lane: "discord", Payload: payload, Accepted: now, Until: now.Add(time.Hour)}); err != nil {
						t.Fatal(err)
					}
					if _, err := store.Lease(t.Context(), "discord", "dead", 1, now, now); err != nil {
						t.Fatal(err)
					}
					if tt.progress != "" {
						if err := store.Save(t.Context(), "dead", "discord:5", []byte(tt.progress)); err != nil {
							t.Fatal(err)
						}
					}
				},
			})
			w.finished(1)
			if got := len(w.server.FromBot(w.ann, w.server.DM(w.ann))); got != tt.want {
				t.Errorf("%d answers, want %d", got, tt.want)
			}
			if tt.want == 1 && !<-late {
				t.Error("the request is not late")
			}
		})
	}
}

// A token that has expired: what everybody may see is posted in the channel,
// the rest is too late.
func TestExpiredToken(t *testing.T) {
	began, finish := make(chan struct{}, 2), make(chan struct{})
	first := saying("first")
	first.Actions = []chat.Action{{Name: "slow", Label: "Slow", Command: "slow"}}
	w := newWorld(t, setting{handler: func(chat.Handler) chat.Handler {
		return func(_ context.Context, req chat.Request) chat.Reply {
			if req.Command == "slow" {
				began <- struct{}{}
				<-finish
				return saying("at last")
			}
			return first
		}
	}})
	in := w.server.Command(w.ann, w.channel, "slow")
	<-began
	in.Age(20 * time.Minute)
	close(finish)
	w.finished(1)
	c, err := w.queue.Counts(t.Context())
	if err != nil || c.Late != 1 {
		t.Errorf("counts: %+v, %v", c, err)
	}
}

// A long answer says that it is worked on, and then stands in that place.
func TestProgress(t *testing.T) {
	finish := make(chan struct{})
	w := newWorld(t, setting{handler: func(chat.Handler) chat.Handler {
		return func(_ context.Context, req chat.Request) chat.Reply {
			req.Progress(chat.Reading)
			<-finish
			return saying("done")
		}
	}})
	in := w.server.Command(w.ann, w.channel, "brief")
	w.server.Write(w.ben, w.server.DM(w.ben), story)
	w.until("it says what it does", func() bool { m, ok := in.Original(); return ok && strings.Contains(m.Plain(), "Reading and analysing") })
	w.until("it types", func() bool { return w.server.Tally("typing") > 0 })
	close(finish)
	w.finished(2)
	m, _ := in.Original()
	w.holds(m, "done")
	if strings.Contains(m.Plain(), "Reading") {
		t.Error("the progress stays")
	}
}

// Many at once, with repeated deliveries, limits and dropped sockets: each is
// answered once.
func TestCrowd(t *testing.T) {
	// The clock is not what this is about: discordgo takes a second before it
	// connects again, and machines that run tests are busy.
	w := newWorld(t, setting{fake: discordfake.Options{AckWithin: time.Minute}})
	w.server.Fail(discordfake.Failures{TooMany: .05, RetryAfter: 30 * time.Millisecond})
	const n = 150
	var wait sync.WaitGroup
	for u := range 5 {
		user := w.server.AddUser(fmt.Sprint("User", u))
		dm := w.server.DM(user)
		wait.Go(func() {
			for i := range n / 5 {
				if i%2 == 0 {
					id := w.server.Write(user, dm, "help")
					if i%5 == 0 {
						w.server.Repeat(id)
					}
				} else {
					in := w.server.Command(user, w.channel, "brief", source(story))
					if i%5 == 0 {
						in.Repeat()
					}
				}
				if i%10 == 9 && u == 0 {
					w.server.DropSockets()
				}
			}
		})
	}
	wait.Wait()
	w.finished(n)
	c, err := w.queue.Counts(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("%d requests: %+v; %d limited, %d resumed, %d late acknowledgements", n, c, w.server.Tally("429"), w.server.Tally("resume"), w.server.Tally("late"))
	if w.ran.Load() != n {
		t.Errorf("the handler was called %d times", w.ran.Load())
	}
	if c.Failed > 0 {
		t.Errorf("%d failed", c.Failed)
	}
}

// Everything goes through a proxy that was configured.
func TestProxy(t *testing.T) {
	var through atomic.Int32
	var target atomic.Value
	proxy := httptest.NewServer(http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		through.Add(1)
		out, err := http.NewRequestWithContext(r.Context(), r.Method, target.Load().(string)+r.URL.RequestURI(), r.Body)
		if err != nil {
			rw.WriteHeader(http.StatusBadGateway)
			return
		}
		out.Header = r.Header.Clone()
		resp, err := http.DefaultClient.Do(out)
		if err != nil {
			rw.WriteHeader(http.StatusBadGateway)
			return
		}
		defer resp.Body.Close()
		rw.WriteHeader(resp.StatusCode)
		_, _ = io.Copy(rw, resp.Body)
	}))
	defer proxy.Close()
	defer http.DefaultClient.CloseIdleConnections()
	server := discordfake.New(discordfake.Options{})
	defer server.Close()
	target.Store(strings.TrimSuffix(server.APIURL(), "/api"))
	at, err := url.Parse(proxy.URL)
	if err != nil {
		t.Fatal(err)
	}
	p, err := discord.New(discord.Options{Token: server.Token, APIURL: "http://discord.example/api", Queue: work.New(work.Options{}), Proxy: at})
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range p.Check(t.Context()) {
		if strings.Contains(f.Text, "cannot be reached") {
			t.Error(f.Text)
		}
	}
	if through.Load() == 0 {
		t.Error("nothing went through the proxy")
	}
}

func TestOptions(t *testing.T) {
	q := work.New(work.Options{})
	for name, o := range map[string]discord.Options{
		"no token":        {Queue: q},
		"no queue":        {Token: "x"},
		"spaces":          {Token: "x y", Queue: q},
		"mode":            {Token: "x", Queue: q, Mode: "carrier pigeon"},
		"no key":          {Token: "x", Queue: q, Mode: discord.ModeHTTP},
		"half a key":      {Token: "x", Queue: q, PublicKey: "abcd"},
		"shard":           {Token: "x", Queue: q, ShardID: 2, ShardCount: 2},
		"shard of none":   {Token: "x", Queue: q, ShardID: 1},
		"address":         {Token: "x", Queue: q, APIURL: "discord.com"},
		"other protocols": {Token: "x", Queue: q, APIURL: "ftp://discord.com"},
	} {
		if _, err := discord.New(o); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
}
