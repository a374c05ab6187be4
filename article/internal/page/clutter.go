package page

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// role is what an element is for, read from its tag and its names.
type role uint8

const (
	roleNone    role = iota
	roleBody         // named as the body of an article
	roleDek          // named as the standfirst
	roleMeta         // byline, date, tags: about the article
	roleCaption      // of a picture or film
	roleClutter      // share buttons, teasers, advertisements, navigation
	roleComment      // what readers wrote
	roleVeiled       // kept from sight
)

// clutterWords are names that sites give to what is not the article. They are
// matched as whole words of class, id and the like, "relatedStories" being two.
var clutterWords = wordRoles(map[role]string{
	roleClutter: `share sharing sharebar shares sharetools sharer addthis addtoany social socials socialmedia newsletter newsletters
		signup subscribe subscription subscriptions promo promos promotion promoted advert adverts advertisement advertisements
		advertising ads ad adslot adbox adunit dfp sponsor sponsored sponsors outbrain taboola related relateds recommended
		recommendation recommendations recommends recirc recirculation readmore trending popular mostread mostpopular breadcrumb breadcrumbs
		sidebar nav navbar navigation menu submenu footer toolbar cookie cookies consent gdpr onetrust didomi cookiebot trustarc usercentrics popup modal overlay
		tooltip pagination pager paginator teaser teasers rail carousel slideshow slider swiper poll quiz survey donate donation login
		register print printonly screenreader sronly skiplink marketing cta upsell furthermore
		disqus respond masthead banner onward bookmark follow followus feedback backtotop toc playlist
		offscreen crosslink crosslinks linkbox linklist morefrom moreon seealso alsoread lire
		similar suggested suggestions noprint piano tinypass callout reactions ratings livecenter ticker
		weiterlesen mehrzumthema themen empfehlungen anzeige werbung autorenbox relacionadas relacionados correlati`,
	roleMeta: `byline bylines author authors authorbox authorbio authorinfo autor autoren auteur autore bio biography avatar contributor contributors
		dateline timestamp pubdate publishdate datetime posted tags taglist keywords topics hashtags metadata postmeta meta articlemeta
		entrymeta readingtime readtime kicker eyebrow category categories overline copyright license`,
	roleCaption: `caption captions figcaption credit credits photocredit imagecaption wpcaption bildunterschrift legende legend
		lightbox gallery galleries imagecredit bildnachweis`,
	roleComment: `comment comments commenting commentlist kommentare kommentar commentaires comentarios`,
	roleDek: `standfirst dek subtitle subheadline subhead deck teasertext introtext chapeau vorspann entradilla sommario
		epigraph excerpt lead leadtext lede bajada copete ingress manchet`,
})

// bodyNames are pairs of words that name the body of an article.
var bodyNames = map[string]bool{
	"article body": true, "articlebody": true, "story body": true, "storybody": true, "entry content": true,
	"post content": true, "post body": true, "article content": true, "articlecontent": true, "story content": true,
	"article text": true, "articletext": true, "body text": true, "text body": true, "content body": true,
	"body content": true, "post text": true, "article copy": true, "body copy": true, "bodycopy": true, "news text": true,
	"blog content": true, "blog body": true, "rich text": true, "richtext": true, "single content": true,
	"page content": true, "content text": true, "story text": true, "postcontent": true, "entrycontent": true,
	"article main": true, "main text": true, "td post": true,
}

func wordRoles(lists map[role]string) map[string]role {
	m := map[string]role{}
	for r, words := range lists {
		for w := range strings.FieldsSeq(words) {
			m[w] = max(m[w], r)
		}
	}
	return m
}

// maxNames bounds how much of an attribute is read for names, in bytes.
const maxNames = 2000

// named gives the role that the names of an element say.
func named(n *html.Node) role {
	found := roleNone
	for i := range n.Attr {
		a := &n.Attr[i]
		switch a.Key {
		case "id":
			// A heading's id is made of its words, or of its place in a list of contents.
			if !heading(n.DataAtom) && len(a.Val) <= 400 {
				found = max(found, roleOfNames(a.Val))
			}
		case "class", "data-testid", "data-component", "data-component-name", "data-module", "data-type", "data-name", "data-block":
			if len(a.Val) > 400 && a.Key != "class" {
				continue
			}
			found = max(found, roleOfNames(a.Val))
		case "itemprop":
			switch a.Val {
			case "articleBody":
				return roleBody
			case "author", "datePublished", "dateModified", "keywords", "publisher":
				found = max(found, roleMeta)
			case "comment":
				return roleComment
			case "caption":
				return roleCaption
			case "description", "alternativeHeadline":
				found = max(found, roleDek)
			}
		case "role":
			switch a.Val {
			case "navigation", "complementary", "banner", "contentinfo", "search", "dialog", "alertdialog", "menu", "menubar",
				"toolbar", "tooltip", "alert", "status", "form", "menuitem":
				found = max(found, roleClutter)
			}
		}
	}
	return found
}

func roleOfNames(val string) role {
	val = val[:min(len(val), maxNames)]
	found := roleNone
	for name := range strings.FieldsSeq(val) {
		prev := ""
		var buf [24]string
		words := splitName(buf[:0], name)
		for i, w := range words {
			if r := clutterWords[w]; r != roleNone {
				// "no-sidebar", "has-comments", "with-ads" tell of something else.
				if prev != "has" && prev != "no" && prev != "with" && prev != "without" && prev != "is" && prev != "non" {
					found = max(found, r)
				}
			}
			if i > 0 && bodyNames[prev+" "+w] || bodyNames[w] {
				found = max(found, roleBody)
			}
			if i > 0 && prev == "sub" && (w == "headline" || w == "title" || w == "heading") {
				found = max(found, roleDek)
			}
			prev = w
		}
	}
	return found
}

// splitName cuts "relatedStories_box-2" into its words, in lower case.
func splitName(words []string, name string) []string {
	start := -1
	flush := func(end int) {
		if start >= 0 && end > start && len(words) < cap(words) {
			words = append(words, strings.ToLower(name[start:end]))
		}
		start = -1
	}
	for i := range len(name) {
		c := name[i]
		letter := c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= utf8.RuneSelf
		if !letter {
			flush(i)
			continue
		}
		if start >= 0 && c >= 'A' && c <= 'Z' && name[i-1] >= 'a' && name[i-1] <= 'z' {
			flush(i)
		}
		if start < 0 {
			start = i
		}
	}
	flush(len(name))
	return words
}

// roleOf gives the role of an element by its tag, else by its names.
func roleOf(n *html.Node) role {
	switch n.DataAtom {
	case atom.Html, atom.Body:
		return roleNone
	case atom.Nav, atom.Aside, atom.Footer, atom.Menu:
		return roleClutter
	case atom.Figcaption, atom.Figure, atom.Picture, atom.Caption:
		return roleCaption
	case atom.Form:
		return roleClutter
	case atom.Main:
		return roleNone
	}
	r := named(n)
	if heading(n.DataAtom) && r == roleClutter {
		return roleNone
	}
	if n.DataAtom == atom.Article && r != roleComment && r != roleClutter {
		return roleNone
	}
	return r
}

// letters counts what carries text: letters and digits, an ideograph twice.
func letters(s string) int {
	n := 0
	for i := 0; i < len(s); {
		c := s[i]
		if c < utf8.RuneSelf {
			if c > ' ' {
				n++
			}
			i++
			continue
		}
		r, size := utf8.DecodeRuneInString(s[i:])
		i += size
		switch {
		case r >= 0x2e80 && r < 0xa000 || r >= 0xac00 && r < 0xd7b0:
			n += 3
		case unicode.IsSpace(r):
		default:
			n++
		}
	}
	return n
}
