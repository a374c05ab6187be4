package factcheck

import (
	"strings"
	"unicode/utf8"

	"onrecord/nlp"
	"onrecord/quote"
)

// A source's name of more than longestName characters is shown in a reason with
// no more than shortName of them.
const (
	longestName = 70
	shortName   = 60
)

// clipped is a name short enough for a reason, cut between words.
func clipped(name string) string {
	if utf8.RuneCountInString(name) <= longestName {
		return name
	}
	var b strings.Builder
	n := 0
	for word := range strings.FieldsSeq(name) {
		if n += utf8.RuneCountInString(word) + 1; n > shortName {
			break
		}
		b.WriteString(word + " ")
	}
	return strings.TrimRight(b.String(), " ,;") + "…"
}

// sayer is who says q, as a reason names them within a sentence.
func (r *reading) sayer(q quote.Quote) string {
	return clipped(r.inSentence(q.Speaker.Name, q.Speaker.Spans))
}

// inSentence is the name of a source as it stands within a sentence: one that
// begins a sentence of the article loses its capital, unless the first word
// belongs to a name: only words that the article also writes small, and such as
// are known, lose it. Spans are where the article has it.
func (r *reading) inSentence(name string, spans []nlp.Span) string {
	if len(spans) == 0 {
		return quote.Inline(name)
	}
	i := r.TokenAt(spans[0].Start)
	if i < 0 || !strings.HasPrefix(name, r.Tokens[i].Text) {
		return quote.Inline(name)
	}
	t := r.Tokens[i]
	if t.Entity >= 0 || strings.HasPrefix(t.Tag, "NNP") || isUpper(t.Text) || t.Text == "I" {
		return name
	}
	switch t.Tag {
	case "DT", "PDT", "PRP", "PRP$", "CD", "IN", "EX":
		return lowerFirst(name)
	}
	if low := strings.ToLower(t.Text); r.index().small[low] || hasWord(low, official|institution|finding) || referenceLists().people[t.Lemma] || referenceLists().bodies[t.Lemma] {
		return lowerFirst(name)
	}
	return quote.Inline(name) // "Vatican officials" may be taken for an adjective
}
