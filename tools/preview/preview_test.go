package main

import (
	"image"
	"image/color"
	"os"
	"regexp"
	"strings"
	"testing"

	"onrecord/adapters/slack/slackfake"
	"onrecord/chat/chattest"
)

// outside is what would make a browser run something or ask for something.
var outside = regexp.MustCompile(`(?i)<script|<link|<img|<iframe|<object|<base|<form|<svg|\ssrc=|\shref=|\saction=|\son[a-z]+=|url\(|@import|http-equiv`)

var (
	tags   = regexp.MustCompile(`<[^>]*>`)
	values = regexp.MustCompile(`"[^"]*"`)
)

// Each page shows what was asked, says what it is, and stands by itself.
func TestPages(t *testing.T) {
	text, err := os.ReadFile("../../testdata/articles/harbour-fire.txt")
	if err != nil {
		t.Fatal(err)
	}
	text = append([]byte("<script src=https://evil.example/x>alert(1)</script> <img src=x> killed 12 people in <!channel> on Monday, @everyone said.\n\n"), text...)
	pages, err := pagesOf(t.Context(), text)
	if err != nil {
		t.Fatal(err)
	}
	if len(pages) != 12 {
		t.Errorf("%d pages", len(pages))
	}
	for _, p := range pages {
		html, err := p.html()
		if err != nil {
			t.Fatal(err)
		}
		page := string(html)
		for _, tag := range tags.FindAllString(page, -1) {
			if found := outside.FindString(values.ReplaceAllString(tag, `""`)); found != "" {
				t.Errorf("%s: %q", p.Name, tag)
			}
		}
		if strings.Contains(page, "url(") || strings.Contains(page, "@import") {
			t.Errorf("%s: its style loads something", p.Name)
		}
		for _, want := range []string{"Preview drawn by Onrecord, not a picture of " + p.Platform, `<meta charset="utf-8">`} {
			if !strings.Contains(page, want) {
				t.Errorf("%s: %q is missing", p.Name, want)
			}
		}
		if strings.HasSuffix(p.Name, "-claims") && !strings.Contains(page, "four") {
			t.Errorf("%s shows no claim:\n%s", p.Name, page)
		}
	}
}

// Words of strangers are words, wherever they stand.
func TestHostileWords(t *testing.T) {
	for _, s := range append([]string{`"><script src=https://evil.example/x></script><img src=x onerror=alert(1)>`, "</style></div>"}, chattest.Hostile...) {
		lines := append(markdown(s), plainLines(s)...)
		p := page{
			Name: "x", Title: s, Platform: "Slack",
			Columns: []column{{Head: s, Posts: []post{{Author: "A" + s, Parts: []part{
				{Kind: "text", Lines: lines, Footer: s},
				{Kind: "actions", Controls: []control{{Kind: "button", Label: s, Tone: s}, {Kind: "select", Label: s, Options: []string{s}}}},
			}}}}},
		}
		html, err := p.html()
		if err != nil {
			t.Fatal(err)
		}
		for _, tag := range tags.FindAllString(string(html), -1) {
			if found := outside.FindString(values.ReplaceAllString(tag, `""`)); found != "" {
				t.Errorf("%q makes %q", s, tag)
			}
		}
		if strings.Count(string(html), "</style>") != 1 {
			t.Errorf("%q ends the style", s)
		}
	}
}

func TestMarkdown(t *testing.T) {
	lines := markdown("**1** a \\*star\\* [passage](https://a.example/b#:~:text=x)\n-# **Why\\:** `x`")
	if len(lines) != 2 || lines[0].Small || !lines[1].Small {
		t.Fatalf("%+v", lines)
	}
	want := []span{{Text: "1", Bold: true}, {Text: " a *star* "}, {Text: "passage", Link: true}}
	for i, s := range lines[0].Spans {
		if i >= len(want) || s != want[i] {
			t.Errorf("span %d is %+v", i, s)
		}
	}
	if got := lines[1].Spans; len(got) != 3 || got[0].Text != "Why:" || !got[0].Bold || !got[2].Code {
		t.Errorf("small print: %+v", got)
	}
}

// What the tool does not know it does not hide.
func TestUnknownBlocks(t *testing.T) {
	got := slackParts(slackfake.Message{Text: "words", Blocks: []byte(`[{"type":"video"},{"type":"context","elements":[{"type":"plain_text","text":"small"}]}]`)})
	if len(got) != 2 || got[0].Lines[0].Spans[0].Text != "(video)" || got[1].Lines[0].Spans[0].Text != "small" {
		t.Errorf("%+v", got)
	}
	if got := slackParts(slackfake.Message{Text: "words"}); got[0].Lines[0].Spans[0].Text != "words" {
		t.Errorf("%+v", got)
	}
}

func TestTrim(t *testing.T) {
	drawn := image.NewNRGBA(image.Rect(0, 0, 10, 100))
	drawn.Set(3, 40, color.White)
	got, err := trim(drawn, 5)
	if err != nil || got.Bounds().Dy() != 46 {
		t.Errorf("%v, %v", got, err)
	}
	drawn.Set(3, 98, color.White)
	if _, err := trim(drawn, 5); err == nil {
		t.Error("a page that was cut is not noticed")
	}
}
