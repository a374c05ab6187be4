package page

import (
	"net/url"
	"strings"

	"github.com/abadojack/whatlanggo"
)

func signals(doc *document, m meta, data structured, base *url.URL, p *Page) (Kind, bool, Wall, float64) {
	return KindUnknown, data.NotFree, WallNone, 0
}

func declaredLanguage(doc *document, m meta, data structured) string {
	return strings.ToLower(firstOf(doc.lang, data.Language, m.get("og:locale", "content-language")))
}

func language(text, declared string) string {
	info := whatlanggo.Detect(text)
	return info.Lang.Iso6391()
}
