package discord

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"fmt"
	"hash/fnv"
	"log/slog"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/bwmarrin/discordgo"

	"onrecord/chat"
)

// An identifier of a button says what pressing it does:
//
//	v1:3:run:claims #0123abcd page 2     type this command
//	v1:3:ask:K5XW2MQA                    an action that was kept: ask first, or it is long
//	v1:3:yes:K5XW2MQA                    it was asked
//	v1:more                              the menu; its values are as above
//	v1:paste:brief                       the form for a text
//
// The number makes it unique in its message. What a button of another version
// did is not guessed.
const (
	idVersion = "v1"
	verbRun   = "run"
	verbAsk   = "ask"
	verbYes   = "yes"
	menuID    = idVersion + ":more"
	pasteID   = idVersion + ":paste:"
	pasteText = "text" // the field of the form
)

func customID(n int, verb, rest string) string {
	return idVersion + ":" + strconv.Itoa(n) + ":" + verb + ":" + rest
}

// press is an identifier that was understood.
type press struct{ verb, rest string }

func parseCustomID(id string) (press, bool) {
	parts := strings.SplitN(id, ":", 4)
	if len(parts) != 4 || parts[0] != idVersion || parts[3] == "" {
		return press{}, false
	}
	switch parts[2] {
	case verbRun, verbAsk, verbYes:
		return press{parts[2], parts[3]}, true
	}
	return press{}, false
}

// components are the actions of a reply: buttons for what matters, a menu for
// the rest.
func components(actions []chat.Action, keep keeper) []discordgo.MessageComponent {
	rows := []discordgo.MessageComponent{}
	var buttons, menu []chat.Action
	for _, a := range actions {
		if a.More || len(buttons) == maxRow*(maxRows-1) {
			menu = append(menu, a)
		} else {
			buttons = append(buttons, a)
		}
	}
	menu = menu[:min(len(menu), maxOptions)]
	n := 0
	for len(buttons) > 0 {
		var row discordgo.ActionsRow
		for _, a := range buttons[:min(len(buttons), maxRow)] {
			row.Components = append(row.Components, discordgo.Button{
				Label:    label(a, maxLabel),
				Style:    style(a.Tone),
				CustomID: identify(n, a, keep),
			})
			n++
		}
		buttons = buttons[len(row.Components):]
		rows = append(rows, row)
	}
	if len(menu) > 0 {
		options := make([]discordgo.SelectMenuOption, 0, len(menu))
		for _, a := range menu {
			options = append(options, discordgo.SelectMenuOption{Label: label(a, maxOption), Value: identify(n, a, keep)})
			n++
		}
		rows = append(rows, discordgo.ActionsRow{Components: []discordgo.MessageComponent{
			discordgo.SelectMenu{MenuType: discordgo.StringSelectMenu, CustomID: menuID, Placeholder: "More …", Options: options},
		}})
	}
	return rows
}

func identify(n int, a chat.Action, keep keeper) string {
	if a.Confirm == "" && a.Command != "" {
		if id := customID(n, verbRun, a.Command); width(id) <= maxCustomID && strings.ToValidUTF8(id, "") == id {
			return id
		}
	}
	return customID(n, verbAsk, keep(a))
}

// label is what a button says. Nothing is marked up there.
func label(a chat.Action, most int) string {
	text := quiet(strings.TrimSpace(clean(a.Label)))
	if text == "" {
		text = strings.TrimSpace(clean(a.Name))
	}
	if text == "" {
		text = "…"
	}
	return cutTo(text, most)
}

func style(t chat.Tone) discordgo.ButtonStyle {
	switch t {
	case chat.Primary:
		return discordgo.PrimaryButton
	case chat.Danger:
		return discordgo.DangerButton
	}
	return discordgo.SecondaryButton
}

// Notes keeps small texts between runs of the program: which commands are
// registered, actions that do not fit into a button, where the bot was last
// spoken to. It may forget.
type Notes interface {
	Get(ctx context.Context, key string) (value string, found bool, err error)
	Set(ctx context.Context, key, value string) error
}

// memoryNotes are Notes for as long as the program runs. The adapter writes a
// bounded number of keys.
type memoryNotes struct {
	mu sync.Mutex
	m  map[string]string
}

func (n *memoryNotes) Get(_ context.Context, key string) (string, bool, error) {
	n.mu.Lock()
	defer n.mu.Unlock()
	v, ok := n.m[key]
	return v, ok, nil
}

func (n *memoryNotes) Set(_ context.Context, key, value string) error {
	n.mu.Lock()
	defer n.mu.Unlock()
	if n.m == nil {
		n.m = map[string]string{}
	}
	n.m[key] = value
	return nil
}

// actionSlots is how many actions are kept; a new one takes the place of an
// older one with the same slot.
const actionSlots = 4096

// keptAction is an action that waits for its button to be pressed.
type keptAction struct {
	ID      string `json:"id"`
	Label   string `json:"label"`
	Command string `json:"command"`
	Confirm string `json:"confirm,omitempty"`
	Danger  bool   `json:"danger,omitempty"`
}

func actionKey(id string) string {
	h := fnv.New32a()
	_, _ = h.Write([]byte(id))
	return fmt.Sprintf("discord:action:%d", h.Sum32()%actionSlots)
}

// keepAction keeps an action and names it. When it cannot be kept, pressing the
// button will say that it has expired.
func (p *Platform) keepAction(a chat.Action) string {
	id := rand.Text()[:10]
	data, err := json.Marshal(keptAction{ID: id, Label: a.Label, Command: a.Command, Confirm: a.Confirm, Danger: a.Tone == chat.Danger})
	if err == nil {
		ctx, cancel := context.WithTimeout(context.Background(), time.Second)
		defer cancel()
		err = p.notes.Set(ctx, actionKey(id), string(data))
	}
	if err != nil {
		p.log.Warn("an action could not be kept", slog.Any("error", err))
	}
	return id
}

// kept finds an action again.
func (p *Platform) kept(ctx context.Context, id string) (keptAction, bool) {
	ctx, cancel := context.WithTimeout(ctx, time.Second)
	defer cancel()
	value, found, err := p.notes.Get(ctx, actionKey(id))
	if err != nil || !found {
		return keptAction{}, false
	}
	var a keptAction
	if json.Unmarshal([]byte(value), &a) != nil || a.ID != id {
		return keptAction{}, false
	}
	return a, true
}
