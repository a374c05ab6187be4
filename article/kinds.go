package article

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"time"

	"onrecord/article/internal/docx"
	"onrecord/article/internal/markdown"
	"onrecord/article/internal/page"
	"onrecord/article/internal/pdf"
)

// html reads a web page.
func (r *Reader) html(a *Article, got *fetched) error {
	p, err := page.Extract(got.data, got.contentType, got.url)
	if err != nil {
		return &Error{Kind: ErrBinary, Err: err}
	}
	if err := judge(&p); err != nil {
		return err
	}
	a.Title, a.Byline, a.Publisher = p.Title, p.Byline, p.Publisher
	a.Published, a.Language, a.Text = p.Published, p.Language, p.Text
	if p.Canonical != "" {
		a.URL = p.Canonical
	}
	return nil
}

// Words below which a page that shows a wall, or says that it is something
// else than an article, is taken at its word. With more, the article is there
// all the same: many pages carry a consent dialogue in their source that lies
// over the text, and a video beside it.
const (
	wallWords  = 120
	indexWords = 150
)

// judge refuses pages that hold no article to work with.
func judge(p *page.Page) error {
	words := countWords(p.Text)
	if words < wallWords {
		switch p.Wall {
		case page.WallCookie:
			return &Error{Kind: ErrCookieWall}
		case page.WallLogin:
			if p.Paywalled {
				return &Error{Kind: ErrPaywall}
			}
			return &Error{Kind: ErrLogin}
		case page.WallRobot:
			return &Error{Kind: ErrForbidden}
		case page.WallScript:
			return &Error{Kind: ErrScript}
		}
		if p.Paywalled {
			return &Error{Kind: ErrPaywall}
		}
	}
	switch p.Kind {
	case page.KindVideo:
		if words < fewWords*2 {
			return &Error{Kind: ErrVideo}
		}
	case page.KindIndex, page.KindProfile, page.KindProduct:
		if words < indexWords || p.LinkShare > .6 {
			return &Error{Kind: ErrNotArticle}
		}
	case page.KindUnknown:
		if words < fewWords && p.LinkShare > .5 {
			return &Error{Kind: ErrNotArticle}
		}
	}
	if words == 0 {
		return &Error{Kind: ErrNearEmpty, What: plural(0, "word")}
	}
	return nil
}

// pdf reads a PDF file.
func (r *Reader) pdf(ctx context.Context, a *Article, data []byte) error {
	r.open()
	doc, err := r.pdfs.Read(ctx, data, func() {
		r.progress("Starting the PDF reader (some seconds, the first time)")
	})
	switch {
	case err == nil:
	case errors.Is(err, pdf.ErrEncrypted):
		return &Error{Kind: ErrEncrypted, What: "PDF file", Err: err}
	case errors.Is(err, pdf.ErrSlow):
		return &Error{Kind: ErrBroken, What: "PDF file", Err: err}
	case errors.Is(err, pdf.ErrEngine):
		r.log().ErrorContext(ctx, "PDF engine failed to start", slog.Any("error", err))
		return &Error{Kind: ErrEngine, Err: err}
	case errors.Is(err, pdf.ErrBroken):
		return &Error{Kind: ErrBroken, What: "PDF file", Err: err}
	default:
		return fmt.Errorf("reading PDF: %w", err)
	}
	// A scan may carry a stamp or a page number. Fonts without meaning give
	// marks without meaning, which is no text either.
	letters, unknown := doc.Letters()
	if letters < 20*len(doc.Pages) && letters < 1000 && letters < 200 || unknown > letters {
		return &Error{Kind: ErrScan}
	}
	if doc.Cut {
		return &Error{Kind: ErrTooLong, What: "more than 200 pages"}
	}
	a.Text = doc.Text()
	a.Title = doc.Headline()
	a.Byline = doc.Authors()
	a.Published = r.sane(doc.Created)
	return nil
}

// docx reads a Word document.
func (r *Reader) docx(a *Article, data []byte) error {
	doc, err := docx.Read(data, 4*r.maxBytes())
	switch {
	case errors.Is(err, docx.ErrTooLarge):
		return &Error{Kind: ErrTooLarge, What: "unpacked", Err: err}
	case err != nil:
		return &Error{Kind: ErrBroken, What: "Word file", Err: err}
	}
	a.Text, a.Title = doc.Text, doc.Title
	a.Published = r.sane(doc.Created)
	return nil
}

// sane gives a date that a program wrote into a file, unless it cannot be true.
func (r *Reader) sane(t time.Time) time.Time {
	if t.Year() < 1990 || t.After(r.now().Add(24*time.Hour)) {
		return time.Time{}
	}
	return t
}

// markdown reads a Markdown file.
func (r *Reader) markdown(a *Article, got *fetched) error {
	text, err := decode(got.data, got.contentType)
	if err != nil {
		return err
	}
	if len(text) > 2*r.maxText() {
		return &Error{Kind: ErrTooLong, What: "more than " + size(int64(r.maxText()))}
	}
	doc := markdown.Read(text)
	a.Text, a.Title, a.Byline, a.Publisher = doc.Text, doc.Title, doc.Author, doc.Publisher
	a.Published = doc.Published
	if doc.URL != "" && a.URL == "" {
		a.URL = doc.URL
	}
	a.Text = strings.TrimSpace(a.Text)
	return nil
}
