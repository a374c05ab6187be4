package store

import (
	"context"
	"database/sql"
	"errors"
)

// Settings are what workspaces have set, in the form of whoever reads them.
type Settings struct{ db *DB }

// Settings gives the settings of workspaces.
func (db *DB) Settings() *Settings { return &Settings{db} }

// Load gives the settings of a workspace, nil if nothing was set.
func (s *Settings) Load(ctx context.Context, platform, workspace string) ([]byte, error) {
	var data []byte
	err := s.db.read.QueryRowContext(ctx, "SELECT data FROM settings WHERE platform = ? AND workspace = ?", platform, workspace).Scan(&data)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, nil
	}
	return data, s.db.fail("reading settings", err)
}

// Save keeps the settings of a workspace.
func (s *Settings) Save(ctx context.Context, platform, workspace string, data []byte) error {
	if data == nil {
		data = []byte{}
	}
	_, err := s.db.exec(ctx, "saving settings", `
		INSERT INTO settings (platform, workspace, data) VALUES (?, ?, ?)
		ON CONFLICT (platform, workspace) DO UPDATE SET data = excluded.data`, platform, workspace, data)
	return err
}

// Notes are what the bot notes for itself: the hash of what it registered with
// a platform, how far it read. They belong to no workspace.
type Notes struct{ db *DB }

// Notes gives the bot's notes.
func (db *DB) Notes() *Notes { return &Notes{db} }

// Get gives a note, and whether there is one.
func (n *Notes) Get(ctx context.Context, key string) (value string, ok bool, err error) {
	err = n.db.read.QueryRowContext(ctx, "SELECT value FROM notes WHERE key = ?", key).Scan(&value)
	if errors.Is(err, sql.ErrNoRows) {
		return "", false, nil
	}
	return value, err == nil, n.db.fail("reading a note", err)
}

// Set keeps a note. An empty one is dropped.
func (n *Notes) Set(ctx context.Context, key, value string) error {
	const what = "keeping a note"
	if value == "" {
		_, err := n.db.exec(ctx, what, "DELETE FROM notes WHERE key = ?", key)
		return err
	}
	_, err := n.db.exec(ctx, what, `
		INSERT INTO notes (key, value) VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value`, key, value)
	return err
}
