package slack_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"go.uber.org/goleak"

	"onrecord/adapters/slack"
	"onrecord/adapters/slack/slackfake"
	"onrecord/chat"
	"onrecord/chat/chattest"
	"onrecord/work"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// both runs a test by Socket Mode and by signed HTTP.
func both(t *testing.T, test func(t *testing.T, byHTTP bool)) {
	for _, byHTTP := range []bool{false, true} {
		name := "socket"
		if byHTTP {
			name = "http"
		}
		t.Run(name, func(t *testing.T) { test(t, byHTTP) })
	}
}

// desk is a newsroom: a Slack with two people, some channels, and the bot.
type desk struct {
	t      *testing.T
	slack  *slackfake.Server
	web    *httptest.Server // where Slack delivers to, in HTTP mode
	routes atomic.Pointer[http.ServeMux]
	queue  *work.Queue
	recent *chat.MemoryRecent
	log    *syncBuffer
	bot    *slack.Platform
	stop   func() error
}

const (
	ann   = "U0ANN" // an admin
	bob   = "U0BOB"
	news  = "C0NEWS" // the bot is in it
	quiet = "C0QUIET"
	inner = "C0INNER" // private, the bot is in it
)

// syncBuffer is a log that many write to.
type syncBuffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (s *syncBuffer) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.b.Write(p)
}

func (s *syncBuffer) String() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.b.String()
}

// newSlack opens a workspace.
func newSlack(t *testing.T, o slackfake.Options) *slackfake.Server {
	t.Helper()
	if o.Retries == nil {
		o.Retries = []time.Duration{0, 50 * time.Millisecond, 200 * time.Millisecond, time.Second}
	}
	s := slackfake.New(o)
	t.Cleanup(s.Close)
	s.AddUser(slackfake.User{ID: ann, Name: "Ann <!channel>", Zone: "Europe/Berlin", Locale: "de-DE", Admin: true})
	s.AddUser(slackfake.User{ID: bob, Name: "Bob", Zone: "America/New_York"})
	s.AddChannel(slackfake.Channel{ID: news, Name: "news", Members: []string{ann, bob}, Bot: true})
	s.AddChannel(slackfake.Channel{ID: quiet, Name: "quiet", Members: []string{ann, bob}})
	s.AddChannel(slackfake.Channel{ID: inner, Name: "inner", Private: true, Members: []string{ann, bob}, Bot: true})
	return s
}

// setting is how a desk differs.
type setting struct {
	byHTTP  bool
	fake    slackfake.Options
	queue   *work.Queue
	prefix  string
	proxy   *url.URL
	before  func(*slackfake.Server) // the bot starts
	forget  func(context.Context, string) error
	handler chat.Handler // a chat.Bot with a chattest.Briefer if nil
	open    bool         // there is a web server, whether Slack delivers to it or not
	change  func(*slack.Options)
}

// open opens a desk with a running bot.
func open(t *testing.T, set setting) *desk {
	t.Helper()
	d := newDesk(t, &set)
	d.run(set)
	return d
}

// newDesk opens a desk without a bot.
func newDesk(t *testing.T, set *setting) *desk {
	t.Helper()
	d := &desk{t: t, slack: newSlack(t, set.fake), queue: set.queue, recent: &chat.MemoryRecent{}, log: &syncBuffer{}}
	if d.queue == nil {
		d.queue = work.New(work.Options{})
	}
	if set.before != nil {
		set.before(d.slack)
	}
	if set.byHTTP || set.open {
		d.web = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { d.routes.Load().ServeHTTP(w, r) }))
		t.Cleanup(d.web.Close)
	}
	if set.byHTTP {
		d.slack.DeliverTo(d.web.URL)
	}
	if set.handler == nil {
		b := &chat.Bot{Service: &chat.Service{Briefer: &chattest.Briefer{}, Recent: d.recent}}
		set.handler = b.Handle
	}
	return d
}

// options are those of a platform at this desk.
func (d *desk) options(set setting) slack.Options {
	token, app, secret := d.slack.Tokens()
	o := slack.Options{
		BotToken: token, APIURL: d.slack.URL(), Queue: d.queue, Recent: d.recent, Prefix: set.prefix, Proxy: set.proxy, Forget: set.forget,
		Log: slog.New(slog.NewTextHandler(d.log, &slog.HandlerOptions{Level: slog.LevelDebug})),
	}
	if set.byHTTP {
		o.SigningSecret = secret
	} else {
		o.AppToken = app
	}
	if set.change != nil {
		set.change(&o)
	}
	return o
}

// run starts a bot; it runs until the test ends or stop is called.
func (d *desk) run(set setting) {
	d.t.Helper()
	p, err := slack.New(d.options(set))
	if err != nil {
		d.t.Fatal(err)
	}
	mux := http.NewServeMux()
	for pattern, h := range p.Handlers() {
		mux.Handle(pattern, h)
	}
	d.routes.Store(mux)
	d.bot = p
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- p.Run(ctx, set.handler) }()
	d.stop = sync.OnceValue(func() error {
		cancel()
		select {
		case err := <-done:
			return err
		case <-time.After(40 * time.Second):
			return errors.New("Run does not end")
		}
	})
	d.t.Cleanup(func() {
		_ = d.stop() // what it returns is the business of tests that end it
		if d.t.Failed() {
			d.t.Logf("%d failures, the log:\n%.6000s", len(d.slack.Failures()), d.log.String())
		}
	})
	d.until("the bot is connected", func() bool { ok, _ := p.Status(); return ok })
}

// until waits for something to be true.
func (d *desk) until(what string, ok func() bool) {
	d.t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), 20*time.Second)
	defer cancel()
	tick := time.NewTicker(5 * time.Millisecond)
	defer tick.Stop()
	for !ok() {
		select {
		case <-tick.C:
		case <-ctx.Done():
			c, err := d.queue.Counts(context.Background())
			d.t.Fatalf("in vain: %s; the queue: %+v, %v", what, c, err)
		}
	}
}

// idle waits until n requests are finished.
func (d *desk) idle(n int64) work.Counts {
	d.t.Helper()
	var c work.Counts
	d.until(fmt.Sprintf("%d requests are finished", n), func() bool {
		c, _ = d.queue.Counts(context.Background())
		return c.Waiting == 0 && c.Working == 0 && c.Done+c.Failed+c.Late+c.Uncertain >= n
	})
	return c
}

// clean fails the test when the bot did something that Slack minds.
func (d *desk) clean() {
	d.t.Helper()
	for _, p := range d.slack.Problems() {
		d.t.Errorf("Slack minds: %s", p)
	}
	token, app, secret := d.slack.Tokens()
	for _, s := range []string{token, app, secret, "/respond/", "ticket"} {
		if strings.Contains(d.log.String(), s) {
			d.t.Errorf("the log holds %q", s)
		}
	}
}

// theirs are the messages of the bot among some.
func theirs(messages []slackfake.Message) []slackfake.Message {
	return slices.DeleteFunc(messages, func(m slackfake.Message) bool { return m.From != slackfake.BotUser })
}

// read is what messages say.
func read(messages []slackfake.Message) string {
	var w strings.Builder
	for _, m := range messages {
		w.WriteString(m.Read())
		w.WriteByte('\n')
	}
	return w.String()
}

// wants fails the test when messages are not n or lack some words.
func wants(t *testing.T, messages []slackfake.Message, n int, words ...string) {
	t.Helper()
	if len(messages) != n {
		t.Errorf("%d messages, want %d:\n%s", len(messages), n, read(messages))
	}
	for _, w := range words {
		if !strings.Contains(read(messages), w) {
			t.Errorf("%q is missing in:\n%s", w, read(messages))
		}
	}
}

// The conformance test of adapters, in a direct conversation.
func TestPlatform(t *testing.T) {
	both(t, func(t *testing.T, byHTTP bool) {
		d := &desk{t: t, slack: newSlack(t, slackfake.Options{}), log: &syncBuffer{}}
		if byHTTP {
			d.web = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { d.routes.Load().ServeHTTP(w, r) }))
			t.Cleanup(d.web.Close)
			d.slack.DeliverTo(d.web.URL)
		}
		people := 0
		chattest.Platform(t, chattest.Suite{
			Start: func(t *testing.T) (chat.Platform, chattest.User) {
				people++
				u := &person{t: t, slack: d.slack, id: fmt.Sprintf("U%03d", people), queue: work.New(work.Options{}), seen: map[string]int{}}
				d.slack.AddUser(slackfake.User{ID: u.id, Name: "Somebody"})
				u.channel = d.slack.DM(u.id)
				d.queue = u.queue
				p, err := slack.New(d.options(setting{byHTTP: byHTTP}))
				if err != nil {
					t.Fatal(err)
				}
				mux := http.NewServeMux()
				for pattern, h := range p.Handlers() {
					mux.Handle(pattern, h)
				}
				d.routes.Store(mux)
				return p, u
			},
			// What is alive depends on the element that words stand in: the
			// fake Slack looks at that.
		})
		d.clean()
	})
}

// person talks to the bot directly. An answer is complete when the queue has
// finished the request.
type person struct {
	t           *testing.T
	slack       *slackfake.Server
	id, channel string
	queue       *work.Queue
	asked       int64
	seen        map[string]int // by timestamp: edits
	last        []slackfake.Message
}

func (p *person) Send(text string) {
	p.asked++
	p.slack.Say(p.id, p.channel, "", text)
}

func (p *person) Press(a chat.Action) {
	p.asked++
	for _, m := range p.last {
		for _, c := range m.Controls() {
			if c.Value != a.Command {
				continue
			}
			if err := p.slack.Press(p.id, p.channel, m.TS, c.Value); err != nil {
				p.t.Error(err)
			}
			return
		}
	}
	p.t.Errorf("there is nothing to press for %q", a.Command)
}

func (p *person) Answer(ctx context.Context) ([]string, error) {
	tick := time.NewTicker(2 * time.Millisecond)
	defer tick.Stop()
	for {
		c, err := p.queue.Counts(ctx)
		if err != nil {
			return nil, err
		}
		if c.Done+c.Failed+c.Late+c.Uncertain >= p.asked {
			break
		}
		select {
		case <-tick.C:
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	}
	p.last = nil
	var texts []string
	for _, m := range theirs(p.slack.SeesAll(p.id, p.channel)) {
		if edits, known := p.seen[m.TS]; known && edits == m.Edits {
			continue
		}
		p.seen[m.TS] = m.Edits
		p.last = append(p.last, m)
		texts = append(texts, m.Read())
	}
	return texts, nil
}
