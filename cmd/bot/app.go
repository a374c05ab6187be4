package main

import (
	"context"
	"io"
	"log/slog"
	"os"
	"strings"
	"sync"

	"golang.org/x/term"

	"onrecord/article"
	"onrecord/book"
	"onrecord/brief"
	"onrecord/cache"
	"onrecord/chat"
	"onrecord/factcheck"
	"onrecord/factcheck/claimreview"
	"onrecord/llm"
	"onrecord/store"
	"onrecord/work"
)

// app makes what commands work with, each thing when it is first wanted, so
// that a short command starts quickly.
type app struct {
	config
	terminal
	command string // that runs

	closers  []func() error // called last to first
	once     struct{ log, reader, cache, store, recent, queue, tables, library, model, later sync.Once }
	logger   *slog.Logger
	articles *article.Reader
	kept     cache.Cache
	keptErr  error

	advice    *factcheck.Tables // nil for the built-in ones
	adviceErr error

	db         *store.DB // nil for none
	dbErr      error     // why there is none
	remembered chat.Recent
	accepted   *work.Queue
	awaited    *book.Later          // nil for a command that is soon over
	checked    *claimreview.Library // nil for none
	model      *llm.Client          // nil for none
	modelErr   error
}

// close gives back what was opened.
func (a *app) close() {
	for i := len(a.closers) - 1; i >= 0; i-- {
		if err := a.closers[i](); err != nil {
			a.log().Warn("closing", "error", err)
		}
	}
}

// log is the operator's log on standard error.
func (a *app) log() *slog.Logger {
	a.once.log.Do(func() {
		level := slog.LevelWarn
		if a.command == "serve" {
			level = slog.LevelInfo
		}
		if a.LogLevel != "auto" {
			if err := level.UnmarshalText([]byte(a.LogLevel)); err != nil {
				level = slog.LevelInfo // the enum lets no other word through
			}
		}
		options := &slog.HandlerOptions{Level: level}
		if a.LogFormat == "json" {
			a.logger = slog.New(slog.NewJSONHandler(a.err, options))
			return
		}
		a.logger = slog.New(slog.NewTextHandler(a.err, options))
	})
	return a.logger
}

// reader reads articles under the network rules of the settings.
func (a *app) reader() *article.Reader {
	a.once.reader.Do(func() {
		proxy, err := a.proxy()
		if err != nil {
			panic(err) // validate has seen it
		}
		a.articles = &article.Reader{
			Networks: a.AllowNetworks,
			Proxy:    proxy,
			Timeout:  a.FetchTimeout,
			CacheDir: a.cacheDir(),
			Log:      a.log(),
		}
		for _, p := range a.AllowPorts {
			a.articles.Ports = append(a.articles.Ports, int(p))
		}
		a.closers = append(a.closers, a.articles.Close)
	})
	return a.articles
}

// cache is Redis when there is one, with the memory to fall back on. A
// command that answers once has nothing to gain from the memory: it gets nil.
func (a *app) cache() (cache.Cache, error) {
	a.once.cache.Do(func() {
		var memory *cache.Memory
		if a.command == "serve" || a.command == "chat" {
			memory = cache.NewMemory(int64(a.CacheBytes))
			a.closers = append(a.closers, memory.Close)
			a.kept = memory
		}
		if a.RedisURL == "" {
			return
		}
		redis, err := cache.NewRedis(a.RedisURL, cache.RedisOptions{Fallback: memory, Logger: a.log()})
		if err != nil {
			a.keptErr = usageError{"--redis-url: " + err.Error()}
			return
		}
		a.closers = append(a.closers, redis.Close)
		a.kept = redis
	})
	return a.kept, a.keptErr
}

// service briefs articles; what is asked with forget leaves no trace in a
// cache or list.
func (a *app) service(ctx context.Context, forget bool) (*chat.Service, error) {
	tables, err := a.tables()
	if err != nil {
		return nil, err
	}
	briefer := &brief.Briefer{Reader: a.reader(), Log: a.log(), Tables: tables}
	if !forget {
		c, err := a.cache()
		if err != nil {
			return nil, err
		}
		briefer.Cache = c
	}
	if a.command != "eval" {
		briefer.Library = a.overlay(ctx)
	}
	words, err := a.words(briefer.Cache)
	if err != nil {
		return nil, err
	}
	return &chat.Service{Briefer: briefer, Library: briefer.Library, Words: words}, nil
}

// isTerminal reports whether a stream is somebody's screen or keyboard.
func isTerminal(stream any) bool {
	f, ok := stream.(*os.File)
	return ok && term.IsTerminal(int(f.Fd()))
}

// oneLine is the error on one line.
func oneLine(err error) string {
	return strings.Join(strings.Fields(err.Error()), " ")
}

// write hands the answer to w.
func write(w io.Writer, data []byte) error {
	if _, err := w.Write(data); err != nil {
		return fail(err, "The answer could not be written (%s): check where the output goes.", reason(err))
	}
	return nil
}
