package quote

import (
	"regexp"
	"slices"
	"strings"
	"unicode"

	"onrecord/nlp"
)

// A participant is a line of the list at the head of a transcript: "Jane
// Hollow, candidate for mayor".
type participant struct {
	name  nlp.Span
	role  nlp.Span // empty when the line gives none
	label string   // in capitals, of "MODERATOR: Piet Odum"
}

// Bounds on the list: paragraphs above the first turn that are looked at, and
// participants.
const (
	maxListed       = 40
	maxParticipants = 200
)

var (
	listHeading = regexp.MustCompile(`^(?i:participants?|speakers?|panel|panellists?|panelists?|guests?|present|in attendance|appearances|featuring)\s*:\s*`)
	listLine    = regexp.MustCompile(`^(?:[-•*–]\s*|\d{1,2}[.)]\s+)?([\p{Lu}][^,:;()\n–—]{1,60}?)\s*(?:,|\(|\s[-–—])\s*(\S[^\n;]{1,160}?)\)?$`)
)

// participants reads the list of participants in the paragraphs before the
// first turn: a line or a part before a semicolon for each, the name first.
func (r *reading) participants(before int) []participant {
	var list []participant
	for p := max(0, before-maxListed); p < before; p++ {
		span := r.Paragraphs[p]
		heading := listHeading.FindString(span.Text(r.Text))
		span.Start += len(heading)
		for rest := span; !rest.Empty(); {
			line := rest
			if i := strings.IndexAny(rest.Text(r.Text), ";\n"); i >= 0 {
				line.End = rest.Start + i
			}
			rest.Start = min(line.End+1, rest.End)
			if heading != "" && strings.HasSuffix(line.Text(r.Text), ".") {
				line.End-- // of a list; any other line that ends so is a sentence
			}
			if found, ok := r.participant(line); ok && len(list) < maxParticipants {
				list = append(list, found)
			}
		}
	}
	return list
}

// maxRoleWords bounds a role in the list: more is a sentence.
const maxRoleWords = 18

func (r *reading) participant(line nlp.Span) (participant, bool) {
	line.Start = nextWord(r.Text, line.Start)
	if line.Empty() {
		return participant{}, false
	}
	text := line.Text(r.Text)
	m := listLine.FindStringSubmatchIndex(text)
	if m == nil || strings.HasSuffix(text, ".") || !isName(text[m[2]:m[3]]) || len(strings.Fields(text[m[4]:m[5]])) > maxRoleWords {
		return participant{}, false
	}
	found := participant{
		name: nlp.Span{Start: line.Start + m[2], End: line.Start + m[3]},
		role: nlp.Span{Start: line.Start + m[4], End: line.Start + m[5]},
	}
	first, last := r.TokensIn(found.role)
	for i := first; i < last && !r.is(i, "who", "which", "whose"); i++ {
		if isFinite(r.tag(i)) {
			return participant{}, false // a sentence: "Roe, the mayor, met the press"
		}
	}
	return found, true
}

// isName reports whether text has the form of a person's name: up to five
// words in capitals or with one.
func isName(text string) bool {
	words := strings.Fields(text)
	if len(words) == 0 || len(words) > 5 {
		return false
	}
	for _, w := range words {
		switch strings.ToLower(w) {
		case "de", "la", "van", "von", "der", "den", "di", "da", "al", "bin":
			continue
		}
		if !unicode.IsUpper([]rune(w)[0]) || strings.ContainsAny(w, "!?“”\"") {
			return false
		}
	}
	return true
}

// castList takes from labels those that only say who is who, "MODERATOR: Piet
// Odum, The Courier": they stand at the head, each label comes again below, and
// what follows it is a name without a full stop.
func (r *reading) castList(labels []label) (turns []label, listed []participant) {
	later := map[string]int{}
	for _, l := range labels {
		later[l.key]++
	}
	for i, l := range labels {
		span := nlp.Span{Start: nextWord(r.Text, l.end), End: r.Paragraphs[l.paragraph].End}
		if len(listed) == maxParticipants || later[l.key] < 2 || span.Empty() || strings.ContainsAny(span.Text(r.Text)[span.Len()-1:], ".?!") {
			return labels[i:], listed
		}
		found, ok := r.participant(span)
		if !ok {
			if !isName(span.Text(r.Text)) {
				return labels[i:], listed
			}
			found = participant{name: span}
		}
		later[l.key]--
		found.label = l.key
		listed = append(listed, found)
	}
	return nil, nil // nobody says anything
}

// speaker resolves the label of a turn: to a participant, to the one person of
// the text who has that name or surname, or to the label itself.
func (s *script) speaker(c *cast, d *draft) finding {
	span := d.source.span(c.reading)
	if text := span.Text(c.Text); len(text) == 2 && strings.HasSuffix(text, ".") {
		span.End-- // "Q."
	}
	key := strings.ToUpper(squeezed(span.Text(c.Text)))
	if f, ok := s.known[key]; ok {
		return f
	}
	f := s.resolve(c, span, key)
	s.known[key] = f
	return f
}

func (s *script) resolve(c *cast, span nlp.Span, key string) finding {
	title, name := titled(c.Text, span)
	if i := strings.IndexByte(name.Text(c.Text), ','); i > 0 && title.Empty() {
		title = nlp.Span{Start: nextWord(c.Text, name.Start+i+1), End: name.End} // "IDA KROON, ENGINEER"
		name.End = name.Start + i
	}
	called := strings.ToUpper(squeezed(name.Text(c.Text)))
	if p, ok := s.listed(c.Text, key, called); ok {
		full := squeezed(p.name.Text(c.Text))
		sp := Speaker{Name: full, Spans: []nlp.Span{p.name}, Entity: -1}
		if e := s.personCalled(c, strings.ToUpper(full)); e >= 0 {
			sp = c.person(e)
		}
		if !p.role.Empty() {
			sp.Role, sp.RoleSpan = roleText(p.role.Text(c.Text)), p.role
		}
		return finding{speaker: sp, reason: "listed as " + full}
	}
	sp := Speaker{Name: squeezed(name.Text(c.Text)), Spans: []nlp.Span{name}, Entity: -1}
	reason := "label of the turn"
	if e := s.personCalled(c, called); e >= 0 {
		sp, reason = c.person(e), "label of "+c.Entities[e].Name
	}
	if sp.Role == "" && !title.Empty() {
		sp.Role, sp.RoleSpan = roleText(title.Text(c.Text)), title
	}
	return finding{speaker: sp, reason: reason}
}

// titled parts a label into an office before the name, empty without one, and
// the name without forms of address: "MAYOR" and "HOLLOW" of "MAYOR DR. HOLLOW".
func titled(text string, label nlp.Span) (title, name nlp.Span) {
	words := nlp.Span{Start: label.Start, End: label.End}
	next := func() (word nlp.Span, more bool) {
		at := strings.IndexFunc(words.Text(text), unicode.IsSpace)
		if at < 0 {
			return words, false
		}
		return nlp.Span{Start: words.Start, End: words.Start + at}, true
	}
	for address := false; ; {
		word, more := next()
		if strings.HasSuffix(word.Text(text), ",") {
			break
		}
		low := strings.ToLower(strings.Trim(word.Text(text), ".,"))
		office := !address && (roleWord(low) || slices.Contains(offices, low))
		if !more || !office && !slices.Contains(addressed, low) {
			break
		}
		rest := nlp.Span{Start: nextWord(text, word.End), End: label.End}
		if office {
			if strings.IndexFunc(rest.Text(text), unicode.IsLetter) < 0 {
				break // "Speaker 1"
			}
			title = nlp.Span{Start: label.Start, End: word.End}
		}
		address = address || !office
		words = rest
	}
	if slices.Contains(generic, strings.ToLower(squeezed(label.Text(text)))) {
		return nlp.Span{}, label // "audience member"
	}
	return title, words
}

// addressed only say how to address somebody.
var addressed = []string{"mr", "mrs", "ms", "miss", "mx", "dr", "prof", "sir", "dame", "lord", "lady", "madam", "hon"}

// offices are short forms of offices.
var offices = []string{"sen", "rep", "gov", "pres", "amb", "col", "gen", "capt", "maj", "lt", "sgt", "det", "cllr", "del"}

// listed finds the one participant whom a label means: by the label or the
// office in the list, by full name, or by surname.
func (s *script) listed(text, key, name string) (participant, bool) {
	var found []participant
	for _, test := range []func(p participant, full string) bool{
		func(p participant, _ string) bool { return p.label == key },
		func(_ participant, full string) bool { return full == name },
		func(_ participant, full string) bool { return strings.HasSuffix(full, " "+name) },
		func(p participant, _ string) bool { return strings.EqualFold(p.role.Text(text), key) },
	} {
		for _, p := range s.participants {
			if test(p, strings.ToUpper(squeezed(p.name.Text(text)))) {
				found = append(found, p)
			}
		}
		if len(found) > 0 {
			break
		}
	}
	if len(found) != 1 {
		return participant{}, false
	}
	return found[0], true
}

// personCalled gives the one person of the text with a name or surname in
// capitals; a full name wins over a mere surname. It gives -1 for none or
// several.
func (s *script) personCalled(c *cast, name string) int {
	if s.people == nil {
		s.people = map[string][]int{}
		for e := range c.Entities {
			if c.Entities[e].Kind != nlp.Person || len(c.Entities[e].Mentions) == 0 {
				continue
			}
			full := strings.ToUpper(c.Entities[e].Name)
			s.people[full] = append(s.people[full], e)
			if last := full[strings.LastIndexByte(full, ' ')+1:]; last != full {
				s.people[last] = append(s.people[last], e)
			}
		}
	}
	found, several := -1, false
	for _, e := range s.people[name] {
		switch full := c.Entities[e].Name; {
		case found < 0 || len(full) > len(c.Entities[found].Name):
			found, several = e, false
		case len(full) == len(c.Entities[found].Name):
			several = true
		}
	}
	if several {
		return -1
	}
	return found
}

// labelledByName reports whether a quotation is the turn of somebody whose
// label or line in the list is a full name, which the name finder may not know:
// the words of a turn need no marks to be direct.
func (q *Quote) labelledByName(text string) bool {
	if q.Type != Direct || len(q.Content) == 0 || strings.ContainsAny(first(q.Content[0].Text(text)), "\"'`“”‘’„«»‹›") {
		return false
	}
	words := strings.Fields(q.Speaker.Name)
	if len(words) < 2 || !isName(q.Speaker.Name) {
		return false
	}
	return !slices.ContainsFunc(words, func(w string) bool {
		low := strings.ToLower(strings.Trim(w, ".,"))
		return roleWord(low) || slices.Contains(generic, low) || slices.Contains(nameless, low)
	})
}

// nameless are words of labels for whom nobody could name.
var nameless = []string{"the", "a", "an", "unidentified", "unknown", "male", "female", "voice", "member", "crowd", "all", "man", "woman", "court", "witness"}

// first gives the first letter of s.
func first(s string) string {
	for i := range s {
		if i > 0 {
			return s[:i]
		}
	}
	return s
}
