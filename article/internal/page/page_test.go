package page

import (
	"flag"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
	"github.com/rogpeppe/go-internal/txtar"
	"golang.org/x/net/html/charset"
	"golang.org/x/text/encoding/charmap"
)

var update = flag.Bool("update", false, "rewrite what the corpus expects")

// TestCorpus reads the pages in testdata/pages, one phenomenon a file, and
// compares what they say with the last section of the file.
func TestCorpus(t *testing.T) {
	files, err := filepath.Glob("testdata/pages/*.txtar")
	if err != nil || len(files) == 0 {
		t.Fatal("no corpus", err)
	}
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txtar"), func(t *testing.T) {
			archive, err := txtar.ParseFile(file)
			if err != nil {
				t.Fatal(err)
			}
			section := map[string]*txtar.File{}
			for i := range archive.Files {
				section[archive.Files[i].Name] = &archive.Files[i]
			}
			base, err := url.Parse(strings.TrimSpace(string(section["url"].Data)))
			if err != nil {
				t.Fatal(err)
			}
			p, err := Extract(section["page.html"].Data, "text/html; charset=utf-8", base)
			if err != nil {
				t.Fatal(err)
			}
			got := show(p)
			if *update {
				section["want"].Data = []byte(got)
				if err := os.WriteFile(file, txtar.Format(archive), 0o644); err != nil {
					t.Fatal(err)
				}
				return
			}
			if diff := cmp.Diff(got, string(section["want"].Data)); diff != "" {
				t.Errorf("got -, want +:\n%s", diff)
			}
		})
	}
}

// show writes a page for people to read.
func show(p Page) string {
	var b strings.Builder
	line := func(name, value string) {
		if value != "" {
			fmt.Fprintf(&b, "%s: %s\n", name, value)
		}
	}
	line("title", p.Title)
	line("byline", strings.Join(p.Byline, "; "))
	line("publisher", p.Publisher)
	if !p.Published.IsZero() {
		line("published", p.Published.Format(time.RFC3339))
	}
	if !p.Modified.IsZero() {
		line("modified", p.Modified.Format(time.RFC3339))
	}
	line("canonical", p.Canonical)
	line("language", p.Language)
	line("kind", string(p.Kind))
	line("wall", string(p.Wall))
	if p.Paywalled {
		line("paywalled", "yes")
	}
	fmt.Fprintf(&b, "\n%s\n", p.Text)
	return b.String()
}

func TestDecode(t *testing.T) {
	tests := []struct {
		name, page, encoding, contentType string
	}{
		{"UTF-8 that says it is Latin", `<meta charset="iso-8859-1"><p>Cerró`, "utf-8", "text/html; charset=iso-8859-1"},
		{"windows-1252 by meta", `<meta charset="windows-1252"><p>“Cerró”`, "windows-1252", ""},
		{"windows-1252 by meta far down", "<!--" + strings.Repeat("x", 3000) + `--><meta http-equiv="Content-Type" content="text/html; charset=windows-1252"><p>“Cerró”`, "windows-1252", "text/html"},
		{"windows-1251 by header", `<p>Мост закрыт`, "windows-1251", "text/html; charset=windows-1251"},
		{"Shift JIS by meta", `<meta charset=Shift_JIS><p>橋を閉鎖`, "shift_jis", ""},
		{"ISO-2022-JP by meta", `<meta charset=iso-2022-jp><p>橋を閉鎖`, "iso-2022-jp", ""},
		{"UTF-16 with a mark", "\ufeff<p>Cerró", "utf-16le", ""},
		{"UTF-8 with a mark", "\ufeff<p>Cerró", "utf-8", ""},
		{"undeclared Latin", `<p>Cerró el puente`, "windows-1252", ""},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			enc, _ := charset.Lookup(test.encoding)
			raw, err := enc.NewEncoder().Bytes([]byte(test.page))
			if err != nil {
				t.Fatal(err)
			}
			got, err := decode(raw, test.contentType)
			if err != nil {
				t.Fatal(err)
			}
			if want := strings.TrimPrefix(test.page, "\ufeff"); strings.TrimPrefix(got, "\ufeff") != want {
				t.Errorf("got %q, want %q", got, want)
			}
		})
	}
}

func TestUnscramble(t *testing.T) {
	const want = "<p>“It’s the café”, she said – and it’s déjà vu."
	scrambled, err := charmap.ISO8859_1.NewDecoder().String(want)
	if err != nil {
		t.Fatal(err)
	}
	got, err := decode([]byte(scrambled), "")
	if err != nil || got != want {
		t.Errorf("got %q, %v", got, err)
	}
	if got := unscramble(want); got != want {
		t.Errorf("good text became %q", got)
	}
}

func TestParseDate(t *testing.T) {
	tests := []struct {
		text string
		us   bool
		want string // RFC 3339, or the day; empty when it is no date
	}{
		{"2024-05-14", false, "2024-05-14"},
		{"2024-05-14T18:30:00+02:00", false, "2024-05-14T18:30:00+02:00"},
		{"2024-05-14T23:30:00.123Z", false, "2024-05-14T23:30:00Z"},
		{"2024-05-14 06:00 -0500", false, "2024-05-14T06:00:00-05:00"},
		{"20240514", false, "2024-05-14"},
		{"20240514T1830", false, "2024-05-14T18:30:00Z"},
		{"Tue, 14 May 2024 18:30:00 GMT", false, "2024-05-14T18:30:00Z"},
		{"May 14, 2024", false, "2024-05-14"},
		{"Published on May 14th, 2024 by Ada Quill", false, "2024-05-14"},
		{"14 May 2024", false, "2024-05-14"},
		{"Dec 17, 2025Ada Quill", false, "2025-12-17"},
		{"5/14/2024", true, "2024-05-14"},
		{"4/5/2024", true, "2024-04-05"},
		{"4/5/2024", false, "2024-05-04"},
		{"14/5/2024", true, "2024-05-14"},
		{"06.01.2026", true, "2026-01-06"},
		{"Stand: 3. März 2024, 14:05 Uhr", false, "2024-03-03"},
		{"le 1er août 2024", false, "2024-08-01"},
		{"14 de mayo de 2024", false, "2024-05-14"},
		{"14 mai 2024", false, "2024-05-14"},
		{"14 maggio 2024", false, "2024-05-14"},
		{"5 de março de 2024", false, "2024-03-05"},
		{"14 mei 2024", false, "2024-05-14"},
		{"14 maja 2024", false, "2024-05-14"},
		{"10 lipca 2024", false, "2024-07-10"},
		{"14. května 2024", false, "2024-05-14"},
		{"3. července 2024", false, "2024-07-03"},
		{"3. června 2024", false, "2024-06-03"},
		{"14 мая 2024", false, "2024-05-14"},
		{"14 Mayıs 2024", false, "2024-05-14"},
		{"3 Ağustos 2024", false, "2024-08-03"},
		{"2024年5月14日", false, "2024-05-14"},
		{"2024년 5월 14일", false, "2024-05-14"},
		{"1715697000", false, "2024-05-14T14:30:00Z"},
		{"chapter 5, 2024", false, ""},
		{"31.02.2024", false, ""},
		{"call 555-1234", false, ""},
		{"", false, ""},
	}
	for _, test := range tests {
		f := format{monthFirst: test.us}
		got := ""
		if at, ok := f.parse(test.text); ok {
			got = at.Format(time.RFC3339)
			if len(test.want) == len(time.DateOnly) {
				got = at.Format(time.DateOnly)
			}
		}
		if got != test.want {
			t.Errorf("parse(%q) = %q, want %q", test.text, got, test.want)
		}
	}
}

func TestNames(t *testing.T) {
	site := siteNames{"the marlow mail"}
	tests := []struct {
		text string
		want []string
	}{
		{"Ada Quill", []string{"Ada Quill"}},
		{"By Ada Quill and Tom Reyes", []string{"Ada Quill", "Tom Reyes"}},
		{"By Ada Quill, Tom Reyes and Bo Chan", []string{"Ada Quill", "Tom Reyes", "Bo Chan"}},
		{"Ada Quill, Transport Reporter", []string{"Ada Quill"}},
		{"ADA QUILL | The Marlow Mail", []string{"ADA QUILL"}},
		{"Von Greta Ohlsen und Piet Harms", []string{"Greta Ohlsen", "Piet Harms"}},
		{"Par Léa Dumont et Hugo Blin", []string{"Léa Dumont", "Hugo Blin"}},
		{"Por María Soto y Juan de la Cruz", []string{"María Soto", "Juan de la Cruz"}},
		{"Ada Quill @adaquill", []string{"Ada Quill"}},
		{"Ada Quill (Reuters)", []string{"Ada Quill"}},
		{"Quill, Ada", []string{"Ada Quill"}},
		{"Rosa Lind, MD", []string{"Rosa Lind, MD"}},
		{"Center for Roads and Rivers", []string{"Center for Roads and Rivers"}},
		{"ByAda Quill", []string{"Ada Quill"}},
		{"AFP", []string{"AFP"}},
		{"山田 花子、鈴木 一郎", []string{"山田 花子", "鈴木 一郎"}},
		{"https://news.example/authors/7", nil},
		{"", nil},
	}
	for _, test := range tests {
		if diff := cmp.Diff(names([]string{test.text}, site), test.want); diff != "" {
			t.Errorf("names(%q): got -, want +:\n%s", test.text, diff)
		}
	}
}

func TestExtractIsDeterministic(t *testing.T) {
	files, err := filepath.Glob("testdata/pages/*.txtar")
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range files {
		raw, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		first, err := Extract(raw, "", nil)
		if err != nil {
			t.Fatal(err)
		}
		for range 20 {
			again, err := Extract(raw, "", nil)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(first, again); diff != "" {
				t.Fatalf("%s:\n%s", file, diff)
			}
		}
	}
}

func FuzzPage(f *testing.F) {
	files, err := filepath.Glob("testdata/pages/*.txtar")
	if err != nil {
		f.Fatal(err)
	}
	for _, file := range files {
		archive, err := txtar.ParseFile(file)
		if err != nil {
			f.Fatal(err)
		}
		for _, section := range archive.Files {
			if section.Name == "page.html" {
				f.Add(section.Data, "text/html")
			}
		}
	}
	for _, s := range []string{nest("div", 600), nest("table", 30), jsonld(`{"@type":["NewsArticle",7],"author":[1,[["x"]]]}`), "\x00<p>\xff", "<a", "<!--", "<svg><title>x</svg><p>"} {
		f.Add([]byte(s), "text/html; charset=shift_jis")
	}
	base, err := url.Parse("https://news.example/2024/05/14/a")
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, raw []byte, contentType string) {
		p, err := Extract(raw, contentType, base)
		if err != nil {
			return
		}
		for name, s := range map[string]string{"title": p.Title, "text": p.Text, "publisher": p.Publisher, "byline": strings.Join(p.Byline, "|"), "language": p.Language} {
			if !utf8.ValidString(s) {
				t.Errorf("%s is no UTF-8: %q", name, s)
			}
			if strings.ContainsRune(s, 0) {
				t.Errorf("%s has a NUL byte", name)
			}
		}
		for paragraph := range strings.SplitSeq(p.Text, "\n\n") {
			if strings.ContainsAny(paragraph, "\n\r\t") {
				t.Errorf("a paragraph has line ends: %q", paragraph)
			}
		}
		if got := len(strings.Fields(p.Text)); got != p.Words {
			t.Errorf("%d words counted, %d told", got, p.Words)
		}
	})
}
