package install_test

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"testing"

	"onrecord/install"
	"onrecord/install/installtest"
)

func TestMemory(t *testing.T) {
	installtest.Store(t, func(*testing.T) install.Store { return &install.Memory{} })
}

// aKey is a key as an operator writes it.
func aKey(letter string) string {
	return base64.StdEncoding.EncodeToString(bytes.Repeat([]byte(letter), 32))
}

func keys(t *testing.T, text string) *install.Keys {
	t.Helper()
	k, err := install.ParseKeys(text)
	if err != nil {
		t.Fatal(err)
	}
	return k
}

const token = "xoxb-very-secret"

func installation(team string) install.Installation {
	return install.Installation{Platform: "slack", Workspace: team, Name: "The News", Bot: "U1", Secret: install.Secret{Token: token, Refresh: "xoxe-also-secret"}}
}

// What is stored does not hold the token, and cannot be opened with another key,
// by another workspace, or after it was changed.
func TestSealed(t *testing.T) {
	ctx := t.Context()
	store := &install.Memory{}
	r := &install.Register{Store: store, Keys: keys(t, aKey("a"))}
	if err := r.Put(ctx, installation("T1")); err != nil {
		t.Fatal(err)
	}
	got, err := r.Get(ctx, "slack", "T1")
	if err != nil || got.Secret != installation("T1").Secret || got.Name != "The News" {
		t.Errorf("Get: %+v, %v", got, err)
	}
	record, _, _ := store.Get(ctx, "slack", "T1")
	if record.Secret != (install.Secret{}) || bytes.Contains(record.Sealed, []byte("secret")) || bytes.Contains(record.Sealed, []byte(base64.StdEncoding.EncodeToString([]byte(token)))) {
		t.Errorf("the store has %+v", record)
	}
	refused := func(what string, r *install.Register, record install.Record) {
		t.Helper()
		other := &install.Memory{}
		_ = other.Put(ctx, record)
		in, err := (&install.Register{Store: other, Keys: r.Keys}).Get(ctx, "slack", record.Workspace)
		if !errors.Is(err, install.ErrKey) || in.Secret != (install.Secret{}) {
			t.Errorf("%s: %+v, %v", what, in, err)
		}
	}
	refused("another key", &install.Register{Keys: keys(t, aKey("b"))}, record)
	refused("no key", &install.Register{}, record)
	moved := record
	moved.Workspace = "T2"
	refused("another workspace", r, moved)
	for i := range record.Sealed {
		bad := record
		bad.Sealed = bytes.Clone(record.Sealed)
		bad.Sealed[i] ^= 1
		refused(fmt.Sprintf("byte %d changed", i), r, bad)
	}
	cut := record
	cut.Sealed = record.Sealed[:7]
	refused("cut off", r, cut)
}

// A key is changed in three steps: both are given, everything is sealed anew,
// the old one is thrown away.
func TestKeyRotation(t *testing.T) {
	ctx := t.Context()
	store := &install.Memory{}
	old := &install.Register{Store: store, Keys: keys(t, aKey("a"))}
	for _, team := range []string{"T1", "T2"} {
		if err := old.Put(ctx, installation(team)); err != nil {
			t.Fatal(err)
		}
	}
	lost := &install.Register{Store: store, Keys: keys(t, aKey("b"))}
	all, err := lost.List(ctx, "slack")
	if err != nil || len(all) != 2 || !strings.Contains(all[0].Problem, "another key") || all[0].Secret != (install.Secret{}) {
		t.Errorf("with the wrong key: %+v, %v", all, err)
	}
	both := &install.Register{Store: store, Keys: keys(t, aKey("b")+", "+aKey("a"))}
	if got, err := both.Get(ctx, "slack", "T1"); err != nil || got.Secret.Token != token {
		t.Errorf("with both keys: %v", err)
	}
	if n, err := both.Reseal(ctx, "slack"); n != 2 || err != nil {
		t.Errorf("Reseal: %d, %v", n, err)
	}
	if n, err := both.Reseal(ctx, "slack"); n != 0 || err != nil {
		t.Errorf("Reseal again: %d, %v", n, err)
	}
	if got, err := lost.Get(ctx, "slack", "T2"); err != nil || got.Secret.Token != token {
		t.Errorf("with the new key: %v", err)
	}
	if _, err := old.Get(ctx, "slack", "T2"); !errors.Is(err, install.ErrKey) {
		t.Errorf("with the old key: %v", err)
	}
}

// Without a key nothing that has a secret is kept; a server of Discord has none.
func TestWithoutKey(t *testing.T) {
	r := &install.Register{Store: &install.Memory{}}
	if err := r.Put(t.Context(), installation("T1")); !errors.Is(err, install.ErrNoKey) {
		t.Errorf("Put: %v", err)
	}
	if err := r.Put(t.Context(), install.Installation{Platform: "discord", Workspace: "1"}); err != nil {
		t.Error(err)
	}
	if _, err := r.Get(t.Context(), "discord", "1"); err != nil {
		t.Error(err)
	}
	if _, err := r.Get(t.Context(), "discord", "2"); !errors.Is(err, install.ErrNone) {
		t.Errorf("Get of nothing: %v", err)
	}
}

func TestParseKeys(t *testing.T) {
	long := base64.StdEncoding.EncodeToString(make([]byte, 33))
	for text, good := range map[string]bool{
		aKey("a"):                                  true,
		" " + aKey("a") + " , " + aKey("b"):        true,
		strings.TrimRight(aKey("\xff"), "="):       true,
		strings.ReplaceAll(aKey("\xff"), "/", "_"): true,
		"":                         false,
		",":                        false,
		long:                       false,
		aKey("a")[:20]:             false,
		"not base64 at all, sorry": false,
		aKey("a") + "," + long:     false,
	} {
		_, err := install.ParseKeys(text)
		if (err == nil) != good {
			t.Errorf("%q: %v", text, err)
		}
		if err != nil && len(text) > 4 && strings.Contains(err.Error(), text) {
			t.Errorf("the error repeats the key: %v", err)
		}
	}
}

// However it is printed, the secret is not shown.
func TestSecretHides(t *testing.T) {
	in := installation("T1")
	var log bytes.Buffer
	slog.New(slog.NewTextHandler(&log, nil)).InfoContext(context.Background(), "x", "secret", in.Secret, "in", in)
	data, err := json.Marshal(in)
	if err != nil {
		t.Fatal(err)
	}
	k := keys(t, aKey("q"))
	for _, shown := range []string{log.String(), string(data), fmt.Sprint(in), fmt.Sprintf("%v %+v %#v %s", in, in, in, in.Secret), fmt.Sprintf("%v %#v", k, k)} {
		if strings.Contains(shown, "secret-") || strings.Contains(shown, token) || strings.Contains(shown, "also") || strings.Contains(shown, "qqqq") {
			t.Errorf("a secret is shown: %s", shown)
		}
	}
}

// Keys for other purposes differ by purpose and by key.
func TestDerive(t *testing.T) {
	a, b := keys(t, aKey("a")), keys(t, aKey("b"))
	seen := map[string]bool{}
	for _, d := range [][]byte{a.Derive("one"), a.Derive("two"), b.Derive("one"), bytes.Repeat([]byte("a"), 32)} {
		if len(d) != 32 || seen[string(d)] {
			t.Errorf("derived %x", d)
		}
		seen[string(d)] = true
	}
}
