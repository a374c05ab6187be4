package page

import (
	"strconv"

	"onrecord/nlp"
)

// mostShown is the part of an article that a page of excerpts shows at most, in
// its text and its lists together: one third. The summary is always there, and
// counts.
const mostShown = 3

// patience bounds the work of choosing, in bytes looked at.
const patience = 32 << 20

// choose picks the findings that a page of excerpts has room for: what the
// summary says, statements that do not agree, then claims and quotations by turns
// in the order of their weight, then the rest. What does not fit is left out of
// the text and of the lists.
func (p *page) choose(paragraphs []nlp.Span) {
	if !p.o.Excerpts {
		return
	}
	at := map[string]int{}
	most := 0
	for i, m := range p.marks {
		at[m.id] = i
		most = max(most, m.number)
	}
	covered := make([]bool, len(p.source))
	room, left := len(p.source)/mostShown, patience
	p.chosen = map[string]bool{}
	add := func(k kind, n int, always bool) {
		i, ok := at[address(k, n)]
		if !ok || left <= 0 {
			return
		}
		spans := p.marks[i].spans
		if k.seen() || k == sentence {
			spans = nil
			for _, pieces := range excerpts(p.source, paragraphs, p.marks[i:i+1]) {
				spans = append(spans, pieces...)
			}
		}
		cost := 0
		for _, s := range spans {
			left -= s.End - s.Start
			for _, c := range covered[s.Start:s.End] {
				if !c {
					cost++
				}
			}
		}
		if cost > max(room, 0) && !always {
			return
		}
		room -= cost
		for _, s := range spans {
			for b := s.Start; b < s.End; b++ {
				covered[b] = true
			}
		}
		p.chosen[p.marks[i].id] = true
	}
	for n := 1; n <= most; n++ {
		add(sentence, n, true)
	}
	for _, kinds := range [][]kind{{clash}, {claim, quotation}, {event}, {other}} {
		for n := 1; n <= most; n++ {
			for _, k := range kinds {
				add(k, n, false)
			}
		}
	}
	var kept []mark
	for _, m := range p.marks {
		// Names and numbers are a word or two, and are shown in the lists only.
		if p.chosen[m.id] || m.kind == who || m.kind == where || m.kind == number {
			kept = append(kept, m)
		}
	}
	p.marks = kept
}

// shows reports whether a finding is on the page.
func (p *page) shows(k kind, n int) bool { return p.chosen == nil || p.chosen[address(k, n)] }

// leftOut says how many findings of a list are not on the page.
func (p *page) leftOut(k kind, from, to int, noun string) {
	n := 0
	for i := from; i <= to; i++ {
		if !p.shows(k, i) {
			n++
		}
	}
	if n > 0 {
		p.el("p", strconv.Itoa(n)+" more "+plural(n, noun)+" in the article: the bot shows them where the link was given.", class("small"))
	}
}
