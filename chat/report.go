package chat

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"
)

// Feedback is an error that somebody reported about a finding. It says nothing
// about whether a claim is true.
type Feedback struct {
	At        time.Time
	Platform  string
	Workspace string
	Channel   string
	User      string
	Article   string // its link; empty for what is private
	Item      string // "claim 3"
	Words     string // of the item; empty for what is private
	Reason    string // one of the reasons below
	Engine    string // version of the engine that found it
}

// FeedbackStore keeps feedback for the operator.
type FeedbackStore interface {
	Add(ctx context.Context, f Feedback) error
}

// fault is something that can be wrong with a finding.
type fault struct {
	word  string // as it is typed
	label string
	of    []string // kinds of item; all if nil
}

// faults are the reasons that can be given, by kind of item.
func faults(kind string) []fault {
	all := []fault{
		{"words", "Wrong words", nil},
		{"speaker", "Wrong speaker", []string{"quote", "claim"}},
		{"none", "No quotation", []string{"quote"}},
		{"unimportant", "Unimportant", []string{"sentence", "claim"}},
	}
	return slices.DeleteFunc(all, func(f fault) bool { return f.of != nil && !slices.Contains(f.of, kind) })
}

// reportCommand takes reports of errors: which item, then what is wrong.
func reportCommand() Command {
	return Command{
		Name:    "report",
		Usage:   "[SOURCE] [claim N]",
		Summary: "tell whoever runs this bot that something was found wrongly",
		Details: []string{
			"“report quote 3 as speaker” says what is wrong at once.",
			"“words”: the words are cut wrongly; “speaker”: somebody else said it; “none”: it is no quotation; “unimportant”: it should not stand so high.",
			"It is about what I found, never about whether a claim is true.",
		},
		Source:  true,
		Options: append(itemOptions(), Option{Name: "as", Meaning: "what is wrong: words, speaker, none or unimportant", Takes: Words}),
		Run:     report,
	}
}

func report(ctx context.Context, b *Bot, call *Call) (Reply, error) {
	if b.Feedback == nil {
		return Reply{}, errors.New("no place for reports")
	}
	found, view, err := b.briefing(ctx, call)
	if err != nil {
		return Reply{}, err
	}
	which, err := chosen(found, call, view.Items)
	if err != nil {
		return Reply{}, err
	}
	if len(which) == 0 {
		return Reply{}, refuse("Nothing was found here that could be wrong.")
	}
	var r Reply
	r.Visibility = ToAsker
	if len(which) > 1 {
		r.Add(Heading, Bold("What is wrong?"))
		for i, it := range which {
			r.AddItem(i+1, Bold(it.name()+":"), Say(" "), Quote(it.words))
			r.Actions = append(r.Actions, view.action("report", it.name(), it.kind, fmt.Sprint(it.number)))
			r.Actions[i].Name = fmt.Sprintf("report-%s-%d", it.kind, it.number)
			r.Actions[i].More = i >= 4
		}
		return r, nil
	}
	it := which[0]
	as, given := call.Option("as")
	kinds := faults(it.kind)
	i := slices.IndexFunc(kinds, func(f fault) bool { return strings.EqualFold(f.word, as) || strings.EqualFold(f.label, as) })
	if !given || i < 0 {
		r.Add(Paragraph, Bold(it.name()+":"), Say(" "), Quote(it.words))
		r.Add(Paragraph, Say("What is wrong with it?"))
		for _, f := range kinds {
			a := view.action("report", f.label, it.kind, fmt.Sprint(it.number), "as", f.word)
			a.Name = "report-" + f.word
			r.Actions = append(r.Actions, a)
		}
		return r, nil
	}
	scope := call.Request.Scope
	f := Feedback{
		At: call.Request.Time.UTC(), Platform: scope.Platform, Workspace: scope.Workspace, Channel: scope.Channel, User: scope.User,
		Item: fmt.Sprintf("%s %d", it.kind, it.number), Reason: kinds[i].word, Engine: found.Analysis.Engine.Version,
	}
	if !call.Source.Private && !scope.Private && call.Source.Link != "" {
		f.Article, f.Words = call.Source.Link, clip(it.words, 2000)
	}
	if err := b.Feedback.Add(ctx, f); err != nil {
		return Reply{}, fmt.Errorf("keeping a report: %w", err)
	}
	r.Add(Paragraph, Say(fmt.Sprintf("Thank you. %s was reported (%s) to whoever runs this bot.", it.name(), strings.ToLower(kinds[i].label))))
	if f.Words == "" {
		r.Add(Note, Say("As this text is private, only the kind of error was noted, not the words."))
	}
	return r, nil
}
