package factcheck

import (
	"slices"
	"sort"
	"strings"

	"onrecord/nlp"
	"onrecord/quote"
)

// candidate is a stretch of one sentence that may be a claim.
type candidate struct {
	first, last int // tokens
	sentence    int
	quote       int    // the quotation it is the content of, -1 in the article's own voice
	frame       bool   // the words make sense only with the whole sentence around them
	evidence    bool   // given as the ground for something else: "considering that …"
	clauses     []part // of a compound: two or more clauses that could each be checked
}

// part is a clause of a compound candidate, as tokens.
type part struct{ first, last int }

func (c candidate) span(r *reading) nlp.Span { return r.SpanOf(c.first, c.last) }

// candidates lists what of sentence s may be a claim, in text order: the
// content of quotations, clause by clause where they differ, and what the
// article says itself.
func (r *reading) candidates(s int) []candidate {
	sent := r.Sentences[s]
	first, last := r.trim(sent.First, sent.Last)
	if first >= last || r.endsWith(sent, "?") {
		return nil
	}
	if len(r.bySent[s]) == 0 {
		return r.ownVoice(s, first, last)
	}
	var found []candidate
	for _, q := range r.bySent[s] {
		if r.quotes[q].Kind == quote.Other && !r.isFinding(q) {
			continue
		}
		pieces := r.pieces(q, sent)
		if whole, ok := r.broken(s, q, pieces); ok {
			found = append(found, whole)
			continue
		}
		for _, p := range pieces {
			found = append(found, r.contents(s, q, p.first, p.last)...)
		}
	}
	if own, ok := r.besides(s, first, last); ok {
		if own.frame {
			// The whole sentence speaks for its quotations too.
			own.frame = false
			return []candidate{own}
		}
		found = append([]candidate{own}, found...)
	} else {
		found = append(r.clausesBeside(s, first, last), found...)
	}
	if len(found) == 0 && r.requires(s) {
		return r.ownVoice(s, first, last)
	}
	return found
}

// pieces gives the tokens of q's content inside a sentence.
func (r *reading) pieces(q int, sent nlp.Sentence) []part {
	var out []part
	contents := r.quotes[q].Content
	// A quotation can run over many sentences: begin where this one does.
	at := sort.Search(len(contents), func(i int) bool { return contents[i].End > sent.Start })
	for _, content := range contents[at:] {
		if content.Start >= sent.End {
			break
		}
		from, to := r.TokensIn(content)
		if from, to = r.trim(max(from, sent.First), min(to, sent.Last)); from < to {
			out = append(out, part{from, to})
		}
	}
	return out
}

// broken takes one statement that its attribution breaks up ("Four people
// died, officials said, in the worst fire since 1990", "The fire, officials said,
// was the worst since 1990") as one candidate, the attribution included.
func (r *reading) broken(s, q int, pieces []part) (candidate, bool) {
	if len(pieces) != 2 || r.quotes[q].Type == quote.Direct || r.notAStatement(q) {
		return candidate{}, false
	}
	a, b := pieces[0], pieces[1]
	goesOn := r.isClause(q, a.first, a.last) && !r.isClause(q, b.first, b.last)
	subject := !r.hasClause(a.first, a.last) && r.finite(b.first) && !strings.HasPrefix(r.Tokens[a.first].Tag, "W")
	if !goesOn && !subject || r.onlyAttributes(b.first, b.last) {
		return candidate{}, false
	}
	return candidate{first: a.first, last: b.last, sentence: s, quote: q}, true
}

// clausesBeside gives the coordinated clauses of sentence s that hold neither
// words nor cue of a quotation: the first half of "Villagers lost two thirds of
// their bees, and many blame a spray".
func (r *reading) clausesBeside(s, first, last int) []candidate {
	bounds := r.coordinated(first, last)
	if len(bounds) < 2 {
		return nil
	}
	var found []candidate
	for _, p := range r.parts(bounds, last) {
		c := candidate{first: p.first, last: p.last, sentence: s, quote: -1}
		if !r.quotedIn(s, p) && r.hasClause(p.first, p.last) && r.judge(c).checkable {
			found = append(found, c)
		}
	}
	return found
}

// quotedIn reports whether a token of p belongs to a quotation or to its cue.
func (r *reading) quotedIn(s int, p part) bool {
	for i := p.first; i < p.last; i++ {
		if r.said[i] >= 0 {
			return true
		}
	}
	span := r.SpanOf(p.first, p.last)
	return slices.ContainsFunc(r.bySent[s], func(q int) bool {
		return slices.ContainsFunc(r.quotes[q].Cue, span.Overlaps)
	})
}

// requires reports whether the quotations of sentence s are the demands of a
// rule ("the order requires members to sign …") or of a body that decides
// ("the court ordered him to pay …"): the demand itself is then the fact. A
// request ("the ministry asked that …") is none.
func (r *reading) requires(s int) bool {
	for _, q := range r.bySent[s] {
		if r.hasCue(q, "ask", "request", "urge", "appeal", "plead", "beg", "call", "invite", "want", "propose", "suggest", "recommend") {
			continue
		}
		if r.quotes[q].Type == quote.Indirect && r.isInstitution(r.quotes[q].Speaker.Name) {
			return true
		}
		for _, cue := range r.quotes[q].Cue {
			if i, last := r.TokensIn(cue); r.has(i, last, law) {
				return true
			}
		}
	}
	return false
}

// endsWith reports whether the last mark of a sentence, closing quotation
// marks aside, is mark.
func (r *reading) endsWith(s nlp.Sentence, mark string) bool {
	for i := s.Last - 1; i >= s.First; i-- {
		if t := r.Tokens[i].Text; !isQuoteMark(t) && t != "’" && t != ")" {
			return strings.Contains(t, mark)
		}
	}
	return false
}

// isFinding reports whether quotation q passes on what somebody found out
// rather than what somebody believes, hopes or fears.
func (r *reading) isFinding(q int) bool {
	for _, cue := range r.quotes[q].Cue {
		first, last := r.TokensIn(cue)
		if r.has(first, last, finding) {
			return true
		}
	}
	return false
}

// contents makes candidates of the tokens [first, last) of sentence s, which
// are content of quotation q.
func (r *reading) contents(s, q, first, last int) []candidate {
	if r.notAStatement(q) || r.torn(q, first, last) {
		return nil
	}
	first, last = r.trim(first, last)
	if first < last && strings.EqualFold(r.Tokens[first].Text, "that") && r.Tokens[first].Tag != "DT" {
		first++
	}
	if last-first < 2 || r.quotes[q].Type == quote.Indirect && isQuestionWord(r.Tokens[first]) || r.onlyAttributes(first, last) {
		return nil
	}
	if !r.isClause(q, first, last) && (r.cueIn(q, s) || !r.hasClause(first, last)) {
		// "… described the raids as “theft”" is nothing without its sentence.
		if !r.cueIn(q, s) {
			return nil
		}
		if last-first < 4 && !r.isLoaded(first, last) {
			return nil
		}
		return []candidate{{first: first, last: last, sentence: s, quote: q, frame: true}}
	}
	return r.clausesOf(s, q, first, last)
}

// onlyAttributes reports whether the words [first, last) pass on what somebody else
// passed on, and nothing more: "state radio reported".
func (r *reading) onlyAttributes(first, last int) bool {
	if last-first > 8 {
		return false
	}
	p := last - 1
	verb, ok := r.ReportingVerb(p)
	return ok && verb.Speech && r.finite(p) && r.hasClause(first, last)
}

// torn reports whether the content [first, last) of quotation q lacks an object
// that stands before its source: "the message he felt the Lord was seeking to
// convey". Out of its relative clause it says nothing.
func (r *reading) torn(q, first, last int) bool {
	if r.quotes[q].Type == quote.Direct || first >= last || r.figures(candidate{first: first, last: last}) > 0 {
		return false
	}
	end, verb := last-1, first-1
	if verb > 0 && r.Tokens[verb].Lemma == "that" {
		verb--
	}
	if verb < 2 || !r.finite(verb) || r.Child(verb, "nsubj") < 0 {
		return false
	}
	from, to := r.NounPhrase(r.Child(verb, "nsubj"))
	if from < 1 || to > verb || !strings.HasPrefix(r.Tokens[end].Tag, "VB") && r.Tokens[end].Tag != "IN" || r.Child(end, "obj", "aux:pass", "cop", "advmod") >= 0 {
		return false
	}
	sent := r.Sentences[r.Tokens[from].Sentence]
	noun := from - 1
	if t := r.Tokens[noun]; isRelative(t.Tag) || t.Lemma == "that" {
		noun--
	}
	if noun < sent.First || r.Tokens[noun].Tag != "NN" && r.Tokens[noun].Tag != "NNS" {
		return false
	}
	// "After the talks he said …" has no verb before the noun, or one of a
	// clause that "when" or "after" opens.
	for i := noun - 1; i >= sent.First; i-- {
		switch t := r.Tokens[i]; {
		case isSubordinator(t), isMark(t.Text), t.Tag == "CC":
			return false
		case r.finite(i), r.Child(i, "nsubj") >= 0:
			return i == sent.First || !slices.ContainsFunc(r.Tokens[sent.First:i], isSubordinator)
		}
	}
	return false
}

// isClause reports whether the content [first, last) of quotation q is a
// clause of its own, not the object of its cue.
func (r *reading) isClause(q, first, last int) bool {
	if r.quotes[q].Type == quote.Direct && r.opensClause(first, last) {
		return true
	}
	if r.quotes[q].Type != quote.Direct && r.describes(q) {
		return false
	}
	p := r.predicate(first, last)
	if p < 0 || !r.carries(p) {
		return false
	}
	switch r.Tokens[p].Rel {
	case "advcl", "acl", "acl:relcl":
		if r.quotes[q].Type != quote.Direct {
			return false // "recalled its envoy hours after soldiers came"
		}
	}
	s := r.subject(p)
	return s >= first && s < last || r.opensClause(first, last)
}

// describes reports whether the cue of q takes a thing and a name for it: "X
// called the raids theft".
func (r *reading) describes(q int) bool {
	return r.hasCue(q, "describe", "call", "label", "brand", "dub", "characterise", "characterize", "portray", "depict", "denounce", "condemn", "criticise", "criticize")
}

// isQuestionWord reports whether a clause that begins with t is a question:
// "did not say where the money would come from".
func isQuestionWord(t nlp.Token) bool {
	switch strings.ToLower(t.Text) {
	case "whether", "what", "where", "who", "why", "how", "when", "which", "if":
		return true
	}
	return false
}

// cueIn reports whether a cue of q stands in sentence s.
func (r *reading) cueIn(q, s int) bool {
	return slices.ContainsFunc(r.quotes[q].Cue, r.Sentences[s].Overlaps)
}

// isLoaded reports whether even a few words are worth a look.
func (r *reading) isLoaded(first, last int) bool {
	return r.has(first, last, allegation|harm|law|comparison)
}

// notAStatement reports whether what q passes on is no statement of fact: a
// question, a demand, praise, a hope.
func (r *reading) notAStatement(q int) bool {
	switch r.quotes[q].Stance {
	case quote.Asked, quote.Demanded, quote.Praised, quote.Hoped, quote.Feared:
		return true
	}
	return r.hasCue(q, "chant", "sing", "joke", "quip", "pray", "wonder", "urge", "plead")
}

// clausesOf splits a content at its coordinated clauses. Neighbours that
// could all be checked stay one claim with parts; a clause that cannot be
// checked (a prediction, a vow) parts its neighbours.
func (r *reading) clausesOf(s, q, first, last int) []candidate {
	bounds := r.coordinated(first, last)
	var found []candidate
	var run []part
	flush := func() {
		if len(run) == 0 {
			return
		}
		c := candidate{first: run[0].first, last: run[len(run)-1].last, sentence: s, quote: q}
		if len(run) > 1 {
			c.clauses = run
		}
		found = append(found, c)
		run = nil
	}
	for i, from := range bounds {
		to := last
		if i+1 < len(bounds) {
			to = bounds[i+1]
		}
		a, b := r.trim(from, to)
		if a < b && r.Tokens[a].Tag == "CC" {
			a++
		}
		if a < b && r.Tokens[a].Rel == "mark" && r.Tokens[a].Lemma == "that" {
			a++
		}
		b = r.dropTail(a, b)
		a, b = r.trim(a, b)
		if b-a < 2 {
			continue
		}
		if v := r.judge(candidate{first: a, last: b, sentence: s, quote: q}); !v.checkable && len(bounds) > 1 {
			flush()
			if v.prediction {
				found = append(found, candidate{first: a, last: b, sentence: s, quote: q})
			}
			continue
		}
		run = append(run, part{a, b})
	}
	flush()
	return found
}

// coordinated gives where the coordinated clauses of [first, last) begin: at
// first, and after each comma, semicolon or conjunction that opens a clause
// with a subject and a finite verb of its own.
func (r *reading) coordinated(first, last int) []int {
	starts := []int{first}
	for i := first + 1; i < last; i++ {
		t := r.Tokens[i]
		opens := t.Tag == "CC" && t.Lemma != "or" && t.Lemma != "nor" || t.Text == ";"
		if !opens || r.nested(i, first) || !isMark(r.Tokens[i-1].Text) && !r.joinsClauses(i) {
			continue
		}
		if r.opensClause(i+1, last) && i > starts[len(starts)-1]+2 {
			starts = append(starts, i)
		}
	}
	return starts
}

// joinsClauses reports whether the conjunction at i joins two clauses by the
// parse: what it introduces is coordinated and has a subject of its own. It is
// asked where no comma says so.
func (r *reading) joinsClauses(i int) bool {
	h := r.Tokens[i].Head
	if h < 0 || r.Tokens[h].Rel != "conj" && r.Tokens[h].Rel != "parataxis" {
		return false
	}
	s := r.Child(h, "nsubj", "nsubj:pass", "expl")
	return s > i && !isRelative(r.Tokens[s].Tag)
}

// isRelative reports whether a subject with this tag is a relative pronoun, whose
// verb is no clause of its own: "a bully who has …".
func isRelative(tag string) bool { return tag == "WP" || tag == "WDT" }

// nested reports whether the coordination at i lies inside a subordinate
// clause that began after first, so that it joins no main clauses.
func (r *reading) nested(i, first int) bool {
	h := r.Tokens[i].Head // cc hangs on the conjunct after it
	for hops := 0; h >= 0 && hops < 20; hops++ {
		switch r.Tokens[h].Rel {
		case "acl", "acl:relcl", "advcl", "ccomp", "xcomp", "csubj":
			a, _ := r.Subtree(h)
			for a < i && isMark(r.Tokens[a].Text) {
				a++
			}
			return a > first && a < i
		case "conj", "parataxis":
			h = r.Tokens[h].Head
		default:
			return false
		}
	}
	return false
}

// opensClause reports whether the words from i on begin with a subject and
// its finite verb, or with a subordinate clause followed by them ("if …,").
func (r *reading) opensClause(i, last int) bool {
	if i < last && isSubordinator(r.Tokens[i]) {
		return r.hasClause(i, last)
	}
	seen := false
	for ; i < last; i++ {
		t := r.Tokens[i]
		switch {
		case r.finite(i):
			return seen
		case t.Tag == "NN" || t.Tag == "NNS" || strings.HasPrefix(t.Tag, "NNP") || t.Tag == "PRP" || t.Tag == "EX" || t.Tag == "CD" || t.Tag == "DT":
			seen = true
		case isMark(t.Text) || t.Tag == "WDT" || t.Tag == "WP" || t.Tag == "CC" || t.Tag == "TO" || t.Tag == "VBG":
			return false
		}
	}
	return false
}

func isSubordinator(t nlp.Token) bool {
	switch strings.ToLower(t.Text) {
	case "if", "unless", "although", "though", "because", "while", "whereas", "when", "since", "as", "until", "before", "after":
		return t.Tag == "IN" || t.Tag == "WRB" || t.Rel == "mark"
	}
	return false
}

// dropTail cuts a participial clause off the end of direct speech, where it
// draws a conclusion from the statement ("…, sending a strong signal").
func (r *reading) dropTail(first, last int) int {
	for i := last - 1; i > first+3; i-- {
		t := r.Tokens[i]
		if t.Tag == "VBG" && r.Tokens[i-1].Text == "," && r.hasClause(first, i-1) && r.said[i] >= 0 &&
			r.quotes[r.said[i]].Type == quote.Direct && !r.has(i, last, harm|cause) {
			return i - 1
		}
	}
	return last
}

// besides gives what the article says in sentence s beside the quotations in
// it: the clause of "Officials extended the offer, promising work", whose cue
// only joins in. With frame set it stands for the whole sentence, content
// included.
func (r *reading) besides(s, first, last int) (candidate, bool) {
	sent := r.Sentences[s]
	root := r.Root(s)
	if root < 0 || r.said[root] >= 0 {
		return candidate{}, false
	}
	joins, speech := -1, false
	for _, q := range r.bySent[s] {
		if r.holdsCue(q, root) {
			return candidate{}, false
		}
		speech = speech || r.quotes[q].Kind == quote.Speech || r.isFinding(q)
		for _, cue := range r.quotes[q].Cue {
			i, _ := r.TokensIn(cue)
			if i >= sent.First && i < sent.Last && r.Tokens[i].Tag == "VBG" && r.quotes[q].Kind == quote.Speech {
				joins = q
			}
		}
	}
	tail := r.aside(first, last)
	a, b := r.trim(first, tail)
	if joins >= 0 {
		return candidate{first: a, last: b, sentence: s, quote: joins, frame: true}, true
	}
	if !speech && b > a {
		return candidate{first: a, last: b, sentence: s, quote: -1}, true
	}
	// The quotation stands in a clause of its own at the end: what is before
	// it is the article's.
	for i := a; i < b; i++ {
		if r.said[i] >= 0 {
			b = i
		}
	}
	a, b = r.trim(a, b)
	if b-a < 4 || !r.hasClause(a, b) || tail == last {
		return candidate{}, false
	}
	return candidate{first: a, last: b, sentence: s, quote: -1}, true
}

func (r *reading) holdsCue(q, token int) bool {
	t := r.Tokens[token]
	for _, cue := range r.quotes[q].Cue {
		if cue.Contains(t.Span) {
			return true
		}
	}
	return false
}

// aside gives where a closing aside begins that a claim is better without:
// "— although …", ", although …" with somebody's belief or fear in it. It is
// last when there is none.
func (r *reading) aside(first, last int) int {
	for i := first + 3; i < last; i++ {
		if !isDash(r.Tokens[i].Text) && r.Tokens[i].Text != "," || i+1 >= last {
			continue
		}
		switch strings.ToLower(r.Tokens[i+1].Text) {
		case "although", "though", "but", "while":
			for j := i + 1; j < last; j++ {
				if r.said[j] >= 0 || r.marks[j]&unclear != 0 {
					return i
				}
			}
		}
	}
	return last
}

// ownVoice makes candidates of a sentence without quotations.
func (r *reading) ownVoice(s, first, last int) []candidate {
	if !r.hasClause(first, last) {
		return nil
	}
	whole := candidate{first: first, last: last, sentence: s, quote: -1}
	verdict := r.judge(whole)
	from := r.ground(first, last)
	if from > first+1 {
		main := whole
		main.first, main.last = r.trim(first, from-1)
		if v := r.judge(main); !v.checkable && !v.prediction {
			verdict = v
		}
	}
	if verdict.checkable {
		if bounds := r.coordinated(first, last); len(bounds) > 1 {
			whole.clauses = r.parts(bounds, last)
		}
		return []candidate{whole}
	}
	// The sentence as a whole cannot be checked; the ground it gives may be.
	if from >= 0 {
		a, b := r.trim(from, last)
		c := candidate{first: a, last: b, sentence: s, quote: -1, evidence: true}
		if bounds := r.coordinated(a, b); len(bounds) > 1 {
			c.clauses = r.parts(bounds, b)
		}
		if r.judge(c).checkable {
			return []candidate{c}
		}
	}
	if verdict.prediction {
		return []candidate{whole}
	}
	return nil
}

func (r *reading) parts(bounds []int, last int) []part {
	var out []part
	for i, from := range bounds {
		to := last
		if i+1 < len(bounds) {
			to = bounds[i+1]
		}
		a, b := r.trim(from, to)
		if a < b && r.Tokens[a].Tag == "CC" {
			a++
		}
		if a < b && r.Tokens[a].Rel == "mark" && r.Tokens[a].Lemma == "that" {
			a++
		}
		if b-a >= 3 {
			out = append(out, part{a, b})
		}
	}
	if len(out) < 2 {
		return nil
	}
	return out
}

// ground gives where the clause begins that [first, last) gives as a ground:
// after "considering that", "given that", "because", "since"; -1 without one.
func (r *reading) ground(first, last int) int {
	for i := first + 1; i+2 < last; i++ {
		word := strings.ToLower(r.Tokens[i].Text)
		next := strings.ToLower(r.Tokens[i+1].Text)
		switch {
		case (word == "considering" || word == "given") && next == "that", word == "now" && next == "that":
			if r.hasClause(i+2, last) {
				return i + 2
			}
		case word == "because" && next != "of", word == "although", word == "though", word == "whereas":
			if r.hasClause(i+1, last) {
				return i + 1
			}
		case word == "since" || word == "as":
			if r.Tokens[i].Rel == "mark" && r.hasClause(i+1, last) && !r.finite(i+1) && !strings.HasPrefix(r.Tokens[i-1].Tag, "JJ") && !strings.HasPrefix(r.Tokens[i-1].Tag, "RB") { // not "as is common", "as odd as it sounds"
				return i + 1
			}
		}
	}
	return -1
}
