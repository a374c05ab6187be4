package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"html"
	"time"

	"onrecord/article"
	"onrecord/brief"
	"onrecord/chat"
	"onrecord/chat/chattest"
	"onrecord/work"
)

const (
	link   = "https://coastal-press.example/2026/harbour-fire"
	walled = "https://subscribers.example/story"
	clock  = "06:02" // when everything happens
)

// newsroom is a bot without a platform.
type newsroom struct {
	bot    chat.Bot
	recent *chat.MemoryRecent
	queue  *work.Queue
	asked  int64
	over   context.CancelFunc
	ended  chan error
}

func newNewsroom(text []byte) *newsroom {
	n := &newsroom{recent: &chat.MemoryRecent{}, queue: work.New(work.Options{}), ended: make(chan error, 1)}
	n.bot = chat.Bot{
		Service:  &chat.Service{Briefer: &brief.Briefer{Reader: site{text}}, Recent: n.recent},
		Settings: &chattest.Settings{},
		Feedback: &chattest.Feedback{},
	}
	return n
}

// open runs the bot on a platform until close.
func (n *newsroom) open(ctx context.Context, p chat.Platform) {
	ctx, n.over = context.WithCancel(ctx)
	go func() { n.ended <- p.Run(ctx, n.handle) }()
}

func (n *newsroom) close() error {
	n.over()
	return <-n.ended
}

// handle shows times as UTC, wherever this is run.
func (n *newsroom) handle(ctx context.Context, req chat.Request) chat.Reply {
	req.Zone = time.UTC
	return n.bot.Handle(ctx, req)
}

// answered waits until one more request is done with.
func (n *newsroom) answered(ctx context.Context) error {
	n.asked++
	return until(ctx, func() (bool, error) {
		c, err := n.queue.Counts(ctx)
		if err == nil && c.Late+c.Failed+c.Uncertain > 0 {
			err = errors.New("a question was not answered")
		}
		return c.Done >= n.asked, err
	})
}

// until waits for something to become true.
func until(ctx context.Context, is func() (bool, error)) error {
	for {
		if ok, err := is(); ok || err != nil {
			return err
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(5 * time.Millisecond):
		}
	}
}

// site is the one article, as a page of the web, and a paywall.
type site struct{ text []byte }

// Read implements [brief.Reader].
func (s site) Read(_ context.Context, src article.Source) (*article.Article, error) {
	if src.Link != link {
		return nil, &article.Error{Kind: article.ErrPaywall, Where: "subscribers.example"}
	}
	var page bytes.Buffer
	const title = "Four killed in warehouse fire at Port Alder docks"
	fmt.Fprintf(&page, `<!doctype html><html lang="en"><head><title>%s</title><meta property="og:title" content="%[1]s">
<meta property="og:site_name" content="Coastal Press"><meta property="article:published_time" content="2026-03-05"></head>
<body><article><h1>%[1]s</h1>`, title)
	for p := range bytes.SplitSeq(s.text, []byte("\n\n")) {
		fmt.Fprintf(&page, "<p>%s</p>\n", html.EscapeString(string(bytes.TrimSpace(p))))
	}
	page.WriteString("</article></body></html>")
	a, err := article.Extract(page.Bytes(), "text/html; charset=utf-8", link)
	if err != nil {
		return nil, err
	}
	at, err := time.Parse("15:04", clock)
	if err != nil {
		return nil, err
	}
	now := time.Now().UTC()
	a.ReadAt = time.Date(now.Year(), now.Month(), now.Day(), at.Hour(), at.Minute(), 0, 0, time.UTC)
	return a, nil
}
