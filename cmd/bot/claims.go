package main

import "context"

type claimsCommand struct{ sourceFlags }

// Run prints the claims worth checking.
func (c *claimsCommand) Run(ctx context.Context, a *app) error {
	return c.answer(ctx, a, claimsView)
}
