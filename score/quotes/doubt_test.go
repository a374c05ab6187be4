package quotes

import (
	"math"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestDoubts(t *testing.T) {
	change := func(i int, f func(*Quote)) []Quote {
		quotes := gold()
		f(&quotes[i])
		return quotes
	}
	unclear := func(names ...string) func(*Quote) {
		return func(q *Quote) { q.Speaker, q.Unclear = "", names }
	}
	for _, tt := range []struct {
		name   string
		quotes []Quote
		want   Doubt
	}{
		{"all right", gold(), Doubt{Quotes: 3, Sure: Rate{3, 3}}},
		{"one wrong", change(0, func(q *Quote) { q.Speaker = "Bo Lind" }), Doubt{Quotes: 3, Sure: Rate{2, 3}}},
		{"a surname is right", change(0, func(q *Quote) { q.Speaker = "Ruiz" }), Doubt{Quotes: 3, Sure: Rate{3, 3}}},
		{"one unclear, the right one among others", change(1, unclear("Bo Lind", "Ana Ruiz")), Doubt{Quotes: 3, Unclear: 1, Sure: Rate{2, 2}, Among: Rate{1, 1}}},
		{"one unclear, without the right one", change(1, unclear("Bo Lind", "Cy Day")), Doubt{Quotes: 3, Unclear: 1, Sure: Rate{2, 2}, Among: Rate{0, 1}}},
		{"one without a speaker", change(2, func(q *Quote) { q.Speaker = "" }), Doubt{Quotes: 3, Nameless: 1, Sure: Rate{2, 2}}},
		{"beliefs do not count", change(2, func(q *Quote) { q.Kind = "other" }), Doubt{Quotes: 2, Sure: Rate{2, 2}}},
		{"what the gold lacks is neither", change(2, func(q *Quote) { q.Content = [][]int{at("Mayor")} }), Doubt{Quotes: 3, Sure: Rate{2, 2}}},
	} {
		for _, granularity := range []string{"", "statement"} {
			article := Article{ID: "1", Corpus: "c", Text: story, Granularity: granularity, Quotes: gold()}
			got, err := Doubts([]Article{article}, []Prediction{{ID: "1", Quotes: tt.quotes}})
			if err != nil {
				t.Fatal(err)
			}
			tt.want.Corpus = "c"
			if diff := cmp.Diff(got, []Doubt{tt.want}); diff != "" {
				t.Errorf("%s, granularity %q (-got +want):\n%s", tt.name, granularity, diff)
			}
		}
	}
}

// Where the gold names nobody, the head of the source counts.
func TestDoubtsBySource(t *testing.T) {
	nameless := gold()
	for i := range nameless {
		nameless[i].Speaker = ""
	}
	predicted := gold()
	predicted[0].Source = [][]int{at("Ruiz")}
	predicted[2].Source = [][]int{at("town")}
	got, err := Doubts([]Article{{ID: "1", Corpus: "c", Text: story, Quotes: nameless}}, []Prediction{{ID: "1", Quotes: predicted}})
	if err != nil {
		t.Fatal(err)
	}
	if want := (Rate{2, 3}); got[0].Sure != want {
		t.Errorf("got %v, want %v", got[0].Sure, want)
	}
	if table := DoubtTable(got); !strings.Contains(table, "c, who speaks: of 3 predicted") || !strings.Contains(table, "66.67 % right (of 3") {
		t.Errorf("table: %s", table)
	}
}

func TestFolds(t *testing.T) {
	// Four articles, of which the bot finds all, all, all and nothing.
	var articles []Article
	var predictions []Prediction
	for _, id := range []string{"1", "2", "3", "4"} {
		articles = append(articles, Article{ID: id, Corpus: "c", Text: story, Granularity: "statement", Quotes: gold()})
		if id != "4" {
			predictions = append(predictions, Prediction{ID: id, Quotes: gold()})
		}
	}
	all, err := Folds(articles, predictions, Options{}, 2)
	if err != nil {
		t.Fatal(err)
	}
	i := 0
	for all["c"][i].Name != "statement" {
		i++
	}
	s := all["c"][i]
	want := []float64{1, 2. / 3} // articles 1 and 3, 2 and 4
	for k := range want {
		if math.Abs(s.Folds[k]-want[k]) > 1e-3 {
			t.Errorf("fold %d is %v, want %v", k, s.Folds[k], want[k])
		}
	}
	if math.Abs(s.Mean-5./6) > 1e-3 || math.Abs(s.SD-math.Sqrt(2)/6) > 1e-3 || math.Abs(s.Whole-6./7) > 1e-3 {
		t.Errorf("got %+v", s)
	}
	if table := FoldTable(all); !strings.Contains(table, "-- c, by 2 folds") || !strings.Contains(table, "folds 100.0 66.7") {
		t.Errorf("table:\n%s", table)
	}
	for _, n := range []int{0, 1, 5} {
		if got, err := Folds(articles, predictions, Options{}, n); err != nil || len(got) > 0 {
			t.Errorf("%d folds of 4 articles: %v, %v", n, got, err)
		}
	}
}
