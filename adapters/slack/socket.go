package slack

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"runtime/debug"
	"sync"
	"time"

	"github.com/slack-go/slack"
	"github.com/slack-go/slack/socketmode"

	"onrecord/work"
)

const (
	takers      = 256 // envelopes taken in at the same time
	flushTime   = 50 * time.Millisecond
	ackTime     = time.Second     // for an acknowledgement to get away: without a connection it is void
	socketLimit = 2 << 20         // bytes of one message
	maxSilence  = 2 * time.Minute // without a connection, after which the client is started afresh
	watchEvery  = 5 * time.Second
)

// maxSockets is how many sockets Slack lets an app have,
// https://docs.slack.dev/apis/events-api/using-socket-mode.
const maxSockets = 10

// shareSockets keeps a socket open while this process is one of the ten that have
// one. All work on what they take in.
func (p *Platform) shareSockets(live *run) {
	var open sync.WaitGroup
	end := func() {}
	sum := sha256.Sum256([]byte(p.o.AppToken))
	s := &work.Sharing{
		Leases: p.o.Leases, Name: "slack/sockets/" + hex.EncodeToString(sum[:6]), Blind: []int{0}, Log: p.log,
		Places: func(processes int) int { return min(processes, maxSockets) },
		Changed: func(places []int) {
			end()
			open.Wait()
			end = func() {}
			if live.ctx.Err() != nil {
				return
			}
			if len(places) == 0 {
				p.report(true, "other processes have the sockets")
				return
			}
			ctx, cancel := context.WithCancel(live.ctx)
			end = cancel
			open.Go(func() {
				if err := p.serveSocket(ctx); err != nil {
					live.fatal(err)
				}
			})
		},
	}
	s.Run(live.ctx)
}

// serveSocket keeps a socket open until ctx ends. It returns an error when
// Slack does not accept the app token.
func (p *Platform) serveSocket(ctx context.Context) error {
	for attempt := 0; ; attempt++ {
		began := time.Now()
		err := p.oneClient(ctx)
		if ctx.Err() != nil {
			return nil
		}
		if fatal := p.fatalError(err); fatal != nil {
			return fatal
		}
		var status slack.StatusCodeError
		if errors.As(err, &status) && status.Code == http.StatusNotFound {
			return errors.New("slack: no socket can be opened: is Socket Mode switched on for the app?")
		}
		p.report(false, "the socket is being opened again")
		p.log.WarnContext(ctx, "the socket client ended and is started again", "error", safe(err))
		if time.Since(began) > maxSilence {
			attempt = 0
		}
		if !pause(ctx, backoff(attempt)) {
			return nil
		}
	}
}

// oneClient runs a client of slack-go's, which reconnects by itself, with a
// watchdog that ends it when it does not get anywhere.
func (p *Platform) oneClient(ctx context.Context) error {
	// The connection outlives ctx by the moment that acknowledgements need:
	// what was taken in and not acknowledged Slack would send again.
	alive, end := context.WithCancelCause(context.WithoutCancel(ctx))
	defer end(nil)
	client := socketmode.New(p.api, socketmode.OptionDialer(p.dialer), socketmode.OptionReadLimit(socketLimit))

	t := &taker{p: p, client: client, slots: make(chan struct{}, takers)}
	var minders sync.WaitGroup
	defer minders.Wait()
	defer end(nil)
	minders.Go(func() {
		for {
			select {
			case <-alive.Done():
				return
			case e := <-client.Events:
				t.event(alive, e)
			}
		}
	})
	minders.Go(func() {
		tick := time.NewTicker(watchEvery)
		defer tick.Stop()
		for {
			select {
			case <-alive.Done():
				return
			case <-ctx.Done():
				t.finish(alive)
				end(nil)
				return
			case <-tick.C:
				p.mu.Lock()
				silent := !p.socket && time.Since(p.since) > maxSilence
				p.since = restarted(p.since, silent)
				p.mu.Unlock()
				if silent {
					end(errSilent)
					return
				}
			}
		}
	})
	err := client.RunContext(alive)
	if cause := context.Cause(alive); errors.Is(cause, errSilent) {
		err = cause
	}
	end(nil)
	t.finish(alive)
	return err
}

var errSilent = errors.New("no connection for too long")

// restarted is now if that was noticed, so that it is not noticed again at once.
func restarted(since time.Time, noticed bool) time.Time {
	if noticed {
		return time.Now()
	}
	return since
}

// taker takes in what comes by one client.
type taker struct {
	p      *Platform
	client *socketmode.Client
	slots  chan struct{}
	once   sync.Once
}

// finish waits until what is being taken in is acknowledged, while the
// connection lasts. Nothing can be taken in afterwards.
func (t *taker) finish(alive context.Context) {
	t.once.Do(func() {
		for range takers {
			t.slots <- struct{}{}
		}
		pause(alive, flushTime) // slack-go does not tell when they are written
	})
}

// event deals with what the client reports.
func (t *taker) event(ctx context.Context, e socketmode.Event) {
	p := t.p
	var envelope socketmode.Request
	switch e.Type {
	case socketmode.EventTypeConnecting:
		p.report(false, "the socket is being opened")
		return
	case socketmode.EventTypeConnected:
		p.log.InfoContext(ctx, "a socket is open")
		return
	case socketmode.EventTypeHello:
		p.report(true, "the socket is open")
		return
	case socketmode.EventTypeConnectionError:
		if failed, ok := e.Data.(*slack.ConnectionErrorEvent); ok {
			p.log.WarnContext(ctx, "a socket could not be opened", "attempt", failed.Attempt, "error", fmt.Sprintf("%T", safe(failed.ErrorObj)), "code", errorCode(failed.ErrorObj))
		}
		return
	case socketmode.EventTypeErrorBadMessage:
		// slack-go is strict: one odd block makes it refuse the event. We read
		// little of it, so we can.
		bad, ok := e.Data.(*socketmode.ErrorBadMessage)
		if !ok || json.Unmarshal(bad.Message, &envelope) != nil {
			p.log.WarnContext(ctx, "something from Slack could not be read")
			return
		}
	case socketmode.EventTypeEventsAPI, socketmode.EventTypeSlashCommand, socketmode.EventTypeInteractive:
		if e.Request == nil {
			return
		}
		envelope = *e.Request
	default:
		return
	}
	if envelope.EnvelopeID == "" {
		return
	}
	live, ok := p.enter()
	if !ok {
		return // not acknowledged: another socket gets it
	}
	// This must not wait: slack-go reports here that it reconnects, too, and
	// gets no further before that is heard.
	select {
	case t.slots <- struct{}{}:
	default:
		live.wg.Done()
		p.log.WarnContext(ctx, "too much comes in at once: an envelope is left to Slack to send again")
		return
	}
	go func() {
		defer func() {
			<-t.slots // finish waits for it
			live.wg.Done()
		}()
		p.envelope(ctx, live, t.client, envelope)
	}()
}

// envelope takes an envelope in and acknowledges it.
func (p *Platform) envelope(ctx context.Context, live *run, client *socketmode.Client, envelope socketmode.Request) {
	defer func() {
		if v := recover(); v != nil {
			p.log.ErrorContext(ctx, "taking something in went wrong", "error", fmt.Sprint(v), "stack", string(debug.Stack()))
		}
	}()
	accepting, cancel := context.WithTimeout(context.WithoutCancel(ctx), acceptTime)
	defer cancel()
	var ack any
	var open func(context.Context)
	var err error
	switch envelope.Type {
	case socketmode.RequestTypeEventsAPI:
		err = p.event(accepting, envelope.Payload)
	case socketmode.RequestTypeSlashCommands:
		var c slack.SlashCommand
		if json.Unmarshal(envelope.Payload, &c) != nil {
			err = fmt.Errorf("reading a command: %w", errMalformed)
			break
		}
		err = p.command(accepting, c)
	case socketmode.RequestTypeInteractive:
		ack, open, err = p.interact(accepting, envelope.Payload)
	}
	switch {
	case errors.Is(err, errMalformed):
		p.log.WarnContext(ctx, "something from Slack could not be read", "error", err)
	case err != nil:
		p.log.ErrorContext(ctx, "a request could not be accepted", "error", err)
		return
	}
	acking, stop := context.WithTimeout(ctx, ackTime)
	defer stop()
	if err := client.AckCtx(acking, envelope.EnvelopeID, ack); err != nil && ctx.Err() == nil {
		p.log.WarnContext(ctx, "an acknowledgement could not be sent", "error", err)
	}
	p.later(live, open)
}
