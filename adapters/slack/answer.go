package slack

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/slack-go/slack"

	"onrecord/chat"
	"onrecord/install"
	"onrecord/work"
)

const (
	maxFile      = 10 << 20         // bytes of an upload
	lateAfter    = 20 * time.Second // after which a request waited for a process
	quietFor     = time.Second      // before somebody is told that it takes a while
	lookupTime   = 2 * time.Second  // for a person's name and rights
	fetchTimeout = time.Minute
)

// work answers what was accepted.
func (p *Platform) work(ctx context.Context, job *work.Job) error {
	var a ask
	if err := json.Unmarshal(job.Payload, &a); err != nil {
		p.log.ErrorContext(ctx, "a request cannot be read", "key", job.Key)
		return fmt.Errorf("reading a request: %w", err)
	}
	if a.Kind == kindForget {
		return p.forget(ctx, a)
	}
	s, err := p.seat(ctx, a.Team)
	switch {
	case errors.Is(err, errNotInstalled) || errors.Is(err, install.ErrKey):
		return p.unseated(ctx, a, err)
	case err != nil:
		return err
	case a.Kind == kindHome:
		return s.showHome(ctx, a)
	}
	d := &delivery{p: s, job: job, key: job.Key, keep: job.Save, a: a}
	if len(job.Progress) > 0 {
		if err := json.Unmarshal(job.Progress, &d.done); err != nil {
			return fmt.Errorf("%w: its progress cannot be read", work.ErrUncertain)
		}
	}
	if d.done.Doubt {
		return work.ErrUncertain
	}
	if err := s.answer(ctx, d); err != nil {
		return err
	}
	return p.away(ctx, a)
}

func (p *seat) answer(ctx context.Context, d *delivery) error {
	if d.a.Channel == "" || d.a.Home {
		room, err := p.conversation(ctx, d.a.User)
		if err != nil {
			return fmt.Errorf("opening a conversation: %w", err)
		}
		d.a.Channel, d.a.Direct, d.a.Room = room, true, roomPrivate
		if d.a.Home {
			p.bring(ctx, d.a)
			d.a.Pressed, d.a.Respond = "", ""
		}
	}
	stop := d.hold(ctx)
	reply := p.ask(ctx, d)
	held := stop()
	if ctx.Err() != nil {
		// The process ends, or another one has the request. Whoever has it next
		// replaces what is said here.
		last, cancel := context.WithTimeout(context.WithoutCancel(ctx), callTimeout/3)
		defer cancel()
		d.apologise(last)
		return fmt.Errorf("stopped with a request in hand: %w", context.Cause(ctx))
	}
	if held != nil && p.fatalError(held) != nil {
		return held
	}
	err := d.deliver(ctx, reply)
	if err != nil && ctx.Err() == nil && !errors.Is(err, work.ErrUncertain) && !errors.Is(err, work.ErrLost) {
		p.log.WarnContext(ctx, "an answer could not be sent", "key", d.job.Key, "attempt", d.job.Attempt, "error", safe(err))
	}
	return err
}

// ask builds the request and hands it to the handler.
func (p *seat) ask(ctx context.Context, d *delivery) chat.Reply {
	a := d.a
	if a.Refusal != "" {
		return refuse(a.Refusal)
	}
	var private bool
	var asker person
	var looking sync.WaitGroup
	looking.Go(func() { private = p.private(ctx, a) })
	looking.Go(func() { asker = p.person(ctx, a.User) })
	files, refusal := p.download(ctx, a.Files)
	looking.Wait()
	if refusal != "" && len(files) == 0 {
		return refuse(refusal)
	}
	bot := p.bot
	req := chat.Request{
		ID:    d.job.Key,
		Scope: chat.Scope{Platform: lane, Workspace: a.Team, Channel: a.Channel, Thread: a.Thread, User: a.User, Private: private},
		Entry: a.Entry, Command: a.Command, Files: files, Links: a.Links,
		Asker: asker.name, Moderator: asker.moderator, Locale: asker.locale, Zone: asker.zone,
		Shown: a.Shown, Time: a.At,
		Late:     d.job.Attempt > 1 || time.Since(a.At) > lateAfter && a.At.Before(p.started),
		Progress: d.progress,
	}
	if a.Typed {
		req.Text, req.Material = a.Text, a.Material
		return p.handle(ctx, req)
	}
	text, links := readable(a.Text, bot)
	material, more := readable(a.Material, bot)
	req.Text, req.Material = text, material
	req.Links = slices.Concat(req.Links, links, more)
	return p.handle(ctx, req)
}

// handle calls the handler, which answers even when it should panic.
func (p *Platform) handle(ctx context.Context, req chat.Request) (reply chat.Reply) {
	defer func() {
		if v := recover(); v != nil {
			reply = chat.Apology(fmt.Errorf("panic: %v", v))
			p.log.ErrorContext(ctx, "the handler panicked", "reference", reply.Reference, "error", fmt.Sprint(v))
		}
	}()
	return p.handler(ctx, req)
}

// refuse is a reply of one sentence.
func refuse(sentence string) chat.Reply {
	r := chat.Reply{Err: &chat.Refusal{Text: sentence}}
	r.Add(chat.Paragraph, chat.Say(sentence))
	return r
}

// person is what we know of somebody.
type person struct {
	name, locale string
	zone         *time.Location
	moderator    bool
}

// person looks somebody up. When Slack does not tell in time, nothing is
// known, and nothing allowed.
func (p *seat) person(ctx context.Context, id string) person {
	if known, ok := p.people.get(p.team + "/" + id); ok {
		return known
	}
	ctx, cancel := context.WithTimeout(ctx, lookupTime)
	defer cancel()
	var u *slack.User
	err := p.once(ctx, "users.info", func(ctx context.Context) (err error) {
		u, err = p.api.GetUserInfoContext(ctx, id)
		return err
	})
	if err != nil {
		p.log.DebugContext(ctx, "a person could not be looked up", "code", errorCode(err))
		switch errorCode(err) {
		case "missing_scope", "user_not_found", "user_not_visible":
			p.people.put(p.team+"/"+id, person{}) // it will not be otherwise in a minute
		}
		return person{}
	}
	found := person{name: u.Profile.DisplayName, locale: u.Locale, moderator: u.IsAdmin || u.IsOwner || u.IsPrimaryOwner}
	for _, name := range []string{u.Profile.RealName, u.RealName, u.Name} {
		if strings.TrimSpace(found.name) == "" {
			found.name = name
		}
	}
	found.name = clip(clean(found.name), 80)
	if u.TZ != "" {
		if zone, err := time.LoadLocation(u.TZ); err == nil {
			found.zone = zone
		} else {
			found.zone = time.FixedZone("", u.TZOffset)
		}
	}
	p.people.put(p.team+"/"+id, found)
	return found
}

// private reports whether others than the members of a channel can read it.
// What is not known to be public is private.
func (p *seat) private(ctx context.Context, a ask) bool {
	if a.Direct || a.Room == roomPrivate {
		return true
	}
	if a.Room == roomPublic {
		return false
	}
	if known, ok := p.rooms.get(p.team + "/" + a.Channel); ok {
		return known
	}
	ctx, cancel := context.WithTimeout(ctx, lookupTime)
	defer cancel()
	var c *slack.Channel
	err := p.once(ctx, "conversations.info", func(ctx context.Context) (err error) {
		c, err = p.api.GetConversationInfoContext(ctx, &slack.GetConversationInfoInput{ChannelID: a.Channel})
		return err
	})
	if err != nil {
		switch errorCode(err) {
		case "missing_scope", "channel_not_found", "method_not_supported_for_channel_type":
			p.rooms.put(p.team+"/"+a.Channel, true) // Slack does not let us look: it is not public
		}
		return true
	}
	private := c.IsPrivate || c.IsIM || c.IsMpIM || c.IsGroup
	p.rooms.put(p.team+"/"+a.Channel, private)
	return private
}

// conversation is the direct conversation with somebody.
func (p *seat) conversation(ctx context.Context, user string) (string, error) {
	var c *slack.Channel
	err := p.call(ctx, "conversations.open", true, func(ctx context.Context) (err error) {
		c, _, _, err = p.api.OpenConversationContext(ctx, &slack.OpenConversationParameters{Users: []string{user}})
		return err
	})
	if err != nil {
		return "", err
	}
	return c.ID, nil
}

// download fetches uploads. A refusal says why the first one that was not
// fetched was not.
func (p *seat) download(ctx context.Context, files []file) (got []chat.File, refusal string) {
	const most = 5
	for i, f := range files {
		if i == most {
			break
		}
		data, why, err := p.fetch(ctx, f)
		switch {
		case err != nil:
			p.log.WarnContext(ctx, "a file could not be fetched", "error", safe(err))
			why = "I could not fetch that file from Slack. Please send it again."
			fallthrough
		case why != "":
			if refusal == "" {
				refusal = why
			}
		default:
			got = append(got, chat.File{Name: f.Name, ContentType: f.Mimetype, Data: data})
		}
	}
	return got, refusal
}

func (p *seat) fetch(ctx context.Context, f file) (data []byte, refusal string, err error) {
	ctx, cancel := context.WithTimeout(ctx, fetchTimeout)
	defer cancel()
	if f.ID != "" && (f.FileAccess == "check_file_info" || f.URLPrivate == "" && !f.IsExternal) && f.Mode != "tombstone" {
		var found *slack.File
		err := p.call(ctx, "files.info", true, func(ctx context.Context) (err error) {
			found, _, _, err = p.api.GetFileInfoContext(ctx, f.ID, 0, 0)
			return err
		})
		if err != nil {
			return nil, "", err
		}
		f = file{
			ID: f.ID, Name: found.Name, Mimetype: found.Mimetype, Mode: found.Mode, IsExternal: found.IsExternal,
			ExternalType: found.ExternalType, Size: int64(found.Size), URLPrivate: found.URLPrivate, URLDownload: found.URLPrivateDownload,
		}
	}
	address := f.URLDownload
	if address == "" {
		address = f.URLPrivate
	}
	switch {
	case f.Mode == "tombstone" || f.Mode == "hidden_by_limit":
		return nil, "That file is no longer there.", nil
	case f.IsExternal || f.ExternalType != "" || f.Mode == "external" || !p.trusted(address):
		return nil, "That file lies outside of Slack, and I open only files that were uploaded here. Upload the file itself, or send a link to the article.", nil
	case f.Size > maxFile:
		return nil, "That file is larger than 10 MB, which is all I can take. Paste the text instead.", nil
	}
	err = p.call(ctx, "files", true, func(ctx context.Context) error {
		req, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
		if err != nil {
			return safe(err)
		}
		req.Header.Set("Authorization", "Bearer "+p.token)
		// Not by the API's client, which takes less.
		resp, err := p.client.http.Do(req)
		if err != nil {
			return safe(err)
		}
		defer resp.Body.Close()
		if resp.StatusCode != http.StatusOK {
			return slack.StatusCodeError{Code: resp.StatusCode, Status: resp.Status}
		}
		if strings.HasPrefix(resp.Header.Get("Content-Type"), "text/html") && !strings.Contains(f.Mimetype, "html") {
			return slack.StatusCodeError{Code: http.StatusForbidden, Status: "403 the sign-in page instead of the file"}
		}
		data, err = io.ReadAll(io.LimitReader(resp.Body, maxFile+1))
		if err != nil {
			return fmt.Errorf("reading a file: %w", err)
		}
		return nil
	})
	if err == nil && len(data) > maxFile {
		return nil, "That file is larger than 10 MB, which is all I can take. Paste the text instead.", nil
	}
	return data, "", err
}

// forget drops what is kept of a workspace that the app was taken out of.
func (p *Platform) forget(ctx context.Context, a ask) error {
	again, err := p.again(ctx, a)
	if err != nil {
		return err
	}
	if again {
		p.log.InfoContext(ctx, "the app was taken out of a workspace and is there again", "workspace", a.Team)
		return nil
	}
	p.people.clear()
	p.rooms.clear()
	p.halls.clear()
	p.unseat(a.Team)
	if p.o.Installs != nil {
		if err := p.o.Installs.Delete(ctx, lane, a.Team); err != nil {
			return fmt.Errorf("forgetting a token: %w", err)
		}
	}
	if p.o.Forget != nil {
		if err := p.o.Forget(ctx, a.Team); err != nil {
			return fmt.Errorf("forgetting a workspace: %w", err)
		}
	}
	p.log.InfoContext(ctx, "the app was taken out of a workspace, whose data was dropped", "workspace", a.Team)
	err = p.queue.Forget(ctx, lane, a.Team)
	// This job is the workspace's too, so its context has just ended.
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), 30*time.Second)
	defer cancel()
	p.mu.Lock()
	own := p.own
	p.mu.Unlock()
	if own != nil && (a.Team == own.team || a.Team == "") {
		// Is it over?
		_ = own.call(ctx, "auth.test", true, func(ctx context.Context) error {
			_, err := own.api.AuthTestContext(ctx)
			return err
		})
	}
	if err != nil {
		return fmt.Errorf("forgetting requests: %w", err)
	}
	return nil
}

// again reports whether the app was installed again after it was taken out: what
// Slack tells late, or twice, must not drop what is new.
func (p *Platform) again(ctx context.Context, a ask) (bool, error) {
	if p.o.Installs == nil {
		return false, nil
	}
	in, err := p.o.Installs.Get(ctx, lane, a.Team)
	if err != nil || in.At.Unix() < a.Since {
		return false, nil //nolint:nilerr // what cannot be read is dropped, too
	}
	_, err = p.newSeat(in.Workspace, in.Bot, in.Secret.Token).works(ctx)
	if err == nil {
		return true, nil
	}
	if p.fatalError(err) != nil {
		return false, nil
	}
	return false, fmt.Errorf("asking whether the app is installed again: %w", safe(err))
}

// bring makes an article that was asked about somewhere findable in the
// direct conversation, for a button of the Home tab, which belongs to its
// reader alone.
func (p *Platform) bring(ctx context.Context, a ask) {
	lister, ok := p.o.Recent.(chat.Lister)
	if !ok {
		return
	}
	scope := chat.Scope{Platform: lane, Workspace: a.Team, User: a.User, Private: true}
	seen, err := lister.List(ctx, scope, homeItems)
	if err != nil {
		return
	}
	handle, _, _ := strings.Cut(strings.TrimSpace(a.Text), " ")
	for _, s := range seen {
		if s.Handle == handle {
			scope.Channel = a.Channel
			_ = p.o.Recent.Remember(ctx, scope, s) // it is asked for again if it is lost
			return
		}
	}
}

// adopt makes what was shared findable for whoever reads the thread below it.
func (p *Platform) adopt(ctx context.Context, a ask, thread string, actions []chat.Action) {
	if p.o.Recent == nil || thread == "" {
		return
	}
	scope := chat.Scope{Platform: lane, Workspace: a.Team, Channel: a.Channel, Thread: a.Thread, User: a.User}
	had := map[string]bool{}
	for _, action := range actions {
		for word := range strings.FieldsSeq(action.Command) {
			if len(word) != 9 || word[0] != '#' || had[word] {
				continue
			}
			had[word] = true
			if seen, ok, err := p.o.Recent.Find(ctx, scope, word); err == nil && ok {
				in := scope
				in.Thread = thread
				_ = p.o.Recent.Remember(ctx, in, seen) // its buttons then ask for the link again
			}
		}
	}
}

// progress is told what the bot is doing.
func (d *delivery) progress(s chat.Step) { d.step.Store(&s) }

// holding is the line that stands where the answer will be.
func (d *delivery) holding() message {
	word := "Reading"
	if s := d.step.Load(); s != nil && *s != "" {
		word = strings.ToUpper(string((*s)[:1])) + string((*s)[1:])
	}
	var r chat.Reply
	r.Add(chat.Note, chat.Say(word+" …"))
	return render(r)[0]
}

// hold says that something is being done when it takes more than a moment,
// where the answer can take the place of that. stop returns when nothing of it
// is under way any more.
func (d *delivery) hold(ctx context.Context) (stop func() error) {
	if d.a.Entry == chat.ByAction || d.done.Sent > 0 || d.done.Holder != "" || d.done.HolderDoubt || d.a.Refusal != "" {
		return func() error { return nil }
	}
	over := make(chan struct{})
	var err error
	var wg sync.WaitGroup
	wg.Go(func() {
		timer := time.NewTimer(quietFor)
		defer timer.Stop()
		select {
		case <-over:
			return
		case <-ctx.Done():
			return
		case <-timer.C:
		}
		shown := d.holding()
		if err = d.placeHolder(ctx, shown); err != nil || d.done.Holder == holderByURL {
			return
		}
		tick := time.NewTicker(2 * time.Second) // an edit a second is all that Slack likes
		defer tick.Stop()
		for {
			select {
			case <-over:
				return
			case <-ctx.Done():
				return
			case <-tick.C:
				if next := d.holding(); next.text != shown.text {
					shown = next
					_ = d.p.once(ctx, "chat.update", func(ctx context.Context) error { return d.update(ctx, d.done.Holder, next, true) })
				}
			}
		}
	})
	return sync.OnceValue(func() error {
		close(over)
		wg.Wait()
		return err
	})
}

// stepBox is the last step that was told.
type stepBox = atomic.Pointer[chat.Step]
