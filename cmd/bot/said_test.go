package main

import (
	"context"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"

	"onrecord/adapters/discord/discordfake"
	"onrecord/adapters/slack/slackfake"
)

// After the sample articles were briefed, the quote book has the same
// quotations about asylum in the terminal, in Slack and in Discord; and each
// place has its own book.
func TestSaidEverywhere(t *testing.T) {
	site := press(t)
	workspace := slackfake.New(slackfake.Options{})
	defer workspace.Close()
	workspace.AddUser(slackfake.User{ID: "UADA", Name: "ada"})
	workspace.AddChannel(slackfake.Channel{ID: "CNEWS", Name: "news", Bot: true, Members: []string{"UADA"}})
	server := discordfake.New(discordfake.Options{})
	defer server.Close()
	ada := server.AddUser("ada")
	newsroom := server.AddChannel(server.AddGuild())
	bot := serving(t, site, both(slackSettings(workspace), discordSettings(server)))
	ctx, cancel := context.WithTimeout(t.Context(), 3*time.Minute)
	defer cancel()
	bot.ready(ctx)

	run := func(args ...string) string {
		t.Helper()
		c := exec.CommandContext(ctx, "bot", args...)
		c.Env, c.Stderr = bot.env, os.Stderr
		out, err := c.Output()
		if err != nil {
			t.Fatalf("bot %s: %v", strings.Join(args, " "), err)
		}
		return string(out)
	}
	inSlack := func() string {
		var text strings.Builder
		for _, m := range workspace.SeesAll("UADA", "CNEWS") {
			text.WriteString(m.Read() + "\n")
		}
		return text.String()
	}
	inDiscord := func() string {
		var text strings.Builder
		for _, m := range server.FromBot(ada, newsroom) {
			text.WriteString(m.Plain() + "\n")
		}
		return text.String()
	}
	wait := func(what string, inSlackToo bool) {
		t.Helper()
		patience, done := context.WithTimeout(ctx, 30*time.Second)
		defer done()
		if inSlackToo {
			if err := workspace.Wait(patience, func() bool { return strings.Contains(bare(inSlack()), bare(what)) }); err != nil {
				t.Fatalf("%q is missing in Slack:\n%s", what, inSlack())
			}
		}
		if err := server.Until(patience, func() bool { return strings.Contains(bare(inDiscord()), bare(what)) }); err != nil {
			t.Fatalf("%q is missing in Discord:\n%s", what, inDiscord())
		}
	}

	for _, name := range []string{"election-result.txt", "harbour-fire.txt", "transit-strike.txt"} {
		link := site.URL + "/articles/" + name
		run("brief", link)
		workspace.Slash("UADA", "CNEWS", "/brief", link)
	}
	workspace.Slash("UADA", "CNEWS", "/said", "about asylum")
	out := run("said", "--about", "asylum")
	items := itemsOf(out)
	if len(items) != 1 || !strings.Contains(out, "every asylum") || !strings.Contains(out, "Joakim Rask") {
		t.Fatalf("in the terminal:\n%s", out)
	}
	// Discord's server has not read it yet.
	asked := server.Command(ada, newsroom, "said", discordfake.Option{Name: "about", Value: "asylum"})
	if err := server.Until(ctx, asked.Answered); err != nil {
		t.Fatal(err)
	}
	wait("Nothing in the quote book of this place fits", false)
	if strings.Contains(inDiscord(), "Rask") {
		t.Errorf("Discord shows another place's book:\n%s", inDiscord())
	}
	asked = server.Command(ada, newsroom, "brief", discordfake.Option{Name: "source", Value: site.URL + "/articles/election-result.txt"})
	if err := server.Until(ctx, asked.Answered); err != nil {
		t.Fatal(err)
	}
	wait("Check first", false)
	typed := server.CompleteOption(ada, newsroom, "said", "speaker", "ras")
	if err := server.Until(ctx, typed.Answered); err != nil {
		t.Fatal(err)
	}
	if got := typed.Choices(); len(got) != 1 || got[0].Value != "Joakim Rask" {
		t.Errorf("completion of a speaker gives %+v", got)
	}
	server.Command(ada, newsroom, "said", discordfake.Option{Name: "about", Value: "asylum"})
	wait("On the record · about “asylum”", true)
	for _, item := range items {
		wait(item, true)
	}
	if got := run("export", "--platform", "slack", "--workspace", slackfake.TeamID, "--format", "csv"); !strings.Contains(got, "Joakim Rask") {
		t.Errorf("the export of the Slack workspace:\n%s", got)
	}
	bot.stop()
	for _, p := range append(workspace.Problems(), server.Faults()...) {
		t.Errorf("against the rules of the platform: %s", p)
	}
}
