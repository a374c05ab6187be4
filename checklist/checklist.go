// Package checklist keeps what people did about the claims of an article: who
// took one, who checked it and what came out, where a correction is needed. What
// a mark says is a person's word, with name and time; the machine makes none.
//
//	l := &checklist.List{Store: db.Checklist()}
//	kept, err := l.Mark(ctx, place, briefing, link, 3, checklist.Mark{State: checklist.Taken, Member: "U1", Name: "Ann"})
//	…
//	sheet, err := l.Of(ctx, place, briefing, link)
//
// A [Place] is a workspace: everybody there sees the marks on articles that are
// public. What is private (pasted text, files, private channels) is marked for
// its channel alone, and gone after a day.
//
// Marks belong to a claim's words ([Key]) and not to its number, so that they
// stay where they are when the article is read again and its claims are ranked
// anew. [Sheet] is the list of an article, for people, scripts and spreadsheets;
// [Sheet.Draft] makes a ClaimReview of what a person rated.
//
// [Store] is what keeps them; package store has the one on SQLite, this package
// one in memory. Their conformance test is checklist/checktest.
package checklist

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"time"

	"onrecord/book"
	"onrecord/brief"
	"onrecord/factcheck"
)

// Place is whose checklist it is: a workspace's, or within it that of one
// channel, for what is private.
type Place struct {
	Platform  string // "slack"
	Workspace string // Slack team, Discord server; empty where there is none
	Channel   string // of what is private only
}

// Private reports whether the place is one channel.
func (p Place) Private() bool { return p.Channel != "" }

// keepPrivate is the longest that anything private is kept.
const keepPrivate = 24 * time.Hour

// State is what somebody did about a claim, or thinks of a fact-check that was
// suggested for it.
type State string

// The states.
const (
	Taken     State = "taken"
	Checked   State = "checked"
	Fix       State = "fix"       // something has to be corrected
	Confirmed State = "confirmed" // the suggested fact-check is about this claim
	Rejected  State = "rejected"  // it is about another one
)

// Rating is what a person says of a claim after checking it.
type Rating string

// The ratings, from bad to good; Unproven is beside them.
const (
	Wrong       Rating = "wrong"
	MostlyWrong Rating = "mostly wrong"
	HalfRight   Rating = "half right"
	MostlyRight Rating = "mostly right"
	Right       Rating = "right"
	Unproven    Rating = "unproven"
)

// Ratings are all ratings. The place of the first five, from 1, is their value
// on a scale.
var Ratings = []Rating{Wrong, MostlyWrong, HalfRight, MostlyRight, Right, Unproven}

// Mark is one thing that somebody did.
type Mark struct {
	State  State
	Claim  string // Key of its words
	Words  string // of the claim, in the article's words
	Review string // address of the suggested fact-check, for Confirmed and Rejected
	Rating Rating // of Checked, if there is one
	Note   string
	Link   string // to evidence, or to what was written about it
	Member string // who; stable
	Name   string // how they are called there
	At     time.Time
}

// Article is what marks are kept of.
type Article struct {
	Key   string // book.KeyOf
	Alias string // the same, made of the link that was asked about
	URL   string // empty for files and pasted text
	Title string
}

// Store keeps marks. All strings may be a stranger's.
type Store interface {
	// Set keeps a mark until then, for ever when it is zero. It takes the place
	// of an earlier one on the same claim of the same state, or about the same
	// fact-check. A claim that somebody has taken stays theirs: Set then
	// reports false.
	Set(ctx context.Context, place Place, a Article, m Mark, until time.Time) (bool, error)
	// Clear drops the marks on a claim, those about fact-checks aside.
	Clear(ctx context.Context, place Place, article, claim string) error
	// Marks are those of an article by its key, the oldest first. What is over
	// its time is not among them.
	Marks(ctx context.Context, place Place, article string) ([]Mark, error)
	// Forget drops the marks of the articles with that key or alias.
	Forget(ctx context.Context, place Place, key string) error
}

// List is the checklist. It needs a Store.
type List struct{ Store Store }

// Bounds of what a person writes.
const (
	maxNote = 1000 // runes
	maxLink = 1000 // bytes
	maxName = 120  // runes
)

// ErrNoClaim says that an article has no claim with that number.
type ErrNoClaim struct{ Number, Of int }

func (e *ErrNoClaim) Error() string { return fmt.Sprintf("no claim %d of %d", e.Number, e.Of) }

// Sentence says it to people.
func (e *ErrNoClaim) Sentence() string {
	return fmt.Sprintf("There is no claim %d: there are %d.", e.Number, e.Of)
}

// ErrLink says that the link of a mark is none.
type ErrLink struct{}

func (ErrLink) Error() string { return "not a link" }

// Sentence says it to people.
func (ErrLink) Sentence() string {
	return "After “link” comes an address that begins with https:// or http://."
}

// Key is what a claim is known by: a hash of its words, whatever white space
// stands between them.
func Key(words string) string {
	sum := sha256.Sum256([]byte(strings.Join(strings.Fields(words), " ")))
	return hex.EncodeToString(sum[:12])
}

// Mark marks the claim with that rank, and reports false when somebody else has
// taken it before. Link is the address that was asked about, empty for files and
// texts.
func (l *List) Mark(ctx context.Context, place Place, b *brief.Briefing, link string, rank int, m Mark) (bool, error) {
	c, err := ranked(b, rank)
	if err != nil {
		return false, err
	}
	if u, err := url.Parse(m.Link); m.Link != "" && (err != nil || u.Host == "" || u.Scheme != "https" && u.Scheme != "http" || len(m.Link) > maxLink) {
		return false, ErrLink{}
	}
	m.Words = c.Span.Text(b.Article.Text)
	m.Claim = Key(m.Words)
	m.Note, m.Name = clip(m.Note, maxNote), clip(m.Name, maxName)
	until := time.Time{}
	if place.Private() {
		until = m.At.Add(keepPrivate)
	}
	return l.Store.Set(ctx, place, of(b, link), m, until)
}

// Open drops what was done about the claim with that rank.
func (l *List) Open(ctx context.Context, place Place, b *brief.Briefing, link string, rank int) error {
	c, err := ranked(b, rank)
	if err != nil {
		return err
	}
	return l.Store.Clear(ctx, place, book.KeyOf(b, link), Key(c.Span.Text(b.Article.Text)))
}

func ranked(b *brief.Briefing, rank int) (factcheck.Claim, error) {
	all := brief.Ranked(b.Analysis.Claims)
	if rank < 1 || rank > len(all) {
		return factcheck.Claim{}, &ErrNoClaim{Number: rank, Of: len(all)}
	}
	return all[rank-1], nil
}

func of(b *brief.Briefing, link string) Article {
	a := Article{Key: book.KeyOf(b, link), URL: link, Title: clip(brief.Heading(b), 300)}
	a.Alias = a.Key
	if link != "" {
		a.Alias = book.Key(link, "")
	}
	return a
}

func clip(s string, runes int) string {
	s = strings.Join(strings.Fields(s), " ")
	if r := []rune(s); len(r) > runes {
		return string(r[:runes]) + "…"
	}
	return s
}

// Of is the checklist of an article.
func (l *List) Of(ctx context.Context, place Place, b *brief.Briefing, link string) (*Sheet, error) {
	marks, err := l.Store.Marks(ctx, place, book.KeyOf(b, link))
	if err != nil {
		return nil, err
	}
	return NewSheet(b, link, marks), nil
}

// Sheet is the claims of an article with what was done about each.
type Sheet struct {
	Briefing *brief.Briefing
	URL      string // that was asked about, empty for files and texts
	Rows     []Row  // the ranked claims, in their order
	Gone     []Row  // claims that were marked, and that the article has no longer; Number is 0
}

// Row is one claim.
type Row struct {
	Number int // its rank, from 1
	Words  string
	Claim  factcheck.Claim // zero when the article has it no longer
	Marks  []Mark          // the oldest first; those about fact-checks aside
	Judged []Mark          // Confirmed and Rejected, the oldest first
}

// NewSheet puts marks to the claims that they are about.
func NewSheet(b *brief.Briefing, link string, marks []Mark) *Sheet {
	s := &Sheet{Briefing: b, URL: link}
	at := map[string][]int{}
	for i, c := range brief.Ranked(b.Analysis.Claims) {
		words := c.Span.Text(b.Article.Text)
		s.Rows = append(s.Rows, Row{Number: i + 1, Words: words, Claim: c})
		at[Key(words)] = append(at[Key(words)], i)
	}
	for _, m := range marks {
		rows := at[m.Claim]
		for _, i := range rows {
			s.Rows[i].add(m)
		}
		if len(rows) > 0 {
			continue
		}
		i := slices.IndexFunc(s.Gone, func(r Row) bool { return Key(r.Words) == m.Claim })
		if i < 0 {
			i = len(s.Gone)
			s.Gone = append(s.Gone, Row{Words: m.Words})
		}
		s.Gone[i].add(m)
	}
	return s
}

func (r *Row) add(m Mark) {
	if m.Review != "" {
		r.Judged = append(r.Judged, m)
		return
	}
	r.Marks = append(r.Marks, m)
}

// Now is the last thing that was done about the claim; false when it is open.
func (r *Row) Now() (Mark, bool) {
	if len(r.Marks) == 0 {
		return Mark{}, false
	}
	return r.Marks[len(r.Marks)-1], true
}

// Rated is the mark with the last rating that a person gave; false when nobody
// did.
func (r *Row) Rated() (Mark, bool) {
	for _, m := range slices.Backward(r.Marks) {
		if m.Rating != "" {
			return m, true
		}
	}
	return Mark{}, false
}

// Of are the counts of claims by what was done last: taken, checked, to be
// fixed. The others are open.
func (s *Sheet) Of(state State) int {
	n := 0
	for i := range s.Rows {
		if m, ok := s.Rows[i].Now(); ok && m.State == state {
			n++
		}
	}
	return n
}

// Label is a state in words: "fix needed".
func (s State) Label() string {
	if s == Fix {
		return "fix needed"
	}
	return string(s)
}

// Line says who did what and when: "checked by Ann on 4 Mar 2026 10:02: half
// right · see page 3". Without all it says what was done and when, and nothing of
// who says what.
func (m Mark) Line(zone *time.Location, all bool) string {
	if zone == nil {
		zone = time.UTC
	}
	line := m.State.Label()
	if all && m.Name != "" {
		line += " by " + m.Name
	}
	line += " on " + m.At.In(zone).Format("2 Jan 2006 15:04")
	if zone == time.UTC {
		line += " UTC"
	}
	if all && m.Rating != "" {
		line += ": " + string(m.Rating)
	}
	if all && m.Note != "" {
		line += " · " + m.Note
	}
	return line
}
