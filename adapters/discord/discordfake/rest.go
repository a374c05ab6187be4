package discordfake

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"mime"
	"mime/multipart"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"
)

// reply is what a REST handler answers.
type reply struct {
	status int
	code   int    // of Discord, with text
	text   string //
	body   any
}

func ok(body any) reply { return reply{status: http.StatusOK, body: body} }

func no(status, code int, text string) reply { return reply{status: status, code: code, text: text} }

// in is a REST request, read.
type in struct {
	*http.Request
	body  []byte // the JSON
	files map[string][]byte
}

// routes are the paths of the API. Each names its bucket.
func (s *Server) routes() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /gateway/{$}", s.serveGateway)
	mux.HandleFunc("GET /attachments/{id}/{name}", s.serveFile)
	api := func(pattern, major string, open bool, do func(in) reply) {
		method, path, _ := strings.Cut(pattern, " ")
		mux.HandleFunc(method+" /api/v10"+path, func(w http.ResponseWriter, r *http.Request) {
			bucket := pattern
			if major != "" {
				bucket += " " + r.PathValue(major)
			}
			s.serve(w, r, bucket, open, do)
		})
	}
	api("GET /gateway/bot", "", false, func(in) reply {
		s.mu.Lock()
		defer s.mu.Unlock()
		return ok(map[string]any{"url": s.gatewayURL(), "shards": s.o.Shards, "session_start_limit": map[string]any{"total": 1000, "remaining": 999, "reset_after": 1000, "max_concurrency": s.o.Together}})
	})
	api("GET /users/@me", "", false, func(in) reply {
		return ok(map[string]any{"id": s.BotID, "username": "onrecord", "bot": true, "discriminator": "0"})
	})
	api("GET /applications/@me", "", false, func(in) reply {
		s.mu.Lock()
		defer s.mu.Unlock()
		return ok(map[string]any{
			"id": s.ApplicationID, "name": "onrecord", "flags": 0, "verify_key": s.PublicKey, "interactions_endpoint_url": s.o.Endpoint,
			"integration_types_config": map[string]any{"0": map[string]any{}, "1": map[string]any{}},
		})
	})
	api("GET /guilds/{guild}", "guild", false, func(r in) reply {
		s.mu.Lock()
		defer s.mu.Unlock()
		if g := s.guilds[r.PathValue("guild")]; g == nil || !g.installed {
			return no(http.StatusNotFound, 10004, "Unknown Guild")
		}
		return ok(map[string]any{"id": r.PathValue("guild"), "name": "The newsroom"})
	})
	api("GET /guilds/{guild}/members/{user}", "guild", false, func(r in) reply {
		s.mu.Lock()
		defer s.mu.Unlock()
		g := s.guilds[r.PathValue("guild")]
		switch {
		case g == nil || !g.installed:
			return no(http.StatusForbidden, 50001, "Missing Access")
		case !g.members[r.PathValue("user")]:
			return no(http.StatusNotFound, 10007, "Unknown Member")
		}
		return ok(map[string]any{"user": map[string]any{"id": r.PathValue("user")}, "roles": []string{}})
	})
	api("POST /users/@me/channels", "", false, s.openDM)
	api("GET /applications/{app}/commands", "app", false, func(in) reply {
		s.mu.Lock()
		defer s.mu.Unlock()
		return ok(s.commands)
	})
	api("PUT /applications/{app}/commands", "app", false, s.overwriteCommands)
	api("GET /channels/{channel}", "channel", false, s.getChannel)
	api("GET /channels/{channel}/messages", "channel", false, s.getMessages)
	api("POST /channels/{channel}/messages", "channel", false, s.createMessage)
	api("POST /channels/{channel}/typing", "channel", false, func(r in) reply {
		s.count("typing")
		return reply{status: http.StatusNoContent}
	})
	api("POST /channels/{channel}/messages/{message}/threads", "channel", false, s.createThread)
	api("POST /channels/{channel}/threads", "channel", false, s.createPost)
	api("POST /interactions/{id}/{token}/callback", "id", true, s.callback)
	api("POST /webhooks/{app}/{token}", "token", true, s.followUp)
	api("PATCH /webhooks/{app}/{token}/messages/@original", "token", true, s.editOriginal)
	api("DELETE /webhooks/{app}/{token}/messages/@original", "token", true, s.deleteOriginal)
	mux.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) {
		s.mu.Lock()
		s.fault("no such route: %s %s", r.Method, r.URL.Path)
		s.mu.Unlock()
		http.Error(w, `{"message":"404: Not Found","code":0}`, http.StatusNotFound)
	})
	return mux
}

// serve does what all requests have in common: reading, failing, counting.
func (s *Server) serve(w http.ResponseWriter, r *http.Request, bucket string, open bool, do func(in) reply) {
	raw, err := io.ReadAll(io.LimitReader(r.Body, limRequest+1))
	if err != nil {
		return
	}
	req := in{Request: r, body: raw}
	rep := s.before(w, r, bucket, open, len(raw))
	if rep.status == 0 {
		if rep = s.parse(&req); rep.status == 0 {
			rep = do(req)
		}
	}
	s.mu.Lock()
	if s.keep {
		s.requests = append(s.requests, Request{Method: r.Method, Path: strings.TrimPrefix(r.URL.Path, "/api/v10"), Query: r.URL.RawQuery, Header: r.Header.Clone(), Body: raw, Status: rep.status})
	}
	if rep.status >= 400 && rep.status < 500 && rep.status != http.StatusTooManyRequests {
		s.tally[strconv.Itoa(rep.status)]++
	}
	s.change()
	s.mu.Unlock()
	if rep.text == "html" {
		w.Header().Set("Content-Type", "text/html")
		w.WriteHeader(rep.status)
		_, _ = io.WriteString(w, "<html><head><title>Access denied</title></head><body>error code: 1015</body></html>")
		return
	}
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(rep.status)
	if rep.status == http.StatusNoContent {
		return
	}
	body := rep.body
	if body == nil {
		body = map[string]any{"code": rep.code, "message": rep.text}
	}
	_ = json.NewEncoder(w).Encode(body)
}

// before refuses a request before anything is done: a bad token, a limit, a
// failure that a test asked for.
func (s *Server) before(w http.ResponseWriter, r *http.Request, bucket string, open bool, size int) reply {
	s.mu.Lock()
	defer s.mu.Unlock()
	if size > limRequest {
		s.fault("a request of %d bytes", size)
		return no(http.StatusRequestEntityTooLarge, 40005, "Request entity too large")
	}
	if !open && (s.revoked || r.Header.Get("Authorization") != "Bot "+s.Token) {
		s.tally["401"]++
		return no(http.StatusUnauthorized, 0, "401: Unauthorized")
	}
	f := s.failures
	after := f.RetryAfter
	if after == 0 {
		after = 100 * time.Millisecond
	}
	seconds := after.Seconds()
	switch {
	case chance(f.TooMany):
		s.tally["429"]++
		w.Header().Set("Retry-After", strconv.FormatFloat(seconds, 'f', 3, 64))
		w.Header().Set("X-RateLimit-Scope", "shared")
		return reply{status: http.StatusTooManyRequests, body: map[string]any{"message": "You are being rate limited.", "retry_after": seconds, "global": false}}
	case chance(f.TooManyHTML):
		s.tally["429"]++
		w.Header().Set("Retry-After", strconv.FormatFloat(seconds, 'f', 3, 64))
		return no(http.StatusTooManyRequests, 0, "html")
	case chance(f.Broken):
		s.tally["5xx"]++
		return no([]int{500, 502, 503, 504}[int(time.Now().UnixNano())&3], 0, "html")
	}
	now := time.Now()
	b := s.buckets[bucket]
	if b == nil || now.After(b.until) {
		b = &window{until: now.Add(s.o.Window)}
		s.buckets[bucket] = b
	}
	b.used++
	left := max(s.o.Limit-b.used, 0)
	reset := b.until.Sub(now).Seconds()
	h := w.Header()
	h.Set("X-RateLimit-Bucket", strconv.Itoa(len(bucket)))
	h.Set("X-RateLimit-Limit", strconv.Itoa(s.o.Limit))
	h.Set("X-RateLimit-Remaining", strconv.Itoa(left))
	h.Set("X-RateLimit-Reset", strconv.FormatFloat(float64(b.until.UnixMilli())/1000, 'f', 3, 64))
	h.Set("X-RateLimit-Reset-After", strconv.FormatFloat(reset, 'f', 3, 64))
	if b.used > s.o.Limit {
		s.tally["429"]++
		h.Set("X-RateLimit-Scope", "user")
		return reply{status: http.StatusTooManyRequests, body: map[string]any{"message": "You are being rate limited.", "retry_after": reset, "global": false}}
	}
	return reply{}
}

// parse takes a multipart body apart.
func (s *Server) parse(r *in) reply {
	kind, params, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	if err != nil || kind != "multipart/form-data" {
		return reply{}
	}
	parts := multipart.NewReader(bytes.NewReader(r.body), params["boundary"])
	r.body, r.files = nil, map[string][]byte{}
	for {
		p, err := parts.NextPart()
		if errors.Is(err, io.EOF) {
			return reply{}
		}
		if err != nil {
			return no(http.StatusBadRequest, 50035, "Invalid Form Body")
		}
		data, err := io.ReadAll(p)
		if err != nil {
			return no(http.StatusBadRequest, 50035, "Invalid Form Body")
		}
		if p.FormName() == "payload_json" {
			r.body = data
			continue
		}
		if len(data) > limFile {
			s.mu.Lock()
			s.fault("a file of %d bytes", len(data))
			s.mu.Unlock()
			return no(http.StatusRequestEntityTooLarge, 40005, "Request entity too large")
		}
		r.files[p.FileName()] = data
	}
}

// invalid notes what is wrong with a body, and refuses it.
func (s *Server) invalid(where string, faults []string) reply {
	for _, f := range faults {
		s.fault("%s: %s", where, f)
	}
	return no(http.StatusBadRequest, 50035, "Invalid Form Body: "+strings.Join(faults, "; "))
}

func (s *Server) openDM(r in) reply {
	var to struct {
		User string `json:"recipient_id"`
	}
	_ = json.Unmarshal(r.body, &to)
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.users[to.User] == nil {
		return no(http.StatusBadRequest, 50033, "Invalid Recipient(s)")
	}
	return ok(map[string]any{"id": s.dm(to.User), "type": 1})
}

func (s *Server) overwriteCommands(r in) reply {
	s.mu.Lock()
	defer s.mu.Unlock()
	if r.PathValue("app") != s.ApplicationID {
		return no(http.StatusForbidden, 20012, "You are not authorized to perform this action on this application")
	}
	if faults := CheckCommands(r.body); len(faults) > 0 {
		return s.invalid("commands", faults)
	}
	s.commands = bytes.Clone(r.body)
	s.overwrites++
	return ok(s.commands)
}

// readable finds a channel that the bot may look at.
func (s *Server) readable(id string) (*channel, reply) {
	c := s.channels[id]
	switch {
	case c == nil:
		return nil, no(http.StatusNotFound, 10003, "Unknown Channel")
	case c.guild != "" && !s.guilds[c.guild].installed:
		return nil, no(http.StatusForbidden, 50001, "Missing Access")
	}
	return c, reply{}
}

func (s *Server) getChannel(r in) reply {
	s.mu.Lock()
	defer s.mu.Unlock()
	c, bad := s.readable(r.PathValue("channel"))
	if c == nil {
		return bad
	}
	out := map[string]any{"id": c.id, "type": c.kind}
	if c.guild != "" {
		out["guild_id"], out["name"] = c.guild, c.name
		out["permission_overwrites"] = []any{}
		if c.private {
			out["permission_overwrites"] = []any{map[string]any{"id": c.guild, "type": 0, "allow": "0", "deny": strconv.Itoa(1 << 10)}}
		}
	}
	if c.kind == 15 {
		tags := []any{}
		for i, t := range c.tags {
			tags = append(tags, map[string]any{"id": strconv.Itoa(i + 1), "name": t, "moderated": false})
		}
		out["available_tags"] = tags
	}
	if c.parent != "" {
		out["parent_id"] = c.parent
		delete(out, "permission_overwrites") // a thread has its parent's
	}
	return ok(out)
}

func (s *Server) getMessages(r in) reply {
	s.mu.Lock()
	defer s.mu.Unlock()
	c, bad := s.readable(r.PathValue("channel"))
	if c == nil {
		return bad
	}
	after := r.URL.Query().Get("after")
	limit, err := strconv.Atoi(r.URL.Query().Get("limit"))
	if err != nil {
		limit = 50
	}
	out := []map[string]any{}
	for _, m := range s.order {
		if m.Channel == c.id && m.Only == "" && len(out) < limit && (len(m.ID) > len(after) || m.ID > after) {
			e := s.eventOf(m, false)
			delete(e, "guild_id")
			out = append(out, e)
		}
	}
	slices.Reverse(out) // the newest first
	return ok(out)
}

func (s *Server) createMessage(r in) reply {
	s.mu.Lock()
	defer s.mu.Unlock()
	c, bad := s.readable(r.PathValue("channel"))
	if c == nil {
		return bad
	}
	if c.deny["send"] {
		return no(http.StatusForbidden, 50013, "Missing Permissions")
	}
	if c.kind == 15 {
		return no(http.StatusBadRequest, 50008, "Cannot send messages in a non-text channel")
	}
	body, faults := s.checked(r)
	if len(faults) > 0 {
		return s.invalid("message", faults)
	}
	if c.deny["embeds"] && len(body.Embeds) > 0 {
		return no(http.StatusForbidden, 50013, "Missing Permissions")
	}
	nonce := strings.Trim(string(body.Nonce), `"`)
	if nonce == "" || !body.Enforce {
		s.fault("a message in a channel without an enforced nonce")
	}
	if m := s.nonces[c.id+" "+nonce]; m != nil && body.Enforce {
		s.tally["repeat"]++
		return ok(s.eventOf(m, false))
	}
	if body.Reference != nil && s.messages[body.Reference.MessageID] == nil {
		return no(http.StatusBadRequest, 50035, "Unknown message")
	}
	m := s.put(r, body, c.id)
	if body.Reference != nil {
		m.Answers = body.Reference.MessageID
	}
	s.nonces[c.id+" "+nonce] = m
	return ok(s.eventOf(m, false))
}

// checked reads the body of a message and finds what is wrong with it. What is
// alive in it is a fault of its own: Discord would take it.
func (s *Server) checked(r in) (messageBody, []string) {
	var body messageBody
	if err := json.Unmarshal(r.body, &body); err != nil {
		return body, []string{"not JSON: " + err.Error()}
	}
	faults := CheckMessage(r.body, len(r.files))
	if len(faults) == 0 {
		texts := []string{body.Content}
		for _, e := range body.Embeds {
			texts = append(texts, e.Title, e.Description)
		}
		for _, text := range texts {
			for _, alive := range Read(text).Alive {
				s.fault("alive: %q in %q", alive, text)
			}
		}
	}
	return body, faults
}

// put makes a message of the bot.
func (s *Server) put(r in, body messageBody, channel string) *Message {
	m := &Message{ID: s.nextID(), Channel: channel, Author: s.BotID, At: time.Now()}
	m.set(r, body)
	s.messages[m.ID] = m
	s.order = append(s.order, m)
	return m
}

// set gives a message its content.
func (m *Message) set(r in, body messageBody) {
	m.Content, m.Loading = body.Content, false
	m.Flags = m.Flags&flagEphemeral | body.Flags&^flagEphemeral
	m.Embeds = nil
	for _, e := range body.Embeds {
		embed := Embed{Title: e.Title, Description: e.Description}
		if e.Footer != nil {
			embed.Footer = &struct {
				Text string `json:"text"`
			}{e.Footer.Text}
		}
		m.Embeds = append(m.Embeds, embed)
	}
	m.Components = nil
	for _, row := range body.Components {
		for _, c := range row.Components {
			flat := Component{Type: c.Type, CustomID: c.CustomID, Label: c.Label, Style: c.Style, Placeholder: c.Placeholder}
			for _, o := range c.Options {
				flat.Options = append(flat.Options, struct{ Label, Value string }{o.Label, o.Value})
			}
			m.Components = append(m.Components, flat)
		}
	}
	if body.Attachments != nil || r.files != nil {
		m.Files = r.files
	}
}

func (s *Server) createThread(r in) reply {
	s.mu.Lock()
	defer s.mu.Unlock()
	c, bad := s.readable(r.PathValue("channel"))
	if c == nil {
		return bad
	}
	id := r.PathValue("message")
	m := s.messages[id]
	var body struct {
		Name string `json:"name"`
	}
	_ = json.Unmarshal(r.body, &body)
	switch {
	case m == nil || m.Channel != c.id || m.Only != "":
		return no(http.StatusNotFound, 10008, "Unknown Message")
	case c.deny["threads"]:
		return no(http.StatusForbidden, 50013, "Missing Permissions")
	case c.kind != 0:
		return no(http.StatusBadRequest, 50024, "Cannot execute action on this channel type")
	case s.channels[id] != nil:
		return no(http.StatusBadRequest, 160004, "A thread has already been created for this message")
	}
	if n := length(body.Name); n < 1 || n > limThreadName {
		return s.invalid("thread", []string{fmt.Sprintf("name of %d characters", n)})
	}
	s.channels[id] = &channel{id: id, guild: c.guild, parent: c.id, kind: 11, name: body.Name, private: c.private, deny: map[string]bool{}}
	return reply{status: http.StatusCreated, body: map[string]any{"id": id, "type": 11, "name": body.Name, "parent_id": c.id, "guild_id": c.guild}}
}

// createPost makes a post in a forum.
func (s *Server) createPost(r in) reply {
	s.mu.Lock()
	defer s.mu.Unlock()
	c, bad := s.readable(r.PathValue("channel"))
	if c == nil {
		return bad
	}
	var post struct {
		Name    string          `json:"name"`
		Tags    []string        `json:"applied_tags"`
		Message json.RawMessage `json:"message"`
	}
	switch err := json.Unmarshal(r.body, &post); {
	case err != nil:
		return s.invalid("post", []string{"not JSON: " + err.Error()})
	case c.deny["send"]:
		return no(http.StatusForbidden, 50013, "Missing Permissions")
	case c.kind != 15:
		return no(http.StatusBadRequest, 50024, "Cannot execute action on this channel type")
	}
	r.body = post.Message
	body, faults := s.checked(r)
	if n := length(post.Name); n < 1 || n > limThreadName {
		faults = append(faults, fmt.Sprintf("name of %d characters", n))
	}
	made := &channel{guild: c.guild, parent: c.id, kind: 11, name: post.Name, private: c.private, deny: map[string]bool{}}
	for _, id := range post.Tags {
		n, err := strconv.Atoi(id)
		if err != nil || n < 1 || n > len(c.tags) {
			faults = append(faults, "no tag "+id)
			continue
		}
		made.applied = append(made.applied, c.tags[n-1])
	}
	if len(faults) > 0 {
		return s.invalid("post", faults)
	}
	made.id = s.nextID()
	s.channels[made.id] = made
	m := s.put(r, body, made.id)
	return reply{status: http.StatusCreated, body: map[string]any{"id": made.id, "type": 11, "name": made.name, "parent_id": c.id, "guild_id": c.guild, "message": s.eventOf(m, false)}}
}

func (s *Server) serveFile(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	data, have := s.files[r.PathValue("id")]
	s.mu.Unlock()
	if r.Header.Get("Authorization") != "" {
		s.mu.Lock()
		s.fault("the token is sent to where files are kept")
		s.mu.Unlock()
	}
	if !have {
		http.NotFound(w, r)
		return
	}
	_, _ = w.Write(data)
}
