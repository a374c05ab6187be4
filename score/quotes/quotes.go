// Package quotes scores who said what: how well quotations are found, with
// their extent, cue, source, speaker and role.
//
// The figures that carry most are "quotes, content iou0.5" (detection),
// "relation content+source" (a found quotation with the right source) and, for
// corpora that mark whole sourced statements, "statement+speaker". The span
// measures are those of the field: exact match as CofeNet and Citron count it,
// soft match after Johansson and Moschitti, the coverage rule of the Gender
// Gap Tracker.
package quotes

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"onrecord/score"
)

// Article is one line of the gold file.
type Article struct {
	ID          string  `json:"id"`
	Corpus      string  `json:"source_corpus"` // figures are given for each
	Date        string  `json:"date"`
	Title       string  `json:"title"`
	Text        string  `json:"text"`
	Granularity string  `json:"granularity"` // "statement" when content is a whole sourced statement
	Incomplete  bool    `json:"incomplete"`  // not every quotation is marked
	Quotes      []Quote `json:"quotes"`
}

// Prediction is one line of a prediction file.
type Prediction struct {
	ID     string  `json:"id"`
	Quotes []Quote `json:"quotes"`
}

// Quote is one quotation. Offsets are code points into the gold text, end
// exclusive.
type Quote struct {
	Content [][]int `json:"content"`
	Cue     [][]int `json:"cue"`
	Source  [][]int `json:"source"`
	Type    string  `json:"type"` // direct, indirect or mixed; else read off the quotation marks
	Kind    string  `json:"kind"` // speech when empty, or other
	Speaker string  `json:"speaker"`
	Role    string  `json:"role"`
	// Unclear are candidates for the speaker, of a prediction that names none.
	Unclear []string `json:"unclear,omitempty"`
}

// Options say how to score.
type Options struct {
	Speech bool // quotations of another kind than speech neither help nor hurt
}

// The types of a quotation, in the order of the table.
const (
	direct   = "direct"
	mixed    = "mixed"
	indirect = "indirect"
)

var types = [...]string{direct, mixed, indirect}

// Group is the figures of one corpus, or of all articles together.
type Group struct {
	Corpus     string
	Documents  int
	Incomplete bool // of some article not every quotation is marked: precision means nothing
	Figures    []Figure
}

// Figure is one line of the table: precision, recall and F1, or the accuracy
// among N. All are rounded to four places.
type Figure struct {
	Name     string
	P, R, F1 float64
	Gold     float64
	Pred     float64

	Rate     bool // Accuracy and N count, not the figures above
	Accuracy float64
	N        int
	Of       string // what N counts

	speaker *float64 // accuracy of the speakers by the Gender Gap Tracker's rule
	tracker bool
}

// Figure gives the figure with this name, the zero Figure when the group has
// none.
func (g Group) Figure(name string) Figure {
	for _, f := range g.Figures {
		if f.Name == name {
			return f
		}
	}
	return Figure{}
}

// Result is the figures of an evaluation.
type Result struct {
	Groups []Group // by corpus in the order of the gold, "ALL" last when there are several
}

// Group gives the figures of one corpus, the zero Group when there are none.
func (r Result) Group(corpus string) Group {
	for _, g := range r.Groups {
		if g.Corpus == corpus {
			return g
		}
	}
	return Group{}
}

// Evaluate scores predictions, by id; an article without one counts as having
// no quotations. It fails on a span that lies outside its text.
func Evaluate(gold []Article, predictions []Prediction, opt Options) (Result, error) {
	byID := make(map[string][]Quote, len(predictions))
	for _, p := range predictions {
		byID[p.ID] = p.Quotes
	}
	var order []string
	groups := map[string]*tally{}
	for _, a := range gold {
		doc := newText(a.Text)
		want, err := readQuotes(doc, a.ID, a.Quotes)
		if err != nil {
			return Result{}, err
		}
		got, err := readQuotes(doc, a.ID, byID[a.ID])
		if err != nil {
			return Result{}, err
		}
		names := []string{a.Corpus, "ALL"}
		if a.Incomplete {
			names = names[:1]
		}
		for _, name := range names {
			t := groups[name]
			if t == nil {
				t = newTally(name)
				groups[name] = t
				order = append(order, name)
			}
			t.incomplete = t.incomplete || a.Incomplete
			t.documents++
			if a.Granularity == "statement" {
				t.addStatements(doc, want, got)
			} else {
				t.addSpans(doc, want, got, opt.Speech)
			}
		}
	}
	var res Result
	for _, name := range order {
		if name != "ALL" {
			res.Groups = append(res.Groups, groups[name].group())
		}
	}
	if len(order) > 2 {
		if all := groups["ALL"]; all != nil {
			res.Groups = append(res.Groups, all.group())
		}
	}
	return res, nil
}

// Table is the figures, one line each under a heading for each corpus.
func (r Result) Table() string {
	var b strings.Builder
	for _, g := range r.Groups {
		note := ""
		if g.Incomplete {
			note = "  (gold incomplete: read recall and the accuracies, not precision)"
		}
		fmt.Fprintf(&b, "== %s: %d documents%s\n", g.Corpus, g.Documents, note)
		for _, f := range g.Figures {
			if f.Rate {
				fmt.Fprintf(&b, "  %-30s accuracy %6.2f   of %d %s\n", f.Name, 100*f.Accuracy, f.N, f.Of)
				continue
			}
			fmt.Fprintf(&b, "  %-30s P %6.2f  R %6.2f  F1 %6.2f   ", f.Name, 100*f.P, 100*f.R, 100*f.F1)
			switch {
			case !f.tracker:
				fmt.Fprintf(&b, "gold %.6g  pred %.6g\n", f.Gold, f.Pred)
			case f.speaker == nil:
				b.WriteString("speaker accuracy -\n")
			default:
				fmt.Fprintf(&b, "speaker accuracy %.2f\n", 100**f.speaker)
			}
		}
	}
	return b.String()
}

// quotation is a Quote with its spans as sets of word numbers.
type quotation struct {
	spans   [3][]span // content, cue, source
	words   [3]set
	all     set // the words of all three
	cue     set // tokens: a cue may be a bare colon
	chars   []span
	typ     string
	speech  bool
	speaker string
	unclear []string
	role    string
	head    string // of the source
}

const (
	content = iota
	cue
	source
)

var roles = [...]string{content: "content", cue: "cue", source: "source"}

// readQuotes reads the quotations that have content.
func readQuotes(doc *text, id string, quotes []Quote) ([]*quotation, error) {
	var list []*quotation
	for _, q := range quotes {
		c := &quotation{
			typ:     q.Type,
			speech:  q.Kind == "" || q.Kind == "speech",
			speaker: q.Speaker,
			role:    q.Role,
			unclear: q.Unclear,
		}
		for i, spans := range [][][]int{content: q.Content, cue: q.Cue, source: q.Source} {
			for _, s := range spans {
				if len(s) != 2 || s[0] < 0 || s[0] >= s[1] || s[1] > len(doc.runes) {
					return nil, fmt.Errorf("article %s: bad span %v in a text of %d characters", id, s, len(doc.runes))
				}
				c.spans[i] = append(c.spans[i], span{s[0], s[1]})
			}
			c.words[i] = doc.wordIDs(c.spans[i]...)
		}
		if len(c.words[content]) == 0 {
			continue
		}
		c.all = union(c.words[:])
		c.cue = doc.tokenIDs(c.spans[cue]...)
		c.chars = merge(c.spans[content])
		if !slices.Contains(types[:], c.typ) {
			c.typ = doc.typeOf(c.spans[content])
		}
		if len(nameTokens(c.speaker)) == 0 {
			c.speaker = ""
		}
		c.head = doc.headWord(c.spans[source])
		list = append(list, c)
	}
	return list, nil
}

// merge puts overlapping spans together, in order.
func merge(spans []span) []span {
	spans = slices.Clone(spans)
	slices.SortFunc(spans, func(a, b span) int { return a.start - b.start })
	var out []span
	for _, s := range spans {
		if n := len(out); n > 0 && s.start <= out[n-1].end {
			out[n-1].end = max(out[n-1].end, s.end)
			continue
		}
		out = append(out, s)
	}
	return out
}

func length(spans []span) int {
	n := 0
	for _, s := range spans {
		n += s.end - s.start
	}
	return n
}

func commonLength(a, b []span) int {
	n := 0
	for _, s := range a {
		for _, t := range b {
			n += max(0, min(s.end, t.end)-max(s.start, t.start))
		}
	}
	return n
}

// match pairs gold and predicted quotations one to one, best overlap of
// content words first, none below least. The results map indexes.
func match(gold, pred []*quotation, least float64) (ofGold, ofPred map[int]int) {
	type pair struct {
		iou        float64
		tie        int
		gold, pred int
	}
	var pairs []pair
	for gi, g := range gold {
		for pi, p := range pred {
			if v := g.words[content].iou(p.words[content]); v > 0 && v >= least {
				tie := g.words[source].common(p.words[source]) + g.words[cue].common(p.words[cue])
				pairs = append(pairs, pair{v, tie, gi, pi})
			}
		}
	}
	slices.SortFunc(pairs, func(a, b pair) int {
		return cmp.Or(cmp.Compare(b.iou, a.iou), b.tie-a.tie, a.gold-b.gold, a.pred-b.pred)
	})
	ofGold, ofPred = map[int]int{}, map[int]int{}
	for _, p := range pairs {
		_, g := ofGold[p.gold]
		_, q := ofPred[p.pred]
		if !g && !q {
			ofGold[p.gold], ofPred[p.pred] = p.pred, p.gold
		}
	}
	return ofGold, ofPred
}

// sourceRight compares the sources of a matched pair: they share a telling
// word, they have the same head, they are the same words. A quotation without
// a source is right when none is predicted.
func sourceRight(doc *text, g, p *quotation) (overlap, head, exact bool) {
	if len(g.spans[source]) == 0 || len(p.spans[source]) == 0 {
		same := len(g.spans[source]) == len(p.spans[source])
		return same, same, same
	}
	gw, pw := g.words[source], p.words[source]
	exact = slices.Equal(gw, pw)
	overlap, head = exact, exact
	for _, i := range gw {
		if _, shared := slices.BinarySearch(pw, i); shared && !stopWords[doc.lower(set{i})[0]] {
			overlap = true
		}
	}
	if g.head != "" && (g.head == p.head || slices.Contains(doc.lower(pw), g.head) && slices.Contains(doc.lower(gw), p.head)) {
		head = true
	}
	return overlap, head, exact
}

func cueRight(g, p *quotation) bool {
	if len(g.spans[cue]) == 0 || len(p.spans[cue]) == 0 {
		return len(g.spans[cue]) == len(p.spans[cue])
	}
	return g.cue.common(p.cue) > 0
}

// nearest gives the quotations that share most words with the given ones;
// several only when they tie.
func nearest(words set, quotes []*quotation, of func(*quotation) set) []*quotation {
	var best []*quotation
	most, closest := 0, 0.0
	for _, q := range quotes {
		n := words.common(of(q))
		if n == 0 {
			continue
		}
		v := words.iou(of(q))
		switch {
		case n > most || n == most && v > closest:
			best, most, closest = []*quotation{q}, n, v
		case n == most && v == closest:
			best = append(best, q)
		}
	}
	return best
}

// name is the predicted speaker, or else the words of the source.
func (q *quotation) name(doc *text) string {
	if q.speaker != "" {
		return q.speaker
	}
	return strings.Join(doc.lower(q.words[source]), " ")
}

// fractions is precision and recall as two fractions, so that soft measures
// fit too.
type fractions struct{ pn, pd, rn, rd float64 }

func (f *fractions) add(pn, pd, rn, rd float64) {
	f.pn += pn
	f.pd += pd
	f.rn += rn
	f.rd += rd
}

func (f *fractions) figure(name string) Figure {
	p, r := score.Ratio(f.pn, f.pd), score.Ratio(f.rn, f.rd)
	return Figure{Name: name, P: round(p, 4), R: round(r, 4), F1: round(score.F1(p, r), 4), Gold: round(f.rd, 1), Pred: round(f.pd, 1)}
}

func round(v float64, places int) float64 {
	v, err := strconv.ParseFloat(strconv.FormatFloat(v, 'f', places, 64), 64)
	if err != nil {
		panic(err) // FormatFloat writes what ParseFloat reads
	}
	return v
}

// share is how many of those asked were right.
type share struct{ right, of int }

func (s *share) add(ok bool) {
	s.of++
	if ok {
		s.right++
	}
}

func (s *share) figure(name, of string) Figure {
	return Figure{Name: name, Rate: true, Accuracy: round(score.Ratio(float64(s.right), float64(s.of)), 4), N: s.of, Of: of}
}
