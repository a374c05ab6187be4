package claimreview

import (
	"slices"
	"strings"

	"onrecord/factcheck"
)

// Why a review that reads alike is about something else.
const (
	otherYear     = "another year"
	otherNumber   = "another number"
	otherName     = "another name or place"
	otherPolarity = "the opposite"
	tooLittle     = "too little in common"
)

// guard says why a review cannot be about a statement; empty when nothing
// speaks against it. It is strict where the two read alike but for the thing
// that differs: then the difference is the point.
func (x *Index) guard(q, claim *statement, r *factcheck.Review) string {
	around := x.statement(r.Title + ". " + r.Subtitle + ". " + r.Claimant + ".")
	alike := share(claim.words, q.words) >= 0.6 && share(q.words, claim.words) >= 0.6
	switch {
	case yearsDiffer(q, claim, around, alike, r):
		return otherYear
	case numbersDiffer(q, claim, around, alike):
		return otherNumber
	case namesDiffer(q, claim, around, alike):
		return otherName
	case polarityDiffers(q, claim, alike):
		return otherPolarity
	}
	return ""
}

// share is how much of a is in b.
func share(a, b map[string]bool) float64 {
	if len(a) == 0 {
		return 0
	}
	n := 0
	for w := range a {
		if b[w] {
			n++
		}
	}
	return float64(n) / float64(len(a))
}

// yearsDiffer: both name years and none is the same, or the claim is of years
// that had not come when the check was published.
func yearsDiffer(q, claim, around *statement, alike bool, r *factcheck.Review) bool {
	if len(q.years) == 0 || common(q.years, claim.years) || common(q.years, around.years) {
		return false
	}
	if len(claim.years) > 0 {
		return alike || !slices.Contains(claim.years, q.year)
	}
	published := r.Date
	if published.IsZero() {
		published = r.Claimed
	}
	return !published.IsZero() && slices.Min(q.years) > published.Year()+1
}

// numbersDiffer: both hold numbers and none of the one can be one of the
// other, rounded; of texts that read alike, each has a number that the other
// lacks.
func numbersDiffer(q, claim, around *statement, alike bool) bool {
	same, onlyQ, onlyC, digitsQ, digitsC := 0, 0, 0, 0, 0
	for _, n := range q.numbers {
		if !n.word {
			digitsQ++
		}
		switch {
		case slices.ContainsFunc(claim.numbers, n.near):
			same++
		case !slices.ContainsFunc(around.numbers, n.near):
			onlyQ++
		}
	}
	for _, n := range claim.numbers {
		if !n.word {
			digitsC++
		}
		if !slices.ContainsFunc(q.numbers, n.near) {
			onlyC++
		}
	}
	if alike {
		return onlyQ > 0 && onlyC > 0
	}
	return same == 0 && digitsQ > 0 && digitsC > 0 && onlyQ > 0 && onlyC > 0
}

// namesDiffer: both name somebody or some place and nobody the same; of texts
// that read alike, each has a name that the other lacks; or two different
// names stand in the same place beside the same word.
func namesDiffer(q, claim, around *statement, alike bool) bool {
	if len(q.names) == 0 || len(claim.names) == 0 {
		return false
	}
	same, onlyQ, onlyC := 0, 0, 0
	for _, n := range q.names {
		switch {
		case sharesWord(n, claim.all):
			same++
		case alike || !sharesWord(n, around.all):
			onlyQ++ // who made the claim stands in the title too, and need not be whom it is about
		default:
			same++
		}
	}
	for _, n := range claim.names {
		if !sharesWord(n, q.all) {
			onlyC++
		}
	}
	if q.pronoun {
		onlyC-- // whom "she" means
	}
	if onlyQ == 0 || onlyC <= 0 {
		return false
	}
	return same == 0 || alike || sameSlot(q, claim, around)
}

// sharesWord reports whether a word of a name is among others, or the name in
// another form: its initials ("NJ"), or what it is the adjective of ("Italian").
func sharesWord(name []string, in map[string]bool) bool {
	if slices.ContainsFunc(name, func(w string) bool { return in[w] }) {
		return true
	}
	if len(name) > 1 {
		initials := make([]byte, len(name))
		for i, w := range name {
			initials[i] = w[0]
		}
		return in[string(initials)]
	}
	for w := range in {
		if related(name[0], w) {
			return true
		}
	}
	return false
}

// related reports whether of two stems one is the other with an ending of an
// adjective of places: italian and itali, mexican and mexico.
func related(a, b string) bool {
	if len(a) < len(b) {
		a, b = b, a
	}
	n := 0
	for n < len(b) && a[n] == b[n] {
		n++
	}
	if n < 4 || n < len(b)-1 {
		return false
	}
	switch strings.TrimLeft(a[n:], "aiey") {
	case "n", "s", "sh", "c", "":
		return len(a) > len(b) || n == len(b)
	}
	return false
}

// sameSlot reports whether two different names stand beside the same word.
func sameSlot(q, claim, around *statement) bool {
	slots := q.slots(func(name []string) bool { return !sharesWord(name, claim.all) && !sharesWord(name, around.all) })
	for s := range claim.slots(func(name []string) bool { return !sharesWord(name, q.all) }) {
		if slots[s] {
			return true
		}
	}
	return false
}

// slots are the content words before and behind the names that keep lets
// through, each marked with its side.
func (s *statement) slots(keep func([]string) bool) map[string]bool {
	found := map[string]bool{}
	last := ""
	for i := 0; i < len(s.tokens); i++ {
		t := s.tokens[i]
		if !t.name {
			if !t.stop {
				last = t.stem
			}
			continue
		}
		var name []string
		for ; i < len(s.tokens) && s.tokens[i].name; i++ {
			name = append(name, s.tokens[i].stem)
		}
		next := ""
		for j := i; j < len(s.tokens) && next == "" && j < i+3; j++ {
			if !s.tokens[j].stop {
				next = s.tokens[j].stem
			}
		}
		i--
		if !keep(name) {
			last = name[len(name)-1]
			continue
		}
		if last != "" {
			found["<"+last] = true
		}
		if next != "" {
			found[">"+next] = true
		}
		last = ""
	}
	return found
}

// polarityDiffers: a word that both share is denied in one of them only, or
// they hold opposite words; of texts that read alike, one denies and the other
// does not.
func polarityDiffers(q, claim *statement, alike bool) bool {
	if alike || share(claim.words, q.words) >= 0.5 {
		for w := range q.negated {
			if claim.plain[w] && !claim.negated[w] && !q.plain[w] {
				return true
			}
		}
		for w := range claim.negated {
			if q.plain[w] && !q.negated[w] && !claim.plain[w] {
				return true
			}
		}
	}
	if !alike {
		return false
	}
	if q.denials(claim)%2 != claim.denials(q)%2 {
		return true
	}
	for w := range q.words {
		if claim.words[w] || opposites[w] == "" {
			continue
		}
		for c := range claim.words {
			if opposite(w, c) && !q.words[c] {
				return true
			}
		}
	}
	return false
}
