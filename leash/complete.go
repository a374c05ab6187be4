package leash

import (
	"slices"
	"strings"

	"onrecord/nlp"
)

// Insertion is what a completed wording adds in brackets, and where the
// article has it.
type Insertion struct {
	Text string
	From nlp.Span
}

// Completes reports whether a wording is the article's words at span with
// nothing added but, in [square brackets], words that the article has and that
// can be meant there: a name that a pronoun of the sentence stands for, or a
// phrase that the sentences just before it have.
func (s *Source) Completes(span nlp.Span, wording string) ([]Insertion, bool) {
	at := s.SentenceAt(span.Start)
	if at < 0 || len(wording) > 2*span.Len()+maxInserted {
		return nil, false
	}
	var plain strings.Builder
	var added []Insertion
	rest := wording
	for {
		before, after, more := strings.Cut(rest, "[")
		plain.WriteString(before)
		if !more {
			break
		}
		inner, tail, closed := strings.Cut(after, "]")
		if !closed {
			return nil, false
		}
		from, ok := s.explains(at, strings.TrimSpace(inner))
		if !ok {
			return nil, false
		}
		added = append(added, Insertion{inner, from})
		rest = tail
	}
	if strings.ContainsAny(plain.String(), "[]") || bare(plain.String()) != bare(span.Text(s.Text)) {
		return nil, false
	}
	return added, len(added) > 0
}

const maxInserted = 200

// bare is text without differences in white space and a full stop.
func bare(text string) string {
	text = strings.Join(strings.Fields(text), " ")
	for _, mark := range []string{",", ".", ";", ":", "”", `"`, "’s", "'s"} {
		text = strings.ReplaceAll(text, " "+mark, mark)
	}
	return strings.TrimRight(text, ". ")
}

// explains gives the last place before the end of sentence at where the article
// has text, if what it says can be meant in that sentence.
func (s *Source) explains(at int, text string) (nlp.Span, bool) {
	if len(text) < 2 || strings.ContainsAny(text, "\"“”<>@\n") {
		return nlp.Span{}, false
	}
	end := s.Sentences[at].Start
	for {
		n := strings.LastIndex(s.Text[:end], text)
		if n < 0 {
			return nlp.Span{}, false
		}
		place := nlp.Span{Start: n, End: n + len(text)}
		end = n + len(text) - 1
		if !s.wholeWords(place) {
			continue
		}
		first, last := s.TokensIn(place)
		named := slices.ContainsFunc(s.Tokens[first:last], func(t nlp.Token) bool { return t.Entity >= 0 })
		for _, t := range s.Tokens[first:last] {
			if t.Entity < 0 {
				continue
			}
			if !s.means(at, t.Entity) || s.namesOther(at, t.Entity) {
				return nlp.Span{}, false
			}
		}
		// A phrase without a name: of the two sentences before.
		if from := s.Tokens[first].Sentence; !named && (from < at-2 || !strings.HasPrefix(s.Tokens[last-1].Tag, "N")) {
			return nlp.Span{}, false
		}
		return place, true
	}
}

// namesOther reports whether sentence at names another person than the one that
// is meant to be explained there.
func (s *Source) namesOther(at, entity int) bool {
	for n, last := s.MentionsIn(s.Sentences[at].Span); n < last; n++ {
		if e := s.Mentions[n].Entity; e != entity && s.Entities[e].Kind == nlp.Person && s.Entities[entity].Kind == nlp.Person {
			return true
		}
	}
	return false
}
