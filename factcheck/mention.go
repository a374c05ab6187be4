package factcheck

import (
	"unicode"

	"onrecord/nlp"
)

// This file tells words that a sentence uses from words that it only mentions:
// in "With lines such as “It will fall soon” she became famous" nothing is
// predicted. A passage in quotation marks is mentioned where the article speaks
// in its own voice and the words outside have a subject and a verb.

// betweenMarks gives for each token whether it stands between quotation marks that
// open and close in its sentence.
func betweenMarks(doc *nlp.Document) []bool {
	in := make([]bool, len(doc.Tokens))
	for _, s := range doc.Sentences {
		open := -1
		for i := s.First; i < s.Last; i++ {
			switch t := doc.Tokens[i]; {
			case open < 0 && (t.Text == "“" || t.Text == "``" || t.Text == `"`):
				open = i
			case open >= 0 && (t.Text == "”" || t.Text == "''" || t.Text == `"`):
				for k := open; k <= i; k++ {
					in[k] = true
				}
				open = -1
			}
		}
	}
	return in
}

// inTitle reports whether token i stands in a title: a passage between quotation
// marks whose words, the small ones aside, all have capitals.
func inTitle(doc *nlp.Document, i int) bool {
	s := doc.Sentences[doc.Tokens[i].Sentence]
	open := -1
	for k := s.First; k < s.Last; k++ {
		switch t := doc.Tokens[k].Text; {
		case open < 0 && (t == "“" || t == "``" || t == `"`):
			if k > i {
				return false
			}
			open = k
		case open >= 0 && (t == "”" || t == "''" || t == `"`):
			if open < i && i < k {
				return capitals(doc.Tokens[open+1 : k])
			}
			open = -1
		}
	}
	return false
}

// capitals reports whether all words of more than three letters have a capital,
// and a second word if there is one.
func capitals(tokens []nlp.Token) bool {
	words, large := 0, 0
	for _, t := range tokens {
		first := []rune(t.Text)[0]
		if !unicode.IsLetter(first) {
			continue
		}
		words++
		switch {
		case unicode.IsUpper(first):
			large++
		case len(t.Text) > 3:
			return false
		}
	}
	return large > 1 || large == 1 && words == 1 && len(tokens) > 1
}

// onlyMentions reports whether the word at token i is one that c mentions only.
func (r *reading) onlyMentions(c candidate, i int) bool {
	return c.quote < 0 && r.inMarks[i] && r.outside(c) >= 0
}

// outside is the predicate of c in what it says itself, -1 where all of it, its
// subject or its verb stands between quotation marks.
func (r *reading) outside(c candidate) int {
	some, named, p := false, false, -1 // named: a word that can be the subject stands before
	for i := c.first; i < c.last; i++ {
		if r.inMarks[i] {
			some = true
			continue
		}
		named = named || isNominal(r.Tokens[i].Tag)
		h := r.Tokens[i].Head
		if h >= c.first && h < c.last && !r.inMarks[h] || !r.carries(i) {
			continue
		}
		if rel := r.Tokens[i].Rel; p < 0 && named && rel != "acl" && rel != "acl:relcl" {
			p = i
		}
	}
	if !some {
		return -1
	}
	return p
}

// main is the predicate of c, never one of a passage that c only mentions.
func (r *reading) main(c candidate) int {
	p := r.predicate(c.first, c.last)
	if p >= 0 && r.onlyMentions(c, p) {
		return r.outside(c)
	}
	return p
}
