package leash

import (
	"fmt"
	"slices"
	"strings"

	"onrecord/nlp"
	"onrecord/quote"
)

// markSpeakers exempts the words that say who says it from the search for
// warrants: "said Odd Lien" stands for "he said".
func (d *draft) markSpeakers() {
	for _, q := range d.quotes {
		for _, span := range q.Cue {
			first, last := d.TokensIn(span)
			for i := first; i < last; i++ {
				if t := d.Tokens[i]; neutral[d.words[i].lemma] || strings.EqualFold(t.Text, "according") || strings.EqualFold(t.Text, "to") {
					d.exempt[i] = true
				}
			}
		}
		for _, span := range q.Source {
			first, last := d.TokensIn(span)
			for i := first; i < last; i++ {
				if tag := d.Tokens[i].Tag; i > first && (tag == "WP" || tag == "WDT") {
					break // "the mayor, who voted against it"
				}
				if words().guarded[strings.ToLower(d.Tokens[i].Text)] {
					continue // "all parents" are not "some parents"
				}
				// Not a clause inside: "a driller who lost his brother".
				if t := d.Tokens[i]; !strings.HasPrefix(t.Tag, "RB") && d.words[i].clause < 0 || !strings.HasPrefix(t.Tag, "RB") && d.words[i].clause == d.words[first].clause || isName(t) {
					d.exempt[i] = true
				}
			}
		}
	}
}

// wrongQuotes says which passage in quotation marks is not the article's, byte
// for byte, or is somebody else's. A comma or a full stop before the closing
// mark aside.
func (d *draft) wrongQuotes() string {
	rest := d.Text
	at := 0
	for {
		from, to, ok := passage(rest)
		if !ok {
			if strings.ContainsAny(rest, "\"“”„«»") {
				return "its quotation marks do not pair"
			}
			return ""
		}
		inner := strings.TrimRight(rest[from:to], ".,")
		if len(inner) < 2 {
			return "it quotes nothing"
		}
		if reason := d.wrongQuote(inner, nlp.Span{Start: at + from, End: at + to}); reason != "" {
			return reason
		}
		_, width := closing(rest[to:])
		at += to + width
		rest = rest[to+width:]
	}
}

// passage gives the inside of the first quotation marks of text.
func passage(text string) (from, to int, ok bool) {
	i := strings.IndexAny(text, "\"“„«")
	if i < 0 {
		return 0, 0, false
	}
	width := 1
	if text[i] != '"' {
		width = len("“")
		if strings.HasPrefix(text[i:], "«") {
			width = len("«")
		}
	}
	from = i + width
	n := strings.IndexAny(text[from:], "\"”»")
	if n < 0 {
		return 0, 0, false
	}
	return from, from + n, true
}

func closing(text string) (mark string, width int) {
	for _, m := range []string{`"`, "”", "»"} {
		if strings.HasPrefix(text, m) {
			return m, len(m)
		}
	}
	return "", 1
}

func (d *draft) wrongQuote(inner string, span nlp.Span) string {
	s := d.source
	known := false
	for from := 0; ; {
		n := strings.Index(s.Text[from:], inner)
		if n < 0 {
			break
		}
		place := nlp.Span{Start: from + n, End: from + n + len(inner)}
		from = place.Start + 1
		if !s.wholeWords(place) {
			continue
		}
		for n := range s.quotes {
			q := &s.quotes[n]
			if q.Type == quote.Indirect || !s.inMarks(place) || !slices.ContainsFunc(q.Content, func(c nlp.Span) bool { return c.Contains(place) || c.Overlaps(place) && place.Contains(c) }) {
				continue
			}
			known = true
			if d.quotedBy(span, q) {
				return ""
			}
		}
	}
	if known {
		return "the quotation is somebody else's"
	}
	if s.title(inner) {
		return ""
	}
	return fmt.Sprintf("%q is no quotation of the article", clip(inner))
}

// title reports whether the article has the same words as a title, in quotation
// marks and with capitals: a book, an opera, a ship.
func (s *Source) title(inner string) bool {
	for w := range strings.FieldsSeq(inner) {
		if !upper(w) && !titleSmall[w] {
			return false
		}
	}
	for from := 0; upper(inner) && len(strings.Fields(inner)) <= maxTitle; {
		n := strings.Index(s.Text[from:], inner)
		if n < 0 {
			break
		}
		place := nlp.Span{Start: from + n, End: from + n + len(inner)}
		from = place.Start + 1
		before, after := s.Text[:place.Start], strings.TrimLeft(s.Text[place.End:], ",.")
		if (strings.HasSuffix(before, `"`) || strings.HasSuffix(before, "“")) && (strings.HasPrefix(after, `"`) || strings.HasPrefix(after, "”")) {
			return true
		}
	}
	return false
}

// maxTitle is how many words a title may have.
const maxTitle = 8

// titleSmall are words that a title may have in small letters.
var titleSmall = set("a", "an", "the", "of", "and", "in", "on", "to", "for", "with", "from", "at", "by")

// wholeWords reports whether the span ends where words end.
func (s *Source) wholeWords(span nlp.Span) bool {
	first, last := s.TokensIn(span)
	return first < last && s.Tokens[first].Start >= span.Start && s.Tokens[last-1].End <= span.End
}

// inMarks reports whether the span stands in quotation marks.
func (s *Source) inMarks(span nlp.Span) bool {
	p := s.ParagraphAt(span.Start)
	if p < 0 {
		return false
	}
	before := s.Text[s.Paragraphs[p].Start:span.Start]
	return strings.Count(before, "“")+strings.Count(before, "„") > strings.Count(before, "”") || strings.Count(before, `"`)%2 == 1
}

// quotedBy reports whether the wording gives the words at span to the speaker
// of q.
func (d *draft) quotedBy(span nlp.Span, q *quote.Quote) bool {
	for n := range d.quotes {
		if slices.ContainsFunc(d.quotes[n].Content, span.Overlaps) {
			return d.sameSpeaker(d.voiceOf(n), q)
		}
	}
	// No quotation was found: whoever is the subject of the clause around it.
	first, last := d.TokensIn(span)
	for i := first - 1; i >= 0 && i < last; i-- {
		if c := d.words[i].clause; c >= 0 {
			if sub := d.subject(c); sub >= 0 && (sub < first || sub >= last) {
				return d.sameSpeaker(d.phrase(sub), q)
			}
		}
	}
	return false
}

// voice is who says something: the tokens of the noun phrase, or its name.
type voice struct {
	tokens []int
	name   string
}

func (v voice) empty() bool { return len(v.tokens) == 0 && v.name == "" }

func (d *draft) phrase(i int) voice {
	first, last := d.Subtree(i)
	v := voice{}
	for k := first; k < last; k++ {
		if d.words[k].clause == d.words[i].clause {
			v.tokens = append(v.tokens, k)
		}
	}
	return v
}

// voiceOf is who the wording says speaks in its quotation n.
func (d *draft) voiceOf(n int) voice {
	q := &d.quotes[n]
	v := voice{name: q.Speaker.Name}
	for _, span := range q.Source {
		first, last := d.TokensIn(span)
		for i := first; i < last; i++ {
			v.tokens = append(v.tokens, i)
		}
	}
	return v
}

// sameSpeaker reports whether v means the speaker of a quotation of the
// article: by the last word of the name, else by what the speaker is called.
func (d *draft) sameSpeaker(v voice, q *quote.Quote) bool {
	s := d.source
	if v.empty() {
		return false
	}
	theirs := map[string]bool{}
	var called strings.Builder
	called.WriteString(q.Speaker.Name + " " + q.Speaker.Role)
	for w := range strings.FieldsSeq(q.Speaker.Name) {
		theirs[strings.Trim(w, ".,")] = true
	}
	var keys []word
	for _, span := range q.Source {
		called.WriteString(" " + span.Text(s.Text))
		first, last := s.TokensIn(span)
		for i := first; i < last; i++ {
			keys = append(keys, s.words[i])
			if isName(s.Tokens[i]) && q.Speaker.Entity < 0 {
				theirs[s.Tokens[i].Text] = true
			}
		}
	}
	for _, span := range slices.Concat(q.Speaker.Spans, []nlp.Span{q.Speaker.RoleSpan}) {
		first, last := s.TokensIn(span)
		for i := first; i < last; i++ {
			keys = append(keys, s.words[i])
		}
	}
	var person string // the last name among the words of v that is a person's in the article
	head := -1
	for _, i := range v.tokens {
		t := d.Tokens[i]
		if upper(t.Text) && (t.Head < 0 || !slices.Contains(v.tokens, t.Head) || t.Rel == "flat" || t.Rel == "appos" || d.exempt[i] && i+1 < len(d.Tokens) && !slices.Contains(v.tokens, i+1)) && slices.ContainsFunc(s.names[t.Text], func(j int) bool {
			e := s.Tokens[j].Entity
			return e >= 0 && s.Entities[e].Kind == nlp.Person
		}) {
			person = t.Text
		}
		if h := t.Head; strings.HasPrefix(t.Tag, "N") && (h < 0 || !slices.Contains(v.tokens, h)) {
			head = i
		}
	}
	if person != "" {
		return theirs[person]
	}
	if head < 0 {
		last := strings.Fields(v.name)
		return len(last) > 0 && theirs[last[len(last)-1]]
	}
	if theirs[d.Tokens[head].Text] || d.speaksFor(v, head, q) {
		return true
	}
	if len(d.words[head].keys) > 0 && slices.ContainsFunc(keys, func(w word) bool { return match(d.words[head], w) }) {
		return true
	}
	// "The company", which the sentence or one just before calls so, for "it".
	if w := d.words[head]; bodies[w.lemma] && s.onlyPronounOrThe(q) {
		at := s.SentenceAt(q.Source[0].Start)
		if slices.ContainsFunc(s.candidates(w), func(j int) bool {
			return s.words[j].keys[0] == w.keys[0] && s.Tokens[j].Sentence <= at && s.Tokens[j].Sentence >= at-2
		}) {
			return true
		}
	}
	// "It", of whom nobody knows more, after a sentence in which v speaks.
	if q.Speaker.Name == "" && s.onlyPronounOrThe(q) {
		if d.carries(v, s.SentenceAt(q.Source[0].Start)) {
			return true
		}
	}
	// A body by its name, for "the company": some word of the name.
	for _, i := range v.tokens {
		if t := d.Tokens[i]; isName(t) && (theirs[t.Text] || slices.Contains(strings.Fields(called.String()), t.Text)) {
			return true
		}
	}
	if len(keys) > 0 && s.onlyPronounOrThe(q) {
		for _, span := range q.Source {
			at := s.SentenceAt(span.Start)
			for _, i := range v.tokens {
				for _, j := range s.names[d.Tokens[i].Text] {
					if e := s.Tokens[j].Entity; e >= 0 && s.Entities[e].Kind != nlp.Person && q.Speaker.Entity < 0 && at >= 0 && s.means(at, e) {
						return true
					}
				}
			}
		}
	}
	return false
}

// speaksFor reports whether the speaker of q speaks for the body that token head
// of v names: "the union said" for "its secretary said", "Interlink" for "a
// spokeswoman for Interlink".
func (d *draft) speaksFor(v voice, head int, q *quote.Quote) bool {
	s := d.source
	office, its := false, false
	at := -1
	named := func(first, last int) bool {
		for j := first; j < last; j++ {
			if slices.ContainsFunc(v.tokens, func(i int) bool {
				return len(d.words[i].keys) > 0 && (isName(d.Tokens[i]) || i == head) && isName(d.Tokens[i]) == isName(s.Tokens[j]) && match(d.words[i], s.words[j])
			}) {
				return true
			}
		}
		return false
	}
	for _, span := range append(slices.Clone(q.Source), q.Speaker.RoleSpan) {
		first, last := s.TokensIn(span)
		for j := first; j < last; j++ {
			office = office || offices[s.words[j].lemma]
			its = its || strings.EqualFold(s.Tokens[j].Text, "its")
			at = s.Tokens[j].Sentence
		}
	}
	if !office || at < 0 {
		return false
	}
	for _, span := range q.Source {
		if named(s.TokensIn(span)) {
			return true
		}
	}
	return its && at > 0 && named(s.Sentences[at-1].First, s.Sentences[at-1].Last)
}

// offices are those who speak for a body.
var offices = set("spokesman", "spokeswoman", "spokesperson", "secretary", "president", "chairman", "chairwoman", "chair", "executive", "director", "head", "leader", "lawyer", "manager")

// carries reports whether v speaks in the sentence before sentence at, in the
// same paragraph, and nobody else does: then "it said" after it may be v.
func (d *draft) carries(v voice, at int) bool {
	s := d.source
	if at < 1 || s.ParagraphAt(s.Sentences[at].Start) != s.ParagraphAt(s.Sentences[at-1].Start) {
		return false
	}
	before := s.quotesIn(at - 1)
	return len(before) > 0 && !slices.ContainsFunc(before, func(q *quote.Quote) bool { return q.Speaker.Name == "" || !d.sameSpeaker(v, q) })
}

// onlyPronounOrThe reports whether the words that name the source of q are "it"
// or "the company".
func (s *Source) onlyPronounOrThe(q *quote.Quote) bool {
	for _, span := range q.Source {
		text := strings.ToLower(span.Text(s.Text))
		if text == "it" || text == "they" {
			return true
		}
		if _, noun, ok := strings.Cut(text, " "); ok && bodies[noun] {
			return true
		}
	}
	return false
}

// wrongVoices says what the wording gives to somebody who did not say it, or
// says in its own voice though the article only has somebody saying it.
func (d *draft) wrongVoices() string {
	s := d.source
	for n := range d.quotes {
		v := d.voiceOf(n)
		if reason := d.unknownSpeaker(v); reason != "" {
			return reason
		}
		if !d.present(v) {
			return "the speaker has no say there"
		}
	}
	for c := range d.clauses {
		k := d.like[c]
		head := d.clauses[c].head
		if k < 0 || d.namesSpeaker(head) {
			continue
		}
		if d.isCue(c) {
			// "she said the team planned": what it planned is still what she says
			if _, said := d.speakerOf(d.clauses[c].parent); !said && d.headMatches(c, k) && s.words[s.clauses[k].head].quote >= 0 && !d.sameVoice(c, k) {
				return fmt.Sprintf("%q is what somebody says", d.Tokens[head].Text)
			}
			continue
		}
		mine, said := d.speakerOf(c)
		theirs := s.words[s.clauses[k].head].quote
		switch {
		case theirs < 0 && (!said || d.words[head].quote >= 0 && d.quotes[d.words[head].quote].Kind == quote.Other):
		case theirs < 0:
			// The article says it in its own voice; that somebody says so too needs
			// a quotation of that speaker in the same sentence.
			if d.aside(c) {
				continue
			}
			if _, verb := d.ReportingVerb(head); !(verb && d.headMatches(c, k)) && !d.says(mine, d.words[head].quote, d.at[c]) {
				return fmt.Sprintf("nobody says %q in the article", d.Tokens[head].Text)
			}
		case !said:
			if d.ownWords(c, k) || s.refused(k) && d.sameVoice(c, k) || d.keepsThought(theirs) || d.ownPlan(c, k) {
				continue
			}
			return fmt.Sprintf("%q is what somebody says", d.Tokens[head].Text)
		default:
			q := &s.quotes[theirs]
			if !d.sameSpeaker(mine, q) && !d.sameSpeaker(d.cueSubject(c), q) {
				return fmt.Sprintf("%q is said by somebody else", d.Tokens[head].Text)
			}
			if a, b := d.stanceOf(c), q.Stance; (a == quote.Denied) != (b == quote.Denied) && a != "" && !s.refused(k) && d.clauses[c].negative == s.clauses[k].negative {
				return fmt.Sprintf("%q is denied in one and said in the other", d.Tokens[head].Text)
			}
		}
	}
	return ""
}

// keepsThought reports whether quotation n of the article is what somebody
// expects or fears, not says, and the wording keeps the verb: "the repairs are
// expected to take weeks" for "the company expects the repairs to take weeks".
func (d *draft) keepsThought(n int) bool {
	s := d.source
	if s.quotes[n].Kind == quote.Speech {
		return false
	}
	for _, span := range s.quotes[n].Cue {
		first, last := s.TokensIn(span)
		for j := first; j < last; j++ {
			if unreals[s.words[j].lemma] && d.mentioned(s.words[j]) {
				return true
			}
		}
	}
	return false
}

// aside reports whether clause c is told in passing inside what somebody says,
// so that it may be the writer's own remark: "said the forge, which was closed in
// 2018, had lost its customer". Or it is no clause but a noun.
func (d *draft) aside(c int) bool {
	h := d.clauses[c].head
	if strings.HasPrefix(d.Tokens[h].Tag, "N") && d.Child(h, "cop", "nsubj") < 0 {
		return true
	}
	rel := d.Tokens[h].Rel
	p := d.clauses[c].parent
	if p < 0 || d.isCue(p) && !strings.HasPrefix(rel, "acl") {
		return false
	}
	if own := d.Child(h, "nsubj", "nsubj:pass"); own >= 0 && slices.ContainsFunc(d.Tokens[d.clauses[p].head:max(own, d.clauses[p].head)], func(t nlp.Token) bool { return t.Text == ";" }) {
		return true
	}
	return strings.HasPrefix(rel, "acl") || strings.HasPrefix(rel, "advcl") || rel == "conj" && d.Child(h, "nsubj", "nsubj:pass") >= 0
}

// ownPlan reports whether clause c says of somebody what that one says of
// himself and nobody else can know: "the union is considering a lawsuit", "she
// plans to appeal" for "she said that she would appeal".
func (d *draft) ownPlan(c, k int) bool {
	s := d.source
	mine, theirs := d.clauses[c], s.clauses[k]
	if intentions[d.words[mine.head].lemma] && slices.ContainsFunc(d.clauses, func(o clause) bool { return o.unreal == mine.head }) {
		return true // what is planned has a clause of its own
	}
	if !d.headMatches(c, k) || !d.sameVoice(c, k) || mine.negative != theirs.negative {
		return false
	}
	if intentions[d.words[mine.head].lemma] {
		return true
	}
	if mine.mode == future && mine.unreal < 0 && theirs.mode == would && theirs.unreal < 0 {
		return true // "the firm will cut 900 jobs" for "the firm said it would"
	}
	return mine.unreal >= 0 && intentions[d.words[mine.unreal].lemma] &&
		(theirs.mode == would || theirs.mode == future || theirs.unreal >= 0 && intentions[s.words[theirs.unreal].lemma])
}

// intentions are verbs that say what somebody has in mind.
var intentions = set("plan", "intend", "want", "hope", "consider", "aim", "prepare", "wish", "seek", "mull", "weigh", "look", "mean", "threaten")

// namesSpeaker reports whether token i is a noun in the words that say who
// speaks: "according to the report".
func (d *draft) namesSpeaker(i int) bool {
	return strings.HasPrefix(d.Tokens[i].Tag, "N") && slices.ContainsFunc(d.quotes, func(q quote.Quote) bool {
		return slices.ContainsFunc(q.Source, d.Tokens[i].Span.Overlaps)
	})
}

// cueSubject gives who speaks as the parse of the wording has it, which may
// know better than the search for quotations in a sentence with two speakers.
func (d *draft) cueSubject(c int) voice {
	for p := d.clauses[c].parent; p >= 0; p = d.clauses[p].parent {
		sub := d.subject(p)
		if q := d.clauses[p].parent; sub < 0 && q >= 0 && d.Tokens[d.clauses[p].head].Tag == "VBG" && d.Tokens[d.clauses[p].head].Head == d.clauses[q].head {
			sub = d.subject(q) // "the firm denied it, saying …"
		}
		if d.isCue(p) && sub >= 0 && !pronoun(d.Tokens[sub].Text) {
			return d.phrase(sub)
		}
	}
	return voice{}
}

// ownWords reports whether the words that two clauses share stand outside what
// is said in the article too.
func (d *draft) ownWords(c, k int) bool {
	s := d.source
	inside, outside := 0, 0
	for _, i := range d.clauses[c].tokens {
		w := d.words[i]
		if !w.content || d.exempt[i] {
			continue
		}
		found := s.warrants(w, d.at[c])
		switch {
		case len(found) == 0:
		case slices.ContainsFunc(found, func(j int) bool { return s.words[j].quote < 0 }):
			outside++
		default:
			inside++
		}
	}
	return inside == 0 && outside > 0
}

func (s *Source) quotesIn(at int) []*quote.Quote {
	var out []*quote.Quote
	for n := range s.quotes {
		q := &s.quotes[n]
		if slices.ContainsFunc(slices.Concat(q.Content, q.Cue, q.Source), s.Sentences[at].Span.Overlaps) {
			out = append(out, q)
		}
	}
	return out
}

// isCue reports whether the clause is the one that says who says it.
func (d *draft) isCue(c int) bool {
	h := d.Tokens[d.clauses[c].head]
	return slices.ContainsFunc(d.quotes, func(q quote.Quote) bool { return slices.ContainsFunc(q.Cue, h.Span.Overlaps) })
}

// speakerOf gives who says clause c in the wording, and whether anybody does.
func (d *draft) speakerOf(c int) (voice, bool) {
	if c < 0 {
		return voice{}, false
	}
	if n := d.words[d.clauses[c].head].quote; n >= 0 {
		return d.voiceOf(n), true
	}
	for n := range d.quotes { // "Lumatrak, which was not on trial, said"
		if slices.ContainsFunc(d.quotes[n].Source, d.Tokens[d.clauses[c].head].Span.Overlaps) {
			return voice{}, false
		}
	}
	for p := range d.clauses { // "the river rose, the gauge showed"
		if h := d.clauses[p].head; d.Tokens[h].Rel == "parataxis" && d.Tokens[h].Head == d.clauses[c].head && afterwords[d.words[h].lemma] && d.subject(p) >= 0 {
			return d.phrase(d.subject(p)), true
		}
	}
	for p, below := c, -1; p >= 0; p, below = d.clauses[p].parent, p {
		if below >= 0 && d.besideSpeaker(below, p) {
			return voice{}, false
		}
		if _, ok := d.ReportingVerb(d.clauses[p].head); p != c && ok || d.isCue(p) {
			if sub := d.subject(p); sub >= 0 && !pronoun(d.Tokens[sub].Text) {
				return d.phrase(sub), true
			}
		}
		if h := d.clauses[p].head; d.Tokens[h].Rel == "conj" && d.clauses[p].parent >= 0 { // "said that it fell and rose"
			if n := d.words[d.clauses[d.clauses[p].parent].head].quote; n >= 0 {
				return d.voiceOf(n), true
			}
		}
	}
	return voice{}, false
}

// besideSpeaker reports whether clause c says more about the speaker of the cue
// p, not what is said: "Kantonal Trust, which made a bid, would not comment".
func (d *draft) besideSpeaker(c, p int) bool {
	h, cue := d.clauses[c].head, d.clauses[p].head
	sub := d.subject(p)
	if sub < 0 || h > cue || d.words[h].quote >= 0 || !strings.HasPrefix(d.Tokens[h].Rel, "acl") {
		return false
	}
	first, last := d.Subtree(sub)
	return first <= d.Tokens[h].Head && d.Tokens[h].Head < last
}

// afterwords are verbs that may stand after what they report.
var afterwords = set("say", "show", "find", "note", "add", "report", "warn", "argue", "suggest", "indicate", "estimate", "conclude", "announce", "write")

func (d *draft) stanceOf(c int) quote.Stance {
	if n := d.words[d.clauses[c].head].quote; n >= 0 {
		return d.quotes[n].Stance
	}
	return ""
}

// unknownSpeaker says that a speaker has a role or a description that the
// article does not have.
func (d *draft) unknownSpeaker(v voice) string {
	s := d.source
	for _, i := range v.tokens {
		w := d.words[i]
		if !w.content || !d.exempt[i] || isName(d.Tokens[i]) || d.inNumber(i) {
			continue
		}
		found := s.candidates(w)
		if len(found) == 0 {
			return fmt.Sprintf("%q is not in the article", d.Tokens[i].Text)
		}
		if d.topic(i, found) {
			continue
		}
		near := append(d.beside(i), d.used...)
		if !slices.ContainsFunc(found, func(j int) bool {
			return slices.ContainsFunc(near, func(at int) bool { return at == s.Tokens[j].Sentence || at == s.Tokens[j].Sentence+1 })
		}) {
			return fmt.Sprintf("%q is not what that speaker is called", d.Tokens[i].Text)
		}
	}
	return ""
}

func clip(text string) string {
	if r := []rune(text); len(r) > 40 {
		return string(r[:39]) + "…"
	}
	return text
}

// says reports whether sentence at has the speaker saying something, or being
// the subject of the verb that quotation n of the wording hangs on.
func (d *draft) says(v voice, n, at int) bool {
	s := d.source
	if slices.ContainsFunc(s.quotesIn(at), func(q *quote.Quote) bool { return d.sameSpeaker(v, q) }) {
		return true
	}
	if n < 0 {
		return false
	}
	for _, span := range d.quotes[n].Cue {
		first, last := d.TokensIn(span)
		for i := first; i < last; i++ {
			c := d.words[i].clause
			if c < 0 || d.clauses[c].head != i || d.subject(c) < 0 {
				continue
			}
			for _, j := range s.warrants(d.words[i], at) {
				k := s.words[j].clause
				if k < 0 || s.clauses[k].head != j {
					continue
				}
				if sub := s.subject(k); sub >= 0 && d.compatible(d.subject(c), sub, at) {
					return true
				}
			}
		}
	}
	return false
}

// present reports whether a speaker of the wording stands in a sentence that
// it says again, by name, by description, or as who speaks there.
func (d *draft) present(v voice) bool {
	s := d.source
	person := false
	for _, i := range v.tokens {
		t := d.Tokens[i]
		if !d.words[i].content || !strings.HasPrefix(t.Tag, "N") {
			continue
		}
		for _, j := range s.candidates(d.words[i]) {
			if e := s.Tokens[j].Entity; isName(t) && e >= 0 {
				person = person || s.Entities[e].Kind == nlp.Person
			}
		}
	}
	for _, u := range d.used {
		if slices.ContainsFunc(s.quotesIn(u), func(q *quote.Quote) bool { return d.sameSpeaker(v, q) }) {
			return true
		}
		for _, i := range v.tokens {
			t := d.Tokens[i]
			if !d.words[i].content || person && !isName(t) {
				continue
			}
			for _, j := range s.candidates(d.words[i]) {
				if s.Tokens[j].Sentence == u && !(person && s.Tokens[j].Entity < 0) && s.acts(j) {
					return true
				}
				if e := s.Tokens[j].Entity; isName(t) && e >= 0 && s.means(u, e) && !d.displaces(u, e) {
					return true
				}
			}
		}
	}
	return v.empty() || len(v.tokens) > 0 && pronoun(d.Tokens[v.tokens[0]].Text)
}

func pronoun(text string) bool {
	switch strings.ToLower(text) {
	case "he", "she", "it", "they", "who", "which", "that":
		return true
	}
	return false
}

// neutral are verbs that only say that something was said.
var neutral = set("say", "tell", "add", "state", "explain")

// sameVoice reports whether the subject of clause c is who says clause k in the
// article, as in "Nakata declined to say".
func (d *draft) sameVoice(c, k int) bool {
	s := d.source
	sub := d.subject(c)
	return sub >= 0 && d.sameSpeaker(d.phrase(sub), &s.quotes[s.words[s.clauses[k].head].quote])
}

// refused reports whether clause k of the article is what somebody would not
// do: "declined to comment".
func (s *Source) refused(k int) bool {
	p := s.clauses[k].parent
	return p >= 0 && refusals[s.words[s.clauses[p].head].lemma]
}

// acts reports whether token j is, or is part of, the subject of a clause.
func (s *Source) acts(j int) bool {
	for steps := 0; j >= 0 && steps < 6; steps++ {
		switch rel := s.Tokens[j].Rel; rel {
		case "flat", "compound", "appos", "amod", "nmod:poss", "conj", "nmod":
			j = s.Tokens[j].Head
		case "obl":
			return s.hasCase(j, "by", "to")
		default:
			return rel == "nsubj" || rel == "nsubj:pass" || s.Tokens[j].Head < 0
		}
	}
	return false
}
