package discord

import (
	"context"
	"encoding/hex"
	"fmt"
	"strings"
	"time"

	"onrecord/chat"
)

// Flags of an application that allow an intent, for bots in many servers and in
// few.
const (
	flagContentIntent        = 1 << 18
	flagContentIntentLimited = 1 << 19
)

// Check tries what the configuration says: the token, the application, the
// commands, and the public key where it is used.
func (p *Platform) Check(ctx context.Context) []chat.Finding {
	ctx, cancel := context.WithTimeout(ctx, 30*time.Second)
	defer cancel()
	var found []chat.Finding
	say := func(ok bool, format string, args ...any) {
		found = append(found, chat.Finding{OK: ok, Text: fmt.Sprintf(format, args...)})
	}
	var me struct {
		ID       string `json:"id"`
		Username string `json:"username"`
		Bot      bool   `json:"bot"`
	}
	err := p.api.do(ctx, call{method: "GET", path: "/users/@me", out: &me, within: 10 * time.Second})
	switch {
	case statusOf(err) == 401:
		say(false, "the bot token is refused. Make a new one under Bot, Reset Token, in the developer portal, and set DISCORD_TOKEN.")
		return found
	case err != nil:
		say(false, "it cannot be reached at %s: %v", p.o.APIURL, err)
		return found
	case !me.Bot:
		say(false, "the token is not that of a bot")
	default:
		say(true, "the token works, the bot is called %s", clean(me.Username))
	}
	var app struct {
		ID          string         `json:"id"`
		Flags       int            `json:"flags"`
		VerifyKey   string         `json:"verify_key"`
		Endpoint    string         `json:"interactions_endpoint_url"`
		Integration map[string]any `json:"integration_types_config"`
		_           struct{}
	}
	if err := p.api.do(ctx, call{method: "GET", path: "/applications/@me", out: &app, within: 10 * time.Second}); err != nil {
		say(false, "the application cannot be read: %v", err)
		return found
	}
	if p.o.ApplicationID != "" && p.o.ApplicationID != app.ID {
		say(false, "the token belongs to application %s, not to %s: correct DISCORD_APPLICATION_ID or leave it out", app.ID, p.o.ApplicationID)
	}
	if app.Flags&(flagContentIntent|flagContentIntentLimited) != 0 {
		say(true, "the Message Content intent is on, but not needed: it can be switched off under Bot in the developer portal")
	} else {
		say(true, "no privileged intent is on, and none is needed")
	}
	_, servers := app.Integration["0"]
	_, users := app.Integration["1"]
	switch {
	case servers && users:
		say(true, "it can be installed in servers and by users")
	case servers:
		say(true, "it can be installed in servers; to let people install it for themselves, add User Install under Installation")
	case users:
		say(false, "it can only be installed by users: add Guild Install under Installation, or mentions and threads do not work")
	}
	switch {
	case p.o.Mode == ModeHTTP && app.VerifyKey != "" && !strings.EqualFold(app.VerifyKey, hex.EncodeToString(p.key)):
		say(false, "the public key is not that of the application: copy it from General Information to DISCORD_PUBLIC_KEY")
	case p.o.Mode == ModeHTTP && app.Endpoint == "":
		say(false, "no Interactions Endpoint URL is set: start the bot, then enter https://YOUR-HOST/discord/interactions under General Information")
	case p.o.Mode == ModeHTTP:
		say(true, "interactions come by HTTP to %s", clean(app.Endpoint))
	case app.Endpoint != "":
		say(false, "an Interactions Endpoint URL is set, so commands and buttons do not come by the gateway: clear it under General Information, or set DISCORD_PUBLIC_KEY")
	default:
		say(true, "interactions come by the gateway")
	}
	p.checkShards(ctx, say)
	if len(p.o.Guilds) > 0 {
		say(true, "%d servers are on the list, others are turned away: %s", len(p.o.Guilds), cutTo(strings.Join(p.o.Guilds, ", "), 200))
	}
	p.checkCommands(ctx, app.ID, say)
	return found
}

// checkShards tells how many servers the bot is in, how many shards it takes, and
// how often it may still connect.
func (p *Platform) checkShards(ctx context.Context, say func(bool, string, ...any)) {
	if p.o.Installs != nil {
		if all, err := p.o.Installs.List(ctx, name); err != nil {
			say(false, "the servers that the bot is in cannot be listed: %v", err)
		} else {
			say(true, "servers that the bot is known to be in: %d", len(all))
		}
	}
	if p.o.Mode == ModeHTTP {
		return
	}
	found, err := p.askLimits(ctx)
	switch {
	case err != nil:
		say(false, "Discord does not say how many shards the gateway takes: %v", err)
	case found.Start.Total > 0 && found.Start.Remaining == 0:
		say(false, "the bot has connected too often today: it may again in %v", time.Duration(found.Start.ResetAfter)*time.Millisecond)
	case p.o.ShardCount > 0 && p.o.ShardCount < found.Shards:
		say(false, "Discord recommends %d shards, DISCORD_SHARD names %d: take it away, and the processes share them out", found.Shards, p.o.ShardCount)
	default:
		say(true, "shards of the gateway: %d; %d of %d connections are left today", max(found.Shards, 1), found.Start.Remaining, found.Start.Total)
	}
}

// checkCommands compares what is registered with what would be.
func (p *Platform) checkCommands(ctx context.Context, app string, say func(bool, string, ...any)) {
	var have []struct {
		Name string `json:"name"`
		Type int    `json:"type"`
	}
	if err := p.api.do(ctx, call{method: "GET", path: "/applications/" + app + "/commands", out: &have, within: 10 * time.Second}); err != nil {
		say(false, "the commands cannot be read: %v", err)
		return
	}
	names := map[string]bool{}
	for _, c := range have {
		names[c.Name] = true
	}
	var missing []string
	for _, c := range registered(p.o.Commands) {
		if !names[c.Name] {
			missing = append(missing, c.Name)
		}
	}
	if len(missing) > 0 {
		say(false, "not registered: %s. They are registered when the bot starts: start it with this token, and look at its log if they stay away", strings.Join(missing, ", "))
		return
	}
	_, hash, err := commandBody(registered(p.o.Commands))
	last, found, getErr := p.notes.Get(ctx, "discord:commands:"+app)
	if err == nil && getErr == nil && found && last != hash {
		say(true, "%d commands are registered; this version changes them at its next start", len(have))
		return
	}
	say(true, "%d commands are registered", len(have))
}
