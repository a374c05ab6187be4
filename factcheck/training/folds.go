package training

import "onrecord/factcheck/internal/worth"

// SpeechFolds rates each speech of PoliClaim by a model that was trained on
// the silver labels and on the other speeches.
func SpeechFolds(c *Corpora, p Progress) ([]Rated, error) {
	l := newLearner(c.vectors(p), allFamilies(), c.PoliClaim, c.Silver)
	gold, silver := l.read(c.PoliClaim), l.read(c.Silver)
	var out []Rated
	for from := 0; from < len(gold); {
		to := from
		for to < len(gold) && string(gold[to].Document) == string(gold[from].Document) {
			to++
		}
		s := lesson{head: worth.Checkable, judges: byPeople}
		for _, set := range [][]*example{gold[:from], gold[to:], silver} {
			for _, e := range set {
				s.examples = append(s.examples, e)
				s.yes = append(s.yes, float64(e.Label))
			}
		}
		m, err := worth.Decode(l.model([]lesson{s}, true, p))
		if err != nil {
			return nil, err
		}
		r := worth.All()
		for _, e := range gold[from:to] {
			z := m.Sums(r, e.Doc, e.First, e.Last)
			q := m.Probability(worth.Checkable, z[worth.Checkable])
			out = append(out, Rated{Line: e.Line, Score: q, Yes: q >= worth.Settled})
		}
		from = to
	}
	return out, nil
}
