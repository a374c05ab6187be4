package claimreview

import (
	"go/ast"
	"go/parser"
	gotoken "go/token"
	"strconv"
	"testing"

	"onrecord/factcheck"
)

// A check reads like the claim but is about something else: one word is the
// difference. And paraphrases that make the same claim.
func TestGuards(t *testing.T) {
	x := New(invented)
	seen := map[string]bool{}
	for _, test := range []struct{ asked, claim, against string }{
		// The same claim.
		{"Mayor Dora Pell sold the Vellmar harbour in 2019.", "Dora Pell sold the harbour of Vellmar in 2019.", ""},
		{"Pell sold the harbour to a bank.", "Mayor Dora Pell sold the harbour to a bank.", ""},
		{"She sold the harbour of Vellmar to a bank.", "Dora Pell sold the harbour of Vellmar to a bank.", ""},
		{"About 1,200 ferries were cancelled in Harrow last year.", "1,190 ferries were cancelled in Harrow.", ""},
		{"Ferries cost almost $2 billion.", "The ferries cost $1.9 billion.", ""},
		{"Taxes in Vellmar rose by 3.5 percent.", "Taxes in Vellmar rose 3.5%.", ""},
		{"Twelve percent of the pupils in Harrow have no school.", "12 percent of pupils in Harrow have no school.", ""},
		{"Dora Pell did not sell the harbour.", "Dora Pell didn't sell the harbour.", ""},
		{"On 21 August 2019 Dora Pell sold the harbour.", "Dora Pell sold the harbour in 2019.", ""},

		// Another number.
		{"Taxes in Vellmar rose by 9 percent.", "Taxes in Vellmar rose by 3.5 percent.", otherNumber},
		{"The ferries cost $1.9 billion.", "The ferries cost $1.9 million.", otherNumber},
		{"Three ferries sank off Harrow.", "Five ferries sank off Harrow.", otherNumber},
		{"12 percent of pupils in Harrow have no school.", "13 percent of pupils in Harrow have no school.", otherNumber},

		// Another year.
		{"Dora Pell sold the harbour in 2017.", "Dora Pell sold the harbour in 2019.", otherYear},
		{"Dora Pell sold the harbour in 2029.", "Dora Pell sold the harbour.", otherYear},

		// Another name or place.
		{"Mayor Tom Varga sold the harbour.", "Mayor Dora Pell sold the harbour.", otherName},
		{"Taxes in Harrow rose by 9 percent.", "Taxes in Vellmar rose by 9 percent.", otherName},
		{"Tom Varga of Vellmar sold the harbour.", "Dora Pell of Vellmar sold the harbour.", otherName},

		// The opposite.
		{"Dora Pell did not sell the harbour.", "Dora Pell sold the harbour.", otherPolarity},
		{"Dora Pell sold the harbour.", "Dora Pell never sold the harbour.", otherPolarity},
		{"Taxes in Vellmar fell by 9 percent.", "Taxes in Vellmar rose by 9 percent.", otherPolarity},
		{"Crime in Vellmar is at the lowest level.", "Crime in Vellmar is at the highest level.", otherPolarity},
	} {
		seen[test.against] = true
		r := factcheck.Review{Claim: test.claim, Title: "What Tom Varga says", Claimant: "Tom Varga", Date: day("2019-12-01")}
		if got := x.guard(x.statement(test.asked), x.statement(test.claim), &r); got != test.against {
			t.Errorf("%q against %q: %q, want %q", test.asked, test.claim, got, test.against)
		}
	}

	// In a small collection two texts must share most of their words.
	for _, j := range x.Judge(Query{Text: "Dora Pell has sold her old car, a harbour crane and two goats to a neighbour."}) {
		seen[j.Against] = true
	}
	f, err := parser.ParseFile(gotoken.NewFileSet(), "guard.go", nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	for name, o := range f.Scope.Objects {
		if v, ok := o.Decl.(*ast.ValueSpec); ok && o.Kind == ast.Con {
			if why, err := strconv.Unquote(v.Values[0].(*ast.BasicLit).Value); err != nil || !seen[why] {
				t.Errorf("no case for %s (%q): %v", name, why, err)
			}
		}
	}
}

// Forms of a name, who says something, an office for whoever holds it, and a
// denial beside the point are no difference.
func TestGuardsLetThrough(t *testing.T) {
	x := New(invented)
	for _, test := range []struct{ asked, said, claim string }{
		{"The NH police searched 40 houses for weapons.", "", "New Harrow police searched 40 houses for weapons."},
		{"Pell called the Belmoran minister a thief.", "", "Dora Pell called a minister of Belmora a thief."},
		{"Vellmar Bay is closing because of dangerous rides.", "Lena Torv", "Harrow park Vellmar Bay is closing because of dangerous rides."},
		{"The mayor spent 40 days on the golf course.", "Lena Torv", "Dora Pell spent 40 days on the golf course."},
		{"You can't make this up: the mayor sold the old harbour crane twice.", "", "The mayor sold the old harbour crane twice."},
	} {
		asked := x.statement(test.asked)
		asked.saidBy(test.said)
		r := factcheck.Review{Claim: test.claim, Date: day("2019-12-01")}
		if got := x.guard(asked, x.statement(test.claim), &r); got != "" {
			t.Errorf("%q against %q: %q", test.asked, test.claim, got)
		}
	}
}

func TestNear(t *testing.T) {
	for _, test := range []struct {
		a, b string
		want bool
	}{
		{"1,190", "1,200", true},
		{"1.9 million", "2 million", true},
		{"1.9 million", "1,900,000", true},
		{"40", "41", false},
		{"1.5 million", "2 million", false},
		{"3.5", "35", false},
		{"0", "0", true},
		{"0", "5", false},
		{"78k", "78,000", true},
	} {
		x := New(nil)
		a, b := x.statement(test.a).numbers, x.statement(test.b).numbers
		if len(a) != 1 || len(b) != 1 {
			t.Errorf("%s, %s: %v, %v", test.a, test.b, a, b)
			continue
		}
		if got := a[0].near(b[0]); got != test.want || got != b[0].near(a[0]) {
			t.Errorf("%s near %s: %v", test.a, test.b, got)
		}
	}
}
