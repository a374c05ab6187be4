package quote

import (
	"bytes"
	"compress/gzip"
	_ "embed"
	"fmt"
	"io"
	"slices"
	"sync"

	"onrecord/internal/trees"
)

//go:embed extents.txt.gz
var extentFile []byte

var extentModels = sync.OnceValue(func() *extents {
	m, err := decodeExtents(extentFile)
	if err != nil {
		panic(err) // the embedded file is damaged
	}
	return m
})

// extents are the models that choose among options: how likely people have marked a
// quotation that overlaps one by half or more, and how likely just that one.
type extents struct{ half, exact *trees.Model }

// wholeWords is how much the right words count beside half of them. Chosen on
// polnear.dev: with less, contents are right by half and not to the word.
const wholeWords = 1.25

// A choice is a proposal whose content is still open.
type choice struct {
	proposal
	options []option
}

// choose gives each proposal the best of its options. x has what describe says of
// all of them, one behind the other.
//
// What is right to the word is right by half, so an option that is far behind by
// half cannot win, and where none is likely enough nothing hangs on which is taken:
// the second model need not look at those.
func (e *extents) choose(choices []choice, x []float32) {
	half := e.half.PredictAll(x, numberFeatures)
	var rows []float32
	first := 0
	contenders := func(k int, visit func(i int)) {
		most := slices.Max(half[first : first+len(choices[k].options)])
		for i := range choices[k].options {
			if h := half[first+i]; most >= leastHalf && h*(1+wholeWords) >= most {
				visit(i)
			}
		}
	}
	for k := range choices {
		contenders(k, func(i int) {
			rows = append(rows, x[(first+i)*numberFeatures:(first+i+1)*numberFeatures]...)
		})
		first += len(choices[k].options)
	}
	exact := e.exact.PredictAll(rows, numberFeatures)
	first = 0
	for k := range choices {
		c := &choices[k]
		best, worth := 0, 0.0
		contenders(k, func(i int) {
			if w := half[first+i] + wholeWords*exact[0]; w > worth {
				best, worth = i, w
			}
			exact = exact[1:]
		})
		c.content, c.half = c.options[best].content, half[first+best]
		first += len(c.options)
	}
}

const extentHead = "# written by 'go run ./cmd/train quotes'\n"

// encode writes the models as text, packed.
func (e *extents) encode() ([]byte, error) {
	var b bytes.Buffer
	w, err := gzip.NewWriterLevel(&b, gzip.BestCompression)
	if err != nil {
		return nil, err
	}
	text := e.exact.Append(e.half.Append([]byte(extentHead), "half"), "exact")
	if _, err := w.Write(text); err != nil {
		return nil, err
	}
	if err := w.Close(); err != nil {
		return nil, err
	}
	return b.Bytes(), nil
}

func decodeExtents(data []byte) (*extents, error) {
	r, err := gzip.NewReader(bytes.NewReader(data))
	if err != nil {
		return nil, fmt.Errorf("reading the models of extents: %w", err)
	}
	text, err := io.ReadAll(r)
	if err != nil {
		return nil, fmt.Errorf("reading the models of extents: %w", err)
	}
	all, err := trees.Read(text, map[string]int{"half": numberFeatures, "exact": numberFeatures})
	if err != nil {
		return nil, fmt.Errorf("reading the models of extents: %w", err)
	}
	e := &extents{all["half"], all["exact"]}
	if e.half == nil || e.exact == nil {
		return nil, fmt.Errorf("a model of extents is missing")
	}
	return e, nil
}
