package discord_test

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"onrecord/adapters/discord"
	"onrecord/adapters/discord/discordfake"
	"onrecord/chat"
	"onrecord/install"
	"onrecord/work"
)

// fleet is a Discord in several shards, and bots that share everything.
type fleet struct {
	t        *testing.T
	server   *discordfake.Server
	queue    *work.Queue
	notes    *notebook
	leases   *work.MemoryLeases
	installs *install.Register
	dropped  chan string
	ran      atomic.Int32

	ends []func()
	bots []*discord.Platform
}

func newFleet(t *testing.T, o discordfake.Options) *fleet {
	t.Helper()
	t.Parallel()
	o.Gap = 100 * time.Millisecond
	f := &fleet{
		t: t, server: discordfake.New(o), queue: work.New(work.Options{}), notes: &notebook{m: map[string]string{}}, leases: &work.MemoryLeases{},
		installs: &install.Register{Store: &install.Memory{}}, dropped: make(chan string, 100),
	}
	t.Cleanup(func() {
		for i := range f.ends {
			f.end(i)
		}
		f.server.Close()
		for _, fault := range f.server.Faults() {
			t.Error(fault)
		}
	})
	return f
}

// join starts a bot.
func (f *fleet) join(change func(*discord.Options)) {
	f.t.Helper()
	o := discord.Options{
		Token: f.server.Token, APIURL: f.server.APIURL(), Queue: f.queue, Notes: f.notes, Leases: f.leases, Installs: f.installs,
		Forget: func(_ context.Context, guild string) error { f.dropped <- guild; return nil },
	}
	if change != nil {
		change(&o)
	}
	p, err := discord.New(o)
	if err != nil {
		f.t.Fatal(err)
	}
	p.Hasty(2*time.Second, 120*time.Millisecond)
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() {
		done <- p.Run(ctx, func(_ context.Context, req chat.Request) chat.Reply {
			f.ran.Add(1)
			return saying("I heard: " + req.Text)
		})
	}()
	f.bots = append(f.bots, p)
	f.ends = append(f.ends, sync.OnceFunc(func() {
		cancel()
		if err := <-done; err != nil {
			f.t.Errorf("Run: %v", err)
		}
	}))
}

func (f *fleet) end(i int) { f.ends[i]() }

// until waits for shards to be served so often: "0/2:1 1/2:1".
func (f *fleet) until(want string) {
	f.t.Helper()
	got := ""
	deadline := time.Now().Add(patience)
	for time.Now().Before(deadline) {
		all := f.server.Shards()
		var list []string
		for _, shard := range slices.Sorted(maps.Keys(all)) {
			list = append(list, fmt.Sprintf("%s:%d", shard, all[shard]))
		}
		if got = strings.Join(list, " "); got == want {
			return
		}
		time.Sleep(5 * time.Millisecond)
	}
	f.t.Fatalf("shards are served %q, want %q", got, want)
}

// ask writes to the bot in a server and waits for the answer; it is one.
func (f *fleet) ask(u *discordfake.User, channel, text string) {
	f.t.Helper()
	id := f.server.Write(u, channel, "@bot "+text)
	until(f.t, f.server, "it is answered", func() bool {
		thread, _ := f.server.ThreadOf(id)
		return len(f.server.FromBot(u, thread)) > 0
	})
}

// Discord says how many shards there are; two processes have half of them each,
// and what happens in any server is heard once. One that ends hands over.
func TestShardsAreSharedOut(t *testing.T) {
	f := newFleet(t, discordfake.Options{Shards: 4})
	ann := f.server.AddUser("Ann")
	var channels []string
	for shard := range 4 {
		channels = append(channels, f.server.AddChannel(f.server.AddGuildOf(shard, 4)))
	}
	f.join(nil)
	f.until("0/4:1 1/4:1 2/4:1 3/4:1")
	f.join(nil)
	var texts [2]string
	deadline := time.Now().Add(patience)
	for time.Now().Before(deadline) && !(strings.HasPrefix(texts[0], "2 of 2") && strings.HasPrefix(texts[1], "2 of 2")) {
		for i, p := range f.bots {
			_, texts[i] = p.Status()
		}
		time.Sleep(5 * time.Millisecond)
	}
	if want := "2 of 2 shards here are connected, of 4 in all"; texts != [2]string{want, want} {
		t.Errorf("the two say %q", texts)
	}
	f.until("0/4:1 1/4:1 2/4:1 3/4:1")
	for i, channel := range channels {
		f.ask(ann, channel, fmt.Sprint("help ", i))
	}
	f.server.Write(ann, f.server.DM(ann), "help")
	until(t, f.server, "the direct message is answered", func() bool { return len(f.server.FromBot(ann, f.server.DM(ann))) == 1 })
	if n := f.ran.Load(); n != 5 {
		t.Errorf("%d requests for 5 messages", n)
	}
	f.end(0)
	f.until("0/4:1 1/4:1 2/4:1 3/4:1")
	for i, channel := range channels {
		f.ask(ann, channel, fmt.Sprint("again ", i))
	}
	if n := f.ran.Load(); n != 9 {
		t.Errorf("%d requests for 9 messages", n)
	}
}

// dying leases are those of a process that is killed: it renews nothing and
// gives nothing back.
type dying struct {
	work.Leases
	dead atomic.Bool
}

func (d *dying) Hold(ctx context.Context, name, owner string, now, until time.Time) (bool, error) {
	if d.dead.Load() {
		return false, context.Canceled
	}
	return d.Leases.Hold(ctx, name, owner, now, until)
}

func (d *dying) Drop(ctx context.Context, name, owner string) error {
	if d.dead.Load() {
		return context.Canceled
	}
	return d.Leases.Drop(ctx, name, owner)
}

// The shard of a process that is killed is taken over when its lease is over, and
// what was written meanwhile is read back and answered, once.
func TestShardOfDeadProcess(t *testing.T) {
	f := newFleet(t, discordfake.Options{Shards: 2})
	ann := f.server.AddUser("Ann")
	channels := []string{f.server.AddChannel(f.server.AddGuildOf(0, 2)), f.server.AddChannel(f.server.AddGuildOf(1, 2))}
	first := &dying{Leases: f.leases}
	f.join(func(o *discord.Options) { o.Leases = first })
	f.until("0/2:1 1/2:1")
	for _, channel := range channels {
		f.ask(ann, channel, "help")
	}
	time.Sleep(1500 * time.Millisecond) // it is noted which channels are followed
	first.dead.Store(true)
	f.end(0)
	f.until("")
	for _, channel := range channels {
		f.server.Write(ann, channel, "@bot are you there?")
	}
	f.join(nil)
	time.Sleep(300 * time.Millisecond)
	if all := f.server.Shards(); len(all) > 0 {
		t.Errorf("shards were taken before the lease was over: %v", all)
	}
	f.until("0/2:1 1/2:1")
	deadline := time.Now().Add(patience)
	for f.ran.Load() < 4 && time.Now().Before(deadline) {
		time.Sleep(5 * time.Millisecond)
	}
	f.ask(ann, channels[1], "help")
	if n := f.ran.Load(); n != 5 {
		t.Errorf("%d requests for 5 messages", n)
	}
}

// With more processes than shards some are spares: all hear everything, one
// answers, and when one goes nobody waits.
func TestSpares(t *testing.T) {
	f := newFleet(t, discordfake.Options{})
	ann := f.server.AddUser("Ann")
	channel := f.server.AddChannel(f.server.AddGuild())
	for range 4 {
		f.join(nil)
	}
	f.until("0/1:4")
	deadline := time.Now().Add(patience)
	ready := 0
	for ready < 4 && time.Now().Before(deadline) {
		ready = 0
		for _, p := range f.bots {
			if ok, _ := p.Status(); ok {
				ready++
			}
		}
		time.Sleep(5 * time.Millisecond)
	}
	if ready != 4 {
		t.Errorf("%d of 4 are ready", ready)
	}
	for i := range 10 {
		f.ask(ann, channel, fmt.Sprint("help ", i))
	}
	if n := f.ran.Load(); n != 10 {
		t.Errorf("%d requests for 10 messages", n)
	}
	f.end(0)
	f.ask(ann, channel, "who is there?")
	f.until("0/1:3")
}

// When the bot is in too many servers for its shards, Discord says so, and there
// are more of them from then on, for all processes.
func TestShardsGrow(t *testing.T) {
	f := newFleet(t, discordfake.Options{PerShard: 2})
	ann := f.server.AddUser("Ann")
	var channels []string
	for n := range 4 {
		channels = append(channels, f.server.AddChannel(f.server.AddGuildOf(n%2, 2)))
	}
	f.server.SetShards(2)
	f.notes.m["discord:shards:"+f.server.ApplicationID] = "1"
	f.server.SetShards(1) // Discord's advice is late
	f.join(nil)
	f.until("0/2:1 1/2:1")
	f.join(nil)
	time.Sleep(time.Second)
	f.until("0/2:1 1/2:1")
	for _, channel := range channels {
		f.ask(ann, channel, "help")
	}
	if v, _, _ := f.notes.Get(t.Context(), "discord:shards:"+f.server.ApplicationID); v != "2" {
		t.Errorf("noted are %q shards", v)
	}
}

// The servers that the bot is in are kept; what it was taken out of while nobody
// listened is dropped at the next start, and nothing else.
func TestServersAreKept(t *testing.T) {
	f := newFleet(t, discordfake.Options{})
	old, gone := f.server.AddGuild(), f.server.AddGuild()
	f.join(nil)
	f.until("0/1:1")
	known := func() (all []string) {
		list, err := f.installs.List(t.Context(), "discord")
		if err != nil {
			t.Fatal(err)
		}
		for _, in := range list {
			all = append(all, in.Workspace)
		}
		return all
	}
	wait := func(want ...string) {
		t.Helper()
		slices.Sort(want)
		deadline := time.Now().Add(patience)
		for !slices.Equal(known(), want) {
			if time.Now().After(deadline) {
				t.Fatalf("known are %q, want %q", known(), want)
			}
			time.Sleep(5 * time.Millisecond)
		}
	}
	wait(old, gone)
	fresh := f.server.AddGuild()
	wait(old, gone, fresh)
	f.server.RemoveBot(fresh)
	wait(old, gone)
	f.server.Outage(old)
	f.end(0)
	f.server.RemoveQuietly(gone)
	f.join(nil)
	wait(old)
	f.end(1)
	close(f.dropped)
	var dropped []string
	for g := range f.dropped {
		dropped = append(dropped, g)
	}
	if !slices.Equal(dropped, []string{fresh, gone}) {
		t.Errorf("dropped %q, want %q", dropped, []string{fresh, gone})
	}
	f.dropped = make(chan string, 100)
}

// A server that is not on the operator's list gets one polite sentence, once; a
// command there is answered with it, to whoever gave it alone. People of a server
// on the list may write directly.
func TestListOfServers(t *testing.T) {
	notes := &notebook{m: map[string]string{}}
	var list []string
	set := setting{
		before:  func(w *world) { list = []string{w.guild} },
		options: func(o *discord.Options) { o.Guilds, o.Notes = list, notes },
	}
	w := newWorld(t, set)
	w.server.Join(w.ann, w.guild)
	other := w.server.AddGuild()
	there := w.server.AddChannel(other)
	w.server.Write(w.ben, there, "@bot help")
	w.finished(1)
	w.holds(w.last(w.ben, there), "I may not work in this server")
	w.server.Write(w.ben, there, "@bot help")
	w.server.Write(w.ben, there, "@bot https://news.example/x")
	w.holds(w.answered(w.server.Command(w.ben, there, "help")), "I may not work in this server")
	w.server.Write(w.ann, w.channel, "@bot help")
	w.server.Write(w.ann, w.server.DM(w.ann), "help")
	w.finished(3)
	w.server.Write(w.ben, w.server.DM(w.ben), "help")
	w.finished(4)
	w.server.Write(w.ben, w.server.DM(w.ben), "help")
	w.server.Write(w.ann, w.channel, "@bot help")
	w.finished(5)
	if n := len(w.server.FromBot(w.ann, there)); n != 1 {
		t.Errorf("the server was told %d times", n)
	}
	if n := w.ran.Load(); n != 3 {
		t.Errorf("%d requests were worked, want 3", n)
	}
	w.holds(w.last(w.ben, w.server.DM(w.ben)), "I work for some servers only")
	if n := len(w.server.FromBot(w.ben, w.server.DM(w.ben))); n != 1 {
		t.Errorf("told %d times directly", n)
	}
	if _, told, _ := notes.Get(t.Context(), "discord:away:"+other); !told {
		t.Error("it is not noted that the server was told")
	}
	if _, err := w.bot.Room(t.Context(), other, there); err == nil || !strings.Contains(err.Error(), "not put this server on the list") {
		t.Errorf("Room: %v", err)
	}
}
