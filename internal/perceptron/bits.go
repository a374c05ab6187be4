package perceptron

import (
	"encoding/binary"
	"errors"
	"fmt"
	"math/bits"
)

// A model that is not a middle one (see middle.go) is written as a header and a
// stream of bits. For each feature, in
// ascending order of the keys: the distance from the key before, then its
// weights. A narrow model has the weights of all classes but the last, which
// makes the sum of them zero, as perceptrons do. Else there is the number of
// weights, and for each the class, as a distance from the one before, and the
// value. Numbers are in Golomb-Rice code: the upper part in unary, the lowest
// k bits as they are. That is within a tenth of a bit of the entropy for keys,
// which are random, and close for weights, and much faster to read than a
// general decompressor.

const magic = "OPM2"

var errCorrupt = errors.New("perceptron: corrupt model")

// AppendBinary appends the model's file form to b.
func (m *Model) AppendBinary(b []byte) ([]byte, error) {
	if m.inPairs() {
		return m.appendMiddle(b), nil
	}
	var rice [4]riceChoice
	m.numbers(func(kind int, n uint32) { rice[kind].count(n) })

	b = append(b, magic...)
	b = m.appendClasses(b)
	b = binary.AppendUvarint(b, uint64(m.keys))
	b = binary.AppendUvarint(b, uint64(len(m.cells)))
	var k [4]uint
	for i := range rice {
		k[i] = rice[i].best()
		b = append(b, byte(k[i]))
	}
	w := bitWriter{buf: b}
	m.numbers(func(kind int, n uint32) { w.rice(n, k[kind]) })
	return w.finish(), nil
}

func (m *Model) appendClasses(b []byte) []byte {
	b = binary.AppendUvarint(b, uint64(len(m.Classes)))
	for _, c := range m.Classes {
		b = binary.AppendUvarint(b, uint64(len(c)))
		b = append(b, c...)
	}
	return b
}

// Kinds of number in the stream.
const (
	keyStep = iota
	cellCount
	classStep
	weightValue
)

// numbers calls emit for every number of the stream.
func (m *Model) numbers(emit func(kind int, n uint32)) {
	last := Key(0)
	m.each(func(f feature) {
		emit(keyStep, f.key-last)
		last = f.key
		if m.narrow() {
			var weights [Narrow]int16
			for _, c := range f.cells {
				weights[c.class] = c.weight
			}
			for _, w := range weights[:len(m.Classes)-1] {
				emit(weightValue, zigzag(w))
			}
			return
		}
		emit(cellCount, uint32(len(f.cells)))
		class := 0
		for _, c := range f.cells {
			emit(classStep, uint32(int(c.class)-class))
			class = int(c.class) + 1
			emit(weightValue, zigzag(c.weight))
		}
	})
}

// zigzag folds 0, -1, 1, -2, 2 ... into 0, 1, 2, 3 ...
func zigzag(w int16) uint32 { return uint32(int32(w)<<1 ^ int32(w)>>31) }

func unzigzag(n uint32) int { return int(n>>1) ^ -int(n&1) }

// Decode reads what AppendBinary wrote.
func Decode(data []byte) (*Model, error) {
	if len(data) >= len(middleMagic) && string(data[:len(middleMagic)]) == middleMagic {
		return decodeMiddle(data[len(middleMagic):])
	}
	if len(data) < len(magic) || string(data[:len(magic)]) != magic {
		return nil, fmt.Errorf("%w: no header", errCorrupt)
	}
	h := header{data: data[len(magic):]}
	classes := h.classes()
	// A feature or a weight takes at least one bit.
	keys, cellTotal := h.number(8*uint64(len(h.data))), h.number(8*uint64(len(h.data)))
	data = h.data
	if h.bad || len(data) < 4 {
		return nil, errCorrupt
	}
	var k [4]uint
	for i := range k {
		if k[i] = uint(data[i]); k[i] > KeyBits {
			return nil, errCorrupt
		}
	}
	r := bitReader{data: data[4:]}
	b := newBuilder(classes, keys, cellTotal)
	if len(classes) == 0 && keys > 0 {
		return nil, errCorrupt
	}
	key, narrow := uint64(0), b.m.narrow()
	var cells [MaxClasses]cell
	for i := range keys {
		step := r.rice(k[keyStep])
		key += uint64(step)
		if key >= emptyKey || step == 0 && i > 0 {
			return nil, errCorrupt
		}
		if narrow {
			var weights [Narrow]int
			sum := 0
			for c := range len(classes) - 1 {
				weights[c] = unzigzag(r.rice(k[weightValue]))
				sum += weights[c]
			}
			weights[len(classes)-1] = -sum
			if !b.addNarrow(Key(key), weights) {
				return nil, errCorrupt
			}
			continue
		}
		count := int(r.rice(k[cellCount]))
		if count > len(classes) {
			return nil, errCorrupt
		}
		class := 0
		for j := range count {
			class += int(r.rice(k[classStep]))
			w := unzigzag(r.rice(k[weightValue]))
			if class >= len(classes) || w > maxWeight || w < -maxWeight {
				return nil, errCorrupt
			}
			cells[j] = cell{uint8(class), int16(w)}
			class++
		}
		if !b.addWide(Key(key), cells[:count]) {
			return nil, errCorrupt
		}
	}
	if r.over() {
		return nil, fmt.Errorf("%w: too short", errCorrupt)
	}
	return b.finish(), nil
}

// header reads what stands before the streams.
type header struct {
	data []byte
	bad  bool
}

// number reads a number of at most limit.
func (h *header) number(limit uint64) int {
	n, size := binary.Uvarint(h.data)
	if size <= 0 || n > limit {
		h.bad, h.data = true, nil
		return 0
	}
	h.data = h.data[size:]
	return int(n)
}

func (h *header) classes() []string {
	classes := make([]string, h.number(MaxClasses))
	for i := range classes {
		n := h.number(uint64(len(h.data)))
		if n > len(h.data) {
			h.bad = true
			return nil
		}
		classes[i], h.data = string(h.data[:n]), h.data[n:]
	}
	return classes
}

// riceChoice finds the parameter that codes the counted numbers shortest.
type riceChoice struct {
	cost [KeyBits + 1]uint64
}

func (r *riceChoice) count(n uint32) {
	for k := range r.cost {
		r.cost[k] += uint64(n>>k) + 1 + uint64(k)
	}
}

func (r *riceChoice) best() uint {
	best := 0
	for k, c := range r.cost {
		if c < r.cost[best] {
			best = k
		}
	}
	return uint(best)
}

// bitWriter writes bits, the lowest first.
type bitWriter struct {
	buf  []byte
	acc  uint64
	fill uint
}

func (w *bitWriter) bits(v uint64, n uint) {
	w.acc |= v << w.fill
	w.fill += n
	for w.fill >= 8 {
		w.buf = append(w.buf, byte(w.acc))
		w.acc >>= 8
		w.fill -= 8
	}
}

func (w *bitWriter) rice(n uint32, k uint) {
	for q := n >> k; ; q -= 32 {
		if q < 32 {
			w.bits(1<<q, uint(q)+1)
			break
		}
		w.bits(0, 32)
	}
	w.bits(uint64(n)&(1<<k-1), k)
}

func (w *bitWriter) finish() []byte {
	if w.fill > 0 {
		w.buf = append(w.buf, byte(w.acc))
	}
	return w.buf
}

// bitReader reads what bitWriter wrote; past the end it reads ones, so that
// every number ends, and over tells.
type bitReader struct {
	data []byte
	pos  int
	acc  uint64
	fill uint
	past uint // bits read past the end
}

func (r *bitReader) refill() {
	if r.pos+8 <= len(r.data) {
		r.acc |= binary.LittleEndian.Uint64(r.data[r.pos:]) << r.fill
		n := (63 - r.fill) / 8
		r.pos += int(n)
		r.fill += 8 * n
		return
	}
	for r.fill <= 56 {
		b := uint64(0xff)
		if r.pos < len(r.data) {
			b = uint64(r.data[r.pos])
			r.pos++
		} else {
			r.past += 8
		}
		r.acc |= b << r.fill
		r.fill += 8
	}
}

func (r *bitReader) rice(k uint) uint32 {
	if r.fill < 48 {
		r.refill()
	}
	q := uint(bits.TrailingZeros64(r.acc))
	if used := q + 1 + k; used <= r.fill {
		low := uint32(r.acc>>((q+1)&63)) & (1<<(k&31) - 1)
		r.acc >>= used & 63
		r.fill -= used
		return uint32(q)<<(k&31) | low
	}
	return r.riceSlow(k)
}

// riceSlow reads a number that lies across what is at hand.
func (r *bitReader) riceSlow(k uint) uint32 {
	total := uint(0)
	q := uint(bits.TrailingZeros64(r.acc))
	for q >= r.fill {
		total += r.fill
		r.acc, r.fill = 0, 0
		r.refill()
		q = uint(bits.TrailingZeros64(r.acc))
	}
	total += q
	r.acc >>= q + 1
	r.fill -= q + 1
	if r.fill < k {
		r.refill()
	}
	low := uint32(r.acc & (1<<k - 1))
	r.acc >>= k
	r.fill -= k
	return uint32(total)<<k | low
}

// over reports whether more was read than there is.
func (r *bitReader) over() bool { return r.past > r.fill }
