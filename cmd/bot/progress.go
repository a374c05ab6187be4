package main

import (
	"fmt"
	"io"
	"sync"
	"time"
)

// patience is how long a command may keep silent.
const patience = time.Second

// progress says on standard error what takes its time, once it has taken a
// second. On a terminal it is a line that moves and vanishes; elsewhere each
// step is a line of its own.
type progress struct {
	w        io.Writer
	animated bool

	mu    sync.Mutex
	step  string
	shown string // the last line that was written

	stop    chan struct{}
	stopped sync.WaitGroup
}

// startProgress begins to watch the time; call done when there is an answer.
func startProgress(w io.Writer) *progress {
	p := &progress{w: w, animated: isTerminal(w), stop: make(chan struct{})}
	p.stopped.Go(p.run)
	return p
}

// say names the step that has begun.
func (p *progress) say(step string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.step = step
}

// done ends it and leaves a clean line.
func (p *progress) done() {
	close(p.stop)
	p.stopped.Wait()
	if p.animated && p.shown != "" {
		fmt.Fprint(p.w, "\r\x1b[K")
	}
}

func (p *progress) run() {
	wait := time.NewTimer(patience)
	defer wait.Stop()
	for frame := 0; ; frame++ {
		select {
		case <-p.stop:
			return
		case <-wait.C:
		}
		p.mu.Lock()
		step := p.step
		p.mu.Unlock()
		switch {
		case step == "":
		case p.animated:
			fmt.Fprintf(p.w, "\r\x1b[K%c %s …", frames[frame%len(frames)], step)
			p.shown = step
		case step != p.shown:
			fmt.Fprintf(p.w, "%s …\n", step)
			p.shown = step
		}
		wait.Reset(100 * time.Millisecond)
	}
}

var frames = [...]rune{'⠋', '⠙', '⠹', '⠸', '⠼', '⠴', '⠦', '⠧', '⠇', '⠏'}
