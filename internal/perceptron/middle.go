package perceptron

import (
	"encoding/binary"
	"fmt"
	"math/bits"
	"slices"
)

// A middle model is written as a header, a stream of bits and a stream of
// coded weights. The bits hold how common each symbol is, then for each feature,
// in ascending order of the keys, the distance from the key before and what is
// too large for a symbol. The other stream has the weights of every feature,
// class by class, as symbols: 0, -1, 1, -2 ... How common each is depends on the
// class and on how large the weights of the classes before it are, for features
// that say much say it of several classes.

const middleMagic = "OPM3"

const (
	escape     = symbols - 1 // a weight of this size or more: the rest stands among the bits
	sizes      = 6           // classes of how large weights are
	shareRice  = 4           // parameter of the shares among the bits
	escapeRice = 4
)

// context gives the number of the table for a class, when the largest symbol of
// the classes before it is largest.
func context(class int, largest uint32) int {
	return class*sizes + min(bits.Len32((largest+1)>>1), sizes-1)
}

// appendMiddle is AppendBinary for a middle model.
func (m *Model) appendMiddle(b []byte) []byte {
	classes := len(m.Classes)
	counts := make([][symbols]int, classes*sizes)
	var keySteps riceChoice
	m.rows(func(step uint32, row []uint32) {
		keySteps.count(step)
		largest := uint32(0)
		for c, n := range row {
			counts[context(c, largest)][min(n, escape)]++
			largest = max(largest, n)
		}
	})
	b = append(b, middleMagic...)
	b = m.appendClasses(b)
	b = binary.AppendUvarint(b, uint64(m.keys))
	k := keySteps.best()
	b = append(b, byte(k))

	w := bitWriter{}
	tables := make([]chance, len(counts))
	for i := range counts {
		of := share(&counts[i])
		for _, n := range of {
			w.rice(uint32(n), shareRice)
		}
		tables[i], _ = newChance(&of)
	}
	type coded struct {
		table  *chance
		symbol uint8
	}
	var weights []coded
	m.rows(func(step uint32, row []uint32) {
		w.rice(step, k)
		largest := uint32(0)
		for c, n := range row {
			weights = append(weights, coded{&tables[context(c, largest)], uint8(min(n, escape))})
			if n >= escape {
				w.rice(n-escape, escapeRice)
			}
			largest = max(largest, n)
		}
	})
	stream := w.finish()
	b = binary.AppendUvarint(b, uint64(len(stream)))
	b = append(b, stream...)
	r := ransWriter{state: leastState}
	for i := range slices.Backward(weights) {
		r.put(weights[i].table, weights[i].symbol)
	}
	return r.appendTo(b)
}

// rows calls f for every feature in ascending order of the keys, with the
// distance from the key before and the folded weights of all classes.
func (m *Model) rows(f func(step uint32, row []uint32)) {
	row := make([]uint32, len(m.Classes))
	last := Key(0)
	m.each(func(x feature) {
		clear(row)
		for _, c := range x.cells {
			row[c.class] = zigzag(c.weight)
		}
		f(x.key-last, row)
		last = x.key
	})
}

// decodeMiddle reads what appendMiddle wrote, after the magic.
func decodeMiddle(data []byte) (*Model, error) {
	h := header{data: data}
	classes := h.classes()
	keys := h.number(8 * uint64(len(h.data)))
	k := uint(h.number(KeyBits))
	size := h.number(uint64(len(h.data)))
	if h.bad || size > len(h.data) || len(classes) <= Narrow || len(classes) > Middle {
		return nil, errCorrupt
	}
	r, w := bitReader{data: h.data[:size]}, newRansReader(h.data[size:])
	tables := make([]chance, len(classes)*sizes)
	for i := range tables {
		var of [symbols]uint16
		met := false
		for s := range of {
			n := r.rice(shareRice)
			if n > chances {
				return nil, errCorrupt
			}
			of[s] = uint16(n)
			met = met || n > 0
		}
		var ok bool
		if tables[i], ok = newChance(&of); met && !ok {
			return nil, errCorrupt
		}
	}
	b := newBuilder(classes, keys, 0)
	key := uint64(0)
	for i := range keys {
		step := r.rice(k)
		key += uint64(step)
		if key >= emptyKey || step == 0 && i > 0 {
			return nil, errCorrupt
		}
		var row [Middle]int
		largest := uint32(0)
		for c := range classes {
			n := uint32(w.next(&tables[context(c, largest)]))
			if n == escape {
				if n += r.rice(escapeRice); n > 2*maxWeight {
					return nil, errCorrupt
				}
			}
			row[c] = unzigzag(n)
			largest = max(largest, n)
		}
		b.add(Key(key), pairOfRow(&row))
	}
	if r.over() || w.over() {
		return nil, fmt.Errorf("%w: weights and bits do not match", errCorrupt)
	}
	return b.finish(), nil
}

// pairOfRow packs the weights of a middle model, as pairOf does.
func pairOfRow(row *[Middle]int) (pair [2]uint64) {
	for c, w := range row {
		if c < Narrow {
			pair[0] |= uint64(w+weightBias) << (weightBits * c)
		} else {
			pair[1] |= uint64(w+weightBias) << (weightBits * (c - Narrow))
		}
	}
	return pair
}
