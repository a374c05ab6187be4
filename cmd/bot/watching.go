package main

import (
	"context"

	"onrecord/article"
	"onrecord/brief"
	"onrecord/chat"
	"onrecord/watch"
)

// watcher follows feeds, people and articles and says by some platforms what is
// new; nil without a store. It is told by the bot's service what is briefed.
func (a *app) watcher(ctx context.Context, bot *chat.Bot, announcers ...chat.Announcer) *watch.Watcher {
	db := a.store(ctx)
	if db == nil {
		return nil
	}
	w := &watch.Watcher{
		Store: db.Watches(), Reader: a.reader(), Articles: a.reader(), Queue: a.queue(ctx), Every: a.FeedEvery, Log: a.log(),
		Poster: &chat.Desk{Service: bot.Service, Announcers: announcers, Admits: bot.Hears},
		Follows: func(ctx context.Context, in watch.Place) bool {
			return bot.Follows(ctx, chat.Scope{Platform: in.Platform, Workspace: in.Workspace, Channel: in.Channel})
		},
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
