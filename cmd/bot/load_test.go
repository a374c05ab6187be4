package main

import (
	"cmp"
	"context"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"onrecord/adapters/slack/slackfake"
)

// BenchmarkSlackHTTP puts 200 signed slash commands a second on the HTTP
// endpoint for 30 seconds, for articles that are in the cache, and reports how
// long the acknowledgements took and how much memory the bot had. Other rates
// and times: ONRECORD_BENCH_RATE, ONRECORD_BENCH_SECONDS.
//
//	go test ./cmd/bot -run '^$' -bench SlackHTTP -benchtime 1x
func BenchmarkSlackHTTP(b *testing.B) {
	rate, seconds := envInt(b, "ONRECORD_BENCH_RATE", 200), envInt(b, "ONRECORD_BENCH_SECONDS", 30)
	const people, articles = 400, 20
	workspace := slackfake.New(slackfake.Options{})
	defer workspace.Close()
	var members []string
	for i := range people {
		id := fmt.Sprintf("U%04d", i)
		members = append(members, id)
		workspace.AddUser(slackfake.User{ID: id, Name: id})
	}
	workspace.AddChannel(slackfake.Channel{ID: "CNEWS", Name: "news", Bot: true, Members: members})
	site := press(b)
	token, _, secret := workspace.Tokens()
	bot := serving(b, site, map[string]string{
		"SLACK_BOT_TOKEN": token, "SLACK_SIGNING_SECRET": secret, "SLACK_API_URL": workspace.URL(), "ONRECORD_LIMIT": "100000", "LOG_LEVEL": "warn",
	})
	ctx, cancel := context.WithTimeout(b.Context(), 5*time.Minute)
	defer cancel()
	bot.ready(ctx)

	client := &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: 64}, Timeout: 10 * time.Second}
	var serial, failed atomic.Int64
	ask := func(n int64) time.Duration {
		// What Slack sends for a slash command.
		form := url.Values{
			"team_id": {slackfake.TeamID}, "channel_id": {"CNEWS"}, "channel_name": {"news"}, "user_id": {members[n%people]}, "user_name": {"reader"},
			"command": {"/brief"}, "text": {fmt.Sprintf("%s/story/%d", site.URL, n%articles)}, "api_app_id": {slackfake.AppID},
			"response_url": {workspace.ResponseURL(members[n%people], "CNEWS")}, "trigger_id": {fmt.Sprintf("%d.%d", n, time.Now().UnixNano())},
		}
		body := form.Encode()
		req, err := http.NewRequestWithContext(ctx, http.MethodPost, "http://"+bot.address+"/slack/commands", strings.NewReader(body))
		if err != nil {
			failed.Add(1)
			return 0
		}
		req.Header = workspace.Sign([]byte(body), time.Now())
		req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		began := time.Now()
		resp, err := client.Do(req)
		if err != nil {
			failed.Add(1)
			return 0
		}
		_, _ = io.Copy(io.Discard, resp.Body)
		resp.Body.Close()
		if resp.StatusCode != http.StatusOK {
			failed.Add(1)
		}
		return time.Since(began)
	}
	for n := range int64(articles) { // fills the cache
		ask(n)
	}

	for b.Loop() {
		var mu sync.Mutex
		var took []time.Duration
		var all sync.WaitGroup
		tick := time.NewTicker(time.Second / time.Duration(rate))
		early, peak := int64(0), int64(0)
		for i := range rate * seconds {
			<-tick.C
			n := serial.Add(1) + articles
			all.Go(func() {
				d := ask(n)
				mu.Lock()
				defer mu.Unlock()
				took = append(took, d)
			})
			if i%rate == 0 {
				m := memory(b, bot.cmd.Process.Pid)
				peak = max(peak, m)
				if i == rate*seconds/3/rate*rate {
					early = m
				}
			}
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
		b.ReportMetric(float64(early)/1024, "early-MB")
		b.ReportMetric(float64(memory(b, bot.cmd.Process.Pid))/1024, "end-MB")
		b.ReportMetric(float64(peak)/1024, "peak-MB")
	}
	bot.stop()
}

// memory is what a process has in memory, in kB (Linux).
func memory(tb testing.TB, pid int) int64 {
	tb.Helper()
	status, err := os.ReadFile(filepath.Join("/proc", strconv.Itoa(pid), "status"))
	if err != nil {
		tb.Skip("there is no /proc to read the memory from")
	}
	for line := range strings.SplitSeq(string(status), "\n") {
		if rest, ok := strings.CutPrefix(line, "VmRSS:"); ok {
			n, err := strconv.ParseInt(strings.Fields(rest)[0], 10, 64)
			if err != nil {
				tb.Fatal(err)
			}
			return n
		}
	}
	tb.Fatal("no VmRSS")
	return 0
}

// processing is how long a process has had a processor (Linux, proc(5): in
// hundredths of a second). Unlike how long answers take, it says the same on a busy
// machine.
func processing(tb testing.TB, pid int) time.Duration {
	tb.Helper()
	stat, err := os.ReadFile(filepath.Join("/proc", strconv.Itoa(pid), "stat"))
	if err != nil {
		tb.Skip("there is no /proc to read the processor time from")
	}
	_, rest, _ := strings.Cut(string(stat), ") ") // behind the name
	fields := strings.Fields(rest)
	const user, system = 14 - 3, 15 - 3
	total := time.Duration(0)
	for _, i := range []int{user, system} {
		n, err := strconv.ParseInt(fields[i], 10, 64)
		if err != nil {
			tb.Fatal(err)
		}
		total += time.Duration(n) * 10 * time.Millisecond
	}
	return total
}

func envInt(tb testing.TB, name string, def int) int {
	tb.Helper()
	v := os.Getenv(name)
	if v == "" {
		return def
	}
	n, err := strconv.Atoi(v)
	if err != nil || n < 1 {
		tb.Fatalf("%s: %q", name, v)
	}
	return n
}
