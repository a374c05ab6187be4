package watch

import (
	"testing"
	"time"

	"pgregory.net/rapid"
)

// The next slot across the changes of clocks of 2026: Berlin on 29 March and
// 25 October, New York on 8 March and 1 November.
func TestNextSlot(t *testing.T) {
	for _, c := range []struct {
		name, zone, at string
		weekdays       bool
		after, want    string
	}{
		{"later today", "Europe/Berlin", "7:30", false, "2026-03-27T06:00:00+01:00", "2026-03-27T07:30:00+01:00"},
		{"this minute is over", "Europe/Berlin", "7:30", false, "2026-03-27T07:30:00+01:00", "2026-03-28T07:30:00+01:00"},
		{"into summer", "Europe/Berlin", "7:30", false, "2026-03-28T08:00:00+01:00", "2026-03-29T07:30:00+02:00"},
		{"a time that is not", "Europe/Berlin", "2:30", false, "2026-03-28T12:00:00+01:00", "2026-03-29T03:30:00+02:00"},
		{"and the day after", "Europe/Berlin", "2:30", false, "2026-03-29T03:30:00+02:00", "2026-03-30T02:30:00+02:00"},
		{"the jump itself", "Europe/Berlin", "2:00", false, "2026-03-28T12:00:00+01:00", "2026-03-29T03:00:00+02:00"},
		{"into winter", "Europe/Berlin", "7:30", false, "2026-10-24T08:00:00+02:00", "2026-10-25T07:30:00+01:00"},
		{"a time that is twice", "Europe/Berlin", "2:30", false, "2026-10-24T12:00:00+02:00", "2026-10-25T02:30:00+02:00"},
		{"but posted once", "Europe/Berlin", "2:30", false, "2026-10-25T02:30:00+02:00", "2026-10-26T02:30:00+01:00"},
		{"between the two", "Europe/Berlin", "2:30", false, "2026-10-25T02:10:00+01:00", "2026-10-26T02:30:00+01:00"},
		{"into summer", "America/New_York", "7:30", false, "2026-03-07T08:00:00-05:00", "2026-03-08T07:30:00-04:00"},
		{"a time that is not", "America/New_York", "2:15", false, "2026-03-07T08:00:00-05:00", "2026-03-08T03:15:00-04:00"},
		{"into winter", "America/New_York", "7:30", false, "2026-10-31T08:00:00-04:00", "2026-11-01T07:30:00-05:00"},
		{"a time that is twice", "America/New_York", "1:30", false, "2026-10-31T08:00:00-04:00", "2026-11-01T01:30:00-04:00"},
		{"the weekend", "Europe/Berlin", "7:30", true, "2026-03-27T07:30:00+01:00", "2026-03-30T07:30:00+02:00"},
		{"whose weekend", "America/New_York", "20:00", true, "2026-03-07T02:00:00Z", "2026-03-09T20:00:00-04:00"},
		{"no midnight", "America/Santiago", "0:00", false, "2026-09-05T12:00:00-04:00", "2026-09-06T01:00:00-03:00"},
		{"without a zone", "", "7:30", false, "2026-03-28T08:00:00+01:00", "2026-03-28T07:30:00Z"},
		{"the end of a year", "Pacific/Auckland", "7:30", false, "2026-12-31T00:00:00Z", "2027-01-01T07:30:00+13:00"},
	} {
		t.Run(c.name+" "+c.zone, func(t *testing.T) {
			at, err := ParseClock(c.at)
			if err != nil {
				t.Fatal(err)
			}
			got := Schedule{Digest: true, At: at, Zone: c.zone, Weekdays: c.weekdays}.Next(moment(t, c.after))
			if want := moment(t, c.want); !got.Equal(want) {
				t.Errorf("%v, want %v", got, want)
			}
		})
	}
}

func moment(t *testing.T, s string) time.Time {
	t.Helper()
	at, err := time.Parse(time.RFC3339, s)
	if err != nil {
		t.Fatal(err)
	}
	return at
}

// Whatever the zone and the hour, slots go forward, there is one a day, and no
// two have one name.
func TestSlotsGoOn(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := Schedule{
			Digest: true, At: rapid.IntRange(0, 24*60-1).Draw(t, "at"), Weekdays: rapid.Bool().Draw(t, "weekdays"),
			Zone: rapid.SampledFrom([]string{"", "Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Africa/Cairo", "America/Santiago", "Asia/Kathmandu"}).Draw(t, "zone"),
		}
		at := time.Unix(rapid.Int64Range(1_700_000_000, 1_900_000_000).Draw(t, "from"), 0)
		had := map[string]bool{}
		for range 400 {
			next := s.Next(at)
			if gap := next.Sub(at); gap <= 0 || gap > 73*time.Hour+30*time.Minute {
				t.Fatalf("from %v to %v", at, next)
			}
			if slot := s.Slot(next); had[slot] {
				t.Fatalf("%s twice", slot)
			} else {
				had[slot] = true
			}
			at = next
		}
	})
}

func TestParseClock(t *testing.T) {
	for s, want := range map[string]int{
		"7:30": 450, "07:30": 450, "7.30": 450, "7": 420, "19h": 1140, "7 am": 420, "7:30pm": 1170, "12 am": 0, "12:15 pm": 735, "0:00": 0, "23:59": 1439, "7:30 Uhr": 450,
		"24:00": -1, "7:60": -1, "7:3": -1, "": -1, "noon": -1, "13 pm": -1, "-7": -1, "7:30:00": -1, "007": -1, "99999999999999999999": -1,
	} {
		got, err := ParseClock(s)
		if err != nil {
			got = -1
		}
		if got != want {
			t.Errorf("%q: %d, want %d", s, got, want)
		}
	}
}

func TestZone(t *testing.T) {
	for zone, good := range map[string]bool{
		"": true, "UTC": true, "Europe/Berlin": true, "Local": false, "Berlin": false, "Europe/Atlantis": false, "../../etc/passwd": false, "/etc/localtime": false,
	} {
		if _, err := (Schedule{Zone: zone}).Location(); (err == nil) != good {
			t.Errorf("%q: %v", zone, err)
		}
	}
}
