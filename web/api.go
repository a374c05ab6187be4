package web

import (
	"bytes"
	"compress/gzip"
	"context"
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	_ "embed"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"mime"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"time"

	"onrecord/article"
	"onrecord/brief"
	"onrecord/chat"
	"onrecord/checklist"
	"onrecord/factcheck"
)

// API answers programs over HTTP with the JSON that the command line prints.
// Its description, in OpenAPI 3.1, is openapi.json, which it serves.
//
// Whoever asks shows a bearer token; one token is one workspace. What is asked
// is remembered only where the request says so, in the quote book of that
// workspace, and files of the server have no names here: a source is a web
// address, a text or the bytes of a file.
type API struct {
	Service *chat.Service // Recent is not used
	Tokens  []Token
	Counter chat.Counter  // nobody is limited if nil
	Limit   int64         // requests a token may make in a minute; 600 if 0
	Timeout time.Duration // of one request; 50 s if 0, which the server's own limit leaves time to answer after
	Log     *slog.Logger  // nothing is logged if nil
	Meter   chat.Meter    // nothing is measured if nil
}

// Token lets whoever knows it ask for a workspace.
type Token struct {
	Workspace string
	Hash      [sha256.Size]byte // of the token, so that settings do not hold it
}

// ParseToken reads WORKSPACE:HASH, the hash in 64 hexadecimal digits.
func ParseToken(s string) (Token, error) {
	t := Token{}
	name, digits, ok := strings.Cut(s, ":")
	sum, err := hex.DecodeString(digits)
	if !ok || name == "" || err != nil || len(sum) != len(t.Hash) {
		// The value is not repeated: it may be a token that somebody forgot to hash.
		return t, errors.New("not WORKSPACE:HASH, with the SHA-256 of a token in 64 hexadecimal digits")
	}
	t.Workspace = name
	copy(t.Hash[:], sum)
	return t, nil
}

// Most of what a request may hold.
const (
	maxUpload = 10 << 20 // bytes of a body
	maxField  = 500      // bytes of a title, a name, words to look for
)

// packed is openapi.json in little room; 'go test ./web -run Packed -update'
// makes it.
//
//go:embed openapi.json.gz
var packed []byte

// openAPI is the description, as openapi.json has it.
var openAPI = sync.OnceValue(func() []byte {
	r, err := gzip.NewReader(bytes.NewReader(packed))
	if err != nil {
		panic(err) // a test has read it
	}
	data, err := io.ReadAll(r)
	if err != nil {
		panic(err)
	}
	return data
})

// Handlers are the handlers by their patterns, for [Server.Handle].
func (a *API) Handlers() map[string]http.Handler {
	return map[string]http.Handler{
		"GET /v1/openapi.json": http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "application/json")
			w.Header().Set("Cache-Control", "public, max-age=300")
			_, _ = w.Write(openAPI())
		}),
		"POST /v1/brief": a.guarded(func(ctx context.Context, t Token, r *http.Request) ([]byte, error) {
			b, _, err := a.brief(ctx, t, r)
			if err != nil {
				return nil, err
			}
			return brief.JSON(b)
		}),
		"POST /v1/quotes": a.guarded(func(ctx context.Context, t Token, r *http.Request) ([]byte, error) {
			b, f, err := a.brief(ctx, t, r)
			if err != nil {
				return nil, err
			}
			return brief.JSON(f.OnlyQuotes(b))
		}),
		"POST /v1/claims": a.guarded(func(ctx context.Context, t Token, r *http.Request) ([]byte, error) {
			b, f, err := a.brief(ctx, t, r)
			if err != nil {
				return nil, err
			}
			return brief.JSON(f.OnlyClaims(b))
		}),
		"POST /v1/check":   a.guarded(a.check),
		"POST /v1/said":    a.guarded(a.said),
		"POST /v1/compare": a.guarded(a.compare),
		"POST /v1/checklist": a.guarded(func(ctx context.Context, t Token, r *http.Request) ([]byte, error) {
			var q asked
			src, _, err := q.read(r)
			if err != nil {
				return nil, err
			}
			if a.Service.Checklist == nil {
				return nil, noStore("checklist")
			}
			b, err := a.Service.Briefer.Brief(ctx, src)
			if err != nil {
				return nil, err
			}
			at := t.Scope()
			sheet, err := a.Service.Checklist.Of(ctx, checklist.Place{Platform: at.Platform, Workspace: at.Workspace}, b, src.Link)
			if err != nil {
				return nil, err
			}
			return sheet.JSON()
		}),
		"/v1/": http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if r.Method != http.MethodPost && strings.Contains("|brief|quotes|claims|check|said|compare|checklist|", "|"+strings.TrimPrefix(r.URL.Path, "/v1/")+"|") {
				w.Header().Set("Allow", http.MethodPost)
				problem{Status: http.StatusMethodNotAllowed, Detail: "Ask this with POST."}.write(w)
				return
			}
			problem{Status: http.StatusNotFound, Detail: "There is nothing here: /v1/openapi.json says what there is."}.write(w)
		}),
	}
}

// guarded lets through who has a token and is not too quick, and turns errors
// into problems.
func (a *API) guarded(answer func(ctx context.Context, t Token, r *http.Request) ([]byte, error)) http.Handler {
	return &guarded{a, answer}
}

type guarded struct {
	*API
	answer func(ctx context.Context, t Token, r *http.Request) ([]byte, error)
}

// ServeHTTP implements http.Handler.
func (a *guarded) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	began, id := time.Now(), requestID(r)
	w.Header().Set("Cache-Control", "no-store")
	w.Header().Set("X-Request-Id", id)
	token, ok := a.token(r)
	if !ok {
		w.Header().Set("WWW-Authenticate", `Bearer realm="onrecord"`)
		problem{Status: http.StatusUnauthorized, Detail: "Send a token that is known here, as in “Authorization: Bearer TOKEN”."}.write(w)
		return
	}
	timeout := a.Timeout
	if timeout == 0 {
		timeout = 50 * time.Second
	}
	ctx, cancel := context.WithTimeout(r.Context(), timeout)
	defer cancel()
	var data []byte
	err := a.admit(ctx, token)
	if err == nil {
		data, err = a.answer(ctx, token, r)
	}
	p := problem{Status: http.StatusOK}
	if err != nil {
		p = problemOf(err)
	}
	if a.Log != nil {
		level, attrs := slog.LevelInfo, []slog.Attr{
			slog.String("request", id), slog.String("workspace", token.Workspace), slog.String("path", r.URL.Path),
			slog.Int("status", p.Status), slog.Duration("took", time.Since(began)),
		}
		if p.Reference != "" {
			level = slog.LevelError
			attrs = append(attrs, slog.String("reference", p.Reference), slog.Any("error", err))
		}
		a.Log.LogAttrs(ctx, level, "api request answered", attrs...)
	}
	if a.Meter != nil {
		a.Meter.Request("api", strings.TrimPrefix(r.Pattern, "POST /v1/"), outcome(p), time.Since(began))
	}
	if err != nil {
		p.write(w)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	_, _ = w.Write(data)
}

// requestID is what a request is called in the log and in its answer: as whoever
// passes it on calls it, if that is fit for a log.
func requestID(r *http.Request) string {
	const longest = 64
	const fit = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._-"
	if id := r.Header.Get("X-Request-Id"); id != "" && len(id) <= longest && strings.Trim(id, fit) == "" {
		return id
	}
	return strings.ToLower(rand.Text()[:16])
}

// outcome is how a request ended that got this answer.
func outcome(p problem) chat.Outcome {
	switch {
	case p.Reference != "":
		return chat.Failed
	case p.Status == http.StatusTooManyRequests:
		return chat.Limited
	case p.Status == http.StatusOK:
		return chat.Done
	}
	return chat.Refused
}

// token finds the token that a request shows. All are compared, so that the time
// it takes says nothing.
func (a *API) token(r *http.Request) (found Token, ok bool) {
	scheme, shown, _ := strings.Cut(r.Header.Get("Authorization"), " ")
	sum := sha256.Sum256([]byte(strings.TrimSpace(shown)))
	for _, t := range a.Tokens {
		if subtle.ConstantTimeCompare(sum[:], t.Hash[:]) == 1 {
			found, ok = t, true
		}
	}
	return found, ok && strings.EqualFold(scheme, "Bearer")
}

// admit counts a request against the limit of its token.
func (a *API) admit(ctx context.Context, t Token) error {
	if a.Counter == nil {
		return nil
	}
	limit := a.Limit
	if limit == 0 {
		limit = 600
	}
	n, left, err := a.Counter.Count(ctx, "limit:api:"+hex.EncodeToString(t.Hash[:8]), time.Minute)
	if err == nil && n > limit {
		return &chat.LimitError{Limit: limit, Window: time.Minute, Left: left}
	}
	return nil // when the counter is in trouble everybody is let through
}

// asked is the JSON body of a request about an article. The query has the same
// fields, url and text aside, when the body is the article itself.
type asked struct {
	URL      string `json:"url"`
	Text     string `json:"text"`
	Title    string `json:"title"`
	Date     string `json:"date"`
	Private  bool   `json:"private"`
	Remember bool   `json:"remember"`
	By       string `json:"by"`
	About    string `json:"about"`
	Top      int    `json:"top"`
}

// files are the types of body that are articles themselves.
var files = map[string]bool{
	"text/plain": true, "text/html": true, "text/markdown": true, "application/xhtml+xml": true, "application/pdf": true,
	"application/vnd.openxmlformats-officedocument.wordprocessingml.document": true,
}

// brief reads the request and briefs its article.
func (a *API) brief(ctx context.Context, t Token, r *http.Request) (*brief.Briefing, brief.Filter, error) {
	var q asked
	src, f, err := q.read(r)
	if err == nil && q.Remember {
		err = a.remembers(src)
	}
	if err != nil {
		return nil, f, err
	}
	b, err := a.Service.Briefer.Brief(ctx, src)
	if err == nil && q.Remember {
		err = a.remember(ctx, t, src, b)
	}
	return b, f, err
}

// read reads the request: its article, and which part of the answer is wanted.
func (q *asked) read(r *http.Request) (article.Source, brief.Filter, error) {
	kind, _, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	switch {
	case err != nil || kind != "application/json" && !files[kind]:
		return article.Source{}, brief.Filter{}, problem{
			Status: http.StatusUnsupportedMediaType,
			Detail: "Send JSON with url or text, or an article as text/plain, text/html, text/markdown, application/pdf or Word (.docx), and say which in Content-Type.",
		}
	case kind == "application/json":
		if err := decode(r, q); err != nil {
			return article.Source{}, brief.Filter{}, err
		}
		return q.whole()
	}
	data, err := body(r)
	if err != nil {
		return article.Source{}, brief.Filter{}, err
	}
	if err := q.query(r); err != nil {
		return article.Source{}, brief.Filter{}, err
	}
	return q.about(article.FromBytes("", r.Header.Get("Content-Type"), data))
}

// whole is what a JSON body asks for.
func (q *asked) whole() (article.Source, brief.Filter, error) {
	src, err := q.source()
	if err != nil {
		return src, brief.Filter{}, err
	}
	return q.about(src)
}

// about adds to a source what is known of it besides.
func (q *asked) about(src article.Source) (article.Source, brief.Filter, error) {
	for name, s := range map[string]string{"title": q.Title, "by": q.By, "about": q.About} {
		if len(s) > maxField {
			return src, brief.Filter{}, refused("%s is longer than %d bytes.", name, maxField)
		}
	}
	if q.Top < 0 {
		return src, brief.Filter{}, refused("top is a whole number from 1.")
	}
	if q.Date != "" {
		var err error
		if src.Date, err = time.Parse(time.DateOnly, q.Date); err != nil {
			return src, brief.Filter{}, refused("date is a day like 2020-01-21.")
		}
	}
	src.Title = q.Title
	return src, brief.Filter{By: strings.TrimSpace(q.By), About: strings.TrimSpace(q.About), Top: q.Top}, nil
}

// source is the article that a JSON body names.
func (q *asked) source() (article.Source, error) {
	switch {
	case (q.URL == "") == (q.Text == ""):
		return article.Source{}, refused("Send one of url and text.")
	case q.Text != "":
		return article.FromText(q.Text), nil
	}
	lower := strings.ToLower(q.URL)
	if !strings.HasPrefix(lower, "https://") && !strings.HasPrefix(lower, "http://") {
		return article.Source{}, refused("url begins with https:// or http://; files of this server cannot be read.")
	}
	src, err := article.FromURL(q.URL)
	src.Private = q.Private
	return src, err
}

// query reads the fields that stand beside a file.
func (q *asked) query(r *http.Request) error {
	for name, values := range r.URL.Query() {
		v := values[0]
		switch name {
		case "title":
			q.Title = v
		case "date":
			q.Date = v
		case "by":
			q.By = v
		case "about":
			q.About = v
		case "top":
			n, err := strconv.Atoi(v)
			if err != nil || n < 1 {
				return refused("top is a whole number from 1.")
			}
			q.Top = n
		default:
			return refused("The query may have title, date, by, about and top, and no other field.")
		}
	}
	return nil
}

// check looks for published fact-checks of a claim.
func (a *API) check(ctx context.Context, _ Token, r *http.Request) ([]byte, error) {
	if err := onlyJSON(r, "a claim"); err != nil {
		return nil, err
	}
	var q struct {
		Claim   string `json:"claim"`
		Speaker string `json:"speaker"`
		Date    string `json:"date"`
		Local   bool   `json:"local"`
	}
	if err := decode(r, &q); err != nil {
		return nil, err
	}
	claim := strings.Join(strings.Fields(q.Claim), " ")
	switch {
	case claim == "":
		return nil, refused("Send a claim: a sentence that says who or what it is about.")
	case len(claim) > 10*maxField || len(q.Speaker) > maxField:
		return nil, refused("A claim has %d bytes at most, a speaker's name %d.", 10*maxField, maxField)
	}
	question := factcheck.Question{Text: claim, Speaker: q.Speaker, Private: q.Local}
	if q.Date != "" {
		var err error
		if question.Date, err = time.Parse(time.DateOnly, q.Date); err != nil {
			return nil, refused("date is a day like 2020-01-21.")
		}
	}
	found, err := a.Service.Check(ctx, question)
	if err != nil {
		return nil, err
	}
	return brief.CheckJSON(claim, found)
}

// body reads a body of bounded size.
func body(r *http.Request) ([]byte, error) {
	data, err := io.ReadAll(io.LimitReader(r.Body, maxUpload+1))
	var over *http.MaxBytesError
	if len(data) > maxUpload || errors.As(err, &over) {
		return nil, problem{Status: http.StatusRequestEntityTooLarge, Detail: "A request may have 10 MB."}
	}
	if err != nil {
		return nil, problem{Status: http.StatusBadRequest, Detail: "The body did not arrive whole: send it again."}
	}
	return data, nil
}

// decode reads a JSON body: one object, with no field that nobody knows.
func decode(r *http.Request, to any) error {
	data, err := body(r)
	if err != nil {
		return err
	}
	dec := json.NewDecoder(bytes.NewReader(data))
	dec.DisallowUnknownFields()
	err = dec.Decode(to)
	if err == nil {
		if _, more := dec.Token(); more != io.EOF {
			err = errors.New("something follows the object")
		}
	}
	if err != nil {
		return refused("The body is not the JSON that is wanted (%s): /v1/openapi.json describes it.", strings.TrimPrefix(err.Error(), "json: "))
	}
	return nil
}

func refused(format string, args ...any) error {
	return problem{Status: http.StatusBadRequest, Detail: fmt.Sprintf(format, args...)}
}
