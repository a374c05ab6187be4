package store

import (
	"context"
	"database/sql"
	"time"

	"onrecord/checklist"
)

// Checklist keeps what people did about claims. It is a checklist.Store.
type Checklist struct{ db *DB }

var _ checklist.Store = (*Checklist)(nil)

// Checklist gives the checklist.
func (db *DB) Checklist() *Checklist { return &Checklist{db} }

// takeClaim leaves a claim with whoever has it, unless their time is over.
const takeClaim = ` WHERE checklist.state <> 'taken' OR checklist.member = excluded.member OR checklist.until > 0 AND checklist.until <= excluded.at`

// Set implements checklist.Store.
func (c *Checklist) Set(ctx context.Context, p checklist.Place, a checklist.Article, m checklist.Mark, until time.Time) (bool, error) {
	slot := string(m.State)
	if m.Review != "" {
		slot = "review"
	}
	n, err := c.db.exec(ctx, "keeping a mark", `
		INSERT INTO checklist (platform, workspace, channel, article, claim, review, slot, state, rating, words, note, link, member, name, at, until, alias, url, title)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
		ON CONFLICT (platform, workspace, channel, article, claim, review, slot) DO UPDATE SET
			state = excluded.state, rating = excluded.rating, words = excluded.words, note = excluded.note, link = excluded.link,
			member = excluded.member, name = excluded.name, at = excluded.at, until = excluded.until, alias = excluded.alias, url = excluded.url, title = excluded.title`+takeClaim,
		p.Platform, p.Workspace, p.Channel, a.Key, m.Claim, m.Review, slot, string(m.State), string(m.Rating), m.Words, m.Note, m.Link,
		m.Member, m.Name, stamp(m.At), stamp(until), a.Alias, a.URL, a.Title)
	return n > 0, err
}

// Clear implements checklist.Store.
func (c *Checklist) Clear(ctx context.Context, p checklist.Place, article, claim string) error {
	_, err := c.db.exec(ctx, "dropping marks", `
		DELETE FROM checklist WHERE platform = ? AND workspace = ? AND channel = ? AND article = ? AND claim = ? AND review = ''`,
		p.Platform, p.Workspace, p.Channel, article, claim)
	return err
}

// Marks implements checklist.Store.
func (c *Checklist) Marks(ctx context.Context, p checklist.Place, article string) ([]checklist.Mark, error) {
	rows, err := c.db.query(ctx, `
		SELECT state, claim, words, review, rating, note, link, member, name, at FROM checklist
		WHERE platform = ? AND workspace = ? AND channel = ? AND article = ? AND (until = 0 OR until > ?)
		ORDER BY at, slot, claim, review`, p.Platform, p.Workspace, p.Channel, article, stamp(time.Now()))
	all, err := gather(rows, err, func(r *sql.Rows) (m checklist.Mark, err error) {
		var at int64
		err = r.Scan(&m.State, &m.Claim, &m.Words, &m.Review, &m.Rating, &m.Note, &m.Link, &m.Member, &m.Name, &at)
		m.At = moment(at)
		return m, err
	})
	return all, c.db.fail("reading marks", err)
}

// Forget implements checklist.Store.
func (c *Checklist) Forget(ctx context.Context, p checklist.Place, key string) error {
	_, err := c.db.exec(ctx, "forgetting marks", `
		DELETE FROM checklist WHERE platform = ? AND workspace = ? AND channel = ? AND (article = ? OR alias = ?)`,
		p.Platform, p.Workspace, p.Channel, key, key)
	return err
}
