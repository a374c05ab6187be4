package factcheck

import (
	"strings"
	"testing"
	"time"

	"onrecord/nlp"
	"onrecord/quote"
)

// TestClashes has what each check says, and what it must not say.
func TestClashes(t *testing.T) {
	day := time.Date(2026, 3, 4, 0, 0, 0, 0, time.UTC) // a Wednesday
	for _, c := range []struct {
		name, title, text string
		want              []string // the kind and words of the text
	}{
		{"sum of parts", "", "Nine people were on the ferry: five men and three women.", []string{`sum: “Nine people” and “five men and three women”: the parts make 8`}},
		{"sum that holds", "", "Eight people were on the ferry: five men and three women.", nil},
		{"more parts than people", "", "Six people were hurt, including eight children.", []string{`sum: “Six people” and “eight children”: the parts make 8`}},
		{"some of them", "", "Six people were hurt, including two children.", nil},
		{"at least", "", "At least six people were hurt, including eight children.", nil},
		{"not all are listed", "", "Nine people were hurt, among them two men and three women.", nil},
		{"total", "", "The council set aside $3.1 million for roads and $2.2 million for schools, for a total of $6.3 million.", []string{`sum: “$3.1 million for roads and $2.2 million” and the total “$6.3 million” do not agree`}},
		{"total rounded", "", "The council set aside $3.4 million for roads and $2.3 million for schools, for a total of $6 million.", nil},
		{"share", "", "Twelve of the 20 members, or 70 percent, voted for the plan.", []string{`share: “Twelve of the 20 members” is 60 percent, and the text has “70 percent”`}},
		{"share that holds", "", "Twelve of the 19 members, or 63 percent, voted for the plan.", nil},
		{"change", "", "Rents rose by 30 percent from 500 to 600 crowns.", []string{`share: “from 500 to 600 crowns” is a change of 20 percent, and the text has “30 percent”`}},
		{"change that holds", "", "Rents rose by 20 percent from 500 to 600 crowns.", nil},
		{"factor", "", "The number of wolves doubled from 110 to 480.", []string{`share: “doubled”, and “from 110 to 480” is a factor of 4.4`}},
		{"factor that holds", "", "The number of wolves doubled from 110 to 230.", nil},
		{"dead twice", "", "Twelve people were killed when a bus fell off the Orle bridge. Families of the 14 people killed were flown in.", []string{`number: “Twelve people” and “14 people” (dead)`}},
		{"dead twice the same", "", "Twelve people were killed when a bus fell off the Orle bridge. Families of the 12 people killed were flown in.", nil},
		{"two groups", "", "Twelve people were killed when a bus fell off the Orle bridge. Twelve people were hurt.", nil},
		{"another accident", "", "Twelve people were killed when a bus fell off the Orle bridge. Fourteen people were killed there last year.", nil},
		{"size of a body", "", "The 12-member council met on Monday. The 14-member council will vote in May.", []string{`number: “The 12-member council” and “The 14-member council”`}},
		{"size in words", "", "The 12-member council met on Monday. The twelve-member council will vote in May.", nil},
		{"two ages", "", "Ada Bell, 34, was elected mayor of Orle. The 36-year-old Bell has two sons.", []string{`age: Ada Bell is “Ada Bell, 34” and “36-year-old Bell”`}},
		{"two people", "", "Ada Bell, 34, was elected mayor of Orle. Her father Ian Bell, 66, has two sons.", nil},
		{"two ages", "", "Ada Bell, 34, was elected mayor of Orle. Bell, 36, has two sons.", []string{`age: Ada Bell is “Ada Bell, 34” and “Bell, 36”`}},
		{"age and birth", "", "Ada Bell, 34, was elected mayor of Orle. Bell was born in 1970 in Harrow.", []string{`age: Ada Bell is “Ada Bell, 34” and “Bell was born in 1970”, published in 2026`}},
		{"age and birth that hold", "", "Ada Bell, 34, was elected mayor of Orle. Bell was born in 1991 in Harrow.", nil},
		{"weekday", "", "The council met on Tuesday, March 4.", []string{`date: “Tuesday” and “March 4”: in 2026 that day was a Wednesday`}},
		{"weekday that holds", "", "The council met on Wednesday, March 4.", nil},
		{"weekday of a year", "", "The council met on Monday, 3 March 2025, and on Tuesday, 3 March 2025.", []string{`date: “Tuesday” and “3 March 2025”: in 2025 that day was a Monday`}},
		{"weekday far away", "", "The council will meet on Monday, September 4.", nil},
		{"no such day", "", "The lease ends on June 31.", []string{`date: “June 31”: no calendar has this day`}},
		{"years", "", "He led the union from 2015 to 2012.", []string{`date: the years “2015” and “2012” run backwards`}},
		{"headline", "Ten killed in Orle bus crash", "Twelve people were killed when a bus fell off the Orle bridge on Monday.", []string{`headline: the headline has “Ten”, the text “Twelve people” (dead)`}},
		{"headline that holds", "Twelve killed in Orle bus crash", "Twelve people were killed when a bus fell off the Orle bridge on Monday.", nil},
		{"headline and a woman", "Three killed in Orle bus crash", "Two men and a woman were killed when a bus fell off the Orle bridge on Monday.", nil},
		{"headline and at least", "Twelve killed in Orle bus crash", "At least ten people were killed when a bus fell off the Orle bridge on Monday.", nil},
	} {
		doc := nlp.Parse(c.text)
		var got []string
		for _, clash := range Clashes(doc, quote.Find(doc), c.title, day) {
			got = append(got, string(clash.Kind)+": "+clash.Text)
			if len(clash.Spans) == 0 {
				t.Errorf("%s: no spans", c.name)
			}
		}
		if strings.Join(got, "\n") != strings.Join(c.want, "\n") {
			t.Errorf("%s\ngot  %q\nwant %q", c.name, got, c.want)
		}
	}
}
