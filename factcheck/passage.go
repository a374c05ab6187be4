package factcheck

import (
	"strings"
	"unicode/utf8"

	"onrecord/nlp"
)

// Passage is a text put together from sentences that come one by one, as
// speeches and labelled corpora give them.
type Passage struct {
	text strings.Builder
	last string
}

// Add appends a sentence and gives its place in the text, white space at its
// ends left out.
func (p *Passage) Add(sentence string) nlp.Span {
	sentence = strings.TrimSpace(sentence)
	if p.last != "" {
		// Marks at the end say that a sentence is over; where they are
		// missing, as in headlines, a paragraph's end says it.
		if last, _ := utf8.DecodeLastRuneInString(p.last); strings.ContainsRune(`.!?"'”’)`, last) {
			p.text.WriteByte(' ')
		} else {
			p.text.WriteString("\n\n")
		}
	}
	start := p.text.Len()
	p.text.WriteString(sentence)
	if sentence != "" {
		p.last = sentence
	}
	return nlp.Span{Start: start, End: p.text.Len()}
}

// Text is the sentences so far.
func (p *Passage) Text() string { return p.text.String() }
