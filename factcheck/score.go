package factcheck

import "math"

// weights of the ranking, hand-made: the signs and the order of size follow
// what editors check first, the sizes were set on nine whole news articles by
// folds over articles (docs/models.md).
const (
	bias         = -1.6
	wFigure      = 1.1 // the first figure
	wSmall       = 0.8 // counts below ten only
	wMoreFigures = 0.5 // each further one, up to three
	wShare       = 0.7 // a percentage, a fraction, money
	wUnsourced   = 0.9 // a figure in the article's own voice, no source
	wEvidence    = 1.0 // the ground for something else
	wAbsolute    = 0.5
	wComparison  = 0.8
	wRecord      = 0.7
	wCause       = 0.6
	wLaw         = 0.5
	wHarm        = 0.7
	wUnharmed    = 0.8 // "Nobody was injured": what later reports correct most
	wJustice     = 0.4
	wHardship    = 0.3
	wForce       = 0.7
	wAllegation  = 0.9
	wDenial      = 0.2
	wCommitment  = 0.3
	wInstitution = 0.2
	wEvent       = 0.4
	wAnswered    = 0.7
	wSecondHand  = 0.4
	wPrivate     = -0.4
	wHedged      = 0.1
	wOpinion     = -0.4
	wReference   = -0.6
	wLede        = 0.5
	wPosition    = -0.3
	wShort       = -0.5
	wPersonal    = -0.8 // what happened to an "I"
	wDuration    = 0.2
	wDirect      = -0.4
)

// score is how much a claim with these features deserves a check, 0 to 1.
func score(f features) float64 {
	x := bias
	add := func(is bool, w float64) {
		if is {
			x += w
		}
	}
	add(f.figures > 0 && !f.small, wFigure)
	add(f.small, wSmall)
	x += wMoreFigures * float64(min(max(f.figures-1, 0), 3))
	add(f.shares > 0, wShare)
	add(f.figures > 0 && !f.small && f.ownVoice && !f.sourced, wUnsourced)
	add(f.evidence, wEvidence)
	add(f.absolute, wAbsolute)
	add(f.comparison, wComparison)
	add(f.record, wRecord)
	add(f.cause, wCause)
	add(f.law, wLaw)
	add(f.harm, wHarm)
	add(f.unharmed, wUnharmed)
	add(f.justice, wJustice)
	add(f.hardship, wHardship)
	add(f.force, wForce)
	add(f.allegation, wAllegation)
	add(f.denial, wDenial)
	add(f.commitment, wCommitment)
	add(f.institution, wInstitution)
	add(f.event, wEvent)
	add(f.answered, wAnswered)
	add(f.second, wSecondHand)
	add(f.private && !f.allegation, wPrivate)
	add(f.hedged, wHedged)
	add(f.opinion, wOpinion)
	add(f.reference, wReference)
	add(f.lede, wLede)
	add(f.direct, wDirect)
	add(f.personal && !f.allegation, wPersonal)
	add(f.duration, wDuration)
	add(f.words < 5 && !f.harm, wShort)
	x += wPosition * f.position
	return 1 / (1 + math.Exp(-x))
}
