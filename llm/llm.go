// Package llm asks a language model, behind any server that speaks OpenAI's
// chat completions (llama.cpp, Ollama, vLLM, OpenAI), to say the sentences of a
// summary again and to complete claims. It satisfies brief.Writer by its
// methods and knows nothing of articles but their text.
//
// Nothing here is trusted. What the model writes is held against the article
// by package leash before anybody sees it; this package only sees to it that a
// bad server costs little: an answer is bounded in size and time (transport.go),
// refused requests are tried again after the time that the server names or a
// growing, jittered pause, a server that keeps failing is left alone for a while
// (a circuit breaker), and requests are counted against a budget for the day and
// for each person.
//
// The article goes to the model as a JSON string, so that nothing in it can
// end the place that it stands in; the instructions say that it is material,
// never an instruction. That is good manners, not the defence: the defence is
// the check of what comes back.
//
// The key appears in the request's header and nowhere else: not in errors, not
// in logs.
package llm

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"math"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync/atomic"
	"time"

	openai "github.com/sashabaranov/go-openai"
	"github.com/sony/gobreaker/v2"
)

// Options say which model to ask, and what it may cost.
type Options struct {
	URL   string // of the server, with its /v1
	Key   string // empty for servers that want none
	Model string

	// Timeout is for one answer, all tries together; 0 means 20 seconds.
	Timeout time.Duration
	// PerDay and PerUser are the most requests in 24 hours, of all and of one
	// person; 0 sets no limit.
	PerDay, PerUser int64
	// Counter counts them; nil counts nothing.
	Counter Counter
	// Log gets what went wrong, never text of an article or of the model.
	Log *slog.Logger
}

// Counter counts events in fixed windows; the caches of package cache do.
type Counter interface {
	Count(ctx context.Context, key string, window time.Duration) (n int64, left time.Duration, err error)
}

// What callers may want to tell apart.
var (
	ErrBudget = errors.New("the budget for the language model is spent")
	ErrAnswer = errors.New("the language model's answer cannot be used")
	ErrServer = errors.New("the language model's server does not do its work")
)

// Client asks one model. Its methods may be called from any number of
// goroutines.
type Client struct {
	o       Options
	api     *openai.Client
	http    *http.Client
	breaker *gobreaker.CircuitBreaker[answer]
	format  atomic.Int32 // index into formats: the best that the server takes
}

// The ways to ask for JSON, best first. A server that refuses one is asked the
// next way from then on.
var formats = []openai.ChatCompletionResponseFormatType{
	openai.ChatCompletionResponseFormatTypeJSONSchema, openai.ChatCompletionResponseFormatTypeJSONObject, "",
}

// New makes a client. It asks nothing yet.
func New(o Options) (*Client, error) {
	u, err := url.Parse(o.URL)
	switch {
	case err != nil, u.Host == "", u.Scheme != "http" && u.Scheme != "https", u.User != nil:
		return nil, errors.New("the address of the language model is not like https://HOST/v1")
	case o.Model == "":
		return nil, errors.New("no language model is named")
	}
	if o.Timeout <= 0 {
		o.Timeout = 20 * time.Second
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	config := openai.DefaultConfig(o.Key)
	config.BaseURL = strings.TrimRight(o.URL, "/")
	plain := &http.Client{
		Transport: newTransport(),
		CheckRedirect: func(*http.Request, []*http.Request) error {
			return errRedirect // the key and the article go to the configured address only
		},
	}
	config.HTTPClient = plain
	c := &Client{o: o, http: plain, api: openai.NewClientWithConfig(config)}
	c.breaker = gobreaker.NewCircuitBreaker[answer](gobreaker.Settings{
		Name:        "llm",
		Timeout:     time.Minute,
		ReadyToTrip: func(counts gobreaker.Counts) bool { return counts.ConsecutiveFailures >= 5 },
		IsExcluded:  func(err error) bool { return errors.Is(err, context.Canceled) },
		OnStateChange: func(_ string, from, to gobreaker.State) {
			o.Log.Warn("language model", "was", from.String(), "is", to.String())
		},
	})
	return c, nil
}

// Model names the model.
func (c *Client) Model() string { return c.o.Model }

// Version names the model, its server and the instructions: it changes with
// whatever may change an answer.
func (c *Client) Version() string { return c.o.URL + " " + c.o.Model + " " + promptVersion }

// Host is the server that articles go to.
func (c *Client) Host() string {
	u, err := url.Parse(c.o.URL)
	if err != nil {
		return ""
	}
	return u.Host
}

// Write asks the model to say the sentences of a summary again and to complete
// claims, on behalf of asker. Each list has as many entries as the one that was
// handed in; an empty entry means that the model left it out. What the model
// wrote is not checked.
func (c *Client) Write(ctx context.Context, asker, title, text string, summary, claims []string) (reworded, completed []string, err error) {
	if c.breaker.State() == gobreaker.StateOpen {
		return nil, nil, fmt.Errorf("%w: left alone for a minute after it failed five times", ErrServer)
	}
	if err := c.spend(ctx, asker); err != nil {
		return nil, nil, err
	}
	ctx, cancel := context.WithTimeout(ctx, c.o.Timeout)
	defer cancel()
	got, err := c.breaker.Execute(func() (answer, error) {
		return c.ask(ctx, question{Title: title, Article: bounded(text), Summary: summary, Claims: claims})
	})
	if err != nil {
		return nil, nil, err
	}
	return fit(got.Summary, len(summary)), fit(got.Claims, len(claims)), nil
}

// fit gives a list the length that was asked for.
func fit(list []string, n int) []string {
	out := make([]string, n)
	copy(out, list)
	return out
}

// spend takes one request from the budgets.
func (c *Client) spend(ctx context.Context, asker string) error {
	if c.o.Counter == nil {
		return nil
	}
	// The person first: who has spent their own share takes nothing of the day's.
	for _, b := range []struct {
		key  string
		most int64
	}{{"llm:user:" + asker, c.o.PerUser}, {"llm:day", c.o.PerDay}} {
		if b.most <= 0 {
			continue
		}
		n, _, err := c.o.Counter.Count(ctx, b.key, 24*time.Hour)
		if err != nil {
			return fmt.Errorf("counting the budget: %w", err) // unknown costs are not run up
		}
		if n > b.most {
			return ErrBudget
		}
	}
	return nil
}

// ask sends the question, in the best form that the server takes.
func (c *Client) ask(ctx context.Context, q question) (answer, error) {
	for {
		at := c.format.Load()
		response, err := c.api.CreateChatCompletion(ctx, c.request(q, formats[at]))
		if err == nil {
			return read(response)
		}
		status := statusOf(err)
		if (status == http.StatusBadRequest || status == http.StatusUnprocessableEntity || status == http.StatusNotImplemented) && int(at)+1 < len(formats) {
			c.format.CompareAndSwap(at, at+1)
			continue
		}
		return answer{}, c.trouble(ctx, err, status)
	}
}

func (c *Client) request(q question, format openai.ChatCompletionResponseFormatType) openai.ChatCompletionRequest {
	r := openai.ChatCompletionRequest{
		Model: c.o.Model,
		Messages: []openai.ChatCompletionMessage{
			{Role: openai.ChatMessageRoleSystem, Content: instructions},
			{Role: openai.ChatMessageRoleUser, Content: q.text()},
		},
	}
	// Models that think first take neither a temperature nor max_tokens.
	if slices.ContainsFunc([]string{"o1", "o3", "o4", "gpt-5"}, func(p string) bool { return strings.HasPrefix(c.o.Model, p) }) {
		r.MaxCompletionTokens = 4 * maxTokens
	} else {
		//lint:ignore SA1019 servers other than OpenAI's know no other
		r.MaxTokens = maxTokens                     //nolint:staticcheck // see above
		r.Temperature = math.SmallestNonzeroFloat32 // 0 would be left out, which means 1
	}
	switch format {
	case openai.ChatCompletionResponseFormatTypeJSONSchema:
		r.ResponseFormat = &openai.ChatCompletionResponseFormat{
			Type: format, JSONSchema: &openai.ChatCompletionResponseFormatJSONSchema{Name: "wording", Schema: schema, Strict: true},
		}
	case openai.ChatCompletionResponseFormatTypeJSONObject:
		r.ResponseFormat = &openai.ChatCompletionResponseFormat{Type: format}
	}
	return r
}

// maxTokens is the most that an answer may have: three sentences and five
// claims take about 500.
const maxTokens = 1200

// trouble is the error for callers and logs. It repeats nothing that the
// server said: that may hold the key or the article.
func (c *Client) trouble(ctx context.Context, err error, status int) error {
	switch {
	case errors.Is(ctx.Err(), context.Canceled):
		return context.Canceled
	case errors.Is(err, context.DeadlineExceeded), ctx.Err() != nil:
		return fmt.Errorf("%w: no answer in time", ErrServer)
	case errors.Is(err, errTooLong):
		return fmt.Errorf("%w: %w", ErrAnswer, errTooLong)
	case errors.Is(err, errRedirect):
		return fmt.Errorf("%w: %w", ErrServer, errRedirect)
	case status > 0:
		return fmt.Errorf("%w: status %d", ErrServer, status)
	}
	return fmt.Errorf("%w: it cannot be reached, or does not speak the protocol", ErrServer)
}

func statusOf(err error) int {
	var api *openai.APIError
	var request *openai.RequestError
	switch {
	case errors.As(err, &api):
		return api.HTTPStatusCode
	case errors.As(err, &request):
		return request.HTTPStatusCode
	}
	return 0
}

// Check asks the server whether it has the model.
func (c *Client) Check(ctx context.Context) error {
	models, err := c.api.ListModels(ctx)
	if status := statusOf(err); status == http.StatusNotFound || status == http.StatusMethodNotAllowed {
		return nil // it answers, and lists nothing
	}
	if err != nil {
		return c.trouble(ctx, err, statusOf(err))
	}
	for _, m := range models.Models {
		if m.ID == c.o.Model {
			return nil
		}
	}
	return fmt.Errorf("%w: it does not have the model %q", ErrServer, c.o.Model)
}

// Close gives connections back.
func (c *Client) Close() error {
	c.http.CloseIdleConnections()
	return nil
}
