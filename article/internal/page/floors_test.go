package page

import (
	"bufio"
	"compress/gzip"
	"encoding/json"
	"io"
	"net/url"
	"os"
	"path/filepath"
	"syscall"
	"testing"
	"time"
)

type gold struct {
	ID, Source, URL, Lang, File string
	Truth                       truth
}

type truth struct {
	Text    string
	Title   string
	Authors []string
	Date    string
	With    []string
	Without []string
}

func readGold(tb testing.TB) (string, []gold) {
	tb.Helper()
	dir := filepath.Join("..", "..", "..", "..", "shared", "data", "pages")
	f, err := os.Open(filepath.Join(dir, "truth.jsonl"))
	if err != nil {
		tb.Skip("no gold pages beside the checkout")
	}
	defer f.Close()
	var all []gold
	in := bufio.NewReader(f)
	for {
		line, err := in.ReadBytes('\n')
		if len(line) > 1 {
			var g gold
			if err := json.Unmarshal(line, &g); err != nil {
				tb.Fatal(err)
			}
			all = append(all, g)
		}
		if err == io.EOF {
			return dir, all
		}
		if err != nil {
			tb.Fatal(err)
		}
	}
}

func readPage(tb testing.TB, file string) []byte {
	tb.Helper()
	f, err := os.Open(file)
	if err != nil {
		tb.Fatal(err)
	}
	defer f.Close()
	z, err := gzip.NewReader(f)
	if err != nil {
		tb.Fatal(err)
	}
	raw, err := io.ReadAll(z)
	if err != nil {
		tb.Fatal(err)
	}
	return raw
}

// cpu gives the processor time that the process has used.
func cpu() time.Duration {
	var r syscall.Rusage
	if syscall.Getrusage(syscall.RUSAGE_SELF, &r) != nil {
		return 0
	}
	return time.Duration(r.Utime.Nano() + r.Stime.Nano())
}

func TestDump(t *testing.T) {
	name := os.Getenv("PAGES_OUT")
	if name == "" {
		t.Skip("PAGES_OUT is not set")
	}
	dir, all := readGold(t)
	out, err := os.Create(name)
	if err != nil {
		t.Fatal(err)
	}
	defer out.Close()
	enc := json.NewEncoder(out)
	enc.SetEscapeHTML(false)
	var spent time.Duration
	for _, g := range all {
		raw := readPage(t, filepath.Join(dir, g.File))
		base, _ := url.Parse(g.URL)
		start := cpu()
		p, err := Extract(raw, "", base)
		took := cpu() - start
		spent += took
		if took > 300*time.Millisecond {
			t.Logf("%s took %v", g.ID, took)
		}
		if err != nil {
			t.Logf("%s: %v", g.ID, err)
		}
		date := ""
		if !p.Published.IsZero() {
			date = p.Published.Format("2006-01-02")
		}
		enc.Encode(map[string]any{"id": g.ID, "title": p.Title, "byline": p.Byline, "date": date, "text": p.Text, "page": p})
	}
	t.Logf("%.1f pages/s", float64(len(all))/spent.Seconds())
}
