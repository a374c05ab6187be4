package slack

import (
	"context"
	_ "embed" // the manifest
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/slack-go/slack"

	"onrecord/chat"
)

// Manifest is the description of the app that Slack creates it from, with the
// least scopes and why each is needed.
//
//go:embed manifest.yaml
var Manifest string

// scopes are the bot's scopes in the manifest.
func scopes() []string { return listed("bot") }

// listed are the entries of the list under a key of the manifest.
func listed(key string) []string {
	var found []string
	inside := false
	for line := range strings.Lines(Manifest) {
		line, _, _ = strings.Cut(strings.TrimSpace(line), " #")
		line = strings.TrimSpace(line)
		entry, isEntry := strings.CutPrefix(line, "- ")
		switch {
		case line == key+":":
			inside = true
		case strings.HasPrefix(line, "#"):
		case inside && isEntry:
			found = append(found, entry)
		default:
			inside = false
		}
	}
	return found
}

// Check tells the operator whether the tokens work, whether the app has the
// scopes that it needs, and whether requests can come in.
func (p *Platform) Check(ctx context.Context) []chat.Finding {
	defer p.transport.CloseIdleConnections()
	var found []chat.Finding
	say := func(ok bool, format string, args ...any) {
		found = append(found, chat.Finding{OK: ok, Text: fmt.Sprintf(format, args...)})
	}
	if p.own != nil {
		me, err := p.own.works(ctx)
		switch {
		case err == nil:
			say(true, "the bot token works: %s in %s", clean(me.User), clean(me.Team))
			p.checkScopes(me.Header.Get("X-OAuth-Scopes"), say)
		case p.fatalError(err) != nil:
			say(false, "%s", strings.TrimPrefix(p.fatalError(err).Error(), "slack: "))
		default:
			say(false, "Slack cannot be asked whether the bot token works: %v", safe(err))
		}
	}
	p.checkInstalls(ctx, say)
	if len(p.o.Teams) > 0 {
		say(true, "%d workspaces are on the list, others are turned away: %s", len(p.o.Teams), clip(strings.Join(p.o.Teams, ", "), 200))
	}
	if p.o.AppToken == "" {
		say(true, "requests come in by HTTP, with a signing secret: give Slack the addresses /slack/events, /slack/commands and /slack/interactions of this host")
	} else {
		err := p.once(ctx, connectsPath, func(ctx context.Context) error {
			_, _, err := p.api.StartSocketModeContext(ctx)
			return err
		})
		var status slack.StatusCodeError
		switch code := errorCode(err); {
		case err == nil:
			say(true, "a socket can be opened with the app token")
		case code == "missing_scope" || code == "no_permission":
			say(false, "the app token lacks the scope connections:write: make a new one with it (Basic Information → App-Level Tokens)")
		case code == "invalid_auth" || code == "not_authed" || code == "token_revoked" || code == "not_allowed_token_type":
			say(false, "the app token does not work: copy it again (Basic Information → App-Level Tokens); it begins with xapp- (%s)", code)
		case code == "forbidden_team", errors.As(err, &status) && status.Code == 404:
			say(false, "no socket can be opened: switch Socket Mode on for the app (%s)", code)
		default:
			say(false, "no socket can be opened: %v", safe(err))
		}
	}
	say(true, "slash commands and shortcuts cannot be looked up with a bot token: they come from the manifest (/%[1]sbrief, /%[1]squotes, /%[1]sclaims, /%[1]scheck, /%[1]ssaid)", p.o.Prefix)
	return found
}

const (
	mostAsked  = 50 // tokens that Check tries
	mostBroken = 5  // broken ones that it names
)

// checkInstalls counts the workspaces that installed the app and the tokens that
// do not work: those that cannot be opened, that were refused of late, or that
// Slack refuses now. It asks Slack about some only.
func (p *Platform) checkInstalls(ctx context.Context, say func(ok bool, format string, args ...any)) {
	if p.o.Installs == nil {
		return
	}
	all, err := p.o.Installs.List(ctx, lane)
	if err != nil {
		say(false, "the installations cannot be listed: %v", err)
		return
	}
	var broken []string
	asked := 0
	for _, in := range all {
		if in.Problem == "" && asked < mostAsked && (in.Secret.Refresh == "" || time.Until(in.Expires) > 0) {
			asked++
			if _, err := p.newSeat(in.Workspace, in.Bot, in.Secret.Token).works(ctx); p.fatalError(err) != nil {
				in.Problem = errorCode(err)
			}
		}
		if in.Problem != "" {
			broken = append(broken, fmt.Sprintf("%s (%s)", clean(in.Workspace), clip(clean(in.Problem), 200)))
		}
	}
	count := fmt.Sprintf("%d workspaces have installed the app", len(all))
	if len(all) == 1 {
		count = "one workspace has installed the app"
	}
	if p.o.ClientID != "" {
		count += "; others can at " + p.address("/slack/install")
	}
	if len(broken) == 0 {
		say(true, "%s; all tokens work", count)
		return
	}
	named := strings.Join(broken[:min(len(broken), mostBroken)], "; ")
	if more := len(broken) - mostBroken; more > 0 {
		named += fmt.Sprintf("; and %d more", more)
	}
	say(false, "%s; of %d the token does not work: %s. Somebody there has to install it again", count, len(broken), named)
}

func (p *Platform) checkScopes(header string, say func(ok bool, format string, args ...any)) {
	if header == "" {
		say(false, "Slack does not tell the token's scopes")
		return
	}
	var have []string
	for s := range strings.SplitSeq(header, ",") {
		have = append(have, strings.TrimSpace(s))
	}
	var missing []string
	for _, s := range scopes() {
		if !slices.Contains(have, s) {
			missing = append(missing, s)
		}
	}
	if len(missing) > 0 {
		say(false, "the bot token lacks %s: add them under OAuth & Permissions and install the app again", strings.Join(missing, ", "))
		return
	}
	say(true, "the bot token has all scopes of the manifest")
}
