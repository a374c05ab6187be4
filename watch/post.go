package watch

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"onrecord/article"
	"onrecord/brief"
	"onrecord/quote"
	"onrecord/work"
)

// recently is how long a story is known for the same in a channel.
const recently = 7 * 24 * time.Hour

// Work posts one item: the worker of a platform's lane.
func (w *Watcher) Work(ctx context.Context, job *work.Job) error {
	var t ticket
	if err := json.Unmarshal(job.Payload, &t); err != nil {
		return fmt.Errorf("reading what to post: %w", err)
	}
	it, found, err := w.Store.Item(ctx, t.Watch, t.Key)
	if err != nil || !found || it.State.Over() || it.State == Held {
		return err
	}
	it.Tries = max(it.Tries, t.Try)
	err = w.handle(ctx, job, &it)
	var ours ownError
	var turn turnError
	switch {
	case err == nil, errors.Is(err, work.ErrLost), errors.As(err, &ours) && !errors.Is(err, work.ErrUncertain):
		return err // the queue tries it again, with what is known of how far it got
	case errors.Is(err, work.ErrUncertain):
		it.Why = "it cannot be told whether it was posted, so it is not posted again"
		return errors.Join(err, w.end(ctx, it, Uncertain))
	case ctx.Err() != nil:
		return err
	case errors.As(err, &turn) && w.now().Sub(it.Seen) < stale:
		it.State, it.Why, it.At, it.Due = Waiting, turn.Error(), w.now(), turn.at
		return own(w.Store.Save(ctx, it))
	case !temporary(err):
		it.Why = problem(err)
		if it.State == Waiting && it.Sort == Story {
			it.Why = "could not be read: " + it.Why
		}
		return w.end(ctx, it, Failed)
	}
	w.log().WarnContext(ctx, "a post of a watch is put off", "watch", it.Watch, "tries", it.Tries, "error", err)
	it.Why = problem(err)
	if it.Tries >= tries {
		it.Why = fmt.Sprintf("tried %d times: %s", it.Tries, it.Why)
		return w.end(ctx, it, Failed)
	}
	// It was certainly not sent.
	it.State, it.At = Waiting, w.now()
	it.Due = it.At.Add(max(time.Duration(it.Tries)*pause, w.leave(ctx, it.URL, err, it.At)))
	return w.Store.Save(ctx, it)
}

// end writes the end of an item down.
func (w *Watcher) end(ctx context.Context, it Item, how State) error {
	it.State, it.Due, it.At = how, time.Time{}, w.now()
	return own(w.Store.Save(ctx, it))
}

func (w *Watcher) skip(ctx context.Context, it *Item, format string, args ...any) error {
	it.Why = fmt.Sprintf(format, args...)
	return w.end(ctx, *it, Skipped)
}

func (w *Watcher) handle(ctx context.Context, job *work.Job, it *Item) error {
	p := Post{Key: job.Key, Place: it.Place, Sort: it.Sort, Progress: job.Progress, Save: job.Save}
	if it.Watch != articles {
		one, found, err := w.Store.Watch(ctx, it.Watch)
		switch {
		case err != nil || !found:
			return own(err)
		case one.Paused && it.State == Waiting:
			return w.skip(ctx, it, "the watch was paused")
		}
		p.Watch, p.Private = &one, one.Private
	}
	room, err := w.Poster.Room(ctx, it.Place)
	if err != nil {
		return err
	}
	p.Private = p.Private || room.Private
	if room.Shared {
		allowed, err := w.Store.Consent(ctx, it.Place)
		if err != nil {
			return own(err)
		}
		if !allowed {
			return w.skip(ctx, it, "people of other organisations read this channel, and nobody has said “watch allow” in it")
		}
	}
	switch it.Sort {
	case Story:
		return w.postStory(ctx, it, p)
	case Digest:
		return w.postDigest(ctx, it, p)
	case Changes:
		var c Change
		if err := json.Unmarshal([]byte(it.Text), &c); err != nil {
			return w.skip(ctx, it, "what was found cannot be read any more")
		}
		p.Change = &c
	}
	p.Text = it.Text
	if err := w.mark(ctx, it); err != nil {
		return err
	}
	return w.send(ctx, it, p)
}

// mark notes that an item is being posted.
func (w *Watcher) mark(ctx context.Context, it *Item) error {
	if it.State == Posting {
		return nil
	}
	it.begin(w.now())
	return own(w.Store.Save(ctx, *it))
}

func (it *Item) begin(now time.Time) {
	it.State, it.Why, it.At, it.Due = Posting, "", now, now.Add(unsure)
}

// send posts, and notes that it is out.
func (w *Watcher) send(ctx context.Context, it *Item, p Post) error {
	message, err := w.Poster.Post(ctx, p)
	if err != nil {
		return err
	}
	it.Message, it.Why = message, ""
	return w.end(ctx, *it, Posted)
}

func (w *Watcher) postStory(ctx context.Context, it *Item, p Post) error {
	one := p.Watch
	told, why, err := w.read(ctx, it, one, p.Private)
	switch {
	case err != nil && it.State == Posting:
		// An earlier attempt may have got it out: only this job knows how far.
		return own(err)
	case err != nil:
		return err
	}
	if it.State == Waiting {
		if why != "" {
			return w.skip(ctx, it, "%s", why)
		}
		decided, err := w.decide(ctx, one, []*Item{it})
		if err != nil || len(decided) == 0 {
			return err
		}
	}
	told.Item = *it
	p.Stories = []Told{told}
	return w.send(ctx, it, p)
}

// read briefs the article of an item, and tells why the filters do not let it
// through.
func (w *Watcher) read(ctx context.Context, it *Item, one *Watch, private bool) (Told, string, error) {
	src, err := article.FromURL(it.URL)
	if err != nil {
		return Told{}, "", err
	}
	src.Private = private
	later, err := w.polite(ctx, src.Link)
	if err != nil {
		return Told{}, "", err
	}
	if !later.IsZero() {
		return Told{}, "", turnError{later}
	}
	b, err := w.Poster.Brief(ctx, it.Place, private, src)
	if err != nil {
		return Told{}, "", err
	}
	if canonical := absolute(&noBase, b.Article.URL); canonical != "" && KeyOf(canonical) != it.Key && sameSite(canonical, it.URL) {
		it.URL = canonical
	}
	it.Sketch = brief.SketchOf(b)
	if b.Article.Title != "" {
		it.Title = clip(plain(b.Article.Title), mostTitle)
	}
	return Told{Item: *it, Source: src, Briefing: b}, one.lets(b), nil
}

// lets tells why a filter does not let an article through; "" when it does.
func (one *Watch) lets(b *brief.Briefing) string {
	f := one.Filter
	text := b.Article.Title + "\n" + b.Article.Text
	has := func(words string) bool { return brief.Mentions(text, words) }
	if i := slices.IndexFunc(f.Without, has); i >= 0 {
		return fmt.Sprintf("filtered: it has “%s”", clip(f.Without[i], 60))
	}
	if len(f.Words) > 0 && !slices.ContainsFunc(f.Words, has) {
		return fmt.Sprintf("filtered: it has none of “%s”", clip(strings.Join(f.Words, ", "), 100))
	}
	if f.Speaker != "" && !speaks(b, f.Speaker) {
		return fmt.Sprintf("filtered: “%s” is not quoted in it", clip(f.Speaker, 60))
	}
	if f.Kinds != "" {
		keep := brief.Filter{Kinds: f.Kinds}.Claims(b.Article.Text, b.Analysis.Claims)
		if !slices.ContainsFunc(brief.Ranked(b.Analysis.Claims), keep) {
			return fmt.Sprintf("filtered: no claim of the kind “%s” in it", clip(f.Kinds, 60))
		}
	}
	if one.Kind == Feed && one.Form == AsClaims && len(brief.Ranked(b.Analysis.Claims)) == 0 {
		return "no claim worth checking was found in it"
	}
	return ""
}

// speaks reports whether somebody with that name says something in an article.
func speaks(b *brief.Briefing, name string) bool {
	return slices.ContainsFunc(b.Analysis.Quotes, func(q quote.Quote) bool {
		return q.Kind != quote.Other && brief.Mentions(q.Speaker.Name+" "+q.Via, name)
	})
}

// decide takes the channel's turn and decides which items are posted now: those
// that are no repeat and within the limit. It changes the items to what was
// decided and gives those to post.
func (w *Watcher) decide(ctx context.Context, one *Watch, items []*Item) ([]*Item, error) {
	now := w.now()
	day := now.In(one.Schedule.location())
	midnight := wall(time.Date(day.Year(), day.Month(), day.Day(), 12, 0, 0, 0, day.Location()), 0)
	keys := make([]string, len(items))
	for i, it := range items {
		keys[i] = it.Key
	}
	var chosen []*Item
	err := w.Store.Turn(ctx, one.Place, now.Add(-recently), one.ID, keys, func(past, fresh []Item) []Item {
		chosen = nil
		today := 0
		for _, p := range past {
			if p.Sort == Story && p.At.After(midnight) {
				today++
			}
		}
		var out []Item
		for _, it := range items {
			at := slices.IndexFunc(fresh, func(f Item) bool { return f.Key == it.Key })
			if at < 0 || fresh[at].State != Waiting && fresh[at].State != Held {
				continue // another process has it
			}
			it.Due, it.At = time.Time{}, now
			if same := repeats(it, past); same != nil {
				it.State, it.Why = Skipped, fmt.Sprintf("the same story as “%s” of %s", clip(same.Title, 80), same.At.In(day.Location()).Format("2 Jan 15:04"))
			} else if today >= one.Limit {
				it.State, it.Why = Skipped, fmt.Sprintf("over the limit of %d a day in this channel", one.Limit)
			} else {
				it.begin(now)
				today++
				chosen = append(chosen, it)
				past = append(past, *it)
			}
			out = append(out, *it)
		}
		return out
	})
	if err != nil {
		return nil, own(err)
	}
	return chosen, nil
}

// repeats finds the story of an item among those that were posted.
func repeats(it *Item, past []Item) *Item {
	mine := KeyOf(it.URL)
	for i := range past {
		p := &past[i]
		if p.Sort != Story || p.Watch == it.Watch && p.Key == it.Key {
			continue
		}
		if p.Key == it.Key || p.Key == mine || KeyOf(p.URL) == mine || it.Sketch.SameText(p.Sketch) {
			return p
		}
	}
	return nil
}

// Left tells how many items of a place are in the queue.
func (w *Watcher) Left(ctx context.Context, in Place) (int, error) {
	items, err := w.Store.Recent(ctx, in, "", 10*atATime)
	if err != nil {
		return 0, err
	}
	left := 0
	for _, it := range items {
		if it.State == Posting || it.State == Waiting && it.Tries > 0 && it.Due.After(w.now().Add(patience)) {
			left++
		}
	}
	return left, nil
}
