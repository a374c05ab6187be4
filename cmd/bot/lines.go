package main

import (
	"bufio"
	"bytes"
	"errors"
	"io"
	"runtime"
	"slices"
)

// maxLine is the most of one input line of 'bot batch' that is kept in memory.
// An article may have 1 MB of text, of which JSON escapes make six at most.
const maxLine = 8 << 20

// errLongLine stands for a line that was skipped.
var errLongLine = errors.New("longer than 8 MB")

// line is one line of input.
type line struct {
	number int // from 1
	data   []byte
	err    error // errLongLine
}

// lineReader cuts a stream into lines without ever holding more than one line
// and maxLine bytes of it. Blank lines are skipped.
type lineReader struct {
	r      *bufio.Reader
	number int
}

func newLineReader(r io.Reader) *lineReader {
	return &lineReader{r: bufio.NewReaderSize(r, 1<<16)}
}

// next gives the next line, io.EOF after the last.
func (l *lineReader) next() (line, error) {
	for {
		ln, err := l.read()
		if err != nil && !errors.Is(err, io.EOF) {
			return line{}, err
		}
		if ln.err != nil || len(bytes.TrimSpace(ln.data)) > 0 {
			return ln, nil
		}
		if err != nil {
			return line{}, io.EOF
		}
	}
}

func (l *lineReader) read() (line, error) {
	l.number++
	ln := line{number: l.number}
	for {
		part, err := l.r.ReadSlice('\n')
		if ln.err == nil && len(ln.data)+len(part) > maxLine {
			// The beginning stays: it may name the line.
			ln.data, ln.err = slices.Clone(ln.data[:min(len(ln.data), 4<<10)]), errLongLine
		}
		if ln.err == nil {
			ln.data = append(ln.data, part...)
		}
		if !errors.Is(err, bufio.ErrBufferFull) {
			return ln, err
		}
	}
}

// inOrder runs work on every item that next gives, on all cores, and hands the
// results to emit in the order of the items. It ends with the first error of
// next other than io.EOF, or of emit.
func inOrder[In, Out any](next func() (In, error), work func(In) Out, emit func(Out) error) error {
	workers := runtime.GOMAXPROCS(0)
	type job struct {
		in  In
		out chan Out
	}
	jobs := make(chan job)
	results := make(chan chan Out, 4*workers) // how far the reading may run ahead of the writing
	stop := make(chan struct{})
	for range workers {
		go func() {
			for j := range jobs {
				j.out <- work(j.in)
			}
		}()
	}
	read := make(chan error, 1)
	go func() {
		defer close(jobs)
		defer close(results)
		for {
			in, err := next()
			if err != nil {
				read <- err
				return
			}
			j := job{in, make(chan Out, 1)}
			select {
			case results <- j.out:
			case <-stop:
				read <- io.EOF
				return
			}
			jobs <- j
		}
	}()
	var failed error
	for out := range results {
		r := <-out
		if failed != nil {
			continue
		}
		if failed = emit(r); failed != nil {
			close(stop)
		}
	}
	if err := <-read; failed == nil && !errors.Is(err, io.EOF) {
		failed = err
	}
	return failed
}
