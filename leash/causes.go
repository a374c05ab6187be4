package leash

import (
	"slices"
	"strings"

	"onrecord/nlp"
)

// wrongCauses says that the wording gives a cause which the article does not,
// or takes the effect for the cause.
func (d *draft) wrongCauses() string {
	s := d.source
	for i := range d.Tokens {
		if !causal(d.reading, i) {
			continue
		}
		c := d.words[i].clause
		if c < 0 || d.at[c] < 0 {
			return "it gives a cause that the article does not give"
		}
		known := false
		for _, u := range d.used {
			for j := s.Sentences[u].First; j < s.Sentences[u].Last && !known; j++ {
				known = causal(s.reading, j) && d.sameCause(i, j)
			}
		}
		if !known {
			return "it gives a cause that the article does not give"
		}
	}
	return ""
}

// causes are verbs and nouns that say what brought something about.
var causes = set("because", "due", "cause", "trigger", "prompt", "spark", "lead", "result", "owing", "thanks", "therefore", "blame", "provoke", "consequently", "hence", "stem", "drive", "thus", "force", "fuel", "reason", "consequence")

// causal reports whether token i says that one thing is the cause of another.
func causal(r *reading, i int) bool {
	w := r.words[i]
	t := r.Tokens[i]
	if !causes[w.lemma] {
		return becauseSince(r.Document, i)
	}
	switch w.lemma {
	case "blame": // "whether he was to blame"
		return !(i > 0 && strings.EqualFold(r.Tokens[i-1].Text, "to") && t.Tag != "NN" && r.Child(i, "obj") < 0)
	case "due", "owing", "thanks":
		return i+1 < len(r.Tokens) && strings.EqualFold(r.Tokens[i+1].Text, "to")
	case "lead", "result", "stem":
		if !strings.HasPrefix(t.Tag, "VB") && w.lemma != "result" {
			return false
		}
		for k := i + 1; k < min(i+3, len(r.Tokens)); k++ {
			if n := strings.ToLower(r.Tokens[k].Text); n == "to" || n == "in" || n == "from" || n == "of" {
				return true
			}
		}
		return false
	case "drive", "fuel", "force", "cause", "prompt", "spark", "trigger":
		return strings.HasPrefix(t.Tag, "VB") && t.Rel != "amod" // not "forced layoffs"
	case "reason", "consequence":
		return false
	}
	return true
}

// becauseSince reports whether token i is a "since" that gives a reason, not a
// time: what it marks is in the present.
func becauseSince(doc *nlp.Document, i int) bool {
	t := doc.Tokens[i]
	if !strings.EqualFold(t.Text, "since") || t.Rel != "mark" || t.Head < 0 {
		return false
	}
	if i > 0 && doc.Tokens[i-1].Lemma == "have" {
		return false // "she has since left"
	}
	for _, k := range append(doc.Children(t.Head), t.Head) {
		if x := doc.Tokens[k]; k == t.Head || strings.HasPrefix(x.Rel, "aux") || x.Rel == "cop" {
			if x.Tag == "VBP" || x.Tag == "VBZ" || x.Tag == "MD" || k == t.Head && strings.HasPrefix(x.Tag, "VB") && strings.EqualFold(x.Text, x.Lemma) {
				return true
			}
		}
	}
	return false
}

// sameCause compares what stands on the two sides of a causal word: what is the
// cause in the wording must be in the cause of the article, not in the effect.
func (d *draft) sameCause(i, j int) bool {
	s := d.source
	mine, theirs := causeSide(d.reading, i), causeSide(s.reading, j)
	right, wrong, all := 0, 0, 0
	for k, w := range d.words {
		if !w.content || k == i || d.exempt[k] {
			continue
		}
		found := s.warrants(w, s.Tokens[j].Sentence)
		if len(found) == 0 {
			continue
		}
		all++
		inCause := slices.ContainsFunc(found, func(n int) bool { return slices.Contains(theirs, n) })
		inEffect := slices.ContainsFunc(found, func(n int) bool { return !slices.Contains(theirs, n) })
		switch isCause := slices.Contains(mine, k); {
		case isCause && inCause, !isCause && inEffect:
			right++
		default:
			wrong++
		}
	}
	return all > 0 && right > 2*wrong && d.causeWarranted(mine, s.Tokens[j].Sentence)
}

// causeWarranted reports whether the words of the cause stand in the sentence
// of the article that has the causal word.
func (d *draft) causeWarranted(mine []int, at int) bool {
	found, all := 0, 0
	for _, k := range mine {
		if w := d.words[k]; w.content {
			all++
			if len(d.source.warrants(w, at)) > 0 {
				found++
			}
		}
	}
	return 2*found >= all
}

// causeSide lists the tokens that say what the cause is.
func causeSide(r *reading, i int) []int {
	w := r.words[i]
	var root int
	switch w.lemma {
	case "because", "since", "due", "owing", "thanks":
		root = r.Tokens[i].Head // "because" marks a clause, "due to" a noun
		if root < 0 || strings.HasPrefix(r.Tokens[i].Tag, "JJ") && r.Tokens[i].Rel != "case" {
			root = i
		}
	case "blame":
		return subtreeOf(r, r.Child(i, "obj"))
	case "result", "stem":
		for _, k := range r.Children(i) {
			if r.hasCase(k, "of", "from") {
				return subtreeOf(r, k)
			}
		}
		return subtreeOf(r, r.Child(i, "nsubj"))
	case "therefore", "consequently", "hence", "thus":
		return nil
	default:
		if r.passive(i) {
			for _, k := range r.Children(i) {
				if r.hasCase(k, "by") {
					return subtreeOf(r, k)
				}
			}
		}
		return subtreeOf(r, r.Child(i, "nsubj"))
	}
	side := subtreeOf(r, root)
	if i > 0 && r.Tokens[i-1].Sentence == r.Tokens[i].Sentence || root < 0 {
		return side
	}
	// "Because of the ordinance, no warehouse has one": what the parse hangs below
	// the cause after a comma is the effect.
	for _, k := range r.Children(root) {
		first, _ := r.Subtree(k)
		if first > i && first > root && (r.Tokens[first].Text == "," || r.Tokens[first-1].Text == ",") && r.words[k].clause >= 0 && r.clauses[r.words[k].clause].head == k {
			return slices.DeleteFunc(side, func(t int) bool { return t >= first })
		}
	}
	return side
}

func subtreeOf(r *reading, i int) []int {
	if i < 0 {
		return nil
	}
	first, last := r.Subtree(i)
	out := make([]int, 0, last-first)
	for k := first; k < last; k++ {
		out = append(out, k)
	}
	return out
}
