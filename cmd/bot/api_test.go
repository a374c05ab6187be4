package main

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"net/http"
	"net/netip"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"onrecord/article"
	"onrecord/brief"
	"onrecord/chat"
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
// HTTP, and in the file that Export gives in Slack and in Discord.
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

	bot := serving(t, site, map[string]string{"ONRECORD_API_TOKENS": apiToken()})
	bot.ready(t.Context())
	code, data, err := asks(t.Context(), http.DefaultClient, bot.address, "brief", `{"url": "`+link+`"}`)
	if err != nil || code != http.StatusOK || readAt.ReplaceAllString(string(data), "") != want {
		t.Errorf("HTTP gives another answer (status %d, %v):\n%.300s", code, err, data)
	}
	http.DefaultClient.CloseIdleConnections()
	bot.stop()

	port, err := strconv.Atoi(at.Port())
	if err != nil {
		t.Fatal(err)
	}
	reader := &article.Reader{Networks: []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")}, Ports: []int{port}}
	defer reader.Close()
	b := &chat.Bot{Service: &chat.Service{Briefer: &brief.Briefer{Reader: reader}}}
	for _, platform := range []string{"slack", "discord"} {
		scope := chat.Scope{Platform: platform, Workspace: "W", Channel: "C", User: "U"}
		reply := b.Handle(t.Context(), chat.Request{Scope: scope, Entry: chat.ByCommand, Command: "export", Text: link + " json"})
		if len(reply.Files) != 1 || readAt.ReplaceAllString(string(reply.Files[0].Data), "") != want {
			t.Errorf("%s exports something else: %s", platform, reply)
		}
	}
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
