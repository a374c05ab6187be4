package discord_test

import (
	"context"
	"flag"
	"testing"
	"time"

	"go.uber.org/goleak"

	"onrecord/adapters/discord"
	"onrecord/adapters/discord/discordfake"
	"onrecord/chat"
	"onrecord/chat/chattest"
	"onrecord/work"
)

func TestMain(m *testing.M) {
	// Most of the time goes into waiting: discordgo takes a second to say
	// goodbye.
	flag.Parse()
	if err := flag.Set("test.parallel", "16"); err != nil {
		panic(err)
	}
	// TestStuckSession leaves the session that locked itself out.
	goleak.VerifyTestMain(m, goleak.IgnoreAnyFunction("github.com/bwmarrin/discordgo.(*Session).Open"))
}

// The conversation of a direct message, over the gateway.
func TestPlatform(t *testing.T) {
	server := discordfake.New(discordfake.Options{})
	defer server.Close()
	chattest.Platform(t, chattest.Suite{
		Start: func(t *testing.T) (chat.Platform, chattest.User) {
			queue := work.New(work.Options{})
			p, err := discord.New(discord.Options{Token: server.Token, APIURL: server.APIURL(), Queue: queue})
			if err != nil {
				t.Fatal(err)
			}
			u := &person{t: t, server: server, queue: queue, user: server.AddUser("Ann")}
			u.channel = server.DM(u.user)
			return p, u
		},
		Alive: func(string) []string { return nil }, // the fake looks at what was sent, see below
	})
	for _, fault := range server.Faults() {
		t.Error(fault)
	}
}

// person writes directly to the bot. An answer is complete when the queue has
// nothing left to do.
type person struct {
	t       *testing.T
	server  *discordfake.Server
	queue   *work.Queue
	user    *discordfake.User
	channel string
	asked   int64
	read    int
	last    []discordfake.Message
}

func (p *person) Send(text string) {
	until(p.t, p.server, "the bot is connected", p.server.Connected)
	p.asked++
	p.server.Write(p.user, p.channel, text)
}

func (p *person) Press(a chat.Action) {
	for _, m := range p.last {
		if _, ok := m.Button(a.Label); ok {
			p.asked++
			p.server.Click(p.user, m, a.Label)
			return
		}
	}
	p.t.Fatalf("there is no button %q", a.Label)
}

func (p *person) Answer(ctx context.Context) ([]string, error) {
	if err := finished(ctx, p.queue, p.asked); err != nil {
		return nil, err
	}
	all := p.server.FromBot(p.user, p.channel)
	p.last = all[p.read:]
	p.read = len(all)
	var texts []string
	for _, m := range p.last {
		texts = append(texts, m.Plain())
	}
	return texts, nil
}

// finished waits until so many requests are done with, however they ended.
func finished(ctx context.Context, q *work.Queue, n int64) error {
	tick := time.NewTicker(2 * time.Millisecond)
	defer tick.Stop()
	for {
		c, err := q.Counts(ctx)
		if err != nil {
			return err
		}
		if c.Done+c.Late+c.Failed+c.Uncertain >= n {
			return nil
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-tick.C:
		}
	}
}

const patience = 30 * time.Second

// until waits for something to become true on the server.
func until(t *testing.T, s *discordfake.Server, what string, is func() bool) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	if err := s.Until(ctx, is); err != nil {
		t.Fatalf("waiting until %s: %v", what, err)
	}
}
