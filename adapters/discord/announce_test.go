package discord_test

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"

	"onrecord/adapters/discord"
	"onrecord/adapters/discord/discordfake"
	"onrecord/chat"
	"onrecord/chat/chattest"
	"onrecord/work"
)

// Discord knows a message again by its nonce; a post of a forum it does not.
func TestAnnounce(t *testing.T) {
	server := discordfake.New(discordfake.Options{})
	defer server.Close()
	guild := server.AddGuild()
	ann := server.AddUser("Ann")
	channel, forum := server.AddChannel(guild), server.AddForum(guild, "Politics", "Sport")
	thread := server.AddThread(guild, channel)
	p, err := discord.New(discord.Options{Token: server.Token, APIURL: server.APIURL(), Queue: work.New(work.Options{})})
	if err != nil {
		t.Fatal(err)
	}
	in := func(channel string) func() []string {
		return func() []string {
			var all []string
			for _, m := range server.FromBot(ann, channel) {
				all = append(all, m.Plain())
			}
			return all
		}
	}
	posts := func() []string {
		var all []string
		for _, post := range server.Posts(forum) {
			for _, m := range post.Messages {
				all = append(all, m.Plain()+strings.Join(post.Tags, " "))
			}
		}
		slices.Sort(all)
		return all
	}
	for name, hall := range map[string]chattest.Hall{
		"channel": {Workspace: guild, Channel: channel, Read: in(channel), Knows: true},
		"thread":  {Workspace: guild, Channel: channel, Thread: thread, Read: in(thread), Knows: true},
		"forum":   {Workspace: guild, Channel: forum, Tags: []string{"politics"}, Read: posts},
	} {
		t.Run(name, func(t *testing.T) { chattest.Announcer(t, p, hall) })
	}
	if all := posts(); len(all) != 1 || !strings.HasSuffix(all[0], "Politics") {
		t.Errorf("%q", all)
	}
	var refused *chat.Refusal
	save := func(context.Context, []byte) error { return nil }
	for name, a := range map[string]chat.Announcement{
		"a tag that is not there":     {Key: "1", Workspace: guild, Channel: forum, Tags: []string{"Weather"}, Save: save},
		"a channel of another server": {Key: "2", Workspace: server.AddGuild(), Channel: channel, Save: save},
		"no channel":                  {Key: "3", Workspace: guild, Channel: "../users/@me", Save: save},
	} {
		a.Reply.Add(chat.Paragraph, chat.Say("x"))
		if _, err := p.Announce(t.Context(), a); !errors.As(err, &refused) {
			t.Errorf("%s: %v", name, err)
		}
	}
	server.Deny(channel, "send")
	a := chat.Announcement{Key: "4", Workspace: guild, Channel: channel, Save: save}
	a.Reply.Add(chat.Paragraph, chat.Say("x"))
	if _, err := p.Announce(t.Context(), a); !errors.As(err, &refused) {
		t.Errorf("where it may not write: %v", err)
	}
	for _, fault := range server.Faults() {
		t.Error(fault)
	}
}
