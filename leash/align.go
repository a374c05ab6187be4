package leash

import (
	"math"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"onrecord/nlp"
)

// index prepares the article for look-ups.
func (s *Source) index() {
	s.byKey = map[string][]int{}
	s.names = map[string][]int{}
	s.exact = map[string]bool{}
	s.own = map[string]int{}
	for n := len(s.Sentences) - 1; n >= 0; n-- {
		text := s.Sentences[n].Text(s.Text)
		s.own[text], s.own[strings.Join(strings.Fields(text), " ")] = n, n
	}
	for i, w := range s.words {
		for _, k := range w.keys {
			if at := s.byKey[k]; len(at) == 0 || at[len(at)-1] != i {
				s.byKey[k] = append(at, i)
			}
		}
		s.exact[s.Tokens[i].Text] = true
		if isName(s.Tokens[i]) {
			s.names[s.Tokens[i].Text] = append(s.names[s.Tokens[i].Text], i)
		}
	}
}

// draft is a wording beside the article.
type draft struct {
	*reading
	source *Source
	at     []int  // by clause: the sentence of the article that it says again, -1 for none
	like   []int  // by clause: the clause of the article, -1 for none
	used   []int  // sentences of the article that some clause says again, in text order
	exempt []bool // by token: the words that say who says it, which voices.go looks at
}

// candidates are the tokens of the article that a word may stand for.
func (s *Source) candidates(w word) []int {
	var out []int
	for _, k := range w.keys {
		out = append(out, s.byKey[k]...)
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// weight is how much a match of w says: a rare word more than a common one
// (inverse document frequency over sentences; Spärck Jones 1972).
func (s *Source) weight(candidates []int) float64 {
	n, last := 0, -1
	for _, i := range candidates {
		if at := s.Tokens[i].Sentence; at != last {
			n, last = n+1, at
		}
	}
	return math.Log(1 + float64(len(s.Sentences))/float64(max(n, 1)))
}

// align finds for each clause the sentence and the clause of the article that
// it says again.
func (d *draft) align() {
	s := d.source
	d.exempt = make([]bool, len(d.Tokens))
	d.markSpeakers()
	whole := make([]float64, len(s.Sentences))
	each := make([][]float64, len(d.clauses))
	for c := range d.clauses {
		each[c] = make([]float64, len(s.Sentences))
	}
	for i, w := range d.words {
		if !w.content || w.clause < 0 || d.exempt[i] {
			continue
		}
		cue := d.clauses[w.clause].head == i && d.isCue(w.clause) && d.hasBelow(w.clause) // goes where what is said goes
		found := s.candidates(w)
		gain, last := s.weight(found), -1
		if e := d.Tokens[i].Entity; e >= 0 && d.Entities[e].Kind == nlp.Person {
			gain *= personWeight
		}
		for _, j := range found {
			if at := s.Tokens[j].Sentence; at != last {
				whole[at] += gain
				if !cue {
					each[w.clause][at] += gain
				}
				last = at
			}
		}
	}
	d.at, d.like = make([]int, len(d.clauses)), make([]int, len(d.clauses))
	for c := range d.clauses {
		best, most := -1, 0.0
		about := d.described(c, each[c])
		for at := range s.Sentences {
			if each[c][at] == 0 || len(about) > 0 && !slices.Contains(about, at) {
				continue
			}
			if got := each[c][at] + togetherWeight*whole[at]; got > most+1e-9 {
				best, most = at, got
			}
		}
		d.at[c] = best
	}
	for c := range d.clauses {
		d.followVerb(c, each[c])
	}
	for c := range d.clauses {
		for k := range d.clauses { // "he did not say": where what he did not say stands
			if d.at[c] < 0 && d.clauses[k].parent == c {
				d.at[c] = d.at[k]
			}
		}
		if d.isCue(c) {
			for k := range d.clauses {
				if d.clauses[k].parent == c && d.words[d.clauses[k].head].quote >= 0 && d.at[k] >= 0 {
					d.at[c] = d.at[k] // who says it goes where what is said goes
					break
				}
			}
		}
		for p := d.clauses[c].parent; p >= 0 && d.at[c] < 0; p = d.clauses[p].parent {
			d.at[c] = d.at[p]
		}
		if d.at[c] >= 0 && !slices.Contains(d.used, d.at[c]) {
			d.used = append(d.used, d.at[c])
		}
		d.like[c] = d.clauseLike(c)
	}
	slices.Sort(d.used)
}

// described lists the sentences that name the person or body of which clause c
// tells more, as in "Emil Castan, a biologist involved in the study", and have
// other words of the clause; none when it is no such clause.
func (d *draft) described(c int, each []float64) []int {
	s := d.source
	head := d.clauses[c].head
	if !strings.HasPrefix(d.Tokens[head].Rel, "acl") {
		return nil
	}
	top := d.Tokens[head].Head
	for steps := 0; top >= 0 && steps < 6 && slices.Contains([]string{"appos", "flat", "compound"}, d.Tokens[top].Rel); steps++ {
		top = d.Tokens[top].Head
	}
	if top < 0 {
		return nil
	}
	var out []int
	first, _ := d.Subtree(top)
	for i := first; i < head; i++ {
		if !isName(d.Tokens[i]) || d.words[i].clause == c {
			continue
		}
		for _, j := range s.names[d.Tokens[i].Text] {
			if at := s.Tokens[j].Sentence; each[at] > 0 && !slices.Contains(out, at) {
				out = append(out, at)
			}
		}
	}
	return out
}

// hasBelow reports whether there is a clause inside clause c.
func (d *draft) hasBelow(c int) bool {
	return slices.ContainsFunc(d.clauses, func(k clause) bool { return k.parent == c })
}

// personWeight is how much the name of a person counts: the article may have "she"
// there.
const personWeight = 0.5

// togetherWeight is how much it counts for a sentence that the rest of the
// wording is found there too.
const togetherWeight = 0.5

// clauseLike gives the clause of the article that says most of what c says.
func (d *draft) clauseLike(c int) int {
	s := d.source
	if d.at[c] < 0 {
		return -1
	}
	got := map[int]float64{}
	tells := d.tells(c)
	for _, i := range d.clauses[c].tokens {
		w := d.words[i]
		if i == d.clauses[c].head && len(w.keys) > 0 {
			// whether it needs a warrant or not
		} else if !w.content || d.exempt[i] {
			continue
		}
		found := s.candidates(w)
		gain := s.weight(found)
		if i == d.clauses[c].head {
			gain *= 2
		}
		seen := map[int]bool{}
		for _, j := range found {
			k := s.words[j].clause
			if s.Tokens[j].Sentence != d.at[c] || k < 0 || seen[k] {
				continue
			}
			seen[k] = true
			got[k] += gain
			if slices.Contains(tells, i) && slices.Contains(s.tells(k), j) {
				got[k] += 3 * gain
			}
		}
	}
	best := -1
	for k := range s.clauses { // in text order, so that the result is always the same
		if got[k] > 0 && (best < 0 || got[k] > got[best]+1e-9) {
			best = k
		}
	}
	return best
}

// from lists the sentences of the article that the wording was held against.
func (d *draft) from() []nlp.Span {
	var out []nlp.Span
	for _, at := range d.used {
		out = append(out, d.source.Sentences[at].Span)
	}
	return out
}

// warrants are the tokens of the article's sentence at that w may stand for.
func (s *Source) warrants(w word, at int) []int {
	var out []int
	for _, j := range s.candidates(w) {
		if s.Tokens[j].Sentence == at {
			out = append(out, j)
		}
	}
	return out
}

// isName reports whether a token is written and used as a name.
func isName(t nlp.Token) bool {
	return upper(t.Text) && (t.Tag == "NNP" || t.Tag == "NNPS" || t.Entity >= 0)
}

func upper(s string) bool {
	r, _ := utf8.DecodeRuneInString(s)
	return unicode.IsUpper(r)
}

// followVerb moves a clause to the sentence next to its own that has its verb,
// if its own has not: there it is said whether that is so.
func (d *draft) followVerb(c int, each []float64) {
	s := d.source
	head := d.clauses[c].head
	w, at := d.words[head], d.at[c]
	if at < 0 || d.exempt[head] || words().free[w.lemma] || !strings.HasPrefix(d.Tokens[head].Tag, "VB") || d.isCue(c) || len(s.warrants(w, at)) > 0 {
		return
	}
	for _, u := range []int{at + 1, at - 1, at + 2, at - 2} {
		if u >= 0 && u < len(s.Sentences) && 2*each[u] >= each[at] && len(s.warrants(w, u)) > 0 {
			d.at[c] = u
			return
		}
	}
}
