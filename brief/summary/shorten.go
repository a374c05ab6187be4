package summary

import (
	"slices"
	"strings"

	"onrecord/nlp"
	"onrecord/quote"
)

// cut is a piece that a sentence can do without: tokens [first, last).
type cut struct {
	first, last int
	link        bool // it only ties the sentence to the one before
	framed      bool // its bounds are plain without the tree
}

// shorter lists the wordings of sentence i that are shorter than the whole, as
// parts of it: with all safe cuts made, and with each alone.
//
// Cut are pieces that stand beside the statement: an aside in brackets or
// dashes, a relative clause between commas, a description behind a name, the
// "however" of the sentence before, the day on which somebody said it. A piece
// is safe when it holds no figure, no negation, no hedge, no attribution of
// what stays, and no word of cause, condition, order or intent; when the commas
// around it and the verb behind it show that the parse is right; and when the
// sentence holds nothing that makes its bounds doubtful. In doubt the sentence
// stays whole.
func (r *reading) shorter(i int, whole nlp.Span) [][]nlp.Span {
	cuts := r.cuts(i, whole)
	if len(cuts) == 0 {
		return nil
	}
	out := [][]nlp.Span{r.without(i, whole, cuts)}
	for k := range cuts {
		if len(cuts) > 1 {
			out = append(out, r.without(i, whole, cuts[k:k+1]))
		}
	}
	return out
}

// maxCuts bounds the wordings of one sentence.
const maxCuts = 4

// cuts finds the safe cuts of sentence i, in text order, apart from each other.
func (r *reading) cuts(i int, whole nlp.Span) []cut {
	sent := r.Sentences[i]
	if r.doubtful(sent, whole) {
		return nil
	}
	var out []cut
	add := func(c cut, found bool) {
		if found && len(out) < maxCuts && r.Tokens[c.first].Start >= whole.Start && (len(out) == 0 || out[len(out)-1].last < c.first) && r.safe(c) {
			out = append(out, c)
		}
	}
	for k := sent.First; k < sent.Last; k++ {
		switch r.Tokens[k].Text {
		case "(":
			add(r.bracketed(k, sent))
		case "—", "–", "--":
			add(r.dashed(k, sent))
		case ",":
			if c, found := r.connective(k, sent); found {
				add(c, true)
			} else if c, found := r.relative(k, sent); found {
				add(c, true)
			} else {
				add(r.described(k, sent))
			}
		default:
			if k == sent.First {
				add(r.opener(k, sent))
			} else {
				add(r.saidOn(k, sent))
			}
		}
	}
	return out
}

// without gives the parts of a sentence that are left.
func (r *reading) without(i int, whole nlp.Span, cuts []cut) []nlp.Span {
	var parts []nlp.Span
	from := whole.Start
	for _, c := range cuts {
		if c.first > r.Sentences[i].First && r.Tokens[c.first-1].End > from {
			parts = append(parts, nlp.Span{Start: from, End: r.Tokens[c.first-1].End})
		}
		from = r.Tokens[c.last].Start
	}
	return append(parts, nlp.Span{Start: from, End: whole.End})
}

// doubtful reports whether a sentence is better left whole: it holds direct
// speech, whose words are not ours to cut, or a full stop inside, where a
// sentence boundary may have been missed, or marks that do not pair.
func (r *reading) doubtful(sent nlp.Sentence, whole nlp.Span) bool {
	brackets := 0
	for k := sent.First; k < sent.Last; k++ {
		t := r.Tokens[k]
		switch t.Text {
		case "“", "”", `"`, "''", "``", ";", ":", "…", "...", "?", "!":
			return true
		case "(":
			brackets++
		}
		if t.Start >= whole.Start && k+1 < sent.Last && strings.HasSuffix(t.Text, ".") && r.Tokens[k+1].Start > t.End {
			return true
		}
	}
	return brackets > 1 || r.Root(r.SentenceAt(sent.Start)) < 0 || strings.ContainsAny(whole.Text(r.Text), "\n\r\v\f\u0085\u2028\u2029")
}

// safe reports whether a cut leaves out nothing that the truth of the rest may
// hang on.
func (r *reading) safe(c cut) bool {
	first, last := c.first, c.last
	for first < last && isPunct(r.Tokens[first].Text) {
		first++
	}
	for last > first && isPunct(r.Tokens[last-1].Text) {
		last--
	}
	span := r.SpanOf(first, last)
	from, to := r.NumbersIn(span)
	if to > from || strings.ContainsAny(span.Text(r.Text), "0123456789") {
		return false
	}
	for k := c.first; k < c.last; k++ {
		t := r.Tokens[k]
		low := strings.ToLower(t.Text)
		if t.Tag == "CD" || t.Tag == "MD" || !c.link && (weighty[low] || weighty[t.Lemma]) || r.said[k] {
			return false
		}
		// Nothing outside may hang on it.
		if c.framed || t.Head >= 0 && (t.Head < c.first || t.Head >= c.last) {
			continue
		}
		for _, child := range r.Children(k) {
			if (child < c.first || child >= c.last) && r.Tokens[child].Rel != "punct" {
				return false
			}
		}
	}
	for _, q := range r.quotes {
		if !separable(span, q) {
			return false
		}
	}
	return true
}

// separable reports whether a cut leaves a quotation and its attribution
// together: both stay, or both go.
func separable(span nlp.Span, q quote.Quote) bool {
	touched, left := false, false
	for _, list := range [][]nlp.Span{q.Content, q.Cue, q.Source} {
		for _, s := range list {
			if s.Overlaps(span) {
				touched = true
			}
			if !span.Contains(s) {
				left = true
			}
		}
	}
	if !touched || !left {
		return true
	}
	// Something inside what is said, or inside the long name of who says it, may
	// go, so long as the cue and the head of the source stay.
	for _, s := range q.Cue {
		if s.Overlaps(span) {
			return false
		}
	}
	inside := func(list []nlp.Span) bool {
		return slices.ContainsFunc(list, func(s nlp.Span) bool { return s.Contains(span) && s.Start < span.Start })
	}
	return inside(q.Content) || inside(q.Source)
}

// bracketed finds an aside in brackets that opens at token k.
func (r *reading) bracketed(k int, sent nlp.Sentence) (cut, bool) {
	for j := k + 1; j < sent.Last; j++ {
		switch r.Tokens[j].Text {
		case "(":
			return cut{}, false
		case ")":
			return cut{first: k, last: j + 1}, k > sent.First && j+1 < sent.Last && j > k+1
		}
	}
	return cut{}, false
}

// dashed finds an aside between the only two dashes of the sentence.
func (r *reading) dashed(k int, sent nlp.Sentence) (cut, bool) {
	var dashes []int
	for j := sent.First; j < sent.Last; j++ {
		switch r.Tokens[j].Text {
		case "—", "–", "--", "-":
			if r.Tokens[j].Start > r.Tokens[max(j-1, sent.First)].End || r.Tokens[j].Text == "—" {
				dashes = append(dashes, j)
			}
		}
	}
	if len(dashes) != 2 || dashes[0] != k || k == sent.First {
		return cut{}, false
	}
	last := dashes[1] + 1
	return cut{first: k, last: last}, last < sent.Last && last-k > 2 && !isPunct(r.Tokens[last].Text) && r.rises(k-1, last)
}

// rises reports whether the words before and behind a cut belong together in
// the tree: one of the words behind governs one before it, or the other way
// round, within a few words.
func (r *reading) rises(before, behind int) bool {
	sent := r.Sentences[r.Tokens[before].Sentence]
	for j := behind; j < min(behind+4, sent.Last); j++ {
		if h := r.Tokens[j].Head; h >= sent.First && h <= before {
			return true
		}
		for _, c := range r.Children(j) {
			if c <= before && r.Tokens[c].Rel != "punct" {
				return true
			}
		}
	}
	return false
}

// connective finds a ", however," at token k.
func (r *reading) connective(k int, sent nlp.Sentence) (cut, bool) {
	for n := 1; n <= 2; n++ {
		if k+n+1 >= sent.Last || r.Tokens[k+n+1].Text != "," || k == sent.First {
			continue
		}
		if connectives[strings.ToLower(nlp.Span{Start: r.Tokens[k+1].Start, End: r.Tokens[k+n].End}.Text(r.Text))] && k+n+2 < sent.Last {
			return cut{first: k, last: k + n + 2, link: true}, true
		}
	}
	return cut{}, false
}

// opener finds a "Meanwhile," or "But" that ties the sentence to the one before,
// in front of a name, whose capital then opens the sentence.
func (r *reading) opener(k int, sent nlp.Sentence) (cut, bool) {
	low := strings.ToLower(r.Tokens[k].Text)
	last := k + 1
	switch {
	case low == "but" || low == "and":
	case connectives[low] && last < sent.Last && r.Tokens[last].Text == ",":
		last++
	default:
		return cut{}, false
	}
	return cut{first: k, last: last, link: true}, last+4 < sent.Last && r.Tokens[last].Entity >= 0 && strings.HasPrefix(r.Tokens[last].Tag, "NNP")
}

// relative finds a relative clause between commas that opens at the comma k:
// ", who lives in Reed," before the verb, or at the end of the sentence.
func (r *reading) relative(k int, sent nlp.Sentence) (cut, bool) {
	if k == sent.First || k+3 >= sent.Last {
		return cut{}, false
	}
	switch strings.ToLower(r.Tokens[k+1].Text) {
	case "who", "whose", "which":
	default:
		return cut{}, false
	}
	if r.framed(k, sent) {
		last := k + 2
		for r.Tokens[last].Text != "," {
			last++
		}
		return cut{first: k, last: last + 1, framed: true}, true
	}
	// The verb of the clause: what the pronoun hangs on, up to the clause's head.
	head := k + 1
	for r.Tokens[head].Head > k && !strings.HasPrefix(r.Tokens[head].Rel, "acl") {
		head = r.Tokens[head].Head
	}
	if !strings.HasPrefix(r.Tokens[head].Rel, "acl") || r.Tokens[head].Head >= k || r.Tokens[head].Head < sent.First {
		return cut{}, false
	}
	first, last := r.Subtree(head)
	if first < k || first > k+1 || !hasFiniteVerb(r.Tokens[k+1:last]) {
		return cut{}, false
	}
	if r.Tokens[last-1].Text == "," {
		last--
	}
	// A second clause with a subject of its own may not be part of it.
	for j := k + 2; j < last; j++ {
		if r.Tokens[j].Rel == "conj" && strings.HasPrefix(r.Tokens[j].Tag, "VB") && r.Child(j, "nsubj", "nsubj:pass") > k+1 {
			return cut{}, false
		}
	}
	return r.closed(k, last, sent)
}

// framed reports whether the sentence reads "subject, who …, verb …" with one
// finite verb in the clause, so that its bounds are plain whatever the parser
// made of it.
func (r *reading) framed(k int, sent nlp.Sentence) bool {
	if k-sent.First > 6 || hasFiniteVerb(r.Tokens[sent.First:k]) || r.Tokens[sent.First].Tag == "IN" {
		return false
	}
	for j := sent.First; j < k; j++ {
		if r.Tokens[j].Text == "," || r.Tokens[j].Tag == "CC" {
			return false
		}
	}
	verbs, closed := 0, false
	for j := k + 1; j+1 < sent.Last; j++ {
		t := r.Tokens[j]
		finite := isFinite(t)
		switch {
		case t.Text == "," && !closed:
			if verbs != 1 || !isFinite(r.Tokens[j+1]) {
				return false
			}
			closed = true
		case t.Text == "," && isFinite(r.Tokens[j+1]):
			return false // "who shouted, kicked and ran, was arrested"
		case !closed && (finite || t.Tag == "CC"):
			if verbs++; verbs > 1 {
				return false
			}
		}
	}
	return closed
}

// closed bounds an aside that opens at the comma k and whose words end before
// token last: at the end of the sentence, or at a comma behind which the verb
// of the sentence goes on.
func (r *reading) closed(k, last int, sent nlp.Sentence) (cut, bool) {
	if last == sent.Last-1 && r.Tokens[last].Text == "." {
		return cut{first: k, last: last}, true
	}
	if last+2 >= sent.Last || r.Tokens[last].Text != "," {
		return cut{}, false
	}
	next := r.Tokens[last+1]
	if !isFinite(next) {
		return cut{}, false
	}
	// The verb, or what it helps, has its subject before the aside.
	for j := last + 1; j < min(last+6, sent.Last); j++ {
		s := r.Child(j, "nsubj", "nsubj:pass")
		if s >= 0 && s < k && (j == last+1 || r.Tokens[last+1].Head == j) {
			return cut{first: k, last: last + 1}, true
		}
	}
	return cut{}, false
}

// described finds a description behind a person's name, between commas that
// open at k and before the verb: ", a nurse from Reed,".
func (r *reading) described(k int, sent nlp.Sentence) (cut, bool) {
	if k == sent.First || k+3 >= sent.Last {
		return cut{}, false
	}
	e := r.Tokens[k-1].Entity
	if e < 0 || r.Entities[e].Kind != nlp.Person {
		return cut{}, false
	}
	switch strings.ToLower(r.Tokens[k+1].Text) {
	case "a", "an", "the", "his", "her", "its", "their":
	default:
		return cut{}, false
	}
	for j := k + 1; j < sent.Last; j++ {
		t := r.Tokens[j]
		switch {
		case t.Text == ",":
			c, found := r.closed(k, j, sent)
			return c, found && c.last < sent.Last-1 && !r.listed(k, j)
		case t.Tag == "CC" && r.Tokens[j].Head >= 0 && r.Tokens[r.Tokens[j].Head].Entity >= 0:
			return cut{}, false
		case isPunct(t.Text), isFinite(t):
			return cut{}, false
		}
	}
	return cut{}, false
}

// listed reports whether the name before a comma is one of a list.
func (r *reading) listed(k, last int) bool {
	m := r.MentionAt(k - 1)
	if m < 0 {
		return true
	}
	for j := r.Mentions[m].First; j < k; j++ {
		if r.Tokens[j].Rel == "conj" || r.Child(j, "conj") >= 0 {
			return true
		}
	}
	return r.Tokens[last+1].Tag == "CC"
}

// saidOn finds the day behind a word of saying: "said on Tuesday".
func (r *reading) saidOn(k int, sent nlp.Sentence) (cut, bool) {
	t := r.Tokens[k]
	if !strings.EqualFold(t.Text, "on") || k+2 >= sent.Last || k == sent.First {
		return cut{}, false
	}
	day := r.Tokens[k+1]
	switch day.Text {
	case "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday":
	default:
		return cut{}, false
	}
	said := r.Tokens[k-1]
	if said.Lemma != "say" || said.Tag != "VBD" || day.Head != k-1 {
		return cut{}, false
	}
	switch next := r.Tokens[k+2]; {
	case next.Tag == "DT", next.Tag == "PRP", next.Tag == "PRP$", strings.HasPrefix(next.Tag, "NNP"), next.Text == ".", next.Text == "that":
		return cut{first: k, last: k + 2}, true
	}
	return cut{}, false
}
