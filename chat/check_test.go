package chat_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"onrecord/brief"
	"onrecord/chat"
	"onrecord/chat/chattest"
	"onrecord/factcheck"
)

// shelf is a library with one answer that notes what it is asked.
type shelf struct {
	found []factcheck.Match
	err   error
	asked []factcheck.Question
}

func (s *shelf) Find(_ context.Context, q factcheck.Question) ([]factcheck.Match, error) {
	s.asked = append(s.asked, q)
	return s.found, s.err
}

func (s *shelf) Label(context.Context) string { return "1 review" }

var harbour = factcheck.Match{Score: 0.834, Review: factcheck.Review{
	Claim: "The mayor sold <the> harbour.", Title: "Did she sell it?", Claimant: "Tom Varga", Publisher: "Gazette",
	Verdict: "Mostly false", URL: "https://gazette.example/harbour", Date: time.Date(2019, 11, 20, 0, 0, 0, 0, time.UTC),
}}

func TestCheck(t *testing.T) {
	private := chat.Scope{User: "u", Private: true}
	public := chat.Scope{User: "u", Channel: "c"}
	for _, test := range []struct {
		scope chat.Scope
		entry chat.Entry
		name  string // of a slash command
		text  string
		asked string // what the library is asked; nothing if empty
		quiet bool   // and that it stays here
		want  string // a part of the answer
	}{
		{private, chat.ByMessage, "", "check “The mayor sold the harbour”", "The mayor sold the harbour", true, "Gazette: “Mostly false” · 20 Nov 2019 · match 83 %"},
		{public, chat.ByMention, "", "check the mayor of Vellmar, Dora Pell, sold the harbour to a bank", "the mayor of Vellmar, Dora Pell, sold the harbour to a bank", false, "https://gazette.example/harbour"},
		{public, chat.ByCommand, "/check", "The mayor sold the harbour", "The mayor sold the harbour", true, "says Tom Varga"},
		{public, chat.ByCommand, "/brief", "check The mayor sold the harbour", "The mayor sold the harbour", true, "The mayor sold <the> harbour."},
		{public, chat.ByMention, "", "check", "", false, "Which claim?"},
		{public, chat.ByMention, "", "check harbour", "", false, "too short"},
		{public, chat.ByMention, "", "check https://gazette.example/x", "", false, "the claims command"},
		{public, chat.ByCommand, "/check", strings.Repeat("word ", 101), "", false, "longer than a claim (101 words)"},
	} {
		s := &shelf{found: []factcheck.Match{harbour}}
		bot := &chat.Bot{Service: &chat.Service{Briefer: &chattest.Briefer{}, Library: s}}
		r := bot.Handle(t.Context(), chat.Request{ID: "1", Scope: test.scope, Entry: test.entry, Command: test.name, Text: test.text})
		if !strings.Contains(r.String(), test.want) {
			t.Errorf("%q: %s\nlacks %q", test.text, r, test.want)
		}
		var want []factcheck.Question
		if test.asked != "" {
			want = []factcheck.Question{{Text: test.asked, Private: test.quiet}}
		}
		if diff := cmp.Diff(s.asked, want); diff != "" {
			t.Errorf("%q: got - want +\n%s", test.text, diff)
		}
	}
}

// Nothing found says nothing about the truth; nothing loaded says what to do.
func TestCheckWithoutAnswer(t *testing.T) {
	ask := func(service *chat.Service) string {
		service.Briefer = &chattest.Briefer{}
		return (&chat.Bot{Service: service}).Handle(t.Context(), chat.Request{ID: "1", Entry: chat.ByMessage, Text: "check The mayor sold the harbour"}).String()
	}
	for want, service := range map[string]*chat.Service{
		"nothing about whether it is true": {Library: &shelf{}},
		"bot reviews add FILE-OR-LINK":     {},
		"Something went wrong":             {Library: &shelf{err: errors.New("broken")}},
	} {
		if got := ask(service); !strings.Contains(got, want) {
			t.Errorf("%s\nlacks %q", got, want)
		}
	}
}

// Below a claim stands who has checked it; below the others nothing.
func TestAlreadyChecked(t *testing.T) {
	b := chattest.Sample()
	plain := chat.ClaimsReply(b, chat.Filter{}, chat.View{}).String()
	if strings.Contains(plain, "Already checked") {
		t.Error("without a library something was checked")
	}
	first := -1
	for i, c := range b.Analysis.Claims {
		if c.Checkable {
			first = i
			break
		}
	}
	b.Reviews = &brief.Reviews{Label: "1 review", Of: map[int][]factcheck.Match{first: {harbour}}}
	got := chat.ClaimsReply(b, chat.Filter{}, chat.View{}).String()
	want := "  Already checked: “The mayor sold <the> harbour.” · Gazette: “Mostly false” · 20 Nov 2019 · match 83 %\n  https://gazette.example/harbour\n"
	if strings.Count(got, "Already checked") != 1 || strings.Replace(got, want, "", 1) != plain {
		t.Errorf("%s", got)
	}
}
