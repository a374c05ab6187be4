package console_test

import (
	"bytes"
	"context"
	"flag"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"onrecord/adapters/console"
	"onrecord/article"
	"onrecord/brief"
	"onrecord/chat"
	"onrecord/chat/chattest"
)

var update = flag.Bool("update", false, "rewrite the transcripts in testdata")

func TestPlatform(t *testing.T) {
	for _, colour := range []bool{false, true} {
		t.Run(fmt.Sprintf("colour=%v", colour), func(t *testing.T) {
			chattest.Platform(t, chattest.Suite{Start: func(t *testing.T) (chat.Platform, chattest.User) {
				u := newPerson()
				return &console.Console{In: u, Out: u, Colour: colour}, u
			}})
		})
	}
}

// person types into a console and reads what it writes. An answer is complete
// when the console wants to read again, or is closed.
type person struct {
	typed  chan string
	wants  chan struct{}
	closed chan struct{}
	close  func()
	rest   string

	mu  sync.Mutex
	out bytes.Buffer
}

func newPerson() *person {
	p := &person{typed: make(chan string), wants: make(chan struct{}, 1), closed: make(chan struct{})}
	p.close = sync.OnceFunc(func() { close(p.closed) })
	return p
}

func (p *person) Read(b []byte) (int, error) {
	if p.rest == "" {
		p.wants <- struct{}{}
		select {
		case p.rest = <-p.typed:
		case <-p.closed:
			return 0, io.EOF
		}
	}
	n := copy(b, p.rest)
	p.rest = p.rest[n:]
	return n, nil
}

func (p *person) Close() error { p.close(); return nil }

func (p *person) Write(b []byte) (int, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.out.Write(b)
}

func (p *person) Send(text string) {
	<-p.wants
	p.typed <- text + "\n"
}

func (p *person) Press(a chat.Action) { p.Send(a.Name) }

// The escape sequences that are ours.
var ours = strings.NewReplacer("\x1b[0m", "", "\x1b[1m", "", "\x1b[2m", "", "\x1b[36m", "")

func (p *person) Answer(ctx context.Context) ([]string, error) {
	select {
	case <-p.wants:
		p.wants <- struct{}{}
	case <-p.closed:
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	text := ours.Replace(p.out.String())
	p.out.Reset()
	return []string{text}, nil
}

// A transcript has what is typed after "> ", and what is answered below it.
// Lines that begin with # say what it is about.
func TestTranscripts(t *testing.T) {
	files, err := filepath.Glob("testdata/*.txt")
	if err != nil || len(files) == 0 {
		t.Fatalf("no transcripts: %v", err)
	}
	for _, file := range files {
		t.Run(filepath.Base(file), func(t *testing.T) {
			data, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			got := transcript(t, string(data))
			if *update {
				if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
					t.Fatal(err)
				}
				return
			}
			if diff := cmp.Diff(got, string(data)); diff != "" {
				t.Errorf("got - want + (-update rewrites, then read the diff):\n%s", diff)
			}
		})
	}
}

// transcript plays what is typed in a transcript and writes it anew.
func transcript(t *testing.T, old string) string {
	bot := &chat.Bot{Service: &chat.Service{Briefer: &chattest.Briefer{}, Recent: &chat.MemoryRecent{}}}
	u := newPerson()
	c := &console.Console{In: u, Out: u, Width: 80, Zone: time.UTC, Open: func(path string) (chat.File, error) {
		switch path {
		case "drafts/my story.txt", "story.txt":
			return chat.File{Name: filepath.Base(path), Data: []byte("A goat was elected mayor of Lower Tumble. Its term is four years.")}, nil
		case "secret.txt":
			return chat.File{}, fmt.Errorf("%s: permission denied", path)
		}
		return chat.File{}, &fs.PathError{Op: "open", Path: path, Err: fs.ErrNotExist}
	}}
	done := make(chan error, 1)
	go func() { done <- c.Run(t.Context(), chat.Wrap(bot.Handle, chat.Wrapping{})) }()

	var w strings.Builder
	text := false
	for line := range strings.Lines(old) {
		typed, ok := strings.CutPrefix(strings.TrimRight(line, "\n"), ">")
		if !ok {
			if strings.HasPrefix(line, "#") {
				w.WriteString(line)
			}
			continue
		}
		typed = strings.TrimPrefix(typed, " ")
		fmt.Fprintf(&w, "%s\n", strings.TrimRight("> "+typed, " "))
		u.Send(typed)
		messages, err := u.Answer(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		// Between << and >> nothing is answered.
		text = text && typed != ">>" || strings.HasSuffix(typed, "<<")
		if out := strings.Join(messages, ""); !text {
			w.WriteString(out)
		} else if out != "" {
			t.Errorf("answered within a text: %q", out)
		}
	}
	u.Close()
	if err := <-done; err != nil {
		t.Error(err)
	}
	return w.String()
}

func TestEnds(t *testing.T) {
	for _, in := range []string{"", "\n\n", "bye\nhelp\n", "/quit\nhelp\n", "  Exit \nhelp"} {
		var out bytes.Buffer
		c := &console.Console{In: strings.NewReader(in), Out: &out}
		err := c.Run(t.Context(), func(context.Context, chat.Request) chat.Reply {
			t.Errorf("%q: something was asked", in)
			return chat.Reply{}
		})
		if err != nil || out.Len() > 0 {
			t.Errorf("%q: %v, %q", in, err, out.String())
		}
	}
}

func TestInput(t *testing.T) {
	long := strings.Repeat("word ", 100_000)
	type ask struct{ command, text, material string }
	for _, test := range []struct {
		name, in string
		want     []ask
	}{
		{"without a line feed", "help", []ask{{text: "help"}}},
		{"windows", "help\r\nquotes\r\n", []ask{{text: "help"}, {text: "quotes"}}},
		{"long line", long + "\nhelp\n", []ask{{text: strings.TrimSpace(long)}, {text: "help"}}},
		{"text", "<<\none\n\ntwo\n>>\nhelp\n", []ask{{material: "one\n\ntwo\n"}, {text: "help"}}},
		{"text of a command", "claims <<\none\n>>\n", []ask{{text: "claims", material: "one\n"}}},
		{"text that does not end", "<<\none\ntwo", []ask{{material: "one\ntwo\n"}}},
		{"empty text", "<<\n>>\nhelp\n", []ask{{text: "help"}}},
		{"shift operator", "1<<\n", []ask{{text: "1<<"}}},
		{"too long a line", strings.Repeat("x", 9<<20) + "\nhelp\n", []ask{{text: "help"}}},
	} {
		t.Run(test.name, func(t *testing.T) {
			var got []ask
			var out bytes.Buffer
			c := &console.Console{In: strings.NewReader(test.in), Out: &out}
			err := c.Run(t.Context(), func(_ context.Context, req chat.Request) chat.Reply {
				got = append(got, ask{req.Command, req.Text, req.Material})
				return chat.Reply{}
			})
			if err != nil {
				t.Error(err)
			}
			if diff := cmp.Diff(got, test.want, cmp.AllowUnexported(ask{})); diff != "" {
				t.Errorf("got - want +:\n%.2000s", diff)
			}
		})
	}
}

func TestReadError(t *testing.T) {
	broken := fmt.Errorf("line cut: %w", io.ErrUnexpectedEOF)
	c := &console.Console{In: io.MultiReader(strings.NewReader("help\n"), errReader{broken}), Out: io.Discard}
	err := c.Run(t.Context(), func(context.Context, chat.Request) chat.Reply { return chat.Reply{} })
	if err == nil || !strings.Contains(err.Error(), "line cut") {
		t.Errorf("Run = %v, want the error of the input", err)
	}
}

type errReader struct{ err error }

func (e errReader) Read([]byte) (int, error) { return 0, e.err }

// A reply that brings a file: it is saved, or written out.
func TestFiles(t *testing.T) {
	reply := chat.Reply{Files: []chat.File{{Name: "briefing.md", Data: []byte("# A\x1b[31m\n\n  indented\n")}}}
	for _, test := range []struct {
		save func(chat.File) (string, error)
		want string
	}{
		{nil, "# A␛[31m\n\n  indented\n\n"},
		{func(f chat.File) (string, error) { return "here/" + f.Name, nil }, "Saved: here/briefing.md\n\n"},
		{func(chat.File) (string, error) { return "", fs.ErrPermission }, "briefing.md could not be saved: permission denied\n# A␛[31m\n\n  indented\n\n"},
	} {
		var out bytes.Buffer
		c := &console.Console{In: strings.NewReader("export\n"), Out: &out, Save: test.save}
		if err := c.Run(t.Context(), func(context.Context, chat.Request) chat.Reply { return reply }); err != nil {
			t.Error(err)
		}
		if diff := cmp.Diff(out.String(), test.want); diff != "" {
			t.Errorf("got - want +:\n%s", diff)
		}
	}
}

// What a briefer's errors become on the screen.
func TestErrorsOnScreen(t *testing.T) {
	bot := &chat.Bot{Service: &chat.Service{Briefer: failing{}}}
	var out bytes.Buffer
	c := &console.Console{In: strings.NewReader("https://example.com/a\n"), Out: &out}
	if err := c.Run(t.Context(), bot.Handle); err != nil {
		t.Error(err)
	}
	want := (&article.Error{Kind: article.ErrPaywall, Where: "example.com"}).Sentence()
	if chattest.Squeeze(out.String()) != chattest.Squeeze(want) {
		t.Errorf("got %q, want the sentence of the error", out.String())
	}
}

type failing struct{}

func (failing) Brief(context.Context, article.Source) (*brief.Briefing, error) {
	return nil, fmt.Errorf("briefing: %w", &article.Error{Kind: article.ErrPaywall, Where: "example.com"})
}
