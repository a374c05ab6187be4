package article

import (
	"bytes"
	"mime"
	"unicode/utf8"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/htmlindex"
	"golang.org/x/text/encoding/unicode"
)

// decode makes UTF-8 of a text file. Valid UTF-8 stays byte for byte what it
// is, a byte order mark apart, whatever the server calls it: a wrong label is
// far more common than a text in another encoding that happens to be valid.
// Then come the byte order mark of UTF-16, the declared encoding, UTF-16
// without a mark, and at last windows-1252, in which every byte means
// something.
func decode(data []byte, contentType string) (string, error) {
	var text string
	switch {
	case bytes.HasPrefix(data, []byte("\xff\xfe")), bytes.HasPrefix(data, []byte("\xfe\xff")):
		return transcode(data, unicode.UTF16(unicode.LittleEndian, unicode.UseBOM))
	case utf8.Valid(data):
		text = string(bytes.TrimPrefix(data, []byte("\xef\xbb\xbf")))
		if order, ok := wide(data); ok {
			return transcode(data, unicode.UTF16(order, unicode.IgnoreBOM))
		}
	default:
		if _, params, err := mime.ParseMediaType(contentType); err == nil && params["charset"] != "" {
			if enc, err := htmlindex.Get(params["charset"]); err == nil && enc != unicode.UTF8 {
				return transcode(data, enc)
			}
		}
		if order, ok := wide(data); ok {
			return transcode(data, unicode.UTF16(order, unicode.IgnoreBOM))
		}
		if nearlyUTF8(data) {
			text = string(bytes.ToValidUTF8(data, []byte("\uFFFD")))
			break
		}
		return transcode(data, charmap.Windows1252)
	}
	if !readable(text) {
		return "", &Error{Kind: ErrBinary}
	}
	return text, nil
}

func transcode(data []byte, enc encoding.Encoding) (string, error) {
	out, err := enc.NewDecoder().Bytes(data)
	if err != nil {
		return "", &Error{Kind: ErrBinary, Err: err}
	}
	text := string(bytes.TrimPrefix(out, []byte("\xef\xbb\xbf")))
	if !readable(text) {
		return "", &Error{Kind: ErrBinary}
	}
	return text, nil
}

// wide recognises UTF-16 without a mark by its zero bytes, which in European
// text are nearly all on one side of each pair.
func wide(data []byte) (order unicode.Endianness, ok bool) {
	sample := data[:min(len(data), 4096)]
	var even, odd int
	for i, b := range sample {
		if b != 0 {
			continue
		}
		if i%2 == 0 {
			even++
		} else {
			odd++
		}
	}
	pairs := len(sample) / 2
	switch {
	case pairs < 8:
		return unicode.LittleEndian, false
	case odd > pairs*7/10 && even < pairs/20:
		return unicode.LittleEndian, true
	case even > pairs*7/10 && odd < pairs/20:
		return unicode.BigEndian, true
	}
	return unicode.LittleEndian, false
}

// nearlyUTF8 reports whether a few bad bytes spoil what is UTF-8 otherwise, as
// a cut in the middle of a character does: at least four good characters
// beyond ASCII for each bad byte.
func nearlyUTF8(data []byte) bool {
	var good, bad int
	for len(data) > 0 {
		c, n := utf8.DecodeRune(data)
		switch {
		case c == utf8.RuneError && n == 1:
			bad++
		case n > 1:
			good++
		}
		data = data[n:]
	}
	return good >= 4*bad
}

// readable reports whether the text is one: no NUL, and control characters,
// replacement characters and unassigned bytes the rare exception.
func readable(text string) bool {
	var odd, all int
	for _, c := range text {
		all++
		switch {
		case c == 0:
			return false
		case c == utf8.RuneError, c < ' ' && c != '\t' && c != '\n' && c != '\r' && c != '\f' && c != '\v', c >= 0x7f && c < 0xa0:
			odd++
		}
	}
	return odd*50 <= all
}
