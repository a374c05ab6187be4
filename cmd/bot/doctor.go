package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"net"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"

	"onrecord/article"
	"onrecord/brief"
	"onrecord/cache"
	"onrecord/watch"
	"onrecord/web"
)

type doctorCommand struct {
	JSON bool `arg:"--json" help:"As JSON, for scripts and monitors."`
}

// finding is what the doctor has to say about one thing.
type finding struct {
	state state
	about string
	text  string
}

type state string

const (
	fine    state = "ok"
	neutral state = "--" // not used, which is no fault
	wrong   state = "!!"
)

// Run looks at everything that a briefing needs and says what is wrong.
func (c *doctorCommand) Run(ctx context.Context, a *app) error {
	var findings []finding
	for _, check := range []func(context.Context, *app) finding{
		checkModels, checkTables, checkCache, checkStore, checkQueue, checkWebhooks, checkReviews, checkModel, checkNetworks, checkProxy, checkPDF, checkListener, checkPrivacy,
	} {
		findings = append(findings, check(ctx, a))
	}
	findings = append(findings, checkPlatforms(ctx, a)...)
	faults := 0
	for _, f := range findings {
		if f.state == wrong {
			faults++
		}
	}
	out := []byte(diagnosis(findings, faults))
	if c.JSON {
		var err error
		if out, err = diagnosisJSON(findings, faults); err != nil {
			return fmt.Errorf("writing the findings as JSON: %w", err)
		}
	}
	if err := write(a.out, out); err != nil {
		return err
	}
	if faults > 0 {
		return errSaid
	}
	return nil
}

// diagnosis is what was found, for people.
func diagnosis(findings []finding, faults int) string {
	var out strings.Builder
	out.WriteString(versionLine() + "\n\n")
	for _, f := range findings {
		fmt.Fprintf(&out, "%s  %-9s %s\n", f.state, f.about, f.text)
	}
	switch faults {
	case 0:
		out.WriteString("\nAll is well.\n")
	case 1:
		out.WriteString("\nOne thing needs attention.\n")
	default:
		fmt.Fprintf(&out, "\n%d things need attention.\n", faults)
	}
	return out.String()
}

// diagnosisJSON is the same for scripts. Fields may be added and are never
// renamed.
func diagnosisJSON(findings []finding, faults int) ([]byte, error) {
	type object struct {
		About string `json:"about"`
		State string `json:"state"` // ok, unused or wrong
		Text  string `json:"text"`
	}
	all := struct {
		Version  string   `json:"version"`
		Well     bool     `json:"well"`
		Findings []object `json:"findings"`
	}{Version: versionLine(), Well: faults == 0}
	for _, f := range findings {
		all.Findings = append(all.Findings, object{f.about, map[state]string{fine: "ok", neutral: "unused", wrong: "wrong"}[f.state], f.text})
	}
	data, err := json.MarshalIndent(all, "", "  ")
	return append(data, '\n'), err
}

// sample is a text in which every part of the engine has something to find.
const sample = `The bridge at Upper Reed was closed on Monday. "It was not safe for a single lorry," said Ana Ruiz, the mayor. ` +
	`About 300 people cross it every day, according to the town.`

func checkModels(_ context.Context, _ *app) finding {
	began := time.Now()
	found := brief.Analyse(&article.Article{Text: sample, Words: len(strings.Fields(sample)), Language: "en"})
	took := time.Since(began).Round(time.Millisecond)
	if len(found.Quotes) == 0 || len(found.Claims) == 0 || len(found.Summary) == 0 {
		return finding{wrong, "models", "they find nothing in a text that has quotations and claims: this program is damaged, install it again"}
	}
	text := fmt.Sprintf("loaded and tried in %v", took)
	if m := found.Engine.Models; m != "" {
		text += ", " + m
	}
	return finding{fine, "models", text}
}

func checkCache(ctx context.Context, a *app) finding {
	c, err := a.cache()
	if err != nil {
		return finding{wrong, "cache", oneLine(err)}
	}
	redis, ok := c.(*cache.Redis)
	if !ok {
		return finding{fine, "cache", fmt.Sprintf("in memory, %v; set REDIS_URL to share one between processes", a.CacheBytes)}
	}
	ctx, cancel := context.WithTimeout(ctx, 5*time.Second)
	defer cancel()
	h, err := redis.Health(ctx)
	if err != nil {
		return finding{wrong, "cache", "Redis does not do its work (" + oneLine(err) + "): check REDIS_URL and the server; until then everything is computed anew"}
	}
	return finding{fine, "cache", fmt.Sprintf("Redis %s answers in %v", h.Version, h.Latency.Round(10*time.Microsecond))}
}

func checkNetworks(_ context.Context, a *app) finding {
	ports := "ports 80 and 443"
	if len(a.AllowPorts) > 0 {
		var list []string
		for _, p := range a.AllowPorts {
			list = append(list, strconv.Itoa(int(p)))
		}
		ports = "ports " + strings.Join(list, ", ")
	}
	if len(a.AllowNetworks) == 0 {
		return finding{fine, "network", "links lead to public addresses only, " + ports}
	}
	var open []string
	for _, n := range a.AllowNetworks {
		if n.Bits() == 0 {
			return finding{wrong, "network", "ONRECORD_ALLOW_NETWORKS allows " + n.String() + ", so links reach every machine inside: name the networks that are meant"}
		}
		open = append(open, n.String())
	}
	return finding{fine, "network", "links also lead into " + strings.Join(open, ", ") + "; " + ports}
}

func checkProxy(ctx context.Context, a *app) finding {
	proxy, err := a.proxy()
	if err != nil {
		return finding{wrong, "proxy", oneLine(err)}
	}
	if proxy == nil {
		return finding{neutral, "proxy", "none: articles are fetched directly"}
	}
	host := proxy.Host
	if proxy.Port() == "" {
		host = net.JoinHostPort(proxy.Hostname(), map[string]string{"http": "80", "https": "443"}[proxy.Scheme])
		if strings.HasPrefix(proxy.Scheme, "socks") {
			host = net.JoinHostPort(proxy.Hostname(), "1080")
		}
	}
	dialer := net.Dialer{Timeout: 3 * time.Second}
	conn, err := dialer.DialContext(ctx, "tcp", host)
	if err != nil {
		return finding{wrong, "proxy", "nobody answers at " + host + ": check ONRECORD_PROXY"}
	}
	conn.Close()
	return finding{fine, "proxy", "articles are fetched through " + host}
}

func checkPDF(_ context.Context, a *app) finding {
	dir := a.cacheDir()
	if dir == "" {
		return finding{neutral, "PDF", "the engine is compiled anew by each process, which takes some seconds: set ONRECORD_CACHE_DIR to keep it"}
	}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return finding{wrong, "PDF", dir + " cannot be made (" + reason(err) + "): set ONRECORD_CACHE_DIR to a folder of yours, or to -"}
	}
	probe, err := os.CreateTemp(dir, "doctor-*")
	if err != nil {
		return finding{wrong, "PDF", dir + " cannot be written to (" + reason(err) + "): set ONRECORD_CACHE_DIR to a folder of yours, or to -"}
	}
	probe.Close()
	os.Remove(probe.Name())
	compiled, err := filepath.Glob(filepath.Join(dir, "*", "*"))
	if err != nil || len(compiled) == 0 {
		return finding{fine, "PDF", "the engine will be compiled with the first PDF, once, and kept in " + dir}
	}
	return finding{fine, "PDF", "the compiled engine is kept in " + dir}
}

func checkListener(ctx context.Context, a *app) finding {
	var lc net.ListenConfig
	l, err := lc.Listen(ctx, "tcp", a.Listen)
	if err == nil {
		l.Close()
		return finding{fine, "listener", "'bot serve' can open " + a.Listen}
	}
	if web.Health(ctx, a.Listen) == nil {
		return finding{fine, "listener", "a bot answers at " + a.Listen}
	}
	return finding{wrong, "listener", a.Listen + " cannot be opened (" + innermost(err) + "): set ONRECORD_LISTEN to another address"}
}

func checkStore(ctx context.Context, a *app) finding {
	db := a.store(ctx)
	switch {
	case a.dbErr != nil:
		return finding{wrong, "store", sentence(a.dbErr)}
	case db == nil:
		return finding{neutral, "store", "none: requests, settings and recent articles are lost with the process; set ONRECORD_STATE_FILE to keep them"}
	}
	if err := db.Health(ctx); err != nil {
		return finding{wrong, "store", sentence(err)}
	}
	size, err := db.Size(ctx)
	if err != nil {
		return finding{wrong, "store", sentence(err)}
	}
	return finding{fine, "store", fmt.Sprintf("%s: %s, %d kB", db.Engine(), db.Place(), (size+1023)/1024)}
}

// mostDead is how many requests that were given up are listed.
const mostDead = 5

// checkQueue tells of requests that were given up, the newest one by one.
func checkQueue(ctx context.Context, a *app) finding {
	if a.store(ctx) == nil {
		return finding{neutral, "requests", "in memory"}
	}
	counts, err := a.queue(ctx).Counts(ctx)
	if err != nil {
		return finding{wrong, "requests", sentence(err)}
	}
	var text strings.Builder
	text.WriteString(fmt.Sprintf("%d waiting, %d in work, %d answered since yesterday", counts.Waiting, counts.Working, counts.Done))
	if lost := counts.Late + counts.Failed + counts.Uncertain; lost > 0 {
		text.WriteString(fmt.Sprintf("; given up: %d too late, %d failed, %d uncertain", counts.Late, counts.Failed, counts.Uncertain))
		dead, err := a.queue(ctx).Dead(ctx, mostDead)
		if err != nil {
			return finding{wrong, "requests", sentence(err)}
		}
		for _, d := range dead {
			text.WriteString(fmt.Sprintf("\n%14s%s on %s, %s at attempt %d: %s", "", d.At.UTC().Format("2 Jan 15:04"), d.Lane, d.Outcome, d.Attempts, oneLine(errors.New(d.Note))))
		}
		if more := lost - int64(len(dead)); more > 0 {
			text.WriteString(fmt.Sprintf("\n%14sand %d older ones", "", more))
		}
	}
	return finding{fine, "requests", text.String()}
}

// checkWebhooks tells of the programs that watches speak to, and of messages that
// they did not take.
func checkWebhooks(ctx context.Context, a *app) finding {
	db := a.store(ctx)
	if db == nil {
		return finding{neutral, "webhooks", "none: watches need a store"}
	}
	w := &watch.Watcher{Store: db.Watches()}
	hooks, err := w.Hooks(ctx)
	if err != nil {
		return finding{wrong, "webhooks", sentence(err)}
	}
	switch {
	case len(hooks) == 0:
		return finding{neutral, "webhooks", "no watch tells a program"}
	case len(a.WebhookKey) == 0:
		return finding{wrong, "webhooks", "watches are to tell programs, and nothing can be signed: set ONRECORD_WEBHOOK_KEY"}
	}
	sent, err := w.Sent(ctx, hooks)
	if err != nil {
		return finding{wrong, "webhooks", sentence(err)}
	}
	byID := map[string]*watch.Watch{}
	paused := 0
	for i, one := range hooks {
		byID[one.ID] = &hooks[i]
		if one.Paused {
			paused++
		}
	}
	yesterday := time.Now().Add(-24 * time.Hour)
	taken, waiting := 0, 0
	var dead []string
	for _, it := range sent {
		one := byID[it.Place.Thread]
		switch {
		case one == nil:
		case it.State == watch.Sending:
			waiting++
		case it.State == watch.Failed && it.At.After(yesterday):
			dead = append(dead, fmt.Sprintf("%s watch %s at %s: %s", it.At.UTC().Format("2 Jan 15:04"), one.ID, hostOf(one.Hook), oneLine(errors.New(it.Why))))
		case it.State == watch.Posted && it.At.After(yesterday):
			taken++
		}
	}
	state, lines := fine, []string{
		fmt.Sprintf("%d of watches, %d paused; since yesterday %d messages taken, %d given up; %d waiting", len(hooks), paused, taken, len(dead), waiting),
	}
	if len(dead) > 0 {
		state, lines = wrong, append(lines, dead[:min(len(dead), mostDead)]...)
		if more := len(dead) - mostDead; more > 0 {
			lines = append(lines, fmt.Sprintf("and %d older ones", more))
		}
		lines = append(lines, "when the receiver works, 'bot watch retry WATCH' sends them again")
	}
	return finding{state, "webhooks", strings.Join(lines, "\n"+strings.Repeat(" ", 14))}
}

// checkReviews tells how many published fact-checks there are.
func checkReviews(ctx context.Context, a *app) finding {
	db := a.store(ctx)
	if db == nil {
		return finding{neutral, "reviews", "none: published fact-checks need a store"}
	}
	sources, err := db.Reviews().Sources(ctx)
	if err != nil {
		return finding{wrong, "reviews", sentence(err)}
	}
	total, failed := 0, 0
	for _, s := range sources {
		total += s.Reviews
		if s.Problem != "" {
			failed++
		}
	}
	switch {
	case len(sources) == 0:
		return finding{neutral, "reviews", "no published fact-checks are loaded: 'bot reviews add FILE-OR-LINK'"}
	case failed > 0:
		return finding{wrong, "reviews", fmt.Sprintf("%d published fact-checks; %d of %d sources could not be read last time: 'bot reviews list' says why", total, failed, len(sources))}
	}
	return finding{fine, "reviews", fmt.Sprintf("%d published fact-checks of %d sources", total, len(sources))}
}

// checkPrivacy says what docs/security.md explains.
func checkPrivacy(ctx context.Context, a *app) finding {
	to := []string{"the sites of the links that people send"}
	if a.SlackBotToken != "" || a.SlackClientID != "" {
		to = append(to, "Slack")
	}
	if a.DiscordToken != "" {
		to = append(to, "Discord")
	}
	if a.DatabaseURL != "" {
		to = append(to, "PostgreSQL")
	}
	if a.RedisURL != "" {
		to = append(to, "Redis")
	}
	if a.FactCheckKey != "" {
		to = append(to, "Google's fact-check service (claims of public articles)")
	}
	if db := a.store(ctx); db != nil && len(a.WebhookKey) > 0 {
		hooks, err := (&watch.Watcher{Store: db.Watches()}).Hooks(ctx)
		hosts := map[string]bool{}
		for _, one := range hooks {
			hosts[hostOf(one.Hook)] = true
		}
		if err == nil && len(hosts) > 0 {
			to = append(to, "the webhooks of watches ("+strings.Join(slices.Sorted(maps.Keys(hosts)), ", ")+")")
		}
	}
	model := "no language model; "
	if a.Model != "" {
		model = ""
		what := "articles that are public, from workspaces that turned it on"
		if a.Private == "allow" {
			what = "articles, private ones too, from workspaces that turned it on"
		}
		to = append(to, "the language model "+a.Model+" ("+what+")")
	}
	return finding{fine, "privacy", "this machine talks to " + strings.Join(to, ", ") + " and to nobody else; " + model + "what is private is kept 24 hours at most"}
}

// checkPlatforms asks every platform that has credentials whether they work.
func checkPlatforms(ctx context.Context, a *app) []finding {
	all, err := a.platforms(ctx)
	if err != nil {
		return []finding{{wrong, "platforms", oneLine(err)}}
	}
	if len(all) == 0 {
		return []finding{{neutral, "platforms", "none has credentials, see docs/slack.md and docs/discord.md; 'bot chat' talks in the terminal"}}
	}
	var found []finding
	for _, p := range all {
		for _, f := range p.Check(ctx) {
			state := fine
			if !f.OK {
				state = wrong
			}
			found = append(found, finding{state, p.Name(), f.Text})
		}
	}
	return found
}
