package store

import (
	"context"
	"database/sql"
	"errors"
	"time"
)

// Feedback is an error that somebody reported.
type Feedback struct {
	At                                 time.Time
	Platform, Workspace, Channel, User string
	Article                            string // its address or name; empty for private material
	Item                               string // "q3", "c1"
	Words                              string // what the item said
	Kind                               string // what is wrong with it
}

// FeedbackBox keeps feedback.
type FeedbackBox struct{ db *DB }

// Feedback gives the feedback.
func (db *DB) Feedback() *FeedbackBox { return &FeedbackBox{db} }

// Add keeps one. Without a time it is of now.
func (b *FeedbackBox) Add(ctx context.Context, f Feedback) error {
	if f.At.IsZero() {
		f.At = time.Now()
	}
	_, err := b.db.exec(ctx, "keeping feedback", `
		INSERT INTO feedback (at, platform, workspace, channel, member, article, item, kind, words)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
		stamp(f.At), f.Platform, f.Workspace, f.Channel, f.User, f.Article, f.Item, f.Kind, f.Words)
	return err
}

// List gives up to n since a time, newest first.
func (b *FeedbackBox) List(ctx context.Context, since time.Time, n int) ([]Feedback, error) {
	rows, err := b.db.read.QueryContext(ctx, `
		SELECT at, platform, workspace, channel, member, article, item, kind, words FROM feedback
		WHERE at >= ? ORDER BY at DESC, id DESC LIMIT ?`, stamp(since), max(n, 0))
	all, err := gather(rows, err, func(r *sql.Rows) (f Feedback, err error) {
		var at int64
		err = r.Scan(&at, &f.Platform, &f.Workspace, &f.Channel, &f.User, &f.Article, &f.Item, &f.Kind, &f.Words)
		f.At = moment(at)
		return f, err
	})
	return all, b.db.fail("listing feedback", err)
}

// Post is something that a person shared through the bot.
type Post struct {
	Platform, Workspace, Channel string
	Message                      string // the platform's name for the bot's message
	User                         string // who shared it
	Handle                       string // of the article
	At                           time.Time
}

// Shared knows who shared what, so that they can take it away again.
type Shared struct{ db *DB }

// Shared gives the shared posts.
func (db *DB) Shared() *Shared { return &Shared{db} }

// Add keeps one. Without a time it is of now.
func (s *Shared) Add(ctx context.Context, p Post) error {
	if p.At.IsZero() {
		p.At = time.Now()
	}
	_, err := s.db.exec(ctx, "noting who shared a post", `
		INSERT INTO shared (platform, workspace, channel, message, member, handle, at) VALUES (?, ?, ?, ?, ?, ?, ?)
		ON CONFLICT (platform, workspace, channel, message)
		DO UPDATE SET member = excluded.member, handle = excluded.handle, at = excluded.at`,
		p.Platform, p.Workspace, p.Channel, p.Message, p.User, p.Handle, stamp(p.At))
	return err
}

// Find gives a post, if it is known.
func (s *Shared) Find(ctx context.Context, platform, workspace, channel, message string) (Post, bool, error) {
	p := Post{Platform: platform, Workspace: workspace, Channel: channel, Message: message}
	var at int64
	err := s.db.read.QueryRowContext(ctx, `
		SELECT member, handle, at FROM shared WHERE platform = ? AND workspace = ? AND channel = ? AND message = ?`,
		platform, workspace, channel, message).Scan(&p.User, &p.Handle, &at)
	if errors.Is(err, sql.ErrNoRows) {
		return Post{}, false, nil
	}
	if err != nil {
		return Post{}, false, s.db.fail("looking who shared a post", err)
	}
	p.At = moment(at)
	return p, true, nil
}

// Drop forgets a post.
func (s *Shared) Drop(ctx context.Context, platform, workspace, channel, message string) error {
	_, err := s.db.exec(ctx, "forgetting a post", `
		DELETE FROM shared WHERE platform = ? AND workspace = ? AND channel = ? AND message = ?`,
		platform, workspace, channel, message)
	return err
}
