// Package install keeps where the bot is installed: the workspaces of Slack with
// the token that each gave, and the servers of Discord, which give none.
//
//	keys, err := install.ParseKeys(os.Getenv("ONRECORD_SECRET_KEY"))
//	r := &install.Register{Store: db.Installations(), Keys: keys}
//	err = r.Put(ctx, install.Installation{Platform: "slack", Workspace: "T0NEWS", Secret: install.Secret{Token: "xoxb-…"}})
//	…
//	in, err := r.Get(ctx, "slack", "T0NEWS")
//
// A token is sealed before it reaches the [Store] and opened when it is asked
// for (keys.go), so that neither the database nor a backup of it lets anybody
// speak for the bot. What else is known of an installation is no secret.
package install

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"time"
)

// Installation is the bot in one workspace.
type Installation struct {
	Platform, Workspace string

	Enterprise string // that the workspace belongs to, if any
	Name       string // of the workspace; a stranger's words
	Bot        string // the bot's user there
	Scopes     []string
	Installer  string    // who installed it
	At         time.Time // when
	Expires    time.Time // of the token; zero for never
	Problem    string    // why the token was refused, when it was; empty if it works

	Secret Secret
}

// Secret is what must not be seen. It shows itself nowhere: not in logs, not in
// errors, not in JSON.
type Secret struct {
	Token   string
	Refresh string // asks for the next token, of those that expire
}

const hidden = "(secret)"

// String hides the secret.
func (Secret) String() string { return hidden }

// GoString hides the secret.
func (Secret) GoString() string { return hidden }

// LogValue hides the secret.
func (Secret) LogValue() slog.Value { return slog.StringValue(hidden) }

// MarshalJSON hides the secret.
func (Secret) MarshalJSON() ([]byte, error) { return json.Marshal(hidden) }

// sealed is the secret as it is before sealing.
type sealed struct {
	Token   string `json:"t"`
	Refresh string `json:"r,omitempty"`
}

// Record is an installation as it is stored.
type Record struct {
	Installation        // without its secret
	Sealed       []byte // the secret; empty if there is none
}

// Store keeps records. Its methods are safe for use by many processes at once.
type Store interface {
	// Put keeps a record in the place of an earlier one of the workspace.
	Put(ctx context.Context, r Record) error
	// Get gives the record of a workspace, and whether there is one.
	Get(ctx context.Context, platform, workspace string) (Record, bool, error)
	// List gives all of a platform, by their workspaces.
	List(ctx context.Context, platform string) ([]Record, error)
	// Reseal puts another secret in the place of one, if it is still that one.
	Reseal(ctx context.Context, r Record, sealed []byte) error
	// Note keeps why a token was refused.
	Note(ctx context.Context, platform, workspace, problem string) error
	// Delete drops a record.
	Delete(ctx context.Context, platform, workspace string) error
}

var (
	// ErrNone says that the bot is not installed in a workspace.
	ErrNone = errors.New("not installed there")
	// ErrKey says that a secret was sealed with a key that is not at hand.
	ErrKey = errors.New("sealed with another key: add that key behind a comma in ONRECORD_SECRET_KEY, or have the app installed there again")
	// ErrNoKey says that there is no key at all.
	ErrNoKey = errors.New("there is no key to seal it with: set ONRECORD_SECRET_KEY to 32 random bytes in base64, as 'openssl rand -base64 32' makes them")
)

// Register keeps installations in a store. Without keys it takes those that have
// no secret.
type Register struct {
	Store Store
	Keys  *Keys
}

// Put keeps an installation in the place of an earlier one.
func (r *Register) Put(ctx context.Context, in Installation) error {
	record := Record{Installation: in}
	if in.Secret != (Secret{}) {
		var err error
		if record.Sealed, err = r.seal(in); err != nil {
			return err
		}
	}
	record.Secret = Secret{}
	return r.Store.Put(ctx, record)
}

func (r *Register) seal(in Installation) ([]byte, error) {
	if r.Keys == nil {
		return nil, ErrNoKey
	}
	plain, err := json.Marshal(sealed(in.Secret))
	if err != nil {
		return nil, fmt.Errorf("sealing a token: %w", err)
	}
	return r.Keys.seal(plain, owner(in)), nil
}

// owner is what a sealed secret is bound to: moved to another workspace's row it
// cannot be opened.
func owner(in Installation) []byte { return []byte(in.Platform + "\x00" + in.Workspace) }

// Get gives the installation in a workspace. It fails with ErrNone, or ErrKey.
func (r *Register) Get(ctx context.Context, platform, workspace string) (Installation, error) {
	record, found, err := r.Store.Get(ctx, platform, workspace)
	if err != nil {
		return Installation{}, err
	}
	if !found {
		return Installation{}, ErrNone
	}
	in, _, err := r.open(record)
	return in, err
}

// open opens the secret of a record; current tells whether it is sealed with the
// first key.
func (r *Register) open(record Record) (in Installation, current bool, err error) {
	in = record.Installation
	if len(record.Sealed) == 0 {
		return in, true, nil
	}
	if r.Keys == nil {
		return in, false, ErrKey
	}
	plain, current, err := r.Keys.open(record.Sealed, owner(in))
	if err != nil {
		return in, false, err
	}
	var s sealed
	if err := json.Unmarshal(plain, &s); err != nil {
		return in, false, ErrKey
	}
	in.Secret = Secret(s)
	return in, current, nil
}

// List gives all installations of a platform. One whose secret cannot be opened
// has none, and says so as its problem.
func (r *Register) List(ctx context.Context, platform string) ([]Installation, error) {
	records, err := r.Store.List(ctx, platform)
	if err != nil {
		return nil, err
	}
	all := make([]Installation, len(records))
	for i, record := range records {
		if all[i], _, err = r.open(record); err != nil {
			all[i].Problem = "its token was " + err.Error()
		}
	}
	return all, nil
}

// Reseal seals with the first key what was sealed with an earlier one, so that
// that one can be thrown away. It tells how many were.
func (r *Register) Reseal(ctx context.Context, platform string) (n int, err error) {
	records, err := r.Store.List(ctx, platform)
	if err != nil {
		return 0, err
	}
	for _, record := range records {
		in, current, err := r.open(record)
		if err != nil || current {
			continue
		}
		fresh, err := r.seal(in)
		if err == nil {
			err = r.Store.Reseal(ctx, record, fresh)
		}
		if err != nil {
			return n, err
		}
		n++
	}
	return n, nil
}

// Note keeps why a token was refused.
func (r *Register) Note(ctx context.Context, platform, workspace, problem string) error {
	return r.Store.Note(ctx, platform, workspace, problem)
}

// Delete drops the installation in a workspace.
func (r *Register) Delete(ctx context.Context, platform, workspace string) error {
	return r.Store.Delete(ctx, platform, workspace)
}
