package training

import "math"

// Row is a sparse vector: features by their number, ascending or not, each
// once or more.
type Row struct {
	Index []int32
	Value []float32
}

func (r Row) dot(w []float64) float64 {
	s := 0.0
	for i, j := range r.Index {
		s += float64(r.Value[i]) * w[j]
	}
	return s
}

// Logistic learns a logistic regression by L-BFGS (Liu and Nocedal 1989):
// weights for the features below dims, the last one the bias, which is not
// held small. y is the wanted probability of each row, c its weight, ridge the
// price of a squared weight (sum of losses + ridge/2 |w|²). It is
// deterministic.
func Logistic(rows []Row, y, c []float64, dims int, ridge float64, rounds int) []float64 {
	w := make([]float64, dims+1)
	value := func(w, grad []float64) float64 {
		clear(grad)
		loss := 0.0
		for i, r := range rows {
			if c[i] == 0 {
				continue
			}
			z := r.dot(w) + w[dims]
			l, g := logLoss(z, y[i])
			loss += c[i] * l
			g *= c[i]
			for k, j := range r.Index {
				grad[j] += g * float64(r.Value[k])
			}
			grad[dims] += g
		}
		for j, v := range w[:dims] {
			loss += ridge / 2 * v * v
			grad[j] += ridge * v
		}
		return loss
	}
	minimise(value, w, rounds)
	return w
}

// logLoss is the loss of a sum z where the probability y is wanted, and its
// derivative.
func logLoss(z, y float64) (loss, slope float64) {
	// log(1+exp(z)) - y z, without overflow.
	return math.Max(z, 0) + math.Log1p(math.Exp(-math.Abs(z))) - y*z, 1/(1+math.Exp(-z)) - y
}

// minimise finds the minimum of a smooth convex function from w on, in place.
func minimise(value func(w, grad []float64) float64, w []float64, rounds int) {
	const memory = 8
	n := len(w)
	grad, next, nextGrad := make([]float64, n), make([]float64, n), make([]float64, n)
	var s, y [][]float64
	var rho []float64
	f := value(w, grad)
	dir := make([]float64, n)
	for range rounds {
		// Two loops of Nocedal: dir = -H grad.
		for i := range dir {
			dir[i] = -grad[i]
		}
		alpha := make([]float64, len(s))
		for k := len(s) - 1; k >= 0; k-- {
			alpha[k] = rho[k] * inner(s[k], dir)
			axpy(-alpha[k], y[k], dir)
		}
		if k := len(s) - 1; k >= 0 {
			scale := 1 / (rho[k] * inner(y[k], y[k]))
			for i := range dir {
				dir[i] *= scale
			}
		}
		for k := range s {
			axpy(alpha[k]-rho[k]*inner(y[k], dir), s[k], dir)
		}
		slope := inner(grad, dir)
		if slope >= 0 {
			return
		}
		step := 1.0
		if len(s) == 0 {
			step = 1 / math.Sqrt(inner(grad, grad)+1e-12)
		}
		var g float64
		for try := 0; ; try++ {
			for i := range next {
				next[i] = w[i] + step*dir[i]
			}
			g = value(next, nextGrad)
			if g <= f+1e-4*step*slope {
				break
			}
			if try == 30 {
				return
			}
			step /= 2
		}
		ds, dy := make([]float64, n), make([]float64, n)
		for i := range w {
			ds[i], dy[i] = next[i]-w[i], nextGrad[i]-grad[i]
		}
		if sy := inner(ds, dy); sy > 1e-12 {
			s, y, rho = append(s, ds), append(y, dy), append(rho, 1/sy)
			if len(s) > memory {
				s, y, rho = s[1:], y[1:], rho[1:]
			}
		}
		done := f-g < 1e-7*math.Abs(f)
		copy(w, next)
		copy(grad, nextGrad)
		f = g
		if done {
			return
		}
	}
}

func inner(a, b []float64) float64 {
	s := 0.0
	for i, v := range a {
		s += v * b[i]
	}
	return s
}

func axpy(a float64, x, y []float64) {
	for i, v := range x {
		y[i] += a * v
	}
}
