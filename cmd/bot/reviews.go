package main

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"golang.org/x/net/html"

	"onrecord/article"
	"onrecord/chat"
	"onrecord/factcheck"
	"onrecord/factcheck/claimreview"
)

type reviewsCommand struct {
	Action  string   `arg:"positional,required" enum:"add,list,update,remove" help:"What to do: ${enum}."`
	Sources []string `arg:"positional" help:"Files or links: ClaimReview markup, a data feed, JSON lines, CSV, RSS or Atom, a page. 'update' without one reads all again."`
}

// maxFollowed is how many items of a publisher's feed are opened in one go, to
// see the claim and the verdict that feeds leave out.
const maxFollowed = 100

// Run keeps the collection of published fact-checks.
func (c *reviewsCommand) Run(ctx context.Context, a *app) error {
	db := a.store(ctx)
	if db == nil {
		return noStore(a)
	}
	k := &collection{app: a, store: db.Reviews(), reader: a.feeds()}
	if len(c.Sources) == 0 && (c.Action == "add" || c.Action == "remove") {
		return usageError{"name a file or a link, as in bot reviews " + c.Action + " https://example.com/feed"}
	}
	var err error
	switch c.Action {
	case "list":
		return k.list(ctx)
	case "add":
		err = k.each(ctx, c.Sources)
	case "update":
		err = k.update(ctx, c.Sources)
	case "remove":
		err = k.remove(ctx, c.Sources)
	}
	if ctx.Err() == nil {
		// Looking once makes the index and keeps it for those who search.
		l := claimreview.Library{Store: k.store, Log: a.log()}
		_, indexErr := l.Index(ctx)
		err = cmp.Or(err, indexErr)
	}
	return err
}

// collection is the published fact-checks that the bot keeps.
type collection struct {
	*app
	store  claimreview.Store
	reader *article.Reader
}

func isWeb(name string) bool { return strings.Contains(name, "://") }

// each reads sources one after the other. One that fails does not keep the
// others from being read.
func (k *collection) each(ctx context.Context, names []string) error {
	failed := false
	for _, name := range names {
		if !isWeb(name) {
			full, err := filepath.Abs(name)
			if err != nil {
				return err
			}
			name = full
		}
		added, changed, err := k.add(ctx, name)
		if added+changed == 0 && ctx.Err() == nil {
			empty, dropErr := k.dropEmpty(ctx, name)
			if dropErr != nil {
				return dropErr
			}
			if empty && err == nil {
				err = fail(nil, "There is no fact-check in it: hand over a page or file with ClaimReview markup, a data feed, JSON lines, CSV with a heading line, RSS or Atom.")
			}
		}
		switch {
		case ctx.Err() != nil:
			return ctx.Err()
		case err != nil:
			failed = true
			fmt.Fprintf(k.err, "bot: %s: %s\n", name, sentence(err))
		default:
			fmt.Fprintf(k.out, "%s: %d new, %d changed\n", name, added, changed)
		}
	}
	if failed {
		return errSaid
	}
	return nil
}

// dropEmpty forgets a source that nothing was ever read from, and tells whether
// it is one.
func (k *collection) dropEmpty(ctx context.Context, name string) (bool, error) {
	all, err := k.store.Sources(ctx)
	if err != nil {
		return false, err
	}
	if slices.ContainsFunc(all, func(s claimreview.Source) bool { return s.Name == name && s.Reviews > 0 }) {
		return false, nil
	}
	_, err = k.store.Remove(ctx, name)
	return true, err
}

func (k *collection) add(ctx context.Context, name string) (added, changed int, err error) {
	p := startProgress(k.err)
	defer p.done()
	p.say("Reading " + name)
	source := claimreview.Source{Name: name, Added: time.Now().UTC(), Updated: time.Now().UTC()}
	return claimreview.Import(ctx, k.store, source, func(yield func(factcheck.Review) error) (claimreview.Kind, error) {
		if !isWeb(name) {
			return k.file(name, yield)
		}
		doc, err := k.reader.Get(ctx, name)
		if err != nil {
			return "", err
		}
		return k.document(ctx, doc, yield, true)
	})
}

func (k *collection) file(name string, yield func(factcheck.Review) error) (claimreview.Kind, error) {
	f, err := os.Open(name)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return "", fail(err, "There is no such file: check the path, or give a link that begins with https://.")
	case err != nil:
		return "", fail(err, "It could not be opened (%s): check that the file is yours to read.", reason(err))
	}
	defer f.Close()
	if info, err := f.Stat(); err == nil && info.IsDir() {
		return "", fail(nil, "It is a folder: name a file in it.")
	}
	return claimreview.Read(f, yield)
}

// document reads what came from the web. A site that offers a feed is read by
// its feed, the items of a feed are opened.
func (k *collection) document(ctx context.Context, doc *article.Document, yield func(factcheck.Review) error, follow bool) (claimreview.Kind, error) {
	var all []factcheck.Review
	kind, err := claimreview.Read(bytes.NewReader(doc.Data), func(r factcheck.Review) error {
		if r.URL == "" {
			r.URL = doc.URL
		}
		all = append(all, r)
		return nil
	})
	if err != nil {
		return kind, err
	}
	if kind == claimreview.HTML && len(all) == 0 && follow {
		if feed := feedOf(doc); feed != "" {
			next, err := k.reader.Get(ctx, feed)
			if err != nil {
				return kind, err
			}
			return k.document(ctx, next, yield, false)
		}
	}
	var known map[string]bool
	if kind == claimreview.Feed {
		if known, err = k.known(ctx); err != nil {
			return kind, err
		}
	}
	opened := 0
	for _, r := range all {
		if kind == claimreview.Feed && r.Claim == "" && r.URL != "" && !known[r.URL] && opened < maxFollowed {
			opened++
			if done, err := k.open(ctx, r, yield); done || err != nil {
				if err != nil {
					return kind, err
				}
				continue
			}
		}
		if known[r.URL] && r.Claim == "" {
			continue // more is known of it than the feed says
		}
		if err := yield(r); err != nil {
			return kind, err
		}
	}
	return kind, nil
}

// known are the addresses of the checks whose claims are known.
func (k *collection) known(ctx context.Context) (map[string]bool, error) {
	all, err := k.store.Load(ctx)
	if err != nil {
		return nil, err
	}
	known := map[string]bool{}
	for _, r := range all {
		if r.Claim != "" {
			known[r.URL] = true
		}
	}
	return known, nil
}

// open reads the page of a feed's item, and tells whether it holds reviews.
// What the page lacks comes from the item.
func (k *collection) open(ctx context.Context, item factcheck.Review, yield func(factcheck.Review) error) (bool, error) {
	page, err := k.reader.Get(ctx, item.URL)
	if err != nil {
		if ctx.Err() != nil {
			return false, ctx.Err()
		}
		k.log().InfoContext(ctx, "a page of a feed cannot be read", "error", err)
		return false, nil
	}
	var found []factcheck.Review
	_, err = claimreview.Read(bytes.NewReader(page.Data), func(r factcheck.Review) error {
		found = append(found, r)
		return nil
	})
	if err != nil || len(found) == 0 {
		return false, nil //nolint:nilerr // the item itself will do
	}
	for _, r := range found {
		if r.URL == "" {
			r.URL = item.URL
		}
		if r.Title == "" {
			r.Title = item.Title
		}
		if r.Publisher == "" {
			r.Publisher = item.Publisher
		}
		if r.Date.IsZero() {
			r.Date = item.Date
		}
		if err := yield(r); err != nil {
			return false, err
		}
	}
	return true, nil
}

// feedOf is the address of the feed that a page offers, empty for none.
func feedOf(doc *article.Document) string {
	base, err := url.Parse(doc.URL)
	if err != nil {
		return ""
	}
	z := html.NewTokenizer(bytes.NewReader(doc.Data))
	z.SetMaxBuf(1 << 20)
	for {
		switch z.Next() {
		case html.ErrorToken:
			return ""
		case html.StartTagToken, html.SelfClosingTagToken:
			t := z.Token()
			if t.Data != "link" {
				continue
			}
			attrs := map[string]string{}
			for _, a := range t.Attr {
				attrs[a.Key] = a.Val
			}
			if !strings.EqualFold(attrs["rel"], "alternate") || !slices.Contains([]string{"application/rss+xml", "application/atom+xml"}, strings.ToLower(attrs["type"])) {
				continue
			}
			if to, err := base.Parse(attrs["href"]); err == nil {
				return to.String()
			}
		}
	}
}

// update reads sources again, all if none is named.
func (k *collection) update(ctx context.Context, names []string) error {
	if len(names) == 0 {
		all, err := k.store.Sources(ctx)
		if err != nil {
			return err
		}
		for _, s := range all {
			names = append(names, s.Name)
		}
	}
	if len(names) == 0 {
		return claimreview.ErrEmpty
	}
	return k.each(ctx, names)
}

func (k *collection) remove(ctx context.Context, names []string) error {
	all, err := k.store.Sources(ctx)
	if err != nil {
		return err
	}
	for _, name := range names {
		if !isWeb(name) {
			if full, err := filepath.Abs(name); err == nil {
				name = full
			}
		}
		if !slices.ContainsFunc(all, func(s claimreview.Source) bool { return s.Name == name }) {
			return fail(nil, "%s was never added: 'bot reviews list' names what was.", name)
		}
		n, err := k.store.Remove(ctx, name)
		if err != nil {
			return err
		}
		fmt.Fprintf(k.out, "%s: %d removed\n", name, n)
	}
	return nil
}

// list says where the fact-checks come from.
func (k *collection) list(ctx context.Context) error {
	all, err := k.store.Sources(ctx)
	if err != nil {
		return err
	}
	if len(all) == 0 {
		return claimreview.ErrEmpty
	}
	var r chat.Reply
	total := 0
	for _, s := range all {
		total += s.Reviews
	}
	r.Add(chat.Heading, chat.Bold(fmt.Sprintf("Published fact-checks: %d", total)))
	for i, s := range all {
		r.AddItem(i+1, chat.Bold(s.Name), chat.Say(fmt.Sprintf(" · %d · %s · read %s", s.Reviews, s.Kind, s.Updated.UTC().Format("2 Jan 2006 15:04 MST"))))
		if s.Problem != "" {
			r.Add(chat.Detail, chat.Say("the last reading failed: "+s.Problem))
		}
	}
	out, err := k.render(r)
	if err != nil {
		return err
	}
	return write(k.out, out)
}
