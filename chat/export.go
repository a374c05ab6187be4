package chat

import (
	"context"
	"errors"
	"fmt"

	"onrecord/brief"
	"onrecord/checklist"
)

// exportCommand gives a briefing as a file.
func exportCommand() Command {
	return Command{
		Name:    "export",
		Usage:   "[SOURCE] [json|docx|claimreview N]",
		Summary: "all of it as a file: Markdown, Word, or JSON for machines; one claim as a draft of a ClaimReview",
		Details: []string{"A draft of a ClaimReview has a rating only when somebody here gave one with “mark”. Its claimant is who makes the claim, never the outlet that prints it."},
		Source:  true,
		Options: []Option{
			{Name: "json", Meaning: "as JSON", Takes: Nothing},
			{Name: "docx", Meaning: "as a Word document", Takes: Nothing},
			{Name: "markdown", Meaning: "as Markdown", Takes: Nothing},
			{Name: "claimreview", Meaning: "the claim with that number, as JSON-LD", Takes: Count},
		},
		Run: export,
	}
}

func export(ctx context.Context, b *Bot, call *Call) (Reply, error) {
	found, view, err := b.briefing(ctx, call)
	if err != nil {
		return Reply{}, err
	}
	if _, ok := call.Option("claimreview"); ok {
		return draft(found, call, view)
	}
	file := File{Name: "briefing.md", ContentType: "text/markdown; charset=utf-8"}
	if _, ok := call.Option("json"); ok {
		file = File{Name: "briefing.json", ContentType: "application/json"}
		file.Data, err = brief.JSON(found)
	} else if _, ok := call.Option("docx"); ok {
		file = File{Name: "briefing.docx", ContentType: "application/vnd.openxmlformats-officedocument.wordprocessingml.document"}
		file.Data = Document(found, view)
	} else {
		file.Data = brief.Markdown(found)
	}
	if err != nil {
		return Reply{}, fmt.Errorf("exporting: %w", err)
	}
	if len(file.Data) == 0 {
		return Reply{}, errors.New("export is empty")
	}
	var r Reply
	r.Add(Paragraph, Say("The briefing of "), Bold(title(found)), Say(" as a file."))
	if view.Handle != "" && file.Name == "briefing.md" {
		r.Actions = []Action{view.action("export", "As a Word document", "docx")}
	}
	r.Files = []File{file}
	return r, nil
}

// draft gives a claim as a ClaimReview to be finished.
func draft(found *brief.Briefing, call *Call, v View) (Reply, error) {
	sheet := v.Sheet
	if sheet == nil {
		sheet = checklist.NewSheet(found, call.Source.Link, nil)
	}
	n := call.Count("claimreview", 1)
	data, err := sheet.Draft(n)
	if err != nil {
		return Reply{}, err
	}
	var r Reply
	r.Add(Paragraph, Say(fmt.Sprintf("Claim %d as a draft of a ClaimReview. Who publishes it adds its address and the publisher.", n)))
	if m, rated := sheet.Rows[n-1].Rated(); rated {
		r.Add(Note, Say("The rating is that of a person: "+m.Line(v.Zone, true)))
	} else {
		r.Add(Note, Say("It has no rating: nobody here gave one. “mark "+fmt.Sprint(n)+" checked rating …” does."))
	}
	r.Files = []File{{Name: fmt.Sprintf("claimreview-%d.json", n), ContentType: "application/ld+json", Data: data}}
	return r, nil
}
