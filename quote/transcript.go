package quote

import (
	"strings"
	"unicode"

	"onrecord/nlp"
)

// A turn is what one speaker of a transcript says under one label.
type turn struct {
	source  source
	colon   nlp.Span
	content nlp.Span
}

// minTurns is how many labelled paragraphs make a transcript. A single
// paragraph with a label is more likely a heading.
const minTurns = 3

// maxLabel bounds the words of a label: "SENATOR JANE ROE (D-Ohio)".
const maxLabel = 7

// findTurns finds the turns of a transcript: paragraphs that begin with who is
// speaking, as in "MODERATOR: Good evening." or "Q: Why?". Paragraphs without
// label go on with the speaker before. It finds nothing in an article that is
// no transcript.
func findTurns(r *reading) []turn {
	type labelled struct{ paragraph, first, colon int }
	var labels []labelled
	names := map[string]int{}
	token := 0
	for p, span := range r.Paragraphs {
		for token < len(r.Tokens) && r.Tokens[token].Start < span.Start {
			token++
		}
		if token >= len(r.Tokens) {
			break
		}
		if colon := r.label(token, span); colon > 0 {
			labels = append(labels, labelled{p, token, colon})
			names[strings.ToUpper(r.span(token, colon).Text(r.Text))]++
		}
	}
	repeated := 0
	for _, n := range names {
		if n > 1 {
			repeated += n
		}
	}
	if len(labels) < minTurns || repeated < 2 || len(names) < 2 {
		return nil
	}
	// In a transcript labels are the rule, not a line here and there.
	if covered := labels[len(labels)-1].paragraph - labels[0].paragraph + 1; 3*len(labels) < covered {
		return nil
	}
	var turns []turn
	for i, l := range labels {
		start := nextWord(r.Text, r.Tokens[l.colon].End)
		last := l.paragraph
		limit := len(r.Paragraphs)
		if i+1 < len(labels) {
			limit = labels[i+1].paragraph
		}
		// What follows without a label is the same speaker's, unless the
		// transcript has ended: after the last label only the paragraph counts.
		if i+1 < len(labels) {
			for last+1 < limit && !r.narrates(last+1, l.colon) {
				last++
			}
		}
		end := r.Paragraphs[last].End
		if start >= end {
			continue
		}
		turns = append(turns, turn{
			source:  source{first: l.first, last: l.colon, head: r.headOf(l.first, l.colon), why: "label of the turn"},
			colon:   r.Tokens[l.colon].Span,
			content: nlp.Span{Start: start, End: end},
		})
	}
	return turns
}

// narrates reports whether a paragraph between two turns is the writer's and
// no part of the turn whose label ends at token colon: it speaks of nobody as I
// or you, and either of the speaker by name or of somebody who said something.
func (r *reading) narrates(p, colon int) bool {
	first, last := r.TokensIn(r.Paragraphs[p])
	family := r.lower(colon - 1)
	named, reports := false, false
	for i := first; i < last; i++ {
		if r.markOf[i] >= 0 {
			continue
		}
		if r.is(i, "i", "we", "me", "us", "my", "our", "you", "your", "i'm", "mine", "ours") {
			return false
		}
		low := r.lower(i)
		named = named || low == family && strings.HasPrefix(r.tag(i), "NNP")
		if isFinite(r.tag(i)) && i < r.sentence(first).Last {
			if entries := verbs()[r.Tokens[i].Lemma]; len(entries) > 0 && entries[len(entries)-1].kind == Speech && entries[len(entries)-1].has(frameClause) {
				k := r.nearestSubject(i, i)
				reports = reports || k >= first && k < i && r.tag(k) != "PRP"
			}
		}
	}
	return named || reports
}

func nextWord(text string, i int) int {
	return i + len(text[i:]) - len(strings.TrimLeftFunc(text[i:], unicode.IsSpace))
}

// label gives the token of the colon when the paragraph that begins at token
// first opens with a speaker's label, else 0.
func (r *reading) label(first int, p nlp.Span) int {
	for i := first; i < len(r.Tokens) && i <= first+maxLabel && r.Tokens[i].Start < p.End; i++ {
		if r.markOf[i] >= 0 {
			return 0
		}
		if r.is(i, ":") && i > first {
			return r.labelled(first, i)
		}
	}
	return 0
}

// labelled checks the words of a label: all capitals, or a name, or Q and A.
func (r *reading) labelled(first, colon int) int {
	text := r.span(first, colon).Text(r.Text)
	if text == "Q" || text == "A" || strings.EqualFold(text, "question") || strings.EqualFold(text, "answer") {
		return colon
	}
	if strings.ToUpper(text) == text && strings.IndexFunc(text, unicode.IsLetter) >= 0 && len(text) > 1 {
		return colon
	}
	if r.Tokens[first].Entity < 0 || r.Entities[r.Tokens[first].Entity].Kind != nlp.Person {
		return 0 // "Read also:", "Publisher:"
	}
	for i := first; i < colon; i++ {
		c := []rune(r.word(i))
		if !unicode.IsUpper(c[0]) && !r.is(i, "of", "the", "de", "la", "van", "von", "(", ")", "-", ".", ",") {
			return 0
		}
	}
	return colon
}
