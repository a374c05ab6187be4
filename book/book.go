// Package book is the quote book: who said what, over all articles that were
// briefed in a workspace, and which claims keep coming back.
//
//	b := &book.Book{Store: db.Book()}
//	err := b.Remember(ctx, shelf, "U1", briefing)
//	…
//	answer, err := b.Said(ctx, []book.Shelf{shelf}, book.Query{Speaker: "Meyer", About: "asylum"})
//
// A [Shelf] is a workspace's part of the book. What is private (pasted text,
// files, what is asked in private) stands on a shelf of its own, which one
// person in one channel can read, and is gone after a day. Nothing is ever read
// from a shelf that was not named, so workspaces cannot see each other's.
//
// # What is found
//
// Words are compared by their stems ([Terms]), the same in every database.
// One person under several names is one person where that is safe
// ([People]): a surname alone belongs to a full name only where there is
// exactly one. Words at second hand are filed under whoever passes them on,
// never under the one they are about. The same quotation in several articles is
// shown once, with the words that were changed ([Saying]). Numbers that differ,
// and a denial beside an assertion, stand side by side ([Clash]); which of them
// holds, if any, is not for the book to say.
//
// # Storage
//
// [Store] is what keeps it; package store has the one on SQLite. Its
// conformance test is book/booktest.
package book

import (
	"context"
	"log/slog"
	"time"

	"onrecord/brief"
)

// Shelf is whose part of the book it is: a workspace's, or within it that of
// one person in one channel, for what is private.
type Shelf struct {
	Platform  string // "slack"
	Workspace string // Slack team, Discord server; empty where there is none
	Member    string // of private shelves only: who may read it
	Channel   string // of private shelves only: where
}

// Private reports whether one person alone may read the shelf.
func (s Shelf) Private() bool { return s.Member != "" }

// Public is the workspace's shelf.
func (s Shelf) Public() Shelf { return Shelf{Platform: s.Platform, Workspace: s.Workspace} }

// keepPrivate is the longest that anything private is kept.
const keepPrivate = 24 * time.Hour

// Kind says what an item of the book is.
type Kind string

// The kinds. Thoughts are attributed and were not said: beliefs, hopes, fears.
const (
	Quote   Kind = "quote"
	Thought Kind = "thought"
	Claim   Kind = "claim"
)

// Article is an article of the book.
type Article struct {
	Key       string    // what it is known by on its shelf
	Alias     string    // the same, made of the link that was asked about
	URL       string    // empty for files and pasted text
	Title     string    // or whatever names it best
	Outlet    string    // its publisher, else its agency, else its site; may be empty
	Published time.Time // day of publication; zero when unknown
	First     time.Time // when it was first read
	Read      time.Time // when it was last read
	Versions  int       // how many different texts it had when it was read
	Asked     int       // how many people asked about it
	SHA256    string    // of its text
	Engine    string    // what found the items
}

// Date is the day that an article is filed under: of publication, or of the
// first reading when the article gives none or one that cannot be.
func (a *Article) Date() time.Time {
	t := a.Published
	if t.IsZero() || t.Year() < 1800 || t.After(a.First.Add(48*time.Hour)) {
		t = a.First
	}
	return time.Date(t.Year(), t.Month(), t.Day(), 0, 0, 0, 0, time.UTC)
}

// Item is a quotation or a claim of an article.
type Item struct {
	Kind    Kind     `json:"kind"`
	Text    string   `json:"text"`             // the article's words; " … " where words of others stand between
	Pieces  []string `json:"pieces,omitempty"` // of Text, where there are several
	Speaker string   `json:"speaker,omitempty"`
	Sort    string   `json:"sort,omitempty"` // of the speaker: quote.VoiceSort
	Role    string   `json:"role,omitempty"`
	// Of is whose words they are said to be, when Speaker only passes them on.
	Of      string   `json:"of,omitempty"`
	OfRole  string   `json:"of_role,omitempty"`
	Unclear []string `json:"unclear,omitempty"` // who may have said it; Speaker is then empty
	Verb    string   `json:"verb,omitempty"`
	Stance  string   `json:"stance,omitempty"` // quote.Stance
	Type    string   `json:"type,omitempty"`   // quote.Type
	SaidOn  string   `json:"said_on,omitempty"`
	SaidEnd string   `json:"said_end,omitempty"`
	Numbers []Number `json:"numbers,omitempty"`
	Link    string   `json:"link,omitempty"` // to the words on the page

	// Of claims:
	Standalone string   `json:"standalone,omitempty"`
	Kinds      []string `json:"kinds,omitempty"`
	Score      float64  `json:"score,omitempty"` // orders claims, shown to nobody

	// Gone is when the article was read and had these words no longer; zero
	// when it has them.
	Gone time.Time `json:"gone,omitzero"`

	Article *Article `json:"-"`
}

// Number is a figure of an item with what it counts.
type Number struct {
	Text  string  `json:"text"`
	Value float64 `json:"value"`
	Of    string  `json:"of,omitempty"` // stem of the word for what is counted
}

// Entry is an article to be kept.
type Entry struct {
	Article Article
	Items   []Item
	Text    string        // of the article; not kept
	Member  string        // who asked
	Keep    time.Duration // how long to keep it; for ever if 0
}

// Search is what to find. Its zero value finds everything.
type Search struct {
	Kinds    []Kind // any of them; all if nil
	Terms    []string
	Speakers []string // any of these, by Name.Key; nil for anybody
	// Since and Until are days, both inclusive; zero for no bound.
	Since, Until time.Time
	Most         int // the newest so many
}

// Name is a speaker as articles name them.
type Name struct {
	Key  string // SpeakerKey
	Name string
	Sort string
	Role string // in the newest article that gives one
}

// NameSearch is which speakers to list.
type NameSearch struct {
	Words  []string // each is one of the name's words
	Prefix bool     // or begins one
	Named  bool     // people and organisations with a name only
	Most   int
	Whole  bool // none if there are more than Most
}

// Retention is what a workspace decided about its shelf.
type Retention struct {
	Off  bool          // nothing is remembered
	Keep time.Duration // at most so long; for ever if 0
}

// Store keeps the book. All strings may be a stranger's.
type Store interface {
	// Put keeps an article. One with the same key on the same shelf is
	// replaced: see [Merge]. Of the same text and engine, only the reading and
	// the asking are noted. What the shelf's retention does not allow is left
	// out without an error.
	Put(ctx context.Context, shelf Shelf, e Entry) error
	// Find gives items of any of the shelves, the newest by the day of their
	// article first. What is over its time is not found.
	Find(ctx context.Context, shelves []Shelf, s Search) ([]Item, error)
	// Names lists speakers, whoever spoke last first.
	Names(ctx context.Context, shelves []Shelf, s NameSearch) ([]Name, error)
	// Each calls f with every item of a shelf, the oldest first, until f fails.
	Each(ctx context.Context, shelf Shelf, f func(Item) error) error
	// Others tells whether an article is there, by its key or alias, and how
	// many people besides member asked about it.
	Others(ctx context.Context, shelf Shelf, key, member string) (others int, found bool, err error)
	// Forget drops the articles with that key or alias.
	Forget(ctx context.Context, shelf Shelf, key string) error
	// ForgetMember drops what is private of a person on all shelves of the
	// workspace, the articles that nobody else asked about, and who asked.
	ForgetMember(ctx context.Context, shelf Shelf, member string) error
	// SetRetention applies to what is there and to what comes.
	SetRetention(ctx context.Context, shelf Shelf, r Retention) error
}

// Book is the quote book. It needs a Store; the zero value of everything else
// works.
type Book struct {
	Store Store
	Keep  time.Duration // how long articles are kept at most; for ever if 0
	Log   *slog.Logger  // nil is silence
}

// Remember keeps what was found in an article. Private material belongs on a
// private shelf, and is kept for a day.
func (b *Book) Remember(ctx context.Context, shelf Shelf, member string, found *brief.Briefing, link string) error {
	e := NewEntry(found, link)
	e.Member, e.Keep = member, b.Keep
	if shelf.Private() && (e.Keep == 0 || e.Keep > keepPrivate) {
		e.Keep = keepPrivate
	}
	err := b.Store.Put(ctx, shelf, e)
	if err != nil && b.Log != nil {
		b.Log.WarnContext(ctx, "the quote book could not be written", "error", err)
	}
	return err
}
