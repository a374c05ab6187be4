package page

func byline(doc *document, m meta, data structured, b body, site string) []string {
	var names []string
	for _, a := range data.Authors {
		names = append(names, a.Name)
	}
	return names
}
