// Package console is the bot in a terminal: the same commands and answers as
// on any other platform, typed and read.
//
// On a terminal there are line editing, history, completion with Tab, and
// pasting of whole articles. On a pipe it reads a request a line and writes the
// answers, so scripts and tests can talk to it:
//
//	printf 'https://example.com/story\nclaims top 3\n' | bot chat
//
// A text of several lines goes between << and >>, each on a line of its own.
// After a command, << may end its line: "claims <<".
//
// [Render] sets a reply as text; the command line uses it too.
package console

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"time"

	"golang.org/x/term"

	"onrecord/chat"
)

// Console is a [chat.Platform] on a terminal or a pair of pipes. Set the
// fields before Run.
type Console struct {
	In  io.Reader
	Out io.Writer

	Width    int            // columns; the terminal's if 0, or 80 where it is none
	Colour   bool           // whether escape sequences for emphasis may be written; see [Colours]
	Zone     *time.Location // of the person; time.Local if nil
	Commands []string       // what Tab completes, the names of the commands

	// Open opens a file that the person names by its path; it returns an error
	// that is fs.ErrNotExist when there is none, and the words are then taken as
	// they stand. Nil opens no files: a person at a terminal owns the machine,
	// but only the program knows whether this one does.
	Open func(path string) (chat.File, error)
	// Save keeps a file that comes with an answer and says where it is. Nil
	// writes its text to Out.
	Save func(f chat.File) (where string, err error)

	tty     *terminal // nil on a pipe
	offered []chat.Action
	asked   int
}

var _ chat.Platform = (*Console)(nil)

// Name implements [chat.Platform].
func (c *Console) Name() string { return "console" }

// Capabilities implements [chat.Platform].
func (c *Console) Capabilities() chat.Capabilities { return chat.Capabilities{Files: true} }

// Colours reports whether escape sequences are welcome on w: it is a terminal,
// TERM is not "dumb", and NO_COLOR is not set (https://no-color.org).
func Colours(w io.Writer) bool {
	f, ok := w.(*os.File)
	return ok && term.IsTerminal(int(f.Fd())) && os.Getenv("NO_COLOR") == "" && os.Getenv("TERM") != "dumb"
}

// Columns is the width of the terminal that w is, 80 if it is none.
func Columns(w io.Writer) int {
	if f, ok := w.(*os.File); ok {
		if width, _, err := term.GetSize(int(f.Fd())); err == nil && width > 0 {
			return width
		}
	}
	return DefaultWidth
}

// The words that end the conversation.
var farewells = []string{"exit", "quit", "bye", "/exit", "/quit", "/bye"}

// maxInput is the longest line or text that is taken, in bytes.
const maxInput = 8 << 20

// Run implements [chat.Platform]. It ends when the input does, or the person
// says so, or ctx ends. A request in hand is answered before it returns.
//
// When ctx ends while Run waits for a line, it closes In if that is an
// io.Closer other than a file, so that nothing stays behind; a read on a
// terminal ends with the process.
func (c *Console) Run(ctx context.Context, h chat.Handler) error {
	read, finish, err := c.reader()
	if err != nil {
		return err
	}
	defer finish()

	type input struct {
		line lineIn
		err  error
	}
	inputs, wanted := make(chan input), make(chan struct{})
	var reading sync.WaitGroup
	reading.Go(func() {
		defer close(inputs)
		for range wanted {
			line, err := read()
			select {
			case inputs <- input{line, err}:
			case <-ctx.Done():
				return
			}
		}
	})
	defer func() {
		close(wanted)
		if _, isFile := c.In.(*os.File); isFile {
			return
		}
		if closer, ok := c.In.(io.Closer); ok && ctx.Err() != nil {
			_ = closer.Close()
			reading.Wait()
		}
	}()
	for {
		select {
		case wanted <- struct{}{}:
		case <-ctx.Done():
			return nil
		}
		select {
		case <-ctx.Done():
			return nil
		case in := <-inputs:
			text := strings.TrimSpace(in.line.text)
			switch {
			case errors.Is(in.err, errTooLong):
				if err := c.say("That is more text than I can take at once: send it as a file."); err != nil {
					return err
				}
				continue
			case in.err != nil && !errors.Is(in.err, io.EOF):
				return fmt.Errorf("reading what was typed: %w", in.err)
			case text == "" && strings.TrimSpace(in.line.pasted) == "":
				if in.err != nil {
					return nil
				}
				continue
			}
			for _, word := range farewells {
				if strings.EqualFold(text, word) {
					return nil
				}
			}
			if err := c.serve(ctx, h, text, in.line.pasted); err != nil {
				return err
			}
			if in.err != nil {
				return nil
			}
		}
	}
}

// lineIn is what a person entered at once: a line, and perhaps a text.
type lineIn struct {
	text, pasted string
}

var errTooLong = errors.New("input too long")

// reader is what the next entry is read with, and what to do in the end.
func (c *Console) reader() (read func() (lineIn, error), finish func(), err error) {
	in, inFile := c.In.(*os.File)
	out, outFile := c.Out.(*os.File)
	if inFile && outFile && term.IsTerminal(int(in.Fd())) && term.IsTerminal(int(out.Fd())) {
		c.tty = newTerminal(in, out, c.complete)
		if err := c.say("Paste a link or a text, or type help. Ctrl-D ends."); err != nil {
			return nil, nil, err
		}
		return c.tty.read, c.tty.close, nil
	}
	c.tty = nil
	lines := bufio.NewReaderSize(c.In, 64<<10)
	return func() (lineIn, error) { return readPipe(lines) }, func() {}, nil
}

// readPipe reads a line, and the text after it when it ends in <<.
func readPipe(r *bufio.Reader) (lineIn, error) {
	line, err := readLine(r, maxInput)
	text := strings.TrimRight(line, " \t\r\n")
	before, ok := strings.CutSuffix(text, "<<")
	if err != nil || !ok || before != "" && !strings.HasSuffix(before, " ") {
		return lineIn{text: text}, err
	}
	var pasted strings.Builder
	for {
		line, err := readLine(r, maxInput-pasted.Len())
		if err != nil && !errors.Is(err, io.EOF) {
			return lineIn{}, err
		}
		if strings.TrimSpace(line) == ">>" || err != nil && line == "" {
			return lineIn{text: before, pasted: pasted.String()}, err
		}
		pasted.WriteString(strings.TrimSuffix(strings.TrimSuffix(line, "\n"), "\r"))
		pasted.WriteByte('\n')
		if err != nil {
			return lineIn{text: before, pasted: pasted.String()}, err
		}
	}
}

// readLine reads up to and with the next line feed. Of a line that is too long
// it reads all and keeps nothing.
func readLine(r *bufio.Reader, most int) (string, error) {
	var line []byte
	long := false
	for {
		part, err := r.ReadSlice('\n')
		if long = long || len(line)+len(part) > most; long {
			line = nil
		} else {
			line = append(line, part...)
		}
		switch {
		case errors.Is(err, bufio.ErrBufferFull):
			continue
		case long:
			return "", errTooLong
		}
		return string(line), err
	}
}

// serve answers one entry.
func (c *Console) serve(ctx context.Context, h chat.Handler, text, pasted string) error {
	c.asked++
	req := chat.Request{
		Moderator: true, // of this terminal
		ID:        "console-" + strconv.Itoa(c.asked),
		Scope:     chat.Scope{Platform: c.Name(), Channel: "terminal", User: "operator", Private: true},
		Entry:     chat.ByMessage,
		Text:      text,
		Time:      time.Now(),
		Zone:      c.Zone,
	}
	if req.Zone == nil {
		req.Zone = time.Local
	}
	if strings.TrimSpace(pasted) != "" {
		req.Material = pasted
	}
	if a := c.action(text); a != nil && req.Material == "" {
		req.Entry = chat.ByAction
		req.Command, req.Text, _ = strings.Cut(a.Command, " ")
	} else if err := c.attach(&req); err != nil {
		return c.say(err.Error())
	}
	done := c.progress(&req)
	reply := h(ctx, req)
	done()
	return c.show(reply)
}

// action is the action of the last reply that was typed, nil if it was none.
func (c *Console) action(text string) *chat.Action {
	for i, a := range c.offered {
		if strings.EqualFold(text, a.Name) {
			return &c.offered[i]
		}
	}
	return nil
}

// attach opens the file that a request names: all of it, or the first word
// after a command.
func (c *Console) attach(req *chat.Request) error {
	if c.Open == nil {
		return nil
	}
	first, rest, _ := strings.Cut(req.Text, " ")
	second, rest2, _ := strings.Cut(strings.TrimSpace(rest), " ")
	for _, try := range []struct{ path, text string }{
		{req.Text, ""},
		{strings.TrimSpace(rest), first},
		{first, rest},
		{second, first + " " + rest2},
	} {
		path := unquote(try.path)
		if !looksLikePath(path) {
			continue
		}
		f, err := c.Open(path)
		switch {
		case errors.Is(err, fs.ErrNotExist):
			continue
		case err != nil:
			return err
		}
		req.Files, req.Text = []chat.File{f}, strings.TrimSpace(try.text)
		return nil
	}
	for _, path := range []string{unquote(req.Text), second} {
		if namesFile(path) {
			return &noFile{path}
		}
	}
	return nil
}

// noFile says to the person that a path leads nowhere.
type noFile struct{ path string }

func (e *noFile) Error() string {
	return "There is no file " + e.path + ": check the path, or give a link that begins with https://."
}

// namesFile reports whether words can be nothing but the path of a file.
func namesFile(s string) bool {
	if !looksLikePath(s) || strings.ContainsAny(s, " \t") {
		return false
	}
	for _, begin := range []string{"./", "../", "~/"} {
		if strings.HasPrefix(s, begin) {
			return true
		}
	}
	if strings.HasPrefix(s, "/") {
		return strings.Contains(s[1:], "/") || strings.Contains(s, ".")
	}
	switch strings.ToLower(filepath.Ext(s)) {
	case ".txt", ".pdf", ".docx", ".html", ".htm", ".odt", ".rtf":
		return !strings.Contains(strings.Split(s, "/")[0], ".") || !strings.Contains(s, "/")
	}
	return false
}

// unquote takes off what shells and file managers put around a path that is
// dragged into the window.
func unquote(path string) string {
	path = strings.TrimSpace(path)
	if n := len(path); n >= 2 && (path[0] == '\'' || path[0] == '"') && path[n-1] == path[0] {
		return path[1 : n-1]
	}
	return strings.ReplaceAll(path, `\ `, " ")
}

func looksLikePath(s string) bool {
	return s != "" && len(s) < 4096 && strings.ContainsAny(s, `./\`) && !strings.Contains(s, "://") && !strings.Contains(s, "\n")
}

// progress tells on a terminal what the bot is doing when it takes longer than
// a second.
func (c *Console) progress(req *chat.Request) (done func()) {
	if c.tty == nil {
		return func() {}
	}
	var mu sync.Mutex
	step, shown, over := chat.Reading, false, false
	show := func() {
		mu.Lock()
		defer mu.Unlock()
		if over {
			return
		}
		shown = true
		fmt.Fprintf(c.Out, "\r\x1b[K%s …", step)
	}
	timer := time.AfterFunc(time.Second, show)
	req.Progress = func(s chat.Step) {
		mu.Lock()
		step = s
		again := shown
		mu.Unlock()
		if again {
			show()
		}
	}
	return func() {
		timer.Stop()
		mu.Lock()
		defer mu.Unlock()
		over = true
		if shown {
			fmt.Fprint(c.Out, "\r\x1b[K")
		}
	}
}

// show writes a reply and remembers what it offers.
func (c *Console) show(r chat.Reply) error {
	if r.Err == nil {
		c.offered = r.Actions
	}
	files := r.Files
	r.Files = nil
	var b bytes.Buffer
	if err := Render(&b, r, c.columns(), c.Colour); err != nil {
		return err
	}
	for _, f := range files {
		c.keep(&b, f)
	}
	b.WriteByte('\n')
	_, err := c.Out.Write(b.Bytes())
	return err
}

// keep saves a file, or writes it out when it cannot be saved.
func (c *Console) keep(w *bytes.Buffer, f chat.File) {
	if c.Save != nil {
		where, err := c.Save(f)
		if err == nil {
			fmt.Fprintf(w, "Saved: %s\n", clean(where))
			return
		}
		fmt.Fprintf(w, "%s could not be saved: %s\n", clean(f.Name), clean(err.Error()))
	}
	for line := range strings.Lines(string(f.Data)) {
		w.WriteString(cleanLine(line) + "\n")
	}
}

// cleanLine is clean for lines whose white space matters.
func cleanLine(line string) string {
	line = strings.TrimRight(line, "\r\n")
	body := strings.TrimLeft(line, " ")
	return line[:len(line)-len(body)] + clean(body)
}

func (c *Console) say(sentence string) error {
	var r chat.Reply
	r.Add(chat.Paragraph, chat.Say(sentence))
	offered := c.offered
	err := c.show(r)
	c.offered = offered
	return err
}

func (c *Console) columns() int {
	if c.Width > 0 {
		return c.Width
	}
	return Columns(c.Out)
}

// complete finishes the word before the cursor: a command, or an action of
// the last reply.
func (c *Console) complete(line string, pos int) (string, int, bool) {
	head, tail := line[:pos], line[pos:]
	slash := strings.HasPrefix(head, "/")
	word := strings.TrimPrefix(head, "/")
	if strings.Contains(word, " ") {
		topic, after, _ := strings.Cut(word, " ")
		if topic != "help" || strings.Contains(after, " ") {
			return "", 0, false
		}
		word = after
	}
	var fits []string
	add := func(name string) {
		if strings.HasPrefix(name, strings.ToLower(word)) {
			fits = append(fits, name)
		}
	}
	for _, name := range c.Commands {
		add(name)
	}
	if !slash {
		for _, a := range c.offered {
			add(a.Name)
		}
	}
	if len(fits) == 0 {
		return "", 0, false
	}
	common := fits[0]
	same := true
	for _, f := range fits[1:] {
		same = same && f == fits[0]
		for !strings.HasPrefix(f, common) {
			common = common[:len(common)-1]
		}
	}
	if same && !strings.HasPrefix(tail, " ") {
		common += " "
	}
	head = head[:len(head)-len(word)] + common
	return head + tail, len(head), true
}
