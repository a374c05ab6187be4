package score

import "math"

// parts is into how many parts Spread cuts the documents.
const parts = 20

// Spread gives figures of n documents, and of each the half width of its 95 %
// interval: 1.96 standard errors by the jackknife that leaves out one part of
// the documents at a time (Quenouille 1949, Tukey 1958; parts as in Wu 1986).
// figures computes them for the documents that keep names; it must always give
// the same number of figures. With fewer than two documents the widths are NaN.
func Spread(n int, figures func(keep func(document int) bool) ([]float64, error)) (values, widths []float64, err error) {
	values, err = figures(func(int) bool { return true })
	if err != nil {
		return nil, nil, err
	}
	widths = make([]float64, len(values))
	groups := min(n, parts)
	if groups < 2 {
		for i := range widths {
			widths[i] = math.NaN()
		}
		return values, widths, nil
	}
	left := make([][]float64, groups)
	for g := range groups {
		if left[g], err = figures(func(d int) bool { return d%groups != g }); err != nil {
			return nil, nil, err
		}
	}
	for i := range values {
		mean, sum := 0.0, 0.0
		for _, f := range left {
			mean += f[i] / float64(groups)
		}
		for _, f := range left {
			sum += (f[i] - mean) * (f[i] - mean)
		}
		widths[i] = 1.96 * math.Sqrt(sum*float64(groups-1)/float64(groups))
	}
	return values, widths, nil
}
