package article

import "context"

// Document is what a link leads to, as it came.
type Document struct {
	URL         string // where the last redirect led
	ContentType string
	Data        []byte // unpacked
}

// Get fetches what a link leads to under the same rules and limits as an
// article, whatever it is: a feed, a table, a page. Its error is an [*Error]
// unless ctx ended first.
func (r *Reader) Get(ctx context.Context, link string) (*Document, error) {
	u, err := parseLink(link)
	if err != nil {
		return nil, err
	}
	r.progress("Fetching " + u.Hostname())
	got, err := r.fetch(ctx, u, Validators{})
	if err != nil {
		return nil, err
	}
	return &Document{URL: got.url.String(), ContentType: got.contentType, Data: got.data}, nil
}
