package watch_test

import (
	"bytes"
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"crypto/tls"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"net/url"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"onrecord/article"
	"onrecord/brief"
	"onrecord/store"
	"onrecord/watch"
	"onrecord/webhook"
	"onrecord/work"
)

// program takes messages on loopback, verifies them, and answers as it is told.
type program struct {
	*httptest.Server
	t       *testing.T
	secrets map[string]string // by watch
	mu      sync.Mutex
	got     []message
	answer  func(http.ResponseWriter, message)
}

type message struct {
	id, stamp string
	body      []byte
	of        struct {
		Type      string
		Timestamp string
		Watch     struct{ ID, Kind, Of, Form string }
		Data      json.RawMessage
	}
}

func newProgram(t *testing.T) *program {
	t.Helper()
	p := &program{t: t, secrets: map[string]string{}}
	p.Server = httptest.NewTLSServer(p)
	t.Cleanup(p.Close)
	return p
}

func (p *program) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	m := message{id: r.Header.Get("webhook-id"), stamp: r.Header.Get("webhook-timestamp")}
	var err error
	if m.body, err = io.ReadAll(r.Body); err != nil {
		p.t.Error(err)
	}
	if err := json.Unmarshal(m.body, &m.of); err != nil {
		p.t.Errorf("%v in %s", err, m.body)
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if secret, known := p.secrets[m.of.Watch.ID]; known {
		key, err := base64.StdEncoding.DecodeString(strings.TrimPrefix(secret, "whsec_"))
		if err != nil {
			p.t.Error(err)
		}
		mac := hmac.New(sha256.New, key)
		fmt.Fprintf(mac, "%s.%s.%s", m.id, m.stamp, m.body)
		if want := "v1," + base64.StdEncoding.EncodeToString(mac.Sum(nil)); r.Header.Get("webhook-signature") != want {
			p.t.Errorf("the signature of %s is wrong", m.id)
		}
	}
	p.got = append(p.got, m)
	if p.answer != nil {
		p.answer(w, m)
	}
}

func (p *program) answers(f func(http.ResponseWriter, message)) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.answer = f
}

func status(code int) func(http.ResponseWriter, message) {
	return func(w http.ResponseWriter, _ message) { w.WriteHeader(code) }
}

func (p *program) messages() []message {
	p.mu.Lock()
	defer p.mu.Unlock()
	return append([]message{}, p.got...)
}

// exchange is a newsroom with a program that its watches speak to.
type exchange struct {
	*newsroom
	program *program
	sender  *webhook.Sender
}

func newExchange(t *testing.T) *exchange {
	t.Helper()
	x := &exchange{newsroom: newNewsroom(t), program: newProgram(t)}
	u, err := url.Parse(x.program.URL)
	if err != nil {
		t.Fatal(err)
	}
	port, err := strconv.Atoi(u.Port())
	if err != nil {
		t.Fatal(err)
	}
	reader := &article.Reader{
		Networks: []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")}, Ports: []int{port},
		TLS: &tls.Config{RootCAs: x.program.Client().Transport.(*http.Transport).TLSClientConfig.RootCAs, MinVersion: tls.VersionTLS12},
	}
	t.Cleanup(func() { _ = reader.Close() })
	x.sender = &webhook.Sender{Client: reader, Keys: []string{"a-key-of-the-operator-for-the-tests"}, Now: x.Now}
	x.Courier = x.sender
	return x
}

// hook makes a watch that tells the program.
func (x *exchange) hook(one watch.Watch) *watch.Watch {
	x.t.Helper()
	if one.Kind == "" {
		one.Kind, one.Of = watch.Feed, x.site.URL+"/feed"
	}
	if one.Hook == "" {
		one.Hook = x.program.URL + "/hook?key=of-the-receiver"
	}
	one.Place = watch.HookPlace("slack", "T1")
	added, err := x.Add(x.t.Context(), one)
	if err != nil {
		x.t.Fatal(err)
	}
	x.program.mu.Lock()
	defer x.program.mu.Unlock()
	x.program.secrets[added.Watch.ID] = x.sender.Secret(added.Watch.SecretName())
	return &added.Watch
}

// later moves the clock, ticks, and sends what there is to send.
func (x *exchange) later(d time.Duration) {
	x.t.Helper()
	x.mu.Lock()
	x.at = x.at.Add(d)
	x.mu.Unlock()
	x.Tick(x.t.Context())
	empty(x.t, x.Watcher, x.queue)
}

// empty works until nothing is left in the queue.
func empty(t testing.TB, w *watch.Watcher, q *work.Queue) {
	t.Helper()
	ctx, stop := context.WithTimeout(t.Context(), 30*time.Second)
	defer stop()
	done := make(chan error, 1)
	go func() { done <- q.Work(ctx, watch.Lane(watch.Webhook), w.Work) }()
	for ctx.Err() == nil {
		c, err := q.Counts(ctx)
		if err != nil {
			t.Fatal(err)
		}
		if c.Waiting+c.Working == 0 {
			break
		}
		time.Sleep(2 * time.Millisecond)
	}
	stop()
	if err := <-done; err != nil {
		t.Fatal(err)
	}
}

// sent is what became of the messages of a watch, newest first.
func (x *exchange) sent(one *watch.Watch) string {
	x.t.Helper()
	items, err := x.Sent(x.t.Context(), []watch.Watch{*one})
	if err != nil {
		x.t.Fatal(err)
	}
	var all []string
	for _, it := range items {
		all = append(all, strings.TrimSpace(string(it.State)+": "+it.Why))
	}
	return strings.Join(all, "\n")
}

func compact(t testing.TB, data []byte) string {
	t.Helper()
	var out bytes.Buffer
	if err := json.Compact(&out, data); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

// A program is told of a story in the JSON of the command line, and then of what
// changes in it. Each message is verified where it arrives.
func TestWebhook(t *testing.T) {
	x := newExchange(t)
	x.site.rss("/feed")
	one := x.hook(watch.Watch{})
	name := x.site.sample(1)
	x.site.rss("/feed", name)
	x.later(20 * time.Minute)
	got := x.program.messages()
	if len(got) == 0 {
		t.Fatal("no message")
	}
	if len(got) != 1 || got[0].of.Type != "watch.story" || got[0].of.Watch.ID != one.ID || !regexp.MustCompile(`^msg_[0-9a-f]{24}$`).MatchString(got[0].id) {
		t.Fatalf("%d messages, the first %s: %.200s", len(got), got[0].id, got[0].body)
	}
	src, err := article.FromURL(x.site.URL + "/story/" + name)
	if err != nil {
		t.Fatal(err)
	}
	b, err := x.desk.briefer.Brief(t.Context(), src)
	if err != nil {
		t.Fatal(err)
	}
	want, err := brief.JSON(b)
	if err != nil {
		t.Fatal(err)
	}
	readAt := regexp.MustCompile(`"read_at":"[^"]*"`)
	if got, want := readAt.ReplaceAllString(string(got[0].of.Data), ""), readAt.ReplaceAllString(compact(t, want), ""); got != want {
		t.Errorf("told %s\nwant %s", got, want)
	}
	if at, err := time.Parse(time.RFC3339, got[0].of.Timestamp); err != nil || !at.Equal(x.at) || got[0].stamp != strconv.FormatInt(x.at.Unix(), 10) {
		t.Errorf("%s, %s", got[0].of.Timestamp, got[0].stamp)
	}
	if sent := x.sent(one); sent != "posted:" {
		t.Errorf("%q", sent)
	}

	page := x.site.pages["/story/"+name]
	x.site.put("/story/"+name, strings.ReplaceAll(page, "More than 101 people", "More than 211 people"))
	x.later(61 * time.Minute)
	x.later(time.Minute)
	got = x.program.messages()
	if len(got) != 2 || got[1].of.Type != "watch.changes" {
		t.Fatalf("%d messages; the last: %s", len(got), got[len(got)-1].body)
	}
	var c struct {
		Article struct{ Title, URL string }
		Changes []struct {
			Touches       []string
			Before, After string
		}
	}
	if err := json.Unmarshal(got[1].of.Data, &c); err != nil || len(c.Changes) != 1 || !strings.Contains(c.Changes[0].Before, "101 people") || !strings.Contains(c.Changes[0].After, "211 people") ||
		c.Changes[0].Touches[0] != "number" || c.Article.URL != src.Link {
		t.Errorf("%v: %+v", err, c)
	}

	// What is removed is told of nothing more.
	if err := x.Store.Remove(t.Context(), one.ID); err != nil {
		t.Fatal(err)
	}
	x.site.put("/story/"+name, page)
	x.site.rss("/feed", x.site.sample(2), name)
	x.later(100 * time.Hour)
	if n := len(x.program.messages()); n != 2 {
		t.Errorf("%d messages", n)
	}
	if due, err := x.Store.DueArticles(t.Context(), x.at.Add(1e6*time.Hour), 10); err != nil || len(due) != 0 {
		t.Errorf("still followed: %v, %v", due, err)
	}
}

// What a watch is about decides what is in its messages.
func TestWebhookForms(t *testing.T) {
	x := newExchange(t)
	x.site.rss("/feed")
	kinds := x.hook(watch.Watch{Filter: watch.Filter{Kinds: "number"}})
	digest := x.hook(watch.Watch{Schedule: watch.Schedule{Digest: true, At: 11 * 60}, Hook: x.program.URL + "/digest"})
	speaker := x.hook(watch.Watch{Kind: watch.Speaker, Of: "Varga", Hook: x.program.URL + "/speaker"})
	other := x.hook(watch.Watch{Kind: watch.Speaker, Of: "Varga", Hook: x.program.URL + "/other"})
	name := x.site.sample(1)
	x.site.rss("/feed", name)
	x.later(20 * time.Minute)
	x.later(2 * time.Hour)
	src, err := article.FromURL(x.site.URL + "/story/" + name)
	if err != nil {
		t.Fatal(err)
	}
	b, err := x.desk.briefer.Brief(t.Context(), src)
	if err != nil {
		t.Fatal(err)
	}
	if err := x.Store.Remove(t.Context(), other.ID); err != nil {
		t.Fatal(err)
	}
	if err := x.Briefed(t.Context(), here, src, b); err != nil {
		t.Fatal(err)
	}
	elsewhere := here
	elsewhere.Workspace = "T2"
	if err := x.Briefed(t.Context(), elsewhere, src, b); err != nil {
		t.Fatal(err)
	}
	x.later(time.Minute)
	told := map[string]message{}
	for _, m := range x.program.messages() {
		told[m.of.Watch.ID] = m
	}
	if len(told) != 3 || len(x.program.messages()) != 3 {
		t.Fatalf("%d messages", len(x.program.messages()))
	}
	var story brief.Object
	if err := json.Unmarshal(told[kinds.ID].of.Data, &story); err != nil || len(story.Claims) == 0 {
		t.Fatalf("%v: %d claims", err, len(story.Claims))
	}
	for _, c := range story.Claims {
		if !strings.Contains(strings.Join(c.Kinds, " "), "number") {
			t.Errorf("%q is of the kinds %v", c.Text, c.Kinds)
		}
	}
	var day struct {
		Slot    string
		Stories []brief.Object
	}
	if err := json.Unmarshal(told[digest.ID].of.Data, &day); err != nil || told[digest.ID].of.Type != "watch.digest" || day.Slot != "2026-03-04" || len(day.Stories) != 1 || day.Stories[0].Article.Text != nil {
		t.Errorf("%v: %s", err, told[digest.ID].body)
	}
	if err := json.Unmarshal(told[speaker.ID].of.Data, &story); err != nil || len(story.Quotes) != 1 || story.Quotes[0].Speaker != "Ilse Varga" {
		t.Errorf("%v: %+v", err, story.Quotes)
	}
}

// A program that fails is told again, for hours: the same bytes under the same
// name, each time with the time of the attempt.
func TestWebhookAgain(t *testing.T) {
	x := newExchange(t)
	x.site.rss("/feed")
	one := x.hook(watch.Watch{})
	x.site.rss("/feed", x.site.sample(1))
	x.program.answers(status(http.StatusInternalServerError))
	x.later(20 * time.Minute)
	x.site.put("/story/copy", strings.Replace(x.site.pages["/story/1"], "Plans for", "Agency: plans for", 2))
	x.site.rss("/feed", "copy", "1") // the same story: the program is about to have it
	x.site.put("/story/1", "the article has gone meanwhile")
	began := x.at
	for n := 1; n < 4; n++ {
		if sent := x.sent(one); sent != "sending: the receiver answered 500" {
			t.Fatalf("%q", sent)
		}
		items, err := x.Sent(t.Context(), []watch.Watch{*one})
		if err != nil {
			t.Fatal(err)
		}
		pause := items[0].Due.Sub(x.at)
		least := []time.Duration{0, time.Minute, 5 * time.Minute, 30 * time.Minute}[n]
		if pause < least || pause > least*7/6 {
			t.Errorf("after attempt %d it waits %v", n, pause)
		}
		x.later(least - time.Second)
		if got := len(x.program.messages()); got != n {
			t.Errorf("%d attempts before their time", got)
		}
		x.later(pause - least + time.Second)
	}
	x.program.answers(nil)
	x.later(3 * time.Hour)
	x.later(30 * time.Hour)
	got := x.program.messages()
	if len(got) != 5 || x.sent(one) != "posted:" {
		t.Fatalf("%d attempts, %q", len(got), x.sent(one))
	}
	for i, m := range got {
		if m.id != got[0].id || string(m.body) != string(got[0].body) || i > 0 && m.stamp <= got[i-1].stamp {
			t.Errorf("attempt %d: %s at %s: %.80s", i+1, m.id, m.stamp, m.body)
		}
	}
	if x.at.Sub(began) < 3*time.Hour {
		t.Error("the clock stands")
	}
}

// A program that never answers is given up within a day, and the message can be
// sent again by hand.
func TestWebhookGivenUp(t *testing.T) {
	x := newExchange(t)
	x.site.rss("/feed")
	one := x.hook(watch.Watch{})
	x.site.rss("/feed", x.site.sample(1))
	x.program.answers(status(http.StatusBadGateway))
	x.later(20 * time.Minute)
	for range 48 {
		x.later(30 * time.Minute)
	}
	got := x.program.messages()
	if sent := x.sent(one); len(got) != 8 || sent != "failed: given up after 8 attempts: the receiver answered 502" {
		t.Fatalf("%d attempts, %q", len(got), sent)
	}
	x.program.answers(nil)
	if n, err := x.Retry(t.Context(), one); n != 1 || err != nil {
		t.Fatalf("%d, %v", n, err)
	}
	x.later(time.Minute)
	got = x.program.messages()
	if len(got) != 9 || got[8].id != got[0].id || string(got[8].body) != string(got[0].body) || x.sent(one) != "posted:" {
		t.Errorf("%d attempts, %q", len(got), x.sent(one))
	}
	if n, err := x.Retry(t.Context(), one); n != 0 || err != nil {
		t.Errorf("%d, %v", n, err)
	}
}

// A program that wants no more is told no more, and one that is busy not before
// it said, whatever else there is for it.
func TestWebhookObeys(t *testing.T) {
	x := newExchange(t)
	x.site.rss("/feed")
	one := x.hook(watch.Watch{})
	x.site.rss("/feed", x.site.sample(1))
	x.program.answers(func(w http.ResponseWriter, _ message) {
		w.Header().Set("Retry-After", "7200")
		w.WriteHeader(http.StatusTooManyRequests)
	})
	x.later(20 * time.Minute)
	x.program.answers(nil)
	x.site.rss("/feed", x.site.sample(2), "1")
	for range 6 { // an hour and a half
		x.later(15 * time.Minute)
	}
	if n := len(x.program.messages()); n != 1 {
		t.Errorf("%d messages in the two hours", n)
	}
	x.later(31 * time.Minute)
	if n := len(x.program.messages()); n != 3 || x.sent(one) != "posted:\nposted:" {
		t.Errorf("%d messages, %q", n, x.sent(one))
	}

	x.program.answers(status(http.StatusGone))
	x.site.rss("/feed", x.site.sample(3), "2", "1")
	x.later(time.Hour)
	after, _, err := x.Store.Watch(t.Context(), one.ID)
	if sent := x.sent(one); err != nil || !after.Paused || !strings.HasPrefix(sent, "failed: the receiver said that it wants no more (410): the watch is paused\n") {
		t.Errorf("%v, %v: %q", err, after.Paused, sent)
	}
	x.site.rss("/feed", x.site.sample(4), "3", "2", "1")
	x.later(time.Hour)
	x.later(30 * time.Hour)
	if n := len(x.program.messages()); n != 4 {
		t.Errorf("%d messages", n)
	}
}

// A process that ends between two attempts, and one that dies in the middle of
// one, leave the message to the next.
func TestWebhookSurvives(t *testing.T) {
	x := newExchange(t)
	path := filepath.Join(t.TempDir(), "onrecord.db")
	// process runs a process of its own on the same file.
	process := func(do func(w *watch.Watcher, q *work.Queue)) {
		t.Helper()
		db, err := store.Open(t.Context(), path, store.Options{})
		if err != nil {
			t.Fatal(err)
		}
		q := work.New(work.Options{Store: db.Work(), Poll: 5 * time.Millisecond})
		do(&watch.Watcher{Store: db.Watches(), Reader: x.Reader, Articles: x.Articles, Poster: x.desk, Queue: q, Courier: x.sender, Gap: time.Microsecond, Now: x.Now}, q)
		if err := db.Close(); err != nil {
			t.Fatal(err)
		}
	}
	move := func(d time.Duration) {
		x.mu.Lock()
		x.at = x.at.Add(d)
		x.mu.Unlock()
	}
	x.site.rss("/feed")
	var one watch.Watch
	process(func(w *watch.Watcher, _ *work.Queue) {
		added, err := w.Add(t.Context(), watch.Watch{Kind: watch.Feed, Of: x.site.URL + "/feed", Place: watch.HookPlace("console", ""), Hook: x.program.URL})
		if err != nil {
			t.Fatal(err)
		}
		one = added.Watch
	})
	x.site.rss("/feed", x.site.sample(1))
	x.program.answers(status(http.StatusServiceUnavailable))
	move(20 * time.Minute)
	process(func(w *watch.Watcher, q *work.Queue) {
		w.Tick(t.Context())
		empty(t, w, q)
	})
	// This one takes the message, and dies while the program thinks about it.
	move(2 * time.Minute)
	thinking := make(chan struct{}, 1)
	x.program.answers(func(http.ResponseWriter, message) {
		select {
		case thinking <- struct{}{}:
		default:
		}
		panic(http.ErrAbortHandler)
	})
	dying, die := context.WithCancel(t.Context())
	process(func(w *watch.Watcher, q *work.Queue) {
		w.Courier = courier(func(_ context.Context, m watch.Message) error {
			ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
			defer cancel()
			_ = x.sender.Deliver(ctx, m)
			die()
			return context.Canceled // nothing more is written down
		})
		w.Tick(dying)
		done := make(chan struct{})
		go func() {
			defer close(done)
			_ = q.Work(dying, watch.Lane(watch.Webhook), w.Work)
		}()
		<-thinking
		<-done
	})
	x.program.answers(nil)
	process(func(w *watch.Watcher, q *work.Queue) {
		move(time.Minute)
		w.Tick(t.Context())
		empty(t, w, q)
		move(30 * time.Hour)
		w.Tick(t.Context())
		empty(t, w, q)
		items, err := w.Sent(t.Context(), []watch.Watch{one})
		if err != nil || len(items) != 1 || items[0].State != watch.Posted {
			t.Errorf("%v: %+v", err, items)
		}
	})
	got := x.program.messages()
	if len(got) != 3 {
		t.Fatalf("%d attempts", len(got))
	}
	for _, m := range got {
		if m.id != got[0].id || string(m.body) != string(got[0].body) {
			t.Errorf("%s: %.80s", m.id, m.body)
		}
	}
}

type courier func(context.Context, watch.Message) error

func (c courier) Check(context.Context, string) error                { return nil }
func (c courier) Deliver(ctx context.Context, m watch.Message) error { return c(ctx, m) }

// Four processes tick and work at the same time: every message arrives once.
func TestWebhookManyProcesses(t *testing.T) {
	x := newExchange(t)
	x.site.rss("/feed")
	x.hook(watch.Watch{Limit: 1000})
	var names []string
	for i := range 10 {
		names = append(names, x.site.sample(i))
	}
	x.site.rss("/feed", names...)
	fails := map[string]int{}
	x.program.answers(func(w http.ResponseWriter, m message) {
		if fails[m.id]++; fails[m.id] == 1 {
			w.WriteHeader(http.StatusInternalServerError)
		}
	})
	for range 2 {
		x.mu.Lock()
		x.at = x.at.Add(20 * time.Minute)
		x.mu.Unlock()
		var all sync.WaitGroup
		for range 4 {
			all.Go(func() {
				q := work.New(work.Options{Store: x.db.Work(), Poll: 5 * time.Millisecond})
				w := &watch.Watcher{Store: x.Store, Reader: x.Reader, Articles: x.Articles, Poster: x.desk, Queue: q, Courier: x.sender, Gap: time.Microsecond, Now: x.Now}
				w.Tick(t.Context())
				empty(t, w, q)
			})
		}
		all.Wait()
	}
	times := map[string]int{}
	for _, m := range x.program.messages() {
		times[m.id]++
	}
	for id, n := range times {
		if n != 2 {
			t.Errorf("%s was sent %d times, and failed once", id, n)
		}
	}
	if len(times) != 10 {
		t.Errorf("%d messages", len(times))
	}
}

// What cannot be told by HTTPS, or is inside, is no webhook.
func TestWebhookRefused(t *testing.T) {
	x := newExchange(t)
	x.site.rss("/feed")
	for to, want := range map[string]string{
		"http://news.example/hook":                  "https://",
		"ftp://news.example/hook":                   "https://",
		"https://user:pass@news.example/":           "https://",
		"https://news.example/#part":                "https://",
		"https://":                                  "https://",
		"https://10.1.2.3/hook":                     "port",
		"https://10.1.2.3" + port(x.program):        "not public",
		"https://169.254.169.254" + port(x.program): "not public",
	} {
		_, err := x.Add(t.Context(), watch.Watch{Kind: watch.Feed, Of: x.site.URL + "/feed", Place: watch.HookPlace("slack", "T1"), Hook: to})
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want %q", to, err, want)
		}
	}
	x.hook(watch.Watch{})
	_, err := x.Add(t.Context(), watch.Watch{Kind: watch.Feed, Of: x.site.URL + "/feed", Place: watch.HookPlace("slack", "T1"), Hook: x.program.URL + "/hook?key=of-the-receiver"})
	if err == nil || !strings.Contains(err.Error(), "watched here already") {
		t.Errorf("twice: %v", err)
	}
	x.Courier = nil
	_, err = x.Add(t.Context(), watch.Watch{Kind: watch.Feed, Of: x.site.URL + "/feed", Place: watch.HookPlace("slack", "T1"), Hook: x.program.URL})
	if err == nil || !strings.Contains(err.Error(), "ONRECORD_WEBHOOK_KEY") {
		t.Errorf("without a key: %v", err)
	}
}

func port(p *program) string { return strings.TrimPrefix(p.URL, "https://127.0.0.1") }

// A program can be tried before there is news.
func TestWebhookTry(t *testing.T) {
	x := newExchange(t)
	x.site.rss("/feed")
	one := x.hook(watch.Watch{})
	if err := x.Try(t.Context(), one); err != nil {
		t.Fatal(err)
	}
	x.program.answers(status(http.StatusForbidden))
	if err := x.Try(t.Context(), one); err == nil || err.Error() != "the receiver answered 403" {
		t.Errorf("%v", err)
	}
	got := x.program.messages()
	if len(got) != 2 || got[0].of.Type != "watch.test" || got[0].id == got[1].id {
		t.Errorf("%d messages", len(got))
	}
}

// A message about an article without end is cut where the rest is still of use.
func TestWebhookIsBounded(t *testing.T) {
	x := newExchange(t)
	x.site.rss("/feed")
	x.hook(watch.Watch{})
	var sentences []string
	for i := range 2500 {
		sentences = append(sentences, fmt.Sprintf("“We never agreed to plan %d, and %d families will lose their homes,” said Ilse Varga, who leads the association of tenants in district %d.", i, 20+i, i))
	}
	x.site.story("long", "Plans without end in Vellmar", sentences...)
	x.site.rss("/feed", "long")
	x.later(20 * time.Minute)
	got := x.program.messages()
	if len(got) != 1 {
		t.Fatalf("%d messages", len(got))
	}
	var cut struct {
		LeftOut []string `json:"left_out"`
		Data    brief.Object
	}
	if err := json.Unmarshal(got[0].body, &cut); err != nil || len(got[0].body) > 1<<20 || cut.Data.Article.Title == "" || cut.Data.Quotes == nil || len(cut.LeftOut) == 0 {
		t.Errorf("%v: %d bytes, %v", err, len(got[0].body), cut.LeftOut)
	}
}
