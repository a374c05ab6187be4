// Package slackfake is a Slack on loopback for tests, true to the protocol as
// far as a chat app meets it: the Web API, Socket Mode, signed HTTP delivery
// with its three seconds and its retries, slash commands, shortcuts, buttons,
// forms, the Home tab, response addresses and files; and the installation by OAuth
// in further workspaces, each with users, channels and tokens of its own.
//
// People on it act by methods of [Server] (Say, Slash, Press …), and a test
// asks what somebody sees ([Server.Sees]). What an app does wrong is refused
// as Slack refuses it, and noted ([Server.Problems]): blocks over the limits,
// mentions that would ping, links that would unfold, calls without their
// scope, acknowledgements that come too late.
//
// [Faults] make it a bad day.
package slackfake

import (
	"context"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"net"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"

	"onrecord/adapters/slack/internal/blockkit"
)

// The workspace and the app.
const (
	TeamID  = "T0NEWS"
	TeamURL = "https://news.slack.example/"
	BotUser = "U0BOT"
	BotID   = "B0BOT"
	AppID   = "A0BOT"
	BotName = "onrecord"
)

// Options are the settings of a Server. The zero value works.
type Options struct {
	BotToken      string          // "xoxb-fake" if empty
	AppToken      string          // "xapp-fake" if empty
	SigningSecret string          // "fake-signing-secret" if empty
	ClientID      string          // "1.2" if empty
	ClientSecret  string          // "fake-client-secret" if empty
	Rotate        time.Duration   // how long the tokens of installations live; for ever if 0
	Scopes        []string        // of the bot token; all that the fake knows if nil
	AckWithin     time.Duration   // 3 s if 0
	Retries       []time.Duration // pauses before an event is delivered again; at once, 1 min and 5 min if nil
}

// Faults are what goes wrong. The zero value is a good day.
type Faults struct {
	LimitShare float64       // share of API calls answered 429
	RetryAfter int           // seconds in them
	FailBefore float64       // share of API calls answered 500, nothing done
	FailAfter  float64       // share of API calls that are done and answered 500
	DropEvery  int           // every n-th envelope the socket breaks, before or after it was sent
	Duplicate  int           // how many more times each delivery is made at once
	Slow       time.Duration // of each API call
	Seed       uint64
}

// Server is the fake. Make one with New.
type Server struct {
	o        Options
	listener net.Listener
	http     *http.Server
	outgoing *http.Transport
	ctx      context.Context
	stop     context.CancelFunc
	wg       sync.WaitGroup

	mu        sync.Mutex
	changed   chan struct{}
	target    string // base address for HTTP delivery; sockets if empty
	faults    Faults
	random    *rand.Rand
	revoked   string // the error of every call, when the token is gone
	users     map[string]*User
	channels  map[string]*Channel
	messages  map[string][]*Message // by channel
	files     map[string]*File
	uploads   map[string]*File // to come
	homes     map[string]json.RawMessage
	modals    map[string]Modal // by user
	triggers  map[string]trigger
	responses map[string]*response
	sockets   []*socket

	workspaces map[string]*Workspace
	consent    Consent
	redirect   string // the registered one
	codes      map[string]*code
	grants     map[string]*grant // by token

	tickets   map[string]bool
	turn      int
	envelopes int
	clock     int64
	serial    int
	calls     map[string]int
	problems  []string
	failures  []Failure
	acks      []time.Duration
}

// User is somebody in the workspace.
type User struct {
	ID, Name, Zone, Locale string
	Team                   string // TeamID if empty
	Admin                  bool
}

// Channel is a conversation.
type Channel struct {
	ID, Name string
	Team     string // TeamID if empty
	Private  bool
	Shared   bool   // with another organisation
	Direct   string // the other one in a direct conversation with the bot
	Members  []string
	Bot      bool // the bot is in it
	Archived bool
}

// Message is a message as it stands.
type Message struct {
	Channel, TS, Thread string
	From                string // a user, or BotUser
	To                  string // who alone sees it; everybody in the channel if empty
	Text                string // as Slack marks it up
	Blocks              json.RawMessage
	Attachments         json.RawMessage
	Files               []string // identifiers
	Edits               int
}

// Read is what a person reads of the message.
func (m Message) Read() string {
	if len(m.Blocks) > 0 {
		return blockkit.Read(m.Blocks)
	}
	return blockkit.Unescape(m.Text)
}

// Controls are what can be pressed in it.
func (m Message) Controls() []blockkit.Control { return blockkit.Clickable(m.Blocks) }

// File is an upload.
type File struct {
	ID, Name, Type string
	Team           string // TeamID if empty
	Data           []byte
	External       string // address of a file that lies elsewhere
	CheckInfo      bool   // events hold no more than the identifier
}

// Modal is an open form.
type Modal struct {
	ID   string
	View json.RawMessage
}

// Failure is what Slack told somebody because the app did not answer.
type Failure struct{ User, What string }

type trigger struct {
	user  string
	until time.Time
}

type response struct {
	user, channel string
	source        *Message // of a button
	last          *Message // posted through it
	uses          int
	until         time.Time
}

// New starts a Server on loopback.
func New(o Options) *Server {
	def := func(v *string, d string) {
		if *v == "" {
			*v = d
		}
	}
	def(&o.BotToken, "xoxb-fake")
	def(&o.AppToken, "xapp-fake")
	def(&o.SigningSecret, "fake-signing-secret")
	def(&o.ClientID, "1.2")
	def(&o.ClientSecret, "fake-client-secret")
	if o.Scopes == nil {
		for _, scope := range scopeOf {
			if scope != "" && !slices.Contains(o.Scopes, scope) {
				o.Scopes = append(o.Scopes, scope)
			}
		}
		o.Scopes = append(o.Scopes, "app_mentions:read", "commands", "im:history")
		slices.Sort(o.Scopes)
	}
	if o.AckWithin == 0 {
		o.AckWithin = 3 * time.Second
	}
	if o.Retries == nil {
		o.Retries = []time.Duration{0, time.Minute, 5 * time.Minute}
	}
	s := &Server{
		o: o, changed: make(chan struct{}), random: rand.New(rand.NewPCG(1, 2)),
		users: map[string]*User{}, channels: map[string]*Channel{}, messages: map[string][]*Message{},
		files: map[string]*File{}, uploads: map[string]*File{}, homes: map[string]json.RawMessage{}, modals: map[string]Modal{},
		triggers: map[string]trigger{}, responses: map[string]*response{}, tickets: map[string]bool{}, calls: map[string]int{},
		workspaces: map[string]*Workspace{TeamID: {ID: TeamID, Name: "The News"}}, codes: map[string]*code{}, grants: map[string]*grant{},
		consent: Consent{Workspace: TeamID, User: "U0ANN"},
		clock:   1_700_000_000_000_000, outgoing: &http.Transport{DisableKeepAlives: true},
	}
	s.ctx, s.stop = context.WithCancel(context.Background())
	var err error
	if s.listener, err = (&net.ListenConfig{}).Listen(s.ctx, "tcp", "127.0.0.1:0"); err != nil {
		panic(err) // there is no loopback
	}
	s.http = &http.Server{Handler: s.mux(), ReadHeaderTimeout: 5 * time.Second}
	s.wg.Go(func() { _ = s.http.Serve(s.listener) })
	return s
}

// Close ends it: sockets break, deliveries are given up.
func (s *Server) Close() {
	s.stop()
	s.mu.Lock()
	sockets := slices.Clone(s.sockets)
	s.mu.Unlock()
	for _, c := range sockets {
		c.close()
	}
	_ = s.http.Close()
	s.wg.Wait()
	s.outgoing.CloseIdleConnections()
}

// URL is the address of the Web API.
func (s *Server) URL() string { return "http://" + s.listener.Addr().String() + "/api/" }

// Tokens are what an app needs to connect.
func (s *Server) Tokens() (bot, app, signingSecret string) {
	return s.o.BotToken, s.o.AppToken, s.o.SigningSecret
}

// DeliverTo makes the fake call an app's HTTP endpoints below base. With ""
// it delivers by sockets again.
func (s *Server) DeliverTo(base string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.target = strings.TrimSuffix(base, "/")
}

// Fail changes what goes wrong from now on.
func (s *Server) Fail(f Faults) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.faults = f
	s.random = rand.New(rand.NewPCG(f.Seed, 7))
}

// RevokeToken makes every further call fail with code: "token_revoked".
func (s *Server) RevokeToken(code string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.revoked = code
}

// AddUser adds somebody.
func (s *Server) AddUser(u User) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.users[u.ID] = &u
}

// AddChannel adds a channel. Its members must have been added.
func (s *Server) AddChannel(c Channel) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.channels[c.ID] = &c
}

// AddFile adds an upload, to be sent with a message.
func (s *Server) AddFile(f File) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.files[f.ID] = &f
}

// DM is the direct conversation of somebody with the bot.
func (s *Server) DM(user string) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.dm(user)
}

func (s *Server) dm(user string) string {
	id := "D" + strings.TrimPrefix(user, "U")
	if s.channels[id] == nil {
		s.channels[id] = &Channel{ID: id, Name: "directmessage", Team: s.teamOfUser(user), Direct: user, Members: []string{user}, Bot: true, Private: true}
	}
	return id
}

// change tells those who wait. The lock must be held.
func (s *Server) change() {
	close(s.changed)
	s.changed = make(chan struct{})
}

// Wait waits until ok reports true, asking again whenever something happened.
func (s *Server) Wait(ctx context.Context, ok func() bool) error {
	for {
		s.mu.Lock()
		changed := s.changed
		s.mu.Unlock()
		if ok() {
			return nil
		}
		select {
		case <-changed:
		case <-ctx.Done():
			return fmt.Errorf("waiting for Slack to look right: %w", ctx.Err())
		}
	}
}

// now is the next timestamp: unique and ordered.
func (s *Server) now() string {
	s.clock = max(s.clock+1, time.Now().UnixMicro())
	return fmt.Sprintf("%d.%06d", s.clock/1_000_000, s.clock%1_000_000)
}

func (s *Server) id(prefix string) string {
	s.serial++
	return fmt.Sprintf("%s%08d", prefix, s.serial)
}

// problem notes something that an app should not have done.
func (s *Server) problem(format string, args ...any) {
	s.problems = append(s.problems, fmt.Sprintf(format, args...))
	s.change()
}

// Problems are what the app did wrong so far.
func (s *Server) Problems() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.problems)
}

// Failures are what people were told because the app did not answer in time.
func (s *Server) Failures() []Failure {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.failures)
}

// Calls is how often a method of the API was called.
func (s *Server) Calls(method string) int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.calls[method]
}

// Methods are the methods of the API that were called.
func (s *Server) Methods() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	var names []string
	for name := range s.calls {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}

// Acks are how long acknowledgements took.
func (s *Server) Acks() []time.Duration {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.acks)
}

// Sockets is the number of open sockets.
func (s *Server) Sockets() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.sockets)
}

// Sees is what somebody sees in a channel, in order: with a thread, that
// thread and the message it began with; without one, what stands in no thread.
func (s *Server) Sees(user, channel, thread string) []Message {
	return s.look(user, channel, func(m *Message) bool {
		return m.Thread == thread || thread != "" && m.TS == thread
	})
}

// SeesAll is everything that somebody sees in a channel, threads included.
func (s *Server) SeesAll(user, channel string) []Message {
	return s.look(user, channel, func(*Message) bool { return true })
}

func (s *Server) look(user, channel string, want func(*Message) bool) []Message {
	s.mu.Lock()
	defer s.mu.Unlock()
	c := s.channels[channel]
	if c == nil || !slices.Contains(c.Members, user) {
		return nil
	}
	var seen []Message
	for _, m := range s.messages[channel] {
		if (m.To == "" || m.To == user) && want(m) {
			seen = append(seen, *m)
		}
	}
	return seen
}

// Message is a message by its timestamp.
func (s *Server) Message(channel, ts string) (Message, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if m := s.find(channel, ts); m != nil {
		return *m, true
	}
	return Message{}, false
}

func (s *Server) find(channel, ts string) *Message {
	for _, m := range s.messages[channel] {
		if m.TS == ts {
			return m
		}
	}
	return nil
}

// Home is the Home tab of somebody as it can be read.
func (s *Server) Home(user string) (read string, view json.RawMessage) {
	s.mu.Lock()
	defer s.mu.Unlock()
	view = s.homes[user]
	return blockkit.Read(blocksOf(view)), view
}

// Modal is the form that is open in front of somebody.
func (s *Server) Modal(user string) (Modal, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	m, ok := s.modals[user]
	return m, ok
}

func blocksOf(view json.RawMessage) json.RawMessage {
	var v struct {
		Blocks json.RawMessage `json:"blocks"`
	}
	_ = json.Unmarshal(view, &v)
	return v.Blocks
}

// Put adds a message without telling the app, as another app or in another
// channel would.
func (s *Server) Put(m Message) (ts string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if m.TS == "" {
		m.TS = s.now()
	}
	s.add(&m)
	return m.TS
}

func (s *Server) add(m *Message) {
	s.messages[m.Channel] = append(s.messages[m.Channel], m)
	s.change()
}

// File is an upload that the app made or somebody added.
func (s *Server) File(id string) (File, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	f, ok := s.files[id]
	if !ok {
		return File{}, false
	}
	return *f, true
}
