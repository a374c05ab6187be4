package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"onrecord/adapters/slack"
	"onrecord/adapters/slack/slackfake"
)

const ada, news = "UADA", "CNEWS"

// desk is somebody in a fake Slack.
type desk struct {
	*newsroom
	slack *slackfake.Server
	seen  map[string]bool // messages, by their timestamp
}

func slackPages(ctx context.Context, text []byte) (pages []page, err error) {
	d := &desk{newsroom: newNewsroom(text), slack: slackfake.New(slackfake.Options{}), seen: map[string]bool{}}
	defer d.slack.Close()
	d.slack.AddUser(slackfake.User{ID: ada, Name: "Ada Okoro", Admin: true})
	d.slack.AddChannel(slackfake.Channel{ID: news, Name: "newsdesk", Bot: true, Members: []string{ada}})
	bot, app, _ := d.slack.Tokens()
	p, err := slack.New(slack.Options{BotToken: bot, AppToken: app, APIURL: d.slack.URL(), Queue: d.queue, Recent: d.recent})
	if err != nil {
		return nil, err
	}
	d.open(ctx, p)
	defer func() { err = errors.Join(err, d.close()) }()
	if err := until(ctx, func() (bool, error) { ok, _ := p.Status(); return ok, nil }); err != nil {
		return nil, err
	}

	add := func(name, title string, columns ...column) {
		pages = append(pages, page{Name: "slack-" + name, Title: title, Platform: "Slack", Columns: columns})
	}
	channel := func(posts []post) column { return column{Head: "# newsdesk", Posts: posts} }

	first, err := d.slash(ctx, "/brief", link)
	if err != nil {
		return nil, err
	}
	add("brief", "/brief with a link", channel(posts(first)))
	for _, list := range []string{"Claims", "Quotes"} {
		m, err := d.press(ctx, first[0], list)
		if err != nil {
			return nil, err
		}
		add(strings.ToLower(list), list+" behind the button", channel(posts(m)))
	}
	m, err := d.press(ctx, first[0], "Show passage")
	if err != nil {
		return nil, err
	}
	add("passage", "Show passage", channel(posts(m)))

	shared, err := d.press(ctx, first[0], "Share")
	if err != nil {
		return nil, err
	}
	var above, below []slackfake.Message
	for _, m := range shared {
		if m.Thread == "" {
			above = append(above, m)
		} else {
			below = append(below, m)
		}
	}
	add("share", "Share and its thread", channel(posts(above)), column{Head: "Thread", Narrow: true, Posts: posts(below)})

	var odds []post
	for _, typed := range []struct{ command, text string }{
		{"/brief", walled},
		{"/brief", "settings"},
	} {
		m, err := d.slash(ctx, typed.command, typed.text)
		if err != nil {
			return nil, err
		}
		odds = append(odds, typedBy(typed.command+" "+typed.text))
		odds = append(odds, posts(m)...)
	}
	add("errors", "A paywall, and the settings", channel(odds))
	if problems := d.slack.Problems(); len(problems) > 0 {
		return nil, fmt.Errorf("against the rules: %s", strings.Join(problems, "; "))
	}
	return pages, nil
}

func (d *desk) slash(ctx context.Context, command, text string) ([]slackfake.Message, error) {
	d.slack.Slash(ada, news, command, text)
	return d.next(ctx)
}

// press presses the button or chooses the option whose label begins so.
func (d *desk) press(ctx context.Context, m slackfake.Message, label string) ([]slackfake.Message, error) {
	for _, c := range m.Controls() {
		if !strings.HasPrefix(c.Label, label) {
			continue
		}
		if err := d.slack.Press(ada, news, m.TS, c.Label); err != nil {
			return nil, err
		}
		return d.next(ctx)
	}
	return nil, fmt.Errorf("there is no button %q", label)
}

// next are the messages of the next answer.
func (d *desk) next(ctx context.Context) ([]slackfake.Message, error) {
	if err := d.answered(ctx); err != nil {
		return nil, err
	}
	var fresh []slackfake.Message
	for _, m := range d.slack.SeesAll(ada, news) {
		if !d.seen[m.TS] {
			d.seen[m.TS] = true
			fresh = append(fresh, m)
		}
	}
	if len(fresh) == 0 {
		return nil, errors.New("nothing was answered")
	}
	return fresh, nil
}

func posts(messages []slackfake.Message) []post {
	var all []post
	for i, m := range messages {
		all = append(all, post{Author: slackfake.BotName, App: true, Private: m.To != "", Follows: i > 0, Parts: slackParts(m)})
	}
	return all
}

// object is a block, an element or a text of Block Kit, as much of it as the
// adapter uses.
type object struct {
	Type     string          `json:"type"`
	Text     json.RawMessage `json:"text"` // an object, or a string in rich text
	URL      string          `json:"url"`
	Style    json.RawMessage `json:"style"` // an object in rich text, else a string
	Elements []object        `json:"elements"`
	Options  []object        `json:"options"`
	Indent   int             `json:"indent"`

	Accessory *object `json:"accessory"`
}

func (o object) words() string {
	var s string
	if json.Unmarshal(o.Text, &s) == nil {
		return s
	}
	var inner object
	if json.Unmarshal(o.Text, &inner) == nil && len(inner.Text) > 0 {
		return inner.words()
	}
	return ""
}

// slackParts reads the blocks of a message.
func slackParts(m slackfake.Message) []part {
	var blocks []object
	if len(m.Blocks) == 0 || json.Unmarshal(m.Blocks, &blocks) != nil {
		return []part{{Kind: "text", Lines: []line{{Spans: []span{{Text: m.Text}}}}}}
	}
	var parts []part
	for _, b := range blocks {
		switch b.Type {
		case "divider":
			parts = append(parts, part{Kind: "divider"})
		case "header":
			parts = append(parts, part{Kind: "header", Lines: plainLines(b.words())})
		case "section":
			p := part{Kind: "text", Lines: plainLines(b.words())}
			if b.Accessory != nil {
				p.Controls = controls([]object{*b.Accessory})
			}
			parts = append(parts, p)
		case "context":
			p := part{Kind: "context"}
			for _, e := range b.Elements {
				p.Lines = append(p.Lines, plainLines(e.words())...)
			}
			parts = append(parts, p)
		case "rich_text":
			p := part{Kind: "text"}
			for _, section := range b.Elements {
				p.Lines = append(p.Lines, richLines(section)...)
			}
			parts = append(parts, p)
		case "actions":
			parts = append(parts, part{Kind: "actions", Controls: controls(b.Elements)})
		default:
			parts = append(parts, part{Kind: "context", Lines: plainLines("(" + b.Type + ")")})
		}
	}
	return parts
}

// richLines are the elements of a part of a rich text; of a list, its items.
func richLines(section object) []line {
	if section.Type == "rich_text_list" {
		var items []line
		for _, item := range section.Elements {
			for _, l := range richLines(item) {
				l.Point = section.Indent + 1
				items = append(items, l)
			}
		}
		return items
	}
	lines := []line{{}}
	for _, e := range section.Elements {
		var style struct{ Bold, Italic, Code, Strike bool }
		_ = json.Unmarshal(e.Style, &style) // without a style it is plain
		text := e.words()
		if text == "" {
			text = e.URL
		}
		for i, s := range strings.Split(text, "\n") {
			if i > 0 {
				lines = append(lines, line{})
			}
			if s != "" {
				last := &lines[len(lines)-1]
				last.Spans = append(last.Spans, span{Text: s, Bold: style.Bold, Italic: style.Italic, Code: style.Code, Link: e.Type == "link"})
			}
		}
	}
	return lines
}

func controls(elements []object) []control {
	var all []control
	for _, e := range elements {
		c := control{Kind: e.Type, Label: e.words()}
		var tone string
		if json.Unmarshal(e.Style, &tone) == nil {
			c.Tone = tone
		}
		for _, o := range e.Options {
			c.Options = append(c.Options, o.words())
		}
		all = append(all, c)
	}
	return all
}
