package training

import (
	"regexp"
	"slices"
	"strings"

	"onrecord/internal/perceptron"
	"onrecord/nlp/internal/conllu"
	"onrecord/nlp/internal/gazetteer"
	"onrecord/nlp/internal/ner"
	"onrecord/nlp/internal/tagger"
)

// namesHeldOut: of UNER's documents every fifth, of Wikigold, which does not
// tell its documents apart, the last sixth is kept for measuring.
const (
	unerHeldOut     = 5
	wikigoldHeldOut = 6
)

// splitNames parts the name data into what is learned from and what is kept.
func splitNames(c *Corpus) (train, uner, wikigold []conllu.Names) {
	doc, n := "", -1
	for _, s := range c.UNER {
		if s.Doc != doc || n < 0 {
			doc, n = s.Doc, n+1
		}
		if n%unerHeldOut == unerHeldOut-1 {
			uner = append(uner, s)
		} else {
			train = append(train, s)
		}
	}
	cut := len(c.Wikigold) - len(c.Wikigold)/wikigoldHeldOut
	train = append(train, c.Wikigold[:cut]...)
	train = append(train, gumNames(c.Train)...)
	return train, uner, c.Wikigold[cut:]
}

func namesOptions() ner.Options {
	return ner.Options{Rounds: 8, Voters: 2, Seed: Seed, Pruning: perceptron.Pruning{Weight: 4, Updates: 1}}
}

// Names trains the name finder and gives it in file form. The tagger, in file
// form too, tags what it learns from.
func Names(c *Corpus, taggerFile []byte, p Progress) ([]byte, error) {
	tags, err := tagger.Decode(taggerFile)
	if err != nil {
		return nil, err
	}
	train, uner, wikigold := splitNames(c)
	examples := make([]ner.Example, len(train))
	for i, s := range train {
		examples[i] = ner.Example{Words: s.Words, Tags: tags.Tag(s.Words), Labels: s.Labels}
	}
	m, err := ner.Train(examples, namesOptions(), func(round int, right float64) {
		p.printf("names: round %d, %.2f %% right", round, 100*right)
	})
	if err != nil {
		return nil, err
	}
	for _, dev := range []struct {
		name string
		s    []conllu.Names
	}{{"UNER", uner}, {"Wikigold", wikigold}, {"GUM dev", gumNames(c.GUMDev)}} {
		p.printf("names: %s %v", dev.name, nameScores(tags, m, dev.s))
	}
	return m.AppendBinary(nil)
}

// nameScores gives precision, recall and F of the names of each kind, and of
// all of them under "all". A name counts when its words and its kind are right.
func nameScores(tags *tagger.Model, m *ner.Model, sentences []conllu.Names) map[string]Score {
	scores := map[string]Score{}
	add := func(kind string, f func(*Score)) {
		for _, k := range []string{kind, "all"} {
			s := scores[k]
			f(&s)
			scores[k] = s
		}
	}
	for _, s := range sentences {
		want := spans(s.Labels)
		got := spans(m.Label(s.Words, tags.Tag(s.Words)))
		for _, g := range got {
			add(g.kind, func(s *Score) { s.Found++ })
			if slices.Contains(want, g) {
				add(g.kind, func(s *Score) { s.Right++ })
			}
		}
		for _, w := range want {
			add(w.kind, func(s *Score) { s.Gold++ })
		}
	}
	return scores
}

type nameSpan struct {
	from, to int
	kind     string
}

// spans gives the names of kinds PER, LOC and ORG that labels describe.
func spans(labels []string) []nameSpan {
	var out []nameSpan
	for i := range labels {
		kind, ok := strings.CutPrefix(labels[i], "B-")
		if !ok || kind != "PER" && kind != "LOC" && kind != "ORG" {
			continue
		}
		j := i + 1
		for j < len(labels) && labels[j] == "I-"+kind {
			j++
		}
		out = append(out, nameSpan{i, j, kind})
	}
	return out
}

// entityMark matches what GUM's column MISC says of the beginning or the end
// of a mention: "(12-person-giv:act-..." with ")" when it ends at once, "12)".
var entityMark = regexp.MustCompile(`\((\d+)(?:\[\d+/\d+\])?-([a-z]+)-[^()]*(\))?|(\d+)(?:\[\d+/\d+\])?\)`)

var gumKinds = map[string]string{"person": "PER", "place": "LOC", "organization": "ORG"}

// gumNames derives names from GUM's layer of entities: mentions of people,
// places and organisations whose head is a proper noun, cut down to the name
// itself. The outermost name wins.
func gumNames(sentences []conllu.Sentence) []conllu.Names {
	var out []conllu.Names
	for _, s := range sentences {
		if !strings.HasPrefix(s.Doc, "GUM_") {
			continue // EWT has no such layer
		}
		labels := make([]string, len(s.Words))
		for i := range labels {
			labels[i] = "O"
		}
		mentions := gumMentions(s)
		slices.SortStableFunc(mentions, func(a, b nameSpan) int { return (b.to - b.from) - (a.to - a.from) })
		for _, m := range mentions {
			from, to, ok := nameWithin(s, m)
			if !ok || slices.ContainsFunc(labels[from:to], func(l string) bool { return l != "O" }) {
				continue
			}
			for i := from; i < to; i++ {
				labels[i] = "I-" + m.kind
			}
			labels[from] = "B-" + m.kind
		}
		out = append(out, conllu.Names{Doc: s.Doc, Words: s.Words, Labels: labels})
	}
	return out
}

// gumMentions reads the mentions of people, places and organisations.
func gumMentions(s conllu.Sentence) []nameSpan {
	type open struct {
		id, kind string
		from     int
	}
	var stack []open
	var out []nameSpan
	for i, misc := range s.Misc {
		var value string
		for field := range strings.SplitSeq(misc, "|") {
			if v, ok := strings.CutPrefix(field, "Entity="); ok {
				value = v
			}
		}
		for _, m := range entityMark.FindAllStringSubmatch(value, -1) {
			if m[4] == "" {
				stack = append(stack, open{m[1], gumKinds[m[2]], i})
				if m[3] == "" {
					continue
				}
				m[4] = m[1]
			}
			for k := len(stack) - 1; k >= 0; k-- {
				if stack[k].id == m[4] {
					if stack[k].kind != "" {
						out = append(out, nameSpan{stack[k].from, i + 1, stack[k].kind})
					}
					stack = slices.Delete(stack, k, k+1)
					break
				}
			}
		}
	}
	return out
}

// nameWithin finds the name in a mention: the proper nouns around its head.
func nameWithin(s conllu.Sentence, m nameSpan) (from, to int, ok bool) {
	head := -1
	for i := m.from; i < m.to; i++ {
		if h := s.Heads[i]; h < m.from || h >= m.to {
			head = i
			break
		}
	}
	if head < 0 || !proper(s.Tags[head]) {
		return 0, 0, false
	}
	joins := func(word string) bool {
		switch strings.ToLower(word) {
		case "-", "–", "de", "la", "van", "von", "der", "al", "bin", "ibn", "da", "di", "del", "el":
			return true
		case "of", "the", "and", "&", "for":
			return m.kind != "PER"
		}
		return false
	}
	from, to = head, head+1
	for i := from - 1; i >= m.from; i-- {
		if proper(s.Tags[i]) {
			from = i
		} else if !joins(s.Words[i]) || from-i > 2 {
			break
		}
	}
	for i := to; i < m.to; i++ {
		if proper(s.Tags[i]) || s.Tags[i] == "CD" && i == to {
			to = i + 1
		} else if !joins(s.Words[i]) || i-to >= 2 {
			break
		}
	}
	if m.kind == "PER" {
		for from < to && titles[strings.ToLower(strings.TrimSuffix(s.Words[from], "."))] {
			from++
		}
	}
	for from < to && (strings.EqualFold(s.Words[from], "the") || s.Words[from] == "-") {
		from++
	}
	if from >= to {
		return 0, 0, false
	}
	if from+1 == to && gazetteer.Word(gazetteer.Hash(s.Words[from]))&gazetteer.DemonymName != 0 {
		return 0, 0, false
	}
	return from, to, true
}

func proper(tag string) bool { return tag == "NNP" || tag == "NNPS" }

// titles before names, which belong to no name.
var titles = func() map[string]bool {
	set := map[string]bool{}
	for t := range strings.FieldsSeq(`mr mrs ms miss dr prof professor sir lady lord dame president vice prime minister
		senator sen congressman congresswoman representative rep governor gov mayor secretary general gen colonel col major maj
		captain capt lieutenant lt sergeant sgt admiral commander judge justice chief king queen prince princess emperor empress
		duke duchess count countess baron baroness pope bishop archbishop cardinal father fr brother sister rev reverend rabbi imam
		sheikh ayatollah ambassador chancellor chairman chairwoman chairperson director attorney inspector detective officer
		deputy speaker saint st uncle aunt grandma grandpa mom dad mother coach former us u.s uk`) {
		set[t] = true
	}
	return set
}()
