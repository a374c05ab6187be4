// Package chat is the conversation: what people can ask, and what they are
// told. It does not know on which platform it speaks.
//
// An adapter (a [Platform]: Slack, Discord, the terminal) turns what happens
// there into a [Request], hands it to a [Handler], and renders the [Reply],
// which is plain text with roles and never markup. So escaping, limits of size
// and threads are the adapter's, words and manners are chat's, and the same
// question gets the same answer everywhere. Package chat/chattest is the test
// that every adapter passes.
//
// The handler is a [Bot] in its wrappers ([Wrap]). It looks the command up in a
// table ([Commands]; a new command is a new row), reads the arguments, asks the
// [Service] for the briefing, and turns that into a Reply by one of the views:
// [BriefReply], [QuotesReply], [ClaimsReply], [HelpReply]. Views are pure, so
// the command line shows the same ones. An [Action] of a reply, a button in
// most places, is a command that the bot offers to type.
//
// Errors become sentences here and nowhere else ([Sentence]).
package chat

import (
	"context"
	"time"
)

// Scope is where a request comes from and who may see the answer. It decides
// what "the article" means when nobody names one.
type Scope struct {
	Platform  string // Platform.Name of the adapter
	Workspace string // Slack team, Discord server; empty where there is none
	Channel   string // a direct conversation is a channel too
	Thread    string // empty outside of threads
	User      string // stable identifier of who asks, never a display name
	Private   bool   // a direct message or a private channel
	Quiet     bool   // the answer is for the asker only; set by the Bot
}

// Entry is how a request came in. It decides who sees the answer.
type Entry string

// The entries.
const (
	ByCommand Entry = "command" // a slash command
	ByMention Entry = "mention" // the bot was addressed in a channel
	ByMessage Entry = "message" // written to the bot directly
	ByMenu    Entry = "menu"    // the menu of somebody's message: "Brief this message"
	ByAction  Entry = "action"  // a button of an earlier reply
)

// Request is one thing that somebody asks. Adapters fill in what they know;
// only ID and Scope.User are needed.
type Request struct {
	ID    string // of the platform, the same for a repeated delivery
	Scope Scope
	Entry Entry

	// Command is the command's name where the platform knows it (slash
	// commands, buttons); Text then holds its arguments. Otherwise Text is
	// what the person wrote, the mention of the bot taken out.
	Command string
	Text    string

	// Links are addresses that the platform found in Text, when it marks
	// them so that Text alone does not tell. Text may repeat them.
	Links []string
	// Material is text handed in to be briefed, told apart from what is said
	// to the bot: the message under a menu, the field of a form.
	Material string
	// Files are attachments, already downloaded.
	Files []File

	Asker     string // how the asker is called there, to say who shared something; a stranger's words
	Moderator bool   // the asker may change the settings and take away what others shared
	// Late says that an earlier process left the request: whoever asked has
	// waited for a while.
	Late bool

	Shown  Visibility     // ByAction: who sees the reply that the button stands in
	Locale string         // BCP 47, "en-GB"; empty when unknown
	Zone   *time.Location // the asker's time zone; UTC if nil
	Time   time.Time      // when it was asked; now if zero

	// Progress, when set, is told what the bot is doing while the answer
	// takes its time. It is not called after the handler has returned.
	Progress func(Step)
}

// Step is a stage of the work that people may be told.
type Step string

// Reading is fetching and reading the source, which is what takes long.
const Reading Step = "reading"

// File is a file that came with a request or goes with a reply. Its name is a
// label and never a path.
type File struct {
	Name        string
	ContentType string // empty when unknown
	Data        []byte
}

// Handler answers a request. It always returns a reply that can be shown;
// what went wrong stands in Reply.Err, for wrappers and logs.
type Handler func(ctx context.Context, req Request) Reply

// Platform is an adapter: it receives requests and renders replies.
type Platform interface {
	// Name is short, lower-case and never changes: "slack".
	Name() string
	// Capabilities says what the platform can do.
	Capabilities() Capabilities
	// Run serves until ctx ends or the platform can serve no more (the terminal
	// was closed: no error; the token was revoked: an error). It hands every
	// request to h once and answers it once. Before it returns, the requests
	// that it took on are answered, and no goroutine of its is left.
	Run(ctx context.Context, h Handler) error
}

// Finding is what a check of an adapter's credentials and settings found, for
// the operator: one line, with what to do when it is not OK.
type Finding struct {
	OK   bool
	Text string
}

// Capabilities are what differs between platforms. They are for operators and
// tests; chat itself never asks.
type Capabilities struct {
	Actions bool // actions can be pressed, not only typed
	Edit    bool // a reply can replace an earlier one
	Files   bool // files come in and go out
	Threads bool
	Public  bool // there are channels that others read
}
