package watch

import (
	"context"
	"encoding/json"
	"errors"
	"time"

	"onrecord/article"
	"onrecord/brief"
)

// Change is what has changed in an article that is followed.
type Change struct {
	Title, Link   string
	Before, After time.Time // when it was read
	Revisions     brief.Revisions
}

// rereadAfter are the ages at which an article is read again: corrections come
// within hours, and hardly any after three days.
var rereadAfter = []time.Duration{time.Hour, 6 * time.Hour, 24 * time.Hour, 72 * time.Hour}

const (
	mostFollowed = 256 << 10          // bytes of an article that is followed
	freshFor     = 7 * 24 * time.Hour // since publication; what is older has settled
)

// follow begins to follow an article for the thread that it was briefed in.
func (w *Watcher) follow(ctx context.Context, in Place, src article.Source, b *brief.Briefing) error {
	now := w.now()
	if in.Thread == "" || w.Articles == nil || w.Follows != nil && !w.Follows(ctx, in) {
		return nil
	}
	if p := b.Article.Published; !p.IsZero() && now.Sub(p) > freshFor {
		return nil
	}
	data, err := json.Marshal(b.Article)
	if err != nil || len(data) > mostFollowed {
		return err
	}
	return w.Store.Follow(ctx, Followed{
		Place: Place{Platform: in.Platform, Workspace: in.Workspace, Channel: in.Channel, Thread: in.Thread},
		Key:   KeyOf(src.Link), Link: src.Link, Began: now, Next: now.Add(rereadAfter[0]), Article: data,
	})
}

// rereadArticles reads articles again that are due.
func (w *Watcher) rereadArticles(ctx context.Context, now time.Time) error {
	due, err := w.Store.DueArticles(ctx, now, atATime/4)
	if err != nil {
		return err
	}
	var errs []error
	for _, f := range due {
		if ctx.Err() != nil {
			break
		}
		errs = append(errs, w.step(ctx, func(ctx context.Context, now time.Time) error { return w.reread(ctx, f, now) }))
	}
	return errors.Join(errs...)
}

func (w *Watcher) reread(ctx context.Context, f Followed, now time.Time) error {
	if w.Follows != nil && !w.Follows(ctx, f.Place) {
		return w.Store.Unfollow(ctx, f.Place)
	}
	taken, err := w.Store.TakeArticle(ctx, f, now.Add(pause))
	if err != nil || !taken {
		return err
	}
	var old article.Article
	if err := json.Unmarshal(f.Article, &old); err != nil {
		f.Next = time.Time{}
		return errors.Join(err, w.Store.Reread(ctx, f, nil))
	}
	src, err := article.FromURL(f.Link)
	if err == nil {
		var later time.Time
		if later, err = w.polite(ctx, f.Link); !later.IsZero() {
			return nil // it is due again in a while
		}
	}
	var fresh *article.Article
	if err == nil {
		fresh, _, err = w.Articles.Revalidate(ctx, src, &old)
	}
	if ctx.Err() != nil {
		return ctx.Err()
	}
	// The next age that is not over.
	f.Step++
	f.Next = time.Time{}
	for f.Step < len(rereadAfter) && f.Next.IsZero() {
		if at := f.Began.Add(rereadAfter[f.Step]); at.After(now) {
			f.Next = at
		} else {
			f.Step++
		}
	}
	if err != nil {
		// That it cannot be read now says nothing about it: it is not "deleted".
		w.log().InfoContext(ctx, "an article that is followed could not be read", "error", err)
		return w.Store.Reread(ctx, f, nil)
	}
	revisions, whole := w.compare(&old, fresh)
	if !whole {
		return w.Store.Reread(ctx, f, nil)
	}
	var items []Item
	if len(revisions.List) > 0 {
		text, err := json.Marshal(Change{Title: fresh.Title, Link: f.Link, Before: old.ReadAt, After: fresh.ReadAt, Revisions: revisions})
		if err != nil {
			return err
		}
		items = append(items, Item{
			Watch: articles, Key: digest(f.Place.Platform + "\n" + f.Place.Workspace + "\n" + f.Place.Channel + "\n" + f.Place.Thread + "\n" + f.Key + "\n" + fresh.SHA256 + "\n" + fresh.Title),
			Place: f.Place, Sort: Changes, State: Waiting, Title: clip(plain(fresh.Title), mostTitle), URL: f.Link, Text: string(text), Seen: now, At: now, Due: now,
		})
	}
	if f.Article, err = json.Marshal(fresh); err != nil {
		return err
	}
	if len(f.Article) > mostFollowed {
		f.Next = time.Time{}
	}
	return w.Store.Reread(ctx, f, items)
}

// compare tells how an article differs from what it was. When half of its words
// are gone, or it is in another language, it is not the article that is there:
// a consent page, a teaser before a paywall. That is no change.
func (w *Watcher) compare(old, fresh *article.Article) (r brief.Revisions, whole bool) {
	if old.SHA256 == fresh.SHA256 && old.Title == fresh.Title {
		return r, true
	}
	if 2*fresh.Words < old.Words || fresh.Language != old.Language {
		return r, false
	}
	return brief.Revise(
		&brief.Briefing{Article: old, Analysis: brief.Analyse(old)},
		&brief.Briefing{Article: fresh, Analysis: brief.Analyse(fresh)},
	), true
}
