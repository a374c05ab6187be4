package page

import (
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"onrecord/nlp"
)

// Marks that lie in one another and cross come out as they went in: the segments
// that name a mark are its words, once each and in order, and the segments
// together are the text.
func TestSegmentsCoverTextAndMarks(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := strings.Repeat("abcdefghij", 10)
		span := rapid.Custom(func(t *rapid.T) nlp.Span {
			from := rapid.IntRange(0, len(text)).Draw(t, "from")
			return nlp.Span{Start: from, End: rapid.IntRange(from, len(text)).Draw(t, "to")}
		})
		var marks []mark
		for range rapid.IntRange(0, together).Draw(t, "marks") {
			marks = append(marks, mark{spans: []nlp.Span{span.Draw(t, "span")}})
		}
		half := rapid.IntRange(0, len(text)).Draw(t, "half")
		pieces := []nlp.Span{{Start: 0, End: half}, {Start: half, End: len(text)}}
		var whole strings.Builder
		covered := make([]string, len(marks))
		first, last := make([]int, len(marks)), make([]int, len(marks))
		for _, piece := range segments(pieces, marks) {
			for _, s := range piece {
				whole.WriteString(s.Text(text))
				for m := range marks {
					if slices.Contains(s.marks, m) {
						covered[m] += s.Text(text)
					}
				}
				for _, m := range s.first {
					first[m]++
				}
				for _, m := range s.last {
					last[m]++
				}
			}
		}
		if whole.String() != text {
			t.Fatalf("the segments are %q", whole.String())
		}
		for m := range marks {
			want := marks[m].spans[0].Text(text)
			if covered[m] != want {
				t.Fatalf("mark %d covers %q, want %q", m, covered[m], want)
			}
			if n := min(len(want), 1); first[m] != n || last[m] != n {
				t.Fatalf("mark %d begins %d times and ends %d times", m, first[m], last[m])
			}
		}
	})
}

func TestInitials(t *testing.T) {
	taken := map[string]bool{}
	for _, c := range []struct{ name, want string }{
		{"Ines Falk", "IF"},
		{"Ivo Fromm", "IF2"},
		{"the Ministry of Ports", "MP"},
		{"hundreds of migrants", "HM"},
		{"Falk", "F"},
		{"", "?"},
		{"Éva D'Arcy-Böll", "ÉB"},
	} {
		if got := initials(c.name, taken); got != c.want {
			t.Errorf("initials(%q) = %q, want %q", c.name, got, c.want)
		}
	}
}

func TestReadable(t *testing.T) {
	for _, c := range []struct{ in, want string }{
		{"on Tuesday [2026-03-03]", "on Tuesday [3 Mar 2026]"},
		{"newest before 2020-01-18/2020-01-19.", "newest before 18–19 Jan 2020."},
		{"last year [2025-01-01/2025-12-31]", "last year [2025]"},
		{"in spring [2025-03-01/2025-05-31]", "in spring [1 Mar – 31 May 2025]"},
		{"winter [2025-12-01/2026-02-28]", "winter [1 Dec 2025 – 28 Feb 2026]"},
		{"2025-13-99 is no day", "2025-13-99 is no day"},
	} {
		if got := readable(c.in); got != c.want {
			t.Errorf("readable(%q) = %q, want %q", c.in, got, c.want)
		}
	}
}
