package store

import (
	"cmp"
	"context"
	"database/sql"
	"time"

	"onrecord/chat"
)

// RecentOptions are the settings of a Recent. The zero value works.
type RecentOptions struct {
	Each  int           // articles remembered for each person or thread; 10 if 0
	Bytes int64         // of texts and files kept in all; 1 GiB if 0
	Keep  time.Duration // how long articles that are not private are kept; 7 days if 0
}

// keepPrivate is the longest that anything private is kept.
const keepPrivate = 24 * time.Hour

// Recent remembers which articles were asked about. It is a chat.Recent and a
// chat.Lister, and does what chat.MemoryRecent does.
type Recent struct {
	db *DB
	o  RecentOptions
}

var (
	_ chat.Recent = (*Recent)(nil)
	_ chat.Lister = (*Recent)(nil)
)

// Recent makes a Recent.
func (db *DB) Recent(o RecentOptions) *Recent {
	o.Each = cmp.Or(o.Each, 10)
	o.Bytes = cmp.Or(o.Bytes, 1<<30)
	o.Keep = cmp.Or(o.Keep, 7*24*time.Hour)
	return &Recent{db, o}
}

const (
	// ofMember are the articles of a person in a channel.
	ofMember = "platform = ? AND workspace = ? AND member = ? AND channel = ? AND mine = 1"
	// ofThread are those that were shown in a thread.
	ofThread = "platform = ? AND workspace = ? AND channel = ? AND thread = ? AND shown = 1"
)

// place is whom or what an article is remembered for: see ofMember, ofThread.
type place struct {
	where, flag string
	args        []any
}

// places are the places that a scope may see, the nearest first.
func places(s chat.Scope) []place {
	member := place{ofMember, "mine", []any{s.Platform, s.Workspace, s.User, s.Channel}}
	if s.Thread == "" {
		return []place{member}
	}
	return []place{{ofThread, "shown", []any{s.Platform, s.Workspace, s.Channel, s.Thread}}, member}
}

// Remember implements chat.Recent. What was answered to the asker alone is not
// the thread's.
func (r *Recent) Remember(ctx context.Context, scope chat.Scope, seen chat.Seen) error {
	if scope.Quiet {
		scope.Thread = ""
	}
	keep := r.o.Keep
	if seen.Private {
		keep = min(keep, keepPrivate)
	}
	now := time.Now()
	err := r.db.tx(ctx, func(tx *sql.Tx) error {
		if err := r.db.alone(ctx, tx, "recent", scope.Platform, scope.Workspace); err != nil {
			return err
		}
		if err := execs(ctx, tx, statement{"DELETE FROM recent WHERE until <= ?", []any{stamp(now)}}); err != nil {
			return err
		}
		for _, p := range places(scope) {
			if err := r.room(ctx, tx, p, seen.Handle); err != nil {
				return err
			}
		}
		if err := insert(ctx, tx, scope, seen, now.Add(keep)); err != nil {
			return err
		}
		return r.bound(ctx, tx)
	})
	return r.db.fail("remembering an article", err)
}

// room makes room for an article in a place: the same one goes, and the oldest
// one if the place is full.
func (r *Recent) room(ctx context.Context, tx *sql.Tx, p place, handle string) error {
	return execs(ctx, tx,
		statement{"UPDATE recent SET " + p.flag + " = 0 WHERE " + p.where + " AND handle = ?", append(p.args[:len(p.args):len(p.args)], handle)},
		statement{
			"UPDATE recent SET " + p.flag + " = 0 WHERE id IN (SELECT id FROM recent WHERE " + p.where + " ORDER BY id DESC LIMIT 1000000 OFFSET ?)",
			append(p.args[:len(p.args):len(p.args)], r.o.Each-1),
		},
		statement{"DELETE FROM recent WHERE mine = 0 AND shown = 0", nil},
	)
}

func insert(ctx context.Context, tx *sql.Tx, scope chat.Scope, seen chat.Seen, until time.Time) error {
	src := seen.Source
	var date []byte
	if !src.Date.IsZero() {
		var err error
		if date, err = src.Date.MarshalBinary(); err != nil {
			return err
		}
	}
	size := len(src.Data) + len(src.Link) + len(seen.Name) + 300
	_, err := tx.ExecContext(ctx, `
		INSERT INTO recent (platform, workspace, channel, thread, member, mine, shown, handle, private, at, until, size,
			name, link, file, content_type, title, date, url, verbatim, source_private, data)
		VALUES (?, ?, ?, ?, ?, 1, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
		scope.Platform, scope.Workspace, scope.Channel, scope.Thread, scope.User, flag(scope.Thread != ""),
		seen.Handle, flag(seen.Private), stamp(seen.At), stamp(until), size,
		seen.Name, src.Link, src.Name, src.ContentType, src.Title, date, src.URL, flag(src.Verbatim), flag(src.Private), src.Data)
	return err
}

// flag is a truth as it is stored.
func flag(b bool) int {
	if b {
		return 1
	}
	return 0
}

// bound drops the oldest articles until the rest is small enough.
func (r *Recent) bound(ctx context.Context, tx *sql.Tx) error {
	var sum int64
	if err := tx.QueryRowContext(ctx, "SELECT coalesce(sum(size), 0) FROM recent").Scan(&sum); err != nil {
		return err
	}
	for sum > r.o.Bytes {
		var id, size int64
		if err := tx.QueryRowContext(ctx, "SELECT id, size FROM recent ORDER BY at, id LIMIT 1").Scan(&id, &size); err != nil {
			return err
		}
		if err := execs(ctx, tx, statement{"DELETE FROM recent WHERE id = ?", []any{id}}); err != nil {
			return err
		}
		sum -= size
	}
	return nil
}

const columns = "handle, name, private, at, link, file, content_type, title, date, url, verbatim, source_private, data"

func scan(r *sql.Rows) (s chat.Seen, err error) {
	var at int64
	var date []byte
	src := &s.Source
	err = r.Scan(&s.Handle, &s.Name, &s.Private, &at, &src.Link, &src.Name, &src.ContentType, &src.Title,
		&date, &src.URL, &src.Verbatim, &src.Private, &src.Data)
	s.At = moment(at)
	if err == nil && len(date) > 0 {
		err = src.Date.UnmarshalBinary(date)
	}
	return s, err
}

// Last implements chat.Recent.
func (r *Recent) Last(ctx context.Context, scope chat.Scope) (chat.Seen, bool, error) {
	return r.find(ctx, places(scope), "")
}

// Find implements chat.Recent.
func (r *Recent) Find(ctx context.Context, scope chat.Scope, handle string) (chat.Seen, bool, error) {
	// What was shared in the channel is remembered for nobody in particular.
	shared := place{ofMember, "mine", []any{scope.Platform, scope.Workspace, "", scope.Channel}}
	return r.find(ctx, append(places(scope), shared), " AND handle = ?", handle)
}

func (r *Recent) find(ctx context.Context, places []place, also string, args ...any) (chat.Seen, bool, error) {
	for _, p := range places {
		all := append(append(p.args[:len(p.args):len(p.args)], stamp(time.Now())), args...)
		rows, err := r.db.read.QueryContext(ctx, "SELECT "+columns+" FROM recent WHERE "+p.where+" AND until > ?"+also+" ORDER BY id DESC LIMIT 1", all...)
		found, err := gather(rows, err, scan)
		if err != nil {
			return chat.Seen{}, false, r.db.fail("looking for an article", err)
		}
		if len(found) > 0 {
			return found[0], true, nil
		}
	}
	return chat.Seen{}, false, nil
}

// List implements chat.Lister.
func (r *Recent) List(ctx context.Context, scope chat.Scope, n int) ([]chat.Seen, error) {
	if n <= 0 {
		return nil, nil
	}
	where := "platform = ? AND workspace = ? AND member = ? AND mine = 1"
	args := []any{scope.Platform, scope.Workspace, scope.User}
	if scope.Channel != "" {
		where, args = "", nil
		for _, p := range places(scope) {
			if where != "" {
				where += " OR "
			}
			where += "(" + p.where + ")"
			args = append(args, p.args...)
		}
	}
	// Of an article that stands in several places, the youngest counts.
	rows, err := r.db.read.QueryContext(ctx, `
		SELECT `+columns+` FROM recent WHERE id IN (
			SELECT id FROM (
				SELECT id, at, handle, row_number() OVER (PARTITION BY handle ORDER BY at DESC, id DESC) AS nth
				FROM recent WHERE (`+where+`) AND until > ?) AS each_once
			WHERE nth = 1 ORDER BY at DESC, handle LIMIT ?)
		ORDER BY at DESC, handle`, append(args, stamp(time.Now()), n)...)
	all, err := gather(rows, err, scan)
	return all, r.db.fail("listing recent articles", err)
}
