package chat_test

import (
	"archive/zip"
	"bytes"
	"encoding/xml"
	"errors"
	"io"
	"path"
	"strings"
	"testing"
	"time"

	"onrecord/article"
	"onrecord/chat"
	"onrecord/chat/chattest"
	"onrecord/nlp"
	"onrecord/page/pagetest"
)

// A document is read by our own reader of Word documents, and has what the
// replies have.
func TestDocument(t *testing.T) {
	b := chattest.Sample()
	data := chat.Document(b, chat.View{Now: time.Now()})
	var r article.Reader
	defer r.Close()
	a, err := r.Read(t.Context(), article.FromBytes("briefing.docx", "", data))
	if err != nil {
		t.Fatal(err)
	}
	if a.Title != "VELLMAR, Ostrand" {
		t.Errorf("the title is %q", a.Title)
	}
	for _, want := range []string{
		"1. More than 300 ferry workers walked off the job early yesterday [Mon 15 May] at the port of Vellmar",
		"Worth checking\n", "Who said what\n", "Facts\n", "Ilse Varga, head of the dock workers’ union",
		"“We will not take one more boat out until the pay is settled,”", "Why: a figure that only one side gives; the dispute turns on it",
		"Ask Harrow Lines for the number of contracts signed", "Believed, hoped, feared or found, not said",
	} {
		if !strings.Contains(a.Text, want) {
			t.Errorf("%q is missing in:\n%s", want, a.Text)
		}
	}
	if again := chat.Document(b, chat.View{Now: time.Now()}); !bytes.Equal(data, again) {
		t.Error("the same briefing gives other bytes")
	}
	parts(t, data)
}

// Words of strangers stay text: every part is well-formed, links lead to pages
// only.
func TestDocumentOfHostileWords(t *testing.T) {
	b := pagetest.Hostile()
	whole := nlp.Span{End: len(b.Article.Text)}
	for i := range b.Analysis.Claims {
		b.Analysis.Claims[i].Span = whole // chat shows no claims that stand nowhere
	}
	b.Analysis.Engine.Version = "]]>\x00<w:p>"
	data := chat.Document(b, chat.View{})
	for name, text := range parts(t, data) {
		if strings.Contains(text, "<script") || strings.Contains(text, "javascript:") && strings.HasSuffix(name, ".rels") || strings.ContainsAny(text, "\x00\u202e\u2066") {
			t.Errorf("%s holds:\n%s", name, text)
		}
	}
}

// parts reads an archive, and checks that its parts are well-formed and that
// every relation that is used is there.
func parts(t *testing.T, data []byte) map[string]string {
	t.Helper()
	z, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		t.Fatal(err)
	}
	all := map[string]string{}
	for _, f := range z.File {
		r, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		text, err := io.ReadAll(r)
		if err != nil {
			t.Fatal(err)
		}
		all[f.Name] = string(text)
		dec := xml.NewDecoder(bytes.NewReader(text))
		for {
			token, err := dec.Token()
			if errors.Is(err, io.EOF) {
				break
			}
			if err != nil {
				t.Fatalf("%s is not well-formed: %v", f.Name, err)
			}
			start, ok := token.(xml.StartElement)
			for _, a := range start.Attr {
				switch {
				case ok && start.Name.Local == "hyperlink" && a.Name.Local == "id":
					if !strings.Contains(all["word/_rels/document.xml.rels"], `Id="`+a.Value+`"`) {
						t.Errorf("no relation %s", a.Value)
					}
				case ok && start.Name.Local == "pStyle" && a.Name.Local == "val":
					if !strings.Contains(all["word/styles.xml"], `w:styleId="`+a.Value+`"`) {
						t.Errorf("no style %s", a.Value)
					}
				case ok && start.Name.Local == "Override" && a.Name.Local == "PartName":
					if path.Ext(a.Value) != ".xml" {
						t.Errorf("a part %s", a.Value)
					}
				}
			}
		}
	}
	for _, name := range []string{"[Content_Types].xml", "_rels/.rels", "word/document.xml", "word/styles.xml", "docProps/core.xml"} {
		if all[name] == "" {
			t.Errorf("no part %s", name)
		}
	}
	return all
}
