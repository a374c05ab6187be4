// Package perceptron holds the linear classifiers behind the tagger, the
// parser and the name finder: multi-class averaged perceptrons over sparse
// binary features.
//
// A feature is the hash of what it says ("the tag before is DT, the suffix is
// -ing") and nothing else, a [Key]; there is no dictionary of feature names.
// A [Trainer] learns weights for pairs of feature and class, one mistake at a
// time (Collins 2002), and averages them over all steps. Its result, pruned
// and quantised, is a [Model]: flat arrays, read without allocation and from any
// number of goroutines.
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

// Middle is the largest number of classes whose weights are stored beside the
// key in a second word, so that reading a feature touches one line of the cache.
const Middle = 9

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
// stand the weights themselves when there are at most Narrow classes, those of
// the first three when there are at most Middle, else where the feature's
// weights begin in cells and how many they are.
type Model struct {
	Classes []string

	home   uint64 // number of slots that keys are spread over; more follow for the last ones to spill into
	slots  []uint64
	middle [][2]uint64 // in place of slots for a middle model; the second word has the weights of classes 3 to 8
	cells  []uint16    // class in the upper 6 bits, biased weight in the lower 10
	keys   int         // features known
}

// narrow reports whether the weights stand in the slots themselves.
func (m *Model) narrow() bool { return len(m.Classes) <= Narrow }

// inPairs reports whether the weights stand in slots of two words.
func (m *Model) inPairs() bool { return !m.narrow() && len(m.Classes) <= Middle }

// Features is the number of features that have a weight.
func (m *Model) Features() int { return m.keys }

// Bytes is the memory that the model's arrays take.
func (m *Model) Bytes() int { return 8*len(m.slots) + 16*len(m.middle) + 2*len(m.cells) }

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
	if m.inPairs() {
		m.scorePairs(keys, scores)
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

// scorePairs is Scores for a middle model. The weights of a feature are added up
// to three at a time: every second one, so that each has room for the sum of a
// batch.
func (m *Model) scorePairs(keys []Key, scores *[MaxClasses]int32) {
	const lanes = weightMask | weightMask<<(2*weightBits) | weightMask<<(4*weightBits)
	slots, home := m.middle, m.home
	var first [batch]uint64
	for len(keys) > 0 {
		some := keys[:min(len(keys), batch)]
		keys = keys[len(some):]
		for j, key := range some {
			first[j] = slots[uint64(key)*home>>KeyBits][0]
		}
		var low, odd, high, highOdd, hits uint64
		for j, key := range some {
			s := first[j]
			if Key(s>>payloadBits) > key {
				continue
			}
			i := uint64(key) * home >> KeyBits
			for Key(s>>payloadBits) < key {
				i++
				s = slots[i][0]
			}
			if Key(s>>payloadBits) == key {
				rest := slots[i][1]
				low += s & (weightMask | weightMask<<(2*weightBits))
				odd += s >> weightBits & weightMask
				high += rest & lanes
				highOdd += rest >> weightBits & lanes
				hits++
			}
		}
		bias := int32(hits * weightBias)
		lane := func(sum uint64, n int) int32 { return int32(sum>>(2*weightBits*n)&(1<<(2*weightBits)-1)) - bias }
		scores[0] += lane(low, 0)
		scores[1] += lane(odd, 0)
		scores[2] += lane(low, 1)
		for n := range 3 {
			scores[3+2*n] += lane(high, n)
			scores[4+2*n] += lane(highOdd, n)
		}
	}
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
	m := &Model{Classes: classes, home: uint64(home)}
	switch {
	case m.inPairs():
		m.middle = make([][2]uint64, home, home+64)
		return builder{m: m}
	case !m.narrow():
		m.cells = make([]uint16, 0, cells)
	}
	m.slots = make([]uint64, home, home+64)
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
	b.add(key, [2]uint64{payload})
	return true
}

// addWide adds a feature of another model, and reports whether there is room.
func (b *builder) addWide(key Key, cells []cell) bool {
	m := b.m
	if m.inPairs() {
		b.add(key, pairOf(cells))
		return true
	}
	if len(m.cells)+len(cells) >= 1<<(payloadBits-cellBits) {
		return false
	}
	payload := uint64(len(m.cells))<<cellBits | uint64(len(cells))
	for _, c := range cells {
		m.cells = append(m.cells, uint16(c.class)<<weightBits|uint16(int(c.weight)+weightBias))
	}
	b.add(key, [2]uint64{payload})
	return true
}

// pairOf packs the weights of a middle model: of the first three classes as far
// as the payload of a slot goes, of the others in a word of their own.
func pairOf(cells []cell) (pair [2]uint64) {
	var weights [Middle]uint64
	for c := range weights {
		weights[c] = weightBias
	}
	for _, c := range cells {
		weights[c.class] = uint64(int(c.weight) + weightBias)
	}
	for c, w := range weights {
		if c < Narrow {
			pair[0] |= w << (weightBits * c)
		} else {
			pair[1] |= w << (weightBits * (c - Narrow))
		}
	}
	return pair
}

// add puts a key into the first free slot from its home on. The words of a slot
// are the payload and, in a middle model, the rest of the weights.
func (b *builder) add(key Key, words [2]uint64) {
	i := max(int(uint64(key)*b.m.home>>KeyBits), b.next)
	b.empty(i)
	words[0] |= uint64(key) << payloadBits
	b.put(words)
	b.m.keys++
}

// put fills the next slot.
func (b *builder) put(words [2]uint64) {
	m := b.m
	switch {
	case m.inPairs() && b.next < len(m.middle):
		m.middle[b.next] = words
	case m.inPairs():
		m.middle = append(m.middle, words)
	case b.next < len(m.slots):
		m.slots[b.next] = words[0]
	default:
		m.slots = append(m.slots, words[0])
	}
	b.next++
}

// empty leaves the slots before number i free.
func (b *builder) empty(i int) {
	for b.next < i {
		b.put([2]uint64{emptySlot, 0})
	}
}

func (b *builder) finish() *Model {
	b.empty(int(b.m.home))
	b.put([2]uint64{emptySlot, 0}) // ends every search
	return b.m
}

// each calls f for the features of m in ascending order of their keys.
func (m *Model) each(f func(feature)) {
	var cells []cell
	weights := func(word uint64, classes int, first int) {
		for c := range classes {
			if w := int(word>>(weightBits*c)&weightMask) - weightBias; w != 0 {
				cells = append(cells, cell{uint8(first + c), int16(w)})
			}
		}
	}
	for i := range max(len(m.slots), len(m.middle)) {
		var s uint64
		if m.inPairs() {
			s = m.middle[i][0]
		} else {
			s = m.slots[i]
		}
		key := Key(s >> payloadBits)
		if key == emptyKey {
			continue
		}
		cells = cells[:0]
		switch {
		case m.narrow():
			weights(s, len(m.Classes), 0)
		case m.inPairs():
			weights(s, Narrow, 0)
			weights(m.middle[i][1], len(m.Classes)-Narrow, Narrow)
		default:
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
