package nlp

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/rogpeppe/go-internal/txtar"
)

var update = flag.Bool("update", false, "write what the code finds into testdata/corpus")

// TestCorpus reads testdata/corpus: one archive a case, with the text and what
// should be found in it, one section for each sort of finding that the case is
// about. Run with -update to rewrite the sections, then read the difference.
func TestCorpus(t *testing.T) {
	files, err := filepath.Glob("testdata/corpus/*.txtar")
	if err != nil || len(files) == 0 {
		t.Fatal("no corpus: ", err)
	}
	for _, name := range files {
		t.Run(strings.TrimSuffix(filepath.Base(name), ".txtar"), func(t *testing.T) {
			archive, err := txtar.ParseFile(name)
			if err != nil {
				t.Fatal(err)
			}
			var d *Document
			for i, f := range archive.Files {
				if f.Name == "text" {
					d = Parse(strings.TrimSuffix(string(f.Data), "\n"))
					check(t, d)
					continue
				}
				show, ok := findings[f.Name]
				if !ok {
					t.Fatalf("no findings called %q", f.Name)
				}
				got := show(d)
				if *update {
					archive.Files[i].Data = []byte(got)
					continue
				}
				if diff := cmp.Diff(got, string(f.Data)); diff != "" {
					t.Errorf("%s (-got +want):\n%s", f.Name, diff)
				}
			}
			if *update {
				if err := os.WriteFile(name, txtar.Format(archive), 0o644); err != nil {
					t.Fatal(err)
				}
			}
		})
	}
}

// findings writes each sort of finding, one a line.
var findings = map[string]func(*Document) string{
	"sentences": func(d *Document) string {
		var b strings.Builder
		paragraph := 0
		for _, s := range d.Sentences {
			if s.Paragraph != paragraph {
				b.WriteString("\n")
				paragraph = s.Paragraph
			}
			fmt.Fprintln(&b, strings.Join(strings.Fields(s.Text(d.Text)), " "))
		}
		return b.String()
	},
	"tokens": func(d *Document) string {
		var b strings.Builder
		for i := range d.Sentences {
			for j, t := range d.SentenceTokens(i) {
				if j > 0 {
					b.WriteString(" ")
				}
				b.WriteString(t.Text)
			}
			b.WriteString("\n")
		}
		return b.String()
	},
	"names": func(d *Document) string {
		var b strings.Builder
		for _, e := range d.Entities {
			fmt.Fprintf(&b, "%s: %s", e.Kind, e.Name)
			if e.Gender != "" {
				fmt.Fprintf(&b, " (%s)", e.Gender)
			}
			for _, title := range e.Titles {
				fmt.Fprintf(&b, " [%s]", title)
			}
			for i, m := range e.Mentions {
				sep := ", "
				if i == 0 {
					sep = " = "
				}
				b.WriteString(sep + d.Mentions[m].Text(d.Text))
			}
			b.WriteString("\n")
		}
		return b.String()
	},
	"times": func(d *Document) string {
		var b strings.Builder
		for i, dates := range d.Resolve(tuesday) {
			fmt.Fprintf(&b, "%s = ", d.Times[i].Text(d.Text))
			switch {
			case dates.Start.IsZero():
				b.WriteString("open\n")
			case dates.Start.Equal(dates.End):
				b.WriteString(dates.Start.Format(time.DateOnly) + "\n")
			default:
				b.WriteString(dates.Start.Format(time.DateOnly) + "/" + dates.End.Format(time.DateOnly) + "\n")
			}
		}
		return b.String()
	},
	"numbers": func(d *Document) string {
		var b strings.Builder
		for _, n := range d.Numbers {
			b.WriteString(describeNumber(d, n) + "\n")
		}
		return b.String()
	},
}
