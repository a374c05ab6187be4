package watch

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net/url"
	"strings"
	"sync"
	"time"

	"onrecord/article"
	"onrecord/brief"
	"onrecord/work"
)

// Poster is who speaks in channels.
type Poster interface {
	// Room tells what is known of a channel. Its error brings a sentence when the
	// bot cannot speak there.
	Room(ctx context.Context, in Place) (Room, error)
	// Brief briefs an article for a place, and remembers it for whoever reads
	// there. Private is a place that few read.
	Brief(ctx context.Context, in Place, private bool, src article.Source) (*brief.Briefing, error)
	// Post says something once. An error that brings a sentence is final; it is
	// work.ErrUncertain when nobody can tell whether it is out.
	Post(ctx context.Context, p Post) (message string, err error)
}

// Room is what is known of a channel.
type Room struct {
	Private bool // not everybody in the workspace reads it
	Shared  bool // people of other organisations read it
	Forum   bool // it holds posts, each with a title and tags
}

// Told is a story of a post.
type Told struct {
	Item     Item
	Source   article.Source
	Briefing *brief.Briefing
}

// Post is what is said.
type Post struct {
	Key     string
	Place   Place
	Sort    Sort
	Watch   *Watch // nil when an article has changed
	Private bool
	Stories []Told
	Slot    string // of a digest: its day
	Text    string // of a notice
	Change  *Change

	Progress []byte // what Save kept in an earlier attempt
	Save     func(ctx context.Context, progress []byte) error
}

// Rereader asks whether an article is as it was; *article.Reader is one.
type Rereader interface {
	Revalidate(ctx context.Context, src article.Source, old *article.Article) (now *article.Article, changed bool, err error)
}

// Watcher follows what there is to follow. Its fields are set before the first
// use; Store, Reader, Articles and Poster are needed, Queue for Run and Tick.
type Watcher struct {
	Store    Store
	Reader   Getter
	Articles Rereader
	Poster   Poster
	Queue    *work.Queue

	// Follows tells whether a workspace wants articles followed in its threads;
	// all do if nil.
	Follows func(ctx context.Context, in Place) bool
	Every   time.Duration    // between readings of a feed that has news; 15 minutes if 0
	Gap     time.Duration    // between requests to one host; 3 s if 0
	Now     func() time.Time // time.Now if nil
	Log     *slog.Logger     // nothing is logged if nil

	once   sync.Once
	robots robots
}

func (w *Watcher) now() time.Time {
	if w.Now != nil {
		return w.Now()
	}
	return time.Now()
}

func (w *Watcher) log() *slog.Logger {
	if w.Log != nil {
		return w.Log
	}
	return slog.New(slog.DiscardHandler)
}

// Lane is the lane of the queue for what is posted on a platform.
func Lane(platform string) string { return "watch:" + platform }

const (
	atATime  = 200              // rows of a kind in a tick
	readers  = 8                // feeds at the same time
	patience = 6 * time.Hour    // of a post in the queue
	unsure   = time.Hour        // after which a post that is under way is lost
	pause    = 15 * time.Minute // before an article is tried again
	tries    = 4                // to read an article
	stale    = 24 * time.Hour   // after which a story is not news whose turn did not come
)

// Run ticks every minute, or as often as feeds are read, and posts on platforms until ctx ends. What is in hand
// then is finished, as with work.Queue.Work.
func (w *Watcher) Run(ctx context.Context, platforms ...string) error {
	var working sync.WaitGroup
	errs := make([]error, len(platforms))
	for i, p := range platforms {
		working.Go(func() { errs[i] = w.Queue.Work(ctx, Lane(p), w.Work) })
	}
	tick := time.NewTicker(min(time.Minute, w.often()))
	defer tick.Stop()
	for ctx.Err() == nil {
		w.Tick(ctx)
		select {
		case <-ctx.Done():
		case <-tick.C:
		}
	}
	working.Wait()
	return errors.Join(errs...)
}

// Tick does what is due: reads feeds and articles, makes digests, and puts what
// is to be posted into the queue. Any number of processes may tick.
func (w *Watcher) Tick(ctx context.Context) {
	for _, step := range []struct {
		name string
		do   func(context.Context, time.Time) error
	}{
		{"items", w.enqueue},
		{"digests", w.digests},
		{"feeds", w.readFeeds},
		{"articles", w.rereadArticles},
		{"items", w.enqueue},
	} {
		if err := w.step(ctx, step.do); err != nil && ctx.Err() == nil {
			w.log().WarnContext(ctx, "watching is held up", "step", step.name, "error", err)
		}
	}
}

// step survives a panic: one bad feed is not to silence all watches.
func (w *Watcher) step(ctx context.Context, do func(context.Context, time.Time) error) (err error) {
	defer func() {
		if v := recover(); v != nil {
			err = fmt.Errorf("panic: %v", v)
		}
	}()
	return do(ctx, w.now())
}

// ticket is what the queue keeps of an item.
type ticket struct {
	Watch, Key string
	Try        int
}

// An ownError says nothing about whether something can be posted: our store failed,
// or what was begun cannot be gone on with just now. The same job tries it again.
type ownError struct{ error }

func (e ownError) Unwrap() error { return e.error }

// A turnError says that others of a site are read first, and until when.
type turnError struct{ at time.Time }

func (turnError) Error() string { return "others of that site are read first" }

// own marks such an error.
func own(err error) error {
	if err == nil {
		return nil
	}
	return ownError{err}
}

// enqueue puts items that are due into the queue.
func (w *Watcher) enqueue(ctx context.Context, now time.Time) error {
	due, err := w.Store.DueItems(ctx, now, atATime)
	if err != nil {
		return err
	}
	for _, it := range due {
		if it.State == Posting {
			it.State, it.Why, it.Due, it.At = Uncertain, "the bot ended while this was being posted", time.Time{}, now
			if err := w.Store.Save(ctx, it); err != nil {
				return err
			}
			continue
		}
		// The queue first: what dies in between is due again, and then known there.
		try := it.Tries + 1
		payload, err := json.Marshal(ticket{it.Watch, it.Key, try})
		if err != nil {
			return err
		}
		_, err = w.Queue.Accept(ctx, work.Item{
			Key: "watch:" + digest(fmt.Sprintf("%s\n%s\n%d", it.Watch, it.Key, try)), Lane: Lane(it.Place.Platform), Workspace: it.Place.Workspace,
			Payload: payload, Until: time.Now().Add(patience),
		})
		if err != nil {
			return fmt.Errorf("accepting an item of a watch: %w", err)
		}
		if _, err := w.Store.TakeItem(ctx, it.Watch, it.Key, it.Due, now.Add(patience+pause)); err != nil {
			return err
		}
	}
	return nil
}

// polite asks robots.txt, and waits for the turn of a host. When the turn is far
// off it does not wait, and says when it is.
func (w *Watcher) polite(ctx context.Context, link string) (later time.Time, err error) {
	w.once.Do(func() { w.robots.get = w.Reader })
	u, err := url.Parse(link)
	if err != nil {
		return later, &article.Error{Kind: article.ErrBadLink}
	}
	now := w.now()
	delay, err := w.robots.ask(ctx, link, now)
	if err != nil {
		return later, err
	}
	gap := w.Gap
	if gap == 0 {
		gap = 3 * time.Second
	}
	gap = max(gap, min(delay, time.Minute))
	const longest = 40 * time.Second
	at, err := w.Store.HostTurn(ctx, strings.ToLower(u.Hostname()), now, gap, longest)
	if err != nil {
		return later, own(err)
	}
	wait := at.Sub(now)
	if wait > longest {
		return at, nil
	}
	if wait > 0 {
		timer := time.NewTimer(wait)
		defer timer.Stop()
		select {
		case <-timer.C:
		case <-ctx.Done():
			return later, ctx.Err()
		}
	}
	return later, nil
}

// problem is why something could not be read, as a clause.
func problem(err error) string {
	var e *article.Error
	switch {
	case errors.Is(err, errRobots):
		return errRobots.Error()
	case errors.Is(err, ErrNoFeed):
		return "what stands there is no feed that can be read"
	case !errors.As(err, &e):
		var said interface{ Sentence() string }
		if errors.As(err, &said) {
			return lower(said.Sentence())
		}
		return "something went wrong here"
	}
	site := e.Where
	if site == "" {
		site = "the site"
	}
	what := ""
	if e.What != "" {
		what = " (" + e.What + ")"
	}
	switch e.Kind {
	case article.ErrNotFound:
		return "it is not there any more" + what
	case article.ErrBusy:
		return site + " is busy or out of order" + what
	case article.ErrForbidden:
		return site + " refuses programs" + what
	case article.ErrTooLarge, article.ErrTooLong:
		return "it is too large" + what
	case article.ErrDNS:
		return "there is no site named " + site + ", or it cannot be looked up"
	case article.ErrUnreachable, article.ErrTLS:
		return site + " cannot be reached"
	case article.ErrSlow:
		return site + " takes too long"
	case article.ErrBlocked:
		return site + " is inside a private network"
	case article.ErrPaywall:
		return "it is behind a paywall"
	}
	return string(e.Kind) + what
}

// lower makes a clause of a sentence.
func lower(s string) string {
	s = strings.TrimSuffix(strings.TrimSpace(s), ".")
	if first, rest, ok := strings.Cut(s, " "); ok && first != "I" {
		return strings.ToLower(first) + " " + rest
	}
	return s
}

// temporary reports whether it is worth trying again later.
func temporary(err error) bool {
	var e *article.Error
	var said interface{ Sentence() string }
	switch {
	case errors.As(err, &e):
		return e.Temporary()
	case errors.Is(err, errRobots), errors.As(err, &said):
		return false
	}
	return true
}
