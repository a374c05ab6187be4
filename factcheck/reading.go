package factcheck

import (
	"slices"
	"strings"
	"time"

	"onrecord/nlp"
	"onrecord/quote"
)

// reading is a document as the stages of this package look at it: the parse,
// the quotations and the word classes.
type reading struct {
	*nlp.Document
	quotes    []quote.Quote
	published time.Time
	marks     []class         // of each token
	said      []int           // of each token: the quotation whose content holds it, -1 for the article's own voice
	bySent    [][]int         // of each sentence: the quotations with content in it
	public    []bool          // of each entity: an office holder, or somebody who speaks for a body
	bodies    map[string]bool // names of organisations
	surnames  map[string]int  // how many people end with this word
	inMarks   []bool          // of each token: whether it stands between quotation marks
	located   []bool          // of each entity: a place that something happens in, at or near
	scene     string          // where the story plays, see setScene

	tables   *Tables   // how claims are checked; nil for the built-in ones
	lookup   *index    // made by index
	dateline string    // the place of the article's dateline, empty without one
	rated    []learned // of each sentence: what the model says of it
	persons  float64   // see narrator, negative until it is asked

	subjectBody string // the firm or body that the story is about, empty when there is none
}

func read(doc *nlp.Document, quotes []quote.Quote, published time.Time) *reading {
	r := &reading{Document: doc, quotes: quotes, published: published, marks: classes(doc), inMarks: betweenMarks(doc), rated: make([]learned, len(doc.Sentences)), persons: -1}
	r.said = make([]int, len(doc.Tokens))
	for i := range r.said {
		r.said[i] = -1
	}
	r.bySent = make([][]int, len(doc.Sentences))
	length := make([]int, len(quotes))
	for q := range quotes {
		length[q] = contentLen(quotes[q])
	}
	for q := range quotes {
		if r.isGround(q) || r.isTopic(q) || r.isUnsaid(q) {
			continue
		}
		for _, span := range quotes[q].Content {
			first, last := doc.TokensIn(span)
			for i := first; i < last; i++ {
				// The innermost quotation wins: it comes later and is shorter.
				if p := r.said[i]; p < 0 || length[q] <= length[p] {
					r.said[i] = q
				}
				s := doc.Tokens[i].Sentence
				if n := len(r.bySent[s]); n == 0 || r.bySent[s][n-1] != q {
					r.bySent[s] = append(r.bySent[s], q)
				}
			}
		}
	}
	for s := range r.bySent {
		slices.Sort(r.bySent[s])
		r.bySent[s] = slices.Compact(r.bySent[s])
	}
	r.meet()
	return r
}

// meet looks at each entity once.
func (r *reading) meet() {
	r.public = make([]bool, len(r.Entities))
	r.bodies = map[string]bool{}
	r.surnames = map[string]int{}
	for i, e := range r.Entities {
		switch e.Kind {
		case nlp.Organisation:
			r.bodies[e.Name] = true
		case nlp.Person:
			r.public[i] = slices.ContainsFunc(e.Titles, func(t string) bool { return hasWord(t, official|institution) })
			if at := strings.LastIndexByte(e.Name, ' '); at >= 0 {
				r.surnames[e.Name[at+1:]]++
			}
		}
	}
	for _, q := range r.quotes {
		// A country or a town that speaks is its government.
		if e := q.Speaker.Entity; e >= 0 && e < len(r.Entities) && r.Entities[e].Kind == nlp.Place {
			r.bodies[q.Speaker.Name] = true
		}
		if e := q.Speaker.Entity; e >= 0 && e < len(r.public) && hasWord(q.Speaker.Role, official|institution) {
			r.public[e] = true
		}
	}
	r.located = make([]bool, len(r.Entities))
	for _, m := range r.Mentions {
		if r.Entities[m.Entity].Kind != nlp.Place || r.located[m.Entity] {
			continue
		}
		for i := m.First - 1; i >= max(m.First-3, 0); i-- {
			if t := r.Tokens[i]; t.Tag == "IN" || t.Tag == "TO" {
				switch strings.ToLower(t.Text) {
				case "in", "at", "near", "outside", "from", "to", "across", "around", "off", "into", "on":
					r.located[m.Entity] = true
				}
				break
			}
		}
	}
	r.subjectBody = r.mainBody()
	r.setScene()
}

// setScene finds where the story plays: the place that is named most often,
// twice at least and more often than any other, or the town of the dateline when
// the text names it as often, the dateline included.
func (r *reading) setScene() {
	most := 1
	r.scene = ""
	for i, e := range r.Entities {
		switch n := len(e.Mentions); {
		case !r.located[i] || n < most:
		case n > most:
			most, r.scene = n, e.Name
		default:
			r.scene = ""
		}
	}
	town, _, _ := strings.Cut(r.dateline, ",")
	words := strings.Fields(town)
	if len(words) == 0 {
		return
	}
	if name, times := r.written(words); times > 0 && times+1 >= most {
		r.scene = name
	}
}

// written is how the text writes the words of a name that a dateline has in
// capitals, and how often it does so.
func (r *reading) written(words []string) (name string, times int) {
next:
	for i := r.firstOfBody(); i+len(words) <= len(r.Tokens); i++ {
		for k, w := range words {
			if t := r.Tokens[i+k]; !strings.EqualFold(t.Text, w) || t.Text == strings.ToLower(t.Text) {
				continue next
			}
		}
		if times++; times == 1 {
			name = r.text(i, i+len(words))
		}
	}
	return name, times
}

// firstOfBody is the first token behind the dateline.
func (r *reading) firstOfBody() int {
	body := r.Body
	if at := strings.Index(r.Text, r.dateline); at >= 0 && at <= body {
		body = max(body, at+len(r.dateline))
	}
	first, _ := r.TokensIn(nlp.Span{Start: body, End: len(r.Text)})
	return first
}

// mainBody is the organisation named in the first sentences of the story and
// more often than any other.
func (r *reading) mainBody() string {
	best, n := -1, 1
	for i, e := range r.Entities {
		if e.Kind == nlp.Organisation && len(e.Mentions) > n {
			best, n = i, len(e.Mentions)
		}
	}
	if best < 0 || r.Tokens[r.Mentions[r.Entities[best].Mentions[0]].First].Sentence > 0 {
		return ""
	}
	return r.Entities[best].Name
}

func contentLen(q quote.Quote) int {
	n := 0
	for _, s := range q.Content {
		n += s.Len()
	}
	return n
}

// has reports whether a token of [first, last) is of one of the classes.
func (r *reading) has(first, last int, c class) bool {
	for i := first; i < last; i++ {
		if r.marks[i]&c != 0 {
			return true
		}
	}
	return false
}

// finite reports whether token i is a verb form that can carry a clause.
func (r *reading) finite(i int) bool {
	switch r.Tokens[i].Tag {
	case "VBD", "VBP", "VBZ", "MD":
		return true
	}
	return false
}

// hasClause reports whether [first, last) holds a finite verb with a subject
// of its own.
func (r *reading) hasClause(first, last int) bool {
	for i := first; i < last; i++ {
		if !r.finite(i) {
			continue
		}
		for j := i - 1; j >= first; j-- {
			if isNominal(r.Tokens[j].Tag) {
				return true
			}
		}
	}
	return false
}

func isNominal(tag string) bool {
	switch tag {
	case "NN", "NNS", "NNP", "NNPS", "PRP", "CD", "DT", "EX", "WP", "WDT":
		return true
	}
	return false
}

// predicate is the token that governs [first, last): the shallowest one whose
// head lies outside, and a verb or an adjective rather than anything else.
func (r *reading) predicate(first, last int) int {
	best := -1
	for i := first; i < last; i++ {
		h := r.Tokens[i].Head
		if h >= first && h < last || r.Tokens[i].Rel == "punct" {
			continue
		}
		if best < 0 || r.carries(i) && !r.carries(best) {
			best = i
		}
	}
	return best
}

// carries reports whether token i can be the predicate of a clause: a finite
// verb, or a word with a copula or an auxiliary.
func (r *reading) carries(i int) bool {
	if r.finite(i) && r.Tokens[i].Tag != "MD" {
		return true
	}
	return r.Child(i, "cop", "aux", "aux:pass") >= 0 || r.Child(i, "nsubj", "nsubj:pass") >= 0
}

// subject is the subject of predicate p, its auxiliary siblings passed over;
// -1 when there is none.
func (r *reading) subject(p int) int {
	for hops := 0; p >= 0 && hops < 4; hops++ {
		if s := r.Child(p, "nsubj", "nsubj:pass", "csubj", "expl"); s >= 0 {
			return s
		}
		switch r.Tokens[p].Rel {
		case "conj", "xcomp", "aux", "cop":
			p = r.Tokens[p].Head
		default:
			return -1
		}
	}
	return -1
}

// modal is the modal verb of predicate p in lower case, contractions spelled
// out ("'ll" is "will"), "going" for "be going to", empty when it has none.
func (r *reading) modal(p int) string {
	for hops := 0; p >= 0 && hops < 3; hops++ {
		for _, c := range r.Children(p) {
			if t := r.Tokens[c]; t.Tag == "MD" && c < p {
				return spelled(t.Text)
			}
		}
		if t := r.Tokens[p]; t.Lemma == "go" && t.Tag == "VBG" {
			if x := r.Child(p, "xcomp"); x >= 0 && r.Tokens[x].Tag == "VB" { // not "is going fine"
				return "going"
			}
		}
		if r.Tokens[p].Tag == "MD" {
			return spelled(r.Tokens[p].Text)
		}
		// In "will or would go down and stay", the second verb shares the modal.
		if r.Tokens[p].Rel != "conj" || r.Tokens[p].Tag != "VB" {
			return ""
		}
		p = r.Tokens[p].Head
	}
	return ""
}

func spelled(modal string) string {
	switch m := strings.ToLower(strings.ReplaceAll(modal, "’", "'")); m {
	case "'ll", "wo":
		return "will"
	case "'d":
		return "would"
	case "ca":
		return "can"
	default:
		return m
	}
}

// negated reports whether predicate p is denied.
func (r *reading) negated(p int) bool {
	for _, c := range r.Children(p) {
		switch r.Tokens[c].Lemma {
		case "not", "never", "n't", "n’t", "no":
			return true
		}
	}
	return false
}

// trim takes marks and blanks off the ends of the tokens [first, last).
func (r *reading) trim(first, last int) (int, int) {
	for first < last && isMark(r.Tokens[first].Text) {
		first++
	}
	for first < last && isMark(r.Tokens[last-1].Text) {
		last--
	}
	return first, last
}

func isMark(s string) bool {
	switch s {
	case ",", ";", ":", ".", "!", "?", "…", "...", "—", "–", "--", "-", "(", ")", "[", "]",
		`"`, "“", "”", "''", "``", "'", "‘", "’", "«", "»":
		return true
	}
	return false
}

func isQuoteMark(s string) bool {
	switch s {
	case `"`, "“", "”", "''", "``", "‘", "«", "»":
		return true
	}
	return false
}

func isDash(s string) bool { return s == "—" || s == "–" || s == "--" || s == "-" }

// text is the article's words of the tokens [first, last).
func (r *reading) text(first, last int) string {
	if first >= last {
		return ""
	}
	return r.SpanOf(first, last).Text(r.Text)
}

// named reports whether quotation q has a speaker with a name.
func named(q quote.Quote) bool { return q.Speaker.Name != "" && q.Speaker.Entity >= 0 }
