// Package quote finds who said what: every quotation of a document, direct,
// mixed or indirect, with its exact extent, the word that signals it (the
// cue), the words that name its source, and the speaker's full name and role
// as the article gives them.
//
// [Find] is pure. A text without quotations has none; that is no error. It
// never guesses: when two speakers are about equally likely, both stand in
// [Quote.Unclear] and Speaker stays empty.
package quote

import (
	"slices"
	"strings"
	"time"

	"onrecord/nlp"
)

// Type says how much of a quotation stands in quotation marks.
type Type string

// The types: every word in marks, none, or some.
const (
	Direct   Type = "direct"
	Indirect Type = "indirect"
	Mixed    Type = "mixed"
)

// Kind tells speech from the rest.
type Kind string

// Speech was said or written by somebody. Other is attributed but not spoken:
// a belief, a hope, a fear, a finding, what somebody would not say. Readers see
// it below the line.
const (
	Speech Kind = "speech"
	Other  Kind = "other"
)

// Stance is how the cue presents what was said.
type Stance string

// The stances. Said is the neutral one.
const (
	Said     Stance = "said"
	Claimed  Stance = "claimed"
	Denied   Stance = "denied"
	Warned   Stance = "warned"
	Promised Stance = "promised"
	Asked    Stance = "asked"
	Demanded Stance = "demanded"
	Admitted Stance = "admitted"
	Accused  Stance = "accused"
	Praised  Stance = "praised"
	Hoped    Stance = "hoped"
	Feared   Stance = "feared"
	Believed Stance = "believed"
)

// Quote is one quotation.
//
// Content, Cue and Source are spans of the document, in text order, several
// where the words are broken up ("...," she said, "..."). A direct content
// includes its quotation marks; an indirect one leaves out the full stop that
// ends its sentence.
type Quote struct {
	Content []nlp.Span
	Cue     []nlp.Span // empty when nothing signals it but its marks
	Source  []nlp.Span // the words nearest the cue that say who: "he", "Meyer", "Maureen Meyer, director for ..."
	Type    Type
	Kind    Kind
	Verb    string // of the cue, as a reader wants it: "said", "according to"
	Stance  Stance
	Speaker Speaker
	Via     string   // who passes the words on, when Speaker was not heard directly
	SaidOn  int      // index into Document.Times of when it was said, -1 when the text does not say
	Unclear []string // two or more candidates for the speaker, none of them sure; Speaker.Name is then empty
	Reasons []string // why it was found and why attributed so, for --explain
}

// Speaker is who a quotation is attributed to.
type Speaker struct {
	Name     string     // full name ("Denis Contreras") or description ("hundreds of migrants"); empty when unknown
	Spans    []nlp.Span // where the text has that name
	Entity   int        // index into Document.Entities, -1 for speakers without a name
	Role     string     // in the article's own words, an article or a possessive in front of them in small letters: "director for Mexico and migrant rights at ...", "its chairwoman"; empty when it gives none
	RoleSpan nlp.Span   // where the role stands; empty without a role
}

// Find finds the quotations of a document, in text order of their contents.
//
// It works in stages, each in a file of its own and each fed only by the ones
// before it, so that a learned model can take the place of a single one:
//
//	marks.go       passages in quotation marks
//	transcript.go  turns with a speaker's label, participants.go who that is,
//	interview.go   answers below questions without labels
//	cues.go        words that report
//	sources.go     for a cue, the words that say who
//	contents.go    for a cue, the words that were said
//	link.go        passages, cues and contents joined into quotations
//	learned.go     cues, sources and contents as two learned fields see them
//	options.go     other ways to read a content, choose.go which is likeliest
//	merge.go       what the rules and what the fields found, joined
//	rejoin.go      what was parted between two cues, and passages that two could have
//	against.go     cues and sources set right, whole.go sources cut short
//	roles.go       what the article says people are
//	speakers.go    whom a source means
//	unsaid.go      what turns out to be no quotation
func Find(doc *nlp.Document) []Quote {
	r := newReading(doc)
	script := findScript(r)
	cues := findCues(r)
	drafts := r.rejoined(merge(r, cues, link(r, cues, script.turns)))
	r.handBack(drafts)
	r.handOn(drafts)
	r.goOn(drafts)
	c := newCast(r)
	c.script = script
	var found []finding
	quotes, said := make([]Quote, 0, len(drafts)), make([]draft, 0, len(drafts))
	for i := range drafts {
		r.tidy(&drafts[i])
		f := c.resolve(&drafts[i], found)
		found = append(found, f)
		if r.unsaid(&drafts[i]) {
			continue
		}
		quotes, said = append(quotes, r.quotation(&drafts[i], f)), append(said, drafts[i])
	}
	r.date(quotes, said)
	return quotes
}

// quotation makes a Quote of a draft and what was found out about its speaker.
func (r *reading) quotation(d *draft, f finding) Quote {
	q := Quote{Content: d.content, Kind: Speech, Stance: Said, SaidOn: -1, Speaker: f.speaker, Unclear: f.unclear, Via: f.via}
	if d.cue != nil {
		q.Cue = []nlp.Span{d.cue.span(r)}
		q.Kind, q.Stance, q.Verb = d.cue.lex.kind, d.cue.lex.stance, d.cue.verbName(r)
		if q.Kind == Speech && d.cue.denied(r) {
			q.Stance = Said // who "did not rule out" a tax denies nothing, who "did not promise" one is not bound
		}
	} else if d.label || !d.colon.Empty() {
		q.Verb = "said"
		if !d.colon.Empty() {
			q.Cue = []nlp.Span{d.colon}
		}
	}
	if d.source.found() && !d.silent {
		first, last := d.source.first, d.source.last
		if !d.shown.empty() {
			first, last = d.shown.first, d.shown.last
		}
		first, last = r.narrowed(first, last, d.source.head)
		q.Source = []nlp.Span{r.span(r.filled(first, last, d))}
	}
	q.Type = r.typeOf(&q, d)
	if d.cue != nil && q.Kind == Speech && (r.withheld(d) || r.subjectOnly(d)) {
		q.Kind = Other
	}
	if q.Kind == Other && r.wordsInMarks(q.Content) >= 4 {
		q.Kind = Speech // four words in marks were said, whatever the verb
	}
	q.Reasons = slices.Clone(d.reasons)
	if d.source.why != "" {
		q.Reasons = append(q.Reasons, "source: "+d.source.why)
	}
	if f.reason != "" {
		q.Reasons = append(q.Reasons, "speaker: "+f.reason)
	}
	return q
}

// typeOf reads the type off the marks. A turn of a transcript is verbatim, as
// good as a passage in marks. A leading "that" outside the marks is no part of
// what was said, and leaves the content.
func (r *reading) typeOf(q *Quote, d *draft) Type {
	if d.label {
		return Direct
	}
	inside, outside := 0, 0
	lead := -1
	for _, s := range q.Content {
		first, last := r.TokensIn(s)
		for i := first; i < last; i++ {
			switch {
			case r.punct(i):
			case r.markOf[i] >= 0:
				inside++
			default:
				if i == first && outside == 0 && r.is(i, "that") && s == q.Content[0] {
					lead = i
				}
				outside++
			}
		}
	}
	switch {
	case inside == 0:
		return Indirect
	case outside == 1 && lead >= 0:
		q.Content = slices.Clone(q.Content)
		if q.Content[0].Start = r.Tokens[lead+1].Start; q.Content[0].Empty() {
			q.Content = q.Content[1:] // "a rival that he called “our first foe”"
		} else {
			q.Content = r.fromMarks(q.Content)
		}
		return Direct
	case outside == 0:
		q.Content = r.fromMarks(q.Content)
		return Direct
	}
	return Mixed
}

// fromMarks lets the parts of a direct content begin where their marks do: the
// bracket in front of one is the writer's.
func (r *reading) fromMarks(content []nlp.Span) []nlp.Span {
	var out []nlp.Span
	for _, s := range content {
		first, last := r.TokensIn(s)
		for first < last && r.markOf[first] < 0 {
			first++
		}
		if first < last {
			out = append(out, nlp.Span{Start: max(s.Start, r.Tokens[first].Start), End: s.End})
		}
	}
	return out
}

// withheld reports whether a cue says that somebody kept quiet about something:
// "did not say when he first saw the letter".
func (r *reading) withheld(d *draft) bool {
	if !d.cue.denied(r) {
		return false
	}
	first, last := r.TokensIn(d.content[0])
	return first < last && r.is(first, complementizers...) && !r.is(first, "that")
}

// subjectOnly reports whether a content only names what was talked about, "spoke about
// the tunnel", and tells nothing of what was said.
func (r *reading) subjectOnly(d *draft) bool {
	c := d.cue
	if c.sort != verbCue || len(d.content) != 1 {
		return false
	}
	first, last := r.TokensIn(d.content[0])
	if r.is(first, "about", "on", "of") && first >= c.last {
		first++
	} else if !r.is(c.head+1, "about", "on", "of") && c.lex.lemma != "discuss" {
		return false
	}
	switch c.lex.lemma {
	case "comment", "talk", "speak", "report", "discuss":
	default:
		return false
	}
	return !r.is(first, complementizers...) && !r.anyVerb(first, last)
}

func (r *reading) wordsInMarks(content []nlp.Span) int {
	n := 0
	for _, s := range content {
		first, last := r.TokensIn(s)
		for i := first; i < last; i++ {
			if r.markOf[i] >= 0 && !r.punct(i) {
				n++
			}
		}
	}
	return n
}

// date sets SaidOn: the time expression of the cue's sentence that says when
// the words were spoken, the nearest to the cue.
func (r *reading) date(quotes []Quote, drafts []draft) {
	for i := range quotes {
		d := &drafts[i]
		if d.cue == nil || quotes[i].Kind != Speech {
			continue // a belief, a finding: nobody said it that day
		}
		s := r.sentence(d.cue.head)
		best, away := -1, 0
		first, last := r.TimesIn(s.Span)
		for t := first; t < last; t++ {
			if r.spokenIn(quotes, i, s, r.Times[t].Span) || r.markOf[r.Times[t].First] >= 0 || d.source.found() && d.source.span(r).Overlaps(r.Times[t].Span) || !r.dates(t) || !r.timeOf(quotes, i, d, s, t) {
				continue
			}
			gap := r.Times[t].First - d.cue.head
			if gap < 0 {
				gap = -gap
			}
			if best < 0 || gap < away {
				best, away = t, gap
			}
		}
		quotes[i].SaidOn = best
	}
}

// anyMonday anchors time expressions to see whether they name a day at all.
var anyMonday = time.Date(2000, 1, 3, 0, 0, 0, 0, time.UTC)

// dates reports whether a time expression can say when something was said: no
// spans of time like "in the last six minutes".
func (r *reading) dates(t int) bool {
	text := strings.ToLower(r.Times[t].Text(r.Text))
	days, ok := r.Times[t].Resolve(anyMonday)
	if !ok || r.Times[t].Last < len(r.Tokens) && days.End.Sub(days.Start) > 7*24*time.Hour && strings.HasPrefix(r.tag(r.Times[t].Last), "NN") {
		return false // "the 2016 campaign"
	}
	for _, w := range []string{"minutes", "hours", "years", "months", "since", "until"} {
		if strings.Contains(text, w) {
			return false
		}
	}
	return true
}

// timeOf reports whether time expression t belongs to the cue of quotation i
// and not to another verb of its sentence s.
func (r *reading) timeOf(quotes []Quote, i int, d *draft, s nlp.Sentence, t int) bool {
	first, last := r.Times[t].First, r.Times[t].Last
	outside := func(k int) bool {
		return !r.spokenIn(quotes, i, s, r.Tokens[k].Span) && !(d.source.found() && k >= d.source.first && k < d.source.last) && r.markOf[k] < 0
	}
	if first >= d.cue.last {
		for k := d.cue.last; k < first; k++ {
			if outside(k) && isVerbTag(r.tag(k)) && !r.cueOf(quotes, i, k) {
				return false
			}
			if outside(k) && r.is(k, "from", "with") && r.is(k-1, "up", "down", "compared") {
				return false // "put the toll at 30, up from 12 on Monday"
			}
		}
		return true
	}
	for k := last; k < d.cue.first; k++ {
		if outside(k) && (isFinite(r.tag(k)) || r.is(k, "who", "which", "when", "that")) {
			return false
		}
	}
	for k := s.First; k < first; k++ {
		if outside(k) && isFinite(r.tag(k)) && !r.under(d.cue.head, k) && !r.cueOf(quotes, i, k) {
			return false // "After the council voted on Monday, Roe said ..."
		}
		if outside(k) && r.tag(k) == "VBG" && k+1 == first {
			return false
		}
	}
	return true
}

// cueOf reports whether token k is the cue of a quotation next to quotation i
// with the same source: "declared the plan dead, saying on Monday that ...".
func (r *reading) cueOf(quotes []Quote, i, k int) bool {
	for j := max(0, i-3); j < min(len(quotes), i+4); j++ {
		if j == i || len(quotes[j].Cue) == 0 || len(quotes[j].Source) == 0 || len(quotes[i].Source) == 0 || quotes[j].Source[0] != quotes[i].Source[0] {
			continue
		}
		if quotes[j].Cue[0].Overlaps(r.Tokens[k].Span) {
			return true
		}
	}
	return false
}

// spokenIn reports whether a span stands in the content of a quotation of the
// sentence; i is one of them.
func (r *reading) spokenIn(quotes []Quote, i int, s nlp.Sentence, span nlp.Span) bool {
	in := func(q *Quote) bool {
		return slices.ContainsFunc(q.Content, func(c nlp.Span) bool { return c.Overlaps(span) })
	}
	for k := i; k >= 0 && k > i-6; k-- {
		if in(&quotes[k]) {
			return true
		}
	}
	for k := i + 1; k < len(quotes) && k < i+6 && quotes[k].Content[0].Start < s.End; k++ {
		if in(&quotes[k]) {
			return true
		}
	}
	return false
}
