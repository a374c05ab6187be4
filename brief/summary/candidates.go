package summary

import (
	"regexp"
	"slices"
	"strings"

	"onrecord/nlp"
)

// datelineAt matches a dateline at the head of a sentence, "PORT ALDER, Marland
// (AP) - ", which is no part of it.
var datelineAt = regexp.MustCompile(`^(?:\p{Lu}[\p{Lu} .'’-]+(?:, \p{Lu}[\p{L}. ]{1,30})?(?:,? \p{Lu}[\p{L}.]{2,8} \d{1,2})? ?(?:\([^()\n]{2,40}\) ?)?|(?:\p{Lu}[\p{L}.'’-]+(?: \p{Lu}[\p{L}.'’-]+){0,3}(?:, \p{Lu}[\p{L}. ]{1,30})? )?\(\p{Lu}[^()\n]{1,40}\) ?)(?:-|–|—|--) ?`)

// candidates lists the wordings that the summary may use, each sentence whole
// first.
func (r *reading) candidates() []Candidate {
	var out []Candidate
	for i := range r.lines {
		kept := r.Sentences[i].Span
		kept.Start += len(datelineAt.FindString(kept.Text(r.Text)))
		out = append(out, r.candidate(i, []nlp.Span{kept}))
		for _, parts := range r.shorter(i, kept) {
			c := r.candidate(i, parts)
			c.Cut = true
			out = append(out, c)
		}
	}
	return out
}

// candidate counts the words of parts of sentence i.
func (r *reading) candidate(i int, parts []nlp.Span) Candidate {
	c := Candidate{Line: i, Parts: parts, Length: len(strings.Fields(Join(r.Text, parts)))}
	previous := -1
	k := 0
	for _, run := range r.lines[i].runs {
		for k < len(parts) && run.at >= parts[k].End {
			k++
		}
		if k == len(parts) || run.at < parts[k].Start {
			continue
		}
		c.Tokens++
		c.Words = append(c.Words, run.word)
		if previous >= 0 {
			if p, ok := r.pairAt[[2]int{previous, run.word}]; ok {
				c.Pairs = append(c.Pairs, p)
			}
		}
		previous = run.word
	}
	slices.Sort(c.Words)
	c.Words = slices.Compact(c.Words)
	slices.Sort(c.Pairs)
	c.Pairs = slices.Compact(c.Pairs)
	return c
}

// Join gives the words of parts of a text in one line: a space between two
// parts, none before a mark that closes.
func Join(text string, parts []nlp.Span) string {
	var b strings.Builder
	for i, p := range parts {
		words := strings.Join(strings.Fields(p.Text(text)), " ")
		if i > 0 && words != "" && !strings.ContainsRune(".,;:!?", rune(words[0])) {
			b.WriteByte(' ')
		}
		b.WriteString(words)
	}
	return b.String()
}
