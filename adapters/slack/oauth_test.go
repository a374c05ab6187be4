package slack_test

import (
	"bytes"
	"context"
	"encoding/base64"
	"errors"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"onrecord/adapters/slack"
	"onrecord/adapters/slack/slackfake"
	"onrecord/chat"
	"onrecord/install"
	"onrecord/work"
)

const (
	cyd    = "U2CYD" // an admin of the second workspace
	harbor = "C2HARBOR"
	second = "T0SECOND"
)

// secretKey is a key as an operator writes it.
func secretKey(letter string) string {
	return base64.StdEncoding.EncodeToString(bytes.Repeat([]byte(letter), 32))
}

func register(t *testing.T, store install.Store, keys string) *install.Register {
	t.Helper()
	k, err := install.ParseKeys(keys)
	if err != nil {
		t.Fatal(err)
	}
	return &install.Register{Store: store, Keys: k}
}

// notebook is where the bot notes something for itself.
type notebook struct {
	mu sync.Mutex
	m  map[string]string
}

func (n *notebook) Get(_ context.Context, key string) (string, bool, error) {
	n.mu.Lock()
	defer n.mu.Unlock()
	v, ok := n.m[key]
	return v, ok, nil
}

func (n *notebook) Set(_ context.Context, key, value string) error {
	n.mu.Lock()
	defer n.mu.Unlock()
	if n.m == nil {
		n.m = map[string]string{}
	}
	n.m[key] = value
	return nil
}

// hub is a desk whose bot is installed by OAuth: two workspaces may do so.
type hub struct {
	*desk
	store install.Store
	set   setting
}

// openHub opens one. change changes the settings of the bot.
func openHub(t *testing.T, set setting, change func(*slack.Options)) *hub {
	t.Helper()
	h := &hub{store: &install.Memory{}}
	before := set.before
	set.before = func(s *slackfake.Server) {
		s.AddWorkspace(slackfake.Workspace{ID: second, Name: "The <Harbour> Post", Enterprise: "E0GROUP"})
		s.AddUser(slackfake.User{ID: cyd, Name: "Cyd", Zone: "Asia/Tokyo", Admin: true, Team: second})
		s.AddChannel(slackfake.Channel{ID: harbor, Name: "harbor", Members: []string{cyd}, Bot: true, Team: second})
		if before != nil {
			before(s)
		}
	}
	set.open = true // the web server is wanted in any case
	set.change = func(o *slack.Options) {
		o.BotToken = ""
		o.Installs = register(t, h.store, secretKey("k"))
		o.ClientID, o.ClientSecret = h.slack.Client()
		o.PublicURL, _ = url.Parse(h.web.URL)
		if change != nil {
			change(o)
		}
		h.slack.Redirects(o.PublicURL.JoinPath("/slack/oauth_redirect").String())
	}
	h.desk = newDesk(t, &set)
	h.set = set
	h.run(set)
	return h
}

// browser is one that keeps cookies.
func browser(t *testing.T) *http.Client {
	t.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	return &http.Client{Jar: jar, Transport: &http.Transport{DisableKeepAlives: true}}
}

// visit opens an address and gives what can be read there.
func visit(t *testing.T, b *http.Client, address string) (status int, text string, header http.Header) {
	t.Helper()
	resp, err := b.Get(address)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	return resp.StatusCode, string(body), resp.Header
}

// install installs the app in a workspace, as somebody with a browser does.
func (h *hub) install(team, user string) {
	h.t.Helper()
	h.slack.Decide(slackfake.Consent{Workspace: team, User: user})
	status, text, _ := visit(h.t, browser(h.t), h.web.URL+"/slack/install")
	if status != http.StatusOK || !strings.Contains(text, "Installed in ") {
		h.t.Fatalf("status %d: %s", status, text)
	}
}

// restart ends the bot and starts another one with the same store.
func (h *hub) restart(change func(*slack.Options)) {
	h.t.Helper()
	if err := h.stop(); err != nil {
		h.t.Fatal(err)
	}
	set, before := h.set, h.set.change
	set.change = func(o *slack.Options) {
		before(o)
		if change != nil {
			change(o)
		}
	}
	h.run(set)
}

// spotless is clean, and looks for what came by the installation, too.
func (h *hub) spotless() {
	h.t.Helper()
	h.clean()
	log := h.log.String()
	for _, word := range []string{"xoxb-", "xoxe", "fake-client-secret", "code.0", secretKey("k")} {
		if strings.Contains(log, word) {
			h.t.Errorf("the log holds %q", word)
		}
	}
}

// Two workspaces install the app. Each is served with its own token, by sockets
// and by HTTP alike.
func TestInstall(t *testing.T) {
	both(t, func(t *testing.T, byHTTP bool) {
		h := openHub(t, setting{byHTTP: byHTTP}, nil)
		h.slack.Decide(slackfake.Consent{Workspace: second, User: cyd})
		status, text, header := visit(t, browser(t), h.web.URL+"/slack/install")
		if status != http.StatusOK || !strings.Contains(text, "Installed in The &lt;Harbour&gt; Post") || !strings.Contains(text, "https://slack.com/app_redirect?app=A0BOT&amp;team=T0SECOND") {
			t.Errorf("status %d: %s", status, text)
		}
		for name, want := range map[string]string{
			"Content-Security-Policy": "default-src 'none'", "Referrer-Policy": "no-referrer", "Cache-Control": "no-store", "X-Frame-Options": "DENY", "Content-Type": "text/html",
		} {
			if !strings.Contains(header.Get(name), want) {
				t.Errorf("the header %s is %q", name, header.Get(name))
			}
		}
		h.install(slackfake.TeamID, ann)
		in, err := register(t, h.store, secretKey("k")).Get(t.Context(), "slack", second)
		if err != nil || in.Name != "The <Harbour> Post" || in.Enterprise != "E0GROUP" || in.Bot != slackfake.BotUserIn(second) || in.Installer != cyd ||
			len(in.Scopes) < 5 || time.Since(in.At) > time.Minute || in.Secret.Token != h.slack.TokensOf(second)[0] {
			t.Errorf("kept is %+v, %v", in, err)
		}

		h.slack.Slash(ann, news, "/brief", link)
		h.slack.Slash(cyd, harbor, "/brief", link)
		h.idle(2)
		wants(t, h.slack.Sees(ann, news, ""), 1, "More than 300 ferry workers")
		wants(t, h.slack.Sees(cyd, harbor, ""), 1, "More than 300 ferry workers")
		here := h.slack.Say(ann, news, "", "@onrecord "+link)
		there := h.slack.Say(cyd, harbor, "", "@onrecord "+link)
		h.slack.Say(cyd, h.slack.DM(cyd), "", link)
		h.idle(5)
		wants(t, theirs(h.slack.Sees(ann, news, here)), 1, "ferry workers")
		wants(t, theirs(h.slack.Sees(cyd, harbor, there)), 1, "ferry workers")
		wants(t, theirs(h.slack.SeesAll(cyd, h.slack.DM(cyd))), 1, "ferry workers")
		h.slack.OpenHome(cyd)
		h.until("the Home tab is there", func() bool { read, _ := h.slack.Home(cyd); return strings.Contains(read, "Your recent articles") })
		h.slack.Shortcut(cyd, "brief_article")
		h.until("a form is open", func() bool { _, ok := h.slack.Modal(cyd); return ok })
		if _, err := h.slack.Submit(t.Context(), cyd, map[string]string{"link": link}); err != nil {
			t.Error(err)
		}
		h.idle(7)
		story := strings.Repeat("The harbour was closed on Monday. ", 30)
		h.slack.AddFile(slackfake.File{ID: "F2", Name: "story.txt", Type: "text/plain", Team: second, Data: []byte(story)})
		h.slack.Say(cyd, h.slack.DM(cyd), "", "", "F2")
		h.idle(8)
		dm := theirs(h.slack.SeesAll(cyd, h.slack.DM(cyd)))
		wants(t, dm[len(dm)-1:], 1, "The harbour was closed")
		if room, err := h.bot.Room(t.Context(), second, harbor); err != nil || room.Private {
			t.Errorf("Room: %+v, %v", room, err)
		}
		if _, err := h.bot.Room(t.Context(), slackfake.TeamID, harbor); err == nil {
			t.Error("a channel of another workspace is seen")
		}
		h.spotless()
	})
}

// Whatever is wrong with an installation, nothing is kept and somebody is told
// what to do.
func TestInstallRefused(t *testing.T) {
	h := openHub(t, setting{}, func(o *slack.Options) { o.Teams = []string{slackfake.TeamID} })
	base := h.web.URL + "/slack/oauth_redirect?"
	// begun is a browser that has been at /slack/install and was sent on.
	begun := func(t *testing.T) (b *http.Client, back url.Values) {
		t.Helper()
		b = browser(t)
		b.CheckRedirect = func(r *http.Request, _ []*http.Request) error {
			if r.URL.Path == "/slack/oauth_redirect" {
				return http.ErrUseLastResponse
			}
			return nil
		}
		resp, err := b.Get(h.web.URL + "/slack/install")
		if err != nil {
			t.Fatal(err)
		}
		resp.Body.Close()
		at, err := resp.Location()
		if err != nil {
			t.Fatalf("Slack answers %d", resp.StatusCode)
		}
		return b, at.Query()
	}
	word := func(b *http.Client) string {
		at, _ := url.Parse(h.web.URL)
		return b.Jar.Cookies(at)[0].Value
	}
	ours := slackfake.Consent{Workspace: slackfake.TeamID, User: ann}
	for name, c := range map[string]struct {
		consent slackfake.Consent
		alter   func(t *testing.T, b *http.Client, q url.Values) *http.Client
		status  int
		says    string
	}{
		"denied consent":  {slackfake.Consent{Workspace: slackfake.TeamID, Deny: true}, nil, 200, "You did not allow it"},
		"another browser": {ours, func(t *testing.T, _ *http.Client, _ url.Values) *http.Client { return browser(t) }, 403, "did not begin in this browser"},
		"another browser that began, too": {ours, func(t *testing.T, _ *http.Client, _ url.Values) *http.Client {
			b, _ := begun(t)
			return b
		}, 403, "did not begin in this browser"},
		"forged state": {ours, func(_ *testing.T, b *http.Client, q url.Values) *http.Client {
			state := []byte(q.Get("state"))
			state[3] ^= 1 // another time
			q.Set("state", string(state))
			return b
		}, 403, "did not begin in this browser"},
		"no state": {ours, func(_ *testing.T, b *http.Client, q url.Values) *http.Client { q.Del("state"); return b }, 403, "did not begin in this browser"},
		"expired state": {ours, func(_ *testing.T, b *http.Client, q url.Values) *http.Client {
			q.Set("state", h.bot.StateUntil(word(b), time.Now().Add(-time.Second)))
			return b
		}, 403, "more than ten minutes"},
		"no code": {ours, func(_ *testing.T, b *http.Client, q url.Values) *http.Client { q.Del("code"); return b }, 400, "Slack did not agree"},
		"made-up code": {ours, func(_ *testing.T, b *http.Client, q url.Values) *http.Client {
			q.Set("code", "<script>")
			return b
		}, 403, "finished before"},
		"reused code": {ours, func(t *testing.T, _ *http.Client, q url.Values) *http.Client {
			b, first := begun(t)
			code := first.Get("code")
			if status, text, _ := visit(t, b, base+first.Encode()); status != 200 {
				t.Fatalf("the first time: %d %s", status, text)
			}
			_ = h.store.Delete(t.Context(), "slack", slackfake.TeamID)
			next, again := begun(t)
			q.Set("state", again.Get("state"))
			q.Set("code", code)
			return next
		}, 403, "finished before"},
		"the same state again": {slackfake.Consent{Workspace: slackfake.TeamID, Deny: true}, func(t *testing.T, b *http.Client, q url.Values) *http.Client {
			visit(t, b, base+q.Encode())
			return b
		}, 403, "finished before"},
		"not on the list":    {slackfake.Consent{Workspace: second, User: cyd}, nil, 403, "this one (T0SECOND) is not on it"},
		"whole organisation": {slackfake.Consent{Workspace: second, User: cyd, OrgWide: true}, nil, 403, "in each workspace that is to have it"},
	} {
		t.Run(name, func(t *testing.T) {
			h.slack.Decide(c.consent)
			b, q := begun(t)
			if c.alter != nil {
				b = c.alter(t, b, q)
			}
			status, text, header := visit(t, b, base+q.Encode())
			if status != c.status || !strings.Contains(text, c.says) || !strings.Contains(text, "Nothing was installed") || strings.Contains(text, "<script>") {
				t.Errorf("status %d, want %d with %q: %s", status, c.status, c.says, text)
			}
			if !strings.Contains(header.Get("Set-Cookie"), "Max-Age=0") {
				t.Errorf("the cookie stays: %q", header.Get("Set-Cookie"))
			}
			if all, err := h.store.List(t.Context(), "slack"); len(all) > 0 || err != nil {
				t.Errorf("kept: %+v, %v", all, err)
			}
			if tokens := h.slack.TokensOf(second); len(tokens) > 0 {
				t.Error("the app was not taken out of a workspace that it may not be in")
			}
		})
	}
	h.spotless()
}

// With a wrong secret the operator is named, and what Slack says.
func TestInstallWithWrongSecret(t *testing.T) {
	h := openHub(t, setting{}, func(o *slack.Options) { o.ClientSecret = "another" })
	status, text, _ := visit(t, browser(t), h.web.URL+"/slack/install")
	if status != http.StatusBadGateway || !strings.Contains(text, "bad_client_secret") || !strings.Contains(text, "SLACK_CLIENT_SECRET") || strings.Contains(text, "another") {
		t.Errorf("status %d: %s", status, text)
	}
}

// The cookie is this host's alone where there is TLS, and no script's.
func TestInstallCookie(t *testing.T) {
	for address, want := range map[string][]string{
		"https://bot.example": {"__Host-onrecord_install=", "; Secure", "; HttpOnly", "; SameSite=Lax", "; Path=/", "; Max-Age=600"},
		"http://bot.example":  {"onrecord_install=", "; HttpOnly"},
	} {
		at, _ := url.Parse(address)
		p, err := slack.New(slack.Options{AppToken: "xapp", Installs: register(t, &install.Memory{}, secretKey("k")), ClientID: "1", ClientSecret: "2", PublicURL: at})
		if err != nil {
			t.Fatal(err)
		}
		w := httptest.NewRecorder()
		p.Handlers()["GET /slack/install"].ServeHTTP(w, httptest.NewRequest(http.MethodGet, "/slack/install", nil))
		cookie, to := w.Header().Get("Set-Cookie"), w.Header().Get("Location")
		for _, part := range want {
			if !strings.Contains(cookie, part) {
				t.Errorf("%s: the cookie %q lacks %q", address, cookie, part)
			}
		}
		if !strings.HasPrefix(to, "https://slack.com/oauth/v2/authorize?client_id=1&") || !strings.Contains(to, url.QueryEscape(address+"/slack/oauth_redirect")) {
			t.Errorf("%s: it leads to %s", address, to)
		}
		w = httptest.NewRecorder()
		p.Handlers()["GET /slack/oauth_redirect"].ServeHTTP(w, httptest.NewRequest(http.MethodGet, "/slack/oauth_redirect?state=%zz&code=%00", nil))
		if w.Code != http.StatusForbidden {
			t.Errorf("rubbish is answered with %d", w.Code)
		}
	}
}

// A restart keeps installations, with a new key beside the old one, too. Without
// the old key the doctor and whoever asks are told.
func TestInstallKept(t *testing.T) {
	h := openHub(t, setting{}, nil)
	h.install(second, cyd)
	h.restart(nil)
	h.slack.Slash(cyd, harbor, "/brief", link)
	h.idle(1)
	wants(t, h.slack.Sees(cyd, harbor, ""), 1, "ferry workers")

	h.restart(func(o *slack.Options) { o.Installs = register(t, h.store, secretKey("n")+","+secretKey("k")) })
	h.slack.Slash(cyd, harbor, "/brief", link)
	h.idle(2)
	wants(t, h.slack.Sees(cyd, harbor, ""), 2, "ferry workers")

	h.restart(func(o *slack.Options) { o.Installs = register(t, h.store, secretKey("n")) })
	h.slack.Slash(cyd, harbor, "/brief", link)
	h.slack.Say(cyd, harbor, "", "@onrecord "+link)
	h.idle(4)
	wants(t, theirs(h.slack.Sees(cyd, harbor, "")), 3, "I cannot open my key for this workspace")
	if _, bad := findings(h.bot.Check(t.Context())); !strings.Contains(bad, "of 1 the token does not work: T0SECOND") || !strings.Contains(bad, "ONRECORD_SECRET_KEY") {
		t.Errorf("doctor: %s", bad)
	}
	h.spotless()
}

func findings(found []chat.Finding) (good, bad string) {
	for _, f := range found {
		if f.OK {
			good += f.Text + "\n"
		} else {
			bad += f.Text + "\n"
		}
	}
	return good, bad
}

// The token goes with the app, that of the other workspace stays; nobody's late
// news takes away what was installed anew.
func TestInstallEnds(t *testing.T) {
	both(t, func(t *testing.T, byHTTP bool) {
		dropped := make(chan string, 20)
		h := openHub(t, setting{byHTTP: byHTTP, forget: func(_ context.Context, team string) error { dropped <- team; return nil }}, nil)
		h.install(slackfake.TeamID, ann)
		h.install(second, cyd)
		h.slack.Slash(cyd, harbor, "/brief", link)
		h.idle(1)
		h.slack.UninstallFrom(second)
		select {
		case team := <-dropped:
			if team != second {
				t.Errorf("dropped %s", team)
			}
		case <-time.After(20 * time.Second):
			t.Fatal("nothing was dropped")
		}
		h.until("the token is gone", func() bool { all, _ := h.store.List(t.Context(), "slack"); return len(all) == 1 })
		h.slack.Slash(ann, news, "/brief", link)
		h.until("the other workspace is served", func() bool { return len(h.slack.Sees(ann, news, "")) == 1 })

		h.slack.Slash(cyd, harbor, "/brief", link)
		h.until("it says that it is not installed", func() bool {
			return strings.Contains(read(h.slack.Sees(cyd, harbor, "")), "I am not installed in this workspace any more")
		})
		h.install(second, cyd)
		h.slack.EventIn(second, map[string]any{"type": "app_uninstalled"}, time.Now().Add(-time.Minute))
		h.slack.Slash(cyd, harbor, "/brief", "quotes "+link)
		h.until("it is served again", func() bool {
			return strings.Contains(read(h.slack.Sees(cyd, harbor, "")), "We will not take one more boat out")
		})
		h.until("the late news is heard", func() bool { return strings.Contains(h.log.String(), "is there again") })
		if all, _ := h.store.List(t.Context(), "slack"); len(all) != 2 {
			t.Errorf("%d installations", len(all))
		}
		if ok, _ := h.bot.Status(); !ok {
			t.Error("the platform has ended")
		}
		h.spotless()
	})
}

// A token that Slack refuses ends nothing for others. It is noted, the doctor
// shows it, and a new installation puts it right.
func TestInstallBroken(t *testing.T) {
	h := openHub(t, setting{}, nil)
	h.install(slackfake.TeamID, ann)
	h.install(second, cyd)
	good, bad := findings(h.bot.Check(t.Context()))
	if !strings.Contains(good, "2 workspaces have installed the app; others can at "+h.web.URL+"/slack/install; all tokens work") || bad != "" {
		t.Errorf("doctor: %s%s", good, bad)
	}
	h.slack.RevokeIn(second, "token_revoked")
	if _, bad := findings(h.bot.Check(t.Context())); !strings.Contains(bad, "T0SECOND (token_revoked)") {
		t.Errorf("doctor, before anybody asked: %s", bad)
	}
	h.slack.Say(cyd, h.slack.DM(cyd), "", link)
	h.until("it is noted", func() bool {
		r, _, _ := h.store.Get(t.Context(), "slack", second)
		return r.Problem == "token_revoked"
	})
	h.slack.Say(ann, h.slack.DM(ann), "", link)
	h.until("the other workspace is served", func() bool { return len(theirs(h.slack.SeesAll(ann, h.slack.DM(ann)))) == 1 })
	h.install(second, cyd)
	h.slack.Say(cyd, h.slack.DM(cyd), "", "claims "+link)
	h.until("it is served again", func() bool { return strings.Contains(read(h.slack.SeesAll(cyd, h.slack.DM(cyd))), "Worth checking") })
	if _, bad := findings(h.bot.Check(t.Context())); bad != "" {
		t.Errorf("doctor, in the end: %s", bad)
	}
	h.spotless()
}

// Tokens that expire are renewed, once, however many want them.
func TestInstallRotates(t *testing.T) {
	h := openHub(t, setting{fake: slackfake.Options{Rotate: 12 * time.Hour}}, func(o *slack.Options) { o.Leases = &work.MemoryLeases{} })
	h.install(second, cyd)
	first := h.slack.TokensOf(second)
	if len(first) != 1 || !strings.HasPrefix(first[0], "xoxe.xoxb-") {
		t.Fatalf("tokens: %q", first)
	}
	r := register(t, h.store, secretKey("k"))
	in, err := r.Get(t.Context(), "slack", second)
	if err != nil || in.Expires.Before(time.Now().Add(11*time.Hour)) {
		t.Fatalf("kept is %+v, %v", in, err)
	}
	in.Expires = time.Now().Add(-time.Minute)
	if err := r.Put(t.Context(), in); err != nil {
		t.Fatal(err)
	}
	h.slack.ExpireTokens(-time.Minute)
	h.bot.LookAgain()
	for range 5 {
		h.slack.Say(cyd, h.slack.DM(cyd), "", link)
	}
	h.idle(5)
	wants(t, theirs(h.slack.SeesAll(cyd, h.slack.DM(cyd))), 5, "ferry workers")
	if n := h.slack.Calls("oauth.v2.access"); n != 2 {
		t.Errorf("%d calls for one installation and one renewal", n)
	}
	h.spotless()
}

// A workspace that is not on the operator's list gets one polite sentence, once,
// however it asks and whichever process it meets.
func TestListOfWorkspaces(t *testing.T) {
	both(t, func(t *testing.T, byHTTP bool) {
		notes := &notebook{}
		h := openHub(t, setting{byHTTP: byHTTP}, nil)
		h.install(slackfake.TeamID, ann)
		h.install(second, cyd) // before there was a list
		h.restart(func(o *slack.Options) { o.Teams, o.Notes = []string{slackfake.TeamID}, notes })
		h.slack.Say(cyd, harbor, "", "@onrecord "+link)
		h.idle(1)
		told := theirs(h.slack.SeesAll(cyd, harbor))
		wants(t, told, 1, "I may not work in this workspace")
		h.slack.Slash(cyd, harbor, "/brief", link)
		h.slack.Say(cyd, h.slack.DM(cyd), "", link)
		h.slack.Shortcut(cyd, "brief_article")
		h.slack.OpenHome(cyd)
		h.slack.Slash(ann, news, "/brief", link)
		h.idle(2)
		wants(t, h.slack.Sees(ann, news, ""), 1, "ferry workers")

		h.queue = work.New(work.Options{}) // that knows of nothing
		h.restart(func(o *slack.Options) { o.Teams, o.Notes = []string{slackfake.TeamID}, notes })
		h.slack.Slash(cyd, harbor, "/brief", link)
		h.slack.Slash(ann, news, "/brief", link)
		h.idle(1)
		if n := len(theirs(h.slack.SeesAll(cyd, harbor))) + len(theirs(h.slack.SeesAll(cyd, h.slack.DM(cyd)))); n != 1 {
			t.Errorf("told %d times", n)
		}
		if _, open := h.slack.Modal(cyd); open {
			t.Error("a form was opened")
		}
		var refusal *chat.Refusal
		if _, err := h.bot.Announce(t.Context(), chat.Announcement{Key: "k", Workspace: second, Channel: harbor}); !errors.As(err, &refusal) {
			t.Errorf("Announce: %v", err)
		}
		// Leaving still drops what is kept.
		h.slack.UninstallFrom(second)
		h.until("the token is gone", func() bool { all, _ := h.store.List(t.Context(), "slack"); return len(all) == 1 })
		h.spotless()
	})
}

// A command from a workspace that has no token is answered by its address.
func TestListWithoutToken(t *testing.T) {
	h := openHub(t, setting{}, func(o *slack.Options) { o.Teams = []string{slackfake.TeamID} })
	h.slack.Slash(cyd, harbor, "/brief", link)
	h.slack.Slash(cyd, harbor, "/brief", link)
	h.idle(1)
	wants(t, h.slack.Sees(cyd, harbor, ""), 1, "I may not work in this workspace")
	h.spotless()
}

// The token of the settings serves its workspace beside those that installed the
// app.
func TestInstallBesideBotToken(t *testing.T) {
	h := openHub(t, setting{}, nil)
	token, _, _ := h.slack.Tokens()
	h.restart(func(o *slack.Options) { o.BotToken = token })
	h.install(second, cyd)
	h.slack.Say(ann, h.slack.DM(ann), "", link)
	h.slack.Say(cyd, h.slack.DM(cyd), "", link)
	h.idle(2)
	wants(t, theirs(h.slack.SeesAll(ann, h.slack.DM(ann))), 1, "ferry workers")
	wants(t, theirs(h.slack.SeesAll(cyd, h.slack.DM(cyd))), 1, "ferry workers")
	h.spotless()
}

// Slack lets an app have ten sockets: more processes than that work all the same.
func TestSocketsAreSharedOut(t *testing.T) {
	s := newSlack(t, slackfake.Options{})
	token, app, _ := s.Tokens()
	leases, queue := &work.MemoryLeases{}, work.New(work.Options{})
	ctx, cancel := context.WithCancel(t.Context())
	var running sync.WaitGroup
	bots := make([]*slack.Platform, 12)
	for i := range bots {
		p, err := slack.New(slack.Options{BotToken: token, AppToken: app, APIURL: s.URL(), Queue: queue, Leases: leases})
		if err != nil {
			t.Fatal(err)
		}
		bots[i] = p
		running.Go(func() {
			if err := p.Run(ctx, func(context.Context, chat.Request) chat.Reply { return chat.Reply{} }); err != nil {
				t.Errorf("Run: %v", err)
			}
		})
	}
	good, late := context.WithTimeout(ctx, 20*time.Second)
	defer late()
	waiting := func() (n int) {
		for _, p := range bots {
			if ok, text := p.Status(); ok && strings.Contains(text, "other processes have the sockets") {
				n++
			}
		}
		return n
	}
	for tick := time.NewTicker(5 * time.Millisecond); s.Sockets() != 10 || waiting() != 2; <-tick.C {
		if good.Err() != nil {
			t.Errorf("%d sockets, %d wait", s.Sockets(), waiting())
			break
		}
	}
	cancel()
	running.Wait()
	if n := s.Calls("apps.connections.open"); n != 10 {
		t.Errorf("%d sockets were opened", n)
	}
}
