package chat

import (
	"strings"
	"testing"
	"time"

	"onrecord/factcheck"
	"onrecord/nlp"
)

func date(s string) time.Time {
	t, err := time.Parse(time.DateOnly, s)
	if err != nil {
		panic(err)
	}
	return t
}

func TestDays(t *testing.T) {
	for _, test := range []struct{ from, to, near, want string }{
		{"2020-01-20", "2020-01-20", "2020-01-21", "Mon 20 Jan"},
		{"2020-01-20", "2020-01-20", "", "Mon 20 Jan 2020"},
		{"2019-12-31", "2019-12-31", "2020-01-02", "Tue 31 Dec 2019"},
		{"2020-01-18", "2020-01-19", "2020-01-21", "18–19 Jan"},
		{"2020-01-30", "2020-02-02", "2020-02-03", "30 Jan–2 Feb"},
		{"2019-12-30", "2020-01-02", "2020-01-03", "30 Dec 2019–2 Jan 2020"},
		{"2020-01-01", "2020-01-31", "2020-01-21", "Jan 2020"},
		{"2020-01-01", "2020-01-01", "2020-01-21", "Wed 1 Jan"},
		{"2020-02-01", "2020-02-29", "2020-03-01", "Feb 2020"},
		{"2020-01-01", "2020-03-31", "2020-05-01", "Jan–Mar 2020"},
		{"2019-11-01", "2020-01-31", "2020-05-01", "Nov 2019–Jan 2020"},
		{"2019-01-01", "2019-12-31", "2020-05-01", "2019"},
		{"2010-01-01", "2019-12-31", "2020-05-01", "2010–2019"},
		{"2020-01-20", "2020-01-19", "2020-01-21", "Mon 20 Jan"}, // turned round: the start counts
	} {
		var near time.Time
		if test.near != "" {
			near = date(test.near)
		}
		if got := days(nlp.Dates{Start: date(test.from), End: date(test.to)}, near); got != test.want {
			t.Errorf("days(%s, %s) near %s = %q, want %q", test.from, test.to, test.near, got, test.want)
		}
	}
	if got := days(nlp.Dates{}, date("2020-01-21")); got != "" {
		t.Errorf("days of nothing = %q", got)
	}
}

func TestDated(t *testing.T) {
	const text = "Early yesterday they met, and yesterday they parted; in 2018, on 3 May and in May they did not."
	at := func(words string, dates ...string) factcheck.Date {
		i := strings.Index(text, words)
		d := factcheck.Date{Span: nlp.Span{Start: i, End: i + len(words)}}
		if len(dates) > 0 {
			d.Dates = nlp.Dates{Start: date(dates[0]), End: date(dates[len(dates)-1])}
		}
		return d
	}
	second := at("yesterday they parted", "2020-05-19")
	second.Span.End = second.Span.Start + len("yesterday")
	times := []factcheck.Date{
		at("Early yesterday", "2020-05-19"), second, at("in 2018", "2018-01-01", "2018-12-31"),
		at("on 3 May", "2020-05-03"), at("in May", "2020-05-01", "2020-05-31"), at("did not"),
	}
	show := func(runs []Run) string {
		return Block{Text: runs}.String()
	}
	whole := nlp.Span{Start: 0, End: len(text)}
	got := show(dated(text, text, []nlp.Span{whole}, times, date("2020-05-20")))
	const want = "Early yesterday [Tue 19 May] they met, and yesterday [Tue 19 May] they parted; in 2018, on 3 May and in May [May 2020] they did not."
	if got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
	// Of a shortened sentence only what is left is dated.
	part := nlp.Span{Start: strings.Index(text, "yesterday they parted"), End: strings.Index(text, ";")}
	if got, want := show(dated(part.Text(text), text, []nlp.Span{part}, times, date("2020-05-20"))), "yesterday [Tue 19 May] they parted"; got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}

// Advice names the days of a range as an editor would.
func TestReadableDays(t *testing.T) {
	for have, want := range map[string]string{
		"the log, 2020-01-20": "the log, 20 Jan 2020",
		"statement of Ivo Marsh, 2020-01-18/2020-01-19. Wrong": "statement of Ivo Marsh, 18–19 Jan 2020. Wrong",
		"figures for 2019-01-01/2019-12-31":                    "figures for 2019",
		"the minutes, 2020-01-01/2020-01-31":                   "the minutes, Jan 2020",
		"room 2020-99-01":                                      "room 2020-99-01",
	} {
		if got := readableDays(have); got != want {
			t.Errorf("%q became %q, want %q", have, got, want)
		}
	}
}
