package chat

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"onrecord/article"
	"onrecord/brief"
	"onrecord/checklist"
	"onrecord/factcheck"
	"onrecord/nlp"
	"onrecord/quote"
)

// View is how a briefing is to be shown. The zero View shows all of it,
// without actions.
type View struct {
	Handle string // of the article, for actions; none are offered if empty
	Named  string // why this article, when the asker named none: "Your last article here"
	Note   string // something else that the asker should know

	Now    time.Time      // when it is shown; the day of reading is always given if zero
	Zone   *time.Location // of times of the day; UTC if nil, and then said
	Public bool           // others read here: it can be shared
	Report bool           // errors can be reported
	Owner  string         // who may take the reply away again; nobody can if empty
	Link   bool           // the article came from a link: it can be read again
	Marked string         // address of the annotated article; empty for none

	Sheet *checklist.Sheet // what people did about the claims; nil for none

	Page    int  // of a long list, from 1
	Items   int  // on a page; all if 0
	Explain bool // also why each finding was found
}

// Filter is which findings to show. The zero Filter shows all.
type Filter = brief.Filter

const worthChecking = "Worth checking means important if wrong, not doubtful."

// BriefReply is the first screen: where the article comes from, three
// sentences, what to check first, who speaks. Everything else is behind its
// actions.
func BriefReply(b *brief.Briefing, v View) Reply {
	a, found := b.Article, b.Analysis
	var r Reply
	v.opening(&r, b)
	for i, s := range found.Summary {
		if s.Text == "" {
			continue
		}
		parts := s.Parts
		if len(parts) == 0 {
			parts = []nlp.Span{s.Span}
		}
		if text, worded := b.SummaryText(i); worded {
			r.AddItem(i+1, Say(text))
		} else {
			r.AddItem(i+1, dated(s.Text, a.Text, parts, found.Times, a.Published)...)
		}
		r.Blocks[len(r.Blocks)-1].Passage = brief.TextFragment(a.URL, a.Text, s.Span)
	}
	if len(found.Summary) == 0 {
		r.Add(Paragraph, Say("No sentence of this text says by itself what it is about."))
	}

	if line := b.Wording.Line(); line != "" {
		r.Add(Note, Say(line))
	}

	ranked := brief.Ranked(found.Claims)
	if len(ranked) > 0 {
		c := ranked[0]
		words := claimWords(a, c)
		if i := slices.IndexFunc(found.Summary, func(s brief.Sentence) bool { return sameWords(s.Text, c.Span.Text(a.Text)) }); i >= 0 {
			if _, worded := b.SummaryText(i); !worded {
				words = []Run{Say(fmt.Sprintf("sentence %d", i+1))} // it stands there already
			}
		}
		r.Add(Paragraph, slices.Concat([]Run{Bold("Check first:"), Say(" ")}, words)...)
		var why []string
		if c.Speaker != "" {
			why = append(why, saysWho(c))
		}
		if len(c.Reasons) > 0 {
			why = append(why, c.Reasons[0])
		}
		if len(why) > 0 {
			r.Add(Detail, Say(strings.Join(why, " · ")))
		}
	}
	disagreements(&r, found.Consistency)
	if names := brief.Speaking(a.Text, found.Quotes); len(names) > 0 {
		shown := names[:min(len(names), 4)]
		line := strings.Join(shown, ", ")
		if more := len(names) - len(shown); more > 0 {
			line += fmt.Sprintf(", %d more", more)
		}
		r.Add(Paragraph, Bold("Speaking:"), Say(" "+line))
	}
	said := 0
	for _, q := range found.Quotes {
		if q.Kind != quote.Other {
			said++
		}
	}
	if len(ranked) == 0 && said == 0 {
		r.Add(Note, Say("Nobody is quoted, and no claim was found that evidence could settle."))
	}
	v.annotated(&r, "")
	if v.Handle == "" {
		return r
	}
	if n := len(ranked); n > 0 {
		r.Actions = append(r.Actions, v.action("claims", fmt.Sprintf("Claims (%d)", n)))
		r.Actions[0].Tone = Primary
	}
	if n := len(found.Quotes); n > 0 {
		label := fmt.Sprintf("Quotes (%d)", said)
		r.Actions = append(r.Actions, v.action("quotes", label))
	}
	if v.Public {
		r.Actions = append(r.Actions, v.action("share", "Share"))
	}
	more := func(a Action) {
		a.More = true
		r.Actions = append(r.Actions, a)
	}
	if v.Link {
		more(v.action("refresh", "Refresh"))
	}
	if len(found.Summary) > 0 {
		more(v.action("passage", "Show passage"))
	}
	more(v.action("card", "Facts and timeline"))
	more(v.action("export", "Export"))
	if v.Report {
		more(v.action("report", "Report an error"))
	}
	if v.Owner != "" {
		remove := "remove of " + v.Owner
		more(Action{
			Name: "remove", Label: "Remove", Command: remove, Short: remove,
			Tone: Danger, Confirm: "Take this message away for everybody?",
		})
	}
	return r
}

// annotated leads to the annotated article, and there to a finding by its
// address: "c3" for the third claim, "q2" for the second quotation.
func (v View) annotated(r *Reply, finding string) {
	switch {
	case v.Marked == "":
	case finding == "":
		r.Add(Paragraph, Run{Text: "Open annotated article", Link: v.Marked})
	default:
		r.Add(Paragraph, Run{Text: "Open in the annotated article", Link: v.Marked + "#" + finding})
	}
}

// disagreements are up to three statements of an article that cannot both
// hold.
func disagreements(r *Reply, clashes []brief.Clash) {
	if len(clashes) == 0 {
		return
	}
	r.Add(Paragraph, Bold("Does not agree with itself:"))
	for i, c := range clashes {
		if i == 3 {
			r.Add(Detail, Say(fmt.Sprintf("%d more", len(clashes)-i)))
			break
		}
		r.Add(Detail, Say(c.Text))
	}
}

// behind offers what can be done with the items of a page of a whole list.
func (v View) behind(r *Reply, list string) {
	if v.Handle == "" || !slices.ContainsFunc(r.Blocks, func(b Block) bool { return b.Role == Item && b.Number > 0 }) {
		return
	}
	words := []string{list}
	if r.Page.Number > 0 {
		words = append(words, "page", strconv.Itoa(r.Page.Number))
	}
	offers := []Action{v.action("passage", "Show passages", words...)}
	if v.Report {
		offers = append(offers, v.action("report", "Report an error", words...))
	}
	for _, a := range offers {
		a.More = true
		r.Actions = append(r.Actions, a)
	}
}

// numbered is a quotation with its number, which is the same whatever part of
// the list is shown.
type numbered struct {
	number int
	quote  quote.Quote
	other  bool // was attributed and not said
}

// numberedQuotes lists all quotations as they are shown: by speaker, who says
// most first, then what was not said.
func numberedQuotes(text string, quotes []quote.Quote) []numbered {
	var rows []numbered
	for _, s := range brief.BySpeaker(text, quotes, nil) {
		for _, q := range s.Quotes {
			rows = append(rows, numbered{len(rows) + 1, q, false})
		}
	}
	for _, q := range quotes {
		if q.Kind == quote.Other {
			rows = append(rows, numbered{len(rows) + 1, q, true})
		}
	}
	return rows
}

// title is what an article is called: its title or place, else its first words.
func title(b *brief.Briefing) string {
	a := b.Article
	if a.Title != "" || a.Dateline.Place != "" || a.Publisher != "" {
		return brief.Heading(b)
	}
	const few = 7
	words := strings.Fields(a.Text[min(max(a.Body, 0), len(a.Text)):])
	switch {
	case len(words) == 0:
		return brief.Heading(b)
	case len(words) <= few:
		return "“" + clip(strings.Join(words, " "), 80) + "”"
	default:
		return "“" + clip(strings.Join(words[:few], " "), 80) + " …”"
	}
}

// opening says what article this is and where it comes from.
func (v View) opening(r *Reply, b *brief.Briefing) {
	v.remarks(r, b)
	a := b.Article
	if a.Title != "" {
		r.Add(Heading, Run{Text: a.Title, Style: Strong, Link: a.URL})
	}
	var parts []string
	add := func(s string) {
		if s != "" {
			parts = append(parts, s)
		}
	}
	add(a.Dateline.Place)
	add(a.Dateline.Agency)
	if !strings.EqualFold(a.Publisher, a.Dateline.Agency) {
		add(a.Publisher)
	}
	if a.Title == "" && len(parts) == 0 {
		add("no title")
	}
	if a.Published.IsZero() {
		add("no date")
	} else {
		add(day(a.Published))
	}
	add(count(a.Words, "word"))
	add(v.readAt(a.ReadAt))
	line := strings.Join(parts, " · ")
	if a.Title == "" && a.URL != "" {
		r.Add(Meta, Run{Text: line, Link: a.URL})
	} else {
		r.Add(Meta, Say(line))
	}
}

func (v View) remarks(r *Reply, b *brief.Briefing) {
	if v.Named != "" {
		r.Add(Note, Say(v.Named+": "+title(b)))
	}
	if v.Note != "" {
		r.Add(Note, Say(v.Note))
	}
}

func (v View) readAt(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	zone, suffix := v.Zone, ""
	if zone == nil {
		zone, suffix = time.UTC, " UTC"
	}
	t = t.In(zone)
	if now := v.Now.In(zone); v.Now.IsZero() || now.YearDay() != t.YearDay() || now.Year() != t.Year() {
		return "read " + t.Format("2 Jan 2006 15:04") + suffix
	}
	return "read " + t.Format("15:04") + suffix
}

// action offers a command about the article.
//
//go:noinline
func (v View) action(command, label string, more ...string) Action {
	return Action{
		Name:    command,
		Label:   label,
		Command: strings.Join(append([]string{command, v.Handle}, more...), " "),
		Short:   strings.Join(append([]string{command}, more...), " "),
	}
}

// turn cuts a list of n items to the page of the view, and offers to turn it.
func (v View) turn(r *Reply, n int, command string, filter Filter) (from, to int) {
	if v.Items <= 0 || n <= v.Items {
		return 0, n
	}
	pages := (n + v.Items - 1) / v.Items
	page := min(max(v.Page, 1), pages)
	r.Page = Page{Number: page, Of: pages}
	from, to = (page-1)*v.Items, min(page*v.Items, n)
	if v.Handle == "" {
		return from, to
	}
	var words []string
	if filter.Top > 0 {
		words = append(words, "top", strconv.Itoa(filter.Top))
	}
	if filter.By != "" {
		words = append(words, "by", filter.By)
	}
	if filter.About != "" {
		words = append(words, "about", filter.About)
	}
	if v.Explain && command == "claims" {
		words = append(words, "explain")
	}
	offer := func(name, label string, page int) {
		a := v.action(command, label, append(slices.Clone(words), "page", strconv.Itoa(page))...)
		a.Name = name
		r.Actions = append(r.Actions, a)
	}
	if page > 1 {
		offer("previous", "Previous", page-1)
	}
	if page < pages {
		offer("next", fmt.Sprintf("Next (%d of %d)", page+1, pages), page+1)
	}
	return from, to
}

// others offers the other views of the same article.
func (v View) others(r *Reply, commands ...string) {
	if v.Handle == "" {
		return
	}
	for _, c := range commands {
		r.Actions = append(r.Actions, v.action(c, strings.ToUpper(c[:1])+c[1:]))
	}
}

// QuotesReply shows who said what: by speaker, who says most first; then what
// is attributed but was not said.
func QuotesReply(b *brief.Briefing, f Filter, v View) Reply {
	a, found := b.Article, b.Analysis
	var r Reply
	v.remarks(&r, b)
	r.Add(Heading, Bold("Who said what"), Say(" · "+title(b)))

	keep := f.Quotes(a.Text, found.Quotes)
	var rows []numbered
	for _, row := range numberedQuotes(a.Text, found.Quotes) {
		if keep(row.quote) {
			rows = append(rows, row)
		}
	}
	labels := map[string]*brief.Speaker{}
	for _, s := range brief.BySpeaker(a.Text, found.Quotes, keep) {
		labels[strings.ToLower(s.Name)] = &s
	}
	switch {
	case len(found.Quotes) == 0:
		r.Add(Paragraph, Say("Nobody is quoted in this text."))
	case len(rows) == 0:
		r.Add(Paragraph, Say(f.NoQuotes(a.Text, found.Quotes)))
		if names := brief.Speaking(a.Text, found.Quotes); len(names) > 0 {
			r.Add(Paragraph, Bold("Speaking:"), Say(" "+strings.Join(names, ", ")))
		}
	}
	from, to := v.turn(&r, len(rows), "quotes", f)
	if line := found.Sources.Line(); line != "" && from == 0 && f == (Filter{}) {
		r.Add(Meta, Say(line))
	}
	for i := from; i < to; i++ {
		row := rows[i]
		before := i > 0 && rows[i-1].other == row.other && (row.other || strings.EqualFold(rows[i-1].quote.Speaker.Name, row.quote.Speaker.Name))
		switch {
		case before && i > from:
		case row.other:
			if i > from {
				r.Add(Divider)
			}
			r.Add(Subheading, Say("Believed, hoped, feared or found, not said"))
		default:
			r.Add(Subheading, speakerLabel(labels[strings.ToLower(row.quote.Speaker.Name)], before)...)
		}
		quoteItem(&r, b, row.number, row.quote, row.other, v)
	}
	if to > from {
		v.annotated(&r, "q"+strconv.Itoa(rows[from].number))
	}
	v.others(&r, "brief", "claims")
	if f == (Filter{}) {
		v.behind(&r, "quotes")
	}
	return r
}

func quoteItem(r *Reply, b *brief.Briefing, number int, q quote.Quote, withSpeaker bool, v View) {
	a := b.Article
	var lead []string
	if withSpeaker {
		lead = append(lead, orDefault(q.Speaker.Name, "somebody"))
	}
	if q.Verb != "" {
		lead = append(lead, brief.VerbAndStance(q))
	}
	var text []Run
	if len(lead) > 0 {
		text = append(text, Say(strings.Join(lead, " ")+": "))
	}
	text = append(text, Quote(brief.QuoteText(a.Text, q)))
	r.AddItem(number, text...)
	if len(q.Content) > 0 {
		r.Blocks[len(r.Blocks)-1].Passage = brief.TextFragment(a.URL, a.Text, q.Content[0])
	}

	var more []string
	if len(q.Unclear) > 0 {
		more = append(more, "speaker unclear: "+strings.Join(q.Unclear, " or "))
	}
	if q.Via != "" {
		more = append(more, "second-hand, passed on by "+q.Via)
	}
	if q.SaidOn >= 0 && q.SaidOn < len(b.Analysis.Times) {
		t := b.Analysis.Times[q.SaidOn]
		if on := days(t.Dates, a.Published); on != "" {
			more = append(more, "said "+brief.OnOrIn(t.Dates)+" "+on)
		}
	}
	if len(more) > 0 {
		r.Add(Detail, Say(strings.Join(more, " · ")))
	}
	if v.Explain && len(q.Reasons) > 0 {
		r.Add(Detail, Say("why: "+strings.Join(q.Reasons, "; ")))
	}
}

// ClaimsReply shows the claims worth checking, best first, each with who
// makes it, why it matters and how to check it; then those that no evidence
// could settle.
func ClaimsReply(b *brief.Briefing, f Filter, v View) Reply {
	var r Reply
	v.remarks(&r, b)
	r.Add(Heading, Bold("Worth checking"), Say(" · "+title(b)))

	rows := claimRows(b, f)
	ranked := len(rows)
	if at := slices.IndexFunc(rows, func(row claimRow) bool { return row.rank == 0 }); at >= 0 {
		ranked = at
	}
	switch {
	case len(rows) > 0:
	case f != Filter{}:
		r.Add(Paragraph, Say(f.NoClaims()))
	default:
		r.Add(Paragraph, Say("No claim was found that evidence could settle."))
	}
	from, to := v.turn(&r, len(rows), "claims", f)
	for i := from; i < to; i++ {
		if rows[i].rank == 0 && (i == from || i == ranked) {
			if i > from {
				r.Add(Divider)
			}
			r.Add(Subheading, Say("Not ranked: no evidence could settle these today"))
		}
		claimItem(&r, b, rows[i].rank, rows[i].claim, v)
		checkedBefore(&r, b, rows[i].rank, v)
		v.marked(&r, rows[i].rank, false)
	}
	if to > from {
		if rank := rows[from].rank; rank > 0 {
			v.annotated(&r, "c"+strconv.Itoa(rank))
		}
		r.Add(Note, Say(worthChecking))
	}
	v.others(&r, "brief", "quotes")
	if v.Handle != "" && !v.Explain && to > from {
		words := []string{"explain"}
		if r.Page.Number > 0 {
			words = []string{"page", strconv.Itoa(r.Page.Number), "explain"}
		}
		if f == (Filter{}) {
			a := v.action("claims", "In full", words...)
			a.Name, a.More = "explain", true
			r.Actions = append(r.Actions, a)
		}
	}
	if v.Sheet != nil && v.Handle != "" && to > from {
		a := v.action("checklist", "Checklist")
		a.More = true
		r.Actions = append(r.Actions, a)
	}
	if f == (Filter{}) {
		v.behind(&r, "claims")
	}
	return r
}

// claimRow is a claim with its rank, 0 for what is not ranked.
type claimRow struct {
	rank  int
	claim factcheck.Claim
}

// claimRows are the claims that a filter lets through: the ranked ones, then,
// where no number was asked for, those that are not ranked.
func claimRows(b *brief.Briefing, f Filter) []claimRow {
	keep := f.Claims(b.Article.Text, b.Analysis.Claims)
	var rows []claimRow
	for i, c := range brief.Ranked(b.Analysis.Claims) {
		if keep(c) && (f.Top == 0 || len(rows) < f.Top) {
			rows = append(rows, claimRow{i + 1, c})
		}
	}
	if f.Top > 0 {
		return rows
	}
	for _, c := range b.Analysis.Claims {
		if !c.Checkable && keep(c) {
			rows = append(rows, claimRow{0, c})
		}
	}
	return rows
}

// ClaimReply shows everything about the claim with that rank: its wording and
// parts, what was inserted from where, the days it names, why it matters, how
// to check it, and where it stands.
func ClaimReply(b *brief.Briefing, rank int, v View) (Reply, error) {
	a := b.Article
	ranked := brief.Ranked(b.Analysis.Claims)
	if rank < 1 || rank > len(ranked) {
		return Reply{}, refuse("There is no claim %d: there are %d.", rank, len(ranked))
	}
	c := ranked[rank-1]
	var r Reply
	v.remarks(&r, b)
	r.Add(Heading, Bold(fmt.Sprintf("Claim %d", rank)), Say(" · "+title(b)))
	v.Explain = true
	claimItem(&r, b, rank, c, v)
	for _, d := range c.Dates {
		when := days(d.Dates, a.Published)
		if when == "" {
			when = "cannot be dated"
		}
		r.Add(Detail, Bold("Date:"), Say(" "), Quote(d.Span.Text(a.Text)), Say(" = "+when))
	}
	start := utf8.RuneCountInString(a.Text[:c.Span.Start])
	r.Add(Detail, Bold("Stands at:"), Say(fmt.Sprintf(" characters %d to %d of the text", start, start+utf8.RuneCountInString(c.Span.Text(a.Text)))))
	checkedBefore(&r, b, rank, v)
	v.marked(&r, rank, true)
	v.annotated(&r, "c"+strconv.Itoa(rank))
	r.Add(Note, Say(worthChecking))
	v.markActions(&r, rank, b.RankedReviews(rank-1))
	if v.Handle != "" {
		r.Actions = append(r.Actions, v.action("passage", "Show passage", "claim", strconv.Itoa(rank)))
		if v.Report {
			r.Actions = append(r.Actions, v.action("report", "Report an error", "claim", strconv.Itoa(rank)))
		}
	}
	v.others(&r, "claims", "brief")
	return r, nil
}

// shownHints is how many lines of advice a claim has in a list.
const shownHints = 2

func claimItem(r *Reply, b *brief.Briefing, rank int, c factcheck.Claim, v View) {
	a := b.Article
	standalone, completed := c.Standalone, false
	if i := slices.IndexFunc(b.Analysis.Claims, func(o factcheck.Claim) bool { return o.Span == c.Span && o.Standalone == c.Standalone }); i >= 0 {
		standalone, completed = b.StandaloneOf(i)
	}
	r.AddItem(rank, claimWords(a, c)...)
	r.Blocks[len(r.Blocks)-1].Passage = brief.TextFragment(a.URL, a.Text, c.Span)
	r.Add(Detail, Say(saysWho(c)+kinds(c)))
	if len(c.Reasons) > 0 {
		r.Add(Detail, Bold("Why:"), Say(" "+strings.Join(c.Reasons, "; ")))
	}
	switch {
	case len(c.Parts) > 1:
		for i, p := range c.Parts {
			r.Add(Detail, Bold(partName(rank, i)+":"), Say(" "+readableDates(p.Standalone, a.Published)))
		}
	case completed, c.SaysMore(a.Text):
		label := "By itself:"
		if completed {
			label = "By itself, completed by " + b.Wording.Model + " from the article:"
		}
		r.Add(Detail, Bold(label), Say(" "+readableDates(standalone, a.Published)))
	}
	if v.Explain {
		for _, in := range c.Inserted {
			if from := in.From.Text(a.Text); !strings.EqualFold(squeeze(from), squeeze(in.Text)) && !isDay.MatchString(in.Text) {
				r.Add(Detail, Bold("Inserted:"), Say(" "), Insert(in.Text), Say(" from "), Quote(from))
			}
		}
	}
	if c.Unclear != "" {
		r.Add(Detail, Bold("Unclear:"), Say(" "+c.Unclear))
	}
	hints := c.HowToCheck
	if !v.Explain {
		hints = hints[:min(len(hints), shownHints)]
	}
	if len(hints) > 0 {
		r.Add(Detail, Bold("How to check:"))
	}
	for _, h := range hints {
		r.Add(Detail, Say("· "+readableDays(h)))
	}
}

// partName is what a part of a claim is called: "1a".
func partName(rank, i int) string {
	letter := string(rune('a' + i%26))
	if rank == 0 {
		return "Part " + letter
	}
	return strconv.Itoa(rank) + letter
}

// isDay is a day or a range of days alone, which the list of dates has.
var isDay = regexp.MustCompile(`^\d{4}-\d\d-\d\d(?:/\d{4}-\d\d-\d\d)?$`)

// claimWords is the claim in the article's words, in quotation marks, with the
// days that it means.
func claimWords(a *article.Article, c factcheck.Claim) []Run {
	runs := []Run{Say("“")}
	runs = append(runs, dated(c.Span.Text(a.Text), a.Text, []nlp.Span{c.Span}, c.Dates, a.Published)...)
	return append(runs, Say("”"))
}

// sameWords reports whether two texts differ in white space and a full stop at
// most.
func sameWords(a, b string) bool {
	bare := func(s string) string { return strings.TrimRight(squeeze(s), ". ") }
	return bare(a) == bare(b)
}

// isoDays are days that a stand-alone wording inserts: [2020-01-20],
// [2020-01-18/2020-01-19].
var isoDays = regexp.MustCompile(`\[(\d{4}-\d\d-\d\d)(?:/(\d{4}-\d\d-\d\d))?\]`)

// bareDays are days that a hint names: 2020-01-20, 2020-01-18/2020-01-19.
var bareDays = regexp.MustCompile(`\b(\d{4}-\d\d-\d\d)(?:/(\d{4}-\d\d-\d\d))?\b`)

// readableDays writes the days of a hint as people do.
func readableDays(s string) string {
	return rewriteDays(bareDays, s, func(d nlp.Dates) string {
		if d.Start.Equal(d.End) {
			return day(d.Start)
		}
		return days(d, time.Time{})
	})
}

// readableDates writes inserted days as the other views do.
func readableDates(s string, near time.Time) string {
	return rewriteDays(isoDays, s, func(d nlp.Dates) string { return "[" + days(d, near) + "]" })
}

// rewriteDays puts what write says in the place of the days that re finds: a
// first and perhaps a last one. What is no day of the calendar stays.
func rewriteDays(re *regexp.Regexp, s string, write func(nlp.Dates) string) string {
	return re.ReplaceAllStringFunc(s, func(found string) string {
		m := re.FindStringSubmatch(found)
		from, err := time.Parse(time.DateOnly, m[1])
		if err != nil {
			return found
		}
		to, err := time.Parse(time.DateOnly, orDefault(m[2], m[1]))
		if err != nil {
			return found
		}
		return write(nlp.Dates{Start: from, End: to})
	})
}

func saysWho(c factcheck.Claim) string {
	switch {
	case c.Speaker != "" && c.Via != "":
		return "says " + quote.Inline(c.Speaker) + ", passed on by " + c.Via
	case c.Speaker != "":
		return "says " + quote.Inline(c.Speaker)
	default:
		return "says the article itself"
	}
}

func kinds(c factcheck.Claim) string {
	if len(c.Kinds) == 0 {
		return ""
	}
	names := make([]string, len(c.Kinds))
	for i, k := range c.Kinds {
		names[i] = string(k)
	}
	return " · " + strings.Join(names, ", ")
}

// HelpReply lists the commands, or explains one.
func HelpReply(table []Command, of *Command) Reply {
	var r Reply
	if of != nil {
		r.Add(Heading, Bold(of.Name))
		r.Add(Paragraph, Type(of.usage()), Say(": "+of.Summary+"."))
		for _, d := range of.Details {
			r.Add(Paragraph, Say(d))
		}
		for _, o := range of.Options {
			word := o.Name
			switch o.Takes {
			case Count:
				word += " N"
			case Words:
				word += " …"
			}
			r.Add(Item, Type(word), Say(": "+o.Meaning))
		}
		if len(of.Aliases) > 0 {
			r.Add(Note, Say("Also: "+strings.Join(of.Aliases, ", ")))
		}
		if of.Source {
			r.Add(Note, Say("Without a SOURCE I take the article of this thread, or else your last one here, and say which."))
		}
		return r
	}
	r.Add(Heading, Bold("What I can do"))
	r.Add(Paragraph, Say("Send me a link, a file or the text of an article, and I say what is in it, who said what, and which claims to check first. I never say whether something is true."))
	for _, c := range table {
		if c.Hidden {
			continue
		}
		r.Add(Item, Type(c.usage()), Say(": "+c.Summary))
	}
	r.Add(Note, Say("SOURCE is a link. Leave it out and I take the article of this thread, or else your last one here. More on one command: "), Type("help quotes"))
	return r
}

// speakerLabel is the line above what somebody said.
func speakerLabel(s *brief.Speaker, continued bool) []Run {
	runs := []Run{Bold(orDefault(s.Name, "Speaker not clear"))}
	if s.Role != "" {
		runs = append(runs, Say(", "), Quote(s.Role))
	}
	if continued {
		return append(runs, Say(" (continued)"))
	}
	return append(runs, Say(" · "+s.Weight()))
}

// count is a number with its noun.
func count(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return strconv.Itoa(n) + " " + noun + "s"
}

func squeeze(s string) string { return strings.Join(strings.Fields(s), " ") }
