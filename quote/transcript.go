package quote

import (
	"regexp"
	"slices"
	"strings"
	"unicode"

	"onrecord/nlp"
)

// A script is a transcript: its turns, and whom its list of participants names.
// The zero script is that of a text which is none.
type script struct {
	turns        []turn
	participants []participant
	known        map[string]finding // speakers of labels met before
	people       map[string][]int   // entities by name and surname, in capitals
}

// A turn is what one speaker of a transcript says under one label.
type turn struct {
	source source
	colon  nlp.Span // empty for "Q." and "A."
	// content runs from the first word said to the last; pieces are what is left
	// of it without stage directions, nothing when there is no word.
	content    nlp.Span
	pieces     []nlp.Span
	note       string // "through interpreter"
	unlabelled bool   // an answer of an interview; source is where the article introduces who answers
}

// minTurns is how many labelled paragraphs make a transcript. A single
// paragraph with a label is more likely a heading.
const minTurns = 3

// maxLabel bounds the words of a label: "SENATOR JANE ROE (D-Ohio)".
const maxLabel = 7

// findScript finds the turns of a transcript: paragraphs that begin with who is
// speaking, as in "MODERATOR: Good evening." or "Q. Why?". Paragraphs without
// label go on with the speaker before. It finds nothing in an article that is
// no transcript.
func findScript(r *reading) *script {
	var labels []label
	token := 0
	for p, span := range r.Paragraphs {
		for token < len(r.Tokens) && r.Tokens[token].Start < span.Start {
			token++
		}
		if token >= len(r.Tokens) {
			break
		}
		if l, ok := r.label(token, span); ok {
			l.paragraph = p
			labels = append(labels, l)
		}
	}
	labels, listed := r.castList(r.withoutHeadline(settled(labels)))
	if !r.isTranscript(labels) {
		labels, listed = r.bareLabels(), nil
	}
	if !r.isTranscript(labels) {
		return &script{turns: r.interview()}
	}
	s := &script{known: map[string]finding{}, participants: append(listed, r.participants(labels[0].paragraph)...)}
	for i, l := range labels {
		limit := len(r.Paragraphs)
		if i+1 < len(labels) {
			limit = labels[i+1].paragraph
		}
		last := r.lastOf(l, limit, i+1 == len(labels))
		content := nlp.Span{Start: nextWord(r.Text, l.end), End: r.Paragraphs[last].End}
		if _, quoted := unmarked(r.Text, r.Paragraphs[l.paragraph]); quoted && !content.Empty() {
			content.End -= len(content.Text(r.Text)) - len(strings.TrimRight(content.Text(r.Text), "”\""))
		}
		if content.Empty() {
			continue
		}
		s.turns = append(s.turns, turn{
			source:  source{first: l.first, last: l.last, head: r.headOf(l.first, l.last), why: "label of the turn"},
			colon:   l.colon,
			content: content,
			pieces:  withoutDirections(r.Text, content),
			note:    l.note,
		})
	}
	return s
}

// isTranscript reports whether labels are those of a transcript: several, of
// several speakers, of whom some come back, and not a line here and there. A
// lone "Q&A:" above a paragraph makes none, nor does a list of votes.
func (r *reading) isTranscript(labels []label) bool {
	names := map[string]int{}
	for _, l := range labels {
		name, _, _ := strings.Cut(l.key, ",")
		names[name[strings.LastIndexByte(name, ' ')+1:]]++ // "IDA KROON, ENGINEER", later "KROON"
	}
	repeated, counts := 0, 0
	for _, n := range names {
		if n > 1 {
			repeated += n
		}
	}
	for _, l := range labels {
		said := strings.TrimSpace(r.Text[l.end:r.Paragraphs[l.paragraph].End])
		if said != "" && strings.IndexFunc(said, unicode.IsLetter) < 0 {
			counts++
		}
	}
	if len(labels) < minTurns || repeated < 2 || len(names) < 2 || 3*counts > len(labels) {
		return false
	}
	covered := labels[len(labels)-1].paragraph - labels[0].paragraph + 1
	return 3*len(labels) >= covered
}

// maxBare bounds the bytes of a label on a line of its own.
const maxBare = 60

// bareLabels gives the paragraphs that hold nothing but the name of who speaks
// in the next, as some papers print interviews. Names of which each comes again
// make a transcript only where those who have them speak of I and you.
func (r *reading) bareLabels() []label {
	var labels []label
	count := map[string]int{}
	token := 0
	for p, span := range r.Paragraphs[:max(0, len(r.Paragraphs)-1)] {
		for token < len(r.Tokens) && r.Tokens[token].Start < span.Start {
			token++
		}
		text := span.Text(r.Text)
		if len(text) > maxBare || token >= len(r.Tokens) || r.markOf[token] >= 0 || !isName(squeezed(text)) || strings.ContainsAny(text[len(text)-1:], ".?!,;:") {
			continue
		}
		l := label{paragraph: p, name: span, end: span.End, key: strings.ToUpper(squeezed(text))}
		l.first, l.last = r.TokensIn(span)
		if l.first >= l.last || !r.isLabel(l) || !r.personAt(l) && !slices.Contains(generic, strings.ToLower(l.key)) {
			continue
		}
		count[l.key]++
		labels = append(labels, l)
	}
	labels = slices.DeleteFunc(labels, func(l label) bool { return count[l.key] < 2 })
	spoken := 0
	for _, l := range labels {
		if r.speaksOfItself(l.paragraph+1) || strings.HasSuffix(r.Paragraphs[l.paragraph+1].Text(r.Text), "?") {
			spoken++
		}
	}
	if 2*spoken < len(labels) {
		return nil
	}
	return labels
}

// personAt reports whether a label names a person of the text.
func (r *reading) personAt(l label) bool {
	for i := l.first; i < l.last; i++ {
		if e := r.Tokens[i].Entity; e >= 0 && r.Entities[e].Kind == nlp.Person {
			return true
		}
	}
	return false
}

// withoutHeadline leaves out a first line like "Mayor Roe: Bridge was never safe",
// whose label never comes again and which ends like no sentence.
func (r *reading) withoutHeadline(labels []label) []label {
	if len(labels) == 0 || labels[0].paragraph > 0 || slices.ContainsFunc(labels[1:], func(l label) bool { return l.key == labels[0].key }) {
		return labels
	}
	line := r.Paragraphs[0].Text(r.Text)
	if labels[0].end >= r.Paragraphs[0].End || strings.ContainsAny(line[len(line)-1:], ".?!") {
		return labels
	}
	return labels[1:]
}

// lastOf gives the last paragraph of the turn that label l opens; limit is the
// paragraph of the next label. What follows without a label is the same
// speaker's, unless the transcript has ended: behind the last label it must be
// somebody speaking of "I" or "you".
func (r *reading) lastOf(l label, limit int, final bool) int {
	last := l.paragraph
	if nextWord(r.Text, l.end) >= r.Paragraphs[last].End && last+1 < limit {
		last++ // the label has a line of its own
	}
	for p := last + 1; p < limit; p++ {
		inside, _ := unmarked(r.Text, r.Paragraphs[p])
		text := inside.Text(r.Text)
		switch {
		case direction(text):
		case final && !r.speaksOfItself(p), r.narrates(p, l.last), heading(text):
			return last
		}
		last = p
	}
	return last
}

// speaksOfItself reports whether somebody says "I" or "you" in a paragraph,
// outside quotation marks.
func (r *reading) speaksOfItself(p int) bool {
	return r.paragraphHas(p, "i", "we", "me", "us", "my", "our", "you", "your", "i'm", "mine", "ours")
}

// paragraphHas reports whether a paragraph has one of some words outside quotation marks.
func (r *reading) paragraphHas(p int, words ...string) bool {
	first, last := r.TokensIn(r.Paragraphs[p])
	for i := first; i < last; i++ {
		if r.markOf[i] < 0 && r.is(i, words...) {
			return true
		}
	}
	return false
}

// narrates reports whether a paragraph between two turns is the writer's and
// no part of the turn whose label ends before token end: it speaks of nobody as
// I or you, and either of the speaker by name or of somebody who said
// something.
func (r *reading) narrates(p, end int) bool {
	if r.speaksOfItself(p) {
		return false
	}
	first, last := r.TokensIn(r.Paragraphs[p])
	family := r.lower(end - 1)
	for i := first; i < last; i++ {
		if r.markOf[i] >= 0 {
			continue
		}
		if r.lower(i) == family && strings.HasPrefix(r.tag(i), "NNP") {
			return true
		}
		if isFinite(r.tag(i)) && i < r.sentence(first).Last {
			if entries := verbs()[r.Tokens[i].Lemma]; len(entries) > 0 && entries[len(entries)-1].kind == Speech && entries[len(entries)-1].has(frameClause) {
				if k := r.nearestSubject(i, i); k >= first && k < i && r.tag(k) != "PRP" {
					return true
				}
			}
		}
	}
	return false
}

func nextWord(text string, i int) int {
	return i + len(text[i:]) - len(strings.TrimLeftFunc(text[i:], unicode.IsSpace))
}

// A label names the speaker at the head of a paragraph.
type label struct {
	paragraph   int
	first, last int      // tokens of the name, without times and notes
	name        nlp.Span // their bytes, without the full stop of "Q."
	colon       nlp.Span // empty for "Q."
	end         int      // byte behind the label
	key         string   // the name in capitals
	perhaps     bool     // has the form of a name, and nothing more
	note        string   // what stands in brackets behind the name
}

const (
	stampForm = `[\[(]?\d{1,2}:\d{2}(?::\d{2})?(?:[.,]\d+)?(?:\s?[AaPp]\.?[Mm]\.?)?[\])]?`
	noteForm  = `[\[(][^\[\]()\n]{1,60}[\])]`
)

var (
	colonLabel  = regexp.MustCompile(`^(?:` + stampForm + `\s*[-–—]?\s*)?([\p{Lu}\d][^:\[\](){}“”"«»„\n]{0,60}?)((?:\s*` + noteForm + `)*)(?:\s*` + stampForm + `)?\s*(:)(?:\s|$)`)
	letterLabel = regexp.MustCompile(`^(?:` + stampForm + `\s*)?([QA])\s*(?:(:)|\.:?|[-–—])(?:\s|$)`)
)

// maxLabelBytes bounds what is searched for a label.
const maxLabelBytes = 240

// label reads the label of the paragraph that begins at token first.
func (r *reading) label(first int, p nlp.Span) (label, bool) {
	p, quoted := unmarked(r.Text, p)
	text := p.Text(r.Text)
	if len(text) > maxLabelBytes {
		text = text[:maxLabelBytes]
	}
	m := letterLabel.FindStringSubmatchIndex(text)
	letter := m != nil
	if !letter {
		if m = colonLabel.FindStringSubmatchIndex(text); m == nil {
			return label{}, false
		}
	}
	l := label{name: nlp.Span{Start: p.Start + m[2], End: p.Start + m[3]}, end: p.Start + m[1]}
	colon := m[4:6]
	if !letter {
		l.note, colon = strings.TrimSpace(text[m[4]:m[5]]), m[6:8]
	}
	if colon[0] >= 0 {
		l.colon = nlp.Span{Start: p.Start + colon[0], End: p.Start + colon[1]}
	}
	l.first, l.last = r.TokensIn(l.name)
	if l.first >= l.last || r.markOf[l.first] >= 0 && !quoted {
		return label{}, false
	}
	l.key = strings.ToUpper(squeezed(l.name.Text(r.Text)))
	if letter || r.isLabel(l) {
		return l, true
	}
	l.perhaps = true
	return l, l.last-l.first <= maxPerhaps && isName(squeezed(l.name.Text(r.Text))) && !slices.Contains(headings, strings.ToLower(l.key))
}

// unmarked gives a paragraph without the quotation mark that opens it, and
// whether it has one: papers set whole transcripts in marks, `"ROE: Why?`.
func unmarked(text string, p nlp.Span) (nlp.Span, bool) {
	for _, mark := range []string{"“", "\""} {
		if strings.HasPrefix(p.Text(text), mark) {
			p.Start += len(mark)
			return p, true
		}
	}
	return p, false
}

// maxPerhaps bounds the words of a label of which only its form is known.
const maxPerhaps = 4

// settled leaves out labels that only look like a name, unless they come again
// beside a sure one that does too: the paper and the person of an interview,
// but not "Pros:" and "Cons:".
func settled(labels []label) []label {
	count := map[string]int{}
	sure := false
	for _, l := range labels {
		count[l.key]++
		sure = sure || !l.perhaps && count[l.key] > 1
	}
	return slices.DeleteFunc(labels, func(l label) bool { return l.perhaps && (!sure || count[l.key] < 2) })
}

// labelColon gives the token of the colon when the paragraph that begins at
// token first opens with a speaker's label, else 0.
func (r *reading) labelColon(first int, p nlp.Span) int {
	l, ok := r.label(first, p)
	if !ok || l.perhaps || l.colon.Empty() {
		return 0
	}
	colon, _ := r.TokensIn(l.colon)
	return colon
}

// generic are labels that name no one.
var generic = []string{
	"question", "answer", "interviewer", "interviewee", "moderator", "host", "narrator", "reporter", "journalist", "speaker", "audience",
	"audience member", "unidentified speaker", "participant", "caller", "announcer", "operator", "presenter", "anchor", "guest", "voice-over", "voiceover",
}

// headings are words before a colon that name nobody, however often they come.
var headings = []string{
	"q&a", "note", "update", "updates", "correction", "clarification", "read more", "read also", "related", "photo", "photos", "video", "watch", "listen", "source",
	"sources", "headline", "subtitle", "title", "subject", "topic", "author", "byline", "publisher", "published", "summary", "date", "time", "when", "where", "who", "what", "why", "how", "editor's note", "editor’s note", "analysis", "opinion", "breaking", "ps", "tl;dr",
}

// isLabel checks the words of a label: all capitals, a name, or a word like
// "Interviewer".
func (r *reading) isLabel(l label) bool {
	text := squeezed(l.name.Text(r.Text))
	low := strings.ToLower(text)
	if l.last-l.first > maxLabel || slices.Contains(headings, low) || strings.IndexFunc(text, unicode.IsLetter) < 0 {
		return false
	}
	if slices.Contains(generic, strings.TrimRight(low, " 0123456789")) || strings.ToUpper(text) == text && len(text) > 1 {
		return true
	}
	person := false
	for i := l.first; i < l.last; i++ {
		c := []rune(r.word(i))
		if !unicode.IsUpper(c[0]) && !r.is(i, "of", "the", "de", "la", "van", "von", "-", ".", ",") {
			return false
		}
		e := r.Tokens[i].Entity
		person = person || e >= 0 && r.Entities[e].Kind == nlp.Person
	}
	return person // not "Read also:", "Publisher:"
}

// squeezed is s with single spaces.
func squeezed(s string) string { return strings.Join(strings.Fields(s), " ") }

var (
	bracketed = regexp.MustCompile(`[\[(][^\[\]()\n]{1,100}[\])]`)
	stampOnly = regexp.MustCompile(`^` + stampForm + `(?:\s*[-–—]+>?\s*` + stampForm + `)?$`)
	aside     = regexp.MustCompile(`(?m)[\[(][^\[\]()\n]{1,100}[\])]|^[ \t]*` + stampForm + `(?:\s*[-–—]+>?\s*` + stampForm + `)?[ \t]*$`)
)

// stageWords begin what a transcript says in brackets about how something
// sounded or what went on.
var stageWords = []string{
	"applause", "applauding", "laughter", "laughs", "laughing", "laugh", "chuckles", "chuckling", "inaudible", "unintelligible", "indiscernible", "crosstalk",
	"cross-talk", "cross", "overlapping", "pause", "pauses", "long", "silence", "music", "cheers", "cheering", "booing", "boos", "sighs", "sigh", "coughs", "cough",
	"nods", "gestures", "gesturing", "points", "speaking", "speaks", "through", "in", "via", "recess", "break", "end", "beginning", "video", "clip", "audio",
	"off-mic", "off", "on", "background", "interruption", "interrupting", "interrupts", "phone", "bell", "gavel", "no", "crying", "weeps", "whispers", "shouts", "shouting",
	"continues", "continuing", "foreign", "simultaneous", "discussion", "witness", "exhibit", "whereupon",
}

// direction reports whether text is a stage direction or a time by itself.
func direction(text string) bool {
	text = strings.TrimSpace(text)
	if stampOnly.MatchString(text) {
		return true
	}
	at := bracketed.FindStringIndex(text)
	return at != nil && at[0] == 0 && at[1] == len(text)
}

// heading reports whether text is a line in capitals that ends without a mark,
// as between the parts of a hearing.
func heading(text string) bool {
	return len(text) < 80 && strings.ToUpper(text) == text && strings.IndexFunc(text, unicode.IsLetter) >= 0 && !strings.ContainsAny(text[len(text)-1:], ".?!") && strings.Contains(text, " ")
}

// withoutDirections gives what of a span was said: without what stands in
// brackets about laughter, noise and times, and without lines that hold nothing
// else. Words that an editor put in brackets to complete a sentence stay.
func withoutDirections(text string, span nlp.Span) []nlp.Span {
	var pieces []nlp.Span
	keep := func(start, end int) {
		said := strings.TrimSpace(text[start:end])
		if strings.IndexFunc(said, wordRune) < 0 {
			return
		}
		start = nextWord(text, start)
		pieces = append(pieces, nlp.Span{Start: start, End: start + len(said)})
	}
	from := span.Start
	for _, m := range aside.FindAllStringIndex(span.Text(text), -1) {
		start, end := span.Start+m[0], span.Start+m[1]
		if !staged(text[start:end]) && !aloneOnLine(text, start, end) {
			continue
		}
		keep(from, start)
		from = end
	}
	keep(from, span.End)
	return pieces
}

// staged reports whether a passage in brackets is a stage direction or a time.
func staged(passage string) bool {
	if stampOnly.MatchString(strings.TrimSpace(passage)) {
		return true
	}
	words := strings.FieldsFunc(strings.ToLower(passage), func(r rune) bool { return !wordRune(r) && r != '-' })
	if len(words) == 0 || len(words) > 8 {
		return false
	}
	if passage[0] == '(' && len(words) > 4 {
		return false // an aside
	}
	switch words[0] {
	case "in", "on", "off", "no", "long", "end", "through", "via", "points", "phone", "witness", "exhibit", "video", "foreign":
		return passage[0] == '[' && len(words) > 1 // "(in 2004)" is said
	}
	return slices.Contains(stageWords, words[0])
}

func aloneOnLine(text string, start, end int) bool {
	before := strings.TrimRight(text[:start], " \t")
	after := strings.TrimLeft(text[end:], " \t")
	return (before == "" || strings.HasSuffix(before, "\n")) && (after == "" || after[0] == '\n' || after[0] == '\r')
}
