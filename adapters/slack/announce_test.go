package slack_test

import (
	"context"
	"errors"
	"testing"

	"onrecord/adapters/slack"
	"onrecord/adapters/slack/slackfake"
	"onrecord/chat"
	"onrecord/chat/chattest"
	"onrecord/work"
)

func announcing(t *testing.T) (*slackfake.Server, *slack.Platform) {
	t.Helper()
	workspace := slackfake.New(slackfake.Options{})
	t.Cleanup(workspace.Close)
	workspace.AddUser(slackfake.User{ID: "UADA", Name: "ada"})
	workspace.AddChannel(slackfake.Channel{ID: "CNEWS", Name: "news", Bot: true, Members: []string{"UADA"}})
	workspace.AddChannel(slackfake.Channel{ID: "CPUB", Name: "partners", Bot: true, Shared: true})
	workspace.AddChannel(slackfake.Channel{ID: "COLD", Name: "old", Bot: true, Archived: true})
	workspace.AddChannel(slackfake.Channel{ID: "COUT", Name: "outside"})
	bot, app, _ := workspace.Tokens()
	p, err := slack.New(slack.Options{BotToken: bot, AppToken: app, APIURL: workspace.URL(), Queue: work.New(work.Options{})})
	if err != nil {
		t.Fatal(err)
	}
	return workspace, p
}

// Slack knows no repeats: what may be out is not said again.
func TestAnnounce(t *testing.T) {
	workspace, p := announcing(t)
	read := func() []string {
		var all []string
		for _, m := range workspace.SeesAll("UADA", "CNEWS") {
			all = append(all, m.Read())
		}
		return all
	}
	for name, thread := range map[string]string{"channel": "", "thread": "1700000000.000100"} {
		t.Run(name, func(t *testing.T) {
			chattest.Announcer(t, p, chattest.Hall{Workspace: "T1", Channel: "CNEWS", Thread: thread, Read: read})
		})
	}
	for _, problem := range workspace.Problems() {
		t.Error(problem)
	}
}

func TestAnnounceWhereItMayNot(t *testing.T) {
	_, p := announcing(t)
	if room, err := p.Room(t.Context(), "T1", "CPUB"); err != nil || !room.Shared || room.Private {
		t.Errorf("%+v, %v", room, err)
	}
	var refused *chat.Refusal
	if _, err := p.Room(t.Context(), "T1", "COLD"); !errors.As(err, &refused) {
		t.Errorf("an archived channel: %v", err)
	}
	a := chat.Announcement{Key: "k", Channel: "COUT", Save: func(context.Context, []byte) error { return nil }}
	a.Reply.Add(chat.Paragraph, chat.Say("x"))
	if _, err := p.Announce(t.Context(), a); !errors.As(err, &refused) {
		t.Errorf("a channel that it is not in: %v", err)
	}
}

// What is certainly not out may be said later; what may be is uncertain.
func TestAnnounceOnABadDay(t *testing.T) {
	workspace, p := announcing(t)
	var kept []byte
	a := chat.Announcement{Key: "k", Channel: "CNEWS", Save: func(_ context.Context, progress []byte) error {
		kept = progress
		return nil
	}}
	a.Reply.Add(chat.Paragraph, chat.Say("x"))
	workspace.Fail(slackfake.Faults{FailAfter: 1})
	if _, err := p.Announce(t.Context(), a); !errors.Is(err, work.ErrUncertain) {
		t.Errorf("%v", err)
	}
	a.Progress = kept
	workspace.Fail(slackfake.Faults{})
	if _, err := p.Announce(t.Context(), a); !errors.Is(err, work.ErrUncertain) {
		t.Errorf("%v", err)
	}
	if all := workspace.SeesAll("UADA", "CNEWS"); len(all) != 1 {
		t.Errorf("%d messages", len(all))
	}
}
