package console

import (
	"io"
	"strings"
	"testing"
	"testing/iotest"

	"pgregory.net/rapid"

	"onrecord/chat"
)

func TestPaste(t *testing.T) {
	long := strings.Repeat("word ", 2000)
	for _, test := range []struct {
		name, in     string
		text, pasted string
	}{
		{"typed", "quotes", "quotes", ""},
		{"short paste is typed", "brief \x1b[200~https://example.com/a\x1b[201~ now", "brief https://example.com/a now", ""},
		{"a line feed at the end is none", "\x1b[200~https://example.com/a\r\x1b[201~", "https://example.com/a", ""},
		{"several lines", "claims \x1b[200~one\rtwo\r\nthree\x1b[201~", "claims", "one\ntwo\nthree"},
		{"long line", "\x1b[200~" + long + "\x1b[201~", "", long},
		{"two pastes", "\x1b[200~a\nb\x1b[201~ \x1b[200~c\nd\x1b[201~", "", "a\nb\nc\nd"},
		{"keys are kept", "a\x1b[Db\x1b", "a\x1b[Db\x1b", ""},
		{"escapes in a short paste are dead", "\x1b[200~a\x1b[31mb\x1b[201~", "a␛[31mb", ""},
		{"paste that does not end", "a\x1b[200~b", "a", ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			for _, r := range []io.Reader{strings.NewReader(test.in), iotest.OneByteReader(strings.NewReader(test.in)), iotest.HalfReader(strings.NewReader(test.in))} {
				p := &pasteReader{r: r}
				line, err := io.ReadAll(p)
				if err != nil {
					t.Fatal(err)
				}
				text, pasted := p.take(string(line))
				if text != test.text || pasted != test.pasted {
					t.Errorf("got %.80q and %.80q, want %.80q and %.80q", text, pasted, test.text, test.pasted)
				}
			}
		})
	}
}

// Whatever comes in, what is typed comes out, and a deleted note drops its
// paste.
func TestPasteProperties(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		in := strings.Join(rapid.SliceOf(rapid.SampledFrom([]string{"a", " ", "\n", "\x1b", "\x1b[200~", "\x1b[201~", "\x1b[20", "世", "\xff"})).Draw(t, "keys"), "")
		p := &pasteReader{r: strings.NewReader(in)}
		out, err := io.ReadAll(p)
		if err != nil {
			t.Fatal(err)
		}
		if !strings.Contains(in, string(pasteBegin)) && string(out) != in {
			t.Fatalf("%q became %q", in, out)
		}
		if _, pasted := p.take("nothing"); pasted != "" {
			t.Fatalf("a deleted note brings %q", pasted)
		}
	})
}

func TestComplete(t *testing.T) {
	c := &Console{Commands: []string{"brief", "claims", "quotes", "help"}, offered: []chat.Action{{Name: "claims"}, {Name: "next"}}}
	for _, test := range []struct {
		line string
		pos  int
		want string
		ok   bool
	}{
		{"cl", 2, "claims ", true},
		{"/q", 2, "/quotes ", true},
		{"n", 1, "next ", true},
		{"/n", 2, "", false},
		{"zz", 2, "", false},
		{"", 0, "", true}, // nothing in common
		{"help q", 6, "help quotes ", true},
		{"quotes by m", 11, "", false},
		{"cl https://example.com", 2, "claims https://example.com", true},
	} {
		got, pos, ok := c.complete(test.line, test.pos)
		if got != test.want || ok != test.ok || pos > len(got) {
			t.Errorf("complete(%q, %d) = %q, %d, %v, want %q, %v", test.line, test.pos, got, pos, ok, test.want, test.ok)
		}
	}
}
