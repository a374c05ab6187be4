// Package training makes the model that rates claims and the weights of the
// news ranking, and measures them: corpora are read and parsed (corpus.go),
// word vectors learned (vectors.go), heads trained (heads.go, by logistic.go)
// and the ranking fitted (news.go). folds.go and try.go print the figures of
// docs/models.md. It is a developers' tool, and deterministic.
package training

import (
	"io/fs"

	"onrecord/factcheck/internal/worth"
	"onrecord/nlp"
)

// Corpora is what the heads learn from, parsed.
type Corpora struct {
	ClaimBuster []Sentence // presidential debates 1960-2016; training and dev parts
	PoliClaim   []Sentence // speeches, labelled by people
	Silver      []Sentence // speeches, labelled by a language model
	Debates     []Sentence // the debates of 2016, labelled by what was fact-checked; training and dev parts
	News        []Sentence // nine articles
	Texts       [][]string // running text, folded words, for the vectors
}

// Load reads and parses the corpora: claims is the folder with the files of
// labelled sentences, quotes the one with the articles of PolNeAR.
func Load(claims, quotes fs.FS, p Progress) (*Corpora, error) {
	c := &Corpora{}
	for _, f := range []struct {
		name string
		to   *[]Sentence
	}{
		{"claimbuster", &c.ClaimBuster},
		{"policlaim", &c.PoliClaim},
		{"policlaim_silver", &c.Silver},
		{"cw_uspd_2016", &c.Debates},
		{"news_dev", &c.News},
	} {
		lines, err := readFile(claims, f.name+".jsonl")
		if err != nil {
			return nil, err
		}
		*f.to = Parse(lines)
		p.printf("%s: %d sentences", f.name, len(lines))
	}
	for _, set := range [][]Sentence{c.ClaimBuster, c.Silver, c.Debates} {
		for _, s := range train(set) {
			c.Texts = append(c.Texts, folded(s.Doc, s.First, s.Last))
		}
	}
	articles, err := readFile(quotes, "polnear.train.jsonl")
	if err != nil {
		return nil, err
	}
	for _, a := range articles {
		doc := nlp.Parse(a.Text)
		for _, s := range doc.Sentences {
			c.Texts = append(c.Texts, folded(doc, s.First, s.Last))
		}
	}
	p.printf("running text: %d sentences", len(c.Texts))
	return c, nil
}

func folded(doc *nlp.Document, first, last int) []string {
	words := make([]string, 0, last-first)
	for _, t := range doc.Tokens[first:last] {
		words = append(words, worth.Fold(t.Text))
	}
	return words
}

// train is the training part of set.
func train(set []Sentence) []Sentence {
	var out []Sentence
	for _, s := range set {
		if s.Split == "train" {
			out = append(out, s)
		}
	}
	return out
}

func (c *Corpora) vectors(p Progress) *Vectors {
	v := LearnVectors(c.Texts, vectorCount, vectorWindow, vectorDims, Seed)
	p.printf("vectors: %d words", len(v.Words))
	return v
}

func allFamilies() (use [worth.Groups]bool) {
	for g := range use {
		use[g] = true
	}
	return use
}

// debates are the definitions of ClaimBuster, over its training part: worth a
// check; factual; and of what is factual, worth a check.
func (c *Corpora) debates(l *learner) (public, factual, cared lesson) {
	all := l.read(train(c.ClaimBuster))
	var facts []*example
	for _, e := range all {
		if isFactual(e.Sentence) {
			facts = append(facts, e)
		}
	}
	return lessonOf(worth.Public, all, isLabelled), lessonOf(worth.Factual, all, isFactual), lessonOf(worth.Cared, facts, isLabelled)
}

func isLabelled(s *Sentence) bool { return s.Label == 1 }

func isFactual(s *Sentence) bool { return s.Raw != "NFS" }

func lessonOf(head worth.Head, examples []*example, yes func(*Sentence) bool) lesson {
	s := lesson{head: head, examples: examples, yes: make([]float64, len(examples))}
	for i, e := range examples {
		if yes(e.Sentence) {
			s.yes[i] = 1
		}
	}
	return s
}

// lessons are the definitions of all heads, over the training parts; PoliClaim,
// which is small, is used whole.
func (c *Corpora) lessons(l *learner) []lesson {
	public, factual, cared := c.debates(l)
	checkable := lessonOf(worth.Checkable, l.read(append(c.PoliClaim[:len(c.PoliClaim):len(c.PoliClaim)], c.Silver...)), isLabelled)
	checkable.judges = byPeople
	return []lesson{public, factual, checkable, lessonOf(worth.Checked, l.read(train(c.Debates)), isLabelled), cared}
}

// byPeople reports whether people gave the label, not a language model.
func byPeople(e *example) bool { return e.Corpus != "policlaim_silver" }

// Claims trains the model that the bot embeds and gives it in file form.
func Claims(c *Corpora, p Progress) []byte {
	l := newLearner(c.vectors(p), allFamilies(), train(c.ClaimBuster), c.PoliClaim, c.Silver, train(c.Debates))
	p.printf("%d features", len(l.keys))
	return l.model(c.lessons(l), true, p)
}
