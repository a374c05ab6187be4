package chat

import (
	"context"
	"crypto/rand"
	"errors"
	"strings"
)

// Sentence says to people what went wrong and what they can do. Errors bring
// their own sentence by a method of that name (those of package article and
// brief do); known is false for errors that nobody expected, which get an
// apology.
//
// This is the one place where errors become words for people.
func Sentence(err error) (sentence string, known bool) {
	var own interface{ Sentence() string }
	switch {
	case errors.As(err, &own):
		return own.Sentence(), true
	case errors.Is(err, context.DeadlineExceeded):
		return "This took too long and was stopped. Try again in a minute; if the site is slow, paste the text instead.", true
	case errors.Is(err, context.Canceled):
		return "This was stopped before the answer was ready. Please ask again.", true
	default:
		return "Something went wrong here, and it is not your doing.", false
	}
}

// Apology is the reply to an error. One that nobody expected carries a
// reference, which stands in the reply and belongs into the log.
func Apology(err error) Reply {
	sentence, known := Sentence(err)
	r := Reply{Err: err}
	if !known {
		r.Reference = strings.ToLower(rand.Text()[:8])
		r.Add(Paragraph, Say(sentence+" Please try again; if it happens again, tell whoever runs this bot the reference "), Type(r.Reference), Say("."))
		return r
	}
	r.Add(Paragraph, Say(sentence))
	return r
}
