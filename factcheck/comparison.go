package factcheck

import (
	"slices"
	"strings"

	"onrecord/nlp"
)

// This file tells comparisons and records from comparatives and superlatives
// that are none.

// compares finds comparatives and superlatives, "more than 1,000" aside. A
// superlative of taste is no record.
func (r *reading) compares(first, last int) (comparison_, record bool) {
	for i := first; i < last; i++ {
		t := r.Tokens[i]
		if r.marks[i]&comparison != 0 && !r.merelyMore(i, last) {
			comparison_ = true
		}
		switch t.Tag {
		case "JJR", "RBR":
			if t.Lemma == "early" || t.Lemma == "late" || strings.EqualFold(t.Text, "earlier") || strings.EqualFold(t.Text, "later") || strings.EqualFold(t.Text, "longer") {
				continue
			}
			if !r.boundsNumber(t) && !r.mereAge(i, last) && !r.furtherOnes(i, last) && !r.merelyMore(i, last) {
				comparison_ = true
			}
		case "JJS", "RBS":
			if !r.marked(i) || strings.EqualFold(t.Text, "least") || strings.EqualFold(t.Text, "most") && !r.superlative(i) || r.boundsNumber(t) || r.tastes(i) {
				continue
			}
			record = true
		}
		if (t.Lemma == "first" || t.Lemma == "youngest") && r.isSince(i+1, last) {
			record = true
		}
	}
	return comparison_ || record, record
}

// isSince reports whether the words from i on say since when something is the
// first: "in 31 years", "time since 1978", not "for the first time" alone.
func (r *reading) isSince(i, last int) bool {
	if i < last && r.Tokens[i].Lemma == "time" {
		i++
	}
	return i < last && (r.Tokens[i].Lemma == "in" || r.Tokens[i].Lemma == "since")
}

// merelyMore reports whether the comparative at i only adds or describes, with no
// "than": "find out more", "needs more windows", "a greater cause", "feels better".
func (r *reading) merelyMore(i, last int) bool {
	for j := i + 1; j < min(last, i+12); j++ {
		if low := strings.ToLower(r.Tokens[j].Text); low == "than" || low == "since" || low == "compared" {
			return false
		}
	}
	t := r.Tokens[i]
	noun := i
	if t.Tag == "RBR" && t.Head > i && strings.HasPrefix(r.Tokens[t.Head].Tag, "JJ") {
		noun = t.Head
	}
	switch {
	case t.Lemma == "better" || t.Lemma == "well" || t.Lemma == "good":
		return true
	case noun == i && strings.EqualFold(t.Text, "more"):
		if i+1 >= last {
			return true
		}
		switch next := r.Tokens[i+1].Tag; {
		case next == "NN", next == "NNS":
			rel := r.Tokens[i+1].Rel
			return rel == "obj" || rel == "obl" || rel == "nmod"
		default:
			return !strings.HasPrefix(next, "JJ") && !strings.HasPrefix(next, "RB") && next != "VBN" && next != "VBG"
		}
	}
	if t.Tag != "JJR" && t.Tag != "RBR" || r.Tokens[noun].Rel != "amod" || r.Tokens[noun].Head < noun {
		return false
	}
	d := r.Child(r.Tokens[noun].Head, "det")
	return d >= 0 && d < i && (strings.EqualFold(r.Tokens[d].Text, "a") || strings.EqualFold(r.Tokens[d].Text, "an"))
}

// tastes reports whether the superlative at i is one of taste or of affection,
// which no list settles, and has no "since" or "ever": "our best guess", "her
// closest friend", "the most beautiful city".
func (r *reading) tastes(i int) bool {
	for j := i + 1; j < min(r.Sentences[r.Tokens[i].Sentence].Last, i+12); j++ {
		if low := strings.ToLower(r.Tokens[j].Text); low == "since" || low == "ever" || low == "record" {
			return false
		}
	}
	lemma := strings.ToLower(r.Tokens[i].Lemma)
	if lemma == "most" && i+1 < len(r.Tokens) {
		lemma = strings.ToLower(r.Tokens[i+1].Lemma)
	}
	noun := r.Tokens[i].Head
	return taste.single[lemma] || lemma != "bad" && inClass(lemma, evaluative) || noun > i && kin.single[r.Tokens[noun].Lemma]
}

var (
	// taste are superlatives that different people give to different things.
	taste = newWordSet([]string{
		"best", "good", "well", "fine", "finest", "greatest", "great", "close", "closest", "dear", "dearest", "nice", "nicest", "proud", "proudest", "happiest", "happy", "kind", "kindest", "bright", "brightest",
		"friendly", "friendliest", "unfriendly", "unfriendliest", "famous", "interesting", "exciting", "prominent", "important", "dangerous", "favourite", "favorite", "abhorrent", "meaningful", "honest", "likely", "common", "striking",
	})
	// kin are whom one has a greatest or an eldest of.
	kin = newWordSet([]string{"child", "son", "daughter", "brother", "sister", "sibling", "fan", "friend", "girlfriend", "boyfriend", "joy", "fear", "wish", "hope", "regret", "guess", "supporter", "critic", "star", "name"})
)

// furtherOnes reports whether the "more" at i adds to a number rather than
// compare: "four more times", "two more men", with no "than".
func (r *reading) furtherOnes(i, last int) bool {
	if i == 0 || !strings.EqualFold(r.Tokens[i].Text, "more") || r.Tokens[i-1].Tag != "CD" {
		return false
	}
	return !slices.ContainsFunc(r.Tokens[i+1:min(last, i+6)], func(t nlp.Token) bool { return strings.EqualFold(t.Text, "than") })
}

// mereAge reports whether the comparative at i tells things apart rather than
// compare them: "newer versions", "the older brother", with no "than".
func (r *reading) mereAge(i, last int) bool {
	switch strings.ToLower(r.Tokens[i].Text) {
	case "newer", "older", "elder", "younger", "further", "former", "upper", "lower", "inner", "outer":
	default:
		return false
	}
	for j := i + 1; j < last && j < i+6; j++ {
		if strings.EqualFold(r.Tokens[j].Text, "than") {
			return false
		}
	}
	return r.Child(i, "cop") < 0
}

// marked reports whether the superlative at i has what makes it a record: "the
// worst", "its highest", "lowest since 1998".
func (r *reading) marked(i int) bool {
	definite := false
	for j := i - 1; j >= 0 && j >= i-2; j-- {
		t := r.Tokens[j]
		definite = definite || strings.EqualFold(t.Text, "the") || t.Tag == "PRP$" || t.Tag == "POS"
	}
	for j := i - 1; definite && j >= 0 && j >= i-5; j-- {
		if strings.EqualFold(r.Tokens[j].Text, "among") || strings.EqualFold(r.Tokens[j].Text, "of") && j > 0 && strings.EqualFold(r.Tokens[j-1].Text, "one") {
			return true // "among the world's poorest"
		}
	}
	for j := i + 1; j < len(r.Tokens) && j <= i+4 && !r.finite(j); j++ {
		switch strings.ToLower(r.Tokens[j].Text) {
		case "since", "ever":
			return true
		case "in", "of", "on", "at", "among", "for", "history":
			return definite
		}
	}
	h := r.Tokens[i].Head
	return definite && (r.Child(i, "cop") >= 0 || h >= 0 && r.Child(h, "cop") >= 0)
}

// superlative reports whether the "most" at i makes one: "the most visited",
// not "most of them", "these most recent ones", "at most".
func (r *reading) superlative(i int) bool {
	if i == 0 || i+1 >= len(r.Tokens) || !strings.EqualFold(r.Tokens[i-1].Text, "the") && !strings.HasPrefix(r.Tokens[i-1].Tag, "PRP$") && r.Tokens[i-1].Tag != "POS" {
		return false
	}
	return r.Tokens[i+1].Lemma != "recent" && r.Tokens[i+1].Lemma != "of"
}

// boundsNumber reports whether t belongs to a number's phrase: "More than".
func (r *reading) boundsNumber(t nlp.Token) bool {
	from, to := r.NumbersIn(t.Span)
	for _, n := range r.Numbers[from:to] {
		if n.Span.Contains(t.Span) && t.Start < n.Figure.Start {
			return true
		}
	}
	return false
}
