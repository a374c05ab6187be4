package chat

import (
	"context"
	"slices"
	"strings"

	"onrecord/brief"
)

// shownClaims is how many claims a shared briefing brings in its thread.
const shownClaims = 5

// SharedReply is a briefing for everybody in a channel: the first screen with
// the name of who shares it, and in its thread the first claims and who says
// what.
func SharedReply(b *brief.Briefing, v View, sharer string) Reply {
	reply := BriefReply(b, v)
	reply.Visibility = ToChannel
	// In the channel already.
	reply.Actions = slices.DeleteFunc(reply.Actions, func(a Action) bool { return a.Name == "share" })
	if sharer = strings.TrimSpace(clip(squeeze(sharer), 80)); sharer != "" {
		reply.Add(Note, Say("Shared by "+sharer))
	}
	quiet := v
	quiet.Handle, quiet.Named, quiet.Note, quiet.Marked, quiet.Page = "", "", "", "", 1 // one row of actions is enough
	claims := ClaimsReply(b, Filter{Top: shownClaims}, quiet)
	quotes := QuotesReply(b, Filter{}, quiet)
	var details Reply
	if len(brief.Ranked(b.Analysis.Claims)) > 0 {
		details.Blocks = claims.Blocks
	}
	if len(b.Analysis.Quotes) > 0 {
		if len(details.Blocks) > 0 {
			details.Add(Divider)
		}
		details.Blocks = append(details.Blocks, quotes.Blocks...)
		if quotes.Page.Of > 1 {
			details.Add(Note, Say("More quotations: "), Type("quotes"))
		}
	}
	if len(details.Blocks) > 0 {
		reply.Details = &details
	}
	return reply
}

// removeCommand takes away a message of the bot.
func removeCommand() Command {
	return Command{
		Name:    "remove",
		Summary: "takes my message away: press Remove under it",
		Hidden:  true,
		Details: []string{"Whoever asked for a message and the moderators may take it away."},
		Options: []Option{{Name: "of", Meaning: "whose message it is; the button knows", Takes: Words}},
		Run: func(_ context.Context, _ *Bot, call *Call) (Reply, error) {
			req := call.Request
			if req.Entry != ByAction {
				return Reply{}, refuse("Press “Remove” under the message that is to go: typed, I cannot tell which one is meant.")
			}
			if call.Options["of"] != req.Scope.User && !req.Moderator {
				return Reply{}, refuse("Only whoever asked for this message, or a moderator, can take it away.")
			}
			r := Reply{Remove: true, Visibility: ToAsker}
			r.Add(Note, Say("Removed."))
			return r, nil
		},
	}
}

// recentCommand lists what the asker may still refer to.
func recentCommand() Command {
	return Command{
		Name:    "recent",
		Aliases: []string{"history"},
		Summary: "the articles that you asked about here lately",
		Run: func(ctx context.Context, b *Bot, call *Call) (Reply, error) {
			var r Reply
			r.Visibility = ToAsker
			r.Add(Heading, Bold("Your recent articles"))
			lister, ok := b.recent().(Lister)
			var seen []Seen
			if ok {
				var err error
				if seen, err = lister.List(ctx, call.Request.Scope, 10); err != nil {
					return Reply{}, err
				}
			}
			for i, s := range seen {
				r.AddItem(i+1, Run{Text: s.Name, Style: Strong, Link: s.Source.Link})
				r.Add(Detail, Type("brief "+s.Handle))
				if i < 5 {
					r.Actions = append(r.Actions, Action{
						Name: "brief", Label: "Brief " + clip(s.Name, 40), Command: "brief " + s.Handle, Short: "brief " + s.Handle, More: i > 0,
					})
				}
			}
			if len(seen) > 1 {
				two := "compare " + seen[1].Handle + " " + seen[0].Handle
				r.Actions = append(r.Actions, Action{Name: "compare", Label: "Compare 2 with 1", Command: two, Short: two, More: true})
			}
			if len(seen) == 0 {
				r.Add(Paragraph, Say("None yet. Send me a link, a file or the text of an article."))
			}
			return r, nil
		},
	}
}
