//go:build unix

package store_test

import (
	"context"
	"flag"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"onrecord/book"
	"onrecord/book/booktest"
	"onrecord/store"
)

// The figures of docs/scaling.md:
//
//	go test ./store -run '^$' -bench Book -quotes 1000000 -book /tmp/book.db -benchtime 1000x -timeout 2h
//	go test ./store -run '^$' -bench Book -quotes 1000000 -book postgres://… -benchtime 1000x -timeout 2h
var (
	quotes = flag.Int("quotes", 5_000, "quotations in the book that BenchmarkBook asks, a multiple of 20")
	keep   = flag.String("book", "", "file of that book, or the address of a database, filled up and kept; a new file if empty")
)

// perArticle is how many quotations an invented article has.
const perArticle = 20

// press invents articles: words and names are as frequent as in a language, a
// few often and most seldom (Zipf).
type press struct {
	r           *rand.Rand
	words       []string
	first, last []string
	word, name  *rand.Zipf
	n           int
}

func newPress() *press {
	p := &press{r: rand.New(rand.NewPCG(1, 2))}
	syllables := strings.Fields("ba ce di fo gu ha ke li mo nu pa re si to vu wa ze dra kel mar nor pel sta tri")
	for i := range 8000 {
		var w strings.Builder
		for k := i + 24; k > 0; k /= len(syllables) {
			w.WriteString(syllables[k%len(syllables)])
		}
		p.words = append(p.words, w.String())
	}
	for i := range 300 {
		p.first = append(p.first, "A"+p.words[i*7])
		p.last = append(p.last, "V"+p.words[i*11], "N"+p.words[i*13])
	}
	p.word = rand.NewZipf(p.r, 1.05, 8, uint64(len(p.words)-1))
	p.name = rand.NewZipf(p.r, 1.2, 20, uint64(len(p.first)*len(p.last)-1))
	return p
}

func (p *press) text() string {
	words := make([]string, 8+p.r.IntN(25))
	for i := range words {
		words[i] = p.words[p.word.Uint64()]
	}
	return "“" + strings.Join(words, " ") + fmt.Sprintf(" %d people.”", p.r.IntN(1000))
}

func (p *press) speaker() string {
	n := int(p.name.Uint64())
	return p.first[n%len(p.first)] + " " + p.last[n/len(p.first)%len(p.last)]
}

func (p *press) article() book.Entry {
	p.n++
	var items []book.Item
	voices := []string{p.speaker(), p.speaker(), p.speaker(), p.speaker()}
	for i := range perArticle {
		it := booktest.Said(voices[i%len(voices)], "head of "+p.words[p.r.IntN(500)], p.text())
		it.Numbers = []book.Number{{Text: "people", Value: float64(p.r.IntN(1000)), Of: "peopl"}}
		it.Link = "https://outlet.example/story#:~:text=some,words"
		items = append(items, it)
	}
	for range perArticle / 4 {
		items = append(items, book.Item{Kind: book.Claim, Text: p.text(), Standalone: p.text(), Score: .5})
	}
	e := booktest.Entry(fmt.Sprintf("https://outlet%d.example/%d", p.r.IntN(60), p.n), 1, items...)
	e.Article.Outlet = fmt.Sprintf("The %s Gazette", p.words[p.r.IntN(60)])
	e.Article.Published = booktest.Day(1).AddDate(0, 0, -p.r.IntN(2000))
	e.Article.SHA256, e.Text = fmt.Sprint(p.n), ""
	e.Member = fmt.Sprint("U", p.r.IntN(200))
	return e
}

// large is the book of the benchmarks, filled once.
var large = sync.OnceValues(func() (*store.DB, *press) {
	path := *keep
	if path == "" {
		dir, err := os.MkdirTemp("", "book")
		if err != nil {
			panic(err)
		}
		path = filepath.Join(dir, "onrecord.db")
	}
	ctx := context.Background()
	db, err := store.Open(ctx, path, store.Options{})
	if err != nil {
		panic(err)
	}
	p := newPress()
	have, err := db.Book().Articles(ctx)
	if err != nil {
		panic(err)
	}
	for range min(have, *quotes/perArticle) {
		p.article() // it is there
	}
	for p.n*perArticle < *quotes {
		var some []book.Entry
		for range min(200, *quotes/perArticle-p.n) {
			some = append(some, p.article())
		}
		if err := db.Book().PutAll(ctx, booktest.Gazette, some); err != nil {
			panic(err)
		}
	}
	size, _ := db.Size(ctx)
	fmt.Printf("# %d quotations and %d claims in %d articles: %d MB in %s\n", p.n*perArticle, p.n*perArticle/4, p.n, size>>20, path)
	return db, p
})

// question asks as people do: most for somebody, for words, or both; some for a
// time.
func (p *press) question() book.Query {
	var q book.Query
	kind := p.r.IntN(4)
	if kind != 0 {
		q.Speaker = p.speaker()
		if p.r.IntN(3) == 0 {
			_, q.Speaker, _ = strings.Cut(q.Speaker, " ")
		}
	}
	if kind != 1 {
		q.About = p.words[p.word.Uint64()]
		if p.r.IntN(3) == 0 {
			q.About += " " + p.words[p.word.Uint64()]
		}
	}
	if p.r.IntN(4) == 0 {
		q.Since = booktest.Day(1).AddDate(0, 0, -p.r.IntN(2000))
	}
	return q
}

// cpuTime is what the process has computed so far: on a machine that is busy
// with others' work it says what an idle one would take.
func cpuTime() time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		return 0
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// asking measures how long answers take, on the clock and on the processor.
func asking(b *testing.B, db *store.DB, p *press) {
	bk := &book.Book{Store: db.Book()}
	var took, cpu []time.Duration
	found := 0
	for b.Loop() {
		q := p.question()
		began, used := time.Now(), cpuTime()
		a, err := bk.Said(b.Context(), []book.Shelf{booktest.Gazette}, q)
		if err != nil {
			b.Fatal(err)
		}
		took, cpu = append(took, time.Since(began)), append(cpu, cpuTime()-used)
		found += len(a.Sayings)
	}
	for name, all := range map[string][]time.Duration{"": took, "-cpu": cpu} {
		slices.Sort(all)
		at := func(share float64) float64 {
			return float64(all[int(share*float64(len(all)-1))].Microseconds()) / 1000
		}
		b.ReportMetric(at(.5), "ms/p50"+name)
		b.ReportMetric(at(.95), "ms/p95"+name)
		b.ReportMetric(at(1), "ms/max"+name)
	}
	b.ReportMetric(float64(found)/float64(len(took)), "found/op")
}

func BenchmarkBookSaid(b *testing.B) {
	db, p := large()
	asking(b, db, p)
}

// Beside 500 articles a minute that are put into the book.
func BenchmarkBookSaidBesideWriting(b *testing.B) {
	db, p := large()
	writer := newPress()
	writer.n = 1 << 24 // keys of their own
	ctx, stop := context.WithCancel(b.Context())
	var wg sync.WaitGroup
	var put []time.Duration
	late := 0
	wg.Go(func() {
		tick := time.NewTicker(time.Minute / 500)
		defer tick.Stop()
		for {
			select {
			case <-ctx.Done():
				return
			case <-tick.C:
			}
			e := writer.article()
			began := time.Now()
			if err := db.Book().Put(context.WithoutCancel(ctx), booktest.Gazette, e); err != nil {
				b.Error(err)
				return
			}
			put = append(put, time.Since(began))
			if put[len(put)-1] > time.Minute/500 {
				late++
			}
		}
	})
	asking(b, db, p)
	stop()
	wg.Wait()
	if len(put) > 0 {
		slices.Sort(put)
		b.ReportMetric(float64(put[int(.95*float64(len(put)-1))].Microseconds())/1000, "ms/p95-put")
		b.ReportMetric(float64(len(put)), "puts")
		b.ReportMetric(float64(late), "puts-late")
	}
}

func BenchmarkBookPut(b *testing.B) {
	db, _ := large()
	p := newPress()
	p.n = 1 << 25
	for b.Loop() {
		if err := db.Book().Put(b.Context(), booktest.Gazette, p.article()); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(60/(b.Elapsed().Seconds()/float64(b.N)), "articles/min")
}

func BenchmarkBookSuggest(b *testing.B) {
	db, p := large()
	bk := &book.Book{Store: db.Book()}
	for b.Loop() {
		if _, err := bk.Suggest(b.Context(), booktest.Gazette, p.speaker()[:p.r.IntN(5)], 25); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkBookTop(b *testing.B) {
	db, _ := large()
	bk := &book.Book{Store: db.Book()}
	for b.Loop() {
		if _, err := bk.Top(b.Context(), []book.Shelf{booktest.Gazette}, "", booktest.Day(1).AddDate(0, 0, -30), time.Time{}, 10); err != nil {
			b.Fatal(err)
		}
	}
}
