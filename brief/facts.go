package brief

import (
	"cmp"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"onrecord/article"
	"onrecord/factcheck"
	"onrecord/nlp"
	"onrecord/quote"
)

// facts makes the fact card.
func facts(doc *nlp.Document, quotes []quote.Quote, times []factcheck.Date, a *article.Article) Facts {
	return Facts{
		Who:     who(doc, quotes, a),
		Where:   where(doc, quotes, a),
		When:    slices.Clone(times),
		Numbers: numbers(doc),
	}
}

// who lists the people, groups and bodies of the story: first those who are
// quoted, in the order in which they speak, then the people who are only
// mentioned. The authors are none of the story.
func who(doc *nlp.Document, quotes []quote.Quote, a *article.Article) []Who {
	var out []Who
	seen := map[string]int{}
	for _, q := range quotes {
		name := q.Speaker.Name
		if name == "" || q.Kind == quote.Other || q.Speaker.Entity < 0 && (isThing(name) || isNobody(name)) {
			continue
		}
		key := strings.ToLower(name)
		if q.Speaker.Entity >= 0 {
			key = "#" + strconv.Itoa(q.Speaker.Entity)
		}
		at, known := seen[key]
		if !known {
			seen[key] = len(out)
			spans := q.Speaker.Spans
			if q.Speaker.Entity >= 0 && q.Speaker.Entity < len(doc.Entities) {
				spans = mentions(doc, q.Speaker.Entity)
			}
			out = append(out, Who{
				Name: name, Role: q.Speaker.Role, Named: factcheck.Named(doc, q.Speaker), Quoted: true, Spans: slices.Clone(spans),
			})
			continue
		}
		if out[at].Role == "" {
			out[at].Role = q.Speaker.Role
		}
	}
	for i, e := range doc.Entities {
		if _, quoted := seen["#"+strconv.Itoa(i)]; quoted || e.Kind != nlp.Person || slices.Contains(a.Byline, e.Name) || isTown(e.Name, a) {
			continue
		}
		if len(e.Titles) == 0 && !strings.Contains(e.Name, " ") {
			continue // a lone first name or surname tells nobody who that is
		}
		out = append(out, Who{Name: e.Name, Role: strings.Join(offices(e.Titles), ", "), Named: true, Spans: mentions(doc, i)})
	}
	return once(out)
}

// offices gives the titles that say more than how to address somebody.
func offices(titles []string) (out []string) {
	for _, t := range titles {
		switch strings.ToLower(strings.TrimSuffix(t, ".")) {
		case "mr", "mrs", "ms", "miss", "mx", "sir", "madam", "dr":
		default:
			out = append(out, t)
		}
	}
	return out
}

// once joins entries that are surely of one: a name and the same with more
// words before it, when nobody else is called so.
func once(all []Who) []Who {
	if len(all) > 300 {
		return all
	}
	var out []Who
	gone := make([]bool, len(all))
	for i, w := range all {
		if gone[i] {
			continue
		}
		for j := range all {
			if j == i || gone[j] || !sameEntry(w, all[j]) || rivals(all, i, j) {
				continue
			}
			o := all[j]
			if len(nameWords(o.Name)) > len(nameWords(w.Name)) {
				w.Name = o.Name
			}
			w.Role = cmp.Or(w.Role, o.Role)
			w.Quoted = w.Quoted || o.Quoted
			w.Spans = append(w.Spans, o.Spans...)
			slices.SortFunc(w.Spans, func(a, b nlp.Span) int { return cmp.Or(a.Start-b.Start, a.End-b.End) })
			w.Spans = slices.Compact(w.Spans)
			gone[j] = j > i
		}
		out = append(out, w)
	}
	return out
}

// sameEntry reports whether two entries are both names, and one of them ends
// like the other.
func sameEntry(a, b Who) bool {
	return a.Named && b.Named && isName(a.Name) && isName(b.Name) && sameCalled(a.Name, b.Name)
}

// rivals reports whether somebody beside entries i and j is called like one of
// them.
func rivals(all []Who, i, j int) bool {
	for k, o := range all {
		if k != i && k != j && (sameEntry(all[i], o) || sameEntry(all[j], o)) {
			return true
		}
	}
	return false
}

// isName reports whether all words begin with a capital letter.
func isName(s string) bool {
	for word := range strings.FieldsSeq(s) {
		if r, _ := utf8.DecodeRuneInString(word); !unicode.IsUpper(r) {
			return false
		}
	}
	return s != ""
}

// isNobody reports whether a speaker without a name is described by a count or
// a pronoun alone ("several", "many of them", "58%"), which tells nobody who that is.
func isNobody(name string) bool {
	if shareOfThem.MatchString(name) {
		return true
	}
	for word := range strings.FieldsSeq(strings.ToLower(name)) {
		switch word {
		case "several", "many", "some", "most", "others", "all", "one", "few", "both", "two", "three", "of", "them", "these", "those", "the", "a", "another", "none", "each":
		default:
			return false
		}
	}
	return true
}

// shareOfThem matches how many of those asked said something: "58%", "four in ten
// respondents".
var shareOfThem = regexp.MustCompile(`(?i)^(?:(?:about|nearly|almost|some|over|more than) )?(?:[\d.,]+ ?(?:%|per ?cent\b)|\w+ (?:in|out of) (?:three|four|five|six|seven|eight|nine|ten|\d+)\b)`)

// isThing reports whether a speaker without a name is something to read
// ("a study", "polls"), which is nobody.
func isThing(name string) bool {
	head := ""
	for word := range strings.FieldsSeq(strings.ToLower(name)) {
		switch word {
		case "of", "for", "in", "by", "from", "on", "at", "to", "with", "about", "provided", "published", "released", "seen", "obtained", "filed":
			return head != "" && isReading(head)
		}
		head = word
	}
	return isReading(head)
}

// isReading reports whether a word stands for something to read, hear or see.
func isReading(word string) bool {
	switch strings.TrimSuffix(word, "s") {
	case "study", "studie", "report", "poll", "survey", "record", "research", "indictment", "document", "figure", "paper",
		"review", "audit", "census", "filing", "ruling", "gauge", "photo", "video", "data", "estimate", "evidence", "law", "sign", "signal",
		"letter", "appeal", "statement", "affidavit", "dossier", "note", "website", "book", "complaint", "petition", "lawsuit", "motion", "memo", "email",
		"lyric", "song", "article", "story", "storie", "result", "analysi", "percent", "label", "notice", "transcript", "message", "post", "tweet":
		return true
	}
	return false
}

func mentions(doc *nlp.Document, entity int) []nlp.Span {
	var spans []nlp.Span
	for _, m := range doc.Entities[entity].Mentions {
		spans = append(spans, doc.Mentions[m].Span)
	}
	return spans
}

// where lists the places: that of the dateline first, the others in the order
// in which the story names them. A town and the state or country behind its
// comma are one place ("San Diego, California"); a place that is a word of
// somebody's name or an adjective of another place is none, and neither is the
// agency.
func where(doc *nlp.Document, quotes []quote.Quote, a *article.Article) []Where {
	speaks := map[int]bool{}
	for _, q := range quotes {
		speaks[q.Speaker.Entity] = true
	}
	var out []Where
	within := map[int]bool{} // entities that are only named behind a town
	for _, m := range doc.Mentions {
		within[m.Entity] = true
	}
	behind := map[int]int{} // mention of the state, by the mention of the town
	for k := 0; k+1 < len(doc.Mentions); k++ {
		m, n := doc.Mentions[k], doc.Mentions[k+1]
		if isPlace(doc, m) && isPlace(doc, n) && n.First == m.Last+1 && doc.Tokens[m.Last].Text == "," && m.Entity != n.Entity &&
			(n.Last == len(doc.Tokens) || isPunct(doc.Tokens[n.Last].Text)) && isState(doc.Entities[n.Entity].Name) {
			behind[k] = k + 1
		}
	}
	for k, m := range doc.Mentions {
		if !slices.Contains(slices.Collect(maps.Values(behind)), k) {
			delete(within, m.Entity)
		}
	}
	for i, e := range doc.Entities {
		if e.Kind != nlp.Place && !isTown(e.Name, a) || speaks[i] && isInstitution(e.Name) || within[i] || partOfName(doc, e.Name) || isAdjective(doc, e.Name) || strings.EqualFold(e.Name, a.Dateline.Agency) || strings.EqualFold(e.Name, a.Publisher) {
			continue
		}
		w := Where{Name: e.Name, Spans: mentions(doc, i)}
		for _, k := range e.Mentions {
			if state, ok := behind[k]; ok && !strings.Contains(w.Name, ",") {
				w.Name += ", " + doc.Entities[doc.Mentions[state].Entity].Name
			}
		}
		out = append(out, w)
	}
	written := func(w Where) bool {
		name, _, _ := strings.Cut(w.Name, ",")
		return isTown(name, a)
	}
	if town := town(a); town != "" && !slices.ContainsFunc(out, written) {
		if at := strings.Index(a.Text[:a.Body], town); at >= 0 {
			out = append(out, Where{Name: unshouted(town), Spans: []nlp.Span{{Start: at, End: at + len(town)}}})
		}
	}
	first := func(w Where) int {
		switch {
		case len(w.Spans) == 0:
			return 1 << 30
		case written(w):
			return -1
		}
		return w.Spans[0].Start
	}
	slices.SortStableFunc(out, func(a, b Where) int { return cmp.Compare(first(a), first(b)) })
	return out
}

// town is the town of the dateline, "" without one.
func town(a *article.Article) string {
	town, _, _ := strings.Cut(a.Dateline.Place, ",")
	return strings.TrimSpace(town)
}

// isTown reports whether a name is that of the town of the dateline.
func isTown(name string, a *article.Article) bool {
	town := town(a)
	return town != "" && strings.EqualFold(name, town)
}

// unshouted gives a name that is set in capitals as names are written: "Port
// Alder" for "PORT ALDER". "UN" stays.
func unshouted(name string) string {
	if name != strings.ToUpper(name) || utf8.RuneCountInString(name) < 4 {
		return name
	}
	var b strings.Builder
	inside := false
	for _, r := range name {
		if inside {
			r = unicode.ToLower(r)
		}
		inside = unicode.IsLetter(r) || r == '\'' || r == '’'
		b.WriteRune(r)
	}
	return b.String()
}

// isInstitution reports whether what has the name of a place is one that can speak:
// "the Disaster Operation Centre said".
func isInstitution(name string) bool {
	words := strings.Fields(strings.ToLower(name))
	return len(words) > 1 && slices.Contains([]string{"centre", "center", "office", "hospital", "university", "college", "museum", "school", "institute", "court", "library", "station", "observatory", "hotel"}, words[len(words)-1])
}

func isPlace(doc *nlp.Document, m nlp.Mention) bool { return doc.Entities[m.Entity].Kind == nlp.Place }

// isState reports whether a name behind a town and a comma says where the town
// is: any single name but another town of a list does. Lists have "and" or a
// further comma behind, which where has looked at.
func isState(name string) bool { return len(strings.Fields(name)) <= 2 }

// partOfName reports whether a place is called by a word of the name of one of
// the people of the story.
func partOfName(doc *nlp.Document, name string) bool {
	return slices.ContainsFunc(doc.Entities, func(e nlp.Entity) bool {
		return e.Kind == nlp.Person && strings.Contains(e.Name, " ") && slices.Contains(strings.Fields(e.Name), name)
	})
}

// isAdjective reports whether a place is the adjective of another place of the
// story: "Belmoran" beside "Belmora".
func isAdjective(doc *nlp.Document, name string) bool {
	for _, end := range []string{"n", "an", "ian", "ese", "ish"} {
		bare, ok := strings.CutSuffix(name, end)
		if ok && len(bare) > 3 && slices.ContainsFunc(doc.Entities, func(e nlp.Entity) bool { return e.Kind == nlp.Place && e.Name == bare }) {
			return true
		}
	}
	return false
}

// numbers lists the figures with what they count. Two groups of the same size
// stay two.
func numbers(doc *nlp.Document) []Number {
	var out []Number
	for _, n := range doc.Numbers {
		if vagueFigure(doc, n) || n.Of.Empty() && n.Unit == "" && n.Last+1 < len(doc.Tokens) && strings.EqualFold(doc.Tokens[n.Last].Text, "or") && doc.Tokens[n.Last+1].Tag == "CD" {
			continue
		}
		n = whole(doc, n)
		number := Number{Text: n.Text(doc.Text), Span: n.Span, Clause: clauseOf(doc, n)}
		if !n.Of.Empty() {
			number.Of = oneLine(n.Of.Text(doc.Text))
		} else if number.Clause.Empty() && n.Unit == "" {
			continue // a number of a list says nothing by itself
		}
		out = append(out, number)
	}
	return out
}

// vagueFigure reports whether a number is nothing to note: "several politicians",
// "the fourth time", "Article 8". "A second try" says that there were two.
func vagueFigure(doc *nlp.Document, n nlp.Number) bool {
	if !factcheck.Counts(doc, n) || clock(doc, n) {
		return true
	}
	figure := oneLine(n.Figure.Text(doc.Text))
	first, _, _ := strings.Cut(oneLine(n.Text(doc.Text)), " ")
	return strings.EqualFold(figure, "several") || ordinalFigure(figure) && !strings.EqualFold(first, "a")
}

// clock reports whether a number is a time of day: "at 7.36".
func clock(doc *nlp.Document, n nlp.Number) bool {
	return n.Of.Empty() && n.Unit == "" && n.First > 0 && strings.EqualFold(doc.Tokens[n.First-1].Text, "at") && clockAt.MatchString(n.Text(doc.Text))
}

var clockAt = regexp.MustCompile(`^(?:[01]?\d|2[0-3])\.[0-5]\d$`)

// whole extends a number over what belongs to the thing that it seems to count,
// over the rest of a word with hyphens, and over what that word describes: "two of
// the building's exits", "1,000 UK-based firms", "a 15-member panel", "285-to-272".
func whole(doc *nlp.Document, n nlp.Number) nlp.Number {
	end := doc.Sentences[n.Sentence].Last
	if n.Unit == "%" && strings.EqualFold(n.Of.Text(doc.Text), "year") {
		n.Span, n.Of = n.Figure, nlp.Span{} // "down 6% year over year"
		_, n.Last = doc.TokensIn(n.Figure)
		return n
	}
	if first := doc.Sentences[n.Sentence].First; n.First-2 >= first && strings.EqualFold(doc.Tokens[n.First-1].Text, "or") && doc.Tokens[n.First-2].Tag == "CD" {
		n.First -= 2 // "three or four soldiers"
		n.Start = doc.Tokens[n.First].Start
	}
	_, figure := doc.TokensIn(n.Figure)
	compound := figure < n.Last && isHyphen(doc, figure)
	to := n.Last
	switch {
	case to < end && doc.Tokens[to].Tag == "POS" && !n.Of.Empty():
		to++
	case to < end && isHyphen(doc, to):
		for to+1 < end && isHyphen(doc, to) {
			to += 2
		}
	case !compound:
		return n
	}
	hyphened := to
	for to < end && (strings.HasPrefix(doc.Tokens[to].Tag, "NN") || strings.HasPrefix(doc.Tokens[to].Tag, "JJ") || doc.Tokens[to].Tag == "CD" || isHyphen(doc, to)) {
		to++
	}
	if !strings.HasPrefix(doc.Tokens[to-1].Tag, "NN") || isHyphen(doc, to-1) {
		to = hyphened
	}
	if doc.Tokens[to-1].Tag == "POS" {
		return n
	}
	n.Last = to
	n.Span = doc.SpanOf(n.First, to)
	if !n.Of.Empty() && !compound {
		n.Of.End = n.End
	}
	return n
}

// isHyphen reports whether token i joins the words on both sides of it.
func isHyphen(doc *nlp.Document, i int) bool {
	return doc.Tokens[i].Text == "-" && i > 0 && i+1 < len(doc.Tokens) && doc.Tokens[i-1].End == doc.Tokens[i].Start && doc.Tokens[i].End == doc.Tokens[i+1].Start
}

func oneLine(s string) string { return strings.Join(strings.Fields(s), " ") }

// timeline lists what the article dates, earliest first: of every sentence
// with a date in its own voice or somebody's, the clause around it, once with all
// of its dates. Spans longer than a year ("since 2010") are no events.
func timeline(doc *nlp.Document, quotes []quote.Quote, times []factcheck.Date) []Event {
	spoken := make([]bool, len(times))
	for _, q := range quotes {
		if q.SaidOn >= 0 && q.SaidOn < len(spoken) {
			spoken[q.SaidOn] = true
		}
	}
	var out []Event
	for i, d := range times {
		if d.Dates.Start.IsZero() || d.Dates.End.Sub(d.Dates.Start) > 366*24*60*60*1e9 {
			continue
		}
		s := doc.Times[i].Sentence
		if namesAnEvent(doc, doc.Times[i]) {
			continue
		}
		if s < 0 || s >= len(doc.Sentences) || !hasFiniteVerb(doc.SentenceTokens(s)) {
			continue
		}
		span := clauseAround(doc, s, doc.Times[i])
		if first := doc.Tokens[doc.Sentences[s].First].Text; conditional(first) {
			continue // "If it rains tomorrow, …" did not happen
		}
		if spoken[i] && several(doc.Times, i) {
			continue // the day of saying, beside the day of what is said
		}
		k := slices.IndexFunc(out, func(e Event) bool { return e.Span == span })
		switch {
		case k < 0:
			out = append(out, Event{Dates: []factcheck.Date{d}, Text: oneLine(span.Text(doc.Text)), Span: span})
		case !slices.ContainsFunc(out[k].Dates, func(o factcheck.Date) bool { return o.Dates == d.Dates }):
			out[k].Dates = append(out[k].Dates, d)
		}
	}
	for _, e := range out {
		slices.SortStableFunc(e.Dates, byDay)
	}
	slices.SortStableFunc(out, func(a, b Event) int { return byDay(a.Dates[0], b.Dates[0]) })
	return out
}

// byDay orders dates by when they begin, then by when they end.
func byDay(a, b factcheck.Date) int {
	return cmp.Or(a.Dates.Start.Compare(b.Dates.Start), a.Dates.End.Compare(b.Dates.End))
}

// namesAnEvent reports whether a year belongs to the name of something, "the 2018
// finals", and does not say when the rest of the sentence happened.
func namesAnEvent(doc *nlp.Document, t nlp.Time) bool {
	if t.Last-t.First != 1 || t.First == 0 || t.Last >= len(doc.Tokens) || doc.Tokens[t.First].Tag != "CD" || !strings.HasPrefix(doc.Tokens[t.Last].Tag, "NN") {
		return false
	}
	switch before := doc.Tokens[t.First-1]; before.Tag {
	case "DT", "PRP$", "JJ", "POS":
		return true
	}
	return false
}

// several reports whether the sentence of time i holds another one.
func several(times []nlp.Time, i int) bool {
	return i > 0 && times[i-1].Sentence == times[i].Sentence || i+1 < len(times) && times[i+1].Sentence == times[i].Sentence
}

// clauseAround gives the sentence of a time expression or, where semicolons and
// dashes part it into pieces that each have a verb, the piece that holds it.
func clauseAround(doc *nlp.Document, s int, t nlp.Time) nlp.Span {
	sent := doc.Sentences[s]
	first, last := sent.First, sent.Last
	from := sent.First
	for i := sent.First; i <= sent.Last; i++ {
		if i < sent.Last {
			switch doc.Tokens[i].Text {
			case ";", "—", "–":
			default:
				continue
			}
		}
		if !hasFiniteVerb(doc.Tokens[from:i]) {
			return sent.Span
		}
		if from <= t.First && t.First < i {
			first, last = from, i
		}
		from = i + 1
	}
	for first < last && isPunct(doc.Tokens[first].Text) && doc.Tokens[first].Text != "“" && doc.Tokens[first].Text != `"` {
		first++
	}
	if first >= last {
		return sent.Span
	}
	return doc.SpanOf(first, last)
}

// missing counts the gaps of a story: what a reader could count too, never a
// guess at what should be there.
func missing(doc *nlp.Document, quotes []quote.Quote, claims []factcheck.Claim, facts Facts) []string {
	var out []string
	var nameless []string
	speakers := 0
	for _, w := range facts.Who {
		if !w.Quoted {
			continue
		}
		speakers++
		if !w.Named {
			nameless = append(nameless, w.Name)
		}
	}
	if len(nameless) > 0 {
		out = append(out, fmt.Sprintf("%s of %s without a name: %s.",
			count(len(nameless), "", ""), count(speakers, "speaker", "speakers"), shorten(nameless, 4)))
	}
	unclear := 0
	for _, q := range quotes {
		if len(q.Unclear) > 0 && q.Kind == quote.Speech {
			unclear++
		}
	}
	if unclear > 0 {
		out = append(out, fmt.Sprintf("%s whose speaker the article leaves open.", capital(count(unclear, "quotation", "quotations"))))
	}
	if figures := unsourcedFigures(doc, claims); figures > 0 {
		out = append(out, fmt.Sprintf("%s without a named source.", capital(count(figures, "figure", "figures"))))
	}
	if len(doc.Sentences) >= 5 && !documents(doc) {
		out = append(out, "No document, report or study is named or linked.")
	}
	return out
}

// unsourced reports whether the first reason of a claim is that its figure has
// no source.
func unsourced(c factcheck.Claim) bool {
	return slices.ContainsFunc(c.Reasons, func(r string) bool { return strings.Contains(r, "no source named") })
}

// documents reports whether the article names or links anything to look up.
func documents(doc *nlp.Document) bool {
	for i := range doc.Tokens {
		t := doc.Tokens[i]
		switch t.Lemma {
		case "report", "study", "survey", "statement", "document", "indictment", "ruling", "verdict", "judgment", "law", "act",
			"ordinance", "constitution", "treaty", "contract", "budget", "memo", "letter", "email", "filing", "lawsuit", "record",
			"census", "audit", "poll", "journal", "paper", "transcript", "video", "minutes", "figures", "index":
			if strings.HasPrefix(t.Tag, "NN") {
				return true
			}
		}
		if strings.HasPrefix(t.Text, "http") || strings.HasPrefix(t.Text, "www.") {
			return true
		}
	}
	return false
}

// count writes "three speakers"; without words for the noun the number alone.
func count(n int, one, many string) string {
	words := []string{"no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"}
	number := strconv.Itoa(n)
	if n < len(words) {
		number = words[n]
	}
	switch {
	case one == "":
		return capital(number)
	case n == 1:
		return number + " " + one
	}
	return number + " " + many
}

func capital(s string) string {
	if s == "" {
		return s
	}
	return strings.ToUpper(s[:1]) + s[1:]
}

// shorten joins the first max of names and counts the rest.
func shorten(names []string, limit int) string {
	if len(names) <= limit {
		return strings.Join(names, "; ")
	}
	return fmt.Sprintf("%s; %d more", strings.Join(names[:limit], "; "), len(names)-limit)
}
