package chat

import (
	"context"
	"strings"
)

// Suggestion is an article that an asker may mean, for completion while the
// command is being typed.
type Suggestion struct {
	Label string // for people: the article's title
	Value string // what to put in as SOURCE
}

// maxSuggestions is the most that any platform shows.
const maxSuggestions = 25

// Suggest lists recent articles of the scope, newest first, whose name or link
// holds what was typed. It never lists what the scope may not see.
func Suggest(ctx context.Context, recent Recent, scope Scope, typed string) []Suggestion {
	lister, ok := recent.(Lister)
	if !ok {
		return nil
	}
	seen, err := lister.List(ctx, scope, 10*maxSuggestions)
	if err != nil {
		return nil // a convenience; the command works without it
	}
	typed = strings.ToLower(strings.TrimSpace(typed))
	var out []Suggestion
	for _, s := range seen {
		if len(out) == maxSuggestions {
			break
		}
		if strings.Contains(strings.ToLower(s.Name+" "+s.Source.Link), typed) {
			out = append(out, Suggestion{Label: s.Name, Value: s.Handle})
		}
	}
	return out
}

// Lister is a [Recent] that can list what it remembers.
type Lister interface {
	// List gives up to n articles that the scope may see, newest first, each
	// once: those of its thread and its user's in its channel; without a
	// channel, all of its user's in its workspace.
	List(ctx context.Context, scope Scope, n int) ([]Seen, error)
}
