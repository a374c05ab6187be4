package main

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"onrecord/adapters/discord"
	"onrecord/adapters/discord/discordfake"
)

// guild is somebody in a fake Discord.
type guild struct {
	*newsroom
	server  *discordfake.Server
	ada     *discordfake.User
	channel string
	seen    map[string]bool // messages
}

func discordPages(ctx context.Context, text []byte) (pages []page, err error) {
	g := &guild{newsroom: newNewsroom(text), server: discordfake.New(discordfake.Options{}), seen: map[string]bool{}}
	defer g.server.Close()
	g.channel = g.server.AddChannel(g.server.AddGuild())
	g.ada = g.server.AddUser("Ada Okoro")
	g.ada.Permissions = 1 << 5 // manages the server
	p, err := discord.New(discord.Options{Token: g.server.Token, APIURL: g.server.APIURL(), Queue: g.queue, Recent: g.recent})
	if err != nil {
		return nil, err
	}
	g.open(ctx, p)
	defer func() { err = errors.Join(err, g.close()) }()
	if err := g.server.Until(ctx, g.server.Connected); err != nil {
		return nil, err
	}

	add := func(name, title string, columns ...column) {
		pages = append(pages, page{Name: "discord-" + name, Title: title, Platform: "Discord", Dark: true, Columns: columns})
	}
	channel := func(posts []post) column { return column{Head: "# newsdesk", Posts: posts} }

	first, err := g.command(ctx, "brief", discordfake.Option{Name: "source", Value: link})
	if err != nil {
		return nil, err
	}
	add("brief", "/brief with a link", channel(embedPosts(first)))
	for _, list := range []string{"Claims", "Quotes"} {
		m, err := g.click(ctx, first[0], list)
		if err != nil {
			return nil, err
		}
		add(strings.ToLower(list), list+" behind the button", channel(embedPosts(m)))
	}
	m, err := g.click(ctx, first[0], "Show passage")
	if err != nil {
		return nil, err
	}
	add("passage", "Show passage", channel(embedPosts(m)))

	shared, err := g.click(ctx, first[0], "Share")
	if err != nil {
		return nil, err
	}
	columns := []column{channel(embedPosts(shared))}
	for _, m := range shared {
		thread, name := g.server.ThreadOf(m.ID)
		if thread == "" {
			continue
		}
		columns = append(columns, column{Head: "Thread · " + name, Narrow: true, Posts: embedPosts(g.server.FromBot(g.ada, thread))})
	}
	add("share", "Share and its thread", columns...)

	var odds []post
	for _, typed := range []struct {
		shown, command string
		options        []discordfake.Option
	}{
		{"/brief source: " + walled, "brief", []discordfake.Option{{Name: "source", Value: walled}}},
		{"/brief source: settings", "brief", []discordfake.Option{{Name: "source", Value: "settings"}}},
	} {
		m, err := g.command(ctx, typed.command, typed.options...)
		if err != nil {
			return nil, err
		}
		odds = append(odds, typedBy(typed.shown))
		odds = append(odds, embedPosts(m)...)
	}
	add("errors", "A paywall, and the settings", channel(odds))
	if faults := g.server.Faults(); len(faults) > 0 {
		return nil, fmt.Errorf("against the rules: %s", strings.Join(faults, "; "))
	}
	return pages, nil
}

func (g *guild) command(ctx context.Context, name string, options ...discordfake.Option) ([]discordfake.Message, error) {
	g.server.Command(g.ada, g.channel, name, options...)
	return g.next(ctx)
}

func (g *guild) click(ctx context.Context, m discordfake.Message, label string) ([]discordfake.Message, error) {
	if _, ok := m.Button(label); !ok {
		return nil, fmt.Errorf("there is no button %q", label)
	}
	g.server.Click(g.ada, m, label)
	return g.next(ctx)
}

// next are the messages of the next answer in the channel.
func (g *guild) next(ctx context.Context) ([]discordfake.Message, error) {
	if err := g.answered(ctx); err != nil {
		return nil, err
	}
	var fresh []discordfake.Message
	for _, m := range g.server.FromBot(g.ada, g.channel) {
		if !g.seen[m.ID] {
			g.seen[m.ID] = true
			fresh = append(fresh, m)
		}
	}
	if len(fresh) == 0 {
		return nil, errors.New("nothing was answered")
	}
	return fresh, nil
}

func embedPosts(messages []discordfake.Message) []post {
	var all []post
	for i, m := range messages {
		p := post{Author: "Onrecord", App: true, Private: m.Ephemeral(), Follows: i > 0}
		if m.Content != "" {
			p.Parts = append(p.Parts, part{Kind: "text", Lines: markdown(m.Content)})
		}
		for _, e := range m.Embeds {
			box := part{Kind: "embed"}
			if e.Title != "" {
				box.Lines = append(box.Lines, line{Spans: []span{{Text: e.Title, Bold: true}}})
			}
			box.Lines = append(box.Lines, markdown(e.Description)...)
			if e.Footer != nil {
				box.Footer = e.Footer.Text
			}
			p.Parts = append(p.Parts, box)
		}
		p.Parts = append(p.Parts, componentParts(m.Components)...)
		all = append(all, p)
	}
	return all
}

// componentParts puts components into rows again: five buttons, or a menu.
func componentParts(components []discordfake.Component) []part {
	const button, perRow = 2, 5
	tones := map[int]string{1: "primary", 3: "success", 4: "danger"}
	var row []control
	var parts []part
	flush := func() {
		for some := range slices.Chunk(row, perRow) {
			parts = append(parts, part{Kind: "actions", Controls: some})
		}
		row = nil
	}
	for _, c := range components {
		if c.Type == button {
			row = append(row, control{Kind: "button", Label: c.Label, Tone: tones[c.Style]})
			continue
		}
		flush()
		menu := control{Kind: "select", Label: c.Placeholder}
		for _, o := range c.Options {
			menu.Options = append(menu.Options, o.Label)
		}
		parts = append(parts, part{Kind: "actions", Controls: []control{menu}})
	}
	flush()
	return parts
}

// markdown reads the part of Discord's Markdown that the adapter writes:
// escapes, bold, code, links behind words and small print.
func markdown(text string) []line {
	var lines []line
	for s := range strings.SplitSeq(text, "\n") {
		var l line
		if rest, small := strings.CutPrefix(s, "-# "); small {
			l.Small, s = true, rest
		}
		l.Spans = inline(s)
		lines = append(lines, l)
	}
	return lines
}

func inline(s string) []span {
	var spans []span
	var plain strings.Builder
	bold := false
	flush := func() {
		if plain.Len() > 0 {
			spans = append(spans, span{Text: plain.String(), Bold: bold})
			plain.Reset()
		}
	}
	for i := 0; i < len(s); {
		rest := s[i:]
		switch {
		case rest[0] == '\\' && len(rest) > 1 && strings.IndexByte("\\*_~|>#-+[]()@:<`.!{}", rest[1]) >= 0:
			plain.WriteByte(rest[1])
			i += 2
			continue
		case strings.HasPrefix(rest, "**"):
			flush()
			bold = !bold
			i += 2
			continue
		case rest[0] == '`':
			if end := strings.IndexByte(rest[1:], '`'); end > 0 {
				flush()
				spans = append(spans, span{Text: rest[1 : 1+end], Code: true, Bold: bold})
				i += end + 2
				continue
			}
		case rest[0] == '[':
			if label, n := masked(rest); n > 0 {
				flush()
				spans = append(spans, span{Text: label, Link: true, Bold: bold})
				i += n
				continue
			}
		}
		plain.WriteByte(rest[0])
		i++
	}
	flush()
	return spans
}

// masked reads a link behind words, and tells how long it is.
func masked(s string) (label string, n int) {
	var w strings.Builder
	for i := 1; i < len(s); i++ {
		switch {
		case s[i] == '\\' && i+1 < len(s):
			i++
			w.WriteByte(s[i])
		case s[i] != ']':
			w.WriteByte(s[i])
		case i+1 < len(s) && s[i+1] == '(':
			end := strings.IndexByte(s[i+2:], ')')
			if end < 0 {
				return "", 0
			}
			return w.String(), i + 2 + end + 1
		default:
			return "", 0
		}
	}
	return "", 0
}
