package chat_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"onrecord/chat"
	"onrecord/chat/chattest"
)

// talk asks one request after the other in the same channel.
func talk(t *testing.T, bot *chat.Bot, req chat.Request) chat.Reply {
	t.Helper()
	if req.Scope == (chat.Scope{}) {
		req.Scope = channel
	}
	r := bot.Handle(t.Context(), req)
	if r.Reference != "" {
		t.Fatalf("an apology: %v", r.Err)
	}
	return r
}

func press(name string, r chat.Reply) chat.Request {
	for _, a := range r.Actions {
		if a.Name == name {
			command, rest, _ := strings.Cut(a.Command, " ")
			return chat.Request{Entry: chat.ByAction, Command: command, Text: rest, Shown: r.Visibility}
		}
	}
	return chat.Request{Text: "there is no action " + name}
}

// One claim by its number, with all that is known about it; a list in full.
func TestClaim(t *testing.T) {
	bot, _ := newBot()
	talk(t, bot, chat.Request{Text: link})
	for text, want := range map[string]string{
		"claim 3":                               "Nobody was hurt.",
		"claim " + link + " 3":                  "Claim 3",
		"claim number 3":                        "Stands at:",
		"/claim 3":                              "How to check:",
		"claim 30":                              "There is no claim 30: there are 3.",
		"claims top 1 explain":                  "Wrong if clearly fewer",
		"claims explain top 1":                  "Why:",
		"claim":                                 "Claim 1",
		"claim three":                           "goes like this: claim [SOURCE] N",
		"claims " + link + " by Harrow explain": "says Harrow Lines",
	} {
		if got := talk(t, bot, chat.Request{Text: text}); !strings.Contains(got.String(), want) {
			t.Errorf("%s: %q is missing in:\n%s", text, want, got)
		}
	}
	more := talk(t, bot, press("explain", talk(t, bot, chat.Request{Text: "claims"})))
	if got := more.String(); !strings.Contains(got, "Why:") || more.Err != nil {
		t.Errorf("In full:\n%s", got)
	}
}

// A finding is shown in its place, with the sentences around it, in the
// article's words.
func TestPassage(t *testing.T) {
	bot, _ := newBot()
	first := talk(t, bot, chat.Request{Text: link})
	for _, test := range []struct {
		name  string
		req   chat.Request
		says  []string
		never string
	}{
		{"of the first screen", press("passage", first), []string{"Sentence 1", "Sentence 2", "Claim 1"}, "Quote 1"},
		{"of a claim", chat.Request{Text: "passage claim 3"}, []string{"Claim 3", "sang “Take us home” on the quay.", "Nobody was hurt.", "Many islanders fear"}, "Claim 1"},
		{"of a quotation", chat.Request{Text: "passage quote 1"}, []string{"Quote 1", "“We will not take one more boat out"}, ""},
		{"of a page of claims", press("passage", talk(t, bot, chat.Request{Text: "claims"})), []string{"Claim 1", "Claim 2", "Claim 3"}, "Sentence"},
		{"of nothing", chat.Request{Text: "passage claim 30"}, []string{"There is no claim 30: there are 3."}, "Heading"},
	} {
		t.Run(test.name, func(t *testing.T) {
			got := talk(t, bot, test.req)
			for _, want := range test.says {
				if !strings.Contains(got.String(), want) {
					t.Errorf("%q is missing in:\n%s", want, got)
				}
			}
			if test.never != "" && strings.Contains(got.String(), test.never) {
				t.Errorf("%q in:\n%s", test.never, got)
			}
			for _, b := range got.Blocks {
				for _, run := range b.Text {
					if run.Style == chat.Quoted && !strings.Contains(chattest.SampleText, run.Text) {
						t.Errorf("not the article's words: %q", run.Text)
					}
				}
				if b.Role == chat.Paragraph && got.Err == nil && !strings.HasPrefix(b.Passage, link+"#:~:text=") {
					t.Errorf("no link to the passage: %q", b.Passage)
				}
			}
		})
	}

	// A text that was pasted has no address to lead to.
	pasted := talk(t, bot, chat.Request{Text: "passage", Material: strings.Repeat("Goats graze on the hill. ", 12), Command: "passage", Entry: chat.ByCommand})
	for _, b := range pasted.Blocks {
		if b.Passage != "" {
			t.Errorf("a link to pasted text: %q", b.Passage)
		}
	}
}

// Reporting goes from the item to what is wrong with it, by buttons alone.
func TestReport(t *testing.T) {
	bot, _ := newBot()
	kept := &chattest.Feedback{}
	bot.Feedback = kept
	at := time.Date(2023, 5, 16, 15, 0, 0, 0, time.UTC)
	which := talk(t, bot, press("report", talk(t, bot, chat.Request{Text: "quotes " + link})))
	what := talk(t, bot, press("report-quote-2", which))
	end := press("report-speaker", what)
	end.Time = at
	if got := talk(t, bot, end).String(); !strings.Contains(got, "Quote 2 was reported (wrong speaker)") {
		t.Errorf("the end says:\n%s", got)
	}
	want := []chat.Feedback{{
		At: at, Platform: "fake", Workspace: "w", Channel: "c", User: "ada",
		Article: link, Item: "quote 2", Words: "a decision by Friday", Reason: "speaker",
	}}
	if diff := cmp.Diff(want, kept.All()); diff != "" {
		t.Errorf("want - kept +:\n%s", diff)
	}

	// What is private is noted without its words.
	private := channel
	private.Private = true
	talk(t, bot, chat.Request{Scope: private, Text: "report " + link + " claim 1 as unimportant"})
	if last := kept.All()[1]; last.Article != "" || last.Words != "" || last.Reason != "unimportant" {
		t.Errorf("private material was kept: %+v", last)
	}

	// Nothing asks whether a claim is true.
	for _, a := range talk(t, bot, chat.Request{Text: "report claim 1"}).Actions {
		if l := strings.ToLower(a.Label); strings.Contains(l, "true") || strings.Contains(l, "false") {
			t.Errorf("an action offers a verdict: %q", a.Label)
		}
	}
	bot.Feedback = nil
	if got := talk(t, bot, chat.Request{Text: "help"}).String(); strings.Contains(got, "report") {
		t.Error("reports are offered though nobody keeps them")
	}
}

// What is shared bears the sharer's name and no Share button; details go
// below it.
func TestShare(t *testing.T) {
	bot, _ := newBot()
	r := talk(t, bot, chat.Request{Text: "share " + link, Asker: "Ada <!channel>  Lovelace"})
	if r.Visibility != chat.ToChannel || !strings.Contains(r.String(), "Shared by Ada <!channel> Lovelace") {
		t.Errorf("%s:\n%s", r.Visibility, r)
	}
	for _, a := range r.Actions {
		if a.Name == "share" {
			t.Error("what is shared can be shared")
		}
	}
	// Who sees it can go on from there, and only from there.
	claims := press("claims", r)
	claims.Scope = in("", "bob")
	if got := talk(t, bot, claims); got.Err != nil {
		t.Errorf("somebody else in the channel: %v", got.Err)
	}
	claims.Scope = in("", "eve")
	claims.Scope.Channel = "elsewhere"
	if got := talk(t, bot, claims); got.Err == nil {
		t.Error("it is found from another channel")
	}
	if r.Details == nil || !strings.Contains(r.Details.String(), "Worth checking means important if wrong, not doubtful.") ||
		!strings.Contains(r.Details.String(), "Who said what") || len(r.Details.Actions) > 0 {
		t.Errorf("details: %v", r.Details)
	}
}

// Whoever asked for a message, and moderators, can take it away.
func TestRemove(t *testing.T) {
	bot, _ := newBot()
	shared := talk(t, bot, chat.Request{Text: "share " + link})
	remove := press("remove", shared)
	if remove.Command != "remove" {
		t.Fatalf("nothing removes it: %+v", shared.Actions)
	}
	for _, test := range []struct {
		name      string
		user      string
		moderator bool
		removed   bool
	}{
		{"the asker", "ada", false, true},
		{"somebody else", "bob", false, false},
		{"a moderator", "mod", true, true},
	} {
		req := remove
		req.Scope, req.Moderator = in("", test.user), test.moderator
		r := talk(t, bot, req)
		if r.Remove != test.removed || r.Visibility != chat.ToAsker {
			t.Errorf("%s: removed %t, shown to %q", test.name, r.Remove, r.Visibility)
		}
	}
	if r := talk(t, bot, chat.Request{Text: "remove"}); r.Remove || r.Err == nil {
		t.Error("typed, it removes something")
	}
	// An answer that only the asker sees needs no button.
	if quiet := talk(t, bot, chat.Request{Entry: chat.ByCommand, Command: "brief", Text: link}); press("remove", quiet).Command == "remove" {
		t.Error("a private answer can be removed")
	}
}

func TestRecent(t *testing.T) {
	bot, _ := newBot()
	if got := talk(t, bot, chat.Request{Text: "recent"}).String(); !strings.Contains(got, "None yet.") {
		t.Errorf("at first:\n%s", got)
	}
	talk(t, bot, chat.Request{Text: link})
	talk(t, bot, chat.Request{Text: "https://example.com/b"})
	talk(t, bot, chat.Request{Scope: in("", "bob"), Text: "https://example.com/bobs"})
	other := channel
	other.Channel = "elsewhere"
	talk(t, bot, chat.Request{Scope: other, Text: "https://example.com/elsewhere"})

	here := talk(t, bot, chat.Request{Text: "recent"})
	var links []string
	for _, b := range here.Blocks {
		for _, run := range b.Text {
			if run.Link != "" {
				links = append(links, run.Link)
			}
		}
	}
	if diff := cmp.Diff([]string{"https://example.com/b", link}, links); diff != "" {
		t.Errorf("want - listed +:\n%s", diff)
	}
	if got := chat.Suggest(t.Context(), bot.Service.Recent, channel, "FERRIES"); len(got) != 1 || got[0].Label == "" {
		t.Errorf("suggested: %+v", got)
	}
	everywhere := channel
	everywhere.Channel = ""
	if got := chat.Suggest(t.Context(), bot.Service.Recent, everywhere, ""); len(got) != 3 {
		t.Errorf("of all channels: %+v", got)
	}
}

// A workspace decides where and for whom the bot answers.
func TestSettings(t *testing.T) {
	bot, _ := newBot()
	store := &chattest.Settings{}
	bot.Settings = store
	chief := func(text string) chat.Reply {
		return talk(t, bot, chat.Request{Command: "settings", Text: text, Moderator: true})
	}
	ask := func(req chat.Request) string { return talk(t, bot, req).String() }
	elsewhere := channel
	elsewhere.Channel = "elsewhere"
	direct := channel
	direct.Channel, direct.Private = "d", true

	if got := ask(chat.Request{Command: "settings"}); !strings.Contains(got, "The bot is: on") {
		t.Errorf("at first:\n%s", got)
	}
	if got := ask(chat.Request{Command: "settings", Text: "off"}); !strings.Contains(got, "Only whoever manages this workspace") {
		t.Errorf("anybody can change them:\n%s", got)
	}
	if got := chief("colour green"); got.Err == nil || !strings.Contains(got.String(), "“colour”") {
		t.Errorf("an unknown setting: %s", got)
	}
	if got := chief("share sometimes"); got.Err == nil || !strings.Contains(got.String(), "everybody, moderators, nobody") {
		t.Errorf("a wrong value: %s", got)
	}

	chief("share moderators limit 3 channels here")
	for _, test := range []struct {
		name string
		req  chat.Request
		says string
	}{
		{"in the channel", chat.Request{Text: link}, "More than 300 ferry workers"},
		{"in another", chat.Request{Scope: elsewhere, Text: link}, "I do not answer in this channel."},
		{"directly", chat.Request{Scope: direct, Text: link}, "More than 300 ferry workers"},
		{"help in another", chat.Request{Scope: elsewhere, Text: "help"}, "What I can do"},
		{"share", chat.Request{Text: "share " + link}, "Only moderators may share here."},
		{"share by one", chat.Request{Text: "share " + link, Moderator: true}, "More than 300 ferry workers"},
	} {
		if got := ask(test.req); !strings.Contains(got, test.says) {
			t.Errorf("%s:\n%swant %q", test.name, got, test.says)
		}
	}
	if got := bot.LimitOf(t.Context(), channel, 30); got != 3 {
		t.Errorf("limit %d", got)
	}

	chief("off")
	if got := talk(t, bot, chat.Request{Text: link}); !strings.Contains(got.String(), "I am switched off here.") || got.Visibility != chat.ToAsker {
		t.Errorf("off, to %q:\n%s", got.Visibility, got)
	}
	chief("on channels all share everybody")
	if got := ask(chat.Request{Scope: elsewhere, Text: link}); !strings.Contains(got, "More than 300 ferry workers") {
		t.Errorf("on again:\n%s", got)
	}

	chief("ask moderators")
	if got := ask(chat.Request{Text: link}); !strings.Contains(got, "Only moderators may ask me here.") {
		t.Errorf("anybody may ask:\n%s", got)
	}
	if got := ask(chat.Request{Text: link, Moderator: true}); !strings.Contains(got, "More than 300 ferry workers") {
		t.Errorf("a moderator may not ask:\n%s", got)
	}
	chief("ask everybody")

	// Without its store the bot still briefs.
	store.Err = errors.New("disk full")
	if got := ask(chat.Request{Text: link}); !strings.Contains(got, "More than 300 ferry workers") {
		t.Errorf("with the store down:\n%s", got)
	}
}

func TestLateAnswersSaySo(t *testing.T) {
	bot, _ := newBot()
	if got := talk(t, bot, chat.Request{Text: link, Late: true}).String(); !strings.Contains(got, "I was restarted in between") {
		t.Errorf("it says:\n%s", got)
	}
}
