package web

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"net/url"
	"strings"
	"time"

	"onrecord/article"
	"onrecord/brief"
	"onrecord/chat"
	"onrecord/checklist"
	"onrecord/page"
)

// Links makes addresses of annotated articles, and shows what stands there. It is
// a [chat.Pages].
//
// An address holds all that it stands for (the article's link, the workspace that
// asked, the day when it ends) and a signature over that, so that nothing has to
// be kept and every process with the key can answer. It lets whoever has it read
// the page, as a link to a shared document does. Nothing private gets one.
type Links struct {
	Base  *url.URL      // public address of this listener, https://onrecord.example.org
	Key   []byte        // that addresses are signed with
	Lasts time.Duration // 7 days if 0
	Whole bool          // pages show the whole text and not only marked excerpts

	Briefer chat.Briefer
	// Admits reports whether a workspace still wants to be served; all are if nil.
	Admits  func(ctx context.Context, platform, workspace string) bool
	Counter chat.Counter // nobody is limited if nil
	Log     *slog.Logger // nothing is logged if nil

	Checklist *checklist.List // pages show how far it is; nothing if nil
}

var _ chat.Pages = (*Links)(nil)

const (
	linkVersion = 1
	macSize     = 16 // bytes of the signature: 128 bits cannot be guessed
	seenSize    = 6  // bytes of the text's SHA-256, to tell whether it has changed
	maxToken    = 12 << 10
	pageViews   = 60 // of one address in a minute
)

// ticket is what an address stands for.
type ticket struct {
	until               time.Time
	platform, workspace string
	seen                [seenSize]byte
	link                string
}

// Address is where the annotated article stands until the link ends; empty for
// what is private and for what has no public address.
func (l *Links) Address(scope chat.Scope, src article.Source, b *brief.Briefing) string {
	if scope.Private || src.Private || src.Link == "" || len(src.Data) > 0 {
		return ""
	}
	lasts := l.Lasts
	if lasts == 0 {
		lasts = 7 * 24 * time.Hour
	}
	t := ticket{until: time.Now().Add(lasts), platform: scope.Platform, workspace: scope.Workspace, link: src.Link}
	sum, err := hex.DecodeString(b.Article.SHA256)
	if err != nil || len(t.platform) > 255 || len(t.workspace) > 255 {
		return ""
	}
	copy(t.seen[:], sum)
	return strings.TrimSuffix(l.Base.String(), "/") + "/a/" + l.token(t)
}

// token is the ticket with its signature, as it stands in an address.
func (l *Links) token(t ticket) string {
	data := []byte{linkVersion}
	data = binary.BigEndian.AppendUint64(data, uint64(t.until.Unix()))
	for _, s := range []string{t.platform, t.workspace} {
		data = append(append(data, byte(len(s))), s...)
	}
	data = append(append(data, t.seen[:]...), t.link...)
	return base64.RawURLEncoding.EncodeToString(append(data, l.sign(data)...))
}

func (l *Links) sign(data []byte) []byte {
	mac := hmac.New(sha256.New, l.Key)
	mac.Write([]byte("onrecord link\x00"))
	mac.Write(data)
	return mac.Sum(nil)[:macSize]
}

var (
	errForged  = errors.New("link not made here")
	errExpired = errors.New("link has ended")
)

// read checks a token. Nothing of it is looked at before its signature.
func (l *Links) read(token string, now time.Time) (ticket, error) {
	var t ticket
	data, err := base64.RawURLEncoding.Strict().DecodeString(token)
	if err != nil || len(token) > maxToken || len(data) < 1+8+2+seenSize+macSize {
		return t, errForged
	}
	data, mac := data[:len(data)-macSize], data[len(data)-macSize:]
	if !hmac.Equal(mac, l.sign(data)) || data[0] != linkVersion {
		return t, errForged
	}
	t.until = time.Unix(int64(binary.BigEndian.Uint64(data[1:])), 0)
	data = data[9:]
	for _, s := range []*string{&t.platform, &t.workspace} {
		n := int(data[0])
		*s, data = string(data[1:1+n]), data[1+n:]
	}
	data = data[copy(t.seen[:], data):]
	t.link = string(data)
	if now.After(t.until) {
		return t, errExpired
	}
	return t, nil
}

// Handlers are the handlers by their patterns, for [Server.Handle].
func (l *Links) Handlers() map[string]http.Handler {
	return map[string]http.Handler{"GET /a/{token}": http.HandlerFunc(l.serve)}
}

func (l *Links) serve(w http.ResponseWriter, r *http.Request) {
	h := w.Header()
	h.Set("Content-Security-Policy", page.Policy())
	h.Set("Referrer-Policy", "no-referrer")
	h.Set("X-Robots-Tag", "noindex, nofollow")
	h.Set("X-Frame-Options", "DENY")
	h.Set("Cross-Origin-Opener-Policy", "same-origin")
	h.Set("Cross-Origin-Resource-Policy", "same-origin")
	h.Set("Cache-Control", "private, no-store")
	token := r.PathValue("token")
	t, err := l.read(token, time.Now())
	switch {
	case errors.Is(err, errExpired):
		say(w, http.StatusGone, "This link has ended: ask the bot about the article again, and it gives a new one.")
		return
	case err != nil:
		say(w, http.StatusForbidden, "This link was not made here, or a part of it is missing: ask the bot about the article again.")
		return
	}
	ctx, cancel := context.WithTimeout(r.Context(), 50*time.Second)
	defer cancel()
	if l.Admits != nil && !l.Admits(ctx, t.platform, t.workspace) {
		say(w, http.StatusGone, "The workspace that this link was made for has turned the bot off.")
		return
	}
	if l.Counter != nil {
		sum := sha256.Sum256([]byte(token))
		if n, _, err := l.Counter.Count(ctx, "limit:page:"+hex.EncodeToString(sum[:8]), time.Minute); err == nil && n > pageViews {
			say(w, http.StatusTooManyRequests, "This page is asked for very often just now: try again in a minute.")
			return
		}
	}
	b, err := l.Briefer.Brief(ctx, article.Source{Link: t.link})
	if err != nil {
		p := problemOf(err)
		if l.Log != nil && p.Reference != "" {
			l.Log.ErrorContext(ctx, "a page cannot be shown", "reference", p.Reference, "error", err)
		}
		say(w, p.Status, p.Detail)
		return
	}
	o := page.Options{Excerpts: !l.Whole, Notes: []string{"This link works until " + t.until.UTC().Format("2 Jan 2006 15:04") + " UTC."}}
	if sum, err := hex.DecodeString(b.Article.SHA256); err != nil || len(sum) < seenSize || [seenSize]byte(sum[:seenSize]) != t.seen {
		o.Notes = append(o.Notes, "The article has changed since the link was made: numbers of claims and quotations may be others.")
	}
	o.Done = l.done(ctx, t, b)
	h.Set("Content-Type", "text/html; charset=utf-8")
	_, _ = w.Write(page.Render(b, o))
}

// done is how far the workspace's checklist is, without names, ratings, notes
// and links: the address is easily passed on.
func (l *Links) done(ctx context.Context, t ticket, b *brief.Briefing) map[int][]string {
	if l.Checklist == nil {
		return nil
	}
	sheet, err := l.Checklist.Of(ctx, checklist.Place{Platform: t.platform, Workspace: t.workspace}, b, t.link)
	if err != nil {
		if l.Log != nil {
			l.Log.WarnContext(ctx, "a page shows no checklist", "error", err)
		}
		return nil
	}
	done := map[int][]string{}
	for i := range sheet.Rows {
		if m, ok := sheet.Rows[i].Now(); ok {
			done[i+1] = []string{m.Line(nil, false)}
		}
	}
	return done
}

// say answers in a sentence.
func say(w http.ResponseWriter, status int, sentence string) {
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	w.WriteHeader(status)
	_, _ = io.WriteString(w, sentence+"\n")
}
