package leash

import (
	"fmt"
	"strings"

	"onrecord/nlp"
)

// wrongTimes says which date of the wording is not the article's there. It may
// be wider ("in October" for "on October 3"), with the same preposition.
func (d *draft) wrongTimes() string {
	for n, t := range d.Times {
		if !d.warrantedTime(n, t) {
			return fmt.Sprintf("%q is not in the article there", t.Text(d.Text))
		}
		if d.otherTime(n, t) {
			return fmt.Sprintf("%q belongs to something else", t.Text(d.Text))
		}
	}
	return ""
}

func (d *draft) warrantedTime(n int, t nlp.Time) bool {
	s := d.source
	mine := d.dates[n]
	for _, u := range d.used {
		for k, last := s.TimesIn(s.Sentences[u].Span); k < last; k++ {
			theirs := s.dates[k]
			if relation(d.Text, t) != relation(s.Text, s.Times[k]) {
				continue
			}
			if mine.Start.IsZero() || theirs.Start.IsZero() {
				if alike(t.Text(d.Text), s.Times[k].Text(s.Text)) {
					return true
				}
				continue
			}
			if relation(d.Text, t) != "" && (!mine.Start.Equal(theirs.Start) || !mine.End.Equal(theirs.End)) {
				continue
			}
			if !mine.Start.After(theirs.Start) && !mine.End.Before(theirs.End) && (clock(t.Text(d.Text)) == "" || alike(t.Text(d.Text), s.Times[k].Text(s.Text)) || clock(t.Text(d.Text)) == clock(s.Times[k].Text(s.Text))) {
				return true
			}
		}
	}
	return false
}

// otherTime reports whether the verb beside time n of the wording has another time
// in each sentence of the article that has it: "accepted it in 1971 and refused it
// in 1992" with the years exchanged.
func (d *draft) otherTime(n int, t nlp.Time) bool {
	s := d.source
	first, _ := d.TokensIn(t.Span)
	c := d.words[first].clause
	if c < 0 || d.like[c] < 0 || d.dates[n].Start.IsZero() || !d.headMatches(c, d.like[c]) {
		return false
	}
	k := d.like[c]
	at := s.Tokens[s.clauses[k].head].Sentence
	other, same := false, false
	for m, last := s.TimesIn(s.Sentences[at].Span); m < last; m++ {
		i, _ := s.TokensIn(s.Times[m].Span)
		if s.words[i].clause != k || s.dates[m].Start.IsZero() {
			continue
		}
		if d.dates[n].Start.After(s.dates[m].End) || d.dates[n].End.Before(s.dates[m].Start) {
			other = true
		} else {
			same = true
		}
	}
	return other && !same
}

// relation is how a date is used: what holds since it, until it, or on it.
func relation(text string, t nlp.Time) string {
	first, _, _ := strings.Cut(strings.ToLower(t.Text(text)), " ")
	before := strings.Fields(strings.ToLower(text[max(t.Start-12, 0):t.Start]))
	for _, w := range append(before[max(len(before)-1, 0):], first) {
		switch w {
		case "since", "until", "till", "before", "after", "by", "from":
			return w
		case "between":
			return "from"
		}
	}
	return ""
}

// clock gives the words of a time that say when in the day: "noon", "9pm",
// "night".
func clock(text string) string {
	var out []string
	text = strings.ToLower(text)
	if strings.HasPrefix(text, "late on ") {
		text += " night"
	}
	for w := range strings.FieldsSeq(text) {
		switch w = strings.Trim(w, ".,"); {
		case strings.HasSuffix(w, "am"), strings.HasSuffix(w, "pm"), w == "a.m", w == "p.m", strings.Contains(w, ":"),
			w == "noon", w == "midnight", w == "morning", w == "afternoon", w == "evening", w == "night":
			out = append(out, w)
		}
	}
	return strings.Join(out, " ")
}

// alike reports whether two expressions have the same words, prepositions and
// articles apart.
func alike(a, b string) bool {
	bare := func(s string) string {
		var out []string
		for w := range strings.FieldsSeq(strings.ToLower(s)) {
			switch w = strings.Trim(w, ".,"); w {
			case "before", "previous", "prior", "previously", "past", "preceding":
				out = append(out, "earlier")
			case "on", "in", "at", "the", "over", "for", "during", "a", "each", "early", "late":
			default:
				out = append(out, w)
			}
		}
		return strings.Join(out, " ")
	}
	return bare(a) == bare(b)
}
