package factcheck

import (
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"onrecord/nlp"
	"onrecord/quote"
)

// wording is a claim's text on its way to standing alone: the article's words
// with insertions between them.
type wording struct {
	span    nlp.Span
	prefix  []Insertion // before the words
	inside  []placed
	unclear []string
	quoted  bool // the words are a direct quotation and get its marks back
	open    bool // the quotation goes on after the words
	lower   bool // the first word loses its capital
}

type placed struct {
	at int // byte offset
	Insertion
}

// insert adds text at a byte of the article, in brackets when written.
// It does so once: what was said already needs no second time.
func (w *wording) insert(at int, text string, from nlp.Span) {
	if slices.ContainsFunc(w.inside, func(p placed) bool { return p.Text == text && p.From == from }) {
		return
	}
	w.inside = append(w.inside, placed{at, Insertion{Text: text, From: from}})
}

// render writes the wording, and lists what it added in the order written.
func (w *wording) render(text string) (string, []Insertion) {
	slices.SortStableFunc(w.inside, func(a, b placed) int { return a.at - b.at })
	var b strings.Builder
	var all []Insertion
	for _, in := range w.prefix {
		fmt.Fprintf(&b, "[%s] ", in.Text)
		all = append(all, in)
	}
	if w.quoted {
		b.WriteString("“")
	}
	at := w.span.Start
	begun := false
	write := func(s string) {
		if s == "" {
			return
		}
		if !begun && w.lower {
			s = lowerFirst(s)
		}
		begun = true
		b.WriteString(s)
	}
	for _, in := range w.inside {
		write(text[at:in.at])
		at = in.at
		if in.at < w.span.End && startsWord(text[in.at:]) {
			fmt.Fprintf(&b, "[%s] ", in.Text)
		} else {
			fmt.Fprintf(&b, " [%s]", in.Text)
		}
		begun = true
		all = append(all, in.Insertion)
	}
	write(text[at:w.span.End])
	if w.open {
		b.WriteString(" …")
	}
	if w.quoted {
		b.WriteString("”")
	}
	return strings.Join(strings.Fields(b.String()), " "), all
}

// startsWord reports whether an insertion at the head of s stands before a
// word (and takes a blank after it) rather than after one.
func startsWord(s string) bool {
	r, _ := utf8.DecodeRuneInString(s)
	return unicode.IsLetter(r) || unicode.IsDigit(r)
}

func lowerFirst(s string) string {
	r, n := utf8.DecodeRuneInString(s)
	return string(unicode.ToLower(r)) + s[n:]
}

// standalone words c so that it makes sense outside the article: who says it,
// who "he" is, full names, dates. Nothing is inserted that is not sure; what
// stays open is said in the second result. Negations, hedges and speakers are
// never dropped, because none of the article's words within the claim is.
func (r *reading) standalone(c candidate, f features) (string, []Insertion, string) {
	w := &wording{span: r.closed(c.span(r), c.sentence)}
	if c.frame {
		sent := r.Sentences[c.sentence]
		w.span = sent.Span
		r.fullNames(w, sent.First, sent.Last)
		whole := c
		whole.first, whole.last = sent.First, sent.Last
		r.refer(w, whole, sent.First, sent.Last)
		r.ownSource(w, c)
		r.dates(w)
		text, ins := w.render(r.Text)
		return text, ins, strings.Join(w.unclear, "; ")
	}
	r.extend(w, c)
	if c.quote >= 0 && !r.frames(c) {
		r.attribute(w, c)
	}
	r.fullNames(w, c.first, c.last)
	r.refer(w, c, c.first, c.last)
	r.ownSource(w, c)
	r.dates(w)
	r.inherit(w, c, f)
	r.undated(w, c, f)
	text, ins := w.render(r.Text)
	return text, ins, strings.Join(w.unclear, "; ")
}

// ownSource names the speaker where the words of a claim attribute it to a
// pronoun: "…, he [Ivo Marsh] said".
func (r *reading) ownSource(w *wording, c candidate) {
	if c.quote < 0 || !c.frame && !r.frames(c) {
		return
	}
	q := r.quotes[c.quote]
	name := q.Speaker.Name
	if name == "" || len(q.Speaker.Spans) == 0 || strings.Contains(w.span.Text(r.Text), name) ||
		slices.ContainsFunc(w.inside, func(p placed) bool { return strings.Contains(strings.ToLower(p.Text), strings.ToLower(name)) }) {
		return
	}
	for _, s := range q.Source {
		i := r.TokenAt(s.Start)
		if w.span.Contains(s) && i >= 0 && r.Tokens[i].Tag == "PRP" && r.Tokens[i].Span == s {
			r.explain(w, i, name, q.Speaker.Spans[0])
			return
		}
	}
}

// frames reports whether the words of c hold their own attribution: the
// sentence's main clause with a quotation that joins in.
func (r *reading) frames(c candidate) bool {
	for _, cue := range r.quotes[c.quote].Cue {
		if c.span(r).Contains(cue) {
			return true
		}
	}
	return false
}

// extend gives a whole sentence its full stop back.
func (r *reading) extend(w *wording, c candidate) {
	sent := r.Sentences[c.sentence]
	r.balance(w, sent)
	from, to := r.TokensIn(nlp.Span{Start: w.span.End, End: sent.End})
	if c.first == sent.First && c.quote < 0 && to-from == 1 {
		w.span.End = sent.End
	}
}

// closed is span, of sentence s, with the bracket or the quotation mark behind its
// last word or before its first, where its other half stands within: trimming
// took it off.
func (r *reading) closed(span nlp.Span, s int) nlp.Span {
	text, sent := span.Text(r.Text), r.Sentences[s]
	for _, pair := range [...][2]string{{"(", ")"}, {"[", "]"}, {"“", "”"}} {
		switch opened, shut := strings.Count(text, pair[0]), strings.Count(text, pair[1]); {
		case opened == shut+1 && span.End < sent.End:
			rest := r.Text[span.End:sent.End]
			if at := strings.Index(rest, pair[1]); at >= 0 && marksOnly(rest[:at]) {
				span.End += at + len(pair[1])
			}
		case shut == opened+1 && sent.Start < span.Start:
			before := r.Text[sent.Start:span.Start]
			if at := strings.LastIndex(before, pair[0]); at >= 0 && marksOnly(before[at:]) {
				span.Start = sent.Start + at
			}
		}
	}
	if strings.Count(span.Text(r.Text), `"`)%2 == 1 {
		rest, before := r.Text[span.End:max(sent.End, span.End)], r.Text[min(sent.Start, span.Start):span.Start]
		if at := strings.IndexByte(rest, '"'); at >= 0 && marksOnly(rest[:at]) {
			span.End += at + 1
		} else if at := strings.LastIndexByte(before, '"'); at >= 0 && marksOnly(before[at:]) {
			span.Start -= len(before) - at
		}
	}
	return span
}

// marksOnly reports whether no letter and no digit stands in s.
func marksOnly(s string) bool {
	return !strings.ContainsFunc(s, func(c rune) bool { return unicode.IsLetter(c) || unicode.IsDigit(c) })
}

// balance takes the closing mark of a quotation that the words open, which
// trimming may have cut off.
func (r *reading) balance(w *wording, sent nlp.Sentence) {
	text := w.span.Text(r.Text)
	open := strings.Count(text, "“") > strings.Count(text, "”") || strings.Count(text, `"`)%2 == 1
	if !open {
		return
	}
	rest := r.Text[w.span.End:sent.End]
	for i, c := range rest {
		if c == '”' || c == '"' {
			w.span.End += i + utf8.RuneLen(c)
			return
		}
		if i > 3 {
			return
		}
	}
}

// attribute puts the speaker before the words.
func (r *reading) attribute(w *wording, c candidate) {
	q := r.quotes[c.quote]
	from := nlp.Span{}
	switch {
	case len(q.Speaker.Spans) > 0:
		from = q.Speaker.Spans[0]
	case len(q.Source) > 0:
		from = q.Source[0]
	}
	who := r.inSentence(q.Speaker.Name, q.Speaker.Spans)
	switch {
	case who == "" && len(q.Unclear) > 0:
		who = strings.Join(q.Unclear, " or ")
		w.unclear = append(w.unclear, "who says it: "+who)
	case who == "" && len(q.Source) > 0:
		who = r.inSentence(q.Source[0].Text(r.Text), q.Source)
		w.unclear = append(w.unclear, "who says it: “"+who+"”")
	case who == "":
		who = "somebody"
		w.unclear = append(w.unclear, "who says it: the article does not say")
	}
	if strings.HasPrefix(strings.ToLower(q.Verb), "according") && q.Type != quote.Direct && q.Via == "" {
		w.prefix = append(w.prefix, Insertion{Text: "According to " + who + ":", From: from})
		return
	}
	verb := clauseVerb(q)
	if q.Via != "" {
		who += ", according to " + q.Via + ","
	}
	if q.Type == quote.Direct || r.insideMarks(c) {
		w.quoted = true
		w.open = r.goesOn(c)
		w.prefix = append(w.prefix, Insertion{Text: who + " " + verb + ":", From: from})
		return
	}
	if q.Stance == quote.Denied && !strings.EqualFold(r.Tokens[c.first].Text, "that") {
		verb += " that" // "denied any exit was locked" could be read as less
	}
	w.prefix = append(w.prefix, Insertion{Text: who + " " + verb, From: from})
	first := r.Tokens[c.first]
	w.lower = !strings.HasPrefix(first.Tag, "NNP") && first.Text != "I" && first.Entity < 0 && !strings.HasPrefix(first.Tag, "CD") &&
		!isUpper(first.Text)
}

func isUpper(s string) bool {
	return len(s) > 1 && strings.ToUpper(s) == s
}

// clauseVerb is the verb of a quotation in a form that a clause can follow.
func clauseVerb(q quote.Quote) string {
	verb := q.Verb
	switch {
	case verb == "", strings.HasPrefix(verb, "according"), strings.Contains(verb, ":"):
		return "said"
	}
	switch q.Stance {
	case quote.Denied:
		return verb
	case quote.Accused:
		return "said"
	}
	head, rest, _ := strings.Cut(verb, " ")
	if rest == "of" {
		verb = head // "said of"
	}
	switch head {
	case "described", "called", "quoted", "cited", "told", "laid", "set", "blamed", "criticised", "criticized", "dubbed", "put", "spoke", "characterised", "characterized", "has", "is", "was", "been":
		return "said"
	}
	return verb
}

// insideMarks reports whether all of c stands inside quotation marks.
func (r *reading) insideMarks(c candidate) bool {
	sent := r.Sentences[c.sentence]
	for i := c.first - 1; i >= sent.First && i >= c.first-2; i-- {
		if t := r.Tokens[i].Text; t == "“" || t == `"` || t == "``" {
			for j := c.last; j < sent.Last && j <= c.last+2; j++ {
				if t := r.Tokens[j].Text; t == "”" || t == `"` || t == "''" {
					return true
				}
			}
		}
	}
	return false
}

// goesOn reports whether the direct quotation continues in its sentence after
// the words of c.
func (r *reading) goesOn(c candidate) bool {
	sent := r.Sentences[c.sentence]
	for i := c.last; i < sent.Last; i++ {
		if r.said[i] != c.quote {
			return false
		}
		if !isMark(r.Tokens[i].Text) {
			return true
		}
	}
	return false
}

// fullNames completes short names: "Contreras" becomes "[Denis] Contreras" when
// the article's full name ends so and nobody else shares it.
func (r *reading) fullNames(w *wording, first, last int) {
	from, to := r.MentionsIn(r.SpanOf(first, last))
	done := map[int]bool{}
	for _, m := range r.Mentions[from:to] {
		e := r.Entities[m.Entity]
		if done[m.Entity] {
			continue
		}
		done[m.Entity] = true
		if e.Kind != nlp.Person {
			continue
		}
		short := m.Span.Text(r.Text)
		rest, ok := strings.CutSuffix(e.Name, " "+short)
		if !ok || m.First > 0 && strings.HasPrefix(r.Tokens[m.First-1].Tag, "NNP") || !m.Title.Empty() || r.prefixed(w, e.Name) || m.Start < w.span.Start || r.surnames[short] > 1 {
			continue
		}
		for _, k := range e.Mentions {
			if full := r.Mentions[k]; full.Span.Text(r.Text) == e.Name {
				w.insert(m.Start, rest, full.Span)
				break
			}
		}
	}
}

// fullBodies completes the short names of bodies and places among the tokens.
func (r *reading) fullBodies(w *wording, first, last int) {
	from, to := r.MentionsIn(r.SpanOf(first, last))
	done := map[int]bool{}
	for _, m := range r.Mentions[from:to] {
		if !done[m.Entity] && r.Entities[m.Entity].Kind != nlp.Person {
			r.fullBody(w, m)
		}
		done[m.Entity] = true
	}
}

// fullBody completes the short name of a body or place behind "the": "the
// Church" becomes "the Church [Church of Upper Reed]" when only one full name
// begins or ends so.
func (r *reading) fullBody(w *wording, m nlp.Mention) {
	short := m.Span.Text(r.Text)
	if _, country := nlp.Country(short); country || m.First == 0 || !strings.EqualFold(r.Tokens[m.First-1].Text, "the") || m.Start < w.span.Start || isUpper(short) || m.Last < len(r.Tokens) && strings.HasPrefix(r.Tokens[m.Last].Tag, "NN") {
		return
	}
	var full []int
	words := strings.Fields(strings.ToLower(short))
	if len(words) != 1 {
		return // "the White House" is a name by itself
	}
	for _, i := range slices.Concat(r.index().first[words[0]], r.index().last[words[len(words)-1]]) {
		e := r.Entities[i]
		if !strings.Contains(e.Name, " and ") && r.fullMention(i).Start <= m.Start && !slices.Contains(full, i) &&
			(strings.HasPrefix(e.Name, short+" ") || strings.HasSuffix(e.Name, " "+short)) {
			full = append(full, i)
		}
	}
	switch {
	case len(full) == 0 || r.prefixed(w, r.Entities[full[0]].Name):
	case len(full) > 1:
		if r.Tokens[m.Last-1].Rel == "nsubj" {
			w.unclear = append(w.unclear, "which “"+short+"”: "+strings.Join(r.namesOf(full), " or "))
		}
	default:
		r.explain(w, m.Last-1, r.Entities[full[0]].Name, r.fullMention(full[0]))
	}
}

func (r *reading) prefixed(w *wording, name string) bool {
	return slices.ContainsFunc(w.prefix, func(in Insertion) bool { return strings.Contains(in.Text, name) })
}

// introduces reports whether the "it" at i points to nothing: "it rained", "it
// is known that …".
func (r *reading) introduces(i int) bool {
	t := r.Tokens[i]
	if t.Rel == "expl" {
		return true
	}
	if t.Lemma == "it" && t.Head >= 0 && r.Child(t.Head, "xcomp", "advcl", "ccomp", "csubj") > t.Head {
		switch r.Tokens[t.Head].Lemma {
		case "take", "seem", "appear", "turn", "happen", "matter", "rain", "snow", "cost":
			return true // "it could take weeks to …"
		}
	}
	return t.Lemma == "it" && t.Head >= 0 && r.Child(t.Head, "csubj", "ccomp") >= 0
}

// dates writes the days after the time expressions that hang on the day of
// publication.
func (r *reading) dates(w *wording) {
	for _, d := range r.datesIn(w.span) {
		text := d.Span.Text(r.Text)
		switch {
		case !d.Dates.Start.IsZero() && !hasYear(text):
			w.insert(d.Span.End, days(d.Dates), d.Span)
		case d.Dates.Start.IsZero() && isVagueTime(text):
			w.unclear = append(w.unclear, fmt.Sprintf("“%s”: cannot be dated", text))
		}
	}
}

// datesIn resolves the time expressions inside span.
func (r *reading) datesIn(span nlp.Span) []Date {
	var out []Date
	from, to := r.TimesIn(span)
	for _, t := range r.Times[from:to] {
		if !span.Contains(t.Span) {
			continue
		}
		d := Date{Span: t.Span}
		if dates, ok := t.Resolve(r.published); ok {
			d.Dates = dates
		}
		out = append(out, d)
	}
	return out
}

// days writes a range of days as ISO 8601 does.
func days(d nlp.Dates) string {
	start, end := d.Start.Format(time.DateOnly), d.End.Format(time.DateOnly)
	if start == end || d.End.IsZero() {
		return start
	}
	return start + "/" + end
}

// hasYear reports whether a time expression names a year itself.
func hasYear(s string) bool {
	run := 0
	for _, c := range s {
		if c >= '0' && c <= '9' {
			run++
			if run == 4 {
				return true
			}
		} else {
			run = 0
		}
	}
	return false
}

func isVagueTime(s string) bool {
	low := strings.ToLower(s)
	return strings.Contains(low, "recent") || strings.Contains(low, "lately") || strings.Contains(low, "these days")
}

// inherit gives a short claim of an event without time or place ("Nobody was
// injured.") what the sentences before it in its paragraph tell of the event:
// the clause that says what happened meanwhile, the one place and the one time
// that they name.
func (r *reading) inherit(w *wording, c candidate, f features) {
	sent := r.Sentences[c.sentence]
	if c.quote >= 0 || c.last-c.first > 6 || !f.event && !f.harm || f.names > 0 || len(r.datesIn(w.span)) > 0 {
		return
	}
	before := nlp.Span{Start: r.Paragraphs[sent.Paragraph].Start, End: sent.Start}
	end := w.span.End
	if end > 0 && isMark(r.Text[end-1:end]) {
		end--
	}
	if place, ok := r.onlyPlace(before); ok {
		if during, ok := r.meanwhile(place.End); ok {
			w.insert(end, during.Text(r.Text), during)
		}
		w.insert(end, place.Text(r.Text), place)
	}
	if times := r.datesIn(before); len(times) == 1 && !r.bounds(times[0].Span) {
		text := times[0].Span.Text(r.Text)
		if first := r.TokenAt(times[0].Span.Start); first >= 0 && !strings.HasPrefix(r.Tokens[first].Tag, "NNP") {
			text = lowerFirst(text)
		}
		w.insert(end, text, times[0].Span)
	}
}

// bounds reports whether a time says until or since when: "cancelled until
// Wednesday" tells not when anything happened.
func (r *reading) bounds(span nlp.Span) bool {
	first, last := r.TokensIn(span)
	for i := max(first-1, 0); i < last; i++ {
		switch strings.ToLower(r.Tokens[i].Text) {
		case "until", "till", "by", "before", "since", "from", "after", "through":
			return true
		}
	}
	return false
}

// meanwhile is the clause "as the crowd pressed forward" that follows byte at:
// from its conjunction to its verb and the particles of that.
func (r *reading) meanwhile(at int) (nlp.Span, bool) {
	first, _ := r.TokensIn(nlp.Span{Start: at, End: len(r.Text)})
	if first >= len(r.Tokens) || !isMeanwhile(r.Tokens[first].Text) {
		return nlp.Span{}, false
	}
	last := r.Sentences[r.Tokens[first].Sentence].Last
	for i := first + 2; i < min(last, first+10); i++ {
		if tag := r.Tokens[i].Tag; tag != "VBD" && tag != "VBN" || !isNominal(r.Tokens[i-1].Tag) {
			continue
		}
		for i++; i < last && (r.Tokens[i].Tag == "RB" || r.Tokens[i].Tag == "RP"); i++ {
		}
		return r.SpanOf(first, i), true
	}
	return nlp.Span{}, false
}

func isMeanwhile(word string) bool {
	switch strings.ToLower(word) {
	case "as", "when", "while":
		return true
	}
	return false
}

// onlyPlace is the prepositional phrase around the only place named in span.
func (r *reading) onlyPlace(span nlp.Span) (nlp.Span, bool) {
	from, to := r.MentionsIn(span)
	found, entity := nlp.Span{}, -1
	for _, m := range r.Mentions[from:to] {
		if r.Entities[m.Entity].Kind != nlp.Place {
			continue
		}
		head := m.Last - 1
		for hops := 0; hops < 3 && r.Tokens[head].Rel != "obl" && r.Tokens[head].Rel != "nmod" && r.Tokens[head].Head >= 0; hops++ {
			head = r.Tokens[head].Head
		}
		prep := r.Child(head, "case")
		if prep < 0 || prep > m.First || r.Tokens[prep].Tag != "IN" {
			continue
		}
		switch strings.ToLower(r.Tokens[prep].Text) {
		case "in", "on", "at", "near", "outside":
		default:
			continue
		}
		if entity >= 0 && entity != m.Entity {
			return nlp.Span{}, false
		}
		_, end := r.NounPhrase(head)
		end = max(end, m.Last)
		for k := m.Last; k < end; k++ {
			if isMeanwhile(r.Tokens[k].Text) || r.inTime(k) {
				end = k // a clause or a time that the parse took for part of the phrase
			}
		}
		found, entity = r.SpanOf(prep, end), m.Entity
	}
	return found, entity >= 0
}

// inTime reports whether token k belongs to a time expression.
func (r *reading) inTime(k int) bool {
	from, to := r.TimesIn(r.Tokens[k].Span)
	return to > from
}

// datesOf are the time expressions of a claim, those that its wording took
// over from other sentences among them.
func (r *reading) datesOf(claim Claim) []Date {
	dates := r.datesIn(claim.Span)
	for _, in := range claim.Inserted {
		if !claim.Span.Contains(in.From) {
			for _, d := range r.datesIn(in.From) {
				if d.Span == in.From {
					dates = append(dates, d)
				}
			}
		}
	}
	return dates
}

// undated says so when a counted event has no time at all.
func (r *reading) undated(w *wording, c candidate, f features) {
	if f.ownVoice && f.event && f.figures > 0 && len(w.inside) == 0 && len(r.datesIn(r.Sentences[c.sentence].Span)) == 0 {
		w.unclear = append(w.unclear, "when: the sentence gives no time")
	}
}

// parts words each clause of a compound claim. What the first clause counts is
// carried over to a bare figure of a later one: "half the population is poor
// and millions [of the population] are unemployed".
func (r *reading) compound(c candidate) ([]Part, []Insertion) {
	var parts []Part
	var all []Insertion
	for k, cl := range c.clauses {
		one := c
		one.first, one.last, one.clauses = cl.first, cl.last, nil
		w := &wording{span: r.closed(one.span(r), c.sentence)}
		if c.quote >= 0 && !r.frames(c) {
			r.attribute(w, one)
			if k > 0 {
				w.lower = false
			}
		}
		r.balance(w, r.Sentences[c.sentence])
		r.fullNames(w, one.first, one.last)
		r.refer(w, one, one.first, one.last)
		r.dates(w)
		if k > 0 {
			r.carryOver(w, c.clauses[0], cl)
		}
		text, ins := w.render(r.Text)
		parts = append(parts, Part{Span: r.closed(one.span(r), c.sentence), Standalone: text})
		for _, in := range ins {
			if !slices.Contains(all, in) {
				all = append(all, in)
			}
		}
	}
	return parts, all
}

func (r *reading) carryOver(w *wording, first, later part) {
	a, b := r.NumbersIn(r.SpanOf(later.first, later.last))
	if a == b {
		return
	}
	bare := r.Numbers[a]
	if bare.First != later.first || !bare.Of.Empty() || bare.Unit != "" {
		return
	}
	a, b = r.NumbersIn(r.SpanOf(first.first, first.last))
	if a == b || r.Numbers[a].Of.Empty() {
		return
	}
	of := r.Numbers[a].Of
	if i := r.TokenAt(of.Start); i > 0 && r.Tokens[i-1].Tag == "DT" {
		of.Start = r.Tokens[i-1].Start
	}
	text := "of " + of.Text(r.Text)
	if !bare.Vague && !isFraction(bare.Figure.Text(r.Text)) && strings.HasPrefix(r.Tokens[max(r.TokenAt(of.Start), 0)].Tag, "NNS") {
		text = of.Text(r.Text) // "48 [people]"
	}
	w.insert(bare.Span.End, text, of)
}
