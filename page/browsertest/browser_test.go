package browsertest

import (
	"context"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"

	"onrecord/article"
	"onrecord/brief"
	"onrecord/page"
)

// briefing analyses sample articles as one text that stands at an address.
func briefing(t *testing.T, names ...string) *brief.Briefing {
	t.Helper()
	var text strings.Builder
	for _, name := range names {
		data, err := os.ReadFile("../../testdata/articles/" + name)
		if err != nil {
			t.Fatal(err)
		}
		text.Write(data)
		text.WriteString("\n\n")
	}
	var r article.Reader
	defer r.Close()
	a, err := r.Read(t.Context(), article.FromBytes("story.txt", "text/plain", []byte(text.String())))
	if err != nil {
		t.Fatal(err)
	}
	a.URL = "https://news.example/story"
	return &brief.Briefing{Article: a, Analysis: brief.Analyse(a)}
}

// browser is a Chromium with one page open, and what went wrong in it.
type browser struct {
	t   *testing.T
	ctx context.Context
	url string

	mu       sync.Mutex
	trouble  []string // errors of the console
	requests []string // all but the page's own
}

// sizes of windows, in CSS pixels.
const (
	desk  = 1280
	phone = 390
)

// open shows a page in a new browser, with the headers that the bot serves it
// with. When the test ends nothing may have gone wrong in the console, and
// nothing may have been asked for but the page.
func open(t *testing.T, data []byte, hash string, width int64, before ...step) *browser {
	t.Helper()
	path, err := exec.LookPath("chromium")
	if err != nil {
		t.Skip("there is no chromium: apt-get install chromium")
	}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		w.Header().Set("Content-Security-Policy", page.Policy())
		_, _ = w.Write(data)
	}))
	t.Cleanup(server.Close)
	options := append(slices.Clone(chromedp.DefaultExecAllocatorOptions[:]),
		chromedp.ExecPath(path), chromedp.NoSandbox, chromedp.DisableGPU, chromedp.WSURLReadTimeout(time.Minute), chromedp.UserDataDir(t.TempDir()))
	ctx, cancel := chromedp.NewExecAllocator(context.Background(), options...)
	t.Cleanup(cancel)
	ctx, cancel = chromedp.NewContext(ctx)
	t.Cleanup(cancel)
	b := &browser{t: t, ctx: ctx, url: server.URL + "/"}
	b.run(chromedp.Func(b.listen), chromedp.EmulateViewport(width, 900), media(emulation.SetEmulatedMediaParams{}))
	b.run(before...)
	b.run(chromedp.Navigate(b.url + hash))
	t.Cleanup(func() {
		b.mu.Lock()
		defer b.mu.Unlock()
		for _, s := range b.trouble {
			t.Errorf("console: %s", s)
		}
		for _, s := range b.requests {
			t.Errorf("the page asked for %s", s)
		}
	})
	return b
}

// step is something to do in the browser.
type step = chromedp.Action[chromedp.Void]

// listen notes what goes wrong in the page and what it asks for.
func (b *browser) listen(ctx context.Context, t *chromedp.Target) error {
	if _, err := cdp.Call(ctx, t, network.Enable, network.EnableParams{}); err != nil {
		return err
	}
	if _, err := cdp.Call(ctx, t, log.Enable, cdp.Empty{}); err != nil {
		return err
	}
	each(b, t, runtime.ExceptionThrown, func(e runtime.EventExceptionThrown) {
		b.trouble = append(b.trouble, e.ExceptionDetails.Text)
	})
	each(b, t, runtime.ConsoleAPICalled, func(e runtime.EventConsoleAPICalled) {
		if e.Type == "error" || e.Type == "warning" {
			b.trouble = append(b.trouble, string(e.Type))
		}
	})
	each(b, t, log.EntryAdded, func(e log.EventEntryAdded) {
		if e.Entry.Level == "error" || e.Entry.Level == "warning" {
			b.trouble = append(b.trouble, e.Entry.Text)
		}
	})
	each(b, t, network.RequestWillBeSent, func(e network.EventRequestWillBeSent) {
		if address, _, _ := strings.Cut(e.Request.URL, "#"); address != b.url && address != "data:," {
			b.requests = append(b.requests, e.Request.URL)
		}
	})
	return nil
}

// each hands every event of a sort to take, until the browser ends.
func each[E any](b *browser, t *chromedp.Target, sort cdp.Event[E], take func(E)) {
	events := cdp.Events(b.ctx, t, sort)
	go func() {
		for e, err := range events {
			if err != nil {
				return
			}
			b.mu.Lock()
			take(e)
			b.mu.Unlock()
		}
	}()
}

func (b *browser) run(steps ...step) {
	b.t.Helper()
	ctx, cancel := b.ctx, context.CancelFunc(func() {})
	if chromedp.FromContext(ctx).Target != nil {
		ctx, cancel = context.WithTimeout(ctx, 90*time.Second) // not the first one, which starts the browser
	}
	defer cancel()
	if err := chromedp.Do(ctx, steps...); err != nil {
		b.t.Fatal(err)
	}
}

// value runs what gives one.
func value[T any](b *browser, a chromedp.Action[T]) T {
	b.t.Helper()
	v, err := chromedp.Run(b.ctx, a)
	if err != nil {
		b.t.Fatal(err)
	}
	return v
}

// eval gives the value of an expression in the page.
func eval[T any](b *browser, expression string) T {
	b.t.Helper()
	return value(b, chromedp.Evaluate[T](expression, chromedp.EvalAwaitPromise))
}

// expect waits until an expression is true in the page.
func (b *browser) expect(expression string) {
	b.t.Helper()
	poll := chromedp.Poll[bool](expression, chromedp.WithPollingInterval(20*time.Millisecond), chromedp.WithPollingTimeout(10*time.Second))
	if _, err := chromedp.Run(b.ctx, poll); err != nil {
		b.t.Fatalf("this never became true: %s: %v", expression, err)
	}
}

// click clicks on the first element that a selector finds.
func (b *browser) click(selector string) {
	b.t.Helper()
	b.run(chromedp.Click(chromedp.CSS(selector)))
}

// media says how the system is set: whether it is dark, whether it prints.
// Nothing moves by itself, so that clicks find their place.
func media(p emulation.SetEmulatedMediaParams) step {
	p.Features = append(p.Features, &emulation.MediaFeature{Name: "prefers-reduced-motion", Value: "reduce"})
	return chromedp.Func(func(ctx context.Context, t *chromedp.Target) error {
		_, err := cdp.Call(ctx, t, emulation.SetEmulatedMedia, p)
		return err
	})
}

func dark() step {
	return media(emulation.SetEmulatedMediaParams{Features: []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: "dark"}}})
}

// scripts lets scripts run, or not.
func scripts(on bool) step {
	return chromedp.Func(func(ctx context.Context, t *chromedp.Target) error {
		_, err := cdp.Call(ctx, t, emulation.SetScriptExecutionDisabled, emulation.SetScriptExecutionDisabledParams{Value: !on})
		return err
	})
}

// picture writes what the page looks like to the folder ONRECORD_PICTURES, for
// people to look at.
func (b *browser) picture(name string) {
	dir := os.Getenv("ONRECORD_PICTURES")
	if dir == "" {
		return
	}
	if err := os.WriteFile(filepath.Join(dir, name+".png"), value(b, chromedp.FullScreenshot(100)), 0o644); err != nil {
		b.t.Fatal(err)
	}
}
