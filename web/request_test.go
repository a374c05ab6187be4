package web_test

import (
	"bytes"
	"io"
	"log/slog"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"

	"onrecord/web"
)

// A request has a name, which stands in the answer and in the log: its own, if
// that is fit for a log.
func TestRequestsHaveNames(t *testing.T) {
	var log bytes.Buffer
	address, _ := api(t, func(a *web.API, _ *site) { a.Log = slog.New(slog.NewJSONHandler(&log, nil)) })
	for _, c := range []struct {
		sent string
		kept bool
	}{{"edge-0.7_A", true}, {"", false}, {`x" forged="yes`, false}, {strings.Repeat("x", 65), false}} {
		log.Reset()
		req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, address+"/v1/check", strings.NewReader(`{"claim": "x"}`))
		if err != nil {
			t.Fatal(err)
		}
		req.Header.Set("Authorization", "Bearer "+secret)
		req.Header.Set("Content-Type", "application/json")
		req.Header.Set("X-Request-Id", c.sent)
		resp, err := http.DefaultClient.Do(req)
		if err != nil {
			t.Fatal(err)
		}
		_ = resp.Body.Close()
		id := resp.Header.Get("X-Request-Id")
		if len(id) < 10 || (id == c.sent) != c.kept || !strings.Contains(log.String(), `"request":"`+id+`"`) {
			t.Errorf("%q is called %q in the answer, and in the log %s", c.sent, id, log.String())
		}
	}
	http.DefaultClient.CloseIdleConnections()
}

// Who sends the header of a request a byte at a time is hung up on.
func TestSlowClientsAreHungUpOn(t *testing.T) {
	address, _ := serve(t, web.New(web.Options{Address: "localhost:0"}))
	conn, err := (&net.Dialer{}).DialContext(t.Context(), "tcp", address)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	began := time.Now()
	over := make(chan error, 1)
	go func() {
		_, err := io.Copy(io.Discard, conn)
		over <- err
	}()
	if _, err := io.WriteString(conn, "POST /v1/brief HTTP/1.1\r\nX: "); err != nil {
		t.Fatal(err)
	}
	tick := time.NewTicker(200 * time.Millisecond)
	defer tick.Stop()
	for {
		select {
		case <-over:
			return
		case <-tick.C:
			_, _ = conn.Write([]byte("x")) // it may be over already
			if time.Since(began) > 20*time.Second {
				t.Fatal("it is still listened to after 20 seconds")
			}
		}
	}
}
