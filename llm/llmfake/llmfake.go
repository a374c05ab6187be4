// Package llmfake is a language model's server for tests: it speaks OpenAI's
// chat completions and answers as a script says, however badly.
package llmfake

import (
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"time"
)

// Model is the one that the server has.
const Model = "fake-7b"

// Key is the one that it wants.
const Key = "sk-fake-secret"

// Question is what the server was asked.
type Question struct {
	Title   string   `json:"title"`
	Article string   `json:"article"`
	Summary []string `json:"summary"`
	Claims  []string `json:"claims"`
	Format  string   `json:"-"` // of the response that was asked for
}

// Script answers a question, the n-th request from 1.
type Script func(w http.ResponseWriter, r *http.Request, q Question, n int)

// Server is a running server.
type Server struct {
	URL string // with its /v1

	mu    sync.Mutex
	asked []Question
}

// New starts a server that is closed by the function that it returns.
func New(script Script) (*Server, func()) {
	s := &Server{}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /v1/models", func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("Authorization") != "Bearer "+Key {
			w.WriteHeader(http.StatusUnauthorized)
			return
		}
		_, _ = io.WriteString(w, `{"object":"list","data":[{"id":"`+Model+`","object":"model"}]}`)
	})
	mux.HandleFunc("POST /v1/chat/completions", func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("Authorization") != "Bearer "+Key {
			w.WriteHeader(http.StatusUnauthorized)
			_, _ = io.WriteString(w, `{"error":{"message":"wrong key `+r.Header.Get("Authorization")+`"}}`)
			return
		}
		var body struct {
			Messages []struct{ Content string }
			Format   struct {
				Type string `json:"type"`
			} `json:"response_format"`
		}
		var q Question
		if json.NewDecoder(io.LimitReader(r.Body, 1<<20)).Decode(&body) != nil || len(body.Messages) != 2 || json.Unmarshal([]byte(body.Messages[1].Content), &q) != nil {
			w.WriteHeader(http.StatusBadRequest)
			return
		}
		q.Format = body.Format.Type
		s.mu.Lock()
		s.asked = append(s.asked, q)
		n := len(s.asked)
		s.mu.Unlock()
		script(w, r, q, n)
	})
	server := httptest.NewServer(mux)
	s.URL = server.URL + "/v1"
	return s, func() {
		server.CloseClientConnections()
		server.Close()
	}
}

// Asked lists what the server was asked so far.
func (s *Server) Asked() []Question {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]Question(nil), s.asked...)
}

// Say is a script that words each sentence by f and completes no claim.
func Say(f func(sentence string) string) Script {
	return func(w http.ResponseWriter, _ *http.Request, q Question, _ int) {
		out := make([]string, 0, len(q.Summary))
		for _, s := range q.Summary {
			out = append(out, f(s))
		}
		Answer(w, out, q.Claims)
	}
}

// Answer writes a good answer.
func Answer(w io.Writer, summary, claims []string) {
	content, err := json.Marshal(map[string][]string{"summary": summary, "claims": claims})
	if err != nil {
		panic(err) // strings always encode
	}
	Content(w, string(content))
}

// Content writes an answer with any content.
func Content(w io.Writer, content string) {
	_ = json.NewEncoder(w).Encode(map[string]any{
		"id": "1", "object": "chat.completion", "model": Model,
		"choices": []any{map[string]any{"index": 0, "finish_reason": "stop", "message": map[string]string{"role": "assistant", "content": content}}},
	})
}

// Status is a script that refuses every request.
func Status(code int, header ...string) Script {
	return func(w http.ResponseWriter, _ *http.Request, _ Question, _ int) {
		for i := 0; i+1 < len(header); i += 2 {
			w.Header().Set(header[i], header[i+1])
		}
		w.WriteHeader(code)
		_, _ = io.WriteString(w, `{"error":{"message":"no: `+Key+`","type":"x","code":null}}`)
	}
}

// Endless is a script whose answer never ends.
func Endless(w http.ResponseWriter, r *http.Request, _ Question, _ int) {
	_, _ = io.WriteString(w, `{"choices":[{"message":{"content":"`)
	for r.Context().Err() == nil {
		if _, err := io.WriteString(w, strings.Repeat("word ", 1000)); err != nil {
			return
		}
	}
}

// Slow is a script that takes its time.
func Slow(d time.Duration) Script {
	return func(w http.ResponseWriter, r *http.Request, q Question, _ int) {
		select {
		case <-r.Context().Done():
		case <-time.After(d):
			Answer(w, q.Summary, q.Claims)
		}
	}
}
