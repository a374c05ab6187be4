package main

import (
	"context"
	"strings"

	"onrecord/brief"
	"onrecord/chat"
	"onrecord/factcheck"
)

type claimsCommand struct {
	sourceFlags
	tableFlags

	Top   int    `arg:"--top" placeholder:"N" help:"The first N only."`
	By    string `arg:"--by" placeholder:"SPEAKER" help:"Of one speaker only, by name."`
	About string `arg:"--about" placeholder:"WORDS" help:"With these words only, in any of their forms."`
	Claim int    `arg:"--claim" placeholder:"N" help:"One claim by its number, with everything about it."`
}

// Run prints the claims worth checking.
func (c *claimsCommand) Run(ctx context.Context, a *app) error {
	switch {
	case c.Top < 0:
		return usageError{"--top: a whole number from 1"}
	case c.Claim < 0:
		return usageError{"--claim: a whole number from 1"}
	case c.Claim > 0 && (c.Top > 0 || c.By != "" || c.About != ""):
		return usageError{"--claim shows one claim: leave --top, --by and --about out"}
	}
	filter := brief.Filter{Top: c.Top, By: strings.TrimSpace(c.By), About: strings.TrimSpace(c.About)}
	return c.answer(ctx, a, output{
		format: c.Format,
		table:  brief.ClaimsCSV,
		cut: func(b *brief.Briefing) (*brief.Briefing, error) {
			if n := len(brief.Ranked(b.Analysis.Claims)); c.Claim > n {
				return nil, fail(nil, "There is no claim %d: there are %d.", c.Claim, n)
			}
			if c.Claim == 0 {
				return filter.OnlyClaims(b), nil
			}
			found := *b.Analysis
			found.Claims = []factcheck.Claim{brief.Ranked(b.Analysis.Claims)[c.Claim-1]}
			return &brief.Briefing{Article: b.Article, Analysis: &found}, nil
		},
		views: []view{func(b *brief.Briefing, v chat.View) chat.Reply {
			if c.Claim == 0 {
				return chat.ClaimsReply(b, filter, v)
			}
			reply, err := chat.ClaimReply(b, c.Claim, v)
			if err != nil {
				return chat.Apology(err) // cut has seen that there is one
			}
			return reply
		}},
	})
}
