package summary

import (
	"cmp"
	"math"
	"slices"
)

// Length bounds a summary.
type Length struct {
	Sentences int // at most so many; 0 means 3
	Words     int // at most so many, counted as white-space separated words; 0 means 60
}

func (l Length) orDefault() Length {
	if l.Sentences <= 0 {
		l.Sentences = 3
	}
	if l.Words <= 0 {
		l.Words = 60
	}
	return l
}

// Rates is what the models say of a sheet.
type Rates struct {
	Line []float64 // of each line: people pick it
	Word []float64 // of each word: a person's summary has it
	Pair []float64 // of each pair of words
}

// Weights say what a summary is worth.
type Weights struct {
	Word, Pair, Line float64 // of the three expectations
	Reference        float64 // length of a person's summary, in words for each word of the limit
	Picks            float64 // sentences that people pick, for each sentence of the limit
	Cut              float64 // share of a line's rate that a shortened wording keeps
	Headline         float64 // added to the rate of the line that tells what the headline says
	Lede             float64 // added to the rate of the first line that claims something
	News             float64 // added to the rate of the first line that is rated nearly best: news comes first
	Fill             float64 // what the rate of one more line that claims something must be, with a share of its worth, to fill room that is left
}

// Tuned are the weights in use, by the folds of 'go run ./cmd/train summaries
// --folds' (docs/models.md).
var Tuned = Weights{Word: 1, Pair: 2, Line: 3, Reference: 1, Picks: 1.2, Cut: 0.6, Headline: 0.3, Lede: 0.03, News: 0.1, Fill: 0.25}

// nearly is the share of the best rate from which a line is rated nearly best.
const nearly = 0.8

// worthy is the share of a line's worth as a claim that counts when room is
// filled.
const worthy = 0.2

// chooser tries sets of candidates. What a set is worth is the F1 that it may be
// expected to have against a person's summary, in words and in pairs of words,
// each counting once, and against the sentences that people pick.
type chooser struct {
	*Sheet
	Rates
	Weights
	length Length
	ref    float64
	most   float64 // sentences that people pick
	inWord []int   // of each word, how many of the set hold it
	inPair []int
	set    []int
	hits1  float64
	hits2  float64
	picked float64
	lede   int     // the first line that claims something, -1 without one
	headed int     // the line that tells what the headline says, -1 without one
	news   int     // the first line rated nearly best, -1 without one
	top    float64 // the rate of the best line
	tokens int
	words  int
	best   []int
	value  float64
}

// pool is how many candidates the best set is looked for among.
const pool = 14

// Choose finds the best set of candidates within the length, as indexes in text
// order: none when nothing may be used.
func Choose(s *Sheet, rates Rates, w Weights, length Length) []int {
	length = length.orDefault()
	c := &chooser{Sheet: s, Rates: rates, Weights: w, length: length, value: math.Inf(-1), lede: ledeOf(s), headed: headedOf(s)}
	c.news, c.top = newsOf(s, rates)
	c.ref = w.Reference * float64(min(length.Words, 25*length.Sentences))
	c.most = w.Picks * float64(length.Sentences)
	c.inWord, c.inPair = make([]int, len(s.Words)), make([]int, len(s.Pairs))
	open := c.open()
	if length.Sentences > 4 {
		c.greedy(open)
	} else {
		c.try(open, 0)
		c.fill(open)
	}
	return c.best
}

// open lists the candidates to try, the best alone, in text order. A line that
// only vows is one when it is rated nearly best.
func (c *chooser) open() []int {
	var open []int
	alone := make([]float64, len(c.Candidates))
	for i, k := range c.Candidates {
		if l := c.Lines[k.Line]; l.Use == Never || l.Vow && c.Rates.Line[k.Line] < nearly*c.top || k.Length > c.length.Words {
			continue
		}
		c.push(i)
		alone[i] = c.worth()
		c.pop()
		open = append(open, i)
	}
	slices.SortStableFunc(open, func(a, b int) int { return cmp.Compare(alone[b], alone[a]) })
	most := max(pool, 4*c.length.Sentences)
	if len(open) > most {
		open = open[:most]
	}
	slices.Sort(open)
	return open
}

func (c *chooser) push(i int) {
	k := &c.Candidates[i]
	c.set = append(c.set, i)
	c.tokens += k.Tokens
	c.words += k.Length
	c.picked += c.rate(k)
	for _, w := range k.Words {
		if c.inWord[w]++; c.inWord[w] == 1 {
			c.hits1 += c.Rates.Word[w]
		}
	}
	for _, p := range k.Pairs {
		if c.inPair[p]++; c.inPair[p] == 1 {
			c.hits2 += c.Rates.Pair[p]
		}
	}
}

// rate is what a candidate counts for among the sentences that people pick.
func (c *chooser) rate(k *Candidate) float64 {
	x := c.Rates.Line[k.Line]
	if k.Cut {
		x *= c.Cut
	}
	if k.Line == c.lede {
		x += c.Lede
	}
	if k.Line == c.headed {
		x += c.Headline
	}
	if k.Line == c.news {
		x += c.News
	}
	return x
}

// ledeOf gives the first line that may open a summary and claims something.
func ledeOf(s *Sheet) int {
	return slices.IndexFunc(s.Lines, func(l Line) bool { return l.Use == Anywhere && l.Features[worthAt] > 0 })
}

// headed is the share of the words of a headline from which one of the first two
// lines tells what it says.
const headed = 0.5

// headedOf gives the line that tells what the headline says: the one of the first two
// that has most of its words, half of them at least. It is -1 without one.
func headedOf(s *Sheet) int {
	best, most := -1, float32(0)
	for i, l := range s.Lines[:min(len(s.Lines), 2)] {
		if share := l.Features[titledAt]; l.Use == Anywhere && share >= headed && share > most {
			best, most = i, share
		}
	}
	return best
}

// newsOf gives the first line that stands alone and is rated nearly as well as
// the best one, and the best one's rate.
func newsOf(s *Sheet, rates Rates) (first int, most float64) {
	for i, l := range s.Lines {
		if l.Use == Anywhere {
			most = max(most, rates.Line[i])
		}
	}
	for i, l := range s.Lines {
		if l.Use == Anywhere && rates.Line[i] >= nearly*most {
			return i, most
		}
	}
	return -1, most
}

func (c *chooser) pop() {
	i := c.set[len(c.set)-1]
	k := &c.Candidates[i]
	c.set = c.set[:len(c.set)-1]
	c.tokens -= k.Tokens
	c.words -= k.Length
	c.picked -= c.rate(k)
	for _, w := range k.Words {
		if c.inWord[w]--; c.inWord[w] == 0 {
			c.hits1 -= c.Rates.Word[w]
		}
	}
	for _, p := range k.Pairs {
		if c.inPair[p]--; c.inPair[p] == 0 {
			c.hits2 -= c.Rates.Pair[p]
		}
	}
}

func (c *chooser) worth() float64 {
	size := float64(c.tokens) + c.ref
	return 2*c.Weights.Word*c.hits1/size + 2*c.Weights.Pair*c.hits2/size + 2*c.Weights.Line*c.picked/(float64(len(c.set))+c.most)
}

func (c *chooser) try(open []int, from int) {
	if len(c.set) > 0 && c.stands() {
		if v := c.worth(); v > c.value+1e-12 {
			c.value, c.best = v, slices.Clone(c.set)
		}
	}
	if len(c.set) == c.length.Sentences {
		return
	}
	for k := from; k < len(open); k++ {
		i := open[k]
		if c.words+c.Candidates[i].Length > c.length.Words || c.repeats(i) {
			continue
		}
		c.push(i)
		c.try(open, k+1)
		c.pop()
	}
}

// stands reports whether every sentence of the set that points back follows
// the sentence that it points back to.
func (c *chooser) stands() bool {
	for k, i := range c.set {
		at := c.Candidates[i].Line
		if c.Lines[at].Use == Inside && (k == 0 || c.Candidates[c.set[k-1]].Line != at-1) {
			return false
		}
	}
	return true
}

// greedy adds the candidate that is worth most beside the others until the
// length is full: for longer summaries, where trying all sets would take too
// long.
func (c *chooser) greedy(open []int) {
	c.add(open, func(int) float64 { return c.worth() })
}

// fill adds whole sentences that claim something while there is room and one is
// rated well enough.
func (c *chooser) fill(open []int) {
	c.add(open, func(i int) float64 {
		k := &c.Candidates[i]
		claim := float64(c.Lines[k.Line].Features[worthAt])
		rate := c.Rates.Line[k.Line] + worthy*claim
		if k.Cut || claim == 0 || rate <= c.Fill {
			return math.Inf(-1)
		}
		return rate
	})
}

// add adds to the best set, one after the other, the candidate that says
// something new, fits, and has the highest value beside the others. value is
// asked while the candidate is in the set; minus infinity keeps it out.
func (c *chooser) add(open []int, value func(int) float64) {
	for len(c.best) < c.length.Sentences {
		var better []int
		most := math.Inf(-1)
		for _, i := range c.fresh(open) {
			with := append(slices.Clone(c.best), i)
			slices.Sort(with)
			for _, j := range with {
				c.push(j)
			}
			if v := value(i); c.words <= c.length.Words && c.stands() && v > most {
				most, better = v, with
			}
			for range with {
				c.pop()
			}
		}
		if better == nil {
			return
		}
		c.best = better
	}
}

// fresh lists the candidates that say something new beside the best set so far.
func (c *chooser) fresh(open []int) []int {
	for _, j := range c.best {
		c.push(j)
	}
	var fresh []int
	for _, i := range open {
		if !c.repeats(i) {
			fresh = append(fresh, i)
		}
	}
	for range c.best {
		c.pop()
	}
	return fresh
}

// repeats reports whether the set has the line of candidate i, or most of its
// words.
func (c *chooser) repeats(i int) bool {
	k := &c.Candidates[i]
	if slices.ContainsFunc(c.set, func(j int) bool { return c.Candidates[j].Line == k.Line }) {
		return true
	}
	there := 0
	for _, w := range k.Words {
		if c.inWord[w] > 0 {
			there++
		}
	}
	return 4*there > 3*len(k.Words)
}
