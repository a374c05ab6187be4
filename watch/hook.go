package watch

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"math/big"
	"net/url"
	"slices"
	"strings"
	"time"

	"onrecord/article"
	"onrecord/brief"
)

// Webhook is the platform of places that are addresses of programs. Such a place
// belongs to a workspace of another platform (see [HookPlace]), its channel
// stands for the address and its thread is the watch, so that what was said to
// one address counts together for limits and repeats.
const Webhook = "webhook"

// HookPlace is where watches of a workspace speak to programs.
func HookPlace(platform, workspace string) Place {
	return Place{Platform: Webhook, Workspace: platform + "/" + workspace}
}

// Owner is the platform and the workspace that a place belongs to.
func (p Place) Owner() (platform, workspace string) {
	if p.Platform != Webhook {
		return p.Platform, p.Workspace
	}
	platform, workspace, _ = strings.Cut(p.Workspace, "/")
	return platform, workspace
}

// Message is what a program is sent.
type Message struct {
	ID   string // the same whenever it is sent again
	To   string // https address
	Name string // what the secret of the address is made from, see [Watch.SecretName]
	Body []byte // JSON
}

// Courier sends messages to programs; *webhook.Sender is one.
type Courier interface {
	// Check tells why nothing can be sent to an address. Its error brings a
	// sentence, or is an *article.Error.
	Check(ctx context.Context, to string) error
	// Deliver sends once. Its error is an *Undelivered or an *article.Error unless
	// ctx ended.
	Deliver(ctx context.Context, m Message) error
}

// Undelivered says that a program did not take a message.
type Undelivered struct {
	Why   string        // a clause: "the receiver answered 500"
	Gone  bool          // it wants no more
	After time.Duration // how long it asked to be left alone
}

// Error implements error.
func (u *Undelivered) Error() string { return u.Why }

// SecretName is what the secret of a watch's webhook is made from: unlike that
// of every other.
func (w *Watch) SecretName() string { return w.ID + "\n" + w.Hook }

// sentAgain are the pauses between attempts to send a message: eight attempts in
// eighteen hours, as the specification of Standard Webhooks proposes for the first
// day. None is as long as patience, by which it is known what is in the queue.
var sentAgain = []time.Duration{time.Minute, 5 * time.Minute, 30 * time.Minute, 2 * time.Hour, 5 * time.Hour, 5 * time.Hour, 5 * time.Hour}

// wait is the pause after so many attempts, a sixth longer at random at most, so
// that what failed together does not come back together.
func wait(attempts int) time.Duration {
	d := sentAgain[min(max(attempts, 1), len(sentAgain))-1]
	more, err := rand.Int(rand.Reader, big.NewInt(int64(d/6)))
	if err != nil {
		return d
	}
	return d + time.Duration(more.Int64())
}

// mostBody is how long a message may be, in bytes.
const mostBody = 1 << 20

// envelope is the frame of every message.
type envelope struct {
	Type      string        `json:"type"`
	Timestamp string        `json:"timestamp"` // of what it tells, RFC 3339
	Watch     envelopeWatch `json:"watch"`
	LeftOut   []string      `json:"left_out,omitempty"` // of data, since the message would be too long
	Data      any           `json:"data"`
}

type envelopeWatch struct {
	ID   string `json:"id"`
	Kind Kind   `json:"kind"`
	Of   string `json:"of"`
	Form Form   `json:"form"`
}

type digestData struct {
	Slot    string          `json:"slot"`    // YYYY-MM-DD
	Stories []*brief.Object `json:"stories"` // without article.text
}

type textData struct {
	Text string `json:"text"`
}

type changesData struct {
	Article struct {
		Title string `json:"title"`
		URL   string `json:"url"`
	} `json:"article"`
	Before  string         `json:"before"` // when the article was read, RFC 3339
	After   string         `json:"after"`
	Changes []changeObject `json:"changes"`
	More    int            `json:"more"`  // changes beyond those
	Added   int            `json:"added"` // sentences that are new
}

type changeObject struct {
	Touches []brief.Touches `json:"touches"`
	Before  string          `json:"before"` // empty for what is new
	After   string          `json:"after"`  // empty for what was taken out
}

// bodyOf is the message of a post. Articles have the form of "bot brief --format
// json".
func bodyOf(p *Post, now time.Time) ([]byte, error) {
	var objects []*brief.Object
	for _, s := range p.Stories {
		objects = append(objects, brief.Export(p.Watch.shown(s.Briefing)))
	}
	e := envelope{Timestamp: stampOf(now), Watch: envelopeWatch{p.Watch.ID, p.Watch.Kind, p.Watch.Of, p.Watch.Form}}
	switch {
	case p.Sort == Digest:
		for _, o := range objects {
			o.Article.Text = nil
		}
		e.Type, e.Data = "watch.digest", digestData{p.Slot, objects}
	case p.Change != nil:
		c := p.Change
		d := changesData{Before: stampOf(c.Before), After: stampOf(c.After), Changes: []changeObject{}, More: c.Revisions.Others, Added: c.Revisions.Added}
		d.Article.Title, d.Article.URL = c.Title, c.Link
		for _, r := range c.Revisions.List {
			d.Changes = append(d.Changes, changeObject{append([]brief.Touches{}, r.Touches...), r.Before, r.After})
		}
		e.Type, e.Data = "watch.changes", d
	case len(objects) == 1:
		e.Type, e.Data = "watch.story", objects[0]
	default:
		e.Type, e.Data = "watch.notice", textData{p.Text}
	}
	body, err := encode(e)
	if err != nil || len(body) <= mostBody || len(objects) == 0 {
		return body, err
	}
	e.LeftOut = []string{"article.text"}
	for _, o := range objects {
		o.Article.Text = nil
	}
	if body, err = encode(e); err != nil || len(body) <= mostBody {
		return body, err
	}
	// No article that newsrooms write comes here.
	e.LeftOut = append(e.LeftOut, "findings")
	for i, o := range objects {
		empty := brief.Export(&brief.Briefing{Article: &article.Article{}, Analysis: &brief.Analysis{}})
		empty.Article, empty.Engine = o.Article, o.Engine
		*objects[i] = *empty
	}
	return encode(e)
}

func stampOf(t time.Time) string { return t.UTC().Format(time.RFC3339) }

// encode is json.Marshal without the escaping meant for HTML.
func encode(v any) ([]byte, error) {
	var buf bytes.Buffer
	enc := json.NewEncoder(&buf)
	enc.SetEscapeHTML(false)
	err := enc.Encode(v)
	return bytes.TrimSpace(buf.Bytes()), err
}

// shown is what of a briefing a watch is about.
func (w *Watch) shown(b *brief.Briefing) *brief.Briefing {
	switch w.Kind {
	case Speaker:
		return brief.Filter{By: w.Of}.OnlyQuotes(b)
	case Topic:
		about := brief.Filter{About: w.Of}
		return about.OnlyQuotes(about.OnlyClaims(b))
	case Claim:
		return b
	}
	if w.Form == AsClaims {
		return brief.Filter{Kinds: w.Filter.Kinds}.OnlyClaims(b)
	}
	return b
}

// hooked tells whether an item is for a program.
func (it *Item) hooked() bool { return it.Place.Platform == Webhook }

// hand keeps the message of an item until the program has it, and sends it for
// the first time. The articles in it are followed.
func (w *Watcher) hand(ctx context.Context, it *Item, p *Post) error {
	now := w.now()
	body, err := bodyOf(p, now)
	if err != nil {
		return fmt.Errorf("writing a message for a webhook: %w", err)
	}
	it.Text, it.Message = string(body), "msg_"+digest(it.Watch+"\n"+it.Key)
	it.State, it.Why, it.Tries, it.At, it.Due = Sending, "", 1, now, now.Add(patience+pause)
	if err := w.Store.Save(ctx, *it); err != nil {
		return err
	}
	for _, s := range p.Stories {
		if err := w.follow(ctx, it.Place, s.Source, s.Briefing); err != nil {
			w.log().WarnContext(ctx, "an article that a webhook was told of is not followed", "error", err)
		}
	}
	return w.deliver(ctx, it, p.Watch)
}

// again sends the message of an item once more.
func (w *Watcher) again(ctx context.Context, it *Item) error {
	one, found, err := w.Store.Watch(ctx, it.Place.Thread)
	switch {
	case err != nil:
		return err
	case !found:
		it.Text = ""
		return w.skip(ctx, it, "the watch was removed")
	case one.Paused:
		it.Why = "the watch was paused"
		return w.end(ctx, *it, Failed)
	}
	return w.deliver(ctx, it, &one)
}

func (w *Watcher) deliver(ctx context.Context, it *Item, one *Watch) error {
	now := w.now()
	alone := Webhook + ":" + it.Place.Channel
	free, err := w.Store.HostTurn(ctx, alone, now, 0, whenever)
	if err != nil {
		return err
	}
	if free.After(now) {
		it.Tries-- // this was none
		it.Due, it.Why = earlier(free, now.Add(patience)), "the receiver asked to be left alone for a while"
		return w.Store.Save(ctx, *it)
	}
	err = w.Courier.Deliver(ctx, Message{ID: it.Message, To: one.Hook, Name: one.SecretName(), Body: []byte(it.Text)})
	var u *Undelivered
	var e *article.Error
	switch {
	case err == nil:
		it.Text, it.Why = "", ""
		return w.end(ctx, *it, Posted)
	case errors.As(err, &u):
	case errors.As(err, &e):
		u = &Undelivered{Why: problem(err)}
	default:
		return err
	}
	it.Why, it.At = u.Why, w.now()
	w.log().WarnContext(ctx, "a webhook did not take a message", "watch", one.ID, "attempt", it.Tries, "why", u.Why)
	if u.Gone {
		it.Why += ": the watch is paused"
		return errors.Join(w.Store.Pause(ctx, one.ID, true), w.end(ctx, *it, Failed))
	}
	if it.Tries > len(sentAgain) {
		it.Why = fmt.Sprintf("given up after %d attempts: %s", it.Tries, u.Why)
		return w.end(ctx, *it, Failed)
	}
	it.Due = it.At.Add(wait(it.Tries))
	if u.After > 0 {
		free = it.At.Add(min(u.After, patience))
		if free.After(it.Due) {
			it.Due = free
		}
		// Others wait as well.
		before, err := w.Store.HostTurn(ctx, alone, it.At, 0, whenever)
		if err == nil && free.After(before) {
			_, err = w.Store.HostTurn(ctx, alone, before, free.Sub(before), whenever)
		}
		if err != nil {
			return err
		}
	}
	return w.Store.Save(ctx, *it)
}

func earlier(a, b time.Time) time.Time {
	if a.Before(b) {
		return a
	}
	return b
}

// checkHook tells why a watch cannot speak to an address.
func (w *Watcher) checkHook(ctx context.Context, to string) error {
	u, err := url.Parse(to)
	switch {
	case err != nil || u.Scheme != "https" || u.Host == "" || u.User != nil || u.Fragment != "" || len(to) > mostLink:
		return refuse("A webhook is an address that begins with https://, without a user, a password or a # in it.")
	case w.Courier == nil:
		return refuse("Webhooks are signed, and there is no key for that: set ONRECORD_WEBHOOK_KEY to a secret of 32 characters or more, as 'openssl rand -hex 32' makes one.")
	}
	return w.Courier.Check(ctx, to)
}

// Hooks gives the watches that speak to programs.
func (w *Watcher) Hooks(ctx context.Context) ([]Watch, error) {
	return w.Store.List(ctx, Query{Place: Place{Platform: Webhook}})
}

// mostSent is how many items of an address are looked at.
const mostSent = 1000

// Sent gives what was sent to the programs of some watches, or was to be, newest
// first.
func (w *Watcher) Sent(ctx context.Context, hooks []Watch) ([]Item, error) {
	var all []Item
	seen := map[string]bool{}
	for _, one := range hooks {
		at := one.Place.channel()
		if key := at.Workspace + "\n" + at.Channel; seen[key] {
			continue
		} else {
			seen[key] = true
		}
		items, err := w.Store.Recent(ctx, at, "", mostSent)
		if err != nil {
			return nil, err
		}
		for _, it := range items {
			if it.Message != "" {
				all = append(all, it)
			}
		}
	}
	slices.SortStableFunc(all, func(a, b Item) int { return b.At.Compare(a.At) })
	return all, nil
}

// Retry makes the messages of a watch due that were given up, and tells how many
// there are.
func (w *Watcher) Retry(ctx context.Context, one *Watch) (int, error) {
	items, err := w.Sent(ctx, []Watch{*one})
	if err != nil {
		return 0, err
	}
	var due []Item
	for _, it := range items {
		if it.State == Failed && it.Place.Thread == one.ID {
			it.State, it.Why, it.Tries, it.At, it.Due = Sending, "", 0, w.now(), w.now()
			due = append(due, it)
		}
	}
	return len(due), w.Store.Save(ctx, due...)
}

// Try sends a program a message without news, to see whether it takes it.
func (w *Watcher) Try(ctx context.Context, one *Watch) error {
	if err := w.checkHook(ctx, one.Hook); err != nil {
		return err
	}
	body, err := encode(envelope{
		Type: "watch.test", Timestamp: stampOf(w.now()), Watch: envelopeWatch{one.ID, one.Kind, one.Of, one.Form},
		Data: textData{"This is a test: nothing has come up."},
	})
	if err != nil {
		return err
	}
	return w.Courier.Deliver(ctx, Message{ID: "msg_" + strings.ToLower(rand.Text()), To: one.Hook, Name: one.SecretName(), Body: body})
}
