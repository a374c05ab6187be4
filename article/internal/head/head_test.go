package head

import (
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
)

// story goes after each head of the table; the story must begin at it.
const story = "The ferry between Port Lanner and the northern shore is to run again from Monday, its owners said.\n\n" +
	"It had stopped in August after a fire in the engine room, which nobody was hurt in."

func day(y int, m time.Month, d int) time.Time { return time.Date(y, m, d, 0, 0, 0, 0, time.UTC) }

func TestFind(t *testing.T) {
	published := day(2026, time.March, 6)
	tests := []struct {
		head string
		want Head // without Body
	}{
		// Lines of their own.
		{" date 2026-03-05 AP, PORT LANNER, Wexmoor\n\n", Head{Agency: "AP", Place: "PORT LANNER, Wexmoor", Date: day(2026, 3, 5)}},
		{"2026-03-05\n\n", Head{Date: day(2026, 3, 5)}},
		{"Thursday, March 5, 2026\n\n", Head{Date: day(2026, 3, 5)}},
		{"5 March 2026\n", Head{Date: day(2026, 3, 5)}},
		{"5th Mar. 2026 | 10:15 GMT\n\n", Head{Date: day(2026, 3, 5)}},
		{"05.03.2026\n\n", Head{Date: day(2026, 3, 5)}},
		{"25/03/2026\n\n", Head{Date: day(2026, 3, 25)}},
		{"3/25/2026\n\n", Head{Date: day(2026, 3, 25)}},
		{"3/4/2026\n\n", Head{}},
		{"Published: 2026-03-05T11:45:00+01:00\n\n", Head{Date: day(2026, 3, 5)}},
		{"Updated 3:04 PM ET, Thu March 5, 2026\n\n", Head{Date: day(2026, 3, 5)}},
		{"Updated 3:04 PM\n\n", Head{}},
		{"PORT LANNER (AP)\n\n", Head{Agency: "AP", Place: "PORT LANNER"}},
		{"Associated Press\n\n", Head{Agency: "AP"}},
		{"Reuters, LONDON, March 5\n\n", Head{Agency: "Reuters", Place: "LONDON", Date: day(2026, 3, 5)}},

		// Before the first sentence.
		{"PARIS (Reuters) - ", Head{Agency: "Reuters", Place: "PARIS"}},
		{"(CNN) -", Head{Agency: "CNN"}},
		{"(CNN) — ", Head{Agency: "CNN"}},
		{"(CNN)", Head{Agency: "CNN"}},
		{"(CNN) ", Head{Agency: "CNN"}},
		{"WASHINGTON, Jan 5 (AP) — ", Head{Agency: "AP", Place: "WASHINGTON", Date: day(2026, 1, 5)}},
		{"WASHINGTON, Dec. 31 (AP) -- ", Head{Agency: "AP", Place: "WASHINGTON", Date: day(2025, 12, 31)}},
		{"LONDON — ", Head{Place: "LONDON"}},
		{"LONDON – ", Head{Place: "LONDON"}},
		{"NEW YORK/LONDON, March 5 (Reuters) - ", Head{Agency: "Reuters", Place: "NEW YORK/LONDON", Date: day(2026, 3, 5)}},
		{"NEW DELHI, March 5 (PTI) ", Head{Agency: "PTI", Place: "NEW DELHI", Date: day(2026, 3, 5)}},
		{"ST. ORLO, N.Y., Feb. 26 (UPI) — ", Head{Agency: "UPI", Place: "ST. ORLO, N.Y.", Date: day(2026, 2, 26)}},
		{"Tarsk, Velonia (CNN)", Head{Agency: "CNN", Place: "Tarsk, Velonia"}},
		{"Tarsk (AFP) – ", Head{Agency: "AFP", Place: "Tarsk"}},
		{"SÃO LOURO, 5 March (EFE).- ", Head{Agency: "EFE", Place: "SÃO LOURO", Date: day(2026, 3, 5)}},
		{"RIO DE ARMAS (The Associated Press) — ", Head{Agency: "AP", Place: "RIO DE ARMAS"}},
		{"ABUJA (Daily Lantern) — ", Head{Agency: "Daily Lantern", Place: "ABUJA"}},
		{"McALDEN, Texas (AP) — ", Head{Agency: "AP", Place: "McALDEN, Texas"}},
		{"KYIV — ", Head{Place: "KYIV"}},

		// Headlines and bylines.
		{"Ferry runs again after seven months\n\n", Head{Title: "Ferry runs again after seven months"}},
		{"Will the ferry run again?\n\n", Head{Title: "Will the ferry run again?"}},
		{
			"Ferry runs again after seven months\n\nBy Mara Quill, Associated Press\nUpdated 3:04 PM ET, Thu March 5, 2026\n\nPORT LANNER, Wexmoor (AP) - ",
			Head{Title: "Ferry runs again after seven months", Byline: []string{"Mara Quill"}, Agency: "AP", Place: "PORT LANNER, Wexmoor", Date: day(2026, 3, 5)},
		},
		{"By Mara Quill and Tom van Ashe\n\n", Head{Byline: []string{"Mara Quill", "Tom van Ashe"}}},
		{"By Our Correspondent\n\nPORT LANNER, Wexmoor (AP) - ", Head{Agency: "AP", Place: "PORT LANNER, Wexmoor"}},
		{"By a staff reporter\n\n", Head{}},
		{"By M. J. Quill, Staff Writer\n\n", Head{Byline: []string{"M. J. Quill"}}},
		{"Mara Quill, Reuters\n\n", Head{Byline: []string{"Mara Quill"}, Agency: "Reuters"}},
		{"Ferry runs again\nBy Mara Quill\n", Head{Title: "Ferry runs again", Byline: []string{"Mara Quill"}}},
		{"March 5, 2026\n\nFerry runs again after seven months\n\n", Head{Title: "Ferry runs again after seven months", Date: day(2026, 3, 5)}},

		// Mastheads and lines of credits.
		{"Tarn Observer, 5 March 2026\n\n", Head{Publisher: "Tarn Observer", Date: day(2026, 3, 5)}},
		{"Ferry runs again\nBy Mara Quill\nThe Tarn Courier, March 5, 2026\n\nPORT LANNER - ", Head{Title: "Ferry runs again", Byline: []string{"Mara Quill"}, Publisher: "The Tarn Courier", Place: "PORT LANNER", Date: day(2026, 3, 5)}},
		{"The Tarn Observer | 5 March 2026\n\nFerry runs again\n\n", Head{Title: "Ferry runs again", Publisher: "The Tarn Observer", Date: day(2026, 3, 5)}},
		{"Ferry runs again\n\nBy Ana Ruiz | 5 March 2026 | 10:15\n\n", Head{Title: "Ferry runs again", Byline: []string{"Ana Ruiz"}, Date: day(2026, 3, 5)}},
		{"By Ana Ruiz, Science Reporter. The Tarn Observer, 5 March 2026\n\n", Head{Byline: []string{"Ana Ruiz"}, Publisher: "The Tarn Observer", Date: day(2026, 3, 5)}},
		{"By Ana Ruiz and J. T. Ashe · Published 5 March 2026 at 10:15 GMT\n\n", Head{Byline: []string{"Ana Ruiz", "J. T. Ashe"}, Date: day(2026, 3, 5)}},
		{"By ANA RUIZ, Lantern Wire\n\n", Head{Byline: []string{"ANA RUIZ"}, Publisher: "Lantern Wire"}},
		{"Published 5 March 2026\n\n", Head{Date: day(2026, 3, 5)}},
		{"Updated 5:04 p.m. EST, Jan. 3, 2026\n\n", Head{Date: day(2026, 1, 3)}},
		{"Ferry runs again\n\nBy Ana Ruiz\nBy Tom Ashe\n\nPARIS (Reuters) - ", Head{Title: "Ferry runs again", Byline: []string{"Ana Ruiz", "Tom Ashe"}, Agency: "Reuters", Place: "PARIS"}},
		{"date 2026-03-05 Lantern Wire, PORT LANNER, Wexmoor\n\n", Head{Agency: "Lantern Wire", Place: "PORT LANNER, Wexmoor", Date: day(2026, 3, 5)}},

		// What press offices write above.
		{"FOR IMMEDIATE RELEASE\n\nFerry runs again after seven months\n\nPORT LANNER, Wexmoor, March 5, 2026 — ", Head{Title: "Ferry runs again after seven months", Place: "PORT LANNER, Wexmoor", Date: day(2026, 3, 5)}},
		{"Press release\nEmbargoed until 09:00 GMT, 5 March 2026\n\nFerry runs again after seven months\n\n", Head{Title: "Ferry runs again after seven months", Date: day(2026, 3, 5)}},
		{"*** FOR IMMEDIATE RELEASE: March 5, 2026 ***\n\n", Head{Date: day(2026, 3, 5)}},
		{"PORT LANNER, Wexmoor, March 5, 2026 /PRNewswire/ -- ", Head{Agency: "PRNewswire", Place: "PORT LANNER, Wexmoor", Date: day(2026, 3, 5)}},
		{"PORT LANNER, Wexmoor--(BUSINESS WIRE)--", Head{Agency: "BUSINESS WIRE", Place: "PORT LANNER, Wexmoor"}},
		{"\ufeffPARIS (Reuters) - ", Head{Agency: "Reuters", Place: "PARIS"}},
		{"Ferry runs again\r\n\r\nPARIS (Reuters) - ", Head{Title: "Ferry runs again", Agency: "Reuters", Place: "PARIS"}},
	}
	for _, tt := range tests {
		text := tt.head + story
		got := Find(text, Known{Date: published, Plain: true})
		if text[got.Body:] != story {
			t.Errorf("%q: story begins at %.40q", tt.head, text[got.Body:])
		}
		got.Body = 0
		if d := cmp.Diff(got, tt.want); d != "" {
			t.Errorf("%q: got -, want +\n%s", tt.head, d)
		}
	}
}

// A standfirst may end with the credits, and still belongs to the story.
func TestStandfirst(t *testing.T) {
	const first = "The owner on fires and fares. By Ned Ashe. Tarn Review, 5 March 2026\n\n"
	text := "Ferry runs again\n\n" + first + story
	got := Find(text, Known{Plain: true})
	want := Head{Title: "Ferry runs again", Byline: []string{"Ned Ashe"}, Publisher: "Tarn Review", Date: day(2026, 3, 5), Body: strings.Index(text, first)}
	if d := cmp.Diff(got, want); d != "" {
		t.Errorf("got -, want +\n%s", d)
	}
}

// What looks like a head and is the story.
func TestFindNothing(t *testing.T) {
	for _, text := range []string{
		"The Associated Press (AP) reported that the ferry runs again.",
		"Cable News Network (CNN) President Lena Holm said the ferry runs again. It had stopped.",
		"The Harbour Safety Board (HSB) has asked for a report. Nobody had seen one.",
		"NATO — the alliance — wants a ferry. It has none.",
		"UPDATE — The ferry runs again. It had stopped in August.",
		"BREAKING: The ferry runs again. It had stopped in August.",
		"QUILL: I never saw that ferry.\n\nASHE: You did. You were on it.",
		"The man -- he gave no name -- left. Nobody followed him.",
		"Lanner - the port - is closed. It was open before.",
		"By Tuesday, the river had risen by two metres.\n\nIt fell again on Friday.",
		"By Tuesday\n\nthe river had risen. It fell again on Friday, to the joy of all who live there.",
		"On March 5, 2026, the ferry stopped. It runs again.",
		"March 5 was the day on which the ferry stopped. It runs again.",
		"\"The ferry runs again,\" Quill said.\n\nShe was glad of it.",
		"2026 was a good year for ferries. They ran again.",
		"The Tarn Observer, which broke the story, stands by it.\n\nNobody else does.",
		"Mara Quill, 5 March 2026, on the pier. It was cold.\n\nShe waited.",
		"The owner spoke of fires. By Tuesday he had said more.\n\nHe was glad.",
		"PARIS (Reuters) - ",
		"LONDON —",
		"2026-03-05",
		"FOR IMMEDIATE RELEASE",
		"Embargo on ferries lifted. They run again.\n\nNobody had asked for it.",
		"Ferry runs again after seven months",
	} {
		got := Find(text, Known{Plain: true})
		if d := cmp.Diff(got, Head{}); d != "" {
			t.Errorf("%q: got -, want nothing\n%s", text, d)
		}
	}
}

// A headline that the source knows is one however it looks, and where the
// source knows better no first line is guessed to be one.
func TestKnownTitle(t *testing.T) {
	text := "Ferry runs again.\n\n" + story
	if got := Find(text, Known{Title: "FERRY runs again"}); text[got.Body:] != story || got.Title != "Ferry runs again." {
		t.Errorf("got %+v", got)
	}
	text = "Ferry runs again\n\n" + story
	if got := Find(text, Known{Title: "Something else"}); got.Body != 0 {
		t.Errorf("got %+v", got)
	}
}

func FuzzDateline(f *testing.F) {
	for _, s := range []string{
		"date 2026-03-05 AP, PORT LANNER, Wexmoor\n\nThe ferry runs. It does.",
		"PARIS, Jan. 5 (Reuters) - The ferry",
		"(CNN)The ferry", "LONDON — The", "By A. Quill, Associated Press\nUpdated 3:04 p.m. ET\nX", "Title\n\nBody. Text. ",
		"Tarn Observer, 5 March 2026\n\nThe ferry runs.", "On dams. By A. B. Ashe, Reporter. Tarn Review, 2 November 2025\nX",
		"\xff\xfe", "St. ’—(", "5th Mar. 2026 | 10:15 GMT\nX", "Published: 2026-03-05T11:45:00Z",
	} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		h := Find(text, Known{Date: day(2026, 3, 6), Plain: true})
		if h.Body < 0 || h.Body > len(text) {
			t.Fatalf("body at %d of %d", h.Body, len(text))
		}
		if utf8.ValidString(text) && !utf8.ValidString(text[h.Body:]) {
			t.Fatalf("body begins inside a character: %d", h.Body)
		}
		if strings.TrimSpace(text) != "" && strings.TrimSpace(text[h.Body:]) == "" {
			t.Fatal("nothing left of the story")
		}
		for _, s := range append(h.Byline, h.Title, h.Place, h.Publisher) {
			for w := range strings.FieldsSeq(s) {
				if !strings.Contains(text, w) {
					t.Fatalf("%q is not in the text", w)
				}
			}
		}
	})
}

// A transcript begins with its first turn.
func TestFindLeavesTurnsAlone(t *testing.T) {
	const more = "IDA KROON: Two surveyors, in 1962. They walked the ridge for a whole summer.\n\n"
	for _, text := range []string{
		"MODERATOR: Who drew the map of the old tunnel?\n\n" + more + "MODERATOR: Are they alive?\n\n" + more,
		"SEN. IDA KROON (D-Vale): Who drew the map?\n\n" + more + "SEN. IDA KROON (D-Vale): Are they alive?\n\n" + more,
		"[00:00:04] MODERATOR: Who drew the map?\n\n[00:00:09] " + more + "[00:00:20] MODERATOR: Are they alive?\n\n" + more,
		"Q. Who drew the map of the old tunnel?\n\nA. Two surveyors, in 1962.\n\nQ. Are they alive?\n\n" + more,
	} {
		if got := Find(text, Known{Plain: true}); got.Title != "" || got.Place != "" || got.Body != 0 {
			t.Errorf("%q: title %q, place %q, body %d", text[:20], got.Title, got.Place, got.Body)
		}
	}
	// A name before a colon that never comes again is a headline.
	headline := "Ida Kroon: The tunnel was never safe"
	if got := Find(headline+"\n\n"+story, Known{Plain: true}); got.Title != headline {
		t.Errorf("title %q, want %q", got.Title, headline)
	}
}
