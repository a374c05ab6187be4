package store_test

import (
	"bytes"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"

	"onrecord/article"
	"onrecord/chat"
	"onrecord/store"
	"onrecord/store/storetest"
	"onrecord/work"
)

// isKind looks whether an error is of a kind and tells an operator about it
// without naming files.
func isKind(t *testing.T, err error, want store.Kind) {
	t.Helper()
	var e *store.Error
	if !errors.Is(err, want) || !errors.As(err, &e) {
		t.Fatalf("%v, want %q", err, want)
	}
	s := e.Sentence()
	if e.Path != "" && strings.Contains(s, e.Path) || !strings.HasSuffix(s, ".") || strings.Count(s, ". ") > 0 || !strings.Contains(e.Error(), e.Path) {
		t.Errorf("sentence %q of %q", s, e.Error())
	}
}

func refused(t *testing.T, path string, want store.Kind) {
	t.Helper()
	before := goleak.IgnoreCurrent()
	db, err := store.Open(t.Context(), path, store.Options{Busy: 100 * time.Millisecond})
	if err == nil {
		_ = db.Close()
	}
	isKind(t, err, want)
	if err := goleak.Find(before); err != nil {
		t.Error(err)
	}
}

func TestOpenMakesAPrivateFile(t *testing.T) {
	for _, name := range []string{"onrecord.db", "we?ird #50%&=.db", "ünï\xff", "'; --"} {
		path := filepath.Join(t.TempDir(), "new", "folder", name)
		db := opened(t, path, store.Options{})
		ok(t, db.Health(t.Context()))
		for _, one := range []struct {
			path string
			mode os.FileMode
		}{{path, 0o600}, {path + "-wal", 0o600}, {path + ".lock", 0o600}, {filepath.Dir(path), 0o700}} {
			info, err := os.Stat(one.path)
			if err != nil || info.Mode().Perm() != one.mode {
				t.Errorf("%q: %v, %v", one.path, info, err)
			}
		}
	}
}

func TestOpenRefuses(t *testing.T) {
	dir := t.TempDir()
	write := func(name, content string) string {
		path := filepath.Join(dir, name)
		ok(t, os.WriteFile(path, []byte(content), 0o600))
		return path
	}
	plain := write("plain", "just text, and longer than the head of a database file, so that it is none for sure: "+strings.Repeat("x", 200))
	refused(t, plain, store.ErrForeign)
	refused(t, filepath.Join(plain, "onrecord.db"), store.ErrFolder) // a folder that cannot be made
	refused(t, dir, store.ErrFolder)                                 // a folder itself
	refused(t, "", store.ErrFolder)
	refused(t, "a\x00b", store.ErrFolder)
	refused(t, "/proc/onrecord.db", store.ErrFolder)

	other := filepath.Join(dir, "other.db")
	run(t, other, "CREATE TABLE theirs (x)")
	refused(t, other, store.ErrForeign)
}

// run changes a file behind the store's back.
func run(t *testing.T, path string, statements ...string) {
	t.Helper()
	db, err := sql.Open("sqlite", path)
	ok(t, err)
	defer db.Close()
	for _, s := range statements {
		_, err := db.ExecContext(t.Context(), s)
		ok(t, err)
	}
}

func TestNewerSchema(t *testing.T) {
	path := filepath.Join(t.TempDir(), "onrecord.db")
	ok(t, opened(t, path, store.Options{}).Close())
	run(t, path, "INSERT INTO goose_db_version (version_id, is_applied) VALUES (9000, 1)")
	refused(t, path, store.ErrNewer)
}

func TestLocked(t *testing.T) {
	path := filepath.Join(t.TempDir(), "onrecord.db")
	db := opened(t, path, store.Options{Busy: 50 * time.Millisecond})
	other, err := sql.Open("sqlite", path)
	ok(t, err)
	defer other.Close()
	conn, err := other.Conn(t.Context())
	ok(t, err)
	_, err = conn.ExecContext(t.Context(), "BEGIN EXCLUSIVE")
	ok(t, err)
	isKind(t, db.Health(t.Context()), store.ErrLocked)
	_, err = db.Work().Accept(t.Context(), work.Item{Key: "k", Lane: "l"})
	isKind(t, err, store.ErrLocked)
	// Reading goes on.
	_, err = db.Work().Counts(t.Context())
	ok(t, err)
	_, err = conn.ExecContext(t.Context(), "ROLLBACK")
	ok(t, err)
	ok(t, conn.Close())
	ok(t, db.Health(t.Context()))
}

func TestDiskFull(t *testing.T) {
	path := filepath.Join(t.TempDir(), "onrecord.db")
	db := opened(t, path, store.Options{MaxBytes: 400_000})
	ctx := t.Context()
	s := db.Work()
	var err error
	n := 0
	for ; err == nil && n < 1000; n++ {
		_, err = s.Accept(ctx, work.Item{Key: fmt.Sprint(n), Lane: "slack", Workspace: "T1", Payload: make([]byte, 10_000), Accepted: time.Now()})
	}
	isKind(t, err, store.ErrFull)
	err = db.Recent(store.RecentOptions{}).Remember(ctx, chat.Scope{}, chat.Seen{Source: article.FromText(strings.Repeat("x", 100_000))})
	isKind(t, err, store.ErrFull)

	// The queue goes on in memory; what waits in the store waits for room.
	q := work.New(work.Options{Store: s, Poll: 10 * time.Millisecond})
	fresh, err := q.Accept(ctx, work.Item{Key: "one more", Lane: "slack", Payload: make([]byte, 10_000)})
	if !fresh || err != nil || q.Well() {
		t.Errorf("Accept = %v, %v, well %v", fresh, err, q.Well())
	}
	seen := map[string]int{}
	worked(t, q, seen, 1)
	if seen["one more"] != 1 {
		t.Errorf("worked %v", seen)
	}
	ok(t, db.Close())
	db = opened(t, path, store.Options{})
	worked(t, work.New(work.Options{Store: db.Work()}), seen, n)
	for key, times := range seen {
		if times != 1 {
			t.Errorf("%s was worked %d times", key, times)
		}
	}
	ok(t, db.Health(ctx))
}

// worked works until so many items were seen.
func worked(t *testing.T, q *work.Queue, seen map[string]int, n int) {
	t.Helper()
	ctx, stop := context.WithTimeout(t.Context(), 20*time.Second)
	defer stop()
	var mu sync.Mutex
	ok(t, q.Work(ctx, "slack", func(_ context.Context, job *work.Job) error {
		mu.Lock()
		defer mu.Unlock()
		if seen[job.Key]++; len(seen) >= n {
			stop()
		}
		return nil
	}))
	if len(seen) < n {
		t.Errorf("%d items were worked, want %d", len(seen), n)
	}
}

func TestDamagedFile(t *testing.T) {
	path := filepath.Join(t.TempDir(), "onrecord.db")
	db, err := store.Open(t.Context(), path, store.Options{})
	ok(t, err)
	for i := range 200 {
		_, err := db.Work().Accept(t.Context(), work.Item{Key: fmt.Sprint(i), Lane: "slack", Payload: make([]byte, 3000)})
		ok(t, err)
	}
	ok(t, db.Close())
	whole, err := os.ReadFile(path)
	ok(t, err)
	// Every page but the first is overwritten, then the file cut off in the
	// middle of a page: whatever is called says so, and nothing panics.
	for name, damaged := range map[string][]byte{
		"overwritten": append(bytes.Clone(whole[:4096]), bytes.Repeat([]byte("damage!!"), (len(whole)-4096)/8)...),
		"cut off":     whole[:len(whole)/2+100],
		"only a head": whole[:100],
	} {
		t.Run(name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "onrecord.db")
			ok(t, os.WriteFile(path, damaged, 0o600))
			db, err := store.Open(t.Context(), path, store.Options{})
			if err != nil {
				var e *store.Error
				if !errors.As(err, &e) || e.Kind != store.ErrCorrupt && e.Kind != store.ErrForeign {
					t.Errorf("Open: %v", err)
				}
				return
			}
			defer db.Close()
			isKind(t, db.Check(t.Context()), store.ErrCorrupt)
			_, _ = db.Work().Lease(t.Context(), "slack", "x", 100, time.Now(), time.Now())
			_ = db.Expire(t.Context(), time.Now())
		})
	}
}

func TestClosedStore(t *testing.T) {
	db, err := store.Open(t.Context(), filepath.Join(t.TempDir(), "onrecord.db"), store.Options{})
	ok(t, err)
	ok(t, db.Close())
	if err := db.Health(t.Context()); err == nil {
		t.Error("a closed store is healthy")
	}
}

// A context that ends leaves the store usable.
func TestCanceled(t *testing.T) {
	db := fresh(t)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := db.Work().Accept(ctx, work.Item{Key: "k", Lane: "l"}); !errors.Is(err, context.Canceled) {
		t.Errorf("Accept = %v", err)
	}
	ok(t, db.Health(t.Context()))
}

// TestMain lets a test start this program again as another process.
func TestMain(m *testing.M) {
	if path := os.Getenv("STORE_TEST_VICTIM"); path != "" {
		victim(path)
	}
	code := m.Run()
	storetest.Stop()
	os.Exit(code)
}

// victim leases a job, says so, and waits to be killed.
func victim(path string) {
	ctx := context.Background()
	db, err := store.Open(ctx, path, store.Options{})
	if err != nil {
		panic(err)
	}
	q := work.New(work.Options{Store: db.Work(), Lease: 5 * time.Minute})
	_, _ = q.Accept(ctx, work.Item{Key: "k", Lane: "slack", Payload: []byte("payload")})
	_ = q.Work(ctx, "slack", func(ctx context.Context, job *work.Job) error {
		if err := job.Save(ctx, []byte("half")); err != nil {
			panic(err)
		}
		_, _ = os.Stdout.WriteString("working\n")
		select {}
	})
}

// What a killed process had in hand is taken up at once by the next one, not
// only when its leases run out; but not while that process lives.
func TestKilledProcess(t *testing.T) {
	path := filepath.Join(t.TempDir(), "onrecord.db")
	cmd := exec.CommandContext(t.Context(), os.Args[0])
	cmd.Env = append(os.Environ(), "STORE_TEST_VICTIM="+path)
	out, err := cmd.StdoutPipe()
	ok(t, err)
	ok(t, cmd.Start())
	line := make([]byte, 8)
	if _, err := out.Read(line); err != nil || string(line) != "working\n" {
		t.Fatalf("%q, %v", line, err)
	}
	now := time.Now()
	db := opened(t, path, store.Options{})
	if items, err := db.Work().Lease(t.Context(), "slack", "me", 1, now, now.Add(time.Minute)); len(items) != 0 || err != nil {
		t.Fatalf("taken from the living: %d, %v", len(items), err)
	}
	ok(t, db.Close())
	ok(t, cmd.Process.Kill())
	_ = cmd.Wait()

	began := time.Now()
	db = opened(t, path, store.Options{})
	q := work.New(work.Options{Store: db.Work()})
	ctx, cancel := context.WithCancel(t.Context())
	err = q.Work(ctx, "slack", func(_ context.Context, job *work.Job) error {
		t.Logf("taken up %v after the next process began", time.Since(began))
		if job.Key != "k" || job.Attempt != 2 || string(job.Progress) != "half" || string(job.Payload) != "payload" {
			t.Errorf("%+v", job.Item)
		}
		cancel()
		return nil
	})
	ok(t, err)
}
