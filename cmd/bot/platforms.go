package main

import (
	"context"
	"errors"
	"net/http"
	"net/url"

	"onrecord/adapters/discord"
	"onrecord/adapters/slack"
	"onrecord/chat"
	"onrecord/install"
	"onrecord/store"
	"onrecord/web"
)

// platform is an adapter that serves over the network.
type platform interface {
	chat.Announcer
	Handlers() map[string]http.Handler
	Status() (connected bool, text string)
	Check(ctx context.Context) []chat.Finding
}

// platforms makes every platform that has credentials.
func (a *app) platforms(ctx context.Context) ([]platform, error) {
	var all []platform
	for _, make := range []func(context.Context) (platform, error){a.slack, a.discord} {
		p, err := make(ctx)
		if err != nil {
			return nil, usageError{err.Error()}
		}
		if p != nil {
			all = append(all, p)
		}
	}
	return all, nil
}

func (a *app) slack(ctx context.Context) (platform, error) {
	installs, err := a.installs(ctx)
	if err != nil {
		return nil, err
	}
	if a.SlackBotToken == "" && a.SlackClientID == "" {
		if a.SlackAppToken != "" || a.SlackSigningSecret != "" {
			return nil, errors.New("slack: SLACK_BOT_TOKEN, or SLACK_CLIENT_ID for many workspaces, is missing beside the other settings of Slack")
		}
		return nil, nil
	}
	proxy, err := a.proxy()
	if err != nil {
		return nil, err
	}
	o := slack.Options{
		BotToken:      a.SlackBotToken,
		AppToken:      a.SlackAppToken,
		SigningSecret: a.SlackSigningSecret,
		APIURL:        a.SlackAPIURL,
		Prefix:        a.SlackCommandPrefix,
		Proxy:         proxy,
		Queue:         a.queue(ctx),
		Recent:        a.recent(ctx),
		Forget:        a.forget("slack"),
		Teams:         a.SlackTeams,
		Log:           a.log(),
	}
	if a.SlackClientID != "" {
		o.Installs, o.ClientID, o.ClientSecret = installs, a.SlackClientID, a.SlackClientSecret
		if o.PublicURL, err = url.Parse(a.PublicURL); err != nil {
			return nil, err
		}
	}
	if db := a.store(ctx); db != nil {
		o.Notes, o.Leases = db.Notes(), db.Leases()
	}
	p, err := slack.New(o)
	if err != nil {
		return nil, err
	}
	return p, nil
}

func (a *app) discord(ctx context.Context) (platform, error) {
	if a.DiscordToken == "" {
		if a.DiscordPublicKey != "" {
			return nil, errors.New("discord: DISCORD_TOKEN is missing beside DISCORD_PUBLIC_KEY")
		}
		return nil, nil
	}
	proxy, err := a.proxy()
	if err != nil {
		return nil, err
	}
	shard, of, err := a.discordShard()
	if err != nil {
		return nil, err
	}
	o := discord.Options{
		Token:         a.DiscordToken,
		ApplicationID: a.DiscordApplicationID,
		PublicKey:     a.DiscordPublicKey,
		APIURL:        a.DiscordAPIURL,
		ShardID:       shard,
		ShardCount:    of,
		Proxy:         proxy,
		Queue:         a.queue(ctx),
		Recent:        a.recent(ctx),
		Speakers:      (&chat.Service{Book: a.book(ctx)}).SuggestSpeakers,
		Forget:        a.forget("discord"),
		Guilds:        a.DiscordGuilds,
		Log:           a.log(),
	}
	if o.PublicKey != "" {
		o.Mode = discord.ModeHTTP
	}
	if db := a.store(ctx); db != nil {
		o.Notes, o.Leases, o.Installs = db.Notes(), db.Leases(), &install.Register{Store: db.Installations()}
	}
	p, err := discord.New(o)
	if err != nil {
		return nil, err
	}
	return p, nil
}

// installs is where the tokens of workspaces are kept; nil when no other workspace
// may install the Slack app.
func (a *app) installs(ctx context.Context) (*install.Register, error) {
	if a.SlackClientID == "" {
		return nil, nil
	}
	keys, err := install.ParseKeys(a.SecretKey)
	if err != nil {
		return nil, err
	}
	db := a.store(ctx)
	if db == nil {
		return nil, errors.New("slack: the tokens of workspaces are in the store, which cannot be opened: the log says why")
	}
	r := &install.Register{Store: db.Installations(), Keys: keys}
	if a.command == "serve" {
		n, err := r.Reseal(ctx, "slack")
		if err != nil {
			a.log().WarnContext(ctx, "tokens could not be sealed with the new key", "error", err)
		}
		if n > 0 {
			a.log().InfoContext(ctx, "tokens were sealed with the new key: the earlier ones can be thrown away", "tokens", n)
		}
	}
	return r, nil
}

// forget drops what is kept of a workspace, when the bot was taken out of it.
func (a *app) forget(platform string) func(context.Context, string) error {
	return func(ctx context.Context, workspace string) error {
		db := a.store(ctx)
		if db == nil {
			return nil
		}
		a.log().InfoContext(ctx, "a workspace took the bot out: what was kept of it is deleted", "platform", platform)
		return db.Forget(ctx, platform, workspace)
	}
}

// store opens the store when it is first wanted. It gives nil, and the log
// says why, when there is none: the bot briefs all the same, and forgets with
// its process.
func (a *app) store(ctx context.Context) *store.DB {
	a.once.store.Do(func() {
		path, err := a.storePlace()
		if err == nil && path == "" {
			return
		}
		if err == nil {
			a.db, err = store.Open(ctx, path, store.Options{})
		}
		if err != nil {
			a.dbErr = err
			a.log().ErrorContext(ctx, "the store cannot be opened: requests, settings and recent articles are kept in memory only", "error", err)
			return
		}
		a.closers = append(a.closers, a.db.Close)
	})
	return a.db
}

// recent remembers articles, in the store if there is one.
func (a *app) recent(ctx context.Context) chat.Recent {
	a.once.recent.Do(func() {
		a.remembered = &chat.MemoryRecent{}
		if db := a.store(ctx); db != nil {
			a.remembered = db.Recent(store.RecentOptions{})
		}
	})
	return a.remembered
}

// bot is the conversation, with what it remembers.
func (a *app) bot(ctx context.Context) (*chat.Bot, error) {
	service, err := a.service(ctx, false)
	if err != nil {
		return nil, err
	}
	service.Recent, service.Book, service.Sole = a.recent(ctx), a.book(ctx), a.command == "chat"
	b := &chat.Bot{Service: service}
	if db := a.store(ctx); db != nil {
		b.Settings, b.Feedback, b.Forgetter = db.Settings(), db.Feedback(), db
		service.Checklist = a.checklist(ctx)
	}
	return b, nil
}

// parts says of each platform whether it is ready.
func parts(all []platform) func() []web.Part {
	return func() []web.Part {
		list := make([]web.Part, len(all))
		for i, p := range all {
			ready, text := p.Status()
			list[i] = web.Part{Name: p.Name(), Ready: ready, Text: text}
		}
		return list
	}
}
