package quote

import (
	"bufio"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"pgregory.net/rapid"

	"onrecord/nlp"
)

// pieces are what random texts are made of: what the stages look for, well and
// badly formed.
var pieces = []string{
	"“", "”", "\"", "‘", "’", "'", "''", "``", "«", "»", "„", "(", ")", ",", ".", "?", "!", ":", ";", " — ", "-", "...", "\n\n", "\n",
	" ", " ", " ", " ", " said ", " told ", "according to ", " that ", " asked whether ", "adding ", "saying that ", " was told ", " as ",
	"Maren Oduya", "Oduya", "Mr. Renck", "he ", "she ", "they ", "who ", "the mayor", "The ministry", "a farmer in Kelvale", "on Monday", "in a statement",
	"We have lost the harvest", "it was late", "the road would stay closed", "to leave", "MODERATOR: ", "Q: ", "A: ", "described", "called", "the plan a success",
	"ü", "日本", "\x00", "\xff", "don’t", "workers’", "’90s", "5", "6\"",
}

func textOf(t *rapid.T) string {
	return strings.Join(rapid.SliceOfN(rapid.SampledFrom(pieces), 0, 60).Draw(t, "pieces"), "")
}

// checkQuotes reports what is wrong with the quotations of a document.
func checkQuotes(doc *nlp.Document, quotes []Quote) error {
	valid := utf8.ValidString(doc.Text)
	start := -1
	for i := range quotes {
		q := &quotes[i]
		if len(q.Content) == 0 {
			return fmt.Errorf("quotation %d has no content", i)
		}
		if q.Content[0].Start < start {
			return fmt.Errorf("quotation %d begins before the one before", i)
		}
		start = q.Content[0].Start
		for _, spans := range [][]nlp.Span{q.Content, q.Cue, q.Source, q.Speaker.Spans} {
			end := 0
			for _, s := range spans {
				if s.Start < end || s.Empty() || s.End > len(doc.Text) {
					return fmt.Errorf("quotation %d: span %v of %v is empty, out of order or outside the text", i, s, spans)
				}
				if valid && !utf8.RuneStart(doc.Text[s.Start]) || valid && s.End < len(doc.Text) && !utf8.RuneStart(doc.Text[s.End]) {
					return fmt.Errorf("quotation %d: span %v cuts a character", i, s)
				}
				end = s.End
			}
		}
		if q.Type == "" || q.Kind == "" || q.Stance == "" || len(q.Reasons) == 0 {
			return fmt.Errorf("quotation %d lacks type, kind, stance or reasons: %+v", i, *q)
		}
		if q.Speaker.Name == "" && (len(q.Speaker.Spans) > 0 || q.Speaker.Role != "") {
			return fmt.Errorf("quotation %d: spans or role of nobody: %+v", i, q.Speaker)
		}
		if q.Speaker.Name != "" && len(q.Speaker.Spans) == 0 {
			return fmt.Errorf("quotation %d: %q stands nowhere", i, q.Speaker.Name)
		}
		if n := len(q.Unclear); n == 1 || n > 0 && q.Speaker.Name != "" {
			return fmt.Errorf("quotation %d: unclear %q and speaker %q", i, q.Unclear, q.Speaker.Name)
		}
		if role := q.Speaker.RoleSpan.Text(doc.Text); q.Speaker.Role != role && (!strings.EqualFold(q.Speaker.Role, role) || q.Speaker.Role[1:] != role[1:]) {
			return fmt.Errorf("quotation %d: role %q is not the text of its span", i, q.Speaker.Role)
		}
		if err := inText(q, doc.Text); err != nil {
			return fmt.Errorf("quotation %d: %w", i, err)
		}
		if q.Type == Direct {
			if err := allInMarks(q, doc.Text); err != nil {
				return fmt.Errorf("quotation %d: %w", i, err)
			}
		}
		if q.SaidOn < -1 || q.SaidOn >= len(doc.Times) {
			return fmt.Errorf("quotation %d: said on %d of %d", i, q.SaidOn, len(doc.Times))
		}
	}
	return nil
}

// inText reports a name that the text does not have: whoever a quotation is
// attributed to, perhaps attributed to, or passed on by, is called so in the
// article, and nothing is made up.
func inText(q *Quote, text string) error {
	flat := squeezed(text)
	for _, name := range append([]string{q.Speaker.Name, q.Via}, q.Unclear...) {
		if !strings.Contains(flat, squeezed(name)) {
			return fmt.Errorf("%q is nowhere in the text", name)
		}
	}
	if name := q.Speaker.Name; name != "" && !slices.ContainsFunc(q.Speaker.Spans, func(s nlp.Span) bool { return squeezed(s.Text(text)) == squeezed(name) }) {
		return fmt.Errorf("none of the places %v has the name %q", q.Speaker.Spans, name)
	}
	return nil
}

// openers begin a passage in quotation marks; turns of transcripts and answers of
// interviews have none.
const openers = "“”\"„«»‹›‘’'`"

// allInMarks reports a direct quotation with words outside its marks.
func allInMarks(q *Quote, text string) error {
	if reasons := strings.Join(q.Reasons, " "); strings.Contains(reasons, "turn of a transcript") || strings.Contains(reasons, "answer in an interview") {
		return nil
	}
	for _, s := range q.Content {
		if !strings.ContainsRune(openers, []rune(s.Text(text))[0]) {
			return fmt.Errorf("direct, and %q begins without a mark", s.Text(text))
		}
	}
	return nil
}

func TestFindProperties(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		doc := nlp.Parse(textOf(t))
		quotes := Find(doc)
		if err := checkQuotes(doc, quotes); err != nil {
			t.Fatalf("%v\n%q", err, doc.Text)
		}
		if again := Find(doc); !reflect.DeepEqual(quotes, again) {
			t.Fatalf("a second run differs: %q", doc.Text)
		}
		share := 0.0
		for _, v := range Speakers(quotes, doc) {
			share += v.Share
		}
		if share > 1.000001 {
			t.Fatalf("shares add up to %v", share)
		}
	})
}

// TestDirectIncludesMarks draws a quotation, its words and its attribution,
// and wants it back with its marks, byte for byte.
func TestDirectIncludesMarks(t *testing.T) {
	words := []string{"the road is closed", "we have lost the harvest", "nobody asked us", "this can’t go on", "they don't listen"}
	names := []string{"Maren Oduya", "Tobias Renck", "Ines Falk"}
	verbs := []string{"said", "added", "warned", "says", "recalled"}
	rapid.Check(t, func(t *rapid.T) {
		open, shut := "“", "”"
		if rapid.Bool().Draw(t, "straight") {
			open, shut = `"`, `"`
		}
		say := rapid.SampledFrom(words).Draw(t, "words")
		say = strings.ToUpper(say[:1]) + say[1:]
		name, verb := rapid.SampledFrom(names).Draw(t, "name"), rapid.SampledFrom(verbs).Draw(t, "verb")
		quoted := open + say + "," + shut
		text := ""
		switch rapid.IntRange(0, 2).Draw(t, "order") {
		case 0:
			text = quoted + " " + name + " " + verb + "."
		case 1:
			text = quoted + " " + verb + " " + name + "."
		case 2:
			quoted = open + say + "." + shut
			text = name + " " + verb + ": " + quoted
		}
		doc := nlp.Parse("It rained all day. The town was quiet.\n\n" + text)
		quotes := Find(doc)
		if len(quotes) != 1 || quotes[0].Type != Direct || quotes[0].Text(doc) != quoted || quotes[0].Speaker.Name != name || quotes[0].Verb != verb {
			t.Fatalf("%s\n%+v", text, quotes)
		}
	})
}

func FuzzFind(f *testing.F) {
	f.Add("“We have lost two harvests,” Maren Oduya said. “It ’s over.")
	f.Add("Q: Why?\n\nA: Because.\n\nQ: When?\n\nA: \"Now")
	f.Add("Speakers: Ida Kroon, engineer; Bo Day\n\n[00:01] KROON [via link]: Yes. [Applause]\n\nDAY: (laughs) No.\n\n[00:09] KROON: “No,” said Bo Day.")
	f.Add("Ana Lee spoke to us.\n\nDo you care?\n\nI do.\n\nWhy do you?\n\nLee: [Laughs] I must.\n\nDo you?\n\nI do. “My")
	f.Add("« Oui », said Ann Lee. Around her, many chanted: „No“. “Yes\n\n“No,” Lee said")
	f.Add("''' ''\"“”‘’«»„“said said told that according to according to , , :")
	f.Fuzz(func(t *testing.T, text string) {
		if len(text) > 20_000 {
			return
		}
		doc := nlp.Parse(text)
		if err := checkQuotes(doc, Find(doc)); err != nil {
			t.Fatal(err)
		}
	})
}

// article is one line of a corpus beside the checkout.
type article struct {
	ID   string `json:"id"`
	Text string `json:"text"`
}

// corpora are the development files that the properties and floors use.
var corpora = []string{"polnear.dev", "gum.dev", "mcae.dev"}

func readCorpus(t testing.TB, name string) []article {
	t.Helper()
	f, err := os.Open("../../shared/data/quotes/" + name + ".jsonl")
	if err != nil {
		t.Skipf("no corpus beside the checkout: %v", err)
	}
	defer f.Close()
	var articles []article
	lines := bufio.NewScanner(f)
	lines.Buffer(nil, 1<<24)
	for lines.Scan() {
		var a article
		if err := json.Unmarshal(lines.Bytes(), &a); err != nil {
			t.Fatal(err)
		}
		articles = append(articles, a)
	}
	if err := lines.Err(); err != nil {
		t.Fatal(err)
	}
	return articles
}

// TestByteEquality checks on real articles that every quotation is shown byte
// for byte as the article has it, and all that checkQuotes asks for.
func TestByteEquality(t *testing.T) {
	for _, name := range corpora {
		for _, a := range readCorpus(t, name) {
			checkArticle(t, a)
		}
	}
}

// TestByteEqualityOfCases checks the same on the invented texts.
func TestByteEqualityOfCases(t *testing.T) {
	files, err := filepath.Glob("testdata/*/*.txt")
	if err != nil || len(files) == 0 {
		t.Fatal("no cases", err)
	}
	for _, file := range files {
		raw, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		text, _, _ := strings.Cut(string(raw), divider)
		checkArticle(t, article{ID: file, Text: text})
	}
}

func checkArticle(t *testing.T, a article) {
	t.Helper()
	doc := nlp.Parse(a.Text)
	quotes := Find(doc)
	if err := checkQuotes(doc, quotes); err != nil {
		t.Errorf("%s: %v", a.ID, err)
	}
	for i := range quotes {
		// What is shown is pieces of the article as it came, joined by " … ".
		shown, full := quotes[i].Text(doc), true
		for _, s := range quotes[i].Content {
			rest, ok := strings.CutPrefix(shown, a.Text[s.Start:s.End])
			full = full && ok
			shown = strings.TrimPrefix(rest, " … ")
		}
		if !full || shown != "" {
			t.Errorf("%s: shown is %q, which the article does not have so", a.ID, quotes[i].Text(doc))
		}
	}
}

// story is an invented article of about 800 words.
func story() string {
	const paragraphs = `Claudia Verhoef, director of research at the Institute for Coasts and Rivers, said on Monday that the dunes at Kelvale would not hold another winter.

“The sand is leaving faster than we can bring it back,” Verhoef said. “It was a matter of time, and the time is over.”

The ministry called her report “premature” and promised to publish its own figures by June. According to Nils Ekvall, a spokesman for the harbour police, two boats broke loose over the weekend.

Many residents feared they would be moved inland. Jonas Wick, 45, a plumber who has lived behind the dunes all his life, said he would stay. “Where would I go?” he asked.

The road along the beach was closed early on Sunday after the storm tore up forty metres of asphalt. Workers with sandbags stood in the rain until noon, and the school sent its pupils home.

Lena Brandvik, the mayor, told the Kelvale Courier the town had no money left for sandbags, adding that the region “has forgotten us.” The region denied that and accused the town of wasting its share.

`
	return strings.Repeat(paragraphs, 5)
}

// transcript is an invented debate of at least n words.
func transcript(n int) string {
	var b strings.Builder
	for words := 0; words < n; words += 36 {
		b.WriteString("MODERATOR: You said the tunnel was safe, and the report says that it was not. Why?\n\n")
		b.WriteString("JANE HOLLOW: They told me that it was. I said, “Show me,” and nobody did, so I asked again.\n\n")
	}
	return b.String()
}

// TestLinear finds quotations in texts made to provoke work that grows faster
// than the text, and compares a long text with one a quarter as long.
func TestLinear(t *testing.T) {
	if testing.Short() {
		t.Skip("takes seconds")
	}
	texts := map[string]func(n int) string{
		"transcript": func(n int) string { return transcript(n * 5) },
		"labels": func(n int) string {
			var b strings.Builder
			for i := range n {
				fmt.Fprintf(&b, "ANN %[1]c%[2]c%[3]c: It rained.\n\nBO %[1]c%[2]c%[3]c: It snowed. [Applause]\n\n", 'A'+i%26, 'A'+i/26%26, 'A'+i/676%26)
			}
			return b.String() + b.String()
		},
		"participants": func(n int) string {
			return "Speakers: " + strings.Repeat("Ann Lee, a nurse; ", n) + "\n\n" + strings.Repeat("LEE: It rained.\n\nDAY: No.\n\n", n)
		},
		"brackets": func(n int) string {
			return "LEE: Yes.\n\nDAY: No.\n\nLEE: " + strings.Repeat("[we (ran [ ", n) + "\n\nDAY: No."
		},
		"open marks":  func(n int) string { return strings.Repeat("“we ran, she said, ", n) },
		"apostrophes": func(n int) string { return strings.Repeat("'tis the boys' 'a word ", n) },
		"cues":        func(n int) string { return strings.Repeat("Ann Lee said that he told Bo Day, ", n) },
		"pronouns":    func(n int) string { return strings.Repeat("Ann Lee met Bo Day. “No,” she said. ", n) },
		"paragraphs":  func(n int) string { return strings.Repeat("“We ran.\n\n", n) },
		"names": func(n int) string {
			var b strings.Builder
			for i := range n {
				fmt.Fprintf(&b, "Ann Lee%c%c%c, a teacher, said it rained. The teacher said it snowed.\n\n", 'a'+i%26, 'a'+i/26%26, 'a'+i/676%26)
			}
			return b.String()
		},
	}
	for name, text := range texts {
		t.Run(name, func(t *testing.T) {
			took := func(n int) time.Duration {
				doc := nlp.Parse(text(n))
				best := time.Hour
				for range 3 {
					start := time.Now()
					Find(doc)
					best = min(best, time.Since(start))
				}
				return best
			}
			small, large := took(1000), took(4000)
			if large > 12*small+50*time.Millisecond {
				t.Errorf("4 times the text took %v instead of %v", large, small)
			}
		})
	}
}
