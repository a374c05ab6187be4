package summary

import (
	"math"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"onrecord/factcheck"
	"onrecord/nlp"
	"onrecord/quote"
)

// Sheet is an article as the ranking sees it: its sentences and the words in
// them, each with the features that the models look at, and the candidates for
// the summary. It holds no decision yet.
type Sheet struct {
	Lines      []Line      // of each sentence, up to the first maxSentences
	Words      []Gram      // each word of these sentences once
	Pairs      []Gram      // each two words in a row
	Candidates []Candidate // in text order
}

// Line is a sentence.
type Line struct {
	Features []float32 // see lineFeatures
	Use      Use
	Vow      bool // somebody says what they would do or what may come of them, and nothing in it can be checked
}

// Gram is a word, or two in a row, in lower case.
type Gram struct {
	Text     string
	Features []float32 // see grams
	Of       [2]int    // of a pair, its words
}

// Candidate is a wording for the summary: a sentence of the article, whole or
// with words left out.
type Candidate struct {
	Line   int
	Parts  []nlp.Span
	Length int   // white-space separated words
	Tokens int   // words as [Split] counts them
	Words  []int // indexes into Sheet.Words, sorted, each once
	Pairs  []int // indexes into Sheet.Pairs, sorted, each once
	Cut    bool  // words inside or at the end were left out
}

// maxSentences bounds how far into a text the summary looks.
const maxSentences = 300

// Split cuts text into words for counting: runs of letters and digits, in lower
// case, as ROUGE cuts them.
func Split(text string) []string {
	return strings.FieldsFunc(strings.ToLower(text), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })
}

// Examine makes the sheet of a document. quotes and claims are what was found
// in it; title may be empty.
func Examine(doc *nlp.Document, quotes []quote.Quote, claims []factcheck.Claim, title string) *Sheet {
	r := newReading(doc, quotes, claims, title)
	s := &Sheet{Lines: make([]Line, len(r.lines))}
	for i := range r.lines {
		s.Lines[i] = Line{Features: r.lineFeatures(i), Use: r.use(i), Vow: r.vow(i)}
	}
	s.Words, s.Pairs = r.grams()
	s.Candidates = r.candidates()
	return s
}

// reading is a document with what the features need of it.
type reading struct {
	*nlp.Document
	quotes []quote.Quote
	said   []bool // of each token: inside a quotation's content, indirect ones left out
	told   []bool // of each token: inside any quotation's content
	lines  []line
	title  map[string]bool // words of the title
	titled bool

	words    []word
	wordAt   map[string]int
	pairs    []pair
	pairAt   map[[2]int]int
	worth    []float64 // of each sentence, the score of its best claim
	cued     []bool    // of each sentence: a cue stands in it
	mentions []int     // of each entity, how often it is named
}

// line is a sentence's words.
type line struct {
	runs    []run
	fields  int // white-space separated words
	content []int
	rank    float64 // LexRank
	mean    float64 // closeness to the centroid
}

// run is one word of a sentence.
type run struct {
	word, token int
	at          int // byte
}

// word is a word of the article.
type word struct {
	places
	text          string
	class         class
	entity        int // of its first occurrence, -1
	title, figure bool
	capital       bool
	idf           float64
}

// places is where a word or a pair stands.
type places struct {
	count  int
	lines  int // sentences that hold it
	first  int // first sentence that holds it
	early  int // among the first three sentences
	last   int // last sentence counted, to count sentences
	quoted int
	worth  float64 // of the best claim of a sentence that holds it
}

// unseen is the places of what sentence i has first.
func unseen(i int) places { return places{first: i, last: -1} }

// add counts an occurrence in sentence i, which is worth so much.
func (p *places) add(i int, worth float64, quoted bool) {
	p.count++
	if p.last != i {
		p.last = i
		p.lines++
		p.worth = max(p.worth, worth)
	}
	if i < 3 {
		p.early++
	}
	if quoted {
		p.quoted++
	}
}

// pair is two words in a row.
type pair struct {
	places
	a, b  int
	title bool
	same  bool // both of one name
	at    float64
	verb  bool
	comma bool
}

// class is a part of speech, coarse.
type class int

const (
	function class = iota
	other
	adverb
	adjective
	verb
	noun
	name
	figure
)

func classOf(t nlp.Token) class {
	switch {
	case t.Tag == "CD":
		return figure
	case strings.HasPrefix(t.Tag, "NNP"):
		return name
	case strings.HasPrefix(t.Tag, "NN"):
		return noun
	case strings.HasPrefix(t.Tag, "VB"):
		switch t.Lemma {
		case "be", "have", "do":
			return function
		}
		return verb
	case strings.HasPrefix(t.Tag, "JJ"):
		return adjective
	case strings.HasPrefix(t.Tag, "RB"):
		return adverb
	case t.Tag == "FW", t.Tag == "UH", t.Tag == "SYM":
		return other
	}
	return function
}

func newReading(doc *nlp.Document, quotes []quote.Quote, claims []factcheck.Claim, title string) *reading {
	r := &reading{Document: doc, quotes: quotes, wordAt: map[string]int{}, pairAt: map[[2]int]int{}, title: map[string]bool{}}
	r.said, r.told = make([]bool, len(doc.Tokens)), make([]bool, len(doc.Tokens))
	r.cued = make([]bool, len(doc.Sentences))
	for _, q := range quotes {
		for _, span := range q.Content {
			first, last := doc.TokensIn(span)
			for i := first; i < last; i++ {
				r.told[i] = true
				r.said[i] = r.said[i] || q.Type != quote.Indirect
			}
		}
		for _, cue := range q.Cue {
			if i := doc.SentenceAt(cue.Start); i >= 0 {
				r.cued[i] = true
			}
		}
	}
	for _, w := range Split(title) {
		r.title[w] = true
	}
	r.titled = len(r.title) > 0
	r.worth = make([]float64, len(doc.Sentences))
	for _, c := range claims {
		if c.Checkable {
			r.worth[c.Sentence] = max(r.worth[c.Sentence], c.Score)
		}
	}
	r.mentions = make([]int, len(doc.Entities))
	for i, e := range doc.Entities {
		r.mentions[i] = len(e.Mentions)
	}
	r.lines = make([]line, min(len(doc.Sentences), maxSentences))
	for i := range r.lines {
		r.readLine(i, title)
	}
	for i := range r.words {
		w := &r.words[i]
		w.idf = math.Log(float64(len(r.lines)+1) / float64(w.lines))
	}
	r.central()
	return r
}

// readLine counts the words and pairs of sentence i.
func (r *reading) readLine(i int, title string) {
	sent := r.Sentences[i]
	text := sent.Text(r.Text)
	l := &r.lines[i]
	l.fields = len(strings.Fields(text))
	low := strings.ToLower(title)
	token := sent.First
	previous := -1
	for from := 0; from < len(text); {
		c, size := utf8.DecodeRuneInString(text[from:])
		if !unicode.IsLetter(c) && !unicode.IsDigit(c) {
			from += size
			continue
		}
		to := from + size
		for to < len(text) {
			c, size := utf8.DecodeRuneInString(text[to:])
			if !unicode.IsLetter(c) && !unicode.IsDigit(c) {
				break
			}
			to += size
		}
		at := sent.Start + from
		for token+1 < sent.Last && r.Tokens[token].End <= at {
			token++
		}
		w := r.count(strings.ToLower(text[from:to]), i, token)
		r.words[w].capital = r.words[w].capital || unicode.IsUpper(c) && from > 0
		l.runs = append(l.runs, run{word: w, token: token, at: at})
		if previous >= 0 {
			r.countPair(l.runs[len(l.runs)-2], l.runs[len(l.runs)-1], i, low)
		}
		previous = w
		from = to
	}
	for _, run := range l.runs {
		if c := classOf(r.Tokens[run.token]); c != function && c != other {
			l.content = append(l.content, run.word)
		}
	}
	slices.Sort(l.content)
	l.content = slices.Compact(l.content)
}

func (r *reading) count(text string, i, token int) int {
	at, known := r.wordAt[text]
	if !known {
		at = len(r.words)
		r.wordAt[text] = at
		t := r.Tokens[token]
		r.words = append(r.words, word{places: unseen(i), text: text, class: classOf(t), entity: t.Entity, title: r.title[text], figure: unicode.IsDigit(rune(text[0]))})
	}
	r.words[at].add(i, r.worth[i], r.said[token])
	return at
}

func (r *reading) countPair(a, b run, i int, title string) {
	key := [2]int{a.word, b.word}
	at, known := r.pairAt[key]
	if !known {
		at = len(r.pairs)
		r.pairAt[key] = at
		ta, tb := r.Tokens[a.token], r.Tokens[b.token]
		r.pairs = append(r.pairs, pair{
			places: unseen(i), a: a.word, b: b.word,
			title: r.titled && strings.Contains(title, r.words[a.word].text+" "+r.words[b.word].text),
			same:  ta.Entity >= 0 && ta.Entity == tb.Entity,
			at:    float64(a.token-r.Sentences[i].First) / float64(r.Sentences[i].Last-r.Sentences[i].First),
			verb:  ta.Head == b.token || tb.Head == a.token,
			comma: b.token > a.token+1,
		})
	}
	r.pairs[at].add(i, r.worth[i], r.said[a.token] && r.said[b.token])
}

// central rates how close each sentence is to the rest: LexRank (Erkan and
// Radev 2004) on cosines, weighted edges, damping .85; and its closeness to
// the centroid of all.
func (r *reading) central() {
	n := len(r.lines)
	if n == 0 {
		return
	}
	norms := make([]float64, n)
	at := map[int][]int{} // sentences that hold a word
	for i := range r.lines {
		for _, w := range r.lines[i].content {
			norms[i] += r.words[w].idf * r.words[w].idf
			at[w] = append(at[w], i)
		}
		norms[i] = math.Sqrt(norms[i])
	}
	sim := make([]float64, n*n)
	for i := range r.lines {
		for _, w := range r.lines[i].content {
			for _, j := range at[w] {
				if j != i {
					sim[i*n+j] += r.words[w].idf * r.words[w].idf
				}
			}
		}
	}
	rows := make([]float64, n)
	for i := range n {
		for j := range n {
			if d := norms[i] * norms[j]; d > 0 {
				sim[i*n+j] /= d
			}
			rows[i] += sim[i*n+j]
		}
	}
	rank, next := make([]float64, n), make([]float64, n)
	for i := range rank {
		rank[i] = 1
	}
	for range 12 {
		for j := range next {
			next[j] = 0.15
		}
		for i := range n {
			if rows[i] == 0 {
				continue
			}
			out := 0.85 * rank[i] / rows[i]
			for j := range n {
				next[j] += out * sim[i*n+j]
			}
		}
		rank, next = next, rank
	}
	// The centroid weighs a word by how many sentences hold it.
	total := 0.0
	weight := make([]float64, len(r.words))
	for i, w := range r.words {
		if w.lines > 1 && w.class > other {
			weight[i] = float64(w.lines) * w.idf
			total += weight[i] * weight[i]
		}
	}
	total = math.Sqrt(max(total, 1e-9))
	for i := range r.lines {
		l := &r.lines[i]
		l.rank = rank[i]
		for _, w := range l.content {
			l.mean += weight[w] * r.words[w].idf
		}
		if norms[i] > 0 {
			l.mean /= norms[i] * total
		}
	}
}
