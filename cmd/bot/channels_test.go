package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	maps0 "maps"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"syscall"
	"testing"
	"time"

	"onrecord/adapters/discord/discordfake"
	"onrecord/adapters/slack/slackfake"
)

// press is a site with articles: /story/17 is a short one with a name of its
// own, /articles/harbour-fire one of the samples.
func press(t testing.TB) *httptest.Server {
	t.Helper()
	mux := http.NewServeMux()
	mux.HandleFunc("/story/{n}", func(w http.ResponseWriter, r *http.Request) {
		fmt.Fprint(w, story(r.PathValue("n")))
	})
	mux.HandleFunc("/articles/{name}", func(w http.ResponseWriter, r *http.Request) {
		data, err := os.ReadFile(filepath.Join("../../testdata/articles", filepath.Base(r.PathValue("name"))))
		if err != nil {
			http.NotFound(w, r)
			return
		}
		w.Header().Set("Content-Type", "text/plain; charset=utf-8")
		_, _ = w.Write(data)
	})
	s := httptest.NewServer(mux)
	t.Cleanup(s.Close)
	return s
}

// mark is the name by which the answer about a story is known.
func mark(n string) string { return "Story-" + n + "-" }

func story(n string) string {
	return `<!doctype html><html lang="en"><head><title>` + mark(n) + ` ferry crews walk out at Vellmar</title>
<meta property="og:site_name" content="The Vellmar Courier"><meta property="article:published_time" content="2026-03-04T06:00:00Z"></head><body><article>
<h1>` + mark(n) + ` ferry crews walk out at Vellmar</h1>
<p>More than 300 ferry workers walked off the job early on Tuesday at the port of Vellmar, shutting the only link to the Harrow Islands and stranding dozens of travellers.</p>
<p>“We will not take one more boat out until the pay is settled,” said Ilse Varga, head of the dock workers’ union, who met the company for six hours on Monday.</p>
<p>Harrow Lines said a third of its crews had signed the new contract. The company lost 12 million crowns last year, according to its annual report, twice as much as in the year before.</p>
<p>Nobody was hurt, the police said. Most shops on the islands have food for about a week, and two chartered boats with supplies were on their way.</p>
</article></body></html>`
}

// process is a bot that runs as a program of its own.
type process struct {
	t       testing.TB
	program string // the bot of this tree, or one of another version
	env     []string
	address string
	log     bytes.Buffer
	cmd     *exec.Cmd
}

// serving starts 'bot serve' with some settings, and ends it with the test.
func serving(t testing.TB, site *httptest.Server, settings map[string]string) *process {
	t.Helper()
	free := httptest.NewServer(nil)
	address := free.Listener.Addr().String()
	free.Close()
	p := &process{t: t, program: "bot", address: address}
	dir := t.TempDir()
	for name, value := range map[string]string{
		"PATH":                    os.Getenv("PATH"),
		"HOME":                    dir,
		"ONRECORD_LISTEN":         address,
		"ONRECORD_CACHE_DIR":      "-",
		"ONRECORD_STATE_FILE":     filepath.Join(dir, "state", "onrecord.db"),
		"ONRECORD_ALLOW_NETWORKS": "127.0.0.0/8",
		"ONRECORD_ALLOW_PORTS":    portOf(t, site.URL),
		"ONRECORD_LIMIT":          "1000",
	} {
		if _, given := settings[name]; !given {
			p.env = append(p.env, name+"="+value)
		}
	}
	for name, value := range settings {
		p.env = append(p.env, name+"="+value)
	}
	p.start()
	t.Cleanup(func() {
		if p.cmd != nil {
			p.kill()
		}
		if t.Failed() {
			log := p.log.Bytes()
			t.Logf("the log of the bot ends:\n%s", log[max(0, len(log)-6000):])
		}
	})
	return p
}

// portOf is the port in an address.
func portOf(t testing.TB, address string) string {
	t.Helper()
	u, err := url.Parse(address)
	if err != nil {
		t.Fatal(err)
	}
	return u.Port()
}

func (p *process) start() {
	p.t.Helper()
	p.cmd = exec.Command(p.program, "serve")
	p.cmd.Env = p.env
	p.cmd.Stderr = &p.log
	if err := p.cmd.Start(); err != nil {
		p.t.Fatal(err)
	}
}

// kill ends the process as a power cut would.
func (p *process) kill() {
	p.t.Helper()
	if err := p.cmd.Process.Kill(); err != nil && !errors.Is(err, os.ErrProcessDone) {
		p.t.Fatal(err)
	}
	_ = p.cmd.Wait()
	p.cmd = nil
}

// stop ends the process as an operator does.
func (p *process) stop() {
	p.t.Helper()
	if err := p.cmd.Process.Signal(syscall.SIGTERM); err != nil {
		p.t.Fatal(err)
	}
	if err := p.cmd.Wait(); err != nil {
		p.t.Errorf("bot serve ended with %v", err)
	}
	p.cmd = nil
}

// ready waits until every platform is connected.
func (p *process) ready(ctx context.Context) {
	p.t.Helper()
	for {
		status, text := 0, ""
		if resp, err := http.Get("http://" + p.address + "/readyz"); err == nil {
			body, _ := io.ReadAll(resp.Body)
			resp.Body.Close()
			status, text = resp.StatusCode, string(body)
		}
		if status == http.StatusOK {
			return
		}
		select {
		case <-ctx.Done():
			p.t.Fatalf("not ready: %s", text)
		case <-time.After(30 * time.Millisecond):
		}
	}
}

// slackSettings are those of a bot that joins a fake Slack by Socket Mode.
func slackSettings(s *slackfake.Server) map[string]string {
	bot, app, _ := s.Tokens()
	return map[string]string{"SLACK_BOT_TOKEN": bot, "SLACK_APP_TOKEN": app, "SLACK_API_URL": s.URL()}
}

func discordSettings(s *discordfake.Server) map[string]string {
	return map[string]string{"DISCORD_TOKEN": s.Token, "DISCORD_API_URL": s.APIURL()}
}

func both(maps ...map[string]string) map[string]string {
	all := map[string]string{}
	for _, m := range maps {
		maps0.Copy(all, m)
	}
	return all
}

var notWord = regexp.MustCompile(`[^\p{L}\p{N}]+`)

// bare leaves letters and digits only: what is left of an answer whatever a
// platform makes of it.
func bare(s string) string { return strings.ToLower(notWord.ReplaceAllString(s, "")) }

// The same article has the same briefing, quotations and claims in the
// terminal, in Slack and in Discord.
func TestSameAnswerEverywhere(t *testing.T) {
	if testing.Short() {
		t.Skip("one command after the other: nothing for the race detector")
	}
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
	ctx, cancel := context.WithTimeout(t.Context(), 2*time.Minute)
	defer cancel()
	bot.ready(ctx)

	link := site.URL + "/articles/harbour-fire.txt"
	for _, command := range []string{"brief", "quotes", "claims"} {
		// What stands in the terminal is what has to stand everywhere.
		typed := exec.CommandContext(ctx, "bot", "chat")
		typed.Env = append(bot.env, "ONRECORD_STATE_FILE=-")
		typed.Stdin = strings.NewReader(command + " " + link + "\n")
		out, err := typed.Output()
		if err != nil {
			t.Fatal(err)
		}

		before := len(workspace.Sees("UADA", "CNEWS", ""))
		workspace.Slash("UADA", "CNEWS", "/"+command, link)
		inSlack := func() string {
			var text strings.Builder
			for _, m := range workspace.SeesAll("UADA", "CNEWS")[min(before, len(workspace.SeesAll("UADA", "CNEWS"))):] {
				text.WriteString(m.Read() + "\n")
			}
			return text.String()
		}
		asked := server.Command(ada, newsroom, command, discordfake.Option{Name: "source", Value: link})
		if err := server.Until(ctx, asked.Answered); err != nil {
			t.Fatal(err)
		}
		inDiscord := func() string {
			var text strings.Builder
			for _, m := range server.FromBot(ada, newsroom) {
				text.WriteString(m.Plain() + "\n")
			}
			return text.String()
		}
		items := itemsOf(string(out))
		if len(items) < 3 {
			t.Fatalf("%s in the terminal has %d items:\n%s", command, len(items), out)
		}
		for _, item := range items {
			wait, done := context.WithTimeout(ctx, 20*time.Second)
			if err := workspace.Wait(wait, func() bool { return strings.Contains(bare(inSlack()), bare(item)) }); err != nil {
				t.Errorf("%s: %q is missing in Slack:\n%s", command, item, inSlack())
			}
			if err := server.Until(wait, func() bool { return strings.Contains(bare(inDiscord()), bare(item)) }); err != nil {
				t.Errorf("%s: %q is missing in Discord:\n%s", command, item, inDiscord())
			}
			done()
			if t.Failed() {
				return
			}
		}
	}
	bot.stop()
	for _, p := range append(workspace.Problems(), server.Faults()...) {
		t.Errorf("against the rules of the platform: %s", p)
	}
}

// itemsOf takes the numbered items out of an answer in the terminal: the first
// line of each, details left out.
func itemsOf(text string) []string {
	var items []string
	for line := range strings.SplitSeq(text, "\n") {
		number := strings.IndexFunc(line, func(r rune) bool { return r < '0' || r > '9' })
		if number > 0 && strings.HasPrefix(line[number:], "  ") {
			items = append(items, line[number:])
		}
	}
	return items
}

// One set of settings is enough, whichever it is.
func TestServesWhatHasCredentials(t *testing.T) {
	site := press(t)
	workspace := slackfake.New(slackfake.Options{})
	defer workspace.Close()
	server := discordfake.New(discordfake.Options{})
	defer server.Close()
	bot, _, secret := workspace.Tokens()
	for _, test := range []struct {
		name     string
		settings map[string]string
		ready    string // what /readyz says, line by line
	}{
		{"Slack by socket", slackSettings(workspace), "slack: ready, "},
		{"Slack by HTTP", map[string]string{"SLACK_BOT_TOKEN": bot, "SLACK_SIGNING_SECRET": secret, "SLACK_API_URL": workspace.URL()}, "slack: ready, "},
		{"Discord by gateway", discordSettings(server), "discord: ready, "},
		{"Discord by HTTP", both(discordSettings(server), map[string]string{"DISCORD_PUBLIC_KEY": server.PublicKey}), "discord: ready, "},
		{"both", both(slackSettings(workspace), discordSettings(server)), "slack: ready, "},
		{"none", nil, "ready"},
	} {
		t.Run(test.name, func(t *testing.T) {
			ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
			defer cancel()
			p := serving(t, site, test.settings)
			p.ready(ctx)
			resp, err := http.Get("http://" + p.address + "/readyz")
			if err != nil {
				t.Fatal(err)
			}
			defer resp.Body.Close()
			body, err := io.ReadAll(resp.Body)
			if err != nil || !strings.HasPrefix(string(body), test.ready) {
				t.Errorf("/readyz: %q, %v", body, err)
			}
			p.stop()
			for _, secret := range []string{bot, secret, server.Token} {
				if strings.Contains(p.log.String(), secret) {
					t.Error("a secret stands in the log")
				}
			}
		})
	}

	// A token that is refused ends it, with one clear line.
	p := serving(t, site, both(slackSettings(workspace), map[string]string{"SLACK_BOT_TOKEN": "xoxb-wrong"}))
	if err := p.cmd.Wait(); err == nil || !strings.Contains(p.log.String(), "No platform is left to serve") || strings.Contains(p.log.String(), "xoxb-wrong") {
		t.Errorf("with a wrong token: %v\n%s", err, p.log.String())
	}
	p.cmd = nil
}

// The doctor asks every platform that has credentials.
func TestDoctorAsksThePlatforms(t *testing.T) {
	if testing.Short() {
		t.Skip("one command after the other: nothing for the race detector")
	}
	workspace := slackfake.New(slackfake.Options{})
	defer workspace.Close()
	server := discordfake.New(discordfake.Options{})
	defer server.Close()
	dir := t.TempDir()
	doctor := func(settings map[string]string) (string, error) {
		cmd := exec.CommandContext(t.Context(), "bot", "doctor")
		cmd.Env = []string{"PATH=" + os.Getenv("PATH"), "HOME=" + dir, "ONRECORD_CACHE_DIR=-", "ONRECORD_LISTEN=127.0.0.1:0"}
		for name, value := range settings {
			cmd.Env = append(cmd.Env, name+"="+value)
		}
		out, err := cmd.Output()
		return string(out), err
	}
	all := both(slackSettings(workspace), discordSettings(server))
	text, err := doctor(all)
	for _, want := range []string{
		"ok  slack     the bot token works", "ok  slack     a socket can be opened", "ok  slack     the bot token has all scopes",
		"ok  discord   the token works", "ok  store", "ok  privacy   this machine talks to the sites of the links that people send, Slack, Discord and to nobody else",
	} {
		if !strings.Contains(text, want) {
			t.Errorf("the doctor does not say %q:\n%s", want, text)
		}
	}
	if strings.Contains(text, "xox") {
		t.Error("the doctor shows a token")
	}
	if err != nil && !strings.Contains(text, "!!") {
		t.Errorf("it failed without a reason: %v", err)
	}
	text, err = doctor(both(all, map[string]string{"SLACK_BOT_TOKEN": "xoxb-wrong", "DISCORD_TOKEN": "wrong"}))
	if err == nil || !strings.Contains(text, "!!  slack") || !strings.Contains(text, "!!  discord   the bot token is refused") {
		t.Errorf("with wrong tokens: %v\n%s", err, text)
	}
}
