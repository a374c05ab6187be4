package main

import (
	"fmt"
	"io"
	"strings"
	"sync"
	"sync/atomic"
	"time"
)

// bar shows on standard error how far a long run is: lines done, and the share
// of the input where its size is known. It shows on a terminal only, and not
// before a second has passed.
type bar struct {
	w     io.Writer
	size  int64 // of the input in bytes, 0 when unknown
	read  atomic.Int64
	lines atomic.Int64
	began time.Time

	stop    chan struct{}
	stopped sync.WaitGroup
}

func startBar(w io.Writer, size int64) *bar {
	b := &bar{w: w, size: size, began: time.Now(), stop: make(chan struct{})}
	if isTerminal(w) {
		b.stopped.Go(b.run)
	}
	return b
}

// count counts the bytes that are read through it.
func (b *bar) count(r io.Reader) io.Reader { return &countingReader{r, &b.read} }

type countingReader struct {
	r io.Reader
	n *atomic.Int64
}

func (c *countingReader) Read(p []byte) (int, error) {
	n, err := c.r.Read(p)
	c.n.Add(int64(n))
	return n, err
}

// step says that a line is done.
func (b *bar) step() { b.lines.Add(1) }

// done takes the bar away.
func (b *bar) done() {
	close(b.stop)
	b.stopped.Wait()
}

func (b *bar) run() {
	tick := time.NewTicker(200 * time.Millisecond)
	defer tick.Stop()
	shown := false
	for {
		select {
		case <-b.stop:
			if shown {
				fmt.Fprint(b.w, "\r\x1b[K")
			}
			return
		case <-tick.C:
		}
		if took := time.Since(b.began); took >= patience {
			fmt.Fprintf(b.w, "\r\x1b[K%s", b.line(took))
			shown = true
		}
	}
}

func (b *bar) line(took time.Duration) string {
	lines := b.lines.Load()
	rate := fmt.Sprintf("%d lines, %.0f a second", lines, float64(lines)/took.Seconds())
	if b.size <= 0 {
		return rate
	}
	const width = 30
	share := min(float64(b.read.Load())/float64(b.size), 1)
	full := int(share * width)
	return fmt.Sprintf("[%s%s] %3.0f %%  %s", strings.Repeat("=", full), strings.Repeat(" ", width-full), 100*share, rate)
}
