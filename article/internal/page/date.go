package page

import (
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// dateNames are the meta tags that carry the day of publication.
var dateNames = []string{
	"article:published_time", "og:published_time", "article:published", "datepublished", "item:datepublished", "rnews:datepublished",
	"published_time", "publish-date", "publishdate", "publish_date", "pubdate", "pub_date", "article.published", "dc.date.issued", "dc.date.created",
	"dcterms.created", "dcterms.issued", "dcterms.date", "dc.date", "dc.created", "parsely-pub-date", "sailthru.date", "citation_publication_date",
	"citation_date", "citation_online_date", "cxenseparse:recs:publishtime", "vr:published_time", "originalpublicationdate", "bt:pubdate",
	"article_date_original", "date_published", "og:article:published_time", "og:pubdate", "og:regdate", "date", "cre_date", "article:created",
	"article:post_modified", "buildtime_published", "last_published", "iso-8601-publish-date", "published",
}

var modifiedNames = []string{
	"article:modified_time", "og:updated_time", "datemodified", "item:datemodified", "dcterms.modified", "dc.date.modified", "lastmod", "last-modified", "revised",
}

// dates gives the day of publication and of the last change, each as written:
// a time that a page gives in its own zone stays in it, so that Format gives the
// day the readers saw.
//
// An article that shows its readers the day of its last change alone is still
// dated by the older day of publication in its data. On the gold pages the
// other way round mends as many dates as it spoils, and published means
// published; who wants the other day has Modified.
func dates(doc *document, m meta, data structured, b body, base *url.URL) (published, modified time.Time) {
	f := formatFor(doc, m, data, base)
	modified = f.first(append([]string{data.Modified}, m.all(modifiedNames...)...)...)
	published = f.first(append([]string{data.Published}, m.all(dateNames...)...)...)
	if published.IsZero() {
		published = f.first(m.dated()...)
	}
	seen := f.shown(doc, b)
	shown, updated := seen.published, seen.updated
	if !published.IsZero() {
		// A system that a site moved to stamps its old articles with the day of
		// the move; the line under the headline still has the day they came out.
		if seen.score >= sureDate && shown.AddDate(0, 0, 2).Before(published) && !urlDate(base).Equal(time.Date(published.Year(), published.Month(), published.Day(), 0, 0, 0, 0, time.UTC)) {
			published = shown
		}
		return published, firstTime(modified, updated)
	}
	modified = firstTime(modified, f.first(data.ItemModified))
	fromURL := urlDate(base)
	if fromURL.IsZero() {
		if u, err := url.Parse(firstOf(m.site, m.get("og:url"))); err == nil {
			fromURL = urlDate(u)
		}
	}
	_, fromTitle := splitTail(m.title)
	return firstTime(fromURL, f.first(data.ItemPublished), f.first(fromTitle), shown, f.first(statedDates(doc)...), updated, modified), firstTime(modified, updated)
}

// statedDate is a day of publication in data for scripts.
var statedDate = regexp.MustCompile(`"(?:datePublished|date_published|publishedAt|published_at|publishDate|publish_date|publishedDate|published_date|publishedOn|publicationDate|firstPublished|firstPublishedAt|firstPublicationDate)\\{0,3}"\s*:\s*\\{0,3}"([0-9][0-9T:.+Z-]{7,34})\\{0,3}"`)

// statedDates gives the days of publication in the data that a page keeps for
// its scripts, in attributes or in script elements. Such data often tells of
// other articles too, so there must be one day only.
func statedDates(doc *document) []string {
	var all []string
	look := func(s string) {
		if len(s) < 24 || !strings.Contains(s, "ublish") && !strings.Contains(s, "ublication") {
			return
		}
		for _, m := range statedDate.FindAllStringSubmatch(s, 64) {
			all = append(all, m[1])
		}
	}
	walk(doc.root, func(n *html.Node) bool {
		if n.Type != html.ElementNode {
			return false
		}
		for i := range n.Attr {
			look(n.Attr[i].Val)
		}
		if n.DataAtom == atom.Script {
			look(rawText(n))
		}
		return true
	})
	for _, s := range all {
		if s[:min(10, len(s))] != all[0][:min(10, len(all[0]))] {
			return nil
		}
	}
	return all
}

// splitTail cuts the last part off a title.
func splitTail(title string) (head, tail string) {
	for _, sep := range []string{" | ", " - ", " – ", " — "} {
		if i := strings.LastIndex(title, sep); i > 0 {
			return title[:i], title[i+len(sep):]
		}
	}
	return title, ""
}

func firstTime(times ...time.Time) time.Time {
	for _, t := range times {
		if !t.IsZero() {
			return t
		}
	}
	return time.Time{}
}

// format says how a page writes its dates.
type format struct {
	monthFirst bool // 4/5/2024 is the fifth of April
}

// formatFor guesses the order of day and month from the language and the host.
func formatFor(doc *document, m meta, data structured, base *url.URL) format {
	lang := declaredLanguage(doc, m, data)
	host := ""
	if base != nil {
		host = base.Hostname()
	}
	tld := host[strings.LastIndexByte(host, '.')+1:]
	switch {
	case strings.HasPrefix(lang, "en-us"), lang == "en_us", strings.HasPrefix(lang, "en-ph"):
		return format{monthFirst: !slices.Contains([]string{"uk", "au", "nz", "ie", "in", "za"}, tld)}
	case lang == "en", lang == "":
		return format{monthFirst: slices.Contains([]string{"com", "org", "net", "us", "gov", "edu", "io", ""}, tld)}
	}
	return format{}
}

// first gives the first value that is a date.
func (f format) first(values ...string) time.Time {
	for _, v := range values {
		if t, ok := f.parse(v); ok {
			return t
		}
	}
	return time.Time{}
}

var (
	isoDate     = regexp.MustCompile(`\b((?:19|20)\d\d)[-/.](\d{1,2})[-/.](\d{1,2})(?:(?:T|t|\s+|,\s*)(\d{1,2}):(\d\d)(?::(\d\d))?(?:[.,]\d+)?\s*(Z|z|UTC|GMT|[+-]\d\d:?\d\d)?)?`)
	compactDate = regexp.MustCompile(`^((?:19|20)\d\d)(\d\d)(\d\d)(?:T?(\d\d)(\d\d)(\d\d)?(Z|[+-]\d\d:?\d\d)?)?$`)
	wideDate    = regexp.MustCompile(`((?:19|20)\d\d)\s*[年년]\s*(\d{1,2})\s*[月월]\s*(\d{1,2})`)
	numericDate = regexp.MustCompile(`\b(\d{1,2})\s?[./-]\s?(\d{1,2})\s?[./-]\s?((?:19|20)\d\d|\d\d)\b`)
	wordDate    = regexp.MustCompile(`(\d{1,2})(?:st|nd|rd|th|er|º|ª|\.|-?го)?,?[\s-]+(?:(?:de|of|di|d['’])\s+)?(\p{L}{3,12})\.?,?[\s-]+(?:(?:de|del|of)\s+)?((?:19|20)\d\d)(?:\D|$)`)
	monthDate   = regexp.MustCompile(`(\p{L}{3,12})\.?\s+(\d{1,2})(?:st|nd|rd|th)?\.?,?\s+((?:19|20)\d\d)(?:\D|$)`)
	yearFirst   = regexp.MustCompile(`((?:19|20)\d\d)[\s.,-]+(?:m\.\s*)?(\p{L}{3,12})\.?\s+(\d{1,2})\b`)
	zoneAfter   = regexp.MustCompile(`(\d{1,2}):(\d\d)(?::(\d\d))?\s*([AaPp]\.?[Mm]\.?)?\s*(GMT|UTC|Z|[+-]\d\d:?\d\d)`)
	epoch       = regexp.MustCompile(`^1[0-9]{9}(?:[0-9]{3})?$`)
)

// parse reads a date in any of the forms that pages use.
func (f format) parse(s string) (time.Time, bool) {
	s = strings.TrimSpace(s)
	if len(s) < 6 || len(s) > 400 {
		return time.Time{}, false
	}
	if m := isoDate.FindStringSubmatch(s); m != nil {
		if t, ok := build(m[1], m[2], m[3], m[4:]); ok {
			return t, true
		}
	}
	if m := compactDate.FindStringSubmatch(s); m != nil {
		if t, ok := build(m[1], m[2], m[3], m[4:]); ok {
			return t, true
		}
	}
	if m := wideDate.FindStringSubmatch(s); m != nil {
		return build(m[1], m[2], m[3], nil)
	}
	for _, m := range wordDate.FindAllStringSubmatch(s, 4) {
		if mon := monthOf(m[2]); mon > 0 {
			if t, ok := build(m[3], strconv.Itoa(mon), m[1], clock(s)); ok {
				return t, true
			}
		}
	}
	for _, m := range monthDate.FindAllStringSubmatch(s, 4) {
		if mon := monthOf(m[1]); mon > 0 {
			if t, ok := build(m[3], strconv.Itoa(mon), m[2], clock(s)); ok {
				return t, true
			}
		}
	}
	for _, m := range yearFirst.FindAllStringSubmatch(s, 4) {
		if mon := monthOf(m[2]); mon > 0 {
			if t, ok := build(m[1], strconv.Itoa(mon), m[3], nil); ok {
				return t, true
			}
		}
	}
	if m := numericDate.FindStringSubmatch(s); m != nil {
		day, month, year := m[1], m[2], m[3]
		if f.monthFirst && strings.Contains(m[0], "/") {
			day, month = month, day
		}
		if len(year) == 2 {
			year = "20" + year
		}
		if t, ok := build(year, month, day, nil); ok {
			return t, true
		}
		return build(year, day, month, nil)
	}
	if epoch.MatchString(s) {
		n, err := strconv.ParseInt(s[:10], 10, 64)
		if err == nil {
			return time.Unix(n, 0).UTC(), true
		}
	}
	return time.Time{}, false
}

// clock finds a time of day with its zone in a text, in the order build wants.
func clock(s string) []string {
	m := zoneAfter.FindStringSubmatch(s)
	if m == nil {
		return nil
	}
	hour := m[1]
	if h, err := strconv.Atoi(hour); err == nil && m[4] != "" {
		pm := m[4][0]|0x20 == 'p'
		switch {
		case pm && h < 12:
			h += 12
		case !pm && h == 12:
			h = 0
		}
		hour = strconv.Itoa(h)
	}
	return []string{hour, m[2], m[3], m[5]}
}

// build makes a time of its parts; rest is hour, minute, second and zone.
func build(year, month, day string, rest []string) (time.Time, bool) {
	y, _ := strconv.Atoi(year)
	mon, _ := strconv.Atoi(month)
	d, _ := strconv.Atoi(day)
	if y < 1990 || y > 2100 || mon < 1 || mon > 12 || d < 1 || d > 31 {
		return time.Time{}, false
	}
	zone := time.UTC
	var hour, minute, second int
	if len(rest) >= 4 && rest[0] != "" {
		hour, _ = strconv.Atoi(rest[0])
		minute, _ = strconv.Atoi(rest[1])
		second, _ = strconv.Atoi(rest[2])
		if hour > 23 || minute > 59 || second > 59 {
			hour, minute, second = 0, 0, 0
		}
		if z := strings.ReplaceAll(rest[3], ":", ""); len(z) == 5 {
			h, _ := strconv.Atoi(z[1:3])
			m, _ := strconv.Atoi(z[3:5])
			if offset := h*3600 + m*60; offset != 0 && h <= 14 && m < 60 {
				if z[0] == '-' {
					offset = -offset
				}
				zone = time.FixedZone("", offset)
			}
		}
	}
	t := time.Date(y, time.Month(mon), d, hour, minute, second, 0, zone)
	return t, t.Day() == d
}

// months lists the names of the months in the languages of the press, by their
// beginnings; the first that a word begins with counts.
var months = [12][]string{
	{"jan", "ene", "genn", "gen", "janv", "sty", "leden", "ledna", "янв", "січ", "oca", "ianuarie", "tammi", "sau", "januar", "január", "ιαν", "يناير", "thg1", "ocak"},
	{"feb", "fév", "fev", "févr", "febbr", "lut", "únor", "února", "фев", "лют", "şub", "sub", "helmi", "vas", "φεβ", "فبراير", "şubat"},
	{"mar", "mär", "mrz", "maart", "mrt", "března", "březen", "мар", "бер", "maalis", "kov", "μαρ", "مارس"},
	{"apr", "avr", "abr", "kwi", "dub", "апр", "квіт", "nis", "huhti", "bal", "απρ", "أبريل", "ápr"},
	{"may", "mai", "maj", "mei", "mag", "květ", "май", "мая", "трав", "touko", "geg", "μαι", "مايو", "máj"},
	{"jun", "juin", "giu", "cze", "červn", "červen", "июн", "черв", "haz", "kesä", "birž", "ιουν", "يونيو", "jún"},
	{"jul", "juil", "lug", "lip", "červenc", "июл", "лип", "tem", "heinä", "lie", "ιουλ", "يوليو", "júl"},
	{"aug", "aoû", "aou", "ago", "sie", "srp", "авг", "серп", "ağu", "agu", "elo", "rugp", "αυγ", "أغسطس", "août"},
	{"sep", "set", "wrz", "zář", "сен", "вер", "eyl", "syys", "rugs", "σεπ", "سبتمبر", "szept"},
	{"oct", "okt", "ott", "out", "paź", "říj", "окт", "жовт", "eki", "loka", "spal", "οκτ", "أكتوبر"},
	{"nov", "lis", "listopad", "ноя", "лист", "kas", "marras", "lapkr", "νοε", "نوفمبر"},
	{"dec", "dez", "déc", "dic", "gru", "pros", "дек", "груд", "ara", "joulu", "gruod", "δεκ", "ديسمبر", "des"},
}

// monthOf gives the number of a month's name, 0 when it is none. The longest
// beginning decides: "červenec" is July, "červen" June.
func monthOf(word string) int {
	w := strings.ToLower(word)
	best, length := 0, 0
	for i, names := range months {
		for _, n := range names {
			if len(n) > length && strings.HasPrefix(w, n) {
				best, length = i+1, len(n)
			}
		}
	}
	// No name of a month is much longer than what tells it from the others.
	if best > 0 && len(w)-length > 9 {
		return 0
	}
	return best
}

var (
	urlDay   = regexp.MustCompile(`[/_-]((?:19|20)\d\d)[/_-]?(0[1-9]|1[0-2])[/_-]?(0[1-9]|[12]\d|3[01])(?:[/_.-]|$)`)
	urlDay1  = regexp.MustCompile(`/((?:19|20)\d\d)/(\d{1,2})/(\d{1,2})/`)
	urlWords = regexp.MustCompile(`/((?:19|20)\d\d)/([a-z]{3})/(\d{1,2})/`)
)

// urlDate reads the day out of an address, zero when it has none.
func urlDate(base *url.URL) time.Time {
	if base == nil {
		return time.Time{}
	}
	path := strings.ToLower(base.Path)
	if len(path) > 2000 {
		return time.Time{}
	}
	for _, re := range []*regexp.Regexp{urlDay, urlDay1} {
		if m := re.FindStringSubmatch(path); m != nil {
			if t, ok := build(m[1], m[2], m[3], nil); ok {
				return t
			}
		}
	}
	if m := urlWords.FindStringSubmatch(path); m != nil {
		if mon := monthOf(m[2]); mon > 0 {
			if t, ok := build(m[1], strconv.Itoa(mon), m[3], nil); ok {
				return t
			}
		}
	}
	return time.Time{}
}

// changed are the beginnings of words that mark the date of a change.
var changed = []string{
	"updat", "modif", "revis", "review", "aktualis", "actualis", "actualiz", "aggiorn", "atualiz", "bijgewerkt", "uppdater", "oppdater",
	"opdater", "zaktualiz", "aktualiz", "обновл", "mise à jour", "mis à jour", "更新", "güncelle", "edited", "last",
}

// published are those that mark the day of publication.
var publishedWords = []string{
	"publish", "posted", "veröffentlich", "publié", "publicado", "pubblicat", "publicad", "gepubliceerd", "publicerad", "opublikowan",
	"erstellt", "stand:", "created", "written", "yayın", "опубликован", "公開", "配信",
}

// shownDates are the dates that readers see.
type shownDates struct {
	published time.Time
	score     int       // how surely published is what it seems to be
	updated   time.Time // what is marked as the day of a change
}

// shown finds the dates that readers see: in time elements, in what is named a
// date, in the lines about the headline.
func (f format) shown(doc *document, b body) (seen shownDates) {
	l := b.layout
	best, bestUpdate := -1, -1
	keep := func(t time.Time, score int, label string) {
		change := false
		low := strings.ToLower(label)
		for _, w := range changed {
			change = change || strings.Contains(low, w)
		}
		for _, w := range publishedWords {
			if strings.Contains(low, w) {
				change = false
				score += 3
				break
			}
		}
		switch {
		case change && score > bestUpdate:
			seen.updated, bestUpdate = t, score
		case !change && score > best:
			seen.published, best = t, score
		}
	}
	first := b.firstKept()
	for i := range l.blocks {
		k := &l.blocks[i]
		if k.letters > 220 || k.in.clutter == roleComment {
			continue
		}
		near := b.titleAt >= 0 && i >= b.titleAt-6 && i <= max(first+2, b.titleAt+8) || b.titleAt < 0 && i >= first-12 && i <= first+2
		inside := i >= b.start && i < b.end
		dated := k.in.clutter == roleMeta || k.in.role == roleMeta
		dated = dated || k.in.dated()
		if !near && !dated {
			continue
		}
		if k.letters > 90 && !dated {
			continue
		}
		alone := near && i > b.titleAt && b.titleAt >= 0 && i <= b.titleAt+6 && k.letters <= 16
		t, ok := f.parse(k.text)
		if !ok {
			continue
		}
		score := 2
		if near {
			score += 4
		}
		if dated || alone {
			score += 2
		}
		if !near && !inside {
			score -= 2
		}
		if k.in.clutter >= roleClutter {
			score -= 3
		}
		if k.linked*2 > k.letters {
			score -= 3 // of another article
		}
		if k.prose > 0 {
			score -= 3
		}
		label := k.text
		if i > 0 && l.blocks[i-1].letters < 25 {
			label = l.blocks[i-1].text + " " + label
		}
		keep(t, score, label)
	}
	at := map[*html.Node]int{}
	for _, e := range l.all {
		at[e.node] = e.first
	}
	count := 0
	walk(doc.root, func(n *html.Node) bool {
		if n.Type != html.ElementNode {
			return false
		}
		if n.DataAtom == atom.Script || n.DataAtom == atom.Style || hidden(n) {
			return false
		}
		marked := n.DataAtom == atom.Time || attr(n, "itemprop") == "datePublished"
		if !marked && !namedDate(n) {
			return true
		}
		if count++; count > 200 {
			return false
		}
		when := firstOf(attr(n, "datetime"), attr(n, "content"))
		text := textOf(n)
		t, ok := f.parse(when)
		if !ok {
			t, ok = f.parse(text)
		}
		if !ok {
			return !marked
		}
		score := 5
		if !marked {
			if len(text) > 60 {
				return true
			}
			score = 4
		}
		names := strings.ToLower(attr(n, "class") + " " + attr(n, "itemprop"))
		if n.Parent != nil {
			names += " " + strings.ToLower(attr(n.Parent, "class"))
		}
		if strings.Contains(names, "publi") || hasAttr(n, "pubdate") {
			score += 3
		}
		if attr(n, "itemprop") == "datePublished" {
			score += 3
		}
		label := text + " " + names
		if n.PrevSibling != nil && n.PrevSibling.Type == html.TextNode {
			label += " " + n.PrevSibling.Data
		}
		for p := n.Parent; p != nil; p = p.Parent {
			switch r := roleOf(p); {
			case r == roleClutter || r == roleComment:
				score -= 4
			case p.DataAtom == atom.Article || p.DataAtom == atom.Main || p.DataAtom == atom.Header:
				score++
			}
			if p.DataAtom == atom.Li {
				score -= 2
			}
			if p.DataAtom == atom.A {
				score -= 3
			}
		}
		for p := n; p != nil; p = p.Parent {
			if i, ok := at[p]; ok {
				if i > 0 && i <= len(l.blocks) && l.blocks[i-1].letters < 25 {
					label = l.blocks[i-1].text + " " + label
				}
				if b.titleAt >= 0 && i >= b.titleAt-6 && i <= max(first+2, b.titleAt+8) {
					score += 2
				} else if i < first {
					score-- // above all, perhaps in the head of the page
				} else {
					score -= 2
				}
				break
			}
		}
		keep(t, score, label)
		return false
	})
	if best < 2 {
		seen.published = time.Time{}
	}
	seen.score = best
	return seen
}

// sureDate is the score from which on a date is that of the article: it stands
// by the headline and is marked as a date or as the day of publication.
const sureDate = 8

// dated says whether an element or the one around it is named a date.
func (e *element) dated() bool {
	for range 2 {
		if e == nil || e.node == nil {
			return false
		}
		if namedDate(e.node) {
			return true
		}
		e = e.parent
	}
	return false
}

// namedDate says whether the class or the id of an element has the word.
func namedDate(n *html.Node) bool {
	for _, key := range []string{"class", "id"} {
		for name := range strings.FieldsSeq(attr(n, key)) {
			var buf [24]string
			for _, w := range splitName(buf[:0], name) {
				if w == "date" || w == "datum" || w == "fecha" || w == "pubdate" || w == "datetime" {
					return true
				}
			}
		}
	}
	return false
}

// span gives the first and the last block of the text.
func (b *body) span() (first, last int) {
	first, last = b.firstKept(), b.start
	for i := b.start; i < b.end; i++ {
		if b.layout.blocks[i].keep {
			last = i
		}
	}
	return first, last
}

// firstKept gives the first block of the text.
func (b *body) firstKept() int {
	for i := b.start; i < b.end; i++ {
		if b.layout.blocks[i].keep {
			return i
		}
	}
	return b.start
}
