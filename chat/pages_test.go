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

// The first screen leads to the annotated article where there is one.
func TestBriefLeadsToTheAnnotatedArticle(t *testing.T) {
	bot, _ := newBot()
	links := func(scope chat.Scope) (found []string) {
		reply := bot.Handle(t.Context(), chat.Request{Scope: scope, Entry: chat.ByCommand, Command: "brief", Text: "https://news.example/story"})
		for _, b := range reply.Blocks {
			for _, r := range b.Text {
				if strings.Contains(r.Text, "annotated") {
					found = append(found, r.Link)
				}
			}
		}
		return found
	}
	if got := links(channel); len(got) != 0 {
		t.Errorf("without pages the answer leads to %v", got)
	}
	bot.Pages = pages{}
	if got := links(channel); len(got) != 1 || got[0] != "https://onrecord.example/a/w" {
		t.Errorf("the answer leads to %v", got)
	}
	private := channel
	private.Private = true
	if got := links(private); len(got) != 0 {
		t.Errorf("a private answer leads to %v", got)
	}
}
