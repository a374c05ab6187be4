package training

import "fmt"

// Score counts what was found, what of it was right, and what there was to
// find.
type Score struct{ Right, Found, Gold int }

// Precision is the share of findings that are right.
func (s Score) Precision() float64 { return float64(s.Right) / float64(max(s.Found, 1)) }

// Recall is the share of what there is that was found.
func (s Score) Recall() float64 { return float64(s.Right) / float64(max(s.Gold, 1)) }

// F is the harmonic mean of precision and recall.
func (s Score) F() float64 { return 2 * float64(s.Right) / float64(max(s.Found+s.Gold, 1)) }

// String gives F, precision and recall in per cent and how many there are.
func (s Score) String() string {
	return fmt.Sprintf("F %.1f (P %.1f R %.1f n %d)", 100*s.F(), 100*s.Precision(), 100*s.Recall(), s.Gold)
}
