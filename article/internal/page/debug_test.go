package page

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestDebug(t *testing.T) {
	id := os.Getenv("PAGE_ID")
	if id == "" {
		t.Skip()
	}
	dir, all := readGold(t)
	for _, g := range all {
		if !strings.HasPrefix(g.ID, id) {
			continue
		}
		text, _ := decode(readPage(t, filepath.Join(dir, g.File)), "")
		doc := parse(text)
		m := readMeta(doc)
		data := readStructured(doc, m)
		p := read(doc, nil)
		b := findBody(doc, p.Title, p.Summary, data.Body)
		fmt.Printf("## %s\nTITLE %q h=%q og=%q t=%q\nBY %q  LD %v\nDATE %v\nSUM %q\nTOLD %d\n", g.ID, p.Title, data.Headline, m.get("og:title"), m.title, p.Byline, data.Authors, p.Published, p.Summary, len(data.Body))
		fmt.Printf("truth: %q %q %q\n", g.Truth.Title, g.Truth.Authors, g.Truth.Date)
		path := func(e *element) string {
			s := ""
			for ; e != nil && e.parent != nil; e = e.parent {
				s = fmt.Sprintf("%s[%.40s#%.12s]%d/", e.node.Data, attr(e.node, "class"), attr(e.node, "id"), e.role) + s
				if len(s) > 300 {
					break
				}
			}
			return s
		}
		fmt.Println("IN", path(b.in), b.start, b.end, len(b.layout.blocks))
		last := (*element)(nil)
		for i, k := range b.layout.blocks {
			if k.in != last {
				fmt.Println("   ", path(k.in))
				last = k.in
			}
			c := "-"
			if k.keep {
				c = "+"
			}
			if k.told {
				c += "T"
			}
			fmt.Printf("%s %d c%d p%.0f L%d l%d %s: %.90s\n", c, i, k.in.clutter, k.prose, k.letters, k.linked, k.tag, k.text)
		}
	}
}
