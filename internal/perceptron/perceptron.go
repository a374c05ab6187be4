// Package perceptron holds the linear classifiers behind the tagger, the
// parser and the name finder: multi-class averaged perceptrons over sparse
// binary features.
//
// A feature is the hash of what it says ("the tag before is DT, the suffix is
// -ing") and nothing else, a [Key]; there is no dictionary of feature names.
// A [Trainer] learns weights for pairs of feature and class, one mistake at a
// time (Collins 2002), and averages them over all steps. Its result, pruned
// and quantised, is a [Model]: two flat arrays, read without allocation and
// from any number of goroutines.
//
// A model on disk is a stream of bits (see [Model.AppendBinary]); its keys are
// sorted, so reading it is one sequential pass with no hashing.
package perceptron

import "math"

// Key stands for one feature: a hash of KeyBits bits.
type Key = uint32

// KeyBits is the width of a Key. With a million features in a model, one
// unknown feature in a thousand is mistaken for a known one: too few to matter.
const KeyBits = 30

// emptyKey marks a free slot. Hash never gives it.
const emptyKey = 1<<KeyBits - 1

// Hash gives the key of a feature: the template that made it and up to four
// values. It is multilinear hashing, whose upper bits are uniform whatever the
// values are, with one more round for good measure.
func Hash(template, a, b, c, d uint32) Key {
	h := uint64(template+1)*0x9e3779b97f4a7c15 +
		uint64(a)*0xd6e8feb86659fd93 + uint64(b)*0xa0761d6478bd642f +
		uint64(c)*0xe7037ed1a0b428db + uint64(d)*0x8ebc6af09c88c6e3
	h ^= h >> 32
	h *= 0xff51afd7ed558ccd
	return min(Key(h>>(64-KeyBits)), emptyKey-1)
}

// MaxClasses bounds the classes of a model.
const MaxClasses = 64

// Narrow is the largest number of classes whose weights are stored beside the
// key itself, so that reading a feature touches one word of memory.
const Narrow = 3

const (
	weightBits  = 10
	maxWeight   = 1<<(weightBits-1) - 1
	weightBias  = 1 << (weightBits - 1)
	weightMask  = 1<<weightBits - 1
	payloadBits = 64 - KeyBits
	cellBits    = 8 // bits of a wide payload that count the cells of a feature
)

// Model is a trained classifier. The zero Model knows no feature.
//
// Slots are sorted by key and spread over the array in proportion to it, which
// makes the array a hash table with linear probing in which a search may stop
// at the first greater key. A slot holds the key in its upper bits. Below it
// stand the weights themselves when there are at most Narrow classes, else
// where the feature's weights begin in cells and how many they are.
type Model struct {
	Classes []string

	home  uint64 // number of slots that keys are spread over; more follow for the last ones to spill into
	slots []uint64
	cells []uint16 // class in the upper 6 bits, biased weight in the lower 10
	keys  int      // features known
}

// narrow reports whether the weights stand in the slots themselves.
func (m *Model) narrow() bool { return len(m.Classes) <= Narrow }

// Features is the number of features that have a weight.
func (m *Model) Features() int { return m.keys }

// Bytes is the memory that the model's arrays take.
func (m *Model) Bytes() int { return 8*len(m.slots) + 2*len(m.cells) }

// Scores adds up the weights of the features for every class into scores,
// which has room for all classes and is overwritten.
func (m *Model) Scores(keys []Key, scores *[MaxClasses]int32) {
	clear(scores[:])
	if m.keys == 0 {
		return
	}
	if m.narrow() {
		narrow := m.Scores3(keys)
		copy(scores[:], narrow[:])
		return
	}
	var found [batch]uint64
	for len(keys) > 0 {
		some := keys[:min(len(keys), batch)]
		keys = keys[len(some):]
		hits := m.find(some, &found)
		cells := m.cells
		for _, s := range found[:hits] {
			from := uint32(s>>cellBits) & (1<<(payloadBits-cellBits) - 1)
			for _, c := range cells[from : from+uint32(s&(1<<cellBits-1))] {
				scores[c>>weightBits] += int32(c&weightMask) - weightBias
			}
		}
	}
}

// batch is how many keys are looked up at once.
const batch = 64

// find puts the slots of those keys that the model knows into found, in their
// order, and says how many they are.
//
// Nearly every look-up misses the processor's caches, so all first slots are
// asked for before the first is looked at: the waits overlap.
func (m *Model) find(keys []Key, found *[batch]uint64) (hits int) {
	slots, home := m.slots, m.home
	keys = keys[:min(len(keys), batch)]
	for j, key := range keys {
		found[j] = slots[uint64(key)*home>>KeyBits]
	}
	for j, key := range keys {
		s := found[j]
		if Key(s>>payloadBits) < key {
			i := uint64(key) * home >> KeyBits
			for Key(s>>payloadBits) < key {
				i++
				s = slots[i]
			}
		}
		if Key(s>>payloadBits) == key {
			found[hits] = s // never beyond j
			hits++
		}
	}
	return hits
}

// Scores3 is Scores for a model of at most three classes, and must not be asked
// of another.
func (m *Model) Scores3(keys []Key) (scores [Narrow]int32) {
	if m.keys == 0 {
		return scores
	}
	var found [batch]uint64
	var sum, hits uint64
	for len(keys) > 0 {
		some := keys[:min(len(keys), batch)]
		keys = keys[len(some):]
		n := m.find(some, &found)
		for _, s := range found[:n] {
			sum += s&weightMask | s&(weightMask<<weightBits)<<weightBits | s&(weightMask<<(2*weightBits))<<(2*weightBits)
		}
		hits += uint64(n)
	}
	for c := range scores {
		lane := sum >> (2 * weightBits * c) & (1<<(2*weightBits) - 1)
		scores[c] = int32(lane) - int32(hits*weightBias)
	}
	return scores
}

// feature is what a model knows of one key.
type feature struct {
	key   Key
	cells []cell
}

type cell struct {
	class  uint8
	weight int16 // never 0, never beyond maxWeight
}

// load is the share of slots in use: a lower load means fewer probes and more
// memory.
const load = 0.8

// builder puts features, which must come in ascending order of their keys,
// into a model.
type builder struct {
	m    *Model
	next int // the first slot that is free
}

func newBuilder(classes []string, features, cells int) builder {
	home := int(float64(features)/load) + 1
	m := &Model{Classes: classes, home: uint64(home), slots: make([]uint64, home, home+64)}
	if !m.narrow() {
		m.cells = make([]uint16, 0, cells)
	}
	return builder{m: m}
}

const emptySlot = uint64(emptyKey) << payloadBits

// addNarrow adds a feature of a narrow model, and reports whether its weights
// are in range.
func (b *builder) addNarrow(key Key, weights [Narrow]int) bool {
	payload := uint64(0)
	for c, w := range weights {
		if w < -maxWeight || w > maxWeight {
			return false
		}
		payload |= uint64(w+weightBias) << (weightBits * c)
	}
	b.add(key, payload)
	return true
}

// addWide adds a feature of another model, and reports whether there is room.
func (b *builder) addWide(key Key, cells []cell) bool {
	m := b.m
	if len(m.cells)+len(cells) >= 1<<(payloadBits-cellBits) {
		return false
	}
	payload := uint64(len(m.cells))<<cellBits | uint64(len(cells))
	for _, c := range cells {
		m.cells = append(m.cells, uint16(c.class)<<weightBits|uint16(int(c.weight)+weightBias))
	}
	b.add(key, payload)
	return true
}

func (b *builder) add(key Key, payload uint64) {
	m := b.m
	i := max(int(uint64(key)*m.home>>KeyBits), b.next)
	for b.next < min(i, len(m.slots)) {
		m.slots[b.next] = emptySlot
		b.next++
	}
	for i >= len(m.slots) {
		m.slots = append(m.slots, emptySlot)
	}
	m.slots[i] = uint64(key)<<payloadBits | payload
	b.next = i + 1
	m.keys++
}

func (b *builder) finish() *Model {
	m := b.m
	for b.next < len(m.slots) {
		m.slots[b.next] = emptySlot
		b.next++
	}
	m.slots = append(m.slots, emptySlot) // ends every search
	return m
}

// each calls f for the features of m in ascending order of their keys.
func (m *Model) each(f func(feature)) {
	var cells []cell
	for _, s := range m.slots {
		key := Key(s >> payloadBits)
		if key == emptyKey {
			continue
		}
		cells = cells[:0]
		if m.narrow() {
			for c := range m.Classes {
				if w := int(s>>(weightBits*c)&weightMask) - weightBias; w != 0 {
					cells = append(cells, cell{uint8(c), int16(w)})
				}
			}
		} else {
			from := s >> cellBits & (1<<(payloadBits-cellBits) - 1)
			for _, c := range m.cells[from : from+s&(1<<cellBits-1)] {
				cells = append(cells, cell{uint8(c >> weightBits), int16(int(c&weightMask) - weightBias)})
			}
		}
		f(feature{key, cells})
	}
}

// quantise turns a weight into a whole number of at most weightBits bits.
func quantise(w, scale float64) int16 {
	return int16(max(-maxWeight, min(maxWeight, math.Round(w*scale))))
}
