package slack_test

import (
	"context"
	"fmt"
	"io"
	"maps"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"onrecord/adapters/slack"
	"onrecord/adapters/slack/slackfake"
	"onrecord/article"
	"onrecord/chat"
	"onrecord/chat/chattest"
	"onrecord/work"
)

const link = "https://news.example/ferries"

// A slash command is answered to whoever typed it, and to nobody else.
func TestSlashCommand(t *testing.T) {
	both(t, func(t *testing.T, byHTTP bool) {
		d := open(t, setting{byHTTP: byHTTP})
		d.slack.Slash(ann, news, "/brief", link)
		d.idle(1)
		wants(t, d.slack.Sees(ann, news, ""), 1, "More than 300 ferry workers", "[Claims (3)]", "[Share]")
		wants(t, d.slack.Sees(bob, news, ""), 0)

		d.slack.Slash(ann, news, "/quotes", link+" by Varga")
		d.idle(2)
		wants(t, d.slack.Sees(ann, news, ""), 2, "We will not take one more boat out")

		d.slack.Slash(ann, news, "/brief", "claims "+link+" top 1")
		d.idle(3)
		wants(t, d.slack.Sees(ann, news, ""), 3, "a third of its crews")

		d.slack.Slash(ann, news, "/brief", "clams "+link)
		d.slack.Slash(ann, news, "/brief", "/etc/passwd")
		d.slack.Slash(ann, news, "/brief", "file:///etc/passwd")
		d.idle(6)
		wants(t, d.slack.Sees(ann, news, ""), 6, "I open no files by their path")
		d.clean()
	})
}

// A channel that the bot is not in can be asked from all the same.
func TestSlashElsewhere(t *testing.T) {
	d := open(t, setting{})
	d.slack.Slash(bob, quiet, "/brief", link)
	d.idle(1)
	wants(t, d.slack.Sees(bob, quiet, ""), 1, "More than 300 ferry workers")
	d.clean()
}

// With a prefix, /news-brief is brief.
func TestPrefix(t *testing.T) {
	d := open(t, setting{prefix: "news-"})
	d.slack.Slash(ann, news, "/news-claims", link)
	d.idle(1)
	wants(t, d.slack.Sees(ann, news, ""), 1, "Worth checking")
}

// A mention is answered in its thread. In a thread the article need not be
// named again.
func TestMention(t *testing.T) {
	both(t, func(t *testing.T, byHTTP bool) {
		d := open(t, setting{byHTTP: byHTTP})
		ts := d.slack.Say(ann, news, "", "@onrecord "+link)
		d.idle(1)
		wants(t, theirs(d.slack.Sees(bob, news, "")), 0)
		wants(t, theirs(d.slack.Sees(bob, news, ts)), 1, "More than 300 ferry workers")

		d.slack.Say(bob, news, ts, "@onrecord quotes by Odumbe")
		d.idle(2)
		wants(t, theirs(d.slack.Sees(ann, news, ts)), 2, "The islands will not go hungry", "The article of this thread")
		d.slack.Say(bob, news, "", "nothing for you, onrecord")
		d.slack.Say(bob, quiet, "", "@onrecord nobody is there")
		d.slack.Say(bob, news, "", "@onrecord")
		d.idle(3)
		d.clean()
	})
}

// A mention in a direct conversation arrives as a message and as a mention,
// and is answered once.
func TestMessageAndMention(t *testing.T) {
	d := open(t, setting{})
	d.slack.Say(ann, d.slack.DM(ann), "", "@onrecord "+link)
	d.idle(1)
	wants(t, theirs(d.slack.SeesAll(ann, d.slack.DM(ann))), 1, "ferry workers")
	if n := d.slack.Calls("chat.postMessage"); n != 1 {
		t.Errorf("%d posts", n)
	}
}

// Files are read from Slack and from nowhere else.
func TestFiles(t *testing.T) {
	both(t, func(t *testing.T, byHTTP bool) {
		d := open(t, setting{byHTTP: byHTTP})
		var stolen atomic.Int32
		elsewhere := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
			if r.Header.Get("Authorization") != "" {
				stolen.Add(1)
			}
		}))
		t.Cleanup(elsewhere.Close)
		story := strings.Repeat("The harbour was closed on Monday. ", 30)
		d.slack.AddFile(slackfake.File{ID: "F1", Name: "story.txt", Type: "text/plain", Data: []byte(story)})
		d.slack.AddFile(slackfake.File{ID: "F2", Name: "drive.gdoc", Type: "text/plain", External: elsewhere.URL + "/doc"})
		d.slack.AddFile(slackfake.File{ID: "F3", Name: "big.txt", Type: "text/plain", Data: make([]byte, 10<<20+1)})
		d.slack.AddFile(slackfake.File{ID: "F4", Name: "shared.txt", Type: "text/plain", Data: []byte(story), CheckInfo: true})
		dm := d.slack.DM(ann)
		for i, test := range []struct{ file, want string }{
			{"F1", "The harbour was closed on Monday."},
			{"F2", "lies outside of Slack"},
			{"F3", "larger than 10 MB"},
			{"F4", "The harbour was closed on Monday."},
		} {
			before := len(theirs(d.slack.SeesAll(ann, dm)))
			d.slack.Say(ann, dm, "", "", test.file)
			d.idle(int64(i + 1))
			wants(t, theirs(d.slack.SeesAll(ann, dm))[before:], 1, test.want)
		}
		ts := d.slack.Say(ann, news, "", "@onrecord", "F1")
		d.idle(5)
		wants(t, theirs(d.slack.Sees(ann, news, ts)), 1, "The harbour was closed")
		if n := stolen.Load(); n > 0 {
			t.Error("the token was sent elsewhere")
		}
		d.clean()
	})
}

// "Brief this message": its text, link or file; the answer is private.
func TestMessageShortcut(t *testing.T) {
	both(t, func(t *testing.T, byHTTP bool) {
		d := open(t, setting{byHTTP: byHTTP})
		text := d.slack.Put(slackfake.Message{Channel: quiet, From: bob, Text: "The mayor said on Monday that &lt;half&gt; of all boats had been sold."})
		linked := d.slack.Put(slackfake.Message{Channel: quiet, From: bob, Text: "see <" + link + "|this>"})
		app := d.slack.Put(slackfake.Message{Channel: quiet, From: "U0APP", Attachments: []byte(`[{"fallback":"News","title_link":"` + link + `"}]`)})
		empty := d.slack.Put(slackfake.Message{Channel: quiet, From: bob})
		before := 4
		for i, test := range []struct{ ts, want string }{
			{text, "The mayor said on Monday that <half> of all boats had been sold."},
			{linked, "More than 300 ferry workers"},
			{app, "More than 300 ferry workers"},
			{empty, "no text, link or file"},
		} {
			if err := d.slack.MessageShortcut(ann, quiet, test.ts, "brief_message"); err != nil {
				t.Fatal(err)
			}
			d.idle(int64(i + 1))
			wants(t, d.slack.Sees(ann, quiet, "")[before:], i+1, test.want)
		}
		wants(t, d.slack.Sees(bob, quiet, ""), 4)
		d.clean()
	})
}

// The form takes a link or a text; the answer comes directly.
func TestForm(t *testing.T) {
	both(t, func(t *testing.T, byHTTP bool) {
		d := open(t, setting{byHTTP: byHTTP})
		fill := func(fields map[string]string) map[string]string {
			t.Helper()
			d.slack.Shortcut(ann, "brief_article")
			d.until("a form is open", func() bool { _, ok := d.slack.Modal(ann); return ok })
			wrong, err := d.slack.Submit(t.Context(), ann, fields)
			if err != nil {
				t.Fatal(err)
			}
			return wrong
		}
		if wrong := fill(nil); wrong["link"] == "" {
			t.Errorf("an empty form was taken: %v", wrong)
		}
		if wrong, err := d.slack.Submit(t.Context(), ann, map[string]string{"link": link}); err != nil || len(wrong) > 0 {
			t.Errorf("after the mistake: %v, %v", wrong, err)
		}
		d.idle(1)
		wants(t, theirs(d.slack.SeesAll(ann, d.slack.DM(ann))), 1, "More than 300 ferry workers")
		fill(map[string]string{"text": "The mayor said that half of all boats <@U1> had been sold."})
		d.idle(2)
		wants(t, theirs(d.slack.SeesAll(ann, d.slack.DM(ann))), 2, "half of all boats <@U1> had been sold")
		d.clean()
	})
}

// A button is a command that the bot offers to type. Share posts for all; its
// thread knows the article.
func TestButtons(t *testing.T) {
	both(t, func(t *testing.T, byHTTP bool) {
		d := open(t, setting{byHTTP: byHTTP})
		d.slack.Slash(ann, news, "/brief", link)
		d.idle(1)
		mine := d.slack.Sees(ann, news, "")[0]
		press := func(user string, m slackfake.Message, label string, n int64) {
			t.Helper()
			if err := d.slack.Press(user, news, m.TS, label); err != nil {
				t.Fatal(err)
			}
			d.idle(n)
		}
		press(ann, mine, "Claims (3)", 2)
		wants(t, d.slack.Sees(ann, news, ""), 2, "Worth checking")
		wants(t, d.slack.Sees(bob, news, ""), 0)

		press(ann, mine, "Share", 3)
		shared := d.slack.Sees(bob, news, "")
		wants(t, shared, 1, "More than 300 ferry workers")
		press(bob, shared[0], "Quotes (6)", 4)
		// Below what is shared stand its details, then what was asked for.
		wants(t, theirs(d.slack.Sees(ann, news, shared[0].TS))[1:], 2, "We will not take one more boat out")

		// The menu behind the buttons. Refresh replaces.
		press(ann, mine, "Refresh", 5)
		again, ok := d.slack.Message(news, mine.TS)
		if !ok || again.Edits != 1 {
			t.Errorf("the message was not replaced: %v, %d edits", ok, again.Edits)
		}
		d.clean()
	})
}

// Buttons that have expired get a sentence; their response address too old,
// another way is found.
func TestExpiredButtons(t *testing.T) {
	d := open(t, setting{})
	d.slack.Slash(ann, news, "/brief", link)
	d.idle(1)
	old := d.slack.Sees(ann, news, "")[0]
	*d.recent = chat.MemoryRecent{}
	if err := d.slack.Press(ann, news, old.TS, "Claims (3)"); err != nil {
		t.Fatal(err)
	}
	d.idle(2)
	wants(t, d.slack.Sees(ann, news, "")[1:], 1, "I no longer have that article")
	d.clean()
}

// The answer may take longer than a response address lasts.
func TestResponseAddressTooOld(t *testing.T) {
	release := make(chan struct{})
	d := open(t, setting{handler: waiting(release)})
	d.slack.Slash(ann, news, "/brief", link)
	d.slack.Slash(ann, quiet, "/brief", link)
	d.until("both are asked", func() bool { c, _ := d.queue.Counts(t.Context()); return c.Working == 2 })
	d.slack.ExpireResponses()
	close(release)
	d.idle(2)
	wants(t, d.slack.Sees(ann, news, ""), 1, "done after all")
	// Where the bot is not, nothing but the direct conversation is left.
	wants(t, d.slack.Sees(ann, quiet, ""), 0)
	wants(t, theirs(d.slack.SeesAll(ann, d.slack.DM(ann))), 1, "done after all")
	d.clean()
}

// waiting answers when it is released.
func waiting(release <-chan struct{}) chat.Handler {
	return func(ctx context.Context, req chat.Request) chat.Reply {
		if req.Progress != nil {
			req.Progress(chat.Reading)
		}
		select {
		case <-release:
		case <-ctx.Done():
			return chat.Apology(ctx.Err())
		}
		var r chat.Reply
		r.Add(chat.Paragraph, chat.Say("done after all"))
		if req.Entry == chat.ByCommand {
			r.Visibility = chat.ToAsker
		}
		return r
	}
}

// What takes long says so, and the answer takes its place.
func TestPlaceholder(t *testing.T) {
	both(t, func(t *testing.T, byHTTP bool) {
		release := make(chan struct{})
		d := open(t, setting{byHTTP: byHTTP, handler: waiting(release)})
		dm := d.slack.DM(ann)
		d.slack.Say(ann, dm, "", link)
		ts := d.slack.Say(ann, news, "", "@onrecord "+link)
		d.slack.Slash(bob, news, "/brief", link)
		shown := func() string {
			return read(slices.Concat(theirs(d.slack.SeesAll(ann, dm)), theirs(d.slack.Sees(ann, news, ts)), theirs(d.slack.Sees(bob, news, ""))))
		}
		d.until("three placeholders", func() bool { return strings.Count(shown(), "Reading …") == 3 })
		close(release)
		d.idle(3)
		if got := shown(); strings.Count(got, "done after all") != 3 || strings.Contains(got, "Reading") {
			t.Errorf("in the end:\n%s", got)
		}
		d.clean()
	})
}

// A panic of the handler ends in an apology, in place of the placeholder.
func TestPanic(t *testing.T) {
	d := open(t, setting{handler: func(context.Context, chat.Request) chat.Reply { panic("xoxb-secret") }})
	d.slack.Say(ann, d.slack.DM(ann), "", link)
	d.idle(1)
	wants(t, theirs(d.slack.SeesAll(ann, d.slack.DM(ann))), 1, "Something went wrong here")
}

// The Home tab lists what its reader asked about, and explains.
func TestHome(t *testing.T) {
	both(t, func(t *testing.T, byHTTP bool) {
		d := open(t, setting{byHTTP: byHTTP})
		home := func() string { text, _ := d.slack.Home(ann); return text }
		d.slack.OpenHome(ann)
		d.until("a Home tab", func() bool { return home() != "" })
		if got := home(); !strings.Contains(got, "Nothing yet") || !strings.Contains(got, "/quotes") || !strings.Contains(got, "Brief this message") {
			t.Errorf("the Home tab of a newcomer:\n%s", got)
		}
		d.slack.Slash(ann, news, "/brief", link)
		d.slack.Slash(bob, news, "/brief", "https://other.example/secret")
		d.idle(3)
		d.slack.OpenHome(ann)
		d.idle(4)
		d.until("the article is listed", func() bool { return strings.Contains(home(), "VELLMAR") })
		if err := d.slack.PressHome(ann, "Brief"); err != nil {
			t.Fatal(err)
		}
		d.idle(5)
		wants(t, theirs(d.slack.SeesAll(ann, d.slack.DM(ann))), 1, "More than 300 ferry workers")
		if err := d.slack.PressHome(ann, "Brief an article"); err != nil {
			t.Fatal(err)
		}
		d.until("a form is open", func() bool { _, ok := d.slack.Modal(ann); return ok })
		d.clean()
	})
}

// What the request says about its asker and its place.
func TestRequest(t *testing.T) {
	var mu sync.Mutex
	got := map[string]chat.Request{}
	d := open(t, setting{handler: func(_ context.Context, req chat.Request) chat.Reply {
		mu.Lock()
		got[req.Text] = req
		mu.Unlock()
		var r chat.Reply
		r.Add(chat.Paragraph, chat.Say("ok"))
		return r
	}})
	d.slack.Slash(ann, news, "/claims", "one")
	d.slack.Slash(bob, inner, "/claims", "two")
	d.idle(2)
	d.slack.Say(bob, news, "", "@onrecord three")
	d.slack.Say(bob, inner, "", "@onrecord four")
	d.slack.Say(ann, d.slack.DM(ann), "", "five & <six> "+link+"?a=b&c=d")
	d.idle(5)
	mu.Lock()
	defer mu.Unlock()
	five := "five & <six> " + link + "?a=b&c=d"
	for text, want := range map[string]struct {
		entry     chat.Entry
		private   bool
		moderator bool
		thread    bool
	}{
		"one":   {chat.ByCommand, false, true, false},
		"two":   {chat.ByCommand, true, false, false},
		"three": {chat.ByMention, false, false, true},
		"four":  {chat.ByMention, true, false, true},
		five:    {chat.ByMessage, true, true, false},
	} {
		req, ok := got[text]
		if !ok {
			t.Errorf("%q did not arrive: %v", text, got)
			continue
		}
		if req.Entry != want.entry || req.Scope.Private != want.private || req.Moderator != want.moderator || (req.Scope.Thread != "") != want.thread {
			t.Errorf("%q: %+v", text, req)
		}
		if req.Scope.Workspace != slackfake.TeamID || req.Scope.User == "" || req.Time.IsZero() || req.Zone == nil || req.Late {
			t.Errorf("%q lacks something: %+v", text, req)
		}
	}
	if req := got["one"]; req.Asker != "Ann <!channel>" || req.Locale != "de-DE" || req.Zone.String() != "Europe/Berlin" {
		t.Errorf("Ann is %q, %s, %v", req.Asker, req.Locale, req.Zone)
	}
	if req := got[five]; !slices.Equal(req.Links, []string{link + "?a=b&c=d"}) {
		t.Errorf("links: %q", req.Links)
	}
	if n := d.slack.Calls("users.info"); n != 2 {
		t.Errorf("%d look-ups of two people", n)
	}
}

// Details go into the thread of what they belong to; Remove takes away.
func TestDetailsAndRemove(t *testing.T) {
	d := open(t, setting{handler: func(_ context.Context, req chat.Request) chat.Reply {
		var r chat.Reply
		switch req.Command {
		case "share":
			r.Visibility = chat.ToChannel
			r.Add(chat.Paragraph, chat.Say("short"))
			r.Actions = []chat.Action{{Name: "remove", Label: "Remove", Command: "remove", Confirm: "Really?"}}
			r.Details = &chat.Reply{}
			r.Details.Add(chat.Paragraph, chat.Say("all the rest"))
		case "remove":
			r.Remove = true
			r.Add(chat.Paragraph, chat.Say("It is gone."))
		}
		return r
	}})
	d.slack.Slash(ann, news, "/share", "")
	d.idle(1)
	posted := d.slack.Sees(bob, news, "")
	wants(t, posted, 1, "short")
	wants(t, d.slack.Sees(bob, news, posted[0].TS), 2, "all the rest")
	if err := d.slack.Press(ann, news, posted[0].TS, "Remove"); err != nil {
		t.Fatal(err)
	}
	d.idle(2)
	wants(t, d.slack.Sees(bob, news, ""), 0)
	if said := read(d.slack.SeesAll(ann, news)); !strings.Contains(said, "It is gone.") {
		t.Errorf("Ann was not told:\n%s", said)
	}
	d.clean()
}

// A long answer goes on: by the response address while that lasts, in the
// thread where others read.
func TestLongAnswers(t *testing.T) {
	both(t, func(t *testing.T, byHTTP bool) {
		var long chat.Reply
		for i := range 40 {
			long.AddItem(i+1, chat.Quote(strings.TrimSpace(strings.Repeat(fmt.Sprintf("word%d ", i), 2000/7))))
		}
		d := open(t, setting{byHTTP: byHTTP, handler: func(_ context.Context, req chat.Request) chat.Reply {
			r := long
			if req.Entry == chat.ByCommand {
				r.Visibility = chat.ToAsker
			} else {
				r.Visibility = chat.ToChannel
			}
			return r
		}})
		d.slack.Slash(ann, news, "/quotes", link)  // the rest as ephemeral messages
		d.slack.Slash(ann, quiet, "/quotes", link) // the rest directly
		d.idle(2)
		wants(t, d.slack.SeesAll(ann, news), 8, "word0 ", "word39 ")
		wants(t, d.slack.SeesAll(ann, quiet), 5, "word0 ")
		wants(t, theirs(d.slack.SeesAll(ann, d.slack.DM(ann))), 3, "word39 ")
		wants(t, d.slack.SeesAll(bob, news), 0)

		d.slack.Say(ann, news, "", "@onrecord "+link)
		d.idle(3)
		top := theirs(d.slack.Sees(bob, news, ""))
		wants(t, top, 1, "word0 ")
		wants(t, d.slack.Sees(bob, news, top[0].TS), 8, "word39 ")
		d.clean()
	})
}

// An exported file comes to the asker alone, or into the thread.
func TestExport(t *testing.T) {
	d := open(t, setting{})
	d.slack.Slash(ann, news, "/brief", "export "+link)
	d.idle(1)
	direct := theirs(d.slack.SeesAll(ann, d.slack.DM(ann)))
	if len(direct) != 1 || len(direct[0].Files) != 1 {
		t.Fatalf("in the direct conversation: %+v", direct)
	}
	if f, _ := d.slack.File(direct[0].Files[0]); !strings.HasSuffix(f.Name, ".md") || !strings.Contains(string(f.Data), "ferry workers") {
		t.Errorf("the file is %q:\n%.200s", f.Name, f.Data)
	}
	wants(t, d.slack.Sees(bob, news, ""), 0)
	d.clean()
}

// Without the scope for it, export says so.
func TestExportWithoutScope(t *testing.T) {
	d := open(t, setting{fake: slackfake.Options{Scopes: []string{"chat:write", "im:write", "users:read", "channels:read"}}})
	d.slack.Slash(ann, news, "/brief", "export "+link)
	d.idle(1)
	if got := read(d.slack.Sees(ann, news, "")); !strings.Contains(got, "files:write") {
		t.Errorf("Ann reads:\n%s", got)
	}
}

// The same event five times at once is one question.
func TestRepeats(t *testing.T) {
	both(t, func(t *testing.T, byHTTP bool) {
		d := open(t, setting{byHTTP: byHTTP})
		d.slack.Fail(slackfake.Faults{Duplicate: 4})
		d.slack.Say(ann, d.slack.DM(ann), "", link)
		d.slack.Slash(ann, news, "/brief", link)
		d.until("all deliveries are acknowledged", func() bool { return len(d.slack.Acks()) == 10 })
		d.idle(2)
		wants(t, theirs(d.slack.SeesAll(ann, d.slack.DM(ann))), 1)
		wants(t, d.slack.SeesAll(ann, news), 1)
		d.clean()
	})
}

// Bots, edits and what the bot itself says are no questions.
func TestNotForUs(t *testing.T) {
	both(t, func(t *testing.T, byHTTP bool) {
		d := open(t, setting{byHTTP: byHTTP})
		dm := d.slack.DM(ann)
		for _, e := range []map[string]any{
			{"type": "message", "channel_type": "im", "channel": dm, "user": slackfake.BotUser, "text": link, "ts": "1.1"},
			{"type": "message", "channel_type": "im", "channel": dm, "user": ann, "bot_id": "B1", "text": link, "ts": "1.2"},
			{"type": "message", "subtype": "bot_message", "channel_type": "im", "channel": dm, "bot_id": "B1", "text": link, "ts": "1.3"},
			{"type": "message", "subtype": "message_changed", "hidden": true, "channel_type": "im", "channel": dm, "ts": "1.4", "message": map[string]any{"user": ann, "text": link}},
			{"type": "message", "channel_type": "channel", "channel": news, "user": ann, "text": link, "ts": "1.5"},
			{"type": "app_mention", "channel": news, "user": ann, "text": link, "ts": "1.6", "edited": map[string]any{"user": ann}},
			{"type": "reaction_added", "user": ann, "item": map[string]any{"channel": dm}},
			{"type": "unheard_of", "user": map[string]any{"id": 1}},
			{"type": "app_home_opened", "tab": "messages", "user": ann},
			{"type": "tokens_revoked", "tokens": map[string]any{"oauth": []string{"U1"}}},
		} {
			d.slack.Event(e)
		}
		d.until("all are acknowledged", func() bool { return len(d.slack.Acks()) == 10 })
		if c := d.idle(0); c != (work.Counts{}) {
			t.Errorf("something was taken for a question: %+v", c)
		}
	})
}

// One odd block must not cost the message.
func TestOddEvents(t *testing.T) {
	both(t, func(t *testing.T, byHTTP bool) {
		d := open(t, setting{byHTTP: byHTTP})
		dm := d.slack.DM(ann)
		d.slack.Event(map[string]any{
			"type": "message", "channel_type": "im", "channel": dm, "user": ann, "text": link, "ts": "1.1",
			"blocks": []any{map[string]any{"type": "rich_text", "elements": "not a list"}}, "files": []any{},
		})
		d.idle(1)
		wants(t, theirs(d.slack.SeesAll(ann, dm)), 1, "ferry workers")
		// What cannot be read at all is acknowledged and logged.
		d.slack.Event(map[string]any{"type": "message", "channel": 5})
		d.slack.Deliver("interactive", []byte(`{"type":"block_actions"}`))
		d.slack.Deliver("interactive", []byte(`{"type":"block_actions","user":{"id":"U1"},"actions":[{"action_id":"do:0:x","value":"claims"}]}`))
		d.slack.Deliver("slash_commands", []byte(`{"command":""}`))
		d.until("all are acknowledged", func() bool { return len(d.slack.Acks()) == 5 })
		if got := strings.Count(d.log.String(), "could not be read"); got < 4 {
			t.Errorf("%d lines in the log", got)
		}
		// And the next one works.
		d.slack.Say(ann, dm, "", "help")
		d.idle(2)
	})
}

// Garbage on the socket does not end it.
func TestGarbage(t *testing.T) {
	d := open(t, setting{})
	for _, data := range []string{"", "{", "[]", "null", `{"type":"unheard_of"}`, `{"type":5}`, strings.Repeat("[", 10_000)} {
		d.slack.Garble([]byte(data))
	}
	d.slack.Say(ann, d.slack.DM(ann), "", link)
	d.idle(1)
}

// A message too long for the queue gets a sentence.
func TestTooLong(t *testing.T) {
	both(t, func(t *testing.T, byHTTP bool) {
		d := open(t, setting{byHTTP: byHTTP})
		d.slack.Say(ann, d.slack.DM(ann), "", strings.Repeat("word ", 60_000))
		d.idle(1)
		wants(t, theirs(d.slack.SeesAll(ann, d.slack.DM(ann))), 1, "Send it as a file")
	})
}

// An article full of what would ping and link pings nobody.
func TestHostileArticle(t *testing.T) {
	d := open(t, setting{})
	dm := d.slack.DM(ann)
	d.slack.Say(ann, dm, "", strings.Join(chattest.Hostile, " and then ")+strings.Repeat(" words that follow", 30))
	d.idle(1)
	wants(t, theirs(d.slack.SeesAll(ann, dm)), 1)
	d.clean()
}

// Two hundred claims and long ones.
func TestManyClaims(t *testing.T) {
	d := open(t, setting{handler: func(context.Context, chat.Request) chat.Reply {
		var r chat.Reply
		for i := range 200 {
			r.AddItem(i+1, chat.Quote("“"+strings.Repeat("claim ", 20)+"”"))
			r.Blocks[len(r.Blocks)-1].Passage = link + "#:~:text=" + strings.Repeat("x", 300)
			r.Add(chat.Detail, chat.Say("says somebody"))
		}
		return r
	}})
	ts := d.slack.Say(ann, news, "", "@onrecord claims")
	d.idle(1)
	if n := len(theirs(d.slack.Sees(bob, news, ts))); n < 5 {
		t.Errorf("%d messages", n)
	}
	d.clean()
}

// Where the bot may not post, the asker is told, once.
func TestCannotPost(t *testing.T) {
	both(t, func(t *testing.T, byHTTP bool) {
		d := open(t, setting{byHTTP: byHTTP})
		d.slack.Slash(ann, quiet, "/brief", link)
		d.idle(1)
		mine := d.slack.Sees(ann, quiet, "")[0]
		if err := d.slack.Press(ann, quiet, mine.TS, "Share"); err != nil {
			t.Fatal(err)
		}
		d.idle(2)
		wants(t, d.slack.Sees(ann, quiet, ""), 2, "invite me with /invite")
		wants(t, d.slack.Sees(bob, quiet, ""), 0)
		// Told directly where there is no response address.
		d.slack.Event(map[string]any{"type": "app_mention", "channel": quiet, "user": bob, "text": "<@" + slackfake.BotUser + "> " + link, "ts": "1.5"})
		d.idle(3)
		wants(t, theirs(d.slack.SeesAll(bob, d.slack.DM(bob))), 1, "invite me with /invite")
		d.slack.AddChannel(slackfake.Channel{ID: "C0OLD", Name: "old", Members: []string{ann, bob}, Bot: true, Archived: true})
		d.slack.Event(map[string]any{"type": "app_mention", "channel": "C0OLD", "user": bob, "text": link, "ts": "1.6"})
		d.idle(4)
		wants(t, theirs(d.slack.SeesAll(bob, d.slack.DM(bob))), 2, "archived")
		d.clean()
	})
}

// A token that is revoked in the middle ends the run with one clear message.
func TestTokenRevoked(t *testing.T) {
	for _, code := range []string{"token_revoked", "invalid_auth", "account_inactive", "not_authed"} {
		both(t, func(t *testing.T, byHTTP bool) {
			d := open(t, setting{byHTTP: byHTTP})
			d.slack.Say(ann, d.slack.DM(ann), "", link)
			d.idle(1)
			d.slack.RevokeToken(code)
			d.slack.Say(ann, d.slack.DM(ann), "", link)
			d.until("it is noticed", func() bool { ok, _ := d.bot.Status(); return !ok })
			err := d.stop()
			if err == nil || !strings.Contains(err.Error(), code) {
				t.Errorf("Run: %v", err)
			}
		})
	}
}

// With a token that never worked, Run ends at once.
func TestWrongToken(t *testing.T) {
	s := newSlack(t, slackfake.Options{})
	p, err := slack.New(slack.Options{BotToken: "xoxb-wrong", AppToken: "xapp-fake", APIURL: s.URL()})
	if err != nil {
		t.Fatal(err)
	}
	if err := p.Run(t.Context(), nil); err == nil || !strings.Contains(err.Error(), "invalid_auth") || strings.Contains(err.Error(), "xoxb") {
		t.Errorf("Run: %v", err)
	}
}

// Leaving the workspace drops what is kept of it.
func TestUninstalled(t *testing.T) {
	both(t, func(t *testing.T, byHTTP bool) {
		var dropped atomic.Int32
		d := open(t, setting{byHTTP: byHTTP, forget: func(_ context.Context, team string) error {
			if team == slackfake.TeamID {
				dropped.Add(1)
			}
			return nil
		}})
		d.slack.Uninstall()
		d.until("it is over", func() bool { ok, _ := d.bot.Status(); return !ok && dropped.Load() > 0 })
		if err := d.stop(); err == nil || !strings.Contains(err.Error(), "account_inactive") {
			t.Errorf("Run: %v", err)
		}
	})
}

// Rate limits are waited out; calls that can be repeated are repeated.
func TestRateLimits(t *testing.T) {
	d := open(t, setting{})
	d.slack.Fail(slackfake.Faults{LimitShare: .4, Seed: 3})
	for i := range 20 {
		d.slack.Say(ann, d.slack.DM(ann), "", fmt.Sprintf("claims %s?%d", link, i))
	}
	c := d.idle(20)
	if c.Done != 20 {
		t.Errorf("%+v", c)
	}
	wants(t, theirs(d.slack.SeesAll(ann, d.slack.DM(ann))), 20)
	d.clean()
}

// An error that comes after the message was posted leads to no second one.
func TestNeverTwice(t *testing.T) {
	d := open(t, setting{})
	d.slack.Fail(slackfake.Faults{FailAfter: .5, Seed: 1})
	const n = 20
	for i := range n {
		d.slack.Say(ann, d.slack.DM(ann), "", fmt.Sprintf("claims %s?%d", link, i))
	}
	c := d.idle(n)
	wants(t, theirs(d.slack.SeesAll(ann, d.slack.DM(ann))), n)
	if c.Uncertain == 0 || c.Done+c.Uncertain != n {
		t.Errorf("%+v", c)
	}
}

// At the end of the grace a placeholder says that nothing more comes; whoever
// has the request next may replace that.
func TestStopped(t *testing.T) {
	d := open(t, setting{queue: work.New(work.Options{Grace: 50 * time.Millisecond}), handler: waiting(nil)})
	dm := d.slack.DM(ann)
	d.slack.Say(ann, dm, "", link)
	d.slack.Slash(bob, news, "/brief", link)
	shown := func() string {
		return read(slices.Concat(theirs(d.slack.SeesAll(ann, dm)), theirs(d.slack.Sees(bob, news, ""))))
	}
	d.until("two placeholders", func() bool { return strings.Count(shown(), "Reading …") == 2 })
	if err := d.stop(); err != nil {
		t.Errorf("Run: %v", err)
	}
	if got := shown(); strings.Count(got, "This was stopped") != 2 || strings.Contains(got, "Reading") {
		t.Errorf("in the end:\n%s", got)
	}
	d.clean()
}

// Several processes with one app and one store: every request is answered
// once, on a bad day too.
func TestSeveralProcesses(t *testing.T) {
	store := work.NewMemory()
	var asked sync.Map
	handler := func(_ context.Context, req chat.Request) chat.Reply {
		if _, twice := asked.LoadOrStore(req.ID, true); twice {
			t.Errorf("%s was handled twice", req.ID)
		}
		var r chat.Reply
		r.Add(chat.Paragraph, chat.Say("answer to "+req.Text))
		if req.Entry == chat.ByCommand {
			r.Visibility = chat.ToAsker
		}
		return r
	}
	set := setting{
		queue: work.New(work.Options{Store: store}), handler: handler,
		fake: slackfake.Options{Retries: []time.Duration{0, 100 * time.Millisecond, time.Second, time.Second, time.Second}},
	}
	d := open(t, set)
	for range 2 {
		other := &desk{t: t, slack: d.slack, queue: work.New(work.Options{Store: store}), recent: d.recent, log: d.log}
		other.run(set)
	}
	d.until("three sockets", func() bool { return d.slack.Sockets() == 3 })
	d.slack.Fail(slackfake.Faults{Duplicate: 1, LimitShare: .05, DropEvery: 50, Seed: 5})
	const n = 150
	dm := d.slack.DM(ann)
	for i := range n {
		switch i % 3 {
		case 0:
			d.slack.Say(ann, dm, "", fmt.Sprintf("number %d.", i))
		case 1:
			d.slack.Say(bob, news, "", fmt.Sprintf("@onrecord number %d.", i))
		default:
			d.slack.Slash(bob, news, "/brief", fmt.Sprintf("number %d.", i))
		}
	}
	c := d.idle(n)
	if c.Done != n {
		t.Errorf("%+v", c)
	}
	d.until("all deliveries are acknowledged, or given up", func() bool { return len(d.slack.Acks())+len(d.slack.Failures()) == 2*n })
	all := read(theirs(slices.Concat(d.slack.SeesAll(ann, dm), d.slack.SeesAll(bob, news))))
	for i := range n {
		if got := strings.Count(all, fmt.Sprintf("number %d.", i)); got != 1 {
			t.Errorf("request %d was answered %d times", i, got)
		}
	}
	t.Logf("%d requests: %+v, %d acknowledgements, %d failures told by Slack", n, c, len(d.slack.Acks()), len(d.slack.Failures()))
	d.clean()
}

// All traffic takes the proxy: calls, files and the socket.
func TestProxy(t *testing.T) {
	var through, tunnels atomic.Int32
	transport := &http.Transport{DisableKeepAlives: true}
	proxy := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodConnect {
			tunnels.Add(1)
			tunnel(w, r)
			return
		}
		through.Add(1)
		r.RequestURI = ""
		resp, err := transport.RoundTrip(r)
		if err != nil {
			w.WriteHeader(http.StatusBadGateway)
			return
		}
		defer resp.Body.Close()
		maps.Copy(w.Header(), resp.Header)
		w.WriteHeader(resp.StatusCode)
		_, _ = io.Copy(w, resp.Body)
	}))
	t.Cleanup(proxy.Close)
	address, err := url.Parse(proxy.URL)
	if err != nil {
		t.Fatal(err)
	}
	d := open(t, setting{proxy: address})
	d.slack.AddFile(slackfake.File{ID: "F1", Name: "story.txt", Type: "text/plain", Data: []byte("A short story.")})
	d.slack.Say(ann, d.slack.DM(ann), "", "", "F1")
	d.slack.Slash(ann, news, "/brief", link)
	d.idle(2)
	wants(t, theirs(d.slack.SeesAll(ann, d.slack.DM(ann))), 1, "A short story.")
	if err := d.stop(); err != nil {
		t.Error(err)
	}
	// auth.test, opening the socket, two people, a file, a post and a response.
	if through.Load() < 6 || tunnels.Load() != 1 {
		t.Errorf("%d requests and %d tunnels took the proxy", through.Load(), tunnels.Load())
	}
}

// tunnel connects both ends until one closes.
func tunnel(w http.ResponseWriter, r *http.Request) {
	to, err := (&net.Dialer{}).DialContext(r.Context(), "tcp", r.Host)
	if err != nil {
		w.WriteHeader(http.StatusBadGateway)
		return
	}
	defer to.Close()
	from, _, err := w.(http.Hijacker).Hijack()
	if err != nil {
		return
	}
	defer from.Close()
	_, _ = io.WriteString(from, "HTTP/1.1 200 OK\r\n\r\n")
	var wg sync.WaitGroup
	wg.Go(func() { _, _ = io.Copy(to, from); to.Close() })
	_, _ = io.Copy(from, to)
	from.Close()
	wg.Wait()
}

// What Slack will never take is not tried for ever, and the asker is told.
func TestRefusedForGood(t *testing.T) {
	d := open(t, setting{fake: slackfake.Options{Scopes: []string{"im:write", "users:read"}}})
	d.slack.Slash(ann, news, "/brief", "share "+link)
	d.idle(1)
	wants(t, d.slack.Sees(ann, news, ""), 1, "Slack did not take my answer (missing_scope)")
}

// Blocks that Slack does not like are sent as plain text, once.
func TestInvalidBlocks(t *testing.T) {
	for _, code := range []string{"invalid_blocks", "msg_blocks_too_long"} {
		var posts []string
		var mu sync.Mutex
		api := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Content-Type", "application/json")
			switch r.URL.Path {
			case "/api/auth.test":
				fmt.Fprint(w, `{"ok":true,"user_id":"U0BOT","team_id":"T1","team":"News"}`)
			case "/api/chat.postMessage":
				_ = r.ParseForm()
				mu.Lock()
				posts = append(posts, r.Form.Get("text"))
				mu.Unlock()
				if r.Form.Get("blocks") != "" {
					fmt.Fprintf(w, `{"ok":false,"error":%q}`, code)
					return
				}
				fmt.Fprint(w, `{"ok":true,"ts":"1.1","channel":"D1"}`)
			default:
				fmt.Fprint(w, `{"ok":false,"error":"unknown_method"}`)
			}
		}))
		t.Cleanup(api.Close)
		q := work.New(work.Options{})
		p, err := slack.New(slack.Options{BotToken: "xoxb", SigningSecret: "s", APIURL: api.URL + "/api", Queue: q})
		if err != nil {
			t.Fatal(err)
		}
		ctx, cancel := context.WithCancel(t.Context())
		done := make(chan error, 1)
		go func() {
			done <- p.Run(ctx, func(context.Context, chat.Request) chat.Reply {
				var r chat.Reply
				r.Add(chat.Paragraph, chat.Say("a < b <!channel>"))
				return r
			})
		}()
		if _, err := q.Accept(ctx, work.Item{Key: "k", Lane: "slack", Payload: []byte(`{"Kind":"request","Channel":"D1","User":"U1","Direct":true,"Entry":"message","Text":"hi"}`)}); err != nil {
			t.Fatal(err)
		}
		d := &desk{t: t, queue: q}
		d.idle(1)
		cancel()
		if err := <-done; err != nil {
			t.Error(err)
		}
		if !slices.Equal(posts, []string{"a &lt; b &lt;!channel&gt;", "a &lt; b &lt;!channel&gt;"}) {
			t.Errorf("%s: posted %q", code, posts)
		}
	}
}

// Sockets are asked to reconnect, and break; nothing is lost or doubled.
func TestReconnect(t *testing.T) {
	d := open(t, setting{fake: slackfake.Options{Retries: []time.Duration{0, 0, time.Second, time.Second, time.Second, time.Second, time.Second}}})
	dm := d.slack.DM(ann)
	for i := range 5 {
		d.slack.Say(ann, dm, "", fmt.Sprintf("claims %s?%d", link, i))
		if i%2 == 0 {
			d.slack.Refresh()
		} else {
			d.slack.Drop()
		}
	}
	d.slack.Fail(slackfake.Faults{DropEvery: 8, Seed: 9})
	for i := range 15 {
		d.slack.Say(ann, dm, "", fmt.Sprintf("claims %s?%d", link, i+5))
	}
	d.idle(20)
	wants(t, theirs(d.slack.SeesAll(ann, dm)), 20)
	d.slack.Fail(slackfake.Faults{})
	d.until("it is connected", func() bool { ok, _ := d.bot.Status(); return ok })
}

// A request that a crash left is answered by the next process, which says
// that it is late, from where the first one got to; what may have been sent is
// not sent again.
func TestTakenOver(t *testing.T) {
	for _, test := range []struct {
		name, progress string
		shown          []string
		outcome        work.Counts
	}{
		{"before anything was sent", "", []string{"old", "one", "two"}, work.Counts{Done: 1}},
		{"with a placeholder", `{"Holder":"1.000001"}`, []string{"one", "two"}, work.Counts{Done: 1}},
		{"with a placeholder, perhaps", `{"HolderDoubt":true}`, []string{"old", "one", "two"}, work.Counts{Done: 1}},
		{"in the middle", `{"Sent":1,"Root":"1.000001"}`, []string{"old", "two"}, work.Counts{Done: 1}},
		{"while it was being sent", `{"Doubt":true}`, []string{"old"}, work.Counts{Uncertain: 1}},
	} {
		t.Run(test.name, func(t *testing.T) {
			store := work.NewMemory()
			ctx := t.Context()
			now := time.Now()
			payload := []byte(`{"Kind":"request","Team":"T0NEWS","Channel":"D0ANN","User":"U0ANN","Direct":true,"Entry":"message","Text":"` + link + `","At":"2026-01-01T00:00:00Z"}`)
			if _, err := store.Accept(ctx, work.Item{Key: "slack:k", Lane: "slack", Payload: payload, Accepted: now, Until: now.Add(time.Hour)}); err != nil {
				t.Fatal(err)
			}
			if _, err := store.Lease(ctx, "slack", "the dead", 1, now, now.Add(time.Millisecond)); err != nil {
				t.Fatal(err)
			}
			if test.progress != "" {
				if err := store.Save(ctx, "the dead", "slack:k", []byte(test.progress)); err != nil {
					t.Fatal(err)
				}
			}
			var late atomic.Bool
			d := open(t, setting{
				queue: work.New(work.Options{Store: store, Poll: 10 * time.Millisecond}),
				before: func(s *slackfake.Server) {
					s.Put(slackfake.Message{Channel: s.DM(ann), TS: "1.000001", From: slackfake.BotUser, Text: "old"})
				},
				handler: func(_ context.Context, req chat.Request) chat.Reply {
					late.Store(req.Late)
					var r chat.Reply
					r.Add(chat.Paragraph, chat.Quote("one"+strings.Repeat(" word", 2000)))
					r.Add(chat.Paragraph, chat.Quote("two"+strings.Repeat(" word", 2000)))
					return r
				},
			})
			if c := d.idle(1); c != test.outcome {
				t.Errorf("%+v", c)
			}
			var shown []string
			for _, m := range d.slack.SeesAll(ann, "D0ANN") {
				shown = append(shown, strings.Fields(m.Read())[0])
			}
			if !slices.Equal(shown, test.shown) {
				t.Errorf("Ann sees %q, want %q", shown, test.shown)
			}
			if test.outcome.Done > 0 && !late.Load() {
				t.Error("the handler was not told that it is late")
			}
			d.clean()
		})
	}
}

// Forged, stale, future and unsigned requests are refused; a replay changes
// nothing; what is too large is not read.
func TestSignatures(t *testing.T) {
	d := open(t, setting{byHTTP: true})
	body := []byte("command=%2Fbrief&text=help&team_id=T0NEWS&channel_id=C0NEWS&channel_name=news&user_id=U0ANN&trigger_id=1.2.3&response_url=" + strings.TrimSuffix(d.slack.URL(), "api/") + "respond/R1")
	now := time.Now()
	send := func(path string, body []byte, h http.Header) int {
		t.Helper()
		req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, d.web.URL+path, strings.NewReader(string(body)))
		if err != nil {
			t.Fatal(err)
		}
		maps.Copy(req.Header, h)
		resp, err := (&http.Client{Transport: &http.Transport{DisableKeepAlives: true}}).Do(req)
		if err != nil {
			t.Fatal(err)
		}
		defer resp.Body.Close()
		return resp.StatusCode
	}
	forged := d.slack.Sign(body, now)
	forged.Set("X-Slack-Signature", "v0="+strings.Repeat("0", 64))
	short := d.slack.Sign(body, now)
	short.Set("X-Slack-Signature", "v0=00")
	wrongTime := d.slack.Sign(body, now)
	wrongTime.Set("X-Slack-Request-Timestamp", "soon")
	huge := []byte("payload=" + strings.Repeat("x", 1<<20))
	for _, test := range []struct {
		name, path string
		body       []byte
		header     http.Header
		want       int
	}{
		{"unsigned", "/slack/commands", body, nil, 401},
		{"forged", "/slack/commands", body, forged, 401},
		{"short", "/slack/commands", body, short, 401},
		{"wrong time", "/slack/commands", body, wrongTime, 401},
		{"stale", "/slack/commands", body, d.slack.Sign(body, now.Add(-6*time.Minute)), 401},
		{"future", "/slack/commands", body, d.slack.Sign(body, now.Add(6*time.Minute)), 401},
		{"of another body", "/slack/commands", append([]byte("x"), body...), d.slack.Sign(body, now), 401},
		{"huge", "/slack/interactions", huge, d.slack.Sign(huge, now), 413},
		{"no JSON", "/slack/events", []byte("{"), d.slack.Sign([]byte("{"), now), 200},
		{"no form", "/slack/commands", []byte("%zz"), d.slack.Sign([]byte("%zz"), now), 200},
		{"an empty form", "/slack/interactions", nil, d.slack.Sign(nil, now), 200},
		{"certificate check", "/slack/commands", []byte("ssl_check=1"), d.slack.Sign([]byte("ssl_check=1"), now), 200},
		{"good", "/slack/commands", body, d.slack.Sign(body, now), 200},
		{"replayed", "/slack/commands", body, d.slack.Sign(body, now), 200},
		{"replayed later", "/slack/commands", body, d.slack.Sign(body, now.Add(time.Minute)), 200},
	} {
		if got := send(test.path, test.body, test.header); got != test.want {
			t.Errorf("%s: %d, want %d", test.name, got, test.want)
		}
	}
	c := d.idle(1)
	if c.Done+c.Failed != 1 {
		t.Errorf("%+v, want one request", c)
	}
	// The handshake of the events address.
	hello := []byte(`{"type":"url_verification","challenge":"c-123","token":"x"}`)
	rec := httptest.NewRecorder()
	req := httptest.NewRequest(http.MethodPost, "/slack/events", strings.NewReader(string(hello)))
	maps.Copy(req.Header, d.slack.Sign(hello, now))
	d.routes.Load().ServeHTTP(rec, req)
	if rec.Code != 200 || !strings.Contains(rec.Body.String(), "c-123") {
		t.Errorf("the handshake: %d %s", rec.Code, rec.Body)
	}
}

// FuzzSigned feeds what is signed and still nonsense.
func FuzzSigned(f *testing.F) {
	for _, seed := range []string{`{"type":"event_callback","event":{"type":"message"}}`, `{"type":"event_callback","event":{"type":"app_mention","user":"U1","channel":"C1","ts":"1.1","text":"<<@|>"}}`, "payload=%7B%7D", "{"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, body string) {
		s := slackfake.New(slackfake.Options{})
		defer s.Close()
		p, err := slack.New(slack.Options{BotToken: "xoxb-fake", SigningSecret: "fake-signing-secret", APIURL: s.URL()})
		if err != nil {
			t.Fatal(err)
		}
		ctx, cancel := context.WithCancel(t.Context())
		done := make(chan error, 1)
		go func() { done <- p.Run(ctx, func(context.Context, chat.Request) chat.Reply { return chat.Reply{} }) }()
		(&desk{t: t}).until("it runs", func() bool { ok, _ := p.Status(); return ok })
		for pattern, h := range p.Handlers() {
			_, path, _ := strings.Cut(pattern, " ")
			req := httptest.NewRequest(http.MethodPost, path, strings.NewReader(body))
			maps.Copy(req.Header, s.Sign([]byte(body), time.Now()))
			rec := httptest.NewRecorder()
			h.ServeHTTP(rec, req)
			if rec.Code != 200 {
				t.Errorf("%s: %d", path, rec.Code)
			}
		}
		cancel()
		if err := <-done; err != nil {
			t.Error(err)
		}
	})
}

// Before and after Run nothing is taken in.
func TestNotRunning(t *testing.T) {
	s := newSlack(t, slackfake.Options{})
	p, err := slack.New(slack.Options{BotToken: "xoxb-fake", SigningSecret: "fake-signing-secret", APIURL: s.URL()})
	if err != nil {
		t.Fatal(err)
	}
	body := []byte(`{"type":"event_callback"}`)
	req := httptest.NewRequest(http.MethodPost, "/slack/events", strings.NewReader(string(body)))
	maps.Copy(req.Header, s.Sign(body, time.Now()))
	rec := httptest.NewRecorder()
	p.Handlers()["POST /slack/events"].ServeHTTP(rec, req)
	if rec.Code != http.StatusServiceUnavailable {
		t.Errorf("%d before Run", rec.Code)
	}
	if ok, text := p.Status(); ok || text == "" {
		t.Errorf("status: %v %q", ok, text)
	}
}

// Errors of the article become sentences here as everywhere.
func TestUnreadable(t *testing.T) {
	b := &chat.Bot{Service: &chat.Service{Briefer: &chattest.Briefer{Err: &article.Error{Kind: article.ErrPaywall, Where: link}}}}
	d := open(t, setting{handler: b.Handle})
	d.slack.Say(ann, d.slack.DM(ann), "", link)
	d.idle(1)
	wants(t, theirs(d.slack.SeesAll(ann, d.slack.DM(ann))), 1)
	d.clean()
}

// The settings that cannot work are refused before anything is tried.
func TestNew(t *testing.T) {
	for name, o := range map[string]slack.Options{
		"nothing":       {},
		"no way in":     {BotToken: "xoxb"},
		"no bot token":  {AppToken: "xapp"},
		"a bad address": {BotToken: "xoxb", AppToken: "xapp", APIURL: "slack"},
	} {
		if _, err := slack.New(o); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
}

// The doctor finds what is wrong with tokens and scopes.
func TestCheck(t *testing.T) {
	text := func(found []chat.Finding) (good, bad string) {
		for _, f := range found {
			if f.OK {
				good += f.Text + "\n"
			} else {
				bad += f.Text + "\n"
			}
		}
		return good, bad
	}
	s := newSlack(t, slackfake.Options{})
	some := newSlack(t, slackfake.Options{Scopes: []string{"chat:write"}})
	for name, test := range map[string]struct {
		o         slack.Options
		good, bad string
	}{
		"all is well":     {slack.Options{BotToken: "xoxb-fake", AppToken: "xapp-fake", APIURL: s.URL()}, "a socket can be opened", ""},
		"HTTP":            {slack.Options{BotToken: "xoxb-fake", SigningSecret: "x", APIURL: s.URL()}, "/slack/events", ""},
		"wrong bot token": {slack.Options{BotToken: "xoxb-x", AppToken: "xapp-fake", APIURL: s.URL()}, "", "copy it again"},
		"wrong app token": {slack.Options{BotToken: "xoxb-fake", AppToken: "xapp-x", APIURL: s.URL()}, "", "App-Level Tokens"},
		"missing scopes":  {slack.Options{BotToken: "xoxb-fake", AppToken: "xapp-fake", APIURL: some.URL()}, "", "users:read"},
		"nobody there":    {slack.Options{BotToken: "xoxb-fake", AppToken: "xapp-fake", APIURL: "http://127.0.0.1:1/api/"}, "", "cannot be asked"},
	} {
		p, err := slack.New(test.o)
		if err != nil {
			t.Fatal(err)
		}
		good, bad := text(p.Check(t.Context()))
		if !strings.Contains(good, test.good) || !strings.Contains(bad, test.bad) || test.bad == "" && bad != "" {
			t.Errorf("%s: good:\n%sbad:\n%s", name, good, bad)
		}
		if strings.Contains(good+bad, "xoxb-fake") || strings.Contains(good+bad, "ticket") {
			t.Errorf("%s: a secret is shown:\n%s%s", name, good, bad)
		}
	}
}
