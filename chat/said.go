package chat

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"onrecord/article"
	"onrecord/book"
	"onrecord/brief"
	"onrecord/checklist"
	"onrecord/nlp"
	"onrecord/quote"
)

// This file is the conversation about the quote book; package book is the book
// itself.

// shelf is the part of the book that an article belongs to: the workspace's, or
// that of its asker in this channel for what is private. It reports false for
// what belongs nowhere.
func (s *Service) shelf(scope Scope, src article.Source) (book.Shelf, bool) {
	where := book.Shelf{Platform: scope.Platform, Workspace: scope.Workspace}
	private := src.Private || scope.Private
	if s.Sole {
		private = src.Link == ""
	}
	if private {
		where.Member, where.Channel = scope.User, scope.Channel
		return where, scope.User != ""
	}
	return where, true
}

// remembering is the longest that an answer waits for the book.
const remembering = 2 * time.Second

// record puts what was found into the quote book. The book logs what goes
// wrong: an article is briefed all the same.
func (s *Service) record(ctx context.Context, scope Scope, src article.Source, b *brief.Briefing) {
	where, ok := s.shelf(scope, src)
	if s.Book == nil || !ok {
		return
	}
	ctx, cancel := context.WithTimeout(ctx, remembering)
	defer cancel()
	_ = s.Book.Remember(ctx, where, scope.User, b, src.Link)
}

// shelves are what may be read for a request. What is private is read only
// where nobody else sees the answer.
func (s *Service) shelves(req Request) []book.Shelf {
	scope := req.Scope
	all := []book.Shelf{{Platform: scope.Platform, Workspace: scope.Workspace}}
	alone := s.Sole || scope.Quiet || scope.Private && visibility(req) == ""
	if alone && scope.User != "" {
		all = append(all, book.Shelf{Platform: scope.Platform, Workspace: scope.Workspace, Member: scope.User, Channel: scope.Channel})
	}
	return all
}

// Said looks into the quote book for a request. It fails when there is none.
func (s *Service) Said(ctx context.Context, req Request, q book.Query) (*book.Answer, error) {
	if s.Book == nil {
		return nil, errNoBook
	}
	return s.Book.Said(ctx, s.shelves(req), q)
}

// Top lists the claims that most people asked about.
func (s *Service) Top(ctx context.Context, req Request, about string, since, until time.Time) ([]book.Repeat, error) {
	if s.Book == nil {
		return nil, errNoBook
	}
	return s.Book.Top(ctx, s.shelves(req), about, since, until, shownTop)
}

var errNoBook = &Refusal{Text: "There is no quote book here: whoever runs the bot keeps one by setting ONRECORD_STATE_FILE to a file."}

// SuggestSpeakers lists speakers of the workspace's quote book whose name begins
// as typed, for completion while the command is typed. What is private is not
// among them.
func (s *Service) SuggestSpeakers(ctx context.Context, scope Scope, typed string) []Suggestion {
	if s.Book == nil {
		return nil
	}
	names, err := s.Book.Suggest(ctx, book.Shelf{Platform: scope.Platform, Workspace: scope.Workspace}, typed, maxSuggestions)
	if err != nil {
		return nil // a convenience; the command works without it
	}
	var out []Suggestion
	for _, n := range names {
		label := n.Name
		if n.Role != "" {
			label += ", " + n.Role
		}
		out = append(out, Suggestion{Label: label, Value: n.Name})
	}
	return out
}

// timeOptions say of which time something is.
func timeOptions() []Option {
	return []Option{
		{Name: "since", Meaning: "a day or a time: 2020-01-21, March, last week", Takes: Words},
		{Name: "until", Meaning: "the same", Takes: Words},
	}
}

// saidCommand asks the quote book.
func saidCommand() Command {
	return Command{
		Name:    "said",
		Aliases: []string{"book"},
		Usage:   "[SPEAKER] [about WORDS] [since DATE]",
		Summary: "who said what, in all articles that were briefed here",
		Details: []string{
			"As in “said Meyer about asylum since March”. SPEAKER is a name, or a role such as mayor.",
			"The same quotation in several articles is shown once. Words at second hand stand under whoever passes them on.",
			"What you pasted, sent as a file or asked in private is found by you alone, there, and for 24 hours.",
		},
		Lead: "speaker",
		Options: slices.Concat([]Option{
			{Name: "speaker", Meaning: "who said it: a name or a role", Takes: Words, Suggests: true},
			{Name: "about", Meaning: "with these words, in any of their forms", Takes: Words},
		}, timeOptions(), []Option{
			{Name: "outlet", Meaning: "in whose articles", Takes: Words},
			{Name: "stance", Meaning: strings.Join(book.Stances, ", "), Takes: Words},
			{Name: "page", Meaning: "goes on in a long list", Takes: Count},
		}),
		Run: func(ctx context.Context, b *Bot, call *Call) (Reply, error) {
			q := book.Query{
				Speaker: call.Options["speaker"], About: call.Options["about"], Outlet: call.Options["outlet"], Stance: strings.ToLower(call.Options["stance"]),
			}
			if q.Stance != "" && !slices.Contains(book.Stances, q.Stance) {
				return Reply{}, refuse("I do not know the stance “%s”. It is one of: %s.", clip(q.Stance, 30), strings.Join(book.Stances, ", "))
			}
			var err error
			if q.Since, q.Until, err = call.period(); err != nil {
				return Reply{}, err
			}
			found, err := b.Service.Said(ctx, call.Request, q)
			if err != nil {
				return Reply{}, err
			}
			v := View{Items: max(orDefault(b.PageItems, 5), 0), Page: call.Count("page", 1), Now: call.Request.Time, Handle: "said"}
			return SaidReply(found, q, v), nil
		},
	}
}

// period reads the options that say of which time something is, by the asker's
// clock.
func (c *Call) period() (since, until time.Time, err error) {
	now := c.Request.Time
	if c.Request.Zone != nil {
		now = now.In(c.Request.Zone)
	}
	for name, end := range map[string]func(nlp.Dates){
		"since": func(d nlp.Dates) { since = d.Start },
		"until": func(d nlp.Dates) { until = d.End },
	} {
		words, given := c.Option(name)
		if !given {
			continue
		}
		days, ok := book.Days(words, now)
		if !ok {
			return since, until, refuse("I do not know which time “%s” is. Write a day, a month or a time, as in “%s 2020-01-21”, “%s March”, “%s last week”.", clip(words, 30), name, name, name)
		}
		end(days)
	}
	if !since.IsZero() && !until.IsZero() && until.Before(since) {
		return since, until, refuse("%s is after %s: nothing lies between.", day(since), day(until))
	}
	return since, until, nil
}

// SaidReply shows what the quote book has, newest first, and below it what
// somebody said in different ways.
func SaidReply(found *book.Answer, q book.Query, v View) Reply {
	var r Reply
	r.Add(Heading, Bold("On the record"), Say(asked(q)))
	if len(found.People) > 0 {
		r.Add(Meta, Say(peopleLine(found.People)))
	}
	if len(found.Sayings) == 0 {
		r.Add(Paragraph, Say(nothingSaid(found, q)))
		r.Add(Note, Say("The book has what was briefed here. What is pasted, sent as a file or asked in private is found by its asker alone, for 24 hours."))
		return r
	}
	from, to := v.pages(&r, len(found.Sayings), saidWords(q))
	for i := from; i < to; i++ {
		saying(&r, i+1, &found.Sayings[i])
	}
	if to == len(found.Sayings) && found.More {
		r.Add(Note, Say(fmt.Sprintf("There are older ones: these are the newest %d. Narrow it down, as in ", len(found.Sayings))), Type("about WORDS"), Say(" or "), Type("until DATE"), Say("."))
	}
	if len(found.Clashes) > 0 && from == 0 {
		r.Add(Divider)
		r.Add(Subheading, Say("Side by side"))
		for _, c := range found.Clashes {
			r.Add(Paragraph, Bold(c.Kind.Title()))
			for _, it := range []*book.Item{&c.A, &c.B} {
				r.Add(Item, append(spoken(it), Say(" · "+placed(it.Article)))...)
				r.Blocks[len(r.Blocks)-1].Passage = it.Link
			}
		}
		r.Add(Note, Say("They differ in words or numbers. That says nothing about whether either is wrong: things change, and so do questions."))
	}
	return r
}

// pages is turn for lists that are of no article.
func (v View) pages(r *Reply, n int, command string) (from, to int) {
	if v.Items <= 0 || n <= v.Items {
		return 0, n
	}
	pages := (n + v.Items - 1) / v.Items
	page := min(max(v.Page, 1), pages)
	r.Page = Page{Number: page, Of: pages}
	from, to = (page-1)*v.Items, min(page*v.Items, n)
	if v.Handle == "" {
		return from, to
	}
	offer := func(name, label string, page int) {
		words := command + " page " + strconv.Itoa(page)
		r.Actions = append(r.Actions, Action{Name: name, Label: label, Command: words, Short: words})
	}
	if page > 1 {
		offer("previous", "Previous", page-1)
	}
	if page < pages {
		offer("next", fmt.Sprintf("Next (%d of %d)", page+1, pages), page+1)
	}
	return from, to
}

// saidWords is the command that asks a query again, on any day.
func saidWords(q book.Query) string {
	words := []string{"said"}
	for _, o := range []struct{ name, value string }{
		{"speaker", q.Speaker},
		{"about", q.About},
		{"since", isoDay(q.Since)},
		{"until", isoDay(q.Until)},
		{"outlet", q.Outlet},
		{"stance", q.Stance},
	} {
		if o.value != "" {
			words = append(words, o.name, squeeze(clip(o.value, 200)))
		}
	}
	return strings.Join(words, " ")
}

func isoDay(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.Format(time.DateOnly)
}

// asked repeats a query in words.
func asked(q book.Query) string {
	var s strings.Builder
	for _, o := range []struct{ before, value, after string }{
		{" by “", q.Speaker, "”"},
		{" about “", q.About, "”"},
		{" in “", q.Outlet, "”"},
		{" ", q.Stance, ""},
		{" since ", shownDay(q.Since), ""},
		{" until ", shownDay(q.Until), ""},
	} {
		if o.value != "" {
			s.WriteString(o.before + clip(squeeze(o.value), 60) + o.after)
		}
	}
	if s.Len() == 0 {
		return " · the latest"
	}
	return " ·" + s.String()
}

func shownDay(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return day(t)
}

// peopleLine says whom a name was taken for.
func peopleLine(people []book.Person) string {
	const most = 5
	var all []string
	for _, p := range people[:min(len(people), most)] {
		s := p.Name
		if p.Role != "" {
			s += ", " + p.Role
		}
		others := slices.DeleteFunc(slices.Clone(p.Names), func(n string) bool { return n == p.Name })
		if len(others) > 0 {
			s += " (also: " + strings.Join(others[:min(len(others), 3)], ", ") + ")"
		}
		all = append(all, s)
	}
	line := strings.Join(all, "; ")
	if more := len(people) - most; more > 0 {
		line += fmt.Sprintf("; %d more", more)
	}
	if len(people) > 1 {
		return fmt.Sprintf("%d speakers: %s", len(people), line)
	}
	return line
}

func nothingSaid(found *book.Answer, q book.Query) string {
	if len(found.People) > 0 {
		return "Nothing that " + found.People[0].Name + " said fits."
	}
	if q.Speaker != "" {
		return "Nobody called “" + clip(squeeze(q.Speaker), 60) + "” is in the quote book of this place."
	}
	return "Nothing in the quote book of this place fits."
}

// saying shows a quotation with where it stands and who else has it.
func saying(r *Reply, number int, s *book.Saying) {
	r.AddItem(number, spoken(&s.Item)...)
	r.Blocks[len(r.Blocks)-1].Passage = s.Link
	r.Add(Detail, source(s.Article)...)
	if s.SaidOn != "" {
		on, word := s.SaidOn, "on"
		if s.SaidEnd != "" {
			on += "/" + s.SaidEnd
			var d nlp.Dates
			d.Start, _ = time.Parse(time.DateOnly, s.SaidOn)
			d.End, _ = time.Parse(time.DateOnly, s.SaidEnd)
			word = brief.OnOrIn(d)
		}
		r.Add(Detail, Say("said "+word+" "+readableDays(on)))
	}
	if !s.Gone.IsZero() {
		r.Add(Detail, Say("no longer in the article when it was read on "+day(s.Gone)))
	}
	const most = 4
	for i, e := range s.Echoes {
		if i == most {
			r.Add(Detail, Say(fmt.Sprintf("also in %d more", len(s.Echoes)-most)))
			break
		}
		r.Add(Detail, slices.Concat([]Run{Say("also in ")}, source(e.Article), []Run{Say(e.Difference())})...)
	}
}

// spoken is who said what.
func spoken(it *book.Item) []Run {
	var runs []Run
	switch {
	case it.Speaker != "":
		runs = append(runs, Bold(it.Speaker))
		if it.Role != "" {
			runs = append(runs, Say(", "+it.Role))
		}
	case len(it.Unclear) > 0:
		runs = append(runs, Bold("Speaker not clear"), Say(" ("+strings.Join(it.Unclear, " or ")+")"))
	default:
		runs = append(runs, Bold("Speaker not clear"))
	}
	if it.Of != "" {
		runs = append(runs, Say(", at second hand of "+it.Of))
	}
	verb := it.Verb
	if verb != "" && it.Stance != "" && it.Stance != "said" && it.Stance != verb {
		verb += " (" + it.Stance + ")"
	}
	if verb != "" {
		runs = append(runs, Say(", "+verb))
	}
	return append(runs, Say(": "), Quote(it.Text))
}

// source is the article of something, linked.
func source(a *book.Article) []Run {
	return []Run{Say(placed(a) + " · "), {Text: a.Title, Link: a.URL}}
}

// placed is the outlet and the day.
func placed(a *book.Article) string {
	when := day(a.Date())
	if a.Published.IsZero() {
		when = "read " + when
	}
	if a.Outlet == "" {
		return when
	}
	return a.Outlet + " · " + when
}

// shownTop is how many claims the top command lists.
const shownTop = 10

// topCommand lists what most people ask about.
func topCommand() Command {
	return Command{
		Name:    "top",
		Usage:   "[about WORDS] [since DATE]",
		Summary: "the claims that most people here asked about, and who else has them",
		Details: []string{"Without a date, of the last 30 days. Claims with nearly the same words and exactly the same numbers count as one.", worthChecking},
		Options: slices.Concat([]Option{{Name: "about", Meaning: "with these words, in any of their forms", Takes: Words}}, timeOptions()),
		Run: func(ctx context.Context, b *Bot, call *Call) (Reply, error) {
			if call.Rest != "" {
				word, _ := cutWord(call.Rest)
				return Reply{}, refuse("I do not understand “%s” there. It goes like this: %s", clip(word, 30), call.Command.usage())
			}
			since, until, err := call.period()
			if err != nil {
				return Reply{}, err
			}
			if since.IsZero() && until.IsZero() {
				since = call.Request.Time.AddDate(0, 0, -30)
			}
			all, err := b.Service.Top(ctx, call.Request, call.Options["about"], since, until)
			if err != nil {
				return Reply{}, err
			}
			return TopReply(all, book.Query{About: call.Options["about"], Since: since, Until: until}), nil
		},
	}
}

// TopReply shows the claims that most people asked about.
func TopReply(all []book.Repeat, q book.Query) Reply {
	var r Reply
	r.Add(Heading, Bold("Most asked"), Say(asked(q)))
	if len(all) == 0 {
		r.Add(Paragraph, Say("No claim of that time is in the quote book of this place."))
		return r
	}
	for i, c := range all {
		r.AddItem(i+1, Say("“"), Quote(c.Text), Say("”"))
		r.Blocks[len(r.Blocks)-1].Passage = c.Link
		line := count(c.Asked, "person")
		if c.Asked != 1 {
			line = fmt.Sprintf("%d people", c.Asked)
		}
		line += " asked"
		if c.Speaker != "" {
			line += " · says " + quote.Inline(c.Speaker)
		}
		r.Add(Detail, Say(line))
		r.Add(Detail, source(c.Article)...)
		if len(c.Same) > 0 {
			r.Add(Detail, Say("seen in "+again(&c)))
		}
	}
	r.Add(Note, Say(worthChecking))
	return r
}

// again says in how many articles, outlets and days a claim was seen.
func again(c *book.Repeat) string {
	line := count(len(c.Same)+1, "article")
	if outlets := c.Outlets(); len(outlets) > 0 {
		line += " (" + strings.Join(outlets[:min(len(outlets), 5)], ", ")
		if more := len(outlets) - 5; more > 0 {
			line += fmt.Sprintf(", %d more", more)
		}
		line += ")"
	}
	first, last := c.Article.Date(), c.Article.Date()
	for _, it := range c.Same {
		if d := it.Article.Date(); d.Before(first) {
			first = d
		} else if d.After(last) {
			last = d
		}
	}
	if first.Equal(last) {
		return line + ", " + day(first)
	}
	return line + ", " + day(first) + " to " + day(last)
}

// seenAgain adds to the reply about one claim which other articles of the quote
// book have it. Without a book, or when it cannot be read, it adds nothing.
func (b *Bot) seenAgain(ctx context.Context, call *Call, found *brief.Briefing, r *Reply) {
	if b.Service.Book == nil {
		return
	}
	c := brief.Ranked(found.Analysis.Claims)[call.Count("number", 1)-1]
	claim := book.Item{Kind: book.Claim, Text: c.Span.Text(found.Article.Text), Standalone: c.Standalone}
	others, err := b.Service.Book.Again(ctx, b.Service.shelves(call.Request), &claim, book.KeyOf(found, call.Source.Link))
	if err != nil || len(others) == 0 {
		return
	}
	r.Add(Paragraph, Bold("Seen again"), Say(" in "+again(&book.Repeat{Item: others[0], Same: others[1:]})))
	for _, it := range others[:min(len(others), 3)] {
		r.Add(Detail, source(it.Article)...)
	}
}

// Forgetter forgets what is kept of a person in a workspace.
type Forgetter interface {
	ForgetUser(ctx context.Context, platform, workspace, user string) error
}

// forgetCommand takes things out of the book, and people out of the store.
func forgetCommand() Command {
	return Command{
		Name:    "forget",
		Usage:   "LINK | me",
		Summary: "takes an article out of the quote book, or all that is kept of you",
		Details: []string{
			"An article that others asked about too is taken out by moderators only.",
			"“forget me” takes out what you pasted, sent or asked in private, the articles that nobody else asked about, your recent articles and reports, and that you asked.",
		},
		Options: []Option{{Name: "now", Meaning: "after “me”: without asking again", Takes: Nothing}, {Name: "me", Meaning: "all that is kept of you here", Takes: Nothing}},
		Run:     forget,
	}
}

func forget(ctx context.Context, b *Bot, call *Call) (Reply, error) {
	req := call.Request
	var r Reply
	r.Visibility = ToAsker
	if _, me := call.Option("me"); me {
		if _, now := call.Option("now"); !now {
			r.Add(Paragraph, Say("That takes out what you pasted, sent or asked in private, the articles that nobody else here asked about, your recent articles and your reports, and that you asked. It cannot be undone."))
			r.Actions = []Action{{Name: "forget-now", Label: "Forget me now", Command: "forget me now", Short: "forget me now", Tone: Danger}}
			return r, nil
		}
		if err := b.forgetMe(ctx, req.Scope); err != nil {
			return Reply{}, err
		}
		r.Add(Paragraph, Say("Done: nothing of you is kept here any more."))
		return r, nil
	}
	link := strings.TrimSpace(call.Rest)
	if link == "" {
		return Reply{}, refuse("What shall I forget? As in “forget https://example.com/story”, or “forget me”.")
	}
	src := Call{Request: req}
	if err := b.named(ctx, &src, link); err != nil {
		return Reply{}, err
	}
	if src.Source.Link == "" {
		return Reply{}, refuse("What was pasted or sent as a file is gone after 24 hours; “forget me” takes all of yours out at once.")
	}
	key := book.Key(src.Source.Link, "")
	var found int
	for _, where := range b.Service.shelves(req) {
		others, there, err := b.Service.Book.Store.Others(ctx, where, key, req.Scope.User)
		if err != nil {
			return Reply{}, err
		}
		if !there {
			continue
		}
		if others > 0 && !req.Moderator {
			return Reply{}, refuse("Others asked about that article too: whoever manages this workspace can take it out for everybody.")
		}
		if err := b.Service.Book.Store.Forget(ctx, where, key); err != nil {
			return Reply{}, err
		}
		found++
	}
	if found == 0 {
		return Reply{}, refuse("That article is not in the quote book of this place.")
	}
	if list := b.Service.Checklist; list != nil {
		at := checklist.Place{Platform: req.Scope.Platform, Workspace: req.Scope.Workspace}
		for _, at.Channel = range []string{"", req.Scope.Channel} {
			if err := list.Store.Forget(ctx, at, key); err != nil {
				return Reply{}, err
			}
		}
	}
	r.Add(Paragraph, Say("Forgotten: nothing of that article is in the quote book any more."))
	return r, nil
}

func (b *Bot) forgetMe(ctx context.Context, scope Scope) error {
	if b.Forgetter == nil {
		return errors.New("no place to forget in")
	}
	return b.Forgetter.ForgetUser(ctx, scope.Platform, scope.Workspace, scope.User)
}
