package main

import (
	"context"
	"errors"
	"net"
	"os/exec"
	"sync"
	"testing"
	"time"

	"onrecord/store"
	"onrecord/store/storetest"
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

// TestChaosOfMany is a bad day of three processes that share PostgreSQL and
// Redis, real ones: every few seconds one of the three is killed and started
// again, and twice each of the two servers is restarted. Everybody gets one
// answer or one apology. What a kill caught between sending and knowing is not
// sent again and is counted as uncertain.
//
// While PostgreSQL does not answer within a second, requests are in the memory of
// a process, whose log says so: one that is killed then takes them along, and of
// those that the platform delivers again another process knows nothing. So
// nobody is killed in the seconds after a restart, and one in fifty may go
// wrong: a busy machine makes a slow server.
func TestChaosOfMany(t *testing.T) {
	if testing.Short() {
		t.Skip("TestChaos shows the detector the same code in a third of the time")
	}
	if _, err := exec.LookPath("redis-server"); err != nil {
		t.Skip("needs redis-server on the PATH")
	}
	database, err := storetest.New()
	if errors.Is(err, storetest.ErrMissing) {
		t.Skip(err)
	}
	if err != nil {
		t.Fatal(err)
	}
	defer database.Close()
	address, err := database.Database()
	if err != nil {
		t.Fatal(err)
	}
	free, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	redis := &redisServer{t: t, address: free.Addr().String()}
	free.Close()
	redis.start()
	defer func() { redis.kill() }()

	const requests = 1000
	const processes = 3
	workspace, server, newsroom := platforms(t, requests)
	site := press(t)
	ctx, cancel := context.WithTimeout(t.Context(), 8*time.Minute)
	defer cancel()
	shared := map[string]string{"DATABASE_URL": address, "REDIS_URL": "redis://" + redis.address}
	var bots []*process
	for range processes {
		bots = append(bots, serving(t, site, both(slackSettings(workspace), discordSettings(server), shared)))
	}
	for _, b := range bots {
		b.ready(ctx)
	}
	acquainted := acquaint(server)
	good, late := context.WithTimeout(ctx, 30*time.Second)
	defer late()
	if err := server.Until(good, func() bool { return greeted(server, acquainted) }); err != nil {
		t.Fatal("no answer on a good day")
	}

	// The bad day: one thing after the other, as often as there is time for.
	asking := make(chan struct{})
	var trouble sync.WaitGroup
	kills, restarts := 0, map[string]int{}
	trouble.Go(func() {
		pause := func(d time.Duration) bool {
			select {
			case <-asking:
				return false
			case <-time.After(d):
				return true
			}
		}
		for n := 0; pause(2 * time.Second); n++ {
			switch {
			case n%4 == 1 && restarts["PostgreSQL"] < 2:
				if restarts["PostgreSQL"]++; restarts["PostgreSQL"] == 1 {
					database.Halt()
				} else {
					database.Kill()
				}
				pause(time.Second)
				if err := database.Start(); err != nil {
					t.Error(err)
					return
				}
				pause(6 * time.Second)
			case n%4 == 3 && restarts["Redis"] < 2:
				restarts["Redis"]++
				redis.kill()
				pause(time.Second)
				redis.start()
			default:
				b := bots[kills%processes]
				b.kill()
				b.start()
				kills++
			}
		}
	})
	var all []*asked
	pace := time.NewTicker(60 * time.Millisecond)
	defer pace.Stop()
	for n := range requests {
		<-pace.C
		all = append(all, ask(site.URL, workspace, server, newsroom, acquainted, n, n%5 == 0))
	}
	close(asking)
	trouble.Wait()
	settle(ctx, all)
	for _, b := range bots {
		b.ready(ctx)
		b.stop()
	}

	got := tallied(t, all)
	db, err := store.Open(ctx, address, store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	counts, err := db.Work().Counts(ctx)
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("%d requests to %d processes, %d kills, restarts %v: %d answered, %d apologised for, %d refused by the platform, %d doubled, %d missing %v, %d progress lines left behind",
		requests, processes, kills, restarts, got.answered, got.apologised, got.refused, got.doubled, got.missing, got.how, got.stray)
	t.Logf("the bots count %d done, %d uncertain, %d late, %d failed, %d waiting, %d in work",
		counts.Done, counts.Uncertain, counts.Late, counts.Failed, counts.Waiting, counts.Working)
	if kills == 0 || restarts["PostgreSQL"] == 0 {
		t.Error("it was no bad day")
	}
	if lost := got.missing - int(counts.Uncertain); lost+got.doubled > requests/50 {
		t.Errorf("%d requests got no answer without being uncertain, %d got two", lost, got.doubled)
	}
	if counts.Uncertain > int64(4*kills) || counts.Failed+counts.Waiting+counts.Working > 0 {
		t.Errorf("too many are not done: %+v", counts)
	}
	if got.answered < requests*3/4 {
		t.Errorf("only %d of %d were answered", got.answered, requests)
	}
}
