package slack

import (
	"context"
	"fmt"
	"strings"

	"github.com/slack-go/slack"

	"onrecord/adapters/slack/internal/blockkit"
	"onrecord/chat"
)

// Identifiers of shortcuts and forms; the manifest names them too.
const (
	shortcutForm    = "brief_article"
	shortcutMessage = "brief_message"
	actionForm      = "form"
	fieldLink       = "link"
	fieldText       = "text"
)

// homeItems is the number of articles in the Home tab.
const homeItems = 20

// form asks for a link or a text.
func form() slack.ModalViewRequest {
	link := slack.NewInputBlock(fieldLink, plain("Link"), nil, &slack.PlainTextInputBlockElement{
		Type: slack.METPlainTextInput, ActionID: fieldLink, Placeholder: plain("https://…"), MaxLength: blockkit.InputText, FocusOnLoad: true,
	})
	link.Optional = true
	text := slack.NewInputBlock(fieldText, plain("Or the text"), plain("Up to 3,000 characters. A longer text can be sent to me as a file or in a direct message."), &slack.PlainTextInputBlockElement{
		Type: slack.METPlainTextInput, ActionID: fieldText, Multiline: true, MaxLength: blockkit.InputText,
	})
	text.Optional = true
	return slack.ModalViewRequest{
		Type: slack.VTModal, CallbackID: shortcutForm,
		Title: plain("Brief an article"), Submit: plain("Brief"), Close: plain("Cancel"),
		Blocks: slack.Blocks{BlockSet: []slack.Block{link, text}},
	}
}

// openForm opens the form while the trigger lasts, which is three seconds.
func (p *Platform) openForm(ctx context.Context, team, trigger string) {
	s, err := p.seat(ctx, team)
	if err == nil {
		err = s.openForm(ctx, trigger)
	}
	if err != nil {
		p.log.WarnContext(ctx, "a form could not be opened", "code", errorCode(err), "error", safe(err))
	}
}

func (p *seat) openForm(ctx context.Context, trigger string) error {
	return p.once(ctx, "views.open", func(ctx context.Context) error {
		_, err := p.api.OpenViewContext(ctx, trigger, form())
		return err
	})
}

// showHome publishes the Home tab of one person: what they asked about, and
// what can be asked.
func (p *seat) showHome(ctx context.Context, a ask) error {
	blocks := []slack.Block{
		slack.NewHeaderBlock(plain("Onrecord")),
		slack.NewActionBlock("", slack.NewButtonBlockElement(actionForm, "form", plain("Brief an article")).WithStyle(slack.StylePrimary)),
		slack.NewHeaderBlock(plain("Your recent articles")),
	}
	blocks = append(blocks, p.recentBlocks(ctx, a)...)
	blocks = append(blocks, slack.NewDividerBlock())
	for _, m := range render(p.help()) {
		blocks = append(blocks, m.blocks...)
	}
	blocks = blocks[:min(len(blocks), blockkit.ViewBlocks)]
	err := p.call(ctx, "views.publish", true, func(ctx context.Context) error {
		_, err := p.api.PublishViewContext(ctx, slack.PublishViewContextRequest{
			UserID: a.User, View: slack.HomeTabViewRequest{Type: slack.VTHomeTab, Blocks: slack.Blocks{BlockSet: blocks}},
		})
		return err
	})
	if err != nil {
		return fmt.Errorf("publishing the Home tab: %w", err)
	}
	return nil
}

// recentBlocks lists what somebody asked about, privately too: nobody else
// sees their Home tab.
func (p *seat) recentBlocks(ctx context.Context, a ask) []slack.Block {
	scope := chat.Scope{Platform: lane, Workspace: a.Team, User: a.User, Private: true, Quiet: true}
	lister, ok := p.o.Recent.(chat.Lister)
	if !ok {
		return p.askedRecent(ctx, scope)
	}
	seen, err := lister.List(ctx, scope, homeItems)
	if err != nil {
		p.log.WarnContext(ctx, "recent articles cannot be listed", "error", err)
	}
	if len(seen) == 0 {
		return []slack.Block{slack.NewContextBlock("", plain("Nothing yet. What you brief is listed here, for you alone."))}
	}
	var blocks []slack.Block
	for i, s := range seen {
		name := strings.TrimSpace(clip(clean(s.Name), 300))
		if name == "" {
			name = "An article"
		}
		button := slack.NewButtonBlockElement(fmt.Sprintf("%shome%d", actionPrefix, i), "brief "+s.Handle, plain("Brief"))
		blocks = append(blocks, slack.NewSectionBlock(plain(name), nil, slack.NewAccessory(button)))
	}
	return blocks
}

// askedRecent asks the bot itself, when nothing else can list.
func (p *seat) askedRecent(ctx context.Context, scope chat.Scope) []slack.Block {
	for _, c := range p.o.Commands {
		if c.Name != "recent" {
			continue
		}
		reply := p.handle(ctx, chat.Request{ID: "home:" + scope.User, Scope: scope, Entry: chat.ByCommand, Command: "recent"})
		reply.Actions = nil
		if messages := render(reply); len(messages) > 0 {
			return messages[0].blocks
		}
	}
	return []slack.Block{slack.NewContextBlock("", plain("Nothing is remembered here."))}
}

// help explains the ways to ask in Slack, and the commands.
func (p *Platform) help() chat.Reply {
	slash := "/" + p.o.Prefix
	var r chat.Reply
	r.Add(chat.Heading, chat.Say("How to ask"))
	r.AddItem(0, chat.Type(slash+"brief https://…"), chat.Say(" anywhere: the answer is for you alone, until you share it."))
	r.AddItem(0, chat.Say("Mention me with a link or a file: I answer in the thread."))
	r.AddItem(0, chat.Say("Send me a link, a file or a text directly."))
	r.AddItem(0, chat.Say("In the menu of a message: "), chat.Bold("Brief this message"), chat.Say("."))
	r.Add(chat.Heading, chat.Say("Commands"))
	for _, c := range p.o.Commands {
		name := slash + "brief " + c.Name
		switch c.Name {
		case "brief", "quotes", "claims", "check", "compare", "said":
			name = slash + c.Name
		}
		r.AddItem(0, chat.Type(strings.TrimSpace(name+" "+c.Usage)), chat.Say(": "+c.Summary))
	}
	r.Add(chat.Note, chat.Say("In threads Slack knows no slash commands: mention me, with the same words. Settings: "), chat.Type(slash+"brief settings"))
	return r
}
