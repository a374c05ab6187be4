package nlp

import (
	"fmt"
	"strings"
	"testing"
)

func describeNumber(d *Document, n Number) string {
	s := n.Text(d.Text) + " = " + n.Bound + fmt.Sprint(n.Value)
	if n.To != 0 {
		s += "-" + fmt.Sprint(n.To)
	}
	s += n.Unit
	if n.Vague {
		s += " vague"
	}
	if !n.Of.Empty() {
		s += " of " + n.Of.Text(d.Text)
	}
	return s
}

func TestNumbers(t *testing.T) {
	for _, c := range []struct{ text, want string }{
		{"More than 1,000 young fishermen were preparing to sail.", "More than 1,000 young fishermen = >1000 of young fishermen"},
		{"As hundreds of farmers pressed forward, the gate fell.", "hundreds of farmers = 100 vague of farmers"},
		{"Around her, hundreds of farmers shouted.", "hundreds of farmers = 100 vague of farmers"},
		{"Critics say that half the Lavenian population is poor and millions are unemployed.", "half the Lavenian population = 0.5 of the Lavenian population | millions = 1e+06 vague"},
		{"Pereira is making a second try at reaching the summit.", "a second try = 2 of try"},
		{"Three people died and twenty-five were hurt.", "Three people = 3 of people | twenty-five = 25"},
		{"About 40 percent of voters stayed home.", "About 40 percent of voters = ~40% of voters"},
		{"Rents rose 3.5% in a year.", "3.5% = 3.5%"},
		{"The bank lost $3.2 million in fees.", "$3.2 million in fees = 3.2e+06USD of fees"},
		{"The bridge cost £5bn.", "£5bn = 5e+09GBP"},
		{"It cost 20 million euros.", "20 million euros = 2e+07EUR"},
		{"Two-thirds of the members voted.", "Two-thirds of the members = 0.6666666666666666 of the members"},
		{"A third of the houses were empty.", "A third of the houses = 0.3333333333333333 of the houses"},
		{"A dozen boats sank.", "A dozen boats = 12 of boats"},
		{"Dozens of boats sank.", "Dozens of boats = 12 vague of boats"},
		{"Tens of thousands of people fled.", "Tens of thousands of people = 10000 vague of people"},
		{"At least 12 people were hurt.", "At least 12 people = >12 of people"},
		{"Up to 300 workers will lose their jobs.", "Up to 300 workers = <300 of workers"},
		{"Fewer than 50 wolves remain.", "Fewer than 50 wolves = <50 of wolves"},
		{"Nearly two hundred and fifty thousand people live there.", "Nearly two hundred and fifty thousand people = ~250000 of people"},
		{"The plant needs 10 to 15 engineers.", "10 to 15 engineers = 10-15 of engineers"},
		{"One in five children is hungry.", "One in five children = 0.2 of children"},
		{"The firm has 2.5 million users.", "2.5 million users = 2.5e+06 of users"},
		{"The firm had 60k customers.", "60k customers = 60000 of customers"},
		{"A 12-member panel will decide.", "12-member = 12 of member"},
		{"Half a million people marched.", "Half a million people = 500000 of people"},
		{"He won his third term.", "his third term = 3 of term"},
		{"Some 30 members of the union left.", "Some 30 members of the union = ~30 of members of the union"},
		{"Turnout fell by 4 percentage points.", "4 percentage points = 4pp"},
		// No numbers.
		{"Flight 370 vanished over the sea.", ""},
		{"They drove along Route 66 to the coast.", ""},
		{"Ana Pereira, 34, said so.", ""},
		{"Call 555-0199 for details.", ""},
		{"It happened in 2019.", ""},
		{"The meeting began at 5:30.", ""},
		{"One does not simply walk in.", ""},
		{"The home side won 3-1.", ""},
	} {
		d := Parse(c.text)
		var got []string
		for _, n := range d.Numbers {
			got = append(got, describeNumber(d, n))
		}
		if s := strings.Join(got, " | "); s != c.want {
			t.Errorf("%s\n got %s\nwant %s", c.text, s, c.want)
		}
	}
}
