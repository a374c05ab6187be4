package web_test

import (
	"context"
	"encoding/base64"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"onrecord/article"
	"onrecord/brief"
	"onrecord/chat"
	"onrecord/checklist"
	"onrecord/web"
)

// pages are the links of a bot whose workspace gone has turned it off.
func pages(t *testing.T, change func(*web.Links, *site)) (*web.Links, *http.ServeMux) {
	t.Helper()
	s := &site{story: story(t)}
	t.Cleanup(func() { _ = s.Close() })
	base, _ := url.Parse("https://onrecord.example/")
	l := &web.Links{
		Base: base, Key: []byte(strings.Repeat("k", 32)), Briefer: &brief.Briefer{Reader: s},
		Admits: func(_ context.Context, platform, workspace string) bool {
			return platform == "slack" && workspace != "gone"
		},
	}
	if change != nil {
		change(l, s)
	}
	mux := http.NewServeMux()
	for pattern, h := range l.Handlers() {
		mux.Handle(pattern, h)
	}
	return l, mux
}

func open(mux *http.ServeMux, address string) (answer, string) {
	w := httptest.NewRecorder()
	mux.ServeHTTP(w, httptest.NewRequest(http.MethodGet, strings.TrimPrefix(address, "https://onrecord.example"), nil))
	return answer{w.Code, w.Header()}, w.Body.String()
}

// link is the address of the budget story, for a workspace.
func link(t *testing.T, l *web.Links, workspace string) string {
	t.Helper()
	src, _ := article.FromURL("https://news.example/budget")
	b, err := l.Briefer.Brief(t.Context(), src)
	if err != nil {
		t.Fatal(err)
	}
	return l.Address(chat.Scope{Platform: "slack", Workspace: workspace, Channel: "C1"}, src, b)
}

func TestLinkShowsMarkedExcerpts(t *testing.T) {
	l, mux := pages(t, nil)
	address := link(t, l, "T1")
	if !strings.HasPrefix(address, "https://onrecord.example/a/") || len(address) > 300 {
		t.Fatalf("the address is %s", address)
	}
	resp, got := open(mux, address)
	if resp.StatusCode != http.StatusOK || !strings.Contains(got, "Excerpts:") || !strings.Contains(got, `id="c1"`) || !strings.Contains(got, "This link works until") {
		t.Errorf("status %d: %.300s", resp.StatusCode, got)
	}
	for name, want := range map[string]string{
		"Content-Type": "text/html", "Content-Security-Policy": "frame-ancestors 'none'", "Referrer-Policy": "no-referrer",
		"X-Robots-Tag": "noindex", "Cache-Control": "no-store", "X-Frame-Options": "DENY",
	} {
		if !strings.Contains(resp.Header.Get(name), want) {
			t.Errorf("the header %s is %q, want one with %q", name, resp.Header.Get(name), want)
		}
	}

	l, mux = pages(t, func(l *web.Links, _ *site) { l.Whole = true })
	if _, got := open(mux, link(t, l, "T1")); strings.Contains(got, "Excerpts:") || strings.Contains(got, "has changed") {
		t.Error("the operator allows the whole text, and the page shows excerpts or a change")
	}
}

// A page shows how far the checklist of its workspace is, and not who said what.
func TestLinkShowsTheChecklist(t *testing.T) {
	list := &checklist.List{Store: &checklist.Memory{}}
	l, mux := pages(t, func(l *web.Links, _ *site) { l.Checklist = list })
	src, err := article.FromURL("https://news.example/budget")
	if err != nil {
		t.Fatal(err)
	}
	b, err := l.Briefer.Brief(t.Context(), src)
	if err != nil {
		t.Fatal(err)
	}
	m := checklist.Mark{State: checklist.Checked, Rating: checklist.Wrong, Note: "a note of ours", Link: "https://evidence.example", Member: "U1", Name: "Ann Example", At: time.Date(2026, 3, 4, 10, 2, 0, 0, time.UTC)}
	if _, err := list.Mark(t.Context(), checklist.Place{Platform: "slack", Workspace: "T1"}, b, src.Link, 1, m); err != nil {
		t.Fatal(err)
	}
	_, got := open(mux, link(t, l, "T1"))
	if !strings.Contains(got, "<b>Checklist: </b>checked on 4 Mar 2026 10:02 UTC</p>") {
		t.Error("the page does not show that claim 1 is checked")
	}
	for _, secret := range []string{"Ann Example", "a note of ours", "evidence.example", "UTC: wrong", "ClaimReview"} {
		if strings.Contains(got, secret) {
			t.Errorf("the page shows %q", secret)
		}
	}
	if _, got := open(mux, link(t, l, "T2")); strings.Contains(got, "Checklist") {
		t.Error("another workspace's page shows it")
	}
}

func TestLinkSaysThatTheArticleChanged(t *testing.T) {
	l, mux := pages(t, func(_ *web.Links, s *site) {})
	address := link(t, l, "T1")
	l.Briefer = &brief.Briefer{Reader: &site{story: story(t) + "\n\nA correction was made later, the council said on Friday."}}
	if _, got := open(mux, address); !strings.Contains(got, "The article has changed since the link was made") {
		t.Error("the page does not say that the article has changed")
	}
}

func TestPrivateGetsNoLink(t *testing.T) {
	l, _ := pages(t, nil)
	public, _ := article.FromURL("https://news.example/budget")
	private := public
	private.Private = true
	b, err := l.Briefer.Brief(t.Context(), public)
	if err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		scope chat.Scope
		src   article.Source
	}{
		"direct message": {chat.Scope{Platform: "slack", Private: true}, public},
		"private link":   {chat.Scope{Platform: "slack"}, private},
		"pasted text":    {chat.Scope{Platform: "slack"}, article.FromText(story(t))},
		"file":           {chat.Scope{Platform: "slack"}, article.FromBytes("a.txt", "", []byte(story(t)))},
	} {
		if got := l.Address(c.scope, c.src, b); got != "" {
			t.Errorf("%s: got the address %s", name, got)
		}
	}
}

func TestBadLinksOpenNothing(t *testing.T) {
	l, mux := pages(t, nil)
	good := link(t, l, "T1")
	token := strings.TrimPrefix(good, "https://onrecord.example/a/")
	raw, err := base64.RawURLEncoding.DecodeString(token)
	if err != nil {
		t.Fatal(err)
	}
	altered := func(change func([]byte) []byte) string {
		return base64.RawURLEncoding.EncodeToString(change(append([]byte(nil), raw...)))
	}
	foreign, _ := pages(t, func(l *web.Links, _ *site) { l.Key = []byte(strings.Repeat("x", 32)) })
	past, _ := pages(t, func(l *web.Links, _ *site) { l.Lasts = -time.Minute })
	for name, c := range map[string]struct {
		address string
		status  int
	}{
		"another key":           {link(t, foreign, "T1"), 403},
		"ended":                 {link(t, past, "T1"), 410},
		"workspace turned off":  {link(t, l, "gone"), 410},
		"cut off":               {good[:len(good)-4], 403},
		"empty":                 {"/a/%20", 403},
		"no base64":             {"/a/../../etc/passwd%00", 403},
		"longer life":           {"/a/" + altered(func(b []byte) []byte { b[1] = 0x7f; return b }), 403},
		"another workspace":     {"/a/" + altered(func(b []byte) []byte { return []byte(strings.Replace(string(b), "T1", "T2", 1)) }), 403},
		"another article":       {"/a/" + altered(func(b []byte) []byte { return []byte(strings.Replace(string(b), "budget", "secret", 1)) }), 403},
		"no signature":          {"/a/" + altered(func(b []byte) []byte { return b[:len(b)-16] }), 403},
		"very long":             {"/a/" + strings.Repeat("A", 20<<10), 403},
		"the same in other way": {good + "=", 403},
	} {
		resp, got := open(mux, c.address)
		if c.address == "/a/../../etc/passwd%00" {
			if resp.StatusCode == http.StatusOK || strings.Contains(got, "root:") {
				t.Errorf("%s: status %d: %.100s", name, resp.StatusCode, got)
			}
			continue
		}
		if resp.StatusCode != c.status || strings.Count(got, "\n") != 1 || strings.Contains(got, "<") {
			t.Errorf("%s: status %d, want %d with a sentence: %.200s", name, resp.StatusCode, c.status, got)
		}
		if resp.Header.Get("Referrer-Policy") != "no-referrer" {
			t.Errorf("%s: no Referrer-Policy", name)
		}
	}
}

func FuzzLinks(f *testing.F) {
	base, _ := url.Parse("https://onrecord.example")
	l := &web.Links{Base: base, Key: []byte(strings.Repeat("k", 32)), Briefer: refusing{f}}
	mux := http.NewServeMux()
	for pattern, h := range l.Handlers() {
		mux.Handle(pattern, h)
	}
	f.Add("AQ")
	f.Add(strings.Repeat("A", 100))
	f.Fuzz(func(t *testing.T, token string) {
		r := httptest.NewRequest(http.MethodGet, "/a/x", nil)
		r.URL.Path, r.URL.RawPath = "/a/"+token, "/a/"+url.PathEscape(token)
		w := httptest.NewRecorder()
		mux.ServeHTTP(w, r)
		if w.Code == http.StatusOK {
			t.Errorf("the token %q opens a page", token)
		}
	})
}

// refusing is a Briefer that must not be asked.
type refusing struct{ t testing.TB }

func (r refusing) Brief(context.Context, article.Source) (*brief.Briefing, error) {
	r.t.Error("a forged link reads an article")
	return nil, context.Canceled
}
