package discord

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/url"
	"runtime/debug"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/bwmarrin/discordgo"
	"github.com/gorilla/websocket"
)

// intents are what the bot asks to hear: servers that it joins and leaves,
// messages in channels (with their text only where they are for the bot), and
// direct messages. None of them is privileged.
const intents = discordgo.IntentsGuilds | discordgo.IntentsGuildMessages | discordgo.IntentsDirectMessages

const (
	desks       = 16  // interactions that are acknowledged at the same time
	waiting     = 256 // that wait for it
	openWithin  = 30 * time.Second
	silentFor   = 2*41250*time.Millisecond + 10*time.Second // two heartbeats of Discord's usual pace
	watchEvery  = time.Second
	atOnce      = 200 * time.Millisecond // about, before the first attempt to connect again
	longestWait = time.Minute            // between attempts
	brief       = 5 * time.Second        // a connection that is over sooner was hardly one
	fewTimes    = 5                      // that may happen in a row before we slow down
)

// gateway keeps a session with Discord until ctx ends. discordgo's own
// reconnection is off: it cannot be stopped, never gives up a socket on which
// the first answer does not come (bwmarrin/discordgo#513), and waits for five
// missed heartbeats.
func (p *Platform) gateway(ctx context.Context) {
	g := &desk{
		interactions: make(chan *interaction, waiting),
		messages:     make(chan func(context.Context), waiting),
	}
	var clerks sync.WaitGroup
	// What was taken off the socket is accepted although the end was asked for.
	desk := context.WithoutCancel(ctx)
	for range desks {
		clerks.Go(func() {
			for in := range g.interactions {
				p.guarded(desk, func() { p.respond(desk, in) })
			}
		})
	}
	clerks.Go(func() {
		// Messages stay in order, so that the last one heard is the last one
		// accepted.
		for do := range g.messages {
			p.guarded(desk, func() { do(desk) })
		}
	})
	p.serveShards(ctx, g)
	g.closing.Lock()
	g.closed = true
	close(g.interactions)
	close(g.messages)
	g.closing.Unlock()
	clerks.Wait()
}

// guarded runs f and survives its panic.
func (p *Platform) guarded(ctx context.Context, f func()) {
	defer func() {
		if v := recover(); v != nil {
			p.log.ErrorContext(ctx, "a panic at the front desk", "panic", v, "stack", string(debug.Stack()))
		}
	}()
	f()
}

// desk takes what comes by all connections.
type desk struct {
	interactions chan *interaction
	messages     chan func(context.Context)

	closing sync.RWMutex // held while something is put into the channels
	closed  bool
}

// later has something done in its turn among the messages, unless it is over.
func (g *desk) later(do func(context.Context)) {
	g.closing.RLock()
	defer g.closing.RUnlock()
	if !g.closed {
		g.messages <- do
	}
}

// session is the connection of a shard to the gateway.
type session struct {
	*desk
	p   *Platform
	ctx context.Context

	shard, of   int
	concurrency int            // of shards that identify themselves
	minding     sync.WaitGroup // what is done beside

	mu      sync.Mutex
	conn    net.Conn      // the socket, to be cut when nothing else helps
	had     bool          // there was a session before, of which something may have been missed
	ready   bool          // Discord has taken up the session on this connection
	gone    chan struct{} // told when the connection is closed
	guilds  []string      // that the session began with
	resumes bool          // there is a session that the next connection takes up
}

// keep connects, watches, and connects again.
func (g *session) keep(ctx context.Context) {
	p := g.p
	dg := g.make()
	pause, short := atOnce, 0
	for ctx.Err() == nil {
		gone := make(chan struct{}, 1)
		g.mu.Lock()
		g.gone, g.ready = gone, false
		resumes := g.resumes
		g.mu.Unlock()
		done := func() {}
		if !resumes {
			var err error
			if done, err = g.turn(ctx); err != nil {
				break
			}
		}
		stuck, err := g.open(ctx, dg)
		done()
		if stuck {
			dg = g.make() // the old one holds its lock for good
			g.mu.Lock()
			g.resumes = false
			g.mu.Unlock()
		}
		if err == nil {
			began := time.Now()
			g.watch(ctx, dg, gone)
			if ctx.Err() != nil {
				break
			}
			g.mu.Lock()
			ready := g.ready
			g.mu.Unlock()
			if short++; time.Since(began) > brief {
				short = 0
			}
			if ready && short < fewTimes {
				pause = atOnce // Discord ends connections now and then
			} else if !ready && statusOf(p.whoAmI(ctx)) == http.StatusUnauthorized {
				// discordgo does not tell why a connection was closed that it
				// takes for an open one. This has ended Run.
				break
			}
			g.report(false, "connection to the gateway lost; connecting again")
			p.log.InfoContext(ctx, "the connection to the gateway was lost")
		} else if ctx.Err() == nil {
			var closed *websocket.CloseError
			if errors.As(err, &closed) {
				if closed.Code == codeTooMany && p.o.ShardCount == 0 {
					g.tooMany(ctx)
					break
				}
				if text, fatal := fatalCodes[closed.Code]; fatal {
					p.end(fmt.Errorf("discord closed the gateway for good: %s (%d)", text, closed.Code))
					break
				}
			}
			g.report(false, "cannot connect to the gateway")
			p.log.WarnContext(ctx, "the gateway cannot be reached; trying again", "pause", pause, "error", err)
		}
		if sleep(ctx, jitter(pause)) != nil {
			break
		}
		pause = min(2*pause, longestWait)
	}
	g.shut(dg)
}

// fatalCodes are ends of a connection after which another one ends the same
// way.
// codeTooMany ends the connection of a shard that has too many servers.
const codeTooMany = 4011

var fatalCodes = map[int]string{
	4004: "the bot token is refused: make a new one under Bot, Reset Token, in the developer portal",
	4010: "there is no such shard",
	4011: "the bot is in too many servers for so few shards: take DISCORD_SHARD away, or raise its second number",
	4012: "this version of the gateway is no longer spoken",
	4013: "the intents are not valid",
	4014: "an intent is not allowed: none of ours is privileged, so look at Bot in the developer portal",
}

// make makes a discordgo session that does as we wish.
func (g *session) make() *discordgo.Session {
	dg, _ := discordgo.New("Bot " + g.p.o.Token) // it never fails
	dg.StateEnabled = false                      // readers of it race with it
	dg.SyncEvents = true                         // our own pool, in order; see dispatch
	dg.ShouldReconnectOnError = false
	dg.ShouldRetryOnRateLimit = false
	dg.MaxRestRetries = 0
	dg.LogLevel = -1 // it logs payloads
	dg.Identify.Intents = intents
	dg.ShardID, dg.ShardCount = g.shard, g.of
	dg.Client = &http.Client{Transport: roundTripper(g.address)}
	dg.Dialer = &websocket.Dialer{
		HandshakeTimeout: 20 * time.Second,
		Proxy:            g.p.proxy(),
		NetDialContext: func(ctx context.Context, network, address string) (net.Conn, error) {
			var d net.Dialer
			conn, err := d.DialContext(ctx, network, address)
			if err == nil {
				g.mu.Lock()
				g.conn = conn
				g.mu.Unlock()
			}
			return conn, err
		},
	}
	dg.AddHandler(func(_ *discordgo.Session, e *discordgo.Event) { g.dispatch(e) })
	dg.AddHandler(func(_ *discordgo.Session, _ *discordgo.Disconnect) { g.lost() })
	return dg
}

func (p *Platform) proxy() func(*http.Request) (*url.URL, error) {
	if p.o.Proxy != nil {
		return http.ProxyURL(p.o.Proxy)
	}
	return nil // the environment's proxies are not looked at
}

// roundTripper is a function as an http.RoundTripper.
type roundTripper func(*http.Request) (*http.Response, error)

func (f roundTripper) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

// address answers discordgo's only request, where the gateway is. Its addresses
// are composed when the program starts, so the question is asked here instead,
// of the API that was configured, with patience for rate limits, and minding
// how often the bot may still identify itself.
func (g *session) address(r *http.Request) (*http.Response, error) {
	if r.Method != http.MethodGet || !strings.HasSuffix(r.URL.Path, "/gateway") {
		return nil, errors.New("discordgo makes no requests of its own here")
	}
	found, err := g.p.askLimits(g.ctx)
	if err != nil {
		return nil, err
	}
	if u, err := url.Parse(found.URL); err != nil || u.Scheme != "wss" && u.Scheme != "ws" {
		return nil, errors.New("discord names no gateway")
	}
	if found.Start.Total > 0 && found.Start.Remaining == 0 {
		return nil, fmt.Errorf("the bot has connected too often today and may again in %v", time.Duration(found.Start.ResetAfter)*time.Millisecond)
	}
	body, err := json.Marshal(map[string]string{"url": found.URL})
	if err != nil {
		return nil, err
	}
	return &http.Response{
		StatusCode: http.StatusOK, Status: "200 OK", Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1,
		Header: http.Header{"Content-Type": {"application/json"}}, Body: io.NopCloser(bytes.NewReader(body)), Request: r,
	}, nil
}

// open opens the session. It is stuck when it does not come back even after its
// socket was cut.
func (g *session) open(ctx context.Context, dg *discordgo.Session) (stuck bool, err error) {
	opened := make(chan error, 1)
	go func() {
		defer func() {
			if v := recover(); v != nil {
				opened <- fmt.Errorf("panic while connecting: %v", v)
			}
		}()
		opened <- dg.Open()
	}()
	timer := time.NewTimer(g.p.opening)
	defer timer.Stop()
	select {
	case err := <-opened:
		return false, err
	case <-timer.C:
		err = errors.New("no answer on a new connection")
	case <-ctx.Done():
		err = ctx.Err()
	}
	g.cut()
	grace := time.NewTimer(3 * time.Second)
	defer grace.Stop()
	select {
	case <-opened: //nolint:errcheck // that it ended is what counts
		return false, err
	case <-grace.C:
		return true, err
	}
}

// cut closes the socket under discordgo, which then notices.
func (g *session) cut() {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.conn != nil {
		_ = g.conn.Close()
		g.conn = nil
	}
}

// lost is called when discordgo has closed the connection.
func (g *session) lost() {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.gone != nil {
		select {
		case g.gone <- struct{}{}:
		default:
		}
	}
}

// watch waits for the end of a connection, and ends one on which Discord is not
// heard any more: it acknowledges heartbeats, so silence means a zombie.
func (g *session) watch(ctx context.Context, dg *discordgo.Session, gone <-chan struct{}) {
	tick := time.NewTicker(watchEvery)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-gone:
			return
		case <-tick.C:
		}
		g.p.noteFollowed(ctx, g.shard)
		dg.RLock()
		acked := dg.LastHeartbeatAck
		dg.RUnlock()
		if time.Since(acked) > g.p.silence {
			g.p.log.WarnContext(ctx, "the gateway is silent: the connection is given up", slog.Duration("for", time.Since(acked)))
			g.cut()
			timer := time.NewTimer(5 * time.Second)
			select {
			case <-gone:
			case <-timer.C:
			case <-ctx.Done():
			}
			timer.Stop()
			return
		}
	}
}

// shut closes the session. discordgo waits a second for Discord's part.
func (g *session) shut(dg *discordgo.Session) {
	closed := make(chan struct{})
	go func() {
		defer close(closed)
		_ = dg.Close()
	}()
	timer := time.NewTimer(5 * time.Second)
	defer timer.Stop()
	select {
	case <-closed:
	case <-timer.C:
		g.cut()
	}
	g.cut()
}

// dispatch takes an event off the socket. It does not wait for anything but
// room in the queues, so that heartbeats are heard.
func (g *session) dispatch(e *discordgo.Event) {
	g.closing.RLock()
	defer g.closing.RUnlock()
	if g.closed {
		return
	}
	p := g.p
	switch e.Type {
	case "RESUMED":
		g.mu.Lock()
		g.ready = true
		g.mu.Unlock()
		g.report(true, "connected to the gateway")
	case "READY":
		var ready struct {
			Guilds []struct {
				ID string `json:"id"`
			} `json:"guilds"`
		}
		if err := json.Unmarshal(e.RawData, &ready); err == nil && ready.Guilds != nil {
			guilds := make([]string, len(ready.Guilds))
			for i, one := range ready.Guilds {
				guilds[i] = one.ID
			}
			g.mu.Lock()
			g.guilds = guilds
			g.mu.Unlock()
			if g.ctx.Err() == nil {
				g.minding.Go(func() { p.compare(g.ctx, guilds, g.shard, g.of) })
			}
		}
		g.report(true, "connected to the gateway")
		g.mu.Lock()
		had := g.had
		g.had, g.ready, g.resumes = true, true, true
		g.mu.Unlock()
		p.mu.Lock()
		noted := len(p.followed) > 0
		p.mu.Unlock()
		// A new session instead of the old one: what happened between them
		// is not told. The first session of a process follows one that an
		// earlier process had.
		if had || noted {
			g.messages <- func(ctx context.Context) { p.catchUp(ctx, g.ctx, g.shard) }
		}
	case "INTERACTION_CREATE":
		in, err := parseInteraction(e.RawData)
		if err != nil {
			p.log.Warn("an interaction could not be read", slog.Any("error", err))
			return
		}
		g.interactions <- in
	case "MESSAGE_CREATE":
		var m incoming
		if err := json.Unmarshal(e.RawData, &m); err != nil {
			p.log.Warn("a message could not be read", slog.Any("error", err))
			return
		}
		g.messages <- func(ctx context.Context) { p.hear(ctx, &m) }
	case "GUILD_CREATE":
		var joined struct {
			ID string `json:"id"`
		}
		g.mu.Lock()
		begun := g.guilds
		g.mu.Unlock()
		if json.Unmarshal(e.RawData, &joined) == nil && !slices.Contains(begun, joined.ID) {
			g.messages <- func(ctx context.Context) { p.join(ctx, joined.ID) }
		}
	case "GUILD_DELETE":
		var gone struct {
			ID          string `json:"id"`
			Unavailable bool   `json:"unavailable"`
		}
		if json.Unmarshal(e.RawData, &gone) == nil && gone.ID != "" && !gone.Unavailable {
			g.messages <- func(ctx context.Context) { p.forget(ctx, gone.ID) }
		}
	case "CHANNEL_UPDATE", "CHANNEL_DELETE", "THREAD_UPDATE":
		var c struct {
			ID string `json:"id"`
		}
		if json.Unmarshal(e.RawData, &c) == nil {
			p.mu.Lock()
			clear(p.channels) // whoever may read it may have changed, of its threads too
			p.mu.Unlock()
		}
	}
}

// forget drops what belongs to a server that the bot was removed from.
func (p *Platform) forget(ctx context.Context, guild string) {
	p.mu.Lock()
	for id, f := range p.followed {
		if f.Guild == guild {
			delete(p.followed, id)
			p.dirty[shardOf(guild, p.count)] = true
		}
	}
	p.mu.Unlock()
	if err := p.o.Queue.Forget(ctx, name, guild); err != nil {
		p.log.ErrorContext(ctx, "requests of a server that was left could not be dropped", "error", err)
	}
	if p.o.Installs != nil {
		if err := p.o.Installs.Delete(ctx, name, guild); err != nil {
			p.log.ErrorContext(ctx, "a server that was left could not be taken off", "error", err)
		}
	}
	if p.o.Forget == nil {
		return
	}
	if err := p.o.Forget(ctx, guild); err != nil {
		p.log.ErrorContext(ctx, "data of a server that was left could not be dropped", "error", err)
	}
}
