package slack

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"time"

	"github.com/slack-go/slack"

	"onrecord/chat"
	"onrecord/install"
)

// seat is the bot in one workspace, with the token that it has there.
type seat struct {
	*Platform
	team   string
	bot    string // the bot's user
	token  string
	api    *slack.Client
	limits *gates // of the token
	own    bool   // the token is that of the settings: without it the platform is over
}

// seated is a seat that was looked up.
type seated struct {
	*seat
	until time.Time // it is to be looked up again
}

const (
	seatFor = time.Minute // so long a process does not hear of another token
	// renewBefore is how long before its end a token that expires is renewed.
	// They last 12 hours.
	renewBefore = time.Hour
	renewLease  = 30 * time.Second
)

// errNotInstalled says that there is no token for a workspace.
var errNotInstalled = errors.New("the app is not installed in that workspace")

func (p *Platform) newSeat(team, bot, token string) *seat {
	return &seat{
		Platform: p, team: team, bot: bot, token: token, limits: &gates{},
		api: slack.New(token, slack.OptionAPIURL(p.o.APIURL), slack.OptionHTTPClient(p.client)),
	}
}

// seat gives the bot's seat in a workspace. It fails with errNotInstalled, or
// install.ErrKey.
func (p *Platform) seat(ctx context.Context, team string) (*seat, error) {
	p.mu.Lock()
	own, known := p.own, p.seats[team]
	p.mu.Unlock()
	if own != nil && (p.o.Installs == nil || team == "" || team == own.team) {
		return own, nil
	}
	if known.seat != nil && time.Now().Before(known.until) {
		return known.seat, nil
	}
	in, err := p.o.Installs.Get(ctx, lane, team)
	switch {
	case errors.Is(err, install.ErrNone):
		p.unseat(team)
		return nil, errNotInstalled
	case errors.Is(err, install.ErrKey):
		return nil, err
	case err != nil && known.seat != nil:
		return known.seat, nil // the store is away
	case err != nil:
		return nil, fmt.Errorf("looking for a token: %w", err)
	}
	if in.Secret.Refresh != "" && !in.Expires.IsZero() && time.Until(in.Expires) < renewBefore {
		if in, err = p.renew(ctx, in); err != nil {
			return nil, err
		}
	}
	s := known.seat
	if s == nil || s.token != in.Secret.Token || s.bot != in.Bot {
		s = p.newSeat(team, in.Bot, in.Secret.Token)
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.seats == nil || len(p.seats) >= maxCached {
		p.seats = map[string]seated{}
	}
	p.seats[team] = seated{s, time.Now().Add(seatFor)}
	return s, nil
}

// unseat forgets what was looked up.
func (p *Platform) unseat(team string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	delete(p.seats, team)
}

// botOf is the bot's user in a workspace, "" when that is not known.
func (p *Platform) botOf(ctx context.Context, team string) string {
	s, err := p.seat(ctx, team)
	if err != nil {
		return ""
	}
	return s.bot
}

// renew asks for the next token in the place of one that is about to expire. A
// refresh token works once, so one process at a time does that.
func (p *Platform) renew(ctx context.Context, in install.Installation) (install.Installation, error) {
	p.renewing.Lock()
	defer p.renewing.Unlock()
	name, owner := "slack/renew/"+in.Workspace, rand.Text()
	if p.o.Leases != nil {
		have, err := p.o.Leases.Hold(ctx, name, owner, time.Now(), time.Now().Add(renewLease))
		if err != nil || !have {
			return usable(in, fmt.Errorf("another process renews the token: %w", err))
		}
		defer func() { _ = p.o.Leases.Drop(context.WithoutCancel(ctx), name, owner) }()
	}
	in, err := p.o.Installs.Get(ctx, lane, in.Workspace)
	if err != nil || time.Until(in.Expires) >= renewBefore {
		return in, err // another one was faster
	}
	var got *slack.OAuthV2Response
	err = once(ctx, &p.gates, "oauth.v2.access", func(ctx context.Context) (err error) {
		got, err = slack.RefreshOAuthV2TokenContext(ctx, p.client, p.o.ClientID, p.o.ClientSecret, in.Secret.Refresh, slack.OAuthOptionAPIURL(p.o.APIURL))
		return err
	})
	if err == nil && (got.AccessToken == "" || got.RefreshToken == "") {
		err = errors.New("no token in the answer")
	}
	if err != nil {
		code := errorCode(err)
		p.log.ErrorContext(ctx, "a token could not be renewed", "workspace", in.Workspace, "code", code, "error", safe(err))
		if code == "invalid_refresh_token" || p.fatalError(err) != nil {
			_ = p.o.Installs.Note(ctx, lane, in.Workspace, code)
		}
		return usable(in, fmt.Errorf("renewing a token: %w", safe(err)))
	}
	in.Secret = install.Secret{Token: got.AccessToken, Refresh: got.RefreshToken}
	in.Expires, in.Problem = time.Now().Add(time.Duration(got.ExpiresIn)*time.Second), ""
	// The old ones no longer work: this must not get lost.
	for attempt := range 5 {
		if err = p.o.Installs.Put(context.WithoutCancel(ctx), in); err == nil {
			return in, nil
		}
		p.log.ErrorContext(ctx, "a new token could not be kept", "workspace", in.Workspace, "error", err)
		pause(context.WithoutCancel(ctx), backoff(attempt))
	}
	return in, nil
}

// usable is an installation whose token still works, or the error.
func usable(in install.Installation, err error) (install.Installation, error) {
	if time.Until(in.Expires) > time.Minute {
		return in, nil
	}
	return in, err
}

// refused deals with a token that Slack does not accept. That of the settings
// ends the platform. Another is noted for the operator, and looked up again: it
// may have been replaced.
func (p *seat) refused(ctx context.Context, code string, fatal error) {
	if p.own {
		if live, ok := p.enter(); ok {
			live.fatal(fatal)
			live.wg.Done()
		}
		return
	}
	p.unseat(p.team)
	p.log.WarnContext(ctx, "slack does not accept the token of a workspace", "workspace", p.team, "code", code)
	in, err := p.o.Installs.Get(ctx, lane, p.team)
	if err == nil && in.Secret.Token == p.token {
		err = p.o.Installs.Note(ctx, lane, p.team, code)
	}
	if err != nil && !errors.Is(err, install.ErrNone) {
		p.log.WarnContext(ctx, "it could not be noted that a token is refused", "error", err)
	}
}

// unseated answers who asks in a workspace that there is no token for. Only a
// response address needs none.
func (p *Platform) unseated(ctx context.Context, a ask, why error) error {
	sentence := "I am not installed in this workspace any more: somebody has to install me again."
	if p.o.PublicURL != nil {
		sentence = "I am not installed in this workspace any more. Install me again: " + p.address("/slack/install")
	}
	if errors.Is(why, install.ErrKey) {
		sentence = "I cannot open my key for this workspace: whoever runs me can put that right, or somebody installs me again."
		p.log.ErrorContext(ctx, "the token of a workspace cannot be opened", "workspace", a.Team, "error", why)
	} else {
		p.log.WarnContext(ctx, "something comes from a workspace that the app is not installed in", "workspace", a.Team)
	}
	if a.Kind != kindRequest || a.Respond == "" {
		return nil
	}
	if a.Refusal != "" {
		sentence = a.Refusal
	}
	err := p.respond(ctx, a.Respond, map[string]any{
		"response_type": "ephemeral", "replace_original": false, "unfurl_links": false, "unfurl_media": false, "mrkdwn": false, "text": sentence,
	})
	if err != nil && !gone(err) {
		p.log.WarnContext(ctx, "somebody could not be told why there is no answer", "code", errorCode(err))
	}
	return p.away(ctx, a)
}

// Notes is where the bot notes something for itself.
type Notes interface {
	Get(ctx context.Context, key string) (value string, ok bool, err error)
	Set(ctx context.Context, key, value string) error
}

// notAdmitted is what a workspace that is not on the operator's list is told.
const notAdmitted = "I may not work in this workspace: whoever runs me has a list of workspaces, and it is not on it. Ask them to add it, or take me out again."

// admits reports whether a workspace is on the operator's list.
func (p *Platform) admits(team string) bool {
	return len(p.o.Teams) == 0 || slices.Contains(p.o.Teams, team)
}

func awayNote(team string) string { return lane + ":away:" + team }

// turnAway makes of a request from a workspace that is not on the list the one
// polite sentence. It reports false when that was said there before.
func (p *Platform) turnAway(ctx context.Context, a ask) (ask, bool) {
	if a.Kind != kindRequest {
		return a, false
	}
	if _, told := p.told.get(a.Team); told {
		return a, false
	}
	if p.o.Notes != nil {
		if _, told, err := p.o.Notes.Get(ctx, awayNote(a.Team)); err != nil || told {
			p.told.put(a.Team, true)
			return a, false
		}
	}
	a.Refusal, a.Away = notAdmitted, true
	a.Text, a.Material, a.Links, a.Files, a.Shown = "", "", nil, nil, chat.Visibility("")
	return a, true
}

// away notes that a workspace was turned away.
func (p *Platform) away(ctx context.Context, a ask) error {
	if !a.Away {
		return nil
	}
	p.told.put(a.Team, true)
	if p.o.Notes == nil {
		return nil
	}
	return p.o.Notes.Set(ctx, awayNote(a.Team), time.Now().UTC().Format(time.RFC3339))
}

// refusal is why nothing may be posted in a workspace, nil if it may.
func refusal(err error) error {
	if errors.Is(err, errNotInstalled) || errors.Is(err, install.ErrKey) {
		return &chat.Refusal{Text: "The app is no longer installed in that workspace."}
	}
	return err
}

// address is a public address of this bot.
func (p *Platform) address(path string) string { return p.o.PublicURL.JoinPath(path).String() }

// works asks Slack whether a token works.
func (p *seat) works(ctx context.Context) (me *slack.AuthTestResponse, err error) {
	err = p.once(ctx, "auth.test", func(ctx context.Context) (err error) {
		me, err = p.api.AuthTestContext(ctx)
		return err
	})
	return me, err
}

// installHandlers are the endpoints of the installation, none if it is off.
func (p *Platform) installHandlers() map[string]http.Handler {
	if p.o.ClientID == "" {
		return nil
	}
	return map[string]http.Handler{
		"GET /slack/install":        http.HandlerFunc(p.beginInstall),
		"GET /slack/oauth_redirect": http.HandlerFunc(p.endInstall),
	}
}
