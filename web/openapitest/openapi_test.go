package openapitest

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/pb33f/libopenapi"
	validator "github.com/pb33f/libopenapi-validator"

	"onrecord/article"
	"onrecord/book"
	"onrecord/brief"
	"onrecord/cache"
	"onrecord/chat"
	"onrecord/checklist"
	"onrecord/factcheck"
	"onrecord/store"
	"onrecord/web"
)

// checked is a library that has one fact-check of everything.
type checked struct{}

func (checked) Find(context.Context, factcheck.Question) ([]factcheck.Match, error) {
	return []factcheck.Match{{Score: .83, Review: factcheck.Review{Claim: "A claim", Publisher: "Gazette", URL: "https://gazette.example/1"}}}, nil
}

// linked is a Briefer that finds the statement behind every link.
type linked struct{ chat.Briefer }

func (l linked) Brief(ctx context.Context, src article.Source) (*brief.Briefing, error) {
	if src.Link == "https://courier.example/1" {
		return l.Briefer.Brief(ctx, article.FromText(statement))
	}
	return l.Briefer.Brief(ctx, src)
}

func (checked) Label(context.Context) string { return "one" }

// statement is a short article.
const statement = `“We counted 340 broken lamps on Monday, and that is the most since 1998,” said Ines Falk, the mayor of Upper Reed, at a meeting of the council in the town hall. ` +
	`The council votes on Thursday on 12 million crowns for new ones, her office said. Harrow Electric, which looks after the lamps, said it had sent six men. Nobody was hurt in the dark streets, the police said. `

// What the API takes and answers is what its description says, good and bad.
func TestAPIIsAsDescribed(t *testing.T) {
	const secret = "token"
	sum := sha256.Sum256([]byte(secret))
	token, err := web.ParseToken("desk:" + hex.EncodeToString(sum[:]))
	if err != nil {
		t.Fatal(err)
	}
	var reader article.Reader
	defer reader.Close()
	memory := cache.NewMemory(16 << 20)
	defer memory.Close()
	db, err := store.Open(t.Context(), filepath.Join(t.TempDir(), "onrecord.db"), store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	service := &chat.Service{Briefer: &brief.Briefer{Reader: &reader, Cache: memory, Library: checked{}}, Library: checked{}, Book: &book.Book{Store: db.Book()}, Checklist: &checklist.List{Store: db.Checklist()}}
	api := &web.API{Service: service, Tokens: []web.Token{token}}
	hurried := &web.API{Service: service, Tokens: []web.Token{token}, Counter: memory, Limit: 1}
	empty := &web.API{Service: &chat.Service{}, Tokens: []web.Token{token}}

	// The book has quotations, the same ones twice, and statements that differ.
	for i, address := range []string{"https://courier.example/1", "https://gazette.example/2"} {
		src := article.FromText(statement + []string{"", "“It was the worst night in years, and we counted 500 lamps,” the mayor said on Friday. “I never spoke of 340 lamps,” she added."}[i])
		b, err := service.Briefer.Brief(t.Context(), src)
		if err != nil {
			t.Fatal(err)
		}
		if err := service.Book.Remember(t.Context(), book.Shelf{Platform: "api", Workspace: "desk"}, "", b, address); err != nil {
			t.Fatal(err)
		}
	}

	// A link is read as the text behind it; two of its claims are marked.
	service.Briefer = linked{service.Briefer}
	src, err := article.FromURL("https://courier.example/1")
	if err != nil {
		t.Fatal(err)
	}
	b, err := service.Briefer.Brief(t.Context(), src)
	if err != nil {
		t.Fatal(err)
	}
	at := time.Date(2026, 3, 4, 12, 0, 0, 0, time.UTC)
	for _, m := range []checklist.Mark{
		{State: checklist.Taken, Member: "U1", Name: "Ann", At: at},
		{State: checklist.Checked, Rating: checklist.HalfRight, Note: "see page 3", Link: "https://a.example", Member: "U1", Name: "Ann", At: at},
		{State: checklist.Confirmed, Review: "https://gazette.example/1", Member: "U2", Name: "Ben", At: at},
	} {
		if _, err := service.Checklist.Mark(t.Context(), checklist.Place{Platform: "api", Workspace: "desk"}, b, src.Link, 1, m); err != nil {
			t.Fatal(err)
		}
	}

	ask := func(a *web.API, method, path, kind, secret string, body []byte) (*http.Request, *http.Response) {
		mux := http.NewServeMux()
		for pattern, h := range a.Handlers() {
			mux.Handle(pattern, h)
		}
		r := httptest.NewRequest(method, "https://onrecord.example"+path, bytes.NewReader(body))
		r.Header.Set("Authorization", "Bearer "+secret)
		if kind != "" {
			r.Header.Set("Content-Type", kind)
		}
		w := httptest.NewRecorder()
		mux.ServeHTTP(w, r)
		again := r.Clone(t.Context())
		again.Body = io.NopCloser(bytes.NewReader(body))
		return again, w.Result()
	}

	_, resp := ask(api, http.MethodGet, "/v1/openapi.json", "", "", nil)
	description, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	document, err := libopenapi.NewDocument(description)
	if err != nil {
		t.Fatal(err)
	}
	v, errs := validator.NewValidator(document)
	for _, err := range errs {
		t.Fatal(err)
	}
	if ok, wrong := v.ValidateDocument(); !ok {
		for _, e := range wrong {
			t.Errorf("the description is no OpenAPI: %s: %s", e.Message, e.Reason)
		}
	}

	file := func(name string) []byte {
		data, err := os.ReadFile("../../testdata/articles/" + name)
		if err != nil {
			t.Fatal(err)
		}
		return data
	}
	const asJSON = "application/json"
	text := func(s string) []byte { return []byte(`{"text": "` + strings.Repeat(s, 10) + `"}`) }
	english := text(`Mayor Ines Falk said on Monday that 340 lamps broke in March, the most since 1998. `)
	for _, c := range []struct {
		name               string
		api                *web.API
		path, kind, secret string
		body               []byte
		status             int
		badRequest         bool // the description does not allow it either
	}{
		{"text", api, "/v1/brief", asJSON, secret, english, 200, false},
		{"file", api, "/v1/brief?date=2026-03-04&title=Budget", "text/plain", secret, file("council-budget.txt"), 200, false},
		{"web page", api, "/v1/brief", "text/html", secret, file("diplomatic-row.html"), 200, false},
		{"quotes", api, "/v1/quotes?by=quill", "text/plain", secret, file("council-budget.txt"), 200, false},
		{"claims", api, "/v1/claims?top=3&about=pool", "text/plain", secret, file("council-budget.txt"), 200, false},
		{"clashes and all", api, "/v1/brief", "text/plain", secret, file("press-conference.txt"), 200, false},
		{"check", api, "/v1/check", asJSON, secret, []byte(`{"claim": "The mayor sold the harbour", "date": "2020-01-21", "local": true}`), 200, false},
		{"the book", api, "/v1/said", asJSON, secret, []byte(`{}`), 200, false},
		{"the book, filtered", api, "/v1/said", asJSON, secret, []byte(`{"speaker": "Falk", "about": "lamps", "since": "2020", "stance": "said", "most": 10}`), 200, false},
		{"unknown stance", api, "/v1/said", asJSON, secret, []byte(`{"stance": "lied"}`), 400, true},
		{"workspace of others", api, "/v1/said", asJSON, secret, []byte(`{"workspace": "other"}`), 400, true},
		{"no book", empty, "/v1/said", asJSON, secret, []byte(`{}`), 503, false},
		{"compare", api, "/v1/compare", asJSON, secret, []byte(`{"articles": [{"text": "` + statement + `"}, {"text": "` + strings.ReplaceAll(statement, "340", "350") + `", "title": "Lamps", "date": "2026-03-04"}]}`), 200, false},
		{"compare one", api, "/v1/compare", asJSON, secret, []byte(`{"articles": [{"text": "x"}]}`), 400, true},
		{"compare with nothing", api, "/v1/compare", asJSON, secret, []byte(`{"articles": [{"text": "Hi"}, {"text": "Ho"}]}`), 422, false},
		{"remember a text", api, "/v1/brief", asJSON, secret, []byte(`{"text": "x", "remember": true}`), 400, false},
		{"checklist", api, "/v1/checklist", asJSON, secret, []byte(`{"url": "https://courier.example/1"}`), 200, false},
		{"no checklist", empty, "/v1/checklist", asJSON, secret, english, 503, false},
		{"no text", api, "/v1/brief", asJSON, secret, text("Hi"), 422, false},
		{"German", api, "/v1/brief", asJSON, secret, text("Der Bürgermeister sagte am Dienstag, dass die Brücke gebaut werden soll. "), 422, false},
		{"a path", api, "/v1/brief", asJSON, secret, []byte(`{"url": "/etc/passwd"}`), 400, true},
		{"both", api, "/v1/brief", asJSON, secret, []byte(`{"url": "https://a.example", "text": "x"}`), 400, true},
		{"unknown field", api, "/v1/check", asJSON, secret, []byte(`{"claim": "x", "verdict": true}`), 400, true},
		{"wrong token", api, "/v1/brief", asJSON, "wrong", english, 401, false},
		{"image", api, "/v1/brief", "image/png", secret, []byte("x"), 415, true},
		{"large", api, "/v1/brief", "text/plain", secret, bytes.Repeat([]byte("x"), 10<<20+1), 413, false},
		{"first", hurried, "/v1/check", asJSON, secret, []byte(`{"claim": "x"}`), 200, false},
		{"too many", hurried, "/v1/check", asJSON, secret, []byte(`{"claim": "x"}`), 429, false},
		{"nothing loaded", empty, "/v1/check", asJSON, secret, []byte(`{"claim": "x"}`), 503, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			r, resp := ask(c.api, http.MethodPost, c.path, c.kind, c.secret, c.body)
			if resp.StatusCode != c.status {
				t.Errorf("status %d, want %d", resp.StatusCode, c.status)
			}
			if ok, wrong := v.ValidateHttpResponse(r, resp); !ok {
				for _, e := range wrong {
					t.Errorf("the answer is not as described: %s: %s", e.Message, e.Reason)
					for _, s := range e.SchemaValidationErrors {
						t.Errorf("  %s: %s", s.FieldPath, s.Reason)
					}
				}
			}
			r.Body = io.NopCloser(bytes.NewReader(c.body))
			ok, wrong := v.ValidateHttpRequest(r)
			if ok == c.badRequest {
				t.Errorf("the description allows the request: %v, want %v", ok, !c.badRequest)
				for _, e := range wrong {
					t.Errorf("  %s: %s", e.Message, e.Reason)
				}
			}
		})
	}
}
