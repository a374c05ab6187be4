package article

import (
	"context"
	"time"
)

// Document is what a link leads to, as it came.
type Document struct {
	URL         string // where the last redirect led
	ContentType string
	Data        []byte        // unpacked
	Validators  Validators    // for the next GetSince
	Unchanged   bool          // the server says that it is as it was; there is no Data
	Fresh       time.Duration // how long it says that there is no need to ask again; 0 when it does not
}

// Get fetches what a link leads to under the same rules and limits as an
// article, whatever it is: a feed, a table, a page. Its error is an [*Error]
// unless ctx ended first.
func (r *Reader) Get(ctx context.Context, link string) (*Document, error) {
	return r.GetSince(ctx, link, Validators{})
}

// GetSince is Get for what was fetched before: with the validators of then, the
// server may say in a few bytes that nothing has changed.
func (r *Reader) GetSince(ctx context.Context, link string, since Validators) (*Document, error) {
	u, err := parseLink(link)
	if err != nil {
		return nil, err
	}
	r.progress("Fetching " + u.Hostname())
	got, err := r.fetch(ctx, u, since)
	if err != nil {
		return nil, err
	}
	return &Document{URL: got.url.String(), ContentType: got.contentType, Data: got.data, Validators: got.validators, Unchanged: got.unchanged, Fresh: got.fresh}, nil
}
