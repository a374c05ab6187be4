package chat_test

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"onrecord/book"
	"onrecord/book/booktest"
	"onrecord/chat"
	"onrecord/chat/chattest"
	"onrecord/store"
)

// withBook is a bot with a quote book.
func withBook(t testing.TB) (*chat.Bot, *chattest.Briefer) {
	t.Helper()
	db, err := store.Open(context.Background(), filepath.Join(t.TempDir(), "onrecord.db"), store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	bot, b := newBot()
	bot.Service.Book = &book.Book{Store: db.Book()}
	bot.Settings, bot.Forgetter = db.Settings(), db
	return bot, b
}

// ask asks by a slash command, which is answered to the asker alone.
func ask(t testing.TB, bot *chat.Bot, scope chat.Scope, text string) string {
	t.Helper()
	r := bot.Handle(t.Context(), chat.Request{Scope: scope, Entry: chat.ByCommand, Command: "brief", Text: text, Time: booktest.Day(20)})
	return r.String()
}

const nothing = "in the quote book of this place"

// Who finds what: each workspace its own, and what is private its asker alone,
// there.
func TestSaidKeepsPlacesApart(t *testing.T) {
	pasted := strings.Repeat("“We will not take one more boat out,” said Ilse Varga, head of the union. ", 8)
	public := channel
	elsewhere := channel
	elsewhere.Workspace = "w2"
	dm := chat.Scope{Platform: "fake", Workspace: "w", Channel: "dm", User: "ada", Private: true}
	room := dm
	room.Channel = "room" // a private channel of several people
	bob := func(s chat.Scope) chat.Scope { s.User = "bob"; return s }
	in := func(s chat.Scope, ch string) chat.Scope { s.Channel = ch; return s }
	type look struct {
		from  chat.Scope
		entry chat.Entry
		found bool
	}
	for _, test := range []struct {
		name  string
		from  chat.Scope
		what  string
		looks []look
	}{
		{"a link in a public channel", public, link, []look{
			{public, chat.ByCommand, true},
			{bob(public), chat.ByMention, true},
			{in(public, "other"), chat.ByMention, true},
			{bob(dm), chat.ByMessage, true},
			{elsewhere, chat.ByCommand, false},
		}},
		{"a text in a public channel", public, pasted, []look{
			{public, chat.ByCommand, true},
			{public, chat.ByMention, false}, // others would see the answer
			{bob(public), chat.ByCommand, false},
			{in(public, "other"), chat.ByCommand, false},
			{elsewhere, chat.ByCommand, false},
		}},
		{"a link in a direct message", dm, link, []look{
			{dm, chat.ByMessage, true},
			{dm, chat.ByCommand, true},
			{public, chat.ByCommand, false},
			{bob(dm), chat.ByMessage, false},
			{bob(public), chat.ByMention, false},
		}},
		{"a link in a private channel", room, link, []look{
			{room, chat.ByCommand, true},
			{room, chat.ByMention, false},
			{bob(room), chat.ByCommand, false},
			{public, chat.ByCommand, false},
		}},
	} {
		t.Run(test.name, func(t *testing.T) {
			bot, _ := withBook(t)
			ask(t, bot, test.from, test.what)
			for _, l := range test.looks {
				r := bot.Handle(t.Context(), chat.Request{Scope: l.from, Entry: l.entry, Text: "said about boat", Time: booktest.Day(20)})
				if found := strings.Contains(r.String(), "one more boat"); found != l.found {
					t.Errorf("%+v by %s: found %v, want %v:\n%s", l.from, l.entry, found, l.found, r)
				}
				if got := bot.Service.SuggestSpeakers(t.Context(), l.from, "var"); len(got) > 0 && test.name != "a link in a public channel" {
					t.Errorf("%+v is offered %v", l.from, got)
				}
			}
		})
	}
}

// Whatever is asked where, no place ever finds what was briefed in another.
func TestSaidNeverLeaks(t *testing.T) {
	bot, _ := withBook(t)
	round := 0
	rapid.Check(t, func(rt *rapid.T) {
		round++
		scopes := rapid.Custom(func(t *rapid.T) chat.Scope {
			return chat.Scope{
				Platform: "fake", Workspace: fmt.Sprint(round, rapid.SampledFrom([]string{"", "a", "b"}).Draw(t, "workspace")),
				Channel: rapid.SampledFrom([]string{"c", "d"}).Draw(t, "channel"), User: rapid.SampledFrom([]string{"ada", "bob"}).Draw(t, "user"),
				Private: rapid.Bool().Draw(t, "private"),
			}
		})
		var from []chat.Scope
		var pasted []bool
		for i := range rapid.IntRange(1, 4).Draw(rt, "n") {
			s := scopes.Draw(rt, "from")
			text := link + fmt.Sprint("/", i)
			private := rapid.Bool().Draw(rt, "pasted")
			if private {
				text = strings.Repeat("“We will not take one more boat out,” said Ilse Varga, head of the union. ", 8)
			}
			from, pasted = append(from, s), append(pasted, private)
			bot.Handle(context.Background(), chat.Request{Scope: s, Entry: chat.ByCommand, Command: "brief", Text: text})
		}
		asker := scopes.Draw(rt, "asker")
		entry := rapid.SampledFrom([]chat.Entry{chat.ByCommand, chat.ByMention, chat.ByMessage, chat.ByMenu}).Draw(rt, "entry")
		words := rapid.SampledFrom([]string{"said Varga", "said", "said about boat", "said \" OR 1=1", "said * about *"}).Draw(rt, "words")
		r := bot.Handle(context.Background(), chat.Request{Scope: asker, Entry: entry, Text: words})
		may := false
		for i, s := range from {
			same := s.Workspace == asker.Workspace
			own := same && s.Channel == asker.Channel && s.User == asker.User && (entry == chat.ByCommand || entry == chat.ByMenu || entry == chat.ByMessage && asker.Private)
			may = may || own || same && !pasted[i] && !s.Private
		}
		if strings.Contains(r.String(), "one more boat") && !may {
			rt.Fatalf("%+v by %s finds what was asked in %+v:\n%s", asker, entry, from, r)
		}
	})
}

// How the command is understood.
func TestSaidArguments(t *testing.T) {
	bot, _ := withBook(t)
	ask(t, bot, channel, link)
	for words, want := range map[string]string{
		"said":                                  "· the latest",
		"said Ilse Varga":                       "· by “Ilse Varga”",
		"said Varga about boats":                "· by “Varga” about “boats”",
		"said about pay":                        "· about “pay”",
		"said by Varga since last week":         "· by “by Varga” since 12 Jan 2026", // "by" is no option here, and no part of a name either
		"said since March until 2026-01-02":     "· since 1 Mar 2025 until 2 Jan 2026",
		"said varga outlet gazette stance said": "in “gazette” said",
		"book varga":                            "· by “varga”",
		"said varga page 2":                     "· by “varga”",
		"said varga since the flood":            "I do not know which time “the flood” is",
		"said since 2026-01-02 until 2025":      "2 Jan 2026 is after 31 Dec 2025",
		"said varga stance lied":                "I do not know the stance “lied”",
		"top since yesterday about boats":       "Most asked · about “boats” since 19 Jan 2026",
		"top penguins":                          "It goes like this: top",
		"said varga about":                      "Something is missing after “about”",
	} {
		if got := ask(t, bot, channel, words); !strings.Contains(got, want) {
			t.Errorf("%s:\n%s\nwant %q", words, got, want)
		}
	}
	// A text that begins with the word is a text.
	said := "Said the mayor of Vellmar on Tuesday in front of the harbour office that the ferries of the islands would sail again soon."
	if r := bot.Handle(t.Context(), chat.Request{Scope: channel, Entry: chat.ByMessage, Text: said}); r.Command == "said" {
		t.Errorf("taken for a question:\n%s", r)
	}
}

func TestForget(t *testing.T) {
	bot, _ := withBook(t)
	bob := channel
	bob.User = "bob"
	there := func() bool { return strings.Contains(ask(t, bot, channel, "said varga"), "boat") }
	says := func(scope chat.Scope, moderator bool, text, want string) {
		t.Helper()
		r := bot.Handle(t.Context(), chat.Request{Scope: scope, Entry: chat.ByMention, Text: text, Moderator: moderator})
		if !strings.Contains(r.String(), want) || r.Visibility != chat.ToAsker && r.Err == nil {
			t.Errorf("%s (%s):\n%s\nwant %q", text, r.Visibility, r, want)
		}
	}
	ask(t, bot, channel, link)
	says(channel, false, "forget https://example.com/other", "not "+nothing)
	says(channel, false, "forget "+link+"/?utm_source=mail#top", "Forgotten") // the same article
	if there() {
		t.Error("it is still there")
	}
	ask(t, bot, channel, link)
	ask(t, bot, bob, link)
	says(channel, false, "forget "+link, "Others asked about that article too")
	says(channel, true, "forget "+link, "Forgotten")
	if there() {
		t.Error("it is still there")
	}

	ask(t, bot, channel, link)
	says(channel, false, "forget me", "It cannot be undone")
	if !there() {
		t.Error("forgotten before it was confirmed")
	}
	says(channel, false, "forget me now", "nothing of you is kept")
	if there() {
		t.Error("it is still there")
	}
	says(channel, false, "forget", "What shall I forget?")
	says(channel, false, "forget ';DROP--", "")
}

// A claim that other articles have says so.
func TestSeenAgain(t *testing.T) {
	bot, _ := withBook(t)
	if got := ask(t, bot, channel, "claim "+link+" 1"); strings.Contains(got, "Seen again") {
		t.Errorf("in no other article:\n%s", got)
	}
	ask(t, bot, channel, link+"/copy")
	if got := ask(t, bot, channel, "claim "+link+" 1"); !strings.Contains(got, "Seen again in 1 article (") {
		t.Errorf("in another article:\n%s", got)
	}
	elsewhere := channel
	elsewhere.Workspace = "w2"
	if got := ask(t, bot, elsewhere, "claim "+link+" 1"); strings.Contains(got, "Seen again") {
		t.Errorf("in another workspace:\n%s", got)
	}
}

// A workspace decides whether and how long its book remembers.
func TestBookSettings(t *testing.T) {
	bot, _ := withBook(t)
	change := func(text, want string) {
		t.Helper()
		r := bot.Handle(t.Context(), chat.Request{Scope: channel, Entry: chat.ByCommand, Command: "settings", Text: text, Moderator: true})
		if !strings.Contains(r.String(), want) {
			t.Errorf("settings %s:\n%s\nwant %q", text, r, want)
		}
	}
	change("book off", "Quote book: off")
	ask(t, bot, channel, link)
	if got := ask(t, bot, channel, "said varga"); !strings.Contains(got, nothing) {
		t.Errorf("remembered all the same:\n%s", got)
	}
	change("book on keep 90", "An article stays in it: 90 days")
	change("keep all", "An article stays in it: as long as the operator does")
	change("keep 0", "a number of days, or “all”")
	change("keep 1e9", "a number of days, or “all”")
	ask(t, bot, channel, link)
	if got := ask(t, bot, channel, "said varga"); strings.Contains(got, nothing) {
		t.Errorf("not remembered:\n%s", got)
	}
}

// Without a book there is one sentence.
func TestNoBook(t *testing.T) {
	bot, _ := newBot()
	for _, words := range []string{"said varga", "top"} {
		if got := ask(t, bot, channel, words); !strings.Contains(got, "There is no quote book here") {
			t.Errorf("%s:\n%s", words, got)
		}
	}
}

// Queries may hold anything and be of any length.
func FuzzSaid(f *testing.F) {
	for _, h := range booktest.Hostile {
		f.Add(h, h)
	}
	f.Add(strings.Repeat("a ", 100_000), strings.Repeat("\"", 10_000))
	bot, _ := withBook(f)
	ask(f, bot, channel, link)
	f.Fuzz(func(t *testing.T, speaker, about string) {
		for _, q := range []book.Query{
			{Speaker: speaker, About: about},
			{Speaker: speaker, Outlet: about},
			{About: speaker, Stance: about, Since: booktest.Day(1)},
		} {
			found, err := bot.Service.Said(t.Context(), chat.Request{Scope: channel}, q)
			if err != nil {
				t.Fatalf("%q, %q: %v", speaker, about, err)
			}
			_ = chat.SaidReply(found, q, chat.View{Items: 5, Handle: "said"})
		}
		if got := bot.Service.SuggestSpeakers(t.Context(), channel, speaker); len(got) > 25 {
			t.Errorf("%d suggestions", len(got))
		}
		if r := bot.Handle(t.Context(), chat.Request{Scope: channel, Entry: chat.ByCommand, Command: "said", Text: speaker + " about " + about}); r.Reference != "" {
			t.Errorf("an apology: %v", r.Err)
		}
	})
}

// The views of an answer, block for block.
func TestSaidViews(t *testing.T) {
	item := func(speaker, role, text, outlet string, n int) book.Item {
		it := booktest.Said(speaker, role, text)
		a := booktest.Entry("https://"+outlet+".example/"+fmt.Sprint(n), n).Article
		a.Outlet, a.Title, a.Asked = "The "+outlet, fmt.Sprintf("Story %d", n), n
		it.Article, it.Link = &a, a.URL+"#words"
		return it
	}
	first := item("Ilse Varga", "union head", "“We will not take one more boat out today.”", "Gazette", 9)
	changed := item("Varga", "", "“We will not take one more ship out today.”", "Courier", 8)
	cut := item("Ilse Varga", "", "“We will not take one more boat out”", "Times", 8)
	second := item("Harrow Lines", "", "that the pay was settled", "Gazette", 7)
	second.Of, second.SaidOn, second.Stance, second.Verb = "Ilse Varga", "2026-01-05", "claimed", "insisted"
	unclear := item("", "", "Nobody asked us.", "Gazette", 6)
	unclear.Unclear = []string{"Ilse Varga", "Bo Day"}
	gone := item("Ilse Varga", "union head", "There were 450 people on the pier", "Gazette", 5)
	gone.Gone, gone.Numbers = booktest.Day(19), []book.Number{{Text: "450 people", Value: 450, Of: "peopl"}}
	other := item("Ilse Varga", "", "There were 300 people on the pier", "Courier", 4)
	other.Numbers = []book.Number{{Text: "300 people", Value: 300, Of: "peopl"}}
	other.Article.Published = time.Time{}
	items := []book.Item{first, changed, cut, second, unclear, gone, other}
	full := &book.Answer{
		People:  []book.Person{{Name: "Ilse Varga", Role: "union head", Names: []string{"Ilse Varga", "Varga"}}},
		Sayings: book.Sayings(items), More: true,
		Clashes: []book.Clash{{Kind: book.Numbers, Of: "300 people", A: other, B: gone}},
	}
	q := book.Query{Speaker: "Varga", About: "boat", Since: booktest.Day(1)}
	claim := book.Item{Kind: book.Claim, Text: "The company lost 12 million crowns.", Speaker: "Harrow Lines", Article: first.Article}
	again := claim
	again.Article = changed.Article
	two := *full
	two.People = append(two.People, book.Person{Name: "Karl Varga", Names: []string{"Karl Varga"}})
	for name, r := range map[string]chat.Reply{
		"said":         chat.SaidReply(full, q, chat.View{}),
		"said-paged":   chat.SaidReply(full, q, chat.View{Items: 2, Page: 2, Handle: "said"}),
		"said-nothing": chat.SaidReply(&book.Answer{}, q, chat.View{}),
		"said-two":     chat.SaidReply(&two, book.Query{Speaker: "Varga"}, chat.View{Items: 1, Page: 1, Handle: "said"}),
		"top":          chat.TopReply(book.Repeats([]book.Item{claim, again}), book.Query{Since: booktest.Day(1)}),
		"top-nothing":  chat.TopReply(nil, book.Query{About: "penguins"}),
	} {
		t.Run(name, func(t *testing.T) {
			got := dump(r)
			file := filepath.Join("testdata", name+".txt")
			if *update {
				if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
					t.Fatal(err)
				}
				return
			}
			want, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(got, string(want)); diff != "" {
				t.Errorf("got - want + (-update rewrites, then read the diff):\n%s", diff)
			}
		})
	}
}
