package tagger

import (
	"bytes"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"pgregory.net/rapid"

	"onrecord/internal/perceptron"
)

func TestTag(t *testing.T) {
	for _, c := range []struct{ words, want string }{
		{"The mayor said on Tuesday that the bridge was closed .", "DT NN VBD IN NNP IN DT NN VBD VBN ."},
		{`" We do n't know , " she told reporters .`, "`` PRP VBP RB VB , '' PRP VBD NNS ."},
		{"“ Nobody has asked us , ” said Ann Oakley .", "`` NN VBZ VBN PRP , '' VBD NNP NNP ."},
	} {
		if got := strings.Join(Tag(strings.Fields(c.words)), " "); got != c.want {
			t.Errorf("%s\n got %s\nwant %s", c.words, got, c.want)
		}
	}
	if got := Tag(nil); len(got) != 0 {
		t.Errorf("no words have tags %q", got)
	}
}

func TestTagTakesAnything(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		words := rapid.SliceOf(rapid.OneOf(rapid.String(), rapid.SampledFrom([]string{`"`, "“", "Oldtown", "said", "1,200", ""}))).Draw(t, "words")
		a, b := Tag(words), Append(nil, words)
		if len(a) != len(words) || !slices.Equal(a, b) {
			t.Fatalf("%q: tags %q, then %q", words, a, b)
		}
	})
}

func TestTagIsLinear(t *testing.T) {
	start := time.Now()
	Tag(slices.Repeat([]string{"Bridge"}, 10_000))
	Tag([]string{strings.Repeat("ab", 2500)})
	if took := time.Since(start); took > 5*time.Second {
		t.Errorf("10,000 words took %v", took)
	}
}

func TestTagInParallel(t *testing.T) {
	words := strings.Fields("The council of Oldtown voted on the plan for a new library .")
	want := Tag(words)
	var wait sync.WaitGroup
	for range 8 {
		wait.Go(func() {
			for range 50 {
				if got := Tag(words); !slices.Equal(got, want) {
					t.Errorf("got %q, want %q", got, want)
				}
			}
		})
	}
	wait.Wait()
}

var examples = []Example{
	{strings.Fields("The dog sleeps ."), strings.Fields("DT NN VBZ .")},
	{strings.Fields("A cat eats the fish ."), strings.Fields("DT NN VBZ DT NN .")},
	{strings.Fields("They fish"), strings.Fields("PRP VBP")},
	{strings.Fields("Dogs eat"), strings.Fields("NNS VBP")},
}

func TestTrain(t *testing.T) {
	o := Options{Rounds: 6, Voters: 2, Seed: 7}
	var files [][]byte
	for range 2 {
		m, err := Train(examples, o, nil)
		if err != nil {
			t.Fatal(err)
		}
		for _, e := range examples {
			if got := m.Tag(e.Words); !slices.Equal(got, e.Tags) {
				t.Errorf("%q: learned %q, tags %q", e.Words, e.Tags, got)
			}
		}
		file, err := m.AppendBinary(nil)
		if err != nil {
			t.Fatal(err)
		}
		files = append(files, file)
		back, err := Decode(file)
		if err != nil {
			t.Fatal(err)
		}
		if got := back.Tag(examples[1].Words); !slices.Equal(got, examples[1].Tags) {
			t.Errorf("read back: tags %q", got)
		}
	}
	if !bytes.Equal(files[0], files[1]) {
		t.Error("the same training gives other models")
	}
}

func TestUntrained(t *testing.T) {
	if got := new(Model).Tag([]string{"a", "b"}); !slices.Equal(got, []string{"NN", "NN"}) {
		t.Errorf("got %q", got)
	}
}

func TestLexiconFindsAllItsWords(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		hashes := rapid.SliceOfDistinct(rapid.Uint32Range(0, noWord-1), rapid.ID).Draw(t, "words")
		slices.Sort(hashes)
		var words []known
		for i, h := range hashes {
			words = append(words, known{h, entry{uint32(i + 1), uint32(i % 3)}})
		}
		lex := newLexicon(words)
		for _, k := range words {
			if got := lex.find(k.word); got != k.entry {
				t.Fatalf("word %d: %v, want %v", k.word, got, k.entry)
			}
		}
		lex.find(noWord)
		other := rapid.Uint32().Draw(t, "other")
		if !slices.Contains(hashes, other) && lex.find(other) != (entry{}) {
			t.Fatalf("finds %d, which it does not have", other)
		}
	})
}

func FuzzDecode(f *testing.F) {
	m, err := Train(examples, Options{Rounds: 2, Pruning: perceptron.Pruning{}}, nil)
	if err != nil {
		f.Fatal(err)
	}
	file, err := m.AppendBinary(nil)
	if err != nil {
		f.Fatal(err)
	}
	f.Add(file)
	f.Fuzz(func(_ *testing.T, data []byte) {
		if m, err := Decode(data); err == nil && len(m.net.Classes) > 0 {
			m.Tag([]string{"The", "dog"})
		}
	})
}

func BenchmarkTag(b *testing.B) {
	words := strings.Fields(`The mayor of Oldtown , who took office in May , said on Tuesday that 1,200 people had asked for " a new bridge " .`)
	tags := make([]string, 0, len(words))
	Tag(words)
	b.ReportAllocs()
	for b.Loop() {
		tags = Append(tags[:0], words)
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
