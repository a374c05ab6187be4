package chat_test

import (
	"strings"
	"testing"

	"onrecord/article"
	"onrecord/brief"
	"onrecord/chat"
)

// pages gives every article an address, and what is private none.
type pages struct{}

func (pages) Address(scope chat.Scope, src article.Source, _ *brief.Briefing) string {
	if scope.Private || src.Private {
		return ""
	}
	return "https://onrecord.example/a/" + scope.Workspace
}

// The first screen leads to the annotated article where there is one, and lists to
// its findings.
func TestBriefLeadsToTheAnnotatedArticle(t *testing.T) {
	bot, _ := newBot()
	ask := func(scope chat.Scope, command, more string) (found []string) {
		t.Helper()
		reply := bot.Handle(t.Context(), chat.Request{Scope: scope, Entry: chat.ByCommand, Command: command, Text: "https://news.example/story" + more})
		for _, b := range reply.Blocks {
			for _, r := range b.Text {
				if strings.Contains(r.Text, "annotated") {
					found = append(found, r.Link)
				}
			}
		}
		return found
	}
	links := func(scope chat.Scope) []string { return ask(scope, "brief", "") }
	if got := links(channel); len(got) != 0 {
		t.Errorf("without pages the answer leads to %v", got)
	}
	bot.Pages = pages{}
	if got := links(channel); len(got) != 1 || got[0] != "https://onrecord.example/a/w" {
		t.Errorf("the answer leads to %v", got)
	}
	for _, c := range []struct{ command, more, want string }{
		{"claims", "", "#c1"}, {"claim", " 2", "#c2"}, {"quotes", "", "#q1"}, {"claims", " about zebra", ""},
	} {
		got := strings.Join(ask(channel, c.command, c.more), " ")
		if want := "https://onrecord.example/a/w" + c.want; got != want && (c.want != "" || got != "") {
			t.Errorf("%s%s leads to %q, want %q", c.command, c.more, got, want)
		}
	}
	private := channel
	private.Private = true
	for _, command := range []string{"brief", "claims", "quotes"} {
		if got := ask(private, command, ""); len(got) != 0 {
			t.Errorf("%s in private leads to %v", command, got)
		}
	}
}
