package quote

import (
	"errors"
	"fmt"
	"runtime"
	"slices"
	"sync"

	"onrecord/internal/perceptron"
	"onrecord/nlp"
	"onrecord/quote/internal/crf"
)

// Marked is an article whose quotations people have marked, to learn from. What
// stands in Quotes is Content, Cue, Source (of each the first span of the cue,
// all of the others) and Kind; the rest is not looked at.
type Marked struct {
	Text   string
	Quotes []Quote
}

// Models are the weights of the two fields, in file form.
type Models struct {
	Cues  []byte // cues.bin
	Spans []byte // spans.bin
}

// How the fields are trained. Chosen on polnear.dev. That half of the features
// of a position are left out at random, others in each pass, keeps the fields
// from leaning on the rules alone (Srivastava et al. 2014).
var training = crf.Options{Rounds: 10, Rate: 0.05, Drop: 0.5, MinUse: 3, Keep: 300_000}

// weightUnit is the step of the weights in the files, in nats. With steps of .02
// the files are half as large again and the figures the same; with .08 polnear.dev
// loses half a point, for most weights are small and it is many that decide.
const weightUnit = 0.06

// folds is how many parts the articles are cut into, so that the second field
// learns from cues that a first field found in articles it had not learned from.
const folds = 2

// Train learns the two fields from marked articles. The same articles and seed
// give the same bytes. It tells progress, unless nil, what it is doing.
func Train(articles []Marked, seed uint64, progress func(line string)) (Models, error) {
	var mu sync.Mutex
	tell := func(line string) {
		mu.Lock()
		defer mu.Unlock()
		if progress != nil {
			progress(line)
		}
	}
	lessons := make([]*lesson, len(articles))
	parallel(len(articles), func(i int) { lessons[i] = newLesson(&articles[i]) })
	tell(fmt.Sprintf("%d articles read", len(articles)))
	learn := func(name string, examples []crf.Example) *crf.Weights {
		o := training
		o.Seed = seed
		random := perceptron.NewRandom(seed)
		return crf.Train(crf.BIOES(spanKinds), examples, o, random.Shuffle, func(round int, loss float64) {
			tell(fmt.Sprintf("%s: round %d, %.3f nats an example", name, round+1, loss))
		})
	}
	sentences := func(keep func(i int) bool) (examples []crf.Example) {
		for i, l := range lessons {
			if keep(i) {
				examples = append(examples, l.sentences()...)
			}
		}
		return examples
	}
	cues := make([][]likelyCue, len(lessons))
	var failed [folds]error
	var halves, whole sync.WaitGroup
	for fold := range folds {
		halves.Go(func() {
			w := learn(fmt.Sprintf("cues without part %d", fold+1), sentences(func(i int) bool { return i%folds != fold }))
			field, err := w.Pack(weightUnit)
			if err != nil {
				failed[fold] = err
				return
			}
			for i := fold; i < len(lessons); i += folds {
				cues[i] = lessons[i].readCues(field, cueFavour)
			}
		})
	}
	halves.Wait()
	if err := errors.Join(failed[:]...); err != nil {
		return Models{}, err
	}
	windows := make([][]crf.Example, len(lessons))
	parallel(len(lessons), func(i int) { windows[i] = lessons[i].windows(cues[i]) })
	all := sentences(func(int) bool { return true })
	var first *crf.Weights
	whole.Go(func() { first = learn("cues", all) })
	second := learn("sources and contents", slices.Concat(windows...))
	whole.Wait()
	var m Models
	var err error
	if m.Cues, err = pack(first); err != nil {
		return Models{}, err
	}
	if m.Spans, err = pack(second); err != nil {
		return Models{}, err
	}
	tell(fmt.Sprintf("cues %d bytes, spans %d bytes", len(m.Cues), len(m.Spans)))
	return m, nil
}

func pack(w *crf.Weights) ([]byte, error) {
	m, err := w.Pack(weightUnit)
	if err != nil {
		return nil, err
	}
	return m.AppendBinary(nil)
}

// parallel calls f for 0 to n-1, on all cores.
func parallel(n int, f func(i int)) {
	var wg sync.WaitGroup
	next := make(chan int)
	for range runtime.GOMAXPROCS(0) {
		wg.Go(func() {
			for i := range next {
				f(i)
			}
		})
	}
	for i := range n {
		next <- i
	}
	close(next)
	wg.Wait()
}

// A lesson is a marked article as the fields see it.
type lesson struct {
	*view
	marked []markedQuote
}

// markedQuote is a quotation in tokens.
type markedQuote struct {
	cue             stretch
	kind            int // speechCue or otherCue
	source, content []stretch
}

func newLesson(a *Marked) *lesson {
	r := newReading(nlp.Parse(a.Text))
	cues := findCues(r)
	l := &lesson{view: newView(r, cues, link(r, cues, findScript(r).turns))}
	for i := range a.Quotes {
		q := &a.Quotes[i]
		m := markedQuote{source: l.mostly(q.Source), content: l.mostly(q.Content)}
		cue := l.mostly(q.Cue)
		if len(cue) == 0 || len(m.content) == 0 {
			continue // nothing signals it: the fields start from a cue
		}
		m.cue = cue[0]
		if q.Kind == Other {
			m.kind = otherCue
		}
		l.marked = append(l.marked, m)
	}
	return l
}

// mostly gives the tokens of spans, without tokens at their edges that lie
// outside for more than half: some of the marks are off by a letter.
func (l *lesson) mostly(spans []nlp.Span) []stretch {
	inside := func(i int, s nlp.Span) bool {
		t := l.Tokens[i].Span
		return 2*(min(s.End, t.End)-max(s.Start, t.Start)) >= t.Len()
	}
	var out []stretch
	for _, s := range spans {
		first, last := l.TokensIn(s)
		for first < last && !inside(first, s) {
			first++
		}
		for first < last && !inside(last-1, s) {
			last--
		}
		if first < last {
			out = append(out, stretch{first, last})
		}
	}
	return out
}

// sentences gives the examples of the first field.
func (l *lesson) sentences() []crf.Example {
	var examples []crf.Example
	for _, s := range l.Sentences {
		if s.First >= s.Last {
			continue
		}
		labels := make([]int, s.Last-s.First)
		for _, m := range l.marked {
			crf.Span{First: max(m.cue.first, s.First) - s.First, Last: min(m.cue.last, s.Last) - s.First, Kind: m.kind}.Mark(labels)
		}
		e := crf.Example{Labels: labels}
		l.cueKeys(s.First, s.Last, e.Add)
		examples = append(examples, e)
	}
	return examples
}

// windows gives the examples of the second field: the cues that a first field
// found, right or wrong, and those it missed.
func (l *lesson) windows(cues []likelyCue) []crf.Example {
	for _, m := range l.marked {
		met := false
		for _, c := range cues {
			met = met || c.First < m.cue.last && m.cue.first < c.Last
		}
		if !met {
			cues = append(cues, likelyCue{crf.Span{First: m.cue.first, Last: m.cue.last, Kind: m.kind}, 1})
		}
	}
	other := l.otherCues(cues)
	var examples []crf.Example
	for _, c := range cues {
		around := l.windowAt(c.Span, other)
		first, last := around.first, around.last
		labels := make([]int, last-first)
		for _, m := range l.marked {
			if c.First >= m.cue.last || m.cue.first >= c.Last {
				continue
			}
			mark := func(words []stretch, kind int) {
				for _, w := range words {
					// A cue found too wide takes words off source and content.
					for _, part := range []stretch{{w.first, min(w.last, c.First)}, {max(w.first, c.Last), w.last}} {
						crf.Span{First: max(part.first, first) - first, Last: min(part.last, last) - first, Kind: kind}.Mark(labels)
					}
				}
			}
			mark(m.content, contentWords)
			mark(m.source, sourceWords)
			break
		}
		e := crf.Example{Labels: labels}
		around.roleKeys(e.Add)
		examples = append(examples, e)
	}
	return examples
}
