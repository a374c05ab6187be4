package docx

import (
	"archive/zip"
	"bytes"
	"errors"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
)

const limit = 4 << 20

// pack makes a file of named parts, in this order.
func pack(t testing.TB, parts ...string) []byte {
	t.Helper()
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	for i := 0; i < len(parts); i += 2 {
		f, err := w.Create(parts[i])
		if err != nil {
			t.Fatal(err)
		}
		if _, err := f.Write([]byte(parts[i+1])); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func document(body string) string {
	return `<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"><w:body>` +
		body + `<w:sectPr><w:headerReference/></w:sectPr></w:body></w:document>`
}

func para(runs ...string) string {
	var b strings.Builder
	b.WriteString("<w:p>")
	for _, r := range runs {
		b.WriteString("<w:r><w:t xml:space=\"preserve\">" + r + "</w:t></w:r>")
	}
	b.WriteString("</w:p>")
	return b.String()
}

const core = `<?xml version="1.0"?><cp:coreProperties xmlns:cp="c" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:dcterms="http://purl.org/dc/terms/">
<dc:title>Ferry  runs again</dc:title><dc:creator>Mara Quill</dc:creator><dcterms:created>2026-03-05T10:00:00Z</dcterms:created></cp:coreProperties>`

func TestRead(t *testing.T) {
	tests := []struct{ name, body, want string }{
		{"paragraphs", para("The ferry ", "runs.") + para() + para("It does."), "The ferry runs.\n\nIt does."},
		{"entities", para("Quill &amp; Ashe &lt;both&gt; &#8220;said&#8221;"), "Quill & Ashe <both> “said”"},
		{"white space", para("  The\u00a0ferry\n  runs "), "The ferry runs"},
		{"deleted and inserted", `<w:p><w:r><w:t>It </w:t></w:r><w:del><w:r><w:delText>sank</w:delText><w:t>sank</w:t></w:r></w:del><w:ins><w:r><w:t>runs</w:t></w:r></w:ins></w:p>`, "It runs"},
		{"moved", `<w:p><w:moveFrom><w:r><w:t>here</w:t></w:r></w:moveFrom><w:moveTo><w:r><w:t>there</w:t></w:r></w:moveTo></w:p>`, "there"},
		{"footnote", `<w:p><w:r><w:t>It runs</w:t></w:r><w:r><w:footnoteReference w:id="2"/></w:r><w:r><w:t>.</w:t></w:r></w:p>`, "It runs."},
		{"field", `<w:p><w:r><w:instrText>HYPERLINK "x"</w:instrText></w:r><w:hyperlink><w:r><w:t>a link</w:t></w:r></w:hyperlink></w:p>`, "a link"},
		{"hidden", `<w:p><w:r><w:rPr><w:vanish/></w:rPr><w:t>secret</w:t></w:r><w:r><w:rPr><w:vanish w:val="0"/></w:rPr><w:t>shown</w:t></w:r></w:p>`, "shown"},
		{"line break", `<w:p><w:r><w:t>one</w:t><w:br/><w:t>two</w:t><w:br/><w:br/><w:t>three</w:t></w:r></w:p>`, "one\ntwo\n\nthree"},
		{"tab", `<w:p><w:pPr><w:tabs><w:tab w:val="left"/></w:tabs></w:pPr><w:r><w:t>one</w:t><w:tab/><w:t>two</w:t></w:r></w:p>`, "one two"},
		{"table", `<w:tbl><w:tblPr/><w:tr><w:tc>` + para("Town") + `</w:tc><w:tc>` + para("People") + para("2026") + `</w:tc></w:tr><w:tr><w:tc>` + para("Lanner") + `</w:tc><w:tc>` + para("12,000") + `</w:tc></w:tr></w:tbl>` + para("After."), "Town\tPeople 2026\n\nLanner\t12,000\n\nAfter."},
		{"table in a table", `<w:tbl><w:tr><w:tc>` + para("a") + `<w:tbl><w:tr><w:tc>` + para("b") + `</w:tc></w:tr></w:tbl>` + para("c") + `</w:tc><w:tc>` + para("d") + `</w:tc></w:tr></w:tbl>`, "a b c\td"},
		{"drawing told twice", `<w:p><w:r><mc:AlternateContent><mc:Choice><w:t>box</w:t></mc:Choice><mc:Fallback><w:t>box</w:t></mc:Fallback></mc:AlternateContent></w:r></w:p>`, "box"},
		{"content control", `<w:sdt><w:sdtPr><w:alias w:val="x"/></w:sdtPr><w:sdtContent>` + para("inside") + `</w:sdtContent></w:sdt>`, "inside"},
	}
	for _, tt := range tests {
		doc, err := Read(pack(t, "word/document.xml", document(tt.body)), limit)
		if err != nil {
			t.Errorf("%s: %v", tt.name, err)
			continue
		}
		if d := cmp.Diff(doc.Text, tt.want); d != "" {
			t.Errorf("%s: got -, want +\n%s", tt.name, d)
		}
	}
}

func TestProperties(t *testing.T) {
	body := `<w:p><w:pPr><w:pStyle w:val="Title"/></w:pPr><w:r><w:t>Ferry runs, at last</w:t></w:r></w:p>` + para("It does.")
	got, err := Read(pack(t, "word/document.xml", document(body), "docProps/core.xml", core), limit)
	if err != nil {
		t.Fatal(err)
	}
	want := &Document{
		Title: "Ferry runs, at last", Author: "Mara Quill", Created: time.Date(2026, 3, 5, 10, 0, 0, 0, time.UTC),
		Text: "Ferry runs, at last\n\nIt does.",
	}
	if d := cmp.Diff(got, want); d != "" {
		t.Errorf("got -, want +\n%s", d)
	}
	got, err = Read(pack(t, "word/document.xml", document(para("It does.")), "docProps/core.xml", core), limit)
	if err != nil || got.Title != "Ferry runs again" {
		t.Errorf("got %+v, %v", got, err)
	}
}

// The package may keep its main part anywhere.
func TestRelations(t *testing.T) {
	rels := `<Relationships xmlns="r"><Relationship Type="http://x/officeDocument" Target="/story/main.xml"/></Relationships>`
	got, err := Read(pack(t, "_rels/.rels", rels, "story/main.xml", document(para("It runs."))), limit)
	if err != nil || got.Text != "It runs." {
		t.Errorf("got %+v, %v", got, err)
	}
}

func TestBad(t *testing.T) {
	entries := make([]string, 0, 2*(maxEntries+1))
	for range maxEntries + 1 {
		entries = append(entries, "x", "")
	}
	whole := pack(t, "word/document.xml", document(para("It runs.")))
	tests := []struct {
		name string
		data []byte
		want error
	}{
		{"nothing", nil, ErrBroken},
		{"no archive", []byte("PK\x03\x04 is how they begin"), ErrBroken},
		{"cut", whole[:len(whole)/2], ErrBroken},
		{"no document", pack(t, "a.xml", "<a/>"), ErrBroken},
		{"empty document", pack(t, "word/document.xml", ""), ErrBroken},
		{"cut document", pack(t, "word/document.xml", document(para("It runs."))[:300]), ErrBroken},
		{"no XML", pack(t, "word/document.xml", "The ferry runs."), ErrBroken},
		{"crossed elements", pack(t, "word/document.xml", "<a><body></a></body>"), ErrBroken},
		{"too deep", pack(t, "word/document.xml", "<body>"+strings.Repeat("<p>", 100_000)), ErrBroken},
		{"skipped too deep", pack(t, "word/document.xml", "<body><del>"+strings.Repeat("<p>", 100_000)), ErrBroken},
		{"entities that grow", pack(t, "word/document.xml", `<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><body><p><r><t>&b;</t></r></p></body>`), ErrBroken},
		{"bomb", pack(t, "word/document.xml", document(strings.Repeat(para("boom"), 1<<17))), ErrTooLarge},
		{"bomb of properties", pack(t, "word/document.xml", document(para("It runs.")), "docProps/core.xml", "<x>"+strings.Repeat("boom", 2<<20)+"</x>"), ErrTooLarge},
		{"entries", pack(t, entries...), ErrTooLarge},
	}
	for _, tt := range tests {
		if _, err := Read(tt.data, limit); !errors.Is(err, tt.want) {
			t.Errorf("%s: got %v, want %v", tt.name, err, tt.want)
		}
	}
}

// An archive that lies about the size of a part is not believed.
func TestLyingSize(t *testing.T) {
	data := pack(t, "word/document.xml", document(strings.Repeat(para("boom"), 1<<17)))
	// The uncompressed size stands at offset 24 of the central directory entry.
	at := bytes.LastIndex(data, []byte("PK\x01\x02"))
	copy(data[at+24:], []byte{10, 0, 0, 0})
	if _, err := Read(data, limit); err == nil {
		t.Error("a lying archive was read")
	}
}

func FuzzDOCX(f *testing.F) {
	f.Add([]byte(document(para("The ferry ", "runs."))), []byte(core))
	f.Add([]byte("<body><tbl><tr><tc><p><r><t>x</t></r></p></tc></tr></tbl></body>"), []byte("<x"))
	f.Add([]byte("<body><p><pPr><pStyle val='Title'/></pPr><r><t>x</t><br/><tab/></r></p></body>"), []byte(""))
	f.Fuzz(func(t *testing.T, main, props []byte) {
		doc, err := Read(pack(t, "word/document.xml", string(main), "docProps/core.xml", string(props)), limit)
		if err != nil {
			if !errors.Is(err, ErrBroken) && !errors.Is(err, ErrTooLarge) {
				t.Fatal(err)
			}
			return
		}
		if !utf8.ValidString(doc.Text) {
			t.Fatalf("not UTF-8: %q", doc.Text)
		}
	})
}
