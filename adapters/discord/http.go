package discord

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"strconv"
	"time"

	"github.com/bwmarrin/discordgo"
)

// maxSkew is how far a request's time may be from ours, either way.
const maxSkew = 5 * time.Minute

// Handlers are what the web server has to serve, by pattern: one with ModeHTTP,
// none otherwise.
func (p *Platform) Handlers() map[string]http.Handler {
	if p.o.Mode != ModeHTTP {
		return map[string]http.Handler{}
	}
	return map[string]http.Handler{"POST /discord/interactions": http.HandlerFunc(p.interactions)}
}

// interactions serves signed requests. Discord sends bad ones on purpose and
// takes the address away from those who accept them.
func (p *Platform) interactions(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxInteraction))
	if err != nil {
		var long *http.MaxBytesError
		if errors.As(err, &long) {
			http.Error(w, "too large", http.StatusRequestEntityTooLarge)
			return
		}
		http.Error(w, "not read", http.StatusBadRequest)
		return
	}
	// discordgo reads the body and looks at no time: the first is done already,
	// the second is done here.
	r.Body = io.NopCloser(bytes.NewReader(body))
	at, err := strconv.ParseInt(r.Header.Get("X-Signature-Timestamp"), 10, 64)
	if skew := time.Since(time.Unix(at, 0)); err != nil || skew > maxSkew || skew < -maxSkew || !discordgo.VerifyInteraction(r, p.key) {
		http.Error(w, "invalid request signature", http.StatusUnauthorized)
		return
	}
	in, err := parseInteraction(body)
	if err != nil {
		http.Error(w, "not an interaction", http.StatusBadRequest)
		return
	}
	defer p.acked(in.ID)
	var answer []byte
	p.guarded(r.Context(), func() { answer, err = json.Marshal(p.receive(r.Context(), in)) })
	if err != nil || answer == nil {
		http.Error(w, "", http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Content-Length", strconv.Itoa(len(answer)))
	_, _ = w.Write(answer)
	if f, ok := w.(http.Flusher); ok {
		f.Flush() // before the worker, who waits for acked, edits the answer
	}
}
