package claimreview

// linear is a linear score.
type linear struct {
	bias float64
	of   []float64
}

func (l *linear) features(f *features) float64 {
	s := l.bias
	for i, w := range l.of {
		s += w * float64(f[i])
	}
	return s
}

func (l *linear) dot(e *Evidence) float64 {
	s := l.bias
	for i, w := range l.of {
		s += w * e[i]
	}
	return s
}

// ranking orders candidates: what speaks for one counts alike, and so does what
// speaks against it. Equal weights order nearly as well as learned ones (Dawes,
// "The robust beauty of improper linear models", 1979), and nothing had to be
// learned from the queries that measure them.
var ranking = linear{of: []float64{fBM25: 1, fTitle: 1, fGrams: 1, fChecked: 1, fBefore: -1, fYear: 1, fAfter: -1}}

// matching gives the log odds that a candidate is about the query: what speaks
// for it counts alike here too. How much of the query it has is the only thing
// that is taken as it is; the rest is how it stands out from the others. A date that
// nobody knows could have made it stand out further.
var matching = linear{bias: -3.343, of: []float64{fQuery: 1, eField: 1, eMargin: 1, eUndated: 0.25}}

// threshold is the least Score of a match. The bias is the one number that was
// measured: with it 97 of a hundred queries without an answer get none.
const threshold = 0.5

// RankingFeatures are the features by which candidates are ordered, as indexes
// into [Names]; MatchingEvidence is what decides.
var (
	RankingFeatures  = []int{fBM25, fTitle, fGrams, fChecked, fBefore, fYear, fAfter}
	MatchingEvidence = []int{fQuery, eField, eMargin, eUndated}
)
