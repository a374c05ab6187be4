package page

import (
	"net/url"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/abadojack/whatlanggo"
	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// declaredLanguage gives the language that the page says it is in.
func declaredLanguage(doc *document, m meta, data structured) string {
	lang := strings.ToLower(firstOf(doc.lang, data.Language, m.get("content-language", "og:locale", "dc.language", "item:inlanguage")))
	lang = strings.ReplaceAll(strings.TrimSpace(lang), "_", "-")
	lang, _, _ = strings.Cut(lang, ",")
	if len(lang) > 35 {
		return ""
	}
	return strings.TrimSpace(lang)
}

// Bounds on the guess of a language from the text.
const (
	languageSample = 4000 // bytes of the text that are looked at
	languageLeast  = 120  // letters below which the text does not say
)

// language gives the language of the text as ISO 639-1 when that is sure, else
// the one declared, empty when neither is known.
func language(text, declared string) string {
	sample := text
	if len(sample) > languageSample {
		cut := languageSample
		for cut > 0 && !utf8.RuneStart(sample[cut]) {
			cut--
		}
		sample = sample[:cut]
	}
	stated, _, _ := strings.Cut(declared, "-")
	if len(stated) > 3 || len(stated) < 2 {
		stated = ""
	}
	if letters(sample) < languageLeast {
		return stated
	}
	info := whatlanggo.DetectWithOptions(sample, whatlanggo.Options{Blacklist: rare})
	found := info.Lang.Iso6391()
	switch {
	case found == "" || alike(found, stated):
		return stated
	case stated == "" || info.IsReliable() && info.Confidence > 0.8:
		return found
	}
	return stated
}

// rare are languages with no press to speak of that trigrams see in others.
var rare = map[whatlanggo.Lang]bool{
	whatlanggo.Nno: true, whatlanggo.Epo: true, whatlanggo.Jav: true, whatlanggo.Ilo: true, whatlanggo.Ceb: true, whatlanggo.Hat: true, whatlanggo.Sna: true,
	whatlanggo.Nya: true, whatlanggo.Run: true, whatlanggo.Kin: true, whatlanggo.Uzb: true, whatlanggo.Tuk: true,
}

// alike says whether two languages are so near that what the page declares is
// to be believed.
func alike(found, stated string) bool {
	for _, group := range kin {
		if slices.Contains(group, found) && slices.Contains(group, stated) {
			return true
		}
	}
	return false
}

var kin = [][]string{
	{"no", "nb", "nn", "da"},
	{"hr", "sr", "bs", "sl"},
	{"gl", "pt", "es", "ca", "eu", "an"},
	{"ms", "id"},
	{"cs", "sk"},
	{"de", "lb", "nds"},
	{"nl", "af"},
	{"zu", "xh", "st", "tn"},
	{"ru", "be", "uk"},
	{"mk", "bg"},
	{"ja", "zh"},
}

// indexTypes are the schema.org types of pages that list others.
var indexTypes = []string{"CollectionPage", "SearchResultsPage", "ItemList"}

// signals reads what the page says about itself.
func signals(doc *document, m meta, data structured, base *url.URL, p *Page) (Kind, bool, Wall, float64) {
	var share float64
	linked, all := 0, 0
	visible := visibleText(doc, &linked, &all)
	if all > 0 {
		share = float64(linked) / float64(all)
	}
	return kindOf(m, data, base), paywalled(m, data), wallOf(doc, visible, p), share
}

func kindOf(m meta, data structured, base *url.URL) Kind {
	og := strings.ToLower(m.get("og:type"))
	has := func(types ...string) bool {
		return slices.ContainsFunc(data.Types, func(t string) bool { return slices.Contains(types, t) })
	}
	switch {
	case data.Found && articleType([]string{data.Type}) >= 3, strings.HasPrefix(og, "article"), m.get("article:published_time") != "":
		return KindArticle
	case strings.HasPrefix(og, "video"):
		return KindVideo
	case strings.HasPrefix(og, "product"), has("Product"):
		return KindProduct
	case og == "profile", has("ProfilePage"):
		return KindProfile
	case has(indexTypes...), base != nil && (base.Path == "" || base.Path == "/"):
		return KindIndex
	case has("VideoObject") && !data.Found:
		return KindVideo
	}
	return KindUnknown
}

func paywalled(m meta, data structured) bool {
	if data.NotFree {
		return true
	}
	switch strings.ToLower(m.get("article:content_tier", "content_tier", "cxenseparse:content-tier", "access", "dcterms.accessrights")) {
	case "locked", "metered", "paid", "premium", "subscription", "subscriber":
		return true
	}
	free := strings.ToLower(m.get("item:isaccessibleforfree", "isaccessibleforfree"))
	return free == "false"
}

// Walls speak in few words; a page with more words than wallWords has its text.
const wallWords = 250

// wallPhrases are what stands on walls, in lower case. Two of one kind, or one
// on a page with hardly any text, make a wall.
var wallPhrases = []struct {
	wall    Wall
	phrases []string
}{
	{WallRobot, []string{
		"are you a human", "are you human", "verify you are human", "verifying you are human", "not a robot", "unusual traffic", "captcha",
		"checking your browser", "just a moment", "access denied", "security check", "attention required", "ddos protection", "request blocked", "bot detection",
		"cloudflare", "ray id", "reference #",
	}},
	{WallScript, []string{
		"enable javascript", "javascript is disabled", "javascript is required", "requires javascript", "turn on javascript", "activate javascript",
		"javascript aktivieren", "activer javascript", "activez javascript", "habilitar javascript", "active javascript", "you need to enable javascript",
	}},
	{WallCookie, []string{
		"we use cookies", "uses cookies", "use cookies", "accept all", "accept cookies", "cookie settings", "cookie policy", "your privacy choices", "we value your privacy",
		"our partners", "manage preferences", "reject all", "consent", "zustimmen", "cookies akzeptieren", "mit werbung weiterlesen", "einwilligung", "datenschutzeinstellungen",
		"pur-abo", "accepter et continuer", "tout accepter", "continuer sans accepter", "gérer les cookies", "aceptar y continuar", "aceptar todo", "accetta", "akkoord", "akzeptieren und weiter",
	}},
	{WallLogin, []string{
		"log in to continue", "sign in to continue", "subscribe to continue", "subscribe to read", "subscribe now", "already a subscriber", "subscribers only",
		"for subscribers", "create a free account", "create an account", "register to read", "start your free trial", "members only", "log in", "sign in", "to continue reading",
		"jetzt weiterlesen", "weiterlesen mit", "bereits abonnent", "jetzt anmelden", "nur für abonnenten", "mit einem abo", "réservé aux abonnés", "déjà abonné", "abonnez-vous", "contenido exclusivo",
		"para suscriptores", "ya eres suscriptor", "riservato agli abbonati", "sei già abbonato", "exclusivo para assinantes", "voor abonnees",
	}},
}

// wallOf says what stands before the text of a page that has little of it.
func wallOf(doc *document, visible string, p *Page) Wall {
	if p.Words > wallWords {
		return WallNone
	}
	low := strings.ToLower(visible)
	if p.Words < 60 {
		walk(doc.root, func(n *html.Node) bool {
			if n.Type == html.ElementNode && n.DataAtom == atom.Noscript && len(low) < 20_000 {
				low += " " + strings.ToLower(stripTags(rawText(n)+textOfAll(n)))
			}
			return true
		})
	}
	best, most := WallNone, 0
	for _, w := range wallPhrases {
		found := 0
		for _, phrase := range w.phrases {
			if strings.Contains(low, phrase) {
				found++
			}
		}
		need := 2
		if p.Words < 60 {
			need = 1
		}
		if w.wall == WallLogin && p.Words >= 60 && !p.Paywalled {
			need = 3
		}
		if w.wall == WallCookie && p.Words >= 60 {
			need = 4
		}
		if found >= need && found > most {
			best, most = w.wall, found
		}
	}
	return best
}

// textOfAll gives the text below n, silent elements included.
func textOfAll(n *html.Node) string {
	var b strings.Builder
	walk(n, func(c *html.Node) bool {
		if c.Type == html.TextNode && b.Len() < 4000 {
			b.WriteString(c.Data)
		}
		return true
	})
	return b.String()
}

// visibleText gives the first part of the text that a reader sees and counts
// the letters of all of it and of its links.
func visibleText(doc *document, linked, all *int) string {
	var b strings.Builder
	var gather func(n *html.Node, link bool)
	gather = func(n *html.Node, link bool) {
		switch n.Type {
		case html.TextNode:
			count := letters(n.Data)
			*all += count
			if link {
				*linked += count
			}
			if count > 0 && b.Len() < 60_000 {
				b.WriteString(n.Data)
				b.WriteByte(' ')
			}
			return
		case html.ElementNode:
			if silent[n.DataAtom] && n.DataAtom != atom.Button && n.DataAtom != atom.Dialog || hidden(n) {
				return
			}
			link = link || n.DataAtom == atom.A
		}
		for c := n.FirstChild; c != nil; c = c.NextSibling {
			gather(c, link)
		}
	}
	gather(doc.root, false)
	return squeeze(b.String())
}
