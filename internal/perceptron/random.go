package perceptron

// Random is a small generator of pseudo-random numbers (splitmix64), the same
// on every machine and in every version of Go, so that a training can be
// repeated to the bit.
type Random struct{ state uint64 }

// NewRandom returns a generator that starts from seed.
func NewRandom(seed uint64) *Random { return &Random{seed} }

// Uint64 returns the next number.
func (r *Random) Uint64() uint64 {
	r.state += 0x9e3779b97f4a7c15
	z := r.state
	z = (z ^ z>>30) * 0xbf58476d1ce4e5b9
	z = (z ^ z>>27) * 0x94d049bb133111eb
	return z ^ z>>31
}

// Float returns a number in [0, 1).
func (r *Random) Float() float64 { return float64(r.Uint64()>>11) / (1 << 53) }

// Shuffle puts order in another order.
func (r *Random) Shuffle(order []int) {
	for i := len(order) - 1; i > 0; i-- {
		j := int(r.Uint64() % uint64(i+1))
		order[i], order[j] = order[j], order[i]
	}
}
