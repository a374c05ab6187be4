package slack

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"maps"
	"net/http"
	"net/url"
	"time"

	"github.com/slack-go/slack"
)

const (
	maxBody    = 1 << 20         // bytes of what Slack sends
	acceptTime = 2 * time.Second // to write a request down: Slack waits for three
)

// Handlers are the endpoints for Slack to call, by their patterns for
// http.ServeMux: those for events unless they come by Socket Mode, and those of the
// installation if other workspaces may install the app.
func (p *Platform) Handlers() map[string]http.Handler {
	all := map[string]http.Handler{}
	if p.o.AppToken == "" {
		all["POST /slack/events"] = p.signed(p.eventHTTP)
		all["POST /slack/commands"] = p.signed(p.commandHTTP)
		all["POST /slack/interactions"] = p.signed(p.interactHTTP)
	}
	maps.Copy(all, p.installHandlers())
	return all
}

// signed lets through what Slack signed within the last five minutes. A
// replay within them meets its key in the queue.
func (p *Platform) signed(next func(live *run, w http.ResponseWriter, r *http.Request, body []byte)) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Cache-Control", "no-store")
		verifier, err := slack.NewSecretsVerifier(r.Header, p.o.SigningSecret)
		if err != nil {
			p.log.WarnContext(r.Context(), "a request without a valid signature was refused", "path", r.URL.Path)
			http.Error(w, "not signed by Slack", http.StatusUnauthorized)
			return
		}
		body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxBody))
		var tooLarge *http.MaxBytesError
		switch {
		case errors.As(err, &tooLarge):
			http.Error(w, "too large", http.StatusRequestEntityTooLarge)
			return
		case err != nil:
			http.Error(w, "cut off", http.StatusBadRequest)
			return
		}
		if _, err := verifier.Write(body); err != nil || verifier.Ensure() != nil {
			p.log.WarnContext(r.Context(), "a request without a valid signature was refused", "path", r.URL.Path)
			http.Error(w, "not signed by Slack", http.StatusUnauthorized)
			return
		}
		live, ok := p.enter()
		if !ok {
			w.Header().Set("Retry-After", "5")
			http.Error(w, "not running", http.StatusServiceUnavailable)
			return
		}
		defer live.wg.Done()
		next(live, w, r, body)
	})
}

// taken answers for what was taken in. What could not be written down Slack
// may send again; what cannot be read it need not.
func (p *Platform) taken(ctx context.Context, w http.ResponseWriter, ack any, err error) {
	switch {
	case errors.Is(err, errMalformed):
		p.log.WarnContext(ctx, "something from Slack could not be read", "error", err)
	case err != nil:
		p.log.ErrorContext(ctx, "a request could not be accepted", "error", err)
		http.Error(w, "try again", http.StatusServiceUnavailable)
		return
	}
	if ack == nil {
		w.WriteHeader(http.StatusOK)
		return
	}
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	_ = json.NewEncoder(w).Encode(ack) // the caller has gone if it fails
}

func (p *Platform) eventHTTP(_ *run, w http.ResponseWriter, r *http.Request, body []byte) {
	var outer event
	if json.Unmarshal(body, &outer) == nil && outer.Type == "url_verification" {
		p.taken(r.Context(), w, map[string]string{"challenge": outer.Challenge}, nil)
		return
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(r.Context()), acceptTime)
	defer cancel()
	p.taken(ctx, w, nil, p.event(ctx, body))
}

func (p *Platform) commandHTTP(_ *run, w http.ResponseWriter, r *http.Request, body []byte) {
	form, err := url.ParseQuery(string(body))
	if err != nil {
		p.taken(r.Context(), w, nil, errMalformed)
		return
	}
	if form.Get("ssl_check") == "1" {
		w.WriteHeader(http.StatusOK)
		return
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(r.Context()), acceptTime)
	defer cancel()
	p.taken(ctx, w, nil, p.command(ctx, slack.SlashCommand{
		TeamID: form.Get("team_id"), ChannelID: form.Get("channel_id"), ChannelName: form.Get("channel_name"),
		UserID: form.Get("user_id"), Command: form.Get("command"), Text: form.Get("text"),
		ResponseURL: form.Get("response_url"), TriggerID: form.Get("trigger_id"),
	}))
}

func (p *Platform) interactHTTP(live *run, w http.ResponseWriter, r *http.Request, body []byte) {
	form, err := url.ParseQuery(string(body))
	if err != nil {
		p.taken(r.Context(), w, nil, errMalformed)
		return
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(r.Context()), acceptTime)
	defer cancel()
	ack, open, err := p.interact(ctx, []byte(form.Get("payload")))
	p.taken(ctx, w, ack, err)
	p.later(live, open)
}

// later does what may not hold up the acknowledgement. Run waits for it.
func (p *Platform) later(live *run, do func(context.Context)) {
	if do == nil {
		return
	}
	live.wg.Go(func() {
		ctx, cancel := context.WithTimeout(context.WithoutCancel(live.ctx), callTimeout)
		defer cancel()
		do(ctx)
	})
}
