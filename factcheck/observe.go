package factcheck

import (
	"crypto/sha256"
	_ "embed"
	"encoding/hex"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"onrecord/factcheck/internal/worth"
	"onrecord/nlp"
	"onrecord/quote"
)

// observations names what the ranking of news looks at, in the order of the
// vectors that [Observe] gives. All but the last few are things that a reader
// can see; those are what the learned heads say of the sentence.
var observations = []struct {
	name string
	of   func(f *features) float64
}{
	{"figure", func(f *features) float64 { return bit(f.figures > 0 && !f.small) }},
	{"small figure", func(f *features) float64 { return bit(f.small) }},
	{"more figures", func(f *features) float64 { return float64(min(max(f.figures-1, 0), 3)) }},
	{"share or money", func(f *features) float64 { return bit(f.shares > 0) }},
	{"unsourced figure", func(f *features) float64 { return bit(f.figures > 0 && !f.small && f.ownVoice && !f.sourced) }},
	{"ground", func(f *features) float64 { return bit(f.evidence) }},
	{"absolute", func(f *features) float64 { return bit(f.absolute) }},
	{"comparison", func(f *features) float64 { return bit(f.comparison) }},
	{"record", func(f *features) float64 { return bit(f.record) }},
	{"cause", func(f *features) float64 { return bit(f.cause) }},
	{"law", func(f *features) float64 { return bit(f.law) }},
	{"harm", func(f *features) float64 { return bit(f.harm) }},
	{"unharmed", func(f *features) float64 { return bit(f.unharmed) }},
	{"justice", func(f *features) float64 { return bit(f.justice) }},
	{"hardship", func(f *features) float64 { return bit(f.hardship) }},
	{"force", func(f *features) float64 { return bit(f.force) }},
	{"allegation", func(f *features) float64 { return bit(f.allegation) }},
	{"denial", func(f *features) float64 { return bit(f.denial) }},
	{"commitment", func(f *features) float64 { return bit(f.commitment) }},
	{"institution", func(f *features) float64 { return bit(f.institution) }},
	{"event", func(f *features) float64 { return bit(f.event) }},
	{"disputed", func(f *features) float64 { return bit(f.answered) }},
	{"second hand", func(f *features) float64 { return bit(f.second) }},
	{"private word", func(f *features) float64 { return bit(f.private && !f.allegation) }},
	{"hedged", func(f *features) float64 { return bit(f.hedged) }},
	{"opinion", func(f *features) float64 { return bit(f.opinion) }},
	{"points back", func(f *features) float64 { return bit(f.reference) }},
	{"lede", func(f *features) float64 { return bit(f.lede) }},
	{"direct speech", func(f *features) float64 { return bit(f.direct) }},
	{"personal", func(f *features) float64 { return bit(f.personal && !f.allegation) }},
	{"duration", func(f *features) float64 { return bit(f.duration) }},
	{"short", func(f *features) float64 { return bit(f.words < 5 && !f.harm) }},
	{"position", func(f *features) float64 { return f.position }},
	{"finding", func(f *features) float64 { return bit(f.finding) }},
	{"frame", func(f *features) float64 { return bit(f.frame) }},
	{"negated", func(f *features) float64 { return bit(f.negated) }},
	{"contested", func(f *features) float64 { return bit(f.contested) }},
	{"official word", func(f *features) float64 { return bit(f.official) }},
	{"long", func(f *features) float64 { return bit(f.words > 25) }},
	{"names", func(f *features) float64 { return float64(min(f.names, 4)) / 2 }},
	{"effect", func(f *features) float64 { return bit(f.effect) }},
	{"general", func(f *features) float64 { return bit(f.general) }},
	{"learned public", func(f *features) float64 { return f.learned[worth.Public] / 2 }},
	{"learned checkable", func(f *features) float64 { return f.learned[worth.Checkable] / 2 }},
	{"learned checked", func(f *features) float64 { return f.learned[worth.Checked] / 2 }},
}

func bit(is bool) float64 {
	if is {
		return 1
	}
	return 0
}

// vector is what score looks at.
func (f *features) vector() []float64 {
	x := make([]float64, len(observations))
	for i, o := range observations {
		x[i] = o.of(f)
	}
	return x
}

// weights.txt has a line for each observation: its weight, the weight that was
// set by hand before there was anything to learn from, its name. The first
// line is for what always holds.
//
//go:embed weights.txt
var weightFile string

type ranking struct {
	bias    float64
	weights []float64
	hand    []float64 // the bias last
}

var rankingWeights = sync.OnceValue(func() ranking {
	w, err := readRanking(weightFile)
	if err != nil {
		panic(err) // the file is part of the program
	}
	return w
})

func readRanking(file string) (ranking, error) {
	w := ranking{weights: make([]float64, len(observations)), hand: make([]float64, len(observations)+1)}
	seen := 0
	for line := range strings.Lines(file) {
		if strings.HasPrefix(line, "#") {
			continue
		}
		cells := strings.Fields(line)
		if len(cells) < 3 {
			return w, fmt.Errorf("weights: %q has no weight, weight by hand and name", line)
		}
		trained, err := strconv.ParseFloat(cells[0], 64)
		hand, err2 := strconv.ParseFloat(cells[1], 64)
		if err != nil || err2 != nil {
			return w, fmt.Errorf("weights: %q has no numbers", line)
		}
		name := strings.Join(cells[2:], " ")
		if name == "always" {
			w.bias, w.hand[len(observations)] = trained, hand
			seen++
			continue
		}
		for i, o := range observations {
			if o.name == name {
				w.weights[i], w.hand[i] = trained, hand
				seen++
			}
		}
	}
	if seen != len(observations)+1 {
		return w, fmt.Errorf("weights: %d of %d observations", seen, len(observations)+1)
	}
	return w, nil
}

// Ranking is the weights of the news ranking as the trainer needs them: the
// names of the observations and what was set by hand, the constant last.
func Ranking() (names []string, hand []float64) {
	for _, o := range observations {
		names = append(names, o.name)
	}
	return names, slices.Clone(rankingWeights().hand)
}

// headsLine begins the line of the file that names the heads with which the
// weights were trained.
const headsLine = "# heads "

// heads names the embedded model of the heads.
func heads() string {
	sum := sha256.Sum256(modelData)
	return hex.EncodeToString(sum[:8])
}

// RankingFile writes weights, the constant last, in the form of the embedded
// file.
func RankingFile(weights []float64) []byte {
	out := []byte("# trained, by hand, observation; written by 'go run ./cmd/train claims'\n")
	out = append(out, headsLine+heads()+"\n"...)
	hand := rankingWeights().hand
	out = fmt.Appendf(out, "%7.3f %6.2f always\n", weights[len(observations)], hand[len(observations)])
	for i, o := range observations {
		out = fmt.Appendf(out, "%7.3f %6.2f %s\n", weights[i], hand[i], o.name)
	}
	return out
}

// Observation is one candidate for a claim as the ranking of news sees it.
type Observation struct {
	Span      nlp.Span
	Facts     []float64 // what it weighs, before the constant
	Checkable bool      // evidence could settle it
}

// Observe gives the candidates that evidence could settle, and the sentences
// without one, in text order: what the trainer of the ranking learns from.
func Observe(doc *nlp.Document, quotes []quote.Quote, published time.Time) []Observation {
	r := read(doc, quotes, published)
	var out []Observation
	for s := range doc.Sentences {
		none := true
		for _, c := range r.candidates(s) {
			if r.judge(c).checkable {
				f := r.features(c)
				out = append(out, Observation{Span: c.span(r), Facts: f.vector(), Checkable: true})
				none = false
			}
		}
		if none {
			f := r.features(r.whole(s))
			out = append(out, Observation{Span: doc.Sentences[s].Span, Facts: f.vector()})
		}
	}
	return out
}

// whole is sentence s as a candidate of its own.
func (r *reading) whole(s int) candidate {
	return candidate{first: r.Sentences[s].First, last: r.Sentences[s].Last, sentence: s, quote: -1}
}

// score is how much a claim with these features deserves a check, 0 to 1.
func score(f features) float64 {
	w := rankingWeights()
	x := w.bias
	for i, o := range observations {
		if v := w.weights[i]; v != 0 {
			x += v * o.of(&f)
		}
	}
	return 1 / (1 + math.Exp(-x))
}
