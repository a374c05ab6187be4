package article

import (
	"bufio"
	"compress/flate"
	"compress/gzip"
	"compress/zlib"
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"strconv"
	"strings"
	"time"

	"onrecord/article/internal/guard"
	"onrecord/article/internal/pdf"
)

// maxRedirects is how often a site may send the reader on.
const maxRedirects = 5

// fetched is what came back for a link.
type fetched struct {
	url         *url.URL // where the last redirect led
	contentType string
	data        []byte
	validators  Validators
	unchanged   bool // the server says that nothing has changed
	fresh       time.Duration
}

// checker stands before the transport and judges every request that is about
// to go out: the first one and each redirect. The dialer judges the addresses
// again. With an outbound proxy the dialer sees only the proxy, and this is
// where the target's addresses are looked up and judged.
type checker struct {
	transport *http.Transport
	dialer    *guard.Dialer
	proxied   bool
}

func (c *checker) RoundTrip(req *http.Request) (*http.Response, error) {
	if err := checkLink(req.URL); err != nil {
		return nil, err
	}
	port := req.URL.Port()
	if port == "" {
		port = map[string]string{"http": "80", "https": "443"}[req.URL.Scheme]
	}
	host := req.URL.Hostname()
	if !c.dialer.Rules.CheckPort(port) {
		return nil, &Error{Kind: ErrPort, Where: host, What: "port " + port}
	}
	if c.proxied {
		if _, err := c.dialer.Resolve(req.Context(), host); err != nil {
			return nil, err
		}
	}
	return c.transport.RoundTrip(req)
}

// open makes the client and the PDF engine of this Reader, once.
func (r *Reader) open() *checker {
	r.once.Do(func() {
		dialer := &guard.Dialer{
			Rules:    guard.Rules{Networks: r.Networks, Ports: r.Ports},
			Resolver: r.Resolver,
		}
		transport := &http.Transport{
			Proxy:                  nil, // never by environment: a proxy would dial for us, unguarded
			DialContext:            dialer.DialContext,
			TLSClientConfig:        r.TLS,
			TLSHandshakeTimeout:    10 * time.Second,
			ForceAttemptHTTP2:      true,
			MaxIdleConns:           20,
			MaxIdleConnsPerHost:    2,
			IdleConnTimeout:        30 * time.Second,
			ExpectContinueTimeout:  time.Second,
			DisableCompression:     true, // read decompresses by itself, with a limit
			MaxResponseHeaderBytes: 256 << 10,
		}
		if r.Proxy != nil {
			transport.Proxy = http.ProxyURL(r.Proxy)
			// The operator chose the proxy's address; only it is ever dialled.
			transport.DialContext = (&net.Dialer{Timeout: 10 * time.Second}).DialContext
		}
		r.pdfs = &pdf.Engine{CacheDir: r.CacheDir}
		r.client = &checker{transport: transport, dialer: dialer, proxied: r.Proxy != nil}
	})
	return r.client
}

// fetch gets what is behind the link. All of it, from the look-up of the name
// to the last byte, takes Timeout at most.
func (r *Reader) fetch(ctx context.Context, link *url.URL, since Validators) (*fetched, error) {
	limit := r.Timeout
	if limit <= 0 {
		limit = defaultTimeout
	}
	ctx, cancel := context.WithTimeoutCause(ctx, limit, errTimeout)
	defer cancel()

	jar, err := cookiejar.New(nil) // for this one read: some sites redirect for ever without
	if err != nil {
		return nil, err
	}
	client := &http.Client{
		Transport: r.open(),
		Jar:       jar,
		CheckRedirect: func(req *http.Request, via []*http.Request) error {
			if len(via) > maxRedirects {
				return &Error{Kind: ErrRedirects, Where: via[0].URL.Hostname()}
			}
			return nil
		},
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, link.String(), nil)
	if err != nil {
		return nil, &Error{Kind: ErrBadLink, Where: link.Hostname()}
	}
	agent := r.UserAgent
	if agent == "" {
		agent = defaultUserAgent
	}
	req.Header.Set("User-Agent", agent)
	req.Header.Set("Accept", "text/html,application/xhtml+xml,application/pdf;q=0.9,text/markdown;q=0.9,text/plain;q=0.8,*/*;q=0.5")
	req.Header.Set("Accept-Language", "en;q=0.9,*;q=0.5")
	req.Header.Set("Accept-Encoding", "gzip")
	if since.ETag != "" {
		req.Header.Set("If-None-Match", since.ETag)
	}
	if since.LastModified != "" {
		req.Header.Set("If-Modified-Since", since.LastModified)
	}

	resp, err := client.Do(req)
	if err != nil {
		return nil, networkError(ctx, link.Hostname(), err)
	}
	defer resp.Body.Close()
	host := resp.Request.URL.Hostname()
	got := &fetched{
		url:         resp.Request.URL,
		contentType: resp.Header.Get("Content-Type"),
		validators: Validators{
			ETag:         header(resp, "ETag"),
			LastModified: header(resp, "Last-Modified"),
		},
		fresh: freshFor(resp.Header),
	}
	if resp.StatusCode == http.StatusNotModified && since != (Validators{}) {
		got.unchanged = true
		return got, nil
	}
	if err := statusError(host, resp); err != nil {
		return nil, err
	}
	got.data, err = r.body(resp)
	if err != nil {
		return nil, networkError(ctx, host, err)
	}
	return got, nil
}

// header gives a header that is kept, unless it is longer than sense.
func header(resp *http.Response, name string) string {
	value := resp.Header.Get(name)
	if len(value) > 1<<10 {
		return ""
	}
	return value
}

// statusError is nil for an answer that brings a page.
func statusError(host string, resp *http.Response) error {
	status := resp.StatusCode
	e := &Error{Where: host, What: "HTTP " + strconv.Itoa(status)}
	switch {
	case status == http.StatusOK, status == http.StatusNonAuthoritativeInfo:
		return nil
	case status == http.StatusNoContent, status == http.StatusResetContent:
		e.Kind, e.What = ErrEmpty, ""
	case status == http.StatusNotFound, status == http.StatusGone:
		e.Kind = ErrNotFound
	case status == http.StatusPaymentRequired:
		e.Kind = ErrPaywall
	case status == http.StatusUnauthorized, status == http.StatusProxyAuthRequired:
		e.Kind = ErrLogin
	case status == http.StatusForbidden, status == http.StatusNotAcceptable,
		status == http.StatusUnavailableForLegalReasons,
		resp.Header.Get("Cf-Mitigated") != "":
		e.Kind = ErrForbidden
	case status == http.StatusTooManyRequests, status == http.StatusRequestTimeout, status >= 500:
		e.Kind, e.After = ErrBusy, retryAfter(resp.Header, time.Now())
	default:
		e.Kind = ErrStatus
	}
	return e
}

// body reads the answer, unpacked, up to MaxBytes.
func (r *Reader) body(resp *http.Response) ([]byte, error) {
	most := r.maxBytes()
	host := resp.Request.URL.Hostname()
	if resp.ContentLength > most {
		return nil, r.tooLarge(host)
	}
	packed := bufio.NewReader(resp.Body)
	var plain io.Reader = packed
	switch encoding := strings.ToLower(strings.TrimSpace(resp.Header.Get("Content-Encoding"))); encoding {
	case "", "identity", "none", "utf-8":
	case "gzip", "x-gzip":
		unpacked, err := gzip.NewReader(packed)
		switch {
		case errors.Is(err, gzip.ErrHeader), errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
			return nil, &Error{Kind: ErrBroken, Where: host, What: "page", Err: err}
		case err != nil:
			return nil, err
		}
		defer unpacked.Close()
		plain = unpacked
	case "deflate":
		// By the standard a zlib stream, from some servers a bare one.
		if magic, _ := packed.Peek(2); len(magic) == 2 && magic[0]&0x0f == 8 && (int(magic[0])<<8|int(magic[1]))%31 == 0 {
			unpacked, err := zlib.NewReader(packed)
			if err != nil {
				return nil, &Error{Kind: ErrBroken, Where: host, What: "page", Err: err}
			}
			defer unpacked.Close()
			plain = unpacked
		} else {
			unpacked := flate.NewReader(packed)
			defer unpacked.Close()
			plain = unpacked
		}
	default:
		return nil, &Error{Kind: ErrStatus, Where: host, What: "packed as " + printable(encoding)}
	}
	data, err := io.ReadAll(io.LimitReader(plain, most+1))
	if int64(len(data)) > most {
		return nil, r.tooLarge(host)
	}
	if err != nil {
		var corrupt flate.CorruptInputError
		switch {
		case errors.Is(err, gzip.ErrHeader), errors.Is(err, gzip.ErrChecksum), errors.Is(err, zlib.ErrChecksum),
			errors.As(err, &corrupt), plain != io.Reader(packed) && errors.Is(err, io.ErrUnexpectedEOF):
			return nil, &Error{Kind: ErrBroken, Where: host, What: "page", Err: err}
		}
		return nil, err
	}
	return data, nil
}

func (r *Reader) tooLarge(where string) error {
	return &Error{Kind: ErrTooLarge, Where: where, What: "more than " + size(r.maxBytes())}
}

// size writes a number of bytes as people do.
func size(n int64) string {
	switch {
	case n >= 1<<20:
		return strconv.FormatInt(n>>20, 10) + " MB"
	case n >= 1<<10:
		return strconv.FormatInt(n>>10, 10) + " kB"
	}
	return strconv.FormatInt(n, 10) + " bytes"
}

// printable keeps a stranger's word short and in plain letters.
func printable(s string) string {
	var b strings.Builder
	for _, c := range s {
		if c > ' ' && c < 0x7f && b.Len() < 20 {
			b.WriteRune(c)
		}
	}
	return b.String()
}

// errTimeout tells this package's own deadline from one of the caller.
var errTimeout = errors.New("reading took too long")

// networkError finds the Kind for what went wrong on the way.
func networkError(ctx context.Context, host string, err error) error {
	var own *Error
	if errors.As(err, &own) {
		return own
	}
	var (
		redirected *url.Error
		dns        *net.DNSError
		unknownCA  x509.UnknownAuthorityError
		wrongHost  x509.HostnameError
		invalid    x509.CertificateInvalidError
		verify     *tls.CertificateVerificationError
		record     tls.RecordHeaderError
		alert      tls.AlertError
		timeout    net.Error
	)
	// After redirects the host that failed is another than the one asked.
	if errors.As(err, &redirected) {
		if u, parseErr := url.Parse(redirected.URL); parseErr == nil && u.Host != "" {
			host = u.Hostname()
		}
		err = redirected.Err // the outer message repeats the link, query and all
	}
	e := &Error{Where: host, Err: err}
	switch {
	case errors.Is(context.Cause(ctx), errTimeout):
		e.Kind = ErrSlow
	case ctx.Err() != nil:
		return fmt.Errorf("reading %s: %w", host, context.Cause(ctx))
	case errors.Is(err, guard.ErrBlocked):
		e.Kind = ErrBlocked
	case errors.As(err, &dns):
		e.Kind = ErrDNS
	case errors.As(err, &unknownCA), errors.As(err, &wrongHost), errors.As(err, &invalid),
		errors.As(err, &verify), errors.As(err, &record), errors.As(err, &alert),
		strings.Contains(err.Error(), "tls: "), strings.Contains(err.Error(), "server gave HTTP response to HTTPS client"):
		e.Kind = ErrTLS
	case errors.As(err, &timeout) && timeout.Timeout():
		e.Kind = ErrSlow
	default:
		e.Kind = ErrUnreachable
	}
	return e
}
