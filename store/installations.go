package store

import (
	"context"
	"database/sql"
	"errors"
	"strings"

	"onrecord/install"
)

// Installations keeps where the bot is installed. It is an install.Store.
type Installations struct{ db *DB }

var _ install.Store = (*Installations)(nil)

// Installations gives the installations.
func (db *DB) Installations() *Installations { return &Installations{db} }

const installationColumns = "platform, workspace, enterprise, name, bot, scopes, installer, at, expires, problem, sealed"

// Put implements install.Store.
func (s *Installations) Put(ctx context.Context, r install.Record) error {
	if r.Sealed == nil {
		r.Sealed = []byte{}
	}
	_, err := s.db.exec(ctx, "keeping an installation", `
		INSERT INTO installations (`+installationColumns+`) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
		ON CONFLICT (platform, workspace) DO UPDATE SET
			enterprise = excluded.enterprise, name = excluded.name, bot = excluded.bot, scopes = excluded.scopes, installer = excluded.installer,
			at = excluded.at, expires = excluded.expires, problem = excluded.problem, sealed = excluded.sealed`,
		r.Platform, r.Workspace, r.Enterprise, r.Name, r.Bot, strings.Join(r.Scopes, ","), r.Installer, stamp(r.At), stamp(r.Expires), r.Problem, r.Sealed)
	return err
}

// Get implements install.Store.
func (s *Installations) Get(ctx context.Context, platform, workspace string) (install.Record, bool, error) {
	r, err := scanInstallation(s.db.read.QueryRowContext(ctx, `
		SELECT `+installationColumns+` FROM installations WHERE platform = ? AND workspace = ?`, platform, workspace))
	if errors.Is(err, sql.ErrNoRows) {
		return install.Record{}, false, nil
	}
	return r, err == nil, s.db.fail("reading an installation", err)
}

// List implements install.Store.
func (s *Installations) List(ctx context.Context, platform string) ([]install.Record, error) {
	rows, err := s.db.read.QueryContext(ctx, `
		SELECT `+installationColumns+` FROM installations WHERE platform = ? ORDER BY workspace`, platform)
	all, err := gather(rows, err, func(r *sql.Rows) (install.Record, error) { return scanInstallation(r) })
	return all, s.db.fail("listing installations", err)
}

func scanInstallation(row interface{ Scan(...any) error }) (r install.Record, err error) {
	var scopes string
	var at, expires int64
	err = row.Scan(&r.Platform, &r.Workspace, &r.Enterprise, &r.Name, &r.Bot, &scopes, &r.Installer, &at, &expires, &r.Problem, &r.Sealed)
	r.At, r.Expires = moment(at), moment(expires)
	if scopes != "" {
		r.Scopes = strings.Split(scopes, ",")
	}
	return r, err
}

// Reseal implements install.Store.
func (s *Installations) Reseal(ctx context.Context, r install.Record, sealed []byte) error {
	_, err := s.db.exec(ctx, "sealing a token anew", `
		UPDATE installations SET sealed = ? WHERE platform = ? AND workspace = ? AND sealed = ?`, sealed, r.Platform, r.Workspace, r.Sealed)
	return err
}

// Note implements install.Store.
func (s *Installations) Note(ctx context.Context, platform, workspace, problem string) error {
	_, err := s.db.exec(ctx, "noting a refused token", `
		UPDATE installations SET problem = ? WHERE platform = ? AND workspace = ?`, problem, platform, workspace)
	return err
}

// Delete implements install.Store.
func (s *Installations) Delete(ctx context.Context, platform, workspace string) error {
	_, err := s.db.exec(ctx, "dropping an installation", "DELETE FROM installations WHERE platform = ? AND workspace = ?", platform, workspace)
	return err
}
