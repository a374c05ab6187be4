package slackfake

import (
	"context"
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"

	"onrecord/adapters/slack/internal/blockkit"
)

var typedLink = regexp.MustCompile(`https?://[^\s<>]*[^\s<>.,;:!?)]`)

// markup is a text as Slack stores what a person typed.
func markup(team, text string) string {
	var w strings.Builder
	for text != "" {
		at := typedLink.FindStringIndex(text)
		if at == nil {
			w.WriteString(blockkit.Escape(text))
			break
		}
		w.WriteString(blockkit.Escape(text[:at[0]]))
		w.WriteString("<" + blockkit.Escape(text[at[0]:at[1]]) + ">")
		text = text[at[1]:]
	}
	return strings.ReplaceAll(w.String(), "@"+BotName, "<@"+BotUserIn(team)+">")
}

// Say writes a message. The bot is told when it is addressed: in a direct
// conversation, or by "@onrecord" in a channel that it is in. thread may be
// empty; files are identifiers.
func (s *Server) Say(user, channel, thread, text string, files ...string) (ts string) {
	s.mu.Lock()
	team := s.teamOfChannel(channel)
	m := &Message{Channel: channel, TS: s.now(), Thread: thread, From: user, Text: markup(team, text), Files: files}
	s.add(m)
	c := s.channels[channel]
	var events []map[string]any
	event := func(kind string) map[string]any {
		e := map[string]any{
			"type": kind, "user": user, "text": m.Text, "ts": m.TS, "channel": channel, "event_ts": m.TS, "team": team,
			"client_msg_id": "msg-" + m.TS,
			"blocks":        []any{map[string]any{"type": "rich_text", "elements": []any{map[string]any{"type": "rich_text_section", "elements": []any{map[string]any{"type": "text", "text": text}}}}}},
		}
		if thread != "" {
			e["thread_ts"] = thread
		}
		if len(files) > 0 {
			e["files"] = s.described(files)
			e["upload"] = false
		}
		return e
	}
	if c != nil && c.Direct != "" {
		e := event("message")
		e["channel_type"] = "im"
		if len(files) > 0 {
			e["subtype"] = "file_share"
		}
		events = append(events, e)
	}
	if c != nil && c.Bot && strings.Contains(m.Text, "<@"+BotUserIn(team)+">") {
		events = append(events, event("app_mention"))
	}
	payloads := s.payloads(team, events)
	s.mu.Unlock()
	for _, p := range payloads {
		s.deliver("events_api", p, "")
	}
	return m.TS
}

// eventPayload wraps an event. The lock must be held.
func (s *Server) eventPayload(e map[string]any) json.RawMessage {
	return s.payloadIn(TeamID, e, time.Now())
}

func (s *Server) payloadIn(team string, e map[string]any, at time.Time) json.RawMessage {
	return encode(map[string]any{
		"token": "legacy", "team_id": team, "api_app_id": AppID, "type": "event_callback", "event": e,
		"event_id": s.id("Ev"), "event_time": at.Unix(), "is_ext_shared_channel": false,
		"authorizations": []any{map[string]any{"team_id": team, "user_id": BotUserIn(team), "is_bot": true}},
	})
}

func (s *Server) payloads(team string, events []map[string]any) []json.RawMessage {
	var all []json.RawMessage
	for _, e := range events {
		all = append(all, s.payloadIn(team, e, time.Now()))
	}
	return all
}

// Event delivers an event of any kind.
func (s *Server) Event(e map[string]any) {
	s.mu.Lock()
	p := s.eventPayload(e)
	s.mu.Unlock()
	s.deliver("events_api", p, "")
}

// Deliver delivers a payload as it is: "events_api", "slash_commands" or
// "interactive".
func (s *Server) Deliver(kind string, payload []byte) { s.deliver(kind, payload, "") }

func (s *Server) described(files []string) []any {
	var list []any
	for _, id := range files {
		if f := s.files[id]; f != nil {
			list = append(list, s.describe(f, false))
		}
	}
	return list
}

func (s *Server) describe(f *File, whole bool) map[string]any {
	if f.CheckInfo && !whole {
		return map[string]any{"id": f.ID, "mode": "file_access", "file_access": "check_file_info", "created": 0, "timestamp": 0}
	}
	d := map[string]any{
		"id": f.ID, "created": time.Now().Unix(), "timestamp": time.Now().Unix(), "name": f.Name, "title": f.Name, "mimetype": f.Type, "size": len(f.Data),
		"mode": "hosted", "is_external": false, "external_type": "",
		"url_private":          "http://" + s.listener.Addr().String() + "/files/" + f.ID,
		"url_private_download": "http://" + s.listener.Addr().String() + "/files/" + f.ID + "?download=1",
	}
	if f.External != "" {
		d["mode"], d["is_external"], d["external_type"] = "external", true, "gdrive"
		d["url_private"], d["url_private_download"] = f.External, nil
	}
	return d
}

// channelName is the name of a channel as interactions give it.
func channelName(c *Channel) string {
	switch {
	case c == nil:
		return ""
	case c.Direct != "":
		return "directmessage"
	case c.Private:
		return "privategroup"
	}
	return c.Name
}

// newTrigger makes a trigger, good for three seconds.
func (s *Server) newTrigger(user string) string {
	id := s.id("123.456.")
	s.triggers[id] = trigger{user: user, until: time.Now().Add(3 * time.Second)}
	return id
}

// newResponse makes a response address, good for five uses in half an hour.
func (s *Server) newResponse(user, channel string, source *Message) string {
	id := s.id("R")
	s.responses[id] = &response{user: user, channel: channel, source: source, until: time.Now().Add(30 * time.Minute)}
	return "http://" + s.listener.Addr().String() + "/respond/" + id
}

// ExpireResponses makes all response addresses too old.
func (s *Server) ExpireResponses() {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, r := range s.responses {
		r.until = time.Now()
	}
}

// ResponseURL makes a response address, for a test that makes its own
// deliveries.
func (s *Server) ResponseURL(user, channel string) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.newResponse(user, channel, nil)
}

// Slash types a slash command.
func (s *Server) Slash(user, channel, command, text string) {
	s.mu.Lock()
	name := ""
	if u := s.users[user]; u != nil {
		name = u.Name
	}
	payload := encode(map[string]any{
		"token": "legacy", "team_id": s.teamOfUser(user), "team_domain": domain(s.teamOfUser(user)), "channel_id": channel, "channel_name": channelName(s.channels[channel]),
		"user_id": user, "user_name": name, "command": command, "text": blockkit.Escape(text), "api_app_id": AppID,
		"is_enterprise_install": "false", "response_url": s.newResponse(user, channel, nil), "trigger_id": s.newTrigger(user),
	})
	s.mu.Unlock()
	s.deliver("slash_commands", payload, user)
}

// interaction is what all interactions have in common. The lock must be held.
func (s *Server) interaction(kind, user string) map[string]any {
	name := ""
	if u := s.users[user]; u != nil {
		name = u.Name
	}
	return map[string]any{
		"type": kind, "token": "legacy", "api_app_id": AppID, "team": map[string]any{"id": s.teamOfUser(user), "domain": domain(s.teamOfUser(user))},
		"user": map[string]any{"id": user, "username": name, "name": name, "team_id": s.teamOfUser(user)}, "trigger_id": s.newTrigger(user),
		"is_enterprise_install": false, "enterprise": nil,
	}
}

// Press presses what has the value or the label in a message. It fails when
// there is no such thing to press for that person.
func (s *Server) Press(user, channel, ts, valueOrLabel string) error {
	s.mu.Lock()
	m := s.find(channel, ts)
	if m == nil || m.To != "" && m.To != user {
		s.mu.Unlock()
		return fmt.Errorf("%s sees no message %s", user, ts)
	}
	controls := blockkit.Clickable(m.Blocks)
	i := slices.IndexFunc(controls, func(c blockkit.Control) bool { return c.Value == valueOrLabel || c.Label == valueOrLabel })
	if i < 0 {
		s.mu.Unlock()
		return fmt.Errorf("nothing to press is called %q", valueOrLabel)
	}
	in := s.interaction("block_actions", user)
	container := map[string]any{"type": "message", "message_ts": m.TS, "channel_id": channel, "is_ephemeral": m.To != "", "is_app_unfurl": false}
	if m.Thread != "" {
		container["thread_ts"] = m.Thread
	}
	in["container"] = container
	in["channel"] = map[string]any{"id": channel, "name": channelName(s.channels[channel])}
	in["response_url"] = s.newResponse(user, channel, m)
	in["actions"] = []any{s.pressed(controls[i])}
	if m.To == "" {
		in["message"] = messageOf(m)
	}
	payload := encode(in)
	s.mu.Unlock()
	s.deliver("interactive", payload, user)
	return nil
}

func (s *Server) pressed(c blockkit.Control) map[string]any {
	action := map[string]any{"type": c.Type, "action_id": c.ActionID, "block_id": "b1", "action_ts": s.now()}
	if c.Type == "overflow" {
		action["selected_option"] = map[string]any{"value": c.Value, "text": map[string]any{"type": "plain_text", "text": c.Label}}
	} else {
		action["value"] = c.Value
		action["text"] = map[string]any{"type": "plain_text", "text": c.Label}
	}
	return action
}

func messageOf(m *Message) map[string]any {
	out := map[string]any{"type": "message", "user": m.From, "ts": m.TS, "text": m.Text}
	if m.From == BotUser {
		out["bot_id"] = BotID
	}
	if m.Thread != "" {
		out["thread_ts"] = m.Thread
	}
	if len(m.Blocks) > 0 {
		out["blocks"] = m.Blocks
	}
	if len(m.Attachments) > 0 {
		out["attachments"] = m.Attachments
	}
	return out
}

// PressHome presses something in the Home tab.
func (s *Server) PressHome(user, valueOrLabel string) error {
	s.mu.Lock()
	controls := blockkit.Clickable(blocksOf(s.homes[user]))
	i := slices.IndexFunc(controls, func(c blockkit.Control) bool { return c.Value == valueOrLabel || c.Label == valueOrLabel })
	if i < 0 {
		s.mu.Unlock()
		return fmt.Errorf("nothing in the Home tab is called %q", valueOrLabel)
	}
	in := s.interaction("block_actions", user)
	in["container"] = map[string]any{"type": "view", "view_id": "VHOME" + user}
	in["view"] = map[string]any{"id": "VHOME" + user, "type": "home", "callback_id": "", "state": map[string]any{"values": map[string]any{}}}
	in["actions"] = []any{s.pressed(controls[i])}
	payload := encode(in)
	s.mu.Unlock()
	s.deliver("interactive", payload, user)
	return nil
}

// Shortcut chooses a global shortcut.
func (s *Server) Shortcut(user, callback string) {
	s.mu.Lock()
	in := s.interaction("shortcut", user)
	in["callback_id"], in["action_ts"] = callback, s.now()
	payload := encode(in)
	s.mu.Unlock()
	s.deliver("interactive", payload, user)
}

// MessageShortcut chooses something from the menu of a message.
func (s *Server) MessageShortcut(user, channel, ts, callback string) error {
	s.mu.Lock()
	m := s.find(channel, ts)
	if m == nil {
		s.mu.Unlock()
		return fmt.Errorf("there is no message %s", ts)
	}
	in := s.interaction("message_action", user)
	message := messageOf(m)
	if len(m.Files) > 0 {
		message["files"] = s.described(m.Files)
	}
	in["callback_id"], in["action_ts"], in["message_ts"], in["message"] = callback, s.now(), m.TS, message
	in["channel"] = map[string]any{"id": channel, "name": channelName(s.channels[channel])}
	in["response_url"] = s.newResponse(user, channel, nil)
	payload := encode(in)
	s.mu.Unlock()
	s.deliver("interactive", payload, user)
	return nil
}

// Submit fills in the form in front of somebody, by the identifiers of its
// blocks, and sends it. It returns what is shown beside the fields when the
// app does not take it.
func (s *Server) Submit(ctx context.Context, user string, fields map[string]string) (errors map[string]string, err error) {
	s.mu.Lock()
	modal, ok := s.modals[user]
	if !ok {
		s.mu.Unlock()
		return nil, fmt.Errorf("no form is open in front of %s", user)
	}
	var view map[string]any
	if err := json.Unmarshal(modal.View, &view); err != nil {
		s.mu.Unlock()
		return nil, fmt.Errorf("reading the form: %w", err)
	}
	values := map[string]any{}
	blocks, _ := view["blocks"].([]any)
	for _, b := range blocks {
		block, _ := b.(map[string]any)
		element, _ := block["element"].(map[string]any)
		id, _ := block["block_id"].(string)
		action, _ := element["action_id"].(string)
		if element == nil {
			continue
		}
		v := map[string]any{"type": element["type"], "value": nil}
		if text := fields[id]; text != "" {
			v["value"] = text
		}
		values[id] = map[string]any{action: v}
	}
	view["id"], view["hash"], view["state"] = modal.ID, "h", map[string]any{"values": values}
	in := s.interaction("view_submission", user)
	in["view"], in["response_urls"] = view, []any{}
	payload := encode(in)
	s.mu.Unlock()
	select {
	case ack := <-s.deliver("interactive", payload, user):
		var said struct {
			Action string            `json:"response_action"`
			Errors map[string]string `json:"errors"`
		}
		_ = json.Unmarshal(ack, &said)
		if said.Action == "errors" {
			return said.Errors, nil
		}
		s.mu.Lock()
		delete(s.modals, user)
		s.mu.Unlock()
		return nil, nil
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

// OpenHome opens the Home tab.
func (s *Server) OpenHome(user string) {
	channel := s.DM(user)
	s.mu.Lock()
	team := s.teamOfUser(user)
	s.mu.Unlock()
	s.EventIn(team, map[string]any{"type": "app_home_opened", "user": user, "channel": channel, "tab": "home", "event_ts": "1.1"}, time.Now())
}

// Uninstall takes the app out of the workspace.
func (s *Server) Uninstall() {
	s.mu.Lock()
	s.revoked = "account_inactive"
	s.mu.Unlock()
	s.UninstallFrom(TeamID)
}

func encode(v any) json.RawMessage {
	raw, err := json.Marshal(v)
	if err != nil {
		panic(err) // made of plain values above
	}
	return raw
}
