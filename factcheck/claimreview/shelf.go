package claimreview

import (
	"context"
	"encoding/binary"
	"errors"
	"hash/crc32"
	"math"
	"time"

	"onrecord/factcheck"
)

// Shelf is a second, optional ability of a [Store]: it keeps the finished index
// beside the reviews, so that a process that starts reads it instead of making
// it again.
type Shelf interface {
	// Shelved gives what Shelve kept under a label, nil when that is not there.
	Shelved(ctx context.Context, label string) ([]byte, error)
	// Shelve keeps data under a label, in place of what was kept before.
	Shelve(ctx context.Context, label string, data []byte) error
}

// form numbers what an index on a shelf looks like and how its words were cut
// and stemmed. It is part of the label, so an index of another form is made
// again. TestForm tells when to raise it.
const form = "1"

// maxShelf is the largest index that is kept, in bytes.
const maxShelf = 512 << 20

// An index on a shelf holds, numbers as varints unless said otherwise:
//
//	magic, CRC-32C of the rest (four bytes)
//	reviews, terms, words of all fields
//	for each review: the lengths of its texts, its days (seconds since 1970, 0 for unknown, else one more)
//	for each term: the length of its stem, how often written, how often with a capital
//	for each review and field: the number of its terms, the terms
//	for each review: mass of the fields, norm (float32 each, little-endian)
//	the weights of the places of n-grams (float32 each)
//	length of the texts of reviews, the texts; the stems
//
// What is quickly worked out from that is left out: postings, idf, n-grams.
const shelfMagic = "ORX1"

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

// texts are the fields of a review that are text.
func texts(r *factcheck.Review) [9]*string {
	return [...]*string{&r.ID, &r.Claim, &r.Title, &r.Subtitle, &r.Claimant, &r.Publisher, &r.Verdict, &r.URL, &r.Language}
}

// appendBinary appends the form of x that is kept on a shelf.
func (x *Index) appendBinary(b []byte) []byte {
	b = append(b, shelfMagic+"\x00\x00\x00\x00"...)
	began := len(b)
	number := func(n int) { b = binary.AppendUvarint(b, uint64(n)) }
	float := func(v float32) { b = binary.LittleEndian.AppendUint32(b, math.Float32bits(v)) }
	words, length := 0, 0
	for i := range x.docs {
		for _, terms := range x.docs[i].terms {
			words += len(terms)
		}
		for _, t := range texts(&x.reviews[i]) {
			length += len(*t)
		}
	}
	number(len(x.docs))
	number(len(x.terms))
	number(words)
	for i := range x.reviews {
		r := &x.reviews[i]
		for _, t := range texts(r) {
			number(len(*t))
		}
		for _, day := range []time.Time{r.Date, r.Claimed} {
			seconds := int64(0)
			if !day.IsZero() {
				if seconds = day.Unix(); seconds >= 0 {
					seconds++
				}
			}
			b = binary.AppendVarint(b, seconds)
		}
	}
	stems := make([]string, len(x.terms))
	for s, t := range x.vocab {
		stems[t] = s
	}
	for t, s := range stems {
		number(len(s))
		number(int(x.terms[t].written))
		number(int(x.terms[t].capital))
	}
	for i := range x.docs {
		for _, terms := range x.docs[i].terms {
			number(len(terms))
			for _, t := range terms {
				number(int(t))
			}
		}
	}
	for i := range x.docs {
		for _, m := range x.docs[i].mass {
			float(m)
		}
		float(x.docs[i].norm)
	}
	for _, w := range x.grams {
		float(w)
	}
	number(length)
	for i := range x.reviews {
		for _, t := range texts(&x.reviews[i]) {
			b = append(b, *t...)
		}
	}
	for _, s := range stems {
		b = append(b, s...)
	}
	seal(b[began-shelfHead:])
	return b
}

const shelfHead = len(shelfMagic) + 4

// seal writes the sum of an index into its head.
func seal(data []byte) {
	binary.LittleEndian.PutUint32(data[len(shelfMagic):], crc32.Checksum(data[shelfHead:], castagnoli))
}

var errShelf = errors.New("the index on the shelf is damaged")

// decode makes an index of the form that is kept on a shelf.
func decode(data []byte) (*Index, error) {
	if len(data) < shelfHead || string(data[:len(shelfMagic)]) != shelfMagic ||
		binary.LittleEndian.Uint32(data[len(shelfMagic):]) != crc32.Checksum(data[shelfHead:], castagnoli) {
		return nil, errShelf
	}
	d := decoder{rest: data[shelfHead:]}
	n, terms, words := d.size(11), d.size(3), d.size(1)
	x := &Index{
		reviews: make([]factcheck.Review, n), docs: make([]document, n),
		vocab: make(map[string]int32, terms), terms: make([]term, terms), grams: make(gramTable, gramPlaces),
	}
	lengths := make([]int32, 0, n*len(texts(&factcheck.Review{})))
	for i := range x.reviews {
		r := &x.reviews[i]
		for range texts(r) {
			lengths = append(lengths, int32(d.number()))
		}
		r.Date, r.Claimed = d.day(), d.day()
	}
	stems := make([]int, terms)
	for t := range x.terms {
		stems[t] = d.number()
		x.terms[t].written, x.terms[t].capital = int32(d.number()), int32(d.number())
	}
	all := make([]int32, 0, words)
	for i := range x.docs {
		for f := range fields {
			from, count := len(all), d.number()
			if count > words-from {
				return nil, errShelf
			}
			for range count {
				t := d.number()
				if t >= terms {
					return nil, errShelf
				}
				all = append(all, int32(t))
			}
			x.docs[i].terms[f] = all[from:len(all):len(all)]
		}
	}
	for i := range x.docs {
		for f := range fields {
			x.docs[i].mass[f] = d.float()
		}
		x.docs[i].norm = d.float()
	}
	for p := range x.grams {
		x.grams[p] = d.float()
	}
	text := d.text(d.number())
	for i := range x.reviews {
		for k, t := range texts(&x.reviews[i]) {
			length := int(lengths[i*9+k])
			if length > len(text) {
				return nil, errShelf
			}
			*t, text = text[:length], text[length:]
		}
	}
	text = string(d.rest)
	of := make([]string, terms)
	for t, length := range stems {
		if length > len(text) {
			return nil, errShelf
		}
		of[t], text = text[:length], text[length:]
		x.vocab[of[t]] = int32(t)
	}
	if d.bad || text != "" || len(x.vocab) != terms {
		return nil, errShelf
	}
	x.post()
	x.spell(of)
	x.start()
	return x, nil
}

// decoder reads numbers off a slice. Once it has come to an end it gives
// zeros, and is bad.
type decoder struct {
	rest []byte
	bad  bool
}

// number reads a number below 2^31.
func (d *decoder) number() int {
	v, n := binary.Uvarint(d.rest)
	if n <= 0 || v > math.MaxInt32 {
		d.rest, d.bad = nil, true
		return 0
	}
	d.rest = d.rest[n:]
	return int(v)
}

// size reads the number of things that take at least so many bytes each.
func (d *decoder) size(least int) int {
	n := d.number()
	if n > len(d.rest)/least {
		d.rest, d.bad = nil, true
		return 0
	}
	return n
}

func (d *decoder) day() time.Time {
	v, n := binary.Varint(d.rest)
	if n <= 0 {
		d.rest, d.bad = nil, true
		return time.Time{}
	}
	d.rest = d.rest[n:]
	switch {
	case v == 0:
		return time.Time{}
	case v > 0:
		v--
	}
	return time.Unix(v, 0).UTC()
}

func (d *decoder) float() float32 {
	if len(d.rest) < 4 {
		d.rest, d.bad = nil, true
		return 0
	}
	v := math.Float32frombits(binary.LittleEndian.Uint32(d.rest))
	d.rest = d.rest[4:]
	return v
}

func (d *decoder) text(length int) string {
	if length > len(d.rest) {
		d.rest, d.bad = nil, true
		return ""
	}
	s := string(d.rest[:length])
	d.rest = d.rest[length:]
	return s
}
