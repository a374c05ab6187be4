package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"onrecord/book"
)

// Book keeps the quote book. It is a book.Store.
type Book struct{ db *DB }

var _ book.Store = (*Book)(nil)

// Book gives the quote book.
func (db *DB) Book() *Book { return &Book{db} }

// Identifiers of items: 20 bits of day, 28 of article, 12 of the place in it.
const (
	placeBits   = 12
	articleBits = 28
	dayBits     = placeBits + articleBits
	maxPlaces   = 1 << placeBits
)

// dayOne is the day from which days are counted.
var dayOne = time.Date(1800, 1, 1, 0, 0, 0, 0, time.UTC)

func dayNumber(t time.Time) int64 {
	const most = 1<<20 - 2
	if y := t.Year(); y > 4000 { // a Duration holds no more than 292 years
		return most
	} else if y < 1800 {
		return 0
	}
	return max(0, (t.Unix()-dayOne.Unix())/(24*60*60))
}

// rangeOf are the first and the last identifier of an article's items.
func rangeOf(day, article int64) (first, last int64) {
	first = day<<dayBits | article<<placeBits
	return first, first + maxPlaces - 1
}

// shelfRow is a shelf as it is kept.
type shelfRow struct {
	id   int64
	off  bool
	keep time.Duration
}

const whichShelf = "platform = ? AND workspace = ? AND member = ? AND channel = ?"

func ofShelf(s book.Shelf) []any {
	if !s.Private() {
		s.Channel = ""
	}
	return []any{s.Platform, s.Workspace, s.Member, s.Channel}
}

// queryer is a database or a transaction.
type queryer interface {
	QueryRowContext(ctx context.Context, query string, args ...any) *sql.Row
	QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error)
}

// shelf looks a shelf up; its id is 0 when there is none.
func shelf(ctx context.Context, q queryer, s book.Shelf) (row shelfRow, err error) {
	err = q.QueryRowContext(ctx, "SELECT id, off, keep FROM book_shelves WHERE "+whichShelf, ofShelf(s)...).Scan(&row.id, &row.off, &row.keep)
	if errors.Is(err, sql.ErrNoRows) {
		err = nil
	}
	return row, err
}

func makeShelf(ctx context.Context, tx *sql.Tx, s book.Shelf) (shelfRow, error) {
	row, err := shelf(ctx, tx, s)
	if err != nil || row.id != 0 {
		return row, err
	}
	err = tx.QueryRowContext(ctx, "INSERT INTO book_shelves (platform, workspace, member, channel) VALUES (?, ?, ?, ?) RETURNING id", ofShelf(s)...).Scan(&row.id)
	return row, err
}

// keptArticle is an article's row as far as writing needs it.
type keptArticle struct {
	id, day, read, first int64
	versions             int
	sha256, engine       string
}

func findArticle(ctx context.Context, q queryer, shelf int64, key string) (a keptArticle, found bool, err error) {
	err = q.QueryRowContext(ctx, "SELECT id, day, read, first, versions, sha256, engine FROM book_articles WHERE shelf = ? AND key = ?", shelf, key).
		Scan(&a.id, &a.day, &a.read, &a.first, &a.versions, &a.sha256, &a.engine)
	if errors.Is(err, sql.ErrNoRows) {
		return a, false, nil
	}
	return a, err == nil, err
}

// Put implements book.Store.
func (b *Book) Put(ctx context.Context, where book.Shelf, e book.Entry) error {
	const what = "writing the quote book"
	known, err := b.known(ctx, where, &e)
	if err != nil || known {
		return b.db.fail(what, err)
	}
	return b.db.fail(what, b.db.tx(ctx, func(tx *sql.Tx) error {
		if err := b.db.alone(ctx, tx, "book", where.Platform, where.Workspace); err != nil {
			return err
		}
		rules, err := shelf(ctx, tx, where.Public())
		if err != nil || rules.off {
			return err
		}
		if rules.keep > 0 && (e.Keep == 0 || rules.keep < e.Keep) {
			e.Keep = rules.keep
		}
		row, err := makeShelf(ctx, tx, where)
		if err != nil {
			return err
		}
		return b.db.put(ctx, tx, row.id, &e)
	}))
}

// known reports whether all of an entry is kept already, so that nothing is
// written when somebody turns a page. A reading is noted once in five minutes.
func (b *Book) known(ctx context.Context, where book.Shelf, e *book.Entry) (bool, error) {
	row, err := shelf(ctx, b.db.read, where)
	if err != nil || row.id == 0 {
		return false, err
	}
	a, found, err := findArticle(ctx, b.db.read, row.id, e.Article.Key)
	if err != nil || !found || a.sha256 != e.Article.SHA256 || a.engine != e.Article.Engine || stamp(e.Article.Read)-a.read > int64(5*time.Minute) {
		return false, err
	}
	var asked int
	err = b.db.read.QueryRowContext(ctx, "SELECT count(*) FROM book_askers WHERE article = ? AND member = ?", a.id, e.Member).Scan(&asked)
	return asked > 0 || e.Member == "", err
}

func (db *DB) put(ctx context.Context, tx *sql.Tx, shelf int64, e *book.Entry) error {
	a, found, err := findArticle(ctx, tx, shelf, e.Article.Key)
	if err != nil {
		return err
	}
	until := int64(0)
	if e.Keep > 0 {
		until = stamp(time.Now().Add(e.Keep))
	}
	read := stamp(e.Article.Read)
	switch {
	case !found:
		day := dayNumber(e.Article.Date())
		err := tx.QueryRowContext(ctx, `
			INSERT INTO book_articles (shelf, key, alias, day, until, published, first, read, versions, url, title, outlet, sha256, engine)
			VALUES (?, ?, ?, ?, ?, ?, ?, ?, 1, ?, ?, ?, ?, ?) RETURNING id`,
			shelf, e.Article.Key, e.Article.Alias, day, until, stamp(e.Article.Published), read, read,
			e.Article.URL, e.Article.Title, e.Article.Outlet, e.Article.SHA256, e.Article.Engine).Scan(&a.id)
		if err != nil {
			return err
		}
		if a.id >= 1<<articleBits {
			return errors.New("the quote book is full")
		}
		if err := db.insertItems(ctx, tx, shelf, day, a.id, e, e.Items); err != nil {
			return err
		}
	case a.sha256 == e.Article.SHA256 && a.engine == e.Article.Engine, read < a.read && a.sha256 != e.Article.SHA256:
		// The same, or what was read before what is kept.
		if err := execs(ctx, tx, statement{"UPDATE book_articles SET read = ?, until = ? WHERE id = ?", []any{max(a.read, read), until, a.id}}); err != nil {
			return err
		}
	default:
		if err := db.replace(ctx, tx, shelf, a, e, until); err != nil {
			return err
		}
	}
	if e.Member == "" {
		return nil
	}
	return execs(ctx, tx, statement{"INSERT INTO book_askers (article, member) VALUES (?, ?) ON CONFLICT DO NOTHING", []any{a.id, e.Member}})
}

// replace puts an article in the place of what was read of it before.
func (db *DB) replace(ctx context.Context, tx *sql.Tx, shelf int64, a keptArticle, e *book.Entry, until int64) error {
	first, last := rangeOf(a.day, a.id)
	rows, err := tx.QueryContext(ctx, "SELECT data FROM book_items WHERE id BETWEEN ? AND ? ORDER BY id", first, last)
	old, err := gather(rows, err, func(r *sql.Rows) (it book.Item, err error) {
		var data []byte
		if err = r.Scan(&data); err == nil {
			err = json.Unmarshal(data, &it)
		}
		return it, err
	})
	if err != nil {
		return err
	}
	items := book.Merge(old, e)
	if err := dropItems(ctx, tx, first, last); err != nil {
		return err
	}
	e.Article.First = moment(a.first)
	day := dayNumber(e.Article.Date())
	versions := a.versions
	if a.sha256 != e.Article.SHA256 {
		versions++
	}
	err = execs(ctx, tx, statement{`
		UPDATE book_articles SET alias = ?, day = ?, until = ?, published = ?, read = ?, versions = ?, url = ?, title = ?, outlet = ?, sha256 = ?, engine = ?
		WHERE id = ?`, []any{
		e.Article.Alias, day, until, stamp(e.Article.Published), stamp(e.Article.Read), versions,
		e.Article.URL, e.Article.Title, e.Article.Outlet, e.Article.SHA256, e.Article.Engine, a.id,
	}})
	if err != nil {
		return err
	}
	return db.insertItems(ctx, tx, shelf, day, a.id, e, items)
}

func (db *DB) insertItems(ctx context.Context, tx *sql.Tx, shelf, day, article int64, e *book.Entry, items []book.Item) error {
	id, last := rangeOf(day, article)
	speakers, err := makeSpeakers(ctx, tx, shelf, items)
	if err != nil {
		return err
	}
	rows := many{into: "INSERT INTO book_items (id, article, speaker, role, data)", row: "(?, ?, ?, ?, ?)"}
	found := many{into: "INSERT INTO book_terms (rowid, terms)", row: "(?, " + db.termsOf() + ")"}
	for _, it := range items {
		if id > last {
			break
		}
		it.Article = &e.Article
		speaker := int64(0)
		if it.Speaker != "" {
			speaker = speakers[book.SpeakerKey(it.Speaker, it.Sort)]
		}
		data, err := json.Marshal(&it)
		if err != nil {
			return err
		}
		if err := rows.add(ctx, tx, id, article, speaker, it.Role, data); err != nil {
			return err
		}
		terms := fmt.Sprintf("%s %s %s", strings.Join(book.Terms(&it), " "), shelfTerm(shelf), speakerTerm(speaker))
		if err := found.add(ctx, tx, id, terms); err != nil {
			return err
		}
		id++
	}
	return errors.Join(rows.flush(ctx, tx), found.flush(ctx, tx))
}

// What only the store knows of an item is a term too.
func shelfTerm(id int64) string   { return fmt.Sprintf("_w%d", id) }
func speakerTerm(id int64) string { return fmt.Sprintf("_s%d", id) }

func shelfTerms(ids []int64) []string   { return each(ids, shelfTerm) }
func speakerTerms(ids []int64) []string { return each(ids, speakerTerm) }

func each(ids []int64, term func(int64) string) (terms []string) {
	for _, id := range ids {
		terms = append(terms, term(id))
	}
	return terms
}

// makeSpeakers gives the numbers of all who speak in items, by their keys.
func makeSpeakers(ctx context.Context, tx *sql.Tx, shelf int64, items []book.Item) (map[string]int64, error) {
	ids := map[string]int64{}
	var keys []string
	for _, it := range items {
		if key := book.SpeakerKey(it.Speaker, it.Sort); it.Speaker != "" && !slices.Contains(keys, key) {
			keys = append(keys, key)
		}
	}
	for some := range slices.Chunk(keys, mostRows) {
		list, args := among(some)
		rows, err := tx.QueryContext(ctx, "SELECT key, id FROM book_speakers WHERE shelf = ? AND key IN "+list, append([]any{shelf}, args...)...)
		_, err = gather(rows, err, func(r *sql.Rows) (struct{}, error) {
			var key string
			var id int64
			err := r.Scan(&key, &id)
			ids[key] = id
			return struct{}{}, err
		})
		if err != nil {
			return nil, err
		}
	}
	words := many{into: "INSERT INTO book_names (shelf, word, speaker)", row: "(?, ?, ?)"}
	for _, it := range items {
		key := book.SpeakerKey(it.Speaker, it.Sort)
		if it.Speaker == "" || ids[key] != 0 {
			continue
		}
		var id int64
		err := tx.QueryRowContext(ctx, "INSERT INTO book_speakers (shelf, key, name, sort) VALUES (?, ?, ?, ?) RETURNING id", shelf, key, it.Speaker, it.Sort).Scan(&id)
		if err != nil {
			return nil, err
		}
		ids[key] = id
		for _, w := range book.NameWords(it.Speaker, it.Sort) {
			if err := words.add(ctx, tx, shelf, w, id); err != nil {
				return nil, err
			}
		}
	}
	return ids, words.flush(ctx, tx)
}

// dropItems deletes a range of items, and the speakers that have none left.
func dropItems(ctx context.Context, tx *sql.Tx, first, last int64) error {
	rows, err := tx.QueryContext(ctx, "SELECT DISTINCT speaker FROM book_items WHERE id BETWEEN ? AND ? AND speaker > 0", first, last)
	speakers, err := gather(rows, err, func(r *sql.Rows) (id int64, err error) {
		err = r.Scan(&id)
		return id, err
	})
	if err != nil {
		return err
	}
	err = execs(ctx, tx,
		statement{"DELETE FROM book_terms WHERE rowid BETWEEN ? AND ?", []any{first, last}},
		statement{"DELETE FROM book_items WHERE id BETWEEN ? AND ?", []any{first, last}},
	)
	for _, id := range speakers {
		if err != nil {
			break
		}
		const idle = " AND NOT EXISTS (SELECT 1 FROM book_items WHERE speaker = ?)"
		err = execs(ctx, tx,
			statement{"DELETE FROM book_names WHERE speaker = ?" + idle, []any{id, id}},
			statement{"DELETE FROM book_speakers WHERE id = ?" + idle, []any{id, id}},
		)
	}
	return err
}
