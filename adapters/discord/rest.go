package discord

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"math/rand/v2"
	"mime/multipart"
	"net"
	"net/http"
	"net/textproto"
	"net/url"
	"strconv"
	"strings"
	"sync"
	"time"
)

// api is the REST side of Discord. discordgo's own cannot stop waiting for a
// rate limit when its context ends, does not retry 500, 503 and 504, takes an
// HTML 429 for nonsense, and lacks fields that we send, so requests are made
// here: bounded in attempts and age, one after the other where a bucket is
// empty.
type api struct {
	base   string // "https://discord.com/api/v10"
	token  string
	client *http.Client
	log    *slog.Logger
	fatal  func(error) // the token is refused

	mu      sync.Mutex
	buckets map[string]*bucket // by route
	global  time.Time          // nothing goes out before
}

// bucket is what the last answer said about the limit of a route.
type bucket struct {
	left  int
	reset time.Time
}

const (
	maxBuckets  = 2000
	maxAttempts = 8
	maxAge      = 2 * time.Minute // of a request, waiting included
	oneTry      = 20 * time.Second
	// htmlPause is how long to wait after a 429 that does not say so: it comes
	// from Cloudflare, which bans for longer when it is not heeded.
	htmlPause = 30 * time.Second
)

// call is one request.
type call struct {
	method, path string
	route        string // the path without what does not tell buckets apart; path if empty
	body         any    // JSON; nil for none
	files        []file
	open         bool // the address is the secret: no token is sent, a 401 does not mean ours
	once         bool // doing it twice shows: it is not repeated unless it surely was not done
	out          any  // where the answer is decoded, nil for nowhere
	within       time.Duration
}

type file struct {
	name, contentType string
	data              []byte
}

// Error is an answer of Discord that is not a success.
type Error struct {
	Method, Route string
	Status        int
	Code          int    // Discord's, 0 if there was none
	Message       string // Discord's
}

func (e *Error) Error() string {
	return fmt.Sprintf("Discord answered %s %s with %d: %s (%d)", e.Method, e.Route, e.Status, e.Message, e.Code)
}

// errUnsure says that a request which must not be repeated may have been done.
var errUnsure = errors.New("it is not known whether Discord did it")

// Codes of Discord that mean something to us.
const (
	codeUnknownChannel     = 10003
	codeUnknownMessage     = 10008
	codeUnknownWebhook     = 10015
	codeUnknownInteraction = 10062
	codeMissingAccess      = 50001
	codeCannotDM           = 50007
	codeMissingPermissions = 50013
	codeWrongChannelType   = 50024
	codeInvalidToken       = 50027
	codeInvalidForm        = 50035
	codeAcknowledged       = 40060
	codeThreadExists       = 160004
	codeCannotReply        = 160002
)

func codeOf(err error) int {
	var e *Error
	if errors.As(err, &e) {
		return e.Code
	}
	return 0
}

func statusOf(err error) int {
	var e *Error
	if errors.As(err, &e) {
		return e.Status
	}
	return 0
}

// do makes a request, waits where Discord asks for it, and repeats what may be
// repeated.
func (a *api) do(ctx context.Context, c call) error {
	if c.route == "" {
		c.route = c.path
	}
	within := c.within
	if within == 0 {
		within = maxAge
	}
	ctx, cancel := context.WithTimeout(ctx, within)
	defer cancel()
	payload, contentType, err := c.payload()
	if err != nil {
		return fmt.Errorf("writing the body of %s %s: %w", c.method, c.route, err)
	}
	for attempt := 1; ; attempt++ {
		if err := a.wait(ctx, c); err != nil {
			return err
		}
		pause, err := a.try(ctx, c, payload, contentType)
		if err == nil {
			return nil
		}
		if pause == 0 || attempt == maxAttempts || ctx.Err() != nil {
			return err
		}
		if deadline, ok := ctx.Deadline(); ok && time.Until(deadline) < pause {
			return err
		}
		a.log.DebugContext(ctx, "a request to Discord is repeated", "method", c.method, "attempt", attempt, "pause", pause, "error", err)
		if err := sleep(ctx, pause); err != nil {
			return err
		}
	}
}

func sleep(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-timer.C:
		return nil
	}
}

// wait waits until the route and Discord as a whole take a request again.
func (a *api) wait(ctx context.Context, c call) error {
	for {
		a.mu.Lock()
		now := time.Now()
		var until time.Time
		if !c.open {
			until = a.global
		}
		b := a.buckets[c.method+" "+c.route]
		if b != nil && b.left <= 0 && b.reset.After(now) && b.reset.After(until) {
			until = b.reset
		}
		if !until.After(now) {
			if b != nil {
				b.left--
			}
			a.mu.Unlock()
			return nil
		}
		a.mu.Unlock()
		if err := sleep(ctx, until.Sub(now)); err != nil {
			return fmt.Errorf("waiting for a rate limit of Discord: %w", err)
		}
	}
}

// try makes a request once. A pause that is not 0 says that it may be repeated
// after it.
func (a *api) try(ctx context.Context, c call, payload []byte, contentType string) (pause time.Duration, err error) {
	limited, cancel := context.WithTimeout(ctx, oneTry)
	defer cancel()
	req, err := http.NewRequestWithContext(limited, c.method, a.base+c.path, bytes.NewReader(payload))
	if err != nil {
		return 0, fmt.Errorf("%s %s: not an address", c.method, c.route)
	}
	if contentType != "" {
		req.Header.Set("Content-Type", contentType)
	}
	if !c.open {
		req.Header.Set("Authorization", "Bot "+a.token)
	}
	req.Header.Set("User-Agent", "DiscordBot (onrecord, 1)")
	resp, err := a.client.Do(req)
	if err != nil {
		// The address may be a secret: it stays out of errors.
		var dead *url.Error
		if errors.As(err, &dead) {
			err = dead.Err
		}
		err = fmt.Errorf("%s %s: %w", c.method, c.route, err)
		switch {
		case ctx.Err() != nil:
			return 0, err
		case c.once && !neverSent(err):
			return 0, errors.Join(errUnsure, err)
		}
		return jitter(time.Second), err
	}
	defer resp.Body.Close()
	body, readErr := io.ReadAll(io.LimitReader(resp.Body, 8<<20))
	a.learn(c, resp)
	switch {
	case resp.StatusCode < 300:
		if c.out == nil || len(body) == 0 {
			return 0, nil
		}
		if readErr == nil {
			readErr = json.Unmarshal(body, c.out)
		}
		if readErr == nil {
			return 0, nil
		}
		err := fmt.Errorf("%s %s: reading the answer: %w", c.method, c.route, readErr)
		if c.once {
			return 0, errors.Join(errUnsure, err)
		}
		return jitter(time.Second), err
	case resp.StatusCode == http.StatusTooManyRequests:
		return a.tooMany(c, resp, body)
	}
	var said struct {
		Code    int    `json:"code"`
		Message string `json:"message"`
	}
	_ = json.Unmarshal(body, &said) // HTML says nothing
	fault := &Error{Method: c.method, Route: c.route, Status: resp.StatusCode, Code: said.Code, Message: said.Message}
	switch {
	case resp.StatusCode == http.StatusUnauthorized && !c.open:
		a.fatal(fmt.Errorf("discord refuses the bot token: make a new one under Bot, Reset Token, in the developer portal: %w", fault))
		return 0, fault
	case resp.StatusCode >= 500 && c.once:
		return 0, errors.Join(errUnsure, fault)
	case resp.StatusCode >= 500:
		return jitter(time.Second), fault
	}
	return 0, fault
}

// neverSent reports whether a request failed before it could be read by
// anybody.
func neverSent(err error) bool {
	var op *net.OpError
	return errors.As(err, &op) && op.Op == "dial"
}

// jitter is a time around d.
func jitter(d time.Duration) time.Duration {
	return d/2 + rand.N(d)
}

// tooMany reads a 429.
func (a *api) tooMany(c call, resp *http.Response, body []byte) (time.Duration, error) {
	var said struct {
		RetryAfter float64 `json:"retry_after"`
		Global     bool    `json:"global"`
		Message    string  `json:"message"`
		Code       int     `json:"code"`
	}
	isJSON := json.Unmarshal(body, &said) == nil
	pause := time.Duration(said.RetryAfter * float64(time.Second))
	if pause <= 0 {
		if s, err := strconv.ParseFloat(resp.Header.Get("Retry-After"), 64); err == nil && s > 0 {
			pause = time.Duration(s * float64(time.Second))
		}
	}
	if pause <= 0 {
		pause = htmlPause
	}
	pause += time.Duration(rand.IntN(50)) * time.Millisecond
	a.mu.Lock()
	// Everything waits when all are limited, or when it is Cloudflare that
	// speaks.
	if said.Global || resp.Header.Get("X-RateLimit-Global") == "true" || !isJSON {
		if until := time.Now().Add(pause); until.After(a.global) {
			a.global = until
		}
	}
	a.mu.Unlock()
	return pause, &Error{Method: c.method, Route: c.route, Status: http.StatusTooManyRequests, Code: said.Code, Message: "rate limited"}
}

// learn keeps what an answer says about its bucket.
func (a *api) learn(c call, resp *http.Response) {
	left, err := strconv.Atoi(resp.Header.Get("X-RateLimit-Remaining"))
	if err != nil {
		return
	}
	after, err := strconv.ParseFloat(resp.Header.Get("X-RateLimit-Reset-After"), 64)
	if err != nil || after < 0 {
		return
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	now := time.Now()
	if len(a.buckets) >= maxBuckets {
		for k, b := range a.buckets {
			if b.reset.Before(now) {
				delete(a.buckets, k)
			}
		}
		if len(a.buckets) >= maxBuckets {
			clear(a.buckets)
		}
	}
	reset := now.Add(time.Duration(after * float64(time.Second)))
	key := c.method + " " + c.route
	if b := a.buckets[key]; b != nil && b.reset.After(now) && b.left < left {
		left = b.left // others are on their way
	}
	a.buckets[key] = &bucket{left: left, reset: reset}
}

// payload is the body of a call.
func (c call) payload() (data []byte, contentType string, err error) {
	if c.body == nil {
		return nil, "", nil
	}
	if data, err = json.Marshal(c.body); err != nil {
		return nil, "", err
	}
	if len(c.files) == 0 {
		return data, "application/json", nil
	}
	var b bytes.Buffer
	w := multipart.NewWriter(&b)
	part := func(disposition, contentType string, data []byte) {
		if err != nil {
			return
		}
		h := textproto.MIMEHeader{}
		h.Set("Content-Disposition", disposition)
		h.Set("Content-Type", contentType)
		var p io.Writer
		if p, err = w.CreatePart(h); err == nil {
			_, err = p.Write(data)
		}
	}
	part(`form-data; name="payload_json"`, "application/json", data)
	for i, f := range c.files {
		kind := f.contentType
		if kind == "" || strings.ContainsAny(kind, "\r\n") {
			kind = "application/octet-stream"
		}
		part(fmt.Sprintf(`form-data; name="files[%d]"; filename="%s"`, i, f.name), kind, f.data)
	}
	if err == nil {
		err = w.Close()
	}
	return b.Bytes(), w.FormDataContentType(), err
}

// send is a call that sends a message.
func send(method, path, route string, m outgoing) call {
	c := call{method: method, path: path, route: route, body: m}
	for _, f := range m.files {
		c.files = append(c.files, file{f.Name, f.ContentType, f.Data})
	}
	return c
}
