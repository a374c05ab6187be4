package article

import (
	"archive/zip"
	"bytes"
	"mime"
	"net/http"
	"path"
	"strings"
)

// kind is how bytes are to be read.
type kind int

const (
	plain kind = iota
	html
	marked // Markdown
	portable
	word
)

// sniff decides how to read what came. What the bytes begin with goes before
// what the server or the file name say, where the two cannot both be right.
func sniff(got *fetched, name string) (kind, error) {
	data := got.data
	if len(bytes.TrimSpace(data)) == 0 {
		return plain, &Error{Kind: ErrEmpty}
	}
	if got.url != nil && name == "" {
		name = path.Base(got.url.Path)
	}
	ext := strings.ToLower(path.Ext(name))
	media, _, err := mime.ParseMediaType(got.contentType)
	if err != nil {
		media, _, _ = strings.Cut(got.contentType, ";")
		media = strings.ToLower(strings.TrimSpace(media))
	}

	if bytes.Contains(data[:min(len(data), 1024)], []byte("%PDF-")) {
		return portable, nil
	}
	if bytes.HasPrefix(data, []byte("PK\x03\x04")) {
		return zipped(data, ext, media)
	}
	if what, kind := foreign(data); kind != "" {
		return plain, &Error{Kind: kind, What: what}
	}

	switch {
	case media == "text/html", media == "application/xhtml+xml":
		return html, nil
	case ext == ".html", ext == ".htm", ext == ".xhtml":
		return html, nil
	case media == "text/markdown", media == "text/x-markdown", ext == ".md", ext == ".markdown":
		return marked, nil
	case ext == ".pdf", media == "application/pdf":
		return plain, &Error{Kind: ErrBroken, What: "PDF file"}
	case ext == ".docx", media == mediaDOCX:
		return plain, &Error{Kind: ErrBroken, What: "Word file"}
	case ext == ".txt", ext == ".text":
		return plain, nil
	case isFeed(data):
		return plain, &Error{Kind: ErrNotArticle, What: "feed"}
	case media == "application/json", strings.HasSuffix(media, "+json"), ext == ".json":
		return plain, &Error{Kind: ErrType, What: "JSON data"}
	case looksLikeHTML(data):
		return html, nil
	case media == "text/plain", media == "", strings.HasPrefix(media, "text/"), media == "application/octet-stream":
		return plain, nil
	}
	// An unknown type may be text all the same; decode tells.
	return plain, nil
}

const mediaDOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"

// foreign names the formats that people hand in often and that are no text.
func foreign(data []byte) (what string, kind Kind) {
	switch {
	case bytes.HasPrefix(data, []byte("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")):
		// A compound file: an old Word document, or an encrypted new one.
		if bytes.Contains(data, utf16("EncryptedPackage")) {
			return "Word file", ErrEncrypted
		}
		return "This old Office format", ErrType
	case bytes.HasPrefix(data, []byte(`{\rtf`)):
		return "RTF", ErrType
	}
	media := http.DetectContentType(data)
	switch group, _, _ := strings.Cut(media, "/"); {
	case group == "image":
		return "A picture", ErrType
	case group == "audio", group == "video", media == "application/ogg":
		return "A recording", ErrType
	case media == "application/x-gzip", media == "application/x-rar-compressed", media == "application/zip":
		return "An archive", ErrType
	case group == "font", media == "application/wasm", media == "application/vnd.ms-fontobject":
		return "", ErrBinary
	}
	return "", ""
}

// zipped tells a Word document from all that is packed the same way.
func zipped(data []byte, ext, media string) (kind, error) {
	archive, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		if ext == ".docx" || media == mediaDOCX {
			return plain, &Error{Kind: ErrBroken, What: "Word file", Err: err}
		}
		return plain, &Error{Kind: ErrBroken, What: "archive", Err: err}
	}
	for _, f := range archive.File {
		switch {
		case f.Name == "word/document.xml":
			return word, nil
		case strings.HasPrefix(f.Name, "xl/"):
			return plain, &Error{Kind: ErrType, What: "A spreadsheet"}
		case strings.HasPrefix(f.Name, "ppt/"):
			return plain, &Error{Kind: ErrType, What: "A presentation"}
		case f.Name == "content.xml":
			return plain, &Error{Kind: ErrType, What: "An OpenDocument file"}
		case f.Name == "META-INF/container.xml":
			return plain, &Error{Kind: ErrType, What: "An e-book"}
		}
	}
	if ext == ".docx" || media == mediaDOCX {
		// The main part may have another name, which the package tells.
		return word, nil
	}
	return plain, &Error{Kind: ErrType, What: "An archive"}
}

// looksLikeHTML is stricter than http.DetectContentType, which takes a text
// that opens with "<b>" or "<p>" for a page.
func looksLikeHTML(data []byte) bool {
	start := bytes.ToLower(bytes.TrimLeft(bytes.TrimPrefix(data[:min(len(data), 1024)], []byte("\xef\xbb\xbf")), " \t\r\n\f"))
	for bytes.HasPrefix(start, []byte("<!--")) {
		_, rest, found := bytes.Cut(start, []byte("-->"))
		if !found {
			return true
		}
		start = bytes.TrimLeft(rest, " \t\r\n\f")
	}
	for _, tag := range []string{"<!doctype html", "<html", "<head", "<body"} {
		if bytes.HasPrefix(start, []byte(tag)) {
			return true
		}
	}
	return bytes.HasPrefix(start, []byte("<?xml")) && bytes.Contains(start, []byte("<html"))
}

func isFeed(data []byte) bool {
	start := data[:min(len(data), 1024)]
	return bytes.Contains(start, []byte("<rss")) || bytes.Contains(start, []byte("<rdf:RDF")) ||
		bytes.HasPrefix(bytes.TrimSpace(start), []byte("<?xml")) && bytes.Contains(start, []byte("<feed"))
}

func utf16(s string) []byte {
	var b []byte
	for _, c := range []byte(s) {
		b = append(b, c, 0)
	}
	return b
}
