package crf

import (
	"encoding/binary"
	"errors"
	"fmt"
	"math"
	"slices"
	"strconv"

	"onrecord/internal/perceptron"
)

// Model is what a field has learned, in the form that ships: features in a
// sparse table of whole numbers, steps as they are.
type Model struct {
	Grammar
	table *perceptron.Model
	unit  float64 // nats that a weight of 1 in the table stands for
	step  [][]float64
	times []float64 // per arc: the exponential of its step
}

// Features is the number of features that have a weight.
func (m *Model) Features() int { return m.table.Features() }

// Pack rounds weights to a table of unit nats a step, and leaves out features
// that have none then.
//
// The weights of a feature first lose their median. What all labels of a position
// have in common does not tell them apart, so the model says the same, and more
// of the weights become 0, which take next to no room.
func (w *Weights) Pack(unit float64) (*Model, error) {
	l := w.Labels
	rows := map[uint32][]int16{}
	for key, at := range w.Index {
		weights := w.W[int(at)*l : int(at)*l+l]
		middle := slices.Sorted(slices.Values(weights))[l/2]
		row := make([]int16, l)
		for y, v := range weights {
			v -= middle
			row[y] = int16(max(-perceptron.MaxWeight, min(perceptron.MaxWeight, math.Round(float64(v)/unit))))
		}
		rows[key] = row
	}
	classes := make([]string, l)
	for y := range classes {
		classes[y] = strconv.Itoa(y)
	}
	table, err := perceptron.Pack(classes, rows)
	if err != nil {
		return nil, err
	}
	return &Model{Grammar: w.Grammar, table: table, unit: unit, step: w.Step, times: w.factorsOf(w.Step)}, nil
}

// Chain gives a sequence of n positions, which have no scores yet.
func (m *Model) Chain(n int) *Chain {
	return &Chain{Grammar: m.Grammar, Unary: grid(n, m.Labels), Step: m.step, times: m.times}
}

// Read scores position i of a chain by its features.
func (m *Model) Read(c *Chain, i int, keys []uint32) {
	var scores [perceptron.MaxClasses]int32
	m.table.Scores(keys, &scores)
	for y := range c.Unary[i] {
		c.Unary[i][y] = float64(scores[y]) * m.unit
	}
}

const magic = "OCRF1"

var errCorrupt = errors.New("crf: corrupt model")

// AppendBinary appends the model's file form to b: kinds of span, unit, steps,
// then the table as package perceptron writes it.
func (m *Model) AppendBinary(b []byte) ([]byte, error) {
	b = append(b, magic...)
	b = append(b, byte((m.Labels-1)/perKind))
	b = binary.LittleEndian.AppendUint64(b, math.Float64bits(m.unit))
	for _, row := range m.step {
		for _, v := range row {
			b = binary.LittleEndian.AppendUint32(b, math.Float32bits(float32(v)))
		}
	}
	return m.table.AppendBinary(b)
}

// Decode reads what AppendBinary wrote.
func Decode(data []byte) (*Model, error) {
	if len(data) < len(magic)+9 || string(data[:len(magic)]) != magic {
		return nil, fmt.Errorf("%w: no header", errCorrupt)
	}
	data = data[len(magic):]
	kinds := int(data[0])
	if kinds < 1 || 1+perKind*kinds > maxLabels {
		return nil, errCorrupt
	}
	m := &Model{Grammar: BIOES(kinds), unit: math.Float64frombits(binary.LittleEndian.Uint64(data[1:]))}
	data = data[9:]
	l := m.Labels
	if len(data) < 4*l*l || math.IsNaN(m.unit) || math.IsInf(m.unit, 0) {
		return nil, errCorrupt
	}
	m.step = grid(l, l)
	for _, row := range m.step {
		for y := range row {
			row[y] = float64(math.Float32frombits(binary.LittleEndian.Uint32(data)))
			data = data[4:]
		}
	}
	m.times = m.factorsOf(m.step)
	table, err := perceptron.Decode(data)
	if err != nil {
		return nil, err
	}
	if len(table.Classes) != l {
		return nil, errCorrupt
	}
	m.table = table
	return m, nil
}
