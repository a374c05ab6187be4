package page

import (
	"encoding/json"
	"html"
	"slices"
	"strings"

	dom "golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// Bounds on structured data.
const (
	maxScripts   = 64
	maxScript    = 2 << 20
	maxObjects   = 4_000
	maxDataDepth = 40
)

// structured is what JSON-LD and microdata say about the article of the page.
type structured struct {
	Found       bool // there is an article object
	Type        string
	Types       []string // of all top objects, in order
	Headline    string
	Alternative string
	Authors     []author
	Published   string
	Modified    string
	Publisher   string
	Description string
	Body        string // articleBody, as paragraphs when it has any
	URL         string
	Language    string
	NotFree     bool // isAccessibleForFree is false

	// Microdata stands beside the article as often as on it, so it comes after
	// the meta tags.
	ItemPublished string
	ItemModified  string
	ItemAuthors   []author
}

type author struct {
	Name         string
	Organization bool
}

type object = map[string]any

// graph is all JSON-LD objects of a page.
type graph struct {
	objects []object
	byID    map[string]object
}

func readStructured(doc *document, m meta) structured {
	g := graph{byID: map[string]object{}}
	scripts := 0
	walk(doc.root, func(n *dom.Node) bool {
		if n.Type == dom.ElementNode && n.DataAtom == atom.Script {
			kind := strings.ToLower(attr(n, "type"))
			if strings.Contains(kind, "ld+json") && scripts < maxScripts {
				scripts++
				if raw := rawText(n); len(raw) <= maxScript {
					for _, v := range parseJSON(raw) {
						g.collect(v, 0)
					}
				}
			}
			return false
		}
		return true
	})
	s := g.article(doc, m)
	s.microdata(doc)
	return s
}

// parseJSON reads the values in a script, mending what pages get wrong: comment
// wrappers, raw line ends in strings, commas too many, a semicolon at the end.
func parseJSON(raw string) []any {
	raw = strings.TrimSpace(raw)
	raw = strings.TrimPrefix(raw, "\uFEFF")
	for _, cut := range []string{"<!--", "//<![CDATA[", "/*<![CDATA[*/", "<![CDATA["} {
		raw = strings.TrimSpace(strings.TrimPrefix(raw, cut))
	}
	for _, cut := range []string{"-->", "//]]>", "/*]]>*/", "]]>", ";"} {
		raw = strings.TrimSpace(strings.TrimSuffix(raw, cut))
	}
	if raw == "" {
		return nil
	}
	if v, ok := decodeAll(raw); ok {
		return v
	}
	if v, ok := decodeAll(mend(raw)); ok {
		return v
	}
	if strings.Contains(raw, "&quot;") {
		if v, ok := decodeAll(mend(html.UnescapeString(raw))); ok {
			return v
		}
	}
	v, _ := decodeAll(mend(raw))
	return v
}

func decodeAll(raw string) ([]any, bool) {
	dec := json.NewDecoder(strings.NewReader(raw))
	dec.UseNumber()
	var all []any
	for dec.More() && len(all) < 16 {
		var v any
		if err := dec.Decode(&v); err != nil {
			return all, false
		}
		all = append(all, v)
	}
	return all, len(all) > 0
}

// mend escapes control bytes inside strings, drops them outside, drops bad
// escapes and commas before a closing bracket.
func mend(raw string) string {
	var b strings.Builder
	b.Grow(len(raw) + 16)
	inside := false
	for i := 0; i < len(raw); i++ {
		c := raw[i]
		if inside {
			switch {
			case c == '\\' && i+1 < len(raw):
				next := raw[i+1]
				if strings.IndexByte(`"\/bfnrtu`, next) >= 0 {
					b.WriteByte(c)
					b.WriteByte(next)
				} else if next >= 0x20 {
					b.WriteByte(next)
				}
				i++
			case c == '\n':
				b.WriteString(`\n`)
			case c < 0x20:
				b.WriteByte(' ')
			default:
				b.WriteByte(c)
				inside = c != '"'
			}
			continue
		}
		switch {
		case c == '"':
			inside = true
			b.WriteByte(c)
		case c == ',':
			j := i + 1
			for j < len(raw) && (raw[j] <= ' ' || raw[j] == ',') {
				j++
			}
			if j < len(raw) && (raw[j] == ']' || raw[j] == '}') {
				i = j - 1
				continue
			}
			b.WriteByte(c)
		case c < 0x20:
			b.WriteByte(' ')
		default:
			b.WriteByte(c)
		}
	}
	return b.String()
}

// collect lists the objects of a value, outer ones first.
func (g *graph) collect(v any, depth int) {
	if depth > maxDataDepth || len(g.objects) >= maxObjects {
		return
	}
	switch v := v.(type) {
	case []any:
		for _, e := range v {
			g.collect(e, depth+1)
		}
	case object:
		g.objects = append(g.objects, v)
		if id, ok := v["@id"].(string); ok && len(v) > 1 {
			if old, dup := g.byID[id]; !dup || len(v) > len(old) {
				g.byID[id] = v
			}
		}
		keys := make([]string, 0, len(v))
		for k := range v {
			switch v[k].(type) {
			case []any, object:
				keys = append(keys, k)
			}
		}
		slices.Sort(keys)
		for _, k := range keys {
			switch k {
			case "comment", "review", "itemListElement", "isPartOf", "hasPart", "mentions", "citation", "potentialAction":
				continue
			}
			g.collect(v[k], depth+1)
		}
	}
}

// resolve follows a reference to an object elsewhere on the page.
func (g *graph) resolve(v any) any {
	o, ok := v.(object)
	if !ok {
		return v
	}
	if id, ok := o["@id"].(string); ok && !has(o, "name") {
		if full, ok := g.byID[id]; ok {
			return full
		}
	}
	return o
}

func has(o object, key string) bool { _, ok := o[key]; return ok }

// typesOf gives the types of an object without their namespace.
func typesOf(o object) []string {
	var types []string
	add := func(v any) {
		if s, ok := v.(string); ok {
			if i := strings.LastIndexAny(s, "/#:"); i >= 0 {
				s = s[i+1:]
			}
			types = append(types, s)
		}
	}
	t, ok := o["@type"]
	if !ok {
		t = o["type"]
	}
	switch t := t.(type) {
	case []any:
		for _, e := range t[:min(len(t), 8)] {
			add(e)
		}
	default:
		add(t)
	}
	return types
}

// articleType says how much a type is that of an article.
func articleType(types []string) int {
	best := 0
	for _, t := range types {
		w := 0
		switch {
		case strings.HasSuffix(t, "NewsArticle"), t == "ReportageNewsArticle", t == "LiveBlogPosting":
			w = 5
		case strings.HasSuffix(t, "Article"), t == "BlogPosting", t == "Report", t == "Review", t == "Recipe", t == "HowTo", t == "ClaimReview":
			w = 4
			if t == "Review" || t == "ClaimReview" || t == "Recipe" || t == "HowTo" {
				w = 2
			}
		case t == "SocialMediaPosting", t == "DiscussionForumPosting", t == "CreativeWork", t == "MedicalWebPage", t == "NewsMediaObject":
			w = 3
		case t == "WebPage", t == "ItemPage":
			w = 1
		}
		best = max(best, w)
	}
	return best
}

// article picks the object that is the article of this page and reads it.
func (g *graph) article(doc *document, m meta) structured {
	var s structured
	address := trimAddress(firstOf(m.site, m.get("og:url")))
	headline := fold(firstOf(m.get("og:title"), m.title))
	var best object
	bestScore := 0
	for _, o := range g.objects {
		types := typesOf(o)
		for _, t := range types {
			if len(s.Types) < 32 {
				s.Types = append(s.Types, t)
			}
		}
		weight := articleType(types)
		if weight == 0 {
			continue
		}
		score := weight * 10
		for _, key := range []string{"url", "mainEntityOfPage", "@id"} {
			if a := trimAddress(address1(o[key])); a != "" && address != "" && a == address {
				score += 8
				break
			}
		}
		if h := fold(str(firstValue(o, "headline", "name"))); h != "" {
			score += 2
			if headline != "" && (strings.Contains(headline, h) || strings.Contains(h, headline)) {
				score += 9
			}
		}
		for _, key := range []string{"author", "creator", "datePublished", "articleBody"} {
			if has(o, key) {
				score += 2
			}
		}
		if score > bestScore {
			best, bestScore = o, score
		}
	}
	if best == nil {
		return s
	}
	types := typesOf(best)
	s.Found = articleType(types) > 1
	s.Type = types[0]
	s.Headline = g.text(best, "headline", "name")
	s.Alternative = g.text(best, "alternativeHeadline", "alternateName")
	s.Authors = g.people(firstValue(best, "author", "creator", "Author"), 0)
	s.Published = g.text(best, "datePublished", "dateCreated", "uploadDate")
	s.Modified = g.text(best, "dateModified")
	s.Description = g.text(best, "description", "abstract")
	s.Language = g.text(best, "inLanguage")
	s.URL = address1(best["url"])
	if s.URL == "" {
		s.URL = address1(best["mainEntityOfPage"])
	}
	if names := g.people(firstValue(best, "publisher", "sourceOrganization", "copyrightHolder"), 0); len(names) > 0 {
		s.Publisher = names[0].Name
	}
	s.Body = bodyText(str(best["articleBody"]))
	switch free := best["isAccessibleForFree"].(type) {
	case bool:
		s.NotFree = !free
	case string:
		s.NotFree = strings.EqualFold(strings.TrimSpace(free), "false")
	}
	// Fields that the article object lacks may stand in its siblings.
	for _, o := range g.objects {
		if articleType(typesOf(o)) == 0 {
			continue
		}
		if s.Published == "" {
			s.Published = g.text(o, "datePublished")
		}
		if len(s.Authors) == 0 {
			s.Authors = g.people(firstValue(o, "author", "creator"), 0)
		}
		if s.Body == "" && articleType(typesOf(o)) >= 3 {
			s.Body = bodyText(str(o["articleBody"]))
		}
	}
	return s
}

// text reads the first string among the keys.
func (g *graph) text(o object, keys ...string) string {
	for _, k := range keys {
		if s := plain(stripTags(str(g.resolve(o[k])))); s != "" {
			return s
		}
	}
	return ""
}

// people reads authors in all the shapes that pages give them: a name, an
// object, a reference, lists of those.
func (g *graph) people(v any, depth int) []author {
	if depth > 6 {
		return nil
	}
	var all []author
	switch v := g.resolve(v).(type) {
	case string:
		if name := plain(stripTags(v)); name != "" {
			all = append(all, author{Name: name})
		}
	case []any:
		for _, e := range v[:min(len(v), 64)] {
			all = append(all, g.people(e, depth+1)...)
		}
	case object:
		name := g.people(v["name"], depth+1)
		if len(name) == 0 {
			given, family := plain(str(v["givenName"])), plain(str(v["familyName"]))
			if full := strings.TrimSpace(given + " " + family); full != "" {
				name = []author{{Name: full}}
			}
		}
		if len(name) == 0 && has(v, "@list") {
			return g.people(v["@list"], depth+1)
		}
		org := false
		for _, t := range typesOf(v) {
			org = org || strings.HasSuffix(t, "Organization") || t == "Corporation" || t == "NewsMediaOrganization" || t == "Brand"
		}
		for i := range name {
			name[i].Organization = name[i].Organization || org
		}
		all = append(all, name...)
	}
	return all
}

func firstValue(o object, keys ...string) any {
	for _, k := range keys {
		switch v := o[k].(type) {
		case nil:
		case string:
			if v != "" {
				return v
			}
		case []any:
			if len(v) > 0 {
				return v
			}
		default:
			return v
		}
	}
	return nil
}

// str reads a string, the first of a list, or the @value of an object.
func str(v any) string {
	for range 4 {
		switch x := v.(type) {
		case string:
			return x
		case json.Number:
			return x.String()
		case []any:
			if len(x) == 0 {
				return ""
			}
			v = x[0]
		case object:
			v = x["@value"]
			if v == nil {
				v = x["name"]
			}
		default:
			return ""
		}
	}
	return ""
}

// address1 reads an address: a string or an object with an @id or url.
func address1(v any) string {
	switch v := v.(type) {
	case string:
		return strings.TrimSpace(v)
	case object:
		if s, ok := v["@id"].(string); ok {
			return strings.TrimSpace(s)
		}
		if s, ok := v["url"].(string); ok {
			return strings.TrimSpace(s)
		}
	}
	return ""
}

// trimAddress leaves of an address what two spellings of it share.
func trimAddress(a string) string {
	a, _, _ = strings.Cut(a, "#")
	a, _, _ = strings.Cut(a, "?")
	a = strings.TrimPrefix(strings.TrimPrefix(a, "https://"), "http://")
	return strings.ToLower(strings.TrimSuffix(strings.TrimPrefix(a, "www."), "/"))
}

func firstOf(values ...string) string {
	for _, v := range values {
		if v != "" {
			return v
		}
	}
	return ""
}

// bodyText makes plain text of an articleBody, which may be escaped HTML.
func bodyText(s string) string {
	if s == "" {
		return ""
	}
	for range 2 {
		if strings.Contains(s, "&lt;") || strings.Contains(s, "&amp;") || strings.Contains(s, "&quot;") || strings.Contains(s, "&#") || strings.Contains(s, "&nbsp;") {
			s = html.UnescapeString(s)
		}
	}
	lines := strings.FieldsFunc(breakTags(s), func(r rune) bool { return r == '\n' || r == '\r' })
	kept := lines[:0]
	for _, l := range lines {
		if l = squeeze(stripTags(l)); l != "" {
			kept = append(kept, l)
		}
	}
	return strings.Join(kept, "\n\n")
}

// breakTags puts a line end for each tag that breaks a line.
func breakTags(s string) string {
	if strings.IndexByte(s, '<') < 0 {
		return s
	}
	var b strings.Builder
	for {
		i := strings.IndexByte(s, '<')
		if i < 0 {
			b.WriteString(s)
			return b.String()
		}
		b.WriteString(s[:i])
		s = s[i:]
		name := strings.ToLower(strings.TrimPrefix(s[1:min(len(s), 12)], "/"))
		for _, t := range []string{"p", "br", "div", "h1", "h2", "h3", "h4", "li", "ul", "ol", "blockquote", "figure"} {
			if rest, ok := strings.CutPrefix(name, t); ok && rest != "" && (rest[0] == '>' || rest[0] == ' ' || rest[0] == '/') {
				b.WriteByte('\n')
				break
			}
		}
		b.WriteByte('<')
		s = s[1:]
	}
}

// stripTags drops what looks like tags from a value that should have none.
func stripTags(s string) string {
	if strings.IndexByte(s, '<') < 0 {
		return s
	}
	var b strings.Builder
	for {
		i := strings.IndexByte(s, '<')
		if i < 0 || i+1 >= len(s) {
			b.WriteString(s)
			return b.String()
		}
		c := s[i+1]
		end := strings.IndexByte(s[i:], '>')
		if end < 0 || !(c == '/' || c == '!' || (c|0x20 >= 'a' && c|0x20 <= 'z')) {
			b.WriteString(s[:i+1])
			s = s[i+1:]
			continue
		}
		b.WriteString(s[:i])
		s = s[i+end+1:]
	}
}

// microdata fills what JSON-LD left open from itemprop attributes inside an
// article item.
func (s *structured) microdata(doc *document) {
	var item *dom.Node
	best := 0
	count := 0
	walk(doc.root, func(n *dom.Node) bool {
		if n.Type != dom.ElementNode {
			return n.Type == dom.DocumentNode
		}
		t := attr(n, "itemtype")
		if t == "" || articleType([]string{t[strings.LastIndexAny(t, "/#")+1:]}) < 4 {
			return true
		}
		if count++; count > 30 {
			return false
		}
		size := len(textOf(n))
		if first(n, atom.H1) != nil {
			size += 100_000
		}
		if size > best {
			item, best = n, size
		}
		return false
	})
	if item == nil {
		return
	}
	s.Found = true
	if s.Type == "" {
		s.Type = attr(item, "itemtype")
	}
	var names []author
	var published, modified, headline string
	walk(item, func(n *dom.Node) bool {
		if n.Type != dom.ElementNode {
			return false
		}
		for prop := range strings.FieldsSeq(attr(n, "itemprop")) {
			value := plain(firstOf(attr(n, "content"), attr(n, "datetime")))
			switch prop {
			case "author", "creator":
				if value == "" {
					value = itemName(n)
				}
				if value != "" && len(value) < 100 {
					names = append(names, author{Name: value, Organization: strings.HasSuffix(attr(n, "itemtype"), "Organization")})
				}
				return false
			case "datePublished":
				if value == "" {
					value = textOf(n)
				}
				published = firstOf(published, value)
			case "dateModified":
				modified = firstOf(modified, value)
			case "headline":
				headline = firstOf(headline, value, textOf(n))
			case "comment", "review":
				return false
			}
		}
		return true
	})
	s.ItemAuthors, s.ItemPublished, s.ItemModified = names, published, modified
	s.Headline = firstOf(s.Headline, headline)
}

// itemName gives the name inside an item, or its whole text.
func itemName(n *dom.Node) string {
	var name string
	walk(n, func(c *dom.Node) bool {
		if c.Type == dom.ElementNode && name == "" && attr(c, "itemprop") == "name" {
			name = plain(firstOf(attr(c, "content"), textOf(c)))
		}
		return name == ""
	})
	if name == "" {
		name = textOf(n)
	}
	return name
}
