package depparse

import (
	"bytes"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"onrecord/internal/perceptron"
)

func TestParse(t *testing.T) {
	for _, c := range []struct {
		words, tags string
		heads       []int
		rels        string
	}{
		{
			"The mayor said the bridge was closed .", "DT NN VBD DT NN VBD VBN .",
			[]int{1, 2, -1, 4, 6, 6, 2, 2},
			"det nsubj root det nsubj:pass aux:pass ccomp punct",
		},
		{
			"Ann Oakley told reporters that they left .", "NNP NNP VBD NNS IN PRP VBD .",
			[]int{2, 0, -1, 2, 6, 6, 2, 2},
			"nsubj flat root iobj mark nsubj ccomp punct",
		},
	} {
		heads, rels := Parse(strings.Fields(c.words), strings.Fields(c.tags))
		if !slices.Equal(heads, c.heads) || strings.Join(rels, " ") != c.rels {
			t.Errorf("%s\n got %v %s\nwant %v %s", c.words, heads, strings.Join(rels, " "), c.heads, c.rels)
		}
	}
	if heads, rels := Parse(nil, nil); len(heads) != 0 || len(rels) != 0 {
		t.Errorf("no words: %v %v", heads, rels)
	}
}

// checkTree fails when heads are not one tree with one root.
func checkTree(t interface{ Fatalf(string, ...any) }, heads []int, rels []string) {
	roots := 0
	for i, h := range heads {
		if h < -1 || h >= len(heads) || h == i {
			t.Fatalf("head of %d is %d of %d", i, h, len(heads))
		}
		if h == -1 {
			roots++
		}
		if (h == -1) != (rels[i] == "root") || rels[i] == "" {
			t.Fatalf("word %d with head %d is %q", i, h, rels[i])
		}
		for n, j := 0, i; j >= 0; j = heads[j] {
			if n++; n > len(heads) {
				t.Fatalf("word %d hangs in a circle: %v", i, heads)
			}
		}
	}
	if roots != 1 && len(heads) > 0 {
		t.Fatalf("%d roots: %v", roots, heads)
	}
}

func drawSentence(t *rapid.T) (words, tags []string) {
	n := rapid.IntRange(0, 40).Draw(t, "n")
	word := rapid.OneOf(rapid.String(), rapid.SampledFrom([]string{"said", "Oldtown", `"`, ",", "who", "the", "1,200", ""}))
	tag := rapid.OneOf(rapid.SampledFrom([]string{"NN", "VBD", "``", "''", ",", "NNP", "IN", "DT", "WP", "."}), rapid.String())
	return rapid.SliceOfN(word, n, n).Draw(t, "words"), rapid.SliceOfN(tag, n, n).Draw(t, "tags")
}

func TestParseGivesATree(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		words, tags := drawSentence(t)
		for _, m := range []*Model{Default(), {}} {
			heads, rels := m.Parse(words, tags)
			if len(heads) != len(words) || len(rels) != len(words) {
				t.Fatalf("%d words, %d heads, %d relations", len(words), len(heads), len(rels))
			}
			checkTree(t, heads, rels)
			again, _ := m.Parse(words, tags)
			if !slices.Equal(heads, again) {
				t.Fatalf("%v, then %v", heads, again)
			}
		}
	})
}

func TestParseIsLinear(t *testing.T) {
	start := time.Now()
	words, tags := slices.Repeat([]string{"bridge"}, 10_000), slices.Repeat([]string{"NN"}, 10_000)
	heads, rels := Parse(words, tags)
	checkRoots(t, heads)
	_ = rels
	Parse([]string{strings.Repeat("ab", 2500)}, []string{"NN"})
	if took := time.Since(start); took > 5*time.Second {
		t.Errorf("10,000 words took %v", took)
	}
}

func checkRoots(t *testing.T, heads []int) {
	roots := 0
	for _, h := range heads {
		if h < 0 {
			roots++
		}
	}
	if roots != 1 {
		t.Errorf("%d roots", roots)
	}
}

// drawTree draws a projective tree: the words of a range hang on one of them.
func drawTree(t *rapid.T, heads []int, from, to, head int) {
	for from < to {
		// One child with its own range after the other.
		end := rapid.IntRange(from+1, to).Draw(t, "end")
		child := rapid.IntRange(from, end-1).Draw(t, "child")
		heads[child] = head
		drawTree(t, heads, from, child, child)
		drawTree(t, heads, child+1, end, child)
		from = end
	}
}

// Moves that cost nothing must lead to the right tree, and each configuration
// on the way must have one.
func TestOracle(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(1, 14).Draw(t, "n")
		heads := make([]int, n)
		root := rapid.IntRange(0, n-1).Draw(t, "root")
		heads[root] = -1
		drawTree(t, heads, 0, root, root)
		drawTree(t, heads, root+1, n, root)
		e := Example{Words: make([]string, n), Tags: make([]string, n), Heads: heads}
		tr := &training{}
		tr.p.read(e.Words, e.Tags, nil)
		tr.prepare(&e)
		p := &tr.p
		for !p.done() {
			move := none
			for a := range actions {
				if p.allowed()&(1<<a) != 0 && tr.cost(a) == 0 {
					move = a
					if rapid.Bool().Draw(t, "take") {
						break
					}
				}
			}
			if move == none {
				t.Fatalf("%v: no move is free with stack %v and next %d", heads, p.stack, p.next)
			}
			if move == shift {
				tr.stacked[p.next] = true
				p.shift()
				continue
			}
			child, _ := p.arc(move)
			tr.stacked[child] = false
			p.attach(move, 1)
		}
		for i, h := range heads {
			if h < 0 {
				h = p.root()
			}
			if int(p.tokens[i].head) != h {
				t.Fatalf("want %v, got %d for word %d", heads, p.tokens[i].head, i)
			}
		}
	})
}

var examples = []Example{
	{strings.Fields("The dog saw a cat ."), strings.Fields("DT NN VBD DT NN ."), []int{1, 2, -1, 4, 2, 2}, strings.Fields("det nsubj root det obj punct")},
	{strings.Fields("A cat slept ."), strings.Fields("DT NN VBD ."), []int{1, 2, -1, 2}, strings.Fields("det nsubj root punct")},
	{strings.Fields("The cat was seen by dogs"), strings.Fields("DT NN VBD VBN IN NNS"), []int{1, 3, 3, -1, 5, 3}, strings.Fields("det nsubj:pass aux:pass root case obl:agent")},
}

func TestTrain(t *testing.T) {
	var files [][]byte
	for range 2 {
		m, err := Train(examples, Options{Rounds: 12, Voters: 2, Explore: 0.9, Seed: 3}, nil)
		if err != nil {
			t.Fatal(err)
		}
		for _, e := range examples {
			heads, rels := m.Parse(e.Words, e.Tags)
			if !slices.Equal(heads, e.Heads) {
				t.Errorf("%q: learned %v, parsed %v", e.Words, e.Heads, heads)
			}
			for i, r := range e.Rels {
				if rels[i] != Relation(r) {
					t.Errorf("%q: word %d is %q, want %q", e.Words, i, rels[i], Relation(r))
				}
			}
		}
		file, err := m.AppendBinary(nil)
		if err != nil {
			t.Fatal(err)
		}
		files = append(files, file)
	}
	if !bytes.Equal(files[0], files[1]) {
		t.Error("the same training gives other models")
	}
}

func TestRelation(t *testing.T) {
	for in, want := range map[string]string{
		"nsubj": "nsubj", "nsubj:pass": "nsubj:pass", "aux:pass": "aux:pass", "csubj:pass": "csubj:pass",
		"nmod:poss": "nmod:poss", "acl:relcl": "acl:relcl", "obl:agent": "obl", "nmod:unmarked": "nmod", "advcl:relcl": "advcl",
	} {
		if got := Relation(in); got != want {
			t.Errorf("Relation(%q) = %q, want %q", in, got, want)
		}
	}
}

func FuzzDecode(f *testing.F) {
	m, err := Train(examples, Options{Rounds: 2, Action: perceptron.Pruning{}}, nil)
	if err != nil {
		f.Fatal(err)
	}
	file, err := m.AppendBinary(nil)
	if err != nil {
		f.Fatal(err)
	}
	f.Add(file)
	f.Fuzz(func(t *testing.T, data []byte) {
		m, err := Decode(data)
		if err != nil {
			return
		}
		heads, rels := m.Parse(examples[0].Words, examples[0].Tags)
		checkTree(t, heads, rels)
	})
}

func BenchmarkParse(b *testing.B) {
	words := strings.Fields(`The mayor of Oldtown , who took office in May , said on Tuesday that 1,200 people had asked for a new bridge .`)
	tags := strings.Fields(`DT NN IN NNP , WP VBD NN IN NNP , VBD IN NNP IN CD NNS VBD VBN IN DT JJ NN .`)
	heads, rels := make([]int, 0, len(words)), make([]string, 0, len(words))
	Parse(words, tags)
	b.ReportAllocs()
	for b.Loop() {
		heads, rels = Append(heads[:0], rels[:0], words, tags)
	}
	b.ReportMetric(float64(len(words)*b.N)/b.Elapsed().Seconds(), "words/s")
}

func BenchmarkDecode(b *testing.B) {
	b.SetBytes(int64(len(embedded)))
	for b.Loop() {
		if _, err := Decode(embedded); err != nil {
			b.Fatal(err)
		}
	}
}
