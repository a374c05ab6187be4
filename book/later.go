package book

import (
	"cmp"
	"context"
	"encoding/json"
	"log/slog"
	"maps"
	"slices"
	"sync"
	"time"
)

// Later is a [Store] whose Put does not wait for a database that is away: what that
// does not take lies in a spool until it is back. Everything else is the store's
// own affair, and fails as long as it is away. What waits is given by [Later.Run].
//
// To put an article twice is to put it once, so nobody has to know whether the
// store had taken it when the line broke.
type Later struct {
	Store
	Spool Spool            // across the end of a process; nil keeps what waits in memory alone
	Away  func(error) bool // whether the same article may be taken some time later
	Log   *slog.Logger     // nil is silence

	mu      sync.Mutex
	waiting map[string]*waiting
	bytes   int
	full    bool // which was said
}

// Spool keeps small things across the end of a process; see work.Spool.
type Spool interface {
	Put(name string, data []byte) error
	Drop(name string) error
	// Inherit gives, once, what dead processes left.
	Inherit() (map[string][]byte, error)
}

// waiting is an article that the store is yet to take.
type waiting struct {
	Shelf Shelf
	Entry Entry
	At    time.Time // when it was read

	size int
}

// What waits at most. Private articles wait no longer than they may be kept.
const (
	mostWaiting  = 1000
	bytesWaiting = 32 << 20
	longestWait  = 3 * 24 * time.Hour
)

// How long somebody who waits for an answer waits for the store, how often it is
// tried again, and how long that may take.
const (
	firstTry   = 2 * time.Second
	againEvery = 5 * time.Second
	laterTry   = 10 * time.Second
)

// Put implements Store. Its error is that of an article that neither the store
// nor the spool takes.
func (l *Later) Put(ctx context.Context, shelf Shelf, e Entry) error {
	try, cancel := context.WithTimeout(ctx, firstTry)
	err := l.Store.Put(try, shelf, e)
	cancel()
	if err == nil || !l.Away(err) {
		return err
	}
	// Another person who asked is another entry.
	name, _ := json.Marshal([]any{shelf, e.Article.Key, e.Member})
	if !l.wait(ctx, string(name), &waiting{Shelf: shelf, Entry: e, At: time.Now()}) {
		return err
	}
	return nil
}

// wait reports whether there is room.
func (l *Later) wait(ctx context.Context, name string, w *waiting) bool {
	data, err := json.Marshal(w)
	if err != nil {
		return false
	}
	w.size = len(data)
	l.mu.Lock()
	defer l.mu.Unlock()
	size, more := l.bytes+w.size, 1
	if was := l.waiting[name]; was != nil {
		size, more = size-was.size, 0
	}
	if size > bytesWaiting || len(l.waiting)+more > mostWaiting {
		if !l.full {
			l.log().WarnContext(ctx, "the database is away and no more articles can wait for it: those that are briefed from now on do not reach the quote book", "waiting", len(l.waiting))
		}
		l.full = true
		return false
	}
	if l.waiting == nil {
		l.waiting = map[string]*waiting{}
	}
	if len(l.waiting) == 0 {
		l.log().InfoContext(ctx, "the database is away: what is briefed goes into the quote book when it is back")
	}
	l.waiting[name], l.bytes = w, size
	if l.Spool != nil {
		if err := l.Spool.Put(name, data); err != nil {
			l.log().WarnContext(ctx, "an article for the quote book is in memory only, and is lost if this process dies", "error", err)
		}
	}
	return true
}

// Run gives the store what waits for it, until ctx ends. What dead processes of
// this machine left is given too.
func (l *Later) Run(ctx context.Context) {
	tick := time.NewTicker(againEvery)
	defer tick.Stop()
	for {
		l.inherit(ctx)
		l.give(ctx)
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
	}
}

func (l *Later) inherit(ctx context.Context) {
	if l.Spool == nil {
		return
	}
	left, err := l.Spool.Inherit()
	if err != nil {
		l.log().WarnContext(ctx, "what other processes left for the quote book cannot be read", "error", err)
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	for name, data := range left {
		w := &waiting{size: len(data)}
		if err := json.Unmarshal(data, w); err != nil {
			l.log().WarnContext(ctx, "an article that waits for the quote book cannot be read and is dropped", "error", err)
			_ = l.Spool.Drop(name)
			continue
		}
		if was := l.waiting[name]; was != nil {
			l.bytes -= was.size
		}
		if l.waiting == nil {
			l.waiting = map[string]*waiting{}
		}
		l.waiting[name] = w
		l.bytes += w.size
	}
}

// give hands over what waits, the oldest first, until the store is away again.
func (l *Later) give(ctx context.Context) {
	l.mu.Lock()
	all := maps.Clone(l.waiting)
	l.mu.Unlock()
	names := slices.SortedFunc(maps.Keys(all), func(a, b string) int {
		return cmp.Or(all[a].At.Compare(all[b].At), cmp.Compare(a, b))
	})
	given, away := 0, false
	for _, name := range names {
		w := all[name]
		waited := max(time.Since(w.At), 0)
		switch e := w.Entry; {
		case waited > longestWait, e.Keep > 0 && waited >= e.Keep:
			l.log().WarnContext(ctx, "an article waited too long for the database, and is not in the quote book")
		case away || ctx.Err() != nil:
			continue
		default:
			if e.Keep > 0 {
				e.Keep -= waited
			}
			try, cancel := context.WithTimeout(ctx, laterTry)
			err := l.Store.Put(try, w.Shelf, e)
			cancel()
			if away = err != nil && l.Away(err); away {
				continue
			}
			if err != nil {
				l.log().WarnContext(ctx, "the quote book could not be written", "error", err)
			} else {
				given++
			}
		}
		l.done(ctx, name, w)
	}
	if given > 0 {
		l.log().InfoContext(ctx, "the quote book has what was briefed while the database was away", "articles", given)
	}
}

// done drops what waits no longer, unless it was read again meanwhile.
func (l *Later) done(ctx context.Context, name string, w *waiting) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.waiting[name] != w {
		return
	}
	delete(l.waiting, name)
	l.bytes -= w.size
	l.full = false
	if l.Spool != nil {
		if err := l.Spool.Drop(name); err != nil {
			l.log().WarnContext(ctx, "an article that the quote book has could not be dropped from the spool", "error", err)
		}
	}
}

// Forget implements Store: what waits is forgotten, too.
func (l *Later) Forget(ctx context.Context, shelf Shelf, key string) error {
	l.drop(ctx, func(w *waiting) bool {
		return w.Shelf == shelf && (w.Entry.Article.Key == key || w.Entry.Article.Alias == key)
	})
	return l.Store.Forget(ctx, shelf, key)
}

// ForgetMember implements Store: what waits is forgotten, too.
func (l *Later) ForgetMember(ctx context.Context, shelf Shelf, member string) error {
	l.drop(ctx, func(w *waiting) bool { return w.Shelf.Public() == shelf.Public() && w.Entry.Member == member })
	return l.Store.ForgetMember(ctx, shelf, member)
}

func (l *Later) drop(ctx context.Context, which func(*waiting) bool) {
	l.mu.Lock()
	all := maps.Clone(l.waiting)
	l.mu.Unlock()
	for name, w := range all {
		if which(w) {
			l.done(ctx, name, w)
		}
	}
}

func (l *Later) log() *slog.Logger {
	if l.Log == nil {
		return slog.New(slog.DiscardHandler)
	}
	return l.Log
}
