package pages

import (
	"encoding/json"
	"math"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
)

func TestEvaluate(t *testing.T) {
	gold := []Page{
		{ID: "1", Source: "b", Truth: Truth{Text: "one two three four five six", Title: "Rain at last", Date: "2024-05-06", Authors: []string{"Ana Ruiz", "Bo Lind"}}},
		{ID: "2", Source: "a", Truth: Truth{Text: "alpha beta gamma delta", With: []string{"Beta  gamma"}, Without: []string{"cookies", "terms"}}},
		{ID: "3", Source: "a", Truth: Truth{Text: "nothing was read here"}},
	}
	predictions := []Prediction{
		{ID: "1", Text: "one two three four five seven", Title: "Rain at Last | The Daily Reed", Date: "2024-05-06T07:08", Byline: Byline{"By Ana Ruiz and Bo Lind, Staff"}},
		{ID: "2", Text: "alpha beta gamma delta\n\nWe use cookies"},
	}
	got := Evaluate(gold, predictions)

	// Page 1: three shingles each, two in common: P = R = 2/3. Page 2: one
	// of four is right: P = 1/4, R = 1. Page 3: no precision, R = 0.
	want := []Row{
		{
			Source: "a", Pages: 2, Empty: 1, F1: new(1.0 / 3), P: new(0.25), R: new(0.5), Exact: new(0.0),
			WordF1: new((2 * 4.0 / 7 / (1 + 4.0/7)) / 2), With: new(1.0), Without: new(0.5), SegF: new(2.0 / 3),
		},
		{
			Source: "b", Pages: 1, F1: new(2.0 / 3), P: new(2.0 / 3), R: new(2.0 / 3), Exact: new(0.0), WordF1: new(5.0 / 6),
			Title: new(1.0), Date: new(1.0), AuthorR: new(1.0), Author: new(0.0),
		},
	}
	if diff := cmp.Diff(got.Rows[:2], want, cmpopts.EquateApprox(0, 1e-9)); diff != "" {
		t.Errorf("rows (-got +want):\n%s", diff)
	}
	p, r := (2.0/3+0.25)/2, (2.0/3+1+0)/3
	if all := got.All(); all.Pages != 3 || math.Abs(*all.F1-2*p*r/(p+r)) > 1e-9 {
		t.Errorf("all = %+v, F1 %v", all, *all.F1)
	}
	if diff := cmp.Diff(got.Worst[0].ID, "3"); diff != "" {
		t.Errorf("worst page (-got +want):\n%s", diff)
	}
}

func TestTable(t *testing.T) {
	got := Evaluate([]Page{{ID: "1", Source: "s", Truth: Truth{Text: "a b"}}}, []Prediction{{ID: "1", Text: "a b"}}).Table()
	want := `source                pages    empty       F1        P        R      acc   wordF1     with  without     segF    title     date  authorR  author=
s                         1        0    1.000    1.000    1.000    1.000    1.000        -        -        -        -        -        -        -
ALL                       1        0    1.000    1.000    1.000    1.000    1.000        -        -        -        -        -        -        -
`
	if diff := cmp.Diff(got, want); diff != "" {
		t.Errorf("table (-got +want):\n%s", diff)
	}
}

func TestTitleRight(t *testing.T) {
	for _, tt := range []struct {
		truth, pred string
		want        bool
	}{
		{"Élan vital", "elan VITAL", true},
		{"Rain at last", "Rain at last - Weather - Reed", true},
		{"Rain at last", "Reed: Rain at last", true},
		{"A - B", "A - B | Reed", true},
		{"Rain at last", "Rain at last today", false},
		{"Rain at last", "", false},
	} {
		if got := titleRight(tt.truth, tt.pred); got != tt.want {
			t.Errorf("titleRight(%q, %q) = %v", tt.truth, tt.pred, got)
		}
	}
}

func TestAuthorRight(t *testing.T) {
	for _, tt := range []struct {
		name             string
		truth            []string
		byline           Byline
		has, only, known bool
	}{
		{"exact", []string{"Ana Ruiz"}, Byline{"Ana Ruiz"}, true, true, true},
		{"in one string", []string{"Ana Ruiz", "Bo Lind"}, Byline{"By Ana Ruiz and Bo Lind"}, true, true, true},
		{"one too many", []string{"Ana Ruiz"}, Byline{"Ana Ruiz", "Reed Staff"}, true, false, true},
		{"one missing", []string{"Ana Ruiz", "Bo Lind"}, Byline{"Ana Ruiz"}, false, false, true},
		{"named twice", []string{"Ana Ruiz"}, Byline{"Ana Ruiz", "Ana Ruiz"}, true, true, true},
		{"nobody known", nil, Byline{"Ana Ruiz"}, true, true, false},
	} {
		has, only, known := authorRight(tt.truth, tt.byline)
		if known != tt.known || known && (has != tt.has || only != tt.only) {
			t.Errorf("%s: %v %v %v", tt.name, has, only, known)
		}
	}
}

func TestBylineJSON(t *testing.T) {
	for in, want := range map[string]Byline{`"A B"`: {"A B"}, `["A","B"]`: {"A", "B"}, `null`: nil, `""`: nil} {
		var got Byline
		if err := json.Unmarshal([]byte(in), &got); err != nil {
			t.Errorf("%s: %v", in, err)
		}
		if diff := cmp.Diff(got, want); diff != "" {
			t.Errorf("%s (-got +want):\n%s", in, diff)
		}
	}
}
