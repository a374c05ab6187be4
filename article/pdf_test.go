package article

import (
	"bytes"
	"compress/zlib"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/text/encoding/charmap"
)

// printed is a line of a page made for a test, set in Helvetica.
type printed struct {
	x, y, size float64
	text       string
}

// makePDF writes a file of such pages. The info dictionary is given as it
// stands in the file.
func makePDF(t testing.TB, info string, pages ...[]printed) []byte {
	t.Helper()
	var objects []string
	add := func(s string) int { objects = append(objects, s); return len(objects) }
	add("<< /Type /Catalog /Pages 2 0 R >>")
	add("") // the pages, when they are known
	add("<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>")
	add("<< " + info + " >>")
	var kids []string
	for _, lines := range pages {
		var b strings.Builder
		for _, l := range lines {
			text, err := charmap.Windows1252.NewEncoder().String(l.text)
			if err != nil {
				t.Fatal(err)
			}
			text = strings.NewReplacer(`\`, `\\`, `(`, `\(`, `)`, `\)`).Replace(text)
			fmt.Fprintf(&b, "BT /F1 %g Tf %g %g Td (%s) Tj ET\n", l.size, l.x, l.y, text)
		}
		stream := add(fmt.Sprintf("<< /Length %d >>\nstream\n%s\nendstream", b.Len(), b.String()))
		kid := add(fmt.Sprintf("<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Resources << /Font << /F1 3 0 R >> >> /Contents %d 0 R >>", stream))
		kids = append(kids, fmt.Sprintf("%d 0 R", kid))
	}
	objects[1] = fmt.Sprintf("<< /Type /Pages /Kids [%s] /Count %d >>", strings.Join(kids, " "), len(kids))
	return assemble(objects, "/Root 1 0 R /Info 4 0 R")
}

func assemble(objects []string, trailer string) []byte {
	var b bytes.Buffer
	b.WriteString("%PDF-1.7\n%\xe2\xe3\xcf\xd3\n")
	offsets := make([]int, 0, len(objects))
	for i, o := range objects {
		offsets = append(offsets, b.Len())
		fmt.Fprintf(&b, "%d 0 obj\n%s\nendobj\n", i+1, o)
	}
	start := b.Len()
	fmt.Fprintf(&b, "xref\n0 %d\n0000000000 65535 f \n", len(objects)+1)
	for _, at := range offsets {
		fmt.Fprintf(&b, "%010d 00000 n \n", at)
	}
	fmt.Fprintf(&b, "trailer\n<< /Size %d %s >>\nstartxref\n%d\n%%%%EOF\n", len(objects)+1, trailer, start)
	return b.Bytes()
}

// pdfReader shares the compiled engine between runs where there is a place for
// it: compiling takes seconds.
func pdfReader(t *testing.T) *Reader {
	t.Helper()
	if testing.Short() {
		t.Skip("loading the PDF engine takes seconds")
	}
	if raced {
		t.Skip("under the race detector, which cannot see into the engine anyway, loading it takes minutes")
	}
	dir, err := os.UserCacheDir()
	if err != nil {
		dir = t.TempDir()
	}
	r := &Reader{CacheDir: filepath.Join(dir, "onrecord", "pdf-test"), Now: func() time.Time { return now }}
	t.Cleanup(func() {
		if err := r.Close(); err != nil {
			t.Error(err)
		}
	})
	return r
}

func TestReadPDF(t *testing.T) {
	r := pdfReader(t)
	started := 0
	r.Progress = func(string) { started++ }

	page := func(n int, lines ...printed) []printed {
		all := []printed{{72, 800, 9, "The Lanner Lantern"}, {400, 800, 9, "March 2026"}}
		all = append(all, lines...)
		return append(all, printed{280, 30, 9, fmt.Sprintf("Page %d of 2", n)})
	}
	story := makePDF(t, "/Title (Ferry runs again) /Author (Mara Quill) /CreationDate (D:20260305114500+01'00')",
		page(
			1,
			printed{72, 740, 22, "Ferry runs again"},
			printed{72, 715, 10, "By Mara Quill"},
			printed{72, 680, 11, "The ferry between Port Lanner and the northern shore is to run again from Monday, its"},
			printed{72, 666, 11, "owners said on Thursday. It had stopped in August after a fire in the engine room, which no-"},
			printed{72, 652, 11, "body was hurt in. The long-term plan is to buy a second one, the owners said, if the county"},
			printed{72, 638, 11, "pays half."},
			printed{84, 624, 11, "“We are glad that the waiting is over,” said Mara Quill, who runs the harbour café. The"},
			printed{72, 610, 11, "county has not answered. It pays for the road over the pass, which is closed for weeks in a"},
		),
		page(
			2,
			printed{72, 740, 11, "normal winter."},
			printed{72, 716, 11, "A study puts the damage at 1.2 million crowns, most of it lost trade."},
		))
	a, err := r.Read(t.Context(), FromBytes("ferry.pdf", "application/pdf", story))
	if err != nil {
		t.Fatal(err)
	}
	want := strings.Join([]string{
		"Ferry runs again",
		"By Mara Quill",
		"The ferry between Port Lanner and the northern shore is to run again from Monday, its owners said on Thursday. " +
			"It had stopped in August after a fire in the engine room, which nobody was hurt in. " +
			"The long-term plan is to buy a second one, the owners said, if the county pays half.",
		"“We are glad that the waiting is over,” said Mara Quill, who runs the harbour café. The county has not answered. " +
			"It pays for the road over the pass, which is closed for weeks in a normal winter.",
		"A study puts the damage at 1.2 million crowns, most of it lost trade.",
	}, "\n\n")
	if d := cmp.Diff(a.Text, want); d != "" {
		t.Errorf("got -, want +\n%s", d)
	}
	if a.Title != "Ferry runs again" || len(a.Byline) != 1 || a.Byline[0] != "Mara Quill" || a.Published.Format(time.DateOnly) != "2026-03-05" {
		t.Errorf("got %q %q %s", a.Title, a.Byline, a.Published)
	}
	if !strings.HasPrefix(a.Text[a.Body:], "The ferry") {
		t.Errorf("story begins at %.30q", a.Text[a.Body:])
	}
	if started == 0 {
		t.Error("no progress shown while the engine started")
	}
	checkArticle(t, a)

	bomb := bombPDF(t)
	t.Run("bad", func(t *testing.T) { badPDFs(t, r, story, bomb) })
	t.Run("time", func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		if _, err := r.Read(ctx, FromBytes("ferry.pdf", "", story)); !errors.Is(err, context.Canceled) {
			t.Errorf("got %v", err)
		}
	})
	t.Run("slow", func(t *testing.T) {
		r.pdfs.Timeout = time.Nanosecond
		defer func() { r.pdfs.Timeout = 0 }()
		_, err := r.Read(t.Context(), FromBytes("ferry.pdf", "", story))
		checkError(t, err, ErrBroken)
		r.pdfs.Timeout = 300 * time.Millisecond // in the middle of the work
		start := time.Now()
		_, err = r.Read(t.Context(), FromBytes("bomb.pdf", "", bomb))
		checkError(t, err, ErrBroken)
		if took := time.Since(start); took > 15*time.Second {
			t.Errorf("took %s", took)
		}
	})
	t.Run("after all that", func(t *testing.T) {
		again, err := r.Read(t.Context(), FromBytes("ferry.pdf", "", story))
		if err != nil || again.SHA256 != a.SHA256 {
			t.Errorf("got %v, %v", again, err)
		}
	})
}

// onePage is a file of one page with the stream as its content.
func onePage(content string) []byte {
	return assemble([]string{
		"<< /Type /Catalog /Pages 2 0 R >>", "<< /Type /Pages /Kids [4 0 R] /Count 1 >>", content,
		"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 3 0 R >>",
	}, "/Root 1 0 R")
}

// bombPDF is a small file with a page that unpacks to 400 MB.
func bombPDF(t *testing.T) []byte {
	t.Helper()
	var packed bytes.Buffer
	z := zlib.NewWriter(&packed)
	piece := bytes.Repeat([]byte("BT "), 1<<20/3)
	for range 400 {
		if _, err := z.Write(piece); err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return onePage(fmt.Sprintf("<< /Length %d /Filter /FlateDecode >>\nstream\n%s\nendstream", packed.Len(), packed.String()))
}

// badPDFs are broken on purpose. Each is refused with a sentence, in bounded
// time, and leaves the engine fit for the next.
func badPDFs(t *testing.T, r *Reader, good, bomb []byte) {
	tests := []struct {
		name string
		data []byte
		want error
	}{
		{"scan", makePDF(t, "", nil, nil), ErrScan},
		{"scan with a stamp", makePDF(t, "", []printed{{72, 40, 9, "Scanned 3"}}), ErrScan},
		{"header only", []byte("%PDF-1.7\n"), ErrBroken},
		{"junk", append([]byte("%PDF-1.7\n"), bytes.Repeat([]byte{0, 255, 13, 37}, 5000)...), ErrBroken},
		{"no pages", makePDF(t, ""), ErrBroken},
		{"cut", good[:len(good)/4], ErrBroken},
		{"objects that point at themselves", assemble([]string{"<< /Type /Catalog /Pages 2 0 R >>", "<< /Type /Pages /Kids [2 0 R 2 0 R] /Count 1000000 >>"}, "/Root 1 0 R"), ErrBroken},
		{"no catalogue", assemble([]string{"1 0 R"}, "/Root 1 0 R"), ErrBroken},
		{"nested arrays", onePage("<< /Length 400000 >>\nstream\n" + strings.Repeat("[", 400_000) + "\nendstream"), ErrScan},
		{"nested objects", assemble([]string{"<< /Type /Catalog /Pages 2 0 R >>", strings.Repeat("[", 200_000)}, "/Root 1 0 R"), ErrBroken},
		{"bomb", bomb, ErrBroken},
		{"encrypted", assemble([]string{
			"<< /Type /Catalog /Pages 2 0 R >>", "<< /Type /Pages /Kids [] /Count 0 >>",
			"<< /Filter /Standard /V 2 /R 3 /Length 128 /P -44 /O (" + strings.Repeat("o", 32) + ") /U (" + strings.Repeat("u", 32) + ") >>",
		}, "/Root 1 0 R /Encrypt 3 0 R /ID [(0123456789abcdef) (0123456789abcdef)]"), ErrEncrypted},
		{"sealed by an unknown lock", assemble([]string{
			"<< /Type /Catalog /Pages 2 0 R >>", "<< /Type /Pages /Kids [] /Count 0 >>", "<< /Filter /Other /V 9 >>",
		}, "/Root 1 0 R /Encrypt 3 0 R /ID [(a) (b)]"), ErrEncrypted},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			start := time.Now()
			_, err := r.Read(t.Context(), FromBytes("a.pdf", "", tt.data))
			took := time.Since(start)
			t.Logf("%s, %v", took, err)
			if took > 30*time.Second {
				t.Errorf("took %s", took)
			}
			checkError(t, err, tt.want)
		})
	}
}
