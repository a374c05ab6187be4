package store

import (
	"cmp"
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"maps"
	"net/url"
	"slices"
	"strings"
	"time"

	"onrecord/watch"
)

// Watches keeps what is followed. It is a watch.Store.
type Watches struct{ db *DB }

var _ watch.Store = (*Watches)(nil)

// Watches gives what is followed.
func (db *DB) Watches() *Watches { return &Watches{db} }

const inChannel = "platform = ? AND workspace = ? AND channel = ?"

func ofChannel(p watch.Place) []any { return []any{p.Platform, p.Workspace, p.Channel} }

// Add implements watch.Store.
func (s *Watches) Add(ctx context.Context, w watch.Watch, items []watch.Item) error {
	data, err := json.Marshal(w)
	if err != nil {
		return s.db.fail("keeping a watch", err)
	}
	feed := ""
	if w.Kind == watch.Feed {
		feed = w.Of
	}
	err = s.db.tx(ctx, func(tx *sql.Tx) error {
		if err := turn(ctx, tx, w.Place); err != nil {
			return err
		}
		var have int
		if err := tx.QueryRowContext(ctx, "SELECT count(*) FROM watches WHERE "+inChannel, ofChannel(w.Place)...).Scan(&have); err != nil {
			return err
		}
		if have >= watch.MostWatches {
			return watch.ErrMany
		}
		_, err := tx.ExecContext(ctx, `
			INSERT INTO watches (id, platform, workspace, channel, thread, kind, feed, paused, made, next, data) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
			w.ID, w.Place.Platform, w.Place.Workspace, w.Place.Channel, w.Place.Thread, string(w.Kind), feed, flag(w.Paused), stamp(w.Made), stamp(w.Next), data)
		if err != nil {
			return err
		}
		if feed != "" {
			// Due at once, if it is new.
			_, err := tx.ExecContext(ctx, "INSERT INTO watch_feeds ("+feedColumns+") VALUES (?, ?, ?, ?, 0, '', '', 0, 0, 0, 0, '', 0) ON CONFLICT (url) DO NOTHING",
				feed, hostOf(feed), w.Title, stamp(w.Made))
			if err != nil {
				return err
			}
		}
		return putItems(ctx, tx, items)
	})
	if errors.Is(err, watch.ErrMany) {
		return err
	}
	return s.db.fail("keeping a watch", err)
}

func hostOf(link string) string {
	u, err := url.Parse(link)
	if err != nil {
		return ""
	}
	return strings.ToLower(u.Hostname())
}

const watchColumns = "id, paused, next, data"

func scanWatch(r interface{ Scan(...any) error }) (w watch.Watch, err error) {
	var id string
	var paused int
	var next int64
	var data []byte
	if err := r.Scan(&id, &paused, &next, &data); err != nil {
		return w, err
	}
	err = json.Unmarshal(data, &w)
	w.ID, w.Paused, w.Next = id, paused != 0, moment(next)
	return w, err
}

// Watch implements watch.Store.
func (s *Watches) Watch(ctx context.Context, id string) (watch.Watch, bool, error) {
	w, err := scanWatch(s.db.read.QueryRowContext(ctx, "SELECT "+watchColumns+" FROM watches WHERE id = ?", id))
	if errors.Is(err, sql.ErrNoRows) {
		return w, false, nil
	}
	return w, err == nil, s.db.fail("looking up a watch", err)
}

// List implements watch.Store.
func (s *Watches) List(ctx context.Context, q watch.Query) ([]watch.Watch, error) {
	where, args := []string{"1 = 1"}, []any{}
	for _, c := range []struct{ column, value string }{
		{"platform", q.Place.Platform}, {"workspace", q.Place.Workspace}, {"channel", q.Place.Channel}, {"thread", q.Place.Thread}, {"feed", q.Feed},
	} {
		if c.value != "" {
			where, args = append(where, c.column+" = ?"), append(args, c.value)
		}
	}
	if len(q.Kinds) > 0 {
		where = append(where, "kind IN (?"+strings.Repeat(", ?", len(q.Kinds)-1)+")")
		for _, k := range q.Kinds {
			args = append(args, string(k))
		}
	}
	rows, err := s.db.read.QueryContext(ctx, "SELECT "+watchColumns+" FROM watches WHERE "+strings.Join(where, " AND ")+" ORDER BY made, id", args...)
	all, err := gather(rows, err, func(r *sql.Rows) (watch.Watch, error) { return scanWatch(r) })
	return all, s.db.fail("listing watches", err)
}

// Pause implements watch.Store.
func (s *Watches) Pause(ctx context.Context, id string, paused bool) error {
	_, err := s.db.exec(ctx, "pausing a watch", "UPDATE watches SET paused = ? WHERE id = ?", flag(paused), id)
	return err
}

// Remove implements watch.Store.
func (s *Watches) Remove(ctx context.Context, id string) error {
	return s.db.fail("dropping a watch", s.db.tx(ctx, func(tx *sql.Tx) error {
		err := execs(ctx, tx,
			statement{"DELETE FROM watches WHERE id = ?", []any{id}},
			statement{"DELETE FROM watch_items WHERE watch = ?", []any{id}},
		)
		if err != nil {
			return err
		}
		return dropFeeds(ctx, tx)
	}))
}

// dropFeeds drops the feeds that nobody watches any more.
func dropFeeds(ctx context.Context, tx *sql.Tx) error {
	const alone = "NOT EXISTS (SELECT 1 FROM watches WHERE watches.feed = "
	return execs(ctx, tx,
		statement{"DELETE FROM watch_feeds WHERE " + alone + "watch_feeds.url)", nil},
		statement{"DELETE FROM watch_entries WHERE " + alone + "watch_entries.feed)", nil},
	)
}

const feedColumns = "url, host, title, next, every, etag, modified, reading, full_at, failures, since, problem, told"

func scanFeed(r interface{ Scan(...any) error }) (f watch.FeedState, err error) {
	var next, every, read, full, since int64
	var told int
	err = r.Scan(&f.URL, &f.Host, &f.Title, &next, &every, &f.Validators.ETag, &f.Validators.LastModified, &read, &full, &f.Failures, &since, &f.Problem, &told)
	f.Next, f.Every, f.Read, f.Full, f.Since, f.Told = moment(next), time.Duration(every), moment(read), moment(full), moment(since), told != 0
	return f, err
}

// Feed implements watch.Store.
func (s *Watches) Feed(ctx context.Context, address string) (watch.FeedState, bool, error) {
	f, err := scanFeed(s.db.read.QueryRowContext(ctx, "SELECT "+feedColumns+" FROM watch_feeds WHERE url = ?", address))
	if errors.Is(err, sql.ErrNoRows) {
		return f, false, nil
	}
	return f, err == nil, s.db.fail("looking up a feed", err)
}

// DueFeeds implements watch.Store.
func (s *Watches) DueFeeds(ctx context.Context, now time.Time, n int) ([]watch.FeedState, error) {
	rows, err := s.db.read.QueryContext(ctx, "SELECT "+feedColumns+` FROM watch_feeds WHERE (next <= ? OR next > ?)
		AND EXISTS (SELECT 1 FROM watches WHERE watches.feed = watch_feeds.url AND watches.paused = 0) ORDER BY next, url LIMIT ?`, stamp(now), stamp(now.Add(farFeed)), n)
	all, err := gather(rows, err, func(r *sql.Rows) (watch.FeedState, error) { return scanFeed(r) })
	return all, s.db.fail("looking for feeds to read", err)
}

// TakeFeed implements watch.Store.
func (s *Watches) TakeFeed(ctx context.Context, address string, from, to time.Time) (bool, error) {
	n, err := s.db.exec(ctx, "taking a feed", "UPDATE watch_feeds SET next = ? WHERE url = ? AND next = ?", stamp(to), address, stamp(from))
	return n == 1, err
}

// atOnce is how many values stand in one list of a statement.
const atOnce = 200

// Known implements watch.Store.
func (s *Watches) Known(ctx context.Context, address string, names []string) (map[string]string, error) {
	found := map[string]string{}
	for some := range slices.Chunk(names, atOnce) {
		args := []any{address}
		for _, n := range some {
			args = append(args, n)
		}
		rows, err := s.db.read.QueryContext(ctx, "SELECT name, title FROM watch_entries WHERE feed = ? AND name IN (?"+strings.Repeat(", ?", len(some)-1)+")", args...)
		_, err = gather(rows, err, func(r *sql.Rows) (struct{}, error) {
			var name, title string
			err := r.Scan(&name, &title)
			found[name] = title
			return struct{}{}, err
		})
		if err != nil {
			return nil, s.db.fail("looking for what a feed had", err)
		}
	}
	return found, nil
}

// Reading implements watch.Store.
func (s *Watches) Reading(ctx context.Context, f watch.FeedState, fresh map[string]string, present []string, items []watch.Item, now time.Time) error {
	return s.db.fail("keeping what a feed has", s.db.tx(ctx, func(tx *sql.Tx) error {
		_, err := tx.ExecContext(ctx, `
			INSERT INTO watch_feeds (`+feedColumns+`) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
			ON CONFLICT (url) DO UPDATE SET title = excluded.title, next = excluded.next, every = excluded.every, etag = excluded.etag, modified = excluded.modified,
				reading = excluded.reading, full_at = excluded.full_at, failures = excluded.failures, since = excluded.since, problem = excluded.problem, told = excluded.told`,
			f.URL, f.Host, f.Title, stamp(f.Next), int64(f.Every), f.Validators.ETag, f.Validators.LastModified, stamp(f.Read), stamp(f.Full),
			f.Failures, stamp(f.Since), f.Problem, flag(f.Told))
		if err != nil {
			return err
		}
		for some := range slices.Chunk(slices.Sorted(maps.Keys(fresh)), atOnce) {
			var args []any
			for _, name := range some {
				args = append(args, f.URL, name, fresh[name], stamp(now))
			}
			_, err := tx.ExecContext(ctx, "INSERT INTO watch_entries (feed, name, title, seen) VALUES (?, ?, ?, ?)"+
				strings.Repeat(", (?, ?, ?, ?)", len(some)-1)+" ON CONFLICT (feed, name) DO NOTHING", args...)
			if err != nil {
				return err
			}
		}
		// Once a day is enough to know what is still there.
		for some := range slices.Chunk(present, atOnce) {
			args := []any{stamp(now), f.URL, stamp(now.Add(-24 * time.Hour))}
			for _, n := range some {
				args = append(args, n)
			}
			_, err := tx.ExecContext(ctx, "UPDATE watch_entries SET seen = ? WHERE feed = ? AND seen < ? AND name IN (?"+strings.Repeat(", ?", len(some)-1)+")", args...)
			if err != nil {
				return err
			}
		}
		return putItems(ctx, tx, items)
	}))
}

// A clock that is ahead puts things off until a time that comes late once it is
// set right. What is further away than these was written by such a clock.
const (
	farFeed   = 25 * time.Hour // a feed or a site that wants to be left alone gets a day
	farDigest = 25 * time.Hour // the day with an hour more; those of weekdays may be further away
	farItem   = 4 * 24 * time.Hour
)

// HostTurn implements watch.Store.
func (s *Watches) HostTurn(ctx context.Context, host string, now time.Time, gap, most time.Duration) (time.Time, error) {
	const what = "waiting for a site"
	var next int64
	err := s.db.write.QueryRowContext(ctx, `
		INSERT INTO watch_hosts (host, next) VALUES (?, ?)
		ON CONFLICT (host) DO UPDATE SET next = CASE WHEN watch_hosts.next > ? AND watch_hosts.next < ? THEN watch_hosts.next ELSE ? END + ?
		WHERE watch_hosts.next <= ? OR watch_hosts.next >= ? RETURNING next`,
		host, stamp(now.Add(gap)), stamp(now), stamp(now.Add(farFeed)), stamp(now), int64(gap), stamp(now.Add(most)), stamp(now.Add(farFeed))).Scan(&next)
	if errors.Is(err, sql.ErrNoRows) {
		err = s.db.read.QueryRowContext(ctx, "SELECT next FROM watch_hosts WHERE host = ?", host).Scan(&next)
		return moment(next), s.db.fail(what, err)
	}
	return moment(next).Add(-gap), s.db.fail(what, err)
}

// DueDigests implements watch.Store.
func (s *Watches) DueDigests(ctx context.Context, now time.Time, n int) ([]watch.Watch, error) {
	rows, err := s.db.read.QueryContext(ctx, "SELECT "+watchColumns+" FROM watches WHERE next > 0 AND (next <= ? OR next > ?) ORDER BY next, id LIMIT ?", stamp(now), stamp(now.Add(farDigest)), n)
	all, err := gather(rows, err, func(r *sql.Rows) (watch.Watch, error) { return scanWatch(r) })
	return all, s.db.fail("looking for digests", err)
}

// TakeDigest implements watch.Store.
func (s *Watches) TakeDigest(ctx context.Context, id string, from, to time.Time, it *watch.Item) (taken bool, err error) {
	err = s.db.tx(ctx, func(tx *sql.Tx) error {
		r, err := tx.ExecContext(ctx, "UPDATE watches SET next = ? WHERE id = ? AND next = ?", stamp(to), id, stamp(from))
		if err != nil {
			return err
		}
		n, err := r.RowsAffected()
		if taken = n == 1; err != nil || !taken || it == nil {
			return err
		}
		return putItems(ctx, tx, []watch.Item{*it})
	})
	return taken && err == nil, s.db.fail("taking a digest", err)
}

const itemColumns = "watch, key, platform, workspace, channel, thread, sort, state, seen, due, tries, at, why, title, url, message, sketch, data"

// itemData is what of an item stands in no column.
type itemData struct {
	Tags []string `json:",omitempty"`
	Text string   `json:",omitempty"`
}

func itemValues(it watch.Item) ([]any, error) {
	sketch, err := it.Sketch.MarshalBinary()
	if err != nil {
		return nil, err
	}
	data, err := json.Marshal(itemData{it.Place.Tags, it.Text})
	if err != nil {
		return nil, err
	}
	return []any{
		it.Watch, it.Key, it.Place.Platform, it.Place.Workspace, it.Place.Channel, it.Place.Thread, string(it.Sort), string(it.State), stamp(it.Seen), stamp(it.Due),
		it.Tries, stamp(it.At), it.Why, it.Title, it.URL, it.Message, sketch, data,
	}, nil
}

func scanWatched(r interface{ Scan(...any) error }) (it watch.Item, err error) {
	var seen, due, at int64
	var sketch, data []byte
	err = r.Scan(&it.Watch, &it.Key, &it.Place.Platform, &it.Place.Workspace, &it.Place.Channel, &it.Place.Thread, &it.Sort, &it.State, &seen, &due, &it.Tries,
		&at, &it.Why, &it.Title, &it.URL, &it.Message, &sketch, &data)
	if err != nil {
		return it, err
	}
	it.Seen, it.Due, it.At = moment(seen), moment(due), moment(at)
	var rest itemData
	err = errors.Join(it.Sketch.UnmarshalBinary(sketch), json.Unmarshal(data, &rest))
	it.Place.Tags, it.Text = rest.Tags, rest.Text
	return it, err
}

const insertItem = "INSERT INTO watch_items (" + itemColumns + ") VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (watch, key) DO "

func putItems(ctx context.Context, tx *sql.Tx, items []watch.Item) error {
	return writeItems(ctx, tx, insertItem+"NOTHING", items)
}

func saveItems(ctx context.Context, tx *sql.Tx, items []watch.Item) error {
	return writeItems(ctx, tx, insertItem+`UPDATE SET
		state = excluded.state, due = excluded.due, tries = excluded.tries, at = excluded.at, why = excluded.why, title = excluded.title, url = excluded.url,
		message = excluded.message, sketch = excluded.sketch, data = excluded.data`, items)
}

func writeItems(ctx context.Context, tx *sql.Tx, query string, items []watch.Item) error {
	for _, it := range items {
		values, err := itemValues(it)
		if err != nil {
			return err
		}
		if _, err := tx.ExecContext(ctx, query, values...); err != nil {
			return err
		}
	}
	return nil
}

// Put implements watch.Store.
func (s *Watches) Put(ctx context.Context, items []watch.Item) error {
	return s.db.fail("keeping items of a watch", s.db.tx(ctx, func(tx *sql.Tx) error { return putItems(ctx, tx, items) }))
}

// Item implements watch.Store.
func (s *Watches) Item(ctx context.Context, watched, key string) (watch.Item, bool, error) {
	it, err := scanWatched(s.db.read.QueryRowContext(ctx, "SELECT "+itemColumns+" FROM watch_items WHERE watch = ? AND key = ?", watched, key))
	if errors.Is(err, sql.ErrNoRows) {
		return it, false, nil
	}
	return it, err == nil, s.db.fail("looking up an item of a watch", err)
}

// items reads items.
func (s *Watches) items(ctx context.Context, q queryer, what, rest string, args ...any) ([]watch.Item, error) {
	rows, err := q.QueryContext(ctx, "SELECT "+itemColumns+" FROM watch_items WHERE "+rest, args...)
	all, err := gather(rows, err, func(r *sql.Rows) (watch.Item, error) { return scanWatched(r) })
	return all, s.db.fail(what, err)
}

// DueItems implements watch.Store.
func (s *Watches) DueItems(ctx context.Context, now time.Time, n int) ([]watch.Item, error) {
	return s.items(ctx, s.db.read, "looking for items that are due", "due > 0 AND (due <= ? OR due > ?) ORDER BY due, watch, key LIMIT ?", stamp(now), stamp(now.Add(farItem)), n)
}

// TakeItem implements watch.Store.
func (s *Watches) TakeItem(ctx context.Context, watched, key string, from, to time.Time) (bool, error) {
	n, err := s.db.exec(ctx, "taking an item of a watch", "UPDATE watch_items SET due = ?, tries = tries + 1 WHERE watch = ? AND key = ? AND due = ?",
		stamp(to), watched, key, stamp(from))
	return n == 1, err
}

// Save implements watch.Store.
func (s *Watches) Save(ctx context.Context, items ...watch.Item) error {
	return s.db.fail("writing items of a watch", s.db.tx(ctx, func(tx *sql.Tx) error { return saveItems(ctx, tx, items) }))
}

// Held implements watch.Store.
func (s *Watches) Held(ctx context.Context, watched string, n int) ([]watch.Item, error) {
	return s.items(ctx, s.db.read, "looking for what waits for a digest", "watch = ? AND state = ? ORDER BY seen, key LIMIT ?", watched, string(watch.Held), n)
}

// turn takes a channel's turn: until the transaction ends nobody else has it.
func turn(ctx context.Context, tx *sql.Tx, in watch.Place) error {
	_, err := tx.ExecContext(ctx, `
		INSERT INTO watch_places (platform, workspace, channel, turn, allowed) VALUES (?, ?, ?, 1, 0)
		ON CONFLICT (platform, workspace, channel) DO UPDATE SET turn = watch_places.turn + 1`, ofChannel(in)...)
	return err
}

// Turn implements watch.Store.
func (s *Watches) Turn(ctx context.Context, in watch.Place, since time.Time, watched string, keys []string, decide func(past, now []watch.Item) []watch.Item) error {
	const what = "deciding what to post"
	return s.db.fail(what, s.db.tx(ctx, func(tx *sql.Tx) error {
		if err := turn(ctx, tx, in); err != nil {
			return err
		}
		args := append(ofChannel(in), stamp(since), string(watch.Posting), string(watch.Posted), string(watch.Uncertain))
		past, err := s.items(ctx, tx, what, inChannel+" AND at >= ? AND state IN (?, ?, ?) ORDER BY at DESC, key", args...)
		if err != nil {
			return err
		}
		var now []watch.Item
		for some := range slices.Chunk(keys, atOnce) {
			args := []any{watched}
			for _, k := range some {
				args = append(args, k)
			}
			found, err := s.items(ctx, tx, what, "watch = ? AND key IN (?"+strings.Repeat(", ?", len(some)-1)+")", args...)
			if err != nil {
				return err
			}
			now = append(now, found...)
		}
		slices.SortStableFunc(now, func(a, b watch.Item) int { return cmp.Or(a.Seen.Compare(b.Seen), cmp.Compare(a.Key, b.Key)) })
		return saveItems(ctx, tx, decide(past, now))
	}))
}

// Recent implements watch.Store.
func (s *Watches) Recent(ctx context.Context, in watch.Place, watched string, n int) ([]watch.Item, error) {
	const order = " ORDER BY at DESC, key LIMIT ?"
	const what = "listing what became of items"
	if watched != "" {
		return s.items(ctx, s.db.read, what, "watch = ?"+order, watched, n)
	}
	return s.items(ctx, s.db.read, what, inChannel+order, append(ofChannel(in), n)...)
}

// Consent implements watch.Store.
func (s *Watches) Consent(ctx context.Context, in watch.Place) (bool, error) {
	var allowed int
	err := s.db.read.QueryRowContext(ctx, "SELECT allowed FROM watch_places WHERE "+inChannel, ofChannel(in)...).Scan(&allowed)
	if errors.Is(err, sql.ErrNoRows) {
		return false, nil
	}
	return allowed != 0, s.db.fail("looking whether watches may speak", err)
}

// Allow implements watch.Store.
func (s *Watches) Allow(ctx context.Context, in watch.Place, allowed bool) error {
	_, err := s.db.exec(ctx, "keeping that watches may speak", `
		INSERT INTO watch_places (platform, workspace, channel, turn, allowed) VALUES (?, ?, ?, 0, ?)
		ON CONFLICT (platform, workspace, channel) DO UPDATE SET allowed = excluded.allowed`, append(ofChannel(in), flag(allowed))...)
	return err
}

const articleKey = "platform = ? AND workspace = ? AND channel = ? AND thread = ? AND key = ?"

func ofArticle(f watch.Followed) []any {
	return []any{f.Place.Platform, f.Place.Workspace, f.Place.Channel, f.Place.Thread, f.Key}
}

// Follow implements watch.Store.
func (s *Watches) Follow(ctx context.Context, f watch.Followed) error {
	_, err := s.db.exec(ctx, "following an article", `
		INSERT INTO watch_articles (platform, workspace, channel, thread, key, link, next, step, began, private, article) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
		ON CONFLICT (platform, workspace, channel, thread, key) DO NOTHING`,
		append(ofArticle(f), f.Link, stamp(f.Next), f.Step, stamp(f.Began), flag(f.Private), f.Article)...)
	return err
}

// DueArticles implements watch.Store.
func (s *Watches) DueArticles(ctx context.Context, now time.Time, n int) ([]watch.Followed, error) {
	rows, err := s.db.read.QueryContext(ctx, `
		SELECT platform, workspace, channel, thread, key, link, next, step, began, private, article FROM watch_articles WHERE next <= ? OR next > ? ORDER BY next, key LIMIT ?`, stamp(now), stamp(now.Add(farItem)), n)
	all, err := gather(rows, err, func(r *sql.Rows) (f watch.Followed, err error) {
		var next, began int64
		var private int
		err = r.Scan(&f.Place.Platform, &f.Place.Workspace, &f.Place.Channel, &f.Place.Thread, &f.Key, &f.Link, &next, &f.Step, &began, &private, &f.Article)
		f.Next, f.Began, f.Private = moment(next), moment(began), private != 0
		return f, err
	})
	return all, s.db.fail("looking for articles to read again", err)
}

// TakeArticle implements watch.Store.
func (s *Watches) TakeArticle(ctx context.Context, f watch.Followed, to time.Time) (bool, error) {
	n, err := s.db.exec(ctx, "taking an article", "UPDATE watch_articles SET next = ? WHERE "+articleKey+" AND next = ?",
		slices.Concat([]any{stamp(to)}, ofArticle(f), []any{stamp(f.Next)})...)
	return n == 1, err
}

// Reread implements watch.Store.
func (s *Watches) Reread(ctx context.Context, f watch.Followed, items []watch.Item) error {
	return s.db.fail("keeping how an article is now", s.db.tx(ctx, func(tx *sql.Tx) error {
		do := statement{
			"UPDATE watch_articles SET next = ?, step = ?, article = ? WHERE " + articleKey,
			append([]any{stamp(f.Next), f.Step, f.Article}, ofArticle(f)...),
		}
		if f.Next.IsZero() {
			do = statement{"DELETE FROM watch_articles WHERE " + articleKey, ofArticle(f)}
		}
		if err := execs(ctx, tx, do); err != nil {
			return err
		}
		return putItems(ctx, tx, items)
	}))
}

// Unfollow implements watch.Store.
func (s *Watches) Unfollow(ctx context.Context, in watch.Place) error {
	where, args := inChannel, ofChannel(in)
	if in.Thread != "" {
		where, args = where+" AND thread = ?", append(args, in.Thread)
	}
	_, err := s.db.exec(ctx, "following articles no more", "DELETE FROM watch_articles WHERE "+where, args...)
	return err
}

const (
	keepItems   = 60 * 24 * time.Hour
	keepEntries = 90 * 24 * time.Hour // after a feed had them last
)

// Sweep implements watch.Store.
func (s *Watches) Sweep(ctx context.Context, now time.Time) error {
	return s.db.fail("dropping old items of watches", s.db.tx(ctx, func(tx *sql.Tx) error {
		err := execs(ctx, tx,
			statement{"DELETE FROM watch_items WHERE at < ? AND due = 0 AND state <> ?", []any{stamp(now.Add(-keepItems)), string(watch.Held)}},
			statement{
				"DELETE FROM watch_entries WHERE seen < (SELECT full_at FROM watch_feeds WHERE watch_feeds.url = watch_entries.feed) - ?",
				[]any{int64(keepEntries)},
			},
			statement{"DELETE FROM watch_hosts WHERE next < ?", []any{stamp(now.Add(-time.Hour))}},
		)
		if err != nil {
			return err
		}
		return dropFeeds(ctx, tx)
	}))
}

// forgetWatches drops what a workspace follows.
func (db *DB) forgetWatches(ctx context.Context, platform, workspace string) error {
	where := []any{platform, workspace}
	return db.tx(ctx, func(tx *sql.Tx) error {
		var all []statement
		for _, table := range []string{"watches", "watch_items", "watch_places", "watch_articles"} {
			all = append(all, statement{"DELETE FROM " + table + " WHERE platform = ? AND workspace = ?", where})
		}
		if err := execs(ctx, tx, all...); err != nil {
			return err
		}
		return dropFeeds(ctx, tx)
	})
}
