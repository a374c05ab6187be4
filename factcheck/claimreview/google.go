package claimreview

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"sync"
	"time"

	"onrecord/factcheck"
)

// GoogleURL is the address of Google's Fact Check Tools API.
const GoogleURL = "https://factchecktools.googleapis.com/v1alpha1/claims:search"

// Google asks Google's Fact Check Tools API
// (https://developers.google.com/fact-check/tools/api). What is asked leaves
// this machine: never hand private questions to it. It needs a Key; the zero
// value of everything else works.
type Google struct {
	Key    string
	URL    string       // GoogleURL if empty
	Client *http.Client // http.DefaultClient if nil; the time is bounded here
	Now    func() time.Time

	mu     sync.Mutex
	known  map[string]answer // by query
	paused time.Time         // until then nothing is asked
	pause  time.Duration     // the last one
}

type answer struct {
	at      time.Time
	reviews []factcheck.Review
}

const (
	googleTimeout  = 4 * time.Second
	googleBytes    = 2 << 20
	googleKeep     = 6 * time.Hour
	googleKnown    = 1000
	shortestPause  = 30 * time.Second
	longestPause   = time.Hour
	googleLongest  = 500 // code points of a query
	googlePageSize = 10
)

// ErrPaused says that the service has asked for a pause that is not over.
var ErrPaused = errors.New("the fact-check service has asked for a pause")

// Search gives the fact-checks that the service finds for a claim. Answers are
// kept for six hours. When the service has had enough (status 429) or is out
// of order it is left alone for as long as it says, else for a time that
// doubles; meanwhile the error is [ErrPaused].
func (g *Google) Search(ctx context.Context, claim string) ([]factcheck.Review, error) {
	claim = strings.Join(strings.Fields(claim), " ")
	if r := []rune(claim); len(r) > googleLongest {
		claim = string(r[:googleLongest])
	}
	if claim == "" {
		return nil, nil
	}
	now := g.now()
	g.mu.Lock()
	a, known := g.known[claim]
	paused := now.Before(g.paused)
	g.mu.Unlock()
	switch {
	case known && now.Sub(a.at) < googleKeep:
		return a.reviews, nil
	case paused:
		return nil, ErrPaused
	}
	reviews, err := g.ask(ctx, claim)
	if err != nil {
		return nil, err
	}
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.known == nil || len(g.known) >= googleKnown {
		g.known = map[string]answer{} // it may forget
	}
	g.known[claim] = answer{now, reviews}
	g.pause = 0
	return reviews, nil
}

func (g *Google) ask(ctx context.Context, claim string) ([]factcheck.Review, error) {
	ctx, cancel := context.WithTimeout(ctx, googleTimeout)
	defer cancel()
	query := url.Values{"query": {claim}, "languageCode": {"en"}, "pageSize": {strconv.Itoa(googlePageSize)}}
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, cmp.Or(g.URL, GoogleURL)+"?"+query.Encode(), nil)
	if err != nil {
		return nil, errors.New("the address of the fact-check service is no address")
	}
	req.Header.Set("X-Goog-Api-Key", g.Key) // in the address it would end up in logs
	resp, err := cmp.Or(g.Client, http.DefaultClient).Do(req)
	if err != nil {
		g.rest("")
		var u *url.Error
		if errors.As(err, &u) {
			err = u.Err // the outer message repeats the claim
		}
		return nil, fmt.Errorf("asking the fact-check service: %w", err)
	}
	defer resp.Body.Close()
	switch status := resp.StatusCode; {
	case status == http.StatusOK:
	case status == http.StatusTooManyRequests || status >= 500:
		g.rest(resp.Header.Get("Retry-After"))
		return nil, fmt.Errorf("asking the fact-check service: HTTP %d", status)
	default:
		g.rest("")
		return nil, fmt.Errorf("asking the fact-check service: HTTP %d: check the key", status)
	}
	data, err := io.ReadAll(io.LimitReader(resp.Body, googleBytes+1))
	if err != nil {
		return nil, fmt.Errorf("asking the fact-check service: %w", err)
	}
	if len(data) > googleBytes {
		return nil, errors.New("asking the fact-check service: the answer is too large")
	}
	var found []factcheck.Review
	err = readJSON(bytes.NewReader(data), func() {}, func(r factcheck.Review) error {
		if clean(&r) && len(found) < 10*googlePageSize {
			found = append(found, r)
		}
		return nil
	})
	return found, err
}

// rest leaves the service alone for a while.
func (g *Google) rest(after string) {
	g.mu.Lock()
	defer g.mu.Unlock()
	now := g.now()
	g.pause = min(max(shortestPause, 2*g.pause), longestPause)
	if s, err := strconv.Atoi(strings.TrimSpace(after)); err == nil && s > 0 {
		g.pause = min(time.Duration(min(s, 1<<20))*time.Second, longestPause)
	} else if t, err := http.ParseTime(after); err == nil {
		g.pause = min(max(t.Sub(now), time.Second), longestPause)
	}
	g.paused = now.Add(g.pause)
}

func (g *Google) now() time.Time {
	if g.Now != nil {
		return g.Now()
	}
	return time.Now()
}
