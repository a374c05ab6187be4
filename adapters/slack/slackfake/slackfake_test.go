package slackfake_test

import (
	"context"
	"encoding/json"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"

	"onrecord/adapters/slack/slackfake"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func start(t *testing.T) *slackfake.Server {
	t.Helper()
	s := slackfake.New(slackfake.Options{Retries: []time.Duration{0, 10 * time.Millisecond}, AckWithin: 200 * time.Millisecond})
	t.Cleanup(s.Close)
	s.AddUser(slackfake.User{ID: "U1", Name: "Ann"})
	s.AddChannel(slackfake.Channel{ID: "C1", Name: "news", Members: []string{"U1"}, Bot: true})
	return s
}

func post(t *testing.T, address string, form url.Values) (int, map[string]any) {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, address, strings.NewReader(form.Encode()))
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	resp, err := (&http.Client{Transport: &http.Transport{DisableKeepAlives: true}}).Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	var answer map[string]any
	_ = json.NewDecoder(resp.Body).Decode(&answer)
	return resp.StatusCode, answer
}

// What an app should not do is refused as Slack refuses it, and noted.
func TestProblems(t *testing.T) {
	for name, test := range map[string]struct {
		form    url.Values
		code    string // the API's error
		problem string
	}{
		"all is well":     {url.Values{"text": {"hi"}, "unfurl_links": {"false"}, "unfurl_media": {"false"}}, "", ""},
		"links unfold":    {url.Values{"text": {"hi"}}, "", "unfurl_links"},
		"a live mention":  {url.Values{"text": {"<!channel>"}, "unfurl_links": {"false"}, "unfurl_media": {"false"}}, "", "alive"},
		"no text":         {url.Values{}, "no_text", ""},
		"unknown block":   {url.Values{"text": {"x"}, "blocks": {`[{"type":"dance"}]`}}, "invalid_blocks", "dance"},
		"too much":        {url.Values{"text": {"x"}, "blocks": {`[{"type":"rich_text","elements":[{"type":"rich_text_section","elements":[{"type":"text","text":"` + strings.Repeat("x", 13300) + `"}]}]}]`}}, "msg_blocks_too_long", "msg_blocks_too_long"},
		"wrong token":     {url.Values{"text": {"hi"}, "token": {"xoxb-no"}}, "invalid_auth", ""},
		"another channel": {url.Values{"text": {"hi"}, "channel": {"C9"}}, "channel_not_found", ""},
	} {
		s := start(t)
		form := url.Values{"token": {"xoxb-fake"}, "channel": {"C1"}}
		maps.Copy(form, test.form)
		_, answer := post(t, s.URL()+"chat.postMessage", form)
		if got, _ := answer["error"].(string); got != test.code {
			t.Errorf("%s: %q, want %q", name, got, test.code)
		}
		if problems := strings.Join(s.Problems(), "\n"); test.problem == "" && test.code == "" && problems != "" || !strings.Contains(problems, test.problem) {
			t.Errorf("%s: problems:\n%s", name, problems)
		}
	}
}

// An event that is not acknowledged comes again, with the headers that say so;
// a command does not, and the person is told.
func TestRetries(t *testing.T) {
	s := start(t)
	var mu sync.Mutex
	var tries []string
	app := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		mu.Lock()
		defer mu.Unlock()
		tries = append(tries, r.URL.Path+" "+r.Header.Get("X-Slack-Retry-Num")+" "+r.Header.Get("X-Slack-Retry-Reason"))
		if r.Header.Get("X-Slack-Signature") == "" || r.URL.Path == "/slack/commands" || len(tries) < 3 {
			w.WriteHeader(http.StatusInternalServerError)
		}
	}))
	t.Cleanup(app.Close)
	s.DeliverTo(app.URL)
	s.Say("U1", s.DM("U1"), "", "hello")
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
	defer cancel()
	if err := s.Wait(ctx, func() bool { return len(s.Acks()) == 1 }); err != nil {
		t.Fatal(err)
	}
	s.Slash("U1", "C1", "/brief", "x")
	if err := s.Wait(ctx, func() bool { return len(s.Failures()) == 1 }); err != nil {
		t.Fatal(err)
	}
	mu.Lock()
	defer mu.Unlock()
	if want := []string{"/slack/events  ", "/slack/events 1 http_error", "/slack/events 2 http_error", "/slack/commands  "}; !slices.Equal(tries, want) {
		t.Errorf("deliveries: %q, want %q", tries, want)
	}
}

// A response address is good for five uses.
func TestResponseAddress(t *testing.T) {
	s := start(t)
	addresses := make(chan string, 1)
	app := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		_ = r.ParseForm()
		addresses <- r.PostForm.Get("response_url")
	}))
	t.Cleanup(app.Close)
	s.DeliverTo(app.URL)
	s.Slash("U1", "C1", "/brief", "x")
	address := <-addresses
	send := func(body string) int {
		req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, address, strings.NewReader(body))
		if err != nil {
			t.Fatal(err)
		}
		resp, err := (&http.Client{Transport: &http.Transport{DisableKeepAlives: true}}).Do(req)
		if err != nil {
			t.Fatal(err)
		}
		resp.Body.Close()
		return resp.StatusCode
	}
	const off = `,"unfurl_links":false,"unfurl_media":false}`
	for i, test := range []struct {
		body string
		want int // messages
	}{
		{`{"text":"one"` + off, 1},
		{`{"text":"one again","replace_original":true` + off, 1},
		{`{"text":"two"` + off, 2},
		{`{"delete_original":true}`, 1},
		{`{"text":"three"` + off, 2},
	} {
		if code := send(test.body); code != http.StatusOK {
			t.Errorf("use %d: %d", i+1, code)
		}
		if got := len(s.Sees("U1", "C1", "")); got != test.want {
			t.Errorf("after use %d: %d messages, want %d", i+1, got, test.want)
		}
	}
	if code := send(`{"text":"six"` + off); code != http.StatusNotFound {
		t.Errorf("the sixth use: %d", code)
	}
	if p := s.Problems(); len(p) > 0 {
		t.Errorf("problems: %q", p)
	}
}
