package chat

import (
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

func TestArguments(t *testing.T) {
	table := Commands()
	for _, test := range []struct {
		line string
		want arguments
	}{
		{"quotes", arguments{}},
		{"quotes https://example.com/a", arguments{source: "https://example.com/a"}},
		{"quotes <https://example.com/a>", arguments{source: "<https://example.com/a>"}},
		{"quotes example.com/a by Meyer", arguments{source: "example.com/a", options: map[string]string{"by": "Meyer"}}},
		{"quotes https://example.com/a by Maureen Meyer about asylum law", arguments{source: "https://example.com/a", options: map[string]string{"by": "Maureen Meyer", "about": "asylum law"}}},
		{"quotes about asylum by Meyer", arguments{options: map[string]string{"by": "Meyer", "about": "asylum"}}},
		{"quotes ABOUT asylum", arguments{options: map[string]string{"about": "asylum"}}},
		{`quotes about "cost of living"`, arguments{options: map[string]string{"about": "cost of living"}}},
		{"quotes by by", arguments{options: map[string]string{"by": "by"}}},
		{"quotes by Meyer https://example.com/a", arguments{source: "https://example.com/a", options: map[string]string{"by": "Meyer"}}},
		{"quotes #0123abcd page 2", arguments{source: "#0123abcd", options: map[string]string{"page": "2"}}},
		{"claims https://example.com/a top 5", arguments{source: "https://example.com/a", options: map[string]string{"top": "5"}}},
		{"claims top 5 https://example.com/a", arguments{source: "https://example.com/a", options: map[string]string{"top": "5"}}},
		{"claims top 05", arguments{options: map[string]string{"top": "5"}}},
		{"claims /etc/passwd", arguments{source: "/etc/passwd"}},
		{"claims that they lied", arguments{rest: "that they lied"}},
		{"brief the following: it rained", arguments{rest: "the following: it rained"}},
		{"export json", arguments{options: map[string]string{"json": ""}}},
		{"help quotes by", arguments{rest: "quotes by"}},
	} {
		name, rest := cutWord(test.line)
		got, err := find(table, name).arguments(rest)
		if err != nil {
			t.Errorf("%q: %v", test.line, err)
			continue
		}
		if test.want.options == nil {
			test.want.options = map[string]string{}
		}
		if diff := cmp.Diff(got, test.want, cmp.AllowUnexported(arguments{})); diff != "" {
			t.Errorf("%q: got - want +:\n%s", test.line, diff)
		}
	}
	for _, wrong := range []string{"quotes by", "quotes by \"\"", "claims top", "claims top x", "claims top 0", "claims top -1", "claims top 1.5", "claims top 99999999999999999999", "quotes by a by b", "claims page"} {
		name, rest := cutWord(wrong)
		var refusal *Refusal
		if _, err := find(table, name).arguments(rest); !errors.As(err, &refusal) {
			t.Errorf("%q: %v, want a refusal", wrong, err)
		}
	}
}

func TestIsLink(t *testing.T) {
	for word, want := range map[string]bool{
		"https://example.com":      true,
		"HTTP://EXAMPLE.COM/A":     true,
		"<https://example.com/a>":  true,
		"ftp://example.com":        true, // refused with a sentence later
		"file:///etc/passwd":       true,
		"file:/etc/passwd":         true,
		"javascript:alert(1)":      true,
		"example.com":              true,
		"example.com:8080/a":       true,
		"sub.example.co.uk/a?b":    true,
		"münchen.example/a":        true,
		"Example.com/a":            true,
		"U.S.":                     false,
		"U.S":                      false,
		"e.g.":                     false,
		"end.Next":                 false,
		"3.5":                      false,
		"1.000":                    false,
		"hello":                    false,
		"":                         false,
		".":                        false,
		"://":                      false,
		"https://":                 false,
		"a:b":                      false,
		"story.txt":                false,
		"/etc/passwd":              false,
		"Meyer":                    false,
		"by":                       false,
		"#0123abcd":                false,
		"claims:":                  false,
		"example.com/story.html":   true,
		"www.example.com/down.pdf": true,
	} {
		if got := isLink(word); got != want {
			t.Errorf("isLink(%q) = %v, want %v", word, got, want)
		}
	}
}

func TestIsPath(t *testing.T) {
	for word, want := range map[string]bool{
		"/etc/passwd":                true,
		"./a":                        true,
		"../a":                       true,
		"~/a":                        true,
		`C:\a`:                       true,
		"c:/a":                       true,
		`\\server\share`:             true,
		"notes.txt":                  true,
		"drafts/notes.txt":           true,
		"Notes.DOCX":                 true,
		"my.notes.pdf":               true,
		"/":                          false,
		"notes.md":                   false, // Moldova
		"example.com/notes.txt":      false,
		"https://example.com/a.pdf":  false,
		"example.com/a/b/story.html": false,
		".txt":                       false,
		"text":                       false,
	} {
		if got := isPath(word); got != want {
			t.Errorf("isPath(%q) = %v, want %v", word, got, want)
		}
	}
}

func TestLinksIn(t *testing.T) {
	for text, want := range map[string][]string{
		"":                                            nil,
		"no link, but example.com":                    nil,
		"see https://example.com/a.":                  {"https://example.com/a"},
		"(https://example.com/a)":                     {"https://example.com/a"},
		"https://example.com/a_(b)":                   {"https://example.com/a_(b)"},
		"(see https://example.com/a_(b))":             {"https://example.com/a_(b)"},
		"“https://example.com/a”, she said":           {"https://example.com/a"},
		"<https://example.com/a>":                     {"https://example.com/a"},
		"x:https://example.com/a?b=c&d=e#f!":          {"https://example.com/a?b=c&d=e#f"},
		"https://example.com/a http://example.com/b":  {"https://example.com/a", "http://example.com/b"},
		"https://example.com/a https://example.com/a": {"https://example.com/a"},
		"http:// https://":                            nil,
		"http://example.com/?u=https://other.example": {"http://example.com/?u=https://other.example"},
		"https://example.com/a…":                      {"https://example.com/a"},
		"https://...":                                 nil,
	} {
		if diff := cmp.Diff(linksIn(text), want); diff != "" {
			t.Errorf("%q: got - want +:\n%s", text, diff)
		}
	}
}

func TestNearest(t *testing.T) {
	table := Commands()
	for word, want := range map[string]string{
		"quots":                        "quotes",
		"qoutes":                       "quotes",
		"QUOTS":                        "quotes",
		"claim":                        "claim",
		"clams":                        "claims",
		"breif":                        "brief",
		"bref":                         "brief",
		"halp":                         "help",
		"exp":                          "export",
		"wombat":                       "",
		"x":                            "",
		"settngs":                      "settings",
		"":                             "",
		strings.Repeat("quotes", 1000): "",
	} {
		if got := nearest(table, word); got != want {
			t.Errorf("nearest(%.20q) = %q, want %q", word, got, want)
		}
	}
}

func TestDistance(t *testing.T) {
	for _, test := range []struct {
		a, b string
		want int
	}{{"", "", 0}, {"", "abc", 3}, {"abc", "abc", 0}, {"abc", "acb", 1}, {"kitten", "sitting", 3}, {"übel", "ubel", 1}} {
		if got := distance(test.a, test.b); got != test.want {
			t.Errorf("distance(%q, %q) = %d, want %d", test.a, test.b, got, test.want)
		}
	}
	word := rapid.StringMatching(`[abc]{0,8}`)
	rapid.Check(t, func(t *rapid.T) {
		a, b := word.Draw(t, "a"), word.Draw(t, "b")
		d := distance(a, b)
		if d != distance(b, a) || (d == 0) != (a == b) || d > max(len(a), len(b)) || d < max(len(a)-len(b), len(b)-len(a)) {
			t.Fatalf("distance(%q, %q) = %d", a, b, d)
		}
	})
}

// Names and aliases are one word each and mean one command.
func TestTable(t *testing.T) {
	seen := map[string]string{}
	for _, c := range Commands() {
		for _, name := range append([]string{c.Name}, c.Aliases...) {
			if other, ok := seen[name]; ok {
				t.Errorf("%q means %s and %s", name, other, c.Name)
			}
			if name != strings.ToLower(name) || len(strings.Fields(name)) != 1 {
				t.Errorf("%q is not one lower-case word", name)
			}
			seen[name] = c.Name
		}
		if c.Summary == "" || c.Run == nil {
			t.Errorf("%s is incomplete", c.Name)
		}
	}
	// Whoever adds a row must not change what is returned to others.
	if a, b := Commands(), Commands(); &a[0] == &b[0] {
		t.Error("the table is shared")
	}
}

func FuzzArguments(f *testing.F) {
	f.Add("https://example.com/a by Meyer about asylum top 5 page 2")
	f.Add("by by about about")
	f.Add("<https://x|y> \x00\xff")
	f.Fuzz(func(t *testing.T, text string) {
		for _, c := range Commands() {
			_, _ = c.arguments(text)
		}
		linksIn(text)
		for w := range strings.FieldsSeq(text) {
			isLink(w)
			isPath(w)
			nearest(Commands(), w)
		}
	})
}
