package summary

import (
	"slices"
	"strings"

	"onrecord/nlp"
)

// Use says how a sentence may be used.
type Use int

// The uses.
const (
	Never    Use = iota // not a sentence to show: a question, a fragment, a piece of a longer quotation
	Inside              // only behind the sentence that explains what it points back to
	Anywhere            // it stands alone
)

// use says how sentence i may be used.
func (r *reading) use(i int) Use {
	sent := r.Sentences[i]
	text := sent.Text(r.Text)
	tokens := r.SentenceTokens(i)
	end := strings.TrimRight(text, "”\"’') ")
	switch {
	case r.lines[i].fields < 4, !hasFiniteVerb(tokens):
		return Never
	case !strings.HasSuffix(end, ".") && !strings.HasSuffix(end, "…"):
		return Never // a question, an outcry, a headline, a line that goes on elsewhere
	case unbalanced(text):
		return Never
	case !r.cued[i] && r.inside(sent, r.said) > 0.6:
		return Never // somebody's words, and nobody named
	case r.judges(i), transcribed(tokens), itemised(tokens), lettering(text):
		return Never
	}
	for _, t := range tokens {
		if isPunct(t.Text) {
			continue
		}
		if pointsBack(t) {
			return Inside
		}
		break
	}
	if r.dangles(sent) || r.pointsAt(sent) || leansBack(tokens) || r.addresses(i) {
		return Inside
	}
	return Anywhere
}

// anecdote reports whether sentence i, among the first three, sets a scene
// instead of telling the news: it is about one person whom the article brings
// in with an "a …" behind the name, or without any name.
func (r *reading) anecdote(i int) bool {
	if i > 2 {
		return false
	}
	root := r.Root(i)
	if root < 0 {
		return false
	}
	subject := r.Child(root, "nsubj")
	if subject < 0 {
		return false
	}
	e := r.Tokens[subject].Entity
	if e < 0 || r.Entities[e].Kind != nlp.Person || len(r.Entities[e].Titles) > 0 {
		return false
	}
	sent := r.Sentences[i]
	for j := subject + 1; j+2 < sent.Last && j < subject+4; j++ {
		if r.Tokens[j].Text != "," {
			continue
		}
		next := r.Tokens[j+1]
		return strings.EqualFold(next.Text, "a") || strings.EqualFold(next.Text, "an") || next.Tag == "CD" || strings.EqualFold(next.Text, "who")
	}
	return false
}

// dangles reports whether a "he" or "her" stands in the sentence before any
// name of a person and any word for one, outside direct quotation ("…, she said."), or the sentence
// ends in a "that account" which only the one before explains.
func (r *reading) dangles(sent nlp.Sentence) bool {
	for i := sent.First; i < sent.Last; i++ {
		t := r.Tokens[i]
		if i > sent.First && i+2 < sent.Last && t.Text == "that" && !r.said[i] && r.Tokens[i+1].Tag == "NN" && r.Tokens[i+2].Text == "." {
			return true // "The owner rejected that account."
		}
		if r.somebody(i) {
			return false
		}
		if t.Tag == "PRP" && !r.said[i] {
			switch strings.ToLower(t.Text) {
			case "they":
				if i < sent.First+4 && strings.HasPrefix(t.Rel, "nsubj") {
					return true
				}
			case "he", "she", "him", "her":
				return true
			}
		}
	}
	return false
}

// pointsAt reports whether a sentence has a "that" or "this" which only the one
// before explains, "Her lawyer has heard that before.", or an "its" of which it
// does not say whose: "“No,” said Ana Bell, its director.", "In her survey, half
// of the nurses agreed."
func (r *reading) pointsAt(sent nlp.Sentence) bool {
	owner := false // something but a person was named
	nobody := true
	for i := sent.First; i < sent.Last && nobody; i++ {
		nobody = !r.somebody(i)
	}
	for i := sent.First + 1; i+1 < sent.Last; i++ {
		t := r.Tokens[i]
		if t.Text == "its" && !owner && r.Tokens[i-1].Text == "," && i > sent.First+1 && r.isPerson(i-2) {
			return true
		}
		if nobody && i < sent.First+4 && !r.said[i] && (t.Text == "her" || t.Text == "his") {
			return true
		}
		owner = owner || !r.said[i] && !r.isPerson(i) && strings.HasPrefix(t.Tag, "NN")
		if r.said[i] || t.Text != "that" && t.Text != "this" || !strings.HasPrefix(r.Tokens[i-1].Tag, "VB") {
			continue
		}
		switch strings.ToLower(r.Tokens[i+1].Text) {
		case ".", "before", "again", "too", "already", "yesterday", "today", "anyway":
			return true
		}
	}
	return false
}

// somebody reports whether token i is of a person's name, or a word for one person.
func (r *reading) somebody(i int) bool {
	t := r.Tokens[i]
	return r.isPerson(i) || t.Tag == "NN" && people[t.Lemma]
}

// isPerson reports whether token i is of a person's name.
func (r *reading) isPerson(i int) bool {
	e := r.Tokens[i].Entity
	return e >= 0 && r.Entities[e].Kind == nlp.Person
}

// leansBack reports whether a sentence opens with a preposition and a "that" or
// "this" which only the one before explains: "Despite all that, …".
func leansBack(tokens []nlp.Token) bool {
	for i := 1; i < min(len(tokens)-1, 5); i++ {
		switch strings.ToLower(tokens[i].Text) {
		case "that", "those", "these", "this":
			return tokens[i+1].Text == ","
		case "all", "of", "to", "despite", "after", "before", "with", "for":
		default:
			return false
		}
	}
	return false
}

// addresses reports whether sentence i speaks to its reader: "If you have a card,
// you can cross".
func (r *reading) addresses(i int) bool {
	root := r.Root(i)
	if root < 0 || r.said[root] {
		return false
	}
	s := r.Child(root, "nsubj", "nsubj:pass")
	return s >= 0 && !r.said[s] && strings.EqualFold(r.Tokens[s].Text, "you")
}

// vow reports whether sentence i gives somebody's word about what they would
// do, or what may come of them, and claims nothing that can be checked: its
// "would" has a pronoun for its subject, or none. "The bridge will close on
// Monday" is no vow, whoever said it.
func (r *reading) vow(i int) bool {
	if r.worth[i] > 0 || !r.cued[i] {
		return false
	}
	for _, t := range r.SentenceTokens(i) {
		if t.Tag != "MD" {
			continue
		}
		subject := -1
		if t.Head >= 0 {
			subject = r.Child(t.Head, "nsubj", "nsubj:pass")
		}
		if subject < 0 || strings.HasPrefix(r.Tokens[subject].Tag, "PRP") {
			return true
		}
	}
	return false
}

// transcribed reports whether a sentence begins with the name of who speaks
// and a colon, as in the transcript of an interview.
func transcribed(tokens []nlp.Token) bool {
	for i := 1; i < min(len(tokens), 4); i++ {
		if tokens[i].Text == ":" {
			return strings.HasPrefix(tokens[i-1].Tag, "NNP")
		}
	}
	return false
}

// itemised reports whether a sentence is an entry of a list: "61: Households that
// watched".
func itemised(tokens []nlp.Token) bool {
	return len(tokens) > 1 && tokens[0].Tag == "CD" && tokens[1].Text == ":"
}

// lettering reports whether a sentence is set mostly in capitals, as headings
// and credits are.
func lettering(text string) bool {
	words, capital := 0, 0
	for w := range strings.FieldsSeq(text) {
		if len(w) < 2 {
			continue
		}
		words++
		if w == strings.ToUpper(w) && w != strings.ToLower(w) {
			capital++
		}
	}
	return 2*capital > words
}

// judges reports whether the sentence is the article's own opinion, an "it
// is …" with nothing in it to look up, or as short and about an "it": "The
// hospital tells it differently."
func (r *reading) judges(i int) bool {
	sent := r.Sentences[i]
	from, to := r.NumbersIn(sent.Span)
	if to > from {
		return false
	}
	from, to = r.MentionsIn(sent.Span)
	if to > from || r.lines[i].fields >= 9 {
		return false
	}
	switch strings.ToLower(r.Tokens[sent.First].Text) {
	case "it", "this", "that":
		return true
	}
	for k := sent.First + 1; k < sent.Last; k++ {
		if r.Tokens[k].Text == "it" && strings.HasPrefix(r.Tokens[k-1].Tag, "VB") {
			return true
		}
	}
	return false
}

func hasFiniteVerb(tokens []nlp.Token) bool {
	return slices.ContainsFunc(tokens, isFinite)
}

func isFinite(t nlp.Token) bool {
	return t.Tag == "VBD" || t.Tag == "VBZ" || t.Tag == "VBP" || t.Tag == "MD"
}

// pointsBack reports whether a sentence that begins with t needs the one
// before it to be understood.
func pointsBack(t nlp.Token) bool {
	switch strings.ToLower(t.Text) {
	case "he", "she", "it", "they", "him", "her", "his", "hers", "its", "their", "them",
		"this", "that", "these", "those", "such", "there", "here", "both", "neither", "another", "others", "other",
		"but", "and", "or", "so", "yet", "however", "also", "instead", "meanwhile", "still", "then", "nor",
		"moreover", "furthermore", "therefore", "thus", "nevertheless", "nonetheless", "otherwise", "similarly",
		"i", "we", "you", "my", "our":
		return true
	}
	return false
}

func isPunct(s string) bool {
	switch s {
	case "“", "”", `"`, "‘", "’", "'", "(", ")", "—", "–", "-", "--", ",", ".", "…":
		return true
	}
	return false
}

// unbalanced reports whether text opens a quotation that it does not close, or
// the other way round: a piece of a longer one.
func unbalanced(text string) bool {
	return strings.Count(text, "“") != strings.Count(text, "”") || strings.Count(text, `"`)%2 != 0
}
