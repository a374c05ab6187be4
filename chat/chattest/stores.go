package chattest

import (
	"context"
	"slices"
	"sync"

	"onrecord/chat"
)

// Settings is a chat.SettingsStore in memory. The zero value works.
type Settings struct {
	Err error // what every call returns, when set

	mu   sync.Mutex
	data map[[2]string][]byte
}

// Load implements chat.SettingsStore.
func (s *Settings) Load(_ context.Context, platform, workspace string) ([]byte, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.data[[2]string{platform, workspace}], s.Err
}

// Save implements chat.SettingsStore.
func (s *Settings) Save(_ context.Context, platform, workspace string, data []byte) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.Err != nil {
		return s.Err
	}
	if s.data == nil {
		s.data = map[[2]string][]byte{}
	}
	s.data[[2]string{platform, workspace}] = slices.Clone(data)
	return nil
}

// Feedback is a chat.FeedbackStore in memory. The zero value works.
type Feedback struct {
	mu  sync.Mutex
	all []chat.Feedback
}

// Add implements chat.FeedbackStore.
func (f *Feedback) Add(_ context.Context, one chat.Feedback) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.all = append(f.all, one)
	return nil
}

// All is what was reported, in order.
func (f *Feedback) All() []chat.Feedback {
	f.mu.Lock()
	defer f.mu.Unlock()
	return slices.Clone(f.all)
}
