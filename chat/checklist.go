package chat

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"onrecord/article"
	"onrecord/brief"
	"onrecord/checklist"
	"onrecord/factcheck"
)

// This file is the conversation about the checklist; package checklist is the
// list itself.

// place is whose checklist an article belongs on: the workspace's, or that of
// this channel for what is private. It reports false for what belongs nowhere.
func (s *Service) place(scope Scope, src article.Source) (checklist.Place, bool) {
	at := checklist.Place{Platform: scope.Platform, Workspace: scope.Workspace}
	private := src.Private || scope.Private
	if s.Sole {
		private = src.Link == ""
	}
	if private {
		at.Channel = scope.Channel
	}
	return at, !private || at.Channel != ""
}

// Sheet is the checklist of an article that was briefed. It fails when there is
// none.
func (s *Service) Sheet(ctx context.Context, scope Scope, src article.Source, b *brief.Briefing) (*checklist.Sheet, error) {
	at, ok := s.place(scope, src)
	if s.Checklist == nil || !ok {
		return nil, errNoChecklist
	}
	return s.Checklist.Of(ctx, at, b, src.Link)
}

var errNoChecklist = &Refusal{Text: "There is no checklist here: whoever runs the bot keeps one by setting ONRECORD_STATE_FILE to a file."}

// sheet is the checklist for a view, nil where there is none or it cannot be
// read: the article is shown all the same.
func (b *Bot) sheet(ctx context.Context, call *Call, found *brief.Briefing) *checklist.Sheet {
	if !slices.Contains([]string{"claims", "claim", "mark", "checklist", "export"}, call.Command.Name) {
		return nil // nothing else shows it
	}
	s, err := b.Service.Sheet(ctx, call.Request.Scope, call.Source, found)
	if err != nil {
		return nil
	}
	return s
}

// row is what was done about the claim with that rank.
func (v View) row(rank int) *checklist.Row {
	if v.Sheet == nil || rank < 1 || rank > len(v.Sheet.Rows) {
		return nil
	}
	return &v.Sheet.Rows[rank-1]
}

// marked shows below a claim what was done about it: all of it, or the last
// thing in a list.
func (v View) marked(r *Reply, rank int, all bool) {
	row := v.row(rank)
	if row == nil {
		return
	}
	marks := row.Marks
	if n := len(marks); n > 0 && !all {
		marks = marks[n-1:]
	}
	for _, m := range marks {
		line := []Run{Bold("Checklist:"), Say(" " + m.Line(v.Zone, true))}
		if m.Link != "" {
			line = append(line, Say(" · "), Run{Text: m.Link, Link: m.Link})
		}
		r.Add(Detail, line...)
	}
}

// judgement is what a person said last of a suggested fact-check; zero when
// nobody did.
func (v View) judgement(rank int, review string) checklist.Mark {
	if row := v.row(rank); row != nil {
		for _, m := range row.Judged {
			if m.Review == review {
				return m
			}
		}
	}
	return checklist.Mark{}
}

// markActions offers what can be done about a claim.
func (v View) markActions(r *Reply, rank int, reviews []factcheck.Match) {
	row := v.row(rank)
	if row == nil || v.Handle == "" {
		return
	}
	now, done := row.Now()
	v.mark(r, !done, rank, "taken", "Take", "taken")
	if last := len(r.Actions) - 1; !done {
		r.Actions[last].Tone = Primary
	}
	v.mark(r, now.State != checklist.Checked, rank, "checked", "Checked", "checked")
	v.mark(r, now.State != checklist.Fix, rank, "fix", "Fix needed", "fix")
	first := len(r.Actions)
	for _, rating := range checklist.Ratings {
		name := "rate-" + strings.ReplaceAll(string(rating), " ", "-")
		v.mark(r, now.State == checklist.Checked && rating != now.Rating, rank, name, "Rate: "+string(rating), "checked rating "+string(rating))
	}
	v.mark(r, done, rank, "open", "Open again", "open")
	for i, m := range reviews[:min(len(reviews), 3)] {
		number, said := strconv.Itoa(i+1), v.judgement(rank, m.URL).State
		v.mark(r, m.URL != "" && said != checklist.Confirmed, rank, "confirm-"+number, "Fact-check "+number+" fits", "review "+number+" confirm")
		v.mark(r, m.URL != "" && said != checklist.Rejected, rank, "reject-"+number, "Fact-check "+number+" does not fit", "review "+number+" reject")
	}
	if _, rated := row.Rated(); rated {
		r.Actions = append(r.Actions, v.action("export", "ClaimReview draft", "claimreview", strconv.Itoa(rank)))
		r.Actions[len(r.Actions)-1].Name = "claimreview"
	}
	for i := range r.Actions[first:] {
		r.Actions[first+i].More = true
	}
}

// mark offers to mark a claim, if that makes sense.
func (v View) mark(r *Reply, sensible bool, rank int, name, label, words string) {
	if !sensible {
		return
	}
	a := v.action("mark", label, strconv.Itoa(rank), words)
	a.Name = "mark-" + name
	r.Actions = append(r.Actions, a)
}

// markCommand notes what somebody did about a claim.
func markCommand() Command {
	var ratings []string
	for _, r := range checklist.Ratings {
		ratings = append(ratings, string(r))
	}
	return Command{
		Name:    "mark",
		Usage:   "[SOURCE] N taken|checked|fix|open [rating WORDS] [link LINK] [note WORDS]",
		Summary: "the checklist: who takes a claim, who checked it and what came out, what has to be corrected",
		Details: []string{
			"As in “mark 3 taken”, “mark 3 checked rating half right link https://example.com/report note the report says 11”, “mark 3 fix note it was Tuesday”. “open” takes all of that back.",
			"A rating is one of: " + strings.Join(ratings, ", ") + ". It is yours: I give none.",
			"“mark 3 review 1 confirm” or “reject” says whether a published fact-check that I suggested is about this claim.",
			"Everybody here sees your name with it. On what is private it is kept 24 hours, for this channel.",
		},
		Source: true,
		Bare:   "number",
		Options: []Option{
			{Name: "number", Meaning: "of the claim in the list", Takes: Count},
			{Name: "taken", Meaning: "I check it", Takes: Nothing},
			{Name: "checked", Meaning: "it is checked", Takes: Nothing},
			{Name: "fix", Meaning: "something has to be corrected", Takes: Nothing},
			{Name: "open", Meaning: "nobody is at it", Takes: Nothing},
			{Name: "rating", Meaning: strings.Join(ratings, ", "), Takes: Words},
			{Name: "link", Meaning: "to evidence, or to what was written about it", Takes: Words},
			{Name: "review", Meaning: "the number of a suggested fact-check", Takes: Count},
			{Name: "confirm", Meaning: "after “review N”: it is about this claim", Takes: Nothing},
			{Name: "reject", Meaning: "after “review N”: it is about another one", Takes: Nothing},
			{Name: "note", Meaning: "anything, to the end of the line", Takes: Rest},
		},
		Run: mark,
	}
}

func mark(ctx context.Context, b *Bot, call *Call) (Reply, error) {
	rank := call.Count("number", 0)
	if rank == 0 {
		return Reply{}, refuse("Which claim? Say its number in the list, as in “mark 3 taken”.")
	}
	m, open, err := call.mark()
	if err != nil {
		return Reply{}, err
	}
	found, view, err := b.briefing(ctx, call)
	if err != nil {
		return Reply{}, err
	}
	at, ok := b.Service.place(call.Request.Scope, call.Source)
	if b.Service.Checklist == nil || !ok {
		return Reply{}, errNoChecklist
	}
	if n, asked := call.Option("review"); asked {
		reviews := found.RankedReviews(rank - 1)
		i := call.Count("review", 1)
		if i > len(reviews) || reviews[i-1].URL == "" {
			return Reply{}, refuse("No fact-check %s was suggested for claim %d.", n, rank)
		}
		m.Review = reviews[i-1].URL
	}
	list, did := b.Service.Checklist, ""
	switch {
	case open:
		err, did = list.Open(ctx, at, found, call.Source.Link, rank), "open again"
	case m.State != "":
		var kept bool
		kept, err = list.Mark(ctx, at, found, call.Source.Link, rank, m)
		did = m.Line(view.Zone, true)
		if err == nil && !kept {
			return Reply{}, taken(b.sheet(ctx, call, found), rank, view)
		}
	}
	if err != nil {
		return Reply{}, err
	}
	if did != "" {
		view.Sheet = b.sheet(ctx, call, found)
		view.Named = ""
	}
	reply, err := ClaimReply(found, rank, view)
	if err != nil {
		return Reply{}, err
	}
	if did != "" {
		lead := Block{Role: Paragraph, Text: []Run{Bold(fmt.Sprintf("Claim %d:", rank)), Say(" " + did)}}
		reply.Blocks = slices.Insert(reply.Blocks, 0, lead)
		reply.Replace = call.Request.Entry == ByAction
	}
	return reply, nil
}

// taken says who has a claim.
func taken(s *checklist.Sheet, rank int, v View) error {
	v.Sheet = s
	if row := v.row(rank); row != nil {
		for _, m := range row.Marks {
			if m.State == checklist.Taken {
				return refuse("Claim %d is %s. “mark %d open” frees it.", rank, m.Line(v.Zone, true), rank)
			}
		}
	}
	return refuse("Somebody has just taken claim %d.", rank)
}

// mark reads what the options say was done.
func (c *Call) mark() (m checklist.Mark, open bool, err error) {
	m = checklist.Mark{Member: c.Request.Scope.User, Name: c.Request.Asker, At: c.Request.Time.UTC(), Note: c.Options["note"], Link: c.Options["link"]}
	if m.At.IsZero() {
		m.At = time.Now().UTC()
	}
	var said []string
	for _, o := range []struct {
		word  string
		state checklist.State
	}{
		{"taken", checklist.Taken},
		{"checked", checklist.Checked},
		{"fix", checklist.Fix},
		{"open", ""},
		{"confirm", checklist.Confirmed},
		{"reject", checklist.Rejected},
	} {
		if _, given := c.Option(o.word); given {
			said = append(said, o.word)
			m.State, open = o.state, o.word == "open"
		}
	}
	if len(said) > 1 {
		return m, open, refuse("“%s” and “%s” do not go together: say one of them.", said[0], said[1])
	}
	_, review := c.Option("review")
	if judged := m.State == checklist.Confirmed || m.State == checklist.Rejected; judged != review {
		return m, open, refuse("A suggested fact-check is confirmed or rejected by its number, as in “mark 3 review 1 confirm”.")
	}
	if words, given := c.Option("rating"); given {
		m.Rating = checklist.Rating(strings.ToLower(squeeze(words)))
		if !slices.Contains(checklist.Ratings, m.Rating) {
			var all []string
			for _, r := range checklist.Ratings {
				all = append(all, string(r))
			}
			return m, open, refuse("I do not know the rating “%s”. It is one of: %s.", clip(words, 30), strings.Join(all, ", "))
		}
		m.State = cmp.Or(m.State, checklist.Checked)
		if m.State != checklist.Checked {
			return m, open, refuse("A rating goes with “checked”, as in “mark 3 checked rating %s”.", m.Rating)
		}
	}
	if (m.Note != "" || m.Link != "") && m.State == "" {
		return m, open, refuse("A note or a link goes with what you did, as in “mark 3 checked note …” or “mark 3 fix note …”.")
	}
	return m, open, nil
}

// checklistCommand lists the claims of an article with what was done about them.
func checklistCommand() Command {
	return Command{
		Name:    "checklist",
		Aliases: []string{"todo"},
		Usage:   "[SOURCE] [csv]",
		Summary: "the claims of an article with who took or checked them, as a list or a table",
		Details: []string{"“mark 3 taken” takes the third."},
		Source:  true,
		Options: []Option{
			{Name: "csv", Meaning: "as a table, in a file", Takes: Nothing},
			{Name: "json", Meaning: "for machines, in a file", Takes: Nothing},
			{Name: "page", Meaning: "goes on in a long list", Takes: Count},
		},
		Run: func(ctx context.Context, b *Bot, call *Call) (Reply, error) {
			found, view, err := b.briefing(ctx, call)
			if err != nil {
				return Reply{}, err
			}
			if view.Sheet, err = b.Service.Sheet(ctx, call.Request.Scope, call.Source, found); err != nil {
				return Reply{}, err
			}
			file := File{Name: "checklist.csv", ContentType: "text/csv; charset=utf-8"}
			if _, csv := call.Option("csv"); csv {
				file.Data = view.Sheet.CSV()
			} else if _, json := call.Option("json"); json {
				file = File{Name: "checklist.json", ContentType: "application/json"}
				if file.Data, err = view.Sheet.JSON(); err != nil {
					return Reply{}, err
				}
			} else {
				return ChecklistReply(view.Sheet, view), nil
			}
			var r Reply
			r.Add(Paragraph, Say("The checklist of "), Bold(title(found)), Say(" as a file."))
			r.Files = []File{file}
			return r, nil
		},
	}
}

// ChecklistReply shows the claims of an article with what was done about each.
func ChecklistReply(s *checklist.Sheet, v View) Reply {
	var r Reply
	v.remarks(&r, s.Briefing)
	r.Add(Heading, Bold("Checklist"), Say(" · "+title(s.Briefing)))
	if len(s.Rows) == 0 {
		r.Add(Paragraph, Say("No claim was found that evidence could settle."))
	} else {
		taken, checked, fix := s.Of(checklist.Taken), s.Of(checklist.Checked), s.Of(checklist.Fix)
		r.Add(Meta, Say(fmt.Sprintf("%s: %d checked, %d taken, %d to be fixed, %d open", count(len(s.Rows), "claim"), checked, taken, fix, len(s.Rows)-taken-checked-fix)))
	}
	from, to := v.turn(&r, len(s.Rows), "checklist", Filter{})
	for i := from; i < to; i++ {
		row := &s.Rows[i]
		r.AddItem(row.Number, claimWords(s.Briefing.Article, row.Claim)...)
		if _, done := row.Now(); !done {
			r.Add(Detail, Say("open"))
		}
		v.marked(&r, row.Number, false)
	}
	if len(s.Gone) > 0 && to == len(s.Rows) {
		r.Add(Subheading, Say("Marked, and no longer in the article"))
		for i := range s.Gone {
			row := &s.Gone[i]
			r.AddItem(0, Say("“"), Quote(row.Words), Say("”"))
			if m, ok := row.Now(); ok {
				r.Add(Detail, Say(m.Line(v.Zone, true)))
			}
		}
	}
	if v.Handle == "" {
		return r
	}
	for i := from; i < to; i++ {
		a := v.action("claim", fmt.Sprintf("Claim %d", i+1), strconv.Itoa(i+1))
		a.Name = fmt.Sprintf("claim-%d", i+1)
		r.Actions = append(r.Actions, a)
	}
	table := v.action("checklist", "As a table", "csv")
	table.Name, table.More = "checklist-csv", true
	r.Actions = append(r.Actions, table)
	return r
}
