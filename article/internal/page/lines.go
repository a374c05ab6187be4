package page

import (
	"strings"

	"golang.org/x/net/html/atom"
)

// clean keeps the blocks of the article and drops what stands between them.
func (b *body) clean(title, summary, told string) {
	b.restrict()
	b.mark(title, told, false)
	if b.kept() < 300 {
		b.mark(title, told, true)
	}
	b.believe()
	b.trim()
	b.lead(title, summary)
	for i := range b.layout.blocks {
		if k := &b.layout.blocks[i]; k.keep {
			b.paragraphs = append(b.paragraphs, k.text)
		}
	}
}

// believe drops paragraphs that the JSON-LD body does not have, where it has
// nearly all others.
func (b *body) believe() {
	l := b.layout
	told, all := 0.0, 0.0
	for i := b.start; i < b.end; i++ {
		if k := &l.blocks[i]; k.keep && k.prose > 0 {
			all += k.prose
			if k.told {
				told += k.prose
			}
		}
	}
	if told < 500 || told < 0.8*all {
		return
	}
	for i := b.start; i < b.end; i++ {
		if k := &l.blocks[i]; k.keep && k.prose > 0 && !k.told {
			k.keep = false
		}
	}
}

// kept counts the letters that are kept.
func (b *body) kept() int {
	n := 0
	for i := b.start; i < b.end; i++ {
		if k := &b.layout.blocks[i]; k.keep {
			n += k.letters
		}
	}
	return n
}

// restrict leaves the article that carries the title when several are set one
// below the other.
func (b *body) restrict() {
	if b.titleAt < b.start || b.titleAt >= b.end {
		return
	}
	for e := b.layout.blocks[b.titleAt].in; e != nil && e != b.in; e = e.parent {
		if e.node.DataAtom != atom.Article || e.parent == nil {
			continue
		}
		alike, prose := 0, 0.0
		for _, k := range e.parent.kids {
			if k.node.DataAtom == atom.Article {
				alike++
			}
		}
		for i := e.first; i < e.last; i++ {
			prose += b.layout.blocks[i].prose
		}
		if alike > 1 && prose > 250 {
			b.in, b.start, b.end = e, e.first, e.last
			return
		}
	}
}

// mark decides for each block of the article whether it is kept. The lenient
// way trusts nothing but the wording, for pages that the names led astray.
func (b *body) mark(title, told string, lenient bool) {
	l := b.layout
	head := fold(title)
	seen := map[string]bool{}
	for i := b.start; i < b.end; i++ {
		k := &l.blocks[i]
		f := key(k.text)
		k.keep = false
		switch {
		case k.in.clutter >= roleComment, k.in.clutter > roleDek && !lenient:
		case f == head && f != "" || k.tag == atom.H1 && i == b.titleAt:
		case k.linked*10 > k.letters*6 && !(k.linked*10 <= k.letters*8 && k.letters > 80 && ended(k.text)):
		case f == "" && k.letters < 3:
		case seen[f] && k.letters > 20:
		case boilerplate(k):
		case k.letters < 40 && (stamp(k.text) || label(f)):
		default:
			seen[f] = true
			k.keep = true
		}
	}
	b.cards()
	b.boxes()
	b.captions()
}

// cards drops teasers: small elements headed by a link, in a row of their like
// or with a picture or a date.
func (b *body) cards() {
	l := b.layout
	counts := map[*element]map[string]int{} // of the kinds of an element's children
	alike := func(e *element) int {
		kinds := counts[e.parent]
		if kinds == nil {
			kinds = map[string]int{}
			for _, o := range e.parent.kids {
				kinds[o.kind()]++
			}
			counts[e.parent] = kinds
		}
		return kinds[e.kind()]
	}
	for _, e := range l.all {
		if e.parent == nil || e.first < b.start || e.last > b.end || e.last-e.first < 2 || e.last-e.first > 8 || e == b.in {
			continue
		}
		letters, free, headed, kept := 0, 0, false, false
		for i := e.first; i < e.last; i++ {
			k := &l.blocks[i]
			letters += k.letters
			free = max(free, k.letters-k.linked)
			kept = kept || k.keep
			if k.linked*10 > k.letters*8 && k.letters >= 15 && heading(k.tag) {
				headed = true
			}
		}
		if !headed || !kept || letters > 600 || free > 300 {
			continue
		}
		if alike(e) > 1 || first(e.node, atom.Img) != nil || first(e.node, atom.Time) != nil {
			for i := e.first; i < e.last; i++ {
				l.blocks[i].keep = false
			}
		}
	}
}

// trim drops what leads up to the first sentence and trails the last one.
func (b *body) trim() {
	l := b.layout
	first, last := -1, -1
	for i := b.start; i < b.end; i++ {
		if k := &l.blocks[i]; k.keep && k.prose > 0 {
			if first < 0 {
				first = i
			}
			last = i
		}
	}
	if first < 0 {
		return
	}
	for i := b.start; i < first; i++ {
		k := &l.blocks[i]
		if k.keep && (!ended(k.text) || heading(k.tag)) && k.tag != atom.Li && k.tag != atom.Tr {
			k.keep = false
		}
	}
	trailing := 0
	for i := last + 1; i < b.end; i++ {
		if l.blocks[i].keep {
			trailing++
		}
	}
	if trailing > 12 {
		return // a list
	}
	home := l.blocks[last].in.parent
	for i := last + 1; i < b.end; i++ {
		k := &l.blocks[i]
		if !k.keep || k.tag == atom.Li || k.tag == atom.Tr {
			continue
		}
		beside := k.tag == l.blocks[last].tag && k.in.parent == home && k.letters >= 40
		if heading(k.tag) || !ended(k.text) && !beside {
			k.keep = false
		}
	}
}

func heading(tag atom.Atom) bool {
	switch tag {
	case atom.H1, atom.H2, atom.H3, atom.H4, atom.H5, atom.H6:
		return true
	}
	return false
}

// lead keeps what stands between the headline and the text: the standfirst, and
// first paragraphs that are set apart.
func (b *body) lead(title, summary string) {
	l := b.layout
	want, head := fold(summary), fold(title)
	first := b.end
	seen := map[string]bool{head: true}
	for i := b.start; i < b.end; i++ {
		if l.blocks[i].keep {
			first = min(first, i)
			seen[key(l.blocks[i].text)] = true
		}
	}
	if b.titleAt > first {
		return
	}
	from := max(0, first-40)
	if b.titleAt >= 0 {
		from = max(b.titleAt+1, first-60)
	}
	found := 0
	for i := from; i < first; i++ {
		k := &l.blocks[i]
		f := key(k.text)
		if len(f) < 20 || seen[f] || k.linked*2 > k.letters || k.in.clutter >= roleComment || found >= 12 {
			continue
		}
		told := f == want || len(want) > 60 && (strings.HasPrefix(f, want) || strings.HasPrefix(want, f) && len(f) > 40 ||
			len(f) < len(want)+60 && strings.HasSuffix(f, want))
		named := k.in.isDek() && k.in.clutter <= roleMeta && k.letters < 700
		prose := b.titleAt >= 0 && k.prose > 0 && k.in.clutter <= roleDek && k.letters > 40 && !boilerplate(k)
		if told || named || prose {
			k.keep = true
			seen[f] = true
			found++
		}
	}
}

func (e *element) isDek() bool {
	for range 3 {
		if e == nil {
			return false
		}
		if e.role == roleDek {
			return true
		}
		e = e.parent
	}
	return false
}
