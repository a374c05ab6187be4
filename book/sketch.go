package book

import "math/bits"

// A sketch is a set of words in 256 bits: a bit for each word, which other
// words may share. It rules out quickly that one set holds much of another.
type sketch [4]uint64

func (s *sketch) add(word string) {
	h := uint32(2166136261) // FNV-1a
	for i := range len(word) {
		h = (h ^ uint32(word[i])) * 16777619
	}
	h ^= h >> 15
	s[h>>6&3] |= 1 << (h & 63)
}

// missing is how many words of s are surely not in t: at least so many.
func (s *sketch) missing(t *sketch) int {
	n := 0
	for i := range s {
		n += bits.OnesCount64(s[i] &^ t[i])
	}
	return n
}
