package webhook_test

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"crypto/tls"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"net/url"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"onrecord/article"
	"onrecord/watch"
	"onrecord/webhook"
)

// verifies does what a receiver's library does: it looks for a signature under
// its secret over what was sent just now.
func verifies(secret string, h http.Header, body []byte, now time.Time) error {
	key, err := base64.StdEncoding.DecodeString(strings.TrimPrefix(secret, "whsec_"))
	if err != nil || !strings.HasPrefix(secret, "whsec_") || len(key) < 24 || len(key) > 64 {
		return fmt.Errorf("no secret: %s", secret)
	}
	id, stamp := h.Get("webhook-id"), h.Get("webhook-timestamp")
	seconds, err := strconv.ParseInt(stamp, 10, 64)
	if err != nil || now.Sub(time.Unix(seconds, 0)).Abs() > 5*time.Minute {
		return fmt.Errorf("too old or too new: %s", stamp)
	}
	mac := hmac.New(sha256.New, key)
	fmt.Fprintf(mac, "%s.%s.%s", id, stamp, body)
	for s := range strings.SplitSeq(h.Get("webhook-signature"), " ") {
		version, sum, _ := strings.Cut(s, ",")
		if got, err := base64.StdEncoding.DecodeString(sum); version == "v1" && err == nil && hmac.Equal(got, mac.Sum(nil)) {
			return nil
		}
	}
	return errors.New("no signature matches")
}

// receiver is a program that takes messages on loopback, as it likes.
type receiver struct {
	*httptest.Server
	mu     sync.Mutex
	header []http.Header
	bodies [][]byte
}

func newReceiver(t *testing.T, answer http.HandlerFunc) *receiver {
	t.Helper()
	r := &receiver{}
	r.Server = httptest.NewTLSServer(http.HandlerFunc(func(w http.ResponseWriter, req *http.Request) {
		body, err := io.ReadAll(req.Body)
		if err != nil {
			t.Error(err)
		}
		r.mu.Lock()
		r.header, r.bodies = append(r.header, req.Header), append(r.bodies, body)
		r.mu.Unlock()
		answer(w, req)
	}))
	t.Cleanup(r.Close)
	return r
}

func (r *receiver) times() int {
	r.mu.Lock()
	defer r.mu.Unlock()
	return len(r.bodies)
}

// reader may reach a receiver on loopback, and takes its certificate.
func (r *receiver) reader(t *testing.T) *article.Reader {
	t.Helper()
	u, err := url.Parse(r.URL)
	if err != nil {
		t.Fatal(err)
	}
	port, err := strconv.Atoi(u.Port())
	if err != nil {
		t.Fatal(err)
	}
	reader := &article.Reader{
		Networks: []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")}, Ports: []int{port}, Timeout: 300 * time.Millisecond,
		TLS: &tls.Config{RootCAs: r.Client().Transport.(*http.Transport).TLSClientConfig.RootCAs, MinVersion: tls.VersionTLS12},
	}
	t.Cleanup(func() { _ = reader.Close() })
	return reader
}

const oldKey, newKey = "the-old-key-of-the-operator-0123456789", "the-new-key-of-the-operator-0123456789"

// A receiver with the secret verifies what is sent, with the old one too while
// there are two keys, and nothing that was changed or comes late.
func TestReceiversVerify(t *testing.T) {
	r := newReceiver(t, func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusNoContent) })
	now := time.Date(2026, 3, 4, 9, 0, 0, 0, time.UTC)
	s := &webhook.Sender{Client: r.reader(t), Keys: []string{newKey, oldKey}, Now: func() time.Time { return now }}
	body := []byte(`{"type":"watch.notice","data":{"text":"<b> & “quotes”"}}`)
	if err := s.Deliver(t.Context(), watch.Message{ID: "msg_1", To: r.URL + "/hook?key=x", Name: "k3f9a2\nhttps://a.example", Body: body}); err != nil {
		t.Fatal(err)
	}
	h, got := r.header[0], r.bodies[0]
	if string(got) != string(body) || h.Get("Content-Type") != "application/json" || h.Get("webhook-id") != "msg_1" || h.Get("webhook-timestamp") != "1772614800" {
		t.Errorf("%s\n%v", got, h)
	}
	name := "k3f9a2\nhttps://a.example"
	older := &webhook.Sender{Keys: []string{oldKey}}
	for _, secret := range []string{s.Secret(name), older.Secret(name)} {
		if err := verifies(secret, h, got, now); err != nil {
			t.Error(err)
		}
		if err := verifies(secret, h, append([]byte(" "), got...), now); err == nil {
			t.Error("another body is taken")
		}
		if err := verifies(secret, h, got, now.Add(time.Hour)); err == nil {
			t.Error("it can be played again later")
		}
		other := h.Clone()
		other.Set("webhook-id", "msg_2")
		if err := verifies(secret, other, got, now); err == nil {
			t.Error("it can be played again under another name")
		}
	}
	if err := verifies(s.Secret("other\nhttps://a.example"), h, got, now); err == nil {
		t.Error("two webhooks have one secret")
	}
}

// What receivers do, and what it means.
func TestWhatCountsAsTaken(t *testing.T) {
	hang := make(chan struct{})
	t.Cleanup(func() { close(hang) })
	for name, c := range map[string]struct {
		answer http.HandlerFunc
		why    string // empty when it was taken
		gone   bool
		after  time.Duration
	}{
		"taken":         {func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusAccepted) }, "", false, 0},
		"fails":         {func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusInternalServerError) }, "answered 500", false, 0},
		"refuses":       {func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusUnauthorized) }, "answered 401", false, 0},
		"wants no more": {func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusGone) }, "wants no more", true, 0},
		"sends on": {func(w http.ResponseWriter, r *http.Request) {
			http.Redirect(w, r, "/elsewhere", http.StatusTemporaryRedirect)
		}, "not followed", false, 0},
		"sends on at once": {func(w http.ResponseWriter, r *http.Request) {
			http.Redirect(w, r, "http://127.0.0.1:22/", http.StatusFound)
		}, "not followed", false, 0},
		"busy": {func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Retry-After", "90")
			w.WriteHeader(http.StatusTooManyRequests)
		}, "answered 429", false, 90 * time.Second},
		"busy until": {func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Retry-After", time.Date(2026, 3, 4, 10, 0, 0, 0, time.UTC).Format(http.TimeFormat))
			w.WriteHeader(http.StatusServiceUnavailable)
		}, "answered 503", false, time.Hour},
		"busy for ever": {func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Retry-After", "4294967295")
			w.WriteHeader(http.StatusTooManyRequests)
		}, "answered 429", false, 24 * time.Hour},
		"busy, in riddles": {func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Retry-After", "-5 soon")
			w.WriteHeader(http.StatusTooManyRequests)
		}, "answered 429", false, 0},
		"hangs": {func(_ http.ResponseWriter, r *http.Request) {
			select {
			case <-hang:
			case <-r.Context().Done():
			}
		}, "takes too long", false, 0},
		"endless body": {func(w http.ResponseWriter, r *http.Request) {
			for r.Context().Err() == nil {
				if _, err := w.Write(make([]byte, 64<<10)); err != nil {
					return
				}
			}
		}, "", false, 0},
		"endless header": {func(w http.ResponseWriter, _ *http.Request) {
			for i := range 1000 {
				w.Header().Set("X-"+strconv.Itoa(i), strings.Repeat("x", 1000))
			}
		}, "cannot be reached", false, 0},
		"hangs up": {func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }, "cannot be reached", false, 0},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := newReceiver(t, c.answer)
			s := &webhook.Sender{Client: r.reader(t), Keys: []string{newKey}, Now: func() time.Time { return time.Date(2026, 3, 4, 9, 0, 0, 0, time.UTC) }}
			began := time.Now()
			err := s.Deliver(t.Context(), watch.Message{ID: "msg_1", To: r.URL, Name: "n", Body: []byte("{}")})
			if took := time.Since(began); took > 5*time.Second {
				t.Errorf("it took %v", took)
			}
			var u *watch.Undelivered
			var e *article.Error
			switch {
			case c.why == "" && err == nil:
			case errors.As(err, &u):
				if c.why == "" || !strings.Contains(u.Why, c.why) || u.Gone != c.gone || u.After != c.after {
					t.Errorf("%+v", u)
				}
			case errors.As(err, &e):
				kinds := map[article.Kind]string{article.ErrSlow: "takes too long", article.ErrUnreachable: "cannot be reached"}
				if c.why == "" || kinds[e.Kind] != c.why {
					t.Errorf("%v, want %q", err, c.why)
				}
			default:
				t.Errorf("%v, want %q", err, c.why)
			}
			if n := r.times(); n != 1 {
				t.Errorf("asked %d times", n)
			}
		})
	}
}

// Whoever can name an address reaches nothing inside, and nothing unencrypted.
func TestNothingInsideIsReached(t *testing.T) {
	r := newReceiver(t, func(http.ResponseWriter, *http.Request) {})
	outside := r.reader(t)
	outside.Networks = nil
	plain := httptest.NewServer(http.NotFoundHandler())
	defer plain.Close()
	port := strings.TrimPrefix(r.URL, "https://127.0.0.1")
	for _, c := range []struct {
		client *article.Reader
		to     string
		want   article.Kind
	}{
		{outside, r.URL, article.ErrBlocked},
		{outside, "https://localhost" + port, article.ErrBlocked},
		{outside, "https://[::ffff:127.0.0.1]" + port, article.ErrBlocked},
		{outside, "https://169.254.169.254" + port, article.ErrBlocked},
		{r.reader(t), "https://10.0.0.1" + port, article.ErrBlocked},
		{r.reader(t), "https://127.0.0.1:1", article.ErrPort},
		{r.reader(t), "https://user:secret@127.0.0.1" + port, article.ErrUserInfo},
		{r.reader(t), "file:///etc/passwd", article.ErrScheme},
		{r.reader(t), plain.URL, article.ErrScheme},
	} {
		s := &webhook.Sender{Client: c.client, Keys: []string{newKey}}
		for doing, err := range map[string]error{
			"deliver": s.Deliver(t.Context(), watch.Message{ID: "msg_1", To: c.to, Name: "n", Body: []byte("{}")}),
			"check":   s.Check(t.Context(), c.to),
		} {
			var e *article.Error
			if doing == "check" && c.to == plain.URL {
				continue // package watch asks for https
			}
			if !errors.As(err, &e) || e.Kind != c.want {
				t.Errorf("%s %s: %v, want %s", doing, c.to, err, c.want)
			}
			if err != nil && strings.Contains(err.Error(), "secret") {
				t.Errorf("the error repeats a password: %v", err)
			}
		}
	}
	if n := r.times(); n != 0 {
		t.Errorf("the receiver was asked %d times", n)
	}
	if err := (&webhook.Sender{Client: r.reader(t), Keys: []string{newKey}}).Check(t.Context(), r.URL); err != nil {
		t.Errorf("an allowed network: %v", err)
	}
}

// The end of the process is no fault of the receiver.
func TestTheEndIsNoFault(t *testing.T) {
	// It answers when all is over, and not when it sees that nobody waits: that
	// answer may still be read.
	over := make(chan struct{})
	defer close(over)
	r := newReceiver(t, func(http.ResponseWriter, *http.Request) { <-over })
	ctx, cancel := context.WithCancel(t.Context())
	s := &webhook.Sender{Client: r.reader(t), Keys: []string{newKey}}
	go func() {
		for r.times() == 0 {
			time.Sleep(time.Millisecond)
		}
		cancel()
	}()
	err := s.Deliver(ctx, watch.Message{ID: "msg_1", To: r.URL, Name: "n", Body: []byte("{}")})
	var e *article.Error
	var u *watch.Undelivered
	if !errors.Is(err, context.Canceled) || errors.As(err, &e) || errors.As(err, &u) {
		t.Errorf("%v", err)
	}
}
