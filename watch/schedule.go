package watch

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"
)

// Schedule is when a watch speaks. The zero one is at once.
type Schedule struct {
	Digest   bool   `json:",omitempty"` // once a day, what came up since
	At       int    `json:",omitempty"` // minutes after midnight
	Zone     string `json:",omitempty"` // IANA name; UTC if empty
	Weekdays bool   `json:",omitempty"` // Monday to Friday only
}

// ParseClock reads a time of day, "7:30", "07.30", "7 am", "16h", into minutes
// after midnight.
func ParseClock(s string) (minutes int, err error) {
	bad := errors.New("not a time of day like 7:30")
	s = strings.ToLower(strings.Join(strings.Fields(s), ""))
	add := 0
	for _, end := range []string{"am", "pm", "uhr", "h"} {
		rest, cut := strings.CutSuffix(s, end)
		if !cut {
			continue
		}
		if s = rest; end == "pm" {
			add = 12
		}
		if end == "am" || end == "pm" {
			// Twelve o'clock comes first on this clock.
			if hour, after, _ := strings.Cut(strings.ReplaceAll(s, ".", ":"), ":"); hour == "12" {
				s = strings.TrimSuffix("0:"+after, ":")
			} else if n, err := strconv.Atoi(hour); err != nil || n > 12 {
				return 0, bad
			}
		}
		break
	}
	hour, minute, both := strings.Cut(strings.ReplaceAll(s, ".", ":"), ":")
	if len(hour) < 1 || len(hour) > 2 || both && len(minute) != 2 {
		return 0, bad
	}
	h, err := strconv.ParseUint(hour, 10, 8)
	if err != nil {
		return 0, bad
	}
	m := uint64(0)
	if both {
		if m, err = strconv.ParseUint(minute, 10, 8); err != nil {
			return 0, bad
		}
	}
	if h+uint64(add) > 23 || m > 59 {
		return 0, bad
	}
	return (int(h)+add)*60 + int(m), nil
}

// Location is the time zone. Its error says that there is none of that name.
func (s Schedule) Location() (*time.Location, error) {
	// LoadLocation takes "Local" for the machine's own.
	if s.Zone == "" || s.Zone == "UTC" {
		return time.UTC, nil
	}
	if len(s.Zone) > 64 || !strings.Contains(s.Zone, "/") {
		return nil, fmt.Errorf("there is no time zone %.40q", s.Zone)
	}
	zone, err := time.LoadLocation(s.Zone)
	if err != nil {
		return nil, fmt.Errorf("there is no time zone %.40q", s.Zone)
	}
	return zone, nil
}

// location is Location, and UTC for a zone that this machine does not know.
func (s Schedule) location() *time.Location {
	zone, err := s.Location()
	if err != nil {
		return time.UTC
	}
	return zone
}

// Next is the first slot after a moment. A time that a day does not have
// because the clocks go forward comes as much later; one that it has twice is
// its first.
func (s Schedule) Next(after time.Time) time.Time {
	zone := s.location()
	day := after.In(zone)
	for n := 0; ; n++ {
		// Noon is on its day in every zone.
		noon := time.Date(day.Year(), day.Month(), day.Day()+n, 12, 0, 0, 0, zone)
		if s.Weekdays && (noon.Weekday() == time.Saturday || noon.Weekday() == time.Sunday) {
			continue
		}
		if t := wall(noon, s.At); t.After(after) {
			return t
		}
	}
}

// Slot names the slot of a moment that Next gave: its day there.
func (s Schedule) Slot(t time.Time) string { return t.In(s.location()).Format(time.DateOnly) }

// wall is when the clocks show a time on the day of noon.
func wall(noon time.Time, minutes int) time.Time {
	y, m, d := noon.Date()
	utc := time.Date(y, m, d, 0, minutes, 0, 0, time.UTC)
	_, before := noon.AddDate(0, 0, -1).Zone()
	_, later := noon.AddDate(0, 0, 1).Zone()
	var first time.Time
	for _, offset := range []int{before, later} {
		t := utc.Add(-time.Duration(offset) * time.Second).In(noon.Location())
		if t.Hour()*60+t.Minute() == minutes && t.Day() == d && (first.IsZero() || t.Before(first)) {
			first = t
		}
	}
	if first.IsZero() { // the clocks jump over it
		return utc.Add(-time.Duration(before) * time.Second).In(noon.Location())
	}
	return first
}

// String says when, in words: "weekdays at 7:30 (Europe/Berlin)".
func (s Schedule) String() string {
	if !s.Digest {
		if s.Weekdays {
			return "at once, on weekdays"
		}
		return "at once"
	}
	days := "daily"
	if s.Weekdays {
		days = "weekdays"
	}
	zone := s.Zone
	if zone == "" {
		zone = "UTC"
	}
	return fmt.Sprintf("%s at %d:%02d (%s)", days, s.At/60, s.At%60, zone)
}
