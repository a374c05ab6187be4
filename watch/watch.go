// Package watch follows feeds, people, topics and articles, and says in a
// channel what is new.
//
//	w := &watch.Watcher{Store: db.Watches(), Reader: reader, Desk: desk, Queue: queue}
//	added, err := w.Add(ctx, watch.Watch{Place: here, Kind: watch.Feed, Of: "https://example.com/"})
//	…
//	err = w.Run(ctx, "slack", "discord")
//
// # One way for everything that is said
//
// Whatever may be posted (a story of a feed, a digest, a notice that a feed
// fails, a change in an article) is first an [Item]: a row with a key that is
// unique in its watch. Items that are due enter the queue of package work; its
// worker reads the article, asks the filters, and then takes the channel's turn
// ([Store.Turn]): one after the other, whatever the number of processes, they
// look at what was said there before and decide. So one story is posted once in
// a channel, not once per address, feed or touched date: the same canonical
// address is one story, and so are two texts that share most of their five-word
// runs ([brief.Sketch]). Every item ends with a reason that people can read:
// "watch why".
//
// # Time
//
// [Watcher.Tick] is called every minute, by any number of processes. A row that
// is due is taken by moving its next time on, which only one can do (compare
// and set), and digests have a slot, the local day, as their key. So clocks that
// jump and processes that die repeat nothing and lose nothing: what was taken
// and not finished is due again.
//
// # Exactly once
//
// Before a post goes out, that is written down; when a process dies in between,
// the next one repeats it where the platform knows repeats (Discord, by its
// nonce, for some minutes), and else leaves it alone and says "uncertain".
//
// Programs are told by messages over HTTPS (package webhook). A message is kept
// in its item until the program has taken it: it is sent again for eighteen
// hours, byte for byte and under the same name, so that a program which
// gets it twice can tell.
//
// # Manners
//
// A feed is fetched once for all its watches, conditionally, no more often than
// every 15 minutes, sites one request every few seconds, and robots.txt is
// obeyed in all that nobody asked for just now. A feed that fails is asked less
// and less often, and the channel is told once.
package watch

import (
	"crypto/rand"
	"strings"
	"time"

	"onrecord/brief"
)

// Kind says what a watch follows.
type Kind string

// The kinds. All but feeds are fed by what is briefed in the workspace.
const (
	Feed    Kind = "feed"
	Speaker Kind = "speaker" // who is quoted
	Topic   Kind = "topic"   // words in what is said or claimed
	Claim   Kind = "claim"   // a claim that is made again
)

// Form is how a story is posted.
type Form string

// The forms.
const (
	AsClaims Form = "claims" // the claims worth checking
	AsBrief  Form = "brief"
)

// Place is where a watch speaks.
type Place struct {
	Platform  string
	Workspace string
	Channel   string
	Thread    string   // empty for the channel itself
	Tags      []string // of forum posts
}

// Channel is the whole channel: what counts for limits and repeats.
func (p Place) channel() Place {
	return Place{Platform: p.Platform, Workspace: p.Workspace, Channel: p.Channel}
}

// Filter is what a story has to have.
type Filter struct {
	Words   []string `json:",omitempty"` // one of these must be there, all words of it in any form
	Without []string `json:",omitempty"` // none of these may be
	Kinds   string   `json:",omitempty"` // of claims, see brief.Filter
	Speaker string   `json:",omitempty"` // who is quoted
}

// Watch is what somebody wants to be told of, and where.
type Watch struct {
	ID       string
	Place    Place
	Kind     Kind
	Of       string // address of the feed, name of the speaker, words, claim
	Title    string // of the feed
	Filter   Filter
	Schedule Schedule
	Form     Form
	Limit    int    // posts of watches in the channel in a day, beyond which this one is silent
	Private  bool   // the place is read by few: nothing of it enters the workspace's book
	Hook     string `json:",omitempty"` // https address of the program that is told; empty for a channel
	By       string // who made it
	Paused   bool
	Made     time.Time
	Next     time.Time // of the digest; zero without one
}

// DefaultLimit is how many stories a channel gets in a day.
const DefaultLimit = 20

// MostWatches is how many watches a channel may have.
const MostWatches = 50

// Called is what a watch is called for people.
func (w *Watch) Called() string {
	switch w.Kind {
	case Feed:
		if w.Title != "" {
			return w.Title
		}
		return w.Of
	case Speaker:
		return w.Of + " being quoted"
	case Claim:
		return "the claim “" + w.Of + "”"
	}
	return "“" + w.Of + "”"
}

// newID is a short name that can be typed.
func newID() string { return strings.ToLower(rand.Text()[:6]) }

// Sort says what an item is.
type Sort string

// The sorts of items.
const (
	Story   Sort = "story"   // an article
	Digest  Sort = "digest"  // the articles of a day
	Notice  Sort = "notice"  // a sentence: a feed fails
	Changes Sort = "changes" // what has changed in an article
)

// State is how far an item is.
type State string

// The states.
const (
	Waiting   State = "waiting" // to be looked at when it is due
	Held      State = "held"    // for the digest
	Posting   State = "posting" // decided, and perhaps out
	Sending   State = "sending" // for a program that has not taken it yet; Text is the message
	Posted    State = "posted"
	Skipped   State = "skipped"   // Why says why
	Failed    State = "failed"    // Why says why
	Uncertain State = "uncertain" // a crash came between posting and knowing
)

// Over reports whether nothing more will happen.
func (s State) Over() bool {
	return s == Posted || s == Skipped || s == Failed || s == Uncertain
}

// Item is something that is posted, or not, and why.
type Item struct {
	Watch string // identifier; "article" for changes
	Key   string // unique in its watch: the same story has the same
	Place Place
	Sort  Sort
	State State
	Why   string // a clause: "over the limit of 20 a day"
	Title string
	URL   string
	Text  string // of notices, JSON of changes, the message for a program
	Seen  time.Time
	Due   time.Time // when to look at it; zero when over
	Tries int       // how often it was due
	// Sketch is of the text that was posted, to know the story again.
	Sketch  brief.Sketch
	Message string    // what was posted, or is sent to a program
	At      time.Time // when it got its state
}

// articles stands for the watch of items of articles that are followed.
const articles = "article"
