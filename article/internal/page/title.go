package page

func title(doc *document, m meta, data structured, site string) string {
	return firstOf(data.Headline, m.get("og:title"), m.title)
}
