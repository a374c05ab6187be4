package slack

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/slack-go/slack"

	"onrecord/chat"
	"onrecord/work"
)

// ask is what the queue keeps of a request: what is needed to answer it.
type ask struct {
	Kind kind

	Team    string `json:",omitempty"`
	Channel string `json:",omitempty"` // empty when it came from a form or the Home tab: answered directly
	Thread  string `json:",omitempty"` // that it was asked in, or that the answer opens
	User    string `json:",omitempty"`
	Direct  bool   `json:",omitempty"` // a direct conversation with the bot
	Room    room   `json:",omitempty"`

	Entry    chat.Entry      `json:",omitempty"`
	Command  string          `json:",omitempty"`
	Text     string          `json:",omitempty"` // as Slack marks it up, unless Typed
	Material string          `json:",omitempty"` // the same
	Typed    bool            `json:",omitempty"` // Text and Material are as they were typed
	Links    []string        `json:",omitempty"`
	Files    []file          `json:",omitempty"`
	Shown    chat.Visibility `json:",omitempty"`
	Refusal  string          `json:",omitempty"` // what to say instead of an answer

	Respond string `json:",omitempty"` // response address: a secret
	Pressed string `json:",omitempty"` // the message whose button was pressed
	Hidden  bool   `json:",omitempty"` // that message is seen by its reader only
	Home    bool   `json:",omitempty"` // the button stands in the Home tab
	Away    bool   `json:",omitempty"` // Refusal is all that the workspace is told
	Since   int64  `json:",omitempty"` // when the app was taken out, in seconds since 1970
	At      time.Time
}

type kind string

const (
	kindRequest kind = "request"
	kindHome    kind = "home"   // show the Home tab
	kindForget  kind = "forget" // the app was taken out of the workspace
)

// room is what is known of a channel's openness.
type room string

const (
	roomUnknown room = ""
	roomPublic  room = "public"
	roomPrivate room = "private"
)

// file is an upload as events describe it.
type file struct {
	ID           string `json:"id"`
	Name         string `json:"name"`
	Mimetype     string `json:"mimetype"`
	Mode         string `json:"mode"`
	FileAccess   string `json:"file_access,omitempty"`
	IsExternal   bool   `json:"is_external,omitempty"`
	ExternalType string `json:"external_type,omitempty"`
	Size         int64  `json:"size"`
	URLPrivate   string `json:"url_private"`
	URLDownload  string `json:"url_private_download,omitempty"`
}

const (
	answerable = 30 * time.Minute // a request with a response address
	patience   = time.Hour        // others
)

// accept writes a request down. It reports whether it was new.
func (p *Platform) accept(ctx context.Context, key string, a ask, within time.Duration) (bool, error) {
	a.At = time.Now()
	if a.Kind != kindForget && !p.admits(a.Team) {
		var say bool
		if a, say = p.turnAway(ctx, a); !say {
			return false, nil
		}
		key = "away:" + a.Team
	}
	payload, err := encode(a)
	if err != nil {
		return false, err
	}
	if len(payload) > work.MaxPayload {
		a.Text, a.Material, a.Links, a.Files = "", "", nil, nil
		a.Refusal = "That is more text than I can take in one message. Send it as a file."
		if payload, err = encode(a); err != nil {
			return false, err
		}
	}
	sum := sha256.Sum256([]byte(key))
	fresh, err := p.queue.Accept(ctx, work.Item{
		Key:       lane + ":" + hex.EncodeToString(sum[:16]),
		Lane:      lane,
		Workspace: a.Team,
		Payload:   payload,
		Until:     a.At.Add(within),
	})
	if err != nil {
		return false, fmt.Errorf("accepting a request: %w", err)
	}
	if !fresh {
		p.log.DebugContext(ctx, "a repeated delivery", "kind", string(a.Kind))
	}
	return fresh, nil
}

// encode is JSON without what only web pages need: it has to be short.
func encode(a ask) ([]byte, error) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(a); err != nil {
		return nil, fmt.Errorf("encoding a request: %w", err)
	}
	return b.Bytes(), nil
}

// errMalformed says that a payload cannot be read. It is acknowledged all the
// same: Slack would only send it again.
var errMalformed = errors.New("malformed")

// event is the part of an Events API payload that we read. What else there is
// may be anything.
type event struct {
	Type      string          `json:"type"`
	TeamID    string          `json:"team_id"`
	EventID   string          `json:"event_id"`
	EventTime int64           `json:"event_time"`
	Challenge string          `json:"challenge"`
	Event     json.RawMessage `json:"event"`
	// Authorizations name an installation that the event is for: in a channel that
	// is shared with others TeamID may be theirs.
	Authorizations []struct {
		TeamID string `json:"team_id"`
	} `json:"authorizations"`
}

type innerEvent struct {
	Type        string          `json:"type"`
	Subtype     string          `json:"subtype"`
	User        string          `json:"user"`
	BotID       string          `json:"bot_id"`
	Text        string          `json:"text"`
	TS          string          `json:"ts"`
	ThreadTS    string          `json:"thread_ts"`
	Channel     string          `json:"channel"`
	ChannelType string          `json:"channel_type"`
	Tab         string          `json:"tab"`
	Hidden      bool            `json:"hidden"`
	Edited      json.RawMessage `json:"edited"`
	Files       []file          `json:"files"`
	Tokens      struct {
		Bot []string `json:"bot"`
	} `json:"tokens"`
}

// event takes an event in. The error is for the log.
func (p *Platform) event(ctx context.Context, raw []byte) error {
	var outer event
	if err := json.Unmarshal(raw, &outer); err != nil {
		return fmt.Errorf("reading an event: %w", errMalformed)
	}
	if outer.Type == "app_rate_limited" {
		p.log.WarnContext(ctx, "slack withholds events: there are too many", "workspace", outer.TeamID)
	}
	if outer.Type != "event_callback" {
		return nil
	}
	if len(outer.Authorizations) > 0 && outer.Authorizations[0].TeamID != "" {
		outer.TeamID = outer.Authorizations[0].TeamID
	}
	// The type decides how the rest looks: an event that we do not read may
	// have an object where others have a string.
	var what struct {
		Type string `json:"type"`
	}
	if err := json.Unmarshal(outer.Event, &what); err != nil {
		return fmt.Errorf("reading an event: %w", errMalformed)
	}
	switch what.Type {
	case "message", "app_mention", "app_home_opened", "app_uninstalled", "tokens_revoked":
	default:
		return nil
	}
	var e innerEvent
	if err := json.Unmarshal(outer.Event, &e); err != nil {
		return fmt.Errorf("reading a %s event: %w", what.Type, errMalformed)
	}
	switch e.Type {
	case "message", "app_mention":
		return p.said(ctx, outer.TeamID, e)
	case "app_home_opened":
		if e.Tab != "home" && e.Tab != "" || e.User == "" || outer.EventID == "" {
			return nil
		}
		_, err := p.accept(ctx, "event:"+outer.EventID, ask{Kind: kindHome, Team: outer.TeamID, User: e.User}, time.Minute)
		return err
	default:
		if e.Type == "tokens_revoked" && len(e.Tokens.Bot) == 0 || outer.EventID == "" {
			return nil // a token that we do not use
		}
		_, err := p.accept(ctx, "event:"+outer.EventID, ask{Kind: kindForget, Team: outer.TeamID, Since: outer.EventTime}, patience)
		return err
	}
}

// said takes in what somebody wrote to the bot. One message may arrive twice,
// as a message and as a mention.
func (p *Platform) said(ctx context.Context, team string, e innerEvent) error {
	switch {
	case e.User == "" || e.Channel == "" || e.TS == "",
		e.BotID != "" || e.User == "USLACKBOT" || e.User == p.botOf(ctx, team), // bots do not talk to each other
		e.Hidden || len(e.Edited) > 0 && string(e.Edited) != "null",
		e.Subtype != "" && e.Subtype != "file_share" && e.Subtype != "thread_broadcast",
		e.Type == "message" && e.ChannelType != "im":
		return nil
	}
	a := ask{
		Kind: kindRequest, Team: team, Channel: e.Channel, Thread: e.ThreadTS, User: e.User,
		Direct: e.ChannelType == "im" || strings.HasPrefix(e.Channel, "D"),
		Room:   roomOf(e.Channel, e.ChannelType, ""),
		Entry:  chat.ByMessage, Text: e.Text, Files: e.Files,
	}
	if !a.Direct {
		a.Entry = chat.ByMention
		if a.Thread == "" {
			a.Thread = e.TS // the answer opens it
		}
	}
	_, err := p.accept(ctx, "message:"+team+":"+e.Channel+":"+e.TS, a, patience)
	return err
}

// roomOf tells by a channel's identifier, type or name whether it is private,
// as far as they tell.
func roomOf(id, typ, name string) room {
	switch {
	case strings.HasPrefix(id, "D"), strings.HasPrefix(id, "G"),
		typ == "im" || typ == "mpim" || typ == "group",
		name == "privategroup" || name == "directmessage" || strings.HasPrefix(name, "mpdm-"):
		return roomPrivate
	case typ == "channel", name != "":
		return roomPublic
	}
	return roomUnknown
}

// command takes a slash command in.
func (p *Platform) command(ctx context.Context, c slack.SlashCommand) error {
	if c.UserID == "" || c.ChannelID == "" || c.Command == "" {
		return fmt.Errorf("reading a command: %w", errMalformed)
	}
	name := strings.TrimPrefix(strings.TrimPrefix(c.Command, "/"), p.o.Prefix)
	a := ask{
		Kind: kindRequest, Team: c.TeamID, Channel: c.ChannelID, User: c.UserID,
		Direct: strings.HasPrefix(c.ChannelID, "D"), Room: roomOf(c.ChannelID, "", c.ChannelName),
		Entry: chat.ByCommand, Command: name, Text: c.Text, Respond: c.ResponseURL,
	}
	key := c.TriggerID
	if key == "" {
		key = c.ResponseURL
	}
	if key == "" {
		return fmt.Errorf("reading a command: %w", errMalformed)
	}
	_, err := p.accept(ctx, "command:"+key, a, answerable)
	return err
}

// interaction is the part of an interaction's payload that we read.
type interaction struct {
	Type        string `json:"type"`
	CallbackID  string `json:"callback_id"`
	ResponseURL string `json:"response_url"`
	TriggerID   string `json:"trigger_id"`
	Team        struct {
		ID string `json:"id"`
	} `json:"team"`
	User struct {
		ID     string `json:"id"`
		TeamID string `json:"team_id"`
	} `json:"user"`
	Channel struct {
		ID   string `json:"id"`
		Name string `json:"name"`
	} `json:"channel"`
	Message struct {
		TS          string       `json:"ts"`
		ThreadTS    string       `json:"thread_ts"`
		Text        string       `json:"text"`
		Files       []file       `json:"files"`
		Attachments []attachment `json:"attachments"`
	} `json:"message"`
	Container struct {
		Type        string `json:"type"`
		MessageTS   string `json:"message_ts"`
		ThreadTS    string `json:"thread_ts"`
		ChannelID   string `json:"channel_id"`
		IsEphemeral bool   `json:"is_ephemeral"`
	} `json:"container"`
	Actions []struct {
		ActionID       string `json:"action_id"`
		Value          string `json:"value"`
		SelectedOption struct {
			Value string `json:"value"`
		} `json:"selected_option"`
		ActionTS string `json:"action_ts"`
	} `json:"actions"`
	View struct {
		ID         string `json:"id"`
		CallbackID string `json:"callback_id"`
		TeamID     string `json:"app_installed_team_id"`
		State      struct {
			Values map[string]map[string]struct {
				Value string `json:"value"`
			} `json:"values"`
		} `json:"state"`
	} `json:"view"`
}

// attachment is what an app or an unfurled link added to a message.
type attachment struct {
	Text      string `json:"text"`
	Fallback  string `json:"fallback"`
	TitleLink string `json:"title_link"`
	FromURL   string `json:"from_url"`
}

// interact takes in a press of a button, a shortcut or a form. What it returns
// goes back with the acknowledgement; then, if it is not nil, open is to be
// called: it opens a form, which has to be quick.
func (p *Platform) interact(ctx context.Context, raw []byte) (ack any, open func(context.Context), err error) {
	var in interaction
	if err := json.Unmarshal(raw, &in); err != nil {
		return nil, nil, fmt.Errorf("reading an interaction: %w", errMalformed)
	}
	if in.View.TeamID != "" {
		in.Team.ID = in.View.TeamID
	}
	if in.Team.ID == "" {
		in.Team.ID = in.User.TeamID
	}
	if in.User.ID == "" {
		return nil, nil, fmt.Errorf("reading an interaction: %w", errMalformed)
	}
	switch in.Type {
	case "shortcut":
		if in.CallbackID != shortcutForm || in.TriggerID == "" {
			return nil, nil, nil
		}
		return nil, p.form(in), nil
	case "message_action":
		if in.CallbackID != shortcutMessage {
			return nil, nil, nil
		}
		return nil, nil, p.pointed(ctx, in)
	case "block_actions":
		if len(in.Actions) > 0 && in.Actions[0].ActionID == actionForm && in.TriggerID != "" {
			return nil, p.form(in), nil
		}
		return nil, nil, p.pressed(ctx, in)
	case "view_submission":
		if in.View.CallbackID != shortcutForm {
			return nil, nil, nil
		}
		ack, err := p.submitted(ctx, in)
		return ack, nil, err
	}
	return nil, nil, nil
}

// form opens the form, where it may.
func (p *Platform) form(in interaction) func(context.Context) {
	if !p.admits(in.Team.ID) {
		return nil
	}
	return func(ctx context.Context) { p.openForm(ctx, in.Team.ID, in.TriggerID) }
}

// pointed takes in "Brief this message".
func (p *Platform) pointed(ctx context.Context, in interaction) error {
	if in.Channel.ID == "" || in.TriggerID == "" {
		return fmt.Errorf("reading a shortcut: %w", errMalformed)
	}
	a := ask{
		Kind: kindRequest, Team: in.Team.ID, Channel: in.Channel.ID, User: in.User.ID, Thread: in.Message.ThreadTS,
		Direct: strings.HasPrefix(in.Channel.ID, "D"), Room: roomOf(in.Channel.ID, "", in.Channel.Name),
		Entry: chat.ByMenu, Material: in.Message.Text, Files: in.Message.Files, Respond: in.ResponseURL,
	}
	if strings.TrimSpace(a.Material) == "" {
		// What apps post often has its words in attachments.
		for _, at := range in.Message.Attachments {
			text := at.Text
			if text == "" {
				text = at.Fallback
			}
			a.Material = strings.TrimSpace(a.Material + "\n" + text)
			for _, link := range []string{at.TitleLink, at.FromURL} {
				if webAddress(link) != "" && !slices.Contains(a.Links, link) {
					a.Links = append(a.Links, link)
				}
			}
		}
	}
	if strings.TrimSpace(a.Material) == "" && len(a.Links) == 0 && len(a.Files) == 0 {
		a.Refusal = "There is no text, link or file in that message that I could read."
	}
	_, err := p.accept(ctx, "shortcut:"+in.TriggerID, a, answerable)
	return err
}

// pressed takes in a button that stands for a command.
func (p *Platform) pressed(ctx context.Context, in interaction) error {
	if len(in.Actions) == 0 {
		return nil
	}
	action := in.Actions[0]
	value := strings.TrimSpace(action.Value)
	if value == "" {
		value = strings.TrimSpace(action.SelectedOption.Value)
	}
	if !strings.HasPrefix(action.ActionID, actionPrefix) || value == "" {
		return nil // nothing of ours, or of an earlier life
	}
	a := ask{
		Kind: kindRequest, Team: in.Team.ID, User: in.User.ID, Channel: in.Channel.ID,
		Entry: chat.ByAction, Respond: in.ResponseURL, Pressed: in.Container.MessageTS, Hidden: in.Container.IsEphemeral,
		Home: in.Container.Type == "view", Typed: true, // by us
	}
	if a.Channel == "" {
		a.Channel = in.Container.ChannelID
	}
	if a.Pressed == "" {
		a.Pressed = in.Message.TS
	}
	if a.Channel == "" && !a.Home {
		return fmt.Errorf("reading a press: %w", errMalformed)
	}
	a.Direct, a.Room = strings.HasPrefix(a.Channel, "D") || a.Home, roomOf(a.Channel, "", in.Channel.Name)
	a.Thread = in.Container.ThreadTS
	if a.Thread == "" {
		a.Thread = in.Message.ThreadTS
	}
	a.Command, a.Text, _ = strings.Cut(value, " ")
	switch {
	case a.Direct: // it is between two
	case a.Hidden:
		a.Shown = chat.ToAsker
	default:
		// What everybody sees is talked about in its thread.
		a.Shown = chat.ToThread
		if a.Thread == "" {
			a.Thread = a.Pressed
		}
	}
	key := in.TriggerID
	if key == "" {
		key = a.Channel + ":" + a.Pressed + ":" + a.User + ":" + action.ActionTS
	}
	_, err := p.accept(ctx, "press:"+key, a, answerable)
	return err
}

// submitted takes in a form. The answer goes to the direct conversation.
func (p *Platform) submitted(ctx context.Context, in interaction) (ack any, err error) {
	value := func(id string) string {
		for _, v := range in.View.State.Values[id] {
			return strings.TrimSpace(v.Value)
		}
		return ""
	}
	link, text := value(fieldLink), value(fieldText)
	if link == "" && text == "" {
		return map[string]any{
			"response_action": "errors",
			"errors":          map[string]string{fieldLink: "Give me a link here, or paste the text below."},
		}, nil
	}
	a := ask{
		Kind: kindRequest, Team: in.Team.ID, User: in.User.ID, Direct: true, Room: roomPrivate,
		Entry: chat.ByMessage, Command: "brief", Text: link, Typed: true,
	}
	if text != "" {
		a.Text, a.Material = "", text
		if webAddress(link) != "" {
			a.Links = []string{link}
		}
	}
	key := in.View.ID
	if key == "" {
		key = in.TriggerID
	}
	if key == "" {
		return nil, fmt.Errorf("reading a form: %w", errMalformed)
	}
	_, err = p.accept(ctx, "form:"+key, a, patience)
	return nil, err
}
