package article

import (
	"bytes"
	"context"
	"net/http"
)

// Answer is what a server says to what was sent to it. Its body is never read.
type Answer struct {
	Status int
	Header http.Header
}

// Post sends bytes to an https address under the rules for links: into no
// private network that is not allowed, to no other port, in Timeout at most. It
// follows no redirect and reads no more of the answer than its header. Its
// error is an [*Error] unless ctx ended first.
func (r *Reader) Post(ctx context.Context, link string, header http.Header, body []byte) (*Answer, error) {
	u, err := parseLink(link)
	if err != nil {
		return nil, err
	}
	host := u.Hostname()
	if u.Scheme != "https" {
		return nil, &Error{Kind: ErrScheme, Where: u.Scheme}
	}
	ctx, cancel := context.WithTimeoutCause(ctx, r.timeout(), errTimeout)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, u.String(), bytes.NewReader(body))
	if err != nil {
		return nil, &Error{Kind: ErrBadLink, Where: host}
	}
	req.Header = header.Clone()
	resp, err := r.open().RoundTrip(req)
	if err != nil {
		return nil, networkError(ctx, host, err)
	}
	resp.Body.Close()
	return &Answer{Status: resp.StatusCode, Header: resp.Header}, nil
}

// Allows tells why nothing can be read from a link or sent to it, as far as
// that is known without asking its server: the link itself, its port, the
// addresses of its host. Its error is like that of Post.
func (r *Reader) Allows(ctx context.Context, link string) error {
	u, err := parseLink(link)
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeoutCause(ctx, r.timeout(), errTimeout)
	defer cancel()
	c := r.open()
	if err := c.checkPort(u); err != nil {
		return err
	}
	if _, err := c.dialer.Resolve(ctx, u.Hostname()); err != nil {
		return networkError(ctx, u.Hostname(), err)
	}
	return nil
}
