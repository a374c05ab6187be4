package training

import (
	"cmp"
	"math"
	"math/rand/v2"
	"slices"

	"onrecord/factcheck/claimreview"
)

// Decision are the weights of the evidence.
type Decision struct {
	Bias float64
	Of   [claimreview.NumEvidence]float64
}

func (d *Decision) of(e *claimreview.Evidence) float64 {
	s := d.Bias
	for i, v := range e {
		s += d.Of[i] * v
	}
	return 1 / (1 + math.Exp(-s))
}

// asked is what is decided about one query.
type asked struct {
	*Query
	here, gone []claimreview.Judged // as it is, and with what is relevant taken out
}

// Silence is how well it is told that nothing was found.
type Silence struct {
	Corpus    string
	Threshold float64
	Silent    float64 // of the queries whose relevant checks were taken out, the share without an answer
	Recall    float64 // of the others, the share with a relevant check among the answers
	Precision float64 // of the answers to those, the share that is relevant
}

// Matching learns to decide, and measures that by folds: the threshold is the
// lowest at which the share silent of the queries without an answer get none.
func Matching(x *claimreview.Index, gold []Query, use []int, silent float64, strict bool) (Decision, float64, []Silence) {
	all := look(x, gold)
	var wrong []float64 // the best scores where nothing should be found, by folds
	scored := map[*asked]*Decision{}
	for fold := range folds {
		var train []asked
		for _, a := range all {
			if a.fold() != fold {
				train = append(train, a)
			}
		}
		d := logistic(train, use)
		for i := range all {
			if all[i].fold() == fold {
				scored[&all[i]] = &d
				all[i].forgetRepeats(strict)
				wrong = append(wrong, top(all[i].gone, &d))
			}
		}
	}
	slices.Sort(wrong)
	t := wrong[min(len(wrong)-1, int(math.Ceil(silent*float64(len(wrong)))))] + 1e-9
	var table []Silence
	for _, corpus := range append(corpora(gold), "") {
		table = append(table, silence(all, scored, corpus, t))
	}
	return logistic(all, use), t, table
}

func corpora(gold []Query) (names []string) {
	for _, q := range gold {
		for _, name := range []string{q.Corpus, q.Corpus + ", undated"} {
			if !slices.Contains(names, name) {
				names = append(names, name)
			}
		}
	}
	return names
}

func look(x *claimreview.Index, gold []Query) []asked {
	var all []asked
	for i := range gold {
		for _, undated := range []bool{false, true} {
			q := gold[i]
			q.Query.Undated = undated
			if undated {
				q.Corpus += ", undated"
			}
			all = append(all, asked{Query: &q, here: x.Judge(q.Query), gone: x.Judge(q.Query, q.Relevant...)})
		}
	}
	return all
}

// repeats reports whether a candidate makes the claim of a relevant one in
// nearly the same words: the gold names one check of a claim, not all.
func (a *asked) repeats(j *claimreview.Judged) bool {
	for k := range a.here {
		h := &a.here[k]
		if slices.Contains(a.Relevant, h.Review.ID) && claimreview.Alike(h.Review.Claim, j.Review.Claim) >= 0.5 {
			return true
		}
	}
	return false
}

// forgetRepeats takes the repeats of a relevant claim out too.
func (a *asked) forgetRepeats(strict bool) {
	if !strict {
		a.gone = slices.DeleteFunc(slices.Clone(a.gone), func(j claimreview.Judged) bool { return a.repeats(&j) })
	}
}

// top is the best score that nothing speaks against.
func top(list []claimreview.Judged, d *Decision) float64 {
	best := 0.0
	for i := range list {
		if list[i].Against == "" {
			best = max(best, d.of(&list[i].Evidence))
		}
	}
	return best
}

func silence(all []asked, by map[*asked]*Decision, corpus string, t float64) Silence {
	s := Silence{Corpus: cmp.Or(corpus, "all"), Threshold: t}
	n, answers, right := 0.0, 0.0, 0.0
	for i := range all {
		a := &all[i]
		if corpus != "" && a.Corpus != corpus {
			continue
		}
		n++
		d := by[a]
		if top(a.gone, d) < t {
			s.Silent++
		}
		found := false
		for k := range a.here {
			j := &a.here[k]
			if j.Against == "" && d.of(&j.Evidence) >= t {
				answers++
				if slices.Contains(a.Relevant, j.Review.ID) {
					right++
					found = true
				}
			}
		}
		if found {
			s.Recall++
		}
	}
	s.Silent /= n
	s.Recall /= n
	s.Precision = right / max(answers, 1)
	return s
}

// logistic fits the decision: the relevant candidates against the others, and
// against the best of what is left when they are taken out.
func logistic(all []asked, use []int) Decision {
	const (
		epochs = 30
		rate   = 0.03
		shrink = 1e-4
	)
	type example struct {
		e claimreview.Evidence
		y float64
	}
	var list []example
	for i := range all {
		a := &all[i]
		n := 0
		for k := range a.here {
			j := &a.here[k]
			relevant := slices.Contains(a.Relevant, j.Review.ID)
			if relevant {
				list = append(list, example{j.Evidence, 1})
			} else if n < 1 && !a.repeats(j) {
				n++
				list = append(list, example{j.Evidence, 0})
			}
		}
		n = 0
		for k := range a.gone {
			if n < 2 && !a.repeats(&a.gone[k]) {
				n++
				list = append(list, example{a.gone[k].Evidence, 0})
			}
		}
	}
	var mean, scale [claimreview.NumEvidence]float64
	for f := range scale {
		var sum, squares float64
		for _, x := range list {
			sum += x.e[f]
			squares += x.e[f] * x.e[f]
		}
		mean[f] = sum / float64(len(list))
		scale[f] = math.Sqrt(max(0, squares/float64(len(list))-mean[f]*mean[f])) + 1e-6
	}
	var d, avg Decision
	n := 0.0
	rng := rand.New(rand.NewPCG(3, 4))
	for epoch := range epochs {
		step := rate / (1 + 0.2*float64(epoch))
		for _, i := range rng.Perm(len(list)) {
			x := &list[i]
			s := d.Bias
			for _, f := range use {
				s += d.Of[f] * (x.e[f] - mean[f]) / scale[f]
			}
			g := x.y - 1/(1+math.Exp(-s))
			d.Bias += step * g
			for _, f := range use {
				d.Of[f] += step * (g*(x.e[f]-mean[f])/scale[f] - shrink*d.Of[f])
			}
			if epoch >= epochs/2 {
				n++
				avg.Bias += d.Bias
				for _, f := range use {
					avg.Of[f] += d.Of[f]
				}
			}
		}
	}
	avg.Bias /= n
	for f := range avg.Of {
		avg.Of[f] /= n * scale[f]
		avg.Bias -= avg.Of[f] * mean[f]
	}
	return avg
}
