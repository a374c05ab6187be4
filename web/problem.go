package web

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"time"

	"onrecord/article"
	"onrecord/brief"
	"onrecord/chat"
)

// problem is an error as programs get it (RFC 9457).
type problem struct {
	Title     string `json:"title"`
	Status    int    `json:"status"`
	Detail    string `json:"detail"`              // one sentence for people
	Kind      string `json:"kind,omitempty"`      // why an article cannot be used: the words of package article
	Reference string `json:"reference,omitempty"` // stands in the log with the rest

	after time.Duration // when to ask again
}

// Error makes a problem an error.
func (p problem) Error() string { return strconv.Itoa(p.Status) + " " + p.Detail }

func (p problem) write(w http.ResponseWriter) {
	p.Title = http.StatusText(p.Status)
	w.Header().Set("Content-Type", "application/problem+json")
	if p.after > 0 {
		w.Header().Set("Retry-After", fmt.Sprintf("%.0f", max(p.after.Seconds(), 1)))
	}
	w.WriteHeader(p.Status)
	// What is in it is plain strings, and whoever hung up needs none of them.
	_ = json.NewEncoder(w).Encode(p)
}

// problemOf turns an error into a problem. Its sentence is the one that chat
// shows.
func problemOf(err error) problem {
	var own problem
	if errors.As(err, &own) {
		return own
	}
	sentence, known := chat.Sentence(err)
	p := problem{Status: http.StatusInternalServerError, Detail: sentence}
	var limited *chat.LimitError
	var unreadable *article.Error
	var language *brief.LanguageError
	switch {
	case errors.As(err, &limited):
		p.Status, p.after = http.StatusTooManyRequests, limited.Left
		p.Detail = fmt.Sprintf("That is more than %d requests in a minute, which is what a token may make.", limited.Limit)
	case errors.As(err, &unreadable):
		p.Kind, p.Status = string(unreadable.Kind), http.StatusUnprocessableEntity
		switch unreadable.Kind {
		case article.ErrBadLink, article.ErrScheme, article.ErrPort, article.ErrUserInfo:
			p.Status = http.StatusBadRequest
		case article.ErrEngine:
			p.Status, p.after = http.StatusServiceUnavailable, time.Minute
		case article.ErrTooLarge:
			p.Status = http.StatusRequestEntityTooLarge
		}
	case errors.As(err, &language):
		p.Kind, p.Status = "language", http.StatusUnprocessableEntity
	case errors.Is(err, context.DeadlineExceeded):
		p.Status = http.StatusGatewayTimeout
	case errors.Is(err, context.Canceled):
		p.Status = http.StatusServiceUnavailable
	case known:
		p.Status = http.StatusServiceUnavailable // nothing is loaded to look into
	default:
		p.Reference = chat.Apology(err).Reference
	}
	return p
}
