package chat_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"

	"onrecord/article"
	"onrecord/brief"
	"onrecord/chat"
)

// stories is a briefer that knows four articles by their links.
type stories map[string]string

func (s stories) Brief(_ context.Context, src article.Source) (*brief.Briefing, error) {
	text, ok := s[src.Link]
	if len(src.Data) > 0 {
		text, ok = string(src.Data), true
	}
	if !ok {
		return nil, &chat.Refusal{Text: "The page is gone."}
	}
	a := &article.Article{Text: text, URL: src.Link, Title: "Roof falls", Language: "en", Words: len(strings.Fields(text)), SHA256: fmt.Sprint(len(text))}
	return &brief.Briefing{Article: a, Analysis: brief.Analyse(a)}, nil
}

const (
	storyA = "The roof of the Tarn Street market in Kelvale collapsed on Monday, the fire brigade said. Four people were killed. Bo Lindgren, who runs the market, said the beams had been checked in spring."
	storyB = "The roof of the Tarn Street market in Kelvale collapsed on Monday. Six people were killed, the fire brigade said. The beams had been checked in spring, said Bo Lindgren, who runs the market."
	storyC = "A submarine of the navy of Ostria surfaced in the ice of the Grey Sea on Friday. The crew of 40 repaired a propeller and dived again, the admiralty said."
)

func newsroom() *chat.Bot {
	return &chat.Bot{Service: &chat.Service{
		Briefer: stories{"https://a.example/1": storyA, "https://b.example/2": storyB, "https://c.example/3": storyC},
		Recent:  &chat.MemoryRecent{},
	}}
}

// What a comparison is asked with, and what it says.
func TestCompare(t *testing.T) {
	for _, test := range []struct {
		name  string
		req   chat.Request
		says  []string
		never string
	}{
		{"two links", chat.Request{Text: "compare https://a.example/1 https://b.example/2"}, []string{"Do not agree", "How many died", "1: {Four people} were killed.", "2: {Six people} were killed"}, "different stories"},
		{"slash command", chat.Request{Entry: chat.ByCommand, Command: "/compare", Text: "https://a.example/1 and https://b.example/2"}, []string{"How many died"}, ""},
		{"words between", chat.Request{Text: "compare https://a.example/1, with https://b.example/2"}, []string{"How many died"}, ""},
		{"three, one of another story", chat.Request{Text: "compare https://a.example/1 https://b.example/2 https://c.example/3"}, []string{"How many died", "Article 3 tells another story"}, ""},
		{"two stories", chat.Request{Text: "compare https://a.example/1 https://c.example/3"}, []string{"These articles tell different stories: they share no "}, "differ, not which"},
		{"one article twice", chat.Request{Text: "compare https://a.example/1 https://a.example/1"}, []string{"one article twice"}, ""},
		{"files", chat.Request{Text: "compare", Files: []chat.File{{Name: "a.txt", Data: []byte(storyA)}, {Name: "b.txt", Data: []byte(storyB)}}}, []string{"How many died"}, ""},
		{"one that is gone", chat.Request{Text: "compare https://a.example/1 https://d.example/4"}, []string{"Article 2 (https://d.example/4): The page is gone."}, "Compared"},
		{"no link", chat.Request{Text: "compare https://a.example/1 banana"}, []string{"“banana” is neither a link"}, ""},
		{"six", chat.Request{Text: "compare" + strings.Repeat(" https://a.example/1", 6)}, []string{"five articles at most"}, ""},
		{"a path", chat.Request{Text: "compare /etc/passwd https://a.example/1"}, []string{"I open no files by their path"}, ""},
		{"nothing", chat.Request{Text: "compare"}, []string{"Which articles?"}, ""},
		{"one alone", chat.Request{Text: "compare https://a.example/1"}, []string{"Compare it with what?"}, ""},
		{"help", chat.Request{Text: "help compare"}, []string{"compare [SOURCE] [SOURCE …]", "With one source"}, ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			got := talk(t, newsroom(), test.req).String()
			for _, want := range test.says {
				if !strings.Contains(got, want) {
					t.Errorf("%q is missing in:\n%s", want, got)
				}
			}
			if test.never != "" && strings.Contains(got, test.never) {
				t.Errorf("%q in:\n%s", test.never, got)
			}
		})
	}
}

// The article of the thread is one side; the last two are meant when none is
// named; buttons lead on.
func TestCompareRemembered(t *testing.T) {
	bot := newsroom()
	talk(t, bot, chat.Request{Text: "brief https://a.example/1"})
	one := talk(t, bot, chat.Request{Text: "compare https://b.example/2"})
	if got := one.String(); !strings.Contains(got, "Your last article here is the first") || !strings.Contains(got, "1: {Four people} were killed.") {
		t.Errorf("with the last one:\n%s", got)
	}
	none := talk(t, bot, chat.Request{Text: "compare"})
	if got := none.String(); !strings.Contains(got, "Your last two articles") || !strings.Contains(got, "How many died") {
		t.Errorf("the last two:\n%s", got)
	}
	file := talk(t, bot, press("compare", none))
	if len(file.Files) != 1 || !strings.Contains(string(file.Files[0].Data), "**Six people**") {
		t.Errorf("file: %v", file)
	}
	if got := talk(t, bot, press("brief", none)).String(); !strings.Contains(got, "Roof falls") {
		t.Errorf("brief:\n%s", got)
	}
	if got := talk(t, bot, press("compare", talk(t, bot, chat.Request{Text: "recent"}))).String(); !strings.Contains(got, "How many died") {
		t.Errorf("from the list of recent ones:\n%s", got)
	}
	json := talk(t, bot, chat.Request{Text: "compare https://a.example/1 https://b.example/2 json"})
	if len(json.Files) != 1 || json.Files[0].Name != "comparison.json" || !strings.Contains(string(json.Files[0].Data), `"kind": "number"`) {
		t.Errorf("json: %v", json)
	}
	var refusal *chat.Refusal
	if other := bot.Handle(t.Context(), chat.Request{Text: "compare https://b.example/2", Scope: in("", "bob")}); !errors.As(other.Err, &refusal) {
		t.Errorf("another person's article was compared:\n%s", other)
	}
}

// The facts of an article, behind a button.
func TestCard(t *testing.T) {
	bot := newsroom()
	first := talk(t, bot, chat.Request{Text: "brief https://a.example/1"})
	got := talk(t, bot, press("card", first)).String()
	for _, want := range []string{"Facts", "Who", "Bo Lindgren", "Figures", "Four people: were killed", "What is missing"} {
		if !strings.Contains(got, want) {
			t.Errorf("%q is missing in:\n%s", want, got)
		}
	}
}
