package main

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"onrecord/adapters/discord/discordfake"
	"onrecord/adapters/slack/slackfake"
)

const apiSecret = "a-token-of-the-newsroom"

func apiToken() string {
	sum := sha256.Sum256([]byte(apiSecret))
	return "desk:" + hex.EncodeToString(sum[:])
}

// asks sends a request to the API of a bot.
func asks(ctx context.Context, c *http.Client, address, path, body string) (int, []byte, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, "http://"+address+"/v1/"+path, strings.NewReader(body))
	if err != nil {
		return 0, nil, err
	}
	req.Header.Set("Authorization", "Bearer "+apiSecret)
	req.Header.Set("Content-Type", "application/json")
	resp, err := c.Do(req)
	if err != nil {
		return 0, nil, err
	}
	defer resp.Body.Close()
	data, err := io.ReadAll(resp.Body)
	return resp.StatusCode, data, err
}

// One article gives the same items, byte for byte, from the command line, over
// HTTP, and in the files that export gives in Slack and in Discord.
func TestSameJSONEverywhere(t *testing.T) {
	site := press(t)
	at, err := url.Parse(site.URL)
	if err != nil {
		t.Fatal(err)
	}
	link := site.URL + "/articles/council-budget.txt"
	out, status := call(t, "", "brief", "--format", "json", "--allow-networks", "127.0.0.0/8", "--allow-ports", at.Port(), link)
	if status != exitDone {
		t.Fatal("the command line refuses the article")
	}
	want := readAt.ReplaceAllString(out, "")
	same := func(where string, data []byte) {
		t.Helper()
		if got := readAt.ReplaceAllString(string(data), ""); got != want {
			t.Errorf("%s gives another answer, of %d bytes and not %d:\n%.300s", where, len(got), len(want), got)
		}
	}

	workspace := slackfake.New(slackfake.Options{})
	defer workspace.Close()
	workspace.AddUser(slackfake.User{ID: "UADA", Name: "ada"})
	workspace.AddChannel(slackfake.Channel{ID: "CNEWS", Name: "news", Bot: true, Members: []string{"UADA"}})
	server := discordfake.New(discordfake.Options{})
	defer server.Close()
	ada := server.AddUser("ada")
	newsroom := server.AddChannel(server.AddGuild())

	bot := serving(t, site, both(slackSettings(workspace), discordSettings(server), map[string]string{"ONRECORD_API_TOKENS": apiToken()}))
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	bot.ready(ctx)

	code, data, err := asks(ctx, http.DefaultClient, bot.address, "brief", `{"url": "`+link+`"}`)
	if err != nil || code != http.StatusOK {
		t.Fatalf("HTTP: status %d, %v", code, err)
	}
	http.DefaultClient.CloseIdleConnections()
	same("HTTP", data)

	workspace.Slash("UADA", "CNEWS", "/brief", "export "+link+" json")
	var inSlack slackfake.File
	if err := workspace.Wait(ctx, func() bool {
		for _, m := range workspace.SeesAll("UADA", workspace.DM("UADA")) {
			for _, id := range m.Files {
				inSlack, _ = workspace.File(id)
			}
		}
		return inSlack.Name == "briefing.json"
	}); err != nil {
		t.Fatalf("no file in Slack: %v", err)
	}
	same("Slack", inSlack.Data)

	asked := server.Command(ada, newsroom, "brief", discordfake.Option{Name: "source", Value: "export " + link + " json"})
	if err := server.Until(ctx, asked.Answered); err != nil {
		t.Fatal(err)
	}
	var inDiscord []byte
	if err := server.Until(ctx, func() bool {
		for _, m := range server.FromBot(ada, newsroom) {
			if file, ok := m.Files["briefing.json"]; ok {
				inDiscord = file
			}
		}
		return inDiscord != nil
	}); err != nil {
		t.Fatalf("no file in Discord: %v", err)
	}
	same("Discord", inDiscord)
	bot.stop()
}

// BenchmarkAPI puts 300 requests a second on the HTTP API for 10 seconds, for
// articles that are in the cache, and reports how long the answers took. Other
// rates and times: ONRECORD_BENCH_RATE, ONRECORD_BENCH_SECONDS.
//
//	go test ./cmd/bot -run '^$' -bench API -benchtime 1x
func BenchmarkAPI(b *testing.B) {
	rate, seconds := envInt(b, "ONRECORD_BENCH_RATE", 300), envInt(b, "ONRECORD_BENCH_SECONDS", 10)
	const articles = 20
	site := press(b)
	bot := serving(b, site, map[string]string{"ONRECORD_API_TOKENS": apiToken(), "ONRECORD_API_LIMIT": "1000000", "LOG_LEVEL": "warn"})
	ctx, cancel := context.WithTimeout(b.Context(), 5*time.Minute)
	defer cancel()
	bot.ready(ctx)
	client := &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: 64}, Timeout: 10 * time.Second}
	defer client.CloseIdleConnections()
	var failed atomic.Int64
	ask := func(n int) time.Duration {
		began := time.Now()
		code, _, err := asks(ctx, client, bot.address, "brief", fmt.Sprintf(`{"url": "%s/story/%d"}`, site.URL, n%articles))
		if err != nil || code != http.StatusOK {
			failed.Add(1)
		}
		return time.Since(began)
	}
	for n := range articles { // fills the cache
		ask(n)
	}
	for b.Loop() {
		var mu sync.Mutex
		var took []time.Duration
		var all sync.WaitGroup
		tick := time.NewTicker(time.Second / time.Duration(rate))
		for n := range rate * seconds {
			<-tick.C
			all.Go(func() {
				d := ask(n)
				mu.Lock()
				defer mu.Unlock()
				took = append(took, d)
			})
		}
		tick.Stop()
		all.Wait()
		slices.SortFunc(took, func(a, b time.Duration) int { return cmp.Compare(a, b) })
		at := func(share float64) float64 {
			return float64(took[min(int(share*float64(len(took))), len(took)-1)].Microseconds()) / 1000
		}
		b.ReportMetric(at(0.50), "p50-ms")
		b.ReportMetric(at(0.99), "p99-ms")
		b.ReportMetric(at(1), "max-ms")
		b.ReportMetric(float64(failed.Load()), "errors")
	}
	bot.stop()
}
