package watch

import (
	"context"
	"errors"
	"net/url"
	"strconv"
	"strings"
	"sync"
	"time"

	"onrecord/article"
)

// Agent is the name under which robots.txt may speak of the bot.
const Agent = "OnrecordBot"

// rules are what a robots.txt (RFC 9309) says to us.
type rules struct {
	lines []rule
	delay time.Duration // Crawl-delay, which is no part of the RFC and widely used
}

type rule struct {
	path  string
	allow bool
}

// mostRobots is how much of a robots.txt is read; the RFC wants 500 KiB.
const mostRobots = 500 << 10

// parseRobots reads the group of our name, else that of everybody.
func parseRobots(data []byte) rules {
	var ours, all rules
	var in []*rules // the groups that the next rules belong to
	named, grouping := false, false
	for line := range strings.Lines(string(data[:min(len(data), mostRobots)])) {
		line, _, _ = strings.Cut(strings.TrimPrefix(line, "\ufeff"), "#")
		key, value, ok := strings.Cut(line, ":")
		if !ok {
			continue
		}
		key, value = strings.ToLower(strings.TrimSpace(key)), strings.TrimSpace(value)
		if key == "user-agent" {
			if !grouping {
				in = nil
			}
			grouping = true
			switch {
			case value == "*":
				in = append(in, &all)
			case strings.EqualFold(agentToken(value), Agent):
				in, named = append(in, &ours), true
			}
			continue
		}
		switch key {
		case "allow", "disallow":
			grouping = false
			if value == "" {
				continue // "Disallow:" disallows nothing
			}
			for _, r := range in {
				if len(r.lines) < 2000 {
					r.lines = append(r.lines, rule{value, key == "allow"})
				}
			}
		case "crawl-delay":
			grouping = false
			if s, err := strconv.ParseFloat(value, 64); err == nil && s > 0 && s < 1e6 {
				for _, r := range in {
					r.delay = time.Duration(s * float64(time.Second))
				}
			}
		}
	}
	if named {
		return ours
	}
	return all
}

// agentToken is the name at the beginning of a value, without a version.
func agentToken(s string) string {
	for i, r := range s {
		if (r < 'a' || r > 'z') && (r < 'A' || r > 'Z') && r != '_' && r != '-' {
			return s[:i]
		}
	}
	return s
}

// allows reports whether a path, with its query, may be fetched: the longest
// rule counts, and of two as long the one that allows.
func (r rules) allows(path string) bool {
	best, allowed := -1, true
	for _, l := range r.lines {
		if n := len(l.path); (n > best || n == best && l.allow) && matches(l.path, path) {
			best, allowed = n, l.allow
		}
	}
	return allowed
}

// matches reports whether a pattern with * and $ matches the beginning of a
// path.
func matches(pattern, path string) bool {
	pattern, whole := strings.CutSuffix(pattern, "$")
	pieces := strings.Split(pattern, "*")
	if !strings.HasPrefix(path, pieces[0]) {
		return false
	}
	path = path[len(pieces[0]):]
	for i, p := range pieces[1:] {
		if whole && i == len(pieces)-2 {
			return strings.HasSuffix(path, p)
		}
		at := strings.Index(path, p)
		if at < 0 {
			return false
		}
		path = path[at+len(p):]
	}
	return !whole || path == ""
}

// robots asks sites what a program may read. The zero value needs a Getter.
type robots struct {
	get Getter

	mu    sync.Mutex
	known map[string]knownRobots
}

type knownRobots struct {
	rules rules
	shut  bool // the site is out of order, so nothing is read: RFC 9309, 2.3.1.4
	until time.Time
}

// Getter fetches what a link leads to; *article.Reader is one.
type Getter interface {
	GetSince(ctx context.Context, link string, since article.Validators) (*article.Document, error)
}

const (
	robotsFor  = 24 * time.Hour
	robotsShut = time.Hour // until a site in trouble is asked again
	mostSites  = 5000
)

// errRobots says that a site wants no programs there.
var errRobots = errors.New("the site’s robots.txt asks programs not to read it")

// ask tells whether a link may be fetched, and how far apart requests to its
// site should be, 0 when it does not say.
func (r *robots) ask(ctx context.Context, link string, now time.Time) (delay time.Duration, err error) {
	u, err := url.Parse(link)
	if err != nil {
		return 0, &article.Error{Kind: article.ErrBadLink}
	}
	site := u.Scheme + "://" + strings.ToLower(u.Host)
	r.mu.Lock()
	k, ok := r.known[site]
	r.mu.Unlock()
	if !ok || !now.Before(k.until) {
		if k, err = r.look(ctx, site, now); err != nil {
			return 0, err
		}
	}
	path := u.EscapedPath()
	if path == "" {
		path = "/"
	}
	if u.RawQuery != "" {
		path += "?" + u.RawQuery
	}
	switch {
	case k.shut:
		return 0, &article.Error{Kind: article.ErrBusy, Where: u.Hostname(), What: "robots.txt"}
	case !k.rules.allows(path):
		return k.rules.delay, errRobots
	}
	return k.rules.delay, nil
}

func (r *robots) look(ctx context.Context, site string, now time.Time) (knownRobots, error) {
	k := knownRobots{until: now.Add(robotsFor)}
	doc, err := r.get.GetSince(ctx, site+"/robots.txt", article.Validators{})
	switch {
	case err == nil:
		k.rules = parseRobots(doc.Data)
	case ctx.Err() != nil:
		return k, err
	case errors.Is(err, article.ErrBusy):
		k.shut, k.until = true, now.Add(robotsShut)
	case errors.Is(err, article.ErrDNS), errors.Is(err, article.ErrSlow), errors.Is(err, article.ErrUnreachable), errors.Is(err, article.ErrBlocked), errors.Is(err, article.ErrTLS):
		return k, err // the page itself is no nearer
	default: // there is none, or it is not for us to see: all is allowed
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.known == nil || len(r.known) >= mostSites {
		r.known = map[string]knownRobots{}
	}
	r.known[site] = k
	return k, nil
}
