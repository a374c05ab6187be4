package slack

import (
	"encoding/json"
	"flag"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
	"github.com/slack-go/slack"
	"pgregory.net/rapid"

	"onrecord/adapters/slack/internal/blockkit"
	"onrecord/chat"
	"onrecord/chat/chattest"
)

var update = flag.Bool("update", false, "rewrite the rendered replies in testdata")

// The rendered views of the sample article: read the diff after -update.
func TestRenderSample(t *testing.T) {
	b := chattest.Sample()
	b.Article.Title, b.Article.URL = "Ferry workers walk out", "https://news.example/ferries"
	v := chat.View{Handle: "#0123abcd", Public: true, Link: true, Now: b.Article.ReadAt, Items: 5, Zone: time.UTC}
	for name, reply := range map[string]chat.Reply{
		"brief":  chat.BriefReply(b, v),
		"quotes": chat.QuotesReply(b, chat.Filter{}, v),
		"claims": chat.ClaimsReply(b, chat.Filter{}, v),
	} {
		t.Run(name, func(t *testing.T) {
			var got []byte
			for _, m := range render(reply) {
				check(t, m)
				out, err := json.MarshalIndent(map[string]any{"text": m.short(), "blocks": m.blocks}, "", "  ")
				if err != nil {
					t.Fatal(err)
				}
				got = append(append(got, out...), '\n')
			}
			file := filepath.Join("testdata", name+".json")
			if *update {
				if err := os.WriteFile(file, got, 0o644); err != nil {
					t.Fatal(err)
				}
				return
			}
			want, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(string(got), string(want)); diff != "" {
				t.Errorf("rendered (-got +want):\n%s", diff)
			}
		})
	}
}

// tester is testing.T or rapid.T.
type tester interface {
	Helper()
	Errorf(format string, args ...any)
}

// check holds a message to all of Slack's limits, and our own.
func check(t tester, m message) {
	t.Helper()
	raw := blocksOf(t, m)
	for _, p := range blockkit.CheckMessage(raw) {
		t.Errorf("invalid: %s", p)
	}
	for _, a := range append(blockkit.Alive(raw), blockkit.AliveText(m.short())...) {
		t.Errorf("alive: %q", a)
	}
	if n := blockkit.TextSize(raw); n > 12_100 {
		t.Errorf("%d characters of text in a message", n)
	}
	if m.text == "" {
		t.Errorf("a message without fallback text")
	}
	for _, r := range blockkit.Read(raw) + m.text {
		if r != '\n' && (r < 0x20 || r >= 0x7f && r < 0xa0 || r >= '\u202a' && r <= '\u202e' || r >= '\u2066' && r <= '\u2069') {
			t.Errorf("%U is alive", r)
		}
	}
}

func blocksOf(t tester, m message) []byte {
	t.Helper()
	raw, err := json.Marshal(m.blocks)
	if err != nil {
		t.Errorf("marshalling: %v", err)
	}
	return raw
}

// anyReply draws a reply with the words of strangers and of machines in it.
func anyReply(t *rapid.T) chat.Reply {
	words := rapid.SampledFrom([]string{
		"word", "<!channel>", "<@U12345>", "<https://evil.example|bank.example>", "&amp;", "*b* _i_ ~s~ `c`", ":smile:", "@everyone",
		"\u202eevil\u2066", "\x00\x1b[31m", "\xff", "世界", "👩‍👩‍👧‍👦", "e\u0301\u0302", "\n\n", "\t", " ", "", strings.Repeat("x", 5000), "a.b/c",
	})
	text := func() string {
		s := strings.Join(rapid.SliceOfN(words, 0, 6).Draw(t, "words"), rapid.SampledFrom([]string{" ", ""}).Draw(t, "between"))
		s = strings.Repeat(s, rapid.SampledFrom([]int{1, 1, 1, 1, 10, 300}).Draw(t, "times"))
		return s[:min(len(s), 15_000)]
	}
	short := func() string { return strings.Join(rapid.SliceOfN(words, 0, 4).Draw(t, "words"), " ") }
	links := rapid.SampledFrom([]string{"", "", "https://news.example/a?b=c&d=e#:~:text=x", "javascript:alert(1)", "file:///etc/passwd", "https://" + strings.Repeat("a", 2990), "https://x.example/" + strings.Repeat("ü", 900), "https://u:p@x.example/"})
	styles := rapid.SampledFrom([]chat.Style{chat.Plain, chat.Strong, chat.Quoted, chat.Inserted, chat.Typed})
	roles := rapid.SampledFrom([]chat.Role{chat.Heading, chat.Subheading, chat.Meta, chat.Paragraph, chat.Item, chat.Detail, chat.Note, chat.Divider})
	var r chat.Reply
	for range rapid.SampledFrom([]int{0, 1, 3, 10, 60}).Draw(t, "blocks") {
		b := chat.Block{Role: roles.Draw(t, "role"), Number: rapid.IntRange(0, 300).Draw(t, "number"), Passage: links.Draw(t, "passage")}
		for range rapid.IntRange(0, 4).Draw(t, "runs") {
			b.Text = append(b.Text, chat.Run{Text: text(), Style: styles.Draw(t, "style"), Link: links.Draw(t, "link")})
		}
		r.Blocks = append(r.Blocks, b)
	}
	for i := range rapid.IntRange(0, 14).Draw(t, "actions") {
		a := chat.Action{
			Name: fmt.Sprintf("name%d", i), Label: short(), Command: "claims " + short(), More: rapid.Bool().Draw(t, "more"),
			Tone: rapid.SampledFrom([]chat.Tone{"", chat.Primary, chat.Danger}).Draw(t, "tone"),
		}
		if rapid.Bool().Draw(t, "confirm") {
			a.Confirm = short()
		}
		r.Actions = append(r.Actions, a)
	}
	return r
}

// Whatever is to be said, it is within the limits, no word of it is lost, no
// mention is alive, and no quotation is cut that a message could hold.
func TestRenderProperties(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		r := anyReply(t)
		messages := render(r)
		var all []string
		for _, m := range messages {
			check(t, m)
			all = append(all, chattest.Squeeze(blockkit.Read(blocksOf(t, m))))
		}
		joined := strings.Join(all, "")
		for _, b := range r.Blocks {
			if b.Role == chat.Divider {
				continue
			}
			if want := chattest.Squeeze(clean(b.String())); !strings.Contains(joined, want) {
				t.Errorf("lost: %.80q in %.300q", want, joined)
			}
			for _, run := range b.Text {
				want := clean(run.Text)
				if run.Style != chat.Quoted || strings.TrimSpace(want) == "" || utf8.RuneCountInString(want) > 8000 {
					continue
				}
				want = chattest.Squeeze(want)
				if !slices.ContainsFunc(all, func(m string) bool { return strings.Contains(m, want) }) {
					t.Errorf("a quotation is cut: %.80q", want)
				}
			}
		}
	})
}

func FuzzRender(f *testing.F) {
	for _, h := range chattest.Hostile {
		f.Add(h, "https://news.example/"+h, 1)
	}
	f.Add(strings.Repeat("long ", 4000), "", 40)
	f.Fuzz(func(t *testing.T, text, link string, times int) {
		var r chat.Reply
		for i := range min(max(times, 1), 60) {
			r.Add(chat.Heading, chat.Run{Text: text, Link: link})
			r.AddItem(i, chat.Quote(text), chat.Insert(text))
			r.Blocks[len(r.Blocks)-1].Passage = link
			r.Add(chat.Detail, chat.Type(text))
			r.Add(chat.Note, chat.Say(text))
		}
		r.Actions = []chat.Action{{Name: text, Label: text, Command: text, Confirm: text}, {Name: "b", Label: text, Command: text, More: true}}
		for _, m := range render(r) {
			check(t, m)
		}
	})
}

// Four buttons, the rest in a menu; what the menu cannot hold is a button.
func TestRenderActions(t *testing.T) {
	var r chat.Reply
	r.Add(chat.Paragraph, chat.Say("text"))
	r.Actions = []chat.Action{
		{Name: "claims", Label: "Claims (3)", Command: "claims #0123abcd", Tone: chat.Primary},
		{Name: "quotes", Label: "Quotes (7)", Command: "quotes #0123abcd"},
		{Name: "share", Label: "Share", Command: "share #0123abcd", Confirm: "Post it for everybody in the channel?"},
		{Name: "refresh", Label: "Refresh", Command: "refresh #0123abcd", More: true},
		{Name: "remove", Label: "Remove", Command: "remove", More: true, Confirm: "Take it away?", Tone: chat.Danger},
		{Name: "long", Label: "Long", Command: "quotes #0123abcd by " + strings.Repeat("x", 100), More: true},
	}
	messages := render(r)
	if len(messages) != 1 {
		t.Fatalf("%d messages", len(messages))
	}
	check(t, messages[0])
	var got []string
	for _, c := range blockkit.Clickable(blocksOf(t, messages[0])) {
		got = append(got, fmt.Sprintf("%s %s confirm=%v", c.Type, c.Label, c.Confirm))
	}
	want := []string{
		"button Claims (3) confirm=false", "button Quotes (7) confirm=false", "button Share confirm=true",
		"overflow Refresh confirm=false", "button Remove confirm=true", "button Long confirm=false",
	}
	if diff := cmp.Diff(got, want); diff != "" {
		t.Errorf("controls (-got +want):\n%s", diff)
	}
	if n := len(messages[0].blocks); n != 3 {
		t.Errorf("%d blocks, want the text and two rows", n)
	}
}

// With no more than four buttons in all there is one row, the menu at its end.
func TestRenderActionsInOneRow(t *testing.T) {
	var r chat.Reply
	r.Add(chat.Paragraph, chat.Say("text"))
	r.Actions = []chat.Action{
		{Name: "claims", Label: "Claims (3)", Command: "claims #0123abcd", Tone: chat.Primary},
		{Name: "refresh", Label: "Refresh", Command: "refresh #0123abcd", More: true},
		{Name: "remove", Label: "Remove", Command: "remove", More: true, Confirm: "Take it away?", Tone: chat.Danger},
	}
	messages := render(r)
	if len(messages) != 1 || len(messages[0].blocks) != 2 {
		t.Fatalf("%d messages: %+v", len(messages), messages)
	}
	check(t, messages[0])
	if got := blockkit.Read(blocksOf(t, messages[0])); !strings.HasSuffix(strings.TrimSpace(got), "[Claims (3)] [Remove] [Refresh]") {
		t.Errorf("read as %q", got)
	}
}

// Details are a list below their item, points of theirs a list in it.
func TestRenderDetails(t *testing.T) {
	var r chat.Reply
	r.AddItem(1, chat.Quote("a claim"))
	for _, d := range []string{"Why: a figure", "How to check:", "· Ask", "· Search"} {
		r.Add(chat.Detail, chat.Say(d))
	}
	r.Add(chat.Note, chat.Say("More: "), chat.Type("quotes"))
	messages := render(r)
	if len(messages) != 1 || len(messages[0].blocks) != 2 {
		t.Fatalf("%d messages: %+v", len(messages), messages)
	}
	check(t, messages[0])
	var got []string
	for _, part := range messages[0].blocks[0].(*slack.RichTextBlock).Elements {
		if list, ok := part.(*slack.RichTextList); ok {
			got = append(got, fmt.Sprintf("%d points, indent %d", len(list.Elements), list.Indent))
		}
	}
	if diff := cmp.Diff(got, []string{"2 points, indent 0", "2 points, indent 1"}); diff != "" {
		t.Errorf("lists (-got +want):\n%s", diff)
	}
	if want := "1. a claim\n    Why: a figure\n    How to check:\n    · Ask\n    · Search\nMore: quotes"; messages[0].text != want {
		t.Errorf("as text %q, want %q", messages[0].text, want)
	}
	if _, ok := messages[0].blocks[1].(*slack.RichTextBlock); !ok {
		t.Errorf("what is to be typed is in a %T, which shows no code", messages[0].blocks[1])
	}
}

// The bad days: everything at once, and each limit met exactly.
func TestRenderLimits(t *testing.T) {
	long := strings.TrimSpace(strings.Repeat("quotation ", 200))
	var forty, claims, lone chat.Reply
	for i := range 40 {
		forty.AddItem(i+1, chat.Quote("“"+long+"”"))
		forty.Add(chat.Detail, chat.Say("said somebody"))
	}
	for i := range 200 {
		claims.AddItem(i+1, chat.Quote("a claim"))
		claims.Blocks[i].Passage = "https://news.example/story#:~:text=" + strings.Repeat("x", 500)
	}
	lone.Add(chat.Paragraph, chat.Say("said: "), chat.Quote(strings.Repeat("word ", 5000)))
	for name, test := range map[string]struct {
		reply    chat.Reply
		messages int
	}{
		"40 quotations of 2,000 characters": {forty, 8},
		"200 claims":                        {claims, 10},
		"a quotation longer than a message": {lone, 3},
		"nothing":                           {chat.Reply{}, 0},
	} {
		t.Run(name, func(t *testing.T) {
			messages := render(test.reply)
			if len(messages) != test.messages {
				t.Errorf("%d messages, want %d", len(messages), test.messages)
			}
			for _, m := range messages {
				check(t, m)
			}
		})
	}
	t.Run("cut at words", func(t *testing.T) {
		for _, m := range render(lone) {
			if !strings.HasSuffix(strings.TrimSpace(m.text), "word") {
				t.Errorf("cut at …%q", m.text[len(m.text)-10:])
			}
		}
	})
}

// A link leads where it says, and only to the web.
func TestLinks(t *testing.T) {
	for in, want := range map[string]string{
		"https://news.example/a?b=c#:~:text=x%2C%20y":       "https://news.example/a?b=c#:~:text=x%2C%20y",
		"javascript:alert(1)":                               "",
		"ftp://news.example":                                "",
		"https://":                                          "",
		"https://user:secret@news.example/":                 "",
		"https://news.example/\u202e":                       "",
		"https://news.example/" + strings.Repeat("a", 3000): "",
	} {
		if got := webAddress(in); got != want {
			t.Errorf("webAddress(%.60q) = %q, want %q", in, got, want)
		}
	}
}

// The limits that we know are those of the specification, where that stands
// beside the checkout.
func TestLimitsOfSpecification(t *testing.T) {
	dir := specification(t)
	raw, err := os.ReadFile(filepath.Join(dir, "limits.json"))
	if err != nil {
		t.Fatal(err)
	}
	var spec map[string]any
	if err := json.Unmarshal(raw, &spec); err != nil {
		t.Fatal(err)
	}
	for path, got := range blockkit.Table() {
		var at any = spec
		for step := range strings.SplitSeq(path, ".") {
			m, _ := at.(map[string]any)
			at = m[step]
		}
		if want, ok := at.(float64); !ok || got != int(want) {
			t.Errorf("%s: %d here, %v there", path, got, at)
		}
	}
}

func specification(t *testing.T) string {
	t.Helper()
	dir := filepath.Join("..", "..", "..", "shared", "data", "platforms", "slackblocks-spec")
	if _, err := os.Stat(dir); err != nil {
		t.Skip("no ../shared/data/platforms/slackblocks-spec beside the checkout")
	}
	return dir
}

// The canonical blocks of the specification pass our check, as far as it
// knows their kinds.
func TestFixturesOfSpecification(t *testing.T) {
	dir := specification(t)
	known := map[string]bool{"divider": true, "header": true, "section": true, "context": true, "actions": true, "rich_text": true}
	passed := 0
	files, err := filepath.Glob(filepath.Join(dir, "fixtures", "valid", "blocks", "*.json"))
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range files {
		raw, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		var block map[string]any
		if err := json.Unmarshal(raw, &block); err != nil || !known[fmt.Sprint(block["type"])] || strings.Contains(file, "checkboxes") || strings.Contains(file, "empty_text_field") {
			continue
		}
		passed++
		for _, p := range blockkit.CheckMessage([]byte("[" + string(raw) + "]")) {
			t.Errorf("%s: %s", filepath.Base(file), p)
		}
	}
	views, err := filepath.Glob(filepath.Join(dir, "fixtures", "valid", "views", "*.json"))
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range views {
		raw, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		passed++
		for _, p := range blockkit.CheckView(raw) {
			t.Errorf("%s: %s", filepath.Base(file), p)
		}
	}
	if passed < 8 {
		t.Errorf("only %d fixtures were of a kind that we know", passed)
	}
}

// What the specification says must be rejected, built by its limits, is.
func TestInvalidOfSpecification(t *testing.T) {
	x := func(n int) string { return strings.Repeat("😀", n) }
	text := func(kind string, n int) map[string]any { return map[string]any{"type": kind, "text": x(n)} }
	button := func(change map[string]any) map[string]any {
		b := map[string]any{"type": "button", "text": text("plain_text", 5), "action_id": "a"}
		maps.Copy(b, change)
		return map[string]any{"type": "actions", "elements": []any{b}}
	}
	many := func(n int, v func(i int) any) []any {
		var list []any
		for i := range n {
			list = append(list, v(i))
		}
		return list
	}
	overflow := func(options []any) map[string]any {
		return map[string]any{"type": "actions", "elements": []any{map[string]any{"type": "overflow", "action_id": "o", "options": options}}}
	}
	option := func(n, value int) any { return map[string]any{"text": text("plain_text", n), "value": x(value)} }
	confirm := func(title, body, yes int) map[string]any {
		return button(map[string]any{"confirm": map[string]any{
			"title": text("plain_text", title), "text": text("plain_text", body), "confirm": text("plain_text", yes), "deny": text("plain_text", 2),
		}})
	}
	for name, block := range map[string]any{
		"text-empty":                    map[string]any{"type": "section", "text": text("plain_text", 0)},
		"text-too-long":                 map[string]any{"type": "section", "text": text("mrkdwn", 3001)},
		"button-action-id-too-long":     button(map[string]any{"action_id": x(256)}),
		"button-text-too-long":          button(map[string]any{"text": text("plain_text", 76)}),
		"button-value-too-long":         button(map[string]any{"value": x(2001)}),
		"button-url-too-long":           button(map[string]any{"url": x(3001)}),
		"confirmation-title-too-long":   confirm(101, 5, 5),
		"confirmation-text-too-long":    confirm(5, 301, 5),
		"confirmation-confirm-too-long": confirm(5, 5, 31),
		"option-text-too-long":          overflow([]any{option(76, 1)}),
		"option-value-too-long":         overflow([]any{option(5, 151)}),
		"overflow-empty":                overflow(nil),
		"overflow-too-many":             overflow(many(6, func(int) any { return option(5, 5) })),
		"header-too-long":               map[string]any{"type": "header", "text": text("plain_text", 151)},
		"header-mrkdwn":                 map[string]any{"type": "header", "text": text("mrkdwn", 5)},
		"context-empty":                 map[string]any{"type": "context", "elements": []any{}},
		"context-too-many":              map[string]any{"type": "context", "elements": many(11, func(int) any { return text("plain_text", 1) })},
		"actions-too-many": map[string]any{"type": "actions", "elements": many(26, func(i int) any {
			return map[string]any{"type": "button", "text": text("plain_text", 1), "action_id": fmt.Sprint(i)}
		})},
		"section-too-many-fields": map[string]any{"type": "section", "fields": many(11, func(int) any { return text("plain_text", 1) })},
		"section-field-too-long":  map[string]any{"type": "section", "fields": []any{text("plain_text", 2001)}},
		"section-nothing":         map[string]any{"type": "section"},
		"block-id-too-long":       map[string]any{"type": "divider", "block_id": x(256)},
		"block-unknown":           map[string]any{"type": "unheard_of"},
		"rich-text-unknown":       map[string]any{"type": "rich_text", "elements": []any{map[string]any{"type": "unheard_of"}}},
		"rich-text-empty-text":    map[string]any{"type": "rich_text", "elements": []any{map[string]any{"type": "rich_text_section", "elements": []any{text("text", 0)}}}},
	} {
		raw, err := json.Marshal([]any{block})
		if err != nil {
			t.Fatal(err)
		}
		if len(blockkit.CheckMessage(raw)) == 0 {
			t.Errorf("%s is let through", name)
		}
	}
	twice, _ := json.Marshal([]any{button(nil), button(nil)})
	blocks, _ := json.Marshal(many(51, func(int) any { return map[string]any{"type": "divider"} }))
	much, _ := json.Marshal(many(5, func(int) any { return map[string]any{"type": "section", "text": text("plain_text", 2900)} }))
	for name, raw := range map[string][]byte{"action_id twice": twice, "51 blocks": blocks, "14,500 characters": much, "not JSON": []byte("{")} {
		if len(blockkit.CheckMessage(raw)) == 0 {
			t.Errorf("%s: let through", name)
		}
	}
	if alive := blockkit.Alive([]byte(`[{"type":"section","text":{"type":"mrkdwn","text":"hi <!channel> <@U1> <https://evil.example|bank>"}},{"type":"rich_text","elements":[{"type":"rich_text_section","elements":[{"type":"broadcast","range":"here"}]}]}]`)); len(alive) != 4 {
		t.Errorf("alive: %q", alive)
	}
}
