package watch

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"
)

const (
	mostTold = 12            // stories of a digest
	mostHeld = 60            // that are looked at for it
	tooLate  = 6 * time.Hour // after its time a digest is left for the next slot
)

// digests makes the items of digests that are due.
func (w *Watcher) digests(ctx context.Context, now time.Time) error {
	due, err := w.Store.DueDigests(ctx, now, atATime)
	if err != nil {
		return err
	}
	for _, one := range due {
		if one.Next.After(now) {
			// For the time after a weekend, or by a clock that was ahead.
			if next := one.Schedule.Next(now); next.Before(one.Next) {
				if _, err := w.Store.TakeDigest(ctx, one.ID, one.Next, next, nil); err != nil {
					return err
				}
			}
			continue
		}
		var it *Item
		if !one.Paused && now.Sub(one.Next) < tooLate {
			slot := one.Schedule.Slot(one.Next)
			it = &Item{Watch: one.ID, Key: "digest:" + slot, Place: one.Place, Sort: Digest, State: Waiting, Title: "Digest of " + slot, Seen: now, At: now, Due: now}
		}
		if _, err := w.Store.TakeDigest(ctx, one.ID, one.Next, one.Schedule.Next(now), it); err != nil {
			return err
		}
	}
	return nil
}

func (w *Watcher) postDigest(ctx context.Context, it *Item, p Post) error {
	var stories []*Item
	told := map[string]Told{}
	if it.State == Posting {
		// An earlier attempt has decided what is in it.
		var keys []string
		if err := json.Unmarshal([]byte(it.Text), &keys); err != nil {
			return w.skip(ctx, it, "what was decided cannot be read any more")
		}
		for _, key := range keys {
			one, found, err := w.Store.Item(ctx, it.Watch, key)
			if err != nil {
				return own(err)
			}
			if found {
				stories = append(stories, &one)
			}
		}
		for _, s := range stories {
			t, _, err := w.read(ctx, s, p.Watch, p.Private)
			if err != nil {
				return own(err) // as with a story that may be out
			}
			told[s.Key] = t
		}
	} else {
		held, err := w.Store.Held(ctx, it.Watch, mostHeld)
		if err != nil {
			return own(err)
		}
		if len(held) == 0 {
			return w.skip(ctx, it, "nothing new")
		}
		if stories, err = w.choose(ctx, p.Watch, p.Private, held, told); err != nil {
			return err
		}
		if len(stories) == 0 {
			return w.skip(ctx, it, "of %d that were new none was let through", len(held))
		}
		var keys []string
		for _, s := range stories {
			keys = append(keys, s.Key)
		}
		text, err := json.Marshal(keys)
		if err != nil {
			return err
		}
		it.Text = string(text)
		it.begin(w.now())
		if err := w.Store.Save(ctx, *it); err != nil {
			return own(err)
		}
	}
	for _, s := range stories {
		t := told[s.Key]
		t.Item = *s
		p.Stories = append(p.Stories, t)
	}
	p.Slot = it.Key[len("digest:"):]
	message, err := w.Poster.Post(ctx, p)
	if err != nil {
		return w.giveBack(ctx, err, stories)
	}
	now := w.now()
	it.Message, it.Why, it.State, it.Due, it.At = message, "", Posted, time.Time{}, now
	all := []Item{*it}
	for _, s := range stories {
		s.Message, s.Why, s.State, s.Due, s.At = message, "in the digest of "+p.Slot, Posted, time.Time{}, now
		all = append(all, *s)
	}
	return own(w.Store.Save(ctx, all...))
}

// choose reads what was held, and decides what is in the digest.
func (w *Watcher) choose(ctx context.Context, one *Watch, private bool, held []Item, told map[string]Told) ([]*Item, error) {
	var good []*Item
	var ours ownError
	for i := range held {
		s := &held[i]
		t, why, err := Told{}, fmt.Sprintf("over the %d stories of a digest", mostTold), error(nil)
		if len(good) < mostTold {
			t, why, err = w.read(ctx, s, one, private)
		}
		switch {
		case ctx.Err() != nil:
			return nil, ctx.Err()
		case errors.As(err, &ours):
			return nil, err
		case errors.As(err, new(turnError)):
			continue // for the next digest
		case err != nil:
			s.Why = "could not be read: " + problem(err)
			if err := w.end(ctx, *s, Failed); err != nil {
				return nil, err
			}
		case why != "":
			s.Why = why
			if err := w.end(ctx, *s, Skipped); err != nil {
				return nil, err
			}
		default:
			told[s.Key] = t
			good = append(good, s)
		}
	}
	if len(good) == 0 {
		return nil, nil
	}
	return w.decide(ctx, one, good)
}

// giveBack lets the stories of a digest that was not posted share its fate.
func (w *Watcher) giveBack(ctx context.Context, cause error, stories []*Item) error {
	now := w.now()
	var all []Item
	for _, s := range stories {
		s.At, s.Due = now, time.Time{}
		switch {
		case uncertain(cause):
			s.State, s.Why = Uncertain, "it cannot be told whether the digest was posted"
		case temporary(cause) && ctx.Err() == nil:
			s.State, s.Why = Held, "waits for the digest"
		case ctx.Err() != nil:
			continue // the next process goes on
		default:
			s.State, s.Why = Failed, problem(cause)
		}
		all = append(all, *s)
	}
	return errors.Join(cause, own(w.Store.Save(context.WithoutCancel(ctx), all...)))
}
