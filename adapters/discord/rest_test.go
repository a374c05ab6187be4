package discord

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"onrecord/work"
)

// scripted is the API, answering by a script; the last line goes on.
func scripted(t *testing.T, script ...func(http.ResponseWriter)) (*api, *atomic.Int32, *error) {
	t.Helper()
	var n atomic.Int32
	var fatal error
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		i := int(n.Add(1)) - 1
		script[min(i, len(script)-1)](w)
	}))
	t.Cleanup(s.Close)
	client := s.Client()
	return &api{
		base: s.URL, token: "secret-token", client: client, log: slog.New(slog.DiscardHandler),
		fatal: func(err error) { fatal = err }, buckets: map[string]*bucket{},
	}, &n, &fatal
}

func status(code int, body string, header ...string) func(http.ResponseWriter) {
	return func(w http.ResponseWriter) {
		for i := 0; i < len(header); i += 2 {
			w.Header().Set(header[i], header[i+1])
		}
		w.WriteHeader(code)
		_, _ = w.Write([]byte(body))
	}
}

func TestREST(t *testing.T) {
	html := "<html>error code: 1015</html>"
	for _, tt := range []struct {
		name   string
		call   call
		script []func(http.ResponseWriter)
		tries  int32
		code   int  // of the error, 0 for none
		unsure bool // the error says so
	}{
		{"done", call{method: "GET"}, []func(http.ResponseWriter){status(200, "{}")}, 1, 0, false},
		{"limited", call{method: "POST", once: true}, []func(http.ResponseWriter){status(429, `{"retry_after":0.01}`), status(200, "{}")}, 2, 0, false},
		{"limited by Cloudflare", call{method: "POST", once: true}, []func(http.ResponseWriter){status(429, html, "Retry-After", "0.01"), status(200, "{}")}, 2, 0, false},
		{"broken, may be repeated", call{method: "PATCH"}, []func(http.ResponseWriter){status(503, html), status(200, "{}")}, 2, 0, false},
		{"broken, may not be repeated", call{method: "POST", once: true}, []func(http.ResponseWriter){status(503, html), status(200, "{}")}, 1, 503, true},
		{"refused", call{method: "POST"}, []func(http.ResponseWriter){status(403, `{"code":50013,"message":"Missing Permissions"}`)}, 1, 403, false},
		{"no longer than it may take", call{method: "GET", within: 200 * time.Millisecond}, []func(http.ResponseWriter){status(429, `{"retry_after":60}`)}, 1, 429, false},
		{"a webhook's 401 is not ours", call{method: "PATCH", open: true}, []func(http.ResponseWriter){status(401, `{"code":50027}`)}, 1, 401, false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			a, n, fatal := scripted(t, tt.script...)
			tt.call.path = "/x"
			began := time.Now()
			err := a.do(t.Context(), tt.call)
			if got := statusOf(err); got != tt.code || errors.Is(err, errUnsure) != tt.unsure {
				t.Errorf("error: %v", err)
			}
			if n.Load() != tt.tries {
				t.Errorf("%d tries, want %d", n.Load(), tt.tries)
			}
			if *fatal != nil {
				t.Errorf("fatal: %v", *fatal)
			}
			if took := time.Since(began); took > 5*time.Second {
				t.Errorf("it took %v", took)
			}
		})
	}
}

func TestRESTStopsOn401(t *testing.T) {
	a, n, fatal := scripted(t, status(401, `{"message":"401: Unauthorized"}`))
	err := a.do(t.Context(), call{method: "GET", path: "/users/@me"})
	if err == nil || n.Load() != 1 || *fatal == nil || strings.Contains((*fatal).Error(), "secret-token") {
		t.Errorf("%d tries, %v, fatal: %v", n.Load(), err, *fatal)
	}
}

// A wait ends with its context, also when a bucket is empty.
func TestRESTWaitsWithContext(t *testing.T) {
	a, n, _ := scripted(t, status(200, "{}", "X-RateLimit-Remaining", "0", "X-RateLimit-Reset-After", "60"))
	if err := a.do(t.Context(), call{method: "GET", path: "/x"}); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	if err := a.do(ctx, call{method: "GET", path: "/x"}); !errors.Is(err, context.DeadlineExceeded) || n.Load() != 1 {
		t.Errorf("%d tries, %v", n.Load(), err)
	}
	// Another route is free.
	if err := a.do(t.Context(), call{method: "GET", path: "/y"}); err != nil {
		t.Error(err)
	}
}

// FuzzInteraction: whatever arrives, it is refused or answered, and nothing
// panics.
func FuzzInteraction(f *testing.F) {
	f.Add([]byte(`{"id":"5","type":2,"token":"ab","channel_id":"7","user":{"id":"9"},"data":{"name":"brief","options":[{"name":"source","type":3,"value":"https://a.example"},{"name":"file","type":11,"value":"1"}]}}`))
	f.Add([]byte(`{"id":"5","type":2,"token":"ab","guild_id":"1","channel_id":"7","member":{"user":{"id":"9"},"permissions":"8"},"data":{"type":3,"target_id":"3","resolved":{"messages":{"3":{"content":"x"}}}}}`))
	f.Add([]byte(`{"id":"5","type":3,"token":"ab","user":{"id":"9"},"data":{"custom_id":"v1:0:run:help"}}`))
	f.Add([]byte(`{"id":"5","type":5,"token":"ab","user":{"id":"9"},"data":{"custom_id":"v1:paste:brief","components":[{"components":[{"custom_id":"text","value":"x"}]}]}}`))
	f.Add([]byte(`{"id":"5","type":4,"token":"ab","user":{"id":"9"},"data":{"options":[{"name":"source","focused":true,"value":1}]}}`))
	p, err := New(Options{Token: "x", Queue: work.New(work.Options{})})
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		in, err := parseInteraction(data)
		if err != nil {
			return
		}
		if r := p.receive(t.Context(), in); r.Type == 0 {
			t.Errorf("no answer to %s", data)
		}
		p.acked(in.ID)
	})
}
