package wordform

import (
	"bytes"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func TestOf(t *testing.T) {
	of := Of
	if of("Said").Lower != of("said").Lower || of("Said").Exact == of("said").Exact {
		t.Error("case: Lower must not see it, Exact must")
	}
	if of("1987").Exact != of("2031").Exact {
		t.Error("digits must be one and the same")
	}
	if of("1987").Shape == of("19.87").Shape {
		t.Error("marks must show in the shape")
	}
	for _, pair := range [][2]string{{"“", `"`}, {"”", `"`}, {"—", "--"}, {"…", "..."}, {"n’t", "n't"}, {"’s", "'s"}} {
		if of(pair[0]).Lower != of(pair[1]).Lower {
			t.Errorf("%q and %q must be the same word", pair[0], pair[1])
		}
	}
	for _, c := range []struct {
		word string
		want Bits
	}{
		{"Ann", Capital | Letter},
		{"NATO", Capital | Upper | Letter},
		{"well-known", Hyphen | Letter},
		{"3.5", Digit | Period},
		{"U.S.", Capital | Upper | Letter | Period},
		{"Žito", Capital | Letter},
		{"", 0},
		{",", 0},
	} {
		if got := of(c.word).Bits; got != c.want {
			t.Errorf("Of(%q).Bits = %b, want %b", c.word, got, c.want)
		}
	}
	if of("walking").Suffix[2] != of("TALKING").Suffix[2] || of("walking").Suffix[2] == of("walked").Suffix[2] {
		t.Error("suffixes must be those of the word in lower case")
	}
}

func TestOfLooksAtTheHeadOfLongWords(t *testing.T) {
	long := strings.Repeat("x", 5000)
	if Of(long) != Of(long[:100]) {
		t.Error("a word of 5,000 letters differs from its first 100")
	}
}

func TestOfTakesAnything(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := rapid.OneOf(rapid.String(), rapid.StringN(0, 200, 400), rapid.Map(rapid.SliceOf(rapid.Byte()), func(b []byte) string { return string(b) })).Draw(t, "word")
		if Of(s) != Of(strings.Clone(s)) {
			t.Fatal("not a function of the word")
		}
	})
}

func TestClusters(t *testing.T) {
	// Animals and verbs stand in like company.
	var texts [][]string
	for _, animal := range []string{"cat", "dog", "cow", "hen"} {
		for _, verb := range []string{"sleeps", "eats", "runs", "sits"} {
			texts = append(texts, []string{"the", animal, verb, "."}, []string{"A", animal, verb, "!"})
		}
	}
	entries := LearnClusters(texts, 1, 6, 3, 20)
	at := map[string]Entry{}
	for _, e := range entries {
		at[e.Word] = e
	}
	if at["cat"].Fine != at["hen"].Fine || at["cat"].Fine == at["eats"].Fine || at["runs"].Fine != at["sits"].Fine {
		t.Errorf("clusters %v: animals belong together, so do verbs", entries)
	}
	file := EncodeClusters(entries)
	if again := EncodeClusters(LearnClusters(texts, 1, 6, 3, 20)); !bytes.Equal(file, again) {
		t.Error("the same texts give other clusters")
	}
	c, err := decodeClusters(file)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		fine, coarse := c.of(Of(e.Word).Lower)
		if fine != uint32(e.Fine) || coarse != uint32(e.Coarse) {
			t.Errorf("%q: read back as %d, %d, want %d, %d", e.Word, fine, coarse, e.Fine, e.Coarse)
		}
	}
	if fine, _ := c.of(Of("unheard-of").Lower); fine != 0 {
		t.Errorf("an unknown word has cluster %d", fine)
	}
	if _, err := decodeClusters(file[:len(file)/2]); err == nil {
		t.Error("half a table decodes")
	}
}

func TestFoldAgreesWithOf(t *testing.T) {
	for _, w := range []string{"Said", "“", "1987", "O’Neill", "ÉCOLE", "n’t"} {
		if Of(fold(w)).Lower != Of(w).Lower {
			t.Errorf("fold(%q) = %q, which Of takes for another word", w, fold(w))
		}
	}
}

func BenchmarkOf(b *testing.B) {
	words := slices.Collect(strings.FieldsSeq("The mayor of Oldtown said on Tuesday that 1,200 people had well-known reasons to stay away ."))
	for b.Loop() {
		for _, w := range words {
			Of(w)
		}
	}
}
