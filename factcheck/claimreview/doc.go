// Package claimreview finds published fact-checks of a claim, and reads, keeps
// and updates the collection that it looks in. It gives no verdict of its own:
// it shows what a publisher has said, and says nothing when it is not sure that
// both texts make the same claim.
//
// [Read] takes what publishers offer: schema.org's ClaimReview in JSON-LD, alone
// or in pages, the feed format of Data Commons, CSV, RSS and Atom, and JSON
// lines of our own. [Import] puts it into a [Store], which package store
// implements; the same check read again replaces the older one ([Keyer],
// [Newer]). [Library] makes the [Index] of what the store holds, makes it again
// when that changes, and may ask Google's Fact Check Tools API ([Google]), never
// about anything private.
//
// A search ([Index.Find]) has three steps. BM25F over claim, title and subtitle,
// stemmed, gives the hundred nearest. They are ordered by a sum of features that
// count alike ([Index.Rank]): BM25F, title, letter n-grams and the distance of
// dates, since a claim is checked in the weeks in which it goes round. Then
// guards ([Index.Judge]) drop what is about another name,
// number, place or year or says the opposite, and a threshold on the likelihood
// of a match drops what is left to chance.
//
// docs/models.md has the figures, 'bot eval reviews' measures what ships, 'go
// run ./cmd/train reviews' what learned weights would give.
package claimreview
