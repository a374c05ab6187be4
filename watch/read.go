package watch

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"strings"
	"sync"
	"time"

	"onrecord/article"
)

// Times between readings of a feed.
const (
	often    = 15 * time.Minute // when it has something new, unless Watcher.Every says otherwise
	seldom   = time.Hour        // when it has not
	longest  = 12 * time.Hour   // when it fails
	mostRare = 6 * time.Hour    // when it says itself that it changes less often
	mostBusy = 24 * time.Hour   // when the site asks to be left alone
	hostBusy = time.Hour        // in which the others of that site are, too
	tellFrom = 3                // failures in a row, until the channels are told
	mostNew  = 100              // entries of one reading that are looked at
)

// readFeeds reads the feeds that are due.
func (w *Watcher) readFeeds(ctx context.Context, now time.Time) error {
	due, err := w.Store.DueFeeds(ctx, now, atATime)
	if err != nil {
		return err
	}
	var reading sync.WaitGroup
	slots := make(chan struct{}, readers)
	errs := make([]error, len(due))
	for i, f := range due {
		if ctx.Err() != nil {
			break
		}
		slots <- struct{}{}
		reading.Go(func() {
			defer func() { <-slots }()
			errs[i] = w.step(ctx, func(ctx context.Context, now time.Time) error { return w.readFeed(ctx, f, now) })
		})
	}
	reading.Wait()
	return errors.Join(errs...)
}

func (w *Watcher) readFeed(ctx context.Context, f FeedState, now time.Time) error {
	next := now.Add(max(f.Every, w.often()))
	taken, err := w.Store.TakeFeed(ctx, f.URL, f.Next, next)
	if err != nil || !taken {
		return err
	}
	f.Next = next
	later, err := w.polite(ctx, f.URL)
	if !later.IsZero() {
		_, err := w.Store.TakeFeed(ctx, f.URL, next, later)
		return err
	}
	var doc *article.Document
	if err == nil {
		doc, err = w.Reader.GetSince(ctx, f.URL, f.Validators)
	}
	var c Contents
	if err == nil && !doc.Unchanged {
		c, err = ReadFeed(doc.Data, doc.URL, now)
	}
	if ctx.Err() != nil {
		return ctx.Err()
	}
	watches, listErr := w.Store.List(ctx, Query{Feed: f.URL})
	if listErr != nil {
		return listErr
	}
	if err != nil {
		return w.failing(ctx, f, watches, err, now)
	}
	c.Every = max(c.Every, doc.Fresh)
	var validators *article.Validators
	if !doc.Unchanged {
		validators = &doc.Validators
	}
	return w.took(ctx, f, c, validators, watches, now)
}

// often is how often a feed that has news is read.
func (w *Watcher) often() time.Duration {
	if w.Every > 0 {
		return w.Every
	}
	return often
}

// leave leaves a site alone that asks for that, and tells how long.
func (w *Watcher) leave(ctx context.Context, link string, err error, now time.Time) time.Duration {
	var e *article.Error
	if !errors.As(err, &e) || e.After <= 0 {
		return 0
	}
	if u, bad := url.Parse(link); bad == nil && u.Host != "" {
		// Whoever comes meanwhile comes later. That this is not kept does no harm.
		if _, err := w.Store.HostTurn(ctx, strings.ToLower(u.Hostname()), now, min(e.After, hostBusy), hostBusy); err != nil {
			w.log().WarnContext(ctx, "it could not be noted that a site wants to be left alone", "error", err)
		}
	}
	return min(e.After, mostBusy)
}

// failing notes that a feed could not be read, and tells the channels when that
// goes on.
func (w *Watcher) failing(ctx context.Context, f FeedState, watches []Watch, err error, now time.Time) error {
	var e *article.Error
	if !errors.As(err, &e) && !errors.Is(err, errRobots) && !errors.Is(err, ErrNoFeed) {
		return err // it is ours, not the feed's
	}
	if f.Failures++; f.Failures == 1 {
		f.Since = now
	}
	f.Problem = problem(err)
	f.Next = now.Add(max(min(w.often()<<min(f.Failures-1, 10), longest), w.leave(ctx, f.URL, err, now)))
	var items []Item
	if f.Failures >= tellFrom && !f.Told {
		f.Told = true
		for _, one := range watches {
			items = append(items, notice(&one, "failing:"+f.Since.UTC().Format(time.RFC3339),
				fmt.Sprintf("I cannot read the feed %s since %s: %s. I go on trying, less and less often, and say when it works again.",
					one.Called(), f.Since.In(one.Schedule.location()).Format("2 Jan 15:04"), f.Problem), now))
		}
	}
	return w.Store.Reading(ctx, f, nil, nil, items, now)
}

func notice(one *Watch, key, text string, now time.Time) Item {
	it := Item{Watch: one.ID, Key: key, Place: one.Place, Sort: Notice, State: Waiting, Title: text, Text: text, Seen: now, At: now, Due: now}
	if one.Paused {
		it.State, it.Why, it.Due = Skipped, "the watch is paused", time.Time{}
	}
	return it
}

// took keeps what a reading brought. Without validators the feed was unchanged.
func (w *Watcher) took(ctx context.Context, f FeedState, c Contents, validators *article.Validators, watches []Watch, now time.Time) error {
	var items []Item
	if f.Told {
		for _, one := range watches {
			items = append(items, notice(&one, "again:"+f.Since.UTC().Format(time.RFC3339), "The feed "+one.Called()+" can be read again.", now))
		}
	}
	f.Failures, f.Since, f.Problem, f.Told, f.Read = 0, time.Time{}, "", false, now
	// What it says of itself stands for as long as it is unchanged.
	f.Every = min(max(f.Every, w.often())*5/4, max(seldom, f.Every))
	first := f.Full.IsZero()
	var fresh map[string]string
	var present []string
	if validators != nil {
		f.Validators, f.Full = *validators, now
		f.Title = c.Title
		var news []Entry
		var err error
		if fresh, present, news, err = w.news(ctx, f.URL, c.Entries); err != nil {
			return err
		}
		if f.Every = min(f.Every, seldom); len(news) > 0 {
			f.Every = w.often()
		}
		if !first {
			items = append(items, w.itemsOf(news, watches, now)...)
		}
	}
	f.Every = max(f.Every, min(c.Every, mostRare))
	f.Next = now.Add(f.Every)
	return w.Store.Reading(ctx, f, fresh, present, items, now)
}

// news finds the entries that a feed did not have before. Its own name for an
// entry makes it the same under another address, if it is called the same; dates
// count for nothing.
func (w *Watcher) news(ctx context.Context, feed string, entries []Entry) (fresh map[string]string, present []string, news []Entry, err error) {
	for _, e := range entries {
		present = append(present, "k:"+e.Key)
		if e.GUID != "" {
			present = append(present, "g:"+e.GUID)
		}
	}
	known, err := w.Store.Known(ctx, feed, present)
	if err != nil {
		return nil, nil, nil, err
	}
	fresh = map[string]string{}
	for _, e := range entries {
		_, had := known["k:"+e.Key]
		if !had {
			fresh["k:"+e.Key] = e.Title
			title, named := known["g:"+e.GUID]
			had = e.GUID != "" && named && sameTitle(title, e.Title)
		}
		if _, named := known["g:"+e.GUID]; e.GUID != "" && !named {
			fresh["g:"+e.GUID] = e.Title
		}
		if !had {
			news = append(news, e)
		}
	}
	return fresh, present, news, nil
}

// sameTitle reports whether two titles share half of their words.
func sameTitle(a, b string) bool {
	have := map[string]bool{}
	for word := range strings.FieldsSeq(strings.ToLower(a)) {
		have[word] = true
	}
	words := strings.Fields(strings.ToLower(b))
	common := 0
	for _, word := range words {
		if have[word] {
			common++
		}
	}
	return 2*common >= max(len(have), len(words))
}

// itemsOf are the items that new entries make in each watch.
func (w *Watcher) itemsOf(news []Entry, watches []Watch, now time.Time) []Item {
	var items []Item
	left := len(news) - mostNew
	news = news[:min(len(news), mostNew)]
	for _, one := range watches {
		if !one.Made.Before(now) {
			continue
		}
		for _, e := range news {
			items = append(items, one.story(e.Key, e.Title, e.Link, now))
		}
		if left > 0 {
			items = append(items, Item{
				Watch: one.ID, Key: "more:" + now.UTC().Format(time.RFC3339), Place: one.Place, Sort: Story, State: Skipped, Seen: now, At: now,
				Title: fmt.Sprintf("%d more", left), Why: fmt.Sprintf("more than %d came at once", mostNew),
			})
		}
	}
	return items
}

// story is the item of a story.
func (one *Watch) story(key, title, link string, now time.Time) Item {
	it := Item{Watch: one.ID, Key: key, Place: one.Place, Sort: Story, State: Waiting, Title: title, URL: link, Seen: now, At: now, Due: now}
	s := one.Schedule
	switch day := now.In(s.location()).Weekday(); {
	case one.Paused:
		it.State, it.Why, it.Due = Skipped, "the watch was paused", time.Time{}
	case link == "":
		it.State, it.Why, it.Due = Skipped, "the feed gives no address for it", time.Time{}
	case s.Digest:
		it.State, it.Why, it.Due = Held, "waits for the digest", time.Time{}
	case s.Weekdays && (day == time.Saturday || day == time.Sunday):
		it.Why, it.Due = "waits for Monday", Schedule{Zone: s.Zone, Weekdays: true}.Next(now)
	}
	return it
}

// Added is a watch that was made.
type Added struct {
	Watch  Watch
	Found  bool    // the feed was found through its site
	Others []Found // that the site has as well
	Have   int     // entries of the feed now
	Newest string  // title
}

// A Problem is why a watch cannot be made or changed, in a sentence.
type Problem struct{ Text string }

func (p *Problem) Error() string { return p.Text }

// Sentence is the text.
func (p *Problem) Sentence() string { return p.Text }

func refuse(format string, args ...any) error { return &Problem{fmt.Sprintf(format, args...)} }

// shownBefore is how many entries that were there before are listed with why.
const shownBefore = 10

// Add makes a watch. Of a feed, its address or that of a page which names it is
// read first; what it has now is not posted.
func (w *Watcher) Add(ctx context.Context, one Watch) (Added, error) {
	now := w.now()
	if _, err := one.Schedule.Location(); err != nil {
		return Added{}, refuse("I do not know the time zone “%s”: write it as in Europe/Berlin or America/New_York.", clip(plain(one.Schedule.Zone), 40))
	}
	one.ID, one.Made, one.Paused = newID(), now, false
	if one.Limit <= 0 {
		one.Limit = DefaultLimit
	}
	if one.Form == "" {
		one.Form = AsClaims
	}
	if one.Schedule.Digest {
		one.Next = one.Schedule.Next(now)
	}
	if one.Of = strings.TrimSpace(one.Of); one.Of == "" {
		return Added{}, refuse("What am I to watch? Give me the address of a feed or a site, a speaker, a topic or a claim.")
	}
	added := Added{Watch: one}
	if one.Kind != Feed {
		one.Of = clip(plain(one.Of), mostTitle)
		added.Watch = one
		return added, w.add(ctx, one, nil)
	}
	src, err := article.FromURL(one.Of)
	if err != nil {
		return Added{}, err
	}
	one.Of = src.Link
	state, c, validators, err := w.first(ctx, &one, &added, now)
	if err != nil {
		return Added{}, err
	}
	here, err := w.Store.List(ctx, Query{Place: one.Place.channel(), Feed: one.Of})
	if err != nil {
		return Added{}, err
	}
	for _, o := range here {
		if o.Place.Thread == one.Place.Thread {
			return Added{}, refuse("This feed is watched here already: it is watch %s.", o.ID)
		}
	}
	before, err := w.Store.List(ctx, Query{Feed: one.Of})
	if err != nil {
		return Added{}, err
	}
	one.Title = c.Title
	added.Watch, added.Have = one, len(c.Entries)
	var items []Item
	for i, e := range c.Entries {
		if i == 0 {
			added.Newest = e.Title
		}
		if i < shownBefore {
			it := one.story(e.Key, e.Title, e.Link, now)
			it.State, it.Why, it.Due = Skipped, "it was there before the watch was made", time.Time{}
			items = append(items, it)
		}
	}
	if err := w.add(ctx, one, items); err != nil {
		return Added{}, err
	}
	if validators == nil {
		return added, nil
	}
	return added, w.took(ctx, state, c, validators, before, now)
}

func (w *Watcher) add(ctx context.Context, one Watch, items []Item) error {
	err := w.Store.Add(ctx, one, items)
	if errors.Is(err, ErrMany) {
		return refuse("This channel has %d watches, which is all it may have: remove one first.", MostWatches)
	}
	return err
}

// first reads a feed for the first time. Validators are nil when it was not
// fetched since it was read just now for another watch.
func (w *Watcher) first(ctx context.Context, one *Watch, added *Added, now time.Time) (FeedState, Contents, *article.Validators, error) {
	known, found, err := w.Store.Feed(ctx, one.Of)
	if err != nil {
		return known, Contents{}, nil, err
	}
	if found && known.Failures == 0 && now.Sub(known.Full) < w.often() {
		return known, Contents{Title: known.Title}, nil, nil
	}
	doc, err := w.Reader.GetSince(ctx, one.Of, article.Validators{})
	if err != nil {
		return known, Contents{}, nil, err
	}
	c, err := ReadFeed(doc.Data, doc.URL, now)
	if err != nil {
		if doc, c, err = w.discover(ctx, one, added, doc, now); err != nil {
			return known, Contents{}, nil, err
		}
		if known, found, err = w.Store.Feed(ctx, one.Of); err != nil {
			return known, Contents{}, nil, err
		}
	}
	if _, err := w.polite(ctx, one.Of); errors.Is(err, errRobots) {
		return known, c, nil, refuse("The site’s robots.txt asks programs not to read that feed, so I do not watch it.")
	}
	if !found {
		u, err := url.Parse(one.Of)
		if err != nil {
			return known, c, nil, &article.Error{Kind: article.ErrBadLink}
		}
		known = FeedState{URL: one.Of, Host: strings.ToLower(u.Hostname())}
	}
	return known, c, &doc.Validators, nil
}

// discover finds the feed that a page names.
func (w *Watcher) discover(ctx context.Context, one *Watch, added *Added, page *article.Document, now time.Time) (*article.Document, Contents, error) {
	found := Discover(page.Data, page.URL)
	if len(found) == 0 {
		return nil, Contents{}, refuse("There is no feed at that address, and the page names none: give me the address of the feed itself (RSS, Atom or JSON Feed).")
	}
	const attempts = 3
	for i, f := range found[:min(len(found), attempts)] {
		doc, err := w.Reader.GetSince(ctx, f.URL, article.Validators{})
		if err != nil {
			continue
		}
		c, err := ReadFeed(doc.Data, doc.URL, now)
		if err != nil {
			continue
		}
		one.Of, added.Found = f.URL, true
		added.Others = append(append([]Found{}, found[:i]...), found[i+1:]...)
		return doc, c, nil
	}
	return nil, Contents{}, refuse("The page names a feed, but it cannot be read: try again later, or give me the address of the feed itself.")
}
