package main

import (
	"context"
	"io"
	"net/http"
	"regexp"
	"strings"
	"testing"
	"time"

	"onrecord/adapters/discord/discordfake"
	"onrecord/adapters/slack/slackfake"
)

// Answers in Slack and Discord lead to the annotated article, and to a finding in
// it, where the operator gave it an address. Who has the link sees the page.
// What is asked in private has no link.
func TestAnnotatedArticleInChat(t *testing.T) {
	site := press(t)
	workspace := slackfake.New(slackfake.Options{})
	defer workspace.Close()
	workspace.AddUser(slackfake.User{ID: "UADA", Name: "ada"})
	workspace.AddChannel(slackfake.Channel{ID: "CNEWS", Name: "news", Bot: true, Members: []string{"UADA"}})
	workspace.AddChannel(slackfake.Channel{ID: "CPRIV", Name: "inquiry", Private: true, Bot: true, Members: []string{"UADA"}})
	server := discordfake.New(discordfake.Options{})
	defer server.Close()
	ada := server.AddUser("ada")
	newsroom := server.AddChannel(server.AddGuild())

	const public = "https://onrecord.example"
	bot := serving(t, site, both(slackSettings(workspace), discordSettings(server), map[string]string{
		"ONRECORD_PUBLIC_URL": public, "ONRECORD_LINK_KEY": strings.Repeat("k", 32),
	}))
	ctx, cancel := context.WithTimeout(t.Context(), 2*time.Minute)
	defer cancel()
	bot.ready(ctx)
	link := site.URL + "/articles/harbour-fire.txt"
	linked := regexp.MustCompile(regexp.QuoteMeta(public) + `/a/[A-Za-z0-9_-]+(#[a-z]+[0-9]+)?`)

	opens := func(where, text, finding string) {
		t.Helper()
		m := linked.FindStringSubmatch(text)
		if m == nil || m[1] != finding {
			t.Errorf("%s leads to %q, want %q, in:\n%.3000s", where, m, finding, text)
			return
		}
		path, _, _ := strings.Cut(strings.TrimPrefix(m[0], public), "#")
		resp, err := http.Get("http://" + bot.address + path)
		if err != nil {
			t.Fatal(err)
		}
		defer resp.Body.Close()
		page, err := io.ReadAll(resp.Body)
		if err != nil {
			t.Fatal(err)
		}
		if resp.StatusCode != http.StatusOK || finding != "" && !strings.Contains(string(page), `id="`+finding[1:]+`"`) {
			t.Errorf("%s: status %d, %.300s", where, resp.StatusCode, page)
		}
	}

	inSlack := func(channel, command, text string) string {
		t.Helper()
		before := len(workspace.SeesAll("UADA", channel))
		workspace.Slash("UADA", channel, command, text)
		var raw strings.Builder
		if err := workspace.Wait(ctx, func() bool {
			raw.Reset()
			all := workspace.SeesAll("UADA", channel)
			for _, m := range all[min(before, len(all)):] {
				raw.WriteString(m.Text + string(m.Blocks))
			}
			return strings.Contains(strings.ToLower(raw.String()), "fire")
		}); err != nil {
			t.Fatalf("no answer in Slack: %s", raw.String())
		}
		return raw.String()
	}
	opens("Slack", inSlack("CNEWS", "/brief", link), "")
	opens("Slack's list of claims", inSlack("CNEWS", "/brief", "claims "+link), "#c1")
	opens("Slack's claim", inSlack("CNEWS", "/brief", "claim "+link+" 2"), "#c2")
	for _, command := range []string{"", "claims "} {
		if m := linked.FindString(inSlack("CPRIV", "/brief", command+link)); m != "" {
			t.Errorf("in a private channel: %s", m)
		}
	}

	inDiscord := func(text string) string {
		t.Helper()
		in := server.Command(ada, newsroom, "brief", discordfake.Option{Name: "source", Value: text})
		if err := server.Until(ctx, in.Answered); err != nil {
			t.Fatal(err)
		}
		m, _ := in.Original()
		return m.Text()
	}
	opens("Discord", inDiscord(link), "")
	opens("Discord's list of claims", inDiscord("claims "+link), "#c1")
	bot.stop()
}
