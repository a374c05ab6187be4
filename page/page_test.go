package page_test

import (
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"golang.org/x/net/html"

	"onrecord/article"
	"onrecord/brief"
	"onrecord/factcheck"
	"onrecord/nlp"
	"onrecord/page"
	"onrecord/page/pagetest"
	"onrecord/quote"
)

// briefing analyses the sample articles with these names, one text.
func briefing(t testing.TB, names ...string) *brief.Briefing {
	t.Helper()
	var text strings.Builder
	for _, name := range names {
		data, err := os.ReadFile("../testdata/articles/" + name)
		if err != nil {
			t.Fatal(err)
		}
		text.Write(data)
		text.WriteString("\n\n")
	}
	var r article.Reader
	defer r.Close()
	a, err := r.Read(t.Context(), article.FromBytes("story.txt", "text/plain", []byte(text.String())))
	if err != nil {
		t.Fatal(err)
	}
	return &brief.Briefing{Article: a, Analysis: brief.Analyse(a)}
}

// pasted is a briefing of a text, with nothing else known.
func pasted(text string) *brief.Briefing {
	a := &article.Article{Text: text, Language: "en", Words: len(strings.Fields(text))}
	return &brief.Briefing{Article: a, Analysis: brief.Analyse(a)}
}

// elements are what a page may consist of.
var elements = strings.Fields("html head meta link title style body a header div p button h1 h2 h3 section ol ul li span nav b main article aside dl dt dd details summary svg rect footer script")

// attributes are what they may have; none of them runs anything.
var attributes = strings.Fields("lang charset http-equiv content name rel href class id aria-label aria-labelledby aria-hidden aria-pressed role tabindex dir type hidden data-i data-only data-voice width height viewbox preserveaspectratio")

// parse reads a page as a browser does, and fails for everything on it that
// could run or ask for something.
func parse(t testing.TB, data []byte) *html.Node {
	t.Helper()
	doc, err := html.Parse(strings.NewReader(string(data)))
	if err != nil {
		t.Fatal(err)
	}
	scripts, styles := 0, 0
	for n := range doc.Descendants() {
		if n.Type == html.CommentNode {
			t.Errorf("the page has a comment: %q", n.Data)
		}
		if n.Type != html.ElementNode {
			continue
		}
		if !slices.Contains(elements, n.Data) {
			t.Errorf("the page has an element <%s>", n.Data)
		}
		switch n.Data {
		case "script":
			scripts++
		case "style":
			styles++
		}
		for _, a := range n.Attr {
			if !slices.Contains(attributes, strings.ToLower(a.Key)) {
				t.Errorf("<%s> has an attribute %s=%q", n.Data, a.Key, a.Val)
			}
			if a.Key == "href" && !strings.HasPrefix(a.Val, "#") && a.Val != "data:," && !strings.HasPrefix(strings.ToLower(a.Val), "http") {
				t.Errorf("<%s> leads to %q", n.Data, a.Val)
			}
		}
	}
	if scripts != 1 || styles != 1 {
		t.Errorf("%d scripts and %d styles, want one each", scripts, styles)
	}
	return doc
}

func attribute(n *html.Node, key string) string {
	for _, a := range n.Attr {
		if a.Key == key {
			return a.Val
		}
	}
	return ""
}

func words(n *html.Node) string {
	var w strings.Builder
	for d := range n.Descendants() {
		if d.Type == html.TextNode {
			w.WriteString(d.Data)
		}
	}
	return w.String()
}

// byID finds the element with an address.
func byID(doc *html.Node, id string) *html.Node {
	for n := range doc.Descendants() {
		if attribute(n, "id") == id {
			return n
		}
	}
	return nil
}

// marked is the text that the mark with an address covers.
func marked(doc *html.Node, id string) string {
	var w strings.Builder
	for n := range doc.Descendants() {
		if strings.HasPrefix(attribute(n, "class"), "m") && slices.Contains(strings.Fields(attribute(n, "data-i")), id) {
			w.WriteString(words(n))
		}
	}
	return w.String()
}

func TestPageShowsEverything(t *testing.T) {
	b := briefing(t, "council-budget.txt")
	doc := parse(t, page.Render(b, page.Options{}))
	text := b.Article.Text

	n := 0
	for _, s := range brief.BySpeaker(text, b.Analysis.Quotes, nil) {
		for _, q := range s.Quotes {
			n++
			var want strings.Builder
			for _, c := range q.Content {
				want.WriteString(c.Text(text))
			}
			if got := marked(doc, fmt.Sprintf("q%d", n)); got != want.String() {
				t.Errorf("quotation %d is marked as %q, want %q", n, got, want.String())
			}
			entry := byID(doc, fmt.Sprintf("quote-%d", n))
			if entry == nil || !strings.Contains(words(entry), brief.QuoteText(text, q)) {
				t.Errorf("quotation %d is not in the list", n)
			}
		}
	}
	ranked := brief.Ranked(b.Analysis.Claims)
	for i, c := range ranked {
		if got, want := marked(doc, fmt.Sprintf("c%d", i+1)), c.Span.Text(text); got != want {
			t.Errorf("claim %d is marked as %q, want %q", i+1, got, want)
		}
		entry := byID(doc, fmt.Sprintf("claim-%d", i+1))
		for _, s := range c.Reasons {
			if !strings.Contains(words(entry), s) {
				t.Errorf("claim %d has no reason %q", i+1, s)
			}
		}
	}
	if n == 0 || len(ranked) == 0 {
		t.Fatal("the article has nothing to mark")
	}
	// Every link inside the page leads somewhere.
	for e := range doc.Descendants() {
		if to, ok := strings.CutPrefix(attribute(e, "href"), "#"); ok && byID(doc, to) == nil {
			t.Errorf("a link leads to #%s, which is nowhere", to)
		}
	}
	ids := map[string]bool{}
	for e := range doc.Descendants() {
		if id := attribute(e, "id"); id != "" && ids[id] {
			t.Errorf("two elements have the address #%s", id)
		} else {
			ids[id] = true
		}
	}
}

// The text on the page is the article's, with nothing left out or added but
// the marks' own letters and numbers.
func TestPageHasTheWholeText(t *testing.T) {
	for _, name := range []string{"council-budget.txt", "press-conference.txt", "harbour-fire.txt"} {
		b := briefing(t, name)
		doc := parse(t, page.Render(b, page.Options{}))
		if got, want := storyOf(doc), strings.Join(strings.Fields(b.Article.Text), " "); got != want {
			t.Errorf("%s: the page has another text than the article:\n%s\n%s", name, got, want)
		}
	}
}

// storyOf is the article's text as a page has it, chips and flags left out.
func storyOf(doc *html.Node) string {
	var w strings.Builder
	var walk func(n *html.Node)
	walk = func(n *html.Node) {
		look := attribute(n, "class")
		if n.Data == "a" || look == "gap" {
			return
		}
		if n.Type == html.TextNode {
			w.WriteString(n.Data)
		}
		for c := range n.ChildNodes() {
			walk(c)
		}
		if n.Data == "p" {
			w.WriteString("\n")
		}
	}
	for n := range doc.Descendants() {
		if n.Type == html.ElementNode && n.Data == "article" {
			walk(n)
		}
	}
	return strings.Join(strings.Fields(w.String()), " ")
}

func TestPublishedTextHasANotice(t *testing.T) {
	b := briefing(t, "council-budget.txt")
	if got := string(page.Render(b, page.Options{})); strings.Contains(got, "belongs to its publisher") {
		t.Error("a file that was handed in is said to be a publisher's")
	}
	b.Article.URL = "https://news.example/budget"
	got := string(page.Render(b, page.Options{Notes: []string{"This link works until 3 Mar 2026."}}))
	for _, want := range []string{"belongs to its publisher", `href="https://news.example/budget"`, "This link works until 3 Mar 2026."} {
		if !strings.Contains(got, want) {
			t.Errorf("the page does not have %q", want)
		}
	}
}

func TestExcerptsShowOnlyMarkedPassages(t *testing.T) {
	const plain = "The harbour road was wet that morning and few people were about, as on most mornings of a cold spring. "
	b := pasted(strings.Repeat(plain, 3) + `"We counted 340 broken lamps in March," said Ines Falk, the town engineer. ` + strings.Repeat(plain, 3) +
		"\n\n" + strings.Repeat(plain, 2))
	whole := storyOf(parse(t, page.Render(b, page.Options{})))
	doc := parse(t, page.Render(b, page.Options{Excerpts: true}))
	got := storyOf(doc)
	if len(got) >= len(whole) || !strings.Contains(got, "340 broken lamps") {
		t.Errorf("the excerpts of a text of %d bytes are %d: %s", len(whole), len(got), got)
	}
	for n := range doc.Descendants() {
		if to, ok := strings.CutPrefix(attribute(n, "href"), "#"); ok && byID(doc, to) == nil {
			t.Errorf("a link leads to #%s, which the excerpts do not have", to)
		}
	}
	if !strings.Contains(words(doc), "[…]") {
		t.Error("nothing says that words are left out")
	}
}

// A page of excerpts shows a third of the article at most, in its text and its
// lists; what it lists stands in its text.
func TestExcerptsAreAThird(t *testing.T) {
	for _, names := range [][]string{{"council-budget.txt"}, {"harbour-fire.txt"}, {"press-conference.txt"}, {"harbour-fire.txt", "council-budget.txt", "press-conference.txt"}} {
		b := briefing(t, names...)
		doc := parse(t, page.Render(b, page.Options{Excerpts: true}))
		shown, all := len(strings.ReplaceAll(storyOf(doc), " […] ", "")), len(b.Article.Text)
		if shown > all/3+len("[…]")*20 {
			t.Errorf("%v: %d of %d bytes are shown, which is %.2f", names, shown, all, float64(shown)/float64(all))
		}
		claims, quotes := 0, 0
		for i := range 200 {
			n := fmt.Sprint(i + 1)
			for entry, place := range map[string]string{"claim-" + n: "c" + n, "quote-" + n: "q" + n} {
				if byID(doc, entry) == nil {
					continue
				}
				if byID(doc, place) == nil {
					t.Errorf("%v: %s is listed, and %s does not stand in the text", names, entry, place)
				}
				if entry[0] == 'c' {
					claims++
				} else {
					quotes++
				}
			}
		}
		if byID(doc, "claim-1") == nil || quotes == 0 {
			t.Errorf("%v: %d claims and %d quotations are left", names, claims, quotes)
		}
		if text := words(doc); claims < len(brief.Ranked(b.Analysis.Claims)) && !strings.Contains(text, "in the article: the bot shows them") {
			t.Errorf("%v: nothing says that %d claims are left out", names, len(brief.Ranked(b.Analysis.Claims))-claims)
		}
		t.Logf("%v: %.2f shown, %d of %d claims, %d of %d quotations", names, float64(shown)/float64(all), claims, len(brief.Ranked(b.Analysis.Claims)), quotes, len(b.Analysis.Quotes))
	}
}

func TestHostileWordsStayWords(t *testing.T) {
	data := page.Render(pagetest.Hostile(), page.Options{Notes: []string{"<b>"}})
	doc := parse(t, data)
	if strings.ContainsAny(string(data), "\x00\u202e\u2066") {
		t.Error("control characters of the article reach the page")
	}
	if !strings.Contains(words(byID(doc, "claim-1")), "<script>window.pwned=1</script>") {
		t.Error("the words of the claim are not shown as they are")
	}
	for n := range doc.Descendants() {
		if strings.HasPrefix(attribute(n, "href"), "javascript") {
			t.Error("a link would run a script")
		}
	}
}

func TestPolicyLetsNothingElseRun(t *testing.T) {
	policy := page.Policy()
	for _, want := range []string{"default-src 'none'", "script-src 'sha256-", "style-src 'sha256-", "frame-ancestors 'none'", "base-uri 'none'", "form-action 'none'"} {
		if !strings.Contains(policy, want) {
			t.Errorf("the policy %q does not have %q", policy, want)
		}
	}
	if strings.Contains(policy, "unsafe") {
		t.Errorf("the policy %q allows what is unsafe", policy)
	}
}

func TestSize(t *testing.T) {
	b := briefing(t, "harbour-fire.txt", "council-budget.txt")
	if b.Article.Words < 800 {
		t.Fatalf("the article has %d words", b.Article.Words)
	}
	if n := len(page.Render(b, page.Options{})); n > 150_000 {
		t.Errorf("the page of %d words has %d bytes", b.Article.Words, n)
	}
}

func TestEmptyBriefing(t *testing.T) {
	parse(t, page.Render(&brief.Briefing{Article: &article.Article{}, Analysis: &brief.Analysis{}}, page.Options{}))
	parse(t, page.Render(&brief.Briefing{Article: &article.Article{}, Analysis: &brief.Analysis{}}, page.Options{Excerpts: true}))
}

func TestTenThousandMarks(t *testing.T) {
	for _, nested := range []bool{false, true} {
		b := pagetest.Many(10_000, nested)
		began := time.Now()
		data := page.Render(b, page.Options{})
		// Tens of milliseconds on a quiet machine: what is quadratic takes minutes.
		if took := time.Since(began); took > 10*time.Second {
			t.Errorf("nested %v: rendering took %v", nested, took)
		}
		if len(data) > 20<<20 {
			t.Errorf("nested %v: the page has %d bytes", nested, len(data))
		}
	}
}

// BenchmarkRender makes the page of an article of some 900 words. It prints the
// size of the page and how long its analysis takes beside the time of rendering.
//
//	go test ./page -run '^$' -bench Render -count 5
func BenchmarkRender(b *testing.B) {
	found := briefing(b, "harbour-fire.txt", "council-budget.txt")
	began := time.Now()
	brief.Analyse(found.Article)
	analysis := time.Since(began)
	b.ReportAllocs()
	n := 0
	for b.Loop() {
		n = len(page.Render(found, page.Options{}))
	}
	b.ReportMetric(float64(found.Article.Words), "words")
	b.ReportMetric(float64(n), "page-bytes")
	b.ReportMetric(float64(analysis.Microseconds())/1000, "analysis-ms")
}

func BenchmarkTenThousandMarks(b *testing.B) {
	found := pagetest.Many(10_000, false)
	n := 0
	for b.Loop() {
		n = len(page.Render(found, page.Options{}))
	}
	b.ReportMetric(float64(n), "bytes")
}

func FuzzRender(f *testing.F) {
	f.Add(`"We lost 300 boats," said Bo Day, a fisherman. <script>alert(1)</script>`, "Title </title>", "https://example.com", 4, 20)
	f.Add("\xff\x00\u202e“It was 9,” he said", "\x1b[0m", "JavaScript:alert(1)", -1, 5)
	f.Fuzz(func(t *testing.T, text, title, address string, from, to int) {
		if len(text) > 4096 {
			return
		}
		from = min(max(from, 0), len(text))
		to = min(max(to, from), len(text))
		found := &brief.Analysis{
			Quotes: []quote.Quote{{Content: []nlp.Span{{Start: from, End: to}}, Kind: quote.Speech, SaidOn: from, Speaker: quote.Speaker{Name: title}}},
			Claims: []factcheck.Claim{{Span: nlp.Span{Start: from, End: to}, Checkable: from%2 == 0, Standalone: text}},
		}
		a := &article.Article{Text: text, Title: title, URL: address, Body: from}
		for _, o := range []page.Options{{}, {Excerpts: true}} {
			parse(t, page.Render(&brief.Briefing{Article: a, Analysis: found}, o))
		}
	})
}

// What people did stands with the claim, escaped as everything else; a draft is a
// file in the page.
func TestChecklistOnThePage(t *testing.T) {
	b := briefing(t, "council-budget.txt")
	got := string(page.Render(b, page.Options{
		Done:   map[int][]string{1: {"taken by <b>Ann</b>"}},
		Drafts: map[int][]byte{1: []byte("{\"x\": \"<script>\"}")},
	}))
	for _, want := range []string{
		"<b>Checklist: </b>taken by &lt;b&gt;Ann&lt;/b&gt;</p>",
		`<a href="data:application/ld+json;base64,eyJ4IjogIjxzY3JpcHQ+In0=" download="claimreview-1.json">ClaimReview draft</a>`,
	} {
		if strings.Count(got, want) != 1 {
			t.Errorf("the page has not once %q", want)
		}
	}
	if got := string(page.Render(b, page.Options{})); strings.Contains(got, "Checklist") || strings.Contains(got, "ClaimReview") {
		t.Error("a page without a checklist has one")
	}
}

// The words are those of the other views: a model's where it worded them.
func TestWordingOnThePage(t *testing.T) {
	b := *briefing(t, "council-budget.txt")
	b.Wording = &brief.Wording{Model: "glib-7b", Summary: make([]brief.Worded, len(b.Analysis.Summary))}
	for i := range b.Wording.Summary {
		b.Wording.Summary[i].Replaced = "not supported"
	}
	b.Wording.Summary[0] = brief.Worded{Text: "In other words."}
	first := -1
	for i, c := range b.Analysis.Claims {
		if c.Checkable {
			first = i
			break
		}
	}
	b.Wording.Claims = []brief.Completed{{Claim: first, Standalone: "A claim in full."}}
	got := string(page.Render(&b, page.Options{}))
	for _, want := range []string{"In other words.", "A claim in full.", "Completed by glib-7b from the article.", b.Wording.Line()} {
		if !strings.Contains(got, want) {
			t.Errorf("%q is missing", want)
		}
	}
	if strings.Contains(string(page.Render(briefing(t, "council-budget.txt"), page.Options{})), "Worded by") {
		t.Error("what no model worded says so")
	}
}
