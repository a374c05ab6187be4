package chat_test

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"onrecord/article"
	"onrecord/brief"
	"onrecord/chat"
	"onrecord/chat/chattest"
	"onrecord/factcheck"
	"onrecord/nlp"
	"onrecord/quote"
)

var update = flag.Bool("update", false, "rewrite the expected views in testdata")

// The views of one briefing, block for block.
func TestViews(t *testing.T) {
	web := chattest.Sample()
	web.Article.Title, web.Article.URL, web.Article.Publisher = "Ferries stand still", "https://example.com/ferries", "The Vellmar Gazette"
	bare := chattest.Sample()
	bare.Article.Dateline, bare.Article.Published = article.Dateline{}, time.Time{}
	odd := chattest.Sample()
	odd.Analysis.Quotes[1].Unclear = []string{"Ilse Varga", "Piet Odumbe"}
	odd.Analysis.Quotes[1].Speaker = quote.Speaker{Entity: -1}
	odd.Analysis.Quotes[4].Via = "Harrow Lines"
	odd.Analysis.Claims[0].Via = "the Gazette"
	odd.Analysis.Claims[1].Parts = []factcheck.Part{{Standalone: "More than 300 walked off"}, {Standalone: "it was early yesterday"}}
	deep := chattest.Sample()
	deep.Analysis.Claims[0].HowToCheck = append(deep.Analysis.Claims[0].HowToCheck, "Search: Vellmar ferry contract")
	deep.Analysis.Claims[0].Inserted = []factcheck.Insertion{{Text: "Harrow Lines declared that", From: nlp.Span{Start: 0, End: 8}}}
	clashing := chattest.Sample()
	for i := range 4 {
		clashing.Analysis.Consistency = append(clashing.Analysis.Consistency, brief.Clash{
			Kind: factcheck.SumClash, Text: fmt.Sprintf("“%d people” and “two men and two women”: the parts make 4", 5+i), Spans: []nlp.Span{{Start: 0, End: 4}},
		})
	}
	empty := chattest.OfText("")

	now := chat.View{Handle: "#0123abcd", Now: time.Date(2023, 5, 16, 18, 0, 0, 0, time.UTC), Zone: time.FixedZone("X", 2*3600), Public: true, Link: true, Items: 5}
	paged := now
	paged.Items, paged.Page = 2, 2
	late := paged
	late.Page = 99
	for name, r := range map[string]chat.Reply{
		"brief":           chat.BriefReply(chattest.Sample(), now),
		"brief-clashes":   chat.BriefReply(clashing, now),
		"brief-page":      chat.BriefReply(web, now),
		"brief-bare":      chat.BriefReply(bare, chat.View{}),
		"brief-empty":     chat.BriefReply(empty, now),
		"quotes":          chat.QuotesReply(chattest.Sample(), chat.Filter{}, chat.View{}),
		"quotes-explain":  chat.QuotesReply(web, chat.Filter{}, chat.View{Explain: true}),
		"quotes-paged":    chat.QuotesReply(chattest.Sample(), chat.Filter{}, paged),
		"quotes-past-end": chat.QuotesReply(chattest.Sample(), chat.Filter{}, late),
		"quotes-odd":      chat.QuotesReply(odd, chat.Filter{}, chat.View{}),
		"quotes-empty":    chat.QuotesReply(empty, chat.Filter{}, now),
		"quotes-by-role":  chat.QuotesReply(chattest.Sample(), chat.Filter{By: "Spokesman", About: "BOAT"}, now),
		"quotes-nothing":  chat.QuotesReply(chattest.Sample(), chat.Filter{By: "Varga", About: "penguins"}, now),
		"claims":          chat.ClaimsReply(chattest.Sample(), chat.Filter{}, chat.View{}),
		"claims-paged":    chat.ClaimsReply(web, chat.Filter{By: "lines"}, paged),
		"claims-top":      chat.ClaimsReply(chattest.Sample(), chat.Filter{Top: 3}, paged),
		"claims-odd":      chat.ClaimsReply(odd, chat.Filter{}, chat.View{}),
		"claims-deep":     chat.ClaimsReply(deep, chat.Filter{Top: 1}, chat.View{}),
		"claims-explain":  chat.ClaimsReply(deep, chat.Filter{Top: 1}, chat.View{Explain: true}),
		"claim":           claim(deep, 1, now),
		"claims-nothing":  chat.ClaimsReply(chattest.Sample(), chat.Filter{By: "nobody", About: "anything"}, now),
		"claims-empty":    chat.ClaimsReply(empty, chat.Filter{}, now),
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

// claim is the view of one claim.
func claim(b *brief.Briefing, rank int, v chat.View) chat.Reply {
	r, err := chat.ClaimReply(b, rank, v)
	if err != nil {
		return chat.Apology(err)
	}
	return r
}

// dump writes a reply with its roles and styles.
func dump(r chat.Reply) string {
	var w strings.Builder
	for _, b := range r.Blocks {
		w.WriteString(string(b.Role))
		if b.Number > 0 {
			w.WriteString(" " + strconv.Itoa(b.Number))
		}
		w.WriteString(":")
		for _, run := range b.Text {
			w.WriteString(" ")
			if run.Style != chat.Plain {
				w.WriteString(string(run.Style) + "=")
			}
			w.WriteString(strconv.Quote(run.Text))
			if run.Link != "" {
				w.WriteString("→" + run.Link)
			}
		}
		if b.Passage != "" {
			w.WriteString(" @" + b.Passage)
		}
		w.WriteByte('\n')
	}
	for _, a := range r.Actions {
		w.WriteString("action " + a.Name + " [" + a.Label + "] " + a.Command + " | " + a.Short)
		if a.More {
			w.WriteString(" (more)")
		}
		w.WriteByte('\n')
	}
	return w.String()
}

// briefings draws briefings of any text with any findings in it.
func briefings() *rapid.Generator[*brief.Briefing] {
	return rapid.Custom(func(t *rapid.T) *brief.Briefing {
		text := rapid.OneOf(rapid.String(), rapid.StringMatching(`([a-z]{1,8} ){0,60}`)).Draw(t, "text")
		text = strings.ToValidUTF8(text, "?")
		span := func() nlp.Span {
			a, b := rapid.IntRange(0, len(text)).Draw(t, "a"), rapid.IntRange(0, len(text)).Draw(t, "b")
			return nlp.Span{Start: min(a, b), End: max(a, b)}
		}
		name := rapid.SampledFrom([]string{"", "Ada", "Bob Öz", "hundreds of migrants"})
		day := func() time.Time {
			return time.Date(2020, 1, rapid.IntRange(-800, 800).Draw(t, "day"), 0, 0, 0, 0, time.UTC)
		}
		b := chattest.OfText(text)
		if rapid.Bool().Draw(t, "dated") {
			b.Article.Published = day()
		}
		if rapid.Bool().Draw(t, "linked") {
			b.Article.URL = "https://example.com/a"
		}
		b.Article.Title = name.Draw(t, "title")
		found := b.Analysis
		*found = brief.Analysis{}
		n := func(label string) []struct{} {
			return make([]struct{}, rapid.IntRange(0, 12).Draw(t, label))
		}
		for range n("times") {
			from := day()
			found.Times = append(found.Times, factcheck.Date{Span: span(), Dates: nlp.Dates{Start: from, End: from.AddDate(0, 0, rapid.IntRange(0, 400).Draw(t, "days"))}})
		}
		slices.SortFunc(found.Times, func(a, b factcheck.Date) int { return a.Span.Start - b.Span.Start })
		for range n("summary") {
			s := span()
			found.Summary = append(found.Summary, brief.Sentence{Text: s.Text(text), Span: s, Parts: []nlp.Span{s}})
		}
		for range n("quotes") {
			q := quote.Quote{
				Content: []nlp.Span{span()}, Verb: name.Draw(t, "verb"), Via: name.Draw(t, "via"),
				Kind:    rapid.SampledFrom([]quote.Kind{quote.Speech, quote.Other}).Draw(t, "kind"),
				SaidOn:  rapid.IntRange(-1, 20).Draw(t, "said on"),
				Speaker: quote.Speaker{Name: name.Draw(t, "speaker"), Role: name.Draw(t, "role"), Entity: rapid.IntRange(-1, 3).Draw(t, "entity")},
			}
			if q.Speaker.Name == "" {
				q.Unclear = []string{"Ada", "Bob Öz"}
			}
			found.Quotes = append(found.Quotes, q)
		}
		for range n("claims") {
			s := span()
			found.Claims = append(found.Claims, factcheck.Claim{
				Span: s, Checkable: rapid.Bool().Draw(t, "checkable"), Speaker: name.Draw(t, "speaker"),
				Reasons: []string{"a reason"}, Standalone: s.Text(text) + name.Draw(t, "more"), Quote: -1, HowToCheck: []string{"ask"},
			})
		}
		return b
	})
}

// Whatever was found: what stands as the article's words is in the article, and
// the pages together show each finding once.
func TestViewProperties(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		b := briefings().Draw(t, "briefing")
		check := func(r chat.Reply) {
			for _, block := range r.Blocks {
				for _, run := range block.Text {
					if run.Style != chat.Quoted || block.Role == chat.Subheading {
						continue
					}
					if !strings.Contains(b.Article.Text, run.Text) {
						t.Fatalf("%q stands as the article's words", run.Text)
					}
				}
				if block.Role != chat.Divider && len(block.Text) == 0 {
					t.Fatalf("empty block: %+v", block)
				}
			}
			for _, a := range r.Actions {
				if a.Name == "" || a.Label == "" || !strings.HasPrefix(a.Command, strings.Fields(a.Short)[0]+" #") {
					t.Fatalf("action is incomplete: %+v", a)
				}
			}
		}
		view := chat.View{Handle: "#0123abcd", Items: rapid.IntRange(1, 6).Draw(t, "items")}
		check(chat.BriefReply(b, view))
		for name, show := range map[string]func(chat.View) chat.Reply{
			"quotes": func(v chat.View) chat.Reply { return chat.QuotesReply(b, chat.Filter{}, v) },
			"claims": func(v chat.View) chat.Reply { return chat.ClaimsReply(b, chat.Filter{}, v) },
		} {
			whole := items(show(chat.View{}))
			var paged []string
			for page, more := 1, true; more; page++ {
				view.Page = page
				r := show(view)
				check(r)
				got := items(r)
				if len(got) > view.Items {
					t.Fatalf("%s: %d items on a page of %d", name, len(got), view.Items)
				}
				paged = append(paged, got...)
				more = slices.ContainsFunc(r.Actions, func(a chat.Action) bool { return a.Name == "next" })
				if more != (r.Page.Number < r.Page.Of) || page > 20 {
					t.Fatalf("%s: page %d is %+v and offers %+v", name, page, r.Page, r.Actions)
				}
			}
			if diff := cmp.Diff(paged, whole); diff != "" {
				t.Fatalf("%s in pages - whole +:\n%s", name, diff)
			}
		}
	})
}

func items(r chat.Reply) []string {
	var all []string
	for _, b := range r.Blocks {
		if b.Role == chat.Item {
			all = append(all, strconv.Itoa(b.Number)+" "+b.String())
		}
	}
	return all
}

// The words of an action are understood as the command that it says.
func TestActionsAreCommands(t *testing.T) {
	bot, _ := newBot()
	scope := channel
	replies := []chat.Reply{bot.Handle(t.Context(), chat.Request{Scope: scope, Text: link})}
	seen := map[string]bool{}
	for len(replies) > 0 {
		r := replies[0]
		replies = replies[1:]
		for _, a := range r.Actions {
			if seen[a.Command] {
				continue
			}
			seen[a.Command] = true
			name, rest, _ := strings.Cut(a.Command, " ")
			requests := []chat.Request{{Entry: chat.ByAction, Command: name, Text: rest}}
			if name != "remove" { // typed, it cannot say which message is meant
				requests = append(requests, chat.Request{Text: a.Command}, chat.Request{Text: a.Short})
			}
			for _, req := range requests {
				req.Scope = scope
				got := bot.Handle(t.Context(), req)
				if got.Err != nil || got.Command != name {
					t.Errorf("%q %q %q is answered by %q: %v", req.Entry, req.Command, req.Text, got.Command, got.Err)
				}
				replies = append(replies, got)
			}
		}
	}
	if len(seen) < 6 {
		t.Errorf("only %d actions are ever offered: %v", len(seen), seen)
	}
}
