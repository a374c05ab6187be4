package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"math"
	"slices"
	"strings"
	"time"

	"onrecord/book"
)

// ids gives the shelves that there are.
func (b *Book) ids(ctx context.Context, shelves []book.Shelf) ([]int64, error) {
	var ids []int64
	for _, s := range shelves {
		row, err := shelf(ctx, b.db.read, s)
		if err != nil {
			return nil, err
		}
		if row.id != 0 && !slices.Contains(ids, row.id) {
			ids = append(ids, row.id)
		}
	}
	return ids, nil
}

// among writes a list of placeholders for values, "(?, ?)".
func among[T any](values []T) (list string, args []any) {
	for _, v := range values {
		args = append(args, v)
	}
	return "(?" + strings.Repeat(", ?", max(0, len(values)-1)) + ")", args
}

// wanted is what is looked for among all items.
type wanted struct {
	groups      [][]string // of each an item has one term
	common      [][]string // the same, of terms that most items have: an engine may leave them out
	speakers    []int64    // one of them says it, unless there are none
	first, last int64      // identifiers
	most        int
}

// shortlist is a query for the identifiers, as "id", of the newest items that may
// be wanted. There are so many if there are more.
type shortlist struct {
	query string
	args  []any
	most  int
}

// Find implements book.Store. Everything that is asked for is a term, so the
// index alone finds the newest rows. A speaker stands on one shelf.
func (b *Book) Find(ctx context.Context, shelves []book.Shelf, s book.Search) ([]book.Item, error) {
	const what = "searching the quote book"
	ids, err := b.ids(ctx, shelves)
	if err != nil || len(ids) == 0 || s.Most <= 0 {
		return nil, b.db.fail(what, err)
	}
	w := wanted{last: math.MaxInt64, most: s.Most}
	for _, t := range s.Terms {
		if !plain(t) {
			return nil, nil // no item has it
		}
		w.groups = append(w.groups, []string{t})
	}
	if s.Speakers != nil {
		w.speakers, err = b.speakers(ctx, ids, s.Speakers)
		if err != nil || len(w.speakers) == 0 {
			return nil, b.db.fail(what, err)
		}
	} else {
		w.groups = append(w.groups, shelfTerms(ids))
	}
	var kinds []string
	for _, k := range s.Kinds {
		kinds = append(kinds, "_k"+string(k))
	}
	if common := slices.Contains(s.Kinds, book.Quote); common {
		w.common = append(w.common, kinds)
	} else if len(kinds) > 0 {
		w.groups = append(w.groups, kinds)
	}
	if !s.Since.IsZero() {
		w.first = dayNumber(s.Since) << dayBits
	}
	if !s.Until.IsZero() {
		w.last = (dayNumber(s.Until)+1)<<dayBits - 1
	}
	var items []book.Item
	for {
		list, err := b.db.newest(ctx, w)
		if err != nil {
			return nil, b.db.fail(what, err)
		}
		found, err := b.read(ctx, list)
		if err != nil {
			return nil, b.db.fail(what, err)
		}
		for _, f := range found {
			if len(s.Kinds) > 0 && !slices.Contains(s.Kinds, f.item.Kind) {
				continue
			}
			if items = append(items, f.item); len(items) == s.Most {
				return items, nil
			}
		}
		if len(found) < list.most {
			return items, nil
		}
		w.last = found[len(found)-1].id - 1
	}
}

// foundItem is an item with its identifier.
type foundItem struct {
	item book.Item
	id   int64
}

func scanFound(r *sql.Rows) (f foundItem, err error) {
	f.item, err = scanItemAnd(r, &f.id)
	return f, err
}

// read reads the items of a shortlist, the newest first.
func (b *Book) read(ctx context.Context, list shortlist) ([]foundItem, error) {
	rows, err := b.db.query(ctx, `
		SELECT i.data, `+articleColumns+`, i.id FROM (`+list.query+`) AS found
		JOIN book_items AS i ON i.id = found.id
		JOIN book_articles AS a ON a.id = i.article
		WHERE a.until = 0 OR a.until > ? ORDER BY i.id DESC`,
		append(list.args, stamp(time.Now()))...)
	return gather(rows, err, scanFound)
}

// plain reports whether a term is one.
func plain(t string) bool {
	for i := range len(t) {
		if c := t[i]; (c < 'a' || c > 'z') && (c < '0' || c > '9') && c != '_' {
			return false
		}
	}
	return t != ""
}

// speakers are the numbers of those with these keys.
func (b *Book) speakers(ctx context.Context, shelves []int64, keys []string) ([]int64, error) {
	if len(keys) == 0 {
		return nil, nil
	}
	where, args := among(shelves)
	named, more := among(keys)
	rows, err := b.db.read.QueryContext(ctx, "SELECT id FROM book_speakers WHERE shelf IN "+where+" AND key IN "+named, append(args, more...)...)
	return gather(rows, err, func(r *sql.Rows) (id int64, err error) {
		err = r.Scan(&id)
		return id, err
	})
}

const articleColumns = `a.key, a.alias, a.url, a.title, a.outlet, a.published, a.first, a.read, a.versions, a.sha256, a.engine,
	(SELECT count(*) FROM book_askers WHERE article = a.id)`

// scanItemAnd reads an item and the columns behind it.
func scanItemAnd(r *sql.Rows, more ...any) (it book.Item, err error) {
	var data []byte
	var published, first, read int64
	a := &book.Article{}
	into := []any{&data, &a.Key, &a.Alias, &a.URL, &a.Title, &a.Outlet, &published, &first, &read, &a.Versions, &a.SHA256, &a.Engine, &a.Asked}
	if err = r.Scan(append(into, more...)...); err != nil {
		return it, err
	}
	a.Published, a.First, a.Read = moment(published), moment(first), moment(read)
	err = json.Unmarshal(data, &it)
	it.Article = a
	return it, err
}

// Each implements book.Store. It reads piece by piece, so that nobody waits for
// a slow f.
func (b *Book) Each(ctx context.Context, where book.Shelf, f func(book.Item) error) error {
	const what = "reading the quote book"
	row, err := shelf(ctx, b.db.read, where)
	if err != nil || row.id == 0 {
		return b.db.fail(what, err)
	}
	has, terms := b.db.match([][]string{{shelfTerm(row.id)}})
	for after := int64(-1); ; {
		rows, err := b.db.read.QueryContext(ctx, `
			SELECT i.data, `+articleColumns+`, i.id FROM (
				SELECT rowid AS id FROM book_terms WHERE `+has+` AND rowid > ? ORDER BY rowid LIMIT 500) AS found
			JOIN book_items AS i ON i.id = found.id
			JOIN book_articles AS a ON a.id = i.article ORDER BY i.id`, terms, after)
		piece, err := gather(rows, err, scanFound)
		if err != nil || len(piece) == 0 {
			return b.db.fail(what, err)
		}
		for _, v := range piece {
			if err := f(v.item); err != nil {
				return err
			}
		}
		after = piece[len(piece)-1].id
	}
}

// Names implements book.Store.
func (b *Book) Names(ctx context.Context, shelves []book.Shelf, s book.NameSearch) ([]book.Name, error) {
	const what = "looking for speakers"
	ids, err := b.ids(ctx, shelves)
	if err != nil || len(ids) == 0 || s.Most <= 0 {
		return nil, b.db.fail(what, err)
	}
	places, args := among(ids)
	var from string
	if len(s.Words) == 0 {
		list, err := b.db.newest(ctx, wanted{groups: [][]string{shelfTerms(ids)}, last: math.MaxInt64, most: 300})
		if err != nil {
			return nil, b.db.fail(what, err)
		}
		from = `SELECT speaker FROM book_items WHERE id IN (` + list.query + `)`
		args = list.args
	} else {
		var each []string
		var all []any
		for _, w := range s.Words {
			// No word has a letter behind "~".
			one, end := "word = ?", []any{w}
			if s.Prefix {
				one, end = "word >= ? AND word < ?", []any{w, w + "~"}
			}
			each = append(each, "SELECT speaker FROM book_names WHERE shelf IN "+places+" AND "+one)
			all = append(append(all, args...), end...)
		}
		from, args = strings.Join(each, " INTERSECT "), all
		if len(each) == 1 {
			from = "SELECT speaker FROM (" + from + " LIMIT 2000) AS few" // a letter begins many names
		}
	}
	also := " WHERE key IS NOT NULL" // nobody speaks in a claim
	if s.Named {
		also += " AND sort IN ('named', 'body')"
	}
	if s.Whole {
		var n int
		row := b.db.read.QueryRowContext(ctx, `
			SELECT count(DISTINCT key) FROM (
				SELECT (SELECT key FROM book_speakers WHERE id = of_name.id) AS key, (SELECT sort FROM book_speakers WHERE id = of_name.id) AS sort
				FROM (SELECT DISTINCT speaker AS id FROM (`+from+`) AS found) AS of_name) AS who`+also, args...)
		if err := row.Scan(&n); err != nil || n > s.Most {
			return nil, b.db.fail(what, err)
		}
	}
	// One speaker after the other: PostgreSQL would read all there are for a join.
	rows, err := b.db.query(ctx, `
		SELECT key, name, sort,
			coalesce((SELECT role FROM book_items WHERE speaker = who.id AND role <> '' ORDER BY id DESC LIMIT 1), '')
		FROM (
			SELECT id,
				(SELECT key FROM book_speakers WHERE id = of_name.id) AS key,
				(SELECT name FROM book_speakers WHERE id = of_name.id) AS name,
				(SELECT sort FROM book_speakers WHERE id = of_name.id) AS sort,
				coalesce((SELECT max(id) FROM book_items WHERE speaker = of_name.id), 0) AS last
			FROM (SELECT DISTINCT speaker AS id FROM (`+from+`) AS found) AS of_name) AS who`+also+`
		ORDER BY last DESC, id LIMIT ?`, append(args, s.Most)...)
	names, err := gather(rows, err, func(r *sql.Rows) (n book.Name, err error) {
		err = r.Scan(&n.Key, &n.Name, &n.Sort, &n.Role)
		return n, err
	})
	return once(names), b.db.fail(what, err)
}

// once leaves out of names those that stand on another shelf too.
func once(names []book.Name) []book.Name {
	seen := map[string]bool{}
	return slices.DeleteFunc(names, func(n book.Name) bool {
		was := seen[n.Key]
		seen[n.Key] = true
		return was
	})
}
