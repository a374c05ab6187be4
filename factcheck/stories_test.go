package factcheck

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode"

	"onrecord/nlp"
	"onrecord/quote"
)

// TestStories runs the cases in testdata/stories; the README there says what
// their lines mean.
func TestStories(t *testing.T) {
	files, err := filepath.Glob("testdata/stories/*.txt")
	if err != nil || len(files) < 60 {
		t.Fatalf("%d stories: %v", len(files), err)
	}
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txt"), func(t *testing.T) {
			data, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			s := parseStory(t, string(data))
			s.check(t)
		})
	}
}

// storyCase is one case: what is expected, and the text.
type storyCase struct {
	published       time.Time
	title, dateline string
	text            string
	want            []expectation
	clashes         []string // "kind: text"
}

// expectation is what one claim must, or must not, be.
type expectation struct {
	key, words string // claim, unranked, never
	lines      [][2]string
}

func parseStory(t *testing.T, data string) storyCase {
	t.Helper()
	head, text, ok := strings.Cut(data, "\n----\n")
	if !ok {
		t.Fatal("no line ---- between what is expected and the text")
	}
	s := storyCase{text: strings.TrimSpace(text)}
	for line := range strings.Lines(head) {
		line = strings.TrimRight(line, "\n")
		if line == "" || line[0] == '#' {
			continue
		}
		key, value, ok := strings.Cut(line, ": ")
		if !ok {
			t.Fatalf("line %q is no “key: value”", line)
		}
		switch inner := strings.TrimSpace(key); {
		case key == "published":
			day, err := time.Parse(time.DateOnly, value)
			if err != nil {
				t.Fatal(err)
			}
			s.published = day
		case key == "title":
			s.title = value
		case key == "dateline":
			s.dateline = value
		case key == "clash":
			s.clashes = append(s.clashes, value)
		case inner == key:
			s.want = append(s.want, expectation{key: key, words: value})
		case len(s.want) == 0:
			t.Fatalf("line %q belongs to no claim", line)
		default:
			last := &s.want[len(s.want)-1]
			last.lines = append(last.lines, [2]string{inner, value})
		}
	}
	return s
}

func (s storyCase) check(t *testing.T) {
	text := s.text
	body := 0
	if s.dateline != "" {
		body = len(s.dateline) + len(" — ")
		text = s.dateline + " — " + text
	}
	doc := nlp.ParseFrom(text, body)
	quotes := quote.Find(doc)
	claims := Finder{Dateline: s.dateline}.Claims(doc, quotes, s.published)
	check(t, doc, claims)
	keepsWords(t, text, claims)
	failed := false
	fail := func(format string, args ...any) {
		failed = true
		t.Errorf(format, args...)
	}
	for _, want := range s.want {
		at := slices.IndexFunc(claims, func(c Claim) bool {
			return c.Checkable == (want.key != "unranked") && strings.Contains(c.Span.Text(text), want.words)
		})
		switch {
		case want.key == "never" && at >= 0:
			fail("%q is ranked", want.words)
		case want.key != "never" && at < 0:
			fail("no %s with %q", want.key, want.words)
		case want.key != "never":
			for _, line := range want.lines {
				if problem := claims[at].lacks(line[0], line[1]); problem != "" {
					fail("%s: %s", want.words, problem)
				}
			}
		}
	}
	var got []string
	for _, c := range Clashes(doc, quotes, s.title, s.published) {
		got = append(got, string(c.Kind)+": "+c.Text)
	}
	if !slices.Equal(got, s.clashes) {
		fail("clashes\ngot  %q\nwant %q", got, s.clashes)
	}
	if failed {
		t.Logf("found:\n%s", listing(claims))
	}
}

// lacks says what a line of a case asks for and c does not have.
func (c Claim) lacks(key, value string) string {
	no := strings.HasPrefix(key, "no ")
	key = strings.TrimPrefix(key, "no ")
	var have []string
	exact := false
	switch key {
	case "kind":
		exact = true
		for _, k := range c.Kinds {
			have = append(have, string(k))
		}
	case "says":
		have, exact = []string{c.Standalone}, true
	case "part":
		exact = true
		for _, p := range c.Parts {
			have = append(have, p.Standalone)
		}
	case "why":
		have = c.Reasons
	case "how":
		have = c.HowToCheck
	case "unclear":
		have = []string{c.Unclear}
	case "speaker":
		have, exact = []string{c.Speaker}, true
	case "via":
		have, exact = []string{c.Via}, true
	case "date":
		exact = true
		for _, d := range c.Dates {
			have = append(have, days(d.Dates))
		}
	default:
		return fmt.Sprintf("the case asks for “%s”, which is nothing", key)
	}
	found := slices.ContainsFunc(have, func(h string) bool { return h == value || !exact && strings.Contains(h, value) })
	if value == "anything" {
		found = len(have) > 0 && have[0] != ""
	}
	if found == no {
		return fmt.Sprintf("%s: got %q, want %q (no: %v)", key, have, value, no)
	}
	return ""
}

// keepsWords reports wordings that drop a word of their claim, so that no
// negation, hedge or limit can get lost, and wordings without their speaker.
func keepsWords(t *testing.T, text string, claims []Claim) {
	t.Helper()
	words := func(s string) []string {
		return strings.FieldsFunc(strings.ToLower(s), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })
	}
	for _, c := range claims {
		said := words(c.Standalone)
		for _, w := range words(c.Span.Text(text)) {
			at := slices.Index(said, w)
			if at < 0 {
				t.Errorf("%q drops %q of %q", c.Standalone, w, c.Span.Text(text))
				break
			}
			said = said[at+1:]
		}
		surname, short := c.Speaker[strings.LastIndexByte(c.Speaker, ' ')+1:], strings.SplitN(c.Speaker, " ", 2)[0] // of a firm, "Hartwell" will do
		if low := strings.ToLower(c.Standalone); c.Speaker != "" && c.Unclear == "" && !strings.Contains(low, strings.ToLower(surname)) && !strings.Contains(low, strings.ToLower(short)) {
			t.Errorf("%q does not say that %s said it", c.Standalone, c.Speaker)
		}
		if c.Via != "" && !strings.Contains(c.Standalone, c.Via) {
			t.Errorf("%q does not say that %s passed it on", c.Standalone, c.Via)
		}
	}
}

// The articles of the repository are worded without loss too.
func TestWordingsKeepWords(t *testing.T) {
	files, err := filepath.Glob("../testdata/articles/*.txt")
	if err != nil || len(files) == 0 {
		t.Fatalf("no articles: %v", err)
	}
	for _, file := range files {
		if strings.Contains(file, "expected") {
			continue
		}
		data, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		doc := nlp.Parse(string(data))
		keepsWords(t, doc.Text, Claims(doc, quote.Find(doc), time.Date(2026, 3, 4, 0, 0, 0, 0, time.UTC)))
	}
}
