// Package web is the one HTTP listener of the bot: health today; the platforms
// that call in, metrics, the API and the report page join it as handlers.
//
//	s := web.New(web.Options{Address: ":8080", Log: log})
//	s.Handle("POST /slack/events", slackHandler)
//	err := s.Run(ctx)
//
// Run listens until its context ends, then lets the requests in hand finish.
// Whatever is slow or endless on a caller's side is cut off by time and size.
package web

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/url"
	"runtime/debug"
	"strings"
	"sync"
	"time"
)

// Options are the settings of a Server. The zero value works.
type Options struct {
	Address string        // to listen on, host:port; "127.0.0.1:8080" if empty
	Grace   time.Duration // how long requests in hand may take after the end was asked for; 20 s if 0
	MaxBody int64         // bytes of a request body; 16 MiB if 0
	Log     *slog.Logger  // nothing is logged if nil
	// Ready says of each part whose readiness matters whether it is ready;
	// /readyz shows it. Nil means that there is none.
	Ready func() []Part
}

// Part is something that has to be ready before the bot can answer everybody.
type Part struct {
	Name  string // "slack"
	Ready bool
	Text  string // one line: "connected since 06:12", never a secret
}

// Server is the listener. Its methods may be called from any goroutine, Handle
// before Run only.
type Server struct {
	options Options
	log     *slog.Logger
	mux     *http.ServeMux

	mu       sync.Mutex
	address  net.Addr
	ready    chan struct{} // closed when address is known
	stopping bool
}

// New makes a Server. It does not listen yet.
func New(o Options) *Server {
	s := &Server{options: o, log: o.Log, mux: http.NewServeMux(), ready: make(chan struct{})}
	if s.log == nil {
		s.log = slog.New(slog.DiscardHandler)
	}
	s.mux.HandleFunc("GET /healthz", s.health)
	s.mux.HandleFunc("GET /readyz", s.readiness)
	return s
}

// Handle adds a handler, with a pattern of http.ServeMux: "POST /slack/events".
func (s *Server) Handle(pattern string, h http.Handler) { s.mux.Handle(pattern, h) }

// health says that the process is alive. It does not look at anything that may
// be down while the bot still works.
func (s *Server) health(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	w.Header().Set("Cache-Control", "no-store")
	s.mu.Lock()
	stopping := s.stopping
	s.mu.Unlock()
	if stopping {
		w.WriteHeader(http.StatusServiceUnavailable)
		_, _ = io.WriteString(w, "stopping\n")
		return
	}
	_, _ = io.WriteString(w, "ok\n")
}

// readiness says, a line each, which parts are ready, with status 503 when one
// is not or the server is about to stop.
func (s *Server) readiness(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	w.Header().Set("Cache-Control", "no-store")
	s.mu.Lock()
	ready := !s.stopping
	s.mu.Unlock()
	text := ""
	if !ready {
		text = "stopping\n"
	}
	if s.options.Ready != nil {
		for _, p := range s.options.Ready() {
			state := "ready"
			if !p.Ready {
				state, ready = "not ready", false
			}
			text += fmt.Sprintf("%s: %s, %s\n", p.Name, state, p.Text)
		}
	}
	if !ready {
		w.WriteHeader(http.StatusServiceUnavailable)
	}
	if text == "" {
		text = "ready\n"
	}
	_, _ = io.WriteString(w, text)
}

// Run listens and serves until ctx ends, and returns when every request in
// hand is finished, at the latest after the grace. Its error is nil after an
// end that was asked for.
func (s *Server) Run(ctx context.Context) error {
	address := s.options.Address
	if address == "" {
		address = "127.0.0.1:8080"
	}
	listener, err := (&net.ListenConfig{}).Listen(ctx, "tcp", address)
	if err != nil {
		return fmt.Errorf("listening on %s: %w", address, err)
	}
	s.mu.Lock()
	s.address = listener.Addr()
	s.mu.Unlock()
	close(s.ready)
	s.log.InfoContext(ctx, "listening", "address", listener.Addr().String())

	server := &http.Server{
		Handler:           s.guard(s.mux),
		ReadHeaderTimeout: 5 * time.Second,
		ReadTimeout:       30 * time.Second,
		WriteTimeout:      60 * time.Second,
		IdleTimeout:       2 * time.Minute,
		MaxHeaderBytes:    32 << 10,
		ErrorLog:          slog.NewLogLogger(s.log.Handler(), slog.LevelDebug),
		// Requests in hand outlive ctx: Shutdown waits for them.
		BaseContext: func(net.Listener) context.Context { return context.WithoutCancel(ctx) },
	}
	served := make(chan error, 1)
	go func() { served <- server.Serve(listener) }()
	select {
	case err := <-served:
		return fmt.Errorf("serving on %s: %w", address, err)
	case <-ctx.Done():
	}
	s.mu.Lock()
	s.stopping = true
	s.mu.Unlock()
	grace := s.options.Grace
	if grace == 0 {
		grace = 20 * time.Second
	}
	last, cancel := context.WithTimeout(context.WithoutCancel(ctx), grace)
	defer cancel()
	err = server.Shutdown(last)
	if err != nil {
		err = fmt.Errorf("requests were cut off after %v: %w", grace, errors.Join(err, server.Close()))
	}
	<-served //nolint:errcheck // http.ErrServerClosed: it was told to stop
	return err
}

// Address is where the server listens. It waits until that is known or ctx
// ends, which is what a test on port 0 needs.
func (s *Server) Address(ctx context.Context) (string, error) {
	select {
	case <-s.ready:
	case <-ctx.Done():
		return "", ctx.Err()
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.address.String(), nil
}

// guard bounds bodies and turns a handler's panic into a 500, with the log
// having the rest.
func (s *Server) guard(next http.Handler) http.Handler {
	limit := s.options.MaxBody
	if limit == 0 {
		limit = 16 << 20
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		defer func() {
			v := recover()
			if v == nil {
				return
			}
			if err, ok := v.(error); ok && errors.Is(err, http.ErrAbortHandler) {
				panic(v)
			}
			s.log.ErrorContext(r.Context(), "handler panicked", "path", r.URL.Path, "panic", fmt.Sprint(v), "stack", string(debug.Stack()))
			// Nothing happens here when the answer has begun already.
			http.Error(w, "something went wrong", http.StatusInternalServerError)
		}()
		w.Header().Set("X-Content-Type-Options", "nosniff")
		r.Body = http.MaxBytesReader(w, r.Body, limit)
		next.ServeHTTP(w, r)
	})
}

// Health asks the server that listens on address whether it is well, as
// "bot health" does for a container's health check. An address without a host
// (":8080", "0.0.0.0:8080") is asked on this machine.
func Health(ctx context.Context, address string) error {
	host, port, err := net.SplitHostPort(address)
	if err != nil {
		return fmt.Errorf("address %q: %w", address, err)
	}
	if ip := net.ParseIP(host); host == "" || ip != nil && ip.IsUnspecified() {
		host = "localhost"
	}
	u := url.URL{Scheme: "http", Host: net.JoinHostPort(host, port), Path: "/healthz"}
	ctx, cancel := context.WithTimeout(ctx, 3*time.Second)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, u.String(), nil)
	if err != nil {
		return err
	}
	// No proxy: the question is whether this machine's own listener is well.
	client := &http.Client{Transport: &http.Transport{Proxy: nil, DisableKeepAlives: true}}
	resp, err := client.Do(req)
	if err != nil {
		return fmt.Errorf("asking %s: %w", u.Host, err)
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(io.LimitReader(resp.Body, 1<<10))
	if err != nil {
		return fmt.Errorf("reading the answer of %s: %w", u.Host, err)
	}
	if resp.StatusCode != http.StatusOK {
		return fmt.Errorf("%s answers %s: %s", u.Host, resp.Status, strings.TrimSpace(string(body)))
	}
	return nil
}
