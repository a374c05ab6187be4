package training

import (
	"bufio"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
	"time"

	"onrecord/nlp"
	"onrecord/nlp/internal/conllu"
	"onrecord/nlp/internal/depparse"
	"onrecord/nlp/internal/ner"
	"onrecord/nlp/internal/tagger"
)

// relationsShown are the relations whose F the report gives one by one: those
// that quotations and claims hang on.
var relationsShown = []string{"nsubj", "nsubj:pass", "obj", "iobj", "obl", "ccomp", "xcomp", "advcl", "acl", "acl:relcl", "appos", "parataxis", "conj", "flat", "compound", "nmod", "nmod:poss"}

// ReadVerbs reads the reporting verbs of package nlp's lexicon: the first
// field of each line.
func ReadVerbs(r io.Reader) (map[string]bool, error) {
	verbs := map[string]bool{}
	scan := bufio.NewScanner(r)
	for scan.Scan() {
		if line := scan.Text(); line != "" && line[0] != '#' {
			lemma, _, _ := strings.Cut(line, "\t")
			verbs[strings.TrimSpace(lemma)] = true
		}
	}
	return verbs, scan.Err()
}

// Evaluate measures the embedded models, and sentence boundaries by nlp.Parse,
// and gives the report as text.
func Evaluate(c *Corpus, verbs map[string]bool) string {
	var b strings.Builder
	tags, parser, names := tagger.Default(), depparse.Default(), ner.Default()
	sets := []struct {
		name string
		s    []conllu.Sentence
	}{{"EWT dev", c.EWTDev}, {"GUM dev", c.GUMDev}, {"GUM held out", c.HeldOut}}

	fmt.Fprintf(&b, "%-14s %7s %7s %7s %7s  %s\n", "tagged, parsed", "words", "POS", "UAS", "LAS", "subject of a reporting verb")
	for _, set := range sets {
		a := attachment(tags, parser, set.s)
		fmt.Fprintf(&b, "%-14s %7d %7.2f %7.2f %7.2f  %v\n", set.name, words(set.s), 100*tagAccuracy(tags, set.s), 100*a.UAS, 100*a.LAS, subjects(tags, parser, set.s, verbs))
	}
	fmt.Fprintf(&b, "\n%-14s", "F of relations")
	for _, set := range sets {
		fmt.Fprintf(&b, " %14s", set.name)
	}
	b.WriteByte('\n')
	var columns []map[string]Score
	for _, set := range sets {
		columns = append(columns, relations(tags, parser, set.s))
	}
	for _, rel := range relationsShown {
		fmt.Fprintf(&b, "%-14s", rel)
		for _, column := range columns {
			s := column[rel]
			fmt.Fprintf(&b, " %6.1f (%5d)", 100*s.F(), s.Gold)
		}
		b.WriteByte('\n')
	}

	_, uner, wikigold := splitNames(c)
	b.WriteString("\nNames, each kind and all\n")
	for _, set := range []struct {
		name string
		s    []conllu.Names
	}{{"UNER held out", uner}, {"Wikigold held out", wikigold}, {"GUM dev", gumNames(c.GUMDev)}, {"GUM held out", gumNames(c.HeldOut)}} {
		scores := nameScores(tags, names, set.s)
		for _, kind := range slices.Sorted(maps.Keys(scores)) {
			fmt.Fprintf(&b, "%-18s %-4s %v\n", set.name, kind, scores[kind])
		}
	}

	fmt.Fprintf(&b, "\nSentence boundaries, documents of GUM held out: %v\n", boundaries(c.HeldOut))
	b.WriteString("\nWords a second, one goroutine, GUM dev, best of five\n")
	for _, l := range speeds(c.GUMDev) {
		b.WriteString(l)
	}
	return b.String()
}

func words(sentences []conllu.Sentence) int {
	n := 0
	for _, s := range sentences {
		n += len(s.Words)
	}
	return n
}

// subjects measures how well the subjects of reporting verbs are found: pairs
// of a verb of the lexicon and a nominal subject.
func subjects(tags *tagger.Model, m *depparse.Model, sentences []conllu.Sentence, verbs map[string]bool) Score {
	var score Score
	for _, s := range sentences {
		heads, rels := m.Parse(s.Words, tags.Tag(s.Words))
		reports := func(h int) bool {
			return h >= 0 && verbs[strings.ToLower(s.Lemmas[h])] && strings.HasPrefix(s.Tags[h], "VB")
		}
		for i := range s.Words {
			want := base(s.Rels[i]) == "nsubj" && s.Rels[i] != "nsubj:pass" && reports(s.Heads[i])
			got := rels[i] == "nsubj" && reports(heads[i])
			if want {
				score.Gold++
			}
			if got {
				score.Found++
			}
			if want && got && heads[i] == s.Heads[i] {
				score.Right++
			}
		}
	}
	return score
}

// relations gives the score of each relation: head and relation right.
func relations(tags *tagger.Model, m *depparse.Model, sentences []conllu.Sentence) map[string]Score {
	scores := map[string]Score{}
	for _, s := range sentences {
		heads, rels := m.Parse(s.Words, tags.Tag(s.Words))
		for i := range s.Words {
			want := depparse.Relation(s.Rels[i])
			w := scores[want]
			w.Gold++
			scores[want] = w
			g := scores[rels[i]]
			g.Found++
			if rels[i] == want && heads[i] == s.Heads[i] {
				g.Right++
			}
			scores[rels[i]] = g
		}
	}
	return scores
}

// boundaries measures where nlp.Parse ends sentences. Each document is put
// together again from its sentences, paragraphs parted by an empty line.
func boundaries(sentences []conllu.Sentence) Score {
	var score Score
	var text strings.Builder
	gold := map[int]bool{}
	flush := func() {
		if text.Len() == 0 {
			return
		}
		doc := nlp.Parse(text.String())
		for _, s := range doc.Sentences {
			score.Found++
			if gold[s.End] {
				score.Right++
			}
		}
		score.Gold += len(gold)
		text.Reset()
		clear(gold)
	}
	doc := ""
	for _, s := range sentences {
		if s.Doc != doc {
			flush()
			doc = s.Doc
		}
		if text.Len() > 0 {
			if s.Par {
				text.WriteString("\n\n")
			} else {
				text.WriteByte(' ')
			}
		}
		text.WriteString(s.Text)
		gold[text.Len()] = true
	}
	flush()
	return score
}

// speeds measures each model on its own.
func speeds(sentences []conllu.Sentence) []string {
	n := words(sentences)
	tagged := make([][]string, len(sentences))
	var lines []string
	var heads []int
	var out []string
	for _, step := range []struct {
		name string
		run  func(i int, s conllu.Sentence)
	}{
		{"tag", func(i int, s conllu.Sentence) { tagged[i] = tagger.Append(tagged[i][:0], s.Words) }},
		{"parse", func(i int, s conllu.Sentence) { heads, out = depparse.Append(heads[:0], out[:0], s.Words, tagged[i]) }},
		{"names", func(i int, s conllu.Sentence) { out = ner.Append(out[:0], s.Words, tagged[i]) }},
	} {
		best := time.Duration(1<<62 - 1)
		for range 5 {
			start := time.Now()
			for i, s := range sentences {
				step.run(i, s)
			}
			best = min(best, time.Since(start))
		}
		lines = append(lines, fmt.Sprintf("%-6s %8.0f (800 words in %.2f ms)\n", step.name, float64(n)/best.Seconds(), 800*1000*best.Seconds()/float64(n)))
	}
	return lines
}
