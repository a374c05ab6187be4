// Package page shows a briefing as one HTML document: the article with its
// quotations in the colours of their speakers and its claims underlined by rank,
// beside it who said what, the claims with their reasons, timeline and facts.
//
// [Render] is pure: a briefing in, a document out. The document stands alone. It
// asks the network for nothing, works without its script (marks, addresses,
// links between text and lists), and has a content security policy that lets
// nothing run but that script, by its hash ([Policy]).
//
// Everything has an address: "#c3" is the third claim in the text, "#q2" the
// second quotation, with the numbers that the other views give them; "#claim-3"
// and "#quote-2" are their entries in the lists.
//
// The words of an article are hostile until they are escaped. There is one way
// from a string into the document, and it escapes (markup.go).
package page

import (
	"crypto/sha256"
	_ "embed"
	"encoding/base64"

	"onrecord/brief"
)

// Options say how much a page shows. The zero Options show all of it.
type Options struct {
	// Excerpts shows marked passages with some words around them in the place of
	// the whole text, and no more of it than a third.
	Excerpts bool
	// Notes are sentences for whoever reads the page: how long its address
	// works, that the article has changed since.
	Notes []string
	// Done is what people did about claims, by their rank: a sentence each, "taken
	// by Ann on 4 Mar 2026". Whoever calls leaves out what readers may not see.
	Done map[int][]string
	// Drafts are ClaimReviews to be finished, by the rank of their claim, as JSON-LD.
	Drafts map[int][]byte
}

//go:embed page.css
var style string

//go:embed page.js
var script string

// policy is in two forms: what a page can say of itself, and what only a header
// can say.
var policy = "default-src 'none'; style-src '" + hash(style) + "'; script-src '" + hash(script) +
	"'; img-src data:; base-uri 'none'; form-action 'none'"

// hash is the source expression for an inline style or script,
// https://www.w3.org/TR/CSP3/#grammardef-hash-source.
func hash(s string) string {
	sum := sha256.Sum256([]byte(s))
	return "sha256-" + base64.StdEncoding.EncodeToString(sum[:])
}

// Policy is the Content-Security-Policy for a page. The page has it in itself,
// too, but for the part that keeps it out of other sites' frames.
func Policy() string { return policy + "; frame-ancestors 'none'" }

// Render makes the page of b.
func Render(b *brief.Briefing, o Options) []byte {
	f := find(b)
	w := &writer{buf: make([]byte, 0, len(style)+len(script)+16*len(b.Article.Text)+16<<10)}
	p := &page{writer: w, findings: f, o: o}
	text := p.layOut() // before the lists: they link to what the text shows
	p.head()
	p.body(text)
	return w.buf
}

// page is a page being written.
type page struct {
	*writer
	*findings
	o      Options
	chosen map[string]bool // addresses of the findings that excerpts show; nil for all
}

func (p *page) head() {
	p.raw("<!doctype html>\n")
	p.start("html", attr{"lang", "en"})
	p.in("head", func() {
		p.start("meta", attr{"charset", "utf-8"})
		p.start("meta", attr{"http-equiv", "Content-Security-Policy"}, attr{"content", policy})
		p.start("meta", attr{"name", "viewport"}, attr{"content", "width=device-width, initial-scale=1"})
		p.start("meta", attr{"name", "referrer"}, attr{"content", "no-referrer"})
		p.start("meta", attr{"name", "robots"}, attr{"content", "noindex"})
		p.start("meta", attr{"name", "color-scheme"}, attr{"content", "light dark"})
		p.start("link", attr{"rel", "icon"}, attr{"href", "data:,"})
		p.el("title", brief.Heading(p.b)+" · annotated")
		p.in("style", func() { p.raw(trusted(style)) })
	})
	p.line()
}

func (p *page) body(text layout) {
	p.start("body")
	p.el("a", "To the text", class("skip"), passage("text"))
	p.line()
	p.in("header", func() { p.top(text) }, class("top"))
	p.line()
	p.in("div", func() {
		p.in("main", func() { p.article(text) }, ident("text"), attr{"tabindex", "-1"})
		p.line()
		p.in("aside", p.side, label("What was found"))
	}, class("columns"))
	p.line()
	p.in("footer", p.bottom)
	p.raw(`<div id="card" hidden></div>`)
	p.in("script", func() { p.raw(trusted(script)) })
	p.end()
	p.end()
	p.line()
}
