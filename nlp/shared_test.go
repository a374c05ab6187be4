package nlp

import (
	"bufio"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// TestSpans reads every development article that lies beside the checkout and
// checks that each finding reproduces its text.
func TestSpans(t *testing.T) {
	files, _ := filepath.Glob(filepath.Join("..", "..", "shared", "data", "*", "*.jsonl"))
	read := 0
	for _, name := range files {
		base := filepath.Base(name)
		if !strings.Contains(base, "dev") || strings.Contains(name, "claims") {
			continue
		}
		file, err := os.Open(name)
		if err != nil {
			t.Fatal(err)
		}
		lines := bufio.NewScanner(file)
		lines.Buffer(nil, 1<<24)
		for n := 0; lines.Scan(); n++ {
			var article struct{ Text string }
			if err := json.Unmarshal(lines.Bytes(), &article); err != nil {
				t.Fatal(err)
			}
			if n%articleStep(base) != 0 {
				continue
			}
			check(t, Parse(article.Text))
			read++
		}
		file.Close()
	}
	if read == 0 {
		t.Skip("no articles beside the checkout")
	}
	t.Logf("%d articles", read)
}

// articleStep thins out the large collections, so that the test stays short.
func articleStep(name string) int {
	if testing.Short() {
		return 100
	}
	if strings.HasPrefix(name, "dev") {
		return 25
	}
	return 1
}

// fragments make texts that trip over one another.
var fragments = []string{
	"Ana Pereira", "Mr.", "Dr. Osei", "U.S.", "said", "will", "to", "the", "of", "in", "on", "and", "Sunday", "March", "May 3", ", 2019", "2019", "1,000", "$", "5 million", "%", "half",
	"“", "”", `"`, "'", "’s", "n't", "(", ")", "—", "-", "...", "…", ".", "?", "!", ":", ";", ",", "\n", "\n\n", " ", "\t", "last", "next", "three", "days ago", "between", "the fourth quarter of",
	"Ministry of Health", "(MOH)", "MOH", "bridge", "President", "Pereira", "Halloran administration", "\x00", "\xff", "é", "👍🏽", "ש", "http://a.example/b", "@ana", "a.m.", "etc.", "one in five", "more than", "U.S",
}

func TestProperties(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		parts := rapid.SliceOfN(rapid.SampledFrom(fragments), 0, 60).Draw(t, "parts")
		sep := rapid.SampledFrom([]string{" ", "", "  "}).Draw(t, "sep")
		text := strings.Join(parts, sep)
		body := rapid.IntRange(-1, len(text)+1).Draw(t, "body")
		d := ParseFrom(text, body)
		check(t, d)
		for _, s := range d.Sentences {
			if s.Start < d.Body {
				t.Fatalf("sentence at %d before the body at %d", s.Start, d.Body)
			}
		}
	})
}

// The same text gives the same document on any number of goroutines.
func TestDeterministic(t *testing.T) {
	want, err := json.Marshal(Parse(story))
	if err != nil {
		t.Fatal(err)
	}
	t.Run("parallel", func(t *testing.T) {
		for range 8 {
			t.Run("", func(t *testing.T) {
				t.Parallel()
				if got, _ := json.Marshal(Parse(story)); string(got) != string(want) {
					t.Error("another document")
				}
			})
		}
	})
}
