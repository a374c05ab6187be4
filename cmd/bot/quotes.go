package main

import "context"

type quotesCommand struct{ sourceFlags }

// Run prints who said what.
func (c *quotesCommand) Run(ctx context.Context, a *app) error {
	return c.answer(ctx, a, quotesView)
}
