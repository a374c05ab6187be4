package brief

import (
	"strings"

	"onrecord/factcheck"
	"onrecord/nlp"
	"onrecord/quote"
)

// KeyQuotes are the longest direct quotations of the three weightiest speakers
// who have one, as indexes into quotes, the weightiest speaker first.
func KeyQuotes(text string, quotes []quote.Quote) []int {
	var out []int
	for _, s := range BySpeaker(text, quotes, nil) {
		if s.Name == "" {
			continue
		}
		best, most := -1, 0
		for i, q := range quotes {
			if q.Type != quote.Direct || !speech(q) || !strings.EqualFold(q.Speaker.Name, s.Name) {
				continue
			}
			if n := q.Words(&nlp.Document{Text: text}); n > most {
				best, most = i, n
			}
		}
		if best >= 0 {
			out = append(out, best)
		}
		if len(out) == 3 {
			break
		}
	}
	return out
}

// About is what the article says of a figure: its clause, with " … " in the
// place of the figure, or without it where the figure begins or ends it. It is
// empty when nothing stands around the figure.
func (n Number) About(text string) string {
	if n.Clause.Empty() || !n.Clause.Contains(n.Span) {
		return ""
	}
	before := strings.TrimSpace(text[n.Clause.Start:n.Span.Start])
	after := strings.TrimSpace(text[n.Span.End:n.Clause.End])
	switch {
	case before == "":
		return oneLine(strings.TrimLeft(after, ",;:—–-”\" "))
	case after == "":
		return oneLine(before + " …")
	}
	return oneLine(before + " … " + after)
}

// clauseOf is the clause that number n stands in: what lies between marks and
// the words that open another clause, as far as a verb. A condition keeps its
// "if".
func clauseOf(doc *nlp.Document, n nlp.Number) nlp.Span {
	s := doc.Sentences[n.Sentence]
	first, last := n.First, n.Last
	bounds := func(i int) bool {
		t := doc.Tokens[i]
		switch t.Text {
		case ",", ";", ":", "—", "–", "“", "”", `"`, "(", ")", "…":
			return true
		}
		return opensClause(t.Text) || t.Tag == "CC" && hasFiniteVerb(doc.Tokens[s.First:i]) && subjectFollows(doc, i, s.Last)
	}
	left := func(from int) int {
		for from > s.First && !bounds(from-1) {
			from--
		}
		return from
	}
	right := func(to int) int {
		for to < s.Last && !bounds(to) && !(to == s.Last-1 && isPunct(doc.Tokens[to].Text)) {
			to++
		}
		return to
	}
	first, last = left(first), right(last)
	for first > s.First && relative(doc.Tokens[first-1]) && finiteVerbs(doc.Tokens[first:n.First]) > 1 {
		first = left(first - 1) // "A fire that broke out on Tuesday killed four workers"
	}
	for range 4 {
		if hasFiniteVerb(doc.Tokens[first:last]) {
			break
		}
		switch {
		case first > s.First && doc.Tokens[first-1].Text != ";":
			first = left(first - 1)
		case last < s.Last-1:
			last = right(last + 1)
		}
	}
	if !hasFiniteVerb(doc.Tokens[first:last]) {
		return nlp.Span{}
	}
	for first < n.First && (isPunct(doc.Tokens[first].Text) || doc.Tokens[first].Tag == "CC") {
		first++
	}
	return doc.SpanOf(first, last)
}

// opensClause reports whether a word opens a clause that can be told without
// it.
func opensClause(word string) bool {
	switch strings.ToLower(word) {
	case "as", "while", "because", "although", "though", "when", "where", "after", "before", "since", "that", "until", "who", "which", "whose":
		return true
	}
	return false
}

// relative reports whether a word is the subject of a relative clause.
func relative(t nlp.Token) bool {
	switch strings.ToLower(t.Text) {
	case "that", "who", "which":
		return strings.HasPrefix(t.Rel, "nsubj")
	}
	return false
}

// finiteVerbs counts the finite verbs, as far as the first "and".
func finiteVerbs(tokens []nlp.Token) (count int) {
	for _, t := range tokens {
		if t.Tag == "CC" {
			break
		}
		if hasFiniteVerb([]nlp.Token{t}) {
			count++
		}
	}
	return count
}

// subjectFollows reports whether a subject and its verb stand behind token i.
func subjectFollows(doc *nlp.Document, i, last int) bool {
	nominal := false
	for _, t := range doc.Tokens[i+1 : last] {
		switch {
		case opensClause(t.Text) || isPunct(t.Text):
			return false
		case hasFiniteVerb([]nlp.Token{t}):
			return nominal
		case strings.HasPrefix(t.Tag, "NN"), strings.HasPrefix(t.Tag, "PRP"):
			nominal = true
		}
	}
	return false
}

func conditional(word string) bool {
	switch strings.ToLower(word) {
	case "if", "unless", "whether", "lest":
		return true
	}
	return false
}

// unsourcedFigures counts the figures of claims that nobody is named for.
func unsourcedFigures(doc *nlp.Document, claims []factcheck.Claim) int {
	seen := map[int]bool{}
	for _, c := range claims {
		if !c.Checkable || c.Quote >= 0 || !unsourced(c) {
			continue
		}
		first, last := doc.NumbersIn(c.Span)
		for k := first; k < last; k++ {
			if n := doc.Numbers[k]; !ordinalFigure(n.Figure.Text(doc.Text)) {
				seen[k] = true
			}
		}
	}
	return len(seen)
}

// ordinalFigure reports whether a figure is a place in an order.
func ordinalFigure(s string) bool {
	low := strings.ToLower(s)
	for _, end := range []string{"first", "second", "third", "st", "nd", "rd", "th"} {
		if strings.HasSuffix(low, end) && low != "thousand" && !strings.HasPrefix(low, "two-") && !strings.HasPrefix(low, "a ") {
			return true
		}
	}
	return false
}
