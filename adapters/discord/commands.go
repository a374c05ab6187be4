package discord

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/bwmarrin/discordgo"

	"onrecord/chat"
)

// The menu of a message.
const menuCommand = "Brief this message"

// slash are the commands of the table that get a slash command of their own.
// The others are words after /brief, after a mention, and in a direct message.
var slash = [...]string{"brief", "quotes", "claims", "check", "compare", "said", "watch", "help", "settings"}

// The options of our slash commands that are not words of the command table.
const (
	optSource = "source"
	optFile   = "file"
	optPaste  = "paste"
	optWords  = "words"
)

// registered is the list of commands as Discord is told about it, made from the
// table.
func registered(table []chat.Command) []*discordgo.ApplicationCommand {
	everywhere := []discordgo.InteractionContextType{discordgo.InteractionContextGuild, discordgo.InteractionContextBotDM, discordgo.InteractionContextPrivateChannel}
	both := []discordgo.ApplicationIntegrationType{discordgo.ApplicationIntegrationGuildInstall, discordgo.ApplicationIntegrationUserInstall}
	list := []*discordgo.ApplicationCommand{}
	for _, name := range slash {
		i := slices.IndexFunc(table, func(c chat.Command) bool { return c.Name == name })
		if i < 0 {
			continue
		}
		c := table[i]
		cmd := &discordgo.ApplicationCommand{
			Type:             discordgo.ChatApplicationCommand,
			Name:             c.Name,
			Description:      cutTo(cmp.Or(clean(c.Summary), c.Name), maxOption),
			Contexts:         &everywhere,
			IntegrationTypes: &both,
			Options:          []*discordgo.ApplicationCommandOption{},
		}
		add := func(kind discordgo.ApplicationCommandOptionType, name, description string) *discordgo.ApplicationCommandOption {
			o := &discordgo.ApplicationCommandOption{Type: kind, Name: name, Description: cutTo(cmp.Or(clean(description), name), maxOption)}
			cmd.Options = append(cmd.Options, o)
			return o
		}
		if c.Source {
			add(discordgo.ApplicationCommandOptionString, optSource, "a link, a text, or one of your recent articles").Autocomplete = true
			add(discordgo.ApplicationCommandOptionAttachment, optFile, "a text, Word, PDF or HTML file")
		}
		for _, o := range c.Options {
			switch o.Takes {
			case chat.Count:
				one := 1.0
				add(discordgo.ApplicationCommandOptionInteger, o.Name, o.Meaning).MinValue = &one
			case chat.Words:
				add(discordgo.ApplicationCommandOptionString, o.Name, o.Meaning).Autocomplete = o.Suggests
			default:
				add(discordgo.ApplicationCommandOptionBoolean, o.Name, o.Meaning)
			}
		}
		if c.Source {
			add(discordgo.ApplicationCommandOptionBoolean, optPaste, "opens a form to paste a text into")
		} else if c.Usage != "" && c.Lead == "" {
			add(discordgo.ApplicationCommandOptionString, optWords, c.Usage)
		}
		list = append(list, cmd)
	}
	return append(list, &discordgo.ApplicationCommand{
		Type:             discordgo.MessageApplicationCommand,
		Name:             menuCommand,
		Contexts:         &everywhere,
		IntegrationTypes: &both,
		Options:          nil,
	})
}

// commandBody is the body of the bulk overwrite: discordgo's type without the
// fields that a menu command must not have.
func commandBody(list []*discordgo.ApplicationCommand) ([]json.RawMessage, string, error) {
	var body []json.RawMessage
	hash := sha256.New()
	for _, c := range list {
		data, err := json.Marshal(c)
		if err != nil {
			return nil, "", err
		}
		if c.Options == nil {
			var fields map[string]json.RawMessage
			if err := json.Unmarshal(data, &fields); err != nil {
				return nil, "", err
			}
			delete(fields, "options")
			if data, err = json.Marshal(fields); err != nil {
				return nil, "", err
			}
		}
		hash.Write(data)
		body = append(body, data)
	}
	return body, hex.EncodeToString(hash.Sum(nil))[:32], nil
}

func (p *Platform) commandsKey() string { return "discord:commands:" + p.app() }

// register tells Discord about the commands if they are not those that it was
// told about last.
func (p *Platform) register(ctx context.Context) error {
	body, hash, err := commandBody(registered(p.o.Commands))
	if err != nil {
		return fmt.Errorf("writing the list of commands: %w", err)
	}
	if last, found, err := p.notes.Get(ctx, p.commandsKey()); err == nil && found && last == hash {
		return nil
	}
	path := "/applications/" + p.app() + "/commands"
	if err := p.api.do(ctx, call{method: "PUT", path: path, body: body}); err != nil {
		return fmt.Errorf("registering commands: %w", err)
	}
	p.log.InfoContext(ctx, "commands are registered", "commands", len(body))
	if err := p.notes.Set(ctx, p.commandsKey(), hash); err != nil {
		p.log.WarnContext(ctx, "it could not be noted which commands are registered", "error", err)
	}
	return nil
}

// words puts the options of a slash command into the words that the table
// understands: the source, then each option with what follows it.
func words(table []chat.Command, name string, options []option) string {
	var first, rest []string
	i := slices.IndexFunc(table, func(c chat.Command) bool { return c.Name == name })
	for _, o := range options {
		switch o.Name {
		case optSource, optWords:
			first = append(first, strings.TrimSpace(o.text()))
			continue
		case optFile, optPaste:
			continue
		}
		if i >= 0 && slices.ContainsFunc(table[i].Options, func(have chat.Option) bool { return have.Name == o.Name && have.Takes == chat.Nothing }) {
			if o.text() == "true" {
				rest = append(rest, o.Name)
			}
			continue
		}
		if v := strings.TrimSpace(o.text()); v != "" {
			rest = append(rest, o.Name, v)
		}
	}
	return strings.Join(append(first, rest...), " ")
}

// option is an option of a command as it comes in.
type option struct {
	Name    string          `json:"name"`
	Type    int             `json:"type"`
	Value   json.RawMessage `json:"value"`
	Focused bool            `json:"focused"`
	Options []option        `json:"options"`
}

// text is the value in words.
func (o option) text() string {
	var v any
	if json.Unmarshal(o.Value, &v) != nil {
		return ""
	}
	switch v := v.(type) {
	case string:
		return v
	case bool:
		return strconv.FormatBool(v)
	case float64:
		return strconv.FormatFloat(v, 'f', -1, 64)
	}
	return ""
}
