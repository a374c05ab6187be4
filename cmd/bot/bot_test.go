package main

import (
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"
)

var update = flag.Bool("update", false, "rewrite the transcripts of README.md")

// call runs the command line in this process.
func call(t *testing.T, stdin string, args ...string) (out string, status int) {
	t.Helper()
	var stdout, stderr bytes.Buffer
	status = run(t.Context(), args, terminal{in: strings.NewReader(stdin), out: &stdout, err: &stderr})
	if status != 0 {
		t.Logf("bot %s: %s", strings.Join(args, " "), stderr.String())
	}
	return stdout.String(), status
}

func articles(t *testing.T) []string {
	t.Helper()
	var files []string
	for _, pattern := range []string{"*.txt", "*.html", "*.md"} {
		found, err := filepath.Glob(filepath.Join("../../testdata/articles", pattern))
		if err != nil {
			t.Fatal(err)
		}
		files = append(files, found...)
	}
	files = slices.DeleteFunc(files, func(name string) bool { return strings.HasSuffix(name, ".expected.txt") })
	if len(files) < 6 {
		t.Fatalf("%d sample articles", len(files))
	}
	return files
}

// readAt is the one thing in which two answers about an article differ.
var readAt = regexp.MustCompile(`"read_at": ?"[^"]*"`)

// The same article gives the same answer, byte for byte, a hundred times and
// on many goroutines at once.
func TestSameAnswer(t *testing.T) {
	for i, file := range articles(t) {
		runs := 5
		if i == 0 {
			runs = 100
		}
		if testing.Short() {
			runs = 2
		}
		t.Run(filepath.Base(file), func(t *testing.T) {
			answers := make([]string, runs)
			var all sync.WaitGroup
			for n := range answers {
				all.Go(func() {
					out, status := call(t, "", "brief", "--format", "json", file)
					if status != exitDone {
						out = "failed"
					}
					answers[n] = readAt.ReplaceAllString(out, "")
				})
				if n%8 == 7 {
					all.Wait()
				}
			}
			all.Wait()
			if answers[0] == "failed" {
				t.Fatal("the article was refused")
			}
			for n, a := range answers {
				if a != answers[0] {
					t.Fatalf("run %d differs (-got +want):\n%s", n, cmp.Diff(a, answers[0]))
				}
			}
		})
	}
}

// Every span of the JSON gives the text that stands beside it.
func TestSpansOfJSON(t *testing.T) {
	for _, file := range articles(t) {
		out, status := call(t, "", "brief", "--format", "json", file)
		if status != exitDone {
			t.Errorf("%s: status %d", file, status)
			continue
		}
		var b struct {
			Article struct{ Text string }
			Quotes  []struct {
				Text    string
				Content [][2]int
			}
			Claims []struct {
				Text string
				Span [2]int
			}
			Facts struct {
				When, Numbers []struct {
					Text string
					Span [2]int
				}
			}
		}
		if err := json.Unmarshal([]byte(out), &b); err != nil {
			t.Fatal(err)
		}
		text := []rune(b.Article.Text)
		at := func(s [2]int) string { return string(text[s[0]:s[1]]) }
		for _, q := range b.Quotes {
			var parts []string
			for _, s := range q.Content {
				parts = append(parts, at(s))
			}
			if got := strings.Join(parts, " … "); got != q.Text {
				t.Errorf("%s: quote %q has the spans of %q", file, q.Text, got)
			}
		}
		for _, c := range b.Claims {
			if got := at(c.Span); got != c.Text {
				t.Errorf("%s: claim %q has the span of %q", file, c.Text, got)
			}
		}
		for _, f := range append(b.Facts.When, b.Facts.Numbers...) {
			if got := at(f.Span); got != f.Text {
				t.Errorf("%s: %q has the span of %q", file, f.Text, got)
			}
		}
	}
}

// A batch says of an article what brief says of it.
func TestBatchAsBrief(t *testing.T) {
	if testing.Short() {
		t.Skip("one command after the other: nothing for the race detector")
	}
	text, err := os.ReadFile("../../testdata/articles/council-budget.txt")
	if err != nil {
		t.Fatal(err)
	}
	var input strings.Builder
	for i := range 20 {
		fmt.Fprintf(&input, "%s", jsonLine(map[string]string{"id": fmt.Sprint(i), "text": string(text), "title": "Budget", "date": "2026-03-04"}))
	}
	out, status := call(t, input.String(), "batch")
	if status != exitDone {
		t.Fatalf("status %d", status)
	}
	lines := strings.Split(strings.TrimSpace(out), "\n")
	if len(lines) != 20 {
		t.Fatalf("%d lines, want 20", len(lines))
	}
	for i, line := range lines {
		prefix := fmt.Sprintf(`{"id":"%d",`, i)
		rest, ok := strings.CutPrefix(line, prefix)
		if !ok {
			t.Fatalf("line %d begins %.20s, want %s", i, line, prefix)
		}
		first := strings.TrimPrefix(lines[0], `{"id":"0",`)
		if readAt.ReplaceAllString(rest, "") != readAt.ReplaceAllString(first, "") {
			t.Errorf("line %d differs from the first", i)
		}
	}
}

// README.md lists every setting with its default, and no other.
func TestSettingsInReadme(t *testing.T) {
	readme, err := os.ReadFile("../../README.md")
	if err != nil {
		t.Fatal(err)
	}
	row := regexp.MustCompile("(?m)^\\| `([A-Z_]+)` \\| `(--[a-z-]+)` \\|([^|]*)\\|")
	got := map[string][2]string{}
	for _, m := range row.FindAllStringSubmatch(string(readme), -1) {
		got[m[1]] = [2]string{m[2], strings.Trim(strings.TrimSpace(m[3]), "`")}
	}
	want := map[string][2]string{}
	settings := options(reflect.ValueOf(config{}))
	if fields := reflect.TypeFor[config]().NumField(); len(settings) != fields {
		t.Errorf("%d of the %d settings have a flag", len(settings), fields)
	}
	for _, s := range settings {
		env := s.tag.Get("env")
		want[env] = [2]string{s.name, s.tag.Get("default")}
		if _, secret := s.tag.Lookup("secret"); secret && !strings.Contains(string(readme), "`"+env+"_FILE`") {
			t.Errorf("README.md does not name %s_FILE", env)
		}
	}
	if diff := cmp.Diff(got, want); diff != "" {
		t.Errorf("settings in README.md (-got +want):\n%s", diff)
	}
}

// transcript is a command of README.md with what it prints.
var transcript = regexp.MustCompile("(?s)```console\n\\$ (go run ./cmd/bot [^\n]*)\n(.*?)```")

// README.md shows what the bot prints today.
func TestTranscriptsInReadme(t *testing.T) {
	t.Chdir("../..")
	readme, err := os.ReadFile("README.md")
	if err != nil {
		t.Fatal(err)
	}
	found := 0
	current := transcript.ReplaceAllFunc(readme, func(block []byte) []byte {
		found++
		m := transcript.FindSubmatch(block)
		command, lines := string(m[1]), 0
		if c, n, ok := strings.Cut(command, " | head -n "); ok {
			command = c
			if _, err := fmt.Sscan(n, &lines); err != nil {
				t.Fatalf("%s: %v", m[1], err)
			}
		}
		out, status := call(t, "", strings.Fields(command)[3:]...)
		if status != exitDone {
			t.Fatalf("%s: status %d", command, status)
		}
		if all := strings.SplitAfter(out, "\n"); lines > 0 && len(all) > lines {
			out = strings.Join(all[:lines], "")
		}
		out = readToday.ReplaceAllString(out, "read 06:02")
		return fmt.Appendf(nil, "```console\n$ %s\n%s```", m[1], out)
	})
	if found == 0 {
		t.Fatal("README.md shows nothing")
	}
	if *update {
		if err := os.WriteFile("README.md", current, 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	if diff := cmp.Diff(string(readme), string(current)); diff != "" {
		t.Errorf("README.md is not current; 'go test ./cmd/bot -run Readme -update' rewrites it (-got +want):\n%s", diff)
	}
}

// readToday is when an article was read.
var readToday = regexp.MustCompile(`read \d\d:\d\d`)

func TestBytesSize(t *testing.T) {
	for in, want := range map[string]string{"64MB": "64 MB", "1gb": "1 GB", "512 KB": "512 KB", "1048576": "1 MB", "1000": "1000 B", "0": "0"} {
		var b bytesSize
		if err := b.UnmarshalText([]byte(in)); err != nil || b.String() != want {
			t.Errorf("%q gives %v, %v; want %s", in, b, err, want)
		}
	}
	for _, in := range []string{"", "MB", "-1", "64XB", "9999999999GB"} {
		var b bytesSize
		if err := b.UnmarshalText([]byte(in)); err == nil {
			t.Errorf("%q gives %v, want an error", in, b)
		}
	}
}
