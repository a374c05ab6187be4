package factcheck

import (
	"slices"
	"strings"
	"testing"
	"time"

	"onrecord/nlp"
	"onrecord/quote"
)

func claimsOf(text string) []Claim {
	doc := nlp.Parse(text)
	return Claims(doc, quote.Find(doc), time.Date(2026, 3, 4, 0, 0, 0, 0, time.UTC))
}

// Each kind by a sentence of its own; several kinds may hold at once.
func TestKinds(t *testing.T) {
	for _, c := range []struct {
		text string
		want []Kind
		not  []Kind
	}{
		{"The port handled 4,200 containers in February.", []Kind{Figure, Event}, []Kind{Comparison, Attributed}},
		{"Rents in Vellmark rose faster than wages.", []Kind{Comparison}, []Kind{Figure}},
		{"The dam at Orsk holds the largest reservoir in the country.", []Kind{Comparison}, nil},
		{"The attendance at the fair is slipping.", []Kind{Comparison}, []Kind{Figure}},
		{"The bridge collapsed because its bolts had rusted.", []Kind{Cause, Event}, []Kind{Allegation}},
		{"Soldiers searched two villages near the border.", []Kind{Event, Figure}, []Kind{Law}},
		{"The constitution requires the president to consult parliament.", []Kind{Law}, []Kind{Figure}},
		{"The audit accused the mayor, Ada Bell, of fraud.", []Kind{Allegation}, nil},
		{"Senator Oskar Dahl lied to voters about the contract.", []Kind{Allegation}, nil},
		{"The village lies to the south of Lake Orlo in Belmora.", nil, []Kind{Allegation}},
		{"The company denied that it had paid bribes.", []Kind{Allegation, Attributed}, nil},
		{"“The mill has closed two of its three lines,” Paul Renn said.", []Kind{Figure, Attributed}, nil},
		{"The Harbour Authority will spend 3 million crowns on the pier.", []Kind{Commitment, Figure}, []Kind{Prediction}},
		{"Nobody was injured in the blaze.", []Kind{Absolute, Event}, nil},
		{"Every school in Elmstead has a library.", []Kind{Absolute}, nil},
		{"The ministry introduced three newer buses in Vellmark.", []Kind{Event, Figure}, []Kind{Comparison}},
	} {
		found := claimsOf(c.text)
		if len(found) == 0 {
			t.Errorf("%q: no claim", c.text)
			continue
		}
		for _, k := range c.want {
			if !slices.Contains(found[0].Kinds, k) {
				t.Errorf("%q: kinds %q, want %s among them", c.text, found[0].Kinds, k)
			}
		}
		for _, k := range c.not {
			if slices.Contains(found[0].Kinds, k) {
				t.Errorf("%q: kinds %q, do not want %s", c.text, found[0].Kinds, k)
			}
		}
	}
}

// Evidence cannot settle these; predictions are shown all the same, behind all
// that is ranked.
func TestNotRanked(t *testing.T) {
	for _, c := range []struct {
		text  string
		shown bool
	}{
		{"“If they close the mill, the village will die,” Arno Veit said.", true},
		{"“Prices will rise next year,” Arno Veit said.", true},
		{"“I hope that we win the cup,” said Lena Torv.", false},
		{"“We will never give up!” they chanted.", false},
		{"Is the bridge safe?", false},
		{"“It is a wonderful day,” said Lena Torv.", false},
		{"“You should read the report,” said Lena Torv.", false},
	} {
		found := claimsOf(c.text)
		for _, claim := range found {
			if claim.Checkable {
				t.Errorf("%q: ranked", c.text)
			}
			if !slices.Contains(claim.Kinds, Prediction) {
				t.Errorf("%q: shown as %q", c.text, claim.Kinds)
			}
		}
		if shown := len(found) > 0; shown != c.shown {
			t.Errorf("%q: shown %v, want %v", c.text, shown, c.shown)
		}
	}
}

// What a body says that it will do on a condition binds it; what it will do to
// others by itself does not.
func TestConditionalPromise(t *testing.T) {
	found := claimsOf("The Ministry of Trade said it would fine the mill 90,000 crowns if the smoke does not stop. The mill closed on Monday.")
	i := slices.IndexFunc(found, func(c Claim) bool { return strings.Contains(c.Standalone, "90,000") })
	if i < 0 || !found[i].Checkable || !slices.Contains(found[i].Kinds, Commitment) {
		t.Errorf("the threat is not ranked as a commitment: %+v", found)
	}
}

func TestMerge(t *testing.T) {
	for _, c := range []struct {
		name, text string
		want       int // claims that speak of the levy
	}{
		{"said twice", "The council in Elmstead raised the water levy by 40 crowns on Monday. A dog barked all night in Elmstead. The council in Elmstead raised the water levy by 40 crowns.", 1},
		{"another figure", "The council in Elmstead raised the yearly water levy for all houses by 40 crowns. The council in Elmstead raised the yearly water levy for all houses by 60 crowns.", 2},
		{"another sense", "The council in Elmstead has paid 40 crowns of the water levy to the county. The council in Elmstead has not paid 40 crowns of the water levy to the county.", 2},
	} {
		n := 0
		for _, claim := range claimsOf(c.text) {
			if strings.Contains(claim.Standalone, "levy") {
				n++
			}
		}
		if n != c.want {
			t.Errorf("%s: %d claims, want %d", c.name, n, c.want)
		}
	}
}
