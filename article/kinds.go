package article

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/url"
	"path"
	"strings"
	"time"

	"onrecord/article/internal/docx"
	"onrecord/article/internal/head"
	"onrecord/article/internal/markdown"
	"onrecord/article/internal/page"
	"onrecord/article/internal/pdf"
)

// html reads a web page.
func (r *Reader) html(a *Article, got *fetched, saved string) error {
	// The address tells where relative links lead, and often the date. For a
	// file it is the one that whoever handed it in gave.
	base := got.url
	if base == nil && saved != "" {
		if u, err := url.Parse(saved); err == nil {
			base = u
		}
	}
	p, err := page.Extract(got.data, got.contentType, base)
	if err != nil {
		return &Error{Kind: ErrBinary, Err: err}
	}
	if err := judge(&p, got.url); err != nil {
		return err
	}
	a.fill(&p)
	return nil
}

func (a *Article) fill(p *page.Page) {
	a.Title, a.Byline, a.Publisher = p.Title, p.Byline, p.Publisher
	a.Published, a.Language, a.Text = p.Published, p.Language, p.Text
	if p.Canonical != "" {
		a.URL = p.Canonical
	}
}

// Extract reads a saved web page and refuses nothing but what is not text: it
// measures extraction by itself, whatever stands in front of the article. For
// all else there is [Reader.Read]. The address, which may be empty, is where
// the page was saved from; ReadAt and Validators stay zero.
func Extract(data []byte, contentType, address string) (*Article, error) {
	base, err := url.Parse(address)
	if err != nil || address == "" {
		base = nil
	}
	p, err := page.Extract(data, contentType, base)
	if err != nil {
		return nil, &Error{Kind: ErrBinary, Err: err}
	}
	a := &Article{URL: address}
	a.fill(&p)
	h := head.Find(a.Text, head.Known{Date: a.Published, Title: a.Title})
	a.Body = h.Body
	a.Dateline = Dateline{Agency: h.Agency, Place: h.Place, Date: h.Date}
	if a.Published.IsZero() {
		a.Published = h.Date
	}
	a.Words = countWords(a.Text[a.Body:])
	a.SHA256 = sum(a.Text)
	return a, nil
}

// Words below which a page that shows a wall, or says that it is something
// else than an article, is taken at its word. With more, the article is there
// all the same: many pages carry a consent dialogue in their source that lies
// over the text, and a video beside it. That a page calls itself not free says
// less, for such pages often hold the whole text; of 713 news pages with an
// article on them these numbers refuse 6.
const (
	wallWords    = 120
	paywallWords = 50
	indexWords   = 150
)

// judge refuses pages that hold no article to work with. The address, nil for
// files, is the one that the page came from in the end.
func judge(p *page.Page, from *url.URL) error {
	words := countWords(p.Text)
	if words < wallWords {
		if kind := byAddress(from); kind != "" {
			return &Error{Kind: kind}
		}
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
		if title := strings.ToLower(p.Title); p.Kind != page.KindArticle &&
			(strings.HasPrefix(title, "404") || strings.HasPrefix(title, "error 404") || strings.Contains(title, "page not found")) {
			return &Error{Kind: ErrNotFound}
		}
	}
	if p.Paywalled && words < paywallWords {
		return &Error{Kind: ErrPaywall}
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
		// A front page, also where links to stories that are gone lead.
		front := from != nil && strings.Trim(from.Path, "/") == "" && from.RawQuery == ""
		if front || words < fewWords && p.LinkShare > .5 {
			return &Error{Kind: ErrNotArticle}
		}
	}
	if words == 0 {
		return &Error{Kind: ErrNearEmpty, What: plural(0, "word")}
	}
	return nil
}

// byAddress tells the pages that sites send strangers to before they show
// anything.
func byAddress(u *url.URL) Kind {
	if u == nil {
		return ""
	}
	host, _, _ := strings.Cut(strings.ToLower(u.Hostname()), ".")
	switch host {
	case "consent", "guce", "cmp", "privacy-mgmt":
		return ErrCookieWall
	case "login", "signin", "sso", "auth", "accounts", "account":
		return ErrLogin
	}
	switch strings.ToLower(path.Base(u.Path)) {
	case "consent", "cookiewall", "cookie-wall":
		return ErrCookieWall
	case "login", "signin", "sign-in", "log-in", "login.html", "login.php", "register", "regwall":
		return ErrLogin
	}
	return ""
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
	if letters < min(20*len(doc.Pages), 200) || unknown > letters {
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
