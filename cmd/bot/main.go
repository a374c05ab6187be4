// Command bot briefs news articles: what happened, who said what, which claims
// to check first.
//
//	bot brief story.html
//	bot claims --format json https://example.com/story
//	bot chat
//
// This package wires the rooms together and is the only one that opens paths
// that a user names. Each command has a file of its own; config.go holds the
// settings, which are flags, environment variables and help at once; flags.go
// reads the command line into them.
//
// The exit status is 0 when it is done, 1 when the source could not be read or
// used (one line on standard error says why and what to do), and 2 for wrong
// usage.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"strings"
	"syscall"

	"github.com/alexflint/go-arg"

	"onrecord/adapters/console"
	"onrecord/chat"
)

// What the process tells its parent.
const (
	exitDone   = 0
	exitFailed = 1
	exitUsage  = 2
)

func main() { os.Exit(bot()) }

// bot runs the command line of this process.
func bot() int {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	// Who interrupts twice means it: the second signal ends the process.
	context.AfterFunc(ctx, stop)
	return run(ctx, os.Args[1:], terminal{in: os.Stdin, out: os.Stdout, err: os.Stderr})
}

// terminal is where a command reads and writes.
type terminal struct {
	in       io.Reader
	out, err io.Writer
}

// commands is the whole command line: one of the commands is not nil.
type commands struct {
	config

	Brief  *briefCommand  `arg:"subcommand:brief" help:"What an article says: three sentences, who said what, which claims to check first."`
	Quotes *quotesCommand `arg:"subcommand:quotes" help:"Who said what: every quotation with its speaker, role and verb."`
	Claims *claimsCommand `arg:"subcommand:claims" help:"The claims worth checking, most important first, with reasons and how to check them."`

	Compare *compareCommand `arg:"subcommand:compare" help:"Two to five articles of one story: what they share, and where they differ."`

	Check   *checkCommand   `arg:"subcommand:check" help:"Whether a claim was checked before: published fact-checks, with the verdicts of their publishers."`
	Reviews *reviewsCommand `arg:"subcommand:reviews" help:"Load published fact-checks, list where they come from, read them again."`

	Said *saidCommand `arg:"subcommand:said" help:"Who said what, in all articles that were briefed here: the quote book."`

	Checklist *checklistCommand `arg:"subcommand:checklist" help:"The claims of an article with who took or checked them."`

	Watch *watchCommand `arg:"subcommand:watch" help:"Follow feeds, sites, speakers, topics and claims, and say what is new."`

	Batch *batchCommand `arg:"subcommand:batch" help:"Many texts at once: JSON lines on standard input, JSON lines on standard output."`
	Eval  *evalCommand  `arg:"subcommand:eval" help:"How good it is: run over gold files and score the answers."`

	Chat  *chatCommand  `arg:"subcommand:chat" help:"The bot in your terminal, with the same commands as in Slack and Discord."`
	Serve *serveCommand `arg:"subcommand:serve" help:"Join every chat platform that has credentials, and open the HTTP listener."`

	Feedback *feedbackCommand `arg:"subcommand:feedback" help:"The errors that people reported, as a list, as JSON or CSV."`

	Export  *exportCommand  `arg:"subcommand:export" help:"The whole quote book as JSON, CSV or Markdown."`
	Backup  *backupCommand  `arg:"subcommand:backup" help:"Copy the store to a file, while the bot runs."`
	Restore *restoreCommand `arg:"subcommand:restore" help:"Put a backup in the place of the store, or into an empty database; the bot must not run."`

	Doctor  *doctorCommand  `arg:"subcommand:doctor" help:"Look at the settings, the cache, the store, the models, the network rules, the platforms, and say what is wrong."`
	Health  *healthCommand  `arg:"subcommand:health" help:"Ask a running 'bot serve' whether it is well; for Docker and other supervisors."`
	Version *versionCommand `arg:"subcommand:version" help:"Say which version this is."`
}

const description = `Briefs news articles: what happened, who said what, which claims to check first.
Works without a network, keys or a language model, and never says whether something is true.`

func run(ctx context.Context, args []string, term terminal) int {
	var cmds commands
	command, err := parse(&cmds, args, os.LookupEnv)
	switch {
	case errors.Is(err, arg.ErrHelp):
		fmt.Fprint(term.out, help(&cmds, command, min(console.Columns(term.out), widest)))
		return exitDone
	case err != nil:
		hint := "bot --help"
		if command.name != "" {
			hint = "bot " + command.name + " --help"
		}
		fmt.Fprintf(term.err, "bot: %s. '%s' shows how it goes.\n", strings.TrimRight(oneLine(err), ". "), hint)
		return exitUsage
	}
	app := &app{config: cmds.config, terminal: term, command: command.name}
	defer app.close()
	err = command.Run(ctx, app)
	var wrong usageError
	switch {
	case err == nil:
		return exitDone
	case errors.As(err, &wrong):
		fmt.Fprintf(term.err, "bot: %s\n", oneLine(err))
		return exitUsage
	case errors.Is(err, errSaid):
		return exitFailed
	}
	fmt.Fprintf(term.err, "bot: %s\n", sentence(err))
	return exitFailed
}

// sentence is the one line that says why and what to do. Errors that nobody
// expected have no sentence: the person at the terminal is the operator, so
// they see the error itself.
func sentence(err error) string {
	if s, known := chat.Sentence(err); known {
		return oneLine(errors.New(s))
	}
	return oneLine(err)
}

// failure is an error that is a sentence for people.
type failure struct {
	text string
	err  error // the cause, may be nil
}

func fail(err error, format string, args ...any) error {
	return &failure{text: fmt.Sprintf(format, args...), err: err}
}

func (f *failure) Error() string    { return f.text }
func (f *failure) Sentence() string { return f.text }
func (f *failure) Unwrap() error    { return f.err }

// usageError is wrong usage that only shows once the command runs.
type usageError struct{ text string }

func (u usageError) Error() string { return u.text }

// errSaid ends a command whose output has said already what is wrong.
var errSaid = errors.New("said already")
