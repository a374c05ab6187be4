package web_test

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"

	"onrecord/web"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// serve runs a server until the test ends or stop is called.
func serve(t *testing.T, s *web.Server) (address string, stop func() error) {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() { done <- s.Run(ctx) }()
	stop = sync.OnceValue(func() error { cancel(); return <-done })
	t.Cleanup(func() { _ = stop() })
	waiting, late := context.WithTimeout(t.Context(), 10*time.Second)
	defer late()
	address, err := s.Address(waiting)
	if err != nil {
		t.Fatal(err)
	}
	return address, stop
}

func client(t *testing.T) *http.Client {
	transport := &http.Transport{}
	t.Cleanup(transport.CloseIdleConnections)
	return &http.Client{Transport: transport, Timeout: 20 * time.Second}
}

func get(t *testing.T, c *http.Client, url string) (int, string) {
	t.Helper()
	resp, err := c.Get(url)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	return resp.StatusCode, string(body)
}

func TestHealth(t *testing.T) {
	s := web.New(web.Options{Address: "127.0.0.1:0"})
	address, stop := serve(t, s)
	if err := web.Health(t.Context(), address); err != nil {
		t.Error(err)
	}
	_, port, _ := net.SplitHostPort(address)
	for _, bad := range []string{"no port", "127.0.0.1:" + port + "1"} {
		if err := web.Health(t.Context(), bad); err == nil {
			t.Errorf("Health(%q) finds nothing wrong", bad)
		}
	}
	if code, body := get(t, client(t), "http://"+address+"/nothing"); code != http.StatusNotFound {
		t.Errorf("unknown path: %d %q", code, body)
	}
	if err := stop(); err != nil {
		t.Errorf("Run = %v after an end that was asked for", err)
	}
	if err := web.Health(t.Context(), address); err == nil {
		t.Error("Health finds nothing wrong with a server that has stopped")
	}
}

func TestAddressInUse(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	if err := web.New(web.Options{Address: l.Addr().String()}).Run(t.Context()); err == nil {
		t.Error("Run found nothing wrong with an address in use")
	}
}

// What is in hand is finished; what comes later is not taken on.
func TestShutdownFinishesWork(t *testing.T) {
	s := web.New(web.Options{Address: "127.0.0.1:0"})
	working, finish := make(chan struct{}), make(chan struct{})
	s.Handle("GET /slow", http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		close(working)
		<-finish
		if err := r.Context().Err(); err != nil {
			t.Errorf("the request was cancelled: %v", err)
		}
		fmt.Fprint(w, "done")
	}))
	address, stop := serve(t, s)
	answer := make(chan string, 1)
	c := client(t)
	go func() {
		resp, err := c.Get("http://" + address + "/slow")
		if err != nil {
			answer <- err.Error()
			return
		}
		defer resp.Body.Close()
		body, _ := io.ReadAll(resp.Body)
		answer <- string(body)
	}()
	<-working
	stopped := make(chan error, 1)
	go func() { stopped <- stop() }()
	// The listener closes at once.
	for deadline := time.Now().Add(10 * time.Second); ; time.Sleep(5 * time.Millisecond) {
		conn, err := net.Dial("tcp", address)
		if err != nil {
			break
		}
		conn.Close()
		if time.Now().After(deadline) {
			t.Fatal("the listener stays open")
		}
	}
	close(finish)
	if got := <-answer; got != "done" {
		t.Errorf("the request in hand got %q", got)
	}
	if err := <-stopped; err != nil {
		t.Errorf("Run = %v", err)
	}
}

func TestShutdownHasAnEnd(t *testing.T) {
	s := web.New(web.Options{Address: "127.0.0.1:0", Grace: 50 * time.Millisecond})
	working, finish := make(chan struct{}), make(chan struct{})
	s.Handle("GET /endless", http.HandlerFunc(func(http.ResponseWriter, *http.Request) {
		close(working)
		<-finish
	}))
	address, stop := serve(t, s)
	c := client(t)
	gone := make(chan struct{})
	go func() {
		defer close(gone)
		if resp, err := c.Get("http://" + address + "/endless"); err == nil {
			resp.Body.Close()
		}
	}()
	<-working
	if err := stop(); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("Run = %v, want the deadline", err)
	}
	close(finish)
	<-gone
}

func TestPanicsAndLimits(t *testing.T) {
	var log strings.Builder
	s := web.New(web.Options{Address: "127.0.0.1:0", MaxBody: 10, Log: slog.New(slog.NewTextHandler(&log, nil))})
	s.Handle("GET /panic", http.HandlerFunc(func(http.ResponseWriter, *http.Request) { panic("secret reason") }))
	s.Handle("POST /body", http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if _, err := io.ReadAll(r.Body); err != nil {
			http.Error(w, "too large", http.StatusRequestEntityTooLarge)
		}
	}))
	address, stop := serve(t, s)
	c := client(t)
	if code, body := get(t, c, "http://"+address+"/panic"); code != http.StatusInternalServerError || strings.Contains(body, "secret") {
		t.Errorf("panic: %d %q", code, body)
	}
	for body, want := range map[string]int{"small": http.StatusOK, "far too large": http.StatusRequestEntityTooLarge} {
		resp, err := c.Post("http://"+address+"/body", "text/plain", strings.NewReader(body))
		if err != nil {
			t.Fatal(err)
		}
		resp.Body.Close()
		if resp.StatusCode != want {
			t.Errorf("body %q: %d, want %d", body, resp.StatusCode, want)
		}
	}
	// Endless headers.
	conn, err := net.Dial("tcp", address)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	fmt.Fprintf(conn, "GET /healthz HTTP/1.1\r\nHost: x\r\nX-Long: %s\r\n\r\n", strings.Repeat("x", 64<<10))
	line, _ := bufio.NewReader(conn).ReadString('\n')
	if !strings.Contains(line, "431") {
		t.Errorf("64 KiB of headers: %q, want 431", line)
	}
	if err := stop(); err != nil {
		t.Error(err)
	}
	if !strings.Contains(log.String(), "secret reason") {
		t.Error("the log does not have the panic")
	}
}

// /readyz names each part, and is only well when all are.
func TestReadiness(t *testing.T) {
	parts := []web.Part{{Name: "slack", Ready: true, Text: "connected"}, {Name: "discord", Text: "connecting"}}
	for _, test := range []struct {
		name   string
		ready  func() []web.Part
		status int
		body   string
	}{
		{"nothing to wait for", nil, 200, "ready\n"},
		{"all ready", func() []web.Part { return parts[:1] }, 200, "slack: ready, connected\n"},
		{"one is not", func() []web.Part { return parts }, 503, "slack: ready, connected\ndiscord: not ready, connecting\n"},
	} {
		address, _ := serve(t, web.New(web.Options{Address: "127.0.0.1:0", Ready: test.ready}))
		if status, body := get(t, client(t), "http://"+address+"/readyz"); status != test.status || body != test.body {
			t.Errorf("%s: %d %q, want %d %q", test.name, status, body, test.status, test.body)
		}
	}
}
