package factcheck

import (
	"slices"
	"strings"

	"onrecord/nlp"
	"onrecord/quote"
)

// This file says what "the bridge", "the agency", "the attack", "both countries"
// and "here" mean.

// those completes "those who were hurt" by what the sentence before says of
// the same verb.
func (r *reading) those(w *wording, last, i int) {
	verb := -1
	for k := i + 1; k < min(last, i+5); k++ {
		if strings.HasPrefix(r.Tokens[k].Tag, "VB") && r.Tokens[k].Rel != "aux" && r.Tokens[k].Rel != "aux:pass" && r.Tokens[k].Lemma != "be" {
			verb = k
			break
		}
	}
	s := r.Tokens[i].Sentence - 1
	if verb < 0 || s < 0 {
		return
	}
	from, to := r.scan(s, len(r.Tokens))
	for k := from; k < to; k++ {
		if r.Tokens[k].Lemma != r.Tokens[verb].Lemma || !strings.HasPrefix(r.Tokens[k].Tag, "VB") {
			continue
		}
		if o := r.Child(k, "obj", "nsubj:pass"); o >= 0 && strings.HasPrefix(r.Tokens[o].Tag, "NN") && r.short(o) {
			text, span := r.phraseAt(o)
			r.explain(w, i, text, span)
			return
		}
	}
}

// both completes "both countries" by the two that the sentences before name.
func (r *reading) both(w *wording, first, last, i int) {
	if i+1 >= last || r.Tokens[i+1].Tag != "NNS" {
		return
	}
	var is func(nlp.Entity) bool
	switch r.Tokens[i+1].Lemma {
	case "country", "nation":
		is = func(e nlp.Entity) bool { _, known := nlp.Country(e.Name); return e.Kind == nlp.Place && known }
	case "company", "firm", "agency", "club", "bank", "council", "organisation", "organization":
		is = func(e nlp.Entity) bool { return e.Kind == nlp.Organisation }
	case "man":
		is = func(e nlp.Entity) bool { return fits(e, nlp.Masculine) }
	case "woman":
		is = func(e nlp.Entity) bool { return fits(e, nlp.Feminine) }
	default:
		return
	}
	var found []int
	for s := r.Tokens[i].Sentence; s >= max(r.Tokens[i].Sentence-reach, 0) && len(found) < 2; s-- {
		from, to := r.scan(s, i)
		for k := from; k < to; k++ {
			if e := r.Tokens[k].Entity; e >= 0 && is(r.Entities[e]) && !slices.Contains(found, e) {
				found = append(found, e)
			}
		}
	}
	if len(found) != 2 {
		w.unclear = append(w.unclear, "which “"+r.text(i, i+2)+"”")
		return
	}
	slices.Sort(found)
	if r.namedIn(first, i, found[0]) {
		return
	}
	w.insert(r.Tokens[i+1].End, r.Entities[found[0]].Name, r.fullMention(found[0]))
	w.insert(r.Tokens[i+1].End, "and "+r.Entities[found[1]].Name, r.fullMention(found[1]))
}

// here says where "here" is, in the article's own voice: the place of its
// dateline.
func (r *reading) here(w *wording, c candidate, i int) {
	if r.said[i] >= 0 && r.quotes[r.said[i]].Type != quote.Indirect || c.quote >= 0 && r.verbatim(c, i) {
		return
	}
	if r.dateline == "" {
		return
	}
	if at := strings.Index(r.Text[:r.Body], r.dateline); at >= 0 {
		w.insert(r.Tokens[i].End, "in "+r.dateline, nlp.Span{Start: at, End: at + len(r.dateline)})
	}
}

// definite completes "the agency", "the country", "the attack": a bare noun
// with "the" whose full form stands before.
func (r *reading) definite(w *wording, first, last, i int) {
	t := r.Tokens[i]
	if t.Entity >= 0 || i == first || r.counted(t) || !strings.EqualFold(r.Tokens[i-1].Text, "the") || i-1 < first {
		return
	}
	for _, k := range r.Children(i) {
		switch r.Tokens[k].Rel {
		case "det", "punct", "case":
		default:
			return // it says itself which one
		}
	}
	if t.Rel == "compound" || i+1 < last && (strings.HasPrefix(r.Tokens[i+1].Tag, "NN") || strings.EqualFold(r.Tokens[i+1].Text, "of") || r.Tokens[i+1].Tag == "WDT") {
		return
	}
	switch {
	case t.Lemma == "country" || t.Lemma == "nation":
		r.country(w, first, i)
	case t.Tag == "NN" && referenceLists().heads[t.Lemma] && r.namedHead(w, first, last, i):
	case t.Tag == "NN" && referenceLists().bodies[t.Lemma] && r.anyBody(w, first, last, i):
	case r.event(w, i):
	default:
		r.sameNoun(w, first, i)
	}
}

// country names the one country that the sentence names before token i.
func (r *reading) country(w *wording, first, i int) {
	found, at := -1, -1
	from, to := r.scan(r.Tokens[i].Sentence, i)
	for k := from; k < to; k++ {
		e := r.Tokens[k].Entity
		if e < 0 || r.Entities[e].Kind != nlp.Place || e == found {
			continue
		}
		if _, known := nlp.Country(r.Entities[e].Name); !known {
			continue
		}
		if found >= 0 {
			return // two countries: the sentence itself must tell
		}
		found, at = e, k
	}
	if found < 0 || i-at < 5 {
		return // "Mexico and the country’s …": plain enough
	}
	r.explain(w, i, r.Entities[found].Name, r.holder(at))
}

// holder is the noun phrase whose modifier token k is ("a bridge leading to
// Mexico"), else the name at k itself.
func (r *reading) holder(k int) nlp.Span {
	m := r.MentionAt(k)
	if m < 0 {
		return r.Tokens[k].Span
	}
	h := r.Tokens[k].Head
	if h >= 0 && r.Tokens[h].Rel == "acl" && r.Tokens[h].Head >= 0 && r.Tokens[h].Head < k {
		a, _ := r.NounPhrase(r.Tokens[h].Head)
		return r.SpanOf(a, r.Mentions[m].Last)
	}
	return r.Mentions[m].Span
}

// namedHead completes "the bridge" by the one name before that ends so.
func (r *reading) namedHead(w *wording, first, last, i int) bool {
	var found []int
	for _, e := range r.index().last[strings.ToLower(r.Tokens[i].Text)] {
		if r.Mentions[r.Entities[e].Mentions[0]].First < i {
			found = append(found, e)
		}
	}
	switch {
	case len(found) == 0 || r.indefinite(i):
		return false
	case len(found) > 1:
		if r.opens(first, i-1) {
			w.unclear = append(w.unclear, "which "+r.Tokens[i].Text+": "+strings.Join(r.namesOf(found), " or "))
		}
		return true
	case !r.namedIn(first, last, found[0]):
		r.explain(w, i, r.Entities[found[0]].Name, r.fullMention(found[0]))
	}
	return true
}

// indefinite reports whether "a bridge" stands in the sentences before the
// "the bridge" at token i, nearer than any name.
func (r *reading) indefinite(i int) bool {
	from := max(r.Sentences[max(r.Tokens[i].Sentence-reach, 0)].First, i-mostTokens)
	for k := i - 2; k >= from; k-- {
		if r.Tokens[k].Lemma != r.Tokens[i].Lemma && !strings.EqualFold(r.Tokens[k].Text, r.Tokens[i].Text) {
			continue
		}
		if r.Tokens[k].Entity >= 0 {
			return false
		}
		if d := r.Child(k, "det"); d >= 0 && (strings.EqualFold(r.Tokens[d].Text, "a") || strings.EqualFold(r.Tokens[d].Text, "an")) {
			return true
		}
	}
	return false
}

// anyBody completes "the company" by the one organisation that the nearest
// sentence before with any names.
func (r *reading) anyBody(w *wording, first, last, i int) bool {
	for s := r.Tokens[i].Sentence; s >= max(r.Tokens[i].Sentence-reach, 0); s-- {
		var found []int
		from, to := r.scan(s, i)
		for k := from; k < to; k++ {
			t := r.Tokens[k]
			if t.Entity < 0 && t.Lemma == r.Tokens[i].Lemma && !strings.EqualFold(r.Tokens[max(k-1, 0)].Text, "the") {
				return false // "a company", whose name is not given
			}
			if e := t.Entity; e >= 0 && r.Entities[e].Kind == nlp.Organisation && isBody(r.Entities[e].Name, r.Tokens[i].Lemma) && !slices.Contains(found, e) {
				found = append(found, e)
			}
		}
		switch {
		case len(found) == 0:
			continue
		case len(found) > 1:
			if r.opens(first, i-1) {
				w.unclear = append(w.unclear, "which "+r.Tokens[i].Text+": "+strings.Join(r.namesOf(found), " or "))
			}
		case !r.namedIn(first, last, found[0]):
			r.explain(w, i, r.Entities[found[0]].Name, r.fullMention(found[0]))
		}
		return true
	}
	return false
}

// isBody reports whether a body of that name can be called noun: no ministry is
// a company, no bank an agency.
func isBody(name, noun string) bool {
	last := strings.ToLower(name[strings.LastIndexByte(name, ' ')+1:])
	if last == noun || noun == "organisation" || noun == "organization" {
		return true
	}
	firm := last == "company" || last == "corporation" || last == "airline" || last == "bank"
	if noun == "agency" {
		return !firm
	}
	return firm || !referenceLists().heads[last] && !inClass(last, institution)
}

// event completes "the attack" by what the sentences before say was attacked.
func (r *reading) event(w *wording, i int) bool {
	n, ok := referenceLists().nominals[r.Tokens[i].Lemma]
	if !ok {
		return false
	}
	for s := r.Tokens[i].Sentence - 1; s >= max(r.Tokens[i].Sentence-2, 0); s-- {
		from, to := r.scan(s, len(r.Tokens))
		for k := from; k < to; k++ {
			t := r.Tokens[k]
			if !strings.HasPrefix(t.Tag, "VB") || !slices.Contains(n.verbs, t.Lemma) {
				continue
			}
			prep := n.prep
			j := r.Child(k, "obj")
			if j < 0 {
				j = r.Child(k, "nsubj:pass")
			}
			if j < 0 {
				if j = r.Child(k, "nsubj"); j >= 0 {
					prep = "of"
				}
			}
			if j < 0 || !strings.HasPrefix(r.Tokens[j].Tag, "NN") || !r.short(j) {
				continue
			}
			text, span := r.phraseAt(j)
			r.explain(w, i, prep+" "+text, span)
			return true
		}
	}
	return false
}

// sameNoun completes "the site" by the nearest phrase before with the same
// noun and a name in it: "the Ministry website".
func (r *reading) sameNoun(w *wording, first, i int) {
	word := strings.ToLower(r.Tokens[i].Text)
	if len(word) < 4 {
		return
	}
	for s := r.Tokens[i].Sentence - 1; s >= max(r.Tokens[i].Sentence-1, 0); s-- {
		found := -1
		from, to := r.scan(s, len(r.Tokens))
		for k := from; k < to; k++ {
			t := r.Tokens[k]
			if t.Tag != r.Tokens[i].Tag || !strings.HasSuffix(strings.ToLower(t.Text), word) || t.Entity >= 0 {
				continue
			}
			a, b := r.NounPhrase(k)
			named := slices.ContainsFunc(r.Tokens[a:b], func(t nlp.Token) bool {
				return strings.HasPrefix(t.Tag, "NNP") && t.Head == k && t.Start < r.Tokens[k].Start
			})
			if !named || b-a > 6 {
				continue
			}
			if found >= 0 {
				return
			}
			found = k
		}
		if found >= 0 {
			text, span := r.phraseAt(found)
			r.explain(w, i, text, span)
			return
		}
	}
}
