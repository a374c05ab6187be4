package brief

import (
	"context"
	"fmt"
	"strings"

	"onrecord/article"
	"onrecord/factcheck"
)

// Library finds published fact-checks; *claimreview.Library is one.
type Library interface {
	// Find gives the published fact-checks of a claim, best first; none when
	// nothing surely checks it. It fails when there is nothing to search.
	Find(ctx context.Context, q factcheck.Question) ([]factcheck.Match, error)
	// Label names what is searched and changes with it; empty for nothing.
	Label(ctx context.Context) string
}

// Reviews are the published fact-checks of an article's claims, an overlay of
// a [Briefing]: they depend on what the library holds today.
type Reviews struct {
	Label string                    // of the library
	Of    map[int][]factcheck.Match // by index into Analysis.Claims
}

// maxAsked is how many claims of an article fact-checks are looked for.
const maxAsked = 30

// reviews looks for published fact-checks of the ranked claims of a; nil when
// there is no library or nothing in it.
func (b *Briefer) reviews(ctx context.Context, src article.Source, a *article.Article, found *Analysis) *Reviews {
	if b.Library == nil {
		return nil
	}
	label := b.Library.Label(ctx)
	if label == "" {
		return nil
	}
	r := &Reviews{Label: label, Of: map[int][]factcheck.Match{}}
	asked := 0
	for i, c := range found.Claims {
		if !c.Checkable || asked == maxAsked {
			continue
		}
		asked++
		text := c.Standalone
		if text == "" {
			text = c.Span.Text(a.Text)
		}
		matches, err := b.Library.Find(ctx, factcheck.Question{
			Text: bare(text), Speaker: c.Speaker, Date: a.Published, Private: src.Private,
		})
		if err != nil {
			b.log().WarnContext(ctx, "published fact-checks cannot be searched", "error", err)
			return r
		}
		if len(matches) > 0 {
			r.Of[i] = matches
		}
	}
	return r
}

// bare is a stand-alone wording without the brackets around inserted words.
func bare(s string) string { return strings.NewReplacer("[", "", "]", "").Replace(s) }

// ReviewsOf are the published fact-checks of the claim at an index of the
// analysis.
func (b *Briefing) ReviewsOf(claim int) []factcheck.Match {
	if b.Reviews == nil {
		return nil
	}
	return b.Reviews.Of[claim]
}

// RankedReviews are those of the n-th ranked claim, from 0.
func (b *Briefing) RankedReviews(n int) []factcheck.Match {
	for i, c := range b.Analysis.Claims {
		if !c.Checkable {
			continue
		}
		if n == 0 {
			return b.ReviewsOf(i)
		}
		n--
	}
	return nil
}

// ObjectReview is a published fact-check of a claim.
type ObjectReview struct {
	Claim     string  `json:"claim"` // in the publisher's words
	Title     string  `json:"title"`
	Claimant  string  `json:"claimant"`
	Publisher string  `json:"publisher"`
	Verdict   string  `json:"verdict"` // in the publisher's words
	URL       string  `json:"url"`
	Date      string  `json:"date"`  // of the check, YYYY-MM-DD, empty when unknown
	Score     float64 `json:"score"` // how sure it is that both make the same claim, 0 to 1
}

// ExportReviews gives matches the shape that scripts read.
func ExportReviews(matches []factcheck.Match) []ObjectReview {
	out := make([]ObjectReview, 0, len(matches))
	for _, m := range matches {
		out = append(out, ObjectReview{
			Claim: m.Claim, Title: m.Title, Claimant: m.Claimant, Publisher: m.Publisher, Verdict: m.Verdict,
			URL: m.URL, Date: day(m.Date), Score: float64(int(m.Score*100+0.5)) / 100,
		})
	}
	return out
}

// CheckJSON is the answer to a question for published fact-checks as scripts read
// it, indented, with a final newline.
func CheckJSON(claim string, matches []factcheck.Match) ([]byte, error) {
	return encode(struct {
		Claim   string         `json:"claim"`
		Reviews []ObjectReview `json:"reviews"`
	}{claim, ExportReviews(matches)}, "  ")
}

// exportReviews puts the published fact-checks into an object.
func exportReviews(o *Object, b *Briefing) {
	if b.Reviews == nil {
		return
	}
	o.Engine.Reviews = b.Reviews.Label
	for i := range o.Claims {
		o.Claims[i].Reviews = ExportReviews(b.ReviewsOf(i))
	}
}

// markdownReviews lists the published fact-checks of a claim below it.
func markdownReviews(w *strings.Builder, matches []factcheck.Match) {
	for _, m := range matches {
		text := m.Claim
		if text == "" {
			text = m.Title
		}
		fmt.Fprintf(w, "   - already checked: “%s”", md(text))
		if line := ReviewLine(m); line != "" {
			fmt.Fprintf(w, " (%s)", md(line))
		}
		if m.URL != "" {
			fmt.Fprintf(w, " <%s>", mdURL(m.URL))
		}
		w.WriteString("\n")
	}
}

// ReviewLine says who checked a claim, with which verdict, when, and how sure
// the match is: "Gazette: “Mostly false” · 2 May 2020 · match 83 %".
func ReviewLine(m factcheck.Match) string {
	var parts []string
	switch {
	case m.Publisher != "" && m.Verdict != "":
		parts = append(parts, m.Publisher+": “"+m.Verdict+"”")
	case m.Publisher != "":
		parts = append(parts, m.Publisher)
	case m.Verdict != "":
		parts = append(parts, "“"+m.Verdict+"”")
	}
	switch {
	case !m.Date.IsZero():
		parts = append(parts, m.Date.Format("2 Jan 2006"))
	case !m.Claimed.IsZero():
		parts = append(parts, "claimed "+m.Claimed.Format("2 Jan 2006"))
	}
	return strings.Join(append(parts, fmt.Sprintf("match %.0f %%", 100*m.Score)), " · ")
}
