package slack

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/slack-go/slack"
)

const (
	callTimeout  = 15 * time.Second // of one request
	maxTries     = 6                // of one call
	maxPatience  = 2 * time.Minute  // with one call, waiting included
	maxAnswer    = 4 << 20          // bytes of an answer of the API
	connectsPath = "apps.connections.open"
)

// client is the HTTP client of all requests to Slack. It bounds the answers,
// and slows down sockets that are opened one after the other.
type client struct {
	http *http.Client

	mu     sync.Mutex
	opened []time.Time // sockets of the last minutes
}

// Do implements what slack-go wants.
func (c *client) Do(req *http.Request) (*http.Response, error) {
	if strings.HasSuffix(req.URL.Path, "/"+connectsPath) && !pause(req.Context(), c.jitter(time.Now())) {
		return nil, req.Context().Err()
	}
	resp, err := c.http.Do(req)
	if err != nil {
		return nil, err
	}
	resp.Body = struct {
		io.Reader
		io.Closer
	}{io.LimitReader(resp.Body, maxAnswer), resp.Body}
	return resp, nil
}

// jitter is how long to wait before the next socket is opened: not at all the
// first time, a random while after that, longer the more there were of late.
func (c *client) jitter(now time.Time) time.Duration {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.opened = slices.DeleteFunc(c.opened, func(t time.Time) bool { return now.Sub(t) > time.Minute })
	n := len(c.opened)
	c.opened = append(c.opened, now)
	if n == 0 {
		return 0
	}
	return rand.N(min(3*time.Second, 50*time.Millisecond<<min(n/2, 8))) + time.Millisecond
}

// pause waits. It reports false when ctx ended first.
func pause(ctx context.Context, d time.Duration) bool {
	if d <= 0 {
		return ctx.Err() == nil
	}
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-ctx.Done():
		return false
	}
}

// backoff is the pause after a failed attempt, from 0, with jitter.
func backoff(attempt int) time.Duration {
	d := min(30*time.Second, 250*time.Millisecond<<min(attempt, 8))
	return d/2 + rand.N(d/2)
}

// gates keep a method closed for as long as Slack asked.
type gates struct {
	mu    sync.Mutex
	until map[string]time.Time
}

func (g *gates) left(method string) time.Duration {
	g.mu.Lock()
	defer g.mu.Unlock()
	return time.Until(g.until[method])
}

func (g *gates) shut(method string, d time.Duration) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.until == nil {
		g.until = map[string]time.Time{}
	}
	if until := time.Now().Add(d); until.After(g.until[method]) {
		g.until[method] = until
	}
}

// once makes a call with the app's token that is not repeated.
func (p *Platform) once(ctx context.Context, method string, do func(context.Context) error) error {
	return once(ctx, &p.gates, method, do)
}

// once makes a call in the workspace that is not repeated.
func (p *seat) once(ctx context.Context, method string, do func(context.Context) error) error {
	return once(ctx, p.limits, method, do)
}

func once(ctx context.Context, g *gates, method string, do func(context.Context) error) error {
	if g.left(method) > 0 {
		return &slack.RateLimitedError{RetryAfter: g.left(method)}
	}
	if ctx.Err() != nil {
		return fmt.Errorf("%w: %w", errUnsent, ctx.Err())
	}
	ctx, cancel := context.WithTimeout(ctx, callTimeout)
	defer cancel()
	err := do(ctx)
	if wait, limited := rateLimit(err); limited {
		g.shut(method, wait)
	}
	return err
}

// call makes a call with patience: what was certainly not done is tried again,
// and if it is repeatable also what may have been done. Attempts and age are
// bounded. A token that is no longer accepted is not tried again.
func (p *seat) call(ctx context.Context, method string, repeatable bool, do func(context.Context) error) error {
	deadline := time.Now().Add(maxPatience)
	for try := 0; ; try++ {
		if left := p.limits.left(method); left > 0 {
			if time.Now().Add(left).After(deadline) {
				return &slack.RateLimitedError{RetryAfter: left}
			}
			if !pause(ctx, left+rand.N(200*time.Millisecond)) {
				return fmt.Errorf("%w: %w", errUnsent, ctx.Err())
			}
		}
		err := p.once(ctx, method, do)
		if err == nil {
			return nil
		}
		if fatal := p.fatalError(err); fatal != nil {
			p.refused(ctx, errorCode(err), fatal)
			return fatal
		}
		wait, limited := rateLimit(err)
		if !limited {
			wait = backoff(try)
		}
		again := limited || notSent(err) || repeatable && inDoubt(err)
		if !again || try+1 >= maxTries || ctx.Err() != nil || time.Now().Add(wait).After(deadline) {
			return err
		}
		if !limited && !pause(ctx, wait) {
			return err
		}
	}
}

// rateLimit reports whether Slack asked to wait, and for how long.
func rateLimit(err error) (time.Duration, bool) {
	var limited *slack.RateLimitedError
	var status slack.StatusCodeError
	var respond *respondError
	switch {
	case errors.As(err, &limited):
		return max(limited.RetryAfter, 100*time.Millisecond), true
	case errors.As(err, &status) && status.Code == http.StatusTooManyRequests:
		return time.Second, true
	case errors.As(err, &respond) && respond.status == http.StatusTooManyRequests:
		return max(respond.wait, time.Second), true
	}
	switch errorCode(err) {
	case "ratelimited", "rate_limited":
		return time.Second, true
	}
	return 0, false
}

// errUnsent says that a call was given up before it was made.
var errUnsent = errors.New("not sent")

// notSent reports whether a request certainly did not reach Slack.
func notSent(err error) bool {
	var op *net.OpError
	return errors.Is(err, errUnsent) || errors.As(err, &op) && op.Op == "dial"
}

// inDoubt reports whether nobody knows what became of a request.
func inDoubt(err error) bool {
	if err == nil || notSent(err) {
		return false
	}
	var status slack.StatusCodeError
	var respond *respondError
	switch {
	case errors.As(err, &status):
		return status.Code >= 500
	case errors.As(err, &respond):
		return respond.status >= 500
	}
	if _, limited := rateLimit(err); limited {
		return false
	}
	switch errorCode(err) {
	case "":
		return true // it broke on the way
	case "internal_error", "fatal_error", "request_timeout", "service_unavailable":
		return true
	}
	return false
}

// errorCode is what Slack calls an error, "" if it did not say.
func errorCode(err error) string {
	var own slack.SlackErrorResponse
	var respond *respondError
	switch {
	case err == nil:
		return ""
	case errors.As(err, &own):
		return own.Err
	case errors.As(err, &respond):
		return respond.code
	}
	return ""
}

// safe is an error without addresses, which may hold secrets, for the log.
func safe(err error) error {
	var u *url.Error
	if errors.As(err, &u) {
		return fmt.Errorf("%s: %w", u.Op, u.Err)
	}
	return err
}

// respondError is the refusal of a response address.
type respondError struct {
	status int
	code   string
	wait   time.Duration
}

func (e *respondError) Error() string {
	return fmt.Sprintf("the response address answers %d %s", e.status, e.code)
}

// respond posts to the response address of an interaction.
func (p *Platform) respond(ctx context.Context, address string, msg map[string]any) error {
	if !p.trusted(address) {
		return &respondError{status: http.StatusBadRequest, code: "untrusted_url"}
	}
	body, err := json.Marshal(msg)
	if err != nil {
		return fmt.Errorf("encoding a response: %w", err)
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, address, bytes.NewReader(body))
	if err != nil {
		return &respondError{status: http.StatusBadRequest, code: "untrusted_url"}
	}
	req.Header.Set("Content-Type", "application/json; charset=utf-8")
	resp, err := p.client.Do(req)
	if err != nil {
		return safe(err)
	}
	defer resp.Body.Close()
	answer, err := io.ReadAll(io.LimitReader(resp.Body, 64<<10))
	if err != nil {
		return fmt.Errorf("reading the answer of a response address: %w", err)
	}
	var said struct {
		OK    *bool  `json:"ok"`
		Error string `json:"error"`
	}
	if json.Unmarshal(answer, &said) != nil {
		if word := strings.TrimSpace(string(answer)); word != "ok" && len(word) < 50 && !strings.ContainsAny(word, " <") {
			said.Error = word
		}
	}
	if resp.StatusCode == http.StatusOK && said.Error == "" && (said.OK == nil || *said.OK) {
		return nil
	}
	refused := &respondError{status: resp.StatusCode, code: said.Error}
	if seconds, err := time.ParseDuration(resp.Header.Get("Retry-After") + "s"); err == nil {
		refused.wait = seconds
	}
	return refused
}

// trusted reports whether an address is Slack's own, or that of the API.
func (p *Platform) trusted(address string) bool {
	u, err := url.Parse(address)
	if err != nil || u.User != nil {
		return false
	}
	if slices.Contains(p.hosts, u.Scheme+"://"+u.Host) {
		return true
	}
	host := strings.ToLower(u.Hostname())
	return u.Scheme == "https" && slices.ContainsFunc([]string{"slack.com", "slack-gov.com"}, func(domain string) bool {
		return host == domain || strings.HasSuffix(host, "."+domain)
	})
}
