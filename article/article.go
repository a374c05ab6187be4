// Package article turns what people hand in, a link, a file, pasted text,
// into an [Article]: plain text with paragraphs, and what is known about where
// it comes from.
//
// A [Source] says what was handed in; [Reader.Read] reads it:
//
//	src, err := article.FromURL("https://example.com/2026/03/ferry-runs-again")
//	...
//	var r article.Reader // the zero Reader works
//	defer r.Close()
//	a, err := r.Read(ctx, src)
//
// Links, HTML, PDF, Word (.docx), Markdown and plain text come in; whatever the
// language. Plain text is never changed, only decoded to UTF-8, so that every
// offset found in it later points into the file as it lies on disk. Where the
// story itself begins, after a headline or a dateline such as "PARIS (AP) - ",
// is [Article.Body].
//
// # Hostile input
//
// Whoever talks to the bot chooses what it reads, so nothing about the input
// is believed:
//
//   - Links go to http and https on ports 80 and 443 only, carry no user
//     names, and never reach inside: each address that a name stands for is
//     checked before it is dialled and once more on the socket itself, for
//     every hop of a redirect, so neither a redirect nor a name server that
//     changes its mind leads to a private address. The operator may allow
//     networks and ports ([Reader.Networks], [Reader.Ports]).
//   - A redirect from https to http is followed: nothing secret is ever sent,
//     and the answer names the address that was read in the end.
//   - Bodies are bounded in bytes after decompression and in time, archives in
//     entries and unpacked bytes, the PDF engine in memory and time. It runs in
//     a WebAssembly sandbox that sees no file and no network.
//   - Files of the machine are never opened here. A program that lets its user
//     name a path opens it itself and hands over the bytes.
//
// Whatever cannot be used (a cookie wall, a paywall, a scan without text) is
// an [*Error] whose [Kind] callers test with errors.Is, and whose Sentence
// says to people what happened and what to do next.
package article

import "time"

// Article is the text of one article and where it comes from.
type Article struct {
	URL        string    // canonical address; that a saved page gives itself is a hint and is never fetched; empty for other files and pasted text
	Title      string    // empty when the source has none
	Byline     []string  // names of the authors
	Publisher  string    // "The Example Times"
	Published  time.Time // day of publication, midnight UTC (with the time of day when the source has it); zero when unknown
	Dateline   Dateline
	Language   string // ISO 639-1, "en"; empty when too short to tell
	Words      int    // of the body, parted by white space as wc -w counts; by UAX #29 in scripts that write without spaces
	Text       string // valid UTF-8; paragraphs parted by a blank line. Plain text stands as it came, line ends included
	Body       int    // byte offset into Text where the article begins after its headline, byline and dateline
	SHA256     string // of Text, lower-case hexadecimal
	ReadAt     time.Time
	Validators Validators // for Reader.Revalidate; empty for files and pasted text
}

// Dateline is where and by whom an agency story was written:
// "TECUN UMAN, Guatemala (AP) - ".
type Dateline struct {
	Agency string // "AP"
	Place  string // "TECUN UMAN, Guatemala"
	Date   time.Time
}

// Validators are what a server gave to ask later whether a page has changed.
type Validators struct {
	ETag         string
	LastModified string
}
