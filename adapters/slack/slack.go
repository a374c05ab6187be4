// Package slack is the bot in Slack: slash commands, mentions, direct
// messages, the menus of messages, forms, buttons and the Home tab become
// requests; replies become Block Kit.
//
// Requests come in by Socket Mode, where no public address is needed, or by
// signed HTTP; the same code takes them on either way:
//
//	p, err := slack.New(slack.Options{BotToken: …, AppToken: …, Queue: queue})
//	err = p.Run(ctx, handler)
//
// What comes in is verified, written to the queue with the address of the
// answer, and acknowledged; only then is it worked on (see package work). So a
// repeated delivery is answered once, and what a crash left is answered by the
// next process. Slack knows no key against double posts: before a message is
// posted that is written down too, and when nobody can tell whether it got out
// it is not posted again. Edits of a known message are simply repeated.
//
// Words of strangers never meet a parser of Slack's: they stand in rich_text
// and plain_text (render.go).
package slack

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"time"

	"github.com/gorilla/websocket"
	"github.com/slack-go/slack"

	"onrecord/chat"
	"onrecord/install"
	"onrecord/work"
)

// Options are the settings of a Platform.
type Options struct {
	BotToken      string // xoxb-…, of one workspace. May be empty with Installs
	AppToken      string // xapp-…: Socket Mode. HTTP if empty
	SigningSecret string // needed for HTTP

	// Installs are the workspaces that installed the app by OAuth; none if nil.
	Installs *install.Register
	// ClientID, ClientSecret and PublicURL let workspaces install it: at
	// /slack/install below PublicURL. They need Installs with keys.
	ClientID, ClientSecret string
	PublicURL              *url.URL
	Teams                  []string    // workspaces that may be served; all if empty
	Notes                  Notes       // which others were told so; memory if nil
	Leases                 work.Leases // of processes that share the app; this is the only one if nil

	APIURL string   // of the Web API; Slack's own if empty
	Proxy  *url.URL // for all that goes out; none if nil, whatever the environment says
	Prefix string   // of the slash commands: with "news-", /news-brief is brief

	Queue    *work.Queue    // one in memory if nil
	Recent   chat.Recent    // for the Home tab and what was shared; none if nil
	Commands []chat.Command // what the Home tab explains; chat.Commands() if nil
	// Forget drops all that is kept of a workspace, when the app was taken out
	// of it. May be nil.
	Forget func(ctx context.Context, workspace string) error

	Log *slog.Logger // nothing is logged if nil
}

// Platform is a [chat.Platform]. Make one with New; its methods may be called
// from any goroutine.
type Platform struct {
	o       Options
	log     *slog.Logger
	queue   *work.Queue
	handler chat.Handler
	started time.Time

	client    *client // of all requests
	transport *http.Transport
	dialer    *websocket.Dialer
	api       *slack.Client // with the app's token
	hosts     []string      // that may be sent the token, besides Slack's

	stateKey []byte // signs the states of installations

	gates  gates // of what needs no workspace's token
	told   cache[bool]
	people cache[person]
	rooms  cache[bool] // channels that are private
	halls  cache[chat.Room]

	renewing sync.Mutex

	mu     sync.Mutex
	own    *seat // that of the settings
	seats  map[string]seated
	me     slack.AuthTestResponse
	live   *run
	state  string
	socket bool // connected
	since  time.Time
}

var _ chat.Platform = (*Platform)(nil)

const lane = "slack"

// New makes a Platform. It does not connect yet.
func New(o Options) (*Platform, error) {
	switch {
	case o.BotToken == "" && o.Installs == nil:
		return nil, errors.New("slack: a bot token is needed (xoxb-…)")
	case o.ClientID != "" && (o.ClientSecret == "" || o.PublicURL == nil || o.Installs == nil):
		return nil, errors.New("slack: to be installed by others the app needs its client secret, a public address and a store")
	case o.ClientID != "" && o.Installs.Keys == nil:
		return nil, fmt.Errorf("slack: a token that a workspace gives has to be sealed, but %w", install.ErrNoKey)
	case o.AppToken == "" && o.SigningSecret == "":
		return nil, errors.New("slack: an app token (xapp-…, Socket Mode) or a signing secret (HTTP) is needed")
	}
	if o.APIURL == "" {
		o.APIURL = slack.APIURL
	}
	if !strings.HasSuffix(o.APIURL, "/") {
		o.APIURL += "/"
	}
	base, err := url.Parse(o.APIURL)
	if err != nil || base.Host == "" || base.Scheme != "https" && base.Scheme != "http" {
		return nil, errors.New("slack: the API's address is none: it should look like " + slack.APIURL)
	}
	if o.Queue == nil {
		o.Queue = work.New(work.Options{Log: o.Log})
	}
	if o.Commands == nil {
		o.Commands = chat.Commands()
	}
	p := &Platform{o: o, log: o.Log, queue: o.Queue, state: "not started", people: newCache[person](10 * time.Minute), rooms: newCache[bool](10 * time.Minute), halls: newCache[chat.Room](10 * time.Minute), told: newCache[bool](24 * time.Hour)}
	if p.log == nil {
		p.log = slog.New(slog.DiscardHandler)
	}
	if o.APIURL != slack.APIURL {
		p.hosts = []string{base.Scheme + "://" + base.Host}
	}
	var proxy func(*http.Request) (*url.URL, error)
	if o.Proxy != nil {
		proxy = http.ProxyURL(o.Proxy)
	}
	p.transport = &http.Transport{
		Proxy:                 proxy,
		ForceAttemptHTTP2:     true,
		MaxIdleConnsPerHost:   16,
		IdleConnTimeout:       time.Minute,
		TLSHandshakeTimeout:   10 * time.Second,
		ResponseHeaderTimeout: 30 * time.Second,
	}
	p.dialer = &websocket.Dialer{Proxy: proxy, HandshakeTimeout: 15 * time.Second, WriteBufferSize: 32 << 10}
	p.client = &client{http: &http.Client{
		Transport:     p.transport,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}}
	p.api = slack.New("", slack.OptionAppLevelToken(o.AppToken), slack.OptionAPIURL(o.APIURL), slack.OptionHTTPClient(p.client))
	if o.BotToken != "" {
		p.own = p.newSeat("", "", o.BotToken)
		p.own.own = true
	}
	if o.ClientID != "" {
		p.stateKey = o.Installs.Keys.Derive("slack install state")
	}
	return p, nil
}

// Name implements [chat.Platform].
func (p *Platform) Name() string { return lane }

// Capabilities implements [chat.Platform].
func (p *Platform) Capabilities() chat.Capabilities {
	return chat.Capabilities{Actions: true, Edit: true, Files: true, Threads: true, Public: true}
}

// run is one Run of a Platform.
type run struct {
	ctx   context.Context
	fatal context.CancelCauseFunc
	wg    sync.WaitGroup // what was taken in and is not accepted yet, forms being opened
	over  bool           // under Platform.mu
}

// Run implements [chat.Platform]. It returns an error when Slack no longer
// accepts the credentials.
func (p *Platform) Run(ctx context.Context, h chat.Handler) error {
	defer p.transport.CloseIdleConnections()
	live := &run{}
	live.ctx, live.fatal = context.WithCancelCause(ctx)
	defer live.fatal(nil)
	p.mu.Lock()
	if p.live != nil && !p.live.over {
		p.mu.Unlock()
		return errors.New("slack: it runs already")
	}
	p.live, p.handler, p.started = live, h, time.Now()
	p.mu.Unlock()

	if err := p.introduce(live.ctx); err != nil {
		p.stop(live)
		if ctx.Err() != nil {
			return nil
		}
		return err
	}
	var serving sync.WaitGroup
	if p.o.AppToken != "" {
		serving.Go(func() { p.shareSockets(live) })
	} else {
		p.report(true, "requests come in by HTTP")
	}
	err := p.queue.Work(live.ctx, lane, p.work)
	serving.Wait()
	p.stop(live)
	if cause := context.Cause(live.ctx); cause != nil && ctx.Err() == nil {
		p.report(false, cause.Error())
		return cause
	}
	p.report(false, "stopped")
	return err
}

// stop takes nothing in any more and waits for what was.
func (p *Platform) stop(live *run) {
	p.mu.Lock()
	live.over = true
	p.mu.Unlock()
	live.wg.Wait()
}

// enter begins to take something in. It reports false when the platform does
// not run; otherwise leave must be called.
func (p *Platform) enter() (live *run, ok bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.live == nil || p.live.over || p.live.ctx.Err() != nil {
		return nil, false
	}
	p.live.wg.Add(1)
	return p.live, true
}

// introduce finds out who we are, and waits for Slack as long as needed.
func (p *Platform) introduce(ctx context.Context) error {
	if p.own == nil {
		return nil // each workspace has a bot of its own
	}
	for attempt := 0; ; attempt++ {
		p.report(false, "connecting")
		me, err := p.own.works(ctx)
		if err == nil {
			p.mu.Lock()
			p.me = *me
			own := *p.own // others may be looking at the old one
			own.team, own.bot = me.TeamID, me.UserID
			p.own = &own
			p.mu.Unlock()
			return nil
		}
		if fatal := p.fatalError(err); fatal != nil {
			p.report(false, fatal.Error())
			return fatal
		}
		p.log.WarnContext(ctx, "slack cannot be reached", "error", safe(err))
		p.report(false, "Slack cannot be reached")
		if !pause(ctx, backoff(attempt)) {
			return ctx.Err()
		}
	}
}

// report says how the connection stands.
func (p *Platform) report(connected bool, state string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.socket != connected || p.since.IsZero() {
		p.since = time.Now()
	}
	p.socket, p.state = connected, state
}

// Status tells whether requests can come in, and how things stand.
func (p *Platform) Status() (connected bool, text string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	text = p.state
	if p.me.Team != "" {
		text = fmt.Sprintf("%s (%s)", text, clip(clean(p.me.Team), 60))
	}
	return p.socket, text
}

// fatalError is the one clear message about credentials that Slack does not
// accept; nil for other errors.
func (p *Platform) fatalError(err error) error {
	code := errorCode(err)
	var why string
	switch code {
	case "invalid_auth", "not_authed":
		why = "Slack does not accept the token: copy it again from the app's page"
	case "token_revoked", "token_expired":
		why = "the token was revoked: install the app again and copy the new token"
	case "account_inactive":
		why = "the app was removed from the workspace, or its account is switched off: install it again"
	case "not_allowed_token_type":
		why = "the tokens were mixed up: the bot token begins with xoxb-, the app token with xapp-"
	default:
		return nil
	}
	return fmt.Errorf("slack: %s (%s)", why, code)
}
