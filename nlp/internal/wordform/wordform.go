// Package wordform turns words into the numbers that features are made of:
// hashes of the word, of its beginning and end, its shape, and the cluster of
// words that it is used like.
package wordform

import (
	"unicode"
	"unicode/utf8"
)

// Form is what a classifier sees of a word.
type Form struct {
	Exact  uint32 // hash of the word, digits folded into one
	Lower  uint32 // the same in lower case
	Shape  uint32 // hash of the sequence of kinds of character, "Xx", "d.d"
	Prefix [3]uint32
	Suffix [4]uint32 // of 1 to 4 bytes, of the word in lower case
	Fine   uint32    // one of some hundred clusters, 0 when the word has none
	Coarse uint32    // one of some dozens
	Bits   Bits
}

// Bits are yes-no properties of a word.
type Bits uint8

// The properties.
const (
	Capital Bits = 1 << iota // begins with an upper case letter
	Upper                    // has letters, all upper case
	Digit                    // has a digit
	Hyphen                   // has a hyphen inside
	Letter                   // has a letter
	Period                   // has a full stop inside or at the end
)

// maxBytes is how much of a word is looked at. No word of a language is
// longer; web addresses are, and their head tells what they are.
const maxBytes = 64

// Of gives the form of a word.
func Of(word string) Form {
	var buf [maxBytes + 2*utf8.UTFMax]byte
	var f Form
	exact, shape := uint32(offset), uint32(offset)
	lower := buf[:0]
	last := byte(0)
	letters, uppers := false, false
	word = normal(word)
	for i := 0; i < len(word) && i < maxBytes; {
		c := word[i]
		var kind byte
		if c < utf8.RuneSelf {
			i++
			switch {
			case 'a' <= c && c <= 'z':
				kind, letters = 'x', true
			case 'A' <= c && c <= 'Z':
				kind, letters = 'X', true
				exact = (exact ^ uint32(c)) * prime
				c += 'a' - 'A'
				lower = append(lower, c)
				if len(lower) == 1 {
					f.Bits |= Capital
				}
			case '0' <= c && c <= '9':
				kind, c = 'd', '0'
				f.Bits |= Digit
			default:
				kind = c
				if c == '-' {
					f.Bits |= Hyphen
				} else if c == '.' {
					f.Bits |= Period
				}
			}
			if kind != 'X' {
				exact = (exact ^ uint32(c)) * prime
				lower = append(lower, c)
			}
		} else {
			r, n := utf8.DecodeRuneInString(word[i:])
			for _, b := range []byte(word[i : i+n]) {
				exact = (exact ^ uint32(b)) * prime
			}
			i += n
			switch {
			case r == '’' || r == '‘':
				kind, r = '\'', '\''
			case unicode.IsUpper(r):
				kind, letters = 'X', true
				if len(lower) == 0 {
					f.Bits |= Capital
				}
				r = unicode.ToLower(r)
			case unicode.IsLetter(r):
				kind, letters = 'x', true
			case unicode.IsDigit(r):
				kind, r = 'd', '0'
				f.Bits |= Digit
			default:
				kind = 's'
			}
			lower = utf8.AppendRune(lower, r)
		}
		uppers = uppers || kind == 'x'
		if kind != last {
			shape = (shape ^ uint32(kind)) * prime
			last = kind
		}
	}
	if letters {
		f.Bits |= Letter
		if !uppers {
			f.Bits |= Upper
		}
	}
	f.Exact, f.Shape = finish(exact), finish(shape)
	f.Lower = finish(hash(lower))
	for n := range f.Prefix {
		f.Prefix[n] = finish(hash(lower[:min(n+1, len(lower))]) + uint32(n))
	}
	for n := range f.Suffix {
		f.Suffix[n] = finish(hash(lower[max(0, len(lower)-n-1):]) + uint32(n))
	}
	f.Fine, f.Coarse = clusters().of(f.Lower)
	return f
}

// normal gives for a mark that writers use in place of another the other one.
func normal(word string) string {
	if word == "" || 'A' <= word[0] && word[0] <= 'z' && word[0] != '`' && word[0] != 'n' {
		return word
	}
	switch word {
	case "“", "”", "„", "«", "»", "``", "''":
		return `"`
	case "—", "―":
		return "--"
	case "…":
		return "..."
	case "n’t":
		return "n't"
	}
	return word
}

// FNV-1a with 32 bits.
const (
	offset = 2166136261
	prime  = 16777619
)

func hash(b []byte) uint32 {
	h := uint32(offset)
	for _, c := range b {
		h = (h ^ uint32(c)) * prime
	}
	return h
}

// finish spreads what FNV leaves in the lower bits. It never gives 0, which
// stands for "no word".
func finish(h uint32) uint32 {
	h ^= h >> 16
	h *= 0x85ebca6b
	h ^= h >> 13
	h *= 0xc2b2ae35
	h ^= h >> 16
	return max(h, 1)
}
