package brief

import (
	"cmp"
	"math"
	"regexp"
	"slices"
	"strings"

	"onrecord/factcheck"
	"onrecord/nlp"
	"onrecord/quote"
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

// Summarise picks the sentences of doc that tell its news, within the length
// and in text order, each whole but for a dateline at its head. title may be empty.
//
// A sentence is scored by where it stands, how much of what the article keeps
// coming back to it holds (its centroid), what it shares with the title, its
// names and figures, how worth checking its claims are (a sentence without any
// is a scene, a vow, an opinion), and how much of it is somebody's words. Among the few best
// sentences, the set is taken that holds most, each word counting once, so
// that no two say the same. The summary never opens with a word that points
// back ("He", "This"), asks, or judges.
func Summarise(doc *nlp.Document, quotes []quote.Quote, claims []factcheck.Claim, title string, length Length) []Sentence {
	length = length.orDefault()
	s := newSummariser(doc, quotes, claims, title, tuned)
	chosen := s.choose(length)
	out := make([]Sentence, 0, len(chosen))
	for _, i := range chosen {
		span := doc.Sentences[i].Span
		kept := span
		kept.Start += len(datelineAt.FindString(span.Text(doc.Text)))
		out = append(out, Sentence{Text: oneLine(kept.Text(doc.Text)), Span: span, Parts: []nlp.Span{kept}})
	}
	return out
}

// datelineAt matches a dateline at the head of a sentence, "PORT ALDER, Marland
// (AP) - ", which is no part of it.
var datelineAt = regexp.MustCompile(`^\p{Lu}[\p{Lu} .'’-]+(?:, \p{Lu}[\p{L}. ]{1,30})?(?:,? \p{Lu}[\p{L}.]{2,8} \d{1,2})? ?(?:\([^()\n]{2,40}\) ?)?(?:-|–|—|--) `)

// summariser is a document as the ranking looks at it.
type summariser struct {
	*nlp.Document
	w      summaryWeights
	said   []float64          // of each token: 1 inside a quotation's content
	stems  [][]string         // of each sentence: its content words, sorted, each once
	weight map[string]float64 // of each content word, its part in what the article is about
	words  []int              // of each sentence, white-space separated
	score  []float64
	worth  []float64 // of each sentence, the score of its best claim, 0 without one
	usable []usability
}

// usability says how a sentence may be used.
type usability int

const (
	never   usability = iota // not a sentence to show: a question, a fragment, a piece of a longer quotation
	inside                   // only after a sentence that explains what it points back to
	anybody                  // anywhere
)

// summaryWeights are the weights of the ranking.
type summaryWeights struct {
	position  float64 // × 1/(1+sentence)
	first     float64 // the first sentence
	paragraph float64 // opens a paragraph
	centroid  float64 // × mean weight of its words, against the best sentence
	title     float64 // × share of the title's words in it
	names     float64 // × names, up to four
	figures   float64 // × figures, up to three
	quoted    float64 // × share of it in direct quotation
	anecdote  float64 // a lede that sets a scene
	long      float64 // × words above 25, in tens
	short     float64 // below 10 words
	claim     float64 // × score of its best claim
	none      float64 // no claim that evidence could settle
	coverage  float64 // × share of the article's weight that the chosen set covers
	size      float64 // exponent: how much a long sentence counts for more than a short one
	early     float64 // how much more words of early sentences weigh: exponent of the discount
}

// tuned are the weights in use, set by random search on the development
// articles with people's summaries, by folds over articles (docs/models.md).
var tuned = summaryWeights{
	position: 1.6, first: 0, paragraph: 0.1, centroid: 1, title: 0.42, names: 0.015, figures: 0,
	quoted: -0.25, anecdote: -1, long: -0.1, short: -0.3, claim: 1.2, none: -0.2, coverage: 8, size: 1, early: 0.5,
}

func newSummariser(doc *nlp.Document, quotes []quote.Quote, claims []factcheck.Claim, title string, w summaryWeights) *summariser {
	s := &summariser{Document: doc, w: w, weight: map[string]float64{}}
	s.said = make([]float64, len(doc.Tokens))
	for _, q := range quotes {
		if q.Type == quote.Indirect {
			continue
		}
		for _, span := range q.Content {
			first, last := doc.TokensIn(span)
			for i := first; i < last; i++ {
				s.said[i] = 1
			}
		}
	}
	n := len(doc.Sentences)
	s.worth = make([]float64, n)
	for _, c := range claims {
		if c.Checkable {
			s.worth[c.Sentence] = max(s.worth[c.Sentence], c.Score)
		}
	}
	s.stems = make([][]string, n)
	s.words = make([]int, n)
	for i := range doc.Sentences {
		s.stems[i] = stemsOf(doc.SentenceTokens(i))
		s.words[i] = len(strings.Fields(doc.Sentences[i].Text(doc.Text)))
		for _, w := range s.stems[i] {
			s.weight[w] += math.Pow(float64(4+i), -s.w.early)
		}
	}
	s.normalise()
	s.rate(title)
	s.classify(quotes)
	return s
}

// normalise scales the weights so that they add up to one; words that occur
// in one sentence only weigh less.
func (s *summariser) normalise() {
	words := make([]string, 0, len(s.weight))
	for w := range s.weight {
		words = append(words, w)
	}
	slices.Sort(words) // floating point sums depend on the order
	sum := 0.0
	for _, w := range words {
		s.weight[w] *= s.weight[w]
		sum += s.weight[w]
	}
	for _, w := range words {
		s.weight[w] /= sum
	}
}

// stemsOf gives the content words among tokens, sorted, each once.
func stemsOf(tokens []nlp.Token) []string {
	var out []string
	for _, t := range tokens {
		switch {
		case len(t.Text) < 2 || t.Lemma == "be" || t.Lemma == "have" || t.Lemma == "do" || t.Lemma == "say" || t.Lemma == "not" || t.Lemma == "tell":
		case strings.HasPrefix(t.Tag, "NN"), strings.HasPrefix(t.Tag, "VB"), strings.HasPrefix(t.Tag, "JJ"), t.Tag == "CD", t.Tag == "FW":
			out = append(out, strings.ToLower(t.Lemma))
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// rate scores the sentences.
func (s *summariser) rate(title string) {
	s.score = make([]float64, len(s.Sentences))
	if len(s.Sentences) == 0 {
		return
	}
	head := map[string]bool{}
	for _, w := range titleWords(title) {
		head[w] = true
	}
	centroid := make([]float64, len(s.Sentences))
	best := 1e-9
	for i, stems := range s.stems {
		for _, w := range stems {
			centroid[i] += s.weight[w]
		}
		centroid[i] /= math.Sqrt(float64(len(stems) + 4))
		best = max(best, centroid[i])
	}
	for i := range s.Sentences {
		sent := s.Sentences[i]
		x := s.w.position/float64(1+i) + s.w.centroid*centroid[i]/best
		if i == 0 {
			x += s.w.first
		}
		if i == 0 || s.Sentences[i-1].Paragraph != sent.Paragraph {
			x += s.w.paragraph
		}
		if len(head) > 0 {
			hit := 0
			for _, w := range s.stems[i] {
				if head[w] {
					hit++
				}
			}
			x += s.w.title * float64(hit) / float64(len(head))
		}
		from, to := s.MentionsIn(sent.Span)
		x += s.w.names * float64(min(to-from, 4))
		from, to = s.NumbersIn(sent.Span)
		x += s.w.figures * float64(min(to-from, 3))
		x += s.w.quoted * s.quoted(sent)
		if s.anecdote(i) {
			x += s.w.anecdote
		}
		x += s.w.long * float64(max(s.words[i]-25, 0)) / 10
		if s.words[i] < 10 {
			x += s.w.short
		}
		x += s.w.claim * s.worth[i]
		if s.worth[i] == 0 {
			x += s.w.none
		}
		s.score[i] = x
	}
}

// titleWords are the content words of a title, in base form as far as a word
// alone shows it.
func titleWords(title string) []string {
	if title == "" {
		return nil
	}
	return stemsOf(nlp.Parse(title).Tokens)
}

// quoted is the share of a sentence's tokens inside direct quotation.
func (s *summariser) quoted(sent nlp.Sentence) float64 {
	sum := 0.0
	for i := sent.First; i < sent.Last; i++ {
		sum += s.said[i]
	}
	return sum / float64(max(sent.Last-sent.First, 1))
}

// anecdote reports whether sentence i, among the first three, sets a scene
// instead of telling the news: it is about one person whom the article brings
// in with an "a …" behind the name, or without any name.
func (s *summariser) anecdote(i int) bool {
	if i > 2 {
		return false
	}
	root := s.Root(i)
	if root < 0 {
		return false
	}
	subject := s.Child(root, "nsubj")
	if subject < 0 {
		return false
	}
	e := s.Tokens[subject].Entity
	if e < 0 || s.Entities[e].Kind != nlp.Person || len(s.Entities[e].Titles) > 0 {
		return false
	}
	sent := s.Sentences[i]
	for j := subject + 1; j+2 < sent.Last && j < subject+4; j++ {
		if s.Tokens[j].Text != "," {
			continue
		}
		next := s.Tokens[j+1]
		return strings.EqualFold(next.Text, "a") || strings.EqualFold(next.Text, "an") || next.Tag == "CD" || strings.EqualFold(next.Text, "who")
	}
	return false
}

// classify says of each sentence how it may be used.
func (s *summariser) classify(quotes []quote.Quote) {
	attributed := make([]bool, len(s.Sentences)) // a cue stands in it
	for _, q := range quotes {
		for _, cue := range q.Cue {
			if i := s.SentenceAt(cue.Start); i >= 0 {
				attributed[i] = true
			}
		}
	}
	s.usable = make([]usability, len(s.Sentences))
	for i := range s.Sentences {
		s.usable[i] = s.use(i, attributed[i])
	}
}

func (s *summariser) use(i int, attributed bool) usability {
	sent := s.Sentences[i]
	text := sent.Text(s.Text)
	tokens := s.SentenceTokens(i)
	end := strings.TrimRight(text, "”\"’') ")
	switch {
	case s.words[i] < 4, !hasFiniteVerb(tokens):
		return never
	case !strings.HasSuffix(end, ".") && !strings.HasSuffix(end, "…"):
		return never // a question, an outcry, a headline, a line that goes on elsewhere
	case unbalanced(text):
		return never
	case !attributed && s.quoted(sent) > 0.6:
		return never // somebody's words, and nobody named
	case s.judges(i), transcribed(tokens):
		return never
	}
	for _, t := range tokens {
		if isPunct(t.Text) {
			continue
		}
		if pointsBack(t) {
			return inside
		}
		break
	}
	if s.dangles(sent) {
		return inside
	}
	return anybody
}

// dangles reports whether a "he" or "she" stands in the sentence before any
// name of a person, outside direct quotation ("…, she said."), or the sentence
// ends in a "that account" which only the one before explains.
func (s *summariser) dangles(sent nlp.Sentence) bool {
	for i := sent.First; i < sent.Last; i++ {
		t := s.Tokens[i]
		if i > sent.First && i+2 < sent.Last && t.Text == "that" && s.said[i] == 0 && s.Tokens[i+1].Tag == "NN" && s.Tokens[i+2].Text == "." {
			return true // "The owner rejected that account."
		}
		if t.Entity >= 0 && s.Entities[t.Entity].Kind == nlp.Person {
			return false
		}
		if t.Tag == "PRP" && s.said[i] == 0 {
			switch strings.ToLower(t.Text) {
			case "they":
				if i < sent.First+4 && strings.HasPrefix(t.Rel, "nsubj") {
					return true
				}
			case "he", "she":
				return true
			}
		}
	}
	return false
}

// transcribed reports whether a sentence begins with the name of who speaks
// and a colon, as in the transcript of an interview.
func transcribed(tokens []nlp.Token) bool {
	for i := 1; i < min(len(tokens), 4); i++ {
		if tokens[i].Text == ":" {
			return strings.HasPrefix(tokens[i-1].Tag, "NNP")
		}
	}
	return false
}

// judges reports whether the sentence is the article's own opinion: an "it
// is …" with nothing in it to look up.
func (s *summariser) judges(i int) bool {
	sent := s.Sentences[i]
	from, to := s.NumbersIn(sent.Span)
	if to > from {
		return false
	}
	from, to = s.MentionsIn(sent.Span)
	first := strings.ToLower(s.Tokens[sent.First].Text)
	return to == from && s.words[i] < 9 && (first == "it" || first == "this" || first == "that")
}

func hasFiniteVerb(tokens []nlp.Token) bool {
	return slices.ContainsFunc(tokens, func(t nlp.Token) bool {
		return t.Tag == "VBD" || t.Tag == "VBZ" || t.Tag == "VBP" || t.Tag == "MD"
	})
}

// pointsBack reports whether a sentence that begins with t needs the one
// before it to be understood.
func pointsBack(t nlp.Token) bool {
	switch strings.ToLower(t.Text) {
	case "he", "she", "it", "they", "him", "her", "his", "hers", "its", "their", "them",
		"this", "that", "these", "those", "such", "there", "here", "both", "neither", "another", "others", "other",
		"but", "and", "or", "so", "yet", "however", "also", "instead", "meanwhile", "still", "then", "nor",
		"moreover", "furthermore", "therefore", "thus", "nevertheless", "nonetheless", "otherwise", "similarly",
		"the", "i", "we", "you", "my", "our":
		return !strings.EqualFold(t.Text, "the")
	}
	return false
}

func isPunct(s string) bool {
	switch s {
	case "“", "”", `"`, "‘", "’", "'", "(", ")", "—", "–", "-", "--", ",", ".", "…":
		return true
	}
	return false
}

// unbalanced reports whether text opens a quotation that it does not close, or
// the other way round: a piece of a longer one.
func unbalanced(text string) bool {
	return strings.Count(text, "“") != strings.Count(text, "”") || strings.Count(text, `"`)%2 != 0
}

// pool is how many sentences the best set is looked for among.
const pool = 14

// choose finds the best set of sentences within the length, as indexes in text
// order. When nothing may be used it gives none.
func (s *summariser) choose(length Length) []int {
	var open []int
	for i, u := range s.usable {
		if u != never && s.words[i] <= length.Words {
			open = append(open, i)
		}
	}
	slices.SortStableFunc(open, func(a, b int) int { return cmp.Compare(s.score[b], s.score[a]) })
	if len(open) > pool {
		open = open[:pool]
	}
	slices.Sort(open)
	if length.Sentences > 4 {
		return s.greedy(open, length)
	}
	var best []int
	bestValue := math.Inf(-1)
	var set []int
	var try func(from, words int)
	try = func(from, words int) {
		if len(set) > 0 && s.opens(set) {
			if v := s.value(set); v > bestValue+1e-12 {
				bestValue, best = v, slices.Clone(set)
			}
		}
		if len(set) == length.Sentences {
			return
		}
		for k := from; k < len(open); k++ {
			if words+s.words[open[k]] > length.Words {
				continue
			}
			set = append(set, open[k])
			try(k+1, words+s.words[open[k]])
			set = set[:len(set)-1]
		}
	}
	try(0, 0)
	if best == nil {
		return s.fallback(length)
	}
	return best
}

// fallback is the best single sentence when no set is good enough: one that
// is part of a longer quotation, or has a "she" inside, but none that opens
// with a word that points back, and no question.
func (s *summariser) fallback(length Length) []int {
	best := -1
	for i := range s.Sentences {
		tokens := s.SentenceTokens(i)
		at := slices.IndexFunc(tokens, func(t nlp.Token) bool { return !isPunct(t.Text) })
		if at < 0 || pointsBack(tokens[at]) || s.words[i] > length.Words || s.words[i] < 4 || !hasFiniteVerb(tokens) ||
			strings.ContainsAny(tokens[len(tokens)-1].Text, "?!:") {
			continue
		}
		if best < 0 || s.score[i] > s.score[best] {
			best = i
		}
	}
	if best < 0 {
		return nil
	}
	return []int{best}
}

// greedy adds the sentence that gains most until the length is full: for
// longer summaries, where trying all sets would take too long.
func (s *summariser) greedy(open []int, length Length) []int {
	var set []int
	words := 0
	for len(set) < length.Sentences {
		best, bestSet, bestValue := -1, []int(nil), math.Inf(-1)
		for _, i := range open {
			if slices.Contains(set, i) || words+s.words[i] > length.Words {
				continue
			}
			with := append(slices.Clone(set), i)
			slices.Sort(with)
			if v := s.value(with); s.opens(with) && v > bestValue {
				best, bestSet, bestValue = i, with, v
			}
		}
		if best < 0 {
			break
		}
		set, words = bestSet, words+s.words[best]
	}
	return set
}

// opens reports whether every sentence of the set that points back follows
// the sentence that it points back to.
func (s *summariser) opens(set []int) bool {
	for k, i := range set {
		if s.usable[i] == inside && (k == 0 || set[k-1] != i-1) {
			return false
		}
	}
	return true
}

// value is what a set of sentences is worth: their scores, and how much of
// the article's weight they cover, each word counting once.
func (s *summariser) value(set []int) float64 {
	v, covered := 0.0, 0.0
	for k, i := range set {
		v += s.score[i] * math.Pow(float64(s.words[i])/20, s.w.size)
		for _, w := range s.stems[i] {
			if !slices.ContainsFunc(set[:k], func(j int) bool {
				_, found := slices.BinarySearch(s.stems[j], w)
				return found
			}) {
				covered += s.weight[w]
			}
		}
	}
	return v + s.w.coverage*covered
}
