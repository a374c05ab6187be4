package chat

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"

	"onrecord/article"
	"onrecord/brief"
	"onrecord/nlp"
)

// ComparisonView is how a comparison is to be shown. The zero one shows all,
// without actions.
type ComparisonView struct {
	View
	Handles []string // of the articles, for actions; none are offered if empty
}

// ComparisonReply shows what articles share and where they differ: which
// articles these are, what does not agree, quotations that differ, who is
// quoted where, what only some of them have, and what all have.
func ComparisonReply(c *brief.Comparison, v ComparisonView) Reply {
	var r Reply
	if v.Named != "" {
		r.Add(Note, Say(v.Named))
	}
	if v.Note != "" {
		r.Add(Note, Say(v.Note))
	}
	r.Add(Heading, Bold("Compared"))
	for i, b := range c.Articles {
		r.AddItem(i+1, Run{Text: title(b), Style: Strong, Link: b.Article.URL})
		r.Add(Detail, Say(v.origin(b)))
	}
	for _, n := range c.Notes {
		r.Add(Note, Say(n))
	}
	if s := c.ApartSentence(); s != "" {
		r.Add(Paragraph, Say(s))
	}
	for _, a := range c.Alike {
		v.alike(&r, c, a)
	}
	for _, s := range c.Sections() {
		r.Add(Subheading, Bold(s.Title))
		shown := v.some(len(s.Findings))
		for _, f := range s.Findings[:shown] {
			comparisonItem(&r, c, f)
		}
		v.rest(&r, len(s.Findings)-shown)
	}
	if c.Related() && c.Same() {
		r.Add(Paragraph, Say(brief.NoDifference))
	}
	if c.Related() {
		r.Add(Note, Say("I say where articles differ, not which is right."))
	}
	if len(v.Handles) == 0 {
		return r
	}
	all := strings.Join(v.Handles, " ")
	for i, h := range v.Handles {
		r.Actions = append(r.Actions, Action{
			Name: "brief", Label: fmt.Sprintf("Brief %d", i+1), Command: "brief " + h, Short: "brief " + h, More: i > 1,
		})
	}
	r.Actions = append(r.Actions, Action{
		Name: "compare", Label: "All of it as a file", Command: "compare " + all + " file", Short: "compare " + all + " file",
	})
	return r
}

// some is how many findings of n are shown at once.
func (v ComparisonView) some(n int) int {
	if v.Items <= 0 {
		return n
	}
	return min(n, v.Items)
}

func (v ComparisonView) rest(r *Reply, n int) {
	if n > 0 {
		r.Add(Detail, Say(fmt.Sprintf("%d more", n)))
	}
}

// origin is where an article comes from, in one line.
func (v ComparisonView) origin(b *brief.Briefing) string {
	a := b.Article
	var parts []string
	for _, s := range []string{a.Dateline.Agency, a.Publisher, day(a.Published), count(a.Words, "word"), v.readAt(a.ReadAt)} {
		if s != "" && !slices.Contains(parts, s) {
			parts = append(parts, s)
		}
	}
	return strings.Join(parts, " · ")
}

// alike says how much of two texts is the same, and what is not.
func (v ComparisonView) alike(r *Reply, c *brief.Comparison, a brief.Alike) {
	r.Add(Subheading, Bold(a.Sentence()))
	shown := v.some(len(a.Edits))
	for _, e := range a.Edits[:shown] {
		sides := []brief.Side{
			{Article: a.A, Spans: []nlp.Span{e.A}, Marked: e.MarkedA},
			{Article: a.B, Spans: []nlp.Span{e.B}, Marked: e.MarkedB},
		}
		label := "In other words"
		switch {
		case e.B.Empty():
			label, sides = fmt.Sprintf("Only in %d", a.A+1), sides[:1]
		case e.A.Empty():
			label, sides = fmt.Sprintf("Only in %d", a.B+1), sides[1:]
		}
		r.AddItem(0, Say(label))
		comparisonSides(r, c, sides)
	}
	v.rest(r, len(a.Edits)-shown+a.Others)
}

func comparisonItem(r *Reply, c *brief.Comparison, f brief.Finding) {
	switch f.Kind {
	case brief.QuotedWhere:
		text := f.Text
		if named := statusOf(f, "named"); named != "" {
			text += ", named in " + named
		}
		r.AddItem(0, Say(text))
		return
	case brief.FactOnly, brief.FactShared:
		// One wording will do; where the others stand is in the file.
		s := f.Sides[0]
		var runs []Run
		if f.Kind == brief.FactOnly {
			runs = append(runs, Say(f.Text+": "))
		}
		r.AddItem(0, append(runs, sideRuns(c, s)...)...)
		r.Blocks[len(r.Blocks)-1].Passage = passageOf(c, s)
		return
	}
	r.AddItem(0, Say(f.Text))
	comparisonSides(r, c, f.Sides)
}

// statusOf are the numbers of the articles in which somebody has a status.
func statusOf(f brief.Finding, status string) string {
	var in []string
	for _, s := range f.Sides {
		if s.Status == status {
			in = append(in, fmt.Sprint(s.Article+1))
		}
	}
	return strings.Join(in, ", ")
}

func comparisonSides(r *Reply, c *brief.Comparison, sides []brief.Side) {
	for _, s := range sides {
		runs := append([]Run{Say(fmt.Sprintf("%d: ", s.Article+1))}, sideRuns(c, s)...)
		if s.Date != "" {
			runs = append(runs, Say(" ("+s.Date+")"))
		}
		r.Add(Detail, runs...)
		r.Blocks[len(r.Blocks)-1].Passage = passageOf(c, s)
	}
}

// sideRuns are the words of a side, what differs in bold and in braces: not
// every screen has bold letters.
func sideRuns(c *brief.Comparison, s brief.Side) []Run {
	if len(s.Spans) == 0 || s.Status != "" {
		return []Run{Quote(s.Text)}
	}
	var runs []Run
	for _, p := range c.Pieces(s) {
		switch {
		case p.Ours:
			runs = append(runs, Say(p.Text))
		case p.Marked:
			runs = append(runs, Say("{"), Bold(p.Text), Say("}"))
		default:
			runs = append(runs, Quote(p.Text))
		}
	}
	return runs
}

func passageOf(c *brief.Comparison, s brief.Side) string {
	if len(s.Spans) == 0 || s.Spans[0].Empty() {
		return ""
	}
	a := c.Articles[s.Article].Article
	return brief.TextFragment(a.URL, a.Text, s.Spans[0])
}

// compareCommand holds articles against each other.
func compareCommand() Command {
	return Command{
		Name:    "compare",
		Aliases: []string{"comparison", "diff"},
		Usage:   "[SOURCE] [SOURCE …] [file|json]",
		Summary: "two to five articles of one story: what they share, and where they differ",
		Details: []string{
			"SOURCE is a link, or the handle of an article that you asked about here. With one source I compare it with the article of this thread, or your last one; with none, your last two.",
			"You can also send two to five files.",
			"“file” gives all of it as Markdown, “json” for machines.",
		},
		Words: true,
		Run:   compare,
	}
}

func compare(ctx context.Context, b *Bot, call *Call) (Reply, error) {
	sides, form, err := b.compared(ctx, call)
	if err != nil {
		return Reply{}, err
	}
	if p := call.Request.Progress; p != nil {
		p(Reading)
	}
	sources := make([]article.Source, len(sides))
	for i, s := range sides {
		sources[i] = s.Source
	}
	found, err := b.Service.BriefAll(ctx, call.Request.Scope, sources)
	if err != nil {
		return Reply{}, err
	}
	v := ComparisonView{View: b.view(call, found[0])}
	for i, s := range sides {
		v.Handles = append(v.Handles, Handle(s.Source, found[i]))
	}
	if same := slices.IndexFunc(v.Handles[1:], func(h string) bool { return h == v.Handles[0] }); same >= 0 && len(sides) == 2 {
		return Reply{}, refuse("That is one article twice. Give me two different ones, as in “compare https://example.com/a https://example.org/b”.")
	}
	c := brief.Compare(found)
	if form != "" {
		return comparisonFile(c, form)
	}
	return ComparisonReply(c, v), nil
}

func comparisonFile(c *brief.Comparison, form string) (Reply, error) {
	file := File{Name: "comparison.md", ContentType: "text/markdown; charset=utf-8", Data: brief.ComparisonMarkdown(c)}
	if form == "json" {
		data, err := brief.ComparisonJSON(c)
		if err != nil {
			return Reply{}, fmt.Errorf("exporting: %w", err)
		}
		file = File{Name: "comparison.json", ContentType: "application/json", Data: data}
	}
	var r Reply
	r.Add(Paragraph, Say("The comparison of "), Bold(title(c.Articles[0])), Say(" with "+count(len(c.Articles)-1, "other article")+" as a file."))
	r.Files = []File{file}
	return r, nil
}

// compared finds out which articles a call means.
func (b *Bot) compared(ctx context.Context, call *Call) (sides []*Call, form string, err error) {
	req := &call.Request
	for word := range strings.FieldsSeq(call.Rest) {
		switch low := strings.ToLower(strings.Trim(word, ",;")); low {
		case "and", "with", "to", "vs", "vs.", "versus", "&":
			continue
		case "file", "markdown", "json":
			form = low
			continue
		}
		if len(sides) == brief.MostCompared {
			return nil, "", refuse("I compare five articles at most: leave some out.")
		}
		word = strings.TrimRight(word, ",;")
		if !isLink(word) && !isHandle(word) && !isPath(word) {
			return nil, "", refuse("“%s” is neither a link nor an article that I know. It goes like this: compare https://example.com/a https://example.org/b", clip(word, 30))
		}
		side := &Call{Request: *req, Command: call.Command}
		if err := b.named(ctx, side, word); err != nil {
			return nil, "", err
		}
		sides = append(sides, side)
	}
	for _, f := range req.Files {
		if len(sides) < brief.MostCompared {
			sides = append(sides, &Call{Request: *req, Source: article.FromBytes(f.Name, f.ContentType, f.Data)})
		}
	}
	if len(sides) == 0 {
		for _, link := range req.Links {
			side := &Call{Request: *req, Command: call.Command}
			if err := b.named(ctx, side, link); err == nil && len(sides) < brief.MostCompared {
				sides = append(sides, side)
			}
		}
	}
	switch len(sides) {
	case 0:
		return b.lastTwo(ctx, call, form)
	case 1:
		last := &Call{Request: *req, Command: call.Command}
		if err := b.lastSeen(ctx, last); err != nil {
			return nil, "", refuse("Compare it with what? Give me two links, as in “compare https://example.com/a https://example.org/b”.")
		}
		call.Named = cmp.Or(last.Named, "Your last article here") + " is the first"
		sides = []*Call{last, sides[0]}
	}
	return sides, form, nil
}

// lastTwo are the two articles that the asker asked about last, the older
// first.
func (b *Bot) lastTwo(ctx context.Context, call *Call, form string) ([]*Call, string, error) {
	if lister, ok := b.recent().(Lister); ok {
		seen, err := lister.List(ctx, call.Request.Scope, 2)
		if err != nil {
			return nil, "", fmt.Errorf("looking up the last articles: %w", err)
		}
		if len(seen) == 2 {
			call.Named = "Your last two articles"
			var sides []*Call
			for _, s := range slices.Backward(seen) {
				sides = append(sides, &Call{Request: call.Request, Source: s.Source, Handle: s.Handle})
			}
			return sides, form, nil
		}
	}
	return nil, "", refuse("Which articles? Give me two links, as in “compare https://example.com/a https://example.org/b”.")
}

// BriefAll makes the briefings of several sources at once, in their order. The
// error is that of the first one that failed, and says which it was.
func (s *Service) BriefAll(ctx context.Context, scope Scope, sources []article.Source) ([]*brief.Briefing, error) {
	found := make([]*brief.Briefing, len(sources))
	errs := make([]error, len(sources))
	var wait sync.WaitGroup
	for i, src := range sources {
		wait.Go(func() { found[i], errs[i] = s.Briefer.Brief(ctx, src) })
	}
	wait.Wait()
	for i, err := range errs {
		if err != nil {
			return nil, &sourceError{number: i + 1, name: sources[i].String(), err: err}
		}
	}
	for i, src := range sources {
		s.remember(ctx, scope, src, found[i])
	}
	return found, nil
}

// sourceError is what went wrong with one of several sources.
type sourceError struct {
	number int
	name   string
	err    error
}

func (e *sourceError) Error() string { return fmt.Sprintf("article %d: %v", e.number, e.err) }
func (e *sourceError) Unwrap() error { return e.err }

// Sentence says to people which article it was.
func (e *sourceError) Sentence() string {
	sentence, _ := Sentence(e.err)
	return fmt.Sprintf("Article %d (%s): %s", e.number, clip(squeeze(e.name), 80), sentence)
}
