package cache_test

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"net"
	"os/exec"
	"strconv"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/alicebob/miniredis/v2"
	"github.com/redis/go-redis/v9"
	"go.uber.org/goleak"

	"onrecord/cache"
	"onrecord/cache/cachetest"
)

func TestMain(m *testing.M) {
	goleak.VerifyTestMain(m)
}

func newMemory(t *testing.T, bytes int64) *cache.Memory {
	m := cache.NewMemory(bytes)
	t.Cleanup(func() { m.Close() })
	return m
}

func newRedis(t *testing.T, address string, o cache.RedisOptions) *cache.Redis {
	t.Helper()
	r, err := cache.NewRedis(address, o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { r.Close() })
	return r
}

// generous options are for tests on a busy machine.
var generous = cache.RedisOptions{Timeout: 5 * time.Second}

// server is a real Redis server on a port of its own.
func server(t *testing.T) string {
	t.Helper()
	bin, err := exec.LookPath("redis-server")
	if err != nil {
		t.Skip("needs redis-server on the PATH")
	}
	address := freeAddress(t)
	start(t, bin, address)
	return "redis://" + address
}

func freeAddress(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return l.Addr().String()
}

// start runs a server until the test ends or the function that it returns is
// called.
func start(t *testing.T, bin, address string, also ...string) (stop func()) {
	t.Helper()
	host, port, _ := net.SplitHostPort(address)
	cmd := exec.Command(bin, append([]string{"--bind", host, "--port", port, "--save", "", "--appendonly", "no", "--dir", t.TempDir()}, also...)...)
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	stop = sync.OnceFunc(func() {
		_ = cmd.Process.Kill()
		_ = cmd.Wait()
	})
	t.Cleanup(stop)
	deadline := time.Now().Add(10 * time.Second)
	for {
		conn, err := net.Dial("tcp", address)
		if err == nil {
			conn.Close()
			return stop
		}
		if time.Now().After(deadline) {
			t.Fatalf("redis-server does not answer: %v", err)
		}
		time.Sleep(20 * time.Millisecond)
	}
}

func TestMemory(t *testing.T) {
	cachetest.Test(t, cachetest.Suite{
		Open:   func(t *testing.T) cache.Cache { return newMemory(t, 10<<20) },
		Within: func(t *testing.T, part func(*testing.T)) { synctest.Test(t, part) },
	})
}

func TestMiniredis(t *testing.T) {
	var fake *miniredis.Miniredis
	cachetest.Test(t, cachetest.Suite{
		Open: func(t *testing.T) cache.Cache {
			fake = miniredis.RunT(t)
			return newRedis(t, "redis://"+fake.Addr(), generous)
		},
		Wait: func(d time.Duration) { fake.FastForward(d) },
	})
}

func TestRedisServer(t *testing.T) {
	address := server(t)
	n := 0
	cachetest.Test(t, cachetest.Suite{Open: func(t *testing.T) cache.Cache {
		n++
		o := generous
		o.Prefix = "part" + strconv.Itoa(n) + ":"
		return newRedis(t, address, o)
	}})
}

// cluster is a Redis Cluster of three nodes with a third of the slots each.
func cluster(t *testing.T) (addresses []string, stop []func()) {
	t.Helper()
	bin, err := exec.LookPath("redis-server")
	if err != nil {
		t.Skip("needs redis-server on the PATH")
	}
	var clients []*redis.Client
	for range 3 {
		address := freeAddress(t)
		_, port, _ := net.SplitHostPort(address)
		// The bus of the cluster is usually 10,000 above, where there may be no port.
		_, bus, _ := net.SplitHostPort(freeAddress(t))
		stop = append(stop, start(t, bin, address, "--cluster-enabled", "yes", "--cluster-port", bus, "--cluster-config-file", "nodes-"+port+".conf"))
		c := redis.NewClient(&redis.Options{Addr: address})
		t.Cleanup(func() { c.Close() })
		addresses, clients = append(addresses, address), append(clients, c)
		if len(clients) > 1 {
			if err := clients[0].Do(t.Context(), "CLUSTER", "MEET", "127.0.0.1", port, bus).Err(); err != nil {
				t.Fatal(err)
			}
		}
	}
	const slots = 16384
	for i, c := range clients {
		if err := c.ClusterAddSlotsRange(t.Context(), i*slots/3, (i+1)*slots/3-1).Err(); err != nil {
			t.Fatal(err)
		}
	}
	for deadline := time.Now().Add(30 * time.Second); ; time.Sleep(50 * time.Millisecond) {
		ready := 0
		for _, c := range clients {
			if info, err := c.ClusterInfo(t.Context()).Result(); err == nil && strings.Contains(info, "cluster_state:ok") && strings.Contains(info, "cluster_known_nodes:3") {
				ready++
			}
		}
		if ready == len(clients) {
			return addresses, stop
		}
		if time.Now().After(deadline) {
			t.Fatal("the cluster does not come together")
		}
	}
}

// On a cluster everything works as on one server, whichever node is named; and
// when that one dies, by another.
func TestRedisCluster(t *testing.T) {
	addresses, stop := cluster(t)
	n := 0
	cachetest.Test(t, cachetest.Suite{Open: func(t *testing.T) cache.Cache {
		n++
		o := generous
		o.Prefix = "part" + strconv.Itoa(n) + ":"
		return newRedis(t, "redis://"+addresses[n%3], o)
	}})
	ctx := t.Context()
	o := generous
	o.Retry = time.Millisecond
	r := newRedis(t, "redis://"+addresses[0]+"?addr="+addresses[1]+"&addr="+addresses[2], o)
	for i := range 60 {
		if err := r.Set(ctx, strconv.Itoa(i), []byte("v"), time.Hour); err != nil {
			t.Fatal(err)
		}
	}
	for _, a := range addresses {
		c := redis.NewClient(&redis.Options{Addr: a})
		if n, err := c.DBSize(ctx).Result(); n < 5 || err != nil {
			t.Errorf("%s has %d keys, %v: they are not spread", a, n, err)
		}
		c.Close()
	}
	stop[0]()
	// A key of the dead node makes the cache wait a moment before it asks again.
	found := map[int]bool{}
	for deadline := time.Now().Add(10 * time.Second); len(found) < 30 && time.Now().Before(deadline); {
		for i := range 60 {
			if _, ok, err := r.Get(ctx, strconv.Itoa(i)); ok && err == nil {
				found[i] = true
			}
		}
	}
	if len(found) < 30 {
		t.Errorf("%d of 60 keys are found without the first node", len(found))
	}
}

// The fallback of a Redis that cannot be reached is a whole cache too.
func TestFallback(t *testing.T) {
	cachetest.Test(t, cachetest.Suite{Open: func(t *testing.T) cache.Cache {
		return newRedis(t, "redis://"+freeAddress(t), cache.RedisOptions{Fallback: newMemory(t, 10<<20)})
	}})
}

func TestMemoryIsBounded(t *testing.T) {
	const limit = 1 << 20
	m := newMemory(t, limit)
	ctx := t.Context()
	for i := range 1000 {
		if err := m.Set(ctx, strconv.Itoa(i), make([]byte, 10_000), time.Hour); err != nil {
			t.Fatal(err)
		}
	}
	if got := m.Bytes(); got > limit*11/10 {
		t.Errorf("cache of %d bytes holds %d", limit, got)
	}

	if err := m.Set(ctx, "big", make([]byte, limit), time.Hour); !errors.Is(err, cache.ErrTooLarge) {
		t.Errorf("Set of too large a value = %v, want ErrTooLarge", err)
	}
	if err := m.Set(ctx, "k", []byte("old"), time.Hour); err != nil {
		t.Fatal(err)
	}
	_ = m.Set(ctx, "k", make([]byte, limit), time.Hour)
	if got, ok, _ := m.Get(ctx, "k"); ok {
		t.Errorf("Get after a refused Set = %.10q, want a miss: the old value is stale", got)
	}
}

func TestRedisKeysAreHashed(t *testing.T) {
	fake := miniredis.RunT(t)
	r := newRedis(t, "redis://"+fake.Addr(), generous)
	ctx := t.Context()
	const secret = "https://example.com/story?token=secret"
	if err := r.Set(ctx, secret, []byte("v"), time.Hour); err != nil {
		t.Fatal(err)
	}
	if _, _, err := r.Count(ctx, secret, time.Hour); err != nil {
		t.Fatal(err)
	}
	if _, err := r.TryLock(ctx, secret, time.Hour); err != nil {
		t.Fatal(err)
	}
	keys := fake.Keys()
	if len(keys) != 3 {
		t.Fatalf("keys: %q", keys)
	}
	for _, k := range keys {
		if strings.Contains(k, "example") || strings.Contains(k, "secret") {
			t.Errorf("key shows what it is about: %q", k)
		}
		if tag, _, _ := strings.Cut(k, "}"); !strings.HasPrefix(tag, "onrecord:{") || tag != strings.Split(keys[0], "}")[0] {
			t.Errorf("keys of one thing are not tagged alike: %q", keys)
		}
	}
}

func TestRedisAddress(t *testing.T) {
	for _, bad := range []string{"", "localhost:6379", "http://localhost", "redis://u:geheim#x@h:1", "redis://:geheim@h:port/0"} {
		_, err := cache.NewRedis(bad, cache.RedisOptions{})
		if err == nil || strings.Contains(err.Error(), "geheim") {
			t.Errorf("NewRedis(%q): %v, want an error without the password", bad, err)
		}
	}
}

// lines counts the log lines with a text.
type lines struct {
	mu  sync.Mutex
	buf bytes.Buffer
}

func (l *lines) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.buf.Write(p)
}

func (l *lines) count(text string) int {
	l.mu.Lock()
	defer l.mu.Unlock()
	return strings.Count(l.buf.String(), text)
}

func (l *lines) logger() *slog.Logger { return slog.New(slog.NewTextHandler(l, nil)) }

// A server that accepts and never answers must not cost every request a
// timeout, and is complained about once.
func TestRedisHangs(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	log := &lines{}
	r := newRedis(t, "redis://"+l.Addr().String(), cache.RedisOptions{Timeout: 50 * time.Millisecond, Retry: time.Hour, Logger: log.logger()})
	start := time.Now()
	for range 50 {
		v, err := cache.Do(t.Context(), r, "k", text("computed"))
		if v != "computed" || err != nil {
			t.Fatalf("Do = %q, %v", v, err)
		}
	}
	// Two timeouts open the circuit; without it there would be two hundred.
	if took := time.Since(start); took > 3*time.Second {
		t.Errorf("50 requests on a dead server took %v", took)
	}
	if n := log.count("going on without it"); n != 1 {
		t.Errorf("complained %d times, want once", n)
	}
	if up, _ := r.Up(); up {
		t.Error("Up says that a dead server is up")
	}
	if _, err := r.Health(t.Context()); err == nil {
		t.Error("Health finds nothing wrong with a dead server")
	}
}

func TestRedisComesBack(t *testing.T) {
	bin, err := exec.LookPath("redis-server")
	if err != nil {
		t.Skip("needs redis-server on the PATH")
	}
	address := freeAddress(t)
	log := &lines{}
	r := newRedis(t, "redis://"+address, cache.RedisOptions{Timeout: 500 * time.Millisecond, Retry: 20 * time.Millisecond, Logger: log.logger()})
	ctx := t.Context()
	set := func() error { return r.Set(ctx, "k", []byte("v"), time.Hour) }
	until := func(what string, ok func() bool) {
		t.Helper()
		for deadline := time.Now().Add(20 * time.Second); !ok(); time.Sleep(10 * time.Millisecond) {
			if time.Now().After(deadline) {
				t.Fatal("never happened: " + what)
			}
		}
	}
	for range 5 {
		if err := set(); !errors.Is(err, cache.ErrUnavailable) {
			t.Fatalf("Set on no server = %v, want ErrUnavailable", err)
		}
	}
	stop := start(t, bin, address)
	until("a set on a server that is back", func() bool { return set() == nil })
	if got, ok, err := r.Get(ctx, "k"); string(got) != "v" || !ok || err != nil {
		t.Errorf("Get = %q, %v, %v", got, ok, err)
	}
	health, err := r.Health(ctx)
	if err != nil || health.Version == "" || health.Latency <= 0 {
		t.Errorf("Health = %+v, %v", health, err)
	}
	stop()
	until("the circuit is open after the stop", func() bool { _ = set(); up, _ := r.Up(); return !up })
	start(t, bin, address)
	until("a set after the restart", func() bool { return set() == nil })
	if down, back := log.count("down or slow"), log.count("redis is back"); down != 2 || back != 2 {
		t.Errorf("log says down %d times and back %d times, want 2 and 2", down, back)
	}
}

// A server that is full refuses what is written; reading goes on, and the
// log says it once.
func TestRedisRefuses(t *testing.T) {
	fake := miniredis.RunT(t)
	log := &lines{}
	o := generous
	o.Logger = log.logger()
	r := newRedis(t, "redis://"+fake.Addr(), o)
	ctx := t.Context()
	fake.SetError("OOM command not allowed when used memory > 'maxmemory'.")
	for range 5 {
		if err := r.Set(ctx, "k", []byte("v"), time.Hour); err == nil || errors.Is(err, cache.ErrUnavailable) {
			t.Fatalf("Set on a full server = %v", err)
		}
	}
	fake.SetError("")
	if err := r.Set(ctx, "k", []byte("v"), time.Hour); err != nil {
		t.Fatal(err)
	}
	if refuses, takes := log.count("refuses"), log.count("takes the operation again"); refuses != 1 || takes != 1 {
		t.Errorf("log complains %d times and is content %d times, want once each", refuses, takes)
	}
	if up, _ := r.Up(); !up {
		t.Error("a server that answers counts as down")
	}
}

// text is work that makes a string.
func text(value string) cache.Work[string] {
	return cache.Work[string]{
		TTL:     time.Hour,
		Encode:  func(s string) ([]byte, error) { return []byte(s), nil },
		Decode:  func(b []byte) (string, error) { return string(b), nil },
		Compute: func(context.Context) (string, error) { return value, nil },
	}
}
