package watch

import (
	"context"
	"errors"
	"time"

	"onrecord/article"
)

// FeedState is what is known of a feed, whoever watches it.
type FeedState struct {
	URL        string
	Host       string
	Title      string
	Next       time.Time // when to read it
	Every      time.Duration
	Validators article.Validators
	Read       time.Time // last time that it could be read
	Full       time.Time // last time that all of it was read
	Failures   int       // in a row
	Since      time.Time // of them
	Problem    string    // a sentence
	Told       bool      // the channels know
}

// Followed is an article that is re-read for a while for a thread.
type Followed struct {
	Place   Place
	Key     string // of the article
	Link    string
	Next    time.Time
	Step    int // how often it was re-read
	Began   time.Time
	Private bool
	Article []byte // as it was last read, JSON of article.Article
}

// Query is which watches to list. The zero value lists all.
type Query struct {
	Place Place // fields that are empty count for nothing
	Feed  string
	Kinds []Kind
}

// ErrMany says that a channel has as many watches as it may.
var ErrMany = errors.New("the channel has as many watches as it may have")

// Store keeps watches, what feeds listed, and what became of it. Its methods are
// safe for use by many processes at once. All strings may be a stranger's.
type Store interface {
	// Add keeps a new watch, and items with it. It fails with ErrMany.
	Add(ctx context.Context, w Watch, items []Item) error
	// Watch looks one up.
	Watch(ctx context.Context, id string) (Watch, bool, error)
	// List gives watches, the oldest first.
	List(ctx context.Context, q Query) ([]Watch, error)
	// Pause sets whether a watch is paused.
	Pause(ctx context.Context, id string, paused bool) error
	// Remove drops a watch with its items, and its feed if nobody else watches it.
	Remove(ctx context.Context, id string) error

	// Feed looks a feed up.
	Feed(ctx context.Context, url string) (FeedState, bool, error)
	// DueFeeds gives up to n watched feeds that are due, the longest due first. Here
	// and below, what is due so late that only a clock that was ahead can have
	// written it is due, too.
	DueFeeds(ctx context.Context, now time.Time, n int) ([]FeedState, error)
	// TakeFeed moves a feed's next time from one moment to another. It reports
	// false when it was not at the first: another process was faster.
	TakeFeed(ctx context.Context, url string, from, to time.Time) (bool, error)
	// Known gives the titles of those entries of a feed that it had before, by
	// the names that are asked for.
	Known(ctx context.Context, url string, names []string) (map[string]string, error)
	// Reading keeps in one step what was read of a feed: its state, the names
	// with their titles that it had not had, all that it has now if present is not nil,
	// and items. Items that are there already stay as they are.
	Reading(ctx context.Context, f FeedState, fresh map[string]string, present []string, items []Item, now time.Time) error
	// HostTurn gives the next moment at which a host may be asked, and moves it
	// on by gap, unless that moment is further away than most: whoever does not wait
	// so long has no turn.
	HostTurn(ctx context.Context, host string, now time.Time, gap, most time.Duration) (time.Time, error)

	// DueDigests gives watches whose digest is due, the longest due first, and those
	// whose digest is more than a day away.
	DueDigests(ctx context.Context, now time.Time, n int) ([]Watch, error)
	// TakeDigest moves a watch's next slot on, as TakeFeed does, and keeps an
	// item with it, if there is one.
	TakeDigest(ctx context.Context, id string, from, to time.Time, it *Item) (bool, error)

	// Put keeps new items. Those that are there already stay as they are.
	Put(ctx context.Context, items []Item) error
	// Item looks one up.
	Item(ctx context.Context, watch, key string) (Item, bool, error)
	// DueItems gives up to n items that are due, the longest due first.
	DueItems(ctx context.Context, now time.Time, n int) ([]Item, error)
	// TakeItem moves an item's due time on, as TakeFeed does, and counts a try.
	TakeItem(ctx context.Context, watch, key string, from, to time.Time) (bool, error)
	// Save writes items as they are now.
	Save(ctx context.Context, items ...Item) error
	// Held gives the items of a watch that wait for its digest, oldest first.
	Held(ctx context.Context, watch string, n int) ([]Item, error)
	// Turn takes the turn of a channel: nobody else decides about it meanwhile.
	// It hands over what was said there since a moment, newest first, and the
	// items with these keys of a watch as they are now, and keeps what decide
	// gives back.
	Turn(ctx context.Context, in Place, since time.Time, watch string, keys []string, decide func(past, now []Item) []Item) error
	// Recent gives items of the watches in a channel, or of one watch, newest
	// first.
	Recent(ctx context.Context, in Place, watch string, n int) ([]Item, error)

	// Consent tells whether watches may speak in a channel that is shared with
	// other organisations; Allow says so.
	Consent(ctx context.Context, in Place) (bool, error)
	Allow(ctx context.Context, in Place, allowed bool) error

	// Follow keeps an article to re-read, unless it is followed there already.
	Follow(ctx context.Context, f Followed) error
	// DueArticles, TakeArticle: as with feeds.
	DueArticles(ctx context.Context, now time.Time, n int) ([]Followed, error)
	TakeArticle(ctx context.Context, f Followed, to time.Time) (bool, error)
	// Reread keeps how an article is now, and items with it; it drops it when
	// Next is zero.
	Reread(ctx context.Context, f Followed, items []Item) error
	// Unfollow drops what is followed in a channel, or thread.
	Unfollow(ctx context.Context, in Place) error

	// Sweep drops what is of no use any more.
	Sweep(ctx context.Context, now time.Time) error
}
