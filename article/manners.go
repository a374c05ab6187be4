package article

import (
	"net/http"
	"strconv"
	"strings"
	"time"
)

// retryAfter is how long a server asks to be left alone (RFC 9110, 10.2.3): 0 when
// it does not, or not in a way that makes sense. It is given in seconds or as a
// date, which counts from the server's own Date where there is one, since its clock
// may differ from ours.
func retryAfter(h http.Header, now time.Time) time.Duration {
	value := strings.TrimSpace(h.Get("Retry-After"))
	if s, err := strconv.ParseInt(value, 10, 32); err == nil {
		return max(time.Duration(s)*time.Second, 0)
	}
	at, err := http.ParseTime(value)
	if err != nil {
		return 0
	}
	if its, err := http.ParseTime(h.Get("Date")); err == nil {
		now = its
	}
	return max(at.Sub(now), 0)
}

// freshFor is how much longer an answer may be used (RFC 9111, 4.2): max-age less
// the time that it has lain in caches on the way. 0 when nothing is said or it may
// not be kept.
func freshFor(h http.Header) time.Duration {
	var fresh time.Duration
	for part := range strings.SplitSeq(strings.Join(h.Values("Cache-Control"), ","), ",") {
		name, value, _ := strings.Cut(strings.TrimSpace(part), "=")
		switch strings.ToLower(name) {
		case "no-store", "no-cache":
			return 0
		case "max-age":
			if s, err := strconv.ParseInt(strings.Trim(value, `"`), 10, 32); err == nil {
				fresh = time.Duration(s) * time.Second
			}
		}
	}
	if s, err := strconv.ParseInt(strings.TrimSpace(h.Get("Age")), 10, 32); err == nil && s > 0 {
		fresh -= time.Duration(s) * time.Second
	}
	return max(fresh, 0)
}
