package slack

import "time"

// StateUntil is a state for the browser that has a word, as this platform makes it.
func (p *Platform) StateUntil(word string, until time.Time) string { return p.newState(word, until) }

// LookAgain forgets which tokens were looked up.
func (p *Platform) LookAgain() {
	p.mu.Lock()
	defer p.mu.Unlock()
	clear(p.seats)
}
