package main

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
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
	// It may be sent again when the connection closes before it was taken
	// (net/http, Transport).
	req.Header["Idempotency-Key"] = nil
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
	if testing.Short() {
		t.Skip("one command after the other: nothing for the race detector")
	}
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

// A bot that is told to end while programs ask it answers all that it took on, and
// then nothing more: every request has a whole answer, or was never taken.
func TestStopUnderLoad(t *testing.T) {
	site := press(t)
	var slow sync.WaitGroup
	slow.Add(8)
	site.Config.Handler.(*http.ServeMux).HandleFunc("/slow/{n}", func(w http.ResponseWriter, r *http.Request) {
		slow.Done()
		time.Sleep(time.Second)
		fmt.Fprint(w, story(r.PathValue("n")))
	})
	bot := serving(t, site, map[string]string{"ONRECORD_API_TOKENS": apiToken(), "ONRECORD_API_LIMIT": "1000000", "LOG_LEVEL": "warn"})
	ctx, cancel := context.WithTimeout(t.Context(), 2*time.Minute)
	defer cancel()
	bot.ready(ctx)
	client := &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: 64}}
	defer client.CloseIdleConnections()
	var answered, refused atomic.Int64
	// ask reports whether the bot still takes requests.
	ask := func(path string) bool {
		code, data, err := asks(ctx, client, bot.address, "brief", `{"url": "`+site.URL+path+`"}`)
		switch {
		case err == nil && code == http.StatusOK && json.Valid(data):
			answered.Add(1)
			return true
		case errors.Is(err, syscall.ECONNREFUSED):
			refused.Add(1)
		case code == 0 && (errors.Is(err, syscall.ECONNRESET) || errors.Is(err, io.EOF)):
			refused.Add(1) // it was on its way when its connection was closed, idle until then, or waiting to be taken
		default:
			t.Errorf("%s: status %d, %d bytes, %v", path, code, len(data), err)
		}
		return false
	}
	ask("/story/1")
	var asking sync.WaitGroup
	for n := range 8 {
		asking.Go(func() {
			if !ask(fmt.Sprintf("/slow/%d", n)) {
				t.Errorf("the slow request %d had no answer", n)
			}
		})
	}
	for n := range 24 {
		asking.Go(func() {
			for ask(fmt.Sprintf("/story/%d", n%4)) {
			}
		})
	}
	slow.Wait() // they are in hand
	time.Sleep(300 * time.Millisecond)
	bot.stop()
	asking.Wait()
	if answered.Load() < 32 || refused.Load() != 24 {
		t.Errorf("%d answered, %d refused", answered.Load(), refused.Load())
	}
	t.Logf("%d answered, %d refused", answered.Load(), refused.Load())
}

// BenchmarkAPI puts 300 requests a second on the HTTP API for 10 seconds, for
// articles that are in the cache, and reports how long the answers took and how
// much of a processor each needed; and how long those of /healthz took, which does
// nothing, to tell the bot from the machine. Other rates and times:
// ONRECORD_BENCH_RATE, ONRECORD_BENCH_SECONDS.
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
	ask := func(n int) {
		code, _, err := asks(ctx, client, bot.address, "brief", fmt.Sprintf(`{"url": "%s/story/%d"}`, site.URL, n%articles))
		if err != nil || code != http.StatusOK {
			failed.Add(1)
		}
	}
	nothing := func(int) {
		resp, err := client.Get("http://" + bot.address + "/healthz")
		if err != nil {
			failed.Add(1)
			return
		}
		_, _ = io.Copy(io.Discard, resp.Body)
		resp.Body.Close()
	}
	for n := range articles { // fills the cache
		ask(n)
	}
	for b.Loop() {
		before := processing(b, bot.cmd.Process.Pid)
		took, persecond := volley(rate, seconds, ask)
		each := float64((processing(b, bot.cmd.Process.Pid) - before).Microseconds()) / float64(len(took)) / 1000
		idle, _ := volley(rate, seconds, nothing)
		b.ReportMetric(persecond, "requests/s")
		b.ReportMetric(share(took, 0.50), "p50-ms")
		b.ReportMetric(share(took, 0.99), "p99-ms")
		b.ReportMetric(share(took, 1), "max-ms")
		b.ReportMetric(each, "processor-ms/request")
		b.ReportMetric(share(idle, 0.99), "nothing-p99-ms")
		b.ReportMetric(float64(failed.Load()), "errors")
	}
	bot.stop()
}

// volley asks so often a second, whether or not answers come, and gives how long
// they took, the shortest first, and how many came in a second.
func volley(rate, seconds int, ask func(n int)) (took []time.Duration, persecond float64) {
	var mu sync.Mutex
	var all sync.WaitGroup
	began := time.Now()
	tick := time.NewTicker(time.Second / time.Duration(rate))
	defer tick.Stop()
	for n := range rate * seconds {
		<-tick.C
		all.Go(func() {
			asked := time.Now()
			ask(n)
			d := time.Since(asked)
			mu.Lock()
			defer mu.Unlock()
			took = append(took, d)
		})
	}
	all.Wait()
	slices.Sort(took)
	return took, float64(len(took)) / time.Since(began).Seconds()
}

// share is what so large a share of sorted times is not above, in ms.
func share(sorted []time.Duration, of float64) float64 {
	return float64(sorted[min(int(of*float64(len(sorted))), len(sorted)-1)].Microseconds()) / 1000
}
