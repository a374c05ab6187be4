package claims

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestSilent(t *testing.T) {
	gold := []Gold{
		{ID: "1", Corpus: "a", Relevant: []string{"x", "y"}},
		{ID: "2", Corpus: "a", Relevant: []string{"z"}},
		{ID: "3", Corpus: "b", Relevant: []string{"z"}},
	}
	got := Silent(gold, []Answer{
		{ID: "1", With: []string{"x", "u"}},
		{ID: "2", With: []string{"u"}, Without: []string{"u"}, Repeats: []string{"u"}},
	})
	want := Silences{
		{Corpus: "a", N: 2, Silent: 0.5, Strange: 1, Recall: 0.5, Precision: 1.0 / 3},
		{Corpus: "b", N: 1, Silent: 1, Strange: 1},
		{Corpus: "all", N: 3, Silent: 2.0 / 3, Strange: 1, Recall: 1.0 / 3, Precision: 1.0 / 3},
	}
	if diff := cmp.Diff(got, want); diff != "" {
		t.Errorf("got - want +\n%s", diff)
	}
}

// The day of a query stands in its date, its document or its id.
func TestWhen(t *testing.T) {
	for _, test := range []struct {
		gold Gold
		want string
	}{
		{Gold{Date: "2020-01-21", ID: "20161019_x"}, "2020-01-21"},
		{Gold{ID: "b-20161019_third_debate_0042"}, "2016-10-19"},
		{Gold{Document: `"20120101_talk"`, ID: "7"}, "2012-01-01"},
		{Gold{ID: "tweet-20169999"}, "0001-01-01"},
		{Gold{ID: "7"}, "0001-01-01"},
	} {
		if got := test.gold.When().Format("2006-01-02"); got != test.want {
			t.Errorf("%+v: %s, want %s", test.gold, got, test.want)
		}
	}
}
