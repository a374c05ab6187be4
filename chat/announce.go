package chat

import (
	"context"
	"fmt"
	"strings"
	"time"

	"onrecord/article"
	"onrecord/brief"
	"onrecord/watch"
)

// Announcer is a [Platform] that can speak without having been asked.
type Announcer interface {
	Platform
	// Room tells what is known of a channel of a workspace. Its error brings a
	// sentence when there is no such channel, or the bot cannot speak in it.
	Room(ctx context.Context, workspace, channel string) (Room, error)
	// Announce says something once. When it is called again with the same Key and
	// what Save kept, it says nothing twice: it goes on, or finds that nobody can
	// tell what became of it (work.ErrUncertain). An error that brings a sentence
	// is final.
	Announce(ctx context.Context, a Announcement) (message string, err error)
}

// Room is what is known of a channel.
type Room struct {
	Private bool // not everybody in the workspace reads it
	Shared  bool // people of other organisations read it
	Forum   bool // it holds posts, each with a title and tags
}

// Announcement is something to say in a channel.
type Announcement struct {
	Key       string // the same for a repeat
	Workspace string
	Channel   string
	Thread    string   // empty for the channel itself
	Tags      []string // of a post in a forum, by name
	Reply     Reply    // its visibility counts for nothing
	Progress  []byte
	Save      func(ctx context.Context, progress []byte) error
}

// Desk is who speaks for watches: it briefs by the Service and says what they
// found by the platforms. It is a watch.Poster.
type Desk struct {
	Service    *Service
	Announcers []Announcer
	// Admits tells why nothing may be said in a place, as the settings of its
	// workspace have it; nothing is forbidden if nil.
	Admits func(ctx context.Context, in Scope) error
	Pages  Pages // where annotated articles stand; nowhere if nil
}

var _ watch.Poster = (*Desk)(nil)

func (d *Desk) of(platform string) (Announcer, error) {
	for _, a := range d.Announcers {
		if a.Name() == platform {
			return a, nil
		}
	}
	return nil, refuse("The bot does not serve %s any more.", platform)
}

// Room implements watch.Poster.
func (d *Desk) Room(ctx context.Context, in watch.Place) (watch.Room, error) {
	a, err := d.of(in.Platform)
	if err != nil {
		return watch.Room{}, err
	}
	if d.Admits != nil {
		if err := d.Admits(ctx, Scope{Platform: in.Platform, Workspace: in.Workspace, Channel: in.Channel}); err != nil {
			return watch.Room{}, err
		}
	}
	r, err := a.Room(ctx, in.Workspace, in.Channel)
	return watch.Room(r), err
}

// Brief implements watch.Poster: what is briefed is shared in the place.
func (d *Desk) Brief(ctx context.Context, in watch.Place, private bool, src article.Source) (*brief.Briefing, error) {
	return d.Service.Brief(ctx, Scope{Platform: in.Platform, Workspace: in.Workspace, Channel: in.Channel, Thread: in.Thread, Private: private}, src)
}

// Post implements watch.Poster.
func (d *Desk) Post(ctx context.Context, p watch.Post) (string, error) {
	a, err := d.of(p.Place.Platform)
	if err != nil {
		return "", err
	}
	return a.Announce(ctx, Announcement{
		Key: p.Key, Workspace: p.Place.Workspace, Channel: p.Place.Channel, Thread: p.Place.Thread, Tags: p.Place.Tags,
		Reply: PostReply(p, d.marked(p)), Progress: p.Progress, Save: p.Save,
	})
}

// marked is the address of the annotated article of a post about one story; empty
// for none.
func (d *Desk) marked(p watch.Post) string {
	if d.Pages == nil || len(p.Stories) != 1 {
		return ""
	}
	in := Scope{Platform: p.Place.Platform, Workspace: p.Place.Workspace, Channel: p.Place.Channel, Private: p.Private}
	return d.Pages.Address(in, p.Stories[0].Source, p.Stories[0].Briefing)
}

// How much of a story is shown, alone and in a digest.
const toldClaims, toldOfMany = 5, 2

// PostReply is what a watch says. Marked is where the annotated article of a
// single story stands; empty for nowhere.
func PostReply(p watch.Post, marked string) Reply {
	switch {
	case p.Sort == watch.Changes && p.Change != nil:
		return changesReply(p.Change)
	case p.Sort == watch.Digest:
		return digestReply(p)
	case len(p.Stories) == 1:
		return storyReply(p, marked)
	}
	var r Reply
	r.Add(Paragraph, Say(p.Text))
	if p.Watch != nil {
		r.Add(Note, Say("Watch "+p.Watch.ID+" · "), Type("watch why "+p.Watch.ID))
	}
	return r
}

func storyReply(p watch.Post, marked string) Reply {
	one, s := p.Watch, p.Stories[0]
	v := View{Handle: Handle(s.Source, s.Briefing), Now: time.Now(), Zone: zoneOf(one), Link: true, Items: 5, Marked: marked}
	var r Reply
	switch {
	case one.Kind == watch.Speaker:
		v.opening(&r, s.Briefing)
		quotes := QuotesReply(s.Briefing, Filter{By: one.Of}, v)
		r.Blocks, r.Actions = append(r.Blocks, quotes.Blocks[1:]...), quotes.Actions
	case one.Kind == watch.Topic:
		v.opening(&r, s.Briefing)
		v.Items, v.Marked = 3, ""
		quotes, claims := QuotesReply(s.Briefing, Filter{About: one.Of}, v), ClaimsReply(s.Briefing, Filter{About: one.Of, Top: 3}, v)
		for _, part := range []Reply{quotes, claims} {
			if hasItems(part) {
				r.Blocks = append(r.Blocks, part.Blocks...)
			}
		}
		v.Marked = marked
		v.annotated(&r, "")
		v.others(&r, "brief", "quotes", "claims")
	case one.Form == watch.AsBrief:
		r = BriefReply(s.Briefing, v)
	default:
		v.opening(&r, s.Briefing)
		claims := ClaimsReply(s.Briefing, Filter{Top: toldClaims, Kinds: one.Filter.Kinds}, v)
		r.Blocks, r.Actions = append(r.Blocks, claims.Blocks[1:]...), claims.Actions
	}
	from := one.Called()
	r.Add(Note, Say("From the watch on "+clip(from, 80)+" · "), Type("watch why "+one.ID))
	return r
}

func stories(n int) string {
	if n == 1 {
		return "1 story"
	}
	return fmt.Sprintf("%d stories", n)
}

func hasItems(r Reply) bool {
	for _, b := range r.Blocks {
		if b.Role == Item {
			return true
		}
	}
	return false
}

func zoneOf(one *watch.Watch) *time.Location {
	zone, err := one.Schedule.Location()
	if err != nil || one.Schedule.Zone == "" {
		return nil
	}
	return zone
}

func digestReply(p watch.Post) Reply {
	var r Reply
	when := p.Slot
	if t, err := time.Parse(time.DateOnly, p.Slot); err == nil {
		when = day(t)
	}
	r.Add(Heading, Bold(clip(p.Watch.Called(), 100)), Say(" · digest of "+when))
	r.Add(Meta, Say(stories(len(p.Stories))))
	for _, s := range p.Stories {
		r.Add(Subheading, Run{Text: title(s.Briefing), Style: Strong, Link: s.Item.URL})
		handle := Handle(s.Source, s.Briefing)
		if p.Watch.Form == watch.AsBrief {
			if sum := s.Briefing.Analysis.Summary; len(sum) > 0 {
				r.Add(Item, Say(sum[0].Text))
			}
		} else {
			ranked := Filter{Top: toldOfMany, Kinds: p.Watch.Filter.Kinds}.RankedClaims(s.Briefing)
			for _, c := range ranked {
				r.Add(Item, claimWords(s.Briefing.Article, c)...)
			}
		}
		r.Add(Detail, Type("claims "+handle))
	}
	r.Add(Note, Say("From the watch on "+clip(p.Watch.Called(), 80)+" · "), Type("watch why "+p.Watch.ID))
	return r
}

// changesReply shows what is other in an article than when it was briefed.
func changesReply(c *watch.Change) Reply {
	var r Reply
	r.Add(Heading, Bold("The article has changed"), Say(" · "), Run{Text: orDefault(c.Title, "the article"), Link: c.Link})
	r.Add(Meta, Say(fmt.Sprintf("%s, between %s and %s UTC", c.Revisions.Line(), c.Before.UTC().Format("2 Jan 15:04"), c.After.UTC().Format("2 Jan 15:04"))))
	for _, rev := range c.Revisions.List {
		var touched []string
		for _, t := range rev.Touches {
			touched = append(touched, string(t))
		}
		name := strings.Join(touched, ", ")
		if name != "" {
			name = strings.ToUpper(name[:1]) + name[1:]
		}
		r.Add(Item, Bold(name))
		if rev.Before != "" {
			r.Add(Detail, Say("Before: "), Quote(rev.Before))
		}
		switch {
		case rev.After != "":
			r.Add(Detail, Say("Now: "), Quote(rev.After))
		default:
			r.Add(Detail, Say("Now: taken out"))
		}
	}
	if n := c.Revisions.Others; n > 0 {
		r.Add(Note, Say(fmt.Sprintf("and %s more", count(n, "change"))))
	}
	r.Add(Note, Say("I read briefed articles again for three days. "), Type("watch article off"), Say(" stops that."))
	return r
}
