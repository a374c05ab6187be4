package brief

import (
	"cmp"
	"fmt"
	"strings"
	"time"

	"onrecord/factcheck"
	"onrecord/nlp"
	"onrecord/quote"
)

// Markdown is the briefing as a document to read or to print: where it comes
// from, summary, claims with reasons and how to check them, who said what,
// facts. The article's words are escaped, so nothing in them becomes markup.
func Markdown(b *Briefing) []byte {
	a, found := b.Article, b.Analysis
	var w strings.Builder
	fmt.Fprintf(&w, "# %s\n\n", md(Heading(b)))
	fmt.Fprintf(&w, "%s\n\n", md(strings.Join(provenance(b), " · ")))
	if a.URL != "" {
		fmt.Fprintf(&w, "<%s>\n\n", mdURL(a.URL))
	}

	if len(found.Summary) > 0 {
		w.WriteString("## In brief\n\n")
		for i, s := range found.Summary {
			text, _ := b.SummaryText(i)
			fmt.Fprintf(&w, "%d. %s", i+1, md(text))
			if link := TextFragment(a.URL, a.Text, s.Span); link != "" {
				fmt.Fprintf(&w, " [in the article](<%s>)", mdURL(link))
			}
			w.WriteString("\n")
		}
		w.WriteString("\n")
		if line := b.Wording.Line(); line != "" {
			fmt.Fprintf(&w, "%s\n\n", md(line))
		}
	}

	if ranked := Ranked(found.Claims); len(ranked) > 0 {
		w.WriteString("## Worth checking\n\nWorth checking means important if wrong, not doubtful.\n\n")
		for i, c := range ranked {
			markdownClaim(&w, i+1, b.completed(c))
			markdownReviews(&w, b.RankedReviews(i))
		}
		w.WriteString("\n")
	}

	if len(found.Consistency) > 0 {
		w.WriteString("## Does not agree with itself\n\n")
		for _, c := range found.Consistency {
			fmt.Fprintf(&w, "- %s\n", md(c.Text))
		}
		w.WriteString("\n")
	}

	if key := KeyQuotes(a.Text, found.Quotes); len(key) > 0 {
		w.WriteString("## In their own words\n\n")
		for _, i := range key {
			q := found.Quotes[i]
			fmt.Fprintf(&w, "- **%s**: %s\n", md(q.Speaker.Name), md(QuoteText(a.Text, q)))
		}
		w.WriteString("\n")
	}

	markdownQuotes(&w, b)
	markdownFacts(&w, b)
	return []byte(w.String())
}

// Heading is the article's title, or its dateline's place, or "Untitled".
func Heading(b *Briefing) string {
	switch a := b.Article; {
	case a.Title != "":
		return a.Title
	case a.Dateline.Place != "":
		return a.Dateline.Place
	case a.Publisher != "":
		return a.Publisher
	}
	return "Untitled article"
}

func provenance(b *Briefing) []string {
	a := b.Article
	var parts []string
	add := func(s string) {
		if s != "" {
			parts = append(parts, s)
		}
	}
	if a.Title != "" {
		add(a.Dateline.Place)
	}
	add(a.Dateline.Agency)
	if a.Title != "" || a.Dateline.Place != "" {
		add(a.Publisher)
	}
	add(strings.Join(a.Byline, ", "))
	add(day(a.Published))
	add(fmt.Sprintf("%d words", a.Words))
	if !a.ReadAt.IsZero() {
		add("read " + a.ReadAt.UTC().Format("2006-01-02 15:04 MST"))
	}
	return parts
}

func markdownClaim(w *strings.Builder, rank int, c factcheck.Claim) {
	fmt.Fprintf(w, "%d. %s\n", rank, md(c.Standalone))
	kinds := make([]string, 0, len(c.Kinds))
	for _, k := range c.Kinds {
		kinds = append(kinds, string(k))
	}
	fmt.Fprintf(w, "   - %s: %s\n", strings.Join(kinds, ", "), md(strings.Join(c.Reasons, "; ")))
	for i, p := range c.Parts {
		fmt.Fprintf(w, "   - %d%c: %s\n", rank, 'a'+i%26, md(p.Standalone))
	}
	for _, how := range c.HowToCheck {
		fmt.Fprintf(w, "   - %s\n", md(how))
	}
	if c.Unclear != "" {
		fmt.Fprintf(w, "   - unclear: %s\n", md(c.Unclear))
	}
}

// markdownQuotes writes who said what by speaker, who says most first; below
// it what is attributed and was not said.
func markdownQuotes(w *strings.Builder, b *Briefing) {
	text, quotes := b.Article.Text, b.Analysis.Quotes
	speakers := BySpeaker(text, quotes, nil)
	line := b.Analysis.Sources.Line()
	if len(speakers) > 0 || line != "" {
		w.WriteString("## Who said what\n\n")
	}
	if line != "" {
		fmt.Fprintf(w, "%s\n\n", md(line))
	}
	for _, s := range speakers {
		fmt.Fprintf(w, "**%s**", md(cmp.Or(s.Name, "Speaker not clear")))
		if s.Role != "" {
			fmt.Fprintf(w, ", %s", md(s.Role))
		}
		fmt.Fprintf(w, " · %s\n\n", s.Weight())
		for _, q := range s.Quotes {
			markdownQuote(w, b, "", q)
		}
		w.WriteString("\n")
	}
	other := kept(quotes, func(q quote.Quote) bool { return q.Kind == quote.Other })
	if len(other) > 0 {
		w.WriteString("Believed, hoped, feared or found, not said:\n\n")
		for _, q := range other {
			markdownQuote(w, b, cmp.Or(q.Speaker.Name, "somebody")+" ", q)
		}
		w.WriteString("\n")
	}
}

// OnOrIn gives the word before a day, or before a month or a year.
func OnOrIn(d nlp.Dates) string {
	if d.End.Sub(d.Start) >= 27*24*time.Hour {
		return "in"
	}
	return "on"
}

func markdownQuote(w *strings.Builder, b *Briefing, who string, q quote.Quote) {
	w.WriteString("- ")
	if lead := strings.TrimSpace(who + VerbAndStance(q)); lead != "" {
		fmt.Fprintf(w, "%s: ", md(lead))
	}
	w.WriteString(md(QuoteText(b.Article.Text, q)))
	var more []string
	if q.SaidOn >= 0 && q.SaidOn < len(b.Analysis.Times) {
		if d := b.Analysis.Times[q.SaidOn].Dates; !d.Start.IsZero() {
			more = append(more, "said "+OnOrIn(d)+" "+period(day(d.Start), day(d.End)))
		}
	}
	if q.Via != "" {
		more = append(more, "second-hand, passed on by "+q.Via)
	}
	if len(q.Unclear) > 0 {
		more = append(more, "speaker unclear: "+strings.Join(q.Unclear, " or "))
	}
	if len(more) > 0 {
		fmt.Fprintf(w, " (%s)", md(strings.Join(more, "; ")))
	}
	w.WriteString("\n")
}

func markdownFacts(w *strings.Builder, b *Briefing) {
	found := b.Analysis
	facts := found.Facts
	if len(facts.Who)+len(facts.Where)+len(facts.When)+len(facts.Numbers) > 0 {
		w.WriteString("## Facts\n\n")
	}
	if len(facts.Who) > 0 {
		w.WriteString("Who:\n\n")
		for _, who := range facts.Who {
			fmt.Fprintf(w, "- %s", md(who.Name))
			if who.Role != "" {
				fmt.Fprintf(w, ", %s", md(who.Role))
			}
			if !who.Quoted {
				w.WriteString(" (not quoted)")
			}
			w.WriteString("\n")
		}
		w.WriteString("\n")
	}
	if len(facts.Where) > 0 {
		names := make([]string, 0, len(facts.Where))
		for _, where := range facts.Where {
			names = append(names, where.Name)
		}
		fmt.Fprintf(w, "Where: %s\n\n", md(strings.Join(names, "; ")))
	}
	if len(facts.When) > 0 {
		w.WriteString("When:\n\n")
		for _, d := range facts.When {
			on := period(day(d.Dates.Start), day(d.Dates.End))
			if on == "" {
				on = "cannot be dated"
			}
			fmt.Fprintf(w, "- “%s”: %s\n", md(d.Span.Text(b.Article.Text)), on)
		}
		w.WriteString("\n")
	}
	if len(facts.Numbers) > 0 {
		w.WriteString("Numbers:\n\n")
		for _, n := range facts.Numbers {
			fmt.Fprintf(w, "- %s", md(n.Text))
			if about := n.About(b.Article.Text); about != "" {
				fmt.Fprintf(w, ": %s", md(about))
			}
			w.WriteString("\n")
		}
		w.WriteString("\n")
	}
	if len(found.Timeline) > 0 {
		w.WriteString("## Timeline\n\n")
		for _, e := range found.Timeline {
			fmt.Fprintf(w, "- %s: %s\n", e.When(isoDays), md(e.Text))
		}
		w.WriteString("\n")
	}
	if len(found.Missing) > 0 {
		w.WriteString("## What is missing\n\n")
		for _, g := range found.Missing {
			fmt.Fprintf(w, "- %s\n", md(g))
		}
		w.WriteString("\n")
	}
	fmt.Fprintf(w, "Made by Onrecord %s. It ranks and explains; it does not say what is true.\n", found.Engine.Version)
}

// isoDays names days by ISO 8601, a whole year or month by it alone: "1961",
// "2015-08", "2020-01-18/2020-01-19".
func isoDays(d nlp.Dates) string {
	switch {
	case !d.Start.IsZero() && d.Start.YearDay() == 1 && d.End.Equal(d.Start.AddDate(1, 0, -1)):
		return d.Start.Format("2006")
	case !d.Start.IsZero() && d.Start.Day() == 1 && d.End.Equal(d.Start.AddDate(0, 1, -1)):
		return d.Start.Format("2006-01")
	}
	return period(day(d.Start), day(d.End))
}

// Ranked are the claims of claims that evidence could settle, best first; the
// others are shown, never ranked.
func Ranked(claims []factcheck.Claim) []factcheck.Claim {
	var out []factcheck.Claim
	for _, c := range claims {
		if c.Checkable {
			out = append(out, c)
		}
	}
	return out
}

// md makes s safe as running text of a Markdown document: one line, and no
// character of it is markup.
func md(s string) string {
	s = strings.Join(strings.Fields(s), " ")
	var b strings.Builder
	for i, r := range s {
		if strings.ContainsRune("\\`*_{}[]<>#|~", r) ||
			i == 0 && strings.ContainsRune("-+=", r) {
			b.WriteByte('\\')
		}
		b.WriteRune(r)
	}
	return b.String()
}

// mdURL keeps an address inside its angle brackets.
func mdURL(address string) string {
	return strings.NewReplacer("<", "%3C", ">", "%3E", " ", "%20", "\n", "", "\r", "").Replace(address)
}
