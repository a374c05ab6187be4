package factcheck

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"onrecord/nlp"
	"onrecord/quote"
)

// maxHints is how many lines of advice a claim gets.
const maxHints = 5

// howTo says how to check c. Every line holds a name, place, date or
// institution of the story; a rule that finds none stays silent.
func (r *reading) howTo(c candidate, f features) []string {
	var out []string
	add := func(format string, args ...any) { out = append(out, fmt.Sprintf(format, args...)) }
	where := r.place(c)
	on := r.when(c)
	body := r.body(c)

	if c.quote >= 0 {
		q := r.quotes[c.quote]
		switch {
		case r.isDocument(q) && (body != "" || r.hasName(q)):
			add("Look it up: %s%s", q.Speaker.Name, r.ofBody(body))
		case q.Speaker.Name != "" && !r.isDocument(q):
			add("Was it said: recording, transcript or statement of %s%s", q.Speaker.Name, r.saidOn(q))
		}
		if f.second && q.Speaker.Name != "" {
			add("Second-hand: find the original words, beside those of %s", q.Speaker.Name)
		}
	}
	switch {
	case f.law && (where != "" || body != ""):
		add("The text of the law or rule itself, as in force %s", inOrOf(where, body))
	case f.allegation && body != "":
		add("Ask %s for an answer; look for a complaint, ruling or inspection report", body)
	case f.allegation && where != "":
		add("Court, police or inspection records in %s", where)
	case f.comparison && f.figures > 0 && (body != "" || where != ""):
		add("Both values from one series with one definition%s", sourceOf(body, where))
	case f.figures > 0 && (body != "" || where != ""):
		add("The official figure%s%s", sourceOf(body, where), r.newest())
	case f.harm && where != "":
		add("Police, rescue services and hospitals in %s%s", where, on)
	case f.commitment && body != "":
		add("The wording of the promise: press release or recording of %s", body)
	case f.event && f.ownVoice && (f.force && where != "" || on != ""):
		add("Pictures and reports from %s%s", orThere(where), on)
	}
	if names := r.witnesses(c); len(names) > 0 {
		add("Ask: %s (named in the story)", strings.Join(names, ", "))
	}
	if line := r.wrongIf(c, f); line != "" && (where != "" || body != "" || c.quote < 0) {
		out = append(out, line)
	}
	if query := r.query(c, f); query != "" {
		add("Search: %s", query)
	}
	return out[:min(len(out), maxHints)]
}

// isDocument reports whether the speaker of q is a thing to be read: a report,
// a study, records.
func (r *reading) isDocument(q quote.Quote) bool {
	if q.Speaker.Entity >= 0 || q.Speaker.Name == "" {
		return false
	}
	words := strings.FieldsSeq(strings.ToLower(q.Speaker.Name))
	for w := range words {
		switch strings.TrimSuffix(w, "s") {
		case "report", "study", "survey", "record", "poll", "indictment", "document", "figure", "statement", "paper", "review", "inquiry", "audit", "census", "filing", "ruling":
			return true
		}
	}
	return false
}

func (r *reading) ofBody(body string) string {
	if body == "" {
		return ""
	}
	return " (" + body + ")"
}

func inOrOf(where, body string) string {
	if where != "" {
		return "in " + where
	}
	return "for " + body
}

func sourceOf(body, where string) string {
	switch {
	case body != "":
		return " of " + body
	case where != "":
		return " for " + where
	}
	return ""
}

func orThere(where string) string {
	if where == "" {
		return "the scene"
	}
	return where
}

// place is the place of c: one named in it, else in its sentence, else in its
// paragraph, else the first of the story.
func (r *reading) place(c candidate) string {
	sent := r.Sentences[c.sentence]
	for _, span := range []nlp.Span{c.span(r), sent.Span, r.Paragraphs[sent.Paragraph]} {
		from, to := r.MentionsIn(span)
		for _, m := range r.Mentions[from:to] {
			if r.located[m.Entity] {
				return r.Entities[m.Entity].Name
			}
		}
	}
	return r.scene
}

// body is the organisation that c names, not the one that speaks.
func (r *reading) body(c candidate) string {
	speaker, _ := r.speaker(c)
	for _, span := range []nlp.Span{c.span(r), r.Sentences[c.sentence].Span} {
		from, to := r.MentionsIn(span)
		for _, m := range r.Mentions[from:to] {
			if e := r.Entities[m.Entity]; e.Kind == nlp.Organisation && e.Name != speaker {
				return e.Name
			}
		}
	}
	return ""
}

// when is the day of c for a line of advice: " on 2020-01-19".
func (r *reading) when(c candidate) string {
	for _, d := range r.datesIn(r.Sentences[c.sentence].Span) {
		if !d.Dates.Start.IsZero() && d.Dates.End.Sub(d.Dates.Start) <= week {
			return ", " + days(d.Dates)
		}
	}
	return ""
}

const week = 7 * 24 * time.Hour

func (r *reading) saidOn(q quote.Quote) string {
	if q.SaidOn < 0 || q.SaidOn >= len(r.Times) {
		return ""
	}
	if d, ok := r.Times[q.SaidOn].Resolve(r.published); ok {
		return ", " + days(d)
	}
	return ""
}

func (r *reading) newest() string {
	if r.published.IsZero() {
		return ""
	}
	return ", newest before " + r.published.Format("2006-01-02")
}

// near is how many sentences count as the neighbourhood of a claim where a
// text has no paragraphs.
const near = 8

// witnesses are up to three people and bodies quoted in the paragraph of c and
// those beside it, who are not its speaker.
func (r *reading) witnesses(c candidate) []string {
	speaker, _ := r.speaker(c)
	p := r.Sentences[c.sentence].Paragraph
	from, _ := r.ParagraphSentences(max(p-1, 0))
	_, to := r.ParagraphSentences(min(p+1, len(r.Paragraphs)-1))
	var out []string
	for s := max(from, c.sentence-near); s < min(to, c.sentence+near); s++ {
		for _, q := range r.bySent[s] {
			name := r.quotes[q].Speaker.Name
			if named(r.quotes[q]) && name != speaker && !slices.Contains(out, name) && len(out) < 3 {
				out = append(out, name)
			}
		}
	}
	return out
}

// wrongIf says what would disprove the figure or the absolute in c.
func (r *reading) wrongIf(c candidate, f features) string {
	if n, ok := r.mainNumber(c); ok {
		figure := strings.ToLower(n.Figure.Text(r.Text))
		switch n.Bound {
		case ">":
			return fmt.Sprintf("Wrong if the true number is below %s", figure)
		case "<":
			return fmt.Sprintf("Wrong if the true number is above %s", figure)
		case "~":
			return fmt.Sprintf("Wrong if the true number is far from %s", figure)
		}
		return fmt.Sprintf("Wrong if a record gives another number than %s", figure)
	}
	if f.absolute {
		return "Wrong if one counterexample is documented" + r.when(c)
	}
	return ""
}

// mainNumber is the first exact number of c that is an amount, a percentage or
// more than ten, else the first one.
func (r *reading) mainNumber(c candidate) (nlp.Number, bool) {
	span := c.span(r)
	var main nlp.Number
	found := false
	from, to := r.NumbersIn(span)
	for _, n := range r.Numbers[from:to] {
		switch {
		case !span.Contains(n.Figure) || !r.counts(n) || n.Vague:
		case n.Unit != "" || n.Value > 10:
			return n, true
		case !found:
			main, found = n, true
		}
	}
	return main, found
}

// query is a search string: names of places, bodies and public figures, then
// nouns, then month and year. There is none for claims by or about private
// people.
func (r *reading) query(c candidate, f features) string {
	if f.private {
		return ""
	}
	var words []string
	add := func(w string) {
		if w != "" && len(words) < 9 && !slices.ContainsFunc(words, func(o string) bool { return strings.EqualFold(o, w) }) {
			words = append(words, w)
		}
	}
	from, to := r.MentionsIn(c.span(r))
	for _, m := range r.Mentions[from:to] {
		e := r.Entities[m.Entity]
		if e.Kind == nlp.Person && !r.public[m.Entity] {
			return ""
		}
		add(phraseOf(e.Name))
	}
	if c.quote >= 0 && r.quotes[c.quote].Speaker.Entity >= 0 && r.quotes[c.quote].Speaker.Entity < len(r.Entities) {
		add(phraseOf(r.quotes[c.quote].Speaker.Name))
	}
	if len(words) == 0 {
		add(phraseOf(r.place(c)))
	}
	names := len(words)
	for i := c.first; i < c.last; i++ {
		if t := r.Tokens[i]; (t.Tag == "NN" || t.Tag == "NNS") && t.Entity < 0 && len(t.Text) > 3 && !r.counted(t) {
			add(strings.ToLower(t.Text))
		}
	}
	if names == 0 || len(words) < 3 {
		return ""
	}
	day, layout := r.published, "January 2006"
	for _, d := range r.datesIn(c.span(r)) {
		if !d.Dates.Start.IsZero() {
			day = d.Dates.Start
			if d.Dates.End.Sub(d.Dates.Start) > 5*week {
				layout = "2006"
			}
			break
		}
	}
	if !day.IsZero() {
		words = append(words, day.Format(layout))
	}
	return strings.Join(words, " ")
}

// counted reports whether a token is part of a time expression or a figure,
// which no search engine matches.
func (r *reading) counted(t nlp.Token) bool {
	if from, to := r.TimesIn(t.Span); to > from {
		return true
	}
	from, to := r.NumbersIn(t.Span)
	return slices.ContainsFunc(r.Numbers[from:to], func(n nlp.Number) bool { return n.Figure.Overlaps(t.Span) })
}

func phraseOf(name string) string {
	if strings.Contains(name, " ") {
		return `"` + strings.ReplaceAll(name, `"`, "") + `"`
	}
	return name
}
