package discord_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"onrecord/adapters/discord"
	"onrecord/adapters/discord/discordfake"
	"onrecord/chat"
	"onrecord/chat/chattest"
	"onrecord/work"
)

// world is a Discord with a newsroom's server in it, and the bot.
type world struct {
	t       *testing.T
	server  *discordfake.Server
	queue   *work.Queue
	bot     *discord.Platform
	briefer *chattest.Briefer
	recent  *chat.MemoryRecent

	guild, channel string
	ann, ben       *discordfake.User

	stop func() error
	ran  atomic.Int32 // how often the handler was called
}

// setting changes how a world is made.
type setting struct {
	fake    discordfake.Options
	options func(*discord.Options)
	handler func(chat.Handler) chat.Handler
	work    work.Options
	before  func(w *world)
	silence time.Duration
}

// newWorld makes a world and runs the bot in it until the test ends. Whatever
// the fake found fault with fails the test.
func newWorld(t *testing.T, s setting) *world {
	t.Helper()
	t.Parallel()
	w := &world{t: t, briefer: &chattest.Briefer{}, recent: &chat.MemoryRecent{}, server: discordfake.New(s.fake)}
	w.guild = w.server.AddGuild()
	w.channel = w.server.AddChannel(w.guild)
	w.ann, w.ben = w.server.AddUser("Ann"), w.server.AddUser("Ben")
	w.queue = work.New(s.work)
	if s.before != nil {
		s.before(w)
	}
	var log syncBuilder
	o := discord.Options{Token: w.server.Token, PublicKey: w.server.PublicKey, APIURL: w.server.APIURL(), Queue: w.queue, Recent: w.recent, Log: slog.New(slog.NewTextHandler(&log, nil))}
	if s.options != nil {
		s.options(&o)
	}
	p, err := discord.New(o)
	if err != nil {
		t.Fatal(err)
	}
	if s.silence > 0 {
		p.Impatient(s.silence)
	}
	w.bot = p
	bot := &chat.Bot{Service: &chat.Service{Briefer: w.briefer, Recent: w.recent}}
	h := chat.Handler(bot.Handle)
	if s.handler != nil {
		h = s.handler(h)
	}
	counted := func(ctx context.Context, req chat.Request) chat.Reply {
		w.ran.Add(1)
		return h(ctx, req)
	}
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() { done <- p.Run(ctx, counted) }()
	w.stop = sync.OnceValue(func() error {
		cancel()
		select {
		case err := <-done:
			return err
		case <-time.After(40 * time.Second):
			return errors.New("Run does not end")
		}
	})
	t.Cleanup(func() {
		if err := w.stop(); err != nil {
			t.Errorf("Run: %v", err)
		}
		w.server.Close()
		for _, fault := range w.server.Faults() {
			t.Error(fault)
		}
		if text := log.String(); strings.Contains(text, w.server.Token) || strings.Contains(text, "tok-") {
			t.Error("a secret is in the log")
		}
		if t.Failed() {
			t.Log(log.String())
		}
	})
	if o.Mode != discord.ModeHTTP {
		w.until("the bot is connected", w.server.Connected)
	} else {
		w.eventually("the bot is ready", func() bool { ok, _ := p.Status(); return ok })
	}
	return w
}

type syncBuilder struct {
	mu sync.Mutex
	b  strings.Builder
}

func (b *syncBuilder) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.b.Write(p)
}

func (b *syncBuilder) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.b.String()
}

func (w *world) until(what string, is func() bool) {
	w.t.Helper()
	until(w.t, w.server, what, is)
}

// eventually is until for what is not on the server.
func (w *world) eventually(what string, is func() bool) {
	w.t.Helper()
	tick := time.NewTicker(2 * time.Millisecond)
	defer tick.Stop()
	deadline := time.After(patience)
	for !is() {
		select {
		case <-tick.C:
		case <-deadline:
			w.t.Fatalf("waiting until %s", what)
		}
	}
}

// finished waits until so many requests are done with.
func (w *world) finished(n int64) {
	w.t.Helper()
	ctx, cancel := context.WithTimeout(w.t.Context(), patience)
	defer cancel()
	if err := finished(ctx, w.queue, n); err != nil {
		w.t.Fatalf("waiting for %d requests: %v", n, err)
	}
}

// answered waits for the answer to an interaction and gives its message.
func (w *world) answered(in *discordfake.Interaction) discordfake.Message {
	w.t.Helper()
	w.until("the interaction is answered", in.Answered)
	m, _ := in.Original()
	return m
}

// last is the last message of the bot that somebody sees in a channel.
func (w *world) last(u *discordfake.User, channel string) discordfake.Message {
	w.t.Helper()
	var got []discordfake.Message
	w.until("the bot has written", func() bool {
		got = w.server.FromBot(u, channel)
		return len(got) > 0
	})
	return got[len(got)-1]
}

func (w *world) holds(m discordfake.Message, words ...string) {
	w.t.Helper()
	for _, word := range words {
		if !strings.Contains(m.Plain(), word) {
			w.t.Errorf("%q is missing in:\n%s", word, m.Plain())
		}
	}
}

const story = "https://example.com/story"

func source(value string) discordfake.Option {
	return discordfake.Option{Name: "source", Value: value}
}

func TestSlashCommand(t *testing.T) {
	w := newWorld(t, setting{})
	in := w.server.Command(w.ann, w.channel, "brief", source(story))
	m := w.answered(in)
	w.holds(m, "Check first:", "Speaking:", "Ilse Varga")
	if kind, _ := in.First(); kind != 5 || !m.Ephemeral() {
		t.Errorf("first answer %d, ephemeral %v; want deferred, for the asker only", kind, m.Ephemeral())
	}
	if got := w.server.FromBot(w.ben, w.channel); len(got) > 0 {
		t.Errorf("others see %d messages of it", len(got))
	}
	for _, label := range []string{"Claims (", "Quotes (", "Share", "Refresh", "Export"} {
		if _, ok := m.Button(label); !ok {
			t.Errorf("there is no button %q", label)
		}
	}

	w.holds(w.answered(w.server.Command(w.ann, w.channel, "quotes", source(story), discordfake.Option{Name: "by", Value: "Varga"})), "Ilse Varga", "until the pay is settled")
	w.holds(w.answered(w.server.Command(w.ann, w.channel, "claims", source(story), discordfake.Option{Name: "top", Value: 1})), "a third of its crews")
	w.holds(w.answered(w.server.Command(w.ann, w.channel, "claims")), "Your last article here")
	w.holds(w.answered(w.server.Command(w.ann, w.channel, "help", discordfake.Option{Name: "words", Value: "quotes"})), "by SPEAKER")
	w.holds(w.answered(w.server.Command(w.ann, w.channel, "brief", source("claims "+story))), "Worth checking")
}

func TestHostileArguments(t *testing.T) {
	w := newWorld(t, setting{})
	w.holds(w.answered(w.server.Command(w.ann, w.channel, "brief", source("/etc/passwd"))), "I open no files by their path")
	w.holds(w.answered(w.server.Command(w.ann, w.channel, "brief", source("file:///etc/passwd"))), "")
	w.holds(w.answered(w.server.Command(w.ann, w.channel, "brief", source("@everyone <@1> **x**"))), "@\u200beveryone")
	w.holds(w.answered(w.server.Command(w.ann, w.channel, "qoutes")), "Did you mean “quotes”?")
}

// In a direct message the answer stays after a reload.
func TestSlashCommandDirect(t *testing.T) {
	w := newWorld(t, setting{})
	m := w.answered(w.server.Command(w.ann, w.server.DM(w.ann), "brief", source(story)))
	w.holds(m, "Check first:")
	if m.Ephemeral() {
		t.Error("the answer is ephemeral")
	}
	if _, ok := m.Button("Share"); ok {
		t.Error("it offers to share where nobody else reads")
	}
}

func TestCompletion(t *testing.T) {
	w := newWorld(t, setting{})
	w.answered(w.server.Command(w.ann, w.channel, "brief", source(story)))
	in := w.server.Complete(w.ann, w.channel, "quotes", "example.com")
	w.until("there are completions", in.Answered)
	got := in.Choices()
	if len(got) != 1 || !strings.HasPrefix(got[0].Value, "#") {
		t.Fatalf("completions: %+v", got)
	}
	w.holds(w.answered(w.server.Command(w.ann, w.channel, "quotes", source(got[0].Value))), "Ilse Varga")

	// Nobody else's are offered.
	other := w.server.Complete(w.ben, w.channel, "quotes", "")
	w.until("there are completions", other.Answered)
	if got := other.Choices(); len(got) > 0 {
		t.Errorf("Ben is offered %+v", got)
	}
}

func TestMenu(t *testing.T) {
	w := newWorld(t, setting{})
	text := strings.Repeat("The harbour master said the boats would sail again on Friday morning. ", 10)
	id := w.server.Write(w.ben, w.channel, text)
	m := w.answered(w.server.Menu(w.ann, w.channel, "Brief this message", id))
	w.holds(m, "The harbour master said")
	if !m.Ephemeral() {
		t.Error("the answer is not for the asker only")
	}
	link := w.server.Write(w.ben, w.channel, "have you seen "+story)
	w.holds(w.answered(w.server.Menu(w.ann, w.channel, "Brief this message", link)), "Ilse Varga")
	few := w.server.Write(w.ben, w.channel, "Crime fell by 90 percent in Vellmar.")
	w.holds(w.answered(w.server.Menu(w.ann, w.channel, "Brief this message", few)), "Worth checking")
}

func TestPaste(t *testing.T) {
	w := newWorld(t, setting{})
	in := w.server.Command(w.ann, w.channel, "brief", discordfake.Option{Name: "paste", Value: true})
	w.until("the form is open", in.Answered)
	if kind, _ := in.First(); kind != 9 {
		t.Fatalf("the first answer is %d, not a form", kind)
	}
	text := strings.Repeat("The ferry company declared a profit of 3 million on Monday. ", 12)
	w.holds(w.answered(w.server.Submit(w.ann, w.channel, in.Modal(), text)), "The ferry company declared")
	w.holds(w.answered(w.server.Submit(w.ann, w.channel, in.Modal(), " ")), "There was no text")
	w.holds(w.answered(w.server.Submit(w.ann, w.channel, discordfake.Modal{CustomID: "old", Fields: []string{"a"}}, "x")), "earlier version")
}

func TestFiles(t *testing.T) {
	w := newWorld(t, setting{})
	data := []byte(strings.Repeat("The minister promised a new bridge by spring. ", 12))
	file := w.server.Attach("speech.txt", "text/plain", data)
	w.holds(w.answered(w.server.Command(w.ann, w.channel, "brief", discordfake.Option{Name: "file", Value: file})), "The minister promised")

	dm := w.server.DM(w.ann)
	w.server.Write(w.ann, dm, "", file)
	w.holds(w.last(w.ann, dm), "The minister promised")

	large := file
	large.Size = 11 << 20
	w.holds(w.answered(w.server.Command(w.ann, w.channel, "brief", discordfake.Option{Name: "file", Value: large})), "too large")
	elsewhere := file
	elsewhere.URL = "https://evil.example/speech.txt"
	w.holds(w.answered(w.server.Command(w.ann, w.channel, "brief", discordfake.Option{Name: "file", Value: elsewhere})), "does not lie with Discord")
	gone := file
	gone.URL += "x"
	gone.URL = strings.Replace(gone.URL, file.ID, "0", 1)
	w.holds(w.answered(w.server.Command(w.ann, w.channel, "brief", discordfake.Option{Name: "file", Value: gone})), "could not get that file")
}

func TestMention(t *testing.T) {
	w := newWorld(t, setting{})
	id := w.server.Write(w.ann, w.channel, "@bot "+story)
	w.until("there is a thread", func() bool { th, _ := w.server.ThreadOf(id); return th != "" })
	thread, name := w.server.ThreadOf(id)
	m := w.last(w.ben, thread)
	w.holds(m, "Check first:")
	if name == "" || len(name) > 100 {
		t.Errorf("the thread is called %q", name)
	}
	if got := w.server.FromBot(w.ben, w.channel); len(got) > 0 {
		t.Errorf("%d messages in the channel", len(got))
	}

	// In the thread, the article is known, to everybody.
	w.server.Write(w.ben, thread, "@bot quotes by Varga")
	w.until("there is an answer", func() bool { return len(w.server.FromBot(w.ben, thread)) == 2 })
	w.holds(w.last(w.ann, thread), "The article of this thread", "until the pay is settled")

	// An answer to the bot's message is a mention, without naming it.
	w.server.Answer(w.ben, thread, m.ID, "claims top 1")
	w.until("there is an answer", func() bool { return len(w.server.FromBot(w.ben, thread)) == 3 })
	w.holds(w.last(w.ann, thread), "Worth checking")
}

// What is not for the bot is not answered.
func TestSilence(t *testing.T) {
	w := newWorld(t, setting{})
	w.server.Write(w.ann, w.channel, "what a day "+story)
	robot := w.server.AddUser("Robot")
	w.server.WriteAsBot(robot, w.channel, "@bot "+story)
	w.server.WriteAsBot(robot, w.server.DM(robot), story)
	w.server.Write(w.ann, w.channel, "@bot help")
	w.finished(1)
	if n := w.ran.Load(); n != 1 {
		t.Errorf("%d messages were answered", n)
	}
}

func TestDirectMessage(t *testing.T) {
	w := newWorld(t, setting{handler: func(h chat.Handler) chat.Handler {
		return func(ctx context.Context, req chat.Request) chat.Reply {
			if !req.Scope.Private || req.Scope.Workspace != "" || req.Asker != "Ann" {
				return chat.Apology(fmt.Errorf("request is %+v", req))
			}
			return h(ctx, req)
		}
	}})
	dm := w.server.DM(w.ann)
	w.server.Write(w.ann, dm, story)
	m := w.last(w.ann, dm)
	w.holds(m, "Check first:")
	in := w.server.Click(w.ann, m, "Claims (")
	w.until("the button works", in.Answered)
	w.holds(w.last(w.ann, dm), "Worth checking")
}

func TestThreadsThatCannotBe(t *testing.T) {
	w := newWorld(t, setting{})
	w.server.Deny(w.channel, "threads")
	id := w.server.Write(w.ann, w.channel, "@bot "+story)
	m := w.last(w.ann, w.channel)
	w.holds(m, "Check first:")
	if m.Answers != id {
		t.Errorf("it answers %q, not %q", m.Answers, id)
	}
}

// In a channel where the bot may not write, whoever mentioned it is told so.
func TestForbiddenChannel(t *testing.T) {
	w := newWorld(t, setting{})
	w.server.Deny(w.channel, "threads")
	w.server.Deny(w.channel, "send")
	w.server.Write(w.ann, w.channel, "@bot "+story)
	w.holds(w.last(w.ann, w.server.DM(w.ann)), "I may not write in the channel")
	w.finished(1)
	if got := len(w.server.FromBot(w.ann, w.server.DM(w.ann))); got != 1 {
		t.Errorf("%d messages about it", got)
	}
}

func TestForbiddenEmbeds(t *testing.T) {
	w := newWorld(t, setting{})
	w.server.Deny(w.channel, "threads")
	w.server.Deny(w.channel, "embeds")
	w.server.Write(w.ann, w.channel, "@bot "+story)
	m := w.last(w.ann, w.channel)
	w.holds(m, "Check first:")
	if len(m.Embeds) > 0 {
		t.Error("there are embeds")
	}
}

func TestButtons(t *testing.T) {
	w := newWorld(t, setting{})
	m := w.answered(w.server.Command(w.ann, w.channel, "brief", source(story)))

	w.until("quotes are shown", w.server.Click(w.ann, m, "Quotes (").Answered)
	quotes := w.last(w.ann, w.channel)
	w.holds(quotes, "Who said what")
	if !quotes.Ephemeral() {
		t.Error("a button of what only Ann sees answers everybody")
	}
	next := w.server.Click(w.ann, quotes, "Next (2 of 2)")
	w.until("the page is turned", next.Answered)
	turned, _ := next.Original()
	w.holds(turned, "Page 2 of 2", "Take us home")
	if turned.ID != quotes.ID || turned.Edits != 1 {
		t.Error("the page is not turned in its place")
	}

	refresh := w.server.Click(w.ann, m, "Refresh")
	w.until("it is read again", refresh.Answered)
	export := w.server.Click(w.ann, m, "Export")
	w.until("there is a file", export.Answered)
	if file := w.last(w.ann, w.channel); len(file.Files["briefing.md"]) == 0 {
		t.Errorf("no file in %q", file.Text())
	}

	share := w.server.Click(w.ann, m, "Share")
	w.until("Ben sees it", func() bool { return len(w.server.FromBot(w.ben, w.channel)) == 1 })
	shared := w.last(w.ben, w.channel)
	w.holds(shared, "Check first:")
	_ = share

	// Anybody may press a button of what everybody sees; it was shown there,
	// so its article is known.
	w.until("Ben's button works", w.server.Click(w.ben, shared, "Claims (").Answered)
}

func TestOldButtons(t *testing.T) {
	w := newWorld(t, setting{})
	m := w.answered(w.server.Command(w.ann, w.channel, "help"))
	for _, id := range []string{"v1:0:ask:NEVERKEPT0", "v0:claims", "x", "v1:more"} {
		got := w.answered(w.server.ClickID(w.ann, m, id))
		if !got.Ephemeral() || !strings.Contains(got.Plain(), "ask again") {
			t.Errorf("%q: %q", id, got.Plain())
		}
	}
	if n := w.ran.Load(); n != 1 {
		t.Errorf("%d requests", n)
	}
}

// fixed is a handler that answers commands by name.
func fixed(replies map[string]chat.Reply) func(chat.Handler) chat.Handler {
	return func(chat.Handler) chat.Handler {
		return func(_ context.Context, req chat.Request) chat.Reply {
			r, ok := replies[strings.TrimSpace(req.Command+" "+req.Text)]
			if !ok {
				return chat.Apology(&chat.Refusal{Text: "no such thing: " + req.Command + " " + req.Text})
			}
			return r
		}
	}
}

func saying(text string) chat.Reply {
	var r chat.Reply
	r.Add(chat.Paragraph, chat.Say(text))
	return r
}

func TestConfirmAndRemove(t *testing.T) {
	long := "quotes by " + strings.Repeat("x", 120)
	first := saying("shown")
	first.Actions = []chat.Action{
		{Name: "remove", Label: "Remove", Command: "remove it", Confirm: "Really remove it?", Tone: chat.Danger, More: true},
		{Name: "long", Label: "Long", Command: long},
	}
	gone := saying("It is gone.")
	gone.Remove = true
	w := newWorld(t, setting{handler: fixed(map[string]chat.Reply{"help": first, "remove it": gone, long: saying("long after all")})})
	m := w.answered(w.server.Command(w.ann, w.channel, "help"))
	w.until("the long one works", w.server.Click(w.ann, m, "Long").Answered)
	w.holds(w.last(w.ann, w.channel), "long after all")

	// The question comes first, and its Yes removes the question, since that
	// is where the button stands.
	asked := w.answered(w.server.Click(w.ann, m, "Remove"))
	w.holds(asked, "Really remove it?")
	w.server.Click(w.ann, asked, "Yes")
	w.finished(3)
	w.holds(w.last(w.ann, w.channel), "It is gone.")
}

func TestShareWithDetails(t *testing.T) {
	shared, details := saying("short"), saying("all the details")
	shared.Visibility, shared.Details = chat.ToChannel, &details
	first := saying("first")
	first.Actions = []chat.Action{{Name: "share", Label: "Share", Command: "share it"}}
	w := newWorld(t, setting{handler: fixed(map[string]chat.Reply{"help": first, "share it": shared})})

	check := func(posts int) {
		t.Helper()
		w.until("it is shared", func() bool { return len(w.server.FromBot(w.ben, w.channel)) == posts })
		post := w.last(w.ben, w.channel)
		w.holds(post, "short")
		w.until("the details are in its thread", func() bool { return len(w.server.FromBot(w.ben, post.ID)) == 1 })
		w.holds(w.last(w.ben, post.ID), "all the details")
	}
	w.server.Click(w.ann, w.answered(w.server.Command(w.ann, w.channel, "help")), "Share")
	check(1)
	// By command, the asker is told; by mention, it answers there.
	w.holds(w.answered(w.server.Command(w.ann, w.channel, "share", discordfake.Option{Name: "words", Value: "it"})), "Shared in this channel")
	check(2)
}

// What a mention asks for its author only goes into their direct conversation.
func TestQuietAnswerToMention(t *testing.T) {
	quiet := saying("for your eyes only")
	quiet.Visibility = chat.ToAsker
	w := newWorld(t, setting{handler: fixed(map[string]chat.Reply{"settings": quiet})})
	w.server.Write(w.ann, w.channel, "@bot settings")
	w.holds(w.last(w.ann, w.server.DM(w.ann)), "for your eyes only")
	if n := len(w.server.FromBot(w.ben, w.channel)); n > 0 {
		t.Errorf("%d messages in the channel", n)
	}
}

// Where only a member installed the bot, it answers that member, in few
// messages.
func TestUserInstall(t *testing.T) {
	var long chat.Reply
	for i := range 30 {
		long.AddItem(i+1, chat.Quote("“"+strings.Repeat(fmt.Sprint("word", i, " "), 300)+"”"))
	}
	shared := saying("short")
	shared.Visibility = chat.ToChannel
	long.Actions = []chat.Action{{Name: "share", Label: "Share", Command: "share it"}}
	w := newWorld(t, setting{handler: fixed(map[string]chat.Reply{"help": long, "share it": shared})})
	w.ann.Visitor = true
	elsewhere := w.server.AddChannel(w.server.AddGuildWithout())
	w.server.Command(w.ann, elsewhere, "help")
	w.finished(1)
	got := w.server.FromBot(w.ann, elsewhere)
	if len(got) != 6 || !strings.Contains(got[5].Plain(), "The whole answer is in the file") || len(got[5].Files) != 1 {
		t.Fatalf("%d messages", len(got))
	}
	for _, m := range got {
		if !m.Ephemeral() {
			t.Error("others see it")
		}
	}
	w.until("the button works", w.server.Click(w.ann, got[5], "Share").Answered)
	if n := len(w.server.FromBot(w.ben, elsewhere)); n > 0 {
		t.Errorf("others see %d messages", n)
	}
}

func TestRequestFields(t *testing.T) {
	var mu sync.Mutex
	got := map[string]chat.Request{}
	w := newWorld(t, setting{handler: func(chat.Handler) chat.Handler {
		return func(_ context.Context, req chat.Request) chat.Reply {
			mu.Lock()
			defer mu.Unlock()
			got[req.ID] = req
			return saying("ok")
		}
	}})
	private := w.server.AddPrivateChannel(w.guild)
	thread := w.server.AddThread(w.guild, w.channel)
	w.ben.Permissions = 1 << 5
	for _, tt := range []struct {
		name string
		do   func() string
		ok   func(chat.Request) bool
	}{
		{"command", func() string { return w.server.Command(w.ann, w.channel, "brief").ID }, func(r chat.Request) bool {
			return r.Entry == chat.ByCommand && !r.Moderator && r.Asker == "Ann" && r.Locale == "en-GB" && !r.Scope.Private && !r.Late
		}},
		{"moderator", func() string { return w.server.Command(w.ben, w.channel, "brief").ID }, func(r chat.Request) bool { return r.Moderator }},
		{"private channel", func() string { return w.server.Command(w.ben, private, "brief").ID }, func(r chat.Request) bool { return r.Scope.Private }},
		{"thread", func() string { return w.server.Command(w.ben, thread, "brief").ID }, func(r chat.Request) bool {
			return r.Scope.Thread == thread && r.Scope.Channel == w.channel && !r.Scope.Private
		}},
		{"mention in a thread", func() string { return w.server.Write(w.ben, thread, "@bot hi there") }, func(r chat.Request) bool {
			return r.Scope.Thread == thread && r.Scope.Channel == w.channel && r.Text == "hi there" && r.Entry == chat.ByMention
		}},
		{"mention in private", func() string { return w.server.Write(w.ben, private, "hi @bot") }, func(r chat.Request) bool {
			return r.Scope.Private && r.Text == "hi" && r.Scope.Thread == r.ID
		}},
	} {
		id := tt.do()
		w.eventually(tt.name+" was asked", func() bool { mu.Lock(); defer mu.Unlock(); _, ok := got[id]; return ok })
		mu.Lock()
		if !tt.ok(got[id]) {
			t.Errorf("%s: %+v", tt.name, got[id])
		}
		mu.Unlock()
	}
}

// The same event five times at once is answered once.
func TestRepeats(t *testing.T) {
	w := newWorld(t, setting{})
	in := w.server.Command(w.ann, w.channel, "brief", source(story))
	dm := w.server.DM(w.ben)
	id := w.server.Write(w.ben, dm, story)
	for range 5 {
		in.Repeat()
		w.server.Repeat(id)
	}
	w.answered(in)
	w.finished(2)
	w.holds(w.answered(w.server.Command(w.ann, w.channel, "help")), "brief")
	if n := w.ran.Load(); n != 3 {
		t.Errorf("the handler was called %d times", n)
	}
	if n := len(w.server.FromBot(w.ben, dm)); n != 1 {
		t.Errorf("%d answers to one message", n)
	}
}

func TestPanic(t *testing.T) {
	w := newWorld(t, setting{handler: func(chat.Handler) chat.Handler {
		return func(context.Context, chat.Request) chat.Reply { panic("secret") }
	}})
	m := w.answered(w.server.Command(w.ann, w.channel, "brief"))
	w.holds(m, "Something went wrong here", "reference")
	if strings.Contains(m.Plain(), "secret") {
		t.Error("the panic is shown")
	}
}

func TestCommandsAreRegisteredOnce(t *testing.T) {
	notes := &notebook{m: map[string]string{}}
	w := newWorld(t, setting{options: func(o *discord.Options) { o.Notes = notes }})
	names, n := w.server.Commands()
	if strings.Join(names, " ") != "brief quotes claims check compare said watch help settings Brief this message" || n != 1 {
		t.Errorf("registered %d times: %q", n, names)
	}
	for _, f := range w.bot.Check(t.Context()) {
		if !f.OK {
			t.Errorf("doctor: %s", f.Text)
		}
	}
	if err := w.stop(); err != nil {
		t.Fatal(err)
	}
	again, err := discord.New(discord.Options{Token: w.server.Token, APIURL: w.server.APIURL(), Queue: work.New(work.Options{}), Notes: notes})
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() { done <- again.Run(ctx, nil) }()
	w.until("it is connected again", w.server.Connected)
	cancel()
	if err := <-done; err != nil {
		t.Error(err)
	}
	if _, n := w.server.Commands(); n != 1 {
		t.Errorf("registered %d times although nothing changed", n)
	}
}

type notebook struct {
	mu sync.Mutex
	m  map[string]string
}

func (n *notebook) Get(_ context.Context, key string) (string, bool, error) {
	n.mu.Lock()
	defer n.mu.Unlock()
	v, ok := n.m[key]
	return v, ok, nil
}

func (n *notebook) Set(_ context.Context, key, value string) error {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.m[key] = value
	return nil
}

func TestForget(t *testing.T) {
	forgotten := make(chan string, 10)
	w := newWorld(t, setting{options: func(o *discord.Options) {
		o.Forget = func(_ context.Context, workspace string) error { forgotten <- workspace; return nil }
	}})
	w.server.Outage(w.guild)
	other := w.server.AddGuild()
	w.server.RemoveBot(other)
	select {
	case got := <-forgotten:
		if got != other {
			t.Errorf("forgot %s, left %s", got, other)
		}
	case <-time.After(patience):
		t.Fatal("nothing was forgotten")
	}
}

func TestByHTTP(t *testing.T) {
	var handler atomic.Value
	front := httptest.NewServer(http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		if h, ok := handler.Load().(http.Handler); ok {
			h.ServeHTTP(rw, r)
		}
	}))
	defer front.Close()
	endpoint := front.URL + "/discord/interactions"
	w := newWorld(t, setting{
		fake:    discordfake.Options{Endpoint: endpoint},
		options: func(o *discord.Options) { o.Mode = discord.ModeHTTP },
	})
	mux := http.NewServeMux()
	for pattern, h := range w.bot.Handlers() {
		mux.Handle(pattern, h)
	}
	handler.Store(http.Handler(mux))

	in := w.server.Command(w.ann, w.channel, "brief", source(story))
	m := w.answered(in)
	w.holds(m, "Check first:")
	w.until("the button works", w.server.Click(w.ann, m, "Claims (").Answered)
	w.until("completions come", w.server.Complete(w.ann, w.channel, "brief", "").Answered)
	form := w.server.Command(w.ann, w.channel, "brief", discordfake.Option{Name: "paste", Value: true})
	w.until("the form opens", form.Answered)
	for _, f := range w.bot.Check(t.Context()) {
		if !f.OK {
			t.Errorf("doctor: %s", f.Text)
		}
	}

	ping := []byte(`{"id":"1","type":1,"token":"x"}`)
	now := time.Now()
	ran := w.ran.Load()
	for _, tt := range []struct {
		name   string
		body   []byte
		at     time.Time
		tamper func(*http.Request)
		want   int
	}{
		{"ping", ping, now, nil, 200},
		{"forged", ping, now, func(r *http.Request) { r.Header.Set("X-Signature-Ed25519", strings.Repeat("00", 64)) }, 401},
		{"no signature", ping, now, func(r *http.Request) { r.Header.Del("X-Signature-Ed25519") }, 401},
		{"not hexadecimal", ping, now, func(r *http.Request) { r.Header.Set("X-Signature-Ed25519", "zz") }, 401},
		{"no time", ping, now, func(r *http.Request) { r.Header.Del("X-Signature-Timestamp") }, 401},
		{"other time", ping, now, func(r *http.Request) {
			r.Header.Set("X-Signature-Timestamp", fmt.Sprint(now.Add(time.Minute).Unix()))
		}, 401},
		{"stale", ping, now.Add(-6 * time.Minute), nil, 401},
		{"future", ping, now.Add(6 * time.Minute), nil, 401},
		{"malformed", []byte(`{"type":`), now, nil, 400},
		{"not ours", []byte(`{"type":2,"id":"../x","token":"a/b"}`), now, nil, 400},
		{"nobody", []byte(`{"type":2,"id":"5","token":"ab"}`), now, nil, 200},
		{"huge", make([]byte, 1<<20+1), now, nil, 413},
		{"replayed", in.Body(), now, nil, 200},
	} {
		status, answer := w.server.Post(endpoint, tt.body, tt.at, tt.tamper)
		if status != tt.want {
			t.Errorf("%s: %d, want %d", tt.name, status, tt.want)
		}
		if tt.name == "ping" {
			var pong struct{ Type int }
			if err := json.Unmarshal(answer, &pong); err != nil || pong.Type != 1 {
				t.Errorf("ping is answered with %s", answer)
			}
		}
	}
	if w.ran.Load() != ran {
		t.Error("a request was worked on that should not have been")
	}
}
