package discordfake

import (
	"bytes"
	"context"
	"crypto/ed25519"
	"encoding/hex"
	"encoding/json"
	"io"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// Interaction is something that a person did with the bot.
type Interaction struct {
	ID, Token string

	s         *Server
	user      *User
	channel   string
	kind      int
	made      time.Time
	on        *Message // of a component
	visitor   bool
	body      []byte
	answered  int // type of the first answer, 0 while there is none
	at        time.Time
	modal     Modal
	choices   []Choice
	original  *Message
	deferred  bool // the deferred answer has not come yet
	followUps int
	edited    bool
	status    int // of the HTTP answer, by an endpoint
}

// Modal is a form that was opened.
type Modal struct {
	CustomID, Title string
	Fields          []string // identifiers
}

// Choice is a completion that was offered.
type Choice struct{ Name, Value string }

// Option is an option of a slash command. A value that is an Attachment is put
// where Discord puts it.
type Option struct {
	Name  string
	Value any
}

// Answered reports whether the final answer is there: a message that is no
// longer deferred, a form, or completions.
func (i *Interaction) Answered() bool {
	i.s.mu.Lock()
	defer i.s.mu.Unlock()
	switch i.answered {
	case 0:
		return false
	case 5:
		return !i.deferred
	case 6:
		return i.followUps > 0 || i.edited || i.original != nil && i.s.messages[i.original.ID] == nil
	}
	return true
}

// First is the type of the first answer, and how long it took.
func (i *Interaction) First() (kind int, after time.Duration) {
	i.s.mu.Lock()
	defer i.s.mu.Unlock()
	return i.answered, i.at.Sub(i.made)
}

// Original is the message that the interaction was answered with.
func (i *Interaction) Original() (Message, bool) {
	i.s.mu.Lock()
	defer i.s.mu.Unlock()
	if i.original == nil {
		return Message{}, false
	}
	return *i.original, true
}

// Choices are the completions that were offered.
func (i *Interaction) Choices() []Choice {
	i.s.mu.Lock()
	defer i.s.mu.Unlock()
	return i.choices
}

// Modal is the form that was opened.
func (i *Interaction) Modal() Modal {
	i.s.mu.Lock()
	defer i.s.mu.Unlock()
	return i.modal
}

// Status is the HTTP status that an endpoint answered with.
func (i *Interaction) Status() int {
	i.s.mu.Lock()
	defer i.s.mu.Unlock()
	return i.status
}

// Age makes an interaction older, so that its token expires.
func (i *Interaction) Age(by time.Duration) {
	i.s.mu.Lock()
	defer i.s.mu.Unlock()
	i.made = i.made.Add(-by)
}

// Repeat delivers the interaction once more.
func (i *Interaction) Repeat() { i.s.deliver(i) }

// Command runs a slash command.
func (s *Server) Command(u *User, channel, name string, options ...Option) *Interaction {
	data := map[string]any{"id": "1", "name": name, "type": 1}
	list, files := []any{}, map[string]any{}
	for _, o := range options {
		kind := 3
		switch v := o.Value.(type) {
		case bool:
			kind = 5
		case int:
			kind = 4
		case Attachment:
			kind = 11
			files[v.ID] = v
			o.Value = v.ID
		}
		list = append(list, map[string]any{"name": o.Name, "type": kind, "value": o.Value})
	}
	data["options"] = list
	if len(files) > 0 {
		data["resolved"] = map[string]any{"attachments": files}
	}
	return s.interact(u, channel, 2, data, nil)
}

// Complete types the beginning of a source.
func (s *Server) Complete(u *User, channel, name, typed string) *Interaction {
	return s.CompleteOption(u, channel, name, "source", typed)
}

// CompleteOption types the beginning of an option.
func (s *Server) CompleteOption(u *User, channel, name, option, typed string) *Interaction {
	return s.interact(u, channel, 4, map[string]any{"id": "1", "name": name, "type": 1, "options": []any{map[string]any{"name": option, "type": 3, "value": typed, "focused": true}}}, nil)
}

// Menu uses a command in the menu of a message.
func (s *Server) Menu(u *User, channel, name, message string) *Interaction {
	s.mu.Lock()
	m := s.messages[message]
	attachments, embeds := []Attachment{}, []Embed{}
	attachments = append(attachments, m.Attachments...)
	embeds = append(embeds, m.Embeds...)
	data := map[string]any{"id": "2", "name": name, "type": 3, "target_id": message, "resolved": map[string]any{"messages": map[string]any{message: map[string]any{
		"id": message, "content": m.Content, "attachments": attachments, "embeds": embeds,
		"author": map[string]any{"id": m.Author},
	}}}}
	s.mu.Unlock()
	return s.interact(u, channel, 2, data, nil)
}

// Click presses a button of a message, or chooses an option of its menu; the
// label may be the beginning of it.
func (s *Server) Click(u *User, m Message, label string) *Interaction {
	id, ok := m.Button(label)
	if !ok {
		panic("there is no button " + label + " in " + m.Text())
	}
	for _, c := range m.Components {
		for _, o := range c.Options {
			if o.Value == id {
				return s.ClickID(u, m, c.CustomID, id)
			}
		}
	}
	return s.ClickID(u, m, id)
}

// ClickID presses a button with an identifier, or chooses values of a menu.
func (s *Server) ClickID(u *User, m Message, id string, values ...string) *Interaction {
	data := map[string]any{"custom_id": id, "component_type": 2}
	if len(values) > 0 {
		data["component_type"], data["values"] = 3, values
	}
	s.mu.Lock()
	on := s.messages[m.ID]
	s.mu.Unlock()
	return s.interact(u, m.Channel, 3, data, on)
}

// Submit sends a form.
func (s *Server) Submit(u *User, channel string, form Modal, text string) *Interaction {
	rows := []any{}
	for _, f := range form.Fields {
		rows = append(rows, map[string]any{"type": 1, "components": []any{map[string]any{"type": 4, "custom_id": f, "value": text}}})
	}
	return s.interact(u, channel, 5, map[string]any{"custom_id": form.CustomID, "components": rows}, nil)
}

// interact makes an interaction and delivers it.
func (s *Server) interact(u *User, in string, kind int, data map[string]any, on *Message) *Interaction {
	s.mu.Lock()
	c := s.channels[in]
	i := &Interaction{ID: s.nextID(), Token: "tok-" + s.nextID(), s: s, user: u, channel: in, kind: kind, made: time.Now(), on: on}
	body := map[string]any{
		"id": i.ID, "application_id": s.ApplicationID, "type": kind, "token": i.Token, "version": 1, "data": data,
		"channel_id": in, "channel": map[string]any{"id": in, "type": c.kind, "parent_id": c.parent},
		"locale": "en-GB", "attachment_size_limit": limFile, "entitlements": []any{}, "app_permissions": "0",
	}
	person := map[string]any{"id": u.ID, "username": strings.ToLower(u.Name), "global_name": u.Name}
	owners := map[string]any{}
	switch {
	case c.guild == "":
		body["user"], body["context"] = person, 1
		owners["0"] = "0"
	default:
		body["guild_id"], body["context"] = c.guild, 0
		body["member"] = map[string]any{"user": person, "permissions": strconv.FormatInt(u.Permissions, 10), "roles": []string{}}
		if s.guilds[c.guild].installed {
			owners["0"] = c.guild
		}
	}
	if u.Visitor {
		owners["1"] = u.ID
	}
	i.visitor = c.guild != "" && !s.guilds[c.guild].installed
	body["authorizing_integration_owners"] = owners
	if on != nil {
		body["message"] = map[string]any{"id": on.ID, "channel_id": in, "flags": on.Flags}
	}
	i.body, _ = json.Marshal(body)
	s.interactions[i.Token] = i
	s.mu.Unlock()
	s.deliver(i)
	return i
}

// deliver brings an interaction to the bot.
func (s *Server) deliver(i *Interaction) {
	s.mu.Lock()
	endpoint := s.o.Endpoint
	s.mu.Unlock()
	if endpoint == "" {
		s.gw.dispatch("INTERACTION_CREATE", json.RawMessage(i.body))
		return
	}
	s.posting.Go(func() {
		status, answer := s.Post(endpoint, i.body, time.Now(), nil)
		s.mu.Lock()
		defer s.mu.Unlock()
		i.status = status
		if status == http.StatusOK {
			s.answer(i, answer)
		}
		s.change()
	})
}

// Post sends a signed body to an endpoint, as of some time; tamper may change
// the request before it goes.
func (s *Server) Post(endpoint string, body []byte, at time.Time, tamper func(*http.Request)) (status int, answer []byte) {
	ctx, cancel := context.WithTimeout(context.Background(), s.o.AckWithin)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, endpoint, bytes.NewReader(body))
	if err != nil {
		return 0, nil
	}
	stamp := strconv.FormatInt(at.Unix(), 10)
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("X-Signature-Timestamp", stamp)
	req.Header.Set("X-Signature-Ed25519", hex.EncodeToString(ed25519.Sign(s.key, append([]byte(stamp), body...))))
	if tamper != nil {
		tamper(req)
	}
	resp, err := s.http.Client().Do(req)
	if err != nil {
		return 0, nil
	}
	defer resp.Body.Close()
	answer, _ = io.ReadAll(resp.Body)
	return resp.StatusCode, answer
}

// Body is an interaction as it is sent.
func (i *Interaction) Body() []byte { return i.body }

// callback is the first answer by REST.
func (s *Server) callback(r in) reply {
	s.mu.Lock()
	defer s.mu.Unlock()
	i := s.interactions[r.PathValue("token")]
	if i == nil || i.ID != r.PathValue("id") {
		return no(http.StatusNotFound, 10062, "Unknown interaction")
	}
	return s.answer(i, r.body)
}

// answer takes the first answer. s.mu must be held.
func (s *Server) answer(i *Interaction, body []byte) reply {
	switch {
	case i.answered != 0:
		return no(http.StatusBadRequest, 40060, "Interaction has already been acknowledged.")
	case time.Since(i.made) > s.o.AckWithin:
		s.tally["late"]++
		return no(http.StatusNotFound, 10062, "Unknown interaction")
	}
	if faults := checkResponse(i.kind, body); len(faults) > 0 {
		return s.invalid("response", faults)
	}
	var r struct {
		Type int `json:"type"`
		Data struct {
			Flags    int      `json:"flags"`
			Choices  []Choice `json:"choices"`
			CustomID string   `json:"custom_id"`
			Title    string   `json:"title"`
		} `json:"data"`
	}
	_ = json.Unmarshal(body, &r)
	i.answered, i.at = r.Type, time.Now()
	var m messageBody
	var raw struct {
		Data json.RawMessage `json:"data"`
	}
	_ = json.Unmarshal(body, &raw)
	if len(raw.Data) > 0 {
		_ = json.Unmarshal(raw.Data, &m)
	}
	switch r.Type {
	case 4, 5:
		i.original = s.put(in{}, m, i.channel)
		i.original.Loading, i.deferred = r.Type == 5, r.Type == 5
		i.original.interaction = i.Token
		s.limit(i, i.original, r.Data.Flags)
	case 6, 7:
		i.original = i.on
		if r.Type == 7 && i.on != nil {
			i.on.set(in{}, m)
		}
	case 8:
		i.choices = r.Data.Choices
	case 9:
		i.modal = Modal{CustomID: r.Data.CustomID, Title: r.Data.Title}
		for _, row := range m.Components {
			for _, c := range row.Components {
				i.modal.Fields = append(i.modal.Fields, c.CustomID)
			}
		}
	}
	return reply{status: http.StatusNoContent}
}

// limit makes a message ephemeral if it is to be.
func (s *Server) limit(i *Interaction, m *Message, flags int) {
	if flags&flagEphemeral == 0 {
		return
	}
	m.Flags |= flagEphemeral
	m.Only = i.user.ID
}

// of finds the interaction of a token that works.
func (s *Server) of(r in) (*Interaction, reply) {
	i := s.interactions[r.PathValue("token")]
	switch {
	case i == nil || r.PathValue("app") != s.ApplicationID:
		return nil, no(http.StatusNotFound, 10015, "Unknown Webhook")
	case time.Since(i.made) > s.o.TokenLife:
		return nil, no(http.StatusUnauthorized, 50027, "Invalid Webhook Token")
	case i.answered == 0:
		return nil, no(http.StatusNotFound, 10015, "Unknown Webhook")
	}
	return i, reply{}
}

func (s *Server) followUp(r in) reply {
	s.mu.Lock()
	defer s.mu.Unlock()
	i, bad := s.of(r)
	if i == nil {
		return bad
	}
	body, faults := s.checked(r)
	if len(faults) > 0 {
		return s.invalid("follow-up", faults)
	}
	if i.visitor && i.followUps == 5 {
		s.fault("more than 5 follow-ups where only a member installed the application")
		return no(http.StatusBadRequest, 40094, "This interaction has reached the maximum number of follow-up messages")
	}
	i.followUps++
	if i.deferred {
		// It takes the place of the deferred answer, and is seen by those who
		// would have seen that.
		i.deferred = false
		i.original.set(r, body)
		return ok(s.eventOf(i.original, false))
	}
	m := s.put(r, body, i.channel)
	m.interaction = i.Token
	s.limit(i, m, body.Flags)
	if i.visitor && m.Only == "" {
		s.fault("a public answer where only a member installed the application")
	}
	return ok(s.eventOf(m, false))
}

func (s *Server) editOriginal(r in) reply {
	s.mu.Lock()
	defer s.mu.Unlock()
	i, bad := s.of(r)
	if i == nil {
		return bad
	}
	if i.original == nil || s.messages[i.original.ID] == nil {
		return no(http.StatusNotFound, 10008, "Unknown Message")
	}
	body, faults := s.checked(r)
	if len(faults) > 0 {
		return s.invalid("edit", faults)
	}
	i.deferred = false
	i.original.set(r, body)
	i.original.Edits++
	i.edited = true
	return ok(s.eventOf(i.original, false))
}

func (s *Server) deleteOriginal(r in) reply {
	s.mu.Lock()
	defer s.mu.Unlock()
	i, bad := s.of(r)
	if i == nil {
		return bad
	}
	if i.original == nil || s.messages[i.original.ID] == nil {
		return no(http.StatusNotFound, 10008, "Unknown Message")
	}
	delete(s.messages, i.original.ID)
	for n, m := range s.order {
		if m == i.original {
			s.order = append(s.order[:n:n], s.order[n+1:]...)
			break
		}
	}
	i.deferred = false
	return reply{status: http.StatusNoContent}
}
