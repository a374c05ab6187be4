package discord

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"

	"github.com/bwmarrin/discordgo"

	"onrecord/chat"
	"onrecord/work"
)

// interaction is what Discord tells of a command, a button, a form, or a word
// being typed. discordgo's type lacks the channel.
type interaction struct {
	ID            string `json:"id"`
	ApplicationID string `json:"application_id"`
	Type          int    `json:"type"`
	Token         string `json:"token"`
	GuildID       string `json:"guild_id"`
	ChannelID     string `json:"channel_id"`
	Channel       *struct {
		Type     int    `json:"type"`
		ParentID string `json:"parent_id"`
	} `json:"channel"`
	Member *struct {
		User        user   `json:"user"`
		Nick        string `json:"nick"`
		Permissions string `json:"permissions"`
	} `json:"member"`
	User    *user                      `json:"user"`
	Locale  string                     `json:"locale"`
	Context *int                       `json:"context"`
	Owners  map[string]json.RawMessage `json:"authorizing_integration_owners"`
	Message *struct {
		ID    string `json:"id"`
		Flags int    `json:"flags"`
	} `json:"message"`
	Data struct {
		Name       string   `json:"name"`
		Type       int      `json:"type"`
		Options    []option `json:"options"`
		TargetID   string   `json:"target_id"`
		CustomID   string   `json:"custom_id"`
		Values     []string `json:"values"`
		Components []struct {
			Components []struct {
				CustomID string `json:"custom_id"`
				Value    string `json:"value"`
			} `json:"components"`
		} `json:"components"`
		Resolved struct {
			Attachments map[string]remoteFile  `json:"attachments"`
			Messages    map[string]menuMessage `json:"messages"`
		} `json:"resolved"`
	} `json:"data"`

	received time.Time
}

// who is whoever did it, nil if that is not told.
func (in *interaction) who() *user {
	if in.Member != nil {
		return &in.Member.User
	}
	return in.User
}

type user struct {
	ID         string `json:"id"`
	Username   string `json:"username"`
	GlobalName string `json:"global_name"`
	Bot        bool   `json:"bot"`
}

// remoteFile is a file that lies with Discord.
type remoteFile struct {
	Filename    string `json:"filename"`
	ContentType string `json:"content_type"`
	Size        int    `json:"size"`
	URL         string `json:"url"`
}

// menuMessage is the message whose menu was used.
type menuMessage struct {
	Content     string       `json:"content"`
	Attachments []remoteFile `json:"attachments"`
	Embeds      []struct {
		Title       string `json:"title"`
		Description string `json:"description"`
		URL         string `json:"url"`
	} `json:"embeds"`
}

// Types of interactions, of channels, and of answers, as far as they are used.
const (
	typePing         = 1
	typeCommand      = 2
	typeComponent    = 3
	typeAutocomplete = 4
	typeModal        = 5

	contextBotDM          = 1
	contextPrivateChannel = 2

	flagEphemeral = int(discordgo.MessageFlagsEphemeral)
)

// tokenLife is how long the token of an interaction works, less what sending
// takes.
const tokenLife = 15*time.Minute - 15*time.Second

// ticket is a request as it lies in the queue: what to ask the handler, and
// where the answer goes.
type ticket struct {
	Request asked        `json:"request"`
	Files   []remoteFile `json:"files,omitempty"`

	Channel string `json:"channel"`           // where it was asked: a thread is a channel here
	Guild   string `json:"guild,omitempty"`   //
	Message string `json:"message,omitempty"` // that asks or that the button stands in

	// Of interactions:
	Token     string    `json:"token,omitempty"`
	Received  time.Time `json:"received,omitzero"`
	Component bool      `json:"component,omitempty"` // a button was pressed: acknowledged without a message
	Ephemeral bool      `json:"ephemeral,omitempty"` // only the asker sees the answer, fixed when it was acknowledged
	Direct    bool      `json:"direct,omitempty"`    // a conversation with the bot that nobody else reads
	Visitor   bool      `json:"visitor,omitempty"`   // the bot is not in that server: only the asker installed it
	Parent    string    `json:"parent,omitempty"`    // of the thread that Channel is
	InThread  bool      `json:"in_thread,omitempty"`

	Away string `json:"away,omitempty"` // note of the one sentence that a server gets that is not on the list
}

// asked is the part of a chat.Request that is written down. Files, and what
// only a worker finds out, are added later.
type asked struct {
	ID        string          `json:"id"`
	Scope     chat.Scope      `json:"scope"`
	Entry     chat.Entry      `json:"entry"`
	Command   string          `json:"command,omitempty"`
	Text      string          `json:"text,omitempty"`
	Links     []string        `json:"links,omitempty"`
	Material  string          `json:"material,omitempty"`
	Asker     string          `json:"asker,omitempty"`
	Moderator bool            `json:"moderator,omitempty"`
	Shown     chat.Visibility `json:"shown,omitempty"`
	Locale    string          `json:"locale,omitempty"`
	Time      time.Time       `json:"time"`
}

func (a asked) request() chat.Request {
	return chat.Request{
		ID: a.ID, Scope: a.Scope, Entry: a.Entry,
		Command: a.Command, Text: a.Text, Links: a.Links, Material: a.Material,
		Asker: a.Asker, Moderator: a.Moderator, Shown: a.Shown, Locale: a.Locale, Time: a.Time,
	}
}

// response is the first answer to an interaction.
type response struct {
	Type int `json:"type"`
	Data any `json:"data,omitempty"`
}

type flagsOnly struct {
	Flags int `json:"flags,omitempty"`
}

type choices struct {
	Choices []choice `json:"choices"`
}

type choice struct {
	Name  string `json:"name"`
	Value string `json:"value"`
}

// modal is a form. discordgo's response would send fields of messages along.
type modal struct {
	CustomID   string                       `json:"custom_id"`
	Title      string                       `json:"title"`
	Components []discordgo.MessageComponent `json:"components"`
}

// receive takes an interaction: it gives the first answer, after the request
// was written down if there is work to do.
func (p *Platform) receive(ctx context.Context, in *interaction) response {
	if in.Type == typePing {
		return response{Type: int(discordgo.InteractionResponsePong)}
	}
	if who := in.who(); who != nil && !p.admits(ctx, in.GuildID, who.ID) {
		if in.Type == typeAutocomplete {
			return response{Type: int(discordgo.InteractionApplicationCommandAutocompleteResult), Data: choices{Choices: []choice{}}}
		}
		return say(turnedAway(in.GuildID))
	}
	t, first := p.understand(ctx, in)
	if first != nil {
		return *first
	}
	t.Request.ID = in.ID
	p.awaitAck(in.ID)
	item := work.Item{Key: keyOf(in.ID), Lane: name, Workspace: in.GuildID, Until: until(t)}
	var err error
	if item.Payload, err = json.Marshal(t); err == nil {
		_, err = p.o.Queue.Accept(ctx, item)
	}
	if err != nil {
		p.log.WarnContext(ctx, "a request could not be accepted", "error", err)
		return say("That is more than I can take at once: send it as a file.")
	}
	// A repeat, too, is acknowledged: its first delivery may not have been.
	if t.Component {
		return response{Type: int(discordgo.InteractionResponseDeferredMessageUpdate)}
	}
	r := response{Type: int(discordgo.InteractionResponseDeferredChannelMessageWithSource)}
	if t.Ephemeral {
		r.Data = flagsOnly{flagEphemeral}
	}
	return r
}

func keyOf(id string) string { return name + ":" + id }

// until is when a request can no longer be answered. What only the asker may
// see needs the token; the rest can be posted in the channel.
func until(t *ticket) time.Time {
	at := t.Request.Time
	if t.Ephemeral || t.Visitor {
		return at.Add(tokenLife)
	}
	return at.Add(time.Hour)
}

// firstAnswer is how long Discord waits for the first answer, and a little for
// what it counts otherwise than we do.
const firstAnswer = 3500 * time.Millisecond

// discordEpoch is where the time of Discord's identifiers begins, in
// milliseconds.
const discordEpoch = 1420070400000

// timeOf is when an identifier was made; now when it holds no such time.
func timeOf(id string) time.Time {
	n, err := strconv.ParseInt(id, 10, 64)
	if err != nil {
		return time.Now()
	}
	at := time.UnixMilli(n>>22 + discordEpoch)
	if d := time.Since(at); d < -time.Hour || d > 24*time.Hour {
		return time.Now()
	}
	return at
}

// made is when an interaction was made. Our clock may be wrong by more than its
// token lives, so Discord's is only believed where both agree more or less.
func (in *interaction) made() time.Time {
	at := timeOf(in.ID)
	if late := in.received.Sub(at); late < 0 || late > 5*time.Minute {
		return in.received
	}
	return at
}

// say answers an interaction at once with a sentence that only the asker sees.
func say(text string) response {
	m := sentence(text)
	m.Flags |= discordgo.MessageFlagsEphemeral
	return response{Type: int(discordgo.InteractionResponseChannelMessageWithSource), Data: m}
}

const (
	expired  = "That button has expired: ask again, and you get fresh ones."
	outdated = "That comes from an earlier version of me: ask again, please."
)

// understand reads an interaction. The answer is not nil where nothing needs to
// be worked on.
func (p *Platform) understand(ctx context.Context, in *interaction) (*ticket, *response) {
	who := in.who()
	if who == nil || who.ID == "" || in.Token == "" || in.ID == "" {
		r := say("I cannot tell who asks that.")
		return nil, &r
	}
	t := p.ticketOf(in, who)
	answer := func(r response) (*ticket, *response) { return nil, &r }
	switch in.Type {
	case typeAutocomplete:
		return answer(p.complete(ctx, in, t))
	case typeCommand:
		if in.Data.Type == int(discordgo.MessageApplicationCommand) {
			p.fromMenu(in, t)
			return t, nil
		}
		for _, o := range in.Data.Options {
			if o.Name == optPaste && o.text() == "true" {
				return answer(form(in.Data.Name))
			}
		}
		t.Request.Entry = chat.ByCommand
		t.Request.Command = in.Data.Name
		t.Request.Text = words(p.o.Commands, in.Data.Name, in.Data.Options)
		for _, o := range in.Data.Options {
			if f, ok := in.Data.Resolved.Attachments[o.text()]; ok && o.Name == optFile {
				t.Files = append(t.Files, f)
			}
		}
		return t, nil
	case typeModal:
		command, ok := strings.CutPrefix(in.Data.CustomID, pasteID)
		if !ok {
			return answer(say(outdated))
		}
		t.Request.Entry = chat.ByCommand
		t.Request.Command = command
		for _, row := range in.Data.Components {
			for _, c := range row.Components {
				if c.CustomID == pasteText {
					t.Request.Material = c.Value
				}
			}
		}
		if strings.TrimSpace(t.Request.Material) == "" {
			return answer(say("There was no text in the form."))
		}
		return t, nil
	case typeComponent:
		return p.pressed(ctx, in, t)
	}
	return answer(say(outdated))
}

// ticketOf is what every interaction has in common.
func (p *Platform) ticketOf(in *interaction, who *user) *ticket {
	t := &ticket{
		Channel:  in.ChannelID,
		Guild:    in.GuildID,
		Token:    in.Token,
		Received: in.received,
		Request: asked{
			Scope:  chat.Scope{Platform: name, Workspace: in.GuildID, Channel: in.ChannelID, User: who.ID},
			Asker:  cmp.Or(who.GlobalName, who.Username),
			Locale: in.Locale,
			Time:   in.made(),
		},
	}
	if t.Channel == "" {
		t.Channel = "dm-" + who.ID // Discord always names it
		t.Request.Scope.Channel = t.Channel
	}
	if in.Member != nil {
		may, _ := strconv.ParseInt(in.Member.Permissions, 10, 64)
		t.Request.Moderator = may&(discordgo.PermissionAdministrator|discordgo.PermissionManageGuild|discordgo.PermissionManageMessages) != 0
	}
	if in.Channel != nil && isThread(in.Channel.Type) {
		t.InThread, t.Parent = true, in.Channel.ParentID
		t.Request.Scope.Thread = in.ChannelID
		t.Request.Scope.Channel = cmp.Or(in.Channel.ParentID, in.ChannelID)
	}
	_, byServer := in.Owners["0"]
	_, byUser := in.Owners["1"]
	dm := in.GuildID == ""
	withBot := dm && (in.Context == nil || *in.Context == contextBotDM)
	t.Visitor = byUser && !byServer && !withBot || in.Context != nil && *in.Context == contextPrivateChannel
	// In a direct conversation nobody else reads along, and what is ephemeral
	// would be gone after a reload.
	t.Direct, t.Ephemeral = withBot, !withBot
	t.Request.Scope.Private = dm || t.Visitor
	return t
}

func isThread(kind int) bool { return kind >= 10 && kind <= 12 }

// fromMenu takes the message whose menu was used.
func (p *Platform) fromMenu(in *interaction, t *ticket) {
	t.Request.Entry = chat.ByMenu
	m := in.Data.Resolved.Messages[in.Data.TargetID]
	t.Request.Material = m.Content
	t.Files = m.Attachments
	if strings.TrimSpace(m.Content) == "" && len(m.Attachments) == 0 {
		var text []string
		for _, e := range m.Embeds {
			text = append(text, strings.TrimSpace(e.Title+"\n"+e.Description))
			if e.URL != "" {
				t.Request.Links = append(t.Request.Links, e.URL)
			}
		}
		t.Request.Material = strings.TrimSpace(strings.Join(text, "\n"))
	}
	if len(t.Files) > 0 && strings.TrimSpace(m.Content) != "" && !readable(t.Files[0]) {
		t.Files = nil // a picture beside a text
	}
}

// readable reports whether a file may hold text.
func readable(f remoteFile) bool {
	for _, media := range []string{"image/", "video/", "audio/"} {
		if strings.HasPrefix(f.ContentType, media) {
			return false
		}
	}
	return true
}

// pressed takes a button or a choice in the menu.
func (p *Platform) pressed(ctx context.Context, in *interaction, t *ticket) (*ticket, *response) {
	id := in.Data.CustomID
	if id == menuID && len(in.Data.Values) > 0 {
		id = in.Data.Values[0]
	}
	at, ok := parseCustomID(id)
	if !ok {
		r := say(outdated)
		return nil, &r
	}
	command := at.rest
	if at.verb != verbRun {
		a, found := p.kept(ctx, at.rest)
		if !found {
			r := say(expired)
			return nil, &r
		}
		if at.verb == verbAsk && a.Confirm != "" {
			r := ask(a)
			return nil, &r
		}
		command = a.Command
	}
	t.Component = true
	t.Request.Entry = chat.ByAction
	t.Request.Command, t.Request.Text, _ = strings.Cut(strings.TrimSpace(command), " ")
	t.Ephemeral = false
	switch {
	case in.Message != nil && in.Message.Flags&flagEphemeral != 0:
		t.Ephemeral = true
		t.Request.Shown = chat.ToAsker
	case t.Visitor:
		t.Ephemeral = true
		t.Request.Shown = chat.ToAsker
	case in.GuildID == "":
	case t.InThread:
		t.Request.Shown = chat.ToThread
	default:
		t.Request.Shown = chat.ToChannel
	}
	if in.Message != nil {
		t.Message = in.Message.ID
	}
	return t, nil
}

// ask is the question before an action that wants one.
func ask(a keptAction) response {
	m := sentence(a.Confirm)
	m.Flags |= discordgo.MessageFlagsEphemeral
	kind := discordgo.PrimaryButton
	if a.Danger {
		kind = discordgo.DangerButton
	}
	m.Components = append(m.Components, discordgo.ActionsRow{Components: []discordgo.MessageComponent{
		discordgo.Button{Label: "Yes", Style: kind, CustomID: customID(0, verbYes, a.ID)},
	}})
	return response{Type: int(discordgo.InteractionResponseChannelMessageWithSource), Data: m}
}

// form is where a text is pasted into. It must be the first answer.
func form(command string) response {
	return response{Type: int(discordgo.InteractionResponseModal), Data: modal{
		CustomID: pasteID + command,
		Title:    "Paste a text",
		Components: []discordgo.MessageComponent{discordgo.ActionsRow{Components: []discordgo.MessageComponent{
			discordgo.TextInput{CustomID: pasteText, Label: "The text, up to 4,000 characters", Style: discordgo.TextInputParagraph, Required: true, MaxLength: 4000},
		}}},
	}}
}

// complete offers recent articles while the source is typed, and speakers while
// a name is. It has three seconds and cannot be put off.
func (p *Platform) complete(ctx context.Context, in *interaction, t *ticket) response {
	ctx, cancel := context.WithTimeout(ctx, 2*time.Second)
	defer cancel()
	list := choices{Choices: []choice{}}
	for _, o := range in.Data.Options {
		if !o.Focused {
			continue
		}
		for _, s := range p.suggest(ctx, in.Data.Name, o, t.Request.Scope) {
			label := cutTo(strings.TrimSpace(clean(s.Label)), maxOption)
			if label == "" || s.Value == "" || width(s.Value) > maxOption || len(list.Choices) == maxOptions {
				continue
			}
			list.Choices = append(list.Choices, choice{label, s.Value})
		}
	}
	return response{Type: int(discordgo.InteractionApplicationCommandAutocompleteResult), Data: list}
}

// suggest lists what may be meant by what is typed into an option.
func (p *Platform) suggest(ctx context.Context, command string, o option, scope chat.Scope) []chat.Suggestion {
	if o.Name == optSource && p.o.Recent != nil {
		return chat.Suggest(ctx, p.o.Recent, scope, o.text())
	}
	i := slices.IndexFunc(p.o.Commands, func(c chat.Command) bool { return c.Name == command })
	if i < 0 || p.o.Speakers == nil || !slices.ContainsFunc(p.o.Commands[i].Options, func(have chat.Option) bool { return have.Name == o.Name && have.Suggests }) {
		return nil
	}
	return p.o.Speakers(ctx, scope, o.text())
}

// awaitAck says that an interaction is about to be acknowledged. The worker
// waits for it: a deferred answer cannot be edited before.
func (p *Platform) awaitAck(id string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if _, ok := p.acks[id]; !ok {
		p.acks[id] = make(chan struct{})
	}
}

func (p *Platform) acked(id string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if c, ok := p.acks[id]; ok {
		close(c)
		delete(p.acks, id)
	}
}

// waitAck waits until an interaction of this process is acknowledged.
func (p *Platform) waitAck(ctx context.Context, id string) {
	p.mu.Lock()
	c, ok := p.acks[id]
	p.mu.Unlock()
	if !ok {
		return
	}
	timer := time.NewTimer(3 * time.Second)
	defer timer.Stop()
	select {
	case <-c:
	case <-timer.C:
	case <-ctx.Done():
	}
}

// respond takes an interaction that came by the gateway and gives the first
// answer by REST. An answer that another delivery gave before is as good.
func (p *Platform) respond(ctx context.Context, in *interaction) {
	r := p.receive(ctx, in)
	defer p.acked(in.ID)
	err := p.api.do(ctx, call{
		method: "POST",
		path:   "/interactions/" + in.ID + "/" + in.Token + "/callback",
		route:  "/interactions/callback",
		body:   r,
		open:   true,
		within: max(firstAnswer-time.Since(in.received), time.Second),
	})
	switch {
	case err == nil, codeOf(err) == codeAcknowledged:
	case codeOf(err) == codeUnknownInteraction:
		p.log.WarnContext(ctx, "an interaction was acknowledged too late", "type", in.Type)
	case !errors.Is(err, context.Canceled):
		p.log.WarnContext(ctx, "an interaction could not be acknowledged", "type", in.Type, "error", err)
	}
}

// validID reports whether an identifier is one of Discord's, so that it can
// stand in a path.
func validID(id string) bool {
	return id != "" && len(id) <= 20 && !strings.ContainsFunc(id, func(r rune) bool { return r > unicode.MaxASCII || !unicode.IsDigit(r) })
}

// validToken reports the same of the token of an interaction.
func validToken(token string) bool {
	return token != "" && len(token) < 1000 && !strings.ContainsFunc(token, func(r rune) bool {
		return r > unicode.MaxASCII || !unicode.IsLetter(r) && !unicode.IsDigit(r) && !strings.ContainsRune("-_.~=", r)
	})
}

// maxInteraction is the size of the largest interaction that is read.
const maxInteraction = 1 << 20

// parseInteraction reads an interaction, wherever it came from.
func parseInteraction(data []byte) (*interaction, error) {
	if len(data) > maxInteraction {
		return nil, errors.New("an interaction of more than 1 MiB")
	}
	var in interaction
	if err := json.Unmarshal(data, &in); err != nil {
		return nil, err
	}
	in.received = time.Now()
	if in.Type != typePing && (!validID(in.ID) || !validToken(in.Token) || in.ChannelID != "" && !validID(in.ChannelID)) {
		return nil, errors.New("an interaction without a proper identifier")
	}
	return &in, nil
}
