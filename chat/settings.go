package chat

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"onrecord/book"
)

// Settings are what a workspace decides for itself. The zero value is what
// holds when nothing was set.
type Settings struct {
	Off      bool     `json:"off,omitempty"`      // the bot answers nobody
	Channels []string `json:"channels,omitempty"` // the channels it answers in; all if empty. Direct messages are always answered
	Ask      string   `json:"ask,omitempty"`      // who may ask: "" everybody, "moderators"
	Share    string   `json:"share,omitempty"`    // who may share: "" everybody, "moderators", "nobody"
	Limit    int64    `json:"limit,omitempty"`    // requests a person may make in a minute; the operator's if 0
	Model    bool     `json:"model,omitempty"`    // a language model may word summaries, if the operator has one
	NoBook   bool     `json:"no_book,omitempty"`  // the quote book remembers nothing more
	Settled  bool     `json:"settled,omitempty"`  // briefed articles are not read again for changes
	Keep     int64    `json:"keep,omitempty"`     // days that the quote book keeps an article at most; as long as the operator does if 0
}

// SettingsStore keeps the settings of workspaces, each as JSON.
type SettingsStore interface {
	// Load gives nil when nothing was saved.
	Load(ctx context.Context, platform, workspace string) ([]byte, error)
	Save(ctx context.Context, platform, workspace string, data []byte) error
}

// settings reads what a scope's workspace has set. What cannot be read is as
// if nothing were set, except that a request is not refused for it: a bot
// whose store is down still briefs.
func (b *Bot) settings(ctx context.Context, scope Scope) (Settings, error) {
	var s Settings
	if b.Settings == nil {
		return s, nil
	}
	ctx, cancel := context.WithTimeout(ctx, time.Second)
	defer cancel()
	data, err := b.Settings.Load(ctx, scope.Platform, scope.Workspace)
	if err != nil || data == nil {
		return Settings{}, nil //nolint:nilerr // see above
	}
	if err := json.Unmarshal(data, &s); err != nil {
		return Settings{}, fmt.Errorf("settings of a workspace: %w", err)
	}
	return s, nil
}

// Hears tells why nothing is to be said in a place unasked: the bot is switched
// off there.
func (b *Bot) Hears(ctx context.Context, in Scope) error {
	s, err := b.settings(ctx, in)
	switch {
	case err != nil:
		return err
	case s.Off:
		return refuse("The bot is switched off in this workspace.")
	case len(s.Channels) > 0 && !slices.Contains(s.Channels, in.Channel):
		return refuse("The settings of this workspace do not name this channel.")
	}
	return nil
}

// Follows reports whether a workspace wants briefed articles read again for
// changes.
func (b *Bot) Follows(ctx context.Context, in Scope) bool {
	s, err := b.settings(ctx, in)
	return err == nil && !s.Settled && !s.Off
}

// admits refuses what the settings do not allow.
func (s Settings) admits(call *Call) error {
	req := call.Request
	switch name := call.Command.Name; {
	case name == "settings", name == "help", name == "remove":
		return nil
	case s.Off:
		return refuse("I am switched off here. Whoever manages this workspace can switch me on: settings on")
	case len(s.Channels) > 0 && !req.Scope.Private && !slices.Contains(s.Channels, req.Scope.Channel):
		return refuse("I do not answer in this channel. Write to me directly, or ask whoever manages this workspace.")
	case s.Ask == "moderators" && !req.Moderator:
		return refuse("Only moderators may ask me here.")
	case name == "share" && s.Share == "nobody":
		return refuse("Sharing is switched off here.")
	case name == "share" && s.Share == "moderators" && !req.Moderator:
		return refuse("Only moderators may share here.")
	}
	return nil
}

// LimitOf is how many requests a person may make in a minute: the workspace's
// own limit, else def.
func (b *Bot) LimitOf(ctx context.Context, scope Scope, def int64) int64 {
	s, err := b.settings(ctx, scope)
	if err != nil || s.Limit == 0 {
		return def
	}
	return s.Limit
}

// Serves reports whether a workspace has not turned the bot off.
func (b *Bot) Serves(ctx context.Context, platform, workspace string) bool {
	s, err := b.settings(ctx, Scope{Platform: platform, Workspace: workspace})
	return err == nil && !s.Off
}

// settingsCommand shows and changes the settings.
func settingsCommand() Command {
	return Command{
		Name:    "settings",
		Aliases: []string{"config", "preferences"},
		Usage:   "[CHANGE]",
		Summary: "who may use me and how; moderators can change it",
		Details: []string{
			"CHANGE is one or more of: on, off, channels here, channels all, ask everybody, ask moderators, share everybody, share moderators, share nobody, limit N, model on, model off, book on, book off, keep N, keep all.",
			"“channels here” adds this channel to those that I answer in, “channels all” means every channel again. Direct messages are always answered.",
			"“off” switches me off for everybody in this workspace, “on” switches me on again.",
		},
		Options: []Option{
			{Name: "on", Meaning: "switch me on", Takes: Nothing},
			{Name: "off", Meaning: "switch me off", Takes: Nothing},
			{Name: "channels", Meaning: "here or all", Takes: Words},
			{Name: "ask", Meaning: "everybody or moderators", Takes: Words},
			{Name: "share", Meaning: "everybody, moderators or nobody", Takes: Words},
			{Name: "limit", Meaning: "requests that a person may make in a minute", Takes: Count},
			{Name: "book", Meaning: "on or off: whether the quote book remembers what is briefed; what it has stays until it is forgotten", Takes: Words},
			{Name: "keep", Meaning: "days that the quote book keeps an article, or all", Takes: Words},
			{Name: "model", Meaning: "on or off: whether a language model may word summaries, where the operator has one", Takes: Words},
		},
		Run: changeSettings,
	}
}

func changeSettings(ctx context.Context, b *Bot, call *Call) (Reply, error) {
	if call.Rest != "" {
		word, _ := cutWord(call.Rest)
		return Reply{}, refuse("I do not know the setting “%s”. It goes like this: %s", clip(word, 30), call.Command.usage())
	}
	s, scope := call.Settings, call.Request.Scope
	if len(call.Options) > 0 {
		if !call.Request.Moderator {
			return Reply{}, refuse("Only whoever manages this workspace can change the settings.")
		}
		if err := s.change(call); err != nil {
			return Reply{}, err
		}
		data, err := json.Marshal(s)
		if err != nil {
			return Reply{}, fmt.Errorf("settings: %w", err)
		}
		if bk := b.Service.Book; bk != nil && (s.NoBook != call.Settings.NoBook || s.Keep != call.Settings.Keep) {
			keep := book.Retention{Off: s.NoBook, Keep: time.Duration(s.Keep) * 24 * time.Hour}
			if err := bk.Store.SetRetention(ctx, book.Shelf{Platform: scope.Platform, Workspace: scope.Workspace}, keep); err != nil {
				return Reply{}, err
			}
		}
		if err := b.Settings.Save(ctx, scope.Platform, scope.Workspace, data); err != nil {
			return Reply{}, fmt.Errorf("keeping settings: %w", err)
		}
	}
	return s.reply(scope, b.Service.Book != nil), nil
}

// change takes over what the options of a call say.
func (s *Settings) change(call *Call) error {
	_, on := call.Option("on")
	_, off := call.Option("off")
	if on && off {
		return refuse("“on” and “off” exclude each other.")
	}
	if on || off {
		s.Off = off
	}
	channel := call.Request.Scope.Channel
	for name, set := range map[string]struct {
		of     []string
		change func(word string)
	}{
		"channels": {[]string{"here", "all"}, func(word string) {
			switch {
			case word == "all":
				s.Channels = nil
			case !slices.Contains(s.Channels, channel):
				s.Channels = append(slices.Clone(s.Channels), channel)
			}
		}},
		"ask":   {[]string{"everybody", "moderators"}, func(word string) { s.Ask = unlessAll(word) }},
		"share": {[]string{"everybody", "moderators", "nobody"}, func(word string) { s.Share = unlessAll(word) }},
		"model": {[]string{"on", "off"}, func(word string) { s.Model = word == "on" }},
		"book":  {[]string{"on", "off"}, func(word string) { s.NoBook = word == "off" }},
	} {
		word, given := call.Option(name)
		if !given {
			continue
		}
		word = strings.ToLower(word)
		if !slices.Contains(set.of, word) {
			return refuse("After “%s” comes one of: %s.", name, strings.Join(set.of, ", "))
		}
		if name == "channels" && word == "here" && call.Request.Scope.Private {
			return refuse("Direct messages are always answered: say “settings channels here” in the channel that is meant.")
		}
		set.change(word)
	}
	if word, given := call.Option("keep"); given {
		n, err := strconv.ParseInt(word, 10, 64)
		if all := strings.EqualFold(word, "all"); !all && (err != nil || n < 1 || n > 36500) {
			return refuse("After “keep” comes a number of days, or “all”.")
		}
		s.Keep = n
	}
	if _, given := call.Option("limit"); given {
		s.Limit = int64(min(call.Count("limit", 0), 1000))
	}
	return nil
}

// unlessAll is what is kept of a word that says who may do something.
func unlessAll(word string) string {
	if word == "everybody" {
		return ""
	}
	return word
}

func (s Settings) reply(scope Scope, book bool) Reply {
	var r Reply
	r.Visibility = ToAsker
	r.Add(Heading, Bold("Settings of this workspace"))
	line := func(name, value, change string) {
		r.Add(Item, Bold(name+":"), Say(" "+value+" · "), Type("settings "+change))
	}
	state, other := "on", "off"
	if s.Off {
		state, other = "off: I answer nobody", "on"
	}
	line("The bot is", state, other)
	switch {
	case len(s.Channels) == 0:
		line("Channels", "all", "channels here")
	case slices.Contains(s.Channels, scope.Channel):
		line("Channels", fmt.Sprintf("%s, this one among them", count(len(s.Channels), "channel")), "channels all")
	default:
		line("Channels", fmt.Sprintf("%s, this one not among them", count(len(s.Channels), "channel")), "channels here")
	}
	line("Asking", orDefault(s.Ask, "everybody"), "ask moderators")
	line("Sharing", orDefault(s.Share, "everybody"), "share moderators")
	limit := "the operator’s"
	if s.Limit > 0 {
		limit = strconv.FormatInt(s.Limit, 10)
	}
	line("Requests a person and minute", limit, "limit 10")
	model, change := "off: no word of an article goes to one", "model on"
	if s.Model {
		model, change = "on, if the operator has one", "model off"
	}
	line("Language model", model, change)
	if book {
		state, change := "on", "book off"
		if s.NoBook {
			state, change = "off: nothing more is remembered", "book on"
		}
		line("Quote book", state, change)
		keep, change := "as long as the operator does", "keep 90"
		if s.Keep > 0 {
			keep, change = count(int(s.Keep), "day"), "keep all"
		}
		line("An article stays in it", keep, change)
	}
	return r
}
