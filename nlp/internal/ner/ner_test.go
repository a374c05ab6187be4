package ner

import (
	"bytes"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"
)

func TestLabel(t *testing.T) {
	for _, c := range []struct{ words, tags, want string }{
		{
			"Ann Oakley , a spokeswoman in Paris , declined to comment .", "NNP NNP , DT NN IN NNP , VBD TO VB .",
			"B-PER I-PER O O O O B-LOC O O O O O",
		},
		{"the bridge was closed on Tuesday .", "DT NN VBD VBN IN NNP .", "O O O O O O O"},
	} {
		if got := strings.Join(Label(strings.Fields(c.words), strings.Fields(c.tags)), " "); got != c.want {
			t.Errorf("%s\n got %s\nwant %s", c.words, got, c.want)
		}
	}
	if got := Label(nil, nil); len(got) != 0 {
		t.Errorf("no words have labels %q", got)
	}
}

func TestLabelsMakeNames(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(0, 30).Draw(t, "n")
		word := rapid.OneOf(rapid.String(), rapid.SampledFrom([]string{"Ann", "of", "the", "Oldtown", "University", "said", "New", "York", "-", "'s", "&", ""}))
		words := rapid.SliceOfN(word, n, n).Draw(t, "words")
		tags := rapid.SliceOfN(rapid.SampledFrom([]string{"NNP", "IN", "DT", "NN", "VBD"}), n, n).Draw(t, "tags")
		labels := Label(words, tags)
		if len(labels) != n || !slices.Equal(labels, Append(nil, words, tags)) {
			t.Fatalf("%q: labels %q", words, labels)
		}
		last := "O"
		for _, l := range labels {
			if kind, ok := strings.CutPrefix(l, "I-"); ok && last != "B-"+kind && last != "I-"+kind {
				t.Fatalf("%q: labels %q: a name goes on that did not begin", words, labels)
			}
			last = l
		}
	})
}

func TestLabelIsLinear(t *testing.T) {
	start := time.Now()
	for _, w := range []string{"Bridge", "of", "bridge"} {
		Label(slices.Repeat([]string{w, "York"}, 5_000), slices.Repeat([]string{"NNP"}, 10_000))
	}
	Label([]string{strings.Repeat("Ab", 2500)}, []string{"NNP"})
	if took := time.Since(start); took > 5*time.Second {
		t.Errorf("30,000 words took %v", took)
	}
}

func TestClassesGoBackToLabels(t *testing.T) {
	for _, c := range []string{
		"O B-PER O", "B-PER I-PER B-PER O", "B-ORG I-ORG I-ORG I-ORG", "B-LOC B-LOC", "O O",
	} {
		var back []string
		for _, class := range goldClasses(strings.Fields(c)) {
			back = append(back, labels[class])
		}
		if got := strings.Join(back, " "); got != c {
			t.Errorf("%s comes back as %s", c, got)
		}
	}
	if got := goldClasses([]string{"B-MISC", "I-PER"}); got[0] != 0 || part(int(got[1])) != whole {
		t.Errorf("other kinds and loose ends: %v", got)
	}
}

var examples = []Example{
	{strings.Fields("Ann met Bob Oak in Oldtown"), strings.Fields("NNP VBD NNP NNP IN NNP"), strings.Fields("B-PER O B-PER I-PER O B-LOC")},
	{strings.Fields("Oldtown Bank sued Ann Oak"), strings.Fields("NNP NNP VBD NNP NNP"), strings.Fields("B-ORG I-ORG O B-PER I-PER")},
	{strings.Fields("The Bank of Oldtown closed"), strings.Fields("DT NNP IN NNP VBD"), strings.Fields("O B-ORG I-ORG I-ORG O")},
}

func TestTrain(t *testing.T) {
	var files [][]byte
	for range 2 {
		m, err := Train(examples, Options{Rounds: 12, Voters: 2, Seed: 5}, nil)
		if err != nil {
			t.Fatal(err)
		}
		for _, e := range examples {
			if got := m.Label(e.Words, e.Tags); !slices.Equal(got, e.Labels) {
				t.Errorf("%q: learned %q, labels %q", e.Words, e.Labels, got)
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
		if got := back.Label(examples[0].Words, examples[0].Tags); !slices.Equal(got, examples[0].Labels) {
			t.Errorf("read back: %q", got)
		}
	}
	if !bytes.Equal(files[0], files[1]) {
		t.Error("the same training gives other models")
	}
}

func BenchmarkLabel(b *testing.B) {
	words := strings.Fields(`The mayor of Oldtown , who took office in May , said on Tuesday that Ann Oakley of the Bridge Authority had asked for money .`)
	tags := strings.Fields(`DT NN IN NNP , WP VBD NN IN NNP , VBD IN NNP IN NNP NNP IN DT NNP NNP VBD VBN IN NN .`)
	labels := make([]string, 0, len(words))
	Label(words, tags)
	b.ReportAllocs()
	for b.Loop() {
		labels = Append(labels[:0], words, tags)
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
