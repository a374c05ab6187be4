package claimreview

import (
	"math"
	"slices"
	"strings"

	"onrecord/factcheck"
)

// The evidence on which it is decided whether a candidate is about the query:
// its features, and these.
const (
	eField   = NumFeatures + iota // how far it is ahead of the field: of what chance brings up
	eMargin                       // how far it is ahead of the best that says something else
	eUndated                      // the date of query or review is not known
	NumEvidence
)

// Evidence is what speaks for a candidate.
type Evidence = [NumEvidence]float64

// close is how many candidates are looked at for a match.
const closest = 12

// Judged is a candidate with what speaks for and against it.
type Judged struct {
	Candidate
	Against  string // why it is about something else; empty when nothing says so
	Evidence Evidence
	Score    float64 // how likely it is about the query, 0 to 1
}

// Judge ranks and judges the candidates for a query, best first. Reviews whose
// ID is among without are as if they were not there.
func (x *Index) Judge(q Query, without ...string) []Judged {
	all, against := x.judge(q, without)
	for i := range all {
		all[i].Against = against(all[i].Review)
	}
	return all
}

// judge gives the candidates, and what finds out what speaks against one.
func (x *Index) judge(q Query, without []string) ([]Judged, func(*factcheck.Review) string) {
	p := readPost(q.Text)
	asked := x.statement(p.text)
	asked.saidBy(p.author, q.Speaker)
	if year := max(p.date.Year(), q.Date.Year()); year > 1 {
		asked.year = year
	}
	ranked := x.Rank(q, candidates)
	if len(without) > 0 {
		ranked = slices.DeleteFunc(ranked, func(c Candidate) bool { return slices.Contains(without, c.Review.ID) })
	}
	chance := field(ranked)
	all := make([]Judged, min(closest, len(ranked)))
	for i := range all {
		all[i].Candidate = ranked[i]
	}
	for i := range all {
		j := &all[i]
		for f, v := range j.Features {
			j.Evidence[f] = float64(v)
		}
		j.Evidence[eField] = j.Rank - chance
		j.Evidence[eMargin] = x.margin(all, i)
		if p.date.IsZero() && q.Date.IsZero() || q.Undated || j.Review.Date.IsZero() && j.Review.Claimed.IsZero() {
			j.Evidence[eUndated] = 1
		}
		j.Score = sigmoid(matching.dot(&j.Evidence))
	}
	return all, func(r *factcheck.Review) string {
		claim := x.statement(claimOf(r))
		if x.Len() < smallCollection && share(claim.words, asked.words)*share(asked.words, claim.words) < 0.5 {
			return tooLittle
		}
		return x.guard(asked, claim, r)
	}
}

// The field of a query is the candidates at these places: far enough behind to
// be about something else, near enough to have been brought up by the same
// words. Queries differ in how high chance gets.
const fieldFrom, fieldTo = 5, 40

// usualField is the mean of the field in a large collection, which stands in for
// places that a small one does not fill.
const usualField = 2.2

// field is what the field is ranked by, on the average.
func field(ranked []Candidate) float64 {
	sum := 0.0
	for i := fieldFrom; i < fieldTo; i++ {
		if i < len(ranked) {
			sum += ranked[i].Rank
		} else {
			sum += usualField
		}
	}
	return sum / (fieldTo - fieldFrom)
}

// smallCollection is the number of reviews below which being ahead of the next
// one says little, since there is little else: both texts must then share most
// of their words.
const smallCollection = 3000

// margin is how far a candidate is ahead of the best other one that says
// something else, less than 0 when it is behind: several publishers may have
// checked the same claim.
func (x *Index) margin(all []Judged, i int) float64 {
	most := 3.0
	if x.Len() < smallCollection {
		most = 1
	}
	for j := range all {
		if j != i && x.overlap(all[i].doc, all[j].doc) < 0.5 {
			return min(most, max(-most, all[i].Rank-all[j].Rank))
		}
	}
	return most / 2
}

// overlap is how much of the claim of a review is in that of another.
func (x *Index) overlap(a, b int32) float64 {
	one, other := x.docs[a].terms[inClaim], x.docs[b].terms[inClaim]
	n := 0
	for _, t := range one {
		if slices.Contains(other, t) {
			n++
		}
	}
	return float64(n) / float64(max(1, len(one)))
}

// claimOf is the claim that a review is about.
func claimOf(r *factcheck.Review) string {
	if strings.TrimSpace(r.Claim) == "" {
		return r.Title
	}
	return r.Claim
}

// Find gives up to n reviews that check the claim of the query, best first.
// It gives none rather than one that may be about something else.
// Reviews whose ID is among without are as if they were not there.
func (x *Index) Find(q Query, n int, without ...string) []factcheck.Match {
	all, against := x.judge(q, without)
	var found []factcheck.Match
	for _, j := range all {
		if len(found) < n && j.Score >= threshold && against(j.Review) == "" {
			found = append(found, factcheck.Match{Review: *j.Review, Score: j.Score})
		}
	}
	return found
}

func sigmoid(v float64) float64 { return 1 / (1 + math.Exp(-v)) }

// Alike tells how much of the words of two texts is the same (Jaccard), 0 to 1.
func Alike(a, b string) float64 {
	set := func(text string) map[string]bool {
		all := map[string]bool{}
		for _, w := range words(clip(text)) {
			if !stopwords[w.text] {
				all[stem(w.text)] = true
			}
		}
		return all
	}
	x, y := set(a), set(b)
	both := 0
	for w := range x {
		if y[w] {
			both++
		}
	}
	if either := len(x) + len(y) - both; either > 0 {
		return float64(both) / float64(either)
	}
	return 0
}
