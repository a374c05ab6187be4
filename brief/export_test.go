package brief

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"onrecord/article"
	"onrecord/factcheck"
	"onrecord/nlp"
	"onrecord/quote"
)

// sample is a briefing made by hand, with letters of two and four bytes before
// every span.
func sample() *Briefing {
	text := "É🙂 Zoë said “no”. Two & two - or, five."
	at := func(s string) nlp.Span {
		i := strings.Index(text, s)
		return nlp.Span{Start: i, End: i + len(s)}
	}
	day := nlp.Dates{Start: time.Date(2026, 3, 1, 0, 0, 0, 0, time.UTC), End: time.Date(2026, 3, 2, 0, 0, 0, 0, time.UTC)}
	return &Briefing{
		Article: &article.Article{
			URL: "https://example.com/a", Title: "A <title> & more", Text: text, Words: 9, Language: "en", SHA256: "ab",
			Published: time.Date(2026, 3, 4, 5, 0, 0, 0, time.UTC),
			ReadAt:    time.Date(2026, 3, 4, 6, 7, 8, 0, time.FixedZone("", 3600)),
		},
		Analysis: &Analysis{
			Summary: []Sentence{{Text: "Two & two - or, five.", Span: at("Two & two - or, five."), Parts: []nlp.Span{at("Two & two - or, five.")}}},
			Quotes: []quote.Quote{{
				Content: []nlp.Span{at("“no”")}, Cue: []nlp.Span{at("said")}, Source: []nlp.Span{at("Zoë")},
				Type: quote.Direct, Kind: quote.Speech, Verb: "said", Stance: quote.Said, SaidOn: 0,
				Speaker: quote.Speaker{Name: "Zoë", Spans: []nlp.Span{at("Zoë")}},
			}},
			Claims: []factcheck.Claim{{
				Span: at("Two & two"), Score: .5, Checkable: true, Kinds: []factcheck.Kind{factcheck.Figure},
				Reasons: []string{"a figure"}, Standalone: "=Two & two", Quote: -1,
				Parts:    []factcheck.Part{{Span: at("Two"), Standalone: "Two"}},
				Inserted: []factcheck.Insertion{{Text: "Zoë", From: at("Zoë")}},
				Dates:    []factcheck.Date{{Span: at("five"), Dates: day}},
			}},
			Times: []factcheck.Date{{Span: at("five"), Dates: day}},
		},
	}
}

func TestExportCountsCodePoints(t *testing.T) {
	b := sample()
	o := Export(b)
	runes := []rune(b.Article.Text)
	cut := func(r Range) string { return string(runes[r[0]:r[1]]) }
	for _, test := range []struct{ got, want string }{
		{cut(o.Quotes[0].Content[0]), "“no”"},
		{cut(o.Quotes[0].Source[0]), "Zoë"},
		{cut(o.Summary[0].Span), "Two & two - or, five."},
		{cut(o.Claims[0].Span), "Two & two"},
		{cut(o.Claims[0].Inserted[0].From), "Zoë"},
		{o.Quotes[0].SaidOn.Date + "/" + o.Quotes[0].SaidOn.End, "2026-03-01/2026-03-02"},
		{o.Article.Published, "2026-03-04"},
		{o.Article.ReadAt, "2026-03-04T05:07:08Z"},
		{o.Summary[0].Link, "https://example.com/a#:~:text=Two%20%26%20two%20%2D%20or%2C%20five."},
	} {
		if test.got != test.want {
			t.Errorf("got %q, want %q", test.got, test.want)
		}
	}
}

func TestJSONHasNoNullLists(t *testing.T) {
	for _, b := range []*Briefing{sample(), {Article: &article.Article{}, Analysis: &Analysis{}}} {
		data, err := JSON(b)
		if err != nil {
			t.Fatal(err)
		}
		// Only what is a single thing, and absent, may be null.
		for line := range strings.Lines(string(data)) {
			if strings.Contains(line, "null") && !strings.Contains(line, "role_span") && !strings.Contains(line, "said_on") {
				t.Errorf("null in %q", line)
			}
		}
		var back Object
		if err := json.Unmarshal(data, &back); err != nil {
			t.Fatal(err)
		}
	}
}

func TestLineLeavesOutTheText(t *testing.T) {
	data, err := Line("x-1", sample())
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.HasPrefix(data, []byte(`{"id":"x-1","article":{`)) || bytes.Count(data, []byte("\n")) != 1 {
		t.Errorf("not one line with the id first: %s", data)
	}
	var fields struct{ Article map[string]any }
	if err := json.Unmarshal(data, &fields); err != nil {
		t.Fatal(err)
	}
	if _, found := fields.Article["text"]; found {
		t.Error("the line repeats article.text")
	}
}

func TestCSV(t *testing.T) {
	for name, data := range map[string][]byte{"quotes": QuotesCSV(sample()), "claims": ClaimsCSV(sample())} {
		rows, err := csv.NewReader(bytes.NewReader(data)).ReadAll()
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if len(rows) != 2 {
			t.Errorf("%s: %d rows, want a heading and one", name, len(rows))
		}
		for _, cell := range rows[1] {
			if strings.HasPrefix(cell, "=") {
				t.Errorf("%s: a spreadsheet would run %q", name, cell)
			}
		}
	}
}

func TestMarkdownEscapes(t *testing.T) {
	doc := string(Markdown(sample()))
	if !strings.HasPrefix(doc, "# A \\<title\\> & more\n") {
		t.Errorf("title not escaped:\n%s", doc)
	}
	for _, want := range []string{"## In brief", "## Worth checking", "## Who said what", "**Zoë** · 1 quotation, 1 word (100 %)\n\n- said: “no” (said on 2026-03-01/2026-03-02)\n"} {
		if !strings.Contains(doc, want) {
			t.Errorf("no %q in\n%s", want, doc)
		}
	}
}

func TestTextFragment(t *testing.T) {
	text := "The bridge was closed on Monday. The bridge was closed on Tuesday after an inspection found cracks in two of its piers, the city said."
	long := text[strings.Index(text, "The bridge was closed on Tuesday"):]
	tests := []struct {
		name, address, words, want string
	}{
		{"short", "https://e.com/x?y=1", "closed on Monday", "https://e.com/x?y=1#:~:text=closed%20on%20Monday"},
		{"long, the beginning not unique", "https://e.com/x", long, "https://e.com/x#:~:text=The%20bridge%20was%20closed%20on%20Tuesday,piers%2C%20the%20city%20said."},
		{"own fragment", "https://e.com/x#top", "closed", "https://e.com/x#top:~:text=closed"},
		{"no address", "", "closed", ""},
		{"no web address", "file:///etc/passwd", "closed", ""},
	}
	for _, test := range tests {
		i := strings.Index(text, test.words)
		got := TextFragment(test.address, text, nlp.Span{Start: i, End: i + len(test.words)})
		if got != test.want {
			t.Errorf("%s:\ngot  %s\nwant %s", test.name, got, test.want)
		}
	}
}

func TestCodePoints(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := strings.ToValidUTF8(rapid.String().Draw(t, "text")+strings.Repeat("é🙂x", rapid.IntRange(0, 300).Draw(t, "more")), "")
		points := newCodePoints(text)
		for i := range text {
			if got, want := points.at(i), utf8.RuneCountInString(text[:i]); got != want {
				t.Fatalf("at(%d) = %d, want %d", i, got, want)
			}
		}
		if got, want := points.at(len(text)), utf8.RuneCountInString(text); got != want {
			t.Fatalf("at the end: %d, want %d", got, want)
		}
	})
}

func TestAnalysisSurvivesTheCache(t *testing.T) {
	want := sample().Analysis
	data, err := json.Marshal(want)
	if err != nil {
		t.Fatal(err)
	}
	var got Analysis
	if err := json.Unmarshal(data, &got); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, &got); diff != "" {
		t.Errorf("after a round trip (-want +got):\n%s", diff)
	}
}

// A clash says where both statements stand, in code points: in the text, and
// for a headline in the title.
func TestExportClashes(t *testing.T) {
	a := &article.Article{
		Title: "Öre: Ten killed in Orle bus crash", Language: "en",
		Text: "Twelve people were killed when a bus fell off the Öre bridge. Nine people were saved: five men and three women.",
	}
	b := &Briefing{Article: a, Analysis: Analyse(a)}
	var got []string
	for _, c := range Export(b).Consistency {
		got = append(got, fmt.Sprint(c.Kind, c.Spans, c.TitleSpan != nil && *c.TitleSpan == Range{5, 8}))
	}
	if want := []string{"headline[[0 13]] true", "sum[[62 73] [86 110]] false"}; !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
	if page := string(Markdown(b)); !strings.Contains(page, "## Does not agree with itself") || !strings.Contains(page, "the parts make 8") {
		t.Error("Markdown does not tell")
	}
}
