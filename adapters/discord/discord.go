// Package discord is the bot in Discord.
//
// What happens there comes in by the gateway, a web socket, or, for commands,
// buttons and forms only, by signed HTTP requests ([ModeHTTP]). Either way the
// front desk (interaction.go, mention.go) writes the request down in the queue
// with the address that its answer goes to, and acknowledges it within the three
// seconds that Discord gives. A worker (answer.go) then downloads files, asks
// the handler, sets the reply within all limits (render.go) and sends it by the
// REST API (rest.go). A request whose process died is answered by the next one.
//
// discordgo brings the gateway session, the types and the check of signatures.
// What is known to be wrong or missing in it is worked around where it shows:
// rest.go for rate limits and retries, gateway.go for sessions that die
// silently and for what was missed meanwhile.
package discord

import (
	"cmp"
	"context"
	"crypto/ed25519"
	"encoding/hex"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"time"

	"onrecord/chat"
	"onrecord/install"
	"onrecord/work"
)

// Mode is how Discord reaches the bot.
type Mode string

// The modes.
const (
	ModeGateway Mode = "gateway" // the bot connects to Discord; everything works
	ModeHTTP    Mode = "http"    // Discord calls the bot: commands, buttons and forms only
)

// Options are the settings of a Platform. Token and Queue are needed, and
// PublicKey with ModeHTTP.
type Options struct {
	Token         string // of the bot, without "Bot "
	ApplicationID string // asked from Discord if empty
	PublicKey     string // of the application, 64 hexadecimal digits; with ModeHTTP
	APIURL        string // of a gateway of one's own; "https://discord.com/api" if empty
	Mode          Mode   // ModeGateway if empty

	// ShardID and ShardCount name the shard of this process. If ShardCount is 0,
	// Discord says how many there are, and the processes share them out.
	ShardID, ShardCount int
	Leases              work.Leases // of these processes; this is the only one if nil

	Queue  *work.Queue
	Recent chat.Recent // for completion of SOURCE; none if nil
	// Speakers suggests names while one is typed; none are if nil.
	Speakers func(ctx context.Context, scope chat.Scope, typed string) []chat.Suggestion
	Notes    Notes          // memory if nil
	Commands []chat.Command // chat.Commands() if nil

	Guilds   []string          // servers that may be served, and who is in them; all if empty
	Installs *install.Register // where the servers are kept that the bot is in; nowhere if nil

	// Forget is called when the bot was removed from a server, whose data are
	// then to be dropped. May be nil.
	Forget func(ctx context.Context, workspace string) error

	Proxy *url.URL     // for everything that goes out; none if nil, whatever the environment says
	Log   *slog.Logger // nothing is logged if nil
}

// name is the platform's, and the lane of its jobs.
const name = "discord"

// Platform is a [chat.Platform] in Discord. Make one with New.
type Platform struct {
	o      Options
	key    ed25519.PublicKey
	api    *api
	client *http.Client // for files
	notes  Notes
	log    *slog.Logger

	turns   work.MemoryLeases
	lease   time.Duration // of a shard; the default if 0
	gap     time.Duration // between shards that identify themselves
	silence time.Duration // of the gateway, after which it is given up
	opening time.Duration // the longest that may take

	mu        sync.Mutex
	appID     string
	botID     string
	connected bool
	status    string
	fatal     error
	stop      context.CancelFunc         // of Run
	acks      map[string]chan struct{}   // closed when an interaction is acknowledged
	held      map[string]*heldReply      // replies whose sending failed
	channels  map[string]knownChannel    // what is known of channels
	followed  map[string]followedChannel // where the bot was spoken to
	dirty     map[int]bool               // shards of which followed has changed since it was noted
	loaded    map[int]bool               // shards of which followed has what an earlier process noted
	count     int                        // shards there are
	shards    map[int]shardState         // those of this process
	recount   func()                     // there have to be more shards
	members   map[string]membership      // who is in a server on the list
	aways     map[string]bool            // who was told that they are not
}

var _ chat.Platform = (*Platform)(nil)

// New makes a Platform. It connects to nothing yet.
func New(o Options) (*Platform, error) {
	o.Token = strings.TrimSpace(strings.TrimPrefix(strings.TrimSpace(o.Token), "Bot "))
	o.Mode = cmp.Or(o.Mode, ModeGateway)
	o.APIURL = strings.TrimRight(cmp.Or(o.APIURL, "https://discord.com/api"), "/")
	switch {
	case o.Token == "":
		return nil, errors.New("discord: a bot token is needed")
	case strings.ContainsAny(o.Token, " \t\r\n"):
		return nil, errors.New("discord: the bot token has white space in it")
	case o.Queue == nil:
		return nil, errors.New("discord: a queue is needed")
	case o.Mode != ModeGateway && o.Mode != ModeHTTP:
		return nil, fmt.Errorf("discord: mode %q is neither %q nor %q", o.Mode, ModeGateway, ModeHTTP)
	case slices.ContainsFunc(o.Guilds, func(g string) bool { return !validID(g) }):
		return nil, errors.New("discord: the list of servers has something that is no identifier of a server")
	case o.ShardCount < 0 || o.ShardID < 0 || o.ShardID > 0 && o.ShardID >= o.ShardCount:
		return nil, fmt.Errorf("discord: there is no shard %d of %d", o.ShardID, o.ShardCount)
	}
	base, err := url.Parse(o.APIURL)
	if err != nil || base.Scheme != "http" && base.Scheme != "https" || base.Host == "" {
		return nil, errors.New("discord: the API's address must begin with https:// or http://")
	}
	p := &Platform{
		o:        o,
		appID:    o.ApplicationID,
		notes:    o.Notes,
		log:      o.Log,
		silence:  silentFor,
		opening:  openWithin,
		gap:      identifyGap,
		dirty:    map[int]bool{},
		loaded:   map[int]bool{},
		shards:   map[int]shardState{},
		members:  map[string]membership{},
		aways:    map[string]bool{},
		count:    1,
		status:   "not started",
		acks:     map[string]chan struct{}{},
		held:     map[string]*heldReply{},
		channels: map[string]knownChannel{},
		followed: map[string]followedChannel{},
	}
	if o.PublicKey != "" || o.Mode == ModeHTTP {
		key, err := hex.DecodeString(strings.TrimSpace(o.PublicKey))
		if err != nil || len(key) != ed25519.PublicKeySize {
			return nil, errors.New("discord: the public key must be 64 hexadecimal digits, from General Information in the developer portal")
		}
		p.key = key
	}
	if p.o.Commands == nil {
		p.o.Commands = chat.Commands()
	}
	if p.notes == nil {
		p.notes = &memoryNotes{}
	}
	if p.log == nil {
		p.log = slog.New(slog.DiscardHandler)
	}
	transport := http.DefaultTransport.(*http.Transport).Clone()
	transport.Proxy = p.proxy()
	transport.MaxIdleConnsPerHost = 16
	p.client = &http.Client{
		Transport: transport,
		// The API redirects nothing, and a file must not lead elsewhere.
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
	p.api = &api{base: o.APIURL + "/v10", token: o.Token, client: p.client, log: p.log, fatal: p.end, buckets: map[string]*bucket{}}
	return p, nil
}

// Name implements [chat.Platform].
func (p *Platform) Name() string { return name }

// Capabilities implements [chat.Platform].
func (p *Platform) Capabilities() chat.Capabilities {
	return chat.Capabilities{Actions: true, Edit: true, Files: true, Threads: true, Public: true}
}

// app is the application's identifier.
func (p *Platform) app() string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.appID
}

// bot is the identifier of the bot's user.
func (p *Platform) bot() string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.botID
}

// end ends Run with an error: nothing works any more.
func (p *Platform) end(err error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.fatal == nil {
		p.fatal = err
	}
	p.connected, p.status = false, err.Error()
	if p.stop != nil {
		p.stop()
	}
}

func (p *Platform) setStatus(connected bool, text string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.fatal == nil {
		p.connected, p.status = connected, text
	}
}

// Status says whether the bot is connected to Discord, and how.
func (p *Platform) Status() (connected bool, text string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.connected, p.status
}

// Run implements [chat.Platform]. A refused token ends it with one error; a
// lost connection does not.
func (p *Platform) Run(ctx context.Context, h chat.Handler) error {
	run, stop := context.WithCancel(ctx)
	defer stop()
	p.mu.Lock()
	p.stop, p.fatal = stop, nil
	p.mu.Unlock()
	defer p.client.CloseIdleConnections()
	defer p.setStatus(false, "stopped")

	var serving sync.WaitGroup
	serving.Go(func() {
		if !p.introduce(run) {
			return
		}
		if p.o.Mode == ModeHTTP {
			p.setStatus(true, "ready for interactions by HTTP")
			<-run.Done()
			return
		}
		p.gateway(run)
	})
	// Jobs in hand are finished after run has ended; they still send.
	err := p.o.Queue.Work(run, name, func(ctx context.Context, job *work.Job) error { return p.serve(ctx, h, job) })
	stop()
	serving.Wait()
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.fatal != nil {
		return p.fatal
	}
	if err != nil {
		return fmt.Errorf("discord: %w", err)
	}
	return nil
}

// introduce finds out who we are and registers the commands, and goes on
// trying. It reports false when there is no point in going on.
func (p *Platform) introduce(ctx context.Context) bool {
	p.setStatus(false, "connecting")
	for pause := time.Second; ; pause = min(2*pause, time.Minute) {
		err := p.whoAmI(ctx)
		if err == nil {
			err = p.register(ctx)
			if status := statusOf(err); err == nil || status == http.StatusBadRequest || status == http.StatusForbidden {
				// Without fresh commands the rest still works.
				if err != nil {
					p.log.ErrorContext(ctx, "Discord does not take the commands", "error", err)
				}
				return ctx.Err() == nil
			}
		}
		if ctx.Err() != nil {
			return false
		}
		p.setStatus(false, "cannot reach Discord")
		p.log.WarnContext(ctx, "Discord cannot be reached; trying again", "pause", pause, "error", err)
		if sleep(ctx, jitter(pause)) != nil {
			return false
		}
	}
}

// whoAmI asks Discord for the identifiers of the bot and its application.
func (p *Platform) whoAmI(ctx context.Context) error {
	var me struct {
		ID string `json:"id"`
	}
	if err := p.api.do(ctx, call{method: "GET", path: "/users/@me", out: &me}); err != nil {
		return fmt.Errorf("asking who the bot is: %w", err)
	}
	app := p.app()
	if app == "" {
		var a struct {
			ID string `json:"id"`
		}
		if err := p.api.do(ctx, call{method: "GET", path: "/applications/@me", out: &a}); err != nil {
			return fmt.Errorf("asking for the application: %w", err)
		}
		app = a.ID
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.botID, p.appID = me.ID, app
	return nil
}
