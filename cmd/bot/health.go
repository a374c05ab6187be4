package main

import (
	"context"

	"onrecord/web"
)

type healthCommand struct{}

// Run asks /healthz of the listener that the settings name. It is meant for a
// container's health check, where there is no curl.
func (healthCommand) Run(ctx context.Context, a *app) error {
	if err := web.Health(ctx, a.Listen); err != nil {
		return fail(err, "The bot at %s is not well (%s): start 'bot serve', look at its log, or check --listen.", a.Listen, innermost(err))
	}
	return write(a.out, []byte("ok\n"))
}
