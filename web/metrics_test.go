package web_test

import (
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"
	"time"

	"onrecord/chat"
	"onrecord/web"
)

// Metrics are in the text format of Prometheus, with the counts that were made.
func TestMetrics(t *testing.T) {
	m := &web.Metrics{Version: "1.2 \"x\"\n", Gauges: func() []web.Gauge {
		return []web.Gauge{
			{Name: "onrecord_work", Help: "Requests.", Label: "state", Value: "waiting", Number: 2},
			{Name: "onrecord_work", Help: "Requests.", Label: "state", Value: "working", Number: .5},
			{Name: "onrecord_ready", Help: "Ready.", Number: 1},
		}
	}}
	for _, took := range []time.Duration{time.Millisecond, 200 * time.Millisecond, 2 * time.Minute} {
		m.Request("slack", "brief", chat.Done, took)
	}
	m.Request("slack", "brief", chat.Refused, time.Second)
	w := httptest.NewRecorder()
	m.ServeHTTP(w, httptest.NewRequest(http.MethodGet, "/metrics", nil))
	got := w.Body.String()
	for _, want := range []string{
		`onrecord_requests_total{platform="slack",command="brief",outcome="done"} 3` + "\n",
		`onrecord_requests_total{platform="slack",command="brief",outcome="refused"} 1` + "\n",
		`onrecord_request_seconds_bucket{platform="slack",command="brief",outcome="done",le="0.01"} 1` + "\n",
		`onrecord_request_seconds_bucket{platform="slack",command="brief",outcome="done",le="0.25"} 2` + "\n",
		`onrecord_request_seconds_bucket{platform="slack",command="brief",outcome="done",le="60"} 2` + "\n",
		`onrecord_request_seconds_bucket{platform="slack",command="brief",outcome="done",le="+Inf"} 3` + "\n",
		`onrecord_request_seconds_sum{platform="slack",command="brief",outcome="done"} 120.201` + "\n",
		`onrecord_request_seconds_count{platform="slack",command="brief",outcome="done"} 3` + "\n",
		`onrecord_build_info{version="1.2 \"x\"\n"} 1` + "\n",
		"onrecord_ready 1\n", `onrecord_work{state="waiting"} 2` + "\n", `onrecord_work{state="working"} 0.5` + "\n",
	} {
		if !strings.Contains(got, want) {
			t.Errorf("%q is missing in:\n%s", want, got)
		}
	}
	line := regexp.MustCompile(`^(# (HELP|TYPE) [a-z_]+ .+|[a-z_]+(\{[a-z]+="([^"\\]|\\.)*"(,[a-z]+="([^"\\]|\\.)*")*\})? [0-9.e+-]+)$`)
	types := map[string]bool{}
	for l := range strings.SplitSeq(strings.TrimSuffix(got, "\n"), "\n") {
		if !line.MatchString(l) {
			t.Errorf("this line is none of the format: %q", l)
		}
		if kind, ok := strings.CutPrefix(l, "# TYPE "); ok {
			if types[kind] {
				t.Errorf("declared twice: %s", kind)
			}
			types[kind] = true
		}
	}
	if ct := w.Header().Get("Content-Type"); !strings.HasPrefix(ct, "text/plain; version=0.0.4") {
		t.Errorf("the type is %s", ct)
	}
}
