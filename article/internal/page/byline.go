package page

import (
	"net/url"
	"regexp"
	"slices"
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// byline settles the authors: persons that JSON-LD or the tags name, else what
// stands in the byline on the page, else the outlet when that signs itself.
func byline(doc *document, m meta, data structured, b body, site siteNames) []string {
	told := names(authorTexts(data.Authors), site)
	if named, ok := site.signed(told); ok {
		return named
	}
	tagged := names(m.all(authorTags...), site)
	if named, ok := site.signed(tagged); ok {
		return named
	}
	items := names(authorTexts(data.ItemAuthors), site)
	if named, ok := site.signed(items); ok {
		return named
	}
	shown := shownByline(doc, b, site, len(told)+len(tagged) > 0)
	if slices.ContainsFunc(shown, looksPersonal) {
		return shown
	}
	for _, list := range [][]string{told, tagged, items, shown} {
		if len(list) > 0 {
			return list
		}
	}
	return nil
}

// authorTags are the meta tags that name authors.
var authorTags = []string{
	"author", "item:author", "citation_author", "dc.creator", "dcterms.creator", "parsely-author", "sailthru.author", "article:author_name", "byl",
	"dc.contributor", "rbauthors", "article:author", "authors", "item:creator", "creator", "cxenseparse:author",
}

// siteNames are the names of the site, folded.
type siteNames []string

// namesOfSite gathers what a site calls itself.
func namesOfSite(m meta, data structured, publisher string, base *url.URL) siteNames {
	var s siteNames
	for _, n := range []string{publisher, data.Publisher, m.get("og:site_name"), m.get("application-name")} {
		if f := fold(n); f != "" {
			s = append(s, f)
		}
	}
	// What stands behind the headline in the title of the window is the site.
	if head, tail := splitTail(m.title); tail != "" && len(foldWords(tail)) <= 4 {
		for _, h := range []string{m.get("og:title"), data.Headline} {
			if fold(h) == fold(head) {
				s = append(s, fold(tail))
				break
			}
		}
	}
	if base != nil {
		host := strings.TrimPrefix(base.Hostname(), "www.")
		if i := strings.LastIndexByte(host, '.'); i > 0 {
			host = host[:i]
		}
		if i := strings.LastIndexByte(host, '.'); i >= 0 && len(host)-i > 4 {
			host = host[i+1:]
		}
		if host != "" {
			s = append(s, fold(host))
		}
	}
	return s
}

// signed says whether a list has a name that is not the site's own or nobody's;
// it gives the list without those.
func (s siteNames) signed(list []string) ([]string, bool) {
	var kept []string
	for _, n := range list {
		if f := fold(n); !s.own(n) && !nobody[f] && !strings.HasSuffix(f, " admin") {
			kept = append(kept, n)
		}
	}
	return kept, len(kept) > 0
}

// own says whether a name is that of the site.
func (s siteNames) own(n string) bool {
	return isSite(n, s) && !looksPersonal(n) || slices.Contains(s, fold(n))
}

// nobody are the names that publishing systems give to those who have none.
var nobody = map[string]bool{
	"admin": true, "administrator": true, "webmaster": true, "editor": true, "editors": true, "staff": true, "staff writer": true, "redaktion": true,
	"redacción": true, "rédaction": true, "la rédaction": true, "redazione": true, "root": true, "user": true, "author": true, "unknown": true,
	"anonymous": true, "nachrichten": true, "news": true, "none": true, "null": true, "undefined": true, "guest": true, "redactie": true, "редакция": true,
}

func authorTexts(authors []author) []string {
	var texts []string
	for _, a := range authors {
		texts = append(texts, a.Name)
	}
	return texts
}

// looksPersonal says whether a name may be a person's: two to five words, each
// with a capital or from a script without them.
func looksPersonal(n string) bool {
	n, _, _ = strings.Cut(n, ",")
	w := strings.Fields(n)
	if len(w) > 6 {
		return false
	}
	if len(w) < 2 {
		r, _ := utf8.DecodeRuneInString(n)
		return r >= 0x2e80 && utf8.RuneCountInString(n) <= 5
	}
	upper := 0
	for _, x := range w {
		r, _ := utf8.DecodeRuneInString(strings.TrimLeft(x, "'’\"“(."))
		if unicode.IsUpper(r) || unicode.Is(unicode.Lo, r) {
			upper++
		} else if !particle[strings.ToLower(x)] {
			return false
		}
	}
	return upper >= 2
}

var particle = map[string]bool{
	"de": true, "del": true, "della": true, "di": true, "da": true, "dos": true, "das": true, "do": true, "van": true, "von": true, "der": true, "den": true,
	"ten": true, "ter": true, "la": true, "le": true, "el": true, "al": true, "bin": true, "ibn": true, "zu": true, "y": true, "e": true, "af": true, "av": true,
	"du": true, "des": true, "st.": true, "and": true, "of": true, "the": true, "for": true, "i": true, "san": true, "mac": true,
}

var (
	byWords = sync.OnceValue(func() *regexp.Regexp {
		return regexp.MustCompile(`(?i)^(?:(?:written|posted|published|reported|reviewed|story|words|text|article|report|submitted|edited|created|exclusive|analysis|opinion|interview|review|photos?|guest post)\s+(?:and\s+\w+\s+)?by:?|by:?|authors?:?|written:|text:|von:?|vom|ein (?:artikel|gastbeitrag|kommentar|beitrag|interview|essay) von|von unser\w* \w+|por:?|escrito por|par:?|propos recueillis par|publié par|di:?|a cura di|door:?|af:?|av:?|autor(?:in)?:?|auteur:?|autore:?|tekst:?|texto:?|testo:?|redaktion:?|de:|автор:?|oleh:?|yazan:?|autorin/autor:?|文[=＝:：/／]|記者[=＝:：]|作者[:：]|责编[:：]|编辑[:：])(?:\s+|$)|^authors?:`)
	})
	handle      = regexp.MustCompile(`(?:^|\s)@\w+|\S+@\S+\.\w+|https?://\S+|\b\d{1,2}[:.]\d\d\b.*$`)
	parter      = regexp.MustCompile(`\s*(?:[;|•·]|,\s*(?:and|und|et|y)\s+|[、，]|\s+/\s+)\s*`)
	joiner      = regexp.MustCompile(`(?i)\s*(?:/|\s+(?:and|und|et|y|och|og|en|oraz|i|e|with|mit|avec|con|ve|и|&)\s+)\s*`)
	authorLabel = regexp.MustCompile(`(?i)^(?:autor(?:in)?(?:/autor)?|author|auteur|autore)s?\s*:?\s+\p{Lu}`)
	degree      = regexp.MustCompile(`^(?:(?:[A-Z][A-Z-]{1,5}|(?:[A-Z][a-z]?\.){2,4}|Ph\.?D\.?)[®™]?(?:\s+|$)){1,3}(?:\d{1,3})?$`)
	elsewhere   = regexp.MustCompile(`(?i)\bon (?:facebook|twitter|x|linkedin|instagram|youtube)\b`)
	tail        = regexp.MustCompile(`(?i)\s*(?:[-–—(\[<]\s.*|[(\[<].*|\s+(?:is|are|was|in|at|für|for|updated|published|posted|last|on|from|via|ist|aus)\s.*)$`)
)

// roles are words that stand beside a name and are none.
var roleWords = wordSet(`reporter reporters editor editors correspondent correspondents writer writers staff journalist columnist contributor contributors author
	producer photographer redakteur redakteurin redaktion redaktor redacteur korrespondent korrespondentin reporterin rédaction rédacteur journaliste periodista
	redactor corresponsal redazione giornalista inviato jornalista desk newsroom newsdesk bureau chief senior deputy political business sports
	updated published posted share read min minute minutes ago comments follow subscribe image photo photos picture getty images reuters/ analyst
	twitter facebook instagram linkedin youtube whatsapp telegram pinterest
	director professor manager founder ceo expert specialist freelance correspondant profesorius contributing managing executive associate assistant`)

func wordSet(s string) map[string]bool {
	m := map[string]bool{}
	for w := range strings.FieldsSeq(s) {
		m[w] = true
	}
	return m
}

// names makes a clean list of names from what stands in author fields.
func names(texts []string, site siteNames) []string {
	var list []string
	seen := map[string]bool{}
	for _, text := range texts {
		for _, n := range splitNames(text) {
			f := fold(n)
			if f == "" || seen[f] || len(list) >= 40 {
				continue
			}
			seen[f] = true
			list = append(list, n)
		}
	}
	// An outlet that signs beside its people is no author of its own.
	if len(list) > 1 {
		kept := list[:0:0]
		for _, n := range list {
			if !site.own(n) {
				kept = append(kept, n)
			}
		}
		if len(kept) > 0 {
			list = kept
		}
	}
	return list
}

// splitNames cuts "By Ann Lee and Bo Chan, Reporters" into its names.
func splitNames(text string) []string {
	text = plain(stripTags(text))
	if text == "" || len(text) > 600 || strings.HasPrefix(text, "http") || strings.HasPrefix(text, "(") {
		return nil
	}
	text = byWords().ReplaceAllString(text, "")
	if rest, ok := strings.CutPrefix(text, "By"); ok && rest != "" && rest[0] >= 'A' && rest[0] <= 'Z' {
		text = rest
	}
	if family, given, ok := strings.Cut(text, ", "); ok && !strings.ContainsAny(family, " .") && !strings.ContainsAny(given, " ,") && given != "" && !hasRole(given) && family != strings.ToUpper(family) {
		text = given + " " + family // as libraries sort names
	}
	if strings.Count(text, ".") > 2 && !strings.Contains(text, " ") {
		return nil
	}
	text = strings.TrimSpace(handle.ReplaceAllString(text, " "))
	var list []string
	var parts []string
	for _, part := range parter.Split(text, 20) {
		halves := joiner.Split(part, 8)
		for _, h := range halves {
			if h, _, _ = strings.Cut(h, ","); !looksPersonal(byWords().ReplaceAllString(strings.TrimSpace(h), "")) {
				halves = []string{part} // "Science and Technology" is one name
				break
			}
		}
		parts = append(parts, halves...)
	}
	for _, part := range parts {
		if elsewhere.MatchString(part) {
			continue
		}
		pieces := strings.Split(part, ",")
		for i, p := range pieces {
			p = strings.TrimSpace(byWords().ReplaceAllString(strings.TrimSpace(p), ""))
			if short := tail.ReplaceAllString(p, ""); looksPersonal(short) || strings.ContainsAny(p, "([<") {
				p = short
			}
			p = dropRole(strings.Trim(p, " ,.;:-–—|•·*\"“”)"))
			if strings.HasSuffix(part, ".") && i == len(pieces)-1 && strings.Count(p, ".") > 0 {
				p += "."
			}
			if p == "" || len(p) > 80 {
				continue
			}
			if i > 0 && len(list) > 0 && degree.MatchString(p) {
				list[len(list)-1] += ", " + p
				continue
			}
			if i > 0 && (!looksPersonal(p) || hasRole(p)) {
				continue // a role, a place, a title after the name
			}
			if len(list) > 0 && hasRole(p) {
				continue
			}
			if !hasLetter(p) || strings.ContainsAny(p, "0123456789") && strings.Contains(p, " ") {
				continue
			}
			list = append(list, p)
		}
	}
	return list
}

// dropRole takes the role off the end of "Ann Lee Reporter".
func dropRole(name string) string {
	words := strings.Fields(name)
	if len(words) != 3 {
		return name
	}
	switch short := words[0] + " " + words[1]; fold(words[2]) {
	case "writer", "reporter", "editor", "author", "journalist", "correspondent", "contributor", "redakteur", "redakteurin", "autor", "autorin":
		if looksPersonal(short) {
			return short
		}
	}
	return name
}

func hasLetter(s string) bool { return strings.IndexFunc(s, unicode.IsLetter) >= 0 }

func hasRole(s string) bool {
	for _, w := range foldWords(s) {
		if roleWords[w] {
			return true
		}
	}
	return false
}

// authorish names elements that hold a byline; boxes about an author come later.
var authorish = wordSet(`author authors byline bylines autor autoren autore auteur auteurs writer creator contributor contributors postauthor entryauthor
	authorname bylinename vcard fn redaktor forfatter skribent journalist`)

// shownByline finds the names in the byline on the page. Where an outlet signs
// for its people, a line of the text that is only a name is their signature.
func shownByline(doc *document, b body, site siteNames, outlet bool) []string {
	l := b.layout
	first := b.firstKept()
	var best []string
	most := 0
	consider := func(list []string, score int) {
		if len(list) > 0 && score > most {
			best, most = list, score
		}
	}
	at := map[*html.Node]int{}
	for _, e := range l.all {
		at[e.node] = e.first
	}
	nearby := func(i int) bool {
		return b.titleAt >= 0 && i >= b.titleAt-5 && i <= max(first+2, b.titleAt+10) || b.titleAt < 0 && i >= first-10 && i <= first+2
	}
	var bestNode *html.Node
	var pen []string
	bestBase, penScore := 0, 0
	// Elements that say that they hold an author.
	seen := 0
	walk(doc.root, func(n *html.Node) bool {
		if n.Type != html.ElementNode || silent[n.DataAtom] && n.DataAtom != atom.Head || hidden(n) {
			return n.Type == html.DocumentNode
		}
		if n.DataAtom == atom.Head {
			return false
		}
		score := 0
		switch {
		case strings.Contains(attr(n, "rel"), "author"):
			score = 8
		case strings.Contains(attr(n, "itemprop"), "author"):
			score = 7
		case n.DataAtom == atom.A && authorAddress(attr(n, "href")):
			score = 6
		case authorName(n):
			score = 5
		}
		if score == 0 || n.DataAtom == atom.Body || n.DataAtom == atom.Article || n.DataAtom == atom.Main {
			return true
		}
		text := textOf(n)
		if len(text) > 160 || text == "" || n.DataAtom == atom.Li && len(text) > 80 {
			return true
		}
		if seen++; seen > 300 {
			return false
		}
		list := names([]string{text}, site)
		good := list[:0:0]
		for _, x := range list {
			if looksPersonal(x) && !hasRole(x) && !site.own(x) {
				good = append(good, x)
			}
		}
		personal := len(good) > 0
		if !personal && len(list) == 1 && len(strings.Fields(list[0])) <= 4 && len(list[0]) > 2 && !nobody[fold(list[0])] {
			good = list // a pen name, a team
		}
		if len(good) == 0 {
			return true
		}
		clutters := 0
		for p := n.Parent; p != nil; p = p.Parent {
			switch r := roleOf(p); r {
			case roleComment:
				return false
			case roleClutter:
				if clutters++; clutters <= 2 {
					score -= 2
				}
			}
			if p.DataAtom == atom.Li {
				score--
			}
		}
		if byWords().MatchString(text) {
			score += 2
		}
		for p := n; p != nil; p = p.Parent {
			if i, ok := at[p]; ok {
				if nearby(i) {
					score += 3
				} else if i < b.titleAt {
					score--
				}
				break
			}
		}
		if !personal {
			if score > penScore && score > 2 {
				pen, penScore = good, score
			}
			return true
		}
		if bestNode != nil && score == bestBase && beside(bestNode, n) {
			for _, x := range good {
				if !slices.ContainsFunc(best, func(o string) bool { return strings.Contains(fold(o), fold(x)) || strings.Contains(fold(x), fold(o)) }) && len(best) < 12 {
					best = append(best, x)
				}
			}
			bestNode = n
			return true
		}
		if score*1000-seen > most {
			bestNode, bestBase = n, score
		}
		consider(good, score*1000-seen)
		return true
	})
	// Lines about the headline and at the end that begin as bylines do, or that
	// are a name and nothing else.
	_, end := b.span()
	for i := range l.blocks {
		k := &l.blocks[i]
		if k.letters > 90 || k.in.clutter == roleComment {
			continue
		}
		close := nearby(i)
		by := byWords().MatchString(k.text)
		base := 0
		switch {
		case by && close:
			base = 9500
		case by && i >= b.start && i <= end+6 && (k.tag != atom.Li || authorLabel.MatchString(k.text)), authorLabel.MatchString(k.text) && i > b.titleAt:
			base = 4500
		case outlet && i >= b.start && i < b.end && (i < first && i >= first-2 || i >= end && i <= end+2) && k.linked == 0 && k.in.clutter < roleClutter && !heading(k.tag):
			if len(strings.Fields(k.text)) > 4 || !looksPersonal(k.text) || strings.ContainsAny(k.text, ".!?:,0123456789|&") {
				continue
			}
			base = 3500
		}
		if base == 0 {
			continue
		}
		var good []string
		for _, x := range names([]string{cutDate(k.text)}, site) {
			if looksPersonal(x) && !hasRole(x) && !site.own(x) {
				good = append(good, x)
			}
		}
		consider(good, base-i)
	}
	if len(best) == 0 {
		return pen
	}
	return best
}

// beside says whether two elements stand side by side or under one grandparent.
func beside(a, b *html.Node) bool {
	if a.Parent == nil || b.Parent == nil {
		return false
	}
	return a.Parent == b.Parent || a.Parent.Parent != nil && (a.Parent.Parent == b.Parent.Parent || a.Parent.Parent == b.Parent)
}

// cutDate ends a line where a date begins.
func cutDate(s string) string {
	if i := strings.IndexAny(s, "|•·"); i > 0 {
		s = s[:i]
	}
	return s
}

// authorAddress says whether a link leads to the page of an author.
func authorAddress(href string) bool {
	for _, p := range []string{"/author/", "/authors/", "/autor/", "/autoren/", "/auteur/", "/autore/", "/people/", "/profile/", "/by/", "/staff/", "/writers/", "/journalist", "/contributor", "/team/"} {
		if strings.Contains(href, p) {
			return true
		}
	}
	return false
}

// authorName says whether the names of an element are those of a byline.
func authorName(n *html.Node) bool {
	for _, key := range []string{"class", "id", "data-testid", "data-component"} {
		v := attr(n, key)
		if v == "" || len(v) > 300 {
			continue
		}
		for name := range strings.FieldsSeq(v) {
			var buf [24]string
			for _, w := range splitName(buf[:0], name) {
				if authorish[w] {
					return true
				}
			}
		}
	}
	return false
}
