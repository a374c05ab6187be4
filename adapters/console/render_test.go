package console

import (
	"regexp"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"github.com/clipperhouse/displaywidth"
	"pgregory.net/rapid"

	"onrecord/chat"
)

// nasty draws text of all kinds: words, wide letters, emoji, marks, and what
// should not be shown.
func nasty() *rapid.Generator[string] {
	piece := rapid.OneOf(
		rapid.StringMatching(`[a-zA-Z,.]{1,12}`),
		rapid.SampledFrom([]string{" ", "  ", "\n", "\n\n", "\t", "\u00a0", "\u3000", "\u2028", "\r\n"}),
		rapid.SampledFrom([]string{"世界", "日本語の文章", "Ελλάδα", "مرحبا", "שלום", "👋🏽", "👨‍👩‍👧‍👦", "e\u0301\u0302", "🇪🇺", "ﬁ"}),
		rapid.SampledFrom([]string{"\x1b[31m", "\x1b]8;;http://x\x1b\\", "\x07", "\x00", "\x9b1m", "\u202e", "\u2066", "\u200b", "\ufeff", "\U000E0041", "\xff", "\xed\xa0\x80", "\x7f"}),
		rapid.String(),
		rapid.StringMatching(`x{80,300}`),
	)
	return rapid.Custom(func(t *rapid.T) string {
		return strings.Join(rapid.SliceOfN(piece, 0, 12).Draw(t, "pieces"), "")
	})
}

func replies() *rapid.Generator[chat.Reply] {
	run := rapid.Custom(func(t *rapid.T) chat.Run {
		return chat.Run{
			Text:  nasty().Draw(t, "text"),
			Style: rapid.SampledFrom([]chat.Style{chat.Plain, chat.Strong, chat.Quoted, chat.Inserted, chat.Typed}).Draw(t, "style"),
			Link:  rapid.SampledFrom([]string{"", "", "https://example.com/a b\x1b\\", "javascript:alert(1)", "http://example.com/ü"}).Draw(t, "link"),
		}
	})
	block := rapid.Custom(func(t *rapid.T) chat.Block {
		return chat.Block{
			Role:    rapid.SampledFrom([]chat.Role{chat.Heading, chat.Subheading, chat.Meta, chat.Paragraph, chat.Item, chat.Detail, chat.Note, chat.Divider}).Draw(t, "role"),
			Number:  rapid.IntRange(0, 200).Draw(t, "number"),
			Text:    rapid.SliceOfN(run, 0, 4).Draw(t, "runs"),
			Passage: rapid.SampledFrom([]string{"", "https://example.com/#:~:text=a\x1b"}).Draw(t, "passage"),
		}
	})
	return rapid.Custom(func(t *rapid.T) chat.Reply {
		r := chat.Reply{Blocks: rapid.SliceOfN(block, 0, 8).Draw(t, "blocks")}
		for range rapid.IntRange(0, 3).Draw(t, "actions") {
			r.Actions = append(r.Actions, chat.Action{Name: "claims", Label: "Claims " + nasty().Draw(t, "label")})
		}
		return r
	})
}

// The escape sequences that the renderer writes itself.
var escapes = regexp.MustCompile(`\x1b\[(0|1|2|36)m|\x1b\]8;;(https?://[!-~]*)?\x1b\\`)

func TestRenderIsSafe(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		r := replies().Draw(t, "reply")
		width := rapid.IntRange(1, 120).Draw(t, "width")
		colour := rapid.Bool().Draw(t, "colour")
		var out strings.Builder
		if err := Render(&out, r, width, colour); err != nil {
			t.Fatal(err)
		}
		text := out.String()
		if !utf8.ValidString(text) {
			t.Fatalf("not UTF-8: %q", text)
		}
		if colour {
			text = escapes.ReplaceAllString(text, "")
		}
		for _, c := range text {
			if c != '\n' && unicode.IsControl(c) || unicode.Is(unicode.Cf, c) && c != '\u200c' && c != '\u200d' {
				t.Fatalf("%U leaks in %q", c, text)
			}
		}
		for line := range strings.Lines(text) {
			line = strings.TrimSuffix(line, "\n")
			if w := displaywidth.String(line); w > max(width, minWidth) {
				t.Fatalf("line of %d columns in %d: %q", w, width, line)
			}
			if strings.HasSuffix(line, " ") && strings.TrimSpace(line) != "" {
				t.Fatalf("line ends in a blank: %q", line)
			}
		}
		bare := squeezed(text)
		for _, b := range r.Blocks {
			if b.Role == chat.Divider {
				continue
			}
			for _, run := range b.Text {
				if !strings.Contains(bare, squeezed(clean(run.Text))) {
					t.Fatalf("lost or cut: %q in %q", run.Text, text)
				}
			}
		}
	})
}

func squeezed(s string) string {
	return strings.Map(func(r rune) rune {
		if r == ' ' || r == '\n' {
			return -1
		}
		return r
	}, s)
}

func TestRenderIsTheSameEachTime(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		r := replies().Draw(t, "reply")
		var a, b strings.Builder
		_ = Render(&a, r, 0, true)
		_ = Render(&b, r, DefaultWidth, true)
		if a.String() != b.String() {
			t.Fatal("two renderings differ")
		}
	})
}

func TestRenderWraps(t *testing.T) {
	var r chat.Reply
	r.Add(chat.Heading, chat.Run{Text: "Title of a story that goes on", Link: "https://example.com/s"})
	r.AddItem(12, chat.Quote("“one two three four five six”"), chat.Say(" "), chat.Insert("Mon 15 May"), chat.Say(", seven"))
	r.Add(chat.Detail, chat.Bold("Why:"), chat.Say(" a reason that is long enough"))
	r.AddItem(0, chat.Say("世界世界世界世界世界世界世界"))
	r.Add(chat.Note, chat.Say("the end"))
	var out strings.Builder
	if err := Render(&out, r, 24, false); err != nil {
		t.Fatal(err)
	}
	const want = `Title of a story that
goes on
https://example.com/s

12  “one two three four
    five six”
    [Mon 15 May], seven
    Why: a reason that
      is long enough
- 世界世界世界世界世界世
  界世界

the end
`
	if out.String() != want {
		t.Errorf("got:\n%s\nwant:\n%s", out.String(), want)
	}
}

func TestRenderLinks(t *testing.T) {
	var r chat.Reply
	r.AddItem(1, chat.Say("words"))
	r.Blocks[0].Passage = "https://example.com/#:~:text=words"
	r.Add(chat.Paragraph, chat.Run{Text: "bad", Link: "javascript:alert(1)"})
	var plain, colour strings.Builder
	_ = Render(&plain, r, 80, false)
	_ = Render(&colour, r, 80, true)
	if got, want := plain.String(), "1  words\n\nbad\n"; got != want {
		t.Errorf("plain: %q, want %q", got, want)
	}
	if got, want := colour.String(), "1  words \x1b]8;;https://example.com/#:~:text=words\x1b\\↗\x1b]8;;\x1b\\\n\nbad\n"; got != want {
		t.Errorf("colour: %q, want %q", got, want)
	}
}

func FuzzRender(f *testing.F) {
	for _, s := range []string{"", "plain words", "\x1b[31mred", "世界\u202e", strings.Repeat("x", 200)} {
		f.Add(s, 40)
	}
	f.Fuzz(func(t *testing.T, s string, width int) {
		var r chat.Reply
		r.AddItem(1, chat.Quote(s), chat.Insert(s))
		var out strings.Builder
		if err := Render(&out, r, width%500, false); err != nil {
			t.Fatal(err)
		}
		for _, c := range out.String() {
			if c != '\n' && unicode.IsControl(c) {
				t.Fatalf("%U leaks", c)
			}
		}
	})
}
