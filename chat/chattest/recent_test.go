package chattest_test

import (
	"testing"

	"onrecord/chat"
	"onrecord/chat/chattest"
)

func TestMemoryRecent(t *testing.T) {
	chattest.RecentSuite(t, func(_ *testing.T, each, bytes int) chattest.Recents {
		return &chat.MemoryRecent{Each: each, Bytes: bytes}
	})
}
