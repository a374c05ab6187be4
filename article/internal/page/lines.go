package page

import (
	"strings"

	"golang.org/x/net/html/atom"
)

// clean keeps the blocks of the article and drops what stands between them.
func (b *body) clean(title, summary, _ string) {
	l := b.layout
	head := fold(title)
	seen := map[string]bool{}
	for i := b.start; i < b.end; i++ {
		k := &l.blocks[i]
		f := fold(k.text)
		switch {
		case k.in.clutter > roleDek:
		case f == "" || f == head || k.tag == atom.H1:
		case k.linked*10 > k.letters*6:
		case seen[f] && k.letters > 20:
		case boilerplate(k):
		default:
			seen[f] = true
			b.paragraphs = append(b.paragraphs, k.text)
		}
	}
}

func boilerplate(k *block) bool {
	return strings.EqualFold(k.text, "advertisement")
}
