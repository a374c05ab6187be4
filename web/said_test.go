package web_test

import (
	"context"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"onrecord/article"
	"onrecord/book"
	"onrecord/brief"
	"onrecord/chat"
	"onrecord/checklist"
	"onrecord/store"
	"onrecord/web"
)

// askAs is ask with a token of one's choice, without a network.
func askAs(t *testing.T, a *web.API, secret, path, body string) (int, string) {
	t.Helper()
	mux := http.NewServeMux()
	for pattern, h := range a.Handlers() {
		mux.Handle(pattern, h)
	}
	r := httptest.NewRequest(http.MethodPost, "https://onrecord.example/v1/"+path, strings.NewReader(body))
	r.Header.Set("Authorization", "Bearer "+secret)
	r.Header.Set("Content-Type", "application/json")
	w := httptest.NewRecorder()
	mux.ServeHTTP(w, r)
	return w.Code, w.Body.String()
}

// What is remembered is found with the same token, as the command line gives it,
// and with no other.
func TestSaidIsOfTheTokensWorkspace(t *testing.T) {
	db, err := store.Open(t.Context(), filepath.Join(t.TempDir(), "onrecord.db"), store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	s := &site{story: story(t)}
	defer s.Close()
	quotes := &book.Book{Store: db.Book()}
	var told []string
	service := &chat.Service{
		Briefer: &brief.Briefer{Reader: s}, Book: quotes,
		Briefed: func(_ context.Context, in chat.Scope, src article.Source, _ *brief.Briefing) {
			told = append(told, in.Platform+"/"+in.Workspace+" "+src.Link)
		},
	}
	a := &web.API{Service: service, Tokens: []web.Token{
		token(t, "desk", secret), token(t, "other", another), token(t, "slack/T1", "of a team"), token(t, "slack/", "of no team"),
	}}
	const everything = `{}`
	if code, got := askAs(t, a, secret, "brief", `{"url": "https://news.example/budget"}`); code != http.StatusOK {
		t.Fatalf("status %d: %s", code, got)
	}
	if _, got := askAs(t, a, secret, "said", everything); !strings.Contains(got, `"quotes": []`) {
		t.Errorf("what was only asked is remembered: %.300s", got)
	}
	if code, got := askAs(t, a, secret, "quotes", `{"url": "https://news.example/budget", "remember": true, "by": "nobody"}`); code != http.StatusOK {
		t.Fatalf("status %d: %s", code, got)
	}
	if len(told) != 1 || told[0] != "api/desk https://news.example/budget" {
		t.Errorf("the watches are told %q", told)
	}
	found, err := quotes.Said(t.Context(), []book.Shelf{{Platform: "api", Workspace: "desk"}}, book.Query{Speaker: "Quill"})
	if err != nil || len(found.Sayings) == 0 {
		t.Fatalf("the book has %d quotations, %v", len(found.Sayings), err)
	}
	want, err := found.JSON()
	if err != nil {
		t.Fatal(err)
	}
	if _, got := askAs(t, a, secret, "said", `{"speaker": " Quill "}`); got != string(want) {
		t.Errorf("the API says\n%.300s\nand the book\n%.300s", got, want)
	}
	for _, foreign := range []string{another, "of a team", "of no team"} {
		for _, question := range []string{everything, `{"speaker": "Quill"}`, `{"about": "budget"}`} {
			if code, got := askAs(t, a, foreign, "said", question); code != http.StatusOK || !strings.Contains(got, `"quotes": []`) || !strings.Contains(got, `"people": []`) {
				t.Errorf("the token %q reads the book of desk: status %d, %.300s", foreign, code, got)
			}
		}
	}

	// A token of a chat workspace reads what its channels briefed, and nothing of
	// what one person asked in private.
	src, err := article.FromURL("https://news.example/budget")
	if err != nil {
		t.Fatal(err)
	}
	alone := chat.Scope{Platform: "slack", Workspace: "T1", Channel: "D1", User: "U1", Private: true}
	if _, err := service.Brief(t.Context(), alone, src); err != nil {
		t.Fatal(err)
	}
	if _, got := askAs(t, a, "of a team", "said", everything); !strings.Contains(got, `"quotes": []`) {
		t.Errorf("what was asked in private is read: %.300s", got)
	}
	if _, err := service.Brief(t.Context(), chat.Scope{Platform: "slack", Workspace: "T1", Channel: "C1", User: "U1"}, src); err != nil {
		t.Fatal(err)
	}
	if _, got := askAs(t, a, "of a team", "said", `{"speaker": "Quill", "since": "2000-01-01"}`); !strings.Contains(got, "Quill") {
		t.Errorf("the team does not find its own book: %.300s", got)
	}
	if code, got := askAs(t, a, secret, "said", `{"speaker": "Quill", "until": "1999"}`); code != http.StatusOK || !strings.Contains(got, `"quotes": []`) {
		t.Errorf("status %d: %.300s", code, got)
	}
}

// readAt is the one field that differs between two readings of an article.
var readAt = regexp.MustCompile(`"read_at": "[^"]*"`)

func withoutTimes(s string) string { return readAt.ReplaceAllString(s, "") }

func TestChecklistIsOfTheTokensWorkspace(t *testing.T) {
	s := &site{story: story(t)}
	defer s.Close()
	list := &checklist.List{Store: &checklist.Memory{}}
	service := &chat.Service{Briefer: &brief.Briefer{Reader: s}, Checklist: list}
	a := &web.API{Service: service, Tokens: []web.Token{token(t, "slack/T1", secret), token(t, "T1", another)}}
	src, err := article.FromURL("https://news.example/budget")
	if err != nil {
		t.Fatal(err)
	}
	b, err := service.Briefer.Brief(t.Context(), src)
	if err != nil {
		t.Fatal(err)
	}
	team := checklist.Place{Platform: "slack", Workspace: "T1"}
	closed := team
	closed.Channel = "C1"
	for rank, place := range map[int]checklist.Place{1: team, 2: closed} {
		m := checklist.Mark{State: checklist.Fix, Member: "U1", Name: "Ann", At: time.Now()}
		if _, err := list.Mark(t.Context(), place, b, src.Link, rank, m); err != nil {
			t.Fatal(err)
		}
	}
	const question = `{"url": "https://news.example/budget"}`
	code, got := askAs(t, a, secret, "checklist", question)
	var o checklist.Object
	if err := json.Unmarshal([]byte(got), &o); err != nil || code != http.StatusOK || o.Claims[0].State != "fix" || o.Claims[0].Marks[0].By != "Ann" || o.Claims[1].State != "open" {
		t.Errorf("status %d, %v: %.400s", code, err, got)
	}
	if _, got := askAs(t, a, another, "checklist", question); strings.Contains(got, "Ann") {
		t.Errorf("another token reads it: %.400s", got)
	}
}

func TestCompareAnswersAsTheCommandLine(t *testing.T) {
	address, service := api(t, nil)
	url, err := article.FromURL("https://news.example/budget")
	if err != nil {
		t.Fatal(err)
	}
	const other = "Mayor Ines Falk said on Monday that 340 lamps broke in March, the most since 1998. The council of Upper Reed meets again on Thursday, when it votes on the budget of the pool and of the library, her office said."
	text := article.FromText(other)
	text.Title = "Lamps"
	found, err := service.BriefAll(t.Context(), chat.Scope{}, []article.Source{url, text})
	if err != nil {
		t.Fatal(err)
	}
	want, err := brief.ComparisonJSON(brief.Compare(found))
	if err != nil {
		t.Fatal(err)
	}
	resp, got := ask(t, "POST", address+"/v1/compare", "application/json", `{"articles": [{"url": "https://news.example/budget"}, {"text": "`+other+`", "title": "Lamps"}]}`)
	if resp.StatusCode != http.StatusOK || withoutTimes(got) != withoutTimes(string(want)) {
		t.Errorf("status %d:\n%.600s\nwant\n%.600s", resp.StatusCode, got, want)
	}
}
