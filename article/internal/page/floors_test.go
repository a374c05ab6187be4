package page

import (
	"bufio"
	"compress/gzip"
	"encoding/json"
	"io"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"runtime"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"
	"unicode"

	"golang.org/x/text/cases"
	"golang.org/x/text/unicode/norm"
)

// The floors are what the 713 gold pages gave when they were last raised. They
// rise, never sink.
const (
	floorF1     = 0.959
	floorTitle  = 0.912
	floorDate   = 0.935
	floorAuthor = 0.803
	floorSpeed  = 30 // pages a second of processor time
)

// gold is one page with what is known of it.
type gold struct {
	ID, Source, URL, Lang, File string
	Truth                       struct {
		Text    string
		Title   string
		Authors []string
		Date    string
	}
}

// readGold reads the gold pages that lie beside the checkout, and skips when
// there are none.
func readGold(tb testing.TB) (dir string, all []gold) {
	tb.Helper()
	dir = filepath.Join("..", "..", "..", "..", "shared", "data", "pages")
	f, err := os.Open(filepath.Join(dir, "truth.jsonl"))
	if err != nil {
		tb.Skip("no gold pages beside the checkout")
	}
	defer f.Close()
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

// TestFloors measures the extraction on the gold pages. PAGES_OUT names a file
// for the predictions, one JSON object a line.
func TestFloors(t *testing.T) {
	if testing.Short() {
		t.Skip("reads 713 pages")
	}
	dir, all := readGold(t)
	out := io.Discard
	if name := os.Getenv("PAGES_OUT"); name != "" {
		f, err := os.Create(name)
		if err != nil {
			t.Fatal(err)
		}
		defer f.Close()
		out = f
	}
	enc := json.NewEncoder(out)
	enc.SetEscapeHTML(false)
	scores := map[string]*tally{}
	var spent time.Duration
	var peak uint64
	for i, g := range all {
		raw := readPage(t, filepath.Join(dir, g.File))
		base, err := url.Parse(g.URL)
		if err != nil {
			base = nil
		}
		start := cpu()
		p, err := Extract(raw, "", base)
		spent += cpu() - start
		if err != nil {
			t.Errorf("%s: %v", g.ID, err)
		}
		date := ""
		if !p.Published.IsZero() {
			date = p.Published.Format(time.DateOnly)
		}
		if err := enc.Encode(map[string]any{"id": g.ID, "title": p.Title, "byline": p.Byline, "date": date, "text": p.Text, "page": p}); err != nil {
			t.Fatal(err)
		}
		host := "?"
		if base != nil && base.Host != "" {
			host = base.Host
		}
		fold := "fold " + string(rune('0'+int(hashWords([]string{host})%5)))
		for _, name := range []string{g.Source, fold, "ALL"} {
			if scores[name] == nil {
				scores[name] = &tally{}
			}
			scores[name].add(g, p, date)
		}
		if i%50 == 0 {
			var m runtime.MemStats
			runtime.ReadMemStats(&m)
			peak = max(peak, m.Sys)
		}
	}
	names := make([]string, 0, len(scores))
	for name := range scores {
		names = append(names, name)
	}
	slices.Sort(names)
	for _, name := range names {
		s := scores[name]
		t.Logf("%-18s F1 %.3f (P %.3f R %.3f)  title %.3f  date %.3f  author= %.3f", name, s.f1(), s.p.mean(), s.r.mean(), s.title.mean(), s.date.mean(), s.author.mean())
	}
	speed := float64(len(all)) / spent.Seconds()
	t.Logf("%.1f pages a second of processor time, %d MB taken from the system", speed, peak>>20)

	s := scores["ALL"]
	for _, f := range []struct {
		name       string
		got, floor float64
	}{
		{"F1", s.f1(), floorF1},
		{"title", s.title.mean(), floorTitle},
		{"date", s.date.mean(), floorDate},
		{"author=", s.author.mean(), floorAuthor},
		{"pages a second", speed, floorSpeed},
	} {
		if f.name == "pages a second" && raced {
			continue
		}
		if f.got < f.floor {
			t.Errorf("%s is %.3f, the floor is %.3f", f.name, f.got, f.floor)
		}
	}
}

func BenchmarkExtract(b *testing.B) {
	dir, all := readGold(b)
	var pages [][]byte
	for i := 0; i < len(all); i += 20 {
		pages = append(pages, readPage(b, filepath.Join(dir, all[i].File)))
	}
	b.ReportAllocs()
	n := 0
	for b.Loop() {
		if _, err := Extract(pages[n%len(pages)], "", nil); err != nil {
			b.Fatal(err)
		}
		n++
	}
}

// mean adds up values.
type mean struct {
	sum float64
	n   int
}

func (m *mean) add(v float64) { m.sum += v; m.n++ }

func (m *mean) mean() float64 {
	if m.n == 0 {
		return 0
	}
	return m.sum / float64(m.n)
}

func yes(b bool) float64 {
	if b {
		return 1
	}
	return 0
}

// tally keeps the score of a set of pages, by the measures of the public
// article extraction benchmark.
type tally struct{ p, r, title, date, author mean }

func (s *tally) f1() float64 {
	p, r := s.p.mean(), s.r.mean()
	if p+r == 0 {
		return 0
	}
	return 2 * p * r / (p + r)
}

func (s *tally) add(g gold, p Page, date string) {
	if g.Truth.Text != "" {
		want, got := quads(g.Truth.Text), quads(p.Text)
		hit, nw, ng := 0, 0, 0
		for q, n := range want {
			hit += min(n, got[q])
			nw += n
		}
		for _, n := range got {
			ng += n
		}
		if ng > 0 {
			s.p.add(float64(hit) / float64(ng))
		} else if nw > 0 {
			s.p.add(0)
		}
		s.r.add(float64(hit) / float64(nw))
	}
	if f := plainWords(g.Truth.Title); len(f) > 0 {
		s.title.add(yes(titleRight(p.Title, f)))
	}
	if g.Truth.Date != "" {
		s.date.add(yes(date == g.Truth.Date))
	}
	var need []string
	for _, a := range g.Truth.Authors {
		need = append(need, plainWords(a)...)
	}
	if len(need) > 0 {
		var got []string
		for _, a := range p.Byline {
			got = append(got, plainWords(a)...)
		}
		right := true
		for _, w := range need {
			right = right && slices.Contains(got, w)
		}
		for _, w := range got {
			right = right && (slices.Contains(need, w) || slices.Contains([]string{"by", "and", "von", "und", "par", "et", "por", "y", "the"}, w))
		}
		s.author.add(yes(right))
	}
}

func titleRight(title string, want []string) bool {
	if slices.Equal(plainWords(title), want) {
		return true
	}
	for _, sep := range []string{" | ", " - ", " – ", " — ", " :: ", " • ", " · ", ": "} {
		parts := strings.Split(title, sep)
		for k := 1; k < len(parts); k++ {
			if slices.Equal(plainWords(strings.Join(parts[:k], sep)), want) || slices.Equal(plainWords(strings.Join(parts[k:], sep)), want) {
				return true
			}
		}
	}
	return false
}

var wordRE = regexp.MustCompile(`[\p{L}\p{N}_]+`)

func quads(s string) map[string]int {
	w := wordRE.FindAllString(s, -1)
	n := map[string]int{}
	if len(w) > 0 && len(w) < 4 {
		n[strings.Join(w, " ")]++
	}
	for i := 0; i+4 <= len(w); i++ {
		n[strings.Join(w[i:i+4], " ")]++
	}
	return n
}

// plainWords gives the words of a name or title without case and accents.
func plainWords(s string) []string {
	s = strings.Map(func(r rune) rune {
		if unicode.Is(unicode.Mn, r) {
			return -1
		}
		return r
	}, norm.NFKD.String(s))
	return wordRE.FindAllString(cases.Fold().String(s), -1)
}
