package chat

import (
	"context"
	"strings"

	"onrecord/brief"
	"onrecord/factcheck"
)

// longestClaim is how many words a claim may have that published fact-checks
// are looked for.
const longestClaim = 100

// checkCommand looks for published fact-checks of a claim.
func checkCommand() Command {
	return Command{
		Name:    "check",
		Aliases: []string{"checked", "factcheck", "fact-check"},
		Usage:   "CLAIM",
		Summary: "whether a claim was checked before: published fact-checks, with the verdicts of their publishers",
		Details: []string{
			"CLAIM is a sentence that says who or what it is about. Name, number, place, year must be the same in the fact-check, or nothing is shown.",
			"The claims of an article are looked up by themselves: see the claims command.",
		},
		Words: true,
		Run: func(ctx context.Context, b *Bot, call *Call) (Reply, error) {
			claim, err := claimIn(call)
			if err != nil {
				return Reply{}, err
			}
			scope := call.Request.Scope
			found, err := b.Service.Check(ctx, factcheck.Question{Text: claim, Private: scope.Private || scope.Quiet})
			if err != nil {
				return Reply{}, err
			}
			return CheckReply(claim, found), nil
		},
	}
}

// claimIn is the claim that a call asks about.
func claimIn(call *Call) (string, error) {
	text := call.Rest
	if strings.TrimSpace(text) == "" {
		text = call.Request.Material
	}
	claim := strings.Trim(squeeze(text), `"“”„«» `)
	words := strings.Fields(claim)
	switch {
	case len(words) == 0:
		return "", refuse("Which claim? Write it behind the command, as in “check The mayor sold the harbour in 2019”.")
	case len(words) == 1 && (isLink(words[0]) || isHandle(words[0])), len(linksIn(claim)) > 0:
		return "", refuse("That holds a link: the claims command lists the claims of an article, with the fact-checks that were published.")
	case len(words) < 3:
		return "", refuse("That is too short for a claim: write a whole sentence that says who did what.")
	case len(words) > longestClaim:
		return "", refuse("That is longer than a claim (%d words): write one sentence, or send me the text as an article.", len(words))
	}
	return claim, nil
}

// errNoLibrary says that there is nothing to look up.
var errNoLibrary = &Refusal{Text: "No published fact-checks are loaded here yet: whoever runs the bot loads some with 'bot reviews add FILE-OR-LINK'."}

// Check looks for published fact-checks of a claim. It fails when there is
// nothing to search.
func (s *Service) Check(ctx context.Context, q factcheck.Question) ([]factcheck.Match, error) {
	if s.Library == nil {
		return nil, errNoLibrary
	}
	return s.Library.Find(ctx, q)
}

// CheckReply shows the published fact-checks of a claim.
func CheckReply(claim string, found []factcheck.Match) Reply {
	var r Reply
	if len(found) == 0 {
		r.Add(Heading, Bold("Nothing found"))
		r.Add(Paragraph, Say("No published fact-check that is loaded here surely checks this claim: “"), Quote(claim), Say("”"))
		r.Add(Note, Say("That says nothing about whether it is true."))
		return r
	}
	r.Add(Heading, Bold("Already checked"))
	r.Add(Paragraph, Say("Asked: “"), Quote(claim), Say("”"))
	for i, m := range found {
		r.AddItem(i+1, reviewWords(m)...)
		reviewDetails(&r, m)
	}
	r.Add(Note, Say("Verdicts are those of the publishers. Compare both texts before you rely on one."))
	return r
}

// reviewWords is the claim that was checked, in the publisher's words.
func reviewWords(m factcheck.Match) []Run {
	text := m.Claim
	if text == "" {
		text = m.Title
	}
	return []Run{Say("“"), Quote(text), Say("”")}
}

// reviewDetails says who checked it, with which verdict, when, and where.
func reviewDetails(r *Reply, m factcheck.Match) {
	if m.Claimant != "" {
		r.Add(Detail, Say("says "+m.Claimant))
	}
	r.Add(Detail, Say(brief.ReviewLine(m)))
	if m.Title != "" && m.Title != m.Claim {
		r.Add(Detail, Say(m.Title))
	}
	if m.URL != "" {
		r.Add(Detail, Run{Text: m.URL, Link: m.URL})
	}
}

// checkedBefore shows below a claim the fact-checks that were published, and
// whether people said that they are about it.
func checkedBefore(r *Reply, b *brief.Briefing, rank int, v View) {
	if rank < 1 {
		return
	}
	for _, m := range b.RankedReviews(rank - 1) {
		words := append([]Run{Bold("Already checked:"), Say(" ")}, reviewWords(m)...)
		words = append(words, Say(" · "+brief.ReviewLine(m)))
		if said := v.judgement(rank, m.URL); said.State != "" {
			words = append(words, Say(" · "), Bold(said.Line(v.Zone, true)))
		}
		r.Add(Detail, words...)
		if m.URL != "" {
			r.Add(Detail, Run{Text: m.URL, Link: m.URL})
		}
	}
}
