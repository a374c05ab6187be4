package main

import (
	"context"

	"onrecord/article"
	"onrecord/brief"
	"onrecord/chat"
	"onrecord/watch"
	"onrecord/webhook"
)

// hooks sends messages to programs; nil without a key to sign them.
func (a *app) hooks() *webhook.Sender {
	if len(a.WebhookKey) == 0 {
		return nil
	}
	return &webhook.Sender{Client: a.reader(), Keys: a.WebhookKey, Agent: "Onrecord/" + version}
}

// desk speaks in channels, and briefs for programs on behalf of the workspace
// whose watch tells them.
type desk struct {
	*chat.Desk
	bot *chat.Bot
}

// Room implements watch.Poster: a program is told as long as its workspace has
// not turned the bot off.
func (d *desk) Room(ctx context.Context, in watch.Place) (watch.Room, error) {
	if in.Platform != watch.Webhook {
		return d.Desk.Room(ctx, in)
	}
	platform, workspace := in.Owner()
	if !d.bot.Serves(ctx, platform, workspace) {
		return watch.Room{}, &chat.Refusal{Text: "The bot is switched off in this workspace."}
	}
	return watch.Room{}, nil
}

// Brief implements watch.Poster. What a program is told of is for the whole
// workspace to find.
func (d *desk) Brief(ctx context.Context, in watch.Place, private bool, src article.Source) (*brief.Briefing, error) {
	if in.Platform == watch.Webhook {
		platform, workspace := in.Owner()
		in = watch.Place{Platform: platform, Workspace: workspace, Channel: watch.Webhook}
	}
	return d.Desk.Brief(ctx, in, private, src)
}

// watcher follows feeds, people and articles and says by some platforms what is
// new; nil without a store. It is told by the bot's service what is briefed.
func (a *app) watcher(ctx context.Context, bot *chat.Bot, announcers ...chat.Announcer) *watch.Watcher {
	db := a.store(ctx)
	if db == nil {
		return nil
	}
	w := &watch.Watcher{
		Store: db.Watches(), Reader: a.reader(), Articles: a.reader(), Queue: a.queue(ctx), Every: a.FeedEvery, Log: a.log(),
		Poster: &desk{&chat.Desk{Service: bot.Service, Announcers: announcers, Admits: bot.Hears, Pages: bot.Pages}, bot},
		Follows: func(ctx context.Context, in watch.Place) bool {
			platform, workspace := in.Owner()
			return bot.Follows(ctx, chat.Scope{Platform: platform, Workspace: workspace, Channel: in.Channel})
		},
	}
	if hooks := a.hooks(); hooks != nil {
		w.Courier = hooks
	}
	bot.Watcher = w
	bot.Service.Briefed = func(ctx context.Context, in chat.Scope, src article.Source, b *brief.Briefing) {
		at := watch.Place{Platform: in.Platform, Workspace: in.Workspace, Channel: in.Channel}
		if !in.Quiet {
			at.Thread = in.Thread
		}
		if err := w.Briefed(ctx, at, src, b); err != nil && ctx.Err() == nil {
			a.log().WarnContext(ctx, "watches could not be told of an article", "error", err)
		}
	}
	return w
}
