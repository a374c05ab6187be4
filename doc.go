// Package onrecord is the root of Onrecord, a chat bot that briefs news
// articles: what happened, who said what, which claims to check first. This
// file is the tour; each room below has a doc comment that goes on from here.
//
// # The way of an article
//
// Package article turns a URL, a file or pasted text into an
// [onrecord/article.Article]: plain text with its title, date and outlet.
//
// Package nlp reads that text: sentences, tokens, part of speech, dependency
// parse, names, times, numbers, all in one [onrecord/nlp.Document]. Everything
// it finds carries a [onrecord/nlp.Span], a half-open range of bytes, so that
// every word of every answer can be traced to the place it came from.
//
// Package quote finds who said what in the document. Package factcheck finds
// the claims worth checking and ranks them; its neighbour
// onrecord/factcheck/claimreview knows which of them somebody has checked
// already, and published. Package brief puts quotes and claims together
// with a summary and the facts into one [onrecord/brief.Analysis], the value
// of which every command, button, export and page is a view; the summary is
// picked by onrecord/brief/summary, which learned from summaries by people.
//
// Package leash holds a sentence that a language model wrote against the
// article; package llm is the client of such a model. Both are optional, and the
// briefing is whole without them.
//
// Package page shows that value as one HTML document: the article with its
// quotations and claims marked, and everything about them beside it.
//
// Package cache keeps articles and analyses, in memory or in Redis. It may
// forget anything at any time.
//
// Package book is the quote book: who said what over all articles that were
// briefed in a workspace, and which claims keep coming back.
//
// Package watch follows feeds, people, topics and articles, and says in a channel
// what is new there, once. Package webhook brings the same to programs, signed.
//
// Package checklist keeps what people did about claims: who takes one, who checked
// it and what came out. The machine makes no such mark.
//
// Package chat is the conversation: commands, replies, limits, settings, errors
// as sentences. It does not know which platform it serves; the rooms under
// adapters do, one each. Package web is the one HTTP listener.
//
// Package work keeps what a platform has delivered until it is answered, across
// crashes and repeated deliveries, and shares shards and sockets out between
// processes. Package install keeps where the bot is installed, with the tokens
// sealed. Package store is the one room that knows SQL: it keeps what work, install,
// book, checklist, watch and chat must not forget, and implements the ports that
// they declare.
//
// Package onrecord/cmd/bot wires everything together and is the program that
// people run; onrecord/cmd/train is the developers' tool that makes and
// measures the embedded models.
//
// # Two kinds of room
//
// Pure rooms (nlp, quote, factcheck, leash, page, the analysing half of brief) take
// text in and give findings out: no context, error, logger, clock or network. Edge
// rooms (article, cache, llm, book, checklist, watch, work, install, store, the adapters, web) touch the world:
// context first, error last, clients and loggers handed in. The arrows between rooms go one
// way; arch_test.go holds the map and fails when somebody draws a new one
// without meaning to.
package onrecord
