// Package summaries scores summaries of one document against summaries by
// people: ROUGE as the public rouge-score tool defines it (Lin 2004), how
// faithful the sentences are to their source, and, where people picked
// sentences, how many of their picks were found.
package summaries

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"onrecord/score"
)

// Truth is one line of the gold file.
type Truth struct {
	ID        string   `json:"id"`
	Corpus    string   `json:"source_corpus"`
	Title     string   `json:"title"`
	Text      string   `json:"text"`
	Reference []string `json:"reference"` // whole summaries, their sentences parted by newlines
	Gold      []string `json:"gold"`      // sentences of the text that people picked, often none
}

// Prediction is one line of a prediction file: its sentences, or one summary
// with its sentences parted by newlines.
type Prediction struct {
	ID        string     `json:"id"`
	Summary   string     `json:"summary,omitempty"`
	Sentences []Sentence `json:"sentences,omitempty"`
}

// Sentence is the text of a sentence; in JSON also an object with "text".
type Sentence string

// UnmarshalJSON takes a string or an object with "text".
func (s *Sentence) UnmarshalJSON(data []byte) error {
	var object struct{ Text string }
	if len(data) > 0 && data[0] == '{' {
		err := json.Unmarshal(data, &object)
		*s = Sentence(object.Text)
		return err
	}
	return json.Unmarshal(data, (*string)(s))
}

// Options say how to score.
type Options struct {
	Stem         bool // compare stems of the words over three letters
	MaxWords     int  // of a summary, to count those that are over; 0 for no limit
	MaxSentences int
}

// Row is the figures of one corpus, means over its articles. The ROUGE figures
// are F1 x 100, of the best reference each.
type Row struct {
	Corpus      string
	N           int
	Empty       int // articles without a summary
	R1, R2      float64
	RL          float64 // longest common subsequence of the whole text
	RLsum       float64 // union of those of the sentences
	R1p, R1r    float64
	Verbatim    float64 // share of the sentences that stand word for word in the source
	Compressed  float64 // or are a sentence of the source with words left out
	Unsupported float64 // share of the sentences with a number or a capitalised word that the source lacks
	Words       float64
	Sentences   float64
	Over        float64 // share of summaries over a limit
	Redundancy  float64 // highest word overlap between two sentences of a summary
	GP, GR, GF  float64 // precision, recall, F1 x 100 of the sentences that people picked; -1 without any

	picked int // articles with sentences that people picked
}

// Result is the figures of an evaluation.
type Result struct {
	Rows []Row // by name of the corpus, "ALL" last
	Bad  []Bad // sentences that are not in the source, in the order of the gold
}

// Bad is a sentence of a summary that its source does not have.
type Bad struct {
	ID, Sentence string
}

// All is the figures over all articles.
func (r Result) All() Row { return r.Rows[len(r.Rows)-1] }

// Evaluate scores predictions, by id; an article without one counts as having
// an empty summary.
func Evaluate(truth []Truth, predictions []Prediction, opt Options) Result {
	byID := make(map[string]Prediction, len(predictions))
	for _, p := range predictions {
		byID[p.ID] = p
	}
	words := words{stem: opt.Stem}
	rows := map[string]*Row{}
	all := &Row{Corpus: "ALL"}
	var res Result
	for _, t := range truth {
		name := t.Corpus
		if name == "" {
			name = "?"
		}
		if rows[name] == nil {
			rows[name] = &Row{Corpus: name}
		}
		one, bad := measure(words, t, sentences(byID[t.ID]), opt)
		rows[name].add(one)
		all.add(one)
		for _, s := range bad {
			res.Bad = append(res.Bad, Bad{ID: t.ID, Sentence: s})
		}
	}
	for _, row := range rows {
		res.Rows = append(res.Rows, row.mean())
	}
	slices.SortFunc(res.Rows, func(a, b Row) int { return strings.Compare(a.Corpus, b.Corpus) })
	res.Rows = append(res.Rows, all.mean())
	return res
}

// Table is the figures as aligned columns, one line a corpus.
func (r Result) Table() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%-28s", "corpus")
	for _, c := range []string{"n", "R1", "R2", "RL", "RLsum", "R1p", "R1r", "verb", "comp", "unsup", "words", "sents", "over", "redun", "gP", "gR", "gF"} {
		fmt.Fprintf(&b, "%8s", c)
	}
	b.WriteByte('\n')
	for _, o := range r.Rows {
		fmt.Fprintf(&b, "%-28s%8d%8.2f%8.2f%8.2f%8.2f%8.2f%8.2f%8.3f%8.3f%8.3f%8.2f%8.2f%8.3f%8.3f%8.2f%8.2f%8.2f\n", o.Corpus, o.N,
			o.R1, o.R2, o.RL, o.RLsum, o.R1p, o.R1r, o.Verbatim, o.Compressed, o.Unsupported, o.Words, o.Sentences, o.Over, o.Redundancy, o.GP, o.GR, o.GF)
	}
	return b.String()
}

// figures lists the figures that are means over articles.
func (r *Row) figures() []*float64 {
	return []*float64{
		&r.R1, &r.R2, &r.RL, &r.RLsum, &r.R1p, &r.R1r, &r.Verbatim, &r.Compressed, &r.Unsupported,
		&r.Words, &r.Sentences, &r.Over, &r.Redundancy,
	}
}

func (r *Row) add(one Row) {
	for i, sum := range r.figures() {
		*sum += *one.figures()[i]
	}
	r.N++
	r.Empty += one.Empty
	if one.picked > 0 {
		r.picked++
		r.GP += one.GP
		r.GR += one.GR
		r.GF += one.GF
	}
}

func (r Row) mean() Row {
	for _, sum := range r.figures() {
		*sum = score.Ratio(*sum, float64(r.N))
	}
	for _, sum := range []*float64{&r.GP, &r.GR, &r.GF} {
		if r.picked == 0 {
			*sum = -1
			continue
		}
		*sum /= float64(r.picked)
	}
	return r
}

func measure(w words, t Truth, out []string, opt Options) (Row, []string) {
	var best rouge
	for i, ref := range t.Reference {
		best.keepBetter(w.rouge(ref, out), i == 0)
	}
	row := Row{
		R1: 100 * best.r1.f, R2: 100 * best.r2.f, RL: 100 * best.l.f, RLsum: 100 * best.lsum.f,
		R1p: 100 * best.r1.p, R1r: 100 * best.r1.r,
		Sentences: float64(len(out)), Redundancy: redundancy(out),
	}
	f := faith(out, t.Text, t.Title)
	row.Verbatim, row.Compressed, row.Unsupported = f.verbatim, f.compressed, f.unsupported
	for _, s := range out {
		row.Words += float64(len(score.Fields(s)))
	}
	if opt.MaxWords > 0 && row.Words > float64(opt.MaxWords) || opt.MaxSentences > 0 && len(out) > opt.MaxSentences {
		row.Over = 1
	}
	if len(out) == 0 {
		row.Empty = 1
	}
	if len(t.Gold) > 0 {
		g := picks(t.Gold, out)
		row.picked, row.GP, row.GR, row.GF = 1, 100*g.p, 100*g.r, 100*g.f
	}
	return row, f.bad
}

func sentences(p Prediction) []string {
	var out []string
	add := func(s string) {
		if s = strings.TrimFunc(s, score.IsSpace); s != "" {
			out = append(out, s)
		}
	}
	if p.Sentences != nil {
		for _, s := range p.Sentences {
			add(string(s))
		}
		return out
	}
	for s := range strings.SplitSeq(p.Summary, "\n") {
		add(s)
	}
	return out
}

// fidelity says how far sentences are the source's.
type fidelity struct {
	verbatim, compressed, unsupported float64
	bad                               []string
}

func faith(out []string, text, title string) fidelity {
	if len(out) == 0 {
		return fidelity{verbatim: 1, compressed: 1}
	}
	source := foldText(text)
	low := score.Lower(source)
	var parts [][]string
	for _, s := range roughSentences(text) {
		parts = append(parts, tokens(score.Lower(foldText(s))))
	}
	have := map[string]bool{}
	for _, from := range []string{low, score.Lower(foldText(title))} {
		for _, w := range tokens(from) {
			have[w] = true
			have[strings.TrimSuffix(w, "'s")] = true
		}
	}
	for _, w := range score.Words(low) {
		have[w] = true
	}
	var f fidelity
	for _, s := range out {
		folded := foldText(s)
		if strings.Contains(source, folded) || strings.Contains(source, strings.TrimRight(folded, ".")) {
			f.verbatim++
			f.compressed++
		} else {
			w := tokens(score.Lower(folded))
			if slices.ContainsFunc(parts, func(part []string) bool { return subsequence(w, part) }) {
				f.compressed++
			} else {
				f.bad = append(f.bad, s)
			}
		}
		for k, w := range tokens(folded) {
			if first, _ := utf8.DecodeRuneInString(w); !unicode.IsDigit(first) && (k == 0 || !unicode.IsUpper(first)) {
				continue
			}
			low := score.Lower(w)
			if !have[low] && slices.ContainsFunc(score.Words(low), func(x string) bool { return !have[x] }) {
				f.unsupported++
				break
			}
		}
	}
	n := float64(len(out))
	f.verbatim, f.compressed, f.unsupported = f.verbatim/n, f.compressed/n, f.unsupported/n
	return f
}

// subsequence reports whether small's words stand in big in the same order.
func subsequence(small, big []string) bool {
	for _, w := range big {
		if len(small) == 0 {
			return true
		}
		if w == small[0] {
			small = small[1:]
		}
	}
	return len(small) == 0
}

// marks are read as their plain forms.
var marks = strings.NewReplacer("“", `"`, "”", `"`, "„", `"`, "«", `"`, "»", `"`, "‘", "'", "’", "'", "`", "'",
	"–", "-", "—", "-", "‑", "-", "\u00a0", " ", "…", "...")

func foldText(s string) string {
	return strings.Join(score.Fields(norm.NFKC.String(marks.Replace(s))), " ")
}

// tokens cuts s into words; one apostrophe, full stop or comma may stand
// inside a word: "it's", "U.S", "1,000".
func tokens(s string) []string {
	var out []string
	start := -1
	for i := 0; i < len(s); {
		r, size := utf8.DecodeRuneInString(s[i:])
		switch {
		case score.IsWord(r):
			if start < 0 {
				start = i
			}
		case start >= 0:
			next, _ := utf8.DecodeRuneInString(s[i+size:])
			if !strings.ContainsRune("'.,", r) || i+size == len(s) || !score.IsWord(next) {
				out = append(out, s[start:i])
				start = -1
			}
		}
		i += size
	}
	if start >= 0 {
		out = append(out, s[start:])
	}
	return out
}

// roughSentences cuts text at line ends and at white space behind a full stop,
// exclamation or question mark and its closing marks.
func roughSentences(text string) []string {
	var out []string
	start := 0
	cut := func(from, to int) {
		if s := text[start:from]; strings.TrimFunc(s, score.IsSpace) != "" {
			out = append(out, s)
		}
		start = to
	}
	for i := 0; i < len(text); i++ {
		if text[i] == '\n' {
			end := i
			for end < len(text) && text[end] == '\n' {
				end++
			}
			cut(i, end)
			i = end - 1
			continue
		}
		if i == 0 || !strings.ContainsRune(".!?", rune(text[i-1])) {
			continue
		}
		closed := i
		for closed < len(text) && strings.ContainsRune(`"')]`, rune(text[closed])) {
			closed++
		}
		end := len(text) - len(strings.TrimLeftFunc(text[closed:], score.IsSpace))
		if end > closed {
			cut(i, end)
			i = end - 1
		}
	}
	cut(len(text), len(text))
	return out
}

func redundancy(out []string) float64 {
	best := 0.0
	bags := make([][]string, len(out))
	for i, s := range out {
		bags[i] = words{}.of(s)
		for j := range i {
			best = max(best, overlap(grams(bags[i], 1), grams(bags[j], 1)).f)
		}
	}
	return best
}

// picks compares the sentences that people picked with the summary's. Two are
// the same when one is most of the other.
func picks(gold, out []string) prf {
	bare := func(list []string) []string {
		var b []string
		for _, s := range list {
			b = append(b, strings.Join(tokens(score.Lower(foldText(s))), ""))
		}
		return b
	}
	g, o := bare(gold), bare(out)
	same := func(a, b string) bool {
		if a == b {
			return true
		}
		m, n := utf8.RuneCountInString(a), utf8.RuneCountInString(b)
		return float64(min(m, n)) > 0.6*float64(max(m, n)) && (strings.Contains(a, b) || strings.Contains(b, a))
	}
	found := func(these, among []string) float64 {
		n := 0
		for _, a := range these {
			if slices.ContainsFunc(among, func(b string) bool { return same(a, b) }) {
				n++
			}
		}
		return score.Ratio(float64(n), float64(len(these)))
	}
	p, r := found(o, g), found(g, o)
	return prf{p, r, score.F1(p, r)}
}
