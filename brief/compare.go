package brief

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"onrecord/nlp"
)

// MostCompared is the most articles that are compared at once.
const MostCompared = 5

// Comparison is several articles held against each other: what they share and
// where they differ. It says that they differ, never which is right.
type Comparison struct {
	Articles []*Briefing
	Alike    []Alike   // pairs that are the same text, or nearly
	Findings []Finding // in the order of [FindingKind], then by weight
	Apart    []int     // indexes of articles that tell another story than the rest; they are compared with nothing
	Common   []string  // names that several articles have though all tell different stories
	Notes    []string  // sentences on how the comparison was made
}

// FindingKind says what sort of finding it is.
type FindingKind string

// The kinds of finding, in the order in which they are told.
const (
	OtherHeadline FindingKind = "headline"      // the headlines differ
	OtherNumber   FindingKind = "number"        // two numbers for the same thing that cannot both hold
	OtherDate     FindingKind = "date"          // two days for the same event
	Denial        FindingKind = "negation"      // one says that something is so, the other that it is not
	OtherName     FindingKind = "name"          // one name, spelled in two ways
	Update        FindingKind = "update"        // two numbers of different days, which can both hold
	QuoteChanged  FindingKind = "quote changed" // a quotation with other words
	QuoteCut      FindingKind = "quote cut"     // a quotation of which one leaves out words
	QuoteSpeaker  FindingKind = "quote speaker" // the same words, given to different people
	QuotedWhere   FindingKind = "quoted"        // who is quoted in some of the articles only
	QuoteOnly     FindingKind = "quote only"    // a direct quotation that some of the articles have
	FactOnly      FindingKind = "only"          // a fact that some of the articles have
	FactShared    FindingKind = "shared"        // a fact that all of them have
)

// kindOrder is the order in which kinds are told.
var kindOrder = []FindingKind{
	OtherHeadline, OtherNumber, OtherDate, Denial, OtherName, Update, QuoteChanged, QuoteCut, QuoteSpeaker, QuotedWhere, QuoteOnly, FactOnly, FactShared,
}

// Difference reports whether a finding of this kind is one in which the
// articles differ.
func (k FindingKind) Difference() bool { return k != FactShared && k != Update }

// Finding is one thing that articles share, or in which they differ.
type Finding struct {
	Kind  FindingKind
	Text  string // what it is, in a sentence or a phrase without the articles' words
	Sides []Side // by article; those that have nothing of it are left out
	score float64
	by    string // who the same words are given to, in order of the alphabet
}

// Has are the indexes of the articles that have a part in the finding.
func (f Finding) Has() []int {
	var in []int
	for _, s := range f.Sides {
		in = append(in, s.Article)
	}
	return in
}

// Side is what one article has of a finding.
type Side struct {
	Article int        // index into Comparison.Articles
	Text    string     // the article's words; of a number the figure with what it counts
	Spans   []nlp.Span // where they stand in its text; empty for a headline
	Marked  []nlp.Span // of a quotation: the words that the other side does not have
	Status  string     // of who is quoted: "quoted" or "named"
	Date    string     // of a day, the day itself; of an update the day that the number is of, "printed" before the day of publication; YYYY-MM-DD
}

// Alike is a pair of articles that are the same text, or nearly.
type Alike struct {
	A, B   int
	Share  float64 // of the shorter one's five-word runs that the other one has, 0 to 1
	Edits  []Edit
	Others int // edits beyond those that are listed
}

// Edit is a sentence that only one of two nearly equal texts has, or that they
// word differently.
type Edit struct {
	A, B             nlp.Span // the sentences; one is empty where the other text has none
	MarkedA, MarkedB []nlp.Span
}

// Compare holds two articles or more against each other; beyond [MostCompared]
// they are left out. It is a pure function of the briefings.
//
// Sentences of different articles are taken for the same when they share most
// of their names and content words; what is neither surely shared nor surely
// missing is not mentioned. So silence is no proof that two articles agree.
func Compare(all []*Briefing) *Comparison {
	c := &Comparison{Articles: all[:min(len(all), MostCompared)]}
	w := newWorld(c.Articles)
	for i := range w.sides {
		if w.sides[i].cut {
			c.Notes = append(c.Notes, fmt.Sprintf("Of article %d only the first %d words were compared.", i+1, len(strings.Fields(w.sides[i].doc.Text))))
		}
	}
	w.alike(c)
	c.Apart = w.relate()
	if !c.Related() {
		c.Common = w.commonNames()
	}
	w.headlines(c)
	w.quotes(c)
	w.people(c)
	w.numbers(c)
	w.dates(c)
	w.denials(c)
	c.join()
	w.facts(c)
	slices.SortStableFunc(c.Findings, func(a, b Finding) int {
		return cmp.Or(
			cmp.Compare(slices.Index(kindOrder, a.Kind), slices.Index(kindOrder, b.Kind)),
			cmp.Compare(b.score, a.score),
		)
	})
	return c
}

// join makes one finding of those of one kind that share a side: of three
// articles two may have the same.
func (c *Comparison) join() {
	var out []Finding
	for _, f := range c.Findings {
		at := -1
		switch f.Kind {
		case OtherDate, Denial, QuoteChanged, QuoteCut, QuoteSpeaker:
			at = slices.IndexFunc(out, func(o Finding) bool {
				return o.Kind == f.Kind && o.by == f.by && o.shares(f)
			})
		}
		if at < 0 {
			out = append(out, f)
			continue
		}
		for _, s := range f.Sides {
			k := slices.IndexFunc(out[at].Sides, func(o Side) bool { return o.Article == s.Article })
			if k < 0 {
				out[at].Sides = append(out[at].Sides, s)
			} else if slices.Equal(out[at].Sides[k].Spans, s.Spans) {
				for _, m := range s.Marked {
					if !slices.ContainsFunc(out[at].Sides[k].Marked, m.Overlaps) {
						out[at].Sides[k].Marked = append(out[at].Sides[k].Marked, m)
					}
				}
				slices.SortFunc(out[at].Sides[k].Marked, bySpan)
			}
		}
		slices.SortStableFunc(out[at].Sides, func(a, b Side) int { return cmp.Compare(a.Article, b.Article) })
	}
	c.Findings = out
}

// shares reports whether two findings have a side in common.
func (f Finding) shares(o Finding) bool {
	return slices.ContainsFunc(f.Sides, func(s Side) bool {
		return slices.ContainsFunc(o.Sides, func(t Side) bool { return s.Article == t.Article && slices.Equal(s.Spans, t.Spans) })
	})
}

// Of are the findings of one kind.
func (c *Comparison) Of(kind FindingKind) []Finding {
	return kept(c.Findings, func(f Finding) bool { return f.Kind == kind })
}

// Related reports whether at least two of the articles tell the same story.
func (c *Comparison) Related() bool { return len(c.Articles)-len(c.Apart) > 1 }

// headlines notes that headlines differ in more than letters and marks.
func (w *world) headlines(c *Comparison) {
	f := Finding{Kind: OtherHeadline, Text: "Other headline"}
	seen := map[string]bool{}
	for _, i := range w.together {
		title := w.sides[i].Article.Title
		if title == "" {
			continue
		}
		seen[strings.Join(foldedWords(title), " ")] = true
		f.Sides = append(f.Sides, Side{Article: i, Text: oneLine(title)})
	}
	if len(seen) > 1 {
		c.Findings = append(c.Findings, f)
	}
}

// Sentence says how much of two texts is the same: "1 and 2 are the same text
// but for 3 sentences".
func (a Alike) Sentence() string {
	pair := fmt.Sprintf("%d and %d", a.A+1, a.B+1)
	n := len(a.Edits) + a.Others
	if n == 0 {
		return pair + " are the same text, word for word."
	}
	return fmt.Sprintf("%s are the same text but for %s.", pair, number(n, "sentence"))
}

// ApartSentence says which articles tell another story; it is empty when all
// tell one.
func (c *Comparison) ApartSentence() string {
	switch {
	case len(c.Apart) == 0:
		return ""
	case len(c.Apart) == len(c.Articles):
		if len(c.Common) == 0 {
			return "These articles tell different stories: they share no name, no quotation and no statement."
		}
		return "These articles tell different stories: they share no quotation and no statement, only names (" + shorten(c.Common, 3) + ")."
	case len(c.Apart) == 1:
		return fmt.Sprintf("Article %s tells another story: it was compared with nothing.", articleList(c.Apart))
	}
	return fmt.Sprintf("Articles %s tell other stories: they were compared with nothing.", articleList(c.Apart))
}
