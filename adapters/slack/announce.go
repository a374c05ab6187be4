package slack

import (
	"context"
	"encoding/json"
	"fmt"

	"github.com/slack-go/slack"

	"onrecord/chat"
	"onrecord/work"
)

var _ chat.Announcer = (*Platform)(nil)

// Room implements [chat.Announcer]. Of private channels Slack tells nothing
// without the scope groups:read: they are then taken for shared with nobody.
func (p *Platform) Room(ctx context.Context, workspace, channel string) (chat.Room, error) {
	s, err := p.speaker(ctx, workspace)
	if err != nil {
		return chat.Room{}, err
	}
	return s.room(ctx, channel)
}

// speaker is the seat from which something is announced in a workspace.
func (p *Platform) speaker(ctx context.Context, workspace string) (*seat, error) {
	if !p.admits(workspace) {
		return nil, &chat.Refusal{Text: "Whoever runs me has not put that workspace on the list."}
	}
	s, err := p.seat(ctx, workspace)
	return s, refusal(err)
}

func (p *seat) room(ctx context.Context, channel string) (chat.Room, error) {
	if known, ok := p.halls.get(p.team + "/" + channel); ok {
		return known, nil
	}
	var c *slack.Channel
	err := p.call(ctx, "conversations.info", true, func(ctx context.Context) (err error) {
		c, err = p.api.GetConversationInfoContext(ctx, &slack.GetConversationInfoInput{ChannelID: channel})
		return err
	})
	switch errorCode(err) {
	case "":
		if err != nil {
			return chat.Room{}, fmt.Errorf("looking at a channel: %w", safe(err))
		}
	case "missing_scope", "method_not_supported_for_channel_type":
		return chat.Room{Private: true}, nil
	case "channel_not_found":
		return chat.Room{}, &chat.Refusal{Text: "There is no such channel that I can see: invite me to it with /invite."}
	default:
		return chat.Room{}, fmt.Errorf("looking at a channel: %w", err)
	}
	if c.IsArchived {
		return chat.Room{}, &chat.Refusal{Text: "That channel is archived."}
	}
	room := chat.Room{Private: c.IsPrivate || c.IsIM || c.IsMpIM || c.IsGroup, Shared: c.IsExtShared}
	p.halls.put(p.team+"/"+channel, room)
	return room, nil
}

// Announce implements [chat.Announcer]. Slack knows no key against double posts:
// what may be out is not posted again.
func (p *Platform) Announce(ctx context.Context, a chat.Announcement) (string, error) {
	to := toChannel
	if a.Thread != "" {
		to = toThread
	}
	s, err := p.speaker(ctx, a.Workspace)
	if err != nil {
		return "", err
	}
	d := &delivery{p: s, key: a.Key, keep: a.Save, a: ask{Team: a.Workspace, Channel: a.Channel, Thread: a.Thread, Entry: chat.ByMention}}
	if len(a.Progress) > 0 {
		if err := json.Unmarshal(a.Progress, &d.done); err != nil {
			return "", fmt.Errorf("%w: its progress cannot be read", work.ErrUncertain)
		}
	}
	if d.done.Doubt {
		return d.done.Root, work.ErrUncertain
	}
	parts := partsOf(a.Reply)
	for i := d.done.Sent; i < len(parts); i++ {
		err := d.send(ctx, to, i, parts[i], false)
		if sentence := d.cannotPost(err); sentence != "" {
			return "", &chat.Refusal{Text: sentence}
		}
		if code := d.refused(err); code != "" {
			p.log.ErrorContext(ctx, "slack refuses a post", "key", a.Key, "code", code)
			return "", &chat.Refusal{Text: "Slack did not take the post (" + code + ")."}
		}
		if err != nil && d.done.Sent > 0 && ctx.Err() == nil && p.fatalError(err) == nil {
			return d.done.Root, fmt.Errorf("%w: a part of it is out: %w", work.ErrUncertain, err)
		}
		if err != nil {
			return "", err
		}
		if err := d.save(ctx); err != nil {
			return "", err
		}
	}
	thread := d.done.Root
	if a.Thread != "" {
		thread = a.Thread
	}
	p.adopt(ctx, d.a, thread, a.Reply.Actions)
	return d.done.Root, nil
}
