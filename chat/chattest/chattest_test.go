package chattest_test

import (
	"context"
	"strconv"
	"testing"

	"onrecord/chat"
	"onrecord/chat/chattest"
)

func TestFake(t *testing.T) {
	chattest.Platform(t, chattest.Suite{Start: func(t *testing.T) (chat.Platform, chattest.User) {
		f := chattest.NewFake()
		return f, &person{t: t, fake: f, answers: make(chan string, 10)}
	}})
}

// person asks in the background, so that Send does not wait for the answer.
type person struct {
	t       *testing.T
	fake    *chattest.Fake
	n       int
	answers chan string
}

func (p *person) ask(req chat.Request) {
	p.n++
	req.ID = strconv.Itoa(p.n)
	req.Scope = chat.Scope{Channel: "c", User: "u", Private: true}
	ctx := p.t.Context()
	go func() {
		if r, err := p.fake.Ask(ctx, req); err == nil {
			p.answers <- chattest.Shown(r)
		}
	}()
}

func (p *person) Send(text string) { p.ask(chat.Request{Text: text}) }

func (p *person) Press(a chat.Action) { p.ask(chat.Request{Entry: chat.ByAction, Text: a.Command}) }

func (p *person) Answer(ctx context.Context) ([]string, error) {
	select {
	case a := <-p.answers:
		return []string{a}, nil
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}
