package checklist_test

import (
	"encoding/csv"
	"encoding/json"
	"errors"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"onrecord/article"
	"onrecord/brief"
	"onrecord/checklist"
	"onrecord/checklist/checktest"
)

func TestMemory(t *testing.T) {
	checktest.Store(t, func(*testing.T) checklist.Store { return &checklist.Memory{} })
}

const link = "https://news.example/budget?utm_source=feed"

var (
	desk = checklist.Place{Platform: "slack", Workspace: "T1"}
	noon = time.Date(2026, 3, 4, 12, 0, 0, 0, time.UTC)
)

// budget is the briefing of a sample article, with more text after it.
func budget(t *testing.T, after string) *brief.Briefing {
	t.Helper()
	data, err := os.ReadFile("../testdata/articles/council-budget.txt")
	if err != nil {
		t.Fatal(err)
	}
	var r article.Reader
	defer r.Close()
	src := article.FromText(string(data) + after)
	src.Title, src.Date = "The <budget>", noon
	a, err := r.Read(t.Context(), src)
	if err != nil {
		t.Fatal(err)
	}
	a.Publisher, a.Byline = "The Gazette", []string{"Ida Crane"}
	return &brief.Briefing{Article: a, Analysis: brief.Analyse(a)}
}

func TestMarksStayWithTheWordsOfAClaim(t *testing.T) {
	list := checklist.List{Store: &checklist.Memory{}}
	b := budget(t, "")
	sheet, err := list.Of(t.Context(), desk, b, link)
	if err != nil || len(sheet.Rows) < 3 {
		t.Fatalf("%d claims, %v", len(sheet.Rows), err)
	}
	if _, ok := sheet.Rows[0].Now(); ok {
		t.Error("a claim that nobody touched is not open")
	}
	words := sheet.Rows[1].Words
	taken := checklist.Mark{State: checklist.Taken, Member: "U1", Name: "Ann", At: noon}
	if kept, err := list.Mark(t.Context(), desk, b, link, 2, taken); !kept || err != nil {
		t.Fatalf("%v, %v", kept, err)
	}
	checked := checklist.Mark{State: checklist.Checked, Rating: checklist.MostlyRight, Note: " the report\nsays 11 ", Link: "https://report.example/1", Member: "U2", Name: "Ben", At: noon.Add(time.Hour)}
	if _, err := list.Mark(t.Context(), desk, b, link, 2, checked); err != nil {
		t.Fatal(err)
	}
	for _, rank := range []int{0, -1, len(sheet.Rows) + 1} {
		var none *checklist.ErrNoClaim
		if _, err := list.Mark(t.Context(), desk, b, link, rank, taken); !errors.As(err, &none) {
			t.Errorf("claim %d: %v", rank, err)
		}
	}
	for _, bad := range []string{"javascript:alert(1)", "nowhere", "https://", "file:///etc/passwd", "https://x.example/" + strings.Repeat("x", 1000)} {
		m := checked
		m.Link = bad
		if _, err := list.Mark(t.Context(), desk, b, link, 1, m); !errors.As(err, new(checklist.ErrLink)) {
			t.Errorf("the link %.40q: %v", bad, err)
		}
	}

	// Read again with more in it, under another form of its address: the
	// numbers may have changed, the marks are where they were.
	again := budget(t, "\n\n“We lost 400 lamps and 12 million crowns in one night,” said Mayor Ines Falk on Monday.\n")
	sheet, err = list.Of(t.Context(), desk, again, "https://news.example/budget")
	if err != nil {
		t.Fatal(err)
	}
	i := slices.IndexFunc(sheet.Rows, func(r checklist.Row) bool { return r.Words == words })
	if i < 0 || len(sheet.Rows[i].Marks) != 2 {
		t.Fatalf("claim %d has not its marks", i)
	}
	row := &sheet.Rows[i]
	if now, _ := row.Now(); now.Line(time.UTC, true) != "checked by Ben on 4 Mar 2026 13:00 UTC: mostly right · the report says 11" || now.Line(nil, false) != "checked on 4 Mar 2026 13:00 UTC" {
		t.Errorf("it is %q", now.Line(time.UTC, true))
	}
	if sheet.Of(checklist.Checked) != 1 || sheet.Of(checklist.Taken) != 0 {
		t.Error("the counts are wrong")
	}

	// Without these words the marks are kept, and said to be of what is gone.
	other := checklist.NewSheet(&brief.Briefing{Article: &article.Article{}, Analysis: &brief.Analysis{}}, link, row.Marks)
	if len(other.Gone) != 1 || other.Gone[0].Words != words || len(other.Gone[0].Marks) != 2 {
		t.Errorf("gone: %+v", other.Gone)
	}

	if err := list.Open(t.Context(), desk, b, link, 2); err != nil {
		t.Fatal(err)
	}
	if sheet, _ := list.Of(t.Context(), desk, b, link); sheet.Of(checklist.Checked) != 0 {
		t.Error("it is not open again")
	}
}

// What is private is kept a day.
func TestPrivateMarksEnd(t *testing.T) {
	list := checklist.List{Store: &checklist.Memory{}}
	b := budget(t, "")
	alone := checklist.Place{Platform: "slack", Workspace: "T1", Channel: "D1"}
	for hours, want := range map[int]int{-23: 1, -25: 0} {
		m := checklist.Mark{State: checklist.Checked, Member: "U1", At: time.Now().Add(time.Duration(hours) * time.Hour)}
		if _, err := list.Mark(t.Context(), alone, b, "", 1, m); err != nil {
			t.Fatal(err)
		}
		if sheet, err := list.Of(t.Context(), alone, b, ""); err != nil || sheet.Of(checklist.Checked) != want {
			t.Errorf("after %d hours: %d marks, want %d", -hours, sheet.Of(checklist.Checked), want)
		}
	}
}

func TestExports(t *testing.T) {
	b := budget(t, "")
	sheet := checklist.NewSheet(b, link, nil)
	sheet.Rows[0].Marks = []checklist.Mark{
		{State: checklist.Taken, Name: "=HYPERLINK(1)", At: noon},
		{State: checklist.Checked, Name: "Ben", At: noon.Add(time.Minute), Rating: checklist.Wrong, Note: "a \"note\", with\nlines", Link: "https://report.example/1"},
	}
	sheet.Rows[0].Judged = []checklist.Mark{{State: checklist.Rejected, Name: "Ann", At: noon, Review: "https://check.example/1"}}
	data, err := sheet.JSON()
	if err != nil {
		t.Fatal(err)
	}
	var o checklist.Object
	if err := json.Unmarshal(data, &o); err != nil {
		t.Fatal(err)
	}
	first := o.Claims[0]
	if first.Number != 1 || first.State != "checked" || first.Rating != "wrong" || len(first.Marks) != 2 || first.Reviews[0].Review == "" || first.Marks[1].At != "2026-03-04T12:01:00Z" {
		t.Errorf("the first claim is %+v", first)
	}
	if o.Claims[1].State != "open" || len(o.Claims) != len(sheet.Rows) || strings.Contains(string(data), "null") {
		t.Errorf("the second claim is %+v", o.Claims[1])
	}
	rows, err := csv.NewReader(strings.NewReader(string(sheet.CSV()))).ReadAll()
	if err != nil || len(rows) != 1+3+len(sheet.Rows)-1 {
		t.Fatalf("%d rows, %v", len(rows), err)
	}
	if rows[2][5] != "'=HYPERLINK(1)" || rows[3][8] != "a \"note\", with\nlines" || rows[4][4] != "open" {
		t.Errorf("the table is %q", rows[:5])
	}
}
