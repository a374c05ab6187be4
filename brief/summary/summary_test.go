package summary

import (
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"onrecord/factcheck"
	"onrecord/nlp"
)

func texts(text, title string, length Length) []string {
	doc, quotes, _ := sheetOf(text)
	var out []string
	for _, one := range Summarise(doc, quotes, nil, title, length) {
		out = append(out, one.Text)
	}
	return out
}

// TestTaste has small stories with a sentence that a summary must not show, or
// must not open with.
func TestTaste(t *testing.T) {
	const news = "The city council of Port Alder closed the bridge over the Sele on Monday. Engineers had found cracks in two of its pillars."
	for _, tt := range []struct{ name, text, never string }{
		{"a question", news + " What will become of the bridge over the Sele in Port Alder?", "?"},
		{"an opening that points back", "He had warned of the cracks in the bridge over the Sele. " + news, "He had warned"},
		{"a piece of a longer quotation", "“The bridge over the Sele in Port Alder was safe. " + news + " It always was,” Ada Bell said.", "was safe"},
		{"an opinion", news + " It is a big ask.", "big ask"},
		{"a line that leans on the one before", news + " Despite all that, the city council of Port Alder kept the bridge over the Sele open for lorries.", "Despite all that"},
		{"a that of the line before", "The engineer of the city council of Port Alder, Ada Bell, has heard that before. " + news, "heard that"},
		{"an its of the line before", "“The bridge over the Sele in Port Alder was old,” said Ada Bell, its director. " + news, "its director"},
		{"a her that the line does not explain", "In her survey of the bridges over the Sele in Port Alder, two had cracks. " + news, "her survey"},
		{"a short line about an it", news + " The council tells it differently.", "differently"},
		{"an entry of a list", news + " 61: Lorries that the city council of Port Alder counted on the bridge over the Sele.", "61:"},
		{"advice", "If you live in Port Alder, you cannot cross the bridge over the Sele on Monday. " + news, "If you"},
		{"a heading in capitals", "PORT ALDER BRIDGE CLOSED ON MONDAY AFTER ENGINEERS FOUND CRACKS.\n\n" + news, "BRIDGE CLOSED"},
	} {
		for _, s := range texts(tt.text, "", Length{}) {
			if strings.Contains(s, tt.never) {
				t.Errorf("%s: %q", tt.name, s)
			}
		}
	}
	got := texts(news+" The city council of Port Alder closed the bridge over the Sele on Monday.", "", Length{})
	if len(got) != 2 {
		t.Errorf("a sentence that stands twice: %q", got)
	}
}

// TestHeadline has the line in the summary that tells what the headline says, though
// the models rate all others higher.
func TestHeadline(t *testing.T) {
	const text = "A hospital in Port Alder was fined 2 million crowns on Monday. Ada Bell spent 31 nights in the ward in September. " +
		"The owner hired 40 midwives in spring. The city council counted 56 complaints in 2024. Three inspectors read the files of the ward."
	doc := nlp.Parse(text)
	claims := factcheck.Claims(doc, nil, time.Time{})
	for title, want := range map[string]bool{"Hospital fined 2 million crowns": true, "What Ada Bell saw": false, "": false} {
		s := Examine(doc, nil, claims, title)
		rates := Rates{Line: []float64{0.2, 0.4, 0.4, 0.4, 0.4}, Word: make([]float64, len(s.Words)), Pair: make([]float64, len(s.Pairs))}
		chosen := Choose(s, rates, Tuned, Length{})
		if got := len(chosen) > 0 && s.Candidates[chosen[0]].Line == 0; got != want {
			t.Errorf("under %q the first line is in: %t, want %t", title, got, want)
		}
	}
}

// TestVow tells somebody's word about what they would do from news of what will
// be, which a summary may give.
func TestVow(t *testing.T) {
	for text, want := range map[string]bool{
		"Ada Bell said she would not give up.":                          true,
		"“We will march again in spring,” Ada Bell said.":               true,
		"The driver promised that he would come back.":                  true,
		"Ada Bell said the bridge will be closed to lorries.":           false,
		"The council said the families may return to the burnt houses.": false,
		"Ada Bell said the bridge was closed.":                          false,
	} {
		if _, _, s := sheetOf(text); s.Lines[0].Vow != want {
			t.Errorf("%s\nvow is %t, want %t", text, s.Lines[0].Vow, want)
		}
	}
}

// TestSummariseTakesAnything checks the promises on texts made of odd pieces:
// the length, the order, and that every word stands in the article.
func TestSummariseTakesAnything(t *testing.T) {
	pieces := []string{
		"The mayor, who lives in Orre, closed the school.", "He said no.", "“Why?", "\n\n", "But Ada Bell left", "(", ")", "—", "1,000 men", "é 🙂", "\x00", ".", "ORRE (AP) - Rain fell.", ", which", "said on Monday",
	}
	rapid.Check(t, func(t *rapid.T) {
		text := strings.Join(rapid.SliceOfN(rapid.SampledFrom(pieces), 0, 40).Draw(t, "pieces"), " ")
		length := Length{Sentences: rapid.IntRange(0, 9).Draw(t, "sentences"), Words: rapid.IntRange(0, 90).Draw(t, "words")}
		doc, quotes, _ := sheetOf(text)
		want := length.orDefault()
		words, last := 0, -1
		got := Summarise(doc, quotes, nil, "Rain", length)
		for _, s := range got {
			words += len(strings.Fields(s.Text))
			if s.Span.Start <= last {
				t.Errorf("out of order: %q", s.Text)
			}
			last = s.Span.Start
			if Join(text, s.Parts) != s.Text {
				t.Errorf("%q is not its parts", s.Text)
			}
			for _, p := range s.Parts {
				if !s.Span.Contains(p) {
					t.Errorf("part %v lies outside %v", p, s.Span)
				}
			}
		}
		if len(got) > want.Sentences || words > want.Words {
			t.Errorf("%d sentences, %d words for %+v", len(got), words, want)
		}
	})
}

func BenchmarkSummarise(b *testing.B) {
	text := strings.Repeat("The city council of Port Alder closed the bridge over the Sele on Monday, officials said. Engineers of the firm had found cracks in two pillars.\n\n", 20)
	doc, quotes, _ := sheetOf(text)
	Default()
	for b.Loop() {
		Summarise(doc, quotes, nil, "Bridge closed", Length{})
	}
}

// TestWidths checks that the features are as many as the models may ask for.
func TestWidths(t *testing.T) {
	_, _, s := sheetOf("Rain fell in Port Alder. Rivers rose.")
	rates := Rates{Word: make([]float64, len(s.Words)), Pair: make([]float64, len(s.Pairs))}
	for _, w := range []struct {
		name      string
		got, want int
	}{
		{"line", len(s.LineFeatures(rates)[0]), lineWidth},
		{"word", len(s.WordFeatures(nil, 0, Unknown)), wordWidth},
		{"pair", len(s.PairFeatures(nil, 0, Unknown, Unknown)), pairWidth},
	} {
		if w.got != w.want {
			t.Errorf("%d features of a %s, want %d", w.got, w.name, w.want)
		}
	}
}
