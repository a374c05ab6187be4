package discord

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"time"

	"onrecord/chat"
	"onrecord/install"
)

// notAdmitted is what a server that is not on the operator's list is told.
const notAdmitted = "I may not work in this server: whoever runs me has a list of servers, and it is not on it. Ask them to add it, or take me out again."

// notMember is what somebody who writes directly is told, who is in none of the
// servers on the list.
const notMember = "I work for some servers only, and I cannot find you in one of them. Ask whoever runs me."

const (
	memberFor  = 10 * time.Minute // somebody's membership is remembered
	mostAsked  = 20               // servers that are asked about one person
	maxMembers = 2000
)

type membership struct {
	in bool
	at time.Time
}

// admits reports whether somebody may be served in a server, or directly when
// guild is empty: then they have to be in a server on the list.
func (p *Platform) admits(ctx context.Context, guild, user string) bool {
	if len(p.o.Guilds) == 0 {
		return true
	}
	if guild != "" {
		return slices.Contains(p.o.Guilds, guild)
	}
	p.mu.Lock()
	known, ok := p.members[user]
	p.mu.Unlock()
	if ok && time.Since(known.at) < memberFor {
		return known.in
	}
	if !validID(user) {
		return false
	}
	ctx, cancel := context.WithTimeout(ctx, 1500*time.Millisecond) // an interaction waits for it
	defer cancel()
	in, sure := false, true
	for _, g := range p.o.Guilds[:min(len(p.o.Guilds), mostAsked)] {
		err := p.api.do(ctx, call{method: "GET", path: "/guilds/" + g + "/members/" + user, route: "/guilds/" + g + "/members"})
		if in = err == nil; in {
			break
		}
		if status := statusOf(err); status != http.StatusNotFound && status != http.StatusForbidden {
			sure = false
		}
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if len(p.members) >= maxMembers {
		clear(p.members)
	}
	if in || sure {
		p.members[user] = membership{in, time.Now()}
	}
	return in
}

// turnedAway says why somebody is not served.
func turnedAway(guild string) string {
	if guild == "" {
		return notMember
	}
	return notAdmitted
}

// awayKey is of the one sentence that is said in a server, or to a person.
func awayKey(guild, user string) string {
	if guild == "" {
		return "away:direct:" + user
	}
	return "away:" + guild
}

// told reports whether it was said before, so that a mention does not get it
// again. Interactions are different: Discord shows a fault for one without an
// answer, and only who asked sees it.
func (p *Platform) told(ctx context.Context, key string) bool {
	p.mu.Lock()
	known := p.aways[key]
	p.mu.Unlock()
	if known {
		return true
	}
	_, known, err := p.notes.Get(ctx, name+":"+key)
	if err != nil || !known {
		return err != nil // rather not at all than again and again
	}
	p.noteTold(key)
	return true
}

func (p *Platform) noteTold(key string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if len(p.aways) >= maxMembers {
		clear(p.aways)
	}
	p.aways[key] = true
}

// away notes that the sentence was said.
func (p *Platform) away(ctx context.Context, key string) {
	p.noteTold(key)
	if err := p.notes.Set(ctx, name+":"+key, time.Now().UTC().Format(time.RFC3339)); err != nil {
		p.log.WarnContext(ctx, "it could not be noted that a server was turned away", "error", err)
	}
}

// refuse is a reply of one sentence.
func refuse(text string) chat.Reply {
	r := chat.Reply{Err: &chat.Refusal{Text: text}}
	r.Add(chat.Paragraph, chat.Say(text))
	return r
}

// join keeps servers that the bot is in, those that were not known before.
func (p *Platform) join(ctx context.Context, guilds ...string) {
	if p.o.Installs == nil {
		return
	}
	for _, guild := range guilds {
		if ctx.Err() != nil || !validID(guild) {
			continue
		}
		_, err := p.o.Installs.Get(ctx, name, guild)
		if errors.Is(err, install.ErrNone) {
			err = p.o.Installs.Put(ctx, install.Installation{Platform: name, Workspace: guild, At: time.Now(), Bot: p.bot()})
		}
		if err != nil {
			p.log.DebugContext(ctx, "a server could not be noted", "error", err)
			return // the next connection tries again
		}
	}
}

// compare notes the servers that a shard begins with, and drops what is kept of
// those that the bot was taken out of while nobody listened: Discord is asked for
// each before.
func (p *Platform) compare(ctx context.Context, guilds []string, shard, of int) {
	if p.o.Installs == nil {
		return
	}
	known, err := p.o.Installs.List(ctx, name)
	if err != nil {
		p.log.DebugContext(ctx, "the servers cannot be listed", "error", err)
		return
	}
	have := map[string]bool{}
	for _, in := range known {
		have[in.Workspace] = true
	}
	fresh := slices.DeleteFunc(slices.Clone(guilds), func(g string) bool { return have[g] })
	p.join(ctx, fresh...)
	for _, in := range known {
		guild := in.Workspace
		if shardOf(guild, of) != shard || slices.Contains(guilds, guild) || ctx.Err() != nil || !validID(guild) {
			continue
		}
		err := p.api.do(ctx, call{method: "GET", path: "/guilds/" + guild, route: "/guilds"})
		if status := statusOf(err); status == http.StatusNotFound || status == http.StatusForbidden {
			p.log.InfoContext(ctx, "the bot was taken out of a server while nobody listened")
			p.forget(ctx, guild)
		}
	}
}
