// Command bot briefs news articles: what happened, who said what, which claims
// to check first.
//
//	bot brief story.html
//	bot claims --format json https://example.com/story
//	bot chat
//
// This package wires the rooms together and is the only one that opens paths
// that a user names. Each command has a file of its own; config.go holds the
// settings, which are flags, environment variables and help at once.
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

	"github.com/alecthomas/kong"

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

// commands is the whole command line.
type commands struct {
	config

	Brief  briefCommand  `cmd:"" help:"What an article says: three sentences, who said what, which claims to check first."`
	Quotes quotesCommand `cmd:"" help:"Who said what: every quotation with its speaker, role and verb."`
	Claims claimsCommand `cmd:"" help:"The claims worth checking, most important first, with reasons and how to check them."`

	Batch batchCommand `cmd:"" help:"Many texts at once: JSON lines on standard input, JSON lines on standard output."`
	Eval  evalCommand  `cmd:"" help:"How good it is: run over gold files and score the answers."`

	Chat  chatCommand  `cmd:"" help:"The bot in your terminal, with the same commands as in Slack and Discord."`
	Serve serveCommand `cmd:"" help:"Join every chat platform that has credentials, and open the HTTP listener."`

	Feedback feedbackCommand `cmd:"" help:"The errors that people reported, as a list, as JSON or CSV."`

	Doctor  doctorCommand  `cmd:"" help:"Look at the settings, the cache, the store, the models, the network rules, the platforms, and say what is wrong."`
	Health  healthCommand  `cmd:"" help:"Ask a running 'bot serve' whether it is well; for Docker and other supervisors."`
	Version versionCommand `cmd:"" help:"Say which version this is."`
}

const description = `Briefs news articles: what happened, who said what, which claims to check first.
Works without a network, keys or a language model, and never says whether something is true.`

func run(ctx context.Context, args []string, term terminal) (status int) {
	var cmds commands
	// kong ends the process after --help; here that is a return.
	type done struct{ status int }
	defer func() {
		if d, ok := recover().(done); ok {
			status = d.status
		}
	}()
	parser, err := kong.New(&cmds,
		kong.Name("bot"),
		kong.Description(description),
		kong.ConfigureHelp(kong.HelpOptions{Compact: true, FlagsLast: true, WrapUpperBound: 100}),
		kong.ExplicitGroups([]kong.Group{{Key: "settings", Title: "Settings:"}}),
		kong.Writers(term.out, term.err),
		kong.Exit(func(status int) { panic(done{status}) }),
		kong.Resolvers(secretFiles{}),
		kong.BindTo(ctx, (*context.Context)(nil)),
	)
	if err != nil {
		panic(err) // the struct above is wrong, and no test was run
	}
	parsed, err := parser.Parse(args)
	if err != nil {
		fmt.Fprintf(term.err, "bot: %s. 'bot %s--help' shows how it goes.\n", strings.TrimRight(oneLine(err), ". "), usageOf(err))
		return exitUsage
	}
	app := &app{config: cmds.config, terminal: term, command: parsed.Command()}
	defer app.close()
	err = parsed.Run(app)
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

// usageOf gives the command, and a blank, that a parse error belongs to.
func usageOf(err error) string {
	var parse *kong.ParseError
	if errors.As(err, &parse) && parse.Context != nil {
		if selected := parse.Context.Selected(); selected != nil {
			return selected.Name + " "
		}
	}
	return ""
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
