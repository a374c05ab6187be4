package discordfake

import (
	"context"
	"crypto/ed25519"
	"crypto/rand"
	"encoding/hex"
	"encoding/json"
	"fmt"
	mathrand "math/rand/v2"
	"net/http"
	"net/http/httptest"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"
)

// Options are the settings of a Server. The zero value works.
type Options struct {
	Heartbeat time.Duration // between heartbeats; 41.25 s if 0
	AckWithin time.Duration // for the first answer to an interaction; 3 s if 0
	TokenLife time.Duration // of an interaction; 15 minutes if 0
	Limit     int           // requests of a bucket in each Window; 1000 if 0
	Window    time.Duration // 1 s if 0
	Shards    int           // that are recommended; 1 if 0
	PerShard  int           // servers that a shard may have; 2500 if 0
	Together  int           // shards that may identify themselves at a time; 1 if 0
	Gap       time.Duration // between those with the same key, where there are several shards; 5 s if 0
	// Endpoint is where interactions are posted, signed. They go over the
	// gateway if empty.
	Endpoint string
}

// Failures are the shares, from 0 to 1, of REST requests that go wrong.
type Failures struct {
	TooMany     float64 // 429 in JSON
	TooManyHTML float64 // 429 of Cloudflare
	Broken      float64 // 500, 502, 503 or 504, nothing was done
	RetryAfter  time.Duration
}

// Server is the fake. Make one with New.
type Server struct {
	Token         string
	ApplicationID string
	BotID         string
	PublicKey     string // hexadecimal

	o    Options
	key  ed25519.PrivateKey
	http *httptest.Server

	mu           sync.Mutex
	changed      chan struct{} // closed at each change
	lastID       int64
	revoked      bool
	failures     Failures
	users        map[string]*User
	guilds       map[string]*guild
	channels     map[string]*channel
	messages     map[string]*Message
	order        []*Message
	files        map[string][]byte
	interactions map[string]*Interaction // by token
	nonces       map[string]*Message
	commands     json.RawMessage
	overwrites   int
	faults       []string
	requests     []Request
	keep         bool
	buckets      map[string]*window
	tally        map[string]int

	gw gateway

	posting sync.WaitGroup
}

// User is a person.
type User struct {
	ID, Name string
	// Permissions are the person's in every server.
	Permissions int64
	// Visitor has the application installed for themselves.
	Visitor bool
}

type guild struct {
	id        string
	installed bool
	members   map[string]bool
}

type channel struct {
	id, guild, parent string
	kind              int
	name              string
	private           bool
	deny              map[string]bool
	with              string // the user of a direct conversation
	tags              []string
	applied           []string // of a post in a forum
}

// Message is a message in a channel.
type Message struct {
	ID, Channel string
	Author      string // of a user, or Server.BotID
	Only        string // the one user who sees it, if it is ephemeral
	Content     string
	Embeds      []Embed
	Components  []Component
	Flags       int
	Files       map[string][]byte
	Answers     string // the message that it answers
	Loading     bool   // a deferred answer that has not come yet
	Edits       int
	At          time.Time
	Attachments []Attachment

	interaction string
}

// Embed is an embed of a message.
type Embed struct {
	Title       string `json:"title"`
	Description string `json:"description"`
	Footer      *struct {
		Text string `json:"text"`
	} `json:"footer"`
}

// Component is a button or a menu, rows taken apart.
type Component struct {
	Type        int
	CustomID    string
	Label       string
	Style       int
	Placeholder string
	Options     []struct{ Label, Value string }
}

// Attachment is a file that a person sends.
type Attachment struct {
	ID          string `json:"id"`
	Filename    string `json:"filename"`
	ContentType string `json:"content_type,omitempty"`
	Size        int    `json:"size"`
	URL         string `json:"url"`
}

// Request is what the bot sent, for validation by others.
type Request struct {
	Method, Path, Query string
	Header              http.Header
	Body                []byte
	Status              int
}

// Text is what a person reads in a message, in Markdown.
func (m Message) Text() string {
	parts := []string{}
	if m.Content != "" {
		parts = append(parts, m.Content)
	}
	if m.Flags&flagSuppressEmbeds == 0 {
		for _, e := range m.Embeds {
			for _, s := range []string{e.Title, e.Description} {
				if s != "" {
					parts = append(parts, s)
				}
			}
			if e.Footer != nil {
				parts = append(parts, escapeFooter.Replace(e.Footer.Text))
			}
		}
	}
	return strings.Join(parts, "\n")
}

// Footers have no Markdown.
var escapeFooter = strings.NewReplacer("*", `\*`, "_", `\_`, "`", "\\`")

// Plain is the same as people read it.
func (m Message) Plain() string { return Read(m.Text()).Plain }

// Ephemeral reports whether only one person sees the message.
func (m Message) Ephemeral() bool { return m.Flags&flagEphemeral != 0 }

// Button finds a button, or an option of a menu, by the beginning of its label
// and gives its identifier or value.
func (m Message) Button(label string) (id string, ok bool) {
	for _, c := range m.Components {
		if c.Type == 2 && strings.HasPrefix(c.Label, label) {
			return c.CustomID, true
		}
		for _, o := range c.Options {
			if strings.HasPrefix(o.Label, label) {
				return o.Value, true
			}
		}
	}
	return "", false
}

// New starts a Server.
func New(o Options) *Server {
	if o.Heartbeat == 0 {
		o.Heartbeat = 41250 * time.Millisecond
	}
	if o.AckWithin == 0 {
		o.AckWithin = 3 * time.Second
	}
	if o.TokenLife == 0 {
		o.TokenLife = 15 * time.Minute
	}
	if o.Limit == 0 {
		o.Limit = 1000
	}
	for v, def := range map[*int]int{&o.Shards: 1, &o.PerShard: 2500, &o.Together: 1} {
		if *v == 0 {
			*v = def
		}
	}
	if o.Gap == 0 {
		o.Gap = 5 * time.Second
	}
	if o.Window == 0 {
		o.Window = time.Second
	}
	public, private, err := ed25519.GenerateKey(nil)
	if err != nil {
		panic(err) // crypto/rand does not fail
	}
	s := &Server{
		o:            o,
		key:          private,
		PublicKey:    hex.EncodeToString(public),
		Token:        "fake." + rand.Text(),
		changed:      make(chan struct{}),
		users:        map[string]*User{},
		guilds:       map[string]*guild{},
		channels:     map[string]*channel{},
		messages:     map[string]*Message{},
		files:        map[string][]byte{},
		interactions: map[string]*Interaction{},
		nonces:       map[string]*Message{},
		buckets:      map[string]*window{},
		tally:        map[string]int{},
		commands:     json.RawMessage("[]"),
	}
	s.ApplicationID, s.BotID = s.newID(), s.newID()
	s.gw.sessions, s.gw.identified = map[string]*gatewaySession{}, map[int]time.Time{}
	s.http = httptest.NewUnstartedServer(s.routes())
	s.http.Start() // an earlier bot may ask at once, at the same port
	return s
}

// Close stops the server and cuts all connections.
func (s *Server) Close() {
	s.gw.closeAll()
	s.posting.Wait()
	s.http.CloseClientConnections()
	s.http.Close()
}

// APIURL is what the bot is given as the address of Discord.
func (s *Server) APIURL() string { return s.http.URL + "/api" }

// SetEndpoint makes interactions go to an address, signed.
func (s *Server) SetEndpoint(url string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.o.Endpoint = url
}

// newID makes an identifier that holds the time, as Discord's do.
func (s *Server) newID() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.nextID()
}

const epoch = 1420070400000

func (s *Server) nextID() string {
	id := (time.Now().UnixMilli() - epoch) << 22
	s.lastID = max(s.lastID+1, id)
	return strconv.FormatInt(s.lastID, 10)
}

// change wakes those who wait. s.mu must be held.
func (s *Server) change() {
	close(s.changed)
	s.changed = make(chan struct{})
}

// Until waits for something to become true.
func (s *Server) Until(ctx context.Context, is func() bool) error {
	for {
		s.mu.Lock()
		changed := s.changed
		s.mu.Unlock()
		if is() {
			return nil
		}
		select {
		case <-changed:
		case <-ctx.Done():
			if is() {
				return nil
			}
			return ctx.Err()
		}
	}
}

// Fail makes a share of the requests go wrong from now on.
func (s *Server) Fail(f Failures) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.failures = f
}

// Revoke makes the token of the bot invalid.
func (s *Server) Revoke() {
	s.mu.Lock()
	s.revoked = true
	s.mu.Unlock()
	s.gw.closeWith(4004, "Authentication failed.")
}

// Faults are all things that the bot did and should not have.
func (s *Server) Faults() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.faults)
}

func (s *Server) fault(format string, args ...any) {
	s.faults = append(s.faults, fmt.Sprintf(format, args...))
}

// KeepRequests keeps all requests from now on.
func (s *Server) KeepRequests() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.keep = true
}

// Requests are those that were kept.
func (s *Server) Requests() []Request {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.requests)
}

// Tally counts things by name: "identify", "resume", "429", "5xx", "typing",
// "repeat" (a message that its nonce gave away).
func (s *Server) Tally(what string) int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.tally[what]
}

func (s *Server) count(what string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.tally[what]++
}

// Commands are the registered commands, and how often they were overwritten.
func (s *Server) Commands() (names []string, overwrites int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	var list []struct {
		Name string `json:"name"`
	}
	_ = json.Unmarshal(s.commands, &list)
	for _, c := range list {
		names = append(names, c.Name)
	}
	return names, s.overwrites
}

// AddUser makes a person.
func (s *Server) AddUser(name string) *User {
	u := &User{ID: s.newID(), Name: name}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.users[u.ID] = u
	return u
}

// AddGuild makes a server with the bot in it.
func (s *Server) AddGuild() string { return s.addGuild(true) }

// AddGuildWithout makes a server without the bot.
func (s *Server) AddGuildWithout() string { return s.addGuild(false) }

func (s *Server) addGuild(installed bool) string {
	id := s.newID()
	s.mu.Lock()
	s.guilds[id] = &guild{id: id, installed: installed}
	s.mu.Unlock()
	if installed {
		s.gw.dispatch("GUILD_CREATE", map[string]any{"id": id, "unavailable": false})
	}
	return id
}

// Join lets a person join a server.
func (s *Server) Join(u *User, guild string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if g := s.guilds[guild]; g.members == nil {
		g.members = map[string]bool{u.ID: true}
	} else {
		g.members[u.ID] = true
	}
}

// AddGuildOf makes a server with the bot in it that belongs to a shard.
func (s *Server) AddGuildOf(shard, of int) string {
	for {
		s.mu.Lock()
		s.lastID += 1 << 22 // the shard is in the bits above
		id := strconv.FormatInt(s.lastID, 10)
		fits := shardOf(id, of) == shard
		if fits {
			s.guilds[id] = &guild{id: id, installed: true}
		}
		s.mu.Unlock()
		if fits {
			s.gw.dispatch("GUILD_CREATE", map[string]any{"id": id, "unavailable": false})
			return id
		}
	}
}

// RemoveQuietly takes the bot out of a server while nobody is told.
func (s *Server) RemoveQuietly(guild string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.guilds[guild].installed = false
}

// RemoveBot takes the bot out of a server.
func (s *Server) RemoveBot(guild string) {
	s.mu.Lock()
	s.guilds[guild].installed = false
	s.mu.Unlock()
	s.gw.dispatch("GUILD_DELETE", map[string]any{"id": guild})
}

// Outage makes a server unavailable for a while.
func (s *Server) Outage(guild string) {
	s.gw.dispatch("GUILD_DELETE", map[string]any{"id": guild, "unavailable": true})
}

// AddChannel makes a text channel that everybody reads.
func (s *Server) AddChannel(guild string) string {
	return s.addChannel(channel{guild: guild, kind: 0, name: "newsroom"})
}

// AddPrivateChannel makes a channel that not everybody reads.
func (s *Server) AddPrivateChannel(guild string) string {
	return s.addChannel(channel{guild: guild, kind: 0, name: "desk", private: true})
}

// AddThread makes a thread in a channel.
func (s *Server) AddThread(guild, parent string) string {
	return s.addChannel(channel{guild: guild, kind: 11, parent: parent, name: "thread"})
}

// AddForum makes a forum with tags.
func (s *Server) AddForum(guild string, tags ...string) string {
	return s.addChannel(channel{guild: guild, kind: 15, tags: tags})
}

// Posts are the posts of a forum by title, each with its tags and its messages.
func (s *Server) Posts(forum string) map[string]Post {
	s.mu.Lock()
	defer s.mu.Unlock()
	posts := map[string]Post{}
	for _, c := range s.channels {
		if c.parent != forum {
			continue
		}
		p := Post{Tags: c.applied}
		for _, m := range s.order {
			if m.Channel == c.id {
				p.Messages = append(p.Messages, *m)
			}
		}
		posts[c.name] = p
	}
	return posts
}

// Post is a post of a forum.
type Post struct {
	Tags     []string
	Messages []Message
}

func (s *Server) addChannel(c channel) string {
	c.id = s.newID()
	c.deny = map[string]bool{}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.channels[c.id] = &c
	return c.id
}

// Deny takes a permission from the bot in a channel: "send", "threads" or
// "embeds".
func (s *Server) Deny(channel, what string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.channels[channel].deny[what] = true
}

// DM is the direct conversation of a person and the bot.
func (s *Server) DM(u *User) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.dm(u.ID)
}

func (s *Server) dm(user string) string {
	for _, c := range s.channels {
		if c.with == user {
			return c.id
		}
	}
	c := &channel{id: s.nextID(), kind: 1, with: user, deny: map[string]bool{}}
	s.channels[c.id] = c
	return c.id
}

// Attach puts a file where Discord keeps attachments.
func (s *Server) Attach(name, contentType string, data []byte) Attachment {
	id := s.newID()
	s.mu.Lock()
	defer s.mu.Unlock()
	s.files[id] = data
	return Attachment{ID: id, Filename: name, ContentType: contentType, Size: len(data), URL: s.http.URL + "/attachments/" + id + "/file"}
}

// Sees are the messages that a person sees in a channel, deferred ones that
// have not come yet left out.
func (s *Server) Sees(u *User, channel string) []Message {
	s.mu.Lock()
	defer s.mu.Unlock()
	var out []Message
	for _, m := range s.order {
		if m.Channel == channel && !m.Loading && (m.Only == "" || m.Only == u.ID) {
			out = append(out, *m)
		}
	}
	return out
}

// FromBot are the messages of the bot that a person sees in a channel.
func (s *Server) FromBot(u *User, channel string) []Message {
	return slices.DeleteFunc(s.Sees(u, channel), func(m Message) bool { return m.Author != s.BotID })
}

// ThreadOf is the thread of a message, "" if there is none. It has the
// identifier of the message.
func (s *Server) ThreadOf(message string) (id, name string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if c := s.channels[message]; c != nil {
		return c.id, c.name
	}
	return "", ""
}

// window counts the requests of a bucket.
type window struct {
	until time.Time
	used  int
}

// chance reports true for a share of the times.
func chance(share float64) bool { return share > 0 && mathrand.Float64() < share }

// Write sends a message of a person to a channel. "@bot" in it mentions the
// bot.
func (s *Server) Write(u *User, channel, content string, files ...Attachment) (id string) {
	return s.write(u, channel, content, "", files, false)
}

// Answer sends a message of a person as an answer to another message; if that is
// the bot's, it is mentioned.
func (s *Server) Answer(u *User, channel, to, content string) (id string) {
	return s.write(u, channel, content, to, nil, false)
}

// WriteAsBot sends a message of another bot.
func (s *Server) WriteAsBot(u *User, channel, content string) (id string) {
	return s.write(u, channel, content, "", nil, true)
}

func (s *Server) write(u *User, in, content, to string, files []Attachment, bot bool) string {
	s.mu.Lock()
	content = strings.ReplaceAll(content, "@bot", "<@"+s.BotID+">")
	m := &Message{ID: s.nextID(), Channel: in, Author: u.ID, Content: content, Answers: to, At: time.Now(), Attachments: files}
	s.messages[m.ID] = m
	s.order = append(s.order, m)
	event := s.eventOf(m, bot)
	s.change()
	c := s.channels[in]
	heard := c.guild == "" || s.guilds[c.guild].installed
	s.mu.Unlock()
	if heard {
		s.gw.dispatch("MESSAGE_CREATE", event)
	}
	return m.ID
}

// Repeat delivers a message once more, as a replay of the gateway does.
func (s *Server) Repeat(message string) {
	s.mu.Lock()
	event := s.eventOf(s.messages[message], false)
	s.mu.Unlock()
	s.gw.dispatch("MESSAGE_CREATE", event)
}

// eventOf is a message as the bot gets it: without its text if the bot has no
// business with it.
func (s *Server) eventOf(m *Message, bot bool) map[string]any {
	c := s.channels[m.Channel]
	mentions := []map[string]any{}
	to := s.messages[m.Answers]
	if strings.Contains(m.Content, "<@"+s.BotID+">") || to != nil && to.Author == s.BotID {
		mentions = append(mentions, map[string]any{"id": s.BotID, "username": "onrecord", "bot": true})
	}
	name := "onrecord"
	if u := s.users[m.Author]; u != nil {
		name = u.Name
	}
	event := map[string]any{
		"id": m.ID, "channel_id": m.Channel, "type": 0, "timestamp": m.At.UTC().Format(time.RFC3339),
		"author":  map[string]any{"id": m.Author, "username": strings.ToLower(name), "global_name": name, "bot": bot || m.Author == s.BotID},
		"content": m.Content, "mentions": mentions, "mention_roles": []string{}, "embeds": []any{}, "tts": false,
		"mention_everyone": false, "pinned": false, "edited_timestamp": nil, "attachments": m.Attachments, "flags": m.Flags,
	}
	if m.Attachments == nil {
		event["attachments"] = []any{}
	}
	if c.guild != "" {
		event["guild_id"] = c.guild
		event["member"] = map[string]any{"roles": []string{}}
		if len(mentions) == 0 && m.Author != s.BotID {
			event["content"], event["attachments"] = "", []any{} // the Message Content intent is off
		}
	}
	if to != nil {
		event["type"] = 19
		text := ""
		if to.Author == s.BotID || c.guild == "" || strings.Contains(to.Content, "<@"+s.BotID+">") {
			text = to.Content
		}
		event["referenced_message"] = map[string]any{"id": to.ID, "content": text, "author": map[string]any{"id": to.Author, "bot": to.Author == s.BotID}}
	}
	return event
}
