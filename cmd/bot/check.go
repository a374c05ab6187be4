package main

import (
	"context"
	"strings"

	"onrecord/brief"
	"onrecord/chat"
	"onrecord/factcheck"
	"onrecord/factcheck/claimreview"
)

type checkCommand struct {
	Claim   []string `arg:"positional" help:"The claim: a sentence that says who or what it is about."`
	Speaker string   `arg:"--speaker" placeholder:"NAME" help:"Who makes the claim, when it does not say."`
	Date    day      `arg:"--date" placeholder:"2020-01-21" help:"When it was made: checks of that time go first."`
	Format  string   `arg:"--format" enum:"text,json" default:"text" help:"Form of the answer: ${enum}."`
	JSON    bool     `arg:"--json" help:"The same as --format json."`
	Local   bool     `arg:"--local" help:"Ask no service: look into what 'bot reviews add' loaded only."`
}

// Run looks for published fact-checks of a claim.
func (c *checkCommand) Run(ctx context.Context, a *app) error {
	claim := strings.Join(strings.Fields(strings.Join(c.Claim, " ")), " ")
	if claim == "" {
		return usageError{"name a claim, as in bot check \"The mayor sold the harbour in 2019\""}
	}
	l := a.library(ctx)
	if l == nil {
		return claimreview.ErrEmpty
	}
	found, err := l.Find(ctx, factcheck.Question{Text: claim, Speaker: c.Speaker, Date: c.Date.Time, Private: c.Local})
	if err != nil {
		return err
	}
	var out []byte
	if c.JSON || c.Format == "json" {
		out, err = brief.CheckJSON(claim, found)
	} else {
		out, err = a.render(chat.CheckReply(claim, found))
	}
	if err != nil {
		return err
	}
	return write(a.out, out)
}
