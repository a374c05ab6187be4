package claimreview

import (
	"math"
	"runtime"
	"slices"
	"strings"
	"sync"

	"onrecord/factcheck"
)

// The fields of a review that are searched.
const (
	inClaim = iota
	inTitle
	inSubtitle
	fields
)

// The parameters of BM25F (Robertson, Zaragoza and Taylor 2004).
const (
	saturation = 1.2  // k1
	lengthNorm = 0.75 // b, of every field
)

// fieldWeight is what a word counts in a field.
var fieldWeight = [fields]float32{1, 1, 0.7}

// Index finds the published fact-checks that may be about a text. It is made
// once and then only read, by any number of goroutines.
type Index struct {
	reviews []factcheck.Review
	docs    []document
	vocab   map[string]int32 // stem to term
	terms   []term
	grams   gramTable
	scratch sync.Pool // *scratch
}

// term is a stem of the collection.
type term struct {
	postings []posting
	idf      float32
	grams    []uint16 // of its letters
	written  int32    // how often inside the sentences of claims and subtitles
	capital  int32    // how often of these with a capital
}

// posting is a review that has a term, with how much of it: the occurrences in
// its fields, weighted and normalised by their lengths.
type posting struct {
	doc int32
	tf  float32
}

// document is a review as it is searched.
type document struct {
	terms [fields][]int32 // in text order, without stop words
	mass  [fields]float32 // sum of the idf of the different terms
	norm  float32         // Euclidean length of the vector of the claim's n-grams
}

// New makes the index of reviews, which it keeps: do not change them after.
func New(reviews []factcheck.Review) *Index {
	x := &Index{reviews: reviews, docs: make([]document, len(reviews)), vocab: make(map[string]int32, 1<<14)}
	stems := x.read()
	x.post()
	x.spell(stems)
	x.weigh()
	x.start()
	return x
}

// start makes x ready for searches.
func (x *Index) start() {
	x.scratch.New = func() any { return &scratch{score: make([]float32, len(x.docs))} }
}

// Len is the number of reviews.
func (x *Index) Len() int { return len(x.reviews) }

// Reviews gives the reviews, in the order in which they were handed in.
func (x *Index) Reviews() []factcheck.Review { return slices.Clone(x.reviews) }

// read turns texts into terms, and gives the stems of the terms.
func (x *Index) read() []string {
	known := make(map[string]int32, 1<<15) // word to term, -1 for a stop word
	var stems []string
	for from := 0; from < len(x.reviews); from += chunk {
		part := x.reviews[from:min(from+chunk, len(x.reviews))]
		for i, texts := range cut(part) {
			for f, list := range texts {
				terms := make([]int32, 0, len(list))
				for _, w := range list {
					t, ok := known[w.text]
					if !ok {
						t = -1
						if !stopwords[w.text] {
							t = x.term(stem(w.text), &stems)
						}
						known[strings.Clone(w.text)] = t
					}
					if t < 0 {
						continue
					}
					terms = append(terms, t)
					if f != inTitle && !w.first { // titles have capitals everywhere
						x.terms[t].written++
						if w.capital {
							x.terms[t].capital++
						}
					}
				}
				x.docs[from+i].terms[f] = terms
			}
		}
	}
	return stems
}

// chunk is how many reviews are cut into words at once.
const chunk = 2048

// cut cuts the fields of reviews into words, on all cores.
func cut(reviews []factcheck.Review) [][fields][]word {
	out := make([][fields][]word, len(reviews))
	workers := runtime.GOMAXPROCS(0)
	var wg sync.WaitGroup
	for w := range workers {
		wg.Go(func() {
			for i := w; i < len(reviews); i += workers {
				r := &reviews[i]
				for f, text := range [fields]string{r.Claim, r.Title, r.Subtitle} {
					out[i][f] = words(clip(text))
				}
			}
		})
	}
	wg.Wait()
	return out
}

// maxField is the most bytes of a field that are searched. What is stored and
// shown may be longer.
const maxField = 1000

func clip(text string) string {
	if len(text) > maxField {
		return text[:maxField]
	}
	return text
}

func (x *Index) term(stem string, stems *[]string) int32 {
	t, ok := x.vocab[stem]
	if !ok {
		t = int32(len(*stems))
		x.vocab[stem] = t
		*stems = append(*stems, stem)
		x.terms = append(x.terms, term{})
	}
	return t
}

// post fills the postings, and with them the idf of every term.
func (x *Index) post() {
	var mean [fields]float32
	found := make([]int32, len(x.terms)) // in how many reviews
	last := make([]int32, len(x.terms))  // the review that a term was seen in last, from 1
	total := 0
	for d := range x.docs {
		for f, terms := range x.docs[d].terms {
			mean[f] += float32(len(terms))
			for _, t := range terms {
				if last[t] != int32(d+1) {
					last[t] = int32(d + 1)
					found[t]++
					total++
				}
			}
		}
	}
	for f := range mean {
		mean[f] = max(1, mean[f]/float32(max(1, len(x.docs))))
	}
	room := make([]posting, total)
	n := x.size()
	for t := range x.terms {
		x.terms[t].postings, room = room[:0:found[t]], room[found[t]:]
		df := float64(found[t])
		x.terms[t].idf = float32(math.Log(1 + (n-df+0.5)/(df+0.5)))
	}
	weight := make([]float32, len(x.terms)) // of the review at hand
	for d := range x.docs {
		doc := &x.docs[d]
		for f, terms := range doc.terms {
			one := fieldWeight[f] / (1 - lengthNorm + lengthNorm*float32(len(terms))/mean[f])
			for _, t := range terms {
				weight[t] += one
			}
		}
		for _, terms := range doc.terms {
			for _, t := range terms {
				if weight[t] > 0 {
					x.terms[t].postings = append(x.terms[t].postings, posting{int32(d), weight[t]})
					weight[t] = 0
				}
			}
		}
	}
}

// size is how many reviews the collection counts as. A small one says nothing
// about how rare a word is, so it is taken for the beginning of one as large as
// that which the weights were made for.
func (x *Index) size() float64 {
	const usual = 30_000
	return float64(max(len(x.docs), usual))
}

// spell gives the terms the n-grams of their stems.
func (x *Index) spell(stems []string) {
	var all []uint16
	ends := make([]int, len(stems))
	for t, s := range stems {
		all = appendGrams(all, s)
		ends[t] = len(all)
	}
	from := 0
	for t, end := range ends {
		x.terms[t].grams = all[from:end:end]
		from = end
	}
}

// weigh computes what takes the n-grams of the whole collection.
func (x *Index) weigh() {
	for _, d := range x.docs {
		x.grams.count(x.distinct(d.terms[inClaim]))
	}
	x.grams.weigh(x.size())
	for d := range x.docs {
		doc := &x.docs[d]
		for f, terms := range doc.terms {
			for _, t := range x.distinctTerms(terms) {
				doc.mass[f] += x.terms[t].idf
			}
		}
		doc.norm = x.grams.norm(x.distinct(doc.terms[inClaim]))
	}
}

// distinctTerms gives each term once.
func (x *Index) distinctTerms(terms []int32) []int32 {
	once := make([]int32, 0, len(terms))
	for _, t := range terms {
		if !slices.Contains(once, t) {
			once = append(once, t)
		}
	}
	return once
}

// distinct yields the grams of the different terms.
func (x *Index) distinct(terms []int32) func(func([]uint16) bool) {
	return func(yield func([]uint16) bool) {
		for i, t := range terms {
			if !slices.Contains(terms[:i], t) && !yield(x.terms[t].grams) {
				return
			}
		}
	}
}
