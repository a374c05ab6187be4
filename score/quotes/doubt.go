package quotes

import (
	"fmt"
	"slices"
	"strings"
)

// Doubt says how honest predictions are about who speaks: how many of them
// leave it open, and how often the others are right. Only quotations of kind
// speech count.
type Doubt struct {
	Corpus   string
	Quotes   int  // predicted
	Unclear  int  // of them with several candidates and no speaker
	Nameless int  // of them with neither
	Sure     Rate // of those with a speaker that the gold has: the speaker is right
	Among    Rate // of the unclear ones that the gold has: the right one is among the candidates
}

// Rate is how many of how many are right.
type Rate struct{ Right, Of int }

// Value is the rate from 0 to 1, 0 of nothing.
func (r Rate) Value() float64 {
	if r.Of == 0 {
		return 0
	}
	return float64(r.Right) / float64(r.Of)
}

func (r *Rate) add(right bool) {
	r.Of++
	if right {
		r.Right++
	}
}

// Doubts counts by corpus, in the order of the gold. A prediction is one that
// the gold has when their contents overlap by half (intersection over union), or
// for statements when half of its words lie in a statement. Its speaker is right
// when the name is (loosely, as in speaker_loose); where the gold has no names,
// as in PolNeAR, when the head word of the source is (as in source_head).
func Doubts(gold []Article, predictions []Prediction) ([]Doubt, error) {
	byID := make(map[string][]Quote, len(predictions))
	for _, p := range predictions {
		byID[p.ID] = p.Quotes
	}
	var all []Doubt
	at := map[string]int{}
	for _, a := range gold {
		doc := newText(a.Text)
		want, err := readQuotes(doc, a.ID, a.Quotes)
		if err != nil {
			return nil, err
		}
		got, err := readQuotes(doc, a.ID, byID[a.ID])
		if err != nil {
			return nil, err
		}
		i, known := at[a.Corpus]
		if !known {
			i = len(all)
			at[a.Corpus] = i
			all = append(all, Doubt{Corpus: a.Corpus})
		}
		got = only(got, func(q *quotation) bool { return q.speech })
		all[i].add(doc, want, got, a.Granularity == "statement")
	}
	return all, nil
}

func (d *Doubt) add(doc *text, gold, pred []*quotation, statements bool) {
	_, ofPred := match(gold, pred, 0.5)
	contentOf := func(q *quotation) set { return q.words[content] }
	covered := wordsIn(gold, contentOf)
	for i, p := range pred {
		d.Quotes++
		open := p.speaker == ""
		switch {
		case len(p.unclear) > 0:
			d.Unclear++
		case open:
			d.Nameless++
		}
		var same []*quotation // of the gold
		switch gi, matched := ofPred[i]; {
		case statements && 2*p.words[content].common(covered) >= len(p.words[content]):
			same = nearest(p.words[content], gold, contentOf)
		case !statements && matched:
			same = gold[gi : gi+1]
		}
		if len(p.unclear) > 0 {
			if named := only(same, func(q *quotation) bool { return q.speaker != "" }); len(named) > 0 {
				d.Among.add(slices.ContainsFunc(p.unclear, func(name string) bool { return anyCalled(named, name) }))
			}
			continue
		}
		if right, told := attributed(doc, same, p); told && !open {
			d.Sure.add(right)
		}
	}
}

func anyCalled(gold []*quotation, name string) bool {
	return slices.ContainsFunc(gold, func(g *quotation) bool { return looseName(g.speaker, name) })
}

// attributed reports whether the speaker of p, or its source where the gold has
// no name, is that of a quotation of the gold; told is false when the gold does
// not tell.
func attributed(doc *text, gold []*quotation, p *quotation) (right, told bool) {
	for _, g := range gold {
		switch {
		case g.speaker != "":
			told, right = true, right || looseName(g.speaker, p.speaker)
		case len(g.spans[source]) > 0:
			_, head, _ := sourceRight(doc, g, p)
			told, right = true, right || head
		}
	}
	return right, told
}

// DoubtTable writes one line for each corpus.
func DoubtTable(all []Doubt) string {
	var b strings.Builder
	for _, d := range all {
		share := func(n int) float64 { return 100 * Rate{n, d.Quotes}.Value() }
		fmt.Fprintf(&b, "-- %s, who speaks: of %d predicted quotations (speech) %.1f %% unclear, %.1f %% without a speaker; of the rest %.2f %% right (of %d that the gold has)",
			d.Corpus, d.Quotes, share(d.Unclear), share(d.Nameless), 100*d.Sure.Value(), d.Sure.Of)
		if d.Among.Of > 0 {
			fmt.Fprintf(&b, "; of the unclear %.0f %% name the right one among others (of %d)", 100*d.Among.Value(), d.Among.Of)
		}
		b.WriteString("\n")
	}
	return b.String()
}
