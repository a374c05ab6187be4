package worth

import (
	"bytes"
	"compress/flate"
	"encoding/binary"
	"errors"
	"io"
	"maps"
	"math"
	mathbits "math/bits"
	"slices"
	"sort"

	"onrecord/nlp"
)

// Head is one definition of what is looked for. The corpora do not agree on
// it, so each has weights of its own.
type Head int

// The heads.
const (
	Public    Head = iota // a factual sentence about which the public would want to know (ClaimBuster: CFS)
	Factual               // a factual sentence, whether the public cares or not (ClaimBuster: CFS and UFS)
	Checkable             // holds a claim that evidence could settle (PoliClaim)
	Checked               // a fact-checking outlet took it up (debates of 2016)
	Cared                 // if factual, the public would want to know (ClaimBuster: CFS among CFS and UFS)
	Heads                 // how many heads there are
)

// Curve turns the sum of a head's weights into a probability (Platt 1999).
type Curve struct{ Slope, Shift float32 }

func (c Curve) odds(z float64) float64 { return float64(c.Slope)*z + float64(c.Shift) }

func (c Curve) probability(z float64) float64 { return 1 / (1 + math.Exp(-c.odds(z))) }

// A model file holds, numbers in little-endian order:
//
//	magic, log2 of the number of slots, number of words
//	for each head: bias, the largest weight of a feature, the largest of a word, the curve
//	slots: the check of a feature (two bytes, 0 for none), a weight for each head; packed
//	words: their hashes in ascending order (four bytes), then a weight for each head
//
// But for the slots it is used as it lies in the program. A feature lies in the
// first free slot from its home on. Weights are one byte each, spaced like
// squares, so that the many small ones keep their order.
const magic = "OCW4"

const (
	headerSize = 12
	headSize   = 5 * 4
	slotSize   = 2 + int(Heads)
	maxProbes  = 64
)

// Settled is the probability of [Checkable] from which on a sentence counts as
// one. Of calibrated probabilities the threshold with the best F1 is half of that
// F1 (Lipton, Elkan and Narayanaswamy 2014), which is .84.
const Settled = 0.42

// Model rates sentences. It is read-only and may be shared.
type Model struct {
	bits   uint
	words  int
	bias   [Heads]float64
	curves [Heads]Curve
	values [Heads][256]float32 // what a byte of a slot stands for
	says   [Heads][256]float32 // what a byte of a word stands for
	slots  []byte
	keys   []byte // of words
	table  []byte // their weights
}

var errCorrupt = errors.New("corrupt model of claims")

// Decode makes a model of its file form, parts of which it goes on using.
func Decode(data []byte) (*Model, error) {
	if len(data) < headerSize+int(Heads)*headSize || string(data[:4]) != magic {
		return nil, errCorrupt
	}
	number := func(at int) int { return int(binary.LittleEndian.Uint32(data[at:])) }
	m := &Model{bits: uint(number(4)), words: number(8)}
	if m.bits > 24 || m.words > 1<<20 {
		return nil, errCorrupt
	}
	at := headerSize
	float := func() float64 {
		f := math.Float32frombits(binary.LittleEndian.Uint32(data[at:]))
		at += 4
		return float64(f)
	}
	for h := range Heads {
		m.bias[h] = float()
		feature, word := float(), float()
		for b := range 256 {
			x := spread(int8(b))
			m.values[h][b], m.says[h][b] = float32(x*feature), float32(x*word)
		}
		m.curves[h] = Curve{float32(float()), float32(float())}
	}
	var err error
	if m.slots, data, err = unpackSlots(data[at:], m.bits); err != nil {
		return nil, err
	}
	if len(data) != m.words*(4+int(Heads)) {
		return nil, errCorrupt
	}
	m.keys, m.table = data[:4*m.words], data[4*m.words:]
	return m, nil
}

// A table of slots stands in the file as a byte for each, all of them deflated
// (RFC 1951) behind the length of that, then the bytes of the slots. The lowest
// bit is set when the slot is used; then the file has the two bytes of its check,
// and a byte for each head whose bit, from the second on, is set. The weights of
// the other heads are 0.

func packSlots(b, slots []byte) []byte {
	masks := make([]byte, len(slots)/slotSize)
	var used []byte
	for i := range masks {
		slot := slots[i*slotSize : (i+1)*slotSize]
		if slot[0] == 0 && slot[1] == 0 {
			continue
		}
		masks[i] = 1
		used = append(used, slot[:2]...)
		for h, w := range slot[2:] {
			if w != 0 {
				masks[i] |= 2 << h
				used = append(used, w)
			}
		}
	}
	var packed bytes.Buffer
	w, _ := flate.NewWriter(&packed, flate.BestCompression) // the level is known
	_, _ = w.Write(masks)                                   // to memory: it does not fail
	_ = w.Close()
	b = binary.LittleEndian.AppendUint32(b, uint32(packed.Len()))
	return append(append(b, packed.Bytes()...), used...)
}

// unpackSlots gives the table of 2^bits slots, and what follows it in data.
func unpackSlots(data []byte, bits uint) (slots, rest []byte, err error) {
	if len(data) < 4 {
		return nil, nil, errCorrupt
	}
	packed := int(binary.LittleEndian.Uint32(data))
	if data = data[4:]; packed > len(data) {
		return nil, nil, errCorrupt
	}
	masks := make([]byte, 1<<bits)
	if _, err := io.ReadFull(flate.NewReader(bytes.NewReader(data[:packed])), masks); err != nil {
		return nil, nil, errCorrupt
	}
	rest = data[packed:]
	slots = make([]byte, len(masks)*slotSize)
	for i, mask := range masks {
		if mask&1 == 0 {
			continue
		}
		if len(rest) < 1+mathbits.OnesCount8(mask) {
			return nil, nil, errCorrupt
		}
		slot := slots[i*slotSize : (i+1)*slotSize]
		copy(slot, rest[:2])
		rest = rest[2:]
		for h := range Heads {
			if mask>>(1+h)&1 != 0 {
				slot[2+h], rest = rest[0], rest[1:]
			}
		}
	}
	return slots, rest, nil
}

// spread gives the part of the largest weight that a byte stands for.
func spread(b int8) float64 {
	x := float64(b) / 127
	return math.Copysign(x*x, x)
}

func squeeze(x float64) byte {
	x = max(-1, min(1, x))
	return byte(int8(math.Round(math.Copysign(math.Sqrt(math.Abs(x)), x) * 127)))
}

// slot is the place of the weights of a feature, -1 when the model has none.
func (m *Model) slot(key uint32) int {
	check := uint16(key) | 1
	mask := uint32(1)<<m.bits - 1
	at := key >> (32 - m.bits)
	for range maxProbes {
		p := int(at) * slotSize
		switch binary.LittleEndian.Uint16(m.slots[p:]) {
		case check:
			return p + 2
		case 0:
			return -1
		}
		at = (at + 1) & mask
	}
	return -1
}

// Sums gives the sum of each head's weights over a sentence: features as r
// reads them, and the mean over its words.
func (m *Model) Sums(r *Reader, doc *nlp.Document, first, last int) [Heads]float64 {
	z := m.bias
	for _, f := range r.Features(doc, first, last) {
		p := m.slot(f.Key)
		if p < 0 {
			continue
		}
		for h := range Heads {
			z[h] += float64(f.Value * m.values[h][m.slots[p+int(h)]])
		}
	}
	var said [Heads]float32
	n := float32(1)
	for _, w := range r.low {
		if row := m.word(Hash(w)); row != nil {
			n++
			for h := range Heads {
				said[h] += m.says[h][row[h]]
			}
		}
	}
	for h := range Heads {
		z[h] += float64(said[h] / n)
	}
	return z
}

// Probability is what a sum means for a head.
func (m *Model) Probability(h Head, sum float64) float64 { return m.curves[h].probability(sum) }

// Odds is the same as log-odds.
func (m *Model) Odds(h Head, sum float64) float64 { return m.curves[h].odds(sum) }

// word is the weights of a word, nil when the model does not know it.
func (m *Model) word(key uint32) []byte {
	i := sort.Search(m.words, func(i int) bool { return binary.LittleEndian.Uint32(m.keys[4*i:]) >= key })
	if i == m.words || binary.LittleEndian.Uint32(m.keys[4*i:]) != key {
		return nil
	}
	return m.table[i*int(Heads) : (i+1)*int(Heads)]
}

// Hash is the key of a folded word.
func Hash(word string) uint32 { return start('v').text(word).sum() }

// Source is a model before it is written.
type Source struct {
	Bias    [Heads]float64
	Curves  [Heads]Curve
	Weights map[uint32]*[Heads]float64 // by feature
	Words   map[uint32]*[Heads]float64 // by word: what it adds, over the number of known words and one
}

// AppendBinary appends the file form of s to b, with 2^bits slots. The
// features that matter least are left out when there is no room.
func (s *Source) AppendBinary(b []byte, bits uint) []byte {
	b = append(b, magic...)
	b = binary.LittleEndian.AppendUint32(b, uint32(bits))
	b = binary.LittleEndian.AppendUint32(b, uint32(len(s.Words)))
	float := func(x float64) { b = binary.LittleEndian.AppendUint32(b, math.Float32bits(float32(x))) }
	top, most := largest(s.Weights), largest(s.Words)
	for h := range Heads {
		float(s.Bias[h])
		float(top[h])
		float(most[h])
		float(float64(s.Curves[h].Slope))
		float(float64(s.Curves[h].Shift))
	}
	type entry struct {
		key  uint32
		says float64
	}
	entries := make([]entry, 0, len(s.Weights))
	for k, w := range s.Weights {
		e := entry{key: k}
		for h, x := range w {
			e.says = max(e.says, math.Abs(x)/max(top[h], 1e-9))
		}
		entries = append(entries, e)
	}
	sort.Slice(entries, func(i, j int) bool {
		if entries[i].says != entries[j].says {
			return entries[i].says > entries[j].says
		}
		return entries[i].key < entries[j].key
	})
	slots := make([]byte, slotSize<<bits)
	room := 1 << bits * 4 / 5
	mask := uint32(1)<<bits - 1
	for _, e := range entries {
		if room == 0 {
			break
		}
		at := e.key >> (32 - bits)
		for range maxProbes {
			p := int(at) * slotSize
			if binary.LittleEndian.Uint16(slots[p:]) == 0 {
				binary.LittleEndian.PutUint16(slots[p:], uint16(e.key)|1)
				for h, x := range s.Weights[e.key] {
					slots[p+2+h] = squeeze(x / max(top[h], 1e-9))
				}
				room--
				break
			}
			at = (at + 1) & mask
		}
	}
	b = packSlots(b, slots)
	words := slices.Sorted(maps.Keys(s.Words))
	for _, w := range words {
		b = binary.LittleEndian.AppendUint32(b, w)
	}
	for _, w := range words {
		for h, x := range s.Words[w] {
			b = append(b, squeeze(x/max(most[h], 1e-9)))
		}
	}
	return b
}

// largest is the largest weight of each head, its sign aside.
func largest(weights map[uint32]*[Heads]float64) (top [Heads]float64) {
	for _, w := range weights {
		for h, x := range w {
			top[h] = max(top[h], math.Abs(x))
		}
	}
	return top
}
