package page

import (
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// byline settles the authors: persons that JSON-LD or the tags name, else what
// stands in the byline on the page, else the outlet when that signs itself.
func byline(doc *document, m meta, data structured, b body, site string) []string {
	told := names(authorTexts(data.Authors), site)
	if persons(told, site) {
		return told
	}
	tagged := names(m.all("author", "item:author", "citation_author", "dc.creator", "dcterms.creator", "parsely-author", "sailthru.author",
		"article:author_name", "byl", "dc.contributor", "rbauthors", "article:author", "authors", "item:creator", "creator", "cxenseparse:author"), site)
	if persons(tagged, site) {
		return tagged
	}
	shown := shownByline(doc, b, site)
	if len(shown) > 0 {
		return shown
	}
	if len(told) > 0 {
		return told
	}
	return tagged
}

func authorTexts(authors []author) []string {
	var texts []string
	for _, a := range authors {
		texts = append(texts, a.Name)
	}
	return texts
}

// persons says whether at least one name is not that of the site.
func persons(list []string, site string) bool {
	for _, n := range list {
		if !isSite(n, []string{fold(site)}) && looksPersonal(n) {
			return true
		}
	}
	return false
}

// looksPersonal says whether a name may be a person's: two to five words, each
// with a capital or from a script without them.
func looksPersonal(n string) bool {
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
	byWords = regexp.MustCompile(`(?i)^(?:(?:written|posted|published|reported|reviewed|story|words|text|article|report|submitted|edited|created|exclusive|analysis|opinion|interview|review|photos?|guest post)\s+(?:and\s+\w+\s+)?by:?|by:?|authors?:?|written:|text:|von:?|vom|ein (?:artikel|gastbeitrag|kommentar|beitrag|interview|essay) von|von unser\w* \w+|por:?|escrito por|par:?|propos recueillis par|publié par|di:?|a cura di|door:?|af:?|av:?|autor(?:in)?:?|auteur:?|autore:?|tekst:?|texto:?|testo:?|redaktion:?|de:|автор:?|oleh:?|yazan:?|文[=＝:：/／]|記者[=＝:：]|作者[:：]|责编[:：]|编辑[:：])\s+`)
	handle   = regexp.MustCompile(`(?:^|\s)@\w+|\S+@\S+\.\w+|https?://\S+|\b\d{1,2}[:.]\d\d\b.*$`)
	splitter = regexp.MustCompile(`(?i)\s*(?:[;|•·/]|\s+(?:and|und|et|y|och|og|en|oraz|i|with|mit|avec|con|ve|и)\s+|\s+&\s+|,\s*(?:and|und|et|y)\s+|[、，])\s*`)
	tail     = regexp.MustCompile(`(?i)\s*(?:[-–—(\[<]\s.*|[(\[<].*|\s+(?:is|are|was|in|at|für|for|updated|published|posted|last|on|from|via|ist|aus)\s.*)$`)
)

// roles are words that stand beside a name and are none.
var roleWords = wordSet(`reporter reporters editor editors correspondent correspondents writer writers staff journalist columnist contributor contributors author
	producer photographer redakteur redakteurin redaktion redaktor redacteur korrespondent korrespondentin reporterin rédaction rédacteur journaliste periodista
	redactor corresponsal redazione giornalista inviato jornalista desk newsroom newsdesk bureau chief senior deputy political business sports
	updated published posted share read min minute minutes ago comments follow subscribe image photo photos picture getty images reuters/ analyst
	director professor manager founder ceo expert specialist freelance correspondant profesorius contributing managing executive associate assistant`)

func wordSet(s string) map[string]bool {
	m := map[string]bool{}
	for w := range strings.FieldsSeq(s) {
		m[w] = true
	}
	return m
}

// names makes a clean list of names from what stands in author fields.
func names(texts []string, site string) []string {
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
			if !isSite(n, []string{fold(site)}) {
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
	text = byWords.ReplaceAllString(text, "")
	text = strings.TrimSpace(handle.ReplaceAllString(text, " "))
	var list []string
	for _, part := range splitter.Split(text, 20) {
		pieces := strings.Split(part, ",")
		for i, p := range pieces {
			p = strings.TrimSpace(byWords.ReplaceAllString(strings.TrimSpace(p), ""))
			p = strings.Trim(tail.ReplaceAllString(p, ""), " ,.;:-–—|•·*\"“”")
			if strings.HasSuffix(part, ".") && i == len(pieces)-1 && strings.Count(p, ".") > 0 {
				p += "."
			}
			if p == "" || len(p) > 80 {
				continue
			}
			if i > 0 && (!looksPersonal(p) || hasRole(p)) {
				continue // a role, a place, a title after the name
			}
			if len(list) > 0 && hasRole(p) {
				continue
			}
			if !hasLetter(p) {
				continue
			}
			list = append(list, p)
		}
	}
	return list
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

// shownByline finds the names in the byline on the page.
func shownByline(doc *document, b body, site string) []string {
	l := b.layout
	first := b.firstKept()
	var best []string
	most := 0
	consider := func(list []string, score int) {
		if len(list) > 0 && score > most {
			best, most = list, score
		}
	}
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
		if len(text) > 160 || text == "" {
			return true
		}
		if seen++; seen > 300 {
			return false
		}
		list := names([]string{text}, site)
		good := list[:0:0]
		for _, x := range list {
			if looksPersonal(x) && !hasRole(x) {
				good = append(good, x)
			}
		}
		if len(good) == 0 {
			return true
		}
		for p := n.Parent; p != nil; p = p.Parent {
			switch r := roleOf(p); r {
			case roleComment:
				return false
			case roleClutter:
				score -= 2
			}
			if p.DataAtom == atom.Li {
				score--
			}
		}
		if byWords.MatchString(text) {
			score += 2
		}
		consider(good, score*1000-seen)
		return true
	})
	// Lines about the headline and at the end that begin as bylines do.
	for i := range l.blocks {
		k := &l.blocks[i]
		if k.letters > 90 || k.in.clutter >= roleComment {
			continue
		}
		near := b.titleAt >= 0 && i >= b.titleAt-4 && i <= max(first+2, b.titleAt+8) || b.titleAt < 0 && i >= first-8 && i <= first+2
		if !near || !byWords.MatchString(k.text) {
			continue
		}
		list := names([]string{cutDate(k.text)}, site)
		good := list[:0:0]
		for _, x := range list {
			if looksPersonal(x) && !hasRole(x) {
				good = append(good, x)
			}
		}
		consider(good, 7500-i)
	}
	return best
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
