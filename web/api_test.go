package web_test

import (
	"bytes"
	"compress/gzip"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"reflect"
	"strings"
	"sync"
	"testing"
	"time"

	"onrecord/article"
	"onrecord/book"
	"onrecord/brief"
	"onrecord/cache"
	"onrecord/chat"
	"onrecord/checklist"
	"onrecord/factcheck"
	"onrecord/web"
)

const (
	secret  = "s3cret-of-the-newsroom"
	another = "s3cret-of-another-one"
)

func token(t testing.TB, workspace, secret string) web.Token {
	t.Helper()
	sum := sha256.Sum256([]byte(secret))
	tok, err := web.ParseToken(workspace + ":" + hex.EncodeToString(sum[:]))
	if err != nil {
		t.Fatal(err)
	}
	return tok
}

// site is a Reader of one page at https://news.example/budget, and of whatever is
// handed in. It counts who reads.
type site struct {
	article.Reader
	story string
	block chan struct{} // reading waits for it, if there is one
}

func (s *site) Read(ctx context.Context, src article.Source) (*article.Article, error) {
	if s.block != nil {
		select {
		case <-s.block:
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	}
	switch src.Link {
	case "":
		return s.Reader.Read(ctx, src)
	case "https://news.example/budget":
		a, err := s.Reader.Read(ctx, article.FromBytes("story.txt", "text/plain", []byte(s.story)))
		if err != nil {
			return nil, err
		}
		a.URL = src.Link
		return a, nil
	case "https://news.example/paid":
		return nil, &article.Error{Kind: article.ErrPaywall, Where: "news.example"}
	case "https://news.example/odd":
		return nil, fmt.Errorf("secret detail of the operator")
	}
	return nil, &article.Error{Kind: article.ErrNotFound, Where: "news.example"}
}

// library has one published fact-check.
type library struct{}

func (*library) Find(_ context.Context, q factcheck.Question) ([]factcheck.Match, error) {
	if !strings.Contains(q.Text, "pension") {
		return nil, nil
	}
	return []factcheck.Match{{Score: .83, Review: factcheck.Review{Claim: "The pension bill doubled", Publisher: "Gazette", Verdict: "Half true", URL: "https://gazette.example/1"}}}, nil
}
func (*library) Label(context.Context) string { return "one" }

func story(t testing.TB) string {
	t.Helper()
	data, err := os.ReadFile("../testdata/articles/council-budget.txt")
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

// api is an API in front of a reader, and the service behind it.
func api(t testing.TB, change func(*web.API, *site)) (address string, service *chat.Service) {
	t.Helper()
	s := &site{story: story(t)}
	memory := cache.NewMemory(16 << 20)
	t.Cleanup(func() { _ = memory.Close(); _ = s.Close() })
	lib := &library{}
	service = &chat.Service{Briefer: &brief.Briefer{Reader: s, Cache: memory, Library: lib}, Library: lib}
	a := &web.API{Service: service, Tokens: []web.Token{token(t, "desk", secret), token(t, "other", another)}, Counter: memory}
	if change != nil {
		change(a, s)
	}
	mux := http.NewServeMux()
	for pattern, h := range a.Handlers() {
		mux.Handle(pattern, h)
	}
	server := httptest.NewServer(mux)
	t.Cleanup(server.Close)
	return server.URL, service
}

// answer is what came back beside the body.
type answer struct {
	StatusCode int
	Header     http.Header
}

// ask sends a request with a token, and gives the answer.
func ask(t testing.TB, method, url, contentType, body string) (answer, string) {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), method, url, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Authorization", "Bearer "+secret)
	if contentType != "" {
		req.Header.Set("Content-Type", contentType)
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer http.DefaultClient.CloseIdleConnections()
	defer resp.Body.Close()
	data, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	return answer{resp.StatusCode, resp.Header}, string(data)
}

func TestAPIAnswersAsTheCommandLine(t *testing.T) {
	address, service := api(t, nil)
	src, _ := article.FromURL("https://news.example/budget")
	b, err := service.Briefer.Brief(t.Context(), src)
	if err != nil {
		t.Fatal(err)
	}
	filter := brief.Filter{By: "quill", Top: 2}
	for path, want := range map[string]*brief.Briefing{
		"brief": b, "quotes": filter.OnlyQuotes(b), "claims": filter.OnlyClaims(b),
	} {
		expected, err := brief.JSON(want)
		if err != nil {
			t.Fatal(err)
		}
		resp, got := ask(t, "POST", address+"/v1/"+path, "application/json", `{"url": "https://news.example/budget", "by": "quill", "top": 2}`)
		if resp.StatusCode != http.StatusOK || resp.Header.Get("Content-Type") != "application/json" || got != string(expected) {
			t.Errorf("/v1/%s: status %d, %d bytes, want %d:\n%.300s", path, resp.StatusCode, len(got), len(expected), got)
		}
	}
	_, got := ask(t, "POST", address+"/v1/check", "application/json", `{"claim": " the  pension bill doubled", "local": true}`)
	if !strings.Contains(got, `"claim": "the pension bill doubled"`) || !strings.Contains(got, `"verdict": "Half true"`) {
		t.Errorf("/v1/check answers %s", got)
	}
}

func TestAPITakesFiles(t *testing.T) {
	address, _ := api(t, nil)
	docx, err := os.ReadFile("../testdata/articles/vanished-bees.docx")
	if err != nil {
		t.Fatal(err)
	}
	page, err := os.ReadFile("../testdata/articles/diplomatic-row.html")
	if err != nil {
		t.Fatal(err)
	}
	for kind, body := range map[string]string{
		"text/plain; charset=utf-8": story(t),
		"text/html":                 string(page),
		"application/vnd.openxmlformats-officedocument.wordprocessingml.document": string(docx),
	} {
		resp, got := ask(t, "POST", address+"/v1/brief?date=2026-03-04", kind, body)
		var o brief.Object
		if err := json.Unmarshal([]byte(got), &o); err != nil || resp.StatusCode != http.StatusOK || len(o.Quotes) == 0 || o.Article.Published != "2026-03-04" {
			t.Errorf("%s: status %d, %v: %.200s", kind, resp.StatusCode, err, got)
		}
	}
}

func TestAPIRefuses(t *testing.T) {
	address, _ := api(t, func(a *web.API, _ *site) { a.Timeout = 20 * time.Second })
	const asJSON = "application/json"
	for _, c := range []struct {
		name, method, path, kind, body string
		status                         int
		says                           string
	}{
		{"a path", "POST", "brief", asJSON, `{"url": "/etc/passwd"}`, 400, "files of this server cannot be read"},
		{"a file address", "POST", "brief", asJSON, `{"url": "file:///etc/passwd"}`, 400, "files of this server cannot be read"},
		{"a relative path", "POST", "brief", asJSON, `{"url": "../../secrets.txt"}`, 400, "files of this server cannot be read"},
		{"a scheme that runs", "POST", "brief", asJSON, `{"url": "javascript:alert(1)"}`, 400, "https://"},
		{"a name and password", "POST", "brief", asJSON, `{"url": "https://me:pw@news.example/"}`, 400, ""},
		{"nothing", "POST", "brief", asJSON, `{}`, 400, "one of url and text"},
		{"both", "POST", "brief", asJSON, `{"url": "https://news.example/budget", "text": "x"}`, 400, "one of url and text"},
		{"an unknown field", "POST", "brief", asJSON, `{"uri": "x"}`, 400, "unknown field"},
		{"two objects", "POST", "brief", asJSON, `{"text": "x"}{}`, 400, "follows the object"},
		{"broken JSON", "POST", "brief", asJSON, `{"text": `, 400, "openapi.json"},
		{"null", "POST", "brief", asJSON, `null`, 400, "one of url and text"},
		{"a day that is none", "POST", "brief", asJSON, `{"url": "https://news.example/budget", "date": "4 March"}`, 400, "2020-01-21"},
		{"minus one claim", "POST", "claims", asJSON, `{"url": "https://news.example/budget", "top": -1}`, 400, "whole number"},
		{"a long name", "POST", "quotes", asJSON, `{"url": "https://news.example/budget", "by": "` + strings.Repeat("x", 501) + `"}`, 400, "longer than"},
		{"an unknown query", "POST", "brief?path=/etc/passwd", "text/plain", "x", 400, "no other field"},
		{"an image", "POST", "brief", "image/png", "x", 415, "Content-Type"},
		{"no type", "POST", "brief", "", "x", 415, "Content-Type"},
		{"a form", "POST", "check", "application/x-www-form-urlencoded", "claim=x", 415, "JSON"},
		{"no claim", "POST", "check", asJSON, `{"claim": " "}`, 400, "claim"},
		{"a paywall", "POST", "brief", asJSON, `{"url": "https://news.example/paid"}`, 422, "paywall"},
		{"no such page", "POST", "brief", asJSON, `{"url": "https://news.example/gone"}`, 422, "page not found"},
		{"hardly a text", "POST", "brief", asJSON, `{"text": "Hi."}`, 422, ""},
		{"German", "POST", "brief", asJSON, `{"text": "` + strings.Repeat("Der Bürgermeister sagte am Dienstag, dass die Brücke im nächsten Jahr gebaut werden soll. ", 8) + `"}`, 422, "German"},
		{"11 MB", "POST", "brief", "text/plain", strings.Repeat("x", 11<<20), 413, "10 MB"},
		{"GET", "GET", "brief", "", "", 405, "POST"},
		{"an unknown stance", "POST", "said", asJSON, `{"stance": "lied"}`, 400, "denied"},
		{"no time at all", "POST", "said", asJSON, `{"since": "the blue hour"}`, 400, "last week"},
		{"too many", "POST", "said", asJSON, `{"most": 100000}`, 400, "1000"},
		{"a long speaker", "POST", "said", asJSON, `{"speaker": "` + strings.Repeat("x", 501) + `"}`, 400, "longer than"},
		{"another workspace", "POST", "said", asJSON, `{"workspace": "other"}`, 400, "unknown field"},
		{"no book", "POST", "said", asJSON, `{}`, 503, "ONRECORD_STATE_FILE"},
		{"no book to write", "POST", "brief", asJSON, `{"url": "https://news.example/budget", "remember": true}`, 503, "ONRECORD_STATE_FILE"},
		{"a text to remember", "POST", "brief", asJSON, `{"text": "x", "remember": true}`, 400, "can be remembered"},
		{"one article", "POST", "compare", asJSON, `{"articles": [{"text": "x"}]}`, 400, "2 to 5"},
		{"six articles", "POST", "compare", asJSON, `{"articles": [{}, {}, {}, {}, {}, {}]}`, 400, "2 to 5"},
		{"a path among articles", "POST", "compare", asJSON, `{"articles": [{"url": "https://news.example/budget"}, {"url": "/etc/passwd"}]}`, 400, "Article 2: url begins"},
		{"a paywall among articles", "POST", "compare", asJSON, `{"articles": [{"url": "https://news.example/budget"}, {"url": "https://news.example/paid"}]}`, 422, "Article 2 (https://news.example/paid)"},
		{"a form to compare", "POST", "compare", "text/plain", "x", 415, "JSON"},
		{"GET of the book", "GET", "said", "", "", 405, "POST"},
		{"nowhere", "POST", "verdict", asJSON, "{}", 404, "openapi.json"},
		{"a dotted path", "POST", "..%2f..%2fetc%2fpasswd", asJSON, "{}", 404, ""},
		{"what nobody expected", "POST", "brief", asJSON, `{"url": "https://news.example/odd"}`, 500, "reference"},
	} {
		t.Run(c.name, func(t *testing.T) {
			resp, got := ask(t, c.method, address+"/v1/"+c.path, c.kind, c.body)
			var p struct {
				Title, Detail string
				Status        int
			}
			err := json.Unmarshal([]byte(got), &p)
			if resp.StatusCode != c.status || p.Status != c.status || p.Title == "" || p.Detail == "" || err != nil || resp.Header.Get("Content-Type") != "application/problem+json" {
				t.Errorf("status %d, want %d: %s", resp.StatusCode, c.status, got)
			}
			if !strings.Contains(got, c.says) || strings.Contains(got, "secret detail") {
				t.Errorf("the answer is %s, want one with %q", got, c.says)
			}
		})
	}
}

func TestAPIWantsAToken(t *testing.T) {
	address, _ := api(t, nil)
	for _, header := range []string{"", "Bearer", "Bearer ", "Bearer wrong", "Basic " + secret, secret, "Bearer " + secret + "x"} {
		req, _ := http.NewRequestWithContext(t.Context(), http.MethodPost, address+"/v1/brief", strings.NewReader(`{"text":"x"}`))
		req.Header.Set("Authorization", header)
		req.Header.Set("Content-Type", "application/json")
		resp, err := http.DefaultClient.Do(req)
		if err != nil {
			t.Fatal(err)
		}
		_ = resp.Body.Close()
		if resp.StatusCode != http.StatusUnauthorized || resp.Header.Get("WWW-Authenticate") == "" {
			t.Errorf("Authorization %q: status %d", header, resp.StatusCode)
		}
	}
	http.DefaultClient.CloseIdleConnections()
	for _, s := range []string{"", "desk", "desk:" + secret, ":" + strings.Repeat("0", 64), "desk:" + strings.Repeat("0", 63)} {
		if _, err := web.ParseToken(s); err == nil || s != "" && strings.Contains(err.Error(), s) {
			t.Errorf("ParseToken(%q) gives the error %v", s, err)
		}
	}
}

// A token that asks too often is told when to come back; others are not touched.
func TestAPILimitsEachToken(t *testing.T) {
	address, _ := api(t, func(a *web.API, _ *site) { a.Limit = 2 })
	for i := range 3 {
		resp, got := ask(t, "POST", address+"/v1/check", "application/json", `{"claim": "x"}`)
		if limited := resp.StatusCode == http.StatusTooManyRequests; limited != (i == 2) {
			t.Errorf("request %d: status %d: %s", i+1, resp.StatusCode, got)
		} else if limited && resp.Header.Get("Retry-After") == "" {
			t.Error("nothing says when to ask again")
		}
	}
	req, _ := http.NewRequestWithContext(t.Context(), http.MethodPost, address+"/v1/check", strings.NewReader(`{"claim": "x"}`))
	req.Header.Set("Authorization", "Bearer "+another)
	req.Header.Set("Content-Type", "application/json")
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	_ = resp.Body.Close()
	http.DefaultClient.CloseIdleConnections()
	if resp.StatusCode != http.StatusOK {
		t.Errorf("another token: status %d", resp.StatusCode)
	}
}

func TestAPIStopsWhatIsSlow(t *testing.T) {
	address, _ := api(t, func(a *web.API, s *site) { a.Timeout, s.block = 50*time.Millisecond, make(chan struct{}) })
	resp, got := ask(t, "POST", address+"/v1/brief", "application/json", `{"url": "https://news.example/budget"}`)
	if resp.StatusCode != http.StatusGatewayTimeout {
		t.Errorf("status %d: %s", resp.StatusCode, got)
	}
}

// When the server is told to end, requests in hand are answered, all of them.
func TestAPILosesNothingAtTheEnd(t *testing.T) {
	open := make(chan struct{})
	s := &site{story: story(t), block: open}
	defer s.Close()
	server := web.New(web.Options{Address: "127.0.0.1:0"})
	a := &web.API{Service: &chat.Service{Briefer: &brief.Briefer{Reader: s}}, Tokens: []web.Token{token(t, "desk", secret)}}
	for pattern, h := range a.Handlers() {
		server.Handle(pattern, h)
	}
	var in sync.WaitGroup
	in.Add(20)
	server.Handle("POST /arrived", http.HandlerFunc(func(http.ResponseWriter, *http.Request) {}))
	address, stop := serve(t, server)
	codes := make(chan int, 20)
	for range 20 {
		go func() {
			conn, err := net.Dial("tcp", address)
			if err != nil {
				in.Done()
				codes <- 0
				return
			}
			defer conn.Close()
			body := `{"url": "https://news.example/budget"}`
			fmt.Fprintf(conn, "POST /v1/brief HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer %s\r\nContent-Type: application/json\r\nContent-Length: %d\r\nExpect: 100-continue\r\nConnection: close\r\n\r\n", secret, len(body))
			// The server asks for the body: the request is in its hands.
			wait := make([]byte, len("HTTP/1.1 100 Continue\r\n\r\n"))
			_, err = io.ReadFull(conn, wait)
			in.Done()
			if err == nil {
				_, err = io.WriteString(conn, body)
			}
			answer, _ := io.ReadAll(conn)
			code := 0
			if err == nil {
				_, _ = fmt.Sscanf(string(answer), "HTTP/1.1 %d", &code)
			}
			if !strings.Contains(string(answer), `"engine"`) {
				code = -code
			}
			codes <- code
		}()
	}
	in.Wait()
	ended := make(chan error, 1)
	go func() { ended <- stop() }()
	close(open)
	for range 20 {
		if code := <-codes; code != http.StatusOK {
			t.Errorf("a request in hand got the status %d", code)
		}
	}
	if err := <-ended; err != nil {
		t.Error(err)
	}
}

var update = flag.Bool("update", false, "pack openapi.json anew")

// What the program holds of its description is what openapi.json says.
func TestDescriptionIsPacked(t *testing.T) {
	want, err := os.ReadFile("openapi.json")
	if err != nil {
		t.Fatal(err)
	}
	if *update {
		var out bytes.Buffer
		w, err := gzip.NewWriterLevel(&out, gzip.BestCompression)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := w.Write(want); err != nil {
			t.Fatal(err)
		}
		if err := errors.Join(w.Close(), os.WriteFile("openapi.json.gz", out.Bytes(), 0o644)); err != nil {
			t.Fatal(err)
		}
		return // what was compiled in is the one of before
	}
	address, _ := api(t, nil)
	if _, got := ask(t, "GET", address+"/v1/openapi.json", "", ""); got != string(want) {
		t.Error("openapi.json was changed and not packed: 'go test ./web -run Packed -update' does it")
	}
}

// The description names every field that is answered, and no other.
func TestDescriptionKnowsEveryField(t *testing.T) {
	address, _ := api(t, nil)
	resp, got := ask(t, "GET", address+"/v1/openapi.json", "", "")
	if resp.StatusCode != http.StatusOK {
		t.Fatalf("status %d", resp.StatusCode)
	}
	var doc struct {
		Components struct {
			Schemas map[string]struct {
				Properties map[string]any
				Required   []string
			}
		}
	}
	if err := json.Unmarshal([]byte(got), &doc); err != nil {
		t.Fatal(err)
	}
	for name, of := range map[string]reflect.Type{
		"Briefing": reflect.TypeFor[brief.Object](), "Article": reflect.TypeFor[brief.ObjectArticle](), "Sentence": reflect.TypeFor[brief.ObjectSentence](),
		"Quote": reflect.TypeFor[brief.ObjectQuote](), "Speaker": reflect.TypeFor[brief.ObjectSpeaker](), "Sources": reflect.TypeFor[brief.ObjectSources](),
		"Claim": reflect.TypeFor[brief.ObjectClaim](), "Review": reflect.TypeFor[brief.ObjectReview](), "Facts": reflect.TypeFor[brief.ObjectFacts](),
		"Event": reflect.TypeFor[brief.ObjectEvent](), "Clash": reflect.TypeFor[brief.ObjectClash](), "Engine": reflect.TypeFor[brief.ObjectEngine](),
		"Said": reflect.TypeFor[book.Object](), "BookItem": reflect.TypeFor[book.ObjectItem](), "BookArticle": reflect.TypeFor[book.ObjectArticle](), "Echo": reflect.TypeFor[book.ObjectEcho](),
		"Comparison": reflect.TypeFor[brief.ObjectComparison](), "Finding": reflect.TypeFor[brief.ObjectFinding](), "Side": reflect.TypeFor[brief.ObjectSide](),
		"Checklist": reflect.TypeFor[checklist.Object](), "ListedClaim": reflect.TypeFor[checklist.ObjectClaim](), "Mark": reflect.TypeFor[checklist.ObjectMark](),
	} {
		schema := doc.Components.Schemas[name]
		for f := range of.Fields() {
			field, _, _ := strings.Cut(f.Tag.Get("json"), ",")
			if _, ok := schema.Properties[field]; !ok {
				t.Errorf("the schema of %s does not have the field %s", name, field)
			}
		}
		if len(schema.Properties) != of.NumField() || len(schema.Required) != of.NumField() {
			t.Errorf("the schema of %s has %d properties, %d required, want %d", name, len(schema.Properties), len(schema.Required), of.NumField())
		}
	}
}
