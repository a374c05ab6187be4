package nlp

import (
	"slices"
	"sort"
	"strings"
)

// Children lists the tokens that token i governs, in text order. The slice
// belongs to the document.
func (d *Document) Children(i int) []int {
	if i < 0 || i >= len(d.children) {
		return nil
	}
	return d.children[i]
}

// Child gives the first token governed by i in one of the given relations, -1
// when there is none. "nsubj" matches "nsubj" only, not "nsubj:pass".
func (d *Document) Child(i int, rels ...string) int {
	for _, c := range d.Children(i) {
		if slices.Contains(rels, d.Tokens[c].Rel) {
			return c
		}
	}
	return -1
}

// Subtree gives the tokens [first, last) that i governs, directly or not,
// itself among them.
func (d *Document) Subtree(i int) (first, last int) {
	return d.extent[i].Start, d.extent[i].End
}

// Root gives the root token of sentence s, -1 when it has none.
func (d *Document) Root(s int) int {
	for i := d.Sentences[s].First; i < d.Sentences[s].Last; i++ {
		if d.Tokens[i].Head < 0 {
			return i
		}
	}
	return -1
}

// NounPhrase gives the extent of the noun phrase headed by i as tokens [first,
// last): its determiners, adjectives and complements, without relative
// clauses, appositions, what is coordinated with it, prepositions before it
// and punctuation at its ends.
func (d *Document) NounPhrase(i int) (first, last int) {
	first, last = i, i+1
	// From the head outwards, so that the phrase ends at the first child that is not part of it.
	kids := d.Children(i)
	at := sort.SearchInts(kids, i)
	for j := at - 1; j >= 0; j-- {
		c := kids[j]
		switch d.Tokens[c].Rel {
		case "det", "amod", "nummod", "compound", "nmod", "flat", "advmod", "nmod:poss", "dep", "fixed":
			first = min(first, d.extent[c].Start)
			continue
		case "punct":
			if d.Tokens[c].Text == "-" || isOpening(d.Tokens[c].Text) && j > 0 {
				continue
			}
		case "case":
			if d.Tokens[c].Tag == "POS" {
				continue
			}
		}
		break
	}
	for _, c := range kids[at:] {
		switch d.Tokens[c].Rel {
		case "compound", "nmod", "flat", "amod", "fixed", "det", "nummod", "goeswith":
			if d.Tokens[c].Rel == "nmod" && d.Tokens[c-1].Text == "," {
				return first, last
			}
			last = max(last, d.extent[c].End)
			continue
		case "case":
			if d.Tokens[c].Tag == "POS" {
				last = max(last, c+1)
			}
			continue
		case "punct":
			if d.Tokens[c].Text == "-" || isQuoteMark(d.Tokens[c].Text) {
				continue
			}
		}
		break
	}
	// The last child's subtree may itself end in a clause; cut it there.
	for j := i + 1; j < last; j++ {
		switch d.Tokens[j].Rel {
		case "acl", "acl:relcl", "appos", "parataxis", "advcl":
			if d.extent[j].Start > i {
				last = d.extent[j].Start
			}
		}
	}
	for last > i+1 && isPunctuation(d.Tokens[last-1].Text) {
		last--
	}
	for first < i && isPunctuation(d.Tokens[first].Text) {
		first++
	}
	return first, last
}

// SpanOf gives the bytes of the tokens [first, last).
func (d *Document) SpanOf(first, last int) Span {
	if first >= last {
		return Span{}
	}
	return Span{d.Tokens[first].Start, d.Tokens[last-1].End}
}

// SentenceTokens gives the tokens of sentence s. The slice is part of
// Document.Tokens; heads in it are indexes into Document.Tokens.
func (d *Document) SentenceTokens(s int) []Token {
	return d.Tokens[d.Sentences[s].First:d.Sentences[s].Last]
}

// SentenceAt gives the index of the sentence that holds byte at, or, between
// two sentences, of the one before; -1 before the first.
func (d *Document) SentenceAt(at int) int {
	return sort.Search(len(d.Sentences), func(i int) bool { return d.Sentences[i].Start > at }) - 1
}

// ParagraphAt gives the index of the paragraph that holds byte at, or, between
// two paragraphs, of the one before; -1 before the first.
func (d *Document) ParagraphAt(at int) int {
	return sort.Search(len(d.Paragraphs), func(i int) bool { return d.Paragraphs[i].Start > at }) - 1
}

// ParagraphSentences gives the sentences [first, last) of paragraph p.
func (d *Document) ParagraphSentences(p int) (first, last int) {
	first = sort.Search(len(d.Sentences), func(i int) bool { return d.Sentences[i].Paragraph >= p })
	last = sort.Search(len(d.Sentences), func(i int) bool { return d.Sentences[i].Paragraph > p })
	return first, last
}

// TokenAt gives the index of the token that holds byte at, -1 when none does.
func (d *Document) TokenAt(at int) int {
	i := sort.Search(len(d.Tokens), func(i int) bool { return d.Tokens[i].End > at })
	if i < len(d.Tokens) && d.Tokens[i].Start <= at {
		return i
	}
	return -1
}

// TokensIn gives the tokens [first, last) that share bytes with span.
func (d *Document) TokensIn(span Span) (first, last int) {
	first = sort.Search(len(d.Tokens), func(i int) bool { return d.Tokens[i].End > span.Start })
	last = sort.Search(len(d.Tokens), func(i int) bool { return d.Tokens[i].Start >= span.End })
	return first, max(first, last)
}

// MentionAt gives the index of the mention that token i is part of, -1 when it
// is part of none.
func (d *Document) MentionAt(i int) int {
	m := sort.Search(len(d.Mentions), func(m int) bool { return d.Mentions[m].Last > i })
	if m < len(d.Mentions) && d.Mentions[m].First <= i {
		return m
	}
	return -1
}

// MentionsIn gives the mentions [first, last) that share bytes with span.
func (d *Document) MentionsIn(span Span) (first, last int) {
	first = sort.Search(len(d.Mentions), func(i int) bool { return d.Mentions[i].End > span.Start })
	last = sort.Search(len(d.Mentions), func(i int) bool { return d.Mentions[i].Start >= span.End })
	return first, max(first, last)
}

// TimesIn gives the time expressions [first, last) that share bytes with span.
func (d *Document) TimesIn(span Span) (first, last int) {
	first = sort.Search(len(d.Times), func(i int) bool { return d.Times[i].End > span.Start })
	last = sort.Search(len(d.Times), func(i int) bool { return d.Times[i].Start >= span.End })
	return first, max(first, last)
}

// NumbersIn gives the numbers [first, last) whose phrase shares bytes with
// span.
func (d *Document) NumbersIn(span Span) (first, last int) {
	first = sort.Search(len(d.Numbers), func(i int) bool { return d.Numbers[i].End > span.Start })
	last = sort.Search(len(d.Numbers), func(i int) bool { return d.Numbers[i].Start >= span.End })
	return first, max(first, last)
}

// ReportingVerb tells whether token i is a form of a verb that can introduce
// what somebody says or thinks, phrasal verbs ("point out") included.
func (d *Document) ReportingVerb(i int) (Verb, bool) {
	t := d.Tokens[i]
	if !strings.HasPrefix(t.Tag, "VB") {
		return Verb{}, false
	}
	if p := d.Child(i, "compound:prt", "compound"); p > i && d.Tokens[p].Tag == "RP" {
		if v, ok := Reporting(t.Lemma + " " + strings.ToLower(d.Tokens[p].Text)); ok {
			return v, true
		}
	} else if i+1 < len(d.Tokens) && d.Tokens[i+1].Tag == "RP" {
		if v, ok := Reporting(t.Lemma + " " + strings.ToLower(d.Tokens[i+1].Text)); ok {
			return v, true
		}
	}
	return Reporting(t.Lemma)
}

// link fills in what is derived from the tokens: children, extents, small letters.
func (d *Document) link() {
	n := len(d.Tokens)
	counts := make([]int, n)
	total := 0
	for i := range d.Tokens {
		if h := d.Tokens[i].Head; h >= 0 {
			counts[h]++
			total++
		}
	}
	d.children = make([][]int, n)
	d.extent = make([]Span, n)
	all := make([]int, total)
	d.low = make([]string, n)
	for i := range d.Tokens {
		d.low[i] = lowWord(d.Tokens[i].Text)
	}
	for i, c := range counts {
		d.children[i], all = all[:0:c], all[c:]
		d.extent[i] = Span{i, i + 1}
	}
	for i := range d.Tokens {
		if h := d.Tokens[i].Head; h >= 0 {
			d.children[h] = append(d.children[h], i)
		}
	}
	for _, s := range d.Sentences {
		d.measure(s.First, s.Last)
	}
}

// lowWord gives a word in lower case, without the dot of an abbreviation and
// with a straight apostrophe.
func lowWord(s string) string {
	if len(s) > 1 && s[len(s)-1] == '.' {
		s = s[:len(s)-1]
	}
	return strings.ToLower(s)
}

// measure sets the extents of the tokens [first, last) of one sentence, leaves
// before their heads.
func (d *Document) measure(first, last int) {
	waiting := make([]int, last-first) // children not yet measured
	var ready []int
	for i := first; i < last; i++ {
		waiting[i-first] = len(d.children[i])
		if waiting[i-first] == 0 {
			ready = append(ready, i)
		}
	}
	for len(ready) > 0 {
		i := ready[len(ready)-1]
		ready = ready[:len(ready)-1]
		h := d.Tokens[i].Head
		if h < 0 {
			continue
		}
		d.extent[h].Start = min(d.extent[h].Start, d.extent[i].Start)
		d.extent[h].End = max(d.extent[h].End, d.extent[i].End)
		if waiting[h-first]--; waiting[h-first] == 0 {
			ready = append(ready, h)
		}
	}
}

func isQuoteMark(s string) bool {
	switch s {
	case `"`, "“", "”", "''", "``", "'", "‘", "’", "«", "»":
		return true
	}
	return false
}

func isPunctuation(s string) bool {
	return isClosing(s) || isOpening(s) || s == "…" || s == "/"
}
