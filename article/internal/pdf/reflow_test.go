package pdf

import (
	"fmt"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
)

// set prints lines below each other from a place on the page, 14 points
// apart, in type of 11 points, about half as wide as high. A blank line leaves
// a gap, and two blanks at its start indent it. "-" at the end of a line is a
// hyphen that the file marks as one.
func set(left, top float64, lines ...string) []Line {
	var out []Line
	for i, text := range lines {
		if text == "" {
			continue
		}
		l := Line{Left: left, Base: top - 14*float64(i), Size: 11}
		if rest, found := strings.CutPrefix(text, "  "); found {
			text, l.Left = rest, left+12
		}
		l.Right = l.Left + 5.5*float64(utf8.RuneCountInString(text))
		l.Text, l.Hyphen = strings.CutSuffix(text, "-")
		out = append(out, l)
	}
	return out
}

func sized(size float64, lines []Line) []Line {
	for i := range lines {
		lines[i].Size = size
	}
	return lines
}

func join(parts ...[]Line) []Line {
	var all []Line
	for _, p := range parts {
		all = append(all, p...)
	}
	return all
}

func TestText(t *testing.T) {
	tests := []struct {
		name  string
		pages [][]Line
		want  []string
	}{
		{
			"gaps",
			[][]Line{set(
				72, 700,
				"The ferry between Port Lanner and the northern",
				"shore is to run again from Monday.", "",
				"It had stopped in August after a fire in the",
				"engine room.",
			)},
			[]string{"The ferry between Port Lanner and the northern shore is to run again from Monday.", "It had stopped in August after a fire in the engine room."},
		},
		{
			"indents",
			[][]Line{set(
				72, 700,
				"The ferry between Port Lanner and the northern",
				"shore is to run again from Monday, said Quill.",
				"  It had stopped in August after a fire in the",
				"engine room.",
			)},
			[]string{"The ferry between Port Lanner and the northern shore is to run again from Monday, said Quill.", "It had stopped in August after a fire in the engine room."},
		},
		{
			"short last line",
			[][]Line{set(
				72, 700,
				"The ferry between Port Lanner and the northern",
				"shore is to run again.",
				"It had stopped in August after a fire in the",
				"engine room.",
			)},
			[]string{"The ferry between Port Lanner and the northern shore is to run again.", "It had stopped in August after a fire in the engine room."},
		},
		{
			"a sentence ends near the edge",
			[][]Line{set(
				72, 700,
				"The ferry from Port Lanner is to run again now.",
				"Extraordinarily, it had stopped in August after",
				"a fire.",
			)},
			[]string{"The ferry from Port Lanner is to run again now. Extraordinarily, it had stopped in August after a fire."},
		},
		{
			"hyphens",
			[][]Line{set(
				72, 700,
				"The long-term plan is to buy another for the nor-",
				"thern shore, a well-known and long-",
				"term hope of the Lanner-",
				"Tarsk line, built in nineteen-",
				"98 by engi-",
				"neers.",
			)},
			[]string{"The long-term plan is to buy another for the northern shore, a well-known and long-term hope of the Lanner-Tarsk line, built in nineteen-98 by engineers."},
		},
		{
			"columns",
			[][]Line{join(
				set(72, 700, "The ferry between the", "towns is to run again", "from Monday, and the"),
				set(300, 700, "owners are glad of it.", "", "It had stopped after a", "fire in August."),
			)},
			[]string{"The ferry between the towns is to run again from Monday, and the owners are glad of it.", "It had stopped after a fire in August."},
		},
		{
			"headings",
			[][]Line{join(
				sized(24, set(72, 760, "Ferry runs again")),
				set(72, 700, "The ferry runs from Monday.", "",
					"It had stopped in August after a fire in the", "engine room."),
			)},
			[]string{"Ferry runs again", "The ferry runs from Monday.", "It had stopped in August after a fire in the engine room."},
		},
		{
			"furniture", furnished(),
			[]string{"The ferry between Port Lanner and the northern shore is to run again, say its owners, and the county will pay half of what " +
				"a second one costs if the council agrees in the first days of the coming month, which nobody doubts, least of all those who live there."},
		},
		{
			"fragments of a line",
			[][]Line{{
				{Text: "The", Left: 72, Right: 90, Base: 700, Size: 11},
				{Text: "ferry runs.", Left: 96, Right: 150, Base: 700.4, Size: 11},
			}},
			[]string{"The ferry runs."},
		},
		{"nothing", [][]Line{nil, {}}, nil},
	}
	for _, tt := range tests {
		got := (&Document{Pages: tt.pages}).Text()
		if d := cmp.Diff(got, strings.Join(tt.want, "\n\n")); d != "" {
			t.Errorf("%s: got -, want +\n%s", tt.name, d)
		}
	}
}

// furnished are pages with a running head, a page number, and a text that goes
// on from one to the next.
func furnished() [][]Line {
	var pages [][]Line
	for i, lines := range [][]string{
		{"The ferry between Port Lanner and the northern", "shore is to run again, say its owners, and the"},
		{"county will pay half of what a second one costs", "if the council agrees in the first days of the"},
		{"coming month, which nobody doubts, least of all", "those who live there."},
	} {
		pages = append(pages, join(
			set(72, 810, fmt.Sprintf("The Lanner Lantern, issue %d", i)),
			set(400, 810, "5 March"),
			set(72, 700, lines...),
			set(290, 30, fmt.Sprintf("- %d -", i+1)),
		))
	}
	return pages
}

func TestHeadline(t *testing.T) {
	body := set(72, 700, "The ferry between Port Lanner and the northern", "shore is to run again from Monday.")
	big := sized(24, set(72, 780, "Ferry runs again", "after seven months"))
	for _, tt := range []struct {
		title string
		page  []Line
		want  string
	}{
		{"", join(big, body), "Ferry runs again after seven months"},
		{"Microsoft Word - ferry.doc", join(big, body), "Ferry runs again after seven months"},
		{"ferry runs AGAIN", join(big, body), "ferry runs AGAIN"},
		{"Something else entirely", join(big, body), "Ferry runs again after seven months"},
		{"Something else entirely", body, "Something else entirely"},
		{"untitled", body, ""},
		{"", nil, ""},
	} {
		if got := (&Document{Title: tt.title, Pages: [][]Line{tt.page}}).Headline(); got != tt.want {
			t.Errorf("%q: got %q, want %q", tt.title, got, tt.want)
		}
	}
}

func TestAuthors(t *testing.T) {
	page := set(72, 700, "By Mara Quill and Tom Ashe")
	for author, want := range map[string][]string{
		"Mara Quill":           {"Mara Quill"},
		"Mara Quill; Tom Ashe": {"Mara Quill", "Tom Ashe"},
		"Lena Holm":            nil,
		"mquill@example.com":   nil,
		"Administrator":        nil,
		"":                     nil,
	} {
		got := (&Document{Author: author, Pages: [][]Line{page}}).Authors()
		if d := cmp.Diff(got, want); d != "" {
			t.Errorf("%q: got -, want +\n%s", author, d)
		}
	}
}

func TestDate(t *testing.T) {
	want := time.Date(2026, 3, 5, 10, 45, 0, 0, time.UTC)
	for _, s := range []string{"D:20260305114500+01'00'", "D:20260305104500Z", "20260305104500", "D:202603051045", "D:20260305104500Z00'00'"} {
		if got := date(s); !got.Equal(want) {
			t.Errorf("%s: got %s", s, got)
		}
	}
	if got := date("last week"); !got.IsZero() {
		t.Errorf("got %s", got)
	}
}
