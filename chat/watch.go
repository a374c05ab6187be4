package chat

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"onrecord/factcheck"
	"onrecord/watch"
)

// This file is the conversation about watches; package watch does the watching.

// watchCommand makes, lists and explains watches.
func watchCommand() Command {
	return Command{
		Name:    "watch",
		Aliases: []string{"watches", "follow"},
		Usage:   "add FEED | add speaker NAME | list | why [ID] | remove ID",
		Summary: "posts what is new here: in a feed, of a speaker, on a topic",
		Details: []string{
			"“watch add https://example.com” finds the feed of a site. “watch add speaker Meyer”, “watch add topic asylum” and “watch add claim …” speak up when an article that is briefed here has that.",
			"“daily 7:30 zone Europe/Berlin weekdays” makes it a digest. “about asylum, border” lets only articles with one of these through, “excluding football” none with that, “kinds number, event” only those with such claims.",
			"“watch why” says of each recent article whether and why it was posted or not. “watch pause ID”, “watch resume ID”, “watch remove ID” do what they say.",
			"A story is posted once, however many feeds have it. Channel managers make and end watches.",
			"Articles that were briefed in a thread are read again for three days; when a number, a quotation, a name, a claim or the headline has changed, I say so there: “watch article off” ends that.",
		},
		Lead: "do",
		Options: []Option{
			{Name: "do", Meaning: "add FEED, list, why, pause ID, resume ID, remove ID, allow, article on, article off", Takes: Words},
			{Name: "speaker", Meaning: "with add: whenever this speaker is quoted", Takes: Words, Suggests: true},
			{Name: "topic", Meaning: "with add: whenever something with these words is said or claimed", Takes: Words},
			{Name: "claim", Meaning: "with add: whenever this is claimed again", Takes: Words},
			{Name: "about", Meaning: "only articles with one of these, parted by commas", Takes: Words},
			{Name: "excluding", Meaning: "no articles with one of these, parted by commas", Takes: Words},
			{Name: "by", Meaning: "only articles in which this speaker is quoted", Takes: Words},
			{Name: "kinds", Meaning: "only claims of these kinds: number, event, comparison, cause, law …", Takes: Words},
			{Name: "form", Meaning: "claims (the default) or brief", Takes: Words},
			{Name: "daily", Meaning: "a digest at this time, such as 7:30; at once without it", Takes: Words},
			{Name: "zone", Meaning: "time zone of that, such as Europe/Berlin; yours, if I know it", Takes: Words},
			{Name: "weekdays", Meaning: "Monday to Friday only", Takes: Nothing},
			{Name: "limit", Meaning: fmt.Sprintf("stories in this channel in a day at most; %d without it", watch.DefaultLimit), Takes: Count},
			{Name: "thread", Meaning: "in this thread, not in the channel", Takes: Nothing},
			{Name: "channel", Meaning: "in another channel or forum of this place", Takes: Words},
			{Name: "tags", Meaning: "of posts in a forum, parted by commas", Takes: Words},
			{Name: "page", Meaning: "goes on in a long list", Takes: Count},
		},
		Run: runWatch,
	}
}

func runWatch(ctx context.Context, b *Bot, call *Call) (Reply, error) {
	do, rest := cutWord(call.Options["do"])
	do = strings.ToLower(do)
	scope := call.Request.Scope
	// In one's own conversation there is nobody else to ask.
	manages := call.Request.Moderator || scope.Private && scope.Workspace == ""
	if slices.Contains([]string{"add", "remove", "pause", "resume", "allow", "article", "articles"}, do) && !manages {
		return Reply{}, refuse("Only whoever manages this workspace or channel can change what I watch here. “watch list” and “watch why” are for everybody.")
	}
	switch do {
	case "add":
		return addWatch(ctx, b, call, rest)
	case "list", "":
		return listWatches(ctx, b, call)
	case "why":
		return whyWatch(ctx, b, call, rest)
	case "remove", "pause", "resume":
		return changeWatch(ctx, b, call, do, rest)
	case "allow":
		if err := b.Watcher.Store.Allow(ctx, placeOf(scope), true); err != nil {
			return Reply{}, err
		}
		return said("From now on watches may speak in this channel, although people of other organisations read it."), nil
	case "article", "articles":
		return followArticles(ctx, b, call, rest)
	}
	return Reply{}, refuse("I do not know “watch %s”. It goes like this: %s", clip(do, 30), call.Command.usage())
}

func placeOf(s Scope) watch.Place {
	return watch.Place{Platform: s.Platform, Workspace: s.Workspace, Channel: s.Channel}
}

// said is a reply of one sentence of the bot.
func said(sentence string) Reply {
	var r Reply
	r.Add(Paragraph, Say(sentence))
	return r
}

func addWatch(ctx context.Context, b *Bot, call *Call, feed string) (Reply, error) {
	one, err := watchOf(call, feed)
	if err != nil {
		return Reply{}, err
	}
	if err := b.whereTo(ctx, call, &one); err != nil {
		return Reply{}, err
	}
	room, err := b.Watcher.Poster.Room(ctx, one.Place)
	switch {
	case err != nil:
		return Reply{}, err
	case len(one.Place.Tags) > 0 && !room.Forum:
		return Reply{}, refuse("Tags are for posts in a forum: name one, as in “channel #forum tags politics”.")
	case room.Private && one.Place.Channel != call.Request.Scope.Channel:
		return Reply{}, refuse("Not everybody reads that channel: make the watch there.")
	}
	one.Private = room.Private || call.Request.Scope.Private
	if p := call.Request.Progress; p != nil {
		p(Reading)
	}
	added, err := b.Watcher.Add(ctx, one)
	if err != nil {
		return Reply{}, err
	}
	r := addedReply(&added, room)
	if room.Shared {
		allowed, err := b.Watcher.Store.Consent(ctx, one.Place)
		if err != nil {
			return Reply{}, err
		}
		if !allowed {
			r.Add(Paragraph, Bold("Before I speak:"), Say(" people of other organisations read this channel. I say nothing in it until a manager says "), Type("watch allow"), Say(", once."))
			r.Actions = append(r.Actions, Action{Name: "allow", Label: "Let watches speak here", Command: "watch allow", Short: "watch allow"})
		}
	}
	return r, nil
}

// watchOf reads what is to be watched.
func watchOf(call *Call, feed string) (watch.Watch, error) {
	one := watch.Watch{Kind: watch.Feed, Of: strings.Trim(feed, "<>"), Form: watch.AsClaims, By: call.Request.Scope.User, Limit: call.Count("limit", watch.DefaultLimit)}
	if len(strings.Fields(feed)) > 1 {
		return one, refuse("Behind “add” comes one address, or “speaker NAME”, “topic WORDS”, “claim WORDS”.")
	}
	if feed == "" && len(call.Request.Links) > 0 {
		one.Of = call.Request.Links[0]
	}
	for _, k := range []watch.Kind{watch.Speaker, watch.Topic, watch.Claim} {
		words, given := call.Option(string(k))
		if !given {
			continue
		}
		if one.Of != "" {
			return one, refuse("One watch follows one thing: a feed, a speaker, a topic or a claim. Of a feed, “by NAME” and “about WORDS” choose articles.")
		}
		one.Kind, one.Of = k, words
	}
	one.Filter = watch.Filter{Words: listed(call.Options["about"]), Without: listed(call.Options["excluding"]), Speaker: call.Options["by"]}
	for _, k := range listed(call.Options["kinds"]) {
		k = strings.ToLower(k)
		if !slices.ContainsFunc(claimKinds, func(have factcheck.Kind) bool { return strings.HasPrefix(string(have), k) }) {
			var all []string
			for _, have := range claimKinds {
				all = append(all, string(have))
			}
			return one, refuse("I know no claims of the kind “%s”. The kinds are: %s.", clip(k, 30), strings.Join(all, ", "))
		}
		one.Filter.Kinds = strings.TrimPrefix(one.Filter.Kinds+","+k, ",")
	}
	switch form := strings.ToLower(orDefault(call.Options["form"], "claims")); form {
	case "claims", "brief":
		one.Form = watch.Form(form)
	default:
		return one, refuse("After “form” comes one of: claims, brief.")
	}
	_, one.Schedule.Weekdays = call.Option("weekdays")
	one.Schedule.Zone = call.Options["zone"]
	if zone := call.Request.Zone; one.Schedule.Zone == "" && zone != nil && strings.Contains(zone.String(), "/") {
		one.Schedule.Zone = zone.String()
	}
	if at, given := call.Option("daily"); given {
		minutes, err := watch.ParseClock(at)
		if err != nil {
			return one, refuse("I do not know which time of day “%s” is: write it as in “daily 7:30”.", clip(at, 30))
		}
		one.Schedule.Digest, one.Schedule.At = true, minutes
	}
	return one, nil
}

var claimKinds = []factcheck.Kind{
	factcheck.Figure, factcheck.Comparison, factcheck.Cause, factcheck.Event, factcheck.Law, factcheck.Allegation, factcheck.Attributed, factcheck.Commitment, factcheck.Absolute,
}

// listed are words parted by commas.
func listed(s string) []string {
	var all []string
	for part := range strings.SplitSeq(s, ",") {
		if part = squeeze(clip(strings.TrimSpace(part), 100)); part != "" && len(all) < 20 {
			all = append(all, part)
		}
	}
	return all
}

// whereTo finds the place of a new watch.
func (b *Bot) whereTo(_ context.Context, call *Call, one *watch.Watch) error {
	scope := call.Request.Scope
	one.Place = placeOf(scope)
	one.Place.Tags = listed(call.Options["tags"])
	if _, given := call.Option("thread"); given {
		if scope.Thread == "" {
			return refuse("This is no thread: say it in the one that is meant.")
		}
		one.Place.Thread = scope.Thread
	}
	if name, given := call.Option("channel"); given {
		if one.Place.Thread != "" {
			return refuse("Either “thread” or “channel”, not both.")
		}
		id, _, _ := strings.Cut(strings.Trim(strings.TrimSpace(name), "<>#"), "|")
		if id == "" || strings.ContainsAny(id, " /?") {
			return refuse("I do not know the channel “%s”: choose it from the list that opens when you type #, or give its ID.", clip(name, 40))
		}
		one.Place.Channel = id
	}
	return nil
}

func addedReply(a *watch.Added, room watch.Room) Reply {
	one := &a.Watch
	var r Reply
	r.Add(Heading, Bold("Watching"), Say(" "+clip(one.Called(), 120)))
	r.Add(Meta, Say("watch "+one.ID+" · "+terms(one, room)))
	if one.Kind == watch.Feed {
		if a.Found {
			r.Add(Note, Say("I found the feed through the site: "), Run{Text: one.Of, Link: one.Of})
		}
		for i, o := range a.Others {
			if i == 3 {
				break
			}
			r.Add(Note, Say("The site has another: "), Type("watch add "+o.URL))
		}
		if a.Newest != "" {
			r.Add(Paragraph, Say("Its newest entry is “"+clip(a.Newest, 120)+"”. What it has now is not posted; what comes is."))
		} else {
			r.Add(Paragraph, Say("What it has now is not posted; what comes is."))
		}
	} else {
		r.Add(Paragraph, Say("I look at everything that is briefed here for others to see, feeds that are watched included."))
	}
	r.Actions = append(
		r.Actions,
		Action{Name: "why", Label: "What was posted, and why", Command: "watch why " + one.ID, Short: "watch why " + one.ID},
		Action{Name: "stop", Label: "Remove", Command: "watch remove " + one.ID, Short: "watch remove " + one.ID, Tone: Danger, Confirm: "End this watch?", More: true},
	)
	return r
}

// terms are a watch's conditions in words.
func terms(one *watch.Watch, room watch.Room) string {
	parts := []string{one.Schedule.String()}
	switch {
	case one.Kind == watch.Speaker, one.Kind == watch.Topic:
	case one.Form == watch.AsBrief:
		parts = append(parts, "as a briefing")
	default:
		parts = append(parts, "as a list of claims")
	}
	f := one.Filter
	for _, p := range []struct{ before, words string }{
		{"about ", strings.Join(f.Words, " or ")}, {"excluding ", strings.Join(f.Without, " or ")}, {"by ", f.Speaker}, {"claims of the kind ", strings.ReplaceAll(f.Kinds, ",", " or ")},
	} {
		if p.words != "" {
			parts = append(parts, p.before+clip(p.words, 60))
		}
	}
	switch {
	case one.Place.Thread != "":
		parts = append(parts, "in this thread")
	case room.Forum:
		parts = append(parts, "as posts of the forum")
	}
	if len(one.Place.Tags) > 0 {
		parts = append(parts, "tags "+strings.Join(one.Place.Tags, ", "))
	}
	if one.Limit != watch.DefaultLimit {
		parts = append(parts, fmt.Sprintf("at most %d a day", one.Limit))
	}
	if one.Paused {
		parts = append(parts, "paused")
	}
	return strings.Join(parts, " · ")
}

func listWatches(ctx context.Context, b *Bot, call *Call) (Reply, error) {
	all, err := b.Watcher.Store.List(ctx, watch.Query{Place: placeOf(call.Request.Scope)})
	if err != nil {
		return Reply{}, err
	}
	var r Reply
	r.Add(Heading, Bold("Watches in this channel"))
	if len(all) == 0 {
		r.Add(Paragraph, Say("There are none. Make one as in "), Type("watch add https://example.com/feed"), Say("."))
		return r, nil
	}
	v := View{Items: 10, Page: call.Count("page", 1), Handle: "watch"}
	from, to := v.pages(&r, len(all), "watch list")
	for i := from; i < to; i++ {
		one := &all[i]
		name := Run{Text: clip(one.Called(), 120), Style: Strong}
		if one.Kind == watch.Feed {
			name.Link = one.Of
		}
		r.AddItem(i+1, name, Say(" · "+one.ID))
		r.Add(Detail, Say(terms(one, watch.Room{})))
		if one.Kind != watch.Feed {
			continue
		}
		f, found, err := b.Watcher.Store.Feed(ctx, one.Of)
		if err != nil {
			return Reply{}, err
		}
		switch zone := zoneOr(call.Request.Zone); {
		case !found:
		case f.Failures > 0:
			r.Add(Detail, Say(fmt.Sprintf("cannot be read since %s: %s; the next attempt is at %s", f.Since.In(zone).Format("2 Jan 15:04"), f.Problem, f.Next.In(zone).Format("15:04"))))
		case !f.Read.IsZero():
			r.Add(Detail, Say("read "+f.Read.In(zone).Format("2 Jan 15:04")))
		}
	}
	return r, nil
}

func zoneOr(z *time.Location) *time.Location {
	if z == nil {
		return time.UTC
	}
	return z
}

// watchHere finds a watch of this channel.
func (b *Bot) watchHere(ctx context.Context, call *Call, id string) (watch.Watch, error) {
	id = strings.ToLower(strings.Trim(strings.TrimSpace(id), "#"))
	one, found, err := b.Watcher.Store.Watch(ctx, id)
	here := placeOf(call.Request.Scope)
	if err == nil && (!found || one.Place.Platform != here.Platform || one.Place.Workspace != here.Workspace || one.Place.Channel != here.Channel && (one.Private || !call.Request.Moderator)) {
		err = refuse("There is no watch “%s” in this channel: “watch list” shows them.", clip(id, 30))
	}
	return one, err
}

func changeWatch(ctx context.Context, b *Bot, call *Call, do, id string) (Reply, error) {
	if id == "" {
		return Reply{}, refuse("Which one? “watch list” shows them; then as in “watch %s k3f9a2”.", do)
	}
	one, err := b.watchHere(ctx, call, id)
	if err != nil {
		return Reply{}, err
	}
	name := clip(one.Called(), 120)
	switch do {
	case "remove":
		return said("Removed: I no longer watch " + name + " here."), b.Watcher.Store.Remove(ctx, one.ID)
	case "pause":
		return said("Paused: I say nothing of " + name + " until “watch resume " + one.ID + "”. What comes meanwhile is not posted later."), b.Watcher.Store.Pause(ctx, one.ID, true)
	}
	return said("I watch " + name + " again."), b.Watcher.Store.Pause(ctx, one.ID, false)
}

const shownWhy = 40

func whyWatch(ctx context.Context, b *Bot, call *Call, id string) (Reply, error) {
	name, command := "in this channel", "watch why"
	var watched string
	if id != "" {
		one, err := b.watchHere(ctx, call, id)
		if err != nil {
			return Reply{}, err
		}
		watched, name, command = one.ID, clip(one.Called(), 120), "watch why "+one.ID
	}
	items, err := b.Watcher.Store.Recent(ctx, placeOf(call.Request.Scope), watched, shownWhy)
	if err != nil {
		return Reply{}, err
	}
	var r Reply
	r.Add(Heading, Bold("What was posted, and why"), Say(" · "+name))
	if len(items) == 0 {
		r.Add(Paragraph, Say("Nothing has come up yet."))
		return r, nil
	}
	v := View{Items: 10, Page: call.Count("page", 1), Handle: "watch"}
	from, to := v.pages(&r, len(items), command)
	for i := from; i < to; i++ {
		whyItem(&r, i+1, &items[i], zoneOr(call.Request.Zone), watched == "")
	}
	return r, nil
}

func whyItem(r *Reply, number int, it *watch.Item, zone *time.Location, named bool) {
	r.AddItem(number, Run{Text: orDefault(clip(it.Title, 120), "untitled"), Style: Strong, Link: it.URL})
	state := map[watch.State]string{
		watch.Waiting: "to be looked at", watch.Held: "waits for the digest", watch.Posting: "is being posted", watch.Posted: "posted",
		watch.Skipped: "not posted", watch.Failed: "not posted", watch.Uncertain: "uncertain",
	}[it.State]
	line := state
	if it.Why != "" && it.Why != state {
		line += ": " + it.Why
	}
	line += " · " + it.At.In(zone).Format("2 Jan 15:04")
	if named && len(it.Watch) == 6 {
		line += " · watch " + it.Watch
	}
	r.Add(Detail, Say(line))
}

func followArticles(ctx context.Context, b *Bot, call *Call, word string) (Reply, error) {
	s, scope := call.Settings, call.Request.Scope
	switch strings.ToLower(word) {
	case "on":
		s.Settled = false
	case "off":
		s.Settled = true
	case "":
		if s.Settled {
			return said("Briefed articles are not read again here. “watch article on” changes that."), nil
		}
		return said("Articles that are briefed in a thread are read again for three days, and I say there what has changed. “watch article off” ends that."), nil
	default:
		return Reply{}, refuse("After “watch article” comes “on” or “off”.")
	}
	if b.Settings == nil {
		return Reply{}, refuse("Settings cannot be kept here: whoever runs the bot sets ONRECORD_STATE_FILE to a file.")
	}
	data, err := json.Marshal(s)
	if err != nil {
		return Reply{}, fmt.Errorf("settings: %w", err)
	}
	if err := b.Settings.Save(ctx, scope.Platform, scope.Workspace, data); err != nil {
		return Reply{}, fmt.Errorf("keeping settings: %w", err)
	}
	if s.Settled {
		return said("From now on briefed articles are not read again in this workspace."), nil
	}
	return said("From now on articles that are briefed in a thread are read again for three days, and I say there what has changed."), nil
}
