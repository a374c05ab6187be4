package factcheck

import "onrecord/nlp"

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
