package slack

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"

	"github.com/slack-go/slack"

	"onrecord/chat"
	"onrecord/work"
)

// delivery sends the answer to one request.
type delivery struct {
	p    *seat
	job  *work.Job // nil of an announcement
	key  string
	keep func(ctx context.Context, progress []byte) error
	a    ask
	done progress
	step stepBox
}

// progress is how far a delivery got; another process may go on from there.
type progress struct {
	Holder      string `json:",omitempty"` // the message that the answer takes the place of
	HolderDoubt bool   `json:",omitempty"` // there may be one that we do not know
	Sent        int    `json:",omitempty"` // parts of the answer that are out
	Root        string `json:",omitempty"` // the first of them
	Doubt       bool   `json:",omitempty"` // the next part may be out
	Responses   int    `json:",omitempty"` // uses of the response address
	Directly    bool   `json:",omitempty"` // the rest goes to the asker's direct conversation
	Told        bool   `json:",omitempty"` // the asker was told why there is no answer
}

const (
	// holderByURL is a placeholder that only the response address can replace.
	holderByURL = "response"
	// maxResponses is how often Slack takes something at a response address.
	maxResponses = 5
)

// part is a piece of an answer that goes out at once.
type part struct {
	message
	file   *chat.File
	detail bool // goes below the answer
}

// deliver sends a reply. Parts that an earlier attempt sent are not sent again.
func (d *delivery) deliver(ctx context.Context, reply chat.Reply) error {
	visible := reply.Visibility
	if reply.Remove {
		visible = chat.ToAsker
		if err := d.remove(ctx); err != nil {
			return err
		}
	}
	parts := partsOf(reply)
	to := d.route(visible)
	if err := d.release(ctx, to, len(parts) > 0 && parts[0].file == nil); err != nil {
		return err
	}
	for i := d.done.Sent; i < len(parts); i++ {
		err := d.send(ctx, to, i, parts[i], reply.Replace)
		if sentence := d.cannotPost(err); sentence != "" {
			return d.tell(ctx, sentence)
		}
		if code := d.refused(err); code != "" {
			// To try again would end the same way, and nobody is to wait for it.
			d.p.log.ErrorContext(ctx, "slack refuses an answer", "key", d.key, "code", code)
			return d.tell(ctx, "Slack did not take my answer ("+code+"). Please ask again; if it happens again, tell whoever runs this bot.")
		}
		if err != nil {
			return err
		}
		if i == 0 && to == toChannel && d.done.Root != "" {
			d.p.adopt(ctx, d.a, d.done.Root, reply.Actions)
		}
		if i+1 < len(parts) {
			if err := d.save(ctx); err != nil {
				return err
			}
		}
	}
	return nil
}

func partsOf(reply chat.Reply) []part {
	var parts []part
	for _, m := range render(reply) {
		parts = append(parts, part{message: m})
	}
	for i := range reply.Files {
		parts = append(parts, part{file: &reply.Files[i]})
	}
	if reply.Details != nil {
		for _, m := range render(*reply.Details) {
			parts = append(parts, part{message: m, detail: true})
		}
		for i := range reply.Details.Files {
			parts = append(parts, part{file: &reply.Details.Files[i], detail: true})
		}
	}
	return parts
}

// where an answer goes.
type where int

const (
	toConversation where = iota // the direct conversation
	toAsker                     // seen by the asker only
	toThread
	toChannel
)

func (d *delivery) route(v chat.Visibility) where {
	switch {
	case d.a.Direct && (d.a.Respond == "" || d.a.Entry == chat.ByAction && !d.a.Hidden):
		return toConversation
	case v == chat.ToAsker:
		return toAsker
	case v == chat.ToChannel:
		return toChannel
	case v == chat.ToThread:
		return toThread
	case d.a.Entry == chat.ByCommand || d.a.Entry == chat.ByMenu || d.a.Hidden:
		return toAsker
	}
	return toThread
}

// release takes the placeholder away if the answer does not take its place.
func (d *delivery) release(ctx context.Context, to where, stays bool) error {
	if d.done.Holder == "" || d.done.Sent > 0 {
		return nil
	}
	switch {
	case d.done.Holder == holderByURL && stays && to != toAsker:
		var r chat.Reply
		r.Add(chat.Note, chat.Say("Done: the answer stands in the channel."))
		err := d.respond(ctx, render(r)[0], true)
		if err != nil && !gone(err) {
			return fmt.Errorf("replacing a placeholder: %w", err)
		}
	case d.done.Holder == holderByURL && !stays:
		err := d.p.call(ctx, "response_url", true, func(ctx context.Context) error {
			return d.p.respond(ctx, d.a.Respond, map[string]any{"delete_original": true})
		})
		if err != nil && !gone(err) {
			return fmt.Errorf("taking a placeholder away: %w", err)
		}
	case d.done.Holder == holderByURL, stays && (to == toThread || to == toConversation):
		return nil // it is replaced
	default:
		if err := d.delete(ctx, d.done.Holder); err != nil {
			return err
		}
	}
	d.done.Holder = ""
	return d.save(ctx)
}

func (d *delivery) save(ctx context.Context) error {
	raw, err := json.Marshal(d.done)
	if err != nil {
		return fmt.Errorf("encoding progress: %w", err)
	}
	return d.keep(ctx, raw)
}

// send sends one part. What cannot be repeated is marked before.
func (d *delivery) send(ctx context.Context, to where, i int, part part, replace bool) error {
	first := i == 0
	if part.file != nil {
		return d.upload(ctx, to, part)
	}
	var ts string
	var err error
	switch {
	case first && replace && d.a.Pressed != "" && d.a.Entry == chat.ByAction:
		ts, err = d.replaced(ctx, to, part.message)
	case to == toAsker:
		err = d.quietly(ctx, first, part.message)
	case first && d.done.Holder != "" && d.done.Holder != holderByURL:
		ts = d.done.Holder
		err = d.formatted(part.message, func(m message, blocks bool) error {
			return d.p.call(ctx, "chat.update", true, func(ctx context.Context) error { return d.update(ctx, ts, m, blocks) })
		})
		if gone(err) {
			d.done.Holder = ""
			ts, err = d.post(ctx, d.a.Channel, d.threadOf(to, part), part.message)
		}
	default:
		ts, err = d.post(ctx, d.a.Channel, d.threadOf(to, part), part.message)
	}
	if err != nil {
		return err
	}
	d.done.Sent++
	if first && ts != "" {
		d.done.Root = ts
	}
	return nil
}

// threadOf is the thread that a part goes into, "" for none.
func (d *delivery) threadOf(to where, part part) string {
	switch {
	case to == toThread && d.a.Thread != "":
		return d.a.Thread
	case to == toConversation && d.a.Thread != "":
		return d.a.Thread
	case part.detail || to == toChannel || to == toThread:
		return d.done.Root
	}
	return ""
}

// formatted sends a message with its blocks, and once without them when Slack
// does not like them.
func (d *delivery) formatted(m message, send func(m message, blocks bool) error) error {
	err := send(m, true)
	switch errorCode(err) {
	case "invalid_blocks", "invalid_blocks_format", "msg_blocks_too_long", "msg_too_long", "blocks_too_long", "invalid_arguments":
		d.p.log.Error("slack refuses our blocks: the message is sent as plain text", "code", errorCode(err), "blocks", len(m.blocks))
		return send(m, false)
	}
	return err
}

// options of a message: nothing in it is parsed, no link is unfolded.
func (d *delivery) options(m message, blocks bool) []slack.MsgOption {
	options := []slack.MsgOption{slack.MsgOptionDisableLinkUnfurl(), slack.MsgOptionDisableMediaUnfurl(), slack.MsgOptionDisableMarkdown()}
	if blocks {
		return append(options, slack.MsgOptionText(m.short(), false), slack.MsgOptionBlocks(m.blocks...))
	}
	return append(options, slack.MsgOptionText(m.whole(), false))
}

// post posts a message, which must not happen twice.
func (d *delivery) post(ctx context.Context, channel, thread string, m message) (ts string, err error) {
	err = d.marked(ctx, func() error {
		return d.formatted(m, func(m message, blocks bool) error {
			options := d.options(m, blocks)
			if thread != "" {
				options = append(options, slack.MsgOptionTS(thread))
			}
			return d.p.call(ctx, "chat.postMessage", false, func(ctx context.Context) (err error) {
				_, ts, err = d.p.api.PostMessageContext(ctx, channel, options...)
				return err
			})
		})
	})
	return ts, err
}

// marked does what must not happen twice. Before it is tried, that is written
// down; what is certain afterwards, too.
func (d *delivery) marked(ctx context.Context, do func() error) error {
	d.done.Doubt = true
	if err := d.save(ctx); err != nil {
		d.done.Doubt = false
		return err
	}
	err := do()
	if inDoubt(err) {
		return fmt.Errorf("%w: %w", work.ErrUncertain, safe(err))
	}
	d.done.Doubt = false
	if err != nil {
		// It was certainly not sent: another attempt may.
		if saved := d.save(ctx); saved != nil {
			return errors.Join(err, saved)
		}
	}
	return err
}

func (d *delivery) update(ctx context.Context, ts string, m message, blocks bool) error {
	options := d.options(m, blocks)
	if !blocks {
		options = append(options, slack.MsgOptionBlocks())
	}
	_, _, _, err := d.p.api.UpdateMessageContext(ctx, d.a.Channel, ts, options...)
	return err
}

// delete takes away a message of ours. That it is gone already is as good.
func (d *delivery) delete(ctx context.Context, ts string) error {
	err := d.p.call(ctx, "chat.delete", true, func(ctx context.Context) error {
		_, _, err := d.p.api.DeleteMessageContext(ctx, d.a.Channel, ts)
		return err
	})
	if err != nil && !gone(err) {
		return fmt.Errorf("taking a message away: %w", err)
	}
	return nil
}

// gone reports whether a message or an address is no longer there to be
// changed.
func gone(err error) bool {
	switch errorCode(err) {
	case "message_not_found", "cant_update_message", "cant_delete_message", "edit_window_closed",
		"used_url", "expired_url", "invalid_url", "untrusted_url", "channel_not_found", "not_in_channel":
		return true
	}
	var respond *respondError
	return errors.As(err, &respond) && (respond.status == http.StatusNotFound || respond.status == http.StatusGone)
}

// respond posts to the response address, for the asker's eyes only.
func (d *delivery) respond(ctx context.Context, m message, replace bool) error {
	return d.formatted(m, func(m message, blocks bool) error {
		msg := map[string]any{
			"response_type": "ephemeral", "replace_original": replace, "unfurl_links": false, "unfurl_media": false,
			"mrkdwn": false, "text": m.whole(),
		}
		if blocks {
			msg["text"], msg["blocks"] = m.short(), m.blocks
		}
		if d.a.Thread != "" && !replace {
			msg["thread_ts"] = d.a.Thread
		}
		err := d.p.call(ctx, "response_url", replace, func(ctx context.Context) error { return d.p.respond(ctx, d.a.Respond, msg) })
		if err == nil {
			d.done.Responses++
		}
		return err
	})
}

// placeHolder says that the answer takes a while.
func (d *delivery) placeHolder(ctx context.Context, m message) error {
	if d.a.Respond != "" && (d.a.Entry == chat.ByCommand || d.a.Entry == chat.ByMenu) {
		// Should it arrive without us knowing, the answer still replaces it.
		d.done.Holder = holderByURL
		if err := d.save(ctx); err != nil {
			return err
		}
		return d.respond(ctx, m, false)
	}
	d.done.HolderDoubt = true
	if err := d.save(ctx); err != nil {
		return err
	}
	var ts string
	err := d.p.call(ctx, "chat.postMessage", false, func(ctx context.Context) (err error) {
		options := d.options(m, true)
		if d.a.Thread != "" {
			options = append(options, slack.MsgOptionTS(d.a.Thread))
		}
		_, ts, err = d.p.api.PostMessageContext(ctx, d.a.Channel, options...)
		return err
	})
	switch {
	case err == nil:
		d.done.Holder, d.done.HolderDoubt = ts, false
	case !inDoubt(err):
		d.done.HolderDoubt = false
	}
	if saved := d.save(ctx); saved != nil {
		return saved
	}
	return err
}

// apologise says in place of the answer that there is none yet.
func (d *delivery) apologise(ctx context.Context) {
	if d.done.Holder == "" || d.done.Sent > 0 {
		return
	}
	m := render(refuse("This was stopped before the answer was ready. Please ask again."))[0]
	if d.done.Holder == holderByURL {
		_ = d.respond(ctx, m, true)
		return
	}
	_ = d.p.once(ctx, "chat.update", func(ctx context.Context) error { return d.update(ctx, d.done.Holder, m, true) })
}

// quietly sends something to the asker only: by the response address while it
// lasts, else as an ephemeral message, else directly.
func (d *delivery) quietly(ctx context.Context, first bool, m message) error {
	if d.a.Respond != "" && !d.done.Directly && d.done.Responses < maxResponses {
		// The first part replaces the placeholder, and may do so again.
		replace := first && d.done.Holder == holderByURL && d.a.Entry != chat.ByAction
		send := func() error { return d.respond(ctx, m, replace) }
		var err error
		if replace {
			err = send()
		} else {
			err = d.marked(ctx, send)
		}
		if !gone(err) {
			return err
		}
		d.done.Responses = maxResponses
	}
	if !d.done.Directly {
		err := d.marked(ctx, func() error {
			return d.formatted(m, func(m message, blocks bool) error {
				options := d.options(m, blocks)
				if d.a.Thread != "" {
					options = append(options, slack.MsgOptionTS(d.a.Thread))
				}
				return d.p.call(ctx, "chat.postEphemeral", false, func(ctx context.Context) error {
					_, err := d.p.api.PostEphemeralContext(ctx, d.a.Channel, d.a.User, options...)
					return err
				})
			})
		})
		switch errorCode(err) {
		case "not_in_channel", "user_not_in_channel", "channel_not_found", "is_archived", "restricted_action", "no_permission":
			d.done.Directly = true
		default:
			return err
		}
	}
	channel, err := d.p.conversation(ctx, d.a.User)
	if err != nil {
		return fmt.Errorf("opening a conversation: %w", err)
	}
	_, err = d.post(ctx, channel, "", m)
	return err
}

// replaced puts a message in the place of the one whose button was pressed.
func (d *delivery) replaced(ctx context.Context, to where, m message) (ts string, err error) {
	if !d.a.Hidden {
		err = d.formatted(m, func(m message, blocks bool) error {
			return d.p.call(ctx, "chat.update", true, func(ctx context.Context) error { return d.update(ctx, d.a.Pressed, m, blocks) })
		})
		if !gone(err) {
			return d.a.Pressed, err
		}
	}
	if d.a.Respond != "" {
		if err = d.respond(ctx, m, true); !gone(err) {
			return "", err
		}
	}
	if to == toAsker {
		return "", d.quietly(ctx, true, m)
	}
	return d.post(ctx, d.a.Channel, d.threadOf(to, part{message: m}), m)
}

// remove takes away the message whose button was pressed.
func (d *delivery) remove(ctx context.Context) error {
	if d.a.Pressed == "" || d.done.Sent > 0 {
		return nil
	}
	if !d.a.Hidden {
		err := d.p.call(ctx, "chat.delete", true, func(ctx context.Context) error {
			_, _, err := d.p.api.DeleteMessageContext(ctx, d.a.Channel, d.a.Pressed)
			return err
		})
		if err == nil || errorCode(err) == "message_not_found" {
			return nil
		}
		if !gone(err) || d.a.Respond == "" {
			return fmt.Errorf("taking a message away: %w", err)
		}
	}
	if d.a.Respond == "" {
		return nil
	}
	err := d.p.call(ctx, "response_url", true, func(ctx context.Context) error {
		return d.p.respond(ctx, d.a.Respond, map[string]any{"delete_original": true})
	})
	if err != nil && !gone(err) {
		return fmt.Errorf("taking a message away: %w", err)
	}
	d.done.Responses++
	return nil
}

// cannotPost says why an answer cannot be posted where it belongs, "" when
// that is not what went wrong.
func (d *delivery) cannotPost(err error) string {
	switch errorCode(err) {
	case "not_in_channel", "channel_not_found", "not_in_group":
		return "I cannot post in that channel: invite me with /invite, then ask again."
	case "is_archived":
		return "That channel is archived, so I cannot answer there."
	case "restricted_action", "restricted_action_read_only_channel", "restricted_action_thread_only_channel",
		"restricted_action_thread_locked", "restricted_action_non_threadable_channel", "ekm_access_denied",
		"no_permission", "team_access_not_granted", "messages_tab_disabled":
		return "I am not allowed to post in that channel. Ask me in a direct message instead."
	}
	return ""
}

// refused is why Slack will not take an answer, however often it is sent; ""
// when that is not what went wrong.
func (d *delivery) refused(err error) string {
	if _, limited := rateLimit(err); limited || inDoubt(err) || d.p.fatalError(err) != nil {
		return ""
	}
	return clip(clean(errorCode(err)), 60)
}

// tell says a sentence to the asker alone, once.
func (d *delivery) tell(ctx context.Context, sentence string) error {
	if d.done.Told {
		return nil
	}
	d.done.Told = true
	m := render(refuse(sentence))[0]
	if d.done.Holder != "" && d.done.Holder != holderByURL && d.done.Sent == 0 {
		err := d.p.call(ctx, "chat.update", true, func(ctx context.Context) error { return d.update(ctx, d.done.Holder, m, false) })
		if err == nil || d.p.fatalError(err) != nil {
			return err
		}
	}
	if d.a.Respond != "" && d.done.Responses < maxResponses {
		err := d.marked(ctx, func() error { return d.respond(ctx, m, d.done.Holder == holderByURL) })
		if !gone(err) {
			return err
		}
	}
	channel, err := d.p.conversation(ctx, d.a.User)
	if err == nil {
		_, err = d.post(ctx, channel, "", m)
	}
	if errors.Is(err, work.ErrUncertain) || d.p.fatalError(err) != nil {
		return err
	}
	if err != nil {
		d.p.log.WarnContext(ctx, "somebody could not be told why there is no answer", "code", errorCode(err))
	}
	return nil
}

// upload sends a file: to the conversation, or to the asker's direct one when
// others must not see it.
func (d *delivery) upload(ctx context.Context, to where, part part) error {
	channel, thread := d.a.Channel, d.threadOf(to, part)
	if to == toAsker {
		direct, err := d.p.conversation(ctx, d.a.User)
		if err != nil {
			return fmt.Errorf("opening a conversation: %w", err)
		}
		channel, thread = direct, ""
	}
	name := clip(clean(part.file.Name), 200)
	if name == "" {
		name = "file"
	}
	err := d.transfer(ctx, channel, thread, name, part.file.Data)
	sentence := ""
	switch code := errorCode(err); {
	case code == "missing_scope" || code == "not_allowed_token_type":
		sentence = "I may not upload files here: whoever runs this bot can allow it (the scope files:write)."
	case err == nil && to == toAsker && !d.a.Direct:
		sentence = fmt.Sprintf("The file %s is in our direct conversation.", name)
	case err != nil:
		return err
	}
	if sentence != "" {
		m := render(refuse(sentence))[0]
		if to == toAsker {
			err = d.quietly(ctx, false, m)
		} else {
			_, err = d.post(ctx, channel, thread, m)
		}
		if err != nil {
			return err
		}
	}
	d.done.Sent++
	return nil
}

func (d *delivery) transfer(ctx context.Context, channel, thread, name string, data []byte) error {
	if len(data) == 0 {
		return nil
	}
	var up *slack.GetUploadURLExternalResponse
	err := d.p.call(ctx, "files.getUploadURLExternal", true, func(ctx context.Context) (err error) {
		up, err = d.p.api.GetUploadURLExternalContext(ctx, slack.GetUploadURLExternalParameters{FileName: name, FileSize: len(data)})
		return err
	})
	if err != nil {
		return fmt.Errorf("asking for an upload: %w", err)
	}
	err = d.p.call(ctx, "upload", true, func(ctx context.Context) error {
		return d.p.api.UploadToURL(ctx, slack.UploadToURLParameters{UploadURL: up.UploadURL, Reader: bytes.NewReader(data), Filename: name})
	})
	if err != nil {
		return fmt.Errorf("uploading a file: %w", safe(err))
	}
	return d.marked(ctx, func() error {
		return d.p.call(ctx, "files.completeUploadExternal", false, func(ctx context.Context) error {
			_, err := d.p.api.CompleteUploadExternalContext(ctx, slack.CompleteUploadExternalParameters{
				Files: []slack.FileSummary{{ID: up.FileID, Title: name}}, Channel: channel, ThreadTimestamp: thread,
			})
			return err
		})
	})
}
