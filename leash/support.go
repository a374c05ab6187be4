package leash

import (
	"fmt"
	"slices"
	"strings"

	"onrecord/quote"
)

// shareElsewhere is the most of a clause's words, by weight, that may come
// from sentences next to the one that it says again.
const shareElsewhere = 0.6

// newWords says which word of the wording the article does not warrant.
//
// A word may come from the sentence that its clause says again, or from one
// that another clause says again; a noun or an adjective also from the
// sentences just before, which is where a pronoun of the article would be
// explained, and from a sentence that names the person or body that it stands
// beside.
func (d *draft) newWords() string {
	s := d.source
	if len(d.used) == 0 {
		return "the article says nothing like it"
	}
	if len(d.used) > maxUsed {
		return "it mixes too many sentences of the article"
	}
	if reason := d.saidTwice(); reason != "" {
		return reason
	}
	for c := range d.clauses {
		all, elsewhere := 0.0, 0.0
		for _, i := range d.clauses[c].tokens {
			w := d.words[i]
			if !w.content || d.exempt[i] || d.inNumber(i) || d.inTime(i) || d.inBound(i) {
				continue
			}
			found := s.candidates(w)
			gain := s.weight(found)
			all += gain
			if j := d.best(w, found, d.at[c]); j >= 0 {
				if reason := d.otherDegree(i, j); reason != "" {
					return reason
				}
				continue
			}
			if d.implied(i) || words().light[w.lemma] && len(found) == 0 {
				continue
			}
			if !d.inFusion(found, d.at[c]) {
				elsewhere += gain
			}
			if !d.warrantedNearby(i, found) && !d.cueWarranted(i) && !d.topic(i, found) {
				return fmt.Sprintf("%q has no warrant there", d.Tokens[i].Text)
			}
		}
		if elsewhere > 0 && !d.isCue(c) && !d.tellsSpeaker(c) && all > 0 && elsewhere/all > shareElsewhere {
			return fmt.Sprintf("the words around %q come from too many places", d.Tokens[d.clauses[c].head].Text)
		}
	}
	return ""
}

// inFusion reports whether a word stands in a sentence that the wording says
// again, next to the one at hand: two sentences made one.
func (d *draft) inFusion(found []int, at int) bool {
	return slices.ContainsFunc(found, func(j int) bool {
		u := d.source.Tokens[j].Sentence
		return u >= at-1 && u <= at+1 && slices.Contains(d.used, u)
	})
}

// tellsSpeaker reports whether clause c only says who a speaker is: "Toril
// Engen, who chairs the union".
func (d *draft) tellsSpeaker(c int) bool {
	h := d.clauses[c].head
	return strings.HasPrefix(d.Tokens[h].Rel, "acl") && slices.ContainsFunc(d.quotes, func(q quote.Quote) bool {
		return slices.ContainsFunc(q.Source, d.Tokens[h].Span.Overlaps)
	})
}

// implied reports whether the article says word i without the word: "refused
// to" is "would not", "plans to" less than "will", "until" the "to" after a
// "from".
func (d *draft) implied(i int) bool {
	s := d.source
	switch w := d.words[i]; {
	case refusals[w.lemma], w.lemma == "plan" || w.lemma == "intend":
		for c := range d.clauses {
			if d.Tokens[d.clauses[c].head].Head != i || d.like[c] < 0 || !d.headMatches(c, d.like[c]) {
				continue
			}
			theirs := s.clauses[d.like[c]]
			if refusals[w.lemma] {
				return theirs.negative && theirs.unreal < 0
			}
			return !theirs.negative && theirs.unreal < 0 && (theirs.mode == future || theirs.mode == would)
		}
	case permits[w.lemma]: // "the law allows her to order" for "under the law she can order"
		for c := range d.clauses {
			if d.Tokens[d.clauses[c].head].Head == i && d.like[c] >= 0 && d.headMatches(c, d.like[c]) {
				return s.clauses[d.like[c]].mode == can && !s.clauses[d.like[c]].negative
			}
		}
	case labels[w.lemma] && strings.HasPrefix(d.Tokens[i].Tag, "NN"):
		return slices.ContainsFunc(d.Children(i), func(k int) bool {
			switch strings.ToLower(d.Tokens[k].Text) {
			case "the", "this", "that", "these", "those":
				return true
			case "a": // "…, a step expected to save money"
				return d.Tokens[i].Rel == "appos" || k > 0 && d.Tokens[k-1].Text == ","
			}
			return false
		})
	case w.lemma == "until" || w.lemma == "till":
		h := d.Tokens[i].Head
		if h < 0 || d.words[h].clause < 0 || !d.hasCase(h, w.lemma) {
			return false
		}
		return slices.ContainsFunc(s.warrants(d.words[h], d.at[d.words[h].clause]), func(j int) bool { return s.hasCase(j, "to") })
	}
	return false
}

// permits are verbs whose object "can".
var permits = set("allow", "permit", "enable", "entitle")

// labels are nouns that take up what was just told: "the decision", "this
// announcement".
var labels = set("decision", "announcement", "development", "statement", "case", "news", "action", "policy", "request", "allegation", "accusation", "claim", "comment",
	"step", "deal", "arrangement", "plan", "project", "effort", "proposal", "outcome", "dispute", "remark", "warning", "pledge", "promise", "argument", "explanation", "account", "version",
	"comparison", "criticism", "complaint", "charge", "assessment", "estimate", "ruling", "story", "matter", "practice", "approach", "programme", "scheme")

// maxUsed is how many sentences of the article one sentence may bring
// together.
const maxUsed = 3

// best gives the first token of the sentence at among those found, of the same
// degree if there is one, -1 for none.
func (d *draft) best(w word, found []int, at int) int {
	first := -1
	for _, j := range found {
		if d.source.Tokens[j].Sentence != at {
			continue
		}
		if d.source.words[j].degree == w.degree {
			return j
		}
		if first < 0 {
			first = j
		}
	}
	return first
}

// otherDegree says that "larger" was made "largest", or the other way round.
func (d *draft) otherDegree(i, j int) string {
	a, b := d.words[i].degree, d.source.words[j].degree
	if a == b || strings.EqualFold(d.Tokens[i].Text, d.source.Tokens[j].Text) || a == 0 && b == 'c' || b == 0 && a == 'c' && !strings.HasSuffix(strings.ToLower(d.Tokens[i].Text), "er") {
		return ""
	}
	if (a == 's') != (b == 's') {
		return fmt.Sprintf("%q and %q differ in degree", d.Tokens[i].Text, d.source.Tokens[j].Text)
	}
	return ""
}

func (d *draft) warrantedNearby(i int, found []int) bool {
	s := d.source
	tag := d.Tokens[i].Tag
	noun := strings.HasPrefix(tag, "NN") || strings.HasPrefix(tag, "JJ") || tag == "CD"
	for _, j := range found {
		at := s.Tokens[j].Sentence
		if slices.Contains(d.used, at) {
			return true
		}
		if !noun || words().guarded[d.words[i].lemma] || d.words[i].degree != 0 || timeUnits[d.words[i].lemma] ||
			d.words[i].keys[0] != s.words[j].keys[0] || tag[:2] != s.Tokens[j].Tag[:min(2, len(s.Tokens[j].Tag))] {
			continue
		}
		for _, u := range d.used {
			if at <= u && at >= u-nearby || s.describes(j, u) {
				return true
			}
		}
	}
	return noun && slices.ContainsFunc(d.beside(i), func(at int) bool {
		return slices.ContainsFunc(found, func(j int) bool { return s.Tokens[j].Sentence == at })
	})
}

// nearby is how many sentences before its own a noun may be taken from: what
// a pronoun or "the plan" there stands for.
const nearby = 4

// beside lists the sentences of the article that name the person or body whose
// name stands in one noun phrase with token i.
func (d *draft) beside(i int) []int {
	var out []int
	add := func(k int) {
		if isName(d.Tokens[k]) {
			for _, j := range d.source.names[d.Tokens[k].Text] {
				out = append(out, d.source.Tokens[j].Sentence)
			}
		}
	}
	for h, steps := i, 0; h >= 0 && steps < 6; h, steps = d.Tokens[h].Head, steps+1 {
		add(h)
		for _, k := range d.Children(h) {
			if r := d.Tokens[k].Rel; r == "appos" || r == "flat" || r == "compound" || r == "nmod" || r == "nmod:poss" {
				add(k)
			}
		}
		switch d.Tokens[h].Rel {
		case "appos", "compound", "amod", "nmod", "nmod:poss", "flat", "conj", "nummod":
		default:
			return out
		}
	}
	return out
}

func (r *reading) inNumber(i int) bool {
	for _, n := range r.Numbers {
		if r.Tokens[i].Start >= n.Figure.Start && r.Tokens[i].End <= n.Figure.End {
			return true
		}
	}
	return false
}

// inBound reports whether token i says how exact a figure is: "nearly" of
// "nearly 1.9 million", which wrongNumber looks at.
func (r *reading) inBound(i int) bool {
	for _, n := range r.Numbers {
		if n.Bound != "" && r.words[i].lemma != "some" && r.Tokens[i].Start >= n.Span.Start && r.Tokens[i].End <= n.Figure.Start {
			return true
		}
	}
	return false
}

func (r *reading) inTime(i int) bool {
	first, last := r.TimesIn(r.Tokens[i].Span)
	return first < last
}

// describes reports whether token j says what somebody or something is that
// sentence u names: "the Black Adder coal mine" for a sentence about Black
// Adder.
func (s *Source) describes(j, u int) bool {
	for n, last := s.MentionsIn(s.Sentences[u].Span); n < last; n++ {
		for _, m := range s.Entities[s.Mentions[n].Entity].Mentions {
			if s.Mentions[m].First > j+maxDescription || s.Mentions[m].Last < j-maxDescription || s.Tokens[s.Mentions[m].First].Sentence != s.Tokens[j].Sentence {
				continue
			}
			head := s.Mentions[m].First
			for steps := 0; steps < 4; steps++ {
				h := s.Tokens[head].Head
				if h < 0 {
					break
				}
				switch s.Tokens[head].Rel {
				case "flat", "compound", "amod", "appos":
					head = h
				default:
					steps = 4
				}
				if head == j {
					return true
				}
			}
			if s.Tokens[j].Rel == "appos" && s.Mentions[m].First <= s.Tokens[j].Head && s.Tokens[j].Head < s.Mentions[m].Last {
				return true
			}
		}
	}
	return false
}

// maxDescription is how many tokens a description may stand from the name.
const maxDescription = 8

// topic reports whether token i is what the article is about, a noun that
// several of its sentences have: "the mine", "the council".
func (d *draft) topic(i int, found []int) bool {
	s := d.source
	w, tag := d.words[i], d.Tokens[i].Tag
	if tag != "NN" && tag != "NNS" || timeUnits[w.lemma] || len(w.keys) == 0 {
		return false
	}
	n, last := 0, -1
	for _, j := range found {
		if at := s.Tokens[j].Sentence; at != last && s.words[j].keys[0] == w.keys[0] && strings.HasPrefix(s.Tokens[j].Tag, "N") {
			n, last = n+1, at
		}
	}
	return n >= topicSentences
}

// topicSentences is in how many sentences a noun must stand to be what the
// article is about.
const topicSentences = 3

// cueWarranted reports whether token i is how the article puts what that
// speaker says: "rejected" of the company that rejects something.
func (d *draft) cueWarranted(i int) bool {
	s := d.source
	for n := range d.quotes {
		if !slices.ContainsFunc(d.quotes[n].Cue, d.Tokens[i].Span.Overlaps) {
			continue
		}
		v := d.voiceOf(n)
		for k := range s.quotes {
			q := &s.quotes[k]
			if len(q.Cue) == 0 || !d.sameSpeaker(v, q) || !d.near(s.SentenceAt(q.Cue[0].Start)) {
				continue
			}
			for _, span := range q.Cue {
				first, last := s.TokensIn(span)
				for j := first; j < last; j++ {
					if match(d.words[i], s.words[j]) {
						return true
					}
				}
			}
		}
	}
	return false
}

// near reports whether sentence at is one that the wording says again, or
// stands next to one.
func (d *draft) near(at int) bool {
	return slices.ContainsFunc(d.used, func(u int) bool { return at >= u-2 && at <= u+2 })
}

// saidTwice says which verb the wording has more often than the article's
// sentences have it: "rose … while … rose" for "rose … while … fell".
func (d *draft) saidTwice() string {
	s := d.source
	by := map[int]int{}
	for i, w := range d.words {
		if !w.content || d.exempt[i] || !strings.HasPrefix(d.Tokens[i].Tag, "VB") {
			continue
		}
		var at []int
		for _, u := range d.used {
			at = append(at, s.warrants(w, u)...)
		}
		if len(at) != 1 {
			continue
		}
		if before, ok := by[at[0]]; ok && d.words[before].keys[0] == w.keys[0] {
			return fmt.Sprintf("%q stands there once", d.Tokens[i].Text)
		}
		by[at[0]] = i
	}
	return ""
}
