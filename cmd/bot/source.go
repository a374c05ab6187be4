package main

import (
	"context"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"syscall"

	"onrecord/article"
	"onrecord/brief"
)

// sourceFlags are what the commands about one article share.
type sourceFlags struct {
	Source string `arg:"positional,required" help:"A URL, a file (.txt .md .html .pdf .docx) or - for standard input."`

	Format     string `arg:"--format" enum:"text,json,markdown" default:"text" help:"Form of the answer: ${enum}. Text has colours on a terminal only."`
	Date       day    `arg:"--date" placeholder:"2020-01-21" help:"Publication date, when the source does not say."`
	Explain    bool   `arg:"--explain" help:"Say for each quotation and claim why it was found."`
	NoRemember bool   `arg:"--no-remember" help:"Leave no trace: nothing is kept in a cache or a list."`

	keep func(*brief.Briefing) (*brief.Briefing, error) // what of it JSON and Markdown have; all if nil
}

// maxFile is the most of a file that is read: one byte more than articles may
// have, so that the reader can see that it is too large.
const maxFile = 10<<20 + 1

// source makes the article source that a person named at the terminal.
func (f *sourceFlags) source(ctx context.Context, in io.Reader) (article.Source, error) {
	src, err := openSource(ctx, f.Source, in)
	src.Date = f.Date.Time
	return src, err
}

func openSource(ctx context.Context, name string, in io.Reader) (article.Source, error) {
	switch {
	case name == "-":
		if isTerminal(in) {
			// Waiting without a word looks like hanging.
			return article.Source{}, fail(nil, "Nothing comes in on standard input: pipe the article in, as in 'bot brief - < story.txt'.")
		}
		data, err := readAll(ctx, in)
		if err != nil {
			return article.Source{}, fail(err, "Standard input could not be read (%s): check what is piped in.", reason(err))
		}
		return article.FromBytes("standard input", "", data), nil
	case strings.Contains(name, "://"):
		return article.FromURL(name)
	}
	data, err := readFile(ctx, name)
	switch {
	case errors.Is(err, fs.ErrNotExist) && looksLikeHost(name):
		return article.Source{}, fail(err, "There is no file %s: check the path; if it is an address, write https:// before it.", name)
	case errors.Is(err, fs.ErrNotExist):
		return article.Source{}, fail(err, "There is no file %s: check the path, or give a link that begins with https://.", name)
	case errors.Is(err, syscall.EISDIR):
		return article.Source{}, fail(err, "%s is a folder: name one file in it.", name)
	case err != nil:
		return article.Source{}, fail(err, "%s could not be read (%s): check that the file is yours to open.", name, reason(err))
	}
	return article.FromBytes(filepath.Base(name), "", data), nil
}

// looksLikeHost reports whether a name without a scheme may be an address.
func looksLikeHost(name string) bool {
	host, _, _ := strings.Cut(name, "/")
	return strings.Contains(strings.Trim(host, "."), ".") && (strings.HasPrefix(host, "www.") || host != name)
}

// reason is the cause without the path, which the sentence has already:
// "permission denied".
func reason(err error) string {
	var path *fs.PathError
	if errors.As(err, &path) {
		err = path.Err
	}
	return oneLine(err)
}

// innermost is the first cause of an error of the network: "connection
// refused".
func innermost(err error) string {
	for {
		next := errors.Unwrap(err)
		if next == nil {
			return oneLine(err)
		}
		err = next
	}
}

func readFile(ctx context.Context, name string) ([]byte, error) {
	f, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	if info, err := f.Stat(); err == nil && info.IsDir() {
		return nil, &fs.PathError{Op: "read", Path: name, Err: syscall.EISDIR}
	}
	return readAll(ctx, f)
}

// readAll reads what is worth reading, and stops waiting for more when ctx
// ends: a pipe may keep silent for ever.
func readAll(ctx context.Context, r io.Reader) ([]byte, error) {
	type result struct {
		data []byte
		err  error
	}
	got := make(chan result, 1)
	go func() {
		data, err := io.ReadAll(io.LimitReader(r, maxFile))
		got <- result{data, err}
	}()
	select {
	case res := <-got:
		return res.data, res.err
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}
