package page

import (
	"bytes"
	"strings"
	"unicode/utf8"

	"golang.org/x/net/html/charset"
	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/unicode"
)

// Bounds on what is read. A page over them is read up to the bound.
const (
	maxBytes = 12 << 20 // of a page
	maxTags  = 150_000  // '<' signs; the largest of 713 news pages has 19,000
)

// decode gives the page as UTF-8. Bytes that are valid UTF-8 are taken as that
// whatever the page declares: charset.DetermineEncoding looks at the first 1,024
// bytes only, and reads many UTF-8 pages as windows-1252.
func decode(raw []byte, contentType string) (string, error) {
	if len(raw) > maxBytes {
		end := maxBytes
		for end > maxBytes-utf8.UTFMax && !utf8.RuneStart(raw[end]) {
			end--
		}
		raw = raw[:end]
	}
	var dec encoding.Encoding
	switch {
	case bytes.HasPrefix(raw, []byte("\xef\xbb\xbf")):
		raw = raw[3:]
	case bytes.HasPrefix(raw, []byte("\xff\xfe")):
		dec = unicode.UTF16(unicode.LittleEndian, unicode.UseBOM)
	case bytes.HasPrefix(raw, []byte("\xfe\xff")):
		dec = unicode.UTF16(unicode.BigEndian, unicode.UseBOM)
	}
	if dec == nil && binary(raw) {
		return "", ErrNotHTML
	}
	if dec == nil && bytes.Contains(raw, []byte("\x1b$")) && strings.EqualFold(declaredCharset(raw), "iso-2022-jp") {
		dec, _ = charset.Lookup("iso-2022-jp") // seven bits, so it passes for UTF-8
	}
	if dec == nil && !mostlyUTF8(raw) {
		dec, _, _ = charset.DetermineEncoding(head(raw), contentType)
		if name := declaredCharset(raw); name != "" && !strings.Contains(strings.ToLower(contentType), "charset") {
			if e, _ := charset.Lookup(name); e != nil {
				dec = e
			}
		}
		if dec == unicode.UTF8 || dec == encoding.Replacement {
			dec = nil
		}
	}
	if dec != nil {
		if out, err := dec.NewDecoder().Bytes(raw); err == nil {
			raw = out
		}
	}
	raw = cutTags(raw)
	text := strings.ToValidUTF8(string(raw), "\uFFFD")
	if strings.IndexByte(text, 0) >= 0 {
		text = strings.ReplaceAll(text, "\x00", "")
	}
	return unscramble(text), nil
}

// unscramble mends text that was UTF-8, was read as Latin-1 and saved as UTF-8
// again, so that an apostrophe is "â" and two control characters that no text
// has. Nothing is touched unless such controls are there.
func unscramble(text string) string {
	const evidence = 3
	if strings.Count(text, "\u00e2\u0080") < evidence {
		return text
	}
	var b strings.Builder
	b.Grow(len(text))
	var run []byte
	for i := 0; i < len(text); {
		if text[i] < utf8.RuneSelf {
			b.WriteByte(text[i])
			i++
			continue
		}
		start := i
		run = run[:0]
		for i < len(text) {
			r, size := utf8.DecodeRuneInString(text[i:])
			if r < 0x80 || r > 0xff {
				break
			}
			run = append(run, byte(r))
			i += size
		}
		switch {
		case len(run) > 1 && utf8.Valid(run):
			b.Write(run)
		case len(run) > 0:
			b.WriteString(text[start:i])
		default:
			_, size := utf8.DecodeRuneInString(text[i:])
			b.WriteString(text[i : i+size])
			i += size
		}
	}
	return b.String()
}

// cutTags ends the page at its maxTags-th tag.
func cutTags(raw []byte) []byte {
	if bytes.Count(raw, []byte{'<'}) <= maxTags {
		return raw
	}
	at := 0
	for range maxTags {
		i := bytes.IndexByte(raw[at:], '<')
		at += i + 1
	}
	return raw[:at-1]
}

func head(raw []byte) []byte { return raw[:min(len(raw), 1024)] }

// binary says whether the head of the page is no text in any encoding: NUL and
// other control bytes that no page has.
func binary(raw []byte) bool {
	h := raw[:min(len(raw), 4096)]
	control := 0
	for _, b := range h {
		if b < 0x20 && b != '\t' && b != '\n' && b != '\r' && b != '\f' && b != 0x1b {
			control++
		}
	}
	return control*20 > len(h)
}

// mostlyUTF8 says whether the bytes are UTF-8, but for a few broken places as
// pages that were put together from several sources have them.
func mostlyUTF8(raw []byte) bool {
	if utf8.Valid(raw) {
		return true
	}
	bad, multi := 0, 0
	for i := 0; i < len(raw); {
		if raw[i] < utf8.RuneSelf {
			i++
			continue
		}
		r, n := utf8.DecodeRune(raw[i:])
		if r == utf8.RuneError && n == 1 {
			bad++
		} else {
			multi++
		}
		i += n
	}
	return bad*20 < multi
}

// declaredCharset gives the character set named by a meta tag in the first 64 KB.
func declaredCharset(raw []byte) string {
	h := bytes.ToLower(raw[:min(len(raw), 64<<10)])
	for {
		i := bytes.Index(h, []byte("<meta"))
		if i < 0 {
			return ""
		}
		h = h[i+5:]
		tag, _, ok := bytes.Cut(h, []byte{'>'})
		if !ok {
			return ""
		}
		if _, after, ok := bytes.Cut(tag, []byte("charset=")); ok {
			name := bytes.TrimLeft(after, `"' `)
			if e := bytes.IndexAny(name, `"' ;/`); e >= 0 {
				name = name[:e]
			}
			return string(name)
		}
	}
}
