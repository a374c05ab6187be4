package page

import (
	"strconv"
	"strings"

	"onrecord/nlp"
)

// layout is the text as the page shows it: paragraphs of pieces of segments.
type layout struct {
	paragraphs []paragraph
	title      []segment // of the title, with the marks of titleMarks
	titleMarks []mark
}

type paragraph struct {
	nlp.Span
	lead   bool // stands before the article begins: headline, dateline
	pieces []nlp.Span
	cut    [][]segment
}

// layOut cuts the text to paragraphs, pieces and segments, and notes which
// addresses it has.
func (p *page) layOut() layout {
	var l layout
	a := p.b.Article
	body := min(max(a.Body, 0), len(p.source))
	for _, s := range nlp.Paragraphs(p.source[:body], 0) {
		l.paragraphs = append(l.paragraphs, paragraph{Span: s, lead: true})
	}
	for _, s := range nlp.Paragraphs(p.source, body) {
		l.paragraphs = append(l.paragraphs, paragraph{Span: s})
	}
	spans := make([]nlp.Span, len(l.paragraphs))
	for i := range l.paragraphs {
		spans[i] = l.paragraphs[i].Span
		l.paragraphs[i].pieces = spans[i : i+1]
	}
	if p.o.Excerpts {
		p.choose(spans)
		for i, pieces := range excerpts(p.source, spans, p.marks) {
			l.paragraphs[i].pieces = pieces
		}
	}
	var all []nlp.Span
	for i := range l.paragraphs {
		all = append(all, l.paragraphs[i].pieces...)
	}
	cut := segments(all, p.marks)
	for i := range l.paragraphs {
		n := len(l.paragraphs[i].pieces)
		l.paragraphs[i].cut, cut = cut[:n], cut[n:]
	}
	for _, par := range l.paragraphs {
		for _, piece := range par.cut {
			for _, s := range piece {
				for _, m := range s.first {
					p.here[p.marks[m].id] = true
				}
			}
		}
	}
	p.layOutTitle(&l)
	return l
}

// layOutTitle marks what the title says and the text does not.
func (p *page) layOutTitle(l *layout) {
	title := p.b.Article.Title
	for n, c := range p.b.Analysis.Consistency {
		s := c.Title
		if s.Empty() || s.Start < 0 || s.End > len(title) {
			continue
		}
		id := string(clash) + strconv.Itoa(n+1)
		if p.here[id] {
			id += "-title" // the text has the address
		} else {
			p.here[id] = true
		}
		l.titleMarks = append(l.titleMarks, mark{kind: clash, id: id, number: n + 1, voice: -1, spans: []nlp.Span{s}, looks: "k", name: "Disagreement " + strconv.Itoa(n+1)})
	}
	if title != "" {
		l.title = segments([]nlp.Span{{Start: 0, End: len(title)}}, l.titleMarks)[0]
	}
}

// article writes the text with its marks.
func (p *page) article(l layout) {
	p.legend()
	if p.o.Excerpts {
		p.el("p", "Excerpts: marked passages with a few words around them, a third of the article at most.", class("notice"))
	}
	language := p.b.Article.Language
	if !isLanguage(language) {
		language = "en"
	}
	p.in("article", func() {
		gap := false
		for _, par := range l.paragraphs {
			if len(par.pieces) == 0 {
				gap = true
				continue
			}
			look := ""
			if par.lead {
				look = "lead"
			}
			p.line()
			p.in("p", func() {
				at := par.Start
				for i, piece := range par.pieces {
					if gap || piece.Start > at {
						p.gap()
					}
					gap = false
					p.segments(p.source, par.cut[i], p.marks)
					at = piece.End
				}
				gap = at < par.End
			}, class(look), attr{"dir", "auto"})
		}
		if gap {
			p.in("p", p.gap)
		}
	}, attr{"lang", language}, label("The article, annotated"))
}

// isLanguage reports whether a string is a code of ISO 639.
func isLanguage(s string) bool {
	return (len(s) == 2 || len(s) == 3) && strings.Trim(s, "abcdefghijklmnopqrstuvwxyz") == ""
}

// gap says that words were left out.
func (p *page) gap() { p.el("span", " […] ", class("gap")) }

// segments writes pieces of text with the marks that cover them.
func (p *page) segments(text string, cut []segment, marks []mark) {
	for _, s := range cut {
		for _, m := range s.first {
			p.anchor(marks[m])
		}
		words := s.Text(text)
		if len(s.marks) == 0 {
			p.text(words)
		} else {
			p.el("span", words, class(looks(s, marks)), attr{"data-i", ids(s, marks)})
		}
		for _, m := range s.last {
			p.flag(marks[m])
		}
	}
}

// anchor is the address of a mark, in front of its words: for a quotation the
// initials of who says it.
func (p *page) anchor(m mark) {
	if m.kind != quotation {
		p.el("span", "", ident(m.id), class("at"), attr{"data-i", m.id})
		return
	}
	look, letters := "o", "…"
	if m.voice >= 0 {
		look, letters = p.voices[m.voice].hue, p.voices[m.voice].initials
	}
	p.el("a", letters, ident(m.id), class("chip "+look), passage("quote-"+strconv.Itoa(m.number)), label(letters+": "+m.name), attr{"data-i", m.id})
}

// flag follows the words of a claim, or of statements that do not agree, and
// leads to its entry.
func (p *page) flag(m mark) {
	switch m.kind {
	case claim:
		p.el("a", strconv.Itoa(m.number), class("flag "+m.looks), passage("claim-"+strconv.Itoa(m.number)), label(m.name), attr{"data-i", m.id})
	case clash:
		p.el("a", "≠"+strconv.Itoa(m.number), class("flag k"), passage("clash-"+strconv.Itoa(m.number)), label("≠"+strconv.Itoa(m.number)+": does not agree"), attr{"data-i", m.id})
	}
}

// looks are the classes of a segment: the colour of the innermost quotation, the
// line of the weightiest claim, the wave of a clash.
func looks(s segment, marks []mark) string {
	quoted, claimed, clashes := "", "", ""
	best := 0
	for _, i := range s.marks {
		switch m := marks[i]; m.kind {
		case quotation:
			quoted = " " + m.looks
		case claim:
			if best == 0 || m.number < best {
				best, claimed = m.number, " "+m.looks
			}
		case clash:
			clashes = " k"
		}
	}
	return "m" + quoted + claimed + clashes
}

func ids(s segment, marks []mark) string {
	var list strings.Builder
	for n, i := range s.marks {
		if n > 0 {
			list.WriteByte(' ')
		}
		list.WriteString(marks[i].id)
	}
	return list.String()
}

// legend says what the marks mean and whose colours they are. With the script
// its names choose whose words are shown.
func (p *page) legend() {
	if len(p.voices)+len(p.ranked) == 0 {
		return
	}
	p.in("div", func() {
		if len(p.voices) > 0 {
			p.in("div", func() {
				p.el("button", "Everybody", class("pick"), attr{"type", "button"}, attr{"data-only", ""}, attr{"aria-pressed", "true"})
				for _, v := range p.voices {
					p.in("button", func() {
						p.el("span", v.initials, class("chip "+v.hue))
						p.el("span", " "+shorten(named(v.Name), 40), attr{"dir", "auto"})
					}, class("pick"), attr{"type", "button"}, attr{"data-only", strconv.Itoa(v.number)}, attr{"aria-pressed", "false"})
				}
			}, class("picks js"), attr{"role", "group"}, label("Show only what one speaker says"))
		}
		p.in("p", func() {
			if len(p.voices) > 0 {
				p.el("span", "Said in so many words", class("m q h0"))
				p.text(" ")
				p.el("span", "reported", class("m q i h0"))
				p.text(" ")
			}
			if len(p.ranked) > 0 {
				p.el("span", "claim", class("m c r1"))
				p.text(" (the thicker the line, the more it matters)")
			}
		}, class("key"))
		p.in("p", func() {}, ident("shown"), attr{"role", "status"}, class("js"))
	}, class("legend"))
}

// shorten keeps a name to one line of n characters.
func shorten(s string, n int) string {
	s = strings.Join(strings.Fields(s), " ")
	if r := []rune(s); len(r) > n {
		return strings.TrimSpace(string(r[:n-1])) + "…"
	}
	return s
}
