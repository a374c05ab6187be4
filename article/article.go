// Package article turns what people hand in, a link, a file, pasted text,
// into an [Article]: plain text with paragraphs, and what is known about where
// it comes from.
//
// Input is hostile. Links never reach inside the network, bodies are bounded
// in size and time, and everything that cannot be used (a cookie wall, a
// paywall, a scan without text) is a typed error that says what to do.
package article

import "time"

// Article is the text of one article and where it comes from.
type Article struct {
	URL       string    // canonical address, empty for files and pasted text
	Title     string    // empty when the source has none
	Byline    []string  // names of the authors
	Publisher string    // "The Example Times"
	Published time.Time // day of publication, midnight UTC (with the time of day when the source has it); zero when unknown
	Dateline  Dateline
	Language  string // ISO 639-1, "en"; empty when too short to tell
	Words     int    // of the body
	Text      string // valid UTF-8; paragraphs parted by a blank line
	Body      int    // byte offset into Text where the article begins after its dateline
	SHA256    string // of Text, lower-case hexadecimal
	ReadAt    time.Time
}

// Dateline is where and by whom an agency story was written:
// "TECUN UMAN, Guatemala (AP) - ".
type Dateline struct {
	Agency string // "AP"
	Place  string // "TECUN UMAN, Guatemala"
	Date   time.Time
}
