package article

import (
	"context"
	"crypto/sha256"
	"crypto/tls"
	"encoding/hex"
	"log/slog"
	"net/netip"
	"net/url"
	"sync"
	"time"

	"onrecord/article/internal/pdf"
)

// Version changes whenever the same source may give another [Article]. It
// belongs into the key of whoever keeps articles.
const Version = "1"

const (
	defaultTimeout   = 20 * time.Second
	defaultMaxBytes  = 10 << 20
	defaultMaxText   = 1 << 20
	defaultUserAgent = "Mozilla/5.0 (compatible; OnrecordBot/1.0; article reader)"
)

// Reader reads sources. The zero Reader works; fields are set before the first
// Read and left alone from then on. It may be used by any number of
// goroutines and must not be copied.
type Reader struct {
	// Networks may be reached though they are not public, Ports are those
	// that links may name (80 and 443 when empty).
	Networks []netip.Prefix
	Ports    []int

	// Proxy is the outbound proxy (http, https or socks5), nil for none. The
	// environment is never asked. Hosts are looked up and checked here all
	// the same, so names that only the proxy can look up are not read.
	Proxy *url.URL

	Resolver  Resolver    // of host names; net.DefaultResolver when nil
	TLS       *tls.Config // for https; the system's when nil
	UserAgent string      // names the bot; there is a default

	Timeout  time.Duration // for fetching, from the look-up to the last byte; 20 s when zero
	MaxBytes int64         // of a page or file, after decompression; 10 MB when zero
	MaxText  int           // bytes of text that an article may have; 1 MB when zero

	// CacheDir is where the compiled PDF engine is kept between runs, which
	// makes the first PDF of a process fast. Empty keeps it in memory only.
	CacheDir string

	Now      func() time.Time     // time.Now when nil
	Log      *slog.Logger         // nothing is logged when nil
	Progress func(message string) // told of what may take more than a moment; may be nil

	once   sync.Once // guards client and pdfs
	client *checker
	pdfs   *pdf.Engine
}

// Resolver looks host names up. [net.Resolver] is one.
type Resolver interface {
	LookupNetIP(ctx context.Context, network, host string) ([]netip.Addr, error)
}

// Read reads the source. Its error is an [*Error] unless ctx ended first.
func (r *Reader) Read(ctx context.Context, src Source) (*Article, error) {
	if src.Link == "" {
		return r.content(ctx, src, &fetched{contentType: src.ContentType, data: src.Data})
	}
	link, err := parseLink(src.Link)
	if err != nil {
		return nil, err
	}
	r.progress("Fetching " + link.Hostname())
	got, err := r.fetch(ctx, link, Validators{})
	if err != nil {
		return nil, err
	}
	return r.content(ctx, src, got)
}

// Revalidate asks whether the article that was read from a link still stands.
// When the server says so it gives a copy of old, with ReadAt of now, for the
// price of a few bytes; else the article as it is today. The changed result
// tells the two apart; an article fetched anew with the same text has not
// changed either.
func (r *Reader) Revalidate(ctx context.Context, src Source, old *Article) (now *Article, changed bool, err error) {
	if src.Link == "" || old.Validators == (Validators{}) {
		now, err = r.Read(ctx, src)
	} else {
		now, err = r.reread(ctx, src, old)
	}
	if err != nil {
		return nil, false, err
	}
	return now, now.SHA256 != old.SHA256 || now.Title != old.Title || !now.Published.Equal(old.Published), nil
}

func (r *Reader) reread(ctx context.Context, src Source, old *Article) (*Article, error) {
	link, err := parseLink(src.Link)
	if err != nil {
		return nil, err
	}
	got, err := r.fetch(ctx, link, old.Validators)
	if err != nil {
		return nil, err
	}
	if got.unchanged {
		again := *old
		again.ReadAt = r.now()
		return &again, nil
	}
	return r.content(ctx, src, got)
}

// Close frees the PDF engine and idle connections. The Reader stays usable.
func (r *Reader) Close() error {
	r.open().transport.CloseIdleConnections()
	return r.pdfs.Close()
}

func (r *Reader) now() time.Time {
	if r.Now != nil {
		return r.Now().UTC()
	}
	return time.Now().UTC()
}

func (r *Reader) progress(message string) {
	if r.Progress != nil {
		r.Progress(message)
	}
}

func (r *Reader) log() *slog.Logger {
	if r.Log != nil {
		return r.Log
	}
	return slog.New(slog.DiscardHandler)
}

func (r *Reader) timeout() time.Duration {
	if r.Timeout > 0 {
		return r.Timeout
	}
	return defaultTimeout
}

func (r *Reader) maxBytes() int64 {
	if r.MaxBytes > 0 {
		return r.MaxBytes
	}
	return defaultMaxBytes
}

func (r *Reader) maxText() int {
	if r.MaxText > 0 {
		return r.MaxText
	}
	return defaultMaxText
}

func sum(text string) string {
	h := sha256.Sum256([]byte(text))
	return hex.EncodeToString(h[:])
}
