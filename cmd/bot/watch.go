package main

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"time"

	"onrecord/adapters/console"
	"onrecord/chat"
	"onrecord/watch"
	"onrecord/web"
)

type watchCommand struct {
	Action string `arg:"positional,required" enum:"add,list,why,remove,pause,resume,run,secret,test,retry" help:"What to do: ${enum}. 'run' reads what is due, prints what is new for the terminal and sends what is for webhooks; 'bot serve' does that by itself for chat platforms and webhooks. 'secret', 'test' and 'retry' are for webhooks: show the secret again, send a message without news, send again what was given up."`
	What   string `arg:"positional" help:"With 'add' the address of a feed or a site; else the watch, as 'list' names it."`

	Speaker   string `arg:"--speaker" placeholder:"NAME" help:"Watch a speaker, in what is briefed here."`
	Topic     string `arg:"--topic" placeholder:"WORDS" help:"Watch a topic, in what is briefed here."`
	Claim     string `arg:"--claim" placeholder:"WORDS" help:"Watch for a claim that is made again."`
	About     string `arg:"--about" placeholder:"WORDS" help:"Only articles with one of these, parted by commas."`
	Excluding string `arg:"--excluding" placeholder:"WORDS" help:"No articles with one of these, parted by commas."`
	By        string `arg:"--by" placeholder:"NAME" help:"Only articles in which this speaker is quoted."`
	Kinds     string `arg:"--kinds" placeholder:"KINDS" help:"Only claims of these kinds, parted by commas: number, event, comparison …"`
	Form      string `arg:"--form" enum:"claims,brief" default:"claims" help:"What is posted of a story: ${enum}."`
	Daily     string `arg:"--daily" placeholder:"TIME" help:"A digest at this time, such as 7:30; at once when not given."`
	Zone      string `arg:"--zone" placeholder:"ZONE" help:"Time zone of that, such as Europe/Berlin; UTC when not given."`
	Weekdays  bool   `arg:"--weekdays" help:"Monday to Friday only."`
	Most      int    `arg:"--most" placeholder:"N" default:"20" help:"Stories in the place in a day at most."`
	To        string `arg:"--to" placeholder:"PLACE" help:"Where to post, such as slack:T012:C345 or discord:SERVER:CHANNEL, with :THREAD if it is one: the terminal when not given."`
	Webhook   string `arg:"--webhook" placeholder:"URL" help:"Tell a program instead: an address that begins with https://. It gets signed JSON; docs/watch.md says how."`
	Workspace string `arg:"--workspace" placeholder:"NAME" help:"With --webhook, whose articles and quote book: a workspace of the HTTP API, slack/TEAM or discord/SERVER; the terminal's when not given."`
	Tags      string `arg:"--tags" placeholder:"TAGS" help:"Tags of posts in a forum of Discord, parted by commas."`
}

// Run keeps watches, for the operator: those of all places.
func (c *watchCommand) Run(ctx context.Context, a *app) error {
	if c.Action != "add" && c.Action != "run" && !a.storeExists() {
		return fail(nil, "Nothing is watched yet: 'bot watch add https://example.com' begins.")
	}
	if a.store(ctx) == nil {
		return noStore(a)
	}
	bot, err := a.bot(ctx)
	if err != nil {
		return err
	}
	screen := &terminalDesk{Console: &console.Console{In: a.in, Out: a.out}, app: a}
	w := a.watcher(ctx, bot, screen)
	switch c.Action {
	case "list":
		return c.list(ctx, a, w)
	case "why":
		return c.why(ctx, a, w)
	case "run":
		return c.round(ctx, a, w)
	case "add":
		return c.add(ctx, a, w)
	}
	if c.What == "" {
		return usageError{"name the watch, as in bot watch " + c.Action + " k3f9a2; 'bot watch list' shows them"}
	}
	one, found, err := w.Store.Watch(ctx, strings.ToLower(c.What))
	if err != nil {
		return err
	}
	if !found {
		return fail(nil, "There is no watch %s: 'bot watch list' shows them.", printable(c.What))
	}
	switch c.Action {
	case "remove":
		return w.Store.Remove(ctx, one.ID)
	case "secret", "test", "retry":
		return c.hook(ctx, a, w, &one)
	}
	return w.Store.Pause(ctx, one.ID, c.Action == "pause")
}

// terminalPlace is where the terminal's watches speak.
var terminalPlace = watch.Place{Platform: "console", Channel: "terminal"}

func (c *watchCommand) add(ctx context.Context, a *app, w *watch.Watcher) error {
	one := watch.Watch{
		Place: terminalPlace, Kind: watch.Feed, Of: c.What, Form: watch.Form(c.Form), Limit: c.Most, By: terminalScope.User,
		Filter:   watch.Filter{Words: commas(c.About), Without: commas(c.Excluding), Speaker: strings.TrimSpace(c.By), Kinds: strings.Join(commas(c.Kinds), ",")},
		Schedule: watch.Schedule{Zone: c.Zone, Weekdays: c.Weekdays},
	}
	for kind, words := range map[watch.Kind]string{watch.Speaker: c.Speaker, watch.Topic: c.Topic, watch.Claim: c.Claim} {
		if words == "" {
			continue
		}
		if one.Of != "" {
			return usageError{"one watch follows one thing: a feed, --speaker, --topic or --claim"}
		}
		one.Kind, one.Of = kind, words
	}
	if one.Of == "" {
		return usageError{"name the address of a feed or a site, as in bot watch add https://example.com, or a --speaker, --topic or --claim"}
	}
	if c.Most < 1 {
		return usageError{fmt.Sprintf("--most: %d is no number of stories", c.Most)}
	}
	if c.Daily != "" {
		at, err := watch.ParseClock(c.Daily)
		if err != nil {
			return usageError{"--daily: " + err.Error()}
		}
		one.Schedule.Digest, one.Schedule.At = true, at
	}
	if c.To != "" {
		parts := strings.Split(c.To, ":")
		if len(parts) < 3 || len(parts) > 4 || slices.Contains(parts[:3:3], "") || parts[0] != "slack" && parts[0] != "discord" {
			return usageError{"--to: not a place like slack:T012:C345"}
		}
		one.Place = watch.Place{Platform: parts[0], Workspace: parts[1], Channel: parts[2]}
		if len(parts) == 4 {
			one.Place.Thread = parts[3]
		}
	}
	if c.Webhook != "" {
		if c.To != "" || c.Tags != "" {
			return usageError{"--webhook: one watch speaks in one place, so make another for the channel"}
		}
		of := web.Token{Workspace: c.Workspace}.Scope()
		if c.Workspace == "" {
			of = terminalScope
		}
		one.Place, one.Hook = watch.HookPlace(of.Platform, of.Workspace), c.Webhook
	} else if c.Workspace != "" {
		return usageError{"--workspace goes with --webhook: a channel is named by --to"}
	}
	one.Place.Tags = commas(c.Tags)
	added, err := w.Add(ctx, one)
	if err != nil {
		return err
	}
	fmt.Fprintf(a.out, "%s  %s\n", added.Watch.ID, oneLineOf(added.Watch.Called()))
	if added.Found {
		fmt.Fprintf(a.out, "        the site's feed: %s\n", added.Watch.Of)
	}
	for _, o := range added.Others {
		fmt.Fprintf(a.out, "        it has another: %s\n", o.URL)
	}
	if added.Newest != "" {
		fmt.Fprintf(a.out, "        newest now: %s\n", oneLineOf(added.Newest))
	}
	if added.Watch.Hook != "" {
		fmt.Fprintf(a.out, "        its messages are signed with the secret %s\n", a.hooks().Secret(added.Watch.SecretName()))
	}
	return nil
}

func commas(s string) []string {
	var all []string
	for part := range strings.SplitSeq(s, ",") {
		if part = strings.TrimSpace(part); part != "" {
			all = append(all, part)
		}
	}
	return all
}

// oneLineOf is a stranger's text as it can stand on a line of a terminal.
func oneLineOf(s string) string { return printable(strings.Join(strings.Fields(s), " ")) }

func (c *watchCommand) list(ctx context.Context, a *app, w *watch.Watcher) error {
	all, err := w.Store.List(ctx, watch.Query{})
	if err != nil {
		return err
	}
	for _, one := range all {
		state := ""
		if one.Paused {
			state = ", paused"
		}
		if one.Kind == watch.Feed {
			if f, found, err := w.Store.Feed(ctx, one.Of); err != nil {
				return err
			} else if found && f.Failures > 0 {
				state += ", cannot be read since " + f.Since.Format("2006-01-02 15:04") + ": " + f.Problem
			}
		}
		fmt.Fprintf(a.out, "%s  %s\n        %s, %s%s\n", one.ID, oneLineOf(one.Called()), placeName(&one), one.Schedule, oneLineOf(state))
	}
	return nil
}

func placeName(one *watch.Watch) string {
	p := one.Place
	switch p.Platform {
	case terminalPlace.Platform:
		return "terminal"
	case watch.Webhook:
		// The rest of the address is often a secret.
		name := "webhook at " + hostOf(one.Hook)
		if platform, workspace := p.Owner(); workspace != "" {
			name += " for " + platform + "/" + workspace
		}
		return oneLineOf(name)
	}
	parts := []string{p.Platform, p.Workspace, p.Channel}
	if p.Thread != "" {
		parts = append(parts, p.Thread)
	}
	return oneLineOf(strings.Join(parts, ":"))
}

func hostOf(link string) string {
	u, err := url.Parse(link)
	if err != nil {
		return "?"
	}
	return u.Host
}

// hook does what can be done with the webhook of a watch.
func (c *watchCommand) hook(ctx context.Context, a *app, w *watch.Watcher, one *watch.Watch) error {
	if one.Hook == "" {
		return fail(nil, "The watch %s speaks in a channel and has no webhook.", one.ID)
	}
	hooks := a.hooks()
	if hooks == nil {
		return fail(nil, "Webhooks are signed, and there is no key for that: set ONRECORD_WEBHOOK_KEY.")
	}
	switch c.Action {
	case "secret":
		fmt.Fprintln(a.out, hooks.Secret(one.SecretName()))
		return nil
	case "retry":
		if one.Paused {
			return fail(nil, "The watch %s is paused: 'bot watch resume %s' first.", one.ID, one.ID)
		}
		n, err := w.Retry(ctx, one)
		if err != nil {
			return err
		}
		fmt.Fprintf(a.out, "%d to be sent again\n", n)
		return nil
	}
	var u *watch.Undelivered
	err := w.Try(ctx, one)
	if errors.As(err, &u) {
		return fail(nil, "The message was not taken: %s.", u.Why)
	}
	if err == nil {
		fmt.Fprintln(a.out, "taken")
	}
	return err
}

// shownWhy is how many items of a watch are explained.
const shownWhy = 50

func (c *watchCommand) why(ctx context.Context, a *app, w *watch.Watcher) error {
	all, err := w.Store.List(ctx, watch.Query{})
	if err != nil {
		return err
	}
	shown := false
	for _, one := range all {
		if c.What != "" && one.ID != strings.ToLower(c.What) {
			continue
		}
		shown = true
		items, err := w.Store.Recent(ctx, one.Place, one.ID, shownWhy)
		if err != nil {
			return err
		}
		fmt.Fprintf(a.out, "%s  %s\n", one.ID, oneLineOf(one.Called()))
		for _, it := range items {
			why := string(it.State)
			if it.Why != "" {
				why += ": " + it.Why
			}
			fmt.Fprintf(a.out, "  %s  %s\n        %s\n", it.At.Format("2006-01-02 15:04"), oneLineOf(it.Title), oneLineOf(why))
		}
	}
	if !shown && c.What != "" {
		return fail(nil, "There is no watch %s: 'bot watch list' shows them.", printable(c.What))
	}
	return nil
}

// round reads what is due, prints what there is for the terminal and sends what
// there is for webhooks. What is for chat platforms waits for 'bot serve'.
func (c *watchCommand) round(ctx context.Context, a *app, w *watch.Watcher) error {
	w.Tick(ctx)
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	queue := a.queue(ctx)
	lanes := []string{terminalPlace.Platform}
	places := []watch.Place{terminalPlace}
	if a.hooks() != nil {
		lanes = append(lanes, watch.Webhook)
		hooks, err := w.Hooks(ctx)
		if err != nil {
			return err
		}
		for _, one := range hooks {
			places = append(places, watch.Place{Platform: one.Place.Platform, Workspace: one.Place.Workspace, Channel: one.Place.Channel})
		}
	}
	done := make(chan error, len(lanes))
	for _, lane := range lanes {
		go func() { done <- queue.Work(ctx, watch.Lane(lane), w.Work) }()
	}
	tick := time.NewTicker(50 * time.Millisecond)
	defer tick.Stop()
	for ctx.Err() == nil {
		select {
		case <-ctx.Done():
		case <-tick.C:
		}
		left := 0
		for _, at := range places {
			n, err := w.Left(ctx, at)
			if err != nil {
				stop()
			}
			left += n
		}
		if left == 0 {
			break
		}
	}
	stop()
	var errs []error
	for range lanes {
		errs = append(errs, <-done)
	}
	return errors.Join(errs...)
}

// terminalDesk speaks for watches on the screen.
type terminalDesk struct {
	*console.Console
	app *app
}

func (d *terminalDesk) Room(context.Context, string, string) (chat.Room, error) {
	return chat.Room{}, nil
}

func (d *terminalDesk) Announce(_ context.Context, a chat.Announcement) (string, error) {
	replies := []chat.Reply{a.Reply}
	if a.Reply.Details != nil {
		replies = append(replies, *a.Reply.Details)
	}
	out, err := d.app.render(replies...)
	if err != nil {
		return "", err
	}
	return "printed", write(d.app.out, append(out, '\n', '\n'))
}
