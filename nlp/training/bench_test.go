package training

import (
	"os"
	"testing"

	"onrecord/nlp/internal/conllu"
	"onrecord/nlp/internal/depparse"
	"onrecord/nlp/internal/tagger"
)

func devSentences(tb testing.TB) []conllu.Sentence {
	f, err := os.Open("../../../shared/data/treebanks/gum-dev.conllu")
	if err != nil {
		tb.Skip("no treebanks beside the checkout: ", err)
	}
	defer f.Close()
	s, err := conllu.Read(f)
	if err != nil {
		tb.Fatal(err)
	}
	return s
}

func BenchmarkTag(b *testing.B) {
	sentences := devSentences(b)
	tags := []string{}
	n := 0
	for b.Loop() {
		for _, s := range sentences {
			tags = tagger.Append(tags[:0], s.Words)
			n += len(s.Words)
		}
	}
	b.ReportMetric(float64(n)/b.Elapsed().Seconds(), "words/s")
}

func BenchmarkParse(b *testing.B) {
	sentences := devSentences(b)
	heads, rels := []int{}, []string{}
	n := 0
	for b.Loop() {
		for _, s := range sentences {
			heads, rels = depparse.Append(heads[:0], rels[:0], s.Words, s.Tags)
			n += len(s.Words)
		}
	}
	b.ReportMetric(float64(n)/b.Elapsed().Seconds(), "words/s")
}
