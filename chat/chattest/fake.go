package chattest

import (
	"context"
	"errors"
	"strings"
	"sync"
	"unicode"

	"onrecord/chat"
)

// Fake is a plain platform for tests: what is sent to it is answered to
// whoever waits. Make one with NewFake.
type Fake struct {
	requests chan fakeRequest
	over     chan struct{} // closed when Run no longer takes requests
}

type fakeRequest struct {
	req    chat.Request
	answer chan<- chat.Reply
}

var _ chat.Platform = (*Fake)(nil)

// NewFake makes a platform.
func NewFake() *Fake {
	return &Fake{requests: make(chan fakeRequest), over: make(chan struct{})}
}

// Name implements chat.Platform.
func (f *Fake) Name() string { return "fake" }

// Capabilities implements chat.Platform: it can do everything.
func (f *Fake) Capabilities() chat.Capabilities {
	return chat.Capabilities{Actions: true, Edit: true, Files: true, Threads: true, Public: true}
}

// Run implements chat.Platform.
func (f *Fake) Run(ctx context.Context, h chat.Handler) error {
	var working sync.WaitGroup
	defer working.Wait()
	defer close(f.over)
	for {
		select {
		case <-ctx.Done():
			return nil
		case r := <-f.requests:
			working.Go(func() { r.answer <- h(context.WithoutCancel(ctx), r.req) })
		}
	}
}

var errOver = errors.New("the platform has stopped")

// Ask sends a request and waits for its reply.
func (f *Fake) Ask(ctx context.Context, req chat.Request) (chat.Reply, error) {
	answer := make(chan chat.Reply, 1)
	req.Scope.Platform = f.Name()
	select {
	case f.requests <- fakeRequest{req, answer}:
	case <-f.over:
		return chat.Reply{}, errOver
	case <-ctx.Done():
		return chat.Reply{}, ctx.Err()
	}
	select {
	case r := <-answer:
		return r, nil
	case <-ctx.Done():
		return chat.Reply{}, ctx.Err()
	}
}

// Shown is a reply as a person would see it on the simplest of platforms:
// text without control characters, then what can be done next.
func Shown(r chat.Reply) string {
	var text strings.Builder
	text.WriteString(r.String())
	for _, a := range r.Actions {
		text.WriteString("[" + a.Label + "] ")
	}
	return strings.Map(func(c rune) rune {
		if c != '\n' && (unicode.IsControl(c) || unicode.Is(unicode.Cf, c) && c != '\u200C' && c != '\u200D') {
			return -1
		}
		return c
	}, text.String())
}
