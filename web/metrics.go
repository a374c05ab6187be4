package web

import (
	"fmt"
	"io"
	"maps"
	"net/http"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"onrecord/chat"
)

// Metrics counts requests, and shows the counts in the text format that
// Prometheus reads (https://prometheus.io/docs/instrumenting/exposition_formats/).
// It is a [chat.Meter] and an http.Handler, for "GET /metrics". The zero value
// works.
//
// The series have the names of platforms, commands and outcomes, which are few;
// nothing in them stems from strangers or names a workspace.
type Metrics struct {
	Version string // of the program
	// Gauges gives what is to be shown besides, as it stands, those of one name
	// together; nil for nothing.
	Gauges func() []Gauge

	mu     sync.Mutex
	series map[string]*tally // by labels
}

var _ chat.Meter = (*Metrics)(nil)

// Gauge is a value that goes up and down.
type Gauge struct {
	Name, Help   string // "onrecord_work"
	Label, Value string // one label with its value; none if Label is empty
	Number       float64
}

// tally is how many requests there were, and how long they took.
type tally struct {
	count   uint64
	seconds float64
	within  [len(bounds)]uint64 // as many took no longer than that
}

// bounds are the buckets of times, in seconds.
var bounds = [...]float64{.01, .05, .1, .25, .5, 1, 2.5, 5, 10, 30, 60}

// started is when the process began.
var started = time.Now()

// Request implements chat.Meter.
func (m *Metrics) Request(platform, command string, outcome chat.Outcome, took time.Duration) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.series == nil {
		m.series = map[string]*tally{}
	}
	labels := "platform=" + quoted(platform) + ",command=" + quoted(command) + ",outcome=" + quoted(string(outcome))
	t := m.series[labels]
	if t == nil {
		t = &tally{}
		m.series[labels] = t
	}
	t.count++
	t.seconds += took.Seconds()
	for i, b := range bounds {
		if took.Seconds() <= b {
			t.within[i]++
		}
	}
}

// ServeHTTP shows the counts.
func (m *Metrics) ServeHTTP(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", "text/plain; version=0.0.4; charset=utf-8")
	w.Header().Set("Cache-Control", "no-store")
	_, _ = io.WriteString(w, m.text())
}

func (m *Metrics) text() string {
	var out strings.Builder
	head := func(name, kind, help string) {
		fmt.Fprintf(&out, "# HELP %s %s\n# TYPE %s %s\n", name, help, name, kind)
	}
	m.requests(&out, head)
	head("onrecord_build_info", "gauge", "Which version runs.")
	fmt.Fprintf(&out, "onrecord_build_info{version=%s} 1\n", quoted(m.Version))
	head("process_start_time_seconds", "gauge", "When the process started, in seconds since 1970.")
	fmt.Fprintf(&out, "process_start_time_seconds %d\n", started.Unix())
	head("go_goroutines", "gauge", "Goroutines that exist.")
	fmt.Fprintf(&out, "go_goroutines %d\n", runtime.NumGoroutine())
	if m.Gauges == nil {
		return out.String()
	}
	gauges := m.Gauges()
	for i, g := range gauges {
		if i == 0 || gauges[i-1].Name != g.Name {
			head(g.Name, "gauge", g.Help)
		}
		label := ""
		if g.Label != "" {
			label = "{" + g.Label + "=" + quoted(g.Value) + "}"
		}
		fmt.Fprintf(&out, "%s%s %s\n", g.Name, label, decimal(g.Number))
	}
	return out.String()
}

func (m *Metrics) requests(out *strings.Builder, head func(name, kind, help string)) {
	m.mu.Lock()
	defer m.mu.Unlock()
	all := slices.Sorted(maps.Keys(m.series))
	head("onrecord_requests_total", "counter", "Requests answered, by platform, command and how they ended.")
	for _, s := range all {
		fmt.Fprintf(out, "onrecord_requests_total{%s} %d\n", s, m.series[s].count)
	}
	head("onrecord_request_seconds", "histogram", "How long requests took.")
	for _, s := range all {
		t := m.series[s]
		for i, b := range bounds {
			fmt.Fprintf(out, "onrecord_request_seconds_bucket{%s,le=%s} %d\n", s, quoted(decimal(b)), t.within[i])
		}
		fmt.Fprintf(out, "onrecord_request_seconds_bucket{%s,le=\"+Inf\"} %d\n", s, t.count)
		fmt.Fprintf(out, "onrecord_request_seconds_sum{%s} %s\n", s, decimal(t.seconds))
		fmt.Fprintf(out, "onrecord_request_seconds_count{%s} %d\n", s, t.count)
	}
}

func decimal(f float64) string { return strconv.FormatFloat(f, 'g', -1, 64) }

// quoted is the value of a label.
func quoted(s string) string {
	return `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`, "\n", `\n`).Replace(strings.ToValidUTF8(s, "\ufffd")) + `"`
}
