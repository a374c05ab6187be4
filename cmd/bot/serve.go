package main

import (
	"context"
	"errors"
	"net"

	"onrecord/web"
)

type serveCommand struct{}

// Run opens the listener and serves until the process is told to end.
func (serveCommand) Run(ctx context.Context, a *app) error {
	if _, err := a.cache(); err != nil {
		return err
	}
	a.log().Info("onrecord starts", "version", version, "cache", cacheKind(a))
	// The platforms join here, each when it has credentials.
	a.log().Info("no chat platform has credentials: only the HTTP listener is open, 'bot chat' talks in a terminal")
	server := web.New(web.Options{Address: a.Listen, Log: a.log()})
	err := server.Run(ctx)
	var op *net.OpError
	if errors.As(err, &op) {
		return fail(err, "The listener could not open %s (%s): set ONRECORD_LISTEN to another address, or end what uses this one.", a.Listen, innermost(err))
	}
	if err == nil {
		a.log().Info("onrecord ends")
	}
	return err
}

func cacheKind(a *app) string {
	if a.RedisURL != "" {
		return "redis"
	}
	return "memory"
}
