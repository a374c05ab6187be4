package quote

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode"

	"github.com/google/go-cmp/cmp"

	"onrecord/nlp"
)

// A reported is what an article is known to quote: one line of
// testdata/shapes, type | speaker | role | source | cue | content.
type reported struct {
	typ, speaker, role, source, cue, content string
}

// A shape is an article with everything that is said in it, to be told in other
// words: a variation changes both alike, so what is said stays known.
type shape struct {
	name string
	text string
	said []reported
}

// variations tell an article in another way that leaves who says what as it is.
var variations = []struct {
	name string
	vary func(shape) shape
}{
	{"as it stands", func(s shape) shape { return s }},
	{"other names", otherNames},
	{"straight marks", everywhere(strings.NewReplacer("“", `"`, "”", `"`, "‘", "'", "’", "'").Replace)},
	{"German marks", everywhere(strings.NewReplacer("“", "„", "”", "“").Replace)},
	{"guillemets", everywhere(strings.NewReplacer("“", "«", "”", "»").Replace)},
	{"guillemets with spaces", everywhere(strings.NewReplacer("“", "« ", "”", " »").Replace)},
	{"British single marks", everywhere(strings.NewReplacer("“", "‘", "”", "’").Replace)},
	{"typewriter pairs", everywhere(strings.NewReplacer("“", "``", "”", "''", "’", "'").Replace)},
	{"said Meyer", inverted},
	{"Meyer said, first", toFront},
	{"present tense", presentTense},
	{"added", verbInstead("added")},
	{"told reporters", verbInstead("told reporters")},
	{"continued over paragraphs", continued},
	{"goes on after the attribution", goesOn},
	{"goes on in the next paragraph", goesOnBelow},
	{"lines end as on Windows", func(s shape) shape { s.text = strings.ReplaceAll(s.text, "\n", "\r\n"); return s }},
	{"wrapped to 72 columns", func(s shape) shape { s.text = wrapped(s.text, 72); return s }},
}

// TestVariations demands that all that is said keeps its source, speaker, role
// and type however the article is told, and that nothing else is taken for
// speech.
func TestVariations(t *testing.T) {
	shapes := invented(t)
	if seed, ok := seedShape(t); ok {
		shapes = append(shapes, seed)
	}
	for _, s := range shapes {
		for _, v := range variations {
			t.Run(s.name+"/"+v.name, func(t *testing.T) {
				for _, problem := range check(v.vary(s)) {
					t.Error(problem)
				}
			})
		}
	}
}

// TestVariationsVary makes sure that a variation is one.
func TestVariationsVary(t *testing.T) {
	for _, v := range variations[1:] {
		if !slices.ContainsFunc(invented(t), func(s shape) bool { return v.vary(s).text != s.text }) {
			t.Errorf("%s: changes none of the articles", v.name)
		}
	}
}

// check finds the quotations of an article and says what is wrong with them.
func check(s shape) []string {
	doc := nlp.Parse(s.text)
	var speech []Quote
	for _, q := range Find(doc) {
		if q.Kind == Speech {
			speech = append(speech, q)
		}
	}
	var problems []string
	used := make([]bool, len(speech))
	for _, want := range s.said {
		at := slices.IndexFunc(speech, func(q Quote) bool { return strings.Contains(letters(q.Text(doc)), letters(want.content)) })
		what := firstWords(want.content)
		if at < 0 {
			problems = append(problems, what+": not found whole")
			continue
		}
		used[at] = true
		q := &speech[at]
		differs := func(of, got, want string) {
			if letters(got) != letters(want) {
				problems = append(problems, fmt.Sprintf("%s: %s %q, want %q", what, of, got, want))
			}
		}
		differs("type", string(q.Type), want.typ)
		differs("speaker", q.Speaker.Name, want.speaker)
		differs("role", q.Speaker.Role, want.role)
		if source := sourceText(q, doc); want.source != "" {
			differs("source", source, want.source)
		}
	}
	for i := range speech {
		if !used[i] && !slices.ContainsFunc(s.said, func(r reported) bool { return strings.Contains(letters(r.content), letters(speech[i].Text(doc))) }) {
			problems = append(problems, firstWords(speech[i].Text(doc))+": nobody says that")
		}
	}
	return problems
}

func sourceText(q *Quote, doc *nlp.Document) string {
	var parts []string
	for _, s := range q.Source {
		parts = append(parts, s.Text(doc.Text))
	}
	return strings.Join(parts, " ")
}

// letters is what has to be the same: letters and digits, in small letters,
// without a leading "that".
func letters(s string) string {
	s = strings.TrimPrefix(strings.ToLower(strings.TrimSpace(s)), "that ")
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			return r
		}
		return -1
	}, s)
}

func firstWords(s string) string {
	words := strings.Fields(s)
	return strings.TrimFunc(strings.Join(words[:min(3, len(words))], " "), func(r rune) bool { return !unicode.IsLetter(r) })
}

// invented reads the articles of testdata/shapes.
func invented(t *testing.T) []shape {
	t.Helper()
	files, err := filepath.Glob("testdata/shapes/*.txt")
	if err != nil || len(files) == 0 {
		t.Fatal("no articles in testdata/shapes", err)
	}
	var shapes []shape
	for _, file := range files {
		raw, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		text, list, _ := strings.Cut(string(raw), divider)
		s := shape{name: strings.TrimSuffix(filepath.Base(file), ".txt"), text: text}
		for line := range strings.Lines(list) {
			f := strings.Split(strings.TrimSpace(line), " | ")
			if len(f) != 6 {
				t.Fatalf("%s: %q has %d fields, want 6", file, line, len(f))
			}
			for i := range f {
				f[i] = strings.TrimPrefix(f[i], "-")
			}
			s.said = append(s.said, reported{f[0], f[1], f[2], f[3], f[4], f[5]})
		}
		shapes = append(shapes, s)
	}
	return shapes
}

// seedShape reads the article beside the checkout and what an expert found in
// it.
func seedShape(t *testing.T) (shape, bool) {
	t.Helper()
	const folder = "../../shared/data/seed/"
	text, err := os.ReadFile(folder + "tecun-uman.txt")
	if err != nil {
		t.Logf("without the article beside the checkout: %v", err)
		return shape{}, false
	}
	ideal, err := os.ReadFile(folder + "ideal.md")
	if err != nil {
		t.Logf("without the expert's answer beside the checkout: %v", err)
		return shape{}, false
	}
	_, object, _ := strings.Cut(string(ideal), "```json")
	object, _, _ = strings.Cut(object, "```")
	var answer struct {
		Quotes []struct {
			Text, Type, Kind, Speaker, Role string
			Cue, Source                     [][2]int
		}
	}
	if err := json.Unmarshal([]byte(object), &answer); err != nil {
		t.Fatal(err)
	}
	runes := []rune(string(text))
	cut := func(r [2]int) string { return string(runes[r[0]:r[1]]) }
	_, body, _ := strings.Cut(string(text), "\n\n") // the dateline is package article's
	s := shape{name: "seed", text: body}
	for _, q := range answer.Quotes {
		if q.Kind == "speech" {
			s.said = append(s.said, reported{q.Type, q.Speaker, q.Role, cut(q.Source[0]), cut(q.Cue[0]), q.Text})
		}
	}
	if len(s.said) != 10 {
		t.Fatalf("%d quotations of kind speech in the expert's answer, want 10", len(s.said))
	}
	return s, true
}

// everywhere makes a variation of a change that text and answer share.
func everywhere(change func(string) string) func(shape) shape {
	return func(s shape) shape {
		told := shape{name: s.name, text: change(s.text)}
		for _, r := range s.said {
			told.said = append(told.said, reported{r.typ, change(r.speaker), change(r.role), change(r.source), change(r.cue), change(r.content)})
		}
		return told
	}
}

// otherNames gives the people of an article other names, first name and
// surname, of the gender that a pronoun shows.
func otherNames(s shape) shape {
	men := []string{"Viktor Hale", "Tobias Renck", "Jonas Wick", "Peter Lang"}
	women := []string{"Ingrid Solheim", "Maren Oduya", "Greta Lomax", "Noor Haddad"}
	var seen, pairs []string
	for _, r := range s.said {
		old := strings.Fields(r.speaker)
		if len(old) != 2 || !isName(r.speaker) || slices.Contains(seen, r.speaker) || strings.ContainsAny(r.speaker, "-") {
			continue
		}
		seen = append(seen, r.speaker)
		pool := &women
		if slices.ContainsFunc(s.said, func(o reported) bool { return o.speaker == r.speaker && strings.EqualFold(o.source, "he") }) {
			pool = &men
		}
		chosen := strings.Fields((*pool)[0])
		*pool = (*pool)[1:]
		pairs = append(pairs, old[0], chosen[0], old[1], chosen[1])
	}
	return everywhere(func(text string) string {
		for i := 0; i < len(pairs); i += 2 {
			text = regexp.MustCompile(`\b`+regexp.QuoteMeta(pairs[i])+`\b`).ReplaceAllString(text, pairs[i+1])
		}
		return text
	})(s)
}

// attributed finds "content source cue" in the text: what stands before a
// direct content, the content, source, cue, and what follows.
func attributed(text string, r reported) (before, content, after string, ok bool) {
	if r.typ != string(Direct) || len(strings.Fields(r.source)) > 3 || strings.EqualFold(r.source, "he") || strings.EqualFold(r.source, "she") || !strings.HasSuffix(r.content, ",”") {
		return "", "", "", false
	}
	before, after, ok = strings.Cut(text, r.content+" "+r.source+" "+r.cue)
	return before, r.content, after, ok
}

// inverted turns "…,” Meyer said" into "…,” said Meyer".
func inverted(s shape) shape {
	for _, r := range s.said {
		if before, content, after, ok := attributed(s.text, r); ok {
			s.text = before + content + " " + r.cue + " " + r.source + after
		}
	}
	return s
}

// toFront turns "“…,” Meyer said." into "Meyer said: “….”"
func toFront(s shape) shape {
	for _, r := range s.said {
		if before, content, after, ok := attributed(s.text, r); ok && strings.HasPrefix(after, ".") {
			s.text = before + r.source + " " + r.cue + ": " + strings.TrimSuffix(content, ",”") + ".”" + after[1:]
		}
	}
	return s
}

// verbInstead puts another verb for "said" behind direct quotations.
func verbInstead(verb string) func(shape) shape {
	return func(s shape) shape {
		for _, r := range s.said {
			if before, content, after, ok := attributed(s.text, r); ok && r.cue == "said" {
				s.text = before + content + " " + r.source + " " + verb + after
			}
		}
		return s
	}
}

// presentTense puts the cues into the present tense.
func presentTense(s shape) shape {
	for _, r := range s.said {
		present, ok := map[string]string{"said": "says", "declared": "declares", "described": "describes", "laid out": "lays out", "chanted": "chant", "warned": "warns", "promised": "promises", "called": "calls", "sang": "sing"}[r.cue]
		if !ok {
			continue
		}
		for _, form := range []string{r.source + ", " + r.cue, r.source + " " + r.cue} {
			s.text = strings.Replace(s.text, form+" ", strings.TrimSuffix(form, r.cue)+present+" ", 1)
			s.text = strings.Replace(s.text, form+".", strings.TrimSuffix(form, r.cue)+present+".", 1)
			s.text = strings.Replace(s.text, form+":", strings.TrimSuffix(form, r.cue)+present+":", 1)
		}
	}
	return s
}

// halves cuts a direct content of many words at the comma nearest to its
// middle, and opens the second half with a capital letter.
func halves(content string) (one, two string, ok bool) {
	inner := strings.TrimSuffix(strings.TrimPrefix(content, "“"), ",”")
	middle, best := len(inner)/2, -1
	for i := range inner {
		if strings.HasPrefix(inner[i:], ", ") && (best < 0 || abs(i-middle) < abs(best-middle)) {
			best = i
		}
	}
	if best < 0 || len(strings.Fields(inner)) < 12 {
		return "", "", false
	}
	rest := inner[best+2:]
	return inner[:best], strings.ToUpper(rest[:1]) + rest[1:], true
}

func abs(n int) int { return max(n, -n) }

// split tells the long direct quotations of an article in two pieces.
func split(s shape, tell func(r reported, one, two string) string) shape {
	said := slices.Clone(s.said)
	s.said = nil
	for _, r := range said {
		before, content, after, ok := attributed(s.text, r)
		one, two, long := halves(content)
		if !ok || !long || !strings.HasPrefix(after, ".") {
			s.said = append(s.said, r)
			continue
		}
		s.text = before + tell(r, one, two) + after[1:]
		for _, piece := range []string{one, two} {
			p := r
			p.content, p.source = piece, "" // either piece may name it
			s.said = append(s.said, p)
		}
	}
	return s
}

// continued lets a quotation run over two paragraphs; the first leaves out its
// closing mark.
func continued(s shape) shape {
	return split(s, func(r reported, one, two string) string {
		return "“" + one + ".\n\n“" + two + ",” " + r.source + " " + r.cue + "."
	})
}

// goesOn puts the attribution in the middle.
func goesOn(s shape) shape {
	return split(s, func(r reported, one, two string) string {
		return "“" + one + ",” " + r.source + " " + r.cue + ". “" + two + ".”"
	})
}

// goesOnBelow puts the second half into a paragraph of its own, without
// attribution.
func goesOnBelow(s shape) shape {
	return split(s, func(r reported, one, two string) string {
		return "“" + one + ",” " + r.source + " " + r.cue + ". “It is so.\n\n“" + two + ".”"
	})
}

// wrapped breaks the lines of each paragraph.
func wrapped(text string, width int) string {
	var b strings.Builder
	for i, p := range strings.Split(text, "\n\n") {
		if i > 0 {
			b.WriteString("\n\n")
		}
		column := 0
		for j, w := range strings.Fields(p) {
			switch {
			case j == 0:
			case column+1+len([]rune(w)) > width:
				b.WriteString("\n")
				column = 0
			default:
				b.WriteString(" ")
				column++
			}
			b.WriteString(w)
			column += len([]rune(w))
		}
	}
	return b.String()
}

// The variations do to a text what their names say.
func TestVariationsOfASentence(t *testing.T) {
	s := shape{
		text: "“The dam is old, and nobody has looked at it since the spring floods of 1996,” Falk said. It rained.",
		said: []reported{{"direct", "Ines Falk", "", "Falk", "said", "“The dam is old, and nobody has looked at it since the spring floods of 1996,”"}},
	}
	for name, want := range map[string]string{
		"said Meyer":                    "“The dam is old, and nobody has looked at it since the spring floods of 1996,” said Falk. It rained.",
		"Meyer said, first":             "Falk said: “The dam is old, and nobody has looked at it since the spring floods of 1996.” It rained.",
		"present tense":                 "“The dam is old, and nobody has looked at it since the spring floods of 1996,” Falk says. It rained.",
		"continued over paragraphs":     "“The dam is old.\n\n“And nobody has looked at it since the spring floods of 1996,” Falk said. It rained.",
		"goes on after the attribution": "“The dam is old,” Falk said. “And nobody has looked at it since the spring floods of 1996.” It rained.",
		"other names":                   "“The dam is old, and nobody has looked at it since the spring floods of 1996,” Solheim said. It rained.",
		"straight marks":                "\"The dam is old, and nobody has looked at it since the spring floods of 1996,\" Falk said. It rained.",
	} {
		for _, v := range variations {
			if v.name == name {
				if diff := cmp.Diff(v.vary(s).text, want); diff != "" {
					t.Errorf("%s (-got +want):\n%s", name, diff)
				}
			}
		}
	}
}
