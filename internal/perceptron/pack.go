package perceptron

import (
	"errors"
	"maps"
	"slices"
)

// MaxWeight is the largest weight that a model holds, in size.
const MaxWeight = maxWeight

// Pack makes a model of weights learned elsewhere: for each key one weight a
// class, rounded and cut to MaxWeight. Features without a weight are left out.
func Pack(classes []string, weights map[Key][]int16) (*Model, error) {
	if len(classes) > MaxClasses || len(classes) <= Narrow {
		return nil, errors.New("perceptron: Pack needs more than three classes, and at most 64")
	}
	cellsOf := func(row []int16) []cell {
		var cells []cell
		for c, w := range row {
			if w != 0 {
				cells = append(cells, cell{uint8(c), max(-maxWeight, min(maxWeight, w))})
			}
		}
		return cells
	}
	n := 0
	for _, row := range weights {
		n += len(cellsOf(row))
	}
	b := newBuilder(classes, len(weights), n)
	for _, key := range slices.Sorted(maps.Keys(weights)) {
		if cells := cellsOf(weights[key]); len(cells) > 0 && !b.addWide(key, cells) {
			return nil, errors.New("perceptron: too many weights")
		}
	}
	return b.finish(), nil
}
