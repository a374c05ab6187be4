package quotes

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

const story = `Mayor Ana Ruiz said the bridge would close. “It is not safe,” she said, “and never was.”
According to Bo Lind, “nobody asked” the town.`

// at gives the code points of the first place where the story has these words.
func at(words string) []int {
	before, _, ok := strings.Cut(story, words)
	if !ok {
		panic("the story lacks " + words)
	}
	start := len([]rune(before))
	return []int{start, start + len([]rune(words))}
}

// gold is the quotations of the story.
func gold() []Quote {
	return []Quote{
		{
			Content: [][]int{at("the bridge would close")}, Cue: [][]int{at("said")}, Source: [][]int{at("Mayor Ana Ruiz")},
			Type: indirect, Speaker: "Ana Ruiz", Role: "mayor",
		},
		{
			Content: [][]int{at("“It is not safe,”"), at("“and never was.”")}, Cue: [][]int{at("said,")}, Source: [][]int{at("she")},
			Type: direct, Speaker: "Ana Ruiz",
		},
		{
			Content: [][]int{at("“nobody asked” the town")}, Cue: [][]int{at("According to")}, Source: [][]int{at("Bo Lind")},
			Type: mixed, Speaker: "Bo Lind",
		},
	}
}

func evaluate(t *testing.T, article Article, quotes []Quote) Group {
	t.Helper()
	article.ID, article.Corpus, article.Text = "1", "c", story
	res, err := Evaluate([]Article{article}, []Prediction{{ID: "1", Quotes: quotes}}, Options{})
	if err != nil {
		t.Fatal(err)
	}
	return res.Groups[0]
}

// The gold against itself has no figure below 1, by spans and by statements.
func TestGoldAgainstItself(t *testing.T) {
	for _, granularity := range []string{"", "statement"} {
		g := evaluate(t, Article{Granularity: granularity, Quotes: gold()}, gold())
		if len(g.Figures) < 7 {
			t.Errorf("granularity %q: %d figures", granularity, len(g.Figures))
		}
		for _, f := range g.Figures {
			if f.Name == "word" {
				continue // statements hold their attribution, this story's gold does not
			}
			if f.Rate && f.Accuracy != 1 || !f.Rate && (f.P != 1 || f.R != 1 || f.F1 != 1) {
				t.Errorf("granularity %q: %+v", granularity, f)
			}
		}
	}
}

func TestDamage(t *testing.T) {
	damaged := gold()[:2]
	damaged[0].Source, damaged[0].Speaker = [][]int{at("Bo Lind")}, "Bo Lind"
	damaged[1].Content = damaged[1].Content[:1]
	g := evaluate(t, Article{Quotes: gold()}, damaged)
	for _, tt := range []struct {
		name    string
		p, r, a float64
	}{
		{"quotes, content iou0.3", 1, 0.6667, 0},
		{"quotes, content iou0.8", 0.5, 0.3333, 0},
		{"content spans, exact", 1, 0.5, 0},
		{"relation content+source", 0.5, 0.3333, 0},
		{"relation strict", 0, 0, 0},
		{"source_head", 0, 0, 0.5},
		{"speaker_full", 0, 0, 0.5},
	} {
		f := g.Figure(tt.name)
		if f.P != tt.p || f.R != tt.r || f.Accuracy != tt.a {
			t.Errorf("%s: P %v R %v accuracy %v, want %v %v %v", tt.name, f.P, f.R, f.Accuracy, tt.p, tt.r, tt.a)
		}
	}
	statements := evaluate(t, Article{Granularity: "statement", Quotes: gold()}, damaged)
	if f := statements.Figure("statement+speaker"); f.P != 0.5 || f.R != 0.3333 {
		t.Errorf("statement+speaker: %+v", f)
	}
}

// With the speech view a quotation of another kind neither helps nor hurts,
// whether the prediction calls it so or not.
func TestSpeechView(t *testing.T) {
	want := gold()
	want[0].Kind = "other"
	res, err := Evaluate([]Article{{ID: "1", Corpus: "c", Text: story, Quotes: want}}, []Prediction{{ID: "1", Quotes: gold()}}, Options{Speech: true})
	if err != nil {
		t.Fatal(err)
	}
	if f := res.Group("c").Figure("quotes, content iou0.5"); f.P != 1 || f.R != 1 || f.Gold != 2 {
		t.Errorf("%+v", f)
	}
}

func TestBadSpan(t *testing.T) {
	for _, s := range [][]int{{5, 5}, {-1, 3}, {0, 9999}, {1}, {1, 2, 3}} {
		_, err := Evaluate([]Article{{ID: "1", Text: story}}, []Prediction{{ID: "1", Quotes: []Quote{{Content: [][]int{s}}}}}, Options{})
		if err == nil || !strings.Contains(err.Error(), "bad span") {
			t.Errorf("%v gives %v", s, err)
		}
	}
}

func TestTypeOf(t *testing.T) {
	for in, want := range map[string]string{
		"“all of it”":        direct,
		`"all of it"`:        direct,
		"``all of it''":      direct,
		"‘all of it’":        direct,
		"that “all of it”":   direct,
		"some “of it”":       mixed,
		"none of it":         indirect,
		"“left open":         direct,
		"it’s ‘n’ a rock":    indirect,
		"„alles davon“":      direct,
		"«tout» et le reste": mixed,
	} {
		doc := newText(in)
		if got := doc.typeOf([]span{{0, len(doc.runes)}}); got != want {
			t.Errorf("%s is %s, want %s", in, got, want)
		}
	}
}

func TestHeadWord(t *testing.T) {
	for in, want := range map[string]string{
		"Maria Reed, director of the shelter": "reed",
		"the head of the union":               "head",
		"Mr. Lind":                            "lind",
		"a spokesman for Reed":                "spokesman",
		"Lind’s":                              "lind",
		"…":                                   "",
	} {
		doc := newText(in)
		if got := doc.headWord([]span{{0, len(doc.runes)}}); got != want {
			t.Errorf("head of %q is %q, want %q", in, got, want)
		}
	}
}

func TestNameMatch(t *testing.T) {
	for _, tt := range []struct {
		gold, pred  string
		loose, full bool
	}{
		{"Ana Ruiz", "Mayor Ana Ruiz", true, true},
		{"Ana Ruiz", "Ruiz", true, false},
		{"Ana Ruiz", "Ana", true, false},
		{"Ana Ruiz", "Bo Lind", false, false},
		{"Dr. Ana Ruiz (left)", "Ana Ruiz's", true, true},
		{"the mayor", "mayor", true, true},
		{"Ana Ruiz", "", false, false},
	} {
		if loose, full := nameMatch(tt.gold, tt.pred); loose != tt.loose || full != tt.full {
			t.Errorf("nameMatch(%q, %q) = %v, %v", tt.gold, tt.pred, loose, full)
		}
	}
}

func TestTable(t *testing.T) {
	res, err := Evaluate([]Article{{ID: "1", Corpus: "c", Text: story, Granularity: "statement", Quotes: gold()}}, []Prediction{{ID: "1", Quotes: gold()}}, Options{})
	if err != nil {
		t.Fatal(err)
	}
	want := `== c: 1 documents
  statement                      P 100.00  R 100.00  F1 100.00   gold 3  pred 3
  statement+speaker              P 100.00  R 100.00  F1 100.00   gold 3  pred 3
  speakers in article            P 100.00  R 100.00  F1 100.00   gold 2  pred 2
  word                           P  60.00  R 100.00  F1  75.00   gold 15  pred 25
  speaker_loose                  accuracy 100.00   of 3 found statements
  speaker_full                   accuracy 100.00   of 3 found statements
  role                           accuracy 100.00   of 1 found statements
`
	if diff := cmp.Diff(res.Table(), want); diff != "" {
		t.Errorf("table (-got +want):\n%s", diff)
	}
}
