package page

import (
	"encoding/json"
	"os"
	"path/filepath"
	"testing"

	"golang.org/x/net/html/atom"
)

func TestCand(t *testing.T) {
	if os.Getenv("CAND") == "" {
		t.Skip()
	}
	dir, all := readGold(t)
	out, _ := os.Create(os.Getenv("CAND"))
	defer out.Close()
	enc := json.NewEncoder(out)
	for _, g := range all {
		if g.Truth.Title == "" {
			continue
		}
		text, _ := decode(readPage(t, filepath.Join(dir, g.File)), "")
		doc := parse(text)
		m := readMeta(doc)
		data := readStructured(doc, m)
		p := read(doc, nil)
		l := cut(doc.root)
		var h1 []string
		for _, k := range l.blocks {
			if k.tag == atom.H1 {
				h1 = append(h1, k.text)
			}
		}
		tb := ""
		if i := l.titleBlock(p.Title); i >= 0 {
			tb = l.blocks[i].text
		}
		enc.Encode(map[string]any{"id": g.ID, "truth": g.Truth.Title, "ld": data.Headline, "og": m.get("og:title"), "tw": m.get("twitter:title"), "t": m.title, "h1": h1, "tb": tb, "alt": data.Alternative, "site": p.Publisher})
	}
}
