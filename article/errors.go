package article

import (
	"strings"
	"time"
)

// Kind says why a source could not be read. It is an error itself, so that
//
//	errors.Is(err, article.ErrPaywall)
//
// asks for one.
type Kind string

// Why a source could not be read.
const (
	// The link.
	ErrBadLink       Kind = "not a web address"
	ErrScheme        Kind = "scheme not allowed"
	ErrPort          Kind = "port not allowed"
	ErrUserInfo      Kind = "user name in the address"
	ErrBlocked       Kind = "address inside a private network"
	ErrCloudDocument Kind = "document in cloud storage"
	ErrVideo         Kind = "video page"
	ErrSocial        Kind = "post on a social network"

	// The way there.
	ErrDNS         Kind = "host not found"
	ErrTLS         Kind = "no secure connection"
	ErrUnreachable Kind = "host not reachable"
	ErrSlow        Kind = "too slow"
	ErrRedirects   Kind = "too many redirects"

	// What the site answered.
	ErrNotFound  Kind = "page not found"
	ErrForbidden Kind = "access refused"
	ErrBusy      Kind = "site busy"
	ErrStatus    Kind = "unexpected answer"

	// What the page is.
	ErrPaywall    Kind = "paywall"
	ErrCookieWall Kind = "cookie wall"
	ErrLogin      Kind = "login page"
	ErrScript     Kind = "page drawn by a script"
	ErrNotArticle Kind = "not an article"

	// What the content is.
	ErrEmpty     Kind = "empty"
	ErrNearEmpty Kind = "hardly any text"
	ErrTooLarge  Kind = "too large"
	ErrTooLong   Kind = "text too long"
	ErrBinary    Kind = "not text"
	ErrType      Kind = "type not supported"
	ErrScan      Kind = "scan without text"
	ErrEncrypted Kind = "encrypted"
	ErrBroken    Kind = "damaged"
	ErrEngine    Kind = "PDF engine not available"
)

// Error makes a Kind an error to compare with.
func (k Kind) Error() string { return string(k) }

// Error is why a source could not be read.
type Error struct {
	Kind  Kind
	Where string        // host, scheme, port or file name that it is about; may be empty
	What  string        // what was found instead: "PDF", "JPEG image", "HTTP 500"; may be empty
	Err   error         // the cause, for the log; may be nil
	After time.Duration // how long the site asks to be left alone; 0 when it does not
}

// Error says for the log what happened.
func (e *Error) Error() string {
	var b strings.Builder
	b.WriteString("reading")
	if e.Where != "" {
		b.WriteString(" " + e.Where)
	}
	b.WriteString(": " + string(e.Kind))
	if e.What != "" {
		b.WriteString(" (" + e.What + ")")
	}
	if e.Err != nil {
		b.WriteString(": " + e.Err.Error())
	}
	return b.String()
}

// Unwrap gives the cause.
func (e *Error) Unwrap() error { return e.Err }

// Is reports whether target is the error's Kind.
func (e *Error) Is(target error) bool {
	kind, ok := target.(Kind)
	return ok && kind == e.Kind
}

// Temporary reports whether the same source may well be readable a little
// later, without anybody doing anything.
func (e *Error) Temporary() bool {
	switch e.Kind {
	case ErrBusy, ErrSlow, ErrUnreachable, ErrDNS, ErrEngine:
		return true
	}
	return false
}

// Sentence says to people, in one plain-text sentence, what happened and what
// they can do. Where and What may stem from strangers: surfaces with markup
// escape the sentence as they do all text.
func (e *Error) Sentence() string {
	site := e.Where
	if site == "" {
		site = "The site"
	}
	file := e.Where
	if file == "" {
		file = "This"
	}
	what := func(fallback string) string {
		if e.What != "" {
			return e.What
		}
		return fallback
	}
	switch e.Kind {
	case ErrBadLink:
		return "That is not a complete web address: paste the whole link, beginning with https://, or paste the text."
	case ErrScheme:
		return "Only http and https links can be read: paste the text or drop a file instead."
	case ErrPort:
		return "Links to this port are not allowed here: use the site's normal address, paste the text or drop a file."
	case ErrUserInfo:
		return "Links with a user name or password in them are not read: take that part out, paste the text or drop a file."
	case ErrBlocked:
		return site + " is an address inside a private network, which is never read: paste the text or drop a file."
	case ErrCloudDocument:
		return "Documents behind " + site + " cannot be opened from here: export the document as .docx and drop it here, or paste its text."
	case ErrVideo:
		return "That link leads to a video, not to an article: paste a transcript, or link a story about it."
	case ErrSocial:
		return site + " shows posts to its own members only: paste the text of the post."
	case ErrDNS:
		return "There is no site named " + site + ", or it cannot be looked up right now: check the link, or paste the text."
	case ErrTLS:
		return "No secure connection to " + site + " was possible: check the link, paste the text or drop a file."
	case ErrUnreachable:
		return site + " could not be reached: try again later, paste the text or drop a file."
	case ErrSlow:
		return site + " takes too long: try again later, paste the text or drop a file."
	case ErrRedirects:
		return site + " sends its visitors round in circles: open the page in a browser and paste its text."
	case ErrNotFound:
		return "The page is not there (any more): check the link, or paste the text."
	case ErrForbidden:
		return site + " does not let the bot read this page: open it in a browser and paste its text."
	case ErrBusy:
		return site + " is busy or out of order" + bracketed(e.What) + ": try again later, or paste the text."
	case ErrStatus:
		return site + " gave an answer that makes no sense" + bracketed(e.What) + ": check the link, or paste the text."
	case ErrPaywall:
		return "Only the beginning of this article is free to read, the rest is behind a paywall: paste the text or drop a file."
	case ErrCookieWall:
		return site + " shows a consent page instead of the article: open it in a browser and paste its text."
	case ErrLogin:
		return site + " asks for a login before it shows this page: open it in a browser and paste its text."
	case ErrScript:
		return site + " shows nothing without a browser: open the page in one and paste its text."
	case ErrNotArticle:
		return "There is no single article on this page: link the article itself, or paste its text."
	case ErrEmpty:
		return file + " is empty: paste the text of the article or drop another file."
	case ErrNearEmpty:
		return "There is hardly any text here" + bracketed(e.What) + ": paste the whole text of the article."
	case ErrTooLarge:
		return file + " is too large" + bracketed(e.What) + ": paste the part that matters or drop a smaller file."
	case ErrTooLong:
		return "The text is longer than an article can be" + bracketed(e.What) + ": paste the part that matters."
	case ErrBinary:
		return file + " is not text: paste the text, or drop a .txt, .md, .html, .pdf or .docx file."
	case ErrType:
		return what("This kind of file") + " cannot be read: paste the text, or drop a .txt, .md, .html, .pdf or .docx file."
	case ErrScan:
		return "This PDF holds pictures of pages and no text: run text recognition (OCR) on it first, or paste the text."
	case ErrEncrypted:
		return "This " + what("file") + " is protected by a password: save a copy without one and drop that, or paste the text."
	case ErrBroken:
		return "This " + what("file") + " is damaged and cannot be read: save it again and drop the new copy, or paste the text."
	case ErrEngine:
		return "PDF files cannot be read right now: paste the text, or drop a .docx or .txt file."
	}
	return "This could not be read: paste the text or drop a file."
}

func bracketed(s string) string {
	if s == "" {
		return ""
	}
	return " (" + s + ")"
}
