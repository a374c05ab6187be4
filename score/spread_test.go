package score

import (
	"errors"
	"math"
	"testing"
)

// Of a mean of independent numbers the jackknife is the textbook's standard
// error.
func TestSpreadOfAMean(t *testing.T) {
	var x []float64
	for i := range 20 {
		x = append(x, float64(i*i%7))
	}
	mean := func(keep func(int) bool) ([]float64, error) {
		sum, n := 0.0, 0.0
		for i, v := range x {
			if keep(i) {
				sum += v
				n++
			}
		}
		return []float64{sum / n, 3}, nil
	}
	values, widths, err := Spread(len(x), mean)
	if err != nil {
		t.Fatal(err)
	}
	all, _ := mean(func(int) bool { return true })
	variance := 0.0
	for _, v := range x {
		variance += (v - all[0]) * (v - all[0]) / float64(len(x)-1)
	}
	if want := 1.96 * math.Sqrt(variance/float64(len(x))); values[0] != all[0] || math.Abs(widths[0]-want) > 1e-9 {
		t.Errorf("%v ± %v, want %v ± %v", values[0], widths[0], all[0], want)
	}
	if widths[1] > 1e-9 {
		t.Errorf("a figure that never changes is given ± %v", widths[1])
	}
}

func TestSpreadOfLittle(t *testing.T) {
	_, widths, err := Spread(1, func(func(int) bool) ([]float64, error) { return []float64{1}, nil })
	if err != nil || !math.IsNaN(widths[0]) {
		t.Errorf("one document: ± %v, %v", widths, err)
	}
	odd := errors.New("odd gold")
	if _, _, err := Spread(3, func(func(int) bool) ([]float64, error) { return nil, odd }); !errors.Is(err, odd) {
		t.Error(err)
	}
}
