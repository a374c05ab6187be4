package article

import (
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"net/url"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"go.uber.org/goleak"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

const prose = "The ferry between Port Lanner and the northern shore is to run again from Monday, its owners said on Thursday. " +
	"It had stopped in August after a fire in the engine room, which nobody was hurt in. " +
	"“We are glad that the waiting is over,” said Mara Quill, who runs the harbour café."

const more = "The fire had cost the two towns their only link in winter, when the road over the pass is closed for weeks. " +
	"A study that the county ordered in October puts the damage at 1.2 million crowns, most of it lost trade."

const webpage = `<!doctype html><html lang="en"><head><title>Ferry runs again - The Lanner Lantern</title>
<meta property="og:title" content="Ferry runs again"><meta property="og:type" content="article">
<meta property="article:published_time" content="2026-03-05T11:45:00Z">
<link rel="canonical" href="/2026/03/ferry"></head>
<body><article><h1>Ferry runs again</h1><p>` + prose + `</p><p>` + more + `</p></article></body></html>`

var now = time.Date(2026, 3, 6, 9, 0, 0, 0, time.UTC)

// local is a Reader that may read from the servers of the tests.
func local(t *testing.T, servers ...*httptest.Server) *Reader {
	t.Helper()
	r := &Reader{
		Networks: []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")},
		Timeout:  20 * time.Second,
		Now:      func() time.Time { return now },
	}
	for _, s := range servers {
		u, err := url.Parse(s.URL)
		if err != nil {
			t.Fatal(err)
		}
		port, err := strconv.Atoi(u.Port())
		if err != nil {
			t.Fatal(err)
		}
		r.Ports = append(r.Ports, port)
	}
	t.Cleanup(func() {
		if err := r.Close(); err != nil {
			t.Error(err)
		}
	})
	return r
}

func serve(t *testing.T, h http.HandlerFunc) *httptest.Server {
	t.Helper()
	s := httptest.NewServer(h)
	t.Cleanup(s.Close)
	return s
}

func link(t *testing.T, address string) Source {
	t.Helper()
	src, err := FromURL(address)
	if err != nil {
		t.Fatal(err)
	}
	return src
}

func TestReadPage(t *testing.T) {
	s := serve(t, func(w http.ResponseWriter, req *http.Request) {
		if !strings.Contains(req.UserAgent(), "Onrecord") {
			t.Errorf("User-Agent %q does not name the bot", req.UserAgent())
		}
		w.Header().Set("Content-Type", "text/html")
		w.Header().Set("ETag", `"1"`)
		io.WriteString(w, webpage)
	})
	a, err := local(t, s).Read(t.Context(), link(t, s.URL+"/story?utm_source=x#top"))
	if err != nil {
		t.Fatal(err)
	}
	if a.Title != "Ferry runs again" || a.URL != s.URL+"/2026/03/ferry" || a.Language != "en" || a.Words < 80 {
		t.Errorf("got %+v", a)
	}
	if got := a.Published.Format(time.DateOnly); got != "2026-03-05" {
		t.Errorf("published %s", got)
	}
	if !a.ReadAt.Equal(now) || a.Validators.ETag != `"1"` || len(a.SHA256) != 64 {
		t.Errorf("got %+v", a)
	}
	if strings.Count(a.Text, "\n\n") != 1 {
		t.Errorf("paragraphs lost: %q", a.Text)
	}
}

// Everything that a site can answer in place of an article.
func TestReadAnswers(t *testing.T) {
	packed := gzipped(t, []byte(webpage))
	bomb := gzipped(t, bytes.Repeat([]byte("<p>boom"), 3<<20))
	tests := []struct {
		name   string
		answer http.HandlerFunc
		want   error // nil: the page is read
	}{
		{"plain", answer(200, "text/html", webpage), nil},
		{"no type", answer(200, "application/octet-stream", webpage), nil},
		{"text", answer(200, "text/plain; charset=utf-8", prose), nil},
		{"markdown", answer(200, "text/markdown", "# Ferry runs again\n\n"+prose), nil},
		{"gzip", encoded("gzip", packed), nil},
		{"claims gzip and is not", encoded("gzip", []byte(webpage)), ErrBroken},
		{"deflate that is not", encoded("deflate", []byte{0xff, 0xff, 0xff}), ErrBroken},
		{"cut gzip", encoded("gzip", packed[:len(packed)/2]), ErrBroken},
		{"broken gzip", encoded("gzip", append([]byte{0x1f, 0x8b}, prose...)), ErrBroken},
		{"unknown packing", encoded("br", []byte("xx")), ErrStatus},
		{"gzip bomb", encoded("gzip", bomb), ErrTooLarge},
		{"11 MB", func(w http.ResponseWriter, _ *http.Request) {
			for range 11 {
				w.Write(bytes.Repeat([]byte("long "), 1<<18))
			}
		}, ErrTooLarge},
		{"announced 11 MB", func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Length", strconv.Itoa(11<<20))
			w.WriteHeader(http.StatusOK)
		}, ErrTooLarge},
		{"empty", answer(200, "text/html", " \n"), ErrEmpty},
		{"no content", answer(204, "", ""), ErrEmpty},
		{"hardly any text", answer(200, "text/plain", "Coming soon."), ErrNearEmpty},
		{"hardly a page", answer(200, "text/html", "<html><body><p>Coming soon.</p></body></html>"), ErrNearEmpty},
		{"picture", answer(200, "image/png", "\x89PNG\r\n\x1a\n"+prose), ErrType},
		{"recording", answer(200, "audio/mpeg", "ID3\x03"+prose), ErrType},
		{"json", answer(200, "application/json", `{"ferry": "runs"}`), ErrType},
		{"feed", answer(200, "application/rss+xml", `<?xml version="1.0"?><rss version="2.0"><channel/></rss>`), ErrNotArticle},
		{"junk", answer(200, "application/octet-stream", "\x00\x01\x02\x03\x04"), ErrBinary},
		{"pdf that is none", answer(200, "application/pdf", "sorry"), ErrBroken},
		{"400", answer(400, "", ""), ErrStatus},
		{"401", answer(401, "", ""), ErrLogin},
		{"402", answer(402, "", ""), ErrPaywall},
		{"403", answer(403, "", ""), ErrForbidden},
		{"404", answer(404, "text/html", webpage), ErrNotFound},
		{"410", answer(410, "", ""), ErrNotFound},
		{"429", answer(429, "", ""), ErrBusy},
		{"451", answer(451, "", ""), ErrForbidden},
		{"500", answer(500, "", ""), ErrBusy},
		{"503", answer(503, "", ""), ErrBusy},
		{"304 unasked", answer(304, "", ""), ErrStatus},
		{"302 to nowhere", answer(302, "", ""), ErrStatus},
		{"headers without end", func(w http.ResponseWriter, _ *http.Request) {
			for i := range 300 {
				w.Header().Set("X-"+strconv.Itoa(i), strings.Repeat("x", 1<<10))
			}
		}, ErrUnreachable},
		{"hangs up", func(w http.ResponseWriter, _ *http.Request) {
			conn, _, err := http.NewResponseController(w).Hijack()
			if err == nil {
				conn.Close()
			}
		}, ErrUnreachable},
	}
	mux := http.NewServeMux()
	for i, tt := range tests {
		mux.HandleFunc("/"+strconv.Itoa(i), tt.answer)
	}
	s := serve(t, mux.ServeHTTP)
	r := local(t, s)
	for i, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			a, err := r.Read(t.Context(), link(t, s.URL+"/"+strconv.Itoa(i)))
			if tt.want == nil {
				if err != nil || !strings.Contains(a.Text, "The ferry between") {
					t.Errorf("got %+v, %v", a, err)
				}
				return
			}
			checkError(t, err, tt.want)
		})
	}
}

// checkError wants an *Error of the kind, with a sentence fit for people.
func checkError(t *testing.T, err, want error) {
	t.Helper()
	if !errors.Is(err, want) {
		t.Fatalf("got %v, want %v", err, want)
	}
	var e *Error
	if !errors.As(err, &e) {
		t.Fatalf("got %T", err)
	}
	s := e.Sentence()
	if !strings.HasSuffix(s, ".") || strings.Count(s, ". ") > 0 && !strings.Contains(s, ".docx") || strings.ContainsAny(s, "\n\t") || len(s) > 200 {
		t.Errorf("not one short sentence: %q", s)
	}
}

func answer(status int, contentType, body string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		if contentType != "" {
			w.Header().Set("Content-Type", contentType)
		}
		w.WriteHeader(status)
		io.WriteString(w, body)
	}
}

func encoded(encoding string, body []byte) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Encoding", encoding)
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		w.Write(body)
	}
}

func gzipped(t *testing.T, data []byte) []byte {
	t.Helper()
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	if _, err := w.Write(data); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestRedirects(t *testing.T) {
	var asked atomic.Int32
	mux := http.NewServeMux()
	mux.HandleFunc("/hops/{n}", func(w http.ResponseWriter, req *http.Request) {
		asked.Add(1)
		n, _ := strconv.Atoi(req.PathValue("n"))
		if n == 0 {
			io.WriteString(w, webpage)
			return
		}
		http.Redirect(w, req, fmt.Sprintf("/hops/%d", n-1), http.StatusFound)
	})
	mux.HandleFunc("/loop", func(w http.ResponseWriter, req *http.Request) {
		http.Redirect(w, req, "/loop", http.StatusMovedPermanently)
	})
	mux.HandleFunc("/cookie", func(w http.ResponseWriter, req *http.Request) {
		// Sends round once, for the cookie's sake.
		if _, err := req.Cookie("seen"); err != nil {
			http.SetCookie(w, &http.Cookie{Name: "seen", Value: "1"})
			http.Redirect(w, req, "/cookie", http.StatusFound)
			return
		}
		io.WriteString(w, webpage)
	})
	to := func(target string) http.HandlerFunc {
		return func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Location", target)
			w.WriteHeader(http.StatusFound)
		}
	}
	mux.HandleFunc("/file", to("file:///etc/passwd"))
	mux.HandleFunc("/gopher", to("gopher://127.0.0.1/x"))
	mux.HandleFunc("/metadata", to("http://169.254.169.254/latest/meta-data/"))
	mux.HandleFunc("/private", to("http://10.0.0.1/"))
	mux.HandleFunc("/mapped", to("http://[::ffff:10.0.0.1]/"))
	mux.HandleFunc("/port", to("http://127.0.0.1:22/"))
	mux.HandleFunc("/user", to("http://root:secret@example.com/"))
	mux.HandleFunc("/cloud", to("https://docs.google.com/document/d/1/edit"))
	s := serve(t, mux.ServeHTTP)
	r := local(t, s)
	r.Ports = append(r.Ports, 80)
	for path, want := range map[string]error{
		"/hops/5":   nil,
		"/hops/6":   ErrRedirects,
		"/loop":     ErrRedirects,
		"/cookie":   nil,
		"/file":     ErrScheme,
		"/gopher":   ErrScheme,
		"/metadata": ErrBlocked,
		"/private":  ErrBlocked,
		"/mapped":   ErrBlocked,
		"/port":     ErrPort,
		"/user":     ErrUserInfo,
		"/cloud":    ErrCloudDocument,
	} {
		t.Run(path[1:], func(t *testing.T) {
			_, err := r.Read(t.Context(), link(t, s.URL+path))
			if want == nil {
				if err != nil {
					t.Error(err)
				}
				return
			}
			checkError(t, err, want)
			if strings.Contains(err.Error(), "secret") {
				t.Errorf("the error tells a secret: %v", err)
			}
		})
	}
}

// Without the operator's word nothing local is read, whatever it is called.
func TestBlocked(t *testing.T) {
	s := serve(t, func(w http.ResponseWriter, _ *http.Request) {
		t.Error("a private server was asked")
		io.WriteString(w, webpage)
	})
	_, port, _ := net.SplitHostPort(s.Listener.Addr().String())
	n, _ := strconv.Atoi(port)
	r := &Reader{Ports: []int{n, 80}, Resolver: names{
		"public-and-private.example": {netip.MustParseAddr("93.184.216.34"), netip.MustParseAddr("127.0.0.1")},
		"private.example":            {netip.MustParseAddr("127.0.0.1")},
		"six.example":                {netip.MustParseAddr("::ffff:127.0.0.1")},
	}}
	defer r.Close()
	for _, host := range []string{
		"127.0.0.1", "[::1]", "[::ffff:127.0.0.1]", "[::]", "0.0.0.0", "[64:ff9b::7f00:1]",
		"private.example", "public-and-private.example", "six.example",
	} {
		_, err := r.Read(t.Context(), link(t, "http://"+host+":"+port+"/"))
		checkError(t, err, ErrBlocked)
	}
	_, err := r.Read(t.Context(), link(t, "http://unknown.example/"))
	checkError(t, err, ErrDNS)
}

// names is a name server that knows these.
type names map[string][]netip.Addr

func (n names) LookupNetIP(_ context.Context, _, host string) ([]netip.Addr, error) {
	addrs, found := n[host]
	if !found {
		return nil, &net.DNSError{Err: "no such host", Name: host, IsNotFound: true}
	}
	return append([]netip.Addr(nil), addrs...), nil
}

// A name that turns private between the look-up and the next is refused.
func TestRebinding(t *testing.T) {
	s := serve(t, answer(200, "text/html", webpage))
	_, port, _ := net.SplitHostPort(s.Listener.Addr().String())
	n, _ := strconv.Atoi(port)
	r := &Reader{Ports: []int{n}, Resolver: &turncoat{}, Timeout: time.Second}
	defer r.Close()
	for range 2 {
		_, err := r.Read(t.Context(), link(t, "http://rebind.example:"+port+"/"))
		if err == nil {
			t.Fatal("a private server was read")
		}
	}
	_, err := r.Read(t.Context(), link(t, "http://rebind.example:"+port+"/"))
	checkError(t, err, ErrBlocked)
}

// turncoat gives a documentation address that an operator might allow by
// mistake first, then the loopback.
type turncoat struct{ asked atomic.Int32 }

func (t *turncoat) LookupNetIP(context.Context, string, string) ([]netip.Addr, error) {
	if t.asked.Add(1) == 1 {
		return []netip.Addr{netip.MustParseAddr("192.0.2.1")}, nil
	}
	return []netip.Addr{netip.MustParseAddr("127.0.0.1")}, nil
}

// With an outbound proxy the target is judged before the proxy hears of it.
func TestProxy(t *testing.T) {
	var asked atomic.Int32
	proxy := serve(t, func(w http.ResponseWriter, req *http.Request) {
		asked.Add(1)
		if req.URL.Host != "news.example" {
			t.Errorf("the proxy was asked for %s", req.URL)
		}
		io.WriteString(w, webpage)
	})
	u, err := url.Parse(proxy.URL)
	if err != nil {
		t.Fatal(err)
	}
	r := &Reader{Proxy: u, Resolver: names{
		"news.example":   {netip.MustParseAddr("93.184.216.34")},
		"inside.example": {netip.MustParseAddr("10.0.0.1")},
	}}
	defer r.Close()
	if _, err := r.Read(t.Context(), link(t, "http://news.example/")); err != nil {
		t.Error(err)
	}
	for _, address := range []string{"http://inside.example/", "http://127.0.0.1/", "http://169.254.169.254/"} {
		_, err := r.Read(t.Context(), link(t, address))
		checkError(t, err, ErrBlocked)
	}
	if asked.Load() != 1 {
		t.Errorf("the proxy was asked %d times", asked.Load())
	}
}

// One byte now and then keeps no one waiting for longer than Timeout.
func TestSlow(t *testing.T) {
	drip := serve(t, func(w http.ResponseWriter, req *http.Request) {
		tick := time.NewTicker(10 * time.Millisecond)
		defer tick.Stop()
		for {
			select {
			case <-tick.C:
				io.WriteString(w, "x")
				http.NewResponseController(w).Flush()
			case <-req.Context().Done():
				return
			}
		}
	})
	r := local(t, drip)
	r.Timeout = 150 * time.Millisecond
	_, err := r.Read(t.Context(), link(t, drip.URL))
	checkError(t, err, ErrSlow)

	silent := serve(t, func(_ http.ResponseWriter, req *http.Request) { <-req.Context().Done() })
	r = local(t, silent)
	r.Timeout = 150 * time.Millisecond
	_, err = r.Read(t.Context(), link(t, silent.URL))
	checkError(t, err, ErrSlow)

	// When the caller gives up it is told so, not that the site is slow.
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	r = local(t, silent)
	if _, err = r.Read(ctx, link(t, silent.URL)); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("got %v", err)
	}
}

func TestTLS(t *testing.T) {
	s := httptest.NewTLSServer(answer(200, "text/html", webpage))
	s.Config.ErrorLog = nil
	t.Cleanup(s.Close)
	r := local(t, s)
	_, err := r.Read(t.Context(), link(t, s.URL))
	checkError(t, err, ErrTLS)

	bare := serve(t, answer(200, "text/html", webpage))
	r = local(t, bare)
	_, err = r.Read(t.Context(), link(t, strings.Replace(bare.URL, "http:", "https:", 1)))
	checkError(t, err, ErrTLS)

	r = local(t, s)
	r.TLS = s.Client().Transport.(*http.Transport).TLSClientConfig
	if _, err := r.Read(t.Context(), link(t, s.URL)); err != nil {
		t.Error(err)
	}
}

func TestUnreachable(t *testing.T) {
	s := httptest.NewServer(nil)
	r := local(t, s)
	s.Close()
	_, err := r.Read(t.Context(), link(t, s.URL))
	checkError(t, err, ErrUnreachable)
}

func TestRevalidate(t *testing.T) {
	var version atomic.Int32
	s := serve(t, func(w http.ResponseWriter, req *http.Request) {
		tag := fmt.Sprintf(`"v%d"`, version.Load())
		w.Header().Set("ETag", tag)
		if req.Header.Get("If-None-Match") == tag {
			w.WriteHeader(http.StatusNotModified)
			return
		}
		io.WriteString(w, strings.Replace(webpage, "Monday", "day "+tag, 1))
	})
	r := local(t, s)
	src := link(t, s.URL)
	old, err := r.Read(t.Context(), src)
	if err != nil {
		t.Fatal(err)
	}
	later := now.Add(time.Hour)
	r.Now = func() time.Time { return later }
	again, changed, err := r.Revalidate(t.Context(), src, old)
	if err != nil || changed || !again.ReadAt.Equal(later) {
		t.Errorf("unchanged: %v %v %v", again, changed, err)
	}
	again.ReadAt = old.ReadAt
	if d := cmp.Diff(again, old); d != "" {
		t.Error(d)
	}
	version.Add(1)
	again, changed, err = r.Revalidate(t.Context(), src, old)
	if err != nil || !changed || again.SHA256 == old.SHA256 {
		t.Errorf("changed: %v %v %v", again, changed, err)
	}
}

func TestFromURL(t *testing.T) {
	for in, want := range map[string]string{
		"https://example.com/a":                          "https://example.com/a",
		" <https://example.com/a#x> ":                    "https://example.com/a",
		"example.com/a":                                  "https://example.com/a",
		"//example.com/a":                                "https://example.com/a",
		"example.com:8080/a":                             "https://example.com:8080/a",
		"HTTP://Example.com/a?b=c":                       "http://Example.com/a?b=c",
		"https://docs.google.com/document/d/e/2PACX/pub": "https://docs.google.com/document/d/e/2PACX/pub",
		"http://wiki/page":                               "http://wiki/page",
	} {
		src, err := FromURL(in)
		if err != nil || src.Link != want {
			t.Errorf("FromURL(%q) = %q, %v", in, src.Link, err)
		}
	}
	for in, want := range map[string]error{
		"":                               ErrBadLink,
		"ferry":                          ErrBadLink,
		"two words.":                     ErrBadLink,
		"https://":                       ErrBadLink,
		"http://exa mple.com":            ErrBadLink,
		"https://[::1":                   ErrBadLink,
		strings.Repeat("a.", 8<<10):      ErrBadLink,
		"file:///etc/passwd":             ErrScheme,
		"ftp://example.com/x":            ErrScheme,
		"javascript:alert(1)":            ErrScheme,
		"data:text/html,x":               ErrScheme,
		"mailto:a@example.com":           ErrScheme,
		"https://me@example.com/":        ErrUserInfo,
		"https://me:secret@example.com/": ErrUserInfo,
		"https://docs.google.com/document/d/1/edit": ErrCloudDocument,
		"https://drive.google.com/file/d/1/view":    ErrCloudDocument,
		"https://acme.sharepoint.com/x.docx":        ErrCloudDocument,
		"https://1drv.ms/w/x":                       ErrCloudDocument,
		"https://www.dropbox.com/s/x/story.docx":    ErrCloudDocument,
		"https://www.youtube.com/watch?v=1":         ErrVideo,
		"https://youtu.be/1":                        ErrVideo,
		"https://x.com/someone/status/1":            ErrSocial,
	} {
		_, err := FromURL(in)
		checkError(t, err, want)
		if strings.Contains(err.Error(), "secret") {
			t.Errorf("the error tells a secret: %v", err)
		}
	}
}
