package leash

import (
	"fmt"
	"slices"
	"strings"

	"onrecord/quote"
)

// wrongPolarity says which clause of the wording says the opposite of the
// article's, or is surer than it, or less so.
func (d *draft) wrongPolarity() string {
	s := d.source
	for c := range d.clauses {
		mine := d.clauses[c]
		head := d.Tokens[mine.head].Text
		k := d.like[c]
		if k < 0 {
			if mine.negative {
				return fmt.Sprintf("the article does not say %q with a “not”", head)
			}
			if mine.mode != plain && !slices.ContainsFunc(s.clauses, func(o clause) bool {
				return o.mode == mine.mode && slices.Contains(d.used, s.Tokens[o.head].Sentence)
			}) {
				return fmt.Sprintf("%q is surer, or less sure, than in the article", head)
			}
			continue
		}
		theirs := s.clauses[k]
		if mine.negative != theirs.negative && !d.deniedInstead(c, k) && !d.otherwiseNegative(c, k) && !d.besideNegative(c, k) && !d.balanced(c, k) {
			return fmt.Sprintf("%q is denied in one and not in the other", head)
		}
		if theirs.condition && !mine.condition && !theirs.conditional {
			return fmt.Sprintf("%q hangs on a condition", s.Tokens[theirs.head].Text)
		}
		if mine.condition && !theirs.condition || mine.conditional != theirs.conditional {
			return fmt.Sprintf("the condition of %q differs", head)
		}
		if reason := d.otherMode(c, k); reason != "" {
			return reason
		}
	}
	if reason := d.lostAgainst(); reason != "" {
		return reason
	}
	if reason := d.lostBound(); reason != "" {
		return reason
	}
	if reason := d.lostHedge(); reason != "" {
		return reason
	}
	if reason := d.allForSome(); reason != "" {
		return reason
	}
	return d.lostQuantity()
}

// universals say that nothing is left out.
var universals = set("all", "every", "each", "both", "entire", "whole")

// meant gives the token of which "all" at token i says that none is left out: the
// noun that it stands before, or that comes after its "of".
func meant(r *reading, i int) int {
	if i+1 < len(r.Tokens) && strings.EqualFold(r.Tokens[i+1].Text, "of") {
		if k := r.Tokens[i+1].Head; k > i {
			return k
		}
	}
	return r.Tokens[i].Head
}

// allForSome says where "some parents" has become "all parents": an "all" needs
// one in the article beside the same noun, or one that stands by itself ("the
// members all voted").
func (d *draft) allForSome() string {
	s := d.source
	for i, w := range d.words {
		h := meant(d.reading, i)
		if !universals[w.lemma] || !w.content || h < 0 || !strings.HasPrefix(d.Tokens[h].Tag, "N") || d.inTime(i) {
			continue
		}
		if !slices.ContainsFunc(s.candidates(w), func(j int) bool {
			if !d.nextTo(s.Tokens[j].Sentence) {
				return false
			}
			theirs := meant(s.reading, j)
			return theirs < 0 || strings.HasPrefix(s.Tokens[theirs].Tag, "V") || match(d.words[h], s.words[theirs])
		}) {
			return fmt.Sprintf("the article does not say %q of the %s", d.Tokens[i].Text, d.Tokens[h].Text)
		}
	}
	return ""
}

// otherwiseNegative reports whether both clauses are denied after all, because
// a clause around one of them is.
func (d *draft) otherwiseNegative(c, k int) bool {
	s := d.source
	mine, theirs := d.clauses[c], s.clauses[k]
	if mine.negative && !theirs.negative && theirs.parent >= 0 && s.clauses[theirs.parent].negative && mine.parent < 0 {
		return !d.headMatches(c, k)
	}
	return false
}

// deniedInstead reports whether one side denies what the other says is not so:
// "ruled out joining" and "said it would not join".
func (d *draft) deniedInstead(c, k int) bool {
	s := d.source
	n, m := d.words[d.clauses[c].head].quote, s.words[s.clauses[k].head].quote
	if n < 0 || m < 0 {
		return false
	}
	mine, theirs := d.quotes[n], s.quotes[m]
	if mine.Type == quote.Direct || theirs.Type == quote.Direct || d.isCue(c) {
		return false
	}
	if s.clauses[k].negative {
		return mine.Stance == quote.Denied && theirs.Stance != quote.Denied
	}
	return theirs.Stance == quote.Denied && mine.Stance != quote.Denied
}

// besideNegative reports whether what clause c says stands in clause k of the
// article as a time or a reason, which the "not" of that clause leaves alone:
// "there was no attack since their return".
func (d *draft) besideNegative(c, k int) bool {
	s := d.source
	if d.clauses[c].negative || d.headMatches(c, k) {
		return false
	}
	found := false
	for _, j := range s.warrants(d.words[d.clauses[c].head], d.at[c]) {
		if s.words[j].clause != k || !strings.HasPrefix(s.Tokens[j].Tag, "N") || !s.hasCase(j, "since", "after", "before", "during", "following", "until") {
			return false
		}
		found = true
	}
	return found
}

// balanced reports whether another verb than that of clause k is meant by clause
// c, and the wording has as many clauses with a "not" as the article's sentence.
func (d *draft) balanced(c, k int) bool {
	s := d.source
	if d.headMatches(c, k) || words().free[d.words[d.clauses[c].head].lemma] && !d.clauses[c].negative {
		return false
	}
	mine, theirs := 0, 0
	for n, o := range d.clauses {
		if o.negative && d.at[n] == d.at[c] {
			mine++
		}
	}
	for _, o := range s.clauses {
		if o.negative && s.Tokens[o.head].Sentence == d.at[c] {
			theirs++
		}
	}
	return mine == theirs
}

func (d *draft) headMatches(c, k int) bool {
	for _, i := range d.tells(c) {
		if slices.ContainsFunc(d.source.tells(k), func(j int) bool { return match(d.words[i], d.source.words[j]) }) {
			return true
		}
	}
	return false
}

// otherMode compares "may", "will" and the like, and what makes a clause a plan
// or an accusation.
func (d *draft) otherMode(c, k int) string {
	s := d.source
	mine, theirs := d.clauses[c], s.clauses[k]
	head := d.Tokens[mine.head].Text
	if words().free[d.words[mine.head].lemma] && strings.HasPrefix(d.Tokens[mine.head].Rel, "acl") && !d.headMatches(c, k) {
		return "" // "passengers who hold tickets" for "passengers with tickets"
	}
	if d.gerund(mine.head) && !d.headMatches(c, k) || d.gerund(mine.head) && theirs.unreal < 0 {
		return "" // "shooting wolves could": it does not say that anybody does
	}
	verbal := d.headMatches(c, k) || !d.isCue(c) && strings.HasPrefix(d.Tokens[mine.head].Tag, "VB") && strings.HasPrefix(s.Tokens[theirs.head].Tag, "VB")
	if !verbal {
		return ""
	}
	if mine.unreal < 0 && theirs.unreal >= 0 {
		// "promised to cut" for "will cut, he promised" is the same; "cut" alone is not.
		if d.covered(c, theirs.unreal) || d.mentioned(s.words[theirs.unreal]) {
			return ""
		}
		return fmt.Sprintf("the article does not say %q outright", head)
	}
	if mine.unreal >= 0 && theirs.unreal >= 0 {
		if !match(d.words[mine.unreal], s.words[theirs.unreal]) && !d.mentioned(s.words[theirs.unreal]) {
			return fmt.Sprintf("%q is put another way", head)
		}
		if infinitive := func(mode mode, tag string) bool { return mode == plain && tag == "VB" }; mine.mode != theirs.mode &&
			(infinitive(mine.mode, d.Tokens[mine.head].Tag) && (theirs.mode == would || theirs.mode == future) ||
				infinitive(theirs.mode, s.Tokens[theirs.head].Tag) && (mine.mode == would || mine.mode == future)) {
			return "" // "promised to" and "promised that it would"
		}
	} else if mine.unreal >= 0 && mine.mode == plain {
		return "" // newWords has looked for its warrant
	}
	a, b := mine.mode, theirs.mode
	if a == b || a == future && b == plain && d.decided(k) {
		return ""
	}
	if !d.headMatches(c, k) && b == plain {
		if a == future && announcements[s.words[theirs.head].lemma] && !theirs.negative {
			return "" // "will hold a rally" for "announced a rally"
		}
		if slices.ContainsFunc(s.clauses, func(o clause) bool { return o.mode == a && s.Tokens[o.head].Sentence == d.at[c] }) {
			return "" // it is another verb's
		}
	}
	said := d.words[mine.head].quote >= 0 || s.words[theirs.head].quote >= 0
	switch pair := string([]byte{byte(a), byte(b)}); pair {
	case "FW", "WF":
		if said {
			return ""
		}
	case "CP", "PC":
		return ""
	case "F\x00", "W\x00":
		if s.Tokens[theirs.head].Tag == "VBG" && d.deniedInstead(c, k) || a == would && mine.negative && theirs.negative {
			return "" // "would not join" for "ruled out joining"
		}
	}
	return fmt.Sprintf("%q is surer, or less sure, than in the article", head)
}

// gerund reports whether token i names what is done without saying that it is:
// "spending on fences", "voted against ending it".
func (d *draft) gerund(i int) bool {
	t := d.Tokens[i]
	if t.Tag != "VBG" || d.Child(i, "aux", "nsubj") >= 0 {
		return false
	}
	switch t.Rel {
	case "nsubj", "csubj", "nsubj:pass", "obj", "nmod", "compound":
		return true
	}
	return i > 0 && slices.Contains([]string{"against", "of", "on", "about"}, strings.ToLower(d.Tokens[i-1].Text))
}

// decided reports whether clause k of the article is what somebody has decided
// to do, and the wording says so: "will be banned after the board voted for it"
// for "voted to ban".
func (d *draft) decided(k int) bool {
	s := d.source
	h := s.clauses[k].head
	above := s.Tokens[h].Head
	return above >= 0 && s.Tokens[h].Tag == "VB" && (s.Tokens[h].Rel == "xcomp" || s.Tokens[h].Rel == "advcl") && decisions[s.words[above].lemma] && d.mentioned(s.words[above])
}

// announcements are verbs whose object is to come.
var announcements = set("announce", "plan", "schedule", "pledge", "promise")

var decisions = set("vote", "decide", "resolve")

// covered reports whether the wording's clause stands below a word like the
// one that makes the article's clause unreal, further up.
func (d *draft) covered(c, unreal int) bool {
	w := d.source.words[unreal]
	for h, steps := d.clauses[c].head, 0; h >= 0 && steps < 20; h, steps = d.Tokens[h].Head, steps+1 {
		if match(d.words[h], w) {
			return true
		}
	}
	return false
}

// mentioned reports whether the wording has a word like w.
func (d *draft) mentioned(w word) bool {
	for _, m := range d.words {
		if match(m, w) {
			return true
		}
	}
	return false
}

// quantities are words that say how many of a thing are meant; without them
// all are.
var quantities = set("most", "some", "many", "few", "several", "half", "part", "majority", "almost", "nearly", "third", "quarter", "minority", "certain")

// lostQuantity says where "most of the cuts" has become "the cuts".
func (d *draft) lostQuantity() string {
	s := d.source
	for i, w := range d.words {
		rel := d.Tokens[i].Rel
		if !w.content || d.exempt[i] || w.clause < 0 || d.like[w.clause] < 0 || !strings.HasPrefix(d.Tokens[i].Tag, "NN") ||
			rel != "nsubj" && rel != "nsubj:pass" && rel != "obj" {
			continue
		}
		for _, j := range s.warrants(w, d.at[w.clause]) {
			if s.words[j].clause != d.like[w.clause] {
				continue
			}
			q := quantityOf(s.reading, j)
			if q < 0 || d.mentioned(s.words[q]) || quantityOf(d.reading, i) >= 0 {
				continue
			}
			if len(s.words[q].keys) == 0 {
				continue
			}
			return fmt.Sprintf("the article says %q of the %s", s.Tokens[q].Text, s.Tokens[j].Text)
		}
	}
	return ""
}

// quantityOf gives the word that says how many of the noun at token i are
// meant, -1 for none.
func quantityOf(r *reading, i int) int {
	for _, k := range r.Children(i) {
		if quantities[r.words[k].lemma] {
			return k
		}
	}
	for _, k := range r.Children(i) { // "most of the mills", however it was parsed
		if k > 0 && k < i && strings.EqualFold(r.Tokens[k].Text, "of") && (quantities[r.words[k-1].lemma] || quantities[strings.ToLower(r.Tokens[k-1].Text)] || r.Tokens[k-1].Tag == "CD") {
			return k - 1
		}
	}
	return -1
}

// hedges stand before a word that is not quite meant.
var hedges = set("almost", "nearly", "about", "roughly", "hardly", "barely", "partly", "largely", "mostly", "allegedly", "reportedly", "apparently", "possibly", "probably", "perhaps", "likely")

// lostHedge says where "almost twice" has become "twice". Figures are the
// business of wrongNumbers.
func (d *draft) lostHedge() string {
	s := d.source
	for i, w := range d.words {
		if !w.content || d.exempt[i] || w.clause < 0 || d.at[w.clause] < 0 || d.inNumber(i) {
			continue
		}
		hedged := ""
		for _, j := range s.warrants(w, d.at[w.clause]) {
			if j == 0 || !hedges[s.words[j-1].lemma] || s.inNumber(j-1) {
				hedged = ""
				break
			}
			hedged = s.Tokens[j-1].Text
		}
		if hedged != "" && !slices.ContainsFunc(d.words, func(w word) bool { return hedges[w.lemma] }) {
			return fmt.Sprintf("the article says %q before %q", hedged, d.Tokens[i].Text)
		}
	}
	return ""
}

// lostBound says where "up to a fifth" has become "a fifth": a fraction in words
// is no figure for wrongNumbers.
func (d *draft) lostBound() string {
	s := d.source
	for i, w := range d.words {
		if !fractions[w.lemma] || w.clause < 0 || d.at[w.clause] < 0 || bounded(d.reading, i) != "" {
			continue
		}
		found := s.warrants(w, d.at[w.clause])
		bound := ""
		for _, j := range found {
			if bound = bounded(s.reading, j); bound == "" {
				break
			}
		}
		if bound != "" {
			return fmt.Sprintf("the article says %q before %q", bound, d.Tokens[i].Text)
		}
	}
	return ""
}

var fractions = set("half", "third", "quarter", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth", "twice", "double")

// bounded gives the word before the fraction at token i that says how exact it
// is, "" for none.
func bounded(r *reading, i int) string {
	k := i - 1
	for k >= 0 && slices.Contains([]string{"a", "an", "one", "two", "three", "the"}, strings.ToLower(r.Tokens[k].Text)) {
		k--
	}
	if k < 0 {
		return ""
	}
	before := ""
	if k > 0 {
		before = strings.ToLower(r.Tokens[k-1].Text)
	}
	switch text := strings.ToLower(r.Tokens[k].Text); {
	case hedges[text], text == "over", text == "under", text == "around", text == "approximately":
		return text
	case text == "than" && (before == "more" || before == "less" || before == "fewer" || before == "greater"):
		return before
	case text == "to" && (before == "up" || before == "close"), (text == "least" || text == "most") && before == "at":
		return before
	}
	return ""
}

// lostAgainst says where "protested against" has become "protested for".
func (d *draft) lostAgainst() string {
	s := d.source
	against := []string{"against", "without", "despite"}
	for i, w := range d.words {
		if !w.content || d.exempt[i] || w.clause < 0 || d.at[w.clause] < 0 || d.hasCase(i, against...) {
			continue
		}
		found := s.warrants(w, d.at[w.clause])
		if len(found) == 0 || slices.ContainsFunc(found, func(j int) bool { return !s.hasCase(j, against...) }) {
			continue
		}
		if !d.mentioned(word{keys: words().article.groups["against"]}) && !d.mentioned(word{keys: words().article.groups["without"]}) && !d.clauses[w.clause].negative {
			return fmt.Sprintf("the article has another word before %q", d.Tokens[i].Text)
		}
	}
	return ""
}
