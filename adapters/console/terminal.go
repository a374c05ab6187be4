package console

import (
	"bytes"
	"fmt"
	"io"
	"os"
	"strings"
	"sync/atomic"

	"golang.org/x/term"
)

// terminal reads lines with editing and history. The screen is in raw mode
// only while a line is read, so that answers need no care and Ctrl-C interrupts
// the work as everywhere.
type terminal struct {
	in, out *os.File
	paste   *pasteReader
	editor  *term.Terminal
	state   atomic.Pointer[term.State] // of the terminal before it was made raw, nil while it is not
}

func newTerminal(in, out *os.File, complete func(line string, pos int) (string, int, bool)) *terminal {
	t := &terminal{in: in, out: out, paste: &pasteReader{r: in}}
	t.editor = term.NewTerminal(struct {
		io.Reader
		io.Writer
	}{t.paste, out}, "> ")
	t.editor.AutoCompleteCallback = func(line string, pos int, key rune) (string, int, bool) {
		if key != '\t' {
			return "", 0, false
		}
		return complete(line, pos)
	}
	return t
}

// read reads one entry. Text that was pasted in several lines is told apart
// from what was typed.
func (t *terminal) read() (lineIn, error) {
	state, err := term.MakeRaw(int(t.in.Fd()))
	if err != nil {
		return lineIn{}, fmt.Errorf("setting up the terminal: %w", err)
	}
	t.state.Store(state)
	defer t.restore()
	if width, height, err := term.GetSize(int(t.out.Fd())); err == nil {
		_ = t.editor.SetSize(width, height)
	}
	// While a line is read, the terminal marks what is pasted.
	fmt.Fprint(t.out, "\x1b[?2004h")
	defer fmt.Fprint(t.out, "\x1b[?2004l")
	line, err := t.editor.ReadLine()
	text, pasted := t.paste.take(line)
	if err == nil && strings.TrimSpace(text) == "<<" && pasted == "" {
		pasted, err = t.readText()
		text = ""
	}
	return lineIn{text: text, pasted: pasted}, err
}

// readText reads lines up to >>, for terminals that do not mark what is pasted.
func (t *terminal) readText() (string, error) {
	t.editor.SetPrompt("… ")
	defer t.editor.SetPrompt("> ")
	var b strings.Builder
	for {
		line, err := t.editor.ReadLine()
		if err != nil || strings.TrimSpace(line) == ">>" {
			return b.String(), err
		}
		if b.Len()+len(line) > maxInput {
			return "", errTooLong
		}
		b.WriteString(line)
		b.WriteByte('\n')
	}
}

// restore ends raw mode.
func (t *terminal) restore() {
	if state := t.state.Swap(nil); state != nil {
		_ = term.Restore(int(t.in.Fd()), state)
	}
}

// close leaves the terminal as it was found, also when a read is under way.
func (t *terminal) close() {
	t.restore()
	fmt.Fprintln(t.out)
}

// pasteReader takes long pasted text out of what the line editor reads, which
// knows lines of 4,096 characters at most and ends them at the first line
// feed. In its place the person sees a note in the line.
type pasteReader struct {
	r       io.Reader
	pending []byte // read, not yet looked at
	out     []byte // to be handed on
	inside  bool   // within a paste
	text    []byte // of the paste that is under way
	long    bool   // it is more than maxInput
	pastes  []pasted
}

type pasted struct {
	note, text string
}

// The marks of bracketed paste (xterm, "Bracketed Paste Mode").
var (
	pasteBegin = []byte("\x1b[200~")
	pasteEnd   = []byte("\x1b[201~")
)

// shortPaste is what goes into the line as if it were typed.
const shortPaste = 1000

func (p *pasteReader) Read(b []byte) (int, error) {
	for len(p.out) == 0 {
		buf := make([]byte, 4096)
		n, err := p.r.Read(buf)
		p.pending = append(p.pending, buf[:n]...)
		p.scan(err != nil)
		if err != nil && len(p.out) == 0 {
			return 0, err
		}
	}
	n := copy(b, p.out)
	p.out = p.out[n:]
	return n, nil
}

// scan moves what was read to where it belongs. What may be the beginning of
// a mark waits for the rest unless it is the last.
func (p *pasteReader) scan(last bool) {
	for len(p.pending) > 0 {
		mark := pasteBegin
		if p.inside {
			mark = pasteEnd
		}
		before, after, found := bytes.Cut(p.pending, mark)
		if !found {
			keep := 0
			if !last {
				keep = partial(p.pending, mark)
			}
			p.put(p.pending[:len(p.pending)-keep])
			p.pending = append([]byte(nil), p.pending[len(p.pending)-keep:]...)
			return
		}
		p.put(before)
		if p.inside {
			p.finish()
		}
		p.inside = !p.inside
		p.pending = after
	}
}

// partial is how many bytes at the end of b could be the beginning of mark. A
// lone escape waits too: the line editor does nothing with it either.
func partial(b, mark []byte) int {
	for n := min(len(mark)-1, len(b)); n > 0; n-- {
		if bytes.HasSuffix(b, mark[:n]) {
			return n
		}
	}
	return 0
}

func (p *pasteReader) put(b []byte) {
	switch {
	case !p.inside:
		p.out = append(p.out, b...)
	case len(p.text)+len(b) > maxInput:
		p.long = true
	default:
		p.text = append(p.text, b...)
	}
}

// finish decides what becomes of a paste: a short one is typed, a long one
// kept aside.
func (p *pasteReader) finish() {
	text := strings.NewReplacer("\r\n", "\n", "\r", "\n").Replace(string(p.text))
	long := p.long
	p.text, p.long = nil, false
	if one := strings.TrimSpace(text); !long && len(one) <= shortPaste && !strings.Contains(one, "\n") {
		p.out = append(p.out, clean(one)...)
		return
	}
	note := fmt.Sprintf("[pasted text %d: %d words]", len(p.pastes)+1, len(strings.Fields(text)))
	if long {
		note = "[pasted text was too long]"
		text = ""
	}
	p.pastes = append(p.pastes, pasted{note: note, text: text})
	p.out = append(p.out, note...)
}

// take parts a line that was entered into what was typed and what was pasted.
// A paste whose note was deleted from the line is not meant.
func (p *pasteReader) take(line string) (text, pasted string) {
	var all []string
	for _, paste := range p.pastes {
		if before, after, ok := strings.Cut(line, paste.note); ok {
			line = before + " " + after
			all = append(all, paste.text)
		}
	}
	p.pastes = nil
	return strings.TrimSpace(line), strings.Join(all, "\n")
}
