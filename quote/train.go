package quote

import (
	"errors"
	"fmt"
	"runtime"
	"sync"

	"onrecord/internal/perceptron"
	"onrecord/internal/trees"
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

// Models are the weights of the two fields and of what chooses among their
// readings, in file form.
type Models struct {
	Cues    []byte // cues.bin
	Spans   []byte // spans.bin
	Extents []byte // extents.txt.gz
}

// How the fields are trained. Chosen on polnear.dev. That half of the features
// of a position are left out at random, others in each pass, keeps the fields
// from leaning on the rules alone (Srivastava et al. 2014).
var training = crf.Options{Rounds: 10, Rate: 0.05, Drop: 0.5, MinUse: 3, Keep: 300_000}

// weightUnit is the step of the weights in the files, in nats. With steps of .02
// the files are half as large again and the figures the same; with .08 polnear.dev
// loses half a point, for most weights are small and it is many that decide.
const weightUnit = 0.06

// folds is how many parts the articles are cut into, so that each stage learns
// from what the ones before it say of articles they had not learned from.
const folds = 2

// fields are the two fields.
type fields struct{ cues, spans *crf.Model }

// Train learns the models from marked articles. The same articles and seed give
// the same bytes. It tells progress, unless nil, what it is doing.
func Train(articles []Marked, seed uint64, progress func(line string)) (Models, error) {
	t := newTrainer(articles, seed, progress)
	parts, err := t.parts()
	if err != nil {
		return Models{}, err
	}
	whole, err := t.whole()
	if err != nil {
		return Models{}, err
	}
	var m Models
	if m.Cues, err = whole.cues.AppendBinary(nil); err != nil {
		return Models{}, err
	}
	if m.Spans, err = whole.spans.AppendBinary(nil); err != nil {
		return Models{}, err
	}
	if m.Extents, err = t.extents(parts).encode(); err != nil {
		return Models{}, err
	}
	t.tell(fmt.Sprintf("cues %d bytes, spans %d bytes, extents %d bytes", len(m.Cues), len(m.Spans), len(m.Extents)))
	return m, nil
}

// TrainExtents learns only to choose among the readings of fields, of which it
// trains some for the purpose: Extents as Train makes it.
func TrainExtents(articles []Marked, seed uint64, progress func(line string)) ([]byte, error) {
	t := newTrainer(articles, seed, progress)
	parts, err := t.parts()
	if err != nil {
		return nil, err
	}
	return t.extents(parts).encode()
}

// trainer has the articles, and what the fields of the other part make of each.
type trainer struct {
	seed     uint64
	lessons  []*lesson
	cues     [][]likelyCue // of each lesson
	mu       sync.Mutex    // of progress
	progress func(line string)
}

func newTrainer(articles []Marked, seed uint64, progress func(line string)) *trainer {
	t := &trainer{seed: seed, progress: progress, lessons: make([]*lesson, len(articles)), cues: make([][]likelyCue, len(articles))}
	parallel(len(articles), func(i int) { t.lessons[i] = newLesson(&articles[i]) })
	t.tell(fmt.Sprintf("%d articles read", len(articles)))
	return t
}

func (t *trainer) tell(line string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.progress != nil {
		t.progress(line)
	}
}

// field learns one, and gives it as its file will.
func (t *trainer) field(name string, examples []crf.Example) (*crf.Model, error) {
	o := training
	o.Seed = t.seed
	random := perceptron.NewRandom(t.seed)
	w := crf.Train(crf.BIOES(spanKinds), examples, o, random.Shuffle, func(round int, loss float64) {
		t.tell(fmt.Sprintf("%s: round %d, %.3f nats an example", name, round+1, loss))
	})
	m, err := w.Pack(weightUnit)
	if err != nil {
		return nil, err
	}
	file, err := m.AppendBinary(nil)
	if err != nil {
		return nil, err
	}
	return crf.Decode(file)
}

// parts learns the two fields from all articles but those of each part, and notes
// the cues that they find in those.
func (t *trainer) parts() (parts [folds]fields, err error) {
	var failed [folds]error
	parallel(folds, func(part int) {
		f, err := t.field(fmt.Sprintf("cues without part %d", part+1), t.sentences(without(part)))
		if failed[part] = err; err != nil {
			return
		}
		parts[part].cues = f
		for i := part; i < len(t.lessons); i += folds {
			t.cues[i] = t.lessons[i].readCues(f, cueFavour)
		}
	})
	if err := errors.Join(failed[:]...); err != nil {
		return parts, err
	}
	parallel(folds, func(part int) {
		parts[part].spans, failed[part] = t.field(fmt.Sprintf("sources and contents without part %d", part+1), t.windows(without(part)))
	})
	return parts, errors.Join(failed[:]...)
}

// whole learns the two fields from all articles; the second from the cues that
// parts has noted.
func (t *trainer) whole() (f fields, err error) {
	var failed [2]error
	parallel(2, func(k int) {
		if k == 0 {
			f.spans, failed[k] = t.field("sources and contents", t.windows(everyArticle))
		} else {
			f.cues, failed[k] = t.field("cues", t.sentences(everyArticle))
		}
	})
	return f, errors.Join(failed[:]...)
}

func everyArticle(int) bool { return true }

func without(part int) func(i int) bool { return func(i int) bool { return i%folds != part } }

// sentences gives the examples of the first field.
func (t *trainer) sentences(keep func(i int) bool) (examples []crf.Example) {
	for i, l := range t.lessons {
		if keep(i) {
			examples = append(examples, l.sentences()...)
		}
	}
	return examples
}

// windows gives the examples of the second.
func (t *trainer) windows(keep func(i int) bool) (examples []crf.Example) {
	for i, l := range t.lessons {
		if keep(i) {
			examples = append(examples, l.windows(t.cues[i])...)
		}
	}
	return examples
}

// leastCue is how likely a cue must be one for its options to be learned from: less
// than for a quotation, so that there are wrong ones among them.
const leastCue = 0.05

// How the choice among options is learned.
var extentSettings = trees.Settings{Logistic: true, Trees: 80, Leaves: 24, Rate: 0.18, Least: 60, Ridge: 5, Rows: 0.4, Columns: 0.4}

// extents learns to choose among the options that fields give for articles they
// had not learned from.
func (t *trainer) extents(parts [folds]fields) *extents {
	options := t.options(parts, everyArticle)
	return fitExtents(&options, t.seed)
}

// optionRows are options with what they should give.
type optionRows struct {
	x           []float32
	half, exact []float32
}

func fitExtents(o *optionRows, seed uint64) *extents {
	s := extentSettings
	s.Seed = seed
	var e extents
	parallel(2, func(k int) {
		if k == 0 {
			e.half = trees.Fit(&trees.Rows{Width: numberFeatures, X: o.x, Y: o.half}, s)
		} else {
			e.exact = trees.Fit(&trees.Rows{Width: numberFeatures, X: o.x, Y: o.exact}, s)
		}
	})
	e.half.Round()
	e.exact.Round()
	return &e
}

// options gives the options of the articles that keep wants.
func (t *trainer) options(parts [folds]fields, keep func(i int) bool) (all optionRows) {
	each := make([]optionRows, len(t.lessons))
	parallel(len(t.lessons), func(i int) {
		if keep(i) {
			each[i] = t.lessons[i].options(parts[i%folds].spans, t.cues[i])
		}
	})
	for i := range each {
		all.x = append(all.x, each[i].x...)
		all.half = append(all.half, each[i].half...)
		all.exact = append(all.exact, each[i].exact...)
	}
	return all
}

// options gives the options for each of the cues that a first field found.
func (l *lesson) options(field *crf.Model, cues []likelyCue) (rows optionRows) {
	other := l.otherCues(cues)
	for _, c := range l.withRules(cues) {
		if c.sure < leastCue {
			continue
		}
		_, options, x := l.readSpans(field, c, other, toLearn)
		rows.x = append(rows.x, x...)
		for i := range options {
			most := 0.0
			for k := range l.marked {
				most = max(most, l.overlap(options[i].content, l.marked[k].content))
			}
			rows.half = append(rows.half, number(most >= 0.5))
			rows.exact = append(rows.exact, number(most == 1))
		}
	}
	return rows
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
			cues = append(cues, likelyCue{Span: crf.Span{First: m.cue.first, Last: m.cue.last, Kind: m.kind}, sure: 1})
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
