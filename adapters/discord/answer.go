package discord

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/bwmarrin/discordgo"

	"onrecord/chat"
	"onrecord/work"
)

// progress is what a job saves of how far its answer got. Steps are counted in
// the order in which they are taken, which is the same each time.
type progress struct {
	Done    int      `json:"done"`              // steps taken for sure
	Sending bool     `json:"sending,omitempty"` // the next one may have been taken
	IDs     []string `json:"ids,omitempty"`     // of the messages that these steps sent
}

// heldReply is a reply whose sending failed: the next attempt sends it instead
// of asking again.
type heldReply struct {
	reply chat.Reply
	at    time.Time
}

const maxHeld = 500

// lastSend is how long sending may go on after the grace of the queue.
const lastSend = 10 * time.Second

// most is how many messages an answer has where Discord allows only the
// original and five follow-ups.
const mostForVisitors = 6

// serve answers one request: the worker of the queue.
func (p *Platform) serve(ctx context.Context, h chat.Handler, job *work.Job) error {
	var t ticket
	if err := json.Unmarshal(job.Payload, &t); err != nil {
		return fmt.Errorf("%w: what was written down cannot be read: %w", work.ErrUncertain, err)
	}
	var far progress
	if len(job.Progress) > 0 {
		if err := json.Unmarshal(job.Progress, &far); err != nil {
			return fmt.Errorf("%w: its progress cannot be read", work.ErrUncertain)
		}
	}
	if far.Sending {
		return work.ErrUncertain
	}
	if t.old() && (t.Ephemeral || t.Visitor || !validID(t.Channel)) {
		return work.ErrLate
	}
	p.waitAck(ctx, t.Request.ID)
	p.mu.Lock()
	held := p.held[job.Key]
	p.mu.Unlock()
	var reply chat.Reply
	if held != nil {
		reply = held.reply
	} else if t.Away != "" {
		reply = refuse(turnedAway(t.Guild))
	} else {
		reply = p.handle(ctx, h, job, &t)
	}
	// The grace of the queue may be over, but an answer that is there is sent.
	out, cancel := context.WithTimeout(context.WithoutCancel(ctx), maxAge)
	defer cancel()
	defer context.AfterFunc(ctx, func() { time.AfterFunc(lastSend, cancel) })()
	a := &answering{p: p, ctx: out, job: job, key: job.Key, t: &t, reply: reply, far: far}
	err := a.send()
	p.settle(job, reply, err)
	if err == nil && t.Away != "" {
		p.away(out, t.Away)
	}
	return err
}

// settle keeps a reply that could not be sent, for the next attempt.
func (p *Platform) settle(job *work.Job, reply chat.Reply, err error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if err == nil || errors.Is(err, work.ErrLate) || errors.Is(err, work.ErrUncertain) || errors.Is(err, work.ErrLost) {
		delete(p.held, job.Key)
		return
	}
	for k, held := range p.held {
		if len(p.held) >= maxHeld || time.Since(held.at) > time.Hour {
			delete(p.held, k)
		}
	}
	p.held[job.Key] = &heldReply{reply, time.Now()}
}

// old reports whether the token of an interaction works no longer.
func (t *ticket) old() bool { return t.Token != "" && time.Since(t.Request.Time) > tokenLife }

// handle asks the handler, with files and what is known of the channel, and
// shows meanwhile that something is going on.
func (p *Platform) handle(ctx context.Context, h chat.Handler, job *work.Job, t *ticket) (reply chat.Reply) {
	req := t.Request.request()
	req.Late = job.Attempt > 1
	if t.Guild != "" && !t.Visitor {
		known := p.channel(ctx, t.Channel, t.Guild)
		req.Scope.Private = known.private
		if t.Token == "" { // an interaction says so itself
			t.InThread, t.Parent = known.thread, known.parent
			req.Scope.Thread = t.Message // the thread that will be opened has the identifier of its message
			if known.thread {
				req.Scope.Thread = t.Channel
				if known.parent != "" {
					req.Scope.Channel = known.parent
				}
			}
		}
	}
	files, err := p.download(ctx, t.Files)
	if err != nil {
		return chat.Apology(err)
	}
	req.Files = files
	busy := p.busy(ctx, t, &req)
	defer busy()
	defer func() {
		if v := recover(); v != nil {
			reply = chat.Apology(fmt.Errorf("panic: %v", v))
			p.log.ErrorContext(ctx, "a panic while answering", "reference", reply.Reference, "panic", v)
		}
	}()
	return h(ctx, req)
}

// busy shows that the bot is at work: the sign that somebody is typing, or a
// line in the place of the answer. The function that it gives ends that, and
// must be called before the answer is sent.
func (p *Platform) busy(ctx context.Context, t *ticket, req *chat.Request) (done func()) {
	ctx, cancel := context.WithCancel(ctx)
	var mu sync.Mutex
	step := chat.Step("")
	req.Progress = func(s chat.Step) {
		mu.Lock()
		defer mu.Unlock()
		step = s
	}
	var working sync.WaitGroup
	working.Go(func() {
		switch {
		case t.Component: // Discord shows it on the button
		case t.Token != "":
			// "Thinking" is shown from the beginning; after a while we say
			// what about.
			if sleep(ctx, 4*time.Second) != nil {
				return
			}
			mu.Lock()
			text := "Working on it …"
			if step == chat.Reading {
				text = "Reading and analysing the article …"
			}
			mu.Unlock()
			// It is not cut short: an edit that is on its way when the answer
			// is there would come after it.
			c := send("PATCH", "/webhooks/"+p.app()+"/"+t.Token+"/messages/@original", "/webhooks/@original", sentence(text)).hidden()
			c.within = 3 * time.Second
			_ = p.api.do(context.WithoutCancel(ctx), c)
		default:
			for wait := 300 * time.Millisecond; sleep(ctx, wait) == nil; wait = 8 * time.Second {
				_ = p.api.do(ctx, call{method: "POST", path: "/channels/" + t.Channel + "/typing", within: 5 * time.Second})
			}
		}
	})
	return func() {
		cancel()
		working.Wait()
	}
}

// hidden marks a call whose address is its secret.
func (c call) hidden() call {
	c.open = true
	return c
}

// download gets the files of a request from Discord's own servers, and from no
// others.
func (p *Platform) download(ctx context.Context, remote []remoteFile) ([]chat.File, error) {
	const most = 3 // one is read; that there were more is said
	var files []chat.File
	for _, r := range remote[:min(len(remote), most)] {
		if !p.ofDiscord(r.URL) {
			return nil, &chat.Refusal{Text: "That file does not lie with Discord: send it as an attachment."}
		}
		if r.Size > maxFile {
			return nil, &chat.Refusal{Text: "That file is too large: I take up to 10 MB."}
		}
		data, err := p.get(ctx, r.URL)
		if err != nil {
			return nil, err
		}
		files = append(files, chat.File{Name: clean(r.Filename), ContentType: r.ContentType, Data: data})
	}
	return files, nil
}

// ofDiscord reports whether an address is one where Discord keeps attachments.
func (p *Platform) ofDiscord(address string) bool {
	u, err := url.Parse(address)
	if err != nil || u.User != nil {
		return false
	}
	if u.Scheme == "https" && (u.Host == "cdn.discordapp.com" || u.Host == "media.discordapp.net") {
		return true
	}
	api, err := url.Parse(p.o.APIURL)
	return err == nil && api.Host != "discord.com" && u.Host == api.Host && u.Scheme == api.Scheme
}

func (p *Platform) get(ctx context.Context, address string) ([]byte, error) {
	unavailable := &chat.Refusal{Text: "I could not get that file from Discord: send it again, please."}
	ctx, cancel := context.WithTimeout(ctx, 45*time.Second)
	defer cancel()
	for attempt := range 3 {
		if attempt > 0 && sleep(ctx, jitter(time.Second)) != nil {
			break
		}
		req, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
		if err != nil {
			break
		}
		resp, err := p.client.Do(req)
		if err != nil {
			continue
		}
		data, err := io.ReadAll(io.LimitReader(resp.Body, maxFile+1))
		resp.Body.Close()
		switch {
		case err != nil || resp.StatusCode >= 500 || resp.StatusCode == http.StatusTooManyRequests:
			continue
		case resp.StatusCode != http.StatusOK:
			return nil, unavailable
		case len(data) > maxFile:
			return nil, &chat.Refusal{Text: "That file is too large: I take up to 10 MB."}
		}
		return data, nil
	}
	return nil, unavailable
}

// answering sends one reply.
type answering struct {
	p     *Platform
	ctx   context.Context
	job   *work.Job // nil of an announcement
	key   string
	t     *ticket
	reply chat.Reply

	far   progress
	step  int    // the number of the step that is next
	first string // the message that details go under: the first that was sent
}

// send brings a reply to where it belongs.
func (a *answering) send() error {
	err := a.route(false)
	if code := codeOf(err); (code == codeInvalidForm || statusOf(err) == http.StatusBadRequest) && a.first == "" && a.far.Done == 0 {
		// What we made is not taken, whatever the reason: once more in plain
		// words. The work is not done again for that.
		a.p.log.ErrorContext(a.ctx, "Discord does not take an answer; sending it plain", "error", err)
		a.step, a.reply.Details = 0, nil
		err = a.route(true)
	}
	if err == nil {
		return nil
	}
	return a.verdict(err)
}

// verdict says to the queue what a failure means.
func (a *answering) verdict(err error) error {
	switch code := codeOf(err); {
	case errors.Is(err, errUnsure):
		return fmt.Errorf("%w: %w", work.ErrUncertain, err)
	case code == codeUnknownWebhook, code == codeInvalidToken, code == codeUnknownInteraction:
		return fmt.Errorf("%w: %w", work.ErrLate, err)
	}
	if status := statusOf(err); status >= 400 && status < 500 && status != http.StatusTooManyRequests && status != http.StatusUnauthorized {
		// Asking again changes nothing.
		a.p.log.WarnContext(a.ctx, "an answer could not be sent", "error", err)
		return fmt.Errorf("%w: %w", work.ErrLate, err)
	}
	return err
}

func (a *answering) route(plain bool) error {
	switch {
	case a.t.old() && !a.t.Direct && a.reply.Visibility == chat.ToAsker:
		return work.ErrLate
	case a.t.Token == "" || a.t.old():
		return a.toMessage(plain)
	case a.t.Component:
		return a.toComponent(plain)
	default:
		return a.toDeferred(plain)
	}
}

// messages sets the reply.
func (a *answering) messages(r chat.Reply, plain bool) []outgoing {
	if plain {
		return renderPlain(r)
	}
	most := 0
	if a.t.Visitor {
		most = mostForVisitors
		if a.t.Component && !r.Replace {
			most-- // there is no original
		}
	}
	return render(r, a.p.keepAction, most)
}

// toDeferred answers a command: in the place of the deferred answer, then in
// follow-ups.
func (a *answering) toDeferred(plain bool) error {
	r := a.reply
	public := r.Visibility == chat.ToChannel || r.Visibility == chat.ToThread
	if a.t.Ephemeral && public && !a.t.Visitor && r.Err == nil {
		// What was deferred for the asker only stays that. It is answered
		// first: a follow-up would take its place otherwise.
		if _, err := a.original(sentence("Shared in this channel.")); err != nil {
			return err
		}
		if err := a.followUps(a.messages(r, plain), false); err != nil {
			return err
		}
		return a.details(false)
	}
	return a.inPlace(a.messages(r, plain))
}

// inPlace puts an answer in the place of a message, and what does not fit there
// after it.
func (a *answering) inPlace(messages []outgoing) error {
	id, err := a.original(messages[0])
	if err != nil {
		return err
	}
	a.first = id
	if err := a.followUps(messages[1:], a.t.Ephemeral); err != nil {
		return err
	}
	return a.details(a.t.Ephemeral)
}

// toComponent answers a button: in place of its message, or in follow-ups.
func (a *answering) toComponent(plain bool) error {
	r := a.reply
	switch {
	case r.Remove:
		if err := a.remove(); err != nil {
			return err
		}
		if len(r.Blocks) == 0 {
			return nil
		}
		return a.followUps(a.messages(r, plain), !a.t.Direct)
	case r.Replace:
		return a.inPlace(a.messages(r, plain))
	}
	public := r.Visibility == chat.ToChannel || r.Visibility == chat.ToThread
	quiet := a.t.Visitor || a.t.Ephemeral && !public || r.Visibility == chat.ToAsker && !a.t.Direct
	if err := a.followUps(a.messages(r, plain), quiet); err != nil {
		return err
	}
	return a.details(quiet)
}

// original edits the deferred answer, or the message with the button. It may be
// done as often as need be.
func (a *answering) original(m outgoing) (id string, err error) {
	c := send("PATCH", "/webhooks/"+a.p.app()+"/"+a.t.Token+"/messages/@original", "/webhooks/@original", m).hidden()
	var sent struct {
		ID string `json:"id"`
	}
	c.out = &sent
	err = a.hook(c)
	return sent.ID, err
}

// hook makes a request with the token of the interaction. The first answer may
// still be on its way to Discord, from another process or in an HTTP response:
// until it is there, Discord knows no such token.
func (a *answering) hook(c call) error {
	for try := 0; ; try++ {
		err := a.p.api.do(a.ctx, c)
		early := codeOf(err) == codeUnknownWebhook && time.Since(a.t.Received) < 10*time.Second
		if err == nil || !early || try == 8 || sleep(a.ctx, jitter(250*time.Millisecond)) != nil {
			return err
		}
	}
}

// remove deletes the message with the button. That it is gone is as good.
func (a *answering) remove() error {
	err := a.hook(call{method: "DELETE", path: "/webhooks/" + a.p.app() + "/" + a.t.Token + "/messages/@original", route: "/webhooks/@original", open: true})
	if codeOf(err) == codeUnknownMessage {
		return nil
	}
	return err
}

// followUps sends messages with the token of the interaction. Such a message
// has no nonce: before each it is noted that it may be sent, and a crash then
// leaves the request uncertain rather than answered twice.
func (a *answering) followUps(messages []outgoing, quiet bool) error {
	for _, m := range messages {
		if quiet {
			m.Flags |= discordgo.MessageFlagsEphemeral
		}
		id, err := a.once(send("POST", "/webhooks/"+a.p.app()+"/"+a.t.Token+"?wait=true", "/webhooks", m).hidden())
		if err != nil {
			return err
		}
		a.first = cmp.Or(a.first, id)
	}
	return nil
}

// details puts the details of a reply into a thread under it. Where none can be
// had, only whoever asked gets them.
func (a *answering) details(quiet bool) error {
	if a.reply.Details == nil {
		return nil
	}
	messages := a.messages(*a.reply.Details, false)
	if !quiet && a.t.Guild != "" && !a.t.Visitor && !a.t.InThread && a.first != "" {
		if thread, err := a.thread(a.first); err == nil {
			return a.post(thread, messages, "", 100)
		}
	}
	return a.followUps(messages, !a.t.Direct && !(a.t.InThread && !quiet))
}

// once takes a step that must not be taken twice.
func (a *answering) once(c call) (id string, err error) {
	n := a.step
	a.step++
	if n < a.far.Done {
		if n < len(a.far.IDs) {
			return a.far.IDs[n], nil
		}
		return "", nil
	}
	a.far.Sending = true
	if err := a.save(); err != nil {
		return "", err
	}
	c.once = true
	var sent struct {
		ID string `json:"id"`
	}
	c.out = &sent
	err = a.hook(c)
	if err != nil && errors.Is(err, errUnsure) {
		return "", err
	}
	a.far.Sending = false
	if err == nil {
		a.far.Done++
		a.far.IDs = append(a.far.IDs, sent.ID)
	} else {
		a.step = n
	}
	if saved := a.save(); err == nil {
		err = saved
	}
	return sent.ID, err
}

// save keeps how far we got. That the store is down keeps no answer back.
func (a *answering) save() error {
	data, err := json.Marshal(a.far)
	if err != nil {
		return fmt.Errorf("writing down how far an answer got: %w", err)
	}
	err = a.job.Save(a.ctx, data)
	if err != nil && !errors.Is(err, work.ErrLost) {
		a.p.log.WarnContext(a.ctx, "it could not be noted how far an answer got", "error", err)
		return nil
	}
	return err
}

// toMessage answers a mention in its thread, a direct message where it was
// written, and an interaction that is too old for its token in its channel.
func (a *answering) toMessage(plain bool) error {
	r := a.reply
	where, under, number := a.t.Channel, a.t.Message, 0
	if plain {
		number = 1000 // or the nonces would be those of what was refused
	}
	alone := a.t.Direct || a.t.old() // there is no message to answer
	if !alone && r.Visibility == chat.ToAsker && r.Err == nil {
		return a.quietly(plain, number)
	}
	switch {
	case alone:
		under = ""
	case a.t.InThread:
	case r.Err == nil && r.Visibility != chat.ToChannel && r.Visibility != chat.ToAsker:
		// A refusal is a sentence: that needs no thread.
		thread, err := a.thread(a.t.Message)
		switch {
		case err == nil:
			where, under = thread, ""
		case codeOf(err) == codeUnknownMessage, codeOf(err) == codeUnknownChannel:
			return nil // the question was taken back
		case statusOf(err) == 0 || statusOf(err) >= 500:
			return err
		}
	}
	err := a.post(where, a.messages(r, plain), under, number)
	if code := codeOf(err); code == codeMissingPermissions || code == codeMissingAccess {
		if !plain {
			return a.toMessage(true) // perhaps only embeds are forbidden
		}
		if !alone {
			return a.tellDirectly(err)
		}
	}
	if err != nil || r.Details == nil {
		return err
	}
	if !alone && !a.t.InThread && where == a.t.Channel {
		if thread, err := a.thread(a.first); err == nil {
			where = thread
		}
	}
	return a.post(where, a.messages(*r.Details, false), "", 100)
}

// post sends messages to a channel. Each has a nonce made of the request and
// its number, so Discord takes a repeated one for what it is.
func (a *answering) post(channel string, messages []outgoing, under string, number int) error {
	path := "/channels/" + channel + "/messages"
	for i, m := range messages {
		m.Nonce, m.EnforceNonce = nonce(a.key, number+i), true
		if under != "" && i == 0 {
			lenient := false
			m.Reference = &discordgo.MessageReference{MessageID: under, ChannelID: channel, GuildID: a.t.Guild, FailIfNotExists: &lenient}
		}
		var sent struct {
			ID string `json:"id"`
		}
		c := send("POST", path, path, m)
		c.out = &sent
		err := a.p.api.do(a.ctx, c)
		if code := codeOf(err); m.Reference != nil && (code == codeCannotReply || code == codeUnknownMessage) {
			m.Reference = nil
			c.body = m
			err = a.p.api.do(a.ctx, c)
		}
		if err != nil {
			return err
		}
		a.first = cmp.Or(a.first, sent.ID)
	}
	return nil
}

// nonce is the same for the same message of the same request.
func nonce(key string, n int) string {
	sum := sha256.Sum256([]byte(key + "/" + strconv.Itoa(n)))
	return hex.EncodeToString(sum[:])[:24]
}

// thread opens the thread of a message, or finds it open: it has the identifier
// of its message.
func (a *answering) thread(message string) (string, error) {
	if !validID(message) {
		return "", errors.New("a message without an identifier has no thread")
	}
	body := struct {
		Name    string `json:"name"`
		Archive int    `json:"auto_archive_duration"`
	}{threadName(a.reply, a.t.Request.Text), 1440}
	var opened struct {
		ID string `json:"id"`
	}
	err := a.p.api.do(a.ctx, call{
		method: "POST", path: "/channels/" + a.t.Channel + "/messages/" + message + "/threads",
		route: "/channels/" + a.t.Channel + "/messages/threads", body: body, out: &opened,
	})
	switch {
	case codeOf(err) == codeThreadExists:
		return message, nil
	case err != nil:
		a.p.log.DebugContext(a.ctx, "a thread could not be opened", slog.Any("error", err))
		return "", err
	case !validID(opened.ID):
		return message, nil
	}
	return opened.ID, nil
}

// threadName is what the answer is about, else what was asked.
func threadName(r chat.Reply, asked string) string {
	for _, b := range r.Blocks {
		if b.Role == chat.Heading {
			if name := quiet(strings.TrimSpace(clean(b.String()))); name != "" {
				return cutTo(name, maxThreadName)
			}
		}
	}
	if name := quiet(strings.TrimSpace(clean(asked))); name != "" {
		return cutTo(name, maxThreadName)
	}
	return "Answer"
}

// quietly answers a mention whose answer is for the asker only: nothing in a
// channel is, so it goes into the direct conversation.
func (a *answering) quietly(plain bool, number int) error {
	dm, err := a.direct()
	if err == nil {
		err = a.post(dm, a.messages(a.reply, plain), "", number)
	}
	if code := codeOf(err); err == nil || code == codeInvalidForm || statusOf(err) == 0 || statusOf(err) >= 500 {
		return err
	}
	return a.post(a.t.Channel, []outgoing{sentence("That answer is for you only, and Discord does not let me write to you directly: use the slash command instead.")}, a.t.Message, 300)
}

// direct is the direct conversation with whoever asked.
func (a *answering) direct() (channel string, err error) {
	var dm struct {
		ID string `json:"id"`
	}
	err = a.p.api.do(a.ctx, call{method: "POST", path: "/users/@me/channels", body: map[string]string{"recipient_id": a.t.Request.Scope.User}, out: &dm})
	if err == nil && !validID(dm.ID) {
		err = errors.New("a direct conversation without an identifier")
	}
	return dm.ID, err
}

// tellDirectly says to somebody who mentioned the bot where it may not write
// that it is so.
func (a *answering) tellDirectly(cause error) error {
	dm, err := a.direct()
	if err == nil {
		err = a.post(dm, []outgoing{sentence("I may not write in the channel where you mentioned me. Somebody who manages it can allow me to send messages there; here, or with /brief, I can answer you as well.")}, "", 200)
	}
	if err != nil {
		a.p.log.WarnContext(a.ctx, "somebody could not be told that the bot may not write there", "error", err)
		return errors.Join(cause, err)
	}
	return nil
}
