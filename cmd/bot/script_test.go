package main

import (
	"archive/zip"
	"bytes"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/alicebob/miniredis/v2"
	"github.com/rogpeppe/go-internal/testscript"

	"onrecord/llm/llmfake"
	"onrecord/store/storetest"
)

func TestMain(m *testing.M) {
	testscript.Main(stopping{m}, map[string]func(){"bot": main})
}

// stopping ends the PostgreSQL server that the tests may have started.
type stopping struct{ *testing.M }

func (s stopping) Run() int {
	defer storetest.Stop()
	return s.M.Run()
}

// TestScript runs the whole bot as people do. What the scripts have beside
// testscript's own commands:
//
//	status N bot ARGS…    run it and expect this exit status
//	make KIND FILE        write a bad input, too large to be kept
//	await bot ARGS…       run it until it succeeds
//
// $ARTICLES is testdata/articles, $SITE a web server of bad manners that the
// bot is allowed to reach, $ADDRESS a free address to listen on, $CLOSED the
// link to it, $REDIS the address of a Redis server, $MODEL a language model's
// server, $KEY the key to it. $DATABASE and $OTHER are empty databases of
// PostgreSQL, for scripts that begin with the condition [postgres].
func TestScript(t *testing.T) {
	articles, err := filepath.Abs("../../testdata/articles")
	if err != nil {
		t.Fatal(err)
	}
	testscript.Run(t, testscript.Params{
		Dir:                 "testdata/script",
		RequireExplicitExec: true,
		RequireUniqueNames:  true,
		Setup: func(env *testscript.Env) error {
			site := httptest.NewServer(badSite())
			env.Defer(site.Close)
			redis := miniredis.NewMiniRedis()
			if err := redis.Start(); err != nil {
				return err
			}
			env.Defer(redis.Close)
			model, stop := llmfake.New(llmfake.Say(func(s string) string {
				return strings.NewReplacer("injured 17", "hurt 17", "had been locked", "was unlocked").Replace(s)
			}))
			env.Defer(stop)
			free, err := net.Listen("tcp", "127.0.0.1:0")
			if err != nil {
				return err
			}
			defer free.Close()
			address, err := url.Parse(site.URL)
			if err != nil {
				return err
			}
			_, port, err := net.SplitHostPort(free.Addr().String())
			if err != nil {
				return err
			}
			for name, value := range map[string]string{
				"ARTICLES":                articles,
				"SITE":                    site.URL,
				"ADDRESS":                 free.Addr().String(),
				"CLOSED":                  "http://" + free.Addr().String(),
				"REDIS":                   redis.Addr(),
				"MODEL":                   model.URL,
				"KEY":                     llmfake.Key,
				"TZ":                      "UTC",
				"XDG_CACHE_HOME":          filepath.Join(env.WorkDir, ".cache"),
				"XDG_STATE_HOME":          filepath.Join(env.WorkDir, ".state"),
				"ONRECORD_ALLOW_NETWORKS": "127.0.0.0/8",
				"ONRECORD_ALLOW_PORTS":    "80,443," + address.Port() + "," + port,
				"ONRECORD_FETCH_TIMEOUT":  "3s",
			} {
				env.Setenv(name, value)
			}
			if !storetest.Installed() || !strings.Contains(env.WorkDir, "script-postgres") {
				return nil
			}
			for _, name := range []string{"DATABASE", "OTHER"} {
				server, err := storetest.Shared()
				if err != nil {
					return err
				}
				database, err := server.Database()
				if err != nil {
					return err
				}
				env.Setenv(name, database)
			}
			return nil
		},
		Condition: func(name string) (bool, error) {
			if name != "postgres" {
				return false, fmt.Errorf("unknown condition %q", name)
			}
			return storetest.Installed(), nil
		},
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"status": status,
			"make":   makeBad,
			"await":  await,
		},
	})
}

func status(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: status N COMMAND ARGS…")
	}
	want, err := strconv.Atoi(args[0])
	ts.Check(err)
	began := time.Now()
	err = ts.Exec(args[1], args[2:]...)
	var exit *exec.ExitError
	got := 0
	if errors.As(err, &exit) {
		got = exit.ExitCode()
	} else {
		ts.Check(err)
	}
	if got != want {
		ts.Fatalf("exit status %d, want %d", got, want)
	}
	if took := time.Since(began); took > time.Minute {
		ts.Fatalf("took %v", took)
	}
}

func await(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) == 0 {
		ts.Fatalf("usage: await COMMAND ARGS…")
	}
	deadline := time.Now().Add(30 * time.Second)
	tick := time.NewTicker(50 * time.Millisecond)
	defer tick.Stop()
	for range tick.C {
		err := ts.Exec(args[0], args[1:]...)
		if err == nil {
			return
		}
		if time.Now().After(deadline) {
			ts.Fatalf("still failing: %v", err)
		}
	}
}

// prose is some text of an article, n sentences long.
func prose(n int) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, "The council of Upper Reed spent %d crowns on the bridge last year, the mayor said. ", 1000+i)
		if i%4 == 3 {
			b.WriteString("\n\n")
		}
	}
	return b.String()
}

// makeBad writes inputs that no reader of articles should be handed.
func makeBad(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 2 {
		ts.Fatalf("usage: make KIND FILE")
	}
	kinds := map[string]func() []byte{
		"empty": func() []byte { return nil },
		"blank": func() []byte { return []byte(" \n\t\n ") },
		"binary": func() []byte {
			return bytes.Repeat([]byte("\x00\x01\xfe\xff\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR"), 4000)
		},
		"huge": func() []byte { return []byte(strings.Repeat(prose(100), (50<<20)/len(prose(100))+1)) },
		"line": func() []byte {
			return []byte(strings.Repeat("the mayor of the town said that it rained and ", 300_000/46+1))
		},
		"unbroken": func() []byte { return []byte("It rained. " + strings.Repeat("a", 1_000_000)) },
		"unpunctuated": func() []byte {
			return []byte(strings.NewReplacer(".", "", ",", "").Replace(prose(200)))
		},
		"unbalanced": func() []byte {
			return []byte(strings.ReplaceAll(prose(60), "The council", "“The \"council"))
		},
		"foreign": func() []byte {
			return []byte(strings.Repeat("\u202eقال رئيس البلدية إن الجسر أغلق يوم الاثنين 🌧️🌉\u202c ", 60))
		},
		"emoji":   func() []byte { return []byte(strings.Repeat("👩‍👩‍👧‍👦🏳️‍🌈🇺🇳", 3000)) },
		"nul":     func() []byte { return []byte(strings.ReplaceAll(prose(20), " ", "\x00 ")) },
		"zipbomb": zipBomb,
		"brokendocx": func() []byte {
			return zipOf(ts, map[string]string{"word/document.xml": "<w:document><w:body><w:p>", "[Content_Types].xml": "<Types/>"})
		},
		"brokenpdf": func() []byte {
			return []byte("%PDF-1.7\n1 0 obj\n<</Type/Catalog/Pages 2 0 R>>\nendobj\n2 0 obj\n<</Type/Pages/Kids[9 0 R 2 0 R]/Count -5>>\nendobj\n" +
				"3 0 obj\n<</Length 99999>>stream\n" + strings.Repeat("\xff\x00BT(", 500) + "\ntrailer\n<</Root 1 0 R/Size 4/Prev 12>>\nstartxref\n9999999\n%%EOF")
		},
		"deep": func() []byte {
			return []byte("<html><body>" + strings.Repeat("<div><b>", 50_000) + prose(30))
		},
		"jsonld": func() []byte {
			return []byte(`<html><head><title>Bridge shut</title><script type="application/ld+json">` +
				`{"@type":["NewsArticle",7],"headline":{"a":[1]},"datePublished":["x",{}],"author":[[[["y"]]],5,null,{"name":{}}],"image":{"@graph":[1]}}` +
				`</script></head><body><article><p>` + strings.ReplaceAll(prose(40), "\n\n", "</p><p>") + `</p></article></body></html>`)
		},
		"batch": func() []byte {
			return []byte(`{"id":"long","text":"` + strings.Repeat("a", maxLine) + "\"}\n" + `{"id":"short","text":"It rained."}` + "\n")
		},
	}
	kind, ok := kinds[args[0]]
	if !ok {
		ts.Fatalf("make knows no %s", args[0])
	}
	ts.Check(os.WriteFile(ts.MkAbs(args[1]), kind(), 0o644))
}

func zipOf(ts *testscript.TestScript, files map[string]string) []byte {
	var buf bytes.Buffer
	w := zip.NewWriter(&buf)
	for name, text := range files {
		f, err := w.Create(name)
		ts.Check(err)
		_, err = f.Write([]byte(text))
		ts.Check(err)
	}
	ts.Check(w.Close())
	return buf.Bytes()
}

// zipBomb is a .docx of a megabyte that would unfold to one gigabyte.
func zipBomb() []byte {
	var buf bytes.Buffer
	w := zip.NewWriter(&buf)
	types, err := w.Create("[Content_Types].xml")
	if err != nil {
		panic(err)
	}
	types.Write([]byte(`<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>`))
	f, err := w.Create("word/document.xml")
	if err != nil {
		panic(err)
	}
	f.Write([]byte(`<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body><w:p><w:r><w:t>`))
	chunk := bytes.Repeat([]byte("a "), 1<<19)
	for range 1024 {
		f.Write(chunk)
	}
	w.Close()
	return buf.Bytes()
}

// badSite is a web server with one good page and many bad ones.
func badSite() http.Handler {
	mux := http.NewServeMux()
	page := "<html><head><title>Bridge shut</title></head><body><article><p>" + strings.ReplaceAll(prose(40), "\n\n", "</p><p>") + "</p></article></body></html>"
	mux.HandleFunc("/good", func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, page) })
	mux.HandleFunc("/checks/", func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/checks/":
			fmt.Fprint(w, `<html><head><link rel="alternate" type="application/rss+xml" href="feed.xml"></head><body>Checks</body></html>`)
		case "/checks/feed.xml":
			fmt.Fprintf(w, `<rss version="2.0"><channel><title>Harrow Gazette</title>
				<item><title>What do the ferries cost?</title><link>http://%[1]s/checks/ferries</link><pubDate>Sat, 01 Feb 2020 08:00:00 GMT</pubDate></item>
				<item><title>Was the bridge ever painted green?</title><link>http://%[1]s/checks/gone</link></item></channel></rss>`, r.Host)
		case "/checks/ferries":
			fmt.Fprint(w, `<html><script type="application/ld+json">{"@type": "ClaimReview", "claimReviewed": "The ferries of Harrow Lines cost the islands 1.9 billion crowns.",
				"reviewRating": {"alternateName": "Half true"}}</script></html>`)
		default:
			http.NotFound(w, r)
		}
	})
	mux.HandleFunc("/loop", func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, "/loop", http.StatusFound) })
	mux.HandleFunc("/inside", func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, "http://169.254.169.254/latest/meta-data", http.StatusFound)
	})
	mux.HandleFunc("/drip", func(w http.ResponseWriter, r *http.Request) {
		tick := time.NewTicker(time.Second)
		defer tick.Stop()
		for {
			fmt.Fprint(w, "<")
			w.(http.Flusher).Flush()
			select {
			case <-tick.C:
			case <-r.Context().Done():
				return
			}
		}
	})
	mux.HandleFunc("/gzip", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Encoding", "gzip")
		fmt.Fprint(w, page)
	})
	mux.HandleFunc("/endless", func(w http.ResponseWriter, r *http.Request) {
		chunk := []byte(strings.Repeat("<p>It rained.</p>", 4096))
		for r.Context().Err() == nil {
			if _, err := w.Write(chunk); err != nil {
				return
			}
		}
	})
	return mux
}
