// Package chattest is the test that every adapter passes ([Platform]), with a
// plain platform ([Fake]), a briefer that needs no network ([Briefer]) and a
// briefing made by hand ([Sample]) for the tests of others.
package chattest

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"
	"unicode"

	"go.uber.org/goleak"

	"onrecord/chat"
)

// User is a person on the platform under test, talking to the bot directly,
// one question after the other.
type User interface {
	// Send writes to the bot.
	Send(text string)
	// Press does what an action of the last answer offers, by the button or by
	// typing it.
	Press(a chat.Action)
	// Answer waits for the next answer to be complete and returns its messages
	// as they can be read: text without the platform's own markup.
	Answer(ctx context.Context) ([]string, error)
}

// Suite is an adapter to test.
type Suite struct {
	// Start makes a platform and a person on it. It does not run it.
	Start func(t *testing.T) (chat.Platform, User)
	// Alive finds what in a message would do something: a mention that pings, a
	// link that hides its target, an escape sequence. Control characters are
	// looked for in any case. May be nil.
	Alive func(message string) []string
}

// wait is the longest that anything here may take on a busy machine.
const wait = 30 * time.Second

// Platform runs the conformance test of an adapter.
func Platform(t *testing.T, s Suite) {
	t.Run("RequestsArrive", s.requestsArrive)
	t.Run("RepliesInOrder", s.repliesInOrder)
	t.Run("LongRepliesAreWhole", s.longReplies)
	t.Run("HostileTextIsDead", s.hostile)
	t.Run("ActionsCanBeTaken", s.actions)
	t.Run("ErrorsAreSentences", s.errors)
	t.Run("ShutdownFinishesWork", s.shutdown)
	t.Run("ShutdownWhenIdle", s.idle)
}

// run runs a platform until the test ends or stop is called, which says how it
// ended.
func (s Suite) run(t *testing.T, h chat.Handler) (chat.Platform, User, func() error) {
	t.Helper()
	before := goleak.IgnoreCurrent()
	p, u := s.Start(t)
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() { done <- p.Run(ctx, h) }()
	stop := sync.OnceValue(func() error {
		cancel()
		select {
		case err := <-done:
			if leak := goleak.Find(before); leak != nil {
				return fmt.Errorf("after Run: %w", leak)
			}
			return err
		case <-time.After(wait):
			return errors.New("Run does not end")
		}
	})
	t.Cleanup(func() {
		if err := stop(); err != nil {
			t.Errorf("Run: %v", err)
		}
	})
	return p, u, stop
}

func answer(t *testing.T, u User) []string {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), wait)
	defer cancel()
	messages, err := u.Answer(ctx)
	if err != nil {
		t.Fatalf("no answer: %v", err)
	}
	return messages
}

// echo answers with what was asked.
func echo(_ context.Context, req chat.Request) chat.Reply {
	var r chat.Reply
	r.Add(chat.Paragraph, chat.Say("You said: "+strings.TrimSpace(req.Command+" "+req.Text)))
	return r
}

func (s Suite) requestsArrive(t *testing.T) {
	var mu sync.Mutex
	var got []chat.Request
	p, u, _ := s.run(t, func(ctx context.Context, req chat.Request) chat.Reply {
		mu.Lock()
		got = append(got, req)
		mu.Unlock()
		return echo(ctx, req)
	})
	texts := []string{"quotes by Meyer", "https://example.com/a?b=c&d=e", "Grüße, 世界 👋🏽"}
	for _, text := range texts {
		u.Send(text)
		answer(t, u)
	}
	mu.Lock()
	defer mu.Unlock()
	if len(got) != len(texts) {
		t.Fatalf("%d requests for %d messages", len(got), len(texts))
	}
	ids := map[string]bool{}
	for i, req := range got {
		if text := strings.TrimSpace(req.Command + " " + req.Text); text != texts[i] {
			t.Errorf("sent %q, got %q", texts[i], text)
		}
		if req.Scope.Platform != p.Name() || req.Scope.User == "" || req.Scope.Channel == "" {
			t.Errorf("scope is incomplete: %+v", req.Scope)
		}
		if req.ID == "" || ids[req.ID] {
			t.Errorf("request %q has no identifier of its own", req.ID)
		}
		ids[req.ID] = true
	}
}

func (s Suite) repliesInOrder(t *testing.T) {
	var calls atomic.Int32
	_, u, _ := s.run(t, func(ctx context.Context, req chat.Request) chat.Reply {
		calls.Add(1)
		r := echo(ctx, req)
		r.Add(chat.Subheading, chat.Bold("second"))
		r.AddItem(3, chat.Say("third"))
		r.Add(chat.Detail, chat.Say("fourth"))
		r.Add(chat.Divider)
		r.Add(chat.Note, chat.Say("fifth"), chat.Type(" sixth"))
		return r
	})
	for i := range 5 {
		text := fmt.Sprintf("question %d", i)
		u.Send(text)
		got := strings.Join(answer(t, u), "\n")
		last := -1
		for _, want := range []string{text, "second", "third", "fourth", "fifth", "sixth"} {
			at := strings.Index(got, want)
			if at < 0 || at < last {
				t.Errorf("%q is missing or out of order in:\n%s", want, got)
			}
			last = at
		}
		for j := range 5 {
			if other := fmt.Sprintf("question %d", j); j != i && strings.Contains(got, other) {
				t.Errorf("the answer to %q is mixed up with that to %q:\n%s", text, other, got)
			}
		}
	}
	if n := calls.Load(); n != 5 {
		t.Errorf("5 questions were handled %d times", n)
	}
}

// Squeeze takes all white space out of a text, since where lines break is up
// to the platform.
func Squeeze(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsSpace(r) {
			return -1
		}
		return r
	}, s)
}

func (s Suite) longReplies(t *testing.T) {
	var long chat.Reply
	long.Add(chat.Heading, chat.Bold("A long reply"))
	for i := range 40 {
		words := strings.Repeat(fmt.Sprintf("word%d ", i), 2000/7)
		long.AddItem(i+1, chat.Say("said: "), chat.Quote("“"+strings.TrimSpace(words)+"”"))
		long.Add(chat.Detail, chat.Say(fmt.Sprintf("detail %d", i)))
	}
	giant := strings.Repeat("x", 5000)
	long.Add(chat.Paragraph, chat.Say(giant))
	long.Add(chat.Note, chat.Say("the very end"))
	_, u, _ := s.run(t, func(context.Context, chat.Request) chat.Reply { return long })
	u.Send("long")
	messages := answer(t, u)
	for i := range messages {
		messages[i] = Squeeze(messages[i])
	}
	all := strings.Join(messages, "")
	for _, b := range long.Blocks {
		if want := Squeeze(b.String()); !strings.Contains(all, want) {
			t.Errorf("lost or cut: %.60q…", want)
		}
		for _, run := range b.Text {
			if run.Style != chat.Quoted {
				continue
			}
			whole := false
			for _, m := range messages {
				whole = whole || strings.Contains(m, Squeeze(run.Text))
			}
			if !whole {
				t.Errorf("a quotation is cut: %.60q…", run.Text)
			}
		}
	}
}

// Hostile are texts that try to do something where they are shown.
var Hostile = []string{
	"<!channel> <!here> <@U12345> <#C1|x> <https://evil.example|bank.example>",
	"@everyone @here <@1234567890> <@&42>",
	"**bold** _it_ ~~no~~ `code` ```fence ||spoiler|| > quote\n# heading\n- item",
	"[bank.example](https://evil.example)",
	"\x1b[31mred\x1b[0m \x1b]0;title\x07 \x1b]8;;https://evil.example\x1b\\bank\x1b]8;;\x1b\\ \x9b31m",
	"left \u202e right \u2066 in \u2069 \u200f mark\u200b zero",
	"null \x00 bell \x07 back \b\b\b feed \f",
	"not UTF-8: \xff\xfe\x80",
	"a\u0300\u0301\u0302\u0303\u0304\u0305\u0306\u0307 stack",
}

func (s Suite) hostile(t *testing.T) {
	var r chat.Reply
	for i, h := range Hostile {
		r.Add(chat.Heading, chat.Say(fmt.Sprintf("begin%d ", i)), chat.Bold(h))
		r.Add(chat.Paragraph, chat.Say(h))
		r.AddItem(i+1, chat.Quote(h), chat.Insert(h))
		r.Add(chat.Note, chat.Type(h), chat.Say(fmt.Sprintf(" end%d", i)))
	}
	r.Actions = []chat.Action{{Name: "claims", Label: "Claims " + Hostile[0] + Hostile[4], Command: "claims", Short: "claims"}}
	_, u, _ := s.run(t, func(context.Context, chat.Request) chat.Reply { return r })
	u.Send("hostile")
	for _, m := range answer(t, u) {
		for i, c := range m {
			if c != '\n' && unicode.IsControl(c) || c >= '\u202a' && c <= '\u202e' || c >= '\u2066' && c <= '\u2069' {
				t.Errorf("%U is alive in …%q…", c, m[max(0, i-20):min(len(m), i+20)])
			}
		}
		if s.Alive == nil {
			continue
		}
		for _, alive := range s.Alive(m) {
			t.Errorf("alive: %q", alive)
		}
	}
	// What was asked next still works.
	u.Send("hostile again")
	if got := strings.Join(answer(t, u), "\n"); !strings.Contains(got, "begin0") || !strings.Contains(got, "end8") {
		t.Errorf("the second answer is incomplete:\n%s", got)
	}
}

func (s Suite) actions(t *testing.T) {
	action := chat.Action{Name: "next", Label: "Next (2 of 3)", Command: "claims #0123abcd page 2", Short: "claims page 2"}
	_, u, _ := s.run(t, func(ctx context.Context, req chat.Request) chat.Reply {
		r := echo(ctx, req)
		r.Actions = []chat.Action{action}
		r.Page = chat.Page{Number: 1, Of: 3}
		return r
	})
	u.Send("claims")
	answer(t, u)
	u.Press(action)
	if got := strings.Join(answer(t, u), "\n"); !strings.Contains(Squeeze(got), Squeeze("You said: "+action.Command)) {
		t.Errorf("pressing %q asked:\n%s\nwant %q", action.Label, got, action.Command)
	}
}

func (s Suite) errors(t *testing.T) {
	var reference atomic.Value
	_, u, _ := s.run(t, func(context.Context, chat.Request) chat.Reply {
		r := chat.Apology(errors.New("token xoxb-secret is invalid"))
		reference.Store(r.Reference)
		return r
	})
	u.Send("go wrong")
	got := strings.Join(answer(t, u), "\n")
	if strings.Contains(got, "secret") {
		t.Errorf("the error itself is shown:\n%s", got)
	}
	if ref, _ := reference.Load().(string); ref == "" || !strings.Contains(got, ref) {
		t.Errorf("the reference %q is not shown:\n%s", ref, got)
	}
}

func (s Suite) shutdown(t *testing.T) {
	working, finish := make(chan struct{}), make(chan struct{})
	_, u, stop := s.run(t, func(context.Context, chat.Request) chat.Reply {
		close(working)
		<-finish
		var r chat.Reply
		r.Add(chat.Paragraph, chat.Say("done after all"))
		return r
	})
	u.Send("slow")
	<-working
	stopped := make(chan error, 1)
	go func() { stopped <- stop() }()
	select {
	case err := <-stopped:
		t.Fatalf("Run ended with work in hand: %v", err)
	case <-time.After(50 * time.Millisecond): // it had its chance
	}
	close(finish)
	if got := strings.Join(answer(t, u), "\n"); !strings.Contains(got, "done after all") {
		t.Errorf("the last answer is %q", got)
	}
	if err := <-stopped; err != nil {
		t.Errorf("Run: %v", err)
	}
}

func (s Suite) idle(t *testing.T) {
	_, u, stop := s.run(t, echo)
	u.Send("once")
	answer(t, u)
	if err := stop(); err != nil {
		t.Errorf("Run: %v", err)
	}
}
