package factcheck

import (
	_ "embed"
	"math"
	"strings"
	"sync"
	"time"

	"onrecord/factcheck/internal/worth"
	"onrecord/nlp"
	"onrecord/quote"
)

// claims.bin is the learned model of what is worth checking. 'go run
// ./cmd/train claims' makes it; docs/models.md is its card.
//
//go:embed claims.bin
var modelData []byte

var model = sync.OnceValue(func() *worth.Model {
	m, err := worth.Decode(modelData)
	if err != nil {
		panic(err) // the file is part of the program
	}
	return m
})

var readers = sync.Pool{New: func() any { return worth.All() }}

func sums(doc *nlp.Document, first, last int) [worth.Heads]float64 {
	r := readers.Get().(*worth.Reader)
	defer readers.Put(r)
	return model().Sums(r, doc, first, last)
}

// learned is what the model says of a sentence, worked out when it is asked
// for.
type learned struct {
	known bool
	odds  [worth.Heads]float64
}

// odds gives the log-odds of the model's heads for sentence s.
func (r *reading) odds(s int) [worth.Heads]float64 {
	l := &r.rated[s]
	if !l.known {
		z := sums(r.Document, r.Sentences[s].First, r.Sentences[s].Last)
		for h := range z {
			l.odds[h] = logit(model().Probability(worth.Head(h), z[h]))
		}
		l.known = true
	}
	return l.odds
}

// logit is the natural logarithm of the odds of p, within ±6.
func logit(p float64) float64 { return max(-6, min(6, math.Log(p/(1-p)))) }

// Rating is how much a stretch of text is worth a check. What that means
// depends on what the text is. An article is read with an editor's eyes: Score
// is the ranking of [Claims]. Of a speech, or a sentence on its own, Score is
// the probability that the sentence is factual and that the public would want
// to know whether it is so.
type Rating struct {
	Best      Claim   // the best claim in it; without one, the whole of it, Checkable unset
	Score     float64 // 0 to 1, higher is more worth a check
	Worth     bool    // Score reaches the threshold of its kind of text
	Checkable bool    // evidence could settle something in it
	Settled   float64 // the probability of that, 0 to 1
}

// worthChecking is the score from which a sentence of an article is called
// check-worthy.
const worthChecking = 0.5

// Rate rates stretches of doc, in text order: sentences that a corpus or a
// user gives, which need not be the ones that [nlp.Parse] finds.
func Rate(doc *nlp.Document, quotes []quote.Quote, published time.Time, spans []nlp.Span) []Rating {
	r := read(doc, quotes, published)
	spoken := r.spoken()
	m := model()
	rated := r.rateSentences()
	out := make([]Rating, len(spans))
	odds := make([][worth.Heads]float64, len(spans))
	for i, span := range spans {
		first, last := doc.TokensIn(span)
		for h, z := range sums(doc, first, last) {
			odds[i][h] = m.Odds(worth.Head(h), z)
		}
	}
	from := 0
	for i, span := range spans {
		for from < len(rated) && r.Sentences[from].End <= span.Start {
			from++
		}
		best := Claim{Span: span, Quote: -1, Standalone: strings.Join(strings.Fields(span.Text(doc.Text)), " ")}
		for s := from; s < len(rated) && r.Sentences[s].Start < span.End; s++ {
			if c := rated[s]; c.Span.Overlaps(span) && c.Score >= best.Score {
				best = c
			}
		}
		public, settled := likely(together(odds, i)), likely(odds[i][worth.Checkable])
		out[i] = Rating{Best: best, Settled: settled}
		if spoken {
			out[i].Score = public
			out[i].Worth = public >= spokenYes
			out[i].Checkable = settled >= worth.Settled
		} else {
			out[i].Score = best.Score
			out[i].Worth = best.Checkable && best.Score >= worthChecking
			out[i].Checkable = best.Checkable
		}
	}
	return out
}

// together is the log-odds that the public would want to know whether sentence
// i of a speech is so: half what the first head says, half what two say one
// after the other, that it is factual and that people care if it is. The other
// heads and the sentences beside it help: facts come in company. Each of these is
// taken as the distance from its mean over debates, so that the curve still
// holds.
func together(odds [][worth.Heads]float64, i int) float64 {
	sum := (odds[i][worth.Public] + logit(likely(odds[i][worth.Factual])*likely(odds[i][worth.Cared]))) / 2
	sum += checkableSay*(odds[i][worth.Checkable]-checkableMean) + checkedSay*(odds[i][worth.Checked]-checkedMean)
	for _, k := range []int{i - 1, i + 1} {
		if k >= 0 && k < len(odds) {
			sum += besideSay * (odds[k][worth.Public] - publicMean)
		}
	}
	return sum
}

// likely is the probability of log-odds.
func likely(odds float64) float64 { return 1 / (1 + math.Exp(-odds)) }

// Set on the dev debates of ClaimBuster and of 2016 (docs/models.md).
const (
	spokenYes                   = 0.366 // the probability from which a sentence of a speech is check-worthy
	besideSay, publicMean       = 0.08, -2.1
	checkableSay, checkableMean = 0.05, 0.5
	checkedSay, checkedMean     = 0.1, -1.5
)

// spoken reports whether the text is no article: a speech, a debate, a post, a
// sentence on its own. Articles speak of themselves as "I" and "we", and to
// their readers as "you", hardly ever outside quotation marks.
func (r *reading) spoken() bool {
	return len(r.Sentences) < fewSentences || r.narrator() > spokenShare
}

// narrator is the share of words outside quotations by which the author speaks of
// themselves or to the reader.
func (r *reading) narrator() float64 {
	if r.persons >= 0 {
		return r.persons
	}
	words, persons := 0, 0
	for i, t := range r.Tokens {
		if t.Rel == "punct" || r.said[i] >= 0 {
			continue
		}
		words++
		switch strings.ToLower(t.Text) {
		case "i", "we", "you", "my", "our", "your", "me", "us", "myself", "ourselves":
			if t.Text != "US" {
				persons++
			}
		}
	}
	r.persons = float64(persons) / float64(max(words, 1))
	return r.persons
}

// An isolated sentence is no article, and one in seventy words may be an "I". From
// one in two hundred on an author is there: of nine news articles one has any, with
// one in 340; columns have one in a hundred.
const (
	fewSentences  = 3
	spokenShare   = 0.015
	narratedShare = 0.005
)

// worth is how much a claim with these features, in sentence s, deserves a check.
// The ranking of news knows no speeches: of those the heads say it, and of a
// column both.
func (r *reading) worth(f features, s int) float64 {
	news := score(f)
	share := r.narrator()
	if share <= narratedShare {
		return news
	}
	var odds [][worth.Heads]float64
	from, to := max(s-1, 0), min(s+2, len(r.Sentences))
	for k := from; k < to; k++ {
		odds = append(odds, r.odds(k))
	}
	heads := together(odds, s-from)
	if share > spokenShare {
		return likely(heads)
	}
	return likely((logit(news) + heads) / 2)
}
