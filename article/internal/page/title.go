package page

import (
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// title settles the headline by a vote of the places that give one: what is set
// as the headline on the page, JSON-LD, the tags for social networks, the title
// of the window. Two that differ by a kicker before a colon vote for the longer.
func title(doc *document, m meta, data structured, site string) string {
	var names []string // of the site, folded
	for _, s := range []string{site, data.Publisher, m.get("og:site_name"), m.get("application-name")} {
		if f := fold(s); f != "" {
			names = append(names, f)
		}
	}
	type candidate struct {
		text, fold string
		weight     float64
	}
	var all []candidate
	add := func(text string, weight float64) {
		text = stripSite(plain(stripTags(text)), names)
		if f := fold(text); f != "" && len(text) < 500 {
			all = append(all, candidate{text, f, weight})
		}
	}
	told := []string{data.Headline, m.get("og:title"), m.title, m.get("twitter:title")}
	if h := headline(doc, told, names); h != "" {
		add(h, 2.3)
	}
	add(data.Headline, 1.2)
	add(m.get("og:title"), 1.4)
	add(m.title, 0.8)
	add(m.get("twitter:title"), 0.5)
	add(firstOf(m.get("dc.title", "dcterms.title", "citation_title", "parsely-title", "sailthru.title", "item:headline")), 0.5)
	best, most := "", 0.0
	for _, c := range all {
		votes := 0.0
		for _, o := range all {
			switch {
			case o.fold == c.fold:
				votes += o.weight
			case len(o.fold) > 15 && strings.HasSuffix(c.fold, " "+o.fold) && kicker(c.text, o.text):
				votes += o.weight
			case len(o.fold) > 15 && strings.HasPrefix(o.fold, c.fold+" ") && len(c.fold) > 15:
				votes += 0.3 * o.weight
			}
		}
		if votes > most+1e-9 {
			best, most = c.text, votes
		}
	}
	return best
}

// kicker says whether long is short with a kicker and a colon before it.
func kicker(long, short string) bool {
	i := strings.LastIndex(long, short)
	if i < 0 {
		return false
	}
	head := strings.TrimRight(long[:i], " ")
	return strings.HasSuffix(head, ":") || strings.HasSuffix(head, "|")
}

// stripSite takes the name of the site off the end or the start of a title.
func stripSite(title string, names []string) string {
	for range 3 {
		cut := title
		for _, sep := range []string{" | ", " - ", " – ", " — ", " :: ", " • ", " · ", " » ", " « ", " ‹ ", " // ", " ∙ "} {
			if i := strings.LastIndex(title, sep); i > 0 && isSite(title[i+len(sep):], names) {
				cut = title[:i]
				break
			}
			if i := strings.Index(title, sep); i > 0 && isSite(title[:i], names) {
				cut = title[i+len(sep):]
				break
			}
		}
		if cut == title {
			break
		}
		title = strings.TrimSpace(cut)
	}
	return title
}

// isSite says whether a part of a title names the site.
func isSite(part string, names []string) bool {
	f := fold(part)
	if f == "" {
		return false
	}
	tight := strings.ReplaceAll(f, " ", "")
	for _, n := range names {
		t := strings.ReplaceAll(n, " ", "")
		if tight == t || len(t) >= 4 && len(tight) >= 3 && len(f) < 40 && (strings.Contains(tight, t) || strings.Contains(t, tight)) {
			return true
		}
	}
	return false
}

// headline picks the heading that is the headline of the page: the one nearest
// to what the tags say.
func headline(doc *document, told, site []string) string {
	var heads []string
	walk(doc.root, func(n *html.Node) bool {
		if n.Type == html.ElementNode {
			if silent[n.DataAtom] && n.DataAtom != atom.Head || hidden(n) {
				return false
			}
			if n.DataAtom == atom.H1 || attr(n, "itemprop") == "headline" && n.DataAtom != atom.Meta {
				if t := textOf(n); t != "" && len(t) < 400 && len(heads) < 50 && !linksHome(n) {
					heads = append(heads, t)
				}
				return false
			}
		}
		return true
	})
	best, most := "", 0.0
	usable := 0
	only := ""
	for _, h := range heads {
		if isSite(h, site) || len(foldWords(h)) < 2 && letters(h) < 12 {
			continue
		}
		if only != h {
			usable++
		}
		only = h
		for _, t := range told {
			if o := overlap(h, t); o > most {
				best, most = h, o
			}
		}
	}
	switch {
	case most >= 0.3:
		return best
	case usable == 1:
		return only
	}
	return ""
}

// overlap gives the share of words that two short texts have in common.
func overlap(a, b string) float64 {
	wa, wb := foldWords(a), foldWords(b)
	if len(wa) == 0 || len(wb) == 0 || len(wa) > 200 || len(wb) > 200 {
		return 0
	}
	count := map[string]int{}
	for _, w := range wa {
		count[w]++
	}
	common := 0
	for _, w := range wb {
		if count[w] > 0 {
			count[w]--
			common++
		}
	}
	return float64(2*common) / float64(len(wa)+len(wb))
}

// linksHome says whether a heading is a link to the front page, as the name of
// a site is.
func linksHome(n *html.Node) bool {
	a := first(n, atom.A)
	for p := n.Parent; a == nil && p != nil; p = p.Parent {
		if p.DataAtom == atom.A {
			a = p
		}
	}
	if a == nil {
		return false
	}
	href := strings.TrimSpace(attr(a, "href"))
	if _, rest, ok := strings.Cut(href, "://"); ok {
		j := strings.IndexByte(rest, '/')
		return j < 0 || j == len(rest)-1
	}
	return href == "/" || href == "" && hasAttr(a, "href") || strings.HasPrefix(href, "/index.") || href == "./" || href == ".."
}
