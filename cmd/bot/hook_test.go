package main

import (
	"bytes"
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"encoding/pem"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"onrecord/watch"
)

// receiver is a program that takes messages and says what it thinks of them.
type receiver struct {
	*httptest.Server
	mu     sync.Mutex
	got    []http.Header
	bodies [][]byte
	answer http.HandlerFunc
}

func newReceiver(t *testing.T) *receiver {
	t.Helper()
	r := &receiver{}
	r.Server = httptest.NewTLSServer(http.HandlerFunc(func(w http.ResponseWriter, req *http.Request) {
		body, _ := io.ReadAll(req.Body)
		r.mu.Lock()
		r.got, r.bodies = append(r.got, req.Header), append(r.bodies, body)
		answer := r.answer
		r.mu.Unlock()
		if answer != nil {
			answer(w, req)
		}
	}))
	t.Cleanup(r.Close)
	return r
}

func (r *receiver) answers(f http.HandlerFunc) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.answer = f
}

// until waits for the nth message.
func (r *receiver) until(ctx context.Context, t *testing.T, n int) {
	t.Helper()
	for {
		r.mu.Lock()
		have := len(r.bodies)
		r.mu.Unlock()
		if have >= n {
			return
		}
		select {
		case <-ctx.Done():
			t.Fatalf("%d messages, and %d are awaited", have, n)
		case <-time.After(20 * time.Millisecond):
		}
	}
}

// soon makes what waits for a webhook due, as if its time had come.
func soon(t *testing.T, p *process) {
	t.Helper()
	db := stateOf(t, p)
	defer db.Close()
	w := &watch.Watcher{Store: db.Watches()}
	hooks, err := w.Hooks(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	items, err := w.Sent(t.Context(), hooks)
	if err != nil {
		t.Fatal(err)
	}
	for _, it := range items {
		if it.State == watch.Sending {
			it.Due = time.Now().Add(-time.Second)
			if err := w.Store.Save(t.Context(), it); err != nil {
				t.Fatal(err)
			}
		}
	}
}

// A watch tells a program: bot serve is killed while it does, and goes on when it
// is started again, with the same message. What is given up stands in bot doctor,
// and neither its secret nor its address in a log.
func TestWatchTellsAProgram(t *testing.T) {
	if testing.Short() {
		t.Skip("whole processes, one after the other")
	}
	site, feed, program := press(t), &wire{}, newReceiver(t)
	site.Config.Handler.(*http.ServeMux).Handle("/wire", feed)
	at, err := url.Parse(site.URL)
	if err != nil {
		t.Fatal(err)
	}
	there, err := url.Parse(program.URL)
	if err != nil {
		t.Fatal(err)
	}
	authority := filepath.Join(t.TempDir(), "authority.pem")
	if err := os.WriteFile(authority, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: program.Certificate().Raw}), 0o600); err != nil {
		t.Fatal(err)
	}
	bot := serving(t, site, map[string]string{
		"ONRECORD_WEBHOOK_KEY": strings.Repeat("k", 32), "SSL_CERT_FILE": authority, "ONRECORD_ALLOW_PORTS": at.Port() + "," + there.Port(),
	})
	bot.kill() // its settings are wanted first
	ctx, cancel := context.WithTimeout(t.Context(), 2*time.Minute)
	defer cancel()
	run := func(args ...string) (out, complaint string) {
		t.Helper()
		c := exec.CommandContext(ctx, "bot", args...)
		var stdout, stderr bytes.Buffer
		c.Env, c.Stdout, c.Stderr = bot.env, &stdout, &stderr
		_ = c.Run()
		return stdout.String(), stderr.String()
	}
	const path = "/desk/of-the-receiver"
	for _, c := range []struct{ args, want string }{
		{"--webhook http://127.0.0.1:" + there.Port() + path, "begins with https://"},
		{"--webhook https://169.254.169.254:" + there.Port() + path, "private network"},
		{"--webhook " + program.URL + path + " --to slack:T1:C1", "one watch speaks in one place"},
		{"--workspace desk", "--workspace goes with --webhook"},
	} {
		if out, complaint := run(append([]string{"watch", "add", site.URL + "/wire"}, strings.Fields(c.args)...)...); !strings.Contains(complaint, c.want) {
			t.Errorf("%s: %s%s, want %q", c.args, out, complaint, c.want)
		}
	}
	feed.add("1")
	out, complaint := run("watch", "add", site.URL+"/wire", "--webhook", program.URL+path, "--workspace", "desk")
	id, _, _ := strings.Cut(out, " ")
	secret := regexp.MustCompile(`whsec_[A-Za-z0-9+/=]{44}`).FindString(out)
	if complaint != "" || len(id) != 6 || secret == "" {
		t.Fatalf("%s%s", out, complaint)
	}
	if out, _ := run("watch", "secret", id); strings.TrimSpace(out) != secret {
		t.Errorf("the secret is %s, and then %s", secret, out)
	}
	if out, complaint := run("watch", "test", id); out != "taken\n" {
		t.Errorf("%s%s", out, complaint)
	}
	out, _ = run("watch", "list")
	if !strings.Contains(out, "webhook at "+there.Host+" for api/desk") || strings.Contains(out, path) || strings.Contains(out, secret) {
		t.Errorf("%s", out)
	}

	// It is killed while the program thinks.
	program.answers(func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() })
	feed.add("2")
	due(t, bot)
	bot.start()
	program.until(ctx, t, 2)
	bot.kill()
	program.answers(nil)
	bot.start()
	program.until(ctx, t, 3)
	bot.stop()
	program.mu.Lock()
	for i, h := range program.got {
		key, err := base64.StdEncoding.DecodeString(strings.TrimPrefix(secret, "whsec_"))
		if err != nil {
			t.Fatal(err)
		}
		mac := hmac.New(sha256.New, key)
		fmt.Fprintf(mac, "%s.%s.%s", h.Get("webhook-id"), h.Get("webhook-timestamp"), program.bodies[i])
		if want := "v1," + base64.StdEncoding.EncodeToString(mac.Sum(nil)); h.Get("webhook-signature") != want {
			t.Errorf("message %d: the signature is wrong", i+1)
		}
	}
	if program.got[1].Get("webhook-id") != program.got[2].Get("webhook-id") || !bytes.Equal(program.bodies[1], program.bodies[2]) {
		t.Error("after the kill another message comes")
	}
	var told struct {
		Type string
		Data struct{ Article struct{ Title string } }
	}
	if err := json.Unmarshal(program.bodies[2], &told); err != nil || told.Type != "watch.story" || !strings.HasPrefix(told.Data.Article.Title, mark("2")) {
		t.Errorf("%v: %.200s", err, program.bodies[2])
	}
	program.mu.Unlock()

	// The command line alone does it too, and what is given up is seen and can be
	// sent again.
	program.answers(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusTeapot) })
	site.Config.Handler.(*http.ServeMux).HandleFunc("/story/other", func(w http.ResponseWriter, _ *http.Request) {
		fmt.Fprint(w, `<!doctype html><html lang="en"><head><title>Tarn wants a new reservoir</title></head><body><article><h1>Tarn wants a new reservoir</h1>
<p>The council of Tarn voted on Monday to build a reservoir for 40 million crowns, after two dry summers had emptied the old one.</p>
<p>“Last August we had water for nine days,” said Oren Dahl, the mayor, who had asked for the vote. Farmers lost a quarter of their harvest in that year, according to the chamber of agriculture.</p>
</article></body></html>`)
	})
	feed.add("other")
	due(t, bot)
	for n := 4; n < 12; n++ {
		run("watch", "run")
		program.until(ctx, t, n)
		soon(t, bot)
	}
	out, _ = run("doctor")
	if want := "watch " + id + " at " + there.Host + ": given up after 8 attempts: the receiver answered 418"; !strings.Contains(out, want) || !strings.Contains(out, "1 given up; 0 waiting") {
		t.Errorf("without %q:\n%s", want, out)
	}
	program.answers(nil)
	if out, complaint := run("watch", "retry", id); out != "1 to be sent again\n" {
		t.Errorf("%s%s", out, complaint)
	}
	run("watch", "run")
	program.until(ctx, t, 12)
	out, _ = run("doctor")
	if !strings.Contains(out, "1 of watches, 0 paused; since yesterday 2 messages taken, 0 given up; 0 waiting") {
		t.Errorf("%s", out)
	}
	log := bot.log.String()
	if strings.Contains(log, path) || strings.Contains(log, secret) || strings.Contains(log, strings.Repeat("k", 32)) {
		t.Errorf("the log says too much:\n%s", log)
	}
}
