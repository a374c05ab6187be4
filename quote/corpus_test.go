package quote

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"onrecord/nlp"
)

var update = flag.Bool("update", false, "rewrite the expected part of testdata/find")

// divider parts the text of a corpus case from what is expected.
const divider = "\n----\n"

// TestCorpus finds the quotations of each text in testdata/find and compares
// them with the lines below it.
func TestCorpus(t *testing.T) {
	files, err := filepath.Glob("testdata/find/*.txt")
	if err != nil {
		t.Fatal(err)
	}
	if len(files) < 200 {
		t.Errorf("got %d cases, want at least 200", len(files))
	}
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txt"), func(t *testing.T) {
			raw, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			text, want, _ := strings.Cut(string(raw), divider)
			got := listing(nlp.Parse(text))
			if *update {
				if err := os.WriteFile(file, []byte(text+divider+got), 0o644); err != nil {
					t.Fatal(err)
				}
				return
			}
			if diff := cmp.Diff(got, want); diff != "" {
				t.Errorf("%s\n(-got +want)\n%s", text, diff)
			}
		})
	}
}

// listing shows quotations for people: type | speaker | role | verb | content.
func listing(doc *nlp.Document) string {
	var b strings.Builder
	for _, q := range Find(doc) {
		speaker := q.Speaker.Name
		if len(q.Unclear) > 0 {
			speaker = strings.Join(q.Unclear, "? ") + "?"
		}
		if q.Via != "" {
			speaker += " via " + q.Via
		}
		kind := string(q.Type)
		if q.Kind == Other {
			kind += " (" + string(q.Stance) + ")"
		}
		verb := q.Verb
		if q.SaidOn >= 0 {
			verb += " @ " + doc.Times[q.SaidOn].Text(doc.Text)
		}
		fmt.Fprintf(&b, "%s | %s | %s | %s | %s\n", kind, or(speaker), or(q.Speaker.Role), or(verb), q.Text(doc))
	}
	if b.Len() == 0 {
		return "none\n"
	}
	return b.String()
}

func or(s string) string {
	if s == "" {
		return "-"
	}
	return s
}
