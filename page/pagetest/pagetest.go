// Package pagetest has briefings that are hard to show, for the tests of the
// report page: its own and those that drive a browser.
package pagetest

import (
	"fmt"
	"strings"

	"onrecord/article"
	"onrecord/brief"
	"onrecord/factcheck"
	"onrecord/nlp"
	"onrecord/quote"
)

// Hostile is a briefing whose every string tries to be more than text. A page
// that lets one of them sets window.pwned.
func Hostile() *brief.Briefing {
	const evil = `</script></style><script>window.pwned=1</script><img src=x onerror=window.pwned=1>"'><svg onload=window.pwned=1>` + "\x00\u202egnp.\u2066"
	text := `"` + evil + ` we lost 300 boats in 2019," said Bo ` + evil + ` Day. He said the harbour was closed. {{.}} ${window.pwned=1} <!-- ]]>`
	span := nlp.Span{Start: 0, End: len(text) - 3}
	return &brief.Briefing{
		Article: &article.Article{
			URL: "javascript:window.pwned=1", Title: evil, Byline: []string{evil}, Publisher: evil, Language: evil, Text: text,
			Dateline: article.Dateline{Agency: evil, Place: evil},
		},
		Analysis: &brief.Analysis{
			Summary: []brief.Sentence{{Text: evil, Span: span}},
			Quotes: []quote.Quote{
				{Content: []nlp.Span{span}, Kind: quote.Speech, Verb: evil, Via: evil, Unclear: []string{evil, evil}, SaidOn: -1, Speaker: quote.Speaker{Name: evil, Role: evil, Entity: -1}},
				{Content: []nlp.Span{{Start: 10, End: 90}}, Kind: quote.Other, Verb: evil, SaidOn: 99, Speaker: quote.Speaker{Name: evil, Entity: -1}},
			},
			Claims: []factcheck.Claim{
				{Span: span, Checkable: true, Standalone: evil, Reasons: []string{evil}, HowToCheck: []string{evil}, Speaker: evil, Via: evil, Unclear: evil, Kinds: []factcheck.Kind{evil}, Parts: []factcheck.Part{{Standalone: evil}}},
				{Span: nlp.Span{Start: -5, End: 1 << 30}, Standalone: evil, Reasons: []string{evil}},
			},
			Facts:       brief.Facts{Who: []brief.Who{{Name: evil, Role: evil, Spans: []nlp.Span{span}}}, Where: []brief.Where{{Name: evil}}, Numbers: []brief.Number{{Text: evil, Of: evil, Span: span}}},
			Timeline:    []brief.Event{{Text: evil, Span: span}},
			Missing:     []string{evil},
			Consistency: []brief.Clash{{Text: evil, Spans: []nlp.Span{span}, Title: nlp.Span{Start: 3, End: 20}}},
			Engine:      brief.Engine{Version: evil, Models: evil},
		},
		Reviews: &brief.Reviews{Of: map[int][]factcheck.Match{0: {{Review: factcheck.Review{Claim: evil, Publisher: evil, Verdict: evil, URL: "javascript:window.pwned=1"}}}}},
	}
}

// Many is a briefing with n marks. With nested they all lie on the same few
// words, in one another.
func Many(n int, nested bool) *brief.Briefing {
	const paragraph = 5 // lines
	const line = `"The pier has 40 lamps," said Ines Falk. `
	text := strings.Repeat(strings.Repeat(line, paragraph)+"\n\n", n/2/paragraph+1)
	a := &article.Article{Text: text, Language: "en", Words: 8 * n / 2}
	found := &brief.Analysis{}
	for i := range n / 2 {
		at := i*len(line) + i/paragraph*2
		s := nlp.Span{Start: at, End: at + 24}
		if nested {
			s = nlp.Span{Start: i % 100, End: 400 - i%100}
		}
		found.Quotes = append(found.Quotes, quote.Quote{Content: []nlp.Span{s}, Kind: quote.Speech, Verb: "said", SaidOn: -1, Speaker: quote.Speaker{Name: fmt.Sprint("Ines Falk ", i%9)}})
		found.Claims = append(found.Claims, factcheck.Claim{Span: nlp.Span{Start: s.Start + 1, End: s.End - 1}, Checkable: true, Reasons: []string{"a figure"}, Quote: i})
	}
	return &brief.Briefing{Article: a, Analysis: found}
}
