package claimreview

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"strings"

	"onrecord/factcheck"
)

// The most that is read of what strangers hand over.
const (
	maxInput   = 2 << 30 // bytes of a file
	maxElement = 4 << 20 // bytes of one review, feed item or script with all around it
	maxReviews = 500_000 // of one file
)

// Kind says what sort of file reviews were read from.
type Kind string

// The kinds of files.
const (
	JSON Kind = "JSON" // ClaimReview markup, a data feed, or a review a line
	HTML Kind = "web page"
	CSV  Kind = "CSV"
	Feed Kind = "feed" // RSS or Atom
)

// Read reads the published fact-checks in a file, finds out by itself what
// sort of file it is, and hands them to yield in their order. What is no
// fact-check is passed over. Formats:
//
//   - JSON-LD with schema.org's ClaimReview, alone, in lists, in an @graph, in
//     the DataFeed of Data Commons, one value or many behind each other;
//   - JSON lines of our own: claim, title, subtitle, claimant, publisher,
//     verdict, url, date, claimed, language, id;
//   - a web page with such JSON-LD in its scripts;
//   - CSV with a heading line that names some of these columns;
//   - RSS or Atom, whose items become reviews when their markup holds none: the
//     title stands for the claim then.
//
// It reads as it goes and keeps no more than one element in memory. Its error
// is that of yield or of r, or an [*Error]; what was read before it stands.
func Read(r io.Reader, yield func(factcheck.Review) error) (Kind, error) {
	in := &budget{r: r, total: maxInput, left: maxElement}
	buf := bufio.NewReaderSize(in, 64<<10)
	if bom, err := buf.Peek(3); err == nil && string(bom) == "\ufeff" {
		_, _ = buf.Discard(3) // it was peeked
	}
	head, err := buf.Peek(4 << 10)
	if err != nil && !errors.Is(err, io.EOF) {
		return "", readError(err)
	}
	n := 0
	give := func(r factcheck.Review) error {
		in.reset()
		if !clean(&r) {
			return nil
		}
		if n++; n > maxReviews {
			return &Error{Problem: fmt.Sprintf("there are more than %d fact-checks in it", maxReviews), Advice: "split it into parts"}
		}
		return yield(r)
	}
	kind := sniff(head)
	switch kind {
	case JSON:
		err = readJSON(buf, in.reset, give)
	case HTML:
		err = readPage(buf, in.reset, give)
	case CSV:
		err = readCSV(buf, in.reset, give)
	case Feed:
		err = readFeed(buf, in.reset, give)
	default:
		return "", &Error{Problem: "it is neither JSON, CSV, a feed nor a web page", Advice: "hand over ClaimReview markup, a data feed, JSON lines, CSV with a heading line, RSS or Atom"}
	}
	return kind, readError(err)
}

// Error is why a file of reviews cannot be used.
type Error struct {
	Problem string // "it is cut off"
	Advice  string // "download it again"
	Err     error  // the cause; may be nil
}

// Error is for the log.
func (e *Error) Error() string {
	if e.Err != nil {
		return e.Problem + ": " + e.Err.Error()
	}
	return e.Problem
}

// Unwrap gives the cause.
func (e *Error) Unwrap() error { return e.Err }

// Sentence says to people what is wrong and what they can do.
func (e *Error) Sentence() string {
	return "The fact-checks cannot be read: " + e.Problem + "; " + e.Advice + "."
}

func readError(err error) error {
	switch {
	case errors.Is(err, errElement):
		return &Error{Problem: "one entry is larger than 4 MB", Advice: "check that it is a file of fact-checks", Err: err}
	case errors.Is(err, errTotal):
		return &Error{Problem: "it is larger than 2 GB", Advice: "split it into parts", Err: err}
	}
	return err
}

// sniff tells the kind of file by its beginning.
func sniff(head []byte) Kind {
	head = bytes.TrimSpace(head)
	low := strings.ToLower(string(head))
	switch {
	case low == "":
		return ""
	case low[0] == '{' || low[0] == '[':
		return JSON
	case low[0] == '<':
		for _, tag := range []string{"<rss", "<feed", "<rdf:rdf"} {
			if at := strings.Index(low, tag); at >= 0 && !strings.Contains(low[:at], "<html") {
				return Feed
			}
		}
		return HTML
	}
	line, _, _ := strings.Cut(string(head), "\n")
	if _, ok := columnsOf(line); ok {
		return CSV
	}
	return ""
}

var (
	errElement = errors.New("element too large")
	errTotal   = errors.New("file too large")
)

// budget ends a reader that gives too much for one element, or in all.
type budget struct {
	r           io.Reader
	total, left int64
}

func (b *budget) reset() { b.left = maxElement }

func (b *budget) Read(p []byte) (int, error) {
	switch {
	case b.total <= 0:
		return 0, errTotal
	case b.left <= 0:
		return 0, errElement
	}
	n, err := b.r.Read(p[:min(int64(len(p)), b.total, b.left)])
	b.total -= int64(n)
	b.left -= int64(n)
	return n, err
}
