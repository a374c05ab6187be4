package cache

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"sync"
	"time"

	"github.com/redis/go-redis/v9"
	"github.com/redis/go-redis/v9/maintnotifications"
)

// Redis is a cache that processes share. While the server is down or slow it
// asks it only now and then, uses its fallback instead, and says so once in the
// log.
//
// Keys are hashed, so no address or user name reaches the server, and every
// operation touches one key, so a Redis Cluster works too.
type Redis struct {
	Flights

	client   *redis.Client
	nodes    *nodes
	prefix   string
	max      int
	timeout  time.Duration
	fallback *Memory
	log      *slog.Logger
	circuit  circuit
	refusal  refusal
}

// RedisOptions are the settings of [NewRedis]. The zero value works.
type RedisOptions struct {
	Prefix   string        // of every key; "onrecord:" if empty
	MaxValue int           // bytes of the largest value taken; 16 MiB if 0
	Timeout  time.Duration // of one operation; 300 ms if 0
	Retry    time.Duration // how soon a server that failed is tried again, doubling up to 16 times that; 2 s if 0
	Fallback *Memory       // used while the server cannot be reached; nil keeps nothing then. Not closed by Close
	Logger   *slog.Logger  // nothing is logged if nil
}

// NewRedis makes a cache on the server that address names,
// "redis://[user:password@]host:port[/db]", or rediss:// for TLS, or unix://; or
// in the Redis Cluster that the server is a node of. Other nodes may be named
// for when this one is away: "redis://host:port?addr=host2:port2&addr=host3:port3".
// It does not connect: a server that is down is no reason not to start. Close
// it when done.
func NewRedis(address string, o RedisOptions) (*Redis, error) {
	first, others := apart(address)
	opt, err := redis.ParseURL(first)
	if err != nil {
		// The parser's own message may show a piece of the password.
		return nil, errors.New("not a Redis address: want redis://[user:password@]host:port[/db], special characters percent-encoded")
	}
	silence()
	timeout := orDefault(o.Timeout, 300*time.Millisecond)
	opt.MaintNotificationsConfig = &maintnotifications.Config{Mode: maintnotifications.ModeDisabled}
	opt.DisableIdentity = true
	opt.ContextTimeoutEnabled = true
	opt.MaxRetries = -1
	opt.DialerRetries = 1
	opt.DialTimeout = timeout
	opt.ReadTimeout = timeout
	opt.WriteTimeout = timeout
	opt.PoolTimeout = timeout
	if len(others) > 0 {
		opt.Dialer = anyOf(append([]string{opt.Addr}, others...), *opt)
	}
	log := o.Logger
	if log == nil {
		log = slog.New(slog.DiscardHandler)
	}
	nodes := &nodes{opt: *opt}
	r := &Redis{
		client:   redis.NewClient(opt),
		nodes:    nodes,
		prefix:   orDefault(o.Prefix, "onrecord:"),
		max:      orDefault(o.MaxValue, 16<<20),
		timeout:  timeout,
		fallback: o.Fallback,
		log:      log,
	}
	r.client.AddHook(nodes)
	r.circuit = circuit{log: log, retry: orDefault(o.Retry, 2*time.Second)}
	r.refusal = refusal{log: log}
	return r, nil
}

func orDefault[T comparable](v, def T) T {
	var zero T
	if v == zero {
		return def
	}
	return v
}

// silence stops the client library from writing to standard error: what has
// to be said, circuit and refusal say once.
var silence = sync.OnceFunc(func() { redis.SetLogger(mute{}) })

type mute struct{}

func (mute) Printf(context.Context, string, ...any) {}

// name is the key as the server sees it. The braces are a hash tag: keys that
// belong together live on the same node of a cluster.
func (r *Redis) name(kind, key string) string {
	sum := sha256.Sum256([]byte(key))
	return r.prefix + "{" + hex.EncodeToString(sum[:16]) + "}:" + kind
}

// Get implements [Cache].
func (r *Redis) Get(ctx context.Context, key string) ([]byte, bool, error) {
	var data []byte
	var found bool
	err := r.ask(ctx, "get", func(ctx context.Context) error {
		var err error
		data, err = r.client.Get(ctx, r.name("value", key)).Bytes()
		found = err == nil
		return err
	})
	if errors.Is(err, ErrUnavailable) && r.fallback != nil {
		return r.fallback.Get(ctx, key)
	}
	return data, found, err
}

// Set implements [Cache].
func (r *Redis) Set(ctx context.Context, key string, value []byte, ttl time.Duration) error {
	if len(value) > r.max {
		return fmt.Errorf("%w: %d bytes of %d", ErrTooLarge, len(value), r.max)
	}
	err := r.ask(ctx, "set", func(ctx context.Context) error {
		if ttl <= 0 {
			return r.client.Del(ctx, r.name("value", key)).Err()
		}
		return r.client.Set(ctx, r.name("value", key), value, atLeastMilli(ttl)).Err()
	})
	if errors.Is(err, ErrUnavailable) && r.fallback != nil {
		return r.fallback.Set(ctx, key, value, ttl)
	}
	return err
}

// atLeastMilli rounds up to what Redis can express.
func atLeastMilli(d time.Duration) time.Duration {
	return max(d.Round(time.Millisecond), time.Millisecond)
}

// The scripts touch one key each. A counter that lost its expiry gets a new one.
var (
	countScript = redis.NewScript(`
local n = redis.call('INCR', KEYS[1])
local left = redis.call('PTTL', KEYS[1])
if left < 0 then
  redis.call('PEXPIRE', KEYS[1], ARGV[1])
  left = tonumber(ARGV[1])
end
return {n, left}`)
	extendScript = redis.NewScript(`
if redis.call('GET', KEYS[1]) == ARGV[1] then return redis.call('PEXPIRE', KEYS[1], ARGV[2]) end
return 0`)
	unlockScript = redis.NewScript(`
if redis.call('GET', KEYS[1]) == ARGV[1] then return redis.call('DEL', KEYS[1]) end
return 0`)
)

// Count implements [Counter].
func (r *Redis) Count(ctx context.Context, key string, window time.Duration) (int64, time.Duration, error) {
	var got []int64
	err := r.ask(ctx, "count", func(ctx context.Context) error {
		var err error
		got, err = countScript.Run(ctx, r.client, []string{r.name("count", key)}, atLeastMilli(window).Milliseconds()).Int64Slice()
		return err
	})
	if errors.Is(err, ErrUnavailable) && r.fallback != nil {
		return r.fallback.Count(ctx, key, window)
	}
	if err != nil {
		return 0, 0, err
	}
	if len(got) != 2 {
		return 0, 0, fmt.Errorf("counting: answer has %d numbers", len(got))
	}
	return got[0], time.Duration(got[1]) * time.Millisecond, nil
}

// TryLock implements [Locker].
func (r *Redis) TryLock(ctx context.Context, key string, lease time.Duration) (Lock, error) {
	l := &redisLock{r: r, name: r.name("lock", key), token: rand.Text()}
	var taken bool
	err := r.ask(ctx, "lock", func(ctx context.Context) error {
		err := r.client.SetArgs(ctx, l.name, l.token, redis.SetArgs{Mode: "NX", TTL: atLeastMilli(lease)}).Err()
		taken = err == nil
		return err
	})
	if errors.Is(err, ErrUnavailable) && r.fallback != nil {
		return r.fallback.TryLock(ctx, key, lease)
	}
	if err != nil {
		return nil, err
	}
	if !taken {
		return nil, ErrLocked
	}
	return l, nil
}

type redisLock struct {
	r           *Redis
	name, token string
}

func (l *redisLock) Extend(ctx context.Context, lease time.Duration) error {
	var n int64
	err := l.r.ask(ctx, "extend", func(ctx context.Context) error {
		var err error
		n, err = extendScript.Run(ctx, l.r.client, []string{l.name}, l.token, atLeastMilli(lease).Milliseconds()).Int64()
		return err
	})
	if err == nil && n == 0 {
		return ErrLocked
	}
	return err
}

func (l *redisLock) Unlock(ctx context.Context) error {
	return l.r.ask(ctx, "unlock", func(ctx context.Context) error {
		return unlockScript.Run(ctx, l.r.client, []string{l.name}, l.token).Err()
	})
}

// ask runs one operation under the timeout and the circuit. A missing key is
// no error. What the network does is ErrUnavailable, what the server answers
// is an error of its own.
func (r *Redis) ask(ctx context.Context, op string, fn func(context.Context) error) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	if !r.circuit.allow() {
		return ErrUnavailable
	}
	limited, cancel := context.WithTimeout(ctx, r.timeout)
	defer cancel()
	err := fn(limited)
	var answer redis.Error
	switch {
	case err == nil, errors.Is(err, redis.Nil):
		r.circuit.succeeded()
		r.refusal.over(op)
		return nil
	case ctx.Err() != nil: // the caller gave up, which says nothing about the server
		r.circuit.unknown()
		return ctx.Err()
	case errors.As(err, &answer):
		r.circuit.succeeded()
		r.refusal.happened(op, err)
		return fmt.Errorf("redis %s: %w", op, err)
	default:
		r.circuit.failed(err)
		return fmt.Errorf("%w: redis %s: %w", ErrUnavailable, op, err)
	}
}

// Health is what [Redis.Health] finds.
type Health struct {
	Version string        // of the server, empty if it does not say
	Latency time.Duration // of one round trip
}

// Health asks the server whether it is there and takes values, whatever the
// circuit says. It is meant for operators, not for every request.
func (r *Redis) Health(ctx context.Context) (Health, error) {
	ctx, cancel := context.WithTimeout(ctx, 10*r.timeout)
	defer cancel()
	var h Health
	if err := r.client.Ping(ctx).Err(); err != nil { // opens a connection, so it says nothing about latency
		return h, fmt.Errorf("reaching redis: %w", err)
	}
	start := time.Now()
	if err := r.client.Set(ctx, r.name("health", rand.Text()), "ok", time.Second).Err(); err != nil {
		return h, fmt.Errorf("writing to redis: %w", err)
	}
	h.Latency = time.Since(start)
	if info, err := r.client.Info(ctx, "server").Result(); err == nil {
		for line := range strings.Lines(info) {
			if v, ok := strings.CutPrefix(line, "redis_version:"); ok {
				h.Version = strings.TrimSpace(v)
			}
		}
	}
	return h, nil
}

// Up reports whether the server answered lately, and since when it is so. A
// cache that was not used yet is up.
func (r *Redis) Up() (up bool, since time.Time) { return r.circuit.state() }

// Close waits for the flights that are still in the air and closes the
// connections.
func (r *Redis) Close() error {
	r.Flights.Wait()
	return errors.Join(r.client.Close(), r.nodes.close())
}

// circuit keeps a server that is down from costing every request a timeout.
// After two failures in a row it lets nothing through but one operation now and
// then, to see whether the server is back.
type circuit struct {
	log   *slog.Logger
	retry time.Duration

	mu      sync.Mutex
	fails   int // in a row
	open    bool
	since   time.Time // of the last change
	next    time.Time // when the next try is due, while open
	probing bool
}

const failsToOpen = 2

func (c *circuit) allow() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	if !c.open {
		return true
	}
	if c.probing || time.Now().Before(c.next) {
		return false
	}
	c.probing = true
	return true
}

func (c *circuit) succeeded() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.fails, c.probing = 0, false
	if !c.open {
		return
	}
	now := time.Now()
	c.log.Info("redis is back", "after", now.Sub(c.since).Round(time.Millisecond))
	c.open, c.since = false, now
}

func (c *circuit) failed(err error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.fails++
	c.probing = false
	if c.fails < failsToOpen {
		return
	}
	now := time.Now()
	c.next = now.Add(c.retry << min(c.fails-failsToOpen, 4))
	if c.open {
		return
	}
	c.open, c.since = true, now
	c.log.Warn("redis is down or slow, going on without it", "error", err)
}

func (c *circuit) unknown() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.probing = false
}

func (c *circuit) state() (up bool, since time.Time) {
	c.mu.Lock()
	defer c.mu.Unlock()
	return !c.open, c.since
}

// refusal says once when a server that can be reached refuses an operation (it
// is full, wants a password, is a replica), and once when it no longer does.
type refusal struct {
	log *slog.Logger

	mu  sync.Mutex
	ops map[string]bool
}

func (f *refusal) happened(op string, err error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.ops[op] {
		return
	}
	if f.ops == nil {
		f.ops = map[string]bool{}
	}
	f.ops[op] = true
	f.log.Warn("redis refuses an operation, going on without it", "operation", op, "error", err)
}

func (f *refusal) over(op string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.ops[op] {
		delete(f.ops, op)
		f.log.Info("redis takes the operation again", "operation", op)
	}
}
