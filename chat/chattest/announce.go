package chattest

import (
	"context"
	"errors"
	"strings"
	"testing"

	"onrecord/chat"
)

// Hall is a place of a platform in which it may speak unasked.
type Hall struct {
	Workspace, Channel, Thread string
	Tags                       []string
	// Read gives what stands there of the bot, oldest first.
	Read func() []string
	// Knows says that the platform knows a repeat for what it is.
	Knows bool
}

// Announcer tests what a platform says unasked in a place: it is said there,
// once, whatever is repeated.
func Announcer(t *testing.T, a chat.Announcer, h Hall) {
	t.Helper()
	ctx := t.Context()
	if _, err := a.Room(ctx, h.Workspace, h.Channel); err != nil {
		t.Fatalf("Room: %v", err)
	}
	_, err := a.Room(ctx, h.Workspace, "C404")
	var refused interface{ Sentence() string }
	if !errors.As(err, &refused) {
		t.Errorf("a channel that is not there: %v", err)
	}
	var kept [][]byte
	said := chat.Announcement{
		Key: "key of " + t.Name(), Workspace: h.Workspace, Channel: h.Channel, Thread: h.Thread, Tags: h.Tags,
		Save: func(_ context.Context, progress []byte) error {
			kept = append(kept, progress)
			return nil
		},
	}
	said.Reply.Add(chat.Heading, chat.Bold("Announced"))
	said.Reply.Add(chat.Paragraph, chat.Say("This is said *unasked* <!channel> @everyone."))
	before := len(h.Read())
	message, err := a.Announce(ctx, said)
	if err != nil || message == "" {
		t.Fatalf("Announce: %q, %v", message, err)
	}
	if all := h.Read(); len(all) != before+1 || !strings.Contains(all[before], "This is said *unasked*") {
		t.Fatalf("there stands %q", all)
	}
	if len(kept) == 0 {
		t.Fatal("it was sent before that was written down")
	}
	// The process died after the first thing that it wrote down, whether or not
	// the message was out by then.
	said.Progress = kept[0]
	_, err = a.Announce(ctx, said)
	switch {
	case len(h.Read()) != before+1:
		t.Errorf("said twice: %q", h.Read())
	case h.Knows && err != nil, !h.Knows && err == nil:
		t.Errorf("the repeat ended with %v", err)
	}
	// It died after the last.
	said.Progress = kept[len(kept)-1]
	if _, err := a.Announce(ctx, said); len(h.Read()) != before+1 || err != nil && h.Knows {
		t.Errorf("said twice: %q, %v", h.Read(), err)
	}
}
