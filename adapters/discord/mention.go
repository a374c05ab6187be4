package discord

import (
	"cmp"
	"context"
	"encoding/json"
	"log/slog"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/bwmarrin/discordgo"

	"onrecord/chat"
	"onrecord/work"
)

// incoming is a message that somebody wrote. Without the privileged intent
// Discord fills in the text of those that mention the bot, answer it, or were
// written to it directly, and these are all that we read.
type incoming struct {
	ID        string       `json:"id"`
	Type      int          `json:"type"`
	ChannelID string       `json:"channel_id"`
	GuildID   string       `json:"guild_id"`
	Author    user         `json:"author"`
	WebhookID string       `json:"webhook_id"`
	Content   string       `json:"content"`
	Mentions  []user       `json:"mentions"`
	Files     []remoteFile `json:"attachments"`
	Answers   *struct {
		Content string `json:"content"`
		Author  user   `json:"author"`
	} `json:"referenced_message"`
	Nick *struct {
		Nick string `json:"nick"`
	} `json:"member"`
}

const (
	messagePlain  = 0
	messageAnswer = 19
)

// hear takes a message of a channel and writes it down if it is for the bot.
func (p *Platform) hear(ctx context.Context, m *incoming) {
	bot := p.bot()
	if !validID(m.ID) || !validID(m.ChannelID) || m.Author.Bot || m.Author.ID == bot || m.Author.ID == "" || m.WebhookID != "" ||
		m.Type != messagePlain && m.Type != messageAnswer {
		return
	}
	direct := m.GuildID == ""
	mentioned := slices.ContainsFunc(m.Mentions, func(u user) bool { return u.ID == bot })
	if !direct && !mentioned {
		p.follow(m.ChannelID, m.GuildID, m.ID, false)
		return
	}
	t, id := ticketOfMessage(m, bot, direct), m.ID
	if !p.admits(ctx, m.GuildID, m.Author.ID) {
		t.Away = awayKey(m.GuildID, m.Author.ID)
		if p.told(ctx, t.Away) {
			return
		}
		t.Files, t.Request.Text, t.Request.Material, id = nil, "", "", t.Away
	}
	item := work.Item{Key: keyOf(id), Lane: name, Workspace: m.GuildID, Until: time.Now().Add(time.Hour)}
	var err error
	if item.Payload, err = json.Marshal(t); err == nil {
		_, err = p.o.Queue.Accept(ctx, item)
	}
	if err != nil {
		p.log.WarnContext(ctx, "a message could not be accepted", "error", err)
		return
	}
	p.follow(m.ChannelID, m.GuildID, m.ID, t.Away == "")
}

func ticketOfMessage(m *incoming, bot string, direct bool) *ticket {
	t := &ticket{
		Channel: m.ChannelID,
		Guild:   m.GuildID,
		Message: m.ID,
		Files:   m.Files,
		Direct:  direct,
		Request: asked{
			ID:    m.ID,
			Scope: chat.Scope{Platform: name, Workspace: m.GuildID, Channel: m.ChannelID, User: m.Author.ID, Private: direct},
			Entry: chat.ByMention,
			Text:  withoutMention(m.Content, bot),
			Asker: cmp.Or(m.Author.GlobalName, m.Author.Username),
			Time:  timeOf(m.ID),
		},
	}
	if direct {
		t.Request.Entry = chat.ByMessage
	}
	// "@bot claims", as an answer to somebody's message: that message is meant.
	if a := m.Answers; a != nil && a.Author.ID != bot && !a.Author.Bot && strings.TrimSpace(a.Content) != "" &&
		len(m.Files) == 0 && len(strings.Fields(t.Request.Text)) <= 4 && !strings.Contains(t.Request.Text, "://") {
		t.Request.Material = withoutMention(a.Content, bot)
	}
	return t
}

// withoutMention takes the mention of the bot out of a text.
func withoutMention(text, bot string) string {
	for _, form := range []string{"<@" + bot + ">", "<@!" + bot + ">"} {
		text = strings.ReplaceAll(text, form, " ")
	}
	return strings.TrimSpace(text)
}

// followedChannel is a channel in which the bot was spoken to. What is written
// there while the connection is lost is read back.
type followedChannel struct {
	Guild string    `json:"guild,omitempty"`
	Last  string    `json:"last"` // identifier of the last message that was heard
	At    time.Time `json:"at"`
}

const (
	maxFollowed = 100
	// followFor is how old what was missed may be to be answered still.
	followFor = time.Hour
)

const followedKey = "discord:followed"

func followedOf(shard int) string { return followedKey + ":" + strconv.Itoa(shard) }

// follow notes that a message was heard. A channel is only added when the bot
// was spoken to.
func (p *Platform) follow(channel, guild, message string, add bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	f, ok := p.followed[channel]
	if !ok && !add {
		return
	}
	if later(message, f.Last) {
		f.Last = message
	}
	f.Guild = guild
	if add {
		f.At = time.Now()
	}
	p.followed[channel] = f
	p.dirty[shardOf(guild, p.count)] = true
	if len(p.followed) > maxFollowed {
		oldest := slices.MinFunc(slices.Collect(maps.Keys(p.followed)), func(a, b string) int {
			return p.followed[a].At.Compare(p.followed[b].At)
		})
		delete(p.followed, oldest)
	}
}

// later reports whether an identifier was made after another one.
func later(a, b string) bool {
	return len(a) > len(b) || len(a) == len(b) && a > b
}

// loadFollowed takes over what an earlier process noted of a shard. It reports
// false when that cannot be told yet.
func (p *Platform) loadFollowed(ctx context.Context, shard int) bool {
	limited, cancel := context.WithTimeout(ctx, 3*time.Second) // nothing else is to wait for it
	defer cancel()
	value, found, err := p.notes.Get(limited, followedOf(shard))
	if err != nil {
		return false
	}
	var noted map[string]followedChannel
	if found && json.Unmarshal([]byte(value), &noted) != nil {
		noted = nil
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.loaded[shard] = true
	for channel, f := range noted {
		if have, ok := p.followed[channel]; (!ok || later(f.Last, have.Last)) && validID(channel) && validID(f.Last) && time.Since(f.At) < followFor {
			p.followed[channel] = f
		}
	}
	return true
}

// noteFollowed keeps for a later process what is followed in a shard.
func (p *Platform) noteFollowed(ctx context.Context, shard int) {
	p.mu.Lock()
	if !p.dirty[shard] || !p.loaded[shard] { // what was noted is not to be lost
		p.mu.Unlock()
		return
	}
	p.dirty[shard] = false
	data, err := json.Marshal(p.followedIn(shard))
	p.mu.Unlock()
	if err == nil {
		limited, cancel := context.WithTimeout(ctx, 3*time.Second)
		defer cancel()
		err = p.notes.Set(limited, followedOf(shard), string(data))
	}
	if err != nil {
		p.mu.Lock()
		p.dirty[shard] = true // the next time
		p.mu.Unlock()
	}
	if err != nil && ctx.Err() == nil {
		p.log.DebugContext(ctx, "it could not be noted which channels are followed", slog.Any("error", err))
	}
}

// followedIn are the followed channels of a shard. The lock must be held.
func (p *Platform) followedIn(shard int) map[string]followedChannel {
	channels := maps.Clone(p.followed)
	maps.DeleteFunc(channels, func(_ string, f followedChannel) bool { return shardOf(f.Guild, p.count) != shard })
	return channels
}

// catchUp reads back what was written in the followed channels of a shard while
// there was no session, until run ends. What was heard already finds its key in
// the queue.
func (p *Platform) catchUp(ctx, run context.Context, shard int) {
	p.mu.Lock()
	channels := p.followedIn(shard)
	p.mu.Unlock()
	for channel, f := range channels {
		if time.Since(f.At) > followFor {
			continue
		}
		after := f.Last
		for range 5 { // pages of 100; who wrote more than that in an hour is not waiting for us
			var missed []incoming
			err := p.api.do(run, call{
				method: "GET", path: "/channels/" + channel + "/messages?limit=100&after=" + after,
				route: "/channels/" + channel + "/messages", out: &missed, within: 30 * time.Second,
			})
			if err != nil {
				if run.Err() == nil {
					p.log.DebugContext(ctx, "a channel could not be read back", "error", err)
				}
				break
			}
			slices.SortFunc(missed, func(a, b incoming) int {
				if a.ID == b.ID {
					return 0
				}
				if later(a.ID, b.ID) {
					return 1
				}
				return -1
			})
			for i := range missed {
				m := &missed[i]
				m.GuildID = f.Guild // messages read by REST do not name it
				if m.ID == "" || time.Since(timeOf(m.ID)) > followFor {
					continue
				}
				p.hear(ctx, m)
				after = m.ID
			}
			if len(missed) < 100 {
				break
			}
		}
	}
}

// knownChannel is what was found out about a channel.
type knownChannel struct {
	thread  bool
	parent  string
	private bool // not everybody in the server can read it, or that is not known
	at      time.Time
}

const (
	channelsKnown   = 2000
	channelKnownFor = 10 * time.Minute
)

// channel finds out what a channel of a server is. What the bot may not look at
// is taken for private.
func (p *Platform) channel(ctx context.Context, id, guild string) knownChannel {
	p.mu.Lock()
	known, ok := p.channels[id]
	p.mu.Unlock()
	if ok && time.Since(known.at) < channelKnownFor {
		return known
	}
	var c struct {
		Type       int    `json:"type"`
		ParentID   string `json:"parent_id"`
		Overwrites []struct {
			ID   string `json:"id"`
			Deny string `json:"deny"`
		} `json:"permission_overwrites"`
	}
	known = knownChannel{private: true, at: time.Now()}
	err := p.api.do(ctx, call{method: "GET", path: "/channels/" + id, out: &c, within: 10 * time.Second})
	if err == nil {
		known.thread, known.parent = isThread(c.Type), c.ParentID
		known.private = c.Type == int(discordgo.ChannelTypeGuildPrivateThread)
		for _, o := range c.Overwrites {
			// The role that everybody has is called like the server.
			if deny, _ := strconv.ParseInt(o.Deny, 10, 64); o.ID == guild && deny&discordgo.PermissionViewChannel != 0 {
				known.private = true
			}
		}
		if known.thread && !known.private && validID(known.parent) {
			known.private = p.channel(ctx, known.parent, guild).private
		}
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if len(p.channels) >= channelsKnown {
		clear(p.channels)
	}
	if err == nil || statusOf(err) == 403 || statusOf(err) == 404 {
		p.channels[id] = known
	}
	return known
}
