package chat_test

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"net/url"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"onrecord/article"
	"onrecord/brief"
	"onrecord/chat"
	"onrecord/chat/chattest"
	"onrecord/store"
	"onrecord/watch"
)

// hall is a platform that can be spoken in.
type hall struct {
	*chattest.Fake
	rooms map[string]chat.Room
	said  []chat.Announcement
}

func (h *hall) Room(_ context.Context, _, channel string) (chat.Room, error) {
	return h.rooms[channel], nil
}

func (h *hall) Announce(_ context.Context, a chat.Announcement) (string, error) {
	h.said = append(h.said, a)
	return "m", nil
}

// watching is a bot with watches, and the address of a feed.
func watching(t *testing.T) (*chat.Bot, *hall, string) {
	t.Helper()
	site := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path != "/feed" {
			http.NotFound(w, r)
			return
		}
		fmt.Fprint(w, `<rss version="2.0"><channel><title>The Vellmar Courier</title><item><title>An old story</title><link>/1</link></item></channel></rss>`)
	}))
	t.Cleanup(site.Close)
	u, err := url.Parse(site.URL)
	if err != nil {
		t.Fatal(err)
	}
	port, err := strconv.Atoi(u.Port())
	if err != nil {
		t.Fatal(err)
	}
	db, err := store.Open(t.Context(), filepath.Join(t.TempDir(), "onrecord.db"), store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	reader := &article.Reader{Networks: []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")}, Ports: []int{port}}
	b := &chat.Bot{Service: &chat.Service{Briefer: &chattest.Briefer{}}, Settings: db.Settings()}
	h := &hall{Fake: chattest.NewFake(), rooms: map[string]chat.Room{}}
	b.Watcher = &watch.Watcher{
		Store: db.Watches(), Reader: reader, Gap: time.Microsecond,
		Poster: &chat.Desk{Service: b.Service, Announcers: []chat.Announcer{h}, Admits: b.Hears},
	}
	return b, h, site.URL + "/feed"
}

func TestWatchCommand(t *testing.T) {
	b, h, feed := watching(t)
	h.rooms["CPUB"] = chat.Room{Shared: true}
	h.rooms["CFORUM"] = chat.Room{Forum: true}
	h.rooms["CSECRET"] = chat.Room{Private: true}
	berlin, err := time.LoadLocation("Europe/Berlin")
	if err != nil {
		t.Fatal(err)
	}
	ask := func(channel, text string, manager bool) string {
		t.Helper()
		reply := b.Handle(t.Context(), chat.Request{
			Scope: chat.Scope{Platform: "fake", Workspace: "T1", Channel: channel, User: "ada"}, Entry: chat.ByMention, Text: text, Moderator: manager, Zone: berlin,
		})
		return chattest.Shown(reply)
	}
	for _, c := range []struct{ channel, text, want string }{
		{"C1", "watch", "There are none"},
		{"C1", "watch why", "Nothing has come up yet"},
		{"C1", "watch add " + feed + " daily 7:30 weekdays about ferry, harbour excluding football kinds number limit 5", "weekdays at 7:30 (Europe/Berlin) · as a list of claims · about ferry or harbour · excluding football · claims of the kind number · at most 5 a day"},
		{"C1", "watch add " + feed, "watched here already"},
		{"C1", "watch list", "The Vellmar Courier"},
		{"C1", "watch why", "not posted: it was there before the watch was made"},
		{"C2", "watch add <" + feed + "> form brief", "What it has now is not posted"},
		{"C2", "watch add speaker Ilse Varga", "Watching Ilse Varga being quoted"},
		{"C2", "watch add topic asylum", "Watching “asylum”"},
		{"C2", "watch add claim half of all ferries are late", "Watching the claim “half of all ferries are late”"},
		{"C2", "watch add " + feed + " speaker Varga", "One watch follows one thing"},
		{"C2", "watch add", "What am I to watch?"},
		{"C2", "watch add " + feed + " kinds gossip", "I know no claims of the kind “gossip”"},
		{"C2", "watch add " + feed + " daily noonish", "which time of day “noonish” is"},
		{"C2", "watch add " + feed + " daily 7:30 zone Atlantis", "I do not know the time zone “Atlantis”"},
		{"C2", "watch add " + feed + " form poem", "claims, brief"},
		{"C2", "watch add " + feed + " thread", "This is no thread"},
		{"C2", "watch add " + feed + " tags politics", "Tags are for posts in a forum"},
		{"C2", "watch add " + feed + " channel <#CFORUM|stories> tags politics", "as posts of the forum · tags politics"},
		{"C2", "watch add " + feed + " channel CSECRET", "Not everybody reads that channel"},
		{"C2", "watch add " + feed + " channel ../etc", "I do not know the channel"},
		{"CPUB", "watch add " + feed, "people of other organisations read this channel"},
		{"CPUB", "watch allow", "From now on watches may speak"},
		{"C1", "watch remove", "Which one?"},
		{"C1", "watch remove zzzzzz", "There is no watch “zzzzzz”"},
		{"C1", "watch dance", "I do not know “watch dance”"},
		{"C1", "watch article", "read again for three days"},
		{"C1", "watch article off", "From now on briefed articles are not read again"},
		{"C1", "watch article", "“watch article on” changes that"},
		{"C1", "help watch", "watch why"},
	} {
		if got := ask(c.channel, c.text, true); !strings.Contains(got, c.want) {
			t.Errorf("%s: %q\n%s\nwant %q", c.channel, c.text, got, c.want)
		}
	}
	if b.Follows(t.Context(), chat.Scope{Platform: "fake", Workspace: "T1"}) {
		t.Error("articles are followed all the same")
	}
	for _, text := range []string{"watch add " + feed, "watch allow", "watch article on", "watch remove zzzzzz"} {
		if got := ask("C3", text, false); !strings.Contains(got, "Only whoever manages this workspace") {
			t.Errorf("somebody says %q: %s", text, got)
		}
	}
	all, err := b.Watcher.Store.List(t.Context(), watch.Query{Place: watch.Place{Channel: "C1"}})
	if err != nil || len(all) != 1 {
		t.Fatalf("%v, %v", all, err)
	}
	if got := ask("C3", "watch why "+all[0].ID, false); !strings.Contains(got, "There is no watch") {
		t.Errorf("another channel is told: %s", got)
	}
	for _, c := range []struct{ do, want string }{{"pause", "Paused"}, {"resume", "again"}, {"remove", "Removed"}} {
		if got := ask("C1", "watch "+c.do+" "+all[0].ID, true); !strings.Contains(got, c.want) {
			t.Errorf("%s: %s", c.do, got)
		}
	}
	if got := ask("C1", "watch list", false); !strings.Contains(got, "There are none") {
		t.Errorf("%s", got)
	}
}

// What watches say, as it is said.
func TestPostReply(t *testing.T) {
	b := chattest.Sample()
	one := &watch.Watch{ID: "k3f9a2", Kind: watch.Feed, Of: "https://a.example/feed", Title: "The Vellmar Courier", Form: watch.AsClaims}
	told := watch.Told{Item: watch.Item{Title: b.Article.Title, URL: "https://a.example/1"}, Source: article.Source{Link: "https://a.example/1"}, Briefing: b}
	speaker, briefing := *one, *one
	speaker.Kind, speaker.Of = watch.Speaker, b.Analysis.Quotes[0].Speaker.Name
	briefing.Form = watch.AsBrief
	change := &watch.Change{Title: "T", Link: "https://a.example/1", Revisions: brief.Revisions{Added: 2, List: []brief.Revision{
		{Touches: []brief.Touches{brief.TouchesNumber}, Before: "Twelve were hurt.", After: "Fourteen were hurt."}, {Touches: []brief.Touches{brief.TouchesQuote}, Before: "“No,” he said."},
	}}}
	for name, c := range map[string]struct {
		post watch.Post
		want []string
	}{
		"claims":  {watch.Post{Sort: watch.Story, Watch: one, Stories: []watch.Told{told}}, []string{b.Article.Title, "How to check", "From the watch on The Vellmar Courier · watch why k3f9a2"}},
		"brief":   {watch.Post{Sort: watch.Story, Watch: &briefing, Stories: []watch.Told{told}}, []string{"Check first:", "watch why k3f9a2"}},
		"speaker": {watch.Post{Sort: watch.Story, Watch: &speaker, Stories: []watch.Told{told}}, []string{speaker.Of, "being quoted"}},
		"digest":  {watch.Post{Sort: watch.Digest, Watch: one, Slot: "2026-03-05", Stories: []watch.Told{told, told}}, []string{"digest of 5 Mar 2026", "2 stories", "claims #"}},
		"notice":  {watch.Post{Sort: watch.Notice, Watch: one, Text: "I cannot read the feed."}, []string{"I cannot read the feed.", "watch why k3f9a2"}},
		"changes": {watch.Post{Sort: watch.Changes, Change: change}, []string{"The article has changed", "2 changes, 2 sentences added", "Number", "Before: Twelve were hurt.", "Now: Fourteen were hurt.", "Now: taken out", "watch article off"}},
	} {
		got := chattest.Shown(chat.PostReply(c.post, ""))
		for _, want := range c.want {
			if !strings.Contains(got, want) {
				t.Errorf("%s without %q:\n%s", name, want, got)
			}
		}
	}
}

// What watches say of a story leads to its annotated article, once.
func TestPostReplyLeadsToTheAnnotatedArticle(t *testing.T) {
	b := chattest.Sample()
	told := watch.Told{Item: watch.Item{Title: b.Article.Title, URL: "https://a.example/1"}, Source: article.Source{Link: "https://a.example/1"}, Briefing: b}
	for _, one := range []watch.Watch{
		{Kind: watch.Feed, Form: watch.AsClaims},
		{Kind: watch.Feed, Form: watch.AsBrief},
		{Kind: watch.Topic, Of: "the"},
		{Kind: watch.Speaker, Of: b.Analysis.Quotes[0].Speaker.Name},
		{Kind: watch.Claim, Of: "a b c"},
	} {
		const marked = "https://onrecord.example/a/x"
		n := 0
		for _, block := range chat.PostReply(watch.Post{Sort: watch.Story, Watch: &one, Stories: []watch.Told{told}}, marked).Blocks {
			for _, run := range block.Text {
				if strings.HasPrefix(run.Link, marked) {
					n++
				}
			}
		}
		if n != 1 {
			t.Errorf("a watch of a %s as %s has %d links", one.Kind, one.Form, n)
		}
	}
}

// Where the bot is switched off, it says nothing unasked either.
func TestWatchesHeedSettings(t *testing.T) {
	b, h, feed := watching(t)
	in := watch.Place{Platform: "fake", Workspace: "T1", Channel: "C1"}
	manager := chat.Request{Scope: chat.Scope{Platform: "fake", Workspace: "T1", Channel: "C2", User: "ada"}, Entry: chat.ByMention, Moderator: true, Text: "settings channels here"}
	if _, err := b.Watcher.Poster.Room(t.Context(), in); err != nil {
		t.Fatal(err)
	}
	b.Handle(t.Context(), manager)
	if _, err := b.Watcher.Poster.Room(t.Context(), in); err == nil {
		t.Error("it speaks in a channel that the settings leave out")
	}
	manager.Text = "settings off"
	b.Handle(t.Context(), manager)
	in.Channel = "C2"
	if _, err := b.Watcher.Poster.Room(t.Context(), in); err == nil {
		t.Error("it speaks though it is switched off")
	}
	manager.Text = "watch add " + feed
	if got := chattest.Shown(b.Handle(t.Context(), manager)); !strings.Contains(got, "switched off") || len(h.said) != 0 {
		t.Errorf("%s", got)
	}
}
