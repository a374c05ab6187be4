package book

import (
	"cmp"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"

	"onrecord/brief"
	"onrecord/factcheck"
	"onrecord/nlp"
	"onrecord/quote"
)

// Bounds of an entry. What is longer than maxText is left out, since words of an
// article are never cut.
const (
	maxItems  = 2000
	maxClaims = 60
	maxText   = 8000
)

// NewEntry makes an entry of what was found in an article. Link is the address
// that was asked about, empty for files and texts.
func NewEntry(b *brief.Briefing, link string) Entry {
	a, found := b.Article, b.Analysis
	e := Entry{
		Text: a.Text,
		Article: Article{
			Key: KeyOf(b, link), Alias: Key(link, ""), Title: clip(title(b), 300), Outlet: clip(cmp.Or(a.Publisher, a.Dateline.Agency), 120),
			Published: a.Published, First: a.ReadAt, Read: a.ReadAt, Versions: 1, SHA256: a.SHA256, Engine: found.Engine.Version + "/" + found.Engine.Models,
		},
	}
	if e.Article.Read.IsZero() {
		e.Article.Read = time.Now()
		e.Article.First = e.Article.Read
	}
	if link != "" {
		e.Article.URL = address(link, a.URL)
		e.Article.Outlet = cmp.Or(e.Article.Outlet, site(link))
	} else {
		e.Article.Alias = e.Article.Key
	}
	sorts := map[string]quote.VoiceSort{}
	for _, v := range found.Sources.Voices {
		sorts[strings.ToLower(v.Name)] = v.Sort
	}
	x := entering{b: b, url: e.Article.URL, sorts: sorts}
	for _, q := range found.Quotes {
		if it := x.quote(q); len(e.Items) < maxItems && it.Text != "" && len(it.Text) <= maxText {
			e.Items = append(e.Items, it)
		}
	}
	for i, c := range brief.Ranked(found.Claims) {
		if i == maxClaims {
			break
		}
		if it := x.claim(c); it.Text != "" && len(it.Text) <= maxText {
			e.Items = append(e.Items, it)
		}
	}
	return e
}

// title is what an article is called: its title or place, else its first words.
func title(b *brief.Briefing) string {
	a := b.Article
	if a.Title != "" || a.Dateline.Place != "" || a.Publisher != "" {
		return brief.Heading(b)
	}
	words := strings.Fields(a.Text[min(max(a.Body, 0), len(a.Text)):])
	if len(words) == 0 {
		return brief.Heading(b)
	}
	return "“" + clip(strings.Join(words[:min(len(words), 7)], " "), 80) + " …”"
}

func clip(s string, runes int) string {
	s = strings.Join(strings.Fields(s), " ")
	if r := []rune(s); len(r) > runes {
		return string(r[:runes]) + "…"
	}
	return s
}

type entering struct {
	b     *brief.Briefing
	url   string
	sorts map[string]quote.VoiceSort
}

func (x entering) quote(q quote.Quote) Item {
	text := x.b.Article.Text
	it := Item{
		Kind: Quote, Text: brief.QuoteText(text, q), Unclear: q.Unclear, Verb: q.Verb, Stance: string(q.Stance), Type: string(q.Type),
		Speaker: q.Speaker.Name, Role: clip(q.Speaker.Role, 200),
	}
	if q.Kind == quote.Other {
		it.Kind = Thought
	}
	if len(q.Content) > 1 {
		for _, s := range q.Content {
			it.Pieces = append(it.Pieces, s.Text(text))
		}
	}
	if q.Via != "" {
		// Whoever passes it on has said it; the other was not heard.
		it.Speaker, it.Role, it.Of, it.OfRole = q.Via, "", it.Speaker, it.Role
	}
	it.Speaker, it.Of = clip(it.Speaker, 200), clip(it.Of, 200)
	it.Sort = x.sort(it.Speaker)
	for _, s := range q.Content {
		it.Numbers = append(it.Numbers, x.numbers(s)...)
	}
	if q.SaidOn >= 0 && q.SaidOn < len(x.b.Analysis.Times) {
		it.SaidOn, it.SaidEnd = days(x.b.Analysis.Times[q.SaidOn].Dates)
	}
	if len(q.Content) > 0 {
		it.Link = x.link(q.Content[0])
	}
	return it
}

func (x entering) claim(c factcheck.Claim) Item {
	it := Item{
		Kind: Claim, Text: c.Span.Text(x.b.Article.Text), Speaker: c.Speaker, Score: c.Score,
		Numbers: x.numbers(c.Span), Link: x.link(c.Span),
	}
	if c.Standalone != it.Text && len(c.Standalone) <= maxText {
		it.Standalone = c.Standalone
	}
	if c.Via != "" {
		it.Speaker, it.Of = c.Via, c.Speaker
	}
	it.Speaker, it.Of = clip(it.Speaker, 200), clip(it.Of, 200)
	it.Sort = x.sort(it.Speaker)
	for _, k := range c.Kinds {
		it.Kinds = append(it.Kinds, string(k))
	}
	return it
}

// sort tells how a speaker is identified. Who only passes something on may not
// be in the list of voices: a capital then speaks for a name.
func (x entering) sort(name string) string {
	if s, ok := x.sorts[strings.ToLower(name)]; ok {
		return string(s)
	}
	r := []rune(strings.TrimPrefix(name, "the "))
	switch {
	case len(r) == 0:
		return ""
	case unicode.IsUpper(r[0]) && strings.HasPrefix(name, "the "):
		return string(quote.Body)
	case unicode.IsUpper(r[0]):
		return string(quote.Named)
	}
	return string(quote.Unnamed)
}

// maxLink bounds links to passages: longer ones help nobody.
const maxLink = 1000

func (x entering) link(s nlp.Span) string {
	if l := brief.TextFragment(x.url, x.b.Article.Text, s); len(l) <= maxLink {
		return l
	}
	return ""
}

// numbers are the figures in a span, with the stem of what they count.
func (x entering) numbers(s nlp.Span) []Number {
	var all []Number
	for _, n := range x.b.Analysis.Facts.Numbers {
		value, ok := valueOf(n.Text)
		if !s.Contains(n.Span) || !ok || len(all) == 20 {
			continue
		}
		of := foldedWords(n.Of)
		if len(of) == 0 {
			continue
		}
		all = append(all, Number{Text: clip(n.Text, 80), Value: value, Of: stem(of[len(of)-1])})
	}
	return all
}

// valueOf reads the first figure of a phrase: "More than 1,000 migrants", "12
// million crowns", "three boats". It reports false for "hundreds".
func valueOf(phrase string) (float64, bool) {
	words := strings.Fields(strings.ToLower(phrase))
	for i, w := range words {
		w = strings.Trim(w, "“”\"'’.,;:()$€£%")
		v, err := strconv.ParseFloat(strings.ReplaceAll(w, ",", ""), 64)
		if err != nil || !(v >= 0 && v < 1e15) {
			n := slices.Index(numerals, w)
			if n < 1 {
				continue
			}
			v = float64(n)
		}
		if i+1 < len(words) {
			v *= cmp.Or(scales[strings.Trim(words[i+1], ".,")], 1)
		}
		return v, true
	}
	return 0, false
}

var (
	numerals = strings.Fields("zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen twenty")
	scales   = map[string]float64{"hundred": 1e2, "thousand": 1e3, "million": 1e6, "billion": 1e9, "trillion": 1e12}
)

func days(d nlp.Dates) (from, to string) {
	if d.Start.IsZero() {
		return "", ""
	}
	from = d.Start.Format(time.DateOnly)
	if !d.End.IsZero() && !d.End.Equal(d.Start) {
		to = d.End.Format(time.DateOnly)
	}
	return from, to
}

// KeyOf is what a briefed article is known by. Link is the address that was
// asked about, empty for files and texts.
func KeyOf(b *brief.Briefing, link string) string {
	if link == "" {
		return "text:" + b.Article.SHA256
	}
	return Key(link, b.Article.URL)
}

// Key is what the article behind a link is known by. Canonical, the address
// that the page gives itself, counts only on the site of the link: a page could
// take the place of somebody else's otherwise.
func Key(link, canonical string) string {
	link = address(link, canonical)
	u, err := url.Parse(link)
	if err != nil {
		return link
	}
	u.Fragment, u.RawFragment, u.User = "", "", nil
	u.Host = strings.ToLower(u.Host)
	q := u.Query()
	before := len(q)
	for name := range q {
		if strings.HasPrefix(name, "utm_") || slices.Contains(tracking, name) {
			q.Del(name)
		}
	}
	if len(q) != before {
		u.RawQuery = q.Encode()
	}
	return strings.TrimSuffix(u.String(), "/")
}

func address(link, canonical string) string {
	if link != "" && canonical != "" && bare(site(canonical)) == bare(site(link)) {
		return canonical
	}
	return link
}

// tracking are parameters that say where a reader comes from.
var tracking = []string{"fbclid", "gclid", "dclid", "msclkid", "igshid", "mc_cid", "mc_eid", "cmpid", "ref_src"}

// bare is a host without the parts that stand for other forms of a page.
func bare(host string) string {
	for _, p := range []string{"m.", "amp.", "mobile."} {
		host = strings.TrimPrefix(host, p)
	}
	return host
}

// Merge gives the items that an article has after it was read again: the new
// ones, and those quotations of before whose words the text has no longer,
// marked so. What the text still has is the new analysis' to judge.
func Merge(old []Item, e *Entry) []Item {
	all := slices.Clone(e.Items)
	for _, it := range old {
		if it.Kind == Claim || len(all) >= maxItems || has(e.Text, &it) {
			continue
		}
		if it.Gone.IsZero() {
			it.Gone = e.Article.Read
		}
		all = append(all, it)
	}
	return all
}

func has(text string, it *Item) bool {
	pieces := it.Pieces
	if len(pieces) == 0 {
		pieces = []string{it.Text}
	}
	for _, p := range pieces {
		if !strings.Contains(text, p) {
			return false
		}
	}
	return true
}
