package markdown

import (
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
)

func TestRead(t *testing.T) {
	tests := []struct {
		name, in string
		want     Document
	}{
		{
			"prose", "# Ferry runs\n\nThe *ferry* between\n**Lanner** and [Tarsk](https://example.com) runs.\n\n> “It does,” said Quill.\n",
			Document{Title: "Ferry runs", Text: "Ferry runs\n\nThe ferry between Lanner and Tarsk runs.\n\n“It does,” said Quill."},
		},
		{
			"front matter", "---\ntitle: \"Ferry: it runs\"\nauthor: Mara Quill, Tom Ashe\ndate: 2026-03-05\nsource: The Lanner Lantern\nurl: https://example.com/f\ntags:\n  - a\n---\nIt runs.\n",
			Document{
				Title: "Ferry: it runs", Author: []string{"Mara Quill", "Tom Ashe"}, Publisher: "The Lanner Lantern", URL: "https://example.com/f",
				Published: time.Date(2026, 3, 5, 0, 0, 0, 0, time.UTC), Text: "It runs.",
			},
		},
		{
			"list of authors", "---\nauthors:\n  - Mara Quill\n  - 'Tom Ashe'\nlayout: x\n---\nIt runs.",
			Document{Author: []string{"Mara Quill", "Tom Ashe"}, Text: "It runs."},
		},
		{"rule at the top", "---\n\nIt runs.\n\n---\n\nIt does.", Document{Text: "It runs.\n\nIt does."}},
		{"lists", "- One\n- Two\n  - Three\n\n1. Four\n", Document{Text: "One\n\nTwo\n\nThree\n\nFour"}},
		{"code and pictures", "```\ncode\n```\n\n![alt](x.png) It `runs`.\n\n<div>raw</div>\n", Document{Text: "It runs."}},
		{"marks", "It \\*runs\\* &amp; it&#39;s fine ~~or not~~.\n", Document{Text: "It *runs* & it's fine ."}},
		{"table", "| Town | People |\n|---|---|\n| Lanner | 12,000 |\n", Document{Text: "Town\tPeople\n\nLanner\t12,000"}},
		{"autolink", "See <https://example.com>.\n", Document{Text: "See https://example.com."}},
		{"Windows", "# A b\r\n\r\nIt\r\nruns.\r\n", Document{Title: "A b", Text: "A b\n\nIt runs."}},
		{"nothing", "", Document{}},
		{"front matter only", "---\ntitle: x\n---", Document{Title: "x"}},
	}
	for _, tt := range tests {
		got := Read(tt.in)
		if d := cmp.Diff(got, &tt.want); d != "" {
			t.Errorf("%s: got -, want +\n%s", tt.name, d)
		}
	}
}

// Sources made to keep parsers busy are read in little time.
func TestHostile(t *testing.T) {
	const n = 200_000
	for name, s := range map[string]string{
		"brackets":      strings.Repeat("[", n),
		"closed":        strings.Repeat("[a](", n/4),
		"links":         strings.Repeat("[](", n/3),
		"pictures":      strings.Repeat("![", n/2),
		"stars":         strings.Repeat("*a ", n/3),
		"more stars":    strings.Repeat("a**b_", n/5),
		"mixed stars":   strings.Repeat("*_", n/2) + "a" + strings.Repeat("_*", n/2),
		"backticks":     strings.Repeat("`", n) + "a",
		"growing ticks": growing("`"),
		"quotations":    strings.Repeat(">", n),
		"spaced":        strings.Repeat("> ", n/2) + "a",
		"lists":         strings.Repeat("- ", n/2) + "a",
		"nested lists":  nested(),
		"angles":        strings.Repeat("<", n),
		"comments":      strings.Repeat("<!--", n/4),
		"processing":    strings.Repeat("<?", n/2),
		"references":    strings.Repeat("[a]: b\n", n/7),
		"entities":      strings.Repeat("&", n),
		"backslashes":   strings.Repeat("\\", n),
		"headings":      strings.Repeat("# a\n", n/4),
		"bars":          "|" + strings.Repeat("a|", n/2) + "\n|" + strings.Repeat("-|", n/2) + "\n" + strings.Repeat("|\n", 1000),
		"tildes":        strings.Repeat("~~a", n/3),
		"blank":         strings.Repeat("\n", n),
		"one line":      strings.Repeat("a", n),
		"words":         strings.Repeat("ferry ", n/6),
	} {
		start := time.Now()
		Read(s)
		if took := time.Since(start); took > 10*time.Second {
			t.Errorf("%s: %s", name, took)
		} else {
			t.Logf("%s: %s", name, took)
		}
	}
}

func growing(mark string) string {
	var b strings.Builder
	for i := range 600 {
		b.WriteString(strings.Repeat(mark, i) + "a")
	}
	return b.String()
}

func nested() string {
	var b strings.Builder
	for i := range 600 {
		b.WriteString(strings.Repeat(" ", 2*i) + "- a\n")
	}
	return b.String()
}

func FuzzMarkdown(f *testing.F) {
	f.Add("# Ferry\n\nThe *ferry* [runs](x).\n\n> a\n> > b\n\n- a\n  - b\n")
	f.Add("---\ntitle: a\ndate: 2026-03-05\n---\n\ntext &amp; `code`")
	f.Add("| a | b |\n|---|---|\n| c | ~~d~~ |\n")
	f.Fuzz(func(t *testing.T, s string) {
		if !utf8.ValidString(s) {
			t.Skip()
		}
		doc := Read(s)
		if !utf8.ValidString(doc.Text) {
			t.Fatalf("not UTF-8: %q", doc.Text)
		}
	})
}
