package chat_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
	"go.uber.org/goleak"

	"onrecord/article"
	"onrecord/cache"
	"onrecord/chat"
	"onrecord/chat/chattest"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

const link = "https://example.com/ferries"

func newBot() (*chat.Bot, *chattest.Briefer) {
	b := &chattest.Briefer{}
	return &chat.Bot{Service: &chat.Service{Briefer: b, Recent: &chat.MemoryRecent{}}}, b
}

var channel = chat.Scope{Platform: "fake", Workspace: "w", Channel: "c", User: "ada"}

func in(thread, user string) chat.Scope {
	s := channel
	s.Thread, s.User = thread, user
	return s
}

// What a request is taken for: the command that runs, and on what.
func TestUnderstands(t *testing.T) {
	words := func(n int) string { return strings.TrimSpace(strings.Repeat("Goats graze. ", n/2)) }
	file := []chat.File{{Name: "a.txt", Data: []byte("A goat was elected.")}}
	for _, test := range []struct {
		name    string
		req     chat.Request
		command string // that runs; "" for a refusal
		source  string // link, or the beginning of the text
		says    string // somewhere in the reply
	}{
		{name: "slash command", req: chat.Request{Command: "quotes", Text: link}, command: "quotes", source: link},
		{name: "slash in the name", req: chat.Request{Command: "/quotes", Text: link}, command: "quotes", source: link},
		{name: "alias", req: chat.Request{Command: "tldr", Text: link}, command: "brief", source: link},
		{name: "subcommand", req: chat.Request{Command: "brief", Text: "claims " + link + " top 1"}, command: "claims", source: link},
		{name: "subcommand help", req: chat.Request{Command: "brief", Text: "help"}, command: "help", says: "brief [SOURCE]"},
		{name: "help about a subcommand", req: chat.Request{Command: "brief", Text: "help quotes"}, command: "help", says: "quotes [SOURCE]"},
		{name: "slash command with text", req: chat.Request{Command: "brief", Text: "Claims of fraud were " + words(60)}, command: "brief", source: "Claims of fraud"},
		{name: "mistyped subcommand", req: chat.Request{Command: "brief", Text: "qoutes"}, says: "Did you mean “quotes”?"},
		{name: "unknown slash command", req: chat.Request{Command: "quots", Text: link}, says: "Did you mean “quotes”?"},

		{name: "typed", req: chat.Request{Text: "quotes " + link + " by varga"}, command: "quotes", source: link},
		{name: "typed with a slash", req: chat.Request{Text: "/claims " + link}, command: "claims", source: link},
		{name: "typed with a colon", req: chat.Request{Text: "Claims: " + link}, command: "claims", source: link},
		{name: "typed around a link", req: chat.Request{Text: "quotes from " + link + " please"}, command: "quotes", source: link},
		{name: "just a link", req: chat.Request{Text: link}, command: "brief", source: link},
		{name: "a bare host", req: chat.Request{Text: "example.com/ferries"}, command: "brief", source: link},
		{name: "a link in a sentence", req: chat.Request{Text: "can you look at " + link + "?"}, command: "brief", source: link},
		{name: "two links", req: chat.Request{Text: link + " and https://example.com/b"}, command: "brief", source: link, says: "Only the first of 2 links was read."},
		{name: "links the platform found", req: chat.Request{Text: "the ferries", Links: []string{link}}, command: "brief", source: link},
		{name: "a long text with a link in it", req: chat.Request{Text: "More at " + link + ". " + words(60)}, command: "brief", source: "More at"},
		{name: "text", req: chat.Request{Text: words(60)}, command: "brief", source: "Goats"},
		{name: "short text", req: chat.Request{Text: words(48)}, command: "claims", source: "Goats"},
		{name: "text that begins like a command", req: chat.Request{Text: "Claims that the goats voted are wrong."}, command: "claims", source: "Claims that"},
		{name: "greeting", req: chat.Request{Text: "hello"}, command: "help"},
		{name: "thanks", req: chat.Request{Text: "many thanks"}, command: "help"},
		{name: "nothing", req: chat.Request{}, command: "help"},
		{name: "mistyped", req: chat.Request{Text: "quots"}, says: "Did you mean “quotes”?"},

		{name: "file", req: chat.Request{Files: file}, command: "brief", source: "A goat"},
		{name: "two files", req: chat.Request{Files: append(file, chat.File{Name: "b.txt"})}, command: "brief", source: "A goat", says: "Only the first of 2 files was read."},
		{name: "file with words", req: chat.Request{Text: "what about this?", Files: file}, command: "brief", source: "A goat"},
		{name: "file with a command", req: chat.Request{Text: "claims top 3", Files: file}, command: "claims", source: "A goat"},
		{name: "menu of a message with a link", req: chat.Request{Entry: chat.ByMenu, Command: "brief", Material: "Have you seen " + link + "?"}, command: "brief", source: link},
		{name: "menu of a message without", req: chat.Request{Entry: chat.ByMenu, Material: words(48)}, command: "claims", source: "Goats"},
		{name: "menu of a short message", req: chat.Request{Entry: chat.ByMenu, Material: "Goats voted."}, command: "claims", source: "Goats voted."},
		{name: "form", req: chat.Request{Command: "brief", Material: words(60)}, command: "brief", source: "Goats"},

		{name: "path", req: chat.Request{Command: "brief", Text: "/etc/passwd"}, says: "I open no files by their path"},
		{name: "file URL", req: chat.Request{Command: "brief", Text: "file:///etc/passwd"}, says: "I open no files by their path"},
		{name: "file URL in a message", req: chat.Request{Text: "file:///etc/passwd"}, says: "I open no files by their path"},
		{name: "path in a message", req: chat.Request{Text: "/etc/passwd"}, says: "I open no files by their path"},
		{name: "path under a menu", req: chat.Request{Entry: chat.ByMenu, Material: "../notes.txt"}, says: "I open no files by their path"},
		{name: "no source", req: chat.Request{Command: "quotes"}, says: "Which article?"},
		{name: "stale handle", req: chat.Request{Command: "quotes", Text: "#0123abcd"}, says: "I no longer have that article"},
		{name: "not a source", req: chat.Request{Command: "quotes", Text: "please"}, says: "It goes like this: quotes [SOURCE]"},
	} {
		t.Run(test.name, func(t *testing.T) {
			bot, briefer := newBot()
			test.req.Scope = channel
			reply := bot.Handle(t.Context(), test.req)
			if reply.Command != test.command || (reply.Err != nil) != (test.command == "") {
				t.Errorf("ran %q (%v), want %q", reply.Command, reply.Err, test.command)
			}
			if !strings.Contains(reply.String(), test.says) {
				t.Errorf("says:\n%s\nwant %q in it", reply, test.says)
			}
			var source strings.Builder
			for _, s := range briefer.Sources() {
				source.WriteString(s.Link + string(s.Data))
			}
			if !strings.HasPrefix(source.String(), test.source) || test.source == "" && source.String() != "" {
				t.Errorf("briefed %.60q, want %q", source.String(), test.source)
			}
			if reply.Reference != "" {
				t.Errorf("an apology: %v", reply.Err)
			}
		})
	}
}

// Who sees the answer.
func TestVisibility(t *testing.T) {
	bot, _ := newBot()
	for _, test := range []struct {
		req  chat.Request
		want chat.Visibility
	}{
		{chat.Request{Entry: chat.ByCommand, Command: "brief", Text: link}, chat.ToAsker},
		{chat.Request{Entry: chat.ByCommand, Command: "brief", Text: "/etc/passwd"}, chat.ToAsker},
		{chat.Request{Entry: chat.ByMenu, Material: link}, chat.ToAsker},
		{chat.Request{Entry: chat.ByMention, Text: link}, chat.ToThread},
		{chat.Request{Entry: chat.ByMessage, Text: link}, ""},
		{chat.Request{Entry: chat.ByAction, Shown: chat.ToAsker, Command: "quotes"}, chat.ToAsker},
		{chat.Request{Entry: chat.ByAction, Shown: chat.ToThread, Command: "quotes"}, chat.ToThread},
		{chat.Request{Entry: chat.ByAction, Shown: chat.ToAsker, Command: "share"}, chat.ToChannel},
	} {
		test.req.Scope = in("t", "ada")
		if got := bot.Handle(t.Context(), test.req).Visibility; got != test.want {
			t.Errorf("%+v is answered to %q, want %q", test.req, got, test.want)
		}
	}
}

// Which article is meant when none is named, and who may mean it.
func TestRemembers(t *testing.T) {
	const other = "https://example.com/other"
	bot, _ := newBot()
	ask := func(scope chat.Scope, entry chat.Entry, text string) chat.Reply {
		return bot.Handle(t.Context(), chat.Request{Scope: scope, Entry: entry, Text: text})
	}
	says := func(r chat.Reply, want string) {
		t.Helper()
		if !strings.Contains(r.String(), want) {
			t.Errorf("want %q in:\n%s", want, r)
		}
	}
	first := ask(in("", "ada"), chat.ByCommand, link)
	says(ask(in("", "ada"), chat.ByCommand, "quotes"), "Your last article here: VELLMAR, Ostrand")
	says(ask(in("", "bob"), chat.ByCommand, "quotes"), "Which article?")
	elsewhere := in("", "ada")
	elsewhere.Channel = "d"
	says(ask(elsewhere, chat.ByCommand, "quotes"), "Which article?")

	// A thread's article is everybody's who reads there.
	ask(in("t1", "ada"), chat.ByMention, other)
	says(ask(in("t1", "bob"), chat.ByMention, "quotes"), "The article of this thread: ")
	says(ask(in("t2", "cleo"), chat.ByMention, "quotes"), "Which article?")

	// What was answered to the asker alone is nobody else's.
	ask(in("t3", "ada"), chat.ByCommand, link)
	says(ask(in("t3", "cleo"), chat.ByMention, "quotes"), "Which article?")
	says(ask(in("t3", "ada"), chat.ByMention, "quotes"), "Your last article here: ")

	// A button knows its article, whatever came after it.
	ask(in("", "ada"), chat.ByCommand, "A goat was elected mayor of Lower Tumble. It was happy.")
	var claims chat.Action
	for _, a := range first.Actions {
		if a.Name == "claims" {
			claims = a
		}
	}
	press := func(scope chat.Scope) chat.Reply {
		command, text, _ := strings.Cut(claims.Command, " ")
		return bot.Handle(t.Context(), chat.Request{Scope: scope, Entry: chat.ByAction, Shown: chat.ToAsker, Command: command, Text: text})
	}
	says(press(in("", "ada")), "a third of its crews")
	says(press(in("", "bob")), "I no longer have that article")
	says(ask(in("", "ada"), chat.ByCommand, "claims"), "Your last article here: VELLMAR, Ostrand")
}

// A page is turned in place; what is typed is answered anew.
func TestReplace(t *testing.T) {
	bot, _ := newBot()
	for _, test := range []struct {
		req  chat.Request
		want bool
	}{
		{chat.Request{Entry: chat.ByAction, Command: "quotes", Text: link + " page 2"}, true},
		{chat.Request{Entry: chat.ByAction, Command: "refresh", Text: link}, true},
		{chat.Request{Entry: chat.ByAction, Command: "quotes", Text: link}, false},
		{chat.Request{Entry: chat.ByAction, Command: "quotes", Text: "#0123abcd page 2"}, false},
		{chat.Request{Entry: chat.ByMessage, Text: "quotes " + link + " page 2"}, false},
	} {
		test.req.Scope = channel
		if got := bot.Handle(t.Context(), test.req).Replace; got != test.want {
			t.Errorf("%+v: replace = %v, want %v", test.req, got, test.want)
		}
	}
}

// The log says how it went, never what was asked.
func TestLogIsDiscreet(t *testing.T) {
	var log bytes.Buffer
	bot, briefer := newBot()
	h := chat.Log(bot.Handle, slog.New(slog.NewTextHandler(&log, nil)))
	ask := func(text string) { h(t.Context(), chat.Request{ID: "1", Scope: channel, Text: text}) }
	ask("/confidential")
	ask("quotes https://example.com/confidential please")
	ask("The confidential goats of Lower Tumble voted.")
	briefer.Err = &article.Error{Kind: article.ErrPaywall, Where: "confidential.example"}
	ask("https://confidential.example/")
	briefer.Err = &chat.LimitError{Limit: 1}
	ask("https://confidential.example/")
	if text := log.String(); strings.Contains(text, "confidential") || strings.Contains(text, "goats") || strings.Count(text, "\n") != 5 || !strings.Contains(text, "reason=paywall") {
		t.Errorf("log:\n%s", text)
	}
}

// Whatever is private is marked as such, for all who keep things.
func TestPrivate(t *testing.T) {
	private := channel
	private.Private = true
	for _, test := range []struct {
		req  chat.Request
		want bool
	}{
		{chat.Request{Scope: channel, Text: link}, false},
		{chat.Request{Scope: private, Text: link}, true},
		{chat.Request{Scope: private, Text: "see " + link}, true},
		{chat.Request{Scope: channel, Text: "A goat was elected mayor of Lower Tumble."}, true},
		{chat.Request{Scope: channel, Files: []chat.File{{Name: "a.txt", Data: []byte("Goats.")}}}, true},
	} {
		bot, briefer := newBot()
		bot.Handle(t.Context(), test.req)
		sources := briefer.Sources()
		if len(sources) != 1 || sources[0].Private != test.want {
			t.Errorf("%+v: %+v, want private = %v", test.req, sources, test.want)
		}
	}
}

func TestErrorsBecomeSentences(t *testing.T) {
	paywall := &article.Error{Kind: article.ErrPaywall, Where: "example.com"}
	for _, test := range []struct {
		err       error
		want      string
		reference bool
	}{
		{paywall, paywall.Sentence(), false},
		{fmt.Errorf("reading: %w", paywall), paywall.Sentence(), false},
		{context.DeadlineExceeded, "This took too long", false},
		{fmt.Errorf("reading: %w", context.Canceled), "This was stopped", false},
		{errors.New("token secret is wrong"), "Something went wrong here", true},
	} {
		bot, briefer := newBot()
		briefer.Err = test.err
		r := bot.Handle(t.Context(), chat.Request{Scope: channel, Text: link})
		if !strings.Contains(r.String(), test.want) || strings.Contains(r.String(), "secret") {
			t.Errorf("%v is said as:\n%s", test.err, r)
		}
		if !errors.Is(r.Err, test.err) || (r.Reference != "") != test.reference || !strings.Contains(r.String(), r.Reference) {
			t.Errorf("%v: reply has %v and reference %q", test.err, r.Err, r.Reference)
		}
	}
}

func TestExport(t *testing.T) {
	bot, _ := newBot()
	for text, want := range map[string]string{"export " + link: "briefing.md", "export " + link + " json": "briefing.json"} {
		r := bot.Handle(t.Context(), chat.Request{Scope: channel, Text: text})
		if len(r.Files) != 1 || r.Files[0].Name != want || !bytes.Contains(r.Files[0].Data, []byte("ferry workers")) {
			t.Errorf("%q: %v %s", text, r.Files, r)
		}
	}
}

// The coat: what happens around a handler.
func TestWrap(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		counter := cache.NewMemory(1 << 20)
		defer counter.Close()
		var log bytes.Buffer
		var meter meter
		h := chat.Wrap(func(ctx context.Context, req chat.Request) chat.Reply {
			switch req.Text {
			case "panic":
				panic("secret")
			case "hang":
				<-ctx.Done()
				return chat.Apology(ctx.Err())
			case "refuse":
				return chat.Apology(&chat.Refusal{Text: "No."})
			}
			return chat.Reply{Command: "brief", Visibility: chat.ToThread}
		}, chat.Wrapping{Log: slog.New(slog.NewTextHandler(&log, nil)), Meter: &meter, Counter: counter, Limit: 4})

		ask := func(user, text string) chat.Reply {
			return h(t.Context(), chat.Request{ID: "r-" + text, Scope: in("", user), Entry: chat.ByCommand, Text: text})
		}
		ask("ada", "fine")
		ask("ada", "refuse")
		broken := ask("ada", "panic")
		if broken.Reference == "" || broken.Visibility != chat.ToAsker || strings.Contains(broken.String(), "secret") {
			t.Errorf("a panic is answered with %+v", broken)
		}
		start := time.Now()
		if r := ask("ada", "hang"); !strings.Contains(r.String(), "took too long") || time.Since(start) != 2*time.Minute {
			t.Errorf("a request that hangs is answered after %v with:\n%s", time.Since(start), r)
		}
		// The window has passed; four more are fine, the fifth is not.
		for range 4 {
			if r := ask("ada", "fine"); r.Err != nil {
				t.Errorf("within the limit: %v", r.Err)
			}
		}
		time.Sleep(20 * time.Second)
		r := ask("ada", "fine")
		if want := "Please ask again in 40 seconds."; !strings.Contains(r.String(), want) || r.Visibility != chat.ToAsker {
			t.Errorf("beyond the limit: %q to %q, want %q in it", r, r.Visibility, want)
		}
		if r := ask("bob", "fine"); r.Err != nil {
			t.Errorf("somebody else: %v", r.Err)
		}
		time.Sleep(40 * time.Second)
		if r := ask("ada", "fine"); r.Err != nil {
			t.Errorf("after the window: %v", r.Err)
		}

		want := []string{
			"brief done", " refused", " failed", " refused",
			"brief done", "brief done", "brief done", "brief done", " limited", "brief done", "brief done",
		}
		if diff := cmp.Diff([]string(meter), want); diff != "" {
			t.Errorf("metered, got - want +:\n%s", diff)
		}
		text := log.String()
		if n := strings.Count(text, "request answered"); n != len(want) {
			t.Errorf("%d lines in the log for %d requests", n, len(want))
		}
		if !strings.Contains(text, "reference="+broken.Reference) || !strings.Contains(text, "panic: secret") || !strings.Contains(text, "bot_test.go") {
			t.Errorf("the log does not explain the reference %s:\n%s", broken.Reference, text)
		}
	})
}

type meter []string

func (m *meter) Request(_, command string, outcome chat.Outcome, _ time.Duration) {
	*m = append(*m, command+" "+string(outcome))
}

// A counter in trouble stops nobody.
func TestLimitWithoutCounter(t *testing.T) {
	h := chat.LimitUsers(func(context.Context, chat.Request) chat.Reply { return chat.Reply{} }, brokenCounter{}, func(context.Context, chat.Scope) int64 { return 1 }, time.Minute)
	for range 3 {
		if r := h(t.Context(), chat.Request{}); r.Err != nil {
			t.Error(r.Err)
		}
	}
}

type brokenCounter struct{}

func (brokenCounter) Count(context.Context, string, time.Duration) (int64, time.Duration, error) {
	return 0, 0, cache.ErrUnavailable
}

// Pasted text is handed on byte for byte.
func TestTextIsUntouched(t *testing.T) {
	bot, briefer := newBot()
	text := "  Line one.\r\n\r\n\tLine “two”\u00a0…\n" + strings.Repeat("word ", 60) + "\n"
	bot.Handle(t.Context(), chat.Request{Scope: channel, Material: text})
	if got := string(briefer.Sources()[0].Data); got != text {
		t.Errorf("got %q, want %q", got, text)
	}
}
