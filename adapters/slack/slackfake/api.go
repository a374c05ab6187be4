package slackfake

import (
	"encoding/json"
	"io"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"onrecord/adapters/slack/internal/blockkit"
)

// scopeOf is the scope of the bot token that a method needs; "" for those that
// need none.
var scopeOf = map[string]string{
	"auth.test":                    "",
	"apps.uninstall":               "",
	"oauth.v2.access":              "",
	"apps.connections.open":        "",
	"chat.postMessage":             "chat:write",
	"chat.postEphemeral":           "chat:write",
	"chat.update":                  "chat:write",
	"chat.delete":                  "chat:write",
	"users.info":                   "users:read",
	"conversations.open":           "im:write",
	"conversations.info":           "channels:read",
	"views.open":                   "",
	"views.publish":                "",
	"files.info":                   "files:read",
	"files.getUploadURLExternal":   "files:write",
	"files.completeUploadExternal": "files:write",
}

func (s *Server) mux() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("/api/{method}", s.serveAPI)
	mux.HandleFunc("POST /respond/{id}", s.serveResponse)
	mux.HandleFunc("GET /files/{id}", s.serveFile)
	mux.HandleFunc("POST /upload/{id}", s.serveUpload)
	mux.HandleFunc("GET /socket", s.serveSocket)
	mux.HandleFunc("GET /oauth/v2/authorize", s.authorize)
	return mux
}

// params are the arguments of a call, from a form or JSON.
type params struct {
	values url.Values
	token  string
	team   string // of the token
}

func (p params) get(name string) string { return p.values.Get(name) }

func readParams(r *http.Request) params {
	p := params{values: url.Values{}}
	body, _ := io.ReadAll(io.LimitReader(r.Body, 4<<20))
	if strings.HasPrefix(r.Header.Get("Content-Type"), "application/json") {
		var fields map[string]json.RawMessage
		_ = json.Unmarshal(body, &fields)
		for k, raw := range fields {
			var text string
			if json.Unmarshal(raw, &text) == nil {
				p.values.Set(k, text)
			} else {
				p.values.Set(k, string(raw))
			}
		}
	} else {
		p.values, _ = url.ParseQuery(string(body))
		maps.Copy(p.values, r.URL.Query())
	}
	p.token = strings.TrimPrefix(r.Header.Get("Authorization"), "Bearer ")
	if p.token == "" {
		p.token = p.get("token")
	}
	return p
}

func reply(w http.ResponseWriter, v any) {
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	_ = json.NewEncoder(w).Encode(v)
}

func (s *Server) serveAPI(w http.ResponseWriter, r *http.Request) {
	method := r.PathValue("method")
	p := readParams(r)
	s.mu.Lock()
	slow := s.faults.Slow
	s.mu.Unlock()
	if slow > 0 && !s.sleep(slow) {
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	defer s.change()
	s.calls[method]++
	scope, known := scopeOf[method]
	if !known {
		s.problem("unknown method %s", method)
		reply(w, map[string]any{"ok": false, "error": "unknown_method"})
		return
	}
	failure := ""
	switch {
	case method == "oauth.v2.access": // knows the app by its secret
	case p.token == "":
		failure = "not_authed"
	case method != "apps.connections.open":
		p.team, failure = s.teamOf(p.token)
	case p.token != s.o.AppToken:
		failure = "invalid_auth"
	}
	switch {
	case failure != "":
		reply(w, failed(failure))
		return
	case s.faults.LimitShare > 0 && s.random.Float64() < s.faults.LimitShare:
		w.Header().Set("Retry-After", strconv.Itoa(s.faults.RetryAfter))
		w.WriteHeader(http.StatusTooManyRequests)
		return
	case s.faults.FailBefore > 0 && s.random.Float64() < s.faults.FailBefore:
		http.Error(w, "<html>500</html>", http.StatusInternalServerError)
		return
	case scope != "" && !slices.Contains(s.o.Scopes, scope):
		reply(w, map[string]any{"ok": false, "error": "missing_scope", "needed": scope, "provided": strings.Join(s.o.Scopes, ",")})
		return
	}
	answer := s.perform(method, p)
	if s.faults.FailAfter > 0 && s.random.Float64() < s.faults.FailAfter {
		http.Error(w, "<html>500</html>", http.StatusInternalServerError)
		return
	}
	w.Header().Set("X-OAuth-Scopes", strings.Join(s.o.Scopes, ","))
	if code, bad := answer["error"]; bad {
		answer["ok"] = false
		answer["error"] = code
	} else {
		answer["ok"] = true
	}
	reply(w, answer)
}

func failed(code string) map[string]any { return map[string]any{"ok": false, "error": code} }

// perform does what a method does. The lock is held.
func (s *Server) perform(method string, p params) map[string]any {
	switch method {
	case "auth.test":
		return map[string]any{"url": TeamURL, "team": s.workspaces[p.team].Name, "user": BotName, "team_id": p.team, "user_id": BotUserIn(p.team), "bot_id": BotID}
	case "oauth.v2.access":
		return s.access(p)
	case "apps.uninstall":
		if p.get("client_id") != s.o.ClientID || p.get("client_secret") != s.o.ClientSecret {
			return failed("client_id_token_mismatch")
		}
		for _, payload := range s.payloads(p.team, s.uninstalled(p.team)) {
			s.wg.Go(func() { s.deliver("events_api", payload, "") })
		}
		return map[string]any{}
	case "apps.connections.open":
		ticket := s.id("ticket-")
		s.tickets[ticket] = true
		return map[string]any{"url": "ws://" + s.listener.Addr().String() + "/socket?ticket=" + ticket + "&app_id=" + AppID}
	case "chat.postMessage":
		return s.postMessage(p)
	case "chat.postEphemeral":
		return s.postEphemeral(p)
	case "chat.update":
		return s.updateMessage(p)
	case "chat.delete":
		m := s.find(p.get("channel"), p.get("ts"))
		switch {
		case m == nil || m.To != "":
			return failed("message_not_found")
		case s.teamOfChannel(m.Channel) != p.team:
			return failed("channel_not_found")
		case m.From != BotUser:
			return failed("cant_delete_message")
		}
		s.remove(m)
		return map[string]any{"channel": m.Channel, "ts": m.TS}
	case "users.info":
		u := s.users[p.get("user")]
		if u == nil || inTeam(u.Team) != p.team {
			return failed("user_not_found")
		}
		return map[string]any{"user": map[string]any{
			"id": u.ID, "team_id": p.team, "name": u.Name, "real_name": u.Name, "tz": u.Zone, "tz_offset": 0, "locale": u.Locale,
			"is_admin": u.Admin, "is_owner": false, "profile": map[string]any{"display_name": u.Name, "real_name": u.Name},
		}}
	case "conversations.open":
		user := p.get("users")
		if s.users[user] == nil || s.teamOfUser(user) != p.team {
			return failed("user_not_found")
		}
		return map[string]any{"channel": map[string]any{"id": s.dm(user)}}
	case "conversations.info":
		c := s.channels[p.get("channel")]
		switch {
		case c == nil, inTeam(c.Team) != p.team:
			return failed("channel_not_found")
		case c.Private:
			return map[string]any{"error": "missing_scope", "needed": "groups:read", "provided": strings.Join(s.o.Scopes, ",")}
		}
		return map[string]any{"channel": map[string]any{"id": c.ID, "name": c.Name, "is_channel": true, "is_private": false, "is_member": c.Bot, "is_ext_shared": c.Shared, "is_archived": c.Archived}}
	case "views.open":
		t, ok := s.triggers[p.get("trigger_id")]
		delete(s.triggers, p.get("trigger_id"))
		switch {
		case !ok, s.teamOfUser(t.user) != p.team:
			return failed("exchanged_trigger_id")
		case time.Now().After(t.until):
			return failed("expired_trigger_id")
		case !s.goodView(p.get("view")):
			return failed("invalid_arguments")
		}
		id := s.id("V")
		s.modals[t.user] = Modal{ID: id, View: json.RawMessage(p.get("view"))}
		return map[string]any{"view": map[string]any{"id": id}}
	case "views.publish":
		if !s.goodView(p.get("view")) || s.teamOfUser(p.get("user_id")) != p.team {
			return failed("invalid_arguments")
		}
		s.homes[p.get("user_id")] = json.RawMessage(p.get("view"))
		return map[string]any{"view": map[string]any{"id": "VHOME" + p.get("user_id")}}
	case "files.info":
		f := s.files[p.get("file")]
		if f == nil {
			return failed("file_not_found")
		}
		return map[string]any{"file": s.describe(f, true), "comments": []any{}}
	case "files.getUploadURLExternal":
		f := &File{ID: s.id("F"), Name: p.get("filename")}
		s.uploads[f.ID] = f
		return map[string]any{"upload_url": "http://" + s.listener.Addr().String() + "/upload/" + f.ID, "file_id": f.ID}
	case "files.completeUploadExternal":
		return s.completeUpload(p)
	}
	return failed("unknown_method")
}

func (s *Server) goodView(view string) bool {
	problems := blockkit.CheckView([]byte(view))
	for _, problem := range problems {
		s.problem("view: %s", problem)
	}
	for _, alive := range blockkit.Alive(blocksOf(json.RawMessage(view))) {
		s.problem("alive in a view: %s", alive)
	}
	return len(problems) == 0
}

// good checks what a message is made of.
func (s *Server) good(where, text, blocks string) (code string) {
	if n := len([]rune(text)); n > blockkit.Fallback {
		s.problem("%s: a text of %d characters", where, n)
		return "msg_too_long"
	}
	for _, alive := range append(blockkit.AliveText(text), blockkit.Alive([]byte(blocks))...) {
		s.problem("%s: alive: %s", where, alive)
	}
	if blocks == "" || blocks == "null" || blocks == "[]" {
		if text == "" {
			return "no_text"
		}
		return ""
	}
	if text == "" {
		s.problem("%s: no fallback text", where)
	}
	problems := blockkit.CheckMessage([]byte(blocks))
	for _, problem := range problems {
		s.problem("%s: %s", where, problem)
	}
	switch {
	case len(problems) == 0:
		return ""
	case strings.Contains(strings.Join(problems, " "), "msg_blocks_too_long"):
		return "msg_blocks_too_long"
	}
	return "invalid_blocks"
}

// place finds the channel that something is posted to.
func (s *Server) place(team, id string) (*Channel, string) {
	if strings.HasPrefix(id, "U") && s.users[id] != nil {
		id = s.dm(id)
	}
	c := s.channels[id]
	switch {
	case c == nil, inTeam(c.Team) != team, c.Private && !c.Bot:
		return nil, "channel_not_found"
	case c.Archived:
		return nil, "is_archived"
	case !c.Bot:
		return nil, "not_in_channel"
	}
	return c, ""
}

func (s *Server) manners(where string, p params) {
	for _, name := range []string{"unfurl_links", "unfurl_media"} {
		if p.get(name) != "false" {
			s.problem("%s: %s is not off", where, name)
		}
	}
	if p.get("link_names") == "true" || p.get("link_names") == "1" || p.get("parse") == "full" {
		s.problem("%s: names are linked", where)
	}
	if p.get("reply_broadcast") == "true" {
		s.problem("%s: a reply is broadcast", where)
	}
}

func (s *Server) postMessage(p params) map[string]any {
	c, code := s.place(p.team, p.get("channel"))
	if code != "" {
		return failed(code)
	}
	s.manners("chat.postMessage", p)
	if code := s.good("chat.postMessage", p.get("text"), p.get("blocks")); code != "" {
		return failed(code)
	}
	m := &Message{Channel: c.ID, TS: s.now(), Thread: p.get("thread_ts"), From: BotUser, Text: p.get("text"), Blocks: rawBlocks(p.get("blocks"))}
	s.add(m)
	return map[string]any{"channel": c.ID, "ts": m.TS, "message": map[string]any{"ts": m.TS, "text": m.Text}}
}

func rawBlocks(blocks string) json.RawMessage {
	if blocks == "" || blocks == "[]" || blocks == "null" {
		return nil
	}
	return json.RawMessage(blocks)
}

func (s *Server) postEphemeral(p params) map[string]any {
	c, code := s.place(p.team, p.get("channel"))
	if code != "" {
		return failed(code)
	}
	if !slices.Contains(c.Members, p.get("user")) {
		return failed("user_not_in_channel")
	}
	s.manners("chat.postEphemeral", p)
	if code := s.good("chat.postEphemeral", p.get("text"), p.get("blocks")); code != "" {
		return failed(code)
	}
	m := &Message{Channel: c.ID, TS: s.now(), Thread: p.get("thread_ts"), From: BotUser, To: p.get("user"), Text: p.get("text"), Blocks: rawBlocks(p.get("blocks"))}
	s.add(m)
	return map[string]any{"message_ts": m.TS}
}

func (s *Server) updateMessage(p params) map[string]any {
	m := s.find(p.get("channel"), p.get("ts"))
	switch {
	case m == nil || m.To != "":
		return failed("message_not_found")
	case s.teamOfChannel(m.Channel) != p.team:
		return failed("channel_not_found")
	case m.From != BotUser:
		return failed("cant_update_message")
	}
	if code := s.good("chat.update", p.get("text"), p.get("blocks")); code != "" {
		return failed(code)
	}
	m.Text, m.Blocks = p.get("text"), rawBlocks(p.get("blocks"))
	m.Edits++
	return map[string]any{"channel": m.Channel, "ts": m.TS, "text": m.Text}
}

func (s *Server) remove(m *Message) {
	s.messages[m.Channel] = slices.DeleteFunc(s.messages[m.Channel], func(o *Message) bool { return o == m })
	s.change()
}

func (s *Server) completeUpload(p params) map[string]any {
	var files []struct{ ID, Title string }
	_ = json.Unmarshal([]byte(p.get("files")), &files)
	channel := p.get("channel_id")
	if channel == "" {
		channel = p.get("channels")
	}
	var done []any
	for _, f := range files {
		up := s.uploads[f.ID]
		if up == nil || up.Data == nil {
			return failed("file_not_found")
		}
		c, code := s.place(p.team, channel)
		if code != "" {
			return failed(code)
		}
		delete(s.uploads, f.ID)
		s.files[f.ID] = up
		s.add(&Message{Channel: c.ID, TS: s.now(), Thread: p.get("thread_ts"), From: BotUser, Files: []string{f.ID}})
		done = append(done, map[string]any{"id": f.ID, "title": f.Title})
	}
	return map[string]any{"files": done}
}

func (s *Server) serveUpload(w http.ResponseWriter, r *http.Request) {
	var data []byte
	if part, err := r.MultipartReader(); err == nil {
		for {
			p, err := part.NextPart()
			if err != nil {
				break
			}
			if p.FileName() != "" {
				data, _ = io.ReadAll(p)
			}
		}
	} else {
		data, _ = io.ReadAll(r.Body)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	up := s.uploads[r.PathValue("id")]
	if up == nil || len(data) == 0 {
		http.Error(w, "no such upload", http.StatusNotFound)
		return
	}
	up.Data = data
	_, _ = io.WriteString(w, "OK")
}

func (s *Server) serveFile(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	f := s.files[r.PathValue("id")]
	team, failure := s.teamOf(strings.TrimPrefix(r.Header.Get("Authorization"), "Bearer "))
	s.calls["files"]++
	s.mu.Unlock()
	switch {
	case f == nil:
		http.NotFound(w, r)
	case failure != "" || team != inTeam(f.Team):
		// As Slack does: to the page where people sign in.
		http.Redirect(w, r, "/?redir="+url.QueryEscape(r.URL.Path), http.StatusFound)
	default:
		w.Header().Set("Content-Type", f.Type)
		_, _ = w.Write(f.Data)
	}
}

func (s *Server) serveResponse(w http.ResponseWriter, r *http.Request) {
	body, _ := io.ReadAll(io.LimitReader(r.Body, 1<<20))
	var msg struct {
		Text     string          `json:"text"`
		Blocks   json.RawMessage `json:"blocks"`
		Type     string          `json:"response_type"`
		Replace  bool            `json:"replace_original"`
		Delete   bool            `json:"delete_original"`
		Thread   string          `json:"thread_ts"`
		Unfurl   *bool           `json:"unfurl_links"`
		UnfurlMd *bool           `json:"unfurl_media"`
	}
	bad := json.Unmarshal(body, &msg) != nil
	s.mu.Lock()
	defer s.mu.Unlock()
	defer s.change()
	s.calls["response_url"]++
	refuse := func(status int, code string) {
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(status)
		_ = json.NewEncoder(w).Encode(failed(code))
	}
	at := s.responses[r.PathValue("id")]
	switch {
	case at == nil:
		refuse(http.StatusNotFound, "invalid_url")
		return
	case time.Now().After(at.until):
		refuse(http.StatusNotFound, "expired_url")
		return
	case at.uses >= 5:
		refuse(http.StatusNotFound, "used_url")
		return
	case bad:
		refuse(http.StatusBadRequest, "invalid_payload")
		return
	case s.faults.LimitShare > 0 && s.random.Float64() < s.faults.LimitShare:
		w.Header().Set("Retry-After", strconv.Itoa(s.faults.RetryAfter))
		w.WriteHeader(http.StatusTooManyRequests)
		return
	}
	original := at.source
	if original == nil {
		original = at.last
	}
	if msg.Delete {
		at.uses++
		if original != nil {
			s.remove(original)
		}
		_, _ = io.WriteString(w, "ok")
		return
	}
	if code := s.good("response_url", msg.Text, string(msg.Blocks)); code != "" {
		refuse(http.StatusBadRequest, code)
		return
	}
	if msg.Unfurl == nil || *msg.Unfurl || msg.UnfurlMd == nil || *msg.UnfurlMd {
		s.problem("response_url: links unfold")
	}
	at.uses++
	blocks := rawBlocks(string(msg.Blocks))
	if msg.Replace && original != nil && s.find(original.Channel, original.TS) != nil {
		original.Text, original.Blocks = msg.Text, blocks
		original.Edits++
		_, _ = io.WriteString(w, "ok")
		return
	}
	m := &Message{Channel: at.channel, TS: s.now(), Thread: msg.Thread, From: BotUser, To: at.user, Text: msg.Text, Blocks: blocks}
	if msg.Type == "in_channel" {
		m.To = ""
	}
	s.add(m)
	at.last = m
	_, _ = io.WriteString(w, "ok")
}
