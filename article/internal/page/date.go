package page

import (
	"net/url"
	"time"

	"github.com/itlightning/dateparse"
)

func dates(doc *document, m meta, data structured, b body, base *url.URL) (published, modified time.Time) {
	s := firstOf(data.Published, m.get("article:published_time"))
	published, _ = dateparse.ParseAny(s)
	return published, modified
}
