// Package page turns a saved web page into the article it carries: text with
// paragraphs, title, authors, publisher, date, language, and what the page
// says about itself that tells an article from a wall or a list of links.
//
// A page says the same thing several times: in JSON-LD for search engines, in
// meta tags for social networks, in microdata and class names, and in what
// readers see. None of them is right on every site, so each field is asked of
// all of them and settled by agreement; the rules are about how pages are
// written, never about one site.
//
// The text is found in three steps. The tree is cut into blocks, a block being
// a run of text that a browser would set on lines of its own. Each element is
// then worth the prose in its blocks less the clutter in them, and the worthiest
// one holds the article. What is left over inside it (captions, teasers, share
// buttons, biographies, requests to subscribe) goes by mark-up first, by wording
// last. Text that a reader cannot see never enters.
//
// Pages are strangers' bytes: size, depth and number of elements are bounded
// before anything recurses, and the same bytes always give the same Page.
package page

import (
	"errors"
	"net/url"
	"strings"
	"time"
)

// ErrNotHTML says that the bytes are not text, so no page can be read from them.
var ErrNotHTML = errors.New("not a web page")

// Page is what one web page says.
type Page struct {
	Title     string    // headline without the name of the site; empty when there is none
	Byline    []string  // names of the authors, in the order given
	Publisher string    // name of the site or paper, "The Example Times"
	Published time.Time // as written, in the zone it was written in; zero when unknown
	Modified  time.Time // last change, when the page says so
	Canonical string    // address that the page gives itself, absolute; empty when it gives none
	Language  string    // ISO 639-1; of the text when that is sure, else as declared; empty when unknown
	Declared  string    // language as declared by the page, lower case, "en-gb"
	Summary   string    // the page's own description
	Text      string    // valid UTF-8, paragraphs parted by a blank line
	Words     int       // in Text

	Kind      Kind    // what the page says it is
	Paywalled bool    // the page says that its text is not free
	Wall      Wall    // what seems to stand in front of the text
	LinkShare float64 // share of the visible letters that are links, 0 to 1
}

// Kind is what sort of page it is, by its own word.
type Kind string

// The kinds of page.
const (
	KindUnknown Kind = ""
	KindArticle Kind = "article" // says so in JSON-LD, microdata or og:type
	KindVideo   Kind = "video"
	KindIndex   Kind = "index" // front page, section, search result
	KindProfile Kind = "profile"
	KindProduct Kind = "product"
)

// Wall is what keeps a reader from the text.
type Wall string

// The walls that pages put up.
const (
	WallNone   Wall = ""
	WallCookie Wall = "cookie" // consent is asked before the text
	WallLogin  Wall = "login"  // the text is for subscribers or members
	WallRobot  Wall = "robot"  // "are you human?"
	WallScript Wall = "script" // "please enable JavaScript"
)

// Extract reads the page in raw. The contentType is the Content-Type header and
// base the address the page came from; both may be absent. Anything that is text
// gives a Page, if only an empty one; the error is ErrNotHTML.
func Extract(raw []byte, contentType string, base *url.URL) (Page, error) {
	text, err := decode(raw, contentType)
	if err != nil {
		return Page{}, err
	}
	doc := parse(text)
	return read(doc, base), nil
}

func read(doc *document, base *url.URL) Page {
	var p Page
	meta := readMeta(doc)
	data := readStructured(doc, meta)

	p.Canonical = canonical(meta, data, base)
	p.Publisher = publisher(meta, data)
	p.Title = title(doc, meta, data, p.Publisher)
	p.Summary = summary(meta, data)

	body := findBody(doc, p.Title, p.Summary, data.Body)
	p.Text = strings.Join(body.paragraphs, "\n\n")
	p.Words = len(strings.Fields(p.Text))
	p.Declared = declaredLanguage(doc, meta, data)
	p.Language = language(p.Text, p.Declared)

	p.Byline = byline(doc, meta, data, body, namesOfSite(meta, data, p.Publisher, base))
	p.Published, p.Modified = dates(doc, meta, data, body, base)
	p.Kind, p.Paywalled, p.Wall, p.LinkShare = signals(doc, meta, data, base, &p)
	return p
}
