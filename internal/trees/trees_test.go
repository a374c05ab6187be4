package trees

import (
	"math"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// rows gives points of a function that no single split gives: an exclusive or,
// and a slope.
func rows() *Rows {
	r := &Rows{}
	for i := range 400 {
		a, b, c := float32(i%2), float32(i/2%2), float32(i)/400
		y := float64(c)
		if a != b {
			y++
		}
		r.Add([]float32{a, b, c}, y)
	}
	return r
}

var settings = Settings{Trees: 80, Leaves: 8, Rate: 0.3, Least: 5, Ridge: 1, Rows: 0.9, Columns: 1, Seed: 7}

func TestFit(t *testing.T) {
	r := rows()
	m := Fit(r, settings)
	worst := 0.0
	for i, y := range r.Y {
		worst = max(worst, math.Abs(m.Predict(r.X[3*i:3*i+3])-float64(y)))
	}
	if worst > 0.1 {
		t.Errorf("off by %.3f", worst)
	}
	if diff := cmp.Diff(m, Fit(r, settings)); diff != "" {
		t.Errorf("the same rows gave another model:\n%s", diff)
	}
}

func TestLogistic(t *testing.T) {
	r := &Rows{}
	for i := range 400 {
		r.Add([]float32{float32(i % 4)}, float64(min(i%4, 1)))
	}
	s := settings
	s.Logistic = true
	m := Fit(r, s)
	if low, high := m.Predict([]float32{0}), m.Predict([]float32{2}); low > 0.05 || high < 0.95 {
		t.Errorf("probabilities %.2f and %.2f", low, high)
	}
}

func TestText(t *testing.T) {
	m := Fit(rows(), settings)
	m.Round()
	got, err := Read(m.Append(nil, "it"), map[string]int{"it": 3})
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(got["it"], m); diff != "" {
		t.Errorf("read another model than was written (-got +want):\n%s", diff)
	}
}

func TestReadRefuses(t *testing.T) {
	for _, text := range []string{"it linear", "it linear x 1\n=1", "it linear 0 2\n=1\n", "it linear 0 1\n3>1 =1 =2", "it linear 0 1\n0>1 =1", "it linear 0 1\n0>x =1 =2"} {
		if _, err := Read([]byte(text), map[string]int{"it": 3}); err == nil {
			t.Errorf("%q was read", text)
		}
	}
}
