package main

import (
	"cmp"
	"context"
	"net"
	"os"
	"os/exec"
	"strings"
	"sync"
	"testing"
	"time"

	"onrecord/store"
	"onrecord/work"
)

// redisServer is a real one that can be restarted.
type redisServer struct {
	t       *testing.T
	address string
	cmd     *exec.Cmd
}

func (r *redisServer) start() {
	r.t.Helper()
	host, port, err := net.SplitHostPort(r.address)
	if err != nil {
		r.t.Fatal(err)
	}
	r.cmd = exec.Command("redis-server", "--bind", host, "--port", port, "--save", "", "--appendonly", "no", "--dir", r.t.TempDir())
	if err := r.cmd.Start(); err != nil {
		r.t.Fatal(err)
	}
}

func (r *redisServer) kill() {
	_ = r.cmd.Process.Kill()
	_ = r.cmd.Wait()
}

// badDay is how much happens on the bad day of several processes.
type badDay struct {
	requests, feeds, stories int           // stories of all feeds together
	pace                     time.Duration // between requests
	calm                     time.Duration // between two troubles
	every                    time.Duration // between readings of a feed
	settle                   time.Duration // at most, for what is left when it is over
}

// TestChaosOfMany is a bad day of three processes that share PostgreSQL and
// Redis, real ones: every few seconds one of the three is killed and started
// again, or replaced as for a new version, and twice each of the two servers is
// restarted. Meanwhile people ask, and
// feeds publish. Everybody gets one answer or one apology, every story is posted
// once, or "watch why" has the reason. What a kill caught between sending and
// knowing is not sent again in Slack and is counted as uncertain.
//
// With ONRECORD_CHAOS=full it is the day of docs/scaling.md. With ONRECORD_OTHER,
// the path of another version's program, that one begins the day, and each
// orderly restart puts one version in the place of the other.
func TestChaosOfMany(t *testing.T) {
	if testing.Short() {
		t.Skip("TestChaos shows the detector the same code in a third of the time")
	}
	if _, err := exec.LookPath("redis-server"); err != nil {
		t.Skip("needs redis-server on the PATH")
	}
	day := badDay{requests: 400, feeds: 20, stories: 160, pace: 100 * time.Millisecond, calm: 2 * time.Second, every: 3 * time.Second, settle: 3 * time.Minute}
	if os.Getenv("ONRECORD_CHAOS") == "full" {
		day = badDay{requests: 1000, feeds: 100, stories: 2000, pace: 240 * time.Millisecond, calm: 3 * time.Second, every: 10 * time.Second, settle: 20 * time.Minute}
	}
	database, address := ownServer(t)
	free, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	redis := &redisServer{t: t, address: free.Addr().String()}
	free.Close()
	redis.start()
	defer func() { redis.kill() }()

	const processes = 3
	workspace, server, newsroom := platforms(t, day.requests)
	site := press(t)
	wires := newWires(t, day.feeds, day.stories)
	ctx, cancel := context.WithTimeout(t.Context(), 30*time.Minute)
	defer cancel()
	shared := map[string]string{
		"DATABASE_URL": address, "REDIS_URL": "redis://" + redis.address, "ONRECORD_FEED_EVERY": day.every.String(),
		"ONRECORD_ALLOW_PORTS": portOf(t, site.URL) + "," + wires.port,
	}
	var bots []*process
	for range processes {
		bots = append(bots, serving(t, site, both(slackSettings(workspace), discordSettings(server), shared)))
	}
	other := os.Getenv("ONRECORD_OTHER")
	for _, b := range bots {
		if other != "" {
			b.kill()
			b.program = other
			b.start()
		}
		b.ready(ctx)
	}
	acquainted := acquaint(server)
	good, late := context.WithTimeout(ctx, time.Minute)
	defer late()
	if err := server.Until(good, func() bool { return greeted(server, acquainted) }); err != nil {
		t.Fatal("no answer on a good day")
	}
	db, err := store.Open(ctx, address, store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	wires.watched(ctx, db, workspace, server, day.every)

	// The bad day: one thing after the other, as often as there is time for.
	asking := make(chan struct{})
	var trouble sync.WaitGroup
	kills, rolls, restarts := 0, 0, map[string]int{}
	trouble.Go(func() {
		pause := func(d time.Duration) bool {
			select {
			case <-asking:
				return false
			case <-time.After(d):
				return true
			}
		}
		for n := 0; pause(day.calm); n++ {
			switch {
			case n%4 == 1 && restarts["PostgreSQL"] < 2:
				if restarts["PostgreSQL"]++; restarts["PostgreSQL"] == 1 {
					database.Halt()
				} else {
					database.Kill()
				}
				pause(time.Second)
				// One of the three dies without the server, and comes back without it.
				bots[kills%processes].kill()
				bots[kills%processes].start()
				kills++
				pause(time.Second)
				if err := database.Start(); err != nil {
					t.Error(err)
					return
				}
			case n%4 == 3 && restarts["Redis"] < 2:
				restarts["Redis"]++
				redis.kill()
				pause(time.Second)
				redis.start()
			case n%5 == 0 && n > 0:
				// A rolling restart, as for a new version.
				b := bots[rolls%processes]
				b.stop()
				switch b.program {
				case other:
					b.program = "bot"
				default:
					b.program = cmp.Or(other, "bot")
				}
				b.start()
				rolls++
			default:
				b := bots[kills%processes]
				b.kill()
				b.start()
				kills++
			}
		}
	})
	var all []*asked
	pace := time.NewTicker(day.pace)
	defer pace.Stop()
	for n := range day.requests {
		<-pace.C
		wires.publish((n + 1) * day.stories / day.requests)
		all = append(all, ask(site.URL, workspace, server, newsroom, acquainted, n, n%5 == 0))
	}
	close(asking)
	trouble.Wait()
	settle(ctx, all)
	told := wires.tallied(ctx, db, workspace, server, day.settle)
	for _, b := range bots {
		b.ready(ctx)
		b.stop()
	}

	got := tallied(t, all)
	counts, err := db.Work().Counts(ctx)
	if err != nil {
		t.Fatal(err)
	}
	dead, err := db.Work().Dead(ctx, day.requests+day.stories)
	if err != nil {
		t.Fatal(err)
	}
	uncertain := 0
	for _, d := range dead {
		if d.Outcome == work.Uncertain && !strings.HasPrefix(d.Lane, "watch:") {
			uncertain++
		}
	}
	lost := max(got.missing-uncertain, 0)
	t.Logf("%d processes, %d kills, %d orderly restarts, of servers %v", processes, kills, rolls, restarts)
	t.Logf("%d requests: %d answered, %d apologised for, %d refused by the platform, %d doubled, %d lost, %d uncertain, %d missing %v, %d progress lines left behind",
		day.requests, got.answered, got.apologised, got.refused, got.doubled, lost, uncertain, got.missing, got.how, got.stray)
	t.Logf("%d stories of %d feeds: %d posted, %d doubled, %d lost, %d uncertain, %d not posted for a reason %v",
		day.stories, day.feeds, told.posted, told.doubled, told.lost, told.uncertain, told.skipped, told.reasons)
	t.Logf("the bots count %d done, %d uncertain, %d late, %d failed, %d waiting, %d in work",
		counts.Done, counts.Uncertain, counts.Late, counts.Failed, counts.Waiting, counts.Working)
	if kills == 0 || restarts["PostgreSQL"] < 2 || restarts["Redis"] < 2 {
		t.Error("it was no bad day")
	}
	if lost > 0 || got.doubled > 0 {
		t.Errorf("%d requests got no answer without being uncertain, %d got two", lost, got.doubled)
	}
	if told.lost > 0 || told.doubled > 0 {
		t.Errorf("%d stories are lost, %d were posted twice", told.lost, told.doubled)
	}
	if counts.Uncertain > int64(4*kills) || counts.Failed+counts.Waiting+counts.Working > 0 {
		t.Errorf("too many are not done: %+v", counts)
	}
	if got.answered < day.requests*3/4 || told.posted < day.stories*3/4 {
		t.Errorf("only %d of %d were answered, %d of %d stories posted", got.answered, day.requests, told.posted, day.stories)
	}
}
