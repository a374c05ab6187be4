package factcheck

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"onrecord/quote"
)

// reasons says why a claim is worth a check, each time something that a
// reader can see in the article. The weightiest come first.
func (r *reading) reasons(c candidate, f features) []string {
	var out []string
	add := func(format string, args ...any) {
		if len(args) > 0 {
			format = fmt.Sprintf(format, args...)
		}
		out = append(out, format)
	}
	speaker, source := r.speaker(c)
	if c.quote >= 0 {
		q := r.quotes[c.quote]
		speaker, source = r.sayer(q), clipped(r.inSentence(source, q.Source))
	}

	switch {
	case f.figures > 1 && f.ownVoice && !f.sourced:
		add("%s figures in the article’s own voice, no source named", spell(f.figures))
	case f.figures == 1 && f.ownVoice && !f.sourced:
		add("a figure in the article’s own voice, no source named")
	case f.figures > 0 && f.ownVoice:
		add("a figure; the source is named but not quoted")
	case f.figures > 0 && speaker != "" && !f.nameless:
		add("%s rests on %s alone", plural(f.figures, "a figure that", "figures that"), speaker)
		out[len(out)-1] = strings.Replace(out[len(out)-1], "that rests", "that "+verbRest(f.figures), 1)
	case f.figures > 0 && source != "":
		add("%s from a source without a name (“%s”)", plural(f.figures, "a figure", "figures"), source)
	case f.figures > 0:
		add("a figure from a source without a name")
	}
	if f.evidence {
		add("the sentence rests on it as its ground")
	}
	if q := r.adversary(c); q >= 0 && r.disputed(c, q) {
		add("disputed in the story: see %s", r.sayer(r.quotes[q]))
	}
	switch {
	case f.allegation && c.quote >= 0 && r.quotes[c.quote].Stance == quote.Denied, f.denial && !f.allegation:
		add("a denial: both sides cannot be right")
	case f.allegation && f.ownVoice:
		add("alleges wrongdoing in the article’s own voice")
	case f.allegation:
		add("alleges wrongdoing by somebody")
	}
	if f.second && c.quote >= 0 {
		add("second-hand: %s reports what somebody else holds", orSomebody(speaker))
	}
	if f.absolute {
		if word := r.firstOf(c, absolute); word != "" {
			add("absolute (“%s”)", word)
		} else {
			add("absolute (“no”)")
		}
	}
	switch {
	case f.harm && f.absolute && f.ownVoice && r.denied(c) && r.harmed(c):
		add("says that nobody came to harm; first reports of that often change")
	case f.harm && r.harmed(c) && f.ownVoice && !r.longPast(c):
		add("people or things come to harm; first reports of that often change")
	case f.harm && r.harmed(c):
		add("says that people or things came to harm")
	case f.violent && f.event && f.ownVoice:
		add("who used force, and who first, is what the sides will dispute")
	}
	if f.justice && f.event && r.proceeds(c) {
		add("somebody faces police, court or authorities; records settle it")
	}
	switch {
	case f.record:
		add("a record or superlative, which a list can settle")
	case f.comparison && f.figures == 0:
		add("a comparison without a figure")
	case f.comparison:
		add("a comparison: both values and the dates must be right")
	}
	if f.cause {
		if word := r.firstOf(c, cause); word != "" {
			add("says why (“%s”)%s", word, unsourced(f))
		}
	}
	if f.law {
		add("says what a law, rule or permission is")
	}
	if f.commitment && (c.quote >= 0 && r.quotes[c.quote].Stance == quote.Promised || r.hasVerbOf(c, commitment) || !r.has(c.first, c.last, commitment)) {
		add("a promise or decision that can be held against whoever made it")
	}
	if f.vague && f.figures > 0 {
		if word := r.firstOf(c, vague); word != "" {
			add("“%s” is not defined, so it cannot be looked up as it stands", word)
		}
	}
	if word := r.taste(c); word != "" {
		add("part of it is opinion (“%s”), which no evidence settles", word)
	}
	switch {
	case c.quote >= 0 && f.nameless && source != "" && f.figures == 0:
		add("its source has no name (“%s”)", source)
	case c.quote >= 0 && f.private && (f.figures == 0 || f.nameless):
		add("rests on one person’s word (%s)", speaker)
	}
	if len(out) == 0 {
		switch {
		case c.quote >= 0 && speaker != "":
			add("a statement of fact by %s", speaker)
		case f.lede:
			add("the news of the story, no source named")
		default:
			add("an event told without a source")
		}
	}
	return out
}

// longPast reports whether what c tells is dated, and more than a season before
// the article: no first report. Without a day of publication only a year past for
// any reader counts.
func (r *reading) longPast(c candidate) bool {
	now := r.published
	if now.IsZero() {
		now = made
	}
	return slices.ContainsFunc(r.datesIn(r.Sentences[c.sentence].Span), func(d Date) bool {
		return !d.Dates.End.IsZero() && d.Dates.End.Before(now.AddDate(0, -3, 0))
	})
}

// hasVerbOf reports whether a verb of c is of class k.
func (r *reading) hasVerbOf(c candidate, k class) bool {
	for i := c.first; i < c.last; i++ {
		if r.marks[i]&k != 0 && strings.HasPrefix(r.Tokens[i].Tag, "VB") {
			return true
		}
	}
	return false
}

// taste is the word of taste of a clause within c, "" without one: "The mill,
// which is a disgrace, employs 200 people".
func (r *reading) taste(c candidate) string {
	for i := c.first; i < c.last; i++ {
		if r.marks[i]&evaluative != 0 && r.Child(i, "cop") >= 0 {
			return r.Tokens[i].Text
		}
	}
	return ""
}

// proceeds reports whether a verb of c tells that somebody was arrested,
// charged, deported: not that somebody will be, by a rule.
func (r *reading) proceeds(c candidate) bool {
	for i := c.first; i < c.last; i++ {
		if r.marks[i]&justice != 0 && strings.HasPrefix(r.Tokens[i].Tag, "VB") && r.modal(i) == "" {
			return true
		}
	}
	return false
}

func unsourced(f features) string {
	if f.ownVoice && !f.sourced {
		return " without a source"
	}
	return ""
}

func orSomebody(name string) string {
	if name == "" {
		return "somebody"
	}
	return name
}

// speaker is the name of who says c, and the article's words for the source.
func (r *reading) speaker(c candidate) (name, source string) {
	if c.quote < 0 {
		return "", ""
	}
	q := r.quotes[c.quote]
	if len(q.Source) > 0 {
		source = q.Source[0].Text(r.Text)
	}
	if len(source) > 60 {
		source, _, _ = strings.Cut(source, ",")
	}
	return q.Speaker.Name, source
}

// firstOf is the first word or phrase of c that is of class k, as the article
// writes it.
func (r *reading) firstOf(c candidate, k class) string {
	for i := c.first; i < c.last; i++ {
		if r.marks[i]&k != 0 {
			return r.text(i, min(i+r.phrase(i, k), c.last))
		}
	}
	return ""
}

func spell(n int) string {
	words := []string{"no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"}
	if n < len(words) {
		return words[n]
	}
	return strconv.Itoa(n)
}

func plural(n int, one, many string) string {
	if n == 1 {
		return one
	}
	return spell(n) + " " + many
}

func verbRest(n int) string {
	if n == 1 {
		return "rests"
	}
	return "rest"
}
