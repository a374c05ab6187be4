package main

import (
	"bytes"
	"encoding/base64"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/cookiejar"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"onrecord/adapters/discord/discordfake"
	"onrecord/adapters/slack/slackfake"
	"onrecord/book"
	"onrecord/install"
	"onrecord/store"
	"onrecord/store/storetest"
)

func secretKey(letter string) string {
	return base64.StdEncoding.EncodeToString(bytes.Repeat([]byte(letter), 32))
}

// The way of a workspace with a running bot, on both stores: it installs the app,
// is served, is still installed after a restart with another key, shows in the
// doctor, and leaves nothing behind when it takes the app out.
func TestInstallEndToEnd(t *testing.T) {
	if testing.Short() {
		t.Skip("whole processes, one after the other")
	}
	t.Run("SQLite", func(t *testing.T) { installEndToEnd(t, filepath.Join(t.TempDir(), "state", "onrecord.db")) })
	t.Run("PostgreSQL", func(t *testing.T) { installEndToEnd(t, storetest.Database(t)) })
}

func installEndToEnd(t *testing.T, place string) {
	const team, cyd, harbor = "T0SECOND", "U2CYD", "C2HARBOR"
	workspace := slackfake.New(slackfake.Options{})
	defer workspace.Close()
	workspace.AddWorkspace(slackfake.Workspace{ID: team, Name: "The Harbour Post"})
	workspace.AddUser(slackfake.User{ID: cyd, Name: "Cyd", Admin: true, Team: team})
	workspace.AddChannel(slackfake.Channel{ID: harbor, Name: "harbor", Members: []string{cyd}, Bot: true, Team: team})
	free, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	address := free.Addr().String()
	free.Close()
	workspace.Redirects("http://" + address + "/slack/oauth_redirect")
	_, app, _ := workspace.Tokens()
	id, secret := workspace.Client()
	settings := map[string]string{
		"SLACK_APP_TOKEN": app, "SLACK_API_URL": workspace.URL(), "SLACK_CLIENT_ID": id, "SLACK_CLIENT_SECRET": secret,
		"ONRECORD_PUBLIC_URL": "http://" + address, "ONRECORD_SECRET_KEY": secretKey("k"), "ONRECORD_LISTEN": address, "LOG_LEVEL": "debug",
	}
	if store.IsServer(place) {
		settings["DATABASE_URL"] = place
	} else {
		settings["ONRECORD_STATE_FILE"] = place
	}
	site := press(t)
	bot := serving(t, site, settings)
	bot.address = address
	bot.ready(t.Context())

	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	browser := &http.Client{Jar: jar, Transport: &http.Transport{DisableKeepAlives: true}}
	workspace.Decide(slackfake.Consent{Workspace: team, User: cyd})
	resp, err := browser.Get("http://" + address + "/slack/install")
	if err != nil {
		t.Fatal(err)
	}
	page, err := io.ReadAll(resp.Body)
	resp.Body.Close()
	if err != nil || resp.StatusCode != http.StatusOK || !strings.Contains(string(page), "Installed in The Harbour Post") {
		t.Fatalf("status %d, %v: %s", resp.StatusCode, err, page)
	}
	seen := 0
	ask := func(command, text, want string) {
		t.Helper()
		workspace.Slash(cyd, harbor, command, text)
		deadline := time.Now().Add(30 * time.Second)
		for {
			if all := workspace.Sees(cyd, harbor, ""); len(all) > seen {
				if last := all[len(all)-1].Read(); strings.Contains(last, want) {
					seen = len(all)
					return
				}
			}
			if time.Now().After(deadline) {
				t.Fatalf("no %q: %v", want, workspace.Sees(cyd, harbor, ""))
			}
			time.Sleep(20 * time.Millisecond)
		}
	}
	story := site.URL + "/story/7"
	ask("/brief", story, mark("7"))
	ask("/brief", "settings limit 77", "77")

	bot.stop()
	for i, v := range bot.env {
		if strings.HasPrefix(v, "ONRECORD_SECRET_KEY=") {
			bot.env[i] = "ONRECORD_SECRET_KEY=" + secretKey("n") + "," + secretKey("k")
		}
	}
	bot.start()
	bot.ready(t.Context())
	ask("/quotes", story, "until the pay is settled")

	db, err := store.Open(t.Context(), place, store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	keys, err := install.ParseKeys(secretKey("n"))
	if err != nil {
		t.Fatal(err)
	}
	register := &install.Register{Store: db.Installations(), Keys: keys}
	in, err := register.Get(t.Context(), "slack", team)
	if err != nil || in.Secret.Token != workspace.TokensOf(team)[0] {
		t.Errorf("sealed with the new key: %+v, %v", in, err)
	}
	found := func() (items int, limit string) {
		t.Helper()
		all, err := db.Book().Find(t.Context(), []book.Shelf{{Platform: "slack", Workspace: team}}, book.Search{Most: 100})
		if err != nil {
			t.Fatal(err)
		}
		data, err := db.Settings().Load(t.Context(), "slack", team)
		if err != nil {
			t.Fatal(err)
		}
		return len(all), string(data)
	}
	if items, limit := found(); items == 0 || !strings.Contains(limit, "77") {
		t.Errorf("the book has %d items, the settings are %s", items, limit)
	}
	doctor := exec.Command("bot", "doctor")
	doctor.Env = bot.env
	said, _ := doctor.CombinedOutput()
	if !strings.Contains(string(said), "one workspace has installed the app; others can at http://"+address+"/slack/install; all tokens work") {
		t.Errorf("doctor: %s", said)
	}

	workspace.UninstallFrom(team)
	deadline := time.Now().Add(30 * time.Second)
	for {
		_, err := register.Get(t.Context(), "slack", team)
		items, limit := found()
		if errors.Is(err, install.ErrNone) && items == 0 && limit == "" {
			break
		}
		if time.Now().After(deadline) {
			t.Fatalf("left: %v, %d items, settings %q", err, items, limit)
		}
		time.Sleep(20 * time.Millisecond)
	}
	bot.stop()
	for _, word := range []string{"xoxb-", secret, secretKey("k"), secretKey("n"), "code.0"} {
		if strings.Contains(bot.log.String(), word) {
			t.Errorf("the log holds %q", word)
		}
	}
	for _, p := range workspace.Problems() {
		t.Errorf("Slack minds: %s", p)
	}
}

// Three processes that share a store share out the shards of Discord; one that is
// killed is missed for as long as its lease lasts, and nobody is answered twice.
func TestShardsEndToEnd(t *testing.T) {
	server := discordfake.New(discordfake.Options{Shards: 4, Together: 4, Gap: 100 * time.Millisecond})
	defer server.Close()
	ann := server.AddUser("Ann")
	var channels []string
	for shard := range 4 {
		channels = append(channels, server.AddChannel(server.AddGuildOf(shard, 4)))
	}
	settings := both(discordSettings(server), map[string]string{"ONRECORD_STATE_FILE": filepath.Join(t.TempDir(), "onrecord.db")})
	site := press(t)
	var bots []*process
	for range 2 {
		bots = append(bots, serving(t, site, settings))
	}
	served := func(within time.Duration) {
		t.Helper()
		deadline := time.Now().Add(within)
		since := time.Time{} // the fake takes a moment to see that a process is gone
		for {
			all := server.Shards()
			switch {
			case len(all) != 4 || all["0/4"]+all["1/4"]+all["2/4"]+all["3/4"] != 4:
				since = time.Time{}
			case since.IsZero():
				since = time.Now()
			case time.Since(since) > 500*time.Millisecond:
				return
			}
			if time.Now().After(deadline) {
				t.Fatalf("after %v shards are served so often: %v", within, all)
			}
			time.Sleep(20 * time.Millisecond)
		}
	}
	asked := 0
	ask := func() {
		t.Helper()
		for _, channel := range channels {
			asked++
			id := server.Write(ann, channel, "@bot help")
			deadline := time.Now().Add(30 * time.Second)
			for {
				if thread, _ := server.ThreadOf(id); len(server.FromBot(ann, thread)) == 1 {
					break
				}
				if time.Now().After(deadline) {
					t.Fatal("nobody answers")
				}
				time.Sleep(20 * time.Millisecond)
			}
		}
	}
	for _, b := range bots {
		b.ready(t.Context())
	}
	served(30 * time.Second)
	ask()
	bots[0].kill()
	served(60 * time.Second)
	ask()
	bots[1].stop()
	db, err := store.Open(t.Context(), settings["ONRECORD_STATE_FILE"], store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	if counts, err := db.Work().Counts(t.Context()); err != nil || counts.Done != int64(asked) {
		t.Errorf("%+v, %v, for %d requests", counts, err, asked)
	}
	for _, fault := range server.Faults() {
		t.Error(fault)
	}
}
