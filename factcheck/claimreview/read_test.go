package claimreview

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/tools/txtar"

	"onrecord/factcheck"
)

// Each file of testdata/read is a case: what is read, and the reviews that
// should come out, one a line.
func TestRead(t *testing.T) {
	files, err := filepath.Glob("testdata/read/*.txtar")
	if err != nil || len(files) == 0 {
		t.Fatal("no cases", err)
	}
	for _, name := range files {
		t.Run(filepath.Base(name), func(t *testing.T) {
			data, err := os.ReadFile(name)
			if err != nil {
				t.Fatal(err)
			}
			a := txtar.Parse(data)
			if len(a.Files) != 2 || a.Files[0].Name != "want" {
				t.Fatal("a case is the file want and the input")
			}
			var got strings.Builder
			kind, err := Read(strings.NewReader(string(a.Files[1].Data)), func(r factcheck.Review) error {
				got.WriteString(show(r) + "\n")
				return nil
			})
			if err != nil {
				var own *Error
				if !errors.As(err, &own) {
					t.Fatal(err)
				}
				got.WriteString("error: " + own.Sentence() + "\n")
			}
			want := strings.TrimSpace(string(a.Files[0].Data))
			if diff := cmp.Diff(strings.TrimSpace(string(kind)+"\n"+got.String()), want); diff != "" {
				t.Errorf("got - want +\n%s", diff)
			}
		})
	}
}

// show is a review on a line: its fields that are not empty.
func show(r factcheck.Review) string {
	var parts []string
	add := func(name, value string) {
		if value != "" {
			parts = append(parts, name+"="+value)
		}
	}
	add("id", r.ID)
	add("claim", r.Claim)
	add("title", r.Title)
	add("subtitle", r.Subtitle)
	add("claimant", r.Claimant)
	add("publisher", r.Publisher)
	add("verdict", r.Verdict)
	add("url", r.URL)
	if !r.Date.IsZero() {
		add("date", r.Date.Format("2006-01-02"))
	}
	if !r.Claimed.IsZero() {
		add("claimed", r.Claimed.Format("2006-01-02"))
	}
	add("language", r.Language)
	return strings.Join(parts, " | ")
}

// Input without end is ended.
func TestReadIsBounded(t *testing.T) {
	for name, r := range map[string]*endless{
		"one value":  {head: `{"claim": "`, body: "x"},
		"nested":     {head: `[`, body: "["},
		"one item":   {head: `<rss><channel><item><title>`, body: "x"},
		"deep feed":  {head: `<rss>`, body: "<a>"},
		"one script": {head: `<html><script type="application/ld+json">`, body: "x"},
		"one row":    {head: "claim,url\n\"", body: "x"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := Read(r, func(factcheck.Review) error { return nil })
			if r.given > maxElement+1<<20 {
				t.Errorf("%d bytes were read", r.given)
			}
			var own *Error
			if !errors.As(err, &own) || strings.Count(own.Sentence(), ". ") > 0 {
				t.Errorf("error %v", err)
			}
		})
	}
}

// endless is a head and then a body for ever.
type endless struct {
	head, body string
	given      int
}

func (e *endless) Read(p []byte) (int, error) {
	n := copy(p, e.head)
	e.head = e.head[n:]
	for n < len(p) {
		n += copy(p[n:], e.body)
	}
	e.given += n
	return n, nil
}

func TestReadDate(t *testing.T) {
	for text, want := range map[string]string{
		"2020-05-01T10:00:00+02:00": "2020-05-01", "May 1, 2020": "2020-05-01", "1 May 2020": "2020-05-01",
		"Fri, 01 May 2020 10:00:00 GMT": "2020-05-01", "stated on May 1, 2020 in a speech": "2020-05-01",
		"": "0001-01-01", "soon": "0001-01-01", "2020-19-39": "0001-01-01", "Xyz 41, 2020": "0001-01-01",
	} {
		if got := readDate(text).Format("2006-01-02"); got != want {
			t.Errorf("%q: %s, want %s", text, got, want)
		}
	}
}

func TestKeyer(t *testing.T) {
	var k Keyer
	for _, test := range []struct {
		review factcheck.Review
		want   string
	}{
		{factcheck.Review{Claim: "a", URL: "https://www.Gazette.example/x/?utm_source=y#top"}, "gazette.example/x"},
		{factcheck.Review{Claim: "a", URL: "http://gazette.example/x"}, "gazette.example/x"},
		{factcheck.Review{Claim: "b", URL: "http://gazette.example/x"}, "gazette.example/x#a"},
		{factcheck.Review{Claim: "c", URL: "http://gazette.example/x?p=2"}, "gazette.example/x?p=2"},
		{factcheck.Review{Claim: "a", ID: "7", Publisher: "Gazette"}, "id:gazette 7"},
	} {
		if got := k.Key(&test.review); got != test.want {
			t.Errorf("%+v: %s, want %s", test.review, got, test.want)
		}
	}
	one, two := k.Key(&factcheck.Review{Claim: "The same"}), k.Key(&factcheck.Review{Claim: "the same"})
	if one != two || one == k.Key(&factcheck.Review{Claim: "another"}) {
		t.Error("without address and id the text is the key")
	}
}

// Whatever strangers hand over: no panic, and what comes out can be shown.
func FuzzRead(f *testing.F) {
	files, _ := filepath.Glob("testdata/read/*.txtar")
	for _, name := range files {
		if data, err := os.ReadFile(name); err == nil {
			f.Add(txtar.Parse(data).Files[1].Data)
		}
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		var all []factcheck.Review
		_, _ = Read(strings.NewReader(string(data)), func(r factcheck.Review) error {
			for _, s := range []string{r.ID, r.Claim, r.Title, r.Subtitle, r.Claimant, r.Publisher, r.Verdict, r.URL, r.Language} {
				if !utf8.ValidString(s) || strings.ContainsAny(s, "\n\r\t\x00\x1b\u202e") {
					t.Errorf("%q", s)
				}
			}
			if r.URL != "" && !strings.HasPrefix(r.URL, "http://") && !strings.HasPrefix(r.URL, "https://") {
				t.Errorf("link %q", r.URL)
			}
			if r.Claim == "" && r.Title == "" {
				t.Errorf("nothing to search in %+v", r)
			}
			if all = append(all, r); len(all) > 100 {
				return errors.New("enough")
			}
			return nil
		})
		x := New(all)
		for _, r := range all {
			x.Find(Query{Text: r.Claim}, 3)
		}
	})
}

func FuzzFind(f *testing.F) {
	f.Add("Dora Pell did not sell 1,200 harbours in 2019 — Ann (@ann) May 3, 2019", "Tom Varga sold the harbour. U.S. 5%")
	f.Fuzz(func(t *testing.T, query, claim string) {
		x := New([]factcheck.Review{{Claim: claim, Title: query}, {Title: claim, Subtitle: claim}})
		for _, m := range x.Find(Query{Text: query}, 3) {
			if m.Score < 0 || m.Score > 1 {
				t.Errorf("score %v", m.Score)
			}
		}
		_ = Alike(query, claim)
	})
}
