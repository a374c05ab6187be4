package discord

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"time"

	"github.com/bwmarrin/discordgo"

	"onrecord/chat"
	"onrecord/work"
)

var _ chat.Announcer = (*Platform)(nil)

// forum is a channel as far as posts in it need it.
type forum struct {
	Type  int    `json:"type"`
	Guild string `json:"guild_id"`
	Flags int    `json:"flags"`
	Tags  []struct {
		ID        string `json:"id"`
		Name      string `json:"name"`
		Moderated bool   `json:"moderated"`
	} `json:"available_tags"`
}

func (f *forum) isForum() bool {
	return f.Type == int(discordgo.ChannelTypeGuildForum) || f.Type == int(discordgo.ChannelTypeGuildMedia)
}

// look asks Discord for a channel, and makes sure that it is the server's.
func (p *Platform) look(ctx context.Context, workspace, channel string) (*forum, error) {
	if !validID(channel) {
		return nil, &chat.Refusal{Text: "That is no channel of this server."}
	}
	if workspace != "" && !p.admits(ctx, workspace, "") {
		return nil, &chat.Refusal{Text: "Whoever runs me has not put this server on the list."}
	}
	var f forum
	err := p.api.do(ctx, call{method: "GET", path: "/channels/" + channel, out: &f, within: 20 * time.Second})
	if status := statusOf(err); status == http.StatusForbidden || status == http.StatusNotFound {
		return nil, &chat.Refusal{Text: "I cannot see that channel: it is gone, or my role may not view it."}
	}
	if err != nil {
		return nil, fmt.Errorf("looking at a channel: %w", err)
	}
	if f.Guild != workspace {
		return nil, &chat.Refusal{Text: "That is no channel of this server."}
	}
	return &f, nil
}

// Room implements [chat.Announcer]. Channels of Discord belong to one server.
func (p *Platform) Room(ctx context.Context, workspace, channel string) (chat.Room, error) {
	f, err := p.look(ctx, workspace, channel)
	if err != nil {
		return chat.Room{}, err
	}
	room := chat.Room{Private: true, Forum: f.isForum()}
	if workspace != "" {
		room.Private = p.channel(ctx, channel, workspace).private
	}
	return room, nil
}

// announced is how far an announcement got.
type announced struct {
	Since time.Time `json:"since"`           // when it was first sent
	Forum bool      `json:"forum,omitempty"` // as a post of a forum, which has no nonce
	Post  string    `json:"post,omitempty"`  // that was made there
}

// remembers is how long Discord surely knows a nonce. It says "the past few
// minutes".
const remembers = 2 * time.Minute

// Announce implements [chat.Announcer]. Messages have a nonce, so that a repeat
// within minutes is none; posts of a forum have not.
func (p *Platform) Announce(ctx context.Context, a chat.Announcement) (string, error) {
	var far announced
	if len(a.Progress) > 0 {
		if err := json.Unmarshal(a.Progress, &far); err != nil {
			return "", fmt.Errorf("%w: its progress cannot be read", work.ErrUncertain)
		}
	}
	switch began := !far.Since.IsZero(); {
	case began && far.Forum && far.Post == "", began && !far.Forum && time.Since(far.Since) > remembers:
		return "", work.ErrUncertain
	}
	s := &speaking{p: p, a: a, far: far}
	message, err := s.say(ctx)
	if err != nil {
		return "", s.verdict(ctx, err)
	}
	return message, nil
}

// verdict says what a failure means.
func (s *speaking) verdict(ctx context.Context, err error) error {
	var final *chat.Refusal
	status := statusOf(err)
	switch code := codeOf(err); {
	case errors.As(err, &final), ctx.Err() != nil:
		return err
	case errors.Is(err, errUnsure):
		return fmt.Errorf("%w: %w", work.ErrUncertain, err)
	case code == codeMissingAccess, code == codeMissingPermissions:
		return &chat.Refusal{Text: "I may not post in that channel: allow my role to view it and to send messages and embeds."}
	case status == http.StatusNotFound:
		return &chat.Refusal{Text: "That channel or thread is gone."}
	case status >= 400 && status < 500 && status != http.StatusTooManyRequests && status != http.StatusUnauthorized:
		s.p.log.ErrorContext(ctx, "Discord does not take a post", "error", err)
		return &chat.Refusal{Text: fmt.Sprintf("Discord did not take the post (%d).", status)}
	case s.out || s.sent && status != http.StatusTooManyRequests && status != http.StatusUnauthorized && !neverSent(err):
		// Part of it is out, or may be: it was tried with one nonce for as long as
		// that is known.
		return fmt.Errorf("%w: %w", work.ErrUncertain, err)
	}
	s.far = announced{} // it is certainly not out
	return errors.Join(err, s.save(ctx))
}

// speaking says one announcement.
type speaking struct {
	p   *Platform
	a   chat.Announcement
	far announced

	sent bool // something may be out
	out  bool // something is
}

func (s *speaking) save(ctx context.Context) error {
	data, err := json.Marshal(s.far)
	if err != nil {
		return fmt.Errorf("writing down how far a post got: %w", err)
	}
	return s.a.Save(ctx, data)
}

func (s *speaking) say(ctx context.Context) (string, error) {
	f, err := s.p.look(ctx, s.a.Workspace, s.a.Channel)
	if err != nil {
		return "", err
	}
	where, first := s.a.Channel, s.far.Post
	if s.a.Thread != "" {
		where = s.a.Thread
	}
	messages := render(s.a.Reply, s.p.keepAction, 0)
	if f.isForum() && s.a.Thread == "" {
		if first == "" {
			if first, err = s.open(ctx, f, messages[0]); err != nil {
				return "", err
			}
		}
		where, messages = first, messages[1:]
	}
	if s.far.Since.IsZero() || s.far.Post != "" {
		s.far.Since = time.Now()
		if err := s.save(ctx); err != nil {
			return "", err
		}
	}
	out := &answering{p: s.p, ctx: ctx, key: s.a.Key, t: &ticket{Guild: s.a.Workspace, Channel: s.a.Channel}, reply: s.a.Reply, first: first}
	s.sent = true
	err = out.post(where, messages, "", 0)
	if s.out = out.first != ""; err != nil {
		return "", err
	}
	if s.a.Reply.Details != nil {
		if thread, err := out.thread(out.first); err == nil {
			where = thread
		}
		if err := out.post(where, out.messages(*s.a.Reply.Details, false), "", 100); err != nil {
			return "", err
		}
	}
	return out.first, nil
}

// open makes a post in a forum.
func (s *speaking) open(ctx context.Context, f *forum, m outgoing) (string, error) {
	tags, err := f.tags(s.a.Tags)
	if err != nil {
		return "", err
	}
	s.far = announced{Since: time.Now(), Forum: true}
	if err := s.save(ctx); err != nil {
		return "", err
	}
	body := struct {
		Name    string   `json:"name"`
		Archive int      `json:"auto_archive_duration"`
		Tags    []string `json:"applied_tags"`
		Message outgoing `json:"message"`
	}{threadName(s.a.Reply, ""), 10080, tags, m}
	var opened struct {
		ID string `json:"id"`
	}
	path := "/channels/" + s.a.Channel + "/threads"
	c := call{method: "POST", path: path, body: body, once: true, out: &opened}
	for _, one := range m.files {
		c.files = append(c.files, file{one.Name, one.ContentType, one.Data})
	}
	if err := s.p.api.do(ctx, c); err != nil {
		if !errors.Is(err, errUnsure) {
			s.far = announced{} // it was certainly not made
			err = errors.Join(err, s.save(ctx))
		}
		return "", err
	}
	if !validID(opened.ID) {
		return "", errUnsure
	}
	s.far.Post = opened.ID
	return opened.ID, s.save(ctx)
}

// tags are the identifiers of tags of a forum.
func (f *forum) tags(names []string) ([]string, error) {
	const most, required = 5, 1 << 4
	ids := []string{}
	for _, name := range names {
		found := false
		for _, t := range f.Tags {
			if strings.EqualFold(t.Name, name) && !found && len(ids) < most {
				ids, found = append(ids, t.ID), true
			}
		}
		if !found {
			var have []string
			for _, t := range f.Tags {
				have = append(have, t.Name)
			}
			return nil, &chat.Refusal{Text: "That forum has no tag “" + clean(name) + "”. It has: " + clean(strings.Join(have, ", ")) + "."}
		}
	}
	if len(ids) == 0 && f.Flags&required != 0 {
		return nil, &chat.Refusal{Text: "Posts in that forum need a tag: make the watch again with “tags”."}
	}
	return ids, nil
}
