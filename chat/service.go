package chat

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"strings"
	"time"

	"onrecord/article"
	"onrecord/book"
	"onrecord/brief"
	"onrecord/checklist"
)

// Briefer makes briefings; *brief.Briefer is one.
type Briefer interface {
	Brief(ctx context.Context, src article.Source) (*brief.Briefing, error)
}

// Refresher is a Briefer that can be told to read the source again instead of
// believing what it remembers.
type Refresher interface {
	Refresh(ctx context.Context, src article.Source) (*brief.Briefing, error)
}

// Recent remembers which articles were asked about, so that nobody has to
// repeat a link. It may forget.
//
// What is private (see [Seen.Private]) is forgotten after 24 hours. Nothing is
// ever found from another channel, nor by another person unless it was shown
// in the thread that they ask from, or shared in the channel.
type Recent interface {
	// Remember keeps an article for the scope's thread and its user in its
	// channel. A scope with neither shares it with the channel: everybody
	// there can find it by its handle.
	Remember(ctx context.Context, scope Scope, seen Seen) error
	// Last is the article of the scope's thread, else the last one of its user
	// in its channel.
	Last(ctx context.Context, scope Scope) (Seen, bool, error)
	// Find is the article with that handle, if the scope may see it.
	Find(ctx context.Context, scope Scope, handle string) (Seen, bool, error)
}

// Seen is an article that was asked about.
type Seen struct {
	Handle  string // short name of the article in commands: "#" and 8 hexadecimal digits
	Name    string // title, or whatever names it best
	Source  article.Source
	Private bool // text, files and whatever was asked in private
	At      time.Time
}

// privateFor is the longest that anything private is remembered.
const privateFor = 24 * time.Hour

// Service briefs articles and remembers them: one for the command line, the
// web and every platform.
type Service struct {
	Briefer Briefer
	Recent  Recent // nothing is remembered if nil

	Library brief.Library // published fact-checks; none are found if nil
	Words   *brief.Words  // a language model, for workspaces that want one; nil for none

	Book *book.Book // the quote book; nothing is recorded if nil

	Checklist *checklist.List // what people did about claims; nothing is kept if nil

	// Briefed is told of what is briefed for others to see, the watches; nobody is
	// if nil.
	Briefed func(ctx context.Context, scope Scope, src article.Source, b *brief.Briefing)
	// Sole says that one person alone is served, as in a terminal: what is read
	// from links there is private to nobody else.
	Sole bool
}

// Word has a briefing worded by the language model, if there is one that may see
// it. Without one, or when it does not answer in time, b is given back.
func (s *Service) Word(ctx context.Context, scope Scope, src article.Source, b *brief.Briefing) *brief.Briefing {
	if s.Words == nil {
		return b
	}
	asker := strings.Join([]string{scope.Platform, scope.Workspace, scope.User}, "\x1f")
	w := s.Words.Of(ctx, asker, src.Private || scope.Private, b)
	if w == nil {
		return b
	}
	worded := *b
	worded.Wording = w
	return &worded
}

// Brief makes the briefing of src and remembers src for the scope. Its errors
// are the Briefer's: when an article cannot be remembered it is briefed all the
// same.
func (s *Service) Brief(ctx context.Context, scope Scope, src article.Source) (*brief.Briefing, error) {
	b, err := s.Briefer.Brief(ctx, src)
	if err != nil {
		return nil, err
	}
	s.remember(ctx, scope, src, b)
	s.record(ctx, scope, src, b)
	if s.Briefed != nil && !src.Private && !scope.Private {
		s.Briefed(ctx, scope, src, b)
	}
	return b, nil
}

// Share makes what was briefed findable for everybody in the scope's channel.
func (s *Service) Share(ctx context.Context, scope Scope, src article.Source, b *brief.Briefing) {
	scope.User, scope.Thread, scope.Quiet = "", "", false
	s.remember(ctx, scope, src, b)
}

// Refresh is Brief that reads the source again, if the Briefer can.
func (s *Service) Refresh(ctx context.Context, scope Scope, src article.Source) (*brief.Briefing, error) {
	r, ok := s.Briefer.(Refresher)
	if !ok {
		return s.Brief(ctx, scope, src)
	}
	b, err := r.Refresh(ctx, src)
	if err != nil {
		return nil, err
	}
	s.remember(ctx, scope, src, b)
	s.record(ctx, scope, src, b)
	return b, nil
}

func (s *Service) remember(ctx context.Context, scope Scope, src article.Source, b *brief.Briefing) {
	if s.Recent == nil {
		return
	}
	// Recent may forget; failing to remember is the same.
	_ = s.Recent.Remember(ctx, scope, Seen{
		Handle:  Handle(src, b),
		Name:    title(b),
		Source:  src,
		Private: src.Private || scope.Private,
		At:      time.Now(),
	})
}

// Handle is the short name that commands give the article: the same for the
// same source. It opens nothing by itself: [Recent.Find] decides who may use
// it.
func Handle(src article.Source, b *brief.Briefing) string {
	of := src.Link
	if of == "" {
		of = b.Article.SHA256
	}
	sum := sha256.Sum256([]byte(of))
	return "#" + hex.EncodeToString(sum[:4])
}

// isHandle reports whether a word of a command is a handle.
func isHandle(word string) bool {
	if len(word) != 9 || word[0] != '#' {
		return false
	}
	_, err := hex.DecodeString(word[1:])
	return err == nil
}
