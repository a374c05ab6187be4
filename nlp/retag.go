package nlp

import (
	"slices"
	"strings"
)

// The tagger reads a past tense as a participle now and then when the verb
// stands far from its subject, and a sentence without a finite verb loses its
// subject, its object and whatever is said in it. A sentence of news has a
// finite verb, so where none is left, the word that must be it is known.

// mendTags sets right the tags of one sentence before it is parsed.
func mendTags(words, tags []string) {
	n := len(words)
	for i := 1; i+2 < n; i++ {
		switch {
		case tags[i] == "PRP" && strings.EqualFold(words[i], "her") && tags[i+1] == "CD" && words[i+2] == "-":
			tags[i] = "PRP$" // "said her 11-year-old daughter"
		case i > 1 && words[i-1] == "(" && words[i+1] == ")" && strings.HasPrefix(tags[i-2], "NNP") && initials(words[i]):
			tags[i] = "NNP" // "the Electric Supply and Transport (BEST)"
		case tags[i] == "VB" && words[i] == "lead" && tags[i-1] == "VBD" && tags[i+1] == "NN" && tags[i+2] == "NNP":
			tags[i] = "JJ" // "said lead author Dr. Park"
		case tags[i] == "NNS" && strings.EqualFold(words[i], "reads") && (words[i+1] == "," || words[i+1] == ":") && isQuoteMark(words[i+2]):
			tags[i] = "VBZ" // "The text below the pictures reads, “…”"
		case tags[i] == "NNS" && strings.EqualFold(words[i], "points") && words[i+1] == "out" && (words[i+2] == "that" || words[i+2] == ","):
			tags[i] = "VBZ" // "Lund points out that"
		case tags[i] == "NN" && words[i] == "point" && words[i+1] == "to" && tags[0] == "NNS" && finiteBefore(tags, i) < 0 && strings.HasPrefix(tags[i-1], "NN"):
			tags[i] = "VBP" // "Defenders of the project point to Harcastle"
		case tags[i] == "JJ" && words[i] == "executive" && strings.EqualFold(words[i-1], "chief") && tags[i+1] != "NN" && tags[i+1] != "NNS":
			tags[i] = "NN" // "Its chief executive, Tom Ritter, said"
		case i > 2 && tags[i] == "NNS" && words[i-1] == "old" && words[i-2] == "-" && words[i-3] == "year" && reports(words[i]):
			tags[i] = "VBZ" // "the 44-year-old recalls"
		case tags[i] == "VBZ" && (words[i] == "'s" || words[i] == "’s") && words[i+1] == "only" && strings.HasPrefix(tags[i-1], "NN") && strings.HasPrefix(tags[i+2], "NN"):
			tags[i], tags[i+1] = "POS", "JJ" // "the town's only hospital"
		case tags[i] == "JJ" && strings.EqualFold(words[i], "alleged") && words[i+1] == "to" && words[i+2] == "have" && tags[i-1] != "DT":
			tags[i] = "VBN" // "is alleged to have said"
		}
	}
	for i, tag := range tags {
		if tag == "VBN" && onlyPast(strings.ToLower(words[i])) {
			tags[i] = "VBD" // "ferry groundings rose by 40%"
		}
	}
	if n < 4 || words[n-1] != "." && !isQuoteMark(words[n-1]) || tags[0] == "VB" {
		return // a headline, a caption, an order
	}
	r := retagger{words: words, tags: tags}
	r.nounForVerb()
	r.closingVerb()
	r.closingPast()
	r.otherForVerb()
	for i := 1; i < n-1; i++ {
		if tags[i] == "VBN" && r.pastTense(i) {
			tags[i] = "VBD"
			return
		}
		if tags[i] == "VB" && words[i-1] == "," && r.afterInsertion(i) && r.finiteIn(0, i) >= 0 && r.pluralBefore() {
			tags[i] = "VBP" // "The groups, which sued in 2022, say that ..."
			return
		}
	}
}

// onlyPast reports whether a past tense has another form for its participle.
func onlyPast(low string) bool {
	switch low {
	case "arose", "ate", "began", "broke", "chose", "did", "drew", "drove", "fell", "flew", "froze", "gave", "grew", "knew", "rode", "rose", "sang", "sank", "saw", "shook", "shrank", "spoke", "stole", "swam", "swore", "threw", "took", "tore", "went", "withdrew", "woke", "wore", "wrote":
		return true
	}
	return false
}

// reports reports whether a word can be the present tense of a verb that reports.
func reports(word string) bool {
	_, ok := Reporting(verbLemma(strings.ToLower(word), "VBZ"))
	return ok
}

// finiteBefore gives the first finite verb before token i, -1 without one.
func finiteBefore(tags []string, i int) int {
	return slices.IndexFunc(tags[:i], func(tag string) bool { return tag == "VBD" || tag == "VBZ" || tag == "VBP" || tag == "MD" })
}

// initials reports whether a word is in capitals, as initials are.
func initials(word string) bool {
	for i := range len(word) {
		if word[i] < 'A' || word[i] > 'Z' {
			return false
		}
	}
	return len(word) > 1
}

type retagger struct{ words, tags []string }

func (r *retagger) finite(i int) bool {
	switch r.tags[i] {
	case "VBD", "VBZ", "VBP", "MD":
		return true
	}
	return false
}

// finiteIn gives the first finite verb in [first, last), or -1.
func (r *retagger) finiteIn(first, last int) int {
	for i := first; i < last; i++ {
		if r.finite(i) {
			return i
		}
	}
	return -1
}

// pastTense reports whether the participle at i is the finite verb of the
// sentence.
func (r *retagger) pastTense(i int) bool {
	if !pastForm(r.words[i]) || i+1 < len(r.words) && strings.EqualFold(r.words[i+1], "by") {
		return false
	}
	for k := i - 1; k >= 0 && k >= i-4; k-- {
		switch strings.ToLower(r.words[k]) {
		case "has", "have", "had", "having", "'ve", "'d", "be", "is", "are", "was", "were", "been", "being", "'s", "'re", "'m", "am", "get", "gets", "got", "as", "when", "if", "once", "until", "than", "though":
			return false
		}
	}
	if slices.ContainsFunc(r.words[:i], isQuoteMark) {
		return false
	}
	before := r.tags[i-1]
	if before == "RB" && i > 1 {
		before = r.tags[i-2]
	}
	next := r.finiteIn(i+1, len(r.words))
	switch {
	case strings.HasPrefix(before, "NN"), before == "PRP", before == "CD":
		if r.finiteIn(0, i) >= 0 {
			return false
		}
		// "Environmental groups called for calm." "Relatives shouted at
		// officials and demanded a list."
		return next < 0 || r.joined(i, next) || r.subordinate(i, next)
	case before == ",":
		return r.afterInsertion(i) && (next < 0 || r.words[next-1] != ",") && !r.passiveAfter(i)
	}
	return false
}

// pastForm reports whether a participle can be a past tense too.
func pastForm(word string) bool {
	low := strings.ToLower(word)
	return strings.HasSuffix(low, "ed") || overdone(low) || slices.Contains([]string{"said", "told", "found", "won", "lost", "made", "put", "cut", "set", "left", "met", "paid", "held", "sold", "led", "spent", "brought", "bought", "thought", "fought", "sent", "hit", "read", "felt", "kept", "heard", "built", "caught", "taught", "stood", "understood"}, low)
}

// joined reports whether the finite verb at f is the second of two: "shouted
// and demanded".
func (r *retagger) joined(i, f int) bool {
	k := f - 1
	if r.tags[k] == "RB" {
		k--
	}
	return k > i+1 && r.tags[k] == "CC" && r.tags[f] == "VBD"
}

// subordinate reports whether the finite verb at f has a conjunction or a
// relative pronoun of its own behind token i, so that the sentence still lacks
// its verb.
func (r *retagger) subordinate(i, f int) bool {
	for k := i + 1; k < f; k++ {
		switch strings.ToLower(r.words[k]) {
		case "that", "who", "which", "whose", "where", "after", "because", "while", "when", "how", "why", "if", "whether", "before", "as", "what", "although", "though", "since":
			// The clause has a subject of its own, and nothing follows it but
			// its own verbs.
			return r.onlyClause(f)
		}
	}
	return false
}

// onlyClause reports whether no finite verb stands behind f without a
// conjunction, which would be the verb of the sentence.
func (r *retagger) onlyClause(f int) bool {
	for k := f + 1; k < len(r.words); k++ {
		if r.tags[k] == "CC" || r.tags[k] == "IN" || strings.HasPrefix(r.tags[k], "W") || r.words[k] == ";" || r.words[k] == ":" {
			return true
		}
		if r.finite(k) {
			return false
		}
	}
	return true
}

// afterInsertion reports whether a comma before the participle at i closes what
// stands between a subject and its verb: "The minister, who will visit the
// valley on Thursday, promised help."
func (r *retagger) afterInsertion(i int) bool {
	open := -1
	for k := 1; k < i-1; k++ {
		if r.words[k] == "," {
			open = k
			break
		}
	}
	if open < 0 || open+2 > i-1 || r.finiteIn(0, open) >= 0 || !strings.HasPrefix(r.tags[open-1], "NN") || r.tags[0] == "IN" {
		return false
	}
	relative := strings.HasPrefix(r.tags[open+1], "W")
	if relative {
		return r.finiteIn(open+1, i) >= 0
	}
	return r.finiteIn(open+1, i) < 0 && (r.tags[open+1] == "DT" || strings.HasPrefix(r.tags[open+1], "NN"))
}

// pluralBefore reports whether the words before the first comma end in a plural.
func (r *retagger) pluralBefore() bool {
	for k := 1; k < len(r.words); k++ {
		if r.words[k] == "," {
			return r.tags[k-1] == "NNS" || r.tags[k-1] == "NNPS"
		}
	}
	return false
}

// passiveAfter reports whether what follows the participle at i shows that it
// is one: "founded in 1911, ..." as against "founded the town".
func (r *retagger) passiveAfter(i int) bool {
	for k := i + 1; k < len(r.words); k++ {
		if strings.EqualFold(r.words[k], "that") {
			return false
		}
		if r.words[k] == "," {
			return r.finiteIn(k, len(r.words)) >= 0 && r.finiteIn(i+1, k) < 0
		}
		if r.finite(k) {
			return false
		}
	}
	return false
}

// nounForVerb sets right "The union estimates that ...", which the tagger takes
// for several estimates.
func (r *retagger) nounForVerb() {
	for i := 1; i+2 < len(r.words); i++ {
		if r.tags[i] != "NNS" || !strings.EqualFold(r.words[i+1], "that") || r.finiteIn(0, i) >= 0 {
			continue
		}
		if before := r.tags[i-1]; !strings.HasPrefix(before, "NNP") && before != "NN" || slices.ContainsFunc(r.tags[:i], func(t string) bool { return t == "POS" && i > 2 && r.tags[i-1] == "POS" }) {
			continue
		}
		v := verbLemma(strings.ToLower(r.words[i]), "VBZ")
		if _, ok := Reporting(v); !ok {
			continue
		}
		f := r.finiteIn(i+2, len(r.words))
		if f < 0 || !r.onlyClause(f) {
			continue
		}
		r.tags[i] = "VBZ"
		if r.tags[i+1] != "IN" {
			r.tags[i+1] = "IN"
		}
		return
	}
}

// closingVerb sets right "Four people were hurt, the Water Board reports.", which
// the tagger takes for reports of the board.
func (r *retagger) closingVerb() {
	i := len(r.words) - 2
	if r.words[i+1] != "." || r.tags[i] != "NNS" || !strings.HasPrefix(r.tags[i-1], "NN") {
		return
	}
	comma := i - 1
	for comma > 0 && i-comma < 8 && r.words[comma] != "," {
		switch r.tags[comma] {
		case "DT", "NN", "NNP", "NNPS", "JJ", "IN":
			comma--
		default:
			return
		}
	}
	if r.words[comma] != "," || i-comma < 3 || r.tags[comma+1] != "DT" && r.tags[comma+1] != "NNP" || r.finiteIn(0, comma) < 0 {
		return
	}
	v := verbLemma(strings.ToLower(r.words[i]), "VBZ")
	if _, ok := Reporting(v); ok {
		r.tags[i] = "VBZ"
	}
}

// closingPast sets right "Twelve schools will close, the authority announced Tuesday.",
// in which the tagger takes the verb behind a whole clause for a participle.
func (r *retagger) closingPast() {
	for i := 3; i+1 < len(r.words); i++ {
		if r.tags[i] != "VBN" || !strings.HasPrefix(r.tags[i-1], "NN") {
			continue
		}
		if _, ok := Reporting(verbLemma(strings.ToLower(r.words[i]), "VBN")); !ok {
			continue
		}
		k := i + 1
		if strings.EqualFold(r.words[k], "on") || strings.EqualFold(r.words[k], "late") || strings.EqualFold(r.words[k], "early") {
			k++
		}
		if k >= len(r.words) {
			return
		}
		if _, day := weekdayOf(r.words[k]); day || strings.EqualFold(r.words[k], "today") || strings.EqualFold(r.words[k], "yesterday") {
			k++
		} else if k > i+1 {
			continue
		}
		if k >= len(r.words) || r.words[k] != "." && r.words[k] != "," {
			continue
		}
		comma := i - 1
		for comma > 0 && i-comma < 9 && (strings.HasPrefix(r.tags[comma], "NN") || strings.HasPrefix(r.tags[comma], "JJ") || r.tags[comma] == "DT" || r.tags[comma] == "POS" || r.tags[comma] == "PRP$") {
			comma--
		}
		if r.words[comma] != "," || r.finiteIn(0, comma) < 0 || slices.Contains(r.tags[comma:i], "JJS") {
			continue
		}
		if r.words[k] == "." || r.finiteIn(k, len(r.words)) < 0 || k+1 < len(r.words) && (r.words[k+1] == "in" || r.tags[k+1] == "VBG") {
			r.tags[i] = "VBD"
			return
		}
	}
}

// otherForVerb sets right "The bridge cost 3 million crowns", in which the
// tagger takes the only verb for a noun, "The Red Cross put the toll at 48", in
// which it takes it for an infinitive, and "The council overspent its budget", in
// which it takes it for anything but a verb.
func (r *retagger) otherForVerb() {
	n := len(r.words)
	if r.finiteIn(0, n) >= 0 || slices.Contains(r.tags, "VBN") {
		return
	}
	for i := 1; i+1 < n; i++ {
		before := r.tags[i-1]
		if !strings.HasPrefix(before, "NN") && before != "PRP" && before != "CD" {
			continue
		}
		low := strings.ToLower(r.words[i])
		switch next := r.tags[i+1]; {
		case low == "cost" && (next == "CD" || next == "$" || next == "DT" || next == "PRP" || next == "RBR" || next == "JJR" || next == "IN" && !strings.EqualFold(r.words[i+1], "of")):
		case r.tags[i] == "NN" && unchanging(low) && i+2 < n && (next == "DT" || next == "PRP$"): // "The company cut its forecast"
		case r.tags[i] == "VB" && unchanging(low) && (next == "DT" || next == "PRP$" || next == "PRP" || next == "CD" || strings.HasPrefix(next, "NN")):
		case overdone(low) && (next == "DT" || next == "PRP$" || next == "IN" || next == "CD" || next == "JJ"):
		default:
			continue
		}
		r.tags[i] = "VBD"
		return
	}
}

// unchanging reports whether a verb has one form for its infinitive and its past
// tense.
func unchanging(word string) bool {
	return slices.Contains([]string{"put", "cut", "set", "hit", "shut", "let", "beat", "cast", "hurt", "quit", "split", "spread"}, word)
}

// overdone reports whether a word is the past tense of an irregular verb with
// "over" or the like before it, which taggers know as adjectives.
func overdone(word string) bool {
	for _, prefix := range []string{"over", "under", "out", "mis", "re"} {
		if rest, ok := strings.CutPrefix(word, prefix); ok {
			return slices.Contains([]string{"spent", "ran", "paid", "built", "sold", "drew", "shot", "took", "grew", "bid", "led", "fed", "wrote", "told", "bought", "did"}, rest)
		}
	}
	return false
}
