package main

import (
	"context"
	"errors"
	"net"
	"net/url"
	"sync"
	"time"

	"onrecord/chat"
	"onrecord/store"
	"onrecord/watch"
	"onrecord/web"
)

type serveCommand struct{}

// Run opens the listener, joins every platform that has credentials, and
// serves until the process is told to end. What was accepted by then is
// answered, or left to the next process.
func (serveCommand) Run(ctx context.Context, a *app) error {
	kept, err := a.cache()
	if err != nil {
		return err
	}
	all, err := a.platforms(ctx)
	if err != nil {
		return err
	}
	bot, err := a.bot(ctx)
	if err != nil {
		return err
	}
	log := a.log()
	log.InfoContext(ctx, "onrecord starts", "version", version, "cache", cacheKind(a), "platforms", len(all))
	if len(all) == 0 {
		log.InfoContext(ctx, "no chat platform has credentials: only the HTTP listener is open, 'bot chat' talks in a terminal")
	}
	wrapping := chat.Wrapping{Log: log, Limit: a.Limit, LimitOf: bot.LimitOf}
	if counter, ok := kept.(chat.Counter); ok {
		wrapping.Counter = counter
	}
	metrics := &web.Metrics{Version: version, Gauges: a.gauges(ctx, all)}
	wrapping.Meter = metrics
	handler := chat.Wrap(bot.Handle, wrapping)
	var announcers []chat.Announcer
	var lanes []string
	for _, p := range all {
		announcers, lanes = append(announcers, p), append(lanes, p.Name())
	}
	server := web.New(web.Options{Address: a.Listen, Log: log, Ready: parts(all)})
	server.Handle("GET /metrics", metrics)
	for _, p := range all {
		for pattern, h := range p.Handlers() {
			server.Handle(pattern, h)
		}
	}
	if len(a.APITokens) > 0 {
		api := &web.API{Service: bot.Service, Tokens: a.APITokens, Counter: wrapping.Counter, Limit: a.APILimit, Log: log, Meter: metrics}
		for pattern, h := range api.Handlers() {
			server.Handle(pattern, h)
		}
	}
	if links := a.links(bot, wrapping.Counter); links != nil {
		bot.Pages = links
		for pattern, h := range links.Handlers() {
			server.Handle(pattern, h)
		}
	}
	watcher := a.watcher(ctx, bot, announcers...)
	if a.hooks() != nil {
		lanes = append(lanes, watch.Webhook)
	}

	ctx, stop := context.WithCancelCause(ctx)
	defer stop(nil)
	var running sync.WaitGroup
	if db := a.store(ctx); db != nil {
		running.Go(func() { tidy(ctx, a, db) })
		if later := a.later(ctx, db); later != nil {
			running.Go(func() { later.Run(ctx) })
		}
	}
	if watcher != nil {
		running.Go(func() {
			if err := watcher.Run(ctx, lanes...); err != nil {
				log.ErrorContext(ctx, "watching has ended", "error", err)
			}
		})
	}
	left := len(all)
	var mu sync.Mutex
	for _, p := range all {
		running.Go(func() {
			err := p.Run(ctx, handler)
			if err == nil {
				return
			}
			log.ErrorContext(ctx, "a platform cannot be served any more", "platform", p.Name(), "error", err)
			mu.Lock()
			defer mu.Unlock()
			if left--; left == 0 {
				stop(err) // a bot that no platform is left for has nothing to do
			}
		})
	}
	err = server.Run(ctx)
	stop(nil)
	running.Wait()
	var op *net.OpError
	if errors.As(err, &op) {
		return fail(err, "The listener could not open %s (%s): set ONRECORD_LISTEN to another address, or end what uses this one.", a.Listen, innermost(err))
	}
	if cause := context.Cause(ctx); err == nil && cause != nil && !errors.Is(cause, context.Canceled) {
		return fail(cause, "No platform is left to serve (%s): 'bot doctor' says what to do.", oneLine(cause))
	}
	if err == nil {
		log.Info("onrecord ends")
	}
	return err
}

// links makes and serves the addresses of annotated articles; nil when they are
// not wanted.
func (a *app) links(bot *chat.Bot, counter chat.Counter) *web.Links {
	if a.PublicURL == "" || a.LinkKey == "" {
		return nil
	}
	base, err := url.Parse(a.PublicURL)
	if err != nil {
		panic(err) // validate has seen it
	}
	return &web.Links{
		Base: base, Key: []byte(a.LinkKey), Lasts: a.LinkLasts, Whole: a.LinkText == "whole",
		Briefer: bot.Service.Briefer, Admits: bot.Serves, Counter: counter, Log: a.log(),
		Checklist: bot.Service.Checklist,
	}
}

// gauges are what stands in the metrics beside the counts of requests.
func (a *app) gauges(ctx context.Context, all []platform) func() []web.Gauge {
	return func() []web.Gauge {
		var list []web.Gauge
		for _, p := range all {
			g := web.Gauge{Name: "onrecord_platform_ready", Help: "Whether a platform is connected.", Label: "platform", Value: p.Name()}
			if ready, _ := p.Status(); ready {
				g.Number = 1
			}
			list = append(list, g)
		}
		ctx, cancel := context.WithTimeout(ctx, 2*time.Second)
		defer cancel()
		counts, err := a.queue(ctx).Counts(ctx)
		if err != nil {
			a.log().WarnContext(ctx, "requests cannot be counted", "error", err)
			return list
		}
		for _, c := range []struct {
			state string
			n     int64
		}{{"waiting", counts.Waiting}, {"working", counts.Working}, {"late", counts.Late}, {"failed", counts.Failed}, {"uncertain", counts.Uncertain}} {
			list = append(list, web.Gauge{Name: "onrecord_work", Help: "Accepted requests by state; late, failed and uncertain ones were given up.", Label: "state", Value: c.state, Number: float64(c.n)})
		}
		return list
	}
}

// tidy drops what is over its time, now and then.
func tidy(ctx context.Context, a *app, db *store.DB) {
	tick := time.NewTicker(15 * time.Minute)
	defer tick.Stop()
	for {
		if err := db.Expire(ctx, time.Now()); err != nil && ctx.Err() == nil {
			a.log().WarnContext(ctx, "what is over its time could not be dropped", "error", err)
		}
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
	}
}

func cacheKind(a *app) string {
	if a.RedisURL != "" {
		return "redis"
	}
	return "memory"
}
