package store_test

import (
	"bytes"
	"encoding/base64"
	"errors"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"onrecord/install"
	"onrecord/install/installtest"
	"onrecord/store"
	"onrecord/work"
	"onrecord/work/worktest"
)

func TestInstallations(t *testing.T) {
	each(t, func(t *testing.T, where func(testing.TB) string) {
		installtest.Store(t, func(t *testing.T) install.Store { return opened(t, where(t), store.Options{}).Installations() })
	})
}

func TestLeases(t *testing.T) {
	each(t, func(t *testing.T, where func(testing.TB) string) {
		worktest.Leases(t, func(t *testing.T) (a, b work.Leases) {
			place := where(t)
			return opened(t, place, store.Options{}).Leases(), opened(t, place, store.Options{}).Leases()
		})
	})
}

func register(t *testing.T, db *store.DB, letter string) *install.Register {
	t.Helper()
	keys, err := install.ParseKeys(base64.StdEncoding.EncodeToString(bytes.Repeat([]byte(letter), 32)))
	if err != nil {
		t.Fatal(err)
	}
	return &install.Register{Store: db.Installations(), Keys: keys}
}

// An installation outlives the process, goes with its workspace, and whoever
// installed it can be forgotten.
func TestInstallationIsKeptAndForgotten(t *testing.T) {
	each(t, func(t *testing.T, where func(testing.TB) string) {
		place := where(t)
		db, err := store.Open(t.Context(), place, store.Options{})
		if err != nil {
			t.Fatal(err)
		}
		for _, team := range []string{"T1", "T2"} {
			err := register(t, db, "k").Put(t.Context(), install.Installation{Platform: "slack", Workspace: team, Installer: "U1", At: time.Now(), Secret: install.Secret{Token: "xoxb-" + team}})
			ok(t, err)
		}
		ok(t, db.Close())
		db = opened(t, place, store.Options{})
		in, err := register(t, db, "k").Get(t.Context(), "slack", "T1")
		if err != nil || in.Secret.Token != "xoxb-T1" {
			t.Errorf("after a restart: %+v, %v", in, err)
		}
		ok(t, db.ForgetUser(t.Context(), "slack", "T1", "U1"))
		if in, err := register(t, db, "k").Get(t.Context(), "slack", "T1"); err != nil || in.Installer != "" || in.Secret.Token != "xoxb-T1" {
			t.Errorf("the installer is not forgotten: %+v, %v", in, err)
		}
		ok(t, db.Forget(t.Context(), "slack", "T1"))
		if _, err := register(t, db, "k").Get(t.Context(), "slack", "T1"); !errors.Is(err, install.ErrNone) {
			t.Errorf("the workspace is not forgotten: %v", err)
		}
		if in, err := register(t, db, "k").Get(t.Context(), "slack", "T2"); err != nil || in.Installer != "U1" {
			t.Errorf("the other workspace: %+v, %v", in, err)
		}
	})
}

// Neither the file nor a backup of it has the token in the clear; a backup that
// is restored opens with the key.
func TestInstallationInBackup(t *testing.T) {
	if testing.Short() {
		t.Skip("one call after the other: nothing for the race detector")
	}
	each(t, func(t *testing.T, where func(testing.TB) string) {
		db := opened(t, where(t), store.Options{})
		const token = "xoxb-not-to-be-seen-anywhere"
		ok(t, register(t, db, "k").Put(t.Context(), install.Installation{Platform: "slack", Workspace: "T1", Secret: install.Secret{Token: token}}))
		if _, err := db.Leases().Hold(t.Context(), "x", "ann", time.Now(), time.Now().Add(time.Hour)); err != nil {
			t.Fatal(err)
		}
		path := filepath.Join(t.TempDir(), "backup.db")
		ok(t, db.Backup(t.Context(), path))
		for _, name := range []string{path, db.Place()} {
			if strings.Contains(name, "://") {
				continue
			}
			for _, form := range []string{token, base64.StdEncoding.EncodeToString([]byte(token))[:20]} {
				if strings.Contains(bytesOf(t, name), form) {
					t.Errorf("%s holds the token", name)
				}
			}
		}
		again := filepath.Join(t.TempDir(), "onrecord.db")
		if _, err := store.Restore(t.Context(), path, again); err != nil {
			t.Fatal(err)
		}
		restored := opened(t, again, store.Options{})
		if in, err := register(t, restored, "k").Get(t.Context(), "slack", "T1"); err != nil || in.Secret.Token != token {
			t.Errorf("restored: %v", err)
		}
		if _, err := register(t, restored, "x").Get(t.Context(), "slack", "T1"); !errors.Is(err, install.ErrKey) {
			t.Errorf("restored, with another key: %v", err)
		}
		if all, err := restored.Leases().Held(t.Context(), "", time.Now()); len(all) > 0 || err != nil {
			t.Errorf("leases in a backup: %v, %v", all, err)
		}
	})
}
