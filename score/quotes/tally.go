package quotes

import (
	"fmt"
	"slices"
	"strings"

	"onrecord/score"
)

// tally sums up the articles of one group. Its maps are by the names of the
// measures; the order of the table is in group.
type tally struct {
	corpus     string
	documents  int
	incomplete bool

	spans       map[string]*fractions // "content exact"
	quotes      map[string]*fractions // "iou0.5", "direct"
	relations   map[string]*fractions // "strict", "content+source, direct"
	statements  map[string]*fractions
	attribution map[string]*share
	heads       map[string]*share // by type
	named       map[string]*share // of statements
	tracker     [len(trackerShares)]tracked
	withSpans   bool
	withSourced bool
}

// tracked is the Gender Gap Tracker's count.
type tracked struct{ tp, fn, fp, speaker int }

var (
	spanMeasures  = [...]string{"exact_strict", "exact", "soft", "token"}
	overlaps      = [...]float64{0.3, 0.5, 0.8}
	relationNames = [...]string{"content+source", "content+source+cue", "strict"}
	trackerShares = [...]float64{0.3, 0.8}
)

func newTally(corpus string) *tally {
	return &tally{
		corpus: corpus,
		spans:  map[string]*fractions{}, quotes: map[string]*fractions{}, relations: map[string]*fractions{}, statements: map[string]*fractions{},
		attribution: map[string]*share{}, heads: map[string]*share{}, named: map[string]*share{},
	}
}

// of gives the entry of m with this name, made when it is new.
func of[T any](m map[string]*T, name string) *T {
	if m[name] == nil {
		m[name] = new(T)
	}
	return m[name]
}

// addSpans takes an article with content, cue and source spans.
func (t *tally) addSpans(doc *text, gold, pred []*quotation, speechOnly bool) {
	if speechOnly {
		gold, pred = speech(gold, pred)
	}
	t.withSpans = t.withSpans || len(gold) > 0 || len(pred) > 0
	for role, name := range roles {
		t.addSpanMeasures(doc, name, spansOf(gold, role), spansOf(pred, role))
	}
	for _, least := range overlaps {
		ofGold, ofPred := match(gold, pred, least)
		of(t.quotes, fmt.Sprintf("iou%g", least)).add(float64(len(ofPred)), float64(len(pred)), float64(len(ofGold)), float64(len(gold)))
		if least == 0.5 {
			t.addMatched(doc, gold, pred, ofGold, ofPred)
		}
	}
	for i, least := range trackerShares {
		t.tracker[i].add(gold, pred, least)
	}
}

// speech leaves quotations of another kind than speech out on both sides: the
// gold ones, and the predictions that found them.
func speech(gold, pred []*quotation) (g, p []*quotation) {
	isSpeech := func(q *quotation) bool { return q.speech }
	pred = only(pred, isSpeech)
	_, ofPred := match(gold, pred, 0.3)
	for i, q := range pred {
		if gi, matched := ofPred[i]; !matched || gold[gi].speech {
			p = append(p, q)
		}
	}
	return only(gold, isSpeech), p
}

func only(quotes []*quotation, keep func(*quotation) bool) []*quotation {
	return slices.DeleteFunc(slices.Clone(quotes), func(q *quotation) bool { return !keep(q) })
}

func spansOf(quotes []*quotation, role int) []span {
	var all []span
	for _, q := range quotes {
		all = append(all, q.spans[role]...)
	}
	return all
}

func (t *tally) addSpanMeasures(doc *text, role string, gold, pred []span) {
	sets := func(spans []span, ids func(...span) set) []set {
		var list []set
		for _, s := range spans {
			list = append(list, ids(s))
		}
		return distinct(list)
	}
	exact := func(g, p []set) (float64, float64, float64, float64) {
		n := 0
		for _, s := range p {
			if _, found := slices.BinarySearchFunc(g, s, func(a, b set) int { return slices.Compare(a, b) }); found {
				n++
			}
		}
		return float64(n), float64(len(p)), float64(n), float64(len(g))
	}
	covered := func(these, by []set) float64 {
		total := 0.0
		for _, s := range these {
			v := 0.0
			for _, o := range by {
				v += float64(s.common(o)) / float64(len(s))
			}
			total += min(1, v)
		}
		return total
	}
	of(t.spans, role+" exact_strict").add(exact(sets(gold, doc.tokenIDs), sets(pred, doc.tokenIDs)))
	g, p := sets(gold, doc.wordIDs), sets(pred, doc.wordIDs)
	of(t.spans, role+" exact").add(exact(g, p))
	of(t.spans, role+" soft").add(covered(p, g), float64(len(p)), covered(g, p), float64(len(g)))
	ga, pa := union(g), union(p)
	both := float64(ga.common(pa))
	of(t.spans, role+" token").add(both, float64(len(pa)), both, float64(len(ga)))
}

// addMatched takes the pairs at an overlap of one half: their types, sources,
// cues, speakers.
func (t *tally) addMatched(doc *text, gold, pred []*quotation, ofGold, ofPred map[int]int) {
	count := func(list []*quotation, typ string) (n float64) {
		return float64(len(only(list, func(q *quotation) bool { return q.typ == typ })))
	}
	for _, typ := range types {
		var tp, fp float64
		for gi := range ofGold {
			if gold[gi].typ == typ {
				tp++
			}
		}
		for pi, p := range pred {
			if _, matched := ofPred[pi]; !matched && p.typ == typ {
				fp++
			}
		}
		of(t.quotes, typ).add(tp, tp+fp, tp, count(gold, typ))
	}
	right := map[string]float64{}
	for gi, g := range gold {
		pi, matched := ofGold[gi]
		if !matched {
			continue
		}
		p := pred[pi]
		overlap, head, exact := sourceRight(doc, g, p)
		cueFits := cueRight(g, p)
		if len(g.spans[source]) > 0 {
			of(t.attribution, "source_overlap").add(overlap)
			of(t.attribution, "source_head").add(head)
			of(t.attribution, "source_exact").add(exact)
			of(t.heads, g.typ).add(head)
		} else {
			of(t.attribution, "no_source_kept").add(overlap)
		}
		if len(g.spans[cue]) > 0 {
			of(t.attribution, "cue_overlap").add(cueFits)
		}
		if g.speaker != "" {
			loose, full := nameMatch(g.speaker, p.name(doc))
			of(t.attribution, "speaker_loose").add(loose)
			of(t.attribution, "speaker_full").add(full)
		}
		strict := exact && cueFits && slices.Equal(g.words[content], p.words[content]) && slices.Equal(g.words[cue], p.words[cue])
		for i, good := range [...]bool{head, head && cueFits, strict} {
			if good {
				right[relationNames[i]]++
				right[relationNames[i]+", "+g.typ]++
			}
		}
	}
	for _, name := range relationNames {
		of(t.relations, name).add(right[name], float64(len(pred)), right[name], float64(len(gold)))
	}
	for _, typ := range types {
		name := relationNames[0] + ", " + typ
		predicted := 0.0
		for pi, p := range pred {
			if gi, matched := ofPred[pi]; matched {
				p = gold[gi]
			}
			if p.typ == typ {
				predicted++
			}
		}
		of(t.relations, name).add(right[name], predicted, right[name], count(gold, typ))
	}
}

// add counts as the Gender Gap Tracker does: a quotation is found when a
// prediction covers more than this share of its characters.
func (c *tracked) add(gold, pred []*quotation, least float64) {
	left := slices.Clone(pred)
	for _, g := range gold {
		best, most := -1, least
		for i, p := range left {
			if v := score.Ratio(float64(commonLength(g.chars, p.chars)), float64(length(g.chars))); v > most {
				best, most = i, v
			}
		}
		if best < 0 {
			c.fn++
			continue
		}
		p := left[best]
		left = slices.Delete(left, best, best+1)
		c.tp++
		if g.words[source].common(p.words[source]) > 0 || len(g.spans[source]) == 0 && len(p.spans[source]) == 0 {
			c.speaker++
		}
	}
	c.fp += len(left)
}

// addStatements takes an article whose gold is whole sourced statements with
// the names of their sources.
func (t *tally) addStatements(doc *text, gold, pred []*quotation) {
	t.withSourced = t.withSourced || len(gold) > 0 || len(pred) > 0
	contentOf := func(q *quotation) set { return q.words[content] }
	allOf := func(q *quotation) set { return q.all }
	ga, pa := wordsIn(gold, contentOf), wordsIn(pred, allOf)
	half := func(q *quotation, in set) bool {
		return float64(q.words[content].common(in))/float64(len(q.words[content])) >= 0.5
	}

	var found, right, named, namedPred, attributed, attributedPred float64
	for _, g := range gold {
		isFound := half(g, pa)
		found += number(isFound)
		if g.speaker == "" {
			continue
		}
		named++
		best := nearest(g.words[content], pred, allOf)
		loose, full := anyName(doc, []*quotation{g}, best)
		if isFound && len(best) > 0 {
			of(t.named, "speaker_loose").add(loose)
			of(t.named, "speaker_full").add(full)
			if len(roleTokens(g.role)) > 0 {
				of(t.named, "role").add(slices.ContainsFunc(best, func(p *quotation) bool { return roleMatch(g.role, p.role) }))
			}
		}
		attributed += number(isFound && loose)
	}
	for _, p := range pred {
		isRight := half(p, ga)
		right += number(isRight)
		near := nearest(p.words[content], gold, contentOf)
		if isRight && len(near) > 0 && !slices.ContainsFunc(near, func(g *quotation) bool { return g.speaker != "" }) {
			continue // the gold names nobody here: neither right nor wrong
		}
		namedPred++
		loose, _ := anyName(doc, near, []*quotation{p})
		attributedPred += number(isRight && loose)
	}
	of(t.statements, "statement").add(right, float64(len(pred)), found, float64(len(gold)))
	of(t.statements, "statement+speaker").add(attributedPred, namedPred, attributed, named)

	goldNames := distinctNames(gold, func(q *quotation) string { return q.speaker })
	predNames := distinctNames(pred, func(q *quotation) string { return q.name(doc) })
	var hitGold, hitPred float64
	for _, g := range goldNames {
		hitGold += number(slices.ContainsFunc(predNames, func(p string) bool { return looseName(g, p) }))
	}
	for _, p := range predNames {
		hitPred += number(slices.ContainsFunc(goldNames, func(g string) bool { return looseName(g, p) }))
	}
	of(t.statements, "speakers in article").add(hitPred, float64(len(predNames)), hitGold, float64(len(goldNames)))
	both := float64(ga.common(pa))
	of(t.statements, "word").add(both, float64(len(pa)), both, float64(len(ga)))
}

func number(ok bool) float64 {
	if ok {
		return 1
	}
	return 0
}

func wordsIn(quotes []*quotation, words func(*quotation) set) set {
	var list []set
	for _, q := range quotes {
		list = append(list, words(q))
	}
	return union(list)
}

// anyName reports whether a speaker of the gold has the name of a prediction.
func anyName(doc *text, gold, pred []*quotation) (loose, full bool) {
	for _, g := range gold {
		for _, p := range pred {
			l, f := nameMatch(g.speaker, p.name(doc))
			loose, full = loose || l, full || f
		}
	}
	return loose, full
}

func looseName(gold, pred string) bool {
	loose, _ := nameMatch(gold, pred)
	return loose
}

func distinctNames(quotes []*quotation, name func(*quotation) string) []string {
	var names []string
	for _, q := range quotes {
		if words := nameTokens(name(q)); len(words) > 0 {
			names = append(names, strings.Join(words, " "))
		}
	}
	return uniq(names)
}

// group lays the figures out in the order of the table.
func (t *tally) group() Group {
	g := Group{Corpus: t.corpus, Documents: t.documents, Incomplete: t.incomplete}
	put := func(f Figure) { g.Figures = append(g.Figures, f) }
	if t.withSpans {
		for _, role := range roles {
			for _, m := range spanMeasures {
				put(of(t.spans, role+" "+m).figure(role + " spans, " + m))
			}
		}
		for _, least := range overlaps {
			m := fmt.Sprintf("iou%g", least)
			put(of(t.quotes, m).figure("quotes, content " + m))
		}
		for _, typ := range types {
			put(of(t.quotes, typ).figure("quotes iou0.5, " + typ))
		}
		const matched = "matched quotes"
		for _, m := range [...]string{"cue_overlap", "no_source_kept", "source_exact", "source_head", "source_overlap", "speaker_full", "speaker_loose"} {
			if s := t.attribution[m]; s != nil {
				put(s.figure(m, matched))
			}
		}
		for _, typ := range types {
			if s := t.heads[typ]; s != nil {
				put(s.figure("source_head, "+typ, matched))
			}
		}
		for _, name := range relationNames {
			put(of(t.relations, name).figure("relation " + name))
		}
		for _, typ := range types {
			name := relationNames[0] + ", " + typ
			put(of(t.relations, name).figure("relation " + name))
		}
		for i, least := range trackerShares {
			put(t.tracker[i].figure(fmt.Sprintf("Gender-Gap-Tracker rule %g", least)))
		}
	}
	if t.withSourced {
		for _, m := range [...]string{"statement", "statement+speaker", "speakers in article", "word"} {
			put(of(t.statements, m).figure(m))
		}
		for _, m := range [...]string{"speaker_loose", "speaker_full", "role"} {
			if s := t.named[m]; s != nil {
				put(s.figure(m, "found statements"))
			}
		}
	}
	return g
}

func (c tracked) figure(name string) Figure {
	tp := float64(c.tp)
	p, r := score.Ratio(tp, tp+float64(c.fp)), score.Ratio(tp, tp+float64(c.fn))
	f := Figure{Name: name, P: round(p, 4), R: round(r, 4), F1: round(score.F1(p, r), 4), tracker: true}
	if c.tp > 0 {
		f.speaker = new(round(float64(c.speaker)/tp, 4))
	}
	return f
}
