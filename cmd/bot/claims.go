package main

import (
	"context"

	"onrecord/brief"
)

type claimsCommand struct {
	sourceFlags
	tableFlags
}

// Run prints the claims worth checking.
func (c *claimsCommand) Run(ctx context.Context, a *app) error {
	return c.answer(ctx, a, output{format: c.Format, views: []view{claimsView}, table: brief.ClaimsCSV})
}
