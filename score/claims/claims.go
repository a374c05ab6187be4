// Package claims scores three things about claims: how well the bot tells and
// ranks check-worthy sentences ([Detection]), finds published fact-checks
// ([Retrieval]) and words claims that stand alone ([Decontext]).
//
// MAP, R-precision and P@k over documents are the measures of the CheckThat!
// lab. Ties in score are broken against the system, so that a constant score
// gains nothing.
package claims

import (
	"bytes"
	"cmp"
	"encoding/json"
	"fmt"
	"math"
	"regexp"
	"slices"
	"strings"
	"time"

	"onrecord/score"
)

// Gold is one line of a gold file. Which of the three tasks it belongs to is
// told by its fields: Relevant for retrieval, Resolve for wording, else
// detection.
type Gold struct {
	ID       string   `json:"id"`
	Corpus   string   `json:"source_corpus"` // figures are given for each
	Split    string   `json:"split"`
	Text     string   `json:"text"`
	Document Key      `json:"doc_id"` // empty when unknown
	Number   int      `json:"sent_no"`
	Before   []string `json:"context_before"`
	After    []string `json:"context_after"`
	Title    string   `json:"title"`
	Date     string   `json:"date"`

	Label     Bit `json:"label"`     // check-worthy
	Checkable Bit `json:"checkable"` // evidence could settle it

	Relevant   []string    `json:"relevant"`   // ids of published fact-checks
	Collection string      `json:"collection"` // whose fact-checks to search; of all if empty
	Resolve    []Reference `json:"resolve"`    // empty, not null, when the text stands alone already
}

// day finds a day in an id such as 20161019_debate_0042.
var day = regexp.MustCompile(`(?:19|20)\d\d[01]\d[0-3]\d`)

// When is the day on which the text was said or printed: Date, else the day that
// the document's name or the id holds, as those of the debates do; zero if
// neither does.
func (g *Gold) When() time.Time {
	if t, err := time.Parse(time.DateOnly, g.Date); err == nil {
		return t
	}
	for _, name := range []string{string(g.Document), g.ID} {
		if t, err := time.Parse("20060102", day.FindString(name)); err == nil {
			return t
		}
	}
	return time.Time{}
}

// Reference is a word of the text that needs the article to be understood.
type Reference struct {
	Span   string   `json:"span"`
	Accept []string `json:"accept"` // what a stand-alone wording must name, any of them
}

// Prediction is one line of a prediction file.
type Prediction struct {
	ID     string   `json:"id"`
	Score  *float64 `json:"score,omitempty"` // higher is more check-worthy
	Label  *int     `json:"label,omitempty"` // the system's own yes or no; the threshold on Score when absent
	Ranked []string `json:"ranked,omitempty"`
	Text   *string  `json:"text,omitempty"` // the stand-alone wording
}

// Key is a string or a number of a JSON file, as it stands there.
type Key string

// UnmarshalJSON takes any JSON value; null is the empty Key.
func (k *Key) UnmarshalJSON(data []byte) error {
	if *k = Key(bytes.TrimSpace(data)); *k == "null" {
		*k = ""
	}
	return nil
}

// Bit is 0 or 1; in JSON also false or true.
type Bit int

// UnmarshalJSON takes a number or a boolean.
func (b *Bit) UnmarshalJSON(data []byte) error {
	switch s := string(bytes.TrimSpace(data)); s {
	case "true":
		*b = 1
	case "false", "null":
		*b = 0
	default:
		return json.Unmarshal(data, (*int)(b))
	}
	return nil
}

// Options say how to score.
type Options struct {
	Threshold float64 // from which a score is a yes where a prediction has no label
	Checkable bool    // score against Gold.Checkable in place of Gold.Label
}

// Detection is the figures of one corpus for telling and ranking check-worthy
// sentences.
type Detection struct {
	Corpus     string
	N, Pos     int
	Missing    int // sentences without a prediction: scored as the lowest, label 0
	P, R, F1   float64
	BestF1     float64  // of any threshold on the score: an oracle, tells of the ranking only
	WeightedF1 float64  // weighted by class support
	Accuracy   float64  //
	AP         float64  // average precision over the whole corpus
	AUC        *float64 // area under the ROC curve, ties count a half; nil without both classes
	NDCG       float64
	Documents  int     // with at least one positive; the figures below are means over them
	MAP        float64 // CheckThat!'s measure
	RPrecision float64
	P10, P20   float64
	P5         float64 // what an editor sees first
}

// Retrieval is the figures of one corpus for finding published fact-checks.
type Retrieval struct {
	Corpus            string
	N, Missing        int
	MAP5              float64 // sum of precision at each relevant rank up to 5, over the number of relevant ones
	MRR               float64 // 1 / rank of the first relevant one
	Hit1, Hit5, Hit20 float64 // a relevant one in the first k
}

// Decontext is the figures of one corpus for stand-alone wording.
type Decontext struct {
	Corpus     string
	N, Missing int
	Spans      int
	Resolved   float64 // share of the spans whose referent the wording names
	Untouched  float64 // share of the self-contained sentences left as they were
	Growth     float64 // words out / words in
}

// Result holds the figures of each task, by corpus in the order of the gold.
type Result struct {
	Detection []Detection
	Retrieval []Retrieval
	Decontext []Decontext
}

// Evaluate scores predictions. It fails when two predictions for detection
// have the same id.
func Evaluate(gold []Gold, predictions []Prediction, opt Options) (Result, error) {
	var detect, retrieve, rewrite []Gold
	for _, g := range gold {
		switch {
		case g.Resolve != nil:
			rewrite = append(rewrite, g)
		case g.Relevant != nil:
			retrieve = append(retrieve, g)
		default:
			detect = append(detect, g)
		}
	}
	var res Result
	if len(detect) > 0 {
		byID := map[string]Prediction{}
		for _, p := range predictions {
			if p.Ranked != nil {
				continue
			}
			if _, twice := byID[p.ID]; twice {
				return Result{}, fmt.Errorf("two predictions for %s", p.ID)
			}
			byID[p.ID] = p
		}
		for _, c := range corpora(detect) {
			res.Detection = append(res.Detection, detection(c.name, c.rows, byID, opt))
		}
	}
	ranked, texts := map[string][]string{}, map[string]string{}
	for _, p := range predictions {
		if p.Ranked != nil {
			ranked[p.ID] = p.Ranked
		}
		if p.Text != nil {
			texts[p.ID] = *p.Text
		}
	}
	for _, c := range corpora(retrieve) {
		res.Retrieval = append(res.Retrieval, retrieval(c.name, c.rows, ranked))
	}
	for _, c := range corpora(rewrite) {
		res.Decontext = append(res.Decontext, decontext(c.name, c.rows, texts))
	}
	return res, nil
}

// Table is the figures, one line a corpus.
func (r Result) Table() string {
	var b strings.Builder
	line := func(name string, cells ...string) {
		fmt.Fprintf(&b, "%-24s %s\n", name, strings.Join(slices.DeleteFunc(cells, func(c string) bool { return c == "" }), " "))
	}
	count := func(name string, n int) string { return fmt.Sprintf("%s=%d", name, n) }
	missing := func(n int) string {
		if n == 0 {
			return ""
		}
		return count("missing", n)
	}
	figure := func(name string, v float64) string { return fmt.Sprintf("%s=%.4f", name, v) }
	for _, d := range r.Detection {
		auc := "AUC=-"
		if d.AUC != nil {
			auc = figure("AUC", *d.AUC)
		}
		cells := []string{
			count("n", d.N), count("pos", d.Pos), missing(d.Missing), figure("P", d.P), figure("R", d.R), figure("F1", d.F1),
			figure("bestF1", d.BestF1), figure("wF1", d.WeightedF1), figure("acc", d.Accuracy), figure("AP", d.AP), auc, figure("nDCG", d.NDCG),
		}
		if d.Documents > 0 {
			cells = append(cells, count("docs", d.Documents), figure("MAP", d.MAP), figure("RPrec", d.RPrecision), figure("P@10", d.P10), figure("P@20", d.P20), figure("P@5", d.P5))
		}
		line(d.Corpus, cells...)
	}
	for _, d := range r.Retrieval {
		line(d.Corpus, count("n", d.N), missing(d.Missing), figure("MAP@5", d.MAP5), figure("MRR", d.MRR),
			figure("hit@1", d.Hit1), figure("hit@5", d.Hit5), figure("hit@20", d.Hit20))
	}
	for _, d := range r.Decontext {
		line(d.Corpus, count("n", d.N), missing(d.Missing), count("spans", d.Spans), figure("resolved", d.Resolved),
			figure("untouched", d.Untouched), figure("growth", d.Growth))
	}
	return b.String()
}

type corpus struct {
	name string
	rows []Gold
}

// corpora parts gold by corpus, in order of first appearance.
func corpora(gold []Gold) []corpus {
	var list []corpus
	index := map[string]int{}
	for _, g := range gold {
		i, ok := index[g.Corpus]
		if !ok {
			i = len(list)
			index[g.Corpus] = i
			list = append(list, corpus{name: g.Corpus})
		}
		list[i].rows = append(list[i].rows, g)
	}
	return list
}

// item is a sentence with its score and whether it is positive.
type item struct {
	score    float64
	positive int
}

// ranked sorts items, best first, and among equals the negatives first.
func ranked(items []item) []int {
	items = slices.Clone(items)
	slices.SortFunc(items, func(a, b item) int {
		return cmp.Or(cmp.Compare(b.score, a.score), cmp.Compare(a.positive, b.positive))
	})
	labels := make([]int, len(items))
	for i, it := range items {
		labels[i] = it.positive
	}
	return labels
}

func detection(name string, rows []Gold, byID map[string]Prediction, opt Options) Detection {
	d := Detection{Corpus: name, N: len(rows)}
	var (
		items     []item
		documents = map[Key][]item{}
		order     []Key
		confusion [2][2]float64 // gold, predicted
	)
	for _, g := range rows {
		y := int(g.Label)
		if opt.Checkable {
			y = int(g.Checkable)
		}
		s, said := math.Inf(-1), 0
		if p, ok := byID[g.ID]; ok {
			s, said = read(p, opt.Threshold)
		} else {
			d.Missing++
		}
		confusion[min(y, 1)][min(said, 1)]++
		it := item{score: s, positive: min(y, 1)}
		items = append(items, it)
		if g.Document != "" {
			if documents[g.Document] == nil {
				order = append(order, g.Document)
			}
			documents[g.Document] = append(documents[g.Document], it)
		}
	}
	tn, fp, fn, tp := confusion[0][0], confusion[0][1], confusion[1][0], confusion[1][1]
	d.Pos = int(tp + fn)
	d.P, d.R = score.Ratio(tp, tp+fp), score.Ratio(tp, tp+fn)
	d.F1 = score.F1(d.P, d.R)
	negative := score.F1(score.Ratio(tn, tn+fn), score.Ratio(tn, tn+fp))
	d.WeightedF1 = score.Ratio(d.F1*(tp+fn)+negative*(tn+fp), float64(d.N))
	d.Accuracy = score.Ratio(tp+tn, float64(d.N))
	labels := ranked(items)
	d.AP, d.NDCG = averagePrecision(labels), ndcg(labels)
	d.BestF1, d.AUC = curve(items)
	for _, doc := range order {
		labels := ranked(documents[doc])
		positives := sum(labels)
		if positives == 0 {
			continue
		}
		d.Documents++
		d.MAP += averagePrecision(labels)
		d.RPrecision += score.Ratio(float64(sum(labels[:positives])), float64(positives))
		d.P5 += precisionAt(labels, 5)
		d.P10 += precisionAt(labels, 10)
		d.P20 += precisionAt(labels, 20)
	}
	for _, mean := range []*float64{&d.MAP, &d.RPrecision, &d.P5, &d.P10, &d.P20} {
		*mean = score.Ratio(*mean, float64(d.Documents))
	}
	return d
}

// read gives the score and the yes or no of a prediction.
func read(p Prediction, threshold float64) (s float64, said int) {
	switch {
	case p.Score != nil:
		s = *p.Score
	case p.Label != nil:
		s = float64(*p.Label)
	}
	if p.Label != nil {
		return s, *p.Label
	}
	if s >= threshold {
		return s, 1
	}
	return s, 0
}

func sum(labels []int) int {
	n := 0
	for _, l := range labels {
		n += l
	}
	return n
}

func averagePrecision(labels []int) float64 {
	hits, total := 0, 0.0
	for i, positive := range labels {
		if positive == 1 {
			hits++
			total += float64(hits) / float64(i+1)
		}
	}
	return score.Ratio(total, float64(hits))
}

func precisionAt(labels []int, k int) float64 {
	k = min(k, len(labels))
	return score.Ratio(float64(sum(labels[:k])), float64(k))
}

func ndcg(labels []int) float64 {
	gain, ideal, hits := 0.0, 0.0, 0
	for i, positive := range labels {
		if positive == 1 {
			gain += 1 / math.Log2(float64(i+2))
			ideal += 1 / math.Log2(float64(hits+2))
			hits++
		}
	}
	return score.Ratio(gain, ideal)
}

// curve walks all thresholds once: the best F1 that any of them gives and the
// area under the ROC curve, equal scores taken together.
func curve(items []item) (bestF1 float64, auc *float64) {
	items = slices.Clone(items)
	slices.SortFunc(items, func(a, b item) int { return cmp.Compare(b.score, a.score) })
	positives := 0
	for _, it := range items {
		positives += it.positive
	}
	negatives := len(items) - positives
	var tp, seen, area float64
	for i := 0; i < len(items); {
		var n, p float64 // with this score
		for s := items[i].score; i < len(items) && items[i].score == s; i++ {
			p += float64(items[i].positive)
			n += float64(1 - items[i].positive)
		}
		area += n * (tp + p/2)
		tp += p
		seen += n + p
		bestF1 = max(bestF1, score.F1(score.Ratio(tp, seen), score.Ratio(tp, float64(positives))))
	}
	if positives > 0 && negatives > 0 {
		auc = new(area / float64(positives*negatives))
	}
	return bestF1, auc
}

func retrieval(name string, rows []Gold, byID map[string][]string) Retrieval {
	d := Retrieval{Corpus: name, N: len(rows)}
	for _, g := range rows {
		answer, ok := byID[g.ID]
		if !ok {
			d.Missing++
		}
		relevant := map[string]bool{}
		for _, id := range g.Relevant {
			relevant[id] = true
		}
		seen := map[string]bool{}
		rank, first, hits := 0, 0, 0.0
		for _, id := range answer {
			if seen[id] {
				continue
			}
			seen[id] = true
			rank++
			if !relevant[id] {
				continue
			}
			if first == 0 {
				first = rank
			}
			if rank <= 5 {
				hits++
				d.MAP5 += hits / float64(rank) / float64(len(relevant))
			}
		}
		if first > 0 {
			d.MRR += 1 / float64(first)
			for k, hit := range map[int]*float64{1: &d.Hit1, 5: &d.Hit5, 20: &d.Hit20} {
				if first <= k {
					*hit++
				}
			}
		}
	}
	for _, mean := range []*float64{&d.MAP5, &d.MRR, &d.Hit1, &d.Hit5, &d.Hit20} {
		*mean = score.Ratio(*mean, float64(d.N))
	}
	return d
}

func decontext(name string, rows []Gold, byID map[string]string) Decontext {
	d := Decontext{Corpus: name, N: len(rows)}
	var resolved, plain, same, in, out float64
	for _, g := range rows {
		text, ok := byID[g.ID]
		if !ok {
			d.Missing++
		}
		before, after := score.Fields(g.Text), score.Fields(text)
		in += float64(len(before))
		out += float64(len(after))
		if len(g.Resolve) == 0 {
			plain++
			if slices.Equal(before, after) {
				same++
			}
		}
		low := score.Lower(text)
		for _, r := range g.Resolve {
			d.Spans++
			if slices.ContainsFunc(r.Accept, func(a string) bool { return strings.Contains(low, score.Lower(a)) }) {
				resolved++
			}
		}
	}
	d.Resolved, d.Untouched, d.Growth = score.Ratio(resolved, float64(d.Spans)), score.Ratio(same, plain), score.Ratio(out, in)
	return d
}
