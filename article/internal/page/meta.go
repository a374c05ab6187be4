package page

import (
	"net/url"
	"slices"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// meta holds the meta tags and links of a page, names in lower case.
type meta struct {
	values map[string][]string
	title  string // <title>
	site   string // canonical link
}

// get gives the first value of the first name that has one.
func (m meta) get(names ...string) string {
	for _, name := range names {
		for _, v := range m.values[name] {
			if v != "" {
				return v
			}
		}
	}
	return ""
}

func (m meta) all(names ...string) []string {
	var all []string
	for _, name := range names {
		all = append(all, m.values[name]...)
	}
	return all
}

// dated gives the values of tags whose names tell of a day of publication.
func (m meta) dated() []string {
	var names []string
	for name := range m.values {
		day := strings.Contains(name, "date") || strings.Contains(name, "time")
		out := strings.Contains(name, "publi") || strings.Contains(name, "issue") || strings.Contains(name, "creat") || strings.Contains(name, "pub")
		late := strings.Contains(name, "modif") || strings.Contains(name, "updat") || strings.Contains(name, "expir")
		if day && out && !late {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return m.all(names...)
}

func readMeta(doc *document) meta {
	m := meta{values: map[string][]string{}}
	walk(doc.root, func(n *html.Node) bool {
		if n.Type != html.ElementNode {
			return true
		}
		switch n.DataAtom {
		case atom.Meta:
			content := plain(attr(n, "content"))
			if content == "" || len(content) > 10_000 {
				return false
			}
			for _, key := range []string{"property", "name", "itemprop", "http-equiv"} {
				for name := range strings.FieldsSeq(strings.ToLower(attr(n, key))) {
					if key == "itemprop" {
						name = "item:" + name
					}
					if len(m.values[name]) < 32 && !slices.Contains(m.values[name], content) {
						m.values[name] = append(m.values[name], content)
					}
				}
			}
		case atom.Title:
			if m.title == "" && (n.Parent == nil || n.Parent.DataAtom != atom.Svg) && n.Namespace == "" {
				m.title = plain(rawText(n))
			}
		case atom.Link:
			if m.site == "" && slices.Contains(strings.Fields(strings.ToLower(attr(n, "rel"))), "canonical") {
				m.site = strings.TrimSpace(attr(n, "href"))
			}
		case atom.Svg, atom.Script, atom.Style:
			return false
		}
		return true
	})
	return m
}

// rawText joins the text nodes right below n, as for script and title.
func rawText(n *html.Node) string {
	if c := n.FirstChild; c != nil && c.NextSibling == nil && c.Type == html.TextNode {
		return c.Data
	}
	var b strings.Builder
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		if c.Type == html.TextNode {
			b.WriteString(c.Data)
		}
	}
	return b.String()
}

// plain makes one line of a value from a tag: entities that were escaped twice
// are decoded, white space is squeezed.
func plain(s string) string {
	if strings.IndexByte(s, '&') >= 0 {
		s = html.UnescapeString(s)
	}
	return squeeze(s)
}

func canonical(m meta, data structured, base *url.URL) string {
	for _, c := range []string{m.site, m.get("og:url"), data.URL} {
		u, err := url.Parse(strings.TrimSpace(c))
		if err != nil || c == "" {
			continue
		}
		if base != nil {
			u = base.ResolveReference(u)
		}
		if (u.Scheme != "http" && u.Scheme != "https") || u.Host == "" || u.User != nil {
			continue
		}
		if (u.Path == "" || u.Path == "/") && (base == nil || len(base.Path) > 1) {
			continue // the front page is nobody's article
		}
		u.Fragment = ""
		return u.String()
	}
	return ""
}

func publisher(m meta, data structured) string {
	for _, s := range []string{m.get("og:site_name"), data.Publisher, m.get("application-name", "al:android:app_name", "dc.publisher", "dcterms.publisher", "item:publisher", "twitter:app:name:iphone")} {
		if s != "" && len(s) <= 80 && !strings.Contains(s, "://") {
			return s
		}
	}
	return ""
}

func summary(m meta, data structured) string {
	for _, s := range []string{m.get("og:description"), data.Description, m.get("description", "twitter:description", "dc.description", "item:description")} {
		if s != "" {
			return s
		}
	}
	return ""
}
