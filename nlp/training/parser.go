package training

import (
	"strings"

	"onrecord/internal/perceptron"
	"onrecord/nlp/internal/conllu"
	"onrecord/nlp/internal/depparse"
	"onrecord/nlp/internal/tagger"
)

// folds is in how many parts the training data is split to tag it: each part
// is tagged by a model of the other parts, so that the parser learns from tags
// as wrong as it will meet.
const folds = 4

func parserOptions() depparse.Options {
	return depparse.Options{
		Rounds: 8, Voters: 3, Explore: 0.9, Seed: Seed,
		Action: perceptron.Pruning{Weight: 8, Updates: 5},
		Label:  perceptron.Pruning{Weight: 24, Updates: 3},
	}
}

// Parser trains the dependency parser and gives it in file form. The tagger,
// in file form too, tags what it is measured on.
func Parser(c *Corpus, taggerFile []byte, p Progress) ([]byte, error) {
	tags, err := tagger.Decode(taggerFile)
	if err != nil {
		return nil, err
	}
	tagged, err := jackknife(c.Train, p)
	if err != nil {
		return nil, err
	}
	examples := make([]depparse.Example, len(c.Train))
	for i, s := range c.Train {
		examples[i] = depparse.Example{Words: s.Words, Tags: tagged[i], Heads: s.Heads, Rels: s.Rels}
	}
	m, err := depparse.Train(examples, parserOptions(), func(r depparse.Report) {
		p.printf("parser: voter %d round %d, %.2f %% of moves and %.2f %% of relations right", r.Voter, r.Round, 100*r.Moves, 100*r.Labels)
	})
	if err != nil {
		return nil, err
	}
	for _, dev := range []struct {
		name string
		s    []conllu.Sentence
	}{{"EWT dev", c.EWTDev}, {"GUM dev", c.GUMDev}} {
		a := attachment(tags, m, dev.s)
		p.printf("parser: %s UAS %.2f, LAS %.2f", dev.name, 100*a.UAS, 100*a.LAS)
	}
	return m.AppendBinary(nil)
}

// jackknife tags each sentence by a model trained without its document.
func jackknife(sentences []conllu.Sentence, p Progress) ([][]string, error) {
	fold := make([]int, len(sentences))
	doc, n := "", -1
	for i, s := range sentences {
		if s.Doc != doc || n < 0 {
			doc, n = s.Doc, n+1
		}
		fold[i] = n % folds
	}
	tagged := make([][]string, len(sentences))
	o := taggerOptions()
	o.Voters = 1
	for k := range folds {
		var rest []conllu.Sentence
		for i, s := range sentences {
			if fold[i] != k {
				rest = append(rest, s)
			}
		}
		m, err := trainTagger(rest, o, nil)
		if err != nil {
			return nil, err
		}
		right, total := 0, 0
		for i, s := range sentences {
			if fold[i] == k {
				tagged[i] = m.Tag(s.Words)
				for j, t := range tagged[i] {
					total++
					if t == s.Tags[j] {
						right++
					}
				}
			}
		}
		p.printf("parser: tags of part %d of %d, %.2f %% right", k+1, folds, 100*float64(right)/float64(total))
	}
	return tagged, nil
}

// Attachment is how well trees were found, as shares of all words: right head,
// right head and right relation but for its subtype.
type Attachment struct{ UAS, LAS float64 }

func attachment(tags *tagger.Model, m *depparse.Model, sentences []conllu.Sentence) Attachment {
	heads, labelled, total := 0, 0, 0
	for _, s := range sentences {
		h, r := m.Parse(s.Words, tags.Tag(s.Words))
		for i := range s.Words {
			total++
			if h[i] == s.Heads[i] {
				heads++
				if base(r[i]) == base(s.Rels[i]) {
					labelled++
				}
			}
		}
	}
	n := float64(max(total, 1))
	return Attachment{float64(heads) / n, float64(labelled) / n}
}

func base(rel string) string {
	b, _, _ := strings.Cut(rel, ":")
	return b
}
