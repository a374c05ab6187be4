package perceptron

import (
	"encoding/binary"
	"slices"
)

// Weights of a middle model stand in their file in an entropy code: range asymmetric
// numeral systems (Duda 2009), in the form of Giesen's rans64 with fixed tables.
// A symbol costs the logarithm of how rare it is, to a hundredth of a bit, and
// takes a multiplication to read.

const (
	chanceBits  = 11 // of the share that a symbol has of its table
	chances     = 1 << chanceBits
	symbols     = 64 // of an alphabet
	leastState  = 1 << 31
	wordsOfSeed = 2 // words that the first state takes
)

// A chance is how often symbols are met in a context.
type chance struct {
	of    [symbols]uint16 // in chances; 0 where a symbol is never met
	below [symbols]uint16 // what the symbols before it have together
	at    [chances]uint8  // the symbol that has this chance
}

// share turns counts into chances: all that are met get one at least. None are
// met when it gives an empty table.
func share(counts *[symbols]int) (of [symbols]uint16) {
	total, most := 0, 0
	for s, n := range counts {
		total += n
		if n > counts[most] {
			most = s
		}
	}
	if total == 0 {
		return of
	}
	rest := chances
	for s, n := range counts {
		if n > 0 {
			of[s] = uint16(max(1, n*chances/total))
			rest -= int(of[s])
		}
	}
	for rest < 0 { // many rare ones: the common ones make room
		largest := 0
		for s := range of {
			if of[s] > of[largest] {
				largest = s
			}
		}
		of[largest]--
		rest++
	}
	of[most] += uint16(rest)
	return of
}

// newChance gives the table for reading and writing. It is not whole, and ok is
// false, when the shares are not those of one table.
func newChance(of *[symbols]uint16) (c chance, ok bool) {
	c.of = *of
	sum := 0
	for s, n := range of {
		if sum+int(n) > chances {
			return c, false
		}
		c.below[s] = uint16(sum)
		for i := range int(n) {
			c.at[sum+i] = uint8(s)
		}
		sum += int(n)
	}
	return c, sum == chances
}

// ransWriter codes symbols, the last one first.
type ransWriter struct {
	state uint64
	words []uint32 // the last one is read first
}

func (w *ransWriter) put(c *chance, symbol uint8) {
	f := uint64(c.of[symbol])
	if w.state >= leastState>>chanceBits<<32*f {
		w.words = append(w.words, uint32(w.state))
		w.state >>= 32
	}
	w.state = w.state/f<<chanceBits | w.state%f + uint64(c.below[symbol])
}

// appendTo appends what was coded to b.
func (w *ransWriter) appendTo(b []byte) []byte {
	words := append(w.words, uint32(w.state), uint32(w.state>>32))
	for _, word := range slices.Backward(words) {
		b = binary.LittleEndian.AppendUint32(b, word)
	}
	return b
}

// ransReader reads what ransWriter wrote. Past the end it reads zeros.
type ransReader struct {
	state uint64
	data  []byte
	past  bool // there was less than was asked for
}

func newRansReader(data []byte) ransReader {
	r := ransReader{data: data}
	for range wordsOfSeed {
		r.state = r.state<<32 | uint64(r.word())
	}
	return r
}

func (r *ransReader) word() (w uint32) {
	if len(r.data) < 4 {
		r.past = true
		return 0
	}
	w = binary.LittleEndian.Uint32(r.data)
	r.data = r.data[4:]
	return w
}

func (r *ransReader) next(c *chance) uint8 {
	slot := uint16(r.state & (chances - 1))
	symbol := c.at[slot] & (symbols - 1)
	r.state = uint64(c.of[symbol])*(r.state>>chanceBits) + uint64(slot-c.below[symbol])
	if r.state < leastState {
		r.state = r.state<<32 | uint64(r.word())
	}
	return symbol
}

// over reports whether what was read is not what was written: too short, too
// long, or another state than the writer began with.
func (r *ransReader) over() bool { return r.past || len(r.data) > 0 || r.state != leastState }
