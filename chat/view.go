package chat

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"onrecord/article"
	"onrecord/brief"
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

	Page    int  // of a long list, from 1
	Items   int  // on a page; all if 0
	Explain bool // also why each finding was found
}

// Filter is which findings to show. The zero Filter shows all.
type Filter struct {
	By    string // words of a speaker's name or role
	About string // words that must occur
	Top   int    // the first so many only; all if 0
}

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
		r.AddItem(i+1, dated(s.Text, a.Text, parts, found.Times, a.Published)...)
		r.Blocks[len(r.Blocks)-1].Passage = brief.TextFragment(a.URL, a.Text, s.Span)
	}
	if len(found.Summary) == 0 {
		r.Add(Paragraph, Say("No sentence of this text says by itself what it is about."))
	}

	ranked := brief.Ranked(found.Claims)
	speech, _ := speechAndOther(found.Quotes)
	if len(ranked) > 0 {
		c := ranked[0]
		words := claimWords(a, c)
		if i := slices.IndexFunc(found.Summary, func(s brief.Sentence) bool { return sameWords(s.Text, c.Span.Text(a.Text)) }); i >= 0 {
			words = []Run{Say(fmt.Sprintf("sentence %d", i+1))} // it stands there already
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
	if names := speaking(a.Text, speech); len(names) > 0 {
		shown := names[:min(len(names), 4)]
		line := strings.Join(shown, ", ")
		if more := len(names) - len(shown); more > 0 {
			line += fmt.Sprintf(", %d more", more)
		}
		r.Add(Paragraph, Bold("Speaking:"), Say(" "+line))
	}
	if len(ranked) == 0 && len(speech) == 0 {
		r.Add(Note, Say("Nobody is quoted, and no claim was found that evidence could settle."))
	}
	if v.Handle == "" {
		return r
	}
	if n := len(ranked); n > 0 {
		r.Actions = append(r.Actions, v.action("claims", fmt.Sprintf("Claims (%d)", n)))
		r.Actions[0].Tone = Primary
	}
	if n := len(found.Quotes); n > 0 {
		label := fmt.Sprintf("Quotes (%d)", len(speech))
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
	speech, other := speechAndOther(quotes)
	for _, g := range bySpeaker(text, speech, func(quote.Quote) bool { return true }) {
		for _, q := range g.quotes {
			rows = append(rows, numbered{len(rows) + 1, q, false})
		}
	}
	for _, q := range other {
		rows = append(rows, numbered{len(rows) + 1, q, true})
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

	keep := func(q quote.Quote) bool {
		return (f.By == "" || mentions(f.By, q.Speaker.Name+" "+q.Speaker.Role+" "+strings.Join(q.Unclear, " "))) &&
			(f.About == "" || mentions(f.About, brief.QuoteText(a.Text, q)))
	}
	speech, _ := speechAndOther(found.Quotes)
	var rows []numbered
	for _, row := range numberedQuotes(a.Text, found.Quotes) {
		if keep(row.quote) {
			rows = append(rows, row)
		}
	}
	labels := map[string]*speaker{}
	for _, g := range bySpeaker(a.Text, speech, keep) {
		labels[g.name] = &g
	}
	switch {
	case len(found.Quotes) == 0:
		r.Add(Paragraph, Say("Nobody is quoted in this text."))
	case len(rows) == 0:
		r.Add(Paragraph, Say(nothingFound("quotation", f)))
		if names := speaking(a.Text, speech); len(names) > 0 {
			r.Add(Paragraph, Bold("Speaking:"), Say(" "+strings.Join(names, ", ")))
		}
	}
	from, to := v.turn(&r, len(rows), "quotes", f)
	for i := from; i < to; i++ {
		row := rows[i]
		before := i > 0 && rows[i-1].other == row.other && (row.other || rows[i-1].quote.Speaker.Name == row.quote.Speaker.Name)
		switch {
		case before && i > from:
		case row.other:
			if i > from {
				r.Add(Divider)
			}
			r.Add(Subheading, Say("Believed, hoped, feared or found, not said"))
		default:
			r.Add(Subheading, labels[row.quote.Speaker.Name].label(before)...)
		}
		quoteItem(&r, b, row.number, row.quote, row.other, v)
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
		lead = append(lead, q.Verb)
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
			more = append(more, "said on "+on)
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
	a, found := b.Article, b.Analysis
	var r Reply
	v.remarks(&r, b)
	r.Add(Heading, Bold("Worth checking"), Say(" · "+title(b)))

	keep := func(c factcheck.Claim) bool {
		return (f.By == "" || mentions(f.By, c.Speaker+" "+c.Via)) &&
			(f.About == "" || mentions(f.About, c.Span.Text(a.Text)+" "+c.Standalone))
	}
	type row struct {
		rank  int // 0 for what is not ranked
		claim factcheck.Claim
	}
	var rows []row
	for i, c := range brief.Ranked(found.Claims) {
		if keep(c) && (f.Top == 0 || len(rows) < f.Top) {
			rows = append(rows, row{i + 1, c})
		}
	}
	ranked := len(rows)
	if f.Top == 0 {
		for _, c := range found.Claims {
			if !c.Checkable && keep(c) {
				rows = append(rows, row{0, c})
			}
		}
	}
	switch {
	case len(rows) > 0:
	case f != Filter{}:
		r.Add(Paragraph, Say(nothingFound("claim", f)))
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
		checkedBefore(&r, b, rows[i].rank)
	}
	if to > from {
		r.Add(Note, Say(worthChecking))
	}
	v.others(&r, "brief", "quotes")
	if f == (Filter{}) {
		v.behind(&r, "claims")
	}
	return r
}

func claimItem(r *Reply, b *brief.Briefing, rank int, c factcheck.Claim, v View) {
	a := b.Article
	words := c.Span.Text(a.Text)
	r.AddItem(rank, claimWords(a, c)...)
	r.Blocks[len(r.Blocks)-1].Passage = brief.TextFragment(a.URL, a.Text, c.Span)
	r.Add(Detail, Say(saysWho(c)+kinds(c)))
	if len(c.Reasons) > 0 {
		r.Add(Detail, Bold("Why:"), Say(" "+strings.Join(c.Reasons, "; ")))
	}
	switch {
	case len(c.Parts) > 1:
		for i, p := range c.Parts {
			r.Add(Detail, Bold(fmt.Sprintf("Part %d:", i+1)), Say(" "+readableDates(p.Standalone, a.Published)))
		}
	case saysMore(c.Standalone, words):
		r.Add(Detail, Bold("By itself:"), Say(" "+readableDates(c.Standalone, a.Published)))
	}
	if c.Unclear != "" {
		r.Add(Detail, Bold("Unclear:"), Say(" "+c.Unclear))
	}
	if len(c.HowToCheck) > 0 {
		r.Add(Detail, Bold("How to check:"))
	}
	for _, h := range c.HowToCheck {
		r.Add(Detail, Say("· "+readableDays(h)))
	}
}

// claimWords is the claim in the article's words, in quotation marks, with the
// days that it means.
func claimWords(a *article.Article, c factcheck.Claim) []Run {
	runs := []Run{Say("“")}
	runs = append(runs, dated(c.Span.Text(a.Text), a.Text, []nlp.Span{c.Span}, c.Dates, a.Published)...)
	return append(runs, Say("”"))
}

// saysMore reports whether the wording that stands alone says more than the
// article's own words with their days, which claimWords shows.
func saysMore(standalone, words string) bool {
	return standalone != "" && !sameWords(isoDays.ReplaceAllString(standalone, ""), words)
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
		return day(d.Start) + " to " + day(d.End)
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
		return "says " + c.Speaker + ", passed on by " + c.Via
	case c.Speaker != "":
		return "says " + c.Speaker
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

func nothingFound(what string, f Filter) string {
	s := "No " + what
	if f.By != "" {
		s += " by “" + clip(f.By, 60) + "”"
	}
	if f.About != "" {
		s += " about “" + clip(f.About, 60) + "”"
	}
	return s + " was found here."
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

// speechAndOther parts what was said from what is only attributed.
func speechAndOther(quotes []quote.Quote) (speech, other []quote.Quote) {
	for _, q := range quotes {
		if q.Kind == quote.Other {
			other = append(other, q)
		} else {
			speech = append(speech, q)
		}
	}
	return speech, other
}

// speaking lists who speaks: who has a name in the order of the article, then
// offices and crowds, who says most first.
func speaking(text string, speech []quote.Quote) []string {
	var named, others []string
	for _, q := range speech {
		if q.Speaker.Entity >= 0 && q.Speaker.Name != "" && !slices.Contains(named, q.Speaker.Name) {
			named = append(named, q.Speaker.Name)
		}
	}
	for _, g := range bySpeaker(text, speech, func(quote.Quote) bool { return true }) {
		if g.name != "" && !slices.Contains(named, g.name) {
			others = append(others, g.name)
		}
	}
	return append(named, others...)
}

// speaker is who said something, with all of it.
type speaker struct {
	name, role string
	quotes     []quote.Quote
	words      int
	share      int // per cent of all words quoted as speech
}

func (s *speaker) label(continued bool) []Run {
	name := s.name
	if name == "" {
		name = "Speaker not clear"
	}
	runs := []Run{Bold(name)}
	if s.role != "" {
		runs = append(runs, Say(", "), Quote(s.role))
	}
	if continued {
		return append(runs, Say(" (continued)"))
	}
	return append(runs, Say(fmt.Sprintf(" · %s, %s (%d %%)", count(len(s.quotes), "quotation"), count(s.words, "word"), s.share)))
}

// bySpeaker groups the quotations that keep lets through, who says most first,
// who is not known last. Shares are of all speech, whatever is kept.
func bySpeaker(text string, speech []quote.Quote, keep func(quote.Quote) bool) []speaker {
	var groups []speaker
	total := 0
	for _, q := range speech {
		words := 0
		for _, s := range q.Content {
			words += len(strings.Fields(s.Text(text)))
		}
		total += words
		if !keep(q) {
			continue
		}
		i := slices.IndexFunc(groups, func(g speaker) bool { return g.name == q.Speaker.Name })
		if i < 0 {
			i = len(groups)
			groups = append(groups, speaker{name: q.Speaker.Name})
		}
		g := &groups[i]
		g.quotes = append(g.quotes, q)
		g.words += words
		g.role = orDefault(g.role, q.Speaker.Role)
	}
	for i := range groups {
		if total > 0 {
			groups[i].share = (100*groups[i].words + total/2) / total
		}
	}
	slices.SortStableFunc(groups, func(a, b speaker) int {
		if (a.name == "") != (b.name == "") {
			if a.name == "" {
				return 1
			}
			return -1
		}
		return b.words - a.words
	})
	return groups
}

// count is a number with its noun.
func count(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return strconv.Itoa(n) + " " + noun + "s"
}

func squeeze(s string) string { return strings.Join(strings.Fields(s), " ") }

// mentions reports whether every word of want occurs in text, whatever its
// case, accents and plural.
func mentions(want, text string) bool {
	have := foldedWords(text)
	for _, w := range foldedWords(want) {
		if !slices.ContainsFunc(have, func(h string) bool { return sameWord(w, h) }) {
			return false
		}
	}
	return true
}

func sameWord(w, h string) bool {
	short, long := w, h
	if len(short) > len(long) {
		short, long = long, short
	}
	return w == h || len(short) >= 4 && strings.HasPrefix(long, short) && (long == h || len(long)-len(short) <= 2)
}

func foldedWords(s string) []string {
	return strings.FieldsFunc(strings.Map(func(r rune) rune {
		if unicode.Is(unicode.Mn, r) {
			return -1
		}
		return unicode.ToLower(r)
	}, norm.NFD.String(s)), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })
}
