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

// The weights were chosen by 'go run ./cmd/train reviews' and rounded.
var (
	// ranking orders candidates.
	ranking = linear{of: []float64{
		fBM25: 4.7, fTitle: 3.4, fGrams: 3, fNumber: 0.45, fAuthor: 0.1, fChecked: 4.9, fBefore: -2, fYear: 4.8, fAfter: -6,
	}}

	// matching gives the log odds that a candidate is about the query.
	matching = linear{bias: -7.9, of: []float64{fQuery: 1.85, eRank: 0.34, eMargin: 0.4, eUndated: 0.9}}
)

// threshold is the least Score of a match.
const threshold = 0.68

// RankingFeatures are the features by which candidates are ordered, as indexes
// into [Names]; MatchingEvidence is what decides.
var (
	RankingFeatures  = []int{fBM25, fTitle, fGrams, fNumber, fAuthor, fChecked, fBefore, fYear, fAfter}
	MatchingEvidence = []int{fQuery, eRank, eMargin, eUndated}
)
