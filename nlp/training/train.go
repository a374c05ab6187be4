package training

import (
	"fmt"

	"onrecord/internal/perceptron"
	"onrecord/nlp/internal/conllu"
	"onrecord/nlp/internal/tagger"
	"onrecord/nlp/internal/wordform"
)

// Seed is where the pseudo-random order of every training starts.
const Seed = 20261123

// Progress is told, a line at a time, how a training goes. Nil is silence.
type Progress func(line string)

func (p Progress) printf(format string, args ...any) {
	if p != nil {
		p(fmt.Sprintf(format, args...))
	}
}

// How clusters are learned: words seen at least minCount times, in so many
// clusters.
const (
	clusterMinCount = 3
	clusterFine     = 256
	clusterCoarse   = 40
	clusterRounds   = 15
)

// Clusters learns clusters of words from the training treebanks and more
// texts, and gives them in file form.
func Clusters(c *Corpus, more [][]string) []byte {
	all := append(texts(c.Train), more...)
	for _, s := range c.Wikigold {
		all = append(all, s.Words)
	}
	return wordform.EncodeClusters(wordform.LearnClusters(all, clusterMinCount, clusterFine, clusterCoarse, clusterRounds))
}

func taggerOptions() tagger.Options {
	return tagger.Options{Rounds: 8, Voters: 2, Seed: Seed, Pruning: perceptron.Pruning{Weight: 5, Updates: 3}}
}

func trainTagger(sentences []conllu.Sentence, o tagger.Options, p Progress) (*tagger.Model, error) {
	examples := make([]tagger.Example, len(sentences))
	for i, s := range sentences {
		examples[i] = tagger.Example{Words: s.Words, Tags: s.Tags}
	}
	return tagger.Train(examples, o, func(round int, right float64) {
		p.printf("tagger: round %d, %.2f %% right", round, 100*right)
	})
}

// Tagger trains the part-of-speech tagger and gives it in file form.
func Tagger(c *Corpus, p Progress) ([]byte, error) {
	m, err := trainTagger(c.Train, taggerOptions(), p)
	if err != nil {
		return nil, err
	}
	p.printf("tagger: EWT dev %.2f, GUM dev %.2f", 100*tagAccuracy(m, c.EWTDev), 100*tagAccuracy(m, c.GUMDev))
	return m.AppendBinary(nil)
}

func tagAccuracy(m *tagger.Model, sentences []conllu.Sentence) float64 {
	right, total := 0, 0
	for _, s := range sentences {
		for i, t := range m.Tag(s.Words) {
			total++
			if t == s.Tags[i] {
				right++
			}
		}
	}
	return float64(right) / float64(max(total, 1))
}
