package llm

import (
	"errors"
	"io"
	"math/rand/v2"
	"net"
	"net/http"
	"strconv"
	"time"
)

var (
	errRedirect = errors.New("it sends elsewhere, where neither article nor key may go")
	errTooLong  = errors.New("it is too long")
)

const (
	tries      = 3
	firstPause = 400 * time.Millisecond
	maxPause   = 8 * time.Second // longer ones that a server names are not waited for
	maxBytes   = 256 << 10       // of a response
)

// transport sends a request up to three times, and lets no response grow
// beyond its bound.
type transport struct{ base http.RoundTripper }

func newTransport() *transport {
	return &transport{&http.Transport{
		DialContext:            (&net.Dialer{Timeout: 5 * time.Second}).DialContext,
		TLSHandshakeTimeout:    5 * time.Second,
		MaxResponseHeaderBytes: 64 << 10,
		MaxIdleConnsPerHost:    4,
		IdleConnTimeout:        30 * time.Second,
		ForceAttemptHTTP2:      true,
	}}
}

// RoundTrip implements [http.RoundTripper].
func (t *transport) RoundTrip(req *http.Request) (*http.Response, error) {
	pause := firstPause
	for try := 1; ; try++ {
		response, err := t.base.RoundTrip(req)
		again := err != nil || response.StatusCode == http.StatusTooManyRequests || response.StatusCode >= 500 && response.StatusCode != http.StatusNotImplemented
		if !again || try == tries || req.GetBody == nil && req.Body != nil {
			if err == nil {
				response.Body = &limited{response.Body, maxBytes}
			}
			return response, err
		}
		// Half of the pause is fixed, half chance, so that many who were refused
		// together do not come back together.
		wait := pause/2 + rand.N(pause/2)
		if err == nil {
			if named, ok := retryAfter(response.Header.Get("Retry-After")); ok {
				wait = max(wait, named)
			}
			if wait > maxPause {
				response.Body = &limited{response.Body, maxBytes}
				return response, nil
			}
			response.Body.Close()
		}
		pause *= 2
		timer := time.NewTimer(wait)
		select {
		case <-req.Context().Done():
			timer.Stop()
			return nil, req.Context().Err()
		case <-timer.C:
		}
		if req.GetBody != nil {
			body, err := req.GetBody()
			if err != nil {
				return nil, err
			}
			req = req.Clone(req.Context())
			req.Body = body
		}
	}
}

// CloseIdleConnections lets [http.Client.CloseIdleConnections] through.
func (t *transport) CloseIdleConnections() {
	if c, ok := t.base.(interface{ CloseIdleConnections() }); ok {
		c.CloseIdleConnections()
	}
}

// retryAfter reads the header of that name: seconds or a date (RFC 9110,
// 10.2.3).
func retryAfter(value string) (time.Duration, bool) {
	if seconds, err := strconv.Atoi(value); err == nil && seconds >= 0 {
		return time.Duration(min(seconds, 1<<20)) * time.Second, true
	}
	if at, err := http.ParseTime(value); err == nil {
		return max(time.Until(at), 0), true
	}
	return 0, false
}

// limited is a body that fails when it is too long.
type limited struct {
	io.ReadCloser
	left int64
}

func (l *limited) Read(p []byte) (int, error) {
	if l.left <= 0 {
		return 0, errTooLong
	}
	n, err := l.ReadCloser.Read(p[:min(int64(len(p)), l.left)])
	l.left -= int64(n)
	return n, err
}
