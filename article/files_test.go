package article

import (
	"archive/zip"
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/unicode"
)

func TestReadFiles(t *testing.T) {
	utf16le, err := unicode.UTF16(unicode.LittleEndian, unicode.UseBOM).NewEncoder().String(prose)
	if err != nil {
		t.Fatal(err)
	}
	utf16bare, err := unicode.UTF16(unicode.BigEndian, unicode.IgnoreBOM).NewEncoder().String(prose)
	if err != nil {
		t.Fatal(err)
	}
	western, err := charmap.Windows1252.NewEncoder().String(prose)
	if err != nil {
		t.Fatal(err)
	}
	const rtl = "قال المسؤولون إن العبّارة بين المدينتين ستعود إلى العمل يوم الاثنين بعد توقف دام سبعة أشهر 🚢🎉."
	tests := []struct {
		name, file, contentType string
		data                    string
		text                    string // "" when it is not compared
		want                    error
	}{
		{"text", "a.txt", "", prose, prose, nil},
		{"line ends stay", "a.txt", "", "Ferry runs\r\n\r\n" + prose + "\r\n", "Ferry runs\r\n\r\n" + prose + "\r\n", nil},
		{"byte order mark", "a.txt", "", "\ufeff" + prose, prose, nil},
		{"UTF-16", "a.txt", "", utf16le, prose, nil},
		{"UTF-16 without a mark", "a.txt", "", utf16bare, prose, nil},
		{"windows-1252", "a.txt", "", western, prose, nil},
		{"mislabelled", "a.txt", "text/plain; charset=iso-8859-1", prose, prose, nil},
		{"standard input", "", "", prose, prose, nil},
		{"page on standard input", "", "", webpage, "", nil},
		{"page", "a.html", "", webpage, "", nil},
		{"page by type", "", "text/html", webpage, "", nil},
		{"markdown", "a.md", "", "---\ntitle: Ferry runs\n---\n\n" + prose, prose, nil},
		{"right to left", "a.txt", "", rtl, rtl, nil},
		{"no punctuation", "a.txt", "", strings.Repeat("the ferry runs again ", 20), "", nil},
		{"unbalanced marks", "a.txt", "", "“" + prose + " \"" + prose, "", nil},
		{"a line of a million letters", "a.txt", "", strings.Repeat("x", 1_000_000), "", ErrNearEmpty},
		{"a line of a million characters", "a.txt", "", strings.Repeat("ferry run ", 100_000), "", nil},
		{"nested page", "a.html", "", "<html><body>" + strings.Repeat("<div>", 100_000) + "<p>" + prose + "</p>", "", nil},
		{"structured data of a wrong type", "a.html", "", strings.Replace(webpage, "<body>", `<body><script type="application/ld+json">{"@type":"NewsArticle","headline":{"a":[1]},"author":7,"datePublished":[[]],"publisher":"x","articleBody":null}</script>`, 1), "", nil},

		{"empty", "a.txt", "", "", "", ErrEmpty},
		{"blank", "a.txt", "", " \n\t\n", "", ErrEmpty},
		{"too short", "a.txt", "", "The ferry runs.", "", ErrNearEmpty},
		{"NUL bytes", "a.txt", "", prose[:50] + "\x00\x00" + prose[50:], "", ErrBinary},
		{"junk", "a.txt", "", "\x7fELF\x02\x01\x01\x00\x00\x00" + strings.Repeat("\x13\x37\x00", 100), "", ErrBinary},
		{"junk without NUL", "", "", strings.Repeat("\x81\x13\x7f\x02 a", 100), "", ErrBinary},
		{"50 MB", "a.txt", "", strings.Repeat("ferries ", 50<<17), "", ErrTooLarge},
		{"5 MB of text", "a.txt", "", strings.Repeat("ferries ", 5<<17), "", ErrTooLong},
		{"picture", "a.jpg", "", "\xff\xd8\xff\xe0" + prose, "", ErrType},
		{"old Word", "a.doc", "", "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + prose, "", ErrType},
		{"RTF", "a.rtf", "", `{\rtf1\ansi ` + prose + "}", "", ErrType},
		{"spreadsheet", "a.xlsx", "", zipOf(t, "xl/workbook.xml", "<x/>"), "", ErrType},
		{"slides", "a.pptx", "", zipOf(t, "ppt/presentation.xml", "<x/>"), "", ErrType},
		{"OpenDocument", "a.odt", "", zipOf(t, "content.xml", "<x/>"), "", ErrType},
		{"e-book", "a.epub", "", zipOf(t, "META-INF/container.xml", "<x/>"), "", ErrType},
		{"archive", "a.zip", "", zipOf(t, "a.txt", prose), "", ErrType},
		{"cut archive", "a.docx", "", zipOf(t, "word/document.xml", "<x/>")[:40], "", ErrBroken},
		{"Word without its document", "a.docx", "", zipOf(t, "other.xml", "<x/>"), "", ErrBroken},
		{"Word that is text", "a.docx", "", prose, "", ErrBroken},
		{"encrypted Word", "a.docx", "", "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + strings.Repeat("\x00", 512) + string(utf16("EncryptedPackage")), "", ErrEncrypted},
		{"Word bomb", "a.docx", "", zipOf(t, "word/document.xml", "<w:document><w:body><w:p><w:r><w:t>"+strings.Repeat("boom", 11<<20)), "", ErrTooLarge},
		{"PDF that is text", "a.pdf", "", prose, "", ErrBroken},
	}
	r := &Reader{Now: func() time.Time { return now }}
	defer r.Close()
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			start := time.Now()
			a, err := r.Read(t.Context(), FromBytes(tt.file, tt.contentType, []byte(tt.data)))
			if took := time.Since(start); took > 30*time.Second {
				t.Errorf("took %s", took)
			}
			if tt.want != nil {
				checkError(t, err, tt.want)
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			if tt.text != "" && a.Text != tt.text {
				t.Errorf("got %.80q, want %.80q", a.Text, tt.text)
			}
			checkArticle(t, a)
		})
	}
}

// checkArticle holds what is true of every Article.
func checkArticle(t *testing.T, a *Article) {
	t.Helper()
	if !utf8.ValidString(a.Text) {
		t.Error("text is not UTF-8")
	}
	if a.Body < 0 || a.Body >= len(a.Text) || !utf8.RuneStart(a.Text[a.Body]) {
		t.Errorf("body at %d of %d", a.Body, len(a.Text))
	}
	h := sha256.Sum256([]byte(a.Text))
	if a.SHA256 != hex.EncodeToString(h[:]) {
		t.Error("the hash is of another text")
	}
}

func zipOf(t *testing.T, pairs ...string) string {
	t.Helper()
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	for i := 0; i < len(pairs); i += 2 {
		f, err := w.Create(pairs[i])
		if err != nil {
			t.Fatal(err)
		}
		if _, err := f.Write([]byte(pairs[i+1])); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// The address that a saved page gives itself is taken when it is a whole one
// of the web and no front page.
func TestSavedPageAddress(t *testing.T) {
	r := &Reader{Now: func() time.Time { return now }}
	defer r.Close()
	const here = `<link rel="canonical" href="/2026/03/ferry">`
	for _, tt := range []struct{ head, want string }{
		{`<link rel="canonical" href="https://example.com/2026/03/ferry#top">`, "https://example.com/2026/03/ferry"},
		{`<meta property="og:url" content="http://example.com/2026/03/ferry">`, "http://example.com/2026/03/ferry"},
		{`<meta property="og:url" content="https://example.com/a">` + here, "https://example.com/a"},
		{here, ""},
		{`<link rel="canonical" href="https://example.com/">`, ""},
		{`<link rel="canonical" href="file:///etc/passwd">`, ""},
		{`<link rel="canonical" href="javascript:alert(1)">`, ""},
		{`<link rel="canonical" href="https://mara:secret@example.com/a">`, ""},
		{"", ""},
	} {
		data := "<!doctype html><html><head>" + tt.head + "<title>Ferry runs again</title></head><body><article><h1>Ferry runs again</h1><p>" +
			strings.ReplaceAll(prose, "\n\n", "</p><p>") + "</p></article></body></html>"
		a, err := r.Read(t.Context(), FromBytes("saved.html", "text/html", []byte(data)))
		if err != nil {
			t.Fatal(err)
		}
		if a.URL != tt.want {
			t.Errorf("%s: got %q, want %q", tt.head, a.URL, tt.want)
		}
	}
}

func TestCountWords(t *testing.T) {
	for _, tt := range []struct {
		text string
		want int
	}{
		{"", 0},
		{"The 3-year-old ferry – it had stopped – runs.", 9},
		{"It cost $2.9 million,\n\nor 12%.", 6},
		{"قال المسؤولون إن العبّارة ستعود", 5},
		{"渡轮再次启航。", 6},
		{"The ferry 渡轮 runs.", 5},
	} {
		if got := countWords(tt.text); got != tt.want {
			t.Errorf("%q: got %d, want %d", tt.text, got, tt.want)
		}
	}
}

func TestOverrides(t *testing.T) {
	r := &Reader{Now: func() time.Time { return now }}
	defer r.Close()
	src := FromText("date 2020-01-21 AP, PORT LANNER, Wexmoor\n\n" + prose)
	a, err := r.Read(t.Context(), src)
	if err != nil {
		t.Fatal(err)
	}
	if got := a.Published.Format(time.DateOnly); got != "2020-01-21" || a.Dateline.Agency != "AP" || a.Dateline.Place != "PORT LANNER, Wexmoor" {
		t.Errorf("got %s %+v", got, a.Dateline)
	}
	if a.Text[a.Body:] != prose {
		t.Errorf("story begins at %.40q", a.Text[a.Body:])
	}
	src.Title, src.URL, src.Date = "Ferry runs", "https://example.com/ferry", time.Date(2020, 2, 1, 0, 0, 0, 0, time.UTC)
	if a, err = r.Read(t.Context(), src); err != nil {
		t.Fatal(err)
	}
	if a.Title != "Ferry runs" || a.URL != "https://example.com/ferry" || !a.Published.Equal(src.Date) {
		t.Errorf("got %+v", a)
	}
	if !src.Private || !FromBytes("a", "", nil).Private || link(t, "example.com").Private {
		t.Error("files and text are private, links are not")
	}
}

// Verbatim text is the article whatever it looks like.
func TestVerbatim(t *testing.T) {
	r := &Reader{}
	defer r.Close()
	for _, text := range []string{"No.", "%PDF-1.7 is how files begin.", "<html> is a tag", "\r\n a \ufeff b\r", "\ufeffFerry"} {
		src := FromText(text)
		src.Verbatim = true
		a, err := r.Read(t.Context(), src)
		if err != nil {
			t.Errorf("%q: %v", text, err)
			continue
		}
		if a.Text != text {
			t.Errorf("%q became %q", text, a.Text)
		}
	}
}

func TestSentences(t *testing.T) {
	kinds := []Kind{
		ErrBadLink, ErrScheme, ErrPort, ErrUserInfo, ErrBlocked, ErrCloudDocument, ErrVideo, ErrSocial, ErrDNS, ErrTLS,
		ErrUnreachable, ErrSlow, ErrRedirects, ErrNotFound, ErrForbidden, ErrBusy, ErrStatus, ErrPaywall, ErrCookieWall,
		ErrLogin, ErrScript, ErrNotArticle, ErrEmpty, ErrNearEmpty, ErrTooLarge, ErrTooLong, ErrBinary, ErrType, ErrScan,
		ErrEncrypted, ErrBroken, ErrEngine,
	}
	seen := map[string]Kind{}
	for _, k := range kinds {
		bare := (&Error{Kind: k}).Sentence()
		if other := seen[bare]; other != "" {
			t.Errorf("%q and %q say the same", k, other)
		}
		seen[bare] = k
		checkError(t, &Error{Kind: k, Where: "example.com", What: "HTTP 500", Err: errors.New("cause")}, k)
		if !strings.Contains(bare, "paste") && !strings.Contains(bare, "link the") && !strings.Contains(bare, "drop") {
			t.Errorf("%q does not say what to do: %s", k, bare)
		}
	}
}

func FuzzText(f *testing.F) {
	for _, s := range []string{prose, "\xff\xfea\x00b\x00", "\xef\xbb\xbfx", "caf\xe9 " + prose, "a\x00b", "\x81\x8d", "PK\x03\x04", "%PDF-", "<html>", "{\\rtf"} {
		f.Add([]byte(s), "text/plain; charset=utf-16", "a.txt")
	}
	r := &Reader{MaxBytes: 1 << 20}
	f.Fuzz(func(t *testing.T, data []byte, contentType, name string) {
		if bytes.Contains(data, []byte("%PDF-")) {
			t.Skip("the PDF engine has its own tests")
		}
		a, err := r.Read(t.Context(), FromBytes(name, contentType, data))
		var e *Error
		switch {
		case err == nil:
			checkArticle(t, a)
		case !errors.As(err, &e) || e.Sentence() == "":
			t.Fatalf("got %v", err)
		}
	})
}
