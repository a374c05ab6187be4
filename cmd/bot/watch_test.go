package main

import (
	"bytes"
	"context"
	"fmt"
	"net/http"
	"os/exec"
	"strings"
	"sync"
	"testing"
	"time"

	"onrecord/adapters/discord/discordfake"
	"onrecord/adapters/slack/slackfake"
	"onrecord/store"
)

// wire is a feed of the press whose stories a test adds.
type wire struct {
	mu      sync.Mutex
	stories []string
}

func (w *wire) ServeHTTP(rw http.ResponseWriter, _ *http.Request) {
	w.mu.Lock()
	defer w.mu.Unlock()
	fmt.Fprint(rw, `<rss version="2.0"><channel><title>Vellmar Wire</title>`)
	for _, n := range w.stories {
		fmt.Fprintf(rw, `<item><title>%s ferry</title><link>/story/%s</link></item>`, mark(n), n)
	}
	fmt.Fprint(rw, `</channel></rss>`)
}

func (w *wire) add(n string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.stories = append([]string{n}, w.stories...)
}

// stateOf opens the state file of a process beside it; whoever asks closes it.
func stateOf(t *testing.T, p *process) *store.DB {
	t.Helper()
	var path string
	for _, e := range p.env {
		if value, ok := strings.CutPrefix(e, "ONRECORD_STATE_FILE="); ok {
			path = value
		}
	}
	db, err := store.Open(t.Context(), path, store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	return db
}

// due makes all feeds due, as if their time had come.
func due(t *testing.T, p *process) {
	t.Helper()
	db := stateOf(t, p)
	defer db.Close()
	feeds, err := db.Watches().DueFeeds(t.Context(), time.Now().Add(24*time.Hour), 10)
	if err != nil || len(feeds) == 0 {
		t.Fatalf("%d feeds, %v", len(feeds), err)
	}
	for _, f := range feeds {
		if _, err := db.Watches().TakeFeed(t.Context(), f.URL, f.Next, time.Now().Add(-time.Minute)); err != nil {
			t.Fatal(err)
		}
	}
}

// In the terminal: a site is watched by its feed, what is new is printed once,
// and why says what became of the rest.
func TestWatchInTheTerminal(t *testing.T) {
	if testing.Short() {
		t.Skip("whole processes, one after the other")
	}
	site, feed := press(t), &wire{}
	site.Config.Handler.(*http.ServeMux).Handle("/wire", feed)
	site.Config.Handler.(*http.ServeMux).HandleFunc("/{$}", func(w http.ResponseWriter, _ *http.Request) {
		fmt.Fprint(w, `<html><head><link rel="alternate" type="application/rss+xml" href="/wire"></head><body></body></html>`)
	})
	bot := serving(t, site, nil)
	bot.kill() // its settings are wanted, and nothing of it runs
	run := func(args ...string) (out, complaint string) {
		t.Helper()
		c := exec.CommandContext(t.Context(), "bot", args...)
		var stdout, stderr bytes.Buffer
		c.Env, c.Stdout, c.Stderr = bot.env, &stdout, &stderr
		_ = c.Run()
		return stdout.String(), stderr.String()
	}
	feed.add("1")
	out, complaint := run("watch", "add", site.URL)
	id, _, _ := strings.Cut(out, " ")
	if complaint != "" || len(id) != 6 || !strings.Contains(out, "Vellmar Wire") || !strings.Contains(out, "newest now: Story-1- ferry") {
		t.Fatalf("%s%s", out, complaint)
	}
	if out, complaint = run("watch", "run"); out != "" || complaint != "" {
		t.Errorf("%s%s", out, complaint)
	}
	feed.add("2")
	due(t, bot)
	if out, complaint = run("watch", "run"); !strings.Contains(out, "Story-2- ferry crews walk out at Vellmar") || !strings.Contains(out, "12 million crowns") || complaint != "" {
		t.Errorf("%s%s", out, complaint)
	}
	due(t, bot)
	if out, complaint = run("watch", "run"); out != "" || complaint != "" {
		t.Errorf("again: %s%s", out, complaint)
	}
	out, _ = run("watch", "why", id)
	if !strings.Contains(out, "skipped: it was there before the watch was made") || !strings.Contains(out, "Story-2- ferry crews walk out at Vellmar\n        posted") {
		t.Errorf("%s", out)
	}
	for _, c := range []struct{ args, want string }{
		{"watch list", "at once"},
		{"watch pause " + id, ""},
		{"watch list", "paused"},
		{"watch remove " + id, ""},
		{"watch list", ""},
		{"watch remove zzzzzz", "There is no watch zzzzzz"},
		{"watch add " + site.URL + "/story/1", "the page names none"},
		{"watch add " + site.URL + "/wire --daily 25:00", "not a time of day"},
		{"watch add " + site.URL + "/wire --zone Mars/Olympus", "time zone"},
		{"watch add " + site.URL + "/wire --to elsewhere", "--to: not a place"},
		{"watch add --speaker Varga " + site.URL + "/wire", "one watch follows one thing"},
		{"watch add file:///etc/passwd", "Only http and https"},
		{"watch add", "name the address"},
	} {
		out, complaint := run(strings.Fields(c.args)...)
		if got := out + complaint; !strings.Contains(got, c.want) || c.want == "" && got != "" {
			t.Errorf("bot %s: %q, want %q", c.args, got, c.want)
		}
	}
}

// In Slack and Discord: a moderator makes watches, the stories of a feed are
// posted, in a forum with its tags, and a kill in between doubles nothing.
func TestWatchInChannels(t *testing.T) {
	site, feed := press(t), &wire{}
	site.Config.Handler.(*http.ServeMux).Handle("/wire", feed)
	workspace := slackfake.New(slackfake.Options{})
	defer workspace.Close()
	workspace.AddUser(slackfake.User{ID: "UADA", Name: "ada", Admin: true})
	workspace.AddUser(slackfake.User{ID: "UBEN", Name: "ben"})
	workspace.AddChannel(slackfake.Channel{ID: "CNEWS", Name: "news", Bot: true, Members: []string{"UADA", "UBEN"}})
	workspace.AddChannel(slackfake.Channel{ID: "CPUB", Name: "partners", Bot: true, Shared: true, Members: []string{"UADA"}})
	server := discordfake.New(discordfake.Options{})
	defer server.Close()
	guild := server.AddGuild()
	newsroom, forum := server.AddChannel(guild), server.AddForum(guild, "Politics", "Ferries")
	elsewhere := server.AddChannel(server.AddGuild())
	chief := server.AddUser("chief")
	bot := serving(t, site, both(slackSettings(workspace), discordSettings(server)))
	ctx, cancel := context.WithTimeout(t.Context(), 3*time.Minute)
	defer cancel()
	bot.ready(ctx)

	inSlack := func(user, channel string) string {
		var text strings.Builder
		for _, m := range workspace.SeesAll(user, channel) {
			text.WriteString(m.Read() + "\n")
		}
		return text.String()
	}
	slackSays := func(user, channel, want string) {
		t.Helper()
		if err := workspace.Wait(ctx, func() bool { return true }); err != nil {
			t.Fatal(err)
		}
		for !strings.Contains(inSlack(user, channel), want) {
			select {
			case <-ctx.Done():
				t.Fatalf("no %q in:\n%s", want, inSlack(user, channel))
			case <-time.After(30 * time.Millisecond):
			}
		}
	}
	workspace.Slash("UBEN", "CNEWS", "/brief", "watch add "+site.URL+"/wire")
	slackSays("UBEN", "CNEWS", "Only whoever manages this workspace")
	workspace.Slash("UADA", "CNEWS", "/brief", "watch add "+site.URL+"/wire about ferry, harbour")
	slackSays("UADA", "CNEWS", "Vellmar Wire")
	workspace.Slash("UADA", "CPUB", "/brief", "watch add "+site.URL+"/wire form brief")
	slackSays("UADA", "CPUB", "watch allow")

	answered := func(in *discordfake.Interaction, want string) {
		t.Helper()
		for {
			if m, ok := in.Original(); ok && strings.Contains(m.Plain(), want) {
				return
			}
			select {
			case <-ctx.Done():
				m, _ := in.Original()
				t.Fatalf("no %q in %q", want, m.Plain())
			case <-time.After(30 * time.Millisecond):
			}
		}
	}
	chief.Permissions = 1 << 5 // may manage the server
	do := func(words string, more ...discordfake.Option) *discordfake.Interaction {
		return server.Command(chief, newsroom, "watch", append([]discordfake.Option{{Name: "do", Value: words}}, more...)...)
	}
	answered(do("add "+site.URL+"/wire", discordfake.Option{Name: "channel", Value: forum}, discordfake.Option{Name: "tags", Value: "ferries"}), "as posts of the forum")
	answered(do("add "+site.URL+"/wire", discordfake.Option{Name: "channel", Value: elsewhere}), "no channel of this server")
	answered(do("add http://a.example", discordfake.Option{Name: "speaker", Value: "Varga"}), "One watch follows one thing")
	answered(do("add", discordfake.Option{Name: "speaker", Value: "Varga"}), "Varga being quoted")

	feed.add("7")
	due(t, bot)
	bot.kill()
	bot.start()
	bot.ready(ctx)
	slackSays("UADA", "CNEWS", "Story-7- ferry crews walk out at Vellmar")
	title := "Story-7- ferry crews walk out at Vellmar"
	if err := server.Until(ctx, func() bool { return len(server.Posts(forum)) > 0 }); err != nil {
		t.Fatal("no post in the forum")
	}
	post, found := server.Posts(forum)[title]
	if !found || strings.Join(post.Tags, " ") != "Ferries" {
		t.Errorf("%+v", server.Posts(forum))
	}
	// The watch of the speaker saw it too, since it was briefed in this server.
	quoted := func() bool {
		for _, m := range server.FromBot(chief, newsroom) {
			if strings.Contains(m.Plain(), "We will not take one more boat out") {
				return true
			}
		}
		return false
	}
	if err := server.Until(ctx, quoted); err != nil {
		t.Fatal("no post about the speaker")
	}
	if strings.Contains(inSlack("UADA", "CPUB"), title) {
		t.Error("it was posted where others read, and nobody had allowed it")
	}
	workspace.Slash("UADA", "CPUB", "/brief", "watch why")
	slackSays("UADA", "CPUB", "nobody has said “watch allow” in it")
	workspace.Slash("UADA", "CPUB", "/brief", "watch allow")
	slackSays("UADA", "CPUB", "From now on watches may speak")
	feed.add("8")
	due(t, bot)
	bot.stop()
	bot.start()
	slackSays("UADA", "CPUB", "Story-8-")
	// It is the same text under another name: that was posted here before.
	for !strings.Contains(inSlack("UBEN", "CNEWS"), "the same story as “"+title) {
		workspace.Slash("UBEN", "CNEWS", "/brief", "watch why")
		select {
		case <-ctx.Done():
			t.Fatalf("no reason in:\n%s", inSlack("UBEN", "CNEWS"))
		case <-time.After(500 * time.Millisecond):
		}
	}
	if got := strings.Count(inSlack("UADA", "CNEWS"), "Worth checking means"); got != 1 {
		t.Errorf("%d lists of claims", got)
	}
	for _, p := range append(server.Faults(), workspace.Problems()...) {
		t.Error(p)
	}
}
