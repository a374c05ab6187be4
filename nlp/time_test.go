package nlp

import (
	"testing"
	"time"
)

// Stories of these tests appear on Tuesday, 21 January 2020, unless they say
// otherwise.
var tuesday = time.Date(2020, 1, 21, 9, 30, 0, 0, time.UTC)

func TestTimes(t *testing.T) {
	for _, c := range timeCases {
		d := Parse(c.text)
		var got []string
		for _, x := range d.Times {
			s := x.Text(d.Text) + " = "
			if dates, ok := x.Resolve(tuesday); !ok {
				s += "open"
			} else {
				s += dates.Start.Format(time.DateOnly)
				if !dates.End.Equal(dates.Start) {
					s += "/" + dates.End.Format(time.DateOnly)
				}
			}
			got = append(got, s)
		}
		if len(got) != len(c.want) {
			t.Errorf("%s\n got %q\nwant %q", c.text, got, c.want)
			continue
		}
		for i := range got {
			if got[i] != c.want[i] {
				t.Errorf("%s\n got %s\nwant %s", c.text, got[i], c.want[i])
			}
		}
	}
}

var timeCases = []struct {
	text string
	want []string
}{
	// Days.
	{"Ana Pereira laid out the plan on Sunday night to her neighbours.", []string{"Sunday night = 2020-01-19"}},
	{"The council said on Sunday that the road would stay closed.", []string{"on Sunday = 2020-01-19"}},
	{"More than 300 people were preparing to march early yesterday across the dam.", []string{"early yesterday = 2020-01-20"}},
	{"Pereira, the baker leading yesterday’s charge, said he would not give up.", []string{"yesterday = 2020-01-20"}},
	{"Over the weekend, guards shut the gate.", []string{"Over the weekend = 2020-01-18/2020-01-19"}},
	{"The town declared its efforts over the weekend a success.", []string{"over the weekend = 2020-01-18/2020-01-19"}},
	{"Lavenia has stepped up controls in recent months.", []string{"in recent months = open"}},
	{"The minister resigned on Monday.", []string{"on Monday = 2020-01-20"}},
	{"The minister resigned last Friday.", []string{"last Friday = 2020-01-17"}},
	{"Voters will choose a mayor next Tuesday.", []string{"next Tuesday = 2020-01-28"}},
	{"The minister resigned on Tuesday.", []string{"on Tuesday = 2020-01-21"}},
	{"The court ruled Tuesday that the dam is unsafe.", []string{"Tuesday = 2020-01-21"}},
	{"The court will rule on Thursday.", []string{"on Thursday = 2020-01-23"}},
	{"The court ruled on Thursday.", []string{"on Thursday = 2020-01-16"}},
	{"The trial is scheduled to begin on Friday.", []string{"on Friday = 2020-01-24"}},
	{"Pereira plans to fly home on Saturday.", []string{"on Saturday = 2020-01-25"}},
	{"The bridge is due to open on Wednesday.", []string{"on Wednesday = 2020-01-22"}},
	{"She arrived late Monday and left early Tuesday.", []string{"late Monday = 2020-01-20", "early Tuesday = 2020-01-21"}},
	{"The shop burned down last night.", []string{"last night = 2020-01-20"}},
	{"Snow will fall tonight.", []string{"tonight = 2020-01-21"}},
	{"The council meets tomorrow.", []string{"tomorrow = 2020-01-22"}},
	{"Police found the car this morning.", []string{"this morning = 2020-01-21"}},
	{"They met the day before yesterday.", []string{"the day before yesterday = 2020-01-19"}},
	{"The talks ended Monday morning.", []string{"Monday morning = 2020-01-20"}},
	{"The vote took place on Sunday, Jan. 19.", []string{"on Sunday, Jan. 19 = 2020-01-19"}},
	{"Doors open at 3 p.m. Sunday.", []string{"at 3 p.m. Sunday = 2020-01-19"}},
	{"The siren sounded at noon.", []string{"at noon = open"}},
	{"The twins were born three days ago.", []string{"three days ago = 2020-01-18"}},
	{"The strike began this week.", []string{"this week = 2020-01-20/2020-01-26"}},
	// Weekends and weeks.
	{"The club won last weekend.", []string{"last weekend = 2020-01-18/2020-01-19"}},
	{"The club will play this weekend.", []string{"this weekend = 2020-01-25/2020-01-26"}},
	{"Prices fell last week.", []string{"last week = 2020-01-13/2020-01-19"}},
	{"The strike will begin next week.", []string{"next week = 2020-01-27/2020-02-02"}},
	{"The strike began earlier this week.", []string{"earlier this week = 2020-01-20/2020-01-21"}},
	{"She will travel later this month.", []string{"later this month = 2020-01-21/2020-01-31"}},
	// Months.
	{"The factory closed in March.", []string{"in March = 2019-03-01/2019-03-31"}},
	{"The factory will close in March.", []string{"in March = 2020-03-01/2020-03-31"}},
	{"The factory closed last month.", []string{"last month = 2019-12-01/2019-12-31"}},
	{"The factory will close next month.", []string{"next month = 2020-02-01/2020-02-29"}},
	{"The factory closed last March.", []string{"last March = 2019-03-01/2019-03-31"}},
	{"Sales have risen since March.", []string{"since March = 2019-03-01/2020-01-21"}},
	{"The law was passed in May 2018.", []string{"in May 2018 = 2018-05-01/2018-05-31"}},
	{"In early January, the river rose.", []string{"In early January = 2020-01-01/2020-01-31"}},
	{"It happened in mid-December.", []string{"in mid-December = 2019-12-01/2019-12-31"}},
	// Dates.
	{"He was arrested on March 3.", []string{"on March 3 = 2019-03-03"}},
	{"The hearing will be held on March 3.", []string{"on March 3 = 2020-03-03"}},
	{"The treaty was signed on 3 March 2019.", []string{"on 3 March 2019 = 2019-03-03"}},
	{"The treaty was signed on March 3, 2019, in Orlava.", []string{"on March 3, 2019 = 2019-03-03"}},
	{"The treaty was signed on the 3rd of March.", []string{"on the 3rd of March = 2019-03-03"}},
	{"The report is dated 2019-03-03.", []string{"2019-03-03 = 2019-03-03"}},
	{"The report is dated 24/12/2019.", []string{"24/12/2019 = 2019-12-24"}},
	{"The report is dated 12/24/2019.", []string{"12/24/2019 = 2019-12-24"}},
	{"The report is dated 03/04/2019.", []string{"03/04/2019 = open"}},
	{"The fair ran from March 3 to March 5, 2019.", []string{"from March 3 to March 5, 2019 = 2019-03-03/2019-03-05"}},
	{"The fair ran March 3-5, 2019.", []string{"March 3-5, 2019 = 2019-03-03/2019-03-05"}},
	{"He was released on Dec. 30.", []string{"on Dec. 30 = 2019-12-30"}},
	// Years, decades, quarters.
	{"The factory opened in 2019.", []string{"in 2019 = 2019-01-01/2019-12-31"}},
	{"The party lost the 2016 election.", []string{"2016 = 2016-01-01/2016-12-31"}},
	{"Crime fell between 2015 and 2018.", []string{"between 2015 and 2018 = 2015-01-01/2018-12-31"}},
	{"She led the bank from 2015 to 2018.", []string{"from 2015 to 2018 = 2015-01-01/2018-12-31"}},
	{"The town grew in the 1990s.", []string{"in the 1990s = 1990-01-01/1999-12-31"}},
	{"The town grew in the late 1980s.", []string{"in the late 1980s = 1980-01-01/1989-12-31"}},
	{"The church dates from the 19th century.", []string{"the 19th century = 1801-01-01/1900-12-31"}},
	{"Profits rose last year.", []string{"last year = 2019-01-01/2019-12-31"}},
	{"Taxes will rise next year.", []string{"next year = 2021-01-01/2021-12-31"}},
	{"Taxes have risen this year.", []string{"this year = 2020-01-01/2020-12-31"}},
	{"Output shrank in the fourth quarter of 2019.", []string{"in the fourth quarter of 2019 = 2019-10-01/2019-12-31"}},
	{"Output shrank in the third quarter.", []string{"in the third quarter = 2019-07-01/2019-09-30"}},
	{"Output shrank in the first half of 2019.", []string{"in the first half of 2019 = 2019-01-01/2019-06-30"}},
	{"Output shrank last quarter.", []string{"last quarter = 2019-10-01/2019-12-31"}},
	{"The war ended in 1918 and the next began in 1939.", []string{"in 1918 = 1918-01-01/1918-12-31", "in 1939 = 1939-01-01/1939-12-31"}},
	// Counted back.
	{"The ship sank three days ago.", []string{"three days ago = 2020-01-18"}},
	{"The ship sank two months ago.", []string{"two months ago = 2019-11-01/2019-11-30"}},
	{"The ship sank five years ago.", []string{"five years ago = 2015-01-01/2015-12-31"}},
	{"The ship sank a year ago.", []string{"a year ago = 2019-01-01/2019-12-31"}},
	{"The ship had sunk two years earlier.", []string{"two years earlier = open"}},
	{"Several years ago the ship sank.", []string{"Several years ago = open"}},
	{"Rents have doubled over the past three years.", []string{"over the past three years = 2017-01-21/2020-01-21"}},
	{"Rents doubled in the past year.", []string{"in the past year = 2019-01-21/2020-01-21"}},
	{"He was freed the following day.", []string{"the following day = open"}},
	// Feasts.
	{"The shop was shut on Christmas Eve.", []string{"on Christmas Eve = 2019-12-24"}},
	{"She died at Easter.", []string{"at Easter = 2019-04-21"}},
	{"The parade will take place on Good Friday.", []string{"on Good Friday = 2020-04-10"}},
	{"Stores were full on Black Friday.", []string{"on Black Friday = 2019-11-29"}},
	// Not times.
	{"The plan may fail.", nil},
	{"Ms May said the deal was off.", nil},
	{"Theresa Mayburn and Ana May met in Orlava.", nil},
	{"It was his second try.", nil},
	{"She told the Sunday Times that she would resign.", nil},
	{"Thousands joined the Women's March in Orlava.", nil},
	{"They will march to the square.", nil},
	{"The crew of Flight 370 was never found.", nil},
	{"April Jensen runs the shop.", nil},
	{"He ran for a second.", nil},
	{"The firm sold 2019 cars.", nil},
}
