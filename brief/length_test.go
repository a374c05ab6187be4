package brief

import "testing"

// TestWithLength asks for summaries of other lengths, and checks that the
// briefing itself stays as it was.
func TestWithLength(t *testing.T) {
	a := sampleArticles(t)["mine-inquiry.txt"]
	b := &Briefing{Article: a, Analysis: Analyse(a)}
	before := len(b.Analysis.Summary)
	for _, n := range []int{1, 2, LongLength, MaxLength} {
		length := LengthOf(n)
		got := WithLength(b, length).Analysis.Summary
		if len(got) > n || summaryWords(got) > length.Words || len(got) == 0 {
			t.Errorf("%d sentences, %d words for a length of %d", len(got), summaryWords(got), n)
		}
		for i := 1; i < len(got); i++ {
			if got[i].Span.Start <= got[i-1].Span.Start {
				t.Errorf("length %d: sentence %d stands before the one above it", n, i+1)
			}
		}
		if n >= LongLength && len(got) < 5 && 4*summaryWords(got) < 3*length.Words {
			t.Errorf("%d sentences, %d words of %d for a length of %d", len(got), summaryWords(got), length.Words, n)
		}
	}
	if len(b.Analysis.Summary) != before {
		t.Error("the briefing changed")
	}
}
