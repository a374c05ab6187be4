package chat

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"runtime/debug"
	"time"

	"onrecord/article"
)

// Meter counts requests and how long they took.
type Meter interface {
	Request(platform, command string, outcome Outcome, took time.Duration)
}

// Outcome is how a request ended.
type Outcome string

// The outcomes.
const (
	Done    Outcome = "done"
	Refused Outcome = "refused" // for a reason that the asker was told and can mend
	Limited Outcome = "limited" // too many requests of one person
	Failed  Outcome = "failed"  // for a reason that the operator should look at
)

// OutcomeOf tells how the request that got this reply ended.
func OutcomeOf(r Reply) Outcome {
	var tooMany *LimitError
	switch {
	case r.Err == nil:
		return Done
	case errors.As(r.Err, &tooMany):
		return Limited
	case r.Reference != "":
		return Failed
	default:
		return Refused
	}
}

// Counter counts events in fixed windows. cache.Memory and cache.Redis do.
type Counter interface {
	Count(ctx context.Context, key string, window time.Duration) (n int64, left time.Duration, err error)
}

// Wrapping are the settings of [Wrap]. The zero value works.
type Wrapping struct {
	Log     *slog.Logger // nothing is logged if nil
	Meter   Meter        // nothing is measured if nil
	Counter Counter      // nobody is limited if nil
	Limit   int64        // requests a person may make in a minute; 30 if 0
	// LimitOf is the limit where the scope's workspace has one of its own; def
	// otherwise. Nil means that none has.
	LimitOf func(ctx context.Context, scope Scope, def int64) int64
	Timeout time.Duration // of one request; 2 minutes if 0
}

// Wrap gives a handler its coat, from the outside in: log, meter, recover,
// limit, deadline. What it returns always answers.
func Wrap(h Handler, w Wrapping) Handler {
	h = Deadline(h, orDefault(w.Timeout, 2*time.Minute))
	if w.Counter != nil {
		limit := func(ctx context.Context, scope Scope) int64 {
			def := orDefault(w.Limit, 30)
			if w.LimitOf == nil {
				return def
			}
			return w.LimitOf(ctx, scope, def)
		}
		h = LimitUsers(h, w.Counter, limit, time.Minute)
	}
	h = Recover(h)
	if w.Meter != nil {
		h = Measure(h, w.Meter)
	}
	if w.Log != nil {
		h = Log(h, w.Log)
	}
	return h
}

// Recover turns a panic into an apology.
func Recover(h Handler) Handler {
	return func(ctx context.Context, req Request) (reply Reply) {
		defer func() {
			if v := recover(); v != nil {
				reply = Apology(&panicError{value: v, stack: debug.Stack()})
				reply.Visibility = visibility(req)
			}
		}()
		return h(ctx, req)
	}
}

type panicError struct {
	value any
	stack []byte
}

func (p *panicError) Error() string { return fmt.Sprintf("panic: %v\n%s", p.value, p.stack) }

// Log writes a line for each request: never what was asked, only how it went.
// What a reply calls the reference stands there with the whole error.
func Log(h Handler, log *slog.Logger) Handler {
	return func(ctx context.Context, req Request) Reply {
		start := time.Now()
		reply := h(ctx, req)
		outcome := OutcomeOf(reply)
		attrs := []slog.Attr{
			slog.String("platform", req.Scope.Platform),
			slog.String("request", req.ID),
			slog.String("entry", string(req.Entry)),
			slog.String("outcome", string(outcome)),
			slog.Duration("took", time.Since(start)),
		}
		level := slog.LevelInfo
		switch {
		case reply.Reference != "":
			level = slog.LevelError
			attrs = append(attrs, slog.String("reference", reply.Reference), slog.Any("error", reply.Err))
		case reply.Err != nil:
			attrs = append(attrs, slog.String("reason", reason(reply.Err)))
		}
		log.LogAttrs(ctx, level, "request answered", attrs...)
		return reply
	}
}

// reason is the kind of an error that the asker was told about. The error
// itself may repeat what was asked, which is nothing for a log.
func reason(err error) string {
	var unreadable *article.Error
	var refused *Refusal
	switch {
	case errors.As(err, &unreadable):
		return string(unreadable.Kind)
	case errors.As(err, &refused):
		return "not understood"
	case errors.Is(err, context.DeadlineExceeded):
		return "too slow"
	case errors.Is(err, context.Canceled):
		return "stopped"
	}
	return fmt.Sprintf("%T", err)
}

// Measure counts each request.
func Measure(h Handler, m Meter) Handler {
	return func(ctx context.Context, req Request) Reply {
		start := time.Now()
		reply := h(ctx, req)
		m.Request(req.Scope.Platform, reply.Command, OutcomeOf(reply), time.Since(start))
		return reply
	}
}

// LimitError says that a person asked too often.
type LimitError struct {
	Limit  int64
	Window time.Duration
	Left   time.Duration // until the window ends
}

func (e *LimitError) Error() string {
	return fmt.Sprintf("more than %d requests in %v", e.Limit, e.Window)
}

// Sentence asks for patience.
func (e *LimitError) Sentence() string {
	seconds := max(int(e.Left.Round(time.Second)/time.Second), 1)
	return fmt.Sprintf("You are quick: that is more than %d requests in a minute, which is all I can take from one person. Please ask again in %s.",
		e.Limit, count(seconds, "second"))
}

// LimitUsers lets a person make at most as many requests in each window as
// limit says. When the counter is in trouble it lets everybody through.
func LimitUsers(h Handler, c Counter, limit func(context.Context, Scope) int64, window time.Duration) Handler {
	return func(ctx context.Context, req Request) Reply {
		n, left, err := c.Count(ctx, "limit:"+req.Scope.Platform+":"+req.Scope.Workspace+":"+req.Scope.User, window)
		if most := limit(ctx, req.Scope); err == nil && n > most {
			reply := Apology(&LimitError{Limit: most, Window: window, Left: left})
			reply.Visibility = ToAsker
			return reply
		}
		return h(ctx, req)
	}
}

// Deadline stops a request that takes longer than d.
func Deadline(h Handler, d time.Duration) Handler {
	return func(ctx context.Context, req Request) Reply {
		ctx, cancel := context.WithTimeout(ctx, d)
		defer cancel()
		return h(ctx, req)
	}
}
