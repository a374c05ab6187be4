package slackfake

import (
	"bytes"
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"sync"
	"time"

	"github.com/gorilla/websocket"
)

// deliver brings a payload to the app, again and again as Slack does: events
// are repeated when they are not acknowledged in time; for anything else the
// person (user) is told that it failed. What the app said in its
// acknowledgement comes out of the channel; it is closed when there is none.
func (s *Server) deliver(kind string, payload json.RawMessage, user string) <-chan json.RawMessage {
	said := make(chan json.RawMessage, 1)
	s.mu.Lock()
	times := 1 + s.faults.Duplicate
	s.mu.Unlock()
	once := sync.OnceFunc(func() { close(said) })
	var first sync.Once
	for range times {
		s.wg.Go(func() {
			ack, ok := s.persist(kind, payload)
			if ok {
				first.Do(func() { said <- ack })
				return
			}
			if kind != "events_api" && s.ctx.Err() == nil {
				s.mu.Lock()
				s.failures = append(s.failures, Failure{User: user, What: "operation_timeout"})
				s.change()
				s.mu.Unlock()
			}
			first.Do(once)
		})
	}
	return said
}

// persist delivers until it is acknowledged.
func (s *Server) persist(kind string, payload json.RawMessage) (ack json.RawMessage, ok bool) {
	reason := ""
	for attempt := 0; ; attempt++ {
		if attempt > 0 {
			if kind != "events_api" || attempt > len(s.o.Retries) || !s.sleep(s.o.Retries[attempt-1]) {
				return nil, false
			}
		}
		s.mu.Lock()
		target := s.target
		s.mu.Unlock()
		var noRetry bool
		if target == "" {
			ack, ok, reason = s.bySocket(kind, payload, attempt, reason)
		} else {
			ack, ok, noRetry, reason = s.byHTTP(target, kind, payload, attempt, reason)
		}
		if ok || noRetry || s.ctx.Err() != nil {
			return ack, ok
		}
	}
}

func (s *Server) sleep(d time.Duration) bool {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-s.ctx.Done():
		return false
	}
}

// acknowledged notes how long it took.
func (s *Server) acknowledged(kind string, took time.Duration) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.acks = append(s.acks, took)
	if took > s.o.AckWithin {
		s.problem("%s acknowledged after %v", kind, took)
	}
	s.change()
}

// Sign makes the headers of a signed request.
func (s *Server) Sign(body []byte, at time.Time) http.Header {
	stamp := strconv.FormatInt(at.Unix(), 10)
	mac := hmac.New(sha256.New, []byte(s.o.SigningSecret))
	fmt.Fprintf(mac, "v0:%s:%s", stamp, body)
	h := http.Header{}
	h.Set("X-Slack-Request-Timestamp", stamp)
	h.Set("X-Slack-Signature", "v0="+hex.EncodeToString(mac.Sum(nil)))
	return h
}

func (s *Server) byHTTP(target, kind string, payload json.RawMessage, attempt int, reason string) (ack json.RawMessage, ok, noRetry bool, why string) {
	path, body, contentType := "/slack/events", []byte(payload), "application/json"
	switch kind {
	case "slash_commands":
		path, contentType = "/slack/commands", "application/x-www-form-urlencoded"
		var fields map[string]any
		_ = json.Unmarshal(payload, &fields)
		form := url.Values{}
		for k, v := range fields {
			form.Set(k, fmt.Sprint(v))
		}
		body = []byte(form.Encode())
	case "interactive":
		path, contentType = "/slack/interactions", "application/x-www-form-urlencoded"
		body = []byte(url.Values{"payload": {string(payload)}}.Encode())
	}
	ctx, cancel := context.WithTimeout(s.ctx, s.o.AckWithin)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, target+path, bytes.NewReader(body))
	if err != nil {
		return nil, false, true, "connection_failed"
	}
	req.Header = s.Sign(body, time.Now())
	req.Header.Set("Content-Type", contentType)
	if attempt > 0 {
		req.Header.Set("X-Slack-Retry-Num", strconv.Itoa(attempt))
		req.Header.Set("X-Slack-Retry-Reason", reason)
	}
	began := time.Now()
	resp, err := (&http.Client{Transport: s.outgoing}).Do(req)
	if err != nil {
		if ctx.Err() != nil {
			return nil, false, false, "http_timeout"
		}
		return nil, false, false, "connection_failed"
	}
	defer resp.Body.Close()
	answer, err := io.ReadAll(resp.Body)
	if err != nil || resp.StatusCode != http.StatusOK {
		return nil, false, resp.Header.Get("X-Slack-No-Retry") == "1", "http_error"
	}
	s.acknowledged(kind, time.Since(began))
	if len(answer) > 0 && !json.Valid(answer) {
		s.mu.Lock()
		s.problem("the acknowledgement of %s is no JSON", kind)
		s.mu.Unlock()
	}
	return answer, true, false, ""
}

// socket is one connection of Socket Mode.
type socket struct {
	conn *websocket.Conn
	gone chan struct{}
	end  func()

	mu    sync.Mutex
	waits map[string]chan json.RawMessage
}

func (c *socket) close() {
	c.end()
	_ = c.conn.NetConn().Close()
}

func (c *socket) write(v any) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	_ = c.conn.SetWriteDeadline(time.Now().Add(5 * time.Second))
	return c.conn.WriteJSON(v)
}

// serveSocket is the socket's end of the conversation.
func (s *Server) serveSocket(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	ticket := r.URL.Query().Get("ticket")
	good := s.tickets[ticket]
	delete(s.tickets, ticket)
	s.mu.Unlock()
	if !good {
		http.Error(w, "bad ticket", http.StatusForbidden)
		return
	}
	upgrader := websocket.Upgrader{CheckOrigin: func(*http.Request) bool { return true }}
	conn, err := upgrader.Upgrade(w, r, nil)
	if err != nil {
		return
	}
	c := &socket{conn: conn, gone: make(chan struct{}), waits: map[string]chan json.RawMessage{}}
	c.end = sync.OnceFunc(func() { close(c.gone) })
	defer func() {
		c.close()
		s.mu.Lock()
		s.sockets = slices.DeleteFunc(s.sockets, func(o *socket) bool { return o == c })
		s.change()
		s.mu.Unlock()
	}()
	s.mu.Lock()
	n := len(s.sockets) + 1
	s.mu.Unlock()
	if n > 10 {
		_ = c.write(map[string]any{"type": "disconnect", "reason": "too_many_websockets"})
		return
	}
	if c.write(map[string]any{
		"type": "hello", "num_connections": n, "connection_info": map[string]any{"app_id": AppID},
		"debug_info": map[string]any{"host": "applink-fake", "build_number": 1, "approximate_connection_time": 18060},
	}) != nil {
		return
	}
	s.mu.Lock()
	s.sockets = append(s.sockets, c)
	s.change()
	s.mu.Unlock()
	pinging := make(chan struct{})
	go func() {
		defer close(pinging)
		tick := time.NewTicker(5 * time.Second)
		defer tick.Stop()
		for {
			select {
			case <-tick.C:
				_ = conn.WriteControl(websocket.PingMessage, []byte("ping"), time.Now().Add(time.Second))
			case <-c.gone:
				return
			}
		}
	}()
	defer func() { c.end(); <-pinging }()
	for {
		kind, data, err := conn.ReadMessage()
		if err != nil {
			return
		}
		if kind != websocket.TextMessage {
			continue
		}
		var ack struct {
			EnvelopeID string          `json:"envelope_id"`
			Payload    json.RawMessage `json:"payload"`
		}
		if json.Unmarshal(data, &ack) != nil || ack.EnvelopeID == "" || len(data) >= 20<<10 {
			s.mu.Lock()
			s.problem("an acknowledgement that Slack would drop: %.80s", data)
			s.mu.Unlock()
			continue
		}
		c.mu.Lock()
		wait := c.waits[ack.EnvelopeID]
		delete(c.waits, ack.EnvelopeID)
		c.mu.Unlock()
		if wait != nil {
			wait <- ack.Payload
		}
	}
}

// bySocket sends an envelope to one of the sockets and waits for it to be
// acknowledged. When the socket breaks before that, another one gets it within
// the same time.
func (s *Server) bySocket(kind string, payload json.RawMessage, attempt int, reason string) (ack json.RawMessage, ok bool, why string) {
	ctx, cancel := context.WithTimeout(s.ctx, s.o.AckWithin)
	defer cancel()
	began := time.Now()
	for first := true; ; first = false {
		c, drop := s.pick(ctx, first)
		if c == nil {
			return nil, false, "timeout"
		}
		s.mu.Lock()
		id := s.id("env-")
		before := drop && s.random.IntN(2) == 0
		s.mu.Unlock()
		wait := make(chan json.RawMessage, 1)
		c.mu.Lock()
		c.waits[id] = wait
		c.mu.Unlock()
		envelope := map[string]any{
			"envelope_id": id, "type": kind, "payload": payload, "accepts_response_payload": kind != "events_api",
		}
		if kind == "events_api" {
			envelope["retry_attempt"], envelope["retry_reason"] = attempt, reason
		}
		if !before && c.write(envelope) != nil {
			c.close()
		}
		if drop {
			s.wg.Go(func() {
				s.sleep(rand.N(10 * time.Millisecond)) // others may just get through
				c.close()
			})
		}
		select {
		case ack := <-wait:
			s.acknowledged(kind, time.Since(began))
			return ack, true, ""
		case <-c.gone:
			continue
		case <-ctx.Done():
			return nil, false, "timeout"
		}
	}
}

// pick takes the next socket, in turn, and says whether it is to break. Only
// what is sent for the first time breaks one, or nothing would ever get through.
func (s *Server) pick(ctx context.Context, first bool) (c *socket, drop bool) {
	for {
		s.mu.Lock()
		changed := s.changed
		if n := len(s.sockets); n > 0 {
			s.turn++
			c = s.sockets[s.turn%n]
			if first {
				s.envelopes++
				drop = s.faults.DropEvery > 0 && s.envelopes%s.faults.DropEvery == 0
			}
		}
		s.mu.Unlock()
		if c != nil {
			select {
			case <-c.gone:
				c = nil // it is about to leave the list
			default:
				return c, drop
			}
		}
		select {
		case <-changed:
		case <-ctx.Done():
			return nil, false
		}
	}
}

// Refresh asks all sockets to reconnect, as Slack does every few hours.
func (s *Server) Refresh() {
	s.mu.Lock()
	sockets := slices.Clone(s.sockets)
	s.mu.Unlock()
	for _, c := range sockets {
		_ = c.write(map[string]any{"type": "disconnect", "reason": "refresh_requested", "debug_info": map[string]any{"host": "applink-fake"}})
	}
}

// Drop breaks all sockets.
func (s *Server) Drop() {
	s.mu.Lock()
	sockets := slices.Clone(s.sockets)
	s.mu.Unlock()
	for _, c := range sockets {
		c.close()
	}
}

// Garble sends something that is no envelope to all sockets.
func (s *Server) Garble(data []byte) {
	s.mu.Lock()
	sockets := slices.Clone(s.sockets)
	s.mu.Unlock()
	for _, c := range sockets {
		c.mu.Lock()
		_ = c.conn.WriteMessage(websocket.TextMessage, data)
		c.mu.Unlock()
	}
}
