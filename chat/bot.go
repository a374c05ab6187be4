package chat

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"onrecord/article"
	"onrecord/brief"
	"onrecord/watch"
)

// Bot answers requests by its command table.
type Bot struct {
	Service *Service

	Commands  []Command // Commands() if nil
	PageItems int       // items of a long list shown at once; 5 if 0. Negative shows all

	Settings SettingsStore // where the settings of workspaces are kept; none can be made if nil
	Feedback FeedbackStore // where reported errors are kept; none are taken if nil

	Forgetter Forgetter // forgets people, besides the quote book; nil without a store
	Pages     Pages     // where annotated articles stand; nowhere if nil

	Watcher *watch.Watcher // follows feeds, people and articles; nil without a store
}

// fewWords is the length of a text, in words, below which there is nothing to
// summarise: it is only searched for claims.
const fewWords = 50

// Handle implements [Handler]. It neither logs nor limits: see [Wrap].
func (b *Bot) Handle(ctx context.Context, req Request) Reply {
	if req.Time.IsZero() {
		req.Time = time.Now()
	}
	req.Scope.Quiet = req.Scope.Quiet || visibility(req) == ToAsker
	reply, err := b.answer(ctx, req)
	if err != nil {
		reply = Apology(err)
	}
	if reply.Visibility == "" {
		reply.Visibility = visibility(req)
	}
	return reply
}

// visibility is who sees the answer, by the way the question came in: what is
// asked quietly is answered quietly.
func visibility(req Request) Visibility {
	switch req.Entry {
	case ByCommand, ByMenu:
		return ToAsker
	case ByMention:
		return ToThread
	case ByAction:
		return req.Shown
	}
	return ""
}

func (b *Bot) commands() []Command {
	table := b.Commands
	if table == nil {
		table = Commands()
	}
	// What there is no place for cannot be asked for.
	return slices.DeleteFunc(slices.Clone(table), func(c Command) bool {
		return c.Name == "settings" && b.Settings == nil || c.Name == "report" && b.Feedback == nil || c.Name == "forget" && (b.Service.Book == nil || b.Forgetter == nil) ||
			(c.Name == "mark" || c.Name == "checklist") && b.Service.Checklist == nil || c.Name == "watch" && b.Watcher == nil
	})
}

func (b *Bot) answer(ctx context.Context, req Request) (Reply, error) {
	settings, err := b.settings(ctx, req.Scope)
	if err != nil {
		return Reply{}, err
	}
	call, err := b.understand(ctx, req)
	if err != nil {
		return Reply{}, err
	}
	call.Settings = settings
	if err := settings.admits(call); err != nil {
		return Reply{Err: err, Visibility: ToAsker, Command: call.Command.Name, Blocks: Apology(err).Blocks}, nil
	}
	reply, err := call.Command.Run(ctx, b, call)
	if err != nil {
		reply = Apology(err)
		if req.Entry == ByAction {
			reply.Visibility = ToAsker // who pressed should know, and nobody else
		}
	}
	reply.Command = call.Command.Name
	if req.Late && reply.Err == nil {
		reply.Add(Note, Say("I was restarted in between, so this answer comes late."))
	}
	if _, turned := call.Option("page"); turned && req.Entry == ByAction && reply.Err == nil {
		reply.Replace = true // a page is turned, not added
	}
	return reply, nil
}

// understand finds out what is asked.
func (b *Bot) understand(ctx context.Context, req Request) (*Call, error) {
	table := b.commands()
	text := strings.TrimSpace(req.Text)
	if req.Command != "" {
		c := find(table, strings.TrimPrefix(req.Command, "/"))
		if c == nil {
			return nil, b.unknown(req.Command)
		}
		// "/brief claims URL": where only one command can be had, the others
		// are words after it.
		if word, rest := cutWord(text); c.Name == "brief" && find(table, word) != nil {
			if other := find(table, word); other.understands(rest) {
				c, text = other, rest
			}
		}
		return b.call(ctx, req, c, text)
	}

	word, rest := cutWord(text)
	if strings.HasPrefix(word, "/") && !strings.Contains(word[1:], "/") && len(word) > 1 {
		c := find(table, word[1:])
		if c == nil {
			return nil, b.unknown(word)
		}
		return b.call(ctx, req, c, rest)
	}
	if c := find(table, strings.TrimRight(word, ":")); c != nil && c.understands(rest) {
		return b.call(ctx, req, c, rest)
	}
	return b.free(ctx, req, text)
}

func cutWord(text string) (word, rest string) {
	text = strings.TrimSpace(text)
	i := strings.IndexAny(text, " \t\r\n")
	if i < 0 {
		return text, ""
	}
	return text[:i], strings.TrimSpace(text[i:])
}

// longestLead is how many words may stand in front of the options of a command
// that takes any there: no name has more.
const longestLead = 6

// understands reports whether text reads as the command's arguments, so that
// a sentence which happens to begin with a command's name is not mistaken for
// one.
func (c *Command) understands(text string) bool {
	if c.Words && len(strings.Fields(text)) <= longestClaim || len(strings.Fields(text)) <= 2 || c.Source && len(linksIn(text)) > 0 {
		return true
	}
	a, err := c.arguments(text)
	if c.Lead != "" && len(strings.Fields(a.options[c.Lead])) > longestLead {
		return false
	}
	if !c.Source {
		return err == nil && a.rest == "" && len(a.options) > 0
	}
	return err != nil || a.rest == ""
}

func (b *Bot) unknown(word string) error {
	word = clip(strings.TrimPrefix(word, "/"), 30)
	if near := nearest(b.commands(), word); near != "" {
		return refuse("I do not know the command “%s”. Did you mean “%s”? “help” lists all.", word, near)
	}
	return refuse("I do not know the command “%s”. “help” lists what I can do.", word)
}

// clip shortens what is repeated to the asker.
func clip(s string, runes int) string {
	if r := []rune(s); len(r) > runes {
		return string(r[:runes]) + "…"
	}
	return s
}

// call reads the arguments of a command and finds its article.
func (b *Bot) call(ctx context.Context, req Request, c *Command, text string) (*Call, error) {
	call := &Call{Request: req, Command: c}
	if strings.EqualFold(strings.TrimSpace(text), "help") && c.Name != "help" {
		call.Command, call.Rest = find(b.commands(), "help"), c.Name
		if call.Command == nil {
			return nil, refuse("Usage: %s", c.usage())
		}
		return call, nil
	}
	a, err := c.arguments(text)
	if err != nil {
		return nil, err
	}
	call.Options, call.Rest = a.options, a.rest
	if !c.Source {
		return call, nil
	}
	switch {
	case a.source != "":
		if a.rest != "" {
			word, _ := cutWord(a.rest)
			return nil, refuse("I do not understand “%s” there. It goes like this: %s", clip(word, 30), c.usage())
		}
		return call, b.named(ctx, call, a.source)
	case len(req.Files) > 0 || strings.TrimSpace(req.Material) != "" || len(req.Links) > 0:
		return call, b.material(call, "")
	case a.rest == "":
		return call, b.lastSeen(ctx, call)
	}
	if links := linksIn(a.rest); len(links) > 0 {
		return call, b.material(call, a.rest)
	}
	if len(strings.Fields(a.rest)) <= 3 {
		word, _ := cutWord(a.rest)
		if c.Name == "brief" && nearest(b.commands(), word) != "" {
			return nil, b.unknown(word) // "/brief qoutes"
		}
		return nil, refuse("“%s” is neither a link nor anything I know there. It goes like this: %s", clip(word, 30), c.usage())
	}
	// The text itself, with its line breaks.
	return call, b.material(call, text)
}

// named takes the source that the asker named: a link or a handle.
func (b *Bot) named(ctx context.Context, call *Call, word string) error {
	if isHandle(word) {
		seen, ok, err := b.recent().Find(ctx, call.Request.Scope, word)
		if err != nil {
			return fmt.Errorf("looking up %s: %w", word, err)
		}
		if !ok {
			return refuse("I no longer have that article. Send me its link, file or text again.")
		}
		call.Source, call.Handle = seen.Source, seen.Handle
		return nil
	}
	if isPath(word) || hasScheme(strings.Trim(word, "<>"), "file") {
		return refuse("I open no files by their path. Send the file itself, paste its text, or give me a link.")
	}
	src, err := article.FromURL(word)
	if err != nil {
		return err
	}
	src.Private = call.Request.Scope.Private
	call.Source = src
	return nil
}

// material takes what came with the request, or text: a file before a link
// before words.
func (b *Bot) material(call *Call, text string) error {
	req := &call.Request
	if len(req.Files) > 0 {
		f := req.Files[0]
		call.Source = article.FromBytes(f.Name, f.ContentType, f.Data)
		if n := len(req.Files); n > 1 {
			call.Note = fmt.Sprintf("Only the first of %d files was read.", n)
		}
		return nil
	}
	if m := strings.TrimSpace(req.Material); m != "" {
		text = req.Material
	}
	links := linksIn(text)
	if len(links) == 0 {
		links = req.Links
	}
	if len(links) > 0 && len(strings.Fields(text)) < fewWords {
		src, err := article.FromURL(links[0])
		if err != nil {
			return err
		}
		src.Private = req.Scope.Private
		call.Source = src
		if n := len(links); n > 1 {
			call.Note = fmt.Sprintf("Only the first of %d links was read.", n)
		}
		return nil
	}
	call.Source = article.FromText(text)
	if len(strings.Fields(text)) < fewWords {
		// However short: somebody asks about just these words.
		call.Source.Verbatim = true
	}
	return nil
}

// lastSeen takes the article that is meant when none is named.
func (b *Bot) lastSeen(ctx context.Context, call *Call) error {
	scope := call.Request.Scope
	seen, ok, err := b.recent().Last(ctx, scope)
	if err != nil {
		return fmt.Errorf("looking up the last article: %w", err)
	}
	if !ok {
		return refuse("Which article? Send me a link, a file or the text, as in “%s https://example.com/story”.", call.Command.Name)
	}
	call.Source, call.Handle = seen.Source, seen.Handle
	call.Named = "Your last article here"
	if scope.Thread != "" {
		// The thread's own list comes first; whether it was found there is
		// what a scope without the asker still sees.
		scope.User = ""
		if of, ok, err := b.recent().Last(ctx, scope); err == nil && ok && of.Handle == seen.Handle {
			call.Named = "The article of this thread"
		}
	}
	return nil
}

func (b *Bot) recent() Recent {
	if b.Service.Recent == nil {
		return nothing{}
	}
	return b.Service.Recent
}

// nothing is a Recent that forgets at once.
type nothing struct{}

func (nothing) Remember(context.Context, Scope, Seen) error     { return nil }
func (nothing) Last(context.Context, Scope) (Seen, bool, error) { return Seen{}, false, nil }

func (nothing) Find(context.Context, Scope, string) (Seen, bool, error) { return Seen{}, false, nil }

// free reads what is not a command: a link, a file or a text is to be
// briefed, short text searched for claims.
func (b *Bot) free(ctx context.Context, req Request, text string) (*Call, error) {
	table := b.commands()
	call := &Call{Request: req, Options: map[string]string{}, Command: find(table, "brief")}
	if call.Command == nil {
		return nil, b.unknown(text)
	}
	whole := text
	if strings.TrimSpace(req.Material) != "" {
		whole = req.Material
	}
	words := strings.Fields(whole)
	links := slices.Concat(linksIn(whole), req.Links)
	switch {
	case len(req.Files) > 0 || len(links) > 0:
		return call, b.material(call, text)
	case len(words) == 0:
		return b.call(ctx, req, find(table, "help"), "")
	case len(words) == 1 && isHandle(words[0]), len(words) == 1 && (isLink(words[0]) || isPath(words[0])):
		return call, b.named(ctx, call, words[0])
	case len(words) <= 3 && req.Material == "":
		if near := nearest(table, words[0]); near != "" {
			return nil, b.unknown(words[0])
		}
		return b.call(ctx, req, find(table, "help"), "")
	case len(words) < fewWords:
		if claims := find(table, "claims"); claims != nil {
			call.Command = claims
		}
	}
	return call, b.material(call, text)
}

// briefing does the work that all commands about an article share.
func (b *Bot) briefing(ctx context.Context, call *Call) (*brief.Briefing, View, error) {
	if p := call.Request.Progress; p != nil {
		p(Reading)
	}
	found, err := b.Service.Brief(ctx, call.Request.Scope, call.Source)
	if err != nil {
		return nil, View{}, err
	}
	found = b.word(ctx, call, found)
	view := b.view(call, found)
	view.Sheet = b.sheet(ctx, call, found)
	return found, view, nil
}

// word has a briefing worded where the workspace wants that.
func (b *Bot) word(ctx context.Context, call *Call, found *brief.Briefing) *brief.Briefing {
	if !call.Settings.Model || call.Command.Name == "quotes" || call.Command.Name == "passage" || call.Command.Name == "report" {
		return found // what these show has no words of a model
	}
	return b.Service.Word(ctx, call.Request.Scope, call.Source, found)
}

func (b *Bot) view(call *Call, found *brief.Briefing) View {
	v := View{
		Handle: Handle(call.Source, found),
		Named:  call.Named,
		Note:   call.Note,
		Now:    call.Request.Time,
		Zone:   call.Request.Zone,
		Public: !call.Request.Scope.Private,
		Link:   call.Source.Link != "",
		Report: b.Feedback != nil,
		Owner:  owner(call.Request),
		Page:   call.Count("page", 1),
		Marked: b.marked(call, found),
		Items:  orDefault(b.PageItems, 5),
	}
	if v.Items < 0 {
		v.Items = 0
	}
	return v
}

// Pages gives annotated articles an address.
type Pages interface {
	// Address is where the article stands for those who have the address; empty
	// for what is private or has no page.
	Address(scope Scope, src article.Source, b *brief.Briefing) string
}

func (b *Bot) marked(call *Call, found *brief.Briefing) string {
	if b.Pages == nil {
		return ""
	}
	return b.Pages.Address(call.Request.Scope, call.Source, found)
}

// owner is who may take the reply to a request away: who asked for it, when
// others see it too.
func owner(req Request) string {
	if req.Entry == ByMention || req.Entry == ByAction && req.Shown != ToAsker && req.Shown != "" {
		return req.Scope.User
	}
	return ""
}

// Commands is the table of commands.
func Commands() []Command {
	page := Option{Name: "page", Meaning: "goes on in a long list", Takes: Count}
	return []Command{
		{
			Name:    "brief",
			Aliases: []string{"briefing", "summary", "summarize", "summarise", "tldr"},
			Usage:   "[SOURCE]",
			Summary: "what an article says in three sentences, what to check first, who speaks",
			Details: []string{
				"SOURCE is a link. You can also send a file (text, Word, PDF, HTML) or paste the text: then no command is needed.",
				"Of a text of fewer than 50 words you get the claims only.",
			},
			Source: true,
			Run: func(ctx context.Context, b *Bot, call *Call) (Reply, error) {
				found, view, err := b.briefing(ctx, call)
				if err != nil {
					return Reply{}, err
				}
				return BriefReply(found, view), nil
			},
		},
		{
			Name:    "quotes",
			Aliases: []string{"quote", "quotations", "who"},
			Usage:   "[SOURCE] [by SPEAKER] [about WORDS]",
			Summary: "who said what, with role and verb",
			Details: []string{"By weight: who is quoted with the most words comes first. What people are said to believe, hope or fear stands below the line."},
			Source:  true,
			Options: []Option{
				{Name: "by", Meaning: "of one speaker only, by name or role", Takes: Words},
				{Name: "about", Meaning: "with these words, in any of their forms", Takes: Words},
				page,
			},
			Run: func(ctx context.Context, b *Bot, call *Call) (Reply, error) {
				found, view, err := b.briefing(ctx, call)
				if err != nil {
					return Reply{}, err
				}
				return QuotesReply(found, Filter{By: call.Options["by"], About: call.Options["about"]}, view), nil
			},
		},
		{
			Name:    "claims",
			Aliases: []string{"facts"},
			Usage:   "[SOURCE] [top N] [by SPEAKER] [about WORDS] [explain]",
			Summary: "the claims worth checking, most important first, and how to check them",
			Details: []string{worthChecking, "“claim 3” shows everything about the third."},
			Source:  true,
			Options: []Option{
				{Name: "top", Meaning: "the first N only", Takes: Count},
				{Name: "by", Meaning: "of one speaker only, by name", Takes: Words},
				{Name: "about", Meaning: "with these words, in any of their forms", Takes: Words},
				{Name: "explain", Meaning: "all advice, and where inserted words come from", Takes: Nothing},
				page,
			},
			Run: func(ctx context.Context, b *Bot, call *Call) (Reply, error) {
				found, view, err := b.briefing(ctx, call)
				if err != nil {
					return Reply{}, err
				}
				_, view.Explain = call.Option("explain")
				return ClaimsReply(found, Filter{By: call.Options["by"], About: call.Options["about"], Top: call.Count("top", 0)}, view), nil
			},
		},
		cardCommand(),
		compareCommand(),
		checkCommand(),
		saidCommand(),
		topCommand(),
		markCommand(),
		checklistCommand(),
		watchCommand(),
		{
			Name:    "claim",
			Usage:   "[SOURCE] N",
			Summary: "one claim with everything about it: wording, reasons, how to check, dates",
			Source:  true,
			Bare:    "number",
			Options: []Option{{Name: "number", Meaning: "its number in the list", Takes: Count}},
			Run: func(ctx context.Context, b *Bot, call *Call) (Reply, error) {
				found, view, err := b.briefing(ctx, call)
				if err != nil {
					return Reply{}, err
				}
				reply, err := ClaimReply(found, call.Count("number", 1), view)
				if err == nil {
					b.seenAgain(ctx, call, found, &reply)
				}
				return reply, err
			},
		},
		{
			Name:    "share",
			Usage:   "[SOURCE]",
			Summary: "the briefing for everybody in the channel",
			Source:  true,
			Run: func(ctx context.Context, b *Bot, call *Call) (Reply, error) {
				if call.Request.Scope.Private {
					return Reply{}, refuse("Nobody else reads here, so there is nobody to share with.")
				}
				found, view, err := b.briefing(ctx, call)
				if err != nil {
					return Reply{}, err
				}
				b.Service.Share(ctx, call.Request.Scope, call.Source, found)
				view.Owner = call.Request.Scope.User
				return SharedReply(found, view, call.Request.Asker), nil
			},
		},
		{
			Name:    "refresh",
			Usage:   "[SOURCE]",
			Summary: "read the article again, in case it has changed",
			Source:  true,
			Run: func(ctx context.Context, b *Bot, call *Call) (Reply, error) {
				if p := call.Request.Progress; p != nil {
					p(Reading)
				}
				found, err := b.Service.Refresh(ctx, call.Request.Scope, call.Source)
				if err != nil {
					return Reply{}, err
				}
				found = b.word(ctx, call, found)
				reply := BriefReply(found, b.view(call, found))
				reply.Replace = call.Request.Entry == ByAction
				return reply, nil
			},
		},
		passageCommand(),
		exportCommand(),
		reportCommand(),
		removeCommand(),
		recentCommand(),
		forgetCommand(),
		settingsCommand(),
		{
			Name:    "help",
			Aliases: []string{"?", "start", "hello", "hi", "commands"},
			Usage:   "[COMMAND]",
			Summary: "this list, or more about one command",
			Run: func(_ context.Context, b *Bot, call *Call) (Reply, error) {
				word := strings.TrimPrefix(strings.TrimSpace(call.Rest), "/")
				if word == "" {
					return HelpReply(b.commands(), nil), nil
				}
				c := find(b.commands(), word)
				if c == nil {
					return Reply{}, b.unknown(word)
				}
				return HelpReply(b.commands(), c), nil
			},
		},
	}
}
