package store

import (
	"context"
	"database/sql"
	"time"

	"onrecord/chat"
)

// Feedback keeps the errors that people reported. It is a chat.FeedbackStore.
type Feedback struct{ db *DB }

var _ chat.FeedbackStore = (*Feedback)(nil)

// Feedback gives the feedback.
func (db *DB) Feedback() *Feedback { return &Feedback{db} }

// Add implements chat.FeedbackStore. Without a time it is of now.
func (b *Feedback) Add(ctx context.Context, f chat.Feedback) error {
	if f.At.IsZero() {
		f.At = time.Now()
	}
	_, err := b.db.exec(ctx, "keeping feedback", `
		INSERT INTO feedback (at, platform, workspace, channel, member, article, item, reason, words, engine)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
		stamp(f.At), f.Platform, f.Workspace, f.Channel, f.User, f.Article, f.Item, f.Reason, f.Words, f.Engine)
	return err
}

// List gives up to n since a time, newest first.
func (b *Feedback) List(ctx context.Context, since time.Time, n int) ([]chat.Feedback, error) {
	rows, err := b.db.read.QueryContext(ctx, `
		SELECT at, platform, workspace, channel, member, article, item, reason, words, engine FROM feedback
		WHERE at >= ? ORDER BY at DESC, id DESC LIMIT ?`, stamp(since), max(n, 0))
	all, err := gather(rows, err, func(r *sql.Rows) (f chat.Feedback, err error) {
		var at int64
		err = r.Scan(&at, &f.Platform, &f.Workspace, &f.Channel, &f.User, &f.Article, &f.Item, &f.Reason, &f.Words, &f.Engine)
		f.At = moment(at)
		return f, err
	})
	return all, b.db.fail("listing feedback", err)
}
