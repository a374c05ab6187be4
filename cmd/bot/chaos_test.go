package main

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"onrecord/adapters/discord/discordfake"
	"onrecord/adapters/slack/slackfake"
	"onrecord/store"
)

// asked is a request that somebody made on a platform, each for an article of
// its own, so that what they see is known to be the answer to it.
type asked struct {
	n       int
	how     string
	sees    func() []string // the bot's messages, as the person reads them
	refused func() bool     // the platform told the person that the bot did not react
}

// TestChaos asks many questions on both platforms on a bad day: a fifth of the
// deliveries come twice, one call in twenty is told to wait, sockets break,
// and three times the bot is killed and started again. Everybody gets one
// answer or apology. What the platform itself reported as failed was never
// accepted; what a kill caught between sending and knowing is not sent again
// and is counted by the bot as uncertain.
func TestChaos(t *testing.T) {
	requests := 1000
	if testing.Short() {
		requests = 200
	}
	const kills = 3
	workspace, server, newsroom := platforms(t, requests)
	site := press(t)
	bot := serving(t, site, both(slackSettings(workspace), discordSettings(server)))
	ctx, cancel := context.WithTimeout(t.Context(), 8*time.Minute)
	defer cancel()
	bot.ready(ctx)

	// The bot has been spoken to before. Discord tells nobody what was written
	// to a bot that was away: it has to look, and where nobody ever spoke to it,
	// it cannot know that there is something to see.
	first := server.AddUser("first")
	hello := server.Write(first, newsroom, "@bot help")
	acquainted := acquaint(server)
	good, late := context.WithTimeout(ctx, 20*time.Second)
	defer late()
	if err := server.Until(good, func() bool {
		thread, _ := server.ThreadOf(hello)
		return thread != "" && len(server.FromBot(first, thread)) > 0 && greeted(server, acquainted)
	}); err != nil {
		t.Fatal("no answer on a good day")
	}

	server.Fail(discordfake.Failures{TooMany: 0.05, Broken: 0.01, RetryAfter: 300 * time.Millisecond})
	bad := slackfake.Faults{LimitShare: 0.05, RetryAfter: 1, DropEvery: 50, Seed: 7}
	workspace.Fail(bad)

	var all []*asked
	pace := time.NewTicker(40 * time.Millisecond)
	defer pace.Stop()
	for n := range requests {
		<-pace.C
		if n > 0 && n%(requests/(kills+1)) == 0 && n/(requests/(kills+1)) <= kills {
			bot.kill()
			bot.start()
		}
		if n%75 == 74 {
			server.DropSockets()
			workspace.Drop()
		}
		twice := n%5 == 0
		faults := bad
		if twice {
			faults.Duplicate = 1
		}
		workspace.Fail(faults)
		all = append(all, ask(site.URL, workspace, server, newsroom, acquainted, n, twice))
	}
	workspace.Fail(bad)

	settle(ctx, all)
	bot.ready(ctx)
	bot.stop()

	tally := tallied(t, all)
	db, err := store.Open(ctx, setting(bot, "ONRECORD_STATE_FILE"), store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	counts, err := db.Work().Counts(ctx)
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("%d requests, %d kills: %d answered, %d apologised for, %d refused by the platform, %d doubled, %d missing %v, %d progress lines left behind",
		requests, kills, tally.answered, tally.apologised, tally.refused, tally.doubled, tally.missing, tally.how, tally.stray)
	t.Logf("the bot counts %d done, %d uncertain, %d late, %d failed, %d waiting, %d in work",
		counts.Done, counts.Uncertain, counts.Late, counts.Failed, counts.Waiting, counts.Working)
	if tally.doubled > 0 {
		t.Errorf("%d requests were answered twice", tally.doubled)
	}
	if int64(tally.missing) > counts.Uncertain {
		t.Errorf("%d requests got no answer, and only %d are uncertain", tally.missing, counts.Uncertain)
	}
	// What was accepted too late for the platform's clock can no longer be
	// answered, and the person was told so by the platform.
	if counts.Uncertain > int64(4*kills) || counts.Late > int64(tally.refused) || counts.Failed+counts.Waiting+counts.Working > 0 {
		t.Errorf("too many are not done: %+v", counts)
	}
	if tally.stray > 4*kills {
		t.Errorf("%d progress lines were left behind", tally.stray)
	}
	// How many commands meet a dead bot depends on how long the machine takes
	// to start one.
	if tally.answered < requests*3/4 {
		t.Errorf("only %d of %d were answered", tally.answered, requests)
	}
	for _, p := range append(workspace.Problems(), server.Faults()...) {
		t.Errorf("against the rules of the platform: %s", p)
	}
}

// platforms are a Slack with so many people in #news, and a Discord with a
// channel.
func platforms(t *testing.T, people int) (workspace *slackfake.Server, server *discordfake.Server, newsroom string) {
	workspace = slackfake.New(slackfake.Options{Retries: []time.Duration{time.Second, 3 * time.Second, 6 * time.Second, 12 * time.Second}})
	t.Cleanup(func() { workspace.Close() })
	server = discordfake.New(discordfake.Options{})
	t.Cleanup(func() { server.Close() })
	var members []string
	for n := range people {
		id := fmt.Sprintf("U%04d", n)
		members = append(members, id)
		workspace.AddUser(slackfake.User{ID: id, Name: fmt.Sprintf("reader %d", n)})
	}
	workspace.AddChannel(slackfake.Channel{ID: "CNEWS", Name: "news", Bot: true, Members: members})
	return workspace, server, server.AddChannel(server.AddGuild())
}

// acquaint has people of Discord write to the bot for the first time.
func acquaint(server *discordfake.Server) []*discordfake.User {
	var all []*discordfake.User
	for i := range 12 {
		who := server.AddUser(fmt.Sprintf("acquaintance %d", i))
		server.Write(who, server.DM(who), "help")
		all = append(all, who)
	}
	return all
}

// greeted reports whether the bot has answered them all.
func greeted(server *discordfake.Server, all []*discordfake.User) bool {
	return !slices.ContainsFunc(all, func(who *discordfake.User) bool { return len(server.FromBot(who, server.DM(who))) == 0 })
}

// settle waits until whoever waits for an answer has it, or nothing more is
// coming.
func settle(ctx context.Context, all []*asked) {
	ctx, done := context.WithTimeout(ctx, 90*time.Second)
	defer done()
	waits := func(a *asked) bool { return len(a.sees()) == 0 && !a.refused() }
	for slices.ContainsFunc(all, waits) && ctx.Err() == nil {
		select {
		case <-time.After(300 * time.Millisecond):
		case <-ctx.Done():
		}
	}
}

// tally is how requests ended for the people who made them.
type tally struct {
	answered, apologised, refused, doubled, missing int
	stray                                           int            // progress lines left behind
	how                                             map[string]int // those that are missing
}

// tallied looks at what everybody got.
func tallied(t *testing.T, all []*asked) tally {
	t.Helper()
	n := tally{how: map[string]int{}}
	for _, a := range all {
		// A kill while a progress line is being posted leaves it behind: nobody
		// is left who knows which message it is.
		got := slices.DeleteFunc(a.sees(), func(text string) bool { return strings.HasPrefix(text, "Reading") })
		n.stray += len(a.sees()) - len(got)
		answers := 0
		for _, text := range got {
			if strings.Contains(text, mark(fmt.Sprint(a.n))) {
				answers++
			}
		}
		switch {
		case answers == 1 && len(got) == 1:
			n.answered++
		case answers == 0 && len(got) == 1:
			n.apologised++
			t.Logf("%s %d was told: %.120q", a.how, a.n, got[0])
		case len(got) > 1:
			n.doubled++
			t.Logf("%s %d got %d messages: %.300q", a.how, a.n, len(got), got)
		case a.refused():
			n.refused++
		default:
			n.missing++
			n.how[a.how]++
			t.Logf("%s %d: %.100q", a.how, a.n, got)
		}
	}
	return n
}

func setting(p *process, name string) string {
	for _, v := range p.env {
		if rest, ok := strings.CutPrefix(v, name+"="); ok {
			return rest
		}
	}
	return ""
}

// ask makes request n, in one of six ways.
func ask(site string, workspace *slackfake.Server, server *discordfake.Server, newsroom string, acquainted []*discordfake.User, n int, twice bool) *asked {
	link := fmt.Sprintf("%s/story/%d", site, n)
	a := &asked{n: n}
	user := fmt.Sprintf("U%04d", n)
	texts := func(all []slackfake.Message) []string {
		var out []string
		for _, m := range all {
			if m.From == slackfake.BotUser {
				out = append(out, m.Read())
			}
		}
		return out
	}
	refused := func() bool {
		for _, f := range workspace.Failures() {
			if f.User == user {
				return true
			}
		}
		return false
	}
	switch n % 6 {
	case 0:
		a.how = "Slack command"
		workspace.Slash(user, "CNEWS", "/brief", link)
		a.sees = func() []string {
			var own []slackfake.Message
			for _, m := range workspace.SeesAll(user, "CNEWS") {
				if m.To == user {
					own = append(own, m)
				}
			}
			return texts(own)
		}
		a.refused = refused
	case 1:
		a.how = "Slack mention"
		ts := workspace.Say(user, "CNEWS", "", "@"+slackfake.BotName+" "+link)
		a.sees = func() []string { return texts(workspace.Sees(user, "CNEWS", ts)) }
		a.refused = refused
	case 2:
		a.how = "Slack direct message"
		channel := workspace.DM(user)
		workspace.Say(user, channel, "", link)
		a.sees = func() []string { return texts(workspace.SeesAll(user, channel)) }
		a.refused = refused
	case 3:
		a.how = "Discord command"
		who := server.AddUser(user)
		made := server.Command(who, newsroom, "brief", discordfake.Option{Name: "source", Value: link})
		if twice {
			made.Repeat()
		}
		a.sees = func() []string {
			var out []string
			for _, m := range server.FromBot(who, newsroom) {
				if m.Only == who.ID {
					out = append(out, m.Plain())
				}
			}
			return out
		}
		a.refused = func() bool {
			kind, _ := made.First()
			return kind == 0 // for whoever waited three seconds, it failed
		}
	case 4:
		a.how = "Discord mention"
		who := server.AddUser(user)
		message := server.Write(who, newsroom, "@bot "+link)
		if twice {
			server.Repeat(message)
		}
		a.sees = func() []string {
			var out []string
			if thread, _ := server.ThreadOf(message); thread != "" {
				for _, m := range server.FromBot(who, thread) {
					out = append(out, m.Plain())
				}
			}
			for _, m := range server.FromBot(who, newsroom) {
				if m.Answers == message {
					out = append(out, m.Plain())
				}
			}
			return out
		}
		a.refused = func() bool { return false }
	default:
		a.how = "Discord direct message"
		who := acquainted[n/6%len(acquainted)]
		channel := server.DM(who)
		message := server.Write(who, channel, link)
		if twice {
			server.Repeat(message)
		}
		a.sees = func() []string {
			var out []string
			for _, m := range server.FromBot(who, channel) {
				// Others of this person's questions are answered here too.
				if text := m.Plain(); strings.Contains(text, mark(fmt.Sprint(n))) || m.Answers == message {
					out = append(out, text)
				}
			}
			return out
		}
		a.refused = func() bool { return false }
	}
	return a
}
