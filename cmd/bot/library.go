package main

import (
	"context"
	"os"
	"time"

	"onrecord/article"
	"onrecord/brief"
	"onrecord/factcheck/claimreview"
)

// library finds published fact-checks, nil when there are none to find. A
// command that answers once makes no store for it, nor does it look into an
// empty one.
func (a *app) library(ctx context.Context) *claimreview.Library {
	a.once.library.Do(func() {
		l := &claimreview.Library{Log: a.log(), Google: a.google()}
		if lasting := a.command == "serve" || a.command == "chat"; lasting || a.storeExists() {
			if db := a.store(ctx); db != nil {
				reviews := db.Reviews()
				version, err := reviews.Version(ctx)
				if lasting || err == nil && version != "" {
					l.Store = reviews
				}
			}
		}
		if l.Store != nil || l.Google != nil {
			a.checked = l
		}
	})
	return a.checked
}

// overlay is the library as the briefer wants it.
func (a *app) overlay(ctx context.Context) brief.Library {
	if l := a.library(ctx); l != nil {
		return l
	}
	return nil // not a nil pointer in an interface
}

// google is the client of Google's service, nil without a key.
func (a *app) google() *claimreview.Google {
	if a.FactCheckKey == "" {
		return nil
	}
	return &claimreview.Google{Key: a.FactCheckKey, URL: a.FactCheckURL}
}

func (a *app) storeExists() bool {
	if a.DatabaseURL != "" {
		return true
	}
	path, err := a.stateFile()
	if err != nil || path == "" {
		return false
	}
	_, err = os.Stat(path)
	return err == nil
}

// feeds reads files of fact-checks, which may be larger than articles, under
// the same network rules.
func (a *app) feeds() *article.Reader {
	proxy, err := a.proxy()
	if err != nil {
		panic(err) // validate has seen it
	}
	r := &article.Reader{
		Networks: a.AllowNetworks, Proxy: proxy, Log: a.log(),
		Timeout: max(a.FetchTimeout, 5*time.Minute), MaxBytes: 256 << 20,
	}
	for _, p := range a.AllowPorts {
		r.Ports = append(r.Ports, int(p))
	}
	a.closers = append(a.closers, r.Close)
	return r
}
