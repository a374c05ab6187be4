package discord

import (
	"encoding/json"
	"fmt"
	"net/url"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"onrecord/adapters/discord/discordfake"
	"onrecord/chat"
	"onrecord/chat/chattest"
)

// forget keeps no action.
func forget(a chat.Action) string { return "ABCDEFGHIJ" }

// shown is what people read of messages, and everything that Discord or our
// manners object to.
func shown(t interface {
	Helper()
	Errorf(string, ...any)
}, messages []outgoing,
) []string {
	t.Helper()
	var texts []string
	for i, m := range messages {
		body, err := json.Marshal(m)
		if err != nil {
			t.Errorf("message %d: %v", i, err)
		}
		for _, fault := range discordfake.CheckMessage(body, len(m.files)) {
			t.Errorf("message %d: %s", i, fault)
		}
		var text strings.Builder
		text.WriteString(m.Content)
		for _, e := range m.Embeds {
			text.WriteString(e.Description)
		}
		read := discordfake.Read(text.String())
		for _, alive := range read.Alive {
			t.Errorf("message %d: alive: %q in %q", i, alive, text.String())
		}
		texts = append(texts, read.Plain)
	}
	return texts
}

func TestRender(t *testing.T) {
	for _, tt := range []struct {
		name  string
		block chat.Block
		want  string
	}{
		{"plain", chat.Block{Role: chat.Paragraph, Text: []chat.Run{chat.Say("Five  *stars*\nfor [it](https://evil.example)")}}, `Five \*stars\* for \[it\]\(https\://evil.example\)`},
		{"heading with its address", chat.Block{Role: chat.Heading, Text: []chat.Run{{Text: "bank.example", Style: chat.Strong, Link: "https://evil.example/a(b)c d"}}}, `**bank.example** ([evil.example](https://evil.example/a%28b%29c%20d))`},
		{"address that is none", chat.Block{Role: chat.Heading, Text: []chat.Run{{Text: "x", Link: "javascript:alert(1)"}}}, `**x**`},
		{"item", chat.Block{Role: chat.Item, Number: 3, Text: []chat.Run{chat.Say("said: "), chat.Quote("“We won’t.”")}, Passage: "https://a.example/b#:~:text=We%20won"}, `**3** said\: “We won’t.” [passage](https://a.example/b#:~:text=We%20won)`},
		{"item without number", chat.Block{Role: chat.Item, Text: []chat.Run{chat.Type("by …"), chat.Say(": of one speaker")}}, "• `by …`\\: of one speaker"},
		{"detail", chat.Block{Role: chat.Detail, Text: []chat.Run{chat.Bold("Why:"), chat.Say(" a figure")}}, `-# **Why\:** a figure`},
		{"note", chat.Block{Role: chat.Note, Text: []chat.Run{chat.Say("read 14:02")}}, `-# read 14\:02`},
		{"number at the beginning", chat.Block{Role: chat.Paragraph, Text: []chat.Run{chat.Say("1. not a list")}}, `1\. not a list`},
		{"everyone", chat.Block{Role: chat.Paragraph, Text: []chat.Run{chat.Say("@everyone @Here "), chat.Type("@here")}}, "\\@\u200beveryone \\@\u200bHere \\@\u200bhere"},
		{"typed with a backtick", chat.Block{Role: chat.Paragraph, Text: []chat.Run{chat.Type("a`b")}}, "a\\`b"},
		{"emphasis keeps its spaces outside", chat.Block{Role: chat.Paragraph, Text: []chat.Run{chat.Say("a"), chat.Bold(" b "), chat.Say("c")}}, "a **b** c"},
		{"emphasis behind a backslash", chat.Block{Role: chat.Heading, Text: []chat.Run{chat.Bold(`\`), chat.Bold("x")}}, `**\\x**`},
		{"what directs writing", chat.Block{Role: chat.Paragraph, Text: []chat.Run{chat.Quote("a\u202eb\u2066c\x1b[31md\u200b")}}, `abc\[31md`},
	} {
		t.Run(tt.name, func(t *testing.T) {
			got := render(chat.Reply{Blocks: []chat.Block{tt.block}}, forget, 0)
			if len(got) != 1 || got[0].Embeds[0].Description != tt.want {
				t.Errorf("got  %q\nwant %q", got[0].Embeds[0].Description, tt.want)
			}
			shown(t, got)
		})
	}
}

// The first screen, the quotations and the claims of the sample article.
func TestRenderSample(t *testing.T) {
	view := chat.View{Handle: "#0123abcd", Public: true, Link: true, Items: 5, Now: time.Date(2023, 5, 16, 15, 0, 0, 0, time.UTC)}
	for name, r := range map[string]chat.Reply{
		"brief":  chat.BriefReply(chattest.Sample(), view),
		"quotes": chat.QuotesReply(chattest.Sample(), chat.Filter{}, view),
		"claims": chat.ClaimsReply(chattest.Sample(), chat.Filter{}, view),
		"help":   chat.HelpReply(chat.Commands(), nil),
	} {
		t.Run(name, func(t *testing.T) {
			messages := render(r, forget, 0)
			all := chattest.Squeeze(strings.Join(shown(t, messages), ""))
			for _, b := range r.Blocks {
				if want := chattest.Squeeze(b.String()); !strings.Contains(all, want) && !strings.Contains(all, strings.ReplaceAll(want, "\u200b", "")) {
					t.Errorf("%q is missing in\n%s", b.String(), messages[0].Embeds[0].Description)
				}
			}
			if len(messages) != 1 {
				t.Errorf("%d messages for one screen", len(messages))
			}
		})
	}
}

// A heading is not left behind at the end of a message, nor are details parted
// from their item; no message begins with a line.
func TestRenderTogether(t *testing.T) {
	for room := range 400 {
		var r chat.Reply
		r.Add(chat.Paragraph, chat.Say(strings.Repeat("x", maxDescription-room)))
		r.Add(chat.Divider)
		r.Add(chat.Heading, chat.Say("Who said what"))
		r.Add(chat.Subheading, chat.Bold("Ilse Varga"))
		r.AddItem(1, chat.Quote(strings.Repeat("q", 200)))
		r.Add(chat.Detail, chat.Say("said on Sunday"))
		texts := shown(t, render(r, forget, 0))
		if len(texts) > 2 {
			t.Fatalf("room for %d: %d messages", room, len(texts))
		}
		if len(texts) == 2 && (!strings.HasPrefix(texts[1], "Who said what") || !strings.HasSuffix(texts[1], "said on Sunday")) {
			t.Errorf("room for %d: the second message is %q", room, texts[1])
		}
	}
}

// A reply that asks for more messages than Discord lets through says where the
// rest is.
func TestRenderAtMost(t *testing.T) {
	var r chat.Reply
	for i := range 40 {
		r.AddItem(i+1, chat.Quote("“"+strings.Repeat(fmt.Sprint("word", i, " "), 300)+"”"))
	}
	got := render(r, forget, 6)
	if len(got) != 6 {
		t.Fatalf("%d messages", len(got))
	}
	texts := shown(t, got)
	last := got[5]
	if !strings.Contains(texts[5], "The whole answer is in the file") || len(last.files) != 1 || !strings.Contains(string(last.files[0].Data), "word39") {
		t.Errorf("the rest is lost: %d files, %q", len(last.files), texts[5][max(0, len(texts[5])-60):])
	}
}

func TestComponents(t *testing.T) {
	long := chat.Action{Name: "quotes", Label: "Quotes", Command: "quotes #0123abcd by " + strings.Repeat("x", 100)}
	asked := chat.Action{Name: "remove", Label: "Remove", Command: "remove #0123abcd", Confirm: "Really?", More: true, Tone: chat.Danger}
	short := chat.Action{Name: "claims", Label: "Claims (14)", Command: "claims #0123abcd", Tone: chat.Primary}
	var kept []chat.Action
	r := chat.Reply{Actions: []chat.Action{short, long, asked, {Name: "nameless", Command: "help"}}}
	r.Add(chat.Paragraph, chat.Say("text"))
	messages := render(r, func(a chat.Action) string { kept = append(kept, a); return fmt.Sprint("KEPT", len(kept)) }, 0)
	shown(t, messages)
	body, err := json.Marshal(messages[0].Components)
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{`"v1:0:run:claims #0123abcd"`, `"v1:1:ask:KEPT1"`, `"v1:2:run:help"`, `"v1:3:ask:KEPT2"`, `"v1:more"`, `"nameless"`} {
		if !strings.Contains(string(body), want) {
			t.Errorf("%s is missing in %s", want, body)
		}
	}
	for id, want := range map[string]press{
		"v1:0:run:claims #0123abcd page 2": {verbRun, "claims #0123abcd page 2"},
		"v1:0:run:said about a:b":          {verbRun, "said about a:b"},
		"v1:9:ask:ABC":                     {verbAsk, "ABC"},
		"v2:9:ask:ABC":                     {},
		"v1:9:eat:ABC":                     {},
		"v1:9:run:":                        {},
		"":                                 {},
	} {
		if got, ok := parseCustomID(id); got != want || ok != (want != press{}) {
			t.Errorf("%q means %v, %v", id, got, ok)
		}
	}
}

// Whatever a reply holds: no limit is broken, nothing is alive, no word is
// lost, and no quotation is cut that fits into a message.
func TestRenderAnything(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		r := anyReply(t)
		for _, most := range []int{0, 6} {
			messages := render(r, forget, most)
			if most > 0 && len(messages) > most {
				t.Fatalf("%d messages", len(messages))
			}
			texts := shown(t, messages)
			if most > 0 {
				continue
			}
			for i := range texts {
				texts[i] = squeezed(texts[i])
			}
			all := strings.Join(texts, "")
			for _, b := range r.Blocks {
				for _, run := range b.Text {
					want := squeezed(clean(run.Text))
					if !strings.Contains(all, want) {
						t.Fatalf("lost: %q", run.Text)
					}
					whole := false
					for _, text := range texts {
						whole = whole || strings.Contains(text, want)
					}
					if run.Style == chat.Quoted && !whole && width(escape(clean(run.Text)))+8 <= maxDescription {
						t.Fatalf("cut: %q", run.Text)
					}
				}
			}
		}
		shown(t, renderPlain(r))
	})
}

// squeezed leaves out white space and the zero-width spaces that we put in.
func squeezed(s string) string {
	return strings.ReplaceAll(chattest.Squeeze(s), "\u200b", "")
}

func anyReply(t *rapid.T) chat.Reply {
	word := rapid.OneOf(
		rapid.String(),
		rapid.SampledFrom(chattest.Hostile),
		rapid.StringMatching(`[a-z@<>*_~|\[\]()#:.`+"`"+`\\-]{0,40}`),
		rapid.Map(rapid.IntRange(1, 5000), func(n int) string { return strings.Repeat("x", n) }),
		rapid.Map(rapid.IntRange(1, 2000), func(n int) string { return strings.Repeat("*", n) }),
		rapid.Map(rapid.IntRange(1, 1500), func(n int) string { return strings.Repeat("👋🏽 ", n) }),
		rapid.Map(rapid.IntRange(1, 600), func(n int) string { return strings.Repeat("word ", n) }),
		rapid.Map(rapid.IntRange(1, 3000), func(n int) string { return "e" + strings.Repeat("\u0301", n) }),
	)
	link := rapid.OneOf(rapid.SampledFrom([]string{"", "https://a.example/x(y)", "javascript:x", "http://[::1]:80/)", "https://u:p@h/", "https://a.example/" + strings.Repeat("x", 3000)}),
		rapid.Map(rapid.String(), func(s string) string { return "https://a.example/" + s }),
		rapid.Map(rapid.String(), func(s string) string { return (&url.URL{Scheme: "https", Host: "b.example", Path: s}).String() }))
	run := rapid.Custom(func(t *rapid.T) chat.Run {
		return chat.Run{
			Text:  word.Draw(t, "text"),
			Style: rapid.SampledFrom([]chat.Style{chat.Plain, chat.Strong, chat.Quoted, chat.Quoted, chat.Inserted, chat.Typed}).Draw(t, "style"),
			Link:  link.Draw(t, "link"),
		}
	})
	block := rapid.Custom(func(t *rapid.T) chat.Block {
		return chat.Block{
			Role:    rapid.SampledFrom([]chat.Role{chat.Heading, chat.Subheading, chat.Meta, chat.Paragraph, chat.Item, chat.Detail, chat.Note}).Draw(t, "role"),
			Number:  rapid.IntRange(0, 300).Draw(t, "number"),
			Text:    rapid.SliceOfN(run, 0, 4).Draw(t, "runs"),
			Passage: link.Draw(t, "passage"),
		}
	})
	action := rapid.Custom(func(t *rapid.T) chat.Action {
		return chat.Action{
			Name:    rapid.String().Draw(t, "name"),
			Label:   word.Draw(t, "label"),
			Command: rapid.OneOf(rapid.Just("claims #0123abcd page 2"), word).Draw(t, "command"),
			More:    rapid.Bool().Draw(t, "more"),
			Confirm: rapid.SampledFrom([]string{"", "Really?"}).Draw(t, "confirm"),
		}
	})
	file := rapid.Custom(func(t *rapid.T) chat.File {
		return chat.File{Name: word.Draw(t, "file"), Data: []byte("x")}
	})
	n := 0
	r := chat.Reply{
		Blocks:  rapid.SliceOfN(block, 0, 12).Draw(t, "blocks"),
		Actions: rapid.SliceOfN(action, 0, 60).Draw(t, "actions"),
		Files:   rapid.SliceOfN(file, 0, 12).Draw(t, "files"),
		Page:    chat.Page{Number: 1, Of: rapid.IntRange(0, 3).Draw(t, "pages")},
	}
	for i := range r.Actions {
		// What is kept has a name of its own.
		r.Actions[i].Name += fmt.Sprint(n)
		n++
	}
	return r
}
