package discord

import (
	"cmp"
	"context"
	"crypto/rand"
	"fmt"
	"strconv"
	"sync"
	"time"

	"onrecord/work"
)

// The gateway is cut into shards, https://docs.discord.com/developers/events/gateway#sharding:
// Discord says how many, a server's number says which one it belongs to, and one
// connection serves each. The processes share them out among themselves
// (work.Sharing). While there are more processes than shards, those that are left
// over connect to a shard as spares: all of them hear everything, the first one to
// write it down has it, and so nobody is missed while a dead process's lease runs
// out.

const (
	spares      = 9                // of a shard, at most: with it ten connections, as Slack has sockets
	countEvery  = 10 * time.Minute // Discord is asked how many shards there should be
	identifyGap = 5 * time.Second  // between two that identify themselves with the same key
)

// shardState is how the connection of a shard stands.
type shardState struct {
	connected bool
	text      string
}

// shardOf is the shard that a server belongs to; direct messages are the first
// one's.
func shardOf(guild string, of int) int {
	id, err := strconv.ParseUint(guild, 10, 64)
	if err != nil || of <= 1 {
		return 0
	}
	return int((id >> 22) % uint64(of)) //nolint:gosec // less than of
}

// limits are what Discord says of the gateway.
type limits struct {
	URL    string `json:"url"`
	Shards int    `json:"shards"`
	Start  struct {
		Total       int   `json:"total"`
		Remaining   int   `json:"remaining"`
		ResetAfter  int64 `json:"reset_after"`
		Concurrency int   `json:"max_concurrency"`
	} `json:"session_start_limit"`
}

func (p *Platform) askLimits(ctx context.Context) (found limits, err error) {
	return found, p.api.do(ctx, call{method: "GET", path: "/gateway/bot", out: &found})
}

// serveShards keeps connections for the shards of this process until ctx ends.
func (p *Platform) serveShards(ctx context.Context, d *desk) {
	if p.o.ShardCount > 0 {
		p.setCount(p.o.ShardCount)
		p.serveShard(ctx, d, p.o.ShardID, p.o.ShardCount, 1)
		return
	}
	pause := time.Second
	for ctx.Err() == nil {
		count, key, err := p.agree(ctx, 0)
		if err != nil {
			p.setStatus(false, "cannot reach Discord")
			p.log.WarnContext(ctx, "Discord does not say how many shards there are; trying again", "pause", pause, "error", err)
			if sleep(ctx, jitter(pause)) != nil {
				return
			}
			pause = min(2*pause, longestWait)
			continue
		}
		pause = time.Second
		p.shareShards(ctx, d, count, key)
	}
}

// agree says how many shards there are, and how many of them may identify
// themselves at a time: as many as Discord recommends, or as another process has
// noted, if that is more. Other numbers at the same time would do no harm, but
// everything would be heard twice.
func (p *Platform) agree(ctx context.Context, least int) (count, concurrency int, err error) {
	found, err := p.askLimits(ctx)
	if err != nil {
		return 0, 0, err
	}
	key := "discord:shards:" + p.app()
	noted := 0
	limited, cancel := context.WithTimeout(ctx, 3*time.Second)
	defer cancel()
	value, ok, noteErr := p.notes.Get(limited, key)
	if ok {
		noted, _ = strconv.Atoi(value)
	}
	count = max(found.Shards, noted, least, 1)
	if noteErr == nil && count > noted {
		noteErr = p.notes.Set(limited, key, strconv.Itoa(count))
	}
	if noteErr != nil && ctx.Err() == nil {
		p.log.WarnContext(ctx, "it could not be noted how many shards there are", "error", noteErr)
	}
	return count, max(found.Start.Concurrency, 1), nil
}

// setCount says how many shards there are from now on.
func (p *Platform) setCount(count int) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.count != count {
		clear(p.loaded) // other channels belong to them
	}
	p.count = count
	clear(p.shards)
}

// shareShards serves this process's part of the shards until ctx ends, or there
// have to be more of them.
func (p *Platform) shareShards(ctx context.Context, d *desk, count, concurrency int) {
	p.setCount(count)
	p.log.InfoContext(ctx, "shards of the gateway are shared out", "shards", count)
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	p.mu.Lock()
	p.recount = stop
	p.mu.Unlock()
	var serving sync.WaitGroup
	defer serving.Wait()
	serving.Go(func() {
		for sleep(ctx, jitter(countEvery)) == nil {
			if now, _, err := p.agree(ctx, 0); err == nil && now != count {
				stop()
			}
		}
	})
	ends := map[int]func(){}
	(&work.Sharing{
		Leases: p.o.Leases, Name: fmt.Sprintf("discord/%s/%d", p.app(), count), Log: p.log, Lease: p.lease,
		Places: func(processes int) int {
			if p.o.Leases == nil {
				return count
			}
			return min(max(count, processes), (1+spares)*count)
		},
		Blind: blind(count),
		Changed: func(places []int) {
			mine := map[int]bool{}
			for _, place := range places {
				shard := place % count
				mine[shard] = true
				if ends[shard] == nil {
					one, end := context.WithCancel(ctx)
					ends[shard] = end
					serving.Go(func() { p.serveShard(one, d, shard, count, concurrency) })
				}
			}
			for shard, end := range ends {
				if !mine[shard] {
					end()
					delete(ends, shard)
				}
			}
			if len(mine) == 0 && ctx.Err() == nil {
				p.setStatus(true, "other processes have the connections to the gateway")
			}
		},
	}).Run(ctx)
}

// blind are the places of a process that cannot ask who has which. One more
// connection to the only shard does no harm; one more to each of many would.
func blind(count int) []int {
	if count == 1 {
		return []int{0}
	}
	return nil
}

// serveShard keeps the connection of a shard until ctx ends.
func (p *Platform) serveShard(ctx context.Context, d *desk, shard, of, concurrency int) {
	g := &session{desk: d, p: p, ctx: ctx, shard: shard, of: of, concurrency: concurrency}
	defer func() {
		g.minding.Wait()
		last, cancel := context.WithTimeout(context.WithoutCancel(ctx), 2*time.Second)
		defer cancel()
		p.noteFollowed(last, shard)
		p.mu.Lock()
		defer p.mu.Unlock()
		p.loaded[shard] = false // another process follows on now
		if delete(p.shards, shard); len(p.shards) > 0 {
			p.standing()
		}
	}()
	g.report(false, "connecting")
	// What happened while another process had the shard it wrote down.
	if !p.loadFollowed(ctx, shard) {
		g.minding.Go(func() {
			for sleep(ctx, jitter(time.Second)) == nil {
				if p.loadFollowed(ctx, shard) {
					g.later(func(desk context.Context) { p.catchUp(desk, ctx, shard) })
					return
				}
			}
		})
	}
	g.keep(ctx)
}

// report says how the shard's connection stands.
func (g *session) report(connected bool, text string) {
	g.p.mu.Lock()
	defer g.p.mu.Unlock()
	if g.ctx.Err() == nil {
		g.p.shards[g.shard] = shardState{connected, text}
		g.p.standing()
	}
}

// standing sums up how the shards of this process stand. The lock must be held.
func (p *Platform) standing() {
	up, text := 0, ""
	for _, s := range p.shards {
		if text = s.text; s.connected {
			up++
		}
	}
	if p.fatal != nil {
		return
	}
	if p.connected, p.status = up == len(p.shards), text; p.count == 1 {
		return
	}
	p.connected = up == len(p.shards)
	p.status = fmt.Sprintf("%d of %d shards here are connected, of %d in all", up, len(p.shards), p.count)
}

// turn waits until the shard may identify itself: one with its key in five
// seconds may, of all processes. With a single shard nobody waits: Discord sends
// those away who are too fast, and they try again.
//
// Whoever has the turn calls done when the connection is open, or is not.
func (g *session) turn(ctx context.Context) (done func(), err error) {
	if g.of <= 1 {
		return func() {}, nil
	}
	name := fmt.Sprintf("discord/%s/identify/%d", g.p.app(), g.shard%g.concurrency)
	for {
		owner := rand.Text() // or it would be its own successor
		leases := work.Leases(&g.p.turns)
		if g.p.o.Leases != nil {
			leases = g.p.o.Leases
		}
		hold := func(ctx context.Context, long time.Duration) (bool, error) {
			now := time.Now()
			return leases.Hold(ctx, name, owner, now, now.Add(long))
		}
		have, err := hold(ctx, g.p.opening)
		if err != nil { // other processes cannot ask either
			leases = &g.p.turns
			have, err = hold(ctx, g.p.opening)
		}
		if err != nil {
			return nil, err
		}
		if have {
			return func() {
				last, cancel := context.WithTimeout(context.WithoutCancel(ctx), 2*time.Second)
				defer cancel()
				_, _ = hold(last, g.p.gap) // it runs out later if it fails
			}, nil
		}
		if err := sleep(ctx, jitter(cmp.Or(g.p.gap/10, time.Millisecond))); err != nil {
			return nil, err
		}
	}
}

// tooMany is called when Discord closes a shard for having too many servers.
func (g *session) tooMany(ctx context.Context) {
	if _, _, err := g.p.agree(ctx, g.of+1); err != nil {
		g.p.log.WarnContext(ctx, "there should be more shards, but Discord cannot be asked", "error", err)
	}
	g.p.mu.Lock()
	defer g.p.mu.Unlock()
	g.p.recount()
}
