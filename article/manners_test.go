package article

import (
	"net/http"
	"testing"
	"time"
)

func TestRetryAfter(t *testing.T) {
	now := time.Date(2026, 3, 4, 9, 0, 0, 0, time.UTC)
	for _, c := range []struct {
		value, date string
		want        time.Duration
	}{
		{"120", "", 2 * time.Minute},
		{" 0 ", "", 0},
		{"-5", "", 0},
		{"", "", 0},
		{"soon", "", 0},
		{"99999999999999999999", "", 0},
		{"Wed, 04 Mar 2026 09:30:00 GMT", "", 30 * time.Minute},
		{"Wed, 04 Mar 2026 08:00:00 GMT", "", 0},
		// The server's clock is a day ahead of ours.
		{"Thu, 05 Mar 2026 09:10:00 GMT", "Thu, 05 Mar 2026 09:00:00 GMT", 10 * time.Minute},
	} {
		h := http.Header{}
		h.Set("Retry-After", c.value)
		if c.date != "" {
			h.Set("Date", c.date)
		}
		if got := retryAfter(h, now); got != c.want {
			t.Errorf("%q, %q: %v, want %v", c.value, c.date, got, c.want)
		}
	}
}

func TestFreshFor(t *testing.T) {
	for _, c := range []struct {
		control, age string
		want         time.Duration
	}{
		{"max-age=600", "", 10 * time.Minute},
		{`public, Max-Age="600", must-revalidate`, "60", 9 * time.Minute},
		{"max-age=600", "700", 0},
		{"max-age=600, no-cache", "", 0},
		{"no-store", "", 0},
		{"max-age=-1", "", 0},
		{"max-age=many", "", 0},
		{"s-maxage=600", "", 0}, // is for caches that people share
		{"", "60", 0},
	} {
		h := http.Header{}
		h.Set("Cache-Control", c.control)
		h.Set("Age", c.age)
		if got := freshFor(h); got != c.want {
			t.Errorf("%q, age %q: %v, want %v", c.control, c.age, got, c.want)
		}
	}
}
